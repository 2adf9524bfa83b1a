//! The choice of a calendar, of `calendar.toml`.

pub use giaouoc_worktime::CalendarChoice;
