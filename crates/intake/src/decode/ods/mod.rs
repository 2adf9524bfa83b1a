//! OpenDocument spreadsheets, row by row: `content.xml` streams by and is never held in memory.

mod cell;

use std::collections::HashMap;
use std::io::BufReader;

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;
use zip::read::ZipFile;

use super::book::Book;
use super::row::{Font, UNCALCULATED};
use super::sniff::Refused;
use super::xml::{self, attribute, word};
use super::{Cell, Facts, Hidden, ReadSeek, Row, Source, guarded, within};
use crate::errors::{FileError, LimitKind};
use crate::limits::Limits;
use cell::{describe, put, repeated};

type File<'a> = BufReader<Box<dyn ReadSeek + 'a>>;
type Content<'b, 'a> = Reader<BufReader<ZipFile<'b, File<'a>>>>;

/// Sheets of a workbook; a real one has some dozens.
const MOST_SHEETS: usize = 1000;
/// Styles of cells whose fonts are kept.
const MOST_STYLES: usize = 100_000;

fn damaged(error: impl std::fmt::Display) -> FileError {
    FileError::damaged("ODS", error)
}

/// An open workbook.
pub(crate) struct OpenBook<'a> {
    zip: ZipArchive<File<'a>>,
    sheets: Vec<SheetEntry>,
    /// Styles that are in an old font.
    fonts: HashMap<String, Font>,
    since_1904: bool,
}

struct SheetEntry {
    name: String,
    style: String,
    shown: bool,
}

fn content<'b, 'a>(zip: &'b mut ZipArchive<File<'a>>, part: &str) -> Result<Content<'b, 'a>, FileError> {
    Ok(xml::reader(BufReader::new(zip.by_name(part).map_err(damaged)?)))
}

impl<'a> OpenBook<'a> {
    pub(crate) fn open(reader: Box<dyn ReadSeek + 'a>) -> Result<Self, FileError> {
        let mut zip = ZipArchive::new(BufReader::new(reader)).map_err(damaged)?;
        refuse_locked(&mut zip)?;
        let mut book = Self { zip, sheets: Vec::new(), fonts: HashMap::new(), since_1904: false };
        guarded("ODS", || book.survey())?;
        Ok(book)
    }

    /// The sheets, which of them are shown, and the styles with old fonts.
    fn survey(&mut self) -> Result<(), FileError> {
        let mut content = content(&mut self.zip, "content.xml")?;
        let mut buffer = Vec::new();
        let mut style = String::new();
        let mut hidden_styles: Vec<String> = Vec::new();
        let mut depth = 0_usize;
        loop {
            buffer.clear();
            match content.read_event_into(&mut buffer).map_err(damaged)? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "style" => style = attribute(&element, "name").unwrap_or_default(),
                    "table-properties" if word(&element, "display").is_some_and(|shown| shown == "false") => {
                        hidden_styles.push(style.clone());
                    }
                    "text-properties" if self.fonts.len() < MOST_STYLES => {
                        let name =
                            attribute(&element, "font-name").or_else(|| attribute(&element, "font-family"));
                        let font = name.map(|name| Font::named(name.trim_matches(['\'', '"'])));
                        if let Some(font @ Font::Old { .. }) = font {
                            self.fonts.insert(style.clone(), font);
                        }
                    }
                    "null-date" => {
                        self.since_1904 |=
                            word(&element, "date-value").is_some_and(|day| day.starts_with("1904"));
                    }
                    "table" => {
                        depth += 1;
                        if depth == 1 {
                            if self.sheets.len() == MOST_SHEETS {
                                return Err(damaged("too many sheets"));
                            }
                            let style = attribute(&element, "style-name").unwrap_or_default();
                            let name = attribute(&element, "name").unwrap_or_default();
                            self.sheets.push(SheetEntry { name, style, shown: true });
                        }
                    }
                    _ => {}
                },
                Event::End(element) if element.local_name().as_ref() == "table" => {
                    depth = depth.saturating_sub(1);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        for sheet in &mut self.sheets {
            sheet.shown = !hidden_styles.contains(&sheet.style);
        }
        Ok(())
    }
}

fn refuse_locked(zip: &mut ZipArchive<File<'_>>) -> Result<(), FileError> {
    let Ok(part) = zip.by_name("META-INF/manifest.xml") else { return Ok(()) };
    let mut manifest = xml::reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match manifest.read_event_into(&mut buffer).map_err(damaged)? {
            Event::Start(element) if element.local_name().as_ref() == "encryption-data" => {
                return Err(FileError::Refused(Refused::Locked));
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

impl<'a> Book for OpenBook<'a> {
    fn sheets(&self) -> Vec<(String, bool)> {
        self.sheets.iter().map(|sheet| (sheet.name.clone(), sheet.shown)).collect()
    }

    fn sheet<'b>(
        &'b mut self,
        name: &str,
        size: u64,
        limits: &Limits,
    ) -> Result<Box<dyn Source + 'b>, FileError> {
        let at = self.sheets.iter().position(|sheet| sheet.name == name).ok_or_else(|| damaged("sheet"))?;
        let hidden = Hidden {
            sheet: !self.sheets[at].shown,
            sheets: self
                .sheets
                .iter()
                .filter(|other| !other.shown && other.name != name)
                .map(|other| other.name.clone())
                .collect(),
            ..Hidden::default()
        };
        let mut content = content(&mut self.zip, "content.xml")?;
        guarded("ODS", || skip_to_table(&mut content, at))?;
        Ok(Box::new(Sheet {
            content,
            buffer: Vec::new(),
            fonts: &self.fonts,
            row: 0,
            repeat: None,
            columns: 0,
            cells: 0,
            ended: false,
            facts: Facts {
                sheet: Some(name.to_owned()),
                since_1904: self.since_1904,
                hidden,
                ..Facts::default()
            },
            size,
            limits: limits.clone(),
        }))
    }
}

/// Goes to the beginning of a table, counted from 0.
fn skip_to_table(content: &mut Content<'_, '_>, wanted: usize) -> Result<(), FileError> {
    let (mut seen, mut depth) = (0, 0_usize);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match content.read_event_into(&mut buffer).map_err(damaged)? {
            Event::Start(element) if element.local_name().as_ref() == "table" => {
                depth += 1;
                if depth == 1 {
                    if seen == wanted {
                        return Ok(());
                    }
                    seen += 1;
                }
            }
            Event::End(element) if element.local_name().as_ref() == "table" => {
                depth = depth.saturating_sub(1)
            }
            Event::Eof => return Err(damaged("sheet")),
            _ => {}
        }
    }
}

/// The rows of one sheet.
struct Sheet<'b, 'a> {
    content: Content<'b, 'a>,
    buffer: Vec<u8>,
    fonts: &'b HashMap<String, Font>,
    /// Rows before the next one.
    row: u64,
    /// A row that is to be handed out again, and how often.
    repeat: Option<(Row, u64)>,
    /// Columns described so far, for those that are hidden.
    columns: usize,
    cells: u64,
    ended: bool,
    facts: Facts,
    size: u64,
    limits: Limits,
}

impl Sheet<'_, '_> {
    /// Reads on to the next row that holds something.
    fn read_row(&mut self, row: &mut Row) -> Result<bool, FileError> {
        loop {
            if let Some((again, times)) = &mut self.repeat {
                self.row += 1;
                row.clone_from(again);
                row.number = self.row;
                *times -= 1;
                if *times == 0 {
                    self.repeat = None;
                }
                let filled = (0..row.len()).filter(|at| !row.cell(*at).is_blank()).count() as u64;
                self.count(filled, row)?;
                return Ok(true);
            }
            if self.ended {
                return Ok(false);
            }
            self.buffer.clear();
            match self.content.read_event_into(&mut self.buffer).map_err(damaged)? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "table-row" => {
                        let times = repeated(&element, "number-rows-repeated") as u64;
                        let hidden = word(&element, "visibility").map(|how| how.into_owned());
                        self.facts.hidden.filter |= hidden.as_deref() == Some("filter");
                        row.clear(self.row + 1);
                        row.hidden = matches!(hidden.as_deref(), Some("filter" | "collapse"));
                        self.read_cells(row)?;
                        within(row, &self.limits)?;
                        if row.is_blank() {
                            self.row += times;
                            continue;
                        }
                        if times > 1 {
                            self.repeat = Some((row.clone(), times - 1));
                        }
                        self.row += 1;
                        return Ok(true);
                    }
                    "table-column" => {
                        let times = repeated(&element, "number-columns-repeated");
                        let hidden = word(&element, "visibility").is_some_and(|how| how != "visible");
                        if hidden && self.facts.hidden.columns.len() < 1000 {
                            self.facts.hidden.columns.push((self.columns, self.columns + times - 1));
                        }
                        self.columns = self.columns.saturating_add(times);
                    }
                    _ => {}
                },
                Event::End(element) if element.local_name().as_ref() == "table" => self.ended = true,
                Event::Eof => return Err(damaged("cut inside a sheet")),
                _ => {}
            }
        }
    }

    fn count(&mut self, cells: u64, row: &Row) -> Result<(), FileError> {
        self.cells += cells;
        if self.cells > self.limits.workbook_cells {
            let limit = self.limits.workbook_cells;
            return Err(FileError::Limit { what: LimitKind::Cells, limit, row: row.number });
        }
        Ok(())
    }

    fn read_cells(&mut self, row: &mut Row) -> Result<(), FileError> {
        let mut column = 0_usize;
        loop {
            self.buffer.clear();
            match self.content.read_event_into(&mut self.buffer).map_err(damaged)? {
                Event::Start(element) => {
                    if !matches!(element.local_name().as_ref(), "table-cell" | "covered-table-cell") {
                        continue;
                    }
                    let described = describe(&element, self.fonts);
                    let text = self.read_text(row.number)?;
                    let mut one = Row::default();
                    put(&mut one, &described, &text);
                    if one.cell(0).is_blank() {
                        column = column.saturating_add(described.repeated);
                        continue;
                    }
                    for _ in 0..described.repeated {
                        if column >= self.limits.columns {
                            let limit = self.limits.columns as u64;
                            return Err(FileError::Limit {
                                what: LimitKind::Columns,
                                limit,
                                row: row.number,
                            });
                        }
                        row.set(column, one.cell(0));
                        if let Some(font) = described.font {
                            row.set_font(column, font);
                        }
                        row.formulas += u32::from(described.formula);
                        row.uncalculated += u32::from(one.cell(0) == Cell::Fault(UNCALCULATED));
                        column += 1;
                        if row.bytes() > self.limits.row_bytes {
                            let limit = self.limits.row_bytes as u64;
                            return Err(FileError::Limit { what: LimitKind::Row, limit, row: row.number });
                        }
                    }
                    self.count(described.repeated as u64, row)?;
                }
                Event::End(element) if element.local_name().as_ref() == "table-row" => return Ok(()),
                Event::Eof => return Err(damaged("cut inside a row")),
                _ => {}
            }
        }
    }

    /// The text of a cell up to its end: paragraphs on lines of their own, notes left out.
    fn read_text(&mut self, row: u64) -> Result<String, FileError> {
        let (mut text, mut paragraphs, mut depth, mut note) = (String::new(), 0, 0_usize, 0_usize);
        loop {
            self.buffer.clear();
            match self.content.read_event_into(&mut self.buffer).map_err(damaged)? {
                Event::Start(element) => {
                    depth += 1;
                    let name = element.local_name();
                    if note > 0 || name.as_ref() == "annotation" {
                        note += 1;
                        continue;
                    }
                    match name.as_ref() {
                        "p" => {
                            paragraphs += 1;
                            if paragraphs > 1 {
                                text.push('\n');
                            }
                        }
                        "s" => {
                            let count = repeated(&element, "c").min(self.limits.cell_bytes);
                            text.extend(std::iter::repeat_n(' ', count));
                        }
                        "tab" => text.push('\t'),
                        "line-break" => text.push('\n'),
                        _ => {}
                    }
                }
                Event::End(element) => {
                    if depth == 0
                        && matches!(element.local_name().as_ref(), "table-cell" | "covered-table-cell")
                    {
                        return Ok(text);
                    }
                    depth = depth.saturating_sub(1);
                    note = note.saturating_sub(1);
                }
                Event::Text(part) if note == 0 && paragraphs > 0 => text.push_str(&part.xml10_content()),
                Event::CData(part) if note == 0 && paragraphs > 0 => text.push_str(&part.xml10_content()),
                Event::GeneralRef(reference) if note == 0 && paragraphs > 0 => {
                    xml::push_reference(&reference, &mut text);
                }
                Event::Eof => return Err(damaged("cut inside a cell")),
                _ => {}
            }
            if text.len() > self.limits.cell_bytes {
                let limit = self.limits.cell_bytes as u64;
                return Err(FileError::Limit { what: LimitKind::Cell, limit, row });
            }
        }
    }
}

impl Source for Sheet<'_, '_> {
    fn next_row(&mut self, row: &mut Row) -> Result<bool, FileError> {
        guarded("ODS", || self.read_row(row))
    }

    fn position(&self) -> u64 {
        // The length of the unpacked content is not known beforehand; half of it is as good a guess as any.
        if self.ended { self.size } else { self.size / 2 }
    }

    fn facts(&self) -> Facts {
        self.facts.clone()
    }
}
