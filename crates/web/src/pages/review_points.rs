//! Points to mend that a review gives to units: added by the head, done by the unit.

use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::matters::{self as kept, Point};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_year::value;
use serde::Deserialize;

use super::matter::{around, opened};
use crate::access::Doing;
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::state::State;
use crate::who::Who;

#[derive(Deserialize)]
pub(crate) struct Adding {
    text: String,
    unit: String,
    due: String,
}

/// The head adds a point to mend.
pub(crate) async fn point(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    Posted(fields): Posted<Adding>,
) -> Answer {
    let full = opened(&state, &who, &slug, "review", &code).await?;
    if full.row.gone.is_some() || !who.may(Doing::Bring, &slug, &full.row.unit) {
        return Err(Failed::Forbidden);
    }
    let around = around(&state, &slug).await?;
    let text = fields.text.replace("\r\n", "\n").trim().to_owned();
    if text.is_empty() || text.chars().count() > 2_000 {
        return Err(Failed::wrong(
            "Hãy ghi việc phải làm, nhiều nhất 2.000 chữ cái.",
            "Write what is to be done, at most 2,000 characters.",
        ));
    }
    around.sheet.as_deref().and_then(|sheet| sheet.unit(&fields.unit)).ok_or_else(|| {
        Failed::wrong("Hãy chọn đơn vị chịu trách nhiệm.", "Choose the unit that is to do it.")
    })?;
    let due = value::day(fields.due.trim()).map_err(Failed::Wrong)?;
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let unit = fields.unit.clone();
    let point =
        Point { matter: full.row.id, text, unit: fields.unit, due: due.to_string(), ..Point::default() };
    kept::add_point(write.on(), point, person, now).await?;
    crate::late::follow(&write, &crate::notices::Now::of(&state), full.row.id).await?;
    kept::touch(write.on(), full.row.id, now).await?;
    jobs::ask(write.on(), Work::Index, &slug, None, Some(person), now).await?;
    let line = Line::new(now, Act::Point, format!("review {code}"));
    trail::write(write.on(), line.by(person).of(&slug, Some(&unit))).await?;
    write.commit().await?;
    state.changed();
    Ok(Redirect::to(&format!("{}#points", full.address())).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Mending {
    point: i64,
    #[serde(default)]
    day: String,
    note: String,
    #[serde(default)]
    behalf: String,
}

/// A unit says that a point is mended, and how.
pub(crate) async fn mend(
    With(state): With<State>,
    who: Who,
    Path((slug, unit, code)): Path<(String, String, String)>,
    Posted(fields): Posted<Mending>,
) -> Answer {
    let full = opened(&state, &who, &slug, "review", &code).await?;
    let behalf = who.behalf(Doing::Bring, &slug, &unit, &fields.behalf)?;
    let today = super::work::today(&state)?;
    let day = match fields.day.trim() {
        "" => today,
        text => value::day(text).map_err(Failed::Wrong)?,
    };
    let note = fields.note.trim();
    if note.is_empty() || day > today {
        return Err(Failed::wrong(
            "Hãy ghi đã làm thế nào; ngày xong không ở tương lai.",
            "Say how it was done; the day is not in the future.",
        ));
    }
    let note: String = note.chars().take(2_000).collect();
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let done = (day.to_string(), note);
    if !kept::mend(write.on(), full.row.id, (fields.point, &unit), (&done.0, &done.1), now).await? {
        return Err(Failed::NotFound);
    }
    crate::late::follow(&write, &crate::notices::Now::of(&state), full.row.id).await?;
    kept::touch(write.on(), full.row.id, now).await?;
    jobs::ask(write.on(), Work::Index, &slug, None, Some(person), now).await?;
    let line = Line::new(now, Act::Mend, format!("review {code}"));
    trail::write(write.on(), line.by(person).of(&slug, Some(&unit)).on_behalf(behalf)).await?;
    write.commit().await?;
    state.changed();
    Ok(Redirect::to(&format!("{}#points", full.address())).into_response())
}
