//! The key index of a kind: which version of a key is live, and where. It is derived: the rows are right, and
//! an index that is gone or damaged is made again from them. `docs/journal.md` has the form of its files.

mod filter;
mod merge;
mod parts;
mod run;
mod write;

use std::path::PathBuf;
use std::sync::Arc;

use giaouoc_agreement::text::Text;

use crate::canon::sha256;
use crate::disk::Disk;
use crate::error::JournalError;
use crate::sha::of_short;
pub use merge::merge_runs;
pub(crate) use parts::{Keys, Sorted};
pub(crate) use run::Run;
use run::Source;
pub use write::{RunWriter, write_run};

/// What stands for a key: the first 16 bytes of SHA-256 of its UTF-8.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct KeyId(pub [u8; 16]);

impl KeyId {
    /// The id of a key, which is NFC as checked rows have it.
    pub fn of(key: &str) -> Self {
        // Keys are short, as a rule.
        let digest = if key.len() <= 55 { of_short(key.as_bytes()) } else { sha256(key.as_bytes()) };
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        Self(id)
    }

    /// Numbers in the order of ids: one comparison instead of sixteen.
    fn number(self) -> u128 {
        u128::from_be_bytes(self.0)
    }

    /// The same for the first half.
    fn prefix(self) -> u64 {
        (self.number() >> 64) as u64
    }
}

/// What the index knows of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slot {
    /// The entry that brought the live version, or withdrew the key. Anything in the file of an entry that has
    /// no number yet.
    pub entry: u32,
    /// The row of that entry; [`Slot::WITHDRAWN`] when the key is not live.
    pub row: u32,
    /// The first 8 bytes of the version's content digest; anything when it is not live.
    pub digest: [u8; 8],
}

impl Slot {
    /// The `row` of a key that is not live.
    pub const WITHDRAWN: u32 = u32::MAX;

    /// Whether the key has a live version.
    pub fn is_live(self) -> bool {
        self.row != Self::WITHDRAWN
    }
}

/// A file of the index. With it, for the file of one entry, the number of that entry: its name tells it, and the
/// records do not, because they were written before the entry had a number.
pub type RunFile = (PathBuf, Option<u32>);

/// The index of one kind. Cheap to open: of each file the first key of every 128 records is kept in memory.
#[derive(Default)]
pub struct Index {
    /// Newest last.
    runs: Vec<Arc<Run>>,
}

impl Index {
    /// Opens files, the oldest first.
    ///
    /// # Errors
    /// When one cannot be read or is not whole.
    pub fn open(files: Vec<RunFile>) -> Result<Self, JournalError> {
        let open = |file| Run::open(file).map(Arc::new);
        Ok(Self { runs: files.into_iter().map(open).collect::<Result<_, _>>()? })
    }

    /// Takes a file of the journal, newer than those before, open already as a rule.
    pub(crate) fn add(&mut self, disk: &Disk, path: PathBuf, entry: Option<u32>) -> Result<(), JournalError> {
        self.runs.push(disk.runs().of(&path, || Run::open((path.clone(), entry)))?);
        Ok(())
    }

    /// The same for a file in memory, of one entry.
    pub(crate) fn add_bytes(
        &mut self,
        name: &str,
        bytes: Arc<Vec<u8>>,
        entry: u32,
    ) -> Result<(), JournalError> {
        self.runs.push(Arc::new(Run::of(name.to_owned(), Source::Memory(bytes), Some(entry))?));
        Ok(())
    }

    /// How many records the files hold; a key may be in several.
    pub fn records(&self) -> u64 {
        self.runs.iter().map(|run| run.count()).sum()
    }

    /// What is known of each key, in the order of the keys: the newest file that knows it is right, and slots
    /// of withdrawn keys are given as they are. Ask for many keys at once: only the blocks of the files that
    /// may hold them are read, each once.
    ///
    /// # Errors
    /// When a file cannot be read or is damaged.
    pub fn resolve(&self, keys: &[KeyId]) -> Result<Vec<Option<Slot>>, JournalError> {
        let mut found = vec![None; keys.len()];
        if self.runs.is_empty() {
            return Ok(found);
        }
        let wanted = in_order(keys)?;
        let parts = if wanted.len() < write::WORTH_A_THREAD {
            vec![self.resolve_part(keys, wanted)?]
        } else {
            // One half of the ids a thread: what a thread does is to read blocks and to compute their checksums.
            let mut low = wanted;
            let high = low.split_off(low.len() / 2);
            std::thread::scope(|scope| {
                let low = scope.spawn(|| self.resolve_part(keys, low));
                let high = self.resolve_part(keys, high);
                let low = low.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                Ok::<_, JournalError>(vec![low?, high?])
            })?
        };
        for (at, slot) in parts.into_iter().flatten() {
            found[at] = Some(slot);
        }
        Ok(found)
    }

    /// What is known of some keys, by their places.
    fn resolve_part(
        &self,
        keys: &[KeyId],
        mut wanted: Vec<(u64, u32)>,
    ) -> Result<Vec<(usize, Slot)>, JournalError> {
        let mut known = Vec::new();
        for run in self.runs.iter().rev() {
            if wanted.is_empty() {
                break;
            }
            let before = known.len();
            run.find(keys, &wanted, &mut |at, slot| {
                known.push((at, slot));
                true
            })?;
            // Both are in the order of ids.
            let mut found = known[before..].iter().map(|(at, _)| *at).peekable();
            wanted.retain(|(_, at)| found.next_if_eq(&(*at as usize)).is_none());
        }
        Ok(known)
    }

    /// Whether any of the keys is in any of the files, live or withdrawn.
    ///
    /// # Errors
    /// When a file cannot be read or is damaged.
    pub fn touches(&self, keys: &[KeyId]) -> Result<bool, JournalError> {
        let wanted = in_order(keys)?;
        for run in self.runs.iter().rev() {
            let mut touched = false;
            run.find(keys, &wanted, &mut |_, _| {
                touched = true;
                false
            })?;
            if touched {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Tells the newest state of every key, in the order of the ids. Memory does not grow with the files.
    ///
    /// # Errors
    /// When a file cannot be read or is damaged.
    pub fn for_each(&self, told: &mut dyn FnMut(KeyId, Slot)) -> Result<(), JournalError> {
        let mut merge = merge::Merge::new(&self.runs)?;
        while let Some((key, slot)) = merge.next()? {
            told(key, slot);
        }
        Ok(())
    }
}

/// The keys' places in the order of their ids, each with the first half of its id.
fn in_order(keys: &[KeyId]) -> Result<Vec<(u64, u32)>, JournalError> {
    if u32::try_from(keys.len()).is_err() {
        let (count, most) = (keys.len(), u32::MAX);
        let detail = Text::new(
            format!("{count} khoá một lần, nhiều nhất {most}"),
            format!("{count} keys at once, {most} at most"),
        );
        return Err(JournalError::TooLarge { detail });
    }
    let mut order: Vec<(u64, u32)> = (0_u32..).zip(keys).map(|(at, key)| (key.prefix(), at)).collect();
    let full = |at: u32| keys[at as usize].number();
    let sort = |part: &mut [(u64, u32)]| {
        part.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| full(a.1).cmp(&full(b.1))));
    };
    if order.len() < write::WORTH_A_THREAD {
        sort(&mut order);
        return Ok(order);
    }
    // Ids are evenly spread, so the two halves of their range are halves of the work.
    let mut middle = 0;
    for at in 0..order.len() {
        if order[at].0 >> 63 == 0 {
            order.swap(at, middle);
            middle += 1;
        }
    }
    let (low, high) = order.split_at_mut(middle);
    std::thread::scope(|scope| {
        scope.spawn(|| sort(low));
        sort(high);
    });
    Ok(order)
}
