//! Names of types and functions, for messages and for the checker.

use super::{Function, Type};
use crate::kind::ColumnType;

impl Type {
    /// Its name in a sentence, in Vietnamese.
    pub(super) fn vi(self) -> &'static str {
        match self {
            Self::Flag => "đúng/sai",
            Self::Integer => "số nguyên",
            Self::Text => "chữ",
            Self::Day => "ngày",
            Self::Moment => "thời điểm",
            Self::Duration => "khoảng thời gian",
            Self::Intervals => "danh sách khoảng tạm dừng",
            Self::Changes => "danh sách lần đổi hạn",
        }
    }

    /// Its name in a sentence, in English.
    pub(super) fn en(self) -> &'static str {
        match self {
            Self::Flag => "a flag (true or false)",
            Self::Integer => "an integer",
            Self::Text => "a text",
            Self::Day => "a day",
            Self::Moment => "a moment",
            Self::Duration => "a duration",
            Self::Intervals => "a list of intervals",
            Self::Changes => "a list of changes",
        }
    }

    /// The type of a column's values.
    pub fn of(column: &ColumnType) -> Self {
        match column {
            ColumnType::Text | ColumnType::Code(_) => Self::Text,
            ColumnType::Integer => Self::Integer,
            ColumnType::Flag => Self::Flag,
            ColumnType::Date => Self::Day,
            ColumnType::Moment => Self::Moment,
            ColumnType::Intervals => Self::Intervals,
            ColumnType::Changes => Self::Changes,
        }
    }
}

/// What a function takes and gives.
pub(super) struct Signature {
    /// Its name in a condition.
    pub(super) name: &'static str,
    /// How it is written, for messages.
    pub(super) usage: &'static str,
    /// The types of its arguments. Empty for the two that take what the others do not: `count`, `coalesce`.
    pub(super) takes: &'static [Type],
    /// How many of them must be there.
    pub(super) least: usize,
    /// Whether it needs a calendar with working days.
    pub(super) working: bool,
}

/// Every function of the language.
pub(super) const FUNCTIONS: [Signature; 13] = [
    function("day", "day(moment)", &[Type::Moment, Type::Text], 1, false),
    function("is_working_day", "is_working_day(day)", &[Type::Day], 1, true),
    function("add_working_days", "add_working_days(day, number)", &[Type::Day, Type::Integer], 2, true),
    function("add_calendar_days", "add_calendar_days(day, number)", &[Type::Day, Type::Integer], 2, true),
    function("add_months", "add_months(day, number)", &[Type::Day, Type::Integer], 2, false),
    function(
        "add_working_minutes",
        "add_working_minutes(moment, number)",
        &[Type::Moment, Type::Integer],
        2,
        true,
    ),
    function(
        "add_working_hours",
        "add_working_hours(moment, number)",
        &[Type::Moment, Type::Integer],
        2,
        true,
    ),
    function("due_by", "due_by(moment, time limit)", &[Type::Moment, Type::Text], 2, true),
    function("work_days", "work_days(day, day)", &[Type::Day, Type::Day], 2, true),
    function(
        "work_minutes",
        "work_minutes(moment, moment) / work_minutes(moment, moment, pauses)",
        &[Type::Moment, Type::Moment, Type::Intervals],
        2,
        true,
    ),
    function("outside_hours", "outside_hours(moment)", &[Type::Moment], 1, true),
    function("count", "count(list)", &[], 1, false),
    function("coalesce", "coalesce(a, b)", &[], 2, false),
];

const fn function(
    name: &'static str,
    usage: &'static str,
    takes: &'static [Type],
    least: usize,
    working: bool,
) -> Signature {
    Signature { name, usage, takes, least, working }
}

impl Signature {
    /// The function of a name.
    pub(super) fn of(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|signature| signature.name == name)
    }

    /// The most arguments it takes; `None` for any number.
    pub(super) fn most(&self) -> Option<usize> {
        match self.name {
            "coalesce" => None,
            "count" => Some(1),
            _ => Some(self.takes.len()),
        }
    }
}

impl Function {
    /// Its name in a condition.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Day(_) => "day",
            Self::IsWorkingDay => "is_working_day",
            Self::AddWorkingDays => "add_working_days",
            Self::AddCalendarDays => "add_calendar_days",
            Self::AddMonths => "add_months",
            Self::AddWorkingMinutes => "add_working_minutes",
            Self::AddWorkingHours => "add_working_hours",
            Self::DueBy => "due_by",
            Self::WorkDays => "work_days",
            Self::WorkMinutes => "work_minutes",
            Self::OutsideHours => "outside_hours",
            Self::Count => "count",
            Self::Coalesce => "coalesce",
        }
    }

    /// Whether it needs a calendar with working days (`day`, `add_months`, `count`, `coalesce` do not).
    pub fn needs_working_days(&self) -> bool {
        Signature::of(self.name()).is_some_and(|signature| signature.working)
    }
}
