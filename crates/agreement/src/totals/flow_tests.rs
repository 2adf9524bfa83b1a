use giaouoc_worktime::Day;
use proptest::prelude::*;

use super::*;
use crate::kinds;
use crate::period::Period;

/// A range from day 10 to day 19.
fn place(day: Option<i32>) -> Option<Place> {
    day.map(|day| match day {
        ..10 => Place::Before,
        10..20 => Place::Within,
        20.. => Place::After,
    })
}

fn flow(dossiers: &[(Option<i32>, Option<i32>, Ending)]) -> Flow {
    let mut flow = Flow::default();
    for (received, finished, ending) in dossiers {
        flow.count(place(*received), place(*finished), *ending);
    }
    flow
}

fn endings() -> impl Strategy<Value = Ending> {
    prop_oneof![Just(Ending::Settled), Just(Ending::Returned)]
}

proptest! {
    /// Whatever dossiers there are: when they tell everything, and end after they began, the sums come out.
    #[test]
    fn dossiers_that_tell_everything_add_up(
        dossiers in proptest::collection::vec((0..30_i32, proptest::option::of(0..30_i32), endings()), 0..50),
    ) {
        let whole: Vec<_> = dossiers
            .into_iter()
            .map(|(received, after, ending)| (Some(received), after.map(|after| received + after), ending))
            .collect();
        let flow = flow(&whole);
        prop_assert_eq!(flow.came(), flow.went());
        prop_assert_eq!(flow.contradiction(), None);
        prop_assert!(flow.reasons().is_empty());
    }

    /// When they do not come out, the reasons are there; and what is unaccounted for is what they count.
    #[test]
    fn a_sum_that_does_not_come_out_has_its_reasons(
        dossiers in proptest::collection::vec(
            (
                proptest::option::of(0..30_i32),
                proptest::option::of(0..30_i32),
                prop_oneof![Just(Ending::Settled), Just(Ending::Untold)],
            ),
            0..20,
        ),
    ) {
        let flow = flow(&dossiers);
        if flow.came() != flow.went() {
            prop_assert!(!flow.reasons().is_empty(), "{:?}", flow);
            prop_assert!(flow.contradiction().is_some());
        }
    }
}

#[test]
fn each_column_is_what_the_report_says() {
    use Ending::{Returned, Settled, Untold};
    let flow = flow(&[
        (Some(5), Some(8), Settled),    // over before the range
        (Some(5), Some(12), Settled),   // carried over, settled
        (Some(5), None, Untold),        // carried over, still open
        (Some(12), Some(15), Returned), // received, returned
        (Some(12), Some(25), Settled),  // received, open at the end
        (Some(25), None, Untold),       // of the next range
    ]);
    let expected = Flow { opening: 2, received: 2, settled: 1, returned: 1, closing: 2, ..Flow::default() };
    assert_eq!(flow, expected);
}

#[test]
fn the_reasons_are_counted() {
    use Ending::{Settled, Untold};
    let flow = flow(&[
        (None, Some(12), Settled),
        (Some(12), Some(13), Untold),
        (Some(12), Some(5), Settled),
        (Some(25), Some(12), Settled),
    ]);
    assert_eq!((flow.unreceived, flow.untold, flow.reversed), (1, 1, 2));
    let said = flow.contradiction();
    assert!(said.is_none() || said.is_some_and(|text| text.en.contains("but settled")));
    assert_eq!(flow.reasons().len(), 3);
}

fn row(grade: &str, values: &[(&str, i64)]) -> (&'static Kind, TotalsRow) {
    let kind = kinds::find("totals").unwrap();
    let mut cells = vec![Value::Unknown; kind.columns.len()];
    for (column, value) in values {
        cells[kind.column(column).unwrap()] = Value::Integer(*value);
    }
    let grade = if grade == "signed" { Grade::SignedTotals } else { Grade::PublishedTotals };
    (kind, TotalsRow { unit: 0, period: Period::between(Day(10), Day(19)).unwrap(), grade, values: cells })
}

#[test]
fn totals_that_say_the_same_are_no_question() {
    let flow = Flow { opening: 2, received: 3, settled: 2, returned: 1, closing: 2, ..Flow::default() };
    for (grade, values) in [
        // Returned ones among the settled, as the printed form has it, or apart.
        ("signed", &[("received_total", 5), ("settled_total", 3), ("in_progress_total", 2)][..]),
        ("signed", &[("settled_total", 2), ("withdrawn_total", 1)]),
        ("signed", &[("settled_total", 2)]),
        ("signed", &[("received_online", 1), ("received_direct", 2), ("received_carried", 2)]),
        ("published", &[("received_total", 3)]),
        ("published", &[("received_total", 5)]),
        ("signed", &[]),
    ] {
        let (kind, row) = row(grade, values);
        assert_eq!(flow.against(kind, &row), [], "{grade} {values:?}");
    }
}

#[test]
fn totals_that_differ_are_said_column_by_column() {
    let flow = Flow { opening: 2, received: 3, settled: 2, returned: 1, closing: 2, ..Flow::default() };
    let (kind, signed) =
        row("signed", &[("received_total", 3), ("settled_total", 3), ("withdrawn_total", 1)]);
    let found = flow.against(kind, &signed);
    let columns: Vec<_> = found.iter().map(|found| (found.column, found.totals, found.records)).collect();
    assert_eq!(columns, [("received_total", 3, 5), ("settled_total", 3, 2)]);
    assert_eq!(found[0].text(kind).en, "Received: total: totals 3, records 5");
    let (kind, row) = row("signed", &[("received_online", 4), ("received_direct", 0)]);
    assert_eq!(flow.against(kind, &row)[0].text(kind).vi.matches(" + ").count(), 1);
}
