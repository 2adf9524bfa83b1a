//! Files of personal values: what is read, what is left alone, and what others may have done meanwhile.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/work.rs"]
mod work;

use std::fs;
use std::sync::{Arc, Mutex};

use giaouoc_journal::{Disk, Hooks, Journal, JournalError, Op, Salts};
use tempfile::TempDir;
use work::people;

/// Two entries with one value each.
fn journal(seed: u64) -> (TempDir, Journal) {
    let folder = work::folder();
    let mut journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("empty");
    for (key, seed) in [("A", seed), ("B", seed + 1)] {
        let rows = people::batch(&[(key, Some("Lan"), "một")]);
        assert!(people::load(&mut journal, &rows, seed).expect("loaded"));
    }
    (folder, journal)
}

/// Killed before its commit, an upload has left its values under the number of the entry that it was to be.
#[test]
fn values_of_an_entry_that_is_none_yet_are_not_read() {
    let (_folder, journal) = journal(1);
    let (_other, theirs) = self::journal(10);
    let before = journal.personal().expect("read");
    assert_eq!(before.len(), 2);
    let left = journal.disk().path("personal/00000002.parquet");
    fs::copy(theirs.disk().path("personal/00000000.parquet"), left).expect("copied");
    assert_eq!(journal.personal().expect("read"), before);
}

#[derive(Default)]
struct Renamed(Mutex<Vec<String>>);

impl Hooks for Renamed {
    fn point(&self, _: &str) {}

    fn did(&self, op: Op) {
        if let Op::Rename { to, .. } = op {
            self.0.lock().expect("not poisoned").push(to);
        }
    }
}

#[test]
fn an_erasure_writes_only_the_files_that_hold_what_it_erases() {
    let (_folder, journal) = journal(1);
    let seen = Arc::new(Renamed::default());
    let disk = Disk::with_hooks(journal.disk().root(), Arc::<Renamed>::clone(&seen));
    let mut journal = Journal::open(disk).expect("there");
    let lock = journal.lock().expect("free");
    let now = work::now(&journal);
    let erased = journal.erase(&lock, people::kind(), &["A".to_owned()], work::signed(), now);
    assert_eq!(erased.expect("erased").made, Some((2, 1)));
    let names = ["00000002.erasing.parquet", "00000000.parquet", "00000002.erased.parquet"];
    let expected: Vec<String> = names.iter().map(|name| format!("personal/{name}")).collect();
    assert_eq!(*seen.0.lock().expect("not poisoned"), expected);
}

/// Who misspells a key, and hears that another's value was erased, believes that both were.
#[test]
fn keys_of_which_nothing_was_erased_are_told() {
    let (_folder, mut journal) = journal(1);
    let plain = people::batch(&[("C", None, "không tên")]);
    assert!(people::load(&mut journal, &plain, 7).expect("loaded"));
    let lock = journal.lock().expect("free");
    let now = work::now(&journal);
    let mut erase = |keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        journal.erase(&lock, people::kind(), &keys, work::signed(), now).expect("erased")
    };
    let erased = erase(&["A", "C", "A-typo"]);
    assert_eq!(erased.made, Some((3, 1)));
    assert_eq!((erased.without, erased.unknown), (vec!["C".to_owned()], vec!["A-typo".to_owned()]));
    let again = erase(&["A"]);
    assert_eq!((again.made, again.without, again.unknown), (None, vec!["A".to_owned()], vec![]));
}

/// What is not asked for cannot be in the way.
#[test]
fn an_upload_without_personal_columns_does_not_read_personal_values() {
    let (_folder, mut journal) = journal(1);
    fs::write(journal.disk().path("personal/00000000.parquet"), "not Parquet").expect("written");
    let rows = people::batch(&[("A", Some("Lan"), "hai")]);
    let open = rows.project(&[0, 1, 2]).expect("columns");
    let salt = || Ok([9; 32]);
    let load = |journal: &mut Journal, batch| {
        work::load_of(people::kind(), journal, batch, None, false, Some(Salts(&salt)))
    };
    assert!(load(&mut journal, &open).expect("loaded"));
    assert!(matches!(load(&mut journal, &rows), Err(JournalError::Damaged { .. })));
}

/// Between listing and opening, another process may finish the erasure: its list is named, and is gone. What the
/// system says otherwise is an error.
#[cfg(unix)]
#[test]
fn a_list_that_is_gone_by_now_is_of_an_erasure_that_is_finished() {
    let (_folder, mut journal) = journal(1);
    let lock = journal.lock().expect("free");
    let now = work::now(&journal);
    journal.erase(&lock, people::kind(), &["A".to_owned()], work::signed(), now).expect("erased");
    let list = journal.disk().path("personal/00000002.erasing.parquet");
    std::os::unix::fs::symlink("nowhere", &list).expect("made");
    assert_eq!(journal.pending_erasures().expect("finished by somebody"), 0);
    fs::remove_file(&list).expect("there");
    // A name that leads to itself.
    std::os::unix::fs::symlink("00000002.erasing.parquet", &list).expect("made");
    assert!(matches!(journal.pending_erasures(), Err(JournalError::Io { .. })));
}
