//! Events of one record folded into its values, whatever the order in which they come.

use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::value::Change;
use giaouoc_worktime::time::{Instant, Moment};
use giaouoc_worktime::zone::Zone;

use crate::check::Checked;

/// Where an event stands among those of its record: its time (of a bare day its beginning, before whatever
/// happened at that instant), then the place of its entry in the mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    at: Instant,
    timed: bool,
    entry: usize,
}

impl Place {
    pub(super) fn new(time: Moment, entry: usize, zone: &Zone) -> Self {
        match time {
            Moment::Instant(at) => Self { at, timed: true, entry },
            Moment::Day(day) => Self { at: zone.start_of(day), timed: false, entry },
        }
    }

    /// When it happened.
    pub(super) fn at(self) -> Instant {
        self.at
    }
}

/// How several values of a column are settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settle {
    /// Set by events: the first, or the last. `quiet`: the mapping says so, hence several are no surprise.
    Event { last: bool, quiet: bool },
    /// Given by every row: the latest that is known; different ones are a surprise.
    Row,
}

/// Why a record is not made, and all its events are rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    /// The event in this row was rejected.
    Row(u64),
    /// No event gives this required column.
    Missing(usize),
}

/// A record while its events come in.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) events: u64,
    pub(super) bad: Option<Bad>,
    held: Vec<Option<Held>>,
    pauses: Vec<(usize, Place, bool)>,
    changes: Vec<(usize, Place, Change)>,
    latest: Option<Place>,
    surprises: Vec<(&'static str, usize)>,
}

#[derive(Debug)]
struct Held {
    place: Place,
    value: Checked<'static>,
}

/// What is said of a record: a stable name, and the column it is about.
pub(super) type Surprise = (&'static str, Option<usize>);

impl Record {
    /// Notes that an event happened.
    pub(super) fn happened(&mut self, place: Place) {
        self.events += 1;
        self.latest = self.latest.max(Some(place));
    }

    /// Notes that an event was rejected; of several the first row counts.
    pub(super) fn rejected(&mut self, row: u64) {
        self.events += 1;
        self.bad = match self.bad {
            Some(Bad::Row(earlier)) if earlier < row => self.bad,
            _ => Some(Bad::Row(row)),
        };
    }

    /// A value for the column that stands at `slot` among those of the output.
    pub(super) fn offer(&mut self, slot: usize, place: Place, value: &Checked<'_>, settle: Settle) {
        if *value == Checked::Unknown {
            return;
        }
        if self.held.len() <= slot {
            self.held.resize_with(slot + 1, || None);
        }
        let Some(held) = &mut self.held[slot] else {
            self.held[slot] = Some(Held { place, value: value.clone().into_owned() });
            return;
        };
        let later = match place.cmp(&held.place) {
            // Which of two rows stands first in the file must not matter.
            std::cmp::Ordering::Equal => format!("{value:?}") > format!("{:?}", held.value),
            order => order.is_gt(),
        };
        let same = *value == held.value;
        let (last, surprise) = match settle {
            Settle::Event { last, quiet } => (last, (!quiet).then_some("set-twice")),
            Settle::Row => (true, Some("values-differ")),
        };
        if later == last && !same {
            *held = Held { place, value: value.clone().into_owned() };
        }
        if let Some(surprise) = surprise.filter(|_| !same)
            && !self.surprises.contains(&(surprise, slot))
        {
            self.surprises.push((surprise, slot));
        }
    }

    /// A pause begins, or ends.
    pub(super) fn pause(&mut self, slot: usize, place: Place, begins: bool) {
        self.pauses.push((slot, place, begins));
    }

    /// The due date changes.
    pub(super) fn change(&mut self, slot: usize, place: Place, change: Change) {
        self.changes.push((slot, place, change));
    }

    /// The record's values, one for each output column (`columns` are their indexes in the kind), and what is
    /// to be said about it.
    pub(super) fn finish(
        mut self,
        columns: &[usize],
        kind: &Kind,
        zone: &Zone,
    ) -> (Vec<Checked<'static>>, Vec<Surprise>) {
        self.held.resize_with(columns.len(), || None);
        self.surprises.sort_unstable_by_key(|(name, slot)| (*slot, *name));
        let mut surprises: Vec<Surprise> =
            self.surprises.iter().map(|(name, slot)| (*name, Some(columns[*slot]))).collect();
        let mut values = Vec::with_capacity(columns.len());
        for (slot, column) in columns.iter().enumerate() {
            let held = self.held[slot].take().map_or(Checked::Unknown, |held| held.value);
            values.push(match kind.columns[*column].ty {
                ColumnType::Intervals if held == Checked::Unknown => {
                    self.paused(slot, *column, &mut surprises)
                }
                ColumnType::Changes if held == Checked::Unknown => self.changed(slot),
                _ => held,
            });
        }
        let moment = |column: Option<usize>| {
            let slot = columns.iter().position(|at| Some(*at) == column)?;
            match &values[slot] {
                Checked::Moment(moment) => Some(*moment),
                Checked::Day(day) => Some(Moment::Day(*day)),
                _ => None,
            }
        };
        if let Some(end) = moment(kind.closes) {
            if moment(Some(kind.date)).is_some_and(|start| before(end, start, zone)) {
                surprises.push(("ends-before-start", None));
            }
            let latest = self.latest.map(|latest| {
                if latest.timed { Moment::Instant(latest.at) } else { Moment::Day(zone.day_of(latest.at)) }
            });
            if latest.is_some_and(|latest| before(end, latest, zone)) {
                surprises.push(("events-after-end", None));
            }
        }
        (values, surprises)
    }

    fn paused(&mut self, slot: usize, column: usize, surprises: &mut Vec<Surprise>) -> Checked<'static> {
        let mut marks: Vec<(Place, bool)> = self
            .pauses
            .iter()
            .filter(|(of, ..)| *of == slot)
            .map(|(_, place, begins)| (*place, *begins))
            .collect();
        if marks.is_empty() {
            return Checked::Unknown;
        }
        marks.sort_unstable();
        let mut list = Vec::new();
        let mut open: Option<Instant> = None;
        for (place, begins) in marks {
            match (begins, open) {
                (true, None) => open = Some(place.at),
                (true, Some(_)) => surprises.push(("pause-begun-twice", Some(column))),
                (false, Some(from)) => {
                    list.push((from, Some(place.at)));
                    open = None;
                }
                (false, None) => surprises.push(("pause-ended-unbegun", Some(column))),
            }
        }
        list.extend(open.map(|from| (from, None)));
        Checked::Intervals(list)
    }

    fn changed(&mut self, slot: usize) -> Checked<'static> {
        let (mut mine, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.changes).into_iter().partition(|(of, ..)| *of == slot);
        self.changes = others;
        if mine.is_empty() {
            return Checked::Unknown;
        }
        mine.sort_by(|(_, a, x), (_, b, y)| (a, x.new, &x.why).cmp(&(b, y.new, &y.why)));
        Checked::Changes(mine.into_iter().map(|(.., change)| change).collect())
    }
}

/// Whether one moment certainly lies before another; a bare day lies before what is on a later day.
fn before(a: Moment, b: Moment, zone: &Zone) -> bool {
    let day = |moment: Moment| match moment {
        Moment::Day(day) => day,
        Moment::Instant(at) => zone.day_of(at),
    };
    match (a, b) {
        (Moment::Instant(a), Moment::Instant(b)) => a < b,
        _ => day(a) < day(b),
    }
}
