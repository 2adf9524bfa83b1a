//! What an entry is.

use jiff::Timestamp;

use crate::canon::Hash;

/// One accepted change, as it stands in `entries.ndjson`.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number, counted from 0 without gaps: the known clock.
    pub number: u64,
    /// When it was committed, to the microsecond. Never before the entry before it.
    pub at: Timestamp,
    /// The hash of the entry before; zeros for the first.
    pub prev: Hash,
    /// Who did it, when that was said.
    pub by: Option<String>,
    /// Why, when that was said.
    pub reason: Option<String>,
    /// The program's version.
    pub program: String,
    /// What was done.
    pub what: What,
    /// SHA-256 of `0x00` and the canonical JSON of everything above.
    pub hash: Hash,
}

/// An entry before it has its number, its time and its place in the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Who does it, when that was said.
    pub by: Option<String>,
    /// Why, when that was said.
    pub reason: Option<String>,
    /// The program's version.
    pub program: String,
    /// What is done.
    pub what: What,
}

/// What an entry does.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly every entry is an upload")]
pub enum What {
    /// A file of records was accepted.
    Upload(Upload),
    /// Records were withdrawn.
    Withdraw(Withdraw),
    /// What an earlier entry did was undone.
    Undo(Undo),
    /// What one unit supplied is supplied by another from here on.
    Transfer(Transfer),
    /// A text of the bundle changed.
    Text(TextChange),
    /// Personal values were erased.
    Erase(Erase),
}

/// An accepted file of records.
#[derive(Clone, Debug, PartialEq)]
pub struct Upload {
    /// The kind's id.
    pub kind: String,
    /// The digest of the kind as it was.
    pub kind_digest: Hash,
    /// The unit that supplies the records, if one does.
    pub namespace: Option<String>,
    /// The file as it came in.
    pub file: SourceFile,
    /// SHA-256 of the mapping it was read with, which is kept in `texts/`.
    pub map: Option<Hash>,
    /// When the file was exported, if that is known.
    pub exported_at: Option<Timestamp>,
    /// In which scope records that the file has not were withdrawn, as the person wrote it.
    pub replace: Option<String>,
    /// What became of the file's rows.
    pub sums: Sums,
    /// What the journal got.
    pub rows: Rows,
}

/// A file as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name, without folders.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// Its length in bytes.
    pub bytes: u64,
}

/// What became of a file's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Rows below the header.
    pub read: u64,
    /// Records that were not there.
    pub new: u64,
    /// Records of which another version was there.
    pub changed: u64,
    /// Records that were there as they are.
    pub unchanged: u64,
    /// Rows with a reason why not.
    pub rejected: u64,
    /// Rows that are no records: blank, or left out by the mapping.
    pub skipped: u64,
}

/// The rows of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// How many versions were brought.
    pub plus: u64,
    /// How many versions were taken back.
    pub minus: u64,
    /// The kind's columns that the versions brought know at all, in the kind's order.
    pub columns: Vec<String>,
    /// The Merkle root over the versions brought.
    pub root: Hash,
    /// The Merkle root over the versions taken back; none when none was.
    pub back: Option<Hash>,
}

/// Withdrawn records.
#[derive(Clone, Debug, PartialEq)]
pub struct Withdraw {
    /// The kind's id.
    pub kind: String,
    /// The unit that supplied them, if one did.
    pub namespace: Option<String>,
    /// What was taken back.
    pub rows: Rows,
}

/// An undone entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Undo {
    /// The entry that was undone.
    pub of: u64,
    /// The kind's id.
    pub kind: String,
    /// The unit that supplied the records, if one did.
    pub namespace: Option<String>,
    /// How many records had been changed since and were left as they are.
    pub left: u64,
    /// What was taken back, and brought again.
    pub rows: Rows,
}

/// Records that change their supplier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The kind's id.
    pub kind: String,
    /// Who supplied them, if somebody did.
    pub from: Option<String>,
    /// Who supplies them from here on, if somebody does.
    pub to: Option<String>,
}

/// A text of the bundle that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextChange {
    /// Its path in the bundle.
    pub path: String,
    /// SHA-256 of its bytes, which are kept in `texts/`; none when the file is gone.
    pub sha256: Option<Hash>,
    /// What changed in it, by name.
    pub tells: Vec<String>,
}

/// Erased personal values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erase {
    /// The kind's id.
    pub kind: String,
    /// How many values.
    pub count: u64,
}

impl What {
    /// Its name in an entry's line.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Upload(_) => "upload",
            Self::Withdraw(_) => "withdraw",
            Self::Undo(_) => "undo",
            Self::Transfer(_) => "transfer",
            Self::Text(_) => "text",
            Self::Erase(_) => "erase",
        }
    }

    /// The rows it brought and took back, of the entries that have any.
    pub fn rows(&self) -> Option<&Rows> {
        match self {
            Self::Upload(Upload { rows, .. })
            | Self::Withdraw(Withdraw { rows, .. })
            | Self::Undo(Undo { rows, .. }) => Some(rows),
            Self::Transfer(_) | Self::Text(_) | Self::Erase(_) => None,
        }
    }

    /// The id of the kind it is about.
    pub fn kind(&self) -> Option<&str> {
        match self {
            Self::Upload(Upload { kind, .. })
            | Self::Withdraw(Withdraw { kind, .. })
            | Self::Undo(Undo { kind, .. })
            | Self::Transfer(Transfer { kind, .. })
            | Self::Erase(Erase { kind, .. }) => Some(kind),
            Self::Text(_) => None,
        }
    }

    /// The namespace whose rows it brought or took back. A transfer has two of its own.
    pub fn namespace(&self) -> Option<&str> {
        match self {
            Self::Upload(Upload { namespace, .. })
            | Self::Withdraw(Withdraw { namespace, .. })
            | Self::Undo(Undo { namespace, .. }) => namespace.as_deref(),
            Self::Transfer(_) | Self::Text(_) | Self::Erase(_) => None,
        }
    }
}
