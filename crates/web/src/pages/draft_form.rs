//! The form by which a draft is changed, whatever of it: fields, what is wrong, what somebody else has saved since, and how a
//! change becomes another version.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::agreeing::{self, Saving};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_year::drafting::Words;

use super::draft::{Held, address, held};
use super::draft_blocks::problem_line;
use super::draft_round::{closed, json, named};
use crate::base::{Base, shown};
use crate::drafting;
use crate::error::{Answer, Failed};
use crate::state::State;
use crate::who::Who;

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

/// Another button of a form: where, what, hidden fields.
pub(crate) type Other = (String, String, Vec<(String, String)>);

/// A form about a draft.
pub(crate) struct Form {
    pub title: String,
    pub lead: Option<String>,
    pub wrong: Vec<String>,
    pub now: Vec<(String, String)>,
    pub fields: Vec<Field>,
    pub here: String,
    pub button: String,
    /// Other buttons.
    pub others: Vec<Other>,
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
    others: Vec<Other>,
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
    let checked = json(&checked)?;
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
    (slug, number, to): (&str, &str, &str),
    fields: &Fields,
    changed: Result<(String, String), Text>,
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
