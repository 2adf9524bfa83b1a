//! A unit's desk (*việc của đơn vị*): what is missing, due or asked, then everything that can be done.

mod acts;
mod units;

use askama::Template;
use axum::extract::{Path, State as With};
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::clusters::Cluster;
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::notices::{Kind as What, Notice};
use giaouoc_store::releases::{self, Confirmation, Contest, Release};
use giaouoc_store::uploads;

use super::uploads::{Row, row};
use super::{cluster, questions};
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::html::encoded;
use crate::listed::Whole;
use crate::sheet::{Sheet, Unit};
use crate::state::State;
use crate::who::Who;
use crate::{notices, when};

pub(crate) use self::units::units;

pub use self::acts::NilRequest;
pub(crate) use self::acts::{answer, confirm, contest, nil, nil_confirm};

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
    let drafts = super::draft_unit::waiting(&state, &slug, &code, lang).await?;
    // What waits already stands here by itself; it is not said twice.
    let there: Vec<String> =
        work.iter().map(|one| one.href.clone()).chain(drafts.iter().map(|(_, href)| href.clone())).collect();
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
        !derived
            && !there.contains(&notice.path)
            && notice.cluster.as_deref() == Some(&slug)
            && notice.unit.as_deref() == Some(&code)
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
