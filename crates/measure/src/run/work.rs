//! Working-time functions, by whole columns through `giaouoc-worktime`, for each row by its unit's calendar.
//!
//! Every row is computed, whatever stands in it; of the rows that the calendar could not answer only those
//! matter whose operands are known.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use giaouoc_agreement::lang::Function;
use giaouoc_worktime::{Calendar, CalendarError, Day, Instant, Pause, PauseColumn, Received, Roll, Rows};

use crate::bits::Bits;
use crate::clock::Clock;
use crate::col::{Col, Data, Failed, Moments, Pauses};
use crate::error::Cause;
use crate::run::Spare;
use crate::run::flag::flag;
use crate::run::number::{instants, is_live};

/// Which row goes by which calendar.
#[derive(Debug)]
pub(crate) struct ByCalendar<'a> {
    calendars: &'a [Calendar],
    clocks: &'a [Option<Arc<Clock>>],
    /// For each calendar its rows; empty when one calendar holds for all.
    rows: Vec<Vec<u32>>,
    /// For each row its calendar; empty when one calendar holds for all.
    of: Vec<u16>,
}

impl<'a> ByCalendar<'a> {
    /// `calendar_of` gives the calendar of each unit, `units` the unit of each row.
    pub(crate) fn new(
        calendars: &'a [Calendar],
        clocks: &'a [Option<Arc<Clock>>],
        calendar_of: &[u16],
        units: &[u32],
    ) -> Self {
        let mut by = Self { calendars, clocks, rows: Vec::new(), of: Vec::new() };
        if calendars.len() > 1 {
            by.rows = vec![Vec::new(); calendars.len()];
            for (row, unit) in units.iter().enumerate() {
                let calendar = calendar_of[*unit as usize];
                by.rows[usize::from(calendar)].push(row as u32);
                by.of.push(calendar);
            }
        }
        by
    }

    fn index(&self, row: usize) -> usize {
        self.of.get(row).map_or(0, |calendar| usize::from(*calendar))
    }

    /// A row's calendar.
    pub(super) fn of(&self, row: usize) -> &'a Calendar {
        &self.calendars[self.index(row)]
    }

    /// The tables of a row's calendar, when there are some.
    pub(super) fn clock(&self, row: usize) -> Option<&'a Clock> {
        self.clocks[self.index(row)].as_deref()
    }

    /// The tables that hold for all rows.
    pub(super) fn one(&self) -> Option<&'a Clock> {
        if self.of.is_empty() { self.clocks.first()?.as_deref() } else { None }
    }

    /// Calls the function for each calendar with its rows, and puts the results in their places. Gives the
    /// rows that a calendar did not answer.
    fn each<T: Copy + Default>(
        &self,
        out: &mut [T],
        mut function: impl FnMut(&Calendar, Picked<'_>, &mut [T], &mut [bool]) -> Result<(), CalendarError>,
    ) -> Option<Vec<bool>> {
        let mut outside = vec![false; out.len()];
        if self.rows.is_empty() {
            if function(&self.calendars[0], Picked(None), out, &mut outside).is_err() {
                outside.fill(true);
            }
            return settled(out, outside);
        }
        for (calendar, rows) in self.calendars.iter().zip(&self.rows).filter(|(_, rows)| !rows.is_empty()) {
            let mut part = vec![T::default(); rows.len()];
            let mut part_outside = vec![false; rows.len()];
            if function(calendar, Picked(Some(rows)), &mut part, &mut part_outside).is_err() {
                part_outside.fill(true);
            }
            for ((row, value), flag) in rows.iter().zip(part).zip(part_outside) {
                out[*row as usize] = value;
                outside[*row as usize] = flag;
            }
        }
        settled(out, outside)
    }
}

/// Puts a harmless value where there is no answer: one at the end of the range would make every later step
/// look for an overflow. Gives nothing when all rows were answered.
fn settled<T: Copy + Default>(out: &mut [T], outside: Vec<bool>) -> Option<Vec<bool>> {
    if !outside.contains(&true) {
        return None;
    }
    for (out, outside) in out.iter_mut().zip(&outside) {
        if *outside {
            *out = T::default();
        }
    }
    Some(outside)
}

/// The rows of one calendar; nothing for all rows.
#[derive(Clone, Copy)]
struct Picked<'a>(Option<&'a [u32]>);

impl Picked<'_> {
    fn rows<'v, T: Copy>(self, view: Rows<'v, T>) -> Cow<'v, [T]>
    where
        [T]: ToOwned<Owned = Vec<T>>,
    {
        match (self.0, view) {
            (None, Rows::Each(values)) => Cow::Borrowed(values),
            (Some(rows), Rows::Each(values)) => rows.iter().map(|row| values[*row as usize]).collect(),
            (Some(rows), Rows::All(value)) => Cow::Owned(vec![value; rows.len()]),
            // Spread out by the caller.
            (None, Rows::All(_)) => Cow::Owned(Vec::new()),
        }
    }

    fn or_all<'v, T: Copy>(self, view: Rows<'v, T>, picked: &'v mut Vec<T>) -> Rows<'v, T> {
        match (self.0, view) {
            (None, view) | (_, view @ Rows::All(_)) => view,
            (Some(rows), Rows::Each(values)) => {
                picked.extend(rows.iter().map(|row| values[*row as usize]));
                Rows::Each(picked)
            }
        }
    }
}

/// A value for each row, even when it is the same.
fn spread<'v, T: Copy>(rows: usize, view: Rows<'v, T>, buffer: &'v mut Vec<T>) -> Rows<'v, T> {
    match view {
        Rows::Each(_) => view,
        Rows::All(value) => {
            buffer.resize(rows, value);
            Rows::Each(buffer)
        }
    }
}

/// The failures among the rows that were not answered: the error is what the function says of one row.
fn failures(
    operands: &[&Col],
    outside: Option<&Vec<bool>>,
    error: impl Fn(usize) -> Option<Cause>,
) -> Option<Failed> {
    let outside = outside?;
    let causes: BTreeMap<usize, Cause> = (0..outside.len())
        .filter(|row| outside[*row] && is_live(operands, *row))
        .filter_map(|row| Some((row, error(row)?)))
        .collect();
    Failed::new(outside.len(), causes)
}

fn refused<T>(result: Result<T, CalendarError>) -> Option<Cause> {
    result.err().map(Cause::Calendar)
}

/// Numbers as the calendar takes them. What does not fit is made negative, which no function answers, so
/// that the row is looked at again.
fn small(n: Rows<'_, i64>, buffer: &mut Vec<i32>) -> Rows<'static, i32> {
    match n {
        Rows::All(n) => Rows::All(i32::try_from(n).unwrap_or(-1)),
        Rows::Each(values) => {
            buffer.extend(values.iter().map(|n| i32::try_from(*n).unwrap_or(-1)));
            Rows::All(0)
        }
    }
}

/// A call of a working-time function, or of `add_months`.
pub(super) fn call(
    rows: usize,
    function: &Function,
    list: &[&Col],
    calendars: &ByCalendar<'_>,
    spare: &mut Spare,
) -> Option<Col> {
    match (function, list) {
        (Function::IsWorkingDay, [x]) => {
            let Data::Day(days) = &x.data else { return None };
            let mut buffer = Vec::new();
            let view = spread(rows, days.view(), &mut buffer);
            let mut out = vec![false; rows];
            let outside = calendars.each(&mut out, |calendar, picked, out, outside| {
                calendar.is_working_day_column(&picked.rows(view), out, outside)
            });
            let failed = failures(&[x], outside.as_ref(), |row| {
                refused(calendars.of(row).is_working_day(Day(days.get(row))))
            });
            Some(flag(Bits::map(&out, |yes| yes), &[x]).fail(failed))
        }
        (Function::OutsideHours, [x]) => {
            let Data::Moment(moments) = &x.data else { return None };
            let x = &instants(x, moments);
            let mut buffer = Vec::new();
            let view = spread(rows, moments.at.view(), &mut buffer);
            let mut out = vec![false; rows];
            let outside = calendars.each(&mut out, |calendar, picked, out, outside| {
                let at = picked.rows(view);
                let mut received = vec![Received::InHours; at.len()];
                calendar.received_column(&at, &mut received, outside)?;
                for (out, received) in out.iter_mut().zip(received) {
                    *out = received != Received::InHours;
                }
                Ok(())
            });
            let failed = failures(&[x], outside.as_ref(), |row| {
                refused(calendars.of(row).received(Instant(moments.at.get(row))))
            });
            Some(flag(Bits::map(&out, |yes| yes), &[x]).fail(failed))
        }
        (Function::AddWorkingDays | Function::AddCalendarDays, [from, n]) => {
            add_days(rows, function, from, n, calendars, spare)
        }
        (Function::AddMonths, [from, n]) => add_months(rows, from, n, spare),
        (Function::WorkDays, [a, b]) => {
            let (Data::Day(from), Data::Day(to)) = (&a.data, &b.data) else { return None };
            let mut buffer = Vec::new();
            let view = spread(rows, from.view(), &mut buffer);
            let mut out = spare.narrow_full(rows);
            let outside = calendars.each(&mut out, |calendar, picked, out, outside| {
                let mut buffer = Vec::new();
                let to = picked.or_all(to.view(), &mut buffer);
                calendar.working_days_between_column(&picked.rows(view), to, out, outside)
            });
            let failed = failures(&[a, b], outside.as_ref(), |row| {
                let (from, to) = (Day(from.get(row)), Day(to.get(row)));
                refused(calendars.of(row).working_days_between(from, to))
            });
            let mut wide = spare.wide();
            wide.extend(out.iter().map(|days| i64::from(*days)));
            spare.narrow.push(out);
            Some(Col::strict(Data::Integer(wide.into()), &[a, b]).fail(failed))
        }
        _ => None,
    }
}

fn seconds_between(
    rows: usize,
    from: &Moments,
    to: &Moments,
    calendars: &ByCalendar<'_>,
    spare: &mut Spare,
) -> (Vec<i64>, Option<Vec<bool>>) {
    let mut buffer = Vec::new();
    let view = spread(rows, from.at.view(), &mut buffer);
    let mut out = spare.wide_full(rows);
    let outside = calendars.each(&mut out, |calendar, picked, out, outside| {
        let mut buffer = Vec::new();
        let to = picked.or_all(to.at.view(), &mut buffer);
        calendar.working_seconds_between_column(&picked.rows(view), to, out, outside)
    });
    (out, outside)
}

/// `work_minutes(from, to, pauses)`; a pause still open lasts to `end`, and one that begins later is none.
pub(super) fn net_minutes(
    rows: usize,
    [a, b, pauses]: [&Col; 3],
    end: i64,
    calendars: &ByCalendar<'_>,
    spare: &mut Spare,
) -> Option<Col> {
    let (Data::Moment(from), Data::Moment(to), Data::Intervals(list)) = (&a.data, &b.data, &pauses.data)
    else {
        return None;
    };
    let (a, b) = (&instants(a, from), &instants(b, to));
    let (mut out, outside) = seconds_between(rows, from, to, calendars, spare);
    let closed = closed(list, end);
    let mut buffer = Vec::new();
    let view = spread(rows, from.at.view(), &mut buffer);
    let mut paused = spare.wide_full(rows);
    let paused_outside = calendars.each(&mut paused, |calendar, picked, out, outside| {
        let mut buffer = Vec::new();
        let to = picked.or_all(to.at.view(), &mut buffer);
        let part = match picked.0 {
            Some(rows) => Cow::Owned(part(&closed, rows)),
            None => Cow::Borrowed(&closed),
        };
        let column = PauseColumn { offsets: &part.offsets, from: &part.from, to: &part.to };
        calendar.paused_seconds_column(&picked.rows(view), to, column, out, outside)
    });
    for (seconds, paused) in out.iter_mut().zip(&paused) {
        *seconds = seconds.wrapping_sub(*paused) / 60;
    }
    let outside = match (outside, paused_outside) {
        (Some(a), Some(b)) => Some(a.into_iter().zip(b).map(|(a, b)| a | b).collect()),
        (a, b) => a.or(b),
    };
    spare.wide.push(paused);
    let operands = [a, b, pauses];
    let failed = failures(&operands, outside.as_ref(), |row| {
        let range = closed.offsets[row] as usize..closed.offsets[row + 1] as usize;
        let pauses: Vec<Pause> =
            range.map(|at| Pause { from: Instant(closed.from[at]), to: Instant(closed.to[at]) }).collect();
        let (from, to) = (Instant(from.at.get(row)), Instant(to.at.get(row)));
        refused(calendars.of(row).net_working_seconds(from, to, &pauses))
    });
    Some(Col::strict(Data::Integer(out.into()), &operands).fail(failed))
}

/// The pauses with both ends.
fn closed(list: &Pauses, end: i64) -> Pauses {
    let mut closed = Pauses { offsets: Vec::with_capacity(list.offsets.len()), ..Pauses::default() };
    closed.offsets.push(0);
    for pair in list.offsets.windows(2) {
        for at in pair[0] as usize..pair[1] as usize {
            let (from, to) = (list.from[at], list.to[at]);
            if to < i64::MAX || from < end {
                closed.from.push(from);
                closed.to.push(if to < i64::MAX { to } else { end });
            }
        }
        closed.offsets.push(closed.from.len() as i32);
    }
    closed
}

/// The pauses of some rows.
fn part(list: &Pauses, rows: &[u32]) -> Pauses {
    let mut part = Pauses { offsets: vec![0], ..Pauses::default() };
    for row in rows {
        let range = list.offsets[*row as usize] as usize..list.offsets[*row as usize + 1] as usize;
        part.from.extend_from_slice(&list.from[range.clone()]);
        part.to.extend_from_slice(&list.to[range]);
        part.offsets.push(part.from.len() as i32);
    }
    part
}

/// `add_working_days`, `add_calendar_days` (which rolls off days off).
fn add_days(
    rows: usize,
    function: &Function,
    a: &Col,
    b: &Col,
    calendars: &ByCalendar<'_>,
    spare: &mut Spare,
) -> Option<Col> {
    let (Data::Day(from), Data::Integer(n)) = (&a.data, &b.data) else { return None };
    let mut buffer = Vec::new();
    let view = spread(rows, from.view(), &mut buffer);
    let mut narrow = Vec::new();
    let same = small(n.view(), &mut narrow);
    let counts = if narrow.is_empty() { same } else { Rows::Each(narrow.as_slice()) };
    let working = *function == Function::AddWorkingDays;
    let mut out = spare.narrow_full(rows);
    let outside = calendars.each(&mut out, |calendar, picked, out, outside| {
        let mut buffer = Vec::new();
        let n = picked.or_all(counts, &mut buffer);
        let from = picked.rows(view);
        if working {
            calendar.add_working_days_column(&from, n, out, outside)
        } else {
            calendar.add_calendar_days_column(&from, n, Roll::Forward, out, outside)
        }
    });
    let failed = failures(&[a, b], outside.as_ref(), |row| {
        let (calendar, from) = (calendars.of(row), Day(from.get(row)));
        let Ok(n) = i32::try_from(n.get(row)) else { return Some(Cause::Arithmetic) };
        refused(if working {
            calendar.add_working_days(from, n)
        } else {
            calendar.add_calendar_days(from, n, Roll::Forward)
        })
    });
    Some(Col::strict(Data::Day(out.into()), &[a, b]).fail(failed))
}

/// `add_months`: needs no calendar.
fn add_months(rows: usize, a: &Col, b: &Col, spare: &mut Spare) -> Option<Col> {
    let (Data::Day(from), Data::Integer(n)) = (&a.data, &b.data) else { return None };
    let mut out = spare.narrow_full(rows);
    let mut causes = BTreeMap::new();
    for (row, out) in out.iter_mut().enumerate() {
        match Day(from.get(row)).add_months(n.get(row)) {
            Ok(day) => *out = day.0,
            Err(error) => {
                *out = 0;
                if is_live(&[a, b], row) {
                    causes.insert(row, Cause::Calendar(error));
                }
            }
        }
    }
    Some(Col::strict(Data::Day(out.into()), &[a, b]).fail(Failed::new(rows, causes)))
}
