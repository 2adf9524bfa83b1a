//! The words in which measuring is asked for and answered. [`crate::target::Rule`]s go in, exact
//! [`Amount`]s come out; `giaouoc-measure` is one implementation, the row evaluator another.

use giaouoc_worktime::time::Day;

use crate::figure::{Amount, Tally};
use crate::period::{Part, Period};
use crate::target::Rule;
use crate::value::Value;

/// One thing to measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The rule.
    pub rule: Rule,
    /// What `period` means in it.
    pub period: Period,
    /// What `as_of` means in it; values dated after it read as unknown.
    pub as_of: Day,
    /// Also split by calendar parts of the period. The parts share the whole's `as_of`. Each part answers
    /// the rule with `period` standing for that part, so parts of a linear measure add up to the whole
    /// exactly when the rule says `… in period` once and speaks of the period nowhere else.
    pub by: Option<Part>,
    /// With [`crate::target::Measure::Distinct`] also list the different values, each with its number of
    /// records: [`Cell::spread`]. Memory grows with the number of different values by unit and part.
    pub spread: bool,
}

/// What one rule yielded for one subject and one stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The figure.
    pub amount: Amount,
    /// How it came about.
    pub tally: Tally,
    /// The different values and the number of counted records that have each, by rising value; empty unless
    /// [`Ask::spread`] asks for it.
    pub spread: Vec<(Value, i64)>,
}

/// The cells of one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    /// The whole period.
    pub whole: Cell,
    /// Its parts in order of time; empty when none were asked for.
    pub parts: Vec<Cell>,
}

/// The answer to one [`Ask`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The parts asked for, in order of time; their first and last day are cut to the period.
    pub parts: Vec<Period>,
    /// One entry for each unit of the population, in its order. A unit without records is there, with zeros.
    pub units: Vec<Cells>,
    /// All units of the population together, over all their records: never a mean of means.
    pub all: Cells,
    /// Records whose unit is not in the population.
    pub outside: i64,
}
