//! Values of records and conditions.

use giaouoc_worktime::time::{Day, Instant, Moment};

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
