//! What comes near its day and what is late: when its people are told, as dated data (`data/rules/late.toml`). Pure: today comes in.

use std::sync::LazyLock;

use giaouoc_agreement::text::Text;
use giaouoc_worktime::Day;
use serde::Deserialize;

use crate::matter::Matter;
use crate::sort::{By, Sort, Step};

const FILE: &str = include_str!("../../../data/rules/late.toml");

/// How what is due stands to its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// The day comes near.
    Near,
    /// The day is over.
    Late,
}

/// When people are told of a day.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// So many days before; nothing: not before it is late.
    pub before: Option<i64>,
    /// It is late when so many days have passed since its day.
    #[serde(default)]
    pub grace: i64,
    /// Why these numbers.
    pub reason: Text,
}

impl Rule {
    /// How a day stands today; nothing while it is far.
    pub fn stands(&self, day: Day, today: Day) -> Option<Nearness> {
        let over = day.days_until(today);
        match self.before {
            _ if over > self.grace => Some(Nearness::Late),
            Some(before) if over >= -before => Some(Nearness::Near),
            _ => None,
        }
    }
}

/// When people are told of the day of a matter.
#[derive(Clone, Debug, Deserialize)]
pub struct OfMatter {
    /// Of which sort.
    pub sort: String,
    /// As what they are told: a word of the kinds of notices.
    pub notice: String,
    /// The step that ends it; blank: what the sort calls met.
    #[serde(default)]
    pub until: String,
    /// When.
    #[serde(flatten)]
    pub rule: Rule,
}

/// When a unit that took something up is reminded of its report.
#[derive(Clone, Debug, Deserialize)]
pub struct OfResult {
    /// So many days are suggested for it.
    pub within: i64,
    /// When.
    #[serde(flatten)]
    pub rule: Rule,
}

/// The rules.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    #[serde(rename = "format")]
    _format: u32,
    #[serde(rename = "revision")]
    _revision: toml::value::Datetime,
    /// Of matters.
    #[serde(rename = "matter")]
    pub matters: Vec<OfMatter>,
    /// Of an answer that somebody promised to a resident.
    pub answer: Rule,
    /// Of a report on what a unit took up from another one.
    pub result: OfResult,
    /// Of a point to mend that a review gave to a unit.
    pub point: Rule,
}

static RULES: LazyLock<Option<Rules>> = LazyLock::new(|| toml::from_str(FILE).ok());

/// The rules of the file. A test reads it.
pub fn rules() -> Option<&'static Rules> {
    RULES.as_ref()
}

/// What is due with a matter today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// As what people are told.
    pub notice: &'static str,
    /// Its day.
    pub day: Day,
    /// How that stands today.
    pub stands: Nearness,
    /// Who ends it.
    pub by: By,
}

/// What is due with a matter of which a step was taken; nothing where nothing waits, or there is no day.
pub fn due(sort: &Sort, matter: &Matter, today: Day) -> Option<Due> {
    let rule = rules()?.matters.iter().find(|rule| rule.sort == sort.id)?;
    let ends = |step: &Step| if rule.until.is_empty() { step.meets } else { step.id == rule.until };
    let ended = matter.taken.iter().any(|taken| sort.step(&taken.step).is_some_and(ends));
    if ended || matter.taken.is_empty() || matter.is_closed(sort) {
        return None;
    }
    let day = matter.when(sort)?;
    let stands = rule.rule.stands(day, today)?;
    let by = sort.steps.iter().find(|step| ends(step))?.by;
    Some(Due { notice: &rule.notice, day, stands, by })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matter::Taken;
    use crate::sort;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn at(id: &str, when: &str, steps: &[&str], today: &str) -> Option<(Nearness, String)> {
        let sort = sort::find(id).unwrap();
        let matter = Matter {
            fields: [(sort.when.clone(), when.to_owned())].into(),
            taken: steps
                .iter()
                .map(|step| Taken { step: (*step).into(), day: "2020-01-02".into() })
                .collect(),
            ..Matter::default()
        };
        due(sort, &matter, day(today)).map(|due| (due.stands, due.day.to_string()))
    }

    #[test]
    fn the_file_names_sorts_and_steps_that_are_there() {
        let rules: Rules = toml::from_str(FILE).unwrap();
        for rule in &rules.matters {
            let sort = sort::find(&rule.sort).unwrap();
            assert!(!sort.when.is_empty(), "{}", rule.sort);
            let ends = |step: &&Step| if rule.until.is_empty() { step.meets } else { step.id == rule.until };
            assert!(sort.steps.iter().any(|step| ends(&step)), "{}", rule.sort);
            assert!(!rule.rule.reason.vi.is_empty() && rule.rule.reason.vi != rule.rule.reason.en);
        }
    }

    #[test]
    fn a_task_is_near_a_week_before_and_late_the_day_after() {
        let near = |today| at("task", "2020-07-15", &["assign"], today);
        assert_eq!(near("2020-07-07"), None);
        assert_eq!(near("2020-07-08"), Some((Nearness::Near, "2020-07-15".into())));
        assert_eq!(near("2020-07-15"), Some((Nearness::Near, "2020-07-15".into())));
        assert_eq!(near("2020-07-16"), Some((Nearness::Late, "2020-07-15".into())));
        // What is not begun in earnest, done or given up waits for nobody; nor does what has no day.
        assert_eq!(at("task", "2020-07-15", &[], "2020-07-16"), None);
        assert_eq!(at("task", "2020-07-15", &["assign", "done"], "2020-07-16"), None);
        assert_eq!(at("task", "2020-07-15", &["assign", "cancel"], "2020-07-16"), None);
        assert_eq!(at("task", "", &["assign"], "2020-07-16"), None);
    }

    #[test]
    fn a_dialogue_whose_day_is_past_waits_for_its_minutes() {
        let dialogue =
            |steps: &[&str], today| at("dialogue", "2020-07-10", steps, today).map(|(near, _)| near);
        assert_eq!(dialogue(&["announce"], "2020-07-10"), None);
        assert_eq!(dialogue(&["announce"], "2020-07-15"), None);
        assert_eq!(dialogue(&["announce"], "2020-07-16"), Some(Nearness::Late));
        assert_eq!(dialogue(&["announce", "hold"], "2020-07-16"), Some(Nearness::Late));
        assert_eq!(dialogue(&["announce", "hold", "minutes"], "2020-07-16"), None);
        assert_eq!(dialogue(&["announce", "cancel"], "2020-07-16"), None);
    }
}
