//! What reading an uploaded file said: made by the job that reads it, kept with the upload, shown at the desk.

use giaouoc_agreement::text::Text;
use serde::{Deserialize, Serialize};

/// What came, or would come, of an upload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Why the file was refused whole; then nothing else is said.
    pub refused: Option<Text>,
    /// The kind that the file was read as.
    pub kind: String,
    /// The kind's name.
    pub kind_name: Text,
    /// Whether the program chose the kind.
    pub guessed: bool,
    /// The sheet that was read, for workbooks.
    pub sheet: Option<String>,
    /// Records that are new.
    pub new: u64,
    /// Records that change.
    pub changed: u64,
    /// Records that stay as they are.
    pub unchanged: u64,
    /// Rows that were rejected.
    pub rejected: u64,
    /// Rows that are no records.
    pub skipped: u64,
    /// Records in all.
    pub read: u64,
    /// Columns that are read: the header in the file, and what it is read as.
    pub columns: Vec<(String, Text)>,
    /// Headers that are not read.
    pub ignored: Vec<String>,
    /// Personal columns that are left out.
    pub personal: Vec<String>,
    /// What else is to be known.
    pub remarks: Vec<Text>,
    /// The first rejected rows: row, header, value, reason.
    pub rejects: Vec<Reject>,
    /// Digest of the workbook of all rejected rows.
    pub rejects_file: Option<String>,
}

/// A cell that was rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// The row as the person sees it.
    pub row: u64,
    /// The header; blank when it is about the whole row.
    pub header: String,
    /// The value, cut to a readable length.
    pub value: String,
    /// Why, and what to do.
    pub reason: Text,
}
