//! Columns chosen by hand at an upload: one choice for each header, made into a mapping.

use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::kinds;
use giaouoc_store::clusters;
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::uploads::{self, State as Stage};
use serde::Deserialize;

use super::desk::address;
use super::uploads::{already, find};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::preview::Preview;
use crate::state::State;
use crate::who::Who;

/// How dates may be written: what a mapping calls it, and the words for it.
pub(crate) const DATES: [(&str, &str, &str); 6] = [
    ("", "để chương trình nhận ra", "let the program find out"),
    ("dd/mm/yyyy", "ngày/tháng/năm", "day/month/year"),
    ("mm/dd/yyyy", "tháng/ngày/năm", "month/day/year"),
    ("iso", "năm-tháng-ngày", "year-month-day"),
    ("yyyyMMddHHmmss", "20200305160000", "20200305160000"),
    ("excel", "số của Excel", "Excel's numbers"),
];

/// Reads the file again with the columns that were chosen.
pub(crate) async fn choose(
    With(state): With<State>,
    who: Who,
    Path((slug, code, id)): Path<(String, String, i64)>,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> Answer {
    let upload = find(&state, &slug, &code, id).await?;
    let field =
        |name: &str| fields.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.trim());
    let kind = kinds::builtin().iter().find(|kind| kind.id == field("kind")).ok_or(Failed::NotFound)?;
    let preview: Option<Preview> = upload.result.as_ref().and_then(|text| serde_json::from_str(text).ok());
    let mut preview = preview.ok_or(Failed::NotFound)?;
    let chosen = |(at, header): (usize, &String)| {
        let column = field(&format!("c{at}"));
        let known = kind.columns.iter().any(|one| one.id == column && !one.personal);
        known.then(|| (header.clone(), column.to_owned()))
    };
    let bound: Vec<(String, String)> = preview.headers.iter().enumerate().filter_map(chosen).collect();
    if bound.is_empty() {
        return Err(Failed::wrong("Hãy chọn ít nhất một cột.", "Choose at least one column."));
    }
    let sheet = Some(field("sheet")).filter(|sheet| preview.sheets.iter().any(|name| name == sheet));
    let dates = DATES.iter().find(|(name, ..)| *name == field("dates")).map_or("", |(name, ..)| *name);
    let mapping = mapping(kind, sheet, dates, &bound);
    preview.bound = bound;
    let result = serde_json::to_string(&preview).map_err(|error| Failed::Internal(error.to_string()))?;
    let write = state.store.write().await?;
    if !uploads::step(write.on(), id, &[Stage::Checked, Stage::Refused], Stage::Received).await? {
        return Err(already());
    }
    uploads::set_result(write.on(), id, None, result).await?;
    uploads::set_reading(write.on(), id, &kind.id, Some(mapping)).await?;
    jobs::ask(write.on(), Work::Check, &slug, Some(id), Some(who.person()?), state.now()).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&format!("{}uploads/{id}", address(&slug, &code))).into_response())
}

/// The mapping that says what was chosen, and nothing else is read.
fn mapping(kind: &Kind, sheet: Option<&str>, dates: &str, bound: &[(String, String)]) -> String {
    let mut text = format!("kind = {}\nunnamed = \"ignore\"\n", quoted(&kind.id));
    if let Some(sheet) = sheet {
        text.push_str(&format!("sheet = {}\n", quoted(sheet)));
    }
    text.push_str("\n[columns]\n");
    for column in &kind.columns {
        let headers: Vec<String> =
            bound.iter().filter(|(_, id)| *id == column.id).map(|(header, _)| quoted(header)).collect();
        let from = match headers.as_slice() {
            [] => continue,
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let dated = matches!(column.ty, ColumnType::Date | ColumnType::Moment);
        text.push_str(&match dates {
            format if dated && !format.is_empty() => {
                format!("{} = {{ from = {from}, format = {} }}\n", column.id, quoted(format))
            }
            _ => format!("{} = {from}\n", column.id),
        });
    }
    text
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            letter if letter.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Forgets the mapping that was used as last time, and reads the file as if it were the first.
pub(crate) async fn forget(
    With(state): With<State>,
    who: Who,
    Path((slug, code, id)): Path<(String, String, i64)>,
    Posted(_): Posted<Nothing>,
) -> Answer {
    let upload = find(&state, &slug, &code, id).await?;
    let write = state.store.write().await?;
    if !uploads::step(write.on(), id, &[Stage::Checked, Stage::Refused], Stage::Received).await? {
        return Err(already());
    }
    if let Some(mapping) = &upload.mapping {
        clusters::forget_mapping(write.on(), &slug, &code, &upload.kind, mapping).await?;
    }
    uploads::set_reading(write.on(), id, "", None).await?;
    jobs::ask(write.on(), Work::Check, &slug, Some(id), Some(who.person()?), state.now()).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&format!("{}uploads/{id}", address(&slug, &code))).into_response())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_one_mapping() {
        let kind = kinds::builtin().iter().find(|kind| kind.id == "dialogue").unwrap();
        let bound = [("Số \"BB\"\\1", "code"), ("Cơ quan", "unit"), ("Họp ngày", "held_on"), ("Mã", "code")];
        let bound: Vec<(String, String)> =
            bound.map(|(one, other)| (one.to_owned(), other.to_owned())).into();
        assert_eq!(
            mapping(kind, Some("Tờ 1"), "dd/mm/yyyy", &bound),
            "kind = \"dialogue\"\nunnamed = \"ignore\"\nsheet = \"Tờ 1\"\n\n[columns]\ncode = [\"Số \\\"BB\\\"\\\\1\", \"Mã\"]\nunit = \"Cơ quan\"\nheld_on = { from = \"Họp ngày\", format = \"dd/mm/yyyy\" }\n"
        );
        assert_eq!(quoted("a\tb"), "\"a\\u0009b\"");
    }
}
