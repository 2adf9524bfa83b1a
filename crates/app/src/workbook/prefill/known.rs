//! What the journal knows of a unit's records of a kind.

use std::collections::BTreeSet;

use arrow::array::AsArray as _;
use arrow::compute::cast;
use arrow::datatypes::DataType;
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::value::Value;
use giaouoc_journal::JournalError;
use giaouoc_worktime::time::Moment;

use super::MOST;
use crate::bundle::Loaded;
use crate::fault::Outcome;
use crate::journal::fault;
use crate::records::measure_fault;

/// Records of others that are shown of a kind.
const SHOWN: usize = 300;

/// What is known.
#[derive(Default)]
pub(super) struct Known {
    /// Records that the unit supplies itself: a value for each column of the kind.
    pub(super) own: Vec<Vec<Value>>,
    /// Some of those that others supply.
    pub(super) others: Vec<Other>,
    /// How many there are.
    pub(super) others_count: usize,
    /// There are too many to be filled in.
    pub(super) left_out: bool,
}

/// A record that somebody else supplies.
pub(super) struct Other {
    pub(super) key: String,
    pub(super) day: String,
    pub(super) what: String,
    pub(super) owner: Option<String>,
}

/// Looks it up. `records` is how many the unit has, as far as figures tell: of very many none is read.
pub(super) fn known(loaded: &Loaded, kind: &'static Kind, unit: &str, records: i64) -> Outcome<Known> {
    let mut known = Known::default();
    let Some(held) = &loaded.journal else { return Ok(known) };
    if usize::try_from(records).is_ok_and(|records| records > MOST) {
        known.left_out = true;
        return Ok(known);
    }
    let (mut own, mut others): (Vec<String>, Vec<(String, Option<String>)>) = (Vec::new(), Vec::new());
    let columns = BTreeSet::from([kind.key, kind.unit]);
    held.journal
        .each_net(kind, held.head, &columns, &mut |owner, batch| {
            let text = |at: usize| {
                let array = batch.column_by_name(&kind.columns[at].id);
                let text = array.map(|array| cast(array, &DataType::Utf8)).transpose();
                text.map_err(|error| JournalError::Internal { detail: error.to_string() })
            };
            let (Some(keys), Some(units)) = (text(kind.key)?, text(kind.unit)?) else { return Ok(()) };
            for (key, of) in keys.as_string::<i32>().iter().zip(units.as_string::<i32>()) {
                let Some(key) = key.filter(|_| of == Some(unit)) else { continue };
                if owner == Some(unit) {
                    own.push(key.to_owned());
                } else {
                    known.others_count += 1;
                    if others.len() < SHOWN {
                        others.push((key.to_owned(), owner.map(str::to_owned)));
                    }
                }
            }
            Ok(())
        })
        .map_err(|error| fault(&error))?;
    if own.len() > MOST {
        known.left_out = true;
        return Ok(known);
    }
    known.own = rows(loaded, kind, &own)?;
    let keys: Vec<String> = others.iter().map(|(key, _)| key.clone()).collect();
    let values = rows(loaded, kind, &keys)?;
    known.others =
        others.into_iter().zip(values).map(|((key, owner), row)| other(kind, key, owner, &row)).collect();
    Ok(known)
}

/// The live versions of some records.
fn rows(loaded: &Loaded, kind: &'static Kind, keys: &[String]) -> Outcome<Vec<Vec<Value>>> {
    let Some(held) = loaded.journal.as_ref().filter(|_| !keys.is_empty()) else { return Ok(Vec::new()) };
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let live = held.journal.live_of(kind, &keys).map_err(|error| fault(&error))?;
    let row = |found: &Option<(usize, Option<String>)>| match found {
        Some((row, _)) => {
            giaouoc_measure::values(kind, &live.batch, *row).map_err(|error| measure_fault(&kind.id, &error))
        }
        // Gone since it was counted: nothing to be filled in.
        None => Ok(Vec::new()),
    };
    live.found.iter().map(row).collect()
}

fn other(kind: &Kind, key: String, owner: Option<String>, row: &[Value]) -> Other {
    let day = match row.get(kind.date) {
        Some(Value::Day(day) | Value::Moment(Moment::Day(day))) => day.dmy(),
        Some(Value::Moment(Moment::Instant(at))) => at.to_string().chars().take(10).collect(),
        _ => String::new(),
    };
    // What it is about: the first words of it that are neither key nor unit.
    let words = kind.columns.iter().zip(row).enumerate().find_map(|(at, (column, value))| match value {
        Value::Text(text) if at != kind.key && at != kind.unit && column.ty == ColumnType::Text => {
            Some(text.chars().take(120).collect())
        }
        _ => None,
    });
    Other { key, day, what: words.unwrap_or_default(), owner }
}
