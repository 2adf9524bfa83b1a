//! Random records and values.

use giaouoc_worktime::time::{Day, Instant, MICROS_PER_DAY, Moment};

use super::Random;
use crate::kind::{ColumnType, Kind, TextForm};
use crate::value::{Change, Value};

/// Midnight in Việt Nam is 17:00 UTC of the day before: the edges of days are where mistakes sit.
const HOUR: i64 = 3_600_000_000;

impl Random<'_> {
    /// A record of a kind; about one value in six is unknown.
    pub fn row(&mut self, kind: &Kind) -> Vec<Value> {
        kind.columns
            .iter()
            .map(|column| {
                if !column.required && self.once_in(6) {
                    return Value::Unknown;
                }
                if column.form == Some(TextForm::Limit) {
                    return Value::Text(self.limit());
                }
                self.value(&column.ty)
            })
            .collect()
    }

    fn value(&mut self, ty: &ColumnType) -> Value {
        match ty {
            ColumnType::Text => Value::Text(self.text()),
            ColumnType::Code(list) => match self.one_of(&list.codes) {
                Some(code) if !(list.open && self.once_in(5)) => Value::Text(code.code),
                _ if list.open => Value::Text("of its own".to_owned()),
                _ => Value::Unknown,
            },
            ColumnType::Integer => Value::Integer(self.number()),
            ColumnType::Flag => Value::Flag(self.once_in(2)),
            ColumnType::Date => Value::Day(self.day()),
            ColumnType::Moment => Value::Moment(self.moment()),
            ColumnType::Intervals => {
                let entries = self.below(4);
                Value::Intervals((0..entries).map(|_| self.interval()).collect())
            }
            ColumnType::Changes => {
                let entries = self.below(3);
                let change = |_| Change { at: self.instant(), new: self.instant(), why: String::new() };
                Value::Changes((0..entries).map(change).collect())
            }
        }
    }

    pub(super) fn text(&mut self) -> String {
        let texts = ["", "a", "b", "it's", "Đã giải quyết", "a b"];
        self.one_of(&texts).unwrap_or_default().to_owned()
    }

    /// A time limit in its canonical form; now and then one that no due date follows from.
    pub(super) fn limit(&mut self) -> String {
        let limits = [
            "0 working days",
            "1 working day",
            "5 working days",
            "20 days",
            "1 month",
            "8 working hours",
            "90 working minutes",
            "same day",
            "same day, from 15:00 the next working day",
            "8 hours",
            "whenever",
        ];
        self.one_of(&limits).unwrap_or_default().to_owned()
    }

    /// Small numbers, so that they meet; rarely (and only with errors) the ends of 64 bits.
    pub(super) fn number(&mut self) -> i64 {
        if self.errors && self.once_in(20) {
            let ends = [i64::MIN, i64::MIN + 1, i64::MAX, i64::MAX / 2, 1 << 53];
            return self.one_of(&ends).unwrap_or(0);
        }
        i64::try_from(self.below(13)).unwrap_or(0) - 4
    }

    /// A day of [`Random::days`], in two of three cases one of ten in the middle.
    pub(super) fn day(&mut self) -> Day {
        let (first, last) = self.days;
        if self.errors && self.once_in(30) {
            return self.one_of(&[Day::MIN, Day::MAX, Day(0)]).unwrap_or(first);
        }
        let span = usize::try_from(last.0.saturating_sub(first.0)).unwrap_or(0) + 1;
        let near = !self.once_in(3);
        let offset = if near { span / 2 + self.below(10) } else { self.below(span) };
        Day(first.0.saturating_add(i32::try_from(offset.min(span - 1)).unwrap_or(0)))
    }

    fn instant(&mut self) -> Instant {
        let midnight = i64::from(self.day().0) * MICROS_PER_DAY - 7 * HOUR;
        let at = match self.below(4) {
            0 => {
                let edges = [0, -1, 1, HOUR, 7 * HOUR + HOUR / 2, 17 * HOUR + HOUR / 2, 24 * HOUR - 1];
                midnight + self.one_of(&edges).unwrap_or(0)
            }
            1 => midnight + i64::try_from(self.below(86_400_000)).unwrap_or(0) * 1_000,
            _ => midnight + i64::try_from(self.below(24 * 60)).unwrap_or(0) * (HOUR / 60),
        };
        Instant(at.clamp(Instant::MIN.0, Instant::MAX.0))
    }

    /// An instant, or in one of four cases a day of which the hour is not known.
    fn moment(&mut self) -> Moment {
        if self.once_in(4) { Moment::Day(self.day()) } else { Moment::Instant(self.instant()) }
    }

    fn interval(&mut self) -> (Instant, Option<Instant>) {
        let (a, b) = (self.instant(), self.instant());
        if self.once_in(5) { (a, None) } else { (a.min(b), Some(a.max(b))) }
    }
}
