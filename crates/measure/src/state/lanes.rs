//! Counting many flags by cell in one go.
//!
//! The flags of a row are spread over the bytes of a few words, and the words added to those of its cell:
//! eight counters with one addition. A byte lane that always counts tells when a cell's bytes must be
//! emptied into 32-bit counters, and these go into 64-bit ones before so many rows have come.

use crate::bits::transpose8;

/// For each byte the word that has one of its bits in each byte.
const SPREAD: [u64; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            table[byte] |= ((byte as u64 >> bit) & 1) << (8 * bit);
            bit += 1;
        }
        byte += 1;
    }
    table
};

/// The rows set in a lane, as words; nothing for no rows.
pub(crate) type Words<'a> = Option<&'a [u64]>;

/// Counters of some lanes by cell.
#[derive(Clone, Debug)]
struct Bank {
    cells: usize,
    /// Groups of eight lanes. The top byte of the first counts the rows that were added at all.
    groups: usize,
    /// For each cell the byte counters of its groups, side by side.
    narrow: Vec<u64>,
    /// For each cell the counters into which the bytes are emptied.
    wide: Vec<u32>,
    /// For each cell the counters into which the wide ones are emptied; none until needed.
    far: Vec<i64>,
    /// Rows added since the wide counters were last emptied: none of them is greater.
    rows: u64,
    /// Cells that have to be emptied after the block at hand.
    full: Vec<u32>,
}

/// Place of the lane that counts all rows added.
const ALL: usize = 7;
/// Rows of a block.
const BLOCK: usize = 64;
/// A cell with as many rows added is emptied after the block: till then a byte can take another block.
const FULL: u64 = (255 - BLOCK as u64) << 56;
/// Up to how many rows of a block it is quicker to go from one row to the next.
const FEW: u32 = 24;

/// Place of a lane.
fn place(lane: usize) -> usize {
    if lane < ALL { lane } else { lane + 1 }
}

impl Bank {
    fn new(cells: usize, lanes: usize) -> Self {
        let groups = if lanes == 0 { 0 } else { (1 + lanes).div_ceil(8) };
        Self {
            cells,
            groups,
            narrow: vec![0; cells * groups],
            wide: vec![0; cells * groups * 8],
            far: Vec::new(),
            rows: 0,
            full: Vec::new(),
        }
    }

    /// Adds a block of rows with the words of its lanes, eight to a group.
    fn add(&mut self, cells: &[u32], words: &[[u64; 8]]) {
        match self.groups {
            0 => {}
            1 => self.add_all::<1>(cells, words),
            2 => self.add_all::<2>(cells, words),
            3 => self.add_all::<3>(cells, words),
            4 => self.add_all::<4>(cells, words),
            _ => self.add_many(cells, words),
        }
        self.drain();
    }

    fn add_all<const GROUPS: usize>(&mut self, cells: &[u32], words: &[[u64; 8]]) {
        let (counters, _) = self.narrow.as_chunks_mut::<GROUPS>();
        for (octet, cells) in cells.chunks(8).enumerate() {
            let mut rows = [0; GROUPS];
            for group in 0..GROUPS {
                rows[group] = octet_of(&words[group], octet);
            }
            for cell in cells {
                let counters = &mut counters[*cell as usize];
                for group in 0..GROUPS {
                    counters[group] += SPREAD[rows[group] as usize & 255];
                    rows[group] >>= 8;
                }
                if counters[0] >= FULL {
                    self.full.push(*cell);
                }
            }
        }
    }

    /// The same for any number of groups.
    fn add_many(&mut self, cells: &[u32], words: &[[u64; 8]]) {
        for (group, words) in words.iter().enumerate() {
            for (octet, cells) in cells.chunks(8).enumerate() {
                let rows = octet_of(words, octet);
                for (row, cell) in cells.iter().enumerate() {
                    let counter = &mut self.narrow[*cell as usize * self.groups + group];
                    *counter += SPREAD[(rows >> (8 * row)) as usize & 255];
                    if group == 0 && *counter >= FULL {
                        self.full.push(*cell);
                    }
                }
            }
        }
    }

    /// Adds few rows of a block.
    fn add_few(&mut self, cells: &[u32], words: &[[u64; 8]], mut rows: u64) {
        while rows != 0 {
            let row = rows.trailing_zeros();
            rows &= rows - 1;
            let cell = cells[row as usize];
            let counters = &mut self.narrow[cell as usize * self.groups..][..self.groups];
            for (counter, words) in counters.iter_mut().zip(words) {
                for (lane, word) in words.iter().enumerate() {
                    *counter += (word >> row & 1) << (8 * lane);
                }
            }
            if counters[0] >= FULL {
                self.full.push(cell);
            }
        }
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(cell) = self.full.pop() {
            self.empty(cell as usize);
        }
    }

    /// Moves a cell's bytes into its wide counters.
    fn empty(&mut self, cell: usize) {
        let narrow = self.narrow[cell * self.groups..(cell + 1) * self.groups].iter_mut();
        let wide = self.wide[cell * self.groups * 8..(cell + 1) * self.groups * 8].chunks_exact_mut(8);
        for (narrow, wide) in narrow.zip(wide) {
            let counters = std::mem::take(narrow);
            for (counter, wide) in counters.to_le_bytes().into_iter().zip(wide) {
                *wide += u32::from(counter);
            }
        }
    }

    fn empty_all(&mut self) {
        for cell in 0..self.cells {
            self.empty(cell);
        }
    }

    /// Makes room for so many rows in the wide counters.
    fn expect(&mut self, rows: u64) {
        if self.rows + rows > u64::from(u32::MAX) {
            self.spill();
        }
        self.rows += rows;
    }

    /// Moves all counters into the far ones.
    fn spill(&mut self) {
        self.empty_all();
        self.far.resize(self.wide.len(), 0);
        for (far, wide) in self.far.iter_mut().zip(&mut self.wide) {
            *far += i64::from(std::mem::take(wide));
        }
        self.rows = 0;
    }

    /// Takes off what the second half of the cells retracts, if there is one, and puts behind the others
    /// the cells of so many units together. From here on there is only reading.
    fn settle(&mut self, retracted: Option<usize>, units: usize, slots: usize) {
        self.spill();
        (self.narrow, self.wide) = (Vec::new(), Vec::new());
        let counters = self.groups * 8;
        if let Some(cells) = retracted {
            let (own, retracted) = self.far.split_at_mut(cells * counters);
            for (own, retracted) in own.iter_mut().zip(retracted) {
                *own -= *retracted;
            }
            self.far.truncate(cells * counters);
        }
        let row = slots * counters;
        let mut all = vec![0; row];
        if row > 0 {
            for unit in self.far.chunks_exact(row).take(units) {
                for (all, own) in all.iter_mut().zip(unit) {
                    *all += own;
                }
            }
        }
        self.far.append(&mut all);
    }

    fn merge(&mut self, mut other: Self) {
        other.empty_all();
        self.expect(other.rows);
        for (wide, other) in self.wide.iter_mut().zip(&other.wide) {
            *wide += other;
        }
        if !other.far.is_empty() {
            self.far.resize(self.wide.len(), 0);
            for (far, other) in self.far.iter_mut().zip(&other.far) {
                *far += other;
            }
        }
    }

    fn read(&self, cell: usize, place: usize) -> i64 {
        self.far[cell * self.groups * 8 + place]
    }
}

/// The lanes of a bank by groups, with that of all rows in its place.
fn grouped<'a>(bank: &Bank, lanes: &[Words<'a>]) -> Vec<Words<'a>> {
    let mut places = vec![None; bank.groups * 8];
    for (lane, words) in lanes.iter().enumerate() {
        places[place(lane)] = *words;
    }
    places
}

/// Counters of one axis: for each cell the rows seen, and the rows set in each lane.
#[derive(Clone, Debug)]
pub(crate) struct Lanes {
    often: Bank,
    /// Lanes in which few rows are set: only those rows are looked at.
    rare: Bank,
}

impl Lanes {
    pub(crate) fn new(cells: usize, often: usize, rare: usize) -> Self {
        // There is always a lane that counts all rows.
        Self { often: Bank::new(cells, often.max(1)), rare: Bank::new(cells, rare) }
    }

    /// Adds rows to their cells. `all` has every row set.
    pub(crate) fn add(&mut self, cells: &[u32], all: &[u64], often: &[Words<'_>], rare: &[Words<'_>]) {
        let mut often = grouped(&self.often, often);
        often[ALL] = Some(all);
        let rare = grouped(&self.rare, rare);
        let any_rare = rare.iter().any(Option::is_some);
        self.often.expect(cells.len() as u64);
        self.rare.expect(cells.len() as u64);
        let mut words = vec![[0; 8]; self.often.groups.max(self.rare.groups)];
        for (block, cells) in cells.chunks(BLOCK).enumerate() {
            for (words, places) in words.iter_mut().zip(often.chunks_exact(8)) {
                *words = words_of(places, block);
            }
            self.often.add(cells, &words[..self.often.groups]);
            if !any_rare {
                continue;
            }
            let mut rows = 0;
            for (words, places) in words.iter_mut().zip(rare.chunks_exact(8)) {
                *words = words_of(places, block);
                rows = words.iter().fold(rows, |rows, word| rows | word);
            }
            words[0][ALL] = rows;
            let words = &words[..self.rare.groups];
            if rows.count_ones() > FEW {
                self.rare.add(cells, words);
            } else if rows != 0 {
                self.rare.add_few(cells, words, rows);
            }
        }
    }

    /// Adds the counters of another.
    pub(crate) fn merge(&mut self, other: Self) {
        self.often.merge(other.often);
        self.rare.merge(other.rare);
    }

    /// Moves everything to where it can be read. Of a change log `retracted` says how many cells there are of
    /// one sign: the second half is taken off the first. Behind the cells come those of the first so many
    /// units, of so many slots each, added up.
    pub(crate) fn settle(&mut self, retracted: Option<usize>, units: usize, slots: usize) {
        self.often.settle(retracted, units, slots);
        self.rare.settle(retracted, units, slots);
    }

    /// Rows seen in a cell.
    pub(crate) fn seen(&self, cell: usize) -> i64 {
        self.often.read(cell, ALL)
    }

    /// Rows set in a lane of the common ones.
    pub(crate) fn often(&self, cell: usize, lane: usize) -> i64 {
        self.often.read(cell, place(lane))
    }

    /// Rows set in a lane of the rare ones.
    pub(crate) fn rare(&self, cell: usize, lane: usize) -> i64 {
        self.rare.read(cell, place(lane))
    }
}

/// A block's words of eight lanes.
fn words_of(places: &[Words<'_>], block: usize) -> [u64; 8] {
    let mut words = [0; 8];
    for (word, place) in words.iter_mut().zip(places) {
        *word = place.map_or(0, |place| place[block]);
    }
    words
}

/// For eight rows the byte of flags of each.
#[inline]
fn octet_of(words: &[u64; 8], octet: usize) -> u64 {
    let mut lanes = 0;
    for (lane, word) in words.iter().enumerate() {
        lanes |= (word >> (8 * octet) & 255) << (8 * lane);
    }
    transpose8(lanes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::Bits;
    use proptest::prelude::*;

    proptest! {
        /// Few cells and many rows, so that bytes are emptied many times over.
        #[test]
        fn counts_are_those_of_a_plain_loop(
            often in 1..40_usize,
            rare in 0..20_usize,
            spilt: bool,
            batches in prop::collection::vec((1..700_usize, any::<u64>()), 1..4),
        ) {
            let mut lanes = Lanes::new(3, often, rare);
            let mut plain = vec![vec![0_i64; 1 + often + rare]; 3];
            for (rows, seed) in batches {
                let mix = |row: usize, lane: usize| {
                    let x = (seed ^ (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(2 * lane as u64 + 3);
                    (x ^ x >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 61
                };
                let cells: Vec<u32> = (0..rows).map(|row| (mix(row, 99) % 3) as u32).collect();
                let flags: Vec<Bits> = (0..often + rare)
                    // Common ones, and rare ones of one row in 64 or none.
                    .map(|lane| match lane % 3 {
                        0 if lane >= often => Bits::none(rows),
                        1 if lane >= often => Bits::from_fn(rows, |row| (row + lane) % 61 == 0),
                        _ => Bits::from_fn(rows, |row| mix(row, lane) < 5),
                    })
                    .collect();
                let words: Vec<Words<'_>> = flags.iter().map(|bits| Some(bits.words())).collect();
                lanes.add(&cells, Bits::all(rows).words(), &words[..often], &words[often..]);
                for (row, cell) in cells.iter().enumerate() {
                    let plain = &mut plain[*cell as usize];
                    plain[0] += 1;
                    for (lane, bits) in flags.iter().enumerate() {
                        plain[1 + lane] += i64::from(bits.get(row));
                    }
                }
            }
            let mut merged = Lanes::new(3, often, rare);
            if spilt {
                lanes.often.spill();
                lanes.rare.spill();
            }
            merged.merge(lanes);
            merged.settle(None, 3, 1);
            for (cell, plain) in plain.iter().enumerate() {
                prop_assert_eq!(merged.seen(cell), plain[0]);
                for lane in 0..often {
                    prop_assert_eq!(merged.often(cell, lane), plain[1 + lane]);
                }
                for lane in 0..rare {
                    prop_assert_eq!(merged.rare(cell, lane), plain[1 + often + lane]);
                }
            }
            prop_assert_eq!(merged.seen(3), plain.iter().map(|plain| plain[0]).sum::<i64>());
        }
    }
}
