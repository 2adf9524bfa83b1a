//! Into which part of a period each row falls.

use arrow::datatypes::ArrowNativeType;
use giaouoc_agreement::lang::Type;
use giaouoc_worktime::{Day, Rows};

use crate::bits::Bits;
use crate::col::{Col, Data, Run};
use crate::plan::Split;
use crate::run::Days;

/// A part is a day or more, and no day is shorter than 2^36 µs (19.1 hours): in a stretch of that length
/// at most one part ends, so one look-up and one comparison tell the part.
const STRETCH: u32 = 36;

/// Tables from days and instants to slots.
#[derive(Debug)]
pub(crate) struct Slots {
    first: i32,
    /// The slot of each day of the period.
    of_day: Vec<u32>,
    /// The first instant of the period, and for each stretch from there the last µs (from there) of the slot
    /// in which it begins, and that slot. Nothing when days have to be computed.
    of_instant: Option<(i64, Vec<(u64, u32)>)>,
    out: u32,
    undated: u32,
}

impl Slots {
    pub(crate) fn new(split: &Split, ty: Type, days: &Days) -> Self {
        let parts = split.starts.len() as u32;
        let mut of_day = Vec::new();
        for day in split.first.0..=split.last.0 {
            let part = split.starts.partition_point(|start| start.0 <= day).saturating_sub(1);
            of_day.push(part as u32);
        }
        let of_instant = if ty == Type::Moment { stretches(split, days) } else { None };
        Self { first: split.first.0, of_day, of_instant, out: parts, undated: parts + 1 }
    }

    fn day(&self, day: i32) -> u32 {
        let at = usize::try_from(i64::from(day) - i64::from(self.first)).unwrap_or(usize::MAX);
        self.of_day.get(at).copied().unwrap_or(self.out)
    }

    /// The slot of each row.
    pub(crate) fn of(&self, rows: usize, over: &Col, days: &Days, out: &mut Vec<u32>) {
        out.clear();
        match (&over.data, &self.of_instant) {
            (Data::Moment(moments), Some((from, table))) => {
                let last = table.len() - 1;
                let slot = |at: i64| {
                    let since = at.wrapping_sub(*from) as u64;
                    let (until, slot) = table[((since >> STRETCH) as usize).min(last)];
                    slot + u32::from(since > until)
                };
                fill(rows, &moments.at, out, slot);
            }
            (Data::Moment(moments), None) => fill(rows, &moments.at, out, |at| self.day(days.day_of(at))),
            (Data::Day(run), _) => fill(rows, run, out, |day| self.day(day)),
            _ => out.resize(rows, self.out),
        }
        if let Data::Moment(moments) = &over.data
            && let Some(bare) = &moments.bare
        {
            for row in bare.rows.rows() {
                out[row] = self.day(bare.days.get(row));
            }
        }
        for row in over.unknown.iter().flat_map(Bits::rows) {
            out[row] = self.undated;
        }
    }
}

fn fill<T: ArrowNativeType>(rows: usize, values: &Run<T>, out: &mut Vec<u32>, slot: impl Fn(T) -> u32) {
    match values.view() {
        Rows::Each(values) => out.extend(values.iter().map(|value| slot(*value))),
        Rows::All(value) => out.resize(rows, slot(value)),
    }
}

/// The table of stretches; nothing when some part does not begin at one instant that tells its days apart.
fn stretches(split: &Split, days: &Days) -> Option<(i64, Vec<(u64, u32)>)> {
    let edges = days.edges(split.first, split.last)?;
    let (from, width) = (edges.from(), edges.width());
    // Where each slot ends; the last part ends with the period, and what follows is outside.
    let mut ends = Vec::with_capacity(split.starts.len());
    for start in split.starts.iter().skip(1) {
        let before = Day(start.0.checked_sub(1)?);
        ends.push(days.edges(split.first, before)?.width());
    }
    ends.push(width);
    let stretches = (width >> STRETCH) + 1;
    let mut table = Vec::with_capacity(stretches as usize + 1);
    for stretch in 0..stretches {
        let begin = stretch << STRETCH;
        let slot = ends.partition_point(|end| *end <= begin);
        table.push((ends.get(slot).map_or(u64::MAX, |end| end - 1), slot as u32));
    }
    table.push((u64::MAX, ends.len() as u32));
    Some((from, table))
}
