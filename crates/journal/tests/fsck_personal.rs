//! Everything that can be wrong with personal values is found, and said in both languages.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/work.rs"]
mod work;

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, FixedSizeBinaryArray, RecordBatch, StringArray};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::DataType;
use giaouoc_agreement::kinds;
use giaouoc_journal::{
    About, Checked, Disk, Journal, Prepare, Salts, Weight, What, Withdraw, commitment, fsck,
};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;
use work::people;

/// Three records; one of them again with the same authors, and a new one; and then the authors of one erased.
fn journal() -> (TempDir, Journal) {
    let folder = work::folder();
    let mut journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("empty");
    let mut load = |rows: &[(&str, Option<&str>, &str)], seed| {
        assert!(people::load(&mut journal, &people::batch(rows), seed).expect("loaded"));
    };
    load(&[("A", Some("Lan"), "một"), ("B", Some("Minh"), "hai"), ("C", Some("Hoa"), "ba")], 1);
    load(&[("A", Some("Lan"), "một rưỡi"), ("D", Some("Lan"), "bốn")], 2);
    let lock = journal.lock().expect("free");
    let now = work::now(&journal);
    // As it was, for who brings it back.
    fs::copy(path(&journal, "00000000.parquet"), folder.path().join("before")).expect("copied");
    let erased = journal.erase(&lock, people::kind(), &["B".to_owned()], work::signed(), now);
    assert_eq!(erased.expect("erased").made, Some((2, 1)));
    drop(lock);
    (folder, journal)
}

fn path(journal: &Journal, name: &str) -> PathBuf {
    journal.disk().path(&format!("personal/{name}"))
}

fn look(journal: &Journal) -> Checked {
    fsck(journal.disk(), kinds::builtin(), &mut |_| {}).expect("read")
}

fn read(journal: &Journal, name: &str) -> RecordBatch {
    let file = File::open(path(journal, name)).expect("there");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet");
    reader.build().expect("Parquet").next().expect("rows").expect("rows")
}

fn rewrite(journal: &Journal, name: &str, change: impl Fn(RecordBatch) -> RecordBatch) {
    let batch = change(read(journal, name));
    let file = File::create(path(journal, name)).expect("made");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).expect("new");
    writer.write(&batch).expect("written");
    writer.close().expect("written");
}

/// A column with other texts.
fn texts(batch: &RecordBatch, name: &str, values: &[&str]) -> RecordBatch {
    let (at, _) = batch.schema_ref().column_with_name(name).expect("there");
    let mut columns = batch.columns().to_vec();
    columns[at] = Arc::new(StringArray::from(values.to_vec()));
    RecordBatch::try_new(batch.schema(), columns).expect("the same schema")
}

/// A value that opens its commitment, and that no row commits to.
fn stranger(batch: &RecordBatch) -> RecordBatch {
    let salt = [7; 32];
    let hash = |bytes: [u8; 32]| -> ArrayRef {
        Arc::new(FixedSizeBinaryArray::try_from_iter([bytes].iter()).expect("32 bytes"))
    };
    let text = |value: &str| -> ArrayRef { Arc::new(StringArray::from(vec![value])) };
    let columns = vec![hash(commitment(&salt, "Tú")), hash(salt), text("authors"), text("Tú")];
    let more = RecordBatch::try_new(batch.schema(), columns).expect("the same schema");
    concat_batches(&batch.schema(), [batch, &more]).expect("both")
}

type Harm = fn(&Journal, &TempDir);

const FIRST: &str = "00000000.parquet";
const LIST: &str = "00000002.erased.parquet";

const HARMS: &[(&str, Harm)] = &[
    ("a value that does not open its commitment", |journal, _| {
        rewrite(journal, FIRST, |batch| texts(&batch, "value", &["Lan", "Hà"]));
    }),
    ("a value is missing", |journal, _| rewrite(journal, FIRST, |batch| batch.slice(0, 1))),
    ("a file of values is gone", |journal, _| fs::remove_file(path(journal, FIRST)).expect("removed")),
    ("a file of values is cut", |journal, _| {
        let bytes = fs::read(path(journal, FIRST)).expect("there");
        fs::write(path(journal, FIRST), &bytes[..bytes.len() / 2]).expect("written");
    }),
    ("a value too many", |journal, _| rewrite(journal, FIRST, |batch| stranger(&batch))),
    ("a value twice", |journal, _| {
        rewrite(journal, FIRST, |batch| {
            concat_batches(&batch.schema(), [&batch, &batch.slice(0, 1)]).unwrap()
        });
    }),
    ("a value in the file of a later entry", |journal, _| {
        let moved = read(journal, FIRST).slice(0, 1);
        rewrite(journal, FIRST, |batch| batch.slice(1, 1));
        rewrite(journal, "00000001.parquet", |batch| {
            concat_batches(&batch.schema(), [&batch, &moved]).unwrap()
        });
    }),
    ("a value under another column", |journal, _| {
        rewrite(journal, FIRST, |batch| texts(&batch, "column", &["authors", "title"]));
    }),
    ("a file without a column", |journal, _| {
        rewrite(journal, FIRST, |batch| batch.project(&[0, 1, 2]).unwrap());
    }),
    ("what was erased is back", |journal, folder| {
        fs::copy(folder.path().join("before"), path(journal, FIRST)).expect("copied");
    }),
    ("an erasure was stopped before anything was gone", |journal, folder| {
        fs::copy(folder.path().join("before"), path(journal, FIRST)).expect("copied");
        fs::rename(path(journal, LIST), path(journal, "00000002.erasing.parquet")).expect("renamed");
    }),
    ("an erasure was stopped when all was gone", |journal, _| {
        fs::rename(path(journal, LIST), path(journal, "00000002.erasing.parquet")).expect("renamed");
    }),
    ("the list of what was erased is gone", |journal, _| {
        fs::remove_file(path(journal, LIST)).expect("removed");
    }),
    ("the list of what was erased names somebody else as well", |journal, _| {
        let more = read(journal, FIRST).project(&[0]).unwrap().slice(1, 1);
        rewrite(journal, LIST, |batch| concat_batches(&batch.schema(), [&batch, &more]).unwrap());
    }),
    ("what killed runs leave", |journal, _| {
        for name in ["00000003.parquet", "00000003.erasing.parquet", "00000001.erasing.parquet", "x"] {
            fs::write(path(journal, name), "x").expect("written");
        }
    }),
];

#[test]
fn everything_that_is_wrong_with_personal_values_is_found() {
    let mut said = String::new();
    for (name, harm) in HARMS {
        let (folder, journal) = journal();
        assert_eq!(look(&journal).findings, [], "whole before");
        harm(&journal, &folder);
        let checked = look(&journal);
        said += &format!("# {name}\n");
        for finding in &checked.findings {
            said += &format!("{:?}: {}\n    {}\n", finding.weight, finding.text.vi, finding.text.en);
        }
        assert!(!checked.findings.is_empty(), "{name}");
        said.push('\n');
    }
    insta::assert_snapshot!(said.replace(" \n", "\n"));
}

/// Whoever next takes the lock, or tidies up, finishes what was stopped.
#[test]
fn an_erasure_that_was_stopped_is_finished_by_whoever_comes_next() {
    for tidying in [false, true] {
        let (folder, journal) = journal();
        let whole = journal.personal().expect("read");
        assert_eq!(whole.len(), 3);
        fs::copy(folder.path().join("before"), path(&journal, FIRST)).expect("copied");
        fs::rename(path(&journal, LIST), path(&journal, "00000002.erasing.parquet")).expect("renamed");
        assert_eq!(journal.pending_erasures().expect("read"), 1);
        assert_eq!(journal.personal().expect("read"), whole, "what is erased cannot be read any more");
        if tidying {
            assert_eq!(journal.tidy(kinds::builtin()).expect("tidied").erasures, 1);
        } else {
            drop(journal.lock().expect("free"));
        }
        assert_eq!(journal.pending_erasures().expect("read"), 0);
        assert_eq!(look(&journal).findings, []);
        let kept = read(&journal, FIRST);
        let values = cast(kept.column_by_name("value").unwrap(), &DataType::Utf8).unwrap();
        assert_eq!(values.as_string::<i32>().iter().flatten().collect::<Vec<_>>(), ["Lan", "Hoa"]);
    }
}

#[test]
fn what_is_sent_again_after_it_was_erased_is_committed_to_anew() {
    let (_folder, mut journal) = journal();
    let live = |journal: &Journal| {
        let version =
            journal.versions(people::kind(), "B", journal.head()).expect("read").pop().expect("there");
        version.batch.column_by_name("authors.commit").unwrap().as_fixed_size_binary().value(0).to_vec()
    };
    let before = live(&journal);
    let again = people::batch(&[("B", Some("Minh"), "hai"), ("C", Some("Hoa"), "ba")]);
    people::load(&mut journal, &again, 3).expect("loaded");
    let entry = journal.entries().iter().last().expect("there");
    let rows = entry.what.rows().expect("rows");
    assert_eq!((rows.plus, rows.minus), (1, 1), "only the one whose value was erased");
    assert_ne!(live(&journal), before);
    let found = look(&journal).findings;
    assert!(found.iter().all(|finding| finding.weight != Weight::Damage), "{found:#?}");
}

/// A row that is refused leaves nothing of its values behind, also when the rest is committed.
#[test]
fn what_is_refused_is_not_kept() {
    let (_folder, mut journal) = journal();
    let rows = people::batch(&[("A", Some("Tú"), "một rưỡi"), ("E", Some("Sáu"), "năm")]);
    let salt = || Ok([9; 32]);
    let about = About {
        kind: people::kind(),
        namespace: None,
        exported_at: Some("2019-01-01T00:00:00Z".parse().unwrap()),
        replace: None,
        dry: false,
        salts: Some(Salts(&salt)),
    };
    let mut prepare = Prepare::new(&journal, about, &rows.schema()).expect("begun");
    prepare.batch(&rows).expect("compared");
    let (prepared, counts, refused) = prepare.finish().expect("compared");
    assert_eq!((counts.new, counts.changed, refused.len()), (1, 0, 1));
    let lock = journal.lock().expect("free");
    let now = work::now(&journal);
    let kind = people::kind().id.clone();
    let line = |rows| What::Withdraw(Withdraw { kind, namespace: None, rows });
    assert!(journal.commit(&lock, prepared, work::signed(), now, line).expect("committed").is_some());
    let kept = journal.personal().expect("read");
    assert!(kept.values().all(|(.., value)| value != "Tú"), "{kept:?}");
    assert!(kept.values().any(|(.., value)| value == "Sáu"), "{kept:?}");
    assert_eq!(look(&journal).findings, []);
}
