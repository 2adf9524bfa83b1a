//! Forms of honour with their conditions, as dated data (`data/rules/honours.toml`), and the questions that they raise: no honour
//! twice for one deed, titles once in a lifetime. Questions only; whoever decides, decides.

use std::sync::LazyLock;

use giaouoc_agreement::text::{Text, fold};
use serde::Deserialize;

/// A form of honour.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Honour {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// The tier that gives it, as the kind `exemplar` names it.
    pub tier: String,
    /// In force from this day.
    pub from: toml::value::Datetime,
    /// Whether nobody gets it twice.
    #[serde(default)]
    pub once_in_a_lifetime: bool,
    /// So many a year at most.
    pub most_a_year: Option<usize>,
    /// Where this is written.
    pub source: String,
    /// Whether the source was not read itself.
    #[serde(default)]
    pub unverified: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Once {
    source: String,
    from: toml::value::Datetime,
    ask: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "format")]
    _format: u32,
    #[serde(rename = "revision")]
    _revision: toml::value::Datetime,
    once: Once,
    honour: Vec<Honour>,
}

static FILE: LazyLock<Option<File>> =
    LazyLock::new(|| toml::from_str(include_str!("../../../data/rules/honours.toml")).ok());

/// All forms of honour.
pub fn all() -> &'static [Honour] {
    FILE.as_ref().map_or(&[], |file| &file.honour)
}

/// One that was honoured, or is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// Its code.
    pub code: String,
    /// Its year.
    pub year: i32,
    /// The deed in one sentence.
    pub deed: String,
    /// Whose; blank where nobody knows.
    pub person: String,
    /// The form of honour; blank while there is none.
    pub honour: String,
}

/// What there is to ask about one case beside the others: the question, and the code of the case that raises it.
pub fn ask(case: &Case, others: &[Case]) -> Vec<(Text, String)> {
    let Some(file) = FILE.as_ref() else { return Vec::new() };
    let others: Vec<&Case> = others.iter().filter(|other| other.code != case.code).collect();
    let same = |one: &str, other: &str| !fold(one).is_empty() && fold(one) == fold(other);
    let honoured = || others.iter().filter(|other| !other.honour.is_empty());
    let mut asked = Vec::new();
    for other in honoured().filter(|other| same(&other.deed, &case.deed)) {
        asked.push((
            Text::new(
                format!("{}: {} ({})", file.once.ask.vi, other.code, file.once.source),
                format!("{}: {} ({})", file.once.ask.en, other.code, file.once.source),
            ),
            other.code.clone(),
        ));
    }
    let Some(honour) = all().iter().find(|honour| honour.code == case.honour) else { return asked };
    if honour.once_in_a_lifetime {
        let had = honoured().filter(|other| other.honour == honour.code && same(&other.person, &case.person));
        for other in had {
            asked.push((
                Text::new(
                    format!(
                        "{}: mỗi người một lần trong đời; đã có ở {}. {}",
                        honour.name.vi, other.code, honour.source
                    ),
                    format!(
                        "{}: once in a lifetime; given in {} already. {}",
                        honour.name.en, other.code, honour.source
                    ),
                ),
                other.code.clone(),
            ));
        }
    }
    if let Some(most) = honour.most_a_year {
        let given = honoured().filter(|other| other.honour == honour.code && other.year == case.year).count();
        if given >= most {
            asked.push((
                Text::new(
                    format!(
                        "{}: năm {} đã có {given}, quy định nhiều nhất {most}. {}",
                        honour.name.vi, case.year, honour.source
                    ),
                    format!(
                        "{}: {given} in {} already, at most {most} by rule. {}",
                        honour.name.en, case.year, honour.source
                    ),
                ),
                String::new(),
            ));
        }
    }
    asked
}

/// From which day on one deed is honoured once only, `YYYY-MM-DD`.
pub fn once_from() -> String {
    FILE.as_ref().map(|file| file.once.from.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(code: &str, deed: &str, person: &str, honour: &str) -> Case {
        Case {
            code: code.into(),
            year: 2020,
            deed: deed.into(),
            person: person.into(),
            honour: honour.into(),
        }
    }

    #[test]
    fn the_file_is_read() {
        toml::from_str::<File>(include_str!("../../../data/rules/honours.toml")).unwrap();
        assert_eq!(once_from(), "2024-01-01");
    }

    #[test]
    fn one_deed_is_asked_about_when_it_was_honoured_before() {
        let before = [case("NT-1", "Trả hồ sơ tận nhà", "A", "ntvt-unit"), case("NT-2", "Hiến máu", "", "")];
        let asked = |deed: &str| ask(&case("NT-9", deed, "B", "ntvt-city"), &before).len();
        assert_eq!((asked("TRA HO SO  tận nhà"), asked("Hiến máu"), asked("")), (1, 0, 0));
        // It is no question about itself.
        assert_eq!(ask(&before[0], &before), []);
    }

    #[test]
    fn a_title_of_a_lifetime_is_asked_about_by_person_and_a_quota_by_year() {
        let mut before = vec![case("NT-1", "x", "Nguyễn Văn A", "outstanding-citizen")];
        let again = case("NT-9", "y", "nguyen van a", "outstanding-citizen");
        assert_eq!(ask(&again, &before).len(), 1);
        assert_eq!(ask(&case("NT-9", "y", "", "outstanding-citizen"), &before).len(), 0);
        before
            .extend((2..=10).map(|at| case(&format!("NT-{at}"), "", &at.to_string(), "outstanding-citizen")));
        assert_eq!(ask(&case("NT-99", "y", "Z", "outstanding-citizen"), &before).len(), 1);
        assert_eq!(
            ask(&Case { year: 2021, ..case("NT-99", "y", "Z", "outstanding-citizen") }, &before).len(),
            0
        );
    }
}
