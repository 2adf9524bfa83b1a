//! What holds for every condition.

use proptest::prelude::*;
use proptest::test_runner::Config;

use super::sample::{World, definitions, kind};
use crate::lang::random::Random;
use crate::lang::{Definitions, Setting, Typed, Wanted, canonical, eval, print, run, trace, value, words};

/// Choices from a seed, the same on every machine.
pub(super) fn chooser(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |n| {
        // splitmix64 (Steele, Lea, Flood 2014).
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n.max(1)
    }
}

/// The same tree at no place.
fn placeless(tree: Typed) -> Typed {
    tree.placed(&(0..0))
}

proptest! {
    #![proptest_config(Config { cases: 400, ..Config::default() })]

    /// Reading what was printed gives the same tree: the text says everything, and so do the brackets.
    #[test]
    fn printing_and_reading_give_the_same_tree(seed: u64, depth in 0..5_usize, errors: bool) {
        let mut choose = chooser(seed);
        let mut random = Random::new(&mut choose);
        random.errors = errors;
        let kind = random.kind();
        let rule = random.rule(&kind, depth);
        let (tree, wanted) = match rule.measure {
            crate::target::Measure::Distinct { value } => (value, Wanted::Distinct),
            crate::target::Measure::Sum { value } => (value, Wanted::Integer),
            _ => (rule.counted, Wanted::Flag),
        };
        let text = print(&tree, &kind);
        let setting = Setting { kind: &kind, definitions: &Definitions::default(), working_days: true };
        match value(&text, wanted, &setting) {
            Ok(read) => prop_assert_eq!(placeless(read), tree, "{}", text),
            Err(errors) => prop_assert!(false, "{text}: {errors:#?}"),
        }
    }

    /// Two conditions have one canonical form exactly when they are one condition.
    #[test]
    fn canonical_forms_tell_conditions_apart(seed: u64, other: u64) {
        let mut choose = chooser(seed);
        let mut random = Random::new(&mut choose);
        let kind = random.kind();
        // Shallow, so that the same one comes up twice now and then.
        let a = random.condition(&kind, 0);
        let mut choose = chooser(other);
        let b = Random::new(&mut choose).condition(&kind, 0);
        prop_assert_eq!(canonical(&a, &kind) == canonical(&b, &kind), a == b);
        prop_assert_eq!(canonical(&a, &kind), canonical(&a.clone().placed(&(3..7)), &kind));
    }

    /// Whatever the condition, it can be said in both languages, with the label of every column in it.
    #[test]
    fn every_condition_can_be_said(seed: u64, depth in 0..4_usize) {
        let mut choose = chooser(seed);
        let mut random = Random::new(&mut choose);
        let kind = random.kind();
        let tree = random.condition(&kind, depth);
        let words = words(&tree, &kind);
        for column in tree.columns() {
            let label = &kind.columns[column].label;
            prop_assert!(words.vi.contains(&label.vi) && words.en.contains(&label.en), "{}", words);
        }
        prop_assert!(!words.vi.is_empty() && !words.en.is_empty());
        prop_assert_eq!(words.vi.matches('(').count(), words.vi.matches(')').count());
    }

    /// A trace says what the evaluator says, and what decided has the answer's value (or its opposite).
    #[test]
    fn traces_agree_with_the_evaluator(seed: u64, depth in 0..4_usize) {
        let world = World::new();
        let mut choose = chooser(seed);
        let mut random = Random::new(&mut choose);
        random.errors = true;
        let kind = random.kind();
        let tree = random.condition(&kind, depth);
        let row = random.row(&kind);
        let context = crate::lang::Context { kind: &kind, ..world.context() };
        let trace = trace(&tree, row.as_slice(), &context);
        prop_assert_eq!(&trace.value, &eval(&tree, row.as_slice(), &context));
        prop_assert!(!trace.deciding().is_empty());
        if let Ok(value) = &trace.value {
            let known = *value != crate::value::Value::Unknown;
            for part in trace.deciding() {
                prop_assert!(part.value.is_ok());
                prop_assert_eq!(part.value != Ok(crate::value::Value::Unknown), known);
            }
        }
    }

    /// Random rules run over random records without stopping, and a record is counted at most once.
    #[test]
    fn rules_without_errors_run_through(seed: u64, depth in 0..5_usize) {
        let world = World::new();
        let mut choose = chooser(seed);
        let mut random = Random::new(&mut choose);
        let kind = random.kind();
        let rule = random.rule(&kind, depth);
        let rows: Vec<_> = (0..20).map(|_| random.row(&kind)).collect();
        let context = crate::lang::Context { kind: &kind, ..world.context() };
        let cell = run(&rule, rows.iter().map(Vec::as_slice), &context);
        let tally = cell.map_err(|e| TestCaseError::fail(format!("{}: {e:?}", print(&rule.counted, &kind))))?.tally;
        prop_assert_eq!(tally.seen, 20);
        prop_assert!(tally.counted + tally.counted_unknown <= 20);
        prop_assert!(tally.met_unknown <= tally.counted);
    }

    /// A value is of the type that the checker found, whatever the record.
    #[test]
    fn values_are_of_their_type(seed: u64, depth in 0..4_usize) {
        let world = World::new();
        let mut choose = chooser(seed);
        let mut random = Random::new(&mut choose);
        random.errors = true;
        let kind = random.kind();
        let tree = random.distinct(&kind, depth);
        let row = random.row(&kind);
        let context = crate::lang::Context { kind: &kind, ..world.context() };
        if let Ok(value) = eval(&tree, row.as_slice(), &context) {
            prop_assert!(value.is_of(tree.ty), "{:?} is not of {:?}", value, tree.ty);
        }
    }

    /// Whatever the text, reading ends with a tree or with errors inside the text.
    #[test]
    fn any_text_is_read_or_refused(text in any_text()) {
        let setting = Setting { kind: &kind(), definitions: &definitions(), working_days: false };
        if let Err(errors) = value(&text, Wanted::Any, &setting) {
            prop_assert!(!errors.is_empty());
            for error in errors {
                prop_assert!(error.span.end <= text.len() && error.span.start <= error.span.end, "{:?}", error);
                prop_assert!(text.get(error.span.clone()).is_some(), "{:?} cuts a character", error);
                prop_assert!(!error.message.vi.is_empty() && !error.message.en.is_empty());
            }
        }
    }
}

/// Words and signs of the language in any order, with strangers between.
fn any_text() -> impl Strategy<Value = String> {
    const PIECES: [&str; 58] = [
        "and",
        "or",
        "not",
        "in",
        "is",
        "known",
        "true",
        "false",
        "period",
        "as_of",
        "period.start",
        "(",
        ")",
        "(",
        ")",
        ",",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "+",
        "-",
        "*",
        "==",
        "&&",
        "≥",
        "“x”",
        "'granted'",
        "'",
        "\"",
        "null",
        "5",
        "3 days",
        "2 hours",
        "1.5",
        "2020-03-05",
        "2020-02-30",
        "99999999999999999999",
        "outcome",
        "finished_at",
        "held_on",
        "limit_days",
        "online",
        "pauses",
        "code",
        "applicant",
        "settled",
        "circle_a",
        "itself",
        "faulty",
        "day(",
        "work_minutes(",
        "coalesce(",
        "count(",
        "%",
        "#",
    ];
    let piece = prop_oneof![
        8 => proptest::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec((piece, prop_oneof![Just(" "), Just(""), Just("\n")]), 0..40)
        .prop_map(|pieces| pieces.into_iter().map(|(a, b)| a + b).collect())
}
