//! Small numbers about persons, as the public sees them (`data/rules/small-numbers.toml`).

use std::sync::LazyLock;

use giaouoc_agreement::figure::integer;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_report::public::{Small as OfReport, months_left_out};
use serde::Deserialize;

use crate::opened::{Open, Opened};

/// The rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    #[serde(rename = "format")]
    _format: u32,
    #[serde(rename = "revision")]
    _revision: toml::value::Datetime,
    small: Small,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Small {
    least: i64,
    kinds: Vec<String>,
    #[serde(rename = "dated")]
    _dated: toml::value::Datetime,
    source: String,
}

/// Without the file everything is small: nothing is shown that should not be. A test reads the file.
static RULES: LazyLock<Small> = LazyLock::new(|| {
    let read = toml::from_str::<Rules>(include_str!("../../../data/rules/small-numbers.toml"));
    read.map_or_else(
        |_| Small {
            least: i64::MAX,
            kinds: Vec::new(),
            _dated: toml::value::Datetime { date: None, time: None, offset: None },
            source: String::new(),
        },
        |rules| rules.small,
    )
});

/// Who reads: the public, or those inside the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Everybody.
    Public,
    /// Those with a role in the cluster.
    Inside,
}

/// Whether a count of records of a kind is too small for this reader. Nothing at all is no small number.
pub fn hidden(kind: &str, count: i64, reader: Reader) -> bool {
    let rules = &*RULES;
    let person = rules.kinds.iter().any(|known| known == kind) || rules.kinds.is_empty();
    reader == Reader::Public && person && 0 < count && count < rules.least
}

/// A count as this reader sees it: "1.234", or "dưới 3".
pub fn count(kind: &str, count: i64, reader: Reader, lang: Lang) -> String {
    if hidden(kind, count, reader) { under().get(lang).to_owned() } else { integer(count, lang) }
}

/// What stands for a small number.
pub fn under() -> Text {
    let least = RULES.least;
    Text::new(format!("dưới {least}"), format!("under {least}"))
}

/// Which months of a target's figures this reader does not see: of each unit, and of all units together.
pub fn months(kind: &str, opened: &Opened, reader: Reader) -> (Vec<Vec<bool>>, Vec<bool>) {
    let cases = |open: &Open| open.months.iter().map(|month| month.cases).collect::<Vec<i64>>();
    let units: Vec<Vec<i64>> =
        opened.figures.iter().map(|open| open.as_ref().map(cases).unwrap_or_default()).collect();
    let all = opened.together.as_ref().map(cases).unwrap_or_default();
    months_left_out(&units, &all, &|count| hidden(kind, count, reader))
}

/// The rule, for reports that everybody reads.
pub fn of_report() -> OfReport {
    OfReport { least: RULES.least, kinds: RULES.kinds.clone(), words: under() }
}

/// Where the rule comes from.
pub fn source() -> &'static str {
    &RULES.source
}

#[cfg(test)]
mod tests {
    use giaouoc_agreement::kinds;

    use super::*;

    #[test]
    fn a_small_number_about_persons_is_for_those_inside() {
        assert_eq!(RULES.least, 3, "the file is read");
        assert_eq!(count("dossier", 2, Reader::Public, Lang::Vi), "dưới 3");
        assert_eq!(count("dossier", 2, Reader::Inside, Lang::Vi), "2");
        assert_eq!(count("dossier", 3, Reader::Public, Lang::En), "3");
        assert_eq!(count("dossier", 0, Reader::Public, Lang::En), "0");
        assert_eq!(count("procedure", 1, Reader::Public, Lang::En), "1");
    }

    #[test]
    fn every_kind_with_a_personal_column_is_about_persons() {
        for kind in kinds::builtin().iter().filter(|kind| kind.columns.iter().any(|column| column.personal)) {
            assert!(RULES.kinds.contains(&kind.id), "{}", kind.id);
        }
        for id in &RULES.kinds {
            assert!(kinds::builtin().iter().any(|kind| kind.id == *id), "{id}");
        }
    }
}
