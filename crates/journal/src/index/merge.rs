//! Several files of the index as one, in the order of the ids.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::Write;
use std::sync::Arc;

use super::run::{Run, Scan};
use super::write::Encoder;
use super::{KeyId, RunFile, Slot};
use crate::error::JournalError;

/// The newest state of every key of some files.
pub(super) struct Merge<'r> {
    scans: Vec<Scan<'r>>,
    /// The next record of each file: the least key first, and of equal ones the newest file's.
    heads: BinaryHeap<Reverse<(KeyId, Reverse<usize>)>>,
    slots: Vec<Slot>,
    last: Option<KeyId>,
}

impl<'r> Merge<'r> {
    /// Of files, the newest last.
    pub(super) fn new(runs: &'r [Arc<Run>]) -> Result<Self, JournalError> {
        let nothing = Slot { entry: 0, row: Slot::WITHDRAWN, digest: [0; 8] };
        let mut merge = Self {
            scans: runs.iter().map(|run| Scan::new(run)).collect(),
            heads: BinaryHeap::new(),
            slots: vec![nothing; runs.len()],
            last: None,
        };
        for at in 0..runs.len() {
            merge.advance(at)?;
        }
        Ok(merge)
    }

    fn advance(&mut self, at: usize) -> Result<(), JournalError> {
        if let Some((key, slot)) = self.scans[at].next()? {
            self.slots[at] = slot;
            self.heads.push(Reverse((key, Reverse(at))));
        }
        Ok(())
    }

    pub(super) fn next(&mut self) -> Result<Option<(KeyId, Slot)>, JournalError> {
        while let Some(Reverse((key, Reverse(at)))) = self.heads.pop() {
            let slot = self.slots[at];
            self.advance(at)?;
            // Older states of a key that has been told are passed over.
            if self.last != Some(key) {
                self.last = Some(key);
                return Ok(Some((key, slot)));
            }
        }
        Ok(None)
    }
}

/// Writes the newest state of every key of some files, the oldest first, as one file; withdrawn keys stay in it,
/// for older files may know them as live. Every record of it holds the number of its entry. Gives the number of
/// records back. Memory does not grow with the files. Parts of one entry, given without a number, are merged the
/// same way before it has one.
///
/// # Errors
/// When a file cannot be read or is damaged, or the output fails.
pub fn merge_runs(files: &[RunFile], out: impl Write) -> Result<u64, JournalError> {
    let failed = |error| JournalError::Io { path: "index".to_owned(), error };
    let runs =
        files.iter().cloned().map(|file| Run::open(file).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
    let mut merge = Merge::new(&runs)?;
    let mut file = Encoder::new(out).map_err(failed)?;
    while let Some((key, slot)) = merge.next()? {
        file.push(key, slot).map_err(failed)?;
    }
    file.finish().map_err(failed)
}
