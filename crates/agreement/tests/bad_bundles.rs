//! What is said about broken bundles. `bad/base.txt` is a bundle without a problem; each case of the other
//! files changes some lines of it. The snapshots hold every message in both languages.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use giaouoc_agreement::bundle::Bundle;
use giaouoc_agreement::problem::{Problem, Severity};
use giaouoc_agreement::text::Lang;
use giaouoc_agreement::{check, kinds};

type Files = BTreeMap<String, String>;

fn base() -> Files {
    let mut files = Files::new();
    for part in include_str!("bad/base.txt").split("=== ").skip(1) {
        let (name, text) = part.split_once('\n').unwrap();
        files.insert(name.to_owned(), text.to_owned());
    }
    files
}

fn parse(files: &Files) -> (Option<Bundle>, Vec<Problem>) {
    let is_text = |name: &String| name.ends_with(".toml");
    let texts = files.iter().filter(|(name, _)| is_text(name));
    let texts = texts.map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect();
    let others: Vec<String> = files.keys().filter(|name| !is_text(name)).cloned().collect();
    Bundle::parse(&texts, &others, kinds::builtin())
}

/// Makes the changes of one case: `@ file`, then `- lines` that give way to `+ lines`; `+` alone, after a line
/// of its own with `.`, adds at the end; `delete` takes the file away.
fn change(files: &mut Files, case: &str) {
    let mut file = String::new();
    let (mut old, mut new) = (String::new(), String::new());
    let mut apply = |file: &str, old: &mut String, new: &mut String| {
        if old.is_empty() && new.is_empty() {
            return;
        }
        let text = files.entry(file.to_owned()).or_default();
        if old.is_empty() {
            text.push_str(new);
        } else {
            assert!(text.contains(old.as_str()), "{file} has no\n{old}");
            *text = text.replacen(old.as_str(), new, 1);
        }
        old.clear();
        new.clear();
    };
    let mut deleted = Vec::new();
    for line in case.lines() {
        if let Some(name) = line.strip_prefix("@ ") {
            apply(&file, &mut old, &mut new);
            file = name.to_owned();
        } else if let Some(line) = line.strip_prefix("- ") {
            if !new.is_empty() {
                apply(&file, &mut old, &mut new);
            }
            writeln!(old, "{line}").unwrap();
        } else if let Some(line) = line.strip_prefix('+') {
            writeln!(new, "{}", line.strip_prefix(' ').unwrap_or(line)).unwrap();
        } else if line == "." {
            apply(&file, &mut old, &mut new);
        } else if line == "delete" {
            deleted.push(file.clone());
        } else {
            assert!(line.trim().is_empty() || line.starts_with('#'), "what is {line:?}?");
        }
    }
    apply(&file, &mut old, &mut new);
    for file in deleted {
        files.remove(&file);
    }
}

fn said(problems: &[Problem], files: &Files) -> String {
    let mut out = String::new();
    for problem in problems {
        let text = files.get(&problem.file).map(String::as_str);
        for lang in [Lang::En, Lang::Vi] {
            writeln!(out, "{}", problem.plain(text, lang)).unwrap();
        }
    }
    out
}

/// All cases of a file, each with what is said about it.
fn all(cases: &str) -> String {
    let mut out = String::new();
    for case in cases.split("## ").skip(1) {
        let (name, case) = case.split_once('\n').unwrap();
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
    assert_eq!(check::questions(&bundle.unwrap()), []);
}

#[test]
fn toml() {
    insta::assert_snapshot!(all(include_str!("bad/toml.txt")));
}

#[test]
fn cluster() {
    insta::assert_snapshot!(all(include_str!("bad/cluster.txt")));
}

#[test]
fn agreement() {
    insta::assert_snapshot!(all(include_str!("bad/agreement.txt")));
}

#[test]
fn rest() {
    insta::assert_snapshot!(all(include_str!("bad/rest.txt")));
}
