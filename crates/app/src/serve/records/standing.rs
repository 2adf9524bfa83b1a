//! Lists whose rows say a state go on into the journal of the next year (`data/rules/next-year.toml`), as they stand when it is
//! opened: what ended within the year stays behind. Who supplies a record goes on doing so.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use giaouoc_agreement::kinds;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_journal::{Disk, Journal};
use giaouoc_web::records::{Entering, Filter, Record};
use giaouoc_year::lists::{self, List};

use super::{Reader, enter, list};
use crate::bundle::{self, Loaded};
use crate::fault::{Fault, Outcome};
use crate::journal::{adopt, fault};
use crate::progress::Progress;
use crate::serve::carry;
use crate::serve::work::Worker;

/// Writes the lists of a cluster's year into the bundle of the next one, one entry a kind and supplier. Rows lie in `folder`
/// while they are read.
pub fn go_on(mut from: Loaded, slug: &str, to: &Path, folder: &Path, by: Option<String>) -> Outcome {
    let held = match from.journal.take() {
        Some(held) => held,
        None => {
            let all: Vec<usize> = (0..from.bundle.records.len()).collect();
            adopt::made(&from, &all, &Progress::new(&Worker::screen(Lang::Vi)))?
        }
    };
    let year = from.bundle.agreement.year;
    let reader = Reader { loaded: Arc::new(from), journal: held.journal.again() };
    let into = Arc::new(bundle::load(to)?);
    for rule in lists::all() {
        for (supplier, rows) in standing(&reader, rule, &format!("{year:04}-12-31"))? {
            let entering = Entering {
                kind: rule.kind.clone(),
                supplier,
                name: format!("danh mục năm {year}"),
                rows,
                by: by.clone(),
                reason: Some(format!(
                    "chuyển từ năm {year} (cụm {slug}, sổ đến mục {}): những dòng còn đúng qua ngày 31/12/{year}",
                    held.head
                )),
                whole: true,
                ..Entering::default()
            };
            let journal = Journal::open(Disk::new(to.join("journal"))).map_err(|error| fault(&error))?;
            let there = Reader { loaded: Arc::clone(&into), journal };
            let kind = bundle::kind(&rule.kind)?;
            let entered = enter::enter(there, kind, &entering, folder).map_err(carry::fault)?;
            // A list that comes over in part would look like a whole one.
            if let Some(rejected) = entered.rejected.first() {
                return Err(Fault::Input(rejected.reason.clone()));
            }
        }
    }
    Ok(())
}

/// The rows of a list that go on, as lines of JSON, by supplier.
fn standing(reader: &Reader, rule: &List, last: &str) -> Outcome<BTreeMap<Option<String>, Vec<u8>>> {
    let mut rows: BTreeMap<Option<String>, Vec<u8>> = BTreeMap::new();
    let Some(kind) = kinds::find(&rule.kind) else { return Ok(rows) };
    let filter = Filter { most: usize::MAX, ..Filter::default() };
    for record in list::list(reader, kind, &filter).map_err(carry::fault)?.records {
        if rule.goes_on(|column| record.text(column), last) {
            rows.entry(record.supplier.clone()).or_default().extend(line(&record)?);
        }
    }
    Ok(rows)
}

/// A record as a line; what is unknown is left out.
fn line(record: &Record) -> Outcome<Vec<u8>> {
    let known = record.fields.iter().filter(|field| !field.text.is_empty());
    let line: serde_json::Map<String, serde_json::Value> =
        known.map(|field| (field.column.clone(), field.text.clone().into())).collect();
    let mut bytes =
        serde_json::to_vec(&line).map_err(|error| Fault::System(Text::same(error.to_string())))?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use giaouoc_journal::What;

    use super::super::look;
    use super::*;

    fn reader(dir: &Path) -> Reader {
        let mut loaded = bundle::load(dir).unwrap();
        let journal = loaded.journal.take().unwrap().journal;
        Reader { loaded: Arc::new(loaded), journal }
    }

    #[test]
    fn lists_that_stand_go_on_and_what_has_ended_or_happened_stays() {
        let home = tempfile::tempdir().unwrap();
        let (from, to) = (home.path().join("2020"), home.path().join("2021"));
        let example = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/ha-noi-cum-vi-2020"));
        crate::serve::copy(example, &from).unwrap();
        let path = from.join("records/procedure.csv");
        let mut procedures = fs::read_to_string(&path).unwrap();
        let header = procedures.lines().next().unwrap().to_owned();
        let row = |code: &str, ends: &str| {
            let cell = |column: &str| match column {
                "code" => code.to_owned(),
                "unit" => "H26.VD2".to_owned(),
                "in_force_to" => ends.to_owned(),
                _ => String::new(),
            };
            header.split(',').map(cell).collect::<Vec<_>>().join(",") + "\n"
        };
        assert!(header.split(',').any(|column| column == "in_force_to"), "{header}");
        procedures += &row("9.1", "2020-06-30");
        procedures += &row("9.2", "2021-03-31");
        fs::write(&path, procedures).unwrap();
        fs::create_dir_all(&to).unwrap();
        for file in ["cluster.toml", "agreement.toml", "calendar.toml"] {
            let text = fs::read_to_string(from.join(file)).unwrap();
            let text = match file {
                "cluster.toml" => giaouoc_year::next_year::cluster(&text, 2020, 2021).unwrap(),
                "agreement.toml" => giaouoc_year::next_year::agreement(&text, 2020, 2021).unwrap(),
                _ => text
                    .lines()
                    .filter(|line| !line.starts_with("as_announced_on"))
                    .collect::<Vec<_>>()
                    .join("\n"),
            };
            fs::write(to.join(file), text).unwrap();
        }
        go_on(bundle::load(&from).unwrap(), "cum-2020", &to, home.path(), Some("Thư ký".into())).unwrap();
        let there = reader(&to);
        let find = |kind: &str, key: &str| look::find(&there, kinds::find(kind).unwrap(), key).unwrap();
        assert!(find("procedure", "9.1").is_none(), "it ended within the year");
        assert_eq!(find("procedure", "9.2").unwrap().text("in_force_to"), "2021-03-31");
        // The list is the old one, column by column, and whoever supplied a record still does.
        let loaded = bundle::load(&from).unwrap();
        let all: Vec<usize> = (0..loaded.bundle.records.len()).collect();
        let made = adopt::made(&loaded, &all, &Progress::new(&Worker::screen(Lang::Vi))).unwrap();
        let before = Reader { loaded: Arc::new(loaded), journal: made.journal.again() };
        let whole = Filter { most: usize::MAX, ..Filter::default() };
        for rule in lists::all() {
            let kind = kinds::find(&rule.kind).unwrap();
            let old = list::list(&before, kind, &whole).unwrap().records;
            let old: Vec<_> =
                old.into_iter().filter(|one| rule.goes_on(|id| one.text(id), "2020-12-31")).collect();
            let same = old.iter().all(|one| {
                let new = find(&rule.kind, &one.key).unwrap();
                (new.fields, new.supplier) == (one.fields.clone(), one.supplier.clone())
            });
            assert!(same && !old.is_empty(), "{}", rule.kind);
            assert_eq!(list::list(&there, kind, &whole).unwrap().records.len(), old.len(), "{}", rule.kind);
        }
        for kind in ["dossier", "task", "dialogue"] {
            let left = list::list(&there, kinds::find(kind).unwrap(), &whole).unwrap().records;
            assert!(left.is_empty(), "{kind} is of its year");
        }
        // The journal says where they come from and who opened the year.
        let uploads = there.journal.entries().iter().filter(|entry| matches!(entry.what, What::Upload(_)));
        for entry in uploads {
            assert_eq!(entry.by.as_deref(), Some("Thư ký"));
            let reason = entry.reason.as_deref().unwrap();
            assert!(reason.contains("chuyển từ năm 2020 (cụm cum-2020"), "{reason}");
        }
    }
}
