//! The rejected rows of a workbook, a sheet for each kind, with the mark: corrected, it is sent again as it is.

use std::path::PathBuf;

use giaouoc_journal::{Journal, hex};
use rust_xlsxwriter::Workbook;

use super::Opened;
use crate::fault::{Fault, Outcome};
use crate::serve::intake::{internal, rejects_sheet};
use crate::serve::work::Worker;
use crate::workbook::mark::Mark;

/// Keeps it; gives its digest. Each file is of a sheet and a kind.
pub(super) fn keep(
    worker: &Worker,
    opened: &Opened<'_>,
    journal: &Journal,
    csvs: &[(String, String, PathBuf)],
) -> Outcome<String> {
    let wrong = |error: rust_xlsxwriter::XlsxError| internal(&error.to_string());
    let mut book = Workbook::new();
    let last = journal.head().checked_sub(1).and_then(|last| journal.entries().get(last));
    let mut mark = Mark {
        head: journal.head(),
        entry: last.map(|entry| hex(&entry.hash)).unwrap_or_default(),
        todo: String::new(),
        sheets: Vec::new(),
        ..opened.mark.clone()
    };
    for (name, kind, csv) in csvs {
        rejects_sheet(&mut book, Some(name), csv)?;
        mark.sheets.push((name.clone(), kind.clone()));
    }
    mark.write(&mut book).map_err(wrong)?;
    let bytes = book.save_to_buffer().map_err(wrong)?;
    let kept = worker.files.keep(&crate::serve::secret(), &bytes);
    kept.map_err(|error| Fault::io(&worker.folder.files(), &error))
}
