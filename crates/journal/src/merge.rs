//! Merging: many small files into few large ones. No figure, no digest and no root changes by it.

use std::collections::BTreeSet;
use std::io::BufWriter;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::SchemaRef;
use giaouoc_agreement::kind::Kind;

use crate::error::JournalError;
use crate::index::merge_runs;
use crate::index_file;
use crate::journal::{Journal, Run};
use crate::layout::{Piece, merged, merged_spans, own, rows_of, span, whole_spans, widest};
use crate::lock::Tidying;
use crate::points;
use crate::rows_read::piece_rows;
use crate::rows_write::RowsWriter;
use crate::shape::{self, ENTRY, OF_ENTRY, OF_ROW, ROW, internal};

/// Rows read at once.
const CHUNK: usize = 1 << 16;
/// So many neighbouring files of about one size are merged.
const FAN: usize = 16;

/// What tidying did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Row files merged.
    pub merged: usize,
    /// Index files merged.
    pub indexes: usize,
    /// Bases made.
    pub bases: usize,
    /// Left-over files removed: of writers that are gone, and what merges that were killed have left.
    pub swept: usize,
    /// Erasures finished that had been stopped half-way.
    pub erasures: usize,
}

impl Journal {
    /// Keeps the folder quick to read: merges runs of small neighbouring files, and makes a base where the
    /// history has become much longer than what is live. It may run at any time and be killed at any time.
    ///
    /// # Errors
    /// When files cannot be read or written.
    pub fn tidy(&self, kinds: &[Kind]) -> Result<Tidied, JournalError> {
        if !self.disk.root().is_dir() {
            return Ok(Tidied::default());
        }
        let mut tidied = Tidied { swept: self.disk.sweep()?, ..Tidied::default() };
        self.tidy_personal(&mut tidied)?;
        let held: Vec<&Kind> = {
            let ids = self.kinds();
            kinds.iter().filter(|kind| ids.contains(kind.id.as_str())).collect()
        };
        for kind in held {
            tidied.swept += self.finish_merges(kind)?;
            while let Some((first, last)) = ripe(&self.layout(&kind.id, self.head())?.pieces) {
                tidied.merged += self.merge_rows(kind, first, last)?;
                tidied.indexes += self.merge_index(kind, first, last)?;
            }
            if self.wants_base(kind)? {
                self.make_base(kind)?;
                tidied.bases += 1;
            }
        }
        Ok(tidied)
    }

    /// Removes personal values of entries that were never committed, and what erasures that were stopped have left.
    /// Nothing when somebody is committing.
    fn tidy_personal(&self, tidied: &mut Tidied) -> Result<(), JournalError> {
        let Some(lock) = crate::lock::Lock::try_acquire(&self.disk)? else { return Ok(()) };
        tidied.erasures += self.finish_erasures(&lock)?;
        let head = self.fresh()?.head();
        for name in self.disk.list("personal")? {
            if crate::personal::parsed(&name).is_some_and(|(entry, _)| entry >= head) {
                self.disk.remove(&format!("personal/{name}"))?;
                tidied.swept += 1;
            }
        }
        Ok(())
    }

    /// Merges the rows of a kind's entries from `first` to `last`, both with rows of the kind. Gives how many
    /// files became one.
    ///
    /// # Errors
    /// When files cannot be read or written.
    pub fn merge_rows(&self, kind: &Kind, first: u32, last: u32) -> Result<usize, JournalError> {
        if self.head() == 0 {
            return Ok(0);
        }
        let _tidying = Tidying::acquire(&self.disk)?;
        self.fresh()?.merge_rows_alone(kind, first, last)
    }

    /// The journal as it is by now. Others may have merged entries that this one has not read yet: a span that is
    /// known in part only would be merged in part, and two spans would overlap.
    pub(crate) fn fresh(&self) -> Result<Self, JournalError> {
        let mut entries = self.entries.clone();
        entries.refresh(&self.disk)?;
        Ok(Self::of(self.disk.clone(), entries))
    }

    fn merge_rows_alone(&self, kind: &Kind, first: u32, last: u32) -> Result<usize, JournalError> {
        let layout = self.layout(&kind.id, self.head())?;
        let within: Vec<&Piece> =
            layout.pieces.iter().filter(|piece| first <= piece.first() && piece.last() <= last).collect();
        let (Some(first), Some(last)) = (within.first(), within.last()) else { return Ok(0) };
        if within.len() < 2 {
            return Ok(0);
        }
        // The name says what is in the file, whatever was asked for: it must not claim a neighbour's entries.
        let (first, last) = (first.first(), last.last());
        for back in [false, true] {
            if let Some(file) = self.merged_file(kind, &within, back, (first, last))? {
                self.disk.place(file, &merged(first, last, &kind.id, back))?;
                self.disk.point(points::MERGE);
            }
        }
        self.remove_covered(kind)?;
        Ok(within.len())
    }

    fn merged_file(
        &self,
        kind: &Kind,
        pieces: &[&Piece],
        back: bool,
        (first, last): (u32, u32),
    ) -> Result<Option<crate::disk::Temporary>, JournalError> {
        let entries = || pieces.iter().flat_map(|piece| &piece.entries);
        if entries().map(|held| if back { held.minus } else { held.plus }).sum::<u64>() == 0 {
            return Ok(None);
        }
        let mut columns: BTreeSet<usize> = BTreeSet::new();
        let mut parts: Vec<PathBuf> = Vec::new();
        parts.extend(
            pieces.iter().filter_map(|piece| if back { piece.back.clone() } else { piece.brought.clone() }),
        );
        for path in &parts {
            columns.extend(shape::columns_of(kind, crate::rows_read::schema_of(path)?.as_ref()));
        }
        let own = if back { &[ENTRY, ROW, OF_ENTRY, OF_ROW][..] } else { &[ENTRY, ROW][..] };
        let schema = shape::with_addresses(&shape::schema(kind, &columns), own);
        let mut writer = RowsWriter::new(&self.disk, "rows", Some(&kind.columns[kind.key].id), &schema)?;
        for piece in pieces {
            piece_rows(piece, back, CHUNK, &mut |entry, row, batch| {
                writer.write(&addressed(&batch, entry, row as i64, &schema)?)
            })?;
        }
        writer.finish(Some(&format!("{first}-{last}"))).map(Some)
    }

    /// Removes files of a kind that nobody reads any more because a merged one has what is in them: a merge that was
    /// killed left them. Gives how many.
    fn finish_merges(&self, kind: &Kind) -> Result<usize, JournalError> {
        // Mostly there are none, and nobody need wait for whoever tidies up.
        if self.covered(kind)?.is_empty() {
            return Ok(0);
        }
        let _tidying = Tidying::acquire(&self.disk)?;
        self.fresh()?.remove_covered(kind)
    }

    /// Removes files whose entries stand in a wider one, and gives how many.
    fn remove_covered(&self, kind: &Kind) -> Result<usize, JournalError> {
        let covered = self.covered(kind)?;
        self.disk.remove_all(covered.iter().map(String::as_str))?;
        Ok(covered.len())
    }

    /// Files of rows and of the index whose entries stand in a wider one.
    fn covered(&self, kind: &Kind) -> Result<Vec<String>, JournalError> {
        let mut covered = Vec::new();
        let runs = self.index_names(kind, self.head())?;
        for name in self.disk.list("index")? {
            let Some((first, last, of)) = span(&name, ".idx") else { continue };
            let wider =
                |run: &Run| (run.first, run.last) != (first, last) && run.first <= first && last <= run.last;
            if of == kind.id && runs.iter().any(wider) {
                covered.push(format!("index/{name}"));
            }
        }
        let names = self.disk.list("rows")?;
        let chosen = widest(whole_spans(&names, &self.entries, &kind.id, self.head()));
        let [brought, back] = merged_spans(&names, &kind.id);
        for &(first, last) in brought.union(&back).filter(|span| !chosen.contains(span)) {
            // A file of a merge that was killed half-way stays until it is written again or a wider one is there.
            if !chosen.iter().any(|(from, to)| *from <= first && last <= *to) {
                continue;
            }
            for (spans, back) in [(&brought, false), (&back, true)] {
                if spans.contains(&(first, last)) {
                    covered.push(merged(first, last, &kind.id, back));
                }
            }
        }
        // By names, of which there are few: whoever tidies up after each of a million entries goes through no entries.
        for name in &names {
            let Some(stem) = name.strip_suffix(".parquet") else { continue };
            let (stem, back) = stem.strip_suffix(".back").map_or((stem, false), |stem| (stem, true));
            let Ok(number) = stem.parse::<u32>() else { continue };
            let name = own(u64::from(number), back);
            let entry = self.entries.get(u64::from(number));
            if entry.is_some_and(|entry| rows_of(entry, &kind.id).is_some())
                && chosen.iter().any(|(first, last)| (*first..=*last).contains(&number))
            {
                covered.push(name);
            }
        }
        Ok(covered)
    }

    /// Merges the runs of the index from `first` to `last`. Gives how many became one.
    ///
    /// # Errors
    /// When files cannot be read or written.
    pub fn merge_index(&self, kind: &Kind, first: u32, last: u32) -> Result<usize, JournalError> {
        if self.head() == 0 {
            return Ok(0);
        }
        let _tidying = Tidying::acquire(&self.disk)?;
        let fresh = self.fresh()?;
        fresh.mending(kind, || fresh.merge_index_alone(kind, first, last))
    }

    fn merge_index_alone(&self, kind: &Kind, first: u32, last: u32) -> Result<usize, JournalError> {
        // Opening it makes runs that are missing.
        let runs = self.index_files(kind, self.head())?;
        let runs: Vec<_> = runs.into_iter().filter(|run| first <= run.first && run.last <= last).collect();
        let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return Ok(0) };
        let (first, last) = (first.first, last.last);
        let within: Vec<(PathBuf, Option<u32>)> =
            runs.iter().map(|run| (self.disk.path(&run.name), run.own)).collect();
        if within.len() < 2 {
            return Ok(0);
        }
        let name = index_file::merged(first, last, &kind.id);
        let mut file = BufWriter::with_capacity(1 << 20, self.disk.temporary("index")?);
        merge_runs(&within, &mut file)?;
        let io = |error| JournalError::Io { path: name.clone(), error };
        let file = file.into_inner().map_err(|error| io(error.into_error()))?;
        self.disk.place(file, &name)?;
        for (path, _) in &within {
            if let Some(name) = path.file_name() {
                self.disk.remove(&format!("index/{}", name.to_string_lossy()))?;
            }
        }
        Ok(within.len())
    }

    /// Whether reading the history costs much more than reading what is live.
    fn wants_base(&self, kind: &Kind) -> Result<bool, JournalError> {
        let layout = self.layout(&kind.id, self.head())?;
        let base = self.bases(&kind.id)?.last().map(|base| base.entry);
        Ok(is_long(&layout.pieces, base))
    }
}

/// The first run of neighbouring pieces of about one size that is long enough to merge: its first and last entry.
fn ripe(pieces: &[Piece]) -> Option<(u32, u32)> {
    let tier = |piece: &Piece| (piece.plus() + piece.minus()).max(4096).ilog(FAN as u64);
    // Of one size only: a large file behind small ones would be written again and again.
    let alike = |run: &&[Piece]| run.iter().all(|piece| tier(piece) == tier(&run[0]));
    let run = pieces.windows(FAN).find(alike)?;
    Some((run[0].first(), run[FAN - 1].last()))
}

/// Whether the history of these pieces is much longer than what is live, and has become so since the last base, whose
/// last entry is given.
fn is_long(pieces: &[Piece], base: Option<u32>) -> bool {
    let (mut brought, mut back, mut tail) = (0_u64, 0_u64, 0_u64);
    for held in pieces.iter().flat_map(|piece| &piece.entries) {
        brought += held.plus;
        back += held.minus;
        if base.is_none_or(|base| held.entry > base) {
            tail += held.plus + held.minus;
        }
    }
    let (history, live) = (brought + back, brought.abs_diff(back));
    // A quarter more is what reading with weights costs anyway; small histories are quick as they are.
    history > live + live / 4 && history > 100_000 && tail > (live / 10).max(50_000)
}

/// A batch of an entry's rows with their addresses, in a schema.
fn addressed(
    batch: &RecordBatch,
    entry: u32,
    row: i64,
    schema: &SchemaRef,
) -> Result<RecordBatch, JournalError> {
    let rows = batch.num_rows() as i64;
    let mut columns: Vec<ArrayRef> = Vec::new();
    // Addresses of earlier merges are those given here: rows keep their order.
    for (field, column) in schema.fields().iter().zip(shape::arrays(batch, schema)?) {
        columns.push(match field.name().as_str() {
            ENTRY => Arc::new(Int64Array::from_value(i64::from(entry), batch.num_rows())),
            ROW => Arc::new(Int64Array::from_iter_values(row..row + rows)),
            _ => column,
        });
    }
    RecordBatch::try_new(SchemaRef::clone(schema), columns).map_err(internal)
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
