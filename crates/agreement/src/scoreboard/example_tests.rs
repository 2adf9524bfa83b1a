//! The article's cluster (`examples/ha-noi-cum-vi-2020`) against figures that a Python script computed from
//! the CSV files on its own (`expected.json`).

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::testing::World;
use super::{Figure, LensFigure};
use crate::bundle::Bundle;
use crate::figure::Amount;

/// The kinds whose files need no mapping; a mapped file is `giaouoc-intake`'s business.
const KINDS: [&str; 6] = ["dialogue", "dossier", "exemplar", "initiative", "procedure", "totals"];

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/ha-noi-cum-vi-2020")
}

fn world() -> World {
    let read = |path: &str| std::fs::read(folder().join(path)).unwrap();
    let mut texts = BTreeMap::new();
    for path in ["cluster.toml", "agreement.toml", "calendar.toml", "reports.toml"] {
        texts.insert(path.to_owned(), read(path));
    }
    let mut others = Vec::new();
    for entry in std::fs::read_dir(folder().join("records")).unwrap() {
        others.push(format!("records/{}", entry.unwrap().file_name().to_str().unwrap()));
    }
    for entry in std::fs::read_dir(folder().join("maps")).unwrap() {
        let path = format!("maps/{}", entry.unwrap().file_name().to_str().unwrap());
        texts.insert(path.clone(), read(&path));
    }
    others.sort();
    let (bundle, problems) = Bundle::parse(&texts, &others, crate::kinds::builtin());
    let mut world = World::of(bundle.unwrap_or_else(|| panic!("{problems:?}")));
    for kind in KINDS {
        world.read_csv(kind, &String::from_utf8(read(&format!("records/{kind}.csv"))).unwrap());
    }
    world
}

fn amount(amount: Option<&Amount>) -> Value {
    match amount {
        Some(Amount::Share { met, of }) => json!({ "met": met, "of": of }),
        Some(Amount::Count(count)) => json!({ "count": count }),
        _ => json!({}),
    }
}

/// What is expected, cut to the fields that the figure is compared on.
fn plain(expected: &Value) -> Value {
    let fields = expected.as_object().unwrap().iter();
    let kept = fields.filter(|(name, _)| ["met", "of", "count"].contains(&name.as_str()));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

#[test]
fn the_articles_cluster_scores_as_computed_elsewhere() {
    let text = std::fs::read(folder().join("expected.json")).unwrap();
    let expected: Value = serde_json::from_slice(&text).unwrap();
    let board = world().score("2020", "2020-12-31");
    let mut compared = 0;
    for line in &board.targets {
        if !KINDS.contains(&line.kind.as_str()) || line.kind == "totals" {
            continue;
        }
        let target = &expected["targets"][&line.target];
        let rows: Vec<(&str, &Figure)> = board
            .units
            .iter()
            .zip(&line.figures)
            .filter_map(|(row, figure)| Some((row.code.as_str(), figure.as_ref()?)))
            .collect();
        for (code, figure) in &rows {
            let wanted = &target["units"][*code];
            let place = format!("{} {code}: {figure:?}", line.target);
            assert_eq!(amount(figure.amount.as_ref()), plain(wanted), "{place}");
            assert_eq!(serde_json::to_value(figure.verdict).unwrap(), wanted["verdict"], "{place}");
            if let Some(grade) = wanted.get("grade") {
                assert_eq!(&serde_json::to_value(figure.grade).unwrap(), grade, "{place}");
            }
            if let Some(unknown) = wanted.get("met_unknown") {
                assert_eq!(json!(figure.tally.met_unknown), *unknown, "{place}");
            }
            for lens in &figure.lenses {
                compared += compare_lens(lens, &target["lenses"][&lens.lens][*code], &place);
            }
            compared += 1;
        }
        if let Some(wanted) = target.get("share_of_units") {
            let share = line.units_share.as_ref().unwrap();
            assert_eq!(json!({ "met": share.met, "of": share.of }), *wanted, "{}", line.target);
        }
        if let Some(all) = &line.together {
            let wanted =
                target.get("all_with_signed_totals").or_else(|| target.get("all_from_records")).unwrap();
            assert_eq!(amount(all.amount.as_ref()), plain(wanted), "{}", line.target);
            for lens in &all.lenses {
                compared += compare_lens(lens, &target["lenses"][&lens.lens]["all"], &line.target);
            }
        }
    }
    assert!(compared > 100, "only {compared} figures were compared");
}

/// A lens is expected only where there are records for it.
fn compare_lens(lens: &LensFigure, wanted: &Value, place: &str) -> usize {
    if wanted.is_null() {
        return 0;
    }
    assert_eq!(amount(Some(&lens.amount)), plain(wanted), "{place} {}", lens.lens);
    1
}
