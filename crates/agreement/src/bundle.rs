//! The bundle (*gói dữ liệu*): a folder of open files that holds a cluster's year, read as a whole.
//! `docs/bundle.md` describes it.

mod parse;
pub(crate) mod paths;
pub(crate) mod refs;

use giaouoc_worktime::CalendarSet;

use crate::agreement_file::Agreement;
use crate::calendar_file::CalendarChoice;
use crate::cluster::Cluster;
use crate::reports::Reports;

/// A bundle whose text files are right and fit together. The records themselves are read by
/// `giaouoc-intake`; here only their paths are known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bundle {
    /// Of `cluster.toml`.
    pub cluster: Cluster,
    /// Of `agreement.toml`.
    pub agreement: Agreement,
    /// Of `calendar.toml`.
    pub calendar: CalendarChoice,
    /// The calendars that the choice resolves to.
    pub calendars: CalendarSet,
    /// Of `reports.toml`; empty when there is none.
    pub reports: Reports,
    /// The record files in file-name order.
    pub records: Vec<RecordFile>,
}

/// A file of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordFile {
    /// Path in the bundle.
    pub path: String,
    /// The kind's id.
    pub kind: String,
    /// Path of the mapping in the bundle, when it needs one.
    pub map: Option<String>,
    /// Index of the unit that supplies it, when that is said.
    pub supplier: Option<usize>,
}
