//! The words that a target says itself, that an amendment changes and that a lens takes over.

use crate::problem::Problem;
use crate::target::{Force, UnknownMet};
use crate::text::Text;
use crate::toml_read::{At, Document, Field, Quoted, Table};

/// What can be said and changed; nothing where nothing is said.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) counted: Option<Quoted>,
    pub(super) met: Option<Quoted>,
    pub(super) value: Option<Quoted>,
    pub(super) goal: Option<Quoted>,
    pub(super) force: Option<At<Force>>,
    pub(super) unknown: Option<At<UnknownMet>>,
    pub(super) min_cases: Option<At<i64>>,
}

impl Said {
    /// Reads them from a target, lens or amendment.
    pub(super) fn read(table: &Table<'_>) -> Self {
        Self {
            counted: table.may("counted").quoted(),
            met: table.may("met").quoted(),
            value: table.may("value").quoted(),
            goal: table.may("goal").quoted(),
            force: table
                .may("force")
                .one_of(&[("at least", Force::AtLeast), ("strive for", Force::StriveFor)]),
            unknown: table
                .may("unknown")
                .one_of(&[("not met", UnknownMet::NotMet), ("exclude", UnknownMet::Exclude)]),
            min_cases: table.may("min_cases").integer(1..=1_000_000_000),
        }
    }

    /// These words, and where they are silent those of `base`.
    pub(super) fn over(&self, base: &Self) -> Self {
        Self {
            counted: self.counted.clone().or_else(|| base.counted.clone()),
            met: self.met.clone().or_else(|| base.met.clone()),
            value: self.value.clone().or_else(|| base.value.clone()),
            goal: self.goal.clone().or_else(|| base.goal.clone()),
            force: self.force.clone().or_else(|| base.force.clone()),
            unknown: self.unknown.clone().or_else(|| base.unknown.clone()),
            min_cases: self.min_cases.clone().or_else(|| base.min_cases.clone()),
        }
    }

    /// Whether nothing is said at all.
    pub(super) fn is_silent(&self) -> bool {
        let Self { counted, met, value, goal, force, unknown, min_cases } = self;
        [counted, met, value, goal].iter().all(|quoted| quoted.is_none())
            && force.is_none()
            && unknown.is_none()
            && min_cases.is_none()
    }
}

/// How records become a figure, without the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MeasureName {
    Share,
    Count,
    Sum,
    Mean,
    Percentile,
    Distinct,
}

impl MeasureName {
    /// As the agreement writes it.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Percentile => "percentile",
            Self::Distinct => "distinct",
        }
    }

    pub(super) fn read(field: &Field<'_>) -> Option<Self> {
        if !field.is_there() {
            return Some(Self::Share);
        }
        let all = [Self::Share, Self::Count, Self::Sum, Self::Mean, Self::Percentile, Self::Distinct];
        field.one_of(&all.map(|measure| (measure.id(), measure))).map(|at| at.value)
    }

    fn takes_met(self) -> bool {
        self == Self::Share
    }

    fn takes_value(self) -> bool {
        !matches!(self, Self::Share | Self::Count)
    }

    /// Reports words that do not go with the measure: `met` goes with shares, `value` with those that have
    /// one, `unknown` with what can be unknown in a denominator.
    pub(super) fn check(self, doc: &Document<'_>, said: &Said) {
        let misplaced = [
            ("met", said.met.as_ref().map(|q| &q.span).filter(|_| !self.takes_met())),
            ("value", said.value.as_ref().map(|q| &q.span).filter(|_| !self.takes_value())),
            ("unknown", said.unknown.as_ref().map(|at| &at.span).filter(|_| !self.takes_met())),
        ];
        for (key, span) in misplaced {
            let Some(span) = span else { continue };
            let (goes_vi, goes_en) = if key == "value" {
                ("sum, mean, percentile và distinct", "sum, mean, percentile and distinct")
            } else {
                ("share", "share")
            };
            doc.report(
                Problem::error(
                    "misplaced-key",
                    doc.file(),
                    span.clone(),
                    Text::new(
                        format!("\"{key}\" không dùng với cách tính \"{}\".", self.id()),
                        format!("\"{key}\" does not go with the measure \"{}\".", self.id()),
                    ),
                )
                .help(Text::new(
                    format!("\"{key}\" chỉ dùng với {goes_vi}."),
                    format!("\"{key}\" goes with {goes_en} only."),
                )),
            );
        }
    }

    /// The keys without which the measure has no meaning.
    pub(super) fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Share => &["counted", "met", "goal"],
            Self::Count => &["counted", "goal"],
            Self::Sum | Self::Mean | Self::Distinct => &["counted", "value", "goal"],
            Self::Percentile => &["counted", "value", "percentile", "goal"],
        }
    }
}
