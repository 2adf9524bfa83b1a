//! The report (*báo cáo*): a judged scoreboard and what it rests on, as one self-contained page for people and as
//! a workbook for their spreadsheets. `docs/report.md` says what is on it and why.
//!
//! Pure: a [`Report`] in, text or bytes out; no file is read and no clock is asked. The parts stand on their own, so that
//! another program may show them singly: [`style`] (colours and type), [`chart`] (pictures), [`table`] (tables),
//! [`words`] (numbers and days as people write them).

pub mod chart;
pub mod model;
mod page;
pub mod public;
pub mod style;
pub mod table;
pub mod words;
mod xlsx;

use std::fmt;

use giaouoc_agreement::figure::integer;
use giaouoc_agreement::scoreboard::Figure;
use giaouoc_agreement::text::Lang;

pub use crate::model::Report;
pub use crate::page::{Parts, months};

/// Why a report could not be made.
#[derive(Debug)]
pub enum ReportError {
    /// A template failed.
    Page(askama::Error),
    /// The workbook could not be written.
    Workbook(rust_xlsxwriter::XlsxError),
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(error) => write!(f, "{error}"),
            Self::Workbook(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for ReportError {}

/// Why a figure has no verdict, or what to know of it, in one line; for everybody where what small numbers are is given,
/// with the kind of the figure's records.
pub fn remark(figure: &Figure, lang: Lang, public: Option<(&public::Small, &str)>) -> String {
    page::remark(figure, lang, &|count| match public {
        Some((small, kind)) if small.hides(kind, count) => small.words.get(lang).to_owned(),
        _ => integer(count, lang),
    })
}

/// The report as one HTML file that needs nothing beside it.
///
/// # Errors
/// When a template fails, which means that the program is wrong.
pub fn html(report: &Report) -> Result<String, ReportError> {
    page::render(report).map_err(ReportError::Page)
}

/// The report as pages of their own, to stand within another program's pages.
///
/// # Errors
/// When a template fails, which means that the program is wrong.
pub fn parts(report: &Report) -> Result<Parts, ReportError> {
    page::parts(report).map_err(ReportError::Page)
}

/// The report as a workbook (Office Open XML).
///
/// # Errors
/// When a table does not fit into a sheet.
pub fn xlsx(report: &Report) -> Result<Vec<u8>, ReportError> {
    xlsx::write(report).map_err(ReportError::Workbook)
}
