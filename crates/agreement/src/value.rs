//! Values of records and conditions.

use giaouoc_worktime::time::{Day, Instant, Moment};

use crate::lang::Type;

/// A value of one record's column, or of a part of a condition. Unknown is a value of every type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Not known: blank in the file, or hidden by `as_of`.
    Unknown,
    /// True or false.
    Flag(bool),
    /// An integer.
    Integer(i64),
    /// NFC text, or a code.
    Text(String),
    /// A calendar day.
    Day(Day),
    /// An instant, or a day where only the day is known.
    Moment(Moment),
    /// Microseconds.
    Duration(i64),
    /// Pauses: `[from, to)`; an open one has no end.
    Intervals(Vec<(Instant, Option<Instant>)>),
    /// Dated changes of a due date.
    Changes(Vec<Change>),
}

impl Value {
    /// The flag, when it is a known one.
    pub fn as_flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The integer, when it is a known one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether it may stand where a type is expected; unknown may stand everywhere.
    pub fn is_of(&self, ty: Type) -> bool {
        match self {
            Self::Unknown => true,
            Self::Flag(_) => ty == Type::Flag,
            Self::Integer(_) => ty == Type::Integer,
            Self::Text(_) => ty == Type::Text,
            Self::Day(_) => ty == Type::Day,
            Self::Moment(_) => ty == Type::Moment,
            Self::Duration(_) => ty == Type::Duration,
            Self::Intervals(_) => ty == Type::Intervals,
            Self::Changes(_) => ty == Type::Changes,
        }
    }
}

/// One change of a due date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When it was changed.
    pub at: Instant,
    /// The new due instant.
    pub new: Instant,
    /// The reason given, when one was.
    pub why: String,
}
