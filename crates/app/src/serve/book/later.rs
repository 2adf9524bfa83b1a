//! What others did since a workbook was made: their work is not overwritten in silence.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use arrow::array::{AsArray as _, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::value::Value;
use giaouoc_intake::{Collected, Input, Limits, Load, read_records};
use giaouoc_journal::{Journal, What};
use giaouoc_measure::values;
use giaouoc_web::preview::Later;
use giaouoc_worktime::time::Moment;
use giaouoc_worktime::zone::Zone;

use super::{Opened, Sheet};
use crate::fault::{Fault, Outcome};
use crate::journal::fault;
use crate::records::{file_fault, measure_fault};

/// Records of a sheet that stay as they are.
#[derive(Debug, Default)]
pub(super) struct Aside {
    /// Both the workbook and somebody else changed them: the person decides.
    pub(super) later: Vec<Later>,
    /// Only somebody else changed them.
    pub(super) stale: u64,
    stale_keys: BTreeSet<String>,
}

impl Aside {
    /// Keys of what stays; `over` changes what both changed.
    pub(super) fn leave(&self, over: bool) -> BTreeSet<String> {
        let later = self.later.iter().filter(|_| !over).map(|one| one.key.clone());
        self.stale_keys.iter().cloned().chain(later).collect()
    }
}

/// Holds a sheet against the records as they were when the workbook was made, and as they are. Where nobody did anything
/// to the kind since, nothing is read.
pub(super) fn aside(opened: &Opened<'_>, unit: &str, sheet: &Sheet, journal: &Journal) -> Outcome<Aside> {
    let (kind, head) = (sheet.kind, opened.mark.head);
    let mut aside = Aside::default();
    if !journal.entries_of(kind, journal.head()).any(|entry| entry >= head) {
        return Ok(aside);
    }
    let rows = rows(opened, sheet)?;
    let mut before: BTreeMap<String, Option<RecordBatch>> = BTreeMap::new();
    for (from, keys) in seen_at(sheet, journal, head, &rows)? {
        let touched = journal.touched(kind, from..journal.head(), &keys).map_err(|error| fault(&error))?;
        let mut then = journal.as_it_was(kind, from, &touched).map_err(|error| fault(&error))?;
        before.extend(touched.into_iter().map(|key| {
            let batch = then.remove(&key);
            (key, batch)
        }));
    }
    if before.is_empty() {
        return Ok(aside);
    }
    let list: Vec<&str> = before.keys().map(String::as_str).collect();
    let live = journal.live_of(kind, &list).map_err(|error| fault(&error))?;
    let zone = opened.loaded.calendars.default.zone();
    let wrong = |error| measure_fault(&sheet.name, &error);
    for (key, found) in list.iter().zip(&live.found) {
        let Some(mine) = rows.get(*key) else { continue };
        let ours = values(kind, mine, 0).map_err(wrong)?;
        let said = |at: usize| mine.column_by_name(&kind.columns[at].id).is_some();
        let now = match found {
            // Another supplier's by now: the row is rejected with that reason.
            Some((_, owner)) if owner.as_deref() != Some(unit) => continue,
            Some((row, _)) => Some(values(kind, &live.batch, *row).map_err(wrong)?),
            None => None,
        };
        let then = before
            .get(*key)
            .and_then(Option::as_ref)
            .map(|batch| values(kind, batch, 0))
            .transpose()
            .map_err(wrong)?;
        let same = |other: &Option<Vec<Value>>| {
            other
                .as_ref()
                .is_some_and(|other| (0..kind.columns.len()).all(|at| !said(at) || ours[at] == other[at]))
        };
        // Nobody changed it in the end, or to what the workbook says too.
        if same(&now) || now == then {
            continue;
        }
        if same(&then) {
            aside.stale += 1;
            aside.stale_keys.insert((*key).to_owned());
            continue;
        }
        let differing = (0..kind.columns.len()).filter(|at| said(*at) && !kind.columns[*at].personal);
        let sides = differing.filter_map(|at| {
            let theirs = now.as_ref().map_or(&Value::Unknown, |now| &now[at]);
            (ours[at] != *theirs).then(|| {
                let label = kind.columns[at].label.clone();
                (label, shown(kind, at, &ours[at], zone), shown(kind, at, theirs, zone))
            })
        });
        aside.later.push(Later { key: (*key).to_owned(), gone: now.is_none(), sides: sides.collect() });
    }
    Ok(aside)
}

/// From which entry on the workbook does not know of a record: its own head, or what it loaded itself later, unless that was
/// taken back. Keys by that entry.
fn seen_at<'r>(
    sheet: &Sheet,
    journal: &Journal,
    head: u64,
    rows: &'r HashMap<String, RecordBatch>,
) -> Outcome<BTreeMap<u64, HashSet<&'r str>>> {
    let keys: HashSet<&str> = rows.keys().map(String::as_str).collect();
    let map = giaouoc_journal::text_digest(sheet.text.as_bytes());
    let mut from: HashMap<&str, u64> = keys.iter().map(|key| (*key, head)).collect();
    let undone = |number: u64| {
        journal.entries().iter().any(|entry| matches!(&entry.what, What::Undo(undo) if undo.of == number))
    };
    for entry in journal.entries().iter().filter(|entry| entry.number >= head) {
        let own =
            matches!(&entry.what, What::Upload(line) if line.kind == sheet.kind.id && line.map == Some(map));
        if !own || undone(entry.number) {
            continue;
        }
        let (number, next) = (entry.number, entry.number + 1);
        let loaded = journal.touched(sheet.kind, number..next, &keys).map_err(|error| fault(&error))?;
        for (key, seen) in &mut from {
            if loaded.contains(*key) {
                *seen = next;
            }
        }
    }
    let mut groups: BTreeMap<u64, HashSet<&str>> = BTreeMap::new();
    for (key, seen) in from {
        groups.entry(seen).or_default().insert(key);
    }
    Ok(groups)
}

/// The accepted rows of a sheet by their keys.
fn rows(opened: &Opened<'_>, sheet: &Sheet) -> Outcome<HashMap<String, RecordBatch>> {
    let (units, limits) = (opened.loaded.units(), Limits::default());
    let load = Load {
        kind: sheet.kind,
        mapping: &sheet.mapping,
        units: &units,
        zone: opened.loaded.calendars.default.zone(),
        limits: &limits,
        personal: false,
    };
    let mut sink = Collected::default();
    read_records(&Input::Path(&opened.path), &load, &mut sink)
        .map_err(|error| file_fault(&sheet.name, &error))?;
    let mut rows = HashMap::new();
    for batch in &sink.batches {
        let Some(keys) = batch.column_by_name(&sheet.kind.columns[sheet.kind.key].id) else { continue };
        let keys = cast(keys, &DataType::Utf8)
            .map_err(|error| Fault::System(giaouoc_agreement::text::Text::same(error.to_string())))?;
        for (row, key) in keys.as_string::<i32>().iter().enumerate() {
            if let Some(key) = key {
                rows.insert(key.to_owned(), batch.slice(row, 1));
            }
        }
    }
    Ok(rows)
}

/// A value as the workbook shows it.
fn shown(kind: &Kind, at: usize, value: &Value, zone: &Zone) -> String {
    match (value, &kind.columns[at].ty) {
        (Value::Unknown, _) => "–".to_owned(),
        (Value::Text(code), ColumnType::Code(list)) => {
            let found = list.codes.iter().find(|one| one.code == *code);
            found.map_or_else(|| code.clone(), |one| one.name.vi.clone())
        }
        (Value::Text(text), _) => text.clone(),
        (Value::Integer(number), _) => number.to_string(),
        (Value::Flag(flag), _) => if *flag { "có" } else { "không" }.to_owned(),
        (Value::Day(day) | Value::Moment(Moment::Day(day)), _) => day.dmy(),
        (Value::Moment(Moment::Instant(at)), _) => {
            let seconds = zone.local_time_of_day(*at);
            format!("{} {:02}:{:02}", zone.day_of(*at).dmy(), seconds / 3600, seconds / 60 % 60)
        }
        (other, _) => format!("{other:?}").chars().take(80).collect(),
    }
}
