//! A file from its bytes to checked rows.

use std::sync::Arc;

use giaouoc_agreement::kind::Kind;
use giaouoc_worktime::zone::Zone;

use crate::again;
use crate::check::{Checker, Context, Notations, Outcome};
use crate::decode::book::Fit;
use crate::decode::sniff::Format;
use crate::decode::{Input, Names, Row, Source, with_source};
use crate::errors::FileError;
use crate::header::{Binding, Matcher, find};
use crate::keys::{Doubled, Keys, Skipper};
use crate::limits::Limits;
use crate::map::Mapping;
use crate::out::batch::Batcher;
use crate::out::schema::kind_schema;
use crate::reason::Reason;
use crate::sink::Sink;
use crate::summary::{BadCell, Ignored, Loaded, Summary};
use crate::table::{Table, headings};
use crate::units::Units;

/// What a file is read against.
#[derive(Clone, Copy, Debug)]
pub struct Load<'a> {
    /// What its records are.
    pub kind: &'a Kind,
    /// Where its columns are; `Mapping::default()` finds them.
    pub mapping: &'a Mapping,
    /// The units that records may name.
    pub units: &'a Units,
    /// The zone of times without an offset, where the mapping names none: the calendar's.
    pub zone: &'a Zone,
    /// What the file may ask of the machine.
    pub limits: &'a Limits,
    /// Load personal columns as well. Off unless there is a reason in law.
    pub personal: bool,
}

/// Reads a file of records: accepted rows go to the sink as batches of the kind's Arrow schema (the columns
/// that the file has), rejected rows one by one, and the sums come back.
///
/// The file is gone through twice, first for its keys, because all rows of a doubled key are rejected, the
/// first included; a text file only once where the sink can start over ([`Sink::starts_over`]). Memory is bounded by the limits, 16 bytes a row and the shared texts of a workbook.
///
/// # Errors
/// [`FileError`] when the file cannot be taken as a whole; then nothing that the sink got counts.
pub fn read_records(input: &Input<'_>, load: &Load<'_>, sink: &mut dyn Sink) -> Result<Summary, FileError> {
    // A file of rejects is not of the form of the file that it comes from.
    if let Some(mapping) = &again::mapping_of(input, load.mapping, load.limits)? {
        return read_as(input, &Load { mapping, ..*load }, sink);
    }
    read_as(input, load, sink)
}

fn read_as(input: &Input<'_>, load: &Load<'_>, sink: &mut dyn Sink) -> Result<Summary, FileError> {
    if let Some(events) = &load.mapping.events {
        return crate::events::read(input, load, events, sink);
    }
    let format = input.format_as(load.mapping.encoding())?;
    let size = input.size()?;
    let matcher = Matcher::new(load.kind, load.mapping, load.personal);
    let fit = |rows: &[Row]| fit(rows, &matcher);
    if format == Format::Csv && sink.starts_over() {
        // Keys hardly ever occur twice, and whole numbers hardly ever have points: the rows are handed out as if
        // none did, and what the first pass would have found is found on the way.
        let (mut keys, mut numbers) = (Keys::default(), Notations::default());
        let scan = Scan::default();
        let summary = with_source(input, format, load.mapping, load.limits, &fit, |source| {
            second_pass(
                source,
                format,
                &matcher,
                load,
                &scan,
                Some((&mut keys, &mut numbers)),
                sink,
                (0, size),
            )
        })?;
        let found = Scan { doubled: keys.doubled(), numbers, ..Scan::default() };
        if found.doubled.is_empty() && found.numbers.is_empty() {
            sink.progress(size, size);
            return Ok(summary);
        }
        let summary = with_source(input, format, load.mapping, load.limits, &fit, |source| {
            second_pass(source, format, &matcher, load, &found, None, sink, (size, size))
        })?;
        sink.progress(2 * size, 2 * size);
        return Ok(summary);
    }
    let scan = with_source(input, format, load.mapping, load.limits, &fit, |source| {
        first_pass(source, &matcher, load, &mut |done| sink.progress(done, 2 * size))
    })?;
    let mut named = load.mapping.clone();
    if let Some(sheet) = &scan.sheet {
        // The sheet has been chosen; it is not to be looked for again.
        named.sheet = Some(sheet.clone());
    }
    let summary = with_source(input, format, &named, load.limits, &fit, |source| {
        second_pass(source, format, &matcher, load, &scan, None, sink, (size, size))
    })?;
    sink.progress(2 * size, 2 * size);
    Ok(summary)
}

/// How well the first rows of a sheet fit.
pub(crate) fn fit(rows: &[Row], matcher: &Matcher<'_>) -> Fit {
    match find(rows, matcher) {
        Ok(found) => Fit {
            complete: found.binding.is_complete(),
            rows: rows[found.rows..].iter().any(|row| !row.is_blank()),
            columns: found.binding.matched,
        },
        Err(FileError::NoHeader { .. } | FileError::NoSuchHeader { .. }) => {
            Fit { complete: false, rows: false, columns: 0 }
        }
        // An ambiguous header is a header all the same: unless another sheet fits, its error is the one to show.
        Err(_) => Fit { complete: false, rows: true, columns: usize::MAX },
    }
}

/// What the first pass has found out.
#[derive(Default)]
struct Scan {
    doubled: Doubled,
    /// How numbers are written, column by column.
    numbers: Notations,
    /// Names of columns, where the format carries them.
    names: Vec<String>,
    sheet: Option<String>,
}

pub(crate) fn checker<'a>(
    source: &dyn Source,
    table: &Table,
    load: &Load<'a>,
    numbers: &Notations,
) -> Result<Checker<'a>, FileError> {
    let facts = source.facts();
    let context = Context {
        kind: load.kind,
        mapping: load.mapping,
        units: load.units,
        zone: load.zone,
        // Of rejects that come back only what was a number in a workbook is one.
        serials: facts.sheet.is_some() || table.comes_back(),
        since_1904: facts.since_1904,
        numbers: numbers.clone(),
    };
    Checker::new(context, &table.binding)
}

/// Goes through the file for its keys.
fn first_pass(
    source: &mut dyn Source,
    matcher: &Matcher<'_>,
    load: &Load<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<Scan, FileError> {
    let mut names = source.names().to_vec();
    // The names of NDJSON come with its rows.
    let unnamed = source.naming() == Names::Known && names.is_empty();
    let mut table = if unnamed {
        Table::default()
    } else {
        let table = Table::open(source, matcher, &names, load.limits)?;
        refuse_missing(&table.binding, matcher, source)?;
        table
    };
    let mut numbers = Notations::default();
    let mut checker_now = checker(source, &table, load, &numbers)?;
    let mut skipper = if unnamed { Skipper::default() } else { Skipper::new(matcher, &table.binding)? };
    if source.naming() == Names::Known && !unnamed {
        let wanted = [checker_now.key_sources(), &skipper.sources()].concat();
        source.only(&wanted);
    }
    let mut keys = Keys::default();
    let mut row = Row::default();
    let mut rows = 0_u64;
    while table.next(source, &mut row)? {
        if source.names().len() > names.len() {
            names = source.names().to_vec();
            table.binding = matcher.bind(&headings(&names)).or_else(tolerate_unseen)?;
            checker_now = checker(source, &table, load, &numbers)?;
            skipper = Skipper::new(matcher, &table.binding).or_else(|error| match error {
                FileError::NoSuchHeader { .. } => Ok(Skipper::default()),
                other => Err(other),
            })?;
        }
        rows += 1;
        if rows.is_multiple_of(4096) {
            progress(source.position());
        }
        if row.broken.is_some()
            || row.is_blank()
            || skipper.skips(&row)
            || table.recogniser.recognise(&row).is_some()
        {
            continue;
        }
        checker_now.observe(&row, &mut numbers);
        if let Some(key) = checker_now.key(&row) {
            keys.add(&key, row.number);
        }
    }
    Ok(Scan { doubled: keys.doubled(), numbers, names, sheet: source.facts().sheet })
}

/// While names of NDJSON are still coming, a header that the mapping names may not have come yet.
fn tolerate_unseen(error: FileError) -> Result<Binding, FileError> {
    match error {
        FileError::NoSuchHeader { .. } => Ok(Binding::default()),
        other => Err(other),
    }
}

pub(crate) fn refuse_missing(
    binding: &Binding,
    matcher: &Matcher<'_>,
    source: &dyn Source,
) -> Result<(), FileError> {
    let kind = matcher.kind();
    if !binding.is_complete() {
        let missing = binding.missing.iter().map(|at| {
            let column = &kind.columns[*at];
            (column.id.clone(), column.label.clone())
        });
        return Err(FileError::MissingColumns {
            kind: kind.name.clone(),
            missing: missing.collect(),
            found: binding.names.iter().filter(|name| !name.is_empty()).cloned().collect(),
            sheet: source.facts().sheet,
        });
    }
    for source_column in binding.bound.iter().flat_map(|bound| &bound.sources) {
        if let Some(found) = source.unreadable(*source_column) {
            return Err(FileError::ColumnType { header: binding.names[*source_column].clone(), found });
        }
    }
    Ok(())
}

/// Goes through the file and hands its rows out. `found` takes what a first pass finds, when
/// there was none.
/// For the progress: the bytes done before, and the file's.
#[allow(clippy::too_many_arguments, reason = "each is another thing, and it is called three times, all here")]
fn second_pass(
    source: &mut dyn Source,
    format: Format,
    matcher: &Matcher<'_>,
    load: &Load<'_>,
    scan: &Scan,
    mut found: Option<(&mut Keys, &mut Notations)>,
    sink: &mut dyn Sink,
    (before, size): (u64, u64),
) -> Result<Summary, FileError> {
    let mut table = Table::open(source, matcher, &scan.names, load.limits)?;
    refuse_missing(&table.binding, matcher, source)?;
    let mut checker = checker(source, &table, load, &scan.numbers)?;
    let skipper = Skipper::new(matcher, &table.binding)?;
    let columns: Vec<usize> = table.binding.bound.iter().map(|bound| bound.column).collect();
    let schema = Arc::new(kind_schema(load.kind, &columns));
    sink.begin(&schema, &table.headers())?;
    let mut batcher = Batcher::new(schema);
    let mut summary = begin_summary(source, format, &table, matcher);
    let mut row = Row::default();
    while table.next(source, &mut row)? {
        summary.read += 1;
        if summary.read.is_multiple_of(4096) {
            sink.progress(before + source.position(), before + size);
        }
        if row.broken.is_none() && row.is_blank() {
            summary.skipped_blank += 1;
            continue;
        }
        if row.broken.is_none() && skipper.skips(&row) {
            summary.skipped_by_rule += 1;
            continue;
        }
        if row.broken.is_none()
            && let Some(furniture) = table.furniture(&row, format)
        {
            summary.skip(furniture);
            continue;
        }
        summary.hidden.rows += u64::from(row.hidden);
        summary.hidden.formulas += u64::from(row.formulas);
        summary.hidden.uncalculated += u64::from(row.uncalculated);
        let broken = row.broken.take();
        let key = if broken.is_none() { checker.key(&row) } else { None };
        if let Some((keys, numbers)) = &mut found {
            if broken.is_none() {
                checker.observe(&row, numbers);
            }
            if let Some(key) = &key {
                keys.add(key, row.number);
            }
        }
        let shape = broken.or_else(|| table.misshapen(&row, format, load.mapping));
        let bad = match shape {
            Some(reason) => vec![whole_row(reason)],
            None => match scan_key(&checker, &row, key.as_deref(), &scan.doubled, sink) {
                Some(cell) => vec![cell],
                None => match checker.row(&row)? {
                    Outcome::Good(values) => {
                        batcher.push(&values)?;
                        summary.accepted += 1;
                        Vec::new()
                    }
                    Outcome::Bad(bad) => bad,
                },
            },
        };
        if !bad.is_empty() {
            let reject = table.reject(&row, summary.sheet.clone(), bad, &mut checker);
            summary.count(&reject, load.limits.rejects_kept);
            sink.reject(&reject)?;
        }
        if batcher.rows() >= load.limits.batch_rows {
            sink.batch(&batcher.finish()?)?;
        }
    }
    if batcher.rows() > 0 {
        sink.batch(&batcher.finish()?)?;
    }
    for (column, count) in checker.unread() {
        summary.notes.entry("limit-left-unknown").or_default().add(count, column);
    }
    finish_summary(&mut summary, source, &table, &checker);
    Ok(summary)
}

/// What is known only at the end of the file.
fn finish_summary(summary: &mut Summary, source: &dyn Source, table: &Table, checker: &Checker<'_>) {
    let facts = source.facts();
    let hidden = |at: usize| facts.hidden.columns.iter().any(|(from, to)| (*from..=*to).contains(&at));
    let names = table.binding.names.iter().enumerate();
    summary.hidden.columns =
        names.filter(|(at, name)| hidden(*at) && !name.is_empty()).map(|(_, name)| name.clone()).collect();
    summary.hidden.sheet = facts.hidden.sheet;
    summary.hidden.sheets = facts.hidden.sheets;
    summary.hidden.filter = facts.hidden.filter;
    // Results that are stored are counted apart from those that are not.
    summary.hidden.formulas -= summary.hidden.uncalculated.min(summary.hidden.formulas);
    summary.decoded = facts.font.map(|font| (font, facts.recoded));
    summary.numbers = checker.notations();
}

fn scan_key(
    checker: &Checker<'_>,
    row: &Row,
    key: Option<&str>,
    doubled: &Doubled,
    sink: &dyn Sink,
) -> Option<BadCell> {
    let key = key?;
    checker.bad_key(row, doubled.reason(key).or_else(|| sink.refuses(key))?)
}

pub(crate) fn whole_row(reason: Reason) -> BadCell {
    BadCell { column: String::new(), header: String::new(), value: String::new(), reason }
}

pub(crate) fn begin_summary(
    source: &dyn Source,
    format: Format,
    table: &Table,
    matcher: &Matcher<'_>,
) -> Summary {
    let kind = matcher.kind();
    let facts = source.facts();
    let binding = &table.binding;
    let name = |at: &usize| binding.names[*at].clone();
    let loaded = binding.bound.iter().map(|bound| Loaded {
        column: kind.columns[bound.column].id.clone(),
        headers: bound.sources.iter().map(name).collect(),
    });
    let absent =
        kind.columns.iter().enumerate().filter(|(at, column)| binding.of(*at).is_none() && !column.personal);
    Summary {
        format: format.name(),
        sheet: facts.sheet,
        delimiter: facts.delimiter,
        encoding: facts.encoding,
        header_row: table.header_row,
        loaded: loaded.collect(),
        absent: absent.map(|(_, column)| column.id.clone()).collect(),
        personal: binding.personal.iter().flat_map(|bound| &bound.sources).map(name).collect(),
        ignored: binding
            .ignored
            .iter()
            .map(|header| Ignored { header: header.clone(), nearest: matcher.nearest(header) })
            .collect(),
        ..Summary::default()
    }
}
