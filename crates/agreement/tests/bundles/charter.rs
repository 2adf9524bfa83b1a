//! What stands beside clauses and targets: read strictly, and part of what is signed.

use giaouoc_agreement::agreement_file::charter::{Scored, Way, Without};
use giaouoc_agreement::problem::Severity;

use crate::harness::{base, changed, parse};

/// A clause number and a target id that the base has.
fn names() -> (String, String) {
    let bundle = parse(&base()).0.unwrap();
    let agreement = &bundle.agreement;
    (agreement.clauses[0].number.clone(), agreement.targets[0].id.clone())
}

#[test]
fn a_score_table_names_what_there_is_each_once() {
    let (clause, target) = names();
    let line = |what: &str| format!("[[score.line]]\n{what}\n");
    let cases = [
        (line(&format!("target = \"{target}\"\npoints = 20")), None),
        (line(&format!("clause = \"{clause}\"\npoints = \"7.5\"")), None),
        (line("target = \"nowhere\"\npoints = 20"), Some("unknown-target")),
        (line("clause = \"99.9\"\npoints = 20"), Some("unknown-clause")),
        (line(&format!("target = \"{target}\"\nclause = \"{clause}\"\npoints = 1")), Some("score-line")),
        (line("points = 1"), Some("score-line")),
        (line(&format!("clause = \"{clause}\"\npoints = 1\nway = \"all or nothing\"")), Some("score-line")),
        (line(&format!("target = \"{target}\"\npoints = 0")), Some("bad-points")),
        (line(&format!("target = \"{target}\"\npoints = \"7,5\"")), Some("bad-points")),
        (line(&format!("target = \"{target}\"\npoints = 1\nway = \"somehow\"")), Some("unknown-choice")),
        (line(&format!("target = \"{target}\"")), Some("missing-key")),
        (line(&format!("target = \"{target}\"\npoints = 1")).repeat(2), Some("duplicate")),
        ("[score]\nno_data = \"half\"\n".to_owned(), Some("unknown-choice")),
        ("[score]\nnodata = \"none\"\n".to_owned(), Some("unknown-key")),
        ("[[regulation]]\nnumber = \"1\"\ntext = \"a\"\n".repeat(2), Some("duplicate")),
        ("[[event]]\nname = \"x\"\non = \"2020-10-10\"\n".to_owned(), Some("wrong-type")),
        (
            format!("[[paragraph]]\nunit = \"nobody\"\nclause = \"{clause}\"\ntext = \"x\"\n"),
            Some("unknown-unit"),
        ),
    ];
    for (text, code) in cases {
        let mut files = base();
        files.get_mut("agreement.toml").unwrap().push_str(&format!("\n{text}"));
        let (bundle, problems) = parse(&files);
        let errors: Vec<&str> = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| problem.code)
            .collect();
        assert_eq!(errors.first().copied(), code, "{text}\n{problems:?}");
        assert_eq!(bundle.is_some(), code.is_none(), "{text}");
    }
}

#[test]
fn what_is_left_unsaid_has_its_default() {
    let (clause, target) = names();
    let bundle = changed(&format!(
        "@ agreement.toml\n+ [score]\n+ [[score.line]]\n+ target = \"{target}\"\n+ points = 20\n+ [[score.line]]\n+ clause = \"{clause}\"\n+ points = \"0.25\"\n"
    ));
    let score = bundle.agreement.charter.score.as_ref().unwrap();
    assert_eq!(
        (score.no_data, score.no_cases, score.exempt),
        (Without::None, Without::LeftOut, Without::LeftOut)
    );
    assert_eq!((score.lines[0].way, score.lines[0].points), (Way::AllOrNothing, 2000));
    assert_eq!((score.lines[1].way, score.lines[1].points), (Way::Appraised, 25));
    assert_eq!(score.lines[1].about, Scored::Clause(clause));
    // An agreement without any of it has the empty charter, and the digest that it always had.
    assert_eq!(parse(&base()).0.unwrap().agreement.charter, Default::default());
}
