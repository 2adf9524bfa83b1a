//! Drafts as whole bundles: what the library, the template and the next year come to is read by the agreement's own reader.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;

use giaouoc_agreement::bundle::Bundle;
use giaouoc_agreement::kinds;
use giaouoc_agreement::problem::Severity;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_year::paper::Paper;
use giaouoc_year::{drafting, library, next_year, start};

const CLUSTER: &str = include_str!("../../../examples/ha-noi-cum-vi-2020/cluster.toml");
const AGREEMENT: &str = include_str!("../../../examples/ha-noi-cum-vi-2020/agreement.toml");

/// Reads an agreement beside the example's cluster of 2021; gives it as people read it, and every error.
fn read(agreement: &str) -> (Option<Paper>, Vec<String>) {
    let cluster = next_year::cluster(CLUSTER, 2020, 2021).unwrap();
    let texts: BTreeMap<String, Vec<u8>> = [
        ("cluster.toml", cluster.as_str()),
        ("agreement.toml", agreement),
        ("calendar.toml", "calendar = \"vn-public\"\n"),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
    .collect();
    let (bundle, problems) = Bundle::parse(&texts, &[], kinds::builtin());
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let errors = errors.map(|problem| problem.plain(Some(agreement), Lang::En)).collect();
    (bundle.as_ref().map(Paper::of), errors)
}

#[test]
fn the_next_year_of_the_example_is_read_and_its_examples_come_out() {
    let next = next_year::agreement(AGREEMENT, 2020, 2021).unwrap();
    let (paper, errors) = read(&next);
    assert_eq!(errors, [""; 0], "{next}");
    let paper = paper.unwrap();
    assert_eq!((paper.year, paper.targets.len(), paper.units.len()), (2021, 7, 6));
    assert_eq!(paper.id, "cum-vi-2021");
    assert!(paper.head.is_some_and(|head| head.code == "H26.VD9"));
    assert!(next.contains("# ---- T1") && next.contains("# Không ghi hạn trả"), "remarks of people stay");
}

#[test]
fn the_article_is_a_template_for_any_cluster() {
    let cluster = Text::new("Cụm bảy", "Cluster seven");
    let (paper, errors) = read(&start::article("cum-bay-2021", &cluster, 2021).unwrap());
    assert_eq!(errors, [""; 0]);
    let paper = paper.unwrap();
    assert_eq!(paper.title.vi, "Giao ước thi đua năm 2021, Cụm bảy");
    assert!(paper.exemptions.is_empty() && paper.theme.is_none());
    // An empty page says what is missing, and one clause makes it an agreement.
    let empty = start::empty("cum-bay-2021", &cluster, 2021);
    let (none, errors) = read(&empty);
    assert!(none.is_none() && errors.len() == 1 && errors[0].contains("clause"), "{errors:?}");
    let form = drafting::ClauseForm {
        number: "1".into(),
        text: drafting::Words::new("Đoàn kết", "Solidarity"),
        report: true,
    };
    let (paper, errors) = read(&drafting::set_clause(&empty, None, &form).unwrap());
    assert_eq!(errors, [""; 0]);
    assert_eq!(paper.unwrap().clauses.len(), 1);
}

#[test]
fn every_measure_of_the_library_is_a_target_whose_examples_come_out() {
    let cluster = Text::same("Cụm");
    let form =
        drafting::ClauseForm {
            number: "1".into(), text: drafting::Words::new("Thi đua", ""), report: false
        };
    let text = drafting::set_clause(&start::empty("c-2021", &cluster, 2021), None, &form).unwrap();
    let mut all = text.clone();
    for measure in library::all() {
        let written = measure.written(&measure.begin("1")).unwrap();
        let one = drafting::add_target(&text, &measure.id, &written).unwrap();
        let (paper, errors) = read(&one);
        assert_eq!(errors, [""; 0], "{}: {one}", measure.id);
        assert_eq!(
            paper.unwrap().targets[0].examples,
            i64::try_from(written.matches("[[target.example]]").count()).unwrap()
        );
        // Other choices of its blanks are read too.
        for blank in &measure.blank {
            for choice in &blank.choice {
                let mut filled = measure.begin("1");
                filled.blanks.insert(blank.id.clone(), choice.value.clone());
                let other =
                    drafting::add_target(&text, &measure.id, &measure.written(&filled).unwrap()).unwrap();
                assert_eq!(read(&other).1, [""; 0], "{}: {}", measure.id, choice.value);
            }
        }
        all = drafting::add_target(&all, &measure.id, &written).unwrap();
    }
    let (paper, errors) = read(&all);
    assert_eq!(errors, [""; 0]);
    assert_eq!(paper.unwrap().targets.len(), library::all().len());
}

#[test]
fn an_amendment_by_form_is_read_and_splits_the_year() {
    let next = next_year::agreement(AGREEMENT, 2020, 2021).unwrap();
    let form = drafting::AmendmentForm {
        id: "pl-01".into(),
        target: "on-time".into(),
        signed: "2021-07-10".into(),
        from: "2021-07-01".into(),
        reason: drafting::Words::new("Theo chỉ đạo mới", "New direction"),
        goal: ">= 97 %".into(),
        strive: None,
    };
    let (paper, errors) = read(&drafting::add_amendment(&next, &form).unwrap());
    assert_eq!(errors, [""; 0]);
    let paper = paper.unwrap();
    let line = paper.target("on-time").unwrap();
    assert_eq!((line.later.len(), line.later[0].0.as_str()), (1, "2021-07-01"));
    assert!(line.later[0].1.vi.contains("97"), "{:?}", line.later);
    assert_eq!(paper.amendments.len(), 1);
}
