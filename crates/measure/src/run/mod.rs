//! Running the program over one batch.

mod choose;
mod clocked;
mod compare;
mod day;
mod due;
mod flag;
mod number;
mod text;
mod work;

use std::rc::Rc;

use arrow::array::RecordBatch;
use giaouoc_agreement::lang::Function;
use giaouoc_worktime::Day;

use crate::bind::column;
use crate::bits::Bits;
use crate::col::{Col, Data, Run, Texts};
use crate::error::MeasureError;
use crate::plan::Plan;
use crate::program::{Op, Reg};
use crate::run::text::Known;

pub(crate) use day::{Days, Edges};
pub(crate) use text::same_array;
pub(crate) use work::ByCalendar;

/// Buffers to be used again: a batch's columns are too big to be had from the system for each operation.
#[derive(Debug, Default)]
pub(crate) struct Spare {
    wide: Vec<Vec<i64>>,
    narrow: Vec<Vec<i32>>,
}

impl Spare {
    /// An empty buffer.
    pub(crate) fn wide(&mut self) -> Vec<i64> {
        let mut buffer = self.wide.pop().unwrap_or_default();
        buffer.clear();
        buffer
    }

    /// A buffer of so many rows, with anything in them.
    fn wide_full(&mut self, rows: usize) -> Vec<i64> {
        let mut buffer = self.wide.pop().unwrap_or_default();
        buffer.resize(rows, 0);
        buffer
    }

    fn narrow_full(&mut self, rows: usize) -> Vec<i32> {
        let mut buffer = self.narrow.pop().unwrap_or_default();
        buffer.resize(rows, 0);
        buffer
    }

    fn take(&mut self, col: Col) {
        match col.data {
            Data::Integer(Run::Own(values)) => self.wide.extend(Rc::try_unwrap(values)),
            Data::Day(Run::Own(values)) => self.narrow.extend(Rc::try_unwrap(values)),
            Data::Moment(moments) => {
                if let Run::Own(values) = moments.at {
                    self.wide.extend(Rc::try_unwrap(values));
                }
            }
            _ => {}
        }
    }
}

/// Runs a plan's program over batches; keeps buffers and tables between them.
#[derive(Debug)]
pub(crate) struct Machine {
    cols: Vec<Option<Col>>,
    spare: Spare,
    /// What is known of the last dictionary each text operation saw.
    texts: Vec<Option<Known>>,
    days: Days,
    edges: Vec<Option<Edges>>,
    /// For each operation whether it is known beforehand that it finds nothing.
    idle: Vec<bool>,
}

impl Machine {
    pub(crate) fn new(plan: &Plan) -> Self {
        let ops = plan.program.ops.len();
        let days = Days::new(plan.calendars[0].zone());
        let edges = plan.program.ops.iter().map(|op| days.edges_of(op)).collect();
        Self {
            cols: vec![None; ops],
            spare: Spare::default(),
            texts: std::iter::repeat_with(|| None).take(ops).collect(),
            days,
            edges,
            idle: vec![false; ops],
        }
    }

    /// A register that the plan keeps.
    pub(crate) fn col(&self, reg: Reg) -> Result<&Col, MeasureError> {
        self.cols[reg.index()]
            .as_ref()
            .ok_or_else(|| MeasureError::Internal { detail: format!("{reg} is empty") })
    }

    pub(crate) fn days(&self) -> &Days {
        &self.days
    }

    /// Says of each column of the kind the latest day in the batches to come, where that is known.
    pub(crate) fn expect(&mut self, plan: &Plan, latest: &[Option<Day>]) {
        for (idle, op) in self.idle.iter_mut().zip(&plan.program.ops) {
            *idle = plan.program.hiding(op).is_some_and(|(column, day)| {
                latest.get(column).copied().flatten().is_some_and(|latest| latest <= day)
            });
        }
    }

    /// Runs the program. `calendars` says which row goes by which calendar.
    pub(crate) fn run(
        &mut self,
        plan: &Plan,
        batch: &RecordBatch,
        calendars: &ByCalendar<'_>,
    ) -> Result<(), MeasureError> {
        let rows = batch.num_rows();
        for (at, op) in plan.program.ops.iter().enumerate() {
            let col = match op {
                Op::Column(index) => column(&plan.kind, *index, batch, &mut self.spare)?,
                _ if self.idle[at] => Col::known(Data::Flag(Bits::none(rows))),
                _ => self.step(plan, at, op, rows, calendars)?,
            };
            if let Some(old) = self.cols[at].replace(col) {
                self.spare.take(old);
            }
            for reg in &plan.program.spent[at] {
                if let Some(old) = self.cols[reg.index()].take() {
                    self.spare.take(old);
                }
            }
        }
        Ok(())
    }

    fn step(
        &mut self,
        plan: &Plan,
        at: usize,
        op: &Op,
        rows: usize,
        calendars: &ByCalendar<'_>,
    ) -> Result<Col, MeasureError> {
        let Self { cols, spare, texts, days, edges, .. } = self;
        let get = |reg: &Reg| {
            cols[reg.index()]
                .as_ref()
                .ok_or_else(|| MeasureError::Internal { detail: format!("{reg} is empty") })
        };
        let all = |list: &[Reg]| list.iter().map(get).collect::<Result<Vec<&Col>, _>>();
        let misfit =
            || MeasureError::Internal { detail: format!("operation {at} does not fit its operands") };
        let result = match op {
            // Done by the caller.
            Op::Column(_) => None,
            Op::Flag(flag) => {
                Some(Col::known(Data::Flag(if *flag { Bits::all(rows) } else { Bits::none(rows) })))
            }
            Op::Integer(value) | Op::Duration(value) => Some(Col::known(Data::Integer(Run::Same(*value)))),
            Op::Text(text) => Some(Col::known(Data::Text(Texts::Same(Rc::from(text.as_str()))))),
            Op::Day(day) => Some(Col::known(Data::Day(Run::Same(day.0)))),
            Op::After(x, day) => days.after(rows, get(x)?, *day, edges[at].as_ref(), spare),
            Op::Past(x, day) => days.past(rows, get(x)?, *day, edges[at].as_ref(), spare),
            Op::InDays(x, first, last) => {
                days.within(rows, get(x)?, *first, *last, edges[at].as_ref(), spare)
            }
            Op::Hide(x, late) => flag::hide(get(x)?, get(late)?),
            Op::Not(x) => flag::not(get(x)?),
            Op::And(list) => flag::and(&all(list)?),
            Op::Or(list) => flag::or(&all(list)?),
            Op::Among(counted, met) => flag::among(get(counted)?, get(met)?),
            Op::Having(counted, value) => flag::having(rows, get(counted)?, get(value)?),
            Op::Doubtful(counted, split) => {
                let split = split.as_ref().map(get).transpose()?;
                flag::doubtful(rows, get(counted)?, split)
            }
            Op::Missing { rows: of, unknown, column } => {
                flag::missing(rows, get(of)?, *unknown, get(column)?)
            }
            Op::Precise(x) => choose::precise(get(x)?),
            Op::Position(x) => clocked::position(rows, get(x)?, calendars, spare),
            Op::WorkMinutes([from, to], [a, b]) => {
                clocked::work_minutes(rows, [get(from)?, get(to)?], [get(a)?, get(b)?], calendars, spare)
            }
            Op::AddWork([from, position, n], unit) => {
                clocked::add_work(rows, get(from)?, get(position)?, get(n)?, *unit, calendars, spare)
            }
            Op::NetMinutes([from, to, pauses], day) => {
                let end = days.end_of(*day);
                work::net_minutes(rows, [get(from)?, get(to)?, get(pauses)?], end, calendars, spare)
            }
            Op::IsKnown(x) => Some(flag::is_known(rows, get(x)?)),
            Op::Compare(compare, a, b) => {
                compare::compare(rows, *compare, get(a)?, get(b)?, days, &mut texts[at])
            }
            Op::InNumbers(x, list) => compare::in_numbers(rows, get(x)?, list),
            Op::InTexts(x, list) => text::among(rows, get(x)?, list, &mut texts[at]),
            Op::Negate(x) => number::negate(rows, get(x)?, spare),
            Op::Arithmetic(arithmetic, a, b) => {
                let wholes = (plan.program.ty(*a), plan.program.ty(*b));
                number::arithmetic(rows, *arithmetic, get(a)?, get(b)?, wholes, spare)
            }
            Op::Call(Function::Coalesce, list) => choose::coalesce(rows, &all(list)?),
            Op::Call(Function::Count, list) => number::count(&all(list)?),
            Op::Call(Function::Day(zone), list) => match (zone, all(list)?.as_slice()) {
                (None, [x]) => days.local(rows, x, spare),
                (Some(zone), [x]) => Days::of_name(zone)
                    .map_err(|source| MeasureError::Calendar { rule: zone.clone(), source })?
                    .local(rows, x, spare),
                _ => None,
            },
            Op::Call(Function::DueBy, list) => match all(list)?.as_slice() {
                [received, limit] => due::due_by(rows, received, limit, calendars, spare),
                _ => None,
            },
            Op::Call(function, list) => work::call(rows, function, &all(list)?, calendars, spare),
        };
        result.ok_or_else(misfit)
    }
}
