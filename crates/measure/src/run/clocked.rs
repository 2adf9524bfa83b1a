//! Working time by positions: an instant's place in its calendar's working time is worked out once, however
//! many functions ask for it, and from there they only add and subtract.

use std::collections::BTreeMap;

use giaouoc_worktime::{Calendar, CalendarError, Instant, Rows};

use crate::clock::Clock;
use crate::col::{Col, Data, Failed, Moments};
use crate::error::Cause;
use crate::run::Spare;
use crate::run::number::{instants, is_live};
use crate::run::work::ByCalendar;

/// The position of an instant that the tables do not know; the calendar is then asked.
const ASK: i64 = -1;

#[inline]
fn get<T: Copy>(view: Rows<'_, T>, row: usize) -> T {
    match view {
        Rows::All(value) => value,
        Rows::Each(values) => values[row],
    }
}

/// The working seconds before each instant, by its row's calendar. Bare days are unknown.
pub(super) fn position(rows: usize, x: &Col, calendars: &ByCalendar<'_>, spare: &mut Spare) -> Option<Col> {
    let Data::Moment(moments) = &x.data else { return None };
    let x = &instants(x, moments);
    let mut out = spare.wide();
    match (calendars.one(), moments.at.view()) {
        (Some(clock), Rows::Each(at)) => {
            out.extend(at.iter().map(|at| clock.position(*at).unwrap_or(ASK)));
        }
        (_, at) => {
            out.extend((0..rows).map(|row| {
                calendars.clock(row).and_then(|clock| clock.position(get(at, row))).unwrap_or(ASK)
            }))
        }
    }
    Some(Col::strict(Data::Integer(out.into()), &[x]))
}

/// Puts what the calendar says into the rows that the tables did not answer, and notes what it refuses.
fn ask(
    operands: &[&Col],
    open: &[u32],
    out: &mut [i64],
    say: impl Fn(usize) -> Result<i64, Cause>,
) -> Option<Failed> {
    let mut causes = BTreeMap::new();
    for row in open.iter().map(|row| *row as usize).filter(|row| is_live(operands, *row)) {
        match say(row) {
            Ok(value) => out[row] = value,
            Err(cause) => {
                causes.insert(row, cause);
            }
        }
    }
    Failed::new(out.len(), causes)
}

fn refused(error: CalendarError) -> Cause {
    Cause::Calendar(error)
}

fn moments(col: &Col) -> Option<&Moments> {
    if let Data::Moment(moments) = &col.data { Some(moments) } else { None }
}

fn numbers(col: &Col) -> Option<Rows<'_, i64>> {
    if let Data::Integer(run) = &col.data { Some(run.view()) } else { None }
}

/// `work_minutes(from, to)` by the positions of both.
pub(super) fn work_minutes(
    rows: usize,
    [from, to]: [&Col; 2],
    positions: [&Col; 2],
    calendars: &ByCalendar<'_>,
    spare: &mut Spare,
) -> Option<Col> {
    let (a, b) = (numbers(positions[0])?, numbers(positions[1])?);
    let mut out = spare.wide();
    let mut least = 0;
    let mut minutes = |a: i64, b: i64| {
        least = a.min(b).min(least);
        // No position is further than the seconds of some hundred years.
        (b - a) / 60
    };
    match (a, b) {
        (Rows::Each(a), Rows::Each(b)) => out.extend(a.iter().zip(b).map(|(a, b)| minutes(*a, *b))),
        _ => out.extend((0..rows).map(|row| minutes(get(a, row), get(b, row)))),
    }
    let mut failed = None;
    if least < 0 {
        let (from, to) = (moments(from)?, moments(to)?);
        let open: Vec<u32> =
            (0..rows).filter(|row| get(a, *row) < 0 || get(b, *row) < 0).map(|row| row as u32).collect();
        failed = ask(&positions, &open, &mut out, |row| {
            let (from, to) = (Instant(from.at.get(row)), Instant(to.at.get(row)));
            calendars.of(row).working_minutes_between(from, to).map_err(refused)
        });
    }
    Some(Col::strict(Data::Integer(out.into()), &positions).fail(failed))
}

/// `add_working_minutes(from, n)`, `add_working_hours(from, n)`: `unit` seconds each, by the position.
pub(super) fn add_work(
    rows: usize,
    from: &Col,
    position: &Col,
    n: &Col,
    unit: i64,
    calendars: &ByCalendar<'_>,
    spare: &mut Spare,
) -> Option<Col> {
    let (positions, counts, moments) = (numbers(position)?, numbers(n)?, moments(from)?);
    let mut out = spare.wide();
    let mut open = Vec::new();
    // The answer, or one that says that the calendar is to be asked.
    let mut silent = false;
    let mut due = |clock: Option<&Clock>, position: i64, n: i64| {
        // For 0 the answer is the next working instant, which is another question.
        let fits = (1..1 << 32).contains(&n) && position >= 0;
        let at =
            clock.filter(|_| fits).and_then(|clock| clock.instant(position + n * unit)).unwrap_or(i64::MIN);
        silent |= at == i64::MIN;
        at
    };
    match (calendars.one(), positions, counts) {
        (Some(clock), Rows::Each(positions), Rows::Each(counts)) => {
            out.extend(positions.iter().zip(counts).map(|(position, n)| due(Some(clock), *position, *n)));
        }
        _ => {
            out.extend((0..rows).map(|row| due(calendars.clock(row), get(positions, row), get(counts, row))))
        }
    }
    if silent {
        for (row, at) in out.iter_mut().enumerate().filter(|(_, at)| **at == i64::MIN) {
            open.push(row as u32);
            *at = 0;
        }
    }
    let operands = [position, n];
    let failed = ask(&operands, &open, &mut out, |row| {
        let seconds = get(counts, row).checked_mul(unit).ok_or(Cause::Arithmetic)?;
        let calendar: &Calendar = calendars.of(row);
        calendar.add_working_seconds(Instant(moments.at.get(row)), seconds).map(|at| at.0).map_err(refused)
    });
    let moments = Moments { at: out.into(), bare: None };
    Some(Col::strict(Data::Moment(moments), &operands).fail(failed))
}
