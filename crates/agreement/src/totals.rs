//! Figures read off totals: a unit that has no records of a kind in the period, but a signed report II.06
//! (or totals that somebody published), gets its figure from there, under a lower grade.
//!
//! Ranges that overlap are a question, never a sum. A report that contradicts itself is a question too.

mod flow;
mod identities;

use giaouoc_worktime::{Calendar, Day};

pub use self::flow::{Difference, Ending, Flow, Place};
pub use self::identities::contradictions;
use crate::cluster::Cluster;
use crate::figure::{Amount, Grade, integer};
use crate::kind::Kind;
use crate::lang::{Context, run};
use crate::period::Period;
use crate::target::{Measure, Rule, Totals};
use crate::text::{Lang, Text};
use crate::value::Value;

/// The id of the kind whose records are totals.
pub const KIND: &str = "totals";

/// One row of the totals kind: a unit's totals for a range of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotalsRow {
    /// Index of the unit in the cluster.
    pub unit: usize,
    /// The range.
    pub period: Period,
    /// [`Grade::SignedTotals`] or [`Grade::PublishedTotals`].
    pub grade: Grade,
    /// One value for each column of the kind.
    pub values: Vec<Value>,
}

impl TotalsRow {
    /// Makes a row of a record's values (one for each column of `kind`).
    ///
    /// # Errors
    /// When the unit is not of the cluster, the range is not known or runs backwards, or the source is
    /// neither `signed` nor `published`: the message says which.
    pub fn new(kind: &Kind, cluster: &Cluster, values: Vec<Value>) -> Result<Self, Text> {
        let value = |id: &str| kind.column(id).and_then(|column| values.get(column));
        let unit = match values.get(kind.unit) {
            Some(Value::Text(code)) => cluster.find_unit(code).ok_or_else(|| {
                Text::new(
                    format!("đơn vị \"{code}\" không có trong cụm"),
                    format!("the unit \"{code}\" is not of the cluster"),
                )
            })?,
            _ => return Err(Text::new("thiếu đơn vị", "the unit is missing")),
        };
        let (Some(Value::Day(first)), Some(Value::Day(last))) = (value("from"), value("to")) else {
            return Err(Text::new("thiếu \"từ ngày\" hoặc \"đến ngày\"", "\"from\" or \"to\" is missing"));
        };
        let period = Period::between(*first, *last).map_err(|error| error.text)?;
        let grade = match value("source") {
            Some(Value::Text(source)) if source == "signed" => Grade::SignedTotals,
            Some(Value::Text(source)) if source == "published" => Grade::PublishedTotals,
            _ => {
                return Err(Text::new(
                    "nguồn phải là \"signed\" (đã ký) hoặc \"published\" (đã công bố)",
                    "the source must be \"signed\" or \"published\"",
                ));
            }
        };
        Ok(Self { unit, period, grade, values })
    }

    /// What a target's rule reads in this row; a row that the rule does not count says nothing.
    ///
    /// # Errors
    /// When the rule cannot be evaluated on it (an overflow, a day outside the calendar): why.
    pub fn line(&self, rule: &Totals, calendar: &Calendar, as_of: Day) -> Result<Line, Text> {
        let rule = if self.grade == Grade::SignedTotals { &rule.signed } else { &rule.published };
        let read = |rule: &Rule| -> Result<Option<i128>, Text> {
            let Some(kind) = crate::kinds::find(&rule.kind) else {
                return Ok(None);
            };
            // `in period` in such a rule is about the row's own days.
            let context = Context { kind, period: &self.period, as_of, calendar };
            let cell = run(rule, [self.values.as_slice()], &context).map_err(|error| error.message())?;
            Ok(match cell.amount {
                Amount::Sum(sum) if cell.tally.counted == 1 && cell.tally.met_unknown == 0 => Some(sum),
                _ => None,
            })
        };
        let met = rule.met.as_ref().map(read).transpose()?.flatten();
        Ok(Line { period: self.period.clone(), grade: self.grade, counted: read(&rule.counted)?, met })
    }
}

/// What a target's rule reads in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The row's range.
    pub period: Period,
    /// The row's grade.
    pub grade: Grade,
    /// Records counted, where the row says so.
    pub counted: Option<i128>,
    /// Records that meet the target, where the row says so; shares only.
    pub met: Option<i128>,
}

/// A figure read off totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The figure. A share of 0 of 0 says that no cases arose.
    pub amount: Amount,
    /// Signed or published.
    pub grade: Grade,
    /// The days it stands for, joined where they follow each other.
    pub coverage: Vec<Period>,
    /// What a reader must know: days not covered, other totals that say something else.
    pub notes: Vec<Text>,
}

/// What totals say about a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Nothing.
    Nothing,
    /// A figure.
    Figure(Found),
    /// There are totals, but no figure can be read off them; why.
    Unfit(Vec<Text>),
}

/// Reads one unit's figure for a period off its totals. Only ranges that lie wholly within the period and end
/// by `as_of` count: half of a total is not a total. Signed totals go before published ones; the two are
/// never added up.
pub fn read(measure: &Measure, lines: &[Line], period: &Period, as_of: Day) -> Reading {
    let mut why = Vec::new();
    let mut found: Option<Found> = None;
    for grade in [Grade::SignedTotals, Grade::PublishedTotals] {
        let mut within: Vec<&Line> = lines
            .iter()
            .filter(|line| line.grade == grade)
            .filter(|line| period.first <= line.period.first && line.period.last <= period.last)
            .filter(|line| line.period.last <= as_of)
            .collect();
        within.sort_by_key(|line| (line.period.first, line.period.last));
        if within.is_empty() {
            if let Some(line) = lines.iter().find(|line| {
                line.grade == grade && line.period.last <= as_of && line.period.intersection(period).is_some()
            }) {
                why.push(straddles(&line.period, period));
            }
            continue;
        }
        match sum(measure, grade, &within, period) {
            Ok(figure) => match &mut found {
                None => found = Some(figure),
                Some(first) if first.amount != figure.amount => first.notes.push(differs(&figure)),
                Some(_) => {}
            },
            Err(text) => why.push(text),
        }
    }
    match found {
        Some(mut found) => {
            found.notes.extend(why);
            Reading::Figure(found)
        }
        None if why.is_empty() => Reading::Nothing,
        None => Reading::Unfit(why),
    }
}

/// The figure of ranges in order of their first day.
fn sum(measure: &Measure, grade: Grade, lines: &[&Line], period: &Period) -> Result<Found, Text> {
    let name = grade.words();
    for pair in lines.windows(2) {
        if pair[1].period.first <= pair[0].period.last {
            let (one, other) = (pair[0].period.words(), pair[1].period.words());
            return Err(Text::new(
                format!(
                    "{}: {} và {} chồng lên nhau, không cộng; đề nghị đơn vị làm rõ",
                    name.vi, one.vi, other.vi
                ),
                format!(
                    "{}: {} and {} overlap and are not added up; please clarify",
                    name.en, one.en, other.en
                ),
            ));
        }
    }
    let total = |read: fn(&Line) -> Option<i128>| {
        lines.iter().try_fold(0_i128, |sum, line| sum.checked_add(read(line)?))
    };
    let blank = || {
        Text::new(
            format!("{}: có ô cần cho chỉ tiêu này còn trống", name.vi),
            format!("{}: a cell that this target needs is blank", name.en),
        )
    };
    let counted = total(|line| line.counted).ok_or_else(blank)?;
    let count = i64::try_from(counted).map_err(|_| blank())?;
    let amount = match measure {
        Measure::Share { .. } => {
            let met = total(|line| line.met).and_then(|met| i64::try_from(met).ok()).ok_or_else(blank)?;
            if met > count || met < 0 {
                return Err(Text::new(
                    format!(
                        "{}: số đạt ({}) lớn hơn tổng số ({})",
                        name.vi,
                        integer(met, Lang::Vi),
                        integer(count, Lang::Vi)
                    ),
                    format!(
                        "{}: more meet the target ({}) than there are ({})",
                        name.en,
                        integer(met, Lang::En),
                        integer(count, Lang::En)
                    ),
                ));
            }
            Amount::Share { met, of: count }
        }
        Measure::Count | Measure::Distinct { .. } => Amount::Count(count),
        Measure::Sum { .. } => Amount::Sum(counted),
        Measure::Mean { .. } | Measure::Percentile { .. } => {
            return Err(Text::new(
                "số trung bình và phân vị không đọc được từ số tổng hợp",
                "means and percentiles cannot be read off totals",
            ));
        }
    };
    let coverage = joined(lines.iter().map(|line| &line.period));
    let mut notes = Vec::new();
    let days: i64 = coverage.iter().map(Period::days).sum();
    if days < period.days() {
        notes.push(Text::new(
            format!("{} chưa phủ hết kỳ ({} trên {} ngày)", name.vi, days, period.days()),
            format!("{} do not cover the whole period ({} of {} days)", name.en, days, period.days()),
        ));
    }
    Ok(Found { amount, grade, coverage, notes })
}

/// Ranges that follow each other without a gap, as one.
fn joined<'a>(periods: impl Iterator<Item = &'a Period>) -> Vec<Period> {
    let mut out: Vec<Period> = Vec::new();
    for period in periods {
        match out.last_mut() {
            Some(last) if last.last.0 + 1 == period.first.0 => {
                if let Ok(both) = Period::between(last.first, period.last) {
                    *last = both;
                }
            }
            _ => out.push(period.clone()),
        }
    }
    out
}

fn straddles(range: &Period, period: &Period) -> Text {
    let (range, period) = (range.words(), period.words());
    Text::new(
        format!("số tổng hợp {} vượt ra ngoài {}, không dùng được cho kỳ này", range.vi, period.vi),
        format!("the totals of {} reach beyond {} and cannot be used for it", range.en, period.en),
    )
}

fn differs(other: &Found) -> Text {
    Text::new(
        format!("{} lại là {}", other.grade.words().vi, other.amount.integers(Lang::Vi)),
        format!("{} say {}", other.grade.words().en, other.amount.integers(Lang::En)),
    )
}

#[cfg(test)]
#[path = "totals_tests.rs"]
mod tests;
