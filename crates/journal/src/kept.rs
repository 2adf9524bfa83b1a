//! What is kept in memory of files that never change once they have their name: whoever asks again and again, as a
//! service that takes single rows does, need not read and check the same footers and fences each time.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::error::JournalError;

/// So many files are kept; a journal that is tidied has fewer.
const MOST: usize = 96;

/// Something of each of some files.
pub(crate) struct Kept<T>(Mutex<BTreeMap<PathBuf, (Stamp, Arc<T>)>>);

/// By what a file that another process has put under the same name is told from the one that was read.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok() }
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }
}

impl<T> Kept<T> {
    /// What is kept of a file, made where nothing is.
    ///
    /// # Errors
    /// When the file is not there, and what `make` says.
    pub(crate) fn of(
        &self,
        path: &Path,
        make: impl FnOnce() -> Result<T, JournalError>,
    ) -> Result<Arc<T>, JournalError> {
        let metadata = std::fs::metadata(path).map_err(|error| crate::disk::failed(path, error))?;
        let stamp = Stamp::of(&metadata);
        if let Some((_, value)) = self.held().get(path).filter(|(of, _)| *of == stamp) {
            return Ok(Arc::clone(value));
        }
        // Not under the lock: others need not wait for a file to be read.
        let value = Arc::new(make()?);
        let mut held = self.held();
        if held.len() >= MOST {
            held.clear();
        }
        held.insert(path.to_owned(), (stamp, Arc::clone(&value)));
        Ok(value)
    }

    /// Keeps nothing of a file any more: it is gone, or another has its name.
    pub(crate) fn forget(&self, path: &Path) {
        self.held().remove(path);
    }

    fn held(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, (Stamp, Arc<T>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_once_until_another_has_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one");
        std::fs::write(&path, "a").unwrap();
        let kept = Kept::default();
        let asked = |make: &str| kept.of(&path, || Ok(make.to_owned())).unwrap().to_string();
        assert_eq!(asked("first"), "first");
        assert_eq!(asked("again"), "first");
        std::fs::write(&path, "ab").unwrap();
        assert_eq!(asked("of another length"), "of another length");
        kept.forget(&path);
        assert_eq!(asked("forgotten"), "forgotten");
        std::fs::remove_file(&path).unwrap();
        assert!(kept.of(&path, || Ok(String::new())).is_err(), "what is gone is not told from memory");
    }

    #[test]
    fn several_files_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::default();
        let asked = |name: &str, make: u32| {
            let path = folder.path().join(name);
            std::fs::write(&path, "a").unwrap();
            std::fs::File::options()
                .write(true)
                .open(&path)
                .unwrap()
                .set_modified(SystemTime::UNIX_EPOCH)
                .unwrap();
            *kept.of(&path, || Ok(make)).unwrap()
        };
        assert_eq!((asked("one", 1), asked("two", 2)), (1, 2));
        assert_eq!((asked("one", 3), asked("two", 4)), (1, 2));
    }

    #[test]
    fn not_more_files_are_kept_than_a_tidy_journal_has() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::default();
        for at in 0..=MOST {
            let path = folder.path().join(at.to_string());
            std::fs::write(&path, "a").unwrap();
            kept.of(&path, || Ok(at)).unwrap();
        }
        assert_eq!(kept.held().len(), 1);
    }
}
