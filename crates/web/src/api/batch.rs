//! Many records in one request: one JSON object a line, kept on the disk while they come, written as one entry of the
//! journal, answered line by line.

use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::body::{Body, HttpBody as _};
use axum::extract::{Path, State as With};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use giaouoc_store::tokens::{self, Shown};
use giaouoc_store::trail::{self, Act, Line};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::caller::Caller;
use super::counter::Counter;
use super::figures::cluster;
use super::jobs;
use super::kinds::kind;
use super::one::source;
use super::problem::{Answer, Fault, Problem, faults};
use crate::files::Receiving;
use crate::html::digest;
use crate::records::{Entered, Entering, ask};
use crate::state::State;

/// The media types of lines of JSON.
const LINES: [&str; 3] = ["application/x-ndjson", "application/ndjson", "application/jsonl"];
/// Answers are said again for a week.
const KEPT: i64 = 7 * 24 * 3_600 * 1_000_000;
const AN_HOUR: i64 = 3_600 * 1_000_000;
/// When old answers were last forgotten.
static FORGOTTEN: AtomicI64 = AtomicI64::new(0);
/// The answer goes out in pieces of about so many bytes.
const PIECE: usize = 1 << 16;

/// Whether the content is of one of these media types.
pub(crate) fn is(headers: &HeaderMap, kinds: &[&str]) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let said = said.split(';').next().unwrap_or_default().trim();
    kinds.iter().any(|kind| said.eq_ignore_ascii_case(kind))
}

/// The content is of another media type than this.
pub(crate) fn media(kind: &str) -> Problem {
    Problem::new(
        "media-type",
        format!("Hãy gửi với Content-Type: {kind}."),
        format!("Send it with Content-Type: {kind}."),
    )
}

/// The content is greater than so many bytes.
pub(crate) fn too_large(limit: u64) -> Problem {
    Problem::new(
        "too-large",
        format!("Nội dung vượt {limit} byte. Hãy chia thành nhiều yêu cầu; chưa ghi gì."),
        format!("The content is over {limit} bytes. Split it into several requests; nothing was written."),
    )
}

/// What came of a batch: enough to answer it again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Outcome {
    /// Lines.
    lines: u64,
    /// Lines with nothing on them: they are no rows and get no answer.
    blank: Vec<u64>,
    /// The entry; nothing when there was nothing to write.
    entry: Option<u64>,
    new: u64,
    changed: u64,
    unchanged: u64,
    /// Rejected lines with their problems (JSON).
    rejected: Vec<(u64, String)>,
    /// Columns from which nothing was taken.
    ignored: Vec<String>,
    /// The measuring that was asked for.
    job: Option<i64>,
}

/// Takes records.
pub(crate) async fn post(
    With(state): With<State>,
    caller: Caller,
    Path((slug, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let shown = caller.token()?.clone();
    cluster(&state, &slug).await?;
    let kind = kind(&id)?;
    if !is(&headers, &LINES) {
        return Err(media(LINES[0]));
    }
    let key = key(&headers)?;
    let (receiving, counter) = receive(&state, body).await?;
    let request = digest(&format!("{slug}\n{id}\n{}", receiving.digest()));
    // One at a time with the same key: the second one is told to come again and finds the answer.
    let _busy = match &key {
        Some(key) => Some(Busy::of(shown.token.id, key)?),
        None => None,
    };
    if let Some(key) = &key
        && let Some((before, answer)) = tokens::answered(state.store.read(), shown.token.id, key).await?
    {
        if before != request {
            return Err(Problem::new(
                "not-accepted",
                "Idempotency-Key này đã dùng cho nội dung khác. Mỗi lô một khoá mới; chưa ghi gì.",
                "This Idempotency-Key was used for other content. A new key for each batch; nothing was written.",
            ));
        }
        let outcome = serde_json::from_str(&answer).map_err(|error| Problem::internal(error.to_string()))?;
        return Ok(answered(outcome));
    }
    let outcome = enter(&state, &shown, (&slug, &kind.id), &receiving, counter).await?;
    let outcome = kept(&state, &shown, &slug, &kind.id, key.map(|key| (key, request)), outcome).await?;
    Ok(answered(outcome))
}

/// The key by which a batch is known again.
fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() || text.len() > 200 {
        return Err(Problem::new(
            "bad-request",
            "Idempotency-Key có từ 1 đến 200 ký tự ASCII.",
            "An Idempotency-Key has 1 to 200 ASCII characters.",
        ));
    }
    Ok(Some(text.to_owned()))
}

/// Keeps the content on the disk while it comes.
async fn receive(state: &State, body: Body) -> Result<(Receiving, Counter), Problem> {
    let limit = state.site.upload_limit;
    if body.size_hint().lower() > limit {
        return Err(too_large(limit));
    }
    let mut receiving = state.files.receive(&state.secret())?;
    let mut counter = Counter::default();
    let mut pieces = body.into_data_stream();
    while let Some(piece) = futures_util::StreamExt::next(&mut pieces).await {
        let piece = piece.map_err(|error| {
            Problem::new(
                "bad-request",
                format!("Nội dung không đến đủ: {error}. Chưa ghi gì."),
                format!("The content did not come whole: {error}. Nothing was written."),
            )
        })?;
        receiving.add(&piece)?;
        counter.add(&piece);
        if receiving.bytes() > limit {
            return Err(too_large(limit));
        }
    }
    counter.finish();
    if let Some(line) = counter.broken {
        return Err(Problem::new(
            "not-accepted",
            format!("Dòng {line} không phải UTF-8. Hãy ghi JSON bằng UTF-8; chưa ghi gì."),
            format!("Line {line} is not UTF-8. Write JSON in UTF-8; nothing was written."),
        ));
    }
    // The journal would read a table or a workbook as well, but then lines are not rows.
    if counter.first != Some(b'{') {
        return Err(Problem::new(
            "not-accepted",
            "Mỗi dòng phải là một đối tượng JSON: {…}. Chưa ghi gì.",
            "Each line must be a JSON object: {…}. Nothing was written.",
        ));
    }
    Ok((receiving, counter))
}

async fn enter(
    state: &State,
    shown: &Shown,
    (slug, kind): (&str, &str),
    receiving: &Receiving,
    counter: Counter,
) -> Result<Outcome, Problem> {
    let entering = Entering {
        cluster: slug.to_owned(),
        kind: kind.to_owned(),
        supplier: shown.token.unit.clone(),
        name: source(shown),
        file: Some(receiving.path().to_owned()),
        by: Some(shown.maker.name.clone()),
        ..Entering::default()
    };
    let Entered { entry, new, changed, unchanged, rejected, ignored } =
        ask(state, move |records| records.enter(&entering)).await??;
    let problems = |row| {
        let faults: Vec<Fault> = faults(row);
        serde_json::to_string(&faults).unwrap_or_default()
    };
    let mut rejected: Vec<(u64, String)> = rejected.iter().map(|row| (row.row, problems(row))).collect();
    rejected.sort_by_key(|(row, _)| *row);
    let Counter { lines, blank, .. } = counter;
    Ok(Outcome { lines, blank, entry, new, changed, unchanged, rejected, ignored, job: None })
}

/// The line of the trail, the answer for when it is asked again, the measuring: together, or not at all.
async fn kept(
    state: &State,
    shown: &Shown,
    slug: &str,
    kind: &str,
    asked: Option<(String, String)>,
    mut outcome: Outcome,
) -> Result<Outcome, Problem> {
    if asked.is_none() && outcome.entry.is_none() {
        return Ok(outcome);
    }
    let now = state.now();
    let write = state.store.write().await?;
    if outcome.entry.is_some() {
        let said = format!("{kind}: {} · {}", shown.token.name, outcome.new + outcome.changed);
        let line =
            Line::new(now, Act::Pushed, said).by(shown.token.person).of(slug, shown.token.unit.as_deref());
        trail::write(write.on(), line).await?;
        outcome.job = Some(jobs::measure(&write, slug, now).await?);
    }
    if let Some((key, request)) = asked {
        let answer = serde_json::to_string(&outcome).map_err(|error| Problem::internal(error.to_string()))?;
        tokens::keep_answer(write.on(), shown.token.id, &key, (&request, answer), now).await?;
        // Now and then: the table is gone through from end to end.
        if now - FORGOTTEN.load(Ordering::Relaxed) > AN_HOUR {
            FORGOTTEN.store(now, Ordering::Relaxed);
            tokens::forget_answers(write.on(), now - KEPT).await?;
        }
    }
    write.commit().await?;
    state.wake.notify_one();
    Ok(outcome)
}

/// The answer: a line for each row in order, then the sums.
fn answered(outcome: Outcome) -> Response {
    let sums = json!({
        "rows": outcome.lines - outcome.blank.len() as u64,
        "accepted": outcome.new + outcome.changed + outcome.unchanged,
        "rejected": outcome.rejected.len(),
        "new": outcome.new,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "ignored": outcome.ignored,
        "entry": outcome.entry,
        "job": outcome.job,
    });
    let mut rejected = outcome.rejected.into_iter().peekable();
    let mut blank = outcome.blank.into_iter().peekable();
    let (mut row, lines, mut over) = (0, outcome.lines, false);
    let pieces = std::iter::from_fn(move || {
        if over {
            return None;
        }
        let mut piece = String::with_capacity(PIECE + 512);
        while row < lines && piece.len() < PIECE {
            row += 1;
            if blank.next_if_eq(&row).is_some() {
                continue;
            }
            match rejected.next_if(|(at, _)| *at == row) {
                None => piece.push_str(&format!("{{\"row\":{row},\"status\":\"accepted\"}}\n")),
                Some((_, problems)) => piece.push_str(&format!(
                    "{{\"row\":{row},\"status\":\"rejected\",\"problems\":{problems}}}\n"
                )),
            }
        }
        if row == lines {
            over = true;
            piece.push_str(&format!("{sums}\n"));
        }
        Some(Ok::<_, std::convert::Infallible>(piece))
    });
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    ([(header::CONTENT_TYPE, LINES[0])], body).into_response()
}

/// Batches that are being worked on, by token and key.
static BUSY: LazyLock<Mutex<HashSet<(i64, String)>>> = LazyLock::new(Mutex::default);

/// A batch that is being worked on.
struct Busy((i64, String));

impl Busy {
    fn of(token: i64, key: &str) -> Result<Self, Problem> {
        let of = (token, key.to_owned());
        if BUSY.lock().unwrap_or_else(PoisonError::into_inner).insert(of.clone()) {
            return Ok(Self(of));
        }
        Err(Problem::new(
            "in-progress",
            "Lô với Idempotency-Key này đang được ghi. Hãy chờ rồi gửi lại để nhận kết quả.",
            "The batch with this Idempotency-Key is being written. Wait, then send it again for the answer.",
        )
        .header(header::RETRY_AFTER, "1"))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        BUSY.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}
