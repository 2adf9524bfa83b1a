//! Opening a bundle: a folder, or a `.zip` of one, bounded in size, count and path. The texts come into
//! memory; record files stay where they are and are read when they are measured.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::fault::{Fault, Outcome};

/// Bounds of a bundle; generous for a cluster's year, small enough that a hostile archive ends early.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files in the bundle.
    pub files: usize,
    /// Folders below each other.
    pub depth: usize,
    /// Bytes of one TOML file.
    pub text: u64,
    /// Bytes that an archive may unpack to.
    pub unpacked: u64,
    /// Unpacked over packed size of a large archive member; beyond it is a bomb, not a table.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { files: 10_000, depth: 4, text: 4 << 20, unpacked: 16 << 30, ratio: 400 }
    }
}

/// Members smaller than this may compress as well as they like.
const RATIO_FROM: u64 = 64 << 20;

/// An opened bundle.
#[derive(Debug)]
pub struct Opened {
    /// The folder to read from: the bundle itself, or where the archive was unpacked to.
    pub dir: PathBuf,
    /// Contents of the TOML files by their path inside the bundle (`/` between parts).
    pub texts: BTreeMap<String, Vec<u8>>,
    /// All other files by their path inside the bundle.
    pub others: Vec<String>,
    /// Keeps the unpacked archive until the program ends.
    _unpacked: Option<tempfile::TempDir>,
}

/// Opens a folder within a bundle, with paths within that folder; nothing is in it where there is none.
pub fn below(dir: &Path, limits: Limits) -> Outcome<Opened> {
    let mut opened =
        Opened { dir: dir.to_path_buf(), texts: BTreeMap::new(), others: Vec::new(), _unpacked: None };
    if dir.is_dir() {
        walk(dir, dir, 0, limits, &mut opened)?;
    }
    Ok(opened)
}

/// Opens the bundle at `path`.
pub fn open(path: &Path, limits: Limits) -> Outcome<Opened> {
    let kind = fs::metadata(path).map_err(|error| Fault::io(path, &error))?;
    if kind.is_dir() {
        return read_folder(path, limits, None);
    }
    let mut start = [0u8; 4];
    let mut file = fs::File::open(path).map_err(|error| Fault::io(path, &error))?;
    let got = file.read(&mut start).map_err(|error| Fault::io(path, &error))?;
    if got < 4 || &start != b"PK\x03\x04" {
        return Err(Fault::input(
            format!("{} không phải là thư mục gói dữ liệu, cũng không phải tệp .zip của nó", path.display()),
            format!("{} is neither a bundle folder nor a .zip of one", path.display()),
        ));
    }
    let unpacked = tempfile::Builder::new()
        .prefix("giaouoc-")
        .tempdir()
        .map_err(|error| Fault::io(&std::env::temp_dir(), &error))?;
    unpack(path, unpacked.path(), limits)?;
    let inner = single_folder(unpacked.path()).unwrap_or_else(|| unpacked.path().to_path_buf());
    read_folder(&inner, limits, Some(unpacked))
}

fn read_folder(dir: &Path, limits: Limits, unpacked: Option<tempfile::TempDir>) -> Outcome<Opened> {
    let mut opened =
        Opened { dir: dir.to_path_buf(), texts: BTreeMap::new(), others: Vec::new(), _unpacked: unpacked };
    walk(dir, dir, 0, limits, &mut opened)?;
    opened.others.sort();
    if !opened.texts.contains_key("cluster.toml") && !opened.texts.contains_key("agreement.toml") {
        return Err(Fault::input(
            format!("{} không phải là gói dữ liệu: không có cluster.toml và agreement.toml", dir.display()),
            format!("{} is not a bundle: it has neither cluster.toml nor agreement.toml", dir.display()),
        ));
    }
    Ok(opened)
}

fn walk(root: &Path, dir: &Path, depth: usize, limits: Limits, opened: &mut Opened) -> Outcome {
    let entries = fs::read_dir(dir).map_err(|error| Fault::io(dir, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Fault::io(dir, &error))?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        // Hidden files and the lock files that office programs leave are not part of a bundle.
        if name.starts_with('.') || name.starts_with("~$") {
            continue;
        }
        let linked = entry.file_type().map_err(|error| Fault::io(&path, &error))?.is_symlink();
        if linked && !stays_inside(root, &path) {
            return Err(Fault::input(
                format!("{} là liên kết ra ngoài gói dữ liệu", path.display()),
                format!("{} is a link that leads out of the bundle", path.display()),
            ));
        }
        let meta = fs::metadata(&path).map_err(|error| Fault::io(&path, &error))?;
        if depth == 0 && meta.is_dir() && (name == "journal" || name == crate::yearbook::FOLDER) {
            // Read elsewhere, and no figure depends on what lies there but by the journal.
            continue;
        }
        if meta.is_dir() {
            if depth + 1 >= limits.depth {
                return Err(Fault::input(
                    format!("{}: thư mục lồng nhau quá {} cấp", path.display(), limits.depth),
                    format!("{}: folders nest deeper than {}", path.display(), limits.depth),
                ));
            }
            walk(root, &path, depth + 1, limits, opened)?;
            continue;
        }
        if opened.texts.len() + opened.others.len() >= limits.files {
            return Err(Fault::input(
                format!("gói dữ liệu có quá {} tệp", limits.files),
                format!("the bundle has more than {} files", limits.files),
            ));
        }
        let inside = inside_path(root, &path);
        if inside.to_ascii_lowercase().ends_with(".toml") {
            if meta.len() > limits.text {
                return Err(Fault::input(
                    format!("{inside} lớn hơn {} MB; đây không phải tệp của gói dữ liệu", limits.text >> 20),
                    format!("{inside} is larger than {} MB; that is no file of a bundle", limits.text >> 20),
                ));
            }
            let bytes = fs::read(&path).map_err(|error| Fault::io(&path, &error))?;
            opened.texts.insert(inside, bytes);
        } else {
            opened.others.push(inside);
        }
    }
    Ok(())
}

fn stays_inside(root: &Path, link: &Path) -> bool {
    match (fs::canonicalize(root), fs::canonicalize(link)) {
        (Ok(root), Ok(target)) => target.starts_with(root),
        _ => false,
    }
}

fn inside_path(root: &Path, path: &Path) -> String {
    let rest = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = rest
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect();
    parts.join("/")
}

/// An archive made by packing the folder itself holds one folder and nothing else.
fn single_folder(dir: &Path) -> Option<PathBuf> {
    let mut entries = fs::read_dir(dir).ok()?;
    let only = entries.next()?.ok()?.path();
    (entries.next().is_none() && only.is_dir()).then_some(only)
}

fn unpack(archive: &Path, into: &Path, limits: Limits) -> Outcome {
    let broken = |error: &dyn std::fmt::Display| {
        Fault::input(
            format!("{} là tệp .zip hỏng: {error}", archive.display()),
            format!("{} is a damaged .zip: {error}", archive.display()),
        )
    };
    let file = fs::File::open(archive).map_err(|error| Fault::io(archive, &error))?;
    let mut zip = zip::ZipArchive::new(io::BufReader::new(file)).map_err(|error| broken(&error))?;
    if zip.len() > limits.files {
        return Err(Fault::input(
            format!("{} có quá {} tệp", archive.display(), limits.files),
            format!("{} has more than {} files", archive.display(), limits.files),
        ));
    }
    let mut left = limits.unpacked;
    for index in 0..zip.len() {
        let mut member = zip.by_index(index).map_err(|error| broken(&error))?;
        let name = member.name().map_err(|error| broken(&error))?.into_owned();
        let Some(relative) = member.enclosed_name().filter(|_| !member.is_symlink()) else {
            return Err(Fault::input(
                format!("{}: đường dẫn “{name}” đi ra ngoài gói dữ liệu", archive.display()),
                format!("{}: the path “{name}” leads out of the bundle", archive.display()),
            ));
        };
        let target = into.join(&relative);
        if member.is_dir() {
            fs::create_dir_all(&target).map_err(|error| Fault::io(&target, &error))?;
            continue;
        }
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(|error| Fault::io(parent, &error))?;
        }
        let allowed = left.min(RATIO_FROM.max(member.compressed_size().saturating_mul(limits.ratio)));
        let mut out = fs::File::create_new(&target).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Fault::input(
                format!("{}: “{name}” có hai lần", archive.display()),
                format!("{}: “{name}” is there twice", archive.display()),
            ),
            _ => Fault::io(&target, &error),
        })?;
        // One byte more than allowed tells a member that is exactly as large from one that is larger.
        let copied =
            io::copy(&mut (&mut member).take(allowed + 1), &mut out).map_err(|error| broken(&error))?;
        if copied > allowed {
            return Err(Fault::input(
                format!(
                    "{}: “{name}” bung ra quá {} MB; tệp nén bất thường nên bị từ chối",
                    archive.display(),
                    allowed.div_ceil(1 << 20)
                ),
                format!(
                    "{}: “{name}” unpacks to more than {} MB; such an archive is refused",
                    archive.display(),
                    allowed.div_ceil(1 << 20)
                ),
            ));
        }
        left -= copied;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn zip_with(members: &[(&str, &[u8])]) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("b.zip");
        let mut zip = zip::ZipWriter::new(fs::File::create(&path).unwrap());
        for (name, bytes) in members {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
        (dir, path)
    }

    #[test]
    fn a_zip_of_a_folder_opens_like_the_folder() {
        let (_dir, path) = zip_with(&[("b/cluster.toml", b"x"), ("b/records/dossier.csv", b"code\n")]);
        let opened = open(&path, Limits::default()).unwrap();
        assert_eq!(opened.texts.keys().collect::<Vec<_>>(), ["cluster.toml"]);
        assert_eq!(opened.others, ["records/dossier.csv"]);
    }

    #[test]
    fn a_path_that_escapes_is_refused() {
        let (_dir, path) = zip_with(&[("../evil.toml", b"x")]);
        let Err(Fault::Input(text)) = open(&path, Limits::default()) else { panic!("accepted") };
        assert!(text.en.contains("leads out of the bundle"), "{text}");
    }

    #[test]
    fn a_bomb_is_refused() {
        let (_dir, path) = zip_with(&[("cluster.toml", b"x"), ("records/dossier.csv", &vec![0; 3 << 20])]);
        let limits = Limits { unpacked: 1 << 20, ..Limits::default() };
        let Err(Fault::Input(text)) = open(&path, limits) else { panic!("accepted") };
        assert!(text.en.contains("unpacks to more than 1 MB"), "{text}");
    }

    #[test]
    fn a_link_out_of_the_folder_is_refused() {
        #[cfg(unix)]
        {
            let dir = tempfile::tempdir().unwrap();
            fs::write(dir.path().join("cluster.toml"), "x").unwrap();
            std::os::unix::fs::symlink("/etc/hostname", dir.path().join("records.csv")).unwrap();
            let Err(Fault::Input(text)) = open(dir.path(), Limits::default()) else { panic!("accepted") };
            assert!(text.en.contains("leads out of the bundle"), "{text}");
        }
    }

    #[test]
    fn what_is_no_bundle_is_named() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(open(dir.path(), Limits::default()).unwrap_err().exit_code(), 2);
        let file = dir.path().join("x.csv");
        fs::write(&file, "a,b").unwrap();
        assert_eq!(open(&file, Limits::default()).unwrap_err().exit_code(), 2);
        assert_eq!(open(&dir.path().join("none"), Limits::default()).unwrap_err().exit_code(), 2);
    }
}
