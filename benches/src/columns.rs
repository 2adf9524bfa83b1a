//! The columns of dossiers that jobs AB and due read.

use anyhow::Context as _;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{Int32Type, TimestampMicrosecondType};

/// The columns of a batch as slices.
pub struct Columns<'a> {
    /// Keys of the units.
    pub unit: &'a [i32],
    /// Units by key.
    pub unit_words: &'a ArrayRef,
    /// Keys of the channels.
    pub channel: &'a [i32],
    /// Key of `online`, or a key that does not occur.
    pub online: i32,
    /// Receipt, microseconds UTC.
    pub received: &'a [i64],
    /// Due date, microseconds UTC.
    pub due: &'a [i64],
    /// Finish, microseconds UTC.
    pub finished: &'a [i64],
    /// Time limit in working days.
    pub limit: &'a [i32],
    /// Working minutes suspended.
    pub paused: &'a [i32],
    known: [Option<&'a arrow::buffer::NullBuffer>; 3],
}

impl<'a> Columns<'a> {
    /// The columns of a batch.
    ///
    /// # Errors
    /// A column that is absent or of another type.
    pub fn of(batch: &'a RecordBatch) -> anyhow::Result<Self> {
        let column = |name: &str| batch.column_by_name(name).with_context(|| format!("no column {name}"));
        let moment = |name| -> anyhow::Result<_> {
            let array =
                column(name)?.as_primitive_opt::<TimestampMicrosecondType>().context("not a moment")?;
            Ok((array.values().as_ref(), array.nulls()))
        };
        let integer = |name| -> anyhow::Result<&[i32]> {
            Ok(column(name)?.as_primitive_opt::<Int32Type>().context("not an Int32")?.values())
        };
        let unit = column("unit")?.as_dictionary_opt::<Int32Type>().context("unit is not a dictionary")?;
        let channel =
            column("channel")?.as_dictionary_opt::<Int32Type>().context("channel is not a dictionary")?;
        let channels = channel.values().as_string_opt::<i32>().context("channel is not text")?;
        let online = channels.iter().position(|word| word == Some("online")).map_or(-1, |key| key as i32);
        let (received, received_known) = moment("received_at")?;
        let (due, due_known) = moment("due_at")?;
        let (finished, finished_known) = moment("finished_at")?;
        Ok(Self {
            unit: unit.keys().values(),
            unit_words: unit.values(),
            channel: channel.keys().values(),
            online,
            received,
            due,
            finished,
            limit: integer("time_limit_days")?,
            paused: integer("paused_minutes")?,
            known: [received_known, due_known, finished_known],
        })
    }

    #[inline]
    fn known(&self, column: usize, row: usize) -> bool {
        self.known[column].is_none_or(|known| known.is_valid(row))
    }
    /// Whether the row has a receipt.
    #[inline]
    pub fn received_known(&self, row: usize) -> bool {
        self.known(0, row)
    }
    /// Whether the row has a due date.
    #[inline]
    pub fn due_known(&self, row: usize) -> bool {
        self.known(1, row)
    }
    /// Whether the row is finished.
    #[inline]
    pub fn finished_known(&self, row: usize) -> bool {
        self.known(2, row)
    }
}
