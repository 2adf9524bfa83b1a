//! The versions of one record from the newest back, without reading what never held it.

use giaouoc_agreement::kind::Kind;

use crate::error::JournalError;
use crate::journal::Journal;
use crate::net::{Version, places};
use crate::rows_read::{entry_rows, fetch};
use crate::shape;
use crate::take_back::addresses;

/// Rows read at once.
const CHUNK: usize = 1 << 16;

impl Journal {
    /// The versions of a live record, oldest first: each entry that brought a version took the one before it back
    /// and says where that stood, so only entries that held the record are read. Nothing where the record is not
    /// live; [`Journal::versions`] then looks through everything.
    ///
    /// # Errors
    /// When files cannot be read.
    pub fn story(&self, kind: &Kind, key: &str) -> Result<Vec<Version>, JournalError> {
        let Some(live) = self.live(kind, key)? else { return Ok(Vec::new()) };
        let layout = self.layout(&kind.id, self.head())?;
        let columns = (0..kind.columns.len()).filter(|at| !kind.columns[*at].personal).collect();
        let schema = shape::schema(kind, &columns);
        let mut story = vec![live];
        while let Some(newest) = story.last() {
            let by = newest.entry;
            let mut before = None;
            'found: for batch in entry_rows(&layout, crate::layout::number(by)?, true, CHUNK)? {
                let batch = batch?;
                if let Some(row) = places(kind, &batch, key)?.into_iter().next() {
                    before = addresses(&batch.slice(row, 1))?.into_iter().next();
                    break 'found;
                }
            }
            let Some((entry, row)) = before else { break };
            let (Ok(entry), Ok(row)) = (u32::try_from(entry), u32::try_from(row)) else { break };
            // An entry never takes back what a later one brought: the way back ends.
            if u64::from(entry) >= by {
                break;
            }
            let batch = fetch(&self.disk, &layout, &[(entry, row)], &schema)?;
            story.push(Version { entry: entry.into(), row: row.into(), taken_back: Some(by), batch });
        }
        story.reverse();
        Ok(story)
    }
}
