//! What `docs/language.md` shows is what happens.

use super::cases::show;
use super::sample::{World, row};
use crate::lang::types::FUNCTIONS;
use crate::lang::{Definitions, Setting, Wanted, eval, value};

const SPECIFICATION: &str = include_str!("../../../../../docs/language.md");

#[test]
fn the_examples_of_the_specification_hold() {
    let kind = crate::kinds::find("dossier").unwrap();
    let world = World::new();
    let context = crate::lang::Context { kind, ..world.context() };
    let (_, examples) = SPECIFICATION.split_once("\n## Examples\n").unwrap();
    let mut count = 0;
    for line in examples.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [_, text, record, expected, _] = cells[..] else { panic!("not three columns: {line}") };
        let setting = Setting { kind, definitions: &Definitions::default(), working_days: true };
        let tree = value(text, Wanted::Any, &setting).unwrap_or_else(|errors| panic!("{text}: {errors:#?}"));
        let found = show(eval(&tree, row(kind, record).as_slice(), &context));
        assert_eq!(found, expected, "{line}");
        count += 1;
    }
    assert!(count >= 18, "{count} examples");
}

#[test]
fn every_function_is_in_the_specification() {
    let (_, functions) = SPECIFICATION.split_once("\n## Functions\n").unwrap();
    let (functions, _) = functions.split_once("\n## ").unwrap();
    for function in &FUNCTIONS {
        assert!(functions.contains(&format!("`{}(", function.name)), "{}", function.name);
    }
    // And no more than those.
    let rows = functions.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, FUNCTIONS.len() - 1, "two share a row");
}
