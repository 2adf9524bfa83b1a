//! Reading a file and comparing its records with the journal, each in a thread of its own: they are about as much
//! work.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Seek as _};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use arrow::array::{AsArray as _, BooleanArray, RecordBatch};
use arrow::compute::{cast, filter_record_batch};
use arrow::datatypes::{DataType, SchemaRef};
use giaouoc_agreement::kind::Kind;
use giaouoc_intake::{FileError, Reason, Reject, RejectsCsv, Sink, for_desk};
use giaouoc_journal::{About, Journal, JournalError, Prepare};

use crate::journal::upload::Desk;
use crate::progress::Progress;

/// Batches that may wait: so many that reading goes on while a million keys are looked up, and about 100 MB at most.
const AHEAD: usize = 24;

/// What the reading thread tells the comparing one.
pub enum Told {
    /// Rows of this schema come; what came before counts nothing.
    Begin(SchemaRef),
    /// Checked rows.
    Batch(RecordBatch),
}

/// Compares what is told until there is no more; nothing when there was no beginning.
pub fn compare<'a>(
    journal: &'a Journal,
    about: &About<'a>,
    told: Receiver<Told>,
) -> Result<Option<Prepare<'a>>, JournalError> {
    let mut prepare = None;
    for told in told {
        match (told, &mut prepare) {
            (Told::Begin(schema), _) => {
                // What an earlier beginning has written goes first.
                drop(prepare.take());
                prepare = Some(Prepare::new(journal, about.clone(), &schema)?);
            }
            (Told::Batch(batch), Some(prepare)) => prepare.batch(&batch)?,
            (Told::Batch(_), None) => {}
        }
    }
    Ok(prepare)
}

/// Checked rows to the comparison, which another thread does.
pub struct ToJournal<'a> {
    tell: SyncSender<Told>,
    /// Where rejected rows go, if anywhere.
    out: Option<File>,
    rejects: Option<RejectsCsv<BufWriter<File>>>,
    refused: &'a BTreeMap<String, Reason>,
    /// For an upload at a desk: its kind, and which records stay as they are.
    desk: Option<(&'a Kind, Desk<'a>)>,
    /// Records that stayed as they are.
    left: u64,
    progress: &'a Progress,
}

impl<'a> ToJournal<'a> {
    /// Both ends; rejected rows go into a file, if one is given, and the keys that are refused are rejected with
    /// their reasons.
    pub fn new(
        out: Option<File>,
        refused: &'a BTreeMap<String, Reason>,
        desk: Option<(&'a Kind, Desk<'a>)>,
        progress: &'a Progress,
    ) -> (Self, Receiver<Told>) {
        let (tell, told) = sync_channel(AHEAD);
        (Self { tell, out, rejects: None, refused, desk, left: 0, progress }, told)
    }

    /// The rejected rows that were written; the channel is closed with this, and the other thread has all there is.
    pub fn rejects(self) -> Option<RejectsCsv<BufWriter<File>>> {
        self.rejects
    }

    /// How many records stayed as they are because the desk says so.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// The rows of a batch but those that stay as they are.
    fn others(&mut self, batch: &RecordBatch) -> Result<RecordBatch, FileError> {
        let failed = |error: arrow::error::ArrowError| FileError::Output(error.to_string());
        let Some((kind, desk)) = self.desk.filter(|(_, desk)| !desk.leave.is_empty()) else {
            return Ok(batch.clone());
        };
        let Some(keys) = batch.column_by_name(&kind.columns[kind.key].id) else { return Ok(batch.clone()) };
        let keys = cast(keys, &DataType::Utf8).map_err(failed)?;
        let kept: BooleanArray = keys
            .as_string::<i32>()
            .iter()
            .map(|key| Some(!key.is_some_and(|key| desk.leave.contains(key))))
            .collect();
        self.left += kept.false_count() as u64;
        filter_record_batch(batch, &kept).map_err(failed)
    }

    /// The other thread takes no more only when it has failed; it says why.
    fn tell(&self, told: Told) -> Result<(), FileError> {
        self.tell.send(told).map_err(|_| FileError::Output("journal".to_owned()))
    }
}

impl Sink for ToJournal<'_> {
    fn begin(&mut self, schema: &SchemaRef, headers: &[String]) -> Result<(), FileError> {
        self.tell(Told::Begin(SchemaRef::clone(schema)))?;
        self.left = 0;
        let Some(out) = &mut self.out else { return Ok(()) };
        // What an earlier beginning has written, and holds back, goes first.
        drop(self.rejects.take());
        out.set_len(0)?;
        out.rewind()?;
        let rejects = RejectsCsv::new(BufWriter::new(out.try_clone()?), b',')?;
        self.rejects.insert(rejects).begin(schema, headers)
    }

    fn starts_over(&self) -> bool {
        true
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        let batch = self.others(batch)?;
        if batch.num_rows() == 0 { Ok(()) } else { self.tell(Told::Batch(batch)) }
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), FileError> {
        let Some(rejects) = &mut self.rejects else { return Ok(()) };
        if self.desk.is_none() {
            return rejects.reject(reject);
        }
        let mut reject = reject.clone();
        for cell in &mut reject.cells {
            cell.reason.text = for_desk(&cell.reason.text);
        }
        rejects.reject(&reject)
    }

    fn refuses(&self, key: &str) -> Option<Reason> {
        self.refused.get(key).cloned()
    }

    fn progress(&mut self, done: u64, total: u64) {
        self.progress.bytes(done, total);
    }
}
