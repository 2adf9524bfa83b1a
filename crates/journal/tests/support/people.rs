//! Records with a personal column at work: uploads that keep, change and leave out the value, and erasures.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use giaouoc_journal::{Journal, JournalError, Salts, Signed, What};

use super::{Rng, load_of, now, signed};

/// The kind: its authors are personal.
pub fn kind() -> &'static Kind {
    kinds::find("initiative").expect("built in")
}

/// Records with these keys, authors and titles.
pub fn batch(rows: &[(&str, Option<&str>, &str)]) -> RecordBatch {
    let text = |values: Vec<Option<&str>>| -> ArrayRef { Arc::new(StringArray::from(values)) };
    RecordBatch::try_from_iter_with_nullable([
        ("code", text(rows.iter().map(|row| Some(row.0)).collect()), true),
        ("unit", text(rows.iter().map(|_| Some("H26.01")).collect()), true),
        ("title", text(rows.iter().map(|row| Some(row.2)).collect()), true),
        ("authors", text(rows.iter().map(|row| row.1).collect()), true),
    ])
    .expect("a batch")
}

/// Loads records; their salts come from a seed.
pub fn load(journal: &mut Journal, batch: &RecordBatch, seed: u64) -> Result<bool, JournalError> {
    let count = AtomicU64::new(0);
    let salt = || {
        let mut rng = Rng(seed.wrapping_add(count.fetch_add(1, Ordering::Relaxed) << 32));
        let mut salt = [0; 32];
        salt.chunks_mut(8).for_each(|part| part.copy_from_slice(&rng.next().to_le_bytes()));
        Ok(salt)
    };
    load_of(kind(), journal, batch, None, false, Some(Salts(&salt)))
}

pub fn upload(journal: &mut Journal, rng: &mut Rng) -> Result<bool, JournalError> {
    let mut keys: Vec<String> = (0..=rng.below(5)).map(|_| format!("S{}", rng.below(9))).collect();
    keys.sort();
    keys.dedup();
    let rows: Vec<(&str, Option<&str>, &str)> = keys
        .iter()
        .map(|key| {
            let author = [None, Some("Lan"), Some("Minh"), Some("Hoa")][rng.below(4)];
            (key.as_str(), author, ["một", "hai"][rng.below(2)])
        })
        .collect();
    load(journal, &batch(&rows), rng.next())
}

/// Erases what is personal of a record. The reason says which, for [`whole`].
pub fn erase(journal: &mut Journal, rng: &mut Rng) -> Result<bool, JournalError> {
    let key = format!("S{}", rng.below(9));
    let lock = journal.lock()?;
    journal.refresh()?;
    let now = now(journal);
    let signed = Signed { reason: Some(key.clone()), ..signed() };
    Ok(journal.erase(&lock, kind(), &[key], signed, now)?.made.is_some())
}

/// What entries erased is not there, and everything else that rows commit to is.
pub fn whole(journal: &Journal) {
    let mut versions: BTreeMap<String, Vec<(u64, Vec<u8>)>> = BTreeMap::new();
    for entry in journal.entries_of(kind(), journal.head()) {
        for batch in journal.rows(kind(), entry, false).expect("there") {
            let batch = batch.expect("read");
            let keys = batch.column_by_name("code").expect("there");
            let Some(authors) = batch.column_by_name("authors.commit") else { continue };
            let (keys, authors) = (keys.as_string::<i32>(), authors.as_fixed_size_binary());
            for row in (0..batch.num_rows()).filter(|row| authors.is_valid(*row)) {
                let version = (entry, authors.value(row).to_vec());
                versions.entry(keys.value(row).to_owned()).or_default().push(version);
            }
        }
    }
    let mut erased: BTreeSet<Vec<u8>> = BTreeSet::new();
    for entry in journal.entries() {
        if let What::Erase(_) = entry.what {
            let key = entry.reason.as_deref().expect("says which record");
            let before = versions.get(key).into_iter().flatten().filter(|(of, _)| *of < entry.number);
            erased.extend(before.map(|(_, commitment)| commitment.clone()));
        }
    }
    let kept: BTreeSet<Vec<u8>> = journal.personal().expect("read").keys().map(|key| key.to_vec()).collect();
    let all: BTreeSet<Vec<u8>> = versions.into_values().flatten().map(|(_, commitment)| commitment).collect();
    assert!(kept.is_disjoint(&erased), "what was erased can still be read");
    assert_eq!(kept, all.difference(&erased).cloned().collect(), "what nobody erased is there");
}
