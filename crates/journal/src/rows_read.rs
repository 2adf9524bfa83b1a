//! Rows out of Parquet files: whole files in order, and single rows by address.

use std::fs::File;
use std::panic::resume_unwind;
use std::path::Path;

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take};
use arrow::datatypes::SchemaRef;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
    RowSelection, RowSelector,
};
use parquet::file::metadata::PageIndexPolicy;

use crate::disk::Disk;
use crate::error::JournalError;
use crate::layout::{Held, Layout, Piece};
use crate::shape::unify;

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A file that the Parquet library cannot read.
pub(crate) fn damaged(path: &Path, detail: impl std::fmt::Display) -> JournalError {
    let name = name_of(path);
    JournalError::not_parquet(name, detail)
}

fn opened(path: &Path) -> Result<File, JournalError> {
    File::open(path).map_err(|error| JournalError::Io { path: path.display().to_string(), error })
}

/// Runs the Parquet library on a file; should damage make it panic, the file is damaged and the program lives on. What
/// it worked on must be thrown away then.
pub(crate) fn guarded<T>(
    path: &Path,
    work: impl FnOnce() -> Result<T, JournalError>,
) -> Result<T, JournalError> {
    let stopped = || {
        JournalError::damaged(
            name_of(path),
            "không đọc được như một tệp Parquet: thư viện đọc tệp dừng giữa chừng",
            "it cannot be read as a Parquet file: the library that reads it stopped half-way",
        )
    };
    giaouoc_intake::unless_it_panics(work).unwrap_or_else(|| Err(stopped()))
}

/// The batches of a reader, to the end or to the first that cannot be read.
pub(crate) fn until_damage(
    path: &Path,
    mut reader: ParquetRecordBatchReader,
) -> impl Iterator<Item = Result<RecordBatch, JournalError>> + use<> {
    let path = path.to_owned();
    let mut over = false;
    std::iter::from_fn(move || {
        if over {
            return None;
        }
        let batch = guarded(&path, || reader.next().transpose().map_err(|error| damaged(&path, error)));
        // After a panic nobody knows what state it is in.
        over = batch.is_err();
        batch.transpose()
    })
}

/// What the end of a file says of it.
fn footer(
    path: &Path,
    file: &File,
    options: ArrowReaderOptions,
) -> Result<ArrowReaderMetadata, JournalError> {
    guarded(path, || ArrowReaderMetadata::load(file, options).map_err(|error| damaged(path, error)))
}

/// With the index of pages, pages without a wanted row are not even unpacked.
fn with_pages() -> ArrowReaderOptions {
    ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional)
}

/// A file's rows in order, in batches.
pub(crate) fn batches(
    path: &Path,
    batch_rows: usize,
) -> Result<impl Iterator<Item = Result<RecordBatch, JournalError>> + use<>, JournalError> {
    let file = opened(path)?;
    let reader = guarded(path, || {
        ParquetRecordBatchReaderBuilder::try_new(file)
            .and_then(|builder| builder.with_batch_size(batch_rows).build())
            .map_err(|error| damaged(path, error))
    })?;
    Ok(until_damage(path, reader))
}

/// Rows that are worth a thread of their own: each may be in another page, which is unpacked for it.
const SHARE: usize = 512;

/// Rows of a file by their places (ascending, each once), in a schema.
fn places(disk: &Disk, path: &Path, wanted: &[u64], schema: &SchemaRef) -> Result<RecordBatch, JournalError> {
    let file = opened(path)?;
    let metadata = disk.footers().of(path, || footer(path, &file, with_pages()))?;
    let rows = u64::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or(0);
    if wanted.last().is_some_and(|last| *last >= rows) {
        let place = wanted.last().copied().unwrap_or(0);
        return Err(JournalError::damaged(
            name_of(path),
            format!("cần dòng {place} (đếm từ 0), tệp chỉ có {rows} dòng"),
            format!("row {place} (counted from 0) is needed, and the file has {rows} rows"),
        ));
    }
    let read = |wanted: &[u64]| guarded(path, || of_groups(path, &metadata, wanted, schema));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut parts = wanted.chunks(wanted.len().div_ceil(threads).max(SHARE));
    let first = parts.next().unwrap_or_default();
    let found: Vec<RecordBatch> = std::thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(move || read(part))).collect();
        let others =
            others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        // It is read before the others are waited for.
        std::iter::once_with(|| read(first)).chain(others).collect::<Result<_, _>>()
    })?;
    concat_batches(schema, &found).map_err(|error| damaged(path, error))
}

/// Rows of a file by their places, read by one thread.
fn of_groups(
    path: &Path,
    metadata: &ArrowReaderMetadata,
    wanted: &[u64],
    schema: &SchemaRef,
) -> Result<RecordBatch, JournalError> {
    let fields = metadata.schema().fields();
    let roots = (0..fields.len()).filter(|at| schema.column_with_name(fields[*at].name()).is_some());
    let mask = ProjectionMask::roots(metadata.parquet_schema(), roots.collect::<Vec<_>>());
    let (groups, selection) = selection(metadata, wanted);
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(opened(path)?, metadata.clone())
        .with_projection(mask)
        .with_row_groups(groups)
        .with_row_selection(selection)
        .with_batch_size(wanted.len().clamp(1, 65_536))
        .build()
        .map_err(|error| damaged(path, error))?;
    let mut found = Vec::new();
    for batch in reader {
        found.push(unify(&batch.map_err(|error| damaged(path, error))?, schema)?);
    }
    concat_batches(schema, &found).map_err(|error| damaged(path, error))
}

/// The row groups that hold wanted rows, and which of their rows to read.
fn selection(metadata: &ArrowReaderMetadata, wanted: &[u64]) -> (Vec<usize>, RowSelection) {
    let mut groups = Vec::new();
    let mut selectors: Vec<RowSelector> = Vec::new();
    let skip = |rows: u64| RowSelector::skip(usize::try_from(rows).unwrap_or(usize::MAX));
    let mut start = 0_u64;
    let mut left = wanted;
    for (group, meta) in metadata.metadata().row_groups().iter().enumerate() {
        let end = start + u64::try_from(meta.num_rows()).unwrap_or(0);
        let here = left.partition_point(|place| *place < end);
        let (mine, rest) = left.split_at(here);
        left = rest;
        if !mine.is_empty() {
            groups.push(group);
            let mut at = start;
            for place in mine {
                selectors.extend([skip(place - at), RowSelector::select(1)]);
                at = place + 1;
            }
            selectors.push(skip(end - at));
        }
        start = end;
    }
    // That leaves out empty ones, and of neighbours that are read alike it makes one.
    (groups, RowSelection::from(selectors))
}

/// Versions by the addresses that brought them, in the order asked for and in the schema given.
///
/// # Errors
/// An address that no file holds is damage.
pub(crate) fn fetch(
    disk: &Disk,
    layout: &Layout,
    addresses: &[(u32, u32)],
    schema: &SchemaRef,
) -> Result<RecordBatch, JournalError> {
    let mut order: Vec<usize> = (0..addresses.len()).collect();
    order.sort_unstable_by_key(|at| addresses[*at]);
    let mut parts: Vec<RecordBatch> = Vec::new();
    // Where in the parts, one after the other, each address asked for lies.
    let mut lies = vec![0_u32; addresses.len()];
    let mut done = 0_u32;
    let mut at = 0;
    while at < order.len() {
        let (entry, _) = addresses[order[at]];
        let lost = || crate::layout::lost(entry);
        let (piece, _) = layout.holding(entry).ok_or_else(lost)?;
        let path = piece.brought.as_deref().ok_or_else(lost)?;
        let mut wanted: Vec<u64> = Vec::new();
        while let Some(&next) = order.get(at) {
            let (entry, row) = addresses[next];
            let Some(held) = piece.held(entry) else { break };
            let place = held.brought_at + u64::from(row);
            if wanted.last() != Some(&place) {
                wanted.push(place);
            }
            lies[next] = done + wanted.len() as u32 - 1;
            at += 1;
        }
        done += wanted.len() as u32;
        parts.push(places(disk, path, &wanted, schema)?);
    }
    let all = concat_batches(schema, &parts).map_err(crate::shape::internal)?;
    take_rows(&all, &lies)
}

/// Rows of a batch by position, in the order given.
pub(crate) fn take_rows(batch: &RecordBatch, rows: &[u32]) -> Result<RecordBatch, JournalError> {
    let indices = UInt32Array::from(rows.to_vec());
    let columns: Vec<ArrayRef> = batch
        .columns()
        .iter()
        .map(|column| take(column, &indices, None))
        .collect::<Result<_, _>>()
        .map_err(crate::shape::internal)?;
    let options = arrow::record_batch::RecordBatchOptions::new().with_row_count(Some(rows.len()));
    RecordBatch::try_new_with_options(batch.schema(), columns, &options).map_err(crate::shape::internal)
}

/// The rows that an entry brought, or took back, in order.
pub(crate) fn entry_rows(
    layout: &Layout,
    entry: u32,
    back: bool,
    batch_rows: usize,
) -> Result<Box<dyn Iterator<Item = Result<RecordBatch, JournalError>>>, JournalError> {
    let lost = || crate::layout::lost(entry);
    let Some((piece, held)) = layout.holding(entry) else { return Ok(Box::new(std::iter::empty())) };
    let (path, start, rows) = if back {
        (piece.back.as_deref(), held.back_at, held.minus)
    } else {
        (piece.brought.as_deref(), held.brought_at, held.plus)
    };
    if rows == 0 {
        return Ok(Box::new(std::iter::empty()));
    }
    let path = path.ok_or_else(lost)?.to_owned();
    let size = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
    // Of a merged file the pages of other entries are not even unpacked.
    let file = opened(&path)?;
    let reader = guarded(&path, || {
        ParquetRecordBatchReaderBuilder::try_new_with_options(file, with_pages())
            .and_then(|builder| {
                let builder = builder.with_offset(size(start)).with_limit(size(rows));
                builder.with_batch_size(batch_rows).build()
            })
            .map_err(|error| damaged(&path, error))
    })?;
    Ok(Box::new(until_damage(&path, reader)))
}

/// Tells the rows that the entries of a piece brought, or took back, in order: the entry, the place of the first
/// row among the entry's, and the rows. The file is gone through once, however many entries are in it.
pub(crate) fn piece_rows(
    piece: &Piece,
    back: bool,
    batch_rows: usize,
    told: &mut dyn FnMut(u32, u64, RecordBatch) -> Result<(), JournalError>,
) -> Result<(), JournalError> {
    let rows = |held: &Held| if back { held.minus } else { held.plus };
    let mut left = piece.entries.iter().map(|held| (held.entry, rows(held))).filter(|(_, rows)| *rows > 0);
    let Some((mut entry, mut rows)) = left.next() else { return Ok(()) };
    let path = if back { &piece.back } else { &piece.brought };
    let path = path.as_deref().ok_or_else(|| crate::layout::lost(entry))?;
    let mut row = 0_u64;
    for batch in batches(path, batch_rows)? {
        let mut batch = batch?;
        while batch.num_rows() > 0 {
            if row == rows {
                let Some(next) = left.next() else { return Ok(()) };
                (entry, rows) = next;
                row = 0;
            }
            let here = usize::try_from(rows - row).unwrap_or(usize::MAX).min(batch.num_rows());
            told(entry, row, batch.slice(0, here))?;
            batch = batch.slice(here, batch.num_rows() - here);
            row += here as u64;
        }
    }
    Ok(())
}

/// The columns of a file.
pub(crate) fn schema_of(path: &Path) -> Result<SchemaRef, JournalError> {
    let metadata = footer(path, &opened(path)?, ArrowReaderOptions::new())?;
    Ok(SchemaRef::clone(metadata.schema()))
}

/// How many rows a file has.
pub(crate) fn rows_of_file(path: &Path) -> Result<u64, JournalError> {
    let metadata = footer(path, &opened(path)?, ArrowReaderOptions::new())?;
    Ok(u64::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or(0))
}

#[cfg(test)]
#[path = "rows_read_tests.rs"]
mod tests;
