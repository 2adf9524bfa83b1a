//! What comparing an upload with the journal finds, and of what: rows that are as they were, that correct, that are
//! refused, that are missing.
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

use arrow::array::{ArrayRef, AsArray, Date32Array, RecordBatch, StringArray};
use arrow::datatypes::Date32Type;
use giaouoc_agreement::kinds;
use giaouoc_journal::{
    About, Compared, Disk, Journal, Prepare, Prepared, Refusal, Salts, Scope, SourceFile, Sums, Upload, What,
};
use jiff::{Timestamp, ToSpan};
use tempfile::TempDir;
use work::{people, plan, titled};

fn journal() -> (TempDir, Journal) {
    let folder = work::folder();
    let journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("empty");
    (folder, journal)
}

fn about(exported_at: Option<Timestamp>) -> About<'static> {
    About { kind: plan(), namespace: None, exported_at, replace: None, dry: false, salts: None }
}

fn compare(journal: &Journal, about: About<'_>, batches: &[RecordBatch]) -> Compared {
    let mut prepare = Prepare::new(journal, about, &batches[0].schema()).expect("begun");
    batches.iter().for_each(|batch| prepare.batch(batch).expect("compared"));
    prepare.finish().expect("compared")
}

/// New, changed, unchanged, withdrawn, and what is refused.
fn found(compared: &Compared) -> ([u64; 4], &[(String, Refusal)]) {
    let (_, counts, refused) = compared;
    ([counts.new, counts.changed, counts.unchanged, counts.withdrawn], refused)
}

fn commit(journal: &mut Journal, prepared: Prepared, exported_at: Option<Timestamp>) -> Option<u64> {
    let lock = journal.lock().expect("free");
    let now = work::now(journal);
    let line = |rows| {
        What::Upload(Upload {
            kind: plan().id.clone(),
            kind_digest: [7; 32],
            namespace: None,
            file: SourceFile { name: "x.csv".into(), sha256: [1; 32], bytes: 9 },
            map: None,
            exported_at,
            replace: None,
            sums: Sums { read: 1, new: 1, changed: 0, unchanged: 0, rejected: 0, skipped: 0 },
            rows,
        })
    };
    journal.commit(&lock, prepared, work::signed(), now, line).expect("committed")
}

#[test]
fn only_an_older_export_is_refused() {
    let (_folder, mut journal) = journal();
    let time: Timestamp = "2020-12-01T00:00:00Z".parse().expect("a moment");
    let compared = compare(&journal, about(Some(time)), &[titled(&[("A", "một")])]);
    assert_eq!(commit(&mut journal, compared.0, Some(time)), Some(0));
    let other = [titled(&[("A", "hai")])];
    for (exported, changed) in [(time - 1.second(), false), (time, true), (time + 1.second(), true)] {
        let compared = compare(&journal, about(Some(exported)), &other);
        let refused = [("A".to_owned(), Refusal::Older(time))];
        let expected = if changed { ([0, 1, 0, 0], &[][..]) } else { ([0; 4], &refused[..]) };
        assert_eq!(found(&compared), expected, "{exported}");
    }
    // Nor does it matter how old a file is that says what is so anyway, and has fewer columns.
    let codes = titled(&[("A", "một")]).project(&[0, 1]).expect("columns");
    let compared = compare(&journal, about(Some(time - 1.second())), &[codes]);
    assert_eq!(found(&compared), ([0, 0, 1, 0], &[][..]));
    // It is of nobody; somebody cannot take it.
    let theirs = About { namespace: Some("H26.01".to_owned()), ..about(None) };
    let refused = [("A".to_owned(), Refusal::Owned(None))];
    assert_eq!(found(&compare(&journal, theirs, &other)), ([0; 4], &refused[..]));
}

#[test]
fn an_older_export_of_the_same_personal_values_changes_nothing() {
    let (_folder, mut journal) = journal();
    let rows = people::batch(&[("A", Some("Lan"), "một")]);
    assert!(people::load(&mut journal, &rows, 1).expect("loaded"));
    let salt = || Ok([9; 32]);
    let old = Some("2019-01-01T00:00:00Z".parse().expect("a moment"));
    let about = About { kind: people::kind(), salts: Some(Salts(&salt)), ..about(old) };
    assert_eq!(found(&compare(&journal, about, &[rows])), ([0, 0, 1, 0], &[][..]));
}

/// The digests of the index are enough for a row that has every column: no row of the journal is read.
#[test]
fn whole_rows_are_compared_without_reading_any() {
    let (_folder, mut journal) = journal();
    let rows = titled(&[("A", "một")]);
    assert!(work::load(&mut journal, &rows, None, false).expect("loaded"));
    fs::remove_file(journal.disk().path("rows/00000000.parquet")).expect("there");
    assert_eq!(found(&compare(&journal, about(None), &[rows])), ([0, 0, 1, 0], &[][..]));
    let old: Timestamp = "2019-01-01T00:00:00Z".parse().expect("a moment");
    let at = journal.entry(0).expect("there").at;
    let compared = compare(&journal, about(Some(old)), &[titled(&[("A", "hai")])]);
    assert_eq!(found(&compared), ([0; 4], &[("A".to_owned(), Refusal::Older(at))][..]));
}

/// Batches that are looked up together, each with its own rows.
#[test]
fn several_batches_are_one_upload() {
    let (_folder, mut journal) = journal();
    let first = titled(&[("A", "một"), ("B", "hai"), ("C", "ba")]);
    assert!(work::load(&mut journal, &first, None, false).expect("loaded"));
    let batches =
        [titled(&[("A", "một"), ("B", "hai rưỡi")]), titled(&[("D", "bốn")]), titled(&[("C", "ba")])];
    let compared = compare(&journal, about(None), &batches);
    assert_eq!(found(&compared), ([1, 1, 2, 0], &[][..]));
}

/// Also one that was found as it is: whoever says so must not commit after somebody has changed it.
#[test]
fn what_has_changed_since_is_compared_again() {
    let (_folder, mut journal) = journal();
    assert!(work::load(&mut journal, &titled(&[("A", "một"), ("B", "hai")]), None, false).expect("loaded"));
    let (prepared, ..) = compare(&journal, about(None), &[titled(&[("A", "một"), ("C", "ba")])]);
    assert!(work::load(&mut journal, &titled(&[("A", "khác")]), None, false).expect("loaded"));
    assert_eq!(commit(&mut journal, prepared, None), None);
    let (prepared, ..) = compare(&journal, about(None), &[titled(&[("A", "khác"), ("C", "ba")])]);
    assert!(work::load(&mut journal, &titled(&[("B", "khác")]), None, false).expect("loaded"));
    assert_eq!(commit(&mut journal, prepared, None), Some(3), "another record is in nobody's way");
}

#[test]
fn a_file_that_stands_for_all_withdraws_what_it_has_not() {
    let (_folder, mut journal) = journal();
    let first = titled(&[("A", "một"), ("B", "hai"), ("C", "ba"), ("E", "năm")]);
    assert!(work::load(&mut journal, &first, None, false).expect("loaded"));
    assert!(work::load(&mut journal, &titled(&[("X", "x")]), Some("H26.01"), false).expect("loaded"));
    let all = |batch: &RecordBatch| Ok(vec![true; batch.num_rows()]);
    let about = || About { replace: Some(Scope(&all)), ..about(None) };
    let rows = [titled(&[("A", "một"), ("B", "hai rưỡi"), ("D", "bốn")])];
    let compared = compare(&journal, about(), &rows);
    assert_eq!(found(&compared), ([1, 1, 1, 2], &[][..]));
    let of = compared.0.rows();
    assert_eq!((of.plus, of.minus), (2, 3));
    assert_eq!(commit(&mut journal, compared.0, None), Some(2));
    let live = journal.live_of(plan(), &["A", "B", "C", "D", "E", "X"]).expect("looked up");
    let live: Vec<bool> = live.found.iter().map(Option::is_some).collect();
    assert_eq!(live, [true, true, false, true, false, true]);
    assert_eq!(found(&compare(&journal, about(), &rows)), ([0, 0, 3, 0], &[][..]), "once is enough");
}

/// An entry names the columns of which it knows something: by a day alone or a commitment too, not by blanks.
#[test]
fn the_columns_of_an_entry_are_those_with_a_value() {
    let (_folder, mut journal) = journal();
    let text = |value: Option<&str>| -> ArrayRef { Arc::new(StringArray::from(vec![value])) };
    let columns =
        [("code", text(Some("A")), true), ("unit", text(Some("a")), true), ("title", text(None), true)];
    let blank = RecordBatch::try_from_iter_with_nullable(columns).expect("a batch");
    assert!(work::load(&mut journal, &blank, None, false).expect("loaded"));
    assert!(people::load(&mut journal, &people::batch(&[("A", Some("Lan"), "một")]), 1).expect("loaded"));
    let day: ArrayRef = Arc::new(Date32Array::from(vec![18_262]));
    let columns = [("code", text(Some("A"))), ("unit", text(Some("a"))), ("received_at.day", day)];
    let dossier = RecordBatch::try_from_iter(columns).expect("a batch");
    let kind = kinds::find("dossier").expect("built in");
    assert!(work::load_of(kind, &mut journal, &dossier, None, false, None).expect("loaded"));
    let named = |entry: u64| journal.entry(entry).expect("there").what.rows().expect("rows").columns.clone();
    assert_eq!(named(0), ["code", "unit"]);
    assert_eq!(named(1), ["code", "unit", "title", "authors"]);
    assert_eq!(named(2), ["code", "unit", "received_at"]);
    // And the day is read again in one pass over that column.
    let mut days = Vec::new();
    let columns = [kind.column("received_at").expect("a column")].into();
    journal
        .each_net(kind, journal.head(), &columns, &mut |_, batch| {
            let day = batch.column_by_name("received_at.day").expect("the day beside the moment");
            days.extend(day.as_primitive::<Date32Type>().iter());
            Ok(())
        })
        .expect("one pass");
    assert_eq!(days, [Some(18_262)]);
}

/// An entry has files for what it brought and took back, and none for what it did not.
#[test]
fn an_entry_that_only_takes_back_has_one_file_of_rows() {
    let (_folder, mut journal) = journal();
    assert!(work::load(&mut journal, &titled(&[("A", "một")]), None, false).expect("loaded"));
    let taken = journal.prepare_withdrawal(plan(), None, &["A".to_owned()]).expect("compared");
    let said = format!("{:?}", taken.prepared);
    assert!(said.starts_with("Prepared { head: 1, kind: \"plan\", rows: Rows"), "{said}");
    assert_eq!(commit(&mut journal, taken.prepared, None), Some(1));
    let names = journal.disk().list("rows").expect("read");
    assert_eq!(names, ["00000000.parquet", "00000001.back.parquet"]);
}

/// What holds a closure is shown by its name.
#[test]
fn what_an_upload_says_of_itself_can_be_shown() {
    let all = |batch: &RecordBatch| Ok(vec![true; batch.num_rows()]);
    let salt = || Ok([9; 32]);
    let said = format!("{:?}", (Scope(&all), Salts(&salt)));
    assert_eq!(said, "(Scope, Salts)");
}
