//! Keys across files placed by hand. Within one file intake sees doubled keys; of a record that stands in two
//! files the later one counts, as it does in a journal, and `check` names it.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::hash::{Hash, Hasher};

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use giaouoc_agreement::bundle::RecordFile;
use giaouoc_agreement::kind::Kind;
use giaouoc_intake::{FileError, Sink};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::bundle::Loaded;
use crate::fault::{Fault, Outcome};
use crate::records::{take, written_by_us};

/// Which file of the bundle holds a key, by the key's hash: 64 bits make a false match among ten million
/// keys less likely than one in a hundred thousand.
#[derive(Debug, Default)]
pub struct Keys(HashMap<u64, usize>);

/// A key that stands in two files.
#[derive(Debug)]
pub struct Twice {
    /// The key.
    pub key: String,
    /// Index of the earlier file among the bundle's record files.
    pub earlier: usize,
}

/// Examples kept of doubled keys.
const SHOWN: usize = 3;

/// Doubled keys of one file against earlier ones.
#[derive(Debug, Default)]
pub struct Doubled {
    /// How many.
    pub count: u64,
    /// The first ones.
    pub examples: Vec<Twice>,
}

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

impl Keys {
    fn add(&mut self, key: &str, file: usize, doubled: &mut Doubled) {
        match self.0.get(&hash(key)) {
            Some(earlier) if *earlier != file => {
                doubled.count += 1;
                if doubled.examples.len() < SHOWN {
                    doubled.examples.push(Twice { key: key.to_owned(), earlier: *earlier });
                }
            }
            _ => {
                self.0.insert(hash(key), file);
            }
        }
    }

    /// Adds a file of the bundle; says which of its keys an earlier file holds.
    pub fn add_file(&mut self, loaded: &Loaded, at: usize, kind: &'static Kind) -> Outcome<Doubled> {
        let file = &loaded.bundle.records[at];
        let mut doubled = Doubled::default();
        each_key(loaded, file, kind, &mut |key| self.add(key, at, &mut doubled))?;
        Ok(doubled)
    }
}

/// Whether a record of some kind stands in two of the bundle's files, whoever supplied them.
pub fn any_doubled(loaded: &Loaded) -> Outcome<bool> {
    let files = &loaded.bundle.records;
    let mut known: BTreeMap<&str, Keys> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        if files.iter().filter(|other| other.kind == file.kind).count() < 2 {
            continue;
        }
        let kind = crate::bundle::kind(&file.kind)?;
        if known.entry(&file.kind).or_default().add_file(loaded, at, kind)?.count > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn each_key(loaded: &Loaded, file: &RecordFile, kind: &'static Kind, told: &mut dyn FnMut(&str)) -> Outcome {
    let path = loaded.opened.dir.join(&file.path);
    let id = &kind.columns[kind.key].id;
    if file.map.is_some() || written_by_us(&path, kind)?.is_none() {
        take(loaded, file, kind, &mut Watch { id, told })?;
        return Ok(());
    }
    let broken = |error: &dyn std::fmt::Display| {
        Fault::input(
            format!("{}: tệp hỏng: {error}", file.path),
            format!("{}: damaged file: {error}", file.path),
        )
    };
    let handle = File::open(&path).map_err(|error| Fault::io(&path, &error))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(handle).map_err(|error| broken(&error))?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), [id.as_str()]);
    for batch in builder.with_projection(mask).build().map_err(|error| broken(&error))? {
        keys_of(&batch.map_err(|error| broken(&error))?, id, told);
    }
    Ok(())
}

fn keys_of(batch: &RecordBatch, id: &str, told: &mut dyn FnMut(&str)) {
    let Some(column) = batch.column_by_name(id) else { return };
    // Text in whatever form it came: plain or as a dictionary.
    let Ok(text) = cast(column, &DataType::Utf8) else { return };
    let text: &StringArray = text.as_string();
    for row in 0..text.len() {
        if text.is_valid(row) {
            told(text.value(row));
        }
    }
}

struct Watch<'a> {
    id: &'a str,
    told: &'a mut dyn FnMut(&str),
}

impl Sink for Watch<'_> {
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        keys_of(batch, self.id, self.told);
        Ok(())
    }
}
