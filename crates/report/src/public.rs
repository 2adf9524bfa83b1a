//! The report as the public sees it: small numbers about persons are put together or left out, the figures that the agreement
//! promises to publish stay as they are.

use giaouoc_agreement::figure::{Amount, integer};
use giaouoc_agreement::scoreboard::{Figure, Line};
use giaouoc_agreement::text::{Lang, Text};

use crate::model::{Days, Detail, Group, Groups, Left, MonthCell, Months, Report, Terms};
use crate::words::say;

/// Which numbers are too small to be shown to everybody (`data/rules/small-numbers.toml`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Small {
    /// The least number that is shown.
    pub least: i64,
    /// Kinds whose records are each about a person.
    pub kinds: Vec<String>,
    /// What stands for a small number.
    pub words: Text,
}

impl Small {
    /// Whether a number of records of a kind is too small. Nothing at all is no small number.
    pub fn hides(&self, kind: &str, count: i64) -> bool {
        0 < count && count < self.least && self.kinds.iter().any(|known| known == kind)
    }
}

impl Report {
    /// The same report for everybody: months, groups, days and terms of small numbers about persons are left out.
    #[must_use]
    pub fn public(&self, small: &Small) -> Self {
        let mut report = self.clone();
        report.small = Some(small.clone());
        for (detail, line) in report.details.iter_mut().zip(&self.board.targets) {
            let hides = |count: i64| small.hides(&line.kind, count);
            if hides(1) {
                cut(detail, line, &hides, self.lang);
            }
        }
        report
    }

    /// Whether a number of records of a kind is too small for who reads this report.
    pub(crate) fn hides(&self, kind: &str, count: i64) -> bool {
        self.small.as_ref().is_some_and(|small| small.hides(kind, count))
    }

    /// A number of records of a kind, as who reads this report sees it.
    pub(crate) fn count(&self, kind: &str, count: i64) -> String {
        match &self.small {
            Some(small) if small.hides(kind, count) => small.words.get(self.lang).to_owned(),
            _ => integer(count, self.lang),
        }
    }

    /// What stands for a month's figure that is left out; nothing where it is not.
    pub(crate) fn left_out(&self, left: Left) -> Option<&str> {
        match (left, &self.small) {
            (Left::No, _) => None,
            (Left::Small, Some(small)) => Some(small.words.get(self.lang)),
            _ => Some(say(self.lang, "không ghi", "left out")),
        }
    }

    /// Why a figure has no verdict, or what to know of it, in one line, as who reads this report sees it.
    pub fn remark(&self, line: &Line, figure: &Figure) -> String {
        crate::page::remark(figure, self.lang, &|count| self.count(&line.kind, count))
    }
}

fn cut(detail: &mut Detail, line: &Line, hides: &dyn Fn(i64) -> bool, lang: Lang) {
    if let Some(months) = &mut detail.months {
        without_months(months, line, hides);
    }
    for groups in &mut detail.groups {
        *groups = merged(groups, hides, lang);
    }
    if let Some(days) = &mut detail.days {
        without_days(days, hides);
    }
    if let Some(terms) = &mut detail.terms {
        without_terms(terms, hides);
    }
}

/// Which months of units, and of all units together, are left out: those with few cases, and as many more that none comes out as
/// what is missing from a unit's year or from a month of all units together. `units` and `all` are numbers of cases by month; a
/// unit without months has none.
pub fn months_left_out(
    units: &[Vec<i64>],
    all: &[i64],
    hides: &dyn Fn(i64) -> bool,
) -> (Vec<Vec<bool>>, Vec<bool>) {
    // All units together are the last row.
    let rows: Vec<&[i64]> = units.iter().map(Vec::as_slice).chain([all]).collect();
    let mut out: Vec<Vec<bool>> =
        rows.iter().map(|row| row.iter().map(|cases| hides(*cases)).collect()).collect();
    let months = rows.iter().map(|row| row.len()).max().unwrap_or_default();
    let last = rows.len() - 1;
    // Each turn leaves at least one more out, or is the last.
    loop {
        let mut more = Vec::new();
        for (at, row) in out.iter().enumerate() {
            if row.iter().filter(|gone| **gone).count() == 1 {
                let shown = (0..row.len()).filter(|month| !row[*month] && rows[at][*month] > 0);
                more.extend(shown.min_by_key(|month| rows[at][*month]).map(|month| (at, month)));
            }
        }
        for month in 0..months {
            let gone = |at: &usize| out[*at].get(month).copied().unwrap_or(false);
            let sum_is_shown = out[last].get(month).is_some_and(|gone| !gone);
            if sum_is_shown && (0..last).filter(gone).count() == 1 {
                let shown =
                    (0..last).filter(|at| !gone(at) && rows[*at].get(month).is_some_and(|cases| *cases > 0));
                let next = shown.min_by_key(|at| rows[*at][month]).unwrap_or(last);
                more.push((next, month));
            }
        }
        if more.is_empty() {
            break;
        }
        for (at, month) in more {
            out[at][month] = true;
        }
    }
    let all = out.pop().unwrap_or_default();
    (out, all)
}

/// Months with few cases have no figure, and say that they were left out.
fn without_months(months: &mut Months, line: &Line, hides: &dyn Fn(i64) -> bool) {
    let cases = |cell: &MonthCell| {
        let shown = crate::page::months::point(cell, line).and(cell.amount.as_ref());
        shown.and_then(|amount| amount.cases().or_else(|| whole(amount))).unwrap_or_default()
    };
    let row = |cells: &[MonthCell]| cells.iter().map(cases).collect::<Vec<i64>>();
    let units: Vec<Vec<i64>> =
        months.units.iter().map(|cells| cells.as_deref().map(row).unwrap_or_default()).collect();
    let (units, all) = months_left_out(&units, &row(&months.all), hides);
    let cells = months.units.iter_mut().map(|cells| cells.as_deref_mut().unwrap_or_default());
    for (cells, gone) in cells.zip(&units).chain([(months.all.as_mut_slice(), &all)]) {
        for (cell, _) in cells.iter_mut().zip(gone).filter(|(_, gone)| **gone) {
            cell.left = if hides(cases(cell)) { Left::Small } else { Left::Along };
            cell.amount = None;
        }
    }
}

/// The number that a count or a sum is.
fn whole(amount: &Amount) -> Option<i64> {
    match amount {
        Amount::Count(count) => Some(*count),
        Amount::Sum(sum) => i64::try_from(*sum).ok(),
        _ => None,
    }
}

/// Small groups are put together, with the smallest of the others where they are still small: the sum stays, and nothing
/// comes out as what is missing from it.
fn merged(groups: &Groups, hides: &dyn Fn(i64) -> bool, lang: Lang) -> Groups {
    let (mut few, mut rows): (Vec<Group>, Vec<Group>) =
        groups.rows.iter().cloned().partition(|group| hides(group.counted));
    let unknown = hides(groups.unknown.counted);
    if few.is_empty() && !unknown {
        return groups.clone();
    }
    let mut sum = if unknown { groups.unknown.clone() } else { Group::default() };
    sum.met = sum.met.or_else(|| groups.rows.first().and_then(|group| group.met).map(|_| 0));
    let add = |sum: &mut Group, group: &Group| {
        sum.counted = sum.counted.saturating_add(group.counted);
        sum.met = sum.met.zip(group.met).map(|(one, other)| one.saturating_add(other));
    };
    for group in &few {
        add(&mut sum, group);
    }
    while hides(sum.counted)
        && let Some(next) = rows.pop()
    {
        add(&mut sum, &next);
        few.push(next);
    }
    // All of them together are few: there is nothing to break down.
    if hides(sum.counted) {
        return Groups { rows: Vec::new(), unknown: Group::default(), ..groups.clone() };
    }
    let others = integer(i64::try_from(few.len()).unwrap_or(i64::MAX), lang);
    sum.name = match lang {
        Lang::Vi => format!("{others} nhóm gộp lại vì ít bản ghi"),
        Lang::En => format!("{others} groups put together, each with few records"),
    };
    if unknown {
        sum.name.push_str(say(lang, ", cả nhóm không ghi", ", and those that do not say"));
    }
    sum.code = None;
    rows.push(sum);
    Groups {
        rows,
        unknown: if unknown { Group::default() } else { groups.unknown.clone() },
        label: groups.label.clone(),
    }
}

/// Of days with few records nobody can tell one from two.
fn without_days(days: &mut Days, hides: &dyn Fn(i64) -> bool) {
    days.few = days.days.iter().map(|(_, count)| *count).filter(|count| hides(*count)).max();
    for (_, count) in &mut days.days {
        if hides(*count) {
            *count = days.few.unwrap_or(*count);
        }
    }
}

/// Limits with few records are left out.
fn without_terms(terms: &mut Terms, hides: &dyn Fn(i64) -> bool) {
    let of = |allowed: i64| -> i64 {
        terms.pairs.iter().filter(|pair| pair.0 == allowed).map(|pair| pair.2).sum()
    };
    let mut few: Vec<i64> =
        terms.pairs.iter().map(|pair| pair.0).filter(|allowed| hides(of(*allowed))).collect();
    few.sort_unstable();
    few.dedup();
    terms.pairs.retain(|pair| few.binary_search(&pair.0).is_err());
    terms.left = few.len();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str, counted: i64) -> Group {
        Group { name: name.into(), code: None, counted, met: Some(counted) }
    }

    fn groups(rows: &[(&str, i64)], unknown: i64) -> Groups {
        Groups {
            label: "x".into(),
            rows: rows.iter().map(|(name, counted)| group(name, *counted)).collect(),
            unknown: group("", unknown),
        }
    }

    #[test]
    fn no_group_is_small_and_none_comes_out_as_what_is_missing() {
        let hides = |count: i64| 0 < count && count < 3;
        type Case<'a> = (&'a [(&'a str, i64)], i64, &'a [i64], i64);
        let cases: [Case<'_>; 6] = [
            (&[("a", 9), ("b", 5)], 0, &[9, 5], 0),
            (&[("a", 9), ("b", 5), ("c", 1)], 0, &[9, 6], 0),
            (&[("a", 9), ("b", 2), ("c", 1)], 0, &[9, 3], 0),
            (&[("a", 9), ("b", 5)], 2, &[9, 7], 0),
            (&[("a", 9), ("b", 2), ("c", 2)], 7, &[9, 4], 7),
            (&[("a", 1), ("b", 1)], 0, &[], 0),
        ];
        for (rows, unknown, shown, left) in cases {
            let found = merged(&groups(rows, unknown), &hides, Lang::Vi);
            let counted: Vec<i64> = found.rows.iter().map(|group| group.counted).collect();
            assert_eq!((counted.as_slice(), found.unknown.counted), (shown, left), "{rows:?}");
            assert!(found.rows.iter().all(|group| group.met == Some(group.counted)));
        }
    }

    #[test]
    fn a_month_that_is_left_out_is_not_what_is_missing_from_a_sum() {
        let hides = |count: i64| 0 < count && count < 3;
        let cases = [vec![9, 2, 5, 0], vec![8, 7, 6, 5], vec![4, 4, 4, 4], vec![]];
        let all: Vec<i64> = (0..4).map(|month| cases[..3].iter().map(|row| row[month]).sum()).collect();
        let (units, sum) = months_left_out(&cases, &all, &hides);
        assert!(units[0][1] && units[3].is_empty());
        assert!(!units[0][3], "nothing at all is no small number");
        for row in units.iter().chain([&sum]) {
            assert_ne!(row.iter().filter(|gone| **gone).count(), 1, "{units:?} {sum:?}");
        }
        for month in 0..4 {
            let gone = units[..3].iter().filter(|row| row[month]).count();
            assert!(gone != 1 || sum[month], "{units:?} {sum:?}");
        }
        // Without a small one all of it is shown.
        let (units, sum) = months_left_out(&cases[1..3], &[12, 11, 10, 9], &hides);
        assert!(!units.iter().flatten().chain(&sum).any(|gone| *gone));
    }

    #[test]
    fn days_with_one_and_with_two_look_the_same_and_limits_with_few_are_left_out() {
        let hides = |count: i64| 0 < count && count < 3;
        let day = giaouoc_worktime::Day;
        let mut days =
            Days { label: "x".into(), days: vec![(day(1), 1), (day(2), 2), (day(3), 9)], few: None };
        without_days(&mut days, &hides);
        assert_eq!(days.days.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [2, 2, 9]);
        assert_eq!(days.few, Some(2));
        let pairs = vec![(5, 1, 1), (5, 9, 1), (10, 2, 2), (10, 3, 40)];
        let mut terms = Terms { unit: "x".into(), pairs, unknown: 0, left: 0 };
        without_terms(&mut terms, &hides);
        assert_eq!((terms.pairs, terms.left), (vec![(10, 2, 2), (10, 3, 40)], 1));
    }
}
