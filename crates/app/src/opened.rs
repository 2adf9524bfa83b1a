//! What opens a figure further than the scoreboard does: months, groups of records, units beside each other. For
//! `explain` and for the report.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use giaouoc_agreement::compare::Terms;
use giaouoc_agreement::figure::Amount;
use giaouoc_agreement::period::{Part, Period};
use giaouoc_agreement::scoreboard::{
    Breakdown, BreakdownPlan, Facts, GroupColumns, Options, Plan, Split, State,
};
use giaouoc_agreement::totals::TotalsRow;
use serde::Deserialize;

use crate::bundle::Loaded;
use crate::fault::{Fault, Outcome};
use crate::score::{answers, totals};
use crate::screen::Screen;

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "sources and days are for people")]
struct CompareFile {
    format: u32,
    revision: toml::value::Datetime,
    z_thousandths: u32,
    source: String,
    few: i64,
    few_source: String,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "sources and days are for people")]
struct GroupsFile {
    format: u32,
    revision: toml::value::Datetime,
    #[serde(flatten)]
    columns: GroupColumns,
}

/// What units are compared by: `data/rules/compare.toml`.
pub fn compare_terms() -> Outcome<Terms> {
    static READ: LazyLock<Result<Terms, toml::de::Error>> = LazyLock::new(|| {
        let file: CompareFile = toml::from_str(include_str!("../../../data/rules/compare.toml"))?;
        Ok(Terms { z_thousandths: file.z_thousandths, few: file.few })
    });
    READ.as_ref().copied().map_err(|error| built_in("compare.toml", error))
}

/// By which columns records are shown in groups: `data/rules/groups.toml`.
pub fn group_columns() -> Outcome<&'static GroupColumns> {
    static READ: LazyLock<Result<GroupColumns, toml::de::Error>> = LazyLock::new(|| {
        let file: GroupsFile = toml::from_str(include_str!("../../../data/rules/groups.toml"))?;
        Ok(file.columns)
    });
    READ.as_ref().map_err(|error| built_in("groups.toml", error))
}

fn built_in(name: &str, error: &toml::de::Error) -> Fault {
    Fault::input(
        format!("tệp dữ liệu cài sẵn {name} có lỗi: {error}"),
        format!("the built-in data file {name} is broken: {error}"),
    )
}

/// One target's months, by unit.
#[derive(Clone, Debug, Default)]
pub struct Months {
    /// The months, cut to the period.
    pub months: Vec<Period>,
    /// By the unit's code, one for each month.
    pub units: BTreeMap<String, Vec<Month>>,
}

/// A figure of one month, or why there is none.
#[derive(Clone, Debug)]
pub struct Month {
    /// Whether there is a figure.
    pub state: State,
    /// The figure.
    pub amount: Option<Amount>,
}

/// Months of every target, by its id, and the groups of its records; two passes over the records.
pub struct Opened {
    /// By target.
    pub months: BTreeMap<String, Months>,
    /// Targets in the agreement's order, columns in the data file's.
    pub groups: Vec<Breakdown>,
}

impl Opened {
    /// Measures them.
    pub fn of(loaded: &Loaded, options: &Options, threads: usize, screen: &Screen) -> Outcome<Self> {
        let rows = totals(loaded, &mut Vec::new())?;
        let months = months(loaded, options, &rows, threads, screen)?;
        let plan = BreakdownPlan::new(&loaded.bundle, options, group_columns()?);
        let measured = answers(loaded, &plan.sets, |_, _| None, threads, screen)?;
        Ok(Self { months, groups: plan.read(&loaded.bundle, &measured.answers) })
    }
}

fn months(
    loaded: &Loaded,
    options: &Options,
    totals: &[TotalsRow],
    threads: usize,
    screen: &Screen,
) -> Outcome<BTreeMap<String, Months>> {
    let plan = Plan::split(&loaded.bundle, options, Part::Month);
    let measured = answers(loaded, &plan.sets, |_, _| None, threads, screen)?;
    let mut facts = Facts::new(&loaded.calendars);
    facts.totals = totals;
    let split = Split::new(&loaded.bundle, &plan, &measured.answers, &facts);
    let mut found: BTreeMap<String, Months> = BTreeMap::new();
    for cell in split.cells() {
        let months = found.entry(cell.target.to_owned()).or_default();
        if !months.months.contains(cell.period) {
            months.months.push(cell.period.clone());
        }
        let month = Month { state: cell.state, amount: cell.amount };
        months.units.entry(cell.unit.to_owned()).or_default().push(month);
    }
    Ok(found)
}

impl Months {
    /// All units together by month: sums of shares and counts. Nothing for measures that do not add up.
    pub fn together(&self) -> Vec<Option<Amount>> {
        (0..self.months.len())
            .map(|at| {
                let of_month = self.units.values().filter_map(|list| list.get(at)?.amount.as_ref());
                of_month.map(|amount| Some(amount.clone())).reduce(|one, other| plus(&one?, &other?)).flatten()
            })
            .collect()
    }
}

fn plus(one: &Amount, other: &Amount) -> Option<Amount> {
    Some(match (one, other) {
        (Amount::Share { met, of }, Amount::Share { met: more, of: cases }) => {
            Amount::Share { met: met.checked_add(*more)?, of: of.checked_add(*cases)? }
        }
        (Amount::Count(one), Amount::Count(other)) => Amount::Count(one.checked_add(*other)?),
        (Amount::Sum(one), Amount::Sum(other)) => Amount::Sum(one.checked_add(*other)?),
        _ => return None,
    })
}
