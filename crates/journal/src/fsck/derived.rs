//! Index and bases against what is live.

use std::collections::BTreeSet;

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use giaouoc_agreement::kind::Kind;

use super::replay::{CHUNK, Live, State, half, name_of};
use super::{Checked, cause};
use crate::base::Base;
use crate::canon::Canon;
use crate::error::JournalError;
use crate::index::{Index, KeyId, Slot};
use crate::journal::Journal;
use crate::rows_read::batches;
use crate::shape::{self, ENTRY, ROW, internal};

/// A base holds the versions that were live after its entry, each once, word for word.
pub(super) fn base(kind: &Kind, base: &Base, live: &State, checked: &mut Checked) {
    let name = format!("base/{}", name_of(&base.path));
    match differing(kind, base, live) {
        Ok(0) => {}
        Ok(count) => checked.derived(
            &name,
            &format!("{count} bản ghi khác với sổ"),
            &format!("{count} records are not as the journal has them"),
        ),
        Err(error) => {
            let text = cause(&error);
            checked.derived(&name, &text.vi, &text.en);
        }
    }
}

/// How many records of a base are different or too many, or missing, whichever are more.
fn differing(kind: &Kind, base: &Base, live: &State) -> Result<u64, JournalError> {
    let canon = Canon::new(kind);
    let (mut right, mut wrong) = (0_u64, 0_u64);
    let mut last = None;
    for batch in batches(&base.path, CHUNK)? {
        let batch = batch?;
        let mut digests = Vec::with_capacity(batch.num_rows());
        canon.digests(&batch, &mut digests)?;
        let keys = shape::keys(kind, &batch)?;
        let column = |name: &str| {
            let array = batch.column_by_name(name).and_then(|array| array.as_primitive_opt::<Int64Type>());
            array.ok_or_else(|| internal(format!("no column {name}")))
        };
        let (entries, rows) = (column(ENTRY)?, column(ROW)?);
        for (((key, digest), entry), row) in
            keys.iter().zip(&digests).zip(entries.values()).zip(rows.values())
        {
            let found = live.get(&KeyId::of(key.unwrap_or_default()));
            let same = |live: &Live| {
                (i64::from(live.entry), i64::from(live.row), live.digest) == (*entry, *row, half(digest))
            };
            // In the order of addresses, so that none comes twice.
            let address = Some((*entry, *row));
            if found.is_some_and(same) && address > last {
                right += 1;
            } else {
                wrong += 1;
            }
            last = address;
        }
    }
    Ok(wrong.max((live.len() as u64).saturating_sub(right)))
}

/// The index leads from every key to its live version. Files of it that are missing are made when they are
/// needed, and are nothing to be said.
pub(super) fn index(
    journal: &Journal,
    kind: &Kind,
    live: Option<&State>,
    checked: &mut Checked,
    used: &mut BTreeSet<String>,
) -> Result<(), JournalError> {
    let runs = journal.index_names(kind, journal.head())?;
    used.extend(runs.iter().map(|run| run.name.clone()));
    if runs.iter().any(|run| !journal.disk.path(&run.name).exists()) {
        return Ok(());
    }
    let mut whole = true;
    for run in &runs {
        if let Err(error) = Index::open(vec![(journal.disk.path(&run.name), run.own)]) {
            let text = cause(&error);
            checked.derived(&run.name, &text.vi, &text.en);
            whole = false;
        }
    }
    let Some(live) = live.filter(|_| whole) else { return Ok(()) };
    let (mut right, mut wrong) = (0_u64, 0_u64);
    let index = Index::open(runs.iter().map(|run| (journal.disk.path(&run.name), run.own)).collect())?;
    let read = index.for_each(&mut |key, slot: Slot| {
        let known = live.get(&key);
        if slot.row == Slot::WITHDRAWN {
            wrong += u64::from(known.is_some());
            return;
        }
        let same =
            |live: &Live| (live.entry, live.row) == (slot.entry, slot.row) && live.digest[..8] == slot.digest;
        if known.is_some_and(same) {
            right += 1;
        } else {
            wrong += 1;
        }
    });
    let missing = (live.len() as u64).saturating_sub(right);
    let name = format!("index/*.{}.idx", kind.id);
    match read {
        Err(error) => {
            let text = cause(&error);
            checked.derived(&name, &text.vi, &text.en);
        }
        Ok(()) if wrong + missing > 0 => checked.derived(
            &name,
            &format!("{} khoá dẫn đến chỗ khác với sổ", wrong.max(missing)),
            &format!("{} keys lead elsewhere than the journal", wrong.max(missing)),
        ),
        Ok(()) => {}
    }
    Ok(())
}
