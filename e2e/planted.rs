//! A generated city with every trick in it, loaded export by export as a person would, and measured: what each signal
//! asks against the list of what was planted. The table is printed (`--nocapture`) and stands in docs/signals.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::journey::flat;
use crate::program::{giaouoc, giaouoc_in};
use crate::signals::{keys, report, units};

type Keys = BTreeSet<String>;

/// The three exports with the days on which they were made.
const EXPORTS: [(&str, &str); 3] = [("1", "2025-06-30"), ("2", "2025-07-31"), ("3", "2025-08-31")];

/// Makes a city in a folder, and loads its exports in order.
fn city(folder: &Path, dossiers: &str, units: &str, seed: &str) -> PathBuf {
    let bundle = folder.join("city");
    let path = bundle.to_str().unwrap();
    let made =
        giaouoc(["example", path, "--dossiers", dossiers, "--units", units, "--seed", seed, "--tricks=all"]);
    assert_eq!(made.code, 0, "{}", made.err);
    for (name, on) in EXPORTS {
        let export = folder.join(format!("city.exports/{name}.parquet"));
        let export = export.to_str().unwrap();
        // The commands are printed as they are to be typed.
        let line = format!("giaouoc load {path} dossier {export} --exported-at {on}\n");
        assert!(made.out.contains(&line), "{line} is not in {}", made.out);
        let run =
            giaouoc(["load", path, "dossier", export, "--exported-at", on, "--reason", "bản xuất tháng"]);
        assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
        if name == "2" {
            withdrawn(folder, &bundle, &made.out);
        }
        assert!(flat(&run.out).contains(" 0 rejected"), "{}", run.out);
    }
    bundle
}

/// Withdraws what the city's system has no longer.
fn withdrawn(folder: &Path, bundle: &Path, said: &str) {
    let list = folder.join("city.exports/withdrawn.txt");
    let line =
        format!("xargs giaouoc withdraw {} dossier --reason REASON < {}\n", bundle.display(), list.display());
    assert!(said.contains(&line), "{line} is not in {said}");
    let keys = fs::read_to_string(list).unwrap();
    let mut args = vec!["withdraw", bundle.to_str().unwrap(), "dossier", "--reason", "nhập trùng"];
    args.extend(keys.lines());
    let run = giaouoc(args);
    assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
}

/// The planted list: by trick the keys that are to be asked about, and the finishes that would have stood there.
fn planted(folder: &Path) -> (BTreeMap<String, Keys>, Vec<[String; 3]>) {
    let (mut by_trick, mut lines) = (BTreeMap::<String, Keys>::new(), Vec::new());
    let list = fs::read_to_string(folder.join("city.planted.csv")).unwrap();
    assert_eq!(list.lines().next(), Some("code,trick,earlier_code,true_value,export"));
    for line in list.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        assert!(["1", "2", "3"].contains(&cells[4]), "{line}");
        // Of a dossier that was filed again it is the returned one that is asked about.
        let key = if cells[1] == "re-filed" { cells[2] } else { cells[0] };
        let keys = by_trick.entry(cells[1].to_owned()).or_default();
        keys.insert(key.to_owned());
        // Of one under another key both are: that the old one left, and that the new one is in time.
        if cells[1] == "re-keyed" {
            keys.insert(cells[2].to_owned());
        }
        lines.push([cells[0], cells[1], cells[3]].map(str::to_owned));
    }
    (by_trick, lines)
}

fn unit_of(key: &str) -> String {
    key.rsplitn(3, '-').nth(2).unwrap().to_owned()
}

/// Months' ends that finishes were entered for, with how many; the month before the true finish.
fn month_ends(lines: &[[String; 3]]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for [code, _, value] in lines.iter().filter(|[_, trick, _]| trick == "month-end") {
        let (year, month): (u32, u32) = (value[..4].parse().unwrap(), value[5..7].parse().unwrap());
        let (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
        *counts.entry(format!("{} {year}-{month:02}", unit_of(code))).or_default() += 1;
    }
    counts
}

/// The units and months that are asked about.
fn asked_months(report: &Value) -> Keys {
    let all = report["questions"].as_array().unwrap().iter();
    let mine = all.filter(|question| question["signal"] == "finished-at-period-end");
    mine.flat_map(|question| {
        let unit = question["unit"].as_str().unwrap();
        let seen = question["seen"].as_array().unwrap();
        seen.iter().map(move |seen| format!("{unit} {}", &seen["en"].as_str().unwrap()[..7]))
    })
    .collect()
}

/// A line of the table: how often was asked, what was planted, and what of what was asked is right.
struct Line {
    what: &'static str,
    found: Keys,
    planted: Keys,
    /// What may be asked: what was planted, and what is as much of a trick.
    right: Keys,
    /// Floors of precision and recall, in per mille.
    floors: [usize; 2],
}

impl Line {
    fn measured(&self) -> [usize; 2] {
        assert!(!self.found.is_empty() && !self.planted.is_empty(), "{}: nothing to measure", self.what);
        let right = self.found.intersection(&self.right).count();
        let met = self.found.intersection(&self.planted).count();
        [right * 1000 / self.found.len(), met * 1000 / self.planted.len()]
    }
}

#[test]
fn signals_find_what_was_planted_with_all_tricks() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = city(folder.path(), "200000", "60", "3");
    let (planted, lines) = planted(folder.path());
    let report = report(&bundle);
    let found = keys(&report);
    let of = |tricks: &[&str]| -> Keys { tricks.iter().flat_map(|trick| planted[*trick].clone()).collect() };
    let by_unit = |keys: Keys| -> Keys { keys.iter().map(|key| unit_of(key)).collect() };
    let line = |what: &'static str, tricks: &[&str], floors| {
        let planted = of(tricks);
        Line { what, found: found[what].clone(), right: planted.clone(), planted, floors }
    };
    let units = |what, trick: &str, right: Keys, floors| Line {
        what,
        found: units(&report, what),
        planted: by_unit(of(&[trick])),
        right,
        floors,
    };
    let months = month_ends(&lines);
    let table = [
        line("due-moved", &["re-dated", "due-changed"], [990, 990]),
        line("due-moved-between-versions", &["due-changed", "first-due-changed"], [650, 990]),
        line("late-pause", &["late-pause"], [930, 880]),
        units("finished-at-due", "bunched", by_unit(of(&["bunched"])), [900, 600]),
        Line {
            what: "finished-at-period-end",
            found: asked_months(&report),
            // Fewer in a month are no bunch.
            planted: months
                .iter()
                .filter(|(_, count)| **count >= 10)
                .map(|(month, _)| month.clone())
                .collect(),
            right: months.keys().cloned().collect(),
            floors: [950, 400],
        },
        line("finished-outside-hours", &["out-of-hours"], [800, 840]),
        line("returned-and-filed-again", &["re-filed"], [850, 970]),
        line("known-late", &["held-back"], [720, 940]),
        line("flipped", &["corrected", "first-due-changed", "withdrawn", "re-keyed"], [700, 990]),
        line("limit-unlike-catalogue", &["long-limit"], [870, 960]),
        // Who returns dossiers and takes them in again returns many as well.
        units("many-returns", "returned", by_unit(of(&["returned", "re-filed"])), [800, 750]),
    ];
    for line in &table {
        let [precision, recall] = line.measured();
        let (asked, planted) = (line.found.len(), line.planted.len());
        eprintln!(
            "{}: {asked} asked, {planted} planted, precision {precision} ‰, recall {recall} ‰",
            line.what
        );
    }
    for line in &table {
        let measured = line.measured();
        assert!(
            measured[0] >= line.floors[0] && measured[1] >= line.floors[1],
            "{}: {measured:?}",
            line.what
        );
    }
    // Asked again, the same is said in the same order.
    assert!(report == crate::signals::report(&bundle), "two runs differ");
    // Each signal that dossiers can show has its line.
    let named: BTreeSet<&str> = table.iter().map(|line| line.what).collect();
    let about = report["signals"].as_array().unwrap().iter().filter(|about| about["kind"] == "dossier");
    let all: BTreeSet<&str> = about.map(|about| about["code"].as_str().unwrap()).collect();
    assert_eq!(named, all);
}

#[test]
fn a_city_with_all_tricks_says_what_it_is_in_both_languages_and_takes_no_full_folder() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("city");
    let path = out.to_str().unwrap();
    let few = ["example", path, "--dossiers=2000", "--units=12", "--tricks=all", "--format=csv"];
    for (locale, words) in [("vi_VN.UTF-8", "nạp lần lượt"), ("en_US.UTF-8", "to be loaded in order")]
    {
        let run = giaouoc_in(locale, 80, few);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.out.contains(words), "{}", run.out);
        fs::remove_dir_all(&out).unwrap();
        // The exports of before are still there.
        let again = giaouoc_in(locale, 80, few);
        assert_eq!(again.code, 2, "{}", again.out);
        assert!(again.err.contains("city.exports"), "{}", again.err);
        fs::remove_dir_all(folder.path().join("city.exports")).unwrap();
        let _ = fs::remove_dir_all(&out);
    }
}
