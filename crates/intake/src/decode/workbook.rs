//! XLSX, cell by cell: a sheet is never held in memory whole.

use std::io::BufReader;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader, XlsxError};

use zip::ZipArchive;

use super::book::Book;
use super::row::{Font, UNCALCULATED};
use super::serial::serial;
use super::traits::{BookTraits, CellTraits, Traits};
use super::{Cell, Facts, Hidden, ReadSeek, Row, Source, guarded, within};
use crate::errors::{FileError, LimitKind};
use crate::limits::Limits;

type File<'a> = BufReader<Box<dyn ReadSeek + 'a>>;

/// An open workbook.
pub(crate) struct Workbook<'a> {
    xlsx: Xlsx<File<'a>>,
    /// A second look into the same file, for what the decoder of values leaves out.
    zip: ZipArchive<File<'a>>,
    traits: BookTraits,
    /// The font of each cell style, when there is an old one among them.
    fonts: Option<Vec<Font>>,
}

fn damaged(error: XlsxError) -> FileError {
    match error {
        XlsxError::Password => FileError::Refused(super::sniff::Refused::Locked),
        error => FileError::damaged("XLSX", error),
    }
}

impl<'a> Workbook<'a> {
    /// Opens a workbook from two readers of the same file.
    pub(crate) fn open(
        reader: Box<dyn ReadSeek + 'a>,
        beside: Box<dyn ReadSeek + 'a>,
    ) -> Result<Self, FileError> {
        let xlsx: Xlsx<File<'a>> = guarded("XLSX", || Xlsx::new(BufReader::new(reader)).map_err(damaged))?;
        let mut zip =
            ZipArchive::new(BufReader::new(beside)).map_err(|error| FileError::damaged("XLSX", error))?;
        let traits = guarded("XLSX", || BookTraits::read(&mut zip))?;
        Ok(Self { xlsx, zip, traits, fonts: None })
    }
}

impl<'a> Book for Workbook<'a> {
    fn sheets(&self) -> Vec<(String, bool)> {
        let sheets = self.xlsx.sheets_metadata().iter();
        sheets
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
            .collect()
    }

    fn sheet<'b>(
        &'b mut self,
        name: &str,
        size: u64,
        limits: &Limits,
    ) -> Result<Box<dyn Source + 'b>, FileError> {
        let since_1904 = self.xlsx.has_1904_epoch();
        let other = |wanted: bool| {
            let sheets =
                self.xlsx.sheets_metadata().iter().filter(move |sheet| (sheet.name == name) == wanted);
            sheets.filter(|sheet| sheet.visible != SheetVisible::Visible).map(|sheet| sheet.name.clone())
        };
        let hidden = Hidden {
            sheet: other(true).next().is_some(),
            sheets: other(false).collect(),
            ..Hidden::default()
        };
        let traits = guarded("XLSX", || self.traits.sheet(&mut self.zip, name))?;
        let reader = guarded("XLSX", || self.xlsx.worksheet_cells_reader(name).map_err(damaged))?;
        let fonts = self.fonts.get_or_insert_with(|| {
            let fonts =
                reader.styles().iter().map(|style| style.font.as_ref().and_then(|font| font.name.as_deref()));
            let fonts: Vec<Font> = fonts.map(|name| name.map_or(Font::NotKnown, Font::named)).collect();
            let old = fonts.iter().any(|font| matches!(font, Font::Old { .. }));
            if old { fonts } else { Vec::new() }
        });
        let last = u64::from(reader.dimensions().end.0) + 1;
        Ok(Box::new(Sheet {
            reader,
            traits,
            fonts,
            pending: None,
            last_row: None,
            done: false,
            cells: 0,
            since_1904,
            limits: limits.clone(),
            facts: Facts { sheet: Some(name.to_owned()), since_1904, hidden, ..Facts::default() },
            size,
            last,
        }))
    }
}

/// A cell and the number of its style.
type Styled<'b> = (calamine::Cell<DataRef<'b>>, usize);

/// The rows of one sheet.
struct Sheet<'b, 'a> {
    reader: XlsxCellReader<'b, File<'a>>,
    traits: Option<Traits<'b, File<'a>>>,
    fonts: &'b [Font],
    /// A cell that was read ahead: the first of the next row.
    pending: Option<(Styled<'b>, CellTraits)>,
    last_row: Option<u32>,
    done: bool,
    cells: u64,
    since_1904: bool,
    limits: Limits,
    facts: Facts,
    size: u64,
    last: u64,
}

impl<'b> Sheet<'b, '_> {
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

    /// The next cell with what is said of it.
    fn next_cell(&mut self) -> Result<Option<(Styled<'b>, CellTraits)>, FileError> {
        let cell = if self.fonts.is_empty() {
            self.reader.next_cell().map_err(damaged)?.map(|cell| (cell, 0))
        } else {
            self.reader.next_cell_with_style_id().map_err(damaged)?
        };
        let mut said = CellTraits::default();
        if let Some(traits) = &mut self.traits {
            said = traits.next(cell.as_ref().map(|(cell, _)| cell.get_position()))?.unwrap_or_default();
        }
        Ok(cell.map(|cell| (cell, said)))
    }

    /// Reads the cells of one row.
    fn read_row(&mut self, row: &mut Row) -> Result<bool, FileError> {
        let first = match self.pending.take() {
            Some(cell) => Some(cell),
            None if self.done => None,
            None => self.next_cell()?,
        };
        let Some(mut next) = first else {
            self.done = true;
            return Ok(false);
        };
        let at = next.0.0.get_position().0;
        if self.last_row.is_some_and(|last| at <= last) {
            return Err(FileError::damaged("XLSX", format!("row {} out of order", u64::from(at) + 1)));
        }
        self.last_row = Some(at);
        row.clear(u64::from(at) + 1);
        row.hidden = next.1.row_hidden;
        if !self.fonts.is_empty() {
            row.know_fonts();
        }
        loop {
            let ((cell, style), said) = &next;
            let column = cell.get_position().1 as usize;
            if *cell.get_value() != DataRef::Empty || said.uncalculated {
                self.cells += 1;
                if self.cells > self.limits.workbook_cells {
                    let limit = self.limits.workbook_cells;
                    return Err(FileError::Limit { what: LimitKind::Cells, limit, row: row.number });
                }
                if column >= self.limits.columns {
                    let limit = self.limits.columns as u64;
                    return Err(FileError::Limit { what: LimitKind::Columns, limit, row: row.number });
                }
                row.formulas += u32::from(said.formula);
                if said.uncalculated {
                    row.uncalculated += 1;
                    row.set(column, Cell::Fault(UNCALCULATED));
                } else {
                    self.put(row, column, cell.get_value());
                    row.set_font(column, self.fonts.get(*style).copied().unwrap_or(Font::NotKnown));
                }
                if row.bytes() > self.limits.row_bytes {
                    break;
                }
            }
            match self.next_cell()? {
                Some(other) if other.0.0.get_position().0 == at => next = other,
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
        let mut facts = self.facts.clone();
        if let Some(traits) = &self.traits {
            facts.hidden.filter = traits.filter;
            facts.hidden.columns.clone_from(&traits.hidden_columns);
        }
        facts
    }
}
