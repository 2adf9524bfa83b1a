//! What is late of the year's work in the whole city, and with which unit: by the rules by which people are told of it
//! (`data/rules/late.toml`); and drafts whose last day for remarks is over.

use std::collections::HashMap;

use giaouoc_agreement::text::Text;
use giaouoc_store::agreeing::{self, Sort};
use giaouoc_store::clusters;
use giaouoc_store::matters::{self as kept, Filter, Point, State as Standing};
use giaouoc_worktime::Day;
use giaouoc_year::agreeing::Stage;
use giaouoc_year::late::{self, Nearness, Rule};

use crate::error::Failed;
use crate::html::encoded;
use crate::matters::{self, Full};
use crate::pages::draft::{address, held};
use crate::state::State;

/// Something that is late.
pub(crate) struct Overdue {
    /// The cluster of the unit.
    pub cluster: String,
    /// The unit that it waits for.
    pub unit: String,
    /// What it is.
    pub what: Text,
    /// The day that is over.
    pub day: Day,
    /// Where it is read, and done by the unit.
    pub href: String,
}

/// Everything that is late today in all clusters, the oldest day first.
pub(crate) async fn of_city(state: &State, today: Day) -> Result<Vec<Overdue>, Failed> {
    let on = state.store.read();
    let rows = kept::list(on, &Filter::default()).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut points: HashMap<i64, Vec<Point>> = HashMap::new();
    for point in kept::points(on, &ids).await? {
        points.entry(point.matter).or_default().push(point);
    }
    let mut all = Vec::new();
    for full in matters::fill(&state.store, rows).await? {
        let points = points.get(&full.row.id).map(Vec::as_slice).unwrap_or_default();
        all.extend(of_matter(&full, points, today));
    }
    for cluster in clusters::all(on).await? {
        all.extend(of_drafts(state, &cluster.slug, today).await?);
    }
    all.sort_by(|one, other| {
        (one.day, &one.cluster, &one.unit).cmp(&(other.day, &other.cluster, &other.unit))
    });
    Ok(all)
}

/// What is late of a matter.
fn of_matter(full: &Full, points: &[Point], today: Day) -> Vec<Overdue> {
    let Some(rules) = late::rules() else { return Vec::new() };
    let title = full.matter.title(full.sort);
    let here = |unit: &str, what: Text, day: Day, anchor: &str| Overdue {
        cluster: full.row.cluster.clone(),
        unit: unit.to_owned(),
        what,
        day,
        href: format!("{}{anchor}", full.address()),
    };
    let over = |rule: &Rule, day: &str| {
        let day: Day = day.parse().ok()?;
        (rule.stands(day, today)? == Nearness::Late).then_some(day)
    };
    let mut all = Vec::new();
    let due = late::due(full.sort, &full.matter, today);
    if let Some(due) = due.filter(|due| due.stands == Nearness::Late) {
        let (vi, en) = match due.notice {
            "outcome" => (", chưa có biên bản, báo cáo", ", no minutes or report yet"),
            _ => ("", ""),
        };
        let name = &full.sort.name;
        let what = Text::new(format!("{}: {title}{vi}", name.vi), format!("{}: {title}{en}", name.en));
        all.push(here(&full.row.unit, what, due.day, ""));
    }
    let promised = full.questions.iter().filter(|one| one.state == Standing::Shown && one.reply.is_none());
    for question in promised {
        let Some(day) = question.due.as_deref().and_then(|day| over(&rules.answer, day)) else { continue };
        // Not what was asked: those are a resident's words.
        let what = Text::new(
            format!("Trả lời câu hỏi của người dân: {title}"),
            format!("Answer to a resident's question: {title}"),
        );
        all.push(here(&full.row.unit, what, day, "#questions"));
    }
    for point in points.iter().filter(|point| point.done.is_none()) {
        let Some(day) = over(&rules.point, &point.due) else { continue };
        let about: String = point.text.chars().take(200).collect();
        let what = Text::new(
            format!("Việc phải làm sau sơ kết, tổng kết: {about}"),
            format!("Point of a review: {about}"),
        );
        all.push(here(&point.unit, what, day, "#points"));
    }
    let open = full.matter.is_public(full.sort);
    for one in full.joined.iter().filter(|one| open && one.yes && one.result.is_empty()) {
        let by = one.report_by.as_deref();
        let Some(day) = by.and_then(|day| over(&rules.result.rule, day)) else { continue };
        let what = Text::new(
            format!("Báo kết quả áp dụng: {title}"),
            format!("Report on what was taken up: {title}"),
        );
        // It may be a unit of another cluster.
        all.push(Overdue { cluster: one.cluster.clone(), ..here(&one.unit, what, day, "#joined") });
    }
    all
}

/// Units that have said nothing of a draft of a cluster until its day.
async fn of_drafts(state: &State, slug: &str, today: Day) -> Result<Vec<Overdue>, Failed> {
    let mut all = Vec::new();
    for draft in agreeing::all(state.store.read(), slug).await? {
        if draft.stage != Stage::Circulating.word() {
            continue;
        }
        let by = draft.respond_by.as_deref().and_then(|day| day.parse::<Day>().ok());
        let Some(day) = by.filter(|day| *day < today) else { continue };
        let held = held(state, slug, &draft.number.to_string()).await?;
        let Some(paper) = held.paper() else { continue };
        let spoke =
            |unit: &str| held.parts.iter().any(|part| part.sort == Sort::Opinion && part.unit == unit);
        let title = &paper.title;
        for unit in paper.units.iter().filter(|unit| !spoke(&unit.code)) {
            all.push(Overdue {
                cluster: slug.to_owned(),
                unit: unit.code.clone(),
                what: Text::new(
                    format!("Góp ý dự thảo: {} (im lặng được coi là thống nhất)", title.vi),
                    format!("Remarks on the draft: {} (silence counts as agreement)", title.en),
                ),
                day,
                href: format!("{}units/{}", address(slug, draft.number), encoded(&unit.code)),
            });
        }
    }
    Ok(all)
}
