//! Mappings: where a foreign file keeps the columns of a kind. `docs/bundle.md`, maps, has the file's form.

mod parse;

use std::collections::HashMap;

use giaouoc_worktime::zone::Zone;

/// How a file that is not ours is to be read. [`Mapping::default`] finds everything by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    pub(crate) zone: Option<Zone>,
    pub(crate) sheet: Option<String>,
    pub(crate) header_row: Option<u64>,
    pub(crate) delimiter: Option<u8>,
    pub(crate) encoding: Option<Encoding>,
    /// Rows with fewer cells than the header are filled up with blanks instead of rejected.
    pub(crate) short_rows: bool,
    /// Columns that are not named are left alone instead of found by their headers.
    pub(crate) only_named: bool,
    /// By index of the kind's column.
    pub(crate) columns: Vec<(usize, Rule)>,
    pub(crate) skip: Skip,
}

/// Where one column comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Headers of the file; the first whose cell is filled counts.
    pub(crate) from: Vec<String>,
    /// One value for every row.
    pub(crate) constant: Option<String>,
    /// Values of the file and what they mean, by their cleaned and by their folded form.
    pub(crate) values: Option<Values>,
    pub(crate) format: DateFormat,
    pub(crate) zone: Option<Zone>,
    /// A flag that is true when the cell holds anything.
    pub(crate) filled: bool,
}

/// What values of the file mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values {
    pub(crate) exact: HashMap<String, String>,
    pub(crate) folded: HashMap<String, String>,
    pub(crate) others: Others,
}

/// What happens to values that a mapping does not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Others {
    /// The row is rejected.
    #[default]
    Reject,
    /// The value is checked as it stands.
    Keep,
    /// The value is unknown.
    Unknown,
}

/// How dates of a column are written. Dates that begin with the year are read under every format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateFormat {
    /// Day first; a column with values that can only be month first is refused as ambiguous.
    #[default]
    Found,
    /// `2020-03-05`, `2020-03-05T16:00:00+07:00`.
    Iso,
    /// `05/03/2020` is 5 March.
    DayFirst,
    /// `05/03/2020` is 3 May.
    MonthFirst,
    /// `20200305160000`, `20200305`.
    Compact,
    /// Days since Excel's epoch.
    Excel,
}

impl DateFormat {
    /// The names used in mappings.
    pub(crate) const NAMES: [(&'static str, Self); 5] = [
        ("iso", Self::Iso),
        ("dd/mm/yyyy", Self::DayFirst),
        ("mm/dd/yyyy", Self::MonthFirst),
        ("yyyyMMddHHmmss", Self::Compact),
        ("excel", Self::Excel),
    ];

    /// The name used in mappings.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, format)| *format == self).map_or("dd/mm/yyyy", |(name, _)| name)
    }
}

/// The encodings that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }

    /// What is evident in the file wins over what is stated.
    pub(crate) fn or_found(self, found: Self) -> Self {
        if found == Self::Utf8 { self } else { found }
    }
}

/// Rows that are no records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Skip {
    /// Our columns or headers; rows in which all of them are blank.
    pub(crate) when_blank: Vec<String>,
    /// Our column or header, and the values that mark a row.
    pub(crate) when: Vec<(String, Vec<String>)>,
}

impl Mapping {
    /// The same for the file of rows that were rejected under it: that one is a CSV file of ours, with the header
    /// in its first row, whatever the file was that the rows came from.
    #[must_use]
    pub fn for_rejects(self) -> Self {
        Self { sheet: None, header_row: None, delimiter: None, encoding: None, ..self }
    }

    pub(crate) fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    pub(crate) fn delimiter(&self) -> Option<u8> {
        self.delimiter
    }

    pub(crate) fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    pub(crate) fn rule(&self, column: usize) -> Option<&Rule> {
        self.columns.iter().find(|(at, _)| *at == column).map(|(_, rule)| rule)
    }
}
