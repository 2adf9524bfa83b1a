//! A pause that was opened just before a dossier was due.

use giaouoc_agreement::text::Text;
use giaouoc_agreement::value::Value;
use giaouoc_worktime::Calendar;
use giaouoc_worktime::time::{Instant, Moment};

use super::{Dossiers, Row, end, minutes};
use crate::columns::told;
use crate::finding::Case;

impl Dossiers<'_> {
    /// Asks about a pause in the last working hours before due, unless the dossier ended in time all the same.
    pub(super) fn late_pause(&mut self, row: &Row<'_>, values: Option<&[Value]>) {
        let (calendar, rule) = (row.calendar, self.setup.rules.late_pause);
        let Some(first) = row.first.and_then(|first| end(calendar, first)) else { return };
        let Some(Value::Intervals(list)) = values.and_then(|v| v.get(self.setup.kind.column("pauses")?))
        else {
            return;
        };
        let late = before_due(calendar, first, list, i64::from(rule.minutes));
        let Some((from, due)) = late else { return };
        // It ended in time all the same: the pause changed nothing.
        if row.finished.and_then(|at| end(calendar, at)).is_some_and(|at| at <= due) {
            return;
        }
        let start = row.received.and_then(|received| match received {
            Moment::Instant(at) => Some(at),
            Moment::Day(_) => None,
        });
        if start
            .and_then(|start| minutes(calendar, start, first))
            .is_some_and(|all| all < i64::from(rule.limit_minutes))
        {
            return;
        }
        self.paused.add(row.unit, self.setup.cases, || {
            let said = |at: Instant| told(Moment::Instant(at), calendar.zone());
            let (from, first, then) = (said(from), said(first), said(due));
            let moved = (first != then).then(|| {
                Text::new(
                    format!(", tạm dừng trước đó dời đến {}", then.vi),
                    format!(", moved by earlier pauses to {}", then.en),
                )
            });
            let moved = moved.unwrap_or_else(|| Text::same(""));
            let evidence = Text::new(
                format!("tạm dừng từ {}, hạn đầu tiên {}{}", from.vi, first.vi, moved.vi),
                format!("paused from {}, first due {}{}", from.en, first.en, moved.en),
            );
            Case { key: row.key.to_owned(), evidence: vec![evidence], entry: None }
        });
    }
}

/// The first pause that begins within so many working minutes before the date then due, and that date: the first due
/// date, later by the working time of the pauses before.
fn before_due(
    calendar: &Calendar,
    first: Instant,
    pauses: &[(Instant, Option<Instant>)],
    within: i64,
) -> Option<(Instant, Instant)> {
    let mut list = pauses.to_vec();
    list.sort_unstable_by_key(|(from, _)| *from);
    let (mut due, mut resumed) = (first, None);
    for (from, to) in list {
        if minutes(calendar, from, due).is_some_and(|left| left <= within) {
            return Some((from, due));
        }
        // What two pauses have in common counts once; an open one has no end to count from.
        let (from, to) = (resumed.map_or(from, |resumed: Instant| resumed.max(from)), to?);
        if from < to {
            due = later(calendar, due, from, to)?;
            resumed = Some(to);
        }
    }
    None
}

/// A due date later by the working time between two instants; nothing where the calendar does not reach.
fn later(calendar: &Calendar, due: Instant, from: Instant, to: Instant) -> Option<Instant> {
    if calendar.is_zone_only() {
        return Some(Instant(due.0 + (to.0 - from.0)));
    }
    let seconds = calendar.working_seconds_between(from, to).ok()?;
    calendar.add_working_seconds(due, seconds).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test may stop")]
    use giaouoc_worktime::Zone;

    use super::*;

    fn at(text: &str) -> Instant {
        let zone = Zone::get("Asia/Ho_Chi_Minh").unwrap();
        match zone.parse_moment(&format!("2020-03-{text}+07:00")).unwrap() {
            Moment::Instant(at) => at,
            Moment::Day(day) => panic!("{day} has no time"),
        }
    }

    fn found(pauses: &[(&str, &str)]) -> Option<(Instant, Instant)> {
        let calendar = Calendar::builtin("vn-public").unwrap();
        let list: Vec<(Instant, Option<Instant>)> =
            pauses.iter().map(|(from, to)| (at(from), (!to.is_empty()).then(|| at(to)))).collect();
        before_due(&calendar, at("12T16:00:00"), &list, 240)
    }

    #[test]
    fn a_pause_is_held_against_the_date_that_the_ones_before_moved_it_to() {
        // Two working days off in the middle: due on Monday the 16th at four.
        let early = ("04T08:00:00", "06T08:00:00");
        assert_eq!(found(&[early]), None);
        assert_eq!(found(&[early, ("16T14:00:00", "")]), Some((at("16T14:00:00"), at("16T16:00:00"))));
        // Written in any order; near the first date only, which no longer holds.
        assert_eq!(found(&[("16T14:00:00", ""), early]), Some((at("16T14:00:00"), at("16T16:00:00"))));
        assert_eq!(found(&[early, ("12T15:00:00", "13T09:00:00")]), None);
        assert_eq!(found(&[("12T15:00:00", "")]), Some((at("12T15:00:00"), at("12T16:00:00"))));
    }

    #[test]
    fn what_pauses_have_in_common_moves_the_date_once() {
        let twice = [("04T08:00:00", "06T08:00:00"), ("05T08:00:00", "06T08:00:00")];
        let last = ("16T15:00:00", "17T08:00:00");
        assert_eq!(found(&[twice[0], twice[1], last]), Some((at(last.0), at("16T16:00:00"))));
    }
}
