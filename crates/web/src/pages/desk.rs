//! A unit's desk (*việc của đơn vị*): what is missing, due or asked, then everything that can be done.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::clusters::Cluster;
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::notices::{Kind as What, Notice};
use giaouoc_store::releases::{self, Confirmation, Contest, Release};
use giaouoc_store::trail::{self, Act, Line};
use giaouoc_store::uploads;
use serde::{Deserialize, Serialize};

use super::cluster;
use super::questions;
use super::uploads::{Row, row};
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::encoded;
use crate::listed::Whole;
use crate::notices;
use crate::sheet::{Sheet, Unit};
use crate::state::State;
use crate::when;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/desk.html")]
struct Desk {
    base: Base,
    at: String,
    behalf: bool,
    may_bring: bool,
    may_confirm: bool,
    todo: Vec<Todo>,
    lead: String,
    table: String,
    kinds: Vec<KindLine>,
    all_kinds: Vec<(String, String)>,
    /// The other units: who else may have supplied records.
    others: Vec<(String, String)>,
    uploads: Vec<Row>,
    release: Option<Planned>,
    contests: Vec<ContestLine>,
    /// What the data ask of the unit.
    questions: Vec<questions::Entry>,
    board: String,
    /// Why the last report of the unit could not be taken.
    failed: Option<String>,
    /// Forms that this person has begun: address, what, number.
    drafts: Vec<(String, String, i64)>,
}

struct Todo {
    tone: &'static str,
    text: String,
    href: String,
}

struct KindLine {
    id: String,
    name: String,
    records: i64,
    nil: Option<bool>,
    /// Whether a figure waits for it: not where the unit is exempt.
    wanted: bool,
}

struct Planned {
    number: i64,
    name: String,
    confirm_by: String,
    publish_at: String,
    digest: String,
    /// Nothing, the present figures, or other ones were confirmed.
    confirmed: Option<(bool, String)>,
}

impl Planned {
    /// Whether the figures as they are now were confirmed.
    fn is_confirmed(&self) -> bool {
        self.confirmed.as_ref().is_some_and(|(same, _)| *same)
    }
}

struct ContestLine {
    id: i64,
    name: String,
    kind: String,
    keys: String,
    reason: String,
    reply: Option<String>,
    may_answer: bool,
}

#[derive(Template)]
#[template(path = "pages/units.html")]
struct UnitsPage {
    base: Base,
    units: Vec<UnitLine>,
    next: Option<String>,
    heads: bool,
}

struct UnitLine {
    href: Option<String>,
    name: String,
    code: String,
    met: String,
    standing: String,
}

/// The address of a desk.
pub(crate) fn address(slug: &str, unit: &str) -> String {
    format!("/c/{slug}/desk/{}/", encoded(unit))
}

/// The next release that is not published.
async fn next(state: &State, slug: &str) -> Result<Option<Release>, Failed> {
    let all = releases::all(state.store.read(), slug).await?;
    Ok(all.into_iter().find(|release| release.published_at.is_none()))
}

/// How a unit stands with a release.
fn newest_of<'a>(confirmations: &'a [Confirmation], unit: &str) -> Option<&'a Confirmation> {
    confirmations.iter().rev().find(|confirmation| confirmation.unit == unit)
}

/// The units of the cluster, in the order of the decision, with how they stand.
pub(crate) async fn units(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let (_, sheet) = state.newest(&slug).await?.ok_or(Failed::NotFound)?;
    let next = next(&state, &slug).await?;
    let confirmations = match &next {
        Some(next) => releases::confirmations(state.store.read(), next.id).await?,
        None => Vec::new(),
    };
    let units = sheet.units.iter().enumerate().map(|(at, unit)| {
        let own: Vec<&str> = sheet
            .targets
            .iter()
            .filter_map(|target| Some(target.cells.get(at)?.as_ref()?.verdict.as_str()))
            .collect();
        let met = own.iter().filter(|verdict| **verdict == "met").count();
        let judged = own.iter().filter(|verdict| matches!(**verdict, "met" | "not-met")).count();
        let standing = match (&next, newest_of(&confirmations, &unit.code)) {
            (None, _) => "",
            (Some(_), None) => who.say("chưa xác nhận", "not confirmed"),
            (Some(_), Some(found)) if found.digest == unit.digest => who.say("đã xác nhận", "confirmed"),
            (Some(_), Some(_)) => who.say("đã xác nhận, số liệu đã đổi", "confirmed, figures changed since"),
        };
        UnitLine {
            href: who.may(Doing::Read, &slug, &unit.code).then(|| address(&slug, &unit.code)),
            name: unit.name.get(who.lang).to_owned(),
            code: unit.code.clone(),
            met: format!("{met}/{judged}"),
            standing: standing.to_owned(),
        }
    });
    let units = units.collect();
    let next = next.map(|next| {
        let name = Text::new(next.name_vi.clone(), next.name_en.clone()).get(who.lang).to_owned();
        format!("{name}, {}", when::shown(next.publish_at, &state.zone, who.lang))
    });
    let base = Base::within(&state, &who, &cluster, who.say("Các đơn vị", "Units")).await?;
    shown(&UnitsPage { base, units, next, heads: who.heads(&slug) })
}

/// What is known of a unit at its desk.
async fn at(
    state: &State,
    slug: &str,
    unit: &str,
) -> Result<(Cluster, std::sync::Arc<Sheet>, usize, Unit), Failed> {
    let cluster = cluster(state, slug).await?;
    let (_, sheet) = state.newest(slug).await?.ok_or_else(|| {
        Failed::wrong(
            "Bảng điểm của cụm đang được tính lần đầu; hãy tải lại trang sau giây lát.",
            "The cluster's scoreboard is measured for the first time; load the page again in a moment.",
        )
    })?;
    let found = sheet.unit(unit).map(|(at, unit)| (at, unit.clone()));
    let (at, unit) = found.ok_or(Failed::NotFound)?;
    Ok((cluster, sheet, at, unit))
}

/// The desk.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    whole: Whole,
) -> Answer {
    let (cluster, sheet, place, unit) = at(&state, &slug, &code).await?;
    let lang = who.lang;
    let here = address(&slug, &code);
    let next = next(&state, &slug).await?;
    let confirmations = match &next {
        Some(next) => releases::confirmations(state.store.read(), next.id).await?,
        None => Vec::new(),
    };
    let release = next.map(|next| {
        let mine = newest_of(&confirmations, &code);
        Planned {
            number: next.number,
            name: Text::new(next.name_vi, next.name_en).get(lang).to_owned(),
            confirm_by: when::shown(next.confirm_by, &state.zone, lang),
            publish_at: when::shown(next.publish_at, &state.zone, lang),
            digest: unit.digest.clone(),
            confirmed: mine.map(|mine| (mine.digest == unit.digest, when::shown(mine.at, &state.zone, lang))),
        }
    });
    let brought = uploads::list(state.store.read(), &slug, Some(&code), whole.rows(20)).await?;
    let kinds: Vec<KindLine> = sheet
        .kinds
        .iter()
        .map(|kind| KindLine {
            id: kind.id.clone(),
            name: kind.name.get(lang).to_owned(),
            records: kind.records.get(place).copied().unwrap_or(0),
            nil: unit.nil.get(&kind.id).copied(),
            wanted: wanted(&sheet, &kind.id, place),
        })
        .collect();
    let contests = releases::contests(state.store.read(), &slug).await?;
    // A contest is between the unit that contests and whoever supplied the records.
    let concerns = |contest: &Contest| contest.unit == code || may_answer(contest, &who, &slug, &code);
    let contests: Vec<ContestLine> = contests
        .into_iter()
        .filter(concerns)
        .map(|contest| ContestLine {
            id: contest.id,
            name: sheet
                .unit(&contest.unit)
                .map_or(contest.unit.clone(), |(_, unit)| unit.short.get(lang).to_owned()),
            kind: kind_name(&contest.kind, lang),
            may_answer: contest.reply.is_none() && may_answer(&contest, &who, &slug, &code),
            keys: contest.keys.lines().collect::<Vec<_>>().join(", "),
            reason: contest.reason,
            reply: contest.reply,
        })
        .collect();
    let may_bring = who.may(Doing::Bring, &slug, &code);
    let may_confirm = who.may(Doing::Confirm, &slug, &code);
    let questions = questions::at_desk(&state, &who, &slug, &code).await?;
    let mut todo = todo(&who, &kinds, &brought, release.as_ref(), &here, may_confirm);
    let asked = questions.iter().filter(|question| question.open).map(|question| Todo {
        tone: "open",
        text: format!("{}: {}", who.say("Câu hỏi chờ trả lời", "A question to answer"), question.name),
        href: format!("#{}", question.anchor),
    });
    let work = super::matter_desk::at_desk(&state, &who, &slug, &code).await?;
    let work: Vec<Todo> = work.into_iter().map(|(text, href)| Todo { tone: "open", text, href }).collect();
    let asked = asked.chain(work);
    // What else this person was told of at this desk: it is the same list as behind the bell.
    let told = super::notices::open(&state, &who).await?;
    let here_too = |notice: &&Notice| {
        let derived = matches!(
            notice.kind,
            What::Release
                | What::Contest
                | What::Answer
                | What::Refused
                | What::Question
                | What::Nil
                | What::Resident
                | What::Review
        );
        !derived && notice.cluster.as_deref() == Some(&slug) && notice.unit.as_deref() == Some(&code)
    };
    let told = told.iter().filter(here_too).map(|notice| Todo {
        tone: "open",
        text: notices::said(
            notice.kind,
            &Text::new(notice.about_vi.clone(), notice.about_en.clone()),
            notice.due.as_deref(),
            lang,
        ),
        href: notice.path.clone(),
    });
    let asked = asked.chain(told);
    let drafts = super::draft_unit::waiting(&state, &slug, &code, lang).await?;
    todo.splice(0..0, drafts.into_iter().map(|(text, href)| Todo { tone: "open", text, href }));
    // Before what is only missing.
    let urgent = todo.iter().take_while(|one| one.tone == "open").count();
    todo.splice(urgent..urgent, asked);
    let parts = sheet.parts(lang);
    let mut base = Base::within(&state, &who, &cluster, unit.name.get(lang)).await?;
    let open = jobs::open(state.store.read(), Some(&slug)).await?;
    // Questions are looked for at leisure: whoever writes an answer is not interrupted.
    let quiet = [Work::Signals, Work::Index, Work::Forget];
    base.reload = open.iter().any(|job| !quiet.contains(&job.work)).then_some(3);
    shown(&Desk {
        behalf: access::on_behalf(&who.roles, Doing::Bring, &slug, &code),
        may_bring,
        may_confirm,
        todo,
        lead: who.say("Việc của đơn vị", "The unit's desk").to_owned(),
        // Its links are relative to the scoreboard.
        table: parts
            .units
            .get(place)
            .map(|table| {
                ["target-", "figure-"].iter().fold(table.clone(), |table, page| {
                    table.replace(&format!("href=\"{page}"), &format!("href=\"/c/{slug}/now/{page}"))
                })
            })
            .unwrap_or_default(),
        all_kinds: kinds::builtin()
            .iter()
            .map(|kind| (kind.id.clone(), kind.name.get(lang).to_owned()))
            .collect(),
        others: sheet
            .units
            .iter()
            .filter(|other| other.code != code)
            .map(|other| (other.code.clone(), other.short.get(lang).to_owned()))
            .collect(),
        kinds,
        uploads: brought.iter().map(|upload| row(upload, &state, &who)).collect(),
        release,
        contests,
        questions,
        board: format!("/c/{slug}/now/"),
        failed: failed(&state, &slug, &code, lang).await?,
        drafts: if may_bring {
            super::record_form::begun_at(&state, &who, &slug, &code).await?
        } else {
            Vec::new()
        },
        at: here,
        base,
    })
}

/// Why the last report of a unit could not be taken, if it could not.
async fn failed(state: &State, slug: &str, code: &str, lang: Lang) -> Result<Option<String>, Failed> {
    let last = jobs::latest(state.store.read(), slug, &[Work::Record], None).await?;
    let mine = |job: &jobs::Job| {
        let request: Option<NilRequest> = job.note.as_ref().and_then(|note| serde_json::from_str(note).ok());
        request.is_some_and(|request| request.unit == code)
    };
    let error = last.filter(mine).and_then(|job| job.error);
    Ok(error.map(|(vi, en)| Text::new(vi, en).get(lang).to_owned()))
}

/// Whether somebody at a desk speaks for who supplied the contested records: the supplying unit, or, of a source of the whole
/// cluster, who leads the cluster's year.
fn may_answer(contest: &Contest, who: &Who, slug: &str, code: &str) -> bool {
    let supplies = match &contest.supplier {
        Some(supplier) => supplier == code,
        None => who.heads(slug),
    };
    supplies && who.may(Doing::Bring, slug, code)
}

/// A kind's name.
pub(crate) fn kind_name(id: &str, lang: Lang) -> String {
    if id == crate::workbooks::KIND {
        return Text::new("Bảng tính của đơn vị", "The unit's workbook").get(lang).to_owned();
    }
    let found = kinds::builtin().iter().find(|kind| kind.id == id);
    found.map_or_else(|| id.to_owned(), |kind| kind.name.get(lang).to_owned())
}

/// Whether a target on a kind has no figure of a unit for want of records.
fn wanted(sheet: &Sheet, kind: &str, place: usize) -> bool {
    let own = sheet.targets.iter().filter(|target| target.kind == kind);
    let mut cells = own.filter_map(|target| target.cells.get(place)?.as_ref());
    cells.any(|cell| matches!(cell.verdict.as_str(), "no-data" | "not-met" | "not-yet-due"))
}

/// What waits for somebody at this desk, the most urgent first.
fn todo(
    who: &Who,
    kinds: &[KindLine],
    brought: &[uploads::Upload],
    release: Option<&Planned>,
    here: &str,
    may_confirm: bool,
) -> Vec<Todo> {
    let mut todo = Vec::new();
    for upload in brought.iter().filter(|upload| upload.state == uploads::State::Checked) {
        let name = &upload.name;
        todo.push(Todo {
            tone: "open",
            text: match who.lang {
                Lang::Vi => format!("Tệp “{name}” đã đọc xong, chờ bạn xem và nạp."),
                Lang::En => format!("The file “{name}” was read and waits for you to look and load it."),
            },
            href: format!("{here}uploads/{}", upload.id),
        });
    }
    if let Some(release) = release {
        let (name, by) = (&release.name, &release.confirm_by);
        let text = match (&release.confirmed, who.lang) {
            (Some((true, _)), _) => None,
            (Some((false, _)), Lang::Vi) => {
                Some(format!("Số liệu đã đổi sau khi xác nhận: cần xác nhận lại cho {name} trước {by}."))
            }
            (Some((false, _)), Lang::En) => Some(format!(
                "Figures changed after they were confirmed: confirm again for {name} before {by}."
            )),
            (None, Lang::Vi) => Some(format!("{name}: lãnh đạo đơn vị xác nhận trước {by}.")),
            (None, Lang::En) => Some(format!("{name}: the unit's leader confirms before {by}.")),
        };
        if let Some(text) = text {
            let href = if may_confirm { "#confirm" } else { "#release" };
            todo.push(Todo { tone: "open", text, href: href.to_owned() });
        }
    }
    for kind in kinds.iter().filter(|kind| kind.records == 0 && kind.wanted) {
        let name = &kind.name;
        let text = match (kind.nil, who.lang) {
            (Some(true), _) => continue,
            (Some(false), Lang::Vi) => format!("{name}: đã báo không phát sinh, chờ lãnh đạo xác nhận."),
            (Some(false), Lang::En) => format!("{name}: reported as no cases, waits for the leader."),
            (None, Lang::Vi) => format!("{name}: chưa có bản ghi nào. Gửi tệp, hoặc báo không phát sinh."),
            (None, Lang::En) => {
                format!("{name}: no records. Send a file, or report that there were no cases.")
            }
        };
        todo.push(Todo { tone: "mute", text, href: "#kinds".to_owned() });
    }
    todo
}

/// What a job about the bundle's texts is told.
#[derive(Debug, Serialize, Deserialize)]
pub struct NilRequest {
    /// The unit.
    pub unit: String,
    /// The kind.
    pub kind: String,
    /// The period's code.
    pub period: String,
    /// Who confirms, in words; nothing where it is only reported.
    pub confirmed_by: Option<String>,
    /// The day it was confirmed.
    pub confirmed_on: Option<String>,
    /// What it rests on.
    pub note: String,
    /// Who asked.
    pub by: String,
}

#[derive(Deserialize)]
pub(crate) struct NilFields {
    kind: String,
    #[serde(default)]
    behalf: String,
}

/// Reports that there were no cases.
pub(crate) async fn nil(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    Posted(fields): Posted<NilFields>,
) -> Answer {
    report_nil(&state, &who, &slug, &code, fields, false).await
}

/// Confirms it, as the unit's leader.
pub(crate) async fn nil_confirm(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    Posted(fields): Posted<NilFields>,
) -> Answer {
    report_nil(&state, &who, &slug, &code, fields, true).await
}

async fn report_nil(
    state: &State,
    who: &Who,
    slug: &str,
    code: &str,
    fields: NilFields,
    confirm: bool,
) -> Answer {
    let (_, sheet, place, _) = at(state, slug, code).await?;
    let kind = sheet.kinds.iter().find(|kind| kind.id == fields.kind).ok_or(Failed::NotFound)?;
    if kind.records.get(place).is_some_and(|records| *records > 0) {
        return Err(Failed::Conflict(Text::new(
            "Loại dữ liệu này đã có bản ghi của đơn vị nên không thể báo không phát sinh. Nếu bản ghi sai, hãy lấy lại tệp đã nạp.",
            "There are records of this kind for the unit, so it cannot be reported as no cases. If they are wrong, take the upload back.",
        )));
    }
    let doing = if confirm { Doing::Confirm } else { Doing::Bring };
    let behalf = who.behalf(doing, slug, code, &fields.behalf)?;
    let person = who.person()?;
    let name = who.known.as_ref().map(|known| known.person.name.clone()).unwrap_or_default();
    let now = state.now();
    let request = NilRequest {
        unit: code.to_owned(),
        kind: fields.kind.clone(),
        period: sheet.year.to_string(),
        // The role, never a name: the trail has who it was.
        confirmed_by: confirm.then(|| "Lãnh đạo đơn vị".to_owned()),
        confirmed_on: confirm.then(|| when::day_of(now, &state.zone)),
        note: behalf.clone().unwrap_or_default(),
        by: name,
    };
    let note = serde_json::to_string(&request).map_err(|error| Failed::Internal(error.to_string()))?;
    let write = state.store.write().await?;
    jobs::ask_with(write.on(), Work::Record, slug, note, Some(person), now).await?;
    notices::nil(state, &write, (slug, code), &fields.kind, confirm).await?;
    let line = Line::new(now, if confirm { Act::NilConfirm } else { Act::Nil }, fields.kind)
        .by(person)
        .of(slug, Some(code))
        .on_behalf(behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    state.wake.notify_one();
    Ok(Redirect::to(&address(slug, code)).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Confirming {
    release: i64,
    digest: String,
    #[serde(default)]
    behalf: String,
}

/// Confirms the unit's figures for a release: those that were on the page, not others that came since.
pub(crate) async fn confirm(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    Posted(fields): Posted<Confirming>,
) -> Answer {
    let (_, _, _, unit) = at(&state, &slug, &code).await?;
    if unit.digest != fields.digest {
        return Err(Failed::Conflict(Text::new(
            "Số liệu vừa đổi trong lúc bạn xem. Hãy quay lại, xem số liệu mới rồi xác nhận.",
            "The figures changed while you were looking. Go back, look at the new ones and confirm.",
        )));
    }
    let release = releases::get(state.store.read(), &slug, fields.release).await?.ok_or(Failed::NotFound)?;
    if release.published_at.is_some() {
        return Err(Failed::Conflict(Text::new(
            "Kỳ này đã công bố; hãy xác nhận cho kỳ sau.",
            "This release is published; confirm for the next one.",
        )));
    }
    let behalf = who.behalf(Doing::Confirm, &slug, &code, &fields.behalf)?;
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let new =
        Confirmation { unit: code.clone(), digest: unit.digest, person, on_behalf: behalf.clone(), at: now };
    releases::confirm(write.on(), release.id, new).await?;
    notices::done(&write, &notices::of_release(&slug, release.number, &code), now).await?;
    let line =
        Line::new(now, Act::Confirm, release.name_vi).by(person).of(&slug, Some(&code)).on_behalf(behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    Ok(Redirect::to(&address(&slug, &code)).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Contesting {
    #[serde(default)]
    supplier: String,
    kind: String,
    keys: String,
    reason: String,
    #[serde(default)]
    behalf: String,
}

/// Contests records that somebody else supplied.
pub(crate) async fn contest(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    Posted(fields): Posted<Contesting>,
) -> Answer {
    let (_, sheet, _, _) = at(&state, &slug, &code).await?;
    let supplier = Some(fields.supplier).filter(|supplier| !supplier.is_empty());
    if supplier.as_ref().is_some_and(|supplier| *supplier == code || sheet.unit(supplier).is_none())
        || !sheet.kinds.iter().any(|kind| kind.id == fields.kind)
    {
        return Err(Failed::wrong(
            "Hãy chọn loại dữ liệu và nơi đã cung cấp bản ghi (không phải chính đơn vị: bản ghi của mình thì gửi tệp sửa).",
            "Choose the kind and who supplied the records (not the unit itself: its own records are corrected by a file).",
        ));
    }
    let keys: Vec<&str> =
        fields.keys.split([',', ';', '\n']).map(str::trim).filter(|key| !key.is_empty()).collect();
    if keys.is_empty() || keys.len() > 500 || fields.reason.trim().is_empty() {
        return Err(Failed::wrong(
            "Hãy ghi mã các bản ghi (nhiều nhất 500) và lý do.",
            "Give the keys of the records (at most 500) and a reason.",
        ));
    }
    let behalf = who.behalf(Doing::Bring, &slug, &code, &fields.behalf)?;
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let new = releases::Contesting {
        cluster: slug.clone(),
        unit: code.clone(),
        supplier: supplier.clone(),
        kind: fields.kind.clone(),
        keys: keys.join("\n"),
        reason: fields.reason.trim().to_owned(),
        person,
    };
    let id = releases::contest(write.on(), new, now).await?;
    notices::contested(&state, &write, &slug, id, supplier.as_deref(), &fields.kind).await?;
    let line = Line::new(now, Act::Contest, fields.kind).by(person).of(&slug, Some(&code)).on_behalf(behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    Ok(Redirect::to(&format!("{}#contests", address(&slug, &code))).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Answering {
    contest: i64,
    reply: String,
    #[serde(default)]
    behalf: String,
}

/// Answers a contest, once.
pub(crate) async fn answer(
    With(state): With<State>,
    who: Who,
    Path((slug, code)): Path<(String, String)>,
    Posted(fields): Posted<Answering>,
) -> Answer {
    at(&state, &slug, &code).await?;
    if fields.reply.trim().is_empty() {
        return Err(Failed::wrong("Hãy ghi câu trả lời.", "Write the answer."));
    }
    let contests = releases::contests(state.store.read(), &slug).await?;
    let contest = contests.iter().find(|contest| contest.id == fields.contest).ok_or(Failed::NotFound)?;
    if !may_answer(contest, &who, &slug, &code) {
        return Err(Failed::Forbidden);
    }
    let behalf = who.behalf(Doing::Bring, &slug, &code, &fields.behalf)?;
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    if !releases::answer(write.on(), &slug, fields.contest, fields.reply.trim(), person, now).await? {
        return Err(Failed::Conflict(Text::new("Đã có người trả lời.", "Somebody has answered already.")));
    }
    notices::answered(&state, &write, &slug, contest).await?;
    let line = Line::new(now, Act::Answer, fields.contest.to_string())
        .by(person)
        .of(&slug, Some(&contest.unit))
        .on_behalf(behalf);
    trail::write(write.on(), line).await?;
    write.commit().await?;
    Ok(Redirect::to(&format!("{}#contests", address(&slug, &code))).into_response())
}
