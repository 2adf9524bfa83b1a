//! The files below the journal's folder: the only place of this crate that makes, writes, renames or removes
//! any. Reading a row file or an index through [`std::fs::File`] is everybody's.
//!
//! Two ways of writing survive a kill and a power cut, and there is no third: a new file is written under a
//! temporary name, synced, renamed and its folder synced ([`Disk::temporary`], [`Disk::place`]); a line is
//! appended behind the whole lines of a file and synced ([`Disk::append`]).
//!
//! A temporary file is locked by whoever writes it for as long as it lives, so that what a killed run left
//! behind can be told from what another run is still writing, whatever became of process numbers.

mod temporary;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parquet::arrow::arrow_reader::ArrowReaderMetadata;

use crate::error::JournalError;
use crate::index::Run;
use crate::kept::Kept;
use crate::points;
pub use temporary::Temporary;

/// The folders of a journal.
pub const FOLDERS: [&str; 5] = ["rows", "texts", "index", "base", "personal"];

/// How names of files begin that belong to nobody once their writer is gone.
pub const TEMPORARY: &str = ".tmp-";

/// What was done to the files, with names relative to the journal's folder (`""` is the folder itself): enough
/// to work out what a power cut may leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// A folder was made.
    MakeFolder {
        /// The folder.
        folder: String,
    },
    /// An empty file was made.
    Create {
        /// The file.
        file: String,
    },
    /// Bytes were written.
    Write {
        /// The file.
        file: String,
        /// Where, counted in bytes from the file's start.
        offset: u64,
        /// What.
        bytes: Vec<u8>,
    },
    /// A file was cut to a length.
    Truncate {
        /// The file.
        file: String,
        /// Its length from here on, in bytes.
        length: u64,
    },
    /// A file's bytes and length were made durable.
    SyncFile {
        /// The file.
        file: String,
    },
    /// A file got another name; a file of that name was replaced.
    Rename {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A file was removed.
    Remove {
        /// The file.
        file: String,
    },
    /// The names in a folder were made durable.
    SyncFolder {
        /// The folder.
        folder: String,
    },
}

/// What tests hang on a [`Disk`]: places to be killed at, and a record of what was done.
pub trait Hooks: Send + Sync {
    /// A named point was passed, see [`points`].
    fn point(&self, name: &str);
    /// Something was done to the files.
    fn did(&self, op: Op);
}

/// The journal's folder. Cheap to clone.
#[derive(Clone)]
pub struct Disk {
    inner: Arc<Inner>,
}

struct Inner {
    root: PathBuf,
    hooks: Option<Arc<dyn Hooks>>,
    /// Numbers the temporary files of this process.
    next: AtomicU64,
    /// What was read of the ends of row files.
    footers: Kept<ArrowReaderMetadata>,
    /// Files of the index that are open.
    runs: Kept<Run>,
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Disk").field("root", &self.inner.root).finish_non_exhaustive()
    }
}

impl Disk {
    /// The journal in a folder (`BUNDLE/journal`), which need not be there yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self::made(root.into(), None)
    }

    /// The same with a test's hooks.
    pub fn with_hooks(root: impl Into<PathBuf>, hooks: Arc<dyn Hooks>) -> Self {
        Self::made(root.into(), Some(hooks))
    }

    fn made(root: PathBuf, hooks: Option<Arc<dyn Hooks>>) -> Self {
        Self {
            inner: Arc::new(Inner {
                root,
                hooks,
                next: AtomicU64::new(0),
                footers: Kept::default(),
                runs: Kept::default(),
            }),
        }
    }

    /// The journal's folder.
    pub fn root(&self) -> &Path {
        &self.inner.root
    }

    /// Where a file of the journal lies. The name is relative to the journal's folder, with `/`.
    pub fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.inner.root.clone() } else { self.inner.root.join(name) }
    }

    pub(crate) fn footers(&self) -> &Kept<ArrowReaderMetadata> {
        &self.inner.footers
    }

    pub(crate) fn runs(&self) -> &Kept<Run> {
        &self.inner.runs
    }

    /// Another file has the name, or none.
    fn forget(&self, path: &Path) {
        self.inner.footers.forget(path);
        self.inner.runs.forget(path);
    }

    /// Whether there is a journal: its folder is there.
    pub fn exists(&self) -> bool {
        self.inner.root.is_dir()
    }

    /// Makes the journal's folders, durable each. Folders that are there stay as they are.
    pub fn create_folders(&self) -> Result<(), JournalError> {
        self.make_folder("")?;
        if let Some(parent) = self.inner.root.parent() {
            sync_folder(if parent.as_os_str().is_empty() { Path::new(".") } else { parent })?;
        }
        for folder in FOLDERS {
            self.make_folder(folder)?;
        }
        self.sync_folder("")
    }

    fn make_folder(&self, folder: &str) -> Result<(), JournalError> {
        let path = self.path(folder);
        match fs::create_dir(&path) {
            Ok(()) => {
                self.did(|| Op::MakeFolder { folder: folder.into() });
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            Err(error) => Err(failed(&path, error)),
        }
    }

    /// A new file without a name of its own yet, in a folder of the journal (`"rows"`; `""` is the journal's).
    /// Dropped without [`Disk::place`], it is removed.
    pub fn temporary(&self, folder: &str) -> Result<Temporary, JournalError> {
        loop {
            let number = self.inner.next.fetch_add(1, Ordering::Relaxed);
            let name = below(folder, &format!("{TEMPORARY}{}-{number}", std::process::id()));
            let path = self.path(&name);
            let file = match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
                // A name left by a run that had our process number.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                other => other.map_err(|error| failed(&path, error))?,
            };
            self.did(|| Op::Create { file: name.clone() });
            match file.try_lock() {
                // A sweep that took the lock first has removed the file, or is about to.
                Ok(()) if path.exists() => {
                    return Ok(Temporary { disk: self.clone(), file, path, name, length: 0, placed: false });
                }
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => {
                    let _ = fs::remove_file(&path);
                    return Err(failed(&path, error));
                }
            }
        }
    }

    /// Gives a temporary file its name, durably. A file that has the name already belongs to no entry (a run
    /// that was killed before its commit left it) and is replaced.
    pub fn place(&self, mut temporary: Temporary, name: &str) -> Result<(), JournalError> {
        self.point(points::WRITTEN);
        temporary.sync()?;
        self.point(points::SYNCED);
        let path = self.path(name);
        fs::rename(&temporary.path, &path).map_err(|error| failed(&path, error))?;
        self.forget(&path);
        temporary.placed = true;
        self.did(|| Op::Rename { from: temporary.name.clone(), to: name.into() });
        self.point(points::RENAMED);
        self.sync_folder(folder_of(name))?;
        if folder_of(name) != folder_of(&temporary.name) {
            self.sync_folder(folder_of(&temporary.name))?;
        }
        Ok(())
    }

    /// Gives a file of the journal another name in its folder, durably.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), JournalError> {
        let path = self.path(from);
        fs::rename(&path, self.path(to)).map_err(|error| failed(&path, error))?;
        self.forget(&path);
        self.forget(&self.path(to));
        self.did(|| Op::Rename { from: from.into(), to: to.into() });
        self.sync_folder(folder_of(to))
    }

    /// Removes a file durably. One that is not there is as good as removed.
    pub fn remove(&self, name: &str) -> Result<(), JournalError> {
        self.remove_all([name])
    }

    /// Removes files durably, each folder synced once.
    pub fn remove_all<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<(), JournalError> {
        let mut folders = Vec::new();
        for name in names {
            let path = self.path(name);
            self.forget(&path);
            match fs::remove_file(&path) {
                Ok(()) => self.did(|| Op::Remove { file: name.into() }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(failed(&path, error)),
            }
            if !folders.contains(&folder_of(name)) {
                folders.push(folder_of(name));
            }
        }
        folders.into_iter().try_for_each(|folder| self.sync_folder(folder))
    }

    /// The names in a folder, sorted, without temporary files. A folder that is not there has none.
    pub fn list(&self, folder: &str) -> Result<Vec<String>, JournalError> {
        let mut names = self.names(folder)?;
        names.retain(|name| !name.starts_with(TEMPORARY));
        Ok(names)
    }

    fn names(&self, folder: &str) -> Result<Vec<String>, JournalError> {
        let path = self.path(folder);
        let entries = match fs::read_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(|error| failed(&path, error))?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| failed(&path, error))?;
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Removes the temporary files whose writer is gone, and says how many. Those that are being written stay.
    pub fn sweep(&self) -> Result<usize, JournalError> {
        let mut swept = 0;
        for (name, _locked) in self.left_behind()? {
            if fs::remove_file(self.path(&name)).is_ok() {
                self.did(|| Op::Remove { file: name });
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// The temporary files whose writer is gone. Each is ours as long as its lock is held.
    pub(crate) fn left_behind(&self) -> Result<Vec<(String, File)>, JournalError> {
        let mut left = Vec::new();
        for folder in [""].into_iter().chain(FOLDERS) {
            for name in self.names(folder)?.iter().filter(|name| name.starts_with(TEMPORARY)) {
                let name = below(folder, name);
                // One that is gone by now was its writer's own doing.
                let Ok(file) = File::open(self.path(&name)) else { continue };
                if file.try_lock().is_ok() {
                    left.push((name, file));
                }
            }
        }
        Ok(left)
    }

    /// Writes bytes to a file of lines, behind its whole lines, and makes them durable. What stands behind them
    /// is the torn end of a write that was never acknowledged, and goes first. Made when it is not there.
    ///
    /// `at` is the length of the whole lines. A file that is shorter lost lines and is refused.
    pub fn append(&self, name: &str, at: u64, bytes: &[u8]) -> Result<(), JournalError> {
        let path = self.path(name);
        let io = |error| failed(&path, error);
        let new = !path.exists();
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
        if new {
            self.did(|| Op::Create { file: name.into() });
            file.sync_all().map_err(io)?;
            self.did(|| Op::SyncFile { file: name.into() });
            self.sync_folder(folder_of(name))?;
        }
        let length = file.metadata().map_err(io)?.len();
        if length < at {
            return Err(shrunk(name, length, at));
        }
        if length > at {
            // Synced before anything is written in its place: a power cut must not leave a mixture of the two.
            self.truncate(name, &file, at)?;
        }
        file.seek(SeekFrom::Start(at)).map_err(io)?;
        let written = file.write_all(bytes).and_then(|()| {
            self.did(|| Op::Write { file: name.into(), offset: at, bytes: bytes.to_vec() });
            self.point(points::APPENDED);
            file.sync_all()
        });
        if let Err(error) = written {
            // A full disk, or a failing one: nobody is told of these lines, so nobody should find them.
            let _ = self.truncate(name, &file, at);
            return Err(io(error));
        }
        self.did(|| Op::SyncFile { file: name.into() });
        Ok(())
    }

    fn truncate(&self, name: &str, file: &File, length: u64) -> Result<(), JournalError> {
        let io = |error| failed(&self.path(name), error);
        file.set_len(length).map_err(io)?;
        self.did(|| Op::Truncate { file: name.into(), length });
        file.sync_all().map_err(io)?;
        self.did(|| Op::SyncFile { file: name.into() });
        Ok(())
    }

    /// A file's bytes from a place on, at most `most` of them. Nothing when the file is not there or ends
    /// before.
    pub fn read_from(&self, name: &str, at: u64, most: u64) -> Result<Vec<u8>, JournalError> {
        let path = self.path(name);
        let io = |error| failed(&path, error);
        let mut file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(io)?,
        };
        file.seek(SeekFrom::Start(at)).map_err(io)?;
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes).map_err(io)?;
        Ok(bytes)
    }

    /// A file's length in bytes; 0 when it is not there.
    pub fn length(&self, name: &str) -> Result<u64, JournalError> {
        let path = self.path(name);
        match fs::metadata(&path) {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(failed(&path, error)),
        }
    }

    /// Makes a file and its name durable, as far as they are there: a run that was killed between writing a
    /// line and syncing it leaves a line that everybody can read and a power cut can still take away.
    pub fn settle(&self, name: &str) -> Result<(), JournalError> {
        let path = self.path(name);
        let file = match OpenOptions::new().write(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other.map_err(|error| failed(&path, error))?,
        };
        file.sync_all().map_err(|error| failed(&path, error))?;
        self.did(|| Op::SyncFile { file: name.into() });
        self.sync_folder(folder_of(name))
    }

    fn sync_folder(&self, folder: &str) -> Result<(), JournalError> {
        sync_folder(&self.path(folder))?;
        self.did(|| Op::SyncFolder { folder: folder.into() });
        Ok(())
    }

    /// A named moment, for tests ([`points`]).
    pub fn point(&self, name: &'static str) {
        if let Some(hooks) = &self.inner.hooks {
            hooks.point(name);
        }
    }

    fn did(&self, op: impl FnOnce() -> Op) {
        if let Some(hooks) = &self.inner.hooks {
            hooks.did(op());
        }
    }
}

/// The name of a file in a folder of the journal.
fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.into() } else { format!("{folder}/{name}") }
}

/// The folder of a file of the journal.
fn folder_of(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Makes the names in a folder durable. Only Unix has a way to ask for it.
fn sync_folder(path: &Path) -> Result<(), JournalError> {
    if cfg!(unix) {
        File::open(path).and_then(|folder| folder.sync_all()).map_err(|error| failed(path, error))?;
    }
    Ok(())
}

/// A file of lines is shorter than it was: lines of it are gone.
pub(crate) fn shrunk(name: &str, length: u64, was: u64) -> JournalError {
    JournalError::damaged(
        name,
        format!("tệp có {length} byte, trước đó đã có {was}"),
        format!("the file has {length} bytes, and it had {was} before"),
    )
}

/// What the system said of a file.
pub(crate) fn failed(path: &Path, error: io::Error) -> JournalError {
    JournalError::Io { path: path.display().to_string(), error }
}

#[cfg(test)]
#[path = "disk_tests.rs"]
mod tests;
