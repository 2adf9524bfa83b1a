//! Personal columns: values live apart from the rows, which carry commitments only. Erasing a value leaves every
//! digest, root and figure as it was.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, FixedSizeBinaryArray, FixedSizeBinaryBuilder, RecordBatch,
    StringArray,
};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use giaouoc_agreement::kind::Kind;
use jiff::Timestamp;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::canon::{Hash, commitment};
use crate::commit::Signed;
use crate::disk::Temporary;
use crate::entries::{Erase, What};
use crate::error::JournalError;
use crate::journal::Journal;
use crate::lock::Lock;
use crate::rows_read::entry_rows;
use crate::rows_write::RowsWriter;
use crate::shape::{self, commit_name, internal};

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

fn stored() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("commitment", DataType::FixedSizeBinary(32), false),
        Field::new("salt", DataType::FixedSizeBinary(32), false),
        Field::new("column", DataType::Utf8, false),
        Field::new("value", DataType::Utf8, false),
    ]))
}

fn binary<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b FixedSizeBinaryArray, JournalError> {
    let array = batch.column_by_name(name).and_then(|array| array.as_fixed_size_binary_opt());
    array.filter(|array| array.value_length() == 32).ok_or_else(|| JournalError::Damaged {
        path: "personal".to_owned(),
        detail: format!("no column {name} of 32 bytes"),
    })
}

fn hash(bytes: &[u8]) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(bytes);
    hash
}

/// The batches of a file of the store.
fn batches(journal: &Journal, name: &str) -> Result<Vec<RecordBatch>, JournalError> {
    let path = journal.disk.path(&format!("personal/{name}"));
    let damaged = |detail: String| JournalError::Damaged { path: format!("personal/{name}"), detail };
    let file =
        File::open(&path).map_err(|error| JournalError::Io { path: path.display().to_string(), error })?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.build());
    let reader = reader.map_err(|error| damaged(error.to_string()))?;
    reader.map(|batch| batch.map_err(|error| damaged(error.to_string()))).collect()
}

impl<'a> Sealing<'a> {
    pub(crate) fn new(journal: &Journal, salts: Salts<'a>) -> Result<Self, JournalError> {
        let mut known = HashMap::new();
        for name in journal.disk.list("personal")? {
            for batch in batches(journal, &name)? {
                let (commitments, salts) = (binary(&batch, "commitment")?, binary(&batch, "salt")?);
                for row in 0..batch.num_rows() {
                    known.insert(hash(commitments.value(row)), hash(salts.value(row)));
                }
            }
        }
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

    /// The file of the values that were sealed anew; nothing when there are none.
    pub(crate) fn write(self, journal: &Journal) -> Result<Option<Temporary>, JournalError> {
        if self.fresh.is_empty() {
            return Ok(None);
        }
        let schema = stored();
        let mut writer = RowsWriter::new(&journal.disk, "personal", &schema)?;
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

/// The name of the file of an entry's personal values.
pub(crate) fn own(entry: u64) -> String {
    format!("personal/{entry:08}.parquet")
}

/// A value of the store: its column, its salt and itself.
pub type Opened = (String, [u8; 32], String);

impl Journal {
    /// All personal values by their commitments.
    ///
    /// # Errors
    /// When files cannot be read.
    pub fn personal(&self) -> Result<HashMap<Hash, Opened>, JournalError> {
        let mut values = HashMap::new();
        for name in self.disk.list("personal")? {
            for batch in batches(self, &name)? {
                let (commitments, salts) = (binary(&batch, "commitment")?, binary(&batch, "salt")?);
                let text = |name: &str| {
                    shape::text(&batch, name)?.ok_or_else(|| internal(format!("no column {name}")))
                };
                let (columns, texts) = (text("column")?, text("value")?);
                for row in 0..batch.num_rows() {
                    let opened =
                        (columns.value(row).to_owned(), hash(salts.value(row)), texts.value(row).to_owned());
                    values.insert(hash(commitments.value(row)), opened);
                }
            }
        }
        Ok(values)
    }

    /// How many values of a file of the store do not have the commitment they are kept under.
    pub(crate) fn uncommitted(&self, name: &str) -> Result<u64, JournalError> {
        let mut wrong = 0;
        for batch in batches(self, name)? {
            let (commitments, salts) = (binary(&batch, "commitment")?, binary(&batch, "salt")?);
            let values = shape::text(&batch, "value")?.ok_or_else(|| internal("no column value"))?;
            for row in 0..batch.num_rows() {
                let real = commitment(&hash(salts.value(row)), values.value(row));
                wrong += u64::from(commitments.value(row) != real);
            }
        }
        Ok(wrong)
    }

    /// Erases the personal values of records, in all their versions, with their salts: what was committed to can
    /// then be learned from nothing that is kept. Digests, roots and figures stay as they are. Gives the entry
    /// and how many values were erased; nothing when there were none.
    ///
    /// # Errors
    /// When files cannot be read or written. Values that were erased by then stay erased.
    pub fn erase(
        &mut self,
        lock: &Lock,
        kind: &Kind,
        keys: &[String],
        signed: Signed,
        now: Timestamp,
    ) -> Result<Option<(u64, u64)>, JournalError> {
        self.refresh()?;
        let keys: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
        let gone = self.commitments(kind, &keys)?;
        let mut count = 0;
        for name in self.disk.list("personal")? {
            let all = batches(self, &name)?;
            let mut erased = 0;
            let mut writer = RowsWriter::new(&self.disk, "personal", &stored())?;
            for batch in all {
                let commitments = binary(&batch, "commitment")?;
                let kept: BooleanArray =
                    (0..batch.num_rows()).map(|row| Some(!gone.contains(commitments.value(row)))).collect();
                erased += (batch.num_rows() - kept.true_count()) as u64;
                writer.write(&filter_record_batch(&batch, &kept).map_err(internal)?)?;
            }
            if erased > 0 {
                self.disk.place(writer.finish(None)?, &format!("personal/{name}"))?;
                count += erased;
            }
        }
        if count == 0 {
            return Ok(None);
        }
        let entry = self.record(lock, What::Erase(Erase { kind: kind.id.clone(), count }), signed, now)?;
        Ok(Some((entry, count)))
    }

    /// The commitments in all versions of some records.
    fn commitments(&self, kind: &Kind, keys: &BTreeSet<&str>) -> Result<HashSet<Vec<u8>>, JournalError> {
        let layout = self.layout(&kind.id, self.head())?;
        let mut found = HashSet::new();
        for entry in self.entries_of(kind, self.head()).collect::<Vec<_>>() {
            for batch in entry_rows(&layout, crate::layout::number(entry)?, false, 1 << 16)? {
                let batch = batch?;
                let of = shape::keys(kind, &batch)?;
                for at in columns(kind) {
                    let Some(array) = batch.column_by_name(&commit_name(&kind.columns[at].id)) else {
                        continue;
                    };
                    let Some(array) = array.as_fixed_size_binary_opt() else { continue };
                    for row in
                        (0..of.len()).filter(|row| keys.contains(of.value(*row)) && array.is_valid(*row))
                    {
                        found.insert(array.value(row).to_vec());
                    }
                }
            }
        }
        Ok(found)
    }
}
