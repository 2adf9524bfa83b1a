//! Working time, exactly: dated calendars, working days and hours, due dates, explanation.
//!
//! What it is not: it knows no clock, no environment and no files, no agreement and no record. It
//! takes days, instants and the text of calendar files, and gives days, instants and counts back.
//! The conventions (first day not counted, a due time at the end of a day is its closing time, …)
//! are written down, with their sources, in `docs/worktime.md`.
//!
//! Words: a [`Day`] is a date, an [`Instant`] a point on the UTC line, a [`Moment`] one of the two.
//! A [`CalendarFile`] holds dated facts with the day each became known; a [`Calendar`] is one
//! version of them, resolved into tables. [`Calendar`]'s functions come for one value and, with the
//! suffix `_column`, for whole columns.

mod calendar;
mod check;
mod columns;
mod due;
mod error;
mod explain;
mod explain_text;
mod file;
mod hours;
mod ops;
mod pauses;
mod resolve;
mod table;
pub mod time;
pub mod zone;

pub use calendar::{Calendar, CalendarRef, CalendarSet, DEFAULT_CALENDAR, DayNote, NoteKind};
pub use columns::{NO_DAY, NO_VALUE, PauseColumn, Rows};
pub use due::{Due, Limit, ReceiptRule};
pub use error::CalendarError;
pub use explain::{Explanation, MadeUpDay, PauseLine, SkipReason, SkippedDay, StartReason};
pub use file::{
    CalendarChoice, CalendarFile, DayFact, DayKind, FORMAT, Label, LocalDay, LocalRules, Switch, YearFact,
};
pub use hours::{HoursRule, MonthDay, Season, Span, TimeOfDay};
pub use ops::{Received, Roll};
pub use pauses::{Pause, merge_pauses};
pub use time::{Day, Instant, MICROS_PER_DAY, MICROS_PER_SECOND, Moment, Weekday};
pub use zone::Zone;
