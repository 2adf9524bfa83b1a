//! The tables behind a calendar: how many working days and working seconds lie before each day,
//! and the way back from a count to a day. Every look-up is O(1), so columns cost O(1) a row.

use crate::hours::Span;
use crate::time::{Day, Instant, MICROS_PER_DAY, MICROS_PER_SECOND};
use crate::zone::Zone;

/// The hours of one kind of day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Pattern {
    pub(crate) spans: Vec<Span>,
    pub(crate) total: u32,
    /// The first two spans once more, as seconds and in place: nearly every day has no more, and
    /// columns need not follow a pointer. A missing span is empty.
    two: [(u32, u32); 2],
}

impl Pattern {
    pub(crate) fn new(spans: Vec<Span>) -> Self {
        let total = spans.iter().map(|s| s.seconds()).sum();
        let edge = |i: usize| spans.get(i).map_or((0, 0), |s: &Span| (s.from.seconds(), s.to.seconds()));
        let two = [edge(0), edge(1)];
        Self { spans, total, two }
    }

    /// Working seconds of the day that have passed at this second of the day.
    #[inline]
    pub(crate) fn passed(&self, second: u32) -> u32 {
        let part = |(from, to): (u32, u32)| second.clamp(from, to) - from;
        let two = part(self.two[0]) + part(self.two[1]);
        if self.spans.len() <= 2 {
            return two;
        }
        let rest = self.spans.iter().skip(2);
        two + rest.map(|s| part((s.from.seconds(), s.to.seconds()))).sum::<u32>()
    }

    /// The second of the day at which so many working seconds (1 to `total`) have passed. Where a
    /// span ends there, its end is meant, not the beginning of the next.
    fn second_at(&self, mut passed: u32) -> u32 {
        for span in &self.spans {
            if passed <= span.seconds() {
                return span.from.seconds() + passed;
            }
            passed -= span.seconds();
        }
        self.close()
    }

    pub(crate) fn contains(&self, second: u32) -> bool {
        self.spans.iter().any(|s| s.from.seconds() <= second && second < s.to.seconds())
    }

    pub(crate) fn open(&self) -> u32 {
        self.spans.first().map_or(0, |s| s.from.seconds())
    }

    pub(crate) fn close(&self) -> u32 {
        self.spans.last().map_or(0, |s| s.to.seconds())
    }
}

/// Prefix and inverse tables over the days covered. Days are `i32` since 1970, instants `i64` µs;
/// `None` means "outside the days covered".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WorkTable {
    first: i32,
    /// Index of each day's pattern; 0 is the day without hours.
    pattern: Vec<u16>,
    patterns: Vec<Pattern>,
    /// Working days before each day; one entry more than there are days.
    days_before: Vec<u32>,
    /// Working seconds before each day; one entry more than there are days.
    seconds_before: Vec<i64>,
    /// The working days in order.
    nth: Vec<i32>,
    /// Each entry of `bucket` stands for 2 to this power seconds of working time.
    bucket_bits: u32,
    /// For each such stretch of working seconds, the ordinal of the working day that
    /// holds its first second.
    bucket: Vec<u32>,
    zone: Zone,
    /// The zone's offset if it is one and the same over all days covered (and two days round them).
    fixed: Option<i64>,
}

impl WorkTable {
    pub(crate) fn new(first: Day, patterns: Vec<Pattern>, pattern: Vec<u16>, zone: Zone) -> Self {
        let mut days_before = Vec::with_capacity(pattern.len() + 1);
        let mut seconds_before = Vec::with_capacity(pattern.len() + 1);
        let mut nth = Vec::new();
        let mut seconds = 0_i64;
        let mut shortest = 86_400;
        for (day, kind) in (first.0..).zip(&pattern) {
            days_before.push(nth.len() as u32);
            seconds_before.push(seconds);
            let total = i64::from(patterns[usize::from(*kind)].total);
            if total > 0 {
                nth.push(day);
                seconds += total;
                shortest = shortest.min(total);
            }
        }
        days_before.push(nth.len() as u32);
        seconds_before.push(seconds);
        // A stretch touches few days. No smaller than 512 seconds, so that one odd day does not blow up
        // the table.
        let bucket_bits = shortest.max(512_i64).ilog2();
        let bucket_size = 1_i64 << bucket_bits;
        let mut bucket = Vec::with_capacity((seconds / bucket_size) as usize + 1);
        let mut ordinal = 0_u32;
        let end_of = |ordinal: u32| {
            let day = nth.get(ordinal as usize).map_or(pattern.len(), |d| (d - first.0) as usize);
            seconds_before.get(day + 1).copied().unwrap_or(i64::MAX)
        };
        let mut at = 0;
        while at < seconds {
            while end_of(ordinal) <= at {
                ordinal += 1;
            }
            bucket.push(ordinal);
            at += bucket_size;
        }
        let margin = 2 * MICROS_PER_DAY;
        let begin = Instant(i64::from(first.0) * MICROS_PER_DAY - margin);
        let end = Instant((i64::from(first.0) + pattern.len() as i64) * MICROS_PER_DAY + margin);
        let fixed = zone.fixed_offset_us(begin..end);
        Self {
            first: first.0,
            pattern,
            patterns,
            days_before,
            seconds_before,
            nth,
            bucket_bits,
            bucket,
            zone,
            fixed,
        }
    }

    pub(crate) fn first(&self) -> Day {
        Day(self.first)
    }

    pub(crate) fn last(&self) -> Day {
        Day(self.first + self.pattern.len() as i32 - 1)
    }

    pub(crate) fn working_days(&self) -> &[i32] {
        &self.nth
    }

    fn index(&self, day: i32) -> Option<usize> {
        let index = usize::try_from(i64::from(day) - i64::from(self.first)).ok()?;
        (index < self.pattern.len()).then_some(index)
    }

    pub(crate) fn hours(&self, day: i32) -> Option<&Pattern> {
        self.index(day).map(|i| &self.patterns[usize::from(self.pattern[i])])
    }

    pub(crate) fn is_working(&self, day: i32) -> Option<bool> {
        self.index(day).map(|i| self.pattern[i] != 0)
    }

    /// The working days after `from` up to and including `to`; negative if reversed.
    pub(crate) fn days_between(&self, from: i32, to: i32) -> Option<i32> {
        let (from, to) = (self.index(from)?, self.index(to)?);
        Some(self.days_before[to + 1] as i32 - self.days_before[from + 1] as i32)
    }

    /// The `n`-th working day after `from`; `from` itself for 0.
    pub(crate) fn add_days(&self, from: i32, n: i32) -> Option<i32> {
        let done = i64::from(self.days_before[self.index(from)? + 1]);
        if n == 0 {
            return Some(from);
        }
        let ordinal = usize::try_from(done + i64::from(n) - 1).ok()?;
        self.nth.get(ordinal).copied()
    }

    /// The day itself if worked, else the next working day.
    pub(crate) fn roll(&self, day: i32) -> Option<i32> {
        self.nth.get(self.days_before[self.index(day)?] as usize).copied()
    }

    /// The day itself if worked, else the working day before.
    pub(crate) fn roll_back(&self, day: i32) -> Option<i32> {
        let count = self.days_before[self.index(day)? + 1] as usize;
        self.nth.get(count.checked_sub(1)?).copied()
    }

    /// The local day and second of day of an instant.
    #[inline]
    pub(crate) fn local(&self, at: i64) -> (i32, u32) {
        let offset = self.fixed.unwrap_or_else(|| self.zone.offset_us(Instant(at)));
        let local = at.saturating_add(offset);
        let day = local.div_euclid(MICROS_PER_DAY) as i32;
        (day, (local.rem_euclid(MICROS_PER_DAY) / MICROS_PER_SECOND) as u32)
    }

    /// The index of the local day covered and the second of day of an instant.
    #[inline]
    fn locate(&self, at: i64) -> Option<(usize, u32)> {
        let offset = self.fixed.unwrap_or_else(|| self.zone.offset_us(Instant(at)));
        // Microseconds since the first day's midnight. What lies before it wraps round to a number
        // far too large, and unsigned division is cheaper.
        let begin = i64::from(self.first) * MICROS_PER_DAY;
        let seconds = at.wrapping_add(offset - begin) as u64 / MICROS_PER_SECOND as u64;
        let index = (seconds / 86_400) as usize;
        (index < self.pattern.len()).then_some((index, (seconds % 86_400) as u32))
    }

    /// The instant of a day covered and a second of that day.
    #[inline]
    pub(crate) fn instant(&self, day: i32, second: u32) -> i64 {
        match self.fixed {
            Some(offset) => i64::from(day) * MICROS_PER_DAY + i64::from(second) * MICROS_PER_SECOND - offset,
            None => self.zone.instant_of(Day(day), second).0,
        }
    }

    /// Working seconds from the first day covered to the instant (cut to the whole second).
    #[inline]
    pub(crate) fn position(&self, at: i64) -> Option<i64> {
        let (index, second) = self.locate(at)?;
        let pattern = &self.patterns[usize::from(self.pattern[index])];
        Some(self.seconds_before[index] + i64::from(pattern.passed(second)))
    }

    /// The instant at which `position` (at least 1) working seconds have passed: the first such,
    /// so the end of a span and never the beginning of the next.
    pub(crate) fn at_position(&self, position: i64) -> Option<i64> {
        let bucket = usize::try_from((position - 1) >> self.bucket_bits).ok()?;
        let mut ordinal = *self.bucket.get(bucket)? as usize;
        loop {
            let day = *self.nth.get(ordinal)?;
            let index = self.index(day)?;
            if position <= self.seconds_before[index + 1] {
                let pattern = &self.patterns[usize::from(self.pattern[index])];
                let passed = (position - self.seconds_before[index]) as u32;
                return Some(self.instant(day, pattern.second_at(passed)));
            }
            ordinal += 1;
        }
    }

    /// The instant itself (cut to the whole second) if it lies in working time, else the next
    /// opening.
    pub(crate) fn clock_start(&self, at: i64) -> Option<i64> {
        let (day, second) = self.local(at);
        let hours = self.hours(day)?;
        if hours.contains(second) {
            return Some(at.div_euclid(MICROS_PER_SECOND) * MICROS_PER_SECOND);
        }
        if let Some(span) = hours.spans.iter().find(|s| second < s.from.seconds()) {
            return Some(self.instant(day, span.from.seconds()));
        }
        let next = self.add_days(day, 1)?;
        Some(self.instant(next, self.hours(next)?.open()))
    }

    /// The instant after `n` more working seconds; for 0 the [`Self::clock_start`].
    pub(crate) fn add_seconds(&self, from: i64, n: i64) -> Option<i64> {
        if n == 0 {
            return self.clock_start(from);
        }
        self.at_position(self.position(from)?.checked_add(n)?)
    }

    /// Working seconds between two instants; negative if reversed.
    #[inline]
    pub(crate) fn seconds_between(&self, from: i64, to: i64) -> Option<i64> {
        Some(self.position(to)? - self.position(from)?)
    }

    /// The end of the hours of the day, or of the next working day if the day is not worked.
    pub(crate) fn end_of_hours(&self, day: i32) -> Option<i64> {
        let day = self.roll(day)?;
        Some(self.instant(day, self.hours(day)?.close()))
    }
}
