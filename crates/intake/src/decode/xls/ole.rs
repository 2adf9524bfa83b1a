//! The container of old Office files (MS-CFB): a small file system inside a file. Only what is needed to get
//! one stream out, nothing believed that the file does not bear out.

use std::io::{Read, Seek, SeekFrom};

use crate::decode::sniff::Refused;
use crate::errors::{FileError, LimitKind};
use crate::limits::Limits;

const END: u32 = 0xFFFF_FFFE;
/// Sector numbers from here on are marks.
const MARKS: u32 = 0xFFFF_FFFA;
const ENTRY: usize = 128;
/// Entries of the directory that are looked at; a workbook has about a dozen.
const MOST_ENTRIES: usize = 4096;

fn damaged(detail: &str) -> FileError {
    FileError::damaged("XLS", detail)
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A container, its table of sectors read.
struct Container<R> {
    reader: R,
    sector: usize,
    fat: Vec<u32>,
    /// Sectors that the file is long enough for.
    sectors: usize,
}

/// One entry of the directory.
struct Entry {
    name: String,
    start: u32,
    size: u64,
}

/// The stream of the workbook.
///
/// # Errors
/// When the container is damaged, holds no workbook, or one that is locked.
pub(super) fn workbook(mut reader: impl Read + Seek, limits: &Limits) -> Result<Vec<u8>, FileError> {
    let size = reader.seek(SeekFrom::End(0))?;
    reader.seek(SeekFrom::Start(0))?;
    let mut header = vec![0; 512];
    reader.read_exact(&mut header).map_err(|_| damaged("header"))?;
    let short = || damaged("header");
    let shift = u16_at(&header, 30).filter(|shift| matches!(shift, 9 | 12)).ok_or_else(short)?;
    let sector = 1_usize << shift;
    let sectors = usize::try_from(size / sector as u64).map_err(|_| short())?;
    let mut container = Container { reader, sector, fat: Vec::new(), sectors };
    container.read_fat(&header)?;
    let directory = container.chain(u32_at(&header, 48).ok_or_else(short)?, MOST_ENTRIES * ENTRY)?;
    let entries: Vec<Entry> = directory.chunks_exact(ENTRY).filter_map(entry).collect();
    let find = |name: &str| entries.iter().find(|entry| entry.name == name);
    if find("EncryptedPackage").is_some() {
        return Err(FileError::Refused(Refused::Locked));
    }
    // Excel 5 and 95 call it otherwise; who writes for both has both in one file, with the same in them.
    let Some(book) = find("Workbook").or_else(|| find("Book")) else {
        let word = find("WordDocument").is_some() || find("PowerPoint Document").is_some();
        return Err(FileError::Refused(if word { Refused::OtherOffice } else { Refused::Ole }));
    };
    if book.size > limits.workbook_part_bytes {
        let limit = limits.workbook_part_bytes;
        return Err(FileError::Limit { what: LimitKind::WorkbookPart, limit, row: 0 });
    }
    let length = usize::try_from(book.size).map_err(|_| short())?;
    let cutoff = u32_at(&header, 56).ok_or_else(short)?;
    let mut stream = if book.size < u64::from(cutoff) {
        // Small streams are kept in sectors of 64 bytes inside the stream of the root.
        let root = entries.first().ok_or_else(short)?;
        let most = usize::try_from(root.size.min(limits.workbook_part_bytes)).map_err(|_| short())?;
        let ministream = container.chain(root.start, most)?;
        let minifat = container.chain(u32_at(&header, 60).ok_or_else(short)?, most)?;
        mini(&ministream, &minifat, book.start, length)?
    } else {
        container.chain(book.start, length)?
    };
    if stream.len() < length {
        return Err(damaged("cut"));
    }
    stream.truncate(length);
    Ok(stream)
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(u16_at(bytes, 64)?);
    if !(2..=64).contains(&length) || matches!(bytes[66], 0) {
        return None;
    }
    let units: Vec<u16> =
        bytes[..length - 2].chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
    Some(Entry {
        name: String::from_utf16_lossy(&units),
        start: u32_at(bytes, 116)?,
        // The upper half of the size is not used by sectors of 512 bytes.
        size: u64::from(u32_at(bytes, 120)?),
    })
}

/// A small stream.
fn mini(ministream: &[u8], minifat: &[u8], start: u32, length: usize) -> Result<Vec<u8>, FileError> {
    let mut stream = Vec::with_capacity(length.min(ministream.len()));
    let mut at = start;
    while stream.len() < length && at < MARKS {
        let from = at as usize * 64;
        let part = ministream.get(from..(from + 64).min(ministream.len()));
        let part = part.filter(|part| !part.is_empty()).ok_or_else(|| damaged("small sector"))?;
        stream.extend_from_slice(part);
        at = u32_at(minifat, at as usize * 4).ok_or_else(|| damaged("small sector"))?;
    }
    Ok(stream)
}

impl<R: Read + Seek> Container<R> {
    fn read(&mut self, number: u32, into: &mut Vec<u8>) -> Result<(), FileError> {
        if number as usize >= self.sectors {
            return Err(damaged("sector beyond the end"));
        }
        self.reader.seek(SeekFrom::Start((u64::from(number) + 1) * self.sector as u64))?;
        let before = into.len();
        // The last sector may be cut short by some writers; what is missing is zero.
        (&mut self.reader).take(self.sector as u64).read_to_end(into)?;
        into.resize(before + self.sector, 0);
        Ok(())
    }

    fn read_fat(&mut self, header: &[u8]) -> Result<(), FileError> {
        let mut numbers: Vec<u32> = (0..109).filter_map(|at| u32_at(header, 76 + at * 4)).collect();
        let mut next = u32_at(header, 68).unwrap_or(END);
        let per_sector = self.sector / 4;
        let mut buffer = Vec::new();
        // No more sectors of the table than it takes to describe the file.
        let most = self.sectors / per_sector + 2;
        while next < MARKS && numbers.len() < most + 109 {
            buffer.clear();
            self.read(next, &mut buffer)?;
            numbers.extend((0..per_sector - 1).filter_map(|at| u32_at(&buffer, at * 4)));
            next = u32_at(&buffer, self.sector - 4).unwrap_or(END);
        }
        for number in numbers.into_iter().filter(|number| *number < MARKS).take(most) {
            buffer.clear();
            self.read(number, &mut buffer)?;
            self.fat.extend(buffer.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])));
        }
        Ok(())
    }

    /// The sectors of a stream one after the other, up to so many bytes.
    fn chain(&mut self, start: u32, most: usize) -> Result<Vec<u8>, FileError> {
        let mut bytes = Vec::new();
        let mut at = start;
        let mut steps = 0;
        while at < MARKS && bytes.len() < most {
            steps += 1;
            if steps > self.sectors + 1 {
                return Err(damaged("sectors in a circle"));
            }
            self.read(at, &mut bytes)?;
            at = *self.fat.get(at as usize).ok_or_else(|| damaged("sector table"))?;
        }
        Ok(bytes)
    }
}
