//! What is needed from here, by how the records of a kind come about.

use crate::need::Need;
use crate::scoreboard::testing::{World, figure};

fn target(id: &str, kind: &str, counted: &str, met: &str) -> String {
    format!(
        "[[target]]\nid = \"{id}\"\nclause = \"1\"\nname = \"Chỉ tiêu\"\nrecords = \"{kind}\"\ncounted = \"{counted}\"\nmet = \"{met}\"\ngoal = \">= 75 %\"\nforce = \"at least\"\njudged = \"each unit\"\n"
    )
}

#[test]
fn events_are_not_spoken_of_as_a_list_that_stands() {
    let tables = [
        target("minutes", "dialogue", "held_on in period", "minutes_signed_on is known"),
        target("tasks", "task", "due_on is known", "done_on is known"),
        target("on-time", "dossier", "finished_at in period", "day(finished_at) <= day(first_due_at)"),
    ];
    let mut world = World::new("", &tables.concat(), "");
    for n in 1..=2 {
        let held = format!("2020-02-0{n}");
        let minutes = if n == 1 { vec![("minutes_signed_on", "2020-02-20")] } else { Vec::new() };
        world.add("dialogue", "U1", &[vec![("held_on", held.as_str())], minutes].concat());
        let done = if n == 1 { vec![("done_on", "2020-03-01")] } else { Vec::new() };
        let task = vec![("assigned_on", "2020-01-02"), ("due_on", "2020-12-01")];
        world.add("task", "U1", &[task, done].concat());
    }
    world.dossiers("U1", "2020-03-05", 1, 1);
    let board = world.score("2020", "2020-06-30");
    let need = |id: &str| figure(&board, id, 0).need;
    assert_eq!(need("minutes"), Some(Need::Either { in_a_row: 2, of_unmet: 1, unmet: 1 }));
    assert_eq!(need("tasks"), Some(Need::OfUnmet { least: 1, unmet: 1 }));
    assert_eq!(need("on-time"), Some(Need::InARow { least: 2 }));
    let words = figure(&board, "minutes", 0).need_words.as_ref().unwrap();
    assert!(
        words.vi.starts_with("cần thêm ít nhất 2 đối thoại với người dân đạt yêu cầu liên tiếp, hoặc"),
        "{}",
        words.vi
    );
}

/// Nine dossiers are open and ten in time are needed: those still to be filed may bring them.
#[test]
fn what_the_open_records_cannot_reach_those_to_come_may() {
    let tables =
        target("on-time", "dossier", "finished_at in period", "day(finished_at) <= day(first_due_at)");
    let mut world = World::new("", &tables, "");
    world.dossiers("U1", "2020-03-05", 5, 5);
    let need = |open: i64| {
        let board = world.score_with("2020", "2020-06-30", &[("on-time", 0, open)]);
        figure(&board, "on-time", 0).need
    };
    assert_eq!(need(9), Some(Need::InARow { least: 10 }));
    assert_eq!(need(10), Some(Need::OfRemaining { least: 10, remaining: 10 }));
}
