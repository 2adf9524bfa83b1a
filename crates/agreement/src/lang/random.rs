//! Random kinds, conditions and records for property tests, here and in the crates that compile conditions.
//! Not a part of the product: it draws every choice from a function that the test gives, and knows no
//! randomness of its own.

mod kinds;
mod rows;
mod trees;

use giaouoc_worktime::time::Day;

use crate::target::{Measure, Rule, UnknownMet};

/// A source of choices: given `n`, a number from 0 up to, not including, `n` (`n` is at least 1).
pub type Choose<'a> = &'a mut dyn FnMut(u64) -> u64;

/// Draws kinds, conditions and records that fit together.
pub struct Random<'a> {
    choose: Choose<'a>,
    /// Whether conditions use the functions that need a calendar with working days.
    pub working_time: bool,
    /// Whether what stops an evaluation may come up: overflow, negative numbers of days, days outside the
    /// years of [`Random::days`].
    pub errors: bool,
    /// First and last day that records have (unless `errors`).
    pub days: (Day, Day),
}

impl<'a> Random<'a> {
    /// Days of 2020 and 2021, with working-time functions, without errors: conditions up to five levels deep
    /// then stay within the calendar's years and 64 bits.
    pub fn new(choose: Choose<'a>) -> Self {
        Self { choose, working_time: true, errors: false, days: (Day(18_262), Day(18_992)) }
    }

    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n.max(1)).unwrap_or(1);
        usize::try_from((self.choose)(n).min(n - 1)).unwrap_or(0)
    }

    /// True once in `n` times.
    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of several; the first of none is nothing.
    fn one_of<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        let index = self.below(of.len());
        of.get(index).cloned()
    }

    /// A rule with a random measure.
    pub fn rule(&mut self, kind: &crate::kind::Kind, depth: usize) -> Rule {
        let counted = self.condition(kind, depth);
        let measure = match self.below(7) {
            0 | 1 => Measure::Share { met: self.condition(kind, depth) },
            2 => Measure::Count,
            3 => Measure::Sum { value: self.integer(kind, depth) },
            4 => Measure::Mean { value: self.integer(kind, depth) },
            5 => Measure::Percentile {
                value: self.integer(kind, depth),
                percent: u8::try_from(1 + self.below(100)).unwrap_or(100),
            },
            _ => Measure::Distinct { value: self.distinct(kind, depth) },
        };
        let unknown = if self.once_in(3) { UnknownMet::Exclude } else { UnknownMet::NotMet };
        Rule { id: "random".to_owned(), kind: kind.id.clone(), counted, measure, unknown }
    }
}
