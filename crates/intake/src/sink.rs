//! Where rows go.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::errors::FileError;
use crate::reason::Reason;
use crate::summary::Reject;

/// A receiver of checked rows. What it got counts only once [`crate::read_records`] has returned `Ok`: a file
/// may turn out to be cut or ambiguous at its very end.
pub trait Sink {
    /// Told once before anything else: the schema of all batches and the headers of the file's columns.
    fn begin(&mut self, _schema: &SchemaRef, _headers: &[String]) -> Result<(), FileError> {
        Ok(())
    }

    /// Whether the receiver can start over. Then a text file is gone through only once; should a key turn out to
    /// occur again, or anything else that must be known beforehand, the file is read anew: `begin` is told once
    /// more, and nothing that was told before counts.
    fn starts_over(&self) -> bool {
        false
    }

    /// Accepted rows.
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError>;

    /// A rejected row.
    fn reject(&mut self, _reject: &Reject) -> Result<(), FileError> {
        Ok(())
    }

    /// Why the record of a key is not taken, whatever its row says: the receiver may know more of it than the
    /// file does. Such a row is rejected with this reason.
    fn refuses(&self, _key: &str) -> Option<Reason> {
        None
    }

    /// Bytes of the file done, of its total. The file is gone through twice, and the total counts both.
    fn progress(&mut self, _done: u64, _total: u64) {}
}

/// Keeps everything in memory.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// Accepted rows.
    pub batches: Vec<RecordBatch>,
    /// Rejected rows.
    pub rejects: Vec<Reject>,
    /// The schema of the batches.
    pub schema: Option<SchemaRef>,
}

impl Sink for Collected {
    fn begin(&mut self, schema: &SchemaRef, _headers: &[String]) -> Result<(), FileError> {
        self.schema = Some(SchemaRef::clone(schema));
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        self.batches.push(batch.clone());
        Ok(())
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), FileError> {
        self.rejects.push(reject.clone());
        Ok(())
    }
}

/// Hands everything to two sinks, such as a file of accepted rows and one of rejects.
#[derive(Debug)]
pub struct Both<A, B>(pub A, pub B);

impl<A: Sink, B: Sink> Sink for Both<A, B> {
    fn begin(&mut self, schema: &SchemaRef, headers: &[String]) -> Result<(), FileError> {
        self.0.begin(schema, headers)?;
        self.1.begin(schema, headers)
    }

    fn starts_over(&self) -> bool {
        self.0.starts_over() && self.1.starts_over()
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        self.0.batch(batch)?;
        self.1.batch(batch)
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), FileError> {
        self.0.reject(reject)?;
        self.1.reject(reject)
    }

    fn refuses(&self, key: &str) -> Option<Reason> {
        self.0.refuses(key).or_else(|| self.1.refuses(key))
    }

    fn progress(&mut self, done: u64, total: u64) {
        self.0.progress(done, total);
        self.1.progress(done, total);
    }
}

impl<S: Sink + ?Sized> Sink for &mut S {
    fn begin(&mut self, schema: &SchemaRef, headers: &[String]) -> Result<(), FileError> {
        (**self).begin(schema, headers)
    }

    fn starts_over(&self) -> bool {
        (**self).starts_over()
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        (**self).batch(batch)
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), FileError> {
        (**self).reject(reject)
    }

    fn refuses(&self, key: &str) -> Option<Reason> {
        (**self).refuses(key)
    }

    fn progress(&mut self, done: u64, total: u64) {
        (**self).progress(done, total);
    }
}
