//! The lock under which entries are committed: one writer at a time, whoever the processes are.

use std::fs::{File, OpenOptions, TryLockError};

use crate::disk::{Disk, failed};
use crate::entries::ENTRIES;
use crate::error::JournalError;

/// The file that is locked for commits. It is empty, and stays.
pub const LOCK: &str = "lock";

/// The file that is locked for merges and bases, which take long and must keep nobody from committing.
pub const TIDYING: &str = "lock.tidy";

/// The journal is ours alone to commit to, until this is dropped. The system lets go of it when a process ends,
/// however it ends.
///
/// Who holds the lock knows that every line it can read is durable: lines that a killed run wrote and did not
/// sync are synced when the lock is taken. So "nothing to do, everything is there already" may be told only by
/// somebody who held it.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock and takes it.
    pub fn acquire(disk: &Disk) -> Result<Self, JournalError> {
        let file = open(disk, LOCK)?;
        file.lock().map_err(|error| failed(&disk.path(LOCK), error))?;
        Self::taken(disk, file)
    }

    /// Takes the lock if nobody has it; `None` says that somebody has.
    pub fn try_acquire(disk: &Disk) -> Result<Option<Self>, JournalError> {
        let file = open(disk, LOCK)?;
        match file.try_lock() {
            Ok(()) => Self::taken(disk, file).map(Some),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(&disk.path(LOCK), error)),
        }
    }

    fn taken(disk: &Disk, file: File) -> Result<Self, JournalError> {
        disk.settle(ENTRIES)?;
        Ok(Self { _file: file })
    }
}

/// Files are merged and bases made by one process at a time: two merges that overlap would each remove what the
/// other counts on.
///
/// As with [`Lock`], every line that was read before is durable from here on. Without that, a power cut could
/// take away an entry whose rows are in a merged file already.
#[derive(Debug)]
pub(crate) struct Tidying {
    _file: File,
}

impl Tidying {
    /// Waits for the lock and takes it. Folders that somebody has deleted, which may be done with what is derived, are
    /// made again.
    pub(crate) fn acquire(disk: &Disk) -> Result<Self, JournalError> {
        disk.create_folders()?;
        let file = open(disk, TIDYING)?;
        file.lock().map_err(|error| failed(&disk.path(TIDYING), error))?;
        disk.settle(ENTRIES)?;
        Ok(Self { _file: file })
    }
}

fn open(disk: &Disk, name: &str) -> Result<File, JournalError> {
    let path = disk.path(name);
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|error| failed(&path, error))
}
