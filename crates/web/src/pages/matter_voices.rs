//! Residents ask in a matter; the unit reads, shows and answers.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::matters::{self as kept, Reply, State as Standing};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_year::sort::Part;
use giaouoc_year::value;
use serde::Deserialize;

use super::cluster;
use super::matter::opened;
use super::matter_form::ground;
use super::matter_others::asks_are_taken;
use super::work::today;
use crate::access::Doing;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::matters::Full;
use crate::state::State;
use crate::who::Who;

/// A question is at most so long, in characters.
const QUESTION: usize = 1_000;
/// So many questions wait to be read at most.
const WAITING: u64 = 200;
/// One network asks at most so often within an hour.
const OFTEN: usize = 10;
const HOUR: i64 = 3_600 * 1_000_000;

#[derive(Template)]
#[template(path = "pages/asked.html")]
struct AskedPage {
    base: Base,
    back: String,
}

#[derive(Deserialize)]
pub(crate) struct Asking {
    pub text: String,
    /// Nobody sees this field; programs that fill in everything do.
    #[serde(default)]
    pub website: String,
}

/// A resident asks. Nobody reads it before the unit has.
pub(crate) async fn ask(
    With(state): With<State>,
    who: Who,
    Path((slug, sort, code)): Path<(String, String, String)>,
    Posted(fields): Posted<Asking>,
) -> Answer {
    let full = opened(&state, &who, &slug, &sort, &code).await?;
    if !full.sort.has(Part::Questions) {
        return Err(Failed::NotFound);
    }
    if !asks_are_taken(&full, today(&state)?) {
        return Err(Failed::wrong(
            "Cuộc đối thoại này đã hết thời gian nhận câu hỏi. Bạn có thể hỏi tại bộ phận một cửa hoặc ở cuộc đối thoại sau.",
            "Questions are no longer taken here. You can ask at the one-stop desk, or at the next dialogue.",
        ));
    }
    take_in(&state, &who, &full, &fields, ("câu hỏi", "question")).await?;
    let cluster = cluster(&state, &slug).await?;
    let base =
        Base::within(&state, &who, &cluster, who.say("Đã nhận câu hỏi", "Your question has arrived")).await?;
    shown(&AskedPage { base, back: full.address() })
}

/// Keeps what somebody outside wrote of a matter: nobody reads it before the unit has. `what` is what it is called.
pub(super) async fn take_in(
    state: &State,
    who: &Who,
    full: &Full,
    fields: &Asking,
    (vi, en): (&str, &str),
) -> Result<(), Failed> {
    let text = fields.text.replace("\r\n", "\n");
    let (text, matter) = (text.trim(), full.row.id);
    let long = text.chars().count();
    if !(5..=QUESTION).contains(&long) {
        return Err(Failed::wrong(
            format!("Hãy ghi {vi}, từ 5 đến {QUESTION} chữ cái (bạn đã ghi {long})."),
            format!("Write your {en}, 5 to {QUESTION} characters (you wrote {long})."),
        ));
    }
    if state.too_often(&format!("ask {}", who.client), OFTEN, HOUR)
        || kept::waiting(state.store.read(), matter).await? >= WAITING
    {
        return Err(Failed::TooOften);
    }
    // A program gets the same answer, and nothing is kept.
    if !fields.website.is_empty() {
        return Ok(());
    }
    let now = state.now();
    let write = state.store.write().await?;
    // Nobody outside the unit reads it yet, so that nothing that everybody reads has changed.
    kept::ask(write.on(), matter, text, None, now).await?;
    crate::notices::resident(state, &write, full).await?;
    let line = Line::new(now, Act::Ask, format!("{} {}", full.sort.id, full.row.code));
    trail::write(write.on(), line.of(&full.row.cluster, Some(&full.row.unit))).await?;
    write.commit().await?;
    Ok(())
}

#[derive(Deserialize)]
pub(crate) struct Answering {
    /// `show`, `aside`, `erase`, `answer`, `there`.
    what: String,
    #[serde(default)]
    question: i64,
    #[serde(default)]
    text: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    behalf: String,
}

type Of = (String, String, String, String);

/// The unit reads a question, shows it or puts it aside, answers it, or enters one that was asked at the dialogue.
pub(crate) async fn answer(
    With(state): With<State>,
    who: Who,
    Path((slug, unit, sort, code)): Path<Of>,
    Posted(fields): Posted<Answering>,
) -> Answer {
    let full = opened(&state, &who, &slug, &sort, &code).await?;
    // Somebody's words can be erased also after the matter was withdrawn.
    if full.row.unit != unit || full.row.gone.is_some() && fields.what != "erase" {
        return Err(Failed::NotFound);
    }
    let behalf = ground(&who, Doing::Bring, (&slug, &unit), full.row.common, &fields.behalf)?;
    let text = fields.text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > 5_000 {
        return Err(Failed::wrong(
            "Câu trả lời dài quá 5.000 chữ cái.",
            "The answer is over 5,000 characters long.",
        ));
    }
    let blank = |vi: &str, en: &str| match text.is_empty() {
        true => Err(Failed::wrong(vi, en)),
        false => Ok(()),
    };
    let person = who.person()?;
    let now = state.now();
    let matter = full.row.id;
    let due = match fields.due.trim() {
        "" => String::new(),
        due => value::day(due).map_err(Failed::Wrong)?.to_string(),
    };
    let write = state.store.write().await?;
    let done = match fields.what.as_str() {
        "show" => kept::sort_out(write.on(), matter, fields.question, (Standing::Shown, None)).await?,
        "aside" => {
            blank("Hãy ghi lý do không đăng câu hỏi này.", "Say why this question is not shown.")?;
            kept::sort_out(write.on(), matter, fields.question, (Standing::Aside, Some(&text))).await?
        }
        "erase" => {
            blank("Hãy ghi căn cứ xoá.", "Say what the erasing rests on.")?;
            kept::erase_words(write.on(), matter, Some(fields.question), &text).await?
        }
        "there" => {
            blank("Hãy ghi câu hỏi.", "Write the question.")?;
            kept::ask(write.on(), matter, &text, Some(person), now).await?;
            true
        }
        "answer" => {
            let owner: String = fields.owner.trim().chars().take(200).collect();
            if text.is_empty() && (owner.is_empty() || due.is_empty()) {
                return Err(Failed::wrong(
                    "Hãy ghi câu trả lời; nếu chưa trả lời được, ghi ai sẽ trả lời và hạn nào.",
                    "Write the answer; if there is none yet, say who will answer and by when.",
                ));
            }
            let reply = Reply { text, owner, due, person, on_behalf: behalf.clone() };
            kept::reply(write.on(), matter, fields.question, reply, now).await?
        }
        _ => false,
    };
    if !done {
        return Err(Failed::NotFound);
    }
    if kept::waiting(write.on(), matter).await? == 0 {
        crate::notices::done(&write, &crate::notices::of_matter(&full, &unit), now).await?;
    }
    crate::late::follow(&write, &crate::notices::Now::of(&state), matter).await?;
    kept::touch(write.on(), matter, now).await?;
    jobs::ask(write.on(), Work::Carry, &slug, Some(matter), Some(person), now).await?;
    let line = Line::new(now, Act::Moderate, format!("{} {code}: {}", full.sort.id, fields.what));
    trail::write(write.on(), line.by(person).of(&slug, Some(&unit)).on_behalf(behalf)).await?;
    write.commit().await?;
    state.changed();
    Ok(Redirect::to(&format!("{}#questions", full.address())).into_response())
}
