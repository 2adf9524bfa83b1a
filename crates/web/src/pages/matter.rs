//! One matter: what it is, how it stands, what comes next. Everybody has the same address and reads what is for them.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::matters::{self as kept_matters, State as Standing};
use giaouoc_store::people;
use giaouoc_worktime::Day;
use giaouoc_year::honours::{self, Case};
use giaouoc_year::matter::{Reader, joins};
use giaouoc_year::rows::rows;
use giaouoc_year::sort::{Part, Sort, Step, Type};

use super::cluster;
use super::matter_fields::{Field, field};
use super::records::record_address;
use super::work::{may, names, sort_of, today, unit_name};
use crate::access;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::html::encoded;
use crate::matters::{self, Event, Full, Names, desk_address, list_address, may_see, reader};
use crate::sheet::Sheet;
use crate::state::State;
use crate::when;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/matter.html")]
struct MatterPage {
    base: Base,
    sort: String,
    list: String,
    /// Whose it is, its code, how it stands.
    place: String,
    stands: String,
    public: bool,
    gone: Option<String>,
    over: Option<String>,
    waits: Vec<(String, String)>,
    facts: Vec<Fact>,
    pictures: Vec<(String, String)>,
    files: Vec<FileLine>,
    steps: Vec<StepForm>,
    /// Where what is done here goes.
    desk: Option<String>,
    behalf: bool,
    version: i64,
    timeline: Vec<Line>,
    edits: Vec<Line>,
    questions: Option<Questions>,
    joined: Option<JoinedPart>,
    children: Vec<Child>,
    review: Option<super::review::Part>,
    records: Vec<(String, String)>,
    failed: Option<String>,
    asks: Vec<String>,
    may_edit: bool,
    may_withdraw: bool,
    last: Option<String>,
    notices: Vec<String>,
    /// What the page's forms hold files with.
    draft: Option<i64>,
}

struct Fact {
    label: String,
    value: String,
    href: Option<String>,
    personal: bool,
}

struct FileLine {
    id: i64,
    name: String,
    href: String,
}

struct StepForm {
    id: String,
    name: String,
    fields: Vec<Field>,
    /// The day's field, where the step may have happened earlier.
    day: Option<String>,
    note: bool,
    file: bool,
    aside: bool,
    /// What it still lacks and its form does not ask for.
    lacks: Vec<String>,
    problems: Vec<String>,
    open: bool,
    note_text: String,
}

struct Line {
    when: String,
    what: String,
    note: String,
    gone: bool,
}

struct Questions {
    shown: Vec<Question>,
    waiting: Vec<Question>,
    aside: Vec<Question>,
    may_ask: bool,
    until: Option<String>,
    at: String,
    may_answer: bool,
}

struct Question {
    id: i64,
    text: String,
    at: String,
    there: bool,
    aside: Option<String>,
    owner: String,
    due: Option<String>,
    due_value: String,
    late: bool,
    reply: Option<(String, String)>,
}

struct JoinedPart {
    adopters: bool,
    yes: Vec<JoinedLine>,
    no: Vec<JoinedLine>,
    /// Who was asked and has not said anything.
    silent: Vec<String>,
    /// Where this person may say something for a unit.
    desks: Vec<(String, String)>,
    behalf: Vec<(String, String)>,
}

struct JoinedLine {
    unit: String,
    day: String,
    number: Option<i64>,
    said: String,
    result: String,
    result_day: Option<String>,
}

struct Child {
    href: String,
    title: String,
    due: String,
    state: String,
    over: Option<String>,
    waits: Option<String>,
    progress: String,
    owner: String,
}

/// What a step's form brought that could not be taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tried {
    pub step: String,
    pub values: BTreeMap<String, String>,
    /// By field; blank: of the whole.
    pub problems: Vec<(String, Text)>,
    pub day: String,
    pub note: String,
    pub draft: Option<i64>,
}

/// A matter that somebody may see.
pub(crate) async fn opened(
    state: &State,
    who: &Who,
    slug: &str,
    sort: &str,
    code: &str,
) -> Result<Full, Failed> {
    sort_of(sort)?;
    let found = matters::find(&state.store, slug, sort, code).await?.ok_or(Failed::NotFound)?;
    let reader = reader(who, slug, &found.row.unit);
    if may_see(&found, reader) { Ok(found) } else { Err(Failed::NotFound) }
}

/// A matter.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path((slug, sort, code)): Path<(String, String, String)>,
) -> Answer {
    let full = opened(&state, &who, &slug, &sort, &code).await?;
    page(&state, &who, full, Tried::default(), StatusCode::OK).await
}

/// What pages of a matter look things up in.
pub(crate) struct Around {
    pub sheet: Option<std::sync::Arc<Sheet>>,
    pub events: Vec<Event>,
    pub targets: Vec<(String, Text)>,
    /// Releases: number, name.
    pub releases: Vec<(String, Text)>,
    pub today: Day,
}

/// Looks around a matter's cluster.
pub(crate) async fn around(state: &State, slug: &str) -> Result<Around, Failed> {
    let cluster = cluster(state, slug).await?;
    let sheet = names(state, slug).await?;
    let events = matters::calendar(&state.store, &cluster, true).await?;
    let targets = sheet.iter().flat_map(|sheet| &sheet.targets);
    let targets = targets.map(|target| (target.id.clone(), target.name.clone())).collect();
    let releases = giaouoc_store::releases::all(state.store.read(), slug).await?;
    let releases = releases.into_iter().map(|release| {
        let day = when::day_of(release.publish_at, &state.zone);
        let name = |name: &str, lang| format!("{name} ({})", when::day_shown(&day, lang));
        let name = Text::new(name(&release.name_vi, Lang::Vi), name(&release.name_en, Lang::En));
        (release.number.to_string(), name)
    });
    Ok(Around { sheet, events, targets, releases: releases.collect(), today: today(state)? })
}

/// Shows a matter, with what is wrong with a step that somebody tried to take.
pub(crate) async fn page(
    state: &State,
    who: &Who,
    full: Full,
    tried: Tried,
    status: StatusCode,
) -> Result<Response, Failed> {
    let (slug, sort, matter, lang) = (full.row.cluster.as_str(), full.sort, &full.matter, who.lang);
    let cluster = cluster(state, slug).await?;
    let around = around(state, slug).await?;
    let sheet = around.sheet.as_deref();
    let reader = reader(who, slug, &full.row.unit);
    let names = Names { events: &around.events, targets: &around.targets, releases: &around.releases };
    let own = matters::list(&state.store, &same_unit(&full, sort)).await?;
    let siblings: Vec<_> = own.iter().map(|one| one.matter.clone()).collect();
    let waits = giaouoc_year::matter::waiting(sort, &siblings, around.today);
    let titled = |code: &String| {
        let found = own.iter().find(|one| one.row.code == *code);
        (
            matters::address(slug, &sort.id, code),
            found.map_or(code.clone(), |one| one.matter.title(sort).to_owned()),
        )
    };
    let waits = waits.get(&full.row.code).map(|codes| codes.iter().map(titled).collect()).unwrap_or_default();
    let unit = unit_name(sheet, &full.row.unit, lang);
    let place = match (full.row.common, lang) {
        (true, Lang::Vi) => format!("Việc chung của cụm, {unit} chủ trì"),
        (true, Lang::En) => format!("The whole cluster's, led by {unit}"),
        (false, _) => unit,
    };
    let facts = sort.fields.iter().filter(|field| field.id != sort.title);
    let facts = facts.filter_map(|field| {
        let text = matter.read(sort, field, reader)?;
        Some(Fact {
            label: field.label.get(lang).to_owned(),
            value: matters::shown(sort, field, text, lang, &names),
            href: match field.ty {
                Type::Matter => Some(matters::address(slug, &field.of, text)),
                Type::Event => Some(format!("/c/{slug}/calendar/{}", encoded(text))),
                Type::Target if who.inside(slug) => Some(format!("/c/{slug}/now/target-{}", encoded(text))),
                Type::Target => Some(format!("/c/{slug}/target-{}", encoded(text))),
                _ => None,
            },
            personal: field.personal,
        })
    });
    let facts = facts.collect();
    let shows = matter.shows_files(sort, reader);
    let here = full.address();
    let at = |id: i64| format!("{here}files/{id}");
    let (pictures, files): (Vec<_>, Vec<_>) =
        full.files.iter().filter(|_| shows).partition(|file| file.media.starts_with("image/"));
    // A name of a file may name people: in public a file is called what it is.
    let named = |name: &str, media: &str| match reader {
        Reader::Public => media.rsplit(['/', '.']).next().unwrap_or_default().to_uppercase(),
        _ => name.to_owned(),
    };
    let title = matter.title(sort).to_owned();
    let may_act = |step: &Step| may(who, step.by, slug, &full.row.unit);
    let desk = desk_address(slug, &full.row.unit, &sort.id) + &encoded(&full.row.code) + "/";
    let next: Vec<&Step> = matter.next(sort).into_iter().filter(|step| may_act(step)).collect();
    let first = next.iter().position(|step| !step.aside && !step.note);
    let steps: Vec<StepForm> = next
        .iter()
        .enumerate()
        .map(|(at, step)| step_form(&full, step, who, &around, &own, &tried, Some(at) == first))
        .collect();
    let notices = match tried.step.is_empty() {
        true => tried.problems.iter().map(|(_, text)| text.get(lang).to_owned()).collect(),
        false => Vec::new(),
    };
    let event = |id: &str| around.events.iter().find(|event| event.id == id).map(|event| event.name.clone());
    let kind = sort.record.as_ref().map(|record| record.kind.clone()).unwrap_or_default();
    let records = rows(sort, matter, &event)
        .into_iter()
        .map(|row| (row.key.clone(), record_address(slug, &row.unit, &kind, &row.key)));
    let records = if reader == Reader::Unit { records.collect() } else { Vec::new() };
    let carried = jobs::latest(state.store.read(), slug, &[Work::Carry], Some(full.row.id)).await?;
    let failed = carried.filter(|job| job.state == jobs::State::Failed && reader == Reader::Unit);
    let failed = failed.and_then(|job| job.error).map(|(vi, en)| Text::new(vi, en).get(lang).to_owned());
    let may_bring = who.may(access::Doing::Bring, slug, &full.row.unit);
    let begun_by_them = who.known.as_ref().is_some_and(|known| known.person.id == full.row.begun_by);
    let early = matters_is_early(&full);
    let gone = full.row.gone.as_ref().map(|(at, _, reason)| {
        format!("{} {}: {reason}", who.say("Đã rút", "Withdrawn"), when::shown(*at, &state.zone, lang))
    });
    let last = full.steps.iter().rev().find(|step| step.gone.is_none());
    let last = last
        .filter(|_| may_bring && full.row.gone.is_none())
        .map(|step| sort.state(&step.step).get(lang).to_owned());
    let behalf = access::on_behalf(&who.roles, access::Doing::Bring, slug, &full.row.unit)
        && !(full.row.common && who.heads(slug));
    let mut base = Base::within(state, who, &cluster, title).await?;
    let open = jobs::open(state.store.read(), Some(slug)).await?;
    let waits_for = open.iter().any(|job| job.work == Work::Carry && job.about == Some(full.row.id));
    base.reload = (waits_for && tried.step.is_empty() && reader == Reader::Unit).then_some(3);
    let response = shown(&MatterPage {
        sort: sort.name.get(lang).to_owned(),
        list: list_address(slug, &sort.id),
        place,
        stands: stands(&full, lang),
        public: matter.is_public(sort),
        gone,
        over: matter.days_over(sort, around.today).map(|days| match lang {
            Lang::Vi => format!("Đã qua ngày dự kiến {days} ngày."),
            Lang::En => format!("{days} days over the day that was planned."),
        }),
        waits,
        facts,
        pictures: pictures.iter().map(|file| (at(file.id), named(&file.name, ""))).collect(),
        files: files
            .iter()
            .map(|file| FileLine { id: file.id, name: named(&file.name, &file.media), href: at(file.id) })
            .collect(),
        steps,
        desk: (may_bring || early && begun_by_them || !next.is_empty()).then_some(desk),
        behalf,
        version: full.row.version,
        timeline: timeline(state, &full, who, reader),
        edits: edits(state, &full, who, reader).await?,
        questions: questions(state, &full, who, reader, around.today),
        joined: joined(state, &full, who, sheet).await?,
        children: children(state, &full, who, &around, reader).await?,
        review: super::review::part(state, &full, who, &around).await?,
        records,
        failed,
        asks: asks(state, &full, who, reader).await?,
        may_edit: full.row.gone.is_none() && (may_bring || early && begun_by_them),
        may_withdraw: full.row.gone.is_none() && (may_bring || early && begun_by_them),
        last,
        notices,
        draft: tried.draft,
        base,
    })?;
    Ok((status, response).into_response())
}

/// Whether nobody but the proposer has done anything with it yet.
pub(crate) fn matters_is_early(full: &Full) -> bool {
    matches!(full.matter.state(full.sort), "begun" | "propose")
}

fn same_unit(full: &Full, sort: &Sort) -> kept_matters::Filter {
    kept_matters::Filter {
        cluster: Some(full.row.cluster.clone()),
        unit: Some(full.row.unit.clone()),
        sort: Some(sort.id.clone()),
        ..kept_matters::Filter::default()
    }
}

/// How it stands, with the day.
fn stands(full: &Full, lang: Lang) -> String {
    let state = full.matter.state(full.sort);
    let words = full.sort.state(state);
    match full.matter.day_of(state) {
        Some(day) => format!("{} ({})", words.get(lang), when::day_shown(day, lang)),
        None => words.get(lang).to_owned(),
    }
}

fn step_form(
    full: &Full,
    step: &Step,
    who: &Who,
    around: &Around,
    own: &[Full],
    tried: &Tried,
    first: bool,
) -> StepForm {
    let lang = who.lang;
    let mine = tried.step == step.id;
    let problem = |id: &str| {
        let found = tried.problems.iter().find(|(field, _)| mine && field == id);
        found.map(|(_, text)| text.get(lang).to_owned())
    };
    let fields = step.asks.iter().filter_map(|id| full.sort.field(id)).map(|one| {
        let held = full.matter.fields.get(&one.id).or_else(|| full.matter.personal.get(&one.id));
        let value = match tried.values.get(&one.id).filter(|_| mine) {
            Some(value) => value.clone(),
            None => held.cloned().unwrap_or_default(),
        };
        let must = step.needs.contains(&one.id);
        let mut made = field(full.sort, one, who, around, &value, must, problem(&one.id));
        made.of_matters(one, own, &full.row.code);
        made.prefix = format!("{}-", step.id);
        made
    });
    let fields: Vec<Field> = fields.collect();
    let label = |id: &String| full.sort.field(id).map(|field| field.label.get(lang).to_owned());
    let lacks = full.matter.lacks(step, "-").into_iter().filter_map(|lack| match lack {
        giaouoc_year::matter::Lack::Field(id) if !step.asks.contains(&id) => label(&id),
        giaouoc_year::matter::Lack::Answers(number) => Some(match lang {
            Lang::Vi => format!("{number} câu hỏi chưa có trả lời"),
            Lang::En => format!("{number} questions without an answer"),
        }),
        _ => None,
    });
    StepForm {
        id: step.id.clone(),
        name: step.name.get(lang).to_owned(),
        day: step.happened.then(|| match mine && !tried.day.is_empty() {
            true => tried.day.clone(),
            false => around.today.to_string(),
        }),
        note: step.note,
        file: step.needs_file || !step.aside && step.happened,
        aside: step.aside || step.note,
        lacks: lacks.collect(),
        problems: tried
            .problems
            .iter()
            .filter(|(id, _)| mine && !step.asks.contains(id))
            .map(|(id, text)| match label(id) {
                Some(label) => format!("{label}: {}", text.get(lang)),
                None => text.get(lang).to_owned(),
            })
            .collect(),
        open: mine || first && tried.step.is_empty(),
        note_text: if mine { tried.note.clone() } else { String::new() },
        fields,
    }
}

fn timeline(state: &State, full: &Full, who: &Who, reader: Reader) -> Vec<Line> {
    let lang = who.lang;
    let spans: BTreeMap<String, i64> =
        full.matter.spans(full.sort).into_iter().map(|(_, step, days)| (step, days)).collect();
    // Within the unit also what was taken back; outside only what stands and is not about a person's consent.
    let consent = full.sort.consent.as_ref();
    let about_consent = |step: &str| consent.is_some_and(|one| one.given == step || one.withdrawn == step);
    let steps = full.steps.iter().filter(|step| {
        reader == Reader::Unit
            || step.gone.is_none() && (reader == Reader::Inside || !about_consent(&step.step))
    });
    let line = |step: &kept_matters::Step| {
        let days = spans.get(&step.step).filter(|days| step.gone.is_none() && **days > 0);
        let days = days.map(|days| match lang {
            Lang::Vi => format!(" · sau {days} ngày"),
            Lang::En => format!(" · after {days} days"),
        });
        let mut note = Vec::new();
        if reader == Reader::Unit {
            note.extend(step.note.clone());
            if let Some(behalf) = &step.on_behalf {
                note.push(format!("{}: {behalf}", who.say("làm thay, căn cứ", "on behalf, resting on")));
            }
            if let Some((at, _, reason)) = &step.gone {
                let at = when::shown(*at, &state.zone, lang);
                note.push(format!("{} {at}: {reason}", who.say("lấy lại", "taken back")));
            }
            note.push(format!(
                "{} {}",
                who.say("ghi lúc", "entered at"),
                when::shown(step.at, &state.zone, lang)
            ));
        }
        Line {
            when: when::day_shown(&step.day, lang),
            what: full.sort.state(&step.step).get(lang).to_owned() + &days.unwrap_or_default(),
            note: note.join(" · "),
            gone: step.gone.is_some(),
        }
    };
    steps.map(line).collect()
}

async fn edits(state: &State, full: &Full, who: &Who, reader: Reader) -> Result<Vec<Line>, Failed> {
    if reader != Reader::Unit {
        return Ok(Vec::new());
    }
    let found = kept_matters::edits(state.store.read(), full.row.id).await?;
    let everybody = people::all(state.store.read()).await?;
    let name =
        |id: i64| everybody.iter().find(|one| one.id == id).map(|one| one.name.clone()).unwrap_or_default();
    let line = |edit: &kept_matters::Edit| {
        let changes = edit.changes.iter().map(|(id, before, after)| {
            let label = full.sort.field(id).map_or(id.clone(), |field| field.label.get(who.lang).to_owned());
            match before.is_empty() {
                true => format!("{label}: {after}"),
                false => format!("{label}: {before} → {after}"),
            }
        });
        let mut note = vec![name(edit.person)];
        note.extend(edit.reason.clone());
        note.extend(edit.on_behalf.clone());
        Line {
            when: when::shown(edit.at, &state.zone, who.lang),
            what: changes.collect::<Vec<_>>().join("; "),
            note: note.join(" · "),
            gone: false,
        }
    };
    Ok(found.iter().map(line).collect())
}

fn questions(state: &State, full: &Full, who: &Who, reader: Reader, today: Day) -> Option<Questions> {
    if !full.sort.has(Part::Questions) || !full.matter.is_public(full.sort) {
        return None;
    }
    let lang = who.lang;
    let line = |one: &kept_matters::Question| {
        let due = one.due.as_ref().and_then(|due| due.parse::<Day>().ok());
        Question {
            id: one.id,
            text: one.text.clone(),
            at: when::shown(one.at, &state.zone, lang),
            there: one.there,
            aside: one.aside.clone(),
            owner: one.owner.clone(),
            due: one.due.as_ref().map(|due| when::day_shown(due, lang)),
            due_value: one.due.clone().unwrap_or_default(),
            late: one.reply.is_none() && due.is_some_and(|due| due < today),
            reply: one.reply.as_ref().map(|(text, at)| (text.clone(), when::shown(*at, &state.zone, lang))),
        }
    };
    let of =
        |state: Standing| full.questions.iter().filter(move |one| one.state == state).map(line).collect();
    let inside = reader == Reader::Unit;
    Some(Questions {
        shown: of(Standing::Shown),
        waiting: if inside { of(Standing::Waiting) } else { Vec::new() },
        aside: if inside { of(Standing::Aside) } else { Vec::new() },
        may_ask: asks_are_taken(full, today),
        until: full.matter.fields.get("questions_until").map(|day| when::day_shown(day, lang)),
        at: full.address(),
        may_answer: who.may(access::Doing::Bring, &full.row.cluster, &full.row.unit),
    })
}

/// Whether residents may ask now.
pub(crate) fn asks_are_taken(full: &Full, today: Day) -> bool {
    let until = full.matter.fields.get("questions_until").and_then(|day| day.parse::<Day>().ok());
    full.matter.is_open(full.sort)
        && !full.matter.is_met(full.sort)
        && until.is_none_or(|until| today <= until)
}

async fn joined(
    state: &State,
    full: &Full,
    who: &Who,
    sheet: Option<&Sheet>,
) -> Result<Option<JoinedPart>, Failed> {
    let Some(part) = joins(full.sort).filter(|_| full.matter.is_public(full.sort)) else { return Ok(None) };
    let (slug, lang) = (full.row.cluster.as_str(), who.lang);
    let mut others: BTreeMap<String, Option<std::sync::Arc<Sheet>>> = BTreeMap::new();
    for one in full.joined.iter().filter(|one| one.cluster != slug) {
        if !others.contains_key(&one.cluster) {
            others.insert(one.cluster.clone(), names(state, &one.cluster).await?);
        }
    }
    let line = |one: &kept_matters::Joined| {
        let theirs = others.get(&one.cluster).and_then(|sheet| sheet.as_deref());
        JoinedLine {
            unit: unit_name(if one.cluster == slug { sheet } else { theirs }, &one.unit, lang),
            day: when::day_shown(&one.day, lang),
            number: one.number,
            said: one.said.clone(),
            result: one.result.clone(),
            result_day: one.result_day.as_ref().map(|day| when::day_shown(day, lang)),
        }
    };
    let all = sheet.iter().flat_map(|sheet| &sheet.units).filter(|unit| unit.code != full.row.unit);
    let said = |code: &str| full.joined.iter().any(|one| one.cluster == slug && one.unit == code);
    let asked = part == Part::Guests && (full.row.common || full.sort.id == "exchange");
    let silent =
        all.clone().filter(|unit| asked && !said(&unit.code)).map(|unit| unit.short.get(lang).to_owned());
    let silent = silent.collect();
    let join = |cluster: &str, unit: &str| {
        format!(
            "{}join/{slug}/{}/{}",
            super::desk::address(cluster, unit),
            full.sort.id,
            encoded(&full.row.code)
        )
    };
    let mut desks = Vec::new();
    for held in &who.roles {
        let (Some(cluster), Some(unit)) = (&held.cluster, &held.unit) else { continue };
        let own = cluster == slug && *unit == full.row.unit;
        let spreads = cluster == slug || full.sort.spread;
        if own || !spreads || !who.may(access::Doing::Bring, cluster, unit) {
            continue;
        }
        let theirs = names(state, cluster).await?;
        let entry = (join(cluster, unit), unit_name(theirs.as_deref(), unit, lang));
        if !desks.contains(&entry) {
            desks.push(entry);
        }
    }
    let behalf = all
        .filter(|unit| who.may(access::Doing::Bring, slug, &unit.code))
        .map(|unit| (join(slug, &unit.code), unit.short.get(lang).to_owned()))
        .filter(|entry| !desks.contains(entry));
    let behalf = behalf.collect();
    let open =
        full.matter.taken.iter().any(|taken| full.sort.step(&taken.step).is_some_and(|step| step.opens));
    let silent = if full.matter.is_open(full.sort) { silent } else { Vec::new() };
    Ok(Some(JoinedPart {
        adopters: part == Part::Adopters,
        yes: full.joined.iter().filter(|one| one.yes).map(line).collect(),
        no: full.joined.iter().filter(|one| !one.yes && who.inside(slug)).map(line).collect(),
        silent: if who.inside(slug) { silent } else { Vec::new() },
        desks: if open { desks } else { Vec::new() },
        behalf: if open { behalf } else { Vec::new() },
    }))
}

/// The tasks of a plan: late ones first.
async fn children(
    state: &State,
    full: &Full,
    who: &Who,
    around: &Around,
    reader: Reader,
) -> Result<Vec<Child>, Failed> {
    let Some(task) = giaouoc_year::sort::find("task").filter(|_| full.sort.id == "plan") else {
        return Ok(Vec::new());
    };
    let all = matters::list(&state.store, &same_unit(full, task)).await?;
    let plain: Vec<_> = all.iter().map(|one| one.matter.clone()).collect();
    let waits = giaouoc_year::matter::waiting(task, &plain, around.today);
    let slug = &full.row.cluster;
    // Figures that are not published are for the cluster only.
    let sheet =
        if who.inside(slug) { around.sheet.clone() } else { super::board::published(state, slug).await? };
    let mine = all.iter().filter(|one| one.matter.fields.get("plan") == Some(&full.row.code));
    let mut mine: Vec<&Full> = mine.filter(|one| may_see(one, reader)).collect();
    mine.sort_by_key(|one| {
        let done = one.matter.is_met(task) || one.matter.is_closed(task);
        (done, one.matter.when(task))
    });
    let lang = who.lang;
    let child = |one: &&Full| {
        let get = |id: &str| one.matter.fields.get(id).map(String::as_str).unwrap_or_default();
        let figure = sheet.as_deref().and_then(|sheet| {
            let (place, _) = sheet.unit(&full.row.unit)?;
            sheet.target(get("target"))?.1.cells.get(place)?.as_ref()?.shown.clone()
        });
        let progress = match (&figure, get("planned"), get("reached")) {
            (Some(figure), _, _) => {
                format!("{} ({})", figure.get(lang), who.say("từ bản ghi", "from records"))
            }
            (None, "", "") => String::new(),
            (None, planned, "") => format!("0/{planned} {}", get("measured_in")),
            (None, planned, reached) => format!("{reached}/{planned} {}", get("measured_in")),
        };
        Child {
            href: one.address(),
            title: one.matter.title(task).to_owned(),
            due: when::day_shown(get("due_on"), lang),
            state: task.state(one.matter.state(task)).get(lang).to_owned(),
            over: one.matter.days_over(task, around.today).map(|days| match lang {
                Lang::Vi => format!("quá hạn {days} ngày"),
                Lang::En => format!("{days} days late"),
            }),
            waits: waits
                .get(&one.row.code)
                .map(|codes| format!("{} {}", who.say("chờ việc", "waits for"), codes.join(", "))),
            progress: progress.trim().to_owned(),
            owner: get("owner").to_owned(),
        }
    };
    Ok(mine.iter().map(child).collect())
}

/// What rules have to ask about it: no honour twice for one deed, titles of a lifetime; an initiative like an earlier one.
async fn asks(state: &State, full: &Full, who: &Who, reader: Reader) -> Result<Vec<String>, Failed> {
    if reader != Reader::Unit || full.matter.is_closed(full.sort) {
        return Ok(Vec::new());
    }
    let filter = kept_matters::Filter { sort: Some(full.sort.id.clone()), ..kept_matters::Filter::default() };
    if full.sort.rules == "honours" {
        let all = matters::list(&state.store, &filter).await?;
        let case = |one: &Full| Case {
            code: format!("{} {}", one.row.cluster, one.row.code),
            year: one.matter.day_of("honour").and_then(|day| day.get(..4)?.parse().ok()).unwrap_or_default(),
            deed: one.matter.title(one.sort).to_owned(),
            person: one.matter.personal.get("person_name").cloned().unwrap_or_default(),
            honour: one.matter.fields.get("award").cloned().unwrap_or_default(),
        };
        let others: Vec<Case> = all.iter().map(case).collect();
        return Ok(honours::ask(&case(full), &others)
            .into_iter()
            .map(|(text, _)| text.get(who.lang).to_owned())
            .collect());
    }
    if full.sort.id != "initiative" {
        return Ok(Vec::new());
    }
    let all = matters::list(&state.store, &filter).await?;
    let like = all
        .iter()
        .filter(|one| one.row.id != full.row.id)
        .filter(|one| giaouoc_year::matter::alike(one.matter.title(one.sort), full.matter.title(full.sort)));
    Ok(like
        .map(|one| {
            let (code, title) = (&one.row.code, one.matter.title(one.sort));
            match who.lang {
                Lang::Vi => {
                    format!("Tên gần giống sáng kiến {code} “{title}”: có phải cùng một giải pháp không?")
                }
                Lang::En => format!("Its title is like {code} “{title}”: is it the same solution?"),
            }
        })
        .collect())
}

type FileAt = (String, String, String, i64);

/// A file of a matter: pictures are shown, others are saved.
pub(crate) async fn file(With(state): With<State>, who: Who, Path(at): Path<FileAt>) -> Answer {
    let (slug, sort, code, id) = at;
    let full = opened(&state, &who, &slug, &sort, &code).await?;
    let reader = reader(&who, &slug, &full.row.unit);
    let found = full.files.iter().find(|file| file.id == id && full.matter.shows_files(full.sort, reader));
    let found = found.ok_or(Failed::NotFound)?;
    let bytes = crate::kept::read(&state.files, &found.sha256).await?.ok_or(Failed::NotFound)?;
    if found.media.starts_with("image/") {
        let headers =
            [(header::CONTENT_TYPE, found.media.clone()), (header::CONTENT_DISPOSITION, "inline".to_owned())];
        return Ok((headers, bytes).into_response());
    }
    // Whoever is outside gets it under the matter's code: its name may name people.
    let name = match reader {
        Reader::Public => format!("{code}-{id}.{}", found.name.rsplit('.').next().unwrap_or_default()),
        _ => found.name.clone(),
    };
    Ok(crate::kept::saved(&name, &found.media, bytes))
}
