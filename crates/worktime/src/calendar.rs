//! A calendar: one version of the facts, resolved into tables.

use crate::error::CalendarError;
use crate::file::{CalendarChoice, CalendarFile, DayKind, Label, LocalRules};
use crate::hours::Span;
use crate::table::{Pattern, WorkTable};
use crate::time::{Day, Instant};
use crate::zone::Zone;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Calendars that come with the program: id and file text.
const BUILTIN: [(&str, &str); 2] = [
    ("vn-public", include_str!("../../../data/calendars/vn-public.toml")),
    ("europe-amsterdam", include_str!("../../../data/calendars/europe-amsterdam.toml")),
];

/// The calendar that a bundle has when it names none.
pub const DEFAULT_CALENDAR: &str = "vn-public";

/// One version of a calendar's facts, resolved. Cheap to clone and to share between threads.
#[derive(Clone, PartialEq, Eq)]
pub struct Calendar(pub(crate) Arc<Resolved>);

/// Its reference only: the tables would fill pages.
impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Resolved { id, version, digest, .. } = &*self.0;
        f.debug_struct("Calendar")
            .field("id", id)
            .field("version", version)
            .field("digest", digest)
            .finish_non_exhaustive()
    }
}

#[derive(PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) digest: String,
    pub(crate) name: Label,
    pub(crate) hours_doubt: Option<Label>,
    pub(crate) zone: Zone,
    pub(crate) work: Option<Work>,
}

/// What a calendar with working days knows beyond its zone.
#[derive(PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) table: WorkTable,
    /// Hours of desks that receive without counting: one index a day into `desks`.
    pub(crate) desk: Vec<u16>,
    pub(crate) desks: Vec<Pattern>,
    /// One index a day into `notes`, plus one; 0 = nothing special about the day.
    pub(crate) note: Vec<u16>,
    pub(crate) notes: Vec<DayNote>,
}

/// Why a day differs from its weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayNote {
    /// What kind of fact it is.
    pub kind: NoteKind,
    /// The holiday, the swap, or the local reason.
    pub name: Label,
    /// Where it is written down.
    pub source: String,
    /// The other day of a swap.
    pub swapped_with: Option<Day>,
    /// The day it became known; `None` for local exceptions known from the start.
    pub announced: Option<Day>,
    /// What is uncertain about it.
    pub doubt: Option<Label>,
}

/// The kinds of facts about single days, local exceptions included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// [`DayKind::Holiday`].
    Holiday,
    /// [`DayKind::Substituted`].
    Substituted,
    /// [`DayKind::SwapOff`].
    SwapOff,
    /// [`DayKind::SwapWork`].
    SwapWork,
    /// Off by a local exception.
    LocalOff,
    /// Worked by a local exception.
    LocalWork,
}

impl NoteKind {
    pub(crate) fn of(kind: DayKind) -> Option<Self> {
        match kind {
            DayKind::Holiday => Some(Self::Holiday),
            DayKind::Substituted => Some(Self::Substituted),
            DayKind::SwapOff => Some(Self::SwapOff),
            DayKind::SwapWork => Some(Self::SwapWork),
            DayKind::Ordinary => None,
        }
    }
}

/// Which calendar a result rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CalendarRef {
    /// [`Calendar::id`].
    pub id: String,
    /// [`Calendar::version`].
    pub version: String,
    /// [`Calendar::digest`].
    pub digest: String,
}

impl Calendar {
    /// A built-in calendar by its id: everything announced, switches at their defaults.
    pub fn builtin(name: &str) -> Result<Self, CalendarError> {
        CalendarFile::builtin(name)?.version(None, &BTreeMap::new(), &LocalRules::default())
    }

    /// The ids of the built-in calendars.
    pub fn builtin_names() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|(id, _)| *id)
    }

    /// The calendar's id; a calendar with rules of one unit is `id/unit`.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Names the version: the file's revision, then what was chosen differently, for example
    /// `2026-11-22;announced<=2024-04-11;culture-day-2026=on;local`.
    pub fn version(&self) -> &str {
        &self.0.version
    }

    /// SHA-256 (lower-case hex) over the resolved content: zone and its offsets, coverage, every
    /// working day with its hours, every desk. Equal digests mean equal answers; names, sources
    /// and the way the facts were written do not change it.
    pub fn digest(&self) -> &str {
        &self.0.digest
    }

    /// Id, version and digest together.
    pub fn reference(&self) -> CalendarRef {
        CalendarRef { id: self.0.id.clone(), version: self.0.version.clone(), digest: self.0.digest.clone() }
    }

    /// The name for people.
    pub fn name(&self) -> &Label {
        &self.0.name
    }

    /// What is uncertain about the working hours, as long as no local rule has set them. Whole
    /// working days do not depend on hours.
    pub fn hours_doubt(&self) -> Option<&Label> {
        self.0.hours_doubt.as_ref()
    }

    /// The time zone.
    pub fn zone(&self) -> &Zone {
        &self.0.zone
    }

    /// Whether the calendar only knows its zone, so that working-day functions refuse.
    pub fn is_zone_only(&self) -> bool {
        self.0.work.is_none()
    }

    /// First and last day with facts; `None` if zone-only.
    pub fn coverage(&self) -> Option<(Day, Day)> {
        self.0.work.as_ref().map(|work| (work.table.first(), work.table.last()))
    }

    /// Why the day differs from its weekday; `None` if it does not, or is not covered.
    pub fn note(&self, day: Day) -> Option<&DayNote> {
        let work = self.0.work.as_ref()?;
        let index = usize::try_from(i64::from(day.0) - i64::from(work.table.first().0)).ok()?;
        let note = usize::from(*work.note.get(index)?);
        work.notes.get(note.checked_sub(1)?)
    }

    /// The working hours of the day, empty if it is off.
    pub fn hours(&self, day: Day) -> Result<&[Span], CalendarError> {
        let work = self.work("working hours")?;
        match work.table.hours(day.0) {
            Some(hours) => Ok(&hours.spans),
            None => Err(self.outside(day)),
        }
    }

    pub(crate) fn work(&self, function: &'static str) -> Result<&Work, CalendarError> {
        self.0.work.as_ref().ok_or_else(|| CalendarError::ZoneOnly { calendar: self.0.id.clone(), function })
    }

    /// The error that names the year missing for this day: for rows that a column function
    /// reported as outside. A day inside stands for a result that ran over the end.
    pub fn outside(&self, day: Day) -> CalendarError {
        let Some((from, to)) = self.coverage() else {
            return CalendarError::ZoneOnly { calendar: self.0.id.clone(), function: "working days" };
        };
        let missing = if day < from || day > to { day } else { Day(to.0.saturating_add(1)) };
        CalendarError::OutsideCoverage { calendar: self.0.id.clone(), year: missing.year(), from, to }
    }

    /// As [`Calendar::outside`], for an instant.
    pub fn outside_at(&self, at: Instant) -> CalendarError {
        self.outside(self.0.zone.day_of(at))
    }
}

impl CalendarFile {
    /// The text of a built-in calendar's file, when there is one of this id.
    pub fn builtin_text(name: &str) -> Option<&'static str> {
        BUILTIN.iter().find(|(id, _)| *id == name).map(|(_, text)| *text)
    }

    /// The file of a built-in calendar.
    pub fn builtin(name: &str) -> Result<Self, CalendarError> {
        match BUILTIN.iter().find(|(id, _)| *id == name) {
            Some((_, text)) => Self::parse(text),
            None => Err(CalendarError::UnknownCalendar {
                name: crate::error::shown(name),
                known: Calendar::builtin_names().map(str::to_owned).collect(),
            }),
        }
    }
}

/// A calendar for everybody, and calendars of the units that have rules of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarSet {
    /// The calendar of every unit not named in `by_unit`.
    pub default: Calendar,
    /// Calendars by the code of the unit.
    pub by_unit: BTreeMap<String, Calendar>,
}

impl CalendarSet {
    /// The same calendar for everybody.
    pub fn of(default: Calendar) -> Self {
        Self { default, by_unit: BTreeMap::new() }
    }

    /// The calendar of a unit. Codes are compared as they stand: a rule for `H26.1` does not hold
    /// for `H26.1.2`.
    pub fn unit(&self, code: &str) -> &Calendar {
        self.by_unit.get(code).unwrap_or(&self.default)
    }

    /// Whether every unit has the default calendar.
    pub fn is_uniform(&self) -> bool {
        self.by_unit.is_empty()
    }
}

impl CalendarChoice {
    /// Resolves the choice over the built-in calendars.
    pub fn resolve(&self) -> Result<CalendarSet, CalendarError> {
        let name = self.calendar.as_deref().unwrap_or(DEFAULT_CALENDAR);
        self.resolve_over(&CalendarFile::builtin(name)?)
    }

    /// Resolves the choice over a calendar file that the caller has read.
    pub fn resolve_over(&self, file: &CalendarFile) -> Result<CalendarSet, CalendarError> {
        file.version_set(self.as_announced_on, &self.switches, &self.local)
    }
}
