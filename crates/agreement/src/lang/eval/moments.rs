//! Comparing moments of which perhaps only the day is known.

use giaouoc_worktime::time::{Day, Instant, Moment};
use giaouoc_worktime::zone::Zone;

use crate::lang::Compare;

/// The first and the last instant (to the microsecond) that a moment may stand for.
fn bounds(moment: Moment, zone: &Zone) -> (i64, i64) {
    match moment {
        Moment::Instant(Instant(at)) => (at, at),
        Moment::Day(day) => {
            let next = Day(day.0.saturating_add(1));
            (zone.start_of(day).0, zone.start_of(next).0.saturating_sub(1))
        }
    }
}

/// True (false) when the comparison is so for every pair of instants that the two may stand for.
pub(super) fn compare(op: Compare, a: Moment, b: Moment, zone: &Zone) -> Option<bool> {
    let ((a_first, a_last), (b_first, b_last)) = (bounds(a, zone), bounds(b, zone));
    let decide = |always: bool, never: bool| match (always, never) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    let apart = a_last < b_first || b_last < a_first;
    let same = a_first == a_last && b_first == b_last && a_first == b_first;
    match op {
        Compare::Eq => decide(same, apart),
        Compare::Ne => decide(apart, same),
        Compare::Lt => decide(a_last < b_first, a_first >= b_last),
        Compare::Le => decide(a_last <= b_first, a_first > b_last),
        Compare::Gt => decide(a_first > b_last, a_last <= b_first),
        Compare::Ge => decide(a_first >= b_last, a_last < b_first),
    }
}
