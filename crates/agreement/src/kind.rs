//! Record kinds (*loại dữ liệu*): what a record of a kind holds. `docs/kinds.md` describes the files.

mod file;

use giaouoc_worktime::time::Day;

use crate::text::Text;

/// A kind of record, such as `dossier`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its id, such as `dossier`.
    pub id: String,
    /// Its name on screen.
    pub name: Text,
    /// What one record is.
    pub meaning: Text,
    /// Index of the column that identifies a record within its supplier's namespace.
    pub key: usize,
    /// Index of the column that names the subject unit.
    pub unit: usize,
    /// Index of the date column that says which month a record belongs to.
    pub date: usize,
    /// Index of the date column that closes a record: while it is unknown the record is still open, and what
    /// a unit can still do counts such records. None for kinds whose records are not worked on over time.
    pub closes: Option<usize>,
    /// The records are a list that stands, such as posts, procedures or tasks given: one that does not meet a
    /// target is put right, and none come in a row. Such a kind has no `closes`.
    pub standing: bool,
    /// Where the columns come from.
    pub source: String,
    /// The columns, in file order.
    pub columns: Vec<Column>,
    /// SHA-256 (hex) of the kind's canonical form; part of every digest of a target on it.
    pub digest: String,
}

impl Kind {
    /// Index of a column by id.
    pub fn column(&self, id: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.id == id)
    }
}

/// One column of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its id in conditions and files, such as `finished_at`.
    pub id: String,
    /// What it holds.
    pub ty: ColumnType,
    /// Its label on screen and in templates.
    pub label: Text,
    /// What it means.
    pub meaning: Text,
    /// A row without it is rejected.
    pub required: bool,
    /// Personal: not loaded by default and never allowed in a condition.
    pub personal: bool,
    /// Index of the date column that this value hangs on: when that date lies after `as_of`, this is unknown.
    pub hangs_on: Option<usize>,
    /// Headers seen in real exports.
    pub aliases: Vec<String>,
    /// Least integer accepted.
    pub min: Option<i64>,
    /// Greatest integer accepted.
    pub max: Option<i64>,
    /// What a text means, where it is more than text.
    pub form: Option<TextForm>,
    /// Index of the column of time limits of which this integer is the number of working days: filled from
    /// it when a file does not give it, and unknown when the limit counts something else.
    pub working_days_of: Option<usize>,
}

/// What the text of a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextForm {
    /// A time limit, kept in its canonical form ([`crate::limit::TimeLimit`]).
    Limit,
}

/// What a column holds; `docs/kinds.md` gives the text and Arrow form of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// NFC text.
    Text,
    /// A code of a list.
    Code(CodeList),
    /// A 64-bit integer.
    Integer,
    /// True or false.
    Flag,
    /// A calendar day.
    Date,
    /// An instant, or a day where only the day is known.
    Moment,
    /// List of `[from, to)`.
    Intervals,
    /// List of due-date changes.
    Changes,
}

impl ColumnType {
    /// As kind files write it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Code(_) => "code",
            Self::Integer => "integer",
            Self::Flag => "flag",
            Self::Date => "date",
            Self::Moment => "moment",
            Self::Intervals => "intervals",
            Self::Changes => "changes",
        }
    }
}

/// The codes a column may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeList {
    /// Codes outside the list are kept as they are rather than rejected.
    pub open: bool,
    /// The codes.
    pub codes: Vec<Code>,
}

/// One code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code as stored.
    pub code: String,
    /// Its name on screen.
    pub name: Text,
    /// Values of real systems that mean it.
    pub seen: Vec<String>,
    /// First day it was valid.
    pub from: Option<Day>,
    /// Last day it was valid.
    pub to: Option<Day>,
}

#[cfg(test)]
mod tests;
