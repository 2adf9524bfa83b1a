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
    /// All headers of the file, for choosing columns by hand.
    #[serde(default)]
    pub headers: Vec<String>,
    /// Which of them is read as which column: header, the column's id.
    #[serde(default)]
    pub bound: Vec<(String, String)>,
    /// The sheets of a workbook.
    #[serde(default)]
    pub sheets: Vec<String>,
    /// The mapping is the one that the unit used last for files with these headers.
    #[serde(default)]
    pub remembered: bool,
    /// Another kind that the file looks like more: its id and its name.
    #[serde(default)]
    pub looks: Option<(String, Text)>,
    /// What each sheet said, when the file is the unit's own workbook.
    #[serde(default)]
    pub book: Option<Book>,
}

/// What came of a unit's own workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Its sheets.
    pub parts: Vec<Part>,
    /// Kinds that are reported to have no cases: id and name.
    pub nil: Vec<(String, Text)>,
    /// Whether records that somebody changed since the workbook was made are changed all the same.
    pub over: bool,
}

/// A sheet of a unit's own workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The sheet's name.
    pub sheet: String,
    /// The kind that it holds.
    pub kind: String,
    /// The kind's name.
    pub kind_name: Text,
    /// Why the sheet cannot be read; then nothing else is said of it.
    pub refused: Option<Text>,
    /// Records that are new.
    pub new: u64,
    /// Records that change.
    pub changed: u64,
    /// Records that stay as they are.
    pub unchanged: u64,
    /// Rows that were rejected.
    pub rejected: u64,
    /// The first rejected rows.
    pub rejects: Vec<Reject>,
    /// Records that both the workbook and somebody else changed since it was made: they stay as they are unless the person
    /// says otherwise.
    pub later: Vec<Later>,
    /// Records that only somebody else changed since: they stay as they are.
    pub stale: u64,
    /// The entry that its rows came into.
    pub entry: Option<u64>,
}

/// A record that two people changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Later {
    /// Its key.
    pub key: String,
    /// It was taken back meanwhile.
    pub gone: bool,
    /// Columns that differ: label, what the workbook says, what stands now.
    pub sides: Vec<(Text, String, String)>,
}

impl Book {
    /// Records that two people changed, of all sheets.
    pub fn later(&self) -> usize {
        self.parts.iter().map(|part| part.later.len()).sum()
    }

    /// Whether loading it would do anything.
    pub fn does(&self) -> bool {
        let rows = |part: &Part| part.new + part.changed > 0 || !part.later.is_empty();
        !self.nil.is_empty() || self.parts.iter().any(rows)
    }
}

impl Preview {
    /// What came of it without what stood in cells: the file that they stood in is removed.
    pub fn forget_cells(&mut self) {
        let parts = || std::iter::empty::<&mut Part>();
        let book = self.book.as_mut();
        let parts = book.map_or_else(|| parts().collect(), |book| book.parts.iter_mut().collect::<Vec<_>>());
        let mut rejects: Vec<&mut Reject> = self.rejects.iter_mut().collect();
        for part in parts {
            rejects.extend(&mut part.rejects);
            for (_, one, other) in part.later.iter_mut().flat_map(|later| &mut later.sides) {
                one.clear();
                other.clear();
            }
        }
        for reject in rejects {
            reject.value.clear();
            reject.reason = Text::new("dòng này đã bị từ chối", "this row was rejected");
        }
    }
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
