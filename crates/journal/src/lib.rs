//! The change log of a cluster: accepted records are appended, never changed. `docs/journal.md` fixes the
//! forms of everything that is written.
//!
//! What it is not: it decides no figure and reads no foreign file. Rows come in as checked Arrow batches,
//! and go out as sources with weights that `giaouoc-measure` adds up. The time comes in as an argument.

mod canon;
mod error;
mod index;
mod merkle;
mod sha;

pub use canon::{Canon, Change, Hash, commitment, leaf};
pub use error::JournalError;
pub use index::{Index, KeyId, RunFile, RunWriter, Slot, merge_runs, write_run};
pub use merkle::{Tree, inclusion_proof, root_of_proof};
