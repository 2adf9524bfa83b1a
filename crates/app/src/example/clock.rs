//! Working time on the generator's days, as a table made from the program's own calendar.
//!
//! The generator asks for several instants a dossier, ten million times; the table answers without
//! time zones and errors on the way. A test holds it against the calendar itself.

use giaouoc_worktime::{Calendar, CalendarError, Day};

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;
/// Seconds by which Vietnam is ahead of UTC; the same since 1975, long before any period here.
pub(super) const ZONE: i64 = 7 * 3_600;

/// A run of working seconds.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: i64,
    length: i64,
    /// Working seconds before it.
    before: i64,
}

/// Working time; instants are local seconds since 1970-01-01T00:00, positions are working seconds
/// since the first day.
#[derive(Debug)]
pub(super) struct Clock {
    first: i64,
    /// For each day, and once more after the last: its first run, and the working seconds before it.
    days: Vec<(usize, i64)>,
    runs: Vec<Run>,
    total: i64,
}

impl Clock {
    /// The days from `first` to `last` (since 1970-01-01) under a calendar.
    ///
    /// # Errors
    /// A day that the calendar does not cover.
    pub(super) fn new(calendar: &Calendar, first: i64, last: i64) -> Result<Self, CalendarError> {
        let (mut days, mut runs, mut total) = (Vec::new(), Vec::new(), 0);
        for day in first..=last {
            days.push((runs.len(), total));
            for span in calendar.hours(Day(day as i32))? {
                let length = i64::from(span.seconds());
                runs.push(Run { start: day * DAY + i64::from(span.from.seconds()), length, before: total });
                total += length;
            }
        }
        days.push((runs.len(), total));
        Ok(Self { first, days, runs, total })
    }

    fn day(&self, day: i64) -> (usize, i64) {
        let index = usize::try_from(day - self.first).unwrap_or(0);
        self.days.get(index).copied().unwrap_or((self.runs.len(), self.total))
    }

    /// Working seconds of a day.
    pub(super) fn of_day(&self, day: i64) -> i64 {
        self.day(day + 1).1 - self.day(day).1
    }

    /// Working seconds up to an instant.
    pub(super) fn position(&self, at: i64) -> i64 {
        let day = at.div_euclid(DAY);
        let ((from, before), (to, _)) = (self.day(day), self.day(day + 1));
        let worked = |run: &Run| (at - run.start).clamp(0, run.length);
        before + self.runs.get(from..to).unwrap_or_default().iter().map(worked).sum::<i64>()
    }

    /// When a working day closes.
    pub(super) fn closing(&self, day: i64) -> i64 {
        self.at(self.day(day + 1).1)
    }

    /// The first instant by which `position` working seconds have passed: closing time rather than
    /// the next opening. After the last day it is the last closing time.
    pub(super) fn at(&self, position: i64) -> i64 {
        let after = self.runs.partition_point(|run| run.before < position).max(1);
        self.runs.get(after - 1).map_or(0, |run| run.start + (position - run.before).min(run.length))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test may stop")]
    use giaouoc_worktime::Instant;

    use super::super::prng::Prng;
    use super::*;

    #[test]
    fn agrees_with_the_calendar() {
        let calendar = Calendar::builtin("vn-public").unwrap();
        let (first, last) = (19_700, 20_300); // December 2023 to July 2025
        let clock = Clock::new(&calendar, first, last).unwrap();
        let mut prng = Prng::new(3, 3);
        for _ in 0..20_000 {
            let from = (first + 5) * DAY + i64::from(prng.below(500 * DAY as u32));
            let amount = 1 + i64::from(prng.below(40 * 28_800));
            let utc = |local: i64| Instant((local - ZONE) * 1_000_000);
            let then = clock.at(clock.position(from) + amount);
            assert_eq!(utc(then), calendar.add_working_seconds(utc(from), amount).unwrap());
            let between = clock.position(then) - clock.position(from);
            assert_eq!(between, calendar.working_seconds_between(utc(from), utc(then)).unwrap());
        }
    }

    #[test]
    fn refuses_days_that_the_calendar_does_not_cover() {
        let calendar = Calendar::builtin("vn-public").unwrap();
        assert!(Clock::new(&calendar, 19_700, 60_000).is_err());
    }
}
