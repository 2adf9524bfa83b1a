//! What `check` found, as one document: the stable form of `--format json` (`docs/check.schema.json`).

use giaouoc_agreement::problem::{Problem, Severity, line_and_column};
use giaouoc_agreement::text::Text;
use giaouoc_intake::Summary;
use serde::Serialize;

use super::coverage::Coverage;
use super::finding::Finding;
use crate::render::board::Program;

/// Version of the form; it grows with a change that a reader must know of.
pub const FORMAT: u32 = 1;

/// Everything that was found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: u32,
    /// The program that made it.
    pub program: Program,
    /// The exit code that goes with it: 0, 1 or 2.
    pub exit: u8,
    /// What was found in the text files.
    pub problems: Vec<ProblemLine>,
    /// The record files that were read, in file-name order.
    pub files: Vec<FileSaid>,
    /// Records that stand in two files of a kind.
    pub doubled: Doubled,
    /// What could not be done with the records as they are: a file refused whole, a day outside the calendar.
    pub faults: Vec<Text>,
    /// The journal, when there is one.
    pub journal: Option<JournalSaid>,
    /// Questions about records.
    pub findings: Vec<Finding>,
    /// Records by unit and month.
    pub coverage: Vec<Coverage>,
}

/// A problem of a text file with its place.
#[derive(Debug, Serialize)]
pub struct ProblemLine {
    /// `error`, `warning` or `question`.
    pub severity: &'static str,
    /// Stable name of the sort of problem.
    pub code: &'static str,
    /// The file.
    pub file: String,
    /// Line, from 1; nothing when it is about the whole file.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
    /// What is wrong, or asked.
    pub message: Text,
    /// The way out.
    pub help: Option<Text>,
}

impl ProblemLine {
    /// Of a problem; `text` is its file's text, when there is one.
    pub fn new(problem: &Problem, text: Option<&str>) -> Self {
        let place =
            text.filter(|_| problem.span != (0..0)).map(|text| line_and_column(text, problem.span.start));
        Self {
            severity: match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Question => "question",
            },
            code: problem.code,
            file: problem.file.clone(),
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            message: problem.message.clone(),
            help: problem.help.clone(),
        }
    }
}

/// What became of a file's rows: `read = accepted + rejected + skipped`.
#[derive(Debug, Serialize)]
pub struct FileSaid {
    /// Path in the bundle.
    pub path: String,
    /// The kind's id.
    pub kind: String,
    /// Rows read.
    pub read: u64,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Rows skipped by a rule.
    pub skipped: u64,
    /// Whether this program wrote the file, and checked its rows then.
    pub written_here: bool,
    /// Whether it waits to be loaded into the journal.
    pub waiting: bool,
    /// Cells rejected, by reason.
    pub reasons: Vec<Reason>,
}

/// How many cells were rejected for a reason.
#[derive(Debug, Serialize)]
pub struct Reason {
    /// The reason's code (`docs/intake.md`).
    pub code: &'static str,
    /// How many.
    pub count: u64,
}

impl FileSaid {
    /// A file that intake has read.
    pub fn read(path: &str, kind: &str, summary: &Summary, waiting: bool) -> Self {
        Self {
            path: path.to_owned(),
            kind: kind.to_owned(),
            read: summary.read,
            accepted: summary.accepted,
            rejected: summary.rejected,
            skipped: summary.skipped(),
            written_here: false,
            waiting,
            reasons: summary.reasons.iter().map(|(code, count)| Reason { code, count: *count }).collect(),
        }
    }

    /// A file that this program wrote.
    pub fn ours(path: &str, kind: &str, rows: u64, waiting: bool) -> Self {
        let (path, kind) = (path.to_owned(), kind.to_owned());
        Self {
            path,
            kind,
            read: rows,
            accepted: rows,
            rejected: 0,
            skipped: 0,
            written_here: true,
            waiting,
            reasons: Vec::new(),
        }
    }
}

/// Records that stand in two files of a kind and would count twice.
#[derive(Debug, Default, Serialize)]
pub struct Doubled {
    /// How many.
    pub count: u64,
    /// Some of them.
    pub examples: Vec<Twice>,
}

/// A record that stands in two files.
#[derive(Debug, Serialize)]
pub struct Twice {
    /// Its key.
    pub key: String,
    /// The file that counts.
    pub file: String,
    /// The earlier file.
    pub earlier: String,
}

/// The journal at its head.
#[derive(Debug, Serialize)]
pub struct JournalSaid {
    /// How many entries it has.
    pub entries: u64,
    /// When the last one was made (UTC).
    pub at: Option<String>,
    /// Records that stand, by kind.
    pub records: Vec<KindRecords>,
    /// Files in `records/` that it does not have.
    pub waiting: Vec<String>,
    /// Texts that changed and are not in it as they are now.
    pub texts: Vec<String>,
    /// Files of rejects that were not compared, and why.
    pub not_compared: Vec<NotCompared>,
}

/// How many records of a kind stand.
#[derive(Debug, Serialize)]
pub struct KindRecords {
    /// The kind's id.
    pub kind: String,
    /// How many.
    pub records: u64,
}

/// A file of rejects that was not compared with what is live.
#[derive(Debug, Serialize)]
pub struct NotCompared {
    /// Path in the bundle.
    pub file: String,
    /// Why.
    pub why: Text,
}
