//! The bytes of a Parquet row group, for the reader.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

/// The bytes of the needed column chunks of one row group, read in one go each.
pub struct Chunks {
    length: u64,
    ranges: Vec<(u64, bytes::Bytes)>,
}

impl Chunks {
    /// Reads the chunks of one row group that the mask names.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read(
        file: &File,
        length: u64,
        metadata: &ArrowReaderMetadata,
        group: usize,
        mask: &ProjectionMask,
    ) -> anyhow::Result<Self> {
        let mut ranges = Vec::new();
        for (leaf, chunk) in metadata.metadata().row_group(group).columns().iter().enumerate() {
            if mask.leaf_included(leaf) {
                let (start, bytes) = chunk.byte_range();
                let mut buffer = vec![0; usize::try_from(bytes)?];
                file.read_exact_at(&mut buffer, start)?;
                ranges.push((start, buffer.into()));
            }
        }
        Ok(Self { length, ranges })
    }

    fn slice(&self, start: u64, length: Option<usize>) -> Result<bytes::Bytes, ParquetError> {
        for (from, bytes) in &self.ranges {
            if let Some(offset) = start.checked_sub(*from).map(|offset| offset as usize)
                && offset < bytes.len()
            {
                let end = length.map_or(bytes.len(), |length| offset + length);
                return Ok(bytes.slice(offset..end));
            }
        }
        Err(ParquetError::General(format!("byte {start} was not read")))
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Chunks {
    type T = std::io::Cursor<bytes::Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(std::io::Cursor::new(self.slice(start, None)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<bytes::Bytes, ParquetError> {
        self.slice(start, Some(length))
    }
}
