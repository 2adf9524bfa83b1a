//! The records of a bundle into measured answers: files the program wrote are scanned where they lie, all
//! others go through intake row by row, in one pass and bounded memory.

use std::fs::File;
use std::path::Path;

use arrow::array::RecordBatch;
use giaouoc_agreement::ask::{Answer, Ask};
use giaouoc_agreement::bundle::RecordFile;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::Text;
use giaouoc_agreement::value::Value;
use giaouoc_intake::{
    FileError, Input, KIND_DIGEST_KEY, KIND_KEY, Limits, Load, Mapping, Reject, Sink, Summary, read_records,
    unless_it_panics,
};
use giaouoc_measure::{MeasureError, Options, Plan, Records, Source, State, Worker};
use parquet::arrow::arrow_reader::ArrowReaderMetadata;

use crate::bundle::Loaded;
use crate::fault::{Fault, Outcome};
use crate::journal::{Held, fault};
use crate::progress::Progress;
use crate::render::board::FileLine;

/// One question about the records of a kind: asks over a population.
#[derive(Clone, Debug)]
pub struct Question {
    /// The kind.
    pub kind: &'static Kind,
    /// The population: unit codes.
    pub units: Vec<String>,
    /// What is asked.
    pub asks: Vec<Ask>,
}

/// What came of measuring a bundle's records.
#[derive(Debug, Default)]
pub struct Measured {
    /// One list of answers for each question, in order.
    pub answers: Vec<Vec<Answer>>,
    /// What became of each file's rows.
    pub files: Vec<FileLine>,
    /// The first rejected rows of each file that has some.
    pub summaries: Vec<(String, Summary)>,
}

/// Where a measuring failed.
pub fn measure_fault(path: &str, error: &MeasureError) -> Fault {
    Fault::Input(Text::new(format!("{path}: {}", error.vi()), format!("{path}: {}", error.en())))
}

/// A record file that cannot be taken as a whole.
pub fn file_fault(path: &str, error: &FileError) -> Fault {
    let text = error.text();
    let said = Text::new(format!("{path}: {}", text.vi), format!("{path}: {}", text.en));
    if matches!(error, FileError::Io(_) | FileError::Output(_)) {
        Fault::System(said)
    } else {
        Fault::Input(said)
    }
}

/// Answers every question with one pass over each record file of its kind.
pub fn measure(
    loaded: &Loaded,
    questions: &[Question],
    threads: usize,
    progress: &Progress,
) -> Outcome<Measured> {
    let mut plans = Vec::new();
    for question in questions {
        let plan = Plan::new(question.kind, &question.asks, &question.units, &loaded.calendars);
        plans.push(plan.map_err(|error| measure_fault(&question.kind.id, &error))?);
    }
    if let Some(held) = &loaded.journal {
        return measure_journal(held, &plans, threads, progress);
    }
    let mut measured = Measured::default();
    let mut states: Vec<State> = plans.iter().map(|plan| State::new(plan, false)).collect();
    for file in &loaded.bundle.records {
        let asked: Vec<usize> =
            (0..questions.len()).filter(|at| questions[*at].kind.id == file.kind).collect();
        if asked.is_empty() {
            continue;
        }
        let kind = questions[asked[0]].kind;
        let mine: Vec<&Plan> = asked.iter().map(|at| &plans[*at]).collect();
        let (new, line) = one_file(loaded, file, kind, &mine, threads, progress, &mut measured.summaries)?;
        for (at, state) in asked.into_iter().zip(new) {
            states[at].merge(state).map_err(|error| measure_fault(&file.path, &error))?;
        }
        measured.files.push(line);
    }
    for (state, plan) in states.into_iter().zip(&plans) {
        let answers = state.finish(plan).map_err(|error| measure_fault(&plan.kind().id, &error))?;
        measured.answers.push(answers);
    }
    Ok(measured)
}

/// Answers every question from the journal's rows.
fn measure_journal(held: &Held, plans: &[Plan], threads: usize, progress: &Progress) -> Outcome<Measured> {
    let mut measured = Measured::default();
    let told = |rows| progress.rows(rows);
    let options = Options { threads, progress: Some(&told), ..Options::default() };
    for plan in plans {
        let kind = plan.kind();
        let mut rows: Vec<u64>;
        let mut tries = 0;
        let answers = loop {
            let sources: Vec<Source>;
            (sources, rows) = held.sources(kind)?.into_iter().unzip();
            progress.expect(rows.iter().sum());
            match giaouoc_measure::scan(plan, &sources, &options) {
                // Somebody merged the files away between looking and reading.
                Err(MeasureError::File { .. }) if tries < TRIES && any_gone(&sources) => tries += 1,
                // A record that cannot be measured, and that was corrected since: adding and subtracting it
                // would stop here for ever, while what is left of it all can be measured.
                Err(MeasureError::Calendar { .. } | MeasureError::Arithmetic { .. })
                    if sources.iter().any(|source| source.taken_back) =>
                {
                    let net = held.journal.net(kind, held.head).map_err(|error| fault(&error))?;
                    break giaouoc_measure::scan(plan, &[Source::batches(net)], &options);
                }
                done => break done,
            }
        };
        let answers = answers.map_err(|error| match journal_culprit(held, plan) {
            Some(place) => measure_fault(&place, &error),
            None => measure_fault(&format!("journal, {}", kind.id), &error),
        });
        measured.answers.push(answers?);
        if measured.files.iter().all(|line| line.kind != kind.id) && !rows.is_empty() {
            measured.files.push(held.line(kind)?);
        }
    }
    Ok(measured)
}

/// Times that a journal is read again because its files were merged while they were read.
const TRIES: usize = 5;

fn any_gone(sources: &[Source]) -> bool {
    sources.iter().any(|source| matches!(&source.records, Records::Parquet(path) if !path.exists()))
}

/// Where in the journal the first record lies that a plan cannot measure: its key and the entry that brought it.
fn journal_culprit(held: &Held, plan: &Plan) -> Option<String> {
    let kind = plan.kind();
    let net = held.journal.net(kind, held.head).ok()?;
    let fails = |batch: &&RecordBatch| Worker::new(plan, false).accumulate(batch, None).is_err();
    let key = culprit(plan, net.iter().find(fails)?)?;
    let versions = held.journal.versions(kind, &key, held.head).ok()?;
    let entry = versions.iter().rev().find(|version| version.taken_back.is_none())?.entry;
    Some(format!("journal, {entry}, {key}"))
}

fn one_file(
    loaded: &Loaded,
    file: &RecordFile,
    kind: &'static Kind,
    plans: &[&Plan],
    threads: usize,
    progress: &Progress,
    summaries: &mut Vec<(String, Summary)>,
) -> Outcome<(Vec<State>, FileLine)> {
    let path = loaded.opened.dir.join(&file.path);
    if file.map.is_none()
        && let Some(rows) = written_by_us(&path, kind)?
    {
        let mut states = Vec::new();
        let told = |rows| progress.rows(rows);
        let options = Options { threads, progress: Some(&told), ..Options::default() };
        for plan in plans {
            progress.expect(rows);
            let sources = [Source::parquet(&path)];
            let state = unless_it_panics(|| giaouoc_measure::accumulate(plan, &sources, &options));
            let state = state.unwrap_or_else(|| {
                Err(MeasureError::File { path: file.path.clone(), detail: "decoder stopped".into() })
            });
            states.push(state.map_err(|error| measure_fault(&file.path, &error))?);
        }
        let line = FileLine {
            path: file.path.clone(),
            kind: kind.id.clone(),
            read: rows,
            accepted: rows,
            rejected: 0,
            skipped: 0,
        };
        return Ok((states, line));
    }
    let mut sink = Measuring {
        workers: plans.iter().map(|plan| Worker::new(plan, false)).collect(),
        plans,
        failed: None,
        progress,
    };
    let summary = take(loaded, file, kind, &mut sink);
    if let Some((error, key)) = sink.failed {
        let place = match key {
            Some(key) => format!("{}, {key}", file.path),
            None => file.path.clone(),
        };
        return Err(measure_fault(&place, &error));
    }
    let summary = summary?;
    let line = line(file, &summary);
    if summary.rejected > 0 {
        summaries.push((file.path.clone(), summary));
    }
    Ok((sink.workers.into_iter().map(Worker::into_state).collect(), line))
}

fn line(file: &RecordFile, summary: &Summary) -> FileLine {
    FileLine {
        path: file.path.clone(),
        kind: file.kind.clone(),
        read: summary.read,
        accepted: summary.accepted,
        rejected: summary.rejected,
        skipped: summary.skipped(),
    }
}

/// Reads one record file of the bundle through intake.
pub fn take(loaded: &Loaded, file: &RecordFile, kind: &Kind, sink: &mut dyn Sink) -> Outcome<Summary> {
    let mapping = match &file.map {
        None => Mapping::default(),
        Some(path) => mapping(loaded, path, kind)?,
    };
    let units = loaded.units();
    let limits = Limits::default();
    let load = Load {
        kind,
        mapping: &mapping,
        units: &units,
        zone: loaded.calendars.default.zone(),
        limits: &limits,
        personal: false,
    };
    let path = loaded.opened.dir.join(&file.path);
    read_records(&Input::Path(&path), &load, sink).map_err(|error| file_fault(&file.path, &error))
}

/// A mapping of the bundle.
pub fn mapping(loaded: &Loaded, path: &str, kind: &Kind) -> Outcome<Mapping> {
    let bytes = loaded.opened.texts.get(path).ok_or_else(|| {
        Fault::input(format!("không có tệp ánh xạ {path}"), format!("there is no mapping file {path}"))
    })?;
    Mapping::parse(path, bytes, kind)
        .map_err(|problems| Fault::Bundle { problems, texts: crate::bundle::texts(&loaded.opened) })
}

/// The number of rows when the file is a Parquet file that this program wrote for this very kind; such a
/// file was checked when it was written and is measured where it lies.
pub fn written_by_us(path: &Path, kind: &Kind) -> Outcome<Option<u64>> {
    if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) {
        return Ok(None);
    }
    let file = File::open(path).map_err(|error| Fault::io(path, &error))?;
    // What is no Parquet file is said by intake, which names the real format.
    let metadata = unless_it_panics(|| ArrowReaderMetadata::load(&file, Default::default()));
    let Some(Ok(metadata)) = metadata else {
        return Ok(None);
    };
    let of = |key: &str| metadata.schema().metadata().get(key).map(String::as_str);
    let ours = of(KIND_KEY) == Some(kind.id.as_str())
        && of(KIND_DIGEST_KEY).is_none_or(|digest| digest == kind.digest);
    Ok(ours.then(|| u64::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or(0)))
}

/// Accepted rows go straight into the tallies; nothing is kept.
struct Measuring<'a> {
    workers: Vec<Worker<'a>>,
    plans: &'a [&'a Plan],
    /// What failed, and the key of the record at fault.
    failed: Option<(MeasureError, Option<String>)>,
    progress: &'a Progress,
}

impl Sink for Measuring<'_> {
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        if self.failed.is_none() {
            for (worker, plan) in self.workers.iter_mut().zip(self.plans) {
                if let Err(error) = worker.accumulate(batch, None) {
                    self.failed = Some((error, culprit(plan, batch)));
                    break;
                }
            }
        }
        Ok(())
    }

    fn reject(&mut self, _reject: &Reject) -> Result<(), FileError> {
        Ok(())
    }

    fn progress(&mut self, done: u64, total: u64) {
        self.progress.bytes(done, total);
    }
}

/// The key of the first record of a batch that a plan cannot measure.
fn culprit(plan: &Plan, batch: &RecordBatch) -> Option<String> {
    let fails = |row: &usize| Worker::new(plan, false).accumulate(&batch.slice(*row, 1), None).is_err();
    let row = (0..batch.num_rows()).find(fails)?;
    match giaouoc_measure::values(plan.kind(), batch, row).ok()?.swap_remove(plan.kind().key) {
        Value::Text(key) => Some(key),
        _ => None,
    }
}

/// All records of a kind in memory, as batches: for kinds that are small by nature, such as totals.
pub fn collect(loaded: &Loaded, kind_id: &str) -> Outcome<Vec<RecordBatch>> {
    let Some(kind) = kinds::builtin().iter().find(|kind| kind.id == kind_id) else {
        return Ok(Vec::new());
    };
    if let Some(held) = &loaded.journal {
        return held.journal.net(kind, held.head).map_err(|error| fault(&error));
    }
    let mut batches = Vec::new();
    for file in loaded.bundle.records.iter().filter(|file| file.kind == kind_id) {
        let mut sink = giaouoc_intake::Collected::default();
        take(loaded, file, kind, &mut sink)?;
        batches.extend(sink.batches);
    }
    Ok(batches)
}
