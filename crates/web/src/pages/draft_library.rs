//! The library of measures: a sentence is chosen, its blanks are filled, and it is a target of the draft.

use askama::Template;
use axum::extract::{Path, Query, State as With};
use axum::http::StatusCode;
use giaouoc_agreement::text::Lang;
use giaouoc_year::drafting::add_target;
use giaouoc_year::library::{self, Filled, Measure};
use serde::Deserialize;

use super::desk::kind_name;
use super::draft::{Held, address};
use super::draft_form::{Field, Fields, Form, Sort, editable, field, finish, page, words};
use super::draft_targets::{clauses, forces, goal_hint, last_note};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::encoded;
use crate::state::State;
use crate::who::Who;

/// A measure: address of its form, sentence, name, source.
type MeasureLine = (String, String, String, String);

#[derive(Template)]
#[template(path = "pages/draft_library.html")]
struct LibraryPage {
    base: Base,
    at: String,
    /// A kind's name, its measures.
    kinds: Vec<(String, Vec<MeasureLine>)>,
}

#[derive(Deserialize)]
pub(crate) struct Of {
    #[serde(default)]
    clause: String,
}

/// A sentence with its blanks as they stand first.
fn sentence(measure: &Measure, lang: Lang) -> String {
    measure.blank.iter().fold(measure.say.get(lang).to_owned(), |say, blank| {
        let choice = blank.choice.iter().find(|choice| choice.value == blank.value);
        let value = choice.map_or(blank.value.as_str(), |choice| choice.name.get(lang));
        say.replace(&format!("«{}»", blank.id), value)
    })
}

/// The library of measures.
pub(crate) async fn list(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Query(of): Query<Of>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    let at = address(&slug, held.draft.number);
    let mut kinds: Vec<(String, Vec<MeasureLine>)> = Vec::new();
    for measure in library::all() {
        let kind = kind_name(&measure.kind, who.lang);
        let line = (
            format!("{at}library/{}?clause={}", measure.id, encoded(&of.clause)),
            sentence(measure, who.lang),
            measure.name.get(who.lang).to_owned(),
            measure.source.get(who.lang).to_owned(),
        );
        match kinds.iter_mut().find(|(name, _)| *name == kind) {
            Some((_, lines)) => lines.push(line),
            None => kinds.push((kind, vec![line])),
        }
    }
    let title = who.say("Thư viện cách tính", "Library of measures");
    shown(&LibraryPage { base: Base::within(&state, &who, &held.cluster, title).await?, at, kinds })
}

fn measure_form(who: &Who, held: &Held, measure: &Measure, clause: &str, typed: Option<&Fields>) -> Form {
    let lang = who.lang;
    let at = address(&held.cluster.slug, held.draft.number);
    let begin = measure.begin(clause);
    let value = |name: &str, first: &str| typed.map_or(first, |fields| field(fields, name)).to_owned();
    let mut id = measure.id.clone();
    // A measure may be used twice, with other blanks.
    let mut next = 2;
    while held.paper().is_some_and(|paper| paper.target(&id).is_some()) {
        id = format!("{}-{next}", measure.id);
        next += 1;
    }
    let force = if begin.strive { "strive for" } else { "at least" };
    let mut fields = vec![
        Field::new(Sort::Choice, "clause", who.say("Thuộc khoản", "Of clause"), value("clause", clause))
            .choices(clauses(held, lang)),
        Field::new(
            Sort::Line,
            "name_vi",
            who.say("Tên chỉ tiêu", "Name in Vietnamese"),
            value("name_vi", &begin.name.vi),
        ),
        Field::new(
            Sort::Line,
            "name_en",
            who.say("Tên tiếng Anh (có thể để trống)", "Name in English"),
            value("name_en", &begin.name.en),
        ),
        Field::new(Sort::Choice, "force", who.say("Mức độ", "Force"), value("force", force))
            .choices(forces(who)),
        Field::new(Sort::Line, "goal", who.say("Mục tiêu", "Goal"), value("goal", &begin.goal))
            .hint(goal_hint(who)),
    ];
    for blank in &measure.blank {
        let name = format!("blank_{}", blank.id);
        let choices: Vec<(String, String)> = blank
            .choice
            .iter()
            .map(|choice| (choice.value.clone(), choice.name.get(lang).to_owned()))
            .collect();
        let sort = if choices.is_empty() { Sort::Line } else { Sort::Choice };
        fields.push(
            Field::new(sort, &name, blank.label.get(lang), value(&name, &blank.value)).choices(choices),
        );
    }
    fields.push(
        Field::new(Sort::Line, "id", who.say("Mã của chỉ tiêu", "Id of the target"), value("id", &id))
            .hint(who.say("chữ thường, số, gạch nối", "lower-case letters, digits, hyphens")),
    );
    Form {
        title: measure.name.get(lang).to_owned(),
        lead: Some(format!(
            "{}. {}: {}",
            sentence(measure, lang),
            who.say("Nguồn", "Source"),
            measure.source.get(lang)
        )),
        wrong: Vec::new(),
        now: Vec::new(),
        fields,
        here: format!("{at}library/{}", measure.id),
        button: who.say("Thêm chỉ tiêu này", "Add this target").to_owned(),
        others: Vec::new(),
        status: StatusCode::OK,
    }
}

/// The blanks of a measure.
pub(crate) async fn measure(
    With(state): With<State>,
    who: Who,
    Path((slug, number, id)): Path<(String, String, String)>,
    Query(of): Query<Of>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    let measure = library::find(&id).ok_or(Failed::NotFound)?;
    page(&state, &who, &held, measure_form(&who, &held, measure, &of.clause, None), &[]).await
}

/// Adds a target from the library.
pub(crate) async fn add(
    With(state): With<State>,
    who: Who,
    Path((slug, number, id)): Path<(String, String, String)>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    let measure = library::find(&id).ok_or(Failed::NotFound)?;
    let blanks = measure
        .blank
        .iter()
        .map(|blank| (blank.id.clone(), field(&fields, &format!("blank_{}", blank.id)).to_owned()));
    let filled = Filled {
        id: field(&fields, "id").to_owned(),
        clause: field(&fields, "clause").to_owned(),
        name: words(&fields, "name"),
        goal: field(&fields, "goal").to_owned(),
        strive: field(&fields, "force") == "strive for",
        blanks: blanks.collect(),
    };
    let changed = measure
        .written(&filled)
        .and_then(|written| add_target(&held.version.text, &filled.id, &written))
        .map(|text| (text, format!("thêm chỉ tiêu {}", filled.name.vi)));
    let to = format!("{}#target-{}", address(&slug, held.draft.number), filled.id);
    let again = |held: &Held, fields: &Fields| measure_form(&who, held, measure, "", Some(fields));
    finish(&state, &who, (&slug, &number, &to), &fields, changed, again, last_note).await
}
