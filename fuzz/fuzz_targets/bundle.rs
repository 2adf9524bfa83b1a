//! The text files of a bundle, separated by lines of `=== name`.
#![no_main]

use std::collections::BTreeMap;

use giaouoc_agreement::bundle::Bundle;
use giaouoc_agreement::kinds;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut name = "agreement.toml".to_owned();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(b"=== ") {
            Some(rest) => name = String::from_utf8_lossy(rest).trim().to_owned(),
            None => files.entry(name.clone()).or_default().extend_from_slice(line),
        }
    }
    let _ = Bundle::parse(&files, &[], kinds::builtin());
});
