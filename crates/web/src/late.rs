//! Who is told that something comes near its day or is late: tasks and plans, what was announced and has no outcome, answers
//! promised to residents, results of what was taken up from another unit, points that a review gave to a unit. When: `data/rules/late.toml`.
//! And who is told of what waits for an answer: units that are invited or that a review asks for a report, whoever decides on
//! what staff propose.
//!
//! What ought to be told is worked out from what is known and held against what was told. It is looked at every day, and of a
//! matter in the transaction that changes it; asked twice, it tells nobody twice.

use std::collections::{BTreeSet, HashMap, HashSet};

use giaouoc_agreement::text::Text;
use giaouoc_store::matters::{self as kept, Filter, Point, State as Standing};
use giaouoc_store::notices::{self as told, Kind};
use giaouoc_store::people::{self, Held, Role};
use giaouoc_store::{Result, Write};
use giaouoc_worktime::Day;
use giaouoc_year::late::{self, Nearness, Rule};
use giaouoc_year::sort::{By, Part};

use crate::access::in_force;
use crate::html::encoded;
use crate::matters::{self, Full};
use crate::notices::{self, Matter, Now, Whom, Why};
use crate::pages::desk;
use crate::pages::matter_others::{asks_reports, asks_units};

/// How what is told of here begins.
const BEGIN: &str = "day ";

/// Something that ought to be told.
struct Wanted {
    once: String,
    roles: &'static [Role],
    unit: String,
    cluster: String,
    matter: Matter,
}

/// Looks at all matters of the year's work, and at drafts whose day for remarks is over: who was silent has agreed.
///
/// # Errors
/// When the database fails.
pub async fn look(write: &Write, now: &Now) -> Result<()> {
    told::done_past(write.on(), Kind::Comment, &now.today, now.at).await?;
    let rows = kept::list(write.on(), &Filter::default()).await?;
    settle(write, now, BEGIN, rows).await
}

/// Looks at one matter, after it was changed in this transaction.
pub(crate) async fn follow(write: &Write, now: &Now, id: i64) -> Result<()> {
    let rows = kept::by_id(write.on(), id).await?.into_iter().filter(|row| row.gone.is_none());
    settle(write, now, &format!("{BEGIN}{id} "), rows.collect()).await
}

async fn settle(write: &Write, now: &Now, begin: &str, rows: Vec<kept::Matter>) -> Result<()> {
    let Ok(today) = now.today.parse::<Day>() else { return Ok(()) };
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut points: HashMap<i64, Vec<Point>> = HashMap::new();
    for point in kept::points(write.on(), &ids).await? {
        points.entry(point.matter).or_default().push(point);
    }
    let all = matters::fill_on(write.on(), rows).await?;
    let around = Around::of(write, &all).await?;
    let mut wanted = Vec::new();
    for full in &all {
        wanted.extend(of(full, points.get(&full.row.id).map_or(&[], Vec::as_slice), today));
        wanted.extend(asked(full, &around, &now.today));
    }
    for full in all.iter().filter(|full| full.sort.has(Part::Reports)) {
        // So a program before this one called what a review asks for; its notices would stay for ever.
        told::done_all(write.on(), &format!("matter {} ", full.row.id), now.at).await?;
    }
    let keep: HashSet<String> = wanted.iter().map(|one| one.once.clone()).collect();
    told::done_but(write.on(), begin, &keep, now.at).await?;
    for one in &wanted {
        let whom = Whom::Holders { roles: one.roles, cluster: &one.cluster, unit: Some(&one.unit) };
        notices::raise(write, now, whom, &one.once, &one.matter).await?;
    }
    Ok(())
}

/// What ought to be told of a matter today.
fn of(full: &Full, points: &[Point], today: Day) -> Vec<Wanted> {
    let Some(rules) = late::rules() else { return Vec::new() };
    let mut all = Vec::new();
    let title = full.matter.title(full.sort);
    if let Some(due) = late::due(full.sort, &full.matter, today)
        && let Some(kind) = Kind::of(due.notice)
    {
        let roles: &[Role] =
            if due.by == By::Leader { &[Role::Officer, Role::Leader] } else { &[Role::Officer] };
        all.push(wanted(full, (kind, "own"), (&full.row.unit, roles), (due.day, due.stands), ("", title)));
    }
    let near = |rule: &Rule, day: &str| {
        let day: Day = day.parse().ok()?;
        Some((day, rule.stands(day, today)?))
    };
    let promised = full.questions.iter().filter(|one| one.state == Standing::Shown && one.reply.is_none());
    for question in promised.filter(|_| !full.matter.gone) {
        let Some(stands) = question.due.as_deref().and_then(|day| near(&rules.answer, day)) else { continue };
        // Who answers, not what was asked: those are a resident's words.
        let about = match question.owner.as_str() {
            "" => title.to_owned(),
            owner => format!("{title} – {owner}"),
        };
        let id = format!("question {}", question.id);
        let whom: (&str, &[Role]) = (&full.row.unit, &[Role::Officer]);
        all.push(wanted(full, (Kind::FollowUp, &id), whom, stands, ("#questions", &about)));
    }
    for point in points.iter().filter(|point| point.done.is_none()) {
        let Some(stands) = near(&rules.point, &point.due) else { continue };
        let about: String = point.text.chars().take(200).collect();
        let id = format!("point {}", point.id);
        let whom: (&str, &[Role]) = (&point.unit, &[Role::Officer]);
        all.push(wanted(full, (Kind::Point, &id), whom, stands, ("#points", &about)));
    }
    // What is public no longer cannot be reported on.
    let open = full.matter.is_public(full.sort);
    for one in full.joined.iter().filter(|one| open && one.yes && one.result.is_empty()) {
        let Some(stands) = one.report_by.as_deref().and_then(|day| near(&rules.result.rule, day)) else {
            continue;
        };
        let id = format!("result {} {}", one.cluster, one.unit);
        let whom: (&str, &[Role]) = (&one.unit, &[Role::Officer]);
        let told = wanted(full, (Kind::FollowUp, &id), whom, stands, ("#joined", title));
        // It may be a unit of another cluster.
        let matter = Matter { cluster: Some(one.cluster.clone()), ..told.matter };
        all.push(Wanted { cluster: one.cluster.clone(), matter, ..told });
    }
    all
}

fn wanted(
    full: &Full,
    (kind, id): (Kind, &str),
    (unit, roles): (&str, &'static [Role]),
    (day, stands): (Day, Nearness),
    (anchor, about): (&str, &str),
) -> Wanted {
    let (word, about) = match stands {
        Nearness::Near => ("near", Text::same(about)),
        Nearness::Late => {
            ("late", Text::new(format!("{about}, đã quá ngày"), format!("{about}, its day is past")))
        }
    };
    // The day is part of it: moved, it is another matter, and the one before is done.
    let once = format!("{BEGIN}{} {id} {word} {day}", full.row.id);
    let path = format!("{}{anchor}", full.address());
    told_to(full, (unit, roles), once, kind, (path, about), Why::By(day.to_string()))
}

/// What is told to the holders of roles at a unit of the matter's cluster.
fn told_to(
    full: &Full,
    (unit, roles): (&str, &'static [Role]),
    once: String,
    kind: Kind,
    (path, about): (String, Text),
    why: Why,
) -> Wanted {
    let cluster = full.row.cluster.clone();
    let (here, of) = (Some(cluster.clone()), Some(unit.to_owned()));
    let matter = Matter { kind, cluster: here, unit: of, path, about, why };
    Wanted { once, roles, unit: unit.to_owned(), cluster, matter }
}

/// Those whom matters may ask.
#[derive(Default)]
struct Around {
    /// Roles that anybody holds or held.
    roles: Vec<Held>,
    /// Units that have sent their report, with the number of the review.
    sent: HashSet<(i64, String)>,
}

impl Around {
    async fn of(write: &Write, all: &[Full]) -> Result<Self> {
        let mut around = Self::default();
        if all.iter().any(|full| asks_units(full) || asks_reports(full) || is_proposed(full)) {
            around.roles = people::all_roles(write.on()).await?;
        }
        for full in all.iter().filter(|full| asks_reports(full)) {
            let papers = kept::papers(write.on(), full.row.id).await?;
            let sent = papers.into_iter().filter(|paper| paper.sent_at.is_some());
            around.sent.extend(sent.map(|paper| (full.row.id, paper.unit)));
        }
        Ok(around)
    }

    /// The units of a cluster that anybody works for or did: of the others nobody could be told.
    fn units(&self, cluster: &str) -> BTreeSet<&str> {
        let here = self.roles.iter().filter(|held| held.cluster.as_deref() == Some(cluster));
        here.filter_map(|held| held.unit.as_deref()).collect()
    }

    /// Whether somebody is an officer of the unit whose matter it is.
    fn is_officer(&self, person: i64, full: &Full, today: &str) -> bool {
        self.roles.iter().any(|held| {
            held.person == person
                && held.role == Role::Officer
                && held.cluster.as_deref() == Some(full.row.cluster.as_str())
                && held.unit.as_deref() == Some(full.row.unit.as_str())
                && in_force(held, today)
        })
    }
}

/// Whether it was proposed, and the unit has not said what becomes of it.
fn is_proposed(full: &Full) -> bool {
    !full.matter.gone && full.matter.state(full.sort) == "propose"
}

/// What a matter asks of people today, whether it has a day or not.
fn asked(full: &Full, around: &Around, today: &str) -> Vec<Wanted> {
    let mut all = Vec::new();
    let slug = full.row.cluster.as_str();
    if asks_units(full) {
        let said = |unit: &str| full.joined.iter().any(|one| one.cluster == slug && one.unit == unit);
        let others = around.units(slug).into_iter().filter(|unit| *unit != full.row.unit && !said(unit));
        let day = full.matter.when(full.sort);
        // An exchange whose day is over asks nobody to come, also where nobody has noted that it was held.
        let over = day.is_some_and(|day| day.to_string().as_str() < today) && !full.row.common;
        let others = others.filter(|_| !over);
        let path = format!("{}#joined", full.address());
        all.extend(others.map(|unit| {
            let id = format!("invited {unit}");
            to_answer(full, (Kind::Invitation, &id), (unit, &[Role::Officer]), day, &path)
        }));
    }
    if asks_reports(full) {
        let sent = |unit: &str| around.sent.contains(&(full.row.id, unit.to_owned()));
        let day = full.matter.fields.get("reports_until").and_then(|day| day.parse::<Day>().ok());
        for unit in around.units(slug).into_iter().filter(|unit| !sent(unit)) {
            let path = format!("{}report/{}", desk::address(slug, unit), encoded(&full.row.code));
            let whom: (&str, &[Role]) = (unit, &[Role::Officer, Role::Leader]);
            all.push(to_answer(full, (Kind::Review, &format!("report {unit}")), whom, day, &path));
        }
    }
    if is_proposed(full) {
        let last = full.steps.iter().rev().find(|step| step.gone.is_none() && step.step == "propose");
        // Who is to decide and proposes it themselves waits for nobody.
        let own = last.is_some_and(|step| around.is_officer(step.person, full, today));
        if !own {
            let whom: (&str, &[Role]) = (&full.row.unit, &[Role::Officer]);
            all.push(to_answer(full, (Kind::Proposal, "proposed"), whom, None, &full.address()));
        }
    }
    all
}

fn to_answer(
    full: &Full,
    (kind, id): (Kind, &str),
    (unit, roles): (&str, &'static [Role]),
    day: Option<Day>,
    path: &str,
) -> Wanted {
    let until = day.map(|day| day.to_string());
    let once = format!("{BEGIN}{} {id} {}", full.row.id, until.as_deref().unwrap_or("open"));
    let about = Text::same(full.matter.title(full.sort));
    let why = until.map_or(Why::Answer, Why::By);
    told_to(full, (unit, roles), once, kind, (path.to_owned(), about), why)
}
