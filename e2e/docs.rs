//! The documents say what is there. The rule for paths: a path of this repository is written from its root
//! (`crates/measure/src/scan.rs`), in documents and decisions alike; a path that begins otherwise
//! (`records/dossier.csv`) is one of a bundle.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::program::{giaouoc, root};

/// The documents: every `.md` at the root, and all under `docs/`.
fn documents() -> Vec<PathBuf> {
    let mut found = markdown(&root(), false);
    found.extend(markdown(&root().join("docs"), true));
    assert!(found.len() > 15, "only {} documents found", found.len());
    found
}

fn markdown(folder: &Path, deep: bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && deep {
            found.extend(markdown(&path, deep));
        } else if path.extension().is_some_and(|end| end == "md") {
            found.push(path);
        }
    }
    found
}

/// The prose of a document, and its fenced blocks.
fn split(text: &str) -> (String, Vec<String>) {
    let (mut prose, mut blocks) = (String::new(), Vec::new());
    for (at, piece) in format!("\n{text}").split("\n```").enumerate() {
        if at % 2 == 0 {
            prose.push_str(piece);
            prose.push('\n');
        } else {
            // The rest of the fence's own line names a language.
            blocks.push(piece.split_once('\n').map_or("", |(_, block)| block).to_owned());
        }
    }
    (prose, blocks)
}

/// What stands between backticks.
fn quoted(prose: &str) -> impl Iterator<Item = &str> {
    prose.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// What links lead to, other than to another site.
fn links(prose: &str) -> impl Iterator<Item = &str> {
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    targets.filter(|target| !target.starts_with("http")).filter_map(|target| target.split('#').next())
}

fn names_in(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

/// What is wrong with the paths of one document.
fn wrong_paths(document: &Path, text: &str) -> Vec<String> {
    let root = root();
    let beside = document.parent().unwrap();
    let (tops, crates) = (names_in(&root), names_in(&root.join("crates")));
    let mut wrong = Vec::new();
    let (prose, _) = split(text);
    for target in links(&prose).filter(|target| !target.is_empty()) {
        if !beside.join(target).exists() {
            wrong.push(format!("link to {target}"));
        }
    }
    for word in quoted(&prose).filter(|word| !word.contains([' ', '…', '<'])) {
        let Some((first, _)) = word.split_once('/') else {
            if word.ends_with(".md") && !beside.join(word).exists() && !root.join(word).exists() {
                wrong.push(word.to_owned());
            }
            continue;
        };
        // A folder of a bundle that a room is named after.
        if crates.contains(first) && !["journal/", "journal/entries.ndjson"].contains(&word) {
            wrong.push(format!("{word}: a path is written from the root, crates/{word}"));
        } else if tops.contains(first) || word.ends_with(".rs") {
            // Of `data/calendars/*.toml` the folder is looked at.
            let firm: PathBuf = word.split('/').take_while(|part| !part.contains('*')).collect();
            if !root.join(&firm).exists() {
                wrong.push(word.to_owned());
            }
        }
    }
    wrong
}

#[test]
fn every_path_in_the_documents_is_there() {
    let mut wrong = Vec::new();
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        let name = document.strip_prefix(root()).unwrap().display().to_string();
        wrong.extend(wrong_paths(&document, &text).into_iter().map(|what| format!("{name}: {what}")));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_wrong_path_is_found() {
    let document = root().join("docs/made-up.md");
    for text in [
        "see `measure/src/scan.rs`",
        "see `crates/measure/src/scam.rs`",
        "see `src/scan.rs`",
        "see `scroing.md`",
        "see `data/calendar/*.toml`",
        "see [scoring](scroing.md#verdicts)",
        "```\nfenced\n```\nsee `docs/nothing.md`",
    ] {
        assert_eq!(wrong_paths(&document, text).len(), 1, "{text}");
    }
    let right = "`crates/measure/src/scan.rs` `scoring.md` [s](scoring.md#verdicts) `records/a.csv` `a / b` `on-time/x`";
    assert_eq!(wrong_paths(&document, right), Vec::<String>::new());
    assert_eq!(wrong_paths(&document, "```\n`crates/none.rs`\n```\n"), Vec::<String>::new());
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let names = names_in(&root().join("docs/decisions"));
    for (at, name) in names.iter().enumerate() {
        let number = format!("{:04}", at + 1);
        assert!(
            name.starts_with(&format!("{number}-")) && name.ends_with(".md"),
            "{name} is not {number}-….md"
        );
        let text = std::fs::read_to_string(root().join("docs/decisions").join(name)).unwrap();
        assert!(text.starts_with(&format!("# {number} ")), "{name} does not begin with “# {number} ”");
    }
    assert!(!names.is_empty());
}

/// The lines of a script that do something.
fn commands(path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

#[test]
fn readmes_two_commands_are_the_ones_that_are_run() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, start) = readme.split_once("\n## Start\n").unwrap();
    let (start, _) = start.split_once("\n## ").unwrap();
    let (_, blocks) = split(start);
    let blocks: Vec<&str> = blocks.iter().map(|block| block.trim()).collect();
    let [first, second] = blocks.as_slice() else { panic!("not two commands: {blocks:?}") };

    // The first builds and scores; the program is built already, so only its arguments are run.
    let args = first.strip_prefix("cargo run --locked -- ").unwrap();
    let run = giaouoc(args.split(' '));
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("95.58 %"), "{}", run.out);

    // The second runs all tests, and is all that CI runs.
    let ci = commands(".ci/run");
    assert_eq!(ci.last().map(String::as_str), Some(*second));
    let does_more = |line: &&String| !line.starts_with("set ") && !line.starts_with("cd ");
    assert_eq!(ci.iter().filter(does_more).count(), 1, "{ci:?}");
    assert!(commands("scripts/test").iter().any(|line| line.contains("cargo test --workspace --locked")));
    for script in [".ci/run", second] {
        executable(&root().join(script));
    }
}

#[cfg(unix)]
fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).unwrap().permissions().mode();
    assert!(mode & 0o111 != 0, "{} is not executable", path.display());
}

#[cfg(not(unix))]
fn executable(path: &Path) {
    assert!(path.exists());
}

/// Commands on the example that a document shows can be run as they stand.
#[test]
fn commands_on_the_example_run() {
    let mut ran = 0;
    for document in documents() {
        let (_, blocks) = split(&std::fs::read_to_string(&document).unwrap());
        for line in blocks.iter().flat_map(|block| block.lines()) {
            if let Some(args) =
                line.strip_prefix("giaouoc ").filter(|args| args.contains("examples/ha-noi-cum-vi-2020"))
            {
                let run = giaouoc(args.split(" #").next().unwrap().split_whitespace());
                assert_eq!(run.code, 0, "{}: {line}\n{}", document.display(), run.err);
                ran += 1;
            }
        }
    }
    assert!(ran >= 4, "only {ran} commands found");
}
