//! The workbook of a unit: what its targets ask for, with what is known filled in. It comes back as it is, by its mark.

mod known;
pub mod todo;

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_journal::hex;
use giaouoc_web::sheet::Sheet;
use jiff::Timestamp;

use self::known::{Known, known};
use super::draw::{Book, Page, sheet_name};
use super::mark::Mark;
use super::template::{unit_word, unit_words};
use super::{say, wrong};
use crate::bundle::{self, Loaded};
use crate::fault::{Fault, Outcome};

/// Records that are filled in; of a kind with more, none are, and the sheet says so.
pub const MOST: usize = 2_000;

/// For whom a workbook is made.
pub struct Ask<'a> {
    /// The bundle, read as it is now.
    pub loaded: &'a Loaded,
    /// The provisional figures.
    pub sheet: &'a Sheet,
    /// The cluster's name in addresses.
    pub slug: &'a str,
    /// The unit's code.
    pub unit: &'a str,
    /// The language of the workbook.
    pub lang: Lang,
    /// When it is made.
    pub at: Timestamp,
}

/// A kind that the unit's targets need.
struct Needed {
    kind: &'static Kind,
    /// Its sheet.
    name: String,
    /// Records of the unit, whoever supplied them.
    records: i64,
    known: Known,
}

/// The mark of a workbook that is made now.
fn mark(ask: &Ask<'_>) -> Mark {
    let journal = ask.loaded.journal.as_ref();
    let last = journal.and_then(|held| held.journal.entries().get(held.head.checked_sub(1)?));
    Mark {
        id: format!("{}-{:x}", ask.unit, ask.at.as_microsecond()),
        cluster: ask.slug.to_owned(),
        agreement: ask.sheet.agreement.clone(),
        unit: ask.unit.to_owned(),
        period: ask.sheet.year.to_string(),
        head: journal.map_or(0, |held| held.head),
        entry: last.map(|entry| hex(&entry.hash)).unwrap_or_default(),
        ..Mark::default()
    }
}

/// The workbook as a file.
pub fn prefilled(ask: &Ask<'_>) -> Outcome<Vec<u8>> {
    let (lang, loaded) = (ask.lang, ask.loaded);
    let unknown = || Fault::Input(Text::new("không có đơn vị này trong cụm", "the cluster has no such unit"));
    let unit = loaded.bundle.cluster.unit(ask.unit).ok_or_else(unknown)?;
    let (place, _) = ask.sheet.unit(ask.unit).ok_or_else(unknown)?;
    let word = unit_word(loaded, unit, lang);
    let mut mark = mark(ask);
    let mut taken: Vec<String> =
        ["Danh mục", "Lists", super::mark::SHEET, todo::name(lang), others_name(lang)]
            .map(str::to_owned)
            .into();
    let mut needed: Vec<Needed> = Vec::new();
    for target in &ask.sheet.targets {
        let cell = target.cells.get(place).and_then(Option::as_ref);
        let wanted = cell.is_some_and(|cell| cell.verdict != "exempt");
        if !wanted || needed.iter().any(|one| one.kind.id == target.kind) {
            continue;
        }
        let kind = bundle::kind(&target.kind)?;
        let found = ask.sheet.kinds.iter().find(|found| found.id == kind.id);
        let records = found.and_then(|found| found.records.get(place)).copied().unwrap_or(0);
        let name = sheet_name(kind.name.get(lang), &taken);
        taken.push(name.clone());
        mark.sheets.push((name.clone(), kind.id.clone()));
        let known = known(loaded, kind, ask.unit, records)?;
        needed.push(Needed { kind, name, records, known });
    }
    let mut book = Book::new(lang, unit_words(loaded, lang));
    todo::name(lang).clone_into(&mut mark.todo);
    todo::write(&mut book, ask, place, &needed).map_err(wrong)?;
    let zone = loaded.calendars.default.zone();
    for one in &needed {
        let above =
            vec![format!("{} – {word}, {}", one.kind.name.get(lang), ask.sheet.year), above(one, lang)];
        let page = Page { kind: one.kind, above, unit: Some(&word), rows: &one.known.own, zone };
        book.kind_sheet(&one.name, &page).map_err(wrong)?;
    }
    others(&mut book, loaded, &needed).map_err(wrong)?;
    mark.write(&mut book.workbook).map_err(wrong)?;
    let title = format!("{} – {word}, {}", todo::name(lang), ask.sheet.year);
    book.workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_title(title));
    book.finish().map_err(wrong)
}

/// What is said above a table: what is filled in, and what is not.
fn above(one: &Needed, lang: Lang) -> String {
    let (own, others) = (one.known.own.len(), one.known.others_count);
    let mut text = match (one.known.left_out, lang) {
        (true, Lang::Vi) => format!(
            "Đã có {} bản ghi, nhiều quá nên không điền sẵn ở đây. Ghi thêm bản ghi mới bên dưới, hoặc gửi tệp xuất từ phần mềm.",
            one.records
        ),
        (true, Lang::En) => format!(
            "There are {} records, too many to fill in here. Add new ones below, or send an export of the software.",
            one.records
        ),
        (false, Lang::Vi) => {
            format!(
                "Điền sẵn {own} bản ghi do đơn vị cung cấp. Sửa tại chỗ, ghi tiếp bên dưới; cột có * là bắt buộc."
            )
        }
        (false, Lang::En) => {
            format!(
                "{own} records that the unit supplied are filled in. Correct them here, add others below; columns with a star are required."
            )
        }
    };
    if others > 0 {
        text.push_str(&match lang {
            Lang::Vi => format!(
                " {others} bản ghi do nơi khác cung cấp đứng ở trang “{}”, không sửa ở đây.",
                others_name(lang)
            ),
            Lang::En => format!(
                " {others} records supplied by others stand on the sheet “{}” and are not corrected here.",
                others_name(lang)
            ),
        });
    }
    text
}

fn others_name(lang: Lang) -> &'static str {
    say(lang, "Nơi khác cung cấp", "Supplied by others")
}

/// Records of the unit that somebody else supplies: to be read, and never read back.
fn others(book: &mut Book, loaded: &Loaded, needed: &[Needed]) -> Result<(), rust_xlsxwriter::XlsxError> {
    if needed.iter().all(|one| one.known.others_count == 0) {
        return Ok(());
    }
    let lang = book.lang;
    let formats = &book.formats;
    let sheet = book.workbook.add_worksheet().set_name(others_name(lang))?;
    let heads = match lang {
        Lang::Vi => ["Loại dữ liệu", "Mã", "Ngày", "Nội dung", "Do ai cung cấp"],
        Lang::En => ["Kind", "Key", "Day", "What", "Supplied by"],
    };
    let about = say(
        lang,
        "Chỉ để xem: gửi lại tệp này không đổi gì ở đây. Nếu không đồng ý, dùng mục “Không đồng ý với bản ghi do nơi khác cung cấp” ở trang của đơn vị.",
        "To be read only: nothing here changes when this file is sent. To contest a record, use the unit's desk.",
    );
    sheet.write_string_with_format(0, 0, others_name(lang), &formats.title)?;
    sheet.write_string_with_format(1, 0, about, &formats.text)?;
    for (column, (head, width)) in (0_u16..).zip(heads.into_iter().zip([28.0, 24.0, 13.0, 44.0, 34.0])) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(2, column, head, &formats.head)?;
    }
    let owner = |code: &Option<String>| match code {
        None => say(lang, "nguồn chung của cả cụm", "a source of the whole cluster").to_owned(),
        Some(code) => match loaded.bundle.cluster.unit(code) {
            Some(unit) => loaded.bundle.cluster.units[unit].name.get(lang).to_owned(),
            None => code.clone(),
        },
    };
    let mut row = 3;
    for one in needed {
        for other in &one.known.others {
            let cells = [one.kind.name.get(lang), &other.key, &other.day, &other.what, &owner(&other.owner)];
            for (column, text) in (0_u16..).zip(cells) {
                sheet.write_string_with_format(row, column, text, &formats.plain)?;
            }
            row += 1;
        }
        let more = one.known.others_count.saturating_sub(one.known.others.len());
        if more > 0 {
            let text = match lang {
                Lang::Vi => format!("… và {more} bản ghi nữa"),
                Lang::En => format!("… and {more} more"),
            };
            sheet.write_string_with_format(row, 0, one.kind.name.get(lang), &formats.plain)?;
            sheet.write_string_with_format(row, 1, text, &formats.plain)?;
            row += 1;
        }
    }
    sheet.set_freeze_panes(3, 0)?;
    Ok(())
}
