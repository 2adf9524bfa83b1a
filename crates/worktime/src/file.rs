//! Calendar files and local rules as they are written, before a version is chosen.
//!
//! `data/calendars/*.toml` holds one [`CalendarFile`] each; a bundle's `calendar.toml` is a
//! [`CalendarChoice`], which names a file, a version of it, and [`LocalRules`].

use crate::error::CalendarError;
use crate::hours::{HoursRule, Span, spans_in_order};
use crate::time::{Day, Weekday};
use crate::zone::Zone;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The format of calendar files that this program reads.
pub const FORMAT: u32 = 1;

/// More entries than this in any one list of a file are refused: a calendar is small, and the work
/// of resolving one grows with its rules.
const MOST_ENTRIES: usize = 3_000;
const MOST_RULES: usize = 500;

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

    fn check(&self) -> Result<(), CalendarError> {
        if self.format != FORMAT {
            return Err(inconsistent(
                "format",
                format!("định dạng {} chưa được hỗ trợ; cần {FORMAT}.", self.format),
                format!("format {} is not supported; {FORMAT} is needed.", self.format),
            ));
        }
        let id_ok = !self.id.is_empty()
            && self.id.len() <= 60
            && self.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !id_ok {
            return Err(inconsistent(
                "id",
                "chỉ dùng chữ thường không dấu, chữ số và dấu gạch nối.".to_owned(),
                "use lower-case letters, digits and hyphens only.".to_owned(),
            ));
        }
        Zone::get(&self.zone)?;
        bounded("hours", self.hours.len(), MOST_RULES)?;
        bounded("day", self.days.len(), MOST_ENTRIES)?;
        bounded("switch", self.switches.len(), MOST_RULES)?;
        bounded("year", self.years.len(), MOST_RULES)?;
        if self.zone_only {
            return self.check_zone_only();
        }
        let (Some(from), Some(to)) = (self.from, self.to) else {
            return Err(inconsistent(
                "from, to",
                "thiếu ngày đầu hoặc ngày cuối mà lịch bao quát.".to_owned(),
                "the first or last day covered is missing.".to_owned(),
            ));
        };
        if from > to {
            return Err(inconsistent(
                "from, to",
                "ngày đầu đứng sau ngày cuối.".to_owned(),
                "the first day comes after the last.".to_owned(),
            ));
        }
        for rule in &self.hours {
            check_rule("hours", rule)?;
            if !rule.units.is_empty() {
                return Err(inconsistent(
                    "hours",
                    "giờ riêng của đơn vị phải ghi trong calendar.toml của gói dữ liệu.".to_owned(),
                    "hours of single units belong in the bundle's calendar.toml.".to_owned(),
                ));
            }
        }
        self.check_years()?;
        self.check_days(from, to)
    }

    fn check_zone_only(&self) -> Result<(), CalendarError> {
        let empty = self.from.is_none()
            && self.to.is_none()
            && self.hours.is_empty()
            && self.switches.is_empty()
            && self.years.is_empty()
            && self.days.is_empty();
        if empty {
            return Ok(());
        }
        Err(inconsistent(
            "zone_only",
            "lịch chỉ có múi giờ thì không được ghi ngày nghỉ, giờ làm việc.".to_owned(),
            "a zone-only calendar must not list days, hours, years or switches.".to_owned(),
        ))
    }

    fn check_years(&self) -> Result<(), CalendarError> {
        let mut seen = BTreeSet::new();
        for fact in &self.years {
            if !(1900..=2200).contains(&fact.year) {
                return Err(CalendarError::YearOutOfRange { year: fact.year.into() });
            }
            if !seen.insert(fact.year) {
                return Err(inconsistent(
                    &format!("year {}", fact.year),
                    "ghi hai lần.".to_owned(),
                    "written twice.".to_owned(),
                ));
            }
        }
        Ok(())
    }

    fn check_days(&self, from: Day, to: Day) -> Result<(), CalendarError> {
        let mut seen = BTreeSet::new();
        let halves: BTreeSet<_> = self.days.iter().map(|fact| self.half(fact, false)).collect();
        let switches: BTreeSet<&str> = self.switches.iter().map(|s| s.name.as_str()).collect();
        if switches.len() != self.switches.len() {
            return Err(inconsistent(
                "switch",
                "hai tùy chọn trùng tên.".to_owned(),
                "two switches have the same name.".to_owned(),
            ));
        }
        for fact in &self.days {
            let wrong = |vi: &str, en: &str| {
                inconsistent(&format!("day {}", fact.date), vi.to_owned(), en.to_owned())
            };
            if fact.date < from || fact.date > to {
                return Err(wrong(
                    "nằm ngoài khoảng ngày mà lịch bao quát.",
                    "lies outside the days the file covers.",
                ));
            }
            if !seen.insert((fact.date, self.announced(fact))) {
                return Err(wrong(
                    "ghi hai lần với cùng ngày thông báo.",
                    "written twice with the same day of announcement.",
                ));
            }
            if let Some(switch) = &fact.switch
                && !switches.contains(switch.as_str())
            {
                return Err(wrong(
                    "dùng một tùy chọn không có trong tệp.",
                    "hangs on a switch that the file does not have.",
                ));
            }
            let swap = matches!(fact.kind, DayKind::SwapOff | DayKind::SwapWork);
            match fact.swapped_with {
                None if swap => {
                    return Err(wrong(
                        "ngày hoán đổi phải ghi ngày tương ứng (swapped_with).",
                        "a swapped day must name the other day (swapped_with).",
                    ));
                }
                Some(_) if !swap => {
                    return Err(wrong(
                        "chỉ ngày hoán đổi mới có swapped_with.",
                        "only swapped days have swapped_with.",
                    ));
                }
                // Half a swap would change the year's number of working days.
                Some(_) if !halves.contains(&self.half(fact, true)) => {
                    return Err(wrong(
                        "không tìm thấy ngày hoán đổi tương ứng.",
                        "the other day of the swap is not in the file.",
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What identifies one half of a swap (or, with `other`, the half that must stand beside it):
    /// the days, the kind, when it became known, and the switch.
    fn half<'a>(&self, fact: &'a DayFact, other: bool) -> (Day, Option<Day>, u8, Day, &'a str) {
        let announced = self.announced(fact);
        let switch = fact.switch.as_deref().unwrap_or_default();
        match (other, fact.swapped_with, fact.kind) {
            (true, Some(with), DayKind::SwapOff) => (with, Some(fact.date), 2, announced, switch),
            (true, Some(with), _) => (with, Some(fact.date), 1, announced, switch),
            (_, with, DayKind::SwapOff) => (fact.date, with, 1, announced, switch),
            (_, with, DayKind::SwapWork) => (fact.date, with, 2, announced, switch),
            (_, with, _) => (fact.date, with, 0, announced, switch),
        }
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

    /// Checks what can be checked without a calendar.
    pub fn check(&self) -> Result<(), CalendarError> {
        bounded("local.hours", self.hours.len(), MOST_RULES)?;
        bounded("local.desk", self.desks.len(), MOST_RULES)?;
        bounded("local.exception", self.exceptions.len(), MOST_ENTRIES)?;
        self.hours.iter().try_for_each(|rule| check_rule("local.hours", rule))?;
        self.desks.iter().try_for_each(|rule| check_rule("local.desk", rule))?;
        for day in &self.exceptions {
            let place = format!("local.exception {}", day.date);
            if day.until.is_some_and(|until| until < day.date) {
                return Err(inconsistent(
                    &place,
                    "ngày cuối đứng trước ngày đầu.".to_owned(),
                    "the last day comes before the first.".to_owned(),
                ));
            }
            let spans = day.spans.as_deref();
            if spans.is_some_and(|s| s.is_empty() || !day.worked || !spans_in_order(s)) {
                return Err(inconsistent(
                    &place,
                    "giờ làm việc chỉ ghi cho ngày đi làm, theo thứ tự và không chồng nhau.".to_owned(),
                    "hours belong to worked days only, in order and without overlap.".to_owned(),
                ));
            }
        }
        Ok(())
    }
}

fn check_rule(place: &str, rule: &HoursRule) -> Result<(), CalendarError> {
    if rule.days.is_empty() {
        return Err(inconsistent(
            place,
            "chưa ghi các ngày trong tuần (days).".to_owned(),
            "no days of the week are named (days).".to_owned(),
        ));
    }
    let days: BTreeSet<Weekday> = rule.days.iter().copied().collect();
    if days.len() != rule.days.len() || rule.spans.len() > 48 || !spans_in_order(&rule.spans) {
        return Err(inconsistent(
            place,
            "các ngày bị lặp, hoặc các khoảng giờ không theo thứ tự hay chồng nhau.".to_owned(),
            "days are repeated, or the spans are out of order or overlap.".to_owned(),
        ));
    }
    if rule.from.zip(rule.to).is_some_and(|(from, to)| from > to) {
        return Err(inconsistent(
            place,
            "ngày đầu đứng sau ngày cuối.".to_owned(),
            "the first day comes after the last.".to_owned(),
        ));
    }
    Ok(())
}

fn bounded(place: &str, count: usize, most: usize) -> Result<(), CalendarError> {
    if count <= most {
        return Ok(());
    }
    Err(inconsistent(
        place,
        format!("có {count} mục, nhiều hơn mức cho phép {most}."),
        format!("{count} entries, more than the {most} allowed."),
    ))
}

pub(crate) fn inconsistent(place: &str, vi: String, en: String) -> CalendarError {
    CalendarError::Inconsistent { place: place.to_owned(), vi, en }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn bad_file(error: toml::de::Error) -> CalendarError {
    CalendarError::BadFile { detail: error.to_string().trim().replace('\n', " ") }
}
