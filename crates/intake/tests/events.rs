//! Files with one line an event, folded into records.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

mod common;

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, TimestampMicrosecondType};
use common::*;
use giaouoc_intake::{Collected, FileError, Input, Limits, Load, Mapping, Summary, Units, read_records};
use proptest::prelude::*;

const MAP: &str = r#"
[columns]
code = "Mã hồ sơ"
unit = "Đơn vị"

[events]
name = "Sự kiện"
time = "Lúc"

[[events.when]]
is   = "Nộp"
sets = "submitted_at"

[[events.when]]
is   = ["Tiếp nhận", "Nhận"]
sets = "received_at"

[[events.when]]
is     = "Yêu cầu bổ sung"
begins = "pauses"

[[events.when]]
is   = "Đã bổ sung"
ends = "pauses"

[[events.when]]
is      = "Gia hạn"
changes = "due_changes"
new     = "Hạn mới"
why     = "Ghi chú"

[[events.when]]
is    = "Trả kết quả"
sets  = "finished_at"
gives = { outcome = "granted" }

[[events.when]]
is    = "Từ chối"
sets  = "finished_at"
gives = { outcome = "refused" }

[[events.when]]
is = "Chuyển xử lý"
"#;

const HEAD: &str = "Mã hồ sơ,Đơn vị,Sự kiện,Lúc,Hạn mới,Ghi chú";

const STORY: [&str; 9] = [
    "A1,H26.13,Nộp,01/03/2020 20:00,,",
    "A1,H26.13,Tiếp nhận,02/03/2020 08:00,,",
    "A1,H26.13,Yêu cầu bổ sung,03/03/2020 09:00,,",
    "A1,H26.13,Đã bổ sung,05/03/2020 10:30,,",
    "A1,H26.13,Chuyển xử lý,05/03/2020 11:00,,",
    "A1,H26.13,Gia hạn,06/03/2020 16:00,12/03/2020 17:00,chờ ý kiến",
    "A1,H26.13,Trả kết quả,11/03/2020 15:00,,",
    "B2,sở tư pháp,Tiếp nhận,02/03/2020 08:30,,",
    "B2,H26.21,Yêu cầu bổ sung,04/03/2020 09:00,,",
];

const FOLDED: &str = "\
code,unit,submitted_at,received_at,due_changes,pauses,finished_at,outcome
A1,H26.13,2020-03-01T20:00:00+07:00,2020-03-02T08:00:00+07:00,2020-03-06T16:00:00+07:00 -> 2020-03-12T17:00:00+07:00 (chờ ý kiến),2020-03-03T09:00:00+07:00/2020-03-05T10:30:00+07:00,2020-03-11T15:00:00+07:00,granted
B2,H26.21,,2020-03-02T08:30:00+07:00,,2020-03-04T09:00:00+07:00/,,
";

fn fold_with(lines: &[&str], map: &str, limits: &Limits) -> Result<(Summary, Collected), FileError> {
    let kind = kind("dossier");
    let mapping = Mapping::parse("m", format!("kind = \"dossier\"\n{map}").as_bytes(), kind)
        .unwrap_or_else(|problems| panic!("{problems:#?}"));
    let text = format!("{HEAD}\n{}\n", lines.join("\n"));
    let mut out = Collected::default();
    let load = Load { kind, mapping: &mapping, units: &units(), zone: &zone(), limits, personal: false };
    let summary = read_records(&Input::Bytes { name: "a.csv", bytes: text.as_bytes() }, &load, &mut out)?;
    assert_eq!(summary.read, summary.accepted + summary.rejected + summary.skipped());
    assert_eq!(summary.made, Some(out.batches.iter().map(|batch| batch.num_rows() as u64).sum()));
    assert_eq!(summary.rejected, out.rejects.len() as u64);
    Ok((summary, out))
}

fn fold(lines: &[&str]) -> (Summary, Collected) {
    fold_with(lines, MAP, &Limits::default()).unwrap()
}

/// The rows as CSV with times of the tests' zone.
fn table(out: &Collected) -> String {
    written(out)
}

#[test]
fn a_dossier_is_made_of_its_events() {
    let (summary, out) = fold(&STORY);
    assert_eq!(local(&table(&out)), FOLDED);
    assert_eq!(sums(&summary), "9 = 8 + 0 + 1");
    assert_eq!(summary.made, Some(2));
    assert_eq!(summary.text().en, "9 events read: 8 used, 0 rejected, 1 skipped; 2 records made.");
    assert!(summary.notes.is_empty(), "{:?}", summary.notes);
}

/// Times as the records of the tests would be written in Việt Nam.
fn local(text: &str) -> String {
    let zone = zone();
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("2020-") {
        out.push_str(&rest[..at]);
        let end = rest[at..].find('Z').map_or(rest.len(), |end| at + end + 1);
        match rest[at..end].parse::<giaouoc_worktime::time::Instant>() {
            Ok(instant) => {
                let day = zone.day_of(instant);
                let seconds = zone.local_time_of_day(instant);
                out.push_str(&format!(
                    "{day}T{:02}:{:02}:{:02}+07:00",
                    seconds / 3600,
                    seconds / 60 % 60,
                    seconds % 60
                ));
                rest = &rest[end..];
            }
            Err(_) => {
                out.push_str(&rest[at..at + 5]);
                rest = &rest[at + 5..];
            }
        }
    }
    out + rest
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Neither the order of rows nor how many records are held at a time changes a record.
    #[test]
    fn the_order_of_rows_does_not_matter(lines in Just(STORY.to_vec()).prop_shuffle(), held in 1_u64..12) {
        let limits = Limits { events_held: held, ..Limits::default() };
        let (summary, out) = fold_with(&lines, MAP, &limits).unwrap();
        let mut folded: Vec<String> = local(&table(&out)).lines().map(str::to_owned).collect();
        folded[1..].sort();
        prop_assert_eq!(folded.join("\n") + "\n", FOLDED);
        prop_assert_eq!(sums(&summary), "9 = 8 + 0 + 1");
    }
}

#[test]
fn an_event_that_is_wrong_takes_its_record_along_and_no_other() {
    let mut lines = STORY.to_vec();
    lines.extend([
        "A1,H26.13,Trả kết qủa x,12/03/2020 15:00,,", // no such event
        "C3,H26.01,Tiếp nhận,31/02/2020 08:00,,",     // no such day
        "C3,H26.01,Trả kết quả,05/03/2020 08:00,,",
        ",H26.01,Tiếp nhận,05/03/2020 08:00,,", // whose?
    ]);
    let (summary, out) = fold(&lines);
    assert_eq!(sums(&summary), "13 = 2 + 10 + 1");
    assert_eq!(summary.made, Some(1));
    let rejected = rejected(&out);
    assert_eq!(rejected[0], r#"2 code other-event-rejected "A1""#);
    assert!(
        rejected.iter().any(|line| line.starts_with("11 ") && line.contains("unknown-event")),
        "{rejected:#?}"
    );
    assert!(
        rejected.iter().any(|line| line.starts_with("12 ") && line.contains("no-such-day")),
        "{rejected:#?}"
    );
    assert!(rejected.iter().any(|line| line == r#"13 code other-event-rejected "C3""#), "{rejected:#?}");
    assert!(rejected.iter().any(|line| line.starts_with("14 code required")), "{rejected:#?}");
    let skip = MAP.replace("[events]", "[events]\nothers = \"skip\"");
    let (summary, _) = fold_with(&lines[..10], &skip, &Limits::default()).unwrap();
    assert_eq!(sums(&summary), "10 = 8 + 0 + 2");
}

fn notes(summary: &Summary) -> BTreeMap<&str, (u64, String)> {
    summary.notes.iter().map(|(name, note)| (*name, (note.count, note.examples.join(", ")))).collect()
}

#[test]
fn contradictions_are_kept_and_said() {
    let (summary, out) = fold(&[
        // Finished twice, the second time otherwise; the first counts.
        "A,H26.01,Tiếp nhận,02/03/2020 08:00,,",
        "A,H26.01,Từ chối,06/03/2020 08:00,,",
        "A,H26.01,Trả kết quả,04/03/2020 08:00,,",
        // Ended before it began.
        "B,H26.01,Tiếp nhận,02/03/2020 08:00,,",
        "B,H26.01,Trả kết quả,01/03/2020 08:00,,",
        // Pauses that do not fit together.
        "C,H26.01,Đã bổ sung,02/03/2020 08:00,,",
        "C,H26.01,Yêu cầu bổ sung,03/03/2020 08:00,,",
        "C,H26.01,Yêu cầu bổ sung,04/03/2020 08:00,,",
        // Two units.
        "D,H26.01,Tiếp nhận,02/03/2020 08:00,,",
        "D,H26.13,Trả kết quả,03/03/2020 08:00,,",
    ]);
    assert_eq!(summary.rejected, 0);
    let said = notes(&summary);
    let note = |count: u64, about: &str| (count, about.to_owned());
    assert_eq!(said["set-twice"], note(2, "A (finished_at), A (outcome)"));
    assert_eq!(said["ends-before-start"], note(1, "B"));
    assert_eq!(said["events-after-end"], note(2, "A, B"));
    assert_eq!(said["pause-ended-unbegun"], note(1, "C (pauses)"));
    assert_eq!(said["pause-begun-twice"], note(1, "C (pauses)"));
    assert_eq!(said["values-differ"], note(1, "D (unit)"));
    assert_eq!(said.len(), 6, "{said:?}");
    let rows = local(&table(&out));
    assert!(
        rows.contains("A,H26.01,,2020-03-02T08:00:00+07:00,,,2020-03-04T08:00:00+07:00,granted"),
        "{rows}"
    );
    assert!(rows.contains("C,H26.01,,,,2020-03-03T08:00:00+07:00/,,"), "{rows}");
    assert!(rows.contains("D,H26.13,"), "the latest row's unit: {rows}");
    // With `which` in the mapping the person has decided, and nothing is to be said of it.
    let last = MAP.replace("sets  = \"finished_at\"", "which = \"last\"\nsets  = \"finished_at\"");
    let (summary, out) = fold_with(
        &[
            "A,H26.01,Từ chối,06/03/2020 08:00,,",
            "A,H26.01,Trả kết quả,04/03/2020 08:00,,",
            "A,H26.01,Tiếp nhận,02/03/2020 08:00,,",
        ],
        &last,
        &Limits::default(),
    )
    .unwrap();
    assert!(summary.notes.is_empty(), "{:?}", summary.notes);
    assert!(local(&table(&out)).contains("2020-03-06T08:00:00+07:00,refused"), "{}", table(&out));
}

#[test]
fn bare_days_and_ties() {
    // At one instant the entries count in the order of the mapping: begun, then ended.
    let (_, out) = fold(&[
        "A,H26.01,Đã bổ sung,03/03/2020 08:00,,",
        "A,H26.01,Yêu cầu bổ sung,03/03/2020 08:00,,",
        "A,H26.01,Tiếp nhận,02/03/2020,,",
    ]);
    let rows = local(&table(&out));
    assert!(
        rows.contains("A,H26.01,,2020-03-02,,2020-03-03T08:00:00+07:00/2020-03-03T08:00:00+07:00"),
        "{rows}"
    );
}

#[test]
fn mistakes_in_the_section_have_their_places() {
    let kind = kind("dossier");
    let wrong = |from: &str, to: &str| {
        let text = format!("kind = \"dossier\"\n{}", MAP.replacen(from, to, 1));
        assert_ne!(text, format!("kind = \"dossier\"\n{MAP}"), "{from}");
        let problems = Mapping::parse("m", text.as_bytes(), kind).unwrap_err();
        problems.iter().map(|problem| problem.code).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(wrong("sets = \"submitted_at\"", "sets = \"submited_at\""), "unknown-column");
    assert_eq!(wrong("sets = \"submitted_at\"", "sets = \"outcome\""), "wrong-column-type");
    assert_eq!(wrong("begins = \"pauses\"", "begins = \"received_at\""), "wrong-column-type");
    assert_eq!(
        wrong("sets = \"submitted_at\"", "sets = \"received_at\"\nwhich = \"last\""),
        "first-and-last"
    );
    assert_eq!(wrong("new     = \"Hạn mới\"\n", ""), "missing-key");
    assert_eq!(wrong("time = \"Lúc\"", ""), "missing-key");
    assert_eq!(wrong("unit = \"Đơn vị\"", "unit = \"Đơn vị\"\nreceived_at = \"Lúc\""), "column-filled-twice");
    assert_eq!(wrong("gives = { outcome = \"granted\" }", "gives = { code = \"x\" }"), "event-sets-key");
    assert_eq!(wrong("is = \"Chuyển xử lý\"", "iz = \"Chuyển xử lý\""), "unknown-key");
}

/// The instants of a column by key; `None` where unknown.
fn by_key(out: &Collected, column: &str) -> BTreeMap<String, Option<i64>> {
    let mut all = BTreeMap::new();
    for batch in &out.batches {
        let keys = arrow::compute::cast(batch.column_by_name("code").unwrap(), &DataType::Utf8).unwrap();
        let values = batch.column_by_name(column).unwrap().as_primitive::<TimestampMicrosecondType>();
        for row in 0..batch.num_rows() {
            let value = values.is_valid(row).then(|| values.value(row));
            all.insert(keys.as_string::<i32>().value(row).to_owned(), value);
        }
    }
    all
}

/// The permit log, by its events and by its cases: two files that were made of one log must agree where both
/// tell the same.
#[test]
fn the_permit_logs_events_and_its_cases_agree() {
    let (Some(events), Some(cases)) = (shared("receipt/events.csv"), shared("receipt/cases.csv")) else {
        return;
    };
    let kind = kind("dossier");
    let read = |path: &std::path::Path, map: &Mapping, limits: &Limits| {
        let mut out = Collected::default();
        let load = Load { kind, mapping: map, units: &Units::any(), zone: &zone(), limits, personal: false };
        let summary = read_records(&Input::Path(path), &load, &mut out).unwrap();
        (summary, out)
    };
    let map = map_file("permit-log-events.toml", kind);
    let (summary, folded) = read(&events, &map, &Limits::default());
    println!("{}", summary.text().en);
    for (name, note) in &summary.notes {
        println!("{name}: {} ({})", note.count, note.examples.join(", "));
    }
    assert_eq!(sums(&summary), "5739 = 5739 + 0 + 0");
    assert_eq!(summary.made, Some(939));
    let (summary, whole) = read(&cases, &map_file("permit-log-first-last.toml", kind), &Limits::default());
    assert_eq!(sums(&summary), "939 = 939 + 0 + 0");
    // `first_event` and `last_event` of the cases are what folding finds; the others stand in every row.
    for column in ["submitted_at", "handed_over_at", "received_at", "first_due_at", "due_at", "finished_at"] {
        let (ours, theirs) = (by_key(&folded, column), by_key(&whole, column));
        let agree = theirs.iter().filter(|(key, value)| ours.get(*key) == Some(value)).count();
        let known = theirs.values().flatten().count();
        println!("{column}: {agree} of {} agree, {known} known", theirs.len());
        assert_eq!((agree, ours.len()), (939, 939), "{column}");
    }
    // In small parts it is the same.
    let (_, parts) = read(&events, &map, &Limits { events_held: 700, ..Limits::default() });
    for column in ["submitted_at", "handed_over_at", "finished_at"] {
        assert_eq!(by_key(&parts, column), by_key(&folded, column), "{column}");
    }
}

/// Registers kept by hand know the days only.
#[test]
fn events_of_which_only_the_day_is_known() {
    let (summary, out) = fold(&[
        "A1,H26.13,Tiếp nhận,02/03/2020,,",
        "A1,H26.13,Yêu cầu bổ sung,03/03/2020,,",
        "A1,H26.13,Đã bổ sung,05/03/2020,,",
        "A1,H26.13,Gia hạn,10/03/2020,20/03/2020,chờ ý kiến",
    ]);
    assert_eq!(rejected(&out), [""; 0]);
    assert_eq!(summary.made, Some(1));
    let table = table(&out);
    assert!(table.contains("2020-03-02T17:00:00Z/2020-03-04T17:00:00Z"), "{table}");
    assert!(
        table.contains("2020-03-09T17:00:00Z -> 2020-03-20T16:59:59Z (chờ ý kiến)"),
        "what is due on a day may be done until it ends: {table}"
    );
    // A new due date there must be.
    let (_, out) = fold(&["A1,H26.13,Gia hạn,10/03/2020,,"]);
    assert!(rejected(&out)[0].contains("required"), "{:?}", rejected(&out));
}

/// As in files of records.
#[test]
fn rows_that_are_no_events() {
    let (summary, out) = fold(&[
        "A1,H26.13,Tiếp nhận,02/03/2020 08:00,,",
        "Mã hồ sơ,Đơn vị,Sự kiện,Lúc,Hạn mới,Ghi chú",
        "A1,,Giám đốc duyệt,03/03/2020 08:00,,",
        "Tổng số: 1 hồ sơ,H26.13,,,,",
        "Tổng cộng,,2,,,",
        ",,,\"Hà Nội, ngày 5 tháng 3 năm 2020\",,",
        "Người lập biểu,,,Thủ trưởng đơn vị,,",
        "Nguyễn Văn A,,,Trần Thị B,,",
    ]);
    assert_eq!(
        rejected(&out),
        ["2 code other-event-rejected \"A1\"", "4 events.name unknown-event \"Giám đốc duyệt\""]
    );
    assert_eq!((summary.skipped_headers, summary.skipped_totals, summary.skipped_below), (1, 2, 3));
}
