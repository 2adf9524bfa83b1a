//! Telling what was done, from figures and facts: a unit's year as a portrait, a bulletin a month, a summary for the press, and a
//! feed. Only what is public: figures of the last release, matters that everybody may read.

mod press;

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::clusters::{self, Cluster};
use giaouoc_store::matters::Filter;
use giaouoc_store::releases::{self, Release};
use giaouoc_worktime::Day;
use giaouoc_worktime::time::Instant;
use giaouoc_year::sort;

pub(crate) use self::press::press;
use super::cluster;
use super::work::{Row, names, row, today, unit_name};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::html::encoded;
use crate::matters::{self, Full};
use crate::sheet::Sheet;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// Matters of a cluster that everybody may read.
async fn public(state: &State, slug: Option<&str>, unit: Option<&str>) -> Result<Vec<Full>, Failed> {
    let filter = Filter {
        cluster: slug.map(str::to_owned),
        unit: unit.map(str::to_owned),
        public: true,
        ..Filter::default()
    };
    let mut all = matters::list(&state.store, &filter).await?;
    all.retain(|full| full.matter.is_public(full.sort));
    Ok(all)
}

/// The last release of a cluster, with its figures.
async fn last(state: &State, slug: &str) -> Result<Option<(Release, std::sync::Arc<Sheet>)>, Failed> {
    let all = releases::all(state.store.read(), slug).await?;
    let Some(release) = all.into_iter().rev().find(|release| release.published_at.is_some()) else {
        return Ok(None);
    };
    let Some(board) = release.board else { return Ok(None) };
    Ok(state.sheet(board).await?.map(|sheet| (release, sheet)))
}

/// What is said of the figures of a release whose agreement was not in force.
fn by_draft(sheet: &Sheet, lang: Lang) -> Option<String> {
    sheet.by_draft.as_ref().map(|said| said.get(lang).to_owned())
}

fn release_name(release: &Release, lang: Lang) -> String {
    Text::new(release.name_vi.clone(), release.name_en.clone()).get(lang).to_owned()
}

#[derive(Template)]
#[template(path = "pages/portrait.html")]
struct Portrait {
    base: Base,
    lead: String,
    release: Option<(String, String)>,
    by_draft: Option<String>,
    figures: Vec<FigureLine>,
    sorts: Vec<(String, String, usize, Vec<Row>)>,
    joined: Vec<(String, String, String)>,
    data: Option<String>,
}

struct FigureLine {
    name: String,
    goal: String,
    href: String,
    shown: String,
    sign: String,
    words: String,
    tone: String,
}

/// A unit's year.
pub(crate) async fn portrait(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let (sheet, today) = (names(&state, &slug).await?, today(&state)?);
    let lang = who.lang;
    let unit = sheet.as_deref().and_then(|sheet| sheet.unit(&code)).map(|(_, unit)| unit.clone());
    let unit = unit.ok_or(Failed::NotFound)?;
    let mine = public(&state, Some(&slug), Some(&code)).await?;
    let last = last(&state, &slug).await?;
    let figures = last.iter().flat_map(|(_, sheet)| {
        let place = sheet.unit(&code).map(|(place, _)| place);
        sheet.targets.iter().filter_map(move |target| Some((target, target.cells.get(place?)?.as_ref()?)))
    });
    let figures = figures.map(|(target, cell)| FigureLine {
        name: target.name.get(lang).to_owned(),
        goal: target.goal.get(lang).to_owned(),
        href: format!("/c/{slug}/figure-{}~{}", encoded(&target.id), encoded(&code)),
        shown: cell.shown.as_ref().map_or("–", |text| text.get(lang)).to_owned(),
        sign: cell.sign.clone(),
        words: cell.words.get(lang).to_owned(),
        tone: cell.tone.clone(),
    });
    let figures = figures.collect();
    let sorts = sort::all().iter().filter_map(|sort| {
        let mut rows: Vec<Row> = mine
            .iter()
            .filter(|full| full.sort.id == sort.id)
            .map(|full| row(full, lang, sheet.as_deref(), today))
            .collect();
        rows.sort_by(|one, other| other.sorted.cmp(&one.sorted));
        let href = format!("{}?unit={}", matters::list_address(&slug, &sort.id), encoded(&code));
        (!rows.is_empty()).then(|| (sort.plural.get(lang).to_owned(), href, rows.len(), rows))
    });
    let sorts = sorts.collect();
    let mut takes = giaouoc_store::matters::joined_by(state.store.read(), &slug, &code).await?;
    takes.retain(|one| one.yes);
    let ids: Vec<i64> = takes.iter().map(|one| one.matter).collect();
    let others = giaouoc_store::matters::by_ids(state.store.read(), &ids).await?;
    let others = matters::fill(&state.store, others).await?;
    let joined = takes.iter().filter_map(|one| {
        let full = others.iter().find(|full| full.row.id == one.matter)?;
        full.matter.is_public(full.sort).then(|| {
            let day = when::day_shown(&one.day, lang);
            let title = full.matter.title(full.sort).to_owned();
            (full.address(), title, format!("{} · {day}", full.sort.name.get(lang)))
        })
    });
    let joined = joined.collect();
    let lead = match lang {
        Lang::Vi => format!(
            "Năm {} của đơn vị: số liệu của kỳ công bố gần nhất và những việc đã làm, ai cũng đọc được.",
            cluster.year
        ),
        Lang::En => format!(
            "The unit's {}: figures of the last release, and what it did, for everybody to read.",
            cluster.year
        ),
    };
    let release = last.as_ref().map(|(release, _)| {
        (format!("/c/{slug}/r/{}/unit-{}", release.number, encoded(&code)), release_name(release, lang))
    });
    let base = Base::within(&state, &who, &cluster, unit.name.get(lang)).await?;
    shown(&Portrait {
        data: release.as_ref().map(|_| format!("/c/{slug}/data")),
        by_draft: last.as_ref().and_then(|(_, sheet)| by_draft(sheet, lang)),
        base,
        lead,
        release,
        figures,
        sorts,
        joined,
    })
}

#[derive(Template)]
#[template(path = "pages/bulletin.html")]
struct Bulletin {
    base: Base,
    month: String,
    before: String,
    after: Option<String>,
    happened: Vec<Happened>,
    coming: Vec<Happened>,
    /// Address, name, day, what is said of its figures.
    releases: Vec<(String, String, String, Option<String>)>,
}

struct Happened {
    day: String,
    sorted: String,
    href: String,
    title: String,
    what: String,
}

/// A month as `YYYY-MM`: its first day and the first day after it.
fn month(text: &str) -> Option<(Day, Day)> {
    let (year, month) = text.split_once('-')?;
    let first = Day::from_ymd(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
    Some((first, first.add_months(1).ok()?))
}

fn month_address(slug: &str, day: Day) -> String {
    let (year, month, _) = day.ymd();
    format!("/c/{slug}/bulletin/{year}-{month:02}")
}

/// The bulletin of the month before this one.
pub(crate) async fn bulletins(With(state): With<State>, Path(slug): Path<String>) -> Answer {
    let today = today(&state)?;
    let before = today.add_months(-1).map_err(|_| Failed::NotFound)?;
    Ok(Redirect::to(&month_address(&slug, before)).into_response())
}

/// A month on one page, to print.
pub(crate) async fn bulletin(
    With(state): With<State>,
    who: Who,
    Path((slug, text)): Path<(String, String)>,
) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let (first, after) = month(&text).ok_or(Failed::NotFound)?;
    let lang = who.lang;
    let (sheet, today) = (names(&state, &slug).await?, today(&state)?);
    let within = |day: &Day| *day >= first && *day < after;
    let (mut happened, mut coming) = (Vec::new(), Vec::new());
    for full in public(&state, Some(&slug), None).await? {
        let unit = unit_name(sheet.as_deref(), &full.row.unit, lang);
        let consent = full.sort.consent.as_ref();
        for taken in &full.matter.taken {
            let Some(step) = full.sort.step(&taken.step) else { continue };
            let about_consent = consent.is_some_and(|one| one.given == step.id || one.withdrawn == step.id);
            if about_consent || !taken.day.parse().is_ok_and(|day: Day| within(&day)) {
                continue;
            }
            happened.push(Happened {
                day: when::day_shown(&taken.day, lang),
                sorted: taken.day.clone(),
                href: full.address(),
                title: full.matter.title(full.sort).to_owned(),
                what: format!("{unit} · {} · {}", full.sort.name.get(lang), step.done.get(lang)),
            });
        }
        let next = after.add_months(1).unwrap_or(after);
        let ahead = full.matter.when(full.sort).filter(|day| *day >= after && *day < next);
        if let Some(day) =
            ahead.filter(|_| !full.matter.is_met(full.sort) && !full.matter.is_closed(full.sort))
        {
            coming.push(Happened {
                day: when::day_shown(&day.to_string(), lang),
                sorted: day.to_string(),
                href: full.address(),
                title: full.matter.title(full.sort).to_owned(),
                what: format!("{unit} · {}", full.sort.name.get(lang)),
            });
        }
    }
    happened.sort_by(|one, other| one.sorted.cmp(&other.sorted));
    coming.sort_by(|one, other| one.sorted.cmp(&other.sorted));
    let all = releases::all(state.store.read(), &slug).await?;
    let mut published = Vec::new();
    for release in &all {
        let Some(at) = release.published_at else { continue };
        let day = when::day_of(at, &state.zone);
        if !day.parse().is_ok_and(|day: Day| within(&day)) {
            continue;
        }
        let sheet = match release.board {
            Some(board) => state.sheet(board).await?,
            None => None,
        };
        published.push((
            format!("/c/{slug}/r/{}/", release.number),
            release_name(release, lang),
            when::day_shown(&day, lang),
            sheet.and_then(|sheet| by_draft(&sheet, lang)),
        ));
    }
    let (year, number, _) = first.ymd();
    let name = match lang {
        Lang::Vi => format!("Bản tin tháng {number}/{year}"),
        Lang::En => format!("Bulletin of {year}-{number:02}"),
    };
    let base = Base::within(&state, &who, &cluster, name).await?;
    shown(&Bulletin {
        month: cluster_name(&cluster, lang),
        before: month_address(&slug, first.add_months(-1).unwrap_or(first)),
        after: (after <= today).then(|| month_address(&slug, after)),
        happened,
        coming,
        releases: published,
        base,
    })
}

fn cluster_name(cluster: &Cluster, lang: Lang) -> String {
    Text::new(cluster.name_vi.clone(), cluster.name_en.clone()).get(lang).to_owned()
}

#[derive(Template)]
#[template(path = "pages/feed.xml")]
struct Feed {
    lang: &'static str,
    id: String,
    title: String,
    own: String,
    page: String,
    updated: String,
    entries: Vec<Entry>,
}

struct Entry {
    id: String,
    title: String,
    href: String,
    updated: String,
    summary: String,
    sorted: i64,
}

/// Entries of a feed at most.
const ENTRIES: usize = 60;

/// An instant as RFC 3339 has it.
fn rfc3339(at: i64) -> String {
    Instant(at).floor_second().to_string()
}

async fn entries(state: &State, cluster: &Cluster, lang: Lang) -> Result<Vec<Entry>, Failed> {
    let (slug, url) = (cluster.slug.as_str(), state.site.url.as_str());
    let (sheet, today) = (names(state, slug).await?, today(state)?);
    let mut all: Vec<Entry> = public(state, Some(slug), None)
        .await?
        .iter()
        .map(|full| {
            let line = row(full, lang, sheet.as_deref(), today);
            Entry {
                id: format!("{url}{}", full.address()),
                href: format!("{url}{}", full.address()),
                title: format!("{}: {}", line.sort, line.title),
                updated: rfc3339(full.row.changed_at),
                summary: format!("{} · {} · {}", line.unit, line.state, line.day),
                sorted: full.row.changed_at,
            }
        })
        .collect();
    for release in releases::all(state.store.read(), slug).await? {
        let Some(at) = release.published_at else { continue };
        let href = format!("{url}/c/{slug}/r/{}/", release.number);
        all.push(Entry {
            id: href.clone(),
            href,
            title: release_name(&release, lang),
            updated: rfc3339(at),
            summary: match lang {
                Lang::Vi => "Kỳ công bố số liệu".to_owned(),
                Lang::En => "A release of figures".to_owned(),
            },
            sorted: at,
        });
    }
    all.sort_by_key(|entry| std::cmp::Reverse(entry.sorted));
    all.truncate(ENTRIES);
    Ok(all)
}

fn feed(
    state: &State,
    who: &Who,
    title: String,
    (own, page): (String, String),
    entries: Vec<Entry>,
) -> Answer {
    let updated = entries.first().map_or_else(|| rfc3339(0), |entry| entry.updated.clone());
    let url = &state.site.url;
    let feed = Feed {
        lang: if who.lang == Lang::Vi { "vi" } else { "en" },
        id: format!("{url}{own}"),
        title,
        own: format!("{url}{own}"),
        page: format!("{url}{page}"),
        updated,
        entries,
    };
    let text = feed.render()?;
    Ok(([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], text).into_response())
}

/// What is new in a cluster, as Atom (RFC 4287).
pub(crate) async fn cluster_feed(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let entries = entries(&state, &cluster, who.lang).await?;
    let at = (format!("/c/{slug}/feed.atom"), format!("/c/{slug}/year/"));
    feed(&state, &who, cluster_name(&cluster, who.lang), at, entries)
}

/// What is new in all clusters.
pub(crate) async fn city_feed(With(state): With<State>, who: Who) -> Answer {
    let mut all = Vec::new();
    for cluster in clusters::all(state.store.read()).await? {
        all.extend(entries(&state, &cluster, who.lang).await?);
    }
    all.sort_by_key(|entry| std::cmp::Reverse(entry.sorted));
    all.truncate(ENTRIES);
    let title = state.site.name.get(who.lang).to_owned();
    feed(&state, &who, title, ("/feed.atom".to_owned(), "/".to_owned()), all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_half_open_and_instants_are_written_for_feeds() {
        let (first, after) = month("2020-12").unwrap();
        assert_eq!((first.to_string(), after.to_string()), ("2020-12-01".into(), "2021-01-01".into()));
        for wrong in ["2020", "2020-13", "2020-00", "x-1", ""] {
            assert_eq!(month(wrong), None, "{wrong}");
        }
        assert_eq!(rfc3339(1_593_579_600_123_456), "2020-07-01T05:00:00Z");
    }
}
