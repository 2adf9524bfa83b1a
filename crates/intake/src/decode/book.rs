//! Workbooks of any format: which of their sheets is read.

use giaouoc_agreement::problem::nearest;

use super::recode::Recoder;
use super::{Row, Source};
use crate::errors::FileError;
use crate::fold::fold;
use crate::limits::Limits;
use crate::map::Mapping;

/// How well the first rows of a sheet fit what is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fit {
    /// Every required column was found.
    pub(crate) complete: bool,
    /// There are rows below the header.
    pub(crate) rows: bool,
    /// How many columns were found.
    pub(crate) columns: usize,
}

/// Judges the first rows of a sheet.
pub(crate) type Choose<'a> = dyn Fn(&[Row]) -> Fit + 'a;

/// An open workbook.
pub(crate) trait Book {
    /// Names of the worksheets, and whether each is shown.
    fn sheets(&self) -> Vec<(String, bool)>;

    /// A stream of one sheet's rows; `size` is that of the file, for the progress.
    fn sheet<'b>(
        &'b mut self,
        name: &str,
        size: u64,
        limits: &Limits,
    ) -> Result<Box<dyn Source + 'b>, FileError>;
}

/// The sheet to read: the one that is named, or the one whose header fits.
pub(crate) fn pick(
    book: &mut dyn Book,
    mapping: &Mapping,
    limits: &Limits,
    choose: &Choose<'_>,
) -> Result<String, FileError> {
    let sheets = book.sheets();
    let names: Vec<String> = sheets.iter().map(|(name, _)| name.clone()).collect();
    if let Some(wanted) = mapping.sheet() {
        let same = |name: &&String| name.as_str() == wanted || fold(name) == fold(wanted);
        return match names.iter().find(|name| *name == wanted).or_else(|| names.iter().find(same)) {
            Some(name) => Ok(name.clone()),
            None => {
                let near = nearest(wanted, names.iter().map(String::as_str)).map(str::to_owned);
                let found = near.into_iter().chain(names.iter().cloned());
                let mut listed: Vec<String> = Vec::new();
                found.for_each(|name| {
                    if !listed.contains(&name) {
                        listed.push(name)
                    }
                });
                Err(FileError::NoSuchSheet { sheet: wanted.to_owned(), found: listed })
            }
        };
    }
    // Hidden sheets hold lists and settings; one is read only when it is named or stands alone.
    let shown: Vec<String> =
        sheets.iter().filter(|(_, shown)| *shown).map(|(name, _)| name.clone()).collect();
    let candidates = if shown.is_empty() { names } else { shown };
    if let [only] = candidates.as_slice() {
        return Ok(only.clone());
    }
    let mut fits = Vec::new();
    for name in candidates {
        let mut rows = first_rows(&mut *book.sheet(&name, 0, limits)?, limits.header_search)?;
        if let Some(mut recoder) = Recoder::of(mapping) {
            recoder.judge(&rows);
            rows.iter_mut().for_each(|row| recoder.row(row));
        }
        fits.push((choose(&rows), name));
    }
    let complete: Vec<String> =
        fits.iter().filter(|(fit, _)| fit.complete && fit.rows).map(|(_, name)| name.clone()).collect();
    if complete.len() > 1 {
        return Err(FileError::SeveralSheets { sheets: complete });
    }
    // The first of the best.
    let best = fits.into_iter().rev().max_by_key(|(fit, _)| *fit);
    best.map(|(_, name)| name).ok_or(FileError::Empty)
}

/// The first rows of a source, at most `most`.
pub(crate) fn first_rows(source: &mut dyn Source, most: usize) -> Result<Vec<Row>, FileError> {
    let mut rows = Vec::new();
    let mut row = Row::default();
    while rows.len() < most && source.next_row(&mut row)? {
        rows.push(row.clone());
    }
    Ok(rows)
}
