//! Three-valued logic after Kleene. A flag is two sets of rows that do not meet: those that are true, and
//! those that are unknown.

use crate::bits::{Bits, either};
use crate::col::{Col, Data, Failed};

fn bits(col: &Col) -> Option<&Bits> {
    if let Data::Flag(bits) = &col.data { Some(bits) } else { None }
}

/// A flag from rows that test true, whatever they say where it is unknown.
pub(super) fn flag(mut yes: Bits, operands: &[&Col]) -> Col {
    let col = Col::strict(Data::Flag(Bits::default()), operands);
    if let Some(unknown) = &col.unknown {
        yes = yes.without(unknown);
    }
    Col { data: Data::Flag(yes), ..col }
}

/// The value, unknown where the flag is set.
pub(super) fn hide(x: &Col, late: &Col) -> Option<Col> {
    let late_rows = bits(late)?;
    let mut hidden = x.clone();
    if late_rows.any() {
        hidden = hidden.hide(Some(late_rows));
        if let Data::Flag(yes) = &mut hidden.data {
            *yes = std::mem::take(yes).without(late_rows);
        }
    }
    Some(hidden.fail(late.failed.clone()))
}

pub(super) fn not(x: &Col) -> Option<Col> {
    let yes = bits(x)?;
    let mut no = yes.clone().not();
    if let Some(unknown) = &x.unknown {
        no = no.without(unknown);
    }
    Some(Col { data: Data::Flag(no), unknown: x.unknown.clone(), failed: x.failed.clone() })
}

/// Reads from left to right: what stands behind a false is not looked at, so it cannot fail.
pub(super) fn and(list: &[&Col]) -> Option<Col> {
    let (first, rest) = list.split_first()?;
    let (mut yes, mut unknown, mut failed) =
        (bits(first)?.clone(), first.unknown.clone(), first.failed.clone());
    for next in rest {
        let next_yes = bits(next)?;
        if let Some(new) = &next.failed {
            let open = unknown.as_ref().map_or_else(|| yes.clone(), |unknown| yes.clone().or(unknown));
            failed = Failed::both(failed.as_ref(), new.within(&open).as_ref());
        }
        unknown = match (unknown, &next.unknown) {
            (None, None) => None,
            (Some(a), None) => Some(a.and(next_yes)),
            (None, Some(b)) => Some(yes.clone().and(b)),
            (Some(a), Some(b)) => {
                let open = yes.clone().or(&a).and(&next_yes.clone().or(b));
                Some(open.without(&yes.clone().and(next_yes)))
            }
        };
        yes = yes.and(next_yes);
    }
    Some(Col { data: Data::Flag(yes), unknown, failed })
}

/// Reads from left to right: what stands behind a true is not looked at, so it cannot fail.
pub(super) fn or(list: &[&Col]) -> Option<Col> {
    let (first, rest) = list.split_first()?;
    let (mut yes, mut unknown, mut failed) =
        (bits(first)?.clone(), first.unknown.clone(), first.failed.clone());
    for next in rest {
        let next_yes = bits(next)?;
        if let Some(new) = &next.failed {
            failed = Failed::both(failed.as_ref(), new.within(&yes.clone().not()).as_ref());
        }
        yes = yes.or(next_yes);
        unknown = either(unknown.as_ref(), next.unknown.as_ref()).map(|unknown| unknown.without(&yes));
    }
    Some(Col { data: Data::Flag(yes), unknown, failed })
}

pub(super) fn is_known(rows: usize, x: &Col) -> Col {
    let known = x.unknown.as_ref().map_or_else(|| Bits::all(rows), |unknown| unknown.clone().not());
    Col { data: Data::Flag(known), unknown: None, failed: x.failed.clone() }
}

/// Counted and met; unknown where counted and met unknown.
pub(super) fn among(counted: &Col, met: &Col) -> Option<Col> {
    let counted_yes = bits(counted)?;
    Some(Col {
        data: Data::Flag(counted_yes.clone().and(bits(met)?)),
        unknown: met.unknown.as_ref().map(|unknown| unknown.clone().and(counted_yes)),
        failed: failed_among(counted, met),
    })
}

/// Counted with a value; unknown where counted and the value unknown.
pub(super) fn having(rows: usize, counted: &Col, value: &Col) -> Option<Col> {
    let counted_yes = bits(counted)?;
    let none = Bits::none(rows);
    let unknown = value.unknown.as_ref().unwrap_or(&none);
    Some(Col {
        data: Data::Flag(counted_yes.clone().without(unknown)),
        unknown: value.unknown.as_ref().map(|unknown| unknown.clone().and(counted_yes)),
        failed: failed_among(counted, value),
    })
}

fn failed_among(counted: &Col, value: &Col) -> Option<Failed> {
    let value = value.failed.as_ref().and_then(|failed| failed.within(bits(counted)?));
    Failed::both(counted.failed.as_ref(), value.as_ref())
}

/// The rows of which it is unknown whether they are counted: by `counted` itself, or because it is unknown
/// into which part of the period they fall.
pub(super) fn doubtful(rows: usize, counted: &Col, split: Option<&Col>) -> Option<Col> {
    let mut doubtful = counted.unknown.clone().unwrap_or_else(|| Bits::none(rows));
    if let Some(unknown) = split.and_then(|split| split.unknown.as_ref()) {
        doubtful = doubtful.or(&unknown.clone().and(bits(counted)?));
    }
    Some(Col::known(Data::Flag(doubtful)))
}

/// Of the rows set (or unknown) in a flag those in which a column is unknown.
pub(super) fn missing(rows: usize, of: &Col, unknown: bool, column: &Col) -> Option<Col> {
    let of = if unknown { of.unknown.as_ref() } else { Some(bits(of)?) };
    Some(Col::known(Data::Flag(match (of, &column.unknown) {
        (Some(of), Some(missing)) => of.clone().and(missing),
        _ => Bits::none(rows),
    })))
}
