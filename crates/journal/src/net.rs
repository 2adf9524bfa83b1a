//! Net rows, and all versions of one record.

use std::collections::BTreeSet;

use arrow::array::{Array, RecordBatch};
use arrow::compute::filter_record_batch;
use giaouoc_agreement::kind::Kind;

use crate::error::JournalError;
use crate::index::{KeyId, Slot};
use crate::journal::Journal;
use crate::layout::rows_of;
use crate::rows_read::{entry_rows, fetch};
use crate::shape::{self, internal};
use crate::take_back::addresses;

/// Rows read at once.
const CHUNK: usize = 1 << 16;

/// A version of a record.
#[derive(Clone, Debug)]
pub struct Version {
    /// The entry that brought it.
    pub entry: u64,
    /// Its row there.
    pub row: u64,
    /// The entry that took it back.
    pub taken_back: Option<u64>,
    /// One row with the kind's columns.
    pub batch: RecordBatch,
}

impl Journal {
    /// The net rows of a kind before entry `head`, in memory: for kinds that are small by nature, and to hold
    /// quicker ways against.
    ///
    /// # Errors
    /// When files cannot be read.
    pub fn net(&self, kind: &Kind, head: u64) -> Result<Vec<RecordBatch>, JournalError> {
        let layout = self.layout(&kind.id, self.head())?;
        let entries: Vec<u64> = self.entries_of(kind, head).collect();
        let mut gone: BTreeSet<(i64, i64)> = BTreeSet::new();
        for entry in &entries {
            for batch in entry_rows(&layout, crate::layout::number(*entry)?, true, CHUNK)? {
                gone.extend(addresses(&batch?)?);
            }
        }
        let mut net = Vec::new();
        for entry in entries {
            let number = crate::layout::number(entry)?;
            let mut row = 0_i64;
            for batch in entry_rows(&layout, number, false, CHUNK)? {
                let batch = batch?;
                let rows = batch.num_rows() as i64;
                let kept =
                    (row..row + rows).map(|row| Some(!gone.contains(&(i64::from(number), row)))).collect();
                row += rows;
                let batch = filter_record_batch(&batch, &kept).map_err(internal)?;
                if batch.num_rows() > 0 {
                    net.push(batch);
                }
            }
        }
        Ok(net)
    }

    /// The entries before `head` with rows of a kind.
    pub fn entries_of<'a>(&'a self, kind: &'a Kind, head: u64) -> impl Iterator<Item = u64> + 'a {
        let known = self.entries.iter().take_while(move |entry| entry.number < head);
        known.filter(|entry| rows_of(entry, &kind.id).is_some()).map(|entry| entry.number)
    }

    /// The live version of a record at the head, through the index.
    ///
    /// # Errors
    /// When files cannot be read.
    pub fn live(&self, kind: &Kind, key: &str) -> Result<Option<Version>, JournalError> {
        let slots = self.index_as_it_is(kind)?.resolve(&[KeyId::of(key)])?;
        let Some(slot) = slots.into_iter().next().flatten().filter(|slot| slot.row != Slot::WITHDRAWN) else {
            return Ok(None);
        };
        let layout = self.layout(&kind.id, self.head())?;
        let columns = (0..kind.columns.len()).filter(|at| !kind.columns[*at].personal).collect();
        let batch = fetch(&self.disk, &layout, &[(slot.entry, slot.row)], &shape::schema(kind, &columns))?;
        Ok(Some(Version { entry: slot.entry.into(), row: slot.row.into(), taken_back: None, batch }))
    }

    /// All versions of a record that were known before entry `head`, oldest first.
    ///
    /// # Errors
    /// When files cannot be read.
    pub fn versions(&self, kind: &Kind, key: &str, head: u64) -> Result<Vec<Version>, JournalError> {
        let layout = self.layout(&kind.id, self.head())?;
        let mut found: Vec<Version> = Vec::new();
        for entry in self.entries_of(kind, head) {
            let number = crate::layout::number(entry)?;
            for batch in entry_rows(&layout, number, true, CHUNK)? {
                let batch = batch?;
                for row in places(kind, &batch, key)? {
                    let (of_entry, of_row) = addresses(&batch.slice(row, 1))?[0];
                    let of = |version: &&mut Version| {
                        (version.entry as i64, version.row as i64) == (of_entry, of_row)
                    };
                    if let Some(version) = found.iter_mut().find(of) {
                        version.taken_back = Some(entry);
                    }
                }
            }
            let mut start = 0_u64;
            for batch in entry_rows(&layout, number, false, CHUNK)? {
                let batch = batch?;
                for row in places(kind, &batch, key)? {
                    let batch = batch.slice(row, 1);
                    found.push(Version { entry, row: start + row as u64, taken_back: None, batch });
                }
                start += batch.num_rows() as u64;
            }
        }
        Ok(found)
    }

    /// What an entry brought, or took back, in order.
    ///
    /// # Errors
    /// When files cannot be read.
    pub fn rows(
        &self,
        kind: &Kind,
        entry: u64,
        back: bool,
    ) -> Result<Box<dyn Iterator<Item = Result<RecordBatch, JournalError>>>, JournalError> {
        entry_rows(&self.layout(&kind.id, self.head())?, crate::layout::number(entry)?, back, CHUNK)
    }
}

/// Where a key stands in a batch.
pub(crate) fn places(kind: &Kind, batch: &RecordBatch, key: &str) -> Result<Vec<usize>, JournalError> {
    let keys = shape::keys(kind, batch)?;
    Ok((0..keys.len()).filter(|row| keys.is_valid(*row) && keys.value(*row) == key).collect())
}
