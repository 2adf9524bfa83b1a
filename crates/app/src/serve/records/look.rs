//! One record: its values, its versions, what becomes of it, its due date.

use std::borrow::Cow;

use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::lang::{Context, trace, words};
use giaouoc_agreement::target::Measure;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_agreement::value::Value;
use giaouoc_journal::{Entry, Version as Kept, What};
use giaouoc_web::records::{Count, Field, Opened, Record, Trouble, Version};
use giaouoc_worktime::time::{Instant, Moment};
use giaouoc_worktime::zone::Zone;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Reader, broken};
use crate::explain::record::{named, outcome, worked};
use crate::journal::list;
use crate::records::measure_fault;

/// A record as it stands now.
pub fn find(reader: &Reader, kind: &'static Kind, key: &str) -> Result<Option<Record>, Trouble> {
    let live = reader.journal.live(kind, key).map_err(|error| broken(&error))?;
    live.map(|version| record(reader, kind, &version)).transpose()
}

/// The record of a version.
fn record(reader: &Reader, kind: &'static Kind, version: &Kept) -> Result<Record, Trouble> {
    let values = values(kind, version)?;
    let supplier = reader.journal.owner(version.entry, reader.journal.head());
    Ok(of_values(reader, kind, &values, supplier, version.entry, version.row))
}

fn values(kind: &Kind, version: &Kept) -> Result<Vec<Value>, Trouble> {
    giaouoc_measure::values(kind, &version.batch, 0)
        .map_err(|error| super::trouble(&measure_fault("journal", &error)))
}

/// A record out of its values and its address.
pub fn of_values(
    reader: &Reader,
    kind: &'static Kind,
    values: &[Value],
    supplier: Option<String>,
    entry: u64,
    row: u64,
) -> Record {
    let plain = |at: usize| match values.get(at) {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Integer(number)) => number.to_string(),
        _ => String::new(),
    };
    let unit = plain(kind.unit);
    let calendar = reader.loaded.calendars.unit(&unit);
    let open = kind.columns.iter().zip(values).filter(|(column, _)| !column.personal);
    let fields = open.map(|(column, value)| {
        let shown = |lang| match value {
            Value::Unknown => String::new(),
            Value::Flag(flag) => match (flag, lang) {
                (true, Lang::Vi) => "có".to_owned(),
                (false, Lang::Vi) => "không".to_owned(),
                (true, Lang::En) => "yes".to_owned(),
                (false, Lang::En) => "no".to_owned(),
            },
            value => match &column.ty {
                ColumnType::Code(codes) => {
                    let code = match value {
                        Value::Text(text) => text.as_str(),
                        _ => "",
                    };
                    let found = codes.codes.iter().find(|known| known.code == code);
                    found.map_or_else(|| code.to_owned(), |known| known.name.get(lang).to_owned())
                }
                _ => named(column, value, calendar, lang),
            },
        };
        Field {
            column: column.id.clone(),
            text: canonical(value, calendar.zone()),
            shown: Text::new(shown(Lang::Vi), shown(Lang::En)),
        }
    });
    Record {
        key: plain(kind.key),
        fields: fields.collect(),
        version: format!("{entry}.{row}"),
        unit,
        supplier,
    }
}

/// An instant with the offset of its zone, to the second or, where there is more to it, to the microsecond.
fn instant(at: Instant, zone: &Zone) -> String {
    let Ok(stamp) = Timestamp::from_microsecond(at.0) else { return String::new() };
    let tz = TimeZone::get(zone.name()).unwrap_or(TimeZone::UTC);
    let form = if at.0 % 1_000_000 == 0 { "%Y-%m-%dT%H:%M:%S%:z" } else { "%Y-%m-%dT%H:%M:%S%.6f%:z" };
    stamp.to_zoned(tz).strftime(form).to_string()
}

/// A value in its text form (docs/kinds.md), as files may bring it.
fn canonical(value: &Value, zone: &Zone) -> String {
    match value {
        Value::Unknown => String::new(),
        Value::Flag(flag) => flag.to_string(),
        Value::Integer(number) | Value::Duration(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Day(day) | Value::Moment(Moment::Day(day)) => day.to_string(),
        Value::Moment(Moment::Instant(at)) => instant(*at, zone),
        Value::Intervals(list) => {
            let one = |(from, to): &(Instant, Option<Instant>)| {
                format!("{}/{}", instant(*from, zone), to.map_or_else(String::new, |to| instant(to, zone)))
            };
            list.iter().map(one).collect::<Vec<_>>().join("; ")
        }
        Value::Changes(list) => {
            let one = |change: &giaouoc_agreement::value::Change| {
                let why: Cow<'_, str> = match change.why.as_str() {
                    "" => "".into(),
                    why => format!(" ({})", why.replace('\\', "\\\\").replace(')', "\\)")).into(),
                };
                format!("{} -> {}{why}", instant(change.at, zone), instant(change.new, zone))
            };
            list.iter().map(one).collect::<Vec<_>>().join("; ")
        }
    }
}

/// Everything about a record.
pub fn open(reader: &Reader, kind: &'static Kind, key: &str, lang: Lang) -> Result<Option<Opened>, Trouble> {
    let journal = &reader.journal;
    let mut kept = journal.story(kind, key).map_err(|error| broken(&error))?;
    if kept.is_empty() {
        kept = journal.versions(kind, key, journal.head()).map_err(|error| broken(&error))?;
    }
    let Some(last) = kept.last() else { return Ok(None) };
    let live = last.taken_back.is_none();
    let values = values(kind, last)?;
    let found = record(reader, kind, last)?;
    let calendar = reader.loaded.calendars.unit(&found.unit);
    let versions = versions(reader, kind, &kept)?;
    if !live {
        let record = Record { fields: Vec::new(), version: String::new(), ..found };
        return Ok(Some(Opened { record, versions, ..Opened::default() }));
    }
    let mut counts = Vec::new();
    let agreement = &reader.loaded.bundle.agreement;
    for target in agreement.targets.iter().filter(|target| target.kind == kind.id) {
        for (part, version) in target.parts(&target.period) {
            let context = Context { kind, period: &part, as_of: target.period.last, calendar };
            let mut because = Vec::new();
            let mut conditions = vec![&version.rule.counted];
            if let Measure::Share { met } = &version.rule.measure {
                conditions.push(met);
            }
            for condition in conditions {
                let traced = trace(condition, values.as_slice(), &context);
                for deciding in traced.deciding() {
                    let truth = match (&deciding.value, lang) {
                        (Ok(Value::Flag(true)), Lang::Vi) => "đúng",
                        (Ok(Value::Flag(true)), Lang::En) => "true",
                        (Ok(Value::Flag(false)), Lang::Vi) => "sai",
                        (Ok(Value::Flag(false)), Lang::En) => "false",
                        (_, Lang::Vi) => "chưa biết",
                        (_, Lang::En) => "unknown",
                    };
                    because.push(format!("{}: {truth}", words(deciding.tree, kind).get(lang)));
                }
            }
            because.dedup();
            counts.push(Count {
                target: target.id.clone(),
                name: target.name.get(lang).to_owned(),
                outcome: outcome(&version.rule, &values, &context, lang).to_owned(),
                because,
            });
        }
    }
    let due = worked(kind, &values, calendar, lang);
    Ok(Some(Opened { record: found, versions, counts, due }))
}

/// What an entry did to a record, for somebody who knows no journal.
fn deed(reader: &Reader, entry: &Entry, lang: Lang) -> String {
    let say = |vi: String, en: String| if lang == Lang::Vi { vi } else { en };
    let cluster = &reader.loaded.bundle.cluster;
    let supplier = |code: &Option<String>| match code.as_ref().and_then(|code| cluster.unit(code)) {
        Some(unit) => cluster.units[unit].short.get(lang).to_owned(),
        None => say("nguồn chung của cụm".to_owned(), "a source of the whole cluster".to_owned()),
    };
    match &entry.what {
        What::Upload(upload) => {
            let (name, from) = (&upload.file.name, supplier(&upload.namespace));
            say(format!("{name}, {from} cung cấp"), format!("{name}, supplied by {from}"))
        }
        What::Withdraw(_) => say("rút bản ghi".to_owned(), "withdrawn".to_owned()),
        What::Undo(undo) => say(format!("lấy lại mục {}", undo.of), format!("entry {} taken back", undo.of)),
        _ => list::sentence(entry, lang),
    }
}

/// The versions with what each changed, and the withdrawal where it ended with one.
fn versions(reader: &Reader, kind: &'static Kind, kept: &[Kept]) -> Result<Vec<Version>, Trouble> {
    let zone = reader.loaded.calendars.default.zone();
    let said = |number: u64, lang: Lang| {
        let Some(entry) = reader.journal.entries().get(number) else { return number.to_string() };
        let mut text = format!("{}: {}", list::shown(entry.at, zone), deed(reader, entry, lang));
        if let Some(by) = &entry.by {
            text.push_str(&format!(" · {by}"));
        }
        if let Some(reason) = &entry.reason {
            let word = if lang == Lang::Vi { "lý do" } else { "reason" };
            text.push_str(&format!(" · {word}: {reason}"));
        }
        text
    };
    let text = |number| Text::new(said(number, Lang::Vi), said(number, Lang::En));
    let mut told = Vec::new();
    let mut before: Option<(Record, Option<u64>)> = None;
    for version in kept {
        let record = record(reader, kind, version)?;
        // A version that another entry took back before this one came is no neighbour of it.
        let earlier = before.as_ref().filter(|(_, taken)| *taken == Some(version.entry));
        let changes = earlier.map_or_else(Vec::new, |(earlier, _)| changes(kind, earlier, &record));
        told.push(Version { entry: version.entry, said: text(version.entry), changes });
        before = Some((record, version.taken_back));
    }
    if let Some(by) = kept.last().and_then(|last| last.taken_back) {
        told.push(Version { entry: by, said: text(by), changes: Vec::new() });
    }
    Ok(told)
}

fn changes(kind: &Kind, before: &Record, after: &Record) -> Vec<(Text, Text, Text)> {
    let pairs = before.fields.iter().zip(&after.fields).filter(|(one, other)| one.text != other.text);
    pairs
        .filter_map(|(one, other)| {
            let label = kind.column(&one.column).map(|at| kind.columns[at].label.clone())?;
            Some((label, one.shown.clone(), other.shown.clone()))
        })
        .collect()
}
