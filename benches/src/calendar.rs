//! The working calendar as two tables over half hours, which is what the hand-written scan and the
//! peers' queries look up: `days.csv` (written by the program's own calendar) in, tables out.
//!
//! Opening and closing times must lie on half hours, so that neither a half hour of the clock nor one of
//! working time lies across one of them. Instants are seconds since the first day's local midnight.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use jiff::civil::Date;

/// Seconds in a slot.
pub const SLOT: u32 = 1_800;
const SLOTS_A_DAY: u32 = 48;
/// Vietnam's offset; it has had no other since 1975.
pub const ZONE_SECONDS: i64 = 7 * 3_600;

/// One half hour of the clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Slot {
    /// Working seconds before it.
    pub before: u32,
    /// 1 when its seconds are working time, else 0.
    pub open: u16,
    /// Months since the first month of the table.
    pub month: u16,
}

/// Working time over a range of days.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Microseconds UTC at which the first day starts.
    pub origin: i64,
    /// First day.
    pub first: Date,
    /// One entry per half hour of the clock.
    pub slots: Vec<Slot>,
    /// Start of each half hour of working time.
    pub starts: Vec<u32>,
    /// Codes of the months, `YYYYMM`.
    pub months: Vec<String>,
}

impl Calendar {
    /// Reads `date,working` lines such as `2024-01-02,07:30-11:30;13:30-17:30`.
    ///
    /// # Errors
    /// A file that cannot be read, days out of order, times off the half hour.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let mut csv = csv::Reader::from_path(path).with_context(|| format!("{}", path.display()))?;
        let mut calendar =
            Self { origin: 0, first: Date::ZERO, slots: Vec::new(), starts: Vec::new(), months: Vec::new() };
        let mut before = 0;
        for (n, line) in csv.records().enumerate() {
            let line = line?;
            let (Some(day), Some(working)) = (line.get(0), line.get(1)) else {
                bail!("line {}: two fields needed", n + 2)
            };
            let date: Date = day.parse()?;
            if n == 0 {
                calendar.first = date;
                let days = (date - Date::constant(1970, 1, 1)).get_days();
                calendar.origin = (i64::from(days) * 86_400 - ZONE_SECONDS) * 1_000_000;
            }
            let n = u32::try_from(n)?;
            ensure!((date - calendar.first).get_days() as u32 == n, "{day}: days must follow each other");
            let month = format!("{:04}{:02}", date.year(), date.month());
            if calendar.months.last() != Some(&month) {
                calendar.months.push(month);
            }
            let month = u16::try_from(calendar.months.len() - 1)?;
            let spans = spans(working)?;
            for slot in 0..SLOTS_A_DAY {
                let open = spans.iter().any(|&(from, to)| from <= slot && slot < to);
                calendar.slots.push(Slot { before, open: u16::from(open), month });
                if open {
                    calendar.starts.push((n * SLOTS_A_DAY + slot) * SLOT);
                    before += SLOT;
                }
            }
        }
        ensure!(!calendar.starts.is_empty(), "{}: no working day", path.display());
        Ok(calendar)
    }

    /// Seconds since the origin, cut down; `None` outside the calendar.
    #[inline]
    pub fn second(&self, micros: i64) -> Option<u32> {
        let second = micros.wrapping_sub(self.origin) as u64 / 1_000_000;
        (second < self.slots.len() as u64 * u64::from(SLOT)).then_some(second as u32)
    }

    /// Working seconds before a second; the slot is handed on for its month.
    #[inline]
    pub fn position(&self, second: u32) -> (u32, Slot) {
        let slot = self.slots.get((second / SLOT) as usize).copied().unwrap_or_default();
        (slot.before + u32::from(slot.open) * (second % SLOT), slot)
    }

    /// The earliest second at which so many working seconds have passed; `None` outside the calendar.
    #[inline]
    pub fn second_at(&self, position: u32) -> Option<u32> {
        let chunk = position.saturating_sub(1) / SLOT;
        self.starts.get(chunk as usize).map(|start| start + (position - chunk * SLOT))
    }
}

/// Half hours `from..to` of a day.
fn spans(text: &str) -> anyhow::Result<Vec<(u32, u32)>> {
    let half_hour = |text: &str| -> anyhow::Result<u32> {
        let (hours, minutes) = text.split_once(':').with_context(|| format!("{text}: not a time HH:MM"))?;
        let minutes = hours.parse::<u32>()? * 60 + minutes.parse::<u32>()?;
        ensure!(minutes % 30 == 0, "{text}: not on a half hour");
        Ok(minutes / 30)
    };
    text.split(';')
        .filter(|span| !span.is_empty())
        .map(|span| {
            let (from, to) = span.split_once('-').with_context(|| format!("{span}: not HH:MM-HH:MM"))?;
            Ok((half_hour(from)?, half_hour(to)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test may stop")]
    use super::*;

    fn calendar() -> Calendar {
        let path = std::env::temp_dir().join(format!("giaouoc-days-{}.csv", std::process::id()));
        let week = "07:30-11:30;13:30-17:30";
        let text = format!(
            "date,working\n2024-05-02,{week}\n2024-05-03,{week}\n2024-05-04,{week}\n2024-05-05,\n2024-05-06,{week}\n"
        );
        std::fs::write(&path, text).unwrap();
        let calendar = Calendar::read(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        calendar
    }

    #[test]
    fn the_swapped_saturday_counts_and_the_end_of_a_day_stays_that_day() {
        let calendar = calendar();
        let at = |day: u32, hour: u32, minute: u32| day * 86_400 + hour * 3_600 + minute * 60;
        let add =
            |from: u32, minutes: u32| calendar.second_at(calendar.position(from).0 + minutes * 60).unwrap();
        // Friday 16:00 plus one working day ends on the swapped Saturday at 16:00.
        assert_eq!(add(at(1, 16, 0), 480), at(2, 16, 0));
        // Received at lunch: counts from 13:30.
        assert_eq!(add(at(1, 12, 0), 60), at(1, 14, 30));
        // A full day from the opening ends at closing time, not next morning.
        assert_eq!(add(at(1, 7, 30), 480), at(1, 17, 30));
        // Saturday 17:00 plus an hour: Monday 08:00.
        assert_eq!(add(at(2, 17, 0), 60), at(4, 8, 0));
        assert_eq!(calendar.second_at(4 * 28_800 + 1), None);
    }
}
