//! Batches into a state.

use arrow::array::RecordBatch;
use giaouoc_worktime::{Day, Rows};

use crate::bind::column;
use crate::bits::Bits;
use crate::col::{Col, Data};
use crate::error::MeasureError;
use crate::plan::{Axis, Lane, Plan, Reading};
use crate::run::{ByCalendar, Days, Machine, Spare};
use crate::slots::Slots;
use crate::state::State;
use crate::state::lanes::Words;
use crate::state::sets::Numbered;
use crate::units::Units;

/// One thread's way through batches: a state, and the buffers and tables that it is filled with.
#[derive(Debug)]
pub struct Worker<'p> {
    plan: &'p Plan,
    machine: Machine,
    units: Units,
    slots: Vec<Option<Slots>>,
    numbered: Vec<Vec<Numbered>>,
    state: State,
    unit: Vec<u32>,
    slot: Vec<u32>,
    cell: Vec<u32>,
    /// Whether all rows of the batch are of units of the population.
    at_home: bool,
}

impl<'p> Worker<'p> {
    /// A worker without records. `weighted`: see [`State::new`].
    pub fn new(plan: &'p Plan, weighted: bool) -> Self {
        let machine = Machine::new(plan);
        let slots = plan
            .axes
            .iter()
            .map(|axis| {
                axis.split
                    .as_ref()
                    .map(|split| Slots::new(split, plan.program.ty(split.over), machine.days()))
            })
            .collect();
        let numbered = plan
            .axes
            .iter()
            .map(|axis| std::iter::repeat_with(Numbered::default).take(axis.sets.len()).collect())
            .collect();
        Self {
            plan,
            machine,
            units: Units::new(&plan.units),
            slots,
            numbered,
            state: State::new(plan, weighted),
            unit: Vec::new(),
            slot: Vec::new(),
            cell: Vec::new(),
            at_home: false,
        }
    }

    /// Says of each column of the kind the latest day that the batches to come hold, where that is known (a
    /// file's statistics tell). What cannot be hidden by `as_of` is then not looked for, and a column read
    /// for nothing else may be absent from the batches.
    pub(crate) fn expect(&mut self, latest: &[Option<Day>]) {
        self.machine.expect(self.plan, latest);
    }

    /// Takes in the records of a batch. `weights` are +1 and −1, one a row; nothing means +1 throughout.
    ///
    /// # Errors
    /// A column of a wrong type; a weight that is neither; a row that a rule needs and that the calendar or
    /// arithmetic has no value for; a total beyond what can be held. The state is then of no use.
    pub fn accumulate(&mut self, batch: &RecordBatch, weights: Option<&[i8]>) -> Result<(), MeasureError> {
        let (plan, rows) = (self.plan, batch.num_rows());
        if rows == 0 {
            return Ok(());
        }
        let weights = self.checked(rows, weights)?;
        let unit = column(&plan.kind, plan.kind.unit, batch, &mut Spare::default())?;
        self.at_home = self.units.of(rows, &unit, &mut self.unit);
        let calendars = ByCalendar::new(&plan.calendars, &plan.clocks, &plan.calendar_of, &self.unit);
        self.machine.run(plan, batch, &calendars)?;

        let nobody = plan.units.len() as u32;
        if !self.at_home {
            let strangers = self.unit.iter().enumerate().filter(|(_, unit)| **unit == nobody);
            let weights = strangers.map(|(row, _)| weights.map_or(1, |weights| i64::from(weights[row])));
            self.state.outside += weights.sum::<i64>();
        }
        for (fresh, date) in self.state.fresh.iter_mut().zip(&plan.dates) {
            fresh.add(&self.unit, self.machine.col(*date)?, self.machine.days(), weights);
        }
        for (at, axis) in plan.axes.iter().enumerate() {
            let used = plan.readings.iter().any(|reading| reading.axis == at);
            if used || (at == 0 && plan.readings.is_empty()) {
                self.place(at, rows)?;
                for reading in plan.readings.iter().filter(|reading| reading.axis == at) {
                    self.refuse(axis, reading, rows, nobody)?;
                }
                self.tally(at, axis, rows, nobody, weights)?;
            }
        }
        Ok(())
    }

    /// Days in the calendars' zone.
    pub(crate) fn days(&self) -> &Days {
        self.machine.days()
    }

    /// The state of the records taken in.
    pub fn into_state(self) -> State {
        self.state
    }

    fn checked<'w>(&self, rows: usize, weights: Option<&'w [i8]>) -> Result<Option<&'w [i8]>, MeasureError> {
        let Some(weights) = weights else { return Ok(None) };
        if weights.len() != rows {
            return Err(MeasureError::BadWeight { found: format!("{} / {rows}", weights.len()) });
        }
        if let Some(found) = weights.iter().find(|weight| !matches!(weight, 1 | -1)) {
            return Err(MeasureError::BadWeight { found: found.to_string() });
        }
        if !self.state.weighted && weights.contains(&-1) {
            return Err(MeasureError::Internal {
                detail: "a weight of -1 in a state without weights".to_owned(),
            });
        }
        Ok(Some(weights))
    }

    /// The slot and the cell of each row on an axis.
    fn place(&mut self, at: usize, rows: usize) -> Result<(), MeasureError> {
        self.cell.clear();
        let axis = &self.plan.axes[at];
        match (&axis.split, &self.slots[at]) {
            (Some(split), Some(slots)) => {
                let over = self.machine.col(split.over)?;
                slots.of(rows, over, self.machine.days(), &mut self.slot);
                let width = axis.slots() as u32;
                self.cell.extend(self.unit.iter().zip(&self.slot).map(|(unit, slot)| unit * width + slot));
            }
            _ => {
                self.slot.clear();
                self.cell.extend_from_slice(&self.unit);
            }
        }
        Ok(())
    }

    /// Stops at a row that a rule needs and that has no value.
    ///
    /// Reading goes from left to right: first what stands before `in period`, then the date, then, unless
    /// the date lies outside, the rest of `counted`; `met` and the value only where all that is true.
    fn refuse(&self, axis: &Axis, reading: &Reading, rows: usize, nobody: u32) -> Result<(), MeasureError> {
        let over = axis.split.as_ref().map(|split| self.machine.col(split.over)).transpose()?;
        let before = reading.before.map(|before| self.machine.col(before)).transpose()?;
        let condition = self.machine.col(reading.condition)?;
        let outcome = self.machine.col(reading.outcome)?;
        if [over, before, Some(condition), Some(outcome)]
            .into_iter()
            .flatten()
            .all(|col| col.failed.is_none())
        {
            return Ok(());
        }
        let ours = Bits::from_fn(rows, |row| self.unit[row] != nobody);
        let not_false = match before {
            Some(Col { data: Data::Flag(yes), unknown: Some(unknown), .. }) => yes.clone().or(unknown),
            Some(Col { data: Data::Flag(yes), .. }) => yes.clone(),
            _ => Bits::all(rows),
        };
        let (mut within, mut inside) = (ours.clone(), ours.clone());
        if let (Some(out), Some(undated)) = (axis.out(), axis.undated()) {
            within = within.and(&Bits::from_fn(rows, |row| self.slot[row] != out as u32));
            inside = within.clone().and(&Bits::from_fn(rows, |row| self.slot[row] != undated as u32));
        }
        if let Some(failed) = over.and_then(|col| col.failed.as_ref()) {
            within = within.without(&failed.rows);
            inside = inside.without(&failed.rows);
        }
        let stops = [
            (before, ours.clone()),
            (over, ours.and(&not_false)),
            (Some(condition), within),
            (Some(outcome), inside),
        ];
        for (col, needed) in stops {
            let failed = col.and_then(|col| col.failed.as_ref()).and_then(|failed| failed.within(&needed));
            if let Some(cause) = failed.as_ref().and_then(|failed| failed.first()) {
                return Err(cause.clone().of(&reading.rule));
            }
        }
        Ok(())
    }

    /// Adds the rows to their cells.
    fn tally(
        &mut self,
        at: usize,
        axis: &Axis,
        rows: usize,
        nobody: u32,
        weights: Option<&[i8]>,
    ) -> Result<(), MeasureError> {
        let Self { machine, state, numbered, unit, slot, cell, plan, at_home, .. } = self;
        let axis_state = &mut state.axes[at];
        let cells = axis_state.cells;
        if let Some(weights) = weights {
            for (cell, weight) in cell.iter_mut().zip(weights) {
                *cell += if *weight < 0 { cells as u32 } else { 0 };
            }
        }
        let all = Bits::all(rows);
        let often = axis.often.iter().map(|lane| words(machine, lane)).collect::<Result<Vec<_>, _>>()?;
        let rare = axis.rare.iter().map(|lane| words(machine, lane)).collect::<Result<Vec<_>, _>>()?;
        axis_state.lanes.add(cell, all.words(), &often, &rare);

        let overflow = |sum: usize| {
            use crate::plan::Figure::{Mean, Sum};
            let found = plan.readings.iter().find(|reading| {
                reading.axis == at
                    && matches!(reading.figure, Sum { sum: own } | Mean { sum: own } if own == sum)
            });
            MeasureError::Overflow { rule: found.map_or_else(String::new, |reading| reading.rule.clone()) }
        };
        for (index, (sums, valued)) in axis_state.sums.iter_mut().zip(&axis.sums).enumerate() {
            let (having, values) = (flags(machine.col(valued.having)?)?, machine.col(valued.value)?);
            sums.add(cell, having, numbers(values)?).ok_or_else(|| overflow(index))?;
        }
        if axis.bags.is_empty() && axis.sets.is_empty() {
            return Ok(());
        }
        // Values that no cell of an answer shows are not kept. Mostly there are none.
        let out = axis.out().map_or(u32::MAX, |out| out as u32);
        let all_shown = *at_home && slot.iter().fold(true, |all, slot| all & (*slot < out));
        let shown = (!all_shown).then(|| match axis.out() {
            Some(_) => Bits::from_fn(rows, |row| unit[row] != nobody && slot[row] < out),
            None => Bits::from_fn(rows, |row| unit[row] != nobody),
        });
        let shown_of = |having: &Bits| match &shown {
            Some(shown) => having.clone().and(shown),
            None => having.clone(),
        };
        for (bag, valued) in axis_state.bags.iter_mut().zip(&axis.bags) {
            let having = shown_of(flags(machine.col(valued.having)?)?);
            bag.add(cell, &having, numbers(machine.col(valued.value)?)?);
        }
        for ((set, valued), numbered) in axis_state.sets.iter_mut().zip(&axis.sets).zip(&mut numbered[at]) {
            let having = shown_of(flags(machine.col(valued.having)?)?);
            set.add(cell, cells, &having, machine.col(valued.value)?, numbered);
        }
        Ok(())
    }
}

fn misfit() -> MeasureError {
    MeasureError::Internal { detail: "a value of a wrong type reached a tally".to_owned() }
}

fn flags(col: &Col) -> Result<&Bits, MeasureError> {
    if let Data::Flag(bits) = &col.data { Ok(bits) } else { Err(misfit()) }
}

fn numbers(col: &Col) -> Result<Rows<'_, i64>, MeasureError> {
    if let Data::Integer(run) = &col.data { Ok(run.view()) } else { Err(misfit()) }
}

/// The words of a lane; nothing when no row is set.
fn words<'m>(machine: &'m Machine, lane: &Lane) -> Result<Words<'m>, MeasureError> {
    let col = machine.col(lane.reg)?;
    let bits = if lane.unknown { col.unknown.as_ref() } else { Some(flags(col)?) };
    Ok(bits.filter(|bits| bits.any()).map(Bits::words))
}
