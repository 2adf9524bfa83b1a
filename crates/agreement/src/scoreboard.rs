//! The scoreboard (*bảng theo dõi chỉ tiêu*): every target against every unit of the population, with the
//! verdict and everything it rests on. `docs/scoring.md` has its rules in plain words.
//!
//! [`Plan::new`] says what has to be measured, `giaouoc-measure` (or the row evaluator) answers, and
//! [`Scoreboard::build`] judges. Nothing here measures, and nothing here divides.

mod breakdown;
mod build;
mod cluster_line;
mod combine;
mod evidence;
mod figures;
mod lenses;
mod own_period;
mod plan;
mod split;

use giaouoc_worktime::{CalendarRef, Day};
use serde::{Serialize, Serializer};

pub use self::breakdown::{Breakdown, BreakdownPlan, Group, GroupColumns};
pub use self::build::Facts;
pub use self::plan::{AskSet, Options, Plan};
pub use self::split::{Split, SplitCell, State};
use crate::figure::{Amount, Grade, Verdict};
use crate::need::Need;
use crate::period::Period;
use crate::target::{Force, Goal};
use crate::text::Text;

/// Version of the JSON form; a change that a reader must know of makes it grow.
pub const FORMAT: u32 = 1;

/// Every target against every unit, judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scoreboard {
    /// [`FORMAT`].
    pub format: u32,
    /// The agreement's id.
    pub agreement: String,
    /// Its title.
    pub title: Text,
    /// The emulation year.
    pub year: i32,
    /// The cluster's name.
    pub cluster: Text,
    /// The rows: every unit that is in the population of some target, in the order of the city's decision.
    pub units: Vec<Row>,
    /// The columns, in file order.
    pub targets: Vec<Line>,
    /// What a reader of the whole board must know: signed later than it counts from, and the like.
    pub notes: Vec<Text>,
}

/// A unit as the board names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Its short name.
    pub short: Text,
}

/// One target with its figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The target's id.
    pub target: String,
    /// The number of its clause.
    pub clause: String,
    /// Its name.
    pub name: Text,
    /// The kind's id.
    pub kind: String,
    /// The law it stands on.
    pub legal: Option<Text>,
    /// The period of the figures.
    pub period: Period,
    /// The period in words.
    pub period_words: Text,
    /// The day whose end the figures show.
    pub as_of: Day,
    /// Whether the period is over on that day; before, figures and verdicts are of the moment.
    pub ended: bool,
    /// The goal in force at the period's end; [`GoalLine::words`] name the goal of each part, where an
    /// amendment gave them different ones.
    pub goal: GoalLine,
    /// SHA-256 of the target's definition: [`crate::digest::target_digest`].
    pub digest: String,
    /// One for each row of the board; nothing where the target does not apply to the unit.
    pub figures: Vec<Option<Figure>>,
    /// The figure of all units together, when it is judged.
    pub together: Option<Figure>,
    /// The share of units that meet the goal, when the cluster is judged by it.
    pub units_share: Option<UnitsShare>,
}

/// A goal as the board shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GoalLine {
    /// The goal, exact.
    #[serde(flatten)]
    pub goal: Goal,
    /// At least, or strive for.
    pub force: Force,
    /// In words: "tối thiểu 95 %".
    pub words: Text,
}

impl GoalLine {
    pub(crate) fn new(goal: &Goal, force: Force) -> Self {
        Self { goal: goal.clone(), force, words: goal.words(force) }
    }
}

/// Whose figure it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A unit, by its code.
    Unit(String),
    /// All units of the population together.
    All,
}

/// The unit's code, or `all`.
impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Unit(code) => code,
            Self::All => "all",
        })
    }
}

/// A measure's result for a subject and a period, judged, with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// The target's id.
    pub target: String,
    /// Whose figure it is.
    pub subject: Subject,
    /// The period.
    pub period: Period,
    /// The day whose end it shows.
    pub as_of: Day,
    /// The figure; nothing where there is no ground for one, or where an amendment changed the rule within
    /// the period and only the parts have figures.
    pub amount: Option<Amount>,
    /// The figure for people, on the goal's right side.
    pub shown: Text,
    /// What was seen on the way.
    pub tally: SeenTally,
    /// What it rests on.
    pub grade: Grade,
    /// The outcome.
    pub verdict: Verdict,
    /// The least number of cases, where there are fewer: then the figure is not judged.
    pub below_min_cases: Option<i64>,
    /// The parts it is judged by, in order of time: of an amended target, or of a goal "each …".
    pub parts: Vec<PartFigure>,
    /// Rival definitions beside it; never judged.
    pub lenses: Vec<LensFigure>,
    /// What it takes to reach the goal, while there is still time.
    pub need: Option<Need>,
    /// [`Figure::need`] in words.
    pub need_words: Option<Text>,
    /// The days that signed or published totals stand for.
    pub coverage: Vec<Period>,
    /// The calendar it was measured by.
    pub calendar: CalendarRef,
    /// SHA-256 of the target's definition: [`crate::digest::target_digest`].
    pub digest: String,
    /// What a reader must know: exempt and why, stated and by whom, units left out.
    pub notes: Vec<Text>,
}

/// What was seen on the way to a figure, with columns by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SeenTally {
    /// Records of the subject, of any time.
    pub seen: i64,
    /// Records counted.
    pub counted: i64,
    /// Records of which it is unknown whether they count: not counted.
    pub counted_unknown: i64,
    /// Counted records whose outcome is unknown.
    pub met_unknown: i64,
    /// Columns that were unknown in such records, with the number of records.
    pub unknown_columns: Vec<UnknownColumn>,
    /// The latest day of a record seen: how fresh the figure is.
    pub latest: Option<Day>,
}

/// A column that kept records from being decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownColumn {
    /// The column's id.
    pub column: String,
    /// In how many records.
    pub records: i64,
}

/// One part of a figure that is judged by parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartFigure {
    /// The part of the period.
    pub period: Period,
    /// The goal it is held against.
    pub goal: GoalLine,
    /// The amendment whose words it follows.
    pub amendment: Option<String>,
    /// Its figure.
    pub amount: Option<Amount>,
    /// The figure for people.
    pub shown: Text,
    /// What it rests on.
    pub grade: Grade,
    /// Its outcome.
    pub verdict: Verdict,
    /// What it takes, while there is still time.
    pub need: Option<Need>,
    /// [`PartFigure::need`] in words.
    pub need_words: Option<Text>,
    /// Rival definitions beside it, where an amendment gave each part its own.
    pub lenses: Vec<LensFigure>,
}

/// A rival definition's result beside a figure. Shown, never judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LensFigure {
    /// The lens's id.
    pub lens: String,
    /// Its name.
    pub name: Text,
    /// The goal it is held against.
    pub goal: GoalLine,
    /// Its figure.
    pub amount: Amount,
    /// The figure for people.
    pub shown: Text,
    /// What the verdict would be under it.
    pub would_be: Verdict,
    /// The agreement's own definition over the very records that the lens reads, where the figure rests on
    /// more than them (units with totals among all together) or on something else.
    pub beside: Option<Beside>,
    /// Codes of the units that are in the figure by their totals: a lens reads records only.
    pub leaves_out: Vec<String>,
    /// Whether it turns met into not met, or the other way round, over the same records.
    pub flips: bool,
    /// [`LensFigure::beside`] and [`LensFigure::leaves_out`] in words.
    pub note: Option<Text>,
}

/// The agreement's own definition over the records that a lens reads: like beside like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Beside {
    /// Its figure.
    pub amount: Amount,
    /// The figure for people.
    pub shown: Text,
    /// What the verdict would be.
    pub verdict: Verdict,
}

/// The share of units that meet a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnitsShare {
    /// The goal.
    pub goal: GoalLine,
    /// Units that meet it.
    pub met: i64,
    /// Units in the denominator, by the agreement's own rule.
    pub of: i64,
    /// Units left out of both.
    pub left_out: i64,
    /// The share for people.
    pub shown: Text,
    /// The outcome.
    pub verdict: Verdict,
    /// How units without a figure were counted; why no unit is judged.
    pub notes: Vec<Text>,
}

#[cfg(test)]
mod example_tests;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
