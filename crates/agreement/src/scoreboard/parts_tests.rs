//! Parts of a period: while one is running, what is not lost is not due; and what stands beside each of them.

use crate::figure::Verdict::{self, Met, NoData, NotMet, NotYetDue};
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

const LENS: &str = "[[target.lens]]\nid = \"granted\"\nname = \"Mọi hồ sơ\"\nmet = \"outcome = 'granted'\"\n";

/// In May the first half-year is running: a share may still come right either way, a count can only grow.
#[test]
fn a_running_part_is_not_met_only_where_it_is_lost() {
    let count = ON_TIME.replace("met = \"day(finished_at) <= day(first_due_at)\"", "measure = \"count\"");
    let parts = |target: &str, goal: &str, as_of: &str| -> Vec<Verdict> {
        let mut world = World::new("", &target.replace(">= 95 %", goal), "");
        world.dossiers("U1", "2020-03-05", 1, 1);
        let board = world.score("2020", as_of);
        figure(&board, "on-time", 0).parts.iter().map(|part| part.verdict).collect()
    };
    for (target, goal, may, december) in [
        (ON_TIME, ">= 95 % each half-year", [NotYetDue, NotYetDue], [NotMet, NoData]),
        (ON_TIME, "<= 5 % each half-year", [NotYetDue, NotYetDue], [NotMet, NoData]),
        (ON_TIME, "= 100 % each half-year", [NotYetDue, NotYetDue], [NotMet, NoData]),
        (ON_TIME, "<= 50 % each half-year", [Met, NotYetDue], [Met, NoData]),
        (&count, ">= 3 each half-year", [NotYetDue, NotYetDue], [NotMet, NotMet]),
        (&count, "<= 1 each half-year", [NotMet, NotYetDue], [NotMet, Met]),
        (&count, "< 2 each half-year", [NotMet, NotYetDue], [NotMet, Met]),
        (&count, "= 1 each half-year", [NotMet, NotYetDue], [NotMet, NotMet]),
        (&count, "= 3 each half-year", [NotYetDue, NotYetDue], [NotMet, NotMet]),
    ] {
        assert_eq!(parts(target, goal, "2020-05-31"), may, "{goal} in May");
        assert_eq!(parts(target, goal, "2020-12-31"), december, "{goal} in December");
    }
}

/// Silence about a part that is running is not yet silence about the part.
#[test]
fn silence_about_a_running_part_is_not_yet_due() {
    let world = World::new("", &ON_TIME.replace(">= 95 %", ">= 95 % each quarter"), "");
    let board = world.score("2020", "2020-08-15");
    let silent: Vec<Verdict> = figure(&board, "on-time", 3).parts.iter().map(|part| part.verdict).collect();
    assert_eq!(silent, [NoData, NoData, NotYetDue, NotYetDue]);
}

/// Each version's lenses stand beside its own part; those of a single version beside the whole alone.
#[test]
fn lenses_stand_once() {
    let amendment = "[[amendment]]\nid = \"pl-01\"\nsigned = 2020-06-20\nfrom = 2020-07-01\ntarget = \"on-time\"\nreason = \"dịch bệnh\"\ngoal = \">= 80 %\"\n";
    let each = ON_TIME.replace(">= 95 %", ">= 95 % each half-year");
    for (tables, whole, of_parts) in [
        (format!("{each}{LENS}"), 1, vec![0, 0]),
        (format!("{ON_TIME}{LENS}{amendment}"), 0, vec![1, 1]),
        (format!("{ON_TIME}{LENS}"), 1, vec![]),
    ] {
        let mut world = World::new("", &tables, "");
        world.dossiers("U1", "2020-03-05", 90, 10);
        world.dossiers("U1", "2020-09-05", 85, 15);
        let board = world.score("2020", "2020-12-31");
        let first = figure(&board, "on-time", 0);
        assert_eq!(first.lenses.len(), whole, "{tables}");
        assert_eq!(
            first.parts.iter().map(|part| part.lenses.len()).collect::<Vec<_>>(),
            of_parts,
            "{tables}"
        );
    }
}
