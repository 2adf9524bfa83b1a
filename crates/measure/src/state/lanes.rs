//! Counting many flags by cell in one go.
//!
//! The flags of a row are spread over the bytes of a few words, and the words added to those of its cell:
//! eight counters with one addition. A byte lane that always counts tells when a cell's bytes must be
//! emptied into 64-bit counters.

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

/// Counters of one axis: for each cell the rows seen, and the rows set in each lane.
#[derive(Clone, Debug)]
pub(crate) struct Lanes {
    cells: usize,
    /// Groups of eight lanes that are counted in every batch.
    groups: usize,
    /// For each cell the byte counters of those groups, side by side.
    dense: Vec<u64>,
    /// For each group of rare lanes the byte counters of each cell.
    sparse: Vec<Vec<u64>>,
    /// For each cell the counters of all groups.
    wide: Vec<i64>,
    /// Cells that are half full.
    full: Vec<u32>,
}

/// The rows set in a lane, as words; nothing for no rows.
pub(crate) type Words<'a> = Option<&'a [u64]>;

impl Lanes {
    pub(crate) fn new(cells: usize, often: usize, rare: usize) -> Self {
        // The first lane counts the rows seen. Rare lanes begin a group of their own.
        let (groups, rare) = ((1 + often).div_ceil(8), rare.div_ceil(8));
        Self {
            cells,
            groups,
            dense: vec![0; cells * groups],
            sparse: vec![vec![0; cells]; rare],
            wide: vec![0; cells * (groups + rare) * 8],
            full: Vec::new(),
        }
    }

    /// Place of the lane that counts every row: the top byte of the first group, whose highest bit says
    /// that the cell is half full.
    const SEEN: usize = 7;

    /// Place of a lane that is counted in every batch.
    fn often_place(lane: usize) -> usize {
        if lane < Self::SEEN { lane } else { lane + 1 }
    }

    fn rare_place(&self, lane: usize) -> usize {
        self.groups * 8 + lane
    }

    /// Adds rows to their cells.
    pub(crate) fn add(&mut self, cells: &[u32], all: &[u64], often: &[Words<'_>], rare: &[Words<'_>]) {
        let mut places: Vec<Words<'_>> = vec![None; (self.groups + self.sparse.len()) * 8];
        places[Self::SEEN] = Some(all);
        for (lane, words) in often.iter().enumerate() {
            places[Self::often_place(lane)] = *words;
        }
        for (lane, words) in rare.iter().enumerate() {
            places[self.rare_place(lane)] = *words;
        }
        let (dense, sparse) = places.split_at(self.groups * 8);
        let mut words = vec![[0; 8]; self.groups];
        for (block, cells) in cells.chunks(64).enumerate() {
            for (words, places) in words.iter_mut().zip(dense.chunks_exact(8)) {
                *words = words_of(places, block);
            }
            match self.groups {
                1 => self.dense::<1>(cells, &words),
                2 => self.dense::<2>(cells, &words),
                3 => self.dense::<3>(cells, &words),
                4 => self.dense::<4>(cells, &words),
                _ => self.dense_many(cells, &words),
            }
            for (narrow, places) in self.sparse.iter_mut().zip(sparse.chunks_exact(8)) {
                let words = words_of(places, block);
                let union = words.iter().fold(0, |union, word| union | word);
                if union.count_ones() > SPARSE {
                    add_group(narrow, cells, &words);
                } else {
                    add_sparse(narrow, cells, &words, union);
                }
            }
            // Before the block a cell had seen fewer than 128 rows, and 64 more fit into its bytes.
            while let Some(cell) = self.full.pop() {
                self.empty(cell as usize);
            }
        }
    }

    /// The groups counted in every batch.
    fn dense<const GROUPS: usize>(&mut self, cells: &[u32], words: &[[u64; 8]]) {
        let (counters, _) = self.dense.as_chunks_mut::<GROUPS>();
        for (octet, cells) in cells.chunks(8).enumerate() {
            let mut rows: [u64; GROUPS] = std::array::from_fn(|group| octet_of(&words[group], octet));
            for cell in cells {
                let counters = &mut counters[*cell as usize];
                for (counter, rows) in counters.iter_mut().zip(&mut rows) {
                    *counter += SPREAD[*rows as usize & 255];
                    *rows >>= 8;
                }
                if counters[0] >> 63 == 1 {
                    self.full.push(*cell);
                }
            }
        }
    }

    /// The same for any number of groups.
    fn dense_many(&mut self, cells: &[u32], words: &[[u64; 8]]) {
        let groups = self.groups;
        for (group, words) in words.iter().enumerate() {
            for (octet, cells) in cells.chunks(8).enumerate() {
                let rows = octet_of(words, octet);
                for (row, cell) in cells.iter().enumerate() {
                    let counter = &mut self.dense[*cell as usize * groups + group];
                    *counter += SPREAD[(rows >> (8 * row)) as usize & 255];
                    if group == 0 && *counter >> 63 == 1 {
                        self.full.push(*cell);
                    }
                }
            }
        }
    }

    /// Moves a cell's bytes into its wide counters.
    fn empty(&mut self, cell: usize) {
        let groups = self.groups + self.sparse.len();
        let wide = &mut self.wide[cell * groups * 8..(cell + 1) * groups * 8];
        let dense = self.dense[cell * self.groups..(cell + 1) * self.groups].iter_mut();
        let sparse = self.sparse.iter_mut().map(|group| &mut group[cell]);
        for (narrow, wide) in dense.chain(sparse).zip(wide.chunks_exact_mut(8)) {
            let counters = std::mem::take(narrow);
            for (counter, wide) in counters.to_le_bytes().into_iter().zip(wide) {
                *wide += i64::from(counter);
            }
        }
    }

    /// Adds the counters of another.
    pub(crate) fn merge(&mut self, mut other: Self) {
        other.settle();
        for (wide, other) in self.wide.iter_mut().zip(&other.wide) {
            *wide += other;
        }
    }

    /// Moves everything into the wide counters, from which it can be read.
    pub(crate) fn settle(&mut self) {
        for cell in 0..self.cells {
            self.empty(cell);
        }
    }

    fn read(&self, cell: usize, place: usize) -> i64 {
        self.wide[cell * (self.groups + self.sparse.len()) * 8 + place]
    }

    /// Rows seen in a cell.
    pub(crate) fn seen(&self, cell: usize) -> i64 {
        self.read(cell, Self::SEEN)
    }

    /// Rows set in a lane of the common ones.
    pub(crate) fn often(&self, cell: usize, lane: usize) -> i64 {
        self.read(cell, Self::often_place(lane))
    }

    /// Rows set in a lane of the rare ones.
    pub(crate) fn rare(&self, cell: usize, lane: usize) -> i64 {
        self.read(cell, self.rare_place(lane))
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

fn add_group(narrow: &mut [u64], cells: &[u32], words: &[u64; 8]) {
    for (octet, cells) in cells.chunks(8).enumerate() {
        let rows = octet_of(words, octet);
        for (row, cell) in cells.iter().enumerate() {
            narrow[*cell as usize] += SPREAD[(rows >> (8 * row)) as usize & 255];
        }
    }
}

/// Up to how many of 64 rows it is quicker to go from one row to the next.
const SPARSE: u32 = 24;

/// Adds those rows that are set in some lane.
fn add_sparse(narrow: &mut [u64], cells: &[u32], words: &[u64; 8], mut union: u64) {
    while union != 0 {
        let row = union.trailing_zeros();
        union &= union - 1;
        let mut counters = 0;
        for (lane, word) in words.iter().enumerate() {
            counters |= (word >> row & 1) << (8 * lane);
        }
        narrow[cells[row as usize] as usize] += counters;
    }
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
            merged.merge(lanes);
            merged.settle();
            for (cell, plain) in plain.iter().enumerate() {
                prop_assert_eq!(merged.seen(cell), plain[0]);
                for lane in 0..often {
                    prop_assert_eq!(merged.often(cell, lane), plain[1 + lane]);
                }
                for lane in 0..rare {
                    prop_assert_eq!(merged.rare(cell, lane), plain[1 + often + lane]);
                }
            }
        }
    }
}
