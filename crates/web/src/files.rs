//! Files kept by their digest: what people brought, rejected rows, other forms of a board. Raw files may hold personal data:
//! the folder is a personal store like the uploads themselves.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::html::hex;

/// A folder of files by SHA-256.
#[derive(Clone, Debug)]
pub struct Files {
    root: PathBuf,
}

/// A file that is being received.
#[derive(Debug)]
pub struct Receiving {
    file: fs::File,
    path: PathBuf,
    hasher: Sha256,
    bytes: u64,
    done: bool,
}

impl Files {
    /// The folder; made when it is first written to.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Where the file with this digest is. A digest that is none is nowhere.
    pub fn path(&self, sha256: &str) -> Option<PathBuf> {
        let right = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        right.then(|| self.root.join(&sha256[..2]).join(sha256))
    }

    /// Begins to receive a file under a name that nobody else has.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn receive(&self, name: &str) -> io::Result<Receiving> {
        let folder = self.root.join("incoming");
        fs::create_dir_all(&folder)?;
        let path = folder.join(name);
        let file = fs::OpenOptions::new().write(true).create_new(true).open(&path)?;
        Ok(Receiving { file, path, hasher: Sha256::new(), bytes: 0, done: false })
    }

    /// Keeps bytes; gives their digest.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<String> {
        let mut receiving = self.receive(name)?;
        receiving.add(bytes)?;
        Ok(self.finish(receiving)?.0)
    }

    /// Removes a file that nothing speaks of any more. That it is gone already is as good.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn remove(&self, sha256: &str) -> io::Result<()> {
        let Some(path) = self.path(sha256) else { return Ok(()) };
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Keeps what was received; gives its digest in hex and its size. The same bytes are kept once.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn finish(&self, mut receiving: Receiving) -> io::Result<(String, u64)> {
        receiving.file.sync_all()?;
        let sha256 = hex(&receiving.hasher.finalize_reset());
        let Some(path) = self.path(&sha256) else { return Err(io::ErrorKind::InvalidData.into()) };
        let folder = path.parent().unwrap_or(&self.root).to_path_buf();
        fs::create_dir_all(&folder)?;
        // Also where they are there already: the new ones are as young as whoever brought them just now, so that nobody removes
        // them as forgotten before it is written down that they are spoken of.
        fs::rename(&receiving.path, &path)?;
        sync_folder(&folder)?;
        receiving.done = true;
        Ok((sha256, receiving.bytes))
    }
}

impl Files {
    /// Removes a file of which nothing speaks any more, unless it was brought again since `before` (microseconds since 1970).
    /// Says whether it is gone.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn forget(&self, sha256: &str, before: i64) -> io::Result<bool> {
        let Some(path) = self.path(sha256) else { return Ok(false) };
        let modified = match fs::metadata(&path).and_then(|meta| meta.modified()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            modified => modified?,
        };
        let since = modified.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        if i64::try_from(since.as_micros()).unwrap_or(i64::MAX) >= before {
            return Ok(false);
        }
        fs::remove_file(path)?;
        Ok(true)
    }
}

/// A file that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct There {
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// When it was brought last (microseconds since 1970).
    pub at: i64,
    /// Its size.
    pub bytes: u64,
}

impl Files {
    /// All files that are kept, in no order.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn all(&self) -> io::Result<Vec<There>> {
        let mut found = Vec::new();
        let folders = match fs::read_dir(&self.root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            folders => folders?,
        };
        for folder in folders {
            let folder = folder?;
            if folder.file_name().len() != 2 || !folder.file_type()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder.path())? {
                let file = file?;
                let Ok(sha256) = file.file_name().into_string() else { continue };
                if self.path(&sha256).as_deref() != Some(&*file.path()) {
                    continue;
                }
                // One that is gone meanwhile is not there.
                let Ok(meta) = file.metadata() else { continue };
                let since = meta.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                let at = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
                found.push(There { sha256, at, bytes: meta.len() });
            }
        }
        Ok(found)
    }
}

/// A name is on the disk when its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

impl Receiving {
    /// More bytes.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    /// Where they are until then.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The SHA-256 of what has come so far, in hex.
    pub fn digest(&self) -> String {
        hex(&self.hasher.clone().finalize())
    }

    /// How many have come.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// What was not finished goes.
impl Drop for Receiving {
    fn drop(&mut self) {
        if !self.done {
            // Nothing sensible is left to do: the next start clears the folder.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_kept_once_and_half_files_go() {
        let folder = std::env::temp_dir().join(format!("giaouoc-files-{}", std::process::id()));
        let files = Files::new(&folder);
        let first = files.keep("a", b"abc").unwrap();
        assert_eq!(first, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(files.keep("b", b"abc").unwrap(), first);
        let mut half = files.receive("c").unwrap();
        half.add(b"ab").unwrap();
        drop(half);
        assert_eq!(fs::read_dir(folder.join("incoming")).unwrap().count(), 0);
        assert!(files.path(&first).unwrap().exists());
        assert!(files.path("../../etc/passwd").is_none());
        // What was brought again is younger than what is forgotten.
        let age = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        let old = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000);
        let path = files.path(&first).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        assert_eq!(age(&path), old);
        assert!(!files.forget(&first, 999_000_000).unwrap(), "it is younger");
        files.keep("d", b"abc").unwrap();
        assert!(!files.forget(&first, 1_001_000_000).unwrap() && path.exists());
        fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        assert!(files.forget(&first, 1_001_000_000).unwrap() && !path.exists());
        assert!(!files.forget(&first, 1_001_000_000).unwrap());
        fs::remove_dir_all(folder).unwrap();
    }
}
