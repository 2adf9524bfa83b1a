//! A journal opened: its entries, who owns what, and what is live.

use std::collections::{BTreeMap, BTreeSet};

use giaouoc_agreement::kind::Kind;
use jiff::Timestamp;

use crate::canon::Hash;
use crate::disk::Disk;
use crate::entries::{Entries, Entry, What};
use crate::error::JournalError;
use crate::index::Index;
use crate::index_file::Made;
use crate::layout::{Layout, rows_of, span, widest};

/// A cluster's journal as it stands at its head.
#[derive(Debug)]
pub struct Journal {
    pub(crate) disk: Disk,
    pub(crate) entries: Entries,
    /// Files of the index that are missing.
    pub(crate) made: Made,
}

impl Journal {
    /// Opens the journal in a folder; one that is not there yet has no entries and is made by its first commit.
    ///
    /// # Errors
    /// Damage to the entries, or what the system says.
    pub fn open(disk: Disk) -> Result<Self, JournalError> {
        let entries = Entries::read(&disk)?;
        Ok(Self::of(disk, entries))
    }

    /// The same journal for another reader or writer, as far as it is known here; nothing is read for it.
    #[must_use]
    pub fn again(&self) -> Self {
        Self::of(self.disk.clone(), self.entries.clone())
    }

    pub(crate) fn of(disk: Disk, entries: Entries) -> Self {
        Self { disk, entries, made: Made::default() }
    }

    /// Its entries.
    pub fn entries(&self) -> &Entries {
        &self.entries
    }

    /// Its files.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// How many entries there are: the number that the next one gets.
    pub fn head(&self) -> u64 {
        self.entries.head()
    }

    /// Reads what others have added since.
    ///
    /// # Errors
    /// See [`Journal::open`].
    pub fn refresh(&mut self) -> Result<(), JournalError> {
        self.entries.refresh(&self.disk)
    }

    /// How many entries were known at a time: those with that time or an earlier one.
    pub fn known_at(&self, time: Timestamp) -> u64 {
        self.entries.at_or_before(time).map_or(0, |entry| entry + 1)
    }

    /// The entry of a number.
    ///
    /// # Errors
    /// [`JournalError::NoEntry`].
    pub fn entry(&self, number: u64) -> Result<&Entry, JournalError> {
        self.entries.get(number).ok_or(JournalError::NoEntry { entry: number, head: self.head() })
    }

    /// The kinds that have rows.
    pub fn kinds(&self) -> BTreeSet<&str> {
        self.entries
            .iter()
            .filter(|entry| entry.what.rows().is_some())
            .filter_map(|entry| entry.what.kind())
            .collect()
    }

    /// Which namespace owns what an entry brought, after the transfers since, as of `head`.
    pub fn owner(&self, entry: u64, head: u64) -> Option<String> {
        let brought = self.entries.get(entry)?;
        let mut owner = brought.what.namespace().map(str::to_owned);
        for (_, transfer) in self.entries.transfers_from(entry).take_while(|(entry, _)| entry.number < head) {
            if Some(transfer.kind.as_str()) == brought.what.kind() && transfer.from == owner {
                owner.clone_from(&transfer.to);
            }
        }
        owner
    }

    /// The columns that versions of a kind may have: those that any entry knows.
    pub(crate) fn columns(&self, kind: &Kind) -> BTreeSet<usize> {
        let mut columns = BTreeSet::new();
        let mut last: &[String] = &[];
        let of_kind = self.entries.iter().filter(|entry| entry.what.kind() == Some(kind.id.as_str()));
        for rows in of_kind.filter_map(|entry| entry.what.rows()) {
            // Neighbours mostly have the same ones.
            if rows.columns != last {
                columns.extend(rows.columns.iter().filter_map(|id| kind.column(id)));
                last = &rows.columns;
            }
        }
        columns
    }

    /// Texts of the bundle as they were at `head`: their digests by path.
    pub fn texts(&self, head: u64) -> BTreeMap<String, Hash> {
        let mut texts = BTreeMap::new();
        for entry in self.entries.iter().take_while(|entry| entry.number < head) {
            if let What::Text(text) = &entry.what {
                match &text.sha256 {
                    Some(sha256) => texts.insert(text.path.clone(), *sha256),
                    None => texts.remove(&text.path),
                };
            }
        }
        texts
    }

    /// The files of a kind's rows for the entries before `head`.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn layout(&self, kind: &str, head: u64) -> Result<Layout, JournalError> {
        Layout::of(&self.disk, &self.entries, kind, head)
    }

    /// The index of a kind at the head. Files of it that are missing are made from the rows.
    ///
    /// # Errors
    /// When a file cannot be read or is damaged.
    pub fn index(&self, kind: &Kind) -> Result<Index, JournalError> {
        let mut index = Index::default();
        for run in self.index_files(kind, self.head())? {
            index.add(&self.disk, self.disk.path(&run.name), run.own)?;
        }
        Ok(index)
    }

    /// Does something with the index of a kind. Files of it that turn out to be damaged are thrown away and made again
    /// from the rows, and it is done once more: for whoever writes to the journal.
    pub(crate) fn mending<T>(
        &self,
        kind: &Kind,
        mut work: impl FnMut() -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        match work() {
            Err(JournalError::Derived { .. }) => {
                self.throw_away_damaged(kind)?;
                work()
            }
            done => done,
        }
    }

    /// Removes the files of a kind's index that are damaged. What a merged one had is then in no file, or in those of
    /// single entries that are made again.
    pub(crate) fn throw_away_damaged(&self, kind: &Kind) -> Result<(), JournalError> {
        loop {
            let mut damaged = Vec::new();
            for run in self.index_names(kind, self.head())? {
                let path = self.disk.path(&run.name);
                let read = |path| Index::open(vec![(path, run.own)])?.for_each(&mut |_, _| {});
                if path.exists() && matches!(read(path), Err(JournalError::Derived { .. })) {
                    damaged.push(run.name);
                }
            }
            if damaged.is_empty() {
                return Ok(());
            }
            self.disk.remove_all(damaged.iter().map(String::as_str))?;
        }
    }

    /// The same for a reader: files that are missing are made in memory, and nothing is written.
    ///
    /// # Errors
    /// When a file cannot be read or is damaged.
    pub fn index_as_it_is(&self, kind: &Kind) -> Result<Index, JournalError> {
        let mut index = Index::default();
        for run in self.index_names(kind, self.head())? {
            let path = self.disk.path(&run.name);
            match run.own.filter(|_| !path.exists()) {
                Some(own) => index.add_bytes(&run.name, self.made.of(self, kind, own)?, own)?,
                None => index.add(&self.disk, path, run.own)?,
            }
        }
        Ok(index)
    }

    /// The files of the index for the entries before `head`, oldest first. Missing ones are made.
    pub(crate) fn index_files(&self, kind: &Kind, head: u64) -> Result<Vec<Run>, JournalError> {
        let runs = self.index_names(kind, head)?;
        for run in &runs {
            // A merged one is named because it is there.
            if let Some(own) = run.own
                && !self.disk.path(&run.name).exists()
            {
                crate::index_file::rebuild(self, kind, own)?;
            }
        }
        Ok(runs)
    }

    /// The same, whether the files of single entries are there or not.
    pub(crate) fn index_names(&self, kind: &Kind, head: u64) -> Result<Vec<Run>, JournalError> {
        let mut spans = Vec::new();
        for name in self.disk.list("index")? {
            if let Some((first, last, of)) = span(&name, ".idx")
                && of == kind.id
                && u64::from(last) < head
            {
                spans.push((first, last));
            }
        }
        let chosen = widest(spans);
        let mut runs: Vec<Run> = Vec::new();
        for entry in self.entries.iter().take_while(|entry| entry.number < head) {
            if rows_of(entry, &kind.id).is_none() {
                continue;
            }
            let number = crate::layout::number(entry.number)?;
            if runs.last().is_some_and(|run| number <= run.last) {
                continue;
            }
            let merged =
                chosen.iter().find(|(first, last)| first < last && (*first..=*last).contains(&number));
            runs.push(match merged {
                Some((first, last)) => Run {
                    name: crate::index_file::merged(*first, *last, &kind.id),
                    first: *first,
                    last: *last,
                    own: None,
                },
                None => Run {
                    name: crate::index_file::own(number, &kind.id),
                    first: number,
                    last: number,
                    own: Some(number),
                },
            });
        }
        Ok(runs)
    }
}

/// A file of the index.
pub(crate) struct Run {
    /// Its name in the journal.
    pub(crate) name: String,
    /// The first entry in it.
    pub(crate) first: u32,
    /// The last entry in it.
    pub(crate) last: u32,
    /// Its entry, when it is of one only: such a file does not say the entry of each record.
    pub(crate) own: Option<u32>,
}
