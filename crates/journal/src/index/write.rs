//! Files of the index, written in one stream.

use std::io::{self, Write};

use super::run::{BLOCK, FENCE, MAGIC, encode, sum};
use super::{KeyId, Slot};
use crate::canon::sha256;

/// From how many keys on a second thread is worth its start.
pub(super) const WORTH_A_THREAD: usize = 1 << 16;
/// The most keys that a [`RunWriter`] should hold: 512 MB.
pub(super) const FULL: usize = 1 << 24;
/// Buckets by the first byte of the id. Ids are evenly spread, so buckets are alike in size; each is sorted
/// within the processor's cache.
const BUCKETS: usize = 256;

/// Collects the keys of one entry and writes them as a file of the index. Memory: 32 bytes a key. Of entries
/// with more keys than are good to hold, parts are written and merged with [`super::merge_runs`].
pub struct RunWriter {
    buckets: Vec<Vec<(KeyId, Slot)>>,
    len: usize,
}

impl Default for RunWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl RunWriter {
    /// Without keys.
    pub fn new() -> Self {
        Self { buckets: vec![Vec::new(); BUCKETS], len: 0 }
    }

    /// Adds a key; when it is added again, the last slot counts.
    pub fn add(&mut self, key: KeyId, slot: Slot) {
        self.buckets[usize::from(key.0[0])].push((key, slot));
        self.len += 1;
    }

    /// How many keys have been added since the last part was written.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no key has been added since.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The keys added, in no order; one that was added again is there again.
    pub(crate) fn keys(&self) -> impl Iterator<Item = KeyId> + '_ {
        self.buckets.iter().flatten().map(|(key, _)| *key)
    }

    /// All keys in the order of their ids, each once.
    pub fn into_sorted(mut self) -> Vec<(KeyId, Slot)> {
        self.sort();
        let mut all = Vec::with_capacity(self.buckets.iter().map(Vec::len).sum());
        for bucket in &mut self.buckets {
            all.append(&mut std::mem::take(bucket));
        }
        all
    }

    /// Writes the keys as a file, without a second copy of them, and is empty afterwards. Gives the number of
    /// records back.
    ///
    /// # Errors
    /// When the output fails.
    pub fn write<W: Write>(&mut self, out: W) -> io::Result<u64> {
        self.sort();
        self.len = 0;
        let mut file = Encoder::new(out)?;
        for bucket in &mut self.buckets {
            for (key, slot) in std::mem::take(bucket) {
                file.push(key, slot)?;
            }
        }
        file.finish()
    }

    fn sort(&mut self) {
        let sort = |buckets: &mut [Vec<(KeyId, Slot)>]| {
            for bucket in buckets {
                // Stable, so that of a key the last one added comes last.
                bucket.sort_by_key(|(key, _)| key.number());
                bucket.dedup_by(|later, kept| {
                    let same = later.0 == kept.0;
                    if same {
                        *kept = *later;
                    }
                    same
                });
            }
        };
        if self.len < WORTH_A_THREAD {
            return sort(&mut self.buckets);
        }
        let (low, high) = self.buckets.split_at_mut(BUCKETS / 2);
        std::thread::scope(|scope| {
            scope.spawn(|| sort(low));
            sort(high);
        });
    }
}

/// Writes records as a file.
///
/// # Errors
/// When the output fails, or the records are not in the order of their ids, each once.
pub fn write_run<W: Write>(records: &[(KeyId, Slot)], out: W) -> io::Result<()> {
    let mut file = Encoder::new(out)?;
    for (key, slot) in records {
        file.push(*key, *slot)?;
    }
    file.finish().map(drop)
}

/// A file that is being written. Only the fences stay in memory.
pub(super) struct Encoder<W> {
    out: W,
    /// Whole blocks, and the one that is being filled.
    bytes: Vec<u8>,
    fences: Vec<u8>,
    count: u64,
    last: Option<KeyId>,
}

/// Bytes that are written at once.
const BUFFER: usize = 64 * BLOCK;

impl<W: Write> Encoder<W> {
    pub(super) fn new(mut out: W) -> io::Result<Self> {
        out.write_all(&MAGIC)?;
        Ok(Self { out, bytes: Vec::with_capacity(BUFFER), fences: Vec::new(), count: 0, last: None })
    }

    pub(super) fn push(&mut self, key: KeyId, slot: Slot) -> io::Result<()> {
        if self.last.is_some_and(|last| last >= key) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "index records out of order"));
        }
        if self.bytes.len().is_multiple_of(BLOCK) {
            if self.bytes.len() == BUFFER {
                self.flush()?;
            }
            self.fences.extend_from_slice(&key.0);
            self.fences.extend_from_slice(&[0; FENCE - 16]);
        }
        self.last = Some(key);
        self.count += 1;
        self.bytes.extend_from_slice(&encode(key, slot));
        Ok(())
    }

    /// Writes the blocks of the buffer and puts their checksums beside their fences.
    fn flush(&mut self) -> io::Result<()> {
        let blocks = self.bytes.len().div_ceil(BLOCK);
        let first = self.fences.len() - blocks * FENCE;
        let (fences, _) = self.fences[first..].as_chunks_mut::<FENCE>();
        for (fence, block) in fences.iter_mut().zip(self.bytes.chunks(BLOCK)) {
            fence[16..].copy_from_slice(&sum(block));
        }
        self.out.write_all(&self.bytes)?;
        self.bytes.clear();
        Ok(())
    }

    /// Writes the end and gives the number of records back.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        self.flush()?;
        self.fences.extend_from_slice(&self.count.to_le_bytes());
        self.out.write_all(&self.fences)?;
        self.out.write_all(&sha256(&self.fences))?;
        self.out.flush()?;
        Ok(self.count)
    }
}
