//! Calendar files and local rules as they are written, before a version is chosen.
//!
//! `data/calendars/*.toml` holds one [`CalendarFile`] each; a bundle's `calendar.toml` is a
//! [`CalendarChoice`], which names a file, a version of it, and [`LocalRules`].

use crate::error::CalendarError;
use crate::hours::{HoursRule, Span};
use crate::time::Day;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The format of calendar files that this program reads.
pub const FORMAT: u32 = 1;

/// A label in both languages of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// A calendar file: dated facts, each with its source and the day it became known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarFile {
    /// Format of the file; 1.
    pub format: u32,
    /// Name by which bundles and commands refer to it, for example `vn-public`.
    pub id: String,
    /// Day of the last change to the file's facts; part of every version's name.
    pub revision: Day,
    /// Name for people.
    pub name: Label,
    /// IANA time zone.
    pub zone: String,
    /// A calendar without working days: it only says which day an instant falls on.
    #[serde(default)]
    pub zone_only: bool,
    /// First day whose facts are in the file. Absent only in a zone-only calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// Last day whose facts are in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// Weekly hours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<HoursRule>,
    /// Facts that are in doubt hang on a switch.
    #[serde(default, rename = "switch", skip_serializing_if = "Vec::is_empty")]
    pub switches: Vec<Switch>,
    /// When the list of days off of each year became known.
    #[serde(default, rename = "year", skip_serializing_if = "Vec::is_empty")]
    pub years: Vec<YearFact>,
    /// Days off and swapped days.
    #[serde(default, rename = "day", skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<DayFact>,
}

/// A named yes/no choice about facts that are in doubt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// Name, for example `culture-day-2026`.
    pub name: String,
    /// What holds when the reader says nothing.
    pub default: bool,
    /// The doubt, in both languages.
    pub doubt: Label,
}

/// When the days off of a year became known. A year without an entry counts as known on
/// 31 December of the year before (the facts of the law itself are known at least that early).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearFact {
    /// The year.
    pub year: i32,
    /// The day of the document.
    pub announced: Day,
    /// The document.
    pub source: String,
}

/// What a dated fact makes of its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayKind {
    /// A public holiday on its own date (also one that falls on a weekend).
    Holiday,
    /// A weekday off in place of a holiday that fell on a weekend (nghỉ bù).
    Substituted,
    /// A working day exchanged for a make-up day elsewhere (hoán đổi); off.
    SwapOff,
    /// The make-up day, worked although it is a weekend (làm bù).
    SwapWork,
    /// A fact announced earlier is called off: the day is as its weekday is.
    Ordinary,
}

impl DayKind {
    /// Whether the day is off because of the fact.
    pub fn is_off(self) -> bool {
        matches!(self, Self::Holiday | Self::Substituted | Self::SwapOff)
    }
}

/// A dated fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayFact {
    /// The day.
    pub date: Day,
    /// What it makes of the day.
    pub kind: DayKind,
    /// Name for people.
    pub name: Label,
    /// The other day of a swap. A make-up day has the hours of that day's weekday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swapped_with: Option<Day>,
    /// The day it became known; absent = with its year's list ([`YearFact`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<Day>,
    /// Where it is written down.
    pub source: String,
    /// The switch it hangs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<String>,
    /// What is uncertain about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Label>,
}

/// What a city, a cluster or a unit changes about a calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalRules {
    /// Hours by unit and season; they come after the file's own, rules that name units last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<HoursRule>,
    /// Desks that receive dossiers outside the counted hours, for example on Saturday mornings.
    /// Receiving is all they do: the clock still starts at the next counted hour, and the day does
    /// not become a working day. A Saturday that *is* a working day is written as `hours`.
    #[serde(default, rename = "desk", skip_serializing_if = "Vec::is_empty")]
    pub desks: Vec<HoursRule>,
    /// Single days that differ.
    #[serde(default, rename = "exception", skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<LocalDay>,
}

/// A day, or a run of days, that is off or worked at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalDay {
    /// Codes of the units; empty means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// The (first) day.
    pub date: Day,
    /// The last day, if it is a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Worked or off.
    pub worked: bool,
    /// Hours if worked; absent = the hours of that weekday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spans: Option<Vec<Span>>,
    /// Why.
    pub reason: Label,
    /// Where it is written down.
    pub source: String,
    /// The day it became known; absent = known from the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<Day>,
}

/// A bundle's `calendar.toml`: which calendar, which version of it, and the local rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarChoice {
    /// The calendar's id; absent = `vn-public`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// Use only what had been announced up to this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_announced_on: Option<Day>,
    /// Switches set otherwise than by default.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub switches: BTreeMap<String, bool>,
    /// Local rules.
    #[serde(default)]
    pub local: LocalRules,
}

impl CalendarChoice {
    /// Reads a bundle's `calendar.toml` and checks it. Any text is safe to give.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let choice: Self = toml::from_str(text).map_err(bad_file)?;
        choice.local.check()?;
        Ok(choice)
    }
}

impl CalendarFile {
    /// Reads a calendar file and checks it. Any text is safe to give.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let file: Self = toml::from_str(text).map_err(bad_file)?;
        file.check()?;
        Ok(file)
    }

    /// The day on which a fact became known.
    pub fn announced(&self, fact: &DayFact) -> Day {
        fact.announced.unwrap_or_else(|| self.year_announced(fact.date.year()))
    }

    /// The day on which the list of a year's days off became known.
    pub fn year_announced(&self, year: i32) -> Day {
        let written = self.years.iter().find(|y| y.year == year).map(|y| y.announced);
        // 1900 has no year before it; its own first day stands in.
        written.unwrap_or_else(|| Day::from_ymd(year - 1, 12, 31).unwrap_or(Day::MIN))
    }
}

impl LocalRules {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Codes of the units that have rules of their own.
    pub fn units(&self) -> BTreeSet<&str> {
        let rules = self.hours.iter().chain(&self.desks).flat_map(|r| &r.units);
        let days = self.exceptions.iter().flat_map(|d| &d.units);
        rules.chain(days).map(String::as_str).collect()
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn bad_file(error: toml::de::Error) -> CalendarError {
    // The parser quotes the line, which may hold anything, terminal escapes included.
    let text = error.to_string().trim().replace('\n', " ");
    CalendarError::BadFile { detail: text.chars().filter(|c| !c.is_control()).take(500).collect() }
}
