//! What is derived from the rows can be deleted or damaged at any time: whoever writes makes it again, whoever reads is
//! told what to do, and `fsck` does not call right what figures are read from.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/work.rs"]
mod work;

use std::fs;
use std::path::PathBuf;

use arrow::array::{AsArray, RecordBatch};
use giaouoc_agreement::kinds;
use giaouoc_journal::{About, Disk, Journal, JournalError, Prepare, Scope, Weight, fsck};
use tempfile::TempDir;
use work::{plan, titled};

/// Three uploads of plans: A and B, B again, C.
fn journal() -> (TempDir, Journal) {
    let folder = work::folder();
    let mut journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("empty");
    for rows in [&[("A", "một"), ("B", "hai")][..], &[("B", "hai rưỡi")], &[("C", "ba")]] {
        assert!(work::load(&mut journal, &titled(rows), None, false).expect("loaded"));
    }
    (folder, journal)
}

/// What fsck finds, but for what is left over.
fn found(journal: &Journal) -> Vec<String> {
    let checked = fsck(journal.disk(), kinds::builtin(), &mut |_| {}).expect("read");
    checked.findings.into_iter().map(|it| it.text.en).collect()
}

fn live(journal: &Journal) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for batch in journal.net(plan(), journal.head()).expect("net rows") {
        let code =
            arrow::compute::cast(batch.column_by_name("code").unwrap(), &arrow::datatypes::DataType::Utf8);
        codes.extend(code.unwrap().as_string::<i32>().iter().flatten().map(str::to_owned));
    }
    codes.sort_unstable();
    codes
}

fn files(journal: &Journal, folder: &str) -> Vec<PathBuf> {
    let names = journal.disk().list(folder).expect("read");
    names.iter().map(|name| journal.disk().path(&format!("{folder}/{name}"))).collect()
}

/// The ways in which a file of the index is damaged: at its end, which is read when it is opened, in a block, which
/// is read when it is looked into, and wholly.
const HARMS: [fn(Vec<u8>) -> Vec<u8>; 4] = [
    |bytes| bytes[..bytes.len() - 1].to_vec(),
    |mut bytes| {
        bytes[20] ^= 1;
        bytes
    },
    |_| b"not an index at all, and no longer than that, which it need not be".to_vec(),
    |_| Vec::new(),
];

type Work = fn(&mut Journal);

/// What looks into the index and may write, and what is live after it.
const WORKS: [(Work, &[&str]); 7] = [
    (
        |journal| {
            let rows = titled(&[("A", "khác"), ("B", "khác"), ("D", "bốn")]);
            assert!(work::load(journal, &rows, None, false).expect("loaded"));
        },
        &["A", "B", "C", "D"],
    ),
    (
        |journal| assert!(work::load(journal, &titled(&[("B", "hai rưỡi")]), None, true).expect("replaced")),
        &["B"],
    ),
    (
        |journal| {
            let keys = ["A", "B"].map(str::to_owned);
            assert!(work::withdraw_all(journal, None, &keys).expect("withdrawn"));
        },
        &["C"],
    ),
    (|journal| assert!(work::undo_one(journal, 2).expect("undone")), &["A", "B"]),
    (|journal| assert!(work::undo_one(journal, 1).expect("undone")), &["A", "B", "C"]),
    (|journal| assert!(journal.make_base(plan()).expect("made").is_some()), &["A", "B", "C"]),
    (
        |journal| {
            journal.merge_index(plan(), 0, 2).expect("merged");
            // One that was merged already is read again when there is something new.
            assert!(work::load(journal, &titled(&[("A", "khác")]), None, false).expect("loaded"));
            assert!(journal.merge_index(plan(), 0, 3).expect("merged") > 1);
        },
        &["A", "B", "C"],
    ),
];

#[test]
fn whoever_writes_makes_a_damaged_index_again() {
    for harm in HARMS {
        for merged in [false, true] {
            for (at, (work, expected)) in WORKS.iter().enumerate() {
                let (_folder, journal) = journal();
                if merged {
                    assert_eq!(journal.merge_index(plan(), 0, 2).expect("merged"), 3);
                }
                for path in files(&journal, "index") {
                    fs::write(&path, harm(fs::read(&path).expect("there"))).expect("written");
                }
                let mut journal = Journal::open(Disk::new(journal.disk().root())).expect("whole");
                work(&mut journal);
                assert_eq!(live(&journal), *expected, "work {at}");
                assert_eq!(found(&journal), [""; 0], "work {at}, merged: {merged}");
            }
        }
    }
}

#[test]
fn who_only_looks_at_a_damaged_index_is_told_to_delete_it() {
    let (_folder, journal) = journal();
    for path in files(&journal, "index") {
        fs::write(path, "damaged").expect("written");
    }
    let rows = titled(&[("A", "khác")]);
    let all = |batch: &RecordBatch| Ok(vec![true; batch.num_rows()]);
    let about = About {
        kind: plan(),
        namespace: None,
        exported_at: None,
        replace: Some(Scope(&all)),
        dry: true,
        salts: None,
    };
    let error = Prepare::new(&journal, about, &rows.schema()).map(drop).expect_err("damaged");
    assert!(matches!(error, JournalError::Derived { .. }), "{error:?}");
    let said = error.text();
    assert!(said.en.contains("delete this file") && !said.en.contains("backup"), "{}", said.en);
    assert!(said.vi.contains("hãy xoá tệp này") && !said.vi.contains("sao lưu"), "{}", said.vi);
}

#[test]
fn folders_of_what_is_derived_are_made_again() {
    let works: [Work; 4] = [
        |journal| assert!(journal.make_base(plan()).expect("made").is_some()),
        |journal| assert_eq!(journal.merge_index(plan(), 0, 2).expect("merged"), 3),
        |journal| assert_eq!(journal.merge_rows(plan(), 0, 2).expect("merged"), 3),
        |journal| assert_eq!(journal.tidy(kinds::builtin()).expect("tidied").swept, 0),
    ];
    for work in works {
        let (_folder, mut journal) = journal();
        for folder in ["index", "base"] {
            fs::remove_dir_all(journal.disk().path(folder)).expect("there");
        }
        work(&mut journal);
        assert_eq!(found(&journal), [""; 0]);
    }
}

/// Killed after it has given the merged file its name, a merge leaves the small ones. Nobody reads them.
#[test]
fn tidying_removes_what_a_killed_merge_has_left() {
    let (_folder, journal) = journal();
    let all = || [files(&journal, "rows"), files(&journal, "index")].concat();
    let small: Vec<(PathBuf, Vec<u8>)> =
        all().into_iter().map(|path| (path.clone(), fs::read(path).expect("there"))).collect();
    assert_eq!(small.len(), 7, "three of rows brought, one taken back, three of the index");
    journal.merge_rows(plan(), 0, 1).expect("merged");
    let middle: Vec<(PathBuf, Vec<u8>)> =
        all().into_iter().map(|path| (path.clone(), fs::read(path).expect("there"))).collect();
    journal.merge_rows(plan(), 0, 2).expect("merged");
    journal.merge_index(plan(), 0, 2).expect("merged");
    let merged = all();
    for (path, bytes) in small.iter().chain(&middle) {
        fs::write(path, bytes).expect("written");
    }
    assert_eq!(found(&journal).len(), 9);
    assert_eq!(journal.tidy(kinds::builtin()).expect("tidied").swept, 9);
    assert_eq!(all(), merged);
    assert_eq!(found(&journal), [""; 0]);
    assert_eq!(live(&journal), ["A", "B", "C"]);
    assert_eq!(journal.tidy(kinds::builtin()).expect("tidied").swept, 0);
}

/// Everything accepted is there, and figures are wrong all the same.
#[test]
fn a_journal_with_a_wrong_base_or_index_is_not_right() {
    for folder in ["base", "index"] {
        let (_folder, journal) = journal();
        journal.make_base(plan()).expect("made");
        let look = || fsck(journal.disk(), kinds::builtin(), &mut |_| {}).expect("read");
        assert!(look().is_right());
        let path = files(&journal, folder).remove(0);
        fs::write(&path, "damaged").expect("written");
        let checked = look();
        assert!(checked.is_whole() && !checked.is_right(), "{:?}", checked.findings);
        assert!(checked.findings.iter().all(|it| it.weight == Weight::Derived), "{:?}", checked.findings);
    }
}

#[test]
fn a_base_that_cannot_be_read_is_not_read() {
    let (_folder, journal) = journal();
    let history = journal.view("plan", journal.head()).expect("read");
    journal.make_base(plan()).expect("made");
    assert_ne!(journal.view("plan", journal.head()).expect("read"), history);
    fs::write(files(&journal, "base").remove(0), "damaged").expect("written");
    assert_eq!(journal.view("plan", journal.head()).expect("read"), history);
}
