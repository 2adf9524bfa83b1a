//! One record out of the sources, as the row evaluator takes it: for `explain --record KEY`.

use arrow::array::{Array, AsArray, ListArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType};
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::value::{Change, Value};
use giaouoc_worktime::{Day, Instant, Moment};

use crate::bind::column;
use crate::col::{Col, Data};
use crate::error::MeasureError;
use crate::run::Spare;
use crate::scan::{Opened, Records, Source, weights};

/// A version of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which source, in the order given.
    pub source: usize,
    /// Its row in the source, counted from 0.
    pub row: u64,
    /// +1, or −1 for a retraction in a change log.
    pub weight: i8,
    /// A value for each column of the kind. Personal columns are not read.
    pub values: Vec<Value>,
}

/// All versions of a record, in the order of the sources.
///
/// # Errors
/// A file that cannot be read; a column of a wrong type.
pub fn find(kind: &Kind, sources: &[Source], key: &str) -> Result<Vec<Found>, MeasureError> {
    let mut found = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        let mut rows = 0_u64;
        match &source.records {
            Records::Batches(batches) => {
                for batch in batches {
                    for row in places(kind, batch, key)? {
                        found.push(version(
                            kind,
                            batch,
                            row,
                            at,
                            rows + row as u64,
                            source.weight.as_deref(),
                        )?);
                    }
                    rows += batch.num_rows() as u64;
                }
            }
            Records::Parquet(path) => {
                let weight = source.weight.as_deref();
                let keys = Opened::new(path, kind, &[kind.key], &[])?;
                let open: Vec<usize> =
                    (0..kind.columns.len()).filter(|at| !kind.columns[*at].personal).collect();
                let whole = Opened::new(path, kind, &open, &weight.into_iter().collect::<Vec<_>>())?;
                for group in 0..keys.groups() {
                    let mut before = 0_usize;
                    let reader = keys.group(group, &[])?.with_batch_size(8192).build();
                    for batch in reader.map_err(|error| keys.fault(error))? {
                        let batch = batch.map_err(|error| keys.fault(error))?;
                        for row in places(kind, &batch, key)? {
                            let place = before + row;
                            let one = whole.group(group, &[])?.with_offset(place).with_limit(1).build();
                            for batch in one.map_err(|error| whole.fault(error))? {
                                let batch = batch.map_err(|error| whole.fault(error))?;
                                found.push(version(kind, &batch, 0, at, rows + place as u64, weight)?);
                            }
                        }
                        before += batch.num_rows();
                    }
                    rows += before as u64;
                }
            }
        }
    }
    Ok(found)
}

/// The rows of a batch that have the key.
fn places(kind: &Kind, batch: &RecordBatch, key: &str) -> Result<Vec<usize>, MeasureError> {
    let col = column(kind, kind.key, batch, &mut Spare::default())?;
    Ok((0..batch.num_rows())
        .filter(|row| !col.is_unknown(*row))
        .filter(|row| match &col.data {
            Data::Text(texts) => texts.get(*row) == key,
            Data::Integer(run) => run.get(*row).to_string() == key,
            _ => false,
        })
        .collect())
}

fn version(
    kind: &Kind,
    batch: &RecordBatch,
    row: usize,
    source: usize,
    place: u64,
    weight: Option<&str>,
) -> Result<Found, MeasureError> {
    let batch = batch.slice(row, 1);
    let weight = weights(&batch, weight)?.map_or(1, |weights| weights[0]);
    Ok(Found { source, row: place, weight, values: values(kind, &batch, 0)? })
}

/// A row of a batch as values, one for each column of the kind. Personal columns stay unknown.
///
/// # Errors
/// A column of a wrong type.
pub fn values(kind: &Kind, batch: &RecordBatch, row: usize) -> Result<Vec<Value>, MeasureError> {
    let batch = batch.slice(row, 1);
    (0..kind.columns.len())
        .map(|at| {
            let held = &kind.columns[at];
            if held.personal {
                return Ok(Value::Unknown);
            }
            let col = column(kind, at, &batch, &mut Spare::default())?;
            Ok(match held.ty {
                ColumnType::Changes if !col.is_unknown(0) => changes(&batch, &held.id),
                _ => value(&col),
            })
        })
        .collect()
}

/// The first row's value.
fn value(col: &Col) -> Value {
    if col.is_unknown(0) {
        return Value::Unknown;
    }
    match &col.data {
        Data::Flag(bits) => Value::Flag(bits.get(0)),
        Data::Integer(run) => Value::Integer(run.get(0)),
        Data::Day(run) => Value::Day(Day(run.get(0))),
        Data::Moment(moments) => Value::Moment(match &moments.bare {
            Some(bare) if bare.rows.get(0) => Moment::Day(Day(bare.days.get(0))),
            _ => Moment::Instant(Instant(moments.at.get(0))),
        }),
        Data::Text(texts) => Value::Text(texts.get(0).to_owned()),
        Data::Intervals(pauses) => Value::Intervals(
            pauses
                .from
                .iter()
                .zip(&pauses.to)
                .map(|(from, to)| (Instant(*from), (*to < i64::MAX).then_some(Instant(*to))))
                .collect(),
        ),
        // Only how many there are is kept; see `changes`.
        Data::Changes(_) => Value::Unknown,
    }
}

/// The changes of the first row; a change without its times is left out.
fn changes(batch: &RecordBatch, name: &str) -> Value {
    let list = || -> Option<ListArray> {
        let array = batch.column_by_name(name)?;
        let list = match array.data_type() {
            DataType::LargeList(item) => cast(array, &DataType::List(item.clone())).ok()?,
            _ => array.clone(),
        };
        list.as_list_opt::<i32>().cloned()
    };
    let Some(list) = list().filter(|list| list.is_valid(0)) else { return Value::Unknown };
    let items = list.value(0);
    let Some(items) = items.as_struct_opt() else { return Value::Unknown };
    let micros = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let times = |name: &str| {
        let array = cast(items.column_by_name(name)?, &micros).ok()?;
        Some(array.as_primitive_opt::<TimestampMicrosecondType>()?.clone())
    };
    let why = items.column_by_name("why").and_then(|why| cast(why, &DataType::Utf8).ok());
    let (Some(at), Some(new)) = (times("at"), times("new")) else { return Value::Unknown };
    Value::Changes(
        (0..items.len())
            .filter(|item| at.is_valid(*item) && new.is_valid(*item))
            .map(|item| Change {
                at: Instant(at.value(item)),
                new: Instant(new.value(item)),
                why: why
                    .as_ref()
                    .and_then(|why| why.as_string_opt::<i32>())
                    .filter(|why| why.is_valid(item))
                    .map_or_else(String::new, |why| why.value(item).to_owned()),
            })
            .collect(),
    )
}
