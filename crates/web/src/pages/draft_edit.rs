//! Changes of a draft: as text, with the same errors as on the command line, or a clause by form. A form changes the lines that it
//! is about; whoever saves says which version they have seen, and sees the newer one when there is one.

use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use giaouoc_agreement::text::Text;
use giaouoc_year::drafting::{ClauseForm, move_clause, remove_clause, set_clause};

use super::draft::{Held, address};
use super::draft_form::{Field, Fields, Form, Sort, editable, en, field, finish, page, words};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::encoded;
use crate::state::State;
use crate::who::Who;

/// The greatest text that a form may bring, in bytes.
const LONGEST: usize = 1 << 20;

fn text_form(who: &Who, held: &Held, text: &str) -> Form {
    let at = address(&held.cluster.slug, held.draft.number);
    Form {
        title: who.say("Sửa dự thảo dạng văn bản", "The draft as text").to_owned(),
        lead: Some(
            who.say(
                "Đây là chính tệp agreement.toml: điều được ký cũng là điều được tính. Văn bản có lỗi vẫn lưu được, nhưng chưa chốt được.",
                "This is agreement.toml itself: what is signed is what is computed. A text with errors can be saved, and not frozen.",
            )
            .to_owned(),
        ),
        wrong: Vec::new(),
        now: Vec::new(),
        fields: vec![Field::new(Sort::Code, "text", "agreement.toml", text)],
        here: format!("{at}text"),
        button: who.say("Kiểm tra và lưu", "Check and save").to_owned(),
        others: Vec::new(),
        status: StatusCode::OK,
    }
}

/// The draft as text.
pub(crate) async fn text(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    let form = text_form(&who, &held, &held.version.text);
    page(&state, &who, &held, form, &held.checked.problems).await
}

/// Saves the draft as text.
pub(crate) async fn save_text(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    // Browsers send lines with a carriage return.
    let text = fields.get("text").map(|text| text.replace("\r\n", "\n")).unwrap_or_default();
    let text = if text.ends_with('\n') { text } else { text + "\n" };
    let changed = if text.len() > LONGEST {
        Err(Text::new("Văn bản dài quá 1 MB.", "The text is longer than 1 MB."))
    } else {
        Ok((text, "sửa dạng văn bản".to_owned()))
    };
    let typed = |fields: &Fields| fields.get("text").cloned().unwrap_or_default();
    let to = format!("{}text", address(&slug, number.parse().unwrap_or_default()));
    let current = |held: &Held| {
        let theirs = fields.get("text").map(|text| text.replace("\r\n", "\n")).unwrap_or_default();
        vec![(
            who.say("khác ở các dòng", "lines that differ").to_owned(),
            differing(&theirs, &held.version.text),
        )]
    };
    finish(
        &state,
        &who,
        (&slug, &number, &to),
        &fields,
        changed,
        |held, fields| text_form(&who, held, &typed(fields)),
        current,
    )
    .await
}

/// Lines of the newer text that the other one does not have, with their numbers.
fn differing(typed: &str, newer: &str) -> String {
    let known: std::collections::BTreeSet<&str> = typed.lines().collect();
    let lines = newer.lines().enumerate().filter(|(_, line)| !known.contains(line));
    lines.map(|(at, line)| format!("{}: {line}", at + 1)).collect::<Vec<_>>().join("\n")
}

fn clause_form(who: &Who, held: &Held, old: Option<&str>, typed: Option<&Fields>) -> Form {
    let at = address(&held.cluster.slug, held.draft.number);
    let there = old.and_then(|old| held.paper()?.clause(old));
    let value = |name: &str, stands: String| typed.map_or(stands, |fields| field(fields, name).to_owned());
    let vi = there.map(|clause| clause.text.vi.clone()).unwrap_or_default();
    let english = there.map(|clause| en(&clause.text).to_owned()).unwrap_or_default();
    let report = there.is_some_and(|clause| clause.report);
    let here = old.map_or_else(|| format!("{at}clause/new"), |old| format!("{at}clause/{}", encoded(old)));
    let other = |action: &str, vi: &str, en: &str| {
        (here.clone(), who.say(vi, en).to_owned(), vec![("action".to_owned(), action.to_owned())])
    };
    Form {
        title: match old {
            Some(old) => format!("{} {old}", who.say("Khoản", "Clause")),
            None => who.say("Thêm một khoản", "Add a clause").to_owned(),
        },
        lead: None,
        wrong: Vec::new(),
        now: Vec::new(),
        fields: vec![
            Field::new(
                Sort::Line,
                "number",
                who.say("Số khoản", "Number"),
                value("number", old.unwrap_or_default().to_owned()),
            )
            .hint(who.say("ví dụ 2.2", "for example 2.2")),
            Field::new(
                Sort::Area,
                "text_vi",
                who.say("Lời văn", "Words in Vietnamese"),
                value("text_vi", vi),
            ),
            Field::new(
                Sort::Area,
                "text_en",
                who.say("Lời tiếng Anh (có thể để trống)", "Words in English (may be left blank)"),
                value("text_en", english),
            ),
            Field::new(
                Sort::Check,
                "report",
                who.say(
                    "Trả lời bằng báo cáo ngắn (khoản không có con số)",
                    "Answered by a short report (no number)",
                ),
                value("report", if report { "1".to_owned() } else { String::new() }),
            ),
        ],
        others: match old {
            Some(_) => vec![
                other("up", "Chuyển lên trên", "Move up"),
                other("down", "Chuyển xuống dưới", "Move down"),
                other("remove", "Bỏ khoản này", "Remove the clause"),
            ],
            None => Vec::new(),
        },
        here,
        button: who.say("Lưu khoản", "Save the clause").to_owned(),
        status: StatusCode::OK,
    }
}

/// The form of a clause; `new` is a new one.
pub(crate) async fn clause(
    With(state): With<State>,
    who: Who,
    Path((slug, number, clause)): Path<(String, String, String)>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    let old = (clause != "new").then_some(clause.as_str());
    if old.is_some_and(|old| held.paper().is_some_and(|paper| paper.clause(old).is_none())) {
        return Err(Failed::NotFound);
    }
    page(&state, &who, &held, clause_form(&who, &held, old, None), &[]).await
}

/// Saves, moves or removes a clause.
pub(crate) async fn save_clause(
    With(state): With<State>,
    who: Who,
    Path((slug, number, clause)): Path<(String, String, String)>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    let old = (clause != "new").then_some(clause.as_str());
    let text = &held.version.text;
    let form = ClauseForm {
        number: field(&fields, "number").to_owned(),
        text: words(&fields, "text"),
        report: !field(&fields, "report").is_empty(),
    };
    let action = field(&fields, "action");
    let changed = match (action, old) {
        ("up" | "down", Some(old)) => {
            move_clause(text, old, action == "up").map(|text| (text, format!("chuyển khoản {old}")))
        }
        ("remove", Some(old)) => remove_clause(text, old).map(|text| (text, format!("bỏ khoản {old}"))),
        (_, Some(old)) => set_clause(text, Some(old), &form).map(|text| (text, format!("sửa khoản {old}"))),
        (_, None) => set_clause(text, None, &form).map(|text| (text, format!("thêm khoản {}", form.number))),
    };
    let to = address(&slug, held.draft.number);
    let again = |held: &Held, fields: &Fields| {
        clause_form(&who, held, old, Some(fields).filter(|fields| field(fields, "action").is_empty()))
    };
    let current = |held: &Held| {
        let clause = old.and_then(|old| held.paper()?.clause(old));
        let now = clause.map(|clause| clause.text.get(who.lang).to_owned());
        vec![(clause_form(&who, held, old, None).title, now.unwrap_or_else(|| held.version.note.clone()))]
    };
    finish(&state, &who, (&slug, &number, &to), &fields, changed, again, current).await
}
