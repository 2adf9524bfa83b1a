//! A journal and its model side by side: every step is done to both.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use giaouoc_agreement::kind::Kind;
use giaouoc_journal::{
    Counts, Disk, Journal, Prepared, Rows, Signed, SourceFile, Sums, Transfer, Undo, Upload, What, Withdraw,
};
use jiff::Timestamp;

use super::kinds::{SCORE, matter, other};
use super::model::{Given, Model};
use super::support::{Form, Row};
use super::uploads::prepare;

/// One step of a history.
#[derive(Clone, Debug)]
pub enum Step {
    Upload(Given, Form, usize),
    /// Two uploads compared with the same head.
    Both(Given, Given),
    /// An earlier upload once more, word for word.
    Again(usize),
    /// The same, said to be older than all others.
    Older(usize),
    Withdraw(Option<String>, BTreeSet<String>),
    Undo(usize),
    /// The last entry, or one a few before it.
    UndoRecent(usize),
    Transfer(Option<String>, Option<String>),
    /// What is personal in these records is erased.
    Erase(BTreeSet<String>),
    Text(u8),
    Other,
    MergeRows(usize, usize),
    MergeIndex(usize, usize),
    Base,
    LoseIndex(u16),
    LoseBases,
    Tidy,
    Reopen,
    Grow,
}

pub struct World {
    pub folder: tempfile::TempDir,
    pub journal: Journal,
    pub kind: Kind,
    pub model: Model,
    uploads: Vec<Given>,
    others: usize,
    clock: i64,
}

fn disk(folder: &tempfile::TempDir) -> Disk {
    Disk::new(folder.path().join("journal"))
}

fn signed() -> Signed {
    Signed { by: None, reason: None, program: "test".to_owned() }
}

pub fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

/// The text of a column.
pub fn texts(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let text = cast(batch.column_by_name(name).unwrap(), &DataType::Utf8).unwrap();
    text.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect()
}

/// All files of a folder, with their lengths.
fn files(folder: &std::path::Path) -> BTreeMap<PathBuf, u64> {
    let mut found = BTreeMap::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = path.metadata().unwrap().len();
            found.insert(path, bytes);
        }
    }
    found
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(disk(&folder)).unwrap();
        Self {
            folder,
            journal,
            kind: matter(false),
            model: Model::new(),
            uploads: Vec::new(),
            others: 0,
            clock: 1_600_000_000,
        }
    }

    fn tick(&mut self) -> i64 {
        self.clock += 60;
        self.clock
    }

    pub fn step(&mut self, step: Step) {
        match step {
            Step::Upload(given, form, piece) => self.upload(given, (form, piece)),
            Step::Both(first, second) => self.both(first, second),
            Step::Again(at) if !self.uploads.is_empty() => {
                let given = self.uploads[at % self.uploads.len()].clone();
                self.upload(given, (Form::Own, 3));
            }
            Step::Older(at) if !self.uploads.is_empty() => {
                let given = self.uploads[at % self.uploads.len()].clone();
                self.upload(Given { exported: Some(1_500_000_000), ..given }, (Form::Own, 3));
            }
            Step::Withdraw(namespace, keys) => self.withdraw(namespace, &keys),
            Step::Undo(at) if !self.model.entries.is_empty() => self.undo(at % self.model.entries.len()),
            Step::UndoRecent(back) if back < self.model.entries.len() => {
                self.undo(self.model.entries.len() - 1 - back);
            }
            Step::Transfer(from, to) if from != to => self.transfer(from, to),
            Step::Erase(keys) => self.erase(&keys),
            Step::Text(byte) => self.text(byte),
            Step::Other => self.other(),
            Step::MergeRows(first, last) => {
                let (first, last) = self.span(first, last);
                self.journal.merge_rows(&self.kind, first, last).unwrap();
            }
            Step::MergeIndex(first, last) => {
                let (first, last) = self.span(first, last);
                self.journal.merge_index(&self.kind, first, last).unwrap();
            }
            Step::Base => drop(self.journal.make_base(&self.kind).unwrap()),
            Step::LoseIndex(bits) => self.lose("index", bits),
            Step::LoseBases => self.lose("base", u16::MAX),
            Step::Tidy => drop(self.journal.tidy(std::slice::from_ref(&self.kind)).unwrap()),
            Step::Reopen => self.journal = Journal::open(disk(&self.folder)).unwrap(),
            Step::Grow => self.kind = matter(true),
            Step::Again(_) | Step::Older(_) | Step::Undo(_) | Step::UndoRecent(_) | Step::Transfer(..) => {}
        }
    }

    /// Any two entries, whether they have rows of the kind or not.
    fn span(&self, first: usize, last: usize) -> (u32, u32) {
        let within = |at: usize| (at % self.model.entries.len().max(1)) as u32;
        let (a, b) = (within(first), within(last));
        (a.min(b), a.max(b))
    }

    fn lose(&self, folder: &str, bits: u16) {
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("journal").join(folder)) else { return };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for (at, path) in paths.iter().enumerate() {
            if bits >> (at % 16) & 1 == 1 {
                std::fs::remove_file(path).unwrap();
            }
        }
    }

    /// What the program does with a file: compare, leave out what is refused, compare again, commit.
    fn upload(&mut self, mut given: Given, form: (Form, usize)) {
        if self.kind.column("score").is_none() {
            given.columns.remove(&SCORE);
            given.rows.values_mut().for_each(|row| drop(row.remove(&SCORE)));
        }
        let before = files(self.folder.path());
        let (.., told, would_refuse) =
            prepare(&self.journal, &self.kind, &given, &BTreeSet::new(), form, true);
        assert_eq!(files(self.folder.path()), before, "a dry run wrote something");
        let (mut prepared, mut counts, refused) =
            prepare(&self.journal, &self.kind, &given, &BTreeSet::new(), form, false);
        assert_eq!((told, &would_refuse), (counts, &refused), "a dry run tells something else");
        let names: BTreeSet<String> = refused.into_iter().map(|(key, _)| key).collect();
        assert_eq!(names, self.model.refused(&given));
        if !names.is_empty() {
            if given.replace.is_some() {
                // A file that stands for everything must be taken whole.
                return;
            }
            let again = prepare(&self.journal, &self.kind, &given, &names, form, false);
            assert!(again.2.is_empty(), "{:?}", again.2);
            (prepared, counts) = (again.0, again.1);
        }
        let done = self.commit(prepared, &given, counts, names.len() as u64);
        assert!(done, "nobody else was there");
    }

    /// Commits an upload and does the same to the model, unless others were there first.
    fn commit(&mut self, prepared: Prepared, given: &Given, counts: Counts, rejected: u64) -> bool {
        let now = self.clock + 60;
        let read = given.rows.len() as u64;
        let Counts { new, changed, unchanged, withdrawn } = counts;
        let sums = Sums { read, new, changed, unchanged, rejected, skipped: 0 };
        let line = |rows: Rows| {
            What::Upload(Upload {
                kind: self.kind.id.clone(),
                kind_digest: [0; 32],
                namespace: given.namespace.clone(),
                file: SourceFile { name: "f.csv".to_owned(), sha256: [0; 32], bytes: 1 },
                map: None,
                exported_at: given.exported.map(time),
                replace: given.replace.as_ref().map(|(_, unit)| format!("unit={unit}")),
                sums,
                rows,
            })
        };
        let lock = self.journal.lock().unwrap();
        let Some(number) = self.journal.commit(&lock, prepared, signed(), time(now), line).unwrap() else {
            return false;
        };
        drop(lock);
        self.tick();
        assert_eq!(number, self.model.entries.len() as u64, "numbering has no gap");
        let fresh = self.commitments(number);
        let tally = self.model.upload(given, now, &fresh);
        assert_eq!(
            (new, changed, unchanged, withdrawn, rejected),
            (tally.new, tally.changed, tally.unchanged, tally.withdrawn, tally.rejected)
        );
        assert_eq!(read, new + changed + unchanged + rejected, "every row is one of four things");
        self.uploads.push(given.clone());
        true
    }

    /// The commitments of the records that an entry brought.
    fn commitments(&self, entry: u64) -> BTreeMap<String, [u8; 32]> {
        let mut found = BTreeMap::new();
        for batch in self.journal.rows(&self.kind, entry, false).unwrap() {
            let batch = batch.unwrap();
            let Some(array) = batch.column_by_name("person.commit") else { continue };
            let array = array.as_fixed_size_binary();
            for (row, key) in texts(&batch, "code").into_iter().enumerate() {
                if array.is_valid(row) {
                    found.insert(key.unwrap(), array.value(row).try_into().unwrap());
                }
            }
        }
        found
    }

    fn erase(&mut self, keys: &BTreeSet<String>) {
        let now = time(self.clock + 60);
        let named: Vec<String> = keys.iter().cloned().collect();
        let lock = self.journal.lock().unwrap();
        let erased = self.journal.erase(&lock, &self.kind, &named, signed(), now).unwrap();
        drop(lock);
        let number = self.model.entries.len() as u64;
        let count = self.model.erase(keys);
        assert_eq!(erased.made, (count > 0).then_some((number, count)));
        if count > 0 {
            self.tick();
        }
    }

    /// Two processes with one file each, which read the same head.
    fn both(&mut self, first: Given, second: Given) {
        let shape = (Form::Own, 4);
        let ungrown = |mut given: Given| {
            given.columns.remove(&SCORE);
            given.rows.values_mut().for_each(|row| drop(row.remove(&SCORE)));
            given
        };
        let (first, second) = (ungrown(first), ungrown(second));
        let mut theirs = Journal::open(disk(&self.folder)).unwrap();
        let (prepared, counts, refused) =
            prepare(&theirs, &self.kind, &second, &BTreeSet::new(), shape, false);
        self.upload(first, shape);
        std::mem::swap(&mut theirs, &mut self.journal);
        if refused.is_empty() && self.commit(prepared, &second, counts, 0) {
            // What it was compared with had not moved.
        } else {
            self.journal.refresh().unwrap();
            self.upload(second, shape);
        }
        theirs.refresh().unwrap();
        assert_eq!(theirs.head(), self.journal.head());
        if counts.new % 2 == 0 {
            self.journal = theirs;
        }
    }

    fn withdraw(&mut self, namespace: Option<String>, keys: &BTreeSet<String>) {
        let named: Vec<String> = keys.iter().cloned().collect();
        let found = self.journal.prepare_withdrawal(&self.kind, namespace.as_deref(), &named).unwrap();
        let live = self.model.live();
        for (key, owner) in &found.owned {
            assert_eq!(live[key].owner, *owner);
            assert_ne!(*owner, namespace);
        }
        assert!(found.absent.iter().all(|key| !live.contains_key(key)), "{:?}", found.absent);
        let expected = keys.iter().filter(|key| live.get(*key).is_some_and(|live| live.owner == namespace));
        assert_eq!(found.prepared.rows().minus, expected.count() as u64);
        let kind = self.kind.id.clone();
        let line = |rows| What::Withdraw(Withdraw { kind, namespace: namespace.clone(), rows });
        self.line(found.prepared, line);
        self.model.withdraw(namespace.as_deref(), keys, self.clock);
    }

    fn undo(&mut self, of: usize) {
        let undoing = self.journal.prepare_undo(&self.kind, of as u64).unwrap();
        let left: BTreeSet<String> = undoing.left.iter().cloned().collect();
        let owner = self.journal.owner(of as u64, self.journal.head());
        let has_rows = self.journal.entry(of as u64).unwrap().what.rows().is_some();
        if !has_rows || self.journal.entry(of as u64).unwrap().what.kind() != Some(self.kind.id.as_str()) {
            assert!(undoing.prepared.is_empty());
            return;
        }
        assert_eq!(owner, self.model.owner(of));
        let kind = self.kind.id.clone();
        let line = |rows| {
            let left = left.len() as u64;
            What::Undo(Undo { of: of as u64, kind, namespace: owner.clone(), left, rows })
        };
        self.line(undoing.prepared, line);
        assert_eq!(self.model.undo(of), left, "what was changed since");
    }

    fn line(&mut self, prepared: Prepared, line: impl FnOnce(Rows) -> What) {
        let now = time(self.tick());
        let lock = self.journal.lock().unwrap();
        let number = self.journal.commit(&lock, prepared, signed(), now, line).unwrap();
        assert_eq!(number, Some(self.model.entries.len() as u64));
    }

    fn transfer(&mut self, from: Option<String>, to: Option<String>) {
        let now = time(self.tick());
        let kind = self.kind.id.clone();
        let what = What::Transfer(Transfer { kind, from: from.clone(), to: to.clone() });
        let lock = self.journal.lock().unwrap();
        self.journal.record(&lock, what, signed(), now).unwrap();
        self.model.transfer(from.as_deref(), to.as_deref());
    }

    fn text(&mut self, byte: u8) {
        let now = time(self.tick());
        let lock = self.journal.lock().unwrap();
        let bytes = [byte];
        let bytes = (byte > 0).then_some(&bytes[..]);
        let path = "agreement/a.toml";
        let entry = self.journal.record_text(&lock, path, bytes, Vec::new(), signed(), now).unwrap();
        if entry.is_some() {
            self.model.nothing();
        }
    }

    /// An upload of another kind.
    fn other(&mut self) {
        let kind = other();
        self.others += 1;
        let row = Row::from([
            (0, super::support::Known::Text(format!("k{}", self.others))),
            (1, super::support::Known::Text("a".to_owned())),
        ]);
        let given = Given {
            namespace: None,
            columns: [0, 1].into(),
            rows: [(format!("k{}", self.others), row)].into(),
            exported: None,
            replace: None,
        };
        let shape = (Form::Own, 1);
        let (prepared, ..) = prepare(&self.journal, &kind, &given, &BTreeSet::new(), shape, false);
        let line = |rows| What::Withdraw(Withdraw { kind: kind.id.clone(), namespace: None, rows });
        self.line(prepared, line);
        self.model.nothing();
    }
}
