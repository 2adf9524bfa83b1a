//! A calendar's functions for whole columns: slices in, slices out, O(1) a row.
//!
//! Unknown values are the caller's: every row is computed, whatever lies in it. A row that cannot
//! be computed (a day outside the calendar, a result past its end, a negative amount, a reversed
//! pause) gets the sentinel [`NO_DAY`] or [`NO_VALUE`] and `true` in `outside`; every other row
//! gets `false`. So rows that are unknown may well be flagged: look at `outside` only where the
//! row is known. The error of a flagged row, with its message, comes from calling the function for
//! one value on it.
//!
//! The functions themselves fail only for the whole column: zone-only calendar, unequal lengths.

use crate::calendar::{Calendar, Work};
use crate::error::CalendarError;
use crate::ops::{Received, Roll};
use crate::time::Day;

/// The day in rows that could not be computed.
pub const NO_DAY: i32 = i32::MIN;
/// The value (µs, seconds) in rows that could not be computed.
pub const NO_VALUE: i64 = i64::MIN;

/// A column, or one value for all rows.
#[derive(Debug, Clone, Copy)]
pub enum Rows<'a, T> {
    /// The same value in every row.
    All(T),
    /// A value for each row.
    Each(&'a [T]),
}

impl<T: Copy> Rows<'_, T> {
    fn fits(&self, expected: usize) -> Result<(), CalendarError> {
        match self {
            Self::All(_) => Ok(()),
            Self::Each(column) => same_length(expected, column.len()),
        }
    }

    #[inline]
    fn get(&self, row: usize) -> T {
        match self {
            Self::All(value) => *value,
            Self::Each(column) => column[row],
        }
    }
}

/// Pauses of many rows, laid out like an Arrow list: those of row `i` are
/// `offsets[i]..offsets[i + 1]`.
#[derive(Debug, Clone, Copy)]
pub struct PauseColumn<'a> {
    /// One more than there are rows, rising.
    pub offsets: &'a [i32],
    /// Beginnings (µs since the epoch).
    pub from: &'a [i64],
    /// Ends (µs since the epoch).
    pub to: &'a [i64],
}

impl PauseColumn<'_> {
    fn check(&self, rows: usize) -> Result<(), CalendarError> {
        same_length(rows + 1, self.offsets.len())?;
        same_length(self.from.len(), self.to.len())?;
        let last = self.offsets.last().map_or(0, |last| usize::try_from(*last).unwrap_or(0));
        let rising = self.offsets.windows(2).all(|pair| pair[0] <= pair[1])
            && self.offsets.first().is_some_and(|first| *first >= 0);
        if rising && last <= self.from.len() {
            Ok(())
        } else {
            Err(CalendarError::LengthMismatch { expected: last, found: self.from.len() })
        }
    }

    /// The row's pauses, sorted, in a buffer that is used again; `None` if one is reversed.
    fn row<'b>(&self, row: usize, buffer: &'b mut Vec<(i64, i64)>) -> Option<&'b [(i64, i64)]> {
        let range = self.offsets[row] as usize..self.offsets[row + 1] as usize;
        buffer.clear();
        for (from, to) in self.from[range.clone()].iter().zip(&self.to[range]) {
            if to < from {
                return None;
            }
            buffer.push((*from, *to));
        }
        buffer.sort_unstable();
        Some(buffer)
    }
}

fn same_length(expected: usize, found: usize) -> Result<(), CalendarError> {
    if expected == found { Ok(()) } else { Err(CalendarError::LengthMismatch { expected, found }) }
}

/// Fills the column row by row.
#[inline]
fn fill<T: Copy>(
    rows: usize,
    out: &mut [T],
    outside: &mut [bool],
    none: T,
    mut value: impl FnMut(usize) -> Option<T>,
) -> Result<(), CalendarError> {
    same_length(rows, out.len())?;
    same_length(rows, outside.len())?;
    for (row, (out, outside)) in out.iter_mut().zip(outside).enumerate() {
        let found = value(row);
        *outside = found.is_none();
        *out = found.unwrap_or(none);
    }
    Ok(())
}

impl Calendar {
    /// [`Calendar::is_working_day`] for a column; `false` in rows outside.
    pub fn is_working_day_column(
        &self,
        days: &[i32],
        out: &mut [bool],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        let table = &self.work("is working day")?.table;
        fill(days.len(), out, outside, false, |i| table.is_working(days[i]))
    }

    /// [`Calendar::add_working_days`] for a column.
    pub fn add_working_days_column(
        &self,
        from: &[i32],
        n: Rows<'_, i32>,
        out: &mut [i32],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        let table = &self.work("add working days")?.table;
        n.fits(from.len())?;
        fill(from.len(), out, outside, NO_DAY, |i| {
            let n = n.get(i);
            if n < 0 { None } else { table.add_days(from[i], n) }
        })
    }

    /// [`Calendar::add_working_days_to_end`] for a column; instants in µs.
    pub fn add_working_days_to_end_column(
        &self,
        from: &[i32],
        n: Rows<'_, i32>,
        out: &mut [i64],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        let table = &self.work("add working days")?.table;
        n.fits(from.len())?;
        fill(from.len(), out, outside, NO_VALUE, |i| {
            let n = n.get(i);
            if n < 0 { None } else { table.end_of_hours(table.add_days(from[i], n)?) }
        })
    }

    /// [`Calendar::end_of_hours`] for a column; instants in µs.
    pub fn end_of_hours_column(
        &self,
        days: &[i32],
        out: &mut [i64],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        let table = &self.work("end of hours")?.table;
        fill(days.len(), out, outside, NO_VALUE, |i| table.end_of_hours(days[i]))
    }

    /// [`Calendar::add_calendar_days`] for a column.
    pub fn add_calendar_days_column(
        &self,
        from: &[i32],
        n: Rows<'_, i32>,
        roll: Roll,
        out: &mut [i32],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        n.fits(from.len())?;
        if roll == Roll::Forward {
            self.work("next working day")?;
        }
        fill(from.len(), out, outside, NO_DAY, |i| {
            Some(self.add_calendar_days(Day(from[i]), n.get(i), roll).ok()?.0)
        })
    }

    /// [`Calendar::add_months`] for a column.
    pub fn add_months_column(
        &self,
        from: &[i32],
        n: Rows<'_, i32>,
        roll: Roll,
        out: &mut [i32],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        n.fits(from.len())?;
        if roll == Roll::Forward {
            self.work("next working day")?;
        }
        fill(from.len(), out, outside, NO_DAY, |i| {
            Some(self.add_months(Day(from[i]), n.get(i), roll).ok()?.0)
        })
    }

    /// [`Calendar::working_days_between`] for a column.
    pub fn working_days_between_column(
        &self,
        from: &[i32],
        to: Rows<'_, i32>,
        out: &mut [i32],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        let table = &self.work("working days between")?.table;
        to.fits(from.len())?;
        fill(from.len(), out, outside, NO_DAY, |i| table.days_between(from[i], to.get(i)))
    }

    /// [`Calendar::add_working_seconds`] for a column; instants in µs.
    pub fn add_working_seconds_column(
        &self,
        from: &[i64],
        n: Rows<'_, i64>,
        out: &mut [i64],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        let table = &self.work("add working time")?.table;
        n.fits(from.len())?;
        fill(from.len(), out, outside, NO_VALUE, |i| {
            let n = n.get(i);
            if n < 0 { None } else { table.add_seconds(from[i], n) }
        })
    }

    /// [`Calendar::working_seconds_between`] for a column; instants in µs.
    pub fn working_seconds_between_column(
        &self,
        from: &[i64],
        to: Rows<'_, i64>,
        out: &mut [i64],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        let table = &self.work("working time between")?.table;
        to.fits(from.len())?;
        fill(from.len(), out, outside, NO_VALUE, |i| table.seconds_between(from[i], to.get(i)))
    }

    /// [`Calendar::clock_start`] for a column; instants in µs.
    pub fn clock_start_column(
        &self,
        received: &[i64],
        out: &mut [i64],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        let table = &self.work("clock start")?.table;
        fill(received.len(), out, outside, NO_VALUE, |i| table.clock_start(received[i]))
    }

    /// [`Calendar::received`] for a column; [`Received::DayOff`] in rows outside.
    pub fn received_column(
        &self,
        received: &[i64],
        out: &mut [Received],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        let work: &Work = self.work("received")?;
        fill(received.len(), out, outside, Received::DayOff, |i| work.received(received[i]))
    }

    /// [`Calendar::paused_seconds`] for a column; instants in µs.
    pub fn paused_seconds_column(
        &self,
        from: &[i64],
        to: Rows<'_, i64>,
        pauses: PauseColumn<'_>,
        out: &mut [i64],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        let table = &self.work("paused working time")?.table;
        to.fits(from.len())?;
        pauses.check(from.len())?;
        let mut buffer = Vec::new();
        fill(from.len(), out, outside, NO_VALUE, |i| {
            let (from, to) = (from[i], to.get(i));
            let sorted = pauses.row(i, &mut buffer)?.iter().copied();
            let seconds = table.paused_seconds(from.min(to), from.max(to), sorted)?;
            Some(if from <= to { seconds } else { -seconds })
        })
    }

    /// [`Calendar::add_working_seconds_paused`] for a column; instants in µs.
    pub fn add_working_seconds_paused_column(
        &self,
        start: &[i64],
        n: Rows<'_, i64>,
        pauses: PauseColumn<'_>,
        out: &mut [i64],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        let table = &self.work("add working time")?.table;
        n.fits(start.len())?;
        pauses.check(start.len())?;
        let mut buffer = Vec::new();
        fill(start.len(), out, outside, NO_VALUE, |i| {
            let n = n.get(i);
            let sorted = pauses.row(i, &mut buffer)?.iter().copied();
            if n < 0 { None } else { table.add_seconds_paused(start[i], n, sorted) }
        })
    }

    /// [`Calendar::add_working_days_paused`] for a column; pauses are instants in µs.
    pub fn add_working_days_paused_column(
        &self,
        from: &[i32],
        n: Rows<'_, i32>,
        pauses: PauseColumn<'_>,
        out: &mut [i32],
        outside: &mut [bool],
    ) -> Result<(), CalendarError> {
        let table = &self.work("add working days")?.table;
        n.fits(from.len())?;
        pauses.check(from.len())?;
        let mut buffer = Vec::new();
        fill(from.len(), out, outside, NO_DAY, |i| {
            let n = n.get(i);
            let sorted = pauses.row(i, &mut buffer)?.iter();
            let days = sorted.map(|(from, to)| (table.local(*from).0, table.local(*to).0));
            if n < 0 { None } else { table.add_days_paused(from[i], n, days) }
        })
    }
}
