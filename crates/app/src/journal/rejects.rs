//! Files of rejected rows: where they go, and under which names.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fault::{Fault, Outcome};
use crate::interrupt::{Temporary, sweep};

/// A file of rejects under a temporary name, and the name it will get: nothing is ever overwritten.
pub fn rejects_file(path: &Path) -> Outcome<(Temporary, PathBuf)> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| Fault::io(folder, &error))?;
    // Rejected rows have personal values as well: what a killed program left goes.
    sweep(folder, LEFT);
    let file = Temporary::swept(folder, LEFT)?;
    Ok((file, unused(path)))
}

/// How files of rejected rows are called while they are written.
const LEFT: &str = ".tmp-rejects-";

/// Removes what programs that were killed have left beside the records of a bundle, and says how many files.
pub fn sweep_beside(bundle: &Path) -> usize {
    sweep(&bundle.join("records"), LEFT)
}

/// The path itself, or with a number before its ending when it is taken.
fn unused(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (stem, ending) = match name.strip_suffix(".rejects.csv") {
        Some(stem) => (stem.to_owned(), ".rejects.csv".to_owned()),
        None => match name.rsplit_once('.') {
            Some((stem, ending)) => (stem.to_owned(), format!(".{ending}")),
            None => (name.clone(), String::new()),
        },
    };
    let mut free = path.to_path_buf();
    let mut number = 2;
    while free.exists() {
        free.set_file_name(format!("{stem}-{number}{ending}"));
        number += 1;
    }
    free
}

/// Where the rejected rows of a file go by default: beside the bundle's records.
pub fn rejects_beside(bundle: &Path, kind: &str, file: &Path) -> PathBuf {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let stem: String =
        stem.chars().map(|character| if character.is_alphanumeric() { character } else { '-' }).collect();
    bundle.join("records").join(format!("{kind}-{stem}.rejects.csv"))
}

/// Whether `check` will find a file of rejects: it lies where they go by default, under such a name.
pub fn is_beside(bundle: &Path, kind: &str, file: &Path, rejects: &Path) -> bool {
    let usual = rejects_beside(bundle, kind, file);
    let folder = |path: &Path| path.parent().and_then(|folder| folder.canonicalize().ok());
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    folder(rejects) == folder(&usual)
        && matches!((name(rejects), name(&usual)), (Some(name), Some(usual)) if numbered(&name, &usual))
}

/// Whether a path is another one, or that with a number before its ending.
pub fn numbered(path: &str, base: &str) -> bool {
    let stem = |path: &str| path.strip_suffix(".rejects.csv").map(str::to_owned);
    let (Some(path), Some(base)) = (stem(path), stem(base)) else { return false };
    match path.strip_prefix(&base) {
        Some("") => true,
        Some(more) => {
            let digits = more.strip_prefix('-').unwrap_or_default();
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn names_never_collide() {
        let dir = tempfile::tempdir().unwrap();
        let first = rejects_beside(dir.path(), "dossier", Path::new("Hồ sơ tháng 3.xlsx"));
        assert_eq!(first.file_name().unwrap().to_str().unwrap(), "dossier-Hồ-sơ-tháng-3.rejects.csv");
        fs::create_dir_all(first.parent().unwrap()).unwrap();
        File::create(&first).unwrap();
        assert!(unused(&first).to_string_lossy().ends_with("-3-2.rejects.csv"));
        let named = dir.path().join("r.csv");
        File::create(&named).unwrap();
        assert!(unused(&named).ends_with("r-2.csv"));
    }

    #[test]
    #[cfg(unix)]
    fn what_a_killed_program_left_goes_and_what_is_being_written_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("records/x.rejects.csv");
        let (writing, _) = rejects_file(&path).unwrap();
        let left = dir.path().join("records/.tmp-rejects-abc");
        fs::write(&left, "A-1,0912345678").unwrap();
        let (more, _) = rejects_file(&path).unwrap();
        assert!(!left.exists() && writing.path().exists() && more.path().exists());
        fs::write(&left, "A-1,0912345678").unwrap();
        assert_eq!((sweep_beside(dir.path()), left.exists()), (1, false));
        assert!(writing.path().exists() && more.path().exists());
    }

    #[test]
    fn a_file_of_rejects_is_known_by_its_name() {
        let base = "records/dossier-may.rejects.csv";
        assert!(numbered(base, base));
        assert!(numbered("records/dossier-may-2.rejects.csv", base));
        assert!(!numbered("records/dossier-may-x.rejects.csv", base));
        assert!(!numbered("records/dossier-maybe.rejects.csv", base));
        assert!(!numbered("records/dossier.rejects.csv", base));
        assert!(!numbered("records/dossier-may.csv", base));
    }

    #[test]
    fn only_the_usual_place_is_seen_by_a_check() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("records")).unwrap();
        let is =
            |rejects: &str| is_beside(dir.path(), "dossier", Path::new("may.csv"), &dir.path().join(rejects));
        assert!(is("records/dossier-may.rejects.csv") && is("records/dossier-may-2.rejects.csv"));
        assert!(!is("dossier-may.rejects.csv") && !is("records/r.csv") && !is("absent/x.rejects.csv"));
    }
}
