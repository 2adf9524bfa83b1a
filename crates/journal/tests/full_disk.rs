//! A full disk: what does not fit is not there, and everything acknowledged is. Needs root, for a small file
//! system of its own; elsewhere it says that it was skipped.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/work.rs"]
mod work;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use giaouoc_journal::{Disk, Journal, JournalError};
use work::{Ack, Rng};

/// A file system of 2 MB in memory; gone when dropped.
struct Small(tempfile::TempDir);

impl Small {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs"])
            .arg(folder.path())
            .output();
        mount.is_ok_and(|done| done.status.success()).then(|| Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn what_does_not_fit_on_the_disk_is_not_there_and_the_rest_is() {
    let Some(small) = Small::new() else {
        eprintln!("SKIPPED: the test of a full disk needs root and mount");
        return;
    };
    let disk = Disk::new(small.path().join("journal"));
    let ballast = small.path().join("ballast");
    let mut journal = Journal::open(disk.clone()).expect("empty");
    let mut rng = Rng(5);
    let mut acknowledged: Vec<Ack> = Vec::new();
    let (mut full, mut fitted) = (0, 0);
    for round in 0..40 {
        // So much is left: from nothing to a few pages, and where an entry just fits or just does not.
        fs::write(&ballast, vec![0; 3 << 20]).expect_err("more than there is");
        let taken = fs::metadata(&ballast).expect("there").len();
        let left = 4096 * (round % 20);
        fs::File::options()
            .write(true)
            .open(&ballast)
            .and_then(|file| file.set_len(taken.saturating_sub(left)))
            .expect("cut");
        for _ in 0..4 {
            match work::step(&mut journal, &mut rng, false) {
                Ok(None) => {}
                Ok(Some(ack)) => {
                    fitted += 1;
                    acknowledged.push(ack);
                }
                Err(JournalError::Io { error, .. }) if error.kind() == ErrorKind::StorageFull => full += 1,
                Err(error) => panic!("{error:?}"),
            }
        }
        work::whole(&disk, &acknowledged, 0);
        // With room again it goes on, from the same journal in memory and from a new one.
        fs::remove_file(&ballast).expect("removed");
        if round % 2 == 0 {
            journal = Journal::open(disk.clone()).expect("whole");
        }
        work::upload(&mut journal, &mut rng, false).expect("room");
        acknowledged.push(work::last(&journal));
        work::whole(&disk, &acknowledged, 0);
    }
    println!("a full disk: {full} times refused, {fitted} entries fitted, {} in all", acknowledged.len());
    assert!(full > 15 && fitted > 5, "the disk was full {full} times, {fitted} entries fitted");
    assert_eq!(disk.sweep().expect("swept"), 0, "nothing is left behind by a writer that lives");
}
