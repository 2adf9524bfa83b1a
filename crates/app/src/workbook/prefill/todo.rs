//! The first sheet: the targets with their goals and figures, and which kinds have no cases to report.

use std::path::Path;

use giaouoc_agreement::text::Lang;
use giaouoc_intake::{Input, Limits, cells, fold};
use rust_xlsxwriter::{DataValidation, Url, XlsxError};

use super::super::cells::flag_word;
use super::super::draw::Book;
use super::super::say;
use super::{Ask, Needed};

/// Rows of the sheet that are looked at when it comes back.
const ROWS: usize = 500;

/// Its name.
pub(super) fn name(lang: Lang) -> &'static str {
    say(lang, "Việc cần làm", "What to do")
}

/// The head of the column of answers, and of the names of kinds; they are found again by it.
fn heads(lang: Lang) -> [&'static str; 3] {
    match lang {
        Lang::Vi => ["Loại dữ liệu", "Bản ghi đang có", "Không phát sinh?"],
        Lang::En => ["Kind of record", "Records now", "No cases?"],
    }
}

/// Writes the sheet.
pub(super) fn write(
    book: &mut Book,
    ask: &Ask<'_>,
    place: usize,
    needed: &[Needed],
) -> Result<(), XlsxError> {
    let lang = book.lang;
    let yes = flag_word(true, lang);
    let list = book.list(vec![yes.to_owned()]);
    let formats = &book.formats;
    let sheet = book.workbook.add_worksheet().set_name(name(lang))?;
    for (column, width) in [(0, 9.0), (1, 46.0), (2, 26.0), (3, 20.0), (4, 20.0), (5, 30.0)] {
        sheet.set_column_width(column, width)?;
    }
    let unit = ask.sheet.units[place].name.get(lang);
    sheet.write_string_with_format(0, 0, format!("{}: {unit}", name(lang)), &formats.title)?;
    let made = ask.loaded.calendars.default.zone();
    let made = crate::journal::list::shown(ask.at, made);
    let lines = match lang {
        Lang::Vi => [
            format!("{}. Số liệu tạm tính đến {}; bảng này lập lúc {made}.", ask.sheet.title.get(lang), ask.sheet.as_of),
            "1. Ghi vào các trang sau (mỗi loại một trang). 2. Lưu. 3. Gửi lại nguyên tệp này ở trang của đơn vị, mục Gửi tệp: xem trước rồi bấm nạp một lần.".to_owned(),
            "Dòng để nguyên thì không đổi gì. Loại nào trong kỳ không có gì để ghi thì chọn “có” ở cột Không phát sinh bên dưới.".to_owned(),
        ],
        Lang::En => [
            format!("{}. Provisional figures as of {}; made at {made}.", ask.sheet.title.get(lang), ask.sheet.as_of),
            "1. Fill in the sheets that follow (one for each kind). 2. Save. 3. Send this same file at the unit's desk: look at it and load it with one press.".to_owned(),
            "Rows left as they are change nothing. Where there were no cases of a kind, choose “yes” below under No cases.".to_owned(),
        ],
    };
    let mut row = 1;
    for line in lines {
        sheet.write_string_with_format(row, 0, line, &formats.text)?;
        row += 1;
    }
    row += 1;
    let columns = match lang {
        Lang::Vi => ["Khoản", "Chỉ tiêu", "Mục tiêu", "Hiện tại", "Kết quả", "Ghi ở trang"],
        Lang::En => ["Clause", "Target", "Goal", "Now", "Verdict", "Sheet"],
    };
    for (column, head) in (0_u16..).zip(columns) {
        sheet.write_string_with_format(row, column, head, &formats.head)?;
    }
    for target in &ask.sheet.targets {
        let Some(cell) = target.cells.get(place).and_then(Option::as_ref) else { continue };
        row += 1;
        sheet.write_string_with_format(row, 0, &target.clause, &formats.plain)?;
        sheet.write_string_with_format(row, 1, target.name.get(lang), &formats.wrap)?;
        sheet.write_string_with_format(row, 2, target.goal.get(lang), &formats.wrap)?;
        let shown = cell.shown.as_ref().map_or("–", |shown| shown.get(lang));
        sheet.write_string_with_format(row, 3, shown, &formats.wrap)?;
        let verdict = format!("{} {}", cell.sign, cell.words.get(lang));
        sheet.write_string_with_format(row, 4, verdict.trim(), &formats.wrap)?;
        let page = needed.iter().find(|one| one.kind.id == target.kind && cell.verdict != "exempt");
        match page {
            Some(page) => {
                let to = Url::new(format!("internal:'{}'!A1", page.name)).set_text(&page.name);
                sheet.write_url(row, 5, to)?;
            }
            None => {
                sheet.write_string_with_format(row, 5, "–", &formats.plain)?;
            }
        }
    }
    row += 2;
    for (column, head) in (1_u16..).zip(heads(lang)) {
        sheet.write_string_with_format(row, column, head, &formats.head)?;
    }
    let nil = &ask.sheet.units[place].nil;
    let check = DataValidation::new()
        .allow_list_formula(list)
        .set_input_title(say(lang, "Không phát sinh?", "No cases?"))?
        .set_input_message(say(
            lang,
            "Chọn “có” nếu trong kỳ đơn vị không có gì thuộc loại này. Lãnh đạo đơn vị sẽ xác nhận sau.",
            "Choose “yes” if the unit had nothing of this kind. The unit's leader confirms it later.",
        ))?
        .set_error_message(say(lang, "Chọn “có”, hoặc để trống.", "Choose “yes”, or leave it blank."))?;
    for one in needed {
        row += 1;
        sheet.write_string_with_format(row, 1, one.kind.name.get(lang), &formats.wrap)?;
        sheet.write_string_with_format(row, 2, one.records.to_string(), &formats.centre)?;
        match nil.get(&one.kind.id) {
            _ if one.records > 0 => {
                sheet.write_string_with_format(row, 3, "–", &formats.centre)?;
            }
            Some(confirmed) => {
                let said = if *confirmed {
                    say(lang, "đã báo, đã xác nhận", "reported, confirmed")
                } else {
                    say(lang, "đã báo, chờ xác nhận", "reported, to be confirmed")
                };
                sheet.write_string_with_format(row, 3, said, &formats.centre)?;
            }
            None => {
                sheet.write_blank(row, 3, &formats.ask)?;
                sheet.add_data_validation(row, 3, row, 3, &check)?;
            }
        }
    }
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_active(true);
    Ok(())
}

/// What the sheet answers when it comes back: names of kinds with what stands beside them, as written.
pub fn answers(path: &Path, sheet: &str) -> Vec<(String, String)> {
    let found = cells(&Input::Path(path), sheet, ROWS, &Limits::default());
    let rows = found.ok().flatten().unwrap_or_default();
    let mut places = None;
    let mut answers = Vec::new();
    for row in &rows {
        let at = |wanted: usize| {
            let is = |cell: &String, lang| fold(cell) == fold(heads(lang)[wanted]);
            row.iter().position(|cell| is(cell, Lang::Vi) || is(cell, Lang::En))
        };
        match (places, at(0), at(2)) {
            (_, Some(kind), Some(answer)) => places = Some((kind, answer)),
            (Some((kind, answer)), ..) => {
                let text = |at: usize| row.get(at).map(|cell| cell.trim().to_owned()).unwrap_or_default();
                if !text(kind).is_empty() {
                    answers.push((text(kind), text(answer)));
                }
            }
            _ => {}
        }
    }
    answers
}
