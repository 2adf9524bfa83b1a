//! Figures split by unit and part of the period (`--by`), in their two forms. Nothing is gathered: a city's
//! cells may be millions.

use std::fmt::Write as _;
use std::io::Write;

use giaouoc_agreement::figure::{Amount, Grade};
use giaouoc_agreement::scoreboard::{SplitCell, State};
use giaouoc_agreement::text::Lang;
use giaouoc_worktime::time::Day;
use serde::Serializer;

use crate::fault::Outcome;
use giaouoc_report::table::inert;

use crate::render::csv::{failed, integers, name};

/// `--format json`: a list of cells (`docs/scoreboard.schema.json`, `#/$defs/split`).
pub fn json<'a>(cells: impl Iterator<Item = SplitCell<'a>>) -> serde_json::Result<String> {
    let mut out = Vec::with_capacity(1 << 20);
    serde_json::Serializer::pretty(&mut out).collect_seq(cells)?;
    out.push(b'\n');
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// `--format csv`: one line a cell, written as it is made.
///
/// # Errors
/// When the output fails; an output that was closed ends quietly.
pub fn csv<'a>(cells: impl Iterator<Item = SplitCell<'a>>, lang: Lang, out: impl Write) -> Outcome {
    match lines(cells, lang, out) {
        Err(error) if closed(&error) => Ok(()),
        other => other.map_err(|error| failed(&error)),
    }
}

fn closed(error: &csv::Error) -> bool {
    matches!(error.kind(), csv::ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn lines<'a>(cells: impl Iterator<Item = SplitCell<'a>>, lang: Lang, out: impl Write) -> csv::Result<()> {
    let mut table = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out);
    table.write_record([
        "unit",
        "target",
        "from",
        "to",
        "value",
        "of",
        "counted_unknown",
        "met_unknown",
        "state",
        "grade",
        "note",
    ])?;
    // A city's cells are many and alike: what repeats is written once, numbers into buffers that are kept.
    let mut words = Words::default();
    let [mut value, mut of, mut counted, mut met] = [const { String::new() }; 4];
    for cell in cells {
        numbers(cell.amount.as_ref(), &mut value, &mut of);
        number(&mut counted, cell.counted_unknown);
        number(&mut met, cell.met_unknown);
        let notes: Vec<&str> = cell.notes.iter().map(|note| note.get(lang)).collect();
        let (state, grade) = (words.place(cell.state), words.place(cell.grade));
        let (first, last) = (words.day(cell.period.first), words.day(cell.period.last));
        table.write_record([
            inert(cell.unit).as_ref(),
            cell.target,
            words.get(first),
            words.get(last),
            &value,
            &of,
            &counted,
            &met,
            words.get(state),
            words.get(grade),
            inert(&notes.join("; ")).as_ref(),
        ])?;
    }
    Ok(table.flush()?)
}

/// Words that come again and again, each made once.
#[derive(Default)]
struct Words {
    days: Vec<(Day, usize)>,
    texts: Vec<String>,
    names: Vec<(Named, usize)>,
}

/// A state or a grade.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    State(State),
    Grade(Grade),
}

impl From<State> for Named {
    fn from(state: State) -> Self {
        Self::State(state)
    }
}

impl From<Grade> for Named {
    fn from(grade: Grade) -> Self {
        Self::Grade(grade)
    }
}

impl Words {
    fn place(&mut self, named: impl Into<Named>) -> usize {
        let named = named.into();
        if let Some((_, place)) = self.names.iter().find(|(known, _)| *known == named) {
            return *place;
        }
        let text = match named {
            Named::State(state) => name(state),
            Named::Grade(grade) => name(grade),
        };
        self.names.push((named, self.texts.len()));
        self.texts.push(text);
        self.texts.len() - 1
    }

    fn day(&mut self, day: Day) -> usize {
        if let Some((_, place)) = self.days.iter().rev().find(|(known, _)| *known == day) {
            return *place;
        }
        self.days.push((day, self.texts.len()));
        self.texts.push(day.to_string());
        self.texts.len() - 1
    }

    fn get(&self, place: usize) -> &str {
        &self.texts[place]
    }
}

/// A number in the place of what stood there.
fn number(to: &mut String, value: impl std::fmt::Display) {
    to.clear();
    // Writing into a text does not fail.
    let _ = write!(to, "{value}");
}

/// The value and the denominator of an amount, as [`integers`] has them.
fn numbers(amount: Option<&Amount>, value: &mut String, of: &mut String) {
    match amount {
        Some(Amount::Share { met, of: all }) => {
            number(value, met);
            number(of, all);
        }
        Some(Amount::Count(count)) => {
            number(value, count);
            of.clear();
        }
        other => (*value, *of) = integers(other),
    }
}
