//! An older export sets back nothing that a newer one said: neither by what it has, nor by what it has not, nor because
//! something was undone or withdrawn in between.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/work.rs"]
mod work;

use arrow::array::RecordBatch;
use giaouoc_journal::{
    About, Compared, Disk, Journal, Prepare, Refusal, Scope, SourceFile, Sums, Upload, What,
};
use jiff::Timestamp;
use tempfile::TempDir;
use work::{plan, titled};

fn journal() -> (TempDir, Journal) {
    let folder = work::folder();
    let journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("empty");
    (folder, journal)
}

/// The first of a month of 2019, which is before any entry is made.
fn month(month: u8) -> Timestamp {
    format!("2019-{month:02}-01T00:00:00Z").parse().expect("a moment")
}

fn compare(
    journal: &Journal,
    namespace: Option<&str>,
    exported_at: Option<Timestamp>,
    rows: &[(&str, &str)],
    replace: bool,
) -> Compared {
    let all = |batch: &RecordBatch| Ok(vec![true; batch.num_rows()]);
    let about = About {
        kind: plan(),
        namespace: namespace.map(str::to_owned),
        exported_at,
        replace: replace.then_some(Scope(&all)),
        dry: false,
        salts: None,
    };
    let batch = titled(rows);
    let mut prepare = Prepare::new(journal, about, &batch.schema()).expect("begun");
    prepare.batch(&batch).expect("compared");
    prepare.finish().expect("compared")
}

/// Loads a file that must be taken whole; gives how many records it withdrew.
fn load(journal: &mut Journal, exported_at: Option<Timestamp>, rows: &[(&str, &str)], replace: bool) -> u64 {
    let (prepared, counts, refused) = compare(journal, None, exported_at, rows, replace);
    assert_eq!(refused, []);
    let (lock, now) = (journal.lock().expect("free"), work::now(journal));
    let line = |rows| {
        What::Upload(Upload {
            kind: plan().id.clone(),
            kind_digest: [7; 32],
            namespace: None,
            file: SourceFile { name: "x.csv".into(), sha256: [1; 32], bytes: 9 },
            map: None,
            exported_at,
            replace: replace.then(|| "all".to_owned()),
            sums: Sums { read: 1, new: 1, changed: 0, unchanged: 0, rejected: 0, skipped: 0 },
            rows,
        })
    };
    assert!(journal.commit(&lock, prepared, work::signed(), now, line).expect("committed").is_some());
    counts.withdrawn
}

fn is_live(journal: &Journal, key: &str) -> bool {
    journal.live(plan(), key).expect("looked up").is_some()
}

/// What a file exported then hears about its one record.
fn heard(journal: &Journal, exported_at: Timestamp, row: (&str, &str)) -> Option<Refusal> {
    let (.., refused) = compare(journal, None, Some(exported_at), &[row], false);
    refused.into_iter().next().map(|(_, refusal)| refusal)
}

#[test]
fn an_older_file_that_stands_for_all_withdraws_nothing_that_only_a_newer_one_knows() {
    let (_folder, mut journal) = journal();
    load(&mut journal, Some(month(2)), &[("OLD", "cũ")], false);
    load(&mut journal, Some(month(4)), &[("A1", "một"), ("A2", "hai")], false);
    let withdrawn = load(&mut journal, Some(month(3)), &[("A1", "một")], true);
    assert_eq!(withdrawn, 1, "OLD was known in March and is not in the file");
    assert_eq!(["OLD", "A1", "A2"].map(|key| is_live(&journal, key)), [false, true, true]);
    assert_eq!(load(&mut journal, Some(month(4)), &[("A1", "một")], true), 1, "as old is not older");
    assert!(!is_live(&journal, "A2"));
}

#[test]
fn what_an_undo_restores_is_as_old_as_it_was() {
    let (_folder, mut journal) = journal();
    load(&mut journal, Some(month(3)), &[("A", "một"), ("B", "một")], false);
    load(&mut journal, Some(month(5)), &[("C", "c"), ("B", "hai"), ("A", "hai")], false);
    load(&mut journal, Some(month(6)), &[("B", "ba")], false);
    assert!(work::undo_one(&mut journal, 1).expect("undone"), "but for B, which was changed since");
    let older = Some(Refusal::Older(month(3)));
    assert_eq!(heard(&journal, month(2), ("A", "khác")), older);
    assert_eq!(heard(&journal, month(4), ("A", "khác")), None);
    assert_eq!(heard(&journal, month(4), ("B", "khác")), Some(Refusal::Older(month(6))));
    // Undone and undone again: as it was before.
    assert!(work::undo_one(&mut journal, 3).expect("undone"));
    assert_eq!(heard(&journal, month(4), ("A", "khác")), Some(Refusal::Older(month(5))));
    // Nor does an older file that stands for all withdraw it.
    assert_eq!(load(&mut journal, Some(month(4)), &[("D", "d")], true), 0);
    assert!(work::undo_one(&mut journal, 4).expect("undone"));
    assert_eq!(heard(&journal, month(2), ("A", "khác")), older);
    // Wherever the rows lie by now.
    assert!(journal.merge_rows(plan(), 0, 6).expect("merged") > 1);
    assert_eq!(heard(&journal, month(2), ("A", "khác")), older);
    assert_eq!(heard(&journal, month(3), ("A", "khác")), None);
}

#[test]
fn an_older_file_does_not_bring_back_what_a_newer_one_withdrew() {
    let (_folder, mut journal) = journal();
    load(&mut journal, Some(month(1)), &[("A", "một"), ("B", "hai")], false);
    assert_eq!(load(&mut journal, Some(month(3)), &[("A", "một")], true), 1);
    let older = Some(Refusal::Older(month(3)));
    assert_eq!(heard(&journal, month(2), ("B", "hai")), older);
    assert_eq!(heard(&journal, month(3), ("B", "hai")), None);
    let (_, counts, refused) = compare(&journal, None, None, &[("B", "hai")], false);
    assert_eq!((counts.new, refused), (1, vec![]), "without a date it counts as exported now");
    let (_, counts, refused) = compare(&journal, Some("H26.01"), Some(month(2)), &[("B", "hai")], false);
    assert_eq!((counts.new, refused), (1, vec![]), "another supplier may have it");
    // Undone, and that undone: withdrawn as of March again.
    assert!(work::undo_one(&mut journal, 1).expect("undone"));
    assert_eq!(heard(&journal, month(2), ("B", "khác")), None);
    assert!(work::undo_one(&mut journal, 2).expect("undone"));
    assert_eq!(heard(&journal, month(2), ("B", "khác")), older);
}

#[test]
fn what_a_person_withdrew_comes_back_by_a_newer_file_only() {
    let (_folder, mut journal) = journal();
    load(&mut journal, Some(month(1)), &[("A", "một")], false);
    let now = work::now(&journal);
    assert!(work::withdraw_all(&mut journal, None, &["A".to_owned()]).expect("withdrawn"));
    assert_eq!(heard(&journal, month(2), ("A", "một")), Some(Refusal::Older(now)));
    assert_eq!(heard(&journal, now, ("A", "một")), None);
}

/// A file loaded by mistake and undone does not stand in the way of the right one, however old that is.
#[test]
fn what_an_undo_took_away_as_new_may_come_in_any_file() {
    let (_folder, mut journal) = journal();
    load(&mut journal, Some(month(3)), &[("A", "nhầm")], false);
    assert!(work::undo_one(&mut journal, 0).expect("undone"));
    assert_eq!(heard(&journal, month(2), ("A", "một")), None);
}
