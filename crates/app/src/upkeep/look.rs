//! The journals of an installation, looked through: what `fsck` finds in each.

use std::path::Path;

use giaouoc_agreement::kinds;
use giaouoc_agreement::text::Text;
use giaouoc_journal::{Disk, Entries, Weight, hex};

use super::archive::Head;
use crate::fault::Outcome;
use crate::journal::fault;
use crate::progress::Progress;

/// What was found in a journal.
#[derive(Debug, Default)]
pub struct Looked {
    /// What was accepted and is not as it was.
    pub damage: Vec<Text>,
    /// What was derived from it and is wrong: figures are read from it.
    pub derived: Vec<Text>,
    /// What is only in the way.
    pub notes: Vec<Text>,
}

/// Looks through the journal of a bundle.
///
/// # Errors
/// When its folder cannot be read.
pub fn journal(bundle: &Path, progress: &Progress) -> Outcome<Looked> {
    let disk = Disk::new(bundle.join("journal"));
    let mut looked = Looked::default();
    if !disk.exists() {
        return Ok(looked);
    }
    let checked = giaouoc_journal::fsck(&disk, kinds::builtin(), &mut |rows| progress.seen(rows));
    progress.clear();
    for finding in checked.map_err(|error| fault(&error))?.findings {
        match finding.weight {
            Weight::Damage => looked.damage.push(finding.text),
            Weight::Derived => looked.derived.push(finding.text),
            _ => looked.notes.push(finding.text),
        }
    }
    Ok(looked)
}

/// How many entries a bundle's journal has, and the hash of the last.
///
/// # Errors
/// When it cannot be read.
pub fn head(bundle: &Path, name: &str) -> Outcome<Head> {
    let disk = Disk::new(bundle.join("journal"));
    if !disk.exists() {
        return Ok(Head { name: name.to_owned(), ..Head::default() });
    }
    // What is damaged is named by who looks through it; the head is of the lines that hold.
    let (entries, _) = Entries::survey(&disk).map_err(|error| fault(&error))?;
    let hash = entries.iter().next_back().map(|entry| hex(&entry.hash)).unwrap_or_default();
    Ok(Head { name: name.to_owned(), entries: entries.head(), hash })
}
