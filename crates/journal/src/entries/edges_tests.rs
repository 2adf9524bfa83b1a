//! How long a line may be, what stands behind a line that does not hold, which entries are transfers.

use std::fs;

use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::tests::{journal, sealed, small, start};
use super::*;

fn transfer(to: &str) -> Draft {
    let what = What::Transfer(Transfer { kind: "plan".into(), from: None, to: Some(to.into()) });
    Draft { what, ..small("a") }
}

/// The limit counts the line's end.
#[test]
fn a_line_may_be_as_long_as_the_limit_and_no_longer() {
    let (_folder, disk, mut entries) = journal(&[small("a")]);
    let lock = Lock::acquire(&disk).expect("free");
    let of = |length: usize| Draft { reason: Some("x".repeat(length)), ..small("b") };
    let mut other = entries.clone();
    other.append(&disk, &lock, of(1), start()).expect("appended");
    let around = usize::try_from(other.whole - entries.whole).expect("short") - 1;
    fs::write(disk.path(ENTRIES), format!("{}\n", write::line(entries.get(0).expect("there")))).expect("cut");
    let error = entries.append(&disk, &lock, of(LINE_LIMIT - around + 1), start()).expect_err("too long");
    assert!(matches!(error, JournalError::TooLarge { .. }), "{error}");
    let before = entries.whole;
    entries.append(&disk, &lock, of(LINE_LIMIT - around), start()).expect("as long as may be");
    assert_eq!(entries.whole - before, LINE_LIMIT as u64);
    assert_eq!(Entries::read(&disk).expect("whole"), entries);
}

/// What was never acknowledged is no longer than a line.
#[test]
fn what_stands_behind_the_lines_is_torn_only_when_it_is_no_longer_than_a_line() {
    let (_folder, disk, entries) = journal(&[small("a")]);
    let lines = fs::read(disk.path(ENTRIES)).expect("there");
    // More than is read at once, and no end in sight.
    let beyond = usize::try_from(CHUNK).expect("few") + 1;
    for (length, torn) in
        [(LINE_LIMIT, true), (LINE_LIMIT + 1, false), (LINE_LIMIT + 2, false), (beyond, false)]
    {
        fs::write(disk.path(ENTRIES), [&lines[..], &vec![b'x'; length]].concat()).expect("written");
        match Entries::read(&disk) {
            Ok(read) => assert!(torn && read.torn() == length as u64 && read.head() == 1, "{length}"),
            Err(JournalError::Line { entry: 1, fault: LineFault::TooLong }) => assert!(!torn, "{length}"),
            Err(error) => panic!("{length}: {error}"),
        }
    }
    assert_eq!(entries.torn(), 0);
}

/// After the first fault every line is held against the one before it, where that can be read.
#[test]
fn a_survey_says_all_that_is_wrong() {
    let (_folder, disk, entries) = journal(&["a", "b", "c", "d", "e", "f", "g"].map(small));
    let mut lines: Vec<String> = entries.iter().map(write::line).collect();
    lines[1] = lines[1].replace("vì sao", "vì gì");
    lines[4] = lines[3].clone();
    lines[6] = "hello".into();
    fs::write(disk.path(ENTRIES), lines.join("\n") + "\n").expect("written");
    let (read, wrong) = Entries::survey(&disk).expect("looked");
    assert_eq!(read.head(), 1);
    let found: Vec<(u64, LineFault)> = wrong
        .into_iter()
        .map(|error| match error {
            JournalError::Line { entry, fault } => (entry, fault),
            error => panic!("{error}"),
        })
        .collect();
    // Line 2 follows one that cannot be read, line 3 follows line 2, line 5 follows what stands in line 4.
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(matches!(found[0], (1, LineFault::Hash { .. })), "{found:?}");
    assert_eq!(found[1], (4, LineFault::Number { found: 3 }));
    assert_eq!(found[2], (5, LineFault::Chain));
    assert!(matches!(found[3], (6, LineFault::Form(_))), "{found:?}");
}

#[test]
fn transfers_are_told_from_an_entry_on() {
    let drafts = [transfer("a"), small("x"), transfer("b"), transfer("c"), small("y")];
    let (_folder, _, entries) = journal(&drafts);
    let from = |number: u64| -> Vec<(u64, &str)> {
        let told = entries.transfers_from(number);
        told.map(|(entry, transfer)| (entry.number, transfer.to.as_deref().expect("to somebody"))).collect()
    };
    assert_eq!(from(0), [(0, "a"), (2, "b"), (3, "c")]);
    assert_eq!(from(1), [(2, "b"), (3, "c")]);
    assert_eq!(from(2), [(2, "b"), (3, "c")]);
    assert_eq!(from(3), [(3, "c")]);
    assert_eq!(from(4), []);
}

#[test]
fn a_hash_is_64_hex_digits_in_lower_case() {
    let hash: Hash = std::array::from_fn(|at| 250_u8.wrapping_add(at as u8));
    let text = hex(&hash);
    assert_eq!(text.len(), 64);
    assert_eq!(unhex(&text), Some(hash));
    for wrong in [text.to_uppercase(), format!("{text}00"), text[2..].to_owned(), format!("+{}", &text[1..])]
    {
        assert_eq!(unhex(&wrong), None, "{wrong}");
    }
}

/// A member inside another is named with it.
#[test]
fn what_is_wrong_inside_a_member_is_named_with_it() {
    let rows = Rows { plus: 1, minus: 0, columns: Vec::new(), root: [0; 32], back: None };
    let what = What::Withdraw(Withdraw { kind: "plan".into(), namespace: None, rows });
    let (_folder, _, entries) = journal(&[Draft { what, ..small("a") }]);
    let line = write::line(entries.get(0).expect("there"));
    let mut value: Value = serde_json::from_str(&line).expect("JSON");
    value["rows"]["plus"] = json!("one");
    let fault = parse_line(&sealed(value)).expect_err("no number");
    let text = Text::new(
        "rows.plus: phải là số nguyên không âm dưới 2^53",
        "rows.plus: must be a whole number below 2^53",
    );
    assert_eq!(fault, LineFault::Form(text));
}

#[test]
fn a_moment_before_all_entries_knows_none_of_them() {
    let (folder, disk, entries) = journal(&[small("a"), small("b"), small("c")]);
    let journal = crate::journal::Journal::of(disk, entries);
    let known = [-1, 0, 59, 60, 120, 999].map(|seconds| journal.known_at(start() + seconds.seconds()));
    assert_eq!(known, [0, 1, 1, 2, 3, 3]);
    assert_eq!(journal.known_at(Timestamp::MIN), 0);
    drop(folder);
}
