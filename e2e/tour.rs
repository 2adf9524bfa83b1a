//! `docs/tour.md` is what happens: every command of it is run, in order, and prints what the page says. In what is
//! expected, a line of `…` alone stands for any lines, and `…` within a line for any text of that line. The tour of
//! the command line (`scripts/tour`) runs the very same commands.

use std::path::Path;
use std::process::Command;

use crate::program::root;

/// A command and the lines that it prints.
struct Step {
    command: String,
    expected: Vec<String>,
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line == "```console" {
            inside = true;
        } else if line == "```" {
            inside = false;
        } else if inside {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => steps.push(Step { command: command.to_owned(), expected: Vec::new() }),
                (None, Some(step)) => step.expected.push(line.to_owned()),
                (None, None) => panic!("output before a command: {line}"),
            }
        }
    }
    steps
}

/// Whether a line is as expected, where `…` stands for anything.
fn same(expected: &str, found: &str) -> bool {
    let mut parts = expected.split('…');
    let Some(mut rest) = parts.next().and_then(|first| found.strip_prefix(first)) else { return false };
    let mut last = None;
    for part in parts {
        last = Some(part);
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty() || last == Some("") || last.is_some_and(|part| rest.ends_with(part))
}

/// Where what is printed leaves what is expected; nothing when it does not.
fn difference(expected: &[String], found: &[&str]) -> Option<String> {
    match expected.split_first() {
        None => found.first().map(|line| format!("more is printed: {line}")),
        Some((first, rest)) if first == "…" => {
            if rest.is_empty() {
                return None;
            }
            let tried = (0..=found.len()).map(|skip| difference(rest, &found[skip..]));
            let mut failed = None;
            for one in tried {
                match one {
                    None => return None,
                    Some(why) => failed = failed.or(Some(why)),
                }
            }
            failed
        }
        Some((first, rest)) => match found.split_first() {
            Some((line, others)) if same(first, line.trim_end()) => difference(rest, others),
            Some((line, _)) => Some(format!("expected: {first}\n   found: {line}")),
            None => Some(format!("expected: {first}\n   found: the end")),
        },
    }
}

fn run(command: &str, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_giaouoc"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let done = Command::new("sh")
        .args(["-c", &format!("{command} 2>&1")])
        .current_dir(root())
        .env_clear()
        .envs([("PATH", path.as_str()), ("LANG", "en_US.UTF-8"), ("COLUMNS", "100"), ("NO_COLOR", "1")])
        .env("TOUR", folder)
        .output()
        .unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    text.replace(&folder.display().to_string(), "$TOUR")
}

#[test]
fn the_tour_prints_what_its_page_says() {
    let text = std::fs::read_to_string(root().join("docs/tour.md")).unwrap();
    let steps = steps(&text);
    assert!(steps.len() >= 8, "{} steps", steps.len());
    let folder = tempfile::tempdir().unwrap();
    for step in &steps {
        let said = run(&step.command, folder.path());
        let lines: Vec<&str> = said.trim_end().lines().collect();
        let lines = if said.trim().is_empty() { Vec::new() } else { lines };
        let mut expected = step.expected.clone();
        while expected.last().is_some_and(String::is_empty) {
            expected.pop();
        }
        if let Some(why) = difference(&expected, &lines) {
            panic!("$ {}\n{why}\n--- all of it:\n{said}", step.command);
        }
    }
}

#[test]
fn a_page_that_says_otherwise_is_noticed() {
    let expected = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    assert_eq!(difference(&expected(&["a", "…", "c"]), &["a", "b", "b", "c"]), None);
    assert_eq!(difference(&expected(&["a … c"]), &["a 12 c"]), None);
    assert!(difference(&expected(&["94.96 %"]), &["95.00 %"]).is_some());
    assert!(difference(&expected(&["a"]), &["a", "b"]).is_some());
    assert!(difference(&expected(&["a", "…", "d"]), &["a", "b", "c"]).is_some());
}
