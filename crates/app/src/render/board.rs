//! What the app shows: the judged scoreboard, and what was said about the records on the way.

use giaouoc_agreement::scoreboard::Scoreboard;
use giaouoc_agreement::text::Text;
use serde::Serialize;

/// A scoreboard with the remarks of its making; the stable form of `--format json`
/// (`docs/scoreboard.schema.json`).
#[derive(Debug, Serialize)]
pub struct Board {
    /// The program that made it.
    pub program: Program,
    /// The figures.
    pub scoreboard: Scoreboard,
    /// The record files read, with what became of their rows.
    pub files: Vec<FileLine>,
    /// The bundle as it was named on the command line, for the commands that are proposed.
    #[serde(skip)]
    pub bundle: String,
    /// Up to which entry of the journal it knows; nothing without a journal.
    #[serde(skip)]
    pub known: Option<Text>,
    /// Open questions about the bundle, such as a head outside the list of members.
    pub questions: Vec<Text>,
    /// What is said of the figures while the agreement is not in force; nothing once it is.
    pub by_draft: Option<Text>,
}

/// Name and version of the program.
#[derive(Debug, Serialize)]
pub struct Program {
    /// `giaouoc`
    pub name: &'static str,
    /// Version.
    pub version: &'static str,
}

impl Program {
    /// This program.
    pub const THIS: Self = Self { name: "giaouoc", version: env!("CARGO_PKG_VERSION") };
}

/// What became of one record file's rows: `read = accepted + rejected + skipped`.
#[derive(Clone, Debug, Serialize)]
pub struct FileLine {
    /// Path in the bundle.
    pub path: String,
    /// The kind's id.
    pub kind: String,
    /// Rows read.
    pub read: u64,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows rejected; `giaouoc check` lists them.
    pub rejected: u64,
    /// Rows that a mapping's rule says are no records.
    pub skipped: u64,
}
