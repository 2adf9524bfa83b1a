//! Net rows in one pass and bounded memory: one bit for each version that was brought. For looks at all records
//! that are no sums, such as cross-checks.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Int64Type;
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_intake::day_companion;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::entries::What;
use crate::error::JournalError;
use crate::index::{KeyId, Slot};
use crate::journal::Journal;
use crate::layout::{number, rows_of};
use crate::rows_read::{damaged, fetch, guarded, until_damage};
use crate::shape::{self, ENTRY, OF_ENTRY, OF_ROW, ROW, internal};
use crate::view::Part;

/// Rows read at once: some thousand keep a batch's columns within the processor's caches.
const CHUNK: usize = 1 << 13;

/// Told of net rows of one namespace.
pub type Told<'a> = &'a mut dyn FnMut(Option<&str>, &RecordBatch) -> Result<(), JournalError>;

/// Live versions of some records.
#[derive(Clone, Debug)]
pub struct Live {
    /// Their rows, with the kind's columns.
    pub batch: RecordBatch,
    /// For each key asked for: its row in the batch and the namespace that owns it; nothing when it is not live.
    pub found: Vec<Option<(usize, Option<String>)>>,
}

/// One bit a row, grown as needed.
#[derive(Debug, Default)]
struct Marks(Vec<u64>);

impl Marks {
    fn set(&mut self, row: u64) {
        let word = (row / 64) as usize;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (row % 64);
    }

    fn get(&self, row: u64) -> bool {
        self.0.get((row / 64) as usize).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }
}

impl Journal {
    /// The net rows of a kind before entry `head`, in the order of their entries, with some of the kind's
    /// columns (those that a file has); each batch is of one namespace as of `head`.
    ///
    /// # Errors
    /// When files cannot be read, or `told` says so.
    pub fn each_net(
        &self,
        kind: &Kind,
        head: u64,
        columns: &BTreeSet<usize>,
        told: Told<'_>,
    ) -> Result<(), JournalError> {
        let parts = self.view(&kind.id, head)?;
        let mut gone: HashMap<i64, Marks> = HashMap::new();
        for part in parts.iter().filter(|part| part.back) {
            for batch in reader(part, &[OF_ENTRY, OF_ROW])? {
                let batch = within(batch?, part.entries)?;
                let (entries, rows) = (numbers(&batch, OF_ENTRY)?, numbers(&batch, OF_ROW)?);
                for (entry, row) in entries.iter().zip(rows) {
                    gone.entry(*entry).or_default().set(*row as u64);
                }
            }
        }
        let owners = self.owners(kind, head)?;
        let mut names: Vec<String> = Vec::new();
        for at in columns.iter().map(|at| &kind.columns[*at]).filter(|column| !column.personal) {
            names.push(at.id.clone());
            if at.ty == ColumnType::Moment {
                names.push(day_companion(&at.id));
            }
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for part in parts.iter().filter(|part| !part.back) {
            let mut row = 0_i64;
            for batch in reader(part, &names)? {
                let batch = batch?;
                let batch = if batch.column_by_name(ENTRY).is_some() {
                    within(batch, part.entries)?
                } else {
                    let start = row;
                    row += batch.num_rows() as i64;
                    self.own_rows(&part.path, batch, start)?
                };
                net_of(&batch, &gone, &owners, told)?;
            }
        }
        Ok(())
    }

    /// A batch of an entry's own file with the addresses that merged files have.
    fn own_rows(&self, path: &Path, batch: RecordBatch, start: i64) -> Result<RecordBatch, JournalError> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let entry: i64 = name.split('.').next().and_then(|number| number.parse().ok()).ok_or_else(|| {
            JournalError::damaged(name.clone(), "tên tệp không nêu mục sổ nào", "its name tells no entry")
        })?;
        let rows = batch.num_rows() as i64;
        let schema = shape::with_addresses(batch.schema_ref(), &[ENTRY, ROW]);
        let mut columns = batch.columns().to_vec();
        columns.push(std::sync::Arc::new(arrow::array::Int64Array::from(vec![entry; batch.num_rows()])));
        columns.push(std::sync::Arc::new(arrow::array::Int64Array::from_iter_values(start..start + rows)));
        RecordBatch::try_new(schema, columns).map_err(internal)
    }

    /// The namespace of every entry of a kind, after the transfers known before `head`.
    fn owners(&self, kind: &Kind, head: u64) -> Result<BTreeMap<i64, Option<String>>, JournalError> {
        let mut owners: BTreeMap<i64, Option<String>> = BTreeMap::new();
        for entry in self.entries.iter().take_while(|entry| entry.number < head) {
            if let What::Transfer(transfer) = &entry.what
                && transfer.kind == kind.id
            {
                for owner in owners.values_mut().filter(|owner| **owner == transfer.from) {
                    owner.clone_from(&transfer.to);
                }
            }
            if rows_of(entry, &kind.id).is_some() {
                let owner = entry.what.namespace().map(str::to_owned);
                owners.insert(number(entry.number)?.into(), owner);
            }
        }
        Ok(owners)
    }

    /// The live versions of many records at the head, through the index.
    ///
    /// # Errors
    /// When files cannot be read.
    pub fn live_of(&self, kind: &Kind, keys: &[&str]) -> Result<Live, JournalError> {
        let ids: Vec<KeyId> = keys.iter().map(|key| KeyId::of(key)).collect();
        let slots = self.index_as_it_is(kind)?.resolve(&ids)?;
        let owners = self.owners(kind, self.head())?;
        let open = (0..kind.columns.len()).filter(|at| !kind.columns[*at].personal).collect();
        let schema = shape::schema(kind, &open);
        let mut addresses = Vec::new();
        let mut found = Vec::new();
        for slot in slots {
            let live = slot.filter(|slot| slot.row != Slot::WITHDRAWN);
            found.push(live.map(|slot| {
                addresses.push((slot.entry, slot.row));
                (addresses.len() - 1, owners.get(&i64::from(slot.entry)).cloned().flatten())
            }));
        }
        let batch = if addresses.is_empty() {
            RecordBatch::new_empty(schema)
        } else {
            fetch(&self.disk, &self.layout(&kind.id, self.head())?, &addresses, &schema)?
        };
        Ok(Live { batch, found })
    }
}

/// Some columns of a part, and the addresses that it has.
fn reader(
    part: &Part,
    names: &[&str],
) -> Result<impl Iterator<Item = Result<RecordBatch, JournalError>> + use<>, JournalError> {
    let file = std::fs::File::open(&part.path)
        .map_err(|error| JournalError::Io { path: part.path.display().to_string(), error })?;
    let reader = guarded(&part.path, || {
        let damaged = |error| damaged(&part.path, error);
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(damaged)?;
        let fields = builder.schema().fields();
        let wanted = |name: &str| names.contains(&name) || name == ENTRY || name == ROW;
        let roots: Vec<usize> = (0..fields.len()).filter(|at| wanted(fields[*at].name())).collect();
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
        builder.with_projection(mask).with_batch_size(CHUNK).build().map_err(damaged)
    })?;
    Ok(until_damage(&part.path, reader))
}

fn numbers<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b [i64], JournalError> {
    let column = batch.column_by_name(name).and_then(|column| column.as_primitive_opt::<Int64Type>());
    column.map(|column| &column.values()[..]).ok_or_else(|| internal(format!("no column {name}")))
}

/// The rows of a merged file that lie in a range of entries.
fn within(batch: RecordBatch, entries: Option<(u32, u32)>) -> Result<RecordBatch, JournalError> {
    let Some((first, last)) = entries else { return Ok(batch) };
    let of = numbers(&batch, ENTRY)?;
    let kept: BooleanArray =
        of.iter().map(|entry| Some((i64::from(first)..=i64::from(last)).contains(entry))).collect();
    filter_record_batch(&batch, &kept).map_err(internal)
}

/// Tells the rows of a batch that were not taken back, cut where the namespace changes.
fn net_of(
    batch: &RecordBatch,
    gone: &HashMap<i64, Marks>,
    owners: &BTreeMap<i64, Option<String>>,
    told: Told<'_>,
) -> Result<(), JournalError> {
    let (entries, rows) = (numbers(batch, ENTRY)?, numbers(batch, ROW)?);
    let mut start = 0;
    while start < entries.len() {
        let owner = owners.get(&entries[start]).cloned().flatten();
        let mut end = start;
        let mut last = entries[start];
        while end < entries.len() {
            if entries[end] != last {
                if owners.get(&entries[end]).cloned().flatten() != owner {
                    break;
                }
                last = entries[end];
            }
            end += 1;
        }
        let run = batch.slice(start, end - start);
        let taken = |at: usize| {
            !gone.is_empty() && gone.get(&entries[at]).is_some_and(|marks| marks.get(rows[at] as u64))
        };
        let run = if (start..end).any(taken) {
            let kept: BooleanArray = (start..end).map(|at| Some(!taken(at))).collect();
            filter_record_batch(&run, &kept).map_err(internal)?
        } else {
            run
        };
        if run.num_rows() > 0 {
            told(owner.as_deref(), &run)?;
        }
        start = end;
    }
    Ok(())
}
