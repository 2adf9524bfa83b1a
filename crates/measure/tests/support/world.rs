//! Random records, rules and populations.

use giaouoc_agreement::ask::{Answer, Ask};
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::random::Random;
use giaouoc_agreement::lang::{Node, Type, Typed, print};
use giaouoc_agreement::period::{Part, Period};
use giaouoc_agreement::target::Measure;
use giaouoc_agreement::value::Value;
use giaouoc_measure::Plan;
use giaouoc_worktime::Day;

use super::{calendars, chooser, reference};

/// Records, rules and a population drawn from a seed.
pub struct World {
    pub kind: Kind,
    pub asks: Vec<Ask>,
    units: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

fn period(choose: &mut dyn FnMut(u64) -> u64) -> Period {
    let code =
        ["2020", "2021", "2020S2", "2021Q1", "202101", "2020-12-15..2021-01-20", "2020-11-03..2021-11-02"];
    Period::parse(code[choose(code.len() as u64) as usize], &[]).unwrap()
}

impl World {
    pub fn new(seed: u64, depth: usize, rows: usize, errors: bool) -> Self {
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
                    let x = Typed {
                        node: Node::Column(column),
                        ty: Type::of(&kind.columns[column].ty),
                        span: 0..0,
                    };
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
                let by =
                    [None, Some(Part::Month), Some(Part::Quarter), Some(Part::HalfYear)][choose(4) as usize];
                let spread = choose(2) == 0 && matches!(rule.measure, Measure::Distinct { .. });
                Ask { rule, period, as_of, by, spread }
            })
            .collect();
        let units = ["b", "a", "nobody at all", "it's"].map(str::to_owned).to_vec();
        Self { kind, asks, units, rows }
    }

    pub fn plan(&self) -> Plan {
        Plan::new(&self.kind, &self.asks, &self.units, &calendars()).unwrap()
    }

    /// What the evaluator says; nothing where it stops.
    pub fn expected(&self) -> Option<Vec<Answer>> {
        let set = calendars();
        self.asks.iter().map(|ask| reference(&self.kind, ask, &self.units, &set, &self.rows).ok()).collect()
    }

    pub fn told(&self) -> String {
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

pub fn shuffled<T>(mut list: Vec<T>, choose: &mut dyn FnMut(u64) -> u64) -> Vec<T> {
    for at in (1..list.len()).rev() {
        list.swap(at, choose(at as u64 + 1) as usize);
    }
    list
}
