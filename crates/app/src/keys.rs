//! Keys across the files of a kind. Within one file intake sees doubled keys; a record that stands in two
//! files would count twice, so `load` refuses it and `check` names it. (Corrections of loaded records come
//! with the journal.)

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::fs::File;
use std::hash::{Hash, Hasher};

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, SchemaRef};
use giaouoc_agreement::bundle::RecordFile;
use giaouoc_agreement::kind::Kind;
use giaouoc_intake::{FileError, Reject, Sink};
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

    /// Adds a file of the bundle; says which of its keys an earlier file of the same supplier holds.
    pub fn add_file(&mut self, loaded: &Loaded, at: usize, kind: &'static Kind) -> Outcome<Doubled> {
        let file = &loaded.bundle.records[at];
        let mut doubled = Doubled::default();
        each_key(loaded, file, kind, &mut |key| self.add(key, at, &mut doubled))?;
        Ok(doubled)
    }

    /// The keys of all files of a kind that one supplier sent.
    pub fn of(loaded: &Loaded, kind: &'static Kind, supplier: Option<usize>) -> Outcome<Self> {
        let mut keys = Self::default();
        for (at, file) in loaded.bundle.records.iter().enumerate() {
            if file.kind == kind.id && file.supplier == supplier {
                keys.add_file(loaded, at, kind)?;
            }
        }
        Ok(keys)
    }
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

/// Passes rows on and compares their keys with those of the bundle.
pub struct Compare<'a, S> {
    /// Where rows go.
    pub inner: S,
    /// The kind's key column.
    pub id: &'a str,
    /// Keys of the bundle, and of the files loaded in this run.
    pub keys: &'a mut Keys,
    /// The index that this file will have.
    pub file: usize,
    /// What was found.
    pub doubled: Doubled,
}

impl<S: Sink> Sink for Compare<'_, S> {
    fn begin(&mut self, schema: &SchemaRef, headers: &[String]) -> Result<(), FileError> {
        self.inner.begin(schema, headers)
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        let (keys, doubled, file) = (&mut *self.keys, &mut self.doubled, self.file);
        keys_of(batch, self.id, &mut |key| keys.add(key, file, doubled));
        self.inner.batch(batch)
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), FileError> {
        self.inner.reject(reject)
    }

    fn progress(&mut self, done: u64, total: u64) {
        self.inner.progress(done, total);
    }
}
