//! A bundle is what it says: the same from the same seed, and every trick listed.
#![allow(clippy::unwrap_used, reason = "a failing test may stop")]
use std::collections::{BTreeMap, BTreeSet};

use giaouoc_worktime::Zone;

use super::*;

type Line = BTreeMap<String, String>;

fn lines(path: &Path) -> Vec<Line> {
    csv::Reader::from_path(path).unwrap().deserialize().map(|line| line.unwrap()).collect()
}

fn written(name: &str, options: &Options) -> (tempfile::TempDir, PathBuf, Summary) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join(name);
    let summary = write(&out, options).unwrap();
    (folder, out, summary)
}

fn small() -> Options {
    Options { dossiers: 20_000, units: 150, seed: 7, format: Format::Csv, ..Options::default() }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_does_not() {
    let parquet = Options { dossiers: 3_000, format: Format::Parquet, ..small() };
    let (_a, first, _) = written("a", &parquet);
    let (_b, second, _) = written("b", &parquet);
    let (_c, other, _) = written("c", &Options { seed: 8, ..parquet });
    let bytes = |out: &Path| fs::read(out.join("records/dossier.parquet")).unwrap();
    assert!(bytes(&first) == bytes(&second));
    assert!(bytes(&first) != bytes(&other));
    for name in ["cluster.toml", "agreement.toml", "calendar.toml", "reports.toml"] {
        assert_eq!(
            fs::read_to_string(first.join(name)).unwrap(),
            fs::read_to_string(second.join(name)).unwrap()
        );
    }
}

#[test]
fn every_dossier_keeps_the_clock_except_the_planted_ones() {
    let (_folder, out, summary) = written("mau", &small());
    let rows = lines(&out.join("records/dossier.csv"));
    assert_eq!(rows.len(), 20_000);
    let planted = lines(&summary.planted_list);
    let of = |trick: &str| -> BTreeSet<&str> {
        planted.iter().filter(|line| line["trick"] == trick).map(|line| line["code"].as_str()).collect()
    };
    let (redated, refiled, bunched) = (of("re-dated"), of("re-filed"), of("bunched"));
    let listed = [redated.len() as u64, refiled.len() as u64, bunched.len() as u64];
    assert_eq!(summary.planted[..3], listed);
    assert!(
        listed.iter().all(|&count| count > 0) && summary.planted[3..] == [0; 11],
        "{:?}",
        summary.planted
    );
    let (calendar, zone) =
        (Calendar::builtin(DEFAULT_CALENDAR).unwrap(), Zone::get("Asia/Ho_Chi_Minh").unwrap());
    let at = |text: &str| match zone.parse_moment(text).unwrap() {
        giaouoc_worktime::Moment::Instant(at) => at,
        giaouoc_worktime::Moment::Day(day) => panic!("{day} has no time"),
    };
    let mut last = String::new();
    let mut seen = BTreeSet::new();
    for row in &rows {
        let code = row["code"].as_str();
        assert!(seen.insert(code), "{code} twice");
        let Some(received) = Some(row["received_at"].as_str()).filter(|text| !text.is_empty()) else {
            assert_eq!((row["status"].as_str(), row["due_at"].as_str()), ("3", ""));
            continue;
        };
        assert!(last.as_str() <= received, "not in order of receipt: {code}");
        received.clone_into(&mut last);
        let limit: i64 = row["time_limit_days"].parse().unwrap();
        let paused: i64 = row["paused_minutes"].parse().unwrap();
        let clock = calendar.add_working_seconds(at(received), (limit * 480 + paused) * 60).unwrap();
        assert_eq!(at(&row["due_at"]) != clock, redated.contains(code), "{code}");
        if !row["finished_at"].is_empty() {
            assert!(at(received) < at(&row["finished_at"]), "{code}");
            assert!(row["finished_at"].as_str() < "2025-07-01");
            assert!(!bunched.contains(code) || at(&row["finished_at"]) <= clock, "{code}");
        }
        assert_eq!(row["finished_at"].is_empty(), row["outcome"].is_empty());
    }
    let returned: BTreeSet<&str> =
        rows.iter().filter(|row| row["outcome"] == "returned").map(|row| row["code"].as_str()).collect();
    for line in planted.iter().filter(|line| line["trick"] == "re-filed") {
        assert!(returned.contains(line["earlier_code"].as_str()), "{line:?}");
    }
}

/// FNV-1a, so that the files of today are held without being kept.
fn digest(path: &Path) -> u64 {
    let bytes = fs::read(path).unwrap();
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

#[test]
fn without_all_tricks_every_byte_is_as_ever() {
    let (_folder, out, summary) = written("mau", &small());
    let all =
        ["records/dossier.csv", "cluster.toml", "agreement.toml", "README.md"].map(|name| out.join(name));
    let found =
        [digest(&all[0]), digest(&all[1]), digest(&all[2]), digest(&all[3]), digest(&summary.planted_list)];
    assert_eq!(found.map(|digest| format!("{digest:016x}")), AS_EVER);
}

/// Benchmarks and docs quote what the generator makes.
const AS_EVER: [&str; 5] =
    ["d0266b8dffecc7f2", "81b53c2928b4c168", "43541bd0ad3069c1", "8a3b5498b9c6757c", "cc8dabb605a36758"];

#[test]
fn all_tricks_are_played_with_the_same_city() {
    let large = Options { dossiers: 60_000, ..small() };
    let (_a, out, _) = written("mau", &large);
    let told: BTreeMap<String, Line> =
        lines(&out.join("records/dossier.csv")).into_iter().map(|row| (row["code"].clone(), row)).collect();
    let all = Options { planting: Planting::All, ..large.clone() };
    let (_b, out, summary) = written("moi", &all);
    assert!(summary.planted.iter().all(|&count| count > 0), "{:?}", summary.planted);
    assert!(!out.join("records").exists());
    let days: Vec<String> = summary.exports.iter().map(|(_, on)| on.to_string()).collect();
    assert_eq!(days, ["2025-06-30", "2025-07-31", "2025-08-31"]);
    let exports: Vec<Vec<Line>> = summary.exports.iter().map(|(path, _)| lines(path)).collect();
    // What arrives is the same; what becomes of it is not always.
    for row in &exports[0] {
        for column in ["unit", "procedure", "channel", "submitted_at", "received_at"] {
            assert_eq!(row[column], told[&row["code"]][column], "{column} of {}", row["code"]);
        }
    }
    assert!(exports[0].iter().all(|row| row["finished_at"].as_str() < "2025-07-01"));
    // Each planted record is in the export that the list names, and one held back in none before.
    let codes: Vec<BTreeSet<&str>> =
        exports.iter().map(|rows| rows.iter().map(|row| row["code"].as_str()).collect()).collect();
    for line in lines(&summary.planted_list) {
        let export: usize = line["export"].parse().unwrap();
        let (code, trick) = (line["code"].as_str(), line["trick"].as_str());
        assert!(codes[export - 1].contains(code) || ["re-dated", "withdrawn"].contains(&trick), "{line:?}");
        if trick == "held-back" {
            assert!(codes[..export - 1].iter().all(|before| !before.contains(code)), "{line:?}");
        }
        if trick == "re-keyed" {
            assert!(codes[0].contains(line["earlier_code"].as_str()), "{line:?}");
        }
        if ["corrected", "due-changed", "first-due-changed"].contains(&trick) {
            assert!(codes[0].contains(code), "{line:?}");
        }
    }
    // A dossier stands once at most in each.
    for (rows, codes) in exports.iter().zip(&codes) {
        assert_eq!(rows.len(), codes.len());
    }
    let (_c, again, _) = written("lai", &all);
    let path = |out: &Path| beside(out, ".exports").unwrap().join("3.csv");
    assert_eq!(digest(&path(&out)), digest(&path(&again)));
}

#[test]
fn shares_lie_where_the_source_has_them() {
    let (_folder, out, summary) = written("mau", &Options { dossiers: 60_000, ..small() });
    let rows = lines(&out.join("records/dossier.csv"));
    let finished: Vec<&Line> = rows.iter().filter(|row| !row["finished_at"].is_empty()).collect();
    let on_time = finished.iter().filter(|row| row["finished_at"] <= row["first_due_at"]).count();
    assert!((860..=960).contains(&(on_time * 1_000 / finished.len())), "{on_time} of {}", finished.len());
    let redated = summary.planted[0] * 1_000 / 60_000;
    assert!((20..=40).contains(&redated), "{redated} in 1,000 re-dated");
    let open = rows.len() - finished.len();
    assert!((5..=40).contains(&(open * 1_000 / rows.len())), "{open} open");
}

#[test]
fn options_out_of_range_and_full_folders_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for options in [
        Options { units: 0, ..small() },
        Options { months: 0, ..small() },
        Options { from: Date::constant(2024, 1, 2), ..small() },
        Options { from: Date::constant(2016, 1, 1), ..small() },
        Options { from: Date::constant(2026, 1, 1), ..small() },
    ] {
        let out = folder.path().join("x");
        assert!(write(&out, &options).is_err(), "{options:?}");
        assert!(!out.exists(), "a refused bundle leaves nothing behind");
    }
    fs::write(folder.path().join("something"), "").unwrap();
    let error = write(folder.path(), &small()).unwrap_err();
    let Refused(text) = error.downcast_ref().unwrap();
    assert!(text.get(Lang::Vi).contains("không trống") && text.get(Lang::En).contains("not empty"));
}

#[test]
fn few_dossiers_and_many_units_are_fine() {
    for (dossiers, units) in [(0, 1), (1, 1), (5, 2_000)] {
        let all = Options { dossiers, units, planting: Planting::All, ..small() };
        written("mau", &all);
        let (_folder, out, summary) = written("mau", &Options { dossiers, units, ..small() });
        assert_eq!(summary.dossiers, dossiers);
        assert_eq!(lines(&out.join("records/dossier.csv")).len() as u64, dossiers);
    }
}
