//! What was done in a matter: its steps with the days between them, and the history of its texts.

use std::collections::BTreeMap;

use giaouoc_agreement::text::Lang;
use giaouoc_store::matters as kept_matters;
use giaouoc_store::people;
use giaouoc_year::matter::Reader;

use crate::error::Failed;
use crate::matters::Full;
use crate::state::State;
use crate::when;
use crate::who::Who;

pub(crate) struct Line {
    pub when: String,
    pub what: String,
    pub note: String,
    pub gone: bool,
}

pub(crate) fn timeline(state: &State, full: &Full, who: &Who, reader: Reader) -> Vec<Line> {
    let lang = who.lang;
    let spans: BTreeMap<String, i64> =
        full.matter.spans(full.sort).into_iter().map(|(_, step, days)| (step, days)).collect();
    // Within the unit also what was taken back; outside only what stands and is not about a person's consent.
    let consent = full.sort.consent.as_ref();
    let about_consent = |step: &str| consent.is_some_and(|one| one.given == step || one.withdrawn == step);
    let steps = full.steps.iter().filter(|step| {
        reader == Reader::Unit
            || step.gone.is_none() && (reader == Reader::Inside || !about_consent(&step.step))
    });
    let line = |step: &kept_matters::Step| {
        let days = spans.get(&step.step).filter(|days| step.gone.is_none() && **days > 0);
        let days = days.map(|days| match lang {
            Lang::Vi => format!(" · sau {days} ngày"),
            Lang::En => format!(" · after {days} days"),
        });
        let mut note = Vec::new();
        if reader == Reader::Unit {
            note.extend(step.note.clone());
            if let Some(behalf) = &step.on_behalf {
                note.push(format!("{}: {behalf}", who.say("làm thay, căn cứ", "on behalf, resting on")));
            }
            if let Some((at, _, reason)) = &step.gone {
                let at = when::shown(*at, &state.zone, lang);
                note.push(format!("{} {at}: {reason}", who.say("lấy lại", "taken back")));
            }
            note.push(format!(
                "{} {}",
                who.say("ghi lúc", "entered at"),
                when::shown(step.at, &state.zone, lang)
            ));
        }
        Line {
            when: when::day_shown(&step.day, lang),
            what: full.sort.state(&step.step).get(lang).to_owned() + &days.unwrap_or_default(),
            note: note.join(" · "),
            gone: step.gone.is_some(),
        }
    };
    steps.map(line).collect()
}

pub(crate) async fn edits(
    state: &State,
    full: &Full,
    who: &Who,
    reader: Reader,
) -> Result<Vec<Line>, Failed> {
    if reader != Reader::Unit {
        return Ok(Vec::new());
    }
    let found = kept_matters::edits(state.store.read(), full.row.id).await?;
    let everybody = people::all(state.store.read()).await?;
    let name =
        |id: i64| everybody.iter().find(|one| one.id == id).map(|one| one.name.clone()).unwrap_or_default();
    let line = |edit: &kept_matters::Edit| {
        let changes = edit.changes.iter().map(|(id, before, after)| {
            let label = full.sort.field(id).map_or(id.clone(), |field| field.label.get(who.lang).to_owned());
            match before.is_empty() {
                true => format!("{label}: {after}"),
                false => format!("{label}: {before} → {after}"),
            }
        });
        let mut note = vec![name(edit.person)];
        note.extend(edit.reason.clone());
        note.extend(edit.on_behalf.clone());
        Line {
            when: when::shown(edit.at, &state.zone, who.lang),
            what: changes.collect::<Vec<_>>().join("; "),
            note: note.join(" · "),
            gone: false,
        }
    };
    Ok(found.iter().map(line).collect())
}
