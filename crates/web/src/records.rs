//! What pages and programs ask of the journals: one record with its versions, a list, a change. Pages know no journal; the
//! program puts in whoever does ([`Records`]).

use giaouoc_agreement::text::{Lang, Text};

/// A record as it stands now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Its key.
    pub key: String,
    /// The unit in whose figures it counts.
    pub unit: String,
    /// The unit that supplies it; nothing for a source of the whole cluster.
    pub supplier: Option<String>,
    /// Which version this is: the journal's entry and the row in it, `12.0`. Another version has another one.
    pub version: String,
    /// Its values, in the order of the kind's columns; personal columns are left out.
    pub fields: Vec<Field>,
}

impl Record {
    /// The canonical text of a column; blank when unknown.
    pub fn text(&self, column: &str) -> &str {
        self.fields.iter().find(|field| field.column == column).map_or("", |field| field.text.as_str())
    }
}

/// One value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// The column's id.
    pub column: String,
    /// The value in its text form (docs/kinds.md), as files may bring it; blank when unknown.
    pub text: String,
    /// The value as people read it; blank when unknown.
    pub shown: Text,
}

/// A version of a record, or its withdrawal, as it came to be known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// The entry's number.
    pub entry: u64,
    /// What the entry was, when, by whom, for which reason.
    pub said: Text,
    /// What it changed: column, before, after.
    pub changes: Vec<(Text, Text, Text)>,
}

/// What is known of a record besides its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The record.
    pub record: Record,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
    /// What becomes of it in each target: name, period, what, and the conditions that decided in words.
    pub counts: Vec<Count>,
    /// How its due date comes about, one step a line; blank where the kind has none.
    pub due: Vec<String>,
}

/// What becomes of a record in a target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// The target's id.
    pub target: String,
    /// Its name.
    pub name: String,
    /// Whether it counts, in a few words.
    pub outcome: String,
    /// The conditions that decided.
    pub because: Vec<String>,
}

/// Which records a list is of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this unit.
    pub unit: Option<String>,
    /// Supplied by this unit.
    pub supplier: Option<String>,
    /// With this in the key or in a text, without regard to case and marks.
    pub text: Option<String>,
    /// That this target counts, and of these only those that meet it (true) or do not (false).
    pub target: Option<(String, Option<bool>)>,
    /// After this place: the `next` of the page before.
    pub after: Option<String>,
    /// So many at most.
    pub most: usize,
    /// Of so many that are looked at, at most; 0 looks at all.
    pub look: u64,
}

/// A page of a list, in the order in which the versions became known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The records.
    pub records: Vec<Record>,
    /// Where the next page goes on; nothing when this was the last. Records that come meanwhile are on later pages.
    pub next: Option<String>,
    /// Records that were looked at for this page.
    pub seen: u64,
}

/// Rows to be written as one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entering {
    /// The cluster.
    pub cluster: String,
    /// The kind.
    pub kind: String,
    /// Who supplies them.
    pub supplier: Option<String>,
    /// Where they come from, as the journal names it: `form`, `api: one-stop`.
    pub name: String,
    /// The rows: one JSON object a line, values in their text forms under the columns' ids. A column that no line names stays
    /// as it was; one that a line does not name and another does becomes unknown.
    pub rows: Vec<u8>,
    /// The rows as a file, where they are many; then [`Entering::rows`] is empty. It is read and left there.
    pub file: Option<std::path::PathBuf>,
    /// Who writes.
    pub by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The key and the version that the writer has seen: nothing is written when another one stands. `None` as the version
    /// means that there must be none.
    pub expect: Option<(String, Option<String>)>,
    /// Nothing is written when a row is rejected.
    pub whole: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entered {
    /// The entry; nothing when there was nothing to write.
    pub entry: Option<u64>,
    /// New records.
    pub new: u64,
    /// Changed records.
    pub changed: u64,
    /// Records that stay as they were.
    pub unchanged: u64,
    /// Rows that were rejected, in their order.
    pub rejected: Vec<Rejected>,
    /// Columns that were not taken, as they were named: unknown ones and personal ones.
    pub ignored: Vec<String>,
}

/// A row that was rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    /// Its line, counted from 1.
    pub row: u64,
    /// The columns at fault, by id; none when it is about the whole row.
    pub columns: Vec<String>,
    /// Why, and what to do; one line for each cell.
    pub reason: Text,
}

/// A record that may be the same as the one that is being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Near {
    /// The record.
    pub record: Record,
    /// What is alike.
    pub why: Text,
}

/// Why a journal did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// What was asked cannot be done; the text says why and what to do.
    Wrong(Text),
    /// Somebody else wrote in between: this stands now; nothing where it was withdrawn.
    Newer(Option<Box<Record>>),
    /// The system failed.
    Failed(String),
}

/// What the journals answer. Every call may take as long as a disk does: call it where waiting is allowed.
pub trait Records: Send + Sync {
    /// A record as it stands now.
    ///
    /// # Errors
    /// An unknown cluster or kind; a journal that cannot be read.
    fn find(&self, cluster: &str, kind: &str, key: &str) -> Result<Option<Record>, Trouble>;

    /// A record with its versions, what becomes of it in the targets, and its due date. Also of one that was withdrawn:
    /// then its values are blank.
    ///
    /// # Errors
    /// As [`Records::find`].
    fn open(&self, cluster: &str, kind: &str, key: &str, lang: Lang) -> Result<Option<Opened>, Trouble>;

    /// A page of a list.
    ///
    /// # Errors
    /// As [`Records::find`]; a target that is not there; a place that no page has named.
    fn list(&self, cluster: &str, kind: &str, filter: &Filter) -> Result<Listing, Trouble>;

    /// Writes rows as one entry of the journal. When it answers, they are on the disk.
    ///
    /// # Errors
    /// [`Trouble::Newer`] when another version stands than was expected.
    fn enter(&self, entering: &Entering) -> Result<Entered, Trouble>;

    /// Withdraws a record; its history stays. `version` as in [`Entering::expect`].
    ///
    /// # Errors
    /// As [`Records::enter`].
    fn withdraw(&self, withdrawing: &Withdrawing) -> Result<(), Trouble>;

    /// Records that may be the same as one with these values (column, text), for whoever is writing it.
    ///
    /// # Errors
    /// As [`Records::find`].
    fn near(&self, cluster: &str, kind: &str, fields: &[(String, String)]) -> Result<Vec<Near>, Trouble>;
}

/// A record to be withdrawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withdrawing {
    /// The cluster.
    pub cluster: String,
    /// The kind.
    pub kind: String,
    /// Who supplies it.
    pub supplier: Option<String>,
    /// Its key.
    pub key: String,
    /// The version that the writer has seen.
    pub version: String,
    /// Who withdraws it.
    pub by: Option<String>,
    /// Why.
    pub reason: String,
}

/// Asks the journals where waiting keeps nobody else.
pub(crate) async fn ask<T: Send + 'static>(
    state: &crate::state::State,
    question: impl FnOnce(&dyn Records) -> Result<T, Trouble> + Send + 'static,
) -> Result<Result<T, Trouble>, crate::error::Failed> {
    let records = std::sync::Arc::clone(&state.records);
    let asked = tokio::task::spawn_blocking(move || question(records.as_ref())).await;
    asked.map_err(|error| crate::error::Failed::Internal(error.to_string()))
}

impl From<Trouble> for crate::error::Failed {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Wrong(text) => Self::Wrong(text),
            Trouble::Newer(_) => Self::Conflict(Text::new(
                "Bản ghi vừa được người khác sửa. Hãy tải lại trang để xem bản mới.",
                "Somebody else has just changed the record. Load the page again to see it as it is now.",
            )),
            Trouble::Failed(why) => Self::Internal(why),
        }
    }
}
