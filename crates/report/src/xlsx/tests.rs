use rust_xlsxwriter::Workbook;

use super::sheet::{Formats, Sheet, Value, cut};

#[test]
fn nothing_is_a_cell_of_its_own() {
    assert_eq!(Value::text(""), Value::Empty);
}

#[test]
fn a_text_without_an_end_is_cut_at_a_whole_character() {
    for text in ["x".repeat(40_000), "ệ".repeat(40_000), "😀".repeat(40_000)] {
        let fits = cut(&text);
        assert!(fits.encode_utf16().count() <= 32_767 && fits.len() > 10_000);
    }
    assert_eq!(cut("ngắn"), "ngắn");
}

/// What cannot be a number, a share or a day of a workbook is written all the same, or left blank; nothing fails.
#[test]
fn every_value_can_be_written() {
    let values = vec![
        Value::Integer(i128::MAX),
        Value::integer(1_i64 << 53),
        Value::Share(0, 0),
        Value::Ratio(1, 0),
        Value::Share(1, 3),
        Value::TenThousandths(9_496),
        Value::Day(giaouoc_worktime::Day::MIN),
        Value::Day(giaouoc_worktime::Day::MAX),
        Value::text("=1+1"),
        Value::text("x".repeat(100_000)),
    ];
    let made = || {
        let heads = values.iter().map(|_| ("đầu".to_owned(), 10.0)).collect();
        let mut workbook = Workbook::new();
        let sheet = Sheet { name: "Thử", heads, fixed: 1, rows: vec![values.clone()] };
        sheet.write(&mut workbook, &Formats::new(), Some("Theo dự thảo & chưa ký")).unwrap();
        workbook.save_to_buffer().unwrap()
    };
    assert!(made().starts_with(b"PK"));
}
