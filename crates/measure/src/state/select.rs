//! Percentiles (nearest rank) of the values of cells, for each unit and for all units together.

use std::ops::Range;

use crate::scan::together;
use crate::state::bags::Shape;

/// A percentile asked for: of which slots of a unit, and which.
pub(crate) type Asked = (Range<usize>, u8);

/// Percentiles asked for of one bag.
#[derive(Debug, Default)]
pub(crate) struct Percentiles {
    asked: Vec<Asked>,
    /// For each the value of each unit, and last that of all together.
    found: Vec<Vec<Option<i64>>>,
}

impl Percentiles {
    /// The percentile of a unit; of all units together at the place after the last.
    pub(crate) fn get(&self, asked: &Asked, unit: usize) -> Option<i64> {
        let at = self.asked.iter().position(|known| known == asked)?;
        self.found[at].get(unit).copied().flatten()
    }
}

/// Most counters for values counted one by one; beyond that they are gathered and selected.
const COUNTERS: i128 = 1 << 22;

/// The place of the nearest rank among so many values: ceil(p·n/100), counted from 0.
fn rank(of: usize, percent: u8) -> Option<usize> {
    let rank = (of as u64 * u64::from(percent)).div_ceil(100).max(1);
    usize::try_from(rank - 1).ok().filter(|rank| *rank < of)
}

/// The value at a rank; the values before it are then not greater, those behind it not less.
fn nth<T: Ord + Copy>(values: &mut [T], rank: usize) -> T {
    *values.select_nth_unstable(rank).1
}

/// Takes the retracted values away from those behind `from`.
fn cancel<T: Ord + Copy>(values: &mut Vec<T>, from: usize, retracted: &mut [T]) {
    values[from..].sort_unstable();
    retracted.sort_unstable();
    let mut gone = retracted.iter().peekable();
    let mut kept = from;
    for at in from..values.len() {
        let value = values[at];
        while gone.next_if(|other| **other < value).is_some() {}
        if gone.next_if_eq(&&value).is_none() {
            values[kept] = value;
            kept += 1;
        }
    }
    values.truncate(kept);
}

/// The values of cells, gathered.
struct Gather<C, T> {
    shape: Shape,
    collect: C,
    retracted: Vec<T>,
}

impl<T: Ord + Copy, C: Fn(usize, &mut Vec<T>)> Gather<C, T> {
    /// Appends a cell's values.
    fn cell(&mut self, unit: usize, slot: usize, to: &mut Vec<T>) {
        let (cell, from) = (unit * self.shape.slots + slot, to.len());
        (self.collect)(cell, to);
        if let Some(retracted) = self.shape.retracted {
            self.retracted.clear();
            (self.collect)(retracted + cell, &mut self.retracted);
            if !self.retracted.is_empty() {
                cancel(to, from, &mut self.retracted);
            }
        }
    }
}

/// How often each value occurs in each slot, all units together.
struct Counts {
    least: i64,
    width: usize,
    counts: Vec<u32>,
}

impl Counts {
    fn add<T: Copy + Into<i64>>(&mut self, slot: usize, values: &[T]) {
        let counts = &mut self.counts[slot * self.width..(slot + 1) * self.width];
        for value in values {
            counts[(*value).into().abs_diff(self.least) as usize] += 1;
        }
    }

    fn percentile(&self, (range, percent): &Asked) -> Option<i64> {
        let of: usize =
            self.counts[range.start * self.width..range.end * self.width].iter().map(|n| *n as usize).sum();
        let rank = rank(of, *percent)?;
        let mut below = 0;
        for at in 0..self.width {
            below += range.clone().map(|slot| self.counts[slot * self.width + at] as usize).sum::<usize>();
            if below > rank {
                return Some(self.least + at as i64);
            }
        }
        None
    }
}

/// The percentiles asked for. `collect` appends a cell's values, all of which lie within the bounds.
pub(crate) fn find<T: Ord + Copy + Into<i64> + Send>(
    shape: Shape,
    mut asked: Vec<Asked>,
    threads: usize,
    bounds: Range<i128>,
    collect: impl Fn(usize, &mut Vec<T>) + Sync,
) -> Percentiles {
    // Selecting moves values about within the range, so narrow ranges come first.
    asked.sort_by_key(|(range, percent)| (range.len(), range.start, *percent));
    asked.dedup();
    let Shape { units, .. } = shape;
    let slots = asked.iter().map(|(range, _)| range.end).max().unwrap_or(0);
    let width = bounds.end - bounds.start;
    let counted = width.saturating_mul(slots as i128) <= COUNTERS;
    let counts = || {
        counted.then(|| Counts {
            least: bounds.start as i64,
            width: width as usize,
            counts: vec![0; width as usize * slots],
        })
    };
    let (asked_by_all, collect_of, counts_of) = (&asked, &collect, &counts);
    let share = units.div_ceil(threads.max(1)).max(1);
    let jobs = (0..units).step_by(share).map(|first| {
        move || {
            of_units(shape, first..(first + share).min(units), slots, asked_by_all, collect_of, counts_of())
        }
    });
    let mut found = vec![Vec::with_capacity(units + 1); asked.len()];
    let mut all: Option<Counts> = counts();
    for (part, counts) in together(jobs.collect()) {
        for (found, part) in found.iter_mut().zip(part) {
            found.extend(part);
        }
        if let (Some(all), Some(counts)) = (&mut all, counts) {
            for (all, count) in all.counts.iter_mut().zip(counts.counts) {
                *all += count;
            }
        }
    }
    let mut gather = Gather { shape, collect: &collect, retracted: Vec::new() };
    for (found, asked) in found.iter_mut().zip(&asked) {
        found.push(match &all {
            Some(all) => all.percentile(asked),
            None => {
                let (range, percent) = asked;
                let mut values = Vec::new();
                for unit in 0..units {
                    range.clone().for_each(|slot| gather.cell(unit, slot, &mut values));
                }
                rank(values.len(), *percent).map(|rank| nth(&mut values, rank).into())
            }
        });
    }
    Percentiles { asked, found }
}

/// For each percentile asked for its value for each of some units.
fn of_units<T: Ord + Copy + Into<i64>>(
    shape: Shape,
    units: Range<usize>,
    slots: usize,
    asked: &[Asked],
    collect: impl Fn(usize, &mut Vec<T>),
    mut counts: Option<Counts>,
) -> (Vec<Vec<Option<i64>>>, Option<Counts>) {
    let mut gather = Gather { shape, collect, retracted: Vec::new() };
    let mut found = vec![Vec::with_capacity(units.len()); asked.len()];
    let (mut values, mut starts) = (Vec::new(), Vec::with_capacity(slots + 1));
    for unit in units {
        values.clear();
        starts.clear();
        for slot in 0..slots {
            let from = values.len();
            starts.push(from);
            gather.cell(unit, slot, &mut values);
            if let Some(counts) = &mut counts {
                counts.add(slot, &values[from..]);
            }
        }
        starts.push(values.len());
        // Of the values that were last selected in, how many are known to lie below the rest.
        let mut below = (0..0, 0);
        for ((range, percent), found) in asked.iter().zip(&mut found) {
            if below.0 != *range {
                below = (range.clone(), 0);
            }
            let values = &mut values[starts[range.start]..starts[range.end]];
            found.push(rank(values.len(), *percent).map(|rank| {
                let value = nth(&mut values[below.1..], rank - below.1);
                below.1 = rank;
                value.into()
            }));
        }
    }
    (found, counts)
}
