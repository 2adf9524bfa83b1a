//! The bundles of `examples/` read without an error.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use giaouoc_agreement::bundle::Bundle;
use giaouoc_agreement::problem::{Problem, Severity};
use giaouoc_agreement::text::Lang;
use giaouoc_agreement::{check, kinds};

type Texts = BTreeMap<String, Vec<u8>>;

fn walk(root: &Path, dir: &Path, texts: &mut Texts, others: &mut Vec<String>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            walk(root, &path, texts, others);
        } else if name.ends_with(".toml") {
            texts.insert(name, fs::read(&path).unwrap());
        } else {
            others.push(name);
        }
    }
}

fn plain(problems: &[Problem], texts: &Texts) -> String {
    let line = |problem: &Problem| {
        let text = texts.get(&problem.file).and_then(|bytes| std::str::from_utf8(bytes).ok());
        format!("{}\n", problem.plain(text, Lang::En))
    };
    problems.iter().map(line).collect()
}

fn read(name: &str) -> (Bundle, Vec<Problem>, Texts) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    let (mut texts, mut others) = (BTreeMap::new(), Vec::new());
    walk(&root, &root, &mut texts, &mut others);
    let (bundle, problems) = Bundle::parse(&texts, &others, kinds::builtin());
    let errors: Vec<Problem> =
        problems.iter().filter(|p| p.severity == Severity::Error).cloned().collect();
    assert!(errors.is_empty(), "{}", plain(&errors, &texts));
    (bundle.unwrap(), problems, texts)
}

#[test]
fn the_articles_cluster() {
    let (bundle, warnings, texts) = read("ha-noi-cum-vi-2020");
    println!("{}", plain(&warnings, &texts));
    println!("{}", plain(&check::questions(&bundle), &texts));
}
