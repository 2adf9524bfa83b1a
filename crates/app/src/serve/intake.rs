//! Uploads: read and shown, loaded into the journal, taken back.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::Text;
use giaouoc_intake::{FileError, Input, Limits, Mapping, Sink, Summary, for_desk, read_records};
use giaouoc_journal::{Signed, What, unhex};
use giaouoc_store::jobs::{self, Job, Work};
use giaouoc_store::people;
use giaouoc_store::uploads::{self, State, Upload as Brought};
use giaouoc_web::preview::{Preview, Reject};

use super::work::{Worker, said};
use super::{book, known, now};
use crate::bundle::{self, Loaded};
use crate::fault::{Fault, Outcome};
use crate::journal::commands::{take_back, writable};
use crate::journal::upload::{Desk, Done, Upload};
use crate::journal::{Held, adopt, signed, tidy};
use crate::load::{knows, looks_like, standing};
use crate::progress::Progress;

/// Rejected cells shown on the page; the workbook has all.
pub(super) const SHOWN: usize = 100;

/// The upload that a job is about.
fn of(worker: &Worker, job: &Job) -> Outcome<Brought> {
    let id = job.about.unwrap_or_default();
    worker.ask(uploads::get(worker.store.read(), id))?.ok_or_else(gone)
}

pub(super) fn gone() -> Fault {
    Fault::input("tệp không còn", "the upload is gone")
}

/// Reads a file and says what would come of it.
pub fn check(worker: &Worker, job: &Job) -> Outcome {
    let upload = of(worker, job)?;
    if upload.state != State::Received {
        return Ok(());
    }
    let read = match book::mark(worker, &upload) {
        Some(mark) => book::read(worker, &upload, &mark),
        None => read(worker, &upload),
    };
    let (preview, state, kind) = match read {
        Ok((preview, kind)) => (preview, State::Checked, Some(kind)),
        Err(fault @ Fault::System(_)) => return Err(fault),
        Err(fault) => (refused(worker, &upload, &fault), State::Refused, None),
    };
    let text = serde_json::to_string(&preview).map_err(|error| internal(&error.to_string()))?;
    worker.ask(async {
        let write = worker.store.write().await?;
        uploads::set_result(write.on(), upload.id, kind.as_deref(), text).await?;
        uploads::step(write.on(), upload.id, &[State::Received], state).await?;
        if state == State::Refused {
            giaouoc_web::notices::refused(&write, &upload, &worker.told()).await?;
        }
        write.commit().await
    })
}

pub(super) fn internal(why: &str) -> Fault {
    Fault::System(Text::same(why))
}

/// A file as the commands read it.
struct File {
    loaded: Loaded,
    kind: &'static Kind,
    guessed: bool,
    mapping: Mapping,
    /// The mapping's text.
    map: Option<String>,
    /// It is the one that the unit used last for such a file.
    remembered: bool,
    path: PathBuf,
    dir: PathBuf,
}

fn file(worker: &Worker, upload: &Brought) -> Outcome<File> {
    let dir = worker.folder.cluster(&upload.cluster);
    let loaded = writable(&dir)?;
    let path = worker.files.path(&upload.sha256).filter(|path| path.exists()).ok_or_else(gone)?;
    let guessed = upload.kind.is_empty();
    let known = if upload.mapping.is_none() { known::find(worker, upload, &path)? } else { None };
    if let Some((kind, map, mapping)) = known {
        return Ok(File { loaded, kind, guessed, mapping, map: Some(map), remembered: true, path, dir });
    }
    let kind = if guessed { guess(&loaded, &path)? } else { bundle::kind(&upload.kind)? };
    let mapping = match &upload.mapping {
        None => Mapping::default(),
        Some(text) => Mapping::parse("mapping", text.as_bytes(), kind)
            .map_err(|problems| Fault::Bundle { problems, texts: Default::default() })?,
    };
    Ok(File { loaded, kind, guessed, mapping, map: upload.mapping.clone(), remembered: false, path, dir })
}

impl File {
    fn upload<'a>(&'a self, upload: &'a Brought, signed: Signed, rejects: Option<PathBuf>) -> Upload<'a> {
        Upload {
            loaded: &self.loaded,
            kind: self.kind,
            mapping: &self.mapping,
            map: self.map.as_ref().map(|text| text.as_bytes()),
            path: &self.path,
            name: upload.name.clone(),
            supplier: upload.supplier.clone(),
            exported_at: None,
            replace: None,
            signed,
            rejects,
            personal: false,
            first: None,
            quiet: false,
            desk: Some(Desk { leave: &NOTHING }),
        }
    }
}

/// Nothing stays as it is but what the file says so of.
pub static NOTHING: BTreeSet<String> = BTreeSet::new();

/// What is shown of a file that is refused whole: why, what else it may be, and its headers to choose columns by hand.
fn refused(worker: &Worker, upload: &Brought, fault: &Fault) -> Preview {
    let mut preview = Preview { refused: Some(for_desk(&said(fault))), ..Preview::default() };
    let Some(path) = worker.files.path(&upload.sha256) else { return preview };
    let Ok(loaded) = bundle::load(&worker.folder.cluster(&upload.cluster)) else { return preview };
    let likely = if upload.mapping.is_none() { guess(&loaded, &path).ok() } else { None };
    let Some(kind) = bundle::kind(&upload.kind).ok().or(likely) else { return preview };
    (preview.kind, preview.kind_name) = (kind.id.clone(), kind.name.clone());
    preview.looks =
        likely.filter(|other| other.id != kind.id).map(|kind| (kind.id.clone(), kind.name.clone()));
    let mapping =
        upload.mapping.as_ref().and_then(|text| Mapping::parse("mapping", text.as_bytes(), kind).ok());
    known::headers(&mut preview, &path, kind, &mapping.unwrap_or_default());
    let before: Option<Preview> = upload.result.as_deref().and_then(|text| serde_json::from_str(text).ok());
    preview.bound = match before {
        // What the person has chosen, so that it can be put right.
        Some(before) if upload.mapping.is_some() => before.bound,
        _ => known::bound(kind, &preview.headers),
    };
    preview
}

fn read(worker: &Worker, upload: &Brought) -> Outcome<(Preview, String)> {
    let screen = Worker::screen(giaouoc_agreement::text::Lang::Vi);
    let file = file(worker, upload)?;
    let folder = tempfile::tempdir().map_err(|error| Fault::io(&std::env::temp_dir(), &error))?;
    let reading = file.upload(upload, signed(None, None), Some(folder.path().join("rejects.csv")));
    let journal = standing(&file.loaded, &screen)?;
    let done = reading.compare(&journal.journal, &Progress::new(&screen), &|_| Ok(()))?;
    let mut preview = preview(worker, &file, &done)?;
    if !file.guessed && file.map.is_none() {
        preview.looks = looks_like(file.kind, &done.summary).map(|kind| (kind.id.clone(), kind.name.clone()));
    }
    if let (true, Some(map)) = (file.remembered, &file.map) {
        // From here on it is this upload's own.
        worker.ask(uploads::set_reading(worker.store.read(), upload.id, &file.kind.id, Some(map.clone())))?;
    }
    Ok((preview, file.kind.id.clone()))
}

/// What is shown of a reading.
fn preview(worker: &Worker, file: &File, done: &Done) -> Outcome<Preview> {
    let summary = &done.summary;
    let kind = file.kind;
    let label =
        |id: &str| kind.column(id).map_or_else(|| Text::same(id), |at| kind.columns[at].label.clone());
    let columns = summary.loaded.iter().map(|loaded| (loaded.headers.join(" / "), label(&loaded.column)));
    let rejects = summary.examples.iter().flat_map(|reject| {
        reject.cells.iter().map(|cell| Reject {
            row: reject.row,
            header: if cell.header.is_empty() { cell.column.clone() } else { cell.header.clone() },
            value: cell.value.clone(),
            reason: for_desk(&cell.reason.text),
        })
    });
    let mut remarks = summary.remarks();
    remarks.extend(summary.said());
    let rejects_file = match &done.rejects {
        Some(csv) => Some(workbook(worker, csv)?),
        None => None,
    };
    let mut shown = Preview {
        refused: None,
        kind: kind.id.clone(),
        kind_name: kind.name.clone(),
        guessed: file.guessed,
        sheet: summary.sheet.clone(),
        new: done.counts.new,
        changed: done.counts.changed,
        unchanged: done.counts.unchanged,
        rejected: summary.rejected,
        skipped: summary.skipped(),
        read: done.counts.new + done.counts.changed + done.counts.unchanged + summary.rejected,
        columns: columns.collect(),
        ignored: summary.ignored.iter().map(|ignored| ignored.header.clone()).collect(),
        personal: summary.personal.clone(),
        remarks,
        rejects: rejects.take(SHOWN).collect(),
        rejects_file,
        remembered: file.remembered,
        bound: summary
            .loaded
            .iter()
            .flat_map(|loaded| loaded.headers.iter().map(|header| (header.clone(), loaded.column.clone())))
            .collect(),
        ..Preview::default()
    };
    known::headers(&mut shown, &file.path, kind, &file.mapping);
    Ok(shown)
}

/// The rejected rows as a workbook: cells are text, as they were, so that nothing is read anew by the spreadsheet.
fn workbook(worker: &Worker, csv: &Path) -> Outcome<String> {
    let mut book = rust_xlsxwriter::Workbook::new();
    rejects_sheet(&mut book, None, csv)?;
    let bytes = book.save_to_buffer().map_err(|error| internal(&error.to_string()))?;
    worker.files.keep(&super::secret(), &bytes).map_err(|error| Fault::io(csv, &error))
}

/// A file of rejected rows as a sheet of a workbook.
pub(super) fn rejects_sheet(book: &mut rust_xlsxwriter::Workbook, name: Option<&str>, csv: &Path) -> Outcome {
    use rust_xlsxwriter::{Color, Format};
    /// Rows that a sheet can hold.
    const MOST: u32 = 1_000_000;
    let wrong = |error: rust_xlsxwriter::XlsxError| internal(&error.to_string());
    let head = Format::new().set_bold().set_background_color(Color::RGB(0xEE_F0_F3)).set_text_wrap();
    let said = Format::new().set_text_wrap().set_font_color(Color::RGB(0xA5_36_1D));
    let sheet = book.add_worksheet();
    if let Some(name) = name {
        sheet.set_name(name).map_err(wrong)?;
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(csv);
    let reader = reader.as_mut().map_err(|error| internal(&error.to_string()))?;
    let mut own = Vec::new();
    for (row, record) in (0..MOST).zip(reader.records()) {
        let record = record.map_err(|error| internal(&error.to_string()))?;
        for (column, cell) in (0_u16..).zip(&record) {
            let cell = cell.trim_start_matches('\u{feff}');
            if row == 0 {
                let ours = cell.starts_with("giaouoc: ");
                own.push(ours);
                sheet.write_string_with_format(0, column, cell, &head).map_err(wrong)?;
                sheet.set_column_width(column, if ours { 34.0 } else { 18.0 }).map_err(wrong)?;
            } else if own.get(usize::from(column)).copied().unwrap_or(false) {
                sheet.write_string_with_format(row, column, cell, &said).map_err(wrong)?;
            } else if !cell.is_empty() {
                // What was disarmed for CSV is text here and needs no apostrophe.
                sheet.write_string(row, column, cell.strip_prefix('\'').unwrap_or(cell)).map_err(wrong)?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(wrong)?;
    Ok(())
}

/// Loads a file into the journal, once: an earlier try that was killed after its commit is found by the file's digest.
pub fn load(worker: &Worker, job: &Job) -> Outcome {
    let upload = of(worker, job)?;
    if upload.state != State::Wanted {
        return Ok(());
    }
    match load_now(worker, &upload) {
        Ok(()) => Ok(()),
        // The person decides anew; what was wrong is on the page.
        Err(fault) => {
            worker.ask(uploads::step(worker.store.read(), upload.id, &[State::Wanted], State::Checked))?;
            Err(fault)
        }
    }
}

fn load_now(worker: &Worker, upload: &Brought) -> Outcome {
    if let Some(mark) = book::mark(worker, upload) {
        let head = |now| head(worker, upload, now);
        let (preview, entry) = book::load(worker, upload, &mark, head)?;
        let text = serde_json::to_string(&preview).map_err(|error| internal(&error.to_string()))?;
        return loaded(worker, upload, entry, Some(text));
    }
    let screen = Worker::screen(giaouoc_agreement::text::Lang::Vi);
    let file = file(worker, upload)?;
    let by = worker.ask(people::get(worker.store.read(), upload.person))?.map(|person| person.name);
    let signed = signed(by.as_deref(), upload.reason.as_deref());
    let progress = Progress::new(&screen);
    let kind = Some(file.kind.id.as_str());
    let (mut journal, _) =
        adopt::bring_up(&file.loaded, &file.dir, kind, &signed, false, &progress, &mut |_, _| Ok(()))?;
    let head = head(worker, upload, journal.head())?;
    let sha256 = unhex(&upload.sha256).unwrap_or_default();
    let earlier = journal.entries().iter().find(|entry| {
        let same =
            |line: &giaouoc_journal::Upload| line.file.sha256 == sha256 && line.file.name == upload.name;
        entry.number >= head && matches!(&entry.what, What::Upload(line) if same(line))
    });
    let (entry, text) = match earlier.map(|entry| entry.number) {
        Some(number) => (Some(number), None),
        None => {
            let folder = tempfile::tempdir().map_err(|error| Fault::io(&std::env::temp_dir(), &error))?;
            let loading = file.upload(upload, signed, Some(folder.path().join("rejects.csv")));
            let done = loading.load(&mut journal, &progress, &|_: &Summary| Ok(()))?;
            tidy(&journal)?;
            let preview = preview(worker, &file, &done)?;
            known::remember(worker, upload, &file.path, file.kind, &file.mapping, file.map.as_deref())?;
            (done.entry, Some(serde_json::to_string(&preview).map_err(|error| internal(&error.to_string()))?))
        }
    };
    loaded(worker, upload, entry, text)
}

/// Where the journal stood before an upload's rows were loaded: said by the first try, kept for later ones.
fn head(worker: &Worker, upload: &Brought, now: u64) -> Outcome<u64> {
    if let Some(head) = upload.head.and_then(|head| u64::try_from(head).ok()) {
        return Ok(head);
    }
    let kept = i64::try_from(now).unwrap_or(i64::MAX);
    worker.ask(uploads::set_head(worker.store.read(), upload.id, kept))?;
    Ok(now)
}

/// Notes that an upload is loaded, and asks for figures.
fn loaded(worker: &Worker, upload: &Brought, entry: Option<u64>, text: Option<String>) -> Outcome {
    let entry = entry.and_then(|entry| i64::try_from(entry).ok());
    worker.ask(async {
        let write = worker.store.write().await?;
        if let Some(text) = text {
            uploads::set_result(write.on(), upload.id, None, text).await?;
        }
        uploads::set_entry(write.on(), upload.id, entry, now()).await?;
        uploads::step(write.on(), upload.id, &[State::Wanted], State::Loaded).await?;
        jobs::ask(write.on(), Work::Measure, &upload.cluster, None, None, now()).await?;
        write.commit().await
    })
}

/// A job that is given up leaves the upload where its person can decide anew.
pub fn give_up(worker: &Worker, job: &Job) -> Outcome {
    let (from, to) = match job.work {
        Work::Check => (State::Received, State::Refused),
        Work::Load => (State::Wanted, State::Checked),
        Work::Undo => (State::Unwanted, State::Loaded),
        _ => return Ok(()),
    };
    worker.ask(uploads::step(worker.store.read(), job.about.unwrap_or_default(), &[from], to))?;
    Ok(())
}

/// Takes an upload back, once.
pub fn undo(worker: &Worker, job: &Job) -> Outcome {
    let upload = of(worker, job)?;
    if upload.state != State::Unwanted {
        return Ok(());
    }
    let preview: Option<Preview> = upload.result.as_deref().and_then(|text| serde_json::from_str(text).ok());
    match preview.and_then(|preview| preview.book) {
        Some(book) => book::undo(worker, &upload, &book)?,
        None => undo_one(worker, &upload)?,
    }
    worker.ask(async {
        let write = worker.store.write().await?;
        uploads::step(write.on(), upload.id, &[State::Unwanted], State::Undone).await?;
        jobs::ask(write.on(), Work::Measure, &upload.cluster, None, None, now()).await?;
        write.commit().await
    })
}

fn undo_one(worker: &Worker, upload: &Brought) -> Outcome {
    let Some(entry) = upload.entry.and_then(|entry| u64::try_from(entry).ok()) else { return Ok(()) };
    let dir = worker.folder.cluster(&upload.cluster);
    let Some(Held { mut journal, .. }) = Held::open(&dir)? else { return Err(gone()) };
    let undone =
        journal.entries().iter().any(|line| matches!(&line.what, What::Undo(undo) if undo.of == entry));
    if !undone {
        let by = worker.ask(people::get(worker.store.read(), upload.person))?.map(|person| person.name);
        let signed = signed(by.as_deref(), upload.reason.as_deref());
        take_back(&mut journal, bundle::kind(&upload.kind)?, entry, &signed)?;
    }
    Ok(())
}

/// Receives the headers of a file and no more.
struct Headers(Vec<String>);

impl Sink for Headers {
    fn begin(&mut self, _: &SchemaRef, headers: &[String]) -> Result<(), FileError> {
        self.0 = headers.to_vec();
        // Enough is known: the rest of the file is not read.
        Err(FileError::Output(String::new()))
    }

    fn batch(&mut self, _: &RecordBatch) -> Result<(), FileError> {
        Ok(())
    }
}

/// The kind that knows most of a file's headers; of those that know as many, the one that the agreement names first.
fn guess(loaded: &Loaded, path: &Path) -> Outcome<&'static Kind> {
    let named: Vec<&str> =
        loaded.bundle.agreement.targets.iter().map(|target| target.kind.as_str()).collect();
    let mut all: Vec<&'static Kind> = kinds::builtin().iter().collect();
    all.sort_by_key(|kind| named.iter().position(|id| *id == kind.id).unwrap_or(usize::MAX));
    let (units, limits, mapping) = (loaded.units(), Limits::default(), Mapping::default());
    let (mut best, mut why) = (None, None);
    for kind in all {
        let mut headers = Headers(Vec::new());
        let load = giaouoc_intake::Load {
            kind,
            mapping: &mapping,
            units: &units,
            zone: loaded.calendars.default.zone(),
            limits: &limits,
            personal: false,
        };
        if let Err(error) = read_records(&Input::Path(path), &load, &mut headers)
            && headers.0.is_empty()
            && why.is_none()
        {
            why = Some(error);
        }
        let headers: Vec<&str> = headers.0.iter().map(String::as_str).collect();
        let known = knows(kind, &headers);
        if known > best.map_or(0, |(_, known)| known) {
            best = Some((kind, known));
        }
    }
    match (best, why) {
        (Some((kind, _)), _) => Ok(kind),
        (None, Some(error)) => Err(crate::records::file_fault("", &error)),
        (None, None) => Err(Fault::input(
            "không nhận ra tệp này chứa gì; hãy chọn loại dữ liệu",
            "what this file holds could not be found out; choose the kind",
        )),
    }
}
