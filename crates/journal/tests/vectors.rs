//! The program comes to the bytes that `scripts/journal-vectors.py` worked out from `docs/journal.md` alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

mod support;

use std::fmt::Write;

use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::kinds;
use giaouoc_journal::{Canon, Change, Hash, Tree, commitment, inclusion_proof, leaf, root_of_proof};
use giaouoc_worktime::time::{Instant, Moment};
use serde_json::Value;
use support::{Form, Known, Row, batch};

fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors.json")).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn hash(value: &Value) -> Hash {
    let text = text(value);
    std::array::from_fn(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
}

fn instant(value: &Value) -> i64 {
    text(value).parse::<Instant>().unwrap().0
}

fn known(ty: &ColumnType, personal: bool, value: &Value) -> Known {
    if personal {
        return Known::Commitment(commitment(&hash(&value["salt"]), text(&value["value"])));
    }
    match ty {
        ColumnType::Text | ColumnType::Code(_) => Known::Text(text(value).to_owned()),
        ColumnType::Integer => Known::Integer(value.as_i64().unwrap()),
        ColumnType::Flag => Known::Flag(value.as_bool().unwrap()),
        ColumnType::Date | ColumnType::Moment => match text(value).parse().unwrap() {
            Moment::Day(day) => Known::Day(day.0),
            Moment::Instant(at) => Known::Instant(at.0),
        },
        ColumnType::Intervals => {
            let items = value.as_array().unwrap().iter();
            Known::Intervals(
                items
                    .map(|pair| (instant(&pair[0]), (!pair[1].is_null()).then(|| instant(&pair[1]))))
                    .collect(),
            )
        }
        ColumnType::Changes => {
            let items = value.as_array().unwrap().iter();
            Known::Changes(
                items.map(|item| (instant(&item[0]), instant(&item[1]), text(&item[2]).to_owned())).collect(),
            )
        }
    }
}

fn row(kind: &Kind, value: &Value) -> Row {
    let fields = value.as_object().unwrap().iter();
    fields
        .map(|(name, value)| {
            let place = kind.column(name).unwrap();
            let column = &kind.columns[place];
            (place, known(&column.ty, column.personal, value))
        })
        .collect()
}

#[test]
fn contents_digests_and_the_root_are_the_worked_ones() {
    let vectors = vectors();
    let columns: Vec<(String, String)> = serde_json::from_value(vectors["sample"].clone()).unwrap();
    let sample = support::kind("sample", &columns);
    let mut tree = Tree::default();
    for kind in [&sample, kinds::find("dossier").unwrap()] {
        let cases: Vec<&Value> = vectors["rows"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|case| case["kind"] == kind.id.as_str())
            .collect();
        assert!(!cases.is_empty());
        let rows: Vec<Row> = cases.iter().map(|case| row(kind, &case["row"])).collect();
        let canon = Canon::new(kind);
        for form in Form::ALL {
            let batch = batch(kind, &rows, form);
            let mut digests = Vec::new();
            canon.digests(&batch, &mut digests).unwrap();
            assert_eq!(digests.len(), cases.len());
            for (at, case) in cases.iter().enumerate() {
                assert_eq!(
                    hex(&canon.content(&batch, at).unwrap()),
                    text(&case["content"]),
                    "{form:?} {case}"
                );
                assert_eq!(digests[at], hash(&case["digest"]), "{form:?} {case}");
            }
            if form == Form::Own {
                tree.extend(digests.iter().map(|digest| leaf(Change::Brought, digest)));
            }
        }
    }
    assert_eq!(tree.len() as usize, vectors["rows"].as_array().unwrap().len());
    assert_eq!(tree.root(), hash(&vectors["root_of_all_rows_brought"]));
}

#[test]
fn leaves_and_commitments_are_the_worked_ones() {
    let vectors = vectors();
    for case in vectors["leaves"].as_array().unwrap() {
        let part = |at: usize| text(&case["taken_back"][at]).parse().unwrap();
        let change = if case["taken_back"].is_null() {
            Change::Brought
        } else {
            Change::TakenBack { entry: part(0), row: part(1) }
        };
        assert_eq!(leaf(change, &hash(&case["digest"])), hash(&case["leaf"]), "{case}");
    }
    for case in vectors["commitments"].as_array().unwrap() {
        let found = commitment(&hash(&case["salt"]), text(&case["value"]));
        assert_eq!(found, hash(&case["commitment"]), "{case}");
    }
}

#[test]
fn the_known_roots_of_rfc_6962_come_out() {
    let vectors = vectors();
    let leaves: Vec<Hash> = vectors["rfc6962"]["leaves"].as_array().unwrap().iter().map(hash).collect();
    let mut tree = Tree::default();
    for (count, root) in vectors["rfc6962"]["roots"].as_array().unwrap().iter().enumerate() {
        if count > 0 {
            tree.push(leaves[count - 1]);
        }
        assert_eq!(tree.root(), hash(root), "{count} leaves");
        assert_eq!((tree.len(), tree.is_empty()), (count as u64, count == 0));
        for at in 0..count {
            let proof = inclusion_proof(&leaves[..count], at).unwrap();
            assert_eq!(root_of_proof(leaves[at], at as u64, count as u64, &proof), Some(hash(root)));
        }
    }
}
