//! Cases reckoned by an independent day loop over the Python package `holidays`
//! (`scripts/worktime-oracle.py`): 500 are committed; `GIAOUOC_ORACLE_CASES` names a file with more.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails must say so")]

mod common;

use common::{Cells, answer};
use giaouoc_worktime::Calendar;

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
