//! The signals of dossiers as they stand: one pass over the records, and a second one for what only the first can
//! name. Memory grows with units, days and procedures, not with records.

mod pauses;
mod second;
mod spots;

use std::collections::HashMap;

use arrow::array::RecordBatch;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::Text;
use giaouoc_agreement::value::Value;
use giaouoc_worktime::time::{Day, Instant, Moment};
use giaouoc_worktime::{Calendar, CalendarSet};

pub use self::second::Second;
use self::spots::Spots;
use crate::columns::{Moments, Numbers, Texts, told};
use crate::finding::{Asked, Case, Question};
use crate::peers::{Share, far_above};
use crate::rules::{Rules, Signal};

/// What the records are looked at with.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// The kind `dossier`.
    pub kind: &'a Kind,
    /// Calendars by unit.
    pub calendars: &'a CalendarSet,
    /// The units' codes, in the order of the city's decision.
    pub units: &'a [String],
    /// Time limits of the catalogue in working days, by procedure.
    pub catalogue: &'a HashMap<String, i64>,
    /// Cases kept of each unit and signal.
    pub cases: usize,
}

/// The columns that are read.
pub const COLUMNS: [&str; 14] = [
    "code",
    "unit",
    "procedure",
    "channel",
    "received_at",
    "time_limit_days",
    "first_due_at",
    "due_at",
    "due_changes",
    "pauses",
    "paused_minutes",
    "finished_at",
    "outcome",
    "apology_at",
];

/// What the first pass gathers.
#[derive(Debug)]
pub struct Dossiers<'a> {
    setup: Setup<'a>,
    places: HashMap<&'a str, usize>,
    calendars: Vec<&'a Calendar>,
    moved: Asked,
    paused: Asked,
    outside: Asked,
    units: Vec<Unit>,
    procedures: HashMap<String, u32>,
    /// By procedure, how often each limit stands.
    limits: Vec<HashMap<i64, u64>>,
    /// Returned or withdrawn shortly before due.
    returned: Vec<Returned>,
    spots: Spots,
}

#[derive(Clone, Debug, Default)]
struct Unit {
    finished: u64,
    with_time: u64,
    returns: u64,
    /// Finishes (no returns) and returns in the last stretch before due.
    near_due: [u64; 2],
}

#[derive(Clone, Debug)]
struct Returned {
    key: String,
    at: Day,
    due: Text,
    finished: Text,
    unit: usize,
    procedure: u32,
    channel: String,
}

/// One row's moments.
struct Row<'r> {
    unit: usize,
    calendar: &'r Calendar,
    key: &'r str,
    received: Option<Moment>,
    first: Option<Moment>,
    due: Option<Moment>,
    finished: Option<Moment>,
}

/// The end of a moment that is a due date: a bare day is due at the end of its hours.
fn end(calendar: &Calendar, moment: Moment) -> Option<Instant> {
    match moment {
        Moment::Instant(at) => Some(at),
        Moment::Day(day) if calendar.is_zone_only() => Some(calendar.zone().start_of(Day(day.0 + 1))),
        Moment::Day(day) => calendar.end_of_hours(day).ok(),
    }
}

/// A finish with a time of day; exactly midnight is how systems write a day without one.
fn timed(calendar: &Calendar, moment: Moment) -> Option<Instant> {
    match moment {
        Moment::Instant(at) if calendar.zone().local_time_of_day(at) != 0 => Some(at),
        _ => None,
    }
}

/// Working minutes from one instant to a later one; nothing where the calendar does not reach. A calendar of a zone
/// only knows no hours: there all minutes count.
fn minutes(calendar: &Calendar, from: Instant, to: Instant) -> Option<i64> {
    if from > to {
        return None;
    }
    if calendar.is_zone_only() {
        return Some((to.0 - from.0) / 60_000_000);
    }
    calendar.working_minutes_between(from, to).ok()
}

impl<'a> Dossiers<'a> {
    /// Nothing seen yet.
    pub fn new(setup: Setup<'a>) -> Self {
        Self {
            places: setup.units.iter().enumerate().map(|(at, code)| (code.as_str(), at)).collect(),
            calendars: setup.units.iter().map(|code| setup.calendars.unit(code)).collect(),
            moved: Asked::default(),
            paused: Asked::default(),
            outside: Asked::default(),
            units: vec![Unit::default(); setup.units.len()],
            procedures: HashMap::new(),
            limits: Vec::new(),
            returned: Vec::new(),
            spots: Spots::new(setup.units.len(), setup.rules),
            setup,
        }
    }

    /// Looks at some records.
    pub fn batch(&mut self, batch: &RecordBatch) {
        let texts = |id| Texts::of(batch, id);
        let (keys, units, procedures, channels, outcomes) =
            (texts("code"), texts("unit"), texts("procedure"), texts("channel"), texts("outcome"));
        let moments = |id| Moments::of(batch, id);
        let (received, first, due) = (moments("received_at"), moments("first_due_at"), moments("due_at"));
        let (finished, apology) = (moments("finished_at"), moments("apology_at"));
        let (limits, paused) = (Numbers::of(batch, "time_limit_days"), Numbers::of(batch, "paused_minutes"));
        let pauses = batch.column_by_name("pauses").cloned();
        for at in 0..batch.num_rows() {
            let Some(unit) = units.get(at).and_then(|code| self.places.get(code).copied()) else { continue };
            let Some(calendar) = self.calendars.get(unit).copied() else { continue };
            let row = Row {
                unit,
                calendar,
                key: keys.get(at).unwrap_or_default(),
                received: received.get(at),
                first: first.get(at),
                due: due.get(at).or_else(|| first.get(at)),
                finished: finished.get(at),
            };
            let procedure = procedures.get(at).map(|code| self.procedure(code));
            let limit = limits.get(at);
            if let (Some(procedure), Some(limit)) = (procedure, limit)
                && let Some(known) = self.limits.get_mut(procedure as usize)
            {
                *known.entry(limit).or_default() += 1;
            }
            // Lists are dear to read, and most records have none.
            let has_pauses = pauses.as_ref().is_some_and(|list| arrow::array::Array::is_valid(list, at));
            let moved = matches!((row.first, row.due), (Some(first), Some(due)) if first != due);
            let values = (has_pauses || moved)
                .then(|| giaouoc_measure::values(self.setup.kind, batch, at).ok())
                .flatten();
            if moved && apology.get(at).is_none() {
                self.due_moved(&row, values.as_deref(), paused.get(at));
            }
            if has_pauses {
                self.late_pause(&row, values.as_deref());
            }
            let Some(end_day) = row.finished.map(|at| crate::columns::day(at, calendar.zone())) else {
                continue;
            };
            let returned = matches!(outcomes.get(at), Some("returned" | "withdrawn"));
            let near = self.at_due(&row, returned);
            if let Some(counts) = self.units.get_mut(unit) {
                counts.finished += 1;
                counts.returns += u64::from(returned);
                counts.near_due[usize::from(returned)] += u64::from(near);
            }
            if !returned {
                self.spots.day(unit, end_day);
            } else if near && let (Some(procedure), Some(channel)) = (procedure, channels.get(at)) {
                let zone = calendar.zone();
                let said =
                    |moment: Option<Moment>| moment.map_or_else(|| Text::same(""), |at| told(at, zone));
                self.returned.push(Returned {
                    key: row.key.to_owned(),
                    at: end_day,
                    due: said(row.due),
                    finished: said(row.finished),
                    unit,
                    procedure,
                    channel: channel.to_owned(),
                });
            }
            self.outside_hours(&row, limit);
        }
    }

    fn procedure(&mut self, code: &str) -> u32 {
        if let Some(number) = self.procedures.get(code) {
            return *number;
        }
        let number = u32::try_from(self.limits.len()).unwrap_or(u32::MAX);
        self.procedures.insert(code.to_owned(), number);
        self.limits.push(HashMap::new());
        number
    }

    fn due_moved(&mut self, row: &Row<'_>, values: Option<&[Value]>, paused: Option<i64>) {
        let calendar = row.calendar;
        let (Some(first), Some(due)) = (row.first, row.due) else { return };
        let (Some(from), Some(to)) = (end(calendar, first), end(calendar, due)) else { return };
        let Some(by) = minutes(calendar, from, to) else { return };
        let value = |id| values.and_then(|values| values.get(self.setup.kind.column(id)?));
        if let Some(Value::Changes(changes)) = value("due_changes")
            && changes.iter().any(|change| !change.why.trim().is_empty())
        {
            return;
        }
        let stretches: i64 = match value("pauses") {
            Some(Value::Intervals(list)) => list
                .iter()
                .filter_map(|(from, to)| {
                    minutes(calendar, *from, (*to).or_else(|| timed(calendar, row.finished?))?)
                })
                .sum(),
            _ => 0,
        };
        if by - stretches.max(paused.unwrap_or(0)) <= i64::from(self.setup.rules.moved.minutes) {
            return;
        }
        let zone = calendar.zone();
        self.moved.add(row.unit, self.setup.cases, || Case {
            key: row.key.to_owned(),
            evidence: {
                let (first, due) = (told(first, zone), told(due, zone));
                vec![Text::new(
                    format!("hạn đầu tiên {} → hạn hiện hành {}", first.vi, due.vi),
                    format!("first due {} → due now {}", first.en, due.en),
                )]
            },
            entry: None,
        });
    }

    /// Puts a finish into its stretch before due; tells whether it lies in the last one that returns are looked for in.
    fn at_due(&mut self, row: &Row<'_>, returned: bool) -> bool {
        let calendar = row.calendar;
        let (Some(finished), Some(due)) =
            (row.finished.and_then(|at| timed(calendar, at)), row.due.and_then(|due| end(calendar, due)))
        else {
            return false;
        };
        let Some(left) = minutes(calendar, finished, due) else { return false };
        let wide = self.spots.reach().max(i64::from(self.setup.rules.again.minutes));
        if left > wide {
            return false;
        }
        let allowed = match row.received {
            Some(Moment::Instant(from)) => minutes(calendar, from, due),
            _ => None,
        };
        if allowed.is_some_and(|all| all >= i64::from(self.setup.rules.at_due.limit_minutes)) && !returned {
            self.spots.before_due(row.unit, left);
        }
        left <= i64::from(self.setup.rules.again.minutes)
    }

    fn outside_hours(&mut self, row: &Row<'_>, limit: Option<i64>) {
        let calendar = row.calendar;
        let Some(at) = row.finished.and_then(|at| timed(calendar, at)) else { return };
        if let Some(counts) = self.units.get_mut(row.unit) {
            counts.with_time += 1;
        }
        let far = i64::from(self.setup.rules.outside.minutes) * 60;
        let outside = |at: Instant| {
            let zone = calendar.zone();
            let (day, seconds) = (zone.day_of(at), i64::from(zone.local_time_of_day(at)));
            let hours = calendar.hours(day).ok()?;
            let (Some(first), Some(last)) = (hours.first(), hours.last()) else { return Some(true) };
            Some(
                seconds + far < i64::from(first.from.seconds())
                    || seconds > i64::from(last.to.seconds()) + far,
            )
        };
        if outside(at) != Some(true) || limit == Some(0) {
            return;
        }
        // A desk that takes in at such hours also finishes at such hours.
        if let Some(Moment::Instant(received)) = row.received
            && calendar.zone().day_of(received) == calendar.zone().day_of(at)
            && outside(received) == Some(true)
        {
            return;
        }
        let said = told(Moment::Instant(at), calendar.zone());
        let weekday = calendar.zone().day_of(at).weekday();
        self.outside.add(row.unit, self.setup.cases, || Case {
            key: row.key.to_owned(),
            evidence: vec![Text::new(
                format!("có kết quả {} ({})", said.vi, weekday.vi()),
                format!("finished {} ({})", said.en, weekday.en()),
            )],
            entry: None,
        });
    }

    /// What the first pass found, and what the second one looks for.
    pub fn finish(self) -> (Vec<Question>, Second<'a>) {
        let Self { setup, units, .. } = self;
        let of = |unit: usize| units.get(unit).map_or(0, |counts| counts.finished);
        let timed = |unit: usize| units.get(unit).map_or(0, |counts| counts.with_time);
        let mut found = self.moved.questions(Signal::DueMoved, setup.units, of);
        found.extend(self.paused.questions(Signal::LatePause, setup.units, of));
        found.extend(self.outside.questions(Signal::FinishedOutsideHours, setup.units, timed));
        found.extend(self.spots.questions(setup.rules, setup.units, &self.calendars));
        let shares: Vec<Share> =
            units.iter().map(|counts| Share { part: counts.returns, of: counts.finished }).collect();
        if let Some(far) = far_above(&shares, &setup.rules.returns) {
            for unit in far.above {
                let (Some(share), Some(code)) = (shares.get(unit), setup.units.get(unit)) else { continue };
                let percent = |share: Share| {
                    let amount = giaouoc_agreement::figure::Amount::Share {
                        met: i64::try_from(share.part).unwrap_or(i64::MAX),
                        of: i64::try_from(share.of).unwrap_or(i64::MAX),
                    };
                    amount.words(None)
                };
                let (own, middle) = (percent(*share), percent(far.median));
                found.push(Question {
                    signal: Signal::ManyReturns,
                    unit: code.clone(),
                    count: share.part,
                    of: share.of,
                    seen: vec![Text::new(
                        format!("trả lại, rút: {}; trung vị các đơn vị: {}", own.vi, middle.vi),
                        format!("returned or withdrawn: {}; the units' median: {}", own.en, middle.en),
                    )],
                    cases: Vec::new(),
                });
            }
        }
        let second = Second::new(setup, self.places, self.procedures, &self.limits, self.returned, &units);
        (found, second)
    }
}
