//! What is kept while records are read: `accumulate(batch)`, `merge(state, state)`, `finish(state)`.

mod bags;
mod dated;
mod finish;
mod fresh;
mod lanes;
mod select;
mod sets;
mod sums;
mod worker;

use crate::error::MeasureError;
use crate::plan::Plan;
use crate::state::bags::Bag;
use crate::state::fresh::Fresh;
use crate::state::lanes::Lanes;
use crate::state::sets::Set;
use crate::state::sums::Sums;

pub use worker::Worker;

/// What some records of a plan came to. States of parts of the records, merged in any order, are the state
/// of all of them.
#[derive(Clone, Debug)]
pub struct State {
    axes: Vec<AxisState>,
    /// For each of the plan's dates.
    fresh: Vec<Fresh>,
    /// Records of no unit of the population.
    outside: i64,
    /// Whether records may have been taken back: then everything is kept twice, once for each sign.
    weighted: bool,
    /// Threads that the records were read with, and that may finish the state.
    threads: usize,
}

#[derive(Clone, Debug)]
struct AxisState {
    /// Cells of one sign: units (one more for nobody's records) times slots.
    cells: usize,
    lanes: Lanes,
    sums: Vec<Sums>,
    bags: Vec<Bag>,
    sets: Vec<Set>,
}

impl State {
    /// No records yet. `weighted` says that records may come with a weight of −1; a state that is not
    /// cannot take such records, nor be merged with one that can.
    pub fn new(plan: &Plan, weighted: bool) -> Self {
        let units = plan.units.len();
        let axes = plan
            .axes
            .iter()
            .map(|axis| {
                let cells = (units + 1) * axis.slots();
                let all = if weighted { 2 * cells } else { cells };
                AxisState {
                    cells,
                    lanes: Lanes::new(all, axis.often.len(), axis.rare.len()),
                    sums: vec![Sums::new(all); axis.sums.len()],
                    bags: vec![Bag::new(all); axis.bags.len()],
                    sets: vec![Set::default(); axis.sets.len()],
                }
            })
            .collect();
        Self {
            axes,
            fresh: vec![Fresh::new(units, weighted); plan.dates.len()],
            outside: 0,
            weighted,
            threads: 1,
        }
    }

    /// Notes how many threads the records were read with.
    pub(crate) fn read_with(&mut self, threads: usize) {
        self.threads = self.threads.max(threads);
    }

    /// Takes in the state of other records of the same plan.
    pub fn merge(&mut self, other: Self) -> Result<(), MeasureError> {
        if self.weighted != other.weighted || self.axes.len() != other.axes.len() {
            return Err(MeasureError::Internal {
                detail: "states of different plans were merged".to_owned(),
            });
        }
        for (axis, other) in self.axes.iter_mut().zip(other.axes) {
            axis.lanes.merge(other.lanes);
            for (sums, other) in axis.sums.iter_mut().zip(other.sums) {
                sums.merge(other).ok_or_else(|| MeasureError::Overflow { rule: "merge".to_owned() })?;
            }
            for (bag, other) in axis.bags.iter_mut().zip(other.bags) {
                bag.merge(other);
            }
            for (set, other) in axis.sets.iter_mut().zip(other.sets) {
                set.merge(other);
            }
        }
        for (fresh, other) in self.fresh.iter_mut().zip(other.fresh) {
            fresh.merge(other);
        }
        self.outside += other.outside;
        self.threads = self.threads.max(other.threads);
        Ok(())
    }
}
