//! Comparisons of numbers, days, moments and flags.

use giaouoc_agreement::lang::Compare;
use giaouoc_worktime::{Day, Rows};

use crate::bits::Bits;
use crate::col::{Col, Data, Moments};
use crate::run::day::Days;
use crate::run::flag::flag;
use crate::run::text::{self, Known};

/// Compares two columns of one type; nothing when the types do not fit.
pub(super) fn compare(
    rows: usize,
    compare: Compare,
    a: &Col,
    b: &Col,
    days: &Days,
    known: &mut Option<Known>,
) -> Option<Col> {
    match (&a.data, &b.data) {
        (Data::Integer(x), Data::Integer(y)) => {
            Some(flag(values(rows, compare, x.view(), y.view()), &[a, b]))
        }
        (Data::Day(x), Data::Day(y)) => Some(flag(values(rows, compare, x.view(), y.view()), &[a, b])),
        (Data::Flag(x), Data::Flag(y)) if matches!(compare, Compare::Eq | Compare::Ne) => {
            let differ = x.clone().xor(y);
            let yes = if compare == Compare::Ne { differ } else { differ.not() };
            Some(flag(yes, &[a, b]))
        }
        (Data::Moment(x), Data::Moment(y)) => Some(moments(rows, compare, (a, x), (b, y), days)),
        (Data::Text(x), Data::Text(y)) if matches!(compare, Compare::Eq | Compare::Ne) => {
            let yes = text::equal(rows, x, y, known);
            Some(flag(if compare == Compare::Ne { yes.not() } else { yes }, &[a, b]))
        }
        _ => None,
    }
}

/// Plain values.
fn values<T: Copy + PartialOrd>(rows: usize, compare: Compare, a: Rows<'_, T>, b: Rows<'_, T>) -> Bits {
    match compare {
        Compare::Eq => test(rows, a, b, |a, b| a == b),
        Compare::Ne => test(rows, a, b, |a, b| a != b),
        Compare::Lt => test(rows, a, b, |a, b| a < b),
        Compare::Le => test(rows, a, b, |a, b| a <= b),
        Compare::Gt => test(rows, a, b, |a, b| a > b),
        Compare::Ge => test(rows, a, b, |a, b| a >= b),
    }
}

fn test<T: Copy>(rows: usize, a: Rows<'_, T>, b: Rows<'_, T>, test: impl Fn(T, T) -> bool) -> Bits {
    match (a, b) {
        (Rows::Each(a), Rows::Each(b)) => Bits::zip(a, b, test),
        (Rows::Each(a), Rows::All(b)) => Bits::map(a, |a| test(a, b)),
        (Rows::All(a), Rows::Each(b)) => Bits::map(b, |b| test(a, b)),
        (Rows::All(a), Rows::All(b)) if test(a, b) => Bits::all(rows),
        (Rows::All(_), Rows::All(_)) => Bits::none(rows),
    }
}

/// Moments: instants at full speed, then the rows with a bare day, which stands for any instant of that day.
fn moments(rows: usize, compare: Compare, a: (&Col, &Moments), b: (&Col, &Moments), days: &Days) -> Col {
    let mut yes = values(rows, compare, a.1.at.view(), b.1.at.view());
    let mut vague = Bits::none(rows);
    for bare in [&a.1.bare, &b.1.bare].into_iter().flatten() {
        for row in bare.rows.rows() {
            let outcome = ranges(compare, days.range(a.1, row), days.range(b.1, row));
            yes.put(row, outcome == Some(true));
            vague.put(row, outcome.is_none());
        }
    }
    let col = flag(yes, &[a.0, b.0]);
    match vague.some() {
        None => col,
        Some(vague) => {
            let vague =
                col.unknown.as_ref().map_or_else(|| vague.clone(), |unknown| vague.clone().without(unknown));
            col.hide(Some(&vague))
        }
    }
}

/// Compares two ranges of instants (both ends included): true or false only if it is so for every pair.
fn ranges(compare: Compare, a: (i64, i64), b: (i64, i64)) -> Option<bool> {
    let decided = |yes: bool, no: bool| {
        if yes {
            Some(true)
        } else if no {
            Some(false)
        } else {
            None
        }
    };
    match compare {
        Compare::Lt => decided(a.1 < b.0, a.0 >= b.1),
        Compare::Le => decided(a.1 <= b.0, a.0 > b.1),
        Compare::Gt => ranges(Compare::Lt, b, a),
        Compare::Ge => ranges(Compare::Le, b, a),
        Compare::Eq => decided(a == b && a.0 == a.1, a.1 < b.0 || b.1 < a.0),
        Compare::Ne => ranges(Compare::Eq, a, b).map(|equal| !equal),
    }
}

/// Flags, integers and days against a sorted list of literals.
pub(super) fn in_numbers(rows: usize, x: &Col, list: &[i64]) -> Option<Col> {
    let has = |value: i64| {
        if list.len() <= 8 { list.contains(&value) } else { list.binary_search(&value).is_ok() }
    };
    let yes = match &x.data {
        Data::Integer(run) => match run.view() {
            Rows::Each(values) => Bits::map(values, has),
            Rows::All(value) => same(rows, has(value)),
        },
        Data::Day(run) => match run.view() {
            Rows::Each(values) => Bits::map(values, |day| has(i64::from(day))),
            Rows::All(value) => same(rows, has(i64::from(value))),
        },
        Data::Flag(bits) => match (has(1), has(0)) {
            (true, true) => Bits::all(rows),
            (true, false) => bits.clone(),
            (false, true) => bits.clone().not(),
            (false, false) => Bits::none(rows),
        },
        _ => return None,
    };
    Some(flag(yes, &[x]))
}

fn same(rows: usize, flag: bool) -> Bits {
    if flag { Bits::all(rows) } else { Bits::none(rows) }
}

impl Days {
    /// The first and the last instant (µs) that a moment may stand for.
    fn range(&self, moments: &Moments, row: usize) -> (i64, i64) {
        if let Some(bare) = moments.bare.as_ref().filter(|bare| bare.rows.get(row)) {
            return self.range_of(Day(bare.days.get(row)));
        }
        let at = moments.at.get(row);
        (at, at)
    }
}
