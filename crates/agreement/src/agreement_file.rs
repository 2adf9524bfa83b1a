//! The agreement (*giao ước thi đua*) of a year, of `agreement.toml`: its text and its executable targets.

pub(crate) mod amount;
mod assemble;
pub mod charter;
mod compile;
mod definitions;
mod examples;
pub(crate) mod file;
mod targets;
mod versions;
mod words;

use std::cell::Cell;
use std::ops::Range;

use giaouoc_worktime::{CalendarSet, Day};

use crate::cluster::Cluster;
use crate::kind::Kind;

use crate::period::Period;
use crate::target::Target;
use crate::text::Text;
use crate::toml_read::{At, Document};

/// A year's agreement. Built only by [`crate::bundle::Bundle::parse`], so its parts fit together: every
/// target's clause exists, every exemption names a target.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agreement {
    /// Its id, such as `cum-vi-2020`.
    pub id: String,
    /// The emulation year.
    pub year: i32,
    /// Its title.
    pub title: Text,
    /// The year's theme.
    pub theme: Option<Text>,
    /// Lines of context: events, anniversaries.
    pub context: Vec<Text>,
    /// The default period of its targets.
    pub period: Period,
    /// Where it is on its way.
    pub status: Status,
    /// The day it was signed.
    pub signed: Option<Day>,
    /// The day from which records count, when that is said.
    pub counts_from: Option<Day>,
    /// The day on which the list of units is taken; none: the last day of the period asked for.
    pub membership_on: Option<Day>,
    /// How each verdict counts in a share of units.
    pub share_of_units: ShareOfUnits,
    /// Named ranges that periods may be written as; the code of each is its id.
    pub periods: Vec<Period>,
    /// Their names on screen, in the same order.
    pub period_names: Vec<Text>,
    /// The clauses, in order of the text.
    pub clauses: Vec<Clause>,
    /// Named conditions and values, in file order; several of one id are its versions. They stand resolved
    /// in the targets' rules; here they are for reading.
    pub definitions: Vec<Definition>,
    /// The targets, in file order.
    pub targets: Vec<Target>,
    /// Signed changes, in file order; their words stand in the targets' versions.
    pub amendments: Vec<Amendment>,
    /// Who is exempt from what, and why.
    pub exemptions: Vec<Exemption>,
    /// What stands beside its clauses and targets: bases, events, score table, regulation, paragraphs.
    pub charter: charter::Charter,
    /// Where `signed` (or the status, when there is no such day) stands in the file.
    pub signed_span: Range<usize>,
}

impl Agreement {
    /// A target by id.
    pub fn target(&self, id: &str) -> Option<&Target> {
        self.targets.iter().find(|target| target.id == id)
    }

    /// A clause by number.
    pub fn clause(&self, number: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.number == number)
    }

    /// What is said of figures while the agreement is not in force.
    pub fn by_draft(&self) -> Option<Text> {
        matches!(self.status, Status::Draft | Status::Signed).then(|| {
            Text::new(
                "Theo dự thảo: giao ước chưa có hiệu lực, số liệu có thể đổi khi giao ước được ký.",
                "By the draft: the agreement is not in force yet, and figures may change when it is signed.",
            )
        })
    }

    /// The exemption of a unit (index in the cluster) from a target (id).
    pub fn exemption(&self, unit: usize, target: &str) -> Option<&Exemption> {
        self.exemptions.iter().find(|e| e.unit == unit && e.target == target)
    }
}

/// Where an agreement is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Being written.
    Draft,
    /// Signed, not yet in force.
    Signed,
    /// In force.
    InForce,
    /// Its year is over.
    Closed,
}

/// How a verdict without a figure counts in a share of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CountsAs {
    /// In the denominator, not in the numerator.
    NotMet,
    /// In neither.
    LeftOut,
}

/// How each verdict without a figure counts in a share of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareOfUnits {
    /// *Chưa có số liệu*.
    pub no_data: CountsAs,
    /// *Không phát sinh*.
    pub no_cases: CountsAs,
    /// *Miễn*.
    pub exempt: CountsAs,
}

impl Default for ShareOfUnits {
    /// Silence is no excuse; a confirmed nil report and an exemption are.
    fn default() -> Self {
        Self { no_data: CountsAs::NotMet, no_cases: CountsAs::LeftOut, exempt: CountsAs::LeftOut }
    }
}

/// A numbered piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its number, such as `2.2`.
    pub number: String,
    /// Its words.
    pub text: Text,
    /// It has no number to reach and is answered by a short report.
    pub report: bool,
    /// Where `agreement.toml` has it.
    pub span: Range<usize>,
}

/// A named condition or value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name by which conditions use it.
    pub id: String,
    /// The kind's id.
    pub kind: String,
    /// Its words.
    pub is: String,
    /// First day of this version; none: from ever.
    pub from: Option<Day>,
    /// The law it stands on.
    pub legal: Option<Text>,
}

/// A signed change of a target with its own start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Its id, such as `pl-01`.
    pub id: String,
    /// The target's id.
    pub target: String,
    /// The day it was signed.
    pub signed: Day,
    /// The first day on which it holds.
    pub from: Day,
    /// Why.
    pub reason: Text,
    /// Where `agreement.toml` has it.
    pub span: Range<usize>,
}

/// A unit that a target does not apply to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// Index of the unit in the cluster.
    pub unit: usize,
    /// The target's id.
    pub target: String,
    /// Why.
    pub reason: Text,
    /// Where `agreement.toml` has it.
    pub span: Range<usize>,
}

/// What the files beside the agreement say, as far as they could be read.
pub(crate) struct Context<'a> {
    /// The kinds.
    pub(crate) kinds: &'a [Kind],
    /// The cluster; without it units are not looked up.
    pub(crate) cluster: Option<&'a Cluster>,
    /// The calendars; without them local times are not read.
    pub(crate) calendars: Option<&'a CalendarSet>,
    /// Whether the calendar has working days.
    pub(crate) working_days: bool,
    /// What may still be spent on the agreement.
    pub(crate) budget: Budget,
}

/// Bounds the work that one file can ask for: a small file can combine many lenses with many dates. A real
/// agreement needs a few hundred of each.
pub(crate) struct Budget {
    conditions: Cell<u32>,
    rows: Cell<u32>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { conditions: Cell::new(20_000), rows: Cell::new(20_000) }
    }
}

impl Budget {
    /// Takes one condition, typed once for one stretch of time; false when there is none left.
    pub(crate) fn condition(&self) -> bool {
        take(&self.conditions)
    }

    /// Takes one record of an example; false when there is none left.
    pub(crate) fn row(&self) -> bool {
        take(&self.rows)
    }
}

fn take(left: &Cell<u32>) -> bool {
    let before = left.get();
    left.set(before.saturating_sub(1));
    before > 0
}

/// A period by its code or the id of a named range.
pub(crate) fn read_period(doc: &Document<'_>, code: &At<String>, named: &[Period]) -> Option<Period> {
    match Period::parse(code, named) {
        Ok(period) => Some(period),
        Err(error) => {
            doc.error("bad-period", code.span.clone(), error.text, None);
            None
        }
    }
}
