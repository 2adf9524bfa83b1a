//! Files placed by hand in `records/` become entries in file-name order, so that there is one history.

use std::collections::BTreeSet;
use std::path::Path;

use giaouoc_agreement::bundle::RecordFile;
use giaouoc_agreement::kinds;
use giaouoc_intake::Mapping;
use giaouoc_journal::{Disk, Journal, Signed, What};

use crate::bundle::{self, Loaded};
use crate::fault::Outcome;
use crate::journal::upload::{Done, Upload, digest};
use crate::journal::{Held, fault, texts};
use crate::progress::Progress;

/// The files of `records/` that the journal does not have, in file-name order. `sure` compares contents;
/// otherwise name and size must do.
pub fn waiting(loaded: &Loaded, journal: &Journal, sure: bool) -> Outcome<Vec<usize>> {
    let mut known: BTreeSet<(&str, u64, Option<[u8; 32]>)> = BTreeSet::new();
    for entry in journal.entries().iter() {
        if let What::Upload(upload) = &entry.what {
            let content = sure.then_some(upload.file.sha256);
            known.insert((upload.file.name.as_str(), upload.file.bytes, content));
        }
    }
    let mut waiting = Vec::new();
    for (at, file) in loaded.bundle.records.iter().enumerate() {
        let path = loaded.opened.dir.join(&file.path);
        let size = path.metadata().map_or(0, |meta| meta.len());
        let near = known.iter().any(|(name, bytes, _)| (*name, *bytes) == (file.path.as_str(), size));
        let there = match (near, sure) {
            (true, true) => {
                let (content, _) = digest(&path)?;
                known.contains(&(file.path.as_str(), size, Some(content)))
            }
            (near, _) => near,
        };
        if !there {
            waiting.push(at);
        }
    }
    Ok(waiting)
}

/// Loads one file of `records/`, under its path in the bundle.
fn adopt_file(
    loaded: &Loaded,
    journal: &mut Journal,
    file: &RecordFile,
    signed: &Signed,
    rejects: bool,
    progress: &Progress,
) -> Outcome<Done> {
    let kind = bundle::kind(&file.kind)?;
    let map = file.map.as_ref().and_then(|path| loaded.opened.texts.get(path));
    let mapping = match &file.map {
        None => Mapping::default(),
        Some(path) => crate::records::mapping(loaded, path, kind)?,
    };
    let path = loaded.opened.dir.join(&file.path);
    let upload = Upload {
        loaded,
        kind,
        mapping: &mapping,
        map: map.map(Vec::as_slice),
        path: &path,
        name: file.path.clone(),
        supplier: file.supplier.map(|unit| loaded.bundle.cluster.units[unit].code.clone()),
        exported_at: None,
        replace: None,
        signed: signed.clone(),
        rejects: rejects.then(|| path.with_extension("rejects.csv")),
        personal: false,
        first: None,
        quiet: false,
        desk: None,
    };
    upload.load(journal, progress, &|_| Ok(()))
}

/// Brings files of `records/` into a journal. Tells of each what became of its rows.
pub fn adopt(
    loaded: &Loaded,
    journal: &mut Journal,
    files: &[usize],
    signed: &Signed,
    rejects: bool,
    progress: &Progress,
    told: &mut dyn FnMut(&RecordFile, &Done) -> Outcome,
) -> Outcome {
    for at in files {
        let file = &loaded.bundle.records[*at];
        let done = adopt_file(loaded, journal, file, signed, rejects, progress)?;
        told(file, &done)?;
    }
    Ok(())
}

/// A journal for this run only: what the files of `records/` come to as entries, for a bundle that has none.
pub fn made(loaded: &Loaded, files: &[usize], progress: &Progress) -> Outcome<Held> {
    let folder = tempfile::Builder::new().prefix("giaouoc-").tempdir();
    let folder = folder.map_err(|error| crate::fault::Fault::io(&std::env::temp_dir(), &error))?;
    let mut journal =
        Journal::open(Disk::new(folder.path().join("journal"))).map_err(|error| fault(&error))?;
    adopt(loaded, &mut journal, files, &super::signed(None, None), false, progress, &mut |_, _| Ok(()))?;
    Ok(Held { head: journal.head(), journal, _made: Some(folder) })
}

/// The bundle's own journal, with the texts and the files of `records/` that it has not yet.
pub fn bring_up(
    loaded: &Loaded,
    dir: &Path,
    also: Option<&str>,
    signed: &Signed,
    files: bool,
    progress: &Progress,
    told: &mut dyn FnMut(&RecordFile, &Done) -> Outcome,
) -> Outcome<(Journal, Vec<u64>)> {
    let mut journal = Journal::open(Disk::new(dir.join("journal"))).map_err(|error| fault(&error))?;
    // A first load that failed may have recorded the texts and no rows.
    let adopting =
        if journal.kinds().is_empty() || files { waiting(loaded, &journal, true)? } else { Vec::new() };
    let mut used: BTreeSet<String> = journal.kinds().into_iter().map(str::to_owned).collect();
    used.extend(adopting.iter().map(|at| loaded.bundle.records[*at].kind.clone()));
    used.extend(also.map(str::to_owned));
    used.retain(|id| kinds::find(id).is_some());
    let calendar = loaded.bundle.calendar.calendar.clone().unwrap_or_else(|| "vn-public".to_owned());
    let changed = texts::unrecorded(&journal, &loaded.opened, &calendar, &used);
    let mut entries = Vec::new();
    if !changed.is_empty() {
        let lock = journal.lock().map_err(|error| fault(&error))?;
        entries = texts::record(&mut journal, &lock, &changed, signed)?;
    }
    adopt(loaded, &mut journal, &adopting, signed, true, progress, told)?;
    Ok((journal, entries))
}
