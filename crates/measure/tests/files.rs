//! Parquet files and change logs: how the records lie and how many threads read them changes nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arrow::array::{ArrayRef, Int8Array, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use giaouoc_agreement::value::Value;
use giaouoc_measure::{MeasureError, Options, Source, find, scan};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use proptest::prelude::*;
use support::world::{World, shuffled};
use support::{batch, chooser, difference};

/// A batch with one more column.
fn with(batch: &RecordBatch, name: &str, array: ArrayRef) -> RecordBatch {
    let mut fields: Vec<Field> = batch.schema().fields().iter().map(|field| field.as_ref().clone()).collect();
    fields.push(Field::new(name, array.data_type().clone(), false));
    let mut columns = batch.columns().to_vec();
    columns.push(array);
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

fn write(path: &Path, batch: &RecordBatch, group: usize, statistics: EnabledStatistics) {
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(group))
        .set_statistics_enabled(statistics)
        .build();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

/// The rows as Parquet files and batches in memory, cut anywhere.
fn sources(
    world: &World,
    rows: &[Vec<Value>],
    folder: &Path,
    choose: &mut dyn FnMut(u64) -> u64,
) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut rest = rows;
    while !rest.is_empty() {
        let (now, later) = rest.split_at(1 + choose(rest.len() as u64) as usize);
        let records = batch(&world.kind, now, choose);
        if choose(4) == 0 {
            sources.push(Source::batches(vec![records]));
        } else {
            let path: PathBuf = folder.join(format!("{}.parquet", sources.len()));
            let statistics = [EnabledStatistics::None, EnabledStatistics::Chunk, EnabledStatistics::Page];
            write(&path, &records, 1 + choose(20) as usize, statistics[choose(3) as usize]);
            sources.push(Source::parquet(path));
        }
        rest = later;
    }
    sources
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Files, row groups, statistics, batches, threads: all one.
    #[test]
    fn the_way_of_storing_does_not_matter(seed: u64, rows in 0..120_usize) {
        let world = World::new(seed, 3, rows, false);
        let mut choose = chooser(!seed);
        let plan = world.plan();
        let expected = scan(
            &plan,
            &[Source::batches(vec![batch(&world.kind, &world.rows, &mut choose)])],
            &Options::default(),
        ).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mixed = shuffled(world.rows.clone(), &mut choose);
        let sources = sources(&world, &mixed, folder.path(), &mut choose);
        let read = AtomicU64::new(0);
        let count = |rows| { read.fetch_add(rows, Ordering::Relaxed); };
        let options = Options {
            threads: choose(4) as usize,
            batch_rows: 1 + choose(30) as usize,
            progress: Some(&count),
            cancel: None,
        };
        let found = scan(&plan, &sources, &options).unwrap();
        let difference = difference(&found, &expected);
        prop_assert!(difference.is_none(), "{}\n{}", difference.unwrap_or_default(), world.told());
        prop_assert_eq!(read.load(Ordering::Relaxed), rows as u64);
    }

    /// A change log beside plain files: only what is left of it counts.
    #[test]
    fn a_change_log_counts_what_is_left(seed: u64, kept in 0..60_usize, gone in 0..40_usize) {
        let world = World::new(seed, 2, kept + gone, false);
        let mut choose = chooser(!seed);
        let plan = world.plan();
        let expected = scan(
            &plan,
            &[Source::batches(vec![batch(&world.kind, &world.rows[..kept], &mut choose)])],
            &Options::default(),
        ).unwrap();
        // Everything came in plain files; the log takes the end of it back.
        let folder = tempfile::tempdir().unwrap();
        let mut sources = sources(&world, &world.rows, folder.path(), &mut choose);
        if gone > 0 {
            let log = batch(&world.kind, &world.rows[kept..], &mut choose);
            let log = with(&log, "weight", Arc::new(Int8Array::from(vec![-1; gone])));
            let path = folder.path().join("log.parquet");
            write(&path, &log, 7, EnabledStatistics::Chunk);
            sources.insert(choose(sources.len() as u64 + 1) as usize, Source::parquet(path).weighted("weight"));
        }
        let options = Options { threads: 2, batch_rows: 5, ..Options::default() };
        let found = scan(&plan, &sources, &options).unwrap();
        let difference = difference(&found, &expected);
        prop_assert!(difference.is_none(), "{}\n{}", difference.unwrap_or_default(), world.told());
    }

    /// A record is found by its key, all versions of it, and is what was written.
    #[test]
    fn a_record_is_found_by_its_key(seed: u64, rows in 1..60_usize) {
        let world = World::new(seed, 1, rows, false);
        let mut choose = chooser(!seed);
        let folder = tempfile::tempdir().unwrap();
        let sources = sources(&world, &world.rows, folder.path(), &mut choose);
        for key in ["a", "it's", "nothing"] {
            let found = find(&world.kind, &sources, key).unwrap();
            let expected: Vec<Vec<Value>> = world
                .rows
                .iter()
                .filter(|row| row[world.kind.key] == Value::Text(key.to_owned()))
                .map(|row| {
                    let open = |(at, value): (usize, &Value)| {
                        if world.kind.columns[at].personal { Value::Unknown } else { value.clone() }
                    };
                    row.iter().enumerate().map(open).collect()
                })
                .collect();
            prop_assert_eq!(found.iter().map(|found| found.values.clone()).collect::<Vec<_>>(), expected);
            prop_assert!(found.iter().all(|found| found.weight == 1));
        }
    }
}

fn one(world: &World, path: &Path) -> Result<(), MeasureError> {
    scan(&world.plan(), &[Source::parquet(path)], &Options { threads: 2, ..Options::default() }).map(|_| ())
}

/// Random worlds whose rules read a column.
fn world_reading(column: &str) -> World {
    (0..)
        .map(|seed| World::new(seed, 3, 40, false))
        .find(|world| {
            let at = world.kind.column(column).unwrap();
            world.plan().columns().contains(&at)
        })
        .unwrap()
}

#[test]
fn a_column_of_a_wrong_type_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wrong.parquet");
    let world = world_reading("outcome");
    let schema = Schema::new(vec![Field::new("outcome", DataType::Int64, false)]);
    let wrong = RecordBatch::try_new(Arc::new(schema), vec![Arc::new(Int64Array::from(vec![1]))]).unwrap();
    write(&path, &wrong, 10, EnabledStatistics::Chunk);
    match one(&world, &path) {
        Err(error @ MeasureError::WrongType { .. }) => {
            assert!(error.en().contains("\"outcome\" is Int64"), "{error}");
            assert!(error.vi().contains("cột \"outcome\""), "{}", error.vi());
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn damaged_and_absent_files_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let world = world_reading("outcome");
    let absent = folder.path().join("absent.parquet");
    let path = folder.path().join("damaged.parquet");
    write(&path, &batch(&world.kind, &world.rows, &mut chooser(3)), 10, EnabledStatistics::Chunk);
    let whole = std::fs::read(&path).unwrap();
    for cut in [0, 3, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..cut]).unwrap();
        match one(&world, &path) {
            Err(MeasureError::File { path, .. }) => assert!(path.ends_with("damaged.parquet"), "{path}"),
            other => panic!("cut at {cut}: {other:?}"),
        }
    }
    assert!(matches!(one(&world, &absent), Err(MeasureError::File { .. })));
}

#[test]
fn a_run_can_be_stopped() {
    let world = World::new(5, 1, 40, false);
    let records = batch(&world.kind, &world.rows, &mut chooser(5));
    let stop = AtomicBool::new(false);
    let after_first = |_| stop.store(true, Ordering::Relaxed);
    let options = Options { batch_rows: 10, progress: Some(&after_first), cancel: Some(&stop), threads: 1 };
    let stopped = scan(&world.plan(), &[Source::batches(vec![records])], &options);
    assert_eq!(stopped, Err(MeasureError::Cancelled));
}
