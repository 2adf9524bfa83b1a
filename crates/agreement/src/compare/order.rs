//! Who is ahead, exactly.

use std::cmp::Ordering;

use crate::figure::Amount;

/// A figure as a fraction with a denominator above 0.
fn fraction(amount: &Amount) -> Option<(i128, i128)> {
    match amount {
        Amount::Share { met, of } => (*of > 0).then_some((i128::from(*met), i128::from(*of))),
        Amount::Mean { sum, of } => (*of > 0).then_some((*sum, i128::from(*of))),
        Amount::Count(count) => Some((i128::from(*count), 1)),
        Amount::Sum(sum) => Some((*sum, 1)),
        Amount::Percentile { value, .. } => value.map(|value| (i128::from(value), 1)),
    }
}

/// One figure against another by cross-multiplication. A product that leaves 128 bits (means of sums beyond any
/// unit's) compares by whole parts.
fn order(one: &Amount, other: &Amount) -> Ordering {
    let (Some((a, b)), Some((c, d))) = (fraction(one), fraction(other)) else {
        return Ordering::Equal;
    };
    match (a.checked_mul(d), c.checked_mul(b)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => (a / b).cmp(&(c / d)),
    }
}

/// Whether the first figure is strictly the better one.
pub(super) fn ahead(one: &Amount, other: &Amount, higher_is_better: bool) -> bool {
    order(one, other) == if higher_is_better { Ordering::Greater } else { Ordering::Less }
}

/// The place of each figure among those that are there, from 1; equal figures share a place.
pub(super) fn places(amounts: &[Option<&Amount>], higher_is_better: Option<bool>) -> Vec<Option<usize>> {
    let Some(higher) = higher_is_better else { return vec![None; amounts.len()] };
    amounts
        .iter()
        .map(|mine| {
            let mine = (*mine)?;
            Some(1 + amounts.iter().flatten().filter(|other| ahead(other, mine, higher)).count())
        })
        .collect()
}
