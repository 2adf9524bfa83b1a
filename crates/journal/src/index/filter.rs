//! A Bloom filter of a file's keys: of a key that it does not know, no block need be read. In memory only; it is made
//! when as many blocks were asked for as the file has, so that making it costs no more than what was done already.

use fastbloom::BloomFilter;

use super::KeyId;

/// Bits for a key: one in a thousand keys that are not there passes.
const BITS: usize = 16;
/// Files with more keys have no filter: it would take more than 64 MiB.
pub(super) const MOST: u64 = 1 << 25;

/// Which keys a file may have.
pub(super) struct Filter(BloomFilter);

impl Filter {
    /// For so many keys.
    pub(super) fn new(keys: u64) -> Self {
        let keys = usize::try_from(keys).unwrap_or(usize::MAX).max(1);
        Self(BloomFilter::with_num_bits(keys.saturating_mul(BITS)).seed(&0).expected_items(keys))
    }

    /// Notes a key. Ids are parts of SHA-256: half of one is a hash as good as any.
    pub(super) fn add(&mut self, key: KeyId) {
        self.0.insert_hash(key.prefix());
    }

    /// Whether the file may have a key; of one that was noted, always.
    pub(super) fn may_have(&self, key: KeyId) -> bool {
        self.0.contains_hash(key.prefix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_passes_and_of_the_rest_hardly_any() {
        let key = |at: u32| KeyId::of(&format!("H26-{at}"));
        let mut filter = Filter::new(10_000);
        (0..10_000).for_each(|at| filter.add(key(at)));
        assert!((0..10_000).all(|at| filter.may_have(key(at))));
        let passing = (10_000..110_000).filter(|at| filter.may_have(key(*at))).count();
        assert!((1..300).contains(&passing), "{passing} of 100,000");
    }

    #[test]
    fn an_empty_one_lets_nothing_pass() {
        assert!(!Filter::new(0).may_have(KeyId::of("a")));
    }
}
