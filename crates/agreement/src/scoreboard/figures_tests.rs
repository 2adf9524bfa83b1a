//! One subject's figure: from when it is judged, on how many cases, beside which goal, with which notes.

use crate::figure::{Amount, Verdict};
use crate::scoreboard::testing::{World, figure};

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
judged = "each unit"
"#;

/// The first day belongs to the period.
#[test]
fn a_share_is_judged_from_the_first_day_on() {
    let mut world = World::new("", ON_TIME, "");
    world.dossiers("U1", "2020-01-01T09:00", 1, 0);
    world.dossiers("U2", "2020-01-01T09:00", 0, 1);
    for (as_of, verdicts) in [
        ("2019-12-31", [Verdict::NotYetDue, Verdict::NotYetDue]),
        ("2020-01-01", [Verdict::Met, Verdict::NotMet]),
    ] {
        let board = world.score("2020", as_of);
        assert_eq!([0, 1].map(|unit| figure(&board, "on-time", unit).verdict), verdicts, "{as_of}");
    }
}

/// Exactly as many cases as the agreement asks for are enough.
#[test]
fn enough_cases_are_judged_and_no_number_is_shown() {
    let target = ON_TIME.replace("goal =", "min_cases = 3\ngoal =");
    for (cases, verdict, below) in
        [(2, Verdict::NotJudged, Some(3)), (3, Verdict::Met, None), (4, Verdict::Met, None)]
    {
        let mut world = World::new("", &target, "");
        world.dossiers("U1", "2020-03-05", cases, 0);
        let board = world.score("2020", "2020-12-31");
        let first = figure(&board, "on-time", 0);
        assert_eq!((first.verdict, first.below_min_cases), (verdict, below), "{cases}");
    }
}

/// A figure is shown with as many decimals as its goal takes. Of an amended year there is no one goal to stand
/// beside: the whole is shown as any share, each part beside its own goal.
#[test]
fn the_whole_of_an_amended_year_stands_beside_no_goal() {
    let goal = ON_TIME.replace(">= 95 %", ">= 66.67 %");
    let amendment = "[[amendment]]\nid = \"pl-01\"\nsigned = 2020-06-20\nfrom = 2020-07-01\ntarget = \"on-time\"\nreason = \"dịch bệnh\"\ngoal = \">= 66.67 %\"\n";
    let amended = format!("{ON_TIME}{amendment}");
    for (tables, whole, parts) in
        [(&goal, "66.667 %", vec![]), (&amended, "66.67 %", vec!["66.67 %", "66.667 %"])]
    {
        let mut world = World::new("", tables, "");
        world.dossiers("U1", "2020-03-05", 2, 1);
        world.dossiers("U1", "2020-09-05", 2, 1);
        let board = world.score("2020", "2020-12-31");
        let first = figure(&board, "on-time", 0);
        assert_eq!(
            (first.amount.clone(), first.shown.en.as_str()),
            (Some(Amount::Share { met: 4, of: 6 }), whole)
        );
        assert_eq!(first.parts.iter().map(|part| part.shown.en.as_str()).collect::<Vec<_>>(), parts);
    }
}

/// What is said of a part is said with the figure, and what is said of every part is said once.
#[test]
fn notes_of_parts_stand_with_the_figure_once() {
    let each = ON_TIME.replace(">= 95 %", ">= 95 % each half-year");
    for period in ["2020S1", "2020"] {
        let nil = format!("[[nil]]\nunit = \"U1\"\nkind = \"dossier\"\nperiod = \"{period}\"\n");
        let board = World::new("", &each, &nil).score("2020", "2020-12-31");
        let notes = &figure(&board, "on-time", 0).notes;
        let notes: Vec<&str> = notes.iter().map(|note| note.en.as_str()).collect();
        assert_eq!(notes, ["the nil report is not yet confirmed by the unit's leader"], "{period}");
    }
}
