//! Changes of a draft: as text, with the same errors as on the command line, or by form. A form changes the lines that it is
//! about; whoever saves says which version they have seen, and sees the newer one when there is one.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::agreeing::{self, Saving};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_year::drafting::{ClauseForm, Words, move_clause, remove_clause, set_clause};

use super::draft::{Held, address, held, problem_line};
use super::draft_round::{closed, named};
use crate::base::{Base, shown};
use crate::drafting;
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::encoded;
use crate::state::State;
use crate::who::Who;

/// The greatest text that a form may bring, in bytes.
const LONGEST: usize = 1 << 20;

/// What a field looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Line,
    Area,
    Code,
    Check,
    Choice,
    Date,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub id: String,
    pub label: String,
    pub sort: Sort,
    pub value: String,
    pub hint: String,
    pub choices: Vec<(String, String)>,
}

impl Field {
    pub fn new(sort: Sort, id: &str, label: &str, value: impl Into<String>) -> Self {
        Self {
            id: id.to_owned(),
            label: label.to_owned(),
            sort,
            value: value.into(),
            hint: String::new(),
            choices: Vec::new(),
        }
    }

    pub fn hint(self, hint: &str) -> Self {
        Self { hint: hint.to_owned(), ..self }
    }

    pub fn choices(self, choices: Vec<(String, String)>) -> Self {
        Self { choices, ..self }
    }

    fn rows(&self) -> usize {
        (self.value.lines().count() + self.value.chars().count() / 60).clamp(2, 14)
    }
}

/// A form about a draft.
pub(crate) struct Form {
    pub title: String,
    pub lead: Option<String>,
    pub wrong: Vec<String>,
    pub now: Vec<(String, String)>,
    pub fields: Vec<Field>,
    pub here: String,
    pub button: String,
    /// Other buttons: where, what, hidden fields.
    pub others: Vec<(String, String, Vec<(String, String)>)>,
    pub status: StatusCode,
}

#[derive(Template)]
#[template(path = "pages/draft_form.html")]
struct FormPage {
    base: Base,
    at: String,
    here: String,
    lead: Option<String>,
    wrong: Vec<String>,
    problems: Vec<(String, String, String, Option<String>)>,
    now: Vec<(String, String)>,
    fields: Vec<Field>,
    version: i64,
    button: String,
    others: Vec<(String, String, Vec<(String, String)>)>,
}

/// Shows a form.
pub(crate) async fn page(
    state: &State,
    who: &Who,
    held: &Held,
    form: Form,
    problems: &[drafting::Mistake],
) -> Answer {
    let page = FormPage {
        base: Base::within(state, who, &held.cluster, form.title).await?,
        at: address(&held.cluster.slug, held.draft.number),
        here: form.here,
        lead: form.lead,
        wrong: form.wrong,
        problems: problems.iter().map(|one| problem_line(one, who.lang)).collect(),
        now: form.now,
        fields: form.fields,
        version: held.draft.version,
        button: form.button,
        others: form.others,
    };
    Ok((form.status, shown(&page)?).into_response())
}

/// A draft whose text may be changed.
pub(crate) async fn editable(state: &State, slug: &str, number: &str) -> Result<Held, Failed> {
    let held = held(state, slug, number).await?;
    if held.stage.is_open() { Ok(held) } else { Err(closed()) }
}

/// Saves another version of a draft, has its figures computed and writes the line of the trail. Nothing where somebody else
/// has saved since. A text that says what the newest version says is not saved again.
pub(crate) async fn save_version(
    state: &State,
    who: &Who,
    held: &Held,
    seen: i64,
    text: String,
    note: String,
) -> Result<Option<i64>, Failed> {
    if text == held.version.text && seen == held.draft.version {
        return Ok(Some(held.version.id));
    }
    let slug = held.cluster.slug.clone();
    let (asked, of) = (text.clone(), slug.clone());
    let checked = drafting::ask(state, move |drafting| drafting.check(&of, &asked)).await?;
    let checked = super::draft_round::json(&checked)?;
    let (now, person) = (state.now(), who.person()?);
    let saving = Saving { text, note: note.clone(), checked, person };
    let write = state.store.write().await?;
    let Some(version) = agreeing::save(write.on(), &held.draft, seen, saving, now).await? else {
        return Ok(None);
    };
    let line = Line::new(now, Act::DraftSaved, format!("{}: {note}", named(held))).by(person).of(&slug, None);
    trail::write(write.on(), line).await?;
    jobs::ask(write.on(), Work::Draft, &slug, Some(version), Some(person), now).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Some(version))
}

/// What a form sends.
pub(crate) type Fields = BTreeMap<String, String>;

/// A field's value without space around it.
pub(crate) fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", |value| value.trim())
}

/// The version that the form's writer saw.
pub(crate) fn seen(fields: &Fields) -> i64 {
    field(fields, "version").parse().unwrap_or(0)
}

/// A text of both languages from two fields.
pub(crate) fn words(fields: &Fields, name: &str) -> Words {
    Words::new(field(fields, &format!("{name}_vi")), field(fields, &format!("{name}_en")))
}

/// The English of a text, blank where it is the same.
pub(crate) fn en(text: &Text) -> &str {
    if text.en == text.vi { "" } else { &text.en }
}

/// What to tell when somebody else has saved since.
pub(crate) fn newer_words(lang: Lang) -> String {
    Text::new(
        "Người khác vừa lưu một bản mới; điều bạn gõ chưa được ghi.",
        "Somebody else has just saved a newer version; what you typed was not written.",
    )
    .get(lang)
    .to_owned()
}

/// Ends a form: saved, wrong, or overtaken; then `again` draws it once more with what was typed, over what stands there now.
pub(crate) async fn finish(
    state: &State,
    who: &Who,
    (slug, number): (&str, &str),
    fields: &Fields,
    changed: Result<(String, String), Text>,
    to: &str,
    again: impl Fn(&Held, &Fields) -> Form,
    current: impl Fn(&Held) -> Vec<(String, String)>,
) -> Answer {
    let held = editable(state, slug, number).await?;
    match changed {
        Ok((text, note)) => match save_version(state, who, &held, seen(fields), text, note).await? {
            Some(_) => Ok(Redirect::to(to).into_response()),
            None => {
                let held = editable(state, slug, number).await?;
                let mut form = again(&held, fields);
                form.wrong.push(newer_words(who.lang));
                form.now = current(&held);
                form.status = StatusCode::CONFLICT;
                page(state, who, &held, form, &[]).await
            }
        },
        Err(wrong) => {
            let mut form = again(&held, fields);
            form.wrong.push(wrong.get(who.lang).to_owned());
            form.status = StatusCode::UNPROCESSABLE_ENTITY;
            page(state, who, &held, form, &[]).await
        }
    }
}

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
        (&slug, &number),
        &fields,
        changed,
        &to,
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
    finish(&state, &who, (&slug, &number), &fields, changed, &to, again, current).await
}
