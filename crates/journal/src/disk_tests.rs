//! Files that are wholly there or not at all.

use std::fs;
use std::io::{BufWriter, Write};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use super::*;
use crate::lock::Lock;

#[derive(Default)]
struct Seen {
    points: Mutex<Vec<String>>,
    ops: Mutex<Vec<Op>>,
}

impl Hooks for Seen {
    fn point(&self, name: &str) {
        self.points.lock().expect("not poisoned").push(name.into());
    }

    fn did(&self, op: Op) {
        self.ops.lock().expect("not poisoned").push(op);
    }
}

fn disk() -> (TempDir, Disk, Arc<Seen>) {
    let folder = tempfile::tempdir().expect("a folder");
    let seen = Arc::new(Seen::default());
    let disk = Disk::with_hooks(folder.path().join("journal"), Arc::<Seen>::clone(&seen));
    assert!(!disk.exists());
    assert!(disk.list("rows").expect("none").is_empty());
    disk.create_folders().expect("made");
    disk.create_folders().expect("there already");
    assert!(disk.exists());
    seen.ops.lock().expect("not poisoned").clear();
    (folder, disk, seen)
}

#[test]
fn a_file_gets_its_name_after_its_bytes_are_durable() {
    let (_folder, disk, seen) = disk();
    let mut out = BufWriter::new(disk.temporary("rows").expect("made"));
    out.write_all(b"one ").expect("written");
    out.flush().expect("written");
    out.write_all(b"two").expect("written");
    let temporary = out.into_inner().expect("written");
    assert_eq!(temporary.length(), 7);
    assert_eq!(disk.list("rows").expect("read"), Vec::<String>::new(), "nothing is there yet");
    let name = temporary.name.clone();
    fs::write(disk.path("rows/00000000.parquet"), "an orphan").expect("written");
    disk.place(temporary, "rows/00000000.parquet").expect("placed");
    assert_eq!(fs::read(disk.path("rows/00000000.parquet")).expect("there"), b"one two");
    assert_eq!(disk.list("rows").expect("read"), ["00000000.parquet"]);
    assert_eq!(*seen.points.lock().expect("whole"), [points::WRITTEN, points::SYNCED, points::RENAMED]);
    let write = |offset, bytes: &[u8]| Op::Write { file: name.clone(), offset, bytes: bytes.into() };
    assert_eq!(
        *seen.ops.lock().expect("whole"),
        [
            Op::Create { file: name.clone() },
            write(0, b"one "),
            write(4, b"two"),
            Op::SyncFile { file: name.clone() },
            Op::Rename { from: name.clone(), to: "rows/00000000.parquet".into() },
            Op::SyncFolder { folder: "rows".into() },
        ]
    );
    disk.remove("rows/00000000.parquet").expect("removed");
    disk.remove("rows/00000000.parquet").expect("gone already");
    assert!(disk.list("rows").expect("read").is_empty());
}

#[test]
fn what_is_not_placed_is_removed_and_what_a_killed_run_left_is_swept() {
    let (_folder, disk, _) = disk();
    let mut dropped = disk.temporary("rows").expect("made");
    dropped.write_all(b"x").expect("written");
    let path = dropped.path().to_owned();
    drop(dropped);
    assert!(!path.exists());
    let alive = disk.temporary("index").expect("made");
    for name in ["rows/.tmp-1-0", "base/.tmp-1-0", ".tmp-999999-5"] {
        fs::write(disk.path(name), "left").expect("written");
    }
    fs::write(disk.path("rows/00000000.parquet"), "kept").expect("written");
    assert_eq!(disk.sweep().expect("swept"), 3);
    assert_eq!(disk.sweep().expect("swept"), 0);
    assert!(alive.path().exists(), "its writer is there");
    assert_eq!(disk.list("rows").expect("read"), ["00000000.parquet"]);
}

/// Names that another run with our process number left are stepped over.
#[test]
fn a_name_that_is_taken_is_not_taken_again() {
    let (_folder, disk, _) = disk();
    fs::write(disk.path(&format!("rows/.tmp-{}-0", std::process::id())), "left").expect("written");
    let temporary = disk.temporary("rows").expect("made");
    assert!(temporary.path().ends_with(format!(".tmp-{}-1", std::process::id())));
    let other = Disk::new(disk.root());
    assert_ne!(other.temporary("rows").expect("made").path(), temporary.path());
}

#[test]
fn lines_go_behind_the_whole_ones_and_a_torn_end_goes_first() {
    let (_folder, disk, seen) = disk();
    disk.append("lines", 0, b"one\n").expect("appended");
    let cut = |op: &Op| matches!(op, Op::Truncate { .. });
    assert!(!seen.ops.lock().expect("whole").iter().any(cut), "there is nothing behind the whole lines");
    fs::write(disk.path("lines"), "one\ntorn").expect("written");
    seen.ops.lock().expect("whole").clear();
    disk.append("lines", 4, b"two\n").expect("appended");
    let sync = || Op::SyncFile { file: "lines".into() };
    assert_eq!(
        *seen.ops.lock().expect("whole"),
        [
            Op::Truncate { file: "lines".into(), length: 4 },
            sync(),
            Op::Write { file: "lines".into(), offset: 4, bytes: b"two\n".into() },
            sync(),
        ]
    );
    assert_eq!(fs::read(disk.path("lines")).expect("there"), b"one\ntwo\n");
    assert_eq!(disk.read_from("lines", 4, 3).expect("read"), b"two");
    assert_eq!(disk.read_from("absent", 0, 3).expect("read"), b"");
    assert!(matches!(disk.append("lines", 9, b"x"), Err(JournalError::Damaged { .. })));
    assert_eq!(disk.length("lines").expect("there"), 8, "nothing was written");
}

#[test]
fn the_lock_is_held_by_one_and_settles_what_a_killed_run_wrote() {
    let (_folder, disk, seen) = disk();
    fs::write(disk.path("entries.ndjson"), "").expect("written");
    let lock = Lock::acquire(&disk).expect("free");
    assert!(Lock::try_acquire(&Disk::new(disk.root())).expect("asked").is_none());
    let settled = [Op::SyncFile { file: "entries.ndjson".into() }, Op::SyncFolder { folder: String::new() }];
    assert_eq!(*seen.ops.lock().expect("whole"), settled);
    drop(lock);
    assert!(Lock::try_acquire(&disk).expect("asked").is_some());
}

/// What is in the way, and is neither a folder that is there nor a file that is missing, is an error.
#[test]
fn a_file_in_the_way_is_said() {
    let (_folder, disk, _) = disk();
    fs::remove_dir(disk.path("rows")).expect("empty");
    fs::write(disk.path("rows"), "a file").expect("written");
    assert!(matches!(disk.create_folders(), Err(JournalError::Io { .. })));
    let refused = [
        disk.read_from("rows/x", 0, 3).map(drop),
        disk.length("rows/x").map(drop),
        disk.settle("rows/x"),
        disk.remove("rows/x"),
        disk.list("rows").map(drop),
        disk.temporary("rows").map(drop),
    ];
    for (at, result) in refused.into_iter().enumerate() {
        assert!(matches!(result, Err(JournalError::Io { .. })), "{at}: not the same as absent");
    }
    assert!(matches!(disk.remove("texts"), Err(JournalError::Io { .. })), "a folder is no file");
}

#[test]
fn a_folder_is_synced_once_for_all_that_was_removed_from_it() {
    let (_folder, disk, seen) = disk();
    let names = ["rows/a", "texts/b", "rows/c"];
    names.iter().for_each(|name| fs::write(disk.path(name), "x").expect("written"));
    disk.remove_all(names.into_iter().chain(["index/absent"])).expect("removed");
    let removed = names.map(|name| Op::Remove { file: name.into() });
    let synced = ["rows", "texts"].map(|name| Op::SyncFolder { folder: name.into() });
    assert_eq!(*seen.ops.lock().expect("whole"), [&removed[..], &synced[..]].concat());
}

/// Only Unix has a way to ask for it.
#[test]
#[cfg(unix)]
fn names_in_a_folder_that_is_not_there_are_not_durable() {
    let (_folder, disk, _) = disk();
    assert!(matches!(sync_folder(&disk.path("absent")), Err(JournalError::Io { .. })));
}

/// What was read of a file is for every copy of the disk, and is of that file: not of another that was given its name,
/// though it be as long and as old.
#[test]
fn what_is_kept_of_a_file_goes_with_the_file() {
    let (_folder, disk, _) = disk();
    assert!(std::ptr::eq(disk.footers(), disk.clone().footers()));
    let then = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
    let old = |name: &str| {
        let file = File::options().write(true).open(disk.path(name)).expect("there");
        file.set_modified(then).expect("dated");
    };
    let path = disk.path("index/x");
    let write = |name: &str| {
        crate::index::write_run(&[], File::create(disk.path(name)).expect("made")).expect("written");
        old(name);
    };
    let open = |disk: &Disk| disk.runs().of(&path, || Run::open((path.clone(), None))).expect("whole");
    write("index/x");
    let first = open(&disk);
    assert!(Arc::ptr_eq(&first, &open(&disk.clone())), "read once");
    let mut temporary = disk.temporary("index").expect("made");
    temporary.write_all(&fs::read(&path).expect("there")).expect("written");
    old(&temporary.name);
    disk.place(temporary, "index/x").expect("placed");
    let placed = open(&disk);
    assert!(!Arc::ptr_eq(&first, &placed), "another file has the name");
    write("index/y");
    disk.rename("index/y", "index/x").expect("renamed");
    let renamed = open(&disk);
    assert!(!Arc::ptr_eq(&placed, &renamed), "another file has the name");
    disk.remove("index/x").expect("removed");
    write("index/x");
    assert!(!Arc::ptr_eq(&renamed, &open(&disk)), "another file has the name");
}

#[test]
fn a_disk_is_shown_by_its_folder() {
    assert_eq!(format!("{:?}", Disk::new("a")), "Disk { root: \"a\", .. }");
}

/// Takes away each file just after it was made, as a sweep may that comes before its lock, up to three times.
struct Sweep(PathBuf, AtomicU64);

impl Hooks for Sweep {
    fn point(&self, _: &str) {}

    fn did(&self, op: Op) {
        if let Op::Create { file } = op
            && self.1.fetch_add(1, Ordering::Relaxed) < 3
        {
            fs::remove_file(self.0.join(file)).expect("there");
        }
    }
}

#[test]
fn a_file_that_a_sweep_took_away_is_made_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("journal");
    let disk = Disk::with_hooks(&root, Arc::new(Sweep(root.clone(), AtomicU64::new(0))));
    disk.create_folders().expect("made");
    let temporary = disk.temporary("rows").expect("made");
    assert!(temporary.path().ends_with(format!(".tmp-{}-3", std::process::id())));
    disk.place(temporary, "rows/00000000.parquet").expect("it is there to be placed");
}
