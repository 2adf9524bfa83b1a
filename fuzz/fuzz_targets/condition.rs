//! Conditions: what is read prints as something that reads the same; nothing panics.
#![no_main]

use giaouoc_agreement::kinds;
use giaouoc_agreement::lang::{Definitions, Setting, condition, print, words};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Some(kind) = kinds::builtin().iter().find(|kind| kind.id == "dossier") else { return };
    let definitions = Definitions::default();
    let setting = Setting { kind, definitions: &definitions, working_days: true };
    if let Ok(tree) = condition(text, &setting) {
        let printed = print(&tree, kind);
        let again = condition(&printed, &setting).expect("what is printed reads");
        assert_eq!(print(&again, kind), printed);
        let _ = words(&tree, kind);
    }
});
