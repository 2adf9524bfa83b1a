//! One sheet of an old workbook.

use super::{OldWorkbook, Record, Records, Shown, damaged, pieces, u16_at, u32_at};
use crate::decode::row::{Font, UNCALCULATED};
use crate::decode::serial::serial;
use crate::decode::{Cell, Facts, Hidden, Row, Source, within};
use crate::errors::{FileError, LimitKind};
use crate::limits::Limits;

/// Rows of a sheet.
pub(super) struct Sheet<'b> {
    book: &'b OldWorkbook,
    /// Row, and where the record of the cell begins, in the order of rows.
    cells: Vec<(u16, u32)>,
    at: usize,
    hidden_rows: Vec<bool>,
    old_fonts: bool,
    facts: Facts,
    size: u64,
    limits: Limits,
}

/// Records of cells that hold something.
const CELLS: [u16; 8] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x0006, 0x027E, 0x00BD, 0x00FD];

impl<'b> Sheet<'b> {
    pub(super) fn open(
        book: &'b OldWorkbook,
        name: &str,
        at: usize,
        mut hidden: Hidden,
        size: u64,
        limits: &Limits,
    ) -> Result<Self, FileError> {
        let mut cells = Vec::new();
        let mut hidden_rows = Vec::new();
        let mut depth = 0;
        let mut ended = false;
        for record in (Records { stream: &book.stream, at }) {
            match record.id {
                // Charts within the sheet are sheets of their own.
                0x0809 => depth += 1,
                0x000A if depth <= 1 => {
                    ended = true;
                    break;
                }
                0x000A => depth -= 1,
                _ if depth > 1 => {}
                0x0208 => {
                    let row = u16_at(record.bytes, 0).map(usize::from);
                    let options = u32_at(record.bytes, 12);
                    if let (Some(row), Some(options)) = (row, options)
                        && options & 0x20 != 0
                    {
                        if hidden_rows.len() <= row {
                            hidden_rows.resize(row + 1, false);
                        }
                        hidden_rows[row] = true;
                    }
                }
                0x007D => {
                    let place = |at| u16_at(record.bytes, at).map(usize::from);
                    if let (Some(from), Some(to), Some(options)) =
                        (place(0), place(2), u16_at(record.bytes, 8))
                        && options & 1 == 1
                    {
                        hidden.columns.push((from, to));
                    }
                }
                0x009B => hidden.filter = true,
                id if CELLS.contains(&id) => {
                    let row = u16_at(record.bytes, 0).ok_or_else(|| damaged("short cell"))?;
                    let place = u32::try_from(record.at).map_err(|_| damaged("too long"))?;
                    cells.push((row, place));
                }
                _ => {}
            }
        }
        if !ended {
            return Err(damaged("the sheet has no end"));
        }
        // Some writers do not go row by row.
        if !cells.is_sorted_by_key(|(row, _)| *row) {
            cells.sort_by_key(|(row, _)| *row);
        }
        let facts =
            Facts { sheet: Some(name.to_owned()), since_1904: book.since_1904, hidden, ..Facts::default() };
        let old_fonts = book.formats.iter().any(|(_, font)| matches!(font, Font::Old { .. }));
        Ok(Self { book, cells, at: 0, hidden_rows, old_fonts, facts, size, limits: limits.clone() })
    }

    fn put(&self, row: &mut Row, record: &Record<'_>) -> Option<()> {
        let bytes = record.bytes;
        let column = usize::from(u16_at(bytes, 2)?);
        let format = u16_at(bytes, 4)?;
        match record.id {
            0x0203 => self.number(row, column, format, f64_at(bytes, 6)?),
            0x027E => self.rk(row, column, format, u32_at(bytes, 6)?),
            0x00BD => {
                let count = bytes.len().checked_sub(6)? / 6;
                for at in 0..count {
                    let from = 4 + at * 6;
                    self.rk(row, column + at, u16_at(bytes, from)?, u32_at(bytes, from + 2)?);
                }
            }
            0x00FD => {
                let text = self.book.shared.get(usize::try_from(u32_at(bytes, 6)?).ok()?)?;
                self.text(row, column, format, text);
            }
            0x0204 | 0x00D6 => {
                let mut all = pieces(&self.book.stream, record.at);
                *all.first_mut()? = bytes.get(6..)?;
                self.text(row, column, format, &self.book.letters.cell(all, self.font(format))?);
            }
            0x0205 => {
                let (value, is_error) = (*bytes.get(6)?, *bytes.get(7)? == 1);
                self.flag_or_error(row, column, value, is_error);
            }
            _ => self.formula(row, column, format, record)?,
        }
        Some(())
    }

    /// The stored result of a formula.
    fn formula(&self, row: &mut Row, column: usize, format: u16, record: &Record<'_>) -> Option<()> {
        let bytes = record.bytes;
        let result = bytes.get(6..14)?;
        row.formulas += 1;
        if result[6..] != [0xFF, 0xFF] {
            let value = f64_at(bytes, 6)?;
            // Libraries that compute nothing write zero and ask for the sheet to be computed when it is opened.
            if value == 0.0 && u16_at(bytes, 14)? & 3 != 0 {
                row.uncalculated += 1;
                row.set(column, Cell::Fault(UNCALCULATED));
            } else {
                self.number(row, column, format, value);
            }
            return Some(());
        }
        match result[0] {
            // The text comes in a record of its own, after those that belong to the formula.
            0 => {
                let after = Records { stream: &self.book.stream, at: record.at }.skip(1).take(4);
                let found = after
                    .take_while(|next| !matches!(next.id, 0x0006 | 0x000A))
                    .find(|next| next.id == 0x0207);
                let all = pieces(&self.book.stream, found?.at);
                self.text(row, column, format, &self.book.letters.cell(all, self.font(format))?);
            }
            1 => self.flag_or_error(row, column, result[2], false),
            2 => self.flag_or_error(row, column, result[2], true),
            // So is the empty text of such a library.
            3 if u16_at(bytes, 14)? & 3 != 0 => {
                row.uncalculated += 1;
                row.set(column, Cell::Fault(UNCALCULATED));
            }
            _ => {}
        }
        Some(())
    }

    fn flag_or_error(&self, row: &mut Row, column: usize, value: u8, is_error: bool) {
        if !is_error {
            return row.set(column, Cell::Flag(value != 0));
        }
        let name = match value {
            0x00 => "#NULL!",
            0x07 => "#DIV/0!",
            0x0F => "#VALUE!",
            0x17 => "#REF!",
            0x1D => "#NAME?",
            0x24 => "#NUM!",
            _ => "#N/A",
        };
        row.set(column, Cell::Fault(name));
    }

    fn font(&self, format: u16) -> Font {
        self.book.formats.get(usize::from(format)).map_or(Font::NotKnown, |(_, font)| *font)
    }

    fn text(&self, row: &mut Row, column: usize, format: u16, text: &str) {
        row.set(column, Cell::Text(text));
        if self.old_fonts {
            row.set_font(column, self.font(format));
        }
    }

    fn number(&self, row: &mut Row, column: usize, format: u16, value: f64) {
        row.set_float(column, value);
        self.dated(row, column, format);
    }

    /// A number packed into 30 bits: whole or the upper part of a fraction, itself or its hundredth.
    fn rk(&self, row: &mut Row, column: usize, format: u16, packed: u32) {
        let hundredth = packed & 1 == 1;
        if packed & 2 == 2 {
            let whole = i64::from(packed as i32 >> 2);
            if hundredth {
                let text = format!(
                    "{}{}.{:02}",
                    if whole < 0 { "-" } else { "" },
                    whole.abs() / 100,
                    whole.abs() % 100
                );
                row.set_integer(column, text.trim_end_matches('0').trim_end_matches('.'));
            } else {
                row.set_integer(column, whole);
            }
        } else {
            let value = f64::from_bits(u64::from(packed & !3) << 32);
            #[allow(
                clippy::float_arithmetic,
                reason = "the file states the value as a hundredth of a binary fraction"
            )]
            row.set_float(column, if hundredth { value / 100.0 } else { value });
        }
        self.dated(row, column, format);
    }

    /// Turns a number that is shown as a date into one.
    fn dated(&self, row: &mut Row, column: usize, format: u16) {
        if self.book.formats.get(usize::from(format)).is_none_or(|(shown, _)| *shown != Shown::Date) {
            return;
        }
        let Cell::Number(number) = row.cell(column) else { return };
        match serial(number, self.book.since_1904) {
            Some((day, 0)) => row.set(column, Cell::Day(day)),
            Some((day, micros)) => row.set(column, Cell::Local(day, micros)),
            None => {}
        }
    }
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

impl Source for Sheet<'_> {
    fn next_row(&mut self, row: &mut Row) -> Result<bool, FileError> {
        let Some(&(number, _)) = self.cells.get(self.at) else { return Ok(false) };
        row.clear(u64::from(number) + 1);
        row.hidden = self.hidden_rows.get(usize::from(number)).copied().unwrap_or(false);
        if self.old_fonts {
            row.know_fonts();
        }
        while let Some(&(_, at)) = self.cells.get(self.at).filter(|(other, _)| *other == number) {
            self.at += 1;
            if self.at as u64 > self.limits.workbook_cells {
                let limit = self.limits.workbook_cells;
                return Err(FileError::Limit { what: LimitKind::Cells, limit, row: row.number });
            }
            let record = Records { stream: &self.book.stream, at: at as usize }.next();
            record.and_then(|record| self.put(row, &record)).ok_or_else(|| damaged("cell"))?;
            if row.bytes() > self.limits.row_bytes {
                break;
            }
        }
        within(row, &self.limits)?;
        Ok(true)
    }

    fn position(&self) -> u64 {
        let share = u128::from(self.size) * self.at as u128 / (self.cells.len() as u128).max(1);
        u64::try_from(share).unwrap_or(self.size)
    }

    fn facts(&self) -> Facts {
        self.facts.clone()
    }
}
