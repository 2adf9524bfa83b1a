//! Lines of a journal: as they are, and with the hash they should have, so that what is behind the hash is
//! reached. What is read is written as it stood; nothing panics.
#![no_main]

use giaouoc_journal::{LineFault, hex, parse_line};
use serde_json::Value;
use sha2::{Digest, Sha256};

libfuzzer_sys::fuzz_target!(|line: &[u8]| {
    let _ = parse_line(line);
    let Ok(Value::Object(mut members)) = serde_json::from_slice(line) else { return };
    members.remove("hash");
    let Ok(bytes) = serde_json_canonicalizer::to_vec(&members) else { return };
    let hash: [u8; 32] = Sha256::new_with_prefix([0]).chain_update(&bytes).finalize().into();
    members.insert("hash".to_owned(), hex(&hash).into());
    let Ok(sealed) = serde_json_canonicalizer::to_vec(&members) else { return };
    match parse_line(&sealed) {
        Ok(entry) => assert_eq!(entry.hash, hash),
        // A member of this name further inside comes first in the line.
        Err(LineFault::Hash { .. }) => assert!(sealed.windows(8).filter(|part| part == b",\"hash\":").count() > 1),
        Err(_) => {}
    }
});
