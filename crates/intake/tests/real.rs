//! Real files made by others, beside the repository: loaded with a mapping and no code. Counts were taken
//! from the files with other tools.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

mod common;

use std::collections::BTreeMap;

use arrow::array::AsArray;
use arrow::datatypes::{Date32Type, Int32Type, Int64Type, TimestampMicrosecondType};
use common::*;
use giaouoc_intake::{Collected, Input, Limits, Summary, Units};
use giaouoc_worktime::time::Instant;
use giaouoc_worktime::zone::Zone;

fn read(path: &str, kind_id: &str, map: &str) -> Option<(Summary, Collected)> {
    let file = shared(path)?;
    let kind = kind(kind_id);
    let mapping = map_file(map, kind);
    Some(load_with(&Input::Path(&file), kind, &mapping, &Units::any(), &Limits::default()).unwrap())
}

/// How often each code of a column occurs; unknown as a blank.
fn counts(out: &Collected, column: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for batch in &out.batches {
        let codes = batch.column_by_name(column).unwrap().as_dictionary::<Int32Type>();
        let names = codes.values().as_string::<i32>();
        for row in 0..batch.num_rows() {
            let name = codes.key(row).map(|at| names.value(at).to_owned()).unwrap_or_default();
            *counts.entry(name).or_default() += 1;
        }
    }
    counts
}

/// The instants of a column; `None` where unknown.
fn instants(out: &Collected, column: &str) -> Vec<Option<Instant>> {
    let mut all = Vec::new();
    for batch in &out.batches {
        let values = batch.column_by_name(column).unwrap().as_primitive::<TimestampMicrosecondType>();
        all.extend(values.iter().map(|value| value.map(Instant)));
    }
    all
}

fn known(counts: &[(&str, usize)]) -> BTreeMap<String, usize> {
    counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

#[test]
fn the_permit_log() {
    let Some((summary, out)) = read("receipt/cases.csv", "dossier", "permit-log-cases.toml") else { return };
    assert_eq!(sums(&summary), "939 = 939 + 0 + 0");
    assert_eq!(
        counts(&out, "channel"),
        known(&[("", 19), ("in-person", 103), ("online", 766), ("post", 51)])
    );
    assert_eq!(counts(&out, "unit"), known(&[("D01", 908), ("D02", 17), ("D03", 14)]));
    // Late by local date, by UTC date and by instant: all three only come out right when offsets, fractions
    // and zones were read right.
    let (ends, due) = (instants(&out, "finished_at"), instants(&out, "first_due_at"));
    let both: Vec<(Instant, Instant)> =
        ends.iter().zip(&due).filter_map(|(end, due)| Some(((*end)?, (*due)?))).collect();
    assert_eq!(both.len(), 924);
    let late = |zone: &Zone| both.iter().filter(|(end, due)| zone.day_of(*end) > zone.day_of(*due)).count();
    assert_eq!(late(&Zone::get("Europe/Amsterdam").unwrap()), 244);
    assert_eq!(late(&Zone::utc()), 289);
    assert_eq!(both.iter().filter(|(end, due)| end > due).count(), 305);
}

#[test]
fn requests_of_boston_and_the_citys_own_label() {
    let Some((summary, out)) = read("boston-311/requests.csv", "dossier", "boston-requests.toml") else {
        return;
    };
    assert_eq!(sums(&summary), "100 = 100 + 0 + 0");
    assert_eq!(counts(&out, "stated_timeliness"), known(&[("late", 17), ("on-time", 83)]));
    // The label is explained by the columns: closed after the target, or never; without a target always on time.
    let (ends, due) = (instants(&out, "finished_at"), instants(&out, "first_due_at"));
    let explained: Vec<&str> = ends
        .iter()
        .zip(&due)
        .map(|(end, due)| match (end, due) {
            (_, None) => "on-time",
            (None, Some(_)) => "late",
            (Some(end), Some(due)) => {
                if end > due {
                    "late"
                } else {
                    "on-time"
                }
            }
        })
        .collect();
    let labels: Vec<String> = out
        .batches
        .iter()
        .flat_map(|batch| {
            let codes =
                batch.column_by_name("stated_timeliness").unwrap().as_dictionary::<Int32Type>().clone();
            (0..batch.num_rows())
                .map(|row| codes.values().as_string::<i32>().value(codes.key(row).unwrap()).to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(labels, explained);
    assert_eq!(due.iter().filter(|due| due.is_none()).count(), 11);
    // 13:47 in January in Boston is 18:47 UTC.
    assert_eq!(instants(&out, "received_at")[0].unwrap().to_string(), "2022-01-21T18:47:00Z");
}

#[test]
fn the_procedure_catalogue() {
    let Some((summary, out)) = read("procedures/catalogue_2026.csv", "procedure", "procedure-catalogue.toml")
    else {
        return;
    };
    assert_eq!(sums(&summary), "2032 = 2032 + 0 + 0");
    let online: usize = out
        .batches
        .iter()
        .map(|batch| batch.column_by_name("has_online_channel").unwrap().as_boolean().true_count())
        .sum();
    assert_eq!(online, 1308);
    assert_eq!(
        counts(&out, "unit"),
        known(&[("G10", 537), ("G12", 706), ("G17", 525), ("G22", 261), ("TAND", 3)])
    );
}

#[test]
fn the_workbooks_of_the_portal() {
    let table = [
        ("BoTaiChinh", 706, "Bộ Tài chính"),
        ("BoXayDung", 525, "Bộ Xây dựng"),
        ("NganhangNhanuocVietNam", 261, "Ngân hàng Nhà nước Việt Nam"),
        ("NongNghiepvaMoiTruong", 537, "Bộ Nông nghiệp và Môi trường"),
    ];
    for (name, rows, unit) in table {
        let path = format!("procedures/lists/danh-sach-tthc-{name}.xlsx");
        let Some((summary, out)) = read(&path, "procedure", "procedure-lists.toml") else { return };
        assert_eq!(sums(&summary), format!("{rows} = {rows} + 0 + 0"), "{name}");
        assert_eq!(summary.header_row, 2, "{name}");
        assert_eq!(counts(&out, "unit"), known(&[(unit, rows)]), "{name}");
        let names = written(&out);
        assert!(unicode_normalization::is_nfc(&names), "{name}: some names in the file are not in NFC");
    }
    let Some((summary, out)) =
        read("procedures/lists/toa-an-nhan-dan.xlsx", "procedure", "procedure-lists.toml")
    else {
        return;
    };
    assert_eq!(sums(&summary), "3 = 3 + 0 + 0");
    // Without the mapping the unit comes from "Cơ quan thực hiện", whose cells have several lines.
    let lines: Vec<String> = written(&out).lines().map(str::to_owned).collect();
    assert_eq!(lines[0], "code,unit,name,field");
    assert!(lines[1].starts_with("3.000164,Tòa án nhân dân,"), "{}", lines[1]);
    assert_eq!(summary.ignored.len(), 1);
}

#[test]
fn published_totals_of_a_province() {
    let Some((summary, out)) = read("phu-tho-766/progress_2026.csv", "totals", "portal-766-totals.toml")
    else {
        return;
    };
    assert_eq!(sums(&summary), "163 = 163 + 0 + 0");
    let sum = |column: &str| -> i64 {
        out.batches
            .iter()
            .flat_map(|batch| {
                batch
                    .column_by_name(column)
                    .unwrap()
                    .as_primitive::<Int64Type>()
                    .clone()
                    .iter()
                    .collect::<Vec<_>>()
            })
            .map(Option::unwrap)
            .sum()
    };
    assert_eq!(
        (sum("received_total"), sum("on_time_total"), sum("overdue_total")),
        (597_918, 528_684, 69_234)
    );
    let to = out.batches[0].column_by_name("to").unwrap().as_primitive::<Date32Type>().value(0);
    assert_eq!(giaouoc_worktime::time::Day(to).to_string(), "2026-09-26");
}
