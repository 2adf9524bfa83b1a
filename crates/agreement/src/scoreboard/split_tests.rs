use crate::period::Part;
use crate::scoreboard::testing::{DIALOGUE, World};

const ON_TIME: &str = r#"
[[target]]
id = "on-time"
clause = "1"
name = "Đúng hạn"
records = "dossier"
counted = "finished_at in period and outcome in ('granted', 'refused')"
met = "day(finished_at) <= day(first_due_at)"
goal = ">= 95 %"
force = "at least"
judged = "each unit, and all units together"
[target.totals]
records = "totals"
counted = "settled_total"
met = "settled_early + settled_on_time"
"#;

/// Records; totals of half-years, and of a year that is not spread; a nil report; an exemption.
#[test]
fn parts_rest_on_what_speaks_for_exactly_them() {
    let exempt = "[[exemption]]\nunit = \"U4\"\ntarget = \"on-time\"\nreason = { vi = \"Không có TTHC\", en = \"No procedures\" }\n";
    let nil = "[[nil]]\nunit = \"U3\"\nkind = \"dossier\"\nperiod = \"2020S2\"\nconfirmed_by = \"Giám đốc\"\nconfirmed_on = 2021-01-05\n";
    let mut world = World::new("", &format!("{ON_TIME}{exempt}"), nil);
    world.dossiers("U1", "2020-03-05", 19, 1);
    let totals = |from, to, settled, on_time| {
        [
            ("from", from),
            ("to", to),
            ("source", "signed"),
            ("settled_total", settled),
            ("settled_early", "0"),
            ("settled_on_time", on_time),
        ]
    };
    world.add("totals", "U2", &totals("2020-01-01", "2020-06-30", "100", "98"));
    world.add("totals", "U3", &totals("2020-01-01", "2020-12-31", "7", "7"));
    let halves = world.split("2020", "2020-12-31", Part::HalfYear);
    assert_eq!(
        halves,
        [
            "U1 2020-01-01 2020-06-30 Figure 19/20 Records ",
            "U1 2020-07-01 2020-12-31 NoData  Nothing has records, but none is counted in the period; waiting for a nil report or for data",
            "U2 2020-01-01 2020-06-30 Figure 98/100 SignedTotals totals stand for 2020-01-01 to 2020-06-30",
            "U2 2020-07-01 2020-12-31 NoData  Nothing ",
            "U3 2020-01-01 2020-06-30 NoData  Nothing the totals of 2020 reach beyond first half of 2020 and cannot be used for it",
            "U3 2020-07-01 2020-12-31 NoCases  NilReport the totals of 2020 reach beyond second half of 2020 and cannot be used for it; no cases, confirmed by Giám đốc on 2021-01-05",
            "U4 2020-01-01 2020-06-30 Exempt  Nothing exempt: No procedures",
            "U4 2020-07-01 2020-12-31 Exempt  Nothing exempt: No procedures",
        ]
    );
    // By quarter no half-year's total speaks, and the nil report of the half-year speaks for both of its quarters.
    let quarters = world.split("2020", "2020-12-31", Part::Quarter);
    assert!(
        quarters[4].starts_with("U2 2020-01-01 2020-03-31 NoData  Nothing the totals of"),
        "{quarters:?}"
    );
    assert!(quarters[10].starts_with("U3 2020-07-01 2020-09-30 NoCases  NilReport"), "{quarters:?}");
    assert!(quarters[11].starts_with("U3 2020-10-01 2020-12-31 NoCases  NilReport"), "{quarters:?}");
}

/// In August the third quarter is running and the fourth has not begun: no 0, and no silence either.
#[test]
fn what_is_not_over_is_not_yet_due() {
    let mut world = World::new("", DIALOGUE, "");
    world.add("dialogue", "U1", &[("held_on", "2020-02-03")]);
    let of = |unit: &str| -> Vec<String> {
        let all = world.split("2020", "2020-08-15", Part::Quarter);
        all.into_iter().filter(|line| line.starts_with(unit)).collect()
    };
    assert_eq!(
        of("U1"),
        [
            "U1 2020-01-01 2020-03-31 Figure 1 Records ",
            "U1 2020-04-01 2020-06-30 Figure 0 Records ",
            "U1 2020-07-01 2020-09-30 Figure 0 Records ",
            "U1 2020-10-01 2020-12-31 NotYetDue  Nothing ",
        ]
    );
    let silent: Vec<String> = of("U2").iter().map(|line| line.chars().skip(25).collect()).collect();
    assert_eq!(
        silent,
        ["NoData  Nothing ", "NoData  Nothing ", "NotYetDue  Nothing ", "NotYetDue  Nothing "]
    );
}

/// A goal "each half-year" and an amendment do not disturb the parts asked for; units outside a target have none.
#[test]
fn parts_are_those_asked_for() {
    let amended = DIALOGUE.replace("goal = \">= 2\"", "goal = \">= 1 each half-year\"\nunits = [\"U2\"]");
    let amendment = "[[amendment]]\nid = \"pl-01\"\nsigned = 2020-05-01\nfrom = 2020-05-16\ntarget = \"dialogue\"\nreason = \"Dịch\"\ngoal = \">= 2\"\n";
    let mut world = World::new("", &format!("{amended}{amendment}"), "");
    world.add("dialogue", "U2", &[("held_on", "2020-05-20")]);
    assert_eq!(
        world.split("2020", "2020-12-31", Part::Quarter),
        [
            "U2 2020-01-01 2020-03-31 Figure 0 Records ",
            "U2 2020-04-01 2020-05-15 Figure 0 Records ",
            "U2 2020-05-16 2020-06-30 Figure 1 Records ",
            "U2 2020-07-01 2020-09-30 Figure 0 Records ",
            "U2 2020-10-01 2020-12-31 Figure 0 Records ",
        ]
    );
}

/// Tasks are given before they are due: what is planned for a quarter to come is known already.
#[test]
fn what_is_planned_already_stands_in_a_part_that_has_not_begun() {
    let tasks = DIALOGUE.replace("\"dialogue\"", "\"task\"").replace("held_on", "due_on");
    let mut world = World::new("", &tasks, "");
    world.add("task", "U1", &[("assigned_on", "2020-01-02"), ("due_on", "2020-11-01")]);
    assert_eq!(
        world.split("2020", "2020-05-15", Part::Quarter)[..4],
        [
            "U1 2020-01-01 2020-03-31 Figure 0 Records ",
            "U1 2020-04-01 2020-06-30 Figure 0 Records ",
            "U1 2020-07-01 2020-09-30 NotYetDue  Nothing ",
            "U1 2020-10-01 2020-12-31 Figure 1 Records ",
        ]
    );
}
