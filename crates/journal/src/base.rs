//! Bases: the net rows of a kind at an entry, derived and deletable. Reading one is as cheap as reading a file
//! that was never corrected.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{Int64Array, RecordBatch};
use arrow::datatypes::SchemaRef;
use giaouoc_agreement::kind::Kind;

use crate::error::JournalError;
use crate::index::Slot;
use crate::journal::Journal;
use crate::layout::span;
use crate::lock::Tidying;
use crate::points;
use crate::rows_read::{piece_rows, take_rows};
use crate::rows_write::RowsWriter;
use crate::shape::{self, ENTRY, ROW, internal};

/// Rows read at once.
const CHUNK: usize = 1 << 16;

/// A base that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The last entry in it.
    pub entry: u32,
    /// Its file.
    pub path: PathBuf,
}

fn name(entry: u32, kind: &str) -> String {
    format!("base/{entry:08}.{kind}.parquet")
}

impl Journal {
    /// The bases of a kind, oldest first.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn bases(&self, kind: &str) -> Result<Vec<Base>, JournalError> {
        let mut bases = Vec::new();
        for file in self.disk.list("base")? {
            if let Some((first, last, of)) = span(&file, ".parquet")
                && first == last
                && of == kind
            {
                bases.push(Base { entry: first, path: self.disk.path(&format!("base/{file}")) });
            }
        }
        Ok(bases)
    }

    /// Makes the base of a kind at the head and removes older ones. Nothing when there are no rows.
    ///
    /// # Errors
    /// When files cannot be read or written.
    pub fn make_base(&self, kind: &Kind) -> Result<Option<Base>, JournalError> {
        let head = self.head();
        if head == 0 {
            return Ok(None);
        }
        let _tidying = Tidying::acquire(&self.disk)?;
        let layout = self.layout(&kind.id, head)?;
        let Some(last) = layout.pieces.last().map(crate::layout::Piece::last) else { return Ok(None) };
        let mut live = self.mending(kind, || {
            let mut live: Vec<(u32, u32)> = Vec::new();
            self.index(kind)?.for_each(&mut |_, slot| {
                if slot.row != Slot::WITHDRAWN {
                    live.push((slot.entry, slot.row));
                }
            })?;
            Ok(live)
        })?;
        live.sort_unstable();
        let columns = self.columns(kind);
        let schema = shape::with_addresses(&shape::schema(kind, &columns), &[ENTRY, ROW]);
        let mut writer = RowsWriter::new(&self.disk, "base", Some(&kind.columns[kind.key].id), &schema)?;
        let mut rest = live.as_slice();
        for piece in &layout.pieces {
            let here = rest.partition_point(|(entry, _)| *entry <= piece.last());
            let (mut left, later) = rest.split_at(here);
            rest = later;
            if left.is_empty() {
                continue;
            }
            piece_rows(piece, false, CHUNK, &mut |entry, row, batch| {
                let end = (entry, row as u32 + batch.num_rows() as u32);
                let (within, after) = left.split_at(left.partition_point(|address| *address < end));
                left = after;
                // Rows are told in the order of addresses: what lies before has no row.
                if let Some(lost) = within.first().filter(|(of, _)| *of != entry) {
                    return Err(no_row(*lost));
                }
                if within.is_empty() {
                    Ok(())
                } else {
                    writer.write(&net(&batch, within, row as u32, &schema)?)
                }
            })?;
            if let Some(&lost) = left.first() {
                return Err(no_row(lost));
            }
        }
        if let Some(&lost) = rest.first() {
            return Err(no_row(lost));
        }
        let file = writer.finish(Some(&last.to_string()))?;
        self.disk.place(file, &name(last, &kind.id))?;
        self.disk.point(points::REBASE);
        for base in self.bases(&kind.id)?.iter().filter(|base| base.entry < last) {
            self.disk.remove(&name(base.entry, &kind.id))?;
        }
        Ok(Some(Base { entry: last, path: self.disk.path(&name(last, &kind.id)) }))
    }
}

/// The index knows of a row that no file has.
fn no_row((entry, row): (u32, u32)) -> JournalError {
    JournalError::damaged(
        "index",
        format!("mục sổ {entry} không có dòng {row}"),
        format!("entry {entry} has no row {row}"),
    )
}

/// The live rows of a batch that starts at row `start` of its entry, with their addresses.
fn net(
    batch: &RecordBatch,
    live: &[(u32, u32)],
    start: u32,
    schema: &SchemaRef,
) -> Result<RecordBatch, JournalError> {
    let rows: Vec<u32> = live.iter().map(|(_, row)| row - start).collect();
    let taken = if rows.len() == batch.num_rows() { batch.clone() } else { take_rows(batch, &rows)? };
    let mut columns = shape::arrays(&taken, schema)?;
    let width = columns.len();
    columns[width - 2] =
        Arc::new(Int64Array::from_iter_values(live.iter().map(|(entry, _)| i64::from(*entry))));
    columns[width - 1] = Arc::new(Int64Array::from_iter_values(live.iter().map(|(_, row)| i64::from(*row))));
    RecordBatch::try_new(SchemaRef::clone(schema), columns).map_err(internal)
}
