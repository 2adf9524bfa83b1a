//! Rows written by a form or a program: one entry of the journal, on the disk when it answers.

use std::cell::RefCell;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::Text;
use giaouoc_intake::{Mapping, Summary};
use giaouoc_journal::{Journal, What, Withdraw};
use giaouoc_web::records::{Entered, Entering, Rejected, Trouble, Withdrawing};

use super::{Reader, broken, look, trouble};
use crate::fault::{Fault, Outcome};
use crate::journal::upload::{Desk, Upload};
use crate::journal::{adopt, now, signed, tidy};
use crate::progress::Progress;
use crate::serve::intake::NOTHING;
use crate::serve::work::Worker;

/// Writes rows as one entry.
pub fn enter(
    mut reader: Reader,
    kind: &'static Kind,
    entering: &Entering,
    folder: &Path,
) -> Result<Entered, Trouble> {
    begin(&mut reader)?;
    let loaded = std::sync::Arc::clone(&reader.loaded);
    let (rows, rejects) = kept(entering, folder).map_err(|error| Trouble::Failed(error.to_string()))?;
    let path = entering.file.as_deref().unwrap_or(rows.path());
    let (newer, summary) = (RefCell::new(None), RefCell::new(Summary::default()));
    let first = |journal: &Journal| match &entering.expect {
        None => Ok(()),
        Some((key, version)) => {
            let seen = version.as_deref();
            seen_still(&reader.loaded, journal, kind, key, seen, &newer)
        }
    };
    let upload = Upload {
        loaded: &loaded,
        kind,
        mapping: &Mapping::default(),
        map: None,
        path,
        name: entering.name.clone(),
        supplier: entering.supplier.clone(),
        exported_at: None,
        replace: None,
        signed: signed(entering.by.as_deref(), entering.reason.as_deref()),
        rejects: Some(rejects.path().join("rejects.csv")),
        personal: false,
        first: entering.expect.is_some().then_some(&first as _),
        quiet: true,
        desk: Some(Desk { leave: &NOTHING }),
    };
    let check = |read: &Summary| {
        summary.replace(read.clone());
        let nothing = read.accepted == 0;
        // An entry that brings nothing is none.
        if nothing || entering.whole && read.rejected > 0 { Err(Fault::No) } else { Ok(()) }
    };
    let screen = Worker::screen(giaouoc_agreement::text::Lang::Vi);
    let mut journal = reader.journal.again();
    let done = upload.load(&mut journal, &Progress::new(&screen), &check);
    if let Some(newer) = newer.take() {
        return Err(Trouble::Newer(newer));
    }
    let summary = summary.take();
    match done {
        Ok(done) => {
            tidy(&journal).map_err(|fault| trouble(&fault))?;
            let rejected = match &done.rejects {
                Some(path) => all_rejected(path, kind)?,
                None => Vec::new(),
            };
            Ok(Entered {
                entry: done.entry,
                new: done.counts.new,
                changed: done.counts.changed,
                unchanged: done.counts.unchanged,
                rejected,
                ignored: ignored(&summary),
            })
        }
        Err(Fault::No) if summary.rejected > summary.examples.len() as u64 => {
            // More than the summary names: read once more, for nothing but the reasons.
            let done = upload.compare(&journal, &Progress::new(&screen), &|_| Ok(()));
            let done = done.map_err(|fault| trouble(&fault))?;
            let rejected = done.rejects.map(|path| all_rejected(&path, kind)).transpose()?;
            let (rejected, ignored) = (rejected.unwrap_or_default(), ignored(&summary));
            Ok(Entered { rejected, ignored, ..Entered::default() })
        }
        Err(Fault::No) => {
            let (rejected, ignored) = (first_rejected(&summary), ignored(&summary));
            Ok(Entered { rejected, ignored, ..Entered::default() })
        }
        Err(fault) => Err(trouble(&fault)),
    }
}

/// Columns that were not taken: those that the kind has not, and personal ones.
fn ignored(summary: &Summary) -> Vec<String> {
    summary.ignored.iter().map(|one| one.header.clone()).chain(summary.personal.iter().cloned()).collect()
}

/// What lies in a new bundle becomes the beginning of its journal, once.
fn begin(reader: &mut Reader) -> Result<(), Trouble> {
    if reader.journal.head() > 0 {
        return Ok(());
    }
    let screen = Worker::screen(giaouoc_agreement::text::Lang::Vi);
    let (loaded, dir) = (&reader.loaded, &reader.loaded.opened.dir);
    let progress = Progress::new(&screen);
    let begun = adopt::bring_up(loaded, dir, None, &signed(None, None), true, &progress, &mut |_, _| Ok(()));
    reader.journal = begun.map_err(|fault| trouble(&fault))?.0;
    Ok(())
}

/// The rows in a file, as the journal reads them, and a folder for what is rejected.
fn kept(entering: &Entering, folder: &Path) -> std::io::Result<(tempfile::NamedTempFile, tempfile::TempDir)> {
    fs::create_dir_all(folder)?;
    let mut rows = tempfile::NamedTempFile::new_in(folder)?;
    rows.write_all(&entering.rows)?;
    rows.flush()?;
    Ok((rows, tempfile::tempdir_in(folder)?))
}

/// Looks whether the version that the writer has seen still stands; what stands instead is told.
fn seen_still(
    loaded: &std::sync::Arc<crate::bundle::Loaded>,
    journal: &Journal,
    kind: &'static Kind,
    key: &str,
    version: Option<&str>,
    newer: &RefCell<Option<Option<Box<giaouoc_web::records::Record>>>>,
) -> Outcome {
    let now = Reader { loaded: std::sync::Arc::clone(loaded), journal: journal.again() };
    let stands = look::find(&now, kind, key).map_err(|trouble| match trouble {
        Trouble::Wrong(text) => Fault::Input(text),
        Trouble::Failed(why) => Fault::System(Text::same(why)),
        Trouble::Newer(_) => Fault::No,
    })?;
    if stands.as_ref().map(|record| record.version.as_str()) == version {
        return Ok(());
    }
    newer.replace(Some(stands.map(Box::new)));
    Err(Fault::No)
}

/// The rejected rows that the summary has: all of them where there are few.
fn first_rejected(summary: &Summary) -> Vec<Rejected> {
    let one = |reject: &giaouoc_intake::Reject| {
        let lines = |get: fn(&Text) -> &str| {
            reject.cells.iter().map(|cell| get(&cell.reason.text)).collect::<Vec<_>>().join("\n")
        };
        Rejected {
            row: reject.row,
            columns: reject
                .cells
                .iter()
                .map(|cell| cell.column.clone())
                .filter(|id| !id.is_empty())
                .collect(),
            reason: Text::new(lines(|text| &text.vi), lines(|text| &text.en)),
        }
    };
    summary.examples.iter().map(one).collect()
}

/// All rejected rows, from the file that has them. Its own columns are told by their headers: surplus cells stand behind
/// them.
fn all_rejected(path: &Path, kind: &Kind) -> Result<Vec<Rejected>, Trouble> {
    let failed = |error: csv::Error| Trouble::Failed(error.to_string());
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).map_err(failed)?;
    let headers = reader.headers().map_err(failed)?.clone();
    let mut all = Vec::new();
    for line in reader.records() {
        let line = line.map_err(failed)?;
        let own = |header: &str| {
            let at = headers.iter().position(|other| other.trim_start_matches('\u{feff}') == header);
            let text = at.and_then(|at| line.get(at)).unwrap_or("");
            text.strip_prefix('\'').unwrap_or(text).to_owned()
        };
        let columns = own("giaouoc: cột");
        all.push(Rejected {
            row: own("giaouoc: dòng").parse().unwrap_or(0),
            columns: columns.lines().filter(|id| kind.column(id).is_some()).map(str::to_owned).collect(),
            reason: Text::new(own("giaouoc: lý do"), own("giaouoc: reason")),
        });
    }
    Ok(all)
}

/// Withdraws a record.
pub fn withdraw(reader: Reader, kind: &'static Kind, asked: &Withdrawing) -> Result<(), Trouble> {
    let mut journal = reader.journal.again();
    let lock = journal.lock().map_err(|error| broken(&error))?;
    journal.refresh().map_err(|error| broken(&error))?;
    let newer = RefCell::new(None);
    let seen = Some(asked.version.as_str());
    if let Err(fault) = seen_still(&reader.loaded, &journal, kind, &asked.key, seen, &newer) {
        return Err(newer.take().map_or_else(|| trouble(&fault), Trouble::Newer));
    }
    let keys = std::slice::from_ref(&asked.key);
    let found = journal.prepare_withdrawal(kind, asked.supplier.as_deref(), keys);
    let found = found.map_err(|error| broken(&error))?;
    if !found.absent.is_empty() || !found.owned.is_empty() {
        return Err(Trouble::Wrong(Text::new(
            "bản ghi này do nơi khác cung cấp nên không rút được ở đây; hãy dùng mục “Không đồng ý”",
            "this record is supplied by somebody else and cannot be withdrawn here; contest it instead",
        )));
    }
    let line =
        |rows| What::Withdraw(Withdraw { kind: kind.id.clone(), namespace: asked.supplier.clone(), rows });
    let signed = signed(asked.by.as_deref(), Some(&asked.reason));
    let done = journal.commit(&lock, found.prepared, signed, now(), line).map_err(|error| broken(&error))?;
    drop(lock);
    if done.is_none() {
        return Err(Trouble::Failed("the journal moved under its lock".to_owned()));
    }
    tidy(&journal).map_err(|fault| trouble(&fault))
}
