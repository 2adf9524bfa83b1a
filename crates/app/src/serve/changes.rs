//! What was done to the records between two heads of a journal: why figures moved between two releases.

use std::collections::BTreeMap;

use giaouoc_journal::{Entry, Journal, What};
use giaouoc_signals::columns::Texts;
use giaouoc_web::changes::Change;
use giaouoc_web::day_of;
use giaouoc_worktime::zone::Zone;

use crate::bundle;
use crate::fault::Outcome;
use crate::journal::fault;

/// The changes from one head to another, oldest first.
pub fn between(journal: &Journal, (from, to): (u64, u64), zone: &Zone) -> Outcome<Vec<Change>> {
    let entries = journal.entries().iter().filter(|entry| from <= entry.number && entry.number < to);
    entries.map(|entry| change(journal, entry, zone)).collect()
}

fn change(journal: &Journal, entry: &Entry, zone: &Zone) -> Outcome<Change> {
    let mut change = Change {
        entry: entry.number,
        on: day_of(entry.at.as_microsecond(), zone),
        deed: entry.what.name().to_owned(),
        kind: entry.what.kind().map(str::to_owned),
        reason: entry.reason.clone(),
        ..Change::default()
    };
    match &entry.what {
        What::Upload(upload) => change.file = Some(upload.file.name.clone()),
        What::Undo(undo) => change.of = Some(undo.of),
        What::Text(text) => {
            change.file = Some(text.path.clone());
            change.tells.clone_from(&text.tells);
        }
        What::Withdraw(_) | What::Transfer(_) | What::Erase(_) => {}
    }
    if let (Some(kind), Some(_)) = (entry.what.kind(), entry.what.rows()) {
        let kind = bundle::kind(kind)?;
        let unit = kind.columns.get(kind.unit).map(|column| column.id.as_str()).unwrap_or_default();
        let mut units: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        for back in [false, true] {
            for batch in journal.rows(kind, entry.number, back).map_err(|error| fault(&error))? {
                let batch = batch.map_err(|error| fault(&error))?;
                let codes = Texts::of(&batch, unit);
                for code in (0..batch.num_rows()).filter_map(|row| codes.get(row)) {
                    if !units.contains_key(code) {
                        units.insert(code.to_owned(), (0, 0));
                    }
                    if let Some((brought, taken)) = units.get_mut(code) {
                        *(if back { taken } else { brought }) += 1;
                    }
                }
            }
        }
        change.units = units.into_iter().map(|(code, (brought, taken))| (code, brought, taken)).collect();
    }
    Ok(change)
}
