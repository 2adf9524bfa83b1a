//! Registration of titles (*danh hiệu thi đua*) and forms of commendation (*hình thức khen thưởng*) by each unit. Never mixed.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::agreeing::Sort;
use giaouoc_store::trail::Act;
use giaouoc_year::agreeing::Stage;
use giaouoc_year::titles::{self, Of, Registration};

use super::draft::{Held, address, held, today};
use super::draft_round::{Adding, add, closed, json, named};
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::encoded;
use crate::state::State;
use crate::who::Who;

struct EntryField {
    id: String,
    name: String,
    of: &'static str,
    decided_by: String,
    rule: Option<(String, String, String)>,
    count: String,
    /// Why what was typed could not be taken.
    wrong: Option<String>,
}

/// What was typed, and what is wrong with it, by field.
struct Typed<'a> {
    fields: &'a BTreeMap<String, String>,
    wrong: Vec<(String, Text)>,
}

impl Typed<'_> {
    fn field(&self, name: &str) -> String {
        self.fields.get(name).cloned().unwrap_or_default()
    }

    fn wrong(&self, name: &str, lang: Lang) -> Option<String> {
        let found = self.wrong.iter().find(|(field, _)| field == name);
        found.map(|(_, text)| text.get(lang).to_owned())
    }
}

type Rows = Vec<(String, String, Vec<String>)>;

#[derive(Template)]
#[template(path = "pages/draft_titles.html")]
struct TitlesPage {
    base: Base,
    at: String,
    here: String,
    unit: Option<String>,
    may: bool,
    behalf: bool,
    seen: i64,
    note: String,
    /// On whose behalf it was typed, and what is wrong with that.
    ground: (String, Option<String>),
    sorts: Vec<(&'static str, Vec<EntryField>)>,
    table: Vec<(&'static str, Vec<String>, Rows)>,
}

fn sorts(who: &Who) -> [(titles::Sort, &'static str); 2] {
    let vi = who.lang == Lang::Vi;
    [
        (titles::Sort::Title, if vi { "Danh hiệu thi đua" } else { "Titles" }),
        (titles::Sort::Form, if vi { "Hình thức khen thưởng" } else { "Forms of commendation" }),
    ]
}

fn of(entry: &titles::Entry, who: &Who) -> &'static str {
    let vi = who.lang == Lang::Vi;
    match (entry.of, vi) {
        (Of::Person, true) => "cá nhân",
        (Of::Person, false) => "persons",
        (Of::Collective, true) => "tập thể",
        (Of::Collective, false) => "collectives",
        (Of::Any, true) => "cá nhân, tập thể",
        (Of::Any, false) => "persons and collectives",
    }
}

fn registrations(held: &Held) -> BTreeMap<String, Registration> {
    held.bodies(Sort::Registration).map(|(part, body)| (part.unit.clone(), body)).collect()
}

fn count(registration: Option<&Registration>, id: &str) -> String {
    let counts = registration.map(|registration| &registration.counts[..]).unwrap_or_default();
    counts.iter().find(|(found, _)| found == id).map_or(String::new(), |(_, count)| count.to_string())
}

/// The page; what could not be taken stays in its form.
async fn page(state: &State, who: &Who, held: &Held, unit: Option<&str>, typed: Option<Typed<'_>>) -> Answer {
    let (lang, slug) = (who.lang, &held.cluster.slug);
    let at = address(slug, held.draft.number);
    let paper = held.paper().cloned().unwrap_or_default();
    let all = registrations(held);
    // Rules as they are at the end of the agreement's year: the year's titles are decided by them.
    let day = format!("{:04}-12-31", held.cluster.year);
    let table = sorts(who).map(|(sort, name)| {
        let entries: Vec<_> = titles::all().iter().filter(|entry| entry.sort == sort).collect();
        let rows = paper.units.iter().map(|signer| {
            let own = all.get(&signer.code);
            let cells = entries.iter().map(|entry| count(own, &entry.id)).collect();
            let may = who.may(Doing::Read, slug, &signer.code);
            let href =
                if may { format!("{at}units/{}/titles", encoded(&signer.code)) } else { String::new() };
            (signer.short.get(lang).to_owned(), href, cells)
        });
        (name, entries.iter().map(|entry| entry.name.get(lang).to_owned()).collect(), rows.collect())
    });
    let own = unit.and_then(|unit| all.get(unit));
    let fields = sorts(who).map(|(sort, name)| {
        let entries = titles::all().iter().filter(|entry| entry.sort == sort).map(|entry| EntryField {
            id: format!("count_{}", entry.id),
            name: entry.name.get(lang).to_owned(),
            of: of(entry, who),
            decided_by: entry.decided_by.get(lang).to_owned(),
            rule: entry.on(&day).map(|rule| {
                (
                    rule.words.get(lang).to_owned(),
                    rule.source.clone(),
                    rule.verified.words().get(lang).to_owned(),
                )
            }),
            count: match &typed {
                Some(typed) => typed.field(&format!("count_{}", entry.id)),
                None => count(own, &entry.id),
            },
            wrong: typed.as_ref().and_then(|typed| typed.wrong(&format!("count_{}", entry.id), lang)),
        });
        (name, entries.collect())
    });
    let title =
        who.say("Đăng ký danh hiệu và hình thức khen thưởng", "Titles and forms of commendation registered");
    let part = unit.and_then(|unit| held.part(Sort::Registration, unit, ""));
    let seen = part.map_or(0, |part| part.rev);
    let page = TitlesPage {
        base: Base::within(state, who, &held.cluster, title).await?,
        here: format!("{at}units/{}/titles", unit.map(encoded).unwrap_or_default()),
        unit: unit.map(|unit| held.short(unit, lang)),
        may: unit.is_some_and(|unit| who.may(Doing::Bring, slug, unit)) && held.stage != Stage::Dropped,
        behalf: unit.is_some_and(|unit| access::on_behalf(&who.roles, Doing::Bring, slug, unit)),
        seen,
        note: match &typed {
            Some(typed) => typed.field("note"),
            None => own.map(|own| own.note.clone()).unwrap_or_default(),
        },
        ground: typed
            .as_ref()
            .map_or_else(Default::default, |typed| (typed.field("behalf"), typed.wrong("behalf", lang))),
        sorts: if unit.is_some() { fields.into() } else { Vec::new() },
        table: table.into(),
        at,
    };
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, shown(&page)?).into_response())
}

/// What all units have registered.
pub(crate) async fn all(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    page(&state, &who, &held, None, None).await
}

/// What a unit registers.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path((slug, number, unit)): Path<(String, String, String)>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    if held.paper().is_none_or(|paper| paper.unit(&unit).is_none()) {
        return Err(Failed::NotFound);
    }
    page(&state, &who, &held, Some(&unit), None).await
}

/// Registers.
pub(crate) async fn save(
    With(state): With<State>,
    who: Who,
    Path((slug, number, unit)): Path<(String, String, String)>,
    Posted(fields): Posted<BTreeMap<String, String>>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    if held.stage == Stage::Dropped {
        return Err(closed());
    }
    if held.paper().is_none_or(|paper| paper.unit(&unit).is_none()) {
        return Err(Failed::NotFound);
    }
    let value = |name: &str| fields.get(name).map_or("", |value| value.trim());
    let (mut counts, mut wrong) = (Vec::new(), Vec::new());
    for entry in titles::all() {
        let typed = value(&format!("count_{}", entry.id));
        match typed.parse::<u32>() {
            _ if typed.is_empty() => {}
            Ok(0) => {}
            Ok(count) if count <= 9_999 => counts.push((entry.id.clone(), count)),
            _ => wrong.push((
                format!("count_{}", entry.id),
                Text::new(
                    format!("{}: “{typed}” không phải số lượng; ghi một số từ 0 đến 9999.", entry.name.vi),
                    format!("{}: “{typed}” is no number; write one from 0 to 9999.", entry.name.en),
                ),
            )),
        }
    }
    let behalf = match who.behalf(Doing::Bring, &slug, &unit, value("behalf")) {
        Err(Failed::Wrong(text)) => {
            wrong.push(("behalf".to_owned(), text));
            None
        }
        behalf => behalf?,
    };
    if !wrong.is_empty() {
        return page(&state, &who, &held, Some(&unit), Some(Typed { fields: &fields, wrong })).await;
    }
    let note: String = value("note").chars().take(1_000).collect();
    let new = Adding {
        sort: Sort::Registration,
        unit: unit.clone(),
        place: String::new(),
        body: json(&Registration { counts, note })?,
        seen: value("seen").parse().unwrap_or(0),
        behalf,
        act: Act::Titles,
        about: format!("{}, {}", named(&held), today(&state)),
    };
    add(&state, &who, &held, new).await?;
    Ok(Redirect::to(&format!("{}titles", address(&slug, held.draft.number))).into_response())
}
