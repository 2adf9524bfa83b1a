//! A file of rejects that comes back. What its own columns say of the original cells is put back, so that nothing
//! that was refused is taken because it has become text on the way; and it is read as the file that it is, not as its
//! mapping says of the file that it came from.

use std::io::Read;

use giaouoc_worktime::time::Day;

use crate::decode::book::{Fit, first_rows};
use crate::decode::row::UNCALCULATED;
use crate::decode::sniff::{Format, SAMPLE};
use crate::decode::{Cell, Input, Row, text, with_source};
use crate::errors::FileError;
use crate::fold::clean_name;
use crate::limits::Limits;
use crate::map::Mapping;
use crate::out::rejects::{STORED, is_own};
use crate::reason::Reason;

/// What stands before the number of cells of a row that had too few.
const CELLS: &str = "giaouoc: số ô";

/// Where everything stands in a file of rejects.
#[derive(Debug)]
pub(crate) struct Again {
    /// The columns of the original file, with their headers.
    original: Vec<(usize, String)>,
    /// The column that says what cells held besides text.
    stored: Option<usize>,
    /// Columns up to the last that has a heading. What stands behind them was surplus.
    width: usize,
}

impl Again {
    /// For a table with these headers, when it is one of rejects.
    pub(crate) fn of(names: &[String], width: usize) -> Option<Self> {
        if !names.iter().any(|name| is_own(name)) {
            return None;
        }
        let original = names.iter().enumerate().take(width).filter(|(_, name)| !is_own(name));
        Some(Self {
            original: original.map(|(at, name)| (at, name.clone())).collect(),
            stored: names.iter().position(|name| name == STORED),
            width,
        })
    }

    /// Headers of the original file.
    pub(crate) fn headers(&self) -> Vec<String> {
        self.original.iter().map(|(_, name)| name.clone()).collect()
    }

    /// Of the cells of a row those of the original file, what was surplus behind them.
    pub(crate) fn original(&self, mut cells: Vec<String>) -> Vec<String> {
        let surplus = if cells.len() > self.width { cells.split_off(self.width) } else { Vec::new() };
        let own = self.original.iter().map(|(at, _)| cells.get(*at).cloned().unwrap_or_default());
        own.chain(surplus).collect()
    }

    /// Gives the cells back what they held besides their text, as long as that still is what was written.
    pub(crate) fn restore(&self, row: &mut Row) {
        let Some(said) = self.said(row) else { return };
        for line in said.lines() {
            let Some((header, value)) = line.rsplit_once(": ") else { continue };
            let same = |at: usize| match row.cell(at) {
                Cell::Text(text) => text.strip_prefix('\'').unwrap_or(text) == value,
                _ => false,
            };
            let named = self.original.iter().filter(|(_, name)| name == header);
            if let Some(at) = named.map(|(at, _)| *at).find(|at| same(*at)) {
                row.set(at, cell_of(value));
            }
        }
    }

    /// How many cells a row had that had too few.
    pub(crate) fn cells(&self, row: &Row) -> Option<usize> {
        let said = self.said(row)?;
        let cells = said.lines().find_map(|line| line.strip_prefix(CELLS)?.strip_prefix(": "))?;
        cells.trim().parse().ok()
    }

    fn said(&self, row: &Row) -> Option<String> {
        self.stored.map(|at| row.cell(at).text().into_owned()).filter(|said| !said.is_empty())
    }

    /// Why a row does not have the form of the original file.
    pub(crate) fn misshapen(&self, row: &Row, text: bool, mapping: &Mapping) -> Option<Reason> {
        let wide = self.original.len();
        let surplus = (self.width..row.len()).rev().find(|at| !row.cell(*at).is_blank());
        if let Some(last) = surplus {
            return Some(Reason::too_many_cells(wide + last + 1 - self.width, wide));
        }
        if mapping.short_rows {
            return None;
        }
        let needed = self.original.last().map_or(0, |(at, _)| at + 1);
        if text && row.len() < needed {
            return Some(Reason::too_few_cells(row.len(), needed));
        }
        let cells = self.cells(row)?;
        // Nothing has been filled in.
        let blank = |(at, _): &(usize, String)| row.cell(*at).is_blank();
        (cells < wide && self.original[cells..].iter().all(blank)).then(|| Reason::too_few_cells(cells, wide))
    }
}

/// The line that says how many cells a row had that had too few.
pub(crate) fn cells_line(cells: usize) -> String {
    format!("{CELLS}: {cells}")
}

/// A cell from how it was written down.
fn cell_of(value: &str) -> Cell<'_> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if value != UNCALCULATED
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return Cell::Number(value);
    }
    let (day, time) = value.split_once(' ').unwrap_or((value, ""));
    match (day.parse::<Day>(), micros(time)) {
        (Ok(day), Some(micros)) => Cell::Local(day, micros),
        (Ok(day), None) => Cell::Day(day),
        _ => Cell::Fault(value),
    }
}

/// `08:30:00`, as rows write it; a fraction of a second is let go, as the cell is refused all the same.
fn micros(time: &str) -> Option<i64> {
    let time = time.split('.').next().unwrap_or_default();
    let parts: Vec<i64> = time.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let &[hour @ 0..24, minute @ 0..60, second @ 0..60] = parts.as_slice() else { return None };
    Some((hour * 3600 + minute * 60 + second) * 1_000_000)
}

/// The mapping that a file of rejects is read with: without what a mapping says about the form of another file. None
/// when it says nothing of that, or the file is none.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn mapping_of(
    input: &Input<'_>,
    mapping: &Mapping,
    limits: &Limits,
) -> Result<Option<Mapping>, FileError> {
    if mapping.delimiter.is_none() && mapping.header_row.is_none() && mapping.sheet.is_none() {
        return Ok(None);
    }
    let format = input.format_as(mapping.encoding())?;
    let plain = |delimiter| Mapping { delimiter, header_row: None, sheet: None, ..mapping.clone() };
    match format {
        Format::Csv => {
            let mut sample = Vec::new();
            input.open()?.take(SAMPLE as u64).read_to_end(&mut sample)?;
            let sample = text::decode_sample(&sample, sample.len() < SAMPLE, mapping.encoding())?;
            Ok([b',', b';', b'\t']
                .into_iter()
                .find(|at| begins_as_rejects(&sample, *at))
                .map(|at| plain(Some(at))))
        }
        Format::Xlsx | Format::Xls | Format::Ods => {
            let plain = plain(None);
            let own = |rows: &[Row]| rows.first().is_some_and(has_own);
            // Of several sheets one that begins as rejects do.
            let fit = |rows: &[Row]| Fit { complete: own(rows), rows: own(rows), columns: 0 };
            let found =
                with_source(input, format, &plain, limits, &fit, |source| Ok(own(&first_rows(source, 1)?)));
            // Whatever is wrong with the workbook is said when it is read.
            Ok(found.unwrap_or(false).then_some(plain))
        }
        _ => Ok(None),
    }
}

fn has_own(row: &Row) -> bool {
    (0..row.len()).any(|at| is_own(&clean_name(&row.cell(at).text())))
}

fn begins_as_rejects(sample: &str, delimiter: u8) -> bool {
    let sample = sample.trim_start_matches('\u{feff}');
    let sample = if sample.starts_with("sep=") {
        sample.split_once('\n').map_or("", |(_, rest)| rest)
    } else {
        sample
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(sample.as_bytes());
    let mut header = csv::StringRecord::new();
    reader.read_record(&mut header).is_ok_and(|there| there)
        && header.iter().any(|cell| is_own(&clean_name(cell)))
}
