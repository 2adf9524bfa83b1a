//! Arrow batches of one kind brought to one schema: files written at different times hold different columns.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, new_null_array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use giaouoc_agreement::kind::{Column, ColumnType, Kind};
use giaouoc_intake::{day_companion, kind_schema};

use crate::error::JournalError;

/// Column of merged files and bases: the entry that brought or took back a row.
pub const ENTRY: &str = "_entry";
/// Column of merged files and bases: the row within its entry.
pub const ROW: &str = "_row";
/// Column of versions taken back: the entry that brought them.
pub const OF_ENTRY: &str = "_of_entry";
/// Column of versions taken back: the row that brought them.
pub const OF_ROW: &str = "_of_row";

/// A fault of the program, with what Arrow or Parquet said.
pub(crate) fn internal(error: impl ToString) -> JournalError {
    JournalError::Internal { detail: error.to_string() }
}

/// The name under which a personal column's commitment stands in row files.
pub fn commit_name(id: &str) -> String {
    format!("{id}.commit")
}

/// The fields of row files that belong to a column of a kind.
fn names(column: &Column) -> Vec<String> {
    match column.ty {
        _ if column.personal => vec![commit_name(&column.id)],
        ColumnType::Moment => vec![column.id.clone(), day_companion(&column.id)],
        _ => vec![column.id.clone()],
    }
}

/// The columns of a kind (by index, in order) that a schema has; personal ones in clear or as commitments.
pub fn columns_of(kind: &Kind, schema: &Schema) -> BTreeSet<usize> {
    let has = |name: &String| schema.column_with_name(name).is_some();
    let column = |at: &usize| {
        let column = &kind.columns[*at];
        has(&column.id) || names(column).iter().any(has)
    };
    (0..kind.columns.len()).filter(column).collect()
}

/// The columns of which a batch knows at least one value.
pub(crate) fn known(kind: &Kind, batch: &RecordBatch) -> BTreeSet<usize> {
    let filled = |name: &String| {
        batch.column_by_name(name).is_some_and(|array| array.logical_null_count() < array.len())
    };
    (0..kind.columns.len()).filter(|at| names(&kind.columns[*at]).iter().any(filled)).collect()
}

/// The schema of some columns of a kind in the kind's order, personal ones as their commitments.
pub fn schema(kind: &Kind, columns: &BTreeSet<usize>) -> SchemaRef {
    let open: Vec<usize> = columns.iter().copied().filter(|at| !kind.columns[*at].personal).collect();
    let plain = kind_schema(kind, &open);
    let mut fields: Vec<Field> = plain.fields().iter().map(|field| field.as_ref().clone()).collect();
    for at in columns.iter().filter(|at| kind.columns[**at].personal) {
        fields.push(Field::new(commit_name(&kind.columns[*at].id), DataType::FixedSizeBinary(32), true));
    }
    Arc::new(Schema::new_with_metadata(fields, plain.metadata().clone()))
}

/// A schema with columns of addresses added.
pub(crate) fn with_addresses(schema: &Schema, names: &[&str]) -> SchemaRef {
    let mut fields: Vec<Field> = schema.fields().iter().map(|field| field.as_ref().clone()).collect();
    // Nullable, so that a batch without them can be brought to the schema before they are filled in.
    fields.extend(names.iter().map(|name| Field::new(*name, DataType::Int64, true)));
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// A batch in another schema: columns are found by name, converted, and where the batch has none, unknown.
pub(crate) fn unify(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, JournalError> {
    let options = arrow::record_batch::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(SchemaRef::clone(schema), arrays(batch, schema)?, &options)
        .map_err(internal)
}

/// The columns of [`unify`]. Those that the batch has not are unknown, also where the schema wants them known:
/// whoever asks puts them in.
pub(crate) fn arrays(batch: &RecordBatch, schema: &Schema) -> Result<Vec<ArrayRef>, JournalError> {
    let column = |field: &Arc<Field>| -> Result<ArrayRef, JournalError> {
        match batch.column_by_name(field.name()) {
            None => Ok(new_null_array(field.data_type(), batch.num_rows())),
            Some(array) => cast(array, field.data_type()).map_err(internal),
        }
    };
    schema.fields().iter().map(column).collect()
}

/// The text of a column, whatever form it has; nothing when the batch has no such column.
pub(crate) fn text(batch: &RecordBatch, name: &str) -> Result<Option<StringArray>, JournalError> {
    let Some(array) = batch.column_by_name(name) else { return Ok(None) };
    let text = cast(array, &DataType::Utf8).map_err(internal)?;
    Ok(Some(text.as_string::<i32>().clone()))
}

/// The keys of a batch.
pub(crate) fn keys(kind: &Kind, batch: &RecordBatch) -> Result<StringArray, JournalError> {
    let id = &kind.columns[kind.key].id;
    text(batch, id)?.ok_or_else(|| internal(format!("a batch of {} has no column {id}", kind.id)))
}
