//! One record: read, written whole, withdrawn.

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Query, State as With};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::Text;
use giaouoc_store::tokens::Shown;
use giaouoc_store::trail::{self, Act, Line};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::caller::Caller;
use super::figures::{OWN, cluster, versioned};
use super::kinds::kind;
use super::problem::{Answer, Fault, Problem, faults};
use super::records::{may_read, values};
use super::{batch, jobs};
use crate::records::{Entering, Record, Withdrawing, ask};
use crate::state::State;

/// The greatest record, in bytes.
const GREATEST: usize = 1 << 20;

/// A record's address.
type Address = Path<(String, String, String)>;

fn absent() -> Problem {
    Problem::none(
        "Không có bản ghi này, hoặc đã rút; /versions có lịch sử.",
        "There is no such record, or it was withdrawn; /versions has its history.",
    )
}

async fn find(state: &State, slug: &str, kind: &'static Kind, key: &str) -> Result<Option<Record>, Problem> {
    let (slug, key) = (slug.to_owned(), key.to_owned());
    Ok(ask(state, move |records| records.find(&slug, &kind.id, &key)).await??)
}

/// A record as it stands now.
pub(crate) async fn get(
    With(state): With<State>,
    caller: Caller,
    Path((slug, id, key)): Address,
    headers: HeaderMap,
) -> Answer {
    let token = caller.token()?.token.clone();
    cluster(&state, &slug).await?;
    let kind = kind(&id)?;
    let record = find(&state, &slug, kind, &key).await?.filter(|record| may_read(&token, record));
    let record = record.ok_or_else(absent)?;
    let body = values(kind, &record).to_string();
    Ok(versioned(&headers, &record.version, OWN, "application/json", || Body::from(body)))
}

/// Every version of a record.
pub(crate) async fn versions(
    With(state): With<State>,
    caller: Caller,
    Path((slug, id, key)): Address,
) -> Answer {
    let token = caller.token()?.token.clone();
    cluster(&state, &slug).await?;
    let kind = kind(&id)?;
    let (asked, lang) = (key.clone(), caller.lang);
    let opened = ask(&state, move |records| records.open(&slug, &kind.id, &asked, lang)).await??;
    let opened = opened.filter(|opened| may_read(&token, &opened.record)).ok_or_else(absent)?;
    let both = |text: &Text| json!({ "vi": text.vi, "en": text.en });
    let versions = opened.versions.iter().map(|version| {
        let changes = version.changes.iter().map(|(column, before, after)| {
            json!({ "column": both(column), "before": both(before), "after": both(after) })
        });
        json!({
            "entry": version.entry,
            "said": both(&version.said),
            "changes": changes.collect::<Vec<_>>(),
        })
    });
    let body = json!({ "key": key, "versions": versions.collect::<Vec<_>>() });
    Ok(([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response())
}

/// The version that a header names: `None` where there is none, `Some(None)` for `*`.
fn named(headers: &HeaderMap, name: header::HeaderName) -> Result<Option<Option<String>>, Problem> {
    let Some(value) = headers.get(&name) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(Some(None));
    }
    let tag = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    match tag.filter(|tag| !tag.contains('"')) {
        Some(tag) => Ok(Some(Some(tag.to_owned()))),
        None => Err(Problem::new(
            "bad-request",
            format!("{name} là một ETag trong ngoặc kép, như lần đọc đã trả, hoặc *."),
            format!("{name} is one ETag in quotes, as reading gave it, or *."),
        )),
    }
}

/// The version that must stand, of what stands now.
fn expected(headers: &HeaderMap, stands: Option<&Record>) -> Result<Option<Option<String>>, Problem> {
    let newer = || Problem::from(crate::records::Trouble::Newer(stands.cloned().map(Box::new)));
    if let Some(unless) = named(headers, header::IF_NONE_MATCH)? {
        if unless.is_some() {
            return Err(Problem::new(
                "bad-request",
                "Khi ghi, If-None-Match chỉ có thể là *.",
                "With a write, If-None-Match can only be *.",
            ));
        }
        return if stands.is_some() { Err(newer()) } else { Ok(Some(None)) };
    }
    match named(headers, header::IF_MATCH)? {
        None => Ok(None),
        Some(None) => match stands {
            Some(record) => Ok(Some(Some(record.version.clone()))),
            None => Err(newer()),
        },
        Some(Some(version)) => Ok(Some(Some(version))),
    }
}

fn owned() -> Problem {
    Problem::new(
        "owned",
        "Bản ghi này do nơi khác cung cấp nên không sửa hay rút được ở đây; nếu chưa đúng, đơn vị nêu ý kiến ở trang của mình.",
        "This record is supplied by somebody else and cannot be changed here; a unit that finds it wrong contests it at its desk.",
    )
}

/// The line of a record for the journal: every column of the kind, so that what is not named is unknown.
fn line(kind: &Kind, key: &str, bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    let unreadable = |why: &str| {
        Problem::new(
            "bad-request",
            format!("Nội dung phải là một đối tượng JSON: {why}."),
            format!("The content must be a JSON object: {why}."),
        )
    };
    let sent: Value = serde_json::from_slice(bytes).map_err(|error| unreadable(&error.to_string()))?;
    let Value::Object(sent) = sent else { return Err(unreadable("{…}")) };
    let mut wrong = Vec::new();
    for (name, value) in &sent {
        match kind.column(name).map(|at| (at, kind.columns[at].personal)) {
            None => wrong.push(Fault::of(name, "không có cột này", "there is no such column")),
            Some((_, true)) => wrong.push(Fault::of(
                name,
                "cột dữ liệu cá nhân không nhận qua đây; hãy bỏ đi",
                "a personal column is not taken here; leave it out",
            )),
            Some((at, false)) if at == kind.key && value.as_str() != Some(key) => {
                wrong.push(Fault::of(name, "khác với mã trong địa chỉ", "is not the key of the address"));
            }
            Some(_) => {}
        }
    }
    if !wrong.is_empty() {
        return Err(not_accepted(wrong));
    }
    let columns = kind.columns.iter().enumerate().filter(|(_, column)| !column.personal);
    let whole = columns.map(|(at, column)| {
        let value =
            if at == kind.key { json!(key) } else { sent.get(&column.id).cloned().unwrap_or_default() };
        (column.id.clone(), value)
    });
    let mut line = Value::Object(whole.collect::<Map<_, _>>()).to_string().into_bytes();
    line.push(b'\n');
    Ok(line)
}

fn not_accepted(errors: Vec<Fault>) -> Problem {
    Problem::new(
        "not-accepted",
        "Bản ghi chưa nhận được; errors nêu từng cột. Chưa ghi gì.",
        "The record cannot be accepted; errors names each column. Nothing was written.",
    )
    .with(errors)
}

/// Writes a whole record.
pub(crate) async fn put(
    With(state): With<State>,
    caller: Caller,
    Path((slug, id, key)): Address,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let shown = caller.token()?.clone();
    cluster(&state, &slug).await?;
    let kind = kind(&id)?;
    if !batch::is(&headers, &["application/json"]) {
        return Err(batch::media("application/json"));
    }
    let bytes = to_bytes(body, GREATEST).await.map_err(|_| batch::too_large(GREATEST as u64))?;
    let row = line(kind, &key, &bytes)?;
    let stands = find(&state, &slug, kind, &key).await?;
    let others = |record: &Record| record.supplier != shown.token.unit;
    if stands.as_ref().is_some_and(others) {
        return Err(owned());
    }
    let expect = expected(&headers, stands.as_ref())?.map(|version| (key.clone(), version));
    let entering = Entering {
        cluster: slug.clone(),
        kind: kind.id.clone(),
        supplier: shown.token.unit.clone(),
        name: source(&shown),
        rows: row,
        by: Some(shown.maker.name.clone()),
        expect,
        whole: true,
        ..Entering::default()
    };
    let entered = ask(&state, move |records| records.enter(&entering)).await??;
    if let Some(rejected) = entered.rejected.first() {
        return match find(&state, &slug, kind, &key).await? {
            Some(record) if others(&record) => Err(owned()),
            _ => Err(not_accepted(faults(rejected))),
        };
    }
    if entered.entry.is_some() {
        let said = format!("{}: {} · {key}", kind.id, shown.token.name);
        changed(&state, &shown, Act::Pushed, &slug, said).await?;
    }
    let record = find(&state, &slug, kind, &key).await?.ok_or_else(absent)?;
    let status = if entered.new > 0 { StatusCode::CREATED } else { StatusCode::OK };
    let mut response =
        (status, [(header::CONTENT_TYPE, "application/json")], values(kind, &record).to_string())
            .into_response();
    tag(&mut response, &record);
    Ok(response)
}

fn tag(response: &mut Response, record: &Record) {
    let value = HeaderValue::from_str(&format!("\"{}\"", record.version)).ok();
    response.headers_mut().extend(value.map(|value| (header::ETAG, value)));
}

/// Where a record comes from, as the journal names it.
pub(crate) fn source(shown: &Shown) -> String {
    format!("api: {}", shown.token.name)
}

/// The line of the trail, and the measuring that a change asks for.
async fn changed(state: &State, shown: &Shown, act: Act, slug: &str, said: String) -> Result<i64, Problem> {
    let now = state.now();
    let write = state.store.write().await?;
    let line = Line::new(now, act, said).by(shown.token.person).of(slug, shown.token.unit.as_deref());
    trail::write(write.on(), line).await?;
    let job = jobs::measure(&write, slug, now).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(job)
}

/// Why a record is withdrawn.
#[derive(Deserialize)]
pub(crate) struct Why {
    reason: Option<String>,
}

/// Withdraws a record.
pub(crate) async fn delete(
    With(state): With<State>,
    caller: Caller,
    Path((slug, id, key)): Address,
    Query(why): Query<Why>,
    headers: HeaderMap,
) -> Answer {
    let shown = caller.token()?.clone();
    cluster(&state, &slug).await?;
    let kind = kind(&id)?;
    let reason: String = why.reason.as_deref().unwrap_or_default().trim().chars().take(500).collect();
    if reason.is_empty() {
        return Err(Problem::new(
            "not-accepted",
            "Rút một bản ghi phải có lý do: ?reason=…",
            "A withdrawal needs its reason: ?reason=…",
        ));
    }
    let stands = find(&state, &slug, kind, &key).await?.ok_or_else(absent)?;
    if stands.supplier != shown.token.unit {
        return Err(owned());
    }
    let seen = expected(&headers, Some(&stands))?.flatten();
    let withdrawing = Withdrawing {
        cluster: slug.clone(),
        kind: kind.id.clone(),
        supplier: shown.token.unit.clone(),
        key: key.clone(),
        version: seen.unwrap_or(stands.version),
        by: Some(shown.maker.name.clone()),
        reason,
    };
    ask(&state, move |records| records.withdraw(&withdrawing)).await??;
    let said = format!("{}: {} · {key}", kind.id, shown.token.name);
    changed(&state, &shown, Act::Withdrawn, &slug, said).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
