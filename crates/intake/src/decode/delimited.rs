//! CSV and its kin, streaming, in bounded memory.

use std::io::{Cursor, Read};

use super::text::{self, END, TextReader};
use super::{Facts, Row, Source, dialect, sniff, within};
use crate::errors::FileError;
use crate::limits::Limits;
use crate::map::Encoding;

type Body<'a> = TextReader<std::io::Chain<Cursor<Vec<u8>>, Box<dyn Read + Send + 'a>>>;

/// Rows of a delimited text file.
pub(crate) struct Delimited<'a> {
    reader: csv::Reader<Body<'a>>,
    record: csv::ByteRecord,
    limits: Limits,
    facts: Facts,
    /// Line ends inside quoted cells so far: lines of the file that are no rows of a table.
    inside: u64,
    /// Lines at the top that a person does not see as rows: `sep=;`.
    hidden: u64,
    row: u64,
}

impl<'a> Delimited<'a> {
    /// Opens a file; what is not given is found from its beginning.
    pub(crate) fn open(
        mut inner: impl Read + Send + 'a,
        encoding: Option<Encoding>,
        delimiter: Option<u8>,
        limits: &Limits,
    ) -> Result<Self, FileError> {
        let mut sample = Vec::new();
        (&mut inner).take(sniff::SAMPLE as u64).read_to_end(&mut sample)?;
        let whole = sample.len() < sniff::SAMPLE;
        let (found, mark) = text::encoding_of(&sample, whole, encoding)?;
        let encoding = encoding.map_or(found, |given| given.or_found(found));
        let (guess, named) =
            dialect::delimiter_of(&text::decode_sample(&sample, whole, Some(encoding))?, whole);
        let delimiter = delimiter.unwrap_or(guess);
        let body = Cursor::new(sample).chain(Box::new(inner) as Box<dyn Read + Send + 'a>);
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(TextReader::new(body, encoding, mark, true));
        let facts = Facts {
            delimiter: Some(char::from(delimiter)),
            encoding: Some(encoding.name()),
            ..Facts::default()
        };
        let mut source = Self {
            reader,
            record: csv::ByteRecord::new(),
            limits: limits.clone(),
            facts,
            inside: 0,
            hidden: 0,
            row: 0,
        };
        if named {
            source.next_record()?;
            source.hidden = 1;
            source.row = 0;
        }
        Ok(source)
    }

    /// Reads one record; `false` at the end of the file.
    fn next_record(&mut self) -> Result<bool, FileError> {
        self.reader.get_mut().allow(self.limits.row_bytes);
        let row = self.row + 1;
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(error) => {
                return Err(match error.into_kind() {
                    csv::ErrorKind::Io(error) => {
                        let encoding = self.reader.get_ref().encoding();
                        text::file_error(error, row, self.limits.row_bytes, encoding)
                    }
                    other => FileError::damaged("CSV", format!("{other:?}")),
                });
            }
        }
        let inside = self.record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        if self.reader.get_ref().finished() {
            let end = END.as_bytes();
            if self.record.len() == 1 && &self.record[0] == end {
                // A file that holds the mark itself must not hide the rows behind it.
                return match self.reader.read_byte_record(&mut self.record) {
                    Ok(false) => Ok(false),
                    _ => Err(FileError::damaged("CSV", "U+0001")),
                };
            }
            if self.record.as_slice().trim_ascii_end().ends_with(end) {
                return Err(FileError::Cut { row });
            }
        }
        self.inside += inside;
        // Lines read so far, less those inside cells: what Excel shows as the number of this row.
        let lines = self.reader.position().line().saturating_sub(1);
        self.row = lines.saturating_sub(self.inside).saturating_sub(self.hidden);
        Ok(true)
    }
}

impl Source for Delimited<'_> {
    fn next_row(&mut self, row: &mut Row) -> Result<bool, FileError> {
        if !self.next_record()? {
            return Ok(false);
        }
        row.clear(self.row);
        if let Some((text, cells)) = whole(&self.record) {
            row.fill(text, cells);
            within(row, &self.limits)?;
            return Ok(true);
        }
        for field in &self.record {
            match std::str::from_utf8(field) {
                Ok(text) => row.push_text(plain(text)),
                Err(_) => return Err(text::not_utf8(field, self.row)),
            }
        }
        within(row, &self.limits)?;
        Ok(true)
    }

    fn position(&self) -> u64 {
        self.reader.get_ref().consumed()
    }

    fn facts(&self) -> Facts {
        self.facts.clone()
    }
}

/// The text of a record and where its cells are in it; none when a cell is not UTF-8.
fn whole(record: &csv::ByteRecord) -> Option<(&str, impl Iterator<Item = (usize, usize)>)> {
    let text = std::str::from_utf8(record.as_slice()).ok()?;
    let range = |at: usize| record.range(at).unwrap_or_default();
    // Two cells that are not UTF-8 by themselves may be so together.
    if !text.is_ascii() && !(0..record.len()).all(|at| text.is_char_boundary(range(at).end)) {
        return None;
    }
    let cells = (0..record.len()).map(move |at| {
        let cell = range(at);
        (cell.end - plain(&text[cell.clone()]).len(), cell.end)
    });
    Some((text, cells))
}

/// A cell without the apostrophe that keeps a spreadsheet from running it as a formula; the inverse of
/// [`crate::out::csv::harmless`].
fn plain(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if crate::out::csv::begins_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, FileError> {
        let mut source = Delimited::open(bytes, None, None, &Limits::default())?;
        let mut row = Row::default();
        let mut all = Vec::new();
        while source.next_row(&mut row)? {
            all.push((row.number, (0..row.len()).map(|at| row.cell(at).text().into_owned()).collect()));
        }
        Ok(all)
    }

    #[test]
    fn rows_have_the_numbers_that_excel_shows() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "1,\"x", "y", "z\"", "", "2,w", "3,v"].join(end);
            let numbers: Vec<u64> = rows(text.as_bytes()).unwrap().into_iter().map(|(n, _)| n).collect();
            assert_eq!(numbers, [1, 2, 4, 5], "{end:?}");
        }
        let found = rows(b"sep=;\r\na;b\r\n1;2\r\n").unwrap();
        assert_eq!(found[1], (2, vec!["1".to_owned(), "2".to_owned()]));
    }

    #[test]
    fn a_file_cut_inside_quotes_is_refused() {
        for text in ["a,b\n1,\"x", "a,b\n1,\"x\n2,y\n", "a,b\n1,\""] {
            assert!(matches!(rows(text.as_bytes()), Err(FileError::Cut { row: 2 })), "{text:?}");
        }
        for text in ["a,b\n1,\"x\"", "a,b\n1,x\n", "a,b\n1,5\" pipe\n"] {
            assert_eq!(rows(text.as_bytes()).unwrap().len(), 2, "{text:?}");
        }
    }

    #[test]
    fn the_mark_of_the_end_hides_nothing() {
        let before = "1,2\n".repeat(50);
        let found = rows(format!("a,b\n{before}{END}\n3,4\n").as_bytes()).unwrap();
        assert_eq!(found.last().unwrap().1, ["3", "4"]);
        assert_eq!(rows(format!("a,b\n{before}{END}").as_bytes()).unwrap_err().code(), "damaged");
    }

    #[test]
    fn an_endless_cell_and_endless_columns_are_refused() {
        let cell = b"a,b\n1,".chain(std::io::repeat(b'x').take(100 << 20));
        let mut source = Delimited::open(cell, None, None, &Limits::default()).unwrap();
        let mut row = Row::default();
        assert!(source.next_row(&mut row).unwrap());
        let error = source.next_row(&mut row).unwrap_err();
        assert_eq!(error.code(), "over-limit");
        assert!(error.text().en.contains("Row 2"), "{error}");

        let wide = "x,".repeat(100_000);
        let error = rows(wide.as_bytes()).unwrap_err();
        assert!(error.text().en.contains("2000 columns"), "{error}");

        let long = format!("a,b\n1,{}\n", "x".repeat(2 << 20));
        assert!(rows(long.as_bytes()).unwrap_err().text().en.contains("A cell in row 2"));
    }

    /// Found at random: taken for a file of semicolons, it looked cut.
    #[test]
    fn delimiters_inside_quotes_are_not_the_files() {
        let found = rows(b"m,n,m\n,\";\n;\",\"\n;\"\n").unwrap();
        assert_eq!(found[1].1, ["", ";\n;", "\n;"]);
    }

    #[test]
    fn what_is_not_utf8_is_named_with_its_row() {
        let mut text = b"ma,ten\n1,x\n".to_vec();
        text.extend(std::iter::repeat_n(&b"2,y\n"[..], 30_000).flatten());
        text.extend(b"3,Nguy\xd4n\n");
        let error = rows(&text).unwrap_err();
        assert_eq!(error.code(), "refused-encoding");
        assert!(error.text().en.contains("row 30003"), "{error}");
    }

    #[test]
    fn the_apostrophe_before_a_formula_is_taken_off() {
        let found = rows(b"'=1+1,''=1+1,'abc,=1+1,'-5\n").unwrap();
        assert_eq!(found[0].1, ["=1+1", "'=1+1", "'abc", "=1+1", "-5"]);
    }

    proptest! {
        #[test]
        fn any_bytes_give_rows_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = rows(&bytes);
        }

        #[test]
        fn what_csv_writes_is_read(
            cells in proptest::collection::vec("[a-zA-Z0-9 ,;|\t\"\nđữ]{0,6}", 2..5),
            delimiter in proptest::sample::select(&b",;\t|"[..]),
        ) {
            let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
            writer.write_record(["m", "n"].iter().copied().cycle().take(cells.len())).unwrap();
            writer.write_record(&cells).unwrap();
            let found = rows(&writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(&found[1].1, &cells);
        }
    }
}
