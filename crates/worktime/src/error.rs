//! What can go wrong with working time, named for what went wrong, in Vietnamese and English.

use crate::time::Day;

/// Everything that this crate refuses. `Display` is the English message; [`CalendarError::vi`] and
/// [`CalendarError::en`] give both languages. Each message says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.en())]
#[non_exhaustive]
pub enum CalendarError {
    /// The text is not a day `YYYY-MM-DD` that exists.
    BadDay {
        /// The text as it was given (cut to a readable length).
        text: String,
    },
    /// The text is neither a day nor a date with a time of day.
    BadMoment {
        /// The text as it was given (cut to a readable length).
        text: String,
    },
    /// The text is not a time of day `HH:MM`, or not a span `HH:MM-HH:MM` with its ends in order.
    BadTimeOfDay {
        /// The text as it was given (cut to a readable length).
        text: String,
    },
    /// A date with a time of day came without an offset where none could be supplied.
    NoOffset {
        /// The text as it was given.
        text: String,
    },
    /// A year outside 1900..=2200, or arithmetic that left it.
    YearOutOfRange {
        /// The year, as far as it could be told.
        year: i64,
    },
    /// The time zone database has no such name.
    UnknownZone {
        /// The name as it was given.
        name: String,
    },
    /// No built-in calendar has this name.
    UnknownCalendar {
        /// The name as it was given.
        name: String,
        /// The names that exist.
        known: Vec<String>,
    },
    /// The calendar file cannot be read: TOML syntax or a field that is wrong.
    BadFile {
        /// The parser's words, with line and column where it knows them.
        detail: String,
    },
    /// The calendar file can be read but contradicts itself.
    Inconsistent {
        /// Where in the file, for example `day 2024-05-04`.
        place: String,
        /// What is wrong, in Vietnamese.
        vi: String,
        /// What is wrong, in English.
        en: String,
    },
    /// A switch that the calendar file does not have.
    UnknownSwitch {
        /// The name as it was given.
        name: String,
        /// The names that exist.
        known: Vec<String>,
    },
    /// The calendar has no facts for this year: days off of that year must be entered first.
    OutsideCoverage {
        /// The calendar.
        calendar: String,
        /// The year that is missing.
        year: i32,
        /// First day covered.
        from: Day,
        /// Last day covered.
        to: Day,
    },
    /// Nothing that the calendar needs had been announced by that day.
    NothingAnnounced {
        /// The calendar.
        calendar: String,
        /// The day up to which announcements were to be taken.
        as_announced_on: Day,
    },
    /// The calendar only knows its time zone; it has no working days.
    ZoneOnly {
        /// The calendar.
        calendar: String,
        /// The function that was refused.
        function: &'static str,
    },
    /// Working hours on this day lie across a change of the clock: their length would be a guess.
    HoursAcrossClockChange {
        /// The calendar.
        calendar: String,
        /// The day.
        day: Day,
    },
    /// Working hours cannot be counted from a bare date.
    NeedsTimeOfDay {
        /// The date.
        day: Day,
    },
    /// A negative number of days, months or hours was to be added.
    NegativeAmount {
        /// The amount.
        amount: i64,
    },
    /// A pause that ends before it begins.
    PauseReversed {
        /// Its beginning.
        from: String,
        /// Its end.
        to: String,
    },
    /// Columns of different lengths were given together.
    LengthMismatch {
        /// Rows expected.
        expected: usize,
        /// Rows found.
        found: usize,
    },
}

impl CalendarError {
    /// The message in Vietnamese.
    pub fn vi(&self) -> String {
        match self {
            Self::BadDay { text } => format!(
                "\"{text}\" không phải là ngày hợp lệ. Hãy ghi ngày theo dạng năm-tháng-ngày, ví dụ 2026-01-10."
            ),
            Self::BadMoment { text } => format!(
                "\"{text}\" không phải là ngày hoặc ngày giờ hợp lệ. Hãy ghi 2026-01-10 hoặc 2026-01-10T16:00:00+07:00."
            ),
            Self::BadTimeOfDay { text } => format!(
                "\"{text}\" không phải là giờ hoặc khoảng giờ hợp lệ. Hãy ghi 07:30 hoặc 07:30-11:30, giờ đầu trước giờ cuối."
            ),
            Self::NoOffset { text } => format!(
                "\"{text}\" không ghi múi giờ. Hãy thêm +07:00 (hoặc Z) vào sau giờ, hoặc nêu múi giờ của dữ liệu."
            ),
            Self::YearOutOfRange { year } => {
                format!("Năm {year} nằm ngoài khoảng 1900–2200. Hãy kiểm tra lại ngày trong dữ liệu.")
            }
            Self::UnknownZone { name } => {
                format!("Không có múi giờ \"{name}\". Hãy dùng tên IANA, ví dụ Asia/Ho_Chi_Minh.")
            }
            Self::UnknownCalendar { name, known } => {
                format!("Không có lịch làm việc \"{name}\". Các lịch có sẵn: {}.", known.join(", "))
            }
            Self::BadFile { detail } => {
                format!("Không đọc được tệp lịch làm việc: {detail}. Hãy sửa tệp tại vị trí đã nêu.")
            }
            Self::Inconsistent { place, vi, .. } => format!("Tệp lịch làm việc, {place}: {vi}"),
            Self::UnknownSwitch { name, known } => format!(
                "Lịch làm việc không có tùy chọn \"{name}\". Các tùy chọn có: {}.",
                if known.is_empty() { "không có".to_owned() } else { known.join(", ") }
            ),
            Self::OutsideCoverage { calendar, year, from, to } => format!(
                "Lịch làm việc {calendar} chưa có số liệu năm {year} (chỉ có từ {} đến {}). Hãy bổ sung ngày nghỉ năm {year} vào tệp lịch rồi tính lại.",
                from.dmy(),
                to.dmy()
            ),
            Self::NothingAnnounced { calendar, as_announced_on } => format!(
                "Tính đến {}, lịch làm việc {calendar} chưa có thông báo ngày nghỉ nào. Hãy chọn ngày muộn hơn.",
                as_announced_on.dmy()
            ),
            Self::ZoneOnly { calendar, function } => format!(
                "Lịch {calendar} chỉ có múi giờ, không có ngày làm việc nên không tính được \"{}\". Hãy so sánh theo ngày, hoặc chọn lịch có ngày làm việc.",
                function_vi(function)
            ),
            Self::HoursAcrossClockChange { calendar, day } => format!(
                "Lịch làm việc {calendar}: giờ làm việc ngày {} trùng lúc đổi giờ mùa nên độ dài không xác định. Hãy tách giờ làm việc của ngày này.",
                day.dmy()
            ),
            Self::NeedsTimeOfDay { day } => format!(
                "Không thể tính giờ làm việc từ ngày {} vì thiếu giờ tiếp nhận. Hãy bổ sung giờ, hoặc đặt thời hạn theo ngày.",
                day.dmy()
            ),
            Self::NegativeAmount { amount } => {
                format!("Không thể cộng một lượng âm ({amount}). Hãy kiểm tra thời hạn giải quyết.")
            }
            Self::PauseReversed { from, to } => format!(
                "Khoảng tạm dừng kết thúc ({to}) trước khi bắt đầu ({from}). Hãy kiểm tra lại hai mốc thời gian."
            ),
            Self::LengthMismatch { expected, found } => {
                format!("Các cột dữ liệu không cùng số dòng: cần {expected}, có {found}.")
            }
        }
    }

    /// The message in English.
    pub fn en(&self) -> String {
        match self {
            Self::BadDay { text } => format!(
                "\"{text}\" is not a day that exists. Write it as year-month-day, for example 2026-01-10."
            ),
            Self::BadMoment { text } => format!(
                "\"{text}\" is neither a day nor a date with a time. Write 2026-01-10 or 2026-01-10T16:00:00+07:00."
            ),
            Self::BadTimeOfDay { text } => format!(
                "\"{text}\" is not a time of day or a span of hours. Write 07:30 or 07:30-11:30, earlier end first."
            ),
            Self::NoOffset { text } => format!(
                "\"{text}\" has no offset from UTC. Add +07:00 (or Z) after the time, or name the zone of the data."
            ),
            Self::YearOutOfRange { year } => {
                format!("The year {year} lies outside 1900 to 2200. Check the date in the data.")
            }
            Self::UnknownZone { name } => {
                format!("There is no time zone \"{name}\". Use an IANA name, for example Asia/Ho_Chi_Minh.")
            }
            Self::UnknownCalendar { name, known } => {
                format!("There is no working calendar \"{name}\". Built in: {}.", known.join(", "))
            }
            Self::BadFile { detail } => {
                format!("The calendar file cannot be read: {detail}. Correct the file at the place named.")
            }
            Self::Inconsistent { place, en, .. } => format!("Calendar file, {place}: {en}"),
            Self::UnknownSwitch { name, known } => format!(
                "The calendar has no switch \"{name}\". Switches: {}.",
                if known.is_empty() { "none".to_owned() } else { known.join(", ") }
            ),
            Self::OutsideCoverage { calendar, year, from, to } => format!(
                "The working calendar {calendar} has no facts for {year} (it covers {from} to {to}). Add the days off of {year} to the calendar file and compute again."
            ),
            Self::NothingAnnounced { calendar, as_announced_on } => format!(
                "By {as_announced_on} nothing had been announced that the calendar {calendar} needs. Choose a later day."
            ),
            Self::ZoneOnly { calendar, function } => format!(
                "The calendar {calendar} only knows its time zone and has no working days, so \"{function}\" is refused. Compare by date, or choose a calendar with working days."
            ),
            Self::HoursAcrossClockChange { calendar, day } => format!(
                "Working calendar {calendar}: the hours of {day} lie across a change of the clock, so their length is not certain. Split the hours of that day."
            ),
            Self::NeedsTimeOfDay { day } => format!(
                "Working hours cannot be counted from {day} without a time of day. Give the time, or set the limit in days."
            ),
            Self::NegativeAmount { amount } => {
                format!("A negative amount ({amount}) cannot be added. Check the time limit.")
            }
            Self::PauseReversed { from, to } => {
                format!("A pause ends ({to}) before it begins ({from}). Check both times.")
            }
            Self::LengthMismatch { expected, found } => {
                format!("The columns differ in length: {expected} rows expected, {found} found.")
            }
        }
    }
}

/// The Vietnamese name of a function that a zone-only calendar refuses.
fn function_vi(function: &str) -> &str {
    match function {
        "add working days" => "cộng ngày làm việc",
        "add working time" => "cộng giờ làm việc",
        "clock start" => "thời điểm bắt đầu tính",
        "end of hours" => "hết giờ làm việc",
        "is working day" => "ngày có làm việc hay không",
        "local rules" => "quy định riêng của địa phương",
        "next working day" => "ngày làm việc kế tiếp",
        "paused working time" => "giờ làm việc tạm dừng",
        "previous working day" => "ngày làm việc liền trước",
        "received" => "nhận trong hay ngoài giờ",
        "working days" => "ngày làm việc",
        "working days between" => "số ngày làm việc",
        "working hours" => "khung giờ làm việc",
        "working time between" => "số giờ làm việc",
        other => other,
    }
}

/// A text as shown in a message: control characters out, at most 60 characters.
pub(crate) fn shown(text: &str) -> String {
    let mut s: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if text.chars().count() > 60 {
        s.push('…');
    }
    s
}
