use super::{Breakdown, BreakdownPlan, Options};
use crate::scoreboard::testing::{MINUTES, World};

/// A count, of two units only: another population, so another set of asks.
const HELD: &str = r#"
[[target]]
id = "held"
clause = "1"
name = "Đối thoại"
units = ["U2", "U3"]
records = "dialogue"
measure = "count"
counted = "held_on in period"
goal = ">= 2"
force = "at least"
judged = "each unit"
"#;

fn world() -> World {
    let mut world = World::new("", &format!("{MINUTES}{HELD}"), "");
    let signed = ("minutes_signed_on", "2020-06-01");
    let records: [(&str, &[(&str, &str)]); 6] = [
        (
            "U1",
            &[("about_procedures", "true"), ("form", "online"), ("attendees", "40"), ("place", "B"), signed],
        ),
        ("U1", &[("about_procedures", "true"), ("form", "in-person"), ("attendees", "9"), ("place", "A")]),
        (
            "U1",
            &[("about_procedures", "false"), ("form", "online"), ("attendees", "40"), ("place", "A"), signed],
        ),
        ("U1", &[("place", "A"), signed]),
        ("U2", &[("about_procedures", "false"), ("form", "online"), ("place", "C")]),
        ("U2", &[("form", "online"), ("attendees", "7"), ("place", "C")]),
    ];
    for (unit, cells) in records {
        world.add("dialogue", unit, &[&[("held_on", "2020-05-05")], cells].concat());
    }
    world.add("dialogue", "U3", &[("held_on", "2019-05-05"), ("form", "online")]);
    world
}

/// Each group of all units, then of each unit: value, both labels, counted, met.
fn lines(breakdown: &Breakdown) -> Vec<String> {
    let all = ("all".to_owned(), breakdown.all.clone());
    let subjects = std::iter::once(&all).chain(&breakdown.units);
    let lines = subjects.flat_map(|(unit, groups)| {
        groups.iter().map(move |group| {
            let value = group.value.as_deref().unwrap_or("–");
            let met = group.met.map_or("–".to_owned(), |met| met.to_string());
            format!("{unit}: {value} ({}, {}) {} {met}", group.label.vi, group.label.en, group.counted)
        })
    });
    lines.collect()
}

#[test]
fn records_are_grouped_by_every_type_of_value() {
    let world = world();
    let of = |column: &str| {
        let found = world.breakdowns("2020", "2020-12-31", "dialogue", &[column]);
        let named: Vec<&str> = found.iter().map(|breakdown| breakdown.target.as_str()).collect();
        assert_eq!(named, ["minutes", "held"]);
        assert!(found.iter().all(|breakdown| breakdown.column == column && breakdown.period.code == "2020"));
        lines(&found[0])
    };
    assert_eq!(
        of("about_procedures"),
        [
            "all: false (không, no) 2 1",
            "all: true (có, yes) 2 1",
            "all: – ((không ghi), (not recorded)) 2 1",
            "U1: true (có, yes) 2 1",
            "U1: false (không, no) 1 1",
            "U1: – ((không ghi), (not recorded)) 1 1",
            "U2: false (không, no) 1 0",
            "U2: – ((không ghi), (not recorded)) 1 0",
        ]
    );
    // Codes stand in their list's order and under their names, whatever the numbers.
    assert_eq!(
        of("form"),
        [
            "all: in-person (Trực tiếp, In person) 1 0",
            "all: online (Trực tuyến, Online) 4 2",
            "all: – ((không ghi), (not recorded)) 1 1",
            "U1: in-person (Trực tiếp, In person) 1 0",
            "U1: online (Trực tuyến, Online) 2 2",
            "U1: – ((không ghi), (not recorded)) 1 1",
            "U2: online (Trực tuyến, Online) 2 0",
        ]
    );
    assert_eq!(
        of("attendees")[..4],
        [
            "all: 40 (40, 40) 2 2",
            "all: 7 (7, 7) 1 0",
            "all: 9 (9, 9) 1 0",
            "all: – ((không ghi), (not recorded)) 2 1",
        ]
    );
    assert_eq!(of("place")[..3], ["all: A (A, A) 3 2", "all: C (C, C) 2 0", "all: B (B, B) 1 1"]);
    assert_eq!(
        of("held_on")[..2],
        ["all: 2020-05-05 (05/05/2020, 2020-05-05) 6 3", "U1: 2020-05-05 (05/05/2020, 2020-05-05) 4 3"]
    );
}

/// Of a count nothing is met; units that the target leaves out have no groups.
#[test]
fn a_count_has_groups_without_a_share() {
    let found = world().breakdowns("2020", "2020-12-31", "dialogue", &["form", "place"]);
    let held: Vec<&Breakdown> = found.iter().filter(|breakdown| breakdown.target == "held").collect();
    assert_eq!(
        lines(held[0]),
        ["all: online (Trực tuyến, Online) 2 –", "U2: online (Trực tuyến, Online) 2 –"]
    );
    assert_eq!(lines(held[1]), ["all: C (C, C) 2 –", "U2: C (C, C) 2 –"]);
    let units: Vec<&str> = held[0].units.iter().map(|(unit, _)| unit.as_str()).collect();
    assert_eq!(units, ["U2", "U3"]);
}

/// The groups of a column add up to the figure's own numbers.
#[test]
fn groups_add_up() {
    for breakdown in world().breakdowns(
        "2020",
        "2020-12-31",
        "dialogue",
        &["about_procedures", "form", "attendees", "place"],
    ) {
        let (counted, met) = if breakdown.target == "held" { (2, None) } else { (6, Some(3)) };
        assert_eq!(breakdown.all.iter().map(|group| group.counted).sum::<i64>(), counted);
        assert_eq!(breakdown.all.iter().map(|group| group.met).sum::<Option<i64>>(), met);
    }
}

/// What names a person, and what is a list, is passed over; so is what the kind does not have.
#[test]
fn persons_and_lists_are_no_groups() {
    let target = MINUTES.replace("\"dialogue\"", "\"dossier\"").replace("held_on", "finished_at");
    let mut world = World::new("", &target.replace("minutes_signed_on is known", "outcome = 'granted'"), "");
    world.dossiers("U1", "2020-03-05", 1, 1);
    let columns = ["applicant_name", "pauses", "due_at", "no-such-column", "channel"];
    let found = world.breakdowns("2020", "2020-12-31", "dossier", &columns);
    assert_eq!(found.iter().map(|breakdown| breakdown.column.as_str()).collect::<Vec<_>>(), ["channel"]);
    assert_eq!(lines(&found[0])[0], "all: – ((không ghi), (not recorded)) 2 2");
}

/// Records of one kind and one population are read together, and no others: the answers stand by that.
#[test]
fn a_set_is_one_kind_and_one_population() {
    let dossiers = HELD
        .replace("\"held\"", "\"finished\"")
        .replace("\"dialogue\"", "\"dossier\"")
        .replace("held_on", "finished_at");
    let of_all = dossiers.replace("\"finished\"", "\"all\"").replace("units = [\"U2\", \"U3\"]\n", "");
    let world = World::new("", &[HELD, &dossiers, MINUTES, &of_all].concat(), "");
    let columns = [("dialogue", "form"), ("dossier", "channel")];
    let columns = columns.map(|(kind, column)| (kind.to_owned(), vec![column.to_owned()])).into();
    let plan = BreakdownPlan::new(&world.bundle, &Options::default(), &columns);
    let sets: Vec<(&str, usize, Vec<&str>)> = plan
        .sets
        .iter()
        .map(|set| {
            assert!(set.asks.iter().all(|ask| ask.rule.kind == set.kind && ask.spread));
            (set.kind.as_str(), set.units.len(), set.asks.iter().map(|ask| ask.rule.id.as_str()).collect())
        })
        .collect();
    assert_eq!(
        sets,
        [
            ("dialogue", 2, vec!["held#form"]),
            ("dossier", 2, vec!["finished#channel"]),
            ("dialogue", 4, vec!["minutes#form", "minutes#form"]),
            ("dossier", 4, vec!["all#channel"]),
        ]
    );
}
