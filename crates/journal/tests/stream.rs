//! Net rows in one pass are the net rows, and live versions of many keys are those of each, whatever happened to
//! the journal before: corrections, withdrawals, undos, merges, bases.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/work.rs"]
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use giaouoc_journal::{Disk, Journal, Lock, Version};
use sha2::{Digest, Sha256};
use work::{Rng, plan, step};

/// Key and the values of some columns of each row.
fn rows(batch: &RecordBatch, columns: &[&str], into: &mut BTreeMap<String, Vec<String>>) {
    let texts: Vec<_> = columns
        .iter()
        .map(|id| batch.column_by_name(id).map(|array| cast(array, &DataType::Utf8).expect("text")))
        .collect();
    for row in 0..batch.num_rows() {
        let values: Vec<String> = texts
            .iter()
            .map(|column| match column {
                Some(column) if column.is_valid(row) => column.as_string::<i32>().value(row).to_owned(),
                _ => String::new(),
            })
            .collect();
        let twice = into.insert(values[0].clone(), values);
        assert_eq!(twice, None, "a record has one net version");
    }
}

#[test]
fn one_pass_gives_the_net_rows_at_every_entry() {
    let kind = plan();
    let ids = ["code", "unit", "title"];
    let columns: BTreeSet<usize> = ids.iter().map(|id| kind.column(id).expect("a column")).collect();
    let mut taken_back = 0;
    for seed in 0..12 {
        let folder = tempfile::tempdir().expect("a folder");
        let mut journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("opened");
        let mut rng = Rng(seed);
        for _ in 0..25 {
            step(&mut journal, &mut rng, false).expect("done");
        }
        journal.refresh().expect("read");
        for head in 0..=journal.head() {
            let (mut expected, mut found) = (BTreeMap::new(), BTreeMap::new());
            for batch in journal.net(kind, head).expect("net rows") {
                rows(&batch, &ids, &mut expected);
            }
            journal
                .each_net(kind, head, &columns, &mut |_, batch| {
                    rows(batch, &ids, &mut found);
                    Ok(())
                })
                .expect("one pass");
            assert_eq!(found, expected, "seed {seed}, head {head}");
        }
        taken_back += journal
            .entries()
            .iter()
            .filter_map(|entry| entry.what.rows())
            .map(|rows| rows.minus)
            .sum::<u64>();
        let mut all = BTreeMap::new();
        for batch in journal.net(kind, journal.head()).expect("net rows") {
            rows(&batch, &ids, &mut all);
        }
        let keys: Vec<&str> = all.keys().map(String::as_str).chain(["nobody's"]).collect();
        let live = journal.live_of(kind, &keys).expect("looked up");
        for (key, found) in keys.iter().zip(&live.found) {
            let one = journal.live(kind, key).expect("looked up");
            let owner = one.as_ref().map(|version| journal.owner(version.entry, journal.head()));
            assert_eq!(found.as_ref().map(|(_, owner)| owner.clone()), owner, "{key}");
            if let (Some((row, _)), Some(values)) = (found, all.get(*key)) {
                let mut read = BTreeMap::new();
                rows(&live.batch.slice(*row, 1), &ids, &mut read);
                assert_eq!(read.get(*key), Some(values));
            }
        }
    }
    assert!(taken_back > 100, "only {taken_back} versions were taken back");
}

/// The texts as of each entry are those recorded before it: the last of each path, and none that is gone.
#[test]
fn texts_are_those_of_the_entry() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Disk::new(folder.path().join("journal"));
    disk.create_folders().expect("made");
    let mut journal = Journal::open(disk).expect("opened");
    let mut expected = vec![BTreeMap::new()];
    for (path, bytes) in
        [("a", Some("1")), ("b", Some("1")), ("a", Some("2")), ("b", None), ("a", None), ("b", Some("3"))]
    {
        let lock = Lock::acquire(journal.disk()).expect("free");
        let now = work::now(&journal);
        journal
            .record_text(&lock, path, bytes.map(str::as_bytes), vec![], work::signed(), now)
            .expect("recorded")
            .expect("new");
        let mut texts: BTreeMap<String, Option<&str>> = expected.last().expect("one").clone();
        texts.insert(path.to_owned(), bytes);
        expected.push(texts);
    }
    for (head, texts) in (0..).zip(expected) {
        let found: BTreeMap<String, String> = journal
            .texts(head)
            .iter()
            .map(|(path, hash)| (path.clone(), hash.iter().map(|byte| format!("{byte:02x}")).collect()))
            .collect();
        let digest = |text: &str| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        let texts = texts.into_iter().filter_map(|(path, text)| Some((path, digest(text?)))).collect();
        assert_eq!(found, texts, "as of {head}");
    }
}

/// Sixteen like files in a row become one of rows and one of keys, and the small ones go; fewer stay as they are.
/// Two neighbours are merged where that is asked for.
#[test]
fn tidying_merges_full_runs_of_like_files() {
    let kind = plan();
    for (files, merged) in [(15, 0), (16, 16), (17, 16)] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("opened");
        let mut rng = Rng(7);
        let pieces = |journal: &Journal| journal.layout("plan", journal.head()).expect("whole").pieces.len();
        while pieces(&journal) < files {
            work::upload(&mut journal, &mut rng, false).expect("loaded");
        }
        let there = |folder: &str, ending: &str| {
            let all = std::fs::read_dir(journal.disk().path(folder)).expect("a folder");
            all.filter(|file| file.as_ref().expect("a name").file_name().to_string_lossy().ends_with(ending))
                .count()
        };
        let small = there("index", ".idx");
        let tidied = journal.tidy(std::slice::from_ref(kind)).expect("tidied");
        assert_eq!((tidied.merged, tidied.indexes, tidied.bases), (merged, merged, 0), "{files}");
        let left = files - merged + usize::from(merged > 0);
        assert_eq!(pieces(&journal), left, "{files}");
        assert_eq!(there("rows", ".parquet") - there("rows", ".back.parquet"), left, "{files}");
        assert_eq!(there("index", ".idx"), small - (files - left), "{files}");
        let again = journal.tidy(std::slice::from_ref(kind)).expect("tidied");
        assert_eq!((again.merged, again.indexes, again.bases), (0, 0, 0), "{files}");
        // A file of two, then one of three that takes its place.
        for times in (1..=2).filter(|_| merged == 0) {
            let layout = journal.layout("plan", journal.head()).expect("whole");
            let (first, last) = (layout.pieces[3].first(), layout.pieces[4].last());
            assert_eq!(journal.merge_rows(kind, first, last).expect("merged"), 2);
            assert_eq!(journal.merge_index(kind, first, last).expect("merged"), 2);
            assert_eq!(pieces(&journal), files - times);
            assert_eq!(there("rows", ".parquet") - there("rows", ".back.parquet"), files - times);
        }
    }
}

/// Every version of a record in the order in which they came, each taken back by the next.
#[test]
fn the_story_of_a_record() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::open(Disk::new(folder.path().join("journal"))).expect("opened");
    let text = |values: [&str; 2]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
    for title in ["một", "hai", "ba", "bốn"] {
        let columns =
            [("code", text(["J", "K"])), ("unit", text(["H26.01"; 2])), ("title", text([title; 2]))];
        let batch = RecordBatch::try_from_iter(columns).expect("a batch");
        assert!(work::load(&mut journal, &batch, None, false).expect("loaded"));
    }
    let story = journal.story(plan(), "K").expect("read");
    let seen: Vec<(u64, Option<u64>, String)> = story
        .iter()
        .map(|version| {
            let title = version.batch.column_by_name("title").expect("a column");
            let title = cast(title, &DataType::Utf8).expect("text").as_string::<i32>().value(0).to_owned();
            (version.entry, version.taken_back, title)
        })
        .collect();
    let expected = [(0, Some(1), "một"), (1, Some(2), "hai"), (2, Some(3), "ba"), (3, None, "bốn")];
    assert_eq!(seen, expected.map(|(entry, by, title)| (entry, by, title.to_owned())));
    assert!(journal.story(plan(), "L").expect("read").is_empty());
    // The same by looking through everything, and of a record that is not the first of its entry.
    let versions = journal.versions(plan(), "K", journal.head()).expect("read");
    let places = |version: &Version| (version.entry, version.row, version.taken_back);
    assert_eq!(versions.iter().map(places).collect::<Vec<_>>(), story.iter().map(places).collect::<Vec<_>>());
    assert_eq!(story[3].row, 1);
    // What is there can be withdrawn, what is not there cannot, and somebody else's is not touched.
    let withdrawal = |namespace: Option<&str>, key: &str| {
        let found = journal.prepare_withdrawal(plan(), namespace, &[key.to_owned()]).expect("compared");
        let rows = found.prepared.rows();
        (rows.plus, rows.minus, found.prepared.is_empty(), found.absent.len(), found.owned.len())
    };
    assert_eq!(withdrawal(None, "K"), (0, 1, false, 0, 0));
    assert_eq!(withdrawal(None, "L"), (0, 0, true, 1, 0));
    assert_eq!(withdrawal(Some("H26.01"), "K"), (0, 0, true, 0, 1));
}
