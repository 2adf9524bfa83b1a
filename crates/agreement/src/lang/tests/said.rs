//! Conditions in words, printed, canonical, traced.

use std::fmt::Write as _;

use super::sample::{World, kind, read, row};
use crate::lang::{Wanted, canonical, print, trace, words};

const CONDITIONS: [&str; 38] = [
    "finished_at in period and outcome in ('granted', 'refused')",
    "day(finished_at) <= day(first_due_at)",
    "settled and (online or channel = 'fax')",
    "online and held_on in period or not online and outcome != 'returned'",
    "not (online and limit_days > 5)",
    "not limit_days > 5",
    "online = false",
    "not online",
    "online = (limit_days > 5)",
    "limit_days = 5 or limit_days not in (1, 2, 3)",
    "limit_days >= 5 and paused_minutes < 10 and paused_minutes != 3",
    "finished_at is known and first_due_at is not known",
    "finished_at < first_due_at",
    "held_on = planned_on or held_on != 2020-03-05 or held_on in (2020-03-05, 2020-03-06)",
    "held_on not in period",
    "day(received_at) in period",
    "outcome not in ('granted', 'refused')",
    "note = 'abc' and coalesce(outcome, last_outcome) = 'granted'",
    "day(finished_at) <= add_working_days(day(received_at), limit_days)",
    "day(finished_at) <= add_calendar_days(day(received_at), 1)",
    "held_on >= add_months(period.start, 6) and held_on <= as_of",
    "day(finished_at, 'UTC') > period.end",
    "work_minutes(received_at, finished_at, pauses) <= 480",
    "work_minutes(received_at, finished_at) + paused_minutes * 2 <= 8 * 60",
    "work_days(day(received_at), day(finished_at)) <= limit_days",
    "finished_at <= add_working_hours(received_at, 8)",
    "day(finished_at) <= day(due_by(received_at, time_limit))",
    "finished_at <= due_by(received_at, '8 giờ làm việc')",
    "finished_at - received_at <= 24 hours",
    "held_on - planned_on > 1 day",
    "held_on <= planned_on + 3 days and held_on >= planned_on - 1 day",
    "is_working_day(held_on) and not outside_hours(received_at)",
    "not is_working_day(held_on) or outside_hours(received_at)",
    "count(due_changes) = 0 and count(pauses) <= 2",
    "true",
    "not coalesce(online, false) and coalesce(online, true) and coalesce(online, settled, false)",
    "day(coalesce(finished_at, first_due_at)) in period and coalesce(limit_days, paused_minutes, 0) = 0",
    "-limit_days < -(limit_days - 1) - (2 - paused_minutes)",
];

#[test]
fn conditions_are_said_in_both_languages() {
    let kind = kind();
    let mut said = String::new();
    for text in CONDITIONS {
        let tree = read(text, Wanted::Flag).unwrap();
        let words = words(&tree, &kind);
        let _ = writeln!(said, "{text}\n  {}\n  vi {}\n  en {}", print(&tree, &kind), words.vi, words.en);
    }
    insta::assert_snapshot!(said);
}

#[test]
fn the_canonical_form_is_this_and_no_other() {
    let kind = kind();
    let mut forms = String::new();
    for text in CONDITIONS {
        let tree = read(text, Wanted::Flag).unwrap();
        let _ = writeln!(forms, "{}", canonical(&tree, &kind));
    }
    insta::assert_snapshot!(forms);
}

#[test]
fn spacing_brackets_and_definitions_leave_no_trace() {
    let kind = kind();
    let form = |text: &str| canonical(&read(text, Wanted::Flag).unwrap(), &kind);
    let same = [
        "outcome in ('granted', 'refused') and online and 24 hours = 1 day",
        "((outcome in('granted','refused')and online))\n and (1_440 minutes=1 days)",
        "settled and (online and 1 day = 1 day)",
        "result in ('granted', 'refused') and online and --1 day = 1 day",
    ];
    for other in same {
        assert_eq!(form(same[0]), form(other), "{other}");
    }
    let different = [
        "online and outcome in ('granted', 'refused') and 24 hours = 1 day",
        "outcome in ('refused', 'granted') and online and 24 hours = 1 day",
        "outcome in ('granted', 'refused') and not online and 24 hours = 1 day",
    ];
    for other in different {
        assert_ne!(form(same[0]), form(other), "{other}");
    }
}

#[test]
fn a_trace_shows_what_decided() {
    let world = World::new();
    let deciding = |text: &str, cells: &str| {
        let tree = read(text, Wanted::Flag).unwrap();
        let row = row(&world.kind, cells);
        let trace = trace(&tree, row.as_slice(), &world.context());
        let parts = trace.deciding().into_iter().map(|part| print(part.tree, &world.kind));
        parts.collect::<Vec<_>>().join("; ")
    };
    let text = "settled and finished_at in period and (online or limit_days > 5)";
    let base = "outcome=granted, finished_at=2020-03-05";
    assert_eq!(deciding(text, &format!("{base}, online=false, limit_days=3")), "online; limit_days > 5");
    assert_eq!(
        deciding(text, &format!("{base}, online=true, limit_days=3")),
        "outcome in ('granted', 'refused'); finished_at in period; online"
    );
    assert_eq!(deciding(text, &format!("{base}, online=false")), "limit_days > 5");
    assert_eq!(deciding(text, "outcome=returned, online=true"), "outcome in ('granted', 'refused')");
}

#[test]
fn a_trace_looks_no_further_than_the_evaluator() {
    let world = World::new();
    let tree = read("online and is_working_day(2099-01-01) and limit_days = 1", Wanted::Flag).unwrap();
    let row = row(&world.kind, "online=false, limit_days=1");
    let trace = trace(&tree, row.as_slice(), &world.context());
    let looked: Vec<bool> = trace.parts.iter().map(|part| part.looked_at).collect();
    assert_eq!(looked, [true, false, false]);
    assert!(trace.value.is_ok() && trace.parts[1].value.is_err());
}
