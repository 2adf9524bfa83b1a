//! Where the header of a table is: below title rows, in one row or joined from up to three.

use super::{Binding, Heading, Matcher};
use crate::decode::Row;
use crate::errors::FileError;
use crate::fold::{clean_name, cut, fold};

/// Rows that a heading may be spread over. Report forms have up to three.
const DEPTH: usize = 3;

/// A header and what it means.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) binding: Binding,
    /// Its first row, as the person sees it.
    pub(crate) row: u64,
    /// How many of the rows given it uses up, titles included.
    pub(crate) rows: usize,
    /// Columns up to the last that has a heading.
    pub(crate) width: usize,
}

/// Finds the header among the first rows of a table.
///
/// # Errors
/// When no row looks like one, or the best is ambiguous. Missing columns are in [`Binding::missing`].
pub(crate) fn find(rows: &[Row], matcher: &Matcher<'_>) -> Result<Found, FileError> {
    let mut best: Option<(Candidate, Result<Found, FileError>)> = None;
    for first in 0..rows.len() {
        let stated = matcher.mapping().header_row;
        if stated.is_some_and(|row| row != rows[first].number) {
            continue;
        }
        for depth in 1..=DEPTH.min(rows.len() - first) {
            let headings = headings(&rows[first..first + depth]);
            let result = matcher.bind(&headings);
            let (complete, matched) = match &result {
                Ok(binding) => (binding.is_complete(), binding.matched),
                // An ambiguous header still is one; how good is counted without what is ambiguous.
                Err(FileError::NoSuchHeader { .. }) => (false, 0),
                Err(_) => (false, plain_matches(&headings, matcher)),
            };
            let candidate = Candidate { complete, matched, rows: std::cmp::Reverse(depth) };
            if matched == 0 && stated.is_none() || best.as_ref().is_some_and(|(other, _)| *other >= candidate)
            {
                continue;
            }
            let width = headings.iter().rposition(|heading| !heading.names.is_empty()).map_or(0, |at| at + 1);
            let found =
                result.map(|binding| Found { binding, row: rows[first].number, rows: first + depth, width });
            best = Some((candidate, found));
        }
    }
    match best {
        Some((_, found)) => found,
        None => Err(not_found(rows, matcher)),
    }
}

/// How good a candidate is. Of equal ones the first counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    complete: bool,
    matched: usize,
    /// Fewer rows are better: a title above the header is no part of it.
    rows: std::cmp::Reverse<usize>,
}

/// How many headings are names that the kind knows.
pub(crate) fn plain_matches(headings: &[Heading], matcher: &Matcher<'_>) -> usize {
    headings
        .iter()
        .filter(|heading| heading.names.iter().any(|name| !matcher.lookup(name).is_empty()))
        .count()
}

/// Why there is no header: the mapping's headings are not there, or nothing is known here.
fn not_found(rows: &[Row], matcher: &Matcher<'_>) -> FileError {
    // The row with the most names is the likeliest header, and what it lacks is the best help.
    let fullest = rows.iter().max_by_key(|row| {
        let texts = (0..row.len()).filter(|at| !row.cell(*at).is_blank()).count();
        (texts, std::cmp::Reverse(row.number))
    });
    let cells: Vec<String> = fullest
        .map(|row| (0..row.len()).map(|at| cut(&clean_name(&row.cell(at).text()), 40)).collect())
        .unwrap_or_default();
    let headings: Vec<Heading> = cells.iter().map(|cell| Heading::one(cell)).collect();
    match matcher.bind(&headings) {
        Err(error @ FileError::NoSuchHeader { .. }) => error,
        _ => FileError::NoHeader {
            kind: matcher.kind().name.clone(),
            found: cells.into_iter().filter(|cell| !cell.is_empty()).collect(),
        },
    }
}

/// The headings of some rows, joined from top to bottom. A merged cell holds its text in the first column
/// only, so that a blank takes the text of its left neighbour, as long as nothing above it begins anew and
/// something below it goes on.
pub(crate) fn headings(rows: &[Row]) -> Vec<Heading> {
    let width = rows.iter().map(Row::len).max().unwrap_or(0);
    let own: Vec<Vec<String>> = rows
        .iter()
        .map(|row| (0..width).map(|at| clean_name(&row.cell(at).text()).into_owned()).collect())
        .collect();
    let mut filled = own.clone();
    for level in 0..rows.len().saturating_sub(1) {
        for at in 1..width {
            let begins = own[..=level].iter().any(|row| !row[at].is_empty());
            let goes_on = own[level + 1..].iter().any(|row| !row[at].is_empty());
            if !begins && goes_on {
                filled[level][at] = filled[level][at - 1].clone();
            }
        }
    }
    (0..width)
        .map(|at| {
            let mut pieces: Vec<&str> = Vec::new();
            for row in &filled {
                // Cells merged downwards repeat their text in some exports.
                if !row[at].is_empty() && pieces.last().is_none_or(|last| fold(last) != fold(&row[at])) {
                    pieces.push(&row[at]);
                }
            }
            Heading { names: (0..pieces.len()).map(|from| pieces[from..].join(" ")).collect() }
        })
        .collect()
}
