//! An upload against the journal: which rows are new, which change a record, which say nothing new. Files are
//! written under temporary names; [`crate::commit`] makes them an entry.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, Int64Array, RecordBatch};
use arrow::datatypes::SchemaRef;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::Text;
use jiff::Timestamp;

use crate::canon::{Canon, Change, Hash, leaf};
use crate::disk::Temporary;
use crate::entries::{Rows, What};
use crate::error::JournalError;
use crate::index::{Index, KeyId, RunWriter, Slot};
use crate::journal::Journal;
use crate::layout::Layout;
use crate::merkle::Tree;
use crate::personal::{self, Salts, Sealing};
use crate::rows_read::{fetch, take_rows};
use crate::rows_write::RowsWriter;
use crate::shape::{self, OF_ENTRY, OF_ROW, internal, unify};

/// Rows that are looked up at once.
const CHUNK: usize = 1 << 16;

/// What an upload says about itself.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// What its records are.
    pub kind: &'a Kind,
    /// The unit that supplies them; none is a namespace too.
    pub namespace: Option<String>,
    /// When the source wrote the file: records that a newer export brought are not set back by an older one.
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
    /// A newer export, of this time, brought the live version.
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

/// Versions brought and taken back by one entry, being written.
pub(crate) struct Writing {
    schema: SchemaRef,
    back_schema: SchemaRef,
    /// Nothing when rows are only compared.
    brought: Option<RowsWriter>,
    back: Option<RowsWriter>,
    tree: Tree,
    back_tree: Tree,
    run: RunWriter,
    known: BTreeSet<usize>,
    plus: u64,
    minus: u64,
}

/// Everything of an entry but its number: files under temporary names.
pub struct Prepared {
    /// The number of entries it was prepared against.
    pub head: u64,
    pub(crate) kind: String,
    pub(crate) rows: Rows,
    pub(crate) brought: Option<Temporary>,
    pub(crate) back: Option<Temporary>,
    pub(crate) personal: Option<Temporary>,
    pub(crate) run: Vec<(KeyId, Slot)>,
    /// Keys that were found as they are: somebody may change them before the commit.
    pub(crate) seen: Vec<KeyId>,
    /// Whether it speaks of everything that is live, so that any entry of the kind since may change it.
    pub(crate) whole: bool,
}

impl Prepared {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.rows.plus + self.rows.minus == 0
    }

    /// How many versions it brings and takes back.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }
}

impl Writing {
    pub(crate) fn new(
        journal: &Journal,
        kind: &Kind,
        columns: &BTreeSet<usize>,
        dry: bool,
    ) -> Result<Self, JournalError> {
        let schema = shape::schema(kind, columns);
        Ok(Self {
            brought: if dry { None } else { Some(RowsWriter::new(&journal.disk, "rows", &schema)?) },
            back: None,
            back_schema: shape::with_addresses(&schema, &[OF_ENTRY, OF_ROW]),
            schema,
            tree: Tree::default(),
            back_tree: Tree::default(),
            run: RunWriter::new(),
            known: BTreeSet::new(),
            plus: 0,
            minus: 0,
        })
    }

    /// Versions brought, with their keys and digests.
    pub(crate) fn bring(
        &mut self,
        kind: &Kind,
        batch: &RecordBatch,
        keys: &[KeyId],
        digests: &[Hash],
    ) -> Result<(), JournalError> {
        let batch = unify(batch, &self.schema)?;
        for (key, digest) in keys.iter().zip(digests) {
            let row = u32::try_from(self.plus).ok().filter(|row| *row < Slot::WITHDRAWN);
            let row = row.ok_or_else(|| JournalError::TooLarge {
                detail: Text::new(
                    "một lần nạp có nhiều nhất 4.294.967.294 dòng",
                    "an upload has 4,294,967,294 rows at most",
                ),
            })?;
            self.run.add(*key, Slot { entry: 0, row, digest: short(digest) });
            self.tree.push(leaf(Change::Brought, digest));
            self.plus += 1;
        }
        self.known.extend(shape::known(kind, &batch));
        self.brought.as_mut().map_or(Ok(()), |brought| brought.write(&batch))
    }

    /// Versions taken back, with the addresses that brought them; `gone` are the keys that are not brought
    /// again by this entry.
    pub(crate) fn take_back(
        &mut self,
        journal: &Journal,
        batch: &RecordBatch,
        addresses: &[(u32, u32)],
        digests: &[Hash],
        gone: &[KeyId],
    ) -> Result<(), JournalError> {
        let of = |pick: fn(&(u32, u32)) -> u32| -> Arc<dyn Array> {
            Arc::new(Int64Array::from_iter_values(addresses.iter().map(|address| i64::from(pick(address)))))
        };
        let mut columns = unify(batch, &self.schema)?.columns().to_vec();
        columns.push(of(|address| address.0));
        columns.push(of(|address| address.1));
        let batch = RecordBatch::try_new(SchemaRef::clone(&self.back_schema), columns).map_err(internal)?;
        for ((entry, row), digest) in addresses.iter().zip(digests) {
            let change = Change::TakenBack { entry: u64::from(*entry), row: u64::from(*row) };
            self.back_tree.push(leaf(change, digest));
            self.minus += 1;
        }
        for key in gone {
            self.run.add(*key, Slot { entry: 0, row: Slot::WITHDRAWN, digest: [0; 8] });
        }
        if self.brought.is_none() {
            return Ok(());
        }
        let back = match &mut self.back {
            Some(back) => back,
            None => self.back.insert(RowsWriter::new(&journal.disk, "rows", &self.back_schema)?),
        };
        back.write(&batch)
    }

    pub(crate) fn finish(self, kind: &Kind, head: u64, seen: Vec<KeyId>) -> Result<Prepared, JournalError> {
        let rows = Rows {
            plus: self.plus,
            minus: self.minus,
            columns: self.known.iter().map(|at| kind.columns[*at].id.clone()).collect(),
            root: self.tree.root(),
            back: (self.minus > 0).then(|| self.back_tree.root()),
        };
        let brought = self.brought.map(|brought| brought.finish(None)).transpose()?;
        let back = self.back.map(|back| back.finish(None)).transpose()?;
        Ok(Prepared {
            head,
            kind: kind.id.clone(),
            brought: brought.filter(|_| rows.plus > 0),
            personal: None,
            back,
            rows,
            run: self.run.into_sorted(),
            seen,
            whole: false,
        })
    }
}

/// The part of a digest that the index keeps.
pub(crate) fn short(digest: &Hash) -> [u8; 8] {
    let mut short = [0; 8];
    short.copy_from_slice(&digest[..8]);
    short
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
    waiting: Vec<RecordBatch>,
    waiting_rows: usize,
    writing: Writing,
    seen: Vec<KeyId>,
    sealing: Option<Sealing<'j>>,
    owners: BTreeMap<u32, Facts>,
    counts: Counts,
    refused: Vec<(String, Refusal)>,
}

/// What counts about the entry of a live version.
#[derive(Clone, Debug)]
struct Facts {
    owner: Option<String>,
    exported_at: Option<Timestamp>,
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
        for entry in journal.entries.iter().filter(|entry| entry.what.kind() == Some(kind.id.as_str())) {
            all.extend(
                entry.what.rows().iter().flat_map(|rows| &rows.columns).filter_map(|id| kind.column(id)),
            );
        }
        Ok(Self {
            journal,
            canon: Canon::new(kind),
            index: journal.index(kind)?,
            layout: journal.layout(&kind.id, journal.head())?,
            writing: Writing::new(journal, kind, &all, about.dry)?,
            columns,
            sealing,
            about,
            waiting: Vec::new(),
            waiting_rows: 0,
            seen: Vec::new(),
            owners: BTreeMap::new(),
            counts: Counts::default(),
            refused: Vec::new(),
        })
    }

    /// Takes checked rows.
    ///
    /// # Errors
    /// When files cannot be read or written.
    pub fn batch(&mut self, batch: &RecordBatch) -> Result<(), JournalError> {
        self.waiting_rows += batch.num_rows();
        self.waiting.push(batch.clone());
        if self.waiting_rows >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), JournalError> {
        let waiting = std::mem::take(&mut self.waiting);
        self.waiting_rows = 0;
        let mut keys: Vec<Vec<KeyId>> = Vec::with_capacity(waiting.len());
        for batch in &waiting {
            let text = shape::keys(self.about.kind, batch)?;
            keys.push((0..text.len()).map(|row| KeyId::of(text.value(row))).collect());
        }
        let flat: Vec<KeyId> = keys.concat();
        let slots = self.index.resolve(&flat)?;
        let mut at = 0;
        for (batch, keys) in waiting.iter().zip(&keys) {
            let slots = &slots[at..at + keys.len()];
            at += keys.len();
            self.compare(batch, keys, slots)?;
        }
        Ok(())
    }

    /// One batch with what the index knows of its keys.
    fn compare(
        &mut self,
        batch: &RecordBatch,
        keys: &[KeyId],
        slots: &[Option<Slot>],
    ) -> Result<(), JournalError> {
        let mut digests = Vec::with_capacity(keys.len());
        // Commitments are made row by row below, when it is known whose earlier ones they may keep.
        if self.sealing.is_none() {
            self.canon.digests(batch, &mut digests)?;
        } else {
            digests.resize(keys.len(), Hash::default());
        }
        let live = |slot: &Option<Slot>| slot.filter(|slot| slot.row != Slot::WITHDRAWN);
        if self.sealing.is_none() && slots.iter().all(|slot| live(slot).is_none()) {
            self.counts.new += keys.len() as u64;
            return self.writing.bring(self.about.kind, batch, keys, &digests);
        }
        let mut fresh: Vec<u32> = Vec::new();
        let mut differ: Vec<u32> = Vec::new();
        for (row, slot) in slots.iter().enumerate() {
            let Some(slot) = live(slot) else {
                fresh.push(row as u32);
                continue;
            };
            let facts = self.facts(slot.entry);
            if facts.owner != self.about.namespace {
                let refusal = Refusal::Owned(facts.owner.clone());
                self.refuse(batch, row, refusal)?;
            } else if let (Some(ours), Some(theirs)) = (self.about.exported_at, facts.exported_at)
                && ours < theirs
            {
                self.refuse(batch, row, Refusal::Older(theirs))?;
            } else if self.sealing.is_none() && facts.covered && slot.digest == short(&digests[row]) {
                self.counts.unchanged += 1;
                self.seen.push(keys[row]);
            } else {
                differ.push(row as u32);
            }
        }
        let pick = |rows: &[u32]| -> (Vec<KeyId>, Vec<Hash>) {
            rows.iter().map(|row| (keys[*row as usize], digests[*row as usize])).unzip()
        };
        if !fresh.is_empty() {
            let (keys, mut digests) = pick(&fresh);
            let mut rows = take_rows(batch, &fresh)?;
            if let Some(sealing) = &mut self.sealing {
                rows = sealing.seal(self.about.kind, &rows, None)?;
                digests.clear();
                self.canon.digests(&rows, &mut digests)?;
            }
            self.counts.new += fresh.len() as u64;
            self.writing.bring(self.about.kind, &rows, &keys, &digests)?;
        }
        if !differ.is_empty() {
            let addresses: Vec<(u32, u32)> = differ
                .iter()
                .filter_map(|row| live(&slots[*row as usize]))
                .map(|slot| (slot.entry, slot.row))
                .collect();
            let (keys, _) = pick(&differ);
            self.correct(&take_rows(batch, &differ)?, &keys, &addresses)?;
        }
        Ok(())
    }

    /// Rows whose record is live: what the upload has not is taken over from the live version.
    fn correct(
        &mut self,
        batch: &RecordBatch,
        keys: &[KeyId],
        addresses: &[(u32, u32)],
    ) -> Result<(), JournalError> {
        let old = fetch(&self.layout, addresses, &self.writing.schema)?;
        let sealed = match &mut self.sealing {
            Some(sealing) => Some(sealing.seal(self.about.kind, batch, Some(&old))?),
            None => None,
        };
        let batch = sealed.as_ref().unwrap_or(batch);
        let own = shape::schema(self.about.kind, &self.columns);
        let mut merged = old.columns().to_vec();
        for (at, field) in self.writing.schema.fields().iter().enumerate() {
            if own.column_with_name(field.name()).is_some() {
                merged[at] =
                    unify(batch, &Arc::new(arrow::datatypes::Schema::new(vec![field.as_ref().clone()])))?
                        .column(0)
                        .clone();
            }
        }
        let new = RecordBatch::try_new(SchemaRef::clone(&self.writing.schema), merged).map_err(internal)?;
        let (mut before, mut after) = (Vec::new(), Vec::new());
        self.canon.digests(&old, &mut before)?;
        self.canon.digests(&new, &mut after)?;
        let (same, other): (Vec<u32>, Vec<u32>) =
            (0..keys.len() as u32).partition(|row| before[*row as usize] == after[*row as usize]);
        self.counts.unchanged += same.len() as u64;
        self.seen.extend(same.iter().map(|row| keys[*row as usize]));
        if other.is_empty() {
            return Ok(());
        }
        self.counts.changed += other.len() as u64;
        let at = |row: &u32| *row as usize;
        let keys: Vec<KeyId> = other.iter().map(|row| keys[at(row)]).collect();
        let after: Vec<Hash> = other.iter().map(|row| after[at(row)]).collect();
        let before: Vec<Hash> = other.iter().map(|row| before[at(row)]).collect();
        let addresses: Vec<(u32, u32)> = other.iter().map(|row| addresses[at(row)]).collect();
        self.writing.bring(self.about.kind, &take_rows(&new, &other)?, &keys, &after)?;
        self.writing.take_back(self.journal, &take_rows(&old, &other)?, &addresses, &before, &[])
    }

    fn facts(&mut self, entry: u32) -> Facts {
        if let Some(known) = self.owners.get(&entry) {
            return known.clone();
        }
        let number = u64::from(entry);
        let brought = self.journal.entries.get(number);
        let facts = Facts {
            owner: self.journal.owner(number, self.journal.head()),
            exported_at: brought.and_then(|entry| match &entry.what {
                What::Upload(upload) => Some(upload.exported_at.unwrap_or(entry.at)),
                _ => None,
            }),
            covered: brought.and_then(|entry| entry.what.rows()).is_some_and(|rows| {
                let has =
                    |id: &String| self.about.kind.column(id).is_some_and(|at| self.columns.contains(&at));
                rows.columns.iter().all(has)
            }),
        };
        self.owners.insert(entry, facts.clone());
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

    /// Takes back what is live in the namespace and not in the upload.
    fn withdraw_missing(&mut self, scope: Scope<'_>) -> Result<(), JournalError> {
        let mut here: BTreeSet<KeyId> = self.seen.iter().copied().collect();
        here.extend(self.writing.run.keys());
        let mut missing: Vec<(KeyId, (u32, u32))> = Vec::new();
        self.index.for_each(&mut |key, slot| {
            if slot.row != Slot::WITHDRAWN && !here.contains(&key) {
                missing.push((key, (slot.entry, slot.row)));
            }
        })?;
        missing.retain(|(_, (entry, _))| self.facts(*entry).owner == self.about.namespace);
        missing.sort_unstable_by_key(|(_, address)| *address);
        for part in missing.chunks(CHUNK) {
            let (keys, addresses): (Vec<KeyId>, Vec<(u32, u32)>) = part.iter().copied().unzip();
            let old = fetch(&self.layout, &addresses, &self.writing.schema)?;
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

/// Takes back live versions whose records are not brought again.
pub(crate) fn withdraw(
    journal: &Journal,
    layout: &Layout,
    canon: &Canon<'_>,
    writing: &mut Writing,
    keys: &[KeyId],
    addresses: &[(u32, u32)],
) -> Result<(), JournalError> {
    let old = fetch(layout, addresses, &writing.schema)?;
    let mut digests = Vec::new();
    canon.digests(&old, &mut digests)?;
    writing.take_back(journal, &old, addresses, &digests, keys)
}
