//! Named moments at which tests kill the process ([`crate::Disk::point`]).

/// A temporary file is written and not yet synced.
pub const WRITTEN: &str = "after write";
/// A temporary file is synced and has not its name.
pub const SYNCED: &str = "after sync";
/// A file has its name, and its folder is not synced.
pub const RENAMED: &str = "after rename";
/// The files of an entry are in place, and its line is not written.
pub const BEFORE_COMMIT: &str = "before commit";
/// An entry's line is written and not yet synced.
pub const APPENDED: &str = "after append";
/// An entry is there, and nobody has been told.
pub const COMMITTED: &str = "after commit";
/// A merged file is in place; the other of the two (versions brought, versions taken back) may not be, and the
/// files they stand for are not gone.
pub const MERGE: &str = "in merge";
/// A base is in place, and the one before it is not gone.
pub const REBASE: &str = "in re-base";
/// What is to be erased is listed, and the entry's line is not written.
pub const ERASURE_LISTED: &str = "erasure listed";
/// The entry of an erasure is there, and no value is gone.
pub const ERASURE_BEGUN: &str = "erasure begun";
/// Values are gone from a file, and others may still be in other files.
pub const ERASURE_UNDER_WAY: &str = "in erasure";
/// All values of an erasure are gone, and nobody has been told.
pub const ERASED: &str = "after erasure";
/// All of them.
pub const ALL: [&str; 12] = [
    WRITTEN,
    SYNCED,
    RENAMED,
    BEFORE_COMMIT,
    APPENDED,
    COMMITTED,
    MERGE,
    REBASE,
    ERASURE_LISTED,
    ERASURE_BEGUN,
    ERASURE_UNDER_WAY,
    ERASED,
];
