//! Files of records of every format: `read = accepted + rejected + skipped`, or refused whole.
#![no_main]

use giaouoc_agreement::kinds;
use giaouoc_intake::{Collected, Input, Limits, Load, Mapping, Units, read_records};
use giaouoc_worktime::zone::Zone;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let kind = &kinds::builtin()[usize::from(*first) % kinds::builtin().len()];
    let names = ["x.csv", "x.xlsx", "x.ndjson", "x.parquet", "x.xls", "x.ods"];
    let name = names[usize::from(*first >> 4) % names.len()];
    let encodings = [None, Some("tcvn3"), Some("vni"), Some("windows-1258")];
    let mut mapping = Mapping::default();
    if let Some(encoding) = encodings[rest.len() % encodings.len()] {
        mapping = mapping.with_encoding(encoding).unwrap_or_default();
    }
    let zone = Zone::utc();
    let load = Load {
        kind,
        mapping: &mapping,
        units: &Units::any(),
        zone: &zone,
        limits: &Limits::default(),
        personal: false,
    };
    let mut sink = Collected::default();
    if let Ok(summary) = read_records(&Input::Bytes { name, bytes: rest }, &load, &mut sink) {
        assert_eq!(summary.read, summary.accepted + summary.rejected + summary.skipped());
        let rows: usize = sink.batches.iter().map(|batch| batch.num_rows()).sum();
        assert_eq!(rows as u64, summary.accepted);
    }
});
