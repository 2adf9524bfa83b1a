//! Accepted rows as CSV in the text forms of `docs/kinds.md`, safe to open in a spreadsheet and read back
//! without loss.

use std::borrow::Cow;
use std::io::Write;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type, SchemaRef, TimestampMicrosecondType};
use giaouoc_worktime::time::{Day, Instant};

use crate::decode::nested;
use crate::errors::FileError;
use crate::sink::Sink;

/// A sink that writes CSV: UTF-8 with a byte order mark, so that Excel reads it as such, columns by id,
/// moments as `2020-03-05T09:00:00Z`, bare days as `2020-03-05`.
pub struct ToCsv<W: Write> {
    writer: csv::Writer<W>,
    /// For each column of the kind its place in the batch, and that of its bare days.
    places: Vec<(usize, Option<usize>)>,
}

impl<W: Write> ToCsv<W> {
    /// A writer to `output`.
    ///
    /// # Errors
    /// When the output fails.
    pub fn new(mut output: W) -> Result<Self, FileError> {
        output.write_all(b"\xef\xbb\xbf")?;
        Ok(Self { writer: csv::Writer::from_writer(output), places: Vec::new() })
    }

    /// Writes what is left and gives the output back.
    ///
    /// # Errors
    /// When the output fails.
    pub fn finish(self) -> Result<W, FileError> {
        self.writer.into_inner().map_err(|error| FileError::Output(error.error().to_string()))
    }
}

impl<W: Write> Sink for ToCsv<W> {
    fn begin(&mut self, schema: &SchemaRef, _headers: &[String]) -> Result<(), FileError> {
        let mut header = Vec::new();
        for (at, field) in schema.fields().iter().enumerate() {
            let days = schema.index_of(&super::schema::day_companion(field.name())).ok();
            if !field.name().contains('.') {
                self.places.push((at, days));
                header.push(field.name().as_str());
            }
        }
        self.writer.write_record(header).map_err(failed)
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        for row in 0..batch.num_rows() {
            for (at, days) in &self.places {
                let column = match days {
                    Some(days) if batch.column(*at).is_null(row) => batch.column(*days),
                    _ => batch.column(*at),
                };
                let text = cell(column, row)?;
                self.writer.write_field(harmless(&text).as_bytes()).map_err(failed)?;
            }
            self.writer.write_record(None::<&[u8]>).map_err(failed)?;
        }
        Ok(())
    }
}

fn failed(error: impl std::fmt::Display) -> FileError {
    FileError::Output(error.to_string())
}

/// One value in its text form; blank when unknown.
fn cell(column: &ArrayRef, row: usize) -> Result<Cow<'_, str>, FileError> {
    if column.is_null(row) {
        return Ok("".into());
    }
    Ok(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).into(),
        DataType::Dictionary(..) => {
            let codes = column.as_dictionary::<Int32Type>();
            let at = codes.key(row).unwrap_or_default();
            codes.values().as_string::<i32>().value(at).into()
        }
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string().into(),
        DataType::Boolean => if column.as_boolean().value(row) { "true" } else { "false" }.into(),
        DataType::Date32 => Day(column.as_primitive::<Date32Type>().value(row)).to_string().into(),
        DataType::Timestamp(..) => instant(column, row).into(),
        DataType::List(_) => {
            let items = column.as_list::<i32>().value(row);
            let Some(items) = items.as_struct_opt() else { return Err(failed(column.data_type())) };
            let mut text = String::new();
            for at in 0..items.len() {
                if items.num_columns() == 2 {
                    nested::interval(&mut text, &instant(items.column(0), at), &instant(items.column(1), at));
                } else {
                    let why = items.column(2).as_string::<i32>().value(at);
                    nested::change(
                        &mut text,
                        &instant(items.column(0), at),
                        &instant(items.column(1), at),
                        why,
                    );
                }
            }
            text.into()
        }
        other => return Err(failed(other)),
    })
}

fn instant(column: &ArrayRef, row: usize) -> String {
    if column.is_null(row) {
        return String::new();
    }
    Instant(column.as_primitive::<TimestampMicrosecondType>().value(row)).to_string()
}

/// Whether a spreadsheet might take a text for a formula.
pub(crate) fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A cell that no spreadsheet runs as a formula: an apostrophe is put before it, which reading takes off
/// again. Plain numbers stay as they are.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    let number = || {
        text.strip_prefix(['-', '+'])
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    let marked = text.starts_with('\'') && begins_formula(text.trim_start_matches('\''));
    if marked || begins_formula(text) && !number() { format!("'{text}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed() {
        for text in ["=cmd|'/c calc'!A1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "'=1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["", "-5", "+84", "a=b", "'tis", "5-3", "H26.01"] {
            assert_eq!(harmless(text), text);
        }
    }
}
