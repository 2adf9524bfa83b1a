//! A target over time: amendments, dated definitions, lenses.

use giaouoc_agreement::kinds;
use giaouoc_agreement::lang;
use giaouoc_agreement::period::Period;
use giaouoc_agreement::target::{Force, Target, TargetVersion, UnknownMet};

use crate::harness::{base, change, changed, parse};

/// The parts of a period: days, rule, counted, goal.
fn parts(target: &Target, code: &str) -> Vec<(String, String, String, String)> {
    let kind = kinds::find(&target.kind).unwrap();
    let period = Period::parse(code, &[]).unwrap();
    let told = |(period, version): (Period, &TargetVersion)| {
        let counted = lang::print(&version.rule.counted, kind);
        (period.code, version.rule.id.clone(), counted, version.goal.text.clone())
    };
    target.parts(&period).into_iter().map(told).collect()
}

fn own(parts: &[(String, String, String, String)]) -> Vec<[&str; 4]> {
    parts.iter().map(|(a, b, c, d)| [a.as_str(), b, c, d]).collect()
}

#[test]
fn without_changes_a_period_is_one_part() {
    let bundle = changed("");
    let target = bundle.agreement.target("dialogue").unwrap();
    let told = parts(target, "2020");
    assert_eq!(own(&told), [["2020", "dialogue", "held_on in period", ">= 2"]]);
    assert_eq!(target.versions[0].from, None);
    assert_eq!(target.versions[0].words.counted, "held_on in period");
}

#[test]
fn amendments_split_a_period_and_build_on_each_other() {
    let bundle = changed(
        r#"
@ agreement.toml
+ [[amendment]]
+ id = "pl-02"
+ signed = 2020-09-01
+ from = 2020-10-01
+ target = "dialogue"
+ force = "strive for"
+ min_cases = 3
+ reason = "…"
+ [[amendment]]
+ id = "pl-01"
+ signed = 2020-06-01
+ from = 2020-07-01
+ target = "dialogue"
+ counted = "held_on in period and form = 'online'"
+ goal = ">= 1"
+ reason = "…"
"#,
    );
    let target = bundle.agreement.target("dialogue").unwrap();
    let told = parts(target, "2020");
    assert_eq!(
        own(&told),
        [
            ["2020S1", "dialogue", "held_on in period", ">= 2"],
            ["2020Q3", "dialogue@2020-07-01", "held_on in period and form = 'online'", ">= 1"],
            ["2020Q4", "dialogue@2020-10-01", "held_on in period and form = 'online'", ">= 1"],
        ]
    );
    assert_eq!(
        own(&parts(target, "202008")),
        [["202008", "dialogue@2020-07-01", "held_on in period and form = 'online'", ">= 1"]]
    );
    assert_eq!(own(&parts(target, "2020Q1")), [["2020Q1", "dialogue", "held_on in period", ">= 2"]]);
    let versions: Vec<_> =
        target.versions.iter().map(|v| (v.amendment.as_deref(), v.force, v.min_cases)).collect();
    assert_eq!(
        versions,
        [
            (None, Force::AtLeast, None),
            (Some("pl-01"), Force::AtLeast, None),
            (Some("pl-02"), Force::StriveFor, Some(3)),
        ]
    );
    assert_eq!(target.on("2020-09-30".parse().unwrap()).unwrap().amendment.as_deref(), Some("pl-01"));
    let other = bundle.agreement.target("on-time").unwrap();
    assert_eq!(parts(other, "2020").len(), 1, "an amendment changes its own target only");
}

const DATED: &str = r#"
@ agreement.toml
- is = "outcome in ('granted', 'refused')"
+ is = "outcome in ('granted', 'refused')"
+ from = 2020-01-01
+ [[definition]]
+ id = "settled"
+ records = "dossier"
+ is = "outcome = 'granted'"
+ from = 2020-07-01
"#;

#[test]
fn a_definitions_later_version_splits_the_targets_that_name_it() {
    let bundle = changed(DATED);
    let target = bundle.agreement.target("on-time").unwrap();
    let told = parts(target, "2020");
    assert_eq!(
        own(&told),
        [
            ["2020S1", "on-time", "finished_at in period and outcome in ('granted', 'refused')", ">= 95 %"],
            ["2020S2", "on-time@2020-07-01", "finished_at in period and outcome = 'granted'", ">= 95 %"],
        ]
    );
    // Nobody said what settled meant in 2019: no part, rather than a guess.
    assert_eq!(own(&parts(target, "2019")), [[""; 4]; 0]);
    assert_eq!(parts(target, "2019-12-15..2020-12-14")[0].0, "2020S1");
    assert_eq!(bundle.agreement.definitions.len(), 2);
}

#[test]
fn a_definition_that_is_not_named_splits_nothing() {
    let mut change_of = DATED.to_owned();
    change_of.push_str(
        r#"- counted = "finished_at in period and settled"
+ counted = "finished_at in period"
"#,
    );
    let bundle = changed(&change_of);
    let target = bundle.agreement.target("on-time").unwrap();
    assert_eq!(parts(target, "2020").len(), 1);
    assert_eq!(target.versions[0].from, None);
}

#[test]
fn a_definition_named_through_another_splits_too() {
    let mut change_of = DATED.to_owned();
    change_of.push_str(
        r#"- counted = "finished_at in period and settled"
+ counted = "done"
.
+ [[definition]]
+ id = "done"
+ records = "dossier"
+ is = "finished_at in period and settled"
+ from = 2020-01-01
"#,
    );
    let bundle = changed(&change_of);
    let told = parts(bundle.agreement.target("on-time").unwrap(), "2020");
    assert_eq!(
        told.iter().map(|part| part.2.as_str()).collect::<Vec<_>>(),
        [
            "finished_at in period and outcome in ('granted', 'refused')",
            "finished_at in period and outcome = 'granted'",
        ]
    );
}

#[test]
fn a_target_that_starts_later_has_no_earlier_part() {
    let bundle = changed(
        r#"
@ agreement.toml
- units_goal = ">= 100 %"
+ units_goal = ">= 100 %"
+ from = 2020-03-01
"#,
    );
    let target = bundle.agreement.target("dialogue").unwrap();
    assert_eq!(parts(target, "2020")[0].0, "2020-03-01..2020-12-31");
    assert_eq!(parts(target, "202002"), []);
    assert_eq!(parts(target, "2020").len(), 1);
}

#[test]
fn a_lens_takes_over_what_it_does_not_say_as_amended() {
    let bundle = changed(
        r#"
@ agreement.toml
- goal = ">= 95 %"
+ goal = ">= 95 %"
+ unknown = "exclude"
+   [[target.lens]]
+   id = "due"
+   name = "Hạn hiện hành"
+   met = "day(finished_at) <= day(due_at)"
+   [[target.lens]]
+   id = "strict"
+   name = "Chặt hơn"
+   goal = ">= 99.5 %"
+   unknown = "not met"
.
+ [[amendment]]
+ id = "pl-01"
+ signed = 2020-06-01
+ from = 2020-07-01
+ target = "on-time"
+ counted = "finished_at in period"
+ goal = ">= 90 %"
+ reason = "…"
"#,
    );
    let kind = kinds::find("dossier").unwrap();
    let target = bundle.agreement.target("on-time").unwrap();
    let lenses: Vec<_> = target
        .versions
        .iter()
        .flat_map(|version| &version.lenses)
        .map(|lens| {
            let counted = lang::print(&lens.rule.counted, kind);
            (lens.rule.id.clone(), counted, lens.goal.text.clone(), lens.rule.unknown)
        })
        .collect();
    let told: Vec<_> = lenses.iter().map(|(a, b, c, d)| (a.as_str(), b.as_str(), c.as_str(), *d)).collect();
    let whole = "finished_at in period and outcome in ('granted', 'refused')";
    assert_eq!(
        told,
        [
            ("on-time/due", whole, ">= 95 %", UnknownMet::Exclude),
            ("on-time/strict", whole, ">= 99.5 %", UnknownMet::NotMet),
            ("on-time/due@2020-07-01", "finished_at in period", ">= 90 %", UnknownMet::Exclude),
            ("on-time/strict@2020-07-01", "finished_at in period", ">= 99.5 %", UnknownMet::NotMet),
        ]
    );
}

#[test]
fn an_example_of_amended_words_names_their_period() {
    let amended = r#"
@ agreement.toml
-   records = [{ held_on = "2020-03-05" }]
-   expect = "1"
+   records = [{ held_on = "2020-03-05" }]
+   expect = "1"
+   [[target.example]]
+   records = [{ held_on = "2020-08-05" }, { held_on = "2020-08-06", form = "online" }]
+   expect = "1"
+   period = "2020S2"
.
+ [[amendment]]
+ id = "pl-01"
+ signed = 2020-06-01
+ from = 2020-07-01
+ target = "dialogue"
+ counted = "held_on in period and form = 'online'"
+ reason = "…"
"#;
    let bundle = changed(amended);
    assert_eq!(bundle.agreement.target("dialogue").unwrap().examples.len(), 2);
    let mut files = base();
    change(&mut files, &amended.replace("+   expect = \"1\"\n+   period", "+   expect = \"2\"\n+   period"));
    let (bundle, problems) = parse(&files);
    assert!(bundle.is_none());
    assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["failing-example"]);
}

/// An amendment of the goal in July leaves an example of September what it is: part of the target's year.
#[test]
fn an_example_without_a_period_has_the_targets_whole_period() {
    let amended = r#"
@ agreement.toml
-   records = [{ held_on = "2020-03-05" }]
-   expect = "1"
+   records = [{ held_on = "2020-03-05" }, { held_on = "2020-09-05" }, { held_on = "2021-01-01" }]
+   expect = "2"
.
+ [[amendment]]
+ id = "pl-01"
+ signed = 2020-06-01
+ from = 2020-07-01
+ target = "dialogue"
+ goal = ">= 1"
+ reason = "…"
"#;
    assert_eq!(changed(amended).agreement.target("dialogue").unwrap().versions.len(), 2);
    // A target that starts later does not count the days before it, with or without an example.
    let mut files = base();
    change(
        &mut files,
        &format!(
            "{amended}@ agreement.toml\n- id = \"dialogue\"\n+ id = \"dialogue\"\n+ from = 2020-04-01\n"
        ),
    );
    let (_, problems) = parse(&files);
    assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["failing-example"]);
    // The other words' days stay theirs where the example names them.
    let mut files = base();
    change(&mut files, &amended.replace("+   expect = \"2\"", "+   expect = \"2\"\n+   period = \"2020\""));
    let (_, problems) = parse(&files);
    assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["failing-example"]);
}

#[test]
fn totals_are_sums_over_signed_or_over_published_rows() {
    let bundle = changed(
        r#"
@ agreement.toml
- goal = ">= 95 %"
+ goal = ">= 95 %"
+   [target.totals]
+   records = "totals"
+   counted = "settled_total"
+   met = "settled_early + settled_on_time"
"#,
    );
    let kind = kinds::find("totals").unwrap();
    let totals = bundle.agreement.target("on-time").unwrap().totals.as_ref().unwrap();
    let rows = |rule: &giaouoc_agreement::target::Rule| lang::print(&rule.counted, kind);
    assert_eq!(rows(&totals.signed.counted), "from = period.start and to = period.end and source = 'signed'");
    assert_eq!(
        rows(totals.published.met.as_ref().unwrap()),
        "from = period.start and to = period.end and source = 'published'"
    );
}
