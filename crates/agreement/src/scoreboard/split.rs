//! Figures split by unit and part of the period. Parts are measured by the same rules as the scoreboard's
//! figures and rest on the same grounds; they are never judged, since a goal is about a period.

use giaouoc_worktime::Day;
use serde::Serialize;

use super::Facts;
use super::build::{Leaf, Work};
use super::plan::Plan;
use crate::ask::Answer;
use crate::bundle::Bundle;
use crate::figure::{Amount, Grade};
use crate::period::Period;
use crate::text::Text;

/// What there is to say of one part: a figure, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// There is a figure.
    Figure,
    /// A confirmed nil report, or totals that say 0.
    NoCases,
    /// Nothing speaks for the part, and it is over: neither 0 nor "no cases".
    NoData,
    /// Nothing speaks for the part yet, and it has not begun or is not over.
    NotYetDue,
    /// The agreement exempts the unit.
    Exempt,
}

/// One target, one unit, one part of the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SplitCell<'a> {
    /// The unit's code.
    pub unit: &'a str,
    /// The target's id.
    pub target: &'a str,
    /// The part; its first and last day are cut to the period, and to the days of an amendment.
    pub period: &'a Period,
    /// Whether there is a figure, else why not.
    pub state: State,
    /// The figure. Totals and stated values stand for exactly this part, or there is none: a half-year's total
    /// is never spread over its months.
    pub amount: Option<Amount>,
    /// What it rests on.
    pub grade: Grade,
    /// Records of which it is unknown whether they count.
    pub counted_unknown: i64,
    /// Counted records whose outcome or value is unknown.
    pub met_unknown: i64,
    /// The days that signed or published totals stand for.
    pub coverage: Vec<Period>,
    /// What a reader must know: exempt and why, stated and by whom, totals that reach beyond the part.
    pub notes: Vec<Text>,
}

/// The parts of every target and unit.
pub struct Split<'a> {
    works: Vec<Work<'a>>,
}

impl<'a> Split<'a> {
    /// Reads the answers to a plan of [`Plan::split`]: `answers[i][j]` answers `plan.sets[i].asks[j]`.
    pub fn new(bundle: &'a Bundle, plan: &'a Plan, answers: &'a [Vec<Answer>], facts: &'a Facts<'a>) -> Self {
        let works = plan.targets.iter().filter_map(|planned| {
            let target = bundle.agreement.targets.get(planned.target)?;
            Some(Work::new(bundle, facts, target, planned, answers))
        });
        Self { works: works.collect() }
    }

    /// The cells: targets in the agreement's order, units in the order of the city's decision, parts in order
    /// of time. Units that a target does not apply to have none. They are made one by one, since a city may
    /// have millions of them.
    pub fn cells(&self) -> impl Iterator<Item = SplitCell<'_>> {
        self.works.iter().flat_map(|work| {
            let places = work.places();
            work.planned.members.iter().flat_map(move |unit| {
                let place = places.get(unit).copied();
                work.leaves.iter().map(move |leaf| work.split_cell(*unit, place, leaf))
            })
        })
    }
}

impl Work<'_> {
    fn split_cell<'w>(&'w self, unit: usize, place: Option<usize>, leaf: &'w Leaf) -> SplitCell<'w> {
        let mut cell = SplitCell {
            unit: self.bundle.cluster.units.get(unit).map_or("", |unit| unit.code.as_str()),
            target: &self.target.id,
            period: &leaf.period,
            state: State::Exempt,
            amount: None,
            grade: Grade::Nothing,
            counted_unknown: 0,
            met_unknown: 0,
            coverage: Vec::new(),
            notes: Vec::new(),
        };
        let Some(position) = place else {
            cell.notes.extend(self.exempt(unit));
            return cell;
        };
        let evidence = self.evidence(leaf, position, unit);
        let mut counted = 0;
        if let Some(measured) = self.cell(leaf, Some(position)) {
            counted = measured.tally.counted;
            cell.counted_unknown = measured.tally.counted_unknown;
            cell.met_unknown = measured.tally.met_unknown;
        }
        // A part that has not begun holds no 0 yet, only what is planned for it already.
        let begun = self.begun(&leaf.period) || counted > 0;
        cell.amount = evidence.amount.filter(|_| begun);
        cell.state = match &cell.amount {
            _ if evidence.no_cases => State::NoCases,
            Some(_) => State::Figure,
            None if self.ended(&leaf.period) => State::NoData,
            None => State::NotYetDue,
        };
        if begun {
            cell.grade = evidence.grade;
            cell.coverage = evidence.coverage;
            cell.notes = evidence.notes;
        }
        cell
    }

    fn begun(&self, period: &Period) -> bool {
        let as_of: Day = self.planned.as_of;
        period.first <= as_of
    }
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
