//! Record kinds.
#![no_main]

use giaouoc_agreement::kind::Kind;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = Kind::parse("kind.toml", text);
});
