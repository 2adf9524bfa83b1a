//! What is committed when others were quicker, what killed runs left under an entry's names, transfers, and the index
//! as readers find it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/work.rs"]
mod work;

use std::fs;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use giaouoc_journal::{Disk, Journal, JournalError, Prepared, Transfer, What, Withdraw};
use tempfile::TempDir;
use work::plan;

fn plans(keys: &[&str], title: &str) -> RecordBatch {
    let text = |values: Vec<&str>| -> ArrayRef { Arc::new(StringArray::from(values)) };
    RecordBatch::try_from_iter([
        ("code", text(keys.to_vec())),
        ("unit", text(vec!["H26.01"; keys.len()])),
        ("title", text(vec![title; keys.len()])),
    ])
    .expect("a batch")
}

fn load(journal: &mut Journal, namespace: &str, keys: &[&str], title: &str) {
    work::load(journal, &plans(keys, title), Some(namespace), false).expect("loaded");
}

/// One entry of `H26.01` with three plans.
fn journal() -> (TempDir, Journal) {
    let folder = work::folder();
    let mut journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("empty");
    load(&mut journal, "H26.01", &["A", "B", "C"], "one");
    (folder, journal)
}

fn withdrawal(journal: &Journal, key: &str) -> Prepared {
    journal.prepare_withdrawal(plan(), Some("H26.01"), &[key.to_owned()]).expect("compared").prepared
}

fn commit(journal: &mut Journal, prepared: Prepared) -> Result<Option<u64>, JournalError> {
    let lock = journal.lock()?;
    let now = work::now(journal);
    journal.commit(&lock, prepared, work::signed(), now, |rows| {
        What::Withdraw(Withdraw { kind: "plan".into(), namespace: Some("H26.01".into()), rows })
    })
}

fn transfer(journal: &mut Journal, kind: &str, from: &str, to: &str) -> u64 {
    let lock = journal.lock().expect("free");
    let now = work::now(journal);
    let what = Transfer { kind: kind.into(), from: Some(from.into()), to: Some(to.into()) };
    journal.record(&lock, What::Transfer(what), work::signed(), now).expect("recorded")
}

/// Something that was prepared before others committed is committed all the same, unless they touched its records or
/// who owns them.
#[test]
fn what_others_did_not_touch_is_committed() {
    type Meanwhile = fn(&mut Journal);
    let cases: [(&str, Meanwhile, bool); 6] = [
        ("nothing", |_| {}, true),
        ("another record", |journal| load(journal, "H26.01", &["B"], "two"), true),
        ("the record", |journal| load(journal, "H26.01", &["A"], "two"), false),
        (
            "other records change hands",
            |journal| assert!(transfer(journal, "dossier", "H26.01", "H26.02") > 0),
            true,
        ),
        ("it changes hands", |journal| assert!(transfer(journal, "plan", "H26.01", "H26.02") > 0), false),
        (
            "another record, merged already",
            |journal| {
                load(journal, "H26.01", &["B"], "two");
                journal.merge_index(plan(), 0, 1).expect("merged");
            },
            false,
        ),
    ];
    for (name, meanwhile, committed) in cases {
        let (_folder, mut journal) = journal();
        let prepared = withdrawal(&journal, "A");
        let mut other = journal.again();
        meanwhile(&mut other);
        let number = commit(&mut journal, prepared).expect("asked");
        assert_eq!(number, committed.then(|| other.head()), "{name}");
        let live = journal.live(plan(), "A").expect("looked up");
        assert_eq!(live.is_none(), committed, "{name}");
    }
}

/// What a killed run left under the names of the next entry does not pass for that entry's.
#[test]
fn what_a_killed_run_left_is_not_taken_for_the_next_entry() {
    let (_folder, mut journal) = journal();
    let names = ["rows/00000001.parquet", "personal/00000001.parquet"];
    names.iter().for_each(|name| fs::write(journal.disk().path(name), "left").expect("written"));
    let prepared = withdrawal(&journal, "A");
    assert_eq!(commit(&mut journal, prepared).expect("committed"), Some(1));
    assert!(!journal.disk().path(names[0]).exists(), "the entry brought nothing");
    assert!(!journal.disk().path(names[1]).exists(), "it has no personal values");
    work::whole(journal.disk(), &[work::last(&journal)], 1);
}

#[test]
fn an_entry_without_rows_has_its_number() {
    let (_folder, mut journal) = journal();
    for number in 1..4 {
        assert_eq!(transfer(&mut journal, "plan", "H26.01", "H26.02"), number);
        assert_eq!(journal.head(), number + 1);
        assert!(matches!(journal.entry(number).expect("there").what, What::Transfer(_)));
    }
    let mut other = Journal::open(journal.disk().clone()).expect("whole");
    transfer(&mut journal, "plan", "H26.02", "H26.01");
    assert_eq!(other.head(), 4);
    other.refresh().expect("read");
    assert_eq!(other.head(), 5);
}

/// Records go from hand to hand by the transfers of their kind, from the one who has them then.
#[test]
fn the_owner_is_who_had_it_last_as_of_an_entry() {
    let (_folder, mut journal) = journal();
    for (kind, from, to) in [
        ("dossier", "H26.01", "H26.09"),
        ("plan", "H26.08", "H26.09"),
        ("plan", "H26.01", "H26.02"),
        ("plan", "H26.01", "H26.07"),
        ("plan", "H26.02", "H26.03"),
    ] {
        transfer(&mut journal, kind, from, to);
    }
    load(&mut journal, "H26.02", &["D"], "one");
    let owners = |entry: u64| (0..=7).map(|head| journal.owner(entry, head)).collect::<Vec<_>>();
    let of = |unit: &str| Some(format!("H26.{unit}"));
    let first = ["01", "01", "01", "01", "02", "02", "03", "03"].map(of);
    assert_eq!(owners(0), first);
    assert_eq!(owners(6), vec![of("02"); 8], "what came after the transfers is nobody else's");
}

#[test]
fn an_upload_that_changes_nothing_has_no_file() {
    let (_folder, mut journal) = journal();
    let files = |journal: &Journal| -> Vec<String> {
        ["rows", "index"].iter().flat_map(|folder| journal.disk().list(folder).expect("listed")).collect()
    };
    let before = files(&journal);
    load(&mut journal, "H26.01", &["A", "B", "C"], "one");
    assert_eq!(journal.head(), 2);
    assert_eq!(files(&journal), before);
}

/// Who may not write makes files of the index that are missing in memory, who writes makes them as they were.
#[test]
fn files_of_the_index_that_are_missing_are_made_again() {
    let (_folder, mut journal) = journal();
    load(&mut journal, "H26.01", &["B"], "two");
    let prepared = withdrawal(&journal, "C");
    commit(&mut journal, prepared).expect("committed").expect("not moved");
    let disk = journal.disk().clone();
    let names = disk.list("index").expect("listed");
    assert_eq!(names.len(), 3);
    let path = |name: &String| disk.path(&format!("index/{name}"));
    let files: Vec<Vec<u8>> = names.iter().map(|name| fs::read(path(name)).expect("there")).collect();
    names.iter().for_each(|name| fs::remove_file(path(name)).expect("removed"));
    let address = |key: &str| {
        let live = journal.live(plan(), key).expect("looked up");
        live.map(|version| (version.entry, version.row))
    };
    assert_eq!(["A", "B", "C", "D"].map(address), [Some((0, 0)), Some((1, 0)), None, None]);
    assert_eq!(disk.list("index").expect("listed"), Vec::<String>::new(), "nothing is written for a reader");
    journal.index(plan()).expect("made");
    assert_eq!(disk.list("index").expect("listed"), names);
    for (name, bytes) in names.iter().zip(files) {
        assert!(fs::read(path(name)).expect("there") == bytes, "{name}");
    }
    assert!(!format!("{journal:?}").contains("[Some"), "no file in memory is shown");
    assert!(format!("{journal:?}").ends_with("made: Made }"));
}

/// A merged file of the index that has entries which a reader does not know of yet is not for that reader.
#[test]
fn a_reader_does_not_look_into_the_index_of_entries_to_come() {
    let (_folder, mut journal) = journal();
    load(&mut journal, "H26.01", &["B"], "two");
    let reader = journal.again();
    load(&mut journal, "H26.01", &["B"], "three");
    journal.merge_index(plan(), 0, 2).expect("merged");
    let live = |journal: &Journal| journal.live(plan(), "B").expect("looked up").expect("live").entry;
    assert_eq!((live(&reader), live(&journal)), (1, 2));
}

/// More rows of one entry than are read at once; bases hold what is live and only the newest one is kept.
#[test]
fn a_base_of_a_long_entry_has_its_live_rows() {
    const ROWS: usize = (1 << 16) + 5;
    let folder = work::folder();
    let mut journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("empty");
    let keys: Vec<String> = (0..ROWS).map(|at| format!("{at}")).collect();
    load(&mut journal, "H26.01", &keys.iter().map(String::as_str).collect::<Vec<_>>(), "one");
    journal.make_base(plan()).expect("made").expect("rows");
    load(&mut journal, "H26.01", &[&keys[7], &keys[ROWS - 3]], "two");
    assert_eq!(journal.make_base(plan()).expect("made").expect("rows").entry, 1);
    assert_eq!(journal.bases("plan").expect("listed").len(), 1, "the older one is gone");
    work::whole(journal.disk(), &[], 2);
    let base = journal.view("plan", 2).expect("listed");
    assert_eq!(base.iter().map(|part| part.rows).collect::<Vec<_>>(), [ROWS as u64]);
}
