//! Proposes a mapping for a file: what can be found out is found out, what a person must decide is written
//! down as a commented line with the choices.
//!
//! A header is matched by a name that the kind knows (id, label, alias) or, where that fails, by what the
//! cells hold (codes, units); never by a name that is merely near. The proposal is text to be read and
//! edited; [`crate::Mapping::parse`] takes it as it stands.

mod decide;
mod evidence;
mod page;
mod render;

use giaouoc_agreement::kind::{ColumnType, Kind};

use crate::decode::book::first_rows;
use crate::decode::sniff::Format;
use crate::decode::{Input, Names, Row, Source, with_source};
use crate::errors::FileError;
use crate::fold::{clean_name, fold};
use crate::furniture::Recogniser;
use crate::header::{Heading, Matcher, headings, plain_matches};
use crate::read::{Load, fit};
use evidence::Evidence;

/// A proposal for reading one file as records of one kind.
#[derive(Debug)]
pub struct Proposal {
    kind: Kind,
    file: String,
    format: &'static str,
    sheet: Option<String>,
    /// Its first row, where that must be stated.
    header_row: Option<u64>,
    /// The header was found by what its columns are called; else it is the fullest row.
    header_known: bool,
    rows: u64,
    /// What is proposed for each column of the kind, in its order.
    columns: Vec<Choice>,
    /// Headers that nothing is taken from, with what they hold.
    unused: Vec<Unused>,
    /// Headers of personal columns.
    personal: Vec<String>,
    /// Columns whose times have no offset.
    zoneless: Vec<String>,
    /// The zone that such times are read in unless the mapping says otherwise.
    zone: String,
}

/// What is proposed for a column.
#[derive(Debug)]
enum Choice {
    /// Nothing in the file looks like it.
    Nothing,
    /// Taken from a header.
    From(Found),
    /// A person must choose among headers, or say where it is.
    Ask { headers: Vec<Sampled>, required: bool },
}

/// A header, and how its cells become values.
#[derive(Debug)]
struct Found {
    header: Sampled,
    why: Why,
    detail: Detail,
    /// Rows that lack a required value.
    missing: u64,
}

/// Why a header is taken for a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Id,
    Label,
    Alias,
    Content,
}

/// What the cells show.
#[derive(Debug)]
enum Detail {
    Plain,
    /// Values of a code column or of units, how often each occurs, and what it means when that is known.
    Values {
        values: Vec<Seen>,
        more: bool,
        keep: bool,
    },
    Dates(evidence::Dates),
    /// Cells that are a time limit, and those that are not.
    Limits {
        read: u64,
        other: u64,
        example: Option<String>,
    },
    /// Cells that are no number of the column.
    Numbers {
        bad: u64,
        example: Option<String>,
    },
}

/// A value of a code column or of units.
#[derive(Clone, Debug)]
struct Seen {
    value: String,
    count: u64,
    /// The code, when it is known.
    meaning: Option<String>,
}

/// A header with a few of its values.
#[derive(Clone, Debug)]
struct Sampled {
    name: String,
    filled: u64,
    samples: Vec<String>,
}

/// A header that is not used.
#[derive(Debug)]
struct Unused {
    header: Sampled,
    /// A name that is known and near.
    near: Option<String>,
    /// Ids of columns without a header that could hold such values.
    could_be: Vec<String>,
}

/// Looks at a file and proposes how to read it. Of [`Load::mapping`] only the sheet counts.
///
/// # Errors
/// When the file cannot be read at all.
pub fn suggest(input: &Input<'_>, load: &Load<'_>) -> Result<Proposal, FileError> {
    let format = input.format()?;
    let matcher = Matcher::new(load.kind, load.mapping, load.personal);
    let choose = |rows: &[Row]| fit(rows, &matcher);
    with_source(input, format, load.mapping, load.limits, &choose, |source| {
        look(source, format, input.name(), &matcher, load)
    })
}

/// The header of a file, found or guessed.
struct Head {
    names: Vec<Heading>,
    row: u64,
    rows: usize,
    known: bool,
}

fn look(
    source: &mut dyn Source,
    format: Format,
    file: String,
    matcher: &Matcher<'_>,
    load: &Load<'_>,
) -> Result<Proposal, FileError> {
    let facts = source.facts();
    let named = source.naming() == Names::Known;
    let mut ahead: std::collections::VecDeque<Row> = std::collections::VecDeque::new();
    let mut recogniser = Recogniser::default();
    let mut head = if named {
        Head {
            names: source.names().iter().map(|name| Heading::one(name)).collect(),
            row: 0,
            rows: 0,
            known: true,
        }
    } else {
        let mut rows = first_rows(source, load.limits.header_search)?;
        if rows.iter().all(Row::is_blank) {
            return Err(FileError::Empty);
        }
        let head = head(&rows, matcher);
        if let Ok(binding) = matcher.bind(&head.names) {
            let above = rows.iter().take_while(|row| row.number < head.row).count();
            recogniser = Recogniser::new(&rows[above..head.rows], load.kind.key, load.kind.unit, &binding);
        }
        ahead = rows.split_off(head.rows).into();
        head
    };
    let mut evidence: Vec<Evidence> = Vec::new();
    let (mut row, mut rows) = (Row::default(), 0_u64);
    loop {
        match ahead.pop_front() {
            Some(next) => row = next,
            None if !source.next_row(&mut row)? => break,
            None => {}
        }
        if named && source.names().len() > head.names.len() {
            head.names = source.names().iter().map(|name| Heading::one(name)).collect();
        }
        // What is no record, such as a total, says nothing of the records.
        if row.broken.is_some() || row.is_blank() || recogniser.recognise(&row).is_some() {
            continue;
        }
        rows += 1;
        evidence.resize_with(evidence.len().max(row.len()).max(head.names.len()), Evidence::default);
        for (at, evidence) in evidence.iter_mut().enumerate().take(row.len()) {
            evidence.add(row.cell(at), load.zone);
        }
    }
    evidence.resize_with(evidence.len().max(head.names.len()), Evidence::default);
    let mut proposal = Proposal {
        kind: load.kind.clone(),
        file,
        format: format.name(),
        sheet: facts.sheet,
        header_row: (!named && (head.row > 1 || !head.known)).then_some(head.row),
        header_known: head.known,
        rows,
        columns: Vec::new(),
        unused: Vec::new(),
        personal: Vec::new(),
        zoneless: Vec::new(),
        zone: load.zone.name().to_owned(),
    };
    decide::decide(&mut proposal, &head.names, &evidence, matcher, load);
    Ok(proposal)
}

/// The header among the first rows: where most headings are known, else the fullest row.
fn head(rows: &[Row], matcher: &Matcher<'_>) -> Head {
    // Of equal ones the one of fewer rows: a title above the header is no part of it.
    let mut best: Option<((usize, std::cmp::Reverse<usize>), Head)> = None;
    for first in 0..rows.len() {
        for depth in 1..=3.min(rows.len() - first) {
            let names = headings(&rows[first..first + depth]);
            let known = (plain_matches(&names, matcher), std::cmp::Reverse(depth));
            if known.0 > 0 && best.as_ref().is_none_or(|(most, _)| known > *most) {
                best =
                    Some((known, Head { names, row: rows[first].number, rows: first + depth, known: true }));
            }
        }
    }
    if let Some((_, head)) = best {
        return head;
    }
    let filled = |row: &Row| (0..row.len()).filter(|at| !row.cell(*at).is_blank()).count();
    let fullest = (0..rows.len()).max_by_key(|at| (filled(&rows[*at]), std::cmp::Reverse(*at))).unwrap_or(0);
    let names = headings(&rows[fullest..=fullest.min(rows.len() - 1)]);
    Head { names, row: rows[fullest].number, rows: fullest + 1, known: false }
}

/// How a name is known to a column.
fn why(kind: &Kind, column: usize, name: &str) -> Why {
    let column = &kind.columns[column];
    let key = fold(name);
    if fold(&column.id) == key {
        Why::Id
    } else if fold(&column.label.vi) == key || fold(&column.label.en) == key {
        Why::Label
    } else {
        Why::Alias
    }
}

fn is_dated(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Date | ColumnType::Moment)
}

/// A name as it stands in a mapping.
fn named(heading: &Heading) -> String {
    clean_name(heading.full()).into_owned()
}
