//! Time zones as tables of offsets: which local day an instant falls on, and where a day begins.
//!
//! The IANA database is bundled with the program (crate `jiff`); neither the machine's zone files
//! nor its environment are read, so every machine gives the same days.

use crate::error::{CalendarError, shown};
use crate::time::{Day, Instant, MICROS_PER_DAY, MICROS_PER_SECOND, Moment, parse_written};
use std::ops::Range;

/// A time zone: its IANA name and its offsets from UTC over the years 1900 to 2200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    /// Where each stretch of one offset begins (µs since the epoch); the first is `i64::MIN`.
    starts: Vec<i64>,
    /// Microseconds to add to UTC in that stretch.
    offsets: Vec<i64>,
}

impl Zone {
    /// The zone of an IANA name such as `Asia/Ho_Chi_Minh`.
    pub fn get(name: &str) -> Result<Self, CalendarError> {
        let unknown = || CalendarError::UnknownZone { name: shown(name) };
        let tz = jiff::tz::TimeZoneDatabase::bundled().get(name).map_err(|_| unknown())?;
        let first = jiff::Timestamp::from_microsecond(Instant::MIN.0).map_err(|_| unknown())?;
        let mut starts = vec![i64::MIN];
        let mut offsets = vec![i64::from(tz.to_offset(first).seconds()) * MICROS_PER_SECOND];
        for transition in tz.following(first) {
            let at = transition.timestamp().as_microsecond();
            if at > Instant::MAX.0 {
                break;
            }
            let offset = i64::from(transition.offset().seconds()) * MICROS_PER_SECOND;
            // A change of name or of the "summer" flag alone is none for us.
            if offsets.last() != Some(&offset) {
                starts.push(at);
                offsets.push(offset);
            }
        }
        // The database finds names in any case; what is stored and digested is its own spelling.
        let name = tz.iana_name().unwrap_or(name).to_owned();
        Ok(Self { name, starts, offsets })
    }

    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), starts: vec![i64::MIN], offsets: vec![0] }
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The stretch of one offset that holds the instant.
    fn stretch(&self, micros: i64) -> usize {
        self.starts.partition_point(|start| *start <= micros).saturating_sub(1)
    }

    /// The end of a stretch (exclusive).
    fn stretch_end(&self, stretch: usize) -> i64 {
        self.starts.get(stretch + 1).copied().unwrap_or(i64::MAX)
    }

    /// Microseconds to add to UTC at the instant.
    pub fn offset_us(&self, at: Instant) -> i64 {
        self.offsets[self.stretch(at.0)]
    }

    /// The offset in microseconds if the zone keeps one offset over the whole range, else `None`.
    /// Asia/Ho_Chi_Minh has had +07:00 since 13 June 1975.
    pub fn fixed_offset_us(&self, range: Range<Instant>) -> Option<i64> {
        let stretch = self.stretch(range.start.0);
        (range.end.0 <= self.stretch_end(stretch)).then(|| self.offsets[stretch])
    }

    /// Changes of offset in the range: the instant, microseconds to add before, and after.
    pub fn changes(&self, range: Range<Instant>) -> impl Iterator<Item = (Instant, i64, i64)> + '_ {
        (1..self.starts.len())
            .filter(move |i| range.contains(&Instant(self.starts[*i])))
            .map(|i| (Instant(self.starts[i]), self.offsets[i - 1], self.offsets[i]))
    }

    /// The local day on which the instant falls.
    pub fn day_of(&self, at: Instant) -> Day {
        Day(day_at(at.0, self.offset_us(at)))
    }

    /// Whole seconds shown by the local clock since 00:00 (0 to 86,399). On a day on which the
    /// clock is changed this is the clock's face, not the time elapsed since midnight.
    pub fn local_time_of_day(&self, at: Instant) -> u32 {
        let local = at.0.saturating_add(self.offset_us(at));
        (local.rem_euclid(MICROS_PER_DAY) / MICROS_PER_SECOND) as u32
    }

    /// The instant of a local day and seconds of day (0 to 86,400; 86,400 is the next midnight).
    ///
    /// Where the local time occurs twice (clocks set back) the earlier one is meant; where it does
    /// not occur (clocks set forward) it is read with the offset in force before the gap, which
    /// moves it later by the length of the gap: 02:30 becomes 03:30. This is the "compatible" rule
    /// of RFC 5545 and of most software.
    pub fn instant_of(&self, day: Day, seconds: u32) -> Instant {
        self.find(day, seconds, |zone, local, after| {
            local.saturating_sub(zone.offsets[after.saturating_sub(1)])
        })
    }

    /// The first instant of the local day: midnight, or, where midnight is skipped by a change of
    /// the clock, the moment of the change.
    pub fn start_of(&self, day: Day) -> Instant {
        self.find(day, 0, |zone, _, after| zone.starts[after])
    }

    /// The first instant whose local clock shows the time, or what `in_gap` makes of it, given the
    /// first stretch after the gap.
    fn find(&self, day: Day, seconds: u32, in_gap: fn(&Self, i64, usize) -> i64) -> Instant {
        let midnight = i64::from(day.0).saturating_mul(MICROS_PER_DAY);
        let local = midnight.saturating_add(i64::from(seconds) * MICROS_PER_SECOND);
        // Offsets are less than a day and a half, so the search starts early enough.
        let mut stretch = self.stretch(local.saturating_sub(2 * MICROS_PER_DAY));
        loop {
            let at = local.saturating_sub(self.offsets[stretch]);
            if at < self.starts[stretch] {
                // Too early even for this stretch, though too late for the one before: a gap.
                return Instant(in_gap(self, local, stretch));
            }
            if at < self.stretch_end(stretch) || stretch + 1 == self.starts.len() {
                return Instant(at);
            }
            stretch += 1;
        }
    }

    /// Reads a bare date, a date and time with an offset, or a local date and time of this zone
    /// (see [`Zone::instant_of`] for times that occur twice or not at all).
    pub fn parse_moment(&self, text: &str) -> Result<Moment, CalendarError> {
        if text.len() == 10 {
            return text.parse().map(Moment::Day);
        }
        let written = parse_written(text)?;
        let at = match written.offset {
            Some(offset) => {
                i64::from(written.day.0) * MICROS_PER_DAY + written.micros
                    - i64::from(offset) * MICROS_PER_SECOND
            }
            None => {
                let seconds = written.micros / MICROS_PER_SECOND;
                self.instant_of(written.day, seconds as u32).0 + written.micros % MICROS_PER_SECOND
            }
        };
        Instant::checked(at).map(Moment::Instant)
    }

    /// The local day of each instant (µs), for a whole column. Any `i64` is accepted; rows far
    /// outside 1900 to 2200 give days there, saturated to the ends of `i32`.
    ///
    /// If all instants lie in one stretch of offset (always so in Việt Nam since 1975) this is one
    /// subtraction and one division a row, without branches; otherwise the stretch of the row
    /// before is tried first and a binary search done only when it does not fit.
    pub fn days_of(&self, micros: &[i64], days: &mut [i32]) -> Result<(), CalendarError> {
        if micros.len() != days.len() {
            return Err(CalendarError::LengthMismatch { expected: micros.len(), found: days.len() });
        }
        let (mut least, mut most) = (i64::MAX, i64::MIN);
        for at in micros {
            least = least.min(*at);
            most = most.max(*at);
        }
        if let Some(offset) = self.fixed_offset_us(Instant(least)..Instant(most.saturating_add(1))) {
            for (at, day) in micros.iter().zip(days) {
                *day = day_at(*at, offset);
            }
            return Ok(());
        }
        let mut stretch = 0;
        for (at, day) in micros.iter().zip(days) {
            if *at < self.starts[stretch] || *at >= self.stretch_end(stretch) {
                stretch = self.stretch(*at);
            }
            *day = day_at(*at, self.offsets[stretch]);
        }
        Ok(())
    }
}

/// The day of an instant under an offset. Microseconds of `i64` span more days than `i32` near the
/// ends of neither: 2^63 µs are about 107 million days.
fn day_at(micros: i64, offset: i64) -> i32 {
    micros.saturating_add(offset).div_euclid(MICROS_PER_DAY) as i32
}
