//! Entries that take back: withdrawing records, and undoing an entry.

use std::collections::BTreeSet;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use giaouoc_agreement::kind::Kind;

use crate::canon::{Canon, Hash};
use crate::error::JournalError;
use crate::index::{KeyId, Slot};
use crate::journal::Journal;
use crate::layout::Layout;
use crate::prepare::{Prepared, Writing, withdraw};
use crate::rows_read::{entry_rows, take_rows};
use crate::shape::{self, OF_ENTRY, OF_ROW, internal};

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

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared")
            .field("head", &self.head)
            .field("kind", &self.kind)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

/// What an undo found.
#[derive(Debug)]
pub struct Undoing {
    /// The entry, to be committed.
    pub prepared: Prepared,
    /// Keys that were changed since and stay as they are.
    pub left: Vec<String>,
}

/// All columns that versions of a kind may have.
fn columns(journal: &Journal, kind: &Kind) -> BTreeSet<usize> {
    let entries = journal.entries.iter().filter(|entry| entry.what.kind() == Some(kind.id.as_str()));
    entries
        .filter_map(|entry| entry.what.rows())
        .flat_map(|rows| &rows.columns)
        .filter_map(|id| kind.column(id))
        .collect()
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
        let mut writing = Writing::new(self, kind, &columns(self, kind), false)?;
        for part in taken.chunks(CHUNK) {
            let (keys, addresses): (Vec<KeyId>, Vec<(u32, u32)>) = part.iter().copied().unzip();
            withdraw(self, &layout, &canon, &mut writing, &keys, &addresses)?;
        }
        Ok(Withdrawal { prepared: writing.finish(kind, head, Vec::new())?, absent, owned })
    }

    /// Prepares the undoing of an entry with rows: what it brought is taken back and what it took back is
    /// brought again, but for records that were changed since.
    ///
    /// # Errors
    /// [`JournalError::NoEntry`]; when files cannot be read or written.
    pub fn prepare_undo(&self, kind: &Kind, of: u64) -> Result<Undoing, JournalError> {
        self.disk.create_folders()?;
        self.entry(of)?;
        let entry = crate::layout::number(of)?;
        let mut undo = Undo {
            journal: self,
            kind,
            entry,
            canon: Canon::new(kind),
            layout: self.layout(&kind.id, self.head())?,
            index: self.index(kind)?,
            writing: Writing::new(self, kind, &columns(self, kind), false)?,
            restored: BTreeSet::new(),
            left: BTreeSet::new(),
        };
        for batch in entry_rows(&undo.layout, entry, true, CHUNK)? {
            undo.restore(&batch?)?;
        }
        let mut row = 0;
        for batch in entry_rows(&undo.layout, entry, false, CHUNK)? {
            row = undo.remove(&batch?, row)?;
        }
        let prepared = undo.writing.finish(kind, self.head(), Vec::new())?;
        Ok(Undoing { prepared, left: undo.left.into_iter().collect() })
    }
}

struct Undo<'j> {
    journal: &'j Journal,
    kind: &'j Kind,
    entry: u32,
    canon: Canon<'j>,
    layout: Layout,
    index: crate::index::Index,
    writing: Writing,
    restored: BTreeSet<KeyId>,
    left: BTreeSet<String>,
}

impl Undo<'_> {
    /// The keys of a batch, and which of them are as the entry left them.
    fn untouched(
        &self,
        batch: &RecordBatch,
    ) -> Result<(Vec<String>, Vec<KeyId>, Vec<Option<Slot>>), JournalError> {
        let text = shape::keys(self.kind, batch)?;
        let names: Vec<String> = (0..text.len()).map(|row| text.value(row).to_owned()).collect();
        let ids: Vec<KeyId> = names.iter().map(|name| KeyId::of(name)).collect();
        let slots = self.index.resolve(&ids)?;
        let slots = slots.into_iter().map(|slot| slot.filter(|slot| slot.entry == self.entry)).collect();
        Ok((names, ids, slots))
    }

    /// Brings again what the entry took back.
    fn restore(&mut self, batch: &RecordBatch) -> Result<(), JournalError> {
        let (names, ids, slots) = self.untouched(batch)?;
        let mut rows = Vec::new();
        for (at, slot) in slots.iter().enumerate() {
            if slot.is_some() {
                rows.push(at as u32);
            } else {
                self.left.insert(names[at].clone());
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

    /// Takes back what the entry brought; `row` is the first row's.
    fn remove(&mut self, batch: &RecordBatch, row: u32) -> Result<u32, JournalError> {
        let (names, ids, slots) = self.untouched(batch)?;
        let (mut rows, mut addresses, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for (at, slot) in slots.iter().enumerate() {
            let own = row + at as u32;
            if slot.is_some_and(|slot| slot.row == own) {
                rows.push(at as u32);
                addresses.push((self.entry, own));
                if !self.restored.contains(&ids[at]) {
                    gone.push(ids[at]);
                }
            } else {
                self.left.insert(names[at].clone());
            }
        }
        if !rows.is_empty() {
            let old = take_rows(batch, &rows)?;
            let mut digests: Vec<Hash> = Vec::new();
            self.canon.digests(&old, &mut digests)?;
            self.writing.take_back(self.journal, &old, &addresses, &digests, &gone)?;
        }
        Ok(row + batch.num_rows() as u32)
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
