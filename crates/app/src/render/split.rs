//! Figures split by unit and part of the period (`--by`), in their two forms. Nothing is gathered: a city's
//! cells may be millions.

use giaouoc_agreement::scoreboard::SplitCell;
use giaouoc_agreement::text::Lang;
use serde::Serializer;

use crate::fault::Outcome;
use crate::render::csv::{Table, inert, integers, name};

/// `--format json`: a list of cells (`docs/scoreboard.schema.json`, `#/$defs/split`).
pub fn json<'a>(cells: impl Iterator<Item = SplitCell<'a>>) -> serde_json::Result<String> {
    let mut out = Vec::with_capacity(1 << 20);
    serde_json::Serializer::pretty(&mut out).collect_seq(cells)?;
    out.push(b'\n');
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// `--format csv`: one line a cell.
pub fn csv<'a>(cells: impl Iterator<Item = SplitCell<'a>>, lang: Lang) -> Outcome<String> {
    let mut table = Table::new([
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
    for cell in cells {
        let (value, of) = integers(cell.amount.as_ref());
        let notes: Vec<&str> = cell.notes.iter().map(|note| note.get(lang)).collect();
        table.row([
            inert(cell.unit).as_ref(),
            cell.target,
            &cell.period.first.to_string(),
            &cell.period.last.to_string(),
            &value,
            &of,
            &cell.counted_unknown.to_string(),
            &cell.met_unknown.to_string(),
            &name(cell.state),
            &name(cell.grade),
            inert(&notes.join("; ")).as_ref(),
        ])?;
    }
    table.text()
}
