//! Killed at any moment, a journal is whole and everything acknowledged is in it. The processes that are killed
//! are this test itself, started again with a task in its environment.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

#[path = "support/work.rs"]
mod work;

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use giaouoc_journal::{Disk, Hooks, Journal, JournalError, Lock, Op, points};
use work::{Ack, Rng};

/// What a child is to do: `FOLDER|SEED|STEPS|POINT|N`. Without a point to stand still at, it merges much.
const TASK: &str = "GIAOUOC_TEST_KILLS";
/// So often each point is hit.
const AT_EACH_POINT: u64 = 30;
/// So often a child is killed at a random moment.
const AT_RANDOM: u64 = 200;
/// A journal is used for so many kills, one after the other.
const IN_ONE_JOURNAL: u64 = 12;

/// Stands still at the n-th passing of a point, to be killed there by whoever waits for it.
struct StandStill {
    point: String,
    left: AtomicU64,
}

impl Hooks for StandStill {
    fn point(&self, name: &str) {
        if name == self.point && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            say("here");
            loop {
                std::thread::park();
            }
        }
    }

    fn did(&self, _op: Op) {}
}

/// A line on the child's standard output, through to the parent.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("@{line}\n").as_bytes()).and_then(|()| out.flush()).expect("the parent reads");
}

/// The child: works on the journal and tells what is durable.
#[test]
fn child() {
    #[expect(clippy::disallowed_methods, reason = "the task of a test's own child")]
    let Ok(task) = std::env::var(TASK) else { return };
    let [folder, seed, steps, point, n] = task.split('|').collect::<Vec<_>>()[..] else { panic!("{task}") };
    let hooks = StandStill { point: point.into(), left: AtomicU64::new(n.parse().expect("a number")) };
    let disk = Disk::with_hooks(Path::new(folder).join("journal"), Arc::new(hooks));
    let mut journal = Journal::open(disk).expect("whole");
    let mut rng = Rng(seed.parse().expect("a number"));
    say("go");
    for _ in 0..steps.parse().expect("a number") {
        match work::step(&mut journal, &mut rng, point.is_empty() || point == points::MERGE) {
            Ok(None) => {}
            Ok(Some((number, hash))) => say(&format!("ack {number} {hash}")),
            // Another process merged a file away that this one was about to read: it is to look again.
            Err(JournalError::Io { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => {
                say("again")
            }
            Err(error) => panic!("{}", error.text().en),
        }
    }
    say("done");
}

/// A child at work.
struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Running {
    fn start(folder: &Path, seed: u64, steps: u64, point: &str, n: u64) -> Self {
        let task = format!("{}|{seed}|{steps}|{point}|{n}", folder.display());
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "child", "--nocapture", "--test-threads=1"])
            .env(TASK, task)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let out = BufReader::new(child.stdout.take().expect("piped"));
        Self { child, out }
    }

    /// The next thing the child says; `None` when it is gone.
    fn hear(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.out.read_line(&mut line).expect("a pipe") == 0 {
                return None;
            }
            // What was being written when the child was killed was not said.
            if let Some((_, said)) = line.strip_suffix('\n').and_then(|line| line.split_once('@')) {
                return Some(said.to_owned());
            }
        }
    }

    /// Listens to the end, kills the child when it stands still, and says whether it did.
    fn listen(&mut self, acknowledged: &mut Vec<Ack>) -> bool {
        while let Some(said) = self.hear() {
            match said.split(' ').collect::<Vec<_>>()[..] {
                ["ack", number, hash] => acknowledged.push((number.parse().expect("a number"), hash.into())),
                ["here"] => {
                    self.child.kill().expect("killed");
                    self.child.wait().expect("gone");
                    return true;
                }
                ["done"] => {
                    assert!(self.child.wait().expect("gone").success());
                    return false;
                }
                _ => {}
            }
        }
        let status = self.child.wait().expect("gone");
        let mut error = String::new();
        self.child.stderr.take().expect("piped").read_to_string(&mut error).expect("read");
        assert!(status.code().is_none(), "the child failed by itself: {error}");
        true
    }
}

/// A journal that lives through several kills.
struct Victim {
    folder: tempfile::TempDir,
    acknowledged: Vec<Ack>,
    kills: u64,
}

impl Victim {
    fn new() -> Self {
        Self { folder: work::folder(), acknowledged: Vec::new(), kills: 0 }
    }

    /// After a kill: whole, everything acknowledged there, and at most the one entry besides that the child
    /// had no time to tell of. That one counts from now on.
    fn check(&mut self) {
        let disk = Disk::new(self.folder.path().join("journal"));
        work::whole(&disk, &self.acknowledged, 1);
        let journal = Journal::open(disk).expect("whole");
        if journal.head() > self.acknowledged.len() as u64 {
            self.acknowledged.push(work::last(&journal));
        }
        self.kills += 1;
        if self.kills == IN_ONE_JOURNAL {
            // What was left behind can be cleared away, and the journal goes on.
            let mut journal = journal;
            journal.disk().sweep().expect("swept");
            work::upload(&mut journal, &mut Rng(1), false).expect("goes on");
            *self = Self::new();
        }
    }
}

#[test]
fn a_process_killed_at_a_named_point_leaves_the_journal_whole() {
    let mut hit: BTreeMap<&str, u64> = BTreeMap::new();
    let mut seed = 0;
    let mut victim = Victim::new();
    for point in points::ALL {
        while hit.get(point).is_none_or(|hit| *hit < AT_EACH_POINT) {
            seed += 1;
            assert!(seed < 5_000, "the points are not passed: {hit:?}");
            let n = 1 + seed % 4;
            let mut child = Running::start(victim.folder.path(), seed, 40, point, n);
            if child.listen(&mut victim.acknowledged) {
                *hit.entry(point).or_default() += 1;
            }
            victim.check();
        }
    }
    println!("killed at named points: {hit:?}, {seed} processes");
}

#[test]
fn a_process_killed_at_a_random_moment_leaves_the_journal_whole() {
    let mut rng = Rng(7);
    let mut victim = Victim::new();
    let (mut kills, mut entries) = (0, 0);
    for seed in 0.. {
        if kills == AT_RANDOM {
            break;
        }
        assert!(seed < 2_000, "the children are done before they are killed");
        let mut child = Running::start(victim.folder.path(), 1_000_000 + seed, 10_000, "", 0);
        while child.hear().is_some_and(|said| said != "go") {}
        std::thread::sleep(Duration::from_micros(rng.next() % 60_000));
        child.child.kill().expect("killed");
        let before = victim.acknowledged.len();
        kills += u64::from(child.listen(&mut victim.acknowledged));
        entries += victim.acknowledged.len().saturating_sub(before);
        victim.check();
    }
    println!("killed at random moments: {kills} times, {entries} entries acknowledged before");
    assert!(entries > 0, "the children were killed before they did anything");
}

/// Two and three processes load, merge and re-base at once: every entry that any of them was told of is there,
/// and there are no others.
#[test]
fn several_processes_at_once_lose_nothing_of_each_other() {
    for (round, processes) in [(0, 2), (1, 2), (2, 3)] {
        let folder = work::folder();
        let mut children: Vec<Running> =
            (0..processes).map(|at| Running::start(folder.path(), 77 + 10 * round + at, 60, "", 0)).collect();
        let mut acknowledged = Vec::new();
        for child in &mut children {
            assert!(!child.listen(&mut acknowledged), "nobody was killed");
        }
        acknowledged.sort();
        let numbers: Vec<u64> = acknowledged.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, (0..numbers.len() as u64).collect::<Vec<_>>(), "each entry has one maker");
        let checked = work::whole(&Disk::new(folder.path().join("journal")), &acknowledged, 0);
        println!("{processes} processes at once: {} entries, {} rows", checked.entries, checked.rows);
    }
}

/// While somebody merges, nobody else does, and everybody can commit.
#[test]
fn one_process_at_a_time_merges_and_keeps_nobody_from_committing() {
    let folder = work::folder();
    let mut child = Running::start(folder.path(), 3, 10_000, points::MERGE, 1);
    while child.hear().expect("it merges before it is done") != "here" {}
    let journal = folder.path().join("journal");
    let tidying = File::open(journal.join("lock.tidy")).expect("there");
    assert!(matches!(tidying.try_lock(), Err(TryLockError::WouldBlock)), "the merge holds no lock");
    let commit = Lock::try_acquire(&Disk::new(journal)).expect("asked");
    assert!(commit.is_some(), "the merge keeps others from committing");
    child.child.kill().expect("killed");
    child.child.wait().expect("gone");
    assert!(tidying.try_lock().is_ok(), "a killed process lets go");
}
