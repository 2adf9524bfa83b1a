//! The Arrow form of a kind; `docs/kinds.md` has the table.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema, TimeUnit};
use giaouoc_agreement::kind::{Column, ColumnType, Kind};

/// Metadata key of a kind's id in schemas and Parquet files.
pub const KIND_KEY: &str = "giaouoc.kind";
/// Metadata key of a kind's digest.
pub const KIND_DIGEST_KEY: &str = "giaouoc.kind.digest";

/// The name of the column that holds the bare days of a moment column.
pub fn day_companion(id: &str) -> String {
    format!("{id}.day")
}

/// The schema of some columns of a kind, in the order given; a moment column is followed by the column of
/// its bare days. Code columns and the unit are dictionaries.
pub fn kind_schema(kind: &Kind, columns: &[usize]) -> Schema {
    let mut fields = Vec::new();
    for &at in columns {
        let column = &kind.columns[at];
        fields.push(Field::new(&column.id, data_type(column, at == kind.unit), true));
        if column.ty == ColumnType::Moment {
            fields.push(Field::new(day_companion(&column.id), DataType::Date32, true));
        }
    }
    let metadata = HashMap::from([
        (KIND_KEY.to_owned(), kind.id.clone()),
        (KIND_DIGEST_KEY.to_owned(), kind.digest.clone()),
    ]);
    Schema::new_with_metadata(fields, metadata)
}

pub(super) fn instant_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

pub(super) fn interval_fields() -> Fields {
    Fields::from(vec![Field::new("from", instant_type(), true), Field::new("to", instant_type(), true)])
}

pub(super) fn change_fields() -> Fields {
    Fields::from(vec![
        Field::new("at", instant_type(), true),
        Field::new("new", instant_type(), true),
        Field::new("why", DataType::Utf8, true),
    ])
}

fn data_type(column: &Column, is_unit: bool) -> DataType {
    let dictionary = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let list =
        |fields: Fields| DataType::List(Arc::new(Field::new_list_field(DataType::Struct(fields), true)));
    match &column.ty {
        ColumnType::Text if is_unit => dictionary(),
        ColumnType::Text => DataType::Utf8,
        ColumnType::Code(_) => dictionary(),
        ColumnType::Integer => DataType::Int64,
        ColumnType::Flag => DataType::Boolean,
        ColumnType::Date => DataType::Date32,
        ColumnType::Moment => instant_type(),
        ColumnType::Intervals => list(interval_fields()),
        ColumnType::Changes => list(change_fields()),
    }
}
