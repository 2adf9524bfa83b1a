//! Judging: a figure against a goal, by whole numbers only. Nothing is divided and nothing is rounded on
//! the way to a verdict, so 94.996 % never meets `>= 95 %`.

use std::cmp::Ordering;

use crate::figure::{Amount, Verdict};
use crate::target::{Goal, GoalOp};

/// Where a figure stands against the goal's level, exactly; nothing where there is no value (0 of 0).
pub fn compare(goal: &Goal, amount: &Amount) -> Option<Ordering> {
    match amount {
        Amount::Share { met, of } if *of > 0 => Some(ratio(i128::from(*met), *of, goal)),
        Amount::Mean { sum, of } if *of > 0 => Some(ratio(*sum, *of, goal)),
        Amount::Count(count) => Some(ratio(i128::from(*count), 1, goal)),
        Amount::Sum(sum) => Some(ratio(*sum, 1, goal)),
        Amount::Percentile { value: Some(value), .. } => Some(ratio(i128::from(*value), 1, goal)),
        Amount::Share { .. } | Amount::Mean { .. } | Amount::Percentile { .. } => None,
    }
}

/// `top / of` against `goal.num / goal.den`, with `of` and `goal.den` greater than 0, by cross-multiplication.
fn ratio(top: i128, of: i64, goal: &Goal) -> Ordering {
    let level = i128::from(goal.num) * i128::from(of); // two 64-bit factors always fit
    match top.checked_mul(i128::from(goal.den)) {
        Some(value) => value.cmp(&level),
        // Beyond 128 bits the product lies beyond any level: its sign decides.
        None => top.cmp(&0),
    }
}

/// Whether an operator is satisfied by where the figure stands.
pub fn reached(op: GoalOp, standing: Ordering) -> bool {
    match op {
        GoalOp::AtLeast => standing != Ordering::Less,
        GoalOp::MoreThan => standing == Ordering::Greater,
        GoalOp::AtMost => standing != Ordering::Greater,
        GoalOp::LessThan => standing == Ordering::Less,
        GoalOp::Equal => standing == Ordering::Equal,
    }
}

/// What judging needs to know besides the goal and the figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Whether the period is over at `as_of`. A count that only grows is not late before it is due.
    pub ended: bool,
    /// Fewer cases than this are not judged.
    pub min_cases: Option<i64>,
}

impl Default for Terms {
    /// The period is over; any number of cases is enough.
    fn default() -> Self {
        Self { ended: true, min_cases: None }
    }
}

/// The verdict on one figure.
///
/// A figure without a value is *no data* here: only a nil report or totals can make it *no cases*, and that
/// is decided where they are known ([`crate::scoreboard`]).
pub fn judge(goal: &Goal, amount: &Amount, terms: Terms) -> Verdict {
    let Some(standing) = compare(goal, amount) else {
        return Verdict::NoData;
    };
    if let (Some(cases), Some(least)) = (amount.cases(), terms.min_cases)
        && cases < least
    {
        return Verdict::NotJudged;
    }
    if reached(goal.op, standing) {
        return Verdict::Met;
    }
    let grows = matches!(amount, Amount::Count(_) | Amount::Sum(_));
    let short = standing == Ordering::Less || (standing == Ordering::Equal && goal.op == GoalOp::MoreThan);
    if !terms.ended && grows && short { Verdict::NotYetDue } else { Verdict::NotMet }
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
