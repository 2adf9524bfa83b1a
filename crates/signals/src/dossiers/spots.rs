//! Where finishes are bunched: just before due, and on a month's last working day.

use std::collections::BTreeMap;

use giaouoc_agreement::text::Text;
use giaouoc_worktime::Calendar;
use giaouoc_worktime::time::Day;

use crate::finding::Question;
use crate::rules::{Rules, Signal};

/// Counts by unit.
#[derive(Debug)]
pub(super) struct Spots {
    minutes: i64,
    /// By unit, finishes in each stretch before due, the last stretch first.
    stretches: Vec<Vec<u64>>,
    /// By unit, finishes on each day.
    days: Vec<BTreeMap<i32, u64>>,
}

impl Spots {
    pub(super) fn new(units: usize, rules: &Rules) -> Self {
        let stretches = rules.at_due.beside as usize + 2;
        Self {
            minutes: i64::from(rules.at_due.minutes).max(1),
            stretches: vec![vec![0; stretches]; units],
            days: vec![BTreeMap::new(); units],
        }
    }

    /// Working minutes before due that are looked at.
    pub(super) fn reach(&self) -> i64 {
        self.minutes * self.stretches.first().map_or(0, |list| list.len() as i64)
    }

    /// A finish so many working minutes before due.
    pub(super) fn before_due(&mut self, unit: usize, left: i64) {
        let Ok(at) = usize::try_from(left / self.minutes) else { return };
        if let Some(count) = self.stretches.get_mut(unit).and_then(|list| list.get_mut(at)) {
            *count += 1;
        }
    }

    /// A finish on a day.
    pub(super) fn day(&mut self, unit: usize, day: Day) {
        if let Some(days) = self.days.get_mut(unit) {
            *days.entry(day.0).or_default() += 1;
        }
    }

    pub(super) fn questions(self, rules: &Rules, units: &[String], calendars: &[&Calendar]) -> Vec<Question> {
        let mut found = Vec::new();
        let rule = rules.at_due;
        for (code, list) in units.iter().zip(&self.stretches) {
            // The stretch next to the last one is left out: who is careful finishes there.
            let (Some(last), others) = (list.first().copied(), list.get(2..).unwrap_or(&[])) else {
                continue;
            };
            let sum: u64 = others.iter().sum();
            if last < rule.cases || last * u64::from(rule.beside) < rule.times * sum.max(1) {
                continue;
            }
            found.push(Question {
                signal: Signal::FinishedAtDue,
                unit: code.clone(),
                count: last,
                of: list.iter().sum(),
                seen: vec![Text::new(
                    format!(
                        "{last} hồ sơ kết thúc trong {} phút cuối; {} khoảng kề trước có tất cả {sum}",
                        rule.minutes, rule.beside
                    ),
                    format!(
                        "{last} dossiers end in the last {} minutes; the {} stretches before have {sum} in all",
                        rule.minutes, rule.beside
                    ),
                )],
                cases: Vec::new(),
            });
        }
        for ((code, days), calendar) in units.iter().zip(&self.days).zip(calendars) {
            found.extend(month_ends(rules, code, days, calendar));
        }
        found
    }
}

/// One question a unit, about all the months' ends that stand out.
fn month_ends(rules: &Rules, code: &str, days: &BTreeMap<i32, u64>, calendar: &Calendar) -> Option<Question> {
    let rule = rules.at_end;
    let (first, last) = (*days.keys().next()?, *days.keys().next_back()?);
    let works = |day: i32| calendar.is_working_day(Day(day)).unwrap_or(false);
    let beside = |from: i32, step: i32| {
        let mut list = Vec::new();
        let mut day = from + step;
        while list.len() < rule.beside as usize && (first..=last).contains(&day) {
            if works(day) {
                list.push(days.get(&day).copied().unwrap_or(0));
            }
            day += step;
        }
        list
    };
    let mut seen = Vec::new();
    let mut count = 0;
    for (day, records) in days.iter().filter(|(_, records)| **records >= rule.cases) {
        let (_, month, _) = Day(*day).ymd();
        // The last working day of its month: the next working day lies in another.
        let next = (day + 1..day + 15).find(|next| works(*next));
        if !works(*day) || next.is_none_or(|next| Day(next).ymd().1 == month) {
            continue;
        }
        let mut others = [beside(*day, -1), beside(*day, 1)].concat();
        // Data that stop with the period have no days behind its end: those before it then have to do.
        if others.len() < rule.beside as usize {
            continue;
        }
        others.sort_unstable();
        let median = others.get((others.len() - 1) / 2).copied().unwrap_or(0);
        if *records >= rule.times * median.max(1) {
            count += records;
            seen.push(Text::new(
                format!("{}: {records} hồ sơ kết thúc, trung vị các ngày kề {median}", Day(*day).dmy()),
                format!("{}: {records} dossiers end, the days beside have a median of {median}", Day(*day)),
            ));
        }
    }
    (!seen.is_empty()).then(|| Question {
        signal: Signal::FinishedAtPeriodEnd,
        unit: code.to_owned(),
        count,
        of: days.values().sum(),
        seen,
        cases: Vec::new(),
    })
}
