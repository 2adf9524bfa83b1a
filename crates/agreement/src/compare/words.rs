//! A comparison in sentences.

use super::{Comparison, LensOrder, Place, Standing};
use crate::scoreboard::Row;
use crate::text::{Lang, Text};

/// Names listed in one sentence before "and others".
const NAMED: usize = 6;

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

impl Standing {
    /// What must be said beside the place: few cases, the goal within chance, whom it cannot be told apart from.
    pub fn remarks(&self, units: &[Row]) -> Vec<Text> {
        let mut said = Vec::new();
        if let (true, Some(cases)) = (self.few, self.amount.cases()) {
            said.push(Text::new(
                format!("chỉ {cases} trường hợp: thứ hạng dựa trên rất ít số liệu"),
                format!("only {cases} cases: the place rests on very little"),
            ));
        }
        if self.goal_within {
            said.push(Text::new(
                "mức của giao ước nằm trong khoảng dao động ngẫu nhiên; kết quả đánh giá vẫn theo số chính xác",
                "the goal lies within what chance can do; the verdict still follows the exact figure",
            ));
        }
        if !self.tied.is_empty() {
            said.push(both(|lang| {
                let others = names(&self.tied, units, lang);
                match lang {
                    Lang::Vi => {
                        format!("chưa phân biệt được với {others} (chênh lệch trong phạm vi ngẫu nhiên)")
                    }
                    Lang::En => {
                        format!("cannot be told apart from {others} (the difference is within chance)")
                    }
                }
            }));
        }
        said
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
    /// What the interval and the places mean, for a reader who has never seen one.
    pub fn meaning() -> Text {
        Text::new(
            "Khoảng bên cạnh tỷ lệ (khoảng Wilson 95 %) cho biết với số trường hợp ấy, riêng ngẫu nhiên có thể đưa tỷ lệ đi xa đến đâu. Hai đơn vị có chênh lệch nằm trong phạm vi đó thì chưa phân biệt được; thứ hạng ghi kèm khoảng hạng có thể có. Không điều nào ở đây đổi kết quả đánh giá.",
            "The range beside a share (Wilson, 95 %) says how far chance alone can carry it with so many cases. Two units whose difference lies within chance cannot be told apart; a place is given with the places it might be. Nothing here changes a verdict.",
        )
    }
}
