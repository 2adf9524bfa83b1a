//! Nil reports and stated values, of `reports.toml`.

pub(crate) mod file;

use std::ops::Range;

use giaouoc_worktime::time::Day;

use crate::figure::Amount;
use crate::period::Period;
use crate::text::Text;

/// Everything of `reports.toml`, in file order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reports {
    /// "No cases arose" (*không phát sinh*).
    pub nil: Vec<NilReport>,
    /// Figures that a unit merely states.
    pub stated: Vec<Stated>,
}

/// What a nil report is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NilAbout {
    /// Every target on this kind (id).
    Kind(String),
    /// One target (id).
    Target(String),
}

/// A unit's report that no cases arose. Without `confirmed_on` it changes nothing and is a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NilReport {
    /// Index of the unit in the cluster.
    pub unit: usize,
    /// Of what.
    pub about: NilAbout,
    /// The period in which no cases arose. It answers for every period within it, once it is over itself.
    pub period: Period,
    /// The role of who confirmed it, never a name.
    pub confirmed_by: Option<Text>,
    /// The day of confirmation.
    pub confirmed_on: Option<Day>,
    /// A remark.
    pub note: Option<Text>,
    /// Where `reports.toml` has it.
    pub span: Range<usize>,
}

impl NilReport {
    /// Whether the unit's leader has confirmed it.
    pub fn confirmed(&self) -> bool {
        self.confirmed_by.is_some() && self.confirmed_on.is_some()
    }
}

/// A figure that a unit states without records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Index of the unit in the cluster.
    pub unit: usize,
    /// The target's id.
    pub target: String,
    /// The period of the figure.
    pub period: Period,
    /// The figure, in the form of the target's measure.
    pub amount: Amount,
    /// The role of who confirmed it.
    pub confirmed_by: Option<Text>,
    /// The day of confirmation.
    pub confirmed_on: Option<Day>,
    /// The paper it stands on.
    pub source: Option<Text>,
    /// Where `reports.toml` has it.
    pub span: Range<usize>,
}
