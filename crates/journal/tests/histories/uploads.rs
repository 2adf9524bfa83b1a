//! What the program does with a file before it commits: compare.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::RecordBatch;
use giaouoc_agreement::kind::Kind;
use giaouoc_intake::kind_schema;
use giaouoc_journal::{About, Counts, Journal, JournalError, Prepare, Prepared, Refusal, Salts, Scope};

use super::model::Given;
use super::support::{Form, Row, batch};
use super::world::{texts, time};

/// The batches of an upload: only its columns, in a form, cut into pieces.
fn batches(kind: &Kind, given: &Given, keys: &[&String], form: Form, piece: usize) -> Vec<RecordBatch> {
    let rows: Vec<Row> = keys.iter().map(|key| given.rows[*key].clone()).collect();
    let mut batches = Vec::new();
    for rows in rows.chunks(piece.max(1)) {
        let whole = batch(kind, rows, form);
        let schema = whole.schema();
        let wanted = |name: &str| {
            let column = name.strip_suffix(".day").unwrap_or(name);
            kind.column(column).is_some_and(|at| given.columns.contains(&at))
        };
        let places: Vec<usize> =
            (0..schema.fields().len()).filter(|at| wanted(schema.field(*at).name())).collect();
        batches.push(whole.project(&places).unwrap());
    }
    batches
}

/// A salt that never came before.
fn salt() -> Result<[u8; 32], JournalError> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut salt = [0; 32];
    salt[..8].copy_from_slice(&COUNT.fetch_add(1, Ordering::Relaxed).to_le_bytes());
    Ok(salt)
}

pub type Found = (Prepared, Counts, Vec<(String, Refusal)>);

/// Compares an upload with the head of a journal, without the records named.
pub fn prepare(
    journal: &Journal,
    kind: &Kind,
    given: &Given,
    without: &BTreeSet<String>,
    (form, piece): (Form, usize),
    dry: bool,
) -> Found {
    let columns: Vec<usize> = given.columns.iter().copied().collect();
    let unit = kind.columns[kind.unit].id.clone();
    let named = given.replace.as_ref().map(|(_, unit)| unit.clone());
    let scope =
        |batch: &RecordBatch| Ok(texts(batch, &unit).into_iter().map(|found| found == named).collect());
    let about = About {
        kind,
        namespace: given.namespace.clone(),
        exported_at: given.exported.map(time),
        replace: given.replace.as_ref().map(|_| Scope(&scope)),
        dry,
        salts: Some(Salts(&salt)),
    };
    let schema = std::sync::Arc::new(kind_schema(kind, &columns));
    let mut prepare = Prepare::new(journal, about, &schema).unwrap();
    let keys: Vec<&String> = given.rows.keys().filter(|key| !without.contains(*key)).collect();
    for batch in batches(kind, given, &keys, form, piece) {
        prepare.batch(&batch).unwrap();
    }
    prepare.finish().unwrap()
}
