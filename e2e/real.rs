//! Real data made by others, with answers computed independently (`docs/real-data.md`). The data lie beside
//! the checkout; without them each test says loudly that it was skipped.

use std::path::Path;
use std::process::Command;

use crate::program::{Board, board, copy_of, giaouoc, root, shared};

/// A copy of the real bundle with the data file in its records, or nothing.
fn with_data(bundle: &str, data: &str) -> Option<tempfile::TempDir> {
    let data = shared(data)?;
    let dir = copy_of(&root().join("e2e/real").join(bundle));
    std::fs::create_dir_all(dir.path().join("records")).unwrap();
    std::fs::copy(&data, dir.path().join("records").join(data.file_name().unwrap())).unwrap();
    Some(dir)
}

fn expect(board: &Board, rows: &[(&str, &str, &str)]) {
    for (target, subject, share) in rows {
        assert_eq!(board.share(target, subject), *share, "{target} of {subject}");
    }
}

#[test]
fn the_permit_log_under_three_definitions_of_late() {
    let Some(dir) = with_data("permit-log", "receipt/cases.csv") else { return };
    expect(
        &board(dir.path()),
        &[
            // 924 ended; late: 244 by local day, 289 by UTC day, 305 by instant.
            ("on-time", "all", "680/924"),
            ("on-time/deadline-utc", "all", "635/924"),
            ("on-time/deadline-instant", "all", "619/924"),
            // Against the planned end: 252, 298, 312.
            ("on-time/planned-day", "all", "672/924"),
            ("on-time/planned-utc", "all", "626/924"),
            ("on-time/planned-instant", "all", "612/924"),
            ("on-time", "D1", "653/893"),
            ("on-time", "D2", "16/17"),
            ("on-time", "D3", "11/14"),
            ("on-time/deadline-instant", "D3", "8/14"),
            ("online", "all", "766/939"),
        ],
    );
}

#[test]
fn one_record_of_the_permit_log_says_how_it_counts() {
    let Some(dir) = with_data("permit-log", "receipt/cases.csv") else { return };
    let run = giaouoc([
        "explain".as_ref(),
        dir.path().as_os_str(),
        "on-time".as_ref(),
        "--record=case-3756".as_ref(),
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    // Ended 2010-11-29 14:51 local; due the same day at 01:06:40: on time by day, late by instant.
    assert!(run.out.contains("29/11/2010"), "{}", run.out);
    assert!(run.out.contains("case-3756"), "{}", run.out);
}

#[test]
fn phu_tho_is_reproduced_to_the_last_published_digit() {
    let Some(dir) = with_data("phu-tho-766", "phu-tho-766/progress_2026.csv") else { return };
    let csv = dir.path().join("records/progress_2026.csv");
    let made = Command::new("python3").arg(dir.path().join("make_cluster.py")).arg(&csv).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    std::fs::write(dir.path().join("cluster.toml"), &made.stdout).unwrap();
    std::fs::remove_file(dir.path().join("make_cluster.py")).unwrap();
    let board = board(dir.path());
    expect(
        &board,
        &[
            ("on-time", "all", "528684/597918"),
            ("on-time", "H44.01", "156/161"),
            ("on-time", "H44.139", "1077/1134"),
            ("on-time", "H44.220", "3164/3329"),
        ],
    );
    assert_eq!(board.figure("on-time", "H44.139")["verdict"], "not-met");
    assert_eq!(board.figure("on-time", "H44.220")["verdict"], "met");
    assert_eq!(board.figure("on-time", "H44.23")["verdict"], "no-cases");
    assert_eq!(board.figure("on-time", "H44.23")["grade"], "published-totals");
    let share = &board.line("on-time")["units_share"];
    assert_eq!((share["met"].as_i64(), share["of"].as_i64()), (Some(67), Some(162)));
    compare_published_ratios(&board, &csv);
}

/// Every office's ratio as the portal prints it: percent, half up to two decimals. The portal prints no
/// trailing zeros, and our figures show more decimals beside a goal they would seem to reach.
fn compare_published_ratios(board: &Board, csv: &Path) {
    let text = std::fs::read_to_string(csv).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    let ratio = head.iter().position(|name| *name == "ratio_pct").unwrap();
    let mut compared = 0;
    for line in lines {
        // Names hold no quoted commas after the first two columns, so counting from the right is safe.
        let cells: Vec<&str> = line.split(',').collect();
        let published = cells[cells.len() - (head.len() - ratio)];
        let amount = &board.figure("on-time", cells[0])["amount"];
        let (Some(met), Some(of)) = (amount["met"].as_i64(), amount["of"].as_i64()) else { continue };
        if of == 0 {
            continue;
        }
        let hundredths = (met * 10_000 * 2 + of) / (of * 2);
        let (whole, rest) = published.split_once('.').unwrap_or((published, "0"));
        let theirs = whole.parse::<i64>().unwrap() * 100 + format!("{rest:0<2}").parse::<i64>().unwrap();
        assert_eq!(hundredths, theirs, "{line}");
        compared += 1;
    }
    assert_eq!(compared, 162);
}

#[test]
fn bostons_labels_are_explained() {
    let Some(dir) = with_data("boston-311", "boston-311/requests.csv") else { return };
    expect(
        &board(dir.path()),
        &[
            ("on-time", "all", "72/89"),
            ("on-time/as-labelled", "all", "83/100"),
            ("on-time/no-target-is-on-time", "all", "83/100"),
            ("on-time/no-target-is-not", "all", "72/100"),
            ("label-explained", "all", "89/89"),
            ("silent", "all", "11/11"),
            ("silent/still-open", "all", "3/11"),
        ],
    );
}

#[test]
fn the_catalogue_has_an_online_channel_in_1308_of_2032() {
    let Some(dir) = with_data("catalogue", "procedures/catalogue_2026.csv") else { return };
    let board = board(dir.path());
    let line = board.0["scoreboard"]["targets"][0]["target"].as_str().unwrap().to_owned();
    assert_eq!(board.share(&line, "all"), "1308/2032");
}

/// Three cases whose planned end was put behind the deadline, and nothing else, is asked about.
#[test]
fn the_permit_log_raises_one_question() {
    let Some(dir) = with_data("permit-log", "receipt/cases.csv") else { return };
    let run = giaouoc(["signals".as_ref(), dir.path().as_os_str(), "--format=csv".as_ref()]);
    assert_eq!(run.code, 0, "{}", run.err);
    let lines: Vec<Vec<&str>> = run.out.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let told: Vec<(&str, &str, &str)> = lines.iter().map(|cells| (cells[0], cells[2], cells[6])).collect();
    let case = |key| ("D1", "due-moved", key);
    assert_eq!(told, [case("case-6335"), case("case-6678"), case("case-7301")], "{}", run.out);
}

/// The permit log loaded with its mapping alone, as a person would: no code, sums said.
#[test]
fn the_permit_log_loads_with_a_mapping_file() {
    let Some(data) = shared("receipt/cases.csv") else { return };
    let dir = copy_of(&root().join("e2e/real/permit-log"));
    let map = dir.path().join("maps/cases.toml");
    let cluster = std::fs::read_to_string(dir.path().join("cluster.toml")).unwrap();
    let (before, _) = cluster.split_once("[[file]]").unwrap();
    std::fs::write(dir.path().join("cluster.toml"), before).unwrap();
    let run = giaouoc([
        "load".as_ref(),
        dir.path().as_os_str(),
        "dossier".as_ref(),
        data.as_os_str(),
        "--map".as_ref(),
        map.as_os_str(),
    ]);
    assert!(run.out.contains("939"), "{}\n{}", run.out, run.err);
    let loaded = board(dir.path());
    assert_eq!(loaded.share("on-time", "all"), "680/924", "what was loaded measures as the file did");
}
