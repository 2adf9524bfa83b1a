//! What is said about broken bundles. The snapshots hold every message in both languages.

use std::fmt::Write as _;

use giaouoc_agreement::problem::Severity;

use crate::harness::{base, cases, change, parse, said};

/// All cases of a file, each with what is said about it.
fn all(text: &str) -> String {
    let mut out = String::new();
    for (name, case) in cases(text) {
        let mut files = base();
        change(&mut files, case);
        let (bundle, problems) = parse(&files);
        let has_error = problems.iter().any(|problem| problem.severity == Severity::Error);
        assert_eq!(bundle.is_none(), has_error, "{name}: a bundle is given unless there is an error");
        assert!(!problems.is_empty(), "{name}: nothing is said");
        for problem in &problems {
            let len = files.get(&problem.file).map_or(0, String::len);
            assert!(problem.span.start <= problem.span.end && problem.span.end <= len, "{name}: {problem:?}");
            assert!(!problem.message.vi.is_empty() && !problem.message.en.is_empty(), "{name}: {problem:?}");
        }
        write!(out, "## {name}\n{}\n", said(&problems, &files)).unwrap();
    }
    out
}

#[test]
fn the_base_has_no_problem_and_no_question() {
    let files = base();
    let (bundle, problems) = parse(&files);
    assert_eq!(problems, [], "{}", said(&problems, &files));
    assert!(bundle.is_some());
}

#[test]
fn toml() {
    insta::assert_snapshot!(all(include_str!("cases/toml.txt")));
}

#[test]
fn cluster() {
    insta::assert_snapshot!(all(include_str!("cases/cluster.txt")));
}

#[test]
fn agreement() {
    insta::assert_snapshot!(all(include_str!("cases/agreement.txt")));
}

#[test]
fn rest() {
    insta::assert_snapshot!(all(include_str!("cases/rest.txt")));
}

/// Of all units together totals are added to records, so only what is a sum may have them: different values may
/// be the same ones in two units.
#[test]
fn what_does_not_add_up_is_not_read_off_totals() {
    for (measure, adds_up) in [
        ("measure = \"count\"", true),
        ("measure = \"sum\"\nvalue = \"attendees\"", true),
        ("measure = \"mean\"\nvalue = \"attendees\"", false),
        ("measure = \"percentile\"\npercentile = 90\nvalue = \"attendees\"", false),
        ("measure = \"distinct\"\nvalue = \"place\"", false),
    ] {
        let mut files = base();
        let agreement = files.get_mut("agreement.toml").unwrap();
        agreement.push_str("  [target.totals]\n  records = \"totals\"\n  counted = \"settled_total\"\n");
        *agreement = agreement
            .replace("measure = \"count\"", measure)
            .replace("records = [{ held_on", "records = [{ place = \"A\", attendees = 1, held_on");
        let (_, problems) = parse(&files);
        let said: Vec<&str> = problems.iter().map(|problem| problem.message.en.as_str()).collect();
        let name = measure.split('"').nth(1).unwrap();
        let refused = format!("The measure \"{name}\" cannot be read off totals.");
        assert_eq!(said.contains(&refused.as_str()), !adds_up, "{measure}: {said:?}");
        assert_eq!(said.is_empty(), adds_up, "{measure}: {said:?}");
    }
}
