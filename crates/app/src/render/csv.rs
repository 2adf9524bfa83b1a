//! `--format csv`: one line a figure, integers only, for spreadsheets and scripts.

use giaouoc_agreement::figure::{Amount, Grade, Tally, Verdict};
use giaouoc_agreement::scoreboard::{Figure, Scoreboard};
use giaouoc_agreement::text::{Lang, Text};
use serde::Serialize;

use crate::fault::{Fault, Outcome};
use crate::render::split::Split;

/// A cell that a spreadsheet would take for a formula is made text by a leading apostrophe.
pub fn inert(cell: &str) -> std::borrow::Cow<'_, str> {
    match cell.as_bytes().first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r') => format!("'{cell}").into(),
        _ => cell.into(),
    }
}

/// The value and the denominator of an amount, as integers.
pub fn integers(amount: Option<&Amount>) -> (String, String) {
    match amount {
        None => Default::default(),
        Some(Amount::Share { met, of }) => (met.to_string(), of.to_string()),
        Some(Amount::Count(count)) => (count.to_string(), String::new()),
        Some(Amount::Sum(sum)) => (sum.to_string(), String::new()),
        Some(Amount::Mean { sum, of }) => (sum.to_string(), of.to_string()),
        Some(Amount::Percentile { value, of }) => {
            (value.map(|value| value.to_string()).unwrap_or_default(), of.to_string())
        }
    }
}

/// The name of an enum as it stands in JSON.
pub fn name<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}

const HEAD: [&str; 15] = [
    "unit",
    "target",
    "lens",
    "from",
    "to",
    "as_of",
    "value",
    "of",
    "goal",
    "verdict",
    "grade",
    "seen",
    "counted_unknown",
    "met_unknown",
    "note",
];

/// The scoreboard; lenses too when asked for.
pub fn scoreboard(board: &Scoreboard, lenses: bool, lang: Lang) -> Outcome<String> {
    let mut out = csv::Writer::from_writer(Vec::new());
    write(&mut out, HEAD.map(str::to_owned))?;
    for line in &board.targets {
        for figure in line.figures.iter().flatten().chain(&line.together) {
            let unit = name(&figure.subject);
            for part in &figure.parts {
                let (value, of) = integers(part.amount.as_ref());
                row(
                    &mut out,
                    figure,
                    &unit,
                    "",
                    (&part.period.first, &part.period.last),
                    value,
                    of,
                    &part.goal.goal.text,
                    part.verdict,
                    part.grade,
                    "part",
                )?;
            }
            let (value, of) = integers(figure.amount.as_ref());
            let span = (&figure.period.first, &figure.period.last);
            let notes: Vec<_> = figure.notes.iter().map(|note| note.get(lang)).collect();
            row(
                &mut out,
                figure,
                &unit,
                "",
                span,
                value,
                of,
                &line.goal.goal.text,
                figure.verdict,
                figure.grade,
                &notes.join("; "),
            )?;
            for lens in figure.lenses.iter().filter(|_| lenses) {
                let (value, of) = integers(Some(&lens.amount));
                let note = if lens.flips { "flips" } else { "" };
                row(
                    &mut out,
                    figure,
                    &unit,
                    &lens.lens,
                    span,
                    value,
                    of,
                    &lens.goal.goal.text,
                    lens.would_be,
                    figure.grade,
                    note,
                )?;
            }
        }
        if let Some(share) = &line.units_share {
            let cells = [
                "share-of-units".to_owned(),
                line.target.clone(),
                String::new(),
                line.period.first.to_string(),
                line.period.last.to_string(),
                line.as_of.to_string(),
                share.met.to_string(),
                share.of.to_string(),
                share.goal.goal.text.clone(),
                name(share.verdict),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
                share.notes.iter().map(|note| note.get(lang)).collect::<Vec<_>>().join("; "),
            ];
            write(&mut out, cells)?;
        }
    }
    text(out)
}

#[expect(clippy::too_many_arguments, reason = "one line of a table, written in three places above")]
fn row(
    out: &mut csv::Writer<Vec<u8>>,
    figure: &Figure,
    unit: &str,
    lens: &str,
    span: (&giaouoc_worktime::Day, &giaouoc_worktime::Day),
    value: String,
    of: String,
    goal: &str,
    verdict: Verdict,
    grade: Grade,
    note: &str,
) -> Outcome {
    let tally = &figure.tally;
    let cells = [
        inert(unit).into_owned(),
        figure.target.clone(),
        lens.to_owned(),
        span.0.to_string(),
        span.1.to_string(),
        figure.as_of.to_string(),
        value,
        of,
        goal.to_owned(),
        name(verdict),
        name(grade),
        tally.seen.to_string(),
        tally.counted_unknown.to_string(),
        tally.met_unknown.to_string(),
        inert(note).into_owned(),
    ];
    write(out, cells)
}

/// Figures split by parts of the period: one line for each unit, target and part.
pub fn split(split: &Split) -> Outcome<String> {
    let mut out = csv::Writer::from_writer(Vec::with_capacity(1 << 20));
    write(
        &mut out,
        ["unit", "target", "from", "to", "value", "of", "counted_unknown", "met_unknown"].map(str::to_owned),
    )?;
    for line in &split.lines {
        for (unit, cells) in split.units.iter().zip(&line.units) {
            for (part, cell) in line.parts.iter().zip(cells) {
                let (value, of) = integers(cell.as_ref().map(|cell| &cell.amount));
                let tally = cell.as_ref().map(|cell| &cell.tally);
                let unknown = |count: fn(&Tally) -> i64| {
                    tally.map(|tally| count(tally).to_string()).unwrap_or_default()
                };
                write(
                    &mut out,
                    [
                        inert(unit).into_owned(),
                        line.target.clone(),
                        part.first.to_string(),
                        part.last.to_string(),
                        value,
                        of,
                        unknown(|tally| tally.counted_unknown),
                        unknown(|tally| tally.met_unknown),
                    ],
                )?;
            }
        }
    }
    text(out)
}

fn write<const N: usize>(out: &mut csv::Writer<Vec<u8>>, cells: [String; N]) -> Outcome {
    out.write_record(cells).map_err(|error| failed(&error))
}

fn text(out: csv::Writer<Vec<u8>>) -> Outcome<String> {
    match out.into_inner() {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) => Err(failed(&error)),
    }
}

fn failed(error: &dyn std::fmt::Display) -> Fault {
    Fault::System(Text::new(format!("không ghi được CSV: {error}"), format!("cannot write CSV: {error}")))
}
