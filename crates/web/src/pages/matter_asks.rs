//! What the rules have to ask about a matter; its unit reads it, and nothing is refused for it.

use std::collections::HashSet;

use giaouoc_agreement::text::Lang;
use giaouoc_store::{clusters, matters as kept_matters};
use giaouoc_year::honours::{self, Case};
use giaouoc_year::matter::Reader;

use crate::error::Failed;
use crate::matters::{self, Full};
use crate::records;
use crate::state::State;
use crate::who::Who;

/// What rules have to ask about it: no honour twice for one deed, titles of a lifetime; an initiative like an earlier one.
pub(crate) async fn asks(
    state: &State,
    full: &Full,
    who: &Who,
    reader: Reader,
) -> Result<Vec<String>, Failed> {
    if reader != Reader::Unit || full.matter.is_closed(full.sort) {
        return Ok(Vec::new());
    }
    let filter = kept_matters::Filter { sort: Some(full.sort.id.clone()), ..kept_matters::Filter::default() };
    if full.sort.rules == "honours" {
        let all = matters::list(&state.store, &filter).await?;
        let case = |one: &Full| Case {
            code: format!("{} {}", one.row.cluster, one.row.code),
            year: one.matter.day_of("honour").and_then(|day| day.get(..4)?.parse().ok()).unwrap_or_default(),
            deed: one.matter.title(one.sort).to_owned(),
            person: one.matter.personal.get("person_name").cloned().unwrap_or_default(),
            honour: one.matter.fields.get("award").cloned().unwrap_or_default(),
        };
        let others: Vec<Case> = all.iter().map(case).collect();
        return Ok(honours::ask_of(&case(full), &honours::Decision::of(&full.matter), &others)
            .into_iter()
            .map(|(text, _)| text.get(who.lang).to_owned())
            .collect());
    }
    if full.sort.id != "initiative" {
        return Ok(Vec::new());
    }
    let all = matters::list(&state.store, &filter).await?;
    let like = all
        .iter()
        .filter(|one| one.row.id != full.row.id)
        // A proposal that is not registered is its unit's alone.
        .filter(|one| matters::may_see(one, matters::reader(who, &one.row.cluster, &one.row.unit)))
        .filter(|one| giaouoc_year::matter::alike(one.matter.title(one.sort), full.matter.title(full.sort)));
    let mut found: Vec<String> =
        like.map(|one| alike_words(&one.row.code, one.matter.title(one.sort), who.lang)).collect();
    let known: HashSet<&str> = all.iter().map(|one| one.row.code.as_str()).collect();
    found.extend(in_records(state, full, who, &known).await?);
    Ok(found)
}

fn alike_words(code: &str, title: &str, lang: Lang) -> String {
    match lang {
        Lang::Vi => format!("Tên gần giống sáng kiến {code} “{title}”: có phải cùng một giải pháp không?"),
        Lang::En => format!("Its title is like {code} “{title}”: is it the same solution?"),
    }
}

/// Initiatives that came as records, of earlier years too, in the clusters that somebody sees from within. Those that are matters here
/// are compared as such.
async fn in_records(
    state: &State,
    full: &Full,
    who: &Who,
    known: &HashSet<&str>,
) -> Result<Vec<String>, Failed> {
    let mut found = Vec::new();
    let title = full.matter.title(full.sort).to_owned();
    for cluster in clusters::all(state.store.read()).await?.into_iter().filter(|one| who.inside(&one.slug)) {
        let fields = vec![("title".to_owned(), title.clone()), ("code".to_owned(), full.row.code.clone())];
        let near =
            records::ask(state, move |records| records.near(&cluster.slug, "initiative", &fields)).await?;
        // A journal that cannot be read now is told where it is read; a question less is no reason to show no page.
        for one in near.unwrap_or_default().iter().filter(|one| !known.contains(one.record.key.as_str())) {
            found.push(alike_words(&one.record.key, one.record.text("title"), who.lang));
        }
    }
    Ok(found)
}
