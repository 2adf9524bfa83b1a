//! The drafts of a cluster's agreement: begun from a template, from the agreement as it stands, from an empty page; and the next
//! year opened.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::Text;
use giaouoc_store::agreeing::{self, Saving};
use giaouoc_store::clusters::{self, Cluster};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::people;
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_year::agreeing::Stage;
use giaouoc_year::{drafting as edits, start};
use serde::Deserialize;

use super::cluster;
use super::draft::address;
use super::draft_round::json;
use crate::base::{Base, shown};
use crate::drafting::{self, Checked};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::state::State;
use crate::when;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/drafts.html")]
struct DraftsPage {
    base: Base,
    slug: String,
    heads: bool,
    next: i64,
    /// Address, title, stage, when.
    drafts: Vec<(String, String, String, String)>,
}

/// The list.
pub(crate) async fn get(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let mut drafts = Vec::new();
    for draft in agreeing::all(state.store.read(), &slug).await? {
        let version = agreeing::version(state.store.read(), draft.id, draft.version).await?;
        let checked: Checked = version
            .as_ref()
            .and_then(|version| serde_json::from_str(&version.checked).ok())
            .unwrap_or_default();
        let title = checked.paper.map(|paper| paper.title.get(who.lang).to_owned());
        let stage = Stage::of(&draft.stage).map(|stage| stage.words().get(who.lang).to_owned());
        drafts.push((
            address(&slug, draft.number),
            format!("{}. {}", draft.number, title.unwrap_or_else(|| who.say("Dự thảo", "Draft").to_owned())),
            stage.unwrap_or_default(),
            when::shown(version.map_or(draft.created_at, |version| version.at), &state.zone, who.lang),
        ));
    }
    let title = who.say("Dự thảo giao ước", "Draft agreements");
    let base = Base::within(&state, &who, &cluster, title).await?;
    shown(&DraftsPage { base, heads: who.heads(&slug), next: cluster.year + 1, slug, drafts })
}

#[derive(Deserialize)]
pub(crate) struct Beginning {
    base: String,
}

/// Begins a draft.
pub(crate) async fn begin(
    With(state): With<State>,
    who: Who,
    Path(slug): Path<String>,
    Posted(form): Posted<Beginning>,
) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let of = slug.clone();
    let own = drafting::ask(&state, move |drafting| drafting.text(&of)).await?;
    let table: toml::Table = toml::from_str(&own).unwrap_or_default();
    let id = table.get("id").and_then(toml::Value::as_str).unwrap_or(&slug).to_owned();
    let name = Text::new(cluster.name_vi.clone(), cluster.name_en.clone());
    let (text, note) = match form.base.as_str() {
        "own" => (edits::with_status(&own, "draft", None), "từ giao ước hiện có"),
        "template" => (start::article(&id, &name, cluster.year), "từ mẫu Cụm VI Hà Nội năm 2020"),
        "empty" => (Ok(start::empty(&id, &name, cluster.year)), "từ trang trắng"),
        "amendment" => (Ok(own), "từ giao ước đang có hiệu lực, để thêm phụ lục"),
        _ => return Err(Failed::NotFound),
    };
    let text = text.map_err(Failed::Wrong)?;
    let before = last_year(&state, &cluster).await?;
    let number = begun(&state, &who, &cluster, (&form.base, before), text, note).await?;
    Ok(Redirect::to(&address(&slug, number)).into_response())
}

/// The cluster of the year before, as an earlier draft or the names say.
async fn last_year(state: &State, cluster: &Cluster) -> Result<Option<String>, Failed> {
    let drafts = agreeing::all(state.store.read(), &cluster.slug).await?;
    if let Some(before) = drafts.into_iter().find_map(|draft| draft.before) {
        return Ok(Some(before));
    }
    let all = clusters::all(state.store.read()).await?;
    let own =
        all.into_iter().find(|other| other.year == cluster.year - 1 && other.name_vi == cluster.name_vi);
    Ok(own.map(|other| other.slug))
}

async fn begun(
    state: &State,
    who: &Who,
    cluster: &Cluster,
    (base, before): (&str, Option<String>),
    text: String,
    note: &str,
) -> Result<i64, Failed> {
    let slug = cluster.slug.clone();
    let (asked, of) = (text.clone(), slug.clone());
    let checked = drafting::ask(state, move |drafting| drafting.check(&of, &asked)).await?;
    let (now, person) = (state.now(), who.person()?);
    let saving = Saving { text, note: note.to_owned(), checked: json(&checked)?, person };
    let write = state.store.write().await?;
    let draft = agreeing::start(write.on(), &slug, base, before, saving, now).await?;
    let version = agreeing::version(write.on(), draft.id, 1).await?.ok_or(Failed::NotFound)?;
    let line = Line::new(now, Act::DraftBegun, format!("dự thảo {}, {note}", draft.number))
        .by(person)
        .of(&slug, None);
    trail::write(write.on(), line).await?;
    jobs::ask(write.on(), Work::Draft, &slug, Some(version.id), Some(person), now).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(draft.number)
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Opens the next year: its cluster, everybody's roles in it, and a draft from this year's agreement. Done twice, it is the
/// same year; the draft is begun once.
pub(crate) async fn next_year(
    With(state): With<State>,
    who: Who,
    Path(slug): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    cluster(&state, &slug).await?;
    let (of, by) = (slug.clone(), who.name());
    let opened = drafting::ask(&state, move |drafting| drafting.open_year(&of, by)).await?;
    let next = Cluster {
        slug: opened.slug.clone(),
        name_vi: opened.name.vi.clone(),
        name_en: opened.name.en.clone(),
        year: opened.year,
    };
    let (now, person, today) = (state.now(), who.person()?, super::draft::today(&state));
    let write = state.store.write().await?;
    if clusters::get(write.on(), &next.slug).await?.is_none() {
        clusters::put(write.on(), &next, now).await?;
        for held in people::all_roles(write.on()).await? {
            let here = held.cluster.as_deref() == Some(slug.as_str());
            if here && crate::access::in_force(&held, &today) {
                let unit = held.unit.as_deref();
                people::give(write.on(), held.person, held.role, Some(&next.slug), unit, &today).await?;
            }
        }
        // A desk goes on reading the files of its systems as it has learnt to.
        clusters::carry_mappings(write.on(), &slug, &next.slug).await?;
        let about = format!("{} {}, mở từ năm trước", next.name_vi, next.year);
        for cluster in [&slug, &next.slug] {
            trail::write(
                write.on(),
                Line::new(now, Act::Cluster, about.clone()).by(person).of(cluster, None),
            )
            .await?;
        }
        jobs::ask(write.on(), Work::Measure, &next.slug, None, Some(person), now).await?;
    }
    write.commit().await?;
    state.wake.notify_one();
    let drafts = agreeing::all(state.store.read(), &next.slug).await?;
    let number = match drafts.first() {
        Some(draft) => draft.number,
        None => {
            let who = Who { roles: people::roles(state.store.read(), person).await?, ..who.clone() };
            begun(&state, &who, &next, ("own", Some(slug)), opened.text, "từ giao ước năm trước").await?
        }
    };
    Ok(Redirect::to(&address(&next.slug, number)).into_response())
}
