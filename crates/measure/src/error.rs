//! What can go wrong when measuring, in Vietnamese and English.

use giaouoc_worktime::CalendarError;

/// Everything that measuring refuses. `Display` is the English message; [`MeasureError::vi`] and
/// [`MeasureError::en`] give both. Each says where and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.en())]
#[non_exhaustive]
pub enum MeasureError {
    /// A column of the data has a type that the kind's column cannot be read from.
    WrongType {
        /// The kind.
        kind: String,
        /// The column, or its companion `NAME.day`.
        column: String,
        /// The Arrow type found.
        found: String,
        /// What is accepted, in Vietnamese.
        expected_vi: String,
        /// What is accepted, in English.
        expected_en: String,
    },
    /// A value of a column cannot be held: an integer beyond 64 bits, a time beyond the years 1900 to 2200.
    BadValue {
        /// The column.
        column: String,
        /// The value as text.
        value: String,
    },
    /// A rule asked the calendar for something that it does not know.
    Calendar {
        /// The rule.
        rule: String,
        /// The calendar's own words.
        source: CalendarError,
    },
    /// Arithmetic in a condition left the 64-bit range.
    Arithmetic {
        /// The rule.
        rule: String,
    },
    /// A total left the range that can be held. Nothing is ever wrapped round.
    Overflow {
        /// The rule.
        rule: String,
    },
    /// The weights of a change log are not +1 and −1.
    BadWeight {
        /// What was found.
        found: String,
    },
    /// More units and parts than can be counted in memory.
    TooMany {
        /// Cells asked for.
        cells: u64,
        /// Cells allowed.
        most: u64,
    },
    /// The rules are not about one kind.
    MixedKinds {
        /// A kind.
        one: String,
        /// Another.
        other: String,
    },
    /// A file of records cannot be read.
    File {
        /// The file.
        path: String,
        /// The reader's words.
        detail: String,
    },
    /// Somebody stopped the run.
    Cancelled,
    /// A part of the program failed in a way that its tests should have found.
    Internal {
        /// What was being done.
        detail: String,
    },
}

impl MeasureError {
    /// The message in Vietnamese.
    pub fn vi(&self) -> String {
        match self {
            Self::WrongType { kind, column, found, expected_vi, .. } => format!(
                "Dữ liệu loại \"{kind}\": cột \"{column}\" có kiểu {found}, cần {expected_vi}. Hãy xuất lại tệp với đúng kiểu."
            ),
            Self::BadValue { column, value } => {
                format!("Cột \"{column}\" có giá trị {value} không đọc được. Hãy kiểm tra lại dữ liệu nguồn.")
            }
            Self::Calendar { rule, source } => format!("Cách tính \"{rule}\": {}", source.vi()),
            Self::Arithmetic { rule } => format!(
                "Cách tính \"{rule}\": phép tính trên một bản ghi vượt quá phạm vi số 64 bit. Hãy kiểm tra lại dữ liệu hoặc công thức."
            ),
            Self::Overflow { rule } => format!(
                "Cách tính \"{rule}\": tổng vượt quá phạm vi biểu diễn được. Hãy kiểm tra lại dữ liệu."
            ),
            Self::BadWeight { found } => format!(
                "Sổ thay đổi có trọng số {found}; chỉ được +1 hoặc −1. Tệp sổ có thể bị hỏng, hãy chạy kiểm tra sổ."
            ),
            Self::TooMany { cells, most } => format!(
                "Cần {cells} ô số liệu, vượt quá giới hạn {most}. Hãy chia nhỏ kỳ tính hoặc số đơn vị."
            ),
            Self::MixedKinds { one, other } => format!(
                "Không thể tính một lượt trên hai loại dữ liệu \"{one}\" và \"{other}\". Hãy tính riêng từng loại."
            ),
            Self::File { path, detail } => format!("Không đọc được tệp {path}: {detail}"),
            Self::Cancelled => "Đã dừng tính theo yêu cầu.".to_owned(),
            Self::Internal { detail } => {
                format!("Lỗi của chương trình: {detail}. Hãy báo cho nhóm phát triển.")
            }
        }
    }

    /// The message in English.
    pub fn en(&self) -> String {
        match self {
            Self::WrongType { kind, column, found, expected_en, .. } => format!(
                "Records of kind \"{kind}\": column \"{column}\" is {found}, needed is {expected_en}. Export the file again with the right type."
            ),
            Self::BadValue { column, value } => {
                format!(
                    "Column \"{column}\" holds {value}, which cannot be read. Check the source of the data."
                )
            }
            Self::Calendar { rule, source } => format!("Rule \"{rule}\": {}", source.en()),
            Self::Arithmetic { rule } => format!(
                "Rule \"{rule}\": arithmetic on a record left the 64-bit range. Check the data or the formula."
            ),
            Self::Overflow { rule } => {
                format!("Rule \"{rule}\": the total cannot be held. Check the data.")
            }
            Self::BadWeight { found } => format!(
                "The change log has weight {found}; only +1 and -1 are possible. The file may be damaged: check the journal."
            ),
            Self::TooMany { cells, most } => format!(
                "{cells} cells are needed, more than the {most} allowed. Ask for a shorter period or fewer units."
            ),
            Self::MixedKinds { one, other } => format!(
                "The kinds \"{one}\" and \"{other}\" cannot be measured in one pass. Measure each kind by itself."
            ),
            Self::File { path, detail } => format!("Cannot read {path}: {detail}"),
            Self::Cancelled => "Stopped on request.".to_owned(),
            Self::Internal { detail } => format!("A fault of the program: {detail}. Please report it."),
        }
    }
}

/// Why one row has no value where one is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The calendar refused.
    Calendar(CalendarError),
    /// Arithmetic left its range.
    Arithmetic,
}

impl Cause {
    pub(crate) fn of(self, rule: &str) -> MeasureError {
        match self {
            Self::Calendar(source) => MeasureError::Calendar { rule: rule.to_owned(), source },
            Self::Arithmetic => MeasureError::Arithmetic { rule: rule.to_owned() },
        }
    }
}
