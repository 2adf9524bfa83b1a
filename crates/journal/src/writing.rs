//! An entry while it is prepared: the versions it brings and takes back, their roots, their keys.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{Array, Int64Array, RecordBatch};
use arrow::datatypes::SchemaRef;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::Text;

use crate::canon::{Canon, Change, Hash, leaf};
use crate::disk::Temporary;
use crate::entries::Rows;
use crate::error::JournalError;
use crate::index::{KeyId, Keys, Slot, Sorted};
use crate::journal::Journal;
use crate::layout::Layout;
use crate::merkle::Tree;
use crate::rows_read::fetch;
use crate::rows_write::RowsWriter;
use crate::shape::{self, OF_ENTRY, OF_ROW, internal, unify};

/// What of an entry is kept while it is prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Everything, to be committed.
    All,
    /// Only which keys it has: nothing is written.
    Keys,
    /// Only counts.
    Counts,
}

/// Versions brought and taken back by one entry, being written.
pub(crate) struct Writing {
    pub(crate) schema: SchemaRef,
    back_schema: SchemaRef,
    /// The column of keys.
    key: String,
    kept: Kept,
    /// Nothing when rows are only compared.
    brought: Option<RowsWriter>,
    back: Option<RowsWriter>,
    tree: Tree,
    back_tree: Tree,
    pub(crate) keys: Keys,
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
    pub(crate) keys: Sorted,
    /// Keys that were found as they are: somebody may change them before the commit.
    pub(crate) seen: Vec<KeyId>,
    /// Whether it speaks of everything that is live, so that any entry of the kind since may change it.
    pub(crate) whole: bool,
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
        kept: Kept,
    ) -> Result<Self, JournalError> {
        let schema = shape::schema(kind, columns);
        let all = kept == Kept::All;
        let key = kind.columns[kind.key].id.as_str();
        Ok(Self {
            brought: if all {
                Some(RowsWriter::new(&journal.disk, "rows", Some(key), &schema)?)
            } else {
                None
            },
            back: None,
            back_schema: shape::with_addresses(&schema, &[OF_ENTRY, OF_ROW]),
            schema,
            key: key.to_owned(),
            kept,
            tree: Tree::default(),
            back_tree: Tree::default(),
            keys: Keys::new(all.then(|| journal.disk.clone())),
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
            let row = next_row(self.plus).ok_or_else(|| JournalError::TooLarge {
                detail: Text::new(
                    "một lần nạp có nhiều nhất 4.294.967.295 dòng",
                    "an upload has 4,294,967,295 rows at most",
                ),
            })?;
            if self.kept != Kept::Counts {
                self.keys.add(*key, Slot { entry: 0, row, digest: short(digest) })?;
            }
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
        for key in gone.iter().filter(|_| self.kept != Kept::Counts) {
            self.keys.add(*key, Slot { entry: 0, row: Slot::WITHDRAWN, digest: [0; 8] })?;
        }
        if self.brought.is_none() {
            return Ok(());
        }
        let back = match &mut self.back {
            Some(back) => back,
            None => {
                self.back.insert(RowsWriter::new(&journal.disk, "rows", Some(&self.key), &self.back_schema)?)
            }
        };
        back.write(&batch)
    }

    /// Takes back live versions whose records are not brought again.
    pub(crate) fn withdraw(
        &mut self,
        journal: &Journal,
        layout: &Layout,
        canon: &Canon<'_>,
        keys: &[KeyId],
        addresses: &[(u32, u32)],
    ) -> Result<(), JournalError> {
        let old = fetch(&journal.disk, layout, addresses, &self.schema)?;
        let mut digests = Vec::new();
        canon.digests(&old, &mut digests)?;
        self.take_back(journal, &old, addresses, &digests, keys)
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
            keys: self.keys.sorted()?,
            seen,
            whole: false,
        })
    }
}

/// The row of the next version when so many were brought; none when the index has no number for it.
fn next_row(brought: u64) -> Option<u32> {
    u32::try_from(brought).ok().filter(|row| *row < Slot::WITHDRAWN)
}

/// The part of a digest that the index keeps.
pub(crate) fn short(digest: &Hash) -> [u8; 8] {
    let mut short = [0; 8];
    short.copy_from_slice(&digest[..8]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_that_means_withdrawn_is_no_row() {
        assert_eq!(next_row(0), Some(0));
        let last = Slot::WITHDRAWN - 1;
        assert_eq!(next_row(last.into()), Some(last));
        assert_eq!(next_row(Slot::WITHDRAWN.into()), None);
        assert_eq!(next_row(u64::from(u32::MAX) + 1), None);
    }
}
