//! Parquet, written by any tool, batch by batch.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StructArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Decimal128Type, Decimal256Type, Field, Float16Type, Float32Type,
    Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use giaouoc_worktime::time::{Day, Instant, MICROS_PER_DAY};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::file::reader::ChunkReader;

use super::{Cell, Facts, Input, Names, Row, Source, guarded, nested, within};
use crate::errors::{FileError, LimitKind};
use crate::limits::Limits;

const BATCH: usize = 4096;

fn damaged(error: impl std::fmt::Display) -> FileError {
    FileError::damaged("Parquet", error)
}

type Batches = dyn Iterator<Item = Result<RecordBatch, FileError>>;
/// Opens the batches of some columns; of all when none are named.
type Start = dyn FnOnce(Option<Vec<usize>>) -> Result<Box<Batches>, FileError>;

/// Rows of a Parquet file.
pub(crate) struct Columnar {
    names: Vec<String>,
    unreadable: Vec<Option<String>>,
    /// Used up the first time a row is asked for.
    start: Option<Box<Start>>,
    batches: Option<Box<Batches>>,
    columns: Vec<(usize, ArrayRef)>,
    /// The columns wanted; all when absent.
    wanted: Option<Vec<usize>>,
    at: usize,
    rows: usize,
    number: u64,
    total_rows: u64,
    size: u64,
    limits: Limits,
}

impl Columnar {
    pub(crate) fn open(input: &Input<'_>, limits: &Limits) -> Result<Self, FileError> {
        let size = input.size()?;
        match input {
            Input::Path(path) => Self::of(File::open(path)?, size, limits),
            Input::Bytes { bytes, .. } => Self::of(bytes::Bytes::copy_from_slice(bytes), size, limits),
        }
    }

    fn of(reader: impl ChunkReader + 'static, size: u64, limits: &Limits) -> Result<Self, FileError> {
        // The schema that arrow writers add is used: without it their seconds and 64-bit dates are bare numbers.
        let options = ArrowReaderOptions::new();
        let metadata = guarded("Parquet", || ArrowReaderMetadata::load(&reader, options).map_err(damaged))?;
        let fields = metadata.schema().fields();
        if fields.len() > limits.columns {
            let limit = limits.columns as u64;
            return Err(FileError::Limit { what: LimitKind::Columns, limit, row: 0 });
        }
        let names = fields.iter().map(|field| field.name().clone()).collect();
        let unreadable = fields.iter().map(|field| unreadable(field.data_type())).collect();
        let file = metadata.metadata().file_metadata();
        let total_rows = u64::try_from(file.num_rows()).unwrap_or(0);
        for group in metadata.metadata().row_groups() {
            let bytes = u64::try_from(group.total_byte_size()).unwrap_or(u64::MAX);
            if bytes > limits.row_group_bytes {
                let limit = limits.row_group_bytes;
                return Err(FileError::Limit { what: LimitKind::RowGroup, limit, row: 0 });
            }
        }
        let start = move |wanted: Option<Vec<usize>>| {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(reader, metadata);
            let mask = match &wanted {
                Some(wanted) => ProjectionMask::roots(builder.parquet_schema(), wanted.iter().copied()),
                None => ProjectionMask::all(),
            };
            let reader = builder.with_projection(mask).with_batch_size(BATCH).build().map_err(damaged)?;
            Ok(Box::new(reader.map(|batch| batch.map_err(damaged))) as Box<Batches>)
        };
        Ok(Self {
            names,
            unreadable,
            start: Some(Box::new(start)),
            batches: None,
            columns: Vec::new(),
            wanted: None,
            at: 0,
            rows: 0,
            number: 0,
            total_rows,
            size,
            limits: limits.clone(),
        })
    }

    /// Loads the next batch; `false` when there is none.
    fn next_batch(&mut self) -> Result<bool, FileError> {
        if let Some(start) = self.start.take() {
            let wanted = self.wanted.clone();
            self.batches = Some(guarded("Parquet", || start(wanted))?);
        }
        let Some(batches) = &mut self.batches else { return Ok(false) };
        let Some(batch) = guarded("Parquet", || batches.next().transpose())? else { return Ok(false) };
        self.rows = batch.num_rows();
        self.at = 0;
        let arrays = batch.columns().iter().map(plain).collect::<Result<Vec<_>, _>>()?;
        self.columns = match &self.wanted {
            // Parquet gives the columns in the order of the file.
            Some(wanted) => wanted.iter().copied().zip(arrays).collect(),
            None => arrays.into_iter().enumerate().collect(),
        };
        Ok(true)
    }
}

impl Source for Columnar {
    fn next_row(&mut self, row: &mut Row) -> Result<bool, FileError> {
        while self.at == self.rows {
            if !self.next_batch()? {
                return Ok(false);
            }
        }
        self.number += 1;
        row.clear(self.number);
        // A batch of a damaged file may only show what it is when its values are looked at.
        guarded("Parquet", || {
            self.columns.iter().for_each(|(place, column)| put(row, *place, column, self.at));
            Ok(())
        })?;
        self.at += 1;
        within(row, &self.limits)?;
        Ok(true)
    }

    fn naming(&self) -> Names {
        Names::Known
    }

    fn names(&self) -> &[String] {
        &self.names
    }

    fn only(&mut self, columns: &[usize]) {
        let mut wanted = columns.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        self.wanted = Some(wanted);
    }

    fn unreadable(&self, column: usize) -> Option<String> {
        self.unreadable.get(column).cloned().flatten()
    }

    fn position(&self) -> u64 {
        let share = u128::from(self.size) * u128::from(self.number) / u128::from(self.total_rows.max(1));
        u64::try_from(share).unwrap_or(self.size)
    }

    fn facts(&self) -> Facts {
        Facts::default()
    }
}

/// A column in the plainest type that holds its values: dictionaries unpacked, large and view types as the
/// ordinary ones.
fn plain(column: &ArrayRef) -> Result<ArrayRef, FileError> {
    let ty = plain_type(column.data_type());
    if ty == *column.data_type() {
        return Ok(ArrayRef::clone(column));
    }
    let options = CastOptions { safe: false, ..CastOptions::default() };
    guarded("Parquet", || cast_with_options(column, &ty, &options).map_err(damaged))
}

fn plain_type(ty: &DataType) -> DataType {
    match ty {
        DataType::Dictionary(_, values) => plain_type(values),
        DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => DataType::Binary,
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            let plain = plain_type(item.data_type());
            DataType::List(Arc::new(item.as_ref().clone().with_data_type(plain)))
        }
        DataType::Struct(fields) => {
            let plain =
                |field: &Arc<Field>| field.as_ref().clone().with_data_type(plain_type(field.data_type()));
            DataType::Struct(fields.iter().map(plain).collect())
        }
        other => other.clone(),
    }
}

/// The name of a type whose values cannot be cells.
fn unreadable(ty: &DataType) -> Option<String> {
    let readable = match &plain_type(ty) {
        DataType::Struct(_) | DataType::Map(..) | DataType::Interval(_) | DataType::Duration(_) => false,
        DataType::List(item) => match item.data_type() {
            DataType::Struct(fields) => {
                let all = |names: &[&str]| fields.iter().all(|field| names.contains(&field.name().as_str()));
                all(&["from", "to"]) || all(&["at", "new", "why"])
            }
            DataType::Utf8 => true,
            _ => false,
        },
        _ => true,
    };
    (!readable).then(|| format!("{ty}").chars().take(80).collect())
}

/// One value of a column into a cell.
fn put(row: &mut Row, place: usize, column: &ArrayRef, at: usize) {
    if column.is_null(at) || *column.data_type() == DataType::Null {
        return row.set(place, Cell::Blank);
    }
    match column.data_type() {
        DataType::Utf8 => row.set(place, Cell::Text(column.as_string::<i32>().value(at))),
        // Old writers store text as bytes.
        DataType::Binary => match std::str::from_utf8(column.as_binary::<i32>().value(at)) {
            Ok(text) => row.set(place, Cell::Text(text)),
            Err(_) => row.set(place, Cell::Fault("bytes")),
        },
        DataType::Boolean => row.set(place, Cell::Flag(column.as_boolean().value(at))),
        DataType::Int8 => row.set_integer(place, column.as_primitive::<Int8Type>().value(at)),
        DataType::Int16 => row.set_integer(place, column.as_primitive::<Int16Type>().value(at)),
        DataType::Int32 => row.set_integer(place, column.as_primitive::<Int32Type>().value(at)),
        DataType::Int64 => row.set_integer(place, column.as_primitive::<Int64Type>().value(at)),
        DataType::UInt8 => row.set_integer(place, column.as_primitive::<UInt8Type>().value(at)),
        DataType::UInt16 => row.set_integer(place, column.as_primitive::<UInt16Type>().value(at)),
        DataType::UInt32 => row.set_integer(place, column.as_primitive::<UInt32Type>().value(at)),
        DataType::UInt64 => row.set_integer(place, column.as_primitive::<UInt64Type>().value(at)),
        DataType::Float16 => row.set_float(place, f64::from(column.as_primitive::<Float16Type>().value(at))),
        DataType::Float32 => {
            let number = column.as_primitive::<Float32Type>().value(at);
            // Shortest for 32 bits: 0.1 and not 0.10000000149.
            if number.is_finite() {
                row.set_integer(place, number)
            } else {
                row.set(place, Cell::Fault("NaN"))
            }
        }
        DataType::Float64 => row.set_float(place, column.as_primitive::<Float64Type>().value(at)),
        DataType::Decimal128(..) => {
            row.set_integer(place, column.as_primitive::<Decimal128Type>().value_as_string(at))
        }
        DataType::Decimal256(..) => {
            row.set_integer(place, column.as_primitive::<Decimal256Type>().value_as_string(at))
        }
        DataType::Date32 => put_day(row, place, i64::from(column.as_primitive::<Date32Type>().value(at))),
        DataType::Date64 => {
            let millis = column.as_primitive::<Date64Type>().value(at);
            put_day(row, place, millis.div_euclid(MICROS_PER_DAY / 1000));
        }
        DataType::Timestamp(_, zone) => match micros(column, at) {
            Some(micros) => put_time(row, place, micros, zone.is_some()),
            None => row.set(place, Cell::Fault("timestamp")),
        },
        DataType::List(_) => {
            let items = column.as_list::<i32>().value(at);
            match list(&items) {
                Some(text) => row.set(place, Cell::Text(&text)),
                None => row.set(place, Cell::Fault("list")),
            }
        }
        _ => row.set(place, Cell::Fault("type")),
    }
}

fn put_day(row: &mut Row, place: usize, days: i64) {
    match i32::try_from(days).ok().and_then(|days| Day::checked(days).ok()) {
        Some(day) => row.set(place, Cell::Day(day)),
        None => row.set(place, Cell::Fault("date")),
    }
}

fn put_time(row: &mut Row, place: usize, micros: i64, in_utc: bool) {
    let cell = if in_utc {
        Instant::checked(micros).ok().map(Cell::Instant)
    } else {
        let days = i32::try_from(micros.div_euclid(MICROS_PER_DAY)).ok();
        let day = days.and_then(|days| Day::checked(days).ok());
        day.map(|day| Cell::Local(day, micros.rem_euclid(MICROS_PER_DAY)))
    };
    row.set(place, cell.unwrap_or(Cell::Fault("timestamp")));
}

/// A timestamp of any unit in microseconds; finer fractions are cut off.
fn micros(column: &dyn Array, at: usize) -> Option<i64> {
    let DataType::Timestamp(unit, _) = column.data_type() else { return None };
    match unit {
        TimeUnit::Second => column.as_primitive::<TimestampSecondType>().value(at).checked_mul(1_000_000),
        TimeUnit::Millisecond => {
            column.as_primitive::<TimestampMillisecondType>().value(at).checked_mul(1000)
        }
        TimeUnit::Microsecond => Some(column.as_primitive::<TimestampMicrosecondType>().value(at)),
        TimeUnit::Nanosecond => {
            Some(column.as_primitive::<TimestampNanosecondType>().value(at).div_euclid(1000))
        }
    }
}

/// The text form of a list of pauses or changes.
fn list(items: &ArrayRef) -> Option<String> {
    let mut text = String::new();
    if let Some(strings) = items.as_string_opt::<i32>() {
        for at in 0..strings.len() {
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(strings.is_valid(at).then(|| strings.value(at))?);
        }
        return Some(text);
    }
    let items = items.as_struct_opt()?;
    for at in 0..items.len() {
        if items.is_null(at) {
            return None;
        }
        let part = |name: &str| part(items, name, at);
        if items.column_by_name("from").is_some() {
            nested::interval(&mut text, &part("from")?, &part("to")?);
        } else {
            nested::change(&mut text, &part("at")?, &part("new")?, &part("why")?);
        }
    }
    Some(text)
}

/// One field of a list's item as text; blank when it is absent.
fn part(items: &StructArray, name: &str, at: usize) -> Option<String> {
    let Some(column) = items.column_by_name(name) else { return Some(String::new()) };
    let mut row = Row::default();
    if matches!(column.data_type(), DataType::List(_)) {
        return None;
    }
    put(&mut row, 0, column, at);
    match row.cell(0) {
        Cell::Fault(_) => None,
        cell => Some(cell.text().into_owned()),
    }
}
