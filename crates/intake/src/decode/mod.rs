//! Bytes into rows of raw cells, whatever the format. Nothing here knows a record kind.

mod ahead;
pub(crate) mod book;
pub(crate) mod columnar;
pub(crate) mod delimited;
pub(crate) mod dialect;
pub(crate) mod guard;
pub(crate) mod legacy;
pub(crate) mod lines;
pub(crate) mod nested;
pub(crate) mod ods;
pub(crate) mod peek;
pub(crate) mod preview;
pub(crate) mod recode;
pub(crate) mod row;
pub(crate) mod serial;
pub(crate) mod sniff;
pub(crate) mod syllable;
pub(crate) mod text;
pub(crate) mod traits;
pub(crate) mod workbook;
pub(crate) mod xls;
pub(crate) mod xml;
pub(crate) mod zipped;

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

pub(crate) use guard::guarded;
pub(crate) use row::{Cell, Row};

use crate::errors::{FileError, LimitKind};
use crate::limits::Limits;
use crate::map::{Encoding, Mapping};
use book::Book;
use sniff::Format;

/// A file to read: where it is, or its bytes. It is read twice, so it must not change in between.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A file on disk.
    Path(&'a Path),
    /// The bytes of a file, and the name it came with (its ending is compared with the content).
    Bytes {
        /// The name, such as `ho-so.xlsx`.
        name: &'a str,
        /// The content.
        bytes: &'a [u8],
    },
}

/// A reader that can be moved about in.
pub(crate) trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

impl<'a> Input<'a> {
    /// The file's name without its folders.
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => {
                path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
            }
            Self::Bytes { name, .. } => (*name).to_owned(),
        }
    }

    /// A new reader from the beginning.
    pub(crate) fn open(&self) -> io::Result<Box<dyn ReadSeek + 'a>> {
        Ok(match self {
            Self::Path(path) => Box::new(File::open(path)?),
            Self::Bytes { bytes, .. } => Box::new(Cursor::new(*bytes)),
        })
    }

    /// Its size in bytes.
    pub fn size(&self) -> io::Result<u64> {
        let mut reader = self.open()?;
        reader.seek(SeekFrom::End(0))
    }

    /// What the file is, by its content.
    ///
    /// # Errors
    /// [`FileError`] when it cannot be read, is empty, is of a format that is not read, or is not what its
    /// name says.
    pub fn format(&self) -> Result<Format, FileError> {
        self.format_as(None)
    }

    /// What the file is, when text in it may be in an encoding that a person has stated.
    pub(crate) fn format_as(&self, stated: Option<Encoding>) -> Result<Format, FileError> {
        let mut sample = vec![0; sniff::SAMPLE];
        let mut reader = self.open()?;
        let mut filled = 0;
        while filled < sample.len() {
            match reader.read(&mut sample[filled..])? {
                0 => break,
                n => filled += n,
            }
        }
        sample.truncate(filled);
        let format = sniff::sniff(&sample, filled < sniff::SAMPLE, stated)?;
        let format = if format == Format::Zip { zipped::inside(reader)? } else { format };
        sniff::agree(&self.name(), format)?;
        Ok(format)
    }
}

/// Where a source's names of columns come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// The rows begin with titles and a header, to be found.
    InRows,
    /// The format carries them: see [`Source::names`].
    Known,
}

/// A stream of rows.
pub(crate) trait Source {
    /// Reads the next row into `row`; `false` at the end.
    fn next_row(&mut self, row: &mut Row) -> Result<bool, FileError>;

    /// Where the names of columns come from.
    fn naming(&self) -> Names {
        Names::InRows
    }

    /// The names known so far, for [`Names::Known`]. They may grow while rows are read.
    fn names(&self) -> &[String] {
        &[]
    }

    /// Asks for some columns only, before the first row; a source may give more.
    fn only(&mut self, _columns: &[usize]) {}

    /// The type of a column that can never be a value here, as the file names it.
    fn unreadable(&self, _column: usize) -> Option<String> {
        None
    }

    /// Bytes of the file consumed so far, or as good an estimate as there is.
    fn position(&self) -> u64;

    /// How the file was read, for the summary.
    fn facts(&self) -> Facts {
        Facts::default()
    }
}

/// How a file was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) sheet: Option<String>,
    pub(crate) delimiter: Option<char>,
    pub(crate) encoding: Option<&'static str>,
    /// The workbook counts days from 1904.
    pub(crate) since_1904: bool,
    /// The encoding of fonts that cells were decoded from.
    pub(crate) font: Option<&'static str>,
    /// How many cells were decoded from it.
    pub(crate) recoded: u64,
    /// What a person does not see, or would take for something else.
    pub(crate) hidden: Hidden,
}

/// What a workbook hides besides rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hidden {
    /// Hidden columns, the first and the last of each run, counted from 0.
    pub(crate) columns: Vec<(usize, usize)>,
    /// The sheet that is read is hidden itself.
    pub(crate) sheet: bool,
    /// Other sheets that are hidden.
    pub(crate) sheets: Vec<String>,
    /// A filter is at work. Known once the sheet has been read to its end.
    pub(crate) filter: bool,
}

/// Opens a file and hands its rows to `work`. `choose` says how well a sheet of a workbook fits, given its
/// first rows; it is not asked about other formats.
pub(crate) fn with_source<R>(
    input: &Input<'_>,
    format: Format,
    mapping: &Mapping,
    limits: &Limits,
    choose: &book::Choose<'_>,
    work: impl FnOnce(&mut dyn Source) -> Result<R, FileError>,
) -> Result<R, FileError> {
    match format {
        Format::Csv => {
            let delimiter = mapping.delimiter();
            let source = delimited::Delimited::open(input.open()?, mapping.encoding(), delimiter, limits)?;
            ahead::read_ahead(source, |source| hand(source, mapping, work))
        }
        Format::Ndjson => {
            hand(&mut lines::Lines::open(input.open()?, mapping.encoding(), limits)?, mapping, work)
        }
        Format::Xlsx => {
            zipped::measure(input.open()?, limits)?;
            let size = input.size()?;
            let mut book = workbook::Workbook::open(input.open()?, input.open()?)?;
            let sheet = book::pick(&mut book, mapping, limits, choose)?;
            hand(&mut *book.sheet(&sheet, size, limits)?, mapping, work)
        }
        Format::Xls => {
            let size = input.size()?;
            let mut book = xls::OldWorkbook::open(input.open()?, limits)?;
            let sheet = book::pick(&mut book, mapping, limits, choose)?;
            hand(&mut *book.sheet(&sheet, size, limits)?, mapping, work)
        }
        Format::Ods => {
            zipped::measure(input.open()?, limits)?;
            let size = input.size()?;
            let mut book = ods::OpenBook::open(input.open()?)?;
            let sheet = book::pick(&mut book, mapping, limits, choose)?;
            hand(&mut *book.sheet(&sheet, size, limits)?, mapping, work)
        }
        Format::Parquet => hand(&mut columnar::Columnar::open(input, limits)?, mapping, work),
        // `Input::format` has looked inside.
        Format::Zip => Err(FileError::Refused(sniff::Refused::Archive)),
    }
}

/// Hands a source on, its cells decoded when they are Unicode that hides an encoding of fonts and a person has
/// confirmed that.
fn hand<R>(
    source: &mut dyn Source,
    mapping: &Mapping,
    work: impl FnOnce(&mut dyn Source) -> Result<R, FileError>,
) -> Result<R, FileError> {
    let decoded = mapping.encoding().is_some_and(|stated| source.facts().encoding == Some(stated.name()));
    match recode::Recoder::of(mapping).filter(|_| !decoded) {
        Some(recoder) => work(&mut recode::Recoded::new(source, recoder)),
        None => work(source),
    }
}

/// Refuses a cell or a row that is beyond the limits.
pub(crate) fn within(row: &Row, limits: &Limits) -> Result<(), FileError> {
    let over = |what, limit: usize| FileError::Limit { what, limit: limit as u64, row: row.number };
    if row.len() > limits.columns {
        return Err(over(LimitKind::Columns, limits.columns));
    }
    // A row that is short as a whole has no long cell.
    if row.bytes() > limits.cell_bytes && row.longest() > limits.cell_bytes {
        return Err(over(LimitKind::Cell, limits.cell_bytes));
    }
    if row.bytes() > limits.row_bytes {
        return Err(over(LimitKind::Row, limits.row_bytes));
    }
    Ok(())
}
