//! One subject's figure: evidence into a verdict, with its parts and lenses.

use super::build::{Grounds, Leaf, Work};
use super::combine::combine;
use super::evidence::Evidence;
use super::{Figure, GoalLine, PartFigure, SeenTally, Subject, UnknownColumn};
use crate::figure::{Amount, Grade, Tally, Verdict};
use crate::judge::{Terms, judge};
use crate::need::{Ahead, Need, need};
use crate::period::Period;
use crate::target::{Goal, GoalOp, TargetVersion};
use crate::text::Text;

impl Work<'_> {
    pub(super) fn unit_figure(&self, unit: usize, position: usize, grounds: &Grounds) -> Figure {
        let code = self.bundle.cluster.units.get(unit).map(|unit| unit.code.clone()).unwrap_or_default();
        let leaves = grounds.leaves.get(position).map_or(&[][..], Vec::as_slice);
        let whole = grounds.whole.get(position).and_then(Option::as_ref);
        let remaining = self.facts.remaining.get(&(self.target.id.clone(), unit)).copied();
        let mut figure = self.figure(Subject::Unit(code), Some(position), whole, leaves, remaining);
        if !self.target.judged.each_unit && self.target.units_goal.is_none() {
            figure.verdict = Verdict::NotJudged;
            figure.need = None;
            figure.need_words = None;
            figure.notes.push(Text::new("chỉ đánh giá chung cả cụm", "only all units together are judged"));
        }
        figure
    }

    /// A figure of a subject: judged as a whole, or by its parts.
    pub(super) fn figure(
        &self,
        subject: Subject,
        position: Option<usize>,
        whole: Option<&Evidence>,
        leaves: &[Evidence],
        remaining: Option<i64>,
    ) -> Figure {
        let mut figure = self.blank(subject);
        if let Some(cell) = self.whole.as_ref().and_then(|leaf| self.cell(leaf, position)) {
            figure.tally = self.seen(&cell.tally);
        }
        if let Some(whole) = whole {
            figure.amount.clone_from(&whole.amount);
            figure.grade = whole.grade;
            figure.coverage.clone_from(&whole.coverage);
            figure.notes.clone_from(&whole.notes);
        }
        if self.by_parts() {
            figure.parts = self
                .leaves
                .iter()
                .zip(leaves)
                .filter_map(|(leaf, evidence)| self.part_figure(leaf, position, evidence))
                .collect();
            figure.verdict = combine(figure.parts.iter().map(|part| part.verdict));
            figure.grade = figure.parts.iter().map(|part| part.grade).max().unwrap_or(Grade::Nothing);
            for note in leaves.iter().flat_map(|evidence| &evidence.notes) {
                if !figure.notes.contains(note) {
                    figure.notes.push(note.clone());
                }
            }
        } else if let (Some(leaf), Some(evidence)) = (self.leaves.first(), leaves.first())
            && let Some(version) = self.version(leaf)
        {
            figure.verdict = self.judged(version, evidence, &leaf.period, position, false);
            figure.below_min_cases = self.below(version, evidence, position);
            figure.need = self.need(version, evidence, &leaf.period, remaining);
        }
        if figure.amount.is_some() || figure.parts.iter().any(|part| part.amount.is_some()) {
            figure.notes.extend(self.other_period());
        }
        if let Some((leaf, whole)) = self.whole.as_ref().zip(whole) {
            let lenses = self.version(leaf).map_or(&[][..], |version| &version.lenses);
            figure.lenses = self.lenses(lenses, leaf, position, whole, figure.verdict);
        }
        let (goal, _) = self.goal();
        let beside = (goal.each.is_none() && figure.parts.is_empty()).then_some(goal);
        figure.shown = shown(figure.amount.as_ref(), beside);
        figure.need_words = figure.need.map(|need| need.words(&self.kind_name));
        figure
    }

    fn part_figure(&self, leaf: &Leaf, position: Option<usize>, evidence: &Evidence) -> Option<PartFigure> {
        let version = self.version(leaf)?;
        let verdict = self.judged(version, evidence, &leaf.period, position, true);
        let need = self.need(version, evidence, &leaf.period, None);
        // A single version's lenses stand with the whole figure.
        let lenses = if self.planned.pieces.len() > 1 {
            self.lenses(&version.lenses, leaf, position, evidence, verdict)
        } else {
            Vec::new()
        };
        Some(PartFigure {
            period: leaf.period.clone(),
            goal: GoalLine::new(&version.goal, version.force),
            amendment: version.amendment.clone(),
            amount: evidence.amount.clone(),
            shown: shown(evidence.amount.as_ref(), Some(&version.goal)),
            grade: evidence.grade,
            verdict,
            need,
            need_words: need.map(|need| need.words(&self.kind_name)),
            lenses,
        })
    }

    pub(super) fn judged(
        &self,
        version: &TargetVersion,
        evidence: &Evidence,
        period: &Period,
        position: Option<usize>,
        part: bool,
    ) -> Verdict {
        let ended = self.ended(period);
        if evidence.no_cases {
            return Verdict::NoCases;
        }
        if !self.set_for_period(version, &version.goal) {
            return if evidence.amount.is_some() { Verdict::NotJudged } else { Verdict::NoData };
        }
        if period.first > self.planned.as_of {
            return Verdict::NotYetDue;
        }
        // "Fewer than so many cases are not judged" protects a unit; all together are judged.
        let min_cases = position.and(version.min_cases);
        let verdict = match &evidence.amount {
            Some(amount) => judge(&version.goal, amount, Terms { ended, min_cases }),
            None => Verdict::NoData,
        };
        // A part that is still running is not due, unless what it holds can never come right.
        let lost = matches!(version.goal.op, GoalOp::AtMost | GoalOp::LessThan | GoalOp::Equal)
            && matches!(evidence.amount, Some(Amount::Count(_) | Amount::Sum(_)));
        match verdict {
            Verdict::NotMet if part && !ended && !lost => Verdict::NotYetDue,
            Verdict::NoData if part && !ended => Verdict::NotYetDue,
            verdict => verdict,
        }
    }

    fn below(&self, version: &TargetVersion, evidence: &Evidence, position: Option<usize>) -> Option<i64> {
        let least = position.and(version.min_cases)?;
        let cases = evidence.amount.as_ref()?.cases()?;
        (cases < least).then_some(least)
    }

    /// Said only while something can still be done.
    fn need(
        &self,
        version: &TargetVersion,
        evidence: &Evidence,
        period: &Period,
        remaining: Option<i64>,
    ) -> Option<Need> {
        let goal = &version.goal;
        if self.ended(period) || !self.set_for_period(version, goal) {
            return None;
        }
        let amount = evidence.amount.as_ref()?;
        let kind = crate::kinds::find(&self.target.kind);
        let worked_off = kind.is_some_and(|kind| kind.closes.is_some());
        let ahead = match remaining {
            _ if kind.is_some_and(|kind| kind.standing) => Ahead::Standing,
            _ if !worked_off => Ahead::Events,
            Some(open) => Ahead::Open(open),
            None => Ahead::ToCome,
        };
        // Records that are open now are not all that the period will bring: when they alone cannot reach the
        // goal, those to come still may. Lists and events never are out of reach: no goal asks for more than 100 %.
        match need(goal, amount, ahead) {
            Some(Need::OutOfReach) => need(goal, amount, Ahead::ToCome),
            found => found,
        }
    }

    pub(super) fn exempt_figure(&self, unit: usize) -> Figure {
        let code = self.bundle.cluster.units.get(unit).map(|unit| unit.code.clone()).unwrap_or_default();
        let mut figure = self.blank(Subject::Unit(code));
        figure.verdict = Verdict::Exempt;
        figure.notes.extend(self.exempt(unit));
        figure
    }

    /// Why a unit is exempt.
    pub(super) fn exempt(&self, unit: usize) -> Option<Text> {
        let exemption = self.bundle.agreement.exemption(unit, &self.target.id)?;
        Some(Text::new(format!("miễn: {}", exemption.reason.vi), format!("exempt: {}", exemption.reason.en)))
    }

    fn blank(&self, subject: Subject) -> Figure {
        let calendar = match &subject {
            Subject::Unit(code) => self.facts.calendars.unit(code),
            Subject::All => &self.facts.calendars.default,
        };
        Figure {
            target: self.target.id.clone(),
            subject,
            period: self.planned.period.clone(),
            as_of: self.planned.as_of,
            amount: None,
            shown: shown(None, None),
            tally: SeenTally::default(),
            grade: Grade::Nothing,
            verdict: Verdict::NoData,
            below_min_cases: None,
            parts: Vec::new(),
            lenses: Vec::new(),
            need: None,
            need_words: None,
            coverage: Vec::new(),
            calendar: calendar.reference(),
            digest: self.digest.clone(),
            notes: Vec::new(),
        }
    }

    fn seen(&self, tally: &Tally) -> SeenTally {
        let kind = crate::kinds::find(&self.target.kind);
        let name = |column: usize| {
            let found = kind.and_then(|kind| kind.columns.get(column));
            found.map_or_else(|| column.to_string(), |column| column.id.clone())
        };
        SeenTally {
            seen: tally.seen,
            counted: tally.counted,
            counted_unknown: tally.counted_unknown,
            met_unknown: tally.met_unknown,
            unknown_columns: tally
                .unknown_columns
                .iter()
                .map(|(column, records)| UnknownColumn { column: name(*column), records: *records })
                .collect(),
            latest: tally.latest,
        }
    }
}

fn shown(amount: Option<&Amount>, goal: Option<&Goal>) -> Text {
    amount.map_or_else(|| Text::same("–"), |amount| amount.words(goal))
}

#[cfg(test)]
#[path = "ahead_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "parts_tests.rs"]
mod parts_tests;

#[cfg(test)]
#[path = "figures_tests.rs"]
mod figures_tests;
