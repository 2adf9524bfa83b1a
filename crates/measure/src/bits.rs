//! Flags of many rows packed into words, 64 rows a word.

use arrow::buffer::{BooleanBuffer, NullBuffer};

/// One flag a row. Bits beyond the last row are zero, always: counting and testing rely on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// No row set.
    pub(crate) fn none(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    /// Every row set.
    pub(crate) fn all(len: usize) -> Self {
        let mut bits = Self { words: vec![!0; len.div_ceil(64)], len };
        bits.trim();
        bits
    }

    /// Row by row.
    #[inline]
    pub(crate) fn from_fn(len: usize, mut flag: impl FnMut(usize) -> bool) -> Self {
        let mut words = Vec::with_capacity(len.div_ceil(64));
        for start in (0..len).step_by(64) {
            let rows = (len - start).min(64);
            let mut bytes = [0; 64];
            for (bit, byte) in bytes[..rows].iter_mut().enumerate() {
                *byte = u8::from(flag(start + bit));
            }
            words.push(pack(&bytes));
        }
        Self { words, len }
    }

    /// A column's values through a test.
    #[inline]
    pub(crate) fn map<T: Copy>(values: &[T], flag: impl Fn(T) -> bool) -> Self {
        let mut words = Vec::with_capacity(values.len().div_ceil(64));
        let (blocks, rest) = values.as_chunks::<64>();
        let mut bytes = [0; 64];
        for block in blocks {
            for (byte, value) in bytes.iter_mut().zip(block) {
                *byte = u8::from(flag(*value));
            }
            words.push(pack(&bytes));
        }
        if !rest.is_empty() {
            let mut bytes = [0; 64];
            for (byte, value) in bytes.iter_mut().zip(rest) {
                *byte = u8::from(flag(*value));
            }
            words.push(pack(&bytes));
        }
        Self { words, len: values.len() }
    }

    /// Two columns' values through a test; both are equally long.
    #[inline]
    pub(crate) fn zip<T: Copy>(a: &[T], b: &[T], flag: impl Fn(T, T) -> bool) -> Self {
        let mut words = Vec::with_capacity(a.len().div_ceil(64));
        let ((blocks_a, rest_a), (blocks_b, rest_b)) = (a.as_chunks::<64>(), b.as_chunks::<64>());
        let mut bytes = [0; 64];
        for (a, b) in blocks_a.iter().zip(blocks_b) {
            for (byte, (a, b)) in bytes.iter_mut().zip(a.iter().zip(b)) {
                *byte = u8::from(flag(*a, *b));
            }
            words.push(pack(&bytes));
        }
        if !rest_a.is_empty() {
            let mut bytes = [0; 64];
            for (byte, (a, b)) in bytes.iter_mut().zip(rest_a.iter().zip(rest_b)) {
                *byte = u8::from(flag(*a, *b));
            }
            words.push(pack(&bytes));
        }
        Self { words, len: a.len() }
    }

    /// The set rows of an Arrow buffer, whatever its offset.
    pub(crate) fn from_arrow(buffer: &BooleanBuffer) -> Self {
        let words = buffer.bit_chunks().iter_padded().take(buffer.len().div_ceil(64)).collect();
        let mut bits = Self { words, len: buffer.len() };
        bits.trim();
        bits
    }

    /// The rows that an Arrow array has no value for; nothing when there are none.
    pub(crate) fn nulls(nulls: Option<&NullBuffer>) -> Option<Self> {
        let nulls = nulls.filter(|nulls| nulls.null_count() > 0)?;
        Some(Self::from_arrow(nulls.inner()).not())
    }

    fn trim(&mut self) {
        if let (Some(last), rest @ 1..) = (self.words.last_mut(), self.len % 64) {
            *last &= (1 << rest) - 1;
        }
    }

    /// The words, first row lowest.
    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    /// Whether the row is set.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> bool {
        self.words[row / 64] >> (row % 64) & 1 == 1
    }

    /// Sets or clears a row.
    pub(crate) fn put(&mut self, row: usize, flag: bool) {
        let mask = 1 << (row % 64);
        if flag {
            self.words[row / 64] |= mask;
        } else {
            self.words[row / 64] &= !mask;
        }
    }

    /// Whether any row is set.
    pub(crate) fn any(&self) -> bool {
        self.words.iter().any(|word| *word != 0)
    }

    /// The bits themselves if any is set.
    pub(crate) fn some(self) -> Option<Self> {
        self.any().then_some(self)
    }

    /// Number of rows set.
    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The rows not set.
    pub(crate) fn not(mut self) -> Self {
        for word in &mut self.words {
            *word = !*word;
        }
        self.trim();
        self
    }

    /// Set here and there.
    pub(crate) fn and(mut self, other: &Self) -> Self {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
        self
    }

    /// Set here or there.
    pub(crate) fn or(mut self, other: &Self) -> Self {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
        self
    }

    /// Set here and not there.
    pub(crate) fn without(mut self, other: &Self) -> Self {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
        self
    }

    /// Set on one side only.
    pub(crate) fn xor(mut self, other: &Self) -> Self {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word ^= other;
        }
        self
    }

    /// The rows set, in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(block, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    block * 64 + bit
                })
            })
        })
    }
}

/// Sixty-four bytes of 0 or 1 as bits: eight bytes times a number that moves byte `i` to bit `56 + i`.
#[inline]
fn pack(bytes: &[u8; 64]) -> u64 {
    let (octets, _) = bytes.as_chunks::<8>();
    let mut word = 0;
    for (at, octet) in octets.iter().enumerate() {
        word |= (u64::from_le_bytes(*octet).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * at);
    }
    word
}

/// Union of two optional sets of rows.
pub(crate) fn either(a: Option<&Bits>, b: Option<&Bits>) -> Option<Bits> {
    match (a, b) {
        (None, None) => None,
        (Some(bits), None) | (None, Some(bits)) => Some(bits.clone()),
        (Some(a), Some(b)) => Some(a.clone().or(b)),
    }
}

/// An 8 x 8 matrix of bits, mirrored: bit `c` of byte `r` becomes bit `r` of byte `c`. (Hacker's Delight,
/// section 7-3: three rounds of swapping blocks.)
#[inline]
pub(crate) fn transpose8(mut x: u64) -> u64 {
    let swap = (x ^ (x >> 7)) & 0x00AA_00AA_00AA_00AA;
    x ^= swap ^ (swap << 7);
    let swap = (x ^ (x >> 14)) & 0x0000_CCCC_0000_CCCC;
    x ^= swap ^ (swap << 14);
    let swap = (x ^ (x >> 28)) & 0x0000_0000_F0F0_F0F0;
    x ^ swap ^ (swap << 28)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packing_and_logic_are_row_by_row(a in prop::collection::vec(any::<bool>(), 0..200), flip in any::<u64>()) {
            let b: Vec<bool> = a.iter().enumerate().map(|(i, x)| x ^ (flip >> (i % 64) & 1 == 1)).collect();
            let pa = Bits::from_fn(a.len(), |i| a[i]);
            let pb = Bits::from_arrow(&BooleanBuffer::from(b.clone()));
            for row in 0..a.len() {
                prop_assert_eq!(pa.get(row), a[row]);
                prop_assert_eq!(pa.clone().and(&pb).get(row), a[row] & b[row]);
                prop_assert_eq!(pa.clone().or(&pb).get(row), a[row] | b[row]);
                prop_assert_eq!(pa.clone().xor(&pb).get(row), a[row] ^ b[row]);
                prop_assert_eq!(pa.clone().without(&pb).get(row), a[row] & !b[row]);
            }
            let not = pa.clone().not();
            prop_assert_eq!(not.count() + pa.count(), a.len());
            prop_assert_eq!(pa.rows().collect::<Vec<_>>(), (0..a.len()).filter(|i| a[*i]).collect::<Vec<_>>());
            prop_assert_eq!(pa.any(), a.contains(&true));
        }

        #[test]
        fn slices_of_arrow_buffers_keep_their_rows(a in prop::collection::vec(any::<bool>(), 1..300), cut in 0..100_usize) {
            let cut = cut.min(a.len() - 1);
            let buffer = BooleanBuffer::from(a.clone()).slice(cut, a.len() - cut);
            let bits = Bits::from_arrow(&buffer);
            prop_assert_eq!(bits.clone(), Bits::from_fn(a.len() - cut, |i| a[cut + i]));
            let nulls = Bits::nulls(Some(&NullBuffer::new(buffer)));
            prop_assert_eq!(nulls.map_or(0, |b| b.count()), bits.not().count());
        }

        #[test]
        fn transposing_mirrors(x in any::<u64>()) {
            let y = transpose8(x);
            for r in 0..8 {
                for c in 0..8 {
                    prop_assert_eq!(x >> (8 * r + c) & 1, y >> (8 * c + r) & 1);
                }
            }
        }
    }
}
