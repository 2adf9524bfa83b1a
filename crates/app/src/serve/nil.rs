//! Reports that no cases arose: written into the bundle's `reports.toml`, and with it into the journal.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use giaouoc_store::jobs::{self, Job, Work};
use giaouoc_web::NilRequest;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::now;
use super::work::Worker;
use crate::fault::{Fault, Outcome};
use crate::journal::commands::writable;
use crate::journal::{adopt, signed};
use crate::progress::Progress;

/// Writes a nil report, or confirms one. Doing it again changes nothing.
pub fn record(worker: &Worker, job: &Job) -> Outcome {
    let note = job.note.as_deref().unwrap_or_default();
    let request: NilRequest = serde_json::from_str(note)
        .map_err(|error| Fault::System(giaouoc_agreement::text::Text::same(error.to_string())))?;
    report(worker, &job.cluster, std::slice::from_ref(&request))?;
    worker.ask(jobs::ask(worker.store.read(), Work::Measure, &job.cluster, None, None, now()))?;
    Ok(())
}

/// Writes nil reports, or confirms them.
pub fn report(worker: &Worker, cluster: &str, requests: &[NilRequest]) -> Outcome {
    change(worker, cluster, requests, with)
}

/// Takes nil reports back that nobody has confirmed.
pub fn retract(worker: &Worker, cluster: &str, requests: &[NilRequest]) -> Outcome {
    change(worker, cluster, requests, without)
}

/// Changes the bundle's text, and with it the journal: once for all requests.
fn change(
    worker: &Worker,
    cluster: &str,
    requests: &[NilRequest],
    one: fn(&str, &NilRequest) -> Result<String, String>,
) -> Outcome {
    let Some(request) = requests.first() else { return Ok(()) };
    let dir = worker.folder.cluster(cluster);
    let path = dir.join("reports.toml");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Fault::io(&path, &error)),
    };
    let all = requests.iter().try_fold(text.clone(), |text, request| one(&text, request));
    let changed = all.map_err(|why| {
        Fault::input(format!("{}: {why}", path.display()), format!("{}: {why}", path.display()))
    })?;
    if changed != text {
        replace(&path, &changed)?;
        // A report that the bundle does not take is taken out again: the cluster's figures must go on.
        if let Err(fault) = writable(&dir) {
            replace(&path, &text)?;
            return Err(fault);
        }
    }
    let loaded = writable(&dir)?;
    let screen = Worker::screen(giaouoc_agreement::text::Lang::Vi);
    let signed = signed(Some(&request.by), Some(request.note.as_str()).filter(|note| !note.is_empty()));
    adopt::bring_up(&loaded, &dir, None, &signed, false, &Progress::new(&screen), &mut |_, _| Ok(()))?;
    Ok(())
}

/// Writes a file anew, whole or not at all: the old one or the new one is there, never half of it.
pub fn replace(path: &Path, text: &str) -> Outcome {
    let fault = |error: std::io::Error| Fault::io(path, &error);
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(path)).map_err(fault)?;
    file.write_all(text.as_bytes()).map_err(fault)?;
    file.as_file().sync_all().map_err(fault)?;
    file.persist(path).map_err(|error| fault(error.error))?;
    Ok(())
}

/// The text of `reports.toml` with the report in it; everything else stays as it is, comments too.
fn with(text: &str, request: &NilRequest) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let list = document.entry("nil").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let list = list.as_array_of_tables_mut().ok_or("nil: [[nil]]")?;
    let is = |table: &Table, key: &str, text: &str| table.get(key).and_then(Item::as_str) == Some(text);
    let there = list.iter_mut().find(|table| {
        is(table, "unit", &request.unit)
            && is(table, "kind", &request.kind)
            && is(table, "period", &request.period)
    });
    let fill = |table: &mut Table| {
        if let (Some(by), Some(on)) = (&request.confirmed_by, &request.confirmed_on)
            && !table.contains_key("confirmed_on")
        {
            table["confirmed_by"] = value(by);
            if let Ok(on) = on.parse::<toml_edit::Datetime>() {
                table["confirmed_on"] = value(on);
            }
        }
        if !request.note.is_empty() && !table.contains_key("note") {
            table["note"] = value(&request.note);
        }
    };
    match there {
        Some(table) => fill(table),
        None => {
            let mut table = Table::new();
            table["unit"] = value(&request.unit);
            table["kind"] = value(&request.kind);
            table["period"] = value(&request.period);
            fill(&mut table);
            list.push(table);
        }
    }
    Ok(document.to_string())
}

/// The text of `reports.toml` without a report that was not confirmed; one that was, stays.
fn without(text: &str, request: &NilRequest) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let Some(list) = document.get_mut("nil").and_then(Item::as_array_of_tables_mut) else {
        return Ok(text.to_owned());
    };
    let is = |table: &Table, key: &str, text: &str| table.get(key).and_then(Item::as_str) == Some(text);
    list.retain(|table| {
        !is(table, "unit", &request.unit)
            || !is(table, "kind", &request.kind)
            || !is(table, "period", &request.period)
            || table.contains_key("confirmed_on")
    });
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(confirmed: bool) -> NilRequest {
        NilRequest {
            unit: "H26.VD5".into(),
            kind: "dossier".into(),
            period: "2020".into(),
            confirmed_by: confirmed.then(|| "Lãnh đạo đơn vị".into()),
            confirmed_on: confirmed.then(|| "2021-01-05".into()),
            note: String::new(),
            by: "A".into(),
        }
    }

    #[test]
    fn a_report_is_added_then_confirmed_and_comments_stay() {
        let first = with("# chữ của người soạn\n", &request(false)).unwrap();
        assert!(first.contains("# chữ của người soạn\n") && !first.contains("confirmed"), "{first}");
        let second = with(&first, &request(true)).unwrap();
        assert!(second.contains("confirmed_on = 2021-01-05"), "{second}");
        assert_eq!(second.matches("[[nil]]").count(), 1);
        assert_eq!(with(&second, &request(true)).unwrap(), second);
        assert!(with("nil = 3", &request(true)).is_err());
        assert_eq!(without(&second, &request(false)).unwrap(), second, "what the leader confirmed stays");
        let gone = without(&first, &request(false)).unwrap();
        assert!(!gone.contains("[[nil]]") && gone.contains("# chữ của người soạn"), "{gone}");
        assert_eq!(without("", &request(false)).unwrap(), "");
    }
}
