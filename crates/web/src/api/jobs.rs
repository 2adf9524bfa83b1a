//! Jobs, for the tokens of their cluster.

use axum::extract::{Path, State as With};
use axum::http::header;
use axum::response::IntoResponse as _;
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::{Micros, Write};
use serde_json::json;

use super::caller::Caller;
use super::problem::{Answer, Problem};
use crate::state::State;

/// Asks for the scoreboard to be measured again; within the transaction of whoever changes what it rests on.
pub(crate) async fn measure(write: &Write, cluster: &str, now: Micros) -> giaouoc_store::Result<i64> {
    jobs::ask(write.on(), Work::Measure, cluster, None, None, now).await
}

/// A job.
pub(crate) async fn get(With(state): With<State>, caller: Caller, Path(id): Path<String>) -> Answer {
    let token = &caller.token()?.token;
    let none = || Problem::none("Cụm của mã này không có việc đó.", "The token's cluster has no such job.");
    let id: i64 = id.parse().map_err(|_| none())?;
    let job = jobs::get(state.store.read(), id).await?.filter(|job| job.cluster == token.cluster);
    // What others do with files is theirs; measuring and publishing are everybody's.
    let seen = |job: &jobs::Job| {
        token.unit.is_none()
            || matches!(job.work, Work::Measure | Work::Publish)
            || job.person == Some(token.person)
    };
    let job = job.filter(seen).ok_or_else(none)?;
    let body = json!({
        "id": job.id,
        "work": job.work.word(),
        "state": job.state.word(),
        "done": job.done,
        "total": job.total,
        "error": job.error.map(|(vi, en)| json!({ "vi": vi, "en": en })),
    });
    Ok(([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response())
}
