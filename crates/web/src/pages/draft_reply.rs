//! The head's desk answers what a unit said of a draft.

use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::agreeing::Sort;
use giaouoc_store::trail::Act;
use giaouoc_year::agreeing::Reply;
use giaouoc_year::drafting::{ClauseForm, Words, set_clause};
use serde::Deserialize;

use super::draft::{self, Held, Tried, address, held};
use super::draft_blocks::place_name;
use super::draft_form::save_version;
use super::draft_round::{Adding, add, closed, json, named, newer};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::state::State;
use crate::who::Who;

#[derive(Deserialize)]
pub(crate) struct Replying {
    to: i64,
    #[serde(default)]
    text: String,
    #[serde(default)]
    take: String,
    version: i64,
}

/// Answers an opinion; a proposed wording can be taken over at once. What could not be taken stays in its form.
pub(crate) async fn reply(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(form): Posted<Replying>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    if !held.stage.is_open() {
        return Err(closed());
    }
    let (to, typed) = (form.to, form.text.clone());
    match answer(&state, &who, &held, form).await {
        Ok(()) => {
            let at = address(&slug, held.draft.number);
            Ok(Redirect::to(&format!("{at}#said-{to}")).into_response())
        }
        Err(Failed::Wrong(wrong)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            draft::page(&state, &who, held, Tried::reply(to, typed, wrong, status)).await
        }
        Err(Failed::Conflict(wrong)) => {
            let now = draft::held(&state, &slug, &number).await?;
            draft::page(&state, &who, now, Tried::reply(to, typed, wrong, StatusCode::CONFLICT)).await
        }
        Err(failed) => Err(failed),
    }
}

async fn answer(state: &State, who: &Who, held: &Held, form: Replying) -> Result<(), Failed> {
    let said = held.said().into_iter().find(|one| one.id == form.to).ok_or_else(newer)?;
    let take = !form.take.is_empty() && !said.opinion.wording.is_empty();
    let text = form.text.trim().to_owned();
    if text.is_empty() && !take {
        return Err(Failed::wrong("Hãy ghi câu trả lời.", "Write the answer."));
    }
    if said.reply.is_some() {
        return Err(newer());
    }
    if take {
        let paper = held.paper().ok_or_else(closed)?;
        let number = said.place.strip_prefix("clause:").ok_or(Failed::NotFound)?;
        let clause = paper.clause(number).ok_or_else(newer)?;
        let words = ClauseForm {
            number: number.to_owned(),
            text: Words::new(said.opinion.wording.clone(), english(&clause.text)),
            report: clause.report,
        };
        let text = set_clause(&held.version.text, Some(number), &words).map_err(Failed::Wrong)?;
        let note = format!("khoản {number}: tiếp thu lời đề nghị của {}", held.short(&said.unit, Lang::Vi));
        save_version(state, who, held, form.version, text, note).await?.ok_or_else(newer)?;
    }
    let seen = held.part(Sort::Reply, &said.unit, &said.place).map_or(0, |part| part.rev);
    let new = Adding {
        sort: Sort::Reply,
        unit: said.unit.clone(),
        place: said.place.clone(),
        body: json(&Reply { to: said.id, taken: take, text })?,
        seen,
        behalf: None,
        act: Act::DraftReply,
        about: format!("{}, {}", named(held), place_name(&said.place, held.paper(), Lang::Vi)),
    };
    add(state, who, held, new).await
}

/// The English of a clause, where it has one of its own.
fn english(text: &Text) -> String {
    if text.en == text.vi { String::new() } else { text.en.clone() }
}
