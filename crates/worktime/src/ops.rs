//! A calendar's functions for one value: days, months, working days, working time, reception.
//!
//! Amounts to add are never negative. All functions of working days refuse, by name, on a
//! zone-only calendar, and name the missing year where the calendar has no facts.

use crate::calendar::{Calendar, Work};
use crate::error::CalendarError;
use crate::time::{Day, Instant};
use serde::{Deserialize, Serialize};

/// What happens when a day counted in calendar days or months is a day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Roll {
    /// The day stays as counted.
    Keep,
    /// It moves to the next working day (Civil Code 2015, Article 148).
    Forward,
}

/// When, against the day's hours, something was received. Hours are half-open: what comes at
/// 11:30:00 sharp came in the lunch break, at 17:30:00 sharp after closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Received {
    /// Within counted working hours.
    InHours = 0,
    /// Between two spans of hours.
    LunchBreak = 1,
    /// Before the first span of a working day.
    BeforeOpening = 2,
    /// At or after the end of the last span of a working day.
    AfterClosing = 3,
    /// On a day off.
    DayOff = 4,
    /// Outside counted hours, at a desk that is open all the same (see
    /// [`crate::LocalRules::desks`]).
    DeskOpen = 5,
}

pub(crate) fn not_negative(amount: i64) -> Result<(), CalendarError> {
    if amount < 0 { Err(CalendarError::NegativeAmount { amount }) } else { Ok(()) }
}

impl Work {
    pub(crate) fn received(&self, at: i64) -> Option<Received> {
        let (day, second) = self.table.local(at);
        let hours = self.table.hours(day)?;
        let index = usize::try_from(i64::from(day) - i64::from(self.table.first().0)).ok()?;
        let desk = &self.desks[usize::from(*self.desk.get(index)?)];
        Some(if hours.contains(second) {
            Received::InHours
        } else if desk.contains(second) {
            Received::DeskOpen
        } else if hours.total == 0 {
            Received::DayOff
        } else if second < hours.open() {
            Received::BeforeOpening
        } else if second >= hours.close() {
            Received::AfterClosing
        } else {
            Received::LunchBreak
        })
    }
}

impl Calendar {
    /// Whether the day has working hours.
    pub fn is_working_day(&self, day: Day) -> Result<bool, CalendarError> {
        let work = self.work("is working day")?;
        work.table.is_working(day.0).ok_or_else(|| self.outside(day))
    }

    /// The `n`-th working day after `from`; the first day is not counted (Civil Code 2015,
    /// Article 147). For 0 it is `from` itself, worked or not.
    pub fn add_working_days(&self, from: Day, n: i32) -> Result<Day, CalendarError> {
        let work = self.work("add working days")?;
        not_negative(n.into())?;
        work.table.add_days(from.0, n).map(Day).ok_or_else(|| self.outside(from))
    }

    /// The end of the hours of the `n`-th working day after `from`: 17:30 of that day, not the
    /// opening of the next. For 0 on a day off it is the end of the next working day.
    pub fn add_working_days_to_end(&self, from: Day, n: i32) -> Result<Instant, CalendarError> {
        self.end_of_hours(self.add_working_days(from, n)?)
    }

    /// The end of the working hours of the day, or, if it is a day off, of the next working day.
    pub fn end_of_hours(&self, day: Day) -> Result<Instant, CalendarError> {
        let work = self.work("end of hours")?;
        work.table.end_of_hours(day.0).map(Instant).ok_or_else(|| self.outside(day))
    }

    /// The day itself if worked, else the next working day.
    pub fn roll_forward(&self, day: Day) -> Result<Day, CalendarError> {
        let work = self.work("next working day")?;
        work.table.roll(day.0).map(Day).ok_or_else(|| self.outside(day))
    }

    /// The day itself if worked, else the working day before.
    pub fn roll_back(&self, day: Day) -> Result<Day, CalendarError> {
        let work = self.work("previous working day")?;
        let rolled = work.table.roll_back(day.0).map(Day);
        rolled.ok_or_else(|| match self.coverage() {
            // Inside, with no working day before it: the year before the first is missing.
            Some((from, to)) if from <= day && day <= to => self.outside(Day(from.0 - 1)),
            _ => self.outside(day),
        })
    }

    /// The day `n` calendar days after `from`. With [`Roll::Keep`] no calendar facts are needed.
    pub fn add_calendar_days(&self, from: Day, n: i32, roll: Roll) -> Result<Day, CalendarError> {
        not_negative(n.into())?;
        self.rolled(from.add_days(n.into())?, roll)
    }

    /// The same day of the month `n` months after `from`, or that month's last day if it is
    /// shorter. With [`Roll::Keep`] no calendar facts are needed.
    pub fn add_months(&self, from: Day, n: i32, roll: Roll) -> Result<Day, CalendarError> {
        not_negative(n.into())?;
        self.rolled(from.add_months(n.into())?, roll)
    }

    pub(crate) fn rolled(&self, day: Day, roll: Roll) -> Result<Day, CalendarError> {
        match roll {
            Roll::Keep => Ok(day),
            Roll::Forward => self.roll_forward(day),
        }
    }

    /// The number of working days after `from` up to and including `to`; negative if reversed:
    /// `between(a, b) = −between(b, a)`. So that many working days added to `from` reach the last
    /// working day not after `to`.
    pub fn working_days_between(&self, from: Day, to: Day) -> Result<i32, CalendarError> {
        let work = self.work("working days between")?;
        work.table.days_between(from.0, to.0).ok_or_else(|| self.outside_either(from, to))
    }

    pub(crate) fn outside_either(&self, a: Day, b: Day) -> CalendarError {
        let a_covered = self.coverage().is_some_and(|(from, to)| from <= a && a <= to);
        self.outside(if a_covered { b } else { a })
    }

    /// The instant after so many more seconds of working time. Both are read to the whole second.
    ///
    /// The result is the first instant by which the time has been worked: if the time is used up
    /// exactly at closing, closing time, and not the next opening. For 0 it is
    /// [`Calendar::clock_start`].
    pub fn add_working_seconds(&self, from: Instant, n: i64) -> Result<Instant, CalendarError> {
        let work = self.work("add working time")?;
        not_negative(n)?;
        work.table.add_seconds(from.0, n).map(Instant).ok_or_else(|| self.outside_at(from))
    }

    /// [`Calendar::add_working_seconds`] in hours.
    pub fn add_working_hours(&self, from: Instant, hours: i32) -> Result<Instant, CalendarError> {
        self.add_working_seconds(from, i64::from(hours) * 3600)
    }

    /// Seconds of working time between two instants, each cut to the whole second; negative if
    /// reversed. It adds up: `between(a, c) = between(a, b) + between(b, c)`.
    pub fn working_seconds_between(&self, from: Instant, to: Instant) -> Result<i64, CalendarError> {
        let work = self.work("working time between")?;
        work.table
            .seconds_between(from.0, to.0)
            .ok_or_else(|| self.outside_either(self.zone().day_of(from), self.zone().day_of(to)))
    }

    /// Whole minutes of working time, cut towards zero. Because of the cutting, minutes of parts
    /// need not add up to the minutes of the whole; seconds do.
    pub fn working_minutes_between(&self, from: Instant, to: Instant) -> Result<i64, CalendarError> {
        Ok(self.working_seconds_between(from, to)? / 60)
    }

    /// When, against the day's hours, something was received.
    pub fn received(&self, at: Instant) -> Result<Received, CalendarError> {
        let work = self.work("received")?;
        work.received(at.0).ok_or_else(|| self.outside_at(at))
    }

    /// When the clock starts for something received at this instant: at once within working hours
    /// (cut to the whole second), else at the next opening: lunch → afternoon, after closing or on
    /// a day off → the next working day's morning.
    pub fn clock_start(&self, received: Instant) -> Result<Instant, CalendarError> {
        let work = self.work("clock start")?;
        work.table.clock_start(received.0).map(Instant).ok_or_else(|| self.outside_at(received))
    }
}
