//! Kinds from any text: read or refused, never a panic.

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use proptest::prelude::*;

const DOSSIER: &str = include_str!("../../../kinds/dossier.toml");

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,400}") {
        let _ = Kind::parse("kind.toml", &text);
    }

    /// A right kind with a piece cut out or replaced: the parser gets beyond the first line.
    #[test]
    fn a_damaged_kind_is_read_or_refused(from in 0..DOSSIER.len(), length in 0_usize..80, with in "[\\[\\]=\"{}a-z0-9 \n]{0,20}") {
        let at = |mut at: usize| { at = at.min(DOSSIER.len()); while !DOSSIER.is_char_boundary(at) { at -= 1 } at };
        let text = format!("{}{with}{}", &DOSSIER[..at(from)], &DOSSIER[at(from + length).max(at(from))..]);
        if let Ok(kind) = Kind::parse("kind.toml", &text) {
            prop_assert!(kind.key < kind.columns.len() && kind.unit < kind.columns.len() && kind.date < kind.columns.len());
        }
    }
}

#[test]
fn the_undamaged_kind_is_the_builtin_one() {
    let dossier = kinds::builtin().iter().find(|kind| kind.id == "dossier");
    assert_eq!(Kind::parse("kind.toml", DOSSIER).ok().as_ref(), dossier);
}
