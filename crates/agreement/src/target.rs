//! Targets (*chỉ tiêu*) and their rules (*cách tính*).

use crate::lang::Typed;
use crate::period::Part;
use crate::text::Text;

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

/// A comparison direction of a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GoalOp {
    /// `>=`
    AtLeast,
    /// `>`
    MoreThan,
    /// `<=`
    AtMost,
    /// `<`
    LessThan,
    /// `=`
    Equal,
}

/// What a figure is held against, exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// The operator; the direction (higher or lower is better) follows from it.
    pub op: GoalOp,
    /// Numerator of the goal as a plain number: `>= 95 %` is 95/100, `>= 2` is 2/1, `<= 3.5` is 35/10.
    pub num: i64,
    /// Denominator, a power of ten, at least 1.
    pub den: i64,
    /// Whether it was written with `%`.
    pub percent: bool,
    /// Asked of each part of the period.
    pub each: Option<Part>,
    /// As written.
    pub text: String,
}

/// The force of a target: two different words of an agreement, kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
