//! Making a prepared entry one of the journal: compare-and-swap on its head.

use jiff::Timestamp;

use crate::entries::{Draft, Rows, TextChange, What};
use crate::error::JournalError;
use crate::index::KeyId;
use crate::index_file;
use crate::journal::Journal;
use crate::layout::own;
use crate::lock::Lock;
use crate::personal::{Sort, name};
use crate::writing::Prepared;

/// Who makes an entry, why, and with which program.
#[derive(Clone, Debug, Default)]
pub struct Signed {
    /// Who.
    pub by: Option<String>,
    /// The reason given.
    pub reason: Option<String>,
    /// The program's version.
    pub program: String,
}

impl Signed {
    pub(crate) fn draft(self, what: What) -> Draft {
        Draft { by: self.by, reason: self.reason, program: self.program, what }
    }
}

impl Journal {
    /// Waits for the right to commit. While it is held, nobody else's entry gets in between. Erasures that were
    /// stopped half-way are finished first.
    ///
    /// # Errors
    /// When the lock's file cannot be made, or the rest of an erasure not be removed.
    pub fn lock(&self) -> Result<Lock, JournalError> {
        self.disk.create_folders()?;
        let lock = Lock::acquire(&self.disk)?;
        self.finish_erasures(&lock)?;
        Ok(lock)
    }

    /// Commits a prepared entry. `what` makes its line from the rows. Gives its number, or nothing when others
    /// have changed what it was compared with: then it is to be prepared again.
    ///
    /// # Errors
    /// When files cannot be written. The entry is then not there.
    pub fn commit(
        &mut self,
        lock: &Lock,
        prepared: Prepared,
        signed: Signed,
        now: Timestamp,
        what: impl FnOnce(Rows) -> What,
    ) -> Result<Option<u64>, JournalError> {
        self.refresh()?;
        if self.head() != prepared.head && self.moved(&prepared)? {
            return Ok(None);
        }
        let number = self.head();
        let entry = crate::layout::number(number)?;
        let has = (prepared.brought.is_some(), prepared.back.is_some(), prepared.personal.is_some());
        self.clear(number, has)?;
        if let Some(brought) = prepared.brought {
            self.disk.place(brought, &own(number, false))?;
        }
        if let Some(back) = prepared.back {
            self.disk.place(back, &own(number, true))?;
        }
        if let Some(personal) = prepared.personal {
            self.disk.place(personal, &name(number, Sort::Values))?;
        }
        if !prepared.keys.is_empty() {
            index_file::place(self, &index_file::own(entry, &prepared.kind), prepared.keys)?;
        }
        self.entries.append(&self.disk, lock, signed.draft(what(prepared.rows)), now)?;
        Ok(Some(number))
    }

    /// Whether an entry made since touches a key that a prepared one was compared by.
    fn moved(&self, prepared: &Prepared) -> Result<bool, JournalError> {
        let mut keys: Vec<KeyId> = prepared.keys.ids()?;
        keys.extend(&prepared.seen);
        let mut since = Vec::new();
        for entry in self.entries.iter().skip(usize::try_from(prepared.head).unwrap_or(usize::MAX)) {
            // Who owns what may have changed.
            if matches!(entry.what, What::Transfer(_)) && entry.what.kind() == Some(prepared.kind.as_str()) {
                return Ok(true);
            }
            if crate::layout::rows_of(entry, &prepared.kind).is_some() {
                if prepared.whole {
                    // It may have brought what is to be withdrawn, under keys that nobody looked at.
                    return Ok(true);
                }
                let number = crate::layout::number(entry.number)?;
                let path = self.disk.path(&index_file::own(number, &prepared.kind));
                if !path.exists() {
                    // Merged already: whoever tidies up so soon may also cost a second comparison.
                    return Ok(true);
                }
                since.push((path, Some(number)));
            }
        }
        crate::index::Index::open(since)?.touches(&keys)
    }

    /// Records a text of the bundle as it is now; nothing means that the file is gone. Gives the entry's
    /// number, or nothing when the journal has it so already.
    ///
    /// # Errors
    /// When files cannot be written.
    pub fn record_text(
        &mut self,
        lock: &Lock,
        path: &str,
        bytes: Option<&[u8]>,
        tells: Vec<String>,
        signed: Signed,
        now: Timestamp,
    ) -> Result<Option<u64>, JournalError> {
        self.refresh()?;
        let sha256 = bytes.map(crate::texts::digest);
        if self.texts(self.head()).get(path) == sha256.as_ref() {
            return Ok(None);
        }
        if let Some(bytes) = bytes {
            crate::texts::keep(&self.disk, bytes)?;
        }
        let number = self.head();
        self.clear(number, (false, false, false))?;
        let what = What::Text(TextChange { path: path.to_owned(), sha256, tells });
        self.entries.append(&self.disk, lock, signed.draft(what), now)?;
        Ok(Some(number))
    }

    /// Makes an entry without rows, such as a transfer.
    ///
    /// # Errors
    /// When the line cannot be written.
    pub fn record(
        &mut self,
        lock: &Lock,
        what: What,
        signed: Signed,
        now: Timestamp,
    ) -> Result<u64, JournalError> {
        self.refresh()?;
        let number = self.head();
        self.clear(number, (false, false, false))?;
        self.entries.append(&self.disk, lock, signed.draft(what), now)?;
        Ok(number)
    }

    /// Removes what a run that was killed before its commit left under the names of an entry, but for the files
    /// that the entry brings itself: nobody's rows and personal values must not pass for those of the entry.
    pub(crate) fn clear(
        &self,
        number: u64,
        (brought, back, personal): (bool, bool, bool),
    ) -> Result<(), JournalError> {
        let names = [
            (own(number, false), brought),
            (own(number, true), back),
            (name(number, Sort::Values), personal),
            (name(number, Sort::Erasing), false),
            (name(number, Sort::Erased), false),
        ];
        self.disk.remove_all(names.iter().filter(|(_, replaced)| !replaced).map(|(name, _)| name.as_str()))
    }
}
