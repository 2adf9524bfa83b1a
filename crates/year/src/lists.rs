//! Which lists go on into the next year (`data/rules/next-year.toml`): those whose rows say a state, as long as it lasts. What
//! was done or was due on a day is of its year.

use std::sync::LazyLock;

use serde::Deserialize;

/// A list that goes on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// The kind of its records.
    pub kind: String,
    /// The column with the last day on which a row's state holds; blank there: it still does.
    pub ends: String,
    /// The flag of rows that go on all the same.
    pub unless: Option<String>,
    /// Where this is said.
    pub source: String,
}

impl List {
    /// Whether a record goes on after the last day of a year (`YYYY-MM-DD`); `text` gives its columns in their text form.
    pub fn goes_on<'a>(&self, text: impl Fn(&str) -> &'a str, last: &str) -> bool {
        let ends = text(&self.ends);
        let stands = self.unless.as_deref().is_some_and(|flag| text(flag) == "true");
        ends.is_empty() || ends > last || stands
    }
}

/// A list that stays with its year, though it stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stays {
    #[cfg_attr(not(test), expect(dead_code, reason = "the test holds it against the kinds"))]
    kind: String,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "format")]
    _format: u32,
    #[serde(rename = "revision")]
    _revision: toml::value::Datetime,
    list: Vec<List>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the test holds it against the kinds"))]
    stays: Vec<Stays>,
}

static FILE: LazyLock<Option<File>> =
    LazyLock::new(|| toml::from_str(include_str!("../../../data/rules/next-year.toml")).ok());

/// All lists that go on.
pub fn all() -> &'static [List] {
    FILE.as_ref().map_or(&[], |file| &file.list)
}

#[cfg(test)]
mod tests {
    use giaouoc_agreement::kind::ColumnType;
    use giaouoc_agreement::kinds;

    use super::*;

    #[test]
    fn every_list_that_stands_goes_on_or_stays_and_no_other_does() {
        let file = toml::from_str::<File>(include_str!("../../../data/rules/next-year.toml")).unwrap();
        let said = file.list.iter().map(|list| &list.kind).chain(file.stays.iter().map(|stays| &stays.kind));
        let mut said: Vec<&str> = said.map(String::as_str).collect();
        said.sort_unstable();
        let standing = kinds::builtin().iter().filter(|kind| kind.standing).map(|kind| kind.id.as_str());
        let mut standing: Vec<&str> = standing.collect();
        standing.sort_unstable();
        assert_eq!(said, standing);
        for list in all() {
            let kind = kinds::find(&list.kind).unwrap();
            let ty = |id: &str| kind.columns.iter().find(|column| column.id == id).map(|column| &column.ty);
            assert!(matches!(ty(&list.ends), Some(ColumnType::Date)), "{}", list.kind);
            if let Some(flag) = &list.unless {
                assert!(matches!(ty(flag), Some(ColumnType::Flag)), "{}", list.kind);
            }
        }
    }

    #[test]
    fn a_state_goes_on_until_its_last_day_and_an_approved_post_without_its_holder() {
        let of = |kind: &str| all().iter().find(|list| list.kind == kind).unwrap();
        let goes = |kind: &str, ends: &'static str, flag: &'static str| {
            of(kind).goes_on(|column| if column == "in_scheme" { flag } else { ends }, "2020-12-31")
        };
        assert!(goes("procedure", "", "") && goes("procedure", "2021-01-01", ""));
        assert!(!goes("procedure", "2020-12-31", "true") && !goes("procedure", "2020-06-30", ""));
        assert!(goes("position", "2020-06-30", "true") && goes("position", "", "false"));
        assert!(!goes("position", "2020-06-30", "false") && !goes("position", "2020-06-30", ""));
    }
}
