//! Rules over records.

use super::sample::{World, read, row};
use crate::ask::Cell;
use crate::figure::Amount;
use crate::lang::{Typed, Wanted, run};
use crate::target::{Measure, Rule, UnknownMet};
use crate::value::Value;

fn flag(text: &str) -> Typed {
    read(text, Wanted::Flag).unwrap()
}

fn integer(text: &str) -> Typed {
    read(text, Wanted::Integer).unwrap()
}

fn rule(counted: &str, measure: Measure) -> Rule {
    let counted = flag(counted);
    Rule { id: "r".to_owned(), kind: "dossier".to_owned(), counted, measure, unknown: UnknownMet::NotMet }
}

fn over(rule: &Rule, rows: &[&str]) -> Cell {
    let world = World::new();
    let rows: Vec<Vec<Value>> = rows.iter().map(|cells| row(&world.kind, cells)).collect();
    run(rule, rows.iter().map(Vec::as_slice), &world.context()).unwrap()
}

const ROWS: [&str; 6] = [
    "outcome=granted, finished_at=2020-03-05T16:00, first_due_at=2020-03-05, received_at=2020-03-01, limit_days=3",
    "outcome=granted, finished_at=2020-03-06T08:00, first_due_at=2020-03-05, received_at=2020-03-02, limit_days=5",
    "outcome=refused, finished_at=2020-04-06T08:00, received_at=2020-04-01, limit_days=1",
    "outcome=returned, finished_at=2020-04-06T08:00, received_at=2020-04-01",
    "received_at=2020-12-30T10:00, first_due_at=2021-01-05, limit_days=3",
    "outcome=granted, finished_at=2021-01-04T08:00, received_at=2020-12-31T18:00, first_due_at=2021-01-05",
];

#[test]
fn a_share_keeps_unknown_rows_in_its_denominator() {
    let met = flag("day(finished_at) <= day(first_due_at)");
    let mut rule = rule("finished_at in period and settled", Measure::Share { met });
    let cell = over(&rule, &ROWS);
    assert_eq!(cell.amount, Amount::Share { met: 1, of: 3 });
    let tally = &cell.tally;
    assert_eq!((tally.seen, tally.counted, tally.counted_unknown, tally.met_unknown), (6, 3, 2, 1));
    // Two open records without finish and outcome (one of them finishes after the year), one without due date.
    let kind = World::new().kind;
    let columns = ["first_due_at", "finished_at", "outcome"].map(|id| kind.column(id).unwrap());
    assert_eq!(tally.unknown_columns, [(columns[0], 1), (columns[1], 2), (columns[2], 2)]);
    assert_eq!(tally.latest.map(|day| day.to_string()).as_deref(), Some("2020-12-31"));

    rule.unknown = UnknownMet::Exclude;
    let cell = over(&rule, &ROWS);
    assert_eq!(cell.amount, Amount::Share { met: 1, of: 2 });
    assert_eq!((cell.tally.counted, cell.tally.met_unknown), (3, 1));
}

#[test]
fn counts_sums_and_means() {
    assert_eq!(over(&rule("settled", Measure::Count), &ROWS).amount, Amount::Count(3));
    let value = integer("limit_days");
    assert_eq!(over(&rule("true", Measure::Sum { value: value.clone() }), &ROWS).amount, Amount::Sum(12));
    let cell = over(&rule("true", Measure::Mean { value }), &ROWS);
    assert_eq!(cell.amount, Amount::Mean { sum: 12, of: 4 });
    assert_eq!((cell.tally.counted, cell.tally.met_unknown), (6, 2));
    let empty = over(&rule("false", Measure::Mean { value: integer("limit_days") }), &ROWS);
    assert_eq!(empty.amount, Amount::Mean { sum: 0, of: 0 });
    assert_eq!(empty.tally.seen, 6);
}

#[test]
fn a_sum_may_leave_64_bits_though_a_value_may_not() {
    let rows = ["limit_days=9223372036854775807"; 3];
    let cell = over(&rule("true", Measure::Sum { value: integer("limit_days") }), &rows);
    assert_eq!(cell.amount, Amount::Sum(3 * i128::from(i64::MAX)));
}

#[test]
fn the_percentile_is_the_value_at_the_nearest_rank() {
    let percentile = |percent, rows: &[&str]| {
        let measure = Measure::Percentile { value: integer("limit_days"), percent };
        over(&rule("true", measure), rows).amount
    };
    let at = |value, of| Amount::Percentile { value, of };
    // ceil(p·4/100): the example of four values.
    assert_eq!(percentile(1, &ROWS), at(Some(1), 4));
    assert_eq!(percentile(25, &ROWS), at(Some(1), 4));
    assert_eq!(percentile(26, &ROWS), at(Some(3), 4));
    assert_eq!(percentile(75, &ROWS), at(Some(3), 4));
    assert_eq!(percentile(76, &ROWS), at(Some(5), 4));
    assert_eq!(percentile(100, &ROWS), at(Some(5), 4));
    assert_eq!(percentile(90, &ROWS[3..4]), at(None, 0));
}

#[test]
fn distinct_counts_known_values_once_and_keys_too() {
    let distinct = |text: &str, rows: &[&str]| {
        let value = read(text, Wanted::Distinct).unwrap();
        let cell = over(&rule("true", Measure::Distinct { value }), rows);
        (cell.amount, cell.tally.met_unknown)
    };
    assert_eq!(distinct("outcome", &ROWS), (Amount::Count(3), 2));
    assert_eq!(distinct("code", &["code=a", "code=b", "code=a"]), (Amount::Count(2), 0));
    assert_eq!(distinct("day(received_at)", &ROWS), (Amount::Count(5), 0));
    // Which instant a bare day stands for is unknown, so whether it is a different one is too.
    assert_eq!(distinct("received_at", &ROWS), (Amount::Count(2), 4));
    assert_eq!(distinct("online or true", &ROWS), (Amount::Count(1), 0));
}

#[test]
fn what_has_no_value_stops_the_run_with_its_place() {
    let world = World::new();
    let rule = rule("is_working_day(held_on)", Measure::Count);
    let row = row(&world.kind, "held_on=1998-03-05");
    let error = run(&rule, [row.as_slice()], &world.context()).unwrap_err();
    assert_eq!(error.span(), 0..23);
    assert!(error.message().en.contains("1998") && error.message().vi.contains("1998"));
}

#[test]
fn met_is_looked_at_for_counted_records_only() {
    let met = flag("is_working_day(held_on)");
    let rule = rule("held_on >= 2018-01-01", Measure::Share { met });
    let cell = over(&rule, &["held_on=1998-03-05", "held_on=2020-03-05"]);
    assert_eq!(cell.amount, Amount::Share { met: 1, of: 1 });
}

#[test]
fn a_value_of_another_type_than_its_column_is_the_givers_fault() {
    let world = World::new();
    let rule = rule("online", Measure::Count);
    let mut row = row(&world.kind, "");
    row[world.kind.column("online").unwrap()] = Value::Integer(1);
    assert!(run(&rule, [row.as_slice()], &world.context()).is_err());
}
