//! The values that percentiles are taken of: every value with its cell, one after the other, and put in
//! order of cells at the end.

use std::ops::Range;

use giaouoc_worktime::Rows;

use crate::bits::Bits;
use crate::scan::together;

const CHUNK: usize = 1 << 16;

/// Values as narrow as they can be.
#[derive(Clone, Debug)]
enum Values {
    Small(Vec<i32>),
    Large(Vec<i64>),
}

#[derive(Clone, Debug)]
struct Chunk {
    cells: Vec<u32>,
    values: Values,
}

/// Values by cell, in no order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bag {
    chunks: Vec<Chunk>,
}

/// Adds the rows of a block that are set, run by run.
fn append<T: Copy>(
    cells: &[u32],
    word: u64,
    into: (&mut Vec<u32>, &mut Vec<T>),
    values: impl Fn(Range<usize>, &mut Vec<T>),
) {
    let (to_cells, to_values) = into;
    let mut rest = word;
    while rest != 0 {
        let from = rest.trailing_zeros() as usize;
        let run = (!(rest >> from)).trailing_zeros().min(64) as usize;
        let to = (from + run).min(cells.len());
        to_cells.extend_from_slice(&cells[from..to]);
        values(from..to, to_values);
        rest = if from + run >= 64 { 0 } else { rest >> (from + run) << (from + run) };
    }
}

impl Bag {
    /// Adds the values of the rows given.
    pub(crate) fn add(&mut self, cells: &[u32], rows: &Bits, values: Rows<'_, i64>) {
        let small = match values {
            Rows::All(value) => i32::try_from(value).is_ok(),
            // Those that fit leave no bit above the 32nd when moved up by 2^31. What rows hold that do not
            // take part is looked at too, being quicker; unless it does harm.
            Rows::Each(values) => {
                values.iter().fold(0, |bits, value| bits | value.wrapping_add(1 << 31) as u64) >> 32 == 0
                    || rows.rows().all(|row| i32::try_from(values[row]).is_ok())
            }
        };
        for (block, (cells, word)) in cells.chunks(64).zip(rows.words()).enumerate() {
            if *word == 0 {
                continue;
            }
            let chunk = self.room(small);
            let first = block * 64;
            match (&mut chunk.values, values) {
                (Values::Small(to), Rows::Each(values)) => {
                    append(cells, *word, (&mut chunk.cells, to), |rows, to| {
                        to.extend(
                            values[first + rows.start..first + rows.end].iter().map(|value| *value as i32),
                        );
                    })
                }
                (Values::Small(to), Rows::All(value)) => {
                    append(cells, *word, (&mut chunk.cells, to), |rows, to| {
                        to.extend(rows.map(|_| value as i32));
                    })
                }
                (Values::Large(to), Rows::Each(values)) => {
                    append(cells, *word, (&mut chunk.cells, to), |rows, to| {
                        to.extend_from_slice(&values[first + rows.start..first + rows.end]);
                    })
                }
                (Values::Large(to), Rows::All(value)) => {
                    append(cells, *word, (&mut chunk.cells, to), |rows, to| {
                        to.extend(rows.map(|_| value));
                    })
                }
            }
        }
    }

    /// A chunk with room for 64 values.
    fn room(&mut self, small: bool) -> &mut Chunk {
        let fits = self.chunks.last().is_some_and(|chunk| {
            chunk.cells.len() + 64 <= CHUNK && matches!(chunk.values, Values::Small(_)) == small
        });
        if !fits {
            let cells = Vec::with_capacity(CHUNK);
            let values = if small {
                Values::Small(Vec::with_capacity(CHUNK))
            } else {
                Values::Large(Vec::with_capacity(CHUNK))
            };
            self.chunks.push(Chunk { cells, values });
        }
        let last = self.chunks.len() - 1;
        &mut self.chunks[last]
    }

    /// Takes in the values of another.
    pub(crate) fn merge(&mut self, mut other: Self) {
        self.chunks.append(&mut other.chunks);
    }

    /// The values in order of cells. Of `cells` twice as many when there are retractions: a value in the
    /// second half takes away one like it from the first.
    pub(crate) fn sorted(self, cells: usize, weighted: bool) -> Sorted {
        let all = if weighted { 2 * cells } else { cells };
        let mut starts = vec![0_u64; all + 1];
        let mut small = true;
        for chunk in &self.chunks {
            small &= matches!(chunk.values, Values::Small(_));
            for cell in &chunk.cells {
                starts[*cell as usize + 1] += 1;
            }
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let total = starts.last().copied().unwrap_or(0) as usize;
        let mut next = starts.clone();
        let sorted = if small {
            let mut values = vec![0_i32; total];
            for chunk in self.chunks {
                if let Values::Small(from) = chunk.values {
                    place(&chunk.cells, &from, &mut next, &mut values);
                }
            }
            Numbers::Small(values)
        } else {
            let mut values = vec![0_i64; total];
            for chunk in self.chunks {
                match chunk.values {
                    Values::Large(from) => place(&chunk.cells, &from, &mut next, &mut values),
                    Values::Small(from) => {
                        let from: Vec<i64> = from.into_iter().map(i64::from).collect();
                        place(&chunk.cells, &from, &mut next, &mut values);
                    }
                }
            }
            Numbers::Large(values)
        };
        drop(next);
        let sorted = Sorted { starts, numbers: sorted };
        if weighted { sorted.cancelled(cells) } else { sorted }
    }
}

fn place<T: Copy>(cells: &[u32], from: &[T], next: &mut [u64], to: &mut [T]) {
    for (cell, value) in cells.iter().zip(from) {
        let at = &mut next[*cell as usize];
        to[*at as usize] = *value;
        *at += 1;
    }
}

#[derive(Debug)]
enum Numbers {
    Small(Vec<i32>),
    Large(Vec<i64>),
}

/// Values in order of cells, in no order within a cell.
#[derive(Debug)]
pub(crate) struct Sorted {
    /// Where each cell begins, and where the last one ends.
    starts: Vec<u64>,
    numbers: Numbers,
}

/// The place of the nearest rank among so many values: ceil(p·n/100), counted from 0.
fn rank(of: usize, percent: u8) -> Option<usize> {
    let rank = (of as u64 * u64::from(percent)).div_ceil(100).max(1);
    usize::try_from(rank - 1).ok().filter(|rank| *rank < of)
}

/// The value at a rank; the values before it are then not greater, those behind it not less.
fn nth<T: Ord + Copy>(values: &mut [T], rank: usize) -> T {
    *values.select_nth_unstable(rank).1
}

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

impl Sorted {
    /// The percentiles asked for, worked out by so many threads. Ranges of slots lie within one another or
    /// apart.
    pub(crate) fn percentiles(
        mut self,
        units: usize,
        slots: usize,
        mut asked: Vec<Asked>,
        threads: usize,
    ) -> Percentiles {
        // Selecting moves values about within the range, so narrow ranges come first.
        asked.sort_by_key(|(range, percent)| (range.len(), range.start, *percent));
        asked.dedup();
        let all = match &self.numbers {
            Numbers::Small(values) => of_all(values, &self.starts, units, slots, &asked),
            Numbers::Large(values) => of_all(values, &self.starts, units, slots, &asked),
        };
        let mut found = match &mut self.numbers {
            Numbers::Small(values) => of_units(values, &self.starts, units, slots, &asked, threads),
            Numbers::Large(values) => of_units(values, &self.starts, units, slots, &asked, threads),
        };
        for (found, all) in found.iter_mut().zip(all) {
            found.push(all);
        }
        Percentiles { asked, found }
    }

    /// Takes away what the second half of the cells retracts.
    fn cancelled(self, cells: usize) -> Self {
        let wide: Vec<i64> = match self.numbers {
            Numbers::Small(values) => values.into_iter().map(i64::from).collect(),
            Numbers::Large(values) => values,
        };
        let mut starts = vec![0];
        let mut left = Vec::new();
        for cell in 0..cells {
            let range = |cell: usize| self.starts[cell] as usize..self.starts[cell + 1] as usize;
            let mut retracted = wide[range(cells + cell)].to_vec();
            if retracted.is_empty() {
                left.extend_from_slice(&wide[range(cell)]);
            } else {
                let mut values = wide[range(cell)].to_vec();
                values.sort_unstable();
                retracted.sort_unstable();
                let mut gone = retracted.iter().peekable();
                for value in values {
                    while gone.next_if(|other| **other < value).is_some() {}
                    if gone.next_if_eq(&&value).is_none() {
                        left.push(value);
                    }
                }
            }
            starts.push(left.len() as u64);
        }
        Self { starts, numbers: Numbers::Large(left) }
    }
}

/// For each percentile asked for its value for each unit; the units are shared out among threads.
fn of_units<T: Ord + Copy + Into<i64> + Send>(
    mut values: &mut [T],
    starts: &[u64],
    units: usize,
    slots: usize,
    asked: &[Asked],
    threads: usize,
) -> Vec<Vec<Option<i64>>> {
    let share = units.div_ceil(threads.max(1)).max(1);
    let mut jobs = Vec::new();
    for first in (0..units).step_by(share) {
        let last = (first + share).min(units);
        let (from, to) = (starts[first * slots] as usize, starts[last * slots] as usize);
        let (own, rest) = values.split_at_mut(to - from);
        values = rest;
        jobs.push(move || {
            let mut found = vec![Vec::with_capacity(last - first); asked.len()];
            for unit in first..last {
                let cell = |slot: usize| starts[unit * slots + slot] as usize - from;
                // Of the values that were last selected in, how many are known to lie below the rest.
                let mut below = (0..0, 0);
                for ((range, percent), found) in asked.iter().zip(&mut found) {
                    if below.0 != *range {
                        below = (range.clone(), 0);
                    }
                    let values = &mut own[cell(range.start)..cell(range.end)];
                    found.push(rank(values.len(), *percent).map(|rank| {
                        let value = nth(&mut values[below.1..], rank - below.1);
                        below.1 = rank;
                        value.into()
                    }));
                }
            }
            found
        });
    }
    let mut found = vec![Vec::with_capacity(units + 1); asked.len()];
    for part in together(jobs) {
        for (found, part) in found.iter_mut().zip(part) {
            found.extend(part);
        }
    }
    found
}

/// Most counters for values counted one by one; beyond that they are gathered and selected.
const COUNTERS: u64 = 1 << 22;

/// For each percentile asked for its value over all units.
fn of_all<T: Ord + Copy + Into<i64>>(
    values: &[T],
    starts: &[u64],
    units: usize,
    slots: usize,
    asked: &[Asked],
) -> Vec<Option<i64>> {
    // Slots that follow those of the units asked for are shown to nobody.
    let used = &values[..starts[units * slots] as usize];
    let least = used.iter().min().map_or(0, |value| (*value).into());
    let most = used.iter().max().map_or(0, |value| (*value).into());
    let width = most.abs_diff(least).saturating_add(1);
    let cell = |unit: usize, slot: usize| starts[unit * slots + slot] as usize;
    if width.saturating_mul(slots as u64) > COUNTERS {
        return asked
            .iter()
            .map(|(range, percent)| {
                let mut gathered = Vec::new();
                for unit in 0..units {
                    gathered.extend_from_slice(&values[cell(unit, range.start)..cell(unit, range.end)]);
                }
                rank(gathered.len(), *percent).map(|rank| nth(&mut gathered, rank).into())
            })
            .collect();
    }
    let width = width as usize;
    let mut counts = vec![0_u32; width * slots];
    for unit in 0..units {
        for slot in 0..slots {
            let counts = &mut counts[slot * width..(slot + 1) * width];
            for value in &values[cell(unit, slot)..cell(unit, slot + 1)] {
                counts[(*value).into().abs_diff(least) as usize] += 1;
            }
        }
    }
    asked
        .iter()
        .map(|(range, percent)| {
            let of: usize = range
                .clone()
                .flat_map(|slot| &counts[slot * width..(slot + 1) * width])
                .map(|n| *n as usize)
                .sum();
            let rank = rank(of, *percent)?;
            let mut below = 0;
            for at in 0..width {
                below += range.clone().map(|slot| counts[slot * width + at] as usize).sum::<usize>();
                if below > rank {
                    return Some(least + at as i64);
                }
            }
            None
        })
        .collect()
}
