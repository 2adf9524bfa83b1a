//! A journal at work: uploads, replacements, withdrawals, undos, texts, merges and bases, chosen by a seed.

#![allow(dead_code, reason = "each test file uses a part of it")]

#[path = "people.rs"]
pub mod people;

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, RecordBatch, StringArray};
use arrow::datatypes::SchemaRef;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use giaouoc_journal::{
    About, Checked, Disk, Journal, JournalError, Prepare, Prepared, Rows, Salts, Scope, Signed, SourceFile,
    Sums, Undo, Upload, Weight, What, Withdraw, fsck, hex,
};
use jiff::{Timestamp, ToSpan};

/// Random numbers from a seed (SplitMix64).
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).expect("small")
    }
}

pub fn plan() -> &'static Kind {
    kinds::builtin().iter().find(|kind| kind.id == "plan").expect("built in")
}

/// An entry that was acknowledged: its number and its hash.
pub type Ack = (u64, String);

/// Does one thing; `merging` much more often merges. Gives the entry it made, if it made one.
pub fn step(journal: &mut Journal, rng: &mut Rng, merging: bool) -> Result<Option<Ack>, JournalError> {
    journal.refresh()?;
    let what = if merging && rng.below(2) == 0 { 3 } else { rng.below(16) };
    let made = match what {
        0 => withdraw(journal, rng)?,
        1 => undo(journal, rng)?,
        2 => text(journal, rng)?,
        3 => merge(journal, rng)?,
        4 => journal.make_base(plan()).map(|_| false)?,
        12 | 13 => people::upload(journal, rng)?,
        14 | 15 => people::erase(journal, rng)?,
        at => upload(journal, rng, at == 5)?,
    };
    Ok(made.then(|| last(journal)))
}

/// The last entry.
pub fn last(journal: &Journal) -> Ack {
    let entry = journal.entries().iter().last().expect("there");
    (entry.number, hex(&entry.hash))
}

pub fn now(journal: &Journal) -> Timestamp {
    let start: Timestamp = "2020-12-20T02:03:04.000005Z".parse().expect("a moment");
    start + i64::try_from(journal.head()).expect("few").minutes()
}

pub fn signed() -> Signed {
    Signed { by: None, reason: Some("thử".into()), program: "0".into() }
}

/// Records with these keys and random values; sometimes without the column of titles.
fn batch(keys: &[String], rng: &mut Rng) -> RecordBatch {
    let text = |values: Vec<Option<String>>| -> ArrayRef { Arc::new(StringArray::from(values)) };
    let mut columns: Vec<(&str, ArrayRef, bool)> = vec![
        ("code", text(keys.iter().cloned().map(Some).collect()), true),
        ("unit", text(keys.iter().map(|_| Some(format!("H26.{:02}", rng.below(9)))).collect()), true),
    ];
    if rng.below(4) > 0 {
        let titles = keys.iter().map(|_| (rng.below(3) > 0).then(|| format!("Kế hoạch {}", rng.below(9))));
        columns.push(("title", text(titles.collect()), true));
    }
    let days =
        keys.iter().map(|_| (rng.below(4) > 0).then(|| i32::try_from(rng.below(20_000)).expect("small")));
    columns.push(("issued_on", Arc::new(Date32Array::from_iter(days)), true));
    RecordBatch::try_from_iter_with_nullable(columns).expect("a batch")
}

/// Plans with these codes and titles.
pub fn titled(rows: &[(&str, &str)]) -> RecordBatch {
    let text = |values: Vec<&str>| -> ArrayRef { Arc::new(StringArray::from(values)) };
    RecordBatch::try_from_iter([
        ("code", text(rows.iter().map(|row| row.0).collect())),
        ("unit", text(vec!["H26.01"; rows.len()])),
        ("title", text(rows.iter().map(|row| row.1).collect())),
    ])
    .expect("a batch")
}

/// Compares something with a journal, and says what the entry will be.
type Preparing<'a> = &'a mut dyn FnMut(&Journal) -> Result<(Prepared, What), JournalError>;

/// Commits what `prepare` compares, again when others were quicker. Says whether there was anything to commit.
fn committed(journal: &mut Journal, prepare: Preparing<'_>) -> Result<bool, JournalError> {
    loop {
        journal.refresh()?;
        let (prepared, what) = prepare(journal)?;
        if prepared.is_empty() && !matches!(what, What::Upload(_)) {
            return Ok(false);
        }
        let lock = journal.lock()?;
        let now = now(journal);
        if journal.commit(&lock, prepared, signed(), now, |rows| with(what, rows))?.is_some() {
            return Ok(true);
        }
    }
}

fn with(mut what: What, new: Rows) -> What {
    match &mut what {
        What::Upload(Upload { rows, .. })
        | What::Withdraw(Withdraw { rows, .. })
        | What::Undo(Undo { rows, .. }) => {
            *rows = new;
        }
        other => panic!("{other:?} has no rows"),
    }
    what
}

fn rows() -> Rows {
    Rows { plus: 0, minus: 0, columns: Vec::new(), root: [0; 32], back: None }
}

pub fn upload(journal: &mut Journal, rng: &mut Rng, replace: bool) -> Result<bool, JournalError> {
    let namespace = [None, Some("H26.01"), Some("H26.02")][rng.below(3)];
    let mut keys: Vec<String> =
        (0..=rng.below(9)).map(|_| format!("{}/{}", namespace.unwrap_or("-"), rng.below(25))).collect();
    keys.sort();
    keys.dedup();
    load(journal, &batch(&keys, rng), namespace, replace)
}

/// Loads a batch as one entry.
pub fn load(
    journal: &mut Journal,
    batch: &RecordBatch,
    namespace: Option<&str>,
    replace: bool,
) -> Result<bool, JournalError> {
    load_of(plan(), journal, batch, namespace, replace, None)
}

/// Loads a batch of a kind as one entry; with salts when it has personal columns.
pub fn load_of(
    kind: &'static Kind,
    journal: &mut Journal,
    batch: &RecordBatch,
    namespace: Option<&str>,
    replace: bool,
    salts: Option<Salts<'_>>,
) -> Result<bool, JournalError> {
    let namespace = namespace.map(str::to_owned);
    let all = |batch: &RecordBatch| Ok(vec![true; batch.num_rows()]);
    committed(journal, &mut |journal| {
        let about = About {
            kind,
            namespace: namespace.clone(),
            exported_at: None,
            replace: replace.then_some(Scope(&all)),
            salts,
            dry: false,
        };
        let schema: SchemaRef = batch.schema();
        let mut prepare = Prepare::new(journal, about, &schema)?;
        prepare.batch(batch)?;
        let (prepared, counts, refused) = prepare.finish()?;
        assert!(refused.is_empty(), "{refused:?}");
        let what = What::Upload(Upload {
            kind: kind.id.clone(),
            kind_digest: [7; 32],
            namespace: namespace.clone(),
            file: SourceFile { name: "x.csv".into(), sha256: [1; 32], bytes: 9 },
            map: None,
            exported_at: None,
            replace: replace.then(|| "all".to_owned()),
            sums: Sums {
                read: batch.num_rows() as u64,
                new: counts.new,
                changed: counts.changed,
                unchanged: counts.unchanged,
                rejected: 0,
                skipped: 0,
            },
            rows: rows(),
        });
        Ok((prepared, what))
    })
}

fn withdraw(journal: &mut Journal, rng: &mut Rng) -> Result<bool, JournalError> {
    let at = rng.below(25);
    withdraw_all(journal, Some("H26.01"), &[format!("H26.01/{at}")])
}

/// Withdraws plans of a namespace by their codes.
pub fn withdraw_all(
    journal: &mut Journal,
    namespace: Option<&str>,
    codes: &[String],
) -> Result<bool, JournalError> {
    committed(journal, &mut |journal| {
        let found = journal.prepare_withdrawal(plan(), namespace, codes)?;
        let namespace = namespace.map(str::to_owned);
        let what = Withdraw { kind: plan().id.clone(), namespace, rows: rows() };
        Ok((found.prepared, What::Withdraw(what)))
    })
}

fn undo(journal: &mut Journal, rng: &mut Rng) -> Result<bool, JournalError> {
    let choices: Vec<u64> = journal.entries_of(plan(), journal.head()).collect();
    if choices.is_empty() {
        return Ok(false);
    }
    let of = choices[rng.below(choices.len())];
    undo_one(journal, of)
}

/// Undoes an entry with plans.
pub fn undo_one(journal: &mut Journal, of: u64) -> Result<bool, JournalError> {
    committed(journal, &mut |journal| {
        let undoing = journal.prepare_undo(plan(), of)?;
        let namespace = journal.owner(of, journal.head());
        let what =
            Undo { of, kind: plan().id.clone(), namespace, left: undoing.left.len() as u64, rows: rows() };
        Ok((undoing.prepared, What::Undo(what)))
    })
}

fn text(journal: &mut Journal, rng: &mut Rng) -> Result<bool, JournalError> {
    let text = format!("name = \"{}\"\n", rng.next());
    let bytes = (rng.below(5) > 0).then_some(text.as_bytes());
    let lock = journal.lock()?;
    let now = now(journal);
    journal
        .record_text(&lock, "cluster.toml", bytes, vec!["name".into()], signed(), now)
        .map(|entry| entry.is_some())
}

/// Merges a random stretch of entries.
pub fn merge(journal: &mut Journal, rng: &mut Rng) -> Result<bool, JournalError> {
    let pieces = journal.layout("plan", journal.head())?.pieces;
    if pieces.len() < 2 {
        return Ok(false);
    }
    let first = rng.below(pieces.len() - 1);
    let last = first + 1 + rng.below((pieces.len() - first - 1).min(6));
    let (first, last) = (pieces[first].first(), pieces[last].last());
    journal.merge_rows(plan(), first, last)?;
    journal.merge_index(plan(), first, last)?;
    Ok(false)
}

/// Opens what is there, and checks that all of it is right and everything acknowledged is in it. At most
/// `unheard` entries were made of which nobody was told.
pub fn whole(disk: &Disk, acknowledged: &[Ack], unheard: u64) -> Checked {
    let journal = Journal::open(disk.clone()).unwrap_or_else(|error| panic!("{}", error.text().en));
    for (number, hash) in acknowledged {
        let entry = journal.entries().get(*number).unwrap_or_else(|| panic!("entry {number} is lost"));
        assert_eq!(&hex(&entry.hash), hash, "entry {number} is another");
    }
    let told = acknowledged.len() as u64;
    let head = journal.head();
    assert!(head <= told + unheard, "{head} entries, and {told} were acknowledged");
    let checked = fsck(disk, kinds::builtin(), &mut |_| {}).expect("read");
    let wrong: Vec<&str> = checked
        .findings
        .iter()
        .filter(|finding| !matches!(finding.weight, Weight::LeftOver | Weight::Pending))
        .map(|finding| finding.text.en.as_str())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    people::whole(&journal);
    // An erasure that was stopped is finished by whoever comes next: sometimes by this one.
    let pending = |checked: &Checked| checked.findings.iter().any(|it| it.weight == Weight::Pending);
    assert_eq!(journal.pending_erasures().expect("read") > 0, pending(&checked));
    if pending(&checked) && head.is_multiple_of(2) {
        drop(journal.lock().expect("free"));
        let finished = fsck(disk, kinds::builtin(), &mut |_| {}).expect("read");
        assert!(finished.is_whole() && !pending(&finished), "{:#?}", finished.findings);
        people::whole(&journal);
    }
    checked
}

/// A folder in memory where there is one: a kill loses nothing that the system holds, so nothing is gained by
/// waiting for a disk.
pub fn folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder")
}
