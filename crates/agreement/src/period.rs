//! Periods: `2020`, `2020S1`, `2020Q1`, `202003`, named ranges, `2020-01-15..2020-03-31`.

use giaouoc_worktime::time::Day;

/// A range of whole local days, both ends inclusive (the instants are half-open: up to the start of the
/// day after `last`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
    /// How it was written: a textual code, or the id of a named range.
    pub code: String,
}

impl Period {
    /// Whether a day lies in it.
    pub fn contains(&self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }
}

/// A part of a period that a goal may ask something of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
    /// Half-years.
    HalfYear,
}
