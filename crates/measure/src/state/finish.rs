//! A state into answers.

use std::ops::Range;

use giaouoc_agreement::ask::{Answer, Cell, Cells};
use giaouoc_agreement::figure::{Amount, Tally};
use giaouoc_agreement::lang::Type;
use giaouoc_agreement::value::Value;
use giaouoc_worktime::Day;

use crate::error::MeasureError;
use crate::plan::{Figure, LaneId, Output, Plan, Reading, Shown};
use crate::run::Days;
use crate::scan::together;
use crate::state::State;
use crate::state::lanes::Lanes;
use crate::state::select::{Asked, Percentiles};
use crate::state::sets::Different;
use crate::state::sums::Sums;

/// An axis whose values have been put in order.
struct Settled {
    cells: usize,
    slots: usize,
    undated: Option<usize>,
    weighted: bool,
    /// Records seen of each unit, of nobody, and of all units of the population.
    seen: Vec<i64>,
    /// By unit and slot, with retractions taken off; behind nobody's cells those of all units together.
    lanes: Lanes,
    sums: Vec<Sums>,
    bags: Vec<Percentiles>,
    sets: Vec<Different>,
    set_types: Vec<Type>,
}

/// Whose figure: one unit's, or that of all units of the population together.
#[derive(Clone, Copy)]
enum Whose {
    Unit(usize),
    All(usize),
}

impl Whose {
    /// The row of cells: that of all units stands behind that of nobody.
    fn row(self) -> usize {
        match self {
            Self::Unit(unit) => unit,
            Self::All(units) => units + 1,
        }
    }
}

impl State {
    /// The answers to the plan's asks, in their order, with as many threads as the records were read with.
    pub fn finish(self, plan: &Plan) -> Result<Vec<Answer>, MeasureError> {
        let threads = self.threads;
        self.finish_with(plan, threads)
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
                    held.percentiles(units, axis.slots(), weighted, asked(plan, at, bag), threads)
                });
                let mut lanes = state.lanes;
                let slots = axis.slots();
                lanes.settle(weighted.then_some(state.cells), units, slots);
                let seen = |unit: usize| (0..slots).map(|slot| lanes.seen(unit * slots + slot)).sum();
                Settled {
                    // Behind the units nobody's records, and then those of all units of the population.
                    seen: (0..units + 2).map(seen).collect(),
                    cells: state.cells,
                    slots: axis.slots(),
                    undated: axis.undated(),
                    weighted,
                    lanes,
                    sums: state.sums,
                    bags: bags.collect(),
                    sets: state
                        .sets
                        .into_iter()
                        .enumerate()
                        .map(|(set, held)| held.sorted(spread(plan, at, set)))
                        .collect(),
                    set_types: axis.sets.iter().map(|valued| plan.program.ty(valued.value)).collect(),
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

/// Whether somebody asks for the numbers of records of a set's values.
fn spread(plan: &Plan, axis: usize, set: usize) -> bool {
    plan.outputs.iter().filter(|output| output.spread).any(|output| {
        std::iter::once(&output.whole).chain(&output.shown).any(|shown| {
            let reading = &plan.readings[shown.reading];
            reading.axis == axis && matches!(reading.figure, Figure::Distinct { set: own } if own == set)
        })
    })
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
            let axis = &axes[reading.axis];
            let mut cell = axis.cell(reading, whose, &shown.slots, latest)?;
            if let (true, Figure::Distinct { set }) = (output.spread, &reading.figure) {
                cell.spread = axis.spread(whose, &shown.slots, *set);
            }
            Ok(cell)
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
    /// Adds up a lane over the slots asked for.
    fn lane(&self, whose: Whose, slots: impl Iterator<Item = usize>, lane: LaneId) -> i64 {
        let first = whose.row() * self.slots;
        match lane {
            LaneId::Often(lane) => slots.map(|slot| self.lanes.often(first + slot, lane)).sum(),
            LaneId::Rare(lane) => slots.map(|slot| self.lanes.rare(first + slot, lane)).sum(),
        }
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

    fn spread(&self, whose: Whose, shown: &Range<usize>, set: usize) -> Vec<(Value, i64)> {
        let units = match whose {
            Whose::Unit(unit) => unit..unit + 1,
            Whose::All(units) => 0..units,
        };
        self.sets[set].spread(units, self.slots, shown, self.set_types[set])
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
        let seen = self.seen[whose.row()];
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
        Ok(Cell { amount, tally, spread: Vec::new() })
    }
}
