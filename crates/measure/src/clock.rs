//! Working time of one calendar as tables for the machine: from an instant to the working seconds before it
//! and back, each with one look-up and no division by days.
//!
//! A stretch of 2^32 µs (71.6 minutes) rarely touches more than one span of hours; then the working time in
//! it is that of one span, cut to the stretch. Where it touches two, and for whatever else lies beyond the
//! tables, the calendar itself is asked. That both say the same is a property below.

use giaouoc_worktime::{Calendar, Day};

/// Length of a stretch as a power of two, µs.
const STRETCH: u32 = 32;
/// Length of a bucket of working seconds as a power of two.
const BUCKET: u32 = 12;
/// Seconds in a day.
const DAY: u32 = 86_400;

/// Where in a stretch of time work is done.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    /// Working µs before the stretch; negative where the calendar has to be asked.
    before: i64,
    /// From and to which µs of the stretch work is done.
    open: u32,
    close: u32,
}

/// Where the working seconds of a bucket lie.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// The last position of the first span that the bucket touches.
    last: i64,
    /// µs to add to a position's µs for its instant: in the first span, and in the next.
    offsets: [i64; 2],
}

/// Tables of one calendar.
#[derive(Debug)]
pub(crate) struct Clock {
    /// The first instant covered.
    origin: i64,
    /// µs covered.
    length: u64,
    stretches: Vec<Stretch>,
    buckets: Vec<Option<Bucket>>,
    /// Working seconds covered.
    total: i64,
}

const MICROS: i64 = 1_000_000;

impl Clock {
    /// Tables of a calendar; nothing when it has no working days.
    pub(crate) fn new(calendar: &Calendar) -> Option<Self> {
        let (first, last) = calendar.coverage()?;
        let zone = calendar.zone();
        let origin = zone.start_of(first).0;
        let length = zone.start_of(Day(last.0 + 1)).0.checked_sub(origin)? as u64;
        // The spans, by instants; every span lies on one day.
        let mut spans: Vec<(i64, i64)> = Vec::new();
        for day in first.0..=last.0 {
            for span in calendar.hours(Day(day)).ok()? {
                let at = |seconds: u32| {
                    if seconds >= DAY {
                        zone.start_of(Day(day + 1)).0
                    } else {
                        zone.instant_of(Day(day), seconds).0
                    }
                };
                let (from, to) = (at(span.from.seconds()), at(span.to.seconds()));
                match spans.last_mut() {
                    // Work that goes on is one span.
                    Some(before) if before.1 == from => before.1 = to,
                    _ => spans.push((from, to)),
                }
            }
        }
        let mut stretches = Vec::with_capacity((length >> STRETCH) as usize + 1);
        let (mut next, mut done) = (0, 0_i64);
        for index in 0..=(length >> STRETCH) {
            let begin = origin + ((index << STRETCH) as i64);
            let end = begin + (1 << STRETCH);
            // Spans that ended before.
            while let Some((from, to)) = spans.get(next).filter(|span| span.1 <= begin) {
                done += to - from;
                next += 1;
            }
            let cut = |at: i64| (at.clamp(begin, end - 1) - begin) as u32;
            stretches.push(match spans.get(next) {
                Some((from, _)) if *from >= end => Stretch { before: done, open: 0, close: 0 },
                Some(_) if spans.get(next + 1).is_some_and(|span| span.0 < end) => {
                    Stretch { before: -1, open: 0, close: 0 }
                }
                // A span that ends with the stretch or after it is cut a µs early, which no whole second
                // notices, as no instant of the stretch lies later.
                Some((from, to)) => {
                    Stretch { before: done + (begin - from).max(0), open: cut(*from), close: cut(*to) }
                }
                None => Stretch { before: done, open: 0, close: 0 },
            });
        }
        let total: i64 = spans.iter().map(|(from, to)| to - from).sum::<i64>() / MICROS;
        Some(Self { origin, length, stretches, buckets: buckets(&spans, total), total })
    }

    /// Working seconds from the first day covered to the instant (read to the whole second); nothing where
    /// the tables do not say.
    #[inline]
    pub(crate) fn position(&self, at: i64) -> Option<i64> {
        let since = at.wrapping_sub(self.origin) as u64;
        if since >= self.length {
            return None;
        }
        let stretch = self.stretches.get((since >> STRETCH) as usize)?;
        let inside = (since as u32).clamp(stretch.open, stretch.close) - stretch.open;
        let micros = stretch.before + i64::from(inside);
        (stretch.before >= 0).then_some((micros as u64 / MICROS as u64) as i64)
    }

    /// The instant at which so many working seconds (1 or more) have passed since the first day covered: the
    /// end of a span, never the beginning of the next. Nothing where the tables do not say.
    #[inline]
    pub(crate) fn instant(&self, position: i64) -> Option<i64> {
        if position < 1 || position > self.total {
            return None;
        }
        let bucket = self.buckets.get((position >> BUCKET) as usize)?.as_ref()?;
        Some(position * MICROS + bucket.offsets[usize::from(position > bucket.last)])
    }

    /// The first instant covered, at position 0.
    #[cfg(test)]
    fn origin(&self) -> giaouoc_worktime::Instant {
        giaouoc_worktime::Instant(self.origin)
    }
}

/// For each bucket of positions the spans that hold them; nothing where there are more than two.
fn buckets(spans: &[(i64, i64)], total: i64) -> Vec<Option<Bucket>> {
    // First position of each span (its first second ends there, less one), last position, and offset.
    let mut positions = Vec::with_capacity(spans.len());
    let mut done = 0;
    for (from, to) in spans {
        let length = (to - from) / MICROS;
        if length > 0 {
            positions.push((done + 1, done + length, from - done * MICROS));
            done += length;
        }
    }
    let mut buckets = Vec::new();
    let mut at = 0;
    for index in 0..=(total >> BUCKET) {
        let (begin, end) = ((index << BUCKET).max(1), ((index + 1) << BUCKET) - 1);
        while positions.get(at).is_some_and(|(_, last, _)| *last < begin) {
            at += 1;
        }
        buckets.push(positions.get(at).and_then(|(_, last, offset)| match positions.get(at + 1) {
            Some((_, next_last, next)) if *next_last >= end || positions.len() == at + 2 => {
                Some(Bucket { last: *last, offsets: [*offset, *next] })
            }
            None => Some(Bucket { last: *last, offsets: [*offset, *offset] }),
            Some(_) => (*last >= end).then_some(Bucket { last: *last, offsets: [*offset, *offset] }),
        }));
    }
    buckets
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use std::collections::BTreeMap;

    use giaouoc_worktime::{CalendarChoice, CalendarFile, Instant, LocalRules};
    use proptest::prelude::*;

    fn calendar(local: &str) -> Calendar {
        CalendarChoice::parse(local).unwrap().resolve().unwrap().default
    }

    fn calendars() -> &'static [(Calendar, Clock)] {
        static ALL: std::sync::OnceLock<Vec<(Calendar, Clock)>> = std::sync::OnceLock::new();
        let hours = |spans: &str| {
            calendar(&format!(
                "[[local.hours]]\ndays = [\"mon\", \"tue\", \"sat\"]\nspans = [{spans}]\nsource = \"test\""
            ))
        };
        ALL.get_or_init(|| {
            let all = [
                Calendar::builtin("vn-public").unwrap(),
                // Clocks are changed here.
                CalendarFile::parse(
                    r#"
                    format = 1
                    id = "test"
                    revision = 2026-01-01
                    name = { vi = "thử", en = "test" }
                    zone = "Europe/Amsterdam"
                    from = 2019-01-01
                    to = 2021-12-31
                    [[hours]]
                    days = ["mon", "fri", "sun"]
                    spans = ["09:00-12:00", "12:30-17:00"]
                    source = "test"
                    "#,
                )
                .unwrap()
                .version(None, &BTreeMap::new(), &LocalRules::default())
                .unwrap(),
                // Short spans and breaks, of which a stretch and a bucket hold several.
                hours(r#""07:00-07:20", "07:25-07:40", "08:00-08:01", "12:00-18:00", "18:05-18:10""#),
                hours(r#""00:00-24:00""#),
            ];
            all.into_iter()
                .map(|calendar| {
                    let clock = Clock::new(&calendar).unwrap();
                    (calendar, clock)
                })
                .collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

        /// Where the tables speak they say what the calendar says.
        #[test]
        fn tables_are_the_calendar(which in 0..4_usize, part in 0..1000_i64, near in -3..3_i64, exact: bool, micros in 0..86_400_000_000_i64) {
            let (calendar, clock) = &calendars()[which];
            let (first, last) = calendar.coverage().unwrap();
            let day = first.0 + ((last.0 - first.0) as i64 * part / 999) as i32;
            let start = calendar.zone().start_of(Day(day)).0;
            // On the edges of spans, and anywhere.
            let at = if exact { start + micros / 300_000_000 * 300_000_000 + near } else { start + micros };
            if let Some(position) = clock.position(at) {
                prop_assert_eq!(Ok(position), calendar.working_seconds_between(clock.origin(), Instant(at)));
                for position in [position + near.max(0), position + micros / 20_000_000] {
                    if let Some(at) = clock.instant(position) {
                        prop_assert_eq!(Ok(Instant(at)), calendar.add_working_seconds(clock.origin(), position));
                    }
                }
            } else {
                // The tables may be silent on odd hours and beyond the coverage only.
                let beyond = at < clock.origin || at >= clock.origin + clock.length as i64;
                prop_assert!(beyond || which == 1 || which == 2, "{}", at);
            }
        }
    }

    /// With ordinary hours the tables are never silent inside the coverage.
    #[test]
    fn ordinary_hours_are_all_in_the_tables() {
        let (calendar, clock) = &calendars()[0];
        let (first, last) = calendar.coverage().unwrap();
        for day in first.0..=last.0 {
            for part in 0..24 {
                assert!(
                    clock.position(calendar.zone().start_of(Day(day)).0 + part * 3_600_000_000).is_some()
                );
            }
        }
        assert!((1..=clock.total).step_by(977).all(|position| clock.instant(position).is_some()));
        assert_eq!(clock.position(clock.origin - 1), None);
        assert_eq!(clock.instant(clock.total + 1), None);
        assert_eq!(clock.instant(0), None);
    }
}
