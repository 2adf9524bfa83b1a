//! Accepted rows as a Parquet file that any tool reads.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use crate::errors::FileError;
use crate::sink::Sink;

/// Rows of a row group: enough for compression, few enough to scan groups in parallel.
const GROUP_ROWS: usize = 1 << 20;

/// How the file is packed. A scan reads mostly codes, numbers and moments, and a good part of its time was
/// unpacking them from zstd: LZ4 costs a third of that and a tenth more disk. Texts, which a scan passes by,
/// shrink to a seventh with zstd. Moments are mostly different from each other: a dictionary of them would be
/// begun, found too big, and left in the way of the first rows.
fn properties(schema: &SchemaRef, metadata: Vec<KeyValue>) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::LZ4_RAW)
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_key_value_metadata(Some(metadata));
    for field in schema.fields() {
        let path = ColumnPath::from(field.name().as_str());
        match field.data_type() {
            DataType::Utf8 => {
                properties = properties.set_column_compression(path, Compression::ZSTD(ZstdLevel::default()));
            }
            DataType::Timestamp(..) => properties = properties.set_column_dictionary_enabled(path, false),
            _ => {}
        }
    }
    properties.build()
}

/// A sink that writes Parquet, compressed with LZ4 and zstd, with the kind's id and digest as metadata. The
/// file is whole only after [`ToParquet::finish`].
pub struct ToParquet<W: Write + Send> {
    output: Option<W>,
    writer: Option<ArrowWriter<W>>,
}

impl<W: Write + Send> ToParquet<W> {
    /// A writer to `output`.
    pub fn new(output: W) -> Self {
        Self { output: Some(output), writer: None }
    }

    /// Writes the end of the file and gives the output back. A file without rows is a file with a schema.
    ///
    /// # Errors
    /// When the output fails, or no file was begun.
    pub fn finish(self) -> Result<W, FileError> {
        match (self.writer, self.output) {
            (Some(writer), _) => writer.into_inner().map_err(failed),
            (None, Some(output)) => Ok(output),
            (None, None) => Err(FileError::Output("Parquet".to_owned())),
        }
    }
}

fn failed(error: impl std::fmt::Display) -> FileError {
    FileError::Output(error.to_string())
}

impl<W: Write + Send> Sink for ToParquet<W> {
    fn begin(&mut self, schema: &SchemaRef, _headers: &[String]) -> Result<(), FileError> {
        let Some(output) = self.output.take() else { return Err(failed("begun twice")) };
        let mut metadata: Vec<KeyValue> =
            schema.metadata().iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
        metadata.sort_by(|a, b| a.key.cmp(&b.key));
        let properties = properties(schema, metadata);
        self.writer =
            Some(ArrowWriter::try_new(output, SchemaRef::clone(schema), Some(properties)).map_err(failed)?);
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        match &mut self.writer {
            Some(writer) => writer.write(batch).map_err(failed),
            None => Err(failed("not begun")),
        }
    }
}
