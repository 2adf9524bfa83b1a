//! What is asked of whole bundles.

use std::fmt::Write as _;

use giaouoc_agreement::check;
use giaouoc_agreement::problem::Severity;

use crate::harness::{base, cases, change, parse, said};

#[test]
fn questions_are_asked_in_both_languages_and_stop_nothing() {
    let mut out = String::new();
    for (name, case) in cases(include_str!("cases/questions.txt")) {
        let mut files = base();
        change(&mut files, case);
        let (bundle, problems) = parse(&files);
        let bundle = bundle.unwrap_or_else(|| panic!("{name}: {}", said(&problems, &files)));
        let asked = check::questions(&bundle);
        assert!(asked.iter().all(|question| problems.contains(question)), "{name}: reading tells them too");
        assert!(!asked.is_empty(), "{name}");
        assert!(asked.iter().all(|question| question.severity != Severity::Error), "{name}");
        write!(out, "## {name}\n{}\n", said(&asked, &files)).unwrap();
    }
    insta::assert_snapshot!(out);
}
