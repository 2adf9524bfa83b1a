//! What is done with a matter: steps taken and taken back, files taken away, the whole withdrawn. Each has its line in the trail,
//! and asks for its record to follow.

use std::collections::BTreeMap;

use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::Text;
use giaouoc_store::drafts::{self, Draft};
use giaouoc_store::evidence;
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::matters::{self as kept, Change, NewStep};
use giaouoc_store::notices;
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::upkeep;
use giaouoc_year::matter::{Lack, Taken};
use giaouoc_year::sort::Step;
use giaouoc_year::value;
use serde::Deserialize;

use super::matter::{around, matters_is_early, opened, page};
use super::matter_fields::known;
use super::matter_form::{ground, stale};
use super::matter_next::Tried;
use super::work::{doing, may};
use crate::access::Doing;
use crate::error::{Answer, Failed};
use crate::form::{Filled, Posted};
use crate::matters::{self, Full};
use crate::state::State;
use crate::who::Who;

/// What a step's form brings.
#[derive(Default)]
pub(crate) struct Given {
    pub values: BTreeMap<String, String>,
    pub day: String,
    pub note: String,
    pub behalf: String,
    pub version: Option<i64>,
    pub draft: Option<i64>,
    pub files: Vec<evidence::New>,
    pub refused: Vec<Text>,
}

type Of = (String, String, String, String);

/// A matter at its own desk.
pub(crate) async fn at_desk(state: &State, who: &Who, (slug, unit, sort, code): &Of) -> Result<Full, Failed> {
    let full = opened(state, who, slug, sort, code).await?;
    if full.row.unit == *unit && full.row.gone.is_none() { Ok(full) } else { Err(Failed::NotFound) }
}

/// Takes a step.
pub(crate) async fn step(With(state): With<State>, who: Who, Path(at): Path<Of>, form: Filled) -> Answer {
    let full = at_desk(&state, &who, &at).await?;
    let step = full.sort.step(form.field("step")).ok_or(Failed::NotFound)?;
    let values =
        step.asks.iter().map(|id| (id.clone(), form.field(&format!("v.{id}")).replace("\r\n", "\n")));
    let given = Given {
        values: values.collect(),
        day: form.field("day").to_owned(),
        note: form.field("note").chars().take(500).collect(),
        behalf: form.field("behalf").to_owned(),
        version: Some(form.field("version").parse().unwrap_or(0)),
        draft: form.field("draft").parse().ok(),
        files: form.files,
        refused: form.refused,
    };
    take(&state, &who, full, step, given).await
}

/// Files of a try before, which are kept with a draft of this person's.
async fn earlier(
    state: &State,
    person: i64,
    full: &Full,
    draft: Option<i64>,
) -> Result<Vec<evidence::New>, Failed> {
    let Some(id) = draft else { return Ok(Vec::new()) };
    let found = drafts::get(state.store.read(), id, person).await?;
    let kind = kept::evidence_kind(&full.row.sort);
    let mine = found.filter(|draft| {
        draft.cluster == full.row.cluster && draft.kind == kind && draft.record == full.row.code
    });
    let files =
        mine.and_then(|draft| serde_json::from_str::<Vec<super::record_form::File>>(&draft.fields).ok());
    let new = |file: super::record_form::File| evidence::New {
        sha256: file.sha256,
        name: file.name,
        media: file.media,
        bytes: file.bytes,
    };
    Ok(files.unwrap_or_default().into_iter().map(new).collect())
}

/// Keeps the files of a form that could not be taken, so that nobody has to choose them again.
async fn keep_files(
    state: &State,
    person: i64,
    full: &Full,
    draft: Option<i64>,
    files: &[evidence::New],
) -> Result<Option<i64>, Failed> {
    if files.is_empty() {
        return Ok(draft);
    }
    let file = |new: &evidence::New| super::record_form::File {
        sha256: new.sha256.clone(),
        name: new.name.clone(),
        media: new.media.clone(),
        bytes: new.bytes,
    };
    let fields = serde_json::to_string(&files.iter().map(file).collect::<Vec<_>>());
    let draft = Draft {
        id: draft.unwrap_or(0),
        cluster: full.row.cluster.clone(),
        unit: full.row.unit.clone(),
        kind: kept::evidence_kind(&full.row.sort),
        record: full.row.code.clone(),
        person,
        fields: fields.map_err(|error| Failed::Internal(error.to_string()))?,
        at: state.now(),
    };
    let write = state.store.write().await?;
    let id = drafts::keep(write.on(), draft).await?;
    write.commit().await?;
    state.changed();
    Ok(Some(id))
}

/// Takes a step with what its form brings, or shows the matter with what is wrong.
pub(crate) async fn take(state: &State, who: &Who, mut full: Full, step: &Step, mut given: Given) -> Answer {
    let (slug, unit) = (full.row.cluster.clone(), full.row.unit.clone());
    let sort = full.sort;
    if !may(who, step.by, &slug, &unit) {
        return Err(Failed::Forbidden);
    }
    let person = who.person()?;
    let seen = given.version.unwrap_or(full.row.version);
    if seen != full.row.version || !full.matter.next(sort).iter().any(|one| one.id == step.id) {
        return Err(stale());
    }
    let around = around(state, &slug).await?;
    let filter =
        kept::Filter { cluster: Some(slug.clone()), unit: Some(unit.clone()), ..kept::Filter::default() };
    let own = matters::list(&state.store, &filter).await?;
    let known = known(&around, &own);
    let mut files = earlier(state, person, &full, given.draft).await?;
    files.append(&mut given.files);
    let mut problems: Vec<(String, Text)> =
        given.refused.drain(..).map(|text| (String::new(), text)).collect();
    let (mut fields, mut personal) = (full.matter.fields.clone(), BTreeMap::new());
    for id in &step.asks {
        let Some(field) = sort.field(id) else { continue };
        let Some(written) = given.values.get(id) else { continue };
        match value::check(sort, field, written, &known) {
            Ok(text) if field.personal => {
                personal.insert(id.clone(), text);
            }
            Ok(text) => {
                fields.insert(id.clone(), text);
            }
            Err(why) => problems.push((id.clone(), why)),
        }
    }
    fields.retain(|_, text| !text.is_empty());
    full.matter.fields.clone_from(&fields);
    full.matter.personal.extend(personal.clone());
    full.matter.files += u32::try_from(files.len()).unwrap_or(0);
    let day = match given.day.trim() {
        "" => Ok(around.today),
        text => value::day(text),
    };
    let day = day.and_then(|day| full.matter.day_fits(sort, step, day, around.today).map(|()| day));
    let wrong = |id: &str, vi: &str, en: &str| (id.to_owned(), Text::new(vi, en));
    for lack in full.matter.lacks(step, &given.note) {
        problems.push(match lack {
            Lack::Field(id) if problems.iter().any(|(found, _)| *found == id) => continue,
            Lack::Field(id) => wrong(&id, "Hãy ghi mục này.", "Fill this in."),
            Lack::File => wrong(
                "",
                "Hãy đính kèm tệp: biên bản, quyết định đã ký.",
                "Add the file: signed minutes or decision.",
            ),
            Lack::Answers(number) => (
                String::new(),
                Text::new(
                    format!("Còn {number} câu hỏi chưa có trả lời."),
                    format!("{number} questions still wait for an answer."),
                ),
            ),
            Lack::Unread(number) => (
                String::new(),
                Text::new(
                    format!("Còn {number} câu hỏi chưa ai đọc: hãy đăng, hoặc không đăng kèm lý do."),
                    format!(
                        "Nobody has read {number} questions yet: show them, or put them aside with a reason."
                    ),
                ),
            ),
            Lack::Note => wrong("", "Hãy ghi lý do.", "Give the reason."),
        });
    }
    if let Err(why) = &day {
        problems.push((String::new(), why.clone()));
    }
    let behalf = match ground(who, doing(step.by), (&slug, &unit), full.row.common, &given.behalf) {
        Ok(behalf) => behalf,
        Err(Failed::Wrong(text)) => {
            problems.push((String::new(), text));
            None
        }
        Err(failed) => return Err(failed),
    };
    let (Ok(day), true) = (day, problems.is_empty()) else {
        let draft = keep_files(state, person, &full, given.draft, &files).await?;
        let tried = Tried {
            step: step.id.clone(),
            values: given.values,
            problems,
            day: given.day,
            note: given.note,
            draft,
        };
        let shown =
            matters::find(&state.store, &slug, &sort.id, &full.row.code).await?.ok_or(Failed::NotFound)?;
        return page(state, who, shown, tried, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    full.matter.taken.push(Taken { step: step.id.clone(), day: day.to_string() });
    let now = state.now();
    let withdrawn = sort.consent.as_ref().is_some_and(|consent| consent.withdrawn == step.id);
    let write = state.store.write().await?;
    let change = Change {
        version: full.row.version,
        fields,
        personal,
        state: full.matter.state(sort).to_owned(),
        public: full.matter.is_public(sort),
        person,
        on_behalf: behalf.clone(),
        reason: None,
    };
    if !kept::change(write.on(), &full.row, change, now).await? {
        return Err(stale());
    }
    let record = (slug.as_str(), &*kept::evidence_kind(&sort.id), full.row.code.as_str());
    for file in files {
        evidence::add(write.on(), record, &unit, file, person, now).await?;
    }
    let new = NewStep {
        matter: full.row.id,
        step: step.id.clone(),
        day: day.to_string(),
        person,
        on_behalf: behalf.clone(),
        note: Some(given.note).filter(|note| !note.is_empty()),
    };
    kept::take(write.on(), new, now).await?;
    let erased = match withdrawn {
        true => {
            // Opinions that waited to be read wait no longer.
            crate::notices::done(&write, &crate::notices::of_matter(&full, &unit), now).await?;
            kept::erase(write.on(), &full.row, (person, "rút đồng ý"), now).await?
        }
        false => Vec::new(),
    };
    if let Some(draft) = given.draft {
        drafts::forget(write.on(), draft, person).await?;
    }
    crate::late::follow(&write, &crate::notices::Now::of(state), full.row.id).await?;
    jobs::ask(write.on(), Work::Carry, &slug, Some(full.row.id), Some(person), now).await?;
    let act = if withdrawn { Act::Erase } else { Act::Step };
    let line = Line::new(now, act, format!("{} {}: {}", sort.id, full.row.code, step.id));
    trail::write(write.on(), line.by(person).of(&slug, Some(&unit)).on_behalf(behalf)).await?;
    let spoken = upkeep::still_spoken_of(write.on(), &erased).await?;
    write.commit().await?;
    state.changed();
    for sha256 in erased.iter().filter(|sha256| !spoken.contains(sha256)) {
        state.files.remove(sha256)?;
    }
    Ok(Redirect::to(&full.address()).into_response())
}

/// Why something is taken back, and which version was seen.
#[derive(Deserialize)]
pub(crate) struct Back {
    version: i64,
    pub reason: String,
    #[serde(default)]
    pub behalf: String,
}

/// A reason as it was written.
pub(crate) fn given(reason: &str) -> Result<String, Failed> {
    match reason.trim() {
        "" => Err(Failed::wrong("Hãy ghi lý do.", "Give the reason.")),
        reason => Ok(reason.chars().take(500).collect()),
    }
}

/// Takes the last step back, with a reason: it stays readable.
pub(crate) async fn back(
    With(state): With<State>,
    who: Who,
    Path(at): Path<Of>,
    Posted(fields): Posted<Back>,
) -> Answer {
    let mut full = at_desk(&state, &who, &at).await?;
    let (slug, unit, sort) = (at.0, at.1, full.sort);
    if !who.may(Doing::Bring, &slug, &unit) {
        return Err(Failed::Forbidden);
    }
    let reason = given(&fields.reason)?;
    let behalf = ground(&who, Doing::Bring, (&slug, &unit), full.row.common, &fields.behalf)?;
    let last = full.steps.iter().rev().find(|step| step.gone.is_none()).ok_or(Failed::NotFound)?;
    let (id, name) = (last.id, last.step.clone());
    if sort.consent.as_ref().is_some_and(|consent| consent.withdrawn == name) {
        return Err(Failed::wrong(
            "Đã rút đồng ý thì không lấy lại được: nội dung đã xoá. Nếu người được nêu đồng ý trở lại, hãy ghi nhận đồng ý mới.",
            "A withdrawn consent cannot be taken back: what was there is erased. Should the person consent again, note a new consent.",
        ));
    }
    full.matter.taken.pop();
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let change = Change {
        version: fields.version,
        fields: full.matter.fields.clone(),
        state: full.matter.state(sort).to_owned(),
        public: full.matter.is_public(sort),
        person,
        on_behalf: behalf.clone(),
        ..Change::default()
    };
    let done = kept::change(write.on(), &full.row, change, now).await?
        && kept::take_back(write.on(), id, (person, &reason), now).await?;
    if !done {
        return Err(stale());
    }
    crate::late::follow(&write, &crate::notices::Now::of(&state), full.row.id).await?;
    jobs::ask(write.on(), Work::Carry, &slug, Some(full.row.id), Some(person), now).await?;
    let line = Line::new(now, Act::StepBack, format!("{} {}: {name}", sort.id, full.row.code));
    trail::write(write.on(), line.by(person).of(&slug, Some(&unit)).on_behalf(behalf)).await?;
    write.commit().await?;
    state.changed();
    Ok(Redirect::to(&full.address()).into_response())
}

/// Withdraws a matter: its record is withdrawn too, and only the unit still reads it.
pub(crate) async fn withdraw(
    With(state): With<State>,
    who: Who,
    Path(at): Path<Of>,
    Posted(fields): Posted<Back>,
) -> Answer {
    let full = at_desk(&state, &who, &at).await?;
    let (slug, unit, sort) = (at.0, at.1, full.sort);
    let person = who.person()?;
    let theirs = person == full.row.begun_by && matters_is_early(&full);
    let doing = if theirs { Doing::Propose } else { Doing::Bring };
    if !who.may(doing, &slug, &unit) {
        return Err(Failed::Forbidden);
    }
    let reason = given(&fields.reason)?;
    let behalf = ground(&who, doing, (&slug, &unit), full.row.common, &fields.behalf)?;
    let now = state.now();
    let write = state.store.write().await?;
    if !kept::withdraw(write.on(), full.row.id, fields.version, (person, &reason), now).await? {
        return Err(stale());
    }
    // A case about a person that is not to be one leaves nothing of the person behind: no file, and no word that was not for everybody.
    let erased = match sort.consent {
        Some(_) => {
            let open: Vec<&str> =
                sort.fields.iter().filter(|field| field.public).map(|field| field.id.as_str()).collect();
            kept::erase_whole(write.on(), &full.row, &open, (person, &reason), now).await?
        }
        None => Vec::new(),
    };
    crate::late::follow(&write, &crate::notices::Now::of(&state), full.row.id).await?;
    jobs::ask(write.on(), Work::Carry, &slug, Some(full.row.id), Some(person), now).await?;
    // What units were asked for by it is asked no longer.
    notices::done_all(write.on(), &format!("matter {} ", full.row.id), now).await?;
    let line = Line::new(now, Act::WithdrawMatter, format!("{} {}", sort.id, full.row.code));
    trail::write(write.on(), line.by(person).of(&slug, Some(&unit)).on_behalf(behalf)).await?;
    let spoken = upkeep::still_spoken_of(write.on(), &erased).await?;
    write.commit().await?;
    state.changed();
    for sha256 in erased.iter().filter(|sha256| !spoken.contains(sha256)) {
        state.files.remove(sha256)?;
    }
    Ok(Redirect::to(&matters::list_address(&slug, &sort.id)).into_response())
}
