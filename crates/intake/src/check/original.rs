//! The cells of a row as a file of rejects has them.

use giaouoc_agreement::kind::ColumnType;
use giaouoc_worktime::time::Moment;

use super::{Checked, Checker};
use crate::decode::{Cell, Row};

impl Checker<'_> {
    /// The cells of a row as text for the rejects, dates that are stored as bare numbers written out so that
    /// they can be read again.
    pub(crate) fn original(&mut self, row: &Row) -> Vec<String> {
        let mut cells: Vec<String> = (0..row.len()).map(|at| row.cell(at).text().into_owned()).collect();
        for at in 0..self.columns.len() {
            let dated = matches!(self.columns[at].column.ty, ColumnType::Date | ColumnType::Moment);
            let Some(source) = self.source(at, row).filter(|_| dated) else { continue };
            if !matches!(row.cell(source), Cell::Number(_)) {
                continue;
            }
            let written = match self.value(at, row, None) {
                Ok(Checked::Day(day) | Checked::Moment(Moment::Day(day))) => day.to_string(),
                Ok(Checked::Moment(Moment::Instant(instant))) => instant.to_string(),
                _ => continue,
            };
            cells[source] = written;
        }
        cells
    }

    /// The cells of a row that are no text and refused as what they are, as lines of header and text: see
    /// [`crate::Reject::stored`].
    pub(crate) fn stored(&mut self, row: &Row) -> Vec<String> {
        let mut lines = Vec::new();
        for at in 0..self.columns.len() {
            let Some(source) = self.source(at, row) else { continue };
            let cell = row.cell(source);
            let bare = matches!(cell, Cell::Number(_) | Cell::Fault(_) | Cell::Day(_) | Cell::Local(..));
            if bare && self.value(at, row, None).is_err() {
                let line = format!("{}: {}", self.names[source], cell.text());
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
        lines
    }
}
