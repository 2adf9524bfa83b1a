//! The page of a public consultation: what a case is about, as far as consent allows, for the days that are set; everybody writes what
//! they know of it, the unit reads it first. Its result is counted on the case.

use askama::Template;
use axum::extract::{Path, State as With};
use giaouoc_store::matters::State as Standing;
use giaouoc_worktime::Day;
use giaouoc_year::consulting::OPENS;
use giaouoc_year::matter::Reader;

use super::cluster;
use super::matter_voices::{Asking, take_in};
use super::work::{names, sort_of, today, unit_name};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::matters::{self, Full, Names, reader};
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
    let waiting = full.questions.iter().filter(|one| one.state == Standing::Waiting);
    let waiting = waiting.map(|one| (one.id, one.text.clone(), when::shown(one.at, &state.zone, who.lang)));
    Some(Consulted {
        at: address(full),
        open: full.matter.is_consulted(full.sort, today),
        until: when::day_shown(&until.to_string(), who.lang),
        counts: (count(full, Standing::Shown), count(full, Standing::Aside), count(full, Standing::Waiting)),
        waiting: if reader == Reader::Unit { waiting.collect() } else { Vec::new() },
    })
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
