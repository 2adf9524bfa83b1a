//! Targets (*chỉ tiêu*) and their rules (*cách tính*).

pub mod goal;

use std::ops::Range;

use giaouoc_worktime::time::Day;
use serde::Serialize;

pub use self::goal::{Goal, GoalError, GoalOp};
use crate::figure::Amount;
use crate::lang::Typed;
use crate::period::Period;
use crate::text::Text;
use crate::value::Value;

/// How records become one figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Rows that meet `met` among the rows counted.
    Share {
        /// Which of the counted rows meet the target.
        met: Typed,
    },
    /// Rows counted.
    Count,
    /// Sum of an integer over the rows counted.
    Sum {
        /// The integer.
        value: Typed,
    },
    /// Mean of an integer over the rows counted whose value is known; kept as sum and count.
    Mean {
        /// The integer.
        value: Typed,
    },
    /// Nearest-rank percentile of an integer: the value at rank ceil(p·n/100). 100 is the maximum.
    Percentile {
        /// The integer.
        value: Typed,
        /// 1 to 100.
        percent: u8,
    },
    /// Number of different known values.
    Distinct {
        /// Any flag, integer, text or day; moments count by instant.
        value: Typed,
    },
}

/// What happens to a counted row whose `met` is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UnknownMet {
    /// It stays in the denominator, not met, and is reported.
    #[default]
    NotMet,
    /// It leaves the denominator, and is reported. Must be written in the target, hence signed.
    Exclude,
}

/// One executable rule on one kind: a target's own words, or one of its lenses, for one stretch of time.
/// This is what `giaouoc-measure` compiles and what the worked examples run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `on-time`, or `on-time/portal-766` for a lens; a later version ends in `@2020-07-01`.
    pub id: String,
    /// The kind's id.
    pub kind: String,
    /// Which records are counted.
    pub counted: Typed,
    /// How they become a figure.
    pub measure: Measure,
    /// Counted rows whose `met` is unknown.
    pub unknown: UnknownMet,
}

impl Rule {
    /// Changes every day that stands written in its conditions.
    pub fn each_day(&mut self, change: &mut dyn FnMut(&mut Day)) {
        self.counted.each_day(change);
        match &mut self.measure {
            Measure::Share { met } => met.each_day(change),
            Measure::Sum { value }
            | Measure::Mean { value }
            | Measure::Percentile { value, .. }
            | Measure::Distinct { value } => value.each_day(change),
            Measure::Count => {}
        }
    }
}

impl Target {
    /// Changes every day that stands written in its conditions, those of its rival definitions and of totals too.
    pub fn each_day(&mut self, change: &mut dyn FnMut(&mut Day)) {
        for version in &mut self.versions {
            version.rule.each_day(change);
            version.lenses.iter_mut().for_each(|lens| lens.rule.each_day(change));
        }
        for rule in self.totals.iter_mut().flat_map(|totals| [&mut totals.signed, &mut totals.published]) {
            rule.counted.each_day(change);
            rule.met.iter_mut().for_each(|met| met.each_day(change));
        }
    }
}

/// The force of a target: two different words of an agreement, kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Force {
    /// *Tối thiểu*, or a plain statement.
    AtLeast,
    /// *Phấn đấu*.
    StriveFor,
}

/// Who is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Judged {
    /// Each unit is judged by its own figure.
    pub each_unit: bool,
    /// All units together are judged by the figure over all their records.
    pub all_together: bool,
}

/// A lens: a rival lawful definition computed beside a target, never judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// Its id within the target.
    pub id: String,
    /// Its name on screen.
    pub name: Text,
    /// Its rule.
    pub rule: Rule,
    /// The goal it is held against, to show where the verdict would flip.
    pub goal: Goal,
}

/// A target (*chỉ tiêu*): what makes a clause measurable. Built only by [`crate::bundle::Bundle::parse`]:
/// its conditions are typed, its goal fits its measure, its versions are in order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target {
    /// Its id, such as `on-time`.
    pub id: String,
    /// The number of its clause; the clause exists.
    pub clause: String,
    /// Its name on screen.
    pub name: Text,
    /// The kind's id.
    pub kind: String,
    /// Its words over time: the first from [`Target::from`] on (or from ever), each later one from the day an
    /// amendment or a definition's version starts. Never empty.
    pub versions: Vec<TargetVersion>,
    /// Who is judged.
    pub judged: Judged,
    /// The share of units that must meet the goal, when the cluster is judged by that.
    pub units_goal: Option<Goal>,
    /// How the same figure is read off signed totals.
    pub totals: Option<Totals>,
    /// Its period, else the agreement's.
    pub period: Period,
    /// Indices of the units it applies to; none: every member.
    pub units: Option<Vec<usize>>,
    /// First day it applies; none: from ever.
    pub from: Option<Day>,
    /// The law it stands on.
    pub legal: Option<Text>,
    /// A remark.
    pub note: Option<Text>,
    /// Its worked examples.
    pub examples: Vec<Example>,
    /// Where `agreement.toml` has it.
    pub span: Range<usize>,
}

/// A target's words from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetVersion {
    /// First day; none: from ever.
    pub from: Option<Day>,
    /// The id of the latest amendment in force, when one is ([`crate::agreement_file::Amendment`]).
    pub amendment: Option<String>,
    /// The conditions as they are written.
    pub words: Words,
    /// What is measured, definitions resolved as they stand in this version's days.
    pub rule: Rule,
    /// What the figure is held against.
    pub goal: Goal,
    /// At least, or strive for.
    pub force: Force,
    /// Fewer counted records than this: a unit is not judged.
    pub min_cases: Option<i64>,
    /// Rival definitions; what a lens leaves unsaid is taken from this version.
    pub lenses: Vec<Lens>,
}

/// The words of a version's conditions, as the agreement (or an amendment) writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Which records are counted.
    pub counted: String,
    /// Which of them meet the target; shares only.
    pub met: Option<String>,
    /// The value; sums, means, percentiles and `distinct` only.
    pub value: Option<String>,
}

/// How a target's figure is read off totals that stand for its records. Totals that the unit signed and
/// totals that a third party published are two grades of evidence and are never added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Over the rows that the unit signed.
    pub signed: TotalsRule,
    /// Over the rows that a third party published.
    pub published: TotalsRule,
}

/// Sums over a unit's rows of the totals kind; no row, no figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotalsRule {
    /// A sum that stands for the number of records counted (for the sum itself, of a target that is a sum).
    pub counted: Rule,
    /// A sum that stands for the number of records that meet the target; shares only.
    pub met: Option<Rule>,
}

/// A worked example: a few records and the figure they must yield.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The records: one value a column of the kind, unknown where nothing is said.
    pub rows: Vec<Vec<Value>>,
    /// The figure expected, in the form of the measure. Of a percentile only the value is compared.
    pub expect: Amount,
    /// The lens it is about; none: the target itself.
    pub lens: Option<String>,
    /// What `as_of` means in it; none: the end of the period.
    pub as_of: Option<Day>,
    /// What `period` means in it; none: the whole of the target's period, from the target's first day on.
    pub period: Option<Period>,
    /// Where `agreement.toml` has it.
    pub span: Range<usize>,
}

impl Target {
    /// The versions that a period meets, each with the part of the period it rules, in order of time. Days
    /// before the target's first day belong to no part; most periods have one part, which keeps its code.
    pub fn parts(&self, period: &Period) -> Vec<(Period, &TargetVersion)> {
        let mut parts = Vec::new();
        for (i, version) in self.versions.iter().enumerate() {
            let first = version.from.map_or(period.first, |from| from.max(period.first));
            let next = self.versions.get(i + 1).and_then(|next| next.from);
            let last = match next {
                None => period.last,
                Some(next) => Day(next.0 - 1).min(period.last),
            };
            if (first, last) == (period.first, period.last) {
                parts.push((period.clone(), version));
            } else if let Ok(part) = Period::between(first, last) {
                parts.push((part, version));
            }
        }
        parts
    }

    /// The version in force on a day.
    pub fn on(&self, day: Day) -> Option<&TargetVersion> {
        self.versions.iter().rev().find(|version| version.from.is_none_or(|from| from <= day))
    }
}
