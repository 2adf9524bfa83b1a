//! `--out FILE`: a result as a file, which is there whole or not at all.

use std::io::Write;
use std::path::Path;

use crate::fault::{Fault, Outcome};
use crate::interrupt::Temporary;

/// A file that is being written and has no name yet.
pub struct File<'a> {
    path: &'a Path,
    temporary: Temporary,
}

impl<'a> File<'a> {
    /// A new file; one that is there already is never written over.
    ///
    /// # Errors
    /// When the name is taken or the folder cannot be written to.
    pub fn new(path: &'a Path) -> Outcome<Self> {
        if path.exists() {
            return Err(Fault::input(
                format!("{} đã có; hãy chọn tên khác", path.display()),
                format!("{} exists already; choose another name", path.display()),
            ));
        }
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        if !folder.is_dir() {
            std::fs::create_dir_all(folder).map_err(|error| Fault::io(folder, &error))?;
        }
        Ok(Self { path, temporary: Temporary::new(folder)? })
    }

    /// Where to write to.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn writer(&self) -> Outcome<std::fs::File> {
        self.temporary.reopen()
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// When the name was taken meanwhile.
    pub fn finish(self) -> Outcome {
        self.temporary.persist(self.path)
    }
}

/// Writes a file.
///
/// # Errors
/// When it is there already or cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Outcome {
    let file = File::new(path)?;
    let mut writer = file.writer()?;
    let written = writer.write_all(bytes).and_then(|()| writer.sync_all());
    written.map_err(|error| Fault::io(path, &error))?;
    file.finish()
}
