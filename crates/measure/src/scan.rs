//! Reading sources with several threads: Parquet files row group by row group, and batches in memory.

use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{
    DataType, Date32Type, Field, Int8Type, Int64Type, Schema, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use giaouoc_agreement::ask::Answer;
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_worktime::Day;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use crate::bind::companion;
use crate::error::MeasureError;
use crate::plan::Plan;
use crate::run::Days;
use crate::state::{State, Worker};

/// Where records lie.
#[derive(Clone, Debug)]
pub enum Records {
    /// In memory.
    Batches(Vec<RecordBatch>),
    /// In a Parquet file.
    Parquet(PathBuf),
}

/// Records, and whether they are a change log.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where the records lie.
    pub records: Records,
    /// In a change log the column of weights (Int8, +1 and −1); nothing means that every record counts once.
    pub weight: Option<String>,
    /// Whether all of its records were taken back: each is subtracted once.
    pub taken_back: bool,
    /// Only the records with these values of an Int64 column count.
    pub only: Option<Only>,
}

/// The part of a source whose values of an Int64 column lie in a range, such as the entries of a change log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Only {
    /// The column.
    pub column: String,
    /// The least value.
    pub first: i64,
    /// The greatest value.
    pub last: i64,
}

impl Source {
    /// Batches in memory.
    pub fn batches(batches: Vec<RecordBatch>) -> Self {
        Self { records: Records::Batches(batches), weight: None, taken_back: false, only: None }
    }

    /// A Parquet file.
    pub fn parquet(path: impl Into<PathBuf>) -> Self {
        Self { records: Records::Parquet(path.into()), weight: None, taken_back: false, only: None }
    }

    /// The same, with a column of weights.
    #[must_use]
    pub fn weighted(self, column: impl Into<String>) -> Self {
        Self { weight: Some(column.into()), ..self }
    }

    /// The same, with every record subtracted.
    #[must_use]
    pub fn taken_back(self) -> Self {
        Self { taken_back: true, ..self }
    }

    /// The same, but only the records with values from `first` to `last` in an Int64 column.
    #[must_use]
    pub fn only(self, column: impl Into<String>, first: i64, last: i64) -> Self {
        Self { only: Some(Only { column: column.into(), first, last }), ..self }
    }

    /// Columns that are read besides those of the kind.
    fn extra(&self) -> Vec<&str> {
        self.weight.iter().chain(self.only.iter().map(|only| &only.column)).map(String::as_str).collect()
    }
}

/// How to read.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Threads; at least one is used.
    pub threads: usize,
    /// Rows of a batch. Some thousand keep a batch's columns within the processor's caches.
    pub batch_rows: usize,
    /// Told from any thread how many rows more have been read.
    pub progress: Option<&'a (dyn Fn(u64) + Sync)>,
    /// Set from anywhere to stop the run.
    pub cancel: Option<&'a AtomicBool>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { threads: 1, batch_rows: 8192, progress: None, cancel: None }
    }
}

/// A Parquet file, opened.
pub(crate) struct Opened {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    /// Names of the columns to read.
    names: Vec<String>,
}

impl Opened {
    /// Opens a file to read some of the kind's columns.
    pub(crate) fn new(
        path: &std::path::Path,
        kind: &Kind,
        columns: &[usize],
        extra: &[&str],
    ) -> Result<Self, MeasureError> {
        let shown = path.display().to_string();
        let fault = |detail: String| MeasureError::File { path: shown.clone(), detail };
        let file = File::open(path).map_err(|error| fault(error.to_string()))?;
        let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
            .map_err(|error| fault(error.to_string()))?;
        let mut names: Vec<String> = extra.iter().map(|&name| name.to_owned()).collect();
        for column in columns.iter().filter_map(|at| kind.columns.get(*at)) {
            names.push(column.id.clone());
            if column.ty == ColumnType::Moment {
                names.push(companion(&column.id));
            }
        }
        let hinted = with_lists(plain.schema(), kind);
        let metadata = match &hinted {
            None => plain,
            Some(schema) => {
                let options = ArrowReaderOptions::new().with_schema(Arc::clone(schema));
                // A file whose types do not go with the hint is read as it is.
                ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options).unwrap_or(plain)
            }
        };
        Ok(Self { path: path.to_owned(), metadata, names })
    }

    /// For each column of the kind the latest day in a row group, as far as the file's statistics tell.
    fn latest(&self, kind: &Kind, group: usize, columns: &[usize], days: &Days) -> Vec<Option<Day>> {
        let mut latest = vec![None; kind.columns.len()];
        for at in columns {
            let Some(column) = kind.columns.get(*at) else { continue };
            let own = self.greatest(&column.id, group, days);
            latest[*at] = match column.ty {
                ColumnType::Date => own,
                ColumnType::Moment => {
                    own.zip(self.greatest(&companion(&column.id), group, days)).map(|(a, b)| a.max(b))
                }
                _ => None,
            };
        }
        latest
    }

    /// The latest day of one column in a row group. A column that is not there has none: it ends before
    /// every day.
    fn greatest(&self, name: &str, group: usize, days: &Days) -> Option<Day> {
        const NEVER: Day = Day(i32::MIN);
        if self.metadata.schema().field_with_name(name).is_err() {
            return Some(NEVER);
        }
        let found =
            StatisticsConverter::try_new(name, self.metadata.schema(), self.metadata.parquet_schema())
                .ok()?;
        let group = self.metadata.metadata().row_group(group);
        let greatest = found.row_group_maxes([group]).ok()?;
        if greatest.is_null(0) {
            let nulls = found.row_group_null_counts([group]).ok()?;
            let empty = nulls.is_valid(0) && i64::try_from(nulls.value(0)) == Ok(group.num_rows());
            return empty.then_some(NEVER);
        }
        if let Some(found) = greatest.as_primitive_opt::<Date32Type>() {
            return Some(Day(found.value(0)));
        }
        // Rounded up where the unit is finer: one microsecond too late is on the safe side.
        let at = match greatest.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => {
                greatest.as_primitive::<TimestampSecondType>().value(0).checked_mul(1_000_000)?
            }
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                greatest.as_primitive::<TimestampMillisecondType>().value(0).checked_mul(1_000)?
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                greatest.as_primitive::<TimestampMicrosecondType>().value(0)
            }
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                greatest.as_primitive::<TimestampNanosecondType>().value(0) / 1_000 + 1
            }
            _ => return None,
        };
        days.last_day(at).map(Day)
    }

    pub(crate) fn groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// A reader over one row group; the columns named are left out.
    pub(crate) fn group(
        &self,
        group: usize,
        without: &[&str],
    ) -> Result<ParquetRecordBatchReaderBuilder<File>, MeasureError> {
        let fields = self.metadata.schema().fields();
        let wanted = |name: &String| self.names.contains(name) && !without.contains(&name.as_str());
        let roots = (0..fields.len()).filter(|at| wanted(fields[*at].name()));
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), roots);
        // Opened anew: a cloned handle would share its place in the file with other threads.
        let file = File::open(&self.path).map_err(|error| self.fault(error))?;
        Ok(ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_row_groups(vec![group])
            .with_projection(mask))
    }

    pub(crate) fn fault(&self, error: impl ToString) -> MeasureError {
        MeasureError::File { path: self.path.display().to_string(), detail: error.to_string() }
    }
}

/// The schema with codes and units as lists of values and positions, as the file stores them: a test on
/// them is then made once a row group instead of once a row. Nothing when they are read so already.
fn with_lists(schema: &Schema, kind: &Kind) -> Option<Arc<Schema>> {
    let listed = |field: &Field| {
        let column = kind.column(field.name())?;
        let code = matches!(kind.columns.get(column)?.ty, ColumnType::Code(_)) || column == kind.unit;
        let text = matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        let list = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        (code && text).then(|| field.clone().with_data_type(list))
    };
    let mut changed = false;
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .map(|field| {
            let hinted = listed(field);
            changed |= hinted.is_some();
            hinted.unwrap_or_else(|| field.as_ref().clone())
        })
        .collect();
    changed.then(|| Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone())))
}

/// The weights of a batch; nothing when its source has none.
pub(crate) fn weights(batch: &RecordBatch, column: Option<&str>) -> Result<Option<Vec<i8>>, MeasureError> {
    let Some(name) = column else { return Ok(None) };
    let found = batch.column_by_name(name).and_then(|array| array.as_primitive_opt::<Int8Type>());
    match found {
        Some(array) if array.null_count() == 0 => Ok(Some(array.values().to_vec())),
        Some(_) => Err(MeasureError::BadWeight { found: "null".to_owned() }),
        None => Err(MeasureError::BadWeight { found: format!("{name}: Int8?") }),
    }
}

/// The rows of a batch that a source is limited to.
fn part(batch: &RecordBatch, only: &Only) -> Result<RecordBatch, MeasureError> {
    let internal = |detail: String| MeasureError::Internal { detail };
    let found = batch.column_by_name(&only.column).and_then(|array| array.as_primitive_opt::<Int64Type>());
    let values = found.ok_or_else(|| internal(format!("{}: Int64?", only.column)))?;
    let kept: BooleanArray =
        values.iter().map(|value| value.map(|value| (only.first..=only.last).contains(&value))).collect();
    filter_record_batch(batch, &kept).map_err(|error| internal(error.to_string()))
}

/// One piece of work: some batches, or a row group.
#[derive(Clone, Copy)]
enum Piece {
    Batch { source: usize, batch: usize },
    Group { source: usize, group: usize },
}

/// Measures all sources and gives the answers to the plan's asks. The answer does not depend on the number
/// of threads nor on the order of sources and records.
///
/// # Errors
/// Those of [`Worker::accumulate`], of files, and [`MeasureError::Cancelled`].
pub fn scan(plan: &Plan, sources: &[Source], options: &Options<'_>) -> Result<Vec<Answer>, MeasureError> {
    accumulate(plan, sources, options)?.finish_with(plan, options.threads)
}

/// The state of all sources, to be merged with others.
///
/// # Errors
/// See [`scan`].
pub fn accumulate(plan: &Plan, sources: &[Source], options: &Options<'_>) -> Result<State, MeasureError> {
    let columns = plan.columns();
    let mut opened: Vec<Option<Opened>> = Vec::with_capacity(sources.len());
    let mut pieces = Vec::new();
    for (source, held) in sources.iter().enumerate() {
        match &held.records {
            Records::Batches(batches) => {
                pieces.extend((0..batches.len()).map(|batch| Piece::Batch { source, batch }));
                opened.push(None);
            }
            Records::Parquet(path) => {
                let file = Opened::new(path, plan.kind(), &columns, &held.extra())?;
                pieces.extend((0..file.groups()).map(|group| Piece::Group { source, group }));
                opened.push(Some(file));
            }
        }
    }
    let weighted = sources.iter().any(|source| source.weight.is_some() || source.taken_back);
    let run = Run {
        plan,
        sources,
        opened: &opened,
        pieces: &pieces,
        options,
        weighted,
        next: AtomicUsize::new(0),
        stopped: AtomicBool::new(false),
        failed: Mutex::new(None),
    };
    let threads = options.threads.clamp(1, pieces.len().max(1));
    let states = together((0..threads).map(|_| || run.work()).collect());
    if let Some(error) = run.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let mut merged: Option<State> = None;
    for state in states.into_iter().flatten() {
        match &mut merged {
            None => merged = Some(state),
            Some(merged) => merged.merge(state)?,
        }
    }
    let mut merged = merged.unwrap_or_else(|| State::new(plan, weighted));
    merged.read_with(threads);
    Ok(merged)
}

/// Runs jobs at the same time, each on a thread of its own, and gives their results in order. The last one
/// runs here. A job that panics takes this thread with it.
pub(crate) fn together<T: Send, F: FnOnce() -> T + Send>(mut jobs: Vec<F>) -> Vec<T> {
    let Some(last) = jobs.pop() else { return Vec::new() };
    std::thread::scope(|scope| {
        let others: Vec<_> = jobs.into_iter().map(|job| scope.spawn(job)).collect();
        let last = last();
        let joined = others.into_iter().map(|thread| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.chain(std::iter::once(last)).collect()
    })
}

struct Run<'a> {
    plan: &'a Plan,
    sources: &'a [Source],
    opened: &'a [Option<Opened>],
    pieces: &'a [Piece],
    options: &'a Options<'a>,
    weighted: bool,
    next: AtomicUsize,
    stopped: AtomicBool,
    failed: Mutex<Option<MeasureError>>,
}

impl Run<'_> {
    fn fail(&self, error: MeasureError) {
        self.stopped.store(true, Ordering::Relaxed);
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    /// One thread: takes pieces until there are none.
    fn work(&self) -> Option<State> {
        let mut worker = Worker::new(self.plan, self.weighted);
        while let Some(piece) = self.pieces.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(error) = self.piece(*piece, &mut worker) {
                self.fail(error);
            }
            if self.stopped.load(Ordering::Relaxed) {
                return None;
            }
        }
        Some(worker.into_state())
    }

    fn piece(&self, piece: Piece, worker: &mut Worker<'_>) -> Result<(), MeasureError> {
        match piece {
            Piece::Batch { source, batch } => {
                let Records::Batches(batches) = &self.sources[source].records else { return Ok(()) };
                let batch = &batches[batch];
                worker.expect(&[]);
                let rows = self.options.batch_rows.max(1);
                for start in (0..batch.num_rows()).step_by(rows) {
                    self.batch(source, &batch.slice(start, rows.min(batch.num_rows() - start)), worker)?;
                }
            }
            Piece::Group { source, group } => {
                let Some(file) = &self.opened[source] else { return Ok(()) };
                // What `as_of` cannot hide in this row group need not be looked for, nor columns be read that
                // are good for nothing else.
                let kind = self.plan.kind();
                let latest = file.latest(kind, group, &self.plan.columns(), worker.days());
                let idle = |at: &&usize| latest[**at].is_some_and(|day| self.plan.hides_nothing(**at, day));
                let idle: Vec<&str> = self
                    .plan
                    .only_hiding
                    .iter()
                    .filter(idle)
                    .filter(|at| **at != kind.unit)
                    .map(|at| kind.columns[*at].id.as_str())
                    .collect();
                worker.expect(&latest);
                let reader =
                    file.group(group, &idle)?.with_batch_size(self.options.batch_rows.max(1)).build();
                for batch in reader.map_err(|error| file.fault(error))? {
                    self.batch(source, &batch.map_err(|error| file.fault(error))?, worker)?;
                }
            }
        }
        Ok(())
    }

    fn batch(&self, source: usize, batch: &RecordBatch, worker: &mut Worker<'_>) -> Result<(), MeasureError> {
        if self.stopped.load(Ordering::Relaxed)
            || self.options.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed))
        {
            return Err(MeasureError::Cancelled);
        }
        let held = &self.sources[source];
        let chosen = held.only.as_ref().map(|only| part(batch, only)).transpose()?;
        let taken = chosen.as_ref().unwrap_or(batch);
        let weights = match held.taken_back {
            true => Some(vec![-1; taken.num_rows()]),
            false => weights(taken, held.weight.as_deref())?,
        };
        worker.accumulate(taken, weights.as_deref())?;
        if let Some(progress) = self.options.progress {
            progress(batch.num_rows() as u64);
        }
        Ok(())
    }
}
