//! The year's work of a cluster: what there is of each sort, and the lists. The same addresses for everybody; who is inside sees more.

use askama::Template;
use axum::extract::{Path, Query, State as With};
use giaouoc_agreement::text::{Lang, Text, fold};
use giaouoc_store::matters::Filter;
use giaouoc_worktime::Day;
use giaouoc_year::matter::Reader;
use giaouoc_year::sort::{self, By, Sort};
use serde::Deserialize;

use super::cluster;
use crate::access::Doing;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::export::{List, collator};
use crate::matters::{self, Full, desk_address, list_address, may_see, reader};
use crate::sheet::Sheet;
use crate::state::State;
use crate::when;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/work.html")]
struct WorkPage {
    base: Base,
    sorts: Vec<SortLine>,
    coming: Vec<Row>,
    units: Vec<(String, String)>,
}

struct SortLine {
    href: String,
    name: String,
    meaning: String,
    count: usize,
    latest: Vec<Row>,
}

/// A matter in a list.
#[derive(Clone)]
pub(crate) struct Row {
    pub href: String,
    pub title: String,
    pub code: String,
    pub unit: String,
    pub state: String,
    /// The day that it is about, as people read it, and as it sorts.
    pub day: String,
    pub sorted: String,
    /// By how many days it is over its day.
    pub over: Option<String>,
    pub sort: String,
}

/// What a kept sheet knows of units: their short names, in the order of the decision.
pub(crate) fn unit_name(sheet: Option<&Sheet>, code: &str, lang: Lang) -> String {
    let unit = sheet.and_then(|sheet| sheet.unit(code));
    unit.map_or_else(|| code.to_owned(), |(_, unit)| unit.short.get(lang).to_owned())
}

/// The sheet whose names of units and targets a reader sees: the newest, for names are no figures.
pub(crate) async fn names(state: &State, slug: &str) -> Result<Option<std::sync::Arc<Sheet>>, Failed> {
    Ok(state.newest(slug).await?.map(|(_, sheet)| sheet))
}

/// Today, in the zone of the site.
pub(crate) fn today(state: &State) -> Result<Day, Failed> {
    when::day_of(state.now(), &state.zone).parse().map_err(|_| Failed::Internal("no day".to_owned()))
}

/// A matter as a line.
pub(crate) fn row(full: &Full, lang: Lang, sheet: Option<&Sheet>, today: Day) -> Row {
    let over = full.matter.days_over(full.sort, today).map(|days| match lang {
        Lang::Vi => format!("quá ngày dự kiến {days} ngày"),
        Lang::En => format!("{days} days over its day"),
    });
    let last = full.matter.taken.last().map(|taken| taken.day.clone()).unwrap_or_default();
    let day = match (full.matter.is_met(full.sort), full.matter.when(full.sort)) {
        (false, Some(day)) => day.to_string(),
        _ => last,
    };
    let unit = unit_name(sheet, &full.row.unit, lang);
    Row {
        href: full.address(),
        title: full.matter.title(full.sort).to_owned(),
        code: full.row.code.clone(),
        unit: match (full.row.common, lang) {
            (true, Lang::Vi) => format!("cả cụm ({unit} chủ trì)"),
            (true, Lang::En) => format!("the cluster (led by {unit})"),
            (false, _) => unit,
        },
        state: full.sort.state(full.matter.state(full.sort)).get(lang).to_owned(),
        day: when::day_shown(&day, lang),
        sorted: day,
        over,
        sort: full.sort.name.get(lang).to_owned(),
    }
}

/// The matters of a cluster that somebody may know of, in the order in which they were begun.
pub(crate) async fn seen(
    state: &State,
    who: &Who,
    slug: &str,
    sort: Option<&str>,
) -> Result<Vec<Full>, Failed> {
    let filter = Filter {
        cluster: Some(slug.to_owned()),
        sort: sort.map(str::to_owned),
        public: !who.inside(slug),
        ..Filter::default()
    };
    let mut all = matters::list(&state.store, &filter).await?;
    all.retain(|full| may_see(full, reader(who, slug, &full.row.unit)));
    Ok(all)
}

/// The year's work at a glance.
pub(crate) async fn overview(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let (sheet, today) = (names(&state, &slug).await?, today(&state)?);
    let all = seen(&state, &who, &slug, None).await?;
    let line = |full: &Full| row(full, who.lang, sheet.as_deref(), today);
    let sorts = sort::all().iter().map(|sort| {
        let mine: Vec<&Full> = all.iter().filter(|full| full.sort.id == sort.id).collect();
        let mut latest: Vec<Row> = mine.iter().map(|full| line(full)).collect();
        latest.sort_by(|one, other| other.sorted.cmp(&one.sorted));
        latest.truncate(3);
        SortLine {
            href: list_address(&slug, &sort.id),
            name: sort.plural.get(who.lang).to_owned(),
            meaning: sort.meaning.get(who.lang).to_owned(),
            count: mine.len(),
            latest,
        }
    });
    let sorts = sorts.collect();
    let ahead = |full: &&Full| {
        !full.matter.is_met(full.sort)
            && !full.matter.is_closed(full.sort)
            && full.matter.when(full.sort).is_some_and(|day| day >= today)
    };
    let mut coming: Vec<Row> = all.iter().filter(ahead).map(line).collect();
    coming.sort_by(|one, other| one.sorted.cmp(&other.sorted));
    coming.truncate(8);
    let base = Base::within(&state, &who, &cluster, who.say("Việc trong năm", "The year's work")).await?;
    let units = sheet.iter().flat_map(|sheet| &sheet.units).map(|unit| {
        (format!("/c/{slug}/unit/{}/", crate::html::encoded(&unit.code)), unit.short.get(who.lang).to_owned())
    });
    let units = units.collect();
    shown(&WorkPage { base, sorts, coming, units })
}

#[derive(Template)]
#[template(path = "pages/work_list.html")]
struct ListPage {
    base: Base,
    at: String,
    meaning: String,
    source: String,
    rows: Vec<Row>,
    units: Vec<(String, String)>,
    asked: Asked,
    /// Where this person may begin one: address, unit.
    desks: Vec<(String, String)>,
    /// Of other clusters, where the sort spreads.
    others: Vec<(String, Row)>,
    total: usize,
    /// How long honour took, where the sort has it.
    timely: Option<String>,
    /// About what everybody is asked now.
    consulted: Vec<super::opinions::Open>,
}

/// What is asked of a list.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    order: String,
}

/// The sort of an address.
pub(crate) fn sort_of(id: &str) -> Result<&'static Sort, Failed> {
    sort::find(id).ok_or(Failed::NotFound)
}

/// Whether somebody may do what is done by these at a unit's desk.
pub(crate) fn may(who: &Who, by: By, slug: &str, unit: &str) -> bool {
    who.may(doing(by), slug, unit)
}

/// What that is at the gate.
pub(crate) fn doing(by: By) -> Doing {
    match by {
        By::Staff => Doing::Propose,
        By::Officer => Doing::Bring,
        By::Leader => Doing::Confirm,
    }
}

fn sorted(rows: &mut [Row], order: &str, sheet: Option<&Sheet>, lang: Lang) -> Result<(), Failed> {
    match order {
        "title" => {
            let collator = collator(lang)?;
            rows.sort_by(|one, other| collator.compare(&one.title, &other.title));
        }
        "unit" => {
            let place = |row: &Row| {
                let units = sheet.map(|sheet| sheet.units.as_slice()).unwrap_or_default();
                units
                    .iter()
                    .position(|unit| row.unit.contains(&unit.short.vi) || row.unit.contains(&unit.short.en))
            };
            rows.sort_by_key(|row| place(row).unwrap_or(usize::MAX));
        }
        _ => rows.sort_by(|one, other| other.sorted.cmp(&one.sorted).then(one.code.cmp(&other.code))),
    }
    Ok(())
}

async fn rows(
    state: &State,
    who: &Who,
    slug: &str,
    sort: &Sort,
    asked: &Asked,
) -> Result<Vec<(Full, Row)>, Failed> {
    let (sheet, today) = (names(state, slug).await?, today(state)?);
    let wanted = fold(&asked.q);
    let fits = |full: &Full, row: &Row| {
        let reader = reader(who, slug, &full.row.unit);
        let read = full.sort.fields.iter().filter_map(|field| full.matter.read(full.sort, field, reader));
        let text = read.chain([row.code.as_str(), row.unit.as_str()]).map(fold).collect::<Vec<_>>().join(" ");
        (asked.unit.is_empty() || full.row.unit == asked.unit)
            && (wanted.is_empty() || text.contains(&wanted))
    };
    let all = seen(state, who, slug, Some(&sort.id)).await?;
    let lines = all.into_iter().map(|full| {
        let row = row(&full, who.lang, sheet.as_deref(), today);
        (full, row)
    });
    let mut found: Vec<(Full, Row)> = lines.filter(|(full, row)| fits(full, row)).collect();
    let mut order: Vec<Row> = found.iter().map(|(_, row)| row.clone()).collect();
    sorted(&mut order, &asked.order, sheet.as_deref(), who.lang)?;
    let place = |row: &Row| order.iter().position(|one| one.href == row.href);
    found.sort_by_key(|(_, row)| place(row));
    Ok(found)
}

/// The matters of a sort.
pub(crate) async fn list(
    With(state): With<State>,
    who: Who,
    Path((slug, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (cluster, sort) = (cluster(&state, &slug).await?, sort_of(&id)?);
    let sheet = names(&state, &slug).await?;
    let found = rows(&state, &who, &slug, sort, &asked).await?;
    let units = sheet.iter().flat_map(|sheet| &sheet.units);
    let units: Vec<(String, String)> =
        units.map(|unit| (unit.code.clone(), unit.short.get(who.lang).to_owned())).collect();
    let desks = units
        .iter()
        .filter(|(code, _)| may(&who, sort.begun_by, &slug, code) && (!sort.only_common || who.heads(&slug)));
    let desks = desks
        .map(|(code, name)| (format!("{}new", desk_address(&slug, code, &sort.id)), name.clone()))
        .collect();
    let mut others = Vec::new();
    if sort.spread {
        let filter = Filter { sort: Some(sort.id.clone()), public: true, ..Filter::default() };
        let elsewhere = matters::list(&state.store, &filter).await?;
        for full in elsewhere.iter().filter(|full| full.row.cluster != slug && full.matter.is_public(sort)) {
            let Ok(home) = super::cluster(&state, &full.row.cluster).await else { continue };
            let theirs = names(&state, &full.row.cluster).await?;
            let name = Text::new(home.name_vi, home.name_en);
            let line = row(full, who.lang, theirs.as_deref(), today(&state)?);
            others.push((name.get(who.lang).to_owned(), line));
        }
    }
    let timely = timely(sort, &found, who.lang);
    let consulted = super::opinions::open(&state, &slug, sort, sheet.as_deref(), who.lang).await?;
    let base = Base::within(&state, &who, &cluster, sort.plural.get(who.lang)).await?;
    shown(&ListPage {
        at: list_address(&slug, &id),
        meaning: sort.meaning.get(who.lang).to_owned(),
        source: sort.source.clone(),
        total: found.len(),
        rows: found.into_iter().map(|(_, row)| row).collect(),
        units,
        asked,
        desks,
        others,
        timely,
        consulted,
        base,
    })
}

/// How long it took from finding to honour: the middle one of all, in days.
fn timely(sort: &Sort, found: &[(Full, Row)], lang: Lang) -> Option<String> {
    let (first, last) = (sort.step("propose")?, sort.step("honour")?);
    let day = |full: &Full, step: &str| full.matter.day_of(step)?.parse::<Day>().ok();
    let mut days: Vec<i64> = found
        .iter()
        .filter_map(|(full, _)| Some(day(full, &first.id)?.days_until(day(full, &last.id)?)))
        .collect();
    days.sort_unstable();
    let middle = *days.get(days.len().checked_sub(1)? / 2)?;
    Some(match lang {
        Lang::Vi => format!(
            "Từ phát hiện đến biểu dương: trường hợp giữa là {middle} ngày ({} trường hợp, nhanh nhất {}, lâu nhất {}).",
            days.len(),
            days.first()?,
            days.last()?
        ),
        Lang::En => format!(
            "From finding to honour: {middle} days in the middle case ({} cases, {} at the quickest, {} at the slowest).",
            days.len(),
            days.first()?,
            days.last()?
        ),
    })
}

/// The list for a spreadsheet.
pub(crate) async fn csv(
    With(state): With<State>,
    who: Who,
    Path((slug, id)): Path<(String, String)>,
) -> Answer {
    file(&state, &who, &slug, &id, "csv").await
}

/// The same as a workbook.
pub(crate) async fn xlsx(
    With(state): With<State>,
    who: Who,
    Path((slug, id)): Path<(String, String)>,
) -> Answer {
    file(&state, &who, &slug, &id, "xlsx").await
}

/// The list as a file: what the reader sees, with all fields that they may read.
async fn file(state: &State, who: &Who, slug: &str, id: &str, form: &str) -> Answer {
    cluster(state, slug).await?;
    let sort = sort_of(id)?;
    let found = rows(state, who, slug, sort, &Asked::default()).await?;
    let everybody =
        |reader: Reader| found.iter().all(|(full, _)| self::reader(who, slug, &full.row.unit) >= reader);
    let fields: Vec<_> = sort
        .fields
        .iter()
        .filter(|field| !field.personal && (field.public || !found.is_empty() && everybody(Reader::Inside)))
        .collect();
    let mut head = vec!["code", "unit", "state"];
    head.extend(fields.iter().map(|field| field.id.as_str()));
    // Under the name of each step the day on which it was taken; when a person agreed or withdrew is the unit's to know.
    let units = everybody(Reader::Unit) && !found.is_empty();
    let private = |id: &str| {
        sort.consent.as_ref().is_some_and(|consent| consent.given == id || consent.withdrawn == id)
    };
    let steps: Vec<&str> =
        sort.steps.iter().map(|step| step.id.as_str()).filter(|id| units || !private(id)).collect();
    head.extend(&steps);
    let lines = found.iter().map(|(full, _)| {
        let reader = reader(who, slug, &full.row.unit);
        let matter = &full.matter;
        let mut line = vec![matter.code.clone(), matter.unit.clone(), matter.state(sort).to_owned()];
        line.extend(
            fields.iter().map(|field| matter.read(sort, field, reader).unwrap_or_default().to_owned()),
        );
        line.extend(steps.iter().map(|step| matter.day_of(step).unwrap_or_default().to_owned()));
        line
    });
    List { name: &sort.id, head, rows: lines.collect() }.file(form)
}
