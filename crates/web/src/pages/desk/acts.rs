//! What is done at a desk: reports of no cases, confirming, contesting records and answering for them.

use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::Text;
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::releases::{self, Confirmation};
use giaouoc_store::trail::{self, Act, Line};
use serde::{Deserialize, Serialize};

use super::{address, at, may_answer};
use crate::access::Doing;
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::state::State;
use crate::who::Who;
use crate::{notices, when};

/// What a job about the bundle's texts is told.
#[derive(Debug, Serialize, Deserialize)]
pub struct NilRequest {
    /// The unit.
    pub unit: String,
    /// The kind.
    pub kind: String,
    /// The period's code.
    pub period: String,
    /// Who confirms, in words; nothing where it is only reported.
    pub confirmed_by: Option<String>,
    /// The day it was confirmed.
    pub confirmed_on: Option<String>,
    /// What it rests on.
    pub note: String,
    /// Who asked.
    pub by: String,
}

#[derive(Deserialize)]
pub(crate) struct NilFields {
    kind: String,
    #[serde(default)]
    behalf: String,
}

/// Reports that there were no cases.
pub(crate) async fn nil(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    Posted(fields): Posted<NilFields>,
) -> Answer {
    report_nil(&state, &who, &slug, &code, fields, false).await
}

/// Confirms it, as the unit's leader.
pub(crate) async fn nil_confirm(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    Posted(fields): Posted<NilFields>,
) -> Answer {
    report_nil(&state, &who, &slug, &code, fields, true).await
}

async fn report_nil(
    state: &State,
    who: &Who,
    slug: &str,
    code: &str,
    fields: NilFields,
    confirm: bool,
) -> Answer {
    let (_, sheet, place, _) = at(state, slug, code).await?;
    let kind = sheet.kinds.iter().find(|kind| kind.id == fields.kind).ok_or(Failed::NotFound)?;
    if kind.records.get(place).is_some_and(|records| *records > 0) {
        return Err(Failed::Conflict(Text::new(
            "Loại dữ liệu này đã có bản ghi của đơn vị nên không thể báo không phát sinh. Nếu bản ghi sai, hãy lấy lại tệp đã nạp.",
            "There are records of this kind for the unit, so it cannot be reported as no cases. If they are wrong, take the upload back.",
        )));
    }
    let doing = if confirm { Doing::Confirm } else { Doing::Bring };
    let behalf = who.behalf(doing, slug, code, &fields.behalf)?;
    let person = who.person()?;
    let name = who.known.as_ref().map(|known| known.person.name.clone()).unwrap_or_default();
    let now = state.now();
    let request = NilRequest {
        unit: code.to_owned(),
        kind: fields.kind.clone(),
        period: sheet.year.to_string(),
        // The role, never a name: the trail has who it was.
        confirmed_by: confirm.then(|| "Lãnh đạo đơn vị".to_owned()),
        confirmed_on: confirm.then(|| when::day_of(now, &state.zone)),
        note: behalf.clone().unwrap_or_default(),
        by: name,
    };
    let note = serde_json::to_string(&request).map_err(|error| Failed::Internal(error.to_string()))?;
    let write = state.store.write().await?;
    jobs::ask_with(write.on(), Work::Record, slug, note, Some(person), now).await?;
    notices::nil(state, &write, (slug, code), &fields.kind, confirm).await?;
    let line = Line::new(now, if confirm { Act::NilConfirm } else { Act::Nil }, fields.kind)
        .by(person)
        .of(slug, Some(code))
        .on_behalf(behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&address(slug, code)).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Confirming {
    release: i64,
    digest: String,
    #[serde(default)]
    behalf: String,
}

/// Confirms the unit's figures for a release: those that were on the page, not others that came since.
pub(crate) async fn confirm(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    Posted(fields): Posted<Confirming>,
) -> Answer {
    let (_, _, _, unit) = at(&state, &slug, &code).await?;
    if unit.digest != fields.digest {
        return Err(Failed::Conflict(Text::new(
            "Số liệu vừa đổi trong lúc bạn xem. Hãy quay lại, xem số liệu mới rồi xác nhận.",
            "The figures changed while you were looking. Go back, look at the new ones and confirm.",
        )));
    }
    let release = releases::get(state.store.read(), &slug, fields.release).await?.ok_or(Failed::NotFound)?;
    if release.published_at.is_some() {
        return Err(Failed::Conflict(Text::new(
            "Kỳ này đã công bố; hãy xác nhận cho kỳ sau.",
            "This release is published; confirm for the next one.",
        )));
    }
    let behalf = who.behalf(Doing::Confirm, &slug, &code, &fields.behalf)?;
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let new =
        Confirmation { unit: code.clone(), digest: unit.digest, person, on_behalf: behalf.clone(), at: now };
    releases::confirm(write.on(), release.id, new).await?;
    notices::done(&write, &notices::of_release(&slug, release.number, &code), now).await?;
    let line =
        Line::new(now, Act::Confirm, release.name_vi).by(person).of(&slug, Some(&code)).on_behalf(behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    Ok(Redirect::to(&address(&slug, &code)).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Contesting {
    #[serde(default)]
    supplier: String,
    kind: String,
    keys: String,
    reason: String,
    #[serde(default)]
    behalf: String,
}

/// Contests records that somebody else supplied.
pub(crate) async fn contest(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    Posted(fields): Posted<Contesting>,
) -> Answer {
    let (_, sheet, _, _) = at(&state, &slug, &code).await?;
    let supplier = Some(fields.supplier).filter(|supplier| !supplier.is_empty());
    if supplier.as_ref().is_some_and(|supplier| *supplier == code || sheet.unit(supplier).is_none())
        || !sheet.kinds.iter().any(|kind| kind.id == fields.kind)
    {
        return Err(Failed::wrong(
            "Hãy chọn loại dữ liệu và nơi đã cung cấp bản ghi (không phải chính đơn vị: bản ghi của mình thì gửi tệp sửa).",
            "Choose the kind and who supplied the records (not the unit itself: its own records are corrected by a file).",
        ));
    }
    let keys: Vec<&str> =
        fields.keys.split([',', ';', '\n']).map(str::trim).filter(|key| !key.is_empty()).collect();
    if keys.is_empty() || keys.len() > 500 || fields.reason.trim().is_empty() {
        return Err(Failed::wrong(
            "Hãy ghi mã các bản ghi (nhiều nhất 500) và lý do.",
            "Give the keys of the records (at most 500) and a reason.",
        ));
    }
    let behalf = who.behalf(Doing::Bring, &slug, &code, &fields.behalf)?;
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let new = releases::Contesting {
        cluster: slug.clone(),
        unit: code.clone(),
        supplier: supplier.clone(),
        kind: fields.kind.clone(),
        keys: keys.join("\n"),
        reason: fields.reason.trim().to_owned(),
        person,
    };
    let id = releases::contest(write.on(), new, now).await?;
    notices::contested(&state, &write, &slug, id, supplier.as_deref(), &fields.kind).await?;
    let line = Line::new(now, Act::Contest, fields.kind).by(person).of(&slug, Some(&code)).on_behalf(behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    Ok(Redirect::to(&format!("{}#contests", address(&slug, &code))).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Answering {
    contest: i64,
    reply: String,
    #[serde(default)]
    behalf: String,
}

/// Answers a contest, once.
pub(crate) async fn answer(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    Posted(fields): Posted<Answering>,
) -> Answer {
    at(&state, &slug, &code).await?;
    if fields.reply.trim().is_empty() {
        return Err(Failed::wrong("Hãy ghi câu trả lời.", "Write the answer."));
    }
    let contests = releases::contests(state.store.read(), &slug).await?;
    let contest = contests.iter().find(|contest| contest.id == fields.contest).ok_or(Failed::NotFound)?;
    if !may_answer(contest, &who, &slug, &code) {
        return Err(Failed::Forbidden);
    }
    let behalf = who.behalf(Doing::Bring, &slug, &code, &fields.behalf)?;
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    if !releases::answer(write.on(), &slug, fields.contest, fields.reply.trim(), person, now).await? {
        return Err(Failed::Conflict(Text::new("Đã có người trả lời.", "Somebody has answered already.")));
    }
    notices::answered(&state, &write, &slug, contest).await?;
    let line = Line::new(now, Act::Answer, fields.contest.to_string())
        .by(person)
        .of(&slug, Some(&contest.unit))
        .on_behalf(behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    Ok(Redirect::to(&format!("{}#contests", address(&slug, &code))).into_response())
}
