//! Questions raised by data: planted cases are found, innocent ones beside them are not, and none touches a figure.
//! What each found of what was planted is printed (`--nocapture`) and stands in docs/signals.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::journey::{Journey, MARCH};
use crate::program::giaouoc;
use crate::schema::Schema;

pub fn report(bundle: &std::path::Path) -> Value {
    let run = giaouoc([
        "signals".as_ref(),
        bundle.as_os_str(),
        "--format=json".as_ref(),
        "--examples=1000000".as_ref(),
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

/// The keys that each signal names.
pub fn keys(report: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for question in report["questions"].as_array().unwrap() {
        let held = found.entry(question["signal"].as_str().unwrap().to_owned()).or_default();
        let cases = question["cases"].as_array().unwrap();
        held.extend(cases.iter().map(|case| case["key"].as_str().unwrap().to_owned()));
    }
    found
}

pub fn units(report: &Value, signal: &str) -> BTreeSet<String> {
    let all = report["questions"].as_array().unwrap().iter();
    let mine = all.filter(|question| question["signal"] == signal);
    mine.map(|question| question["unit"].as_str().unwrap().to_owned()).collect()
}

/// Prints precision and recall in per mille, and holds them against floors.
fn measured(what: &str, found: &BTreeSet<String>, planted: &BTreeSet<String>, floors: [usize; 2]) {
    let right = found.intersection(planted).count();
    assert!(!found.is_empty() && !planted.is_empty(), "{what}: nothing to measure");
    let [precision, recall] = [right * 1000 / found.len(), right * 1000 / planted.len()];
    eprintln!(
        "{what}: {} asked, {} planted, precision {precision} ‰, recall {recall} ‰",
        found.len(),
        planted.len()
    );
    assert!(precision >= floors[0] && recall >= floors[1], "{what}: {precision} ‰, {recall} ‰");
}

#[test]
fn what_the_generator_planted_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("made");
    let path = bundle.to_str().unwrap();
    let run = giaouoc(["example", path, "--dossiers", "400000", "--units", "200", "--seed", "1"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let mut planted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let list = fs::read_to_string(folder.path().join("made.planted.csv")).unwrap();
    for line in list.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        // Of a dossier that was filed again it is the returned one that is asked about.
        let key = if cells[1] == "re-filed" { cells[2] } else { cells[0] };
        planted.entry(cells[1].to_owned()).or_default().insert(key.to_owned());
    }
    let report = report(&bundle);
    let found = keys(&report);
    measured("due-moved", &found["due-moved"], &planted["re-dated"], [990, 990]);
    measured(
        "returned-and-filed-again",
        &found["returned-and-filed-again"],
        &planted["re-filed"],
        [700, 950],
    );
    let of = |keys: &BTreeSet<String>| -> BTreeSet<String> {
        keys.iter().map(|key| key.rsplitn(3, '-').nth(2).unwrap().to_owned()).collect()
    };
    let bunched = of(&planted["bunched"]);
    measured("finished-at-due, by unit", &units(&report, "finished-at-due"), &bunched, [950, 800]);
}

/// A bundle whose dossiers are given whole.
fn given(rows: &str) -> Journey {
    let journey = Journey::new();
    let head = "code,unit,procedure,channel,received_at,time_limit_days,first_due_at,due_at,pauses,finished_at,outcome\n";
    fs::write(journey.bundle().join("records/dossier.csv"), format!("{head}{rows}")).unwrap();
    journey
}

#[test]
fn pauses_hours_limits_and_month_ends_are_asked_about_and_their_look_alikes_are_not() {
    let mut rows = String::new();
    let at = |day: &str, time: &str| format!("2020-{day}T{time}+07:00");
    let mut row =
        |key: &str, unit: &str, received: &str, limit: &str, due: &str, pauses: &str, finished: &str| {
            writeln!(
                rows,
                "{key},{unit},P1,online,{received},{limit},{due},{due},{pauses},{finished},granted"
            )
            .unwrap();
        };
    // Paused two hours before due, and ended late; the look-alikes paused in the middle, or ended in time.
    let (from, due, late) = (at("03-02", "08:00:00"), at("03-12", "17:00:00"), at("03-23", "10:00:00"));
    let stretch = |from: String| format!("{from}/{}", at("03-20", "08:00:00"));
    row("PAUSE-1", "M01", &from, "8", &due, &stretch(at("03-12", "15:00:00")), &late);
    row("PAUSE-2", "M01", &from, "8", &due, &stretch(at("03-05", "15:00:00")), &late);
    row("PAUSE-3", "M01", &from, "8", &due, &stretch(at("03-12", "15:00:00")), &at("03-12", "16:00:00"));
    // A real pause moved the date to the 16th, and just before that there was another one; or long before it.
    let twice = |second: &str| {
        let first = format!("{}/{}", at("03-04", "08:00:00"), at("03-06", "08:00:00"));
        format!("{first}; {}/{}", at(second, "15:00:00"), at("03-20", "08:00:00"))
    };
    row("PAUSE-4", "M01", &from, "8", &due, &twice("03-16"), &late);
    row("PAUSE-5", "M01", &from, "8", &due, &twice("03-10"), &late);
    // Finished on a Saturday; received and finished on a Saturday; at midnight, which is a bare day.
    row("HOURS-1", "M01", &from, "8", &due, "", &at("03-07", "10:00:00"));
    row("HOURS-2", "M01", &at("03-07", "09:00:00"), "8", &due, "", &at("03-07", "10:00:00"));
    row("HOURS-3", "M01", &from, "8", &due, "", &at("03-08", "00:00:00"));
    // Thirty working days where all others have eight; ten are no question.
    row("LIMIT-1", "M01", &from, "30", &at("04-14", "17:00:00"), "", &at("03-03", "10:00:00"));
    row("LIMIT-2", "M01", &from, "9", &at("03-13", "17:00:00"), "", &at("03-03", "10:00:00"));
    // The second unit ends sixty on the last working day of March, and four on every other; the first sixty in the middle.
    for day in 2..=30_u32 {
        for month in [3, 4] {
            let name = format!("{month:02}-{day:02}");
            let extra = if (month, day) == (3, 18) { 60 } else { 0 };
            let weekend = [1, 7, 8, 14, 15, 21, 22, 28, 29].contains(&day) && month == 3
                || [2, 4, 5, 11, 12, 18, 19, 25, 26, 30].contains(&day) && month == 4;
            for number in 0..if weekend { 0 } else { 4 } {
                row(&format!("B-{month}{day}-{number}"), "M02", &from, "8", &due, "", &at(&name, "10:00:00"));
            }
            for number in 0..extra {
                row(&format!("C-{number}"), "M01", &from, "8", &due, "", &at(&name, "10:00:00"));
            }
        }
    }
    for number in 0..60 {
        row(&format!("END-{number}"), "M02", &from, "8", &due, "", &at("03-31", "10:00:00"));
    }
    let journey = given(&rows);
    let before = journey.score();
    let report = report(&journey.bundle());
    let found = keys(&report);
    let only = |signal: &str, key: &str| {
        assert_eq!(found[signal], BTreeSet::from([key.to_owned()]), "{signal}");
    };
    let paused = ["PAUSE-1", "PAUSE-4"].map(str::to_owned);
    assert_eq!(found["late-pause"], BTreeSet::from(paused));
    only("finished-outside-hours", "HOURS-1");
    only("limit-unlike-catalogue", "LIMIT-1");
    assert_eq!(units(&report, "finished-at-period-end"), BTreeSet::from(["M02".to_owned()]));
    // What needs versions is said to need them.
    let without: Vec<&str> =
        report["not_asked"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    assert_eq!(without, ["due-moved-between-versions", "known-late", "flipped"]);
    assert_eq!(journey.score(), before, "a question moves no figure");
    // Days as people of the language write them.
    let asked = report["questions"].as_array().unwrap().iter().find(|q| q["signal"] == "late-pause").unwrap();
    let evidence = &asked["cases"][1]["evidence"][0];
    assert_eq!(
        evidence["en"],
        "paused from 2020-03-16 15:00, first due 2020-03-12 17:00, moved by earlier pauses to 2020-03-16 17:00"
    );
    assert_eq!(
        evidence["vi"],
        "tạm dừng từ 16/03/2020 15:00, hạn đầu tiên 12/03/2020 17:00, tạm dừng trước đó dời đến 16/03/2020 17:00"
    );
    let english = report["questions"].to_string();
    for part in english.split("\"en\":").skip(1).filter_map(|part| part.split('"').nth(1)) {
        assert!(!part.contains("/2020"), "{part}");
    }
    let said = journey.done("signals", &["--lang", "vi"]);
    for words in ["Có thể là", "quyền trả lời", "cần có sổ thay đổi"] {
        assert!(crate::journey::flat(&said).contains(words), "{words}: {said}");
    }
}

#[test]
fn corrections_withdrawals_and_late_news_are_asked_about_once_there_are_versions() {
    let journey = Journey::new();
    // What comes first is never late news, whenever it happened.
    journey.loaded("march.csv", MARCH, &[]);
    assert!(keys(&report(&journey.bundle())).is_empty());
    // Not met becomes met; a first due date changes; a record of long ago; beside them what changes nothing.
    let rows = "A-2,M01,2020-03-02,2020-03-05,2020-03-05,granted\n\
                B-1,M02,2020-03-02,2020-03-09,2020-03-04,granted\n\
                A-1,M01,2020-03-02,2020-03-05T17:30:00+07:00,2020-03-04,granted\n";
    journey.loaded("sửa.csv", rows, &["--reason", "nhập nhầm"]);
    let (entry, _) = journey.last();
    journey.loaded("mới.csv", "N-1,M02,2020-03-02,2020-03-05,2020-03-04,granted\n", &[]);
    let found = report(&journey.bundle());
    let asked = keys(&found);
    let one = |key: &str| BTreeSet::from([key.to_owned()]);
    assert_eq!(asked["flipped"], one("A-2"));
    assert_eq!(asked["due-moved-between-versions"], one("B-1"));
    assert_eq!(asked["known-late"], one("N-1"));
    let flipped = found["questions"].as_array().unwrap().iter().find(|q| q["signal"] == "flipped").unwrap();
    assert_eq!(flipped["cases"][0]["entry"], entry);
    assert!(flipped["cases"][0]["evidence"][1]["vi"].as_str().unwrap().contains("nhập nhầm"));
    let turned = flipped["seen"][0]["en"].as_str().unwrap();
    assert!(turned.contains("from not met to met"), "{turned}");
    // An undo says nothing anew, and what it undid is still history.
    journey.done("undo", &[&entry.to_string(), "--reason", "trả lại"]);
    assert_eq!(keys(&report(&journey.bundle()))["flipped"], one("A-2"));
}

#[test]
fn a_backlog_of_exports_was_known_when_they_were_made() {
    let journey = Journey::new();
    journey.loaded("3.csv", MARCH, &["--exported-at", "2020-03-31"]);
    // Of the month that the export is of; of the month before, which that month's export did not have.
    let april = "N-1,M01,2020-04-20,2020-04-24,2020-04-22,granted\n\
                 N-2,M01,2020-03-02,2020-03-06,2020-03-04,granted\n";
    journey.loaded("4.csv", april, &["--exported-at", "2020-04-30"]);
    // An older export that turns up later had what was new in its own month.
    let february = "N-3,M02,2020-02-10,2020-02-14,2020-02-12,granted\n";
    journey.loaded("2.csv", february, &["--exported-at", "2020-02-29"]);
    let found = report(&journey.bundle());
    assert_eq!(keys(&found)["known-late"], BTreeSet::from(["N-2".to_owned()]));
    let question =
        found["questions"].as_array().unwrap().iter().find(|q| q["signal"] == "known-late").unwrap();
    assert_eq!(
        question["cases"][0]["evidence"][0]["en"],
        "happened 2020-03-04, known 2020-04-30 (57 days later); the upload before was of 2020-03-31"
    );
}

#[test]
fn a_verdict_is_not_put_down_to_a_correction_that_came_with_new_records() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &[]);
    let mut rows = "A-2,M01,2020-03-02,2020-03-05,2020-03-05,granted\n".to_owned();
    for number in 0..40 {
        writeln!(rows, "N-{number},M01,2026-11-02,2026-11-05,2026-11-04,granted").unwrap();
    }
    journey.loaded("lẫn.csv", &rows, &["--reason", "nhập nhầm"]);
    let found = report(&journey.bundle());
    let flipped = found["questions"].as_array().unwrap().iter().find(|q| q["signal"] == "flipped").unwrap();
    assert_eq!(flipped["cases"][0]["key"], "A-2");
    assert_eq!(flipped["seen"], Value::Array(Vec::new()), "which records turned it cannot be told");
}

#[test]
fn a_verdict_that_cannot_be_computed_again_is_said_to_be_so() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &[]);
    let rows = "A-2,M01,2020-03-02,2020-03-05,2020-03-05,granted\n";
    journey.loaded("sửa.csv", rows, &["--reason", "nhập nhầm"]);
    // The agreement as it was then is gone.
    for text in fs::read_dir(journey.bundle().join("journal/texts")).unwrap() {
        let path = text.unwrap().path();
        if fs::read_to_string(&path).unwrap().contains("on-time") {
            fs::remove_file(path).unwrap();
        }
    }
    let (entry, _) = journey.last();
    let found = report(&journey.bundle());
    let flipped = found["questions"].as_array().unwrap().iter().find(|q| q["signal"] == "flipped").unwrap();
    assert_eq!(flipped["cases"][0]["key"], "A-2");
    for (lang, words) in [("vi", "chưa tính lại được"), ("en", "could not be computed: ")] {
        let said = flipped["seen"][0][lang].as_str().unwrap();
        assert!(said.contains(&entry.to_string()) && said.contains(words), "{said}");
        assert!(said.contains("texts/"), "the reason is said: {said}");
    }
}

#[test]
fn every_target_that_a_record_failed_is_compared() {
    let journey = Journey::new();
    let text = fs::read_to_string(journey.bundle().join("agreement.toml")).unwrap();
    let other = "\n[[target]]\nid = \"granted\"\nclause = \"1\"\nname = \"Cấp\"\nrecords = \"dossier\"\ncounted = \"finished_at in period\"\nmet = \"outcome = 'refused'\"\ngoal = \">= 1 %\"\n  [[target.example]]\n  records = [{ finished_at = \"2020-03-05\", outcome = \"granted\" }]\n  expect = \"0/1\"\n";
    // The first target is one that no correction turns.
    let at = text.find("[[target]]").unwrap();
    fs::write(journey.bundle().join("agreement.toml"), format!("{}{}\n{}", &text[..at], other, &text[at..]))
        .unwrap();
    journey.loaded("march.csv", MARCH, &[]);
    journey.loaded(
        "sửa.csv",
        "A-2,M01,2020-03-02,2020-03-05,2020-03-05,granted\n",
        &["--reason", "nhập nhầm"],
    );
    assert!(keys(&report(&journey.bundle()))["flipped"].contains("A-2"));
}

#[test]
fn a_withdrawn_record_that_comes_back_under_a_new_key_and_in_time_is_asked_about() {
    let journey = Journey::new();
    let march = "A-2,M01,2020-03-02T08:15:00+07:00,2020-03-05,2020-03-09,granted\n\
                 B-1,M02,2020-03-02T09:00:00+07:00,2020-03-05,2020-03-04,granted\n\
                 C-1,M01,2020-03-02,2020-03-05,2020-03-09,granted\n";
    journey.loaded("march.csv", march, &[]);
    journey.done("withdraw", &["dossier", "A-2", "B-1", "C-1", "--reason", "nhập trùng"]);
    // A-2 was late and is withdrawn: that is one question. Under a new key it is in time: another one.
    // Of C-1 only the day of receipt is known: another dossier of that day is nobody's new key.
    let rows = "A-9,M01,2020-03-02T08:15:00+07:00,2020-03-05,2020-03-05,granted\n\
                B-9,M02,2020-03-02T09:00:00+07:00,2020-03-05,2020-03-04,granted\n\
                C-9,M01,2020-03-02,2020-03-05,2020-03-05,granted\n";
    journey.loaded("mới.csv", rows, &[]);
    let asked = keys(&report(&journey.bundle()));
    let told: Vec<&str> = asked["flipped"].iter().map(String::as_str).collect();
    assert_eq!(told, ["A-2", "A-9", "C-1"], "B-1 was in time, so its leaving flips nothing");
    // Under another key a dossier is no late news; nobody knows that of C-9.
    assert_eq!(asked["known-late"], BTreeSet::from(["C-9".to_owned()]));
}

#[test]
fn a_new_key_is_asked_about_for_the_target_that_the_old_one_failed() {
    let journey = Journey::new();
    let text = fs::read_to_string(journey.bundle().join("agreement.toml")).unwrap();
    let granted = "\n[[target]]\nid = \"granted\"\nclause = \"1\"\nname = \"Cấp\"\nrecords = \"dossier\"\ncounted = \"finished_at in period\"\nmet = \"outcome = 'granted'\"\ngoal = \">= 1 %\"\n";
    fs::write(journey.bundle().join("agreement.toml"), format!("{text}{granted}")).unwrap();
    // In time and refused; late and granted.
    let march = "A-1,M01,2020-03-02T08:15:00+07:00,2020-03-05,2020-03-05,refused\n\
                 A-2,M01,2020-03-02T09:15:00+07:00,2020-03-05,2020-03-09,granted\n";
    journey.loaded("march.csv", march, &[]);
    journey.done("withdraw", &["dossier", "A-1", "A-2", "--reason", "đánh lại mã"]);
    // The same under new keys: each meets what it met, and fails what it failed.
    journey.loaded("mới.csv", &march.replace("A-", "A-9"), &[]);
    let asked = keys(&report(&journey.bundle()));
    assert_eq!(asked["flipped"], BTreeSet::from(["A-1", "A-2"].map(str::to_owned)), "only that they left");
    let all = report(&journey.bundle())["questions"].to_string();
    assert!(
        all.contains("granted: not met → withdrawn") && all.contains("on-time: not met → withdrawn"),
        "{all}"
    );
}

#[test]
fn titles_nearly_alike_are_asked_of_the_later_one() {
    let journey = Journey::new();
    let text = "code,unit,title,registered_on\n\
        S-2,M02,\"Qua bưu chính, RÚT NGẮN thời gian cấp phiếu lý lịch tư pháp\",2020-02-01\n\
        S-1,M01,Rút ngắn thời gian cấp phiếu lý lịch tư pháp qua bưu chính,2019-02-01\n\
        S-3,M02,Số hóa sổ hộ tịch tại phòng tư pháp các quận,2020-02-01\n";
    fs::write(journey.bundle().join("records/initiative.csv"), text).unwrap();
    let found = keys(&report(&journey.bundle()));
    assert_eq!(found["similar-initiatives"], BTreeSet::from(["S-2".to_owned()]));
}

#[test]
fn what_the_schema_says_of_signals_is_so() {
    let schema = Schema::of("docs/signals.schema.json");
    let run = giaouoc(["signals", "examples/ha-noi-cum-vi-2020", "--format=json"]);
    let made: Value = serde_json::from_str(&run.out).unwrap();
    let wrong = schema.wrong("#/$defs/report", &made);
    assert!(wrong.is_empty(), "{wrong:?}");
}
