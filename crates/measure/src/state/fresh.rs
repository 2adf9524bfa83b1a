//! The latest day of the kind's date column among the records of each unit.

use giaouoc_worktime::Day;

use crate::col::{Col, Data};
use crate::run::Days;
use crate::state::sets::Quick;

/// Latest days by unit.
#[derive(Clone, Debug)]
pub(crate) struct Fresh {
    /// The latest instant and the latest bare day of each unit.
    at: Vec<i64>,
    day: Vec<i32>,
    /// In a change log: for each unit and day the sum of weights, as the latest record may be taken back.
    weights: Option<Quick<(u32, i64), i64>>,
}

impl Fresh {
    pub(crate) fn new(units: usize, weighted: bool) -> Self {
        Self {
            at: vec![i64::MIN; units + 1],
            day: vec![i32::MIN; units + 1],
            weights: weighted.then(Quick::default),
        }
    }

    /// Notes the dates of rows; `weights` are +1 and −1, nothing means +1 throughout.
    pub(crate) fn add(&mut self, units: &[u32], col: &Col, days: &Days, weights: Option<&[i8]>) {
        let known = |row: usize| !col.is_unknown(row);
        if let Some(sums) = &mut self.weights {
            for (row, unit) in units.iter().enumerate().filter(|(row, _)| known(*row)) {
                let day = match &col.data {
                    Data::Day(run) => run.get(row),
                    Data::Moment(moments) => match &moments.bare {
                        Some(bare) if bare.rows.get(row) => bare.days.get(row),
                        _ => days.day_of(moments.at.get(row)),
                    },
                    _ => continue,
                };
                let weight = weights.map_or(1, |weights| i64::from(weights[row]));
                *sums.entry((*unit, i64::from(day))).or_default() += weight;
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
                if let (None, None, giaouoc_worktime::Rows::Each(at)) =
                    (&col.unknown, &moments.bare, moments.at.view())
                {
                    for (unit, at) in units.iter().zip(at) {
                        let latest = &mut self.at[*unit as usize];
                        *latest = (*at).max(*latest);
                    }
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

    pub(crate) fn merge(&mut self, other: Self) {
        for (at, other) in self.at.iter_mut().zip(other.at) {
            *at = other.max(*at);
        }
        for (day, other) in self.day.iter_mut().zip(other.day) {
            *day = other.max(*day);
        }
        if let (Some(weights), Some(other)) = (&mut self.weights, other.weights) {
            for (key, weight) in other {
                *weights.entry(key).or_default() += weight;
            }
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
        for ((unit, day), weight) in self.weights.into_iter().flatten() {
            if weight > 0
                && let Some(latest) = latest.get_mut(unit as usize)
            {
                *latest = (*latest).max(Some(Day(day as i32)));
            }
        }
        latest
    }
}
