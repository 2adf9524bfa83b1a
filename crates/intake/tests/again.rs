//! Files of rejects that come back.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

mod common;

use common::*;
use rust_xlsxwriter::{Format, Formula, Workbook};

const HEADER: &str = "Mã hồ sơ,Đơn vị xử lý,procedure,Ngày tiếp nhận,Thời hạn giải quyết\n";

/// A workbook in which nothing is right, and numbers, dates and errors stand where text would pass.
fn wrong() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let mut cell = |row: u32, column: u16, text: &str| {
        sheet.write_string(row, column, text).unwrap();
    };
    for (at, name) in HEADER.trim().split(',').enumerate() {
        cell(0, at as u16, name);
    }
    for at in [1, 2, 3, 5, 6] {
        cell(at, 0, &format!("A{at}"));
    }
    (1..7).for_each(|at| cell(at, 1, "H26.01"));
    // Doubled: only the key is said to be wrong.
    cell(7, 0, "A6");
    cell(7, 1, "H26.01");
    let time = Format::new().set_num_format("hh:mm");
    sheet.write_number(1, 4, 1.234).unwrap();
    sheet.write_number(2, 2, 2.001_54).unwrap();
    sheet.write_formula(3, 2, Formula::new("=NA()").set_result("#N/A")).unwrap();
    sheet.write_number(4, 0, 2.001_54).unwrap();
    sheet.write_number_with_format(5, 3, 1.354_166_7, &time).unwrap();
    sheet.write_number(7, 2, 3.5).unwrap();
    book.save_to_buffer().unwrap()
}

fn codes(text: &str, lines: &str) -> Vec<String> {
    let (_, out) = load("dossier", "r.csv", text.as_bytes(), lines).unwrap();
    out.rejects.iter().map(|reject| format!("{} {}", reject.row, reject.cells[0].reason.code)).collect()
}

#[test]
fn what_is_not_corrected_is_rejected_for_the_same_reason() {
    let numbers = "numbers = \"vi\"";
    let (summary, text) = rejects_of("a.xlsx", &wrong(), numbers);
    assert_eq!(sums(&summary), "7 = 0 + 7 + 0");
    let expected = [
        "2 not-whole",
        "3 number-for-text",
        "4 cell-error",
        "5 number-for-text",
        "6 time-without-day",
        "7 same-key",
        "8 same-key",
    ];
    assert_eq!(codes(&text, numbers), expected);
    // And again and again, with the columns of the program only once.
    let (_, again) = rejects_of("r.csv", text.as_bytes(), numbers);
    assert_eq!(again.lines().next(), text.lines().next());
    assert_eq!(again.matches("giaouoc: ").count(), 6);
    assert_eq!(codes(&again, numbers), expected);
    // Separated as Excel saves it.
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    for record in csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes()).records() {
        writer.write_record(&record.unwrap()).unwrap();
    }
    let semicolons = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    assert_eq!(codes(&semicolons, numbers), expected);
}

#[test]
fn what_is_corrected_or_said_to_be_right_is_taken() {
    let (_, text) = rejects_of("a.xlsx", &wrong(), "numbers = \"vi\"");
    let corrected = text.replacen("1.234", "15", 1).replacen("2.00154", "2.001540", 1);
    let (summary, out) = load("dossier", "r.csv", corrected.as_bytes(), "numbers = \"vi\"").unwrap();
    assert_eq!(sums(&summary), "7 = 2 + 5 + 0");
    assert!(written(&out).contains("A1,H26.01,,,15\n"), "{}", written(&out));
    assert!(written(&out).contains("A2,H26.01,2.001540,,\n"), "{}", written(&out));
    // Whoever empties the column of the program says that the text is right as it stands.
    let emptied = text.replace("Thời hạn giải quyết: 1.234", "");
    let (_, out) = load("dossier", "r.csv", emptied.as_bytes(), "numbers = \"vi\"").unwrap();
    assert_eq!(written(&out).lines().nth(1), Some("A1,H26.01,,,1234"));
    // The mapping may be what was wrong.
    let once = "A,H26.01,,43895,\n";
    let (_, out) = load("dossier", "a.csv", format!("{HEADER}{once}").as_bytes(), "").unwrap();
    assert_eq!(rejected(&out), ["2 received_at number-for-date \"43895\""]);
    let (_, text) = rejects_of("a.csv", format!("{HEADER}{once}").as_bytes(), "");
    let lines = "[columns]\nreceived_at = { from = \"Ngày tiếp nhận\", format = \"excel\" }";
    let (_, out) = load("dossier", "r.csv", text.as_bytes(), lines).unwrap();
    assert_eq!(written(&out).lines().nth(1), Some("A,H26.01,,2020-03-05,"));
}

#[test]
fn rows_with_too_many_or_too_few_cells_lose_nothing() {
    let csv = format!("{HEADER}A,H26.01,,05/03/2020,15,\"x, y\",z\nB,H26.01\n");
    let (_, text) = rejects_of("a.csv", csv.as_bytes(), "");
    assert!(text.contains(",\"x, y\",z\n"), "{text}");
    let expected = ["2 too-many-cells", "3 too-few-cells"];
    assert_eq!(codes(&text, ""), expected);
    let (_, again) = rejects_of("r.csv", text.as_bytes(), "");
    assert!(
        again.contains("The row has 7 cells, the header only 5") && again.contains(",\"x, y\",z\n"),
        "{again}"
    );
    assert!(again.contains("The row has only 2 cells, the header 5"), "{again}");
    assert_eq!(codes(&again, ""), expected);
    // Filled in, emptied, or by the mapping.
    let corrected =
        text.replace(",\"x, y\",z\n", ",,\n").replace("\nB,H26.01,,,,", "\nB,H26.01,,06/03/2020,,");
    let (_, out) = load("dossier", "r.csv", corrected.as_bytes(), "").unwrap();
    assert_eq!(
        written(&out),
        "code,unit,procedure,received_at,time_limit_days\nA,H26.01,,2020-03-05,15\nB,H26.01,,2020-03-06,\n"
    );
    assert_eq!(codes(&text, "short_rows = \"blank\""), ["2 too-many-cells"]);
}

/// What a mapping says about the form of the file is not said about its rejects.
#[test]
fn rejects_are_read_with_the_mapping_of_a_file_of_another_form() {
    let csv = format!("SỔ THEO DÕI\n\n{HEADER}A,H26.01,,05/03/2020,x\n").replace(',', "|");
    let lines = "delimiter = \"|\"\nheader_row = 3";
    let (summary, text) = rejects_of("a.csv", csv.as_bytes(), lines);
    assert_eq!(summary.rejected, 1);
    let corrected = text.replace(",x,", ",15,");
    for corrected in [corrected.clone(), corrected.replace(',', ";"), corrected.replace(',', "\t")] {
        let (_, out) = load("dossier", "r.csv", corrected.as_bytes(), lines).unwrap();
        assert!(written(&out).ends_with("A,H26.01,,2020-03-05,15\n"), "{}", written(&out));
    }
    // Saved as a workbook.
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let records =
        csv::ReaderBuilder::new().has_headers(false).from_reader(corrected.as_bytes()).into_records();
    for (row, record) in records.enumerate() {
        for (column, cell) in record.unwrap().iter().enumerate() {
            sheet.write_string(row as u32, column as u16, cell.trim_start_matches('\u{feff}')).unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let lines = "sheet = \"Sổ\"\nheader_row = 3";
    let (_, out) = load("dossier", "r.xlsx", &bytes, lines).unwrap();
    assert!(written(&out).ends_with("A,H26.01,,2020-03-05,15\n"), "{}", written(&out));
}
