//! A bundle that things are done to, for tests of what people do with a journal.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Run, giaouoc};

const CLUSTER: &str = r#"format = 1
[city]
code = "H26"
name = "Thành phố mẫu"
[cluster]
id = "cum-mau"
name = "Cụm mẫu"
[[unit]]
code = "M01"
name = "Sở Nội vụ"
[[unit]]
code = "M02"
name = "Sở Tư pháp"
[[membership]]
unit = "M01"
role = "member"
from = 2020-01-01
[[membership]]
unit = "M02"
role = "member"
from = 2020-01-01
"#;

pub const AGREEMENT: &str = r#"format = 1
id = "mau-2020"
year = 2020
title = "Giao ước mẫu"
period = "2020"
status = "in force"
[[clause]]
number = "1"
text = "Đúng hạn"
[[target]]
id = "on-time"
clause = "1"
name = "Giải quyết đúng hạn"
records = "dossier"
counted = "finished_at in period"
met = "day(finished_at) <= day(first_due_at)"
goal = ">= 95 %"
  [[target.example]]
  records = [{ finished_at = "2020-03-05", first_due_at = "2020-03-05" }]
  expect = "1/1"
"#;

pub const HEADER: &str = "code,unit,received_at,first_due_at,finished_at,outcome\n";
/// Two of the first unit, one of them late; one of the second.
pub const MARCH: &str = "A-1,M01,2020-03-02,2020-03-05,2020-03-05,granted\n\
                     A-2,M01,2020-03-02,2020-03-05,2020-03-09,granted\n\
                     B-1,M02,2020-03-02,2020-03-05,2020-03-04,granted\n";

/// A bundle, and a folder for files that are loaded into it.
pub struct Journey {
    pub folder: tempfile::TempDir,
}

impl Journey {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bundle = folder.path().join("cum");
        fs::create_dir_all(bundle.join("records")).unwrap();
        fs::write(bundle.join("cluster.toml"), CLUSTER).unwrap();
        fs::write(bundle.join("agreement.toml"), AGREEMENT).unwrap();
        fs::write(bundle.join("calendar.toml"), "calendar = \"vn-public\"\n").unwrap();
        Self { folder }
    }

    pub fn bundle(&self) -> PathBuf {
        self.folder.path().join("cum")
    }

    /// A command over the bundle.
    pub fn run(&self, command: &str, more: &[&str]) -> Run {
        let bundle = self.bundle();
        let mut args = vec![command.as_ref(), bundle.as_os_str()];
        args.extend(more.iter().map(std::ffi::OsStr::new));
        giaouoc(args)
    }

    /// The same, which must succeed: what it printed.
    #[track_caller]
    pub fn done(&self, command: &str, more: &[&str]) -> String {
        let run = self.run(command, more);
        assert_eq!(run.code, 0, "{command} {more:?}: {}\n{}", run.out, run.err);
        run.out
    }

    /// A file of dossiers, beside the bundle.
    pub fn file(&self, name: &str, rows: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, format!("{HEADER}{rows}")).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn load(&self, name: &str, rows: &str, more: &[&str]) -> Run {
        let file = self.file(name, rows);
        let mut args = vec!["dossier", &file];
        args.extend(more);
        self.run("load", &args)
    }

    #[track_caller]
    pub fn loaded(&self, name: &str, rows: &str, more: &[&str]) -> String {
        let run = self.load(name, rows, more);
        assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
        run.out
    }

    pub fn score(&self) -> String {
        self.done("score", &["--format=csv"])
    }

    /// The number of the newest entry, and its line.
    pub fn last(&self) -> (u64, Value) {
        let text = fs::read_to_string(self.bundle().join("journal/entries.ndjson")).unwrap();
        let entry: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        (entry["entry"].as_u64().unwrap(), entry)
    }

    /// Every file of the bundle with its content.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        fn add(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    found.insert(path.clone(), Vec::new());
                    add(&path, found);
                } else {
                    found.insert(path.clone(), fs::read(&path).unwrap());
                }
            }
        }
        let mut found = BTreeMap::new();
        add(self.folder.path(), &mut found);
        found
    }
}

/// Text in one line, however it was wrapped.
pub fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
