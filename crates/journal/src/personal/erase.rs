//! Erasing personal values. The entry stands before anything is gone: what it erases is listed by its commitments,
//! its line is written, and then the values go. A run that is killed before the line has erased nothing; one that is
//! killed after it is finished by whoever next takes the lock.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use arrow::array::BooleanArray;
use arrow::compute::filter_record_batch;
use giaouoc_agreement::kind::Kind;
use jiff::Timestamp;

use super::store::{Sort, batches, binary, hash, list, name, schema};
use super::{columns, each_commitment};
use crate::canon::Hash;
use crate::commit::Signed;
use crate::disk::Temporary;
use crate::entries::{Erase, What};
use crate::error::JournalError;
use crate::index::KeyId;
use crate::journal::Journal;
use crate::lock::Lock;
use crate::points;
use crate::rows_read::entry_rows;
use crate::rows_write::RowsWriter;
use crate::shape::{self, internal};

/// Rows read at once.
const CHUNK: usize = 1 << 16;

/// What an erasure came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// The entry and how many values were erased; nothing when there were none.
    pub made: Option<(u64, u64)>,
    /// Keys of which nothing personal was kept: none ever was, or it was erased before.
    pub without: Vec<String>,
    /// Keys that the journal never heard of.
    pub unknown: Vec<String>,
}

impl Journal {
    /// Erases the personal values of records, in all their versions, with their salts: what was committed to can
    /// then be learned from nothing that is kept. Digests, roots and figures stay as they are. Keys of which
    /// nothing was erased are told: who asked for it may have misspelt one.
    ///
    /// # Errors
    /// When files cannot be read or written. If the entry is there by then ([`Journal::pending_erasures`]), the
    /// values count as erased, and whoever next takes the lock removes the rest of them.
    pub fn erase(
        &mut self,
        lock: &Lock,
        kind: &Kind,
        keys: &[String],
        signed: Signed,
        now: Timestamp,
    ) -> Result<Erased, JournalError> {
        self.refresh()?;
        let keys: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
        let of_records = self.commitments(kind, &keys)?;
        let mut gone: BTreeSet<Hash> = BTreeSet::new();
        let mut having: BTreeSet<&str> = BTreeSet::new();
        self.each_personal(&mut |stored| {
            if let Some(key) = of_records.get(&stored.commitment) {
                gone.insert(stored.commitment);
                having.insert(key);
            }
        })?;
        let mut erased = self.without_values(kind, keys.difference(&having).copied().collect())?;
        if gone.is_empty() {
            return Ok(erased);
        }
        let entry = self.head();
        self.clear(entry, (false, false, false))?;
        self.disk.place(list(self, &gone)?, &name(entry, Sort::Erasing))?;
        let count = gone.len() as u64;
        let without = self.without(&gone.into_iter().collect())?;
        self.disk.point(points::ERASURE_LISTED);
        let what = What::Erase(Erase { kind: kind.id.clone(), count });
        self.entries.append(&self.disk, lock, signed.draft(what), now)?;
        self.disk.point(points::ERASURE_BEGUN);
        self.replace(entry, without)?;
        erased.made = Some((entry, count));
        Ok(erased)
    }

    /// Of keys that have no values: those that the journal knows, and those that it does not.
    fn without_values(&self, kind: &Kind, keys: Vec<&str>) -> Result<Erased, JournalError> {
        let ids: Vec<KeyId> = keys.iter().map(|key| KeyId::of(key)).collect();
        let slots = self.mending(kind, || self.index(kind)?.resolve(&ids))?;
        let mut erased = Erased::default();
        for (key, slot) in keys.into_iter().zip(slots) {
            let list = if slot.is_some() { &mut erased.without } else { &mut erased.unknown };
            list.push(key.to_owned());
        }
        Ok(erased)
    }

    /// Removes what erasures that were stopped have left. Gives how many of them there were.
    pub(crate) fn finish_erasures(&self, _lock: &Lock) -> Result<usize, JournalError> {
        let names = self.disk.list("personal")?;
        let begun = |name: &String| matches!(super::store::parsed(name), Some((_, Sort::Erasing)));
        if !names.iter().any(begun) {
            return Ok(0);
        }
        let fresh = self.fresh()?;
        let pending = fresh.pending()?;
        for (entry, gone) in &pending {
            fresh.replace(*entry, fresh.without(gone)?)?;
        }
        Ok(pending.len())
    }

    /// The files of the store that have some of the values, written again without them, under temporary names. That
    /// is done before an entry speaks of it, so that a full disk shows while nothing has happened.
    fn without(&self, gone: &HashSet<Hash>) -> Result<Vec<(String, Temporary)>, JournalError> {
        let mut without = Vec::new();
        for file in self.stores()? {
            let all = batches(self, &file)?;
            let mut left = Vec::with_capacity(all.len());
            let mut removed = false;
            for batch in all {
                let commitments = binary(&batch, &file, "commitment")?;
                let kept: BooleanArray = (0..batch.num_rows())
                    .map(|row| Some(!gone.contains(&hash(commitments.value(row)))))
                    .collect();
                removed |= kept.true_count() < batch.num_rows();
                left.push(filter_record_batch(&batch, &kept).map_err(internal)?);
            }
            if removed {
                let mut writer = RowsWriter::new(&self.disk, "personal", None, &schema())?;
                left.iter().try_for_each(|batch| writer.write(batch))?;
                let mut file_without = writer.finish(None)?;
                file_without.sync()?;
                without.push((file, file_without));
            }
        }
        Ok(without)
    }

    /// Puts files without the values that an entry erases into the place of those that have them.
    fn replace(&self, entry: u64, without: Vec<(String, Temporary)>) -> Result<(), JournalError> {
        for (file, without) in without {
            self.disk.place(without, &format!("personal/{file}"))?;
            self.disk.point(points::ERASURE_UNDER_WAY);
        }
        self.disk.rename(&name(entry, Sort::Erasing), &name(entry, Sort::Erased))?;
        self.disk.point(points::ERASED);
        Ok(())
    }

    /// The commitments in all versions of some records, each with the record's key.
    fn commitments<'k>(
        &self,
        kind: &Kind,
        keys: &BTreeSet<&'k str>,
    ) -> Result<BTreeMap<Hash, &'k str>, JournalError> {
        let layout = self.layout(&kind.id, self.head())?;
        let mut found = BTreeMap::new();
        if columns(kind).next().is_none() {
            return Ok(found);
        }
        for entry in self.entries_of(kind, self.head()) {
            for batch in entry_rows(&layout, crate::layout::number(entry)?, false, CHUNK)? {
                let batch = batch?;
                let of = shape::keys(kind, &batch)?;
                each_commitment(kind, &batch, &mut |_, row, commitment| {
                    if let Some(key) = keys.get(of.value(row)) {
                        found.insert(hash(commitment), *key);
                    }
                });
            }
        }
        Ok(found)
    }
}
