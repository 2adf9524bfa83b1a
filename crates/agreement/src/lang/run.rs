//! One rule over records, one after the other: what a figure is. Worked examples run on it, and column
//! programs are held against it.

use std::collections::BTreeMap;

use giaouoc_worktime::time::{Day, Instant, Moment};

use super::Typed;
use super::eval::{Context, EvalError, Row, eval};
use crate::ask::Cell;
use crate::figure::{Amount, Tally};
use crate::target::{Measure, Rule, UnknownMet};
use crate::value::Value;

/// A rule over records of one subject (or of all together), in any order.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    rule: &'a Rule,
    tally: Tally,
    met: i64,
    sum: i128,
    values: Vec<i64>,
    different: BTreeMap<Different, i64>,
    unknown: BTreeMap<usize, i64>,
}

/// A value as `distinct` tells it from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Different {
    Flag(bool),
    Integer(i64),
    Text(String),
    Day(Day),
    Instant(Instant),
}

impl Different {
    fn value(&self) -> Value {
        match self {
            Self::Flag(flag) => Value::Flag(*flag),
            Self::Integer(value) => Value::Integer(*value),
            Self::Text(text) => Value::Text(text.clone()),
            Self::Day(day) => Value::Day(*day),
            Self::Instant(at) => Value::Moment(Moment::Instant(*at)),
        }
    }
}

/// The figure of a rule over records that share one context.
pub fn run<'r, R: Row + ?Sized + 'r>(
    rule: &Rule,
    rows: impl IntoIterator<Item = &'r R>,
    context: &Context<'_>,
) -> Result<Cell, EvalError> {
    let mut run = Run::new(rule);
    for row in rows {
        run.add(row, context)?;
    }
    Ok(run.finish())
}

impl<'a> Run<'a> {
    /// No records yet.
    pub fn new(rule: &'a Rule) -> Self {
        Self {
            rule,
            tally: Tally::default(),
            met: 0,
            sum: 0,
            values: Vec::new(),
            different: BTreeMap::new(),
            unknown: BTreeMap::new(),
        }
    }

    /// One more record; the context's calendar is that of its unit. `met` and `value` are looked at for
    /// counted records only.
    pub fn add(&mut self, row: &(impl Row + ?Sized), context: &Context<'_>) -> Result<(), EvalError> {
        self.tally.seen += 1;
        let date = context.column(row, context.kind.date);
        self.tally.latest = self.tally.latest.max(context.local_day(&date));
        match eval(&self.rule.counted, row, context)?.as_flag() {
            Some(true) => {}
            Some(false) => return Ok(()),
            None => {
                self.tally.counted_unknown += 1;
                self.note_unknown(&self.rule.counted, row, context);
                return Ok(());
            }
        }
        self.tally.counted += 1;
        let rule = self.rule;
        let (tree, known) = match &rule.measure {
            Measure::Count => return Ok(()),
            Measure::Share { met } => {
                let answer = eval(met, row, context)?.as_flag();
                self.met += i64::from(answer == Some(true));
                (met, answer.is_some())
            }
            Measure::Sum { value } | Measure::Mean { value } => {
                let number = eval(value, row, context)?.as_integer();
                self.sum += i128::from(number.unwrap_or(0));
                (value, number.is_some())
            }
            Measure::Percentile { value, .. } => {
                let number = eval(value, row, context)?.as_integer();
                self.values.extend(number);
                (value, number.is_some())
            }
            Measure::Distinct { value } => {
                let different = different(eval(value, row, context)?);
                let known = different.is_some();
                if let Some(different) = different {
                    *self.different.entry(different).or_default() += 1;
                }
                (value, known)
            }
        };
        if !known {
            self.tally.met_unknown += 1;
            self.note_unknown(tree, row, context);
        }
        Ok(())
    }

    /// Notes which columns of a tree are unknown in a record for which the tree is unknown.
    fn note_unknown(&mut self, tree: &Typed, row: &(impl Row + ?Sized), context: &Context<'_>) {
        for column in tree.columns() {
            if context.column(row, column) == Value::Unknown {
                *self.unknown.entry(column).or_default() += 1;
            }
        }
    }

    /// The different values so far, each with its number of records, by rising value.
    pub fn spread(&self) -> Vec<(Value, i64)> {
        self.different.iter().map(|(value, records)| (value.value(), *records)).collect()
    }

    /// The figure, without its spread.
    pub fn finish(mut self) -> Cell {
        self.tally.unknown_columns = self.unknown.into_iter().collect();
        let known = self.tally.counted - self.tally.met_unknown;
        let amount = match &self.rule.measure {
            Measure::Share { .. } => Amount::Share {
                met: self.met,
                of: match self.rule.unknown {
                    UnknownMet::NotMet => self.tally.counted,
                    UnknownMet::Exclude => known,
                },
            },
            Measure::Count => Amount::Count(self.tally.counted),
            Measure::Sum { .. } => Amount::Sum(self.sum),
            Measure::Mean { .. } => Amount::Mean { sum: self.sum, of: known },
            Measure::Percentile { percent, .. } => {
                self.values.sort_unstable();
                Amount::Percentile { value: nearest_rank(&self.values, *percent), of: known }
            }
            Measure::Distinct { .. } => {
                Amount::Count(i64::try_from(self.different.len()).unwrap_or(i64::MAX))
            }
        };
        Cell { amount, tally: self.tally, spread: Vec::new() }
    }
}

/// The value at rank ceil(p·n/100) of sorted values, at least the first; nothing when there are none.
pub(crate) fn nearest_rank(sorted: &[i64], percent: u8) -> Option<i64> {
    let rank = (sorted.len() * usize::from(percent)).div_ceil(100).clamp(1, sorted.len().max(1));
    sorted.get(rank - 1).copied()
}

/// What `distinct` counts of a value. A moment of which only the day is known may be any of that day's
/// instants, so whether it is a different one is unknown.
fn different(value: Value) -> Option<Different> {
    match value {
        Value::Flag(flag) => Some(Different::Flag(flag)),
        Value::Integer(value) => Some(Different::Integer(value)),
        Value::Text(text) => Some(Different::Text(text)),
        Value::Day(day) => Some(Different::Day(day)),
        Value::Moment(Moment::Instant(at)) => Some(Different::Instant(at)),
        _ => None,
    }
}
