//! What the tests of this crate share.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test uses its part; a failing test should stop"
)]

use std::path::PathBuf;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use giaouoc_intake::{
    Collected, FileError, Input, Limits, Load, Mapping, Reject, RejectsCsv, Sink, Summary, ToCsv, Units,
    read_records,
};
use giaouoc_worktime::zone::Zone;

pub fn kind(id: &str) -> &'static Kind {
    kinds::find(id).unwrap()
}

pub fn zone() -> Zone {
    Zone::get("Asia/Ho_Chi_Minh").unwrap()
}

/// A few units, by code, name and another name.
pub fn units() -> Units {
    let mut units = Units::new();
    units.add("H26.01", ["Văn phòng UBND thành phố", "VP UBND TP"]);
    units.add("H26.13", ["Sở Nội vụ"]);
    units.add("H26.21", ["Sở Tư pháp"]);
    units
}

/// A mapping from the lines below `kind = …`.
pub fn mapping(kind: &Kind, lines: &str) -> Mapping {
    let text = format!("kind = \"{}\"\n{lines}", kind.id);
    Mapping::parse("maps/test.toml", text.as_bytes(), kind).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

pub fn load(id: &str, name: &str, bytes: &[u8], lines: &str) -> Result<(Summary, Collected), FileError> {
    let kind = kind(id);
    load_with(&Input::Bytes { name, bytes }, kind, &mapping(kind, lines), &units(), &Limits::default())
}

pub fn load_with(
    input: &Input<'_>,
    kind: &Kind,
    mapping: &Mapping,
    units: &Units,
    limits: &Limits,
) -> Result<(Summary, Collected), FileError> {
    let mut out = Collected::default();
    let load = Load { kind, mapping, units, zone: &zone(), limits, personal: false };
    let read = read_records(input, &load, &mut out);
    // A receiver that can start over is served in one go, and gets the same in the end.
    let mut anew = Anew::default();
    let again = read_records(input, &load, &mut anew);
    assert_eq!(read.as_ref().map_err(FileError::code), again.as_ref().map_err(FileError::code));
    let summary = read?;
    assert_eq!((&out.batches, &out.rejects), (&anew.0.batches, &anew.0.rejects));
    // Holds whatever was read.
    assert_eq!(summary.read, summary.accepted + summary.rejected + summary.skipped());
    assert_eq!(summary.accepted, out.batches.iter().map(|batch| batch.num_rows() as u64).sum::<u64>());
    assert_eq!(summary.rejected, out.rejects.len() as u64);
    Ok((summary, out))
}

/// Keeps everything, and starts over when it is told to.
#[derive(Default)]
struct Anew(Collected);

impl Sink for Anew {
    fn begin(&mut self, schema: &SchemaRef, headers: &[String]) -> Result<(), FileError> {
        self.0 = Collected::default();
        self.0.begin(schema, headers)
    }

    fn starts_over(&self) -> bool {
        true
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        self.0.batch(batch)
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), FileError> {
        self.0.reject(reject)
    }
}

/// `read = accepted + rejected + skipped`.
pub fn sums(summary: &Summary) -> String {
    format!("{} = {} + {} + {}", summary.read, summary.accepted, summary.rejected, summary.skipped())
}

/// The accepted rows as CSV without the byte order mark.
pub fn written(out: &Collected) -> String {
    let mut csv = ToCsv::new(Vec::new()).unwrap();
    csv.begin(out.schema.as_ref().unwrap(), &[]).unwrap();
    for batch in &out.batches {
        csv.batch(batch).unwrap();
    }
    String::from_utf8(csv.finish().unwrap()).unwrap().trim_start_matches('\u{feff}').to_owned()
}

/// One line for each bad cell: row, column, reason, value.
pub fn rejected(out: &Collected) -> Vec<String> {
    let lines = out.rejects.iter().flat_map(|reject| {
        reject
            .cells
            .iter()
            .map(|cell| format!("{} {} {} {:?}", reject.row, cell.column, cell.reason.code, cell.value))
    });
    lines.collect()
}

/// The rejects file of some rejects.
pub fn rejects_csv(out: &Collected, headers: &[&str]) -> Vec<u8> {
    let mut csv = RejectsCsv::new(Vec::new(), b',').unwrap();
    let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
    csv.begin(out.schema.as_ref().unwrap(), &headers).unwrap();
    for reject in &out.rejects {
        csv.reject(reject).unwrap();
    }
    csv.finish().unwrap()
}

/// The rejects file of a file, with its own headers, and its sums.
pub fn rejects_of(name: &str, bytes: &[u8], lines: &str) -> (Summary, String) {
    let kind = kind("dossier");
    let (mapping, units, zone, limits) = (mapping(kind, lines), units(), zone(), Limits::default());
    let load = Load { kind, mapping: &mapping, units: &units, zone: &zone, limits: &limits, personal: false };
    let mut csv = RejectsCsv::new(Vec::new(), b',').unwrap();
    let summary = read_records(&Input::Bytes { name, bytes }, &load, &mut csv).unwrap();
    (summary, String::from_utf8(csv.finish().unwrap()).unwrap())
}

/// A file of the real data beside the repository, or `None` with a loud word.
pub fn shared(path: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let root = std::env::var_os("GIAOUOC_SHARED_DATA").map_or(beside, PathBuf::from);
    let file = root.join(path);
    if file.exists() {
        return Some(file);
    }
    eprintln!("SKIPPED: {} is not there; set GIAOUOC_SHARED_DATA", file.display());
    None
}

/// A mapping of `tests/maps`.
pub fn map_file(name: &str, kind: &Kind) -> Mapping {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/maps").join(name);
    let bytes = std::fs::read(&path).unwrap();
    Mapping::parse(name, &bytes, kind).unwrap_or_else(|problems| panic!("{problems:#?}"))
}
