//! A file at a unit's desk: brought, read, looked at, loaded, taken back.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::uploads::{self, New, State as Stage, Upload};
use serde::Deserialize;

use super::cluster;
use super::desk::{address, kind_name};
use super::mapping::DATES;
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::{Brought, Posted};
use crate::kept;
use crate::notices;
use crate::preview::Preview;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// A line of a list of uploads.
pub(crate) struct Row {
    pub id: i64,
    pub name: String,
    pub kind: String,
    pub state: String,
    pub at: String,
}

/// A line of a list.
pub(crate) fn row(upload: &Upload, state: &State, who: &Who) -> Row {
    Row {
        id: upload.id,
        name: upload.name.clone(),
        kind: kind_name(&upload.kind, who.lang),
        state: words(upload, who).to_owned(),
        at: when::shown(upload.created_at, &state.zone, who.lang),
    }
}

fn words(upload: &Upload, who: &Who) -> &'static str {
    let (vi, en) = match upload.state {
        Stage::Received => ("đang đọc", "being read"),
        Stage::Checked => ("chờ bạn xem và nạp", "waits for you"),
        Stage::Wanted => ("đang nạp", "being loaded"),
        Stage::Loaded => ("đã nạp", "loaded"),
        Stage::Unwanted => ("đang lấy lại", "being taken back"),
        Stage::Undone => ("đã lấy lại", "taken back"),
        Stage::Refused => ("không đọc được", "refused"),
    };
    match who.lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

/// Takes a file. Nothing of it counts yet.
pub(crate) async fn bring(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    file: Brought,
) -> Answer {
    cluster(&state, &slug).await?;
    let (_, sheet) = state.newest(&slug).await?.ok_or(Failed::NotFound)?;
    sheet.unit(&code).ok_or(Failed::NotFound)?;
    let behalf = who.behalf(Doing::Bring, &slug, &code, file.field("behalf"))?;
    let person = who.person()?;
    let known = kinds::builtin().iter().any(|kind| kind.id == file.field("kind"));
    let now = state.now();
    let write = state.store.write().await?;
    let new = New {
        cluster: slug.clone(),
        kind: if known { file.field("kind").to_owned() } else { String::new() },
        supplier: (file.field("supplier") == "unit").then(|| code.clone()),
        unit: code.clone(),
        person,
        on_behalf: behalf.clone(),
        name: file.name.clone(),
        sha256: file.sha256.clone(),
        bytes: i64::try_from(file.bytes).unwrap_or(i64::MAX),
    };
    let id = uploads::receive(write.on(), new, now).await?;
    jobs::ask(write.on(), Work::Check, &slug, Some(id), Some(person), now).await?;
    let line =
        Line::new(now, Act::Upload, file.name.clone()).by(person).of(&slug, Some(&code)).on_behalf(behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&format!("{}uploads/{id}", address(&slug, &code))).into_response())
}

#[derive(Template)]
#[template(path = "pages/upload.html")]
struct UploadPage {
    base: Base,
    at: String,
    desk: String,
    board: String,
    upload: Upload,
    state: String,
    preview: Option<Preview>,
    lang: Lang,
    behalf: bool,
    may_bring: bool,
    busy: bool,
    progress: Option<(i64, i64)>,
    failed: Option<String>,
    kinds: Vec<(String, String)>,
    /// When its bytes were removed.
    gone: Option<String>,
}

impl UploadPage {
    fn is(&self, word: &str) -> bool {
        self.upload.state.word() == word
    }

    /// Whether its bytes are still kept.
    fn kept(&self) -> bool {
        self.upload.bytes_gone_at.is_none()
    }

    fn text<'a>(&self, text: &'a Text) -> &'a str {
        text.get(self.lang)
    }

    /// The columns of the kind that a header may be read as: id, label, and whether it is now.
    fn choices(&self, preview: &Preview, header: &str) -> Vec<(String, String, bool)> {
        let Some(kind) = kinds::builtin().iter().find(|kind| kind.id == preview.kind) else {
            return Vec::new();
        };
        let now = preview.bound.iter().find(|(found, _)| found == header).map(|(_, column)| column.as_str());
        let columns = kind.columns.iter().filter(|column| !column.personal);
        columns
            .map(|column| {
                let label = column.label.get(self.lang).to_owned();
                (column.id.clone(), label, now == Some(column.id.as_str()))
            })
            .collect()
    }

    /// How dates may be written, in words.
    fn dates(&self) -> Vec<(&'static str, &'static str)> {
        let word = |(id, vi, en): &(&'static str, &'static str, &'static str)| match self.lang {
            Lang::Vi => (*id, *vi),
            Lang::En => (*id, *en),
        };
        DATES.iter().map(word).collect()
    }

    /// Whether loading it now would do anything.
    fn does(&self, preview: &Preview) -> bool {
        match &preview.book {
            Some(book) => book.does(),
            None => preview.new + preview.changed > 0,
        }
    }

    /// What the button says: what will happen with what.
    fn button(&self, preview: &Preview) -> String {
        let records = preview.new + preview.changed;
        let nil = preview.book.as_ref().map_or(0, |book| book.nil.len());
        match (self.lang, records, nil) {
            (Lang::Vi, 0, 0) => "Nạp bản ghi đã chọn".to_owned(),
            (Lang::En, 0, 0) => "Load what was chosen".to_owned(),
            (Lang::Vi, _, 0) => format!("Nạp {records} bản ghi"),
            (Lang::En, _, 0) => format!("Load {records} records"),
            (Lang::Vi, 0, _) => format!("Ghi nhận {nil} báo cáo không phát sinh"),
            (Lang::En, 0, _) => format!("Take {nil} reports of no cases"),
            (Lang::Vi, ..) => format!("Nạp {records} bản ghi và {nil} báo cáo không phát sinh"),
            (Lang::En, ..) => format!("Load {records} records and {nil} reports of no cases"),
        }
    }
}

/// An upload of an address, which must be of its cluster and unit.
pub(crate) async fn find(state: &State, slug: &str, code: &str, id: i64) -> Result<Upload, Failed> {
    let upload = uploads::get(state.store.read(), id).await?;
    upload.filter(|upload| upload.cluster == slug && upload.unit == code).ok_or(Failed::NotFound)
}

/// The page of an upload, whatever its state.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path((slug, code, id)): Path<(String, String, i64)>,
) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let upload = find(&state, &slug, &code, id).await?;
    let desk = address(&slug, &code);
    let job =
        jobs::latest(state.store.read(), &slug, &[Work::Check, Work::Load, Work::Undo], Some(id)).await?;
    let busy = matches!(upload.state, Stage::Received | Stage::Wanted | Stage::Unwanted);
    let failed =
        job.as_ref().filter(|job| job.state == jobs::State::Failed).and_then(|job| job.error.clone());
    let mut base = Base::within(&state, &who, &cluster, upload.name.clone()).await?;
    base.reload = (busy && failed.is_none()).then_some(1);
    let may_bring = who.may(Doing::Bring, &slug, &code);
    let mut preview: Option<Preview> =
        upload.result.as_ref().and_then(|text| serde_json::from_str(text).ok());
    if !may_bring && let Some(preview) = &mut preview {
        // Cells of rejected rows may be personal: they are for whoever repairs them.
        preview.rejects.clear();
    }
    shown(&UploadPage {
        at: format!("{desk}uploads/{id}"),
        board: format!("/c/{slug}/now/"),
        state: words(&upload, &who).to_owned(),
        preview,
        lang: who.lang,
        behalf: access::on_behalf(&who.roles, Doing::Bring, &slug, &code),
        may_bring,
        busy: busy && failed.is_none(),
        progress: job.filter(|job| job.total > 0).map(|job| (job.done, job.total)),
        failed: failed.map(|(vi, en)| Text::new(vi, en).get(who.lang).to_owned()),
        gone: upload.bytes_gone_at.map(|at| when::shown(at, &state.zone, who.lang)),
        kinds: kinds::builtin()
            .iter()
            .map(|kind| (kind.id.clone(), kind.name.get(who.lang).to_owned()))
            .collect(),
        upload,
        desk,
        base,
    })
}

#[derive(Deserialize)]
pub(crate) struct KindFields {
    kind: String,
    #[serde(default)]
    mapping: String,
}

/// Reads the file again as another kind, or with another mapping.
pub(crate) async fn kind(
    With(state): With<State>,
    who: Who,
    Path((slug, code, id)): Path<(String, String, i64)>,
    Posted(fields): Posted<KindFields>,
) -> Answer {
    let upload = find(&state, &slug, &code, id).await?;
    if !kinds::builtin().iter().any(|kind| kind.id == fields.kind) {
        return Err(Failed::NotFound);
    }
    there(&upload)?;
    let write = state.store.write().await?;
    let from = [Stage::Checked, Stage::Refused];
    if !uploads::step(write.on(), id, &from, Stage::Received).await? {
        return Err(already());
    }
    let mut mapping = Some(fields.mapping).filter(|text| !text.trim().is_empty());
    let preview: Option<Preview> = upload.result.as_ref().and_then(|text| serde_json::from_str(text).ok());
    if mapping.is_none() && preview.is_some_and(|preview| preview.book.is_some()) {
        // A unit's own workbook that is to be read as any other file: said by a mapping that says nothing else.
        mapping = Some(format!("kind = \"{}\"\n", fields.kind));
    }
    notices::done(&write, &format!("upload {id}"), state.now()).await?;
    uploads::set_reading(write.on(), upload.id, &fields.kind, mapping).await?;
    jobs::ask(write.on(), Work::Check, &slug, Some(id), Some(who.person()?), state.now()).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&format!("{}uploads/{id}", address(&slug, &code))).into_response())
}

/// What is asked of a file needs its bytes.
fn there(upload: &Upload) -> Result<(), Failed> {
    match upload.bytes_gone_at {
        None => Ok(()),
        Some(_) => Err(Failed::Conflict(Text::new(
            "Tệp gốc đã được xoá theo thời hạn lưu. Nếu còn cần, hãy gửi lại tệp.",
            "The file was removed: it was older than files are kept. Send it again if it is needed.",
        ))),
    }
}

pub(crate) fn already() -> Failed {
    Failed::Conflict(Text::new(
        "Tệp này đã sang bước khác (có thể do người khác vừa làm). Hãy tải lại trang.",
        "This file has moved on (perhaps somebody else was quicker). Load the page again.",
    ))
}

#[derive(Deserialize)]
pub(crate) struct Loading {
    #[serde(default)]
    reason: String,
    /// Records that somebody else changed meanwhile are changed all the same.
    #[serde(default)]
    over: String,
}

/// Has the file loaded.
pub(crate) async fn load(
    With(state): With<State>,
    who: Who,
    Path((slug, code, id)): Path<(String, String, i64)>,
    Posted(fields): Posted<Loading>,
) -> Answer {
    let upload = find(&state, &slug, &code, id).await?;
    there(&upload)?;
    let preview: Option<Preview> = upload.result.as_ref().and_then(|text| serde_json::from_str(text).ok());
    let reason = Some(fields.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let over = !fields.over.is_empty();
    let changes = |preview: &Preview| {
        preview.changed > 0 || over && preview.book.as_ref().is_some_and(|book| book.later() > 0)
    };
    if preview.as_ref().is_some_and(changes) && reason.is_none() {
        return Err(Failed::wrong(
            "Tệp này sửa bản ghi đã có: hãy ghi lý do sửa.",
            "This file changes records that are there: give the reason.",
        ));
    }
    let idle = |preview: &Preview| {
        let book = preview.book.as_ref();
        !over && preview.new + preview.changed == 0 && book.is_some_and(|book| book.nil.is_empty())
    };
    if preview.as_ref().is_some_and(idle) {
        return Err(Failed::wrong("Chưa chọn gì để nạp.", "Nothing was chosen to be loaded."));
    }
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    if !uploads::step(write.on(), id, &[Stage::Checked], Stage::Wanted).await? {
        return Err(already());
    }
    uploads::set_reason(write.on(), id, reason).await?;
    let mut nils = Vec::new();
    if let Some(mut preview) = preview
        && let Some(book) = &mut preview.book
    {
        book.over = over;
        nils.extend(book.nil.iter().map(|(kind, _)| kind.clone()));
        let text = serde_json::to_string(&preview).map_err(|error| Failed::Internal(error.to_string()))?;
        uploads::set_result(write.on(), id, None, text).await?;
    }
    for kind in nils {
        notices::nil(&state, &write, (&slug, &code), &kind, false).await?;
        let line = Line::new(now, Act::Nil, kind).by(person).of(&slug, Some(&code));
        trail::write(write.on(), line.on_behalf(upload.on_behalf.clone())).await?;
    }
    jobs::ask(write.on(), Work::Load, &slug, Some(id), Some(person), now).await?;
    let line =
        Line::new(now, Act::Load, upload.name).by(person).of(&slug, Some(&code)).on_behalf(upload.on_behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&format!("{}uploads/{id}", address(&slug, &code))).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Undoing {
    reason: String,
    #[serde(default)]
    behalf: String,
}

/// Has the upload taken back: what it replaced stands again.
pub(crate) async fn undo(
    With(state): With<State>,
    who: Who,
    Path((slug, code, id)): Path<(String, String, i64)>,
    Posted(fields): Posted<Undoing>,
) -> Answer {
    let upload = find(&state, &slug, &code, id).await?;
    let reason = fields.reason.trim();
    if reason.is_empty() {
        return Err(Failed::wrong("Hãy ghi lý do lấy lại.", "Give the reason for taking it back."));
    }
    let behalf = who.behalf(Doing::Bring, &slug, &code, &fields.behalf)?;
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    if !uploads::step(write.on(), id, &[Stage::Loaded], Stage::Unwanted).await? {
        return Err(already());
    }
    uploads::set_reason(write.on(), id, Some(reason.to_owned())).await?;
    jobs::ask(write.on(), Work::Undo, &slug, Some(id), Some(person), now).await?;
    let line = Line::new(now, Act::Undo, format!("{}: {reason}", upload.name))
        .by(person)
        .of(&slug, Some(&code))
        .on_behalf(behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&format!("{}uploads/{id}", address(&slug, &code))).into_response())
}

/// The rejected rows as a workbook, to be repaired and sent again.
pub(crate) async fn rejects(
    With(state): With<State>,
    Path((slug, code, id)): Path<(String, String, i64)>,
) -> Answer {
    let upload = find(&state, &slug, &code, id).await?;
    there(&upload)?;
    let preview: Option<Preview> = upload.result.as_ref().and_then(|text| serde_json::from_str(text).ok());
    let file = preview.and_then(|preview| preview.rejects_file).ok_or(Failed::NotFound)?;
    let bytes = kept::read(&state.files, &file).await?.ok_or(Failed::NotFound)?;
    let name = format!("dong-bi-tu-choi-{id}.xlsx");
    Ok(kept::saved(&name, kept::media(&name), bytes))
}
