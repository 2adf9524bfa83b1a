//! A table as a sheet: frozen head, filter, widths, typed cells.

use giaouoc_worktime::Day;
use rust_xlsxwriter::{
    Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// Characters that a cell may hold, by the format's own limit.
const CELL: usize = 32_767;
/// Rows below the head that a sheet may hold, by the format's own limit.
const ROWS: usize = 1_048_575;
/// Integers up to here are exact in a workbook, whose numbers are floating.
const EXACT: u128 = 1 << 53;

/// A typed cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// Words. They are written as words whatever they begin with: nothing here ever becomes a formula.
    Text(String),
    /// A whole number.
    Integer(i128),
    /// A share as a number between 0 and 1, shown in percent; its two integers stand in cells of their own.
    Share(i64, i64),
    /// A ratio that is no share.
    Ratio(i128, i64),
    /// A share in ten-thousandths.
    TenThousandths(i64),
    /// A day.
    Day(Day),
}

impl Value {
    /// Words, or nothing.
    pub fn text(text: impl Into<String>) -> Self {
        let text: String = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A whole number.
    pub fn integer(value: impl Into<i128>) -> Self {
        Self::Integer(value.into())
    }
}

/// A table.
pub struct Sheet {
    /// Its name; at most 31 characters, without `[]:*?/\`.
    pub name: &'static str,
    /// Heads with the width of their columns, in characters.
    pub heads: Vec<(String, f64)>,
    /// Columns that stay in sight when scrolling to the right.
    pub fixed: u16,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

/// The forms of cells.
pub struct Formats {
    head: Format,
    text: Format,
    integer: Format,
    share: Format,
    ratio: Format,
    day: Format,
}

impl Formats {
    pub fn new() -> Self {
        let cell = Format::new().set_align(FormatAlign::Top);
        Self {
            head: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_background_color(Color::RGB(0x00F4_F6F8))
                .set_border_bottom(FormatBorder::Thin),
            text: cell.clone().set_text_wrap(),
            integer: cell.clone().set_num_format("#,##0"),
            share: cell.clone().set_num_format("0.00%"),
            ratio: cell.clone().set_num_format("#,##0.00"),
            // 42A: Vietnamese; the day first whatever the reader's own settings are.
            day: cell.set_num_format("[$-42A]dd/mm/yyyy"),
        }
    }
}

impl Sheet {
    /// Writes it; `above` stands above each of its printed pages.
    pub fn write(
        &self,
        workbook: &mut Workbook,
        formats: &Formats,
        above: Option<&str>,
    ) -> Result<(), XlsxError> {
        let sheet = workbook.add_worksheet();
        sheet.set_name(self.name)?;
        let last = u16::try_from(self.heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
        for (at, (head, width)) in (0..).zip(&self.heads) {
            sheet.set_column_width(at, *width)?;
            sheet.write_string_with_format(0, at, cut(head), &formats.head)?;
        }
        let rows = &self.rows[..self.rows.len().min(ROWS)];
        for (line, row) in (1..).zip(rows) {
            for (at, value) in (0..).zip(row) {
                cell(sheet, line, at, value, formats)?;
            }
        }
        sheet.set_freeze_panes(1, self.fixed)?;
        sheet.autofilter(0, 0, u32::try_from(rows.len()).unwrap_or(u32::MAX), last)?;
        sheet.set_landscape();
        sheet.set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        if let Some(said) = above {
            // An ampersand begins a command there.
            sheet.set_header(format!("&L{}", said.replace('&', "&&")));
        }
        Ok(())
    }
}

fn cell(
    sheet: &mut Worksheet,
    line: u32,
    at: u16,
    value: &Value,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match value {
        Value::Empty => {}
        Value::Text(text) => {
            sheet.write_string_with_format(line, at, cut(text), &formats.text)?;
        }
        // A number that a workbook would round is written as it is, in words.
        Value::Integer(value) if value.unsigned_abs() > EXACT => {
            sheet.write_string_with_format(line, at, value.to_string(), &formats.text)?;
        }
        Value::Integer(value) => {
            sheet.write_number_with_format(line, at, ratio(*value, 1), &formats.integer)?;
        }
        Value::Share(_, 0) | Value::Ratio(_, 0) => {}
        Value::Share(met, of) => {
            sheet.write_number_with_format(line, at, ratio(i128::from(*met), *of), &formats.share)?;
        }
        Value::Ratio(sum, of) => {
            sheet.write_number_with_format(line, at, ratio(*sum, *of), &formats.ratio)?;
        }
        Value::TenThousandths(value) => {
            sheet.write_number_with_format(line, at, ratio(i128::from(*value), 10_000), &formats.share)?;
        }
        Value::Day(day) => {
            let (year, month, number) = day.ymd();
            let parts = (u16::try_from(year), u8::try_from(month), u8::try_from(number));
            let date = match parts {
                (Ok(year), Ok(month), Ok(day)) => ExcelDateTime::from_ymd(year, month, day).ok(),
                _ => None,
            };
            // Workbooks know no day before 1900.
            match date {
                Some(date) => sheet.write_datetime_with_format(line, at, &date, &formats.day)?,
                None => sheet.write_string_with_format(line, at, day.to_string(), &formats.text)?,
            };
        }
    }
    Ok(())
}

/// A workbook's numbers are floating: this is where a figure becomes one, for showing only. Its integers stand beside it.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "the file format knows no other numbers; verdicts are made long before"
)]
fn ratio(value: i128, of: i64) -> f64 {
    value as f64 / of as f64
}

/// A text that fits into a cell, whole characters.
pub fn cut(text: &str) -> &str {
    // The limit counts UTF-16 units; as many characters of four bytes are half as many.
    match text.char_indices().nth(CELL / 2) {
        Some((at, _)) if text.encode_utf16().count() > CELL => &text[..at],
        _ => text,
    }
}
