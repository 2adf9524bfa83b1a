//! The cluster's own line: all units together, and the share of units that meet a target.

use super::build::{Grounds, Leaf, Work};
use super::evidence::Evidence;
use super::{Figure, GoalLine, Subject, UnitsShare};
use crate::agreement_file::CountsAs;
use crate::figure::{Amount, Grade, Verdict};
use crate::judge::{compare, reached};
use crate::text::Text;

/// The figure of all units together: over all their records, never a mean of their figures. Totals of units
/// without records are added where that is a sum; stated values are not, and units that are missing are named.
pub(super) fn pooled(work: &Work<'_>, grounds: &Grounds) -> Figure {
    let of = |leaf: &Leaf, units: &[&Evidence]| together(work, leaf, units);
    let whole = work.whole.as_ref().map(|leaf| {
        let units: Vec<&Evidence> = grounds.whole.iter().flatten().collect();
        of(leaf, &units)
    });
    let leaves: Vec<Evidence> = work
        .leaves
        .iter()
        .enumerate()
        .map(|(i, leaf)| {
            let units: Vec<&Evidence> = grounds.leaves.iter().filter_map(|unit| unit.get(i)).collect();
            of(leaf, &units)
        })
        .collect();
    let mut figure = work.figure(Subject::All, None, whole.as_ref(), &leaves, None);
    let exempt = work.planned.members.len() - work.planned.measured.len();
    if exempt > 0 {
        figure.notes.push(Text::new(
            format!("không gồm {exempt} đơn vị được miễn"),
            format!("without {exempt} exempt {}", units(exempt)),
        ));
    }
    figure
}

/// Evidence of all units from the records of all and the evidence of each.
fn together(work: &Work<'_>, leaf: &Leaf, units: &[&Evidence]) -> Evidence {
    let Some(cell) = work.cell(leaf, None) else {
        return Evidence::nothing();
    };
    let mut evidence = Evidence::nothing();
    if !units.is_empty() && units.iter().all(|unit| unit.no_cases) {
        let grade = units.iter().map(|unit| unit.grade).max().unwrap_or(Grade::Nothing);
        return Evidence { no_cases: true, grade, ..evidence };
    }
    let mut amount = cell.amount.clone();
    // A count of 0 needs somebody who knows that it is 0.
    let mut grounded = cell.tally.counted > 0;
    if grounded {
        evidence.grade = Grade::Records;
    }
    for (position, unit) in units.iter().enumerate() {
        let name = || unit_name(work, position);
        match (&unit.amount, unit.grade) {
            (Some(more), Grade::SignedTotals | Grade::PublishedTotals) => match add(&amount, more) {
                Some(sum) => {
                    amount = sum;
                    evidence.grade = if grounded { evidence.grade.max(unit.grade) } else { unit.grade };
                    grounded = true;
                    evidence.by_totals.extend(&unit.by_totals);
                    let name = name();
                    evidence.notes.push(Text::new(
                        format!("{}: theo {}", name.vi, unit.grade.words().vi),
                        format!("{}: per {}", name.en, unit.grade.words().en),
                    ));
                }
                None => evidence.notes.push(missing(&name())),
            },
            (Some(_), Grade::Records | Grade::NilReport) => {
                if !grounded {
                    grounded = true;
                    evidence.grade = unit.grade;
                }
            }
            (None, _) if unit.no_cases => {}
            _ => evidence.notes.push(missing(&name())),
        }
    }
    if grounded {
        evidence.amount = Some(amount);
    }
    evidence
}

fn unit_name(work: &Work<'_>, position: usize) -> Text {
    let unit = work.planned.measured.get(position).and_then(|unit| work.bundle.cluster.units.get(*unit));
    unit.map(|unit| unit.short.clone()).unwrap_or_default()
}

fn units(number: usize) -> &'static str {
    if number == 1 { "unit" } else { "units" }
}

fn missing(name: &Text) -> Text {
    Text::new(format!("chưa gồm {}", name.vi), format!("without {}", name.en))
}

/// Only what adds up is read off totals: an agreement with totals of another measure is refused.
fn add(one: &Amount, more: &Amount) -> Option<Amount> {
    Some(match (one, more) {
        (Amount::Share { met: a, of: b }, Amount::Share { met, of }) => {
            Amount::Share { met: a.checked_add(*met)?, of: b.checked_add(*of)? }
        }
        (Amount::Count(a), Amount::Count(b)) => Amount::Count(a.checked_add(*b)?),
        (Amount::Sum(a), Amount::Sum(b)) => Amount::Sum(a.checked_add(*b)?),
        _ => return None,
    })
}

/// The share of units that meet the target, each verdict counted as the agreement's `[share_of_units]` says:
/// met and not met (and not yet due) always stand in the denominator; too few cases never do.
pub(super) fn share_of_units<'f>(
    work: &Work<'_>,
    goal: &GoalLine,
    figures: impl Iterator<Item = &'f Figure>,
) -> UnitsShare {
    let rule = work.bundle.agreement.share_of_units;
    let (mut met, mut of, mut left_out) = (0, 0, 0);
    let (mut judged, mut open) = (0, 0);
    let mut silent = 0_usize;
    for figure in figures {
        let counts = match figure.verdict {
            Verdict::Met => {
                met += 1;
                judged += 1;
                CountsAs::NotMet // in the denominator
            }
            Verdict::NotMet => {
                judged += 1;
                CountsAs::NotMet
            }
            Verdict::NotYetDue => {
                open += 1;
                CountsAs::NotMet
            }
            Verdict::NoData => {
                silent += 1;
                rule.no_data
            }
            Verdict::NoCases => rule.no_cases,
            Verdict::Exempt => rule.exempt,
            Verdict::NotJudged => CountsAs::LeftOut,
        };
        match counts {
            CountsAs::NotMet => of += 1,
            CountsAs::LeftOut => left_out += 1,
        }
    }
    let amount = Amount::Share { met, of };
    let reaches = compare(&goal.goal, &amount).is_some_and(|standing| reached(goal.goal.op, standing));
    let verdict = match (judged, open) {
        (0, 0) => Verdict::NoData,
        _ if open > 0 && !reaches => Verdict::NotYetDue,
        (0, _) => Verdict::NotYetDue,
        _ if reaches => Verdict::Met,
        _ => Verdict::NotMet,
    };
    let mut notes: Vec<Text> = work.other_period().into_iter().collect();
    if silent > 0 {
        let (vi, en) = match rule.no_data {
            CountsAs::NotMet => ("tính là chưa đạt", "counted as not met"),
            CountsAs::LeftOut => ("không tính vào tỷ lệ", "left out"),
        };
        notes.push(Text::new(
            format!("{silent} đơn vị chưa có số liệu: {vi}"),
            format!("{silent} {} without data: {en}", units(silent)),
        ));
    }
    UnitsShare {
        goal: goal.clone(),
        met,
        of,
        left_out,
        shown: amount.words(Some(&goal.goal)),
        verdict,
        notes,
    }
}

#[cfg(test)]
#[path = "cluster_line_tests.rs"]
mod tests;
