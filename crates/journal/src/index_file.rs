//! Files of the index: their names, and making one again from the rows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use giaouoc_agreement::kind::Kind;

use crate::canon::Canon;
use crate::entries::ENTRIES;
use crate::error::JournalError;
use crate::index::{KeyId, Keys, RunWriter, Slot, Sorted, write_run};
use crate::journal::Journal;
use crate::rows_read::entry_rows;
use crate::shape;
use crate::writing::short;

/// The name of the run of one entry.
pub(crate) fn own(entry: u32, kind: &str) -> String {
    format!("index/{entry:08}.{kind}.idx")
}

/// The name of the merged runs of neighbouring entries.
pub(crate) fn merged(first: u32, last: u32, kind: &str) -> String {
    format!("index/{first:08}-{last:08}.{kind}.idx")
}

/// Puts the keys of an entry into the folder under a name.
pub(crate) fn place(journal: &Journal, name: &str, keys: Sorted) -> Result<(), JournalError> {
    let run = match keys {
        Sorted::File(file) => return journal.disk.place(file, name),
        Sorted::Memory(run) => run,
    };
    let mut file = std::io::BufWriter::with_capacity(1 << 20, journal.disk.temporary("index")?);
    let io = |error: std::io::Error| JournalError::Io { path: name.to_owned(), error };
    write_run(&run, &mut file).map_err(io)?;
    let file = file.into_inner().map_err(|error| io(error.into_error()))?;
    journal.disk.place(file, name)
}

/// Makes the file of an entry again.
pub(crate) fn rebuild(journal: &Journal, kind: &Kind, entry: u32) -> Result<(), JournalError> {
    // The line of the entry may not be durable yet, and must not be lost to a power cut before this file is.
    journal.disk.settle(ENTRIES)?;
    let mut keys = Keys::new(Some(journal.disk.clone()));
    each_key(journal, kind, entry, &mut |key, slot| keys.add(key, slot))?;
    place(journal, &own(entry, &kind.id), keys.sorted()?)
}

/// Files of the index that are missing, made in memory for a reader who must not write.
#[derive(Default)]
pub(crate) struct Made(Mutex<BTreeMap<String, Arc<Vec<u8>>>>);

impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Made")
    }
}

impl Made {
    /// The file of an entry. It is made once: what an entry brought never changes.
    pub(crate) fn of(
        &self,
        journal: &Journal,
        kind: &Kind,
        entry: u32,
    ) -> Result<Arc<Vec<u8>>, JournalError> {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = own(entry, &kind.id);
        if let Some(bytes) = made.get(&name) {
            return Ok(Arc::clone(bytes));
        }
        let mut keys = RunWriter::new();
        each_key(journal, kind, entry, &mut |key, slot| {
            keys.add(key, slot);
            Ok(())
        })?;
        let mut bytes = Vec::new();
        keys.write(&mut bytes).map_err(|error| JournalError::Io { path: name.clone(), error })?;
        let bytes = Arc::new(bytes);
        made.insert(name, Arc::clone(&bytes));
        Ok(bytes)
    }
}

/// Tells the keys of an entry from its rows; of a key the last word counts.
fn each_key(
    journal: &Journal,
    kind: &Kind,
    entry: u32,
    told: &mut dyn FnMut(KeyId, Slot) -> Result<(), JournalError>,
) -> Result<(), JournalError> {
    let layout = journal.layout(&kind.id, u64::from(entry) + 1)?;
    let canon = Canon::new(kind);
    for batch in entry_rows(&layout, entry, true, 1 << 16)? {
        let keys = shape::keys(kind, &batch?)?;
        for key in keys.iter().flatten() {
            told(KeyId::of(key), Slot { entry: 0, row: Slot::WITHDRAWN, digest: [0; 8] })?;
        }
    }
    // A key that is brought as well is live.
    let mut row = 0_u32;
    for batch in entry_rows(&layout, entry, false, 1 << 16)? {
        let batch = batch?;
        let mut digests = Vec::with_capacity(batch.num_rows());
        canon.digests(&batch, &mut digests)?;
        for (key, digest) in shape::keys(kind, &batch)?.iter().flatten().zip(&digests) {
            told(KeyId::of(key), Slot { entry: 0, row, digest: short(digest) })?;
            row += 1;
        }
    }
    Ok(())
}
