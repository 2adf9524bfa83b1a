//! The columns of a batch as the kind's columns, and their values as canonical bytes.

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, FixedSizeBinaryArray, Int32Array, Int64Array,
    ListArray, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_intake::day_companion;

use super::{text, varint};
use crate::error::JournalError;

/// The name of the column that holds the commitments of a personal column.
fn commit_companion(id: &str) -> String {
    format!("{id}.commit")
}

/// A column of the kind that a batch has.
pub(super) struct Column<'k> {
    id: &'k str,
    /// Its place in the kind's file, from 0.
    place: u64,
    values: Values,
}

enum Values {
    Text(StringArray),
    Listed {
        keys: Int32Array,
        values: StringArray,
    },
    Integer(Int64Array),
    Flag(BooleanArray),
    Date(Date32Array),
    Moment {
        instants: Option<TimestampMicrosecondArray>,
        days: Option<Date32Array>,
    },
    Intervals {
        lists: ListArray,
        from: TimestampMicrosecondArray,
        to: TimestampMicrosecondArray,
    },
    Changes {
        lists: ListArray,
        at: TimestampMicrosecondArray,
        new: TimestampMicrosecondArray,
        why: StringArray,
    },
    Personal(FixedSizeBinaryArray),
}

/// The columns that a batch has, in the order of the kind's file.
pub(super) fn bind<'k>(kind: &'k Kind, batch: &RecordBatch) -> Result<Vec<Column<'k>>, JournalError> {
    let found = |name: &str| batch.column_by_name(name).filter(|array| *array.data_type() != DataType::Null);
    let mut bound = Vec::new();
    for (place, column) in kind.columns.iter().enumerate() {
        let id = column.id.as_str();
        let values = if column.personal {
            if found(id).is_some() {
                return Err(wrong(id, "a personal column in clear; its commitments were expected"));
            }
            let name = commit_companion(id);
            found(&name).map(|array| commitments(&name, array).map(Values::Personal)).transpose()?
        } else if column.ty == ColumnType::Moment {
            let name = day_companion(id);
            let instants = found(id).map(|array| instants(id, array)).transpose()?;
            // A companion without a single day costs no look at every row.
            let days = found(&name).filter(|days| days.null_count() < days.len());
            let days = days.map(|array| days_of(&name, array)).transpose()?;
            (instants.is_some() || days.is_some()).then_some(Values::Moment { instants, days })
        } else {
            found(id).map(|array| plain(id, &column.ty, array)).transpose()?
        };
        if let Some(values) = values {
            bound.push(Column { id, place: place as u64, values });
        }
    }
    Ok(bound)
}

fn wrong(column: &str, detail: &str) -> JournalError {
    JournalError::Internal { detail: format!("column {column}: {detail}") }
}

fn wrong_type(column: &str, found: &DataType, expected: &str) -> JournalError {
    wrong(column, &format!("found {found}, expected {expected}"))
}

/// Arrow's cast, where a value that does not fit is an error and not a null.
fn cast(column: &str, array: &ArrayRef, to: &DataType) -> Result<ArrayRef, JournalError> {
    let options = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(array, to, &options).map_err(|error| wrong(column, &error.to_string()))
}

fn plain(id: &str, ty: &ColumnType, array: &ArrayRef) -> Result<Values, JournalError> {
    let found = array.data_type();
    Ok(match ty {
        ColumnType::Text | ColumnType::Code(_) => texts(id, array)?,
        ColumnType::Integer if found.is_integer() => {
            Values::Integer(cast(id, array, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
        }
        ColumnType::Integer => return Err(wrong_type(id, found, "an integer")),
        ColumnType::Flag => match array.as_boolean_opt() {
            Some(flags) => Values::Flag(flags.clone()),
            None => return Err(wrong_type(id, found, "Boolean")),
        },
        ColumnType::Date => Values::Date(days_of(id, array)?),
        ColumnType::Moment => Values::Moment { instants: Some(instants(id, array)?), days: None },
        ColumnType::Intervals => {
            let lists = lists(id, array)?;
            let [from, to] = ["from", "to"].map(|name| instants(id, field(id, &lists, name)?));
            Values::Intervals { from: from?, to: to?, lists }
        }
        ColumnType::Changes => {
            let lists = lists(id, array)?;
            let [at, new] = ["at", "new"].map(|name| instants(id, field(id, &lists, name)?));
            let why = cast(id, field(id, &lists, "why")?, &DataType::Utf8)?;
            Values::Changes { at: at?, new: new?, why: why.as_string::<i32>().clone(), lists }
        }
    })
}

fn texts(id: &str, array: &ArrayRef) -> Result<Values, JournalError> {
    Ok(match array.data_type() {
        DataType::Utf8 => Values::Text(array.as_string::<i32>().clone()),
        DataType::Dictionary(key, value) if (&**key, &**value) == (&DataType::Int32, &DataType::Utf8) => {
            let listed = array.as_dictionary::<Int32Type>();
            Values::Listed { keys: listed.keys().clone(), values: listed.values().as_string::<i32>().clone() }
        }
        DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => {
            Values::Text(cast(id, array, &DataType::Utf8)?.as_string::<i32>().clone())
        }
        other => return Err(wrong_type(id, other, "text, plain or in a dictionary")),
    })
}

fn days_of(id: &str, array: &ArrayRef) -> Result<Date32Array, JournalError> {
    let days = array.as_primitive_opt::<Date32Type>();
    days.cloned().ok_or_else(|| wrong_type(id, array.data_type(), "Date32"))
}

fn instants(id: &str, array: &ArrayRef) -> Result<TimestampMicrosecondArray, JournalError> {
    match array.data_type() {
        DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => {
            Ok(array.as_primitive::<TimestampMicrosecondType>().clone())
        }
        other => Err(wrong_type(id, other, "Timestamp(µs, \"UTC\")")),
    }
}

fn commitments(id: &str, array: &ArrayRef) -> Result<FixedSizeBinaryArray, JournalError> {
    match array.data_type() {
        DataType::FixedSizeBinary(32) => Ok(array.as_fixed_size_binary().clone()),
        other => Err(wrong_type(id, other, "FixedSizeBinary(32)")),
    }
}

fn lists(id: &str, array: &ArrayRef) -> Result<ListArray, JournalError> {
    let lists = array.as_list_opt::<i32>().ok_or_else(|| wrong_type(id, array.data_type(), "a list"))?;
    if lists.values().as_struct_opt().is_none() {
        return Err(wrong_type(id, array.data_type(), "a list of structs"));
    }
    Ok(lists.clone())
}

fn field<'l>(id: &str, lists: &'l ListArray, name: &str) -> Result<&'l ArrayRef, JournalError> {
    let found = lists.values().as_struct_opt().and_then(|items| items.column_by_name(name));
    found.ok_or_else(|| wrong_type(id, lists.data_type(), &format!("a field {name}")))
}

impl Column<'_> {
    /// Appends the value of a row: the column's place, a tag and the value; nothing when it is unknown.
    #[inline]
    pub(super) fn write(&self, row: usize, bytes: &mut Vec<u8>) -> Result<(), JournalError> {
        match &self.values {
            Values::Text(texts) => {
                if texts.is_valid(row) {
                    self.text(texts.value(row), bytes);
                }
            }
            Values::Listed { keys, values } => {
                if keys.is_valid(row) {
                    let key = usize::try_from(keys.value(row)).unwrap_or(usize::MAX);
                    if key >= values.len() {
                        return Err(wrong(self.id, "a dictionary key without a value"));
                    }
                    if values.is_valid(key) {
                        self.text(values.value(key), bytes);
                    }
                }
            }
            Values::Integer(integers) => {
                if integers.is_valid(row) {
                    self.fixed(b'i', integers.value(row).to_le_bytes(), bytes);
                }
            }
            Values::Flag(flags) => {
                if flags.is_valid(row) {
                    self.fixed(b'f', [u8::from(flags.value(row))], bytes);
                }
            }
            Values::Date(days) => {
                if days.is_valid(row) {
                    self.fixed(b'd', days.value(row).to_le_bytes(), bytes);
                }
            }
            Values::Moment { instants, days } => {
                let instants = instants.as_ref().filter(|instants| instants.is_valid(row));
                let days = days.as_ref().filter(|days| days.is_valid(row));
                match (instants, days) {
                    (Some(instants), None) => self.fixed(b'm', instants.value(row).to_le_bytes(), bytes),
                    (None, Some(days)) => self.fixed(b'd', days.value(row).to_le_bytes(), bytes),
                    (None, None) => {}
                    (Some(_), Some(_)) => {
                        return Err(wrong(self.id, &format!("row {row} has an instant and a bare day")));
                    }
                }
            }
            Values::Intervals { lists, from, to } => {
                if lists.is_valid(row) {
                    self.intervals(lists, from, to, row, bytes)?;
                }
            }
            Values::Changes { lists, at, new, why } => {
                if lists.is_valid(row) {
                    for item in self.items(b'c', lists, row, bytes)? {
                        self.instant(at, item, bytes)?;
                        self.instant(new, item, bytes)?;
                        // No reason given and an empty one are the same to every reader.
                        text(bytes, if why.is_valid(item) { why.value(item) } else { "" });
                    }
                }
            }
            Values::Personal(commitments) => {
                if commitments.is_valid(row) {
                    self.tag(b'p', bytes);
                    bytes.extend_from_slice(commitments.value(row));
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn tag(&self, tag: u8, bytes: &mut Vec<u8>) {
        varint(bytes, self.place);
        bytes.push(tag);
    }

    #[inline]
    fn fixed<const N: usize>(&self, tag: u8, value: [u8; N], bytes: &mut Vec<u8>) {
        self.tag(tag, bytes);
        bytes.extend_from_slice(&value);
    }

    #[inline]
    fn text(&self, value: &str, bytes: &mut Vec<u8>) {
        self.tag(b't', bytes);
        text(bytes, value);
    }

    fn intervals(
        &self,
        lists: &ListArray,
        from: &TimestampMicrosecondArray,
        to: &TimestampMicrosecondArray,
        row: usize,
        bytes: &mut Vec<u8>,
    ) -> Result<(), JournalError> {
        for item in self.items(b'v', lists, row, bytes)? {
            self.instant(from, item, bytes)?;
            if to.is_valid(item) {
                bytes.push(0x01);
                self.instant(to, item, bytes)?;
            } else {
                bytes.push(0x00);
            }
        }
        Ok(())
    }

    /// Writes the tag and the number of items of a list; gives their places back.
    fn items(
        &self,
        tag: u8,
        lists: &ListArray,
        row: usize,
        bytes: &mut Vec<u8>,
    ) -> Result<std::ops::Range<usize>, JournalError> {
        let items = lists.value_offsets()[row] as usize..lists.value_offsets()[row + 1] as usize;
        if items.clone().any(|item| lists.values().is_null(item)) {
            return Err(wrong(self.id, &format!("row {row} has a null in its list")));
        }
        self.tag(tag, bytes);
        varint(bytes, items.len() as u64);
        Ok(items)
    }

    fn instant(
        &self,
        instants: &TimestampMicrosecondArray,
        item: usize,
        bytes: &mut Vec<u8>,
    ) -> Result<(), JournalError> {
        if instants.is_null(item) {
            return Err(wrong(self.id, "a list with an unknown time in it"));
        }
        bytes.extend_from_slice(&instants.value(item).to_le_bytes());
        Ok(())
    }
}
