//! The change log of a cluster: accepted records are appended, never changed. `docs/journal.md` fixes the
//! forms of everything that is written.
//!
//! What it is not: it decides no figure and reads no foreign file. Rows come in as checked Arrow batches,
//! and go out as sources with weights that `giaouoc-measure` adds up. The time comes in as an argument.

pub mod canon;
pub mod disk;
pub mod entries;
mod error;
pub mod lock;

pub use error::{JournalError, LineFault};
