//! Personal values on the built program: kept apart when asked for, erased with an entry, and an erasure that was
//! stopped is finished.

use std::fs;
use std::path::PathBuf;

use crate::journey::{Journey, flat};

const ROWS: &str = "code,unit,received_at,first_due_at,finished_at,applicant_name,applicant_phone\n\
                    A-1,M01,2020-03-02,2020-03-05,2020-03-05,Nguyễn Lan,0901\n\
                    A-2,M01,2020-03-02,2020-03-05,2020-03-09,Trần Minh,0902\n";

/// Loads the rows with their names.
fn loaded(journey: &Journey) -> String {
    let path = journey.folder.path().join("march.csv");
    fs::write(&path, ROWS).unwrap();
    journey.done("load", &["dossier", path.to_str().unwrap(), "--personal"])
}

fn store(journey: &Journey) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(journey.bundle().join("journal/personal"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

#[test]
fn names_are_erased_and_figures_roots_and_fsck_stay() {
    let journey = Journey::new();
    loaded(&journey);
    let again = loaded(&journey);
    assert!(again.contains("0 new, 0 changed, 2 unchanged"), "what is kept apart is compared too: {again}");
    let (before, (number, line)) = (journey.score(), journey.last());
    let said = journey.done("erase", &["dossier", "A-1", "--reason", "theo yêu cầu"]);
    assert!(said.contains(&format!("Entry {}: 2 personal values erased.", number + 1)), "{said}");
    assert_eq!(journey.score(), before);
    let text = fs::read_to_string(journey.bundle().join("journal/entries.ndjson")).unwrap();
    assert!(text.contains(&line.to_string()), "no line was changed");
    let whole = journey.done("fsck", &[]);
    assert!(flat(&whole).starts_with("The journal is whole"), "{whole}");
    let said = journey.done("erase", &["dossier", "A-1", "--reason", "lại"]);
    assert_eq!(flat(&said), "There are no personal values of these records.");
    assert_eq!(journey.last().0, number + 1);
    // Who sends the name again makes a change: what it is committed to is new.
    let said = loaded(&journey);
    assert!(said.contains("0 new, 1 changed, 1 unchanged"), "{said}");
    assert_eq!(journey.score(), before);
    journey.done("tidy", &["--base"]);
    assert!(flat(&journey.done("fsck", &[])).starts_with("The journal is whole"));
}

/// Who misspells a key must not believe that its values are gone.
#[test]
fn keys_that_the_journal_has_not_are_said() {
    let journey = Journey::new();
    loaded(&journey);
    let run = journey.run("erase", &["dossier", "A-1", "A-typo", "--reason", "theo yêu cầu"]);
    assert_eq!(run.code, 1, "{}", run.out);
    let said = flat(&run.out);
    assert!(said.contains("2 personal values erased."), "{said}");
    assert!(said.ends_with("The journal has no such records (dossier): A-typo"), "{said}");
    let run = journey.run("erase", &["dossier", "A-typo", "--reason", "theo yêu cầu"]);
    assert_eq!(run.code, 1, "{}", run.out);
}

#[test]
fn an_erasure_that_was_stopped_is_said_and_finished() {
    for (command, more) in [("fsck", &[][..]), ("tidy", &[]), ("undo", &["4", "--reason", "x"])] {
        let journey = Journey::new();
        loaded(&journey);
        let (number, _) = journey.last();
        let [values] = &store(&journey)[..] else { panic!("one file of values") };
        let kept = fs::read(values).unwrap();
        journey.done("erase", &["dossier", "A-1", "--reason", "theo yêu cầu"]);
        // As if the program had been killed before anything was gone.
        let without = fs::read(values).unwrap();
        fs::write(values, &kept).unwrap();
        let list = journey.bundle().join(format!("journal/personal/{:08}.erased.parquet", number + 1));
        fs::rename(&list, list.with_file_name(format!("{:08}.erasing.parquet", number + 1))).unwrap();
        let said = if command == "undo" {
            let number = number.to_string();
            journey.done(command, &[&[number.as_str()], &more[1..]].concat())
        } else {
            journey.done(command, more)
        };
        match command {
            "fsck" => {
                let said = flat(&said);
                assert!(said.contains("2 of them are still there"), "{said}");
                assert!(said.contains("The rest of these values was removed now."), "{said}");
            }
            "tidy" => {
                assert!(said.contains("Erasures finished that had been stopped half-way: 1."), "{said}")
            }
            _ => {}
        }
        assert_eq!(fs::read(values).unwrap(), without, "{command}");
        assert!(list.exists(), "{command}");
        let said = flat(&journey.done("fsck", &[]));
        assert!(said.starts_with("The journal is whole"), "{command}: {said}");
    }
}
