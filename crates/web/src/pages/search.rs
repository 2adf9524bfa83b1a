//! One search over everything that somebody may see, without marks. What they may not see is neither shown nor counted.

use askama::Template;
use axum::extract::{Path, Query, State as With};
use axum::http::{HeaderValue, header};
use giaouoc_agreement::figure::integer;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_find::{Asked, Document, Hit, Hits, Piece, marked, snippet};
use giaouoc_store::clusters;
use serde::Deserialize;

use super::cluster;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::finding::{ask, reader};
use crate::html::encoded;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// Hits of one sort, where all sorts stand beside each other; and on a page of one sort.
const FEW: usize = 5;
const PAGE: usize = 20;
/// A question is at most so long, in characters.
const LONGEST: usize = 200;

#[derive(Template)]
#[template(path = "pages/search.html")]
struct SearchPage {
    base: Base,
    /// The address of this page without its question.
    here: String,
    asked: String,
    /// The cluster that is looked in, when it is not the address that says so.
    cluster: String,
    clusters: Vec<(String, String)>,
    sort: String,
    /// The address of what is found of every sort.
    everything: String,
    sorts: Vec<Sort>,
    groups: Vec<Group>,
    /// How many there are, in words; nothing before something was asked.
    said: Option<String>,
    /// Whether the index is being made.
    making: bool,
    next: Option<String>,
    /// Where records are looked up by key: address and unit.
    desks: Vec<(String, String)>,
}

/// A sort of things with how many there are.
struct Sort {
    id: String,
    name: &'static str,
    count: String,
    href: String,
    here: bool,
}

struct Group {
    name: &'static str,
    hits: Vec<Line>,
    /// The address of all of them, and how many there are.
    more: Option<(String, String)>,
}

struct Line {
    href: String,
    title: Vec<Piece>,
    text: Vec<Piece>,
    said: String,
}

/// What is asked in the address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    cluster: String,
    #[serde(default)]
    after: usize,
}

/// Everywhere.
pub(crate) async fn get(With(state): With<State>, who: Who, Query(wanted): Query<Wanted>) -> Answer {
    let base = Base::new(&state, &who, title(&who, &wanted));
    page(&state, &who, base, "/search".to_owned(), wanted, None).await
}

/// In one cluster.
pub(crate) async fn of_cluster(
    With(state): With<State>,
    who: Who,
    Path(slug): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let found = cluster(&state, &slug).await?;
    let base = Base::within(&state, &who, &found, title(&who, &wanted)).await?;
    page(&state, &who, base, format!("/c/{slug}/search"), wanted, Some(slug)).await
}

fn title(who: &Who, wanted: &Wanted) -> String {
    match wanted.q.trim() {
        "" => who.say("Tìm kiếm", "Search").to_owned(),
        text => format!("{}: {}", who.say("Tìm", "Search"), text.chars().take(60).collect::<String>()),
    }
}

async fn page(
    state: &State,
    who: &Who,
    mut base: Base,
    here: String,
    wanted: Wanted,
    fixed: Option<String>,
) -> Answer {
    let asked: String = wanted.q.trim().chars().take(LONGEST).collect();
    let all = clusters::all(state.store.read()).await?;
    let known = |slug: &str| all.iter().any(|cluster| cluster.slug == slug);
    let chosen = fixed.clone().or_else(|| Some(wanted.cluster.clone()).filter(|slug| known(slug)));
    let question = Asked {
        text: asked.clone(),
        sort: None,
        cluster: chosen.clone(),
        most: if wanted.sort.is_empty() { 200 } else { PAGE },
        after: wanted.after,
    };
    let question = Asked { sort: Some(wanted.sort.clone()).filter(|sort| !sort.is_empty()), ..question };
    let found = if asked.is_empty() { None } else { ask(state, reader(who), question).await? };
    let making = !asked.is_empty() && found.is_none();
    if making {
        base.reload = Some(3);
    }
    let found = found.unwrap_or_default();
    let at = |sort: &str, after: usize| {
        let mut href = format!("{here}?q={}", encoded(&asked));
        for (name, value) in [("sort", sort), ("cluster", if fixed.is_some() { "" } else { &wanted.cluster })]
        {
            if !value.is_empty() {
                href.push_str(&format!("&{name}={}", encoded(value)));
            }
        }
        if after > 0 {
            href.push_str(&format!("&after={after}"));
        }
        href
    };
    if !asked.is_empty() {
        // Whoever changes the language, or waits, asks the same again.
        base.path = at(&wanted.sort, wanted.after);
    }
    let names: Vec<(String, String)> = all
        .iter()
        .map(|cluster| {
            let name = Text::new(cluster.name_vi.clone(), cluster.name_en.clone());
            (cluster.slug.clone(), format!("{} · {}", name.get(who.lang), cluster.year))
        })
        .collect();
    let said = (!asked.is_empty() && !making).then(|| match who.lang {
        Lang::Vi => format!("“{asked}”: {} kết quả.", integer(count(found.total), Lang::Vi)),
        Lang::En => format!("“{asked}”: {} results.", integer(count(found.total), Lang::En)),
    });
    let sorts: Vec<Sort> = found
        .sorts
        .iter()
        .map(|(id, of)| Sort {
            name: sort_name(id, who.lang),
            count: integer(count(*of), who.lang),
            href: at(id, 0),
            here: *id == wanted.sort,
            id: id.clone(),
        })
        .collect();
    let next = wanted.after.saturating_add(PAGE);
    let more = !wanted.sort.is_empty() && next < found.total;
    let answer = shown(&SearchPage {
        groups: groups(&found, &asked, who, &names, &wanted.sort, |sort| at(sort, 0)),
        desks: desks(state, who, &asked).await?,
        next: more.then(|| at(&wanted.sort, next)),
        everything: at("", 0),
        clusters: if fixed.is_some() || names.len() < 2 { Vec::new() } else { names },
        cluster: chosen.unwrap_or_default(),
        sort: wanted.sort,
        base,
        here,
        asked,
        sorts,
        said,
        making,
    });
    let mut answer = answer?;
    if who.known.is_none() && !making {
        // The same for every stranger for a while; whoever logs in has another cookie, and asks again.
        let headers = answer.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=60"));
        headers.insert(header::VARY, HeaderValue::from_static("cookie, accept-language"));
    }
    Ok(answer)
}

fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

/// The hits by sort, in the order of the best of each.
fn groups(
    found: &Hits,
    asked: &str,
    who: &Who,
    clusters: &[(String, String)],
    chosen: &str,
    at: impl Fn(&str) -> String,
) -> Vec<Group> {
    let mut order: Vec<&str> = Vec::new();
    for hit in &found.hits {
        if !order.contains(&hit.document.sort.as_str()) {
            order.push(&hit.document.sort);
        }
    }
    let one = |sort: &str| {
        let most = if chosen.is_empty() { FEW } else { PAGE };
        let own: Vec<&Hit> = found.hits.iter().filter(|hit| hit.document.sort == sort).collect();
        let total = found.sorts.iter().find(|(id, _)| id == sort).map_or(own.len(), |(_, of)| *of);
        Group {
            name: sort_name(sort, who.lang),
            hits: own.iter().take(most).map(|hit| line(&hit.document, asked, who, clusters)).collect(),
            more: (chosen.is_empty() && total > most).then(|| (at(sort), integer(count(total), who.lang))),
        }
    };
    order.into_iter().map(one).collect()
}

fn line(document: &Document, asked: &str, who: &Who, clusters: &[(String, String)]) -> Line {
    let cluster = document.cluster.as_ref().and_then(|slug| clusters.iter().find(|(id, _)| id == slug));
    let mut said: Vec<String> = cluster.map(|(_, name)| name.clone()).into_iter().collect();
    said.extend(document.day.as_ref().map(|day| when::day_shown(day, who.lang)));
    Line {
        href: document.address.clone(),
        title: marked(document.title.get(who.lang), asked),
        text: snippet(document.text.get(who.lang), asked),
        said: said.join(" · "),
    }
}

/// Where somebody looks records up by their key, at the desks of their own units.
async fn desks(state: &State, who: &Who, asked: &str) -> Result<Vec<(String, String)>, Failed> {
    let mut found = Vec::new();
    if asked.is_empty() {
        return Ok(found);
    }
    for held in &who.roles {
        let (Some(slug), Some(code)) = (&held.cluster, &held.unit) else { continue };
        let Some((_, sheet)) = state.newest(slug).await? else { continue };
        let Some((_, unit)) = sheet.unit(code) else { continue };
        let at = super::desk::address(slug, code);
        found.push((
            format!("{at}find?kind=dossier&q={}", encoded(asked)),
            unit.short.get(who.lang).to_owned(),
        ));
    }
    found.dedup();
    Ok(found)
}

/// What a sort of things is called.
pub(crate) fn sort_name(sort: &str, lang: Lang) -> &'static str {
    let (vi, en) = match sort {
        "unit" => ("Đơn vị", "Units"),
        "target" => ("Chỉ tiêu", "Targets"),
        "clause" => ("Điều khoản của giao ước", "Clauses of agreements"),
        "agreement" => ("Giao ước và quy chế", "Agreements and regulations"),
        "term" => ("Thuật ngữ", "Definitions"),
        "release" => ("Kỳ công bố", "Releases"),
        "question" => ("Câu hỏi về số liệu", "Questions about the data"),
        "record" => ("Bản ghi", "Records"),
        "circular" => ("Thông báo của Ban", "Notices of the board"),
        "matter" => ("Việc trong năm", "The year's work"),
        "resident" => ("Câu hỏi của người dân", "Residents' questions"),
        "joined" => ("Đơn vị tham gia, áp dụng", "Units that take part or take something up"),
        "point" => ("Việc phải làm sau sơ kết, tổng kết", "Points of reviews"),
        "day" => ("Ngày trong lịch", "Days of the calendar"),
        "handover" => ("Bàn giao cụm trưởng", "Handovers of the headship"),
        _ => ("Khác", "Other"),
    };
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}
