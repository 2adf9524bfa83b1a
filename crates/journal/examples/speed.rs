//! What the parts of bulk loading cost on a Parquet file of records: `speed FILE.parquet FOLDER`. Prints
//! seconds of the processor (all threads) and of the wall for each part.

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a tool that measures")]
#![allow(clippy::unwrap_used, reason = "a tool that measures")]

use std::fs::{self, File};
use std::path::Path;
use std::time::Instant;

use arrow::array::{Array, AsArray, RecordBatch};
use giaouoc_agreement::kinds;
use giaouoc_journal::{Canon, Change, Index, KeyId, RunWriter, Slot, Tree, leaf, merge_runs};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// Processor time of this process in hundredths of a second.
fn ticks() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    stat.rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|part| part.parse::<u64>().unwrap())
        .sum()
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (wall, before) = (Instant::now(), ticks());
    let result = work();
    let (seconds, hundredths) = (wall.elapsed(), ticks() - before);
    println!("{what:<44} {:>3}.{:02} s CPU {:>8.2?} wall", hundredths / 100, hundredths % 100, seconds);
    result
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let folder = Path::new(&arguments[2]);
    let file = ParquetRecordBatchReaderBuilder::try_new(File::open(&arguments[1]).unwrap()).unwrap();
    let reader = file.with_batch_size(65_536).build().unwrap();
    let batches: Vec<RecordBatch> = timed("read the file", || reader.map(Result::unwrap).collect());
    let kind = kinds::find("dossier").unwrap();
    let canon = Canon::new(kind);
    let digests = timed("content digests", || {
        let mut digests = Vec::new();
        batches.iter().for_each(|batch| canon.digests(batch, &mut digests).unwrap());
        digests
    });
    println!("{} rows", digests.len());
    timed("leaves and their tree", || {
        let mut tree = Tree::default();
        tree.extend(digests.iter().map(|digest| leaf(Change::Brought, digest)));
        println!("root {:02x?}", &tree.root()[..4]);
    });
    let keys: Vec<KeyId> = timed("ids of keys", || {
        let keys = batches.iter().flat_map(|batch| {
            let keys = batch.column_by_name("code").unwrap().as_string::<i32>();
            (0..keys.len()).map(|row| KeyId::of(keys.value(row))).collect::<Vec<_>>()
        });
        keys.collect()
    });
    let path = folder.join("speed.idx");
    let mut writer = RunWriter::new();
    timed("keys collected", || {
        for (row, (key, digest)) in (0..).zip(keys.iter().zip(&digests)) {
            let mut short = [0; 8];
            short.copy_from_slice(&digest[..8]);
            writer.add(*key, Slot { entry: 0, row, digest: short });
        }
    });
    timed("sorted and written", || writer.write(File::create(&path).unwrap()).unwrap());
    let files = vec![(path.clone(), Some(0))];
    let index = timed("index opened", || Index::open(files.clone()).unwrap());
    for count in [1, 10_000, 1_000_000, keys.len()] {
        let step = (keys.len() / count).max(1);
        let asked: Vec<KeyId> = keys.iter().step_by(step).take(count).copied().collect();
        timed(&format!("{} keys resolved", asked.len()), || {
            assert!(index.resolve(&asked).unwrap().iter().all(Option::is_some));
        });
    }
    timed("gone through", || index.for_each(&mut |_, _| {}).unwrap());
    let twice = [files[0].clone(), files[0].clone()];
    timed("two merged", || merge_runs(&twice, File::create(folder.join("merged.idx")).unwrap()).unwrap());
}
