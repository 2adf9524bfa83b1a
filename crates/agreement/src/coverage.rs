//! Coverage: which months of a period a unit has records of, and which months stand out against its other
//! months and against last year's. Integers in, questions out; what counts as standing out comes from a dated
//! file of rules.

/// What stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    /// A month without records is asked about when the unit's other months have this many on average.
    pub month: u64,
    /// A month is held against last year's when that one had at least this many.
    pub last_year: u64,
    /// It is asked about when it has fewer than this share of them: numerator and denominator.
    pub fewer_than: (u64, u64),
}

/// A month that stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Its place in the period, from 0.
    pub month: usize,
    /// Records in it.
    pub now: u64,
    /// Records in the unit's other months that are over, and how many months these are; nothing where the
    /// question comes from last year alone.
    pub others: Option<(u64, u64)>,
    /// Records in the same month of the year before, where they are a reason to ask.
    pub then: Option<u64>,
}

/// The months that stand out among those that are over. `then` has the same months a year before, and is absent
/// when there are no records of that time.
pub fn gaps(now: &[u64], then: Option<&[u64]>, over: usize, usual: &Usual) -> Vec<Gap> {
    let over = now.get(..over).unwrap_or(now);
    let sum: u64 = over.iter().sum();
    let months = over.len() as u64;
    let mut found = Vec::new();
    for (month, count) in over.iter().copied().enumerate() {
        let others = months.saturating_sub(1);
        let empty = count == 0 && others > 0 && sum >= usual.month.saturating_mul(others);
        let before = then.and_then(|then| then.get(month)).copied().filter(|before| {
            let (part, whole) = usual.fewer_than;
            let fewer = u128::from(count) * u128::from(whole) < u128::from(*before) * u128::from(part);
            *before >= usual.last_year && fewer
        });
        if empty || before.is_some() {
            found.push(Gap { month, now: count, others: empty.then_some((sum, others)), then: before });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const USUAL: Usual = Usual { month: 5, last_year: 20, fewer_than: (1, 2) };

    #[test]
    fn an_empty_month_among_full_ones_is_asked_about() {
        assert_eq!(
            gaps(&[10, 0, 8, 0], None, 3, &USUAL),
            [Gap { month: 1, now: 0, others: Some((18, 2)), then: None }]
        );
        // On average below what is usual, or not over yet.
        assert_eq!(gaps(&[4, 0, 5, 0], None, 3, &USUAL), []);
        assert_eq!(gaps(&[10, 0, 8, 0], None, 1, &USUAL), []);
        assert_eq!(gaps(&[0], None, 1, &USUAL), []);
        assert_eq!(gaps(&[0, 0], None, 2, &USUAL), []);
    }

    #[test]
    fn less_than_half_of_last_years_month_is_asked_about() {
        let then = [20, 20, 19, 100];
        let found = gaps(&[10, 9, 1, 0], Some(&then), 4, &USUAL);
        assert_eq!(
            found.iter().map(|gap| (gap.month, gap.then)).collect::<Vec<_>>(),
            [(1, Some(20)), (3, Some(100))]
        );
        assert_eq!(found[1].others, Some((20, 3)), "both reasons are given at once");
    }

    proptest! {
        #[test]
        fn months_that_are_not_over_are_never_asked_about(
            now in proptest::collection::vec(0..100_u64, 0..12),
            then in proptest::collection::vec(0..100_u64, 0..12),
            over in 0..14_usize,
        ) {
            let found = gaps(&now, Some(&then), over, &USUAL);
            prop_assert!(found.iter().all(|gap| gap.month < over.min(now.len())));
            prop_assert!(found.iter().all(|gap| now[gap.month] == gap.now));
        }
    }
}
