//! Starting the built program and reading what it said.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run of the program left behind.
pub struct Run {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Runs `giaouoc` in English, without colour, 100 columns wide, from the repository's root.
pub fn giaouoc<I: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = I>) -> Run {
    giaouoc_in("en_US.UTF-8", 100, args)
}

/// The same in a locale and a width.
pub fn giaouoc_in<I: AsRef<std::ffi::OsStr>>(
    locale: &str,
    width: usize,
    args: impl IntoIterator<Item = I>,
) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_giaouoc"))
        .args(args)
        .current_dir(root())
        .env_clear()
        .env("LANG", locale)
        .env("COLUMNS", width.to_string())
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The folder of real data beside the checkout, or nothing, said loudly.
pub fn shared(name: &str) -> Option<PathBuf> {
    let base =
        std::env::var_os("GIAOUOC_SHARED_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let path = base.join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: real data {name} is not beside this checkout ({})", path.display());
    None
}

/// A copy of a folder, in a folder of its own.
pub fn copy_of(from: &Path) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy_into(from, dir.path());
    dir
}

fn copy_into(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy_into(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The scoreboard of a bundle as JSON, with lenses.
pub fn board(bundle: &Path) -> Board {
    let run =
        giaouoc(["score".as_ref(), bundle.as_os_str(), "--format=json".as_ref(), "--lens=all".as_ref()]);
    assert_eq!(run.code, 0, "{}", run.err);
    Board(serde_json::from_str(&run.out).unwrap())
}

/// A scoreboard in its JSON form.
pub struct Board(pub serde_json::Value);

impl Board {
    /// The line of a target.
    pub fn line(&self, target: &str) -> &serde_json::Value {
        let lines = self.0["scoreboard"]["targets"].as_array().unwrap();
        lines.iter().find(|line| line["target"] == target).unwrap_or_else(|| panic!("no target {target}"))
    }

    /// The figure of a unit, or of `all`; null where the target does not apply.
    pub fn figure(&self, target: &str, subject: &str) -> &serde_json::Value {
        let line = self.line(target);
        if subject == "all" {
            return &line["together"];
        }
        line["figures"]
            .as_array()
            .unwrap()
            .iter()
            .find(|figure| figure["subject"] == subject)
            .unwrap_or(&serde_json::Value::Null)
    }

    /// `met/of` of a figure, or of one of its lenses.
    pub fn share(&self, target: &str, subject: &str) -> String {
        let (target, lens) =
            target.split_once('/').map_or((target, None), |(target, lens)| (target, Some(lens)));
        let figure = self.figure(target, subject);
        let amount = match lens {
            None => &figure["amount"],
            Some(id) => {
                let lenses = figure["lenses"].as_array().unwrap();
                &lenses.iter().find(|lens| lens["lens"] == id).unwrap_or_else(|| panic!("no lens {id}"))["amount"]
            }
        };
        format!("{}/{}", amount["met"], amount["of"])
    }
}
