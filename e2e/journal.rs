//! What people do with a journal, from beginning to end, on the built program: correcting, undoing, replacing,
//! transferring, and asking what was known.

use std::fs;

use serde_json::Value;

use crate::journey::{AGREEMENT, Journey, MARCH, flat};

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

/// Whoever only looks writes nothing, also where files of the index were deleted: those are made again by whoever
/// writes anyway.
/// The article's cluster, loaded file by file, has the figures of the files.
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
