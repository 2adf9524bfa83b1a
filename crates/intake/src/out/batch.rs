//! Rows of checked values into Arrow batches.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, DictionaryArray, Int32Builder, Int64Builder, ListBuilder,
    RecordBatch, StringBuilder, StructBuilder, TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, Int32Type, SchemaRef};
use giaouoc_agreement::value::Change;
use giaouoc_worktime::time::{Instant, Moment};

use super::schema::{change_fields, instant_type, interval_fields};
use crate::check::{Checked, Interval};
use crate::errors::FileError;
use crate::quick::BuildQuick;

/// Collects rows into batches of one schema.
pub(crate) struct Batcher {
    schema: SchemaRef,
    columns: Vec<Builder>,
    rows: usize,
}

enum Builder {
    Text(StringBuilder),
    Dictionary(Words),
    Integer(Int64Builder),
    Flag(BooleanBuilder),
    Day(Date32Builder),
    /// Instants, and beside them the bare days.
    Moment(TimestampMicrosecondBuilder, Date32Builder),
    Intervals(ListBuilder<StructBuilder>),
    Changes(ListBuilder<StructBuilder>),
}

/// Words of which there are few, each held once.
#[derive(Default)]
struct Words {
    keys: Int32Builder,
    values: StringBuilder,
    places: HashMap<Rc<str>, i32, BuildQuick>,
}

impl Words {
    fn push(&mut self, word: &Rc<str>) {
        // At most as many as a batch has rows.
        let next = self.places.len() as i32;
        let place = match self.places.get(word) {
            Some(place) => *place,
            None => {
                self.values.append_value(word);
                self.places.insert(Rc::clone(word), next);
                next
            }
        };
        self.keys.append_value(place);
    }

    fn finish(&mut self) -> Result<ArrayRef, FileError> {
        self.places.clear();
        let array = DictionaryArray::<Int32Type>::try_new(self.keys.finish(), Arc::new(self.values.finish()));
        Ok(Arc::new(array.map_err(|error| FileError::Output(error.to_string()))?))
    }
}

fn instants() -> TimestampMicrosecondBuilder {
    TimestampMicrosecondBuilder::new().with_data_type(instant_type())
}

impl Batcher {
    /// For a schema made by [`super::schema::kind_schema`].
    pub(crate) fn new(schema: SchemaRef) -> Self {
        let mut columns = Vec::new();
        let mut fields = schema.fields().iter().peekable();
        while let Some(field) = fields.next() {
            columns.push(match field.data_type() {
                DataType::Dictionary(..) => Builder::Dictionary(Words::default()),
                DataType::Int64 => Builder::Integer(Int64Builder::new()),
                DataType::Boolean => Builder::Flag(BooleanBuilder::new()),
                DataType::Date32 => Builder::Day(Date32Builder::new()),
                DataType::Timestamp(..) => {
                    fields.next();
                    Builder::Moment(instants(), Date32Builder::new())
                }
                DataType::List(item) if *item.data_type() == DataType::Struct(interval_fields()) => {
                    let fields: Vec<Box<dyn arrow::array::ArrayBuilder>> =
                        vec![Box::new(instants()), Box::new(instants())];
                    Builder::Intervals(ListBuilder::new(StructBuilder::new(interval_fields(), fields)))
                }
                DataType::List(_) => {
                    let fields: Vec<Box<dyn arrow::array::ArrayBuilder>> =
                        vec![Box::new(instants()), Box::new(instants()), Box::new(StringBuilder::new())];
                    Builder::Changes(ListBuilder::new(StructBuilder::new(change_fields(), fields)))
                }
                _ => Builder::Text(StringBuilder::new()),
            });
        }
        Self { schema, columns, rows: 0 }
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Adds a row: one value for each column of the kind in the schema.
    pub(crate) fn push(&mut self, values: &[Checked<'_>]) -> Result<(), FileError> {
        for (builder, value) in self.columns.iter_mut().zip(values) {
            builder.push(value)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// The rows so far as a batch; begins anew.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch, FileError> {
        self.rows = 0;
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for builder in &mut self.columns {
            match builder {
                Builder::Text(builder) => arrays.push(Arc::new(builder.finish())),
                Builder::Dictionary(words) => arrays.push(words.finish()?),
                Builder::Integer(builder) => arrays.push(Arc::new(builder.finish())),
                Builder::Flag(builder) => arrays.push(Arc::new(builder.finish())),
                Builder::Day(builder) => arrays.push(Arc::new(builder.finish())),
                Builder::Moment(instants, days) => {
                    arrays.push(Arc::new(instants.finish()));
                    arrays.push(Arc::new(days.finish()));
                }
                Builder::Intervals(builder) | Builder::Changes(builder) => {
                    arrays.push(Arc::new(builder.finish()))
                }
            }
        }
        RecordBatch::try_new(SchemaRef::clone(&self.schema), arrays)
            .map_err(|error| FileError::Output(error.to_string()))
    }
}

impl Builder {
    fn push(&mut self, value: &Checked<'_>) -> Result<(), FileError> {
        match (self, value) {
            (Self::Text(builder), Checked::Text(text)) => builder.append_value(text),
            (Self::Text(builder), Checked::Code(text)) => builder.append_value(text),
            (Self::Text(builder), _) => builder.append_null(),
            (Self::Dictionary(words), Checked::Code(code)) => words.push(code),
            (Self::Dictionary(words), _) => words.keys.append_null(),
            (Self::Integer(builder), Checked::Integer(number)) => builder.append_value(*number),
            (Self::Integer(builder), _) => builder.append_null(),
            (Self::Flag(builder), Checked::Flag(flag)) => builder.append_value(*flag),
            (Self::Flag(builder), _) => builder.append_null(),
            (Self::Day(builder), Checked::Day(day)) => builder.append_value(day.0),
            (Self::Day(builder), _) => builder.append_null(),
            (Self::Moment(instants, days), Checked::Moment(Moment::Instant(at))) => {
                instants.append_value(at.0);
                days.append_null();
            }
            (Self::Moment(instants, days), Checked::Moment(Moment::Day(day))) => {
                instants.append_null();
                days.append_value(day.0);
            }
            (Self::Moment(instants, days), _) => {
                instants.append_null();
                days.append_null();
            }
            (Self::Intervals(builder), Checked::Intervals(intervals)) => push_intervals(builder, intervals)?,
            (Self::Changes(builder), Checked::Changes(changes)) => push_changes(builder, changes)?,
            (Self::Intervals(builder) | Self::Changes(builder), _) => builder.append_null(),
        }
        Ok(())
    }
}

type Lists = ListBuilder<StructBuilder>;

fn instant(item: &mut StructBuilder, field: usize, at: Option<Instant>) -> Result<(), FileError> {
    let builder = item.field_builder::<TimestampMicrosecondBuilder>(field).ok_or_else(mismatch)?;
    builder.append_option(at.map(|at| at.0));
    Ok(())
}

fn push_intervals(builder: &mut Lists, intervals: &[Interval]) -> Result<(), FileError> {
    for (from, to) in intervals {
        let item = builder.values();
        instant(item, 0, Some(*from))?;
        instant(item, 1, *to)?;
        item.append(true);
    }
    builder.append(true);
    Ok(())
}

fn push_changes(builder: &mut Lists, changes: &[Change]) -> Result<(), FileError> {
    for change in changes {
        let item = builder.values();
        instant(item, 0, Some(change.at))?;
        instant(item, 1, Some(change.new))?;
        item.field_builder::<StringBuilder>(2).ok_or_else(mismatch)?.append_value(&change.why);
        item.append(true);
    }
    builder.append(true);
    Ok(())
}

/// Cannot happen while [`Batcher::new`] builds what [`super::schema`] describes.
fn mismatch() -> FileError {
    FileError::Output("builder".to_owned())
}
