//! The style sheet and the script: ours, embedded, under names that change with what is in them.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse as _;

use crate::error::{Answer, Failed};
use crate::html::digest;

/// The report's style sheet and the site's own after it.
static SHEET: LazyLock<String> =
    LazyLock::new(|| format!("{}\n{}", giaouoc_report::style::SHEET, include_str!("site.css")));
const SCRIPT: &str = concat!(include_str!("site.js"), include_str!("passkey.js"));

/// The address of the style sheet.
pub(crate) static SHEET_AT: LazyLock<String> =
    LazyLock::new(|| format!("/assets/{}.css", &digest(&SHEET)[..16]));
/// The address of the script.
pub(crate) static SCRIPT_AT: LazyLock<String> =
    LazyLock::new(|| format!("/assets/{}.js", &digest(SCRIPT)[..16]));
/// The address of the script that tries the API.
pub(crate) static API_AT: LazyLock<String> =
    LazyLock::new(|| format!("/assets/{}.js", &digest(crate::api::script())[..16]));

/// Gives one of them.
pub(crate) async fn get(Path(name): Path<String>) -> Answer {
    let asked = format!("/assets/{name}");
    let (kind, text) = if asked == *SHEET_AT {
        ("text/css; charset=utf-8", SHEET.as_str())
    } else if asked == *SCRIPT_AT {
        ("text/javascript; charset=utf-8", SCRIPT)
    } else if asked == *API_AT {
        ("text/javascript; charset=utf-8", crate::api::script())
    } else {
        return Err(Failed::NotFound);
    };
    let headers =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, text).into_response())
}
