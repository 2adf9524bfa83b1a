//! A workbook under way: sheets of kinds with drop-downs, checks and notes; the lists behind the drop-downs; formats.

use std::collections::BTreeMap;

use giaouoc_agreement::kind::{Column, ColumnType, Kind, TextForm};
use giaouoc_agreement::text::Lang;
use giaouoc_agreement::value::Value;
use giaouoc_intake::fold;
use giaouoc_worktime::zone::Zone;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle as Style, DataValidationRule as Rule, ExcelDateTime,
    Format, FormatAlign, FormatBorder, Formula, Note, Workbook, Worksheet, XlsxError,
};

use super::cells::{Cell, cell, code_words, flag_word, serial};
use super::say;

/// Rows below the header that are checked while somebody types.
const CHECKED: u32 = 5_000;
/// Rows that have the unit filled in beforehand, after those that are records.
pub(super) const FREE: u32 = 100;
/// Characters that a message of a check may have, by the format's own limit.
const MESSAGE: usize = 255;
/// Characters of its title.
const TITLE: usize = 32;
/// Characters of a sheet's name.
const NAME: usize = 31;

/// Formats of cells.
pub(super) struct Formats {
    pub(super) title: Format,
    pub(super) text: Format,
    pub(super) head: Format,
    pub(super) must: Format,
    pub(super) wrap: Format,
    pub(super) bold: Format,
    pub(super) ask: Format,
    pub(super) centre: Format,
    pub(super) plain: Format,
    words: Format,
    number: Format,
    day: Format,
    moment: Format,
}

impl Formats {
    fn new() -> Self {
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
            .set_border_bottom(FormatBorder::Thin);
        let top = Format::new().set_align(FormatAlign::Top);
        Self {
            title: Format::new().set_bold().set_font_size(14),
            text: Format::new().set_font_color(Color::RGB(0x4A_52_5C)),
            must: head.clone().set_background_color(Color::RGB(0xD6_E4_F0)),
            head: head.set_background_color(Color::RGB(0xEE_F0_F3)),
            wrap: top.clone().set_text_wrap(),
            bold: top.clone().set_bold(),
            ask: Format::new()
                .set_align(FormatAlign::Center)
                .set_border(FormatBorder::Thin)
                .set_background_color(Color::RGB(0xFF_F8_E1)),
            centre: top.clone().set_align(FormatAlign::Center),
            plain: top,
            words: Format::new().set_num_format("@"),
            number: Format::new().set_num_format("0"),
            day: Format::new().set_num_format("dd/mm/yyyy"),
            moment: Format::new().set_num_format("dd/mm/yyyy hh:mm"),
        }
    }

    /// Of the cells of a column: text stays text, so that no zero before a code is lost.
    fn of(&self, column: &Column) -> &Format {
        match column.ty {
            ColumnType::Integer => &self.number,
            ColumnType::Date => &self.day,
            ColumnType::Moment => &self.moment,
            _ => &self.words,
        }
    }
}

/// What a sheet of a kind holds.
pub(super) struct Page<'a> {
    /// The kind.
    pub(super) kind: &'a Kind,
    /// Lines above the header: a title, then sentences.
    pub(super) above: Vec<String>,
    /// The unit to be filled in beforehand, as people read it.
    pub(super) unit: Option<&'a str>,
    /// Records, with a value for each column of the kind.
    pub(super) rows: &'a [Vec<Value>],
    /// The zone of their moments.
    pub(super) zone: &'a Zone,
}

/// A workbook under way.
pub(super) struct Book {
    pub(super) workbook: Workbook,
    pub(super) formats: Formats,
    pub(super) lang: Lang,
    /// The lists behind drop-downs, each a column of the sheet of lists.
    lists: Vec<Vec<String>>,
    /// Names of units that may stand in the column of the unit; none: anything.
    units: Vec<String>,
}

/// The columns of a kind that stand in a workbook: persons' data does not.
pub(super) fn columns(kind: &Kind) -> impl Iterator<Item = (usize, &Column)> {
    kind.columns.iter().enumerate().filter(|(_, column)| !column.personal)
}

/// A column's heading: its label, unless another column goes by that name too; a star where a value is needed.
pub(super) fn heading(kind: &Kind, at: usize, lang: Lang) -> String {
    let column = &kind.columns[at];
    let key = fold(column.label.get(lang));
    let other = |other: &Column| {
        let names = [&other.id, &other.label.vi, &other.label.en];
        other.id != column.id && names.into_iter().chain(&other.aliases).any(|name| fold(name) == key)
    };
    let name = if kind.columns.iter().any(other) { &column.id } else { column.label.get(lang) };
    if is_required(kind, at) { format!("{name} *") } else { name.to_owned() }
}

/// Whether a row without a column's value is rejected.
pub(super) fn is_required(kind: &Kind, at: usize) -> bool {
    kind.columns[at].required || at == kind.key || at == kind.unit
}

/// A name that a sheet may have.
pub(super) fn sheet_name(name: &str, taken: &[String]) -> String {
    let clean: String =
        name.chars().map(|letter| if "[]:*?/\\'".contains(letter) { ' ' } else { letter }).collect();
    let base: String = clean.trim().chars().take(NAME).collect();
    let mut found = base.trim().to_owned();
    let mut number = 2;
    while taken.iter().any(|other| other.to_lowercase() == found.to_lowercase()) {
        let short: String = base.chars().take(NAME - 4).collect();
        found = format!("{} {number}", short.trim());
        number += 1;
    }
    found
}

/// A text cut to a length, with a sign that it was.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

impl Book {
    pub(super) fn new(lang: Lang, units: Vec<String>) -> Self {
        Self { workbook: Workbook::new(), formats: Formats::new(), lang, lists: Vec::new(), units }
    }

    /// The formula of a list, which lies on the sheet of lists: words may have commas in them.
    pub(super) fn list(&mut self, words: Vec<String>) -> Formula {
        let at = match self.lists.iter().position(|list| *list == words) {
            Some(at) => at,
            None => {
                self.lists.push(words);
                self.lists.len() - 1
            }
        };
        let column = rust_xlsxwriter::utility::column_number_to_name(u16::try_from(at).unwrap_or(0));
        let name = self.lists_name();
        Formula::new(format!("='{name}'!${column}$1:${column}${}", self.lists[at].len().max(1)))
    }

    fn lists_name(&self) -> &'static str {
        say(self.lang, "Danh mục", "Lists")
    }

    /// Adds a sheet of a kind. Its header is what the intake finds by itself.
    pub(super) fn kind_sheet(&mut self, name: &str, page: &Page<'_>) -> Result<(), XlsxError> {
        let lang = self.lang;
        let head = u32::try_from(page.above.len()).unwrap_or(0);
        let mut checks = BTreeMap::new();
        for (place, (at, column)) in (0_u16..).zip(columns(page.kind)) {
            checks.insert(place, self.check(page.kind, at, column)?);
        }
        let formats = &self.formats;
        let sheet = self.workbook.add_worksheet().set_name(name)?;
        for (row, line) in (0_u32..).zip(&page.above) {
            let format = if row == 0 { &formats.title } else { &formats.text };
            sheet.write_string_with_format(row, 0, line, format)?;
        }
        sheet.set_row_height(head, 48)?;
        for (place, (at, column)) in (0_u16..).zip(columns(page.kind)) {
            let format = if is_required(page.kind, at) { &formats.must } else { &formats.head };
            sheet.set_column_format(place, formats.of(column))?;
            sheet.set_column_width(place, width(page.kind, at))?;
            sheet.write_string_with_format(head, place, heading(page.kind, at, lang), format)?;
            let note =
                Note::new(note(page.kind, at, lang)).add_author_prefix(false).set_width(320).set_height(120);
            sheet.insert_note(head, place, &note)?;
            if let Some(check) = checks.get(&place) {
                sheet.add_data_validation(head + 1, place, head + CHECKED, place, check)?;
            }
            let mut row = head + 1;
            for values in page.rows {
                let value = values.get(at).unwrap_or(&Value::Unknown);
                let shown = match (value, page.unit) {
                    (Value::Text(_), Some(unit)) if at == page.kind.unit => Cell::Text(unit.to_owned()),
                    _ => cell(column, value, page.zone, lang),
                };
                write(sheet, row, place, &shown, formats, column)?;
                row += 1;
            }
            if let (true, Some(unit)) = (at == page.kind.unit, page.unit) {
                for free in row..row + FREE {
                    sheet.write_string_with_format(free, place, unit, &formats.words)?;
                }
            }
        }
        sheet.set_freeze_panes(head + 1, 1)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        Ok(())
    }

    /// The check of a column while somebody types, with what it means.
    fn check(&mut self, kind: &Kind, at: usize, column: &Column) -> Result<DataValidation, XlsxError> {
        let lang = self.lang;
        let check = DataValidation::new()
            .set_input_title(cut(column.label.get(lang), TITLE))?
            .set_input_message(cut(&note(kind, at, lang), MESSAGE))?
            .set_error_title(cut(column.label.get(lang), TITLE))?
            .set_error_message(cut(&wrong(column, lang), MESSAGE))?;
        Ok(match &column.ty {
            ColumnType::Code(list) => {
                let words = code_words(list, lang);
                let check = check.allow_list_formula(self.list(words));
                check.show_error_message(!list.open)
            }
            ColumnType::Flag => {
                let words = [true, false].map(|flag| flag_word(flag, lang).to_owned());
                check.allow_list_formula(self.list(words.into()))
            }
            ColumnType::Integer => match (bound(column.min), bound(column.max)) {
                (Some(min), Some(max)) => check.allow_whole_number(Rule::Between(min, max)),
                (Some(min), None) => check.allow_whole_number(Rule::GreaterThanOrEqualTo(min)),
                (None, Some(max)) => check.allow_whole_number(Rule::LessThanOrEqualTo(max)),
                (None, None) => check.allow_whole_number(Rule::Between(i32::MIN, i32::MAX)),
            },
            ColumnType::Date | ColumnType::Moment => {
                let (first, last) =
                    (ExcelDateTime::from_ymd(1950, 1, 1)?, ExcelDateTime::from_ymd(2100, 12, 31)?);
                // Spreadsheets set to another country keep 25/12/2020 as text, which is read all the same: it may stay.
                check.allow_date(Rule::Between(first, last)).set_error_style(Style::Warning)
            }
            ColumnType::Text if at == kind.unit && !self.units.is_empty() => {
                let units = self.units.clone();
                check.allow_list_formula(self.list(units))
            }
            _ => check.allow_any_value(),
        })
    }

    /// Adds the sheet of lists, hidden, and gives the file.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        if !self.lists.is_empty() {
            let name = self.lists_name();
            let sheet = self.workbook.add_worksheet().set_name(name)?;
            for (column, list) in (0_u16..).zip(&self.lists) {
                for (row, word) in (0_u32..).zip(list) {
                    sheet.write_string(row, column, word)?;
                }
            }
            sheet.set_hidden(true);
        }
        self.workbook.save_to_buffer()
    }
}

/// A bound that the format can hold; wider ones check nothing.
fn bound(value: Option<i64>) -> Option<i32> {
    value.and_then(|value| i32::try_from(value).ok())
}

fn width(kind: &Kind, at: usize) -> f64 {
    match &kind.columns[at].ty {
        _ if at == kind.unit => 30.0,
        _ if at == kind.key => 20.0,
        ColumnType::Integer | ColumnType::Flag => 12.0,
        ColumnType::Date => 13.0,
        ColumnType::Moment => 18.0,
        ColumnType::Code(_) => 22.0,
        _ => 28.0,
    }
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    place: u16,
    cell: &Cell,
    formats: &Formats,
    column: &Column,
) -> Result<(), XlsxError> {
    let format = formats.of(column);
    match cell {
        Cell::Blank => return Ok(()),
        Cell::Text(text) => sheet.write_string_with_format(row, place, text, &formats.words)?,
        Cell::Integer(number) => sheet.write_number_with_format(row, place, *number as f64, format)?,
        Cell::Day(day) => sheet.write_number_with_format(row, place, serial(*day, 0), &formats.day)?,
        Cell::Local(day, micros) => {
            sheet.write_number_with_format(row, place, serial(*day, *micros), &formats.moment)?
        }
    };
    Ok(())
}

/// What a column means and how it is written.
pub(super) fn note(kind: &Kind, at: usize, lang: Lang) -> String {
    let column = &kind.columns[at];
    let must = if is_required(kind, at) { say(lang, "Bắt buộc. ", "Required. ") } else { "" };
    format!("{must}{} {}", column.meaning.get(lang), how(column, lang)).trim().to_owned()
}

/// How the values of a column are written.
pub(super) fn how(column: &Column, lang: Lang) -> String {
    let said = match &column.ty {
        ColumnType::Code(list) if list.open => say(
            lang,
            "Chọn trong danh sách, hoặc ghi khác.",
            "Choose from the list, or write something else.",
        ),
        ColumnType::Code(_) => say(lang, "Chọn trong danh sách.", "Choose from the list."),
        ColumnType::Flag => say(lang, "Ghi có hoặc không.", "Write yes or no."),
        ColumnType::Date => say(lang, "Ngày, ví dụ 15/07/2020.", "A day, for example 15/07/2020."),
        ColumnType::Moment => say(
            lang,
            "Ngày và giờ, ví dụ 15/07/2020 09:30; chỉ biết ngày thì ghi ngày.",
            "A day and a time, for example 15/07/2020 09:30; the day alone if no more is known.",
        ),
        ColumnType::Integer => {
            return match (column.min, column.max, lang) {
                (Some(min), Some(max), Lang::Vi) => format!("Số nguyên từ {min} đến {max}."),
                (Some(min), Some(max), Lang::En) => format!("A whole number from {min} to {max}."),
                (Some(min), None, Lang::Vi) => format!("Số nguyên không nhỏ hơn {min}."),
                (Some(min), None, Lang::En) => format!("A whole number not below {min}."),
                (_, _, Lang::Vi) => "Số nguyên.".to_owned(),
                (_, _, Lang::En) => "A whole number.".to_owned(),
            };
        }
        ColumnType::Intervals => say(
            lang,
            "TỪ/ĐẾN; TỪ/ĐẾN, ví dụ 2020-03-05T16:00/2020-03-09T08:00.",
            "FROM/TO; FROM/TO, for example 2020-03-05T16:00/2020-03-09T08:00.",
        ),
        ColumnType::Changes => say(
            lang,
            "LÚC ĐỔI -> HẠN MỚI (lý do); …, ví dụ 2020-03-05T16:00 -> 2020-03-12T17:00 (chờ thẩm định).",
            "AT -> NEW (why); …, for example 2020-03-05T16:00 -> 2020-03-12T17:00 (being appraised).",
        ),
        ColumnType::Text if column.form == Some(TextForm::Limit) => {
            say(lang, "Ví dụ 3 ngày làm việc.", "For example 3 working days.")
        }
        ColumnType::Text => "",
    };
    said.to_owned()
}

/// What is said to somebody who types something else.
fn wrong(column: &Column, lang: Lang) -> String {
    let said = match &column.ty {
        ColumnType::Code(_) => say(
            lang,
            "Giá trị này không có trong danh sách. Hãy bấm mũi tên ở góc ô và chọn.",
            "This value is not in the list. Press the arrow beside the cell and choose.",
        ),
        ColumnType::Flag => say(lang, "Hãy ghi có hoặc không.", "Write yes or no."),
        ColumnType::Date | ColumnType::Moment => say(
            lang,
            "Ô này cần một ngày, ví dụ 15/07/2020 (ngày trước, tháng sau). Vẫn giữ giá trị vừa ghi?",
            "This cell needs a day, for example 15/07/2020 (the day first). Keep what was written?",
        ),
        ColumnType::Integer => return how(column, lang),
        _ => say(
            lang,
            "Giá trị này không có trong danh sách đơn vị của cụm.",
            "This is not among the units of the cluster.",
        ),
    };
    said.to_owned()
}
