//! What `diff`, `score`, `log` and `explain` say of what changed, on the built program: figures of every measure, changed
//! rules, targets and units that are no more, records that were taken out.

use std::fs;

use serde_json::Value;

use crate::journey::{AGREEMENT, Journey, MARCH, flat};

/// Targets of the measures that no share is.
const MEASURES: &str = r#"
[[target]]
id = "days"
clause = "1"
name = "Tổng số ngày"
records = "dossier"
measure = "sum"
counted = "received_at in period and time_limit_days is known"
value = "time_limit_days"
goal = ">= 1"
[[target]]
id = "longest"
clause = "1"
name = "Hạn dài nhất"
records = "dossier"
measure = "percentile"
percentile = 100
counted = "received_at in period and time_limit_days is known"
value = "time_limit_days"
goal = ">= 1"
[[target]]
id = "limits"
clause = "1"
name = "Số mức hạn"
records = "dossier"
measure = "distinct"
counted = "received_at in period and time_limit_days is known"
value = "time_limit_days"
goal = ">= 1"
[[target]]
id = "received"
clause = "1"
name = "Đã tiếp nhận"
records = "dossier"
measure = "count"
counted = "received_at in period"
goal = ">= 1"
"#;

fn with_measures() -> Journey {
    let journey = Journey::new();
    fs::write(journey.bundle().join("agreement.toml"), format!("{AGREEMENT}{MEASURES}")).unwrap();
    journey
}

/// Loads rows of a key, a unit, a time limit, and maybe a day of receipt; says the number of the entry.
fn loaded(journey: &Journey, name: &str, rows: &str, more: &[&str]) -> u64 {
    let path = journey.folder.path().join(name);
    fs::write(&path, rows).unwrap();
    let mut args = vec!["dossier", path.to_str().unwrap()];
    args.extend(more);
    journey.done("load", &args);
    journey.last().0
}

fn figure<'j>(json: &'j Value, target: &str, unit: &str) -> &'j Value {
    let mut figures = json["figures"].as_array().unwrap().iter();
    figures.find(|figure| figure["target"] == target && figure["subject"] == unit).unwrap()
}

#[test]
fn sums_ranks_and_values_told_apart_name_the_records_that_moved_them() {
    let journey = with_measures();
    let first = "code,unit,received_at,time_limit_days\nA-1,M01,2020-03-02,3\nA-2,M01,2020-03-02,5\n";
    let from = loaded(&journey, "a.csv", first, &[]).to_string();
    let second = "code,unit,time_limit_days\nA-1,M01,9\n";
    let entry = loaded(&journey, "b.csv", second, &["--reason", "ghi nhầm"]);
    let said = flat(&journey.done("diff", &["--from", &from]));
    assert!(said.contains(&format!("entry {entry}")) && said.contains("+6 in the sum"), "{said}");
    assert_eq!(
        said.matches("A-1: 3 → 9").count(),
        3,
        "for the sum, the rank and the number of values: {said}"
    );
    assert!(!said.contains("A-2") && !said.contains("Đã tiếp nhận"), "{said}");
    assert!(!said.contains("+6 met"), "there is nothing to meet: {said}");
    let json: Value =
        serde_json::from_str(&journey.done("diff", &["--from", &from, "--format=json"])).unwrap();
    // The numbers that --from and --to take.
    assert_eq!((json["from"].to_string(), json["to"].as_u64()), (from.clone(), Some(entry)));
    for target in ["days", "longest", "limits"] {
        let by_entry = &figure(&json, target, "M01")["entries"][0];
        assert_eq!(by_entry["reason"], "ghi nhầm", "{target}");
        let record = &by_entry["records"][0];
        assert_eq!(record["key"], "A-1");
        assert_eq!((&record["value_before"], &record["value_after"]), (&"3".into(), &"9".into()), "{target}");
    }
    // A record that is gone.
    journey.done("withdraw", &["dossier", "A-2", "--reason", "trùng"]);
    let said = flat(&journey.done("diff", &["--from", &entry.to_string()]));
    assert!(said.contains("A-2: 5 → not there") && said.contains("A-2: counted → not there"), "{said}");
}

#[test]
fn what_a_changed_rule_did_stands_apart_from_what_the_entries_did() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &[]);
    let from = journey.last().0.to_string();
    let wider = AGREEMENT.replace("day(finished_at) <= day(first_due_at)", "finished_at is known");
    fs::write(journey.bundle().join("agreement.toml"), &wider).unwrap();
    let board = flat(&journey.done("score", &[]));
    assert!(board.contains("changed since and are not recorded"), "{board}");
    journey.loaded("more.csv", "A-3,M01,2020-03-02,2020-03-05,2020-12-09,granted\n", &["--reason", "sót"]);
    let board = flat(&journey.done("score", &[]));
    assert!(!board.contains("changed since and are not recorded"), "{board}");
    let said = flat(&journey.done("diff", &["--from", &from, "--unit", "M01"]));
    for words in [
        "50 % (1/2), not met → 100 % (3/3), met",
        "because texts of the bundle changed: 50 % (1/2), not met → 100 % (2/2), met",
        "+1 counted, +1 met; reason: sót",
        "A-3: not there → met",
    ] {
        assert!(said.contains(words), "“{words}” is not in: {said}");
    }
}

#[test]
fn figures_that_are_no_more_are_told() {
    let journey = with_measures();
    journey.loaded("march.csv", MARCH, &[]);
    let from = journey.last().0.to_string();
    let cluster = fs::read_to_string(journey.bundle().join("cluster.toml")).unwrap();
    let (rest, _) = cluster.rsplit_once("[[membership]]").unwrap();
    fs::write(journey.bundle().join("cluster.toml"), rest).unwrap();
    fs::write(journey.bundle().join("agreement.toml"), AGREEMENT).unwrap();
    journey.done("record", &[]);
    let said = flat(&journey.done("diff", &["--from", &from]));
    assert!(said.contains("Sở Tư pháp: 100 % (1/1), met → none"), "{said}");
    assert!(said.contains("Đã tiếp nhận (received) Sở Nội vụ: 2 (2), met → none"), "{said}");
    assert!(!said.contains("no data"), "where nothing was, nothing went: {said}");
    let of_unit = flat(&journey.done("diff", &["--from", &from, "--unit", "M02"]));
    assert!(of_unit.contains("100 % (1/1), met → none") && !of_unit.contains("Sở Nội vụ"), "{of_unit}");
    let of_target = flat(&journey.done("diff", &["--from", &from, "--target", "received"]));
    assert!(of_target.contains("2 (2), met → none") && !of_target.contains("100 %"), "{of_target}");
    let run = journey.run("diff", &["--from", &from, "--target", "never"]);
    assert_eq!(run.code, 2, "{}", run.out);
}

/// Each text has an entry, and together they are one change: no moment lies between them.
#[test]
fn texts_that_were_recorded_together_are_known_together() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &[]);
    let before = journey.score();
    let (first, _) = journey.last();
    for entry in 0..=first {
        let known = journey.done("score", &["--format=csv", "--known-at", &entry.to_string()]);
        assert_eq!(known == before, entry == first, "{entry}");
    }
    let path = journey.bundle().join("cluster.toml");
    let cluster = fs::read_to_string(&path).unwrap();
    let unit = "[[unit]]\ncode = \"M03\"\nname = \"Thanh tra\"\n[[membership]]\nunit = \"M03\"\nrole = \"member\"\nfrom = 2020-01-01\n";
    fs::write(&path, format!("{cluster}{unit}")).unwrap();
    let exempt = "[[exemption]]\nunit = \"M03\"\ntarget = \"on-time\"\nreason = \"không có hồ sơ\"\n";
    fs::write(journey.bundle().join("agreement.toml"), format!("{AGREEMENT}{exempt}")).unwrap();
    journey.done("record", &[]);
    let (last, _) = journey.last();
    assert_eq!(last, first + 2);
    let after = journey.score();
    for entry in first + 1..=last {
        let known = journey.done("score", &["--format=csv", "--known-at", &entry.to_string()]);
        assert_eq!(known, after, "{entry}");
    }
}

#[test]
fn a_record_that_was_taken_out_has_its_history() {
    let journey = Journey::new();
    journey.loaded("march.csv", MARCH, &["--exported-at", "2020-04-02"]);
    let (upload, _) = journey.last();
    journey.done("withdraw", &["dossier", "A-2", "--reason", "nhập hai lần"]);
    let (withdrawn, _) = journey.last();
    journey.loaded("again.csv", "A-2,M01,2020-03-02,2020-03-05,2020-03-09,granted\n", &[]);
    journey.done("withdraw", &["dossier", "A-2", "--reason", "vẫn trùng"]);
    let said = flat(&journey.done("explain", &["on-time", "--record", "A-2"]));
    for words in ["not among the records any more", "nhập hai lần — taken out", "vẫn trùng — taken out"]
    {
        assert!(said.contains(words), "“{words}” is not in: {said}");
    }
    let then = withdrawn.to_string();
    let said = flat(&journey.done("explain", &["on-time", "--record", "A-2", "--known-at", &then]));
    assert!(said.contains("nhập hai lần — taken out") && !said.contains("vẫn trùng"), "{said}");
    let run = journey.run("explain", &["on-time", "--record", "A-9"]);
    assert!(run.code == 2 && run.err.contains("never had a record “A-9”"), "{}", run.err);

    let log = flat(&journey.done("log", &[&upload.to_string()]));
    assert!(
        log.contains("exported at: 02/04/2020") && log.contains("3 versions brought; Merkle root"),
        "{log}"
    );
    let log = flat(&journey.done("log", &[&then]));
    assert!(log.contains("1 versions taken back; Merkle root") && !log.contains("brought"), "{log}");
    let run = journey.load("x.csv", MARCH, &["--exported-at", "2162-04-02"]);
    assert!(run.code == 2 && run.err.contains("still to come"), "{}", run.err);
    let run = journey.load("empty.csv", "", &[]);
    assert!(run.code == 0 && run.err.contains("no record in it"), "{}\n{}", run.out, run.err);
    let run = journey.run("withdraw", &["dossier", "A-1", "--reason", "  "]);
    assert!(run.code == 2 && run.err.contains("--reason <TEXT>: say why"), "{}", run.err);
}
