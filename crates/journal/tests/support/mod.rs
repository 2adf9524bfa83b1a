//! Kinds and rows of every type, and batches of them in every form that the same rows may take.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, DictionaryArray, FixedSizeBinaryArray, Int64Array,
    LargeStringArray, ListArray, NullArray, RecordBatch, StringArray, StringViewArray, StructArray,
    TimestampMicrosecondArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, Fields, Int32Type, Schema, TimeUnit};
use giaouoc_agreement::kind::{CodeList, Column, ColumnType, Kind};
use giaouoc_agreement::kinds;

/// A kind that is made of columns alone: its name and what it holds; `personal` is a personal text.
pub fn kind(id: &str, columns: &[(String, String)]) -> Kind {
    // What does not matter here is as some built-in kind has it.
    let like = kinds::find("dialogue").unwrap();
    let columns = columns.iter().map(|(name, ty)| Column {
        id: name.clone(),
        ty: match ty.as_str() {
            "text" | "personal" => ColumnType::Text,
            "code" => ColumnType::Code(CodeList { open: true, codes: Vec::new() }),
            "integer" => ColumnType::Integer,
            "flag" => ColumnType::Flag,
            "date" => ColumnType::Date,
            "moment" => ColumnType::Moment,
            "intervals" => ColumnType::Intervals,
            "changes" => ColumnType::Changes,
            other => panic!("{other}"),
        },
        personal: ty == "personal",
        ..like.columns[0].clone()
    });
    Kind {
        id: id.to_owned(),
        key: 0,
        unit: 0,
        date: 0,
        closes: None,
        columns: columns.collect(),
        ..like.clone()
    }
}

/// A known value; what is unknown is not in its row.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    Text(String),
    Integer(i64),
    Flag(bool),
    Day(i32),
    Instant(i64),
    Intervals(Vec<(i64, Option<i64>)>),
    Changes(Vec<(i64, i64, String)>),
    Commitment([u8; 32]),
}

/// A row: place of a column → its value.
pub type Row = BTreeMap<usize, Known>;

/// How a batch holds its rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    /// As the program writes them: texts plain, codes in dictionaries, columns without a value there.
    Own,
    /// All texts in dictionaries whose values stand in another order and with ones that nobody uses.
    Dictionaries,
    /// Texts as other programs have them; columns without a value left out.
    Large,
    /// Texts as views; columns without a value as columns of the type Null.
    Views,
}

impl Form {
    pub const ALL: [Self; 4] = [Self::Own, Self::Dictionaries, Self::Large, Self::Views];
}

fn instant_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn instants(values: Vec<Option<i64>>) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from(values).with_timezone("UTC"))
}

fn texts(values: Vec<Option<&str>>, form: Form, code: bool) -> ArrayRef {
    match form {
        Form::Own if code => Arc::new(values.into_iter().collect::<DictionaryArray<Int32Type>>()),
        Form::Own => Arc::new(StringArray::from(values)),
        Form::Large => Arc::new(LargeStringArray::from(values)),
        Form::Views => Arc::new(StringViewArray::from(values)),
        Form::Dictionaries => {
            let mut all: Vec<Option<&str>> = values.iter().rev().copied().collect();
            all.extend([Some("nobody's"), None]);
            // An unknown text is a null key in some rows and the key of a null value in others.
            let keys = values.iter().enumerate().map(|(row, value)| {
                (value.is_some() || row % 2 == 0).then_some((values.len() - 1 - row) as i32)
            });
            let keys = keys.collect();
            Arc::new(DictionaryArray::<Int32Type>::new(keys, Arc::new(StringArray::from(all))))
        }
    }
}

fn lists(fields: Fields, columns: Vec<ArrayRef>, lengths: &[Option<usize>]) -> ArrayRef {
    let items = StructArray::new(fields.clone(), columns, None);
    let offsets = OffsetBuffer::from_lengths(lengths.iter().map(|length| length.unwrap_or(0)));
    let nulls: NullBuffer = lengths.iter().map(Option::is_some).collect();
    let field = Arc::new(Field::new_list_field(DataType::Struct(fields), true));
    Arc::new(ListArray::new(field, offsets, Arc::new(items), Some(nulls)))
}

macro_rules! pick {
    ($rows:expr, $place:expr, $variant:ident) => {
        $rows
            .iter()
            .map(|row| match row.get(&$place) {
                Some(Known::$variant(value)) => Some(value),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
}

fn owned<T: Clone>(values: Vec<Option<&T>>) -> Vec<Option<T>> {
    values.into_iter().map(Option::<&T>::cloned).collect()
}

/// The rows as a batch of a form.
pub fn batch(kind: &Kind, rows: &[Row], form: Form) -> RecordBatch {
    let mut columns: Vec<(String, ArrayRef)> = Vec::new();
    for (place, column) in kind.columns.iter().enumerate() {
        let id = column.id.clone();
        let blank = !rows.iter().any(|row| row.contains_key(&place));
        match form {
            Form::Large if blank => continue,
            Form::Views if blank => {
                columns.push((id, Arc::new(NullArray::new(rows.len()))));
                continue;
            }
            _ => {}
        }
        let clear = |row: &Row| matches!(row.get(&place), Some(Known::Text(_)));
        if column.personal && rows.iter().any(clear) {
            let values = pick!(rows, place, Text).into_iter().map(|text| text.map(String::as_str));
            columns.push((id, texts(values.collect(), form, false)));
            continue;
        }
        if column.personal {
            let values = pick!(rows, place, Commitment);
            let array = FixedSizeBinaryArray::try_from_sparse_iter_with_size(values.into_iter(), 32).unwrap();
            columns.push((format!("{id}.commit"), Arc::new(array)));
            continue;
        }
        let array: ArrayRef = match &column.ty {
            ColumnType::Text | ColumnType::Code(_) => {
                let values = pick!(rows, place, Text).into_iter().map(|text| text.map(String::as_str));
                texts(values.collect(), form, matches!(column.ty, ColumnType::Code(_)))
            }
            ColumnType::Integer => Arc::new(Int64Array::from(owned(pick!(rows, place, Integer)))),
            ColumnType::Flag => Arc::new(BooleanArray::from(owned(pick!(rows, place, Flag)))),
            ColumnType::Date => Arc::new(Date32Array::from(owned(pick!(rows, place, Day)))),
            ColumnType::Moment => {
                let days = Arc::new(Date32Array::from(owned(pick!(rows, place, Day))));
                if form != Form::Large || days.null_count() < rows.len() {
                    columns.push((format!("{id}.day"), days));
                }
                instants(owned(pick!(rows, place, Instant)))
            }
            ColumnType::Intervals => {
                let values = pick!(rows, place, Intervals);
                let all = || values.iter().flatten().copied().flatten();
                let fields = ["from", "to"].map(|name| Field::new(name, instant_type(), true));
                let columns = vec![
                    instants(all().map(|(from, _)| Some(*from)).collect()),
                    instants(all().map(|(_, to)| *to).collect()),
                ];
                let lengths: Vec<_> = values.iter().map(|list| list.map(Vec::len)).collect();
                lists(Fields::from(fields.to_vec()), columns, &lengths)
            }
            ColumnType::Changes => {
                let values = pick!(rows, place, Changes);
                let all = || values.iter().flatten().copied().flatten();
                let mut fields = ["at", "new"].map(|name| Field::new(name, instant_type(), true)).to_vec();
                fields.push(Field::new("why", DataType::Utf8, true));
                let columns: Vec<ArrayRef> = vec![
                    instants(all().map(|(at, ..)| Some(*at)).collect()),
                    instants(all().map(|(_, new, _)| Some(*new)).collect()),
                    Arc::new(StringArray::from(
                        all().map(|(.., why)| Some(why.as_str())).collect::<Vec<_>>(),
                    )),
                ];
                let lengths: Vec<_> = values.iter().map(|list| list.map(Vec::len)).collect();
                lists(Fields::from(fields), columns, &lengths)
            }
        };
        columns.push((id, array));
    }
    if form == Form::Dictionaries {
        // Columns are found by name, wherever they stand.
        columns.reverse();
    }
    columns.push(("_of_entry".to_owned(), Arc::new(Int64Array::new_null(rows.len()))));
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}
