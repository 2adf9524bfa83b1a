//! The built-in calendars: working days a year, and every day against a list entered apart.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails must say so")]

use giaouoc_worktime::{Calendar, CalendarError, CalendarFile, Day, LocalRules, Roll, Rows};
use std::collections::{BTreeMap, BTreeSet};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn working_days(calendar: &Calendar, year: i32) -> usize {
    let first = Day::from_ymd(year, 1, 1).unwrap();
    let last = Day::from_ymd(year, 12, 31).unwrap();
    (first.0..=last.0).filter(|d| calendar.is_working_day(Day(*d)).unwrap()).count()
}

#[test]
fn working_days_a_year() {
    let calendar = Calendar::builtin("vn-public").unwrap();
    let counts: Vec<usize> = (2018..=2026).map(|year| working_days(&calendar, year)).collect();
    assert_eq!(counts, [250, 252, 252, 250, 249, 249, 251, 250, 250]);
}

#[test]
fn culture_day_is_a_switch() {
    let file = CalendarFile::builtin("vn-public").unwrap();
    let on = BTreeMap::from([("culture-day-2026".to_owned(), true)]);
    let with = file.version(None, &on, &LocalRules::default()).unwrap();
    let without = Calendar::builtin("vn-public").unwrap();
    assert_eq!(working_days(&with, 2026), 249);
    assert!(without.is_working_day(day("2026-11-24")).unwrap());
    assert!(!with.is_working_day(day("2026-11-24")).unwrap());
    assert_ne!(with.digest(), without.digest());
    assert_eq!(with.version(), "2026-11-22;culture-day-2026=on");
    let typo = BTreeMap::from([("culture-day".to_owned(), true)]);
    let error = file.version(None, &typo, &LocalRules::default()).unwrap_err();
    assert!(matches!(error, CalendarError::UnknownSwitch { .. }));
    assert!(error.en().contains("culture-day-2026"), "{error}");
}

/// The weekdays off and the Saturdays worked, as the domain notes list them, year by year.
const LISTED: [(&str, &str); 9] = [
    ("2018-01-01 02-14 02-15 02-16 02-19 02-20 04-25 04-30 05-01 09-03 12-31", ""),
    ("2019-01-01 02-04 02-05 02-06 02-07 02-08 04-15 04-29 04-30 05-01 09-02", "01-05 05-04"),
    ("2020-01-01 01-23 01-24 01-27 01-28 01-29 04-02 04-30 05-01 09-02", ""),
    ("2021-01-01 02-10 02-11 02-12 02-15 02-16 04-21 04-30 05-03 09-02 09-03", ""),
    ("2022-01-03 01-31 02-01 02-02 02-03 02-04 04-11 05-02 05-03 09-01 09-02", ""),
    ("2023-01-02 01-20 01-23 01-24 01-25 01-26 05-01 05-02 05-03 09-01 09-04", ""),
    ("2024-01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03", "05-04"),
    ("2025-01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02", "04-26"),
    ("2026-01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02", "01-10 08-22"),
];

#[test]
fn every_day_as_listed() {
    let calendar = Calendar::builtin("vn-public").unwrap();
    let (mut off, mut worked) = (BTreeSet::new(), BTreeSet::new());
    for (days_off, saturdays) in LISTED {
        let year = &days_off[..5];
        off.extend(days_off[5..].split(' ').map(|d| day(&format!("{year}{d}"))));
        worked.extend(saturdays.split(' ').filter(|d| !d.is_empty()).map(|d| day(&format!("{year}{d}"))));
    }
    let (from, to) = calendar.coverage().unwrap();
    for day in (from.0..=to.0).map(Day) {
        let weekend = day.weekday().index() >= 5;
        let expected = if weekend { worked.contains(&day) } else { !off.contains(&day) };
        assert_eq!(calendar.is_working_day(day).unwrap(), expected, "{day}");
    }
}

/// The list of the Python package `holidays` with its corrections, where the real data are at hand.
#[test]
fn every_day_as_in_the_package() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/calendar");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}"));
    let (Ok(package), Ok(corrections)) = (read("days_off_2018_2026.csv"), read("corrections.csv")) else {
        eprintln!("SKIPPED: {folder} is not there");
        return;
    };
    let file = CalendarFile::builtin("vn-public").unwrap();
    let on = BTreeMap::from([("culture-day-2026".to_owned(), true)]);
    let calendar = file.version(None, &on, &LocalRules::default()).unwrap();
    let mut rows = BTreeMap::new();
    for line in package.lines().skip(1).chain(corrections.lines().skip(1)) {
        let mut cells = line.split(',');
        let date = day(cells.next().unwrap());
        rows.insert(date, cells.nth(1).unwrap().to_owned());
    }
    assert!(rows.len() > 120);
    let (from, to) = calendar.coverage().unwrap();
    for day in (from.0..=to.0).map(Day) {
        let expected = match rows.get(&day).map(String::as_str) {
            None => day.weekday().index() < 5,
            Some("weekend_workday") => true,
            Some(_) => false,
        };
        assert_eq!(calendar.is_working_day(day).unwrap(), expected, "{day}");
    }
}

#[test]
fn every_fact_has_a_source_and_half_swaps_are_refused() {
    let file = CalendarFile::builtin("vn-public").unwrap();
    assert!(file.days.iter().all(|fact| !fact.source.is_empty() && !fact.name.vi.is_empty()));
    let text = include_str!("../../../data/calendars/vn-public.toml");
    let half = text.replace("date = 2024-05-04", "date = 2024-05-11");
    assert!(matches!(CalendarFile::parse(&half), Err(CalendarError::Inconsistent { .. })));
}

#[test]
fn zone_only_refuses_by_name() {
    let calendar = Calendar::builtin("europe-amsterdam").unwrap();
    let error = calendar.add_working_days(day("2011-03-01"), 5).unwrap_err();
    assert_eq!(
        error,
        CalendarError::ZoneOnly { calendar: "europe-amsterdam".to_owned(), function: "add working days" }
    );
    // Every function refuses, and names itself in Vietnamese too.
    let (d, t) = (day("2011-03-01"), "2011-03-01T09:00:00Z".parse().unwrap());
    let refused = [
        calendar.is_working_day(d).unwrap_err(),
        calendar.add_working_days(d, 1).unwrap_err(),
        calendar.add_working_days_to_end(d, 1).unwrap_err(),
        calendar.add_calendar_days(d, 1, Roll::Forward).unwrap_err(),
        calendar.add_months(d, 1, Roll::Forward).unwrap_err(),
        calendar.roll_back(d).unwrap_err(),
        calendar.end_of_hours(d).unwrap_err(),
        calendar.hours(d).unwrap_err(),
        calendar.working_days_between(d, d).unwrap_err(),
        calendar.add_working_seconds(t, 1).unwrap_err(),
        calendar.working_seconds_between(t, t).unwrap_err(),
        calendar.paused_seconds(t, t, &[]).unwrap_err(),
        calendar.received(t).unwrap_err(),
        calendar.clock_start(t).unwrap_err(),
        calendar.outside(d),
        calendar.add_working_days_column(&[1], Rows::All(1), &mut [0], &mut [false]).unwrap_err(),
    ];
    for error in refused {
        let CalendarError::ZoneOnly { function, .. } = error else { panic!("{error}") };
        assert!(!error.vi().contains(function), "{}", error.vi());
    }
    // What needs no working days works.
    assert_eq!(calendar.add_calendar_days(d, 30, Roll::Keep).unwrap(), day("2011-03-31"));
    assert_eq!(calendar.add_months(d, 1, Roll::Keep).unwrap(), day("2011-04-01"));
    assert_eq!(calendar.zone().day_of("2011-03-26T23:30:00Z".parse().unwrap()), day("2011-03-27"));
    assert!(matches!(Calendar::builtin("vn"), Err(CalendarError::UnknownCalendar { .. })));
}

#[test]
fn outside_names_the_missing_year() {
    let calendar = Calendar::builtin("vn-public").unwrap();
    let year = |result: Result<Day, CalendarError>| match result.unwrap_err() {
        CalendarError::OutsideCoverage { year, .. } => year,
        other => panic!("{other}"),
    };
    assert_eq!(year(calendar.add_working_days(day("2026-12-30"), 5)), 2027);
    assert_eq!(year(calendar.add_working_days(day("2028-02-01"), 1)), 2028);
    assert_eq!(year(calendar.roll_forward(day("2017-12-31"))), 2017);
    assert_eq!(year(calendar.roll_back(day("2018-01-01"))), 2017);
    let seconds = calendar.working_seconds_between(
        "2026-12-30T08:00+07:00".parse().unwrap(),
        "2027-01-01T00:00+07:00".parse().unwrap(),
    );
    assert!(matches!(seconds, Err(CalendarError::OutsideCoverage { year: 2027, .. })));
    // Of two days, the one outside is named.
    let named = |from, to| match calendar.working_days_between(day(from), day(to)).unwrap_err() {
        CalendarError::OutsideCoverage { year, .. } => year,
        other => panic!("{other}"),
    };
    assert_eq!((named("2026-01-05", "2029-01-05"), named("2016-01-05", "2020-01-05")), (2029, 2016));
}
