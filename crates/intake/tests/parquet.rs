//! Parquet out and in: our own files without loss, and those of other tools.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

mod common;

use std::sync::Arc;

use arrow::array::*;
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::*;
use common::*;
use giaouoc_intake::{Collected, FileError, KIND_DIGEST_KEY, KIND_KEY, Sink, ToParquet};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;

const LINES: &str = concat!(
    r#"{"code":"A","unit":"H26.01","time_limit_days":15,"received_at":"2020-03-05","finished_at":"2020-03-05T16:00:00.5+07:00","#,
    r#""channel":"online","pauses":"2020-03-01T08:00:00Z/2020-03-02T08:00:00Z; 2020-03-03T08:00:00Z/","#,
    r#""due_changes":"2020-03-01T08:00:00Z -> 2020-03-09T17:00:00Z (chờ (1\\))"}"#,
    "\n",
    r#"{"code":"=B","unit":"H26.13","received_at":"2020-03-05T08:00:00Z"}"#,
    "\n",
);

fn to_parquet(out: &Collected) -> Vec<u8> {
    let mut writer = ToParquet::new(Vec::new());
    writer.begin(out.schema.as_ref().unwrap(), &[]).unwrap();
    out.batches.iter().for_each(|batch| writer.batch(batch).unwrap());
    writer.finish().unwrap()
}

#[test]
fn what_is_written_is_read_back() {
    let (_, out) = load("dossier", "a.ndjson", LINES.as_bytes(), "").unwrap();
    let bytes = to_parquet(&out);
    let (summary, again) = load("dossier", "a.parquet", &bytes, "").unwrap();
    assert_eq!(sums(&summary), "2 = 2 + 0 + 0");
    assert_eq!(summary.ignored, [], "the columns of bare days are known");
    assert_eq!(written(&again), written(&out));
    assert_eq!(again.batches, out.batches);
    // And from CSV as well.
    let csv = written(&out);
    assert_eq!(load("dossier", "a.csv", csv.as_bytes(), "").unwrap().1.batches, out.batches);

    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).unwrap();
    let metadata = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let value = |key: &str| metadata.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone());
    assert_eq!(value(KIND_KEY).as_deref(), Some("dossier"));
    assert_eq!(value(KIND_DIGEST_KEY).as_deref(), Some(kind("dossier").digest.as_str()));
    assert!(matches!(
        reader.metadata().row_group(0).column(0).compression(),
        parquet::basic::Compression::ZSTD(_)
    ));
}

#[test]
fn a_load_without_rows_is_a_file_with_a_schema() {
    let (_, out) = load("dossier", "a.csv", b"code,unit\n", "").unwrap();
    let bytes = to_parquet(&out);
    assert_eq!(sums(&load("dossier", "a.parquet", &bytes, "").unwrap().0), "0 = 0 + 0 + 0");
}

/// A file as another tool might write it.
fn foreign(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn codes() -> (&'static str, ArrayRef) {
    ("code", Arc::new(StringArray::from(vec!["A", "B"])))
}

fn units_column() -> (&'static str, ArrayRef) {
    ("unit", Arc::new(DictionaryArray::<Int32Type>::from_iter(["H26.01", "H26.01"])))
}

#[test]
fn types_of_other_tools() {
    // 2020-03-05T09:00:00Z
    let second = 1_583_398_800_i64;
    let micro = Some(second * 1_000_000);
    let table: Vec<(&str, ArrayRef, &str)> = vec![
        (
            "received_at",
            Arc::new(TimestampSecondArray::from(vec![Some(second), None]).with_timezone("UTC")),
            "2020-03-05T09:00:00Z|",
        ),
        (
            "received_at",
            Arc::new(
                TimestampMillisecondArray::from(vec![Some(second * 1000), None]).with_timezone("+07:00"),
            ),
            "2020-03-05T09:00:00Z|",
        ),
        // Without a zone: local time.
        (
            "received_at",
            Arc::new(TimestampMicrosecondArray::from(vec![micro, None])),
            "2020-03-05T02:00:00Z|",
        ),
        (
            "received_at",
            Arc::new(TimestampNanosecondArray::from(vec![Some(second * 1_000_000_000 + 1_999), None])),
            "2020-03-05T02:00:00.000001Z|",
        ),
        ("received_at", Arc::new(Date32Array::from(vec![Some(18_326), None])), "2020-03-05|"),
        ("received_at", Arc::new(Date64Array::from(vec![Some(18_326 * 86_400_000), None])), "2020-03-05|"),
        ("received_at", Arc::new(LargeStringArray::from(vec![Some("05/03/2020"), Some("")])), "2020-03-05|"),
        (
            "received_at",
            Arc::new(StringViewArray::from(vec![Some("20200305160000"), None])),
            "2020-03-05T09:00:00Z|",
        ),
        ("received_at", Arc::new(BinaryArray::from(vec![Some(&b"2020-03-05"[..]), None])), "2020-03-05|"),
        ("time_limit_days", Arc::new(Int8Array::from(vec![Some(15), None])), "15|"),
        ("time_limit_days", Arc::new(UInt64Array::from(vec![Some(15), None])), "15|"),
        ("time_limit_days", Arc::new(Float64Array::from(vec![Some(15.0), None])), "15|"),
        ("time_limit_days", Arc::new(Float32Array::from(vec![Some(15.0), None])), "15|"),
        (
            "time_limit_days",
            Arc::new(Decimal128Array::from(vec![Some(1500), None]).with_precision_and_scale(10, 2).unwrap()),
            "15|",
        ),
        ("field", Arc::new(NullArray::new(2)), "|"),
        ("field", Arc::new(BooleanArray::from(vec![Some(true), None])), "true|"),
    ];
    for (column, array, expected) in table {
        let name = format!("{column} {}", array.data_type());
        let bytes = foreign(vec![codes(), units_column(), (column, array)]);
        let (_, out) =
            load("dossier", "a.parquet", &bytes, "").unwrap_or_else(|error| panic!("{name}: {error}"));
        let text = written(&out);
        let cells: Vec<&str> = text.lines().skip(1).map(|line| line.rsplit(',').next().unwrap()).collect();
        assert_eq!(cells.join("|"), expected, "{name} {:?}", rejected(&out));
    }
}

#[test]
fn values_that_cannot_be_are_rejected() {
    let table: Vec<(&str, ArrayRef, &str)> = vec![
        (
            "received_at",
            Arc::new(TimestampSecondArray::from(vec![i64::MAX, 0]).with_timezone("UTC")),
            "cell-error",
        ),
        ("received_at", Arc::new(Date32Array::from(vec![i32::MAX, 0])), "cell-error"),
        ("received_at", Arc::new(Int64Array::from(vec![43_895, 20_200_305])), "number-for-date"),
        ("time_limit_days", Arc::new(Float64Array::from(vec![f64::NAN, 1.0])), "cell-error"),
        ("time_limit_days", Arc::new(UInt64Array::from(vec![u64::MAX, 1])), "out-of-range"),
        (
            "time_limit_days",
            Arc::new(Decimal128Array::from(vec![1550, 100]).with_precision_and_scale(10, 2).unwrap()),
            "not-whole",
        ),
        ("field", Arc::new(BinaryArray::from(vec![&b"\xff"[..], &b"a"[..]])), "cell-error"),
    ];
    for (column, array, code) in table {
        let name = format!("{column} {}", array.data_type());
        let bytes = foreign(vec![codes(), units_column(), (column, array)]);
        let (summary, out) = load("dossier", "a.parquet", &bytes, "").unwrap();
        assert_eq!(sums(&summary), "2 = 1 + 1 + 0", "{name}");
        assert_eq!(out.rejects[0].row, 1);
        assert_eq!(out.rejects[0].cells[0].reason.code, code, "{name}");
    }
}

fn pauses(from: ArrayRef, to: ArrayRef) -> ArrayRef {
    let fields = Fields::from(vec![
        Field::new("from", from.data_type().clone(), true),
        Field::new("to", to.data_type().clone(), true),
    ]);
    let items = StructArray::new(fields.clone(), vec![from, to], None);
    let item = Arc::new(Field::new_list_field(DataType::Struct(fields), true));
    Arc::new(ListArray::new(item, OffsetBuffer::from_lengths([2, 0]), Arc::new(items), None))
}

#[test]
fn nested_lists_and_what_is_none() {
    let from: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![0, 3_600_000]).with_timezone("UTC"));
    let to: ArrayRef = Arc::new(StringArray::from(vec![Some("1970-01-01T00:30:00Z"), None]));
    let bytes = foreign(vec![codes(), units_column(), ("pauses", pauses(from, to))]);
    let (_, out) = load("dossier", "a.parquet", &bytes, "").unwrap();
    assert_eq!(
        written(&out),
        "code,unit,pauses\nA,H26.01,1970-01-01T00:00:00Z/1970-01-01T00:30:00Z; 1970-01-01T01:00:00Z/\nB,H26.01,\n"
    );
    // A list that is a column of ours but holds something else is refused by name.
    let numbers = ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)]), None]);
    let bytes = foreign(vec![codes(), units_column(), ("pauses", Arc::new(numbers.clone()))]);
    let Err(refused) = load("dossier", "a.parquet", &bytes, "") else { panic!("read") };
    assert_eq!(refused.code(), "column-type");
    // Where nothing is taken from it, it does no harm.
    let bytes = foreign(vec![codes(), units_column(), ("ghi_chu", Arc::new(numbers))]);
    assert_eq!(load("dossier", "a.parquet", &bytes, "").unwrap().0.ignored.len(), 1);
}

#[test]
fn doubled_keys_are_found_across_row_groups() {
    let codes: Vec<String> = (0..10_000).map(|i| format!("A-{}", i % 9_999)).collect();
    let units = vec!["H26.01"; codes.len()];
    let bytes = foreign(vec![
        ("unit", Arc::new(StringArray::from(units))),
        ("ghi_chu", Arc::new(StringArray::from(codes.clone()))),
        ("code", Arc::new(StringArray::from(codes))),
    ]);
    let (summary, out) = load("dossier", "a.parquet", &bytes, "").unwrap();
    assert_eq!(sums(&summary), "10000 = 9998 + 2 + 0");
    assert_eq!(rejected(&out), ["1 code same-key \"A-0\"", "10000 code same-key \"A-0\""]);
}

fn small() -> Vec<u8> {
    let (_, out) = load("dossier", "a.ndjson", LINES.as_bytes(), "").unwrap();
    to_parquet(&out)
}

proptest! {
    #[test]
    fn damaged_files_are_read_or_refused(at in 0usize..20_000, byte in any::<u8>(), cut in 0usize..20_000) {
        thread_local!(static GOOD: Vec<u8> = small());
        GOOD.with(|good| {
            let mut bytes = good.clone();
            let place = at % bytes.len();
            bytes[place] = byte;
            let _: Result<_, FileError> = load("dossier", "a.parquet", &bytes, "");
            let _: Result<_, FileError> = load("dossier", "a.parquet", &good[..cut % good.len()], "");
        });
    }
}
