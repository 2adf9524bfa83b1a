//! Rejected rows as a CSV file that a person can correct in Excel and load again.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use super::csv::harmless;
use crate::errors::FileError;
use crate::sink::Sink;
use crate::summary::Reject;

/// Headers of the columns that are added; they are passed over when the file is read again.
const OWN: [&str; 6] =
    ["giaouoc: dòng", "giaouoc: trang tính", "giaouoc: cột", STORED, "giaouoc: lý do", "giaouoc: reason"];
/// The header of what cells held besides their text, see [`Reject::stored`].
pub(crate) const STORED: &str = "giaouoc: ô gốc";

/// Whether a header is one of those that rejects carry.
pub(crate) fn is_own(header: &str) -> bool {
    OWN.contains(&header)
}

/// A sink that writes rejected rows: the original cells under their original headers, then row, sheet,
/// columns, what cells held besides text, and reasons in both languages; behind them the surplus cells of a row that has
/// too many. UTF-8 with a byte order mark; formulas are disarmed.
///
/// The original cells may hold personal data: the file is a personal store like the raw file.
pub struct RejectsCsv<W: Write> {
    writer: csv::Writer<W>,
    width: usize,
    /// Columns up to the last that has a header.
    named: usize,
    rows: u64,
}

impl<W: Write> RejectsCsv<W> {
    /// A writer to `output`, with `,` or `;` between cells.
    ///
    /// # Errors
    /// When the output fails.
    pub fn new(mut output: W, delimiter: u8) -> Result<Self, FileError> {
        output.write_all(b"\xef\xbb\xbf")?;
        let writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(output);
        Ok(Self { writer, width: 0, named: 0, rows: 0 })
    }

    /// How many rows were written.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes what is left and gives the output back.
    ///
    /// # Errors
    /// When the output fails.
    pub fn finish(self) -> Result<W, FileError> {
        self.writer.into_inner().map_err(|error| FileError::Output(error.error().to_string()))
    }

    fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> Result<(), FileError> {
        let failed = |error: csv::Error| FileError::Output(error.to_string());
        for cell in cells {
            self.writer.write_field(harmless(cell).as_bytes()).map_err(failed)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(failed)
    }
}

impl<W: Write> Sink for RejectsCsv<W> {
    fn begin(&mut self, _schema: &SchemaRef, headers: &[String]) -> Result<(), FileError> {
        self.width = headers.len();
        self.named = headers.iter().rposition(|header| !header.is_empty()).map_or(0, |at| at + 1);
        self.row(headers.iter().map(String::as_str).chain(OWN))
    }

    fn batch(&mut self, _batch: &RecordBatch) -> Result<(), FileError> {
        Ok(())
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), FileError> {
        let blank = "";
        let too_many = reject.cells.iter().any(|cell| cell.reason.code == "too-many-cells");
        let kept = if too_many { self.named.min(reject.original.len()) } else { reject.original.len() };
        let (original, surplus) = reject.original.split_at(kept);
        let surplus = surplus.iter().map(String::as_str);
        let original = original.iter().map(String::as_str).chain(std::iter::repeat(blank)).take(self.width);
        let row = reject.row.to_string();
        let join = |text: fn(&crate::summary::BadCell) -> String| {
            reject.cells.iter().map(text).collect::<Vec<_>>().join("\n")
        };
        let columns =
            join(|cell| if cell.header.is_empty() { cell.column.clone() } else { cell.header.clone() });
        let vi = join(|cell| cell.reason.text.vi.clone());
        let en = join(|cell| cell.reason.text.en.clone());
        let sheet = reject.sheet.as_deref().unwrap_or_default();
        let stored = reject.stored.join("\n");
        let own = [row.as_str(), sheet, &columns, &stored, &vi, &en];
        self.rows += 1;
        self.row(original.chain(own).chain(surplus))
    }
}
