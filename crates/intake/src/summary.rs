//! What became of a file.

mod notes;

use std::collections::BTreeMap;

use giaouoc_agreement::text::Text;

use crate::furniture::Furniture;
use crate::reason::Reason;

mod remarks;

/// What was read, accepted, rejected and skipped, and how the file was understood.
/// `read = accepted + rejected + skipped()`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The format's name: `CSV`, `XLSX`, `XLS`, `ODS`, `NDJSON`, `Parquet`.
    pub format: &'static str,
    /// The sheet, for workbooks.
    pub sheet: Option<String>,
    /// The delimiter, for text files.
    pub delimiter: Option<char>,
    /// The encoding, for text files.
    pub encoding: Option<&'static str>,
    /// The header's first row as the person sees it; 0 where the format carries names.
    pub header_row: u64,
    /// Rows below the header.
    pub read: u64,
    /// Rows that went to the sink; of a file of events, those that went into a record.
    pub accepted: u64,
    /// Records made out of events, for a file of events.
    pub made: Option<u64>,
    /// Rows with a reason why not.
    pub rejected: u64,
    /// Rows with nothing in them.
    pub skipped_blank: u64,
    /// Rows that the mapping's `[skip]` says are no records.
    pub skipped_by_rule: u64,
    /// Rows of totals: `Tổng cộng`.
    pub skipped_totals: u64,
    /// Header rows that come again on every page, and rows that number the columns.
    pub skipped_headers: u64,
    /// Signatures and the like below the table.
    pub skipped_below: u64,
    /// What the workbook hides, and what of it is computed.
    pub hidden: HiddenParts,
    /// The encoding of old fonts that cells were decoded from, and how many cells.
    pub decoded: Option<(&'static str, u64)>,
    /// Columns whose numbers were read in one notation because their own values, or those of other columns of
    /// the file, prove it: ids, and whether it is the Vietnamese one (`1.234,5`).
    pub numbers: Vec<(String, bool)>,
    /// Columns of the kind that were loaded, in the kind's order.
    pub loaded: Vec<Loaded>,
    /// Optional columns of the kind that the file has not: ids. They stay as they were.
    pub absent: Vec<String>,
    /// Personal columns that the file has and that were left out: their headers.
    pub personal: Vec<String>,
    /// Other columns of the file from which nothing was taken.
    pub ignored: Vec<Ignored>,
    /// How many cells were rejected for which reason, by the reason's code.
    pub reasons: BTreeMap<&'static str, u64>,
    /// The first rejected rows.
    pub examples: Vec<Reject>,
    /// What is said aloud without a row being rejected, by a stable name.
    pub notes: BTreeMap<&'static str, Note>,
}

/// Something that a person should know about a file, and how often it was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// How often.
    pub count: u64,
    /// What it is about, the first few: keys, or ids of columns.
    pub examples: Vec<String>,
}

impl Note {
    /// Examples kept of a note.
    const KEPT: usize = 3;

    pub(crate) fn add(&mut self, count: u64, example: &str) {
        self.count += count;
        if self.examples.len() < Self::KEPT {
            self.examples.push(example.to_owned());
        }
    }
}

/// What a person does not see when looking at a workbook, and what was loaded all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HiddenParts {
    /// Hidden rows among those read.
    pub rows: u64,
    /// Headers of hidden columns.
    pub columns: Vec<String>,
    /// The sheet itself is hidden.
    pub sheet: bool,
    /// Hidden sheets, which were not read.
    pub sheets: Vec<String>,
    /// A filter is at work.
    pub filter: bool,
    /// Cells of the rows read whose value is the stored result of a formula.
    pub formulas: u64,
    /// Formulas in the rows read without a stored result.
    pub uncalculated: u64,
}

/// A column that was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The column's id.
    pub column: String,
    /// The headers it comes from, in order of preference; none for a constant of the mapping.
    pub headers: Vec<String>,
}

/// A column of the file that was not loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// Its header.
    pub header: String,
    /// The nearest header that is known, when one is near.
    pub nearest: Option<String>,
}

/// A row that was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The row as the person sees it in the file.
    pub row: u64,
    /// The sheet, for workbooks.
    pub sheet: Option<String>,
    /// What is wrong, cell by cell.
    pub cells: Vec<BadCell>,
    /// All cells of the row as text, in the order of the file's columns. Personal data may be among them.
    pub original: Vec<String>,
    /// What was refused and its text does not show, a line each: header and text of a cell that held a number, a date or
    /// an error, or how many cells a row had that had too few. Read again as text it might be taken for a value.
    pub stored: Vec<String>,
}

/// What is wrong with one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadCell {
    /// The column's id; blank when it is about the whole row.
    pub column: String,
    /// The header in the file; blank when there is none.
    pub header: String,
    /// The value, cut to a readable length.
    pub value: String,
    /// Why it is wrong and what to do.
    pub reason: Reason,
}

impl Summary {
    /// Rows skipped for whatever reason.
    pub fn skipped(&self) -> u64 {
        self.skipped_blank
            + self.skipped_by_rule
            + self.skipped_totals
            + self.skipped_headers
            + self.skipped_below
    }

    /// Counts a row that is no record.
    pub(crate) fn skip(&mut self, furniture: Furniture) {
        *match furniture {
            Furniture::Total => &mut self.skipped_totals,
            Furniture::Header => &mut self.skipped_headers,
            Furniture::Below => &mut self.skipped_below,
            Furniture::Blank => &mut self.skipped_blank,
        } += 1;
    }

    pub(crate) fn count(&mut self, reject: &Reject, kept: usize) {
        self.rejected += 1;
        for cell in &reject.cells {
            *self.reasons.entry(cell.reason.code).or_insert(0) += 1;
        }
        if self.examples.len() < kept {
            self.examples.push(reject.clone());
        }
    }

    /// The sums in one sentence.
    pub fn text(&self) -> Text {
        let (read, accepted, rejected, skipped) = (self.read, self.accepted, self.rejected, self.skipped());
        if let Some(made) = self.made {
            return Text::new(
                format!(
                    "Đọc {read} sự kiện: dùng {accepted}, từ chối {rejected}, bỏ qua {skipped}; gộp thành {made} bản ghi."
                ),
                format!(
                    "{read} events read: {accepted} used, {rejected} rejected, {skipped} skipped; {made} records made."
                ),
            );
        }
        Text::new(
            format!("Đọc {read} dòng: nhận {accepted}, từ chối {rejected}, bỏ qua {skipped}."),
            format!("{read} rows read: {accepted} accepted, {rejected} rejected, {skipped} skipped."),
        )
    }
}
