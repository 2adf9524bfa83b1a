//! What is asked of the records for the pictures of days and of terms.

use giaouoc_agreement::ask::{Answer, Ask};
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::{Definitions, Setting, Typed, Wanted, value};
use giaouoc_agreement::scoreboard::{AskSet, Plan};
use giaouoc_agreement::target::{Measure, Rule, Target};
use giaouoc_agreement::text::Lang;
use giaouoc_agreement::value::Value;
use giaouoc_report::model::{Days, Terms};
use giaouoc_worktime::Day;

use super::asked::{Asked, Place};
use super::rules::Drawn;
use crate::bundle::{self, Loaded};
use crate::fault::Outcome;

/// A pair of terms stands in one integer: the term allowed times this, and the term used.
const PAIR: i64 = 1_000_000;

/// Where the answers for one target's pictures will be found.
pub struct Wish<'a> {
    target: &'a Target,
    days: Option<(Place, &'a super::rules::Days)>,
    terms: Option<(Place, &'a super::rules::Terms)>,
}

/// Asks for the pictures of every target of a plan. Terms are left out where `terms` says so.
pub fn ask<'a>(
    loaded: &'a Loaded,
    plan: &Plan,
    drawn: &'a Drawn,
    asked: &mut Asked,
    terms: bool,
) -> Outcome<Vec<Wish<'a>>> {
    let mut wishes = Vec::new();
    for target in &loaded.bundle.agreement.targets {
        // An amended target is drawn by its last version, as its groups are.
        let Some((set, ask)) = plan.sets.iter().rev().find_map(|set| Some((set, own(set, target)?))) else {
            continue;
        };
        let kind = bundle::kind(&target.kind)?;
        let mut wish = Wish { target, days: None, terms: None };
        let mut add = |value: Typed, name: &str| {
            let rule = Rule {
                id: format!("{}#{name}", ask.rule.id),
                measure: Measure::Distinct { value },
                ..ask.rule.clone()
            };
            let ask = Ask { rule, by: None, spread: true, ..ask.clone() };
            asked.add(kind, &set.units, [ask])
        };
        if let Some(days) = drawn.days.iter().find(|days| days.kind == kind.id)
            && let Some(value) = typed(loaded, kind, &days.value, Wanted::Distinct)
            && value.columns().is_subset(&ask.rule.counted.columns())
        {
            wish.days = Some((add(value, "days"), days));
        }
        if let Some(found) = drawn.terms.iter().find(|found| terms && found.kind == kind.id)
            && let Some(value) = typed(
                loaded,
                kind,
                &format!("({}) * {PAIR} + ({})", found.allowed, found.used),
                Wanted::Integer,
            )
            && wish.days.is_some()
        {
            wish.terms = Some((add(value, "terms"), found));
        }
        wishes.push(wish);
    }
    Ok(wishes)
}

/// The last of a set's asks that is a target's own, not a lens's.
fn own<'a>(set: &'a AskSet, target: &Target) -> Option<&'a Ask> {
    let own = |ask: &&Ask| {
        let (id, at) = ask.rule.id.split_once('@').unwrap_or((&ask.rule.id, ""));
        id == target.id && !at.contains('/')
    };
    set.asks.iter().rev().find(own)
}

/// A value in words of conditions; nothing where the bundle's calendar cannot tell it.
fn typed(loaded: &Loaded, kind: &Kind, text: &str, wanted: Wanted) -> Option<Typed> {
    let definitions = Definitions::default();
    let working_days = !loaded.calendars.default.is_zone_only();
    value(text, wanted, &Setting { kind, definitions: &definitions, working_days }).ok()
}

impl Wish<'_> {
    /// The target's id.
    pub fn target(&self) -> &str {
        &self.target.id
    }

    /// The days, from their answers.
    pub fn days(&self, answers: &mut super::asked::Answered, lang: Lang) -> Option<Days> {
        let (place, days) = self.days?;
        let answer = answers.one(place).pop()?;
        let mut found: Vec<(Day, i64)> = all(&answer)
            .filter_map(|(value, records)| match value {
                Value::Day(day) => Some((*day, *records)),
                _ => None,
            })
            .collect();
        found.sort_unstable_by_key(|(day, _)| day.0);
        let label = days.label.get(lang).to_owned();
        Some(Days { label, days: found, few: None })
    }

    /// The terms, from their answers.
    pub fn terms(&self, answers: &mut super::asked::Answered, lang: Lang) -> Option<Terms> {
        let (place, terms) = self.terms?;
        let answer = answers.one(place).pop()?;
        let pair = |value: i64| {
            let allowed = (value + PAIR / 2).div_euclid(PAIR);
            (allowed, value - allowed * PAIR)
        };
        let pairs: Vec<(i64, i64, i64)> = all(&answer)
            .filter_map(|(value, records)| match value {
                Value::Integer(value) => {
                    let (allowed, used) = pair(*value);
                    Some((allowed, used, *records))
                }
                _ => None,
            })
            .collect();
        let known: i64 = pairs.iter().map(|(_, _, records)| records).sum();
        let unknown = answer.all.whole.tally.counted - known;
        let unit = terms.unit.get(lang).to_owned();
        Some(Terms { unit, pairs, unknown, left: 0 })
    }
}

fn all(answer: &Answer) -> impl Iterator<Item = &(Value, i64)> {
    answer.all.whole.spread.iter()
}
