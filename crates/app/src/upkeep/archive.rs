//! The backup's form: a `.zip` whose last member, `manifest.json`, names every other one with its size and SHA-256.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

use giaouoc_journal::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::fault::{Fault, Outcome};

/// The version of the form that is written, and the newest that is read.
pub const FORMAT: u32 = 1;
/// The member that names the others.
const MANIFEST: &str = "manifest.json";
/// A manifest is not larger than this: two million files.
const MANIFEST_MOST: u64 = 512 << 20;
/// Ends of names whose bytes are packed already.
const PACKED: [&str; 4] = [".parquet", ".xlsx", ".zip", ".png"];

/// What a backup holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this form.
    pub format: u32,
    /// The program that made it.
    pub program: String,
    /// When, in UTC.
    pub made_at: String,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// The clusters with their journals.
    pub clusters: Vec<Head>,
    /// Every file.
    pub files: Vec<Member>,
}

/// A cluster's journal as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The cluster's name.
    pub name: String,
    /// How many entries.
    pub entries: u64,
    /// The hash of the last entry; blank without entries.
    pub hash: String,
}

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its path, with `/`.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

/// Copies to a writer and gives size and digest.
fn copied(from: &mut impl Read, to: &mut impl io::Write) -> io::Result<(u64, String)> {
    let (mut hasher, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, hex(&hasher.finalize().into())));
        }
        hasher.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
        bytes += read as u64;
    }
}

/// Size and digest of a file.
///
/// # Errors
/// When it cannot be read.
pub fn digest(path: &Path) -> io::Result<(u64, String)> {
    copied(&mut BufReader::new(File::open(path)?), &mut io::sink())
}

/// All files below a folder, by their path within, sorted.
fn listed(root: &Path) -> Outcome<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| Fault::io(&folder, &error))? {
            let path = entry.map_err(|error| Fault::io(&folder, &error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(inside) = path.strip_prefix(root) {
                let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
                found.insert(parts.join("/"), path);
            }
        }
    }
    Ok(found)
}

/// Packs a folder; gives its files.
///
/// # Errors
/// When something cannot be read or written.
pub fn pack(root: &Path, name: &Path, file: File) -> Outcome<(ZipWriter<BufWriter<File>>, Vec<Member>)> {
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let mut members = Vec::new();
    for (path, from) in listed(root)? {
        let whole = PACKED.iter().any(|end| path.ends_with(end));
        let method = if whole { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let length = fs::metadata(&from).map_err(|error| Fault::io(&from, &error))?.len();
        let options =
            SimpleFileOptions::default().compression_method(method).large_file(length >= u64::from(u32::MAX));
        zip.start_file(path.as_str(), options).map_err(|error| broken(name, &error))?;
        let reading = File::open(&from).map_err(|error| Fault::io(&from, &error))?;
        let done = copied(&mut BufReader::new(reading), &mut zip);
        let (bytes, sha256) = done.map_err(|error| Fault::io(name, &error))?;
        members.push(Member { path, bytes, sha256 });
    }
    Ok((zip, members))
}

/// Writes the manifest as the last member, and everything to the disk.
///
/// # Errors
/// When it cannot be written.
pub fn seal(mut zip: ZipWriter<BufWriter<File>>, manifest: &Manifest, name: &Path) -> Outcome {
    let text = serde_json::to_vec_pretty(manifest).map_err(|error| broken(name, &error))?;
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file(MANIFEST, options).map_err(|error| broken(name, &error))?;
    zip.write_all(&text).map_err(|error| Fault::io(name, &error))?;
    finish(zip, name)
}

/// Ends an archive that has no manifest.
///
/// # Errors
/// When it cannot be written.
pub fn finish(zip: ZipWriter<BufWriter<File>>, name: &Path) -> Outcome {
    let written = zip.finish().map_err(|error| broken(name, &error))?;
    let file = written.into_inner().map_err(|error| Fault::io(name, error.error()))?;
    file.sync_all().map_err(|error| Fault::io(name, &error))
}

fn broken(name: &Path, error: &dyn std::fmt::Display) -> Fault {
    Fault::input(
        format!("{} không phải bản sao lưu nguyên vẹn: {error}", name.display()),
        format!("{} is not a whole backup: {error}", name.display()),
    )
}

/// A backup that is being read.
#[derive(Debug)]
pub struct Backup {
    zip: ZipArchive<BufReader<File>>,
    name: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
}

impl Backup {
    /// Opens a backup; `name` is what it is called when something is wrong with it.
    ///
    /// # Errors
    /// When it is no backup, or a newer program's.
    pub fn open(file: File, name: &Path) -> Outcome<Self> {
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|error| broken(name, &error))?;
        let mut text = Vec::new();
        let member = zip.by_name(MANIFEST).map_err(|error| broken(name, &error))?;
        member.take(MANIFEST_MOST).read_to_end(&mut text).map_err(|error| broken(name, &error))?;
        let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| broken(name, &error))?;
        if manifest.format > FORMAT {
            return Err(Fault::input(
                format!(
                    "{}: bản sao lưu do bản mới hơn của chương trình tạo ({}); hãy cài bản đó",
                    name.display(),
                    manifest.program
                ),
                format!(
                    "{}: the backup was made by a newer version of the program ({}); install that one",
                    name.display(),
                    manifest.program
                ),
            ));
        }
        Ok(Self { zip, name: name.to_path_buf(), manifest })
    }

    /// Reads every file through and holds it against the manifest; `to` says where a file is written.
    ///
    /// # Errors
    /// When a file is missing, is another one, or lies outside of the folder; or the disk fails.
    pub fn each(&mut self, mut to: impl FnMut(&str) -> Outcome<Box<dyn io::Write>>) -> Outcome<()> {
        let members = self.manifest.files.len() + 1;
        if self.zip.len() != members {
            let said = format!("{} ≠ {members}", self.zip.len());
            return Err(broken(&self.name, &said));
        }
        for expected in &self.manifest.files {
            let path = &expected.path;
            let mut member =
                self.zip.by_name(path).map_err(|error| broken(&self.name, &format!("{path}: {error}")))?;
            if !is_inside(path) || member.is_symlink() {
                return Err(broken(&self.name, &format!("{path}: ../")));
            }
            let mut out = to(path)?;
            // One byte more than there should be tells a longer file.
            let mut bounded = (&mut member).take(expected.bytes + 1);
            let done = copied(&mut bounded, &mut out).and_then(|done| out.flush().map(|()| done));
            let (bytes, sha256) = done.map_err(|error| match error.kind() {
                io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::Other => {
                    broken(&self.name, &format!("{path}: {error}"))
                }
                _ => Fault::io(Path::new(path), &error),
            })?;
            if (bytes, &sha256) != (expected.bytes, &expected.sha256) {
                return Err(broken(&self.name, &format!("{path}: SHA-256 {sha256} ≠ {}", expected.sha256)));
            }
        }
        Ok(())
    }
}

/// Whether a path stays within the folder that it is unpacked into.
fn is_inside(path: &str) -> bool {
    !path.contains('\\')
        && !path.contains(':')
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_folder_are_known() {
        for path in ["../a", "/a", "a/../b", "a//b", "a\\b", "c:a", "."] {
            assert!(!is_inside(path), "{path}");
        }
        assert!(is_inside("clusters/a/journal/rows/0.parquet"));
    }

    #[test]
    fn what_was_packed_is_verified_and_a_changed_byte_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("in");
        fs::create_dir_all(root.join("b")).unwrap();
        fs::write(root.join("a.parquet"), vec![7; 1000]).unwrap();
        fs::write(root.join("b/c"), "chữ").unwrap();
        let path = dir.path().join("x.zip");
        let (zip, files) = pack(&root, &path, File::create(&path).unwrap()).unwrap();
        assert_eq!(files.len(), 2);
        seal(zip, &Manifest { format: FORMAT, files, ..Manifest::default() }, &path).unwrap();
        let mut backup = Backup::open(File::open(&path).unwrap(), &path).unwrap();
        backup.each(|_| Ok(Box::new(io::sink()))).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        let at = bytes.windows(10).position(|found| found == [7; 10]).unwrap();
        bytes[at + 5] = 8;
        fs::write(&path, bytes).unwrap();
        let mut backup = Backup::open(File::open(&path).unwrap(), &path).unwrap();
        let wrong = backup.each(|_| Ok(Box::new(io::sink()))).unwrap_err();
        assert_eq!(wrong.exit_code(), 2, "{wrong:?}");
    }
}
