//! A draft of an agreement (*dự thảo giao ước*): its clauses with the targets that make them measurable, beside each what every
//! unit would have had, what units say of it, and what is still open.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State as With};
use giaouoc_agreement::agreement_file::charter::points_shown;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::agreeing::{self, Draft, Part, Sort, Version};
use giaouoc_store::clusters::Cluster;
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::people;
use giaouoc_year::agreeing::{Blocker, Opinion, Ready, Reply, Said, Stage, blockers, standing};
use giaouoc_year::paper::{Line, Paper};

use super::cluster;
use crate::access::Doing;
use crate::base::{Base, shown};
use crate::drafting::{Checked, Figures, TargetFigures, YearFigures};
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

/// A place in words: *khoản 2.2*, a target's name, *toàn văn*.
pub(crate) fn place_name(place: &str, paper: Option<&Paper>, lang: Lang) -> String {
    let text = match place.split_once(':') {
        Some(("clause", number)) => Text::new(format!("khoản {number}"), format!("clause {number}")),
        Some(("target", id)) => match paper.and_then(|paper| paper.target(id)) {
            Some(line) => Text::new(format!("chỉ tiêu {}", line.name.vi), format!("target {}", line.name.en)),
            None => Text::same(id),
        },
        _ => Text::new("toàn văn", "the whole"),
    };
    text.get(lang).to_owned()
}

/// An opinion as the page shows it.
pub(crate) struct OpinionLine {
    pub id: i64,
    pub unit: String,
    pub place: String,
    pub sign: &'static str,
    pub stance: &'static str,
    pub text: String,
    pub wording: String,
    /// Whether a button takes the wording over.
    pub may_take: bool,
    pub behalf: Option<String>,
    pub reply: Option<String>,
    pub taken: bool,
    pub open: bool,
    pub anchor: String,
}

fn opinion_line(said: &Said, held: &Held, lang: Lang) -> OpinionLine {
    use giaouoc_year::agreeing::Stance::{Agree, Object, Remark};
    let say = |vi, en| if lang == Lang::Vi { vi } else { en };
    let (sign, stance) = match said.opinion.stance {
        Agree => ("✓", say("thống nhất", "agrees")),
        Remark => ("•", say("có ý kiến", "remarks")),
        Object => ("✗", say("chưa thống nhất", "objects")),
    };
    let part = held.parts.iter().find(|part| part.id == said.id);
    OpinionLine {
        id: said.id,
        unit: held.short(&said.unit, lang),
        place: place_name(&said.place, held.paper(), lang),
        sign,
        stance,
        text: said.opinion.text.clone(),
        wording: said.opinion.wording.clone(),
        may_take: !said.opinion.wording.is_empty() && said.reply.is_none(),
        behalf: part.and_then(|part| part.on_behalf.clone()),
        reply: said.reply.as_ref().map(|reply| reply.text.clone()),
        taken: said.reply.as_ref().is_some_and(|reply| reply.taken),
        open: said.open(),
        anchor: format!("said-{}", said.id),
    }
}

/// A target with what each unit would have had.
pub(crate) struct TargetBlock {
    pub id: String,
    pub name: String,
    pub goal: String,
    pub sentence: String,
    pub judged: String,
    pub units_goal: Option<String>,
    pub only: String,
    pub note: Option<String>,
    pub rule: Vec<(String, String)>,
    pub later: Vec<String>,
    pub examples: i64,
    pub failing: bool,
    pub exempt: Vec<(String, String)>,
    pub sentences: Vec<String>,
    pub table: Option<FigureTable>,
    pub lenses: Vec<String>,
    pub opinions: Vec<OpinionLine>,
    pub edit: Option<String>,
}

/// Figures of a target: a row a unit, a column a year.
pub(crate) struct FigureTable {
    pub years: Vec<String>,
    pub rows: Vec<(String, Vec<(String, String, String)>)>,
}

/// A clause with its targets.
pub(crate) struct ClauseBlock {
    pub number: String,
    pub anchor: String,
    pub text: String,
    pub report: bool,
    pub targets: Vec<TargetBlock>,
    pub opinions: Vec<OpinionLine>,
    pub edit: Option<String>,
    pub add: Option<String>,
}

/// “với cách tính này, 4 trên 6 đơn vị đạt trong năm 2019”.
pub(crate) fn met_sentence(year: &YearFigures, found: &TargetFigures, lang: Lang) -> String {
    let (met, judged) = found.met();
    let asked = found.cells.iter().flatten().filter(|cell| cell.verdict != "exempt");
    let (year, all) = (year.year, asked.count());
    let text = match judged {
        0 => Text::new(
            format!("Với cách tính này, năm {year} chưa đơn vị nào có số liệu để xét."),
            format!("With this wording, no unit has figures to judge in {year}."),
        ),
        _ if judged < all => Text::new(
            format!(
                "Với cách tính này, {met} trên {judged} đơn vị có số liệu đạt trong năm {year} (áp dụng cho {all} đơn vị)."
            ),
            format!(
                "With this wording, {met} of {judged} units with figures would have met it in {year} (it is for {all})."
            ),
        ),
        _ => Text::new(
            format!("Với cách tính này, {met} trên {judged} đơn vị đạt trong năm {year}."),
            format!("With this wording, {met} of {judged} units would have met it in {year}."),
        ),
    };
    text.get(lang).to_owned()
}

fn figure_table(figures: &Figures, id: &str, lang: Lang) -> Option<FigureTable> {
    let years: Vec<(&YearFigures, &TargetFigures)> = figures
        .years
        .iter()
        .filter_map(|year| Some((year, year.targets.iter().find(|target| target.id == id)?)))
        .collect();
    let mut units: Vec<&(String, Text)> = Vec::new();
    for (year, _) in &years {
        units.extend(
            year.units
                .iter()
                .filter(|unit| !units.iter().any(|(code, _)| *code == unit.0))
                .collect::<Vec<_>>(),
        );
    }
    let cell = |year: &YearFigures, target: &TargetFigures, code: &str| {
        let at = year.units.iter().position(|(found, _)| found == code);
        match at.and_then(|at| target.cells.get(at)?.as_ref()) {
            Some(cell) => (
                cell.shown.as_ref().map_or(String::new(), |shown| shown.get(lang).to_owned()),
                cell.sign.clone(),
                cell.words.get(lang).to_owned(),
            ),
            None => (String::new(), String::new(), "–".to_owned()),
        }
    };
    let rows = units.into_iter().map(|(code, short)| {
        let cells = years.iter().map(|(year, target)| cell(year, target, code)).collect();
        (short.get(lang).to_owned(), cells)
    });
    let rows: Vec<_> = rows.collect();
    (!years.is_empty() && !rows.is_empty())
        .then(|| FigureTable { years: years.iter().map(|(year, _)| year.year.to_string()).collect(), rows })
}

/// Rival definitions: how many units they would have.
fn lens_lines(figures: &Figures, id: &str, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for year in &figures.years {
        let Some(target) = year.targets.iter().find(|target| target.id == id) else { continue };
        for (name, units) in &target.lenses {
            let with: Vec<&(Text, bool)> = units.iter().flatten().collect();
            let met = with.iter().filter(|(_, met)| *met).count();
            let (name, of, year) = (name.get(lang), with.len(), year.year);
            lines.push(match lang {
                Lang::Vi => format!("{name}: {met} trên {of} đơn vị sẽ đạt trong năm {year}"),
                Lang::En => format!("{name}: {met} of {of} units would meet it in {year}"),
            });
        }
    }
    lines
}

pub(crate) fn target_block(
    line: &Line,
    held: &Held,
    said: &[Said],
    edit: Option<String>,
    lang: Lang,
) -> TargetBlock {
    let paper = held.paper();
    let empty = Figures::default();
    let figures = held.figures.as_ref().unwrap_or(&empty);
    let place = format!("target:{}", line.id);
    let exempt = paper.map(|paper| &paper.exemptions[..]).unwrap_or_default().iter();
    // A year that has just begun says nothing yet; where another one does, that is enough.
    let speaks = |year: &&YearFigures| {
        let found = year.targets.iter().find(|target| target.id == line.id);
        year.error.is_some() || found.is_some_and(|found| found.met().1 > 0)
    };
    let some = figures.years.iter().any(|year| speaks(&year));
    let sentences =
        figures.years.iter().filter(|year| !some || speaks(year)).filter_map(|year| match &year.error {
            Some(why) => Some(format!("{}: {}", year.year, why.get(lang))),
            None => Some(met_sentence(year, year.targets.iter().find(|target| target.id == line.id)?, lang)),
        });
    let exempt = exempt.filter(|(_, target, _)| *target == line.id);
    TargetBlock {
        id: line.id.clone(),
        name: line.name.get(lang).to_owned(),
        goal: line.goal.get(lang).to_owned(),
        sentence: line.sentence.get(lang).to_owned(),
        judged: line.judged.get(lang).to_owned(),
        units_goal: line.units_goal.as_ref().map(|goal| goal.get(lang).to_owned()),
        only: line.units.iter().map(|code| held.short(code, lang)).collect::<Vec<_>>().join(", "),
        note: line.note.as_ref().map(|note| note.get(lang).to_owned()),
        rule: line.rule.iter().map(|(name, text)| (name.get(lang).to_owned(), text.clone())).collect(),
        later: line
            .later
            .iter()
            .map(|(day, goal, _)| match lang {
                Lang::Vi => format!("Từ {}: {}", when::day_shown(day, lang), goal.vi),
                Lang::En => format!("From {day}: {}", goal.en),
            })
            .collect(),
        examples: line.examples,
        failing: held.checked.failing.contains(&line.id),
        exempt: exempt.map(|(unit, _, why)| (held.short(unit, lang), why.get(lang).to_owned())).collect(),
        sentences: sentences.collect(),
        table: figure_table(figures, &line.id, lang),
        lenses: lens_lines(figures, &line.id, lang),
        opinions: said
            .iter()
            .filter(|one| one.place == place)
            .map(|one| opinion_line(one, held, lang))
            .collect(),
        edit,
    }
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
    blockers: Vec<String>,
    respond_by: Option<String>,
    versions: Vec<(i64, String)>,
    failed: Option<String>,
    rev: i64,
    version: i64,
    letter: String,
    mail: bool,
}

/// What stands around the clauses, in the reader's language.
pub(crate) struct PaperLines {
    pub title: String,
    pub theme: Option<String>,
    pub context: Vec<String>,
    pub bases: Vec<String>,
    pub events: Vec<(String, String)>,
    pub counts: Option<String>,
    pub regulation: Vec<(String, String)>,
    pub score: Option<ScoreLines>,
    pub paragraphs: Vec<(String, String, String)>,
    pub amendments: Vec<String>,
    pub share_of_units: Vec<(String, String)>,
}

/// The score table in words.
pub(crate) struct ScoreLines {
    pub total: String,
    pub lines: Vec<(String, String, String)>,
    pub extras: Vec<(String, String)>,
    pub without: Vec<(String, String)>,
}

/// What stands around the clauses of an agreement.
pub(crate) fn paper_lines(paper: &Paper, lang: Lang) -> PaperLines {
    let all = |texts: &[Text]| texts.iter().map(|text| text.get(lang).to_owned()).collect();
    let pairs = |list: &[(Text, Text)]| -> Vec<(String, String)> {
        list.iter().map(|(a, b)| (a.get(lang).to_owned(), b.get(lang).to_owned())).collect()
    };
    let short = |code: &str| paper.unit(code).map_or(code.to_owned(), |unit| unit.short.get(lang).to_owned());
    PaperLines {
        title: paper.title.get(lang).to_owned(),
        theme: paper.theme.as_ref().map(|theme| theme.get(lang).to_owned()),
        context: all(&paper.context),
        bases: all(&paper.bases),
        events: paper
            .events
            .iter()
            .map(|(name, day)| (when::day_shown(day, lang), name.get(lang).to_owned()))
            .collect(),
        counts: paper.counts_from.as_ref().map(|day| match lang {
            Lang::Vi => format!(
                "Số liệu tính từ ngày {}, kể cả khi giao ước được ký sau ngày đó.",
                when::day_shown(day, lang)
            ),
            Lang::En => format!("Figures count from {day}, also where the agreement is signed later."),
        }),
        regulation: paper
            .regulation
            .iter()
            .map(|(number, text)| (number.clone(), text.get(lang).to_owned()))
            .collect(),
        score: paper.score.as_ref().map(|score| {
            let extra = |sign: &'static str| {
                move |(name, points): &(Text, i64)| {
                    (name.get(lang).to_owned(), format!("{sign}{}", points_shown(*points, lang)))
                }
            };
            ScoreLines {
                total: points_shown(score.total(), lang),
                lines: score
                    .lines
                    .iter()
                    .map(|(about, points, way)| {
                        let about = place_name(about, Some(paper), lang);
                        (about, points_shown(*points, lang), way.get(lang).to_owned())
                    })
                    .collect(),
                extras: score
                    .bonuses
                    .iter()
                    .map(extra("+"))
                    .chain(score.deductions.iter().map(extra("−")))
                    .collect(),
                without: pairs(&score.without),
            }
        }),
        paragraphs: paper
            .paragraphs
            .iter()
            .map(|(unit, clause, text)| (short(unit), clause.clone(), text.get(lang).to_owned()))
            .collect(),
        amendments: paper
            .amendments
            .iter()
            .map(|one| match lang {
                Lang::Vi => format!(
                    "Phụ lục {} (chỉ tiêu {}): ký {}, áp dụng từ {}. {}",
                    one.id,
                    one.target,
                    when::day_shown(&one.signed, lang),
                    when::day_shown(&one.from, lang),
                    one.reason.vi
                ),
                Lang::En => format!(
                    "Amendment {} (target {}): signed {}, holds from {}. {}",
                    one.id, one.target, one.signed, one.from, one.reason.en
                ),
            })
            .collect(),
        share_of_units: pairs(&paper.share_of_units),
    }
}

/// The page of a draft, for everybody inside.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
) -> Answer {
    let held = held(&state, &slug, &number).await?;
    let lang = who.lang;
    let at = address(&slug, held.draft.number);
    let heads = who.heads(&slug);
    let open = held.stage.is_open();
    let may_edit = heads && open;
    let said = held.said();
    let today = today(&state);
    let running = measuring(&state, &held).await?;
    let edit = |what: &str, name: &str| may_edit.then(|| format!("{at}{what}/{}", encoded(name)));
    let line = |one: &Said| opinion_line(one, &held, lang);
    let clauses = held.paper().map(|paper| {
        let block = |clause: &giaouoc_year::paper::Clause| {
            let place = format!("clause:{}", clause.number);
            ClauseBlock {
                number: clause.number.clone(),
                anchor: format!(
                    "clause-{}",
                    clause.number.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
                ),
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
    let silent = standings.iter().any(|(_, one)| *one == giaouoc_year::agreeing::Standing::Silent);
    let standing = standings.into_iter().map(|(unit, standing)| {
        let href =
            who.may(Doing::Read, &slug, &unit.code).then(|| format!("{at}units/{}", encoded(&unit.code)));
        (
            unit.name.get(lang).to_owned(),
            standing.sign(),
            standing.words().get(lang).to_owned(),
            href.unwrap_or_default(),
        )
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
    let mut base = Base::within(&state, &who, &held.cluster, title).await?;
    base.reload = running.map(|_| 2);
    let blockers = if open { held.blockers(&today, running.is_some()) } else { Vec::new() };
    shown(&DraftPage {
        state: state_words(&held, running, &name(held.version.person), &state, lang),
        problems: held.checked.problems.iter().map(|one| problem_line(one, lang)).collect(),
        errors: held.checked.errors(),
        paper: held.paper().map(|paper| paper_lines(paper, lang)),
        clauses: clauses.unwrap_or_default(),
        whole: said.iter().filter(|one| one.place == "all").map(line).collect(),
        standing,
        silent,
        blockers: blockers.iter().map(|one| blocker_words(one, &held, lang)).collect(),
        letter: super::draft_round::letter(&held, &state, &at, lang),
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
    })
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

/// A problem of the text as a line: place, kind, what, help.
pub(crate) fn problem_line(
    one: &crate::drafting::Mistake,
    lang: Lang,
) -> (String, String, String, Option<String>) {
    let say = |vi, en| if lang == Lang::Vi { vi } else { en };
    let place = match one.line {
        0 => one.file.clone(),
        line => format!("{}:{line}:{}", one.file, one.column),
    };
    let severity = match one.severity.as_str() {
        "error" => say("lỗi", "error"),
        "warning" => say("lưu ý", "warning"),
        _ => say("câu hỏi", "question"),
    };
    (
        place,
        format!("{severity}[{}]", one.code),
        one.message.get(lang).to_owned(),
        one.help.as_ref().map(|help| help.get(lang).to_owned()),
    )
}
