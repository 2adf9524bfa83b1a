//! Local days of moments, and what follows from them: `day()`, `in period`, `as_of`.
//!
//! Where the zone's clock does not change near a day, "the local day lies after D" is one comparison of the
//! instant, and no day has to be computed. Việt Nam's has not changed since 1975.

use giaouoc_worktime::{CalendarError, Day, Instant, MICROS_PER_DAY, Rows, Zone};

use crate::bits::Bits;
use crate::col::{Col, Data, Moments, Run};
use crate::program::Op;
use crate::run::Spare;
use crate::run::flag::flag;

/// A zone's offsets as tables.
#[derive(Debug)]
pub(crate) struct Days {
    zone: Zone,
    /// Where each stretch of one offset begins; the first is `i64::MIN`.
    starts: Vec<i64>,
    offsets: Vec<i64>,
}

/// The instants (µs) between which the local day lies in a range of days: from the first, before the second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edges {
    from: i64,
    before: i64,
}

impl Edges {
    /// The first instant.
    pub(crate) fn from(&self) -> i64 {
        self.from
    }

    /// µs from the first instant to the one after the last.
    pub(crate) fn width(&self) -> u64 {
        self.before.wrapping_sub(self.from) as u64
    }
}

impl Days {
    pub(crate) fn new(zone: &Zone) -> Self {
        let mut starts = vec![i64::MIN];
        let mut offsets = vec![zone.offset_us(Instant::MIN)];
        for (at, _, after) in zone.changes(Instant::MIN..Instant::MAX) {
            starts.push(at.0);
            offsets.push(after);
        }
        Self { zone: zone.clone(), starts, offsets }
    }

    pub(super) fn of_name(name: &str) -> Result<Self, CalendarError> {
        Zone::get(name).map(|zone| Self::new(&zone))
    }

    /// The first instant of a day, if the days around it are told apart by it alone.
    fn edge(&self, day: Day) -> Option<i64> {
        let at = self.zone.start_of(day).0;
        let near = at.checked_sub(2 * MICROS_PER_DAY)?..at.checked_add(2 * MICROS_PER_DAY)?;
        (!self.starts.iter().any(|start| near.contains(start))).then_some(at)
    }

    /// The edges of a range of days, both ends included.
    pub(crate) fn edges(&self, first: Day, last: Day) -> Option<Edges> {
        let next = Day(last.0.checked_add(1)?);
        Some(Edges { from: self.edge(first)?, before: self.edge(next)? })
    }

    /// The local day of an instant, if no earlier instant lies on a later day, as happens where clocks are set
    /// back across midnight.
    pub(crate) fn last_day(&self, at: i64) -> Option<i32> {
        let near = at.checked_sub(2 * MICROS_PER_DAY)?..=at;
        (!self.starts.iter().any(|start| near.contains(start))).then(|| self.day_of(at))
    }

    /// The edges that an operation tests against.
    pub(crate) fn edges_of(&self, op: &Op) -> Option<Edges> {
        match op {
            Op::InDays(_, first, last) if first <= last => self.edges(*first, *last),
            Op::After(_, day) | Op::Past(_, day) => {
                let next = Day(day.0.checked_add(1)?);
                Some(Edges { from: self.edge(next)?, before: i64::MAX })
            }
            _ => None,
        }
    }

    /// The instant at which a day ends.
    pub(super) fn end_of(&self, day: Day) -> i64 {
        self.zone.start_of(Day(day.0.saturating_add(1))).0
    }

    /// The first and the last instant (µs) of a day.
    pub(super) fn range_of(&self, day: Day) -> (i64, i64) {
        (self.zone.start_of(day).0, self.end_of(day).saturating_sub(1))
    }

    fn stretch(&self, at: i64) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The local day of an instant.
    pub(crate) fn day_of(&self, at: i64) -> i32 {
        day_at(at, self.offsets[self.stretch(at)])
    }

    /// The local days of instants; whatever stands in unknown rows gives whatever day.
    fn fill(&self, at: &[i64], unknown: Option<&Bits>, out: &mut Vec<i32>) {
        out.clear();
        let known = |row: usize| !unknown.is_some_and(|unknown| unknown.get(row));
        let Some(first) = (0..at.len()).find(|row| known(*row)) else {
            out.resize(at.len(), 0);
            return;
        };
        // One offset will do for all rows, unless one lies elsewhere.
        let stretch = self.stretch(at[first]);
        let offset = self.offsets[stretch];
        let from = self.starts[stretch];
        let before = self.starts.get(stretch + 1).copied().unwrap_or(i64::MAX);
        let mut stray = false;
        for (block, chunk) in at.chunks(64).enumerate() {
            let skip = unknown.map_or(0, |unknown| unknown.words()[block]);
            if skip == 0 {
                for at in chunk {
                    stray |= (*at < from) | (*at >= before);
                }
            } else {
                for (bit, at) in chunk.iter().enumerate() {
                    stray |= ((*at < from) | (*at >= before)) & (skip >> bit & 1 == 0);
                }
            }
            out.extend(chunk.iter().map(|at| day_at(*at, offset)));
        }
        if stray {
            for (at, day) in at.iter().zip(out) {
                *day = self.day_of(*at);
            }
        }
    }

    /// `day(x)`: the local day of each moment.
    pub(super) fn local(&self, rows: usize, x: &Col, spare: &mut Spare) -> Option<Col> {
        let moments = match &x.data {
            Data::Moment(moments) => moments,
            Data::Day(_) => return Some(x.clone()),
            _ => return None,
        };
        let mut days = spare.narrow_full(rows);
        match moments.at.view() {
            Rows::Each(at) => self.fill(at, x.unknown.as_ref(), &mut days),
            Rows::All(at) => days.fill(self.day_of(at)),
        }
        if let Some(bare) = &moments.bare {
            for row in bare.rows.rows() {
                days[row] = bare.days.get(row);
            }
        }
        Some(Col::strict(Data::Day(days.into()), &[x]))
    }

    /// `x in period`.
    pub(super) fn within(
        &self,
        rows: usize,
        x: &Col,
        first: Day,
        last: Day,
        edges: Option<&Edges>,
        spare: &mut Spare,
    ) -> Option<Col> {
        if last < first {
            return Some(flag(Bits::none(rows), &[x]));
        }
        let width = last.0.wrapping_sub(first.0) as u32;
        let inside = |day: i32| day.wrapping_sub(first.0) as u32 <= width;
        match (&x.data, edges) {
            (Data::Day(days), _) => Some(flag(test_days(rows, days, inside), &[x])),
            (Data::Moment(moments), Some(edges)) => {
                let width = edges.width();
                let hit = |at: i64| (at.wrapping_sub(edges.from) as u64) < width;
                Some(flag(test_moments(rows, moments, hit, inside), &[x]))
            }
            (Data::Moment(_), None) => {
                let days = self.local(rows, x, spare)?;
                self.within(rows, &days, first, last, None, spare)
            }
            _ => None,
        }
    }

    /// `day(x) > day`.
    pub(super) fn past(
        &self,
        rows: usize,
        x: &Col,
        day: Day,
        edges: Option<&Edges>,
        spare: &mut Spare,
    ) -> Option<Col> {
        let late = self.after(rows, x, day, edges, spare)?;
        Some(late.hide(x.unknown.as_ref()))
    }

    /// Whether the local day lies after a day; unknown counts as no.
    pub(super) fn after(
        &self,
        rows: usize,
        x: &Col,
        day: Day,
        edges: Option<&Edges>,
        spare: &mut Spare,
    ) -> Option<Col> {
        let late = |other: i32| other > day.0;
        let mut yes = match (&x.data, edges) {
            (Data::Day(days), _) => test_days(rows, days, late),
            (Data::Moment(moments), Some(edges)) => test_moments(rows, moments, |at| at >= edges.from, late),
            (Data::Moment(_), None) => {
                let days = self.local(rows, x, spare)?;
                return self.after(rows, &days, day, None, spare);
            }
            _ => return None,
        };
        if let Some(unknown) = &x.unknown {
            yes = yes.without(unknown);
        }
        Some(Col { data: Data::Flag(yes), unknown: None, failed: x.failed.clone() })
    }
}

/// Days before 1970 by which instants are moved so that all are positive: unsigned division is quicker. It is
/// more than the 106,751,991 days that 64 bits of µs hold before 1970.
const BEFORE: i64 = 106_751_992;

#[inline]
fn day_at(at: i64, offset: i64) -> i32 {
    // What does not fit into 64 bits lies beyond every calendar and gives some day beyond.
    let since =
        (at as u64).wrapping_add(offset as u64).wrapping_add(BEFORE.wrapping_mul(MICROS_PER_DAY) as u64);
    (since / MICROS_PER_DAY as u64) as i32 - BEFORE as i32
}

fn test_days(rows: usize, days: &Run<i32>, test: impl Fn(i32) -> bool) -> Bits {
    match days.view() {
        Rows::Each(days) => Bits::map(days, test),
        Rows::All(day) if test(day) => Bits::all(rows),
        Rows::All(_) => Bits::none(rows),
    }
}

fn test_moments(rows: usize, moments: &Moments, at: impl Fn(i64) -> bool, day: impl Fn(i32) -> bool) -> Bits {
    let mut yes = match moments.at.view() {
        Rows::Each(values) => Bits::map(values, at),
        Rows::All(value) if at(value) => Bits::all(rows),
        Rows::All(_) => Bits::none(rows),
    };
    if let Some(bare) = &moments.bare {
        for row in bare.rows.rows() {
            yes.put(row, day(bare.days.get(row)));
        }
    }
    yes
}
