//! The power is cut after any step: what was synced is there, of the rest anything. The journal is whole, and
//! everything acknowledged is in it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/power.rs"]
mod power;
#[path = "support/work.rs"]
mod work;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use giaouoc_journal::{Disk, Hooks, Journal, JournalError, Op, points};
use power::Power;
use work::{Ack, Rng};

/// What happened, in order.
#[derive(Clone, Debug)]
enum Event {
    Done(Op),
    /// Somebody was told that an entry is there.
    Acknowledged(Ack),
}

/// Writes down what happens, and ends a run at some points.
struct Recorder {
    events: Mutex<Vec<Event>>,
    chance: Mutex<Rng>,
}

/// The process was killed; the system, which goes on, still holds what it wrote.
struct Killed;

impl Hooks for Recorder {
    fn point(&self, name: &str) {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        let bound = match name {
            points::APPENDED => 6,
            points::ERASURE_LISTED | points::ERASURE_BEGUN | points::ERASURE_UNDER_WAY => 4,
            _ => 80,
        };
        if chance.below(bound) == 0 {
            drop(chance);
            resume_unwind(Box::new(Killed));
        }
    }

    fn did(&self, op: Op) {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push(Event::Done(op));
    }
}

/// What a journal at work did, killed and opened again now and then.
fn recorded(seed: u64, steps: usize) -> Vec<Event> {
    let folder = work::folder();
    let recorder = Arc::new(Recorder { events: Mutex::default(), chance: Mutex::new(Rng(seed ^ 0xabcd)) });
    let disk = || Disk::with_hooks(folder.path().join("journal"), Arc::<Recorder>::clone(&recorder));
    let mut rng = Rng(seed);
    let mut journal = Journal::open(disk()).expect("empty");
    for step in 0..steps {
        let done = catch_unwind(AssertUnwindSafe(|| match step % 6 {
            // Erasures are rare among all that can be done, and have the most steps.
            4 => {
                journal.refresh()?;
                let made = work::people::upload(&mut journal, &mut rng)?;
                Ok(made.then(|| work::last(&journal)))
            }
            5 => {
                let made = work::people::erase(&mut journal, &mut rng)?;
                Ok(made.then(|| work::last(&journal)))
            }
            _ => work::step(&mut journal, &mut rng, false),
        }));
        match done {
            Ok(done) => {
                let done: Result<Option<Ack>, JournalError> = done;
                if let Some(ack) = done.expect("done") {
                    recorder.events.lock().expect("whole").push(Event::Acknowledged(ack));
                }
            }
            Err(why) if why.is::<Killed>() => journal = Journal::open(disk()).expect("whole"),
            Err(why) => resume_unwind(why),
        }
    }
    let events = recorder.events.lock().expect("whole");
    events.clone()
}

#[test]
fn after_a_power_cut_everything_acknowledged_is_there() {
    let (mut cuts, mut acknowledgements, mut erasures) = (0_u64, 0, 0);
    for seed in 0..8 {
        let events = recorded(seed, 20);
        let mut rng = Rng(seed + 100);
        let mut disk = Power::default();
        let mut acknowledged: Vec<Ack> = Vec::new();
        for (at, event) in events.iter().enumerate() {
            match event {
                Event::Done(op) => {
                    disk.does(op);
                    erasures +=
                        u64::from(matches!(op, Op::Rename { to, .. } if to.ends_with(".erased.parquet")));
                }
                Event::Acknowledged(ack) => acknowledged.push(ack.clone()),
            }
            for _ in 0..2 {
                let folder = work::folder();
                let root = folder.path().join("journal");
                std::fs::create_dir(&root).expect("made");
                disk.leaves(&root, &mut rng);
                let left = Disk::new(root);
                // Entries that were whole when a process was killed were never acknowledged, and may be there.
                let context = format!("seed {seed}, after event {at}");
                let run = catch_unwind(AssertUnwindSafe(|| {
                    work::whole(&left, &acknowledged, u64::MAX - 1_000);
                    if rng.below(20) == 0 {
                        // And it goes on.
                        let mut journal = Journal::open(left.clone()).expect("whole");
                        work::upload(&mut journal, &mut rng, false).expect("goes on");
                        acknowledged_also(&left, &acknowledged, &journal);
                    }
                }));
                run.unwrap_or_else(|why| {
                    println!("{context}");
                    resume_unwind(why)
                });
                cuts += 1;
            }
        }
        acknowledgements += acknowledged.len();
        assert!(events.len() > 100, "hardly anything happened");
    }
    println!("{cuts} power cuts, {acknowledgements} entries acknowledged, {erasures} erasures done");
    assert!(acknowledgements > 30 && erasures > 3);
}

/// An upload after the power cut is there as well.
fn acknowledged_also(left: &Disk, acknowledged: &[Ack], journal: &Journal) {
    let mut all = acknowledged.to_vec();
    all.push(work::last(journal));
    work::whole(left, &all, u64::MAX - 1_000);
}
