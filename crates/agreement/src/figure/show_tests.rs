use proptest::prelude::*;

use super::*;
use crate::figure::Verdict;
use crate::judge::{Terms, judge};

fn share(met: i64, of: i64) -> Amount {
    Amount::Share { met, of }
}

fn goal(text: &str) -> Goal {
    Goal::parse(text).unwrap()
}

#[test]
fn figures_as_people_read_them() {
    for (amount, vi, en) in [
        (share(19, 20), "95 %", "95 %"),
        (share(1, 3), "33,33 %", "33.33 %"),
        (share(2, 3), "66,67 %", "66.67 %"),
        (share(1, 800), "0,13 %", "0.13 %"), // 0.125 %: half up
        (share(0, 7), "0 %", "0 %"),
        (share(7, 7), "100 %", "100 %"),
        (share(0, 0), "–", "–"),
        (Amount::Count(1_234_567), "1.234.567", "1,234,567"),
        (Amount::Count(0), "0", "0"),
        (Amount::Count(-1_234), "-1.234", "-1,234"),
        (Amount::Sum(i128::from(i64::MAX) + 1), "9.223.372.036.854.775.808", "9,223,372,036,854,775,808"),
        (Amount::Mean { sum: 7, of: 2 }, "3,50", "3.50"),
        (Amount::Mean { sum: -1, of: 800 }, "0,00", "0.00"),
        (Amount::Mean { sum: -5, of: 2 }, "-2,50", "-2.50"),
        (Amount::Mean { sum: 0, of: 0 }, "–", "–"),
        (Amount::Percentile { value: Some(480), of: 9 }, "480", "480"),
        (Amount::Percentile { value: None, of: 0 }, "–", "–"),
        (share(999_999, 1_000_000), "100,00 %", "100.00 %"),
    ] {
        assert_eq!(amount.words(None), Text::new(vi, en), "{amount:?}");
    }
    assert_eq!(share(1_234, 1_300).integers(Lang::Vi), "1.234/1.300");
    assert_eq!(Amount::Mean { sum: 7, of: 2 }.integers(Lang::En), "7/2");
}

#[test]
fn a_figure_that_misses_is_never_shown_as_reaching() {
    for (amount, text, vi) in [
        (share(94_996, 100_000), ">= 95 %", "94,996 %"),
        (share(949_999, 1_000_000), ">= 95 %", "94,9999 %"),
        (share(94_994, 100_000), ">= 95 %", "94,99 %"),
        (share(95, 100), ">= 95 %", "95 %"),
        (share(95_004, 100_000), "> 95 %", "95,004 %"),
        (share(3_004, 100_000), "<= 3 %", "3,004 %"),
        (share(2_996, 100_000), "< 3 %", "2,996 %"),
        (share(999_999, 1_000_000), ">= 100 %", "99,9999 %"),
        (share(94_996, 100_000), ">= 94.996 %", "95,00 %"),
        (share(94_996, 100_000), "<= 94.996 %", "94,996 %"),
        (share(95_001, 100_000), "= 95 %", "95,001 %"),
        (Amount::Mean { sum: 3_501, of: 1_000 }, "<= 3.5", "3,501"),
        (share(0, 0), ">= 95 %", "–"),
    ] {
        assert_eq!(amount.show(Some(&goal(text)), Lang::Vi), vi, "{amount:?} {text}");
    }
}

/// Reads a shown number back as an exact fraction of a power of ten.
fn read_back(shown: &str) -> (i128, u32) {
    let shown = shown.trim_end_matches(" %").replace(',', "");
    let (whole, fraction) = shown.split_once('.').unwrap_or((&shown, ""));
    (format!("{whole}{fraction}").parse().unwrap(), fraction.len() as u32)
}

proptest! {
    /// What a reader would conclude from the page is what was judged.
    #[test]
    fn the_page_agrees_with_the_verdict(
        of in 1_i64..3_000_000,
        missed in 0_i64..200_000,
        level in 9_000_i64..=10_000,
        op in 0_usize..5,
    ) {
        let amount = share((of - missed).max(0), of);
        let op = [">=", ">", "<=", "<", "="][op];
        let goal = goal(&format!("{op} {}.{:02} %", level / 100, level % 100));
        let (digits, places) = read_back(&amount.show(Some(&goal), Lang::En));
        let standing = (digits * 100).cmp(&(i128::from(level) * 10_i128.pow(places)));
        let verdict = judge(&goal, &amount, Terms::default());
        prop_assert_eq!(reached(goal.op, standing), verdict == Verdict::Met);
    }

    /// Shown alone, a share is within half of a hundredth of a per cent.
    #[test]
    fn rounding_is_half_up(of in 1_i64..i64::MAX - 1, any in 0_i64..i64::MAX) {
        let met = any % (of + 1);
        let (digits, places) = read_back(&share(met, of).show(None, Lang::En));
        prop_assert_eq!(places, 2);
        // digits/10000 - met/of in [-1/20000, 1/20000]
        let twice = 2 * (digits * i128::from(of) - i128::from(met) * 10_000);
        prop_assert!(twice > -i128::from(of) && twice <= i128::from(of));
    }
}
