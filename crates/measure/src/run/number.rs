//! Arithmetic, checked: a result beyond its range fails its row, and never wraps.

use std::collections::BTreeMap;

use giaouoc_agreement::lang::{Arithmetic, Type};
use giaouoc_worktime::{Day, Instant, MICROS_PER_DAY, Rows};

use crate::bits::Bits;
use crate::col::{Col, Data, Failed, Moments, Run};
use crate::error::Cause;
use crate::run::Spare;

/// The rows of operands that are known and did not fail, where a failure of the operation counts.
pub(super) fn is_live(operands: &[&Col], row: usize) -> bool {
    operands
        .iter()
        .all(|col| !col.is_unknown(row) && !col.failed.as_ref().is_some_and(|failed| failed.rows.get(row)))
}

fn at<T: Copy>(view: Rows<'_, T>, row: usize) -> T {
    match view {
        Rows::All(value) => value,
        Rows::Each(values) => values[row],
    }
}

/// Row by row with a flag for overflow, so that the loop has no branches; the rows are looked for only when
/// there was one.
fn checked(
    rows: usize,
    operands: &[&Col],
    a: Rows<'_, i64>,
    b: Rows<'_, i64>,
    spare: &mut Spare,
    op: impl Fn(i64, i64) -> (i64, bool),
) -> (Vec<i64>, Option<Failed>) {
    let mut out = spare.wide();
    let mut over = false;
    let mut one = |a: i64, b: i64| {
        let (value, beyond) = op(a, b);
        over |= beyond;
        value
    };
    match (a, b) {
        (Rows::Each(a), Rows::Each(b)) => out.extend(a.iter().zip(b).map(|(a, b)| one(*a, *b))),
        (Rows::Each(a), Rows::All(b)) => out.extend(a.iter().map(|a| one(*a, b))),
        (Rows::All(a), Rows::Each(b)) => out.extend(b.iter().map(|b| one(a, *b))),
        (Rows::All(a), Rows::All(b)) => {
            let value = one(a, b);
            out.resize(rows, value);
        }
    }
    if !over {
        return (out, None);
    }
    let causes: BTreeMap<usize, Cause> = (0..rows)
        .filter(|row| op(at(a, *row), at(b, *row)).1 && is_live(operands, *row))
        .map(|row| (row, Cause::Arithmetic))
        .collect();
    (out, Failed::new(rows, causes))
}

pub(super) fn negate(rows: usize, x: &Col, spare: &mut Spare) -> Option<Col> {
    let Data::Integer(run) = &x.data else { return None };
    let (out, failed) = checked(rows, &[x], Rows::All(0), run.view(), spare, i64::overflowing_sub);
    Some(Col::strict(Data::Integer(out.into()), &[x]).fail(failed))
}

/// `a OP b`; the types decide which sum it is.
pub(super) fn arithmetic(
    rows: usize,
    op: Arithmetic,
    a: &Col,
    b: &Col,
    types: (Type, Type),
    spare: &mut Spare,
) -> Option<Col> {
    let sum = match op {
        Arithmetic::Add => i64::overflowing_add,
        Arithmetic::Sub => i64::overflowing_sub,
        Arithmetic::Mul => i64::overflowing_mul,
    };
    let both = [a, b];
    match (&a.data, &b.data) {
        (Data::Integer(x), Data::Integer(y)) => {
            let (out, failed) = match op {
                // Named one by one so that each loop is compiled for its operation.
                Arithmetic::Add => checked(rows, &both, x.view(), y.view(), spare, i64::overflowing_add),
                Arithmetic::Sub => checked(rows, &both, x.view(), y.view(), spare, i64::overflowing_sub),
                Arithmetic::Mul => checked(rows, &both, x.view(), y.view(), spare, i64::overflowing_mul),
            };
            Some(Col::strict(Data::Integer(out.into()), &both).fail(failed))
        }
        (Data::Moment(x), Data::Moment(y)) => {
            let (a, b) = (&instants(a, x), &instants(b, y));
            let (out, failed) = checked(rows, &[a, b], x.at.view(), y.at.view(), spare, sum);
            Some(Col::strict(Data::Integer(out.into()), &[a, b]).fail(failed))
        }
        (Data::Moment(x), Data::Integer(y)) => {
            let a = &instants(a, x);
            let (out, failed) = checked(rows, &[a, b], x.at.view(), y.view(), spare, sum);
            let failed = Failed::both(failed.as_ref(), beyond_years(&[a, b], &out).as_ref());
            let moments = Moments { at: out.into(), bare: None };
            Some(Col::strict(Data::Moment(moments), &[a, b]).fail(failed))
        }
        (Data::Day(x), Data::Day(y)) => {
            let (x, y) = (widened(x, spare), widened(y, spare));
            let (out, failed) = checked(rows, &both, x.view(), y.view(), spare, |a, b| {
                (a - b).overflowing_mul(MICROS_PER_DAY)
            });
            Some(Col::strict(Data::Integer(out.into()), &both).fail(failed))
        }
        (Data::Day(x), Data::Integer(y)) if types.1 == Type::Duration => {
            Some(moved(rows, op, (a, x), (b, y), spare))
        }
        _ => None,
    }
}

/// A moment's column with the rows unknown in which it is a bare day.
pub(super) fn instants(col: &Col, moments: &Moments) -> Col {
    let at = Moments { at: moments.at.clone(), bare: None };
    let col = Col { data: Data::Moment(at), unknown: col.unknown.clone(), failed: col.failed.clone() };
    col.hide(moments.bare.as_ref().map(|bare| &bare.rows))
}

/// Days as 64-bit numbers.
fn widened(days: &Run<i32>, spare: &mut Spare) -> Run<i64> {
    match days.view() {
        Rows::All(day) => Run::Same(i64::from(day)),
        Rows::Each(days) => {
            let mut out = spare.wide();
            out.extend(days.iter().map(|day| i64::from(*day)));
            out.into()
        }
    }
}

/// Fails the rows whose instant lies beyond the years 1900 to 2200.
fn beyond_years(operands: &[&Col], at: &[i64]) -> Option<Failed> {
    let beyond = Bits::map(at, |at| Instant::checked(at).is_err());
    let causes = beyond
        .rows()
        .filter(|row| is_live(operands, *row))
        .filter_map(|row| Some((row, Cause::Calendar(Instant::checked(at[row]).err()?))))
        .collect();
    Failed::new(at.len(), causes)
}

/// A day plus or minus a duration; the checker lets only whole days through.
fn moved(
    rows: usize,
    op: Arithmetic,
    (a, days): (&Col, &Run<i32>),
    (b, durations): (&Col, &Run<i64>),
    spare: &mut Spare,
) -> Col {
    let mut out = spare.narrow_full(rows);
    let mut causes = BTreeMap::new();
    for (row, out) in out.iter_mut().enumerate() {
        let whole = durations.get(row) / MICROS_PER_DAY;
        // A duration has far fewer days than 64 bits hold, so the sign can be turned.
        let whole = if op == Arithmetic::Sub { -whole } else { whole };
        match Day(days.get(row)).add_days(whole) {
            Ok(day) => *out = day.0,
            Err(error) => {
                *out = 0;
                if is_live(&[a, b], row) {
                    causes.insert(row, Cause::Calendar(error));
                }
            }
        }
    }
    Col::strict(Data::Day(out.into()), &[a, b]).fail(Failed::new(rows, causes))
}

/// `count(list)`.
pub(super) fn count(list: &[&Col]) -> Option<Col> {
    let [x] = list else { return None };
    let counts = match &x.data {
        Data::Intervals(pauses) => {
            let counts: Vec<i64> =
                pauses.offsets.windows(2).map(|pair| i64::from(pair[1]) - i64::from(pair[0])).collect();
            counts.into()
        }
        Data::Changes(counts) => counts.clone(),
        _ => return None,
    };
    Some(Col::strict(Data::Integer(counts), &[x]))
}
