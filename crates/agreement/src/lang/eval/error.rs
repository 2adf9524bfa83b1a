//! What stops an evaluation. A figure is never computed around it.

use std::ops::Range;

use giaouoc_worktime::CalendarError;

use crate::lang::Typed;
use crate::text::Text;

/// Why a condition has no value for a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvalError {
    /// The result of a sum does not fit into 64 bits.
    Overflow {
        /// The operator, or the function's name.
        operation: &'static str,
        /// Bytes of the condition's text.
        span: Range<usize>,
    },
    /// The calendar has no answer: a year that it does not cover, a negative number of days, ….
    Calendar {
        /// The function's name, or the operator.
        operation: &'static str,
        /// Bytes of the condition's text.
        span: Range<usize>,
        /// What the calendar says.
        error: CalendarError,
    },
    /// The record holds a value of another type than its column: whoever gave the record is at fault.
    WrongValue {
        /// The column, by index.
        column: usize,
        /// Bytes of the condition's text.
        span: Range<usize>,
    },
}

impl EvalError {
    pub(super) fn calendar(operation: &'static str, error: CalendarError, tree: &Typed) -> Self {
        Self::Calendar { operation, span: tree.span.clone(), error }
    }

    /// The part of the condition that has no value.
    pub fn span(&self) -> Range<usize> {
        match self {
            Self::Overflow { span, .. } | Self::Calendar { span, .. } | Self::WrongValue { span, .. } => {
                span.clone()
            }
        }
    }

    /// What happened and what to do, in both languages.
    pub fn message(&self) -> Text {
        match self {
            Self::Overflow { operation, .. } => Text::new(
                format!("Phép `{operation}` cho kết quả quá lớn. Kiểm tra số liệu của bản ghi."),
                format!("`{operation}` gives a result that is too large. Check the record's numbers."),
            ),
            Self::Calendar { operation, error, .. } => {
                Text::new(format!("`{operation}`: {}", error.vi()), format!("`{operation}`: {}", error.en()))
            }
            Self::WrongValue { column, .. } => Text::new(
                format!("Giá trị ở cột thứ {} không đúng kiểu của cột.", column + 1),
                format!("The value in column {} is not of the column's type.", column + 1),
            ),
        }
    }
}
