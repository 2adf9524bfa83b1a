//! Why something is due when it is: every day that did not count, every pause, the calendar.

use crate::calendar::{Calendar, CalendarRef, DayNote};
use crate::due::{Due, Limit, ReceiptRule};
use crate::error::CalendarError;
use crate::file::Label;
use crate::ops::Received;
use crate::pauses::{Pause, merge_pauses};
use crate::time::{Day, Moment};
use crate::zone::Zone;
use serde::Serialize;

/// The whole reckoning of one due date, as data. [`Explanation::vi`] and [`Explanation::en`] put
/// it into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The calendar reckoned with.
    pub calendar: CalendarRef,
    /// When it was received.
    pub received: Moment,
    /// The time limit.
    pub limit: Limit,
    /// The receipt rule.
    pub rule: ReceiptRule,
    /// When the clock started: for limits in working time the instant; for others the day of
    /// receipt, which itself is not counted.
    pub clock_start: Moment,
    /// Why then.
    pub start_reason: StartReason,
    /// Days from receipt to the due day that did not count, in order.
    pub skipped: Vec<SkippedDay>,
    /// Days that counted although they are weekly rest days, with the swap or local reason.
    pub made_up: Vec<MadeUpDay>,
    /// The pauses, merged, with what each did.
    pub pauses: Vec<PauseLine>,
    /// For limits in working time: what is uncertain about the hours counted.
    pub hours_doubt: Option<Label>,
    /// For limits in calendar days and months: the day counted to, before it moved off days off.
    pub counted_to: Option<Day>,
    /// When it is due.
    pub due: Due,
    /// For the local times in the text.
    #[serde(skip)]
    pub(crate) zone: Zone,
}

/// Why the clock started when it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StartReason {
    /// Days are counted from the day of receipt, which is not counted itself.
    DayOfReceipt,
    /// It was received against the day's hours like this, and the clock started at once (in hours)
    /// or at the next opening.
    Hours(Received),
    /// It was received too late in the day, or on a day off, and counts as received on the next
    /// working day.
    NextWorkingDay,
}

/// A day that did not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SkippedDay {
    /// The day.
    pub day: Day,
    /// Why.
    pub reason: SkipReason,
}

/// Why a day did not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// The first day is not counted.
    FirstDay,
    /// It lies before the start of the clock.
    BeforeStart,
    /// A weekly rest day.
    WeeklyRest,
    /// A holiday, a day in place of one, a swapped day, a local day off.
    DayOff(DayNote),
}

/// A day that counted because of a swap or a local exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MadeUpDay {
    /// The day.
    pub day: Day,
    /// The swap or the local reason, with its source.
    pub note: DayNote,
}

/// A pause and what it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PauseLine {
    /// The pause.
    pub pause: Pause,
    /// By how much it moved the due time: seconds of working time, working days, or calendar days,
    /// as the limit counts. 0 if it fell outside.
    pub moved: i64,
}

impl Calendar {
    /// Explains [`Calendar::due`].
    pub fn explain(
        &self,
        received: Moment,
        limit: Limit,
        rule: ReceiptRule,
        pauses: &[Pause],
    ) -> Result<Explanation, CalendarError> {
        let due = self.due(received, limit, rule, pauses)?;
        let received_day = match received {
            Moment::Day(day) => day,
            Moment::Instant(at) => self.zone().day_of(at),
        };
        let receipt_day = self.receipt_day(received, rule)?;
        let (clock_start, start_reason) = match (limit, received) {
            (Limit::WorkingSeconds(_), Moment::Instant(at)) => {
                let reason = if receipt_day == received_day {
                    StartReason::Hours(self.received(at)?)
                } else {
                    StartReason::NextWorkingDay
                };
                (Moment::Instant(self.clock_start_by(at, rule)?), reason)
            }
            _ if receipt_day == received_day => (Moment::Day(receipt_day), StartReason::DayOfReceipt),
            _ => (Moment::Day(receipt_day), StartReason::NextWorkingDay),
        };
        let in_days = matches!(clock_start, Moment::Day(_));
        let start_day = match clock_start {
            Moment::Day(day) => day,
            Moment::Instant(at) => self.zone().day_of(at),
        };
        let counted_to = match limit {
            Limit::CalendarDays(_) | Limit::Months(_) => Some(self.unrolled(receipt_day, limit, pauses)?),
            _ => None,
        };
        let (mut skipped, mut made_up) = (Vec::new(), Vec::new());
        for day in (received_day.0..=due.day.0).map(Day) {
            let worked = self.is_working_day(day)?;
            let note = self.note(day);
            // Calendar days count whether worked or not, up to the day counted to.
            let counts = worked || counted_to.is_some_and(|to| day < to);
            let reason = if in_days && day == start_day {
                SkipReason::FirstDay
            } else if !counts {
                note.map_or(SkipReason::WeeklyRest, |n| SkipReason::DayOff(n.clone()))
            } else if day < start_day {
                SkipReason::BeforeStart
            } else {
                if let Some(note) = note.filter(|_| worked && counted_to.is_none()) {
                    made_up.push(MadeUpDay { day, note: note.clone() });
                }
                continue;
            };
            skipped.push(SkippedDay { day, reason });
        }
        Ok(Explanation {
            calendar: self.reference(),
            received,
            limit,
            rule,
            clock_start,
            start_reason,
            skipped,
            made_up,
            pauses: self.pause_lines(received, limit, rule, pauses)?,
            hours_doubt: self.hours_doubt().filter(|_| !in_days).cloned(),
            counted_to,
            due,
            zone: self.zone().clone(),
        })
    }

    /// What each pause did: the due time with it less the due time without it and those after it.
    fn pause_lines(
        &self,
        received: Moment,
        limit: Limit,
        rule: ReceiptRule,
        pauses: &[Pause],
    ) -> Result<Vec<PauseLine>, CalendarError> {
        let merged = merge_pauses(pauses)?;
        let from = self.receipt_day(received, rule)?;
        let mut lines = Vec::with_capacity(merged.len());
        for (index, pause) in merged.iter().enumerate() {
            let (before, with) = (&merged[..index], &merged[..=index]);
            let moved = match limit {
                Limit::WorkingSeconds(_) => {
                    let due = |list| Ok(self.due(received, limit, rule, list)?.end);
                    self.working_seconds_between(due(before)?, due(with)?)?
                }
                Limit::WorkingDays(_) => {
                    let due = |list| self.unrolled(from, limit, list);
                    self.working_days_between(due(before)?, due(with)?)?.into()
                }
                Limit::CalendarDays(_) | Limit::Months(_) => {
                    let due = |list| self.unrolled(from, limit, list);
                    due(before)?.days_until(due(with)?)
                }
            };
            lines.push(PauseLine { pause: *pause, moved });
        }
        Ok(lines)
    }
}
