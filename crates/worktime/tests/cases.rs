//! Worked cases, most of them traps that common tools fall into; the reason stands in each row.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails must say so")]

mod common;

use common::{Cells, answer};
use giaouoc_worktime::{CalendarFile, LocalRules};
use std::collections::BTreeMap;

#[test]
fn worked_cases() {
    let file = CalendarFile::builtin("vn-public").unwrap();
    let mut calendars = BTreeMap::new();
    let (mut count, mut wrong) = (0, Vec::new());
    for (number, line) in include_str!("cases.csv").lines().enumerate().skip(1) {
        let all: Vec<&str> = line.splitn(7, ',').collect();
        let [announced, op, a, b, c, expected, why] = all[..] else { panic!("line {}: {line}", number + 1) };
        let calendar = calendars.entry(announced).or_insert_with(|| {
            let day = (!announced.is_empty()).then(|| announced.parse().unwrap());
            file.version(day, &BTreeMap::new(), &LocalRules::default()).unwrap()
        });
        let found = answer(&Cells { calendar, cells: vec![op, a, b, c] });
        if found != expected {
            wrong
                .push(format!("cases.csv:{}: {op} {a} {b} {c}: {found}, not {expected} ({why})", number + 1));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 60);
}
