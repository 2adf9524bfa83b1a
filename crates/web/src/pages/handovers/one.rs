//! One handover: read, changed, received, corrected.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::Text;
use giaouoc_store::handovers::{self, Correction, Handover};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::notices as told;
use giaouoc_store::people::{self, Role};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::{Write, agreeing, clusters};
use giaouoc_worktime::Day;
use serde::Deserialize;

use super::{Form, ITEMS, Item, STATES, Typed, form, matter_of, takers, tell, words};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::pages::cluster;
use crate::state::State;
use crate::who::Who;
use crate::{access, notices, when};

#[derive(Template)]
#[template(path = "pages/handover.html")]
struct HandoverPage {
    base: Base,
    cluster: String,
    handover: Handover,
    day: String,
    by: String,
    at: String,
    items: Vec<(&'static str, &'static str, &'static str, String)>,
    receipt: Option<(String, String, String)>,
    corrections: Vec<(String, String, String)>,
    /// Whether the reader is who receives it, who may change it, who may correct it.
    takes: bool,
    gives: bool,
    corrects: bool,
    form: Option<Form>,
}

/// A handover that somebody may read: those inside its cluster, and who receives it.
async fn readable(state: &State, who: &Who, id: i64) -> Result<Handover, Failed> {
    let mut found = None;
    for cluster in clusters::all(state.store.read()).await? {
        found = handovers::get(state.store.read(), &cluster.slug, id).await?;
        if found.is_some() {
            break;
        }
    }
    let found = found.ok_or(Failed::NotFound)?;
    let mine = who.person()? == found.taker_person;
    if mine || who.inside(&found.cluster) { Ok(found) } else { Err(Failed::NotFound) }
}

/// One handover.
pub(crate) async fn one(With(state): With<State>, who: Who, Path(id): Path<i64>) -> Answer {
    one_of(&state, &who, id, None).await
}

async fn one_of(state: &State, who: &Who, id: i64, typed: Option<(Typed, Vec<String>)>) -> Answer {
    let handover = readable(state, who, id).await?;
    let cluster = cluster(state, &handover.cluster).await?;
    let (person, lang) = (who.person()?, who.lang);
    let name = async |person| {
        people::get(state.store.read(), person)
            .await
            .map(|found| found.map(|one| one.name).unwrap_or_default())
    };
    let items: Vec<Item> = serde_json::from_str(&handover.items).unwrap_or_default();
    let items = items.into_iter().filter_map(|item| {
        let sign = match item.state.as_str() {
            "given" => "✓",
            "later" => "…",
            _ => "–",
        };
        Some((sign, words(&ITEMS, &item.id, lang)?, words(&STATES, &item.state, lang)?, item.note))
    });
    let receipt = match &handover.receipt {
        Some((text, by, at)) => Some((text.clone(), name(*by).await?, when::shown(*at, &state.zone, lang))),
        None => None,
    };
    let mut corrections = Vec::new();
    for one in handovers::corrections(state.store.read(), id).await? {
        let said = format!("{}, {}", name(one.person).await?, when::shown(one.at, &state.zone, lang));
        corrections.push((one.body, one.reason, said));
    }
    let heads = who.heads(&handover.cluster);
    let gives = heads && handover.receipt.is_none();
    let refused = typed.is_some();
    let form = match gives {
        true => {
            let (typed, wrong) = typed.unwrap_or_else(|| (Typed::of(&handover), Vec::new()));
            let action = format!("/handovers/{id}");
            Some(form(state, who, &handover.cluster, action, &typed, handover.version, wrong).await?)
        }
        false => None,
    };
    let title =
        format!("{}: {} → {}", who.say("Bàn giao cụm trưởng", "Handover"), handover.giver, handover.taker);
    let base = match who.inside(&handover.cluster) {
        true => Base::within(state, who, &cluster, title).await?,
        false => Base::new(state, who, title),
    };
    let mut response = shown(&HandoverPage {
        base,
        cluster: Text::new(cluster.name_vi.clone(), cluster.name_en.clone()).get(lang).to_owned(),
        day: when::day_shown(&handover.day, lang),
        by: name(handover.person).await?,
        at: when::shown(handover.at, &state.zone, lang),
        items: items.collect(),
        takes: person == handover.taker_person && handover.receipt.is_none(),
        corrects: handover.receipt.is_some() && may_correct(who, &handover),
        receipt,
        corrections,
        gives,
        form,
        handover,
    })?;
    if refused {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// Who wrote it, who received it, and who leads the cluster's year now.
fn may_correct(who: &Who, handover: &Handover) -> bool {
    let Ok(person) = who.person() else { return false };
    let oversight_only = !who.heads(&handover.cluster);
    person == handover.person || person == handover.taker_person || !oversight_only
}

fn changed() -> Failed {
    Failed::Conflict(Text::new(
        "Biên bản vừa được sửa hoặc đã được nhận trong lúc bạn xem. Chưa ghi gì; hãy tải lại trang, đọc bản mới rồi làm tiếp.",
        "The handover was changed or received while you were looking. Nothing was written; load the page again, read it as it is now and go on.",
    ))
}

/// Changes a handover that was not received.
pub(crate) async fn change(
    With(state): With<State>,
    who: Who,
    Path(id): Path<i64>,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> Answer {
    let handover = readable(&state, &who, id).await?;
    if !who.heads(&handover.cluster) {
        return Err(Failed::NotFound);
    }
    if handover.receipt.is_some() {
        return Err(changed());
    }
    let typed = Typed::read(&fields);
    let wrong = typed.wrong(&who, &takers(&state, &handover.cluster, typed.person).await?);
    if !wrong.is_empty() {
        return one_of(&state, &who, id, Some((typed, wrong))).await;
    }
    let person = who.person()?;
    let now = state.now();
    let new = typed.fields(&handover.cluster)?;
    let write = state.store.write().await?;
    if !handovers::change(write.on(), id, typed.version, new.clone(), person, now).await? {
        drop(write);
        // What was typed stays in the form; the newer text stands above it.
        let why = who.say(
            "Biên bản vừa được người khác sửa: bản mới ở trên, chữ bạn gõ vẫn ở đây. Xem lại rồi ghi lần nữa.",
            "Somebody else has just changed it: the new text is above, what you typed is still here. Look again and write once more.",
        );
        return one_of(&state, &who, id, Some((typed, vec![why.to_owned()]))).await;
    }
    tell(&state, &write, id, &new).await?;
    let line = Line::new(now, Act::Handover, format!("{} → {}", new.giver, new.taker));
    trail::write(write.on(), line.by(person).of(&handover.cluster, None)).await?;
    write.commit().await?;
    Ok(Redirect::to(&format!("/handovers/{id}")).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Receiving {
    version: i64,
    #[serde(default)]
    receipt: String,
}

/// Receives it, as it was read: the secretary's role ends before the day, and begins on it.
pub(crate) async fn receive(
    With(state): With<State>,
    who: Who,
    Path(id): Path<i64>,
    Posted(fields): Posted<Receiving>,
) -> Answer {
    let handover = readable(&state, &who, id).await?;
    let person = who.person()?;
    if person != handover.taker_person {
        return Err(Failed::NotFound);
    }
    let text: String = fields.receipt.trim().chars().take(4_000).collect();
    let now = state.now();
    let write = state.store.write().await?;
    if !handovers::receive(write.on(), id, fields.version, &text, person, now).await? {
        return Err(changed());
    }
    // The year after may have been opened already, by the head that goes.
    let next = following(&write, &handover.cluster).await?;
    for slug in std::iter::once(&handover.cluster).chain(&next) {
        pass_on(&state, &write, slug, &handover, person).await?;
    }
    notices::done(&write, &matter_of(id), now).await?;
    let line = Line::new(now, Act::HandoverReceived, format!("{} → {}", handover.giver, handover.taker));
    trail::write(write.on(), line.by(person).of(&handover.cluster, None)).await?;
    jobs::ask(write.on(), Work::Index, &handover.cluster, None, Some(person), now).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&format!("/handovers/{id}")).into_response())
}

/// The clusters of later years whose agreement was begun from this one's.
async fn following(write: &Write, slug: &str) -> Result<Vec<String>, Failed> {
    let mut found = Vec::new();
    for cluster in clusters::all(write.on()).await?.into_iter().filter(|cluster| cluster.slug != slug) {
        let drafts = agreeing::all(write.on(), &cluster.slug).await?;
        if drafts.iter().any(|draft| draft.before.as_deref() == Some(slug)) {
            found.push(cluster.slug);
        }
    }
    Ok(found)
}

/// The role of secretary goes from who has it to who receives it, on the day of the handover. One that would begin later is not the
/// old head's, and stays.
async fn pass_on(
    state: &State,
    write: &Write,
    slug: &str,
    handover: &Handover,
    person: i64,
) -> Result<(), Failed> {
    let day: Day = handover.day.parse().map_err(|_| Failed::Internal("the day of a handover".to_owned()))?;
    let last = Day(day.0 - 1).to_string();
    let today = notices::Now::of(state).today;
    let now = state.now();
    let mut has = false;
    for held in people::all_roles(write.on()).await? {
        let secretary = held.role == Role::Secretary && held.cluster.as_deref() == Some(slug);
        if !secretary
            || !access::in_force(&held, &handover.day) && held.from.as_str() >= handover.day.as_str()
        {
            continue;
        }
        if held.to.as_deref().is_some_and(|to| to < handover.day.as_str()) {
            continue;
        }
        if held.person == person {
            has = true;
            continue;
        }
        people::end(write.on(), held.id, &last).await?;
        told::follow_roles(write.on(), Some(held.person), &today, now).await?;
        let name = people::get(write.on(), held.person).await?.map(|one| one.name).unwrap_or_default();
        let about = format!("{name}, {last}: {}", Role::Secretary.word());
        trail::write(write.on(), Line::new(now, Act::End, about).by(person).of(slug, None)).await?;
    }
    if !has {
        people::give(write.on(), person, Role::Secretary, Some(slug), None, &handover.day).await?;
        told::follow_roles(write.on(), Some(person), &today, now).await?;
        let name = people::get(write.on(), person).await?.map(|one| one.name).unwrap_or_default();
        let about = format!("{name}, {}: {}", handover.day, Role::Secretary.word());
        trail::write(write.on(), Line::new(now, Act::Give, about).by(person).of(slug, None)).await?;
    }
    Ok(())
}

#[derive(Deserialize)]
pub(crate) struct Correcting {
    body: String,
    reason: String,
}

/// Corrects what was received: the first text stays.
pub(crate) async fn correct(
    With(state): With<State>,
    who: Who,
    Path(id): Path<i64>,
    Posted(fields): Posted<Correcting>,
) -> Answer {
    let handover = readable(&state, &who, id).await?;
    if handover.receipt.is_none() || !may_correct(&who, &handover) {
        return Err(Failed::NotFound);
    }
    let (body, reason) = (fields.body.trim(), fields.reason.trim());
    let long = body.chars().count() > 4_000 || reason.chars().count() > 1_000;
    if body.is_empty() || reason.is_empty() || long {
        return Err(Failed::wrong(
            "Đính chính: ghi nội dung đúng (đến 4.000 chữ cái) và lý do (đến 1.000 chữ cái).",
            "A correction: write what is right (up to 4,000 characters) and why (up to 1,000).",
        ));
    }
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let new = Correction { body: body.to_owned(), reason: reason.to_owned(), person, at: now };
    handovers::correct(write.on(), id, new).await?;
    let line = Line::new(now, Act::HandoverCorrected, reason);
    trail::write(write.on(), line.by(person).of(&handover.cluster, None)).await?;
    write.commit().await?;
    Ok(Redirect::to(&format!("/handovers/{id}#corrections")).into_response())
}
