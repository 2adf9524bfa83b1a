#![allow(
    clippy::float_arithmetic,
    reason = "the formula as the paper has it, to hold the whole numbers against"
)]

use proptest::prelude::*;

use super::interval::{tied, wilson};
use super::{Comparison, Interval, LensCell, Place, Terms, comparisons};
use crate::figure::Amount;
use crate::scoreboard::testing::World;
use crate::text::Lang;

const TERMS: Terms = Terms { z_thousandths: 1960, few: 30 };

fn share(met: i64, of: i64) -> Amount {
    Amount::Share { met, of }
}

fn interval(met: i64, of: i64) -> Interval {
    wilson(&share(met, of), TERMS.z_thousandths).unwrap()
}

fn same(a: (i64, i64), b: (i64, i64)) -> bool {
    tied(&share(a.0, a.1), interval(a.0, a.1), &share(b.0, b.1), interval(b.0, b.1))
}

/// The worked examples of Newcombe (1998), "Two-sided confidence intervals for the single proportion", Statistics
/// in Medicine 17:857–872, table I, method 3, to four decimals.
#[test]
fn the_published_intervals() {
    for (met, of, low, high) in
        [(81, 263, 2553, 3662), (15, 148, 624, 1605), (0, 20, 0, 1611), (1, 29, 61, 1718)]
    {
        let found = interval(met, of);
        let rounded = |end: u32| (end + 50_000) / 100_000;
        assert_eq!((rounded(found.low), rounded(found.high)), (low, high), "{met}/{of}");
    }
    assert_eq!(wilson(&share(0, 0), 1960), None, "0 of 0 has none");
    assert_eq!(wilson(&Amount::Count(3), 1960), None);
}

/// The same author's examples for differences (17:873–890, table II, method 10): whether the interval holds 0.
#[test]
fn the_published_differences() {
    assert!(!same((56, 70), (48, 80)), "0.0524 to 0.3339");
    assert!(!same((9, 10), (3, 10)), "0.1705 to 0.8090");
    assert!(!same((6, 7), (2, 7)), "0.0582 to 0.8062");
    assert!(same((5, 56), (0, 29)), "-0.0381 to 0.1926");
    assert!(same((0, 10), (0, 20)));
    assert!(!same((10, 10), (0, 20)));
}

#[test]
fn an_interval_as_people_read_it() {
    assert_eq!(interval(1187, 1250).show(Lang::Vi), "93,60–96,05 %");
    assert_eq!(interval(3, 3).show(Lang::En), "43.84–100.00 %");
}

proptest! {
    /// It holds its share and agrees with the formula in floating point; the complement's is its mirror.
    #[test]
    fn the_interval_is_the_formula(of in 1_i64..4_000_000_000_000, part in 0.0..=1.0_f64) {
        let met = ((of as f64) * part) as i64;
        let found = interval(met, of);
        let (m, n, z) = (met as f64, of as f64, 1.96_f64);
        let root = z * (z * z + 4.0 * m * (n - m) / n).sqrt();
        let ends = [-1.0, 1.0].map(|sign| (2.0 * m + z * z + sign * root) / (2.0 * (n + z * z)));
        prop_assert!((f64::from(found.low) / 1e9 - ends[0]).abs() < 1e-6, "{found:?} {ends:?}");
        prop_assert!((f64::from(found.high) / 1e9 - ends[1]).abs() < 1e-6, "{found:?} {ends:?}");
        let parts = i128::from(met) * 1_000_000_000;
        prop_assert!(i128::from(found.low) * i128::from(of) <= parts);
        prop_assert!(parts <= i128::from(found.high) * i128::from(of));
        if of <= 1_000_000_000_000 {
            let other = interval(of - met, of);
            prop_assert!((i64::from(other.low) + i64::from(found.high) - 1_000_000_000).abs() <= 2);
        }
    }

    /// More cases in the same proportion never widen it.
    #[test]
    fn more_cases_narrow_it(met in 0_i64..1_000, more in 0_i64..1_000, times in 2_i64..1_000) {
        let of = met + more + 1;
        let (few, many) = (interval(met, of), interval(met * times, of * times));
        prop_assert!(many.high - many.low <= few.high - few.low);
    }

    /// Tied is mutual, a unit is tied with its like, and a wide gap over many cases is no tie.
    #[test]
    fn ties_are_mutual(a in 0_i64..500, b in 1_i64..500, c in 0_i64..500, d in 1_i64..500) {
        let (a, c) = (a.min(b), c.min(d));
        prop_assert_eq!(same((a, b), (c, d)), same((c, d), (a, b)));
        prop_assert!(same((a, b), (a, b)));
    }
}

const ON_TIME: &str = r#"
[[target]]
id = "on-time"
clause = "1"
name = "Đúng hạn"
records = "dossier"
counted = "finished_at in period"
met = "day(finished_at) <= day(first_due_at)"
goal = ">= 90 %"
force = "at least"
judged = "each unit"
"#;

fn compared(tables: &str, dossiers: &[(&str, usize, usize)]) -> (Comparison, Vec<crate::scoreboard::Row>) {
    let mut world = World::new("", tables, "");
    for (unit, on_time, late) in dossiers {
        world.dossiers(unit, "2020-05-05T09:00", *on_time, *late);
    }
    let board = world.score("2020", "2020-12-31");
    (Comparison::new(&board.targets[0], TERMS).unwrap(), board.units)
}

#[test]
fn three_dossiers_make_no_rank_that_does_not_say_so() {
    // 3 of 3 stands first by the figure alone, and may be anywhere.
    let (found, units) = compared(ON_TIME, &[("U1", 3, 0), ("U2", 480, 20), ("U3", 300, 200)]);
    let place = |at: usize| found.standings[at].place.unwrap();
    assert_eq!(place(0), Place { at: 1, best: 1, worst: 3 });
    assert_eq!(place(1), Place { at: 2, best: 1, worst: 2 });
    assert_eq!(place(2), Place { at: 3, best: 2, worst: 3 });
    assert!(found.standings[0].few && !found.standings[1].few);
    assert_eq!(found.standings[0].tied, [1, 2]);
    assert_eq!(found.standings[1].tied, [0]);
    assert_eq!(
        found.sentences(&units, Lang::En),
        [
            "Resting on very few cases: Đơn vị 1.",
            "The goal lies within what chance can do for Đơn vị 1; the verdict still follows the exact figure.",
            "Đơn vị 1: cannot be told apart from Đơn vị 2 and Đơn vị 3.",
            "Đơn vị 2: cannot be told apart from Đơn vị 1.",
            "Đơn vị 3: cannot be told apart from Đơn vị 1.",
        ]
    );
    assert_eq!(place(0).show(), "1 (1–3)");
}

#[test]
fn below_the_agreements_own_number_nobody_is_placed() {
    let tables = format!("{ON_TIME}min_cases = 10\n");
    let (found, _) = compared(&tables, &[("U1", 3, 0), ("U2", 480, 20), ("U3", 300, 200)]);
    let places: Vec<Option<usize>> =
        found.standings.iter().map(|standing| standing.place.map(|place| place.at)).collect();
    assert_eq!(places, [None, Some(1), Some(2)]);
    assert!(found.standings[0].few && found.standings[0].tied.is_empty());
}

#[test]
fn a_lens_that_turns_the_order_says_whose() {
    let tables = format!(
        "{ON_TIME}\n[[target.lens]]\nid = \"granted\"\nname = \"Chỉ hồ sơ được cấp\"\ncounted = \"finished_at in period and outcome = 'granted'\"\n"
    );
    let mut world = World::new("", &tables, "");
    world.dossiers("U1", "2020-05-05T09:00", 95, 5);
    world.dossiers("U2", "2020-05-05T09:00", 80, 4);
    // Refused in time: only the agreement's own words count them.
    for (unit, on_time, late) in [("U1", 0, 12), ("U2", 40, 0)] {
        for n in 0..on_time + late {
            let due = if n < on_time { "2030-01-01" } else { "2010-01-01" };
            world.add(
                "dossier",
                unit,
                &[("finished_at", "2020-05-05T09:00"), ("first_due_at", due), ("outcome", "refused")],
            );
        }
    }
    let board = world.score("2020", "2020-12-31");
    let found = Comparison::new(&board.targets[0], TERMS).unwrap();
    // 95/112 and 120/124; among the granted alone 95/100 and 80/84.
    assert_eq!(found.standings[0].amount, share(95, 112));
    let lens = &found.lenses[0];
    assert_eq!(lens.cells[0].amount, Some(share(95, 100)));
    assert!(lens.cells[0].flips && !lens.cells[1].flips);
    // 95,00 % and 95,24 %: the order stays.
    assert!(lens.swaps.is_empty());
    assert_eq!(
        lens.sentence(&found, &board.units).unwrap().get(Lang::Vi),
        "Chỉ hồ sơ được cấp: đổi kết quả của Đơn vị 1."
    );
}

/// Lines where fewer than two units have a figure are passed over; the others keep their place in the board.
#[test]
fn every_line_with_two_figures_is_compared() {
    let held = "[[target]]\nid = \"held\"\nclause = \"1\"\nname = \"Đối thoại\"\nrecords = \"dialogue\"\nmeasure = \"count\"\ncounted = \"held_on in period\"\ngoal = \">= 2\"\nforce = \"at least\"\njudged = \"each unit\"\n";
    let late =
        ON_TIME.replace("\"on-time\"", "\"late\"").replace("<= day(", "> day(").replace(">= 90", "<= 10");
    let mut world = World::new("", &format!("{held}{ON_TIME}{late}"), "");
    world.add("dialogue", "U1", &[("held_on", "2020-05-05")]);
    world.dossiers("U1", "2020-05-05T09:00", 9, 1);
    world.dossiers("U2", "2020-05-05T09:00", 8, 2);
    let found = comparisons(&world.score("2020", "2020-12-31"), TERMS);
    let told: Vec<(usize, &str, Vec<usize>)> = found
        .iter()
        .map(|(at, line)| (*at, line.target.as_str(), line.standings.iter().map(|of| of.row).collect()))
        .collect();
    assert_eq!(told, [(1, "on-time", vec![0, 1]), (2, "late", vec![0, 1])]);
}

/// A definition is told once, however many units are under it. It reads records only: a unit by totals, and one of
/// which it counts nothing, have no place under it, and the others' own places are told among themselves.
#[test]
fn a_lens_places_those_that_it_can_read() {
    let lens = |id: &str, outcome: &str| {
        format!(
            "[[target.lens]]\nid = \"{id}\"\nname = \"{id}\"\ncounted = \"finished_at in period and outcome = '{outcome}'\"\n"
        )
    };
    let totals =
        "[target.totals]\nrecords = \"totals\"\ncounted = \"settled_total\"\nmet = \"settled_on_time\"\n";
    let tables = [ON_TIME, totals, &lens("granted", "granted"), &lens("refused", "refused")].concat();
    let mut world = World::new("", &tables, "");
    let settled = [("settled_total", "10"), ("settled_on_time", "10")];
    let year = [("from", "2020-01-01"), ("to", "2020-12-31"), ("source", "signed")];
    world.add("totals", "U1", &[&year[..], &settled].concat());
    world.dossiers("U2", "2020-05-05T09:00", 8, 2);
    world.dossiers("U3", "2020-05-05T09:00", 7, 3);
    for due in ["2010-01-01", "2030-01-01", "2030-01-01", "2030-01-01", "2030-01-01"] {
        let finished = ("finished_at", "2020-05-05T09:00");
        world.add("dossier", "U3", &[finished, ("first_due_at", due), ("outcome", "refused")]);
        world.add("dossier", "U4", &[finished, ("first_due_at", "2030-01-01"), ("outcome", "refused")]);
    }
    let found = Comparison::new(&world.score("2020", "2020-12-31").targets[0], TERMS).unwrap();
    // 10/10 and 5/5, then 8/10, then 11/15.
    let places: Vec<usize> = found.standings.iter().map(|standing| standing.place.unwrap().at).collect();
    assert_eq!(places, [1, 3, 4, 1]);
    let nothing = || LensCell { amount: None, place: None, own_place: None, flips: false };
    let cell = |met, of, place, own_place, flips| LensCell {
        amount: Some(share(met, of)),
        place: Some(place),
        own_place: Some(own_place),
        flips,
    };
    let [granted, refused] = found.lenses.as_slice() else { panic!("{:?}", found.lenses) };
    assert_eq!((granted.lens.as_str(), refused.lens.as_str()), ("granted", "refused"));
    assert_eq!(granted.cells, [nothing(), cell(8, 10, 1, 1, false), cell(7, 10, 2, 2, false), nothing()]);
    assert_eq!(refused.cells, [nothing(), nothing(), cell(4, 5, 2, 2, false), cell(5, 5, 1, 1, false)]);
}
