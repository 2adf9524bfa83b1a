//! The text cases of `suite/`: definitions, records and the figures they must give, run through the row
//! evaluator and through the column program. To add a case, write it; to add a kind of measure, add a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::path::Path;

use giaouoc_agreement::ask::{Ask, Cell, Cells};
use giaouoc_agreement::figure::Amount;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::{Definitions, Setting, Wanted, condition, value};
use giaouoc_agreement::period::{Part, Period};
use giaouoc_agreement::target::{Measure, Rule, UnknownMet};
use giaouoc_agreement::value::Value;
use giaouoc_agreement::{cell, kinds};
use giaouoc_measure::measure;
use serde::Deserialize;
use support::{batch, calendars, chooser, difference, reference};

/// A file: records, and cases over them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    /// What the file is about; for its reader.
    #[allow(dead_code, reason = "for the reader")]
    about: String,
    kind: String,
    units: Vec<String>,
    /// A table with ` | ` between cells; the first line names the columns, `-` is blank.
    records: String,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: String,
    period: String,
    as_of: Option<String>,
    by: Option<String>,
    measure: String,
    counted: String,
    met: Option<String>,
    value: Option<String>,
    #[serde(default)]
    unknown: Option<String>,
    /// For each unit in order, then all together: `figure` or `whole: part, part, …`; after ` ! ` what is
    /// reported: `counted_unknown met_unknown column=records …`.
    expect: Vec<String>,
}

fn records(kind: &Kind, table: &str) -> Vec<Vec<Value>> {
    let mut lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let head: Vec<usize> = cells(lines.next().unwrap())
        .iter()
        .map(|name| kind.column(name).unwrap_or_else(|| panic!("no column {name}")))
        .collect();
    lines
        .map(|line| {
            let mut row = vec![Value::Unknown; kind.columns.len()];
            for (at, text) in head.iter().zip(cells(line)) {
                if text != "-" {
                    let parsed = cell::parse(&kind.columns[*at], &text, calendars().default.zone());
                    row[*at] = parsed.unwrap_or_else(|error| panic!("{line}: {error}"));
                }
            }
            row
        })
        .collect()
}

fn ask(kind: &Kind, case: &Case) -> Ask {
    let setting = Setting { kind, definitions: &Definitions::default(), working_days: true };
    let read = |text: &Option<String>, wanted| {
        let text = text.as_deref().unwrap_or_else(|| panic!("{}: a part is missing", case.id));
        value(text, wanted, &setting).unwrap_or_else(|errors| panic!("{}: {text}: {errors:#?}", case.id))
    };
    let measure = match case.measure.as_str() {
        "share" => Measure::Share { met: read(&case.met, Wanted::Flag) },
        "count" => Measure::Count,
        "sum" => Measure::Sum { value: read(&case.value, Wanted::Integer) },
        "mean" => Measure::Mean { value: read(&case.value, Wanted::Integer) },
        "distinct" => Measure::Distinct { value: read(&case.value, Wanted::Distinct) },
        percentile => Measure::Percentile {
            value: read(&case.value, Wanted::Integer),
            percent: percentile.strip_prefix('p').unwrap().parse().unwrap(),
        },
    };
    let counted =
        condition(&case.counted, &setting).unwrap_or_else(|errors| panic!("{}: {errors:#?}", case.id));
    let unknown = match case.unknown.as_deref() {
        Some("exclude") => UnknownMet::Exclude,
        _ => UnknownMet::NotMet,
    };
    let period = Period::parse(&case.period, &[]).unwrap();
    Ask {
        rule: Rule { id: case.id.clone(), kind: kind.id.clone(), counted, measure, unknown },
        as_of: case.as_of.as_ref().map_or(period.last, |day| day.parse().unwrap()),
        period,
        by: case.by.as_deref().map(|by| match by {
            "month" => Part::Month,
            "quarter" => Part::Quarter,
            _ => Part::HalfYear,
        }),
        spread: false,
    }
}

fn figure(amount: &Amount) -> String {
    match amount {
        Amount::Share { met, of } => format!("{met}/{of}"),
        Amount::Count(count) => count.to_string(),
        Amount::Sum(sum) => sum.to_string(),
        Amount::Mean { sum, of } => format!("{sum}:{of}"),
        Amount::Percentile { value: Some(value), of } => format!("{value} of {of}"),
        Amount::Percentile { value: None, of } => format!("none of {of}"),
    }
}

/// Cells as `expect` writes them.
fn told(kind: &Kind, cells: &Cells) -> String {
    let mut text = figure(&cells.whole.amount);
    if !cells.parts.is_empty() {
        let parts: Vec<String> = cells.parts.iter().map(|Cell { amount, .. }| figure(amount)).collect();
        text = format!("{text}: {}", parts.join(", "));
    }
    let tally = &cells.whole.tally;
    if tally.counted_unknown + tally.met_unknown > 0 {
        text = format!("{text} ! {} {}", tally.counted_unknown, tally.met_unknown);
        for (column, records) in &tally.unknown_columns {
            text = format!("{text} {}={records}", kind.columns[*column].id);
        }
    }
    text
}

fn run(path: &Path) {
    let suite: Suite = toml::from_str(&std::fs::read_to_string(path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let kind = kinds::find(&suite.kind).unwrap();
    let rows = records(kind, &suite.records);
    let asks: Vec<Ask> = suite.case.iter().map(|case| ask(kind, case)).collect();
    let by_evaluator: Vec<_> =
        asks.iter().map(|ask| reference(kind, ask, &suite.units, &calendars(), &rows).unwrap()).collect();
    // All cases of a file run in one fused program.
    let batches = [batch(kind, &rows, &mut chooser(7))];
    let by_program = measure(kind, &asks, &suite.units, &calendars(), &batches).unwrap();
    if let Some(difference) = difference(&by_program, &by_evaluator) {
        panic!("{}: {difference}", path.display());
    }
    for (case, answer) in suite.case.iter().zip(&by_program) {
        let found: Vec<String> =
            answer.units.iter().chain([&answer.all]).map(|cells| told(kind, cells)).collect();
        assert_eq!(found, case.expect, "{}: {}", path.display(), case.id);
    }
}

#[test]
fn all_cases_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 5, "the suite has shrunk: {paths:?}");
    for path in paths {
        run(&path);
    }
}
