//! What tidying does and does not touch, entries of more rows than are read at once, and what happened since.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/work.rs"]
mod work;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use giaouoc_journal::{Disk, Journal, Transfer, What};
use tempfile::TempDir;
use work::plan;

fn journal() -> (TempDir, Journal) {
    let folder = work::folder();
    let journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("empty");
    (folder, journal)
}

/// Loads plans of one title by their codes.
fn load<K: AsRef<str>>(journal: &mut Journal, namespace: Option<&str>, codes: &[K], title: &str) {
    let rows: Vec<(&str, &str)> = codes.iter().map(|code| (code.as_ref(), title)).collect();
    assert!(work::load(journal, &work::titled(&rows), namespace, false).expect("loaded"));
}

fn withdraw(journal: &mut Journal, codes: &[String]) {
    assert!(work::withdraw_all(journal, None, codes).expect("withdrawn"));
}

/// Code and title of each row.
fn titles(batch: &RecordBatch) -> Vec<(String, String)> {
    let text = |name: &str| cast(batch.column_by_name(name).expect("there"), &DataType::Utf8).expect("text");
    let (codes, titles) = (text("code"), text("title"));
    let (codes, titles) = (codes.as_string::<i32>(), titles.as_string::<i32>());
    (0..batch.num_rows()).map(|row| (codes.value(row).to_owned(), titles.value(row).to_owned())).collect()
}

/// The net rows of the head, which both ways of reading them give alike, without empty batches.
fn net(journal: &Journal) -> BTreeMap<String, String> {
    let mut net = BTreeMap::new();
    for batch in journal.net(plan(), journal.head()).expect("net rows") {
        assert!(batch.num_rows() > 0);
        net.extend(titles(&batch));
    }
    let mut once = BTreeMap::new();
    let columns = ["code", "title"].iter().filter_map(|id| plan().column(id)).collect();
    journal
        .each_net(plan(), journal.head(), &columns, &mut |_, batch| {
            assert!(batch.num_rows() > 0);
            once.extend(titles(batch));
            Ok(())
        })
        .expect("one pass");
    assert_eq!(once.len(), net.len());
    assert!(once == net);
    net
}

#[test]
fn an_entry_may_have_more_rows_than_are_read_at_once() {
    let (_folder, mut journal) = journal();
    let all: Vec<String> = (0..70_000).map(|at| format!("K{at:05}")).collect();
    load(&mut journal, None, &all, "một");
    let some = ["K00001", "K09000", "K66000"];
    load(&mut journal, None, &some, "hai");
    withdraw(&mut journal, &all[69_000..]);
    let mut expected: BTreeMap<String, String> =
        all[..69_000].iter().map(|code| (code.clone(), "một".to_owned())).collect();
    expected.extend(some.map(|code| (code.to_owned(), "hai".to_owned())));
    assert!(net(&journal) == expected);
    let versions = journal.versions(plan(), "K66000", journal.head()).expect("read");
    let places: Vec<(u64, u64, Option<u64>)> =
        versions.iter().map(|version| (version.entry, version.row, version.taken_back)).collect();
    assert_eq!(places, [(0, 66_000, Some(1)), (1, 2, None)]);

    // Half of it withdrawn: the history has become much longer than what is left.
    withdraw(&mut journal, &all[20_000..66_000]);
    expected.retain(|code, _| code.as_str() < "K20000" || code.as_str() >= "K66000");
    let kinds = std::slice::from_ref(plan());
    assert_eq!(journal.view("plan", journal.head()).expect("read").len(), 5);
    assert_eq!(journal.tidy(kinds).expect("tidied").bases, 1);
    let view = journal.view("plan", journal.head()).expect("read");
    assert_eq!((view.len(), view[0].rows), (1, expected.len() as u64), "the base is less to read");
    assert!(net(&journal) == expected);
    assert_eq!(journal.tidy(kinds).expect("tidied").bases, 0);
}

/// A temporary file of a run that is gone, and personal values that no entry brought.
#[test]
fn tidying_counts_what_it_removes() {
    let (_folder, mut journal) = journal();
    load(&mut journal, None, &["A"], "một");
    for name in ["rows/.tmp-999999-5", "personal/00000001.parquet", "personal/00000002.erasing.parquet"] {
        fs::write(journal.disk().path(name), "left").expect("written");
    }
    assert_eq!(journal.tidy(std::slice::from_ref(plan())).expect("tidied").swept, 3);
    assert!(journal.disk().list("personal").expect("read").is_empty());
    assert_eq!(journal.tidy(std::slice::from_ref(plan())).expect("tidied").swept, 0);
}

/// A merge that was killed has put one of its two files into place. Another merge has nothing to do with it.
#[test]
fn half_a_merge_stays_when_other_entries_are_merged() {
    let (_folder, mut journal) = journal();
    for title in ["một", "hai", "ba", "bốn", "năm", "sáu"] {
        load(&mut journal, None, &["A"], title);
    }
    let rows = journal.disk().path("rows");
    let names = || journal.disk().list("rows").expect("read");
    let small: Vec<(String, Vec<u8>)> =
        names().into_iter().map(|name| (name.clone(), fs::read(rows.join(name)).expect("there"))).collect();
    assert_eq!(journal.merge_rows(plan(), 2, 3).expect("merged"), 2);
    for (name, bytes) in &small {
        fs::write(rows.join(name), bytes).expect("written");
    }
    fs::remove_file(rows.join("00000002-00000003.plan.back.parquet")).expect("there");
    for (first, last) in [(0, 1), (4, 5)] {
        assert_eq!(journal.merge_rows(plan(), first, last).expect("merged"), 2);
        assert!(names().contains(&"00000002-00000003.plan.parquet".to_owned()), "{:?}", names());
    }
    assert_eq!(net(&journal), BTreeMap::from([("A".to_owned(), "sáu".to_owned())]));
    assert_eq!(journal.merge_rows(plan(), 0, 5).expect("merged"), 4);
    assert_eq!(names(), ["00000000-00000005.plan.back.parquet", "00000000-00000005.plan.parquet"]);
}

/// Whoever supplies a record, and when: a transfer speaks of one kind, one supplier, and what was there before it.
#[test]
fn every_batch_is_told_with_its_supplier_at_that_time() {
    let (_folder, mut journal) = journal();
    let [none, a, b] = [None, Some("H26.01"), Some("H26.02")];
    let transfer = |journal: &mut Journal, kind: &str, from: Option<&str>, to: Option<&str>| {
        let lock = journal.lock().expect("free");
        let now = work::now(journal);
        let [from, to] = [from, to].map(|name| name.map(str::to_owned));
        let what = What::Transfer(Transfer { kind: kind.to_owned(), from, to });
        journal.record(&lock, what, work::signed(), now).expect("recorded");
    };
    load(&mut journal, none, &["A"], "một");
    load(&mut journal, a, &["B"], "hai");
    load(&mut journal, a, &["C"], "ba");
    transfer(&mut journal, "plan", a, b);
    transfer(&mut journal, "dossier", none, a);
    load(&mut journal, a, &["D"], "bốn");
    let before = [("A", none), ("B", a), ("C", a)];
    let after = [("A", none), ("B", b), ("C", b), ("D", a)];
    let expected = [&before[..0], &before[..1], &before[..2], &before, &after[..3], &after[..3], &after];
    for merged in [false, true] {
        if merged {
            assert_eq!(journal.merge_rows(plan(), 0, 5).expect("merged"), 4);
        }
        for (head, expected) in (0..).zip(expected) {
            let mut told = Vec::new();
            let columns = ["code", "title"].iter().filter_map(|id| plan().column(id)).collect();
            journal
                .each_net(plan(), head, &columns, &mut |owner, batch| {
                    let owner = owner.map(str::to_owned);
                    told.extend(titles(batch).into_iter().map(|(code, _)| (code, owner.clone())));
                    Ok(())
                })
                .expect("one pass");
            let expected: Vec<(String, Option<String>)> =
                expected.iter().map(|(code, owner)| ((*code).to_owned(), owner.map(str::to_owned))).collect();
            assert_eq!(told, expected, "head {head}, merged: {merged}");
        }
    }
}

#[test]
fn what_happened_to_some_records_since() {
    let (_folder, mut journal) = journal();
    load(&mut journal, None, &["A", "B"], "một");
    load(&mut journal, None, &["X", "B"], "hai");
    load(&mut journal, None, &["C"], "ba");
    withdraw(&mut journal, &["A".to_owned()]);
    let touched = |range| -> Vec<String> {
        let keys = HashSet::from(["A", "B", "nobody's"]);
        journal.touched(plan(), range, &keys).expect("read").into_iter().collect()
    };
    assert_eq!(touched(0..4), ["A", "B"]);
    assert_eq!(touched(1..3), ["B"]);
    assert_eq!(touched(2..3), [""; 0]);
    assert_eq!(touched(3..4), ["A"]);
    let was = |head| -> Vec<(String, String)> {
        let keys: BTreeSet<String> = ["A", "B", "nobody's"].map(str::to_owned).into();
        let was = journal.as_it_was(plan(), head, &keys).expect("read");
        assert!(was.iter().all(|(key, row)| titles(row).iter().all(|(code, _)| code == key)));
        was.values().flat_map(titles).collect()
    };
    let row = |code: &str, title: &str| (code.to_owned(), title.to_owned());
    assert_eq!(was(0), []);
    assert_eq!(was(1), [row("A", "một"), row("B", "một")]);
    assert_eq!(was(3), [row("A", "một"), row("B", "hai")]);
    assert_eq!(was(4), [row("B", "hai")]);
}
