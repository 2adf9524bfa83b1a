//! Verdicts made of verdicts.

use crate::figure::Verdict;

/// The verdict on a period from the verdicts on its parts: met when every part is met. What keeps it from
/// being met is said first: a part not met, then one not yet due, then one without data. Parts without
/// cases, exempt or too small to judge do not stand in the way of the others.
pub(super) fn combine(parts: impl Iterator<Item = Verdict>) -> Verdict {
    let parts: Vec<Verdict> = parts.collect();
    [
        Verdict::NotMet,
        Verdict::NotYetDue,
        Verdict::NoData,
        Verdict::Met,
        Verdict::NotJudged,
        Verdict::NoCases,
        Verdict::Exempt,
    ]
    .into_iter()
    .find(|verdict| parts.contains(verdict))
    .unwrap_or(Verdict::NoData)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_must_be_met() {
        use Verdict::{Exempt, Met, NoCases, NoData, NotJudged, NotMet, NotYetDue};
        for (parts, whole) in [
            (&[Met, Met][..], Met),
            (&[Met, NotMet, NotYetDue], NotMet),
            (&[Met, NotYetDue], NotYetDue),
            (&[Met, NoData], NoData),
            (&[NotYetDue, NoData], NotYetDue),
            (&[Met, NoCases], Met),
            (&[Met, NotJudged], Met),
            (&[NoCases, NoCases], NoCases),
            (&[NotJudged, NoCases], NotJudged),
            (&[Exempt], Exempt),
            (&[], NoData),
        ] {
            assert_eq!(combine(parts.iter().copied()), whole, "{parts:?}");
        }
    }
}
