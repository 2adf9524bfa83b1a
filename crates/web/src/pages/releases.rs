//! The releases of a cluster: planned, confirmed, published.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::releases::{self, Plan};
use giaouoc_store::trail::{self, Act, Line};
use serde::Deserialize;

use super::cluster;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::notices;
use crate::state::State;
use crate::when;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/releases.html")]
struct Releases {
    base: Base,
    at: String,
    may_plan: bool,
    releases: Vec<ReleaseLine>,
}

struct ReleaseLine {
    number: i64,
    name: String,
    published: Option<String>,
    publish_at: String,
    confirm_by: String,
    confirmed: usize,
    units: usize,
}

/// The list; planning for those who lead.
pub(crate) async fn get(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let sheet = state.newest(&slug).await?.map(|(_, sheet)| sheet);
    let mut lines = Vec::new();
    for release in releases::all(state.store.read(), &slug).await? {
        let confirmations = releases::confirmations(state.store.read(), release.id).await?;
        let units = sheet.as_ref().map_or(&[][..], |sheet| &sheet.units[..]);
        let current = |unit: &&crate::sheet::Unit| {
            let newest = confirmations.iter().rev().find(|confirmation| confirmation.unit == unit.code);
            newest.is_some_and(|newest| newest.digest == unit.digest)
        };
        lines.push(ReleaseLine {
            number: release.number,
            name: Text::new(release.name_vi, release.name_en).get(who.lang).to_owned(),
            published: release.published_at.map(|at| when::shown(at, &state.zone, who.lang)),
            publish_at: when::shown(release.publish_at, &state.zone, who.lang),
            confirm_by: when::shown(release.confirm_by, &state.zone, who.lang),
            confirmed: units.iter().filter(current).count(),
            units: units.len(),
        });
    }
    let base = Base::within(&state, &who, &cluster, who.say("Các kỳ công bố", "Releases")).await?;
    shown(&Releases { base, at: format!("/c/{slug}/releases"), may_plan: who.heads(&slug), releases: lines })
}

#[derive(Deserialize)]
pub(crate) struct Planning {
    name_vi: String,
    #[serde(default)]
    name_en: String,
    confirm_by: String,
    publish_at: String,
}

/// Plans a release. Its time stands from then on.
pub(crate) async fn plan(
    With(state): With<State>,
    who: Who,
    Path(slug): Path<String>,
    Posted(fields): Posted<Planning>,
) -> Answer {
    cluster(&state, &slug).await?;
    let now = state.now();
    let moment = |text: &str| {
        when::moment_of(text, &state.zone).ok_or_else(|| {
            Failed::wrong(
                format!("“{text}” không phải ngày giờ; ghi ví dụ 2026-07-10T16:00."),
                format!("“{text}” is no date and time; write for example 2026-07-10T16:00."),
            )
        })
    };
    let (confirm_by, publish_at) = (moment(&fields.confirm_by)?, moment(&fields.publish_at)?);
    if publish_at <= now || confirm_by > publish_at {
        return Err(Failed::wrong(
            "Giờ công bố phải ở phía trước, và hạn xác nhận không sau giờ công bố.",
            "The time of publishing must lie ahead, and units must confirm before it.",
        ));
    }
    let name_vi = fields.name_vi.trim().to_owned();
    if name_vi.is_empty() || name_vi.chars().count() > 120 {
        return Err(Failed::wrong(
            "Hãy đặt tên kỳ công bố (đến 120 ký tự).",
            "Name the release (up to 120 characters).",
        ));
    }
    let name_en = Some(fields.name_en.trim().to_owned()).filter(|name| !name.is_empty());
    let person = who.person()?;
    let sheet = state.newest(&slug).await?;
    let write = state.store.write().await?;
    let plan = Plan {
        cluster: slug.clone(),
        name_en: name_en.unwrap_or_else(|| name_vi.clone()),
        name_vi: name_vi.clone(),
        confirm_by,
        publish_at,
        person,
    };
    let names = (plan.name_vi.clone(), plan.name_en.clone());
    let number = releases::plan(write.on(), plan, now).await?;
    if let Some((_, sheet)) = &sheet {
        notices::planned(&state, &write, sheet, (&slug, number), (&names.0, &names.1), confirm_by).await?;
    }
    let line =
        Line::new(now, Act::Plan, format!("{name_vi}: {}", when::shown(publish_at, &state.zone, Lang::Vi)))
            .by(person)
            .of(&slug, None);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&format!("/c/{slug}/releases")).into_response())
}
