//! A second name for every file of a running service, given in one moment: files that never change are linked, the few that
//! grow or are rewritten are copied. Then everybody goes on, and what was staged is read in peace.
//!
//! While it is done, the journals are locked: nobody commits, nobody merges. An upload that was just being committed waits
//! for the lock and knows nothing of it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use giaouoc_agreement::text::Text;
use giaouoc_journal::{Disk, Lock};

use crate::fault::{Fault, Outcome};
use crate::interrupt::UnderWay;
use crate::journal::fault;

/// The folder of second names, within the service's folder: links do not leave a file system.
const STAGE: &str = ".backup";
/// Held by whoever has a stage, so that there is one at a time and what a killed run left can be removed.
const HELD: &str = ".backup.lock";
/// How often a merge that is under way is waited for, and how long each time: ten minutes in all.
const TRIES: u32 = 6_000;
const NAP: Duration = Duration::from_millis(100);

/// Folders of a journal that are made again from its rows.
const DERIVED: [&str; 2] = ["index", "base"];

/// The stage: removed when it is dropped.
#[derive(Debug)]
pub struct Stage {
    dir: PathBuf,
    _under_way: UnderWay,
    _held: File,
}

impl Stage {
    /// A stage in a service's folder.
    ///
    /// # Errors
    /// When the folder cannot be written to, or somebody else has a stage there.
    pub fn new(folder: &Path) -> Outcome<Self> {
        owned(folder)?;
        let lock = folder.join(HELD);
        let held = File::options().create(true).truncate(false).write(true).open(&lock);
        let held = held.map_err(|error| unwritable(folder, &error))?;
        match held.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Fault::input(
                    format!("{}: đang có một lần sao lưu khác; hãy chờ nó xong", folder.display()),
                    format!("{}: another backup is under way; wait until it is done", folder.display()),
                ));
            }
            Err(TryLockError::Error(error)) => return Err(Fault::io(&lock, &error)),
        }
        let dir = folder.join(STAGE);
        let under_way = UnderWay::new(&dir);
        gone(&dir)?;
        fs::create_dir(&dir).map_err(|error| unwritable(folder, &error))?;
        super::backup::only_mine(&dir)?;
        Ok(Self { dir, _under_way: under_way, _held: held })
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Stages a bundle, whose journal is held meanwhile.
    ///
    /// # Errors
    /// When something cannot be linked or copied.
    pub fn bundle(&self, from: &Path, name: &str) -> Outcome {
        let to = self.dir.join(name);
        each(from, &mut |path, inside| {
            let mut parts = inside.iter().filter_map(|part| part.to_str());
            let first = parts.next().unwrap_or_default();
            let second = parts.next().unwrap_or_default();
            let of_journal = first == "journal";
            if of_journal && (DERIVED.contains(&second) || second.starts_with("lock")) {
                return Ok(());
            }
            let grows = second == "entries.ndjson" && of_journal;
            let rewritten = inside.extension().is_some_and(|end| end == "toml");
            second_name(path, &to.join(inside), grows || rewritten)
        })
    }

    /// Stages the files kept by digest that are not staged yet. What goes meanwhile is not missed: nothing speaks of it any
    /// more.
    ///
    /// # Errors
    /// When something cannot be linked.
    pub fn files(&self, from: &Path) -> Outcome {
        let to = self.dir.join("files");
        each(from, &mut |path, inside| {
            let target = to.join(inside);
            if inside.starts_with("incoming") || target.exists() {
                return Ok(());
            }
            second_name(path, &target, false)
        })
    }

    /// Stages what else lies in the folder itself: the configuration.
    ///
    /// # Errors
    /// When something cannot be copied.
    pub fn rest(&self, from: &Path) -> Outcome {
        for entry in fs::read_dir(from).map_err(|error| Fault::io(from, &error))? {
            let entry = entry.map_err(|error| Fault::io(from, &error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let own =
                name.starts_with('.') || name.starts_with("giaouoc.sqlite") || name == super::backup::LAST;
            if entry.path().is_file() && !own {
                second_name(&entry.path(), &self.dir.join(&name), true)?;
            }
        }
        Ok(())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What is left is removed by the next one.
        let _ = gone(&self.dir);
    }
}

fn gone(dir: &Path) -> Outcome {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Fault::io(dir, &error)),
        _ => Ok(()),
    }
}

fn unwritable(folder: &Path, error: &std::io::Error) -> Fault {
    let shown = folder.display();
    Fault::System(Text::new(
        format!(
            "không ghi được vào {shown}: {error}. Hãy chạy lệnh này bằng tài khoản mà hệ thống chạy (ví dụ: runuser -u giaouoc -- giaouoc …)"
        ),
        format!(
            "cannot write to {shown}: {error}. Run this as the user that the service runs as (for example: runuser -u giaouoc -- giaouoc …)"
        ),
    ))
}

/// What is made in the folder by somebody else than its owner, the service could not write to any more.
fn owned(folder: &Path) -> Outcome {
    let mine = tempfile::Builder::new().prefix(".backup-").tempfile_in(folder);
    let mine = mine.map_err(|error| unwritable(folder, &error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let owner =
            |path: &Path| fs::metadata(path).map(|meta| meta.uid()).map_err(|error| Fault::io(path, &error));
        if owner(mine.path())? != owner(folder)? {
            return Err(unwritable(folder, &std::io::ErrorKind::PermissionDenied.into()));
        }
    }
    drop(mine);
    Ok(())
}

/// Gives a file a second name, or copies it where it may still change or the file system has no second names.
fn second_name(path: &Path, target: &Path, copied: bool) -> Outcome {
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent).map_err(|error| Fault::io(parent, &error))?;
    }
    let done = if copied { fs::copy(path, target).map(drop) } else { fs::hard_link(path, target) };
    match done {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !path.exists() => Ok(()),
        Err(_) if !copied => fs::copy(path, target).map(drop).map_err(|error| Fault::io(path, &error)),
        Err(error) => Err(Fault::io(path, &error)),
    }
}

/// Every file below a folder, with its path within; hidden ones and those under way are nobody's.
fn each(root: &Path, told: &mut dyn FnMut(&Path, &Path) -> Outcome) -> Outcome {
    fn walk(root: &Path, dir: &Path, told: &mut dyn FnMut(&Path, &Path) -> Outcome) -> Outcome {
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Fault::io(dir, &error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| Fault::io(dir, &error))?;
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if path.is_dir() {
                walk(root, &path, told)?;
            } else if let Ok(inside) = path.strip_prefix(root) {
                told(&path, inside)?;
            }
        }
        Ok(())
    }
    walk(root, root, told)
}

/// Nobody commits to this journal and nobody merges its files until this is dropped.
#[derive(Debug)]
pub struct Still {
    _commits: Lock,
    _merges: File,
}

/// Holds the journal of a bundle still; nothing where it has none.
///
/// # Errors
/// When it cannot be locked, or is being merged for too long.
pub fn hold(bundle: &Path) -> Outcome<Option<Still>> {
    let disk = Disk::new(bundle.join("journal"));
    if !disk.exists() {
        return Ok(None);
    }
    let path = disk.path("lock.tidy");
    let merges = File::options().create(true).truncate(false).write(true).open(&path);
    let merges = merges.map_err(|error| unwritable(bundle, &error))?;
    for _ in 0..TRIES {
        // In this order, and without waiting for the second: whoever merges must not wait for us while we wait for them.
        let commits = Lock::acquire(&disk).map_err(|error| fault(&error))?;
        match merges.try_lock() {
            Ok(()) => return Ok(Some(Still { _commits: commits, _merges: merges })),
            Err(TryLockError::WouldBlock) => drop(commits),
            Err(TryLockError::Error(error)) => return Err(Fault::io(&path, &error)),
        }
        std::thread::sleep(NAP);
    }
    Err(Fault::System(Text::new(
        format!("{}: sổ đang được gộp quá lâu; hãy thử lại sau", bundle.display()),
        format!("{}: the journal is being merged for too long; try again later", bundle.display()),
    )))
}
