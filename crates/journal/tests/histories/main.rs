//! Generated histories: uploads, corrections, withdrawals, undos, transfers, merges, bases, lost indexes, a kind
//! that grows. Beside each journal a model keeps the same rules in a plain map, and at every entry the two hold
//! the same rows and give the same figures.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test should stop")]

mod checks;
mod figures;
mod kinds;
mod model;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each test uses its part of it")]
mod support;
mod uploads;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use figures::Figures;
use kinds::{PERSON, SCORE, matter};
use model::Given;
use support::{Form, Known, Row};
use world::{Step, World};

/// 2020-01-01, in days since 1970 and in microseconds.
const DAY: i32 = 18_262;
const MICROS: i64 = 86_400_000_000;

/// Few keys, so that histories meet in them.
fn key() -> impl Strategy<Value = String> {
    (0..9_u8).prop_map(|key| format!("k{key}"))
}

fn namespace() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        4 => Just(None),
        2 => Just(Some("a".to_owned())),
        1 => Just(Some("b".to_owned())),
    ]
}

fn unit() -> impl Strategy<Value = String> {
    prop_oneof![Just("a"), Just("b"), Just("x")].prop_map(str::to_owned)
}

/// A value for the column at a place, from few: equal values are as telling as different ones.
fn known(place: usize) -> BoxedStrategy<Known> {
    let instant = || (0..3_i64).prop_map(|at| i64::from(DAY) * MICROS + at * 40 * MICROS + 3_600_000_000);
    match place {
        2 => (0..4).prop_map(|days| Known::Day(DAY + days * 40)).boxed(),
        3 => prop_oneof![Just(0), Just(5), Just(7), Just(1_000_000)].prop_map(Known::Integer).boxed(),
        4 => any::<bool>().prop_map(Known::Flag).boxed(),
        5 => prop_oneof![
            (0..3).prop_map(|days| Known::Day(DAY + days * 40)),
            instant().prop_map(Known::Instant)
        ]
        .boxed(),
        6 => prop_oneof![Just("granted"), Just("refused"), Just("khác")]
            .prop_map(|code| Known::Text(code.to_owned()))
            .boxed(),
        7 => prop::collection::vec((instant(), prop::option::of(instant())), 0..2)
            .prop_map(Known::Intervals)
            .boxed(),
        8 => prop::collection::vec((instant(), instant(), "[ab]?"), 0..2).prop_map(Known::Changes).boxed(),
        PERSON => {
            prop_oneof![Just("Lan"), Just("Minh")].prop_map(|name| Known::Text(name.to_owned())).boxed()
        }
        _ => (0..4_i64).prop_map(Known::Integer).boxed(),
    }
}

fn given() -> impl Strategy<Value = Given> {
    let columns = prop::collection::btree_set(2..=SCORE, 0..=SCORE - 1);
    let columns = prop_oneof![2 => Just((2..=SCORE).collect::<BTreeSet<usize>>()), 3 => columns];
    let values = (2..=SCORE).map(|place| prop::option::weighted(0.7, known(place))).collect::<Vec<_>>();
    let rows = prop::collection::btree_map(key(), (unit(), values), 0..7);
    let exported = prop::option::weighted(0.3, -600..300_i64);
    let replace = prop::option::weighted(0.2, unit());
    (columns, rows, namespace(), exported, replace).prop_map(
        |(mut columns, rows, namespace, exported, replace)| {
            columns.extend([0, 1]);
            let row = |(key, (unit, values)): (String, (String, Vec<Option<Known>>))| {
                let mut row = Row::from([(0, Known::Text(key.clone())), (1, Known::Text(unit))]);
                let values = (2..).zip(values).filter(|(at, _)| columns.contains(at));
                row.extend(values.filter_map(|(at, value)| Some((at, value?))));
                (key, row)
            };
            let rows: BTreeMap<String, Row> = rows.into_iter().map(row).collect();
            let exported = exported.map(|seconds| 1_600_000_600 + seconds);
            Given { namespace, columns, rows, exported, replace: replace.map(|unit| (1, unit)) }
        },
    )
}

fn form() -> impl Strategy<Value = Form> {
    prop_oneof![Just(Form::Own), Just(Form::Dictionaries), Just(Form::Large), Just(Form::Views)]
}

fn step() -> impl Strategy<Value = Step> {
    let any = any::<usize>;
    prop_oneof![
        10 => (given(), form(), 1..5_usize).prop_map(|(given, form, piece)| Step::Upload(given, form, piece)),
        3 => (given(), given()).prop_map(|(first, second)| Step::Both(first, second)),
        2 => any().prop_map(Step::Again),
        2 => any().prop_map(Step::Older),
        2 => (namespace(), prop::collection::btree_set(key(), 1..4)).prop_map(|(n, keys)| Step::Withdraw(n, keys)),
        2 => any().prop_map(Step::Undo),
        6 => (0..4_usize).prop_map(Step::UndoRecent),
        1 => (namespace(), namespace()).prop_map(|(from, to)| Step::Transfer(from, to)),
        2 => prop::collection::btree_set(key(), 1..4).prop_map(Step::Erase),
        1 => (0..3_u8).prop_map(Step::Text),
        1 => Just(Step::Other),
        3 => (any(), any()).prop_map(|(first, last)| Step::MergeRows(first, last)),
        2 => (any(), any()).prop_map(|(first, last)| Step::MergeIndex(first, last)),
        2 => Just(Step::Base),
        1 => proptest::num::u16::ANY.prop_map(Step::LoseIndex),
        1 => Just(Step::LoseBases),
        1 => Just(Step::Tidy),
        1 => Just(Step::Reopen),
        1 => Just(Step::Grow),
    ]
}

fn all_holds(world: &World) {
    checks::rows(world);
    checks::roots(world);
    checks::whole(world);
    checks::personal(world);
    checks::figures(world);
}

/// Many cases are run by hand: `PROPTEST_CASES=2000 cargo test --workspace --locked --test histories`.
fn cases(usual: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    let cases = if asked.cases == 256 { usual } else { asked.cases };
    ProptestConfig { cases, max_shrink_iters: 200, failure_persistence: None, ..asked }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_history_is_what_its_model_says(steps in prop::collection::vec(step(), 1..16)) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        all_holds(&world);
    }

    /// Uploads that have no record in common can come in any order.
    #[test]
    fn the_order_of_files_does_not_matter(files in prop::collection::vec(given(), 2..5), seed: u64) {
        let apart: Vec<Given> = files.into_iter().enumerate().map(|(at, mut given)| {
            given.replace = None;
            given.rows = given.rows.into_iter().map(|(key, mut row)| {
                let key = format!("{at}-{key}");
                row.insert(0, Known::Text(key.clone()));
                (key, row)
            }).collect();
            given
        }).collect();
        let mut turned = apart.clone();
        turned.sort_by_key(|given| (given.rows.len() as u64 ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let figures = Figures::new(&matter(false));
        let answers = [apart, turned].map(|files| {
            let mut world = World::new();
            for given in files {
                world.step(Step::Upload(given, Form::Own, 3));
            }
            figures.of_journal(&world.journal, world.journal.head(), 2)
        });
        prop_assert_eq!(&answers[0], &answers[1]);
    }
}

proptest! {
    #![proptest_config(cases(16))]

    /// Merging and bases change where rows lie, and nothing else.
    #[test]
    fn tidying_changes_no_figure_and_no_root(steps in prop::collection::vec(step(), 2..8), spans in prop::collection::vec((any::<usize>(), any::<usize>()), 1..4)) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        all_holds(&world);
        for (first, last) in spans {
            world.step(Step::MergeRows(first, last));
            world.step(Step::MergeIndex(last, first));
        }
        world.step(Step::Base);
        all_holds(&world);
        world.step(Step::LoseIndex(u16::MAX));
        world.step(Step::LoseBases);
        world.step(Step::Reopen);
        all_holds(&world);
    }
}

/// A year of small files: most entries hold one record.
#[test]
fn many_small_entries_are_merged_and_stay_what_they_were() {
    let mut world = World::new();
    for entry in 0..90_i64 {
        let key = format!("k{}", entry * 7 % 23);
        let row = Row::from([
            (0, Known::Text(key.clone())),
            (1, Known::Text(["a", "b"][(entry % 2) as usize].to_owned())),
            (2, Known::Day(DAY + (entry % 60) as i32)),
            (3, Known::Integer(entry)),
        ]);
        let given = Given {
            namespace: None,
            columns: (0..4).collect(),
            rows: [(key, row)].into(),
            exported: None,
            replace: None,
        };
        world.step(Step::Upload(given, Form::Own, 1));
        if entry % 10 == 9 {
            world.step(Step::Undo(entry as usize / 2));
            world.step(Step::Tidy);
        }
    }
    let rows = std::fs::read_dir(world.folder.path().join("journal/rows")).unwrap().count();
    assert!(rows < 60, "{rows} files");
    all_holds(&world);
}

/// A record of a namespace with a number in it.
fn brought(namespace: &str, minutes: i64) -> Step {
    let row = Row::from([
        (0, Known::Text("k0".to_owned())),
        (1, Known::Text("a".to_owned())),
        (3, Known::Integer(minutes)),
    ]);
    let given = Given {
        namespace: Some(namespace.to_owned()),
        columns: [0, 1, 3].into(),
        rows: [("k0".to_owned(), row)].into(),
        exported: None,
        replace: None,
    };
    Step::Upload(given, Form::Own, 1)
}

/// What the record has now.
fn minutes(world: &World) -> Option<Known> {
    world.model.live().get("k0").and_then(|live| live.row.get(&3).cloned())
}

#[test]
fn entries_are_undone_one_after_the_other_the_newest_first() {
    let mut world = World::new();
    for number in 1..=4 {
        world.step(brought("a", number));
    }
    for number in (0..4).rev() {
        world.step(Step::Undo(number));
        assert_eq!(minutes(&world), (number > 0).then_some(Known::Integer(number as i64)));
    }
    // And what undid the first is undone itself.
    world.step(Step::Undo(7));
    assert_eq!(minutes(&world), Some(Known::Integer(1)));
    all_holds(&world);
}

#[test]
fn what_was_set_to_the_same_again_on_purpose_is_left() {
    let mut world = World::new();
    for number in [1, 2, 1] {
        world.step(brought("a", number));
    }
    world.step(Step::Undo(0));
    assert_eq!(minutes(&world), Some(Known::Integer(1)), "the third file says so, whatever the first said");
    all_holds(&world);
}

#[test]
fn the_same_values_of_another_supplier_are_left() {
    let mut world = World::new();
    world.step(brought("a", 1));
    world.step(Step::Withdraw(Some("a".to_owned()), ["k0".to_owned()].into()));
    world.step(brought("b", 1));
    world.step(brought("b", 2));
    world.step(Step::Undo(3));
    world.step(Step::Undo(0));
    assert_eq!(minutes(&world), Some(Known::Integer(1)), "it is of the other supplier");
    all_holds(&world);
}

#[test]
fn an_export_older_than_the_entry_of_a_file_without_a_date_is_refused() {
    let mut world = World::new();
    world.step(brought("a", 1));
    let Step::Upload(mut given, form, piece) = brought("a", 2) else { unreachable!() };
    given.exported = Some(1_500_000_000);
    world.step(Step::Upload(given.clone(), form, piece));
    assert_eq!(minutes(&world), Some(Known::Integer(1)));
    // What an undo brought again is as old as it was.
    world.step(brought("a", 3));
    let undone = world.model.entries.len() - 1;
    world.step(Step::Undo(undone));
    assert_eq!(minutes(&world), Some(Known::Integer(1)));
    world.step(Step::Upload(given, form, piece));
    assert_eq!(minutes(&world), Some(Known::Integer(1)));
    all_holds(&world);
}

/// Versions brought and versions taken back are merged into two files. Killed between the two, a merge has put
/// one of them into place, and the small files are all there still.
#[test]
fn half_a_merge_is_none() {
    for half in [".back.parquet", ".matter.parquet"] {
        let mut world = World::new();
        for number in 1..=4 {
            world.step(brought("a", number));
        }
        let rows = world.folder.path().join("journal/rows");
        let names = || -> Vec<String> {
            let names = std::fs::read_dir(&rows).unwrap();
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
        };
        let small: Vec<(String, Vec<u8>)> = names()
            .into_iter()
            .map(|name| (name.clone(), std::fs::read(rows.join(&name)).unwrap()))
            .collect();
        world.step(Step::MergeRows(0, 3));
        let merged: Vec<String> = names();
        assert_eq!(merged.len(), 2, "{merged:?}");
        for name in merged.iter().filter(|name| !name.ends_with(half)) {
            std::fs::remove_file(rows.join(name)).unwrap();
        }
        for (name, bytes) in &small {
            std::fs::write(rows.join(name), bytes).unwrap();
        }
        world.step(Step::Reopen);
        all_holds(&world);
        world.step(brought("a", 5));
        world.step(Step::MergeRows(0, 4));
        all_holds(&world);
        assert_eq!(names().len(), 2, "{:?}", names());
    }
}
