//! Entries that take back: withdrawing records, and undoing an entry.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::Int64Type;
use giaouoc_agreement::kind::Kind;

use crate::canon::{Canon, Hash};
use crate::entries::What;
use crate::error::JournalError;
use crate::index::{KeyId, Slot};
use crate::journal::Journal;
use crate::rows_read::{entry_rows, take_rows};
use crate::shape::{self, OF_ENTRY, OF_ROW, internal};
use crate::writing::{Kept, Prepared, Writing, short};

/// Rows handled at once.
const CHUNK: usize = 1 << 16;

/// What a withdrawal found.
#[derive(Debug)]
pub struct Withdrawal {
    /// The entry, to be committed.
    pub prepared: Prepared,
    /// Keys that are not live.
    pub absent: Vec<String>,
    /// Keys that are live in another namespace, with its name.
    pub owned: Vec<(String, Option<String>)>,
}

/// What an undo found.
#[derive(Debug)]
pub struct Undoing {
    /// The entry, to be committed.
    pub prepared: Prepared,
    /// Keys that were changed since and stay as they are.
    pub left: Vec<String>,
}

impl Journal {
    /// Prepares the withdrawal of records by key.
    ///
    /// # Errors
    /// When files cannot be read or written.
    pub fn prepare_withdrawal(
        &self,
        kind: &Kind,
        namespace: Option<&str>,
        keys: &[String],
    ) -> Result<Withdrawal, JournalError> {
        self.mending(kind, || self.withdrawal(kind, namespace, keys))
    }

    fn withdrawal(
        &self,
        kind: &Kind,
        namespace: Option<&str>,
        keys: &[String],
    ) -> Result<Withdrawal, JournalError> {
        self.disk.create_folders()?;
        let head = self.head();
        let index = self.index(kind)?;
        let mut asked: Vec<(KeyId, &String)> = keys.iter().map(|key| (KeyId::of(key), key)).collect();
        asked.sort_unstable();
        asked.dedup_by_key(|(id, _)| *id);
        let ids: Vec<KeyId> = asked.iter().map(|(id, _)| *id).collect();
        let (mut absent, mut owned, mut taken) = (Vec::new(), Vec::new(), Vec::new());
        for ((id, key), slot) in asked.iter().zip(index.resolve(&ids)?) {
            match slot.filter(|slot| slot.row != Slot::WITHDRAWN) {
                None => absent.push((*key).clone()),
                Some(slot) => {
                    let owner = self.owner(u64::from(slot.entry), head);
                    if owner.as_deref() == namespace {
                        taken.push((*id, (slot.entry, slot.row)));
                    } else {
                        owned.push(((*key).clone(), owner));
                    }
                }
            }
        }
        let layout = self.layout(&kind.id, head)?;
        let canon = Canon::new(kind);
        let mut writing = Writing::new(self, kind, &self.columns(kind), Kept::All)?;
        for part in taken.chunks(CHUNK) {
            let (keys, addresses): (Vec<KeyId>, Vec<(u32, u32)>) = part.iter().copied().unzip();
            writing.withdraw(self, &layout, &canon, &keys, &addresses)?;
        }
        Ok(Withdrawal { prepared: writing.finish(kind, head, Vec::new())?, absent, owned })
    }

    /// Prepares the undoing of an entry with rows: what it brought is taken back and what it took back is
    /// brought again, but for records that were changed since. A record is as the entry left it when nothing
    /// touched it since, or when undoing what did made it so again: entries can be undone one after the other,
    /// the newest first.
    ///
    /// # Errors
    /// [`JournalError::NoEntry`]; when files cannot be read or written.
    pub fn prepare_undo(&self, kind: &Kind, of: u64) -> Result<Undoing, JournalError> {
        self.mending(kind, || self.undoing(kind, of))
    }

    fn undoing(&self, kind: &Kind, of: u64) -> Result<Undoing, JournalError> {
        self.disk.create_folders()?;
        self.entry(of)?;
        let entry = crate::layout::number(of)?;
        let mut undo = Undo {
            journal: self,
            kind,
            entry,
            owner: self.owner(of, self.head()),
            canon: Canon::new(kind),
            index: self.index(kind)?,
            writing: Writing::new(self, kind, &self.columns(kind), Kept::All)?,
            again: BTreeMap::new(),
            restored: BTreeSet::new(),
            left: BTreeSet::new(),
        };
        let layout = self.layout(&kind.id, self.head())?;
        for batch in entry_rows(&layout, entry, false, CHUNK)? {
            undo.look(&batch?)?;
        }
        for batch in entry_rows(&layout, entry, true, CHUNK)? {
            undo.restore(&batch?)?;
        }
        for batch in entry_rows(&layout, entry, false, CHUNK)? {
            undo.remove(&batch?)?;
        }
        let prepared = undo.writing.finish(kind, self.head(), Vec::new())?;
        Ok(Undoing { prepared, left: undo.left.into_iter().collect() })
    }
}

struct Undo<'j> {
    journal: &'j Journal,
    kind: &'j Kind,
    entry: u32,
    /// Who supplies what the entry brought, as of the head.
    owner: Option<String>,
    canon: Canon<'j>,
    index: crate::index::Index,
    writing: Writing,
    /// Records that the entry brought and that an undo touched last: whether it made them what the entry had.
    again: BTreeMap<KeyId, bool>,
    restored: BTreeSet<KeyId>,
    left: BTreeSet<String>,
}

/// The keys of a batch, and what the index says of them.
struct Known {
    names: StringArray,
    ids: Vec<KeyId>,
    slots: Vec<Option<Slot>>,
}

impl Undo<'_> {
    fn known(&self, batch: &RecordBatch) -> Result<Known, JournalError> {
        let names = shape::keys(self.kind, batch)?;
        let ids: Vec<KeyId> = (0..names.len()).map(|row| KeyId::of(names.value(row))).collect();
        let slots = self.index.resolve(&ids)?;
        Ok(Known { names, ids, slots })
    }

    fn is_undo(&self, entry: u32) -> bool {
        let entry = self.journal.entries.get(u64::from(entry));
        entry.is_some_and(|entry| matches!(entry.what, What::Undo(_)))
    }

    /// Looks at what the entry brought: what of it did an undo bring again?
    fn look(&mut self, batch: &RecordBatch) -> Result<(), JournalError> {
        let Known { ids, slots, .. } = self.known(batch)?;
        let mut digests: Vec<Hash> = Vec::new();
        for (at, slot) in slots.iter().enumerate() {
            let Some(slot) = slot.filter(|slot| slot.entry != self.entry && self.is_undo(slot.entry)) else {
                continue;
            };
            if digests.is_empty() {
                self.canon.digests(batch, &mut digests)?;
            }
            let same = slot.is_live()
                && slot.digest == short(&digests[at])
                && self.journal.owner(u64::from(slot.entry), self.journal.head()) == self.owner;
            self.again.insert(ids[at], same);
        }
        Ok(())
    }

    /// Brings again what the entry took back.
    fn restore(&mut self, batch: &RecordBatch) -> Result<(), JournalError> {
        let Known { names, ids, slots } = self.known(batch)?;
        let mut rows = Vec::new();
        for (at, slot) in slots.iter().enumerate() {
            let as_left = match (slot, self.again.get(&ids[at])) {
                (_, Some(same)) => *same,
                (Some(slot), None) if slot.entry == self.entry => true,
                // The entry withdrew it, and an undo withdrew what came after.
                (Some(slot), None) => !slot.is_live() && self.is_undo(slot.entry),
                (None, None) => false,
            };
            if as_left {
                rows.push(at as u32);
            } else {
                self.left.insert(names.value(at).to_owned());
            }
        }
        if rows.is_empty() {
            return Ok(());
        }
        let old = take_rows(batch, &rows)?;
        let mut digests: Vec<Hash> = Vec::new();
        self.canon.digests(&old, &mut digests)?;
        let keys: Vec<KeyId> = rows.iter().map(|row| ids[*row as usize]).collect();
        self.restored.extend(&keys);
        self.writing.bring(self.kind, &old, &keys, &digests)
    }

    /// Takes back what the entry brought.
    fn remove(&mut self, batch: &RecordBatch) -> Result<(), JournalError> {
        let Known { names, ids, slots } = self.known(batch)?;
        let (mut rows, mut addresses, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for (at, slot) in slots.iter().enumerate() {
            let as_left = |slot: &Slot| {
                slot.is_live()
                    && (slot.entry == self.entry || self.again.get(&ids[at]).copied().unwrap_or(false))
            };
            if let Some(slot) = slot.filter(as_left) {
                rows.push(at as u32);
                addresses.push((slot.entry, slot.row));
                if !self.restored.contains(&ids[at]) {
                    gone.push(ids[at]);
                }
            } else {
                self.left.insert(names.value(at).to_owned());
            }
        }
        if !rows.is_empty() {
            let old = take_rows(batch, &rows)?;
            let mut digests: Vec<Hash> = Vec::new();
            self.canon.digests(&old, &mut digests)?;
            self.writing.take_back(self.journal, &old, &addresses, &digests, &gone)?;
        }
        Ok(())
    }
}

/// The addresses that rows taken back had been brought by.
pub(crate) fn addresses(batch: &RecordBatch) -> Result<Vec<(i64, i64)>, JournalError> {
    let column = |name: &str| {
        let array = batch.column_by_name(name).and_then(|array| array.as_primitive_opt::<Int64Type>());
        array.ok_or_else(|| internal(format!("versions taken back have no column {name}")))
    };
    let (entries, rows) = (column(OF_ENTRY)?, column(OF_ROW)?);
    Ok(entries.values().iter().copied().zip(rows.values().iter().copied()).collect())
}
