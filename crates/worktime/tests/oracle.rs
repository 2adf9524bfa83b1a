//! Cases reckoned by an independent day loop over the Python package `holidays`
//! (`scripts/worktime-oracle.py`): 500 are committed; `GIAOUOC_ORACLE_CASES` names a file with more.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails must say so")]

use giaouoc_worktime::{Calendar, CalendarError, Day, Instant, Moment, Pause, Roll};
use std::fmt::Display;

struct Cells<'a> {
    calendar: &'a Calendar,
    cells: Vec<&'a str>,
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

fn local(calendar: &Calendar, text: &str) -> Instant {
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

fn answer(row: &Cells<'_>) -> String {
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

/// Compares all cases and returns how many there were.
fn compare(name: &str, text: &str) -> usize {
    let calendar = Calendar::builtin("vn-public").unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for (number, line) in text.lines().enumerate().skip(1) {
        let mut cells: Vec<&str> = line.split(',').collect();
        let expected = cells.pop().unwrap();
        let found = answer(&Cells { calendar: &calendar, cells });
        if found != expected {
            wrong.push(format!("{name}:{}: {line} but found {found}", number + 1));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), {
        wrong.truncate(20);
        wrong.join("\n")
    });
    count
}

#[test]
fn committed_cases() {
    assert_eq!(compare("oracle-500.csv", include_str!("oracle-500.csv")), 500);
}

#[test]
fn cases_of_the_named_file() {
    let Some(path) = std::env::var_os("GIAOUOC_ORACLE_CASES") else { return };
    let text = std::fs::read_to_string(&path).unwrap();
    let count = compare(&path.to_string_lossy(), &text);
    assert!(count > 0);
    eprintln!("{count} cases agree");
}
