//! The files of personal values: `personal/00000007.parquet` has those that entry 7 brought. What an entry erases
//! is listed beside them by its commitments, which say nothing of the values: as `00000009.erasing.parquet` until
//! all of it is gone, and as `00000009.erased.parquet` from then on.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::sync::Arc;

use arrow::array::{Array, AsArray, FixedSizeBinaryArray, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::Opened;
use crate::canon::{Hash, commitment};
use crate::disk::Temporary;
use crate::entries::What;
use crate::error::JournalError;
use crate::journal::Journal;
use crate::rows_read::guarded;
use crate::rows_write::RowsWriter;
use crate::shape::{self, internal};

/// What a file of the store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Values that an entry brought.
    Values,
    /// What an entry erases: some of it may still be there.
    Erasing,
    /// What an entry erased.
    Erased,
}

/// The name of an entry's file.
pub(crate) fn name(entry: u64, sort: Sort) -> String {
    let ending = match sort {
        Sort::Values => "",
        Sort::Erasing => ".erasing",
        Sort::Erased => ".erased",
    };
    format!("personal/{entry:08}{ending}.parquet")
}

/// What the name of a file in `personal/` says.
pub(crate) fn parsed(name: &str) -> Option<(u64, Sort)> {
    let stem = name.strip_suffix(".parquet")?;
    let (number, sort) = match stem.split_once('.') {
        None => (stem, Sort::Values),
        Some((number, "erasing")) => (number, Sort::Erasing),
        Some((number, "erased")) => (number, Sort::Erased),
        Some(_) => return None,
    };
    Some((number.parse().ok()?, sort))
}

/// The columns of a file of values.
pub(super) fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("commitment", DataType::FixedSizeBinary(32), false),
        Field::new("salt", DataType::FixedSizeBinary(32), false),
        Field::new("column", DataType::Utf8, false),
        Field::new("value", DataType::Utf8, false),
    ]))
}

/// The column of a list of what is erased.
fn list_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("commitment", DataType::FixedSizeBinary(32), false)]))
}

/// A list of what is erased, under a temporary name.
pub(super) fn list(journal: &Journal, gone: &BTreeSet<Hash>) -> Result<Temporary, JournalError> {
    let schema = list_schema();
    let mut writer = RowsWriter::new(&journal.disk, "personal", None, &schema)?;
    let array = FixedSizeBinaryArray::try_from_iter(gone.iter()).map_err(internal)?;
    writer.write(&RecordBatch::try_new(schema, vec![Arc::new(array)]).map_err(internal)?)?;
    writer.finish(None)
}

/// A column of 32 bytes of a file of the store.
pub(super) fn binary<'b>(
    batch: &'b RecordBatch,
    file: &str,
    column: &str,
) -> Result<&'b FixedSizeBinaryArray, JournalError> {
    let array = batch.column_by_name(column).and_then(|array| array.as_fixed_size_binary_opt());
    array.filter(|array| array.value_length() == 32).ok_or_else(|| {
        JournalError::damaged(
            format!("personal/{file}"),
            format!("không có cột {column} gồm 32 byte"),
            format!("it has no column {column} of 32 bytes"),
        )
    })
}

/// 32 bytes as a hash.
pub(super) fn hash(bytes: &[u8]) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(bytes);
    hash
}

/// The batches of a file of the store.
pub(super) fn batches(journal: &Journal, file: &str) -> Result<Vec<RecordBatch>, JournalError> {
    let path = journal.disk.path(&format!("personal/{file}"));
    let opened =
        File::open(&path).map_err(|error| JournalError::Io { path: path.display().to_string(), error })?;
    guarded(std::path::Path::new(&format!("personal/{file}")), || {
        let damaged = |error| JournalError::not_parquet(format!("personal/{file}"), error);
        let builder = ParquetRecordBatchReaderBuilder::try_new(opened).map_err(damaged)?;
        let reader = builder.build().map_err(damaged)?;
        let arrow = |error| JournalError::not_parquet(format!("personal/{file}"), error);
        reader.map(|batch| batch.map_err(arrow)).collect()
    })
}

/// A value of the store while its file is read.
pub(crate) struct Stored<'b> {
    /// Its commitment, as the file says.
    pub(crate) commitment: Hash,
    /// Its salt.
    pub(crate) salt: Hash,
    /// Its column.
    pub(crate) column: &'b str,
    /// The value.
    pub(crate) value: &'b str,
}

impl Stored<'_> {
    /// Whether salt and value open the commitment they are kept under.
    pub(crate) fn opens(&self) -> bool {
        commitment(&self.salt, self.value) == self.commitment
    }
}

/// Tells the values of a file.
pub(crate) fn each(
    journal: &Journal,
    file: &str,
    told: &mut dyn FnMut(&Stored<'_>),
) -> Result<(), JournalError> {
    for batch in batches(journal, file)? {
        let (commitments, salts) = (binary(&batch, file, "commitment")?, binary(&batch, file, "salt")?);
        let text = |column: &str| {
            shape::text(&batch, column)?.ok_or_else(|| {
                JournalError::damaged(
                    format!("personal/{file}"),
                    format!("không có cột {column}"),
                    format!("it has no column {column}"),
                )
            })
        };
        let (columns, values) = (text("column")?, text("value")?);
        for row in 0..batch.num_rows() {
            told(&Stored {
                commitment: hash(commitments.value(row)),
                salt: hash(salts.value(row)),
                column: columns.value(row),
                value: values.value(row),
            });
        }
    }
    Ok(())
}

/// The commitments of a list.
pub(crate) fn listed(journal: &Journal, file: &str) -> Result<HashSet<Hash>, JournalError> {
    let mut listed = HashSet::new();
    for batch in batches(journal, file)? {
        let array = binary(&batch, file, "commitment")?;
        listed.extend((0..array.len()).map(|row| hash(array.value(row))));
    }
    Ok(listed)
}

impl Journal {
    /// The names of the files of values that entries brought, without their folder. What a run that was killed before
    /// its commit left is none of them.
    pub(crate) fn stores(&self) -> Result<Vec<String>, JournalError> {
        let mut names = self.disk.list("personal")?;
        names.retain(|name| {
            parsed(name).is_some_and(|(entry, sort)| sort == Sort::Values && entry < self.head())
        });
        Ok(names)
    }

    /// What entries erase and what may still be there, by entry.
    pub(crate) fn pending(&self) -> Result<BTreeMap<u64, HashSet<Hash>>, JournalError> {
        let mut pending = BTreeMap::new();
        for file in self.disk.list("personal")? {
            let Some((entry, Sort::Erasing)) = parsed(&file) else { continue };
            if !self.entries.get(entry).is_some_and(|entry| matches!(entry.what, What::Erase(_))) {
                continue;
            }
            match listed(self, &file) {
                Ok(listed) => drop(pending.insert(entry, listed)),
                // Somebody has finished it meanwhile.
                Err(JournalError::Io { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(pending)
    }

    /// How many entries have erased personal values that may still be there: their run was stopped. Whoever next takes
    /// the lock ([`Journal::lock`]) erases the rest.
    ///
    /// # Errors
    /// When files cannot be read.
    pub fn pending_erasures(&self) -> Result<usize, JournalError> {
        Ok(self.pending()?.len())
    }

    /// Tells all values but those that an entry has erased.
    pub(super) fn each_personal(&self, told: &mut dyn FnMut(&Stored<'_>)) -> Result<(), JournalError> {
        // In this order: what is finished in between is gone from the files.
        let gone: HashSet<Hash> = self.pending()?.into_values().flatten().collect();
        for file in self.stores()? {
            each(self, &file, &mut |stored| {
                if !gone.contains(&stored.commitment) {
                    told(stored);
                }
            })?;
        }
        Ok(())
    }

    /// All personal values by their commitments.
    ///
    /// # Errors
    /// When files cannot be read.
    pub fn personal(&self) -> Result<HashMap<Hash, Opened>, JournalError> {
        let mut values = HashMap::new();
        self.each_personal(&mut |stored| {
            let opened = (stored.column.to_owned(), stored.salt, stored.value.to_owned());
            values.insert(stored.commitment, opened);
        })?;
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_file_is() {
        for sort in [Sort::Values, Sort::Erasing, Sort::Erased] {
            let name = name(7, sort);
            assert_eq!(parsed(name.strip_prefix("personal/").unwrap()), Some((7, sort)), "{name}");
        }
        for name in ["x.parquet", "00000007.gone.parquet", "00000007.csv", "7.erased.x.parquet"] {
            assert_eq!(parsed(name), None, "{name}");
        }
    }
}
