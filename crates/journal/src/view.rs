//! What to read for the net rows of a kind at a head: files to add and files to subtract.

use std::path::PathBuf;

use crate::error::JournalError;
use crate::journal::Journal;

/// A file of rows, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The file.
    pub path: PathBuf,
    /// Whether its rows were taken back and are to be subtracted.
    pub back: bool,
    /// Only the rows of these entries, first and last, by the column [`crate::ENTRY`]; absent: all rows.
    pub entries: Option<(u32, u32)>,
    /// How many rows are to be read.
    pub rows: u64,
}

impl Journal {
    /// The files whose rows, those taken back subtracted, are the net rows of a kind before entry `head`: all
    /// of the history, or a base and what came after it, whichever is less to read.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn view(&self, kind: &str, head: u64) -> Result<Vec<Part>, JournalError> {
        let bases = self.bases(kind)?;
        let base = bases.iter().rev().find(|base| u64::from(base.entry) < head);
        let history = self.parts(kind, head, None)?;
        let Some(base) = base else { return Ok(history) };
        let mut parts = self.parts(kind, head, Some(base.entry))?;
        // A base that cannot be read, or that somebody has just replaced, is not needed.
        let Ok(rows) = crate::rows_read::rows_of_file(&base.path) else { return Ok(history) };
        parts.insert(0, Part { path: base.path.clone(), back: false, entries: None, rows });
        let sum = |parts: &[Part]| parts.iter().map(|part| part.rows).sum::<u64>();
        // A base is read without weights, which is worth something when nothing else is to be subtracted.
        Ok(if sum(&parts) <= sum(&history) { parts } else { history })
    }

    /// The files of the entries after `after` and before `head`.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn parts(&self, kind: &str, head: u64, after: Option<u32>) -> Result<Vec<Part>, JournalError> {
        let whole = self.layout(kind, self.head())?;
        let mut parts = Vec::new();
        for piece in &whole.pieces {
            let wanted = |entry: u32| u64::from(entry) < head && after.is_none_or(|after| entry > after);
            let mine: Vec<_> = piece.entries.iter().filter(|held| wanted(held.entry)).collect();
            let (Some(first), Some(last)) = (mine.first(), mine.last()) else { continue };
            let entries = (mine.len() < piece.entries.len()).then_some((first.entry, last.entry));
            for (path, back) in [(&piece.brought, false), (&piece.back, true)] {
                let rows: u64 = mine.iter().map(|held| if back { held.minus } else { held.plus }).sum();
                if rows > 0 {
                    let path = path.clone().ok_or_else(|| crate::layout::lost(piece.first()))?;
                    parts.push(Part { path, back, entries, rows });
                }
            }
        }
        Ok(parts)
    }
}
