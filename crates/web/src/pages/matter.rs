//! One matter: what it is, how it stands, what comes next. Everybody has the same address and reads what is for them.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::{evidence, matters as kept_matters, pictures};
use giaouoc_worktime::Day;
use giaouoc_year::matter::Reader;
use giaouoc_year::rows::rows;
use giaouoc_year::sort::{Sort, Step, Type};

use super::cluster;
use super::matter_asks::asks;
use super::matter_history::{Line, edits, timeline};
use super::matter_next::{StepForm, Tried, step_form};
use super::matter_others::{JoinedPart, Questions, joined, questions};
use super::matter_pictures::{self, Shown, is_picture};
use super::matter_tasks::{Child, children};
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
    pictures: Vec<Shown>,
    files: Vec<FileLine>,
    steps: Vec<StepForm>,
    /// Where what is done here goes.
    desk: Option<String>,
    behalf: bool,
    version: i64,
    timeline: Vec<Line>,
    edits: Vec<Line>,
    questions: Option<Questions>,
    consulted: Option<super::opinions::Consulted>,
    joined: Option<JoinedPart>,
    children: Vec<Child>,
    review: Option<super::review::Part>,
    records: Vec<(String, String)>,
    failed: Option<String>,
    asks: Vec<String>,
    /// Whether files of what was withdrawn may still be erased.
    may_erase: bool,
    /// Whether files are shown, taken away, erased by this person.
    may_bring: bool,
    /// For whoever may erase them: files that were taken away, and residents' words of what was withdrawn.
    taken_away: Vec<(i64, String)>,
    words: Vec<(i64, String)>,
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
    /// Whether everybody may read it once the matter is public.
    open: bool,
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
    // Others of the unit are looked at only where one can name another.
    let own = match sort.fields.iter().any(|field| field.ty == Type::Matter) {
        true => matters::list(&state.store, &same_unit(&full, sort)).await?,
        false => Vec::new(),
    };
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
            // Who reads it with consent need not be told; whoever handles it is.
            personal: field.personal && reader != Reader::Public,
        })
    });
    let facts = facts.collect();
    let here = full.address();
    let at = |id: i64| format!("{here}files/{id}");
    let files: Vec<_> = full
        .files
        .iter()
        .filter(|file| full.shows(file, reader) && (!is_picture(file) || full.row.gone.is_some()))
        .collect();
    // A name of a file may name people: in public a file is called what it is.
    let named = |name: &str, media: &str| match reader {
        Reader::Public => {
            format!("{} ({})", who.say("Tệp kèm theo", "Attached file"), crate::evidence::called(media))
        }
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
        pictures: matter_pictures::shown(&full, who, reader),
        files: files
            .iter()
            .map(|file| FileLine {
                id: file.id,
                name: named(&file.name, &file.media),
                href: at(file.id),
                open: full.is_open(file),
            })
            .collect(),
        steps,
        desk: (may_bring || early && begun_by_them || !next.is_empty()).then_some(desk),
        behalf,
        version: full.row.version,
        timeline: timeline(state, &full, who, reader),
        edits: edits(state, &full, who, reader).await?,
        questions: questions(state, &full, who, reader, around.today),
        consulted: super::opinions::consulted(state, &full, who, reader, around.today),
        joined: joined(state, &full, who, sheet).await?,
        children: children(state, &full, who, &around, reader).await?,
        review: super::review::part(state, &full, who, &around).await?,
        records,
        failed,
        asks: asks(state, &full, who, reader).await?,
        may_edit: full.row.gone.is_none() && (may_bring || early && begun_by_them),
        may_erase: full.row.gone.is_some() && may_bring,
        may_bring: full.row.gone.is_none() && may_bring,
        taken_away: if may_bring { taken_away(state, &full).await? } else { Vec::new() },
        words: if full.row.gone.is_some() && may_bring { words(&full) } else { Vec::new() },
        may_withdraw: full.row.gone.is_none() && (may_bring || early && begun_by_them),
        last,
        notices,
        draft: tried.draft,
        base,
    })?;
    Ok((status, response).into_response())
}

/// Files that were taken away and whose bytes are still kept.
async fn taken_away(state: &State, full: &Full) -> Result<Vec<(i64, String)>, Failed> {
    let kind = kept_matters::evidence_kind(&full.sort.id);
    let all = evidence::of(state.store.read(), &full.row.cluster, &kind, &full.row.code).await?;
    let gone = all.into_iter().filter(|file| file.gone.is_some() && file.name != pictures::ERASED);
    Ok(gone.map(|file| (file.id, file.name)).collect())
}

/// What residents wrote, as far as it was not erased.
fn words(full: &Full) -> Vec<(i64, String)> {
    let all = full.questions.iter().filter(|one| one.text != kept_matters::ERASED_WORDS);
    all.map(|one| (one.id, one.text.clone())).collect()
}

/// Whether nobody but the proposer has done anything with it yet.
pub(crate) fn matters_is_early(full: &Full) -> bool {
    matches!(full.matter.state(full.sort), "begun" | "propose")
}

pub(crate) fn same_unit(full: &Full, sort: &Sort) -> kept_matters::Filter {
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

type FileAt = (String, String, String, i64);

/// A file of a matter: pictures are shown, others are saved.
pub(crate) async fn file(With(state): With<State>, who: Who, Path(at): Path<FileAt>) -> Answer {
    let (slug, sort, code, id) = at;
    let full = opened(&state, &who, &slug, &sort, &code).await?;
    let reader = reader(&who, &slug, &full.row.unit);
    let found = full.files.iter().find(|file| file.id == id && full.shows(file, reader));
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
