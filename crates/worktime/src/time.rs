//! Days, instants and moments: dates without a time, points on the UTC line, and "one of the two".
//!
//! Years 1900 to 2200 are accepted; anything else is an error, because in records it is a typing
//! mistake. Nothing here knows a time zone except as a written offset; see [`crate::Zone`].

use crate::error::{CalendarError, shown};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Microseconds in a day of 24 hours.
pub const MICROS_PER_DAY: i64 = 86_400_000_000;
/// Microseconds in a second.
pub const MICROS_PER_SECOND: i64 = 1_000_000;

/// A calendar day as the number of days since 1970-01-01 (Arrow's `Date32`). It has no time zone
/// and no time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// A point in time as microseconds since 1970-01-01T00:00:00 UTC (Arrow's `Timestamp(µs)`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

/// A value with its precision: a bare date is a date, not midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// Only the date is known.
    Day(Day),
    /// The point in time is known.
    Instant(Instant),
}

/// A day of the week. The number is days since Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// Monday, thứ Hai.
    Mon,
    /// Tuesday, thứ Ba.
    Tue,
    /// Wednesday, thứ Tư.
    Wed,
    /// Thursday, thứ Năm.
    Thu,
    /// Friday, thứ Sáu.
    Fri,
    /// Saturday, thứ Bảy.
    Sat,
    /// Sunday, Chủ nhật.
    Sun,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// Days since Monday, 0 to 6.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The name in Vietnamese, as inside a sentence.
    pub fn vi(self) -> &'static str {
        ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"][self.index()]
    }

    /// The name in English.
    pub fn en(self) -> &'static str {
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][self.index()]
    }
}

/// Days since 1970-01-01 of a proleptic Gregorian date; the date must exist.
const fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    // Years that begin on 1 March put the leap day last; 400 of them are 146,097 days.
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let month_from_march = (month as i32 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The number of days in a month (1 to 12).
const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Day {
    /// 1900-01-01.
    pub const MIN: Self = Self(days_from_civil(1900, 1, 1));
    /// 2200-12-31.
    pub const MAX: Self = Self(days_from_civil(2200, 12, 31));

    /// The day of a year, month (1 to 12) and day of month.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Result<Self, CalendarError> {
        if !(1900..=2200).contains(&year) {
            return Err(CalendarError::YearOutOfRange { year: year.into() });
        }
        if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
            return Err(CalendarError::BadDay { text: format!("{year:04}-{month:02}-{day:02}") });
        }
        Ok(Self(days_from_civil(year, month, day)))
    }

    /// Checks that a raw number of days lies within the years 1900 to 2200.
    pub fn checked(days: i32) -> Result<Self, CalendarError> {
        let day = Self(days);
        if (Self::MIN..=Self::MAX).contains(&day) {
            Ok(day)
        } else {
            Err(CalendarError::YearOutOfRange { year: day.year().into() })
        }
    }

    /// Year, month (1 to 12), day of month.
    pub fn ymd(self) -> (i32, u32, u32) {
        let z = i64::from(self.0) + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        (year as i32, month as u32, day as u32)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        Weekday::ALL[(i64::from(self.0) + 3).rem_euclid(7) as usize]
    }

    /// The day `days` later (earlier if negative).
    pub fn add_days(self, days: i64) -> Result<Self, CalendarError> {
        let sum = i64::from(self.0).saturating_add(days);
        match i32::try_from(sum) {
            Ok(sum) => Self::checked(sum),
            Err(_) => Err(CalendarError::YearOutOfRange { year: 1970_i64.saturating_add(sum / 365) }),
        }
    }

    /// The same day of the month `months` later (earlier if negative); where that month is too
    /// short, its last day (31/01 + 1 month = 28/02 or 29/02).
    pub fn add_months(self, months: i64) -> Result<Self, CalendarError> {
        let (year, month, day) = self.ymd();
        let count = (i64::from(year) * 12 + i64::from(month) - 1).saturating_add(months);
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) as u32 + 1);
        if !(1900..=2200).contains(&year) {
            return Err(CalendarError::YearOutOfRange { year });
        }
        let year = year as i32;
        Self::from_ymd(year, month, day.min(days_in_month(year, month)))
    }

    /// Calendar days from `self` to `later`, negative if reversed.
    pub fn days_until(self, later: Self) -> i64 {
        i64::from(later.0) - i64::from(self.0)
    }

    /// The day as Vietnamese paper writes it: `dd/mm/yyyy`.
    pub fn dmy(self) -> String {
        let (year, month, day) = self.ymd();
        format!("{day:02}/{month:02}/{year:04}")
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        f.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

impl FromStr for Day {
    type Err = CalendarError;

    /// Reads exactly `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let bad = || CalendarError::BadDay { text: shown(text) };
        let b = text.as_bytes();
        if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
            return Err(bad());
        }
        let number = |from: usize, to: usize| digits(&b[from..to]).ok_or_else(bad);
        Self::from_ymd(number(0, 4)? as i32, number(5, 7)?, number(8, 10)?)
    }
}

/// A run of ASCII digits as a number; `None` for anything else. At most nine digits are given.
fn digits(bytes: &[u8]) -> Option<u32> {
    let mut n: u32 = 0;
    for &b in bytes {
        n = n.checked_mul(10)?.checked_add(u32::from(b.is_ascii_digit().then(|| b - b'0')?))?;
    }
    (!bytes.is_empty()).then_some(n)
}

/// Date, microseconds since local midnight, and the written offset in seconds if there is one.
pub(crate) struct Written {
    pub(crate) day: Day,
    pub(crate) micros: i64,
    pub(crate) offset: Option<i32>,
}

/// Reads `YYYY-MM-DD[T ]HH:MM[:SS[.f…]][Z|±HH[:]MM]`. Fractions beyond microseconds are cut off.
pub(crate) fn parse_written(text: &str) -> Result<Written, CalendarError> {
    let bad = || CalendarError::BadMoment { text: shown(text) };
    let (date, rest) = text.split_at_checked(10).ok_or_else(bad)?;
    let day: Day = date.parse()?;
    let rest = rest.strip_prefix(['T', ' ', 't']).ok_or_else(bad)?.as_bytes();
    let two = |b: &[u8], at: usize| b.get(at..at + 2).and_then(digits);
    let hour = two(rest, 0).filter(|h| *h < 24).ok_or_else(bad)?;
    let minute = two(rest, 3).filter(|m| *m < 60 && rest[2] == b':').ok_or_else(bad)?;
    let mut at = 5;
    let mut micros = i64::from(hour * 3600 + minute * 60) * MICROS_PER_SECOND;
    if rest.get(at) == Some(&b':') {
        let second = two(rest, at + 1).filter(|s| *s < 60).ok_or_else(bad)?;
        micros += i64::from(second) * MICROS_PER_SECOND;
        at += 3;
        if rest.get(at) == Some(&b'.') {
            let len = rest[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
            if len == 0 || len > 18 {
                return Err(bad());
            }
            let mut unit = MICROS_PER_SECOND / 10;
            for b in &rest[at + 1..at + 1 + len] {
                micros += i64::from(b - b'0') * unit;
                unit /= 10;
            }
            at += 1 + len;
        }
    }
    let offset = match rest.get(at..).unwrap_or_default() {
        b"" => None,
        b"Z" | b"z" => Some(0),
        [sign @ (b'+' | b'-'), tail @ ..] => {
            let minutes = match tail.len() {
                2 => Some(0),
                4 => two(tail, 2),
                5 if tail[2] == b':' => two(tail, 3),
                _ => None,
            };
            let hours = two(tail, 0).filter(|h| *h <= 18).ok_or_else(bad)?;
            let minutes = minutes.filter(|m| *m < 60).ok_or_else(bad)?;
            let seconds = (hours * 3600 + minutes * 60) as i32;
            Some(if *sign == b'-' { -seconds } else { seconds })
        }
        _ => return Err(bad()),
    };
    Ok(Written { day, micros, offset })
}

impl Instant {
    /// The first instant of 1900 in UTC, less a day so that every zone's 1900 fits.
    pub const MIN: Self = Self((Day::MIN.0 as i64 - 1) * MICROS_PER_DAY);
    /// The end of 2200 in UTC, plus a day so that every zone's 2200 fits.
    pub const MAX: Self = Self((Day::MAX.0 as i64 + 2) * MICROS_PER_DAY - 1);

    /// Checks that a raw number of microseconds lies within the years 1900 to 2200.
    pub fn checked(micros: i64) -> Result<Self, CalendarError> {
        let instant = Self(micros);
        if (Self::MIN..=Self::MAX).contains(&instant) {
            Ok(instant)
        } else {
            let years = micros.div_euclid(MICROS_PER_DAY) / 365;
            Err(CalendarError::YearOutOfRange { year: 1970 + years })
        }
    }

    /// The instant `seconds` later (earlier if negative), on the UTC line.
    pub fn add_seconds(self, seconds: i64) -> Result<Self, CalendarError> {
        Self::checked(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }

    /// The instant cut down to the whole second.
    pub fn floor_second(self) -> Self {
        Self(self.0.div_euclid(MICROS_PER_SECOND).saturating_mul(MICROS_PER_SECOND))
    }
}

impl fmt::Display for Instant {
    /// UTC: `2020-03-05T09:00:00Z`, with six decimals only where there is a fraction.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = Day(self.0.div_euclid(MICROS_PER_DAY) as i32);
        let micros = self.0.rem_euclid(MICROS_PER_DAY);
        let (seconds, fraction) = (micros / MICROS_PER_SECOND, micros % MICROS_PER_SECOND);
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if fraction == 0 {
            f.pad(&format!("{day}T{h:02}:{m:02}:{s:02}Z"))
        } else {
            f.pad(&format!("{day}T{h:02}:{m:02}:{s:02}.{fraction:06}Z"))
        }
    }
}

impl FromStr for Instant {
    type Err = CalendarError;

    /// Reads `2020-03-05T16:00[:00[.000000]]` with an offset (`Z`, `+07:00`), which is required.
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let written = parse_written(text)?;
        let offset = written.offset.ok_or_else(|| CalendarError::NoOffset { text: shown(text) })?;
        Self::checked(
            i64::from(written.day.0) * MICROS_PER_DAY + written.micros
                - i64::from(offset) * MICROS_PER_SECOND,
        )
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Instant(instant) => instant.fmt(f),
        }
    }
}

impl FromStr for Moment {
    type Err = CalendarError;

    /// A bare date is a [`Moment::Day`]; a date with a time needs an offset. For local times
    /// without an offset use [`crate::Zone::parse_moment`].
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        if text.len() == 10 { text.parse().map(Self::Day) } else { text.parse().map(Self::Instant) }
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// A day in a file: text `"2026-01-10"` or TOML's own date `2026-01-10`.
impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct DayVisitor;
        impl<'de> serde::de::Visitor<'de> for DayVisitor {
            type Value = Day;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a day such as 2026-01-10")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Day, E> {
                text.parse().map_err(E::custom)
            }

            // TOML's dates come as a map with one private key.
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Day, A::Error> {
                let date =
                    toml::value::Datetime::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                date.to_string().parse().map_err(serde::de::Error::custom)
            }
        }
        d.deserialize_any(DayVisitor)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
