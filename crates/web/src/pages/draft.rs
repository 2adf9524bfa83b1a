//! A draft of an agreement (*dự thảo giao ước*): its clauses with the targets that make them measurable, beside each what every
//! unit would have had, what units say of it, and what is still open.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::agreeing::{self, Draft, Part, Sort, Version};
use giaouoc_store::clusters::Cluster;
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::people;
use giaouoc_year::agreeing::{Blocker, Opinion, Ready, Reply, Said, Stage, blockers, standing};
use giaouoc_year::paper::Paper;

use super::cluster;
use super::draft_blocks::{
    ClauseBlock, OpinionLine, PaperLines, anchor, opinion_line, paper_lines, place_name, problem_line,
    target_block,
};
use crate::access::Doing;
use crate::base::{Base, shown};
use crate::drafting::{Checked, Figures};
use crate::error::{Answer, Failed};
use crate::html::encoded;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// A draft with its newest version and everything said of it.
pub(crate) struct Held {
    pub cluster: Cluster,
    pub draft: Draft,
    pub version: Version,
    pub checked: Checked,
    pub figures: Option<Figures>,
    pub parts: Vec<Part>,
    pub stage: Stage,
}

impl Held {
    /// What units said, with what was answered.
    pub fn said(&self) -> Vec<Said> {
        let replies: Vec<Reply> = self.bodies(Sort::Reply).map(|(_, reply)| reply).collect();
        self.bodies::<Opinion>(Sort::Opinion)
            .map(|(part, opinion)| Said {
                id: part.id,
                unit: part.unit.clone(),
                place: part.place.clone(),
                reply: replies.iter().find(|reply| reply.to == part.id).cloned(),
                opinion,
            })
            .collect()
    }

    /// The parts of a sort with what they say.
    pub fn bodies<T: serde::de::DeserializeOwned>(&self, sort: Sort) -> impl Iterator<Item = (&Part, T)> {
        let own = self.parts.iter().filter(move |part| part.sort == sort);
        own.filter_map(|part| Some((part, serde_json::from_str(&part.body).ok()?)))
    }

    /// The newest part of a sort, a unit and a place.
    pub fn part(&self, sort: Sort, unit: &str, place: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.sort == sort && part.unit == unit && part.place == place)
    }

    /// What it says; nothing while its text has errors.
    pub fn paper(&self) -> Option<&Paper> {
        self.checked.paper.as_ref()
    }

    /// A unit's short name.
    pub fn short(&self, code: &str, lang: Lang) -> String {
        let unit = self.paper().and_then(|paper| paper.unit(code));
        unit.map_or_else(|| code.to_owned(), |unit| unit.short.get(lang).to_owned())
    }

    /// What keeps it from being frozen today.
    pub fn blockers(&self, today: &str, measuring: bool) -> Vec<Blocker> {
        let units: Vec<String> = self
            .paper()
            .map(|paper| paper.units.iter().map(|unit| unit.code.clone()).collect())
            .unwrap_or_default();
        blockers(&Ready {
            errors: self.checked.errors(),
            failing: &self.checked.failing,
            clauses: self.paper().map_or(0, |paper| paper.clauses.len()),
            units: &units,
            said: &self.said(),
            respond_by: self.draft.respond_by.as_deref(),
            today,
            measuring,
        })
    }
}

/// The address of a draft.
pub(crate) fn address(slug: &str, number: i64) -> String {
    format!("/c/{slug}/agreement/drafts/{number}/")
}

/// A draft by its address.
pub(crate) async fn held(state: &State, slug: &str, number: &str) -> Result<Held, Failed> {
    let cluster = cluster(state, slug).await?;
    let number: i64 = number.parse().map_err(|_| Failed::NotFound)?;
    let on = state.store.read();
    let draft = agreeing::get(on, slug, number).await?.ok_or(Failed::NotFound)?;
    let version = agreeing::version(on, draft.id, draft.version).await?.ok_or(Failed::NotFound)?;
    Ok(Held {
        cluster,
        checked: serde_json::from_str(&version.checked).unwrap_or_default(),
        figures: version.figures.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        parts: agreeing::parts(on, draft.id).await?,
        stage: Stage::of(&draft.stage).unwrap_or(Stage::Dropped),
        version,
        draft,
    })
}

/// Today's day at the site.
pub(crate) fn today(state: &State) -> String {
    when::day_of(state.now(), &state.zone)
}

/// Whether the figures of the newest version are still being computed.
pub(crate) async fn measuring(state: &State, held: &Held) -> Result<Option<(i64, i64)>, Failed> {
    if held.figures.is_some() {
        return Ok(None);
    }
    let open = jobs::open(state.store.read(), Some(&held.cluster.slug)).await?;
    let own = open.iter().find(|job| job.work == Work::Draft && job.about == Some(held.version.id));
    Ok(own.map(|job| (job.done, job.total)))
}

/// What a blocker says, in words.
pub(crate) fn blocker_words(blocker: &Blocker, held: &Held, lang: Lang) -> String {
    let text = match blocker {
        Blocker::Errors(count) => {
            Text::new(format!("Văn bản còn {count} lỗi."), format!("The text has {count} errors."))
        }
        Blocker::Example(target) => Text::new(
            format!("Chỉ tiêu “{target}”: ví dụ kèm theo chưa ra đúng kết quả."),
            format!("Target “{target}”: a worked example does not come out."),
        ),
        Blocker::NotCirculated => {
            Text::new("Chưa gửi các đơn vị góp ý.", "The units have not been asked yet.")
        }
        Blocker::Silent(units) => {
            let names: Vec<String> = units.iter().map(|unit| held.short(unit, lang)).collect();
            let names = names.join(", ");
            Text::new(
                format!("Chưa có ý kiến, còn trong hạn: {names}."),
                format!("Not answered yet, and still may: {names}."),
            )
        }
        Blocker::Open(unit, place) => {
            let (unit, place) = (held.short(unit, lang), place_name(place, held.paper(), lang));
            Text::new(
                format!("Ý kiến chờ trả lời: {unit}, {place}."),
                format!("To be answered: {unit}, {place}."),
            )
        }
        Blocker::Measuring => Text::new("Số liệu đang được tính.", "Figures are being computed."),
        Blocker::Empty => Text::new("Chưa có khoản nào.", "There is no clause yet."),
    };
    text.get(lang).to_owned()
}

#[derive(Template)]
#[template(path = "pages/draft.html")]
struct DraftPage {
    base: Base,
    at: String,
    state: String,
    heads: bool,
    open: bool,
    problems: Vec<(String, String, String, Option<String>)>,
    errors: usize,
    paper: Option<PaperLines>,
    clauses: Vec<ClauseBlock>,
    whole: Vec<OpinionLine>,
    standing: Vec<(String, &'static str, String, String)>,
    silent: bool,
    /// What units spoke of that read an older version: their names with its number, and the address of the oldest beside the newest.
    older: Option<(String, String)>,
    blockers: Vec<String>,
    respond_by: Option<String>,
    versions: Vec<(i64, String)>,
    failed: Option<String>,
    rev: i64,
    version: i64,
    letter: String,
    mail: bool,
    freezing: Option<String>,
    reminding: Option<String>,
    circulating: Option<(String, String)>,
    reply: Option<(i64, String, String)>,
    astray: Option<(String, String)>,
}

/// What somebody tried on the page and could not, with what they had typed.
#[derive(Default)]
pub(crate) struct Tried {
    /// Why it cannot be frozen.
    freezing: Option<Text>,
    /// The day that was given for remarks, and what is wrong with it.
    circulating: Option<(String, Text)>,
    /// The opinion that was answered, the answer, and what is wrong with it.
    reply: Option<(i64, String, Text)>,
    /// Why nobody was reminded.
    reminding: Option<Text>,
    status: StatusCode,
}

impl Tried {
    pub fn freezing(wrong: Text) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self { freezing: Some(wrong), status, ..Self::default() }
    }

    pub fn circulating(day: String, wrong: Text) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self { circulating: Some((day, wrong)), status, ..Self::default() }
    }

    pub fn reminding(wrong: Text) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self { reminding: Some(wrong), status, ..Self::default() }
    }

    pub fn reply(to: i64, typed: String, wrong: Text, status: StatusCode) -> Self {
        Self { reply: Some((to, typed, wrong)), status, ..Self::default() }
    }
}

/// The page of a draft, for everybody inside.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    page(&state, &who, held, Tried::default()).await
}

/// The page; what could not be done stays in its form, with the reason.
pub(crate) async fn page(state: &State, who: &Who, held: Held, tried: Tried) -> Answer {
    let lang = who.lang;
    let slug = held.cluster.slug.clone();
    let at = address(&slug, held.draft.number);
    let heads = who.heads(&slug);
    let open = held.stage.is_open();
    let may_edit = heads && open;
    let said = held.said();
    let today = today(state);
    let running = measuring(state, &held).await?;
    let edit = |what: &str, name: &str| may_edit.then(|| format!("{at}{what}/{}", encoded(name)));
    let line = |one: &Said| opinion_line(one, &held, lang);
    let clauses = held.paper().map(|paper| {
        let block = |clause: &giaouoc_year::paper::Clause| {
            let place = format!("clause:{}", clause.number);
            ClauseBlock {
                number: clause.number.clone(),
                anchor: anchor(&clause.number),
                text: clause.text.get(lang).to_owned(),
                report: clause.report,
                targets: paper
                    .of_clause(&clause.number)
                    .map(|line| target_block(line, &held, &said, edit("target", &line.id), lang))
                    .collect(),
                opinions: said.iter().filter(|one| one.place == place).map(line).collect(),
                edit: edit("clause", &clause.number),
                add: may_edit.then(|| format!("{at}library?clause={}", encoded(&clause.number))),
            }
        };
        paper.clauses.iter().map(block).collect()
    });
    let names: HashMap<i64, String> =
        people::all(state.store.read()).await?.into_iter().map(|person| (person.id, person.name)).collect();
    let name = |person: i64| names.get(&person).cloned().unwrap_or_default();
    let versions = agreeing::versions(state.store.read(), held.draft.id).await?;
    let versions = versions.iter().rev().map(|version| {
        let when = when::shown(version.at, &state.zone, lang);
        (version.number, format!("{when}, {}: {}", name(version.person), version.note))
    });
    let units = held.paper().map(|paper| &paper.units[..]).unwrap_or_default();
    let standings: Vec<_> = units
        .iter()
        .map(|unit| (unit, standing(&unit.code, &said, held.draft.respond_by.as_deref(), &today)))
        .collect();
    let read = |unit: &str| said.iter().filter(|one| one.unit == unit).map(|one| one.opinion.version).max();
    let behind: Vec<(String, i64)> = units
        .iter()
        .filter_map(|unit| Some((unit.short.get(lang).to_owned(), read(&unit.code)?)))
        .filter(|(_, version)| *version < held.draft.version)
        .collect();
    let older = behind.iter().map(|(_, version)| *version).min().map(|oldest| {
        let word = who.say("bản", "version");
        let names = behind.iter().map(|(name, version)| format!("{name} ({word} {version})"));
        let compare = format!("{at}compare?from={oldest}&to={}", held.draft.version);
        (names.collect::<Vec<_>>().join(", "), compare)
    });
    let silent = standings.iter().any(|(_, one)| *one == giaouoc_year::agreeing::Standing::Silent);
    let standing = standings.into_iter().map(|(unit, standing)| {
        let href =
            who.may(Doing::Read, &slug, &unit.code).then(|| format!("{at}units/{}", encoded(&unit.code)));
        let words = standing.words();
        let words = match read(&unit.code) {
            Some(version) => format!("{} ({} {version})", words.get(lang), who.say("bản", "version")),
            None => words.get(lang).to_owned(),
        };
        (unit.name.get(lang).to_owned(), standing.sign(), words, href.unwrap_or_default())
    });
    let standing = standing.collect();
    let by = held.draft.respond_by.clone();
    let respond_by = by.as_deref().map(|day| when::day_shown(day, lang));
    let failed = jobs::latest(state.store.read(), &slug, &[Work::Draft], Some(held.version.id)).await?;
    let failed = failed.and_then(|job| job.error).map(|(vi, en)| Text::new(vi, en).get(lang).to_owned());
    let title = held.paper().map_or_else(
        || format!("{} {}", who.say("Dự thảo", "Draft"), held.draft.number),
        |paper| paper.title.get(lang).to_owned(),
    );
    let mut base = Base::within(state, who, &held.cluster, title).await?;
    // What was typed is not loaded away.
    base.reload = running.filter(|_| tried.status == StatusCode::OK).map(|_| 2);
    let blockers = if open { held.blockers(&today, running.is_some()) } else { Vec::new() };
    let said_of = |text: Text| text.get(lang).to_owned();
    // An answer to what somebody has replaced meanwhile has no place of its own any more.
    let there = |id: &i64| said.iter().any(|one| one.id == *id && one.reply.is_none());
    let (reply, astray) = match tried.reply {
        Some((to, typed, wrong)) if there(&to) => (Some((to, typed, said_of(wrong))), None),
        Some((_, typed, wrong)) => (None, Some((typed, said_of(wrong)))),
        None => (None, None),
    };
    let page = DraftPage {
        freezing: tried.freezing.map(said_of),
        reminding: tried.reminding.map(said_of),
        circulating: tried.circulating.map(|(day, wrong)| (day, said_of(wrong))),
        reply,
        astray,
        state: state_words(&held, running, &name(held.version.person), state, lang),
        problems: held.checked.problems.iter().map(|one| problem_line(one, lang)).collect(),
        errors: held.checked.errors(),
        paper: held.paper().map(|paper| paper_lines(paper, lang)),
        clauses: clauses.unwrap_or_default(),
        whole: said.iter().filter(|one| one.place == "all").map(line).collect(),
        standing,
        silent,
        older,
        blockers: blockers.iter().map(|one| blocker_words(one, &held, lang)).collect(),
        letter: super::draft_round::letter(&held, state, &at, lang),
        mail: state.site.mail,
        respond_by,
        versions: versions.collect(),
        failed,
        rev: held.draft.rev,
        version: held.draft.version,
        heads,
        open,
        at,
        base,
    };
    Ok((tried.status, shown(&page)?).into_response())
}

fn state_words(held: &Held, running: Option<(i64, i64)>, by: &str, state: &State, lang: Lang) -> String {
    let (stage, version) = (held.stage.words(), held.version.number);
    let at = when::shown(held.version.at, &state.zone, lang);
    let mut words = match lang {
        Lang::Vi => format!("Dự thảo, {}. Bản {version}, {by} lưu lúc {at}.", stage.vi),
        Lang::En => format!("A draft, {}. Version {version}, saved by {by} at {at}.", stage.en),
    };
    if let Some((done, total)) = running {
        words += &match lang {
            Lang::Vi => format!(" Đang tính số liệu ({done}/{total} năm)…"),
            Lang::En => format!(" Computing figures ({done}/{total} years)…"),
        };
    }
    words
}
