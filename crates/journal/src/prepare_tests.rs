//! Rows of an upload that wait to be looked up together.

use arrow::array::{ArrayRef, StringArray};
use giaouoc_agreement::kinds;

use super::*;
use crate::commit::Signed;
use crate::disk::Disk;
use crate::entries::{What, Withdraw};

fn about() -> About<'static> {
    let kind = kinds::find("plan").expect("built in");
    About { kind, namespace: None, exported_at: None, replace: None, dry: false, salts: None }
}

fn records(keys: &[&str]) -> RecordBatch {
    let text = |values: Vec<&str>| -> ArrayRef { Arc::new(StringArray::from(values)) };
    let columns = [("code", text(keys.to_vec())), ("unit", text(vec!["H26.01"; keys.len()]))];
    RecordBatch::try_from_iter(columns).expect("a batch")
}

#[test]
fn rows_wait_until_there_are_enough_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("opened");
    let (two, one) = (records(&["A", "B"]), records(&["C"]));
    let mut prepare = Prepare::new(&journal, about(), &two.schema()).expect("begun");
    prepare.batch(&two).expect("compared");
    assert_eq!((prepare.waiting_rows, prepare.counts.new), (0, 2), "nothing to look up in an empty index");
    let (prepared, ..) = prepare.finish().expect("compared");
    let lock = journal.lock().expect("free");
    let line = |rows| What::Withdraw(Withdraw { kind: "plan".to_owned(), namespace: None, rows });
    journal.commit(&lock, prepared, Signed::default(), Timestamp::UNIX_EPOCH, line).expect("committed");

    let mut prepare = Prepare::new(&journal, about(), &two.schema()).expect("begun");
    assert_eq!(prepare.chunk, LEAST);
    prepare.chunk = 4;
    let bytes = |batch: &RecordBatch| batch.get_array_memory_size();
    prepare.batch(&two).expect("taken");
    assert_eq!((prepare.waiting_rows, prepare.waiting_bytes), (2, bytes(&two)));
    prepare.batch(&one).expect("taken");
    assert_eq!((prepare.waiting_rows, prepare.waiting_bytes), (3, bytes(&two) + bytes(&one)));
    assert_eq!((prepare.counts.unchanged, prepare.counts.new), (0, 0));
    prepare.batch(&two).expect("compared");
    assert_eq!((prepare.waiting_rows, prepare.waiting_bytes, prepare.waiting.len()), (0, 0, 0));
    assert_eq!((prepare.counts.unchanged, prepare.counts.new), (4, 1));
}

#[test]
fn much_memory_is_enough_when_there_are_some_rows() {
    assert!(enough(LEAST, ENOUGH, MOST));
    assert!(!enough(LEAST - 1, ENOUGH, MOST));
    assert!(!enough(LEAST, ENOUGH - 1, MOST));
    assert!(enough(LEAST, 0, LEAST));
    assert!(!enough(LEAST - 1, 0, LEAST));
}
