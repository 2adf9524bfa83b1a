//! The files that go into a journal and out of it: dry runs, rejects, files placed by hand, archives, several programs
//! at once.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::journey::{HEADER, Journey, MARCH, flat};
use crate::program::{giaouoc, giaouoc_in, root};

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

/// `check` finds the other supplier's rows beside the records; where they were put elsewhere it is said how.
#[test]
fn rejects_put_elsewhere_are_seen_once_they_are_copied_to_their_place() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &["--supplier", "M01"]);
    let elsewhere = journey.folder.path().join("r.csv");
    let change = "B-1,M02,2020-03-02,2020-03-05,2020-03-06,granted\n";
    let run =
        journey.load("theirs.csv", change, &["--supplier", "M02", "--rejects", elsewhere.to_str().unwrap()]);
    assert_eq!(run.code, 1, "{}", run.err);
    let place = journey.bundle().join("records/dossier-theirs.rejects.csv");
    let said = flat(&run.err);
    assert!(said.contains(&format!("copy the file to {}", place.display())), "{said}");
    assert!(!journey.run("check", &[]).out.contains("two-suppliers-disagree"));
    fs::copy(&elsewhere, &place).unwrap();
    assert!(journey.run("check", &[]).out.contains("two-suppliers-disagree"));
    // In their place nothing needs to be said.
    let run = journey.load("again.csv", change, &["--supplier", "M02"]);
    assert!(!run.err.contains("copy the file"), "{}", run.err);
}

/// Figures are read from a base: a journal with a wrong one is not called whole, and deleting it is all that is needed.
#[test]
fn a_wrong_base_is_said_and_ends_with_one() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &[]);
    journey.done("tidy", &["--base"]);
    let base = journey.bundle().join("journal/base");
    let path = || fs::read_dir(&base).unwrap().next().unwrap().unwrap().path();
    let older = fs::read(path()).unwrap();
    journey.loaded("sửa.csv", "A-2,M01,2020-03-02,2020-03-05,2020-03-05,granted\n", &[]);
    journey.done("tidy", &["--base"]);
    fs::write(path(), older).unwrap();
    let run = journey.run("fsck", &[]);
    assert_eq!(run.code, 1, "{}", run.out);
    let said = flat(&run.out);
    assert!(said.contains("records are not as the journal has them"), "{said}");
    assert!(said.contains("The journal is NOT whole") && said.contains("Delete the folders base"), "{said}");
    fs::remove_dir_all(&base).unwrap();
    fs::remove_dir_all(journey.bundle().join("journal/index")).unwrap();
    journey.done("tidy", &["--base"]);
    assert!(flat(&journey.done("fsck", &[])).starts_with("The journal is whole"));
}

#[test]
fn an_entry_that_changed_nothing_is_undone_in_so_many_words() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &[]);
    journey.loaded("again.csv", MARCH, &[]);
    let (number, _) = journey.last();
    let said = flat(&journey.done("undo", &[&number.to_string(), "--reason", "thử"]));
    assert_eq!(said, format!("Entry {number} changed no record, so there is nothing to undo."));
}
