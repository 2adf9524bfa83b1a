//! Who else has a say in a matter, as its page shows it: residents who ask, units that take part or take it up.

use std::collections::BTreeMap;

use giaouoc_store::matters::{self as kept_matters, State as Standing};
use giaouoc_worktime::Day;
use giaouoc_year::matter::{Reader, joins};
use giaouoc_year::sort::Part;

use super::work::{names, unit_name};
use crate::access;
use crate::error::Failed;
use crate::html::encoded;
use crate::matters::Full;
use crate::sheet::Sheet;
use crate::state::State;
use crate::when;
use crate::who::Who;

pub(crate) struct Questions {
    pub shown: Vec<Question>,
    pub waiting: Vec<Question>,
    pub aside: Vec<Question>,
    pub may_ask: bool,
    pub until: Option<String>,
    pub at: String,
    pub may_answer: bool,
}

pub(crate) struct Question {
    pub id: i64,
    pub text: String,
    pub at: String,
    pub there: bool,
    pub aside: Option<String>,
    pub owner: String,
    pub due: Option<String>,
    pub due_value: String,
    pub late: bool,
    pub reply: Option<(String, String)>,
}

pub(crate) struct JoinedPart {
    pub adopters: bool,
    pub yes: Vec<JoinedLine>,
    pub no: Vec<JoinedLine>,
    /// Who was asked and has not said anything.
    pub silent: Vec<String>,
    /// Where this person may say something for a unit.
    pub desks: Vec<(String, String)>,
    pub behalf: Vec<(String, String)>,
}

pub(crate) struct JoinedLine {
    pub unit: String,
    pub day: String,
    pub number: Option<i64>,
    pub said: String,
    pub result: String,
    pub result_day: Option<String>,
    /// Until when it means to report, while it has not.
    pub report_by: Option<String>,
}

pub(crate) fn questions(
    state: &State,
    full: &Full,
    who: &Who,
    reader: Reader,
    today: Day,
) -> Option<Questions> {
    if !full.sort.has(Part::Questions) || !full.matter.is_public(full.sort) {
        return None;
    }
    let lang = who.lang;
    let line = |one: &kept_matters::Question| {
        let due = one.due.as_ref().and_then(|due| due.parse::<Day>().ok());
        Question {
            id: one.id,
            text: one.text.clone(),
            at: when::shown(one.at, &state.zone, lang),
            there: one.there,
            aside: one.aside.clone(),
            owner: one.owner.clone(),
            due: one.due.as_ref().map(|due| when::day_shown(due, lang)),
            due_value: one.due.clone().unwrap_or_default(),
            late: one.reply.is_none() && due.is_some_and(|due| due < today),
            reply: one.reply.as_ref().map(|(text, at)| (text.clone(), when::shown(*at, &state.zone, lang))),
        }
    };
    let of =
        |state: Standing| full.questions.iter().filter(move |one| one.state == state).map(line).collect();
    let inside = reader == Reader::Unit;
    Some(Questions {
        shown: of(Standing::Shown),
        waiting: if inside { of(Standing::Waiting) } else { Vec::new() },
        aside: if inside { of(Standing::Aside) } else { Vec::new() },
        may_ask: asks_are_taken(full, today),
        until: full.matter.fields.get("questions_until").map(|day| when::day_shown(day, lang)),
        at: full.address(),
        may_answer: who.may(access::Doing::Bring, &full.row.cluster, &full.row.unit),
    })
}

/// Whether residents may ask now.
pub(crate) fn asks_are_taken(full: &Full, today: Day) -> bool {
    let until = full.matter.fields.get("questions_until").and_then(|day| day.parse::<Day>().ok());
    full.matter.is_open(full.sort)
        && !full.matter.is_met(full.sort)
        && until.is_none_or(|until| today <= until)
}

/// Whether the other units of the cluster are asked now to say whether they take part.
pub(crate) fn asks_units(full: &Full) -> bool {
    let guests = joins(full.sort) == Some(Part::Guests);
    guests
        && (full.row.common || full.sort.id == "exchange")
        && full.matter.is_open(full.sort)
        && !full.matter.is_met(full.sort)
}

/// Whether the units of the cluster are asked now for their short reports.
pub(crate) fn asks_reports(full: &Full) -> bool {
    full.sort.has(Part::Reports) && full.matter.is_open(full.sort) && !full.matter.is_met(full.sort)
}

pub(crate) async fn joined(
    state: &State,
    full: &Full,
    who: &Who,
    sheet: Option<&Sheet>,
) -> Result<Option<JoinedPart>, Failed> {
    let Some(part) = joins(full.sort).filter(|_| full.matter.is_public(full.sort)) else { return Ok(None) };
    let (slug, lang) = (full.row.cluster.as_str(), who.lang);
    let mut others: BTreeMap<String, Option<std::sync::Arc<Sheet>>> = BTreeMap::new();
    for one in full.joined.iter().filter(|one| one.cluster != slug) {
        if !others.contains_key(&one.cluster) {
            others.insert(one.cluster.clone(), names(state, &one.cluster).await?);
        }
    }
    let line = |one: &kept_matters::Joined| {
        let theirs = others.get(&one.cluster).and_then(|sheet| sheet.as_deref());
        JoinedLine {
            unit: unit_name(if one.cluster == slug { sheet } else { theirs }, &one.unit, lang),
            day: when::day_shown(&one.day, lang),
            number: one.number,
            // A word to the host is no announcement.
            said: match part == Part::Adopters || who.inside(slug) {
                true => one.said.clone(),
                false => String::new(),
            },
            result: one.result.clone(),
            result_day: one.result_day.as_ref().map(|day| when::day_shown(day, lang)),
            report_by: one
                .report_by
                .as_ref()
                .filter(|_| one.result.is_empty())
                .map(|day| when::day_shown(day, lang)),
        }
    };
    let all = sheet.iter().flat_map(|sheet| &sheet.units).filter(|unit| unit.code != full.row.unit);
    let said = |code: &str| full.joined.iter().any(|one| one.cluster == slug && one.unit == code);
    let asked = asks_units(full);
    let silent =
        all.clone().filter(|unit| asked && !said(&unit.code)).map(|unit| unit.short.get(lang).to_owned());
    let silent = silent.collect();
    let join = |cluster: &str, unit: &str| {
        format!(
            "{}join/{slug}/{}/{}",
            super::desk::address(cluster, unit),
            full.sort.id,
            encoded(&full.row.code)
        )
    };
    let mut desks = Vec::new();
    for held in &who.roles {
        let (Some(cluster), Some(unit)) = (&held.cluster, &held.unit) else { continue };
        let own = cluster == slug && *unit == full.row.unit;
        let spreads = cluster == slug || full.sort.spread;
        if own || !spreads || !who.may(access::Doing::Bring, cluster, unit) {
            continue;
        }
        let theirs = names(state, cluster).await?;
        let entry = (join(cluster, unit), unit_name(theirs.as_deref(), unit, lang));
        if !desks.contains(&entry) {
            desks.push(entry);
        }
    }
    let behalf = all
        .filter(|unit| who.may(access::Doing::Bring, slug, &unit.code))
        .map(|unit| (join(slug, &unit.code), unit.short.get(lang).to_owned()))
        .filter(|entry| !desks.contains(entry));
    let behalf = behalf.collect();
    let open =
        full.matter.taken.iter().any(|taken| full.sort.step(&taken.step).is_some_and(|step| step.opens));
    Ok(Some(JoinedPart {
        adopters: part == Part::Adopters,
        yes: full.joined.iter().filter(|one| one.yes).map(line).collect(),
        no: full.joined.iter().filter(|one| !one.yes && who.inside(slug)).map(line).collect(),
        silent: if who.inside(slug) { silent } else { Vec::new() },
        desks: if open { desks } else { Vec::new() },
        behalf: if open { behalf } else { Vec::new() },
    }))
}
