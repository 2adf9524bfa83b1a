//! A small random number generator: the same seed gives the same bundle on every machine and in
//! every release, which a crate's "standard generator" does not promise.
//!
//! xoshiro256++ by D. Blackman and S. Vigna (public domain, <https://prng.di.unimi.it>), seeded
//! with splitmix64 as its authors advise. Everything is drawn in integers.

/// xoshiro256++.
#[derive(Clone, Debug)]
pub(super) struct Prng([u64; 4]);

impl Prng {
    /// A generator for `seed`; `stream` gives independent sequences under one seed.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut state = seed ^ stream.wrapping_mul(0xD134_2543_DE82_EF95);
        Self(std::array::from_fn(|_| splitmix(&mut state)))
    }

    /// 64 random bits.
    pub(super) fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.0;
        let out = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c2, d2) = (c ^ a, d ^ b);
        self.0 = [a ^ d2, b ^ c2, c2 ^ (b << 17), d2.rotate_left(45)];
        out
    }

    /// A number from 0 to `n - 1`, 0 when `n` is 0. The bias is below `n / 2^32`.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        (((self.bits() >> 32) * u64::from(n)) >> 32) as u32
    }

    /// True `n` times in ten thousand.
    pub(super) fn chance(&mut self, n: u32) -> bool {
        self.below(10_000) < n
    }

    /// An exponential waiting time of mean about 1024 (log2 taken as a broken line: 4 % off).
    pub(super) fn wait(&mut self) -> u32 {
        const LN2: u32 = 710; // 1024 ln 2
        let x = self.bits() | 1;
        let octave = x.leading_zeros();
        let mantissa = ((x << octave) >> 53) as u32 & 1023;
        LN2 * (octave + 1) - LN2 * mantissa / 1024
    }

    /// Puts `items` in random order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(u32::try_from(i + 1).unwrap_or(u32::MAX)) as usize;
            items.swap(i, j);
        }
    }
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Draws an index with given weights in constant time (the alias method of A. J. Walker).
#[derive(Debug)]
pub(super) struct Weighted {
    /// Of the first index, in 2^32; above it the second index is meant.
    cut: Vec<(u32, u32)>,
}

impl Weighted {
    /// One index per weight; all weights 0 draws evenly.
    pub(super) fn new(weights: &[u64]) -> Self {
        let n = weights.len() as u128;
        let total: u128 = weights.iter().map(|&w| u128::from(w)).sum::<u128>();
        let even = total == 0;
        let full = if even { 1 } else { total };
        // Each column holds `full` after scaling every weight by the number of columns.
        let mut left: Vec<u128> = weights.iter().map(|&w| if even { 1 } else { u128::from(w) * n }).collect();
        let mut cut: Vec<(u32, u32)> = (0..weights.len()).map(|i| (u32::MAX, i as u32)).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..left.len()).partition(|&i| left[i] < full);
        while let (Some(&s), Some(&l)) = (small.last(), large.last()) {
            small.pop();
            cut[s] = (((left[s] << 32) / full).min(u128::from(u32::MAX)) as u32, l as u32);
            left[l] -= full - left[s];
            if left[l] < full {
                large.pop();
                small.push(l);
            }
        }
        Self { cut }
    }

    /// One index.
    pub(super) fn draw(&self, prng: &mut Prng) -> u32 {
        let bits = prng.bits();
        let column = (((bits >> 32) * self.cut.len() as u64) >> 32) as u32;
        match self.cut.get(column as usize) {
            Some(&(cut, other)) if bits as u32 >= cut => other,
            _ => column,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The authors' C code, run with the state 1, 2, 3, 4, prints these first numbers.
    #[test]
    fn agrees_with_the_published_generator() {
        let mut prng = Prng([1, 2, 3, 4]);
        let first: Vec<u64> = (0..4).map(|_| prng.bits()).collect();
        assert_eq!(first, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    #[test]
    fn draws_follow_the_weights() {
        let weighted = Weighted::new(&[1, 0, 7, 2]);
        let mut prng = Prng::new(5, 0);
        let mut seen = [0_u32; 4];
        for _ in 0..100_000 {
            seen[weighted.draw(&mut prng) as usize] += 1;
        }
        assert_eq!(seen[1], 0);
        for (count, share) in [(seen[0], 10_000), (seen[2], 70_000), (seen[3], 20_000)] {
            assert!(count.abs_diff(share) < 800, "{seen:?}");
        }
    }

    #[test]
    fn waits_have_the_stated_mean() {
        let mut prng = Prng::new(9, 1);
        let sum: u64 = (0..100_000).map(|_| u64::from(prng.wait())).sum();
        assert!((960..1090).contains(&(sum / 100_000)), "{}", sum / 100_000);
    }

    #[test]
    fn streams_differ_and_seeds_repeat() {
        assert_eq!(Prng::new(1, 2).bits(), Prng::new(1, 2).bits());
        assert_ne!(Prng::new(1, 2).bits(), Prng::new(1, 3).bits());
        assert_ne!(Prng::new(1, 2).bits(), Prng::new(2, 2).bits());
    }
}
