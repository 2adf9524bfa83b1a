//! Figures split by unit and part of the period (`--by`).

use giaouoc_agreement::ask::{Answer, Cell};
use giaouoc_agreement::period::Period;
use serde::Serialize;

/// All targets, split the same way. Parts are measured, never judged: a goal is about a period.
#[derive(Debug)]
pub struct Split {
    /// Unit codes, in the order of the city's decision.
    pub units: Vec<String>,
    /// One for each target.
    pub lines: Vec<SplitLine>,
}

/// One target.
#[derive(Debug)]
pub struct SplitLine {
    /// The target's id.
    pub target: String,
    /// The parts, in order of time.
    pub parts: Vec<Period>,
    /// For each unit, one cell a part; nothing for a unit without any record of the kind: no data is not 0.
    pub units: Vec<Vec<Option<Cell>>>,
}

impl SplitLine {
    /// The cells of an answer for the units of the board; a unit outside the answer's population is empty.
    pub fn new(target: &str, answer: Answer) -> Self {
        let units = answer.units.into_iter().map(|cells| {
            let known = cells.whole.tally.seen > 0;
            cells.parts.into_iter().map(|cell| known.then_some(cell)).collect()
        });
        let units = units.collect();
        Self { target: target.to_owned(), parts: answer.parts, units }
    }
}

/// The stable JSON form.
#[derive(Serialize)]
struct JsonCell<'a> {
    unit: &'a str,
    target: &'a str,
    period: &'a Period,
    amount: &'a giaouoc_agreement::figure::Amount,
    counted_unknown: i64,
    met_unknown: i64,
}

/// `--format json` of split figures: a list of cells.
pub fn json(split: &Split) -> serde_json::Result<String> {
    let mut cells = Vec::new();
    for line in &split.lines {
        for (unit, parts) in split.units.iter().zip(&line.units) {
            for (period, cell) in line.parts.iter().zip(parts) {
                let Some(cell) = cell else { continue };
                cells.push(JsonCell {
                    unit,
                    target: &line.target,
                    period,
                    amount: &cell.amount,
                    counted_unknown: cell.tally.counted_unknown,
                    met_unknown: cell.tally.met_unknown,
                });
            }
        }
    }
    serde_json::to_string_pretty(&cells).map(|text| text + "\n")
}
