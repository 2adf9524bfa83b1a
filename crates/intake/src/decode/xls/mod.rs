//! Workbooks of Excel 97 to 2003 (BIFF8 in an OLE container) and of Excel 5 and 95 (BIFF5), which programs of that time
//! still write, record by record.
//!
//! The stream of the workbook is held in memory, within the limit for a part; everything else is 8 bytes a
//! cell. Formats of [MS-XLS] and [MS-CFB], as Microsoft publishes them; where BIFF5 is otherwise, as OpenOffice.org's
//! documentation of the format has it (D. Rentz, version 1.42).

mod ole;
mod sheet;
mod strings;

use std::collections::HashMap;
use std::io::{Read, Seek};

use super::book::Book;
use super::row::Font;
use super::sniff::Refused;
use super::{Hidden, Source};
use crate::errors::FileError;
use crate::limits::Limits;
use ole::{u16_at, u32_at};
use sheet::Sheet;
use strings::{Letters, Shared};

/// How a number is shown, as far as it matters what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Number,
    Date,
}

/// An open workbook.
pub(crate) struct OldWorkbook {
    stream: Vec<u8>,
    sheets: Vec<SheetEntry>,
    letters: Letters,
    shared: Shared,
    /// For each cell format: how numbers are shown, and the font.
    formats: Vec<(Shown, Font)>,
    since_1904: bool,
}

struct SheetEntry {
    name: String,
    at: usize,
    shown: bool,
}

/// Sheets of a workbook; a real one has some dozens.
const MOST_SHEETS: usize = 1000;

fn damaged(detail: &str) -> FileError {
    FileError::damaged("XLS", detail)
}

/// One record: where it begins, its type and its bytes.
#[derive(Clone, Copy)]
struct Record<'a> {
    at: usize,
    id: u16,
    bytes: &'a [u8],
}

/// The records from a place on, to the end of the stream.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let at = self.at;
        let id = u16_at(self.stream, at)?;
        let length = usize::from(u16_at(self.stream, at + 2)?);
        let bytes = self.stream.get(at + 4..at + 4 + length)?;
        self.at = at + 4 + length;
        Some(Record { at, id, bytes })
    }
}

impl Records<'_> {
    const CONTINUE: u16 = 0x3C;
}

/// A record's bytes and those of the records that continue it.
fn pieces(stream: &[u8], at: usize) -> Vec<&[u8]> {
    let mut records = Records { stream, at };
    let first = records.next().map(|record| record.bytes);
    let more = records.take_while(|record| record.id == Records::CONTINUE).map(|record| record.bytes);
    first.into_iter().chain(more).collect()
}

impl OldWorkbook {
    pub(crate) fn open(reader: impl Read + Seek, limits: &Limits) -> Result<Self, FileError> {
        let stream = ole::workbook(reader, limits)?;
        let mut book = Self {
            stream: Vec::new(),
            sheets: Vec::new(),
            letters: Letters::Unicode,
            shared: Shared::default(),
            formats: Vec::new(),
            since_1904: false,
        };
        book.read_globals(&stream)?;
        book.stream = stream;
        Ok(book)
    }

    fn read_globals(&mut self, stream: &[u8]) -> Result<(), FileError> {
        let mut records = Records { stream, at: 0 };
        let begin = records.next().ok_or_else(|| damaged("no records"))?;
        self.letters = match u16_at(begin.bytes, 0).filter(|_| begin.id == 0x0809) {
            // Excel 97 to 2003.
            Some(0x0600) => Letters::Unicode,
            // Excel 5 and 95.
            Some(0x0500) => Letters::of_page(1252),
            _ => return Err(FileError::Refused(Refused::Ole)),
        };
        let short = || damaged("short record");
        let (mut fonts, mut xfs) = (Vec::new(), Vec::new());
        let mut dated: HashMap<u16, Shown> = HashMap::new();
        for record in records {
            let bytes = record.bytes;
            match record.id {
                0x002F => return Err(FileError::Refused(Refused::Locked)),
                0x0022 => self.since_1904 = u16_at(bytes, 0) == Some(1),
                0x0042 if matches!(self.letters, Letters::Bytes(_)) => {
                    self.letters = Letters::of_page(u16_at(bytes, 0).ok_or_else(short)?);
                }
                0x0031 => {
                    let name = bytes.get(14..).and_then(|name| self.letters.short(name));
                    fonts.push(name.unwrap_or_default());
                }
                0x041E => {
                    let number = u16_at(bytes, 0).ok_or_else(short)?;
                    let code = bytes.get(2..).and_then(|code| self.letters.format(code)).unwrap_or_default();
                    dated.insert(number, shown_as(&code));
                }
                0x00E0 => {
                    xfs.push((u16_at(bytes, 0).ok_or_else(short)?, u16_at(bytes, 2).ok_or_else(short)?));
                }
                0x0085 => {
                    let at = u32_at(bytes, 0).ok_or_else(short)? as usize;
                    let (state, kind) = (bytes.get(4).ok_or_else(short)?, bytes.get(5).ok_or_else(short)?);
                    let name = bytes.get(6..).and_then(|name| self.letters.short(name)).ok_or_else(short)?;
                    // Charts and macro sheets have no rows.
                    if self.sheets.len() == MOST_SHEETS {
                        return Err(damaged("too many sheets"));
                    }
                    if *kind == 0 {
                        self.sheets.push(SheetEntry { name, at, shown: state & 3 == 0 });
                    }
                }
                0x00FC => {
                    self.shared = Shared::read(pieces(stream, record.at)).ok_or_else(|| damaged("texts"))?;
                }
                0x000A => break,
                _ => {}
            }
        }
        self.formats = xfs
            .into_iter()
            .map(|(font, format)| {
                let custom = dated.get(&format).copied();
                // There is no font of the number 4.
                let place = usize::from(if font > 4 { font - 1 } else { font });
                let font = fonts.get(place).map_or(Font::NotKnown, |name| Font::named(name));
                (custom.unwrap_or_else(|| built_in(format)), font)
            })
            .collect();
        Ok(())
    }
}

/// The formats that need no description: 14 to 17 and 22 are dates; 27 to 36 and 50 to 58 are dates of East
/// Asian editions. 18 to 21 and 45 to 47 are times of day and lengths of time.
fn built_in(format: u16) -> Shown {
    if matches!(format, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57..=58) {
        Shown::Date
    } else {
        Shown::Number
    }
}

/// Whether a format code shows a date: a day, month or year outside quotes and brackets.
fn shown_as(code: &str) -> Shown {
    let (mut quoted, mut bracket) = (false, false);
    let mut letters = code.chars();
    let first_section = |c: char| c == ';';
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => {
                letters.next();
            }
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            c if first_section(c) => break,
            'd' | 'D' | 'y' | 'Y' => return Shown::Date,
            'G' | 'g' => return Shown::Number,
            _ => {}
        }
    }
    Shown::Number
}

impl Book for OldWorkbook {
    fn sheets(&self) -> Vec<(String, bool)> {
        self.sheets.iter().map(|sheet| (sheet.name.clone(), sheet.shown)).collect()
    }

    fn sheet<'b>(
        &'b mut self,
        name: &str,
        size: u64,
        limits: &Limits,
    ) -> Result<Box<dyn Source + 'b>, FileError> {
        let entry = self.sheets.iter().find(|sheet| sheet.name == name).ok_or_else(|| damaged("sheet"))?;
        let hidden = Hidden {
            sheet: !entry.shown,
            sheets: self
                .sheets
                .iter()
                .filter(|other| !other.shown && other.name != name)
                .map(|other| other.name.clone())
                .collect(),
            ..Hidden::default()
        };
        Ok(Box::new(Sheet::open(self, name, entry.at, hidden, size, limits)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates() {
        for code in ["dd/mm/yyyy", "d-mmm-yy", "yyyy\\-mm\\-dd hh:mm", "[$-42A]dd/mm/yyyy;@", "\"ngày \"d"] {
            assert_eq!(shown_as(code), Shown::Date, "{code}");
        }
        for code in ["0.00", "General", "#,##0\" đ\"", "[Red]0", "\"day\"0", "[h]:mm", "0_d", "hh:mm"] {
            assert_eq!(shown_as(code), Shown::Number, "{code}");
        }
        assert_eq!((built_in(14), built_in(22), built_in(0)), (Shown::Date, Shown::Date, Shown::Number));
    }
}
