//! The sentences of the page.

use std::collections::BTreeMap;

use giaouoc_agreement::figure::{Grade, Verdict, integer};
use giaouoc_agreement::scoreboard::{Figure, Line};
use giaouoc_agreement::text::Lang;

use crate::model::Report;
use crate::words::{day, say};

/// Whether the figures are by a draft, of which period they are, as of which day, and as known when.
pub fn when(report: &Report) -> String {
    match (&report.by_draft, period(report)) {
        (Some(said), when) if when.is_empty() => said.clone(),
        (Some(said), when) => format!("{said} {when}"),
        (None, when) => when,
    }
}

fn period(report: &Report) -> String {
    let lang = report.lang;
    let Some(line) = report.board.targets.first() else {
        return String::new();
    };
    let (period, on) = (line.period_words.get(lang), day(line.as_of, lang));
    let mut text = match (lang, line.ended) {
        (Lang::Vi, true) => format!("Kỳ: {period} · tính đến hết ngày {on}"),
        (Lang::Vi, false) => format!("Kỳ: {period} · số tạm tính đến hết ngày {on}"),
        (Lang::En, true) => format!("Period: {period} · as of the end of {on}"),
        (Lang::En, false) => format!("Period: {period} · provisional, as of the end of {on}"),
    };
    if let Some(known) = &report.known {
        text.push_str(" · ");
        text.push_str(known);
    }
    text
}

/// Verdicts of a set of figures, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Met.
    pub met: i64,
    /// Not met.
    pub not: i64,
    /// Without a verdict, whatever the reason.
    pub none: i64,
}

impl Tally {
    /// Counts verdicts.
    pub fn of<'a>(figures: impl Iterator<Item = &'a Figure>) -> Self {
        let mut tally = Self::default();
        for figure in figures {
            match figure.verdict {
                Verdict::Met => tally.met += 1,
                Verdict::NotMet => tally.not += 1,
                _ => tally.none += 1,
            }
        }
        tally
    }

    /// Those with a verdict.
    pub fn judged(self) -> i64 {
        self.met + self.not
    }
}

/// The one sentence for a person who reads one sentence.
pub fn lead(report: &Report) -> String {
    let lang = report.lang;
    let board = &report.board;
    let tally = Tally::of(board.targets.iter().flat_map(|line| line.figures.iter().flatten()));
    let number = |value: i64| integer(value, lang);
    let (units, targets) = (number(count(board.units.len())), board.targets.len());
    let (met, not, none, judged) =
        (number(tally.met), number(tally.not), number(tally.none), number(tally.judged()));
    let mut text = match lang {
        Lang::Vi => format!(
            "{units} đơn vị, {targets} chỉ tiêu: trong {judged} kết quả đã đánh giá, {met} đạt và {not} chưa đạt"
        ),
        Lang::En => format!(
            "{units} {}, {targets} {}: of {judged} results judged, {met} {} met and {not} {} not",
            plural(board.units.len(), "unit", "units"),
            plural(targets, "target", "targets"),
            if tally.met == 1 { "is" } else { "are" },
            if tally.not == 1 { "is" } else { "are" },
        ),
    };
    if tally.none > 0 {
        let why = reasons(board.targets.iter().flat_map(|line| line.figures.iter().flatten()), lang);
        text.push_str(&match lang {
            Lang::Vi => format!("; {none}\u{a0}ô chưa có kết quả ({why})"),
            Lang::En if tally.none == 1 => format!("; 1 has no result ({why})"),
            Lang::En => format!("; {none} have no result ({why})"),
        });
    }
    text.push('.');
    let together: Vec<Verdict> =
        board.targets.iter().filter_map(|line| line.together.as_ref()).map(|figure| figure.verdict).collect();
    if !together.is_empty() {
        let met = together.iter().filter(|verdict| **verdict == Verdict::Met).count();
        let of = together.len();
        text.push_str(&match lang {
            Lang::Vi => format!(" Tính chung cả cụm: đạt {met} trong {of} chỉ tiêu."),
            Lang::En => format!(" The whole cluster together meets {met} of {of} targets."),
        });
    }
    text
}

/// Why figures have no verdict: the words of those that occur.
fn reasons<'a>(figures: impl Iterator<Item = &'a Figure>, lang: Lang) -> String {
    let mut found: Vec<Verdict> = figures
        .map(|figure| figure.verdict)
        .filter(|verdict| !matches!(verdict, Verdict::Met | Verdict::NotMet))
        .collect();
    found.sort_unstable();
    found.dedup();
    let words: Vec<String> = found.into_iter().map(|verdict| verdict.words().get(lang).to_owned()).collect();
    words.join(", ")
}

/// The one sentence of a target.
pub fn target_lead(report: &Report, line: &Line) -> String {
    let lang = report.lang;
    let tally = Tally::of(line.figures.iter().flatten());
    let (met, judged) = (integer(tally.met, lang), integer(tally.judged(), lang));
    let mut text = if tally.judged() == 0 {
        match lang {
            Lang::Vi => "Chưa có đơn vị nào được đánh giá riêng.".to_owned(),
            Lang::En => "No unit is judged on its own.".to_owned(),
        }
    } else {
        match lang {
            Lang::Vi => format!("{met} trong {judged} đơn vị được đánh giá đạt mức này."),
            Lang::En => format!("{met} of {judged} units judged reach the goal."),
        }
    };
    if let Some(figure) = &line.together {
        let word = figure.verdict.words();
        let shown = figure.shown.get(lang);
        let integers = figure.amount.as_ref().map(|amount| amount.integers(lang)).unwrap_or_default();
        text.push_str(&match lang {
            Lang::Vi => format!(" Cả cụm: {shown} ({integers}), {}.", word.vi),
            Lang::En => format!(" The whole cluster: {shown} ({integers}), {}.", word.en),
        });
    }
    if let Some(share) = &line.units_share {
        let word = share.verdict.words();
        let goal = share.goal.goal.signs(lang);
        text.push_str(&match lang {
            Lang::Vi => format!(
                " Tỷ lệ đơn vị đạt: {}/{} ({}), mức {goal}: {}.",
                share.met,
                share.of,
                share.shown.get(lang),
                word.vi
            ),
            Lang::En => format!(
                " Units that meet it: {} of {} ({}), goal {goal}: {}.",
                share.met,
                share.of,
                share.shown.get(lang),
                word.en
            ),
        });
    }
    text
}

/// Why a figure has no verdict, or what to know of it, in one line.
/// `count` writes a number of records.
pub fn remark(figure: &Figure, lang: Lang, count: &dyn Fn(i64) -> String) -> String {
    let mut parts: Vec<String> = figure.notes.iter().map(|note| note.get(lang).to_owned()).collect();
    let (unknown, open) = (figure.tally.met_unknown, figure.tally.counted_unknown);
    if unknown > 0 {
        let columns: Vec<&str> =
            figure.tally.unknown_columns.iter().map(|column| column.column.as_str()).collect();
        let columns = if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
        parts.push(match lang {
            Lang::Vi => format!("{} bản ghi chưa đủ dữ liệu{columns}", count(unknown)),
            Lang::En => format!("{} records that lack data{columns}", count(unknown)),
        });
    }
    if open > 0 {
        parts.push(match lang {
            Lang::Vi => format!("{} bản ghi chưa rõ có được tính hay không", count(open)),
            Lang::En => {
                format!("{} records of which it is unknown whether they count", count(open))
            }
        });
    }
    if let Some(least) = figure.below_min_cases {
        parts.push(match lang {
            Lang::Vi => format!("ít hơn {least} trường hợp nên không đánh giá"),
            Lang::En => format!("fewer than {least} cases, so not judged"),
        });
    }
    for part in &figure.parts {
        let shown = part.amount.as_ref().map_or("–", |_| part.shown.get(lang));
        let verdict = part.verdict.words();
        parts.push(format!("{}: {shown}, {}", part.period.words().get(lang), verdict.get(lang)));
    }
    if figure.verdict != Verdict::Met {
        parts.extend(figure.need_words.iter().map(|need| need.get(lang).to_owned()));
    }
    parts.join("; ")
}

/// The name of the row that is about all units.
pub fn cluster(lang: Lang) -> &'static str {
    say(lang, "Cả cụm", "Whole cluster")
}

fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

/// A length as a number to show.
pub fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// What the fold over a picture's table is called.
pub fn fold(lang: Lang) -> &'static str {
    say(lang, "Số liệu của hình", "The picture's figures")
}

/// What a figure rests on, in words; nothing where there is no figure.
pub fn ground(figure: &Figure, lang: Lang) -> String {
    match figure.grade {
        Grade::Nothing => String::new(),
        grade => grade.words().get(lang).to_owned(),
    }
}

/// What is said of each name, with those together of whom the same is said, in the order of the first.
pub fn together(said: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (name, text) in said {
        let at = *places.entry(text.clone()).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, names)) => names.push(name),
            None => groups.push((text, vec![name])),
        }
    }
    groups.into_iter().map(|(text, names)| format!("{}: {text}", names.join(", "))).collect()
}

#[cfg(test)]
mod tests {
    use super::together;

    #[test]
    fn the_same_is_said_once() {
        let said =
            [("A", "x"), ("B", "y"), ("C", "x")].map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(together(said.into_iter()), ["A, C: x", "B: y"]);
    }
}
