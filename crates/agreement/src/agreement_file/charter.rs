//! What stands in an agreement beside its clauses and targets: legal bases, dated events, the score table, the cluster's
//! regulation (*quy chế*) and the units' paragraphs. All of it is signed with the rest; nothing of it is computed here.

use std::ops::Range;

use giaouoc_worktime::Day;

use super::file::{known_clause, known_target};
use super::{Clause, Context};
use crate::bundle::refs;
use crate::text::Text;
use crate::toml_read::{At, Document, Field, Table, shown};

/// More lines of a table than this are a mistake.
const MOST: usize = 500;
/// Points are kept in hundredths; more than ten thousand points are a mistake.
const MOST_POINTS: i64 = 1_000_000;

/// An event or anniversary of the year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What it is.
    pub name: Text,
    /// Its day.
    pub on: Day,
}

/// How points are given for a target or a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// All points when it is met, none otherwise.
    AllOrNothing,
    /// In proportion to how near the goal was come.
    InProportion,
    /// By those who appraise it, with a reason: clauses answered by a report.
    Appraised,
}

/// What is scored where there is no figure to score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Without {
    /// No points.
    None,
    /// All points.
    Full,
    /// The line leaves the table; the rest is scored out of less.
    LeftOut,
}

/// What a line of the score table is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scored {
    /// A target, by id.
    Target(String),
    /// A clause, by number.
    Clause(String),
}

/// A line of the score table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreLine {
    /// What it is about.
    pub about: Scored,
    /// Points at most, in hundredths.
    pub points: i64,
    /// How they are given.
    pub way: Way,
}

/// Points that are added or taken off, with what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    /// What for.
    pub name: Text,
    /// Points, in hundredths.
    pub points: i64,
}

/// The score table (*bảng điểm thi đua*) of the year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// *Chưa có số liệu*.
    pub no_data: Without,
    /// *Không phát sinh*.
    pub no_cases: Without,
    /// *Miễn*.
    pub exempt: Without,
    /// Its lines, in file order.
    pub lines: Vec<ScoreLine>,
    /// Points that are added.
    pub bonuses: Vec<Extra>,
    /// Points that are taken off.
    pub deductions: Vec<Extra>,
}

/// An article of the cluster's regulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its number.
    pub number: String,
    /// Its words.
    pub text: Text,
}

/// A unit's own paragraph to a clause, of the annex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Index of the unit in the cluster.
    pub unit: usize,
    /// The clause's number.
    pub clause: String,
    /// Its words.
    pub text: Text,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Charter {
    /// The legal bases (*căn cứ*), in order.
    pub bases: Vec<Text>,
    /// The year's events and anniversaries.
    pub events: Vec<Event>,
    /// The score table, when there is one.
    pub score: Option<Score>,
    /// The regulation's articles.
    pub regulation: Vec<Article>,
    /// The units' paragraphs.
    pub paragraphs: Vec<Paragraph>,
}

/// As it is written; what it names is looked up once clauses and targets are known.
pub(super) struct Raw<'a> {
    bases: Vec<At<Text>>,
    events: Vec<Table<'a>>,
    score: Field<'a>,
    regulation: Vec<Table<'a>>,
    paragraphs: Vec<Table<'a>>,
}

/// Takes its keys from the file.
pub(super) fn take<'a>(root: &Table<'a>) -> Raw<'a> {
    Raw {
        bases: root.may("bases").list(|line| line.text()),
        events: root.may("event").few_tables(MOST),
        score: root.may("score"),
        regulation: root.may("regulation").few_tables(MOST),
        paragraphs: root.may("paragraph").few_tables(4 * MOST),
    }
}

/// Reads it. `clauses` and `targets` are nothing where they could not be read whole.
pub(super) fn read(
    context: &Context<'_>,
    doc: &Document<'_>,
    raw: Raw<'_>,
    clauses: Option<&[Clause]>,
    targets: Option<&[At<String>]>,
) -> Charter {
    let events = raw.events.into_iter().filter_map(|table| {
        let (name, on) = (table.need("name").text(), table.need("on").day());
        table.finish();
        Some(Event { name: name?.value, on: on?.value })
    });
    let articles = raw.regulation.into_iter().filter_map(|table| {
        let (number, text) = (table.need("number").string(), table.need("text").text());
        table.finish();
        let number = number?;
        Some((Article { number: number.value, text: text?.value }, number.span))
    });
    let articles: Vec<(Article, Range<usize>)> = articles.collect();
    refs::unique(doc, articles.iter().map(|(article, span)| (article.number.as_str(), span.clone())));
    let paragraphs = raw.paragraphs.into_iter().filter_map(|table| {
        let unit = table.need("unit").string().and_then(|code| refs::unit(doc, context.cluster, &code));
        let clause = table.need("clause").string();
        let text = table.need("text").text();
        table.finish();
        let clause = clause?;
        if let Some(clauses) = clauses {
            known_clause(doc, &clause, clauses);
        }
        Some(Paragraph { unit: unit?, clause: clause.value, text: text?.value })
    });
    Charter {
        bases: raw.bases.into_iter().map(|at| at.value).collect(),
        events: events.collect(),
        score: score(doc, &raw.score, clauses, targets),
        regulation: articles.into_iter().map(|(article, _)| article).collect(),
        paragraphs: paragraphs.collect(),
    }
}

fn score(
    doc: &Document<'_>,
    field: &Field<'_>,
    clauses: Option<&[Clause]>,
    targets: Option<&[At<String>]>,
) -> Option<Score> {
    let table = field.is_there().then(|| field.table()).flatten()?;
    let without = |key, otherwise| {
        let words = [("none", Without::None), ("full", Without::Full), ("left out", Without::LeftOut)];
        table.may(key).one_of(&words).map_or(otherwise, |at| at.value)
    };
    // As for a share of units: silence earns nothing, a confirmed nil report and an exemption take the line away.
    let (no_data, no_cases, exempt) = (
        without("no_data", Without::None),
        without("no_cases", Without::LeftOut),
        without("exempt", Without::LeftOut),
    );
    let lines = table.may("line").few_tables(MOST);
    let bonuses = table.may("bonus").few_tables(MOST);
    let deductions = table.may("deduction").few_tables(MOST);
    table.finish();
    let lines: Vec<(ScoreLine, String, Range<usize>)> =
        lines.into_iter().filter_map(|table| line(doc, table, clauses, targets)).collect();
    refs::unique(doc, lines.iter().map(|(_, name, span)| (name.as_str(), span.clone())));
    Some(Score {
        no_data,
        no_cases,
        exempt,
        lines: lines.into_iter().map(|(line, _, _)| line).collect(),
        bonuses: bonuses.into_iter().filter_map(extra).collect(),
        deductions: deductions.into_iter().filter_map(extra).collect(),
    })
}

fn line(
    doc: &Document<'_>,
    table: Table<'_>,
    clauses: Option<&[Clause]>,
    targets: Option<&[At<String>]>,
) -> Option<(ScoreLine, String, Range<usize>)> {
    let span = table.span();
    let (target, clause) = (table.may("target").string(), table.may("clause").string());
    let points = points(doc, &table.need("points"));
    let words = [
        ("all or nothing", Way::AllOrNothing),
        ("in proportion", Way::InProportion),
        ("appraised", Way::Appraised),
    ];
    let way = table.may("way").one_of(&words).map(|at| at.value);
    table.finish();
    let (about, name, at, usual) = match (target, clause) {
        (Some(target), None) => {
            known_target(doc, &target, targets);
            let name = format!("target {}", target.value);
            (Scored::Target(target.value), name, target.span, Way::AllOrNothing)
        }
        (None, Some(clause)) => {
            if let Some(clauses) = clauses {
                known_clause(doc, &clause, clauses);
            }
            let name = format!("clause {}", clause.value);
            (Scored::Clause(clause.value), name, clause.span, Way::Appraised)
        }
        _ => {
            doc.error(
                "score-line",
                span,
                Text::new(
                    "Mỗi dòng của bảng điểm nêu một chỉ tiêu hoặc một khoản.",
                    "Each line of the score table names one target or one clause.",
                ),
                Some(Text::new(
                    "Ghi target = \"mã\" hoặc clause = \"số khoản\".",
                    "Write target = \"id\" or clause = \"number\".",
                )),
            );
            return None;
        }
    };
    if matches!(about, Scored::Clause(_)) && way.is_some_and(|way| way != Way::Appraised) {
        doc.error(
            "score-line",
            at,
            Text::new(
                "Điểm của một khoản không có số liệu do người thẩm định cho.",
                "The points of a clause without a figure are given by those who appraise it.",
            ),
            Some(Text::new(
                "Ghi way = \"appraised\", hoặc nêu một chỉ tiêu.",
                "Write way = \"appraised\", or name a target.",
            )),
        );
        return None;
    }
    Some((ScoreLine { about, points: points?, way: way.unwrap_or(usual) }, name, at))
}

fn extra(table: Table<'_>) -> Option<Extra> {
    let (name, points) = (table.need("name").text(), points(table.doc(), &table.need("points")));
    table.finish();
    Some(Extra { name: name?.value, points: points? })
}

/// Points: a whole number, or a text such as `"7.5"`, in hundredths.
fn points(doc: &Document<'_>, field: &Field<'_>) -> Option<i64> {
    let at = field.cell()?;
    let hundredths = hundredths(&at.value).filter(|points| (1..=MOST_POINTS).contains(points));
    if hundredths.is_none() {
        doc.error(
            "bad-points",
            at.span,
            Text::new(
                format!("\"{}\" không phải số điểm.", shown(&at.value)),
                format!("\"{}\" is no number of points.", shown(&at.value)),
            ),
            Some(Text::new(
                "Ghi một số từ 0.01 đến 10000, ví dụ 20 hoặc \"7.5\".",
                "Write a number from 0.01 to 10000, such as 20 or \"7.5\".",
            )),
        );
    }
    hundredths
}

/// A decimal with at most two places, in hundredths.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let padded = format!("{part:0<2}");
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(padded.parse().ok()?)
}

/// Hundredths as people read them: `20`, `7,5`.
pub fn points_shown(hundredths: i64, lang: crate::text::Lang) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    let mark = if lang == crate::text::Lang::Vi { ',' } else { '.' };
    match part {
        0 => whole.to_string(),
        part if part % 10 == 0 => format!("{whole}{mark}{}", part / 10),
        part => format!("{whole}{mark}{part:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    #[test]
    fn points_are_exact_to_the_hundredth() {
        let cases = [
            ("20", Some(2000)),
            ("7.5", Some(750)),
            ("0.05", Some(5)),
            ("7,5", None),
            ("", None),
            ("1.234", None),
            ("-3", None),
            ("9999999", None),
        ];
        for (text, points) in cases {
            assert_eq!(hundredths(text), points, "{text}");
        }
        assert_eq!(
            (points_shown(2000, Lang::Vi), points_shown(750, Lang::Vi), points_shown(5, Lang::En)),
            ("20".into(), "7,5".into(), "0.05".into())
        );
    }
}
