use super::{Options, Plan};
use crate::scoreboard::testing::World;

fn target(id: &str, kind: &str, more: &str) -> String {
    let date = if kind == "dialogue" { "held_on" } else { "finished_at" };
    format!(
        "[[target]]\nid = \"{id}\"\nclause = \"1\"\nname = \"{id}\"\nrecords = \"{kind}\"\nmeasure = \"count\"\ncounted = \"{date} in period\"\ngoal = \">= 2\"\nforce = \"at least\"\njudged = \"each unit\"\n{more}\n"
    )
}

/// One set for each kind and population: neither alone makes two targets share a pass.
#[test]
fn a_set_is_one_kind_and_one_population() {
    let tables = [
        target("a", "dialogue", ""),
        target("b", "dossier", ""),
        target("c", "dialogue", "units = [\"U1\", \"U2\"]"),
        target("d", "dossier", "units = [\"U1\", \"U2\"]"),
        target("e", "dialogue", ""),
        target("f", "dialogue", "units = [\"U2\", \"U1\"]"),
    ];
    let world = World::new("", &tables.concat(), "");
    let plan = Plan::new(&world.bundle, &Options::default());
    let sets: Vec<(&str, usize, usize)> =
        plan.sets.iter().map(|set| (set.kind.as_str(), set.units.len(), set.asks.len())).collect();
    assert_eq!(sets, [("dialogue", 4, 2), ("dossier", 4, 1), ("dialogue", 2, 2), ("dossier", 2, 1)]);
}
