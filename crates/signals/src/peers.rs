//! A unit's share beside the other units', by whole numbers only: median and median absolute deviation.

use std::cmp::Ordering;

use crate::rules::Returns;

/// A share: a part of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The part.
    pub part: u64,
    /// The whole; more than 0.
    pub of: u64,
}

/// The middle of all shares, and which stand far above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Far {
    /// The median; of an even number of shares the lower of the two in the middle.
    pub median: Share,
    /// Places of the shares that stand far above it, in their order.
    pub above: Vec<usize>,
}

/// A number that is not negative, as numerator and denominator. Of 32-bit counts every product below fits.
type Fraction = (u128, u128);

/// The shares that stand far above their median; nothing where too few can be compared, or counts lie beyond 32 bits.
pub fn far_above(shares: &[Share], rule: &Returns) -> Option<Far> {
    let fits = |share: &Share| share.of <= u64::from(u32::MAX) && share.part <= share.of;
    if !shares.iter().all(fits) {
        return None;
    }
    let counted: Vec<usize> =
        (0..shares.len()).filter(|at| shares[*at].of > 0 && shares[*at].of >= rule.cases).collect();
    if counted.is_empty() || counted.len() < rule.peers {
        return None;
    }
    let of = |at: usize| (u128::from(shares[at].part), u128::from(shares[at].of));
    let mut places = counted.clone();
    places.sort_by(|one, other| compare(of(*one), of(*other)));
    let middle = places[(places.len() - 1) / 2];
    let median = of(middle);
    let mut apart: Vec<Fraction> = counted.iter().map(|at| distance(of(*at), median)).collect();
    apart.sort_by(|one, other| compare(*one, *other));
    let usual = apart[(apart.len() - 1) / 2];
    let least = (u128::from(rule.least.0), u128::from(rule.least.1));
    let (times, parts) = (u128::from(rule.deviations.0), u128::from(rule.deviations.1));
    let far = |at: &usize| {
        let distance = distance(of(*at), median);
        // Both denominators hold the median's: it is divided out before they meet.
        let own = (distance.0 * parts, distance.1 / median.1);
        let others = (usual.0 * times, usual.1 / median.1);
        compare(of(*at), median) == Ordering::Greater
            && compare(own, others) == Ordering::Greater
            && compare(distance, least) == Ordering::Greater
    };
    Some(Far { median: shares[middle], above: counted.into_iter().filter(far).collect() })
}

fn compare(one: Fraction, other: Fraction) -> Ordering {
    (one.0 * other.1).cmp(&(other.0 * one.1))
}

fn distance(one: Fraction, other: Fraction) -> Fraction {
    ((one.0 * other.1).abs_diff(other.0 * one.1), one.1 * other.1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::{Ratio, Rules};

    fn shares(counts: &[(u64, u64)]) -> Vec<Share> {
        counts.iter().map(|(part, of)| Share { part: *part, of: *of }).collect()
    }

    #[test]
    fn one_unit_far_above_its_peers_is_found_and_a_small_one_is_not() {
        let rule = Rules::builtin().unwrap().returns;
        let counts = [(30, 1000), (28, 1000), (33, 1000), (5, 10), (31, 1000), (150, 1000), (27, 1000)];
        let far = far_above(&shares(&counts), &rule).unwrap();
        assert_eq!((far.above, far.median), (vec![5], Share { part: 30, of: 1000 }));
    }

    #[test]
    fn alike_shares_need_the_least_distance_and_few_peers_say_nothing() {
        let rule = Rules::builtin().unwrap().returns;
        // The deviation is 0: without a least distance one case more would stand out.
        let counts = [(30, 1000), (30, 1000), (30, 1000), (30, 1000), (31, 1000)];
        assert_eq!(far_above(&shares(&counts), &rule).unwrap().above, Vec::<usize>::new());
        assert_eq!(far_above(&shares(&counts[..4]), &rule), None);
    }

    #[test]
    fn exactly_the_bound_is_not_above_it() {
        let rule = Rules::builtin().unwrap().returns;
        // Median 100, deviation 10: 150 stands exactly five deviations above.
        let with = |last| shares(&[80, 90, 100, 110, 120, last].map(|part| (part, 1000)));
        assert_eq!(far_above(&with(150), &rule).unwrap().above, Vec::<usize>::new());
        assert_eq!(far_above(&with(151), &rule).unwrap().above, vec![5]);
    }

    proptest! {
        /// Against sums over one common denominator.
        #[test]
        fn it_is_what_tenths_of_per_mille_say(parts in prop::collection::vec(0_u64..10_000, 5..40), scale in 1_u64..400_000) {
            let rule = Returns { cases: 1, peers: 5, deviations: Ratio(5, 1), least: Ratio(1, 50) };
            let whole: Vec<(u64, u64)> = parts.iter().enumerate().map(|(at, part)| {
                let times = if at % 2 == 0 { scale } else { 1 };
                (part * times, 10_000 * times)
            }).collect();
            let far = far_above(&shares(&whole), &rule).unwrap();
            let mut sorted = parts.clone();
            sorted.sort_unstable();
            let median = sorted[(sorted.len() - 1) / 2];
            let mut apart: Vec<u64> = parts.iter().map(|part| part.abs_diff(median)).collect();
            apart.sort_unstable();
            let usual = apart[(apart.len() - 1) / 2];
            let above: Vec<usize> = (0..parts.len())
                .filter(|at| parts[*at] > median && parts[*at] - median > 5 * usual && parts[*at] - median > 200)
                .collect();
            prop_assert_eq!(far.above, above);
        }
    }
}
