//! The first pass over a file: which keys occur more than once, and which rows are skipped.
//!
//! All rows of a doubled key are rejected, the first included, so the file is gone through before any row
//! counts. Memory: 16 bytes a row.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::decode::Row;
use crate::errors::FileError;
use crate::fold::{clean_name, fold};
use crate::header::{Binding, Matcher};
use crate::reason::Reason;

/// 96 bits that stand for a key. That two keys of a file share them by chance is less likely than one in
/// 10^14 for ten million rows; and if they did, both rows would be rejected in the open.
pub(crate) type Fingerprint = (u64, u32);

/// Keys of a file as they are met.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// Flat, for 16 bytes a row: the fingerprint and the row.
    seen: Vec<(u64, u32, u32)>,
}

impl Keys {
    pub(crate) fn add(&mut self, key: &str, row: u64) {
        let (high, low) = fingerprint(key);
        self.seen.push((high, low, u32::try_from(row).unwrap_or(u32::MAX)));
    }

    /// The keys that were met more than once.
    pub(crate) fn doubled(mut self) -> Doubled {
        sort(&mut self.seen);
        let mut rows = HashMap::new();
        for group in self.seen.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            if let [(high, low, _), _, ..] = group {
                rows.insert((*high, *low), group.iter().map(|(.., row)| *row).collect());
            }
        }
        Doubled { rows }
    }
}

/// Keys that occur more than once, with their rows.
#[derive(Debug, Default)]
pub(crate) struct Doubled {
    rows: HashMap<Fingerprint, Vec<u32>>,
}

impl Doubled {
    /// Whether no key does.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Why a key is rejected, if it is.
    pub(crate) fn reason(&self, key: &str) -> Option<Reason> {
        if self.rows.is_empty() {
            return None;
        }
        let rows = self.rows.get(&fingerprint(key))?;
        let mut shown: Vec<String> = rows.iter().take(10).map(u32::to_string).collect();
        if rows.len() > 10 {
            shown.push("…".to_owned());
        }
        Some(Reason::same_key(&shown.join(", ")))
    }
}

/// Sorts fingerprints, which are evenly spread, in two halves at once when there are many.
fn sort(seen: &mut [(u64, u32, u32)]) {
    if seen.len() < 1 << 16 {
        return seen.sort_unstable();
    }
    let mut middle = 0;
    for at in 0..seen.len() {
        if seen[at].0 >> 63 == 0 {
            seen.swap(at, middle);
            middle += 1;
        }
    }
    let (low, high) = seen.split_at_mut(middle);
    std::thread::scope(|scope| {
        scope.spawn(|| low.sort_unstable());
        high.sort_unstable();
    });
}

/// The fingerprint of a key, the same on every run.
pub(crate) fn fingerprint(key: &str) -> Fingerprint {
    let hash = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, key).hash(&mut hasher);
        hasher.finish()
    };
    (hash(0), (hash(1) >> 32) as u32)
}

/// The rows that a mapping says are no records.
#[derive(Debug, Default)]
pub(crate) struct Skipper {
    /// Rows in which none of these cells is filled.
    blank: Option<Vec<usize>>,
    /// Rows in which one of these cells has one of these values.
    when: Vec<(Vec<usize>, Vec<String>)>,
}

impl Skipper {
    /// # Errors
    /// When a rule names neither a column that is loaded nor a header of the file.
    pub(crate) fn new(matcher: &Matcher<'_>, binding: &Binding) -> Result<Self, FileError> {
        let skip = &matcher.mapping().skip;
        let places = |name: &String| places(name, matcher, binding);
        let blank = skip.when_blank.iter().map(places).collect::<Result<Vec<_>, _>>()?.concat();
        let mut when = Vec::new();
        for (column, values) in &skip.when {
            when.push((places(column)?, values.iter().map(|value| clean_name(value).into_owned()).collect()));
        }
        Ok(Self { blank: (!skip.when_blank.is_empty()).then_some(blank), when })
    }

    pub(crate) fn skips(&self, row: &Row) -> bool {
        if self.blank.as_ref().is_some_and(|cells| cells.iter().all(|at| row.cell(*at).is_blank())) {
            return true;
        }
        self.when.iter().any(|(cells, values)| {
            cells.iter().any(|at| {
                let text = row.cell(*at).text();
                let text = clean_name(&text);
                values
                    .iter()
                    .any(|value| *value == text || !fold(value).is_empty() && fold(value) == fold(&text))
            })
        })
    }

    /// The columns of the file that the rules look at.
    pub(crate) fn sources(&self) -> Vec<usize> {
        self.blank.iter().flatten().chain(self.when.iter().flat_map(|(cells, _)| cells)).copied().collect()
    }
}

/// The file's columns that a rule's name means: one of our columns, or a header.
fn places(name: &str, matcher: &Matcher<'_>, binding: &Binding) -> Result<Vec<usize>, FileError> {
    let ours = matcher.kind().column(name).and_then(|column| {
        let all = binding.bound.iter().chain(&binding.personal);
        all.into_iter().find(|bound| bound.column == column)
    });
    if let Some(bound) = ours {
        return Ok(bound.sources.clone());
    }
    let key = fold(name);
    let found: Vec<usize> = (0..binding.names.len()).filter(|at| fold(&binding.names[*at]) == key).collect();
    if !found.is_empty() && !key.is_empty() {
        return Ok(found);
    }
    let near = giaouoc_agreement::problem::nearest(name, binding.names.iter().map(String::as_str));
    Err(FileError::NoSuchHeader {
        column: "skip".to_owned(),
        header: name.to_owned(),
        nearest: near.filter(|near| !near.is_empty()).map(str::to_owned),
        found: binding.names.clone(),
    })
}
