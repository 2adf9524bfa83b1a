//! Titles (*danh hiệu thi đua*) and forms of commendation (*hình thức khen thưởng*) that units register, as dated data
//! (`data/rules/titles.toml`). The two are never mixed.

use std::sync::LazyLock;

use giaouoc_agreement::text::Text;
use serde::{Deserialize, Serialize};

const FILE: &str = include_str!("../../../data/rules/titles.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "format and revision are for people and for those who come later")]
struct Titles {
    format: u32,
    revision: toml::value::Datetime,
    entry: Vec<Entry>,
}

/// Which of the two it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// *Danh hiệu thi đua*.
    Title,
    /// *Hình thức khen thưởng*.
    Form,
}

/// Who it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    /// A person.
    Person,
    /// A collective.
    Collective,
    /// Either.
    Any,
}

/// Whether a rule was read at its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verified {
    /// Read at the source named.
    Read,
    /// Recalled; the source is the place to check.
    Recalled,
    /// Sources disagree or are silent.
    Open,
}

impl Verified {
    /// In words.
    pub fn words(self) -> Text {
        match self {
            Self::Read => Text::new("đã đọc nguồn", "read at its source"),
            Self::Recalled => Text::new("chưa đối chiếu văn bản", "not checked against the text"),
            Self::Open => Text::new("các nguồn chưa thống nhất", "sources disagree"),
        }
    }
}

/// A title or a form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Which of the two.
    pub sort: Sort,
    /// Who it is for.
    pub of: Of,
    /// Its name.
    pub name: Text,
    /// Who decides.
    pub decided_by: Text,
    /// Its rules over time.
    #[serde(default)]
    rule: Vec<Rule>,
}

/// A rule with its days and its source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    from: Option<toml::value::Datetime>,
    to: Option<toml::value::Datetime>,
    /// What it asks.
    pub words: Text,
    /// Where it stands.
    pub source: String,
    /// Whether it was read there.
    pub verified: Verified,
}

impl Entry {
    /// The rule of a day, when one is known.
    pub fn on(&self, day: &str) -> Option<&Rule> {
        self.rule.iter().find(|rule| {
            rule.from.as_ref().is_none_or(|from| from.to_string().as_str() <= day)
                && rule.to.as_ref().is_none_or(|to| to.to_string().as_str() >= day)
        })
    }
}

static TITLES: LazyLock<Vec<Entry>> =
    LazyLock::new(|| toml::from_str::<Titles>(FILE).map(|titles| titles.entry).unwrap_or_default());

/// All of them, in the order of the file.
pub fn all() -> &'static [Entry] {
    &TITLES
}

/// What a unit registers: of each title or form, how many and for whom, and a remark.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Id of the entry, how many.
    pub counts: Vec<(String, u32)>,
    /// A remark.
    #[serde(default)]
    pub note: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_have_their_days_and_titles_are_no_forms() {
        let titles: Titles = toml::from_str(FILE).unwrap();
        assert_eq!(titles.entry.len(), all().len());
        let of = |id: &str| all().iter().find(|entry| entry.id == id).unwrap();
        assert!(of("cstd-cs").on("2020-06-01").unwrap().words.vi.contains("15 %"));
        assert!(!of("cstd-cs").on("2024-01-01").unwrap().words.vi.contains("15 %"));
        assert!(of("co-cp").on("2024-01-01").is_none(), "nothing is claimed of a day without a rule");
        let mut ids: Vec<&str> = all().iter().map(|entry| entry.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all().len());
        assert!(
            all().iter().any(|entry| entry.sort == Sort::Title)
                && all().iter().any(|entry| entry.sort == Sort::Form)
        );
    }
}
