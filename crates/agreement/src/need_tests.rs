use proptest::prelude::*;

use super::*;
use crate::figure::Verdict;
use crate::judge::{Terms, judge};

fn goal(text: &str) -> Goal {
    Goal::parse(text).unwrap()
}

fn share(met: i64, of: i64) -> Amount {
    Amount::Share { met, of }
}

fn meets(goal: &Goal, met: i128, of: i128) -> bool {
    let amount = share(i64::try_from(met).unwrap(), i64::try_from(of).unwrap());
    judge(goal, &amount, Terms::default()) == Verdict::Met
}

#[test]
fn worked_cases() {
    let row = |least| Some(Need::InARow { least });
    for (text, amount, remaining, expected) in [
        (">= 95 %", share(19, 20), None, Some(Need::Reached)),
        (">= 95 %", share(18, 20), None, row(20)),    // 38/40
        (">= 95 %", share(560, 600), None, row(200)), // 760/800
        ("> 95 %", share(19, 20), None, row(1)),
        (">= 95 %", share(0, 0), None, row(1)),
        (">= 100 %", share(0, 0), None, row(1)),
        (">= 100 %", share(19, 20), None, Some(Need::OutOfReach)),
        (">= 95 %", share(90, 100), Some(400), Some(Need::OfRemaining { least: 385, remaining: 400 })),
        (">= 95 %", share(90, 100), Some(100), Some(Need::OfRemaining { least: 100, remaining: 100 })),
        (">= 95 %", share(90, 100), Some(99), Some(Need::OutOfReach)),
        (">= 95 %", share(90, 100), Some(50), Some(Need::OutOfReach)),
        (">= 95 %", share(100, 100), Some(5), Some(Need::Reached)),
        (">= 95 %", share(100, 100), Some(6), Some(Need::OfRemaining { least: 1, remaining: 6 })),
        (">= 95 %", share(0, 0), Some(0), None),
        (">= 2", Amount::Count(0), None, Some(Need::More { least: 2 })),
        ("> 2", Amount::Count(0), None, Some(Need::More { least: 3 })),
        (">= 2.5", Amount::Count(1), None, Some(Need::More { least: 2 })),
        (">= 2", Amount::Count(5), None, Some(Need::Reached)),
        (">= 100", Amount::Sum(-20), None, Some(Need::More { least: 120 })),
        (">= 3", Amount::Mean { sum: 1, of: 1 }, None, None),
    ] {
        let ahead = remaining.map_or(Ahead::ToCome, Ahead::Open);
        assert_eq!(need(&goal(text), &amount, ahead), expected, "{text} {amount:?} {remaining:?}");
    }
}

/// Positions, procedures, tasks: what is there is put right, nothing comes "in a row".
#[test]
fn worked_cases_of_a_standing_list() {
    let of_unmet = |least, unmet| Some(Need::OfUnmet { least, unmet });
    for (text, amount, expected) in [
        (">= 95 %", share(18, 20), of_unmet(1, 2)),
        (">= 95 %", share(560, 600), of_unmet(10, 40)),
        ("> 95 %", share(18, 20), of_unmet(2, 2)),
        (">= 95 %", share(19, 20), Some(Need::Reached)),
        // What is out of reach for records in a row is not for a standing list.
        (">= 100 %", share(19, 20), of_unmet(1, 1)),
        (">= 100 %", share(0, 7), of_unmet(7, 7)),
        ("> 100 %", share(19, 20), Some(Need::OutOfReach)),
        (">= 95 %", share(0, 0), None),
        ("<= 5 %", share(2, 20), None),
        (">= 2", Amount::Count(0), Some(Need::More { least: 2 })),
    ] {
        assert_eq!(need(&goal(text), &amount, Ahead::Standing), expected, "{text} {amount:?}");
    }
}

/// Dialogues: more may come, and minutes may still be signed.
#[test]
fn worked_cases_of_events() {
    let either = |in_a_row, of_unmet, unmet| Some(Need::Either { in_a_row, of_unmet, unmet });
    for (text, amount, expected) in [
        (">= 95 %", share(18, 20), either(20, 1, 2)),
        (">= 50 %", share(4, 10), either(2, 1, 6)),
        ("> 50 %", share(1, 2), either(1, 1, 1)),
        (">= 50 %", share(1, 2), Some(Need::Reached)),
        (">= 50 %", share(0, 0), Some(Need::InARow { least: 1 })),
        // Everything is asked for: no new one mends what is missed.
        (">= 100 %", share(2, 3), Some(Need::OfUnmet { least: 1, unmet: 1 })),
        ("> 100 %", share(2, 3), Some(Need::OutOfReach)),
        ("<= 5 %", share(2, 20), None),
        (">= 2", Amount::Count(1), Some(Need::More { least: 1 })),
    ] {
        assert_eq!(need(&goal(text), &amount, Ahead::Events), expected, "{text} {amount:?}");
    }
}

/// "You may still be late three times" is never said.
#[test]
fn lower_is_better_goals_give_no_licence() {
    for text in ["<= 3", "< 3", "= 3", "<= 5 %"] {
        for amount in [Amount::Count(0), Amount::Count(9), share(1, 100), share(50, 100)] {
            assert_eq!(need(&goal(text), &amount, Ahead::Open(10)), None);
        }
    }
}

#[test]
fn in_words_to_the_unit_itself() {
    let record = Text::new("Hồ sơ TTHC", "Administrative dossier");
    for (need, vi, en) in [
        (
            Need::InARow { least: 1_200 },
            "cần thêm ít nhất 1.200 hồ sơ TTHC đạt yêu cầu liên tiếp",
            "needs at least 1,200 more in a row that meet the target",
        ),
        (
            Need::OfRemaining { least: 12, remaining: 40 },
            "cần ít nhất 12 hồ sơ TTHC đạt yêu cầu trong 40 còn lại",
            "needs at least 12 of the remaining 40 to meet the target",
        ),
        (
            Need::OfUnmet { least: 10, unmet: 1_040 },
            "cần đưa thêm ít nhất 10 trong 1.040 hồ sơ TTHC chưa đạt thành đạt",
            "needs at least 10 of the 1,040 that do not meet the target yet to meet it",
        ),
        (
            Need::OfUnmet { least: 1, unmet: 1 },
            "cần đưa 1 hồ sơ TTHC còn chưa đạt thành đạt",
            "needs the 1 that does not meet the target yet to meet it",
        ),
        (
            Need::OfUnmet { least: 4, unmet: 4 },
            "cần đưa 4 hồ sơ TTHC còn chưa đạt thành đạt",
            "needs all 4 that do not meet the target yet to meet it",
        ),
        (
            Need::Either { in_a_row: 20, of_unmet: 1, unmet: 2 },
            "cần thêm ít nhất 20 hồ sơ TTHC đạt yêu cầu liên tiếp, hoặc đưa ít nhất 1 trong 2 hồ sơ TTHC chưa đạt thành đạt nếu còn bổ sung được",
            "needs at least 20 more in a row that meet the target, or at least 1 of the 2 that do not meet it yet to meet it, where that can still be done",
        ),
        (Need::More { least: 1 }, "cần thêm ít nhất 1", "needs at least 1 more"),
    ] {
        assert_eq!(need.words(&record), Text::new(vi, en));
    }
    assert_eq!(record_word("TTHC"), "TTHC");
    assert_eq!(record_word("Đối thoại"), "đối thoại");
}

proptest! {
    /// The number said suffices, and one less does not.
    #[test]
    fn the_least_in_a_row_is_the_least(
        met in 0_i64..5_000, more in 0_i64..5_000, level in 0_i64..=1_000, strict: bool,
    ) {
        let of = met + more;
        prop_assume!(!(strict && level == 1_000));
        let goal = goal(&format!("{} {}.{} %", if strict { ">" } else { ">=" }, level / 10, level % 10));
        let (m, n) = (i128::from(met), i128::from(of));
        match need(&goal, &share(met, of), Ahead::ToCome) {
            Some(Need::Reached) => prop_assert!(meets(&goal, m, n)),
            Some(Need::InARow { least }) => {
                prop_assert!(meets(&goal, m + least, n + least));
                prop_assert!(!meets(&goal, m + least - 1, n + least - 1));
            }
            Some(Need::OutOfReach) => {
                for k in [0, 1, 10, 1_000_000_000_000] {
                    prop_assert!(!meets(&goal, m + k, n + k));
                }
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn the_least_of_the_remaining_is_the_least(
        met in 0_i64..500, more in 0_i64..500, remaining in 0_i64..500, level in 0_i64..=1_000, strict: bool,
    ) {
        let of = met + more;
        prop_assume!(of + remaining > 0);
        prop_assume!(!(strict && level == 1_000));
        let goal = goal(&format!("{} {}.{} %", if strict { ">" } else { ">=" }, level / 10, level % 10));
        let reaches = |k: i64| meets(&goal, (met + k).into(), (of + remaining).into());
        let slow = (0..=remaining).find(|k| reaches(*k));
        let expected = match slow {
            Some(0) => Need::Reached,
            Some(k) => Need::OfRemaining { least: k.into(), remaining },
            None => Need::OutOfReach,
        };
        prop_assert_eq!(need(&goal, &share(met, of), Ahead::Open(remaining)), Some(expected));
    }

    #[test]
    fn the_least_of_the_unmet_is_the_least(
        met in 0_i64..500, unmet in 0_i64..500, level in 0_i64..=1_000, strict: bool,
    ) {
        let of = met + unmet;
        prop_assume!(of > 0);
        let goal = goal(&format!("{} {}.{} %", if strict { ">" } else { ">=" }, level / 10, level % 10));
        let slow = (0..=unmet).find(|k| meets(&goal, (met + k).into(), of.into()));
        let expected = match slow {
            Some(0) => Need::Reached,
            Some(k) => Need::OfUnmet { least: k.into(), unmet },
            None => Need::OutOfReach,
        };
        prop_assert_eq!(need(&goal, &share(met, of), Ahead::Standing), Some(expected));
    }

    /// Either way suffices by itself, and less of it does not.
    #[test]
    fn either_way_of_events_is_the_least(
        met in 0_i64..500, unmet in 0_i64..500, level in 0_i64..=1_000, strict: bool,
    ) {
        let of = met + unmet;
        prop_assume!(of > 0);
        prop_assume!(!(strict && level == 1_000));
        let goal = goal(&format!("{} {}.{} %", if strict { ">" } else { ">=" }, level / 10, level % 10));
        let (m, n) = (i128::from(met), i128::from(of));
        match need(&goal, &share(met, of), Ahead::Events) {
            Some(Need::Reached) => prop_assert!(meets(&goal, m, n)),
            Some(Need::Either { in_a_row, of_unmet, unmet: left }) => {
                prop_assert_eq!(left, unmet);
                prop_assert!(meets(&goal, m + in_a_row, n + in_a_row));
                prop_assert!(!meets(&goal, m + in_a_row - 1, n + in_a_row - 1));
                prop_assert!(meets(&goal, m + of_unmet, n) && of_unmet <= unmet.into());
                prop_assert!(!meets(&goal, m + of_unmet - 1, n));
            }
            Some(Need::OfUnmet { least, .. }) => {
                prop_assert_eq!(level, 1_000);
                prop_assert_eq!(least, i128::from(unmet));
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn the_missing_count_is_the_least(count in -1_000_i64..1_000, tenths in 0_i64..10_000, strict: bool) {
        let goal = goal(&format!("{} {}.{}", if strict { ">" } else { ">=" }, tenths / 10, tenths % 10));
        let met = |k: i64| judge(&goal, &Amount::Count(count + k), Terms::default()) == Verdict::Met;
        match need(&goal, &Amount::Count(count), Ahead::ToCome) {
            Some(Need::Reached) => prop_assert!(met(0)),
            Some(Need::More { least }) => {
                let least = i64::try_from(least).unwrap();
                prop_assert!(met(least) && !met(least - 1));
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }
}
