//! One record: its values, what becomes of it, its due date, its versions, the files that show it.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::Lang;
use giaouoc_store::evidence::{self, Evidence};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::trail::{self, Act, Line};
use serde::Deserialize;

use super::cluster;
use super::desk::address;
use super::records::{kind, list_address, ours, record_address, short};
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::kept;
use crate::records::{self, Count, Opened, Withdrawing};
use crate::state::State;
use crate::when;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/record.html")]
struct RecordPage {
    base: Base,
    at: String,
    list: String,
    kind: String,
    unit: String,
    supplier: Option<String>,
    gone: bool,
    version: String,
    facts: Vec<(String, String)>,
    counts: Vec<Count>,
    due: Vec<String>,
    versions: Vec<(String, Vec<String>)>,
    files: Vec<Shown>,
    behalf: bool,
    may_bring: bool,
    /// Whether this desk may correct it.
    may_correct: bool,
    contest: String,
}

struct Shown {
    id: i64,
    name: String,
    size: String,
    said: String,
    gone: Option<String>,
}

fn evidence_line(file: &Evidence, state: &State, who: &Who) -> Shown {
    let kilobytes = (file.bytes / 1000).max(1);
    Shown {
        id: file.id,
        name: file.name.clone(),
        size: format!("{kilobytes} kB"),
        said: when::shown(file.at, &state.zone, who.lang),
        gone: file.gone.as_ref().map(|(at, _, reason)| {
            let at = when::shown(*at, &state.zone, who.lang);
            match who.lang {
                Lang::Vi => format!("đã gỡ lúc {at}: {reason}"),
                Lang::En => format!("taken away at {at}: {reason}"),
            }
        }),
    }
}

/// The record of an address, which must be one of this desk's.
async fn opened(
    state: &State,
    who: &Who,
    (slug, code, kind, key): (&str, &str, &'static Kind, &str),
) -> Result<Opened, Failed> {
    let (slug, kind_id, key, lang) = (slug.to_owned(), kind.id.clone(), key.to_owned(), who.lang);
    let found = records::ask(state, move |records| records.open(&slug, &kind_id, &key, lang)).await??;
    found.filter(|opened| ours(&opened.record, code)).ok_or(Failed::NotFound)
}

type At = (String, String, String, String);

/// The page.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path((slug, code, kind_id, key)): Path<At>,
) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let kind = kind(&kind_id)?;
    let (_, sheet) = state.newest(&slug).await?.ok_or(Failed::NotFound)?;
    let found = opened(&state, &who, (&slug, &code, kind, &key)).await?;
    let files = evidence::of(state.store.read(), &slug, &kind.id, &key).await?;
    let lang = who.lang;
    let label = |id: &str| {
        kind.column(id).map_or_else(|| id.to_owned(), |at| kind.columns[at].label.get(lang).to_owned())
    };
    let facts = found.record.fields.iter().filter(|field| !field.text.is_empty());
    let facts = facts.map(|field| {
        let value = if field.column == kind.columns[kind.unit].id {
            sheet.unit(&field.text).map_or(field.text.clone(), |(_, unit)| unit.name.get(lang).to_owned())
        } else {
            field.shown.get(lang).to_owned()
        };
        (label(&field.column), value)
    });
    let blank = || who.say("trống", "blank").to_owned();
    let versions = found.versions.iter().map(|version| {
        let changes = version.changes.iter().map(|(label, before, after)| {
            let text = |text: &giaouoc_agreement::text::Text| match text.get(lang) {
                "" => blank(),
                text => text.to_owned(),
            };
            format!("{}: {} → {}", label.get(lang), text(before), text(after))
        });
        (version.said.get(lang).to_owned(), changes.collect())
    });
    let supplier = match &found.record.supplier {
        Some(supplier) if *supplier == code => None,
        Some(supplier) => Some(short(&sheet, supplier, &who)),
        None => Some(who.say("nguồn chung của cụm", "a source of the whole cluster").to_owned()),
    };
    let may_bring = who.may(Doing::Bring, &slug, &code);
    let base = Base::within(&state, &who, &cluster, key.clone()).await?;
    shown(&RecordPage {
        at: record_address(&slug, &code, &kind.id, &key),
        list: list_address(&slug, &code, &kind.id),
        kind: kind.name.get(lang).to_owned(),
        unit: short(&sheet, &found.record.unit, &who),
        gone: found.record.version.is_empty(),
        facts: facts.collect(),
        versions: versions.collect(),
        files: files.iter().map(|file| evidence_line(file, &state, &who)).collect(),
        behalf: access::on_behalf(&who.roles, Doing::Bring, &slug, &code),
        may_bring,
        may_correct: may_bring && supplier.is_none(),
        contest: format!("{}#contests", address(&slug, &code)),
        version: found.record.version,
        counts: found.counts,
        due: found.due,
        supplier,
        base,
    })
}

#[derive(Deserialize)]
pub(crate) struct Gone {
    #[serde(default)]
    version: String,
    reason: String,
    #[serde(default)]
    behalf: String,
}

fn given(reason: &str) -> Result<String, Failed> {
    match reason.trim() {
        "" => Err(Failed::wrong("Hãy ghi lý do.", "Give the reason.")),
        reason => Ok(reason.chars().take(500).collect()),
    }
}

/// Withdraws the record.
pub(crate) async fn withdraw(
    With(state): With<State>,
    who: Who,
    Path((slug, code, kind_id, key)): Path<At>,
    Posted(fields): Posted<Gone>,
) -> Answer {
    let kind = kind(&kind_id)?;
    let found = opened(&state, &who, (&slug, &code, kind, &key)).await?;
    if found.record.supplier.as_deref() != Some(code.as_str()) {
        return Err(Failed::Forbidden);
    }
    let reason = given(&fields.reason)?;
    let behalf = who.behalf(Doing::Bring, &slug, &code, &fields.behalf)?;
    let person = who.person()?;
    let asked = Withdrawing {
        cluster: slug.clone(),
        kind: kind.id.clone(),
        supplier: Some(code.clone()),
        key: key.clone(),
        version: fields.version,
        by: who.name(),
        reason: super::record_form::with_behalf(Some(reason), behalf.as_deref()).unwrap_or_default(),
    };
    records::ask(&state, move |records| records.withdraw(&asked)).await??;
    let now = state.now();
    let write = state.store.write().await?;
    jobs::ask(write.on(), Work::Measure, &slug, None, None, now).await?;
    let line = Line::new(now, Act::Withdraw, format!("{} {key}", kind.id));
    trail::write(write.on(), line.by(person).of(&slug, Some(&code)).on_behalf(behalf)).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&record_address(&slug, &code, &kind.id, &key)).into_response())
}

type FileAt = (String, String, String, String, i64);

async fn file_of(state: &State, who: &Who, at: &FileAt) -> Result<Evidence, Failed> {
    let (slug, code, kind_id, key, id) = at;
    let kind = kind(kind_id)?;
    opened(state, who, (slug, code, kind, key)).await?;
    let files = evidence::of(state.store.read(), slug, &kind.id, key).await?;
    files.into_iter().find(|file| file.id == *id).ok_or(Failed::NotFound)
}

/// A file that shows what the record says.
pub(crate) async fn file(With(state): With<State>, who: Who, Path(at): Path<FileAt>) -> Answer {
    let file = file_of(&state, &who, &at).await?;
    let bytes = kept::read(&state.files, &file.sha256).await?.ok_or(Failed::NotFound)?;
    Ok(kept::saved(&file.name, &file.media, bytes))
}

/// Takes a file of evidence away; it stays listed.
pub(crate) async fn unshow(
    With(state): With<State>,
    who: Who,
    Path(at): Path<FileAt>,
    Posted(fields): Posted<Gone>,
) -> Answer {
    let file = file_of(&state, &who, &at).await?;
    let (slug, code, kind_id, key, _) = at;
    if file.unit != code {
        return Err(Failed::Forbidden);
    }
    let reason = given(&fields.reason)?;
    let behalf = who.behalf(Doing::Bring, &slug, &code, &fields.behalf)?;
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    evidence::take_away(write.on(), file.id, person, &reason, now).await?;
    let line = Line::new(now, Act::Unshow, format!("{kind_id} {key}"));
    trail::write(write.on(), line.by(person).of(&slug, Some(&code)).on_behalf(behalf)).await?;
    write.commit().await?;
    Ok(Redirect::to(&record_address(&slug, &code, &kind_id, &key)).into_response())
}
