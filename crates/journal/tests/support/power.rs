//! What a power cut may leave of what was written.
//!
//! Known to be on the disk is only what was synced: a file's bytes by syncing the file, the names in a folder by
//! syncing the folder. Of everything later each piece may be there or not: a write is there, lost, cut or zeros
//! in a file that has its new length; a name is made, changed or removed, or not, whatever became of others.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use giaouoc_journal::Op;

use crate::work::Rng;

/// A file, whatever its name.
#[derive(Clone, Default)]
struct Body {
    synced: Vec<u8>,
    /// Since then.
    later: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Truncate(u64),
}

#[derive(Clone)]
enum Naming {
    Is(String, usize),
    IsNot(String),
    Moved(String, String, usize),
}

/// A disk that remembers what is certain and what is not.
#[derive(Clone, Default)]
pub struct Power {
    bodies: Vec<Body>,
    /// The names as the running system sees them.
    now: BTreeMap<String, usize>,
    /// The names that are certain.
    synced: BTreeMap<String, usize>,
    /// What was done to names since, by folder, in order.
    later: BTreeMap<String, Vec<Naming>>,
    folders: Vec<String>,
}

fn folder_of(name: &str) -> String {
    name.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned())
}

impl Power {
    /// Something was done.
    pub fn does(&mut self, op: &Op) {
        match op {
            Op::MakeFolder { folder } => self.folders.push(folder.clone()),
            Op::Create { file } => {
                self.bodies.push(Body::default());
                let body = self.bodies.len() - 1;
                self.now.insert(file.clone(), body);
                self.rename(file, Naming::Is(file.clone(), body));
            }
            Op::Write { file, offset, bytes } => self.change(file, Change::Write(*offset, bytes.clone())),
            Op::Truncate { file, length } => self.change(file, Change::Truncate(*length)),
            Op::SyncFile { file } => {
                let body = &mut self.bodies[self.now[file]];
                for change in std::mem::take(&mut body.later) {
                    apply(&mut body.synced, &change, None);
                }
            }
            Op::Rename { from, to } => {
                assert_eq!(folder_of(from), folder_of(to), "files do not wander");
                let body = self.now.remove(from).expect("there");
                self.now.insert(to.clone(), body);
                self.rename(to, Naming::Moved(from.clone(), to.clone(), body));
            }
            Op::Remove { file } => {
                self.now.remove(file).expect("there");
                self.rename(file, Naming::IsNot(file.clone()));
            }
            Op::SyncFolder { folder } => {
                for naming in self.later.remove(folder).unwrap_or_default() {
                    name(&mut self.synced, &naming);
                }
            }
        }
    }

    fn change(&mut self, file: &str, change: Change) {
        self.bodies[self.now[file]].later.push(change);
    }

    fn rename(&mut self, file: &str, naming: Naming) {
        self.later.entry(folder_of(file)).or_default().push(naming);
    }

    /// Puts into a folder what may be found after the power is back.
    pub fn leaves(&self, into: &Path, rng: &mut Rng) {
        let mut names = self.synced.clone();
        for later in self.later.values() {
            // A file system that keeps names in order loses the last ones; others lose any.
            let (in_order, kept) = (rng.below(2) == 0, rng.below(later.len() + 1));
            for (at, naming) in later.iter().enumerate() {
                if if in_order { at < kept } else { rng.below(2) == 0 } {
                    name(&mut names, naming);
                }
            }
        }
        for folder in &self.folders {
            fs::create_dir_all(into.join(folder)).expect("made");
        }
        for (name, body) in names {
            fs::write(into.join(name), self.bodies[body].leaves(rng)).expect("written");
        }
    }
}

fn name(names: &mut BTreeMap<String, usize>, naming: &Naming) {
    match naming {
        Naming::Is(file, body) => drop(names.insert(file.clone(), *body)),
        Naming::IsNot(file) => drop(names.remove(file)),
        Naming::Moved(from, to, body) => {
            names.remove(from);
            names.insert(to.clone(), *body);
        }
    }
}

impl Body {
    fn leaves(&self, rng: &mut Rng) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        for change in &self.later {
            apply(&mut bytes, change, Some(rng));
        }
        bytes
    }
}

/// Does a change, wholly or, by chance, as a power cut leaves it.
fn apply(to: &mut Vec<u8>, change: &Change, rng: Option<&mut Rng>) {
    match change {
        Change::Truncate(length) => {
            if rng.is_none_or(|rng| rng.below(2) == 0) {
                to.truncate(usize::try_from(*length).expect("small"));
            }
        }
        Change::Write(offset, bytes) => {
            let offset = usize::try_from(*offset).expect("small");
            let mut bytes = bytes.clone();
            if let Some(rng) = rng {
                // Whether the file has its new length, and which stretch of the bytes got there.
                match rng.below(5) {
                    0 => return,
                    1 => bytes.truncate(rng.below(bytes.len() + 1)),
                    2 => bytes.fill(0),
                    3 => {
                        // A whole number of sectors at the front or the back.
                        let sector = 512 - offset % 512;
                        let at = (sector + 512 * rng.below(1 + bytes.len() / 512)).min(bytes.len());
                        if rng.below(2) == 0 { bytes[..at].fill(0) } else { bytes[at..].fill(0) }
                    }
                    _ => {}
                }
            }
            if to.len() < offset + bytes.len() {
                to.resize(offset + bytes.len(), 0);
            }
            to[offset..offset + bytes.len()].copy_from_slice(&bytes);
        }
    }
}
