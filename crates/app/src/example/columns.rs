//! The columns of invented dossiers, filled row by row and handed on as Arrow batches.

use std::sync::Arc;

use arrow::array::{
    ArrayBuilder, ArrayRef, DictionaryArray, Int32Array, ListBuilder, RecordBatch, StringArray,
    StringBuilder, StructBuilder, TimestampMicrosecondArray, TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, Field, Fields, Int32Type, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;

use super::clock::ZONE;

/// Channels in the order of their numbers here.
pub(super) const CHANNELS: [&str; 3] = ["in-person", "online", "post"];
/// Outcomes in the order of their numbers here.
pub(super) const OUTCOMES: [&str; 4] = ["granted", "refused", "returned", "withdrawn"];
/// The national status codes; number n stands at n - 1.
pub(super) const STATUSES: [&str; 10] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];

/// One invented dossier; instants are local seconds since 1970-01-01T00:00.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) unit: u32,
    pub(super) procedure: u32,
    pub(super) channel: u8,
    pub(super) submitted_at: Option<i64>,
    pub(super) received_at: Option<i64>,
    pub(super) first_due_at: Option<i64>,
    pub(super) due_at: Option<i64>,
    pub(super) finished_at: Option<i64>,
    pub(super) handed_over_at: Option<i64>,
    pub(super) time_limit_days: i32,
    pub(super) paused_minutes: i32,
    pub(super) outcome: Option<u8>,
    pub(super) status: u8,
    /// One pause: from, and to unless it is open. Only with all tricks, as is the next one.
    pub(super) pause: Option<(i64, Option<i64>)>,
    pub(super) apology_at: Option<i64>,
}

/// The columns of one batch.
#[derive(Debug)]
pub(super) struct Columns {
    schema: SchemaRef,
    units: ArrayRef,
    procedures: ArrayRef,
    channels: ArrayRef,
    outcomes: ArrayRef,
    statuses: ArrayRef,
    code: StringBuilder,
    rows: Vec<Row>,
    /// Whether pauses and apologies are columns.
    all: bool,
}

impl Columns {
    /// Empty columns over these units and procedures; `all` for those that only all tricks need.
    pub(super) fn new(units: &[String], procedures: &[String], all: bool) -> Self {
        let words = |words: &[&str]| Arc::new(StringArray::from_iter_values(words)) as ArrayRef;
        Self {
            schema: schema(all),
            units: Arc::new(StringArray::from_iter_values(units)),
            procedures: Arc::new(StringArray::from_iter_values(procedures)),
            channels: words(&CHANNELS),
            outcomes: words(&OUTCOMES),
            statuses: words(&STATUSES),
            code: StringBuilder::new(),
            rows: Vec::new(),
            all,
        }
    }

    /// Names and types of the columns.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Rows held.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a dossier.
    pub(super) fn push(&mut self, code: &str, row: Row) {
        self.code.append_value(code);
        self.rows.push(row);
    }

    /// The rows held as a batch; the columns are empty afterwards.
    pub(super) fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        let rows = std::mem::take(&mut self.rows);
        let codes = |values: &ArrayRef, of: &dyn Fn(&Row) -> Option<i32>| -> Result<ArrayRef, ArrowError> {
            let keys = Int32Array::from_iter(rows.iter().map(of));
            Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::clone(values))?))
        };
        let moment = |of: &dyn Fn(&Row) -> Option<i64>| -> ArrayRef {
            let micros = rows.iter().map(|row| of(row).map(|local| (local - ZONE) * 1_000_000));
            Arc::new(TimestampMicrosecondArray::from_iter(micros).with_timezone("UTC"))
        };
        let integer = |of: &dyn Fn(&Row) -> i32| -> ArrayRef {
            Arc::new(Int32Array::from_iter_values(rows.iter().map(of)))
        };
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.code.finish()),
            codes(&self.units, &|row| Some(row.unit as i32))?,
            codes(&self.procedures, &|row| Some(row.procedure as i32))?,
            codes(&self.channels, &|row| Some(i32::from(row.channel)))?,
            moment(&|row| row.submitted_at),
            moment(&|row| row.received_at),
            moment(&|row| row.first_due_at),
            moment(&|row| row.due_at),
            moment(&|row| row.finished_at),
            moment(&|row| row.handed_over_at),
            integer(&|row| row.time_limit_days),
            integer(&|row| row.paused_minutes),
            codes(&self.outcomes, &|row| row.outcome.map(i32::from))?,
            codes(&self.statuses, &|row| Some(i32::from(row.status) - 1))?,
        ];
        if self.all {
            columns.push(pauses(&rows));
            columns.push(moment(&|row| row.apology_at));
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
}

/// The type of a moment.
fn moment_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// The fields of a pause (docs/kinds.md, `intervals`).
fn pause_fields() -> Fields {
    Fields::from(vec![Field::new("from", moment_type(), true), Field::new("to", moment_type(), true)])
}

fn pause_list() -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Struct(pause_fields()), true))
}

/// The pauses of rows, one at most each.
fn pauses(rows: &[Row]) -> ArrayRef {
    let moments =
        || Box::new(TimestampMicrosecondBuilder::new().with_timezone("UTC")) as Box<dyn ArrayBuilder>;
    let pair = StructBuilder::new(pause_fields(), vec![moments(), moments()]);
    let mut list = ListBuilder::new(pair).with_field(pause_list());
    let micros = |local: i64| (local - ZONE) * 1_000_000;
    for row in rows {
        if let Some((from, to)) = row.pause {
            let pair = list.values();
            if let Some(builder) = pair.field_builder::<TimestampMicrosecondBuilder>(0) {
                builder.append_value(micros(from));
            }
            if let Some(builder) = pair.field_builder::<TimestampMicrosecondBuilder>(1) {
                builder.append_option(to.map(micros));
            }
            pair.append(true);
        }
        list.append(row.pause.is_some());
    }
    Arc::new(list.finish())
}

/// The columns of the `dossier` kind that the generator fills, in the kind's Arrow types.
fn schema(all: bool) -> SchemaRef {
    let code = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let moment = moment_type;
    let mut fields = vec![
        Field::new("code", DataType::Utf8, false),
        Field::new("unit", code(), false),
        Field::new("procedure", code(), false),
        Field::new("channel", code(), false),
        Field::new("submitted_at", moment(), true),
        Field::new("received_at", moment(), true),
        Field::new("first_due_at", moment(), true),
        Field::new("due_at", moment(), true),
        Field::new("finished_at", moment(), true),
        Field::new("handed_over_at", moment(), true),
        Field::new("time_limit_days", DataType::Int32, false),
        Field::new("paused_minutes", DataType::Int32, false),
        Field::new("outcome", code(), true),
        Field::new("status", code(), false),
    ];
    if all {
        fields.push(Field::new("pauses", DataType::List(pause_list()), true));
        fields.push(Field::new("apology_at", moment(), true));
    }
    Arc::new(Schema::new(fields))
}
