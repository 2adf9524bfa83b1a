//! Rows by their places, in files of several row groups.

use std::fs::File;
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
