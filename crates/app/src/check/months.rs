//! The months of a period and the same months a year before, as buckets for moments.

use giaouoc_agreement::period::{Part, Period};
use giaouoc_worktime::time::{Day, Instant, Moment};
use giaouoc_worktime::zone::Zone;

/// Stretches of days that follow each other.
#[derive(Clone, Debug)]
struct Buckets {
    /// First day of each, and the day after the last.
    days: Vec<Day>,
    /// The same as instants.
    instants: Vec<Instant>,
}

impl Buckets {
    fn new(periods: &[Period], zone: &Zone) -> Self {
        let after = periods.last().and_then(|last| last.last.add_days(1).ok());
        let days: Vec<Day> = periods.iter().map(|period| period.first).chain(after).collect();
        let instants = days.iter().map(|day| zone.start_of(*day)).collect();
        Self { days, instants }
    }

    fn of(&self, moment: Moment) -> Option<usize> {
        let before = match moment {
            Moment::Day(day) => self.days.partition_point(|first| *first <= day),
            Moment::Instant(at) => self.instants.partition_point(|first| *first <= at),
        };
        // The last boundary opens no bucket.
        before.checked_sub(1).filter(|at| at + 1 < self.days.len())
    }
}

/// Where a moment lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Month {
    /// In this month of the period.
    Now(usize),
    /// In the same month of the year before.
    Then(usize),
    /// In neither.
    Elsewhere,
}

/// The months of a period, and of the year before.
#[derive(Clone, Debug)]
pub struct Months {
    /// The months of the period, in order.
    pub now: Vec<Period>,
    current: Buckets,
    before: Buckets,
}

impl Months {
    /// Of a period.
    pub fn new(period: &Period, zone: &Zone) -> Self {
        let now = period.parts(Part::Month);
        let before: Vec<Period> = now
            .iter()
            .filter_map(|month| {
                let first = month.first.add_months(-12).ok()?;
                // From the day after, so that February of a leap year is whole.
                let last = month.last.add_days(1).ok()?.add_months(-12).ok()?.add_days(-1).ok()?;
                Period::between(first, last).ok()
            })
            .collect();
        // Without a whole year before there is nothing to hold against.
        let before = if before.len() == now.len() { before } else { Vec::new() };
        Self { current: Buckets::new(&now, zone), before: Buckets::new(&before, zone), now }
    }

    /// Which of them holds a moment. A period longer than a year holds some days twice; they count in it.
    pub fn of(&self, moment: Moment) -> Month {
        if let Some(at) = self.current.of(moment) {
            return Month::Now(at);
        }
        self.before.of(moment).map_or(Month::Elsewhere, Month::Then)
    }

    /// How many of the months are over on a day.
    pub fn over(&self, today: Day) -> usize {
        self.now.iter().take_while(|month| month.last < today).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_moment_is_of_the_local_month() {
        let zone = Zone::get("Asia/Ho_Chi_Minh").unwrap();
        let months = Months::new(&Period::parse("2020", &[]).unwrap(), &zone);
        assert_eq!(months.now.len(), 12);
        let at = |text| months.of(zone.parse_moment(text).unwrap());
        assert_eq!(at("2020-01-01T00:00:00+07:00"), Month::Now(0));
        assert_eq!(at("2019-12-31T23:59:59+07:00"), Month::Then(11));
        assert_eq!(at("2020-02-29"), Month::Now(1));
        assert_eq!(at("2019-02-28"), Month::Then(1));
        assert_eq!(at("2021-01-01"), Month::Elsewhere);
        assert_eq!(at("2018-12-31"), Month::Elsewhere);
        assert_eq!(months.over(day("2020-03-31")), 2);
        assert_eq!(months.over(day("2020-04-01")), 3);
    }

    #[test]
    fn a_reporting_year_has_its_own_months() {
        let zone = Zone::get("Asia/Ho_Chi_Minh").unwrap();
        let period = Period::between(day("2019-12-15"), day("2020-12-14")).unwrap();
        let months = Months::new(&period, &zone);
        assert_eq!(months.now.len(), 12);
        let at = |text| months.of(zone.parse_moment(text).unwrap());
        assert_eq!(at("2020-01-14"), Month::Now(0));
        assert_eq!(at("2020-01-15"), Month::Now(1));
        assert_eq!(at("2019-12-14"), Month::Then(11));
    }
}
