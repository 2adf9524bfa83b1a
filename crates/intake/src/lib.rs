//! Files into checked rows: decode, map, validate, reject.
//!
//! A file of records comes in (CSV, XLSX, XLS, ODS, NDJSON or Parquet, told by its content), a [`Kind`] says what its
//! columns are, a [`Mapping`] says where they are when the file's own names do not; typed Arrow batches and
//! rejected rows go out. Every row read is accepted, rejected with a reason in Vietnamese and English, or
//! skipped by a rule, and the sums are returned. See `docs/intake.md`.
//!
//! What this crate is not: it keeps nothing, knows no clock and no bundle, and never guesses. Blank is
//! unknown, a bad date is a rejected row and not "now".
//!
//! [`Kind`]: giaouoc_agreement::kind::Kind

mod again;
mod check;
mod decode;
mod desk;
mod errors;
mod events;
mod fold;
mod furniture;
mod header;
mod keys;
mod limits;
mod map;
mod out;
mod quick;
mod read;
mod reason;
mod sink;
mod suggest;
mod summary;
mod table;
mod units;

pub use decode::Input;
pub use decode::guard::{silence_guarded_panics, unless_it_panics};
pub use decode::peek::{Headings, cells, headings_of, sheets};
pub use decode::sniff::{Format, Refused};
pub use desk::for_desk;
pub use errors::{FileError, LimitKind, Preview};
pub use fold::fold;
pub use limits::Limits;
pub use map::{DateFormat, Mapping};
pub use out::csv::ToCsv;
pub use out::parquet::ToParquet;
pub use out::rejects::RejectsCsv;
pub use out::schema::{KIND_DIGEST_KEY, KIND_KEY, day_companion, kind_schema};
pub use read::{Load, read_records};
pub use reason::Reason;
pub use sink::{Both, Collected, Sink};
pub use suggest::{Proposal, suggest};
pub use summary::{BadCell, HiddenParts, Ignored, Loaded, Note, Reject, Summary};
pub use units::{UnitMatch, Units};
