//! What happened to some records after an entry.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use arrow::array::{Array as _, RecordBatch};
use giaouoc_agreement::kind::Kind;

use crate::error::JournalError;
use crate::journal::Journal;
use crate::rows_read::entry_rows;
use crate::shape;

/// Rows read at once.
const CHUNK: usize = 1 << 13;

impl Journal {
    /// Which of some records the entries of a range have brought or taken back.
    ///
    /// # Errors
    /// When files cannot be read.
    pub fn touched(
        &self,
        kind: &Kind,
        range: Range<u64>,
        keys: &HashSet<&str>,
    ) -> Result<BTreeSet<String>, JournalError> {
        let layout = self.layout(&kind.id, self.head())?;
        let mut found = BTreeSet::new();
        let later: Vec<u64> =
            self.entries_of(kind, self.head()).filter(|entry| range.contains(entry)).collect();
        for entry in later {
            for back in [false, true] {
                for batch in entry_rows(&layout, crate::layout::number(entry)?, back, CHUNK)? {
                    let texts = shape::keys(kind, &batch?)?;
                    let mine = (0..texts.len()).map(|row| texts.value(row)).filter(|key| keys.contains(key));
                    found.extend(mine.map(str::to_owned));
                }
            }
        }
        Ok(found)
    }

    /// Some records as they were before entry `head`: the batch and the row of each that was live then.
    ///
    /// # Errors
    /// When files cannot be read.
    pub fn as_it_was(
        &self,
        kind: &Kind,
        head: u64,
        keys: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, RecordBatch>, JournalError> {
        let mut found = BTreeMap::new();
        if keys.is_empty() {
            return Ok(found);
        }
        let columns = (0..kind.columns.len()).collect();
        self.each_net(kind, head, &columns, &mut |_, batch| {
            let texts = shape::keys(kind, batch)?;
            for row in (0..texts.len()).filter(|row| keys.contains(texts.value(*row))) {
                found.insert(texts.value(row).to_owned(), batch.slice(row, 1));
            }
            Ok(())
        })?;
        Ok(found)
    }
}
