//! Which file holds the rows of which entry: the folder's names are the manifest.

use std::collections::BTreeSet;
use std::path::PathBuf;

use giaouoc_agreement::text::Text;

use crate::disk::Disk;
use crate::entries::{Entries, Entry};
use crate::error::JournalError;

/// Rows of neighbouring entries of a kind, in one file for those brought and one for those taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its entries of the kind, each with the place of its first row among the rows brought and taken back.
    pub entries: Vec<Held>,
    /// Versions brought; no file when there are none.
    pub brought: Option<PathBuf>,
    /// Versions taken back; no file when there are none.
    pub back: Option<PathBuf>,
    /// Whether the files say the entry of each row.
    pub merged: bool,
}

/// One entry of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its number.
    pub entry: u32,
    /// Where its rows start in the file of versions brought.
    pub brought_at: u64,
    /// Where its rows start in the file of versions taken back.
    pub back_at: u64,
    /// How many it brought.
    pub plus: u64,
    /// How many it took back.
    pub minus: u64,
}

impl Piece {
    /// The first entry.
    pub fn first(&self) -> u32 {
        self.entries.first().map_or(0, |held| held.entry)
    }

    /// The last entry.
    pub fn last(&self) -> u32 {
        self.entries.last().map_or(0, |held| held.entry)
    }

    /// What it holds of an entry.
    pub fn held(&self, entry: u32) -> Option<&Held> {
        let at = self.entries.binary_search_by_key(&entry, |held| held.entry).ok()?;
        self.entries.get(at)
    }

    /// Rows brought by all its entries.
    pub fn plus(&self) -> u64 {
        self.entries.iter().map(|held| held.plus).sum()
    }

    /// Rows taken back by all its entries.
    pub fn minus(&self) -> u64 {
        self.entries.iter().map(|held| held.minus).sum()
    }
}

/// The files of one kind, in the order of entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Pieces, oldest first; each entry with rows of the kind is in exactly one.
    pub pieces: Vec<Piece>,
}

/// The name of an entry's own file.
pub(crate) fn own(entry: u64, back: bool) -> String {
    format!("rows/{entry:08}{}.parquet", if back { ".back" } else { "" })
}

/// The name of a merged file.
pub(crate) fn merged(first: u32, last: u32, kind: &str, back: bool) -> String {
    format!("rows/{first:08}-{last:08}.{kind}{}.parquet", if back { ".back" } else { "" })
}

/// What the name of a merged file, an index or a base says: entries, kind.
pub(crate) fn span(name: &str, ending: &str) -> Option<(u32, u32, String)> {
    let stem = name.strip_suffix(ending)?;
    let (numbers, kind) = stem.split_once('.')?;
    let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let plain = !kind.is_empty() && !kind.contains('.');
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (plain && first <= last).then(|| (first, last, kind.to_owned()))
}

/// Of spans that may overlap, those to read: from the first entry on, always the widest.
pub(crate) fn widest(mut spans: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    spans.sort_unstable_by_key(|(first, last)| (*first, std::cmp::Reverse(*last)));
    let mut chosen: Vec<(u32, u32)> = Vec::new();
    for span in spans {
        if chosen.last().is_none_or(|(_, last)| span.0 > *last) {
            chosen.push(span);
        }
    }
    chosen
}

/// The spans that the names of a kind's merged files tell: for versions brought, and for those taken back.
pub(crate) fn merged_spans(names: &[String], kind: &str) -> [BTreeSet<(u32, u32)>; 2] {
    [".parquet", ".back.parquet"].map(|ending| {
        let of_kind = names.iter().filter_map(|name| span(name, ending)).filter(|(_, _, of)| of == kind);
        of_kind.map(|(first, last, _)| (first, last)).collect()
    })
}

/// The spans of a kind's merged files that hold what their entries brought and took back. Of a merge that was
/// killed half-way one of the two files may be there alone: such a span is no span yet.
pub(crate) fn whole_spans(names: &[String], entries: &Entries, kind: &str, head: u64) -> Vec<(u32, u32)> {
    let [brought, back] = merged_spans(names, kind);
    let whole = |(first, last): &(u32, u32)| {
        let within =
            entries.iter().skip(*first as usize).take_while(|entry| entry.number <= u64::from(*last));
        let (plus, minus) = within
            .take_while(|entry| entry.number < head)
            .filter_map(|entry| rows_of(entry, kind))
            .fold((0, 0), |sum, rows| (sum.0 + rows.0, sum.1 + rows.1));
        (plus == 0 || brought.contains(&(*first, *last))) && (minus == 0 || back.contains(&(*first, *last)))
    };
    brought.union(&back).copied().filter(whole).collect()
}

impl Layout {
    /// The files of a kind for the entries before `head`.
    ///
    /// # Errors
    /// When the folder cannot be listed or an entry's number leaves 32 bits.
    pub fn of(disk: &Disk, entries: &Entries, kind: &str, head: u64) -> Result<Self, JournalError> {
        let names = disk.list("rows")?;
        let chosen = widest(whole_spans(&names, entries, kind, head));
        let mut pieces: Vec<Piece> = Vec::new();
        let mut open: Option<(u32, u32)> = None;
        for entry in entries.iter().take(usize::try_from(head).unwrap_or(usize::MAX)) {
            let Some(rows) = rows_of(entry, kind) else { continue };
            let number = number(entry.number)?;
            let within = chosen.iter().find(|(first, last)| (*first..=*last).contains(&number)).copied();
            let held = Held { entry: number, brought_at: 0, back_at: 0, plus: rows.0, minus: rows.1 };
            match (within, pieces.last_mut()) {
                (Some(span), Some(piece)) if open == Some(span) => {
                    let (brought_at, back_at) = (piece.plus(), piece.minus());
                    piece.entries.push(Held { brought_at, back_at, ..held });
                }
                _ => pieces.push(Piece {
                    entries: vec![held],
                    brought: None,
                    back: None,
                    merged: within.is_some(),
                }),
            }
            open = within;
            if let (Some(piece), Some((first, last))) = (pieces.last_mut(), within) {
                piece.brought = Some(disk.path(&merged(first, last, kind, false)));
                piece.back = Some(disk.path(&merged(first, last, kind, true)));
            } else if let Some(piece) = pieces.last_mut() {
                piece.brought = (rows.0 > 0).then(|| disk.path(&own(entry.number, false)));
                piece.back = (rows.1 > 0).then(|| disk.path(&own(entry.number, true)));
            }
        }
        for piece in pieces.iter_mut().filter(|piece| piece.merged) {
            // Merged files hold whole spans, of which `head` may be in the middle: what is there is told by names.
            let there = |path: &PathBuf| {
                path.file_name().is_some_and(|name| names.iter().any(|known| *name == **known))
            };
            piece.brought = piece.brought.take().filter(there);
            piece.back = piece.back.take().filter(there);
        }
        Ok(Self { pieces })
    }

    /// The piece that holds an entry.
    pub fn holding(&self, entry: u32) -> Option<(&Piece, &Held)> {
        let at = self.pieces.partition_point(|piece| piece.last() < entry);
        let piece = self.pieces.get(at)?;
        Some((piece, piece.held(entry)?))
    }
}

/// No file holds the rows of an entry.
pub(crate) fn lost(entry: u32) -> JournalError {
    JournalError::damaged(
        "rows",
        format!("không tệp nào chứa các dòng của mục sổ {entry}"),
        format!("no file holds the rows of entry {entry}"),
    )
}

/// How many rows of a kind an entry brought and took back.
pub(crate) fn rows_of(entry: &Entry, kind: &str) -> Option<(u64, u64)> {
    let rows = entry.what.rows().filter(|_| entry.what.kind() == Some(kind))?;
    (rows.plus + rows.minus > 0).then_some((rows.plus, rows.minus))
}

/// An entry's number as addresses hold it.
pub(crate) fn number(entry: u64) -> Result<u32, JournalError> {
    u32::try_from(entry).map_err(|_| JournalError::TooLarge {
        detail: Text::new(
            format!("mục sổ {entry}: sổ có nhiều nhất 4.294.967.296 mục"),
            format!("entry {entry}: a journal has 4,294,967,296 entries at most"),
        ),
    })
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
