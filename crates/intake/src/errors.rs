//! What makes a whole file unreadable, named for what went wrong, with the way out.

mod text;

use std::fmt;

use giaouoc_agreement::text::{Lang, Text};

use crate::decode::sniff::Refused;
use crate::fold::cut;

/// Why a file was refused as a whole. Rows that went to the sink before the error do not count.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.text().get(Lang::En))]
#[non_exhaustive]
pub enum FileError {
    /// The file could not be read at all.
    Io(#[from] std::io::Error),
    /// Nothing is in it.
    Empty,
    /// It is of a format that is not read.
    Refused(Refused),
    /// The ending of its name says one thing, its content another.
    Mislabelled {
        /// The ending, such as `xlsx`.
        ending: String,
        /// What the content is.
        found: Text,
    },
    /// The text is not in UTF-8 or UTF-16, or not in the encoding that was stated.
    Encoding {
        /// The encoding that was stated or found, when there is one.
        stated: Option<&'static str>,
        /// The row where it shows, as the person sees it; 0 when not known.
        row: u64,
        /// How some cells look in the encodings they may be in, the likeliest first.
        previews: Vec<Preview>,
    },
    /// The cells are Unicode that shows letters of an old font (TCVN3, VNI) as Western ones: `Hå s¬`.
    OldFont {
        /// A cell as it stands.
        sample: String,
        /// How some cells look in the encodings they may be in, the likeliest first.
        previews: Vec<Preview>,
    },
    /// The file is damaged or cut.
    Damaged {
        /// The format it pretends to be.
        format: &'static str,
        /// The decoder's words.
        detail: String,
    },
    /// The file ends inside a quoted cell.
    Cut {
        /// The row in which the cell begins.
        row: u64,
    },
    /// The file asks for more than the limits allow.
    Limit {
        /// Which limit.
        what: LimitKind,
        /// Its value.
        limit: u64,
        /// The row; 0 when it is about the whole file.
        row: u64,
    },
    /// No row looks like a header of this kind.
    NoHeader {
        /// Name of the kind.
        kind: Text,
        /// The first cells seen.
        found: Vec<String>,
    },
    /// The header lacks required columns.
    MissingColumns {
        /// Name of the kind.
        kind: Text,
        /// What is missing: id and label.
        missing: Vec<(String, Text)>,
        /// The headers that were found.
        found: Vec<String>,
        /// The sheet looked at.
        sheet: Option<String>,
    },
    /// Several headers of the file match one column.
    AmbiguousHeader {
        /// The column's id.
        column: String,
        /// The headers.
        headers: Vec<String>,
    },
    /// One header of the file matches several columns.
    AmbiguousColumn {
        /// The header.
        header: String,
        /// Ids of the columns.
        columns: Vec<String>,
    },
    /// The mapping names a header that the file has not.
    NoSuchHeader {
        /// What it is wanted for.
        column: String,
        /// The header as the mapping writes it.
        header: String,
        /// The nearest header of the file.
        nearest: Option<String>,
        /// The headers that were found.
        found: Vec<String>,
    },
    /// The mapping names a header that the file has twice.
    DoubledHeader {
        /// The header.
        header: String,
    },
    /// The mapping names a sheet that the workbook has not.
    NoSuchSheet {
        /// The sheet as the mapping writes it.
        sheet: String,
        /// The sheets there are.
        found: Vec<String>,
    },
    /// Several sheets have a matching header, so that one would be left out in silence.
    SeveralSheets {
        /// Their names.
        sheets: Vec<String>,
    },
    /// Dates that can only be month/day stand in a column that is read as day/month.
    AmbiguousDates {
        /// The column's id.
        column: String,
        /// The header.
        header: String,
        /// The row.
        row: u64,
        /// The value.
        value: String,
    },
    /// A constant of the mapping is not a value of its column.
    BadConstant {
        /// The column's id.
        column: String,
        /// The constant.
        value: String,
        /// Why not.
        reason: Text,
    },
    /// A column's data type cannot be a value of the kind's column.
    ColumnType {
        /// The header.
        header: String,
        /// The type as the file names it.
        found: String,
    },
    /// The receiver of the rows failed.
    Output(String),
}

/// How a file looks in one encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The encoding as a mapping and `--encoding` name it.
    pub encoding: &'static str,
    /// A few cells.
    pub cells: Vec<String>,
    /// Words beyond ASCII that are built as Vietnamese ones are, of all words beyond ASCII, in whole percent.
    pub vietnamese: u8,
}

/// The limits of [`crate::Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// Bytes of one cell.
    Cell,
    /// Bytes of one row.
    Row,
    /// Columns of a table.
    Columns,
    /// Bytes of a workbook after decompression.
    Workbook,
    /// Bytes of one part of a workbook.
    WorkbookPart,
    /// Cells of a sheet.
    Cells,
    /// Bytes of a row group.
    RowGroup,
}

impl FileError {
    /// A stable, kebab-case name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "cannot-read",
            Self::Empty => "empty-file",
            Self::Refused(_) => "refused-format",
            Self::Mislabelled { .. } => "not-what-it-says",
            Self::Encoding { .. } => "refused-encoding",
            Self::OldFont { .. } => "old-font",
            Self::Damaged { .. } => "damaged",
            Self::Cut { .. } => "cut-file",
            Self::Limit { .. } => "over-limit",
            Self::NoHeader { .. } => "no-header",
            Self::MissingColumns { .. } => "missing-columns",
            Self::AmbiguousHeader { .. } => "ambiguous-header",
            Self::AmbiguousColumn { .. } => "ambiguous-column",
            Self::NoSuchHeader { .. } => "no-such-header",
            Self::DoubledHeader { .. } => "doubled-header",
            Self::NoSuchSheet { .. } => "no-such-sheet",
            Self::SeveralSheets { .. } => "several-sheets",
            Self::AmbiguousDates { .. } => "ambiguous-dates",
            Self::BadConstant { .. } => "bad-constant",
            Self::ColumnType { .. } => "column-type",
            Self::Output(_) => "output-failed",
        }
    }

    pub(crate) fn damaged(format: &'static str, detail: impl fmt::Display) -> Self {
        Self::Damaged { format, detail: cut(&detail.to_string(), 200) }
    }
}
