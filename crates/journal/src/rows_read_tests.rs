//! Rows by their places, in files of several row groups.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{AsArray, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_wanted_rows_are_read_and_no_others(rows in 1_u64..60, group in 1_usize..20, marks in prop::collection::vec(any::<bool>(), 60)) {
        let folder = tempfile::tempdir().expect("a folder");
        let disk = Disk::new(folder.path());
        let path = folder.path().join("rows.parquet");
        let schema = Arc::new(Schema::new(vec![Field::new("row", DataType::Int64, false)]));
        let column = Int64Array::from_iter_values(0..rows as i64);
        let batch = RecordBatch::try_new(Arc::clone(&schema), vec![Arc::new(column)]).expect("a batch");
        let mut writer = ArrowWriter::try_new(File::create(&path).expect("made"), Arc::clone(&schema), None).expect("begun");
        for from in (0..rows as usize).step_by(group) {
            writer.write(&batch.slice(from, group.min(rows as usize - from))).expect("written");
            writer.flush().expect("a row group");
        }
        writer.close().expect("closed");
        let wanted: Vec<u64> = (0..rows).filter(|row| marks[*row as usize]).collect();
        let found = places(&disk, &path, &wanted, &schema).expect("read");
        let found: Vec<u64> = found.column(0).as_primitive::<Int64Type>().values().iter().map(|row| *row as u64).collect();
        prop_assert_eq!(found, wanted);
        let beyond = matches!(places(&disk, &path, &[rows], &schema), Err(JournalError::Damaged { .. }));
        prop_assert!(beyond);
    }
}

/// A file with the numbers from 0 on in a column.
fn numbered(folder: &Path, rows: i64) -> PathBuf {
    let path = folder.join("rows.parquet");
    let column = Int64Array::from_iter_values(0..rows);
    let batch = RecordBatch::try_from_iter([("row", Arc::new(column) as ArrayRef)]).expect("a batch");
    let mut writer =
        ArrowWriter::try_new(File::create(&path).expect("made"), batch.schema(), None).expect("begun");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");
    path
}

/// So many that several threads read them, where there are several processors.
#[test]
fn many_rows_of_a_file_come_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = numbered(folder.path(), 20_000);
    let disk = Disk::new(folder.path());
    let schema = schema_of(&path).expect("read");
    for step in [1, 3, 7, 39] {
        let wanted: Vec<u64> = (0..20_000).step_by(step).collect();
        let found = places(&disk, &path, &wanted, &schema).expect("read");
        let found: Vec<u64> =
            found.column(0).as_primitive::<Int64Type>().values().iter().map(|row| *row as u64).collect();
        assert_eq!(found, wanted, "every {step}th");
    }
    assert!(matches!(
        places(&disk, &path, &(18_000..20_001).collect::<Vec<_>>(), &schema),
        Err(JournalError::Damaged { .. })
    ));
}

/// Entries without rows in the file are passed over, also several in a row, and an entry goes on in the next batch.
#[test]
fn the_rows_of_a_piece_are_told_by_entry() {
    let folder = tempfile::tempdir().expect("a folder");
    let entries = (3..).zip([0, 0, 3, 0, 0, 5, 1, 0]);
    let held = entries.map(|(entry, plus)| Held { entry, brought_at: 0, back_at: 0, plus, minus: 0 });
    let brought = Some(numbered(folder.path(), 9));
    let piece = Piece { entries: held.collect(), brought, back: None, merged: true };
    let mut told = Vec::new();
    piece_rows(&piece, false, 2, &mut |entry, row, batch| {
        let numbers = batch.column(0).as_primitive::<Int64Type>().values().to_vec();
        assert!(!numbers.is_empty());
        told.extend((row..).zip(numbers).map(|(row, number)| (entry, row, number)));
        Ok(())
    })
    .expect("read");
    let rows = [(5, 0), (5, 1), (5, 2), (8, 0), (8, 1), (8, 2), (8, 3), (8, 4), (9, 0)];
    let expected: Vec<(u32, u64, i64)> =
        rows.into_iter().zip(0..).map(|((entry, row), number)| (entry, row, number)).collect();
    assert_eq!(told, expected);
    piece_rows(&piece, true, 2, &mut |_, _, _| panic!("nothing was taken back")).expect("no file is needed");
}

#[test]
fn where_pages_lie_is_read_along() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = File::open(numbered(folder.path(), 9)).expect("there");
    let metadata = ArrowReaderMetadata::load(&file, with_pages()).expect("read");
    assert!(metadata.metadata().offset_index().is_some());
}
