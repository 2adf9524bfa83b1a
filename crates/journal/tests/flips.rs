//! Bytes that flip: whatever a file of rows has become, looking at it ends, and says so or finds it right.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/harm.rs"]
#[allow(dead_code, reason = "each test file uses a part of it")]
mod harm;
#[path = "support/work.rs"]
mod work;

use std::fs;

use giaouoc_journal::Journal;
use harm::{journal, look};
use work::{Rng, plan};

/// Everything else that reads rows; what it says counts for nothing here.
fn read(journal: &Journal) {
    let head = journal.head();
    let _ = journal.net(plan(), head);
    let _ = journal.each_net(plan(), head, &(0..plan().columns.len()).collect(), &mut |_, _| Ok(()));
    let _ = journal.live_of(plan(), &["A", "B", "C", "D", "X"]);
    let _ = journal.versions(plan(), "B", head);
    let _ = journal.view("plan", head);
}

#[test]
fn no_byte_of_a_row_file_brings_the_program_down() {
    // What is caught is not told either, as in the program.
    giaouoc_intake::silence_guarded_panics();
    let mut rng = Rng(7);
    let (_folder, journal) = journal();
    let names = ["rows", "base"].map(|folder| {
        let names = journal.disk().list(folder).expect("read");
        names.into_iter().map(|name| format!("{folder}/{name}")).collect::<Vec<_>>()
    });
    let (mut damaged, mut flips) = (0, 0);
    for name in names.concat() {
        let path = journal.disk().path(&name);
        let bytes = fs::read(&path).expect("there");
        for at in (0..bytes.len()).filter(|_| rng.below(8) == 0).collect::<Vec<_>>() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << rng.below(8);
            fs::write(&path, &flipped).expect("written");
            let fresh = Journal::open(giaouoc_journal::Disk::new(journal.disk().root())).expect("whole");
            let checked = look(fresh.disk());
            read(&fresh);
            damaged += usize::from(!checked.is_right());
            flips += 1;
        }
        fs::write(&path, &bytes).expect("written");
    }
    assert_eq!(look(journal.disk()).findings, []);
    assert!(flips > 500 && damaged > flips / 2, "{damaged} of {flips}");
}
