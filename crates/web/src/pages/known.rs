//! What was known when: the journal's entries, and figures computed once more as of another day or as they were known then.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::{manifest, recounts};
use giaouoc_worktime::time::Day;
use serde::Deserialize;

use super::cluster;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::kept;
use crate::listed::Whole;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// Entries on a page, and recounts.
const SHOWN: u64 = 50;
const RECOUNTS: u64 = 20;
/// A person has so many computed within a day.
const QUOTA: u64 = 20;
const DAY: i64 = 24 * 3_600 * 1_000_000;

#[derive(Template)]
#[template(path = "pages/known.html")]
struct Known {
    base: Base,
    at: String,
    entries: Vec<Line>,
    more: Option<i64>,
    recounts: Vec<Done>,
}

struct Line {
    number: i64,
    at: String,
    said: String,
    by: Option<String>,
    reason: Option<String>,
    hash: String,
}

struct Done {
    id: i64,
    what: String,
    state: &'static str,
    error: Option<String>,
    files: Vec<(String, &'static str)>,
}

#[derive(Deserialize)]
pub(crate) struct Before {
    before: Option<i64>,
}

/// The page.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path(slug): Path<String>,
    Query(query): Query<Before>,
    whole: Whole,
) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let found = manifest::page(state.store.read(), &slug, query.before, whole.rows(SHOWN)).await?;
    let more =
        (found.len() as u64 == whole.rows(SHOWN)).then(|| found.last().map(|entry| entry.number)).flatten();
    let entries = found.into_iter().map(|entry| Line {
        number: entry.number,
        at: when::shown(entry.at, &state.zone, who.lang),
        said: Text::new(entry.said.0, entry.said.1).get(who.lang).to_owned(),
        by: entry.by,
        reason: entry.reason,
        hash: entry.hash,
    });
    let entries = entries.collect();
    let all = recounts::of(state.store.read(), &slug, whole.rows(RECOUNTS)).await?;
    let mut base = Base::within(&state, &who, &cluster, who.say("Sổ thay đổi", "The journal")).await?;
    base.reload = all.iter().any(|recount| recount.ended_at.is_none()).then_some(2);
    let recounts = all.into_iter().map(|recount| done(recount, &who)).collect();
    shown(&Known { base, at: format!("/c/{slug}/known"), entries, more, recounts })
}

fn done(recount: recounts::Recount, who: &Who) -> Done {
    let day = recount.as_of.as_deref();
    let as_of = match (day, who.lang) {
        (None, Lang::Vi) => "đến hết kỳ".to_owned(),
        (None, Lang::En) => "to the end of the period".to_owned(),
        (Some(day), Lang::Vi) => format!("tính đến hết ngày {day}"),
        (Some(day), Lang::En) => format!("as of the end of {day}"),
    };
    let known = match (recount.known_at.as_deref(), who.lang) {
        (None, Lang::Vi) => "như đang biết".to_owned(),
        (None, Lang::En) => "as known now".to_owned(),
        (Some(at), Lang::Vi) => format!("như đã biết ở {at}"),
        (Some(at), Lang::En) => format!("as known at {at}"),
    };
    let lang = who.say("vi", "en");
    let forms = [
        (format!("report.{lang}.html"), if who.lang == Lang::Vi { "Báo cáo" } else { "Report" }),
        (format!("report.{lang}.xlsx"), "Excel"),
        (format!("figures.{lang}.csv"), "CSV"),
        ("figures.json".to_owned(), "JSON"),
    ];
    let files = if recount.files.is_some() { forms.to_vec() } else { Vec::new() };
    let state = match (recount.ended_at, &recount.error, who.lang) {
        (None, _, Lang::Vi) => "đang tính…",
        (None, _, Lang::En) => "being computed…",
        (Some(_), None, Lang::Vi) => "✓ xong",
        (Some(_), None, Lang::En) => "✓ done",
        (Some(_), Some(_), Lang::Vi) => "✗ không tính được",
        (Some(_), Some(_), Lang::En) => "✗ not possible",
    };
    Done {
        id: recount.id,
        what: format!("{as_of}, {known}"),
        state,
        error: recount.error.map(|(vi, en)| Text::new(vi, en).get(who.lang).to_owned()),
        files,
    }
}

#[derive(Deserialize)]
pub(crate) struct Asking {
    #[serde(default)]
    as_of: String,
    #[serde(default)]
    known_at: String,
}

/// Asks for figures once more.
pub(crate) async fn ask(
    With(state): With<State>,
    who: Who,
    Path(slug): Path<String>,
    Posted(fields): Posted<Asking>,
) -> Answer {
    cluster(&state, &slug).await?;
    let person = who.person()?;
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let (as_of, known_at) = (some(&fields.as_of), some(&fields.known_at));
    if let Some(day) = &as_of
        && day.parse::<Day>().is_err()
    {
        return Err(Failed::wrong(
            format!("“{day}” không phải ngày; ghi ví dụ 2020-06-30."),
            format!("“{day}” is no day; write for example 2020-06-30."),
        ));
    }
    if known_at.as_ref().is_some_and(|at| at.len() > 40) {
        return Err(Failed::wrong("Thời điểm quá dài.", "The time is too long."));
    }
    let now = state.now();
    if recounts::asked_since(state.store.read(), person, now - DAY).await? >= QUOTA {
        return Err(Failed::Conflict(Text::new(
            format!(
                "Mỗi người được tính lại {QUOTA} lần trong 24 giờ; hãy thử lại sau, hoặc dùng lệnh giaouoc score trên máy của bạn."
            ),
            format!(
                "Everybody may have {QUOTA} computed within 24 hours; try later, or use giaouoc score on your own machine."
            ),
        )));
    }
    let write = state.store.write().await?;
    let id = recounts::ask(write.on(), &slug, person, as_of, known_at, now).await?;
    jobs::ask(write.on(), Work::Recount, &slug, Some(id), Some(person), now).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&format!("/c/{slug}/known")).into_response())
}

/// A file of a recount.
pub(crate) async fn file(
    With(state): With<State>,
    Path((slug, id, name)): Path<(String, i64, String)>,
) -> Answer {
    let found = recounts::get(state.store.read(), id).await?.filter(|recount| recount.cluster == slug);
    let files: BTreeMap<String, String> =
        found.and_then(|recount| serde_json::from_str(&recount.files?).ok()).ok_or(Failed::NotFound)?;
    let sha256 = files.get(&name).ok_or(Failed::NotFound)?;
    let bytes = kept::read(&state.files, sha256).await?.ok_or(Failed::NotFound)?;
    Ok(kept::form(&name, bytes))
}
