//! What people do with a journal, from beginning to end, on the built program.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::program::{Run, giaouoc, giaouoc_in, root};

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

const AGREEMENT: &str = r#"format = 1
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

const HEADER: &str = "code,unit,received_at,first_due_at,finished_at,outcome\n";
/// Two of the first unit, one of them late; one of the second.
const MARCH: &str = "A-1,M01,2020-03-02,2020-03-05,2020-03-05,granted\n\
                     A-2,M01,2020-03-02,2020-03-05,2020-03-09,granted\n\
                     B-1,M02,2020-03-02,2020-03-05,2020-03-04,granted\n";

/// A bundle, and a folder for files that are loaded into it.
struct Journey {
    folder: tempfile::TempDir,
}

impl Journey {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bundle = folder.path().join("cum");
        fs::create_dir_all(bundle.join("records")).unwrap();
        fs::write(bundle.join("cluster.toml"), CLUSTER).unwrap();
        fs::write(bundle.join("agreement.toml"), AGREEMENT).unwrap();
        fs::write(bundle.join("calendar.toml"), "calendar = \"vn-public\"\n").unwrap();
        Self { folder }
    }

    fn bundle(&self) -> PathBuf {
        self.folder.path().join("cum")
    }

    /// A command over the bundle.
    fn run(&self, command: &str, more: &[&str]) -> Run {
        let bundle = self.bundle();
        let mut args = vec![command.as_ref(), bundle.as_os_str()];
        args.extend(more.iter().map(std::ffi::OsStr::new));
        giaouoc(args)
    }

    /// The same, which must succeed: what it printed.
    #[track_caller]
    fn done(&self, command: &str, more: &[&str]) -> String {
        let run = self.run(command, more);
        assert_eq!(run.code, 0, "{command} {more:?}: {}\n{}", run.out, run.err);
        run.out
    }

    /// A file of dossiers, beside the bundle.
    fn file(&self, name: &str, rows: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, format!("{HEADER}{rows}")).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn load(&self, name: &str, rows: &str, more: &[&str]) -> Run {
        let file = self.file(name, rows);
        let mut args = vec!["dossier", &file];
        args.extend(more);
        self.run("load", &args)
    }

    #[track_caller]
    fn loaded(&self, name: &str, rows: &str, more: &[&str]) -> String {
        let run = self.load(name, rows, more);
        assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
        run.out
    }

    fn score(&self) -> String {
        self.done("score", &["--format=csv"])
    }

    /// The number of the newest entry, and its line.
    fn last(&self) -> (u64, Value) {
        let text = fs::read_to_string(self.bundle().join("journal/entries.ndjson")).unwrap();
        let entry: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        (entry["entry"].as_u64().unwrap(), entry)
    }

    /// Every file of the bundle with its content.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
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
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_correction_is_known_from_its_entry_on_and_diff_says_who_moved_what_and_why() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &[]);
    let before = journey.score();
    let tables = ["vi", "en"].map(|lang| journey.done("score", &["--lang", lang]));
    let (first, line) = journey.last();
    let said = journey.loaded(
        "sửa.csv",
        "A-2,M01,2020-03-02,2020-03-05,2020-03-05,granted\n",
        &["--reason", "nhập nhầm ngày xong", "--by", "Lan"],
    );
    assert!(said.contains("0 new, 1 changed, 0 unchanged, 0 rejected"), "{said}");
    let (second, _) = journey.last();
    let after = journey.score();
    assert_ne!(before, after);
    // As known at the entry, and at its time: byte for byte.
    let entry = first.to_string();
    let time = line["at"].as_str().unwrap();
    for known in [entry.as_str(), time] {
        assert_eq!(journey.done("score", &["--format=csv", "--known-at", known]), before, "{known}");
    }
    for (lang, table) in ["vi", "en"].iter().zip(&tables) {
        let known = journey.done("score", &["--lang", lang, "--known-at", &entry]);
        assert_eq!(&known, table);
        assert!(
            flat(table).contains(if *lang == "vi" {
                "sổ thay đổi đến mục"
            } else {
                "known at entry"
            }),
            "{table}"
        );
    }
    // The end of the day of both entries knows both.
    let zone = jiff_day(time);
    assert_eq!(journey.done("score", &["--format=csv", "--known-at", &zone]), after);
    let run = journey.run("score", &["--known-at", "2019-12-31"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("no entry yet"), "{}", run.err);

    let moved = flat(&journey.done("diff", &["--from", &entry]));
    for words in ["Sở Nội vụ", "A-2", "nhập nhầm ngày xong", &format!("entry {second}"), "not met → met"]
    {
        assert!(moved.contains(words), "“{words}” is not in: {moved}");
    }
    assert!(!moved.contains("A-1"), "{moved}");
    let json: Value =
        serde_json::from_str(&journey.done("diff", &["--from", &entry, "--format=json"])).unwrap();
    assert_eq!(json["figures"][0]["entries"][0]["reason"], "nhập nhầm ngày xong", "{json:#}");

    let undone = journey.done("undo", &[&second.to_string(), "--reason", "đúng ra là quá hạn"]);
    assert!(undone.contains("1 restored"), "{undone}");
    assert_eq!(journey.score(), before);
    // Undone itself, it counts again; and once more it does not.
    let (third, _) = journey.last();
    journey.done("undo", &[&third.to_string(), "--reason", "lại"]);
    assert_eq!(journey.score(), after);
    let (fourth, _) = journey.last();
    journey.done("undo", &[&fourth.to_string(), "--reason", "thôi"]);
    assert_eq!(journey.score(), before);
    let difference = flat(&journey.done("diff", &["--from", &entry]));
    assert!(difference.contains("No figure changed."), "{difference}");
    // From the newest to the oldest, all of it.
    journey.done("undo", &[&second.to_string(), "--reason", "x"]);
    journey.done("undo", &[&entry, "--reason", "x"]);
    assert!(!journey.done("fsck", &[]).contains('✗'));
    let log = journey.done("log", &[]);
    assert!(log.contains("Lan") && log.contains("nhập nhầm ngày xong"), "{log}");
}

/// The day, in Hà Nội, of a moment that is written in UTC.
fn jiff_day(time: &str) -> String {
    let at: jiff::Timestamp = time.parse().unwrap();
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7))).date().to_string()
}

#[test]
fn the_same_file_again_says_nothing_new_and_an_older_export_is_refused_by_its_date() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &["--exported-at", "2020-04-02"]);
    let before = journey.score();
    let again = journey.loaded("march.csv", MARCH, &["--exported-at", "2020-04-02"]);
    assert!(again.contains("3 records read: 0 new, 0 changed, 3 unchanged, 0 rejected"), "{again}");
    let older = "A-1,M01,2020-03-02,2020-03-05,,\nA-3,M01,2020-03-02,2020-03-05,2020-03-04,granted\n";
    let run = journey.load("feb.csv", older, &["--exported-at", "2020-03-01"]);
    assert_eq!(run.code, 1, "{}\n{}", run.out, run.err);
    assert!(run.out.contains("2 records read: 1 new, 0 changed, 0 unchanged, 1 rejected"), "{}", run.out);
    let rejects = fs::read_to_string(journey.bundle().join("records/dossier-feb.rejects.csv")).unwrap();
    assert!(rejects.contains("A-1") && rejects.contains("02/04/2020"), "{rejects}");
    assert_ne!(journey.score(), before);
    assert_eq!(journey.last().1["sums"]["rejected"], 1);
    // An older export that says what is so anyway is no reason to refuse anything.
    let same = "A-1,M01,2020-03-02,2020-03-05,2020-03-05,granted\nA-3,M01,2020-03-02,2020-03-05,2020-03-04,granted\n";
    let said = journey.loaded("jan.csv", same, &["--exported-at", "2020-02-28"]);
    assert!(said.contains("2 records read: 0 new, 0 changed, 2 unchanged, 0 rejected"), "{said}");
    // Also when it has fewer columns: what it has is what is compared.
    let fewer = journey.folder.path().join("few.csv");
    fs::write(&fewer, "code,unit,finished_at\nA-1,M01,2020-03-05\nA-2,M01,2020-03-06\n").unwrap();
    let run = journey.run("load", &["dossier", fewer.to_str().unwrap(), "--exported-at", "2020-02-28"]);
    assert_eq!(run.code, 1, "{}\n{}", run.out, run.err);
    assert!(run.out.contains("2 records read: 0 new, 0 changed, 1 unchanged, 1 rejected"), "{}", run.out);
}

#[test]
fn rejected_rows_are_repaired_and_loaded_again() {
    let journey = Journey::new();
    let run = journey.load("march.csv", &MARCH.replace("2020-03-09", "2020-13-09"), &[]);
    assert_eq!(run.code, 1, "{}\n{}", run.out, run.err);
    assert!(run.out.contains("3 records read: 2 new, 0 changed, 0 unchanged, 1 rejected"), "{}", run.out);
    let path = journey.bundle().join("records/dossier-march.rejects.csv");
    let rejects = fs::read_to_string(&path).unwrap();
    let repaired = journey.folder.path().join("repaired.csv");
    fs::write(&repaired, rejects.replace("2020-13-09", "2020-03-09")).unwrap();
    let said = journey.done("load", &["dossier", repaired.to_str().unwrap()]);
    assert!(said.contains("1 records read: 1 new") || said.contains("1 record read: 1 new"), "{said}");
    let straight = Journey::new();
    straight.loaded("march.csv", MARCH, &[]);
    assert_eq!(journey.score(), straight.score());
}

#[test]
fn another_supplier_is_refused_by_name_until_the_records_are_transferred() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &["--supplier", "M01"]);
    let (first, _) = journey.last();
    let change = "B-1,M02,2020-03-02,2020-03-05,2020-03-06,granted\n";
    let run = journey.load("theirs.csv", change, &["--supplier", "M02"]);
    let (refused, _) = journey.last();
    assert_eq!(refused, first + 1, "a file of which nothing was taken is an entry too");
    assert_eq!(run.code, 1, "{}\n{}", run.out, run.err);
    let said = flat(&format!("{}{}", run.out, run.err));
    assert!(said.contains("Sở Nội vụ"), "{said}");
    let reason = ["--reason", "bàn giao"];
    journey.done("transfer", &[&["dossier", "--from", "M01", "--to", "M02"][..], &reason].concat());
    let said = journey.loaded("theirs.csv", change, &["--supplier", "M02"]);
    assert!(said.contains("1 changed"), "{said}");
    // Undone, it is still the new supplier's.
    let (entry, _) = journey.last();
    journey.done("undo", &[&entry.to_string(), "--reason", "thử"]);
    assert_eq!(journey.last().1["namespace"], "M02");
    journey.done("undo", &[&first.to_string(), "--reason", "thử"]);
    let run = journey.run("undo", &[&(refused + 1).to_string(), "--reason", "thử"]);
    assert_eq!(run.code, 2, "a transfer has no records: {}", run.out);
}

#[test]
fn a_replacement_is_shown_before_it_is_done_and_needs_a_whole_file() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &[]);
    let files = journey.files();
    let only = "A-1,M01,2020-03-02,2020-03-05,2020-03-05,granted\n";
    let shown = journey.load("all.csv", only, &["--replace", "unit=M01"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    let said = flat(&shown.out);
    assert!(said.contains("A-2") && said.contains("--yes") && !said.contains("B-1"), "{said}");
    let unchanged: Vec<_> =
        journey.files().into_iter().filter(|(path, _)| !path.ends_with("all.csv")).collect();
    assert_eq!(unchanged, files.into_iter().collect::<Vec<_>>(), "showing writes nothing");
    // A row that cannot be read is in the file all the same: its record must not be withdrawn.
    let broken =
        "A-1,M01,2020-03-02,2020-03-05,2020-03-05,granted\nA-2,M01,2020-03-02,x,2020-03-09,granted\n";
    let before = journey.last().0;
    let run = journey.load("broken.csv", broken, &["--replace", "unit=M01", "--yes"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(flat(&run.err).contains("must be accepted whole"), "{}", run.err);
    assert_eq!(journey.last().0, before);
    assert!(journey.bundle().join("records/dossier-broken.rejects.csv").exists());

    let said = journey.loaded("all.csv", only, &["--replace", "unit=M01", "--yes"]);
    assert!(flat(&said).contains("1 records that are no longer in the file were withdrawn"), "{said}");
    let score = journey.score();
    let straight = Journey::new();
    straight.loaded(
        "march.csv",
        &MARCH
            .lines()
            .filter(|line| !line.starts_with("A-2"))
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
        &[],
    );
    assert_eq!(score, straight.score());
}

#[test]
fn a_changed_agreement_is_recorded_and_the_old_words_stay_known() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &[]);
    let before = journey.score();
    let (entry, _) = journey.last();
    let stricter = AGREEMENT.replace(">= 95 %", ">= 30 %");
    fs::write(journey.bundle().join("agreement.toml"), stricter).unwrap();
    journey.done("record", &["--reason", "họp ngày 12/5"]);
    assert_eq!(
        flat(&journey.done("record", &[])),
        "The journal has everything: there is nothing new to record."
    );
    assert_ne!(journey.score(), before);
    assert_eq!(journey.done("score", &["--format=csv", "--known-at", &entry.to_string()]), before);
    let difference = flat(&journey.done("diff", &["--from", &entry.to_string()]));
    for words in ["agreement.toml", "họp ngày 12/5", "on-time"] {
        assert!(difference.contains(words), "“{words}” is not in: {difference}");
    }
}

#[test]
fn files_placed_by_hand_become_entries_in_the_order_of_their_names() {
    let journey = Journey::new();
    let records = journey.bundle().join("records");
    let late = MARCH.replace("2020-03-05,granted", "2020-03-20,granted");
    fs::write(records.join("dossier-2.csv"), format!("{HEADER}{MARCH}")).unwrap();
    fs::write(records.join("dossier-1.csv"), format!("{HEADER}{late}")).unwrap();
    // The same keys in both: each counts once, as the later file says.
    let alone = Journey::new();
    alone.loaded("march.csv", MARCH, &[]);
    assert_eq!(journey.score(), alone.score());
    let said = journey.loaded("april.csv", "A-9,M01,2020-04-01,2020-04-05,2020-04-03,granted\n", &[]);
    assert!(said.contains("1 new"), "{said}");
    let log = journey.done("log", &[]);
    let place = |words: &str| log.find(words).unwrap_or_else(|| panic!("“{words}” is not in\n{log}"));
    assert!(place("records/dossier-1.csv") < place("records/dossier-2.csv"));
    assert!(place("records/dossier-2.csv") < place("april.csv"));
    journey.loaded("april.csv", "A-9,M01,2020-04-01,2020-04-05,2020-04-03,granted\n", &[]);
    assert_eq!(journey.done("log", &[]).matches("records/dossier-1.csv").count(), 1, "taken in once");
}

#[test]
fn a_dry_run_writes_nothing_at_all() {
    let journey = Journey::new();
    journey.file("march.csv", MARCH);
    let files = journey.files();
    let said = journey.loaded("march.csv", MARCH, &["--dry-run"]);
    assert!(said.contains("3 new") && flat(&said).contains("Nothing was written"), "{said}");
    assert_eq!(journey.files(), files);
    journey.loaded("march.csv", MARCH, &[]);
    let files = journey.files();
    let said = journey.loaded("march.csv", MARCH, &["--dry-run"]);
    assert!(said.contains("3 unchanged"), "{said}");
    assert_eq!(journey.files(), files);
}

/// Whoever only looks writes nothing, also where files of the index were deleted: those are made again by whoever
/// writes anyway.
#[test]
fn looking_writes_nothing_even_when_the_index_is_gone() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &[]);
    let change = "A-2,M01,2020-03-02,2020-03-05,2020-03-05,granted\n";
    journey.loaded("sửa.csv", change, &[]);
    let index = journey.bundle().join("journal/index");
    let answers = || -> Vec<String> {
        let file = journey.folder.path().join("march.csv");
        let file = file.to_str().unwrap();
        [
            &["load", "dossier", file, "--dry-run"][..],
            &["load", "dossier", file, "--replace", "all"],
            &["explain", "on-time", "--record", "A-2"],
            &["check"],
            &["score"],
            &["log"],
            &["diff", "--from", "3"],
            &["fsck"],
        ]
        .iter()
        .map(|args| {
            let run = journey.run(args[0], &args[1..]);
            assert!(run.code < 2, "{args:?}: {}\n{}", run.out, run.err);
            run.out
        })
        .collect()
    };
    let files = journey.files();
    let with_index = answers();
    assert_eq!(journey.files(), files);
    assert!(fs::read_dir(&index).unwrap().count() > 1);
    fs::remove_dir_all(&index).unwrap();
    let files = journey.files();
    assert_eq!(answers(), with_index, "what is read without an index is the same");
    assert!(journey.files() == files && !index.exists(), "something was written");
    journey.loaded("april.csv", "A-9,M01,2020-04-01,2020-04-05,2020-04-03,granted\n", &[]);
    assert!(fs::read_dir(&index).unwrap().count() > 2, "made again by whoever writes");
}

#[test]
fn two_processes_load_the_same_bundle_at_once_and_nothing_is_lost() {
    let journey = Journey::new();
    journey.loaded("first.csv", MARCH, &[]);
    let start = |name: &str, from: usize| {
        let rows: String = (from..from + 300)
            .map(|at| {
                format!("C-{at},M0{},2020-03-02,2020-03-05,2020-03-0{},granted\n", at % 2 + 1, at % 8 + 1)
            })
            .collect();
        let file = journey.file(name, &rows);
        Command::new(env!("CARGO_BIN_EXE_giaouoc"))
            .args(["load", journey.bundle().to_str().unwrap(), "dossier", &file])
            .env_clear()
            .env("LANG", "en_US.UTF-8")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    // They share a third of their keys, with the same values.
    let running = [start("one.csv", 0), start("two.csv", 200), start("three.csv", 400)];
    let mut new = 0;
    for child in running {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).unwrap();
        let words: Vec<&str> = said.split_whitespace().collect();
        let at = words.iter().position(|word| *word == "new,").unwrap();
        new += words[at - 1].parse::<u64>().unwrap();
    }
    assert_eq!(new, 700, "each key is new once");
    assert_eq!(
        journey.last().0,
        journey.done("log", &[]).lines().filter(|line| line.contains("loaded from")).count() as u64
            + texts(&journey)
            - 1
    );
    let run = journey.run("fsck", &[]);
    assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
}

/// How many entries recorded a text.
fn texts(journey: &Journey) -> u64 {
    let text = fs::read_to_string(journey.bundle().join("journal/entries.ndjson")).unwrap();
    text.lines().filter(|line| line.contains("\"what\":\"text\"")).count() as u64
}

#[test]
fn a_zip_with_a_journal_scores_the_same() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &[]);
    journey.loaded("sửa.csv", "A-2,M01,2020-03-02,2020-03-05,2020-03-05,granted\n", &["--reason", "x"]);
    let path = journey.folder.path().join("cum.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for (file, content) in journey.files() {
        if let Ok(name) = file.strip_prefix(journey.bundle())
            && file.is_file()
        {
            zip.start_file(name.to_str().unwrap(), zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(&content).unwrap();
        }
    }
    zip.finish().unwrap();
    for more in [&[][..], &["--known-at", "3"]] {
        let args = |bundle: &Path| {
            let mut args = vec!["score".into(), bundle.as_os_str().to_owned(), "--format=csv".into()];
            args.extend(more.iter().map(std::ffi::OsString::from));
            args
        };
        let (folder, zipped) = (giaouoc(args(&journey.bundle())), giaouoc(args(&path)));
        assert_eq!(zipped.code, 0, "{}", zipped.err);
        assert_eq!(zipped.out, folder.out);
    }
    let run = giaouoc(["undo".as_ref(), path.as_os_str(), "3".as_ref(), "--reason".as_ref(), "x".as_ref()]);
    assert_eq!(run.code, 2, "{}", run.out);
}

/// The article's cluster, loaded file by file, has the figures of the files.
#[test]
fn the_example_has_the_same_figures_from_its_journal() {
    let example = root().join("examples/ha-noi-cum-vi-2020");
    let bundle = crate::program::copy_of(&example);
    let score = |known: &[&str]| {
        let mut args = vec![
            "score".into(),
            bundle.path().as_os_str().to_owned(),
            "--format=csv".into(),
            "--lens=all".into(),
        ];
        args.extend(known.iter().map(std::ffi::OsString::from));
        giaouoc(args).out
    };
    let before = score(&[]);
    let run = giaouoc(["record".as_ref(), bundle.path().as_os_str()]);
    assert!(run.code < 2, "{}", run.err);
    assert!(bundle.path().join("journal/entries.ndjson").exists());
    assert_eq!(score(&[]), before);
    let tidied = giaouoc(["tidy".as_ref(), bundle.path().as_os_str(), "--base".as_ref()]);
    assert_eq!(tidied.code, 0, "{}", tidied.err);
    assert_eq!(score(&[]), before);
    for locale in ["vi_VN.UTF-8", "en_US.UTF-8"] {
        let log = giaouoc_in(locale, 80, ["log".as_ref(), bundle.path().as_os_str()]);
        assert!(log.out.lines().all(|line| line.chars().count() <= 80), "{}", log.out);
    }
}

/// A record with a day that no calendar has stops the score, and correcting it is enough.
#[test]
fn a_record_that_cannot_be_measured_is_corrected_and_forgotten() {
    let journey = Journey::new();
    let agreement = AGREEMENT
        .replace("<= day(first_due_at)\"", "<= add_working_days(day(received_at), 5)\"")
        .replace("first_due_at = \"2020-03-05\" }", "received_at = \"2020-03-02\" }");
    fs::write(journey.bundle().join("agreement.toml"), agreement).unwrap();
    journey.loaded("march.csv", MARCH, &[]);
    let before = journey.score();
    let (good, _) = journey.last();
    journey.loaded("wrong.csv", "A-2,M01,2010-03-02,2020-03-05,2020-03-09,granted\n", &[]);
    let run = journey.run("score", &[]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("A-2") && run.err.contains("2010"), "{}", run.err);
    journey.loaded("right.csv", "A-2,M01,2020-03-02,2020-03-05,2020-03-09,granted\n", &[]);
    assert_eq!(journey.score(), before);
    let difference = flat(&journey.done("diff", &["--from", &good.to_string()]));
    assert!(difference.contains("entry"), "{difference}");
    journey.done("tidy", &["--base"]);
    assert_eq!(journey.score(), before);
}

#[test]
fn a_first_load_that_failed_does_not_shut_out_files_placed_by_hand() {
    let journey = Journey::new();
    let run = journey.load("nothing.csv", "A-1,M01\n\"", &[]);
    assert_eq!(run.code, 2, "{}", run.out);
    fs::write(journey.bundle().join("records/dossier-1.csv"), format!("{HEADER}{MARCH}")).unwrap();
    journey.loaded("april.csv", "A-9,M01,2020-04-01,2020-04-05,2020-04-03,granted\n", &[]);
    let log = journey.done("log", &[]);
    assert!(log.contains("records/dossier-1.csv"), "{log}");
}
