//! A state into answers.

use std::ops::Range;

use giaouoc_agreement::ask::{Answer, Cell, Cells};
use giaouoc_agreement::figure::{Amount, Tally};
use giaouoc_worktime::Day;

use crate::error::MeasureError;
use crate::plan::{Figure, LaneId, Output, Plan, Reading, Shown};
use crate::run::Days;
use crate::scan::together;
use crate::state::State;
use crate::state::bags::{Asked, Percentiles};
use crate::state::lanes::Lanes;
use crate::state::sets::Different;
use crate::state::sums::Sums;

/// An axis whose values have been put in order.
struct Settled {
    cells: usize,
    slots: usize,
    undated: Option<usize>,
    weighted: bool,
    lanes: Lanes,
    sums: Vec<Sums>,
    bags: Vec<Percentiles>,
    sets: Vec<Different>,
}

/// Whose figure: one unit's, or that of all units of the population together.
#[derive(Clone, Copy)]
enum Whose {
    Unit(usize),
    All(usize),
}

impl State {
    /// The answers to the plan's asks, in their order.
    pub fn finish(self, plan: &Plan) -> Result<Vec<Answer>, MeasureError> {
        self.finish_with(plan, 1)
    }

    /// The same, with so many threads.
    pub fn finish_with(self, plan: &Plan, threads: usize) -> Result<Vec<Answer>, MeasureError> {
        let days = Days::new(plan.calendars[0].zone());
        let weighted = self.weighted;
        let units = plan.units.len();
        let axes: Vec<Settled> = self
            .axes
            .into_iter()
            .zip(&plan.axes)
            .enumerate()
            .map(|(at, (state, axis))| {
                let bags = state.bags.into_iter().enumerate().map(|(bag, held)| {
                    let sorted = held.sorted(state.cells, weighted);
                    sorted.percentiles(units, axis.slots(), asked(plan, at, bag), threads)
                });
                let mut lanes = state.lanes;
                lanes.settle();
                Settled {
                    cells: state.cells,
                    slots: axis.slots(),
                    undated: axis.undated(),
                    weighted,
                    lanes,
                    sums: state.sums,
                    bags: bags.collect(),
                    sets: state.sets.into_iter().map(super::sets::Set::sorted).collect(),
                }
            })
            .collect();
        let fresh: Vec<Vec<Option<Day>>> = self.fresh.into_iter().map(|fresh| fresh.latest(&days)).collect();
        let (axes, fresh, outside) = (&axes, &fresh, self.outside);
        let share = plan.outputs.len().div_ceil(threads.max(1)).max(1);
        let jobs = plan.outputs.chunks(share).map(|outputs| {
            move || {
                outputs.iter().map(|output| answer(plan, axes, fresh, output, outside)).collect::<Vec<_>>()
            }
        });
        together(jobs.collect()).into_iter().flatten().collect()
    }
}

/// The percentiles that the plan shows of a bag.
fn asked(plan: &Plan, axis: usize, bag: usize) -> Vec<Asked> {
    let shown = plan.outputs.iter().flat_map(|output| std::iter::once(&output.whole).chain(&output.shown));
    shown
        .filter_map(|shown| {
            let reading = &plan.readings[shown.reading];
            match reading.figure {
                Figure::Percentile { bag: own, percent } if (reading.axis, own) == (axis, bag) => {
                    Some((shown.slots.clone(), percent))
                }
                _ => None,
            }
        })
        .collect()
}

fn answer(
    plan: &Plan,
    axes: &[Settled],
    fresh: &[Vec<Option<Day>>],
    output: &Output,
    outside: i64,
) -> Result<Answer, MeasureError> {
    let population = plan.units.len();
    let latest = &fresh[output.date][..population];
    let cells = |whose: Whose| -> Result<Cells, MeasureError> {
        let latest = match whose {
            Whose::Unit(unit) => latest[unit],
            Whose::All(_) => latest.iter().copied().max().flatten(),
        };
        let cell = |shown: &Shown| {
            let reading = &plan.readings[shown.reading];
            axes[reading.axis].cell(reading, whose, &shown.slots, latest)
        };
        Ok(Cells {
            whole: cell(&output.whole)?,
            parts: output.shown.iter().map(cell).collect::<Result<_, _>>()?,
        })
    };
    Ok(Answer {
        parts: output.parts.clone(),
        units: (0..population).map(|unit| cells(Whose::Unit(unit))).collect::<Result<_, _>>()?,
        all: cells(Whose::All(population))?,
        outside,
    })
}

impl Settled {
    /// Adds up a counter over the units and slots asked for, retractions taken off.
    fn total(
        &self,
        whose: Whose,
        slots: impl Iterator<Item = usize> + Clone,
        read: impl Fn(usize) -> i64,
    ) -> i64 {
        let units = match whose {
            Whose::Unit(unit) => unit..unit + 1,
            Whose::All(units) => 0..units,
        };
        let mut total = 0;
        for unit in units {
            for slot in slots.clone() {
                let cell = unit * self.slots + slot;
                total += read(cell);
                if self.weighted {
                    total -= read(self.cells + cell);
                }
            }
        }
        total
    }

    fn lane(&self, whose: Whose, slots: impl Iterator<Item = usize> + Clone, lane: LaneId) -> i64 {
        self.total(whose, slots, |cell| match lane {
            LaneId::Often(lane) => self.lanes.often(cell, lane),
            LaneId::Rare(lane) => self.lanes.rare(cell, lane),
        })
    }

    fn sum(&self, whose: Whose, slots: &Range<usize>, sum: usize) -> Option<i128> {
        let units = match whose {
            Whose::Unit(unit) => unit..unit + 1,
            Whose::All(units) => 0..units,
        };
        let mut total = 0_i128;
        for unit in units {
            for slot in slots.clone() {
                let cell = unit * self.slots + slot;
                total = total.checked_add(self.sums[sum].get(cell)?)?;
                if self.weighted {
                    total = total.checked_sub(self.sums[sum].get(self.cells + cell)?)?;
                }
            }
        }
        Some(total)
    }

    fn percentile(&self, whose: Whose, shown: &Range<usize>, bag: usize, percent: u8) -> Option<i64> {
        let (Whose::Unit(place) | Whose::All(place)) = whose;
        self.bags[bag].get(&(shown.clone(), percent), place)
    }

    fn different(&self, whose: Whose, shown: &Range<usize>, set: usize) -> i64 {
        let slots = self.slots;
        match whose {
            Whose::Unit(unit) => self.sets[set].count(unit * slots + shown.start..unit * slots + shown.end),
            Whose::All(units) => self.sets[set].count_of_all(units, slots, shown.clone()),
        }
    }

    fn cell(
        &self,
        reading: &Reading,
        whose: Whose,
        shown: &Range<usize>,
        latest: Option<Day>,
    ) -> Result<Cell, MeasureError> {
        let dated = || shown.clone();
        // Of rows whose part is unknown it is unknown for each part whether they are counted.
        let doubtful = || shown.clone().chain(self.undated);
        let undated = || self.undated.into_iter();
        let counted = self.lane(whose, dated(), reading.counted);
        let counted_unknown = self.lane(whose, doubtful(), reading.counted_unknown)
            + self.lane(whose, undated(), reading.counted);
        let met_unknown = reading.outcome_unknown.map_or(0, |lane| self.lane(whose, dated(), lane));
        // Where nothing is unknown no column is.
        let mut unknown: Vec<(usize, i64)> = Vec::new();
        if counted_unknown != 0 {
            let lanes = reading.counted_missing.iter();
            unknown.extend(lanes.map(|(column, lane)| (*column, self.lane(whose, doubtful(), *lane))));
        }
        if met_unknown != 0 {
            for (column, lane) in &reading.outcome_missing {
                let records = self.lane(whose, dated(), *lane);
                match unknown.iter_mut().find(|known| known.0 == *column) {
                    Some(known) => known.1 += records,
                    None => unknown.push((*column, records)),
                }
            }
        }
        unknown.retain(|(_, records)| *records != 0);
        unknown.sort_unstable();
        let seen = self.total(whose, 0..self.slots, |cell| self.lanes.seen(cell));
        let tally = Tally { seen, counted, counted_unknown, met_unknown, unknown_columns: unknown, latest };
        let known = counted - met_unknown;
        let overflow = || MeasureError::Overflow { rule: reading.rule.clone() };
        let amount = match reading.figure {
            Figure::Share { met, exclude } => Amount::Share {
                met: self.lane(whose, dated(), met),
                of: if exclude { known } else { counted },
            },
            Figure::Count => Amount::Count(counted),
            Figure::Sum { sum } => Amount::Sum(self.sum(whose, shown, sum).ok_or_else(overflow)?),
            Figure::Mean { sum } => {
                Amount::Mean { sum: self.sum(whose, shown, sum).ok_or_else(overflow)?, of: known }
            }
            Figure::Percentile { bag, percent } => {
                Amount::Percentile { value: self.percentile(whose, shown, bag, percent), of: known }
            }
            Figure::Distinct { set } => Amount::Count(self.different(whose, shown, set)),
        };
        Ok(Cell { amount, tally })
    }
}
