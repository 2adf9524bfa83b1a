//! A table: its header found, its rows one by one, and what is to be known of a row besides its values.

use std::collections::VecDeque;

use crate::again::{self, Again};
use crate::check::Checker;
use crate::decode::book::first_rows;
use crate::decode::preview::refuse_old_fonts;
use crate::decode::sniff::Format;
use crate::decode::{Names, Row, Source};
use crate::errors::FileError;
use crate::furniture::{Furniture, Recogniser};
use crate::header::{Binding, Heading, Matcher, find};
use crate::limits::Limits;
use crate::map::Mapping;
use crate::reason::Reason;
use crate::summary::{BadCell, Reject};

/// A table with its header found; the rows read ahead for that come first.
#[derive(Default)]
pub(crate) struct Table {
    pub(crate) binding: Binding,
    ahead: VecDeque<Row>,
    pub(crate) header_row: u64,
    width: usize,
    pub(crate) recogniser: Recogniser,
    /// It is one of rejects that come back.
    again: Option<Again>,
}

impl Table {
    pub(crate) fn open(
        source: &mut dyn Source,
        matcher: &Matcher<'_>,
        names: &[String],
        limits: &Limits,
    ) -> Result<Self, FileError> {
        if source.naming() == Names::Known {
            let binding = matcher.bind(&headings(names))?;
            return Ok(Self { binding, ..Self::default() });
        }
        let search = matcher
            .mapping()
            .header_row
            .map_or(limits.header_search, |row| usize::try_from(row).unwrap_or(usize::MAX).saturating_add(3));
        let mut rows = first_rows(source, search)?;
        if rows.is_empty() {
            return Err(FileError::Empty);
        }
        if matcher.mapping().encoding().is_none() {
            refuse_old_fonts(&rows)?;
        }
        let found = find(&rows, matcher)?;
        let ahead = rows.split_off(found.rows).into();
        let above = rows.iter().take_while(|row| row.number < found.row).count();
        let kind = matcher.kind();
        let again = Again::of(&found.binding.names, found.width);
        let recogniser = match again {
            // What was rejected is a record.
            Some(_) => Recogniser::default(),
            None => Recogniser::new(&rows[above..], kind.key, kind.unit, &found.binding),
        };
        let (binding, width) = (found.binding, found.width);
        Ok(Self { binding, ahead, header_row: found.row, width, recogniser, again })
    }

    pub(crate) fn next(&mut self, source: &mut dyn Source, row: &mut Row) -> Result<bool, FileError> {
        let there = match self.ahead.pop_front() {
            Some(ahead) => {
                *row = ahead;
                true
            }
            None => source.next_row(row)?,
        };
        if let Some(again) = self.again.as_ref().filter(|_| there) {
            again.restore(row);
        }
        Ok(there)
    }

    /// Whether it is a file of rejects that comes back.
    pub(crate) fn comes_back(&self) -> bool {
        self.again.is_some()
    }

    /// The headers of the file that people know: of rejects that come back those of the file that they come from.
    pub(crate) fn headers(&self) -> Vec<String> {
        self.again.as_ref().map_or_else(|| self.binding.names.clone(), Again::headers)
    }

    /// A rejected row.
    pub(crate) fn reject(
        &self,
        row: &Row,
        sheet: Option<String>,
        cells: Vec<BadCell>,
        checker: &mut Checker<'_>,
    ) -> Reject {
        let mut original = checker.original(row);
        if let Some(again) = &self.again {
            original = again.original(original);
        }
        let mut stored = checker.stored(row);
        if cells.iter().any(|cell| cell.reason.code == "too-few-cells") {
            let short = self.again.as_ref().and_then(|again| again.cells(row));
            stored.push(again::cells_line(short.unwrap_or(row.len())));
        }
        Reject { row: row.number, sheet, cells, original, stored }
    }

    /// What a row is, when it is no record.
    pub(crate) fn furniture(&mut self, row: &Row, format: Format) -> Option<Furniture> {
        // What is not written by people has no totals and no signatures: such a line is rejected in the open.
        if format == Format::Ndjson {
            return None;
        }
        // Rows with nothing but the unit are a template's; a file that a system wrote has none.
        let by_hand = matches!(format, Format::Xlsx | Format::Xls | Format::Ods);
        self.recogniser.recognise(row).filter(|furniture| *furniture != Furniture::Blank || by_hand)
    }

    /// Why a row does not fit the header, in formats in which that may be.
    pub(crate) fn misshapen(&self, row: &Row, format: Format, mapping: &Mapping) -> Option<Reason> {
        match &self.again {
            Some(again) => again.misshapen(row, format == Format::Csv, mapping),
            None if format == Format::Csv => misshapen(row, self.width, mapping),
            None => None,
        }
    }
}

/// Names as headings, where the format carries them.
pub(crate) fn headings(names: &[String]) -> Vec<Heading> {
    names.iter().map(|name| Heading::one(name)).collect()
}

/// Why a row of a text file does not fit its header.
fn misshapen(row: &Row, width: usize, mapping: &Mapping) -> Option<Reason> {
    let filled = (0..row.len()).rev().find(|at| !row.cell(*at).is_blank()).map_or(0, |at| at + 1);
    if filled > width {
        return Some(Reason::too_many_cells(filled, width));
    }
    (row.len() < width && !mapping.short_rows).then(|| Reason::too_few_cells(row.len(), width))
}
