//! The calendar of a cluster, changed by the city's board: a newer `calendar.toml` is checked, the days that it sees differently
//! are shown, and it stands once that is confirmed.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use serde::Deserialize;

use super::cluster;
use super::setup::{Wrong, made, unread};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::registry::{self, Change, Refused, book};
use crate::state::State;
use crate::when;
use crate::who::Who;

/// A text longer than this is no calendar of a cluster.
const LONGEST: usize = 200_000;

#[derive(Template)]
#[template(path = "pages/setup_calendar.html")]
struct CalendarPage {
    base: Base,
    at: String,
    seen: String,
    /// Name, version and days of what is in use.
    calendars: Vec<(String, String, String)>,
    text: String,
    why: String,
    wrong: Vec<String>,
    /// What the new one sees differently: day, whose, now, then; nothing where nobody has asked.
    days: Option<Vec<(String, String, String, String)>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    what: String,
    #[serde(default)]
    seen: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    why: String,
}

/// The page.
pub(crate) async fn get(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    page(&state, &who, &slug, Typed::default(), Vec::new(), None).await
}

async fn page(
    state: &State,
    who: &Who,
    slug: &str,
    typed: Typed,
    wrong: Vec<String>,
    days: Option<Vec<(String, String, String, String)>>,
) -> Answer {
    let cluster = cluster(state, slug).await?;
    let found = book(state, slug).await.ok_or_else(unread)?;
    let name = slug.to_owned();
    let now = registry::ask(state, move |registry| registry.calendar_text(&name)).await.flatten();
    let lang = who.lang;
    let calendars = found.calendars.iter().map(|calendar| {
        let covers = calendar.covers.as_ref().map_or_else(String::new, |(from, to)| {
            format!("{} – {}", when::day_shown(from, lang), when::day_shown(to, lang))
        });
        (calendar.name.get(lang).to_owned(), calendar.version.clone(), covers)
    });
    let title = who.say("Lịch làm việc của cụm", "The cluster's calendar");
    shown(&CalendarPage {
        base: Base::within(state, who, &cluster, title).await?,
        at: format!("/c/{slug}/setup/calendar"),
        seen: if typed.seen.is_empty() { found.seen.clone() } else { typed.seen },
        calendars: calendars.collect(),
        text: if typed.text.is_empty() { now.unwrap_or_default() } else { typed.text },
        why: typed.why,
        wrong,
        days,
    })
}

fn said(wrong: &Wrong, who: &Who) -> Vec<String> {
    wrong.iter().map(|(_, text)| text.get(who.lang).to_owned()).collect()
}

/// Looks at a new calendar, or puts it into use.
pub(crate) async fn post(
    With(state): With<State>,
    who: Who,
    Path(slug): Path<String>,
    Posted(mut typed): Posted<Typed>,
) -> Answer {
    if typed.text.len() > LONGEST {
        return Err(Failed::TooGreat(LONGEST as u64));
    }
    typed.text = typed.text.replace("\r\n", "\n");
    let (name, text) = (slug.clone(), typed.text.clone());
    let days = registry::ask(&state, move |registry| registry.calendar_days(&name, &text));
    let days = match days.await.ok_or_else(unread)? {
        Ok(days) => days,
        Err(Refused::Wrong(wrong)) => {
            let wrong = said(&wrong, &who);
            return refused(&state, &who, &slug, typed, wrong, None).await;
        }
        Err(Refused::Changed) => Vec::new(),
        Err(Refused::Failed(why)) => return Err(Failed::Internal(why)),
    };
    let lang = who.lang;
    let days: Vec<_> = days
        .into_iter()
        .map(|day| {
            let whose = day.unit.unwrap_or_else(|| who.say("mọi đơn vị", "every unit").to_owned());
            let (now, then) = (day.now.get(lang).to_owned(), day.then.get(lang).to_owned());
            (when::day_shown(&day.day, lang), whose, now, then)
        })
        .collect();
    if typed.what != "use" {
        return page(&state, &who, &slug, typed, Vec::new(), Some(days)).await;
    }
    if typed.why.trim().is_empty() {
        let why = who.say("Hãy ghi căn cứ: số văn bản.", "Say what it rests on: a document.").to_owned();
        return refused(&state, &who, &slug, typed, vec![why], Some(days)).await;
    }
    let change = Change::Calendar { text: typed.text.clone() };
    match made(&state, &who, &slug, &change, typed.seen.clone(), &typed.why).await? {
        Ok(()) => Ok(Redirect::to(&format!("/c/{slug}/registry#calendars")).into_response()),
        Err(wrong) => {
            let wrong = said(&wrong, &who);
            refused(&state, &who, &slug, typed, wrong, None).await
        }
    }
}

async fn refused(
    state: &State,
    who: &Who,
    slug: &str,
    typed: Typed,
    wrong: Vec<String>,
    days: Option<Vec<(String, String, String, String)>>,
) -> Answer {
    let mut response = page(state, who, slug, typed, wrong, days).await?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}
