use super::{Options, Plan};
use crate::period::Part;
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

/// Parts are shown without the whole: of an amended target it is not measured for them, nor are its lenses.
#[test]
fn a_split_asks_for_the_parts_alone() {
    let lens = "[[target.lens]]\nid = \"all\"\nname = \"all\"\ncounted = \"held_on is known\"\n";
    let amendment = "[[amendment]]\nid = \"pl-01\"\nsigned = 2020-06-20\nfrom = 2020-07-01\ntarget = \"a\"\nreason = \"dịch bệnh\"\ngoal = \">= 1\"\n";
    let world = World::new("", &[target("a", "dialogue", lens).as_str(), amendment].concat(), "");
    let asks = |plan: Plan| -> Vec<(String, String, Option<Part>)> {
        let asks = plan.sets.into_iter().flat_map(|set| set.asks);
        asks.map(|ask| (ask.rule.id, ask.period.code, ask.by)).collect()
    };
    let ask = |id: &str, period: &str, by| (id.to_owned(), period.to_owned(), by);
    let options = Options::default();
    assert_eq!(
        asks(Plan::new(&world.bundle, &options)),
        [
            ask("a", "2020S1", None),
            ask("a/all", "2020S1", None),
            ask("a@2020-07-01", "2020S2", None),
            ask("a/all@2020-07-01", "2020S2", None),
            ask("a", "2020", None),
        ]
    );
    let quarter = Some(Part::Quarter);
    assert_eq!(
        asks(Plan::split(&world.bundle, &options, Part::Quarter)),
        [ask("a", "2020S1", quarter), ask("a@2020-07-01", "2020S2", quarter)]
    );
}
