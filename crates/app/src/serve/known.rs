//! Mappings that a unit has used: remembered by the headers of the file, and used for its next one.

use std::path::Path;

use giaouoc_agreement::kind::{Column, Kind};
use giaouoc_intake::{Input, Limits, Mapping, fold, headings_of, sheets};
use giaouoc_journal::hex;
use giaouoc_store::clusters;
use giaouoc_store::uploads::Upload as Brought;
use giaouoc_web::preview::Preview;
use sha2::{Digest as _, Sha256};

use super::now;
use super::work::Worker;
use crate::bundle;
use crate::fault::Outcome;

/// The digest of a file's headers, as a kind and a mapping find them.
fn digest(path: &Path, kind: &Kind, mapping: &Mapping) -> Option<String> {
    let headings = headings_of(&Input::Path(path), kind, mapping, &Limits::default()).ok()?;
    (!headings.names.is_empty()).then(|| hex(&Sha256::digest(headings.names.join("\n").as_bytes()).into()))
}

/// The mapping that the unit used last for a file with these headers, with its kind and its text.
pub fn find(
    worker: &Worker,
    upload: &Brought,
    path: &Path,
) -> Outcome<Option<(&'static Kind, String, Mapping)>> {
    let all = worker.ask(clusters::mappings(worker.store.read(), &upload.cluster, &upload.unit))?;
    for known in all.into_iter().filter(|known| upload.kind.is_empty() || upload.kind == known.kind) {
        let Ok(kind) = bundle::kind(&known.kind) else { continue };
        let Ok(mapping) = Mapping::parse("mapping", known.mapping.as_bytes(), kind) else { continue };
        if digest(path, kind, &mapping).as_deref() == Some(known.headers.as_str()) {
            return Ok(Some((kind, known.mapping, mapping)));
        }
    }
    Ok(None)
}

/// Remembers the mapping that a file was loaded with.
pub fn remember(
    worker: &Worker,
    upload: &Brought,
    path: &Path,
    kind: &Kind,
    mapping: &Mapping,
    text: Option<&str>,
) -> Outcome {
    let (Some(text), Some(headers)) = (text, digest(path, kind, mapping)) else { return Ok(()) };
    let (cluster, unit) = (&upload.cluster, &upload.unit);
    worker.ask(clusters::remember_mapping(
        worker.store.read(),
        cluster,
        unit,
        &kind.id,
        &headers,
        text,
        now(),
    ))
}

/// The headers and sheets of a file, for choosing by hand; what cannot be found out is left out.
pub fn headers(preview: &mut Preview, path: &Path, kind: &Kind, mapping: &Mapping) {
    /// Headers that fit on a page.
    const MOST: usize = 300;
    let (input, limits) = (Input::Path(path), Limits::default());
    if let Ok(headings) = headings_of(&input, kind, mapping, &limits) {
        preview.headers = headings.names.into_iter().take(MOST).collect();
        if preview.sheet.is_none() {
            preview.sheet = headings.sheet;
        }
    }
    let shown = sheets(&input, &limits).unwrap_or_default().into_iter().filter(|(_, shown)| *shown);
    preview.sheets = shown.map(|(name, _)| name).take(MOST).collect();
}

/// Headers that a kind knows by name, with their columns.
pub fn bound(kind: &Kind, headers: &[String]) -> Vec<(String, String)> {
    let of = |header: &String| {
        let key = fold(header);
        let known = |column: &&Column| {
            let names = [&column.id, &column.label.vi, &column.label.en];
            !column.personal && names.into_iter().chain(&column.aliases).any(|name| fold(name) == key)
        };
        Some((header.clone(), kind.columns.iter().find(known)?.id.clone()))
    };
    headers.iter().filter_map(of).collect()
}
