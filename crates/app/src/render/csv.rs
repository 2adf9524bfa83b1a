//! `--format csv`: one line a figure, integers only, for spreadsheets and scripts.

use giaouoc_agreement::figure::{Amount, Grade, Verdict};
use giaouoc_agreement::scoreboard::{Figure, Scoreboard};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_report::table::inert;
use serde::Serialize;

use crate::fault::{Fault, Outcome};

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
    scoreboard_but(board, lenses, lang, &|_, _| false)
}

/// The same, with numbers of records left blank where `hides` says so of a kind and a number.
pub fn scoreboard_but(
    board: &Scoreboard,
    lenses: bool,
    lang: Lang,
    hides: &dyn Fn(&str, i64) -> bool,
) -> Outcome<String> {
    let mut out = Table::new(HEAD)?;
    for line in &board.targets {
        let records = |count: i64| if hides(&line.kind, count) { String::new() } else { count.to_string() };
        for figure in line.figures.iter().flatten().chain(&line.together) {
            let unit = name(&figure.subject);
            for part in &figure.parts {
                let (value, of) = integers(part.amount.as_ref());
                row(
                    &mut out,
                    &records,
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
                &records,
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
                    &records,
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
            out.row(cells.each_ref().map(String::as_str))?;
        }
    }
    out.text()
}

#[expect(clippy::too_many_arguments, reason = "one line of a table, written in three places above")]
fn row(
    out: &mut Table,
    records: &dyn Fn(i64) -> String,
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
        records(tally.seen),
        records(tally.counted_unknown),
        records(tally.met_unknown),
        inert(note).into_owned(),
    ];
    out.row(cells.each_ref().map(String::as_str))
}

/// A CSV text while it is written.
pub struct Table(csv::Writer<Vec<u8>>);

impl Table {
    /// An empty one with its header.
    pub fn new<const N: usize>(head: [&str; N]) -> Outcome<Self> {
        let mut table = Self(csv::Writer::from_writer(Vec::with_capacity(1 << 16)));
        table.row(head)?;
        Ok(table)
    }

    /// One line.
    pub fn row<const N: usize>(&mut self, cells: [&str; N]) -> Outcome {
        self.0.write_record(cells).map_err(|error| failed(&error))
    }

    /// The whole text.
    pub fn text(self) -> Outcome<String> {
        match self.0.into_inner() {
            Ok(bytes) => String::from_utf8(bytes).map_err(|error| failed(&error)),
            Err(error) => Err(failed(&error)),
        }
    }
}

/// A CSV file that cannot be written.
pub fn failed(error: &dyn std::fmt::Display) -> Fault {
    Fault::System(Text::new(format!("không ghi được CSV: {error}"), format!("cannot write CSV: {error}")))
}
