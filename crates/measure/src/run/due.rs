//! Due dates by time limits in words. A limit is read once for each different text of a batch; the dates are asked of
//! the calendar row by row.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use giaouoc_agreement::limit::TimeLimit;
use giaouoc_worktime::Day;
use giaouoc_worktime::time::{Instant, Moment};

use crate::bits::Bits;
use crate::col::{Bare, Col, Data, Failed, Moments, Texts};
use crate::error::Cause;
use crate::run::Spare;
use crate::run::number::is_live;
use crate::run::work::ByCalendar;

/// The limits of a batch's texts, as far as they were asked for.
struct Limits<'a> {
    texts: &'a Texts,
    /// By position, where the texts are a list.
    listed: HashMap<i32, Option<TimeLimit>>,
    plain: HashMap<&'a str, Option<TimeLimit>>,
}

impl<'a> Limits<'a> {
    fn get(&mut self, row: usize) -> Option<TimeLimit> {
        let read = |text: &str| TimeLimit::read(text).ok();
        match self.texts {
            Texts::Listed { keys, .. } => {
                *self.listed.entry(keys[row]).or_insert_with(|| read(self.texts.get(row)))
            }
            texts => {
                let text: &'a str = texts.get(row);
                *self.plain.entry(text).or_insert_with(|| read(text))
            }
        }
    }
}

/// `due_by(received, limit)`.
pub(super) fn due_by(
    rows: usize,
    received: &Col,
    limit: &Col,
    calendars: &ByCalendar<'_>,
    spare: &mut Spare,
) -> Option<Col> {
    let (Data::Moment(moments), Data::Text(texts)) = (&received.data, &limit.data) else { return None };
    let mut limits = Limits { texts, listed: HashMap::new(), plain: HashMap::new() };
    let mut at = spare.wide_full(rows);
    at.fill(0);
    let mut days = spare.narrow_full(rows);
    days.fill(0);
    let (mut bare, mut unknown) = (Bits::none(rows), Bits::none(rows));
    let mut causes = BTreeMap::new();
    for row in (0..rows).filter(|row| is_live(&[received, limit], *row)) {
        let from = match &moments.bare {
            Some(bare) if bare.rows.get(row) => Moment::Day(Day(bare.days.get(row))),
            _ => Moment::Instant(Instant(moments.at.get(row))),
        };
        match limits.get(row).and_then(|limit| limit.due(from, calendars.of(row))) {
            None => unknown.put(row, true),
            Some(Ok(Moment::Instant(due))) => at[row] = due.0,
            Some(Ok(Moment::Day(due))) => {
                bare.put(row, true);
                days[row] = due.0;
            }
            Some(Err(error)) => {
                causes.insert(row, Cause::Calendar(error));
            }
        }
    }
    let bare = bare.some().map(|rows| Rc::new(Bare { rows, days: days.into() }));
    let due = Moments { at: at.into(), bare };
    let col = Col::strict(Data::Moment(due), &[received, limit]);
    Some(col.hide(unknown.some().as_ref()).fail(Failed::new(rows, causes)))
}
