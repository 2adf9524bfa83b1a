//! Reads a case written as text and answers it with the calendar.
#![allow(dead_code, reason = "each test program uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails must say so")]

use giaouoc_worktime::{Calendar, CalendarError, Day, Instant, Moment, Pause, Roll};
use std::fmt::Display;

/// A row: the operation, then its inputs.
pub struct Cells<'a> {
    pub calendar: &'a Calendar,
    pub cells: Vec<&'a str>,
}

impl Cells<'_> {
    fn day(&self, i: usize) -> Day {
        self.cells[i].parse().unwrap()
    }

    fn at(&self, i: usize) -> Instant {
        local(self.calendar, self.cells[i])
    }

    fn n(&self, i: usize) -> i64 {
        self.cells[i].parse().unwrap()
    }

    fn pauses(&self, i: usize) -> Vec<Pause> {
        let pause = |text: &str| {
            let (from, to) = text.split_once('/').unwrap();
            Pause { from: local(self.calendar, from), to: local(self.calendar, to) }
        };
        self.cells[i].split(';').map(pause).collect()
    }
}

pub fn local(calendar: &Calendar, text: &str) -> Instant {
    match calendar.zone().parse_moment(text).unwrap() {
        Moment::Instant(at) => at,
        Moment::Day(day) => panic!("{day} is a bare date"),
    }
}

fn show<T: Display>(result: Result<T, CalendarError>) -> String {
    match result {
        Ok(value) => value.to_string(),
        Err(CalendarError::OutsideCoverage { .. }) => "outside".to_owned(),
        Err(other) => other.to_string(),
    }
}

/// The calendar's answer as text; `outside` where it has no facts.
pub fn answer(row: &Cells<'_>) -> String {
    let c = row.calendar;
    let n32 = |i| i32::try_from(row.n(i)).unwrap();
    // Instants are written in local time, as the script writes them.
    let at = |result: Result<Instant, CalendarError>| {
        show(result.map(|at| {
            let seconds = c.zone().local_time_of_day(at);
            let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
            format!("{}T{h:02}:{m:02}:{s:02}", c.zone().day_of(at))
        }))
    };
    match row.cells[0] {
        "is_working_day" => show(c.is_working_day(row.day(1))),
        "add_working_days" => show(c.add_working_days(row.day(1), n32(2))),
        "add_working_days_to_end" => at(c.add_working_days_to_end(row.day(1), n32(2))),
        "add_calendar_days" => show(c.add_calendar_days(row.day(1), n32(2), Roll::Forward)),
        "add_months" => show(c.add_months(row.day(1), n32(2), Roll::Forward)),
        "working_days_between" => show(c.working_days_between(row.day(1), row.day(2))),
        "add_working_seconds" => at(c.add_working_seconds(row.at(1), row.n(2))),
        "working_seconds_between" => show(c.working_seconds_between(row.at(1), row.at(2))),
        "clock_start" => at(c.clock_start(row.at(1))),
        "received" => match c.received(row.at(1)) {
            Ok(received) => serde_json::to_value(received).unwrap().as_str().unwrap().to_owned(),
            Err(error) => show::<i32>(Err(error)),
        },
        "add_working_seconds_paused" => at(c.add_working_seconds_paused(row.at(1), row.n(2), &row.pauses(3))),
        "add_working_days_paused" => show(c.add_working_days_paused(row.day(1), n32(2), &row.pauses(3))),
        "paused_seconds" => show(c.paused_seconds(row.at(1), row.at(2), &row.pauses(3))),
        other => panic!("unknown operation {other}"),
    }
}
