//! The first page: the clusters and what was published of them last.

use std::time::Duration;

use askama::Template;
use axum::extract::State as With;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use giaouoc_agreement::text::Text;
use giaouoc_store::{clusters, releases};

use crate::base::{Base, shown};
use crate::error::Answer;
use crate::state::State;
use crate::when;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/home.html")]
struct Home {
    base: Base,
    clusters: Vec<Line>,
}

struct Line {
    slug: String,
    name: String,
    year: i64,
    last: Option<String>,
    next: Option<String>,
    inside: bool,
    desks: Vec<(String, String)>,
}

/// The first page.
pub(crate) async fn get(With(state): With<State>, who: Who) -> Answer {
    let mut lines = Vec::new();
    for cluster in clusters::all(state.store.read()).await? {
        let all = releases::all(state.store.read(), &cluster.slug).await?;
        let name = |release: &releases::Release| {
            Text::new(release.name_vi.clone(), release.name_en.clone()).get(who.lang).to_owned()
        };
        let last = all.iter().rev().find_map(|release| Some((name(release), release.published_at?)));
        let next = all.iter().find(|release| release.published_at.is_none());
        lines.push(Line {
            name: Text::new(cluster.name_vi, cluster.name_en).get(who.lang).to_owned(),
            year: cluster.year,
            last: last.map(|(name, at)| format!("{name}, {}", when::shown(at, &state.zone, who.lang))),
            next: next.map(|next| {
                format!("{}, {}", name(next), when::shown(next.publish_at, &state.zone, who.lang))
            }),
            inside: who.inside(&cluster.slug),
            desks: desks(&state, &who, &cluster.slug).await?,
            slug: cluster.slug,
        });
    }
    let title = who.say("Các cụm thi đua", "Emulation clusters").to_owned();
    shown(&Home { base: Base::new(&state, &who, title), clusters: lines })
}

/// The desks of a person's own units: address and name.
async fn desks(state: &State, who: &Who, slug: &str) -> Result<Vec<(String, String)>, crate::error::Failed> {
    let own = who.roles.iter().filter(|held| held.cluster.as_deref() == Some(slug));
    let own: Vec<&str> = own.filter_map(|held| held.unit.as_deref()).collect();
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let Some((_, sheet)) = state.newest(slug).await? else { return Ok(Vec::new()) };
    let units = sheet.units.iter().filter(|unit| own.contains(&unit.code.as_str()));
    Ok(units
        .map(|unit| (super::desk::address(slug, &unit.code), unit.name.get(who.lang).to_owned()))
        .collect())
}

/// The program runs.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// The program can work: the database answers.
pub(crate) async fn ready(With(state): With<State>) -> Answer {
    // Whoever asks does not wait for a connection as people do.
    match tokio::time::timeout(Duration::from_secs(2), state.store.ping()).await {
        Ok(Ok(())) => Ok("ok\n".into_response()),
        _ => Ok((StatusCode::SERVICE_UNAVAILABLE, "database\n").into_response()),
    }
}
