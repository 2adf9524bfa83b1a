//! The year's work of a cluster: its matters and the days of its calendar.

use giaouoc_agreement::text::{Lang, Text};
use giaouoc_find::{Access, Document};
use giaouoc_store::{clusters, matters as kept};
use giaouoc_web::matters::{self as written, Event};
use giaouoc_year::matter::Reader;
use giaouoc_year::sort::Type;

use super::{Look, encoded, voices};
use crate::fault::Outcome;

/// The matters of the year's work: what everybody reads of them for everybody, the rest for those inside; nothing about persons
/// (what was erased could stay in the files of an index), and nothing that is not begun in earnest. With what others say there.
pub(super) fn matters(look: &Look<'_>) -> Outcome<Vec<Document>> {
    let filter = kept::Filter { cluster: Some(look.slug.to_owned()), ..kept::Filter::default() };
    let all = look.worker.ask(written::list(&look.worker.store, &filter))?;
    let events = calendar(look, true)?;
    let names = written::Names { events: &events, targets: &[], releases: &[] };
    let mut found = Vec::new();
    for full in all.iter().filter(|full| !full.matter.taken.is_empty()) {
        let public = full.matter.is_public(full.sort);
        let proposed = full.matter.state(full.sort) == "propose";
        let (reader, access) = match (public, proposed) {
            (true, _) => (Reader::Public, Access::Public),
            (false, false) => (Reader::Inside, look.inside()),
            (false, true) => continue,
        };
        let open = full.sort.fields.iter().filter(|field| !field.personal && says_something(field.ty));
        let read = open.filter_map(|field| Some((field, full.matter.read(full.sort, field, reader)?)));
        let read: Vec<_> = read.collect();
        let text = |lang| {
            let shown = read.iter().map(|(field, text)| written::shown(full.sort, field, text, lang, &names));
            shown.collect::<Vec<_>>().join(" · ")
        };
        let name = |name: &str| format!("{name}: {}", full.matter.title(full.sort));
        found.push(Document {
            title: Text::new(name(&full.sort.name.vi), name(&full.sort.name.en)),
            text: Text::new(text(Lang::Vi), text(Lang::En)),
            address: full.address(),
            unit: Some(full.row.unit.clone()),
            day: full.matter.taken.last().map(|taken| taken.day.clone()),
            ..look.document("matter", access)
        });
    }
    found.extend(voices::of(look, &all)?);
    Ok(found)
}

/// The days of a cluster's year; with those that were taken out of it where `gone`.
fn calendar(look: &Look<'_>, gone: bool) -> Outcome<Vec<Event>> {
    let store = &look.worker.store;
    match look.worker.ask(clusters::get(store.read(), look.slug))? {
        Some(cluster) => look.worker.ask(written::calendar(store, &cluster, gone)),
        None => Ok(Vec::new()),
    }
}

/// Anniversaries, events, meetings and deadlines, each with the page of what is done for it; for everybody, as the calendar is.
pub(super) fn days(look: &Look<'_>) -> Outcome<Vec<Document>> {
    let one = |event: Event| {
        let day = event.day.dmy();
        let text = if event.source.is_empty() { day } else { format!("{day} · {}", event.source) };
        Document {
            title: event.name,
            text: Text::same(text),
            address: format!("/c/{}/calendar/{}", look.slug, encoded(&event.id)),
            day: Some(event.day.to_string()),
            ..look.document("day", Access::Public)
        }
    };
    Ok(calendar(look, false)?.into_iter().map(one).collect())
}

/// Whether what stands in a field of this type is words that somebody may look for: not a yes or no, not the number of something.
fn says_something(of: Type) -> bool {
    !matches!(of, Type::Flag | Type::Time | Type::Matter | Type::Target | Type::Release)
}
