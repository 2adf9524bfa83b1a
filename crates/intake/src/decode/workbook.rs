//! XLSX, cell by cell: a sheet is never held in memory whole.

use std::io::BufReader;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader, XlsxError};
use giaouoc_agreement::problem::nearest;

use super::serial::serial;
use super::{Cell, Facts, ReadSeek, Row, Source, guarded, within};
use crate::errors::{FileError, LimitKind};
use crate::fold::fold;
use crate::limits::Limits;

type File<'a> = BufReader<Box<dyn ReadSeek + 'a>>;

/// How well the first rows of a sheet fit what is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fit {
    /// Every required column was found.
    pub(crate) complete: bool,
    /// There are rows below the header.
    pub(crate) rows: bool,
    /// How many columns were found.
    pub(crate) columns: usize,
}

/// Judges the first rows of a sheet.
pub(crate) type Choose<'a> = dyn Fn(&[Row]) -> Fit + 'a;

/// An open workbook.
pub(crate) struct Workbook<'a> {
    xlsx: Xlsx<File<'a>>,
}

fn damaged(error: XlsxError) -> FileError {
    match error {
        XlsxError::Password => FileError::Refused(super::sniff::Refused::Ole),
        error => FileError::damaged("XLSX", error),
    }
}

impl<'a> Workbook<'a> {
    pub(crate) fn open(reader: Box<dyn ReadSeek + 'a>) -> Result<Self, FileError> {
        let xlsx: Xlsx<File<'a>> = guarded("XLSX", || Xlsx::new(BufReader::new(reader)).map_err(damaged))?;
        Ok(Self { xlsx })
    }

    /// Names of the worksheets, and whether each is shown.
    fn sheets(&self) -> Vec<(String, bool)> {
        let sheets = self.xlsx.sheets_metadata().iter();
        sheets
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
            .collect()
    }

    /// A stream of one sheet's rows; `size` is that of the file, for the progress.
    pub(crate) fn sheet(
        &mut self,
        name: &str,
        size: u64,
        limits: &Limits,
    ) -> Result<Sheet<'_, 'a>, FileError> {
        let since_1904 = self.xlsx.has_1904_epoch();
        let reader = guarded("XLSX", || self.xlsx.worksheet_cells_reader(name).map_err(damaged))?;
        let last = u64::from(reader.dimensions().end.0) + 1;
        Ok(Sheet {
            reader,
            pending: None,
            last_row: None,
            done: false,
            cells: 0,
            since_1904,
            limits: limits.clone(),
            facts: Facts { sheet: Some(name.to_owned()), since_1904, ..Facts::default() },
            size,
            last,
        })
    }
}

/// The sheet to read: the one that is named, or the one whose header fits.
pub(crate) fn pick(
    book: &mut Workbook<'_>,
    named: Option<&str>,
    limits: &Limits,
    choose: &Choose<'_>,
) -> Result<String, FileError> {
    let sheets = book.sheets();
    let names: Vec<String> = sheets.iter().map(|(name, _)| name.clone()).collect();
    if let Some(wanted) = named {
        let same = |name: &&String| name.as_str() == wanted || fold(name) == fold(wanted);
        return match names.iter().find(|name| *name == wanted).or_else(|| names.iter().find(same)) {
            Some(name) => Ok(name.clone()),
            None => {
                let near = nearest(wanted, names.iter().map(String::as_str)).map(str::to_owned);
                let found = near.into_iter().chain(names.iter().cloned());
                let mut listed: Vec<String> = Vec::new();
                found.for_each(|name| {
                    if !listed.contains(&name) {
                        listed.push(name)
                    }
                });
                Err(FileError::NoSuchSheet { sheet: wanted.to_owned(), found: listed })
            }
        };
    }
    // Hidden sheets hold lists and settings; one is read only when it is named or stands alone.
    let shown: Vec<String> =
        sheets.iter().filter(|(_, shown)| *shown).map(|(name, _)| name.clone()).collect();
    let candidates = if shown.is_empty() { names } else { shown };
    if let [only] = candidates.as_slice() {
        return Ok(only.clone());
    }
    let mut fits = Vec::new();
    for name in candidates {
        let rows = first_rows(&mut book.sheet(&name, 0, limits)?, limits.header_search)?;
        fits.push((choose(&rows), name));
    }
    let complete: Vec<String> =
        fits.iter().filter(|(fit, _)| fit.complete && fit.rows).map(|(_, name)| name.clone()).collect();
    if complete.len() > 1 {
        return Err(FileError::SeveralSheets { sheets: complete });
    }
    // The first of the best.
    let best = fits.into_iter().rev().max_by_key(|(fit, _)| *fit);
    best.map(|(_, name)| name).ok_or(FileError::Empty)
}

/// The first rows of a source, at most `most`.
pub(crate) fn first_rows(source: &mut dyn Source, most: usize) -> Result<Vec<Row>, FileError> {
    let mut rows = Vec::new();
    let mut row = Row::default();
    while rows.len() < most && source.next_row(&mut row)? {
        rows.push(row.clone());
    }
    Ok(rows)
}

/// The rows of one sheet.
pub(crate) struct Sheet<'b, 'a> {
    reader: XlsxCellReader<'b, File<'a>>,
    pending: Option<calamine::Cell<DataRef<'b>>>,
    last_row: Option<u32>,
    done: bool,
    cells: u64,
    since_1904: bool,
    limits: Limits,
    facts: Facts,
    size: u64,
    last: u64,
}

impl Sheet<'_, '_> {
    fn put(&self, row: &mut Row, column: usize, value: &DataRef<'_>) {
        match value {
            DataRef::Empty => {}
            DataRef::Int(number) => row.set_integer(column, number),
            DataRef::Float(number) => row.set_float(column, *number),
            DataRef::String(text) => row.set(column, Cell::Text(text)),
            DataRef::SharedString(text) => row.set(column, Cell::Text(text)),
            DataRef::Bool(flag) => row.set(column, Cell::Flag(*flag)),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => row.set(column, Cell::Text(text)),
            DataRef::DateTime(date) if date.is_datetime() => {
                let number = date.as_f64().to_string();
                match serial(&number, self.since_1904) {
                    Some((day, 0)) => row.set(column, Cell::Day(day)),
                    Some((day, micros)) => row.set(column, Cell::Local(day, micros)),
                    None => row.set(column, Cell::Number(&number)),
                }
            }
            // A length of time, such as 30:15, is no date.
            DataRef::DateTime(length) => row.set_float(column, length.as_f64()),
            DataRef::Error(error) => row.set(column, Cell::Fault(&error.to_string())),
        }
    }

    /// Reads the cells of one row.
    fn read_row(&mut self, row: &mut Row) -> Result<bool, FileError> {
        let first = match self.pending.take() {
            Some(cell) => Some(cell),
            None if self.done => None,
            None => self.reader.next_cell().map_err(damaged)?,
        };
        let Some(first) = first else {
            self.done = true;
            return Ok(false);
        };
        let at = first.get_position().0;
        if self.last_row.is_some_and(|last| at <= last) {
            return Err(FileError::damaged("XLSX", format!("row {} out of order", u64::from(at) + 1)));
        }
        self.last_row = Some(at);
        row.clear(u64::from(at) + 1);
        let mut cell = first;
        loop {
            let column = cell.get_position().1 as usize;
            if *cell.get_value() != DataRef::Empty {
                self.cells += 1;
                if self.cells > self.limits.workbook_cells {
                    let limit = self.limits.workbook_cells;
                    return Err(FileError::Limit { what: LimitKind::Cells, limit, row: row.number });
                }
                if column >= self.limits.columns {
                    let limit = self.limits.columns as u64;
                    return Err(FileError::Limit { what: LimitKind::Columns, limit, row: row.number });
                }
                self.put(row, column, cell.get_value());
                if row.bytes() > self.limits.row_bytes {
                    break;
                }
            }
            match self.reader.next_cell().map_err(damaged)? {
                Some(next) if next.get_position().0 == at => cell = next,
                other => {
                    // Asked again after the last cell, the decoder would take the end for a cut.
                    self.done = other.is_none();
                    self.pending = other;
                    break;
                }
            }
        }
        within(row, &self.limits)?;
        Ok(true)
    }
}

impl Source for Sheet<'_, '_> {
    fn next_row(&mut self, row: &mut Row) -> Result<bool, FileError> {
        guarded("XLSX", || self.read_row(row))
    }

    fn position(&self) -> u64 {
        let row = u64::from(self.last_row.unwrap_or(0)) + 1;
        let share = u128::from(self.size) * u128::from(row.min(self.last)) / u128::from(self.last.max(1));
        u64::try_from(share).unwrap_or(self.size)
    }

    fn facts(&self) -> Facts {
        self.facts.clone()
    }
}
