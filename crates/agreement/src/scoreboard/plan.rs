//! What has to be measured for a scoreboard.

use giaouoc_worktime::Day;

use crate::ask::Ask;
use crate::bundle::Bundle;
use crate::cluster::Role;
use crate::period::{Part, Period};
use crate::target::{Rule, Target, TargetVersion};

/// What is asked of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The period of every target; none: each target's own.
    pub period: Option<Period>,
    /// The day whose end the figures show; none: the last day of each target's period.
    pub as_of: Option<Day>,
    /// Ids of the targets; none: all.
    pub targets: Option<Vec<String>>,
}

/// Asks that share a kind and a population: one plan of `giaouoc-measure`, one pass over the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskSet {
    /// The kind's id.
    pub kind: String,
    /// The population: indices of units of the cluster, in the order of the city's decision.
    pub units: Vec<usize>,
    /// What is asked.
    pub asks: Vec<Ask>,
}

/// Everything that has to be measured for a scoreboard, and where each answer belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The asks; [`crate::scoreboard::Scoreboard::build`] wants one answer for each, in this order.
    pub sets: Vec<AskSet>,
    pub(super) targets: Vec<Planned>,
}

/// Where an answer is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub set: usize,
    pub ask: usize,
}

/// A target of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    /// Index in the agreement.
    pub target: usize,
    pub period: Period,
    pub as_of: Day,
    /// Units that the target applies to, exempt ones included.
    pub members: Vec<usize>,
    /// Those that are measured: the population of its asks.
    pub measured: Vec<usize>,
    /// The whole period under one rule; none when an amendment changed the rule within it.
    pub whole: Option<Place>,
    /// One for each version in force within the period, in order of time.
    pub pieces: Vec<Piece>,
}

/// The stretch of a period that one version of a target rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub period: Period,
    /// Index in the target.
    pub version: usize,
    /// The parts it is split into.
    pub by: Option<Part>,
    pub place: Place,
    /// One for each lens of the version.
    pub lenses: Vec<Place>,
}

impl Plan {
    /// Plans the board. A target that is not yet in force in the period asked for is not on it.
    ///
    /// The population of a target is the members of the cluster on the agreement's day of membership (or the
    /// period's last day), cut to the target's own `units`; exempt units are on the board but not measured.
    pub fn new(bundle: &Bundle, options: &Options) -> Self {
        Self::made(bundle, options, None)
    }

    /// Plans figures of every part of the period ([`crate::scoreboard::Split`]), for the same units; lenses are
    /// not asked for.
    pub fn split(bundle: &Bundle, options: &Options, by: Part) -> Self {
        Self::made(bundle, options, Some(by))
    }

    fn made(bundle: &Bundle, options: &Options, split: Option<Part>) -> Self {
        let mut plan = Self { sets: Vec::new(), targets: Vec::new() };
        for (index, target) in bundle.agreement.targets.iter().enumerate() {
            if options.targets.as_ref().is_none_or(|ids| ids.contains(&target.id)) {
                plan.add(bundle, options, split, index, target);
            }
        }
        plan
    }

    fn add(
        &mut self,
        bundle: &Bundle,
        options: &Options,
        split: Option<Part>,
        index: usize,
        target: &Target,
    ) {
        let period = options.period.clone().unwrap_or_else(|| target.period.clone());
        let as_of = options.as_of.unwrap_or(period.last);
        let parts = target.parts(&period);
        if parts.is_empty() {
            return;
        }
        let agreement = &bundle.agreement;
        let on = agreement.membership_on.unwrap_or(period.last);
        let mut members = bundle.cluster.with_role(Role::Member, on);
        if let Some(units) = &target.units {
            members.retain(|unit| units.contains(unit));
        }
        let mut measured = members.clone();
        measured.retain(|unit| agreement.exemption(*unit, &target.id).is_none());

        let mut pieces = Vec::new();
        for (part, version) in &parts {
            let by = split.or(version.goal.each);
            let place = self.ask(&version.rule, part, as_of, by, &measured);
            let lenses = version
                .lenses
                .iter()
                .filter(|_| split.is_none())
                .map(|lens| self.ask(&lens.rule, part, as_of, lens.goal.each, &measured))
                .collect();
            let version = position(target, version);
            pieces.push(Piece { period: part.clone(), version, by, place, lenses });
        }
        let whole = match (pieces.as_slice(), parts.as_slice()) {
            _ if split.is_some() => None,
            ([piece], _) => Some(piece.place),
            (_, [(_, first), rest @ ..]) => rest
                .iter()
                .all(|(_, version)| same_rule(&version.rule, &first.rule))
                .then(|| self.ask(&first.rule, &period, as_of, None, &measured)),
            _ => None,
        };
        self.targets.push(Planned { target: index, period, as_of, members, measured, whole, pieces });
    }

    fn ask(&mut self, rule: &Rule, period: &Period, as_of: Day, by: Option<Part>, units: &[usize]) -> Place {
        let ask = Ask { rule: rule.clone(), period: period.clone(), as_of, by, spread: false };
        let found = self.sets.iter().position(|set| set.kind == rule.kind && set.units == units);
        let set = found.unwrap_or_else(|| {
            self.sets.push(AskSet { kind: rule.kind.clone(), units: units.to_vec(), asks: Vec::new() });
            self.sets.len() - 1
        });
        let asks = &mut self.sets[set].asks;
        asks.push(ask);
        Place { set, ask: asks.len() - 1 }
    }
}

fn position(target: &Target, version: &TargetVersion) -> usize {
    target.versions.iter().position(|other| std::ptr::eq(other, version)).unwrap_or(0)
}

/// Whether two versions measure the same thing (an amendment may have changed only the goal).
fn same_rule(one: &Rule, other: &Rule) -> bool {
    (&one.kind, &one.counted, &one.measure, one.unknown)
        == (&other.kind, &other.counted, &other.measure, other.unknown)
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
