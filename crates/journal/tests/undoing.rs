//! Undoing an entry restores what it found, but for records that somebody has touched since.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/work.rs"]
mod work;

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::DataType;
use giaouoc_journal::{Disk, Journal};
use tempfile::TempDir;
use work::{plan, titled};

/// What happens to one record.
enum Step {
    Brought(&'static str),
    Withdrawn,
    Undone(u64),
}
use Step::{Brought, Undone, Withdrawn};

fn journal(steps: &[Step]) -> (TempDir, Journal) {
    let folder = work::folder();
    let mut journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("empty");
    for step in steps {
        let done = match step {
            Brought(title) => work::load(&mut journal, &titled(&[("K", title)]), None, false),
            Withdrawn => work::withdraw_all(&mut journal, None, &["K".to_owned()]),
            Undone(of) => work::undo_one(&mut journal, *of),
        };
        assert!(done.expect("done"));
    }
    (folder, journal)
}

/// The record's title as it is.
fn title(journal: &Journal) -> Option<String> {
    let live = journal.live(plan(), "K").expect("looked up")?;
    let titles = cast(live.batch.column_by_name("title").expect("there"), &DataType::Utf8).expect("text");
    Some(titles.as_string::<i32>().value(0).to_owned())
}

/// After these steps the undoing of an entry leaves the record as it is.
fn left(steps: &[Step], of: u64) {
    let (_folder, journal) = journal(steps);
    let undoing = journal.prepare_undo(plan(), of).expect("compared");
    assert_eq!((undoing.left, undoing.prepared.is_empty()), (vec!["K".to_owned()], true));
}

/// After these steps, of which the last undoes an entry, the record is this.
fn restored(steps: &[Step], expected: Option<&str>) {
    let (_folder, journal) = journal(steps);
    assert_eq!(title(&journal).as_deref(), expected);
}

#[test]
fn an_undo_that_made_something_else_of_a_record_counts_as_a_touch() {
    left(&[Brought("một"), Brought("hai"), Brought("ba"), Undone(2)], 0);
    restored(&[Brought("một"), Brought("hai"), Brought("ba"), Undone(2), Undone(1)], Some("một"));
}

#[test]
fn a_withdrawal_is_undone_once() {
    restored(&[Brought("một"), Withdrawn, Undone(1)], Some("một"));
    left(&[Brought("một"), Withdrawn, Undone(1)], 1);
}

#[test]
fn a_withdrawal_is_undone_when_what_came_after_it_was() {
    restored(&[Brought("một"), Withdrawn, Brought("hai"), Undone(2), Undone(1)], Some("một"));
    left(&[Brought("một"), Withdrawn, Brought("hai")], 1);
    left(&[Brought("một"), Withdrawn, Brought("hai"), Withdrawn], 1);
}
