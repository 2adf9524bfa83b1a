//! The report as a workbook: one sheet a table, each cell of its own type, so that sums, filters and sorting work.

mod sheet;
mod tables;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::sheet::{Formats, Sheet};
use crate::model::Report;

/// The whole workbook.
pub fn write(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let lang = report.lang;
    let mut properties = DocProperties::new()
        .set_title(crate::words::plain(report.board.title.get(lang), 200))
        .set_author(report.program.as_str());
    // The day that the figures are of: nobody's clock is asked, and the same report is the same file.
    if let Some(line) = report.board.targets.first() {
        let (year, month, day) = line.as_of.ymd();
        let (year, month, day) = (
            u16::try_from(year).unwrap_or(1900),
            u8::try_from(month).unwrap_or(1),
            u8::try_from(day).unwrap_or(1),
        );
        properties = properties.set_creation_datetime(&ExcelDateTime::from_ymd(year, month, day)?);
    }
    workbook.set_properties(&properties);
    let formats = Formats::new();
    let sheets: [Sheet; 10] = [
        tables::by_draft(report),
        tables::scores(report),
        tables::figures(report),
        tables::lenses(report),
        tables::months(report),
        tables::groups(report),
        tables::days(report),
        tables::terms(report),
        tables::definitions(report),
        tables::files(report),
    ];
    let said = report.by_draft.as_deref();
    for sheet in sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()) {
        sheet.write(&mut workbook, &formats, said)?;
    }
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests;
