//! The program killed while it loads, and two of it loading into one bundle at once.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::program::{giaouoc, root};

/// The example as a bundle of its own, and files of plans for it.
fn bundle() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["", "maps", "records"] {
        let to = folder.path().join("bundle").join(part);
        fs::create_dir(&to).unwrap();
        for entry in fs::read_dir(root().join("examples/ha-noi-cum-vi-2020").join(part)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
            }
        }
    }
    folder
}

/// Plans `K{from}` to `K{to}`, with a title that says which file they are from.
fn plans(folder: &Path, name: &str, from: u32, to: u32) {
    let unit = "H26.VD1";
    let rows: String = (from..to).map(|at| format!("K{at},{unit},{name} {at}\n")).collect();
    fs::write(folder.join(name), format!("code,unit,title\n{rows}")).unwrap();
}

fn loading(folder: &Path, file: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_giaouoc"))
        .args(["load", "bundle", "plan", file])
        .current_dir(folder)
        .env_clear()
        .env("LANG", "en_US.UTF-8")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn whole(folder: &Path) {
    let run = giaouoc(["fsck".as_ref(), folder.join("bundle").as_os_str()]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

/// How many of our files the journal has.
fn uploads(folder: &Path) -> usize {
    let text = fs::read_to_string(folder.join("bundle/journal/entries.ndjson")).unwrap_or_default();
    text.lines().filter(|line| line.contains("\"name\":\"") && line.contains(".load.csv\"")).count()
}

#[test]
fn two_programs_load_into_one_bundle_at_once() {
    let folder = bundle();
    for round in 0..4 {
        let (a, b) = (format!("a{round}.load.csv"), format!("b{round}.load.csv"));
        plans(folder.path(), &a, 0, 60);
        plans(folder.path(), &b, 30, 90);
        let both = [loading(folder.path(), &a), loading(folder.path(), &b)];
        for child in both {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        whole(folder.path());
        assert_eq!(uploads(folder.path()), 2 * (round + 1), "each file is an entry");
    }
}

#[test]
fn killed_while_it_loads_the_program_leaves_a_whole_journal() {
    let folder = bundle();
    for round in 0..20_u64 {
        let name = format!("{round}.load.csv");
        plans(folder.path(), &name, 0, 200);
        let before = uploads(folder.path());
        let mut child = loading(folder.path(), &name);
        std::thread::sleep(Duration::from_millis(7 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        whole(folder.path());
        let after = uploads(folder.path());
        assert!(after == before || after == before + 1, "{before} uploads, then {after}");
    }
    plans(folder.path(), "last.load.csv", 0, 200);
    let output = loading(folder.path(), "last.load.csv").wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    whole(folder.path());
}
