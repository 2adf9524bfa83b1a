//! Runs the worked examples of an agreement: a target whose own examples do not come out cannot be scored.

use giaouoc_worktime::CalendarSet;

use crate::agreement_file::Agreement;
use crate::agreement_file::amount::written;
use crate::figure::Amount;
use crate::kind::Kind;
use crate::lang::{Context, EvalError, Run, Typed, eval};
use crate::period::Period;
use crate::problem::Problem;
use crate::target::{Example, Measure, Rule, Target};
use crate::text::Text;
use crate::toml_read::shown;
use crate::value::Value;

/// The file that the examples stand in.
const FILE: &str = "agreement.toml";

/// An error for each example that does not yield what it says, with what each record did.
///
/// An example is run under the words in force on the first day of its period. One that names a period runs
/// with `period` standing for the days of these words within it. One that names none runs with the whole of
/// the target's own period (from the target's first day on): an amendment of July that only changes the goal
/// does not take the second half of the year from the examples. `as_of` is the end of these days unless the
/// example says otherwise.
pub fn run(agreement: &Agreement, kinds: &[Kind], calendars: &CalendarSet) -> Vec<Problem> {
    let mut problems = Vec::new();
    for target in &agreement.targets {
        let Some(kind) = kinds.iter().find(|kind| kind.id == target.kind) else { continue };
        for example in &target.examples {
            problems.extend(run_one(target, example, kind, calendars));
        }
    }
    problems
}

fn run_one(target: &Target, example: &Example, kind: &Kind, calendars: &CalendarSet) -> Option<Problem> {
    let asked = example.period.as_ref().unwrap_or(&target.period);
    let Some((period, version)) = target.parts(asked).into_iter().next() else {
        return Some(Problem::error(
            "example-period",
            FILE,
            example.span.clone(),
            Text::new(
                format!("Chỉ tiêu chưa áp dụng trong kỳ {} của ví dụ.", asked.code),
                format!("The target does not apply in the example's period, {}.", asked.code),
            ),
        ));
    };
    let period = match example.period {
        Some(_) => period,
        None => Period::between(period.first, asked.last).unwrap_or(period),
    };
    let rule = match &example.lens {
        None => &version.rule,
        Some(id) => &version.lenses.iter().find(|lens| lens.id == *id)?.rule,
    };
    let as_of = example.as_of.unwrap_or(period.last);
    let mut run = Run::new(rule);
    let mut lines: Vec<Text> = Vec::new();
    for (i, row) in example.rows.iter().enumerate() {
        let calendar = match row.get(kind.unit) {
            Some(Value::Text(code)) => calendars.unit(code),
            _ => &calendars.default,
        };
        let context = Context { kind, period: &period, as_of, calendar };
        let done = run.add(row.as_slice(), &context).and_then(|()| outcome(rule, row, &context));
        match done {
            Ok(text) => {
                lines.push(Text::new(format!("{}: {}", i + 1, text.vi), format!("{}: {}", i + 1, text.en)))
            }
            Err(error) => return Some(stopped(example, i + 1, &error)),
        }
    }
    let came = run.finish().amount;
    if agrees(&example.expect, &came) {
        return None;
    }
    let (expected, found) = (written(&example.expect), written(&came));
    let join = |pick: fn(&Text) -> &str| lines.iter().map(pick).collect::<Vec<_>>().join("; ");
    Some(
        Problem::error(
            "failing-example",
            FILE,
            example.span.clone(),
            Text::new(
                format!("Ví dụ của \"{}\" phải ra {expected} nhưng tính được {found}.", rule.id),
                format!("The example of \"{}\" must yield {expected} but yields {found}.", rule.id),
            ),
        )
        .help(Text::new(
            format!("Từng bản ghi: {}.", join(|text| &text.vi)),
            format!("Record by record: {}.", join(|text| &text.en)),
        )),
    )
}

/// Whether the figure is the one expected; of a percentile only the value is said in an example.
fn agrees(expected: &Amount, came: &Amount) -> bool {
    match (expected, came) {
        (Amount::Percentile { value: expected, .. }, Amount::Percentile { value: came, .. }) => {
            expected == came
        }
        _ => expected == came,
    }
}

fn stopped(example: &Example, row: usize, error: &EvalError) -> Problem {
    let message = error.message();
    Problem::error(
        "example-stopped",
        FILE,
        example.span.clone(),
        Text::new(
            format!("Bản ghi {row} của ví dụ: {}", message.vi),
            format!("Record {row} of the example: {}", message.en),
        ),
    )
}

/// What one record did, in words.
fn outcome(rule: &Rule, row: &[Value], context: &Context<'_>) -> Result<Text, EvalError> {
    let as_of = context.as_of;
    let columns = |tree: &Typed| {
        let unknown =
            tree.columns().into_iter().filter(|column| context.column(row, *column) == Value::Unknown);
        let ids =
            unknown.filter_map(|column| context.kind.columns.get(column)).map(|column| column.id.as_str());
        ids.collect::<Vec<_>>().join(", ")
    };
    match eval(&rule.counted, row, context)?.as_flag() {
        Some(true) => {}
        Some(false) => return Ok(Text::new("không được tính", "not counted")),
        None => {
            let ids = columns(&rule.counted);
            return Ok(Text::new(
                format!("không được tính, đến {} chưa biết {ids}", as_of.dmy()),
                format!("not counted, unknown by {as_of}: {ids}"),
            ));
        }
    }
    let (tree, share) = match &rule.measure {
        Measure::Count => return Ok(Text::new("được tính", "counted")),
        Measure::Share { met } => (met, true),
        Measure::Sum { value }
        | Measure::Mean { value }
        | Measure::Percentile { value, .. }
        | Measure::Distinct { value } => (value, false),
    };
    Ok(match eval(tree, row, context)? {
        Value::Unknown => {
            let ids = columns(tree);
            Text::new(
                format!("được tính, đến {} chưa biết {ids}", as_of.dmy()),
                format!("counted, unknown by {as_of}: {ids}"),
            )
        }
        Value::Flag(true) if share => Text::new("được tính, đạt", "counted, met"),
        Value::Flag(false) if share => Text::new("được tính, không đạt", "counted, not met"),
        Value::Integer(number) => Text::new(format!("được tính, {number}"), format!("counted, {number}")),
        Value::Text(text) => {
            let text = shown(&text);
            Text::new(format!("được tính, \"{text}\""), format!("counted, \"{text}\""))
        }
        Value::Day(day) => Text::new(format!("được tính, {}", day.dmy()), format!("counted, {day}")),
        _ => Text::new("được tính", "counted"),
    })
}
