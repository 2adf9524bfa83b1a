//! Columns of a batch as the kind's columns, read tolerantly: what other programs write for the same thing
//! is taken, and anything else is refused by the column's name. `docs/kinds.md` has the Arrow forms.

use std::rc::Rc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int64Array, ListArray, PrimitiveArray, RecordBatch, StructArray,
};
use arrow::buffer::ScalarBuffer;
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt64Type,
};
use giaouoc_agreement::kind::{ColumnType, Kind};

use crate::bits::{Bits, either};
use crate::col::{Bare, Col, Data, Moments, Pauses, Run, Texts};
use crate::error::MeasureError;
use crate::run::Spare;

/// The name of the column that holds the days of moments of which only the day is known.
pub fn companion(column: &str) -> String {
    format!("{column}.day")
}

/// A column of the kind out of a batch. A column that the batch does not have is unknown in every row.
///
/// `spare` has buffers for what has to be widened.
pub(crate) fn column(
    kind: &Kind,
    at: usize,
    batch: &RecordBatch,
    spare: &mut Spare,
) -> Result<Col, MeasureError> {
    let Some(held) = kind.columns.get(at) else {
        return Ok(absent(&ColumnType::Flag, batch.num_rows()));
    };
    let binder = Binder { kind: &kind.id, column: &held.id };
    let array = batch.column_by_name(&held.id).filter(|array| *array.data_type() != DataType::Null);
    if held.ty == ColumnType::Moment {
        let name = companion(&held.id);
        let days = batch.column_by_name(&name).filter(|array| *array.data_type() != DataType::Null);
        let days = days.map(|days| Binder { column: &name, ..binder }.days(days)).transpose()?;
        return binder.moments(array, days, batch.num_rows());
    }
    let Some(array) = array else {
        return Ok(absent(&held.ty, batch.num_rows()));
    };
    match &held.ty {
        ColumnType::Text | ColumnType::Code(_) => binder.texts(array),
        ColumnType::Integer => binder.integers(array, spare),
        ColumnType::Flag => binder.flags(array),
        ColumnType::Date => binder.days(array),
        ColumnType::Intervals => binder.intervals(array),
        ColumnType::Changes => binder.changes(array),
        // Dealt with above.
        ColumnType::Moment => Ok(absent(&held.ty, batch.num_rows())),
    }
}

/// A column without any known value.
fn absent(ty: &ColumnType, rows: usize) -> Col {
    let data = match ty {
        ColumnType::Text | ColumnType::Code(_) => Data::Text(Texts::Same(Rc::from(""))),
        ColumnType::Integer => Data::Integer(Run::Same(0)),
        ColumnType::Flag => Data::Flag(Bits::none(rows)),
        ColumnType::Date => Data::Day(Run::Same(0)),
        ColumnType::Moment => Data::Moment(Moments { at: Run::Same(0), bare: None }),
        ColumnType::Intervals => {
            Data::Intervals(Rc::new(Pauses { offsets: vec![0; rows + 1], ..Pauses::default() }))
        }
        ColumnType::Changes => Data::Changes(Run::Same(0)),
    };
    Col { data, unknown: Some(Bits::all(rows)), failed: None }
}

#[derive(Clone, Copy)]
struct Binder<'a> {
    kind: &'a str,
    column: &'a str,
}

fn with_nulls(data: Data, array: &dyn Array) -> Col {
    Col { data, unknown: Bits::nulls(array.nulls()), failed: None }
}

impl Binder<'_> {
    fn wrong(&self, found: &DataType, vi: &str, en: &str) -> MeasureError {
        MeasureError::WrongType {
            kind: self.kind.to_owned(),
            column: self.column.to_owned(),
            found: found.to_string(),
            expected_vi: vi.to_owned(),
            expected_en: en.to_owned(),
        }
    }

    fn bad(&self, value: impl ToString) -> MeasureError {
        MeasureError::BadValue { column: self.column.to_owned(), value: value.to_string() }
    }

    /// Arrow's cast, a failure of which is a fault of the data.
    fn cast(&self, array: &ArrayRef, to: &DataType) -> Result<ArrayRef, MeasureError> {
        cast(array, to).map_err(|error| self.bad(error))
    }

    fn flags(&self, array: &ArrayRef) -> Result<Col, MeasureError> {
        let Some(array) = array.as_any().downcast_ref::<BooleanArray>() else {
            return Err(self.wrong(array.data_type(), "Boolean (đúng/sai)", "Boolean"));
        };
        let unknown = Bits::nulls(array.nulls());
        let mut yes = Bits::from_arrow(array.values());
        if let Some(unknown) = &unknown {
            yes = yes.without(unknown);
        }
        Ok(Col { data: Data::Flag(yes), unknown, failed: None })
    }

    fn integers(&self, array: &ArrayRef, spare: &mut Spare) -> Result<Col, MeasureError> {
        if let Some(narrow) = array.as_primitive_opt::<Int32Type>() {
            // Arrow's cast would test every value for whether it fits.
            let mut wide = spare.wide();
            wide.extend(narrow.values().iter().map(|value| i64::from(*value)));
            return Ok(with_nulls(Data::Integer(wide.into()), narrow));
        }
        if !array.data_type().is_integer() {
            return Err(self.wrong(array.data_type(), "số nguyên (Int64)", "an integer (Int64)"));
        }
        if let Some(wide) = array.as_primitive_opt::<UInt64Type>()
            && let Some(beyond) = wide.iter().flatten().find(|value| i64::try_from(*value).is_err())
        {
            return Err(self.bad(beyond));
        }
        let array = self.cast(array, &DataType::Int64)?;
        let array: &Int64Array = array.as_primitive::<Int64Type>();
        Ok(with_nulls(Data::Integer(Run::Shared(array.values().clone())), array))
    }

    fn days(&self, array: &ArrayRef) -> Result<Col, MeasureError> {
        let Some(array) = array.as_primitive_opt::<Date32Type>() else {
            return Err(self.wrong(array.data_type(), "ngày (Date32)", "a date (Date32)"));
        };
        Ok(with_nulls(Data::Day(Run::Shared(array.values().clone())), array))
    }

    /// Timestamps of any unit as µs.
    fn micros(&self, array: &ArrayRef) -> Result<ScalarBuffer<i64>, MeasureError> {
        let scaled = |times: i64| move |value: i64| value.checked_mul(times);
        match array.data_type() {
            DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => {
                Ok(array.as_primitive::<TimestampMicrosecondType>().values().clone())
            }
            DataType::Timestamp(TimeUnit::Second, Some(_)) => {
                self.scale(array.as_primitive::<TimestampSecondType>(), scaled(1_000_000))
            }
            DataType::Timestamp(TimeUnit::Millisecond, Some(_)) => {
                self.scale(array.as_primitive::<TimestampMillisecondType>(), scaled(1_000))
            }
            DataType::Timestamp(TimeUnit::Nanosecond, Some(_)) => {
                // Down, not towards 1970: an instant belongs to the microsecond in which it lies.
                self.scale(array.as_primitive::<TimestampNanosecondType>(), |value| {
                    Some(value.div_euclid(1_000))
                })
            }
            found => Err(self.wrong(
                found,
                "thời điểm có múi giờ (Timestamp, UTC); cột chỉ có ngày thì dùng Date32",
                "a timestamp with its zone (Timestamp, UTC); a column of bare days is Date32",
            )),
        }
    }

    fn scale<T: ArrowPrimitiveType<Native = i64>>(
        &self,
        array: &PrimitiveArray<T>,
        scale: impl Fn(i64) -> Option<i64>,
    ) -> Result<ScalarBuffer<i64>, MeasureError> {
        let mut values = Vec::with_capacity(array.len());
        for (row, value) in array.values().iter().enumerate() {
            match scale(*value) {
                Some(micros) => values.push(micros),
                None if array.is_null(row) => values.push(0),
                None => return Err(self.bad(value)),
            }
        }
        Ok(values.into())
    }

    fn moments(&self, array: Option<&ArrayRef>, days: Option<Col>, rows: usize) -> Result<Col, MeasureError> {
        let bare = |days: Col, only: Option<&Bits>| {
            let Data::Day(values) = days.data else { return None };
            let mut rows = days.unknown.map_or_else(|| Bits::all(rows), Bits::not);
            if let Some(only) = only {
                rows = rows.and(only);
            }
            Some(Bare { rows: rows.some()?, days: values })
        };
        let (at, unknown, bare) = match array {
            None => {
                let all = Bits::all(rows);
                let bare = days.and_then(|days| bare(days, None));
                (Run::Same(0), Some(all), bare)
            }
            Some(array) if *array.data_type() == DataType::Date32 => {
                let days = self.days(array)?;
                (Run::Same(0), Some(Bits::all(rows)), bare(days, None))
            }
            Some(array) => {
                let at = self.micros(array)?;
                let unknown = Bits::nulls(array.nulls());
                // Where both are given the instant says more.
                let bare = unknown.as_ref().and_then(|unknown| bare(days?, Some(unknown)));
                (Run::Shared(at), unknown, bare)
            }
        };
        let unknown = match (unknown, &bare) {
            (Some(unknown), Some(bare)) => unknown.without(&bare.rows).some(),
            (unknown, _) => unknown,
        };
        Ok(Col { data: Data::Moment(Moments { at, bare: bare.map(Rc::new) }), unknown, failed: None })
    }

    fn texts(&self, array: &ArrayRef) -> Result<Col, MeasureError> {
        let wrong = || self.wrong(array.data_type(), "văn bản (Utf8)", "text (Utf8, or a dictionary of it)");
        match array.data_type() {
            DataType::Utf8 => {
                Ok(with_nulls(Data::Text(Texts::Plain(array.as_string::<i32>().clone())), array))
            }
            DataType::LargeUtf8 | DataType::Utf8View => self.texts(&self.cast(array, &DataType::Utf8)?),
            DataType::Dictionary(key, value) if **key == DataType::Int32 && **value == DataType::Utf8 => {
                let list = array.as_dictionary::<Int32Type>();
                let values = list.values().as_string::<i32>();
                let keys = list.keys();
                // A position may also point at a null among the values.
                let hollow = (values.null_count() > 0).then(|| {
                    Bits::from_fn(keys.len(), |row| {
                        keys.is_valid(row)
                            && usize::try_from(keys.value(row)).is_ok_and(|key| values.is_null(key))
                    })
                });
                let texts = Texts::Listed { keys: keys.values().clone(), values: values.clone() };
                Ok(with_nulls(Data::Text(texts), keys).hide(hollow.and_then(Bits::some).as_ref()))
            }
            DataType::Dictionary(_, value)
                if matches!(**value, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) =>
            {
                let to = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
                self.texts(&self.cast(array, &to)?)
            }
            _ => Err(wrong()),
        }
    }

    /// A list of structs with 32-bit offsets.
    fn list(&self, array: &ArrayRef, vi: &str, en: &str) -> Result<(ListArray, StructArray), MeasureError> {
        let list = match array.data_type() {
            DataType::LargeList(item) => self.cast(array, &DataType::List(item.clone()))?,
            _ => array.clone(),
        };
        let list = list.as_list_opt::<i32>().ok_or_else(|| self.wrong(array.data_type(), vi, en))?;
        let items = list.values().as_struct_opt().ok_or_else(|| self.wrong(array.data_type(), vi, en))?;
        Ok((list.clone(), items.clone()))
    }

    fn intervals(&self, array: &ArrayRef) -> Result<Col, MeasureError> {
        let (vi, en) = ("danh sách khoảng {from, to}", "a list of intervals {from, to}");
        let (list, items) = self.list(array, vi, en)?;
        let field =
            |name: &str| items.column_by_name(name).ok_or_else(|| self.wrong(array.data_type(), vi, en));
        let (from, to) = (field("from")?, field("to")?);
        let (begins, ends) = (self.micros(from)?, self.micros(to)?);
        let mut pauses = Pauses { offsets: Vec::with_capacity(list.len() + 1), ..Pauses::default() };
        pauses.offsets.push(0);
        let mut broken = Bits::none(list.len());
        for row in 0..list.len() {
            if list.is_valid(row) {
                let offsets = list.value_offsets();
                for item in offsets[row] as usize..offsets[row + 1] as usize {
                    // A pause without a beginning is no pause: the row's list is not known.
                    if items.is_null(item) || from.is_null(item) {
                        broken.put(row, true);
                    }
                    pauses.from.push(begins[item]);
                    pauses.to.push(if to.is_null(item) { i64::MAX } else { ends[item] });
                }
            }
            let end = i32::try_from(pauses.from.len()).map_err(|error| self.bad(error))?;
            pauses.offsets.push(end);
        }
        let unknown = either(Bits::nulls(list.nulls()).as_ref(), broken.some().as_ref());
        Ok(Col { data: Data::Intervals(Rc::new(pauses)), unknown, failed: None })
    }

    fn changes(&self, array: &ArrayRef) -> Result<Col, MeasureError> {
        let (list, _) =
            self.list(array, "danh sách lần đổi hạn {at, new, why}", "a list of changes {at, new, why}")?;
        let counts: Vec<i64> =
            list.value_offsets().windows(2).map(|pair| i64::from(pair[1]) - i64::from(pair[0])).collect();
        Ok(with_nulls(Data::Changes(counts.into()), &list))
    }
}
