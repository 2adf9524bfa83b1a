//! Rows into Parquet files.

use std::io::{BufWriter, Write};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use crate::disk::{Disk, Temporary};
use crate::error::JournalError;
use crate::shape::internal;

/// Metadata key of the entries whose rows a merged file holds (`3-9`), or the last one in a base (`9`).
pub const ENTRIES_KEY: &str = "giaouoc.entries";

/// Rows of a row group: enough for compression, few enough to scan groups in parallel.
const GROUP_ROWS: usize = 1 << 20;

/// Rows of a page: a correction reads the pages that hold what it corrects, one for each column, and whole files are
/// hardly larger or slower with small ones (`docs/benchmarks.md`).
const PAGE_ROWS: usize = 1 << 11;

/// A dictionary of more bytes is given up: whoever wants one row reads it all.
const DICTIONARY: usize = 1 << 16;

/// A file of rows being written under a temporary name.
pub(crate) struct RowsWriter {
    writer: ArrowWriter<BufWriter<Temporary>>,
}

impl RowsWriter {
    /// Begins a file in a folder of the journal. `key` is the column of the records' keys, where there is one.
    pub(crate) fn new(
        disk: &Disk,
        folder: &str,
        key: Option<&str>,
        schema: &SchemaRef,
    ) -> Result<Self, JournalError> {
        let mut metadata: Vec<KeyValue> =
            schema.metadata().iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
        metadata.sort_by(|a, b| a.key.cmp(&b.key));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_data_page_row_count_limit(PAGE_ROWS)
            .set_dictionary_page_size_limit(DICTIONARY)
            // Nobody asks for those of a page.
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_key_value_metadata(Some(metadata));
        // Every key is another one.
        let properties = match key {
            Some(key) => properties.set_column_dictionary_enabled(ColumnPath::from(key), false),
            None => properties,
        };
        let out = BufWriter::with_capacity(1 << 20, disk.temporary(folder)?);
        let writer = ArrowWriter::try_new(out, SchemaRef::clone(schema), Some(properties.build()))
            .map_err(internal)?;
        Ok(Self { writer })
    }

    /// Adds rows, which have the schema of the file.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), JournalError> {
        self.writer.write(batch).map_err(unfinished)
    }

    /// Ends the file; it is whole, and still has its temporary name. A file of one entry does not say which: it is
    /// written before the entry has a number.
    pub(crate) fn finish(self, entries: Option<&str>) -> Result<Temporary, JournalError> {
        let Self { mut writer, .. } = self;
        if let Some(entries) = entries {
            writer.append_key_value_metadata(KeyValue::new(ENTRIES_KEY.to_owned(), entries.to_owned()));
        }
        let mut out = writer.into_inner().map_err(unfinished)?;
        out.flush().map_err(|error| JournalError::Io { path: "journal".to_owned(), error })?;
        out.into_inner()
            .map_err(|error| JournalError::Io { path: "journal".to_owned(), error: error.into_error() })
    }
}

/// What the disk said is passed on as what it is: a full disk is no fault of the program.
fn unfinished(error: parquet::errors::ParquetError) -> JournalError {
    match error {
        parquet::errors::ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(error) => JournalError::Io { path: "journal".to_owned(), error: *error },
            Err(other) => internal(other),
        },
        other => internal(other),
    }
}
