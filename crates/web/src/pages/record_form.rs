//! A record by form: a new one, or a correction with its reason. The form comes from the kind; whatever is wrong, what was filled in
//! stays in it, and two people who correct the same record see each other's work.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State as With};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::drafts::{self, Draft};
use giaouoc_store::evidence;
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::trail::{self, Act, Line};
use serde::{Deserialize, Serialize};

use super::desk::address;
use super::record_fields::{Filling, Showing, edited, page};
use super::records::{kind, ours, record_address};
use crate::access::Doing;
use crate::error::{Answer, Failed};
use crate::form::{Filled, Posted};
use crate::records::{self, Entering, Filter, Near, Record, Trouble};
use crate::state::State;
use crate::who::Who;

/// How the journal names what came by a form.
const FORM: &str = "biểu mẫu";
/// Keys that are looked at to suggest the next one.
const KEYS: usize = 1000;

/// What a draft keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Begun {
    /// What stands in the fields, by column.
    pub values: BTreeMap<String, String>,
    /// What stood in them at first.
    pub was: BTreeMap<String, String>,
    /// The version that was seen.
    pub version: Option<String>,
    /// Why it is corrected.
    pub reason: String,
    /// Files that were kept.
    pub files: Vec<File>,
}

/// A file that was kept with a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct File {
    pub sha256: String,
    pub name: String,
    pub media: String,
    pub bytes: i64,
}

#[derive(Deserialize)]
pub(crate) struct From {
    draft: Option<i64>,
}

/// The draft of an address, if it is this person's and of this form.
async fn begun(
    state: &State,
    who: &Who,
    id: Option<i64>,
    (slug, code, kind, key): (&str, &str, &Kind, &str),
) -> Result<Option<(i64, Begun)>, Failed> {
    let Some(id) = id else { return Ok(None) };
    let found = drafts::get(state.store.read(), id, who.person()?).await?;
    let right = |draft: &Draft| {
        (draft.cluster.as_str(), draft.unit.as_str(), draft.kind.as_str(), draft.record.as_str())
            == (slug, code, kind.id.as_str(), key)
    };
    let begun = found.filter(right).and_then(|draft| serde_json::from_str(&draft.fields).ok());
    Ok(begun.map(|begun| (id, begun)))
}

/// The key after the last one that the unit has given, such as `DT-03` after `DT-02`.
async fn next_key(state: &State, slug: &str, code: &str, kind: &Kind) -> Result<String, Failed> {
    let filter = Filter { supplier: Some(code.to_owned()), most: KEYS, ..Filter::default() };
    let (slug, id) = (slug.to_owned(), kind.id.clone());
    let listing = records::ask(state, move |records| records.list(&slug, &id, &filter)).await??;
    let keys: Vec<&str> = listing.records.iter().map(|record| record.key.as_str()).collect();
    Ok(after(&keys).unwrap_or_else(|| format!("{code}-{}-01", kind.id)))
}

/// The key after the last of these that ends in a number, with as many digits.
fn after(keys: &[&str]) -> Option<String> {
    let numbered = |key: &&&str| key.ends_with(|last: char| last.is_ascii_digit());
    let last = keys.iter().rev().find(numbered)?;
    let stem = last.trim_end_matches(|digit: char| digit.is_ascii_digit());
    let digits = &last[stem.len()..];
    let mut number: u64 = digits.parse().ok()?;
    loop {
        number = number.checked_add(1)?;
        let next = format!("{stem}{number:0width$}", width = digits.len());
        if !keys.contains(&next.as_str()) {
            return Some(next);
        }
    }
}

/// A blank form, or a draft of one.
pub(crate) async fn new(
    With(state): With<State>,
    who: Who,
    Path((slug, code, kind_id)): Path<(String, String, String)>,
    Query(from): Query<From>,
) -> Answer {
    let kind = kind(&kind_id)?;
    let mut filling = Filling::new(kind, None);
    match begun(&state, &who, from.draft, (&slug, &code, kind, "")).await? {
        Some((id, begun)) => filling.begin(id, begun),
        None => {
            filling.begun.values.insert(kind.columns[kind.unit].id.clone(), code.clone());
            let key = next_key(&state, &slug, &code, kind).await?;
            filling.begun.values.insert(kind.columns[kind.key].id.clone(), key);
        }
    }
    page(&state, &who, &slug, &code, filling, Showing::default()).await
}

type At = (String, String, String, String);

/// The record of an address, which this unit supplies.
async fn own(state: &State, slug: &str, code: &str, kind: &Kind, key: &str) -> Result<Record, Failed> {
    let (slug, id, key) = (slug.to_owned(), kind.id.clone(), key.to_owned());
    let found = records::ask(state, move |records| records.find(&slug, &id, &key)).await??;
    let found = found.filter(|record| ours(record, code)).ok_or(Failed::NotFound)?;
    if found.supplier.as_deref() == Some(code) { Ok(found) } else { Err(Failed::Forbidden) }
}

/// The form of a record as it stands, or a draft of its correction.
pub(crate) async fn edit(
    With(state): With<State>,
    who: Who,
    Path((slug, code, kind_id, key)): Path<At>,
    Query(from): Query<From>,
) -> Answer {
    let kind = kind(&kind_id)?;
    let record = own(&state, &slug, &code, kind, &key).await?;
    let mut filling = Filling::new(kind, Some(&record));
    if let Some((id, begun)) = begun(&state, &who, from.draft, (&slug, &code, kind, &key)).await? {
        filling.begin(id, begun);
    }
    page(&state, &who, &slug, &code, filling, Showing::default()).await
}

/// Enters a new record.
pub(crate) async fn save(
    With(state): With<State>,
    who: Who,
    Path((slug, code, kind_id)): Path<(String, String, String)>,
    form: Filled,
) -> Answer {
    let kind = kind(&kind_id)?;
    submit(&state, &who, (&slug, &code, kind, None), form).await
}

/// Corrects a record.
pub(crate) async fn correct(
    With(state): With<State>,
    who: Who,
    Path((slug, code, kind_id, key)): Path<At>,
    form: Filled,
) -> Answer {
    let kind = kind(&kind_id)?;
    submit(&state, &who, (&slug, &code, kind, Some(&key)), form).await
}

/// A reason with what a deed on behalf of the unit rests on.
pub(crate) fn with_behalf(reason: Option<String>, behalf: Option<&str>) -> Option<String> {
    match (reason, behalf) {
        (reason, None) => reason,
        (None, Some(behalf)) => Some(format!("thay đơn vị, căn cứ {behalf}")),
        (Some(reason), Some(behalf)) => Some(format!("{reason} (thay đơn vị, căn cứ {behalf})")),
    }
}

type Where<'a> = (&'a str, &'a str, &'static Kind, Option<&'a str>);

async fn submit(state: &State, who: &Who, at: Where<'_>, form: Filled) -> Answer {
    let (slug, code, kind, key) = at;
    let person = who.person()?;
    let mut filling = Filling::of_form(kind, key, &form);
    // Files of an earlier try are with the draft.
    let id = form.field("draft").parse().ok();
    if let Some((id, earlier)) = begun(state, who, id, (slug, code, kind, key.unwrap_or_default())).await? {
        filling.draft = Some(id);
        filling.begun.files = earlier.files;
    }
    filling.begun.files.extend(form.files.iter().map(|new| File {
        sha256: new.sha256.clone(),
        name: new.name.clone(),
        media: new.media.clone(),
        bytes: new.bytes,
    }));
    let mut showing = Showing { notices: form.refused.clone(), ..Showing::default() };
    if form.field("action") == "draft" {
        keep(state, person, at, &mut filling).await?;
        showing.kept = true;
        return page(state, who, slug, code, filling, showing).await;
    }
    let behalf = match who.behalf(Doing::Bring, slug, code, form.field("behalf")) {
        Ok(behalf) => behalf,
        Err(Failed::Wrong(text)) => {
            showing.notices.push(text);
            None
        }
        Err(failed) => return Err(failed),
    };
    let changed = edited(&filling.begun);
    if key.is_some() && changed && filling.begun.reason.is_empty() {
        showing.notices.push(Text::new(
            "Hãy ghi lý do sửa: nó đứng trong lịch sử của bản ghi.",
            "Give the reason of the correction: it stands in the record's history.",
        ));
    }
    if !showing.notices.is_empty() {
        return again(state, who, at, filling, showing, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    if key.is_none() && form.field("sure").is_empty() {
        showing.near = alike(state, slug, kind, &filling.begun.values).await?;
        if !showing.near.is_empty() {
            return again(state, who, at, filling, showing, StatusCode::OK).await;
        }
    }
    let record = filling.key();
    if changed {
        let entering = Entering {
            cluster: slug.to_owned(),
            kind: kind.id.clone(),
            supplier: Some(code.to_owned()),
            name: FORM.to_owned(),
            rows: filling.row().map_err(|error| Failed::Internal(error.to_string()))?,
            by: who.name(),
            reason: with_behalf(
                Some(filling.begun.reason.clone()).filter(|reason| !reason.is_empty()),
                behalf.as_deref(),
            ),
            expect: Some((record.clone(), filling.begun.version.clone())),
            whole: true,
            ..Entering::default()
        };
        match records::ask(state, move |records| records.enter(&entering)).await? {
            Ok(entered) if entered.rejected.is_empty() => {}
            Ok(entered) => {
                showing.rejected = entered.rejected;
                return again(state, who, at, filling, showing, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            Err(Trouble::Newer(stands)) => {
                filling.meet(stands.as_deref(), &state.zone, &mut showing);
                return again(state, who, at, filling, showing, StatusCode::CONFLICT).await;
            }
            Err(Trouble::Wrong(text)) => {
                showing.notices.push(text);
                return again(state, who, at, filling, showing, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            Err(trouble) => return Err(trouble.into()),
        }
    }
    let now = state.now();
    let write = state.store.write().await?;
    for file in &filling.begun.files {
        let new = evidence::New {
            sha256: file.sha256.clone(),
            name: file.name.clone(),
            media: file.media.clone(),
            bytes: file.bytes,
        };
        evidence::add(write.on(), (slug, &kind.id, &record), code, new, person, now).await?;
    }
    if let Some(draft) = filling.draft {
        drafts::forget(write.on(), draft, person).await?;
    }
    let act = if key.is_some() { Act::Correct } else { Act::Record };
    let line = Line::new(now, act, format!("{} {record}", kind.id));
    trail::write(write.on(), line.by(person).of(slug, Some(code)).on_behalf(behalf)).await?;
    if changed {
        jobs::ask(write.on(), Work::Measure, slug, None, None, now).await?;
    }
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&record_address(slug, code, &kind.id, &record)).into_response())
}

/// The form once more, with what is wrong. Files that came with it are kept with a draft.
async fn again(
    state: &State,
    who: &Who,
    at: Where<'_>,
    mut filling: Filling,
    showing: Showing,
    status: StatusCode,
) -> Answer {
    if !filling.begun.files.is_empty() {
        keep(state, who.person()?, at, &mut filling).await?;
    }
    let shown: Response = page(state, who, at.0, at.1, filling, showing).await?;
    Ok((status, shown).into_response())
}

/// Keeps the form as a draft.
async fn keep(state: &State, person: i64, at: Where<'_>, filling: &mut Filling) -> Result<(), Failed> {
    let (slug, code, kind, key) = at;
    let fields =
        serde_json::to_string(&filling.begun).map_err(|error| Failed::Internal(error.to_string()))?;
    let draft = Draft {
        id: filling.draft.unwrap_or(0),
        cluster: slug.to_owned(),
        unit: code.to_owned(),
        kind: kind.id.clone(),
        record: key.unwrap_or_default().to_owned(),
        person,
        fields,
        at: state.now(),
    };
    let write = state.store.write().await?;
    filling.draft = Some(drafts::keep(write.on(), draft).await?);
    write.commit().await?;
    Ok(())
}

async fn alike(
    state: &State,
    slug: &str,
    kind: &Kind,
    values: &BTreeMap<String, String>,
) -> Result<Vec<Near>, Failed> {
    let fields: Vec<(String, String)> =
        values.iter().map(|(column, text)| (column.clone(), text.clone())).collect();
    let (slug, id) = (slug.to_owned(), kind.id.clone());
    Ok(records::ask(state, move |records| records.near(&slug, &id, &fields)).await??)
}

/// Records that may be the same, while somebody is typing: lines for the page's script.
pub(crate) async fn near(
    With(state): With<State>,
    who: Who,
    Path((slug, code, kind_id)): Path<(String, String, String)>,
    form: Filled,
) -> Answer {
    let kind = kind(&kind_id)?;
    let filling = Filling::of_form(kind, None, &form);
    let near = alike(&state, &slug, kind, &filling.begun.values).await?;
    let lines: Vec<_> = near
        .into_iter()
        .map(|near| {
            let mine = ours(&near.record, &code);
            let href = mine.then(|| record_address(&slug, &code, &kind.id, &near.record.key));
            serde_json::json!({ "key": near.record.key, "why": near.why.get(who.lang), "href": href })
        })
        .collect();
    let text = serde_json::to_string(&lines).map_err(|error| Failed::Internal(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Throws a draft away.
pub(crate) async fn forget(
    With(state): With<State>,
    who: Who,
    Path((slug, code, draft)): Path<(String, String, i64)>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    drafts::forget(state.store.read(), draft, who.person()?).await?;
    Ok(Redirect::to(&format!("{}#kinds", address(&slug, &code))).into_response())
}

/// The drafts of a person at a desk: address of the form, what it is, its number.
pub(crate) async fn begun_at(
    state: &State,
    who: &Who,
    slug: &str,
    code: &str,
) -> Result<Vec<(String, String, i64)>, Failed> {
    let found = drafts::of(state.store.read(), slug, code, who.person()?).await?;
    let known = found.into_iter().filter_map(|draft| Some((kind(&draft.kind).ok()?, draft)));
    Ok(known
        .map(|(kind, draft)| {
            let form = match draft.record.as_str() {
                "" => format!("{}new", super::records::list_address(slug, code, &kind.id)),
                key => format!("{}edit", record_address(slug, code, &kind.id, key)),
            };
            let at = crate::when::shown(draft.at, &state.zone, who.lang);
            let name = kind.name.get(who.lang);
            let what = match (draft.record.as_str(), who.lang) {
                ("", Lang::Vi) => format!("{name}, bản ghi mới, lưu lúc {at}"),
                ("", Lang::En) => format!("{name}, a new record, kept at {at}"),
                (key, Lang::Vi) => format!("{name} {key}, lưu lúc {at}"),
                (key, Lang::En) => format!("{name} {key}, kept at {at}"),
            };
            (format!("{form}?draft={}", draft.id), what, draft.id)
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_key_goes_on_from_the_last_one() {
        assert_eq!(after(&["DT-01", "DT-02"]).as_deref(), Some("DT-03"));
        assert_eq!(after(&["BB/2020-09", "BB/2020-10", "x"]).as_deref(), Some("BB/2020-11"));
        // One that is taken is passed over.
        assert_eq!(after(&["a2", "a3", "a2"]).as_deref(), Some("a4"));
        assert_eq!(after(&["a9"]).as_deref(), Some("a10"));
        assert_eq!(after(&["none", ""]), None);
        assert_eq!(after(&["99999999999999999999999"]), None);
    }
}
