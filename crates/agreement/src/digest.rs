//! Digests of what is signed: SHA-256 over canonical JSON (RFC 8785) of the typed trees, with defaults
//! resolved and decimals exact (`docs/decisions/0006-digest.md`).
//!
//! Spacing, key order and comments of the files do not change a digest, nor how a decimal is written
//! (`95 %`, `95.0 %`); any change of meaning does, also one that comes from elsewhere: the kind and its code
//! lists, the calendar, the meaning of the language's functions.

use giaouoc_worktime::{CalendarSet, Day};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::agreement_file::CountsAs;
use crate::agreement_file::charter::{Charter, Extra, ScoreLine, Scored, Way, Without};
use crate::bundle::Bundle;
use crate::lang::{self, Typed};
use crate::period::Period;
use crate::target::{
    Force, Goal, Lens, Measure, Rule, Target, TargetVersion, Totals, TotalsRule, UnknownMet,
};
use crate::text::Text;

/// Version of the form that is digested. Raise it when the form changes.
pub const FORMAT: u32 = 1;

/// SHA-256 (lower-case hex) of a target's meaning: rule, goal, force, lenses, versions, who is judged, on what
/// kind and calendar. Its names and remarks are of the agreement's text: see [`agreement_digest`].
pub fn target_digest(bundle: &Bundle, target: &Target, calendars: &CalendarSet) -> String {
    hash(&target_form(bundle, target, calendars))
}

/// SHA-256 (lower-case hex) of an agreement: its text and its targets. The status, and the day of signing,
/// come after the text and are not part of it.
pub fn agreement_digest(bundle: &Bundle, calendars: &CalendarSet) -> String {
    let agreement = &bundle.agreement;
    let code = |unit: usize| unit_code(bundle, unit);
    let share = agreement.share_of_units;
    let mut form = json!({
        "format": FORMAT,
        "agreement": agreement.id,
        "cluster": bundle.cluster.id,
        "year": agreement.year,
        "title": text(&agreement.title),
        "theme": agreement.theme.as_ref().map(text),
        "context": agreement.context.iter().map(text).collect::<Vec<_>>(),
        "period": period(&agreement.period),
        "counts_from": agreement.counts_from.map(day),
        "membership_on": agreement.membership_on.map(day),
        "share_of_units": {
            "no_data": counts_as(share.no_data),
            "no_cases": counts_as(share.no_cases),
            "exempt": counts_as(share.exempt),
        },
        "clauses": agreement.clauses.iter().map(|clause| json!({
            "number": clause.number,
            "text": text(&clause.text),
            "report": clause.report,
        })).collect::<Vec<_>>(),
        "targets": agreement.targets.iter().map(|target| json!({
            "digest": target_digest(bundle, target, calendars),
            "name": text(&target.name),
            "legal": target.legal.as_ref().map(text),
            "note": target.note.as_ref().map(text),
            "lenses": target.versions.iter().map(lens_names).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        // What definitions mean stands resolved in the targets; here is what is said about them.
        "definitions": agreement.definitions.iter().map(|definition| json!({
            "id": definition.id,
            "kind": definition.kind,
            "from": definition.from.map(day),
            "legal": definition.legal.as_ref().map(text),
        })).collect::<Vec<_>>(),
        "amendments": agreement.amendments.iter().map(|amendment| json!({
            "id": amendment.id,
            "target": amendment.target,
            "signed": day(amendment.signed),
            "from": day(amendment.from),
            "reason": text(&amendment.reason),
        })).collect::<Vec<_>>(),
        "exemptions": agreement.exemptions.iter().map(|exemption| json!({
            "unit": code(exemption.unit),
            "target": exemption.target,
            "reason": text(&exemption.reason),
        })).collect::<Vec<_>>(),
    });
    // Beside the clauses and targets stands what older agreements do not have: without any of it the form, and so the
    // digest, is what it always was.
    if agreement.charter != Charter::default()
        && let Some(form) = form.as_object_mut()
    {
        form.insert("charter".to_owned(), charter(bundle, &agreement.charter));
    }
    hash(&form)
}

fn charter(bundle: &Bundle, charter: &Charter) -> Value {
    let extras = |extras: &[Extra]| {
        let one = |extra: &Extra| json!({ "name": text(&extra.name), "hundredths": extra.points });
        extras.iter().map(one).collect::<Vec<_>>()
    };
    let line = |line: &ScoreLine| {
        let (what, name) = match &line.about {
            Scored::Target(id) => ("target", id),
            Scored::Clause(number) => ("clause", number),
        };
        let way = match line.way {
            Way::AllOrNothing => "all or nothing",
            Way::InProportion => "in proportion",
            Way::Appraised => "appraised",
        };
        json!({ "about": what, "name": name, "hundredths": line.points, "way": way })
    };
    json!({
        "bases": charter.bases.iter().map(text).collect::<Vec<_>>(),
        "events": charter.events.iter().map(|event| json!({
            "name": text(&event.name),
            "on": day(event.on),
        })).collect::<Vec<_>>(),
        "score": charter.score.as_ref().map(|score| json!({
            "no_data": without(score.no_data),
            "no_cases": without(score.no_cases),
            "exempt": without(score.exempt),
            "lines": score.lines.iter().map(line).collect::<Vec<_>>(),
            "bonuses": extras(&score.bonuses),
            "deductions": extras(&score.deductions),
        })),
        "regulation": charter.regulation.iter().map(|article| json!({
            "number": article.number,
            "text": text(&article.text),
        })).collect::<Vec<_>>(),
        "paragraphs": charter.paragraphs.iter().map(|paragraph| json!({
            "unit": unit_code(bundle, paragraph.unit),
            "clause": paragraph.clause,
            "text": text(&paragraph.text),
        })).collect::<Vec<_>>(),
    })
}

fn without(without: Without) -> &'static str {
    match without {
        Without::None => "none",
        Without::Full => "full",
        Without::LeftOut => "left out",
    }
}

/// What [`target_digest`] hashes, for those who want to look or to recompute it.
pub fn target_form(bundle: &Bundle, target: &Target, calendars: &CalendarSet) -> Value {
    let by_unit: Map<String, Value> =
        calendars.by_unit.iter().map(|(unit, calendar)| (unit.clone(), json!(calendar.digest()))).collect();
    let units = target.units.as_ref();
    json!({
        "format": FORMAT,
        "language": lang::VERSION,
        "target": target.id,
        "clause": target.clause,
        "kind": target.kind,
        "kinds": kinds(target),
        "calendar": { "default": calendars.default.digest(), "units": by_unit },
        "period": period(&target.period),
        "from": target.from.map(day),
        "units": units.map(|units| units.iter().map(|unit| unit_code(bundle, *unit)).collect::<Vec<_>>()),
        "judged": {
            "each_unit": target.judged.each_unit,
            "all_together": target.judged.all_together,
        },
        "units_goal": target.units_goal.as_ref().map(goal),
        "totals": target.totals.as_ref().map(totals),
        "versions": target.versions.iter().map(version).collect::<Vec<_>>(),
    })
}

/// The digests of the kinds that a target stands on, by id.
fn kinds(target: &Target) -> Map<String, Value> {
    let totals = target.totals.as_ref().map(|totals| totals.signed.counted.kind.as_str());
    let digest = |id: &str| crate::kinds::find(id).map(|kind| kind.digest.clone());
    std::iter::once(target.kind.as_str()).chain(totals).map(|id| (id.to_owned(), json!(digest(id)))).collect()
}

fn version(version: &TargetVersion) -> Value {
    json!({
        "from": version.from.map(day),
        "amendment": version.amendment,
        "rule": rule(&version.rule),
        "goal": goal(&version.goal),
        "force": match version.force {
            Force::AtLeast => "at least",
            Force::StriveFor => "strive for",
        },
        "min_cases": version.min_cases.map(|least| least.to_string()),
        "lenses": version.lenses.iter().map(lens).collect::<Vec<_>>(),
    })
}

fn lens(lens: &Lens) -> Value {
    json!({ "id": lens.id, "rule": rule(&lens.rule), "goal": goal(&lens.goal) })
}

fn lens_names(version: &TargetVersion) -> Value {
    json!(version.lenses.iter().map(|lens| text(&lens.name)).collect::<Vec<_>>())
}

fn totals(totals: &Totals) -> Value {
    let one = |one: &TotalsRule| json!({ "counted": rule(&one.counted), "met": one.met.as_ref().map(rule) });
    json!({ "signed": one(&totals.signed), "published": one(&totals.published) })
}

fn rule(rule: &Rule) -> Value {
    let kind = crate::kinds::find(&rule.kind);
    let tree = |tree: &Typed| kind.map(|kind| lang::canonical(tree, kind));
    let measure = match &rule.measure {
        Measure::Share { met } => json!({ "is": "share", "met": tree(met) }),
        Measure::Count => json!({ "is": "count" }),
        Measure::Sum { value } => json!({ "is": "sum", "value": tree(value) }),
        Measure::Mean { value } => json!({ "is": "mean", "value": tree(value) }),
        Measure::Percentile { value, percent } => {
            json!({ "is": "percentile", "value": tree(value), "percent": percent })
        }
        Measure::Distinct { value } => json!({ "is": "distinct", "value": tree(value) }),
    };
    json!({
        "kind": rule.kind,
        "counted": tree(&rule.counted),
        "measure": measure,
        "unknown": match rule.unknown {
            UnknownMet::NotMet => "not met",
            UnknownMet::Exclude => "exclude",
        },
    })
}

/// A goal as a fraction in lowest terms; as text, because JSON's numbers are exact up to 2^53 only.
fn goal(goal: &Goal) -> Value {
    let common = gcd(goal.num, goal.den).max(1);
    json!({
        "op": goal.op.sign(),
        "num": (goal.num / common).to_string(),
        "den": (goal.den / common).to_string(),
        "each": goal.each.map(|part| part.id()),
    })
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn counts_as(counts: CountsAs) -> &'static str {
    match counts {
        CountsAs::NotMet => "not met",
        CountsAs::LeftOut => "left out",
    }
}

fn unit_code(bundle: &Bundle, unit: usize) -> &str {
    bundle.cluster.units.get(unit).map_or("", |unit| unit.code.as_str())
}

/// A period by its days: `2020` and a named range from January to December are the same.
fn period(period: &Period) -> Value {
    json!({ "first": day(period.first), "last": day(period.last) })
}

fn day(day: Day) -> String {
    day.to_string()
}

fn text(text: &Text) -> Value {
    json!({ "vi": text.vi, "en": text.en })
}

fn hash(form: &Value) -> String {
    // A tree of strings, flags, small integers and nulls always serialises; `Value`'s own form would be the
    // same text but for the order of keys, which is by bytes in both.
    let bytes = serde_json_canonicalizer::to_vec(form).unwrap_or_else(|_| form.to_string().into_bytes());
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[path = "digest_tests.rs"]
mod tests;
