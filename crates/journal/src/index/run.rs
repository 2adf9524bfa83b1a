//! One file of the index: its form, and reading from it. Nothing that it says is believed before a checksum
//! has agreed.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::filter::{self, Filter};
use super::{KeyId, RunFile, Slot};
use crate::canon::sha256;
use crate::error::JournalError;

/// How a file begins; the last byte is the version of the form.
pub(super) const MAGIC: [u8; 16] = *b"giaouoc index\0\0\x01";
/// Bytes of a record.
pub(super) const RECORD: usize = 32;
/// Records of a block, which has one fence and one checksum.
pub(super) const BLOCK_RECORDS: usize = 128;
/// Bytes of a full block.
pub(super) const BLOCK: usize = RECORD * BLOCK_RECORDS;
/// Bytes of a fence: the first key of a block and the checksum of the block.
pub(super) const FENCE: usize = 24;
/// Bytes at the end: the number of records, and the checksum of the fences and that number.
pub(super) const FOOTER: usize = 40;
/// Records of a small file.
const SMALL: u64 = 1 << 18;
/// Blocks that a scan reads at once.
const AHEAD: usize = 64;

/// The checksum of a block.
pub(super) fn sum(block: &[u8]) -> [u8; 8] {
    let mut sum = [0; 8];
    sum.copy_from_slice(&sha256(block)[..8]);
    sum
}

pub(super) fn encode(key: KeyId, slot: Slot) -> [u8; RECORD] {
    let mut bytes = [0; RECORD];
    bytes[..16].copy_from_slice(&key.0);
    bytes[16..24].copy_from_slice(&slot.digest);
    bytes[24..28].copy_from_slice(&slot.entry.to_le_bytes());
    bytes[28..].copy_from_slice(&slot.row.to_le_bytes());
    bytes
}

fn key_of(record: &[u8; RECORD]) -> KeyId {
    let mut key = [0; 16];
    key.copy_from_slice(&record[..16]);
    KeyId(key)
}

fn slot_of(record: &[u8; RECORD]) -> Slot {
    let [.., a, b, c, d, e, f, g, h] = *record;
    let mut digest = [0; 8];
    digest.copy_from_slice(&record[16..24]);
    Slot { entry: u32::from_le_bytes([a, b, c, d]), row: u32::from_le_bytes([e, f, g, h]), digest }
}

struct Fence {
    first: KeyId,
    sum: [u8; 8],
}

/// Where the bytes of a file are.
pub(super) enum Source {
    File(File),
    Memory(Arc<Vec<u8>>),
}

impl Source {
    fn length(&self) -> io::Result<u64> {
        match self {
            Self::File(file) => Ok(file.metadata()?.len()),
            Self::Memory(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// Fills the buffer from a place of the file.
    fn read(&self, into: &mut [u8], offset: u64) -> io::Result<()> {
        match self {
            Self::File(file) => read_at(file, into, offset),
            Self::Memory(bytes) => {
                let at = usize::try_from(offset).unwrap_or(usize::MAX);
                let part = bytes.get(at..).and_then(|rest| rest.get(..into.len()));
                into.copy_from_slice(part.ok_or(io::ErrorKind::UnexpectedEof)?);
                Ok(())
            }
        }
    }
}

/// An open file.
pub(crate) struct Run {
    file: Source,
    /// The file, for messages.
    name: String,
    entry: Option<u32>,
    count: u64,
    fences: Vec<Fence>,
    /// How many blocks were read for keys that were asked for.
    asked: AtomicU64,
    filter: OnceLock<Filter>,
}

impl Run {
    pub(crate) fn open((path, entry): RunFile) -> Result<Self, JournalError> {
        let name = path.display().to_string();
        let file = File::open(&path).map_err(|error| JournalError::Io { path: name.clone(), error })?;
        Self::of(name, Source::File(file), entry)
    }

    /// A file by where its bytes are; the name is for messages.
    pub(super) fn of(name: String, file: Source, entry: Option<u32>) -> Result<Self, JournalError> {
        let failed = |error| JournalError::Io { path: name.clone(), error };
        let damaged = |vi: &str, en: &str| JournalError::derived(name.clone(), vi, en);
        let bytes = file.length().map_err(failed)?;
        if bytes < (MAGIC.len() + FOOTER) as u64 {
            return Err(damaged("tệp chỉ mục bị cắt ngắn", "the index file is cut"));
        }
        let mut magic = [0; MAGIC.len()];
        file.read(&mut magic, 0).map_err(failed)?;
        if magic != MAGIC {
            return Err(damaged(
                "không phải tệp chỉ mục của phiên bản này",
                "not an index file of this version",
            ));
        }
        let mut footer = [0; FOOTER];
        file.read(&mut footer, bytes - FOOTER as u64).map_err(failed)?;
        let [a, b, c, d, e, f, g, h, ..] = footer;
        let count = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        let (count_bytes, checksum) = footer.split_at(8);
        let blocks = count.div_ceil(BLOCK_RECORDS as u64);
        let fixed = (MAGIC.len() + FOOTER) as u64;
        let expected = count.checked_mul(RECORD as u64).and_then(|records| records.checked_add(fixed));
        let expected = expected.and_then(|sum| sum.checked_add(blocks.checked_mul(FENCE as u64)?));
        if expected != Some(bytes) {
            return Err(damaged(
                "tệp chỉ mục dài hoặc ngắn hơn số bản ghi mà nó nêu",
                "the index file is longer or shorter than its number of records says",
            ));
        }
        // Within the file's length, so a wrong number cannot ask for more memory than the file has bytes.
        let mut table = vec![0; blocks as usize * FENCE];
        file.read(&mut table, MAGIC.len() as u64 + count * RECORD as u64).map_err(failed)?;
        table.extend_from_slice(count_bytes);
        if sha256(&table) != checksum {
            return Err(damaged(
                "mã kiểm của tệp chỉ mục không đúng",
                "the checksum of the index file is wrong",
            ));
        }
        let (table, _) = table.as_chunks::<FENCE>();
        let fences: Vec<Fence> = table
            .iter()
            .map(|fence| {
                let (mut first, mut sum) = ([0; 16], [0; 8]);
                first.copy_from_slice(&fence[..16]);
                sum.copy_from_slice(&fence[16..]);
                Fence { first: KeyId(first), sum }
            })
            .collect();
        if !fences.is_sorted_by(|a, b| a.first < b.first) {
            return Err(damaged("tệp chỉ mục không theo thứ tự", "the index file is not sorted"));
        }
        Ok(Self { file, name, entry, count, fences, asked: AtomicU64::new(0), filter: OnceLock::new() })
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    fn damaged(&self, vi: impl Into<String>, en: impl Into<String>) -> JournalError {
        JournalError::derived(self.name.clone(), vi, en)
    }

    /// Reads some blocks, one after the other.
    fn read(&self, blocks: std::ops::Range<usize>, bytes: &mut Vec<u8>) -> Result<(), JournalError> {
        let from = blocks.start as u64 * BLOCK as u64;
        let to = (blocks.end as u64 * BLOCK as u64).min(self.count * RECORD as u64);
        bytes.resize(to.saturating_sub(from) as usize, 0);
        self.file
            .read(bytes, MAGIC.len() as u64 + from)
            .map_err(|error| JournalError::Io { path: self.name.clone(), error })?;
        for (at, block) in blocks.zip(bytes.chunks(BLOCK)) {
            if sum(block) != self.fences[at].sum {
                return Err(self.damaged(
                    format!("mã kiểm của khối {at} trong tệp chỉ mục không đúng"),
                    format!("the checksum of block {at} of the index file is wrong"),
                ));
            }
        }
        Ok(())
    }

    /// The slot of a record; the entry is the one that its file is of, if it is of one.
    fn slot(&self, record: &[u8; RECORD]) -> Slot {
        let slot = slot_of(record);
        Slot { entry: self.entry.unwrap_or(slot.entry), ..slot }
    }

    /// Tells the place and slot of each of the wanted keys that the file has, until `told` wants no more.
    /// `wanted` has prefixes and places of keys in the order of ids.
    pub(super) fn find(
        &self,
        keys: &[KeyId],
        wanted: &[(u64, u32)],
        told: &mut dyn FnMut(usize, Slot) -> bool,
    ) -> Result<(), JournalError> {
        let filter = self.filter()?;
        let ahead = if filter.is_none() && self.is_dense(keys, wanted) { AHEAD } else { 1 };
        let mut bytes = Vec::with_capacity(ahead * BLOCK);
        let mut loaded = 0..0;
        // The block that may hold the next key, and the first record of it that may be the key's.
        let (mut block, mut from) = (0, 0);
        for (_, at) in wanted {
            let key = keys[*at as usize];
            if filter.is_some_and(|filter| !filter.may_have(key)) {
                continue;
            }
            if self.fences.get(block + 1).is_some_and(|next| next.first <= key) {
                block += self.fences[block + 1..].partition_point(|fence| fence.first <= key);
                from = 0;
            }
            if self.fences.get(block).is_none_or(|fence| key < fence.first) {
                continue;
            }
            if !loaded.contains(&block) {
                loaded = block..self.fences.len().min(block + ahead);
                self.read(loaded.clone(), &mut bytes)?;
                // Who reads a large file in one go reads it once for a million keys: that needs no filter.
                if ahead == 1 || self.count <= SMALL {
                    self.asked.fetch_add(loaded.len() as u64, Ordering::Relaxed);
                }
            }
            let (records, _) = bytes.as_chunks::<RECORD>();
            let records = &records[(block - loaded.start) * BLOCK_RECORDS..];
            let records = &records[..records.len().min(BLOCK_RECORDS)];
            from += records[from..].partition_point(|record| key_of(record) < key);
            if let Some(record) = records.get(from)
                && key_of(record) == key
                && !told(*at as usize, self.slot(record))
            {
                break;
            }
        }
        Ok(())
    }

    /// The filter of the file's keys, once it is worth its cost.
    fn filter(&self) -> Result<Option<&Filter>, JournalError> {
        let worth =
            self.count <= filter::MOST && self.asked.load(Ordering::Relaxed) >= self.fences.len() as u64;
        if self.filter.get().is_none() && worth {
            let mut filter = Filter::new(self.count);
            let mut scan = Scan::new(self);
            while let Some((key, _)) = scan.next()? {
                filter.add(key);
            }
            // Another thread's is the same.
            let _ = self.filter.set(filter);
        }
        Ok(self.filter.get())
    }

    /// Whether so many keys are wanted that most blocks between the first and the last of them are: then they are
    /// read in one go.
    fn is_dense(&self, keys: &[KeyId], wanted: &[(u64, u32)]) -> bool {
        let (Some((_, first)), Some((_, last))) = (wanted.first(), wanted.last()) else { return false };
        let (first, last) = (keys[*first as usize], keys[*last as usize]);
        let from = self.fences.partition_point(|fence| fence.first <= first);
        let to = self.fences.partition_point(|fence| fence.first <= last);
        // Of one block there is nothing to read ahead, however many keys of it are wanted.
        from < to && wanted.len() > to - from
    }
}

/// Goes through a file from its first record to its last.
pub(super) struct Scan<'r> {
    run: &'r Run,
    bytes: Vec<u8>,
    /// The next block to be read.
    block: usize,
    /// The next record of those read.
    record: usize,
    last: Option<KeyId>,
}

impl<'r> Scan<'r> {
    pub(super) fn new(run: &'r Run) -> Self {
        Self { run, bytes: Vec::new(), block: 0, record: 0, last: None }
    }

    pub(super) fn next(&mut self) -> Result<Option<(KeyId, Slot)>, JournalError> {
        if self.record * RECORD == self.bytes.len() {
            let end = self.run.fences.len().min(self.block + AHEAD);
            if self.block == end {
                return Ok(None);
            }
            self.run.read(self.block..end, &mut self.bytes)?;
            (self.block, self.record) = (end, 0);
        }
        let (records, _) = self.bytes.as_chunks::<RECORD>();
        let record = &records[self.record];
        self.record += 1;
        let key = key_of(record);
        if self.last.is_some_and(|last| last >= key) {
            return Err(self.run.damaged("tệp chỉ mục không theo thứ tự", "the index file is not sorted"));
        }
        self.last = Some(key);
        Ok(Some((key, self.run.slot(record))))
    }
}

/// Fills the buffer from a place of the file; threads may share the file.
#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

/// Fills the buffer from a place of the file; threads may share the file.
#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                bytes = &mut bytes[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
