//! A comparison in sentences.

use super::{Comparison, LensOrder, Place, Standing};
use crate::scoreboard::Row;
use crate::text::{Lang, Text};

/// Names listed in one sentence before "and others".
const NAMED: usize = 6;
/// Groups of units that cannot be told apart, each in a sentence of its own.
const GROUPS: usize = 6;

/// Names of rows, in the board's order.
fn names(rows: &[usize], units: &[Row], lang: Lang) -> String {
    let known = rows.iter().filter_map(|row| units.get(*row)).map(|row| row.short.get(lang));
    let shown: Vec<&str> = known.take(NAMED).collect();
    let more = rows.len().saturating_sub(NAMED);
    let (and, others) = match lang {
        Lang::Vi => (" và ", format!(" và {more} đơn vị khác")),
        Lang::En => (" and ", format!(" and {more} others")),
    };
    match (shown.as_slice(), more) {
        ([], _) => String::new(),
        ([one], 0) => (*one).to_owned(),
        ([first @ .., last], 0) => format!("{}{and}{last}", first.join(", ")),
        (all, _) => format!("{}{others}", all.join(", ")),
    }
}

fn both(say: impl Fn(Lang) -> String) -> Text {
    Text::new(say(Lang::Vi), say(Lang::En))
}

impl Place {
    /// "2 (1–4)", or "2" where chance leaves no other place.
    pub fn show(self) -> String {
        if self.best == self.worst {
            self.at.to_string()
        } else {
            format!("{} ({}–{})", self.at, self.best, self.worst)
        }
    }
}

impl LensOrder {
    /// What the definition turns, in one sentence; nothing where it turns nothing.
    pub fn sentence(&self, comparison: &Comparison, units: &[Row]) -> Option<Text> {
        let turned: Vec<usize> = comparison
            .standings
            .iter()
            .zip(&self.cells)
            .filter(|(_, cell)| cell.flips)
            .map(|(standing, _)| standing.row)
            .collect();
        if turned.is_empty() && self.swaps.is_empty() {
            return None;
        }
        Some(both(|lang| {
            let mut parts = Vec::new();
            if !turned.is_empty() {
                let who = names(&turned, units, lang);
                parts.push(match lang {
                    Lang::Vi => format!("đổi kết quả của {who}"),
                    Lang::En => format!("turns the verdict of {who}"),
                });
            }
            match self.swaps.as_slice() {
                [] => {}
                [(a, b)] => {
                    let (a, b) = (names(&[*a], units, lang), names(&[*b], units, lang));
                    parts.push(match lang {
                        Lang::Vi => format!("đưa {b} lên trên {a}"),
                        Lang::En => format!("puts {b} ahead of {a}"),
                    });
                }
                swaps => {
                    let count = swaps.len();
                    parts.push(match lang {
                        Lang::Vi => format!("đổi thứ tự của {count} cặp đơn vị"),
                        Lang::En => format!("turns the order of {count} pairs of units"),
                    });
                }
            }
            let and = if lang == Lang::Vi { " và " } else { " and " };
            format!("{}: {}.", self.name.get(lang), parts.join(and))
        }))
    }
}

impl Comparison {
    /// What the numbers of cases do not carry, said once for all units that it is true of.
    pub fn sentences(&self, units: &[Row], lang: Lang) -> Vec<String> {
        let those = |of: &dyn Fn(&Standing) -> bool| -> Vec<usize> {
            self.standings.iter().filter(|standing| of(standing)).map(|standing| standing.row).collect()
        };
        let mut said = Vec::new();
        let few = those(&|standing| standing.few);
        if !few.is_empty() {
            let few = names(&few, units, lang);
            said.push(match lang {
                Lang::Vi => format!("Số liệu dựa trên rất ít trường hợp: {few}."),
                Lang::En => format!("Resting on very few cases: {few}."),
            });
        }
        let within = those(&|standing| standing.goal_within);
        if !within.is_empty() {
            let within = names(&within, units, lang);
            said.push(match lang {
                Lang::Vi => format!(
                    "Mức nằm trong khoảng dao động ngẫu nhiên của {within}; kết quả đánh giá vẫn theo số chính xác."
                ),
                Lang::En => format!(
                    "The goal lies within what chance can do for {within}; the verdict still follows the exact figure."
                ),
            });
        }
        let groups = self.tied_alike();
        for (group, of) in groups.iter().take(GROUPS) {
            let who = names(of, units, lang);
            said.push(if group == of {
                match lang {
                    Lang::Vi => format!("Chưa phân biệt được với nhau: {who}."),
                    Lang::En => format!("Cannot be told apart: {who}."),
                }
            } else {
                let others: Vec<usize> = group.iter().copied().filter(|row| !of.contains(row)).collect();
                let others = names(&others, units, lang);
                match lang {
                    Lang::Vi => format!("{who}: chưa phân biệt được với {others}."),
                    Lang::En => format!("{who}: cannot be told apart from {others}."),
                }
            });
        }
        let more: usize = groups.iter().skip(GROUPS).map(|(_, of)| of.len()).sum();
        if more > 0 {
            said.push(match lang {
                Lang::Vi => format!("{more} đơn vị khác cũng chưa phân biệt được với một số đơn vị."),
                Lang::En => format!("{more} more units cannot be told apart from some others."),
            });
        }
        said
    }

    /// Units that are tied with the very same others: all of these with themselves, and which of them it is said of.
    fn tied_alike(&self) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut groups: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        for standing in self.standings.iter().filter(|standing| !standing.tied.is_empty()) {
            let mut group = standing.tied.clone();
            group.push(standing.row);
            group.sort_unstable();
            match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, of)) => of.push(standing.row),
                None => groups.push((group, vec![standing.row])),
            }
        }
        groups
    }

    /// What the interval and the places mean, for a reader who has never seen one.
    pub fn meaning() -> Text {
        Text::new(
            "Khoảng bên cạnh tỷ lệ (khoảng Wilson 95 %) cho biết với số trường hợp ấy, riêng ngẫu nhiên có thể đưa tỷ lệ đi xa đến đâu. Hai đơn vị có chênh lệch nằm trong phạm vi đó thì chưa phân biệt được; thứ hạng ghi kèm khoảng hạng có thể có. Không điều nào ở đây đổi kết quả đánh giá.",
            "The range beside a share (Wilson, 95 %) says how far chance alone can carry it with so many cases. Two units whose difference lies within chance cannot be told apart; a place is given with the places it might be. Nothing here changes a verdict.",
        )
    }
}
