//! Which unit plays which trick, and in which innocent ways units differ.

use super::super::prng::Prng;
use super::super::shape::{PROCEDURES, Shape};

/// What a unit does beyond its habit (`super::super::shape::Habit`): a trick, or an innocent way that looks like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Nothing of its own.
    Plain,
    /// Opens a pause when a dossier is about to be late.
    PausesLate,
    /// Enters finishes for evenings and days off.
    EntersAtNight,
    /// Gives dossiers a long limit.
    GivesLongLimits,
    /// Enters the first days' finishes of a month for the end of the month before.
    EntersForMonthEnd,
    /// Returns many dossiers.
    Returns,
    /// Leaves late dossiers out of the exports for months.
    HoldsBack,
    /// Has late dossiers in time in a later export.
    Corrects,
    /// Changes due dates in a later export.
    ChangesDue,
    /// Innocent: works harder towards the end of the month.
    ClearsBeforeMonthEnd,
    /// Innocent: has a signing session in the middle of the month.
    SignsMidMonth,
}

/// The ways that are dealt out, each to one unit in twelve and at least one.
const DEALT: [Way; 10] = [
    Way::EntersForMonthEnd,
    Way::PausesLate,
    Way::EntersAtNight,
    Way::GivesLongLimits,
    Way::Returns,
    Way::HoldsBack,
    Way::Corrects,
    Way::ChangesDue,
    Way::ClearsBeforeMonthEnd,
    Way::SignsMidMonth,
];
/// One unit in so many has a given way.
const ONE_IN: usize = 12;

/// A unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) way: Way,
    /// Honest returns beyond the usual ones, in ten thousand.
    pub(super) returns: u32,
}

/// All units and procedures.
#[derive(Debug)]
pub(super) struct Ways {
    units: Vec<Unit>,
    /// Procedures that have a second, longer limit for some cases: the limit, and how many of ten thousand have it.
    second: Vec<Option<(u16, u32)>>,
}

impl Ways {
    /// Drawn from `seed`.
    pub(super) fn new(shape: &Shape, seed: u64) -> Self {
        let mut prng = Prng::new(seed, u64::MAX - 1);
        let count = shape.units.len();
        let mut places: Vec<usize> = (0..count).collect();
        prng.shuffle(&mut places);
        let each = (count / ONE_IN).max(1);
        // Returns differ by about one in a hundred among honest units, with a few well above the others.
        let mut units: Vec<Unit> =
            (0..count).map(|_| Unit { way: Way::Plain, returns: prng.wait() * 100 / 1024 }).collect();
        // An office with three dossiers a month has no month's end to speak of: those that enter finishes for it are
        // among the larger ones.
        let mut sizes: Vec<u64> = shape.units.iter().map(|unit| unit.weight).collect();
        sizes.sort_unstable();
        let middle = sizes.get(count / 2).copied().unwrap_or(0);
        let large = |place: &usize| shape.units.get(*place).is_some_and(|unit| unit.weight >= middle);
        let (mut first, mut rest): (Vec<usize>, Vec<usize>) = places.into_iter().partition(large);
        rest.extend(first.split_off(each.min(first.len())));
        prng.shuffle(&mut rest);
        first.extend(rest);
        for (at, place) in first.into_iter().enumerate() {
            if let (Some(unit), Some(way)) = (units.get_mut(place), DEALT.get(at / each)) {
                unit.way = *way;
            }
        }
        let second = (0..PROCEDURES).map(|procedure| {
            let limit = shape.limit(procedure);
            // Half of them rarely used: those look like a trick and are none.
            prng.chance(100).then(|| (2 * limit + 2, if prng.chance(5_000) { 800 } else { 3_500 }))
        });
        Self { second: second.collect(), units }
    }

    /// A unit by its place; a plain one where there is none.
    pub(super) fn unit(&self, place: u32) -> Unit {
        self.units.get(place as usize).copied().unwrap_or(Unit { way: Way::Plain, returns: 0 })
    }

    /// The second limit of a procedure.
    pub(super) fn second(&self, procedure: u32) -> Option<(u16, u32)> {
        self.second.get(procedure as usize).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_is_dealt_to_some_and_most_units_are_not_all_of_one() {
        for count in [10, 60, 700] {
            let ways = Ways::new(&Shape::new(count, 3), 3);
            for way in DEALT {
                let having = ways.units.iter().filter(|unit| unit.way == way).count();
                assert!((1..=count as usize / ONE_IN + 1).contains(&having), "{count} {way:?}: {having}");
            }
        }
    }
}
