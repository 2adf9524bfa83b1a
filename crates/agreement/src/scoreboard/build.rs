//! Answers into figures, figures into verdicts.

use std::collections::{BTreeMap, HashMap, HashSet};

use giaouoc_worktime::CalendarSet;

use super::cluster_line::{pooled, share_of_units};
use super::evidence::{Evidence, Ground};
use super::plan::{Place, Plan, Planned};
use super::{FORMAT, Figure, GoalLine, Line, Row, Scoreboard};
use crate::ask::{Answer, Cell, Cells};
use crate::bundle::Bundle;
use crate::digest::target_digest;
use crate::period::Period;
use crate::target::{Force, Goal, GoalOp, Target, TargetVersion};
use crate::text::Text;
use crate::totals::TotalsRow;

/// What is known besides the answers.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The records of the totals kind.
    pub totals: &'a [TotalsRow],
    /// The calendars that were measured by.
    pub calendars: &'a CalendarSet,
    /// Records known to be still open, by target id and index of the unit: what a unit can still do.
    pub remaining: BTreeMap<(String, usize), i64>,
}

impl<'a> Facts<'a> {
    /// Nothing is known besides the answers.
    pub fn new(calendars: &'a CalendarSet) -> Self {
        Self { totals: &[], calendars, remaining: BTreeMap::new() }
    }
}

/// A stretch of time that is judged by itself.
pub(super) struct Leaf {
    pub period: Period,
    /// Index of the version in the target.
    pub version: usize,
    pub place: Place,
    /// Index among the answer's parts; none: the answer's whole.
    pub part: Option<usize>,
    /// Its lenses are shown with it.
    pub lenses: Vec<Place>,
}

/// One target while its figures are made.
pub(super) struct Work<'a> {
    pub bundle: &'a Bundle,
    pub facts: &'a Facts<'a>,
    pub target: &'a Target,
    pub planned: &'a Planned,
    pub answers: &'a [Vec<Answer>],
    /// What is judged: the whole period, or its parts.
    pub leaves: Vec<Leaf>,
    /// The whole period, where one rule holds in it.
    pub whole: Option<Leaf>,
    pub kind_name: Text,
    pub digest: String,
}

/// The units' evidence, in the order of [`Planned::measured`]: of the whole and of each leaf.
pub(super) struct Grounds {
    pub whole: Vec<Option<Evidence>>,
    pub leaves: Vec<Vec<Evidence>>,
}

impl Scoreboard {
    /// Judges the answers to a plan: `answers[i][j]` answers `plan.sets[i].asks[j]`.
    pub fn build(bundle: &Bundle, plan: &Plan, answers: &[Vec<Answer>], facts: &Facts<'_>) -> Self {
        let agreement = &bundle.agreement;
        let mut rows: Vec<usize> = plan.targets.iter().flat_map(|target| target.members.clone()).collect();
        rows.sort_unstable(); // the order of the file is the order of the city's decision
        rows.dedup();
        let targets = plan
            .targets
            .iter()
            .filter_map(|planned| {
                let target = agreement.targets.get(planned.target)?;
                Some(Work::new(bundle, facts, target, planned, answers).line(&rows))
            })
            .collect();
        let row = |unit: &usize| {
            bundle.cluster.units.get(*unit).map(|unit| Row {
                code: unit.code.clone(),
                name: unit.name.clone(),
                short: unit.short.clone(),
            })
        };
        Self {
            format: FORMAT,
            agreement: agreement.id.clone(),
            title: agreement.title.clone(),
            year: agreement.year,
            cluster: bundle.cluster.name.clone(),
            units: rows.iter().filter_map(row).collect(),
            targets,
            notes: board_notes(bundle),
        }
    }
}

/// That figures are by a draft; signed in March, counts from January: said on the board.
fn board_notes(bundle: &Bundle) -> Vec<Text> {
    let agreement = &bundle.agreement;
    let mut notes: Vec<Text> = agreement.by_draft().into_iter().collect();
    if let (Some(signed), Some(from)) = (agreement.signed, agreement.counts_from)
        && from < signed
    {
        notes.push(Text::new(
            format!("Giao ước ký ngày {}, số liệu tính từ {}.", signed.dmy(), from.dmy()),
            format!("The agreement was signed on {signed}; figures count from {from}."),
        ));
    }
    notes
}

impl<'a> Work<'a> {
    pub(super) fn new(
        bundle: &'a Bundle,
        facts: &'a Facts<'a>,
        target: &'a Target,
        planned: &'a Planned,
        answers: &'a [Vec<Answer>],
    ) -> Self {
        let kind_name = crate::kinds::find(&target.kind).map(|kind| kind.name.clone()).unwrap_or_default();
        let mut work = Self {
            bundle,
            facts,
            target,
            planned,
            answers,
            leaves: Vec::new(),
            whole: None,
            kind_name,
            digest: target_digest(bundle, target, facts.calendars),
        };
        for piece in &planned.pieces {
            let leaf = |period: &Period, part: Option<usize>| Leaf {
                period: period.clone(),
                version: piece.version,
                place: piece.place,
                part,
                lenses: if part.is_none_or(|part| part == 0) { piece.lenses.clone() } else { Vec::new() },
            };
            match (piece.by, work.answer(piece.place)) {
                (Some(_), Some(answer)) => {
                    work.leaves.extend(answer.parts.iter().enumerate().map(|(i, p)| leaf(p, Some(i))));
                }
                _ => work.leaves.push(leaf(&piece.period, None)),
            }
        }
        let version = planned.pieces.last().map_or(0, |piece| piece.version);
        work.whole = planned.whole.map(|place| Leaf {
            period: planned.period.clone(),
            version,
            place,
            part: None,
            lenses: match planned.pieces.as_slice() {
                [piece] => piece.lenses.clone(),
                _ => Vec::new(),
            },
        });
        work
    }

    pub(super) fn answer(&self, place: Place) -> Option<&'a Answer> {
        self.answers.get(place.set)?.get(place.ask)
    }

    /// The cells of a measured unit (its position), or of all of them together.
    pub(super) fn cells(&self, place: Place, position: Option<usize>) -> Option<&'a Cells> {
        let answer = self.answer(place)?;
        match position {
            Some(position) => answer.units.get(position),
            None => Some(&answer.all),
        }
    }

    pub(super) fn cell(&self, leaf: &Leaf, position: Option<usize>) -> Option<&'a Cell> {
        let cells = self.cells(leaf.place, position)?;
        match leaf.part {
            Some(part) => cells.parts.get(part),
            None => Some(&cells.whole),
        }
    }

    pub(super) fn version(&self, leaf: &Leaf) -> Option<&'a TargetVersion> {
        self.target.versions.get(leaf.version)
    }

    /// One leaf for the whole period, and nothing else, is judged as it stands; otherwise by parts.
    pub(super) fn by_parts(&self) -> bool {
        !matches!(self.leaves.as_slice(), [leaf] if leaf.part.is_none() && leaf.period == self.planned.period)
    }

    pub(super) fn ended(&self, period: &Period) -> bool {
        period.last <= self.planned.as_of
    }

    /// The positions of the measured units: a city may have thousands.
    pub(super) fn places(&self) -> HashMap<usize, usize> {
        self.planned.measured.iter().enumerate().map(|(position, unit)| (*unit, position)).collect()
    }

    fn line(&self, rows: &[usize]) -> Line {
        let target = self.target;
        let grounds = self.grounds();
        let (places, members) = (self.places(), HashSet::<&usize>::from_iter(&self.planned.members));
        let figures: Vec<Option<Figure>> = rows
            .iter()
            .map(|unit| match places.get(unit) {
                _ if !members.contains(unit) => None,
                Some(position) => Some(self.unit_figure(*unit, *position, &grounds)),
                None => Some(self.exempt_figure(*unit)),
            })
            .collect();
        let (_, force) = self.goal();
        let units_share = target
            .units_goal
            .as_ref()
            .map(|goal| share_of_units(self, &GoalLine::new(goal, force), figures.iter().flatten()));
        let together = target.judged.all_together.then(|| pooled(self, &grounds));
        Line {
            target: target.id.clone(),
            clause: target.clause.clone(),
            name: target.name.clone(),
            kind: target.kind.clone(),
            legal: target.legal.clone(),
            period: self.planned.period.clone(),
            period_words: self.planned.period.words(),
            as_of: self.planned.as_of,
            ended: self.ended(&self.planned.period),
            goal: self.goal_line(),
            digest: self.digest.clone(),
            figures,
            together,
            units_share,
        }
    }

    /// The goal in force at the period's end.
    pub(super) fn goal(&self) -> (&'a Goal, Force) {
        let last = self.planned.pieces.last().and_then(|piece| self.target.versions.get(piece.version));
        let version = last.or_else(|| self.target.versions.last());
        match version {
            Some(version) => (&version.goal, version.force),
            // A target has at least one version; a plan is made of targets.
            None => (const { &NO_GOAL }, Force::AtLeast),
        }
    }

    /// The goal at the period's end; its words name the goal of each part where an amendment gave them
    /// different ones.
    fn goal_line(&self) -> GoalLine {
        let (goal, force) = self.goal();
        let mut line = GoalLine::new(goal, force);
        // Parts in a row that share a goal (only what is counted changed) are told as one.
        let mut told: Vec<(Period, Text)> = Vec::new();
        for piece in &self.planned.pieces {
            let Some(version) = self.target.versions.get(piece.version) else { continue };
            let words = version.goal.words(version.force);
            match told.last_mut() {
                Some((period, same)) if *same == words => period.last = piece.period.last,
                _ => told.push((piece.period.clone(), words)),
            }
        }
        if told.len() > 1 {
            let vi = |(period, words): &(Period, Text)| {
                format!("{}–{}: {}", period.first.dmy(), period.last.dmy(), words.vi)
            };
            let en = |(period, words): &(Period, Text)| {
                format!("{} to {}: {}", period.first, period.last, words.en)
            };
            line.words = Text::new(
                told.iter().map(vi).collect::<Vec<_>>().join("; "),
                told.iter().map(en).collect::<Vec<_>>().join("; "),
            );
        }
        line
    }

    fn grounds(&self) -> Grounds {
        let units = self.planned.measured.iter().enumerate();
        Grounds {
            whole: units
                .clone()
                .map(|(position, unit)| self.whole.as_ref().map(|leaf| self.evidence(leaf, position, *unit)))
                .collect(),
            leaves: units
                .map(|(position, unit)| {
                    self.leaves.iter().map(|leaf| self.evidence(leaf, position, *unit)).collect()
                })
                .collect(),
        }
    }

    /// What speaks for a measured unit and a stretch of time.
    pub(super) fn evidence(&self, leaf: &Leaf, position: usize, unit: usize) -> Evidence {
        let (Some(cell), Some(version)) = (self.cell(leaf, Some(position)), self.version(leaf)) else {
            return Evidence::nothing();
        };
        let ground = Ground {
            bundle: self.bundle,
            facts: self.facts,
            target: self.target,
            unit,
            known: self.known(leaf.place, position, unit),
        };
        ground.evidence(version, &leaf.period, self.planned.as_of, cell)
    }

    /// Whether nothing counted means 0 rather than silence: the unit has records of the kind, of whatever
    /// time, or another unit supplies the kind for it and has records.
    fn known(&self, place: Place, position: usize, unit: usize) -> bool {
        let Some(answer) = self.answer(place) else {
            return false;
        };
        let own = answer.units.get(position).is_some_and(|cells| cells.whole.tally.seen > 0);
        let supplied = self.bundle.cluster.suppliers.iter().any(|supplier| {
            supplier.kind == self.target.kind
                && supplier.unit != unit
                && supplier.subjects.as_ref().is_none_or(|subjects| subjects.contains(&unit))
        });
        own || (supplied && (answer.all.whole.tally.seen > 0 || answer.outside > 0))
    }
}

const NO_GOAL: Goal =
    Goal { op: GoalOp::AtLeast, num: 0, den: 1, percent: false, each: None, text: String::new() };
