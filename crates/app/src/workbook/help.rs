//! The help sheet of a template: how it is used, what each column means, an example row, and the values of code columns.

use giaouoc_agreement::kind::{Column, ColumnType, Kind, TextForm};
use giaouoc_agreement::text::Lang;
use rust_xlsxwriter::XlsxError;

use super::cells::{code_words, flag_word};
use super::draw::{Book, columns, how, is_required};
use super::say;

/// Adds the help sheet. Nothing on it is ever taken for a record: the header of a kind stands on no row of it.
pub(super) fn help(book: &mut Book, kind: &Kind, unit: Option<&str>, year: i32) -> Result<(), XlsxError> {
    let lang = book.lang;
    let name = say(lang, "Hướng dẫn", "Help");
    let formats = &book.formats;
    let sheet = book.workbook.add_worksheet().set_name(name)?;
    for (column, width) in [(0, 30.0), (1, 12.0), (2, 60.0), (3, 40.0), (4, 30.0)] {
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string_with_format(0, 0, format!("{name}: {}", kind.name.get(lang)), &formats.title)?;
    let mut row = 1;
    for line in lines(kind, lang) {
        sheet.write_string_with_format(row, 0, line, &formats.text)?;
        row += 1;
    }
    row += 1;
    let heads = match lang {
        Lang::Vi => ["Cột", "Bắt buộc", "Ý nghĩa", "Cách ghi", "Dòng ví dụ (giả định)"],
        Lang::En => ["Column", "Required", "Meaning", "How to write it", "Example row (invented)"],
    };
    for (column, head) in (0_u16..).zip(heads) {
        sheet.write_string_with_format(row, column, head, &formats.head)?;
    }
    sheet.set_freeze_panes(row + 1, 0)?;
    for (at, column) in columns(kind) {
        row += 1;
        let must = if is_required(kind, at) { say(lang, "có", "yes") } else { "" };
        let example = example(kind, at, column, unit, year, lang);
        let cells = [column.label.get(lang), must, column.meaning.get(lang), &how(column, lang), &example];
        for (place, text) in (0_u16..).zip(cells) {
            let format = if place == 0 { &formats.bold } else { &formats.wrap };
            sheet.write_string_with_format(row, place, text, format)?;
        }
    }
    row += 2;
    for (_, column) in columns(kind) {
        let ColumnType::Code(list) = &column.ty else { continue };
        sheet.write_string_with_format(row, 0, column.label.get(lang), &formats.bold)?;
        let words = code_words(list, lang).join(" · ");
        sheet.write_string_with_format(row, 2, words, &formats.wrap)?;
        row += 1;
    }
    Ok(())
}

fn lines(kind: &Kind, lang: Lang) -> Vec<String> {
    let line = |vi: &str, en: &str| say(lang, vi, en).to_owned();
    vec![
        kind.meaning.get(lang).to_owned(),
        line(
            "Ghi mỗi bản ghi một dòng ở trang đầu; cột có dấu * không được để trống. Ô để trống nghĩa là chưa biết.",
            "One record a row on the first sheet; columns with a star must not be blank. A blank cell means not known.",
        ),
        line(
            "Rê chuột lên tiêu đề cột để xem ý nghĩa. Ô có mũi tên thì chọn trong danh sách.",
            "Point at a heading to see what it means. Where a cell has an arrow, choose from the list.",
        ),
        line(
            "Xong thì lưu và gửi ở trang của đơn vị, mục Gửi tệp. Chương trình đọc thử và cho xem trước; gửi lại bao nhiêu lần cũng được.",
            "Then save it and send it at the unit's desk. It is read and shown first; it may be sent again as often as you like.",
        ),
        line(
            "Ghi lại một mã đã có là sửa bản ghi đó. Xoá dòng ở đây không xoá bản ghi đã nạp.",
            "A code that is there already changes that record. Deleting a row here deletes no record that was loaded.",
        ),
    ]
}

/// A value that somebody might write.
fn example(kind: &Kind, at: usize, column: &Column, unit: Option<&str>, year: i32, lang: Lang) -> String {
    match &column.ty {
        _ if at == kind.unit => {
            unit.unwrap_or(say(lang, "Sở Nội vụ", "Department of Home Affairs")).to_owned()
        }
        _ if at == kind.key => "VD-001".to_owned(),
        ColumnType::Code(list) => code_words(list, lang).into_iter().next().unwrap_or_default(),
        ColumnType::Flag => flag_word(true, lang).to_owned(),
        ColumnType::Integer => {
            let (min, max) = (column.min.unwrap_or(0), column.max.unwrap_or(i64::MAX));
            12.clamp(min, max).to_string()
        }
        ColumnType::Date => format!("15/07/{year}"),
        ColumnType::Moment => format!("15/07/{year} 09:30"),
        ColumnType::Intervals => format!("{year}-03-05T16:00/{year}-03-09T08:00"),
        ColumnType::Changes => match lang {
            Lang::Vi => format!("{year}-03-05T16:00 -> {year}-03-12T17:00 (chờ thẩm định)"),
            Lang::En => format!("{year}-03-05T16:00 -> {year}-03-12T17:00 (being appraised)"),
        },
        ColumnType::Text if column.form == Some(TextForm::Limit) => {
            say(lang, "3 ngày làm việc", "3 working days").to_owned()
        }
        ColumnType::Text => String::new(),
    }
}
