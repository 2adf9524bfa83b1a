//! Canonical rows: the bytes of a record's version, its digest, and the leaf of a row. `docs/journal.md` fixes
//! them for all time, and `tests/vectors.json` has worked values that `scripts/journal-vectors.py` computes on
//! its own.

mod columns;

use arrow::array::RecordBatch;
use giaouoc_agreement::kind::Kind;
use sha2::{Digest, Sha256};

use crate::error::JournalError;
use crate::sha;
use columns::Column;

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// The first byte of content bytes: the form described in `docs/journal.md`.
const FORM: u8 = 0x01;

/// Content bytes and digests of the versions of a kind's records.
pub struct Canon<'a> {
    kind: &'a Kind,
    /// What all contents of the kind begin with.
    start: Vec<u8>,
}

impl<'a> Canon<'a> {
    /// For records of a kind.
    pub fn new(kind: &'a Kind) -> Self {
        let mut start = vec![FORM];
        text(&mut start, &kind.id);
        Self { kind, start }
    }

    /// Appends the content digest of each row of a batch in the Arrow form of `docs/kinds.md`. Columns are found
    /// by name, and one that the batch does not have is unknown in every row; texts may be plain or a
    /// dictionary. A personal column ID stands there as its commitments, `ID.commit` (FixedSizeBinary(32)).
    /// Other columns of the batch are passed over.
    ///
    /// # Errors
    /// [`JournalError::Internal`] when a column is of another type than the kind's, a moment is both an instant
    /// and a day, a list holds a null, or a personal column stands there in clear.
    pub fn digests(&self, batch: &RecordBatch, out: &mut Vec<Hash>) -> Result<(), JournalError> {
        let columns = columns::bind(self.kind, batch)?;
        out.reserve(batch.num_rows());
        let mut bytes = Vec::with_capacity(512);
        for row in 0..batch.num_rows() {
            bytes.clear();
            self.write(&columns, row, &mut bytes)?;
            out.push(sha::of_buffer(&mut bytes));
        }
        Ok(())
    }

    /// The content bytes of one row, for those who look into a digest.
    ///
    /// # Errors
    /// As [`Canon::digests`], and when the batch does not have the row.
    pub fn content(&self, batch: &RecordBatch, row: usize) -> Result<Vec<u8>, JournalError> {
        if row >= batch.num_rows() {
            let detail = format!("row {row} of a batch of {}", batch.num_rows());
            return Err(JournalError::Internal { detail });
        }
        let columns = columns::bind(self.kind, batch)?;
        let mut bytes = Vec::new();
        self.write(&columns, row, &mut bytes)?;
        Ok(bytes)
    }

    fn write(&self, columns: &[Column<'_>], row: usize, bytes: &mut Vec<u8>) -> Result<(), JournalError> {
        bytes.extend_from_slice(&self.start);
        columns.iter().try_for_each(|column| column.write(row, bytes))
    }
}

/// What a row of an entry does with a version of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It brings the version: weight +1.
    Brought,
    /// It takes the version back: weight −1.
    TakenBack {
        /// The entry that brought it.
        entry: u64,
        /// The row of that entry, from 0.
        row: u64,
    },
}

/// The leaf of a row in its entry's Merkle tree, from the content digest of the row's version.
pub fn leaf(change: Change, digest: &Hash) -> Hash {
    // 0x00 keeps leaves apart from inner nodes (RFC 6962, 2.1).
    match change {
        Change::Brought => {
            let mut bytes = [0; 34];
            bytes[1] = 0x01;
            bytes[2..].copy_from_slice(digest);
            sha::of_short(&bytes)
        }
        Change::TakenBack { entry, row } => {
            let mut bytes = [0; 50];
            bytes[1] = 0xff;
            bytes[2..10].copy_from_slice(&entry.to_be_bytes());
            bytes[10..18].copy_from_slice(&row.to_be_bytes());
            bytes[18..].copy_from_slice(digest);
            sha::of_short(&bytes)
        }
    }
}

/// The commitment that stands in a row for a personal value. Without the salt it tells nothing about the value.
pub fn commitment(salt: &[u8; 32], value: &str) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0x02]);
    hasher.update(salt);
    hasher.update(value);
    hasher.finalize().into()
}

pub(crate) fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// LEB128, unsigned.
#[inline]
fn varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

#[inline]
fn text(bytes: &mut Vec<u8>, text: &str) {
    varint(bytes, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_varint_has_seven_bits_a_byte_least_first() {
        for (value, expected) in [
            (0, &[0][..]),
            (127, &[127]),
            (128, &[0x80, 1]),
            (300, &[0xac, 2]),
            (u64::MAX, &[255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
        ] {
            let mut bytes = Vec::new();
            varint(&mut bytes, value);
            assert_eq!(bytes, expected, "{value}");
        }
    }
}
