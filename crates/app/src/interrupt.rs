//! Ctrl-C leaves nothing half-done: files are written under temporary names that are known here, and whoever
//! interrupts the program gets them removed before it ends with 130.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use tempfile::NamedTempFile;

use crate::fault::{Fault, Outcome};

/// The exit code of a program that a signal ended, less the signal's number, as shells count: 130 for Ctrl-C.
const SIGNALLED: i32 = 128;

/// Files that are under way. While it is locked none of them gets its final name, and the program does not end
/// by an interruption.
static UNDER_WAY: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Journals that are being written to.
static JOURNALS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn journals() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    JOURNALS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An interruption removes what this run is writing into a journal.
pub fn guard_journal(folder: &Path) {
    journals().insert(folder.to_owned());
}

fn under_way() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How often it is looked whether somebody has interrupted: sooner than a person notices.
const LOOK: Duration = Duration::from_millis(30);

/// How often the removal of a folder is tried.
const TRIES: u32 = 10;

/// Makes an interruption (on Unix also a polite request to end, and a closed terminal) remove what is under
/// way. Where the system refuses a handler the program ends as any other does.
pub fn watch() {
    let caught = Arc::new(AtomicUsize::new(0));
    let signals = [
        SIGINT,
        SIGTERM,
        #[cfg(unix)]
        signal_hook::consts::SIGHUP,
    ];
    let set = signals.map(|signal| {
        let number = usize::try_from(signal).unwrap_or_default();
        signal_hook::flag::register_usize(signal, Arc::clone(&caught), number).is_ok()
    });
    if !set.contains(&true) {
        return;
    }
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(LOOK);
            if let Ok(signal @ 1..) = i32::try_from(caught.load(Ordering::Relaxed)) {
                end(signal);
            }
        }
    });
}

/// Removes what is under way and ends the program.
#[expect(
    clippy::disallowed_methods,
    reason = "what is not whole is to go, and main cannot be reached from here"
)]
fn end(signal: i32) {
    // Held to the end, so that nothing gets its name any more.
    let files = under_way();
    for path in files.iter() {
        // Another thread may be making files in a folder at this moment: once more, then.
        for _ in 0..TRIES {
            let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            if removed.is_ok() || !path.exists() {
                break;
            }
            std::thread::sleep(LOOK);
        }
    }
    for folder in journals().iter() {
        // What has a name belongs to an entry, or is replaced by the next: only what is still being written goes.
        let mine = format!("{}{}-", giaouoc_journal::TEMPORARY, std::process::id());
        for part in giaouoc_journal::FOLDERS {
            for file in fs::read_dir(folder.join(part)).into_iter().flatten().flatten() {
                if file.file_name().to_string_lossy().starts_with(&mine) {
                    let _ = fs::remove_file(file.path());
                }
            }
        }
    }
    crate::progress::show_cursor();
    std::process::exit(SIGNALLED + signal);
}

/// A file that becomes visible only under its final name; then everybody who may read the folder may read it.
/// Dropped before that it is removed, also by an interruption.
#[derive(Debug)]
pub struct Temporary {
    file: Option<NamedTempFile>,
}

impl Temporary {
    /// A new file in a folder.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn new(folder: &Path) -> Outcome<Self> {
        Self::begun(folder, ".tmp")
    }

    /// The same under a name that begins so, for [`sweep`]: a program that is killed cannot remove anything.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn swept(folder: &Path, beginning: &str) -> Outcome<Self> {
        loop {
            let temporary = Self::begun(folder, beginning)?;
            // Others may not write to a locked file on Windows, not even this program by another handle.
            #[cfg(unix)]
            if let Some(file) = &temporary.file {
                file.as_file().lock().map_err(|error| Fault::io(file.path(), &error))?;
                // Before it was locked another program may have taken it for one that was left.
                if !file.path().exists() {
                    continue;
                }
            }
            return Ok(temporary);
        }
    }

    fn begun(folder: &Path, beginning: &str) -> Outcome<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(beginning);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o644));
        }
        // Made and entered in one go: an interruption in between would leave it.
        let mut files = under_way();
        let file = builder.tempfile_in(folder).map_err(|error| Fault::io(folder, &error))?;
        files.insert(file.path().to_owned());
        Ok(Self { file: Some(file) })
    }

    /// Where it is for now.
    pub fn path(&self) -> &Path {
        self.file.as_ref().map_or(Path::new(""), NamedTempFile::path)
    }

    /// A second handle on it.
    ///
    /// # Errors
    /// When the system refuses one.
    pub fn reopen(&self) -> Outcome<File> {
        let again = self.file.as_ref().map(NamedTempFile::reopen);
        again
            .unwrap_or_else(|| Err(std::io::ErrorKind::NotFound.into()))
            .map_err(|error| Fault::io(self.path(), &error))
    }

    /// Gives it its final name, unless that is taken.
    ///
    /// # Errors
    /// When the name is taken or cannot be given.
    pub fn persist(self, target: &Path) -> Outcome {
        persist_all(vec![(self, target)])
    }

    fn take(&mut self, files: &mut BTreeSet<PathBuf>) -> Option<NamedTempFile> {
        let file = self.file.take()?;
        files.remove(file.path());
        Some(file)
    }
}

/// Removes files that programs which are gone have left in a folder under names that begin so, and says how many. Those
/// that are being written are locked.
pub fn sweep(folder: &Path, beginning: &str) -> usize {
    if !cfg!(unix) {
        return 0;
    }
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let left = files.filter(|file| file.file_name().to_string_lossy().starts_with(beginning));
    left.filter(|file| {
        File::open(file.path())
            .is_ok_and(|held| held.try_lock().is_ok() && fs::remove_file(file.path()).is_ok())
    })
    .count()
}

/// Gives several files their final names: an interruption comes before all of them or after.
///
/// # Errors
/// When a name is taken or cannot be given; those before it are there then.
pub fn persist_all(all: Vec<(Temporary, &Path)>) -> Outcome {
    let mut files = under_way();
    for (mut temporary, target) in all {
        if let Some(file) = temporary.take(&mut files) {
            file.persist_noclobber(target).map_err(|error| Fault::io(target, &error.error))?;
        }
    }
    Ok(())
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Removed under the lock, and only then forgotten.
        if self.file.is_some() {
            drop(self.take(&mut under_way()));
        }
    }
}

/// A file or a new folder that is being written where it will stay: an interruption removes it.
#[derive(Debug)]
pub struct UnderWay(PathBuf);

impl UnderWay {
    /// Enters a path, until this is dropped.
    pub fn new(path: &Path) -> Self {
        under_way().insert(path.to_owned());
        Self(path.to_owned())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        under_way().remove(&self.0);
    }
}
