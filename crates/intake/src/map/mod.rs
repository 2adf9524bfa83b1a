//! Mappings: where a foreign file keeps the columns of a kind. `docs/bundle.md`, maps, has the file's form.

mod parse;

use std::collections::HashMap;

use giaouoc_agreement::text::Text;
use giaouoc_worktime::zone::Zone;

use crate::events::Events;
pub(crate) use parse::rule;

/// How a file that is not ours is to be read. [`Mapping::default`] finds everything by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    pub(crate) zone: Option<Zone>,
    pub(crate) sheet: Option<String>,
    pub(crate) header_row: Option<u64>,
    pub(crate) delimiter: Option<u8>,
    pub(crate) encoding: Option<Encoding>,
    /// How numbers are written, where the column does not say.
    pub(crate) numbers: Option<Numbers>,
    /// Rows with fewer cells than the header are filled up with blanks instead of rejected.
    pub(crate) short_rows: bool,
    /// Columns that are not named are left alone instead of found by their headers.
    pub(crate) only_named: bool,
    /// By index of the kind's column.
    pub(crate) columns: Vec<(usize, Rule)>,
    pub(crate) skip: Skip,
    /// The file has one line an event.
    pub(crate) events: Option<Events>,
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
    /// How numbers of this column are written.
    pub(crate) numbers: Option<Numbers>,
    pub(crate) zone: Option<Zone>,
    /// A flag that is true when the cell holds anything.
    pub(crate) filled: bool,
    /// What is no time limit is unknown instead of rejected, and counted.
    pub(crate) unread: bool,
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
    /// Vietnamese Windows: letters and tones apart.
    Windows1258,
    /// Western Windows.
    Windows1252,
    /// The fonts of TCVN 5712:1993, `.VnTime` and kin, called ABC.
    Tcvn3,
    /// The fonts `VNI-Times` and kin.
    Vni,
}

impl Encoding {
    /// The names used in mappings and on the command line, lower-case.
    pub(crate) const NAMES: [(&'static str, Self); 7] = [
        ("utf-8", Self::Utf8),
        ("utf-16", Self::Utf16Le),
        ("utf-16be", Self::Utf16Be),
        ("tcvn3", Self::Tcvn3),
        ("vni", Self::Vni),
        ("windows-1258", Self::Windows1258),
        ("windows-1252", Self::Windows1252),
    ];

    /// The encoding of a name, as people write it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let plain: String =
            name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        Some(match plain.as_str() {
            "utf8" => Self::Utf8,
            "utf16" | "utf16le" => Self::Utf16Le,
            "utf16be" => Self::Utf16Be,
            "windows1258" | "cp1258" => Self::Windows1258,
            "windows1252" | "cp1252" => Self::Windows1252,
            "tcvn3" | "abc" | "tcvn5712" | "tcvn57123" => Self::Tcvn3,
            "vni" | "vniwin" | "vniwindows" => Self::Vni,
            _ => return None,
        })
    }

    /// The usual name, for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1258 => "windows-1258",
            Self::Windows1252 => "windows-1252",
            Self::Tcvn3 => "TCVN3",
            Self::Vni => "VNI",
        }
    }

    /// The name that a mapping writes.
    pub(crate) fn key(self) -> &'static str {
        Self::NAMES.iter().find(|(_, encoding)| *encoding == self).map_or("utf-8", |(name, _)| name)
    }

    /// Whether it belongs to fonts, and may also stand in the cells of a workbook.
    pub(crate) fn of_fonts(self) -> bool {
        matches!(self, Self::Tcvn3 | Self::Vni)
    }

    /// Whether it is one of the eight-bit encodings from before Unicode.
    pub(crate) fn is_legacy(self) -> bool {
        matches!(self, Self::Windows1258 | Self::Windows1252 | Self::Tcvn3 | Self::Vni)
    }

    /// What is evident in the file wins over what is stated.
    pub(crate) fn or_found(self, found: Self) -> Self {
        if found == Self::Utf8 && !self.is_legacy() { self } else { found }
    }
}

/// How numbers of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// `1.234,5`: a point between thousands, a comma before the fraction.
    Vietnamese,
    /// `1,234.5`.
    English,
}

impl Numbers {
    pub(crate) const NAMES: [(&'static str, Self); 2] = [("vi", Self::Vietnamese), ("en", Self::English)];
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

    /// A mapping that names a sheet and finds everything else by itself.
    pub fn of_sheet(sheet: Option<&str>) -> Self {
        Self { sheet: sheet.map(str::to_owned), ..Self::default() }
    }

    /// The same mapping with an encoding that a person has confirmed, such as `tcvn3`. It wins over the one in
    /// the mapping file.
    ///
    /// # Errors
    /// When no such encoding is read: the words name those that are.
    pub fn with_encoding(mut self, name: &str) -> Result<Self, Text> {
        let known = || Encoding::NAMES.map(|(name, _)| name).join(", ");
        let unknown = || {
            Text::new(
                format!("Bảng mã \"{name}\" không đọc được. Hãy chọn: {}.", known()),
                format!("The encoding \"{name}\" is not read. Choose one of: {}.", known()),
            )
        };
        self.encoding = Some(Encoding::named(name).ok_or_else(unknown)?);
        Ok(self)
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
