use proptest::prelude::*;

use super::*;
use crate::lang::{Node, Type, Typed};

fn goal(text: &str) -> Goal {
    Goal::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn any() -> Typed {
    Typed { node: Node::Flag(true), ty: Type::Flag, span: 0..0 }
}

#[test]
fn goals_are_read_exactly() {
    for (text, op, num, den, percent, each, written) in [
        (">= 95 %", GoalOp::AtLeast, 95, 100, true, None, ">= 95 %"),
        (">=95%", GoalOp::AtLeast, 95, 100, true, None, ">= 95 %"),
        ("≥ 95 %", GoalOp::AtLeast, 95, 100, true, None, ">= 95 %"),
        ("≤3.5", GoalOp::AtMost, 35, 10, false, None, "<= 3.5"),
        ("  =  100  % ", GoalOp::Equal, 100, 100, true, None, "= 100 %"),
        ("> 0", GoalOp::MoreThan, 0, 1, false, None, "> 0"),
        ("< 0.25 %", GoalOp::LessThan, 25, 10_000, true, None, "< 0.25 %"),
        (">= 99.999 %", GoalOp::AtLeast, 99_999, 100_000, true, None, ">= 99.999 %"),
        (">= 1 each half-year", GoalOp::AtLeast, 1, 1, false, Some(Part::HalfYear), ">= 1 each half-year"),
        (
            ">= 95 %  each  quarter",
            GoalOp::AtLeast,
            95,
            100,
            true,
            Some(Part::Quarter),
            ">= 95 % each quarter",
        ),
        ("<= 2 each month", GoalOp::AtMost, 2, 1, false, Some(Part::Month), "<= 2 each month"),
    ] {
        let found = goal(text);
        assert_eq!(found, Goal { op, num, den, percent, each, text: written.into() }, "{text}");
        assert_eq!(goal(&found.text), found, "{text}");
    }
}

#[test]
fn what_is_not_a_goal_is_refused_at_its_place() {
    for (text, code, place) in [
        ("", "goal-operator", ""),
        ("95 %", "goal-operator", ""),
        ("at least 95 %", "goal-operator", "at"),
        ("=> 95 %", "goal-operator", "=>"),
        ("=< 3", "goal-operator", "=<"),
        ("== 3", "goal-number", "="),
        (">= ", "goal-number", ""),
        (">= 95,5 %", "goal-number", "95,5"),
        (">= -1", "goal-number", "-1"),
        (">= .5", "goal-number", ".5"),
        (">= 5.", "goal-number", "5."),
        (">= 1.2.3", "goal-number", "1.2.3"),
        (">= 1e3", "goal-number", "1e3"),
        (">= 95 phần trăm", "goal-part", "phần trăm"),
        (">= ９５ %", "goal-number", "９５"),
        (">= 1.000", "goal-thousands", "1.000"),
        (">= 9999999999999", "goal-number", "9999999999999"),
        (">= 0.1234567", "goal-number", "0.1234567"),
        (">= 1 each", "goal-part", "each"),
        (">= 1 each week", "goal-part", "each week"),
        (">= 1 each half year", "goal-part", "each half year"),
        (">= 1 % %", "goal-part", "%"),
    ] {
        let error = Goal::parse(text).expect_err(text);
        assert_eq!((error.code, &text[error.span.clone()]), (code, place), "{text}: {error}");
        assert!(!error.said.message.vi.is_empty() && !error.said.help.en.is_empty());
    }
    assert!(Goal::parse(">= 95,5 %").unwrap_err().said.help.vi.contains("95.5"));
    for (text, message) in [
        (">= -1", "A goal cannot be negative."),
        (">= -1.5", "A goal cannot be negative."),
        (">= -", "After the operator comes a number."),
        (">= -x", "After the operator comes a number."),
    ] {
        assert_eq!(Goal::parse(text).unwrap_err().said.message.en, message, "{text}");
    }
}

#[test]
fn a_goal_must_suit_its_measure() {
    let share = Measure::Share { met: any() };
    let mean = Measure::Mean { value: any() };
    let sum = Measure::Sum { value: any() };
    for (text, measure, code) in [
        (">= 95 %", &share, None),
        ("> 100 %", &share, Some("goal-beyond-100")),
        (">= 100 %", &share, None),
        (">= 100.5 %", &share, Some("goal-beyond-100")),
        (">= 0.95", &share, Some("goal-without-percent")),
        (">= 95 %", &Measure::Count, Some("goal-percent")),
        (">= 2", &Measure::Count, None),
        ("= 2.5", &Measure::Count, Some("goal-never-equal")),
        ("= 2.0", &Measure::Count, None),
        ("= 2.5", &mean, None),
        (">= 2.5", &sum, None),
    ] {
        assert_eq!(goal(text).suits(measure).err().map(|error| error.code), code, "{text}");
    }
}

#[test]
fn goals_in_words() {
    for (text, force, vi, en) in [
        (">= 95 %", Force::AtLeast, "tối thiểu 95 %", "at least 95 %"),
        (">= 99.5 %", Force::AtLeast, "tối thiểu 99,5 %", "at least 99.5 %"),
        (">= 100 %", Force::AtLeast, "100 %", "100 %"),
        (">= 100 %", Force::StriveFor, "phấn đấu 100 %", "strive for 100 %"),
        (">= 1", Force::StriveFor, "phấn đấu 1 trở lên", "strive for 1 or more"),
        (">= 95 %", Force::StriveFor, "phấn đấu 95 %", "strive for 95 %"),
        ("<= 3", Force::AtLeast, "không quá 3", "at most 3"),
        ("<= 3", Force::StriveFor, "phấn đấu không quá 3", "strive for at most 3"),
        ("> 0", Force::AtLeast, "trên 0", "more than 0"),
        ("< 1.5", Force::AtLeast, "dưới 1,5", "less than 1.5"),
        ("= 12", Force::AtLeast, "đúng bằng 12", "exactly 12"),
        (">= 12500", Force::AtLeast, "tối thiểu 12.500", "at least 12,500"),
        (">= 1 each half-year", Force::AtLeast, "tối thiểu 1 mỗi 6 tháng", "at least 1 in each half-year"),
        (
            ">= 95 % each quarter",
            Force::StriveFor,
            "phấn đấu 95 % mỗi quý",
            "strive for 95 % in each quarter",
        ),
    ] {
        assert_eq!(goal(text).words(force), Text::new(vi, en), "{text}");
    }
}

/// As a heading has it: short, with the signs that people write.
#[test]
fn goals_in_signs() {
    for (text, vi, en) in [
        (">=95%", "≥ 95 %", "≥ 95 %"),
        ("<= 3.5", "≤ 3.5", "≤ 3.5"),
        ("> 0", "> 0", "> 0"),
        ("< 5 %", "< 5 %", "< 5 %"),
        ("= 12", "= 12", "= 12"),
        ("<= 2 each month", "≤ 2 mỗi tháng", "≤ 2 each month"),
        (">= 95 % each quarter", "≥ 95 % mỗi quý", "≥ 95 % each quarter"),
        (">= 1 each half-year", "≥ 1 mỗi nửa năm", "≥ 1 each half-year"),
    ] {
        let goal = goal(text);
        assert_eq!((goal.signs(Lang::Vi).as_str(), goal.signs(Lang::En).as_str()), (vi, en), "{text}");
    }
}

/// Where an error is passed on as a text, both languages and the help are in it.
#[test]
fn an_error_says_what_is_wrong_and_what_to_write() {
    assert_eq!(
        Goal::parse(">= 1.000").unwrap_err().to_string(),
        "Số này đọc được hai cách: dấu chấm hàng nghìn hay dấu thập phân. \
         Ghi 1000 cho một nghìn, hoặc 1.0 cho một. / \
         This number reads two ways: a thousands point or a decimal point. \
         Write 1000 for a thousand, or 1.0 for one."
    );
}

proptest! {
    #[test]
    fn no_text_panics(text in "[<>=≥≤0-9., %a-zđ-]{0,16}") {
        if let Err(error) = Goal::parse(&text) {
            prop_assert!(text.get(error.span).is_some());
        }
    }

    #[test]
    fn what_is_written_is_what_is_meant(whole in 0_i64..1_000_000, fraction in 0_i64..100, percent: bool) {
        let text = format!(">= {whole}.{fraction:02}{}", if percent { "%" } else { "" });
        let found = Goal::parse(&text).unwrap();
        prop_assert_eq!(found.num, whole * 100 + fraction);
        prop_assert_eq!(found.den, if percent { 10_000 } else { 100 });
        prop_assert_eq!(&Goal::parse(&found.text).unwrap(), &found);
    }
}
