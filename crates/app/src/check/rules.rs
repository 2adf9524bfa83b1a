//! `data/rules/checks.toml`: what `check` asks of records, with the source of each rule.

use std::sync::LazyLock;

use giaouoc_agreement::coverage::Usual;
use giaouoc_agreement::text::Text;
use serde::Deserialize;

use crate::fault::{Fault, Outcome};

const TEXT: &str = include_str!("../../../../data/rules/checks.toml");

/// The rules, in file order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "format and revision are for people and for those who come later")]
pub struct Rules {
    /// Version of the form.
    format: u32,
    /// The day of the last change.
    revision: toml::value::Datetime,
    /// Orders of two moments.
    #[serde(default)]
    pub order: Vec<Order>,
    /// Codes that another kind lists.
    #[serde(default)]
    pub listed: Vec<Listed>,
    /// Months that stand out.
    #[serde(default)]
    pub coverage: Vec<Coverage>,
}

/// How two moments are compared.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Compare {
    /// By local days.
    Day,
    /// To the instant where both have a time of day, else by local days.
    Moment,
}

/// One moment of a record that should not lie before another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the source and the day of a rule are for people")]
pub struct Order {
    /// Stable name of the question.
    pub code: String,
    /// The kind's id.
    pub kind: String,
    /// The column that comes first.
    pub first: String,
    /// The column that should not lie before it.
    pub then: String,
    /// How they are compared.
    pub compare: Compare,
    /// What is asked.
    pub question: Text,
    dated: toml::value::Datetime,
    source: String,
}

/// A column whose values are keys of another kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the source and the day of a rule are for people")]
pub struct Listed {
    /// Stable name of the question.
    pub code: String,
    /// The kind's id.
    pub kind: String,
    /// The column.
    pub column: String,
    /// The kind that lists them.
    #[serde(rename = "in")]
    pub within: String,
    /// What is asked.
    pub question: Text,
    dated: toml::value::Datetime,
    source: String,
}

/// When a month of a kind stands out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the source and the day of a rule are for people")]
pub struct Coverage {
    /// The kind's id.
    pub kind: String,
    month: u64,
    last_year: u64,
    fewer_than: (u64, u64),
    dated: toml::value::Datetime,
    source: String,
}

impl Coverage {
    /// The thresholds.
    pub fn usual(&self) -> Usual {
        Usual { month: self.month, last_year: self.last_year, fewer_than: self.fewer_than }
    }
}

static RULES: LazyLock<Result<Rules, String>> =
    LazyLock::new(|| toml::from_str(TEXT).map_err(|error| error.to_string()));

/// The rules that are built in.
pub fn builtin() -> Outcome<&'static Rules> {
    RULES.as_ref().map_err(|error| {
        let said = format!("data/rules/checks.toml: {error}");
        Fault::System(Text::same(said))
    })
}

#[cfg(test)]
mod tests {
    use giaouoc_agreement::kind::ColumnType;
    use giaouoc_agreement::kinds;

    use super::*;

    #[test]
    fn the_rules_speak_of_columns_that_are_there() {
        let rules = builtin().unwrap();
        assert!(!rules.order.is_empty() && !rules.listed.is_empty() && !rules.coverage.is_empty());
        for order in &rules.order {
            let kind = kinds::find(&order.kind).unwrap();
            for id in [&order.first, &order.then] {
                let column = &kind.columns[kind.column(id).unwrap()];
                assert!(matches!(column.ty, ColumnType::Moment | ColumnType::Date), "{}: {id}", order.code);
            }
        }
        for listed in &rules.listed {
            let kind = kinds::find(&listed.kind).unwrap();
            assert!(kind.column(&listed.column).is_some() && kinds::find(&listed.within).is_some());
        }
        for coverage in &rules.coverage {
            assert!(kinds::find(&coverage.kind).is_some());
            let usual = coverage.usual();
            assert!(usual.month > 0 && usual.fewer_than.0 < usual.fewer_than.1);
        }
    }

    #[test]
    fn every_rule_says_where_it_comes_from_and_when() {
        let rules = builtin().unwrap();
        let sources = rules.order.iter().map(|rule| &rule.source);
        let sources = sources.chain(rules.listed.iter().map(|rule| &rule.source));
        for source in sources.chain(rules.coverage.iter().map(|rule| &rule.source)) {
            assert!(!source.is_empty());
        }
    }
}
