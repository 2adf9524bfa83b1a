//! Clusters and their figures: those of releases for everybody, the provisional ones for tokens of the cluster.

use axum::body::Body;
use axum::extract::{Path, Query, State as With};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use giaouoc_store::releases::{self, Release};
use giaouoc_store::tokens::Scope;
use giaouoc_store::{boards, clusters};
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::Caller;
use super::problem::{Answer, Problem};
use crate::html::digest;
use crate::state::State;

/// What everybody may keep for a minute; a release that is named never changes.
const A_MINUTE: &str = "public, max-age=60";
const A_DAY: &str = "public, max-age=86400";
/// What is for one program, which may keep it and must ask whether it still holds.
pub(crate) const OWN: &str = "private, no-cache";

/// Whether a request has this version already.
pub(crate) fn has(headers: &HeaderMap, etag: &str) -> bool {
    let seen = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = seen.flat_map(|line| line.split(',')).map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// An answer with its version, or word that the request has it already.
pub(crate) fn versioned(
    asked: &HeaderMap,
    tag: &str,
    cache: &'static str,
    kind: &'static str,
    body: impl FnOnce() -> Body,
) -> Response {
    let etag = format!("\"{tag}\"");
    let same = has(asked, &etag);
    let mut response = if same {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, kind)], body()).into_response()
    };
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(&etag).ok().map(|value| (header::ETAG, value)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// JSON that everybody may keep for a minute.
pub(crate) fn public(asked: &HeaderMap, value: &Value) -> Response {
    let text = value.to_string();
    versioned(asked, &digest(&text), A_MINUTE, "application/json", || Body::from(text))
}

fn published(all: &[Release]) -> impl DoubleEndedIterator<Item = &Release> {
    all.iter().filter(|release| release.published_at.is_some() && release.board.is_some())
}

/// A moment in UTC, as RFC 3339 has it.
pub(crate) fn moment(at: giaouoc_store::Micros) -> String {
    jiff::Timestamp::from_microsecond(at).map(|at| at.to_string()).unwrap_or_default()
}

/// The clusters.
pub(crate) async fn clusters(With(state): With<State>, headers: HeaderMap) -> Answer {
    let mut list = Vec::new();
    for cluster in clusters::all(state.store.read()).await? {
        let all = releases::all(state.store.read(), &cluster.slug).await?;
        let releases = published(&all).map(|release| {
            json!({
                "number": release.number,
                "name": { "vi": release.name_vi, "en": release.name_en },
                "published_at": release.published_at.map(moment),
            })
        });
        list.push(json!({
            "id": cluster.slug,
            "name": { "vi": cluster.name_vi, "en": cluster.name_en },
            "year": cluster.year,
            "releases": releases.collect::<Vec<_>>(),
        }));
    }
    Ok(public(&headers, &json!({ "clusters": list })))
}

/// Which figures.
#[derive(Deserialize)]
pub(crate) struct Which {
    release: Option<String>,
}

/// The figures of a cluster.
pub(crate) async fn figures(
    With(state): With<State>,
    caller: Caller,
    Path(slug): Path<String>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Answer {
    cluster(&state, &slug).await?;
    let (board, cache) = match which.release.as_deref() {
        Some("now") => {
            caller.may(Scope::FiguresRead, Some(&slug))?;
            (boards::newest_id(state.store.read(), &slug).await?, OWN)
        }
        None => {
            let all = releases::all(state.store.read(), &slug).await?;
            (published(&all).next_back().and_then(|release| release.board), A_MINUTE)
        }
        Some(number) => {
            let number: i64 = number.parse().map_err(|_| {
                Problem::new(
                    "bad-request",
                    "release là số thứ tự kỳ công bố, hoặc now.",
                    "release is the number of a release, or now.",
                )
            })?;
            let release = releases::get(state.store.read(), &slug, number).await?;
            (
                release.filter(|release| release.published_at.is_some()).and_then(|release| release.board),
                A_DAY,
            )
        }
    };
    let none = || {
        Problem::none(
            "Kỳ này chưa công bố, hoặc chưa có số liệu nào. Danh sách kỳ ở /api/v1/clusters.",
            "This release is not published, or there are no figures yet. /api/v1/clusters has the releases.",
        )
    };
    let board = board.ok_or_else(none)?;
    let kept = boards::file(state.store.read(), board, "figures.json").await?.ok_or_else(none)?;
    if has(&headers, &format!("\"{kept}\"")) {
        return Ok(versioned(&headers, &kept, cache, "application/json", Body::empty));
    }
    let bytes = crate::kept::read(&state.files, &kept).await?.ok_or_else(none)?;
    Ok(versioned(&headers, &kept, cache, "application/json", || Body::from(bytes)))
}

/// The cluster of an address.
pub(crate) async fn cluster(state: &State, slug: &str) -> Result<clusters::Cluster, Problem> {
    let found = clusters::get(state.store.read(), slug).await?;
    found.ok_or_else(|| {
        Problem::none(
            "Không có cụm này; danh sách cụm ở /api/v1/clusters.",
            "There is no such cluster; /api/v1/clusters has them.",
        )
    })
}
