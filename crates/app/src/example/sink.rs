//! Where the batches go: one Parquet file, or a CSV file for small bundles.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::Context as _;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int32Type, SchemaRef, TimestampMicrosecondType};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use super::{Format, clock::ZONE, local};

/// Rows of a row group: large enough for cheap reading, small enough to share among threads.
const ROW_GROUP: usize = 1 << 20;

/// An open records file.
#[derive(Debug)]
pub(super) enum Sink {
    /// A Parquet file.
    Parquet(Box<ArrowWriter<File>>),
    /// A CSV file.
    Csv(Box<csv::Writer<BufWriter<File>>>),
}

impl Sink {
    /// Opens a file of dossiers.
    pub(super) fn create(path: &Path, format: Format, schema: &SchemaRef) -> anyhow::Result<Self> {
        let file = File::create(path)
            .with_context(|| format!("không ghi được / cannot write {}", path.display()))?;
        Ok(match format {
            Format::Parquet => {
                // As `giaouoc read` writes (crates/intake/src/out/parquet.rs says why).
                let mut properties = WriterProperties::builder()
                    .set_compression(Compression::LZ4_RAW)
                    .set_max_row_group_row_count(Some(ROW_GROUP))
                    .set_column_compression(
                        ColumnPath::from("code"),
                        Compression::ZSTD(ZstdLevel::try_new(1)?),
                    )
                    // Every code is different: a dictionary would only be tried and thrown away.
                    .set_column_dictionary_enabled(ColumnPath::from("code"), false);
                let moments = schema.fields().iter().filter(|field| field.data_type().is_temporal());
                for field in moments {
                    properties = properties
                        .set_column_dictionary_enabled(ColumnPath::from(field.name().as_str()), false);
                }
                let properties = properties
                    .set_key_value_metadata(Some(vec![KeyValue::new(
                        "giaouoc.kind".to_owned(),
                        Some("dossier".to_owned()),
                    )]))
                    .build();
                Self::Parquet(Box::new(ArrowWriter::try_new(file, schema.clone(), Some(properties))?))
            }
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(BufWriter::new(file));
                csv.write_record(schema.fields().iter().map(|field| field.name()))?;
                Self::Csv(Box::new(csv))
            }
        })
    }

    /// Writes a batch.
    pub(super) fn write(&mut self, batch: &RecordBatch) -> anyhow::Result<()> {
        match self {
            Self::Parquet(writer) => writer.write(batch)?,
            Self::Csv(csv) => {
                for row in 0..batch.num_rows() {
                    for column in batch.columns() {
                        csv.write_field(text(column.as_ref(), row))?;
                    }
                    csv.write_record(None::<&[u8]>)?;
                }
            }
        }
        Ok(())
    }

    /// Ends the file; it is not whole before.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Parquet(writer) => {
                writer.close()?;
            }
            Self::Csv(mut csv) => csv.flush()?,
        }
        Ok(())
    }
}

/// A cell as CSV text; blank when unknown.
fn text(column: &dyn Array, row: usize) -> String {
    if column.is_null(row) {
        return String::new();
    }
    if let Some(codes) = column.as_dictionary_opt::<Int32Type>() {
        let key = codes.keys().value(row) as usize;
        codes.values().as_string_opt::<i32>().map_or_else(String::new, |words| words.value(key).to_owned())
    } else if let Some(moments) = column.as_primitive_opt::<TimestampMicrosecondType>() {
        local(moments.value(row).div_euclid(1_000_000) + ZONE)
    } else if let Some(integers) = column.as_primitive_opt::<Int32Type>() {
        integers.value(row).to_string()
    } else if let Some(words) = column.as_string_opt::<i32>() {
        words.value(row).to_owned()
    } else if let Some(pauses) = column.as_list_opt::<i32>() {
        let pair = pauses.value(row);
        let side = |at: usize| pair.as_struct_opt().map_or_else(String::new, |pair| text(pair.column(at), 0));
        format!("{}/{}", side(0), side(1))
    } else {
        String::new()
    }
}
