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
        let collator = collator(lang)?;
        let cell = |row: &[String]| row.get(at).cloned().unwrap_or_default();
        self.rows.sort_by(|one, other| compare(&collator, &cell(one), &cell(other)));
        Ok(self)
    }

    /// As a file: `csv` or `xlsx`.
    pub fn file(&self, form: &str) -> Result<Response, Failed> {
        let name = format!("{}.{form}", self.name);
        let bytes = match form {
            "csv" => self.csv().map_err(|error| Failed::Internal(error.to_string()))?,
            "xlsx" => self.xlsx().map_err(|error| Failed::Internal(error.to_string()))?,
            _ => return Err(Failed::NotFound),
        };
        Ok(kept::saved(&name, kept::media(&name), bytes))
    }

    /// UTF-8 with its mark, so that spreadsheets read it as what it is; no cell is a formula.
    fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(&self.head)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| inert(cell).into_owned()))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let bold = Format::new().set_bold();
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        for (column, name) in (0_u16..).zip(&self.head) {
            sheet.write_string_with_format(0, column, *name, &bold)?;
            sheet.set_column_width(column, 24)?;
        }
        for (at, row) in self.rows.iter().enumerate() {
            for (column, cell) in (0_u16..).zip(row) {
                // Words whatever they begin with: nothing here ever becomes a formula.
                let cell: String = cell.chars().take(32_000).collect();
                sheet.write_string(number(at + 1), column, cell)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        let last = u16::try_from(self.head.len().saturating_sub(1)).unwrap_or(u16::MAX);
        if !self.rows.is_empty() {
            sheet.autofilter(0, 0, number(self.rows.len()), last)?;
        }
        book.save_to_buffer()
    }
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

/// Whole numbers by their value, everything else by its letters; what is blank last.
fn compare(collator: &CollatorBorrowed<'_>, one: &str, other: &str) -> Ordering {
    match (one.is_empty(), other.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    match (one.parse::<i64>(), other.parse::<i64>()) {
        (Ok(one), Ok(other)) => one.cmp(&other),
        _ => collator.compare(one, other),
    }
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
    fn cells_are_data() {
        let text = String::from_utf8(list(&["=1+1", "a,b", "c\"d", "hai\ndòng"]).csv().unwrap()).unwrap();
        assert_eq!(text, "\u{feff}Tên\r\n'=1+1\r\n\"a,b\"\r\n\"c\"\"d\"\r\n\"hai\ndòng\"\r\n");
        assert!(list(&["=1+1"]).xlsx().unwrap().starts_with(b"PK"));
        assert!(list(&["x"]).file("exe").is_err());
    }
}
