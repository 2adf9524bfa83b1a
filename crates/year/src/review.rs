//! A unit's short report to a review: what it says to clauses without a number, and what it says of itself beside its figures.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A text is at most so long, in characters.
pub const LONGEST: usize = 5_000;

/// A unit's short report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// By clause.
    #[serde(default)]
    pub clauses: BTreeMap<String, String>,
    /// By target.
    #[serde(default)]
    pub targets: BTreeMap<String, Own>,
    /// What was hard.
    #[serde(default)]
    pub hard: String,
    /// What it proposes.
    #[serde(default)]
    pub proposals: String,
}

/// What a unit says of one of its figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// `met`, `not-met`, `no-cases`; blank: it says nothing.
    #[serde(default)]
    pub verdict: String,
    /// Why.
    #[serde(default)]
    pub text: String,
}

/// Verdicts that a unit can give itself.
pub const OWN: [&str; 3] = ["met", "not-met", "no-cases"];

/// A figure that the report stands beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Computed<'a> {
    /// The target.
    pub target: &'a str,
    /// Its verdict, computed: `met`, `not-met`, `no-cases`, `no-data` …
    pub verdict: &'a str,
}

/// What a report still lacks before it can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The clause is not answered.
    Clause(String),
    /// The target has no verdict of the unit's own.
    Verdict(String),
    /// The target is not met, has no data, or the unit sees it otherwise, and it does not say why.
    Why(String),
    /// A text is too long.
    Long,
}

/// What a report lacks: each clause answered by a report, a verdict of its own on each figure, and a word on each figure that is not
/// met, has no data, or that the unit sees otherwise.
pub fn lacks(report: &Report, clauses: &[&str], figures: &[Computed<'_>]) -> Vec<Lack> {
    let blank = |text: &str| text.trim().is_empty();
    let said = |clause: &&&str| report.clauses.get(**clause).is_none_or(|text| blank(text));
    let mut lacks: Vec<Lack> =
        clauses.iter().filter(said).map(|clause| Lack::Clause((*clause).to_owned())).collect();
    let nothing = Own::default();
    for figure in figures {
        let own = report.targets.get(figure.target).unwrap_or(&nothing);
        if !OWN.contains(&own.verdict.as_str()) {
            lacks.push(Lack::Verdict(figure.target.to_owned()));
            continue;
        }
        let open = matches!(figure.verdict, "not-met" | "no-data");
        if (open || own.verdict != figure.verdict) && blank(&own.text) {
            lacks.push(Lack::Why(figure.target.to_owned()));
        }
    }
    let texts = report.clauses.values().chain(report.targets.values().map(|own| &own.text));
    if texts.chain([&report.hard, &report.proposals]).any(|text| text.chars().count() > LONGEST) {
        lacks.push(Lack::Long);
    }
    lacks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_answers_clauses_and_says_why() {
        let figures = [
            Computed { target: "a", verdict: "met" },
            Computed { target: "b", verdict: "not-met" },
            Computed { target: "c", verdict: "no-data" },
        ];
        let own = |verdict: &str, text: &str| Own { verdict: verdict.into(), text: text.into() };
        let mut report = Report::default();
        assert_eq!(lacks(&report, &["1"], &figures).len(), 4);
        report.clauses.insert("1".into(), "Đã làm".into());
        report.targets = [("a", own("met", "")), ("b", own("not-met", "")), ("c", own("met", ""))]
            .map(|(target, own)| (target.to_owned(), own))
            .into();
        assert_eq!(lacks(&report, &["1"], &figures), [Lack::Why("b".into()), Lack::Why("c".into())]);
        report.targets.insert("b".into(), own("not-met", "Thiếu người"));
        report.targets.insert("c".into(), own("met", "Sổ giấy"));
        assert_eq!(lacks(&report, &["1"], &figures), []);
        // A unit that sees its figure otherwise says why.
        report.targets.insert("a".into(), own("not-met", ""));
        assert_eq!(lacks(&report, &["1"], &figures), [Lack::Why("a".into())]);
        report.hard = "x".repeat(LONGEST + 1);
        assert!(lacks(&report, &["1"], &figures).contains(&Lack::Long));
        report.clauses.insert("1".into(), "  ".into());
        assert!(lacks(&report, &["1"], &figures).contains(&Lack::Clause("1".into())));
    }
}
