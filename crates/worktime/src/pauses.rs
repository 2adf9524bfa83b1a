//! Pauses: times in which the clock stands, such as waiting for a supplement or a payment.
//!
//! A list of pauses may be unsorted and may overlap; time paused twice is paused once. Only the
//! part of a pause inside the span counts, and of that only the working time.

use crate::calendar::Calendar;
use crate::error::CalendarError;
use crate::ops::not_negative;
use crate::table::WorkTable;
use crate::time::{Day, Instant};
use serde::{Deserialize, Serialize};

/// A pause from an instant up to, not including, another. A pause still open is closed by the
/// caller at the day he computes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pause {
    /// When the clock stopped.
    pub from: Instant,
    /// When it went on.
    pub to: Instant,
}

/// The pauses sorted, with overlapping and touching ones made one and empty ones left out.
pub fn merge_pauses(pauses: &[Pause]) -> Result<Vec<Pause>, CalendarError> {
    if let Some(bad) = pauses.iter().find(|p| p.to < p.from) {
        return Err(CalendarError::PauseReversed { from: bad.from.to_string(), to: bad.to.to_string() });
    }
    let mut sorted: Vec<Pause> = pauses.iter().filter(|p| p.from < p.to).copied().collect();
    sorted.sort_unstable();
    let mut merged: Vec<Pause> = Vec::with_capacity(sorted.len());
    for pause in sorted {
        match merged.last_mut() {
            Some(last) if pause.from <= last.to => last.to = last.to.max(pause.to),
            _ => merged.push(pause),
        }
    }
    Ok(merged)
}

impl WorkTable {
    /// Working seconds of the pauses (sorted by their beginning) inside a span that is not
    /// reversed.
    pub(crate) fn paused_seconds(
        &self,
        from: i64,
        to: i64,
        sorted: impl Iterator<Item = (i64, i64)>,
    ) -> Option<i64> {
        // The span itself must be covered, as it must for the time worked in it.
        self.seconds_between(from, to)?;
        let mut counted_to = from;
        let mut seconds = 0;
        for (begin, end) in sorted {
            let (begin, end) = (begin.max(counted_to), end.min(to));
            if begin < end {
                seconds += self.seconds_between(begin, end)?;
                counted_to = end;
            }
        }
        Some(seconds)
    }

    /// The instant by which `n` seconds have been worked from `start`, pauses (sorted by their
    /// beginning) not counted. A pause that begins when the time is used up no longer matters.
    pub(crate) fn add_seconds_paused(
        &self,
        start: i64,
        n: i64,
        sorted: impl Iterator<Item = (i64, i64)>,
    ) -> Option<i64> {
        if n == 0 {
            return self.clock_start(start);
        }
        let mut due = self.position(start)?.checked_add(n)?;
        let mut counted_to = start;
        for (begin, end) in sorted {
            let begin = begin.max(counted_to);
            if begin >= end {
                continue;
            }
            // Pauses after the due time may lie outside the days covered.
            let Some(from) = self.position(begin) else { break };
            if from >= due {
                break;
            }
            due += self.position(end)? - from;
            counted_to = end;
        }
        self.at_position(due)
    }

    /// The day by which `n` working days have passed after `from`, days waited not counted. A
    /// pause waits the days after its first up to and including its last, as limits are counted.
    pub(crate) fn add_days_paused(
        &self,
        from: i32,
        n: i32,
        sorted: impl Iterator<Item = (i32, i32)>,
    ) -> Option<i32> {
        let mut due = self.add_days(from, n)?;
        let mut counted_to = from;
        for (begin, end) in sorted {
            let begin = begin.max(counted_to);
            if begin >= end {
                continue;
            }
            if begin >= due {
                break;
            }
            due = self.add_days(due, self.days_between(begin, end)?)?;
            counted_to = end;
        }
        Some(due)
    }
}

impl Calendar {
    /// Working seconds of the pauses inside the span; negative if the span is reversed.
    pub fn paused_seconds(&self, from: Instant, to: Instant, pauses: &[Pause]) -> Result<i64, CalendarError> {
        let work = self.work("paused working time")?;
        let merged = merge_pauses(pauses)?;
        let (low, high) = (from.min(to), from.max(to));
        let found = work.table.paused_seconds(low.0, high.0, raw(&merged));
        let seconds =
            found.ok_or_else(|| self.outside_either(self.zone().day_of(from), self.zone().day_of(to)))?;
        Ok(if from <= to { seconds } else { -seconds })
    }

    /// [`Calendar::working_seconds_between`] less [`Calendar::paused_seconds`].
    pub fn net_working_seconds(
        &self,
        from: Instant,
        to: Instant,
        pauses: &[Pause],
    ) -> Result<i64, CalendarError> {
        Ok(self.working_seconds_between(from, to)? - self.paused_seconds(from, to, pauses)?)
    }

    /// The instant by which so many seconds have been worked from `start`, pauses not counted:
    /// the due time moves by the working time of the pauses.
    /// `net_working_seconds(start, due, pauses)` is `n` again.
    pub fn add_working_seconds_paused(
        &self,
        start: Instant,
        n: i64,
        pauses: &[Pause],
    ) -> Result<Instant, CalendarError> {
        let work = self.work("add working time")?;
        not_negative(n)?;
        let merged = merge_pauses(pauses)?;
        let due = work.table.add_seconds_paused(start.0, n, raw(&merged));
        due.map(Instant).ok_or_else(|| self.outside_at(start))
    }

    /// The `n`-th working day after `from`, days waited not counted: a pause from day A to day B
    /// moves the due day by the working days after A up to and including B. Pauses that overlap
    /// or repeat count once; one that begins on or after the due day no longer matters.
    pub fn add_working_days_paused(&self, from: Day, n: i32, pauses: &[Pause]) -> Result<Day, CalendarError> {
        let work = self.work("add working days")?;
        not_negative(n.into())?;
        let merged = merge_pauses(pauses)?;
        let days = merged.iter().map(|p| self.days_of_pause(p));
        let due = work.table.add_days_paused(from.0, n, days);
        due.map(Day).ok_or_else(|| self.outside(from))
    }

    /// A due time stated by somebody, moved by the working time of the pauses that lie after
    /// `start` and before the due time as it moves on.
    pub fn shift_due(
        &self,
        start: Instant,
        due: Instant,
        pauses: &[Pause],
    ) -> Result<Instant, CalendarError> {
        let granted = self.working_seconds_between(start, due)?;
        if granted <= 0 || pauses.is_empty() {
            return Ok(due);
        }
        let moved = self.add_working_seconds_paused(start, granted, pauses)?;
        // A due time outside hours (17:45, a Sunday) stays as stated if nothing moved it.
        let unmoved = self.add_working_seconds(start, granted)?;
        Ok(if moved == unmoved { due } else { moved })
    }

    pub(crate) fn days_of_pause(&self, pause: &Pause) -> (i32, i32) {
        (self.zone().day_of(pause.from).0, self.zone().day_of(pause.to).0)
    }
}

fn raw(pauses: &[Pause]) -> impl Iterator<Item = (i64, i64)> + '_ {
    pauses.iter().map(|p| (p.from.0, p.to.0))
}
