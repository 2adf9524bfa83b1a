//! The mark of a unit's workbook: for whom it was made, from which state of the journal, and which kind each sheet holds. It
//! lies on a sheet of its own that no spreadsheet shows, so that it comes back whatever program saved the file.

use std::path::Path;

use giaouoc_intake::{Input, Limits, cells};
use rust_xlsxwriter::{Workbook, XlsxError};

/// The name of its sheet, and of its first cell.
pub const SHEET: &str = "giaouoc";
/// The version of its form.
const FORMAT: &str = "1";
/// Rows that it may have.
const ROWS: usize = 200;

/// The mark of a workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Names this workbook among all: what it loaded itself is not somebody else's work.
    pub id: String,
    /// The cluster's name in addresses.
    pub cluster: String,
    /// The agreement's id.
    pub agreement: String,
    /// The unit's code.
    pub unit: String,
    /// The period that it is for.
    pub period: String,
    /// Entries of the journal that were known when it was made.
    pub head: u64,
    /// The hash of the last of them, in hex; blank when there was none.
    pub entry: String,
    /// The sheet that asks for reports of no cases; blank where there is none.
    pub todo: String,
    /// Sheets with the id of the kind that each holds.
    pub sheets: Vec<(String, String)>,
}

impl Mark {
    /// Writes it into a workbook.
    ///
    /// # Errors
    /// When the workbook cannot take another sheet.
    pub fn write(&self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        let sheet = workbook.add_worksheet().set_name(SHEET)?;
        let head = self.head.to_string();
        let lines = [
            (SHEET, FORMAT),
            ("id", &self.id),
            ("cluster", &self.cluster),
            ("agreement", &self.agreement),
            ("unit", &self.unit),
            ("period", &self.period),
            ("head", &head),
            ("entry", &self.entry),
            ("todo", &self.todo),
        ];
        let mut row = 0;
        for (name, value) in lines {
            sheet.write_string(row, 0, name)?;
            sheet.write_string(row, 1, value)?;
            row += 1;
        }
        for (name, kind) in &self.sheets {
            sheet.write_string(row, 0, "sheet")?;
            sheet.write_string(row, 1, name)?;
            sheet.write_string(row, 2, kind)?;
            row += 1;
        }
        sheet.set_very_hidden(true);
        Ok(())
    }

    /// The mark of a file; nothing where it has none, or cannot be read: whoever reads it then says why.
    pub fn read(path: &Path) -> Option<Self> {
        let rows = cells(&Input::Path(path), SHEET, ROWS, &Limits::default()).ok()??;
        let mut rows = rows.into_iter().map(|row| {
            let mut cells = row.into_iter();
            let mut next = || cells.next().unwrap_or_default();
            (next(), next(), next())
        });
        let (name, format, _) = rows.next()?;
        if (name.as_str(), format.as_str()) != (SHEET, FORMAT) {
            return None;
        }
        let mut mark = Self::default();
        for (name, value, more) in rows {
            match name.as_str() {
                "id" => mark.id = value,
                "cluster" => mark.cluster = value,
                "agreement" => mark.agreement = value,
                "unit" => mark.unit = value,
                "period" => mark.period = value,
                "head" => mark.head = value.parse().ok()?,
                "entry" => mark.entry = value,
                "todo" => mark.todo = value,
                "sheet" => mark.sheets.push((value, more)),
                _ => {}
            }
        }
        Some(mark)
    }
}
