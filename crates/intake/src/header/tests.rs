#![allow(clippy::unwrap_used, reason = "a failing test should stop")]

use giaouoc_agreement::kinds;

use super::find::{Found, find};
use super::*;
use crate::decode::{Cell, Row};

fn rows(cells: &[&[&str]]) -> Vec<Row> {
    cells
        .iter()
        .enumerate()
        .map(|(number, cells)| {
            let mut row = Row::default();
            row.clear(number as u64 + 1);
            for (at, cell) in cells.iter().enumerate() {
                row.set(at, if cell.is_empty() { Cell::Blank } else { Cell::Text(cell) });
            }
            row
        })
        .collect()
}

fn found(cells: &[&[&str]], mapping: &str) -> Result<Found, FileError> {
    let kind = kinds::find("dossier").unwrap();
    let mapping = format!("kind = \"dossier\"\n{mapping}");
    let mapping = Mapping::parse("maps/a.toml", mapping.as_bytes(), kind).unwrap();
    find(&rows(cells), &Matcher::new(kind, &mapping, false))
}

/// `column=file column` of everything bound.
fn shown(cells: &[&[&str]], mapping: &str) -> String {
    let kind = kinds::find("dossier").unwrap();
    match found(cells, mapping) {
        Ok(found) => {
            let bound = found
                .binding
                .bound
                .iter()
                .map(|bound| format!("{}={:?}", kind.columns[bound.column].id, bound.sources));
            let missing = found.binding.missing.iter().map(|at| format!("-{}", kind.columns[*at].id));
            format!("{}: {}", found.row, bound.chain(missing).collect::<Vec<_>>().join(" "))
        }
        Err(error) => error.code().to_owned(),
    }
}

#[test]
fn headers_are_found_below_titles() {
    let table: [(&[&[&str]], &str); 8] = [
        (&[&["Mã hồ sơ", "Đơn vị xử lý"]], "1: code=[0] unit=[1]"),
        (&[&["MÃ HỒ SƠ (*)", "don vi\nxu ly"]], "1: code=[0] unit=[1]"),
        (
            &[
                &["UBND THÀNH PHỐ"],
                &[],
                &["Lĩnh vực: đất đai"],
                &["STT", "Mã hồ sơ", "Đơn vị xử lý", "Lĩnh vực"],
            ],
            "4: code=[1] unit=[2] field=[3]",
        ),
        // Merged headings: the text stands in the first cell only.
        (
            &[
                &["STT", "Mã hồ sơ", "Đơn vị xử lý", "Ngày", "", ""],
                &["", "", "", "tiếp nhận", "hẹn trả", "trả kết quả"],
                &["1", "A", "B", "05/03/2020", "06/03/2020", "06/03/2020"],
            ],
            "1: code=[1] unit=[2] received_at=[3] due_at=[4] handed_over_at=[5]",
        ),
        // The upper row only groups: the lower names count.
        (
            &[
                &["Thông tin chung", "", "Tiến độ", ""],
                &["Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận", "Ngày hẹn trả"],
            ],
            "2: code=[0] unit=[1] received_at=[2] due_at=[3]",
        ),
        (&[&["Mã hồ sơ", "Ngày tiếp nhận"]], "1: code=[0] received_at=[1] -unit"),
        (&[&["Tên", "Tuổi"], &["An", "30"]], "no-header"),
        (&[&["code", "unit", "finished_at", "finished_at.day"]], "1: code=[0] unit=[1] finished_at=[2, 3]"),
    ];
    for (cells, expected) in table {
        assert_eq!(shown(cells, ""), expected, "{cells:?}");
    }
}

#[test]
fn what_is_not_certain_is_refused() {
    assert_eq!(shown(&[&["Mã hồ sơ", "Số hồ sơ", "Đơn vị xử lý"]], ""), "ambiguous-header");
    assert_eq!(shown(&[&["Mã hồ sơ", "Mã hồ sơ", "Đơn vị xử lý"]], ""), "doubled-header");
    // Doubled headings that nobody needs do no harm.
    assert_eq!(shown(&[&["Mã hồ sơ", "Đơn vị xử lý", "Ghi chú", "Ghi chú"]], ""), "1: code=[0] unit=[1]");
    // Named by the mapping, the other is left alone.
    let mapping = "[columns]\ncode = \"Số hồ sơ\"";
    assert_eq!(shown(&[&["Mã hồ sơ", "Số hồ sơ", "Đơn vị xử lý"]], mapping), "1: code=[1] unit=[2]");
    let error = found(&[&["Mã hồ sơ", "Số hồ sơ", "Đơn vị xử lý"]], "").unwrap_err();
    assert!(error.text().vi.contains("code = \"Mã hồ sơ\""), "{error}");
}

#[test]
fn a_mapping_names_headers() {
    let cells: &[&[&str]] = &[&["ID", "Phòng", "Ngày nộp", "Ngày tiếp nhận"]];
    let mapping = "[columns]\ncode = \"id\"\nunit = { constant = \"H26.01\" }\nreceived_at = [\"Ngày tiếp nhận\", \"ngay nop\"]";
    assert_eq!(shown(cells, mapping), "1: code=[0] unit=[] received_at=[3, 2]");
    assert_eq!(shown(cells, "[columns]\ncode = \"Ngày\""), "no-such-header");
    let error = found(cells, "[columns]\ncode = \"Phongg\"").unwrap_err();
    assert!(error.text().en.contains("Was \"Phòng\" meant?"), "{error}");
    assert_eq!(
        shown(cells, "unnamed = \"ignore\"\n[columns]\ncode = \"ID\"\nunit = \"Phòng\""),
        "1: code=[0] unit=[1]"
    );
    assert_eq!(
        shown(&[&["x"], &["code", "unit"], &["a", "b"], &["code", "unit"]], "header_row = 4"),
        "4: code=[0] unit=[1]"
    );
}

#[test]
fn what_is_not_used_is_said_with_the_nearest_name() {
    let found =
        found(&[&["Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhậm", "Chủ hồ sơ", "Ghi chú", ""]], "").unwrap();
    assert_eq!(found.binding.ignored, ["Ngày tiếp nhậm", "Ghi chú"]);
    let kind = kinds::find("dossier").unwrap();
    let mapping = Mapping::default();
    let matcher = Matcher::new(kind, &mapping, false);
    assert_eq!(matcher.nearest("Ngày tiếp nhậm").map(|name| fold(&name)), Some("ngaytiepnhan".to_owned()));
    assert_eq!(matcher.nearest("Ghi chú"), None);
    assert_eq!(found.binding.personal.len(), 1);
    assert_eq!(found.width, 5);
}
