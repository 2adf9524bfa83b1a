//! Figures over what a journal holds and over the model's rows.

use std::collections::BTreeMap;

use giaouoc_agreement::ask::{Answer, Ask};
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::{Definitions, Setting, Wanted, condition, value};
use giaouoc_agreement::period::{Part, Period};
use giaouoc_agreement::target::{Measure, Rule, UnknownMet};
use giaouoc_journal::{ENTRY, Journal, Part as File};
use giaouoc_measure::{Options, Plan, Source, State, accumulate, measure, scan};
use giaouoc_worktime::{CalendarChoice, CalendarSet};

use super::model::Live;
use super::support::{Form, Row, batch};

fn calendars() -> CalendarSet {
    CalendarChoice::default().resolve().unwrap()
}

fn units() -> Vec<String> {
    ["a", "b", "nobody at all"].map(str::to_owned).to_vec()
}

fn asks(kind: &Kind) -> Vec<Ask> {
    let setting = Setting { kind, definitions: &Definitions::default(), working_days: true };
    let of = |text: &str, wanted| value(text, wanted, &setting).unwrap_or_else(|e| panic!("{text}: {e:#?}"));
    let integer = |text| of(text, Wanted::Integer);
    let mut rules = vec![
        ("opened in period", Measure::Share { met: of("done", Wanted::Flag) }),
        ("opened in period and not (outcome = 'granted')", Measure::Count),
        ("opened in period", Measure::Sum { value: integer("minutes") }),
        ("finished in period", Measure::Mean { value: integer("minutes") }),
        ("opened is known", Measure::Percentile { value: integer("minutes"), percent: 90 }),
        ("opened is known or done", Measure::Distinct { value: of("outcome", Wanted::Distinct) }),
    ];
    if kind.column("score").is_some() {
        rules.push(("opened is known", Measure::Sum { value: integer("score") }));
        rules.push(("score > 1", Measure::Count));
    }
    let period = Period::parse("2020Q1", &[]).unwrap();
    rules
        .into_iter()
        .enumerate()
        .map(|(at, (counted, measure))| Ask {
            rule: Rule {
                id: format!("r{at}"),
                kind: kind.id.clone(),
                counted: condition(counted, &setting).unwrap_or_else(|e| panic!("{counted}: {e:#?}")),
                measure,
                unknown: if at % 2 == 0 { UnknownMet::NotMet } else { UnknownMet::Exclude },
            },
            period: period.clone(),
            as_of: period.last,
            by: (at % 3 == 0).then_some(Part::Month),
            spread: false,
        })
        .collect()
}

/// Asks, compiled for a kind once.
pub struct Figures {
    kind: Kind,
    plan: Plan,
}

fn source(part: &File) -> Source {
    let source = Source::parquet(&part.path);
    let source = if part.back { source.taken_back() } else { source };
    match part.entries {
        Some((first, last)) => source.only(ENTRY, first.into(), last.into()),
        None => source,
    }
}

fn sources(parts: &[File]) -> Vec<Source> {
    parts.iter().map(source).collect()
}

impl Figures {
    pub fn new(kind: &Kind) -> Self {
        let plan = Plan::new(kind, &asks(kind), &units(), &calendars()).unwrap();
        Self { kind: kind.clone(), plan }
    }

    /// From the files that the journal says are to be added and subtracted.
    pub fn of_journal(&self, journal: &Journal, head: u64, threads: usize) -> Vec<Answer> {
        let parts = journal.view(&self.kind.id, head).unwrap();
        let options = Options { threads, batch_rows: 5, ..Options::default() };
        scan(&self.plan, &sources(&parts), &options).unwrap()
    }

    /// What was measured at one head, and then what came after, merged.
    pub fn in_two_steps(&self, journal: &Journal, middle: u64, head: u64) -> Vec<Answer> {
        let state = |parts: &[File]| -> State {
            // Empty, and says that something may be subtracted: states of one measurement are of one form.
            let mut sources = sources(parts);
            sources.push(Source::batches(Vec::new()).taken_back());
            accumulate(&self.plan, &sources, &Options::default()).unwrap()
        };
        let after = middle.checked_sub(1).map(|last| u32::try_from(last).unwrap());
        let mut first = state(&journal.view(&self.kind.id, middle).unwrap());
        first.merge(state(&journal.parts(&self.kind.id, head, after).unwrap())).unwrap();
        first.finish(&self.plan).unwrap()
    }

    /// From the model's rows.
    pub fn of_model(&self, live: &BTreeMap<String, Live>) -> Vec<Answer> {
        let rows: Vec<Row> = live.values().map(|live| live.row.clone()).collect();
        let batches = if rows.is_empty() { Vec::new() } else { vec![batch(&self.kind, &rows, Form::Own)] };
        measure(&self.kind, &asks(&self.kind), &units(), &calendars(), &batches).unwrap()
    }
}
