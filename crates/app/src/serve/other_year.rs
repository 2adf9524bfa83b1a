//! The words of a draft over the records of another year: what of them is the year's own is moved to that year.

use std::collections::{BTreeMap, BTreeSet};

use giaouoc_agreement::agreement_file::Agreement;
use giaouoc_agreement::bundle::Bundle;
use giaouoc_agreement::cluster::Cluster;
use giaouoc_agreement::period::Period;
use giaouoc_web::drafting::{Days, YearFigures};
use giaouoc_worktime::time::Day;

use crate::bundle::Loaded;

/// The records of another year under the words of a draft: its periods are moved to that year, and the days that its conditions
/// name, by target; its units are found there by code.
pub fn moved(mut there: Loaded, draft: &Bundle) -> (Loaded, BTreeMap<String, Days>) {
    let years = there.bundle.agreement.year - draft.agreement.year;
    let mut agreement = draft.agreement.clone();
    let days = conditions(&mut agreement, years);
    shift(&mut agreement, years);
    translate(&mut agreement, &draft.cluster, &there.bundle.cluster);
    there.bundle.agreement = agreement;
    (there, days)
}

/// Figures with what was done to the days of their conditions.
pub fn with_days(mut year: YearFigures, days: &BTreeMap<String, Days>) -> YearFigures {
    for target in &mut year.targets {
        target.days = days.get(&target.id).cloned().unwrap_or_default();
    }
    year
}

/// Days of the target's own period or after it are days of the draft's year, and move with it. What was before the period (the
/// day of a decree, of an older rule) is not the year's, and stays.
fn conditions(agreement: &mut Agreement, years: i32) -> BTreeMap<String, Days> {
    let mut all = BTreeMap::new();
    for target in &mut agreement.targets {
        let first = target.period.first;
        let (mut moved, mut kept) = (BTreeMap::new(), BTreeSet::new());
        target.each_day(&mut |day| {
            if *day < first {
                kept.insert(*day);
            } else {
                let to = by_years(*day, years);
                moved.insert(*day, to);
                *day = to;
            }
        });
        let days = Days {
            moved: moved.iter().map(|(from, to)| (from.to_string(), to.to_string())).collect(),
            kept: kept.iter().map(ToString::to_string).collect(),
        };
        all.insert(target.id.clone(), days);
    }
    all
}

fn shift(agreement: &mut Agreement, years: i32) {
    let day = |day: Day| by_years(day, years);
    let period = |period: &Period| {
        let (first, last) = (day(period.first), day(period.last));
        let from = period.first.year();
        let own = period.code.strip_prefix(&from.to_string());
        let code = own.map_or_else(|| format!("{first}..{last}"), |rest| format!("{}{rest}", from + years));
        Period { first, last, code }
    };
    agreement.year += years;
    agreement.period = period(&agreement.period);
    // Who is in the cluster is taken on the last day of that year, not on the day that this one is signed.
    agreement.membership_on = None;
    agreement.signed = None;
    agreement.counts_from = agreement.counts_from.map(day);
    for named in &mut agreement.periods {
        *named = period(named);
    }
    for target in &mut agreement.targets {
        target.period = period(&target.period);
        target.from = target.from.map(day);
        for version in &mut target.versions {
            version.from = version.from.map(day);
        }
    }
}

/// A day some years later or earlier; 29 February is the 28th where there is none.
fn by_years(day: Day, years: i32) -> Day {
    let (year, month, of) = day.ymd();
    Day::from_ymd(year + years, month, of).or_else(|_| Day::from_ymd(year + years, month, 28)).unwrap_or(day)
}

fn translate(agreement: &mut Agreement, from: &Cluster, to: &Cluster) {
    let there = |unit: usize| from.units.get(unit).and_then(|unit| to.unit(&unit.code));
    agreement.exemptions.retain_mut(|exemption| match there(exemption.unit) {
        Some(unit) => {
            exemption.unit = unit;
            true
        }
        None => false,
    });
    agreement.charter.paragraphs.clear();
    for target in &mut agreement.targets {
        target.units = target.units.as_ref().map(|units| units.iter().copied().filter_map(there).collect());
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::bundle;

    #[test]
    fn a_day_moves_by_whole_years_and_the_29th_of_february_is_the_28th_where_there_is_none() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(by_years(day("2020-02-29"), -1), day("2019-02-28"));
        assert_eq!(by_years(day("2020-02-29"), -4), day("2016-02-29"));
        assert_eq!(by_years(day("2021-03-01"), -1), day("2020-03-01"));
    }

    #[test]
    fn days_in_conditions_move_with_the_year_and_those_before_it_stay() {
        let dir = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/ha-noi-cum-vi-2020"));
        let text = fs::read_to_string(dir.join("agreement.toml")).unwrap();
        let own = "recognised_on in period";
        let dated = format!("{own} and recognised_on in (2018-06-01, 2020-02-29, 2020-07-15)");
        let without = giaouoc_year::drafting::without_examples(&text.replacen(own, &dated, 1)).unwrap();
        let draft = bundle::load_with(dir, &without).unwrap();
        let mut there = bundle::load(dir).unwrap();
        // The same bundle as if its year were the one before.
        there.bundle.agreement.year = 2019;
        let names = |target: &&giaouoc_agreement::target::Target| {
            target.versions[0].words.counted.contains("2018-06-01")
        };
        let id = draft.bundle.agreement.targets.iter().find(names).unwrap().id.clone();
        let (there, days) = moved(there, &draft.bundle);
        let days = &days[&id];
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(days.moved, [pair("2020-02-29", "2019-02-28"), pair("2020-07-15", "2019-07-15")]);
        assert_eq!(days.kept, ["2018-06-01"]);
        let mut target = there.bundle.agreement.target(&id).unwrap().clone();
        let mut found = BTreeSet::new();
        target.each_day(&mut |day| {
            found.insert(day.to_string());
        });
        assert!(
            found.is_superset(&["2018-06-01", "2019-02-28", "2019-07-15"].map(str::to_owned).into()),
            "{found:?}"
        );
        assert!(!found.contains("2020-07-15"));
    }
}
