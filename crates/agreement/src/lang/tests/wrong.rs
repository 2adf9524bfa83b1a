//! Wrong conditions and what is said about them: one table, read by people before it is accepted.

use std::fmt::Write as _;

use super::sample::{definitions, kind, read};
use crate::lang::{
    Definitions, LangError, MAX_BYTES, MAX_NODES, Setting, Wanted, condition, definition, value,
};

const WRONG: &str = include_str!("wrong.txt");

fn show(out: &mut String, text: &str, errors: &[LangError]) {
    let _ = writeln!(out, "{text}");
    for error in errors {
        let before = text.get(..error.span.start).unwrap_or_default().chars().count();
        let under = text.get(error.span.clone()).unwrap_or_default().chars().count().max(1);
        let _ = writeln!(out, "{}{} {}", " ".repeat(before), "^".repeat(under), error.code);
        let _ = writeln!(out, "    vi {}", error.message.vi);
        let _ = writeln!(out, "    en {}", error.message.en);
        if let Some(help) = &error.help {
            let _ = writeln!(out, "     → {}\n     → {}", help.vi, help.en);
        }
    }
    out.push('\n');
}

#[test]
fn what_is_said_about_wrong_conditions() {
    let mut out = String::new();
    let mut count = 0;
    for line in WRONG.lines().filter(|line| !line.is_empty() && !line.starts_with("##")) {
        match read(line, Wanted::Flag) {
            Ok(tree) => panic!("accepted: {line}: {tree:?}"),
            Err(errors) => show(&mut out, line, &errors),
        }
        count += 1;
    }
    insta::assert_snapshot!(out);
    assert!(count > 100, "{count} conditions");
}

#[test]
fn values_have_to_be_of_the_measure() {
    let mut out = String::new();
    let wrong = [
        ("online", Wanted::Integer),
        ("finished_at - received_at", Wanted::Integer),
        ("outcome", Wanted::Integer),
        ("pauses", Wanted::Integer),
        ("code", Wanted::Integer),
        ("pauses", Wanted::Distinct),
        ("finished_at - received_at", Wanted::Distinct),
        ("coalesce(code, note)", Wanted::Distinct),
    ];
    for (text, wanted) in wrong {
        show(&mut out, text, &read(text, wanted).unwrap_err());
    }
    insta::assert_snapshot!(out);
}

#[test]
fn a_zone_only_calendar_refuses_working_days() {
    let setting = Setting { kind: &kind(), definitions: &definitions(), working_days: false };
    let mut out = String::new();
    let text = "work_days(held_on, planned_on) <= 5 and is_working_day(held_on)";
    show(&mut out, text, &condition(text, &setting).unwrap_err());
    insta::assert_snapshot!(out);
    let allowed =
        "day(finished_at) <= add_months(held_on, 1) and count(pauses) = 0 and coalesce(online, true)";
    assert!(condition(allowed, &setting).is_ok());
}

#[test]
fn names_of_definitions() {
    let kind = kind();
    let mut out = String::new();
    for name in ["on-time", "Settled", "1st", "", "đúng_hạn", "period", "days", "work_days", "outcome"] {
        let error = Definitions::wrong_name(name, &kind).unwrap_or_else(|| panic!("{name} was allowed"));
        show(&mut out, name, &[error]);
    }
    insta::assert_snapshot!(out);
    for name in ["settled", "a", "on_time_2020"] {
        assert_eq!(Definitions::wrong_name(name, &kind), None);
    }
}

#[test]
fn a_definition_is_checked_where_it_stands() {
    let (kind, definitions) = (kind(), definitions());
    let setting = Setting { kind: &kind, definitions: &definitions, working_days: true };
    assert!(definition("late_or_refused", &setting).is_some_and(|read| read.is_ok()));
    assert!(definition("nowhere", &setting).is_none());
    let code = |name: &str| definition(name, &setting).and_then(Result::err).map(|errors| errors[0].code);
    assert_eq!(code("faulty"), Some("type-mismatch"));
    assert_eq!(code("itself"), Some("definition-cycle"));
    assert_eq!(code("circle_a"), Some("definition-cycle"));
    assert_eq!(code("circle_b"), Some("definition-cycle"));
}

/// `d0 = online`, `d1 = step(d0)`, … up to the one asked for.
fn ladder(height: usize, step: impl Fn(&str) -> String) -> Definitions {
    let mut definitions = Definitions::default();
    definitions.insert("d0", "online");
    for n in 1..=height {
        definitions.insert(format!("d{n}"), step(&format!("d{}", n - 1)));
    }
    definitions
}

fn first_code(text: &str, definitions: &Definitions) -> Option<&'static str> {
    let setting = Setting { kind: &kind(), definitions, working_days: true };
    value(text, Wanted::Any, &setting).err().map(|errors| errors[0].code)
}

#[test]
fn definitions_nest_sixteen_deep_and_no_deeper() {
    let ladder = ladder(20, |below| format!("not {below}"));
    assert_eq!(first_code("d15", &ladder), None);
    assert_eq!(first_code("d16", &ladder), Some("definition-too-deep"));
    assert_eq!(first_code("d15 and d16", &ladder), Some("definition-too-deep"));
}

#[test]
fn doubling_definitions_end_at_the_bound_on_nodes() {
    let doubling = ladder(15, |below| format!("{below} = {below}"));
    // 2^n leaves and 2^n - 1 comparisons.
    assert_eq!(first_code("d9", &doubling), None);
    assert_eq!(first_code("d10", &doubling), Some("faulty-definition"));
    let setting = Setting { kind: &kind(), definitions: &doubling, working_days: true };
    let errors = definition("d10", &setting).unwrap().unwrap_err();
    assert_eq!(errors[0].code, "too-many-parts");
    let flat = |parts: usize| vec!["online"; parts].join(" or ");
    assert_eq!(first_code(&flat(MAX_NODES - 1), &doubling), None);
    assert_eq!(first_code(&flat(MAX_NODES), &doubling), Some("too-many-parts"));
}

#[test]
fn hostile_nesting_is_refused_and_nothing_overflows() {
    let none = Definitions::default();
    let deep = |open: &str, n: usize, close: &str| format!("{}online{}", open.repeat(n), close.repeat(n));
    assert_eq!(first_code(&deep("(", 60, ")"), &none), None);
    for (text, code) in [
        (deep("(", 70, ")"), "too-deep"),
        (deep("(", 20_000, ")"), "too-deep"),
        (deep("not ", 10_000, ""), "too-deep"),
        (format!("{}1 = 1", "-".repeat(30_000)), "too-deep"),
        (format!("1{} = 1", " + 1".repeat(10_000)), "too-deep"),
        ("coalesce(".repeat(7_000), "too-deep"),
        ("(".repeat(MAX_BYTES + 1), "too-long"),
        ("(".repeat(100_000_000), "too-long"),
        ("[{“".repeat(5_000), "wrong-sign"),
        ("= ".repeat(30_000), "expected-value"),
    ] {
        assert_eq!(first_code(&text, &none), Some(code), "{}", &text[..30]);
    }
    // Deep texts inside deep definitions: each is within its own bound, together they are not.
    let nested = ladder(15, |below| format!("{}{below}{}", "not (".repeat(20), ")".repeat(20)));
    assert_eq!(first_code("d6", &nested), None);
    assert_eq!(first_code("d7", &nested), Some("faulty-definition"));
}

#[test]
fn many_errors_are_cut_short() {
    let errors = read(&"x1 = 5 and ".repeat(100), Wanted::Flag).unwrap_err();
    assert_eq!(errors.len(), 20);
}
