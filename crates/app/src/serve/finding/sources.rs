//! What is found: one function a sort of things. To add one: a function that gives its documents, and its line in [`OF_CLUSTER`] or
//! [`OF_ALL`]; its name for people stands in `giaouoc_web`'s page of the search.

mod agreed;
mod lived;
mod voices;

use std::sync::Arc;

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::Text;
use giaouoc_find::{Access, Document};
use giaouoc_store::releases::{self, Release};
use giaouoc_store::{boards, circulars, clusters, handovers, questions as kept};
use giaouoc_web::asked::{Answered, Asked};
use giaouoc_web::day_of;
use giaouoc_web::records::{Filter, Records as _};
use giaouoc_web::sheet::Sheet;
use giaouoc_web::terms::TERMS;
use giaouoc_worktime::zone::Zone;

use super::super::questions::PART;
use super::super::records::Journals;
use super::super::work::Worker;
use super::ALL;
use crate::bundle::{self, Loaded};
use crate::fault::{Fault, Outcome};

/// What the documents of a cluster are made of.
struct Look<'a> {
    worker: &'a Worker,
    slug: &'a str,
    loaded: Loaded,
    /// The figures as they are now; nothing before they were measured.
    now: Option<Sheet>,
    /// The releases that were published, oldest first, and what the last one shows.
    published: Vec<Release>,
    last: Option<Sheet>,
    zone: Zone,
}

/// Gives the documents of one sort.
type Source = fn(&Look<'_>) -> Outcome<Vec<Document>>;
/// The same, of no cluster.
type SourceOfAll = fn(&Worker) -> Outcome<Vec<Document>>;

/// What is found of a cluster.
const OF_CLUSTER: [Source; 11] = [
    units,
    targets,
    agreed::clauses,
    agreed::agreement,
    published,
    answered,
    asked,
    records,
    handed,
    lived::matters,
    lived::days,
];
/// What is found of no cluster.
const OF_ALL: [SourceOfAll; 2] = [terms, told];

/// Kinds whose records are too many, or each about a person's case: they are looked up by their key at the desk.
const BY_KEY: [&str; 3] = ["dossier", "position", "totals"];
/// Records of one kind that are looked through, and how many are read at a time.
const MOST: usize = 20_000;
const PAGE: usize = 500;

/// All documents of a cluster, or of none.
pub fn all(worker: &Worker, slug: &str) -> Outcome<Vec<Document>> {
    let mut found = Vec::new();
    if slug == ALL {
        for source in OF_ALL {
            found.extend(source(worker)?);
        }
        return Ok(found);
    }
    if worker.ask(clusters::get(worker.store.read(), slug))?.is_none() {
        return Ok(found);
    }
    let look = look(worker, slug)?;
    for source in OF_CLUSTER {
        found.extend(source(&look)?);
    }
    Ok(found)
}

fn look<'a>(worker: &'a Worker, slug: &'a str) -> Outcome<Look<'a>> {
    let store = worker.store.read();
    let read = |text: &str| serde_json::from_str::<Sheet>(text).ok();
    let now = worker.ask(boards::newest(store, slug))?.and_then(|board| read(&board.sheet));
    let mut published = worker.ask(releases::all(store, slug))?;
    published.retain(|release| release.published_at.is_some());
    let last = match published.last().and_then(|release| release.board) {
        Some(board) => worker.ask(boards::get(store, board))?.and_then(|board| read(&board.sheet)),
        None => None,
    };
    let loaded = bundle::load(&worker.folder.cluster(slug))?;
    let zone = Zone::get(super::super::ZONE).map_err(|error| Fault::input(error.vi(), error.en()))?;
    Ok(Look { worker, slug, loaded, now, published, last, zone })
}

impl Look<'_> {
    fn document(&self, sort: &str, access: Access) -> Document {
        Document {
            sort: sort.to_owned(),
            cluster: Some(self.slug.to_owned()),
            access: vec![access],
            ..Document::default()
        }
    }

    fn inside(&self) -> Access {
        Access::Inside(self.slug.to_owned())
    }

    /// What a release shows is for everybody; else it is for those inside. With the address before the page's name.
    fn either(&self, shown: bool) -> (Access, String) {
        match shown {
            true => (Access::Public, format!("/c/{}/", self.slug)),
            false => (self.inside(), format!("/c/{}/now/", self.slug)),
        }
    }
}

/// The units of the cluster's scoreboard, by all their names and codes.
fn units(look: &Look<'_>) -> Outcome<Vec<Document>> {
    let mut found = Vec::new();
    for (at, unit) in look.loaded.bundle.cluster.units.iter().enumerate() {
        let has =
            |sheet: &Option<Sheet>| sheet.as_ref().is_some_and(|sheet| sheet.unit(&unit.code).is_some());
        let (access, at_all) = look.either(has(&look.last));
        let address = match has(&look.last) || has(&look.now) {
            true => format!("{at_all}unit-{}", encoded(&unit.code)),
            false => format!("/c/{}/registry#u{at}", look.slug),
        };
        let others = unit.aliases.join(", ");
        let also = |short: &str| [unit.code.as_str(), short, &others].join(" · ");
        found.push(Document {
            title: unit.name.clone(),
            text: Text::new(
                also(&unit.short.vi).trim_end_matches(" · "),
                also(&unit.short.en).trim_end_matches(" · "),
            ),
            address,
            unit: Some(unit.code.clone()),
            ..look.document("unit", access)
        });
    }
    Ok(found)
}

/// The targets, with the words of their clauses and goals.
fn targets(look: &Look<'_>) -> Outcome<Vec<Document>> {
    let mut found = Vec::new();
    let Some(sheet) = look.last.as_ref().or(look.now.as_ref()) else { return Ok(found) };
    let (access, at) = look.either(look.last.is_some());
    for (place, target) in sheet.targets.iter().enumerate() {
        let clause = sheet.opened.get(place).and_then(|opened| opened.clause.clone()).unwrap_or_default();
        let goal = &target.goal;
        found.push(Document {
            title: target.name.clone(),
            text: Text::new(format!("{}. {}", goal.vi, clause.vi), format!("{}. {}", goal.en, clause.en)),
            address: format!("{at}target-{}", encoded(&target.id)),
            ..look.document("target", access.clone())
        });
    }
    Ok(found)
}

/// The first words of a text.
fn begin(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.len() {
        few if few <= 12 => words.join(" "),
        _ => format!("{} …", words[..12].join(" ")),
    }
}

/// The releases, with what was said of the whole.
fn published(look: &Look<'_>) -> Outcome<Vec<Document>> {
    let mut found = Vec::new();
    for release in &look.published {
        let lead = match release.board {
            Some(board) => look.worker.ask(boards::get(look.worker.store.read(), board))?,
            None => None,
        };
        let sheet =
            lead.and_then(|board| serde_json::from_str::<Sheet>(&board.sheet).ok()).unwrap_or_default();
        found.push(Document {
            title: Text::new(release.name_vi.clone(), release.name_en.clone()),
            text: Text::new(plain(&sheet.vi.lead), plain(&sheet.en.lead)),
            address: format!("/c/{}/r/{}/", look.slug, release.number),
            day: release.published_at.map(|at| day_of(at, &look.zone)),
            ..look.document("release", Access::Public)
        });
    }
    Ok(found)
}

/// A text without tags.
fn plain(html: &str) -> String {
    let mut inside = false;
    let keep = |letter: &char| {
        let shown = !inside && *letter != '<';
        inside = (inside || *letter == '<') && *letter != '>';
        shown
    };
    html.chars().filter(keep).collect()
}

/// Questions that were answered and published: of each release that was, the last one that has it.
fn answered(look: &Look<'_>) -> Outcome<Vec<Document>> {
    let Some(last) = look.published.last() else { return Ok(Vec::new()) };
    let text = look.worker.ask(kept::frozen(look.worker.store.read(), last.id, PART))?;
    let all: Vec<Answered> = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let one = |answered: Answered| {
        let unit = look.loaded.bundle.cluster.unit(&answered.unit);
        let short = unit.map(|at| look.loaded.bundle.cluster.units[at].short.clone()).unwrap_or_default();
        let said = |question: &str| format!("{question} {}", answered.reply);
        Document {
            title: Text::new(
                format!("{}: {}", short.vi, answered.name.vi),
                format!("{}: {}", short.en, answered.name.en),
            ),
            text: Text::new(said(&answered.question.vi), said(&answered.question.en)),
            address: format!("/c/{}/r/{}/#questions", look.slug, last.number),
            unit: Some(answered.unit.clone()),
            day: Some(answered.on.clone()),
            ..look.document("question", Access::Public)
        }
    };
    Ok(all.into_iter().map(one).collect())
}

/// Questions as those inside see them.
fn asked(look: &Look<'_>) -> Outcome<Vec<Document>> {
    let all = look.worker.ask(kept::all(look.worker.store.read(), look.slug))?;
    let one = |question: kept::Question| {
        let asked: Asked = serde_json::from_str(&question.asked).ok()?;
        let reply = question.reply.clone().unwrap_or_default();
        let said = |text: &str| format!("{text} {reply}");
        Some(Document {
            title: asked.name.clone(),
            text: Text::new(said(&asked.question.vi), said(&asked.question.en)),
            address: format!("/c/{}/questions", look.slug),
            unit: Some(question.unit.clone()),
            day: Some(day_of(question.first_seen, &look.zone)),
            ..look.document("question", look.inside())
        })
    };
    Ok(all.into_iter().filter_map(one).collect())
}

/// Records of kinds that are few, at the desk of the unit that they count for. Personal columns are in no journal in the open and
/// not here.
fn records(look: &Look<'_>) -> Outcome<Vec<Document>> {
    let journals = Arc::clone(&look.worker.journals);
    let mut found = Vec::new();
    for kind in kinds::builtin().iter().filter(|kind| !BY_KEY.contains(&kind.id.as_str())) {
        of_kind(look, &journals, kind, &mut found)?;
    }
    Ok(found)
}

fn of_kind(look: &Look<'_>, journals: &Journals, kind: &Kind, found: &mut Vec<Document>) -> Outcome {
    let mut after = None;
    let mut seen = 0;
    while seen < MOST {
        let filter = Filter { after: after.take(), most: PAGE, ..Filter::default() };
        let Ok(listing) = journals.list(look.slug, &kind.id, &filter) else { break };
        seen += listing.records.len();
        for record in &listing.records {
            let fields = record.fields.iter().filter(|field| !field.text.is_empty());
            let fields = fields.filter(|field| !personal(kind, &field.column));
            let said = |get: fn(&Text) -> &String| {
                let all =
                    fields.clone().filter(|field| field.column != "unit").map(|field| get(&field.shown));
                all.cloned().collect::<Vec<_>>().join(" · ")
            };
            let named = ["title", "name", "activity", "field"].map(|column| record.text(column));
            let name = named.iter().find(|name| !name.is_empty()).copied().unwrap_or_default();
            let title = |of: &str| match name {
                "" => format!("{of}: {}", record.key),
                name => format!("{of}: {name}"),
            };
            found.push(Document {
                title: Text::new(title(&kind.name.vi), title(&kind.name.en)),
                text: Text::new(said(|text| &text.vi), said(|text| &text.en)),
                address: format!(
                    "/c/{}/desk/{}/records/{}/of/{}/",
                    look.slug,
                    encoded(&record.unit),
                    kind.id,
                    encoded(&record.key)
                ),
                unit: Some(record.unit.clone()),
                ..look.document("record", Access::Unit(look.slug.to_owned(), record.unit.clone()))
            });
        }
        after = listing.next;
        if after.is_none() {
            break;
        }
    }
    Ok(())
}

fn personal(kind: &Kind, column: &str) -> bool {
    kind.columns.iter().any(|known| known.id == column && known.personal)
}

/// The words on screen.
fn terms(_: &Worker) -> Outcome<Vec<Document>> {
    let one = |term: &giaouoc_web::terms::Term| Document {
        sort: "term".to_owned(),
        title: term.name.clone(),
        text: term.meaning.clone(),
        address: format!("/terms#{}", term.id),
        access: vec![Access::Public],
        ..Document::default()
    };
    Ok(TERMS.iter().map(one).collect())
}

/// Notices of the city's board, for the clusters that they went to.
fn told(worker: &Worker) -> Outcome<Vec<Document>> {
    let zone = Zone::get(super::super::ZONE).map_err(|error| Fault::input(error.vi(), error.en()))?;
    let all = worker.ask(circulars::all(worker.store.read()))?;
    let one = |circular: circulars::Circular| Document {
        sort: "circular".to_owned(),
        title: Text::same(&circular.title),
        text: Text::same(&circular.body),
        address: format!("/circulars/{}", circular.id),
        access: circular.clusters.iter().cloned().map(Access::Inside).chain([Access::City]).collect(),
        day: Some(day_of(circular.at, &zone)),
        ..Document::default()
    };
    Ok(all.into_iter().map(one).collect())
}

/// Handovers of the headship, for those inside.
fn handed(look: &Look<'_>) -> Outcome<Vec<Document>> {
    let all = look.worker.ask(handovers::all(look.worker.store.read(), look.slug))?;
    let one = |handover: handovers::Handover| {
        let names = format!("{} → {}", handover.giver, handover.taker);
        Document {
            title: Text::same(names),
            text: Text::same(&handover.body),
            address: format!("/handovers/{}", handover.id),
            day: Some(handover.day.clone()),
            ..look.document("handover", look.inside())
        }
    };
    Ok(all.into_iter().map(one).collect())
}

/// A text for the part of an address between two slashes.
fn encoded(text: &str) -> String {
    giaouoc_web::encoded(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_no_words() {
        assert_eq!(plain("Đạt <b>6</b> trong <a href=\"x>y\">7</a>"), "Đạt 6 trong y\">7");
        assert_eq!(plain("không có"), "không có");
    }

    #[test]
    fn the_first_words_stand_for_a_long_text() {
        assert_eq!(begin("một hai ba"), "một hai ba");
        assert_eq!(begin(&"chữ ".repeat(20)), format!("{}…", "chữ ".repeat(12)));
    }

    /// Kinds whose records are each about somebody's case are never looked through.
    #[test]
    fn kinds_that_are_looked_up_by_key_are_kinds() {
        for id in BY_KEY {
            assert!(kinds::builtin().iter().any(|kind| kind.id == id), "{id}");
        }
    }
}
