//! A look into a file before it is known what it holds: the sheets of a workbook, some cells of one of them, the headings
//! of a table. Nothing is checked here and nothing is loaded.

use giaouoc_agreement::kind::Kind;

use super::book::{Book, first_rows};
use super::sniff::Format;
use super::{Input, Names, ods, with_source, workbook, xls, zipped};
use crate::errors::FileError;
use crate::fold::clean_name;
use crate::header::{Matcher, find, headings};
use crate::limits::Limits;
use crate::map::Mapping;
use crate::read::fit;

/// Names of a workbook's worksheets, and whether each is shown; nothing of a file that is no workbook.
///
/// # Errors
/// When the file cannot be read.
pub fn sheets(input: &Input<'_>, limits: &Limits) -> Result<Vec<(String, bool)>, FileError> {
    Ok(book(input, limits, |book, _| Ok(book.sheets()))?.unwrap_or_default())
}

/// The first rows of a sheet as text, at most `most`; nothing when the file is no workbook or has no such sheet.
///
/// # Errors
/// When the file cannot be read.
pub fn cells(
    input: &Input<'_>,
    sheet: &str,
    most: usize,
    limits: &Limits,
) -> Result<Option<Vec<Vec<String>>>, FileError> {
    let found = book(input, limits, |book, size| {
        if !book.sheets().iter().any(|(name, _)| name == sheet) {
            return Ok(None);
        }
        let rows = first_rows(&mut *book.sheet(sheet, size, limits)?, most)?;
        let text = |row: &super::Row| (0..row.len()).map(|at| row.cell(at).text().into_owned()).collect();
        Ok(Some(rows.iter().map(text).collect()))
    })?;
    Ok(found.flatten())
}

fn book<R>(
    input: &Input<'_>,
    limits: &Limits,
    work: impl FnOnce(&mut dyn Book, u64) -> Result<R, FileError>,
) -> Result<Option<R>, FileError> {
    let size = input.size()?;
    let done = match input.format()? {
        Format::Xlsx => {
            zipped::measure(input.open()?, limits)?;
            work(&mut workbook::Workbook::open(input.open()?, input.open()?)?, size)?
        }
        Format::Xls => work(&mut xls::OldWorkbook::open(input.open()?, limits)?, size)?,
        Format::Ods => {
            zipped::measure(input.open()?, limits)?;
            work(&mut ods::OpenBook::open(input.open()?)?, size)?
        }
        _ => return Ok(None),
    };
    Ok(Some(done))
}

/// The headings of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headings {
    /// The sheet that they stand on, for workbooks.
    pub sheet: Option<String>,
    /// Each heading once, in the order of the file, whether the kind knows it or not; columns without one are left out.
    pub names: Vec<String>,
}

/// The headings that a file would be read by: of the row that the kind and the mapping find, or where they find none, of the
/// row that has the most cells.
///
/// # Errors
/// When the file cannot be read.
pub fn headings_of(
    input: &Input<'_>,
    kind: &Kind,
    mapping: &Mapping,
    limits: &Limits,
) -> Result<Headings, FileError> {
    let format = input.format_as(mapping.encoding())?;
    let matcher = Matcher::new(kind, mapping, false);
    // What a mapping names may not be there: then it is looked for as if there were none.
    let plain = Mapping { columns: Vec::new(), only_named: false, ..mapping.clone() };
    let without = Matcher::new(kind, &plain, false);
    with_source(input, format, mapping, limits, &|rows| fit(rows, &without), |source| {
        let sheet = source.facts().sheet;
        let mut names: Vec<String> = if source.naming() == Names::Known {
            let _ = first_rows(source, limits.header_search)?;
            source.names().to_vec()
        } else {
            let rows = first_rows(source, limits.header_search)?;
            let found = find(&rows, &matcher).or_else(|_| find(&rows, &without));
            match found {
                Ok(found) => found.binding.names,
                Err(_) => {
                    let fullest = rows.iter().max_by_key(|row| {
                        let filled = (0..row.len()).filter(|at| !row.cell(*at).is_blank()).count();
                        (filled, std::cmp::Reverse(row.number))
                    });
                    let row = fullest.map(std::slice::from_ref).unwrap_or_default();
                    headings(row).iter().map(|heading| heading.full().to_owned()).collect()
                }
            }
        };
        names = names.iter().map(|name| clean_name(name).into_owned()).collect();
        let mut once: Vec<String> = Vec::new();
        for name in names {
            if !name.is_empty() && !once.contains(&name) && !crate::out::rejects::is_own(&name) {
                once.push(name);
            }
        }
        Ok(Headings { sheet, names: once })
    })
}
