//! Everything that can be wrong with a journal is found, and said in both languages.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/work.rs"]
mod work;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use giaouoc_agreement::kinds;
use giaouoc_journal::{
    Canon, Change, Checked, Disk, Draft, Entries, Hash, Journal, Rows, SourceFile, Sums, Tree, Upload,
    Weight, What, fsck, leaf,
};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;
use work::plan;

/// Four uploads of plans (new, changed, changed again, of another unit), a text, a base and the index.
fn journal() -> (TempDir, Journal) {
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

fn plans(keys: &[&str], titles: &[&str]) -> RecordBatch {
    let text = |values: &[&str]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
    let units = vec!["H26.01"; keys.len()];
    RecordBatch::try_from_iter([("code", text(keys)), ("unit", text(&units)), ("title", text(titles))])
        .expect("a batch")
}

fn look(disk: &Disk) -> Checked {
    let mut rows = 0;
    let checked = fsck(disk, kinds::builtin(), &mut |read| rows = read).expect("read");
    assert_eq!(rows, checked.rows, "the last that was told");
    checked
}

/// Reads a file of rows, changes it and writes it again.
fn rewrite(path: &Path, change: impl Fn(RecordBatch) -> RecordBatch) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("there")).expect("Parquet");
    let batch = reader.build().expect("Parquet").next().expect("rows").expect("rows");
    let batch = change(batch);
    let mut writer =
        ArrowWriter::try_new(File::create(path).expect("made"), batch.schema(), None).expect("new");
    writer.write(&batch).expect("written");
    writer.close().expect("written");
}

fn with_column(batch: &RecordBatch, name: &str, column: ArrayRef) -> RecordBatch {
    let (at, _) = batch.schema_ref().column_with_name(name).expect("there");
    let mut columns = batch.columns().to_vec();
    columns[at] = arrow::compute::cast(&column, columns[at].data_type()).expect("text");
    RecordBatch::try_new(batch.schema(), columns).expect("the same schema")
}

/// Appends an entry that a program in its right mind would not: its line and its files hold, it brings and takes
/// back what it says, and it must not.
fn forged(
    journal: &Journal,
    namespace: &str,
    brought: Option<RecordBatch>,
    back: Option<(RecordBatch, (u64, u64))>,
) {
    let disk = journal.disk();
    let number = journal.head();
    let canon = Canon::new(plan());
    let tree = |batch: &RecordBatch, change: Change| -> Hash {
        let (mut tree, mut digests) = (Tree::default(), Vec::new());
        canon.digests(batch, &mut digests).expect("digests");
        digests.iter().for_each(|digest| tree.push(leaf(change, digest)));
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
        let mut columns: Vec<(String, ArrayRef)> = batch
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .zip(batch.columns().to_vec())
            .collect();
        columns.push(("_of_entry".into(), address(entry)));
        columns.push(("_of_row".into(), address(row)));
        place(
            &RecordBatch::try_from_iter(columns).expect("a batch"),
            format!("rows/{number:08}.back.parquet"),
        );
    }
    let upload = Upload {
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
    let draft = Draft { by: None, reason: None, program: "0".into(), what: What::Upload(upload) };
    let lock = journal.lock().expect("free");
    let mut entries = Entries::read(disk).expect("whole");
    entries.append(disk, &lock, draft, work::now(journal)).expect("appended");
}

fn first(journal: &Journal, folder: &str) -> PathBuf {
    let name = journal.disk().list(folder).expect("read").into_iter().next().expect("a file");
    journal.disk().path(&format!("{folder}/{name}"))
}

type Harm = fn(&Journal);

const HARMS: &[(&str, Harm)] = &[
    ("two lines changed by hand", |journal| {
        let path = journal.disk().path("entries.ndjson");
        let text = fs::read_to_string(&path).expect("there");
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[1] = lines[1].replace("\"bytes\":9", "\"bytes\":8");
        lines[3] = lines[3].replace("H26.02", "H26.01");
        fs::write(&path, lines.join("\n") + "\n").expect("written");
    }),
    ("the last line is gone, with its newline's entry", |journal| {
        let path = journal.disk().path("entries.ndjson");
        let text = fs::read_to_string(&path).expect("there");
        let lines: Vec<&str> = text.lines().collect();
        fs::write(&path, lines[..2].join("\n") + "\n").expect("written");
    }),
    ("a title changed in the rows", |journal| {
        rewrite(&journal.disk().path("rows/00000000.parquet"), |batch| {
            with_column(&batch, "title", Arc::new(StringArray::from(vec!["one", "two", "THREE"])))
        });
    }),
    ("a row left out", |journal| {
        rewrite(&journal.disk().path("rows/00000000.parquet"), |batch| batch.slice(0, 2));
    }),
    ("a row added behind the others", |journal| {
        rewrite(&journal.disk().path("rows/00000003.parquet"), |batch| {
            arrow::compute::concat_batches(&batch.schema(), [&batch, &batch]).expect("twice")
        });
    }),
    ("a file of rows is gone", |journal| {
        fs::remove_file(journal.disk().path("rows/00000002.parquet")).expect("removed");
    }),
    ("a file of rows is cut", |journal| {
        let path = journal.disk().path("rows/00000001.back.parquet");
        let bytes = fs::read(&path).expect("there");
        fs::write(&path, &bytes[..bytes.len() / 2]).expect("written");
    }),
    ("a column that nobody knew was written in", |journal| {
        rewrite(&journal.disk().path("rows/00000003.parquet"), |batch| {
            let mut columns: Vec<(String, ArrayRef)> = batch
                .schema()
                .fields()
                .iter()
                .map(|field| field.name().clone())
                .zip(batch.columns().to_vec())
                .collect();
            columns.push(("scope".into(), Arc::new(StringArray::from(vec!["year"]))));
            RecordBatch::try_from_iter(columns).expect("a batch")
        });
    }),
    ("a column of another type", |journal| {
        rewrite(&journal.disk().path("rows/00000003.parquet"), |batch| {
            RecordBatch::try_from_iter([
                ("code", batch.column(0).clone()),
                ("unit", batch.column(1).clone()),
                ("title", Arc::new(Int64Array::from(vec![7])) as ArrayRef),
            ])
            .expect("a batch")
        });
    }),
    ("a second live version", |journal| {
        forged(journal, "H26.01", Some(plans(&["A", "E"], &["one more", "new"])), None);
    }),
    ("taken back twice", |journal| {
        forged(journal, "H26.01", None, Some((plans(&["B"], &["two"]), (0, 1))));
    }),
    ("taken back, and not word for word", |journal| {
        forged(journal, "H26.01", None, Some((plans(&["A"], &["uno"]), (0, 0))));
    }),
    ("taken back by another supplier", |journal| {
        forged(journal, "H26.01", None, Some((plans(&["X"], &["other"]), (3, 0))));
    }),
    ("twenty second versions", |journal| {
        let keys: Vec<String> = (0..20).map(|at| format!("N{at}")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let mut doubled = keys.clone();
        doubled.extend(&keys);
        forged(journal, "H26.01", Some(plans(&doubled, &vec!["x"; 40])), None);
    }),
    ("a text changed", |journal| fs::write(first(journal, "texts"), "name = 2").expect("written")),
    ("a text is gone", |journal| fs::remove_file(first(journal, "texts")).expect("removed")),
    ("another base", |journal| {
        rewrite(&first(journal, "base"), |batch| {
            with_column(&batch, "title", Arc::new(StringArray::from(vec!["x"; batch.num_rows()])))
        });
    }),
    ("a base without its last row", |journal| {
        rewrite(&first(journal, "base"), |batch| batch.slice(0, batch.num_rows() - 1));
    }),
    ("a base that is no Parquet", |journal| fs::write(first(journal, "base"), "x").expect("written")),
    ("the index of another entry", |journal| {
        let path = |at: u32| journal.disk().path(&format!("index/{at:08}.plan.idx"));
        fs::copy(path(1), path(2)).expect("copied");
    }),
    ("an index that is cut", |journal| {
        let path = journal.disk().path("index/00000002.plan.idx");
        let bytes = fs::read(&path).expect("there");
        fs::write(&path, &bytes[..bytes.len() - 7]).expect("written");
    }),
    ("an index that is gone is made again", |journal| {
        fs::remove_file(journal.disk().path("index/00000002.plan.idx")).expect("removed");
    }),
    ("what killed runs leave", |journal| {
        for name in ["rows/.tmp-1-1", "rows/00000005.parquet", "index/00000005.plan.idx", "texts/x", "stray"]
        {
            fs::write(journal.disk().path(name), "x").expect("written");
        }
        fs::write(journal.disk().path("entries.ndjson"), {
            let mut text = fs::read_to_string(journal.disk().path("entries.ndjson")).expect("there");
            text.push_str("{\"at\":\"2020");
            text
        })
        .expect("written");
    }),
];

#[test]
fn everything_that_is_wrong_is_found() {
    let mut said = String::new();
    for (name, harm) in HARMS {
        let (folder, journal) = journal();
        assert_eq!(look(journal.disk()).findings, [], "whole before");
        harm(&journal);
        let checked = look(journal.disk());
        said += &format!(
            "# {name}: {} entries, {} rows, {} bytes torn\n",
            checked.entries, checked.rows, checked.torn
        );
        for finding in &checked.findings {
            said += &format!("{:?}: {}\n    {}\n", finding.weight, finding.text.vi, finding.text.en);
        }
        assert_eq!(checked.is_whole(), checked.findings.iter().all(|it| it.weight != Weight::Damage));
        said = said.replace(&folder.path().display().to_string(), "BUNDLE");
        assert!(!checked.findings.is_empty() || name.ends_with("made again"), "{name}");
        said.push('\n');
    }
    insta::assert_snapshot!(said);
}

/// Merged files are looked at as those they stand for.
#[test]
fn a_merged_file_must_say_the_right_addresses() {
    let (_folder, journal) = journal();
    journal.merge_rows(plan(), 0, 2).expect("merged");
    journal.merge_index(plan(), 0, 2).expect("merged");
    assert_eq!(look(journal.disk()).findings, []);
    rewrite(&journal.disk().path("rows/00000000-00000002.plan.parquet"), |batch| {
        with_column(&batch, "_row", Arc::new(Int64Array::from(vec![0, 2, 1, 0, 0, 1])))
    });
    let found: Vec<String> = look(journal.disk()).findings.into_iter().map(|it| it.text.en).collect();
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found.iter().all(|text| text.contains("the address in the merged file is wrong")), "{found:#?}");
}

/// A kind that the program does not know is said, and the rest is checked all the same.
#[test]
fn a_kind_of_a_newer_program_is_said() {
    let (_folder, journal) = journal();
    let checked = fsck(journal.disk(), &[], &mut |_| {}).expect("read");
    let damage = checked.findings.iter().filter(|it| it.weight == Weight::Damage).count();
    assert_eq!(damage, 1, "{:#?}", checked.findings);
    assert!(checked.findings[0].text.en.contains("“plan”"));
}
