//! The keys of one entry while it is prepared: in memory, and in files as soon as they are more than is good to hold.

use std::io::BufWriter;
use std::path::PathBuf;

use super::{Index, KeyId, RunWriter, Slot, merge_runs};
use crate::disk::{Disk, Temporary};
use crate::error::JournalError;

/// Keys that are being collected.
pub(crate) struct Keys {
    writer: RunWriter,
    /// Sorted parts, the oldest first.
    parts: Vec<Temporary>,
    /// Where parts are written; nothing when all of it is to stay in memory.
    disk: Option<Disk>,
    /// So many keys are held before a part is written.
    most: usize,
}

/// The keys of an entry in the order of their ids, each once.
pub(crate) enum Sorted {
    /// In memory.
    Memory(Vec<(KeyId, Slot)>),
    /// As a file of the index that has no name yet.
    File(Temporary),
}

fn failed(error: std::io::Error) -> JournalError {
    JournalError::Io { path: "index".to_owned(), error }
}

impl Keys {
    /// None yet. Without a disk all of them stay in memory.
    pub(crate) fn new(disk: Option<Disk>) -> Self {
        Self { writer: RunWriter::new(), parts: Vec::new(), disk, most: super::write::FULL }
    }

    /// Adds a key; when it is added again, the last slot counts.
    pub(crate) fn add(&mut self, key: KeyId, slot: Slot) -> Result<(), JournalError> {
        self.writer.add(key, slot);
        if self.writer.len() < self.most {
            return Ok(());
        }
        match self.disk.clone() {
            Some(disk) => self.part(&disk),
            None => Ok(()),
        }
    }

    /// Writes what is held as a part.
    fn part(&mut self, disk: &Disk) -> Result<(), JournalError> {
        let mut file = BufWriter::with_capacity(1 << 20, disk.temporary("index")?);
        self.writer.write(&mut file).map_err(failed)?;
        self.parts.push(file.into_inner().map_err(|error| failed(error.into_error()))?);
        Ok(())
    }

    /// The ids of all keys in their order; one that was added again may be there again.
    pub(crate) fn ids(&self) -> Result<Vec<KeyId>, JournalError> {
        let mut ids: Vec<KeyId> = self.writer.keys().collect();
        for part in &self.parts {
            Index::open(vec![(part.path().to_owned(), None)])?.for_each(&mut |key, _| ids.push(key))?;
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// All keys in their order.
    pub(crate) fn sorted(mut self) -> Result<Sorted, JournalError> {
        let Some(disk) = self.disk.clone().filter(|_| !self.parts.is_empty()) else {
            return Ok(Sorted::Memory(self.writer.into_sorted()));
        };
        if !self.writer.is_empty() {
            self.part(&disk)?;
        }
        let files: Vec<(PathBuf, Option<u32>)> =
            self.parts.iter().map(|part| (part.path().to_owned(), None)).collect();
        let mut file = BufWriter::with_capacity(1 << 20, disk.temporary("index")?);
        merge_runs(&files, &mut file)?;
        file.into_inner().map(Sorted::File).map_err(|error| failed(error.into_error()))
    }
}

impl Sorted {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Memory(keys) if keys.is_empty())
    }

    /// The ids in their order.
    pub(crate) fn ids(&self) -> Result<Vec<KeyId>, JournalError> {
        match self {
            Self::Memory(keys) => Ok(keys.iter().map(|(key, _)| *key).collect()),
            Self::File(file) => {
                let mut ids = Vec::new();
                Index::open(vec![(file.path().to_owned(), None)])?.for_each(&mut |key, _| ids.push(key))?;
                Ok(ids)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;
    use crate::index::write_run;

    /// However many are held at once, it is the same file.
    #[test]
    fn parts_come_to_the_same_as_memory() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::new(folder.path().join("journal"));
        disk.create_folders().unwrap();
        let keys: Vec<(KeyId, Slot)> = (0..700_u32)
            .map(|at| {
                let row = if at % 7 == 0 { Slot::WITHDRAWN } else { at };
                (KeyId::of(&format!("k{}", at * 31 % 400)), Slot { entry: 0, row, digest: [at as u8; 8] })
            })
            .collect();
        let bytes = |most: usize| {
            let mut collected = Keys { most, ..Keys::new(Some(disk.clone())) };
            keys.iter().for_each(|(key, slot)| collected.add(*key, *slot).unwrap());
            let mut ids = collected.ids().unwrap();
            ids.dedup();
            let parts = collected.parts.len();
            assert_eq!(parts, keys.len() / most);
            let sorted = collected.sorted().unwrap();
            assert_eq!(sorted.ids().unwrap(), ids);
            assert!(!sorted.is_empty());
            match sorted {
                Sorted::Memory(sorted) => {
                    let mut out = Vec::new();
                    write_run(&sorted, &mut out).unwrap();
                    out
                }
                Sorted::File(mut file) => {
                    file.flush().unwrap();
                    fs::read(file.path()).unwrap()
                }
            }
        };
        let whole = bytes(1_000);
        assert_eq!(bytes(64), whole);
        assert_eq!(bytes(700), whole);
        assert!(disk.list("index").unwrap().is_empty() && disk.sweep().unwrap() == 0, "nothing is left");
    }
}
