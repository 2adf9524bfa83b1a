//! A bundle without a problem, `cases/base.txt`, and changes to it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use giaouoc_agreement::bundle::Bundle;
use giaouoc_agreement::kinds;
use giaouoc_agreement::problem::Problem;
use giaouoc_agreement::text::Lang;

pub type Files = BTreeMap<String, String>;

pub fn base() -> Files {
    let mut files = Files::new();
    for part in include_str!("cases/base.txt").split("=== ").skip(1) {
        let (name, text) = part.split_once('\n').unwrap();
        files.insert(name.to_owned(), text.to_owned());
    }
    files
}

pub fn parse(files: &Files) -> (Option<Bundle>, Vec<Problem>) {
    let is_text = |name: &String| name.ends_with(".toml");
    let texts = files.iter().filter(|(name, _)| is_text(name));
    let texts = texts.map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect();
    let others: Vec<String> = files.keys().filter(|name| !is_text(name)).cloned().collect();
    Bundle::parse(&texts, &others, kinds::builtin())
}

/// The bundle that the base becomes by a change that leaves it right.
#[track_caller]
pub fn changed(change_of: &str) -> Bundle {
    let mut files = base();
    change(&mut files, change_of);
    let (bundle, problems) = parse(&files);
    bundle.unwrap_or_else(|| panic!("{}", said(&problems, &files)))
}

/// Makes the changes of one case: `@ file`, then `- lines` that give way to `+ lines`; `+` alone adds at the
/// end (after a line of its own with `.`, where others stand before); `delete` takes the file away.
pub fn change(files: &mut Files, case: &str) {
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

/// The cases of a file: name, changes.
pub fn cases(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("## ").skip(1).map(|case| case.split_once('\n').unwrap())
}

/// Every problem in English and Vietnamese.
pub fn said(problems: &[Problem], files: &Files) -> String {
    let mut out = String::new();
    for problem in problems {
        let text = files.get(&problem.file).map(String::as_str);
        for lang in [Lang::En, Lang::Vi] {
            writeln!(out, "{}", problem.plain(text, lang)).unwrap();
        }
    }
    out
}
