//! What is tallied while the program runs, and where each answer is read.

use std::ops::Range;
use std::sync::Arc;

use giaouoc_agreement::ask::Ask;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::period::Period;
use giaouoc_worktime::{Calendar, CalendarSet, Day};

use crate::clock::Clock;
use crate::compile::compile;
use crate::error::MeasureError;
use crate::program::{Program, Reg};

/// A register's rows to be counted: those set, or those unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lane {
    pub reg: Reg,
    pub unknown: bool,
}

/// A place among an axis's lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LaneId {
    /// Rows are common; counted in every batch.
    Often(usize),
    /// Rows are rare (unknown values); whole groups of such lanes are skipped when a batch has none.
    Rare(usize),
}

/// Rows that have a value, and the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Valued {
    pub having: Reg,
    pub value: Reg,
}

/// How rows fall into the parts of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Split {
    /// A day or a moment.
    pub over: Reg,
    pub first: Day,
    pub last: Day,
    /// First day of each part; the first is `first`.
    pub starts: Vec<Day>,
}

/// Everything that is tallied over one division of the rows: by unit, and by part when there is a split.
#[derive(Clone, Debug, Default)]
pub(crate) struct Axis {
    pub split: Option<Split>,
    pub often: Vec<Lane>,
    pub rare: Vec<Lane>,
    pub sums: Vec<Valued>,
    pub bags: Vec<Valued>,
    pub sets: Vec<Valued>,
}

fn place<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|known| *known == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}

impl Axis {
    /// Slots of a unit: the parts, then rows outside the period, then rows whose part is unknown.
    pub(crate) fn slots(&self) -> usize {
        self.split.as_ref().map_or(1, |split| split.starts.len() + 2)
    }

    /// The slot of rows outside the period.
    pub(crate) fn out(&self) -> Option<usize> {
        self.split.as_ref().map(|split| split.starts.len())
    }

    /// The slot of rows whose part is unknown; of each part it is unknown whether they belong to it.
    pub(crate) fn undated(&self) -> Option<usize> {
        self.out().map(|out| out + 1)
    }

    pub(crate) fn often(&mut self, reg: Reg) -> LaneId {
        LaneId::Often(place(&mut self.often, Lane { reg, unknown: false }))
    }

    pub(crate) fn rare(&mut self, reg: Reg) -> LaneId {
        LaneId::Rare(place(&mut self.rare, Lane { reg, unknown: false }))
    }

    pub(crate) fn rare_unknown(&mut self, reg: Reg) -> LaneId {
        LaneId::Rare(place(&mut self.rare, Lane { reg, unknown: true }))
    }

    pub(crate) fn sum(&mut self, valued: Valued) -> usize {
        place(&mut self.sums, valued)
    }

    pub(crate) fn bag(&mut self, valued: Valued) -> usize {
        place(&mut self.bags, valued)
    }

    pub(crate) fn set(&mut self, valued: Valued) -> usize {
        place(&mut self.sets, valued)
    }

    /// The registers read when rows are tallied.
    pub(crate) fn registers(&self) -> Vec<Reg> {
        let lanes = self.often.iter().chain(&self.rare).map(|lane| lane.reg);
        let valued = self.sums.iter().chain(&self.bags).chain(&self.sets);
        let split = self.split.iter().map(|split| split.over);
        lanes.chain(valued.flat_map(|valued| [valued.having, valued.value])).chain(split).collect()
    }
}

/// How a reading becomes an amount.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Figure {
    Share { met: LaneId, exclude: bool },
    Count,
    Sum { sum: usize },
    Mean { sum: usize },
    Percentile { bag: usize, percent: u8 },
    Distinct { set: usize },
}

/// Where one rule's figure and tally are read.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// The rule's id, for errors.
    pub rule: String,
    pub axis: usize,
    /// `counted`, but for an `in period` that splits the axis.
    pub condition: Reg,
    /// `counted` with `met` or the value, or `counted` alone: a row that failed here stops the run, if it is
    /// of a unit of the population and lies in the period.
    pub outcome: Reg,
    /// What `counted` says before the `in period` that splits the axis: in rows outside the period a failure
    /// there counts all the same, as in reading from left to right.
    pub before: Option<Reg>,
    pub counted: LaneId,
    pub counted_unknown: LaneId,
    pub outcome_unknown: Option<LaneId>,
    /// Column of the kind, and the lane of the rows with `counted` unknown in which it is unknown.
    pub counted_missing: Vec<(usize, LaneId)>,
    /// Column of the kind, and the lane of the counted rows with an unknown outcome in which it is unknown.
    pub outcome_missing: Vec<(usize, LaneId)>,
    pub figure: Figure,
}

/// One cell of an answer: a reading over a range of slots.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub reading: usize,
    pub slots: Range<usize>,
}

/// One ask's cells.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    /// Which of the plan's dates tells how fresh the figure is.
    pub date: usize,
    pub whole: Shown,
    pub shown: Vec<Shown>,
    pub parts: Vec<Period>,
    /// The different values are listed with their numbers of records.
    pub spread: bool,
}

/// The most cells (units x slots) of one plan. A nation's 12,000 units by month over ten years are 1.5
/// million; far more is a mistake in the question.
const MOST_CELLS: u64 = 16_000_000;

/// The most calendars for which tables are made; they are a megabyte each.
const MOST_CLOCKS: usize = 8;

/// Rules compiled for a population: what [`crate::State`]s accumulate by. Cheap to share between threads.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) kind: Arc<Kind>,
    pub(crate) units: Vec<String>,
    /// The calendars in use; the first is the default one.
    pub(crate) calendars: Vec<Calendar>,
    /// Tables of the calendars, where there are few of them.
    pub(crate) clocks: Vec<Option<Arc<Clock>>>,
    /// For each unit, and one more for records of nobody, its calendar.
    pub(crate) calendar_of: Vec<u16>,
    pub(crate) program: Program,
    pub(crate) axes: Vec<Axis>,
    pub(crate) readings: Vec<Reading>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) dates: Vec<Reg>,
    pub(crate) only_hiding: Vec<usize>,
}

impl Plan {
    /// Compiles the rules. `units` are the codes of the population in its order, each once; records of other
    /// units are only counted as outside.
    pub fn new(
        kind: &Kind,
        asks: &[Ask],
        units: &[String],
        calendars: &CalendarSet,
    ) -> Result<Self, MeasureError> {
        if let Some(ask) = asks.iter().find(|ask| ask.rule.kind != kind.id) {
            return Err(MeasureError::MixedKinds { one: kind.id.clone(), other: ask.rule.kind.clone() });
        }
        let compiled = compile(kind, asks);
        let slots: usize = compiled.axes.iter().map(Axis::slots).sum();
        let cells = (units.len() as u64 + 1).saturating_mul(slots as u64);
        if cells > MOST_CELLS {
            return Err(MeasureError::TooMany { cells, most: MOST_CELLS });
        }
        let mut used = vec![calendars.default.clone()];
        let mut calendar_of: Vec<u16> = units
            .iter()
            .map(|unit| {
                let calendar = calendars.unit(unit);
                // Calendars that answer alike are one, whatever they are called.
                let found = used.iter().position(|known| known.digest() == calendar.digest());
                found.unwrap_or_else(|| {
                    used.push(calendar.clone());
                    used.len() - 1
                }) as u16
            })
            .collect();
        calendar_of.push(0);
        // Of more calendars the tables would not stay in the processor's caches, nor be small.
        let worth = compiled.program.works() && used.len() <= MOST_CLOCKS;
        let clock = |calendar| if worth { Clock::new(calendar).map(Arc::new) } else { None };
        let clocks = used.iter().map(clock).collect();
        Ok(Self {
            kind: Arc::new(kind.clone()),
            units: units.to_vec(),
            calendars: used,
            clocks,
            calendar_of,
            program: compiled.program,
            axes: compiled.axes,
            readings: compiled.readings,
            outputs: compiled.outputs,
            dates: compiled.dates,
            only_hiding: compiled.only_hiding,
        })
    }

    /// The fused program; its text form is stable.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The kind.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Whether nothing that hangs on a column is hidden by any `as_of`, given the latest day that the column
    /// holds.
    pub(crate) fn hides_nothing(&self, column: usize, latest: Day) -> bool {
        let tests = self.program.ops.iter().filter_map(|op| self.program.hiding(op));
        tests.filter(|(on, _)| *on == column).all(|(_, day)| latest <= day)
    }

    /// Indices of the kind's columns that a scan has to read: those of the rules, the unit and the date.
    pub fn columns(&self) -> Vec<usize> {
        let mut columns = self.program.reads();
        columns.extend([self.kind.unit, self.kind.date]);
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}
