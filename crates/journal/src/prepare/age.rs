//! When the source wrote what stands: an older file sets back nothing that a newer one said.

use jiff::Timestamp;

use super::Prepare;
use crate::entries::What;
use crate::error::JournalError;
use crate::index::Slot;
use crate::journal::Journal;
use crate::layout::number;
use crate::rows_read::entry_rows;
use crate::shape;
use crate::take_back::addresses;

/// Rows read at once.
const CHUNK: usize = 1 << 16;

impl Prepare<'_> {
    /// When what stands of a record was exported, where that is after the upload's own export. Nothing for an upload
    /// that does not say when it was exported: it counts as exported now.
    pub(super) fn newer(&mut self, slot: Slot) -> Result<Option<Timestamp>, JournalError> {
        let Some(ours) = self.about.exported_at else { return Ok(None) };
        let theirs = if slot.is_live() {
            self.exported(slot.entry, slot.row)?
        } else {
            gone(self.journal, slot.entry)
        };
        Ok(theirs.filter(|theirs| ours < *theirs))
    }

    /// As of when a record that is not live was withdrawn by who supplies the upload, where that is after the upload's
    /// own export. What another supplier gave up is anybody's to bring.
    pub(super) fn withdrawn_later(&mut self, slot: Option<Slot>) -> Result<Option<Timestamp>, JournalError> {
        let Some(slot) = slot.filter(|_| self.about.exported_at.is_some()) else { return Ok(None) };
        let same = self.facts(slot.entry).owner == self.about.namespace;
        if same { self.newer(slot) } else { Ok(None) }
    }

    /// When the version at an address was exported. What an undo restored is as old as it was before.
    fn exported(&mut self, entry: u32, row: u32) -> Result<Option<Timestamp>, JournalError> {
        let (mut entry, mut row) = (entry, row);
        loop {
            match self.journal.entries.get(u64::from(entry)).map(|entry| (&entry.what, entry.at)) {
                Some((What::Upload(upload), at)) => return Ok(Some(upload.exported_at.unwrap_or(at))),
                Some((What::Undo(undo), _)) => {
                    let of = number(undo.of)?;
                    let origin = self.origins(entry, of)?.get(row as usize).copied();
                    // Older ones only: a journal that says otherwise is damaged, and is not to be followed in circles.
                    let Some(origin) = origin.filter(|origin| origin.0 < entry) else { return Ok(None) };
                    (entry, row) = origin;
                }
                _ => return Ok(None),
            }
        }
    }

    /// Of each row that an undo brought again, the address that had brought it before. It brought them in the order in
    /// which the undone entry had taken them back, without those that it left.
    fn origins(&mut self, undo: u32, of: u32) -> Result<&[(u32, u32)], JournalError> {
        if !self.origins.contains_key(&undo) {
            let kind = self.about.kind;
            let mut again = Vec::new();
            let mut back = entry_rows(&self.layout, of, true, CHUNK)?;
            let mut taken: Vec<(String, (u32, u32))> = Vec::new();
            let mut at = 0;
            for batch in entry_rows(&self.layout, undo, false, CHUNK)? {
                for key in shape::keys(kind, &batch?)?.iter().flatten() {
                    loop {
                        if at == taken.len() {
                            let Some(batch) = back.next() else { break };
                            let batch = batch?;
                            let keys = shape::keys(kind, &batch)?;
                            let known = keys.iter().map(|key| key.unwrap_or_default().to_owned());
                            let short = |(entry, row)| (entry as u32, row as u32);
                            taken = known.zip(addresses(&batch)?.into_iter().map(short)).collect();
                            at = 0;
                            continue;
                        }
                        at += 1;
                        if taken[at - 1].0 == key {
                            again.push(taken[at - 1].1);
                            break;
                        }
                    }
                }
            }
            self.origins.insert(undo, again);
        }
        Ok(self.origins.get(&undo).map_or(&[], Vec::as_slice))
    }
}

/// As of when a record is gone that an entry withdrew: a file that stands for all withdraws as of its export, a person
/// now. An undo that took back a record which was new knows nothing of it; one that undid an undo made it gone again
/// as of the time that it had been before.
fn gone(journal: &Journal, entry: u32) -> Option<Timestamp> {
    let mut entry = journal.entries.get(u64::from(entry))?;
    loop {
        match &entry.what {
            What::Upload(upload) => return Some(upload.exported_at.unwrap_or(entry.at)),
            What::Withdraw(_) => return Some(entry.at),
            What::Undo(undo) => {
                let undone = journal.entries.get(undo.of).filter(|undone| undone.number < entry.number)?;
                let What::Undo(before) = &undone.what else { return None };
                entry = journal.entries.get(before.of).filter(|of| of.number < undone.number)?;
            }
            _ => return None,
        }
    }
}
