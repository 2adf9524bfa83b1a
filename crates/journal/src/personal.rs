//! Personal columns: values live apart from the rows, which carry commitments only. Erasing a value leaves every
//! digest, root and figure as it was.

mod erase;
mod store;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, FixedSizeBinaryArray, FixedSizeBinaryBuilder, RecordBatch, StringArray,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use giaouoc_agreement::kind::Kind;

use crate::canon::{Hash, commitment};
use crate::disk::Temporary;
use crate::error::JournalError;
use crate::journal::Journal;
use crate::rows_write::RowsWriter;
use crate::shape::{self, commit_name, internal};
pub use erase::Erased;
use store::hash;
pub(crate) use store::{Sort, each, listed, name, parsed};

/// Where salts come from: 32 random bytes a call. Randomness is the caller's.
#[derive(Clone, Copy)]
pub struct Salts<'a>(pub &'a (dyn Fn() -> Result<[u8; 32], JournalError> + Sync));

impl std::fmt::Debug for Salts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salts")
    }
}

/// A personal value with what makes its commitment.
struct Sealed {
    commitment: Hash,
    salt: [u8; 32],
    column: String,
    value: String,
}

/// Turns personal values into commitments and keeps them for the store.
pub(crate) struct Sealing<'a> {
    salts: Salts<'a>,
    /// Salts of the values in the store: a value that is as it was keeps its commitment.
    known: HashMap<Hash, [u8; 32]>,
    fresh: Vec<Sealed>,
}

/// The personal columns of a kind, by index.
pub(crate) fn columns(kind: &Kind) -> impl Iterator<Item = usize> + '_ {
    (0..kind.columns.len()).filter(|at| kind.columns[*at].personal)
}

/// Whether a schema holds personal values in clear.
pub(crate) fn in_clear(kind: &Kind, schema: &Schema) -> bool {
    columns(kind).any(|at| schema.column_with_name(&kind.columns[at].id).is_some())
}

/// Tells the commitments of a batch: the place of the column in its kind, the row, and 32 bytes.
pub(crate) fn each_commitment(kind: &Kind, batch: &RecordBatch, told: &mut dyn FnMut(usize, usize, &[u8])) {
    for at in columns(kind) {
        let array = batch.column_by_name(&commit_name(&kind.columns[at].id));
        let array = array.and_then(|array| array.as_fixed_size_binary_opt());
        let Some(array) = array.filter(|array| array.value_length() == 32) else { continue };
        for row in (0..array.len()).filter(|row| array.is_valid(*row)) {
            told(at, row, array.value(row));
        }
    }
}

impl<'a> Sealing<'a> {
    pub(crate) fn new(journal: &Journal, salts: Salts<'a>) -> Result<Self, JournalError> {
        let mut known = HashMap::new();
        journal.each_personal(&mut |stored| {
            known.insert(stored.commitment, stored.salt);
        })?;
        Ok(Self { salts, known, fresh: Vec::new() })
    }

    /// A batch with commitments in the place of personal values. `old` are the live versions of its rows, with
    /// their commitments: where a value is as it was, so is its commitment.
    pub(crate) fn seal(
        &mut self,
        kind: &Kind,
        batch: &RecordBatch,
        old: Option<&RecordBatch>,
    ) -> Result<RecordBatch, JournalError> {
        let mut fields: Vec<Arc<Field>> = Vec::new();
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
            if kind.column(field.name()).is_none_or(|at| !kind.columns[at].personal) {
                fields.push(Arc::clone(field));
                arrays.push(ArrayRef::clone(array));
            }
        }
        for at in columns(kind) {
            let id = &kind.columns[at].id;
            let Some(values) = shape::text(batch, id)? else { continue };
            let name = commit_name(id);
            let before = old
                .and_then(|old| old.column_by_name(&name))
                .and_then(|array| array.as_fixed_size_binary_opt());
            let mut commitments = FixedSizeBinaryBuilder::with_capacity(values.len(), 32);
            for row in 0..values.len() {
                if values.is_null(row) {
                    commitments.append_null();
                    continue;
                }
                let value = values.value(row);
                let before =
                    before.filter(|before| before.is_valid(row)).map(|before| hash(before.value(row)));
                let same = before.filter(|before| {
                    self.known.get(before).is_some_and(|salt| commitment(salt, value) == *before)
                });
                let committed = match same {
                    Some(same) => same,
                    None => self.draw(id, value)?,
                };
                commitments.append_value(committed).map_err(internal)?;
            }
            fields.push(Arc::new(Field::new(name, DataType::FixedSizeBinary(32), true)));
            arrays.push(Arc::new(commitments.finish()));
        }
        let schema = Arc::new(Schema::new_with_metadata(fields, batch.schema().metadata().clone()));
        RecordBatch::try_new(schema, arrays).map_err(internal)
    }

    fn draw(&mut self, column: &str, value: &str) -> Result<Hash, JournalError> {
        let salt = (self.salts.0)()?;
        let commitment = commitment(&salt, value);
        self.fresh.push(Sealed { commitment, salt, column: column.to_owned(), value: value.to_owned() });
        Ok(commitment)
    }

    /// Forgets values that were sealed anew and whose rows were not taken after all.
    pub(crate) fn forget(&mut self, commitments: &HashSet<Hash>) {
        self.fresh.retain(|sealed| !commitments.contains(&sealed.commitment));
    }

    /// The file of the values that were sealed anew; nothing when there are none.
    pub(crate) fn write(self, journal: &Journal) -> Result<Option<Temporary>, JournalError> {
        if self.fresh.is_empty() {
            return Ok(None);
        }
        let schema = store::schema();
        let mut writer = RowsWriter::new(&journal.disk, "personal", None, &schema)?;
        for part in self.fresh.chunks(1 << 16) {
            let bytes = |pick: fn(&Sealed) -> &[u8; 32]| -> Result<ArrayRef, JournalError> {
                let array = FixedSizeBinaryArray::try_from_iter(part.iter().map(pick)).map_err(internal)?;
                Ok(Arc::new(array))
            };
            let text = |pick: fn(&Sealed) -> &str| -> ArrayRef {
                Arc::new(StringArray::from_iter_values(part.iter().map(pick)))
            };
            let columns = vec![
                bytes(|sealed| &sealed.commitment)?,
                bytes(|sealed| &sealed.salt)?,
                text(|sealed| &sealed.column),
                text(|sealed| &sealed.value),
            ];
            writer.write(&RecordBatch::try_new(SchemaRef::clone(&schema), columns).map_err(internal)?)?;
        }
        writer.finish(None).map(Some)
    }
}

/// A value of the store: its column, its salt and itself.
pub type Opened = (String, [u8; 32], String);
