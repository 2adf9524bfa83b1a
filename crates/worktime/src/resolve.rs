//! From the facts of a file, a day of announcement, switches and local rules to a [`Calendar`].

use crate::calendar::{Calendar, CalendarSet, DayNote, NoteKind, Resolved, Work};
use crate::check::inconsistent;
use crate::error::CalendarError;
use crate::file::{CalendarFile, DayFact, Label, LocalDay, LocalRules};
use crate::hours::{HoursRule, Span, applies_to};
use crate::table::{Pattern, WorkTable};
use crate::time::{Day, Instant, MICROS_PER_DAY, MICROS_PER_SECOND, Weekday};
use crate::zone::Zone;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

impl CalendarFile {
    /// The calendar as it was known at the end of a day (`None` = everything in the file), with
    /// some switches set and local rules that hold for all units.
    ///
    /// A version covers the years whose list of days off had been announced by then and no more:
    /// asking for a later year is an error, never a guess. Local rules that name units are left
    /// out here; [`CalendarFile::version_set`] takes them in.
    pub fn version(
        &self,
        as_announced_on: Option<Day>,
        switches: &BTreeMap<String, bool>,
        local: &LocalRules,
    ) -> Result<Calendar, CalendarError> {
        Choice { file: self, as_announced_on, switches, local, unit: None }.resolve()
    }

    /// As [`CalendarFile::version`], with a calendar of its own for every unit that local rules
    /// name.
    pub fn version_set(
        &self,
        as_announced_on: Option<Day>,
        switches: &BTreeMap<String, bool>,
        local: &LocalRules,
    ) -> Result<CalendarSet, CalendarError> {
        let default = self.version(as_announced_on, switches, local)?;
        let mut by_unit = BTreeMap::new();
        for unit in local.units() {
            let choice = Choice { file: self, as_announced_on, switches, local, unit: Some(unit) };
            by_unit.insert(unit.to_owned(), choice.resolve()?);
        }
        Ok(CalendarSet { default, by_unit })
    }
}

struct Choice<'a> {
    file: &'a CalendarFile,
    as_announced_on: Option<Day>,
    switches: &'a BTreeMap<String, bool>,
    local: &'a LocalRules,
    unit: Option<&'a str>,
}

/// Numbers the distinct patterns of hours; 0 is the empty one.
struct Patterns {
    list: Vec<Pattern>,
    by_spans: BTreeMap<Vec<Span>, u16>,
}

impl Patterns {
    fn new() -> Self {
        Self { list: vec![Pattern::default()], by_spans: BTreeMap::from([(Vec::new(), 0)]) }
    }

    fn number(&mut self, spans: &[Span]) -> Result<u16, CalendarError> {
        if let Some(number) = self.by_spans.get(spans) {
            return Ok(*number);
        }
        let number = small(self.list.len())?;
        self.list.push(Pattern::new(spans.to_vec()));
        self.by_spans.insert(spans.to_vec(), number);
        Ok(number)
    }
}

fn small(count: usize) -> Result<u16, CalendarError> {
    u16::try_from(count).map_err(|_| {
        inconsistent(
            "hours",
            "quá nhiều loại giờ làm việc hoặc ngày đặc biệt khác nhau.".to_owned(),
            "too many different kinds of hours or special days.".to_owned(),
        )
    })
}

impl Choice<'_> {
    fn resolve(&self) -> Result<Calendar, CalendarError> {
        self.local.check()?;
        for name in self.switches.keys() {
            if !self.file.switches.iter().any(|s| &s.name == name) {
                return Err(CalendarError::UnknownSwitch {
                    name: crate::error::shown(name),
                    known: self.file.switches.iter().map(|s| s.name.clone()).collect(),
                });
            }
        }
        let zone = Zone::get(&self.file.zone)?;
        let id = match self.unit {
            Some(unit) => format!("{}/{unit}", self.file.id),
            None => self.file.id.clone(),
        };
        let work = match (self.file.from, self.file.to) {
            (Some(from), Some(to)) => Some(self.work(&zone, &id, from, to)?),
            // Local rules cannot make working days where the file has none.
            _ if !self.local.is_empty() => {
                return Err(CalendarError::ZoneOnly { calendar: id, function: "local rules" });
            }
            _ => None,
        };
        let digest = digest(&zone, work.as_ref());
        Ok(Calendar(Arc::new(Resolved {
            id,
            version: self.version_name(),
            digest,
            name: self.file.name.clone(),
            hours_doubt: self.hours_doubt(),
            zone,
            work,
        })))
    }

    fn version_name(&self) -> String {
        let mut name = self.file.revision.to_string();
        if let Some(day) = self.as_announced_on {
            let _ = write!(name, ";announced<={day}");
        }
        for switch in &self.file.switches {
            let on = self.is_on(&switch.name);
            if on != switch.default {
                let _ = write!(name, ";{}={}", switch.name, if on { "on" } else { "off" });
            }
        }
        let local = self.local;
        let applied = local.hours.iter().chain(&local.desks).any(|r| applies_to(&r.units, self.unit))
            || local.exceptions.iter().any(|d| applies_to(&d.units, self.unit));
        if applied {
            name.push_str(";local");
        }
        name
    }

    /// The doubt about the file's hours, unless hours are set locally.
    fn hours_doubt(&self) -> Option<Label> {
        let set = self.local.hours.iter().any(|r| applies_to(&r.units, self.unit));
        let doubt = self.file.hours.iter().find_map(|r| r.doubt.as_ref());
        doubt.filter(|_| !set).cloned()
    }

    fn is_on(&self, switch: &str) -> bool {
        let default = self.file.switches.iter().any(|s| s.name == switch && s.default);
        self.switches.get(switch).copied().unwrap_or(default)
    }

    fn is_known(&self, announced: Day) -> bool {
        self.as_announced_on.is_none_or(|day| announced <= day)
    }

    /// The last day whose year had been announced: the first gap ends the coverage.
    fn last_known(&self, from: Day, to: Day) -> Result<Day, CalendarError> {
        let nothing =
            |day| CalendarError::NothingAnnounced { calendar: self.file.id.clone(), as_announced_on: day };
        let mut last = None;
        for year in from.year()..=to.year() {
            if !self.is_known(self.file.year_announced(year)) {
                break;
            }
            last = Some(Day::from_ymd(year, 12, 31)?.min(to));
        }
        last.ok_or_else(|| nothing(self.as_announced_on.unwrap_or(from)))
    }

    /// The facts that hold, by day: of several about one day, the one announced last.
    fn facts(&self) -> BTreeMap<Day, &DayFact> {
        let mut facts: BTreeMap<Day, &DayFact> = BTreeMap::new();
        for fact in &self.file.days {
            let announced = self.file.announced(fact);
            if !self.is_known(announced) || fact.switch.as_ref().is_some_and(|s| !self.is_on(s)) {
                continue;
            }
            let slot = facts.entry(fact.date).or_insert(fact);
            if self.file.announced(slot) < announced {
                *slot = fact;
            }
        }
        facts
    }

    /// The weekly hours of a weekday on a day.
    fn weekly(&self, day: Day, weekday: Weekday) -> &[Span] {
        let general = self.local.hours.iter().filter(|r| r.units.is_empty());
        let own = self.local.hours.iter().filter(|r| !r.units.is_empty());
        let mut rules: Vec<&HoursRule> = self.file.hours.iter().chain(general).chain(own).collect();
        rules.retain(|rule| rule.holds(day, weekday, self.unit));
        rules.last().map_or(&[], |rule| &rule.spans)
    }

    /// The local exception for a day, the last one that names it, those naming units after others.
    fn exception(&self, day: Day) -> Option<&LocalDay> {
        let holds = |d: &&LocalDay| {
            applies_to(&d.units, self.unit)
                && d.date <= day
                && day <= d.until.unwrap_or(d.date)
                && d.announced.is_none_or(|announced| self.is_known(announced))
        };
        let (own, general): (Vec<_>, Vec<_>) =
            self.local.exceptions.iter().filter(holds).partition(|d| !d.units.is_empty());
        own.last().or(general.last()).copied()
    }

    fn work(&self, zone: &Zone, id: &str, from: Day, to: Day) -> Result<Work, CalendarError> {
        let to = self.last_known(from, to)?;
        let facts = self.facts();
        let (mut patterns, mut desks) = (Patterns::new(), Patterns::new());
        let (mut pattern, mut desk, mut note) = (Vec::new(), Vec::new(), Vec::new());
        let mut notes: Vec<DayNote> = Vec::new();
        for day in (from.0..=to.0).map(Day) {
            let weekly = self.weekly(day, day.weekday());
            let mut spans = weekly;
            let mut said = None;
            if let Some(fact) = facts.get(&day)
                && let Some(kind) = NoteKind::of(fact.kind)
            {
                spans = match fact.swapped_with {
                    _ if fact.kind.is_off() => &[],
                    // The make-up day is worked like the day it makes up for.
                    Some(other) => self.weekly(day, other.weekday()),
                    None => weekly,
                };
                said = Some(DayNote {
                    kind,
                    name: fact.name.clone(),
                    source: fact.source.clone(),
                    swapped_with: fact.swapped_with,
                    announced: Some(self.file.announced(fact)),
                    doubt: fact.doubt.clone(),
                });
            }
            if let Some(exception) = self.exception(day) {
                spans = self.exception_spans(exception, day, weekly)?;
                said = Some(DayNote {
                    kind: if exception.worked { NoteKind::LocalWork } else { NoteKind::LocalOff },
                    name: exception.reason.clone(),
                    source: exception.source.clone(),
                    swapped_with: None,
                    announced: exception.announced,
                    doubt: None,
                });
            }
            pattern.push(patterns.number(spans)?);
            desk.push(desks.number(self.desk(day, said.as_ref()))?);
            note.push(match said {
                None => 0,
                Some(said) => {
                    if notes.last() != Some(&said) {
                        notes.push(said);
                    }
                    small(notes.len())?
                }
            });
        }
        let table = WorkTable::new(from, patterns.list, pattern, zone.clone());
        refuse_clock_changes(zone, id, &table)?;
        Ok(Work { table, desk, desks: desks.list, note, notes })
    }

    fn exception_spans<'b>(
        &self,
        exception: &'b LocalDay,
        day: Day,
        weekly: &'b [Span],
    ) -> Result<&'b [Span], CalendarError> {
        match &exception.spans {
            _ if !exception.worked => Ok(&[]),
            Some(spans) => Ok(spans),
            None if !weekly.is_empty() => Ok(weekly),
            None => Err(inconsistent(
                &format!("local.exception {day}"),
                "ngày này thường nghỉ; hãy ghi giờ làm việc (spans).".to_owned(),
                "this day is usually off; write its hours (spans).".to_owned(),
            )),
        }
    }

    /// The hours of desks on a day; desks are shut on days off that are more than a weekend.
    fn desk(&self, day: Day, note: Option<&DayNote>) -> &[Span] {
        let shut = note.is_some_and(|n| !matches!(n.kind, NoteKind::SwapWork | NoteKind::LocalWork));
        if shut {
            return &[];
        }
        let weekday = day.weekday();
        let general = self.local.desks.iter().filter(|r| r.units.is_empty());
        let own = self.local.desks.iter().filter(|r| !r.units.is_empty());
        let last = general.chain(own).rfind(|r| r.holds(day, weekday, self.unit));
        last.map_or(&[], |rule| &rule.spans)
    }
}

/// Hours are counted on the clock's face. That is exact as long as the clock is not changed within
/// them, which no office does; where a file would have it so, it is refused.
fn refuse_clock_changes(zone: &Zone, id: &str, table: &WorkTable) -> Result<(), CalendarError> {
    let begin = Instant((i64::from(table.first().0) - 1) * MICROS_PER_DAY);
    let end = Instant((i64::from(table.last().0) + 2) * MICROS_PER_DAY);
    for (at, before, after) in zone.changes(begin..end) {
        let (low, high) = (at.0 + before.min(after), at.0 + before.max(after));
        let first = low.div_euclid(MICROS_PER_DAY) as i32;
        let last = high.div_euclid(MICROS_PER_DAY) as i32;
        for day in first..=last {
            let Some(hours) = table.hours(day) else { continue };
            let midnight = i64::from(day) * MICROS_PER_DAY;
            let touched = hours.spans.iter().any(|span| {
                let from = midnight + i64::from(span.from.seconds()) * MICROS_PER_SECOND;
                let to = midnight + i64::from(span.to.seconds()) * MICROS_PER_SECOND;
                from < high && low < to
            });
            if touched {
                return Err(CalendarError::HoursAcrossClockChange { calendar: id.to_owned(), day: Day(day) });
            }
        }
    }
    Ok(())
}

/// The canonical text of a calendar's content, hashed line by line.
fn digest(zone: &Zone, work: Option<&Work>) -> String {
    let mut text = format!("giaouoc-calendar 1\nzone {}\n", zone.name());
    let (first, last) = work.map_or((Day::MIN, Day::MAX), |w| (w.table.first(), w.table.last()));
    let begin = zone.start_of(first);
    let end = zone.start_of(Day(last.0 + 1));
    let _ = writeln!(text, "offset {}", zone.offset_us(begin) / MICROS_PER_SECOND);
    for (at, _, after) in zone.changes(Instant(begin.0.saturating_add(1))..end) {
        let _ = writeln!(text, "offset {} from {at}", after / MICROS_PER_SECOND);
    }
    if let Some(work) = work {
        let _ = writeln!(text, "covers {first} {last}");
        for day in work.table.working_days() {
            let _ = write!(text, "{}", Day(*day));
            for span in work.table.hours(*day).iter().flat_map(|h| &h.spans) {
                let _ = write!(text, " {span}");
            }
            text.push('\n');
        }
        for (day, desk) in (first.0..).zip(&work.desk) {
            if *desk != 0 {
                let _ = write!(text, "desk {}", Day(day));
                for span in &work.desks[usize::from(*desk)].spans {
                    let _ = write!(text, " {span}");
                }
                text.push('\n');
            }
        }
    }
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
