//! Time limits as law writes them, and the due day or due time they give.

use crate::calendar::Calendar;
use crate::error::CalendarError;
use crate::hours::TimeOfDay;
use crate::ops::{Roll, not_negative};
use crate::pauses::{Pause, merge_pauses};
use crate::time::{Day, Instant, Moment};
use serde::{Deserialize, Serialize};

/// A time limit, by what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// Working days; the day of receipt is not counted.
    WorkingDays(i32),
    /// Seconds of working time, from the clock's start.
    WorkingSeconds(i64),
    /// Calendar days; the day of receipt is not counted, a due day that is off moves on.
    CalendarDays(i32),
    /// Months, ending on the same day of the month or its last; a due day that is off moves on.
    Months(i32),
}

/// From which day something received late counts. Sources differ, so it is a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReceiptRule {
    /// Received on the day it came, whatever the hour.
    #[default]
    OwnDay,
    /// Received at or after closing, or on a day off: counts as received on the next working day.
    NextDayAfterClosing,
    /// Received at or after this time of day (for example 15:00), at or after closing, or on a day
    /// off: counts as received on the next working day.
    NextDayFrom(TimeOfDay),
}

/// When something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Due {
    /// A day for limits in days and months, an instant for limits in working time.
    pub moment: Moment,
    /// The local day of it.
    pub day: Day,
    /// The last instant that is on time: the instant itself, or the end of the due day's hours (of
    /// the next working day if a limit of 0 days ends on a day off).
    pub end: Instant,
}

impl Calendar {
    /// The day from which days are counted (itself not counted) for something received at this
    /// moment. Of a bare date only "is it a day off" can be asked.
    pub fn receipt_day(&self, received: Moment, rule: ReceiptRule) -> Result<Day, CalendarError> {
        let day = match received {
            Moment::Day(day) => day,
            Moment::Instant(at) => self.zone().day_of(at),
        };
        if rule == ReceiptRule::OwnDay {
            return Ok(day);
        }
        if let Moment::Instant(at) = received
            && self.is_late(at, rule)?
        {
            return self.add_working_days(day, 1);
        }
        self.roll_forward(day)
    }

    /// [`Calendar::clock_start`] under a receipt rule.
    pub fn clock_start_by(&self, received: Instant, rule: ReceiptRule) -> Result<Instant, CalendarError> {
        let start = self.clock_start(received)?;
        let day = self.receipt_day(Moment::Instant(received), rule)?;
        // Received late: the clock starts with the hours of the day on which it counts.
        if self.zone().day_of(start) >= day {
            return Ok(start);
        }
        self.clock_start(self.zone().start_of(day))
    }

    /// Whether what is received at this time counts for the next working day.
    fn is_late(&self, at: Instant, rule: ReceiptRule) -> Result<bool, CalendarError> {
        let closing = self.hours(self.zone().day_of(at))?.last().map_or(0, |s| s.to.seconds());
        let limit = match rule {
            ReceiptRule::OwnDay => return Ok(false),
            ReceiptRule::NextDayAfterClosing => closing,
            ReceiptRule::NextDayFrom(from) => closing.min(from.seconds()),
        };
        Ok(self.zone().local_time_of_day(at) >= limit)
    }

    /// When something received at this moment is due.
    ///
    /// Pauses move a limit in working time by their working time, a limit in working days by the
    /// working days waited (see [`Calendar::add_working_days_paused`]), a limit in calendar days
    /// or months by the calendar days waited.
    pub fn due(
        &self,
        received: Moment,
        limit: Limit,
        rule: ReceiptRule,
        pauses: &[Pause],
    ) -> Result<Due, CalendarError> {
        if let Limit::WorkingSeconds(n) = limit {
            let at = match received {
                Moment::Instant(at) => at,
                Moment::Day(day) => return Err(CalendarError::NeedsTimeOfDay { day }),
            };
            let start = self.clock_start_by(at, rule)?;
            let due = self.add_working_seconds_paused(start, n, pauses)?;
            let day = self.zone().day_of(due);
            return Ok(Due { moment: Moment::Instant(due), day, end: due });
        }
        let from = self.receipt_day(received, rule)?;
        let day = match limit {
            Limit::WorkingDays(n) => self.add_working_days_paused(from, n, pauses)?,
            _ => self.roll_forward(self.unrolled(from, limit, pauses)?)?,
        };
        Ok(Due { moment: Moment::Day(day), day, end: self.end_of_hours(day)? })
    }

    /// The due day of a limit in calendar days or months before it moves off a day off.
    pub(crate) fn unrolled(&self, from: Day, limit: Limit, pauses: &[Pause]) -> Result<Day, CalendarError> {
        let mut due = match limit {
            Limit::CalendarDays(n) => self.add_calendar_days(from, n, Roll::Keep)?,
            Limit::Months(n) => self.add_months(from, n, Roll::Keep)?,
            Limit::WorkingDays(n) => {
                not_negative(n.into())?;
                return self.add_working_days_paused(from, n, pauses);
            }
            Limit::WorkingSeconds(_) => return Err(CalendarError::NeedsTimeOfDay { day: from }),
        };
        // Merged pauses share no days: each ends no later than the next begins.
        for pause in merge_pauses(pauses)? {
            let (begin, end) = self.days_of_pause(&pause);
            let begin = Day(begin).max(from);
            if begin >= due {
                break;
            }
            // What ended before the count began moves it by nothing.
            due = due.add_days(begin.days_until(Day(end)).max(0))?;
        }
        Ok(due)
    }
}
