//! Times of day, spans of hours, and when in the year a rule about hours holds.

use crate::error::{CalendarError, shown};
use crate::file::Label;
use crate::time::{Day, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A local time of day in whole seconds since 00:00, up to and including 24:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u32);

impl TimeOfDay {
    /// 24:00, the end of the day.
    pub const END: Self = Self(86_400);

    /// A time of day from seconds since 00:00 (at most 86,400).
    pub fn from_seconds(seconds: u32) -> Result<Self, CalendarError> {
        if seconds <= Self::END.0 {
            Ok(Self(seconds))
        } else {
            Err(CalendarError::BadTimeOfDay { text: format!("{seconds} s") })
        }
    }

    /// Seconds since 00:00.
    pub fn seconds(self) -> u32 {
        self.0
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (h, m, s) = (self.0 / 3600, self.0 / 60 % 60, self.0 % 60);
        if s == 0 { write!(f, "{h:02}:{m:02}") } else { write!(f, "{h:02}:{m:02}:{s:02}") }
    }
}

impl FromStr for TimeOfDay {
    type Err = CalendarError;

    /// Reads `HH:MM` or `HH:MM:SS`; `24:00` is the end of the day.
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let bad = || CalendarError::BadTimeOfDay { text: shown(text) };
        let mut parts = [0_u32; 3];
        let mut count = 0;
        for part in text.split(':') {
            if count == 3 || part.len() != 2 || !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err(bad());
            }
            parts[count] = part.parse().map_err(|_| bad())?;
            count += 1;
        }
        let [h, m, s] = parts;
        let seconds = h * 3600 + m * 60 + s;
        if count < 2 || m > 59 || s > 59 || seconds > Self::END.0 {
            return Err(bad());
        }
        Ok(Self(seconds))
    }
}

/// Hours from one time of day up to, not including, another on the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First moment inside.
    pub from: TimeOfDay,
    /// First moment outside again.
    pub to: TimeOfDay,
}

impl Span {
    /// Its length in seconds.
    pub fn seconds(self) -> u32 {
        self.to.0 - self.from.0
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.to)
    }
}

impl FromStr for Span {
    type Err = CalendarError;

    /// Reads `07:30-11:30`; a longer dash and spaces round it are accepted.
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let bad = || CalendarError::BadTimeOfDay { text: shown(text) };
        let (from, to) = text.split_once(['-', '–']).ok_or_else(bad)?;
        let (from, to) = (from.trim().parse()?, to.trim().parse()?);
        if from < to { Ok(Self { from, to }) } else { Err(bad()) }
    }
}

/// A day of a month without a year, `MM-DD`; 02-29 is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl FromStr for MonthDay {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        // A leap year, so that 29 February can be written.
        let (_, month, day) = format!("2000-{text}")
            .parse::<Day>()
            .map_err(|_| CalendarError::BadDay { text: shown(text) })?
            .ymd();
        Ok(Self { month, day })
    }
}

/// A part of every year, both ends included; it may run over New Year (`10-16` to `04-15`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// First day of the season.
    pub from: MonthDay,
    /// Last day of the season.
    pub to: MonthDay,
}

impl Season {
    /// Whether the day lies in the season.
    pub fn contains(self, day: Day) -> bool {
        let (_, month, day) = day.ymd();
        let here = MonthDay { month, day };
        if self.from <= self.to {
            (self.from..=self.to).contains(&here)
        } else {
            here >= self.from || here <= self.to
        }
    }
}

/// Which hours are worked on which days of the week, and when that holds. Of several rules that
/// name a day, the last one decides; `spans = []` means the day is not worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursRule {
    /// Codes of the units for which it holds; empty means all. Only local rules may name units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// Days of the week.
    pub days: Vec<Weekday>,
    /// Hours on those days, in order.
    pub spans: Vec<Span>,
    /// Part of every year in which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
    /// First day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// Last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// Where this is written down.
    pub source: String,
    /// What is uncertain about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Label>,
}

impl HoursRule {
    /// Whether the rule speaks about this weekday on this day for this unit.
    pub(crate) fn holds(&self, day: Day, weekday: Weekday, unit: Option<&str>) -> bool {
        self.days.contains(&weekday)
            && applies_to(&self.units, unit)
            && self.season.is_none_or(|season| season.contains(day))
            && self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
    }
}

/// Whether a list of unit codes (empty = all) takes in the unit (`None` = no unit in particular).
pub(crate) fn applies_to(units: &[String], unit: Option<&str>) -> bool {
    units.is_empty() || unit.is_some_and(|unit| units.iter().any(|u| u == unit))
}

/// Says what is wrong with a list of spans, if anything: they must be in order and not overlap.
pub(crate) fn spans_in_order(spans: &[Span]) -> bool {
    spans.windows(2).all(|pair| pair[0].to <= pair[1].from)
}

macro_rules! as_text {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

as_text!(TimeOfDay, Span, MonthDay);
