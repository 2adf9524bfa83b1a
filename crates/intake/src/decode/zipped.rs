//! Looking into a ZIP archive before any decoder does: what it is, and whether it is a bomb.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::sniff::{Format, Refused};
use crate::errors::{FileError, LimitKind};
use crate::limits::Limits;

/// Parts of a workbook; a real one has some dozens.
const MOST_PARTS: usize = 10_000;

/// What a ZIP archive holds.
pub(crate) fn inside(reader: impl Read + Seek) -> Result<Format, FileError> {
    let mut archive = ZipArchive::new(reader).map_err(|error| FileError::damaged("ZIP/XLSX", error))?;
    let names: Vec<String> =
        archive.file_names().flatten().map(|name| name.replace('\\', "/").to_lowercase()).collect();
    let has = |start: &str| names.iter().any(|name| name.trim_start_matches('/').starts_with(start));
    if has("xl/workbook.bin") {
        return Err(FileError::Refused(Refused::Xlsb));
    }
    if has("xl/") {
        return Ok(Format::Xlsx);
    }
    if has("word/") || has("ppt/") {
        return Err(FileError::Refused(Refused::OtherOffice));
    }
    let mut kind = String::new();
    if let Ok(part) = archive.by_name("mimetype") {
        part.take(100).read_to_string(&mut kind).ok();
    }
    if kind.contains("opendocument.spreadsheet") {
        return Ok(Format::Ods);
    }
    let open_document = kind.contains("opendocument");
    Err(FileError::Refused(if open_document { Refused::OpenDocument } else { Refused::Archive }))
}

/// Unpacks a workbook into nothing and refuses it when it is larger than allowed. What the archive states
/// about its sizes is not believed.
pub(crate) fn measure(reader: impl Read + Seek, limits: &Limits) -> Result<(), FileError> {
    let damaged = |error: &dyn std::fmt::Display| FileError::damaged("XLSX", error);
    let mut archive = ZipArchive::new(reader).map_err(|error| damaged(&error))?;
    if archive.len() > MOST_PARTS {
        return Err(FileError::damaged("XLSX", format!("{} parts", archive.len())));
    }
    let mut total = 0_u64;
    let mut chunk = vec![0; 64 << 10];
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|error| damaged(&error))?;
        let streamed = part
            .name()
            .is_ok_and(|name| name.to_lowercase().contains("/worksheets/") || *name == *"content.xml");
        let mut scan = Scan::default();
        let mut size = 0_u64;
        loop {
            let read = part.read(&mut chunk).map_err(|error| damaged(&error))?;
            if read == 0 {
                break;
            }
            size += read as u64;
            total += read as u64;
            if total > limits.workbook_bytes {
                return Err(over(LimitKind::Workbook, limits.workbook_bytes));
            }
            if !streamed && size > limits.workbook_part_bytes {
                return Err(over(LimitKind::WorkbookPart, limits.workbook_part_bytes));
            }
            scan.add(&chunk[..read]);
            // A character may be written with up to ten bytes (`&#x10FFFF;`).
            if scan.longest > limits.cell_bytes.saturating_mul(10) {
                return Err(over(LimitKind::Cell, limits.cell_bytes as u64));
            }
        }
        // The decoder sets memory aside for as many texts as the part announces.
        if scan.announced > size {
            return Err(FileError::damaged("XLSX", format!("uniqueCount {}", scan.announced)));
        }
    }
    Ok(())
}

fn over(what: LimitKind, limit: u64) -> FileError {
    FileError::Limit { what, limit, row: 0 }
}

/// What is learnt from the XML of a part while it streams by.
#[derive(Default)]
struct Scan {
    /// Bytes since the last `<`.
    run: usize,
    /// The longest run without `<`.
    longest: usize,
    /// The greatest number after `uniqueCount`.
    announced: u64,
    /// How much of `uniqueCount` has been matched; beyond its length: inside the number.
    matched: usize,
    number: u64,
}

impl Scan {
    fn add(&mut self, bytes: &[u8]) {
        const NAME: &[u8] = b"uniqueCount";
        for &byte in bytes {
            if byte == b'<' {
                self.longest = self.longest.max(self.run);
                self.run = 0;
            } else {
                self.run += 1;
            }
            // Zero bytes are passed over, so that UTF-16 is seen through as well.
            if byte == 0 {
                continue;
            }
            if self.matched < NAME.len() {
                self.matched =
                    if byte == NAME[self.matched] { self.matched + 1 } else { usize::from(byte == NAME[0]) };
                self.number = 0;
            } else if byte.is_ascii_digit() {
                self.number = self.number.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                self.announced = self.announced.max(self.number);
            } else if !matches!(byte, b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n') || self.number > 0 {
                self.matched = 0;
            }
        }
        self.longest = self.longest.max(self.run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announced_counts_are_seen_across_chunks() {
        for text in [
            "<sst count=\"3\" uniqueCount=\"9000\"><si/>",
            "<sst uniqueCount = '9000' count='1'>",
            "uuniqueCount=\"9000\"",
        ] {
            for step in 1..7 {
                let mut scan = Scan::default();
                text.as_bytes().chunks(step).for_each(|chunk| scan.add(chunk));
                assert_eq!(scan.announced, 9000, "{text} by {step}");
            }
        }
        let mut scan = Scan::default();
        scan.add(b"<a>12345678</a><b>");
        assert_eq!((scan.announced, scan.longest), (0, 10));
    }
}
