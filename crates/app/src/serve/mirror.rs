//! The journal's entries in the store: brought up to date whenever the figures are.

use giaouoc_agreement::text::Lang;
use giaouoc_journal::{Journal, What, hex};
use giaouoc_store::manifest::{self, Entry};

use super::work::Worker;
use crate::fault::Outcome;
use crate::journal::list;

/// Adds what the store does not have yet; where it has something else than the journal, everything is made again.
pub fn mirror(worker: &Worker, slug: &str, journal: &Journal) -> Outcome {
    let last = worker.ask(manifest::last(worker.store.read(), slug))?;
    let same = last.as_ref().is_none_or(|last| {
        let entry = u64::try_from(last.number).ok().and_then(|number| journal.entries().get(number));
        entry.is_some_and(|entry| hex(&entry.hash) == last.hash)
    });
    let from = match &last {
        Some(last) if same => last.number + 1,
        _ => 0,
    };
    let known = usize::try_from(from).unwrap_or(usize::MAX);
    let new: Vec<Entry> = journal.entries().iter().skip(known).map(row).collect();
    if new.is_empty() && same {
        return Ok(());
    }
    worker.ask(async {
        let write = worker.store.write().await?;
        if !same {
            manifest::clear(write.on(), slug).await?;
        }
        manifest::add(write.on(), slug, new).await?;
        write.commit().await
    })
}

fn row(entry: &giaouoc_journal::Entry) -> Entry {
    let what = match &entry.what {
        What::Upload(_) => "upload",
        What::Withdraw(_) => "withdraw",
        What::Undo(_) => "undo",
        What::Transfer(_) => "transfer",
        What::Text(_) => "text",
        What::Erase(_) => "erase",
    };
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    Entry {
        number: count(entry.number),
        at: entry.at.as_microsecond(),
        what: what.to_owned(),
        kind: entry.what.kind().map(str::to_owned),
        supplier: entry.what.namespace().map(str::to_owned),
        by: entry.by.clone(),
        reason: entry.reason.clone(),
        plus: entry.what.rows().map_or(0, |rows| count(rows.plus)),
        minus: entry.what.rows().map_or(0, |rows| count(rows.minus)),
        prev: hex(&entry.prev),
        hash: hex(&entry.hash),
        said: (list::sentence(entry, Lang::Vi), list::sentence(entry, Lang::En)),
    }
}
