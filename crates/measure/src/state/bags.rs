//! The values that percentiles are taken of, each put with the others of its cell as it comes.

use std::ops::Range;

use giaouoc_worktime::Rows;

use crate::bits::Bits;
use crate::scan::together;
use crate::state::select::{Asked, Percentiles, find};

/// Values of a block, as a power of two. Long blocks are read quicker, as from each to the one before is a
/// step to anywhere in memory; but every cell leaves one of them half empty.
fn room_of(cells: usize) -> u32 {
    match cells {
        0..=0x8000 => 6,
        0x8001..=0x8_0000 => 5,
        _ => 4,
    }
}

/// No block.
const NONE: u32 = u32::MAX;

/// Values by cell: blocks of one cell's values each, and from each block the way to the one before.
#[derive(Clone, Debug)]
struct Store<T> {
    /// The blocks, one after the other.
    values: Vec<T>,
    /// For each block the one before it of the same cell.
    before: Vec<u32>,
    /// For each cell where its next value goes; a multiple of a block's room where that is a new block.
    next: Vec<u32>,
    /// Values of a block, as a power of two.
    room: u32,
}

impl<T: Copy + Default> Store<T> {
    fn new(cells: usize) -> Self {
        Self { values: Vec::new(), before: Vec::new(), next: vec![0; cells], room: room_of(cells) }
    }

    /// Whether so many rows certainly find room: each might need a block.
    fn takes(&self, rows: usize) -> bool {
        self.values.len() + (rows << self.room) <= u32::MAX as usize
    }

    #[inline]
    fn push(&mut self, cell: u32, value: T) {
        let mut at = self.next[cell as usize];
        if at & ((1 << self.room) - 1) == 0 {
            at = self.begin(at);
        }
        self.values[at as usize] = value;
        self.next[cell as usize] = at + 1;
    }

    /// A new block of a cell whose last one ends at `at`, 0 when it has none.
    #[inline(never)]
    fn begin(&mut self, at: u32) -> u32 {
        let begin = self.values.len();
        self.values.resize(begin + (1 << self.room), T::default());
        self.before.push(if at == 0 { NONE } else { (at >> self.room) - 1 });
        begin as u32
    }

    /// Adds the rows of a block of 64 that are set in a word.
    #[inline]
    fn add(&mut self, cells: &[u32], word: u64, value: impl Fn(usize) -> T) {
        if word == !0 {
            for (row, cell) in cells.iter().enumerate() {
                self.push(*cell, value(row));
            }
            return;
        }
        let mut rest = word;
        while rest != 0 {
            let row = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            self.push(cells[row], value(row));
        }
    }

    /// Appends a cell's values, in no order.
    fn collect<U: From<T>>(&self, cell: usize, to: &mut Vec<U>) {
        let Some(last) = self.next[cell].checked_sub(1) else { return };
        let (mut block, mut filled) = (last >> self.room, (last & ((1 << self.room) - 1)) as usize + 1);
        loop {
            let from = (block as usize) << self.room;
            to.extend(self.values[from..from + filled].iter().map(|value| U::from(*value)));
            block = self.before[block as usize];
            if block == NONE {
                return;
            }
            filled = 1 << self.room;
        }
    }
}

/// Values by cell, as narrow as they can be.
#[derive(Clone, Debug)]
pub(crate) struct Bag {
    cells: usize,
    small: Vec<Store<i32>>,
    large: Vec<Store<i64>>,
}

/// The store that takes so many rows more; mostly the last one.
fn room<T: Copy + Default>(stores: &mut Vec<Store<T>>, cells: usize, rows: usize) -> &mut Store<T> {
    if !stores.last().is_some_and(|store| store.takes(rows)) {
        stores.push(Store::new(cells));
    }
    let last = stores.len() - 1;
    &mut stores[last]
}

impl Bag {
    /// No values; `cells` of both signs.
    pub(crate) fn new(cells: usize) -> Self {
        Self { cells, small: Vec::new(), large: Vec::new() }
    }

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
        let blocks = cells.chunks(64).zip(rows.words()).enumerate();
        let blocks = blocks.map(|(block, (cells, word))| (block * 64, cells, *word));
        if small {
            let store = room(&mut self.small, self.cells, cells.len());
            match values {
                Rows::All(value) => {
                    blocks.for_each(|(_, cells, word)| store.add(cells, word, |_| value as i32));
                }
                Rows::Each(values) => blocks.for_each(|(first, cells, word)| {
                    let values = &values[first..first + cells.len()];
                    store.add(cells, word, |row| values[row] as i32);
                }),
            }
        } else {
            let store = room(&mut self.large, self.cells, cells.len());
            match values {
                Rows::All(value) => blocks.for_each(|(_, cells, word)| store.add(cells, word, |_| value)),
                Rows::Each(values) => blocks.for_each(|(first, cells, word)| {
                    let values = &values[first..first + cells.len()];
                    store.add(cells, word, |row| values[row]);
                }),
            }
        }
    }

    /// Takes in the values of another.
    pub(crate) fn merge(&mut self, mut other: Self) {
        // The last store is the one that is filled further.
        other.small.append(&mut self.small);
        other.large.append(&mut self.large);
        *self = other;
    }

    /// The percentiles asked for, worked out by so many threads. Ranges of slots lie within one another or
    /// apart. When there are retractions, a value in the second half of the cells takes away one like it
    /// from the first.
    pub(crate) fn percentiles(
        self,
        units: usize,
        slots: usize,
        weighted: bool,
        asked: Vec<Asked>,
        threads: usize,
    ) -> Percentiles {
        let retracted = weighted.then_some(self.cells / 2);
        let shape = Shape { units, slots, retracted };
        if self.large.is_empty() {
            let collect = |cell: usize, to: &mut Vec<i32>| {
                self.small.iter().for_each(|store| store.collect(cell, to));
            };
            return find(shape, asked, threads, self.bounds(threads), collect);
        }
        let collect = |cell: usize, to: &mut Vec<i64>| {
            self.small.iter().for_each(|store| store.collect(cell, to));
            self.large.iter().for_each(|store| store.collect(cell, to));
        };
        find(shape, asked, threads, self.bounds(threads), collect)
    }

    /// A range that holds every value.
    fn bounds(&self, threads: usize) -> Range<i128> {
        fn jobs<T: Ord + Copy + Into<i64> + Sync>(
            stores: &[Store<T>],
            threads: usize,
        ) -> impl Iterator<Item = impl FnOnce() -> Option<(i64, i64)> + Send> {
            let parts = stores.iter().flat_map(move |store| {
                store.values.chunks(store.values.len().div_ceil(threads.max(1)).max(1))
            });
            parts.map(|part| {
                move || {
                    let first = *part.first()?;
                    let ends =
                        part.iter().fold((first, first), |(a, b), value| (a.min(*value), b.max(*value)));
                    Some((ends.0.into(), ends.1.into()))
                }
            })
        }
        let small = together(jobs(&self.small, threads).collect());
        let large = together(jobs(&self.large, threads).collect());
        let found = small.into_iter().chain(large).flatten();
        let ends = found.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((0, 0));
        i128::from(ends.0)..i128::from(ends.1) + 1
    }
}

/// How the cells of a bag lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub units: usize,
    pub slots: usize,
    /// Cells from one to that of its retractions, where there are any.
    pub retracted: Option<usize>,
}
