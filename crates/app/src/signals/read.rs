//! The records of a kind, batch by batch, wherever they lie.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use giaouoc_agreement::kind::Kind;
use giaouoc_intake::{FileError, Reject, Sink};

use crate::bundle::Loaded;
use crate::check::records::parquet;
use crate::fault::Outcome;
use crate::journal::fault;
use crate::progress::Progress;
use crate::records::{take, written_by_us};

/// Tells every batch of a kind's records, with at least the columns named; net rows where there is a journal.
pub fn each(
    loaded: &Loaded,
    kind: &'static Kind,
    columns: &BTreeSet<usize>,
    progress: &Progress,
    told: &mut dyn FnMut(&RecordBatch),
) -> Outcome {
    if let Some(held) = &loaded.journal {
        let told = &mut |_: Option<&str>, batch: &RecordBatch| {
            told(batch);
            progress.rows(batch.num_rows() as u64);
            Ok(())
        };
        return held.journal.each_net(kind, held.head, columns, told).map_err(|error| fault(&error));
    }
    for file in loaded.bundle.records.iter().filter(|file| file.kind == kind.id) {
        let path = loaded.opened.dir.join(&file.path);
        if file.map.is_none() && written_by_us(&path, kind)?.is_some() {
            parquet(&path, &file.path, kind, columns, &mut |batch| {
                told(batch);
                progress.rows(batch.num_rows() as u64);
            })?;
        } else {
            take(loaded, file, kind, &mut Telling { told, progress })?;
        }
    }
    Ok(())
}

struct Telling<'a, 't> {
    told: &'a mut (dyn FnMut(&RecordBatch) + 't),
    progress: &'a Progress,
}

impl Sink for Telling<'_, '_> {
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        (self.told)(batch);
        Ok(())
    }

    /// Rejected rows are `load`'s and `check`'s to speak of.
    fn reject(&mut self, _reject: &Reject) -> Result<(), FileError> {
        Ok(())
    }

    fn progress(&mut self, done: u64, total: u64) {
        self.progress.bytes(done, total);
    }
}
