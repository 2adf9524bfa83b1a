//! Matters of the year's work, put together from what the store keeps, for pages and jobs.

use std::collections::{BTreeMap, HashMap};

use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::clusters::Cluster;
use giaouoc_store::events;
use giaouoc_store::evidence::{self, Evidence};
use giaouoc_store::matters::{self, Filter, Joined, Question, State as Standing, Step};
use giaouoc_store::pictures::{self, Picture};
use giaouoc_store::{On, Result, Store};
use giaouoc_worktime::Day;
use giaouoc_year::calendar;
use giaouoc_year::matter::{self, Matter, Reader, Taken};
use giaouoc_year::sort::{self, Field, Sort, Type};

use crate::access::Doing;
use crate::html::encoded;
use crate::who::Who;

/// A matter with everything around it.
#[derive(Clone, Debug)]
pub struct Full {
    /// As it is kept.
    pub row: matters::Matter,
    /// Its sort.
    pub sort: &'static Sort,
    /// As the rules see it.
    pub matter: Matter,
    /// All its steps, with those that were taken back.
    pub steps: Vec<Step>,
    /// Who joined, of all clusters.
    pub joined: Vec<Joined>,
    /// What was asked.
    pub questions: Vec<Question>,
    /// Its files.
    pub files: Vec<Evidence>,
    /// What is known of its pictures, by the number of their file.
    pub pictures: HashMap<i64, Picture>,
}

impl Full {
    /// Its page.
    pub fn address(&self) -> String {
        address(&self.row.cluster, &self.row.sort, &self.row.code)
    }
}

/// The page of a matter.
pub fn address(slug: &str, sort: &str, code: &str) -> String {
    format!("{}{}/", list_address(slug, sort), encoded(code))
}

/// The page of a sort of matters.
pub fn list_address(slug: &str, sort: &str) -> String {
    format!("/c/{slug}/year/{sort}/")
}

/// Where a desk does something with a matter.
pub(crate) fn desk_address(slug: &str, unit: &str, sort: &str) -> String {
    format!("{}year/{sort}/", crate::pages::desk::address(slug, unit))
}

/// Puts matters together. Those of a sort that this program does not know are left out.
///
/// # Errors
/// When the database fails.
pub async fn fill(store: &Store, rows: Vec<matters::Matter>) -> Result<Vec<Full>> {
    fill_on(store.read(), rows).await
}

/// The same, within a transaction where one is given.
///
/// # Errors
/// When the database fails.
pub async fn fill_on(on: &impl On, rows: Vec<matters::Matter>) -> Result<Vec<Full>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut steps: HashMap<i64, Vec<Step>> = HashMap::new();
    for step in matters::all_steps(on, &ids).await? {
        steps.entry(step.matter).or_default().push(step);
    }
    let mut joined: HashMap<i64, Vec<Joined>> = HashMap::new();
    for one in matters::joined(on, &ids).await? {
        joined.entry(one.matter).or_default().push(one);
    }
    let mut questions: HashMap<i64, Vec<Question>> = HashMap::new();
    for one in matters::questions(on, &ids).await? {
        questions.entry(one.matter).or_default().push(one);
    }
    let mut personal: HashMap<i64, BTreeMap<String, String>> = HashMap::new();
    for (id, field, value) in matters::personal(on, &ids).await? {
        personal.entry(id).or_default().insert(field, value);
    }
    let mut files: HashMap<(String, String, String), Vec<Evidence>> = HashMap::new();
    let mut looked: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for row in &rows {
        looked.entry((&row.cluster, &row.sort)).or_default().push(&row.code);
    }
    for ((cluster, sort), codes) in looked {
        for file in evidence::of_records(on, cluster, &matters::evidence_kind(sort), &codes).await? {
            files.entry(file.record.clone()).or_default().push(file);
        }
    }
    let all: Vec<i64> = files.values().flatten().map(|file| file.id).collect();
    let mut known = pictures::of(on, &all).await?;
    let mut all = Vec::new();
    for row in rows {
        let Some(sort) = sort::find(&row.sort) else { continue };
        let key = (row.cluster.clone(), matters::evidence_kind(&row.sort), row.code.clone());
        let mut full = Full {
            sort,
            matter: Matter::default(),
            steps: steps.remove(&row.id).unwrap_or_default(),
            joined: joined.remove(&row.id).unwrap_or_default(),
            questions: questions.remove(&row.id).unwrap_or_default(),
            files: files.remove(&key).unwrap_or_default(),
            pictures: HashMap::new(),
            row,
        };
        let own = full.files.iter().filter_map(|file| Some((file.id, known.remove(&file.id)?)));
        full.pictures = own.collect();
        full.matter = assemble(&full, personal.remove(&full.row.id).unwrap_or_default());
        all.push(full);
    }
    Ok(all)
}

fn assemble(full: &Full, personal: BTreeMap<String, String>) -> Matter {
    let row = &full.row;
    let stands = full.steps.iter().filter(|step| step.gone.is_none());
    let shown = full.questions.iter().filter(|question| question.state == Standing::Shown);
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Matter {
        code: row.code.clone(),
        unit: row.unit.clone(),
        common: row.common,
        fields: row.fields.clone(),
        personal,
        taken: stands.map(|step| Taken { step: step.step.clone(), day: step.day.clone() }).collect(),
        joined: full
            .joined
            .iter()
            .map(|one| matter::Joined {
                unit: one.unit.clone(),
                cluster: (one.cluster != row.cluster).then(|| one.cluster.clone()),
                yes: one.yes,
                day: one.day.clone(),
                number: one.number.and_then(|number| u32::try_from(number).ok()),
                result: one.result.clone(),
            })
            .collect(),
        questions: number(shown.clone().count()),
        answered: number(shown.filter(|question| question.reply.is_some()).count()),
        unread: number(full.questions.iter().filter(|one| one.state == Standing::Waiting).count()),
        files: number(full.files.len()),
        gone: row.gone.is_some(),
    }
}

/// A matter by its code.
///
/// # Errors
/// When the database fails.
pub async fn find(store: &Store, cluster: &str, sort: &str, code: &str) -> Result<Option<Full>> {
    let Some(row) = matters::get(store.read(), cluster, sort, code).await? else { return Ok(None) };
    Ok(fill(store, vec![row]).await?.pop())
}

/// Matters of a list.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store, filter: &Filter) -> Result<Vec<Full>> {
    fill(store, matters::list(store.read(), filter).await?).await
}

/// A day of the calendar to which matters can be tied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id, as fields have it.
    pub id: String,
    /// The day.
    pub day: Day,
    /// Its name.
    pub name: Text,
    /// `anniversary`, or as the cluster says.
    pub sort: String,
    /// Where it is written.
    pub source: String,
}

/// The days of a cluster's year: anniversaries and its own, in their order. With those that were taken out, for what names them.
///
/// # Errors
/// When the database fails.
pub async fn calendar(store: &Store, cluster: &Cluster, gone: bool) -> Result<Vec<Event>> {
    let year = i32::try_from(cluster.year).unwrap_or_default();
    let every_year = calendar::anniversaries().iter().filter_map(|day| {
        Some(Event {
            id: day.id.clone(),
            day: day.on(year)?,
            name: day.in_year(year),
            sort: "anniversary".to_owned(),
            source: day.source.clone(),
        })
    });
    let mut all: Vec<Event> = every_year.collect();
    for own in events::of(store.read(), &cluster.slug, gone).await? {
        let Ok(day) = own.day.parse() else { continue };
        all.push(Event {
            id: format!("e{}", own.id),
            day,
            name: Text::new(own.name_vi, own.name_en),
            sort: own.sort,
            source: own.source,
        });
    }
    all.sort_by_key(|event| event.day);
    Ok(all)
}

/// As what somebody reads the matters of a unit.
pub(crate) fn reader(who: &Who, slug: &str, unit: &str) -> Reader {
    if who.may(Doing::Read, slug, unit) {
        Reader::Unit
    } else if who.inside(slug) {
        Reader::Inside
    } else {
        Reader::Public
    }
}

/// Whether somebody may know of a matter at all. Within the cluster everybody sees what goes on; a proposal that is not
/// registered, and what was not begun in earnest, only the unit.
pub(crate) fn may_see(full: &Full, reader: Reader) -> bool {
    match reader {
        Reader::Unit => true,
        Reader::Inside => {
            let proposed = full.sort.step("propose").is_some() && full.matter.state(full.sort) == "propose";
            !full.matter.gone && !full.matter.taken.is_empty() && !proposed
        }
        Reader::Public => full.matter.is_public(full.sort),
    }
}

/// A field's text as people read it.
pub fn shown(sort: &Sort, field: &Field, text: &str, lang: Lang, names: &Names<'_>) -> String {
    match field.ty {
        Type::Date => crate::when::day_shown(text, lang),
        Type::Flag | Type::Code | Type::Choice => {
            let choices = sort.choices(field);
            let found = choices.iter().find(|choice| choice.code == text);
            found.map_or(text, |choice| choice.name.get(lang)).to_owned()
        }
        Type::Event => {
            let found = names.events.iter().find(|event| event.id == text);
            found.map_or(text, |event| event.name.get(lang)).to_owned()
        }
        Type::Target => {
            let found = names.targets.iter().find(|(id, _)| id == text);
            found.map_or(text, |(_, name)| name.get(lang)).to_owned()
        }
        Type::Release => {
            let found = names.releases.iter().find(|(number, _)| number == text);
            found.map_or(text, |(_, name)| name.get(lang)).to_owned()
        }
        Type::Number => match text.parse::<i64>() {
            Ok(number) => giaouoc_agreement::figure::integer(number, lang),
            Err(_) => text.to_owned(),
        },
        Type::Line | Type::Text | Type::Time | Type::Matter => text.to_owned(),
    }
}

/// What names of things in fields are looked up in.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// Days of the calendar.
    pub events: &'a [Event],
    /// Targets of the agreement by their ids.
    pub targets: &'a [(String, Text)],
    /// Releases by their numbers.
    pub releases: &'a [(String, Text)],
}
