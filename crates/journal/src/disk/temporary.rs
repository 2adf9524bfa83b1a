//! Files that have no name of their own yet.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Disk, Op, failed};
use crate::error::JournalError;

/// A file that is being written and has no name of its own yet. Everything is written from front to back; wrap
/// it in a [`std::io::BufWriter`] when the pieces are small.
#[derive(Debug)]
pub struct Temporary {
    pub(super) disk: Disk,
    pub(super) file: File,
    pub(super) path: PathBuf,
    pub(super) name: String,
    pub(super) length: u64,
    pub(super) placed: bool,
}

impl Temporary {
    /// Makes what was written durable.
    pub fn sync(&mut self) -> Result<(), JournalError> {
        self.file.sync_all().map_err(|error| failed(&self.path, error))?;
        self.disk.did(|| Op::SyncFile { file: self.name.clone() });
        Ok(())
    }

    /// Where it lies for now.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file, to read from. Writing goes through [`Write`], or tests would not see it.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// How many bytes were written.
    pub fn length(&self) -> u64 {
        self.length
    }
}

impl Write for Temporary {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        let offset = self.length;
        self.length += written as u64;
        self.disk.did(|| Op::Write {
            file: self.name.clone(),
            offset,
            bytes: bytes.get(..written).unwrap_or(bytes).to_vec(),
        });
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.placed && fs::remove_file(&self.path).is_ok() {
            self.disk.did(|| Op::Remove { file: self.name.clone() });
        }
    }
}
