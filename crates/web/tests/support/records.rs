//! Journals in memory, for tests of pages: whole texts, versions counted, nothing checked but the key.

use std::collections::BTreeMap;
use std::sync::Mutex;

use giaouoc_agreement::text::{Lang, Text};
use giaouoc_web::records::{
    Entered, Entering, Field, Filter, Listing, Near, Opened, Record, Records, Rejected, Trouble, Withdrawing,
};

/// Versions that were given, and records by kind and key.
type Held = (u64, BTreeMap<(String, String), Record>);

/// Records by kind and key.
#[derive(Default)]
pub struct InMemory(Mutex<Held>);

impl Records for InMemory {
    fn find(&self, _: &str, kind: &str, key: &str) -> Result<Option<Record>, Trouble> {
        Ok(self.0.lock().unwrap().1.get(&(kind.into(), key.into())).cloned())
    }

    fn open(&self, cluster: &str, kind: &str, key: &str, _: Lang) -> Result<Option<Opened>, Trouble> {
        Ok(self.find(cluster, kind, key)?.map(|record| Opened { record, ..Opened::default() }))
    }

    fn list(&self, _: &str, kind: &str, filter: &Filter) -> Result<Listing, Trouble> {
        let held = self.0.lock().unwrap();
        let of = |record: &&Record| filter.unit.as_ref().is_none_or(|unit| record.unit == *unit);
        let records = held.1.iter().filter(|((found, _), _)| found == kind).map(|(_, record)| record);
        Ok(Listing { records: records.filter(of).cloned().collect(), next: None, seen: 0 })
    }

    fn enter(&self, entering: &Entering) -> Result<Entered, Trouble> {
        let mut held = self.0.lock().unwrap();
        let mut done = Entered::default();
        let kept = entering.file.as_ref().map(|path| std::fs::read(path).unwrap());
        for (at, line) in kept
            .as_ref()
            .unwrap_or(&entering.rows)
            .split(|byte| *byte == b'\n')
            .enumerate()
            .filter(|(_, line)| !line.is_empty())
        {
            let fields: BTreeMap<String, Option<String>> = serde_json::from_slice(line).unwrap();
            let fields: BTreeMap<String, String> =
                fields.into_iter().map(|(name, value)| (name, value.unwrap_or_default())).collect();
            let key = fields.get("code").cloned().unwrap_or_default();
            if key.is_empty() {
                done.rejected.push(Rejected {
                    row: at as u64 + 1,
                    columns: vec!["code".into()],
                    reason: Text::new("thiếu mã", "no key"),
                });
                continue;
            }
            let at = (entering.kind.clone(), key.clone());
            let stands = held.1.get(&at).cloned();
            if let Some((expected, version)) = &entering.expect
                && *expected == key
                && stands.as_ref().map(|record| &record.version) != version.as_ref()
            {
                return Err(Trouble::Newer(stands.map(Box::new)));
            }
            held.0 += 1;
            let field = |(column, text): (&String, &String)| Field {
                column: column.clone(),
                text: text.clone(),
                shown: Text::same(text.as_str()),
            };
            let record = Record {
                key,
                unit: fields.get("unit").cloned().unwrap_or_default(),
                supplier: entering.supplier.clone(),
                version: format!("{}.0", held.0),
                fields: fields.iter().map(field).collect(),
            };
            match held.1.insert(at, record) {
                None => done.new += 1,
                Some(_) => done.changed += 1,
            }
            done.entry = Some(held.0);
        }
        Ok(done)
    }

    fn withdraw(&self, asked: &Withdrawing) -> Result<(), Trouble> {
        self.0.lock().unwrap().1.remove(&(asked.kind.clone(), asked.key.clone()));
        Ok(())
    }

    fn near(&self, _: &str, _: &str, _: &[(String, String)]) -> Result<Vec<Near>, Trouble> {
        Ok(Vec::new())
    }
}
