//! The files of a yearbook, separated by lines of `=== path`.
#![no_main]

use std::collections::{BTreeMap, BTreeSet};

use giaouoc_worktime::zone::Zone;
use giaouoc_year::yearbook::{Known, read, write};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut name = "dialogue/x.toml".to_owned();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(b"=== ") {
            Some(rest) => name = String::from_utf8_lossy(rest).trim().to_owned(),
            None => files.entry(name.clone()).or_default().extend_from_slice(line),
        }
    }
    let Ok(zone) = Zone::get("Asia/Ho_Chi_Minh") else { return };
    let (units, targets) = (vec!["U".to_owned()], vec!["t".to_owned()]);
    let known = Known { units: &units, targets: &targets, year: 2020, zone: &zone };
    let (book, _) = read(&files, &BTreeSet::new(), &known);
    let _ = write(&book, &zone);
});
