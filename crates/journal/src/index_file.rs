//! Files of the index: their names, and making one again from the rows.

use giaouoc_agreement::kind::Kind;

use crate::canon::Canon;
use crate::entries::ENTRIES;
use crate::error::JournalError;
use crate::index::{KeyId, RunWriter, Slot, write_run};
use crate::journal::Journal;
use crate::prepare::short;
use crate::rows_read::entry_rows;
use crate::shape;

/// The name of the run of one entry.
pub(crate) fn own(entry: u32, kind: &str) -> String {
    format!("index/{entry:08}.{kind}.idx")
}

/// The name of the merged runs of neighbouring entries.
pub(crate) fn merged(first: u32, last: u32, kind: &str) -> String {
    format!("index/{first:08}-{last:08}.{kind}.idx")
}

/// Puts a run into the folder under its name.
pub(crate) fn place(journal: &Journal, name: &str, run: &[(KeyId, Slot)]) -> Result<(), JournalError> {
    let mut file = std::io::BufWriter::with_capacity(1 << 20, journal.disk.temporary("index")?);
    let io = |error: std::io::Error| JournalError::Io { path: name.to_owned(), error };
    write_run(run, &mut file).map_err(io)?;
    let file = file.into_inner().map_err(|error| io(error.into_error()))?;
    journal.disk.place(file, name)
}

/// Makes the run of an entry again.
pub(crate) fn rebuild(journal: &Journal, kind: &Kind, entry: u32) -> Result<(), JournalError> {
    // The line of the entry may not be durable yet, and must not be lost to a power cut before this file is.
    journal.disk.settle(ENTRIES)?;
    let layout = journal.layout(&kind.id, u64::from(entry) + 1)?;
    let canon = Canon::new(kind);
    let mut run = RunWriter::new();
    for batch in entry_rows(&layout, entry, true, 1 << 16)? {
        let keys = shape::keys(kind, &batch?)?;
        for key in keys.iter().flatten() {
            run.add(KeyId::of(key), Slot { entry: 0, row: Slot::WITHDRAWN, digest: [0; 8] });
        }
    }
    // A key that is brought as well is live: the last word on a key wins.
    let mut row = 0_u32;
    for batch in entry_rows(&layout, entry, false, 1 << 16)? {
        let batch = batch?;
        let mut digests = Vec::with_capacity(batch.num_rows());
        canon.digests(&batch, &mut digests)?;
        for (key, digest) in shape::keys(kind, &batch)?.iter().flatten().zip(&digests) {
            run.add(KeyId::of(key), Slot { entry: 0, row, digest: short(digest) });
            row += 1;
        }
    }
    place(journal, &own(entry, &kind.id), &run.into_sorted())
}
