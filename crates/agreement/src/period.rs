//! Periods: `2020`, `2020S1`, `2020Q1`, `202003`, named ranges, `2020-01-15..2020-03-31`.

use std::cmp::Ordering;
use std::fmt;

use giaouoc_worktime::time::Day;
use serde::{Deserialize, Serialize};

use crate::problem::nearest;
use crate::text::Text;

/// A range of whole local days, both ends inclusive (the instants are half-open: up to the start of the
/// day after `last`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
    /// How it was written: a textual code, or the id of a named range.
    pub code: String,
}

/// A part of a period that a goal may ask something of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
    /// Half-years.
    HalfYear,
}

impl Part {
    /// Months in it.
    pub fn months(self) -> i64 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::HalfYear => 6,
        }
    }

    /// As goals write it: `month`, `quarter`, `half-year`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::HalfYear => "half-year",
        }
    }

    /// In words: *tháng*, *quý*, *6 tháng*.
    pub fn words(self) -> Text {
        match self {
            Self::Month => Text::new("tháng", "month"),
            Self::Quarter => Text::new("quý", "quarter"),
            Self::HalfYear => Text::new("6 tháng", "half-year"),
        }
    }
}

/// Why a text is not a period. The message says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodError {
    /// What is wrong and what to write instead.
    pub text: Text,
}

impl fmt::Display for PeriodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl std::error::Error for PeriodError {}

impl PeriodError {
    fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { text: Text::new(vi, en) }
    }
}

/// Roman numerals of the quarters, as Vietnamese paper writes them.
const QUARTERS: [&str; 4] = ["I", "II", "III", "IV"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What a range of days is in the calendar, when it is one of its parts.
enum Shape {
    Year(i32),
    Half(i32, u32),
    Quarter(i32, u32),
    Month(i32, u32),
    Range,
}

impl Period {
    /// Reads a textual code, the id of one of the `named` ranges, or `A..B`.
    ///
    /// # Errors
    /// When it is none of them, names a part that does not exist, leaves the years 1900 to 2200, or ends
    /// before it begins.
    pub fn parse(text: &str, named: &[Self]) -> Result<Self, PeriodError> {
        let text = text.trim();
        if let Some((first, last)) = text.split_once("..") {
            return Self::parse_range(first.trim(), last.trim());
        }
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        // A name of digits alone would let `2020` mean something else than the year.
        if digits < text.len()
            && let Some(range) = named.iter().find(|range| range.code == text)
        {
            return Ok(range.clone());
        }
        let (number, rest) = text.split_at(digits);
        match (digits, rest.as_bytes()) {
            (4, b"") => Self::of_months(text, number, 1, 12),
            (4, [b'S', n @ b'1'..=b'2']) => Self::of_months(text, number, u32::from(n - b'1') * 6 + 1, 6),
            (4, [b'Q', n @ b'1'..=b'4']) => Self::of_months(text, number, u32::from(n - b'1') * 3 + 1, 3),
            (4, [b'S', ..]) => Err(PeriodError::new(
                format!(
                    "Không có kỳ \"{}\": một năm có hai kỳ 6 tháng, ví dụ {number}S1 hoặc {number}S2.",
                    shown(text)
                ),
                format!(
                    "There is no period \"{}\": a year has two half-years, for example {number}S1 or {number}S2.",
                    shown(text)
                ),
            )),
            (4, [b'Q', ..]) => Err(PeriodError::new(
                format!("Không có kỳ \"{}\": một năm có bốn quý, từ {number}Q1 đến {number}Q4.", shown(text)),
                format!(
                    "There is no period \"{}\": a year has four quarters, {number}Q1 to {number}Q4.",
                    shown(text)
                ),
            )),
            (6, b"") => match number[4..].parse::<u32>() {
                Ok(month @ 1..=12) => Self::of_months(text, &number[..4], month, 1),
                _ => Err(PeriodError::new(
                    format!("Không có kỳ \"{text}\": tháng phải từ 01 đến 12, ví dụ {}03.", &number[..4]),
                    format!(
                        "There is no period \"{text}\": months go from 01 to 12, for example {}03.",
                        &number[..4]
                    ),
                )),
            },
            _ => Err(unreadable(text, named)),
        }
    }

    /// The range from `first` to `last`, both inclusive. Its code is the textual one where the range is a
    /// whole year, half-year, quarter or month, and `A..B` otherwise.
    ///
    /// # Errors
    /// When it ends before it begins.
    pub fn between(first: Day, last: Day) -> Result<Self, PeriodError> {
        if last < first {
            return Err(PeriodError::new(
                format!(
                    "Kỳ kết thúc ({}) trước khi bắt đầu ({}). Hãy ghi ngày đầu trước, ngày cuối sau.",
                    last.dmy(),
                    first.dmy()
                ),
                format!("The period ends ({last}) before it begins ({first}). Write the first day first."),
            ));
        }
        let code = match shape(first, last) {
            Shape::Year(year) => format!("{year}"),
            Shape::Half(year, half) => format!("{year}S{half}"),
            Shape::Quarter(year, quarter) => format!("{year}Q{quarter}"),
            Shape::Month(year, month) => format!("{year}{month:02}"),
            Shape::Range => format!("{first}..{last}"),
        };
        Ok(Self { first, last, code })
    }

    fn parse_range(first: &str, last: &str) -> Result<Self, PeriodError> {
        let day = |text: &str| {
            text.parse::<Day>().map_err(|error| {
                PeriodError::new(
                    format!("{} Một khoảng ngày ghi như 2020-01-15..2020-03-31.", error.vi()),
                    format!("{} A range of days is written like 2020-01-15..2020-03-31.", error.en()),
                )
            })
        };
        let (first, last) = (day(first)?, day(last)?);
        Ok(Self { code: format!("{first}..{last}"), ..Self::between(first, last)? })
    }

    /// `count` months of a year from `month` on.
    fn of_months(code: &str, year: &str, month: u32, count: i64) -> Result<Self, PeriodError> {
        let out_of_range = || {
            PeriodError::new(
                format!("Năm {year} trong kỳ \"{code}\" nằm ngoài khoảng 1900–2200. Hãy kiểm tra lại năm."),
                format!(
                    "The year {year} of the period \"{code}\" lies outside 1900 to 2200. Check the year."
                ),
            )
        };
        let year: i32 = year.parse().map_err(|_| out_of_range())?;
        let first = Day::from_ymd(year, month, 1).map_err(|_| out_of_range())?;
        let last = end_of(first, count).ok_or_else(out_of_range)?;
        Ok(Self { first, last, code: code.to_owned() })
    }

    /// Whether a day lies in it.
    pub fn contains(&self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// Number of days.
    pub fn days(&self) -> i64 {
        self.first.days_until(self.last) + 1
    }

    /// The days that two periods share.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        Self::between(self.first.max(other.first), self.last.min(other.last)).ok()
    }

    /// Its months, quarters or half-years, in order of time; together they are the whole period, without
    /// overlap.
    ///
    /// A period that is a whole number of such parts counted from its own first day is cut there: a
    /// reporting year from 15/12 to 14/12 has its half-years from 15/12 and from 15/06 (Decree
    /// 09/2019/NĐ-CP, Article 12), not a half-year of 17 days in December. Any other period is cut at the
    /// calendar's own boundaries, and its first and last part may be short.
    pub fn parts(&self, part: Part) -> Vec<Self> {
        if let Some(parts) = self.whole_parts(part) {
            return parts;
        }
        let mut parts = Vec::new();
        let mut first = self.first;
        while first <= self.last {
            let (year, month, _) = first.ymd();
            let months = u32::try_from(part.months()).unwrap_or(1);
            let start = Day::from_ymd(year, month - (month - 1) % months, 1).unwrap_or(first);
            let last = end_of(start, part.months()).unwrap_or(self.last).min(self.last);
            parts.extend(Self::between(first, last).ok());
            match last.add_days(1) {
                Ok(next) => first = next,
                Err(_) => break,
            }
        }
        parts
    }

    /// The parts counted from the first day, when they come out even.
    fn whole_parts(&self, part: Part) -> Option<Vec<Self>> {
        // From the 29th on, adding months would be cut to shorter months: no clean boundary.
        if self.first.ymd().2 > 28 {
            return None;
        }
        let mut parts = Vec::new();
        let mut first = self.first;
        loop {
            let last = end_of(first, part.months())?;
            if last > self.last {
                return None;
            }
            parts.push(Self::between(first, last).ok()?);
            if last == self.last {
                return Some(parts);
            }
            first = last.add_days(1).ok()?;
        }
    }

    /// Whether it is made of whole months, quarters or half-years of another period, as [`Period::parts`] cuts
    /// that one: 2020S1 and 2021 are made of the half-years of 2020, 2020Q1 and 2020-02-01..2020-07-31 are not.
    pub fn made_of_parts_of(&self, other: &Self, part: Part) -> bool {
        // Where the other is cut by the calendar, so are the years around it.
        let origin = match other.whole_parts(part) {
            Some(_) => other.first,
            None => match Day::from_ymd(other.first.ymd().0, 1, 1) {
                Ok(day) => day,
                Err(_) => return false,
            },
        };
        let between = match self.first.cmp(&origin) {
            Ordering::Equal => return self.whole_parts(part).is_some(),
            Ordering::Less => (self.first, origin),
            Ordering::Greater => (origin, self.first),
        };
        let gap = between.1.add_days(-1).ok().and_then(|last| Self::between(between.0, last).ok());
        gap.is_some_and(|gap| gap.whole_parts(part).is_some()) && self.whole_parts(part).is_some()
    }

    /// Cut before each of the `starts` that lies inside it (after its first day). Without any, the period
    /// itself, with its code.
    pub fn split(&self, starts: &[Day]) -> Vec<Self> {
        let mut cuts: Vec<Day> =
            starts.iter().copied().filter(|day| self.first < *day && *day <= self.last).collect();
        cuts.sort_unstable();
        cuts.dedup();
        if cuts.is_empty() {
            return vec![self.clone()];
        }
        let firsts = std::iter::once(self.first).chain(cuts.iter().copied());
        let lasts = cuts.iter().filter_map(|day| day.add_days(-1).ok()).chain([self.last]);
        firsts.zip(lasts).filter_map(|(first, last)| Self::between(first, last).ok()).collect()
    }

    /// In words: "6 tháng đầu năm 2020", "Quý I năm 2020", "tháng 3/2020", "năm 2020", or from day to day.
    pub fn words(&self) -> Text {
        match shape(self.first, self.last) {
            Shape::Year(year) => Text::new(format!("năm {year}"), format!("{year}")),
            Shape::Half(year, 1) => {
                Text::new(format!("6 tháng đầu năm {year}"), format!("first half of {year}"))
            }
            Shape::Half(year, _) => {
                Text::new(format!("6 tháng cuối năm {year}"), format!("second half of {year}"))
            }
            Shape::Quarter(year, quarter) => {
                let roman = QUARTERS.get(quarter as usize - 1).copied().unwrap_or_default();
                Text::new(format!("Quý {roman} năm {year}"), format!("Q{quarter} {year}"))
            }
            Shape::Month(year, month) => {
                let name = MONTHS.get(month as usize - 1).copied().unwrap_or_default();
                Text::new(format!("tháng {month}/{year}"), format!("{name} {year}"))
            }
            Shape::Range if self.first == self.last => {
                Text::new(format!("ngày {}", self.first.dmy()), self.first.to_string())
            }
            Shape::Range => Text::new(
                format!("từ {} đến {}", self.first.dmy(), self.last.dmy()),
                format!("{} to {}", self.first, self.last),
            ),
        }
    }
}

/// The last of `count` months that begin on `first`.
fn end_of(first: Day, count: i64) -> Option<Day> {
    match first.add_months(count) {
        Ok(next) => next.add_days(-1).ok(),
        // The month after December 2200 is not a month here, but December 2200 is.
        Err(_) => (first.add_months(count - 1).ok()?.ymd() == (2200, 12, 1)).then_some(Day::MAX),
    }
}

fn shape(first: Day, last: Day) -> Shape {
    let (year, month, day) = first.ymd();
    let is = |count| day == 1 && end_of(first, count) == Some(last);
    match month {
        1 if is(12) => Shape::Year(year),
        1 | 7 if is(6) => Shape::Half(year, month / 7 + 1),
        1 | 4 | 7 | 10 if is(3) => Shape::Quarter(year, month / 3 + 1),
        _ if is(1) => Shape::Month(year, month),
        _ => Shape::Range,
    }
}

fn unreadable(text: &str, named: &[Period]) -> PeriodError {
    let text = shown(text);
    let upper = text.to_uppercase();
    let near = if upper != text && Period::parse(&upper, &[]).is_ok() {
        Some(upper.as_str())
    } else {
        nearest(&text, named.iter().map(|range| range.code.as_str()))
    };
    let (near_vi, near_en) = match near {
        Some(near) => (format!(" Có phải là \"{near}\"?"), format!(" Did you mean \"{near}\"?")),
        None => (String::new(), String::new()),
    };
    PeriodError::new(
        format!(
            "Không đọc được kỳ \"{text}\".{near_vi} Ghi: 2020 (năm), 2020S1 (6 tháng), 2020Q1 (quý), 202003 \
             (tháng), 2020-01-15..2020-03-31, hoặc mã một kỳ có tên trong giao ước."
        ),
        format!(
            "\"{text}\" is not a period.{near_en} Write 2020 (year), 2020S1 (half-year), 2020Q1 (quarter), 202003 \
             (month), 2020-01-15..2020-03-31, or the id of a named range of the agreement."
        ),
    )
}

/// A text as shown in a message: no control characters, at most 40 characters.
fn shown(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if text.chars().count() > 40 {
        short.push('…');
    }
    short
}

#[cfg(test)]
#[path = "period_tests.rs"]
mod tests;
