//! Time limits of procedures (*thời hạn giải quyết*), typed: what a limit counts, and how it is written down.
//!
//! Files give them in words ("03 ngày làm việc", "20 ngày", "ngay trong ngày; sau 15 giờ sang ngày làm việc
//! tiếp theo"). [`TimeLimit::read`] takes what says one limit and refuses everything else with a reason:
//! several limits for several cases, a range, a clock that starts with something other than the dossier. The
//! canonical form ([`TimeLimit`]'s `Display`) reads back as the same limit.

mod phrase;
mod words;

use std::fmt;

use giaouoc_worktime::time::Moment;
use giaouoc_worktime::{Calendar, CalendarError, Limit, ReceiptRule, TimeOfDay};

use crate::text::Text;

/// A time limit, by what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeLimit {
    /// Working days; the day of receipt is not counted.
    WorkingDays(u32),
    /// Days of the calendar, as "20 ngày" says.
    Days(u32),
    /// Months of the calendar.
    Months(u32),
    /// Minutes of working time: the text says "giờ làm việc".
    WorkingMinutes(u32),
    /// Minutes of a text that says hours and not which: of the clock or of working time, it is not told.
    Minutes(u32),
    /// Within the working day of receipt; when a time of day is given, what is received from then on counts as
    /// received on the next working day.
    SameDay(Option<TimeOfDay>),
}

/// Why a text is not one time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoLimit {
    /// A number, and not of what: working days, days, hours?
    NoUnit,
    /// Several limits, for several cases.
    Several,
    /// One limit, but only for a case that the text names.
    Conditional,
    /// From so many to so many.
    Range,
    /// A fraction of days, weeks or months.
    Fraction,
    /// The clock starts with something other than the dossier's receipt.
    OtherStart,
    /// More than ten years.
    TooLong,
    /// Nothing that is known as a limit.
    NotALimit,
}

/// The longest limit that is believed, in days: as `time_limit_days` of the kinds.
const MOST_DAYS: u32 = 3660;

impl TimeLimit {
    /// Reads a limit in words, or in the canonical form.
    ///
    /// # Errors
    /// Why the text is not one limit. Nothing is guessed: a bare number is refused, and so is what depends on
    /// a case.
    pub fn read(text: &str) -> Result<Self, NoLimit> {
        words::read(text)
    }

    /// The number of working days, for a limit that counts these.
    pub fn working_days(self) -> Option<u32> {
        match self {
            Self::WorkingDays(days) => Some(days),
            _ => None,
        }
    }

    /// When something received at a moment is due: a day for limits in days and months, an instant for limits in
    /// working time. Nothing where it cannot be told: hours that the text does not explain, or a limit that hangs
    /// on the hour of receipt when only its day is known.
    pub fn due(self, received: Moment, calendar: &Calendar) -> Option<Result<Moment, CalendarError>> {
        let (limit, rule) = self.clock()?;
        let by_hour =
            matches!(limit, Limit::WorkingSeconds(_)) || matches!(rule, ReceiptRule::NextDayFrom(_));
        if by_hour && matches!(received, Moment::Day(_)) {
            return None;
        }
        Some(calendar.due(received, limit, rule, &[]).map(|due| due.moment))
    }

    /// How people say it, in both languages.
    pub fn text(self) -> Text {
        let vi = match self {
            Self::WorkingDays(n) => format!("{n} ngày làm việc"),
            Self::Days(n) => format!("{n} ngày"),
            Self::Months(n) => format!("{n} tháng"),
            Self::WorkingMinutes(n) if n % 60 == 0 => format!("{} giờ làm việc", n / 60),
            Self::WorkingMinutes(n) => format!("{n} phút làm việc"),
            Self::Minutes(n) if n % 60 == 0 => format!("{} giờ", n / 60),
            Self::Minutes(n) => format!("{n} phút"),
            Self::SameDay(None) => "trong ngày".to_owned(),
            Self::SameDay(Some(from)) => format!("trong ngày; sau {from} sang ngày làm việc tiếp theo"),
        };
        Text::new(vi, self.to_string())
    }

    /// The limit and the rule of receipt that working time computes a due date with; none for hours of which
    /// the text does not say whether they are working hours.
    pub fn clock(self) -> Option<(Limit, ReceiptRule)> {
        let own = ReceiptRule::OwnDay;
        let signed = |n: u32| i32::try_from(n).ok();
        Some(match self {
            Self::WorkingDays(n) => (Limit::WorkingDays(signed(n)?), own),
            Self::Days(n) => (Limit::CalendarDays(signed(n)?), own),
            Self::Months(n) => (Limit::Months(signed(n)?), own),
            Self::WorkingMinutes(n) => (Limit::WorkingSeconds(i64::from(n) * 60), own),
            Self::Minutes(_) => return None,
            Self::SameDay(None) => (Limit::WorkingDays(0), own),
            Self::SameDay(Some(from)) => (Limit::WorkingDays(0), ReceiptRule::NextDayFrom(from)),
        })
    }
}

impl fmt::Display for TimeLimit {
    /// The canonical form: `3 working days`, `20 days`, `1 month`, `8 working hours`, `30 minutes`, `same day`,
    /// `same day, from 15:00 the next working day`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut counted = |n: u32, what: &str| write!(f, "{n} {what}{}", if n == 1 { "" } else { "s" });
        match self {
            Self::WorkingDays(n) => counted(*n, "working day"),
            Self::Days(n) => counted(*n, "day"),
            Self::Months(n) => counted(*n, "month"),
            Self::WorkingMinutes(n) if n % 60 == 0 => counted(n / 60, "working hour"),
            Self::WorkingMinutes(n) => counted(*n, "working minute"),
            Self::Minutes(n) if n % 60 == 0 => counted(n / 60, "hour"),
            Self::Minutes(n) => counted(*n, "minute"),
            Self::SameDay(None) => f.write_str("same day"),
            Self::SameDay(Some(from)) => write!(f, "same day, from {from} the next working day"),
        }
    }
}

impl NoLimit {
    /// A stable, kebab-case name.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoUnit => "limit-without-unit",
            Self::Several => "several-limits",
            Self::Conditional => "conditional-limit",
            Self::Range => "range-of-limits",
            Self::Fraction => "fraction-of-a-day",
            Self::OtherStart => "other-start",
            Self::TooLong => "limit-too-long",
            Self::NotALimit => "not-a-limit",
        }
    }

    /// What is wrong, and what to do about it.
    pub fn text(self) -> Text {
        match self {
            Self::NoUnit => Text::new(
                "Thời hạn chỉ có số mà không nói tính bằng gì. Hãy ghi rõ, ví dụ 15 ngày làm việc.",
                "The time limit is a bare number. Say of what, such as 15 ngày làm việc (working days).",
            ),
            Self::Several => Text::new(
                "Ô này có nhiều thời hạn cho nhiều trường hợp. Hãy ghi thời hạn của trường hợp này.",
                "The cell gives several time limits for several cases. Write the one of this case.",
            ),
            Self::Conditional => Text::new(
                "Thời hạn này chỉ áp dụng cho một trường hợp nêu trong ô. Hãy ghi riêng thời hạn.",
                "The time limit holds for a case that the cell names. Write the limit alone.",
            ),
            Self::Range => Text::new(
                "Thời hạn ghi thành khoảng (từ … đến …). Hãy ghi một con số.",
                "The time limit is a range. Write one number.",
            ),
            Self::Fraction => Text::new(
                "Thời hạn không tròn ngày. Hãy ghi bằng giờ làm việc.",
                "The time limit is a fraction of a day. Write it in working hours.",
            ),
            Self::OtherStart => Text::new(
                "Thời hạn tính từ một mốc khác lúc nhận đủ hồ sơ hợp lệ. Hãy ghi hạn trả vào cột hạn trả.",
                "The time limit runs from something other than receipt of the dossier. Give the due date instead.",
            ),
            Self::TooLong => Text::new(
                format!("Thời hạn dài hơn {MOST_DAYS} ngày. Hãy kiểm tra lại con số."),
                format!("The time limit is longer than {MOST_DAYS} days. Check the number."),
            ),
            Self::NotALimit => Text::new(
                "Không hiểu thời hạn này. Hãy ghi ví dụ: 03 ngày làm việc, 20 ngày, 1 tháng, 08 giờ làm việc, ngay trong ngày.",
                "Not a time limit that is known. Write for example: 3 working days, 20 days, 1 month, 8 working hours, same day.",
            ),
        }
    }
}

#[cfg(test)]
mod tests;
