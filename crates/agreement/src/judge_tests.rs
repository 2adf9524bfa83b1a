use proptest::prelude::*;

use super::*;

fn goal(text: &str) -> Goal {
    Goal::parse(text).unwrap()
}

fn share(met: i64, of: i64) -> Amount {
    Amount::Share { met, of }
}

fn verdict(text: &str, amount: &Amount) -> Verdict {
    judge(&goal(text), amount, Terms::default())
}

#[test]
fn the_line_is_exact() {
    for (text, amount, expected) in [
        (">= 95 %", share(19, 20), Verdict::Met),
        (">= 95 %", share(94_996, 100_000), Verdict::NotMet),
        ("> 95 %", share(19, 20), Verdict::NotMet),
        (">= 100 %", share(i64::MAX - 1, i64::MAX), Verdict::NotMet),
        (">= 100 %", share(i64::MAX, i64::MAX), Verdict::Met),
        (">= 33.333333 %", share(1, 3), Verdict::Met),
        (">= 33.333334 %", share(1, 3), Verdict::NotMet),
        ("= 50 %", share(1, 2), Verdict::Met),
        (">= 2", Amount::Count(2), Verdict::Met),
        (">= 2", Amount::Count(1), Verdict::NotMet),
        (">= 1.5", Amount::Count(1), Verdict::NotMet),
        (">= 3.5", Amount::Mean { sum: 7, of: 2 }, Verdict::Met),
        (">= 3.5", Amount::Mean { sum: 6_999_999, of: 2_000_000 }, Verdict::NotMet),
        (">= 1", Amount::Sum(i128::MAX), Verdict::Met),
        ("<= 999999999999.5", Amount::Sum(i128::MAX), Verdict::NotMet),
        (">= 0", Amount::Sum(i128::MIN), Verdict::NotMet),
        // Times the goal's 10 these leave 128 bits.
        (">= 0.5", Amount::Sum(i128::MIN), Verdict::NotMet),
        ("<= 0.5", Amount::Sum(i128::MIN), Verdict::Met),
    ] {
        assert_eq!(verdict(text, &amount), expected, "{text} {amount:?}");
    }
}

/// Lower is better: the direction follows from the operator (Leantime/leantime#3247 left such goals at 0 %).
#[test]
fn lower_is_better() {
    for (text, amount, expected) in [
        ("<= 3", Amount::Count(0), Verdict::Met),
        ("<= 3", Amount::Count(3), Verdict::Met),
        ("<= 3", Amount::Count(4), Verdict::NotMet),
        ("< 3", Amount::Count(3), Verdict::NotMet),
        ("<= 5 %", share(5, 100), Verdict::Met),
        ("<= 5 %", share(51, 1_000), Verdict::NotMet),
        ("<= 480", Amount::Percentile { value: Some(480), of: 10 }, Verdict::Met),
    ] {
        assert_eq!(verdict(text, &amount), expected, "{text} {amount:?}");
    }
    assert_eq!(goal("<= 3").op.higher_is_better(), Some(false));
}

/// 0 of 0 is neither 0 % nor 100 %: never met, never not met, whatever the goal.
#[test]
fn nothing_of_nothing_is_no_share() {
    let empty = [share(0, 0), Amount::Mean { sum: 0, of: 0 }, Amount::Percentile { value: None, of: 0 }];
    for amount in &empty {
        for text in [">= 0 %", ">= 95 %", "<= 5 %", "= 0 %", "< 1 %"] {
            assert_eq!(verdict(text, amount), Verdict::NoData, "{text} {amount:?}");
        }
    }
}

/// A total of 0 is a real total (bug B5 of a system in use: a legitimate 0 could not be submitted).
#[test]
fn zero_is_a_count() {
    assert_eq!(verdict(">= 2", &Amount::Count(0)), Verdict::NotMet);
    assert_eq!(verdict("<= 0", &Amount::Count(0)), Verdict::Met);
    assert_eq!(verdict(">= 0", &Amount::Sum(0)), Verdict::Met);
}

#[test]
fn a_count_that_grows_is_not_late_before_it_is_due() {
    let open = Terms { ended: false, min_cases: None };
    for (text, amount, expected) in [
        (">= 2", Amount::Count(1), Verdict::NotYetDue),
        (">= 2", Amount::Count(2), Verdict::Met),
        ("> 2", Amount::Count(2), Verdict::NotYetDue),
        ("= 2", Amount::Count(1), Verdict::NotYetDue),
        ("= 2", Amount::Count(3), Verdict::NotMet),
        ("<= 2", Amount::Count(3), Verdict::NotMet),
        ("< 2", Amount::Count(2), Verdict::NotMet),
        (">= 100", Amount::Sum(99), Verdict::NotYetDue),
        (">= 95 %", share(1, 2), Verdict::NotMet),
    ] {
        assert_eq!(judge(&goal(text), &amount, open), expected, "{text} {amount:?}");
    }
}

#[test]
fn few_cases_are_not_judged() {
    let few = Terms { ended: true, min_cases: Some(30) };
    assert_eq!(judge(&goal(">= 95 %"), &share(29, 29), few), Verdict::NotJudged);
    assert_eq!(judge(&goal(">= 95 %"), &share(30, 30), few), Verdict::Met);
    assert_eq!(judge(&goal(">= 2"), &Amount::Count(1), few), Verdict::NotMet);
    assert_eq!(judge(&goal(">= 95 %"), &share(0, 0), few), Verdict::NoData);
}

/// Gia Lai's own definition against two others, on 1,000 dossiers to process: 600 finished (40 late), 400
/// open (5 overdue). The denominator decides the verdict; the integers say so without rounding.
#[test]
fn the_denominator_decides() {
    use crate::text::Lang;
    for (amount, shown, expected) in [
        (share(1_000 - 45, 1_000), "95,50 %", Verdict::Met),
        (share(560, 600), "93,33 %", Verdict::NotMet),
        (share(560, 605), "92,56 %", Verdict::NotMet),
    ] {
        assert_eq!(amount.show(None, Lang::Vi), shown);
        assert_eq!(verdict(">= 95 %", &amount), expected);
    }
}

/// A mean of means is another number: 1/1 and 90/100 are 91/101 together, not 95 %.
#[test]
fn all_together_is_not_a_mean_of_means() {
    assert_eq!(verdict(">= 95 %", &share(91, 101)), Verdict::NotMet);
    // The plain mean of the two shares would be (1 + 0.9) / 2 = 95 % and pass.
    assert_eq!(verdict(">= 95 %", &share(100 + 90, 200)), Verdict::Met);
}

proptest! {
    /// Against a slow, obviously right comparison of decimals: p/q vs n/d by long division digit by digit.
    #[test]
    fn agrees_with_long_division(met in 0_i64..10_000, more in 0_i64..10_000, hundredths in 0_i64..=10_000) {
        let of = met + more;
        prop_assume!(of > 0);
        let goal = goal(&format!(">= {}.{:02} %", hundredths / 100, hundredths % 100));
        // met * 10_000 / of, as whole part and remainder.
        let (whole, rest) = (met * 10_000 / of, met * 10_000 % of);
        let expected = match whole.cmp(&hundredths) {
            Ordering::Equal if rest > 0 => Ordering::Greater,
            other => other,
        };
        prop_assert_eq!(compare(&goal, &share(met, of)), Some(expected));
    }

    /// Of `>=` and `<` exactly one holds; so of `<=` and `>`.
    #[test]
    fn operators_are_opposites(sum: i64, of in 1_i64..i64::MAX, level in 0_i64..1_000_000) {
        let amount = Amount::Mean { sum: sum.into(), of };
        let met = |op: &str| verdict(&format!("{op} {level}"), &amount) == Verdict::Met;
        prop_assert_ne!(met(">="), met("<"));
        prop_assert_ne!(met("<="), met(">"));
        prop_assert_eq!(met("="), met(">=") && met("<="));
    }
}
