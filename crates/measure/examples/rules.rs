//! Measures rules on a Parquet file, for profiling: how long the scan takes by itself, without a bundle
//! around it. `rules KIND RECORDS.parquet UNITS.txt RULES.txt FROM TO THREADS [BATCH] [--show]`
//!
//! A line of RULES.txt is `id | measure | counted | met or value`; measures are `share`, `count`, `sum`,
//! `mean`, `distinct` and `p90` (any percentile). Every rule is asked by month.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a tool for developers that takes the time"
)]

use std::time::Instant;

use giaouoc_agreement::ask::Ask;
use giaouoc_agreement::kinds;
use giaouoc_agreement::lang::{Definitions, Setting, Typed, Wanted, condition, value};
use giaouoc_agreement::period::{Part, Period};
use giaouoc_agreement::target::{Measure, Rule, UnknownMet};
use giaouoc_measure::{Options, Plan, Source, accumulate};
use giaouoc_worktime::{Calendar, CalendarSet};

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Fallible<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let show = arguments.iter().any(|argument| argument == "--show");
    arguments.retain(|argument| argument != "--show");
    let [kind, records, units, rules, from, to, threads, rest @ ..] = arguments.as_slice() else {
        return Err("rules KIND RECORDS.parquet UNITS.txt RULES.txt FROM TO THREADS [BATCH] [--show]".into());
    };
    let kind = kinds::find(kind).ok_or("no such kind")?;
    let units: Vec<String> = std::fs::read_to_string(units)?.lines().map(str::to_owned).collect();
    let period = Period::parse(&format!("{from}..{to}"), &[]).map_err(|error| error.to_string())?;
    let setting = Setting { kind, definitions: &Definitions::default(), working_days: true };
    let read = |text: &str, wanted| -> Fallible<Typed> {
        value(text, wanted, &setting).map_err(|errors| format!("{text}: {errors:?}").into())
    };
    let mut asks = Vec::new();
    for line in std::fs::read_to_string(rules)?.lines().filter(|line| !line.trim().is_empty()) {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [id, measure, counted, rest @ ..] = parts.as_slice() else { return Err(line.into()) };
        let inner = rest.first().copied().unwrap_or_default();
        let measure = match *measure {
            "share" => Measure::Share { met: read(inner, Wanted::Flag)? },
            "count" => Measure::Count,
            "sum" => Measure::Sum { value: read(inner, Wanted::Integer)? },
            "mean" => Measure::Mean { value: read(inner, Wanted::Integer)? },
            "distinct" => Measure::Distinct { value: read(inner, Wanted::Distinct)? },
            percentile => Measure::Percentile {
                value: read(inner, Wanted::Integer)?,
                percent: percentile.trim_start_matches('p').parse()?,
            },
        };
        let counted = condition(counted, &setting).map_err(|errors| format!("{counted}: {errors:?}"))?;
        let rule = Rule {
            id: (*id).to_owned(),
            kind: kind.id.clone(),
            counted,
            measure,
            unknown: UnknownMet::NotMet,
        };
        asks.push(Ask {
            rule,
            period: period.clone(),
            as_of: period.last,
            by: Some(Part::Month),
            spread: false,
        });
    }
    let calendars = CalendarSet::of(Calendar::builtin("vn-public")?);
    let plan = Plan::new(kind, &asks, &units, &calendars)?;
    if show {
        println!("{}", plan.program());
    }
    let options = Options {
        threads: threads.parse()?,
        batch_rows: rest.first().map_or(Ok(Options::default().batch_rows), |batch| batch.parse())?,
        ..Options::default()
    };
    let begin = Instant::now();
    let state = accumulate(&plan, &[Source::parquet(records)], &options)?;
    let scanned = begin.elapsed();
    let answers = state.finish_with(&plan, options.threads)?;
    println!("scan {scanned:?}, finish {:?}", begin.elapsed() - scanned);
    if show {
        for (ask, answer) in asks.iter().zip(&answers) {
            println!("{}: {:?}", ask.rule.id, answer.all.whole);
        }
    }
    Ok(())
}
