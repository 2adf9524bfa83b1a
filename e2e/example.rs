//! The article's cluster: every figure as computed by plain Python over the same files, which knows nothing
//! of this program (`examples/expect_ha_noi.py`), and what a person sees.

use serde_json::Value;

use crate::program::{board, giaouoc, root};

const EXAMPLE: &str = "examples/ha-noi-cum-vi-2020";

fn expected() -> Value {
    serde_json::from_str(&std::fs::read_to_string(root().join(EXAMPLE).join("expected.json")).unwrap())
        .unwrap()
}

/// Every key that the expectation states is so in the figure.
fn agrees(what: &str, expected: &Value, figure: &Value) {
    for (key, value) in expected.as_object().unwrap() {
        let found = match key.as_str() {
            "met" | "of" | "count" | "sum" => &figure["amount"][key.as_str()],
            "met_unknown" | "counted_unknown" | "seen" | "counted" => &figure["tally"][key.as_str()],
            _ => &figure[key.as_str()],
        };
        assert_eq!(found, value, "{what}: {key} in {figure:#}");
    }
}

#[test]
fn every_figure_is_as_computed_independently() {
    let board = board(&root().join(EXAMPLE));
    let expected = expected();
    let mut compared = 0;
    for (target, line) in expected["targets"].as_object().unwrap() {
        for (unit, figure) in line["units"].as_object().unwrap() {
            agrees(&format!("{target} of {unit}"), figure, board.figure(target, unit));
            compared += 1;
        }
        if let Some(all) = line.get("all") {
            agrees(&format!("{target} of all"), all, board.figure(target, "all"));
        }
        for (lens, subjects) in line.get("lenses").and_then(Value::as_object).into_iter().flatten() {
            for (subject, figure) in subjects.as_object().unwrap() {
                // The figure of all together is on the board only where the agreement judges it.
                if board.figure(target, subject).is_null() {
                    continue;
                }
                let found = board.figure(target, subject)["lenses"]
                    .as_array()
                    .and_then(|lenses| lenses.iter().find(|found| found["lens"] == **lens))
                    .unwrap_or(&Value::Null);
                let stated = figure.as_object().unwrap();
                for key in ["met", "of", "count"] {
                    if let Some(value) = stated.get(key) {
                        assert_eq!(&found["amount"][key], value, "{target}/{lens} of {subject}: {key}");
                        compared += 1;
                    }
                }
            }
        }
        if let Some(share) = line.get("share_of_units") {
            let found = &board.line(target)["units_share"];
            assert_eq!(
                (&found["met"], &found["of"]),
                (&share["met"], &share["of"]),
                "{target}: share of units"
            );
        }
    }
    assert!(compared > 60, "only {compared} figures compared");
}

#[test]
fn the_table_shows_every_awkward_side_at_80_columns() {
    let run = crate::program::giaouoc_in("vi_VN.UTF-8", 80, ["score", EXAMPLE]);
    assert_eq!(run.code, 0, "{}", run.err);
    for line in run.out.lines() {
        let width: usize = line.chars().count();
        assert!(width <= 80, "{width}: {line}");
    }
    // The year's awkward sides, in words.
    for words in
        ["94,96", "chưa đạt", "không phát sinh", "miễn", "chưa có số liệu", "Ban Dân tộc", "07/03/2020"]
    {
        assert!(run.out.contains(words), "“{words}” is not in\n{}", run.out);
    }
    insta::assert_snapshot!("score-vi-80", run.out);
}

#[test]
fn the_table_in_english_wide_and_the_other_forms() {
    let wide = crate::program::giaouoc_in("en_US.UTF-8", 160, ["score", EXAMPLE]);
    insta::assert_snapshot!("score-en-160", wide.out);
    insta::assert_snapshot!("score-csv", giaouoc(["score", EXAMPLE, "--format=csv", "--lens=all"]).out);
    insta::assert_snapshot!("score-md", giaouoc(["score", EXAMPLE, "--format=md", "--lang=vi"]).out);
    insta::assert_snapshot!(
        "score-by-half-year",
        giaouoc(["score", EXAMPLE, "--by=unit,half-year", "--format=csv"]).out
    );
}

#[test]
fn explain_says_the_rule_the_counts_and_where_lenses_flip() {
    let run = crate::program::giaouoc_in("vi_VN.UTF-8", 80, ["explain", EXAMPLE, "on-time"]);
    assert_eq!(run.code, 0, "{}", run.err);
    insta::assert_snapshot!("explain-on-time-vi", run.out);
}

#[test]
fn check_asks_and_finds_no_error() {
    let run = giaouoc(["check", EXAMPLE]);
    assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
    assert!(run.out.contains("Ethnic Minorities Board"), "{}", run.out);
    insta::assert_snapshot!("check", run.out);
}

#[test]
fn strict_answers_no_and_an_unknown_target_is_named() {
    assert_eq!(giaouoc(["score", EXAMPLE, "--strict"]).code, 1);
    let run = giaouoc(["score", EXAMPLE, "--target", "on-tme"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("on-time"), "{}", run.err);
    let run = giaouoc(["score", EXAMPLE, "--unit", "H26.VD7"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("H26.VD"), "{}", run.err);
    let run = giaouoc(["score", EXAMPLE, "--period", "2020Q5"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("2020Q5"), "{}", run.err);
}

#[test]
fn mid_year_is_provisional() {
    let run = giaouoc(["score", EXAMPLE, "--as-of", "2020-06-30"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("provisional"), "{}", run.out);
    assert!(run.out.contains("not yet due"), "{}", run.out);
}
