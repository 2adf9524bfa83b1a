//! The column program is the row evaluator, only quicker; and who comes first does not matter.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::value::Value;
use giaouoc_measure::{MeasureError, Plan, State, Worker};
use proptest::prelude::*;
use support::world::{World, shuffled};
use support::{batch, chooser, difference};

/// The rows in batches of any sizes.
fn state(
    plan: &Plan,
    kind: &Kind,
    rows: &[Vec<Value>],
    choose: &mut dyn FnMut(u64) -> u64,
    weighted: bool,
) -> Result<State, MeasureError> {
    let mut worker = Worker::new(plan, weighted);
    let mut rest = rows;
    while !rest.is_empty() {
        let (now, later) = rest.split_at(1 + choose(rest.len() as u64) as usize);
        worker.accumulate(&batch(kind, now, choose), None)?;
        rest = later;
    }
    Ok(worker.into_state())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// The program and the evaluator agree on random rules and records: units with calendars of their own,
    /// records of nobody, unknown values, bare days, `as_of` in the middle of the data, all forms of columns.
    #[test]
    fn program_is_evaluator(seed: u64, depth in 0..5_usize, rows in 0..150_usize) {
        let world = World::new(seed, depth, rows, false);
        let mut choose = chooser(!seed);
        let expected = world.expected().expect("without errors the evaluator runs through");
        let plan = world.plan();
        let found = state(&plan, &world.kind, &world.rows, &mut choose, false).and_then(|state| state.finish(&plan));
        match found {
            Ok(found) => {
                let difference = difference(&found, &expected);
                prop_assert!(difference.is_none(), "{}\n{}", difference.unwrap_or_default(), world.told());
            }
            Err(error) => prop_assert!(false, "{error}\n{}", world.told()),
        }
    }

    /// Where the evaluator stops, and only there, the program stops.
    #[test]
    fn program_stops_where_the_evaluator_does(seed: u64, depth in 1..4_usize, rows in 0..40_usize) {
        let world = World::new(seed, depth, rows, true);
        let mut choose = chooser(!seed);
        let plan = world.plan();
        let found = state(&plan, &world.kind, &world.rows, &mut choose, false).and_then(|state| state.finish(&plan));
        match (found, world.expected()) {
            (Ok(found), Some(expected)) => {
                let difference = difference(&found, &expected);
                prop_assert!(difference.is_none(), "{}\n{}", difference.unwrap_or_default(), world.told());
            }
            (Ok(_), None) => prop_assert!(false, "only the evaluator stops\n{}", world.told()),
            (Err(error), Some(_)) => prop_assert!(false, "only the program stops: {error}\n{}", world.told()),
            (Err(error), None) => {
                prop_assert!(!error.vi().is_empty());
                prop_assert!(
                    matches!(error, MeasureError::Calendar { .. } | MeasureError::Arithmetic { .. }), "{:?}", error
                );
            }
        }
    }

    /// Order of records, cut into batches and states, and order of merging change nothing.
    #[test]
    fn order_does_not_matter(seed: u64, rows in 0..120_usize, cuts in prop::collection::vec(0..120_usize, 0..4)) {
        let world = World::new(seed, 2, rows, false);
        let mut choose = chooser(!seed);
        let plan = world.plan();
        let whole = state(&plan, &world.kind, &world.rows, &mut choose, false).unwrap();
        let mixed = shuffled(world.rows.clone(), &mut choose);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows)).collect();
        cuts.extend([0, rows]);
        cuts.sort_unstable();
        let parts: Vec<State> = cuts
            .windows(2)
            .map(|cut| state(&plan, &world.kind, &mixed[cut[0]..cut[1]], &mut choose, false).unwrap())
            .collect();
        let merged = shuffled(parts, &mut choose).into_iter().reduce(|mut a, b| {
            // Either may be merged into the other.
            if choose(2) == 0 {
                a.merge(b).unwrap();
                a
            } else {
                let mut b = b;
                b.merge(a).unwrap();
                b
            }
        });
        let merged = merged.unwrap_or_else(|| State::new(&plan, false));
        let difference = difference(&merged.finish(&plan).unwrap(), &whole.finish(&plan).unwrap());
        prop_assert!(difference.is_none(), "{}\n{}", difference.unwrap_or_default(), world.told());
    }

    /// A change log: what is added and taken back leaves no trace, wherever the two stand.
    #[test]
    fn retractions_cancel(seed: u64, kept in 0..60_usize, gone in 0..60_usize) {
        let world = World::new(seed, 2, kept + gone, false);
        let mut choose = chooser(!seed);
        let plan = world.plan();
        let expected = {
            let mut worker = Worker::new(&plan, false);
            worker.accumulate(&batch(&world.kind, &world.rows[..kept], &mut choose), None).unwrap();
            worker.into_state().finish(&plan).unwrap()
        };
        let mut log: Vec<(&Vec<Value>, i8)> = world.rows.iter().map(|row| (row, 1)).collect();
        log.extend(world.rows[kept..].iter().map(|row| (row, -1)));
        let log = shuffled(log, &mut choose);
        let mut states = Vec::new();
        for part in log.chunks(1 + choose(log.len() as u64 + 1) as usize) {
            let mut worker = Worker::new(&plan, true);
            let rows: Vec<Vec<Value>> = part.iter().map(|(row, _)| (*row).clone()).collect();
            let weights: Vec<i8> = part.iter().map(|(_, weight)| *weight).collect();
            worker.accumulate(&batch(&world.kind, &rows, &mut choose), Some(&weights)).unwrap();
            states.push(worker.into_state());
        }
        let mut all = State::new(&plan, true);
        for state in states {
            all.merge(state).unwrap();
        }
        let difference = difference(&all.finish(&plan).unwrap(), &expected);
        prop_assert!(difference.is_none(), "{}\n{}", difference.unwrap_or_default(), world.told());
    }
}

#[test]
fn a_weight_is_plus_or_minus_one() {
    let world = World::new(1, 1, 3, false);
    let plan = world.plan();
    let batch = batch(&world.kind, &world.rows, &mut chooser(1));
    for weights in [&[1, 2, 1][..], &[1, 1], &[0, 1, 1]] {
        let refused = Worker::new(&plan, true).accumulate(&batch, Some(weights));
        assert!(matches!(refused, Err(MeasureError::BadWeight { .. })), "{refused:?}");
    }
    assert!(Worker::new(&plan, false).accumulate(&batch, Some(&[1, -1, 1])).is_err());
}
