use crate::figure::{Amount, Grade, Verdict};
use crate::scoreboard::Figure;
use crate::scoreboard::testing::World;

const ON_TIME: &str = r#"
[[target]]
id = "on-time"
clause = "1"
name = "Đúng hạn"
records = "dossier"
counted = "finished_at in period"
met = "day(finished_at) <= day(first_due_at)"
goal = ">= 95 %"
force = "at least"
judged = "each unit, and all units together"
"#;

/// Exactly two, so that while the year is running there is met (2), not met (3), not yet due (1) and silence.
const TWO: &str = r#"
[[target]]
id = "two"
clause = "1"
name = "Đúng hai"
records = "dialogue"
measure = "count"
counted = "held_on in period"
goal = "= 2"
units_goal = ">= 50 %"
force = "at least"
judged = "each unit"
"#;

fn together(world: &World) -> Figure {
    world.score("2020", "2020-12-31").targets[0].together.clone().unwrap()
}

/// All mixtures of four verdicts over four units, against the rule in words.
#[test]
fn the_share_of_units_in_every_mixture() {
    for (left_out, rule) in [(false, ""), (true, "[share_of_units]\nno_data = \"left out\"\n")] {
        for mixture in 0..256_usize {
            let records: Vec<usize> = (0..4).map(|unit| mixture >> (2 * unit) & 3).collect();
            if !records.is_sorted() {
                continue; // which unit it is does not matter
            }
            let mut world = World::new("", &format!("{rule}{TWO}"), "");
            for (unit, count) in records.iter().enumerate() {
                (0..*count).for_each(|_| {
                    world.add("dialogue", &format!("U{}", unit + 1), &[("held_on", "2020-03-01")])
                });
            }
            let board = world.score("2020", "2020-06-30");
            let share = board.targets[0].units_share.as_ref().unwrap();
            let units = |count: usize| records.iter().filter(|own| **own == count).count();
            let (silent, open, met, missed) = (units(0), units(1), units(2), units(3));
            let of = open + met + missed + if left_out { 0 } else { silent };
            let reached = of > 0 && 2 * met >= of;
            let verdict = if silent == 4 {
                Verdict::NoData // nobody can be judged
            } else if reached {
                Verdict::Met // what is open can only add to it
            } else if open > 0 {
                Verdict::NotYetDue
            } else {
                Verdict::NotMet
            };
            let found = (share.met as usize, share.of as usize, share.left_out as usize, share.verdict);
            assert_eq!(found, (met, of, if left_out { silent } else { 0 }, verdict), "{records:?}");
            let said: Vec<String> = share.notes.iter().map(|note| note.en.clone()).collect();
            let how = if left_out { "left out" } else { "counted as not met" };
            let expected = match silent {
                0 => Vec::new(),
                1 => vec![format!("1 unit without data: {how}")],
                _ => vec![format!("{silent} units without data: {how}")],
            };
            assert_eq!(said, expected, "{records:?}");
        }
    }
}

#[test]
fn exempt_units_are_counted_in_the_note() {
    for (exempt, note) in [
        (0, None),
        (1, Some(("không gồm 1 đơn vị được miễn", "without 1 exempt unit"))),
        (2, Some(("không gồm 2 đơn vị được miễn", "without 2 exempt units"))),
        (3, Some(("không gồm 3 đơn vị được miễn", "without 3 exempt units"))),
    ] {
        let exemptions = (0..exempt).map(|unit| {
            format!(
                "[[exemption]]\nunit = \"U{}\"\ntarget = \"on-time\"\nreason = \"không có TTHC\"\n",
                4 - unit
            )
        });
        let mut world = World::new("", &format!("{ON_TIME}{}", exemptions.collect::<String>()), "");
        (1..=4).for_each(|unit| world.dossiers(&format!("U{unit}"), "2020-03-05", 1, 0));
        let all = together(&world);
        assert_eq!(all.amount, Some(Amount::Share { met: 4 - exempt, of: 4 - exempt }));
        let notes: Vec<(&str, &str)> =
            all.notes.iter().map(|note| (note.vi.as_str(), note.en.as_str())).collect();
        assert_eq!(notes, note.into_iter().collect::<Vec<_>>());
    }
}

/// No cases anywhere is no case of all together, resting on the weakest of what was said.
#[test]
fn no_cases_of_all_rest_on_what_the_units_said() {
    let nil = |unit: usize| {
        format!(
            "[[nil]]\nunit = \"U{unit}\"\nkind = \"dossier\"\nperiod = \"2020\"\nconfirmed_by = \"Giám đốc\"\nconfirmed_on = 2021-01-05\n"
        )
    };
    let four: String = (1..=4).map(nil).collect();
    let all = together(&World::new("", ON_TIME, &four));
    assert_eq!((all.amount, all.verdict, all.grade), (None, Verdict::NoCases, Grade::NilReport));
    let three: String = (1..=3).map(nil).collect();
    let all = together(&World::new("", ON_TIME, &three));
    assert_eq!((all.amount, all.verdict), (None, Verdict::NoData), "one unit is silent");
}

/// Totals are added to records of others where the measure adds up, and only there.
#[test]
fn totals_are_added_where_that_is_a_sum() {
    let totals = "[target.totals]\nrecords = \"totals\"\ncounted = \"settled_total\"\n";
    let share = format!("{totals}met = \"settled_on_time\"\n");
    let measured = |measure: &str, goal: &str| {
        ON_TIME.replace("met = \"day(finished_at) <= day(first_due_at)\"", measure).replace(">= 95 %", goal)
    };
    for (target, amount, grade) in [
        (format!("{ON_TIME}{share}"), Amount::Share { met: 42, of: 52 }, Grade::SignedTotals),
        (measured("measure = \"count\"", ">= 9") + totals, Amount::Count(52), Grade::SignedTotals),
        (
            measured("measure = \"sum\"\nvalue = \"paused_minutes\"", ">= 9") + totals,
            Amount::Sum(80),
            Grade::SignedTotals,
        ),
    ] {
        let mut world = World::new("", &target, "");
        for due in ["2020-04-01", "2020-04-01"] {
            let cells = [
                ("finished_at", "2020-03-05"),
                ("first_due_at", due),
                ("outcome", "granted"),
                ("paused_minutes", "15"),
            ];
            world.add("dossier", "U1", &cells);
        }
        world.add(
            "totals",
            "U2",
            &[
                ("from", "2020-01-01"),
                ("to", "2020-12-31"),
                ("source", "signed"),
                ("settled_total", "50"),
                ("settled_on_time", "40"),
            ],
        );
        let all = together(&world);
        assert_eq!((all.amount, all.grade), (Some(amount), grade), "{target}");
        let notes: Vec<&str> = all.notes.iter().map(|note| note.en.as_str()).collect();
        assert_eq!(
            notes,
            ["Đơn vị 2: per signed totals", "without Đơn vị 3", "without Đơn vị 4"],
            "{target}"
        );
    }
}

/// "At most half of the units" is true of no units at all; while nobody can be judged it is not yet due.
#[test]
fn a_share_of_units_is_not_due_while_nobody_is_judged() {
    let few = TWO.replace("units_goal = \">= 50 %\"", "units_goal = \"<= 50 %\"");
    let mut world = World::new("", &few, "");
    (1..=4).for_each(|unit| world.add("dialogue", &format!("U{unit}"), &[("held_on", "2020-03-01")]));
    for (as_of, verdict) in [("2020-06-30", Verdict::NotYetDue), ("2020-12-31", Verdict::Met)] {
        let board = world.score("2020", as_of);
        let share = board.targets[0].units_share.as_ref().unwrap();
        assert_eq!((share.met, share.of, share.verdict), (0, 4, verdict), "{as_of}");
    }
}

/// A count of all together rests on the records counted in it, whichever unit comes first; a nil report among
/// them adds nothing to it. Where nothing is counted it is a 0 as soon as one unit knows of its own 0.
#[test]
fn a_count_of_all_rests_on_what_is_in_it() {
    let target = TWO.replace("units_goal = \">= 50 %\"\n", "").replace("each unit", "all units together");
    let nil = "[[nil]]\nunit = \"U1\"\nkind = \"dialogue\"\nperiod = \"2020\"\nconfirmed_by = \"Giám đốc\"\nconfirmed_on = 2021-01-05\n";
    for (reports, held_on, amount, grade) in [
        (nil, Some("2020-03-01"), Some(1), Grade::Records),
        (nil, Some("2019-03-01"), Some(0), Grade::NilReport),
        (nil, None, Some(0), Grade::NilReport),
        ("", Some("2019-03-01"), Some(0), Grade::Records),
        ("", None, None, Grade::Nothing),
    ] {
        let mut world = World::new("", &target, reports);
        held_on.iter().for_each(|day| world.add("dialogue", "U2", &[("held_on", day)]));
        let all = together(&world);
        assert_eq!((all.amount, all.grade), (amount.map(Amount::Count), grade), "{reports} {held_on:?}");
    }
}

/// Records that come after totals do not make the sum as good as records.
#[test]
fn the_weakest_ground_of_a_sum_is_told() {
    let totals =
        "[target.totals]\nrecords = \"totals\"\ncounted = \"settled_total\"\nmet = \"settled_on_time\"\n";
    let mut world = World::new("", &format!("{ON_TIME}{totals}"), "");
    let settled = [("settled_total", "50"), ("settled_on_time", "40")];
    let year = [("from", "2020-01-01"), ("to", "2020-12-31"), ("source", "published")];
    world.add("totals", "U1", &[&year[..], &settled].concat());
    world.dossiers("U2", "2020-03-05", 2, 0);
    let all = together(&world);
    assert_eq!((all.amount, all.grade), (Some(Amount::Share { met: 42, of: 52 }), Grade::PublishedTotals));
}
