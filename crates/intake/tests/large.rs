//! Files stream: five times the rows take hardly more memory. CSV, the same as NDJSON and as Parquet.
//!
//! `GIAOUOC_LARGE_ROWS=10000000 cargo test --workspace --locked --test large -- --nocapture` does it with ten million
//! rows (2.4 GB of CSV) by hand.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a failing test should stop, and one run by hand says what it measured"
)]

mod common;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use common::*;
use giaouoc_intake::{FileError, Input, Limits, Load, Sink, ToParquet, Units, read_records};

/// The most memory this process has had at once, in MB, as Linux tells it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}

struct Forget;

impl Sink for Forget {
    fn batch(&mut self, _batch: &arrow::array::RecordBatch) -> Result<(), FileError> {
        Ok(())
    }
}

fn read(path: &Path, sink: &mut dyn Sink) -> giaouoc_intake::Summary {
    let kind = kind("dossier");
    let (mapping, units, zone, limits) = (mapping(kind, ""), Units::any(), zone(), Limits::default());
    let load = Load { kind, mapping: &mapping, units: &units, zone: &zone, limits: &limits, personal: false };
    read_records(&Input::Path(path), &load, sink).unwrap()
}

/// Bytes of memory that a row may cost: 16 for its key, twice while the list of keys grows, and room for both.
const A_ROW: u64 = 64;

#[test]
fn five_times_the_rows_take_hardly_more_memory() {
    let rows: u64 = std::env::var("GIAOUOC_LARGE_ROWS").ok().and_then(|n| n.parse().ok()).unwrap_or(250_000);
    let (few, _) = all_forms(rows / 5);
    let (many, size) = all_forms(rows);
    if let (Some(few), Some(many)) = (few, many) {
        let allowed = few + 8 + ((rows * A_ROW) >> 20);
        assert!(many < allowed, "{many} MB of memory for a CSV of {size} MB; {allowed} MB are allowed");
    }
}

/// Reads so many rows in every form; the most memory taken by then and the size of the CSV, in MB.
fn all_forms(rows: u64) -> (Option<u64>, u64) {
    let dir = tempfile::tempdir().unwrap();
    let (csv, ndjson, parquet) =
        (dir.path().join("a.csv"), dir.path().join("a.ndjson"), dir.path().join("a.parquet"));
    let mut text = BufWriter::new(File::create(&csv).unwrap());
    let mut json = BufWriter::new(File::create(&ndjson).unwrap());
    let note =
        "Hồ sơ nộp trực tuyến qua cổng dịch vụ công, đã bổ sung giấy tờ theo yêu cầu của bộ phận một cửa";
    write!(text, "Mã hồ sơ;Đơn vị xử lý;Ngày tiếp nhận;Ngày hẹn trả;Ngày kết thúc xử lý;Thời hạn giải quyết;Ghi chú\r\n").unwrap();
    for at in 0..rows {
        let (day, month, minute) = (at % 28 + 1, at / 28 % 12 + 1, at % 60);
        let (unit, days) = (at % 20 + 1, at % 30 + 1);
        write!(
            text,
            "000.00.01.H26-{at:09};H26.{unit:02};{day:02}/{month:02}/2020 08:{minute:02};{day:02}/{month:02}/2020;ngày {day:02} tháng {month:02} năm 2020;{days};{note} {at}\r\n"
        )
        .unwrap();
        writeln!(
            json,
            "{{\"code\":\"000.00.01.H26-{at:09}\",\"unit\":\"H26.{unit:02}\",\"received_at\":\"2020-{month:02}-{day:02}T08:{minute:02}:00+07:00\",\"due_at\":\"2020-{month:02}-{day:02}\",\"time_limit_days\":{days}}}"
        )
        .unwrap();
    }
    text.into_inner().unwrap().sync_all().unwrap();
    json.into_inner().unwrap().sync_all().unwrap();
    // Its writer holds a group of rows, which is no matter of reading.
    let size = csv.metadata().unwrap().len() >> 20;
    assert_eq!(read(&csv, &mut Forget).accepted, rows);
    println!("CSV, {size} MB: {:?} MB at most", peak());
    assert_eq!(read(&ndjson, &mut Forget).accepted, rows);
    println!("NDJSON, {} MB: {:?} MB at most", ndjson.metadata().unwrap().len() >> 20, peak());
    let read_text = peak();
    let mut out = ToParquet::new(File::create(&parquet).unwrap());
    read(&csv, &mut out);
    out.finish().unwrap();
    assert_eq!(read(&parquet, &mut Forget).accepted, rows);
    println!("Parquet, {} MB: {:?} MB at most", parquet.metadata().unwrap().len() >> 20, peak());
    // The reading of Parquet is bounded with the writing.
    assert!(peak().is_none_or(|peak| peak < 500));
    (read_text, size)
}
