//! The column program of the article's on-time target and its lenses, as text: a change of meaning shows here.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::Path;

use giaouoc_agreement::bundle::Bundle;
use giaouoc_agreement::kinds;
use giaouoc_agreement::scoreboard::{Options, Plan as Board};
use giaouoc_measure::Plan;

#[test]
fn the_program_of_the_articles_dossiers() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/ha-noi-cum-vi-2020");
    let mut texts = BTreeMap::new();
    for name in
        ["agreement.toml", "calendar.toml", "cluster.toml", "reports.toml", "maps/position-noi-vu.toml"]
    {
        texts.insert(name.to_owned(), std::fs::read(dir.join(name)).unwrap());
    }
    let records = ["records/dossier.csv".to_owned(), "records/position-noi-vu.csv".to_owned()];
    let (bundle, problems) = Bundle::parse(&texts, &records, kinds::builtin());
    let bundle = bundle.unwrap_or_else(|| unreachable!("{problems:?}"));
    let calendars = bundle.calendar.resolve().unwrap();
    let options = Options { targets: Some(vec!["on-time".to_owned()]), ..Options::default() };
    let board = Board::new(&bundle, &options);
    let set = &board.sets[0];
    let units: Vec<String> = set.units.iter().map(|unit| bundle.cluster.units[*unit].code.clone()).collect();
    let kind = kinds::builtin().iter().find(|kind| kind.id == set.kind).unwrap();
    let plan = Plan::new(kind, &set.asks, &units, &calendars).unwrap();
    insta::assert_snapshot!(plan.program().to_string());
}
