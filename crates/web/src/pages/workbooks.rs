//! Workbooks to take home: the template of a kind, and the unit's own workbook with what is known filled in.

use axum::extract::{Path, State as With};
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::Text;

use super::cluster;
use crate::error::{Answer, Failed};
use crate::kept;
use crate::state::State;
use crate::who::Who;
use crate::workbooks::Workbooks;

/// Has a workbook made where waiting is allowed.
pub(crate) async fn made(
    state: &State,
    make: impl FnOnce(&dyn Workbooks) -> Result<Vec<u8>, Text> + Send + 'static,
) -> Result<Vec<u8>, Failed> {
    let port = state.workbooks.clone();
    let made = tokio::task::spawn_blocking(move || port.get().map(make)).await;
    match made.map_err(|error| Failed::Internal(error.to_string()))? {
        None => Err(Failed::NotFound),
        Some(Ok(bytes)) => Ok(bytes),
        Some(Err(text)) => Err(Failed::Conflict(text)),
    }
}

/// The template of a kind: `dialogue.xlsx`.
pub(crate) async fn template(
    With(state): With<State>,
    who: Who,
    Path((slug, code, file)): Path<(String, String, String)>,
) -> Answer {
    cluster(&state, &slug).await?;
    let id = file.strip_suffix(".xlsx").unwrap_or_default();
    let kind = kinds::builtin().iter().find(|kind| kind.id == id).ok_or(Failed::NotFound)?;
    let (_, sheet) = state.newest(&slug).await?.ok_or(Failed::NotFound)?;
    sheet.unit(&code).ok_or(Failed::NotFound)?;
    let (lang, name) = (who.lang, format!("{} {code}.xlsx", kind.name.get(who.lang)));
    let bytes = made(&state, move |port| port.template(&slug, &code, &kind.id, lang)).await?;
    Ok(kept::saved(&name, kept::media(&name), bytes))
}

/// The unit's workbook.
pub(crate) async fn prefilled(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
) -> Answer {
    cluster(&state, &slug).await?;
    let (_, sheet) = state.newest(&slug).await?.ok_or(Failed::NotFound)?;
    let (_, unit) = sheet.unit(&code).ok_or(Failed::NotFound)?;
    let (lang, name) = (who.lang, format!("{} {}.xlsx", unit.short.get(who.lang), sheet.year));
    let bytes = made(&state, move |port| port.prefilled(&slug, &code, &sheet, lang)).await?;
    Ok(kept::saved(&name, kept::media(&name), bytes))
}
