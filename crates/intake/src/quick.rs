//! Looking up short words fast. The standard hasher withstands people who choose words that collide; the maps
//! that use this one are small and bounded, so such words could cost a little time and nothing else.

use std::hash::{BuildHasherDefault, Hasher};

/// A builder of [`Quick`] for maps.
pub(crate) type BuildQuick = BuildHasherDefault<Quick>;

/// Eight bytes at a time: rotate, mix, multiply.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Quick(u64);

impl Quick {
    fn mix(&mut self, word: u64) {
        // The fraction of the golden ratio: odd, and without pattern in its bits.
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.mix(u64::from_le_bytes(last));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    fn finish(&self) -> u64 {
        // Multiplying moves differences upwards; maps look at the low bits as well.
        self.0 ^ self.0 >> 29
    }
}
