//! Lists as files: CSV and XLSX, in the order of the page, or sorted by a column as Vietnamese is sorted.

use std::cmp::Ordering;

use axum::response::Response;
use giaouoc_agreement::text::Lang;
use giaouoc_report::table::inert;
use icu_collator::CollatorBorrowed;
use icu_locale_core::locale;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::error::Failed;
use crate::kept;

/// A list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct List {
    /// Its name, for the file's.
    pub name: &'static str,
    /// What its columns are called.
    pub head: Vec<&'static str>,
    /// Its rows, each as wide as the head.
    pub rows: Vec<Vec<String>>,
}

impl List {
    /// Sorts by a column, counted from 1; the order of the page where there is no such column. Rows that are the same there stay
    /// in their order.
    pub fn sorted(mut self, column: usize, lang: Lang) -> Result<Self, Failed> {
        let Some(at) = column.checked_sub(1).filter(|at| *at < self.head.len()) else { return Ok(self) };
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        let cell = |row: usize| self.rows.get(row).and_then(|row| row.get(at)).map_or("", String::as_str);
        arrange(&mut order, cell, false, lang)?;
        self.rows = order.into_iter().filter_map(|row| self.rows.get_mut(row).map(std::mem::take)).collect();
        Ok(self)
    }

    /// As a file: `csv` or `xlsx`.
    pub fn file(&self, form: &str) -> Result<Response, Failed> {
        file(self.name, form, &self.head, &self.rows)
    }
}

/// Rows under their heads as a file: `csv` or `xlsx`.
pub(crate) fn file(
    name: &str,
    form: &str,
    head: &[impl AsRef<str>],
    rows: &[Vec<String>],
) -> Result<Response, Failed> {
    let name = format!("{name}.{form}");
    let bytes = match form {
        "csv" => csv(head, rows).map_err(|error| Failed::Internal(error.to_string()))?,
        "xlsx" => xlsx(head, rows).map_err(|error| Failed::Internal(error.to_string()))?,
        _ => return Err(Failed::NotFound),
    };
    Ok(kept::saved(&name, kept::media(&name), bytes))
}

/// UTF-8 with its mark, so that spreadsheets read it as what it is; no cell is a formula.
fn csv(head: &[impl AsRef<str>], rows: &[Vec<String>]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head.iter().map(|name| inert(name.as_ref()).into_owned()))?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| inert(cell).into_owned()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn xlsx(head: &[impl AsRef<str>], rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    for (column, name) in (0_u16..).zip(head) {
        sheet.write_string_with_format(0, column, name.as_ref(), &bold)?;
        sheet.set_column_width(column, 24)?;
    }
    for (at, row) in rows.iter().enumerate() {
        for (column, cell) in (0_u16..).zip(row) {
            // Words whatever they begin with: nothing here ever becomes a formula.
            let cell: String = cell.chars().take(32_000).collect();
            sheet.write_string(number(at + 1), column, cell)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let last = u16::try_from(head.len().saturating_sub(1)).unwrap_or(u16::MAX);
    if !rows.is_empty() {
        sheet.autofilter(0, 0, number(rows.len()), last)?;
    }
    book.save_to_buffer()
}

/// Puts places of rows in the order of a cell of each: numbers by their value, days and moments by when they are, everything else
/// by its letters; from the end where that is asked. What is blank stands last either way, what is the same stays as it was.
pub(crate) fn arrange<'a>(
    order: &mut [usize],
    cell: impl Fn(usize) -> &'a str,
    from_end: bool,
    lang: Lang,
) -> Result<(), Failed> {
    let collator = collator(lang)?;
    let keys: Vec<Key<'_>> = order.iter().map(|row| Key::of(cell(*row))).collect();
    let mut places: Vec<usize> = (0..order.len()).collect();
    let key = |at: usize| keys.get(at).unwrap_or(&Key::Blank);
    places.sort_by(|one, other| {
        let (one, other) = (key(*one), key(*other));
        let found = one.compare(other, &collator);
        if from_end && *one != Key::Blank && *other != Key::Blank { found.reverse() } else { found }
    });
    let sorted: Vec<usize> = places.into_iter().filter_map(|at| order.get(at).copied()).collect();
    order.copy_from_slice(&sorted);
    Ok(())
}

/// How names stand to each other in a language's lists.
pub(crate) fn collator(lang: Lang) -> Result<CollatorBorrowed<'static>, Failed> {
    let locale = match lang {
        Lang::Vi => locale!("vi"),
        Lang::En => locale!("en"),
    };
    let options = icu_collator::options::CollatorOptions::default();
    CollatorBorrowed::try_new(locale.into(), options).map_err(|error| Failed::Internal(error.to_string()))
}

/// What a cell is sorted by. The sorts stand one after the other, so that the order is one whatever stands in a column.
#[derive(Debug, PartialEq, Eq)]
enum Key<'a> {
    /// Thousandths.
    Number(i128),
    /// A day or a moment, as it sorts.
    Moment(String),
    Text(&'a str),
    Blank,
}

impl<'a> Key<'a> {
    fn of(cell: &'a str) -> Self {
        let cell = cell.trim();
        if ["", "–", "-", "…"].contains(&cell) {
            return Self::Blank;
        }
        let number = number(cell).map(Self::Number);
        number.or_else(|| moment(cell).map(Self::Moment)).unwrap_or(Self::Text(cell))
    }

    fn place(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Moment(_) => 1,
            Self::Text(_) => 2,
            Self::Blank => 3,
        }
    }

    fn compare(&self, other: &Self, collator: &CollatorBorrowed<'_>) -> Ordering {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => one.cmp(other),
            (Self::Moment(one), Self::Moment(other)) => one.cmp(other),
            (Self::Text(one), Self::Text(other)) => collator.compare(one, other),
            _ => self.place().cmp(&other.place()),
        }
    }
}

/// A number as the pages write it, in thousandths: `1.234`, `87,5 %`, `87.5 %`, `3/10` is none.
fn number(cell: &str) -> Option<i128> {
    let plain = cell.strip_suffix('%').unwrap_or(cell).trim_end_matches([' ', '\u{a0}']);
    let (sign, digits) = plain.strip_prefix(['-', '−']).map_or((1, plain), |rest| (-1, rest));
    let groups: Vec<&str> = digits.split(['.', ',']).collect();
    if groups.iter().any(|group| group.is_empty() || !group.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let (whole, part) = match groups.as_slice() {
        [whole] => ((*whole).to_owned(), ""),
        // A last group of three is thousands, any other is what follows the comma.
        [all @ .., part] if part.len() != 3 => (all.concat(), *part),
        all => (all.concat(), ""),
    };
    let part = format!("{part:0<3}");
    format!("{whole}{}", part.get(..3)?).parse::<i128>().ok().map(|value| sign * value)
}

/// A day or a moment as the pages write it, in an order: `30/06/2020`, `16:05 ngày 30/06/2020`, `2020-06-30`, `16:05 on 2020-06-30`.
fn moment(cell: &str) -> Option<String> {
    let (time, day) = cell.split_once(" ngày ").or_else(|| cell.split_once(" on ")).unwrap_or(("", cell));
    let parts: Vec<&str> = day.split(['/', '-']).collect();
    let [one, month, other] = parts.as_slice() else { return None };
    let (year, day) = if one.len() == 4 { (one, other) } else { (other, one) };
    let digits = |text: &str, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    let timed = time.is_empty() || time.len() == 5 && time.split(':').all(|part| digits(part, 2));
    (digits(year, 4) && digits(month, 2) && digits(day, 2) && timed)
        .then(|| format!("{year}{month}{day}{time}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(cells: &[&str]) -> List {
        List {
            name: "x",
            head: vec!["Tên"],
            rows: cells.iter().map(|cell| vec![(*cell).to_owned()]).collect(),
        }
    }

    fn order(cells: &[&str]) -> Vec<String> {
        let sorted = list(cells).sorted(1, Lang::Vi).unwrap();
        sorted.rows.into_iter().flatten().collect()
    }

    #[test]
    fn vietnamese_is_sorted_as_vietnamese() {
        // Letters: a ă â … d đ … o ô ơ … u ư; then tones: none, grave, hook, tilde, acute, dot.
        assert_eq!(
            order(&["đá", "da", "dz", "ân", "ăn", "an", "az"]),
            ["an", "az", "ăn", "ân", "da", "dz", "đá"]
        );
        assert_eq!(order(&["mạ", "má", "mã", "mả", "mà", "ma"]), ["ma", "mà", "mả", "mã", "má", "mạ"]);
        assert_eq!(order(&["ư", "u", "ơ", "ô", "o"]), ["o", "ô", "ơ", "u", "ư"]);
        assert_eq!(order(&["Sở Y tế", "", "Sở Nội vụ", "10", "9"]), ["9", "10", "Sở Nội vụ", "Sở Y tế", ""]);
        // Without a column the order is the page's: of units, that of the decision.
        let page = list(&["b", "a"]);
        assert_eq!(page.clone().sorted(0, Lang::Vi).unwrap(), page);
        assert_eq!(page.clone().sorted(7, Lang::Vi).unwrap(), page);
    }

    #[test]
    fn numbers_and_moments_are_sorted_by_what_they_are() {
        assert_eq!(order(&["87,5 %", "1.234", "9 %", "100", "-3"]), ["-3", "9 %", "87,5 %", "100", "1.234"]);
        assert_eq!(
            order(&["08:30 ngày 02/01/2021", "03/02/2020", "2020-01-31", "07:00 on 2021-01-02"]),
            ["2020-01-31", "03/02/2020", "07:00 on 2021-01-02", "08:30 ngày 02/01/2021"]
        );
        // What is like neither is words, and words never stand between numbers: an order that contradicts itself is none.
        assert_eq!(order(&["95a", "100", "–", "96", "3/10"]), ["96", "100", "3/10", "95a", "–"]);
        let mut places = [0, 1, 2];
        arrange(&mut places, |row| ["b", "", "a"][row], true, Lang::Vi).unwrap();
        assert_eq!(places, [0, 2, 1], "what is blank is last from either end");
    }

    #[test]
    fn cells_are_data() {
        let some = list(&["=1+1", "a,b", "c\"d", "hai\ndòng"]);
        let text = String::from_utf8(csv(&some.head, &some.rows).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}Tên\r\n'=1+1\r\n\"a,b\"\r\n\"c\"\"d\"\r\n\"hai\ndòng\"\r\n");
        assert!(xlsx(&some.head, &some.rows).unwrap().starts_with(b"PK"));
        assert!(list(&["x"]).file("exe").is_err());
    }
}
