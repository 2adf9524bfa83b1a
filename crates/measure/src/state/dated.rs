//! Sums of weights by day and unit: what tells, in a change log, the latest day that still has a record.

use crate::state::sets::Quick;

/// The days that have a row of counters: 1990 to 2059. Others are rare and looked up one by one.
const FIRST: i32 = 7_305;
const DAYS: usize = 25_567;
/// Most counters: a nation's 12,000 units over twenty months. What lies beyond is looked up one by one too.
const MOST: usize = 1 << 23;
/// No row.
const NONE: u32 = u32::MAX;

/// Sums of weights.
#[derive(Clone, Debug)]
pub(crate) struct Dated {
    units: usize,
    /// For each day its row.
    row: Vec<u32>,
    /// A counter for each unit, row by row.
    sums: Vec<i32>,
    more: Quick<(u32, i64), i64>,
}

impl Dated {
    /// No weights of so many units.
    pub(crate) fn new(units: usize) -> Self {
        Self { units, row: vec![NONE; DAYS], sums: Vec::new(), more: Quick::default() }
    }

    /// Adds a weight.
    #[inline]
    pub(crate) fn add(&mut self, unit: u32, day: i32, weight: i8) {
        let at = day.wrapping_sub(FIRST) as u32 as usize;
        let row = self.row.get(at).copied().unwrap_or(NONE);
        let row = if row == NONE { self.begin(at) } else { row };
        if row == NONE {
            *self.more.entry((unit, i64::from(day))).or_default() += i64::from(weight);
            return;
        }
        let sum = &mut self.sums[row as usize * self.units + unit as usize];
        *sum = match sum.checked_add(i32::from(weight)) {
            Some(sum) => sum,
            // A counter that is full goes on elsewhere.
            None => {
                *self.more.entry((unit, i64::from(day))).or_default() += i64::from(*sum);
                i32::from(weight)
            }
        };
    }

    /// A row for a day, if it may have one.
    #[cold]
    fn begin(&mut self, at: usize) -> u32 {
        let Some(row) = self.row.get_mut(at).filter(|_| self.sums.len() + self.units <= MOST) else {
            return NONE;
        };
        *row = (self.sums.len() / self.units) as u32;
        self.sums.resize(self.sums.len() + self.units, 0);
        *row
    }

    /// Adds the weights of another.
    pub(crate) fn merge(&mut self, other: Self) {
        let more = &mut self.more;
        let mut kept = Vec::new();
        for (at, row) in other.row.iter().enumerate().filter(|(_, row)| **row != NONE) {
            kept.push((at, *row as usize));
        }
        for (key, weight) in &other.more {
            *more.entry(*key).or_default() += weight;
        }
        for (at, theirs) in kept {
            let row = if self.row[at] == NONE { self.begin(at) } else { self.row[at] };
            let theirs = &other.sums[theirs * self.units..(theirs + 1) * self.units];
            for (unit, weight) in theirs.iter().enumerate().filter(|(_, weight)| **weight != 0) {
                let own = self.sums.get_mut((row as usize).saturating_mul(self.units).saturating_add(unit));
                match own.and_then(|own| Some((own.checked_add(*weight)?, own))) {
                    Some((sum, own)) => *own = sum,
                    None => {
                        let key = (unit as u32, i64::from(at as i32 + FIRST));
                        *self.more.entry(key).or_default() += i64::from(*weight);
                    }
                }
            }
        }
    }

    /// Calls the function with every unit and day that something was added for, and the sum.
    pub(crate) fn each(mut self, mut say: impl FnMut(u32, i32, i64)) {
        for (at, row) in self.row.iter().enumerate().filter(|(_, row)| **row != NONE) {
            let day = at as i32 + FIRST;
            let sums = &self.sums[*row as usize * self.units..(*row as usize + 1) * self.units];
            for (unit, sum) in sums.iter().enumerate().filter(|(_, sum)| **sum != 0) {
                let key = (unit as u32, i64::from(day));
                let more = if self.more.is_empty() { None } else { self.more.remove(&key) };
                say(key.0, day, i64::from(*sum) + more.unwrap_or(0));
            }
        }
        for ((unit, day), sum) in self.more {
            say(unit, day as i32, sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// Days inside and outside the rows; parts merged in turns.
        #[test]
        fn sums_are_those_of_a_plain_map(
            weights in prop::collection::vec((0..4_u32, prop_oneof![19_000..19_004_i32, any::<i32>()], any::<bool>(), any::<bool>()), 0..200),
        ) {
            let (mut a, mut b) = (Dated::new(4), Dated::new(4));
            let mut plain: BTreeMap<(u32, i32), i64> = BTreeMap::new();
            for (unit, day, plus, first) in weights {
                let weight = if plus { 1 } else { -1 };
                if first { a.add(unit, day, weight) } else { b.add(unit, day, weight) }
                *plain.entry((unit, day)).or_default() += i64::from(weight);
            }
            a.merge(b);
            let mut found: BTreeMap<(u32, i32), i64> = BTreeMap::new();
            a.each(|unit, day, sum| { *found.entry((unit, day)).or_default() += sum; });
            plain.retain(|_, sum| *sum != 0);
            found.retain(|_, sum| *sum != 0);
            prop_assert_eq!(found, plain);
        }
    }

    #[test]
    fn a_full_counter_goes_on() {
        let mut dated = Dated::new(1);
        dated.add(0, 20_000, 1);
        dated.sums[0] = i32::MAX;
        dated.add(0, 20_000, 1);
        dated.add(0, 20_000, 1);
        dated.each(|unit, day, sum| assert_eq!((unit, day, sum), (0, 20_000, i64::from(i32::MAX) + 2)));
    }
}
