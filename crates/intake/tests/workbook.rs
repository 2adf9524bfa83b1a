//! Workbooks as people make them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

mod common;

use std::io::{Cursor, Read, Write};

use common::*;
use giaouoc_intake::{FileError, Input, Limits};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

fn saved(mut book: Workbook) -> Vec<u8> {
    book.save_to_buffer().unwrap()
}

fn row(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        sheet.write_string(row, column as u16, *cell).unwrap();
    }
}

fn error(bytes: &[u8], lines: &str) -> FileError {
    match load("dossier", "a.xlsx", bytes, lines) {
        Ok((summary, _)) => panic!("read: {}", sums(&summary)),
        Err(error) => error,
    }
}

/// A title over all columns, a blank row, headings of two rows, partly merged; dates in every form.
fn register() -> Workbook {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let time = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    sheet.merge_range(0, 0, 0, 6, "SỔ THEO DÕI HỒ SƠ\nNăm 2020", &plain).unwrap();
    sheet.merge_range(2, 0, 3, 0, "STT", &plain).unwrap();
    sheet.merge_range(2, 1, 3, 1, "Mã\nhồ sơ", &plain).unwrap();
    sheet.merge_range(2, 2, 3, 2, "Đơn vị xử lý", &plain).unwrap();
    sheet.merge_range(2, 3, 2, 5, "Ngày", &plain).unwrap();
    row(sheet, 3, &["", "", "", "tiếp nhận", "hẹn trả", "trả kết quả"]);
    sheet.merge_range(2, 6, 3, 6, "Thời hạn giải quyết", &plain).unwrap();
    let day = ExcelDateTime::from_ymd(2020, 3, 5).unwrap();
    let at = ExcelDateTime::from_ymd(2020, 3, 5).unwrap().and_hms(16, 0, 0).unwrap();

    row(sheet, 4, &["1", "A-1", "Sở Nội vụ"]);
    sheet.write_datetime_with_format(4, 3, &at, &time).unwrap();
    sheet.write_datetime_with_format(4, 4, &day, &date).unwrap();
    sheet.write_number(4, 5, 43_896).unwrap();
    sheet.write_number(4, 6, 15).unwrap();

    row(sheet, 5, &["2", "A-2", "Văn phòng\nUBND thành phố", "05/03/2020 16:00", "05/03/2020"]);
    sheet.write_number(5, 5, 43_896.5).unwrap();
    sheet.write_number(5, 6, 15.5).unwrap();

    row(sheet, 6, &["3", "", "Sở Nội vụ"]);
    sheet.write_number(6, 1, 1234).unwrap();
    sheet.write_formula(6, 3, Formula::new("=NA()").set_result("#N/A")).unwrap();
    sheet.write_blank(7, 0, &date).unwrap();
    row(sheet, 8, &["4", "A-4", "H26.21", "", "32/03/2020"]);
    book
}

#[test]
fn a_register_with_merged_headings_and_dates_of_every_kind() {
    let (summary, out) = load("dossier", "so.xlsx", &saved(register()), "").unwrap();
    assert_eq!(summary.header_row, 3);
    assert_eq!(summary.sheet.as_deref(), Some("Sheet1"));
    assert_eq!(
        written(&out),
        "code,unit,received_at,time_limit_days,due_at,handed_over_at\n\
         A-1,H26.13,2020-03-05T09:00:00Z,15,2020-03-05,2020-03-06\n"
    );
    assert_eq!(
        rejected(&out),
        [
            "6 time_limit_days not-whole \"15.5\"",
            "7 received_at cell-error \"#N/A\"",
            "9 due_at no-such-day \"32/03/2020\""
        ]
    );
    assert_eq!(summary.ignored.len(), 1, "{:?}", summary.ignored);
    // Serial numbers come out of the rejects as dates, so that they can be read again.
    let names: Vec<&str> = out.rejects[0].original.iter().map(String::as_str).collect();
    assert_eq!(names[5], "2020-03-06T05:00:00Z");
}

#[test]
fn rejects_of_merged_headings_can_be_loaded_again() {
    let kind = kind("dossier");
    let (mapping, units, zone, limits) = (mapping(kind, ""), units(), zone(), Limits::default());
    let load_all = giaouoc_intake::Load {
        kind,
        mapping: &mapping,
        units: &units,
        zone: &zone,
        limits: &limits,
        personal: false,
    };
    let bytes = saved(register());
    let mut rejects = giaouoc_intake::RejectsCsv::new(Vec::new(), b';').unwrap();
    let input = Input::Bytes { name: "so.xlsx", bytes: &bytes };
    giaouoc_intake::read_records(&input, &load_all, &mut rejects).unwrap();
    assert_eq!(rejects.rows(), 3);
    let text = String::from_utf8(rejects.finish().unwrap()).unwrap();
    let corrected = text.replace("15.5", "15").replace("#N/A", "").replace("32/03", "30/03");
    let (summary, out) = load("dossier", "r.csv", corrected.as_bytes(), "").unwrap();
    assert_eq!(sums(&summary), "3 = 3 + 0 + 0");
    assert!(
        written(&out).contains("A-2,H26.01,2020-03-05T09:00:00Z,15,2020-03-05,2020-03-06T05:00:00Z"),
        "{}",
        written(&out)
    );
}

/// Rewrites one part of a workbook.
fn patched(bytes: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut file = from.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        if name == part {
            content = change(String::from_utf8(content).unwrap()).into_bytes();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(&content).unwrap();
    }
    to.finish().unwrap().into_inner()
}

fn counting_from_1904(bytes: &[u8]) -> Vec<u8> {
    patched(bytes, "xl/workbook.xml", |text| text.replace("<workbookPr ", "<workbookPr date1904=\"1\" "))
}

#[test]
fn workbooks_that_count_from_1904() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    row(sheet, 0, &["code", "unit", "received_at", "finished_at"]);
    row(sheet, 1, &["A", "H26.01"]);
    let date = Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_number_with_format(1, 2, 42_433, &date).unwrap();
    sheet.write_number(1, 3, 42_433.5).unwrap();
    let bytes = saved(book);
    let (_, out) = load("dossier", "a.xlsx", &bytes, "").unwrap();
    assert!(written(&out).ends_with("A,H26.01,2016-03-04,2016-03-04T05:00:00Z\n"), "{}", written(&out));
    let (_, out) = load("dossier", "a.xlsx", &counting_from_1904(&bytes), "").unwrap();
    assert!(written(&out).ends_with("A,H26.01,2020-03-05,2020-03-05T05:00:00Z\n"), "{}", written(&out));
}

#[test]
fn the_sheet_whose_header_fits_is_read() {
    let book = |second: &[&str], rows: u32| {
        let mut book = Workbook::new();
        let guide = book.add_worksheet().set_name("Hướng dẫn").unwrap();
        row(guide, 0, &["Mã hồ sơ: ghi theo mẫu"]);
        let data = book.add_worksheet().set_name("Dữ liệu").unwrap();
        row(data, 0, &["Mã hồ sơ", "Đơn vị xử lý"]);
        row(data, 1, &["A", "H26.01"]);
        let other = book.add_worksheet().set_name("Tháng 2").unwrap();
        row(other, 0, second);
        (0..rows).for_each(|at| row(other, at + 1, &["B", "H26.13"]));
        let hidden = book.add_worksheet().set_name("Danh mục").unwrap();
        row(hidden, 0, &["Mã hồ sơ", "Đơn vị xử lý"]);
        row(hidden, 1, &["C", "H26.01"]);
        hidden.set_hidden(true);
        saved(book)
    };
    let one = book(&["Mã hồ sơ"], 1);
    let (summary, out) = load("dossier", "a.xlsx", &one, "").unwrap();
    assert_eq!(summary.sheet.as_deref(), Some("Dữ liệu"));
    assert_eq!(written(&out), "code,unit\nA,H26.01\n");
    // A sheet with a header and no rows, such as a template, is no rival.
    let template = book(&["Mã hồ sơ", "Đơn vị xử lý"], 0);
    assert_eq!(load("dossier", "a.xlsx", &template, "").unwrap().0.sheet.as_deref(), Some("Dữ liệu"));
    // Two that fit: neither is left out in silence.
    let two = book(&["Mã hồ sơ", "Đơn vị xử lý"], 1);
    let refused = error(&two, "");
    assert_eq!(refused.code(), "several-sheets");
    assert!(refused.text().en.contains("\"Dữ liệu\", \"Tháng 2\""), "{refused}");
    assert_eq!(
        written(&load("dossier", "a.xlsx", &two, "sheet = \"thang 2\"").unwrap().1),
        "code,unit\nB,H26.13\n"
    );
    assert_eq!(
        written(&load("dossier", "a.xlsx", &two, "sheet = \"Danh mục\"").unwrap().1),
        "code,unit\nC,H26.01\n"
    );
    assert_eq!(error(&two, "sheet = \"Tháng 3\"").code(), "no-such-sheet");
    // No sheet fits, but one would, were it not ambiguous: that is what has to be said.
    let mut book = Workbook::new();
    row(book.add_worksheet(), 0, &["Mã hồ sơ"]);
    row(book.add_worksheet(), 0, &["Mã hồ sơ", "Số hồ sơ", "Đơn vị xử lý"]);
    assert_eq!(error(&saved(book), "").code(), "ambiguous-header");
}

#[test]
fn a_code_that_a_spreadsheet_made_a_fraction_is_refused() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    row(sheet, 0, &["Mã số", "Cơ quan thực hiện"]);
    sheet.write_number(1, 0, 2.001_54).unwrap();
    sheet.write_string(1, 1, "H26.01").unwrap();
    let (_, out) = load("procedure", "a.xlsx", &saved(book), "").unwrap();
    assert_eq!(rejected(&out), ["2 code number-for-text \"2.00154\""]);
}

#[test]
fn columns_beyond_the_limit_are_refused() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    row(sheet, 0, &["code", "unit"]);
    sheet.write_string(1, 16_000, "x").unwrap();
    assert_eq!(error(&saved(book), "").code(), "over-limit");
}

/// A workbook whose sheet is one character over and over: a few kilobytes that unpack to `size` bytes.
fn bomb(size: u64) -> Vec<u8> {
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    to.start_file("xl/workbook.xml", options).unwrap();
    to.write_all(b"<workbook/>").unwrap();
    to.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    std::io::copy(&mut std::io::repeat(b'<').take(size), &mut to).unwrap();
    to.finish().unwrap().into_inner()
}

#[test]
fn zip_bombs_are_refused_before_they_are_read() {
    let kind = kind("dossier");
    let limits = Limits { workbook_bytes: 8 << 20, ..Limits::default() };
    let bytes = bomb(64 << 20);
    assert!(bytes.len() < 1 << 20);
    let input = Input::Bytes { name: "a.xlsx", bytes: &bytes };
    let refused = load_with(&input, kind, &mapping(kind, ""), &units(), &limits).unwrap_err();
    assert_eq!(refused.code(), "over-limit");
    assert!(refused.text().en.contains("unpacks to more than 8 MiB"), "{refused}");

    // One text longer than a cell may be, and an announced number of texts that would take all memory.
    let good = saved(register());
    let long = patched(&good, "xl/sharedStrings.xml", |text| text.replace("STT", &"x".repeat(11 << 20)));
    assert_eq!(error(&long, "").code(), "over-limit");
    let many = patched(&good, "xl/sharedStrings.xml", |text| {
        text.replacen("uniqueCount=\"", "uniqueCount=\"99999999999", 1)
    });
    assert_eq!(error(&many, "").code(), "damaged");
}

/// Found at random: a sheet that claims to end before it begins made the decoder count below zero.
#[test]
fn a_sheet_that_ends_before_it_begins_is_read_or_refused() {
    let good = saved(register());
    let reversed = patched(&good, "xl/worksheets/sheet1.xml", |text| {
        let changed = text.replacen("<dimension ref=\"A1:", "<dimension ref=\"ZZ999:", 1);
        assert_ne!(changed, text);
        changed
    });
    if let Err(error) = load("dossier", "a.xlsx", &reversed, "") {
        assert_eq!(error.code(), "damaged");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Damaged workbooks, their parts changed under the packing as well.
    #[test]
    fn damaged_workbooks_are_read_or_refused(at in 0usize..20_000, byte in any::<u8>(), cut in 0usize..40_000) {
        let good = saved(register());
        let mut bytes = good.clone();
        let place = at % bytes.len();
        bytes[place] = byte;
        let _ = load("dossier", "a.xlsx", &bytes, "");
        let _ = load("dossier", "a.xlsx", &good[..cut.min(good.len())], "");
        for part in ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"] {
            let bytes = patched(&good, part, |text| {
                let mut raw: Vec<u8> = text.into_bytes();
                let place = at % raw.len();
                raw[place] = byte & 0x7f;
                String::from_utf8_lossy(&raw).into_owned()
            });
            let _ = load("dossier", "a.xlsx", &bytes, "");
        }
    }
}

#[test]
fn what_is_hidden_or_computed_is_read_and_said() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Hồ sơ").unwrap();
    row(sheet, 0, &["Mã hồ sơ", "Đơn vị xử lý", "Ghi chú", "Thời hạn giải quyết"]);
    for at in 1..=6_u32 {
        row(sheet, at, &[&format!("A-{at}"), "H26.01", "x"]);
    }
    sheet.write_formula(1, 3, Formula::new("=7+8").set_result("15")).unwrap();
    sheet.write_formula(2, 2, Formula::new("=A1&\"\"").set_result("x")).unwrap();
    // A library that computes nothing stores zero.
    sheet.write_formula(3, 3, Formula::new("=7+8")).unwrap();
    sheet.set_row_hidden(4).unwrap().set_row_hidden(5).unwrap();
    sheet.set_column_hidden(2).unwrap();
    // The filter hides one more row, whose note is a formula.
    sheet.autofilter(0, 0, 6, 3).unwrap();
    sheet.filter_column(2, &rust_xlsxwriter::FilterCondition::new().add_list_filter("x")).unwrap();
    book.add_worksheet().set_name("Danh mục").unwrap().set_hidden(true);
    let bytes = saved(book);
    let (summary, out) = load("dossier", "a.xlsx", &bytes, "").unwrap();
    assert_eq!(sums(&summary), "6 = 5 + 1 + 0");
    assert_eq!(rejected(&out), ["4 time_limit_days formula-without-value \"=\""]);
    let hidden = &summary.hidden;
    assert_eq!((hidden.rows, hidden.filter, hidden.formulas, hidden.uncalculated), (3, true, 2, 1));
    assert_eq!(
        (hidden.columns.as_slice(), hidden.sheets.as_slice()),
        (&["Ghi chú".to_owned()][..], &["Danh mục".to_owned()][..])
    );
    let remarks: Vec<String> = summary.remarks().into_iter().map(|remark| remark.en).collect();
    assert_eq!(
        remarks,
        [
            "rows hidden in the workbook (a filter is at work) and read all the same: 3",
            "hidden columns, read all the same: “Ghi chú”",
            "hidden sheets, not read: “Danh mục”",
            "cells that are formulas, their stored results taken: 2",
            "formulas without a stored result: 1; open the file in Excel and save it",
        ]
    );
    // Other libraries leave the result out, and a program that has computed may well find zero.
    let none = patched(&bytes, "xl/worksheets/sheet1.xml", |text| text.replace("<v>15</v>", ""));
    let (_, out) = load("dossier", "a.xlsx", &none, "").unwrap();
    assert_eq!(rejected(&out)[0], "2 time_limit_days formula-without-value \"=\"");
    let computed = patched(&bytes, "xl/workbook.xml", |text| text.replace("fullCalcOnLoad=\"1\"", ""));
    let (summary, _) = load("dossier", "a.xlsx", &computed, "").unwrap();
    assert_eq!((summary.accepted, summary.hidden.uncalculated), (6, 0));
}

#[test]
fn a_report_form_from_title_to_signature() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let rows: [&[&str]; 16] = [
        &["UBND THÀNH PHỐ HÀ NỘI", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        &["DANH SÁCH HỒ SƠ THÁNG 3"],
        &[],
        &["STT", "Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận", "Thời hạn giải quyết"],
        &["(1)", "(2)", "(3)", "(4)", "(5)"],
        &["1", "A-1", "Sở Nội vụ", "Thứ năm, 05/03/2020", "1.234"],
        &["2", "A-2", "Sở Tư pháp", "ngày 06 tháng 3 năm 2020", "1.000,0"],
        &["STT", "Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận", "Thời hạn giải quyết"],
        &["3", "A-3", "Sở Tư pháp", "16 giờ 30 ngày 06/3/2020", "15"],
        &["4", "", "Sở Tư pháp", "07/03/2020", "15"],
        &["", "Tổng cộng", "", "", "4"],
        &[],
        &["", "", "", "Hà Nội, ngày 05 tháng 4 năm 2020"],
        &["", "NGƯỜI LẬP BIỂU", "", "KT. GIÁM ĐỐC"],
        &["", "(Ký, ghi rõ họ tên)", "", "PHÓ GIÁM ĐỐC"],
        &["", "Nguyễn Văn A", "", "Trần Thị B"],
    ];
    for (at, cells) in rows.iter().enumerate() {
        row(sheet, at as u32, cells);
    }
    let (summary, out) = load("dossier", "bao-cao.xlsx", &saved(book), "").unwrap();
    assert_eq!(
        written(&out),
        "code,unit,received_at,time_limit_days\n\
         A-1,H26.13,2020-03-05,1234\n\
         A-2,H26.21,2020-03-06,1000\n\
         A-3,H26.21,2020-03-06T09:30:00Z,15\n"
    );
    assert_eq!(rejected(&out), ["10 code required \"\""]);
    assert_eq!(sums(&summary), "11 = 3 + 1 + 7");
    assert_eq!((summary.skipped_totals, summary.skipped_headers, summary.skipped_below), (1, 2, 4));
    assert_eq!(summary.numbers, [("time_limit_days".to_owned(), true)]);
}

/// What a spreadsheet made of codes that were typed into cells of numbers and dates.
#[test]
fn codes_that_a_spreadsheet_has_changed() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    row(sheet, 0, &["Mã hồ sơ", "Đơn vị xử lý", "procedure", "Lĩnh vực"]);
    (1..8).for_each(|at| row(sheet, at, &[&format!("A{at}"), "H26.01"]));
    sheet.write_number(1, 0, 200_305_000_000_123_000_f64).unwrap();
    sheet.write_number(2, 0, 200_305_000_000_123_f64).unwrap();
    sheet.write_number(3, 2, 2.001_54).unwrap();
    sheet.write_number(4, 3, 2.5).unwrap();
    sheet.write_number(5, 3, 1e18).unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let day = ExcelDateTime::from_ymd(2020, 2, 1).unwrap();
    sheet.write_datetime_with_format(6, 0, &day, &date).unwrap();
    sheet.write_number(7, 1, 26.1).unwrap();
    let (_, out) = load("dossier", "a.xlsx", &saved(book), "").unwrap();
    assert_eq!(written(&out), "code,unit,procedure,field\n200305000000123,H26.01,,\nA4,H26.01,,2.5\n");
    assert_eq!(
        rejected(&out),
        [
            "2 code rounded-number \"200305000000123000\"",
            "4 procedure number-for-text \"2.00154\"",
            "6 field rounded-number \"1000000000000000000\"",
            "7 code date-for-text \"2020-02-01\"",
            "8 unit number-for-text \"26.1\"",
        ]
    );
    assert!(out.rejects[3].cells[0].reason.text.en.contains("into a date"));
}

#[test]
fn a_time_without_a_day_is_no_day_of_1904() {
    for since_1904 in [false, true] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        row(sheet, 0, &["Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận"]);
        let date = Format::new().set_num_format("dd/mm/yyyy");
        let time = Format::new().set_num_format("hh:mm");
        let numbers = [(0.0, &date), (1.0, &date), (60.0, &date), (0.354_166, &time), (12_000.0, &date)];
        for (at, (number, format)) in numbers.into_iter().enumerate() {
            let at = at as u32 + 1;
            row(sheet, at, &[&format!("A{at}"), "H26.01"]);
            sheet.write_number_with_format(at, 2, number, format).unwrap();
        }
        let bytes = saved(book);
        let bytes = if since_1904 { counting_from_1904(&bytes) } else { bytes };
        let (_, out) = load("dossier", "a.xlsx", &bytes, "").unwrap();
        // A day long ago that is written out in full is one.
        let day = if since_1904 { "1936-11-08" } else { "1932-11-07" };
        assert_eq!(written(&out), format!("code,unit,received_at\nA5,H26.01,{day}\n"));
        let codes: Vec<&str> = out.rejects.iter().map(|reject| reject.cells[0].reason.code).collect();
        // In the one way of counting day 60 is one that never was.
        let sixty = if since_1904 { "time-without-day" } else { "number-for-date" };
        assert_eq!(codes, ["time-without-day", "time-without-day", sixty, "time-without-day"]);
    }
}
