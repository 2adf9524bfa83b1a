//! What a unit said speaks for that unit and that target, and stays readable where it changed nothing.

use crate::figure::{Amount, Grade, Verdict};
use crate::scoreboard::testing::{DIALOGUE, MINUTES, World, figure};

/// A nil report on one target says nothing of another on the same kind.
#[test]
fn a_nil_report_on_a_target_is_about_that_target() {
    let nil = "[[nil]]\nunit = \"U1\"\ntarget = \"minutes\"\nperiod = \"2020\"\nconfirmed_by = \"Giám đốc\"\nconfirmed_on = 2021-01-05\n";
    let board = World::new("", &format!("{DIALOGUE}{MINUTES}"), nil).score("2020", "2020-12-31");
    let of = |target: &str, unit: usize| {
        let found = figure(&board, target, unit);
        (found.verdict, found.grade)
    };
    assert_eq!(of("minutes", 0), (Verdict::NoCases, Grade::NilReport));
    assert_eq!(of("dialogue", 0), (Verdict::NoData, Grade::Nothing));
    assert_eq!(of("minutes", 1), (Verdict::NoData, Grade::Nothing));
}

/// That the unit is known to report makes a 0; what it handed in and what could not be used is said beside it.
#[test]
fn a_zero_keeps_what_was_said_about_it() {
    let nil = |confirmed: &str| {
        format!("[[nil]]\nunit = \"U1\"\nkind = \"dialogue\"\nperiod = \"2020\"\n{confirmed}")
    };
    let confirmed = "confirmed_by = \"Giám đốc\"\nconfirmed_on = 2020-02-01\n";
    for (reports, as_of, note) in [
        (nil(""), "2020-12-31", "the nil report is not yet confirmed by the unit's leader"),
        (nil(confirmed), "2020-06-30", "the nil report for 2020 counts only once that period is over"),
    ] {
        let mut world = World::new("", DIALOGUE, &reports);
        world.add("dialogue", "U1", &[("held_on", "2019-05-05")]);
        let board = world.score("2020", as_of);
        let zero = figure(&board, "dialogue", 0);
        assert_eq!((zero.amount.clone(), zero.grade), (Some(Amount::Count(0)), Grade::Records));
        let notes: Vec<&str> = zero.notes.iter().map(|note| note.en.as_str()).collect();
        assert_eq!(notes, [note]);
    }
}

/// A stated value stands for its own unit, target and period.
#[test]
fn a_stated_value_stands_where_it_was_stated() {
    let stated = |unit: &str, target: &str, period: &str, value: &str| {
        format!(
            "[[stated]]\nunit = \"{unit}\"\ntarget = \"{target}\"\nperiod = \"{period}\"\nvalue = \"{value}\"\n"
        )
    };
    let reports = [
        stated("U1", "dialogue", "2020", "3"),
        stated("U2", "minutes", "2020", "1/2"),
        stated("U3", "minutes", "2020S1", "1/4"),
    ];
    let board =
        World::new("", &format!("{DIALOGUE}{MINUTES}"), &reports.concat()).score("2020", "2020-12-31");
    let amounts = |target: &str| -> Vec<Option<Amount>> {
        (0..4).map(|unit| figure(&board, target, unit).amount.clone()).collect()
    };
    assert_eq!(amounts("dialogue"), [Some(Amount::Count(3)), None, None, None]);
    assert_eq!(amounts("minutes"), [None, Some(Amount::Share { met: 1, of: 2 }), None, None]);
}
