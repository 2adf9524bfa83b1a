//! Forms of honour with their conditions, as dated data (`data/rules/honours.toml`), and the questions that they raise: no honour
//! twice for one deed, titles once in a lifetime, a form of the tier that gives it. Questions only; whoever decides, decides.

use std::sync::LazyLock;

use giaouoc_agreement::text::{Text, fold};
use serde::Deserialize;

use crate::matter::{Matter, alike};
use crate::sort;

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

/// What was decided on a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// On which day, `YYYY-MM-DD`; blank while nothing is decided.
    pub day: String,
    /// The tier, as the kind `exemplar` names it; blank where it is not known.
    pub tier: String,
}

impl Decision {
    /// As it stands in a case.
    pub fn of(matter: &Matter) -> Self {
        Self {
            day: matter.day_of("honour").unwrap_or_default().to_owned(),
            tier: matter.fields.get("tier").cloned().unwrap_or_default(),
        }
    }

    /// Whether a rule of a day holds for it; the rules of today hold for what is not decided.
    fn is_under(&self, from: &toml::value::Datetime) -> bool {
        self.day.is_empty() || self.day >= from.to_string()
    }
}

/// What a tier is called.
fn tier_name(code: &str) -> Text {
    let named = || {
        let sort = sort::find("exemplar")?;
        sort.choices(sort.field("tier")?).into_iter().find(|choice| choice.code == code)
    };
    named().map_or_else(|| Text::same(code), |choice| choice.name)
}

/// What there is to ask about a case of which no decision is known, beside the others.
pub fn ask(case: &Case, others: &[Case]) -> Vec<(Text, String)> {
    ask_of(case, &Decision::default(), others)
}

/// What there is to ask about one case, as it was decided, beside the others: the question, and the code of the case that
/// raises it, where one does.
pub fn ask_of(case: &Case, decision: &Decision, others: &[Case]) -> Vec<(Text, String)> {
    let Some(file) = FILE.as_ref() else { return Vec::new() };
    let others: Vec<&Case> = others.iter().filter(|other| other.code != case.code).collect();
    let same = |one: &str, other: &str| !fold(one).is_empty() && fold(one) == fold(other);
    let honoured = || others.iter().filter(|other| !other.honour.is_empty());
    let mut asked = Vec::new();
    let once = decision.is_under(&file.once.from);
    for other in honoured().filter(|other| once && alike(&other.deed, &case.deed)) {
        asked.push((
            Text::new(
                format!("{}: {} ({})", file.once.ask.vi, other.code, file.once.source),
                format!("{}: {} ({})", file.once.ask.en, other.code, file.once.source),
            ),
            other.code.clone(),
        ));
    }
    let chosen = all().iter().find(|honour| honour.code == case.honour);
    let Some(honour) = chosen.filter(|honour| decision.is_under(&honour.from)) else { return asked };
    if !decision.tier.is_empty() && decision.tier != honour.tier {
        let (gives, said) = (tier_name(&honour.tier), tier_name(&decision.tier));
        asked.push((
            Text::new(
                format!(
                    "{}: hình thức này thuộc “{}”, mà cấp biểu dương ghi là “{}”. {}",
                    honour.name.vi, gives.vi, said.vi, honour.source
                ),
                format!(
                    "{}: this form is of the tier “{}”, and the tier written is “{}”. {}",
                    honour.name.en, gives.en, said.en, honour.source
                ),
            ),
            String::new(),
        ));
    }
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
    use crate::matter::Taken;

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
    fn a_deed_told_in_nearly_the_same_words_is_asked_about_too() {
        let before = [case("NT-1", "Trả hồ sơ tận nhà cho người già", "A", "ntvt-unit")];
        let asked = |deed: &str| ask(&case("NT-9", deed, "B", "ntvt-city"), &before).len();
        assert_eq!(asked("Trả hồ sơ tận nhà cho các người già"), 1);
        assert_eq!(asked("Tận nhà, trả hồ sơ cho người già"), 1);
        assert_eq!(asked("Trả hồ sơ ngoài giờ"), 0);
    }

    #[test]
    fn a_form_that_another_tier_gives_is_asked_about() {
        let asked = |honour: &str, tier: &str| {
            let decision = Decision { day: "2020-06-01".into(), tier: tier.into() };
            ask_of(&case("NT-9", "x", "B", honour), &decision, &[])
        };
        for (honour, tier) in [("ntvt-city", "city"), ("letter", "unit"), ("ntvt-city", ""), ("", "unit")] {
            assert_eq!(asked(honour, tier), [], "{honour} {tier}");
        }
        let found = asked("ntvt-city", "unit");
        assert_eq!(found.len(), 1);
        assert!(
            found[0].0.vi.contains("“Cấp thành phố”") && found[0].0.vi.contains("“Cấp đơn vị”"),
            "{found:?}"
        );
        assert_eq!(asked("letter", "city").len(), 1);
        // Each form names a tier that there is.
        for honour in all() {
            assert_ne!(tier_name(&honour.tier), Text::same(&honour.tier), "{}", honour.code);
        }
    }

    #[test]
    fn a_rule_is_asked_of_what_was_decided_since_its_day() {
        let before = [case("NT-1", "Hiến máu", "A", "ntvt-unit")];
        let asked = |day: &str| {
            let decision = Decision { day: day.into(), tier: "unit".into() };
            ask_of(&case("NT-9", "Hiến máu", "B", "ntvt-city"), &decision, &before).len()
        };
        // Of the tier since 10 June 2010, of one deed since 2024; both of what is not decided yet.
        for (day, count) in
            [("2010-06-09", 0), ("2010-06-10", 1), ("2023-12-31", 1), ("2024-01-01", 2), ("", 2)]
        {
            assert_eq!(asked(day), count, "{day}");
        }
    }

    #[test]
    fn a_decision_is_read_off_a_case() {
        let mut matter = Matter::default();
        assert_eq!(Decision::of(&matter), Decision::default());
        matter.fields.insert("tier".into(), "unit".into());
        matter.taken.push(Taken { step: "honour".into(), day: "2020-06-01".into() });
        assert_eq!(Decision::of(&matter), Decision { day: "2020-06-01".into(), tier: "unit".into() });
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
