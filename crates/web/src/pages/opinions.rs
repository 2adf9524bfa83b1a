//! The page of a public consultation: what a case is about, as far as consent allows, for the days that are set; everybody writes what
//! they know of it, the unit reads it first. Its result is counted on the case.

use askama::Template;
use axum::extract::{Path, State as With};
use giaouoc_agreement::text::Lang;
use giaouoc_store::matters::{ERASED_WORDS, Filter, Question, State as Standing};
use giaouoc_worktime::Day;
use giaouoc_year::consulting::OPENS;
use giaouoc_year::matter::Reader;
use giaouoc_year::sort::Sort;

use super::cluster;
use super::matter_voices::{Asking, take_in};
use super::work::{names, sort_of, today, unit_name};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::matters::{self, Full, Names, reader};
use crate::sheet::Sheet;
use crate::state::State;
use crate::when;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/opinions.html")]
struct OpinionsPage {
    base: Base,
    at: String,
    unit: String,
    /// Whether opinions are taken now, and until when they are or were.
    open: bool,
    until: String,
    facts: Vec<(String, String)>,
    shown: Vec<(String, String)>,
    /// Whether one has just arrived.
    taken: bool,
}

/// What came of a consultation, on the page of its case.
pub(crate) struct Consulted {
    pub at: String,
    pub open: bool,
    pub until: String,
    /// Shown, put aside, waiting.
    pub counts: (usize, usize, usize),
    /// For the unit: what waits to be read.
    pub waiting: Vec<(i64, String, String)>,
    /// For the unit: what is shown, and what was put aside and not erased.
    pub shown: Vec<(i64, String, String)>,
    pub aside: Vec<(i64, String, String)>,
}

fn address(full: &Full) -> String {
    format!("{}opinions", full.address())
}

fn count(full: &Full, state: Standing) -> usize {
    full.questions.iter().filter(|one| one.state == state).count()
}

/// What stands on the page of a case; nothing where nobody was asked, or for readers who would not see the case.
pub(crate) fn consulted(
    state: &State,
    full: &Full,
    who: &Who,
    reader: Reader,
    today: Day,
) -> Option<Consulted> {
    full.sort.step(OPENS)?;
    let (_, until) = full.matter.consultation()?;
    let those = |standing| {
        let found = full
            .questions
            .iter()
            .filter(|one| one.state == standing && reader == Reader::Unit && one.text != ERASED_WORDS);
        let line = |one: &Question| (one.id, one.text.clone(), when::shown(one.at, &state.zone, who.lang));
        found.map(line).collect()
    };
    Some(Consulted {
        at: address(full),
        open: full.matter.is_consulted(full.sort, today),
        until: when::day_shown(&until.to_string(), who.lang),
        counts: (count(full, Standing::Shown), count(full, Standing::Aside), count(full, Standing::Waiting)),
        waiting: those(Standing::Waiting),
        shown: those(Standing::Shown),
        aside: those(Standing::Aside),
    })
}

/// A case about which everybody is asked now, as it stands in the public list of its sort.
pub(crate) struct Open {
    pub href: String,
    pub title: String,
    pub unit: String,
    pub until: String,
}

/// The cases of a cluster about which everybody is asked now.
pub(crate) async fn open(
    state: &State,
    slug: &str,
    sort: &Sort,
    sheet: Option<&Sheet>,
    lang: Lang,
) -> Result<Vec<Open>, Failed> {
    if sort.step(OPENS).is_none() {
        return Ok(Vec::new());
    }
    let filter = Filter { cluster: Some(slug.to_owned()), sort: Some(sort.id.clone()), ..Filter::default() };
    let (all, today) = (matters::list(&state.store, &filter).await?, today(state)?);
    let line = |full: &Full| {
        let (_, until) = full.matter.consultation()?;
        Some(Open {
            href: address(full),
            title: full.matter.title(sort).to_owned(),
            unit: unit_name(sheet, &full.row.unit, lang),
            until: when::day_shown(&until.to_string(), lang),
        })
    };
    Ok(all.iter().filter(|full| full.matter.is_consulted(sort, today)).filter_map(line).collect())
}

/// A case about which everybody is asked now; its unit sees the page before and after too.
async fn asked(state: &State, who: &Who, slug: &str, sort: &str, code: &str) -> Result<Full, Failed> {
    sort_of(sort)?;
    let full = matters::find(&state.store, slug, sort, code).await?.ok_or(Failed::NotFound)?;
    let unit = reader(who, slug, &full.row.unit) == Reader::Unit && full.matter.consultation().is_some();
    let open = full.matter.is_consulted(full.sort, today(state)?);
    if open || unit { Ok(full) } else { Err(Failed::NotFound) }
}

type Of = (String, String, String);

/// The page.
pub(crate) async fn get(With(state): With<State>, who: Who, Path((slug, sort, code)): Path<Of>) -> Answer {
    let full = asked(&state, &who, &slug, &sort, &code).await?;
    page(&state, &who, &full, false).await
}

async fn page(state: &State, who: &Who, full: &Full, taken: bool) -> Answer {
    let (slug, sort, lang) = (full.row.cluster.as_str(), full.sort, who.lang);
    let sheet = names(state, slug).await?;
    let looked = Names { events: &[], targets: &[], releases: &[] };
    let facts = sort.fields.iter().filter_map(|field| {
        let text = full.matter.read_when_consulted(sort, field)?;
        Some((field.label.get(lang).to_owned(), matters::shown(sort, field, text, lang, &looked)))
    });
    let until = full.matter.consultation().map(|(_, until)| when::day_shown(&until.to_string(), lang));
    let said = full.questions.iter().filter(|one| one.state == Standing::Shown);
    let title = who.say("Lấy ý kiến công khai", "Public consultation");
    shown(&OpinionsPage {
        base: Base::within(state, who, &cluster(state, slug).await?, title).await?,
        at: address(full),
        unit: unit_name(sheet.as_deref(), &full.row.unit, lang),
        open: full.matter.is_consulted(sort, today(state)?),
        until: until.unwrap_or_default(),
        facts: facts.collect(),
        shown: said.map(|one| (one.text.clone(), when::shown(one.at, &state.zone, lang))).collect(),
        taken,
    })
}

/// Somebody writes. Nobody reads it before the unit has.
pub(crate) async fn post(
    With(state): With<State>,
    who: Who,
    Path((slug, sort, code)): Path<Of>,
    Posted(fields): Posted<Asking>,
) -> Answer {
    let full = asked(&state, &who, &slug, &sort, &code).await?;
    if !full.matter.is_consulted(full.sort, today(&state)?) {
        return Err(Failed::wrong(
            "Đã hết những ngày lấy ý kiến.",
            "The days on which opinions are taken are over.",
        ));
    }
    take_in(&state, &who, &full, &fields, ("ý kiến", "opinion")).await?;
    page(&state, &who, &full, true).await
}
