//! What others than the unit itself say within its matters: residents who ask, units that take part or take it up; and the points
//! that a review gave to units. Nothing that waits to be shown, was put aside, or is said in a consultation.

use std::collections::BTreeMap;

use giaouoc_agreement::text::Text;
use giaouoc_find::{Access, Document};
use giaouoc_store::boards;
use giaouoc_store::matters::{self as kept, State as Standing};
use giaouoc_web::day_of;
use giaouoc_web::matters::Full;
use giaouoc_web::sheet::Sheet;
use giaouoc_year::matter::joins;
use giaouoc_year::sort::Part;

use super::{Look, begin};
use crate::fault::Outcome;

/// What is said within the matters of a cluster.
pub(super) fn of(look: &Look<'_>, all: &[Full]) -> Outcome<Vec<Document>> {
    let mut found = Vec::new();
    let mut sheets = BTreeMap::new();
    for full in all.iter().filter(|full| full.matter.is_public(full.sort)) {
        found.extend(questions(look, full));
        joined(look, full, &mut sheets, &mut found)?;
    }
    found.extend(points(look, all)?);
    Ok(found)
}

/// The questions of residents that are shown, with their answers; for everybody, as the page is.
fn questions(look: &Look<'_>, full: &Full) -> Vec<Document> {
    if !full.sort.has(Part::Questions) {
        return Vec::new();
    }
    let (title, name) = (full.matter.title(full.sort), &full.sort.name);
    let one = |question: &kept::Question| {
        let reply = question.reply.as_ref().map(|(text, _)| text.as_str()).unwrap_or_default();
        let said = |name: &str| format!("{} {reply} · {name}: {title}", question.text);
        Document {
            title: Text::same(begin(&question.text)),
            text: Text::new(said(&name.vi), said(&name.en)),
            address: format!("{}#q-{}", full.address(), question.id),
            unit: Some(full.row.unit.clone()),
            day: Some(day_of(question.at, &look.zone)),
            ..look.document("resident", Access::Public)
        }
    };
    full.questions.iter().filter(|question| question.state == Standing::Shown).map(one).collect()
}

/// What units said that take part in a matter or take it up, and what they reported; for everybody, as the page is.
fn joined(
    look: &Look<'_>,
    full: &Full,
    sheets: &mut BTreeMap<String, Option<Sheet>>,
    found: &mut Vec<Document>,
) -> Outcome {
    let Some(part) = joins(full.sort) else { return Ok(()) };
    // What guests say is a word to the host.
    let words = |one: &kept::Joined| if part == Part::Adopters { one.said.clone() } else { String::new() };
    let (title, name) = (full.matter.title(full.sort), &full.sort.name);
    let speaks = |one: &&kept::Joined| one.yes && !(words(one).is_empty() && one.result.is_empty());
    for one in full.joined.iter().filter(speaks) {
        let own = one.cluster == look.slug;
        if !own && !sheets.contains_key(&one.cluster) {
            let board = look.worker.ask(boards::newest(look.worker.store.read(), &one.cluster))?;
            let sheet = board.and_then(|board| serde_json::from_str::<Sheet>(&board.sheet).ok());
            sheets.insert(one.cluster.clone(), sheet);
        }
        let cluster = &look.loaded.bundle.cluster;
        let short = match sheets.get(&one.cluster) {
            Some(sheet) if !own => {
                let unit = sheet.as_ref().and_then(|sheet| sheet.unit(&one.unit));
                unit.map(|(_, unit)| unit.short.clone())
            }
            _ => cluster.unit(&one.unit).map(|at| cluster.units[at].short.clone()),
        };
        let short = short.unwrap_or_else(|| Text::same(&one.unit));
        let said = |name: &str| format!("{} {} · {name}", words(one), one.result);
        found.push(Document {
            title: Text::new(format!("{}: {title}", short.vi), format!("{}: {title}", short.en)),
            text: Text::new(said(&name.vi), said(&name.en)),
            address: format!("{}#joined", full.address()),
            unit: own.then(|| one.unit.clone()),
            day: Some(one.result_day.clone().unwrap_or_else(|| one.day.clone())),
            ..look.document("joined", Access::Public)
        });
    }
    Ok(())
}

/// The points of reviews that are concluded, with how they were mended; for whoever reads the review.
fn points(look: &Look<'_>, all: &[Full]) -> Outcome<Vec<Document>> {
    let concluded = |full: &&Full| full.sort.has(Part::Points) && full.matter.day_of("conclude").is_some();
    let reviews: Vec<&Full> = all.iter().filter(concluded).collect();
    let ids: Vec<i64> = reviews.iter().map(|full| full.row.id).collect();
    let one = |point: kept::Point| {
        let full = reviews.iter().find(|full| full.row.id == point.matter)?;
        let done = point.done.as_ref().map(|(_, how)| how.as_str()).unwrap_or_default();
        Some(Document {
            title: Text::same(begin(&point.text)),
            text: Text::same(format!("{} {done} · {}", point.text, full.matter.title(full.sort))),
            address: format!("{}#points", full.address()),
            unit: Some(point.unit.clone()),
            day: Some(point.due.clone()),
            ..look.document(
                "point",
                if full.matter.is_public(full.sort) { Access::Public } else { look.inside() },
            )
        })
    };
    let points = look.worker.ask(kept::points(look.worker.store.read(), &ids))?;
    Ok(points.into_iter().filter_map(one).collect())
}
