//! Files kept by digest as answers: read where waiting is allowed, saved under a name or shown as the report that they are.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use crate::files::Files;
use crate::gate::OwnStyle;
use crate::html::encoded;

/// The bytes of a kept file; nothing where the digest is none.
///
/// # Errors
/// When the file cannot be read.
pub(crate) async fn read(files: &Files, sha256: &str) -> std::io::Result<Option<Vec<u8>>> {
    let Some(path) = files.path(sha256) else { return Ok(None) };
    let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
    Ok(Some(read.map_err(std::io::Error::other)??))
}

/// The media type of a form of a board, by the ending of its name.
pub(crate) fn media(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        Some("json") => "application/json",
        Some("parquet") => "application/vnd.apache.parquet",
        _ => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
}

/// A file to be saved under a name. The browser never shows it: whatever it is, it cannot act in the site's name.
pub(crate) fn saved(name: &str, media: &str, bytes: Vec<u8>) -> Response {
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || ".-".contains(letter) { letter } else { '-' })
        .collect();
    let shown = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", encoded(name));
    let headers = [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, shown)];
    (headers, bytes).into_response()
}

/// A form of a board that the program made: the report is shown, with its own style within itself and nothing else; the others
/// are saved.
pub(crate) fn form(name: &str, bytes: Vec<u8>) -> Response {
    if !name.ends_with(".html") {
        return saved(name, media(name), bytes);
    }
    let headers = [(header::CONTENT_TYPE, media(name)), (header::CONTENT_DISPOSITION, "inline")];
    let mut response = (headers, bytes).into_response();
    response.extensions_mut().insert(OwnStyle);
    response
}
