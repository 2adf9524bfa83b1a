//! Time limits in words: read where they say one limit, refused where they do not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

mod common;

use std::collections::BTreeMap;

use common::*;
use giaouoc_agreement::limit::TimeLimit;
use giaouoc_intake::{Input, Limits, Units};

#[test]
fn words_become_the_canonical_limit_and_its_working_days() {
    let csv = "\
Mã thủ tục;Đơn vị;Thời hạn giải quyết
1.000001;H26.01;03 ngày làm việc
1.000002;H26.01;20 ngày
1.000003;H26.01;\"Ngay trong ngày; sau 15 giờ sang ngày làm việc tiếp theo\"
1.000004;H26.01;08 giờ làm việc
1.000005;H26.01;
1.000006;H26.01;2 Ngày làm việc, 3 Ngày làm việc
1.000007;H26.01;15
";
    let (summary, out) = load("procedure", "a.csv", csv.as_bytes(), "").unwrap();
    assert_eq!(
        written(&out),
        "code,unit,time_limit,time_limit_days\n\
         1.000001,H26.01,3 working days,3\n\
         1.000002,H26.01,20 days,\n\
         1.000003,H26.01,\"same day, from 15:00 the next working day\",\n\
         1.000004,H26.01,8 working hours,\n\
         1.000005,H26.01,,\n"
    );
    assert_eq!(
        rejected(&out),
        [
            r#"7 time_limit several-limits "2 Ngày làm việc, 3 Ngày làm việc""#,
            r#"8 time_limit limit-without-unit "15""#
        ]
    );
    assert_eq!(sums(&summary), "7 = 5 + 2 + 0");
    // What was written is read back as the same.
    let (_, again) = load("procedure", "b.csv", written(&out).as_bytes(), "").unwrap();
    assert_eq!(written(&again), written(&out));
}

#[test]
fn what_is_no_limit_is_unknown_only_where_the_mapping_says_so_and_is_counted() {
    let csv = "ma;don vi;han\n1;H26.01;3 ngày làm việc\n2;H26.01;2 ngày; 3 ngày\n3;H26.01;khẩn\n";
    let csv = csv.replace("2 ngày; 3 ngày", "\"2 ngày; 3 ngày\"");
    let map = "[columns]\ncode = \"ma\"\ntime_limit = { from = \"han\", others = \"unknown\", values = { \"khẩn\" = \"same day\" } }";
    let (summary, out) = load("procedure", "a.csv", csv.as_bytes(), map).unwrap();
    assert_eq!(
        written(&out),
        "code,unit,time_limit,time_limit_days\n1,H26.01,3 working days,3\n2,H26.01,,\n3,H26.01,same day,\n"
    );
    assert_eq!(summary.notes["limit-left-unknown"].count, 1);
    let (summary, out) =
        load("procedure", "a.csv", csv.as_bytes(), &map.replace("others = \"unknown\", ", "")).unwrap();
    assert_eq!(rejected(&out), [r#"3 time_limit several-limits "2 ngày; 3 ngày""#]);
    assert!(summary.notes.is_empty());
}

#[test]
fn a_column_of_working_days_takes_words_that_say_working_days() {
    let csv =
        "Mã hồ sơ,Đơn vị,Số ngày giải quyết\nA,H26.01,15\nB,H26.01,05 ngày làm việc\nC,H26.01,20 ngày\n";
    let (_, out) = load("dossier", "a.csv", csv.as_bytes(), "").unwrap();
    assert_eq!(written(&out), "code,unit,time_limit_days\nA,H26.01,15\nB,H26.01,5\n");
    assert_eq!(rejected(&out), [r#"4 time_limit_days not-working-days "20 ngày""#]);
}

/// The national catalogue's limits, one column for each way of filing: how many say one limit, and why the
/// others do not. The portal's own lists (`lists/*.xlsx`) hold no limits.
#[test]
fn limits_of_the_national_catalogue() {
    let Some(file) = shared("procedures/catalogue_2026.csv") else { return };
    let text = std::fs::read_to_string(file).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heads = reader.headers().unwrap().clone();
    let wanted: Vec<usize> = ["truc_tiep", "truc_tuyen", "buu_chinh"]
        .iter()
        .map(|name| heads.iter().position(|head| head == *name).unwrap())
        .collect();
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut refused: BTreeMap<String, &str> = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        for cell in wanted.iter().map(|at| &record[*at]) {
            let what = match TimeLimit::read(cell) {
                _ if cell.trim().is_empty() => "blank".to_owned(),
                Ok(TimeLimit::WorkingDays(_)) => "read: working days".to_owned(),
                Ok(TimeLimit::Days(_)) => "read: days".to_owned(),
                Ok(TimeLimit::Months(_)) => "read: months".to_owned(),
                Ok(TimeLimit::Minutes(_)) => "read: hours, of which kind is not said".to_owned(),
                Ok(other) => format!("read: {other}"),
                Err(reason) => {
                    refused.insert(cell.to_owned(), reason.code());
                    format!("refused: {}", reason.code())
                }
            };
            *counts.entry(what).or_default() += 1;
        }
    }
    for (what, count) in &counts {
        println!("{count:5} {what}");
    }
    for (text, reason) in &refused {
        println!("      {reason}: {text}");
        // Looked at one by one: each names several limits, or one and a half days.
        assert!(text.contains("; ") || text.starts_with("1.5 "), "{text}");
    }
    let sum = |begin: &str| -> u64 {
        counts.iter().filter(|(what, _)| what.starts_with(begin)).map(|(_, count)| count).sum()
    };
    assert_eq!((sum("blank"), sum("read"), sum("refused")), (1768, 4216, 112));
    assert_eq!(counts.values().sum::<u64>(), 3 * 2032);
}

/// The catalogue with its limits: rows whose cell holds several limits keep everything else.
#[test]
fn the_catalogue_loads_with_its_limits() {
    let Some(file) = shared("procedures/catalogue_2026.csv") else { return };
    let kind = kind("procedure");
    let map = map_file("procedure-limits.toml", kind);
    let (summary, out) =
        load_with(&Input::Path(&file), kind, &map, &Units::any(), &Limits::default()).unwrap();
    println!("{} {:?}", summary.text().en, summary.notes);
    assert_eq!(sums(&summary), "2032 = 2032 + 0 + 0");
    let rows = written(&out);
    println!("{}", rows.lines().take(6).collect::<Vec<_>>().join("\n"));
    let left = summary.notes["limit-left-unknown"].count;
    assert_eq!(left, 35);
}
