//! What it takes to reach a goal from here (*còn cần gì*), shown to the unit itself. Always the positive
//! form: how many good records are needed, never how many bad ones a unit may still allow itself.

use serde::Serialize;

use crate::figure::{Amount, integer};
use crate::judge::{compare, reached};
use crate::target::{Goal, GoalOp};
use crate::text::{Lang, Text};

/// What it takes to reach a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Need {
    /// Nothing more.
    Reached,
    /// So many more records in a row that meet the target.
    InARow {
        /// The least number.
        least: i128,
    },
    /// So many of the records that are still to come.
    OfRemaining {
        /// The least number.
        least: i128,
        /// The records still to come.
        remaining: i64,
    },
    /// So many of the records that do not meet it yet: of kinds that are a list which stands and is put right,
    /// such as procedures, positions or tasks.
    OfUnmet {
        /// The least number.
        least: i128,
        /// The records that do not meet it.
        unmet: i64,
    },
    /// Of events, such as dialogues, of which more may come and which may be completed afterwards: one way or
    /// the other (or less of each).
    Either {
        /// The least number in a row, of those to come.
        in_a_row: i128,
        /// The least number of those that do not meet it yet.
        of_unmet: i128,
        /// The records that do not meet it.
        unmet: i64,
    },
    /// So much more of a count or a sum.
    More {
        /// The least number.
        least: i128,
    },
    /// No number of records reaches it within the period.
    OutOfReach,
}

/// How a share can still grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// By records that are worked off over time (the kind has a column that closes them), however many come.
    ToCome,
    /// By so many records known to be still open.
    Open(i64),
    /// By putting right the records there are: they are a list that stands (`standing` of the kind).
    Standing,
    /// By events to come, and perhaps by completing those there are (minutes still to be signed): the kind is
    /// neither worked off nor standing, and no column of it says which of its values can still change.
    Events,
}

/// What is needed to reach a goal. Nothing for lower-is-better goals, for `=`, means and percentiles: there the
/// honest answer would be a licence ("you may still be late 3 times") or no number at all. Nothing either for
/// a standing list without records.
pub fn need(goal: &Goal, amount: &Amount, ahead: Ahead) -> Option<Need> {
    let strict = match goal.op {
        GoalOp::AtLeast => false,
        GoalOp::MoreThan => true,
        GoalOp::AtMost | GoalOp::LessThan | GoalOp::Equal => return None,
    };
    // The least whole number at or above (strictly: above) a ratio.
    let least = |top: i128, den: i128| {
        let floor = top.div_euclid(den);
        if strict || top.rem_euclid(den) != 0 { floor + 1 } else { floor }
    };
    let (num, den) = (i128::from(goal.num), i128::from(goal.den));
    match amount {
        Amount::Share { met, of } => {
            let (met, of) = (i128::from(*met), i128::from(*of));
            match ahead {
                Ahead::Open(remaining) => {
                    let all = of + i128::from(remaining);
                    let k = least(num * all - met * den, den);
                    Some(match k {
                        _ if all <= 0 => return None,
                        ..=0 => Need::Reached,
                        _ if k > i128::from(remaining) => Need::OutOfReach,
                        _ => Need::OfRemaining { least: k, remaining },
                    })
                }
                Ahead::Standing => {
                    let unmet = of - met;
                    let k = least(num * of - met * den, den);
                    Some(match k {
                        _ if of <= 0 => return None,
                        ..=0 => Need::Reached,
                        _ if k > unmet => Need::OutOfReach,
                        _ => Need::OfUnmet { least: k, unmet: i64::try_from(unmet).ok()? },
                    })
                }
                Ahead::Events => {
                    let to_come = need(goal, amount, Ahead::ToCome);
                    match (to_come, need(goal, amount, Ahead::Standing)) {
                        (Some(Need::InARow { least }), Some(Need::OfUnmet { least: of_unmet, unmet })) => {
                            Some(Need::Either { in_a_row: least, of_unmet, unmet })
                        }
                        // Everything is asked for: what is missed already has to be completed.
                        (Some(Need::OutOfReach), completed) => completed,
                        (to_come, _) => to_come,
                    }
                }
                Ahead::ToCome if compare(goal, amount).is_some_and(|standing| reached(goal.op, standing)) => {
                    Some(Need::Reached)
                }
                // The goal asks for everything and something is missed already: k/k more never closes it.
                Ahead::ToCome if num >= den && of > met => Some(Need::OutOfReach),
                Ahead::ToCome if num >= den => (!strict).then_some(Need::InARow { least: 1 }),
                Ahead::ToCome => Some(Need::InARow { least: least(num * of - met * den, den - num).max(1) }),
            }
        }
        Amount::Count(_) | Amount::Sum(_) => {
            let value = match amount {
                Amount::Count(count) => i128::from(*count),
                Amount::Sum(sum) => *sum,
                _ => return None,
            };
            let missing = least(num, den).checked_sub(value)?;
            Some(if missing <= 0 { Need::Reached } else { Need::More { least: missing } })
        }
        Amount::Mean { .. } | Amount::Percentile { .. } => None,
    }
}

impl Need {
    /// In words, without blame; `record` is the kind's name ("Hồ sơ TTHC").
    pub fn words(&self, record: &Text) -> Text {
        let noun = record_word(&record.vi);
        match self {
            Self::Reached => Text::new("đã đạt mức của chỉ tiêu", "the goal is reached"),
            Self::InARow { least } => Text::new(
                format!("cần thêm ít nhất {} {noun} đạt yêu cầu liên tiếp", integer(*least, Lang::Vi)),
                format!("needs at least {} more in a row that meet the target", integer(*least, Lang::En)),
            ),
            Self::OfRemaining { least, remaining } => Text::new(
                format!(
                    "cần ít nhất {} {noun} đạt yêu cầu trong {} còn lại",
                    integer(*least, Lang::Vi),
                    integer(*remaining, Lang::Vi)
                ),
                format!(
                    "needs at least {} of the remaining {} to meet the target",
                    integer(*least, Lang::En),
                    integer(*remaining, Lang::En)
                ),
            ),
            Self::OfUnmet { least, unmet } if *least == i128::from(*unmet) => Text::new(
                format!("cần đưa {} {noun} còn chưa đạt thành đạt", integer(*unmet, Lang::Vi)),
                match unmet {
                    1 => "needs the 1 that does not meet the target yet to meet it".to_owned(),
                    _ => format!(
                        "needs all {} that do not meet the target yet to meet it",
                        integer(*unmet, Lang::En)
                    ),
                },
            ),
            Self::OfUnmet { least, unmet } => Text::new(
                format!(
                    "cần đưa thêm ít nhất {} trong {} {noun} chưa đạt thành đạt",
                    integer(*least, Lang::Vi),
                    integer(*unmet, Lang::Vi)
                ),
                format!(
                    "needs at least {} of the {} that do not meet the target yet to meet it",
                    integer(*least, Lang::En),
                    integer(*unmet, Lang::En)
                ),
            ),
            Self::Either { in_a_row, of_unmet, unmet } => Text::new(
                format!(
                    "cần thêm ít nhất {} {noun} đạt yêu cầu liên tiếp, hoặc đưa ít nhất {} trong {} {noun} chưa đạt thành đạt nếu còn bổ sung được",
                    integer(*in_a_row, Lang::Vi),
                    integer(*of_unmet, Lang::Vi),
                    integer(*unmet, Lang::Vi)
                ),
                format!(
                    "needs at least {} more in a row that meet the target, or at least {} of the {} that do not meet it yet to meet it, where that can still be done",
                    integer(*in_a_row, Lang::En),
                    integer(*of_unmet, Lang::En),
                    integer(*unmet, Lang::En)
                ),
            ),
            Self::More { least } => Text::new(
                format!("cần thêm ít nhất {}", integer(*least, Lang::Vi)),
                format!("needs at least {} more", integer(*least, Lang::En)),
            ),
            Self::OutOfReach => Text::new(
                "số bản ghi của kỳ này không còn đủ để đạt mức của chỉ tiêu",
                "the records of this period no longer suffice to reach the goal",
            ),
        }
    }
}

/// A name inside a sentence: "Hồ sơ TTHC" becomes "hồ sơ TTHC", "TTHC" stays.
fn record_word(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
#[path = "need_tests.rs"]
mod tests;
