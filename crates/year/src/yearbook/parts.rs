//! Reads how an agreement came about: `agreeing/N.toml`; and the reports to reviews, which have a form of their own too.

use std::collections::BTreeMap;

use giaouoc_agreement::text::Text;
use giaouoc_agreement::toml_read::{Field, Table, text_of};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::read::{MOST, Reading, words};
use super::{Draft, Part, Report, Version};
use crate::agreeing::{Opinion, Reply, Stage};
use crate::signing::Signature;
use crate::titles::Registration;

/// A draft.
pub(super) fn draft(at: &Reading<'_, '_>, texts: &BTreeMap<String, Vec<u8>>) -> Option<Draft> {
    let root = at.doc.root();
    root.may("format").integer(1..=1);
    let stages: Vec<(&str, &str)> = Stage::ALL.iter().map(|stage| (stage.word(), stage.word())).collect();
    let some = |field: &Field<'_>| Some(words(field)).filter(|text| !text.is_empty());
    let mut draft = Draft {
        file: at.doc.file().to_owned(),
        number: root.need("number").integer(1..=10_000).map(|at| at.value).unwrap_or_default(),
        stage: root.need("stage").one_of(&stages).map(|at| at.value.to_owned()).unwrap_or_default(),
        base: some(&root.may("base")).unwrap_or_else(|| "empty".to_owned()),
        before: some(&root.may("before")),
        digest: some(&root.may("digest")),
        respond_by: at.day(&root.may("respond_by")),
        circulated_at: at.time(&root.may("circulated_at")),
        frozen_at: at.time(&root.may("frozen_at")),
        in_force_at: at.time(&root.may("in_force_at")),
        ceremony: typed(at, &root.may("ceremony")),
        later: root.may("later").strings().into_iter().map(|at| at.value).collect(),
        mark: at.mark(&root),
        ..Draft::default()
    };
    for table in root.need("version").few_tables(MOST) {
        draft.versions.extend(version(at, table, texts));
    }
    for table in root.may("part").few_tables(MOST) {
        draft.parts.extend(part(at, table));
    }
    root.finish();
    let errors = at.doc.has_errors();
    (!errors && !draft.versions.is_empty()).then_some(draft)
}

fn version(at: &Reading<'_, '_>, table: Table<'_>, texts: &BTreeMap<String, Vec<u8>>) -> Option<Version> {
    let path = table.need("text").string();
    let text = path.as_ref().and_then(|path| match texts.get(path.as_str()) {
        Some(bytes) => match text_of(&format!("year/{}", path.value), bytes) {
            Ok(text) => Some(text.to_owned()),
            Err(problem) => {
                at.doc.report(*problem);
                None
            }
        },
        None => {
            at.doc.error(
                "missing-file",
                path.span.clone(),
                Text::new(
                    format!("Không có tệp \"{}\" trong year/.", path.value),
                    format!("There is no file \"{}\" in year/.", path.value),
                ),
                None,
            );
            None
        }
    });
    let version = Version {
        path: path.map(|at| at.value).unwrap_or_default(),
        text: text.unwrap_or_default(),
        note: words(&table.may("note")),
        mark: at.mark(&table),
    };
    table.finish();
    Some(version)
}

fn part(at: &Reading<'_, '_>, table: Table<'_>) -> Option<Part> {
    let sorts = ["opinion", "reply", "paragraph", "signature", "certificate", "registration"];
    let sort = table.need("sort").one_of(&sorts.map(|word| (word, word))).map(|at| at.value);
    let body = table.need("body");
    let read = body.json();
    let part = Part {
        id: table.need("id").integer(1..=i64::MAX).map(|at| at.value).unwrap_or_default(),
        sort: sort.unwrap_or_default().to_owned(),
        unit: at.unit(&table.need("unit")).unwrap_or_default(),
        place: words(&table.may("place")),
        body: read.as_ref().map(|at| at.value.clone()).unwrap_or_default(),
        mark: at.mark(&table),
    };
    table.finish();
    let span = read?.span;
    let fits = match sort? {
        "opinion" => form::<Opinion>(&part.body),
        "reply" => form::<Reply>(&part.body),
        "signature" => form::<Signature>(&without_paths(&part.body)),
        "registration" => form::<Registration>(&part.body),
        _ => Ok(()),
    };
    if let Err(why) = fits {
        at.doc.error("bad-body", span, of_form(&why), None);
        return None;
    }
    Some(part)
}

/// Scans name a file here and have bytes in the service; the digest that is signed is the draft's where none is named.
fn without_paths(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(signature) = body.as_object_mut() {
        signature.entry("digest").or_insert_with(|| "".into());
    }
    for scan in ["scan", "mandate"] {
        if let Some(one) = body.get_mut(scan) {
            *one = serde_json::json!({"sha256": "", "name": "", "media": "", "bytes": 0});
        }
    }
    body
}

fn form<T: DeserializeOwned>(body: &Value) -> Result<(), String> {
    serde_json::from_value::<T>(body.clone()).map(|_| ()).map_err(|error| error.to_string())
}

fn of_form(why: &str) -> Text {
    Text::new(format!("Nội dung không đúng dạng: {why}."), format!("This does not have its form: {why}."))
}

fn typed<T: DeserializeOwned>(at: &Reading<'_, '_>, field: &Field<'_>) -> Option<T> {
    let read = field.json()?;
    match serde_json::from_value(read.value) {
        Ok(value) => Some(value),
        Err(error) => {
            at.doc.error("bad-body", read.span, of_form(&error.to_string()), None);
            None
        }
    }
}

/// A unit's report to a review.
pub(super) fn report(at: &Reading<'_, '_>, table: Table<'_>) -> Option<Report> {
    let report = Report {
        unit: at.unit(&table.need("unit")).unwrap_or_default(),
        body: typed(at, &table.need("body")).unwrap_or_default(),
        sent_at: at.time(&table.may("sent_at")),
        mark: at.mark(&table),
    };
    table.finish();
    Some(report)
}
