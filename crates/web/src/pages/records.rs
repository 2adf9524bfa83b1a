//! The records of a unit, kind by kind: a list to look through, and one found by its key.

use askama::Template;
use axum::extract::{Path, Query, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::kinds;
use serde::Deserialize;

use super::cluster;
use super::desk::address;
use crate::access::Doing;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::html::encoded;
use crate::records::{self, Filter, Listing, Record};
use crate::sheet::Sheet;
use crate::state::State;
use crate::who::Who;

/// Records on a page.
const PAGE: usize = 50;
/// Records looked at for a page: a second or two of work; the next page goes on there.
const LOOKED: u64 = 100_000;
/// Columns shown in a list, besides the key.
const SHOWN: usize = 5;

/// A kind of an address.
pub(crate) fn kind(id: &str) -> Result<&'static Kind, Failed> {
    kinds::builtin().iter().find(|kind| kind.id == id).ok_or(Failed::NotFound)
}

/// The address of a kind's records at a desk.
pub(crate) fn list_address(slug: &str, unit: &str, kind: &str) -> String {
    format!("{}records/{kind}/", address(slug, unit))
}

/// The address of a record.
pub(crate) fn record_address(slug: &str, unit: &str, kind: &str, key: &str) -> String {
    format!("{}of/{}/", list_address(slug, unit, kind), encoded(key))
}

#[derive(Template)]
#[template(path = "pages/records.html")]
struct RecordsPage {
    base: Base,
    desk: String,
    at: String,
    unit: String,
    heads: Vec<String>,
    rows: Vec<Line>,
    query: Asked,
    about: Option<String>,
    targets: Vec<(String, String)>,
    next: Option<String>,
    /// Whether nothing was found among those looked at, and there are more.
    seen: u64,
    may_bring: bool,
}

struct Line {
    href: String,
    key: String,
    cells: Vec<String>,
    /// Who supplies it, where it is not this unit.
    supplier: Option<String>,
}

/// What is asked of a list.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    target: String,
    #[serde(default)]
    met: String,
    #[serde(default)]
    after: String,
    /// `supplied`: what the unit supplies, whomever it is about.
    #[serde(default)]
    by: String,
}

impl Asked {
    fn filter(&self, unit: &str) -> Filter {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let met = match self.met.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        let supplied = self.by == "supplied";
        Filter {
            unit: (!supplied).then(|| unit.to_owned()),
            supplier: supplied.then(|| unit.to_owned()),
            text: some(&self.q),
            target: some(&self.target).map(|target| (target, met)),
            after: some(&self.after),
            most: PAGE,
            look: LOOKED,
        }
    }

    /// The same question, further on.
    fn next(&self, after: &str) -> String {
        let pairs = [("q", &self.q), ("target", &self.target), ("met", &self.met), ("by", &self.by)];
        let mut text = format!("?after={after}");
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            text.push_str(&format!("&{name}={}", encoded(value)));
        }
        text
    }
}

/// Columns worth a place in a list: what it is about, then dates, then the rest; never the key, the unit or long lists.
fn heads(kind: &Kind) -> Vec<usize> {
    let open = (0..kind.columns.len()).filter(|at| *at != kind.key && *at != kind.unit);
    let plain = open.filter(|at| {
        let column = &kind.columns[*at];
        !column.personal && !matches!(column.ty, ColumnType::Intervals | ColumnType::Changes)
    });
    let mut chosen: Vec<usize> = plain.collect();
    let rank = |at: usize| match &kind.columns[at].ty {
        _ if at == kind.date || kind.closes == Some(at) => 1,
        ColumnType::Text if kind.columns[at].id.contains("title") || kind.columns[at].id == "name" => 0,
        ColumnType::Date | ColumnType::Moment => 2,
        _ => 3,
    };
    chosen.sort_by_key(|at| (rank(*at), *at));
    chosen.truncate(SHOWN);
    chosen
}

/// A unit's short name.
pub(crate) fn short(sheet: &Sheet, code: &str, who: &Who) -> String {
    sheet.unit(code).map_or_else(|| code.to_owned(), |(_, unit)| unit.short.get(who.lang).to_owned())
}

/// The list.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path((slug, code, kind_id)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let kind = kind(&kind_id)?;
    let (_, sheet) = state.newest(&slug).await?.ok_or(Failed::NotFound)?;
    let (_, unit) = sheet.unit(&code).ok_or(Failed::NotFound)?;
    let filter = asked.filter(&code);
    // A key is found at once, however many there are.
    if let Some(key) = filter.text.clone() {
        let (slug, kind_id, key) = (slug.clone(), kind_id.clone(), key);
        let exact = records::ask(&state, move |records| records.find(&slug, &kind_id, &key)).await??;
        if let Some(found) = exact.filter(|found| ours(found, &code)) {
            return Ok(
                Redirect::to(&record_address(&cluster.slug, &code, &kind.id, &found.key)).into_response()
            );
        }
    }
    let listing = {
        let (slug, kind_id) = (slug.clone(), kind_id.clone());
        records::ask(&state, move |records| records.list(&slug, &kind_id, &filter)).await??
    };
    let Listing { records, next, seen } = listing;
    let lang = who.lang;
    let columns = heads(kind);
    let rows = records.iter().map(|record| Line {
        href: record_address(&slug, &code, &kind.id, &record.key),
        key: record.key.clone(),
        cells: columns
            .iter()
            .map(|at| {
                let id = &kind.columns[*at].id;
                let field = record.fields.iter().find(|field| field.column == *id);
                field.map_or_else(String::new, |field| field.shown.get(lang).to_owned())
            })
            .collect(),
        supplier: match &record.supplier {
            Some(supplier) if *supplier == code => None,
            Some(supplier) => Some(short(&sheet, supplier, &who)),
            None => Some(who.say("nguồn chung của cụm", "a source of the whole cluster").to_owned()),
        },
    });
    let of_kind = sheet.targets.iter().filter(|target| target.kind == kind.id);
    let targets: Vec<(String, String)> =
        of_kind.map(|target| (target.id.clone(), target.name.get(lang).to_owned())).collect();
    let about = targets.iter().find(|(id, _)| *id == asked.target).map(|(_, name)| {
        let words = match asked.met.as_str() {
            "yes" => who.say("được tính, đạt yêu cầu", "counted and met"),
            "no" => who.say("được tính, chưa đạt yêu cầu", "counted, not met"),
            _ => who.say("được tính", "counted"),
        };
        format!("{name}: {words}")
    });
    let base = Base::within(&state, &who, &cluster, kind.name.get(lang)).await?;
    shown(&RecordsPage {
        desk: address(&slug, &code),
        at: list_address(&slug, &code, &kind.id),
        unit: unit.name.get(lang).to_owned(),
        heads: columns.iter().map(|at| kind.columns[*at].label.get(lang).to_owned()).collect(),
        rows: rows.collect(),
        next: next.map(|next| asked.next(&next)),
        query: asked,
        about,
        targets,
        seen,
        may_bring: who.may(Doing::Bring, &slug, &code),
        base,
    })
}

/// Whether a record may be seen at a unit's desk: it is about the unit, or supplied by it.
pub(crate) fn ours(record: &Record, code: &str) -> bool {
    record.unit == code || record.supplier.as_deref() == Some(code)
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    q: String,
}

/// From the desk's search to the list, or straight to the record.
pub(crate) async fn find(Path((slug, code)): Path<(String, String)>, Query(wanted): Query<Wanted>) -> Answer {
    let kind = kind(&wanted.kind)?;
    let to = format!("{}?q={}", list_address(&slug, &code, &kind.id), encoded(wanted.q.trim()));
    Ok(Redirect::to(&to).into_response())
}
