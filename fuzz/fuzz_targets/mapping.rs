//! Mapping files.
#![no_main]

use giaouoc_agreement::kinds;
use giaouoc_intake::Mapping;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for kind in kinds::builtin() {
        let _ = Mapping::parse("m.toml", bytes, kind);
    }
});
