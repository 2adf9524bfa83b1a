//! The column program is the row evaluator, only quicker; and who comes first does not matter.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use giaouoc_agreement::ask::{Answer, Ask};
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::random::Random;
use giaouoc_agreement::lang::{Node, Type, Typed, print};
use giaouoc_agreement::period::{Part, Period};
use giaouoc_agreement::value::Value;
use giaouoc_measure::{MeasureError, Plan, State, Worker};
use giaouoc_worktime::Day;
use proptest::prelude::*;
use support::{batch, calendars, chooser, difference, reference};

/// Records, rules and a population drawn from a seed.
struct World {
    kind: Kind,
    asks: Vec<Ask>,
    units: Vec<String>,
    rows: Vec<Vec<Value>>,
}

fn period(choose: &mut dyn FnMut(u64) -> u64) -> Period {
    let code = ["2020", "2021", "2020S2", "2021Q1", "202101", "2020-12-15..2021-01-20", "2020-11-03..2021-11-02"];
    Period::parse(code[choose(code.len() as u64) as usize], &[]).unwrap()
}

impl World {
    fn new(seed: u64, depth: usize, rows: usize, errors: bool) -> Self {
        let mut choose = chooser(seed);
        let mut random = Random::new(&mut choose);
        random.errors = errors;
        let kind = random.kind();
        let rules: Vec<_> = (0..4).map(|_| random.rule(&kind, depth)).collect();
        let rows: Vec<_> = (0..rows).map(|_| random.row(&kind)).collect();
        let asks = rules
            .into_iter()
            .map(|mut rule| {
                // Most real rules say `X in period`, at the top of the condition.
                if choose(3) > 0 {
                    let dates: Vec<usize> = (0..kind.columns.len())
                        .filter(|at| matches!(Type::of(&kind.columns[*at].ty), Type::Day | Type::Moment))
                        .collect();
                    let column = dates[choose(dates.len() as u64) as usize];
                    let x = Typed { node: Node::Column(column), ty: Type::of(&kind.columns[column].ty), span: 0..0 };
                    let x = Typed { node: Node::InPeriod(Box::new(x)), ty: Type::Flag, span: 0..0 };
                    let mut parts = match rule.counted.node {
                        Node::And(parts) => parts,
                        _ => vec![rule.counted],
                    };
                    parts.insert(choose(parts.len() as u64 + 1) as usize, x);
                    rule.counted = Typed { node: Node::And(parts), ty: Type::Flag, span: 0..0 };
                }
                let period = period(&mut choose);
                let as_of = match choose(3) {
                    0 => Day(period.first.0 + choose(90) as i32),
                    _ => period.last,
                };
                let by = [None, Some(Part::Month), Some(Part::Quarter), Some(Part::HalfYear)][choose(4) as usize];
                Ask { rule, period, as_of, by }
            })
            .collect();
        let units = ["b", "a", "nobody at all", "it's"].map(str::to_owned).to_vec();
        Self { kind, asks, units, rows }
    }

    fn plan(&self) -> Plan {
        Plan::new(&self.kind, &self.asks, &self.units, &calendars()).unwrap()
    }

    /// What the evaluator says; nothing where it stops.
    fn expected(&self) -> Option<Vec<Answer>> {
        let set = calendars();
        self.asks.iter().map(|ask| reference(&self.kind, ask, &self.units, &set, &self.rows).ok()).collect()
    }

    fn told(&self) -> String {
        self.asks
            .iter()
            .map(|ask| {
                format!(
                    "{} {:?} as of {}: {} / {:?}\n",
                    ask.period.code,
                    ask.by,
                    ask.as_of,
                    print(&ask.rule.counted, &self.kind),
                    ask.rule.measure
                )
            })
            .collect::<String>()
            + &self.plan().program().to_string()
    }
}

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

fn shuffled<T>(mut list: Vec<T>, choose: &mut dyn FnMut(u64) -> u64) -> Vec<T> {
    for at in (1..list.len()).rev() {
        list.swap(at, choose(at as u64 + 1) as usize);
    }
    list
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
