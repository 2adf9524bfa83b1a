//! Explanations as text, and the words of every error.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails must say so")]

use giaouoc_worktime::{
    Calendar, CalendarError, Day, Instant, Limit, Moment, Pause, ReceiptRule, SkipReason, Zone,
};

fn moment(text: &str) -> Moment {
    Zone::get("Asia/Ho_Chi_Minh").unwrap().parse_moment(text).unwrap()
}

fn at(text: &str) -> Instant {
    match moment(text) {
        Moment::Instant(at) => at,
        Moment::Day(day) => panic!("{day}"),
    }
}

fn told(received: &str, limit: Limit, rule: ReceiptRule, pauses: &[(&str, &str)]) -> String {
    let calendar = Calendar::builtin("vn-public").unwrap();
    let pauses: Vec<Pause> = pauses.iter().map(|(from, to)| Pause { from: at(from), to: at(to) }).collect();
    let told = calendar.explain(moment(received), limit, rule, &pauses).unwrap();
    format!("{}\n{}", told.vi(), told.en())
}

#[test]
fn working_days_over_a_swap() {
    let text = told("2019-04-25T16:00", Limit::WorkingDays(5), ReceiptRule::OwnDay, &[]);
    insta::assert_snapshot!(text);
}

#[test]
fn working_days_over_new_year_with_pauses() {
    let text = told(
        "2025-12-30",
        Limit::WorkingDays(10),
        ReceiptRule::OwnDay,
        &[("2026-01-06T10:00", "2026-01-08T09:00"), ("2025-12-01T10:00", "2025-12-02T09:00")],
    );
    insta::assert_snapshot!(text);
}

#[test]
fn working_hours_received_at_lunch() {
    let text = told(
        "2024-04-26T12:00",
        Limit::WorkingSeconds(12 * 3600),
        ReceiptRule::OwnDay,
        &[("2024-05-02T08:00", "2024-05-02T09:30")],
    );
    insta::assert_snapshot!(text);
}

#[test]
fn late_in_the_day() {
    let rule = ReceiptRule::NextDayFrom("15:00".parse().unwrap());
    let text = told("2020-03-06T15:20", Limit::WorkingDays(1), rule, &[]);
    insta::assert_snapshot!(text);
}

#[test]
fn calendar_days_that_end_on_a_day_off() {
    let text = told("2024-04-19", Limit::CalendarDays(10), ReceiptRule::OwnDay, &[]);
    insta::assert_snapshot!(text);
}

#[test]
fn as_data() {
    let calendar = Calendar::builtin("vn-public").unwrap();
    let told =
        calendar.explain(moment("2019-04-25"), Limit::WorkingDays(5), ReceiptRule::OwnDay, &[]).unwrap();
    assert_eq!(told.due.day.to_string(), "2019-05-06");
    assert_eq!(told.due.moment, moment("2019-05-06"));
    assert_eq!(told.due.end, at("2019-05-06T17:30"));
    let made_up: Vec<String> = told.made_up.iter().map(|m| m.day.to_string()).collect();
    assert_eq!(made_up, ["2019-05-04"]);
    let swap = told.skipped.iter().find(|s| s.day.to_string() == "2019-04-29").unwrap();
    match &swap.reason {
        SkipReason::DayOff(note) => assert_eq!(note.swapped_with.unwrap().to_string(), "2019-05-04"),
        other => panic!("{other:?}"),
    }
    let json = serde_json::to_value(&told).unwrap();
    assert_eq!(json["calendar"]["digest"], calendar.digest());
    assert_eq!(json["due"]["day"], "2019-05-06");
    assert_eq!(json["skipped"][0]["reason"], "first-day");
}

#[test]
fn every_error_in_both_languages() {
    let day: Day = "2027-01-04".parse().unwrap();
    let id = || "vn-public".to_owned();
    let from = "2018-01-01".parse().unwrap();
    let to = "2026-12-31".parse().unwrap();
    let errors = [
        "2020-02-30".parse::<Day>().unwrap_err(),
        "x\u{1b}[31m".parse::<Moment>().unwrap_err(),
        "7h30".parse::<giaouoc_worktime::Span>().unwrap_err(),
        "2020-03-05T16:00".parse::<Instant>().unwrap_err(),
        CalendarError::YearOutOfRange { year: 3020 },
        Zone::get("Hà Nội").unwrap_err(),
        Calendar::builtin("vn").unwrap_err(),
        CalendarError::BadFile { detail: "line 3".to_owned() },
        CalendarError::Inconsistent { place: id(), vi: "sai.".to_owned(), en: "wrong.".to_owned() },
        CalendarError::UnknownSwitch { name: "y".to_owned(), known: vec![] },
        CalendarError::OutsideCoverage { calendar: id(), year: 2027, from, to },
        CalendarError::NothingAnnounced { calendar: id(), as_announced_on: day },
        CalendarError::ZoneOnly { calendar: id(), function: "add working days" },
        CalendarError::HoursAcrossClockChange { calendar: id(), day },
        CalendarError::NeedsTimeOfDay { day },
        CalendarError::NegativeAmount { amount: -5 },
        CalendarError::PauseReversed { from: "b".to_owned(), to: "a".to_owned() },
        CalendarError::LengthMismatch { expected: 3, found: 2 },
    ];
    let lines: Vec<String> = errors.iter().map(|e| format!("{}\n{e}\n", e.vi())).collect();
    assert!(errors.iter().all(|e| !e.vi().contains('\u{1b}') && e.to_string() == e.en()));
    insta::assert_snapshot!(lines.join("\n"));
}
