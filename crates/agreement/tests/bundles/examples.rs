//! The bundles of `/examples` read without an error, and ask what their authors know they ask.

use std::fs;
use std::path::{Path, PathBuf};

use giaouoc_agreement::problem::Severity;

use crate::harness::{Files, parse, said};

fn walk(root: &Path, dir: &Path, files: &mut Files) {
    let mut paths: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            walk(root, &path, files);
        } else {
            // Of all other files only the name counts.
            let text =
                if name.ends_with(".toml") { fs::read_to_string(&path).unwrap() } else { String::new() };
            files.insert(name, text);
        }
    }
}

fn asked(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    let mut files = Files::new();
    walk(&root, &root, &mut files);
    let (_, problems) = parse(&files);
    let errors: Vec<_> = problems.iter().filter(|p| p.severity == Severity::Error).cloned().collect();
    assert!(errors.is_empty(), "{}", said(&errors, &files));
    said(&problems, &files)
}

#[test]
fn the_articles_cluster() {
    insta::assert_snapshot!(asked("ha-noi-cum-vi-2020"));
}
