//! A file of events, from its rows to records.
//!
//! The file is gone through once to count its rows, then once for each part of its records (a part is as many
//! records as have about [`crate::Limits::events_held`] events; the records of a part are those whose keys
//! hash to it), and once more for the rejects when there are any. So nothing is sorted on disk, and memory is
//! that of one part.

use std::collections::HashMap;
use std::sync::Arc;

use giaouoc_worktime::time::Moment;
use giaouoc_worktime::zone::Zone;

use super::Events;
use super::fold::{Bad, Place, Record, Settle};
use super::form::Form;
use super::rows::{Class, Reader};
use crate::check::{Checked, Notations};
use crate::decode::sniff::Format;
use crate::decode::{Input, Names, Row, Source, with_source};
use crate::errors::FileError;
use crate::header::Matcher;
use crate::keys::{Fingerprint, Skipper, fingerprint};
use crate::out::batch::Batcher;
use crate::out::schema::kind_schema;
use crate::read::{Load, begin_summary, checker, fit, refuse_missing};
use crate::reason::Reason;
use crate::sink::Sink;
use crate::summary::{BadCell, Loaded, Summary};
use crate::table::Table;
use giaouoc_agreement::value::Change;

/// Reads a file of events; see [`crate::read_records`].
pub(crate) fn read(
    input: &Input<'_>,
    load: &Load<'_>,
    events: &Events,
    sink: &mut dyn Sink,
) -> Result<Summary, FileError> {
    let (format, size) = (input.format_as(load.mapping.encoding())?, input.size()?);
    let form = Form::new(load.kind, load.mapping, events);
    let reading = Load { kind: &form.kind, mapping: &form.mapping, ..*load };
    let matcher = Matcher::new(&form.kind, &form.mapping, load.personal);
    let fitting = |rows: &[Row]| fit(rows, &matcher);
    let scan = with_source(input, format, &form.mapping, load.limits, &fitting, |source| {
        count(source, &matcher, &reading, &mut |done| sink.progress(done, 3 * size))
    })?;
    let mut mapping = form.mapping.clone();
    mapping.sheet = scan.sheet.clone().or(mapping.sheet);
    let parts = scan.rows.div_ceil(load.limits.events_held.max(1)).max(1);
    let total = size.saturating_mul(parts + 2);
    let mut work = Work {
        events,
        form: &form,
        matcher: &matcher,
        load,
        reading,
        names: scan.names,
        format,
        bad: HashMap::new(),
        own_rejects: false,
        columns: Vec::new(),
        summary: Summary { made: Some(0), ..Summary::default() },
    };
    for part in 0..parts {
        with_source(input, format, &mapping, load.limits, &fitting, |source| {
            let mut told = |sink: &mut dyn Sink, done| sink.progress((part + 1) * size + done, total);
            work.part(source, format, (part, parts), sink, &mut told)
        })?;
    }
    if !work.bad.is_empty() || work.own_rejects {
        with_source(input, format, &mapping, load.limits, &fitting, |source| work.rejects(source, sink))?;
    }
    sink.progress(total, total);
    Ok(work.summary)
}

/// The last second of a day, from its midnight.
const LAST_SECOND: u32 = 24 * 3600 - 1;

/// What the first time through has found out.
struct Scan {
    rows: u64,
    names: Vec<String>,
    sheet: Option<String>,
}

fn count(
    source: &mut dyn Source,
    matcher: &Matcher<'_>,
    load: &Load<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<Scan, FileError> {
    let names = source.names().to_vec();
    // The names of NDJSON come with its rows.
    let mut table = if source.naming() == Names::Known && names.is_empty() {
        Table::default()
    } else {
        let table = Table::open(source, matcher, &names, load.limits)?;
        refuse_missing(&table.binding, matcher, source)?;
        table
    };
    let (mut row, mut rows) = (Row::default(), 0_u64);
    while table.next(source, &mut row)? {
        rows += 1;
        if rows.is_multiple_of(4096) {
            progress(source.position());
        }
    }
    Ok(Scan { rows, names: source.names().to_vec(), sheet: source.facts().sheet })
}

struct Work<'w, 'a> {
    events: &'w Events,
    form: &'w Form,
    matcher: &'w Matcher<'w>,
    load: &'w Load<'a>,
    reading: Load<'w>,
    names: Vec<String>,
    format: Format,
    bad: HashMap<Fingerprint, Bad>,
    /// Rows are rejected that belong to no record.
    own_rejects: bool,
    /// Columns of the output, by their index in the kind.
    columns: Vec<usize>,
    summary: Summary,
}

impl<'w> Work<'w, '_> {
    fn open(&self, source: &mut dyn Source) -> Result<Reader<'w>, FileError> {
        let table = Table::open(source, self.matcher, &self.names, self.load.limits)?;
        refuse_missing(&table.binding, self.matcher, source)?;
        let checker = checker(source, &table, &self.reading, &Notations::default())?;
        let skipper = Skipper::new(self.matcher, &table.binding)?;
        Ok(Reader::new(table, checker, skipper, self.form, (self.events.skip_others, self.format)))
    }

    fn zone(&self) -> &'w Zone {
        let own = self.events.time.zone.as_ref().or(self.form.mapping.zone.as_ref());
        // The form lives as long as the work.
        own.unwrap_or(self.reading.zone)
    }

    /// Reads the records of one part and hands them out.
    fn part(
        &mut self,
        source: &mut dyn Source,
        format: Format,
        (part, parts): (u64, u64),
        sink: &mut dyn Sink,
        told: &mut dyn FnMut(&mut dyn Sink, u64),
    ) -> Result<(), FileError> {
        let mut reader = self.open(source)?;
        if part == 0 {
            self.begin(source, format, &reader.table, sink)?;
        }
        let mut records: HashMap<String, Record> = HashMap::new();
        let (mut row, mut rows) = (Row::default(), 0_u64);
        while reader.table.next(source, &mut row)? {
            rows += 1;
            if rows.is_multiple_of(4096) {
                told(sink, source.position());
            }
            let class = reader.class(&row)?;
            if part == 0 {
                self.summary.read += 1;
                match class {
                    Class::Blank => self.summary.skipped_blank += 1,
                    Class::Furniture(furniture) => self.summary.skip(furniture),
                    Class::Skipped => self.summary.skipped_by_rule += 1,
                    Class::Bad(_) => self.own_rejects = true,
                    _ => {}
                }
            }
            let (Class::Event(key, _) | Class::BadEvent(key, _)) = &class else { continue };
            if fingerprint(key).0 % parts != part {
                continue;
            }
            if !records.contains_key(key) {
                records.insert(key.clone(), Record::default());
            }
            let Some(record) = records.get_mut(key) else { continue };
            match &class {
                Class::Event(_, entries) if self.take(record, &mut reader, &row, entries)?.is_empty() => {}
                _ => record.rejected(row.number),
            }
        }
        self.hand_out(records, sink)
    }

    fn begin(
        &mut self,
        source: &dyn Source,
        format: Format,
        table: &Table,
        sink: &mut dyn Sink,
    ) -> Result<(), FileError> {
        let own = self.load.kind.columns.len();
        let bound = table.binding.bound.iter().map(|bound| bound.column).filter(|column| *column < own);
        self.columns = bound.chain(self.form.filled.iter().copied()).collect();
        self.columns.sort_unstable();
        let schema = Arc::new(kind_schema(self.load.kind, &self.columns));
        sink.begin(&schema, &table.headers())?;
        let made = self.summary.made;
        let mut summary = begin_summary(source, format, table, self.matcher);
        summary.made = made;
        // What events fill comes from no column of its own.
        let added = |id: &String| id.strip_prefix("events.").map(str::to_owned);
        summary.loaded.retain(|loaded| added(&loaded.column).is_none());
        summary.absent.retain(|id| added(id).is_none());
        let kind = self.load.kind;
        summary.loaded.extend(self.form.filled.iter().map(|at| Loaded {
            column: kind.columns[*at].id.clone(),
            headers: self.events.name.from.clone(),
        }));
        self.summary = summary;
        Ok(())
    }

    /// Takes an event into its record; the cells that are wrong with it, if any: then nothing was taken.
    fn take(
        &self,
        record: &mut Record,
        reader: &mut Reader<'_>,
        row: &Row,
        entries: &[usize],
    ) -> Result<Vec<BadCell>, FileError> {
        let mut bad = Vec::new();
        let checker = &mut reader.checker;
        let mut get = |column: usize, bad: &mut Vec<BadCell>| -> Result<Checked<'_>, FileError> {
            Ok(checker.one(column, row)?.unwrap_or_else(|cell| {
                bad.push(cell);
                Checked::Unknown
            }))
        };
        let time = get(self.form.time, &mut bad)?;
        let own: Vec<usize> =
            self.columns.iter().copied().filter(|column| !self.form.filled.contains(column)).collect();
        let mut values = Vec::new();
        for column in &own {
            values.push((*column, get(*column, &mut bad)?, Settle::Row, None));
        }
        let mut changes = Vec::new();
        for at in entries {
            let entry = &self.form.whens[*at];
            let settle = Settle::Event { last: entry.when.last, quiet: entry.when.said };
            for (column, added) in &entry.gives {
                values.push((*column, get(*added, &mut bad)?, settle, Some(*at)));
            }
            if let Some((column, new, why)) = entry.changes {
                let due = get(new, &mut bad)?;
                let why = match why.map(|why| get(why, &mut bad)).transpose()? {
                    Some(Checked::Text(why)) => why.into_owned(),
                    _ => String::new(),
                };
                changes.push((column, *at, new, due, why));
            }
        }
        let time = match time {
            Checked::Moment(time) => time,
            _ => {
                if bad.is_empty() {
                    bad.push(reader.checker.bad_at(self.form.time, row, Reason::required()));
                }
                return Ok(bad);
            }
        };
        for (_, _, new, due, _) in &changes {
            if !matches!(due, Checked::Moment(_)) && bad.is_empty() {
                bad.push(reader.checker.bad_at(*new, row, Reason::required()));
            }
        }
        if !bad.is_empty() {
            return Ok(bad);
        }
        let zone = self.zone();
        let first = entries.first().copied().unwrap_or_default();
        record.happened(Place::new(time, first, zone));
        for (column, value, settle, entry) in values {
            record.offer(self.slot(column), Place::new(time, entry.unwrap_or(first), zone), &value, settle);
        }
        for at in entries {
            let when = &self.form.whens[*at].when;
            let place = Place::new(time, *at, zone);
            for column in &when.sets {
                let value = self.time_for(*column, time, zone);
                let settle = Settle::Event { last: when.last, quiet: when.said };
                record.offer(self.slot(*column), place, &value, settle);
            }
            for (column, begins) in
                when.begins.map(|at| (at, true)).into_iter().chain(when.ends.map(|at| (at, false)))
            {
                record.pause(self.slot(column), place, begins);
            }
        }
        for (column, at, _, due, why) in changes {
            let Checked::Moment(due) = due else { continue };
            let place = Place::new(time, at, zone);
            let new = match due {
                Moment::Instant(new) => new,
                // What is due on a day may be done until it ends.
                Moment::Day(day) => zone.instant_of(day, LAST_SECOND),
            };
            record.change(self.slot(column), place, Change { at: place.at(), new, why });
        }
        Ok(Vec::new())
    }

    fn slot(&self, column: usize) -> usize {
        // Every column that is taken is one of the output.
        self.columns.binary_search(&column).unwrap_or_default()
    }

    fn time_for(&self, column: usize, time: Moment, zone: &Zone) -> Checked<'static> {
        use giaouoc_agreement::kind::ColumnType;
        match (&self.load.kind.columns[column].ty, time) {
            (ColumnType::Date, Moment::Instant(at)) => Checked::Day(zone.day_of(at)),
            (ColumnType::Date, Moment::Day(day)) => Checked::Day(day),
            _ => Checked::Moment(time),
        }
    }

    /// Finishes the records of a part, in the order of their keys.
    fn hand_out(&mut self, records: HashMap<String, Record>, sink: &mut dyn Sink) -> Result<(), FileError> {
        let kind = self.load.kind;
        let zone = self.zone();
        let mut batcher = Batcher::new(Arc::new(kind_schema(kind, &self.columns)));
        let mut records: Vec<(String, Record)> = records.into_iter().collect();
        records.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        for (key, record) in records {
            if let Some(bad) = record.bad {
                self.bad.insert(fingerprint(&key), bad);
                continue;
            }
            let events = record.events;
            let (values, surprises) = record.finish(&self.columns, kind, zone);
            let needed = |at: usize| kind.columns[at].required || at == kind.key || at == kind.unit;
            let missing = self
                .columns
                .iter()
                .zip(&values)
                .find(|(at, value)| needed(**at) && **value == Checked::Unknown)
                .map(|(at, _)| *at);
            if let Some(column) = missing {
                self.bad.insert(fingerprint(&key), Bad::Missing(column));
                continue;
            }
            for (name, column) in surprises {
                let about = column.map(|at| format!(" ({})", kind.columns[at].id)).unwrap_or_default();
                self.summary.notes.entry(name).or_default().add(1, &format!("{key}{about}"));
            }
            batcher.push(&values)?;
            self.summary.accepted += events;
            self.summary.made = self.summary.made.map(|made| made + 1);
            if batcher.rows() >= self.load.limits.batch_rows {
                sink.batch(&batcher.finish()?)?;
            }
        }
        if batcher.rows() > 0 {
            sink.batch(&batcher.finish()?)?;
        }
        Ok(())
    }

    /// Goes through the file once more and hands out the rows that are rejected.
    fn rejects(&mut self, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<(), FileError> {
        let mut reader = self.open(source)?;
        let mut row = Row::default();
        while reader.table.next(source, &mut row)? {
            let cells = match reader.class(&row)? {
                Class::Blank | Class::Furniture(_) | Class::Skipped => continue,
                Class::Bad(cells) | Class::BadEvent(_, cells) => cells,
                Class::Event(key, entries) => {
                    let Some(bad) = self.bad.get(&fingerprint(&key)).copied() else { continue };
                    let own = self.take(&mut Record::default(), &mut reader, &row, &entries)?;
                    if own.is_empty() { vec![self.because(bad, &reader, &row)] } else { own }
                }
            };
            let sheet = self.summary.sheet.clone();
            let reject = reader.table.reject(&row, sheet, cells, &mut reader.checker);
            self.summary.count(&reject, self.load.limits.rejects_kept);
            sink.reject(&reject)?;
        }
        Ok(())
    }

    /// Why an event that is right by itself is rejected with its record.
    fn because(&self, bad: Bad, reader: &Reader<'_>, row: &Row) -> BadCell {
        match bad {
            Bad::Row(other) => {
                reader.checker.bad_at(self.form.kind.key, row, Reason::other_event_rejected(other))
            }
            Bad::Missing(column) => reader.checker.bad_at(column, row, Reason::required()),
        }
    }
}
