//! Rows of an upload whose records are live, and records of which it has no row.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use jiff::Timestamp;

use super::{Prepare, Refusal, Scope};
use crate::canon::Hash;
use crate::error::JournalError;
use crate::index::{KeyId, Slot};
use crate::personal::each_commitment;
use crate::rows_read::{fetch, take_rows};
use crate::shape::{self, internal, unify};

/// Rows handled at once.
const CHUNK: usize = 1 << 16;

/// Rows whose records are live, beside what is known of them.
#[derive(Default)]
pub(super) struct Differing {
    /// Their places in the batch.
    pub(super) rows: Vec<u32>,
    /// Where the live versions are.
    pub(super) addresses: Vec<(u32, u32)>,
    /// The time of the export that brought the live version, where that is newer than the upload's.
    pub(super) newer: Vec<Option<Timestamp>>,
}

impl Prepare<'_> {
    /// Rows whose record is live: what the upload has not is taken over from the live version.
    pub(super) fn correct(
        &mut self,
        batch: &RecordBatch,
        keys: &[KeyId],
        differing: &Differing,
    ) -> Result<(), JournalError> {
        let kind = self.about.kind;
        let batch = take_rows(batch, &differing.rows)?;
        let keys: Vec<KeyId> = differing.rows.iter().map(|row| keys[*row as usize]).collect();
        let old = fetch(&self.journal.disk, &self.layout, &differing.addresses, &self.writing.schema)?;
        let sealed = match &mut self.sealing {
            Some(sealing) => Some(sealing.seal(kind, &batch, Some(&old))?),
            None => None,
        };
        let new = self.completed(sealed.as_ref().unwrap_or(&batch), &old)?;
        let (mut before, mut after): (Vec<Hash>, Vec<Hash>) = (Vec::new(), Vec::new());
        self.canon.digests(&old, &mut before)?;
        self.canon.digests(&new, &mut after)?;
        let (mut late, mut other) = (Vec::new(), Vec::new());
        for (at, key) in keys.iter().enumerate() {
            if before[at] == after[at] {
                // Also in an older export: it says what is so anyway.
                self.unchanged(*key);
            } else if let Some(newer) = differing.newer[at] {
                self.refuse(&batch, at, Refusal::Older(newer))?;
                late.push(at as u32);
            } else {
                other.push(at as u32);
            }
        }
        if let Some(sealing) = self.sealing.as_mut().filter(|_| !late.is_empty()) {
            let mut gone: HashSet<Hash> = HashSet::new();
            each_commitment(kind, &take_rows(&new, &late)?, &mut |_, _, commitment| {
                gone.extend(<Hash>::try_from(commitment));
            });
            sealing.forget(&gone);
        }
        if other.is_empty() {
            return Ok(());
        }
        self.counts.changed += other.len() as u64;
        let at = |row: &u32| *row as usize;
        let keys: Vec<KeyId> = other.iter().map(|row| keys[at(row)]).collect();
        let after: Vec<Hash> = other.iter().map(|row| after[at(row)]).collect();
        let before: Vec<Hash> = other.iter().map(|row| before[at(row)]).collect();
        let addresses: Vec<(u32, u32)> = other.iter().map(|row| differing.addresses[at(row)]).collect();
        self.writing.bring(kind, &take_rows(&new, &other)?, &keys, &after)?;
        self.writing.take_back(self.journal, &take_rows(&old, &other)?, &addresses, &before, &[])
    }

    /// Rows of the upload with what it has not from the live versions.
    fn completed(&self, batch: &RecordBatch, old: &RecordBatch) -> Result<RecordBatch, JournalError> {
        let own = shape::schema(self.about.kind, &self.columns);
        let mut merged = old.columns().to_vec();
        for (at, field) in self.writing.schema.fields().iter().enumerate() {
            if own.column_with_name(field.name()).is_some() {
                let one = Arc::new(Schema::new(vec![field.as_ref().clone()]));
                merged[at] = unify(batch, &one)?.column(0).clone();
            }
        }
        RecordBatch::try_new(SchemaRef::clone(&self.writing.schema), merged).map_err(internal)
    }

    /// Takes back what is live in the namespace and not in the upload, but for what a newer export brought: the upload
    /// could not know of it yet.
    pub(super) fn withdraw_missing(&mut self, scope: Scope<'_>) -> Result<(), JournalError> {
        self.seen.sort_unstable();
        let written = self.writing.keys.ids()?;
        let all_seen = std::mem::take(&mut self.seen);
        let missing = self.mended(|index| {
            // All three in the order of ids.
            let (mut seen, mut written) = (all_seen.as_slice(), written.as_slice());
            let mut missing: Vec<(KeyId, Slot)> = Vec::new();
            index.for_each(&mut |key, slot| {
                let here = reaches(&mut seen, key) | reaches(&mut written, key);
                if slot.row != Slot::WITHDRAWN && !here {
                    missing.push((key, slot));
                }
            })?;
            Ok(missing)
        });
        self.seen = all_seen;
        let mut missing = missing?;
        missing.retain(|(_, slot)| self.facts(slot.entry).owner == self.about.namespace);
        let mut known = Vec::with_capacity(missing.len());
        for (key, slot) in missing {
            if self.newer(slot)?.is_none() {
                known.push((key, (slot.entry, slot.row)));
            }
        }
        let mut missing: Vec<(KeyId, (u32, u32))> = known;
        missing.sort_unstable_by_key(|(_, address)| *address);
        for part in missing.chunks(CHUNK) {
            let (keys, addresses): (Vec<KeyId>, Vec<(u32, u32)>) = part.iter().copied().unzip();
            let old = fetch(&self.journal.disk, &self.layout, &addresses, &self.writing.schema)?;
            let kept = (scope.0)(&old)?;
            let rows: Vec<u32> = (0..keys.len()).filter(|at| kept[*at]).map(|at| at as u32).collect();
            let pick = |row: &u32| (keys[*row as usize], addresses[*row as usize]);
            let (keys, addresses): (Vec<KeyId>, Vec<(u32, u32)>) = rows.iter().map(pick).unzip();
            let old = take_rows(&old, &rows)?;
            let mut digests = Vec::new();
            self.canon.digests(&old, &mut digests)?;
            self.counts.withdrawn += keys.len() as u64;
            if !keys.is_empty() {
                self.writing.take_back(self.journal, &old, &addresses, &digests, &keys)?;
            }
        }
        Ok(())
    }
}

/// Whether a key is among sorted ones, of which those before it are passed over.
fn reaches(sorted: &mut &[KeyId], key: KeyId) -> bool {
    while let Some((first, rest)) = sorted.split_first() {
        if *first >= key {
            return *first == key;
        }
        *sorted = rest;
    }
    false
}
