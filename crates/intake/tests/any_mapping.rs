//! Mapping files from any bytes: read or refused, never a panic.
#![allow(clippy::unwrap_used, reason = "tests")]

use giaouoc_agreement::kinds;
use giaouoc_intake::Mapping;
use proptest::prelude::*;

const CASES: &str = include_str!("maps/permit-log-cases.toml");

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for kind in kinds::builtin() {
            let _ = Mapping::parse("m.toml", &bytes, kind);
        }
    }

    /// A right mapping with a piece cut out or replaced.
    #[test]
    fn a_damaged_mapping_is_read_or_refused(from in 0..CASES.len(), length in 0_usize..60, with in "[\\[\\]=\"{}a-z0-9 \n]{0,20}") {
        let mut bytes = CASES.as_bytes().to_vec();
        let to = (from + length).min(bytes.len());
        bytes.splice(from..to, with.bytes());
        let kind = kinds::builtin().iter().find(|kind| kind.id == "dossier").unwrap();
        if let Err(problems) = Mapping::parse("m.toml", &bytes, kind) {
            prop_assert!(!problems.is_empty());
        }
    }
}
