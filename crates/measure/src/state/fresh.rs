//! The latest day of the kind's date column among the records of each unit.

use giaouoc_worktime::{Day, Rows};

use crate::bits::Bits;
use crate::col::{Col, Data};
use crate::run::Days;
use crate::state::dated::Dated;

/// Latest days by unit.
#[derive(Clone, Debug)]
pub(crate) struct Fresh {
    /// The latest instant and the latest bare day of each unit.
    at: Vec<i64>,
    day: Vec<i32>,
    /// In a change log: for each unit and day the sum of weights, as the latest record may be taken back.
    weights: Option<Dated>,
}

/// The day that an instant lay on, for the next one, which mostly lies on it too.
#[derive(Default)]
struct Near {
    day: i32,
    /// The day's first instant and its length, once two instants have lain on it.
    from: i64,
    width: u64,
}

impl Near {
    fn day_of(&mut self, at: i64, days: &Days) -> i32 {
        if (at.wrapping_sub(self.from) as u64) < self.width {
            return self.day;
        }
        let day = days.day_of(at);
        if day == self.day
            && let Some(edges) = days.edges(Day(day), Day(day))
        {
            (self.from, self.width) = (edges.from(), edges.width());
        } else {
            *self = Self { day, from: 0, width: 0 };
        }
        day
    }
}

impl Fresh {
    pub(crate) fn new(units: usize, weighted: bool) -> Self {
        Self {
            at: vec![i64::MIN; units + 1],
            day: vec![i32::MIN; units + 1],
            weights: weighted.then(|| Dated::new(units + 1)),
        }
    }

    /// Notes the dates of rows; `weights` are +1 and −1, nothing means +1 throughout.
    pub(crate) fn add(&mut self, units: &[u32], col: &Col, days: &Days, weights: Option<&[i8]>) {
        let known = |row: usize| !col.is_unknown(row);
        if let Some(sums) = &mut self.weights {
            let weight = |row: usize| weights.map_or(1, |weights| weights[row]);
            match &col.data {
                Data::Day(run) => {
                    for (row, unit) in units.iter().enumerate().filter(|(row, _)| known(*row)) {
                        sums.add(*unit, run.get(row), weight(row));
                    }
                }
                Data::Moment(moments) => {
                    let mut near = Near::default();
                    for (row, unit) in units.iter().enumerate().filter(|(row, _)| known(*row)) {
                        let day = match &moments.bare {
                            Some(bare) if bare.rows.get(row) => bare.days.get(row),
                            _ => near.day_of(moments.at.get(row), days),
                        };
                        sums.add(*unit, day, weight(row));
                    }
                }
                _ => {}
            }
            return;
        }
        match &col.data {
            Data::Day(run) => {
                for (row, unit) in units.iter().enumerate().filter(|(row, _)| known(*row)) {
                    let latest = &mut self.day[*unit as usize];
                    *latest = run.get(row).max(*latest);
                }
            }
            Data::Moment(moments) => {
                // The later instant has the later day, but where clocks are set back across midnight; a
                // report of freshness can live with that.
                if let (None, Rows::Each(at)) = (&moments.bare, moments.at.view()) {
                    self.latest_instants(units, at, col.unknown.as_ref());
                    return;
                }
                for (row, unit) in units.iter().enumerate().filter(|(row, _)| known(*row)) {
                    match &moments.bare {
                        Some(bare) if bare.rows.get(row) => {
                            let latest = &mut self.day[*unit as usize];
                            *latest = bare.days.get(row).max(*latest);
                        }
                        _ => {
                            let latest = &mut self.at[*unit as usize];
                            *latest = moments.at.get(row).max(*latest);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn latest_instants(&mut self, units: &[u32], at: &[i64], unknown: Option<&Bits>) {
        for (block, (units, at)) in units.chunks(64).zip(at.chunks(64)).enumerate() {
            let skip = unknown.map_or(0, |unknown| unknown.words()[block]);
            for (bit, (unit, at)) in units.iter().zip(at).enumerate() {
                if skip >> bit & 1 == 0 {
                    let latest = &mut self.at[*unit as usize];
                    *latest = (*at).max(*latest);
                }
            }
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for (at, other) in self.at.iter_mut().zip(other.at) {
            *at = other.max(*at);
        }
        for (day, other) in self.day.iter_mut().zip(other.day) {
            *day = other.max(*day);
        }
        if let (Some(weights), Some(other)) = (&mut self.weights, other.weights) {
            weights.merge(other);
        }
    }

    /// The latest day of each unit.
    pub(crate) fn latest(self, days: &Days) -> Vec<Option<Day>> {
        let mut latest: Vec<Option<Day>> = self
            .at
            .iter()
            .zip(&self.day)
            .map(|(at, day)| {
                let at = (*at > i64::MIN).then(|| Day(days.day_of(*at)));
                at.max((*day > i32::MIN).then_some(Day(*day)))
            })
            .collect();
        if let Some(weights) = self.weights {
            weights.each(|unit, day, weight| {
                if weight > 0
                    && let Some(latest) = latest.get_mut(unit as usize)
                {
                    *latest = (*latest).max(Some(Day(day)));
                }
            });
        }
        latest
    }
}
