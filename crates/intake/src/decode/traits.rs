//! What the sheet of an XLSX file says besides values: hidden rows and columns, a filter, formulas and whether
//! their results are stored. Read beside the decoder of values, cell by cell in step with it.

use std::io::{BufReader, Read, Seek};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;
use zip::read::ZipFile;

use super::xml::{self, attribute, says_yes, word};
use crate::errors::FileError;

type Part<'b, R> = Reader<BufReader<ZipFile<'b, R>>>;

/// Runs of hidden columns that are kept; a sheet has at most 16,384 columns.
const MOST_RUNS: usize = 1000;

fn damaged(error: impl std::fmt::Display) -> FileError {
    FileError::damaged("XLSX", error)
}

/// What the workbook says of all its sheets.
#[derive(Clone, Debug, Default)]
pub(super) struct BookTraits {
    /// Name and part of each sheet.
    parts: Vec<(String, String)>,
    /// The program that wrote the file computed nothing: results that are zero are not to be believed.
    pub(super) computed_on_opening: bool,
}

impl BookTraits {
    /// Reads the list of sheets; what is not found is not said.
    pub(super) fn read<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Result<Self, FileError> {
        let mut traits = Self::default();
        let mut sheets: Vec<(String, String)> = Vec::new();
        let mut buffer = Vec::new();
        if let Some(mut part) = open(zip, "xl/workbook.xml")? {
            loop {
                buffer.clear();
                match part.read_event_into(&mut buffer).map_err(damaged)? {
                    Event::Start(element) => match element.local_name().as_ref() {
                        "sheet" => {
                            let (name, id) = (attribute(&element, "name"), relation(&element));
                            sheets.extend(name.zip(id));
                        }
                        "calcPr" => traits.computed_on_opening = says_yes(&element, "fullCalcOnLoad"),
                        _ => {}
                    },
                    Event::Eof => break,
                    _ => {}
                }
            }
        }
        if let Some(mut part) = open(zip, "xl/_rels/workbook.xml.rels")? {
            loop {
                buffer.clear();
                match part.read_event_into(&mut buffer).map_err(damaged)? {
                    Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                        let (Some(id), Some(target)) =
                            (attribute(&element, "Id"), attribute(&element, "Target"))
                        else {
                            continue;
                        };
                        let path = match target.strip_prefix('/') {
                            Some(whole) => whole.to_owned(),
                            None => format!("xl/{target}"),
                        };
                        for (name, _) in sheets.iter().filter(|(_, wanted)| *wanted == id) {
                            traits.parts.push((name.clone(), path.clone()));
                        }
                    }
                    Event::Eof => break,
                    _ => {}
                }
            }
        }
        Ok(traits)
    }

    /// A sheet's traits, in step with its cells.
    pub(super) fn sheet<'b, R: Read + Seek>(
        &self,
        zip: &'b mut ZipArchive<R>,
        name: &str,
    ) -> Result<Option<Traits<'b, R>>, FileError> {
        let Some((_, path)) = self.parts.iter().find(|(sheet, _)| sheet == name) else { return Ok(None) };
        let Some(xml) = open(zip, path)? else { return Ok(None) };
        Ok(Some(Traits {
            xml,
            buffer: Vec::new(),
            row: 0,
            column: 0,
            row_hidden: false,
            in_rows: false,
            in_filter: false,
            ended: false,
            computed_on_opening: self.computed_on_opening,
            hidden_columns: Vec::new(),
            filter: false,
        }))
    }
}

/// `r:id`, which must not be taken for `sheetId`.
fn relation(element: &quick_xml::events::BytesStart<'_>) -> Option<String> {
    attribute(element, "id")
}

/// A part by its name, without regard to case and the direction of slashes.
fn open<'b, R: Read + Seek>(
    zip: &'b mut ZipArchive<R>,
    path: &str,
) -> Result<Option<Part<'b, R>>, FileError> {
    let wanted = path.to_lowercase();
    let at = zip.file_names().position(|name| {
        name.is_ok_and(|name| name.replace('\\', "/").trim_start_matches('/').to_lowercase() == wanted)
    });
    match at {
        Some(at) => Ok(Some(xml::reader(BufReader::new(zip.by_index(at).map_err(damaged)?)))),
        None => Ok(None),
    }
}

/// What is said of one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CellTraits {
    pub(super) row_hidden: bool,
    pub(super) formula: bool,
    /// A formula whose result is not stored.
    pub(super) uncalculated: bool,
}

/// The traits of one sheet.
pub(super) struct Traits<'b, R: Read + Seek> {
    xml: Part<'b, R>,
    buffer: Vec<u8>,
    row: u32,
    column: u32,
    row_hidden: bool,
    /// Inside the rows of the sheet.
    in_rows: bool,
    in_filter: bool,
    ended: bool,
    computed_on_opening: bool,
    /// Runs of hidden columns, counted from 0, both ends inclusive.
    pub(super) hidden_columns: Vec<(usize, usize)>,
    /// A filter leaves rows out.
    pub(super) filter: bool,
}

impl<R: Read + Seek> Traits<'_, R> {
    /// What is said of the next cell, which must be the one at this place; `None` at the end of the sheet,
    /// which is then read to its last word.
    pub(super) fn next(&mut self, place: Option<(u32, u32)>) -> Result<Option<CellTraits>, FileError> {
        while !self.ended {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer).map_err(damaged)? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "col" if says_yes(&element, "hidden") => {
                        let number = |name| word(&element, name).and_then(|n| n.parse::<usize>().ok());
                        if let (Some(from @ 1..), Some(to @ 1..)) = (number("min"), number("max"))
                            && self.hidden_columns.len() < MOST_RUNS
                        {
                            self.hidden_columns.push((from - 1, to - 1));
                        }
                    }
                    "sheetData" => self.in_rows = true,
                    "row" if self.in_rows => {
                        if let Some(row) = word(&element, "r").and_then(|r| r.parse::<u32>().ok()) {
                            self.row = row.saturating_sub(1);
                        }
                        self.row_hidden = says_yes(&element, "hidden");
                    }
                    "c" if self.in_rows => {
                        if let Some((row, column)) = word(&element, "r").as_deref().and_then(cell_place) {
                            self.row = row;
                            self.column = column;
                        }
                        let text = word(&element, "t").is_some_and(|ty| ty == "str");
                        let here = (self.row, self.column);
                        let traits = self.cell(text)?;
                        self.column += 1;
                        return if place == Some(here) {
                            Ok(Some(traits))
                        } else {
                            Err(damaged(format!("cell in row {} out of step", u64::from(here.0) + 1)))
                        };
                    }
                    "autoFilter" => self.in_filter = true,
                    "filterColumn" if self.in_filter => self.filter = true,
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "row" if self.in_rows => {
                        self.row += 1;
                        self.column = 0;
                    }
                    "sheetData" => self.in_rows = false,
                    "autoFilter" => self.in_filter = false,
                    _ => {}
                },
                Event::Eof => self.ended = true,
                _ => {}
            }
        }
        match place {
            Some((row, _)) => Err(damaged(format!("cell in row {} out of step", u64::from(row) + 1))),
            None => Ok(None),
        }
    }

    /// The inside of a cell.
    fn cell(&mut self, text: bool) -> Result<CellTraits, FileError> {
        let (mut formula, mut stored, mut in_value, mut zero) = (false, false, false, false);
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer).map_err(damaged)? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "f" => formula = true,
                    "v" => {
                        in_value = true;
                        // A formula of text may well come to nothing.
                        stored |= text;
                    }
                    "is" => stored = true,
                    _ => {}
                },
                Event::Text(value) if in_value => {
                    stored = true;
                    zero = value.as_ref() == "0";
                }
                Event::End(element) => match element.local_name().as_ref() {
                    "v" => in_value = false,
                    "c" => break,
                    _ => {}
                },
                Event::Eof => return Err(damaged("cut inside a cell")),
                _ => {}
            }
        }
        let uncalculated = formula && (!stored || zero && self.computed_on_opening);
        Ok(CellTraits { row_hidden: self.row_hidden, formula, uncalculated })
    }
}

/// Row and column of a place such as `AB12`, counted from 0.
fn cell_place(name: &str) -> Option<(u32, u32)> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let mut column = 0_u32;
    for letter in name.bytes().take(letters) {
        column = column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)?;
    }
    let row: u32 = name.get(letters..)?.parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_cells() {
        assert_eq!(cell_place("A1"), Some((0, 0)));
        assert_eq!(cell_place("AB12"), Some((11, 27)));
        assert_eq!(cell_place("XFD1048576"), Some((1_048_575, 16_383)));
        assert_eq!(cell_place("A0"), None);
        assert_eq!(cell_place("12"), None);
        assert_eq!(cell_place("ZZZZZZZZZZ1"), None);
    }
}
