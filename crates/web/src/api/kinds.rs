//! The kinds of records, and what a record of each looks like.

use axum::body::Body;
use axum::extract::{Path, State as With};
use axum::http::HeaderMap;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use serde_json::json;

use super::figures::{public, versioned};
use super::problem::{Answer, Problem};
use super::schema;
use crate::state::State;

/// The kind of an address.
pub(crate) fn kind(id: &str) -> Result<&'static Kind, Problem> {
    let found = kinds::builtin().iter().find(|kind| kind.id == id);
    found.ok_or_else(|| {
        Problem::none(
            "Không có loại dữ liệu này; danh sách ở /api/v1/kinds.",
            "There is no such kind of record; /api/v1/kinds has them.",
        )
    })
}

/// All of them.
pub(crate) async fn all(headers: HeaderMap) -> Answer {
    let list = kinds::builtin().iter().map(|kind| {
        json!({
            "id": kind.id,
            "name": { "vi": kind.name.vi, "en": kind.name.en },
            "meaning": { "vi": kind.meaning.vi, "en": kind.meaning.en },
            "key": kind.columns[kind.key].id,
            "unit": kind.columns[kind.unit].id,
            "digest": kind.digest,
        })
    });
    Ok(public(&headers, &json!({ "kinds": list.collect::<Vec<_>>() })))
}

/// What a record of a kind looks like.
pub(crate) async fn one(With(state): With<State>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let kind = kind(&id)?;
    let schema = schema::of(kind, &state.site.url).to_string();
    let tag = crate::html::digest(&schema);
    Ok(versioned(&headers, &tag, "public, max-age=60", "application/schema+json", || Body::from(schema)))
}
