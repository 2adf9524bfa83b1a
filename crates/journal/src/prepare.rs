//! An upload against the journal: which rows are new, which change a record, which say nothing new. Files are
//! written under temporary names; [`crate::commit`] makes them an entry.

mod age;
mod correct;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, RecordBatch};
use arrow::datatypes::SchemaRef;
use giaouoc_agreement::kind::Kind;
use jiff::Timestamp;

use crate::canon::{Canon, Hash};
use crate::error::JournalError;
use crate::index::{Index, KeyId, Slot};
use crate::journal::Journal;
use crate::layout::Layout;
use crate::personal::{self, Salts, Sealing};
use crate::rows_read::take_rows;
use crate::shape;
use crate::writing::{Kept, Prepared, Writing, short};
use correct::Differing;

/// The least rows that wait to be looked up at once.
const LEAST: usize = 1 << 16;
/// The most.
const MOST: usize = 1 << 20;
/// Each looking up may read the whole index: so many rows of it are worth one row of the upload.
const WORTH: u64 = 8;
/// As soon as the rows that wait take so many bytes, they are not kept waiting for more.
const ENOUGH: usize = 384 << 20;

/// What an upload says about itself.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// What its records are.
    pub kind: &'a Kind,
    /// The unit that supplies them; none is a namespace too.
    pub namespace: Option<String>,
    /// When the source wrote the file: records that a newer export brought or withdrew are not set back by an older
    /// one. Those of which it says the same are unchanged.
    pub exported_at: Option<Timestamp>,
    /// Which records of the namespace are taken back when the upload does not have them; nothing takes back none.
    pub replace: Option<Scope<'a>>,
    /// Only compare: nothing is written, and nothing can be committed.
    pub dry: bool,
    /// Where the salts of personal values come from; nothing when the upload has no personal columns.
    pub salts: Option<Salts<'a>>,
}

/// Says of each row of a batch whether an upload replaces it.
#[derive(Clone, Copy)]
pub struct Scope<'a>(pub &'a (dyn Fn(&RecordBatch) -> Result<Vec<bool>, JournalError> + Sync));

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scope")
    }
}

/// Why a record of an upload is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is live in another namespace: the one named.
    Owned(Option<String>),
    /// A newer export, of this time, brought the live version, and it is another than the record's; or the record was
    /// withdrawn as of this time.
    Older(Timestamp),
}

/// What came of comparing an upload: the entry to be, what became of the records, and those that are refused, by
/// key.
pub type Compared = (Prepared, Counts, Vec<(String, Refusal)>);

/// How many records an upload had and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records the journal had not.
    pub new: u64,
    /// Records that are different now.
    pub changed: u64,
    /// Records that are as they were.
    pub unchanged: u64,
    /// Records taken back because the upload replaces its namespace and does not have them.
    pub withdrawn: u64,
}

/// An upload being compared with what is live.
pub struct Prepare<'j> {
    journal: &'j Journal,
    about: About<'j>,
    canon: Canon<'j>,
    index: Index,
    layout: Layout,
    /// Columns that the upload has: what it leaves blank is unknown, what it has not is as it was.
    columns: BTreeSet<usize>,
    /// Rows that wait to be looked up.
    waiting: Vec<Waiting>,
    waiting_rows: usize,
    waiting_bytes: usize,
    /// So many rows are looked up at once.
    chunk: usize,
    writing: Writing,
    seen: Vec<KeyId>,
    sealing: Option<Sealing<'j>>,
    owners: BTreeMap<u32, Arc<Facts>>,
    /// Of an undo, where each row that it brought again had come from.
    origins: BTreeMap<u32, Vec<(u32, u32)>>,
    counts: Counts,
    refused: Vec<(String, Refusal)>,
}

/// A batch of checked rows.
struct Waiting {
    batch: RecordBatch,
    keys: Vec<KeyId>,
    /// Of the rows' contents; anything where personal values are to be committed to first.
    digests: Vec<Hash>,
}

/// What counts about the entry of a live version.
#[derive(Debug)]
struct Facts {
    owner: Option<String>,
    /// Whether every column that its versions know is one that the upload has: then a row of the upload is the
    /// whole new version.
    covered: bool,
}

impl<'j> Prepare<'j> {
    /// Begins an upload whose batches have `schema`.
    ///
    /// # Errors
    /// When the journal cannot be read, or its folder not be written.
    pub fn new(journal: &'j Journal, about: About<'j>, schema: &SchemaRef) -> Result<Self, JournalError> {
        if !about.dry {
            journal.disk.create_folders()?;
        }
        let kind = about.kind;
        let columns = shape::columns_of(kind, schema);
        let sealing = match about.salts.filter(|_| personal::in_clear(kind, schema)) {
            Some(salts) => Some(Sealing::new(journal, salts)?),
            None => None,
        };
        let mut all = columns.clone();
        all.extend(journal.columns(kind));
        let index = if about.dry {
            journal.index_as_it_is(kind)?
        } else {
            journal.mending(kind, || journal.index(kind))?
        };
        let kept = match (about.dry, &about.replace) {
            (false, _) => Kept::All,
            (true, Some(_)) => Kept::Keys,
            (true, None) => Kept::Counts,
        };
        let chunk = usize::try_from(index.records() / WORTH).unwrap_or(MOST);
        Ok(Self {
            journal,
            canon: Canon::new(kind),
            index,
            layout: journal.layout(&kind.id, journal.head())?,
            writing: Writing::new(journal, kind, &all, kept)?,
            columns,
            sealing,
            about,
            waiting: Vec::new(),
            waiting_rows: 0,
            waiting_bytes: 0,
            chunk: chunk.clamp(LEAST, MOST),
            seen: Vec::new(),
            owners: BTreeMap::new(),
            origins: BTreeMap::new(),
            counts: Counts::default(),
            refused: Vec::new(),
        })
    }

    /// Takes checked rows.
    ///
    /// # Errors
    /// When files cannot be read or written.
    pub fn batch(&mut self, batch: &RecordBatch) -> Result<(), JournalError> {
        let text = shape::keys(self.about.kind, batch)?;
        let keys: Vec<KeyId> = (0..text.len()).map(|row| KeyId::of(text.value(row))).collect();
        let mut digests = Vec::with_capacity(keys.len());
        // Commitments are made row by row when it is known whose earlier ones they may keep.
        if self.sealing.is_none() {
            self.canon.digests(batch, &mut digests)?;
        } else {
            digests.resize(keys.len(), Hash::default());
        }
        let rows = Waiting { batch: batch.clone(), keys, digests };
        if self.index.records() == 0 {
            let nothing = vec![None; rows.keys.len()];
            return self.compare(&rows, &nothing);
        }
        self.waiting_rows += rows.keys.len();
        self.waiting_bytes += batch.get_array_memory_size();
        self.waiting.push(rows);
        if enough(self.waiting_rows, self.waiting_bytes, self.chunk) { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), JournalError> {
        let waiting = std::mem::take(&mut self.waiting);
        (self.waiting_rows, self.waiting_bytes) = (0, 0);
        let keys: Vec<KeyId> = waiting.iter().flat_map(|rows| rows.keys.iter().copied()).collect();
        let slots = self.mended(|index| index.resolve(&keys))?;
        drop(keys);
        let mut at = 0;
        // Each batch goes as soon as it is done with.
        for rows in waiting {
            let slots = &slots[at..at + rows.keys.len()];
            at += rows.keys.len();
            self.compare(&rows, slots)?;
        }
        Ok(())
    }

    /// Asks the index. A file of it that turns out to be damaged is made again, unless nothing is to be written.
    fn mended<T>(&mut self, ask: impl Fn(&Index) -> Result<T, JournalError>) -> Result<T, JournalError> {
        match ask(&self.index) {
            Err(JournalError::Derived { .. }) if !self.about.dry => {
                self.journal.throw_away_damaged(self.about.kind)?;
                self.index = self.journal.index(self.about.kind)?;
                ask(&self.index)
            }
            done => done,
        }
    }

    /// One batch with what the index knows of its keys.
    fn compare(&mut self, rows: &Waiting, slots: &[Option<Slot>]) -> Result<(), JournalError> {
        let Waiting { batch, keys, digests } = rows;
        let live = |slot: &Option<Slot>| slot.filter(|slot| slot.row != Slot::WITHDRAWN);
        let (clear, kind) = (self.sealing.is_none(), self.about.kind);
        let ageless = self.about.exported_at.is_none();
        let fresh = |slot: &Option<Slot>| slot.is_none_or(|slot| ageless && !slot.is_live());
        if clear && slots.iter().all(fresh) {
            self.counts.new += keys.len() as u64;
            return self.writing.bring(kind, batch, keys, digests);
        }
        let mut fresh: Vec<u32> = Vec::new();
        let mut differing = Differing::default();
        for (row, slot) in slots.iter().enumerate() {
            let Some(slot) = live(slot) else {
                match self.withdrawn_later(*slot)? {
                    Some(newer) => self.refuse(batch, row, Refusal::Older(newer))?,
                    None => fresh.push(row as u32),
                }
                continue;
            };
            let facts = self.facts(slot.entry);
            // A row that has all that the live version knows is compared by its digest alone.
            let same = (clear && facts.covered).then(|| slot.digest == short(&digests[row]));
            if facts.owner != self.about.namespace {
                self.refuse(batch, row, Refusal::Owned(facts.owner.clone()))?;
                continue;
            }
            if same == Some(true) {
                self.unchanged(keys[row]);
                continue;
            }
            match (same, self.newer(slot)?) {
                (Some(false), Some(newer)) => self.refuse(batch, row, Refusal::Older(newer))?,
                (_, newer) => {
                    differing.rows.push(row as u32);
                    differing.addresses.push((slot.entry, slot.row));
                    differing.newer.push(newer);
                }
            }
        }
        if !fresh.is_empty() {
            self.bring(rows, &fresh)?;
        }
        if differing.rows.is_empty() { Ok(()) } else { self.correct(batch, keys, &differing) }
    }

    /// Rows whose records are not live.
    fn bring(&mut self, rows: &Waiting, fresh: &[u32]) -> Result<(), JournalError> {
        let kind = self.about.kind;
        let pick = |row: &u32| (rows.keys[*row as usize], rows.digests[*row as usize]);
        let (keys, mut digests): (Vec<KeyId>, Vec<Hash>) = fresh.iter().map(pick).unzip();
        let mut batch = take_rows(&rows.batch, fresh)?;
        if let Some(sealing) = &mut self.sealing {
            batch = sealing.seal(kind, &batch, None)?;
            digests.clear();
            self.canon.digests(&batch, &mut digests)?;
        }
        self.counts.new += fresh.len() as u64;
        self.writing.bring(kind, &batch, &keys, &digests)
    }

    /// A record that is as it was.
    fn unchanged(&mut self, key: KeyId) {
        self.counts.unchanged += 1;
        // Whoever only compares and withdraws nothing need not remember it.
        if !self.about.dry || self.about.replace.is_some() {
            self.seen.push(key);
        }
    }

    fn facts(&mut self, entry: u32) -> Arc<Facts> {
        if let Some(known) = self.owners.get(&entry) {
            return Arc::clone(known);
        }
        let number = u64::from(entry);
        let brought = self.journal.entries.get(number);
        let facts = Arc::new(Facts {
            owner: self.journal.owner(number, self.journal.head()),
            covered: brought.and_then(|entry| entry.what.rows()).is_some_and(|rows| {
                let has =
                    |id: &String| self.about.kind.column(id).is_some_and(|at| self.columns.contains(&at));
                rows.columns.iter().all(has)
            }),
        });
        self.owners.insert(entry, Arc::clone(&facts));
        facts
    }

    fn refuse(&mut self, batch: &RecordBatch, row: usize, refusal: Refusal) -> Result<(), JournalError> {
        let key = shape::keys(self.about.kind, &batch.slice(row, 1))?.value(0).to_owned();
        self.refused.push((key, refusal));
        Ok(())
    }

    /// Ends the upload. Records that were refused were not taken; when there are some, the upload is to be
    /// prepared again without them, so that they are rejected in the open with their cells.
    ///
    /// # Errors
    /// When files cannot be read or written.
    pub fn finish(mut self) -> Result<Compared, JournalError> {
        self.flush()?;
        if let Some(scope) = self.about.replace
            && self.refused.is_empty()
        {
            self.withdraw_missing(scope)?;
        }
        let mut prepared = self.writing.finish(self.about.kind, self.journal.head(), self.seen)?;
        prepared.whole = self.about.replace.is_some();
        if let Some(sealing) = self.sealing.filter(|_| !self.about.dry) {
            prepared.personal = sealing.write(self.journal)?;
        }
        Ok((prepared, self.counts, self.refused))
    }
}

/// Whether so many rows of so many bytes need not wait for more, where `chunk` are looked up at once.
fn enough(rows: usize, bytes: usize, chunk: usize) -> bool {
    rows >= chunk || rows >= LEAST && bytes >= ENOUGH
}

#[cfg(test)]
#[path = "prepare_tests.rs"]
mod tests;
