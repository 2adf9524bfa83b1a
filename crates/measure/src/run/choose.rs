//! `coalesce`: the first value that is known.

use std::rc::Rc;

use arrow::array::StringArray;
use arrow::datatypes::ArrowNativeType;

use crate::bits::Bits;
use crate::col::{Bare, Col, Data, Failed, Moments, Pauses, Run, Texts};

/// The first known value of each row. Later arguments are looked at only where the earlier ones are unknown,
/// so only there can they fail.
pub(super) fn coalesce(rows: usize, list: &[&Col]) -> Option<Col> {
    let (first, rest) = list.split_first()?;
    let Some(mut open) = first.unknown.clone() else { return Some((*first).clone()) };
    let mut failed = first.failed.clone();
    if let Some(failed) = &failed {
        open = open.without(&failed.rows);
    }
    // For each row the argument that it is taken from.
    let mut from: Vec<usize> = vec![0; rows];
    for (at, next) in rest.iter().enumerate() {
        if let Some(new) = &next.failed {
            failed = Failed::both(failed.as_ref(), new.within(&open).as_ref());
        }
        let mut taken = open.clone();
        for skip in
            [next.unknown.as_ref(), next.failed.as_ref().map(|failed| &failed.rows)].into_iter().flatten()
        {
            taken = taken.without(skip);
        }
        for row in taken.rows() {
            from[row] = at + 1;
        }
        open = open.without(&taken);
        if let Some(new) = &next.failed {
            open = open.without(&new.rows);
        }
    }
    Some(Col { data: pick(rows, list, &from)?, unknown: open.some(), failed })
}

fn pick(rows: usize, list: &[&Col], from: &[usize]) -> Option<Data> {
    Some(match &list.first()?.data {
        Data::Flag(_) => {
            let flags = all(list, |data| if let Data::Flag(bits) = data { Some(bits) } else { None })?;
            // A flag is clear where it is unknown, and so is the first where none is known.
            Data::Flag(Bits::from_fn(rows, |row| flags[from[row]].get(row)))
        }
        Data::Integer(_) => {
            Data::Integer(runs(
                list,
                from,
                |data| if let Data::Integer(run) = data { Some(run) } else { None },
            )?)
        }
        Data::Changes(_) => {
            Data::Changes(runs(
                list,
                from,
                |data| if let Data::Changes(run) = data { Some(run) } else { None },
            )?)
        }
        Data::Day(_) => {
            Data::Day(runs(list, from, |data| if let Data::Day(run) = data { Some(run) } else { None })?)
        }
        Data::Moment(_) => {
            let moments =
                all(list, |data| if let Data::Moment(moments) = data { Some(moments) } else { None })?;
            let at: Vec<i64> = from.iter().enumerate().map(|(row, arg)| moments[*arg].at.get(row)).collect();
            let bare_of = |row: usize| moments[from[row]].bare.as_ref().filter(|bare| bare.rows.get(row));
            let bare = Bits::from_fn(rows, |row| bare_of(row).is_some()).some().map(|bare| {
                let days: Vec<i32> =
                    (0..rows).map(|row| bare_of(row).map_or(0, |bare| bare.days.get(row))).collect();
                Rc::new(Bare { rows: bare, days: days.into() })
            });
            Data::Moment(Moments { at: at.into(), bare })
        }
        Data::Text(_) => {
            let texts = all(list, |data| if let Data::Text(texts) = data { Some(texts) } else { None })?;
            let chosen: StringArray =
                from.iter().enumerate().map(|(row, arg)| Some(texts[*arg].get(row))).collect();
            Data::Text(Texts::Plain(chosen))
        }
        Data::Intervals(_) => {
            let lists =
                all(list, |data| if let Data::Intervals(pauses) = data { Some(pauses) } else { None })?;
            let mut chosen = Pauses { offsets: vec![0], ..Pauses::default() };
            for (row, arg) in from.iter().enumerate() {
                let pauses = lists[*arg];
                let range = pauses.offsets[row] as usize..pauses.offsets[row + 1] as usize;
                chosen.from.extend_from_slice(&pauses.from[range.clone()]);
                chosen.to.extend_from_slice(&pauses.to[range]);
                chosen.offsets.push(i32::try_from(chosen.from.len()).ok()?);
            }
            Data::Intervals(Rc::new(chosen))
        }
    })
}

fn all<'a, T>(list: &[&'a Col], of: impl Fn(&'a Data) -> Option<T>) -> Option<Vec<T>> {
    list.iter().map(|col| of(&col.data)).collect()
}

fn runs<'a, T: ArrowNativeType>(
    list: &[&'a Col],
    from: &[usize],
    of: impl Fn(&'a Data) -> Option<&'a Run<T>>,
) -> Option<Run<T>> {
    let runs = all(list, of)?;
    let values: Vec<T> = from.iter().enumerate().map(|(row, arg)| runs[*arg].get(row)).collect();
    Some(values.into())
}

/// A moment's instants; unknown where only the day is known.
pub(super) fn precise(x: &Col) -> Option<Col> {
    let Data::Moment(moments) = &x.data else { return None };
    Some(super::number::instants(x, moments))
}
