//! Goals and periods: what is read prints as something that reads the same.
#![no_main]

use giaouoc_agreement::period::Period;
use giaouoc_agreement::target::Goal;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(goal) = Goal::parse(text) {
        let again = Goal::parse(&goal.text).expect("a goal's text reads");
        assert_eq!((again.op, again.num, again.den), (goal.op, goal.num, goal.den));
    }
    if let Ok(period) = Period::parse(text, &[]) {
        assert!(period.first <= period.last);
    }
});
