//! The days of a cluster's calendar.

use giaouoc_agreement::text::Text;
use giaouoc_find::{Access, Document};
use giaouoc_store::clusters;

use super::{Look, encoded};
use crate::fault::Outcome;

/// Anniversaries, events, meetings and deadlines, each with the page of what is done for it; for everybody, as the calendar is.
pub(super) fn days(look: &Look<'_>) -> Outcome<Vec<Document>> {
    let store = &look.worker.store;
    let Some(cluster) = look.worker.ask(clusters::get(store.read(), look.slug))? else {
        return Ok(Vec::new());
    };
    let all = look.worker.ask(giaouoc_web::matters::calendar(store, &cluster, false))?;
    let one = |event: giaouoc_web::matters::Event| {
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
    Ok(all.into_iter().map(one).collect())
}
