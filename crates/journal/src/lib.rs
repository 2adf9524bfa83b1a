//! The change log of a cluster: accepted records are appended, never changed. `docs/journal.md` fixes the
//! forms of everything that is written.
//!
//! Words: an [`Entry`] is one accepted change. [`Prepare`] compares an upload with what is live and writes its
//! files under temporary names; [`Journal::commit`] makes them an entry. [`Journal::view`] says which files to
//! add and subtract for the net rows at any entry.
//!
//! What it is not: it decides no figure and reads no foreign file. Rows come in as checked Arrow batches,
//! and go out as sources with weights that `giaouoc-measure` adds up. The time comes in as an argument.

mod base;
mod canon;
mod commit;
mod disk;
mod entries;
mod error;
mod fsck;
mod index;
mod index_file;
mod journal;
mod kept;
mod layout;
mod lock;
mod merge;
mod merkle;
mod net;
mod personal;
pub mod points;
mod prepare;
mod rows_read;
mod rows_write;
mod sha;
mod shape;
mod since;
mod story;
mod stream;
mod take_back;
mod texts;
mod view;
mod writing;

pub use base::Base;
pub use canon::{Canon, Change, Hash, commitment, leaf};
pub use commit::Signed;
pub use disk::{Disk, FOLDERS, Hooks, Op, TEMPORARY};
pub use entries::{
    Draft, Entries, Entry, Erase, Rows, SourceFile, Sums, TextChange, Transfer, Undo, Upload, What, Withdraw,
    hex, parse_line, unhex,
};
pub use error::{JournalError, LineFault};
pub use fsck::{Checked, Finding, Weight, fsck};
pub use index::{Index, KeyId, RunFile, RunWriter, Slot, merge_runs, write_run};
pub use journal::Journal;
pub use layout::{Held, Layout, Piece};
pub use lock::Lock;
pub use merge::Tidied;
pub use merkle::{Tree, inclusion_proof, root_of_proof};
pub use net::Version;
pub use personal::{Erased, Opened, Salts};
pub use prepare::{About, Compared, Counts, Prepare, Refusal, Scope};
pub use shape::{ENTRY, OF_ENTRY, OF_ROW, ROW};
pub use stream::{Live, Told};
pub use take_back::{Undoing, Withdrawal};
pub use texts::{digest as text_digest, keep as keep_text, read as read_text};
pub use view::Part;
pub use writing::Prepared;
