//! A journal to harm, and the ways to harm it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use giaouoc_agreement::kinds;
use giaouoc_journal::{
    Canon, Change, Checked, Disk, Draft, Entries, Hash, Journal, Rows, SourceFile, Sums, Tree, Upload, What,
    fsck, leaf,
};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;

use crate::work::{self, plan};

/// Four uploads of plans (new, changed, changed again, of another unit), a text, a base and the index.
pub fn journal() -> (TempDir, Journal) {
    let folder = work::folder();
    let mut journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("empty");
    let mut load = |namespace, keys: &[&str], titles: &[&str]| {
        work::load(&mut journal, &plans(keys, titles), Some(namespace), false).expect("loaded");
    };
    load("H26.01", &["A", "B", "C"], &["one", "two", "three"]);
    load("H26.01", &["B"], &["two again"]);
    load("H26.01", &["B", "D"], &["two at last", "four"]);
    load("H26.02", &["X"], &["other"]);
    let lock = journal.lock().expect("free");
    let now = work::now(&journal);
    let text = Some("name = 1".as_bytes());
    journal
        .record_text(&lock, "cluster.toml", text, vec!["name".into()], work::signed(), now)
        .expect("recorded");
    drop(lock);
    journal.make_base(plan()).expect("made");
    (folder, journal)
}

pub fn plans(keys: &[&str], titles: &[&str]) -> RecordBatch {
    let text = |values: &[&str]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
    let units = vec!["H26.01"; keys.len()];
    RecordBatch::try_from_iter([("code", text(keys)), ("unit", text(&units)), ("title", text(titles))])
        .expect("a batch")
}

pub fn look(disk: &Disk) -> Checked {
    let mut rows = 0;
    let checked = fsck(disk, kinds::builtin(), &mut |read| rows = read).expect("read");
    assert_eq!(rows, checked.rows, "the last that was told");
    checked
}

/// Reads a file of rows, changes it and writes it again.
pub fn rewrite(path: &Path, change: impl Fn(RecordBatch) -> RecordBatch) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("there")).expect("Parquet");
    let batch = reader.build().expect("Parquet").next().expect("rows").expect("rows");
    let batch = change(batch);
    let mut writer =
        ArrowWriter::try_new(File::create(path).expect("made"), batch.schema(), None).expect("new");
    writer.write(&batch).expect("written");
    writer.close().expect("written");
}

pub fn with_column(batch: &RecordBatch, name: &str, column: ArrayRef) -> RecordBatch {
    let (at, _) = batch.schema_ref().column_with_name(name).expect("there");
    let mut columns = batch.columns().to_vec();
    columns[at] = arrow::compute::cast(&column, columns[at].data_type()).expect("text");
    RecordBatch::try_new(batch.schema(), columns).expect("the same schema")
}

/// Appends an entry that a program in its right mind would not: its line and its files hold, it brings and takes
/// back what it says, and it must not.
pub fn forged(
    journal: &Journal,
    namespace: &str,
    brought: Option<RecordBatch>,
    back: Option<(RecordBatch, (u64, u64))>,
) {
    forged_as(journal, namespace, brought, back, |_| {});
}

/// The same, and its line says what `change` makes of it.
pub fn forged_as(
    journal: &Journal,
    namespace: &str,
    brought: Option<RecordBatch>,
    back: Option<(RecordBatch, (u64, u64))>,
    change: impl FnOnce(&mut Upload),
) {
    let disk = journal.disk();
    let number = journal.head();
    let canon = Canon::new(plan());
    let tree = |batch: &RecordBatch, of: Change| -> Hash {
        let (mut tree, mut digests) = (Tree::default(), Vec::new());
        canon.digests(batch, &mut digests).expect("digests");
        digests.iter().for_each(|digest| tree.push(leaf(of, digest)));
        tree.root()
    };
    let place = |batch: &RecordBatch, name: String| {
        let mut writer =
            ArrowWriter::try_new(disk.temporary("rows").expect("made"), batch.schema(), None).expect("new");
        writer.write(batch).expect("written");
        disk.place(writer.into_inner().expect("written"), &name).expect("placed");
    };
    let count = |batch: &RecordBatch| batch.num_rows() as u64;
    let mut rows = Rows { plus: 0, minus: 0, columns: Vec::new(), root: Tree::default().root(), back: None };
    if let Some(batch) = &brought {
        rows.plus = count(batch);
        rows.root = tree(batch, Change::Brought);
        rows.columns = ["code", "unit", "title"].map(str::to_owned).to_vec();
        place(batch, format!("rows/{number:08}.parquet"));
    }
    if let Some((batch, (entry, row))) = &back {
        rows.minus = count(batch);
        rows.back = Some(tree(batch, Change::TakenBack { entry: *entry, row: *row }));
        let address =
            |at: &u64| -> ArrayRef { Arc::new(Int64Array::from(vec![at.cast_signed(); batch.num_rows()])) };
        let mut columns = named(batch);
        columns.push(("_of_entry".into(), address(entry)));
        columns.push(("_of_row".into(), address(row)));
        place(
            &RecordBatch::try_from_iter(columns).expect("a batch"),
            format!("rows/{number:08}.back.parquet"),
        );
    }
    let mut upload = Upload {
        kind: "plan".into(),
        kind_digest: [0; 32],
        namespace: Some(namespace.into()),
        file: SourceFile { name: "x.csv".into(), sha256: [1; 32], bytes: 1 },
        map: None,
        exported_at: None,
        replace: None,
        sums: Sums { read: rows.plus, new: rows.plus, ..Sums::default() },
        rows,
    };
    change(&mut upload);
    let draft = Draft { by: None, reason: None, program: "0".into(), what: What::Upload(upload) };
    let lock = journal.lock().expect("free");
    let mut entries = Entries::read(disk).expect("whole");
    entries.append(disk, &lock, draft, work::now(journal)).expect("appended");
}

pub fn first(journal: &Journal, folder: &str) -> PathBuf {
    let name = journal.disk().list(folder).expect("read").into_iter().next().expect("a file");
    journal.disk().path(&format!("{folder}/{name}"))
}

/// The columns of a batch with their names.
pub fn named(batch: &RecordBatch) -> Vec<(String, ArrayRef)> {
    let names = batch.schema().fields().iter().map(|field| field.name().clone()).collect::<Vec<_>>();
    names.into_iter().zip(batch.columns().to_vec()).collect()
}
