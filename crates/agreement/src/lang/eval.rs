//! What a condition means for one record: the plain evaluator that defines the language. Column programs
//! are held against it.
//!
//! Reading goes from left to right and stops when the answer stands: `false and …` does not look at the
//! rest, so a condition can guard what follows it (an old record outside the calendar's coverage, say).

mod calls;
mod error;
mod moments;
mod sums;

use std::cmp::Ordering;

use giaouoc_worktime::Calendar;
use giaouoc_worktime::time::{Day, Moment};

pub use self::error::EvalError;
use super::{Compare, Node, Typed};
use crate::kind::Kind;
use crate::period::Period;
use crate::value::Value;

/// One record: a value for each column of its kind.
pub trait Row {
    /// The value of a column by its index in the kind; [`Value::Unknown`] when it is blank.
    fn get(&self, column: usize) -> Value;
}

impl Row for [Value] {
    fn get(&self, column: usize) -> Value {
        <[Value]>::get(self, column).cloned().unwrap_or(Value::Unknown)
    }
}

/// What a condition is evaluated in.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The kind that the condition was checked against.
    pub kind: &'a Kind,
    /// What `period` means.
    pub period: &'a Period,
    /// What `as_of` means; values that hang on a later day are unknown.
    pub as_of: Day,
    /// The calendar of the record's unit.
    pub calendar: &'a Calendar,
}

impl Context<'_> {
    /// A column of a record as it was known at the end of `as_of`.
    pub fn column(&self, row: &(impl Row + ?Sized), column: usize) -> Value {
        let hangs_on = self.kind.columns.get(column).and_then(|column| column.hangs_on);
        match hangs_on.and_then(|date| self.local_day(&row.get(date))) {
            Some(day) if day > self.as_of => Value::Unknown,
            _ => row.get(column),
        }
    }

    /// The local day of a day or moment.
    pub fn local_day(&self, value: &Value) -> Option<Day> {
        match value {
            Value::Day(day) | Value::Moment(Moment::Day(day)) => Some(*day),
            Value::Moment(Moment::Instant(at)) => Some(self.calendar.zone().day_of(*at)),
            _ => None,
        }
    }
}

/// The value of a condition, or of a part of it, for one record.
pub fn eval(tree: &Typed, row: &(impl Row + ?Sized), context: &Context<'_>) -> Result<Value, EvalError> {
    let part = |part: &Typed| eval(part, row, context);
    Ok(match &tree.node {
        Node::Column(column) => {
            let value = context.column(row, *column);
            if !value.is_of(tree.ty) {
                return Err(EvalError::WrongValue { column: *column, span: tree.span.clone() });
            }
            value
        }
        Node::Flag(flag) => Value::Flag(*flag),
        Node::Integer(value) => Value::Integer(*value),
        Node::Text(text) => Value::Text(text.clone()),
        Node::Day(day) => Value::Day(*day),
        Node::Duration(micros) => Value::Duration(*micros),
        Node::AsOf => Value::Day(context.as_of),
        Node::PeriodStart => Value::Day(context.period.first),
        Node::PeriodEnd => Value::Day(context.period.last),
        Node::Not(inner) => flag(part(inner)?.as_flag().map(|flag| !flag)),
        Node::And(parts) => joined(parts, false, part)?,
        Node::Or(parts) => joined(parts, true, part)?,
        Node::Compare(op, left, right) => flag(compare(*op, &part(left)?, &part(right)?, context)),
        Node::In(inner, items) => match part(inner)? {
            Value::Unknown => Value::Unknown,
            value => {
                let is = |item: &Typed| literal(item).is_some_and(|item| item == value);
                Value::Flag(items.iter().any(is))
            }
        },
        Node::InPeriod(inner) => {
            flag(context.local_day(&part(inner)?).map(|day| context.period.contains(day)))
        }
        Node::IsKnown(inner) => Value::Flag(part(inner)? != Value::Unknown),
        Node::Negate(inner) => sums::negate(part(inner)?, tree)?,
        Node::Arithmetic(op, left, right) => sums::arithmetic(*op, part(left)?, part(right)?, tree)?,
        Node::Call(function, arguments) => calls::call(function, arguments, row, context, tree)?,
    })
}

fn flag(flag: Option<bool>) -> Value {
    flag.map_or(Value::Unknown, Value::Flag)
}

/// `and` (decided by the first false) or `or` (by the first true), after Kleene.
fn joined(
    parts: &[Typed],
    decided: bool,
    mut part: impl FnMut(&Typed) -> Result<Value, EvalError>,
) -> Result<Value, EvalError> {
    let mut answer = Value::Flag(!decided);
    for inner in parts {
        match part(inner)?.as_flag() {
            Some(flag) if flag == decided => return Ok(Value::Flag(decided)),
            Some(_) => {}
            None => answer = Value::Unknown,
        }
    }
    Ok(answer)
}

/// The value of a literal.
fn literal(typed: &Typed) -> Option<Value> {
    Some(match &typed.node {
        Node::Flag(flag) => Value::Flag(*flag),
        Node::Integer(value) => Value::Integer(*value),
        Node::Text(text) => Value::Text(text.clone()),
        Node::Day(day) => Value::Day(*day),
        Node::Duration(micros) => Value::Duration(*micros),
        _ => return None,
    })
}

/// A comparison; unknown when a side is, or when moments are not precise enough.
fn compare(op: Compare, left: &Value, right: &Value, context: &Context<'_>) -> Option<bool> {
    let order = match (left, right) {
        (Value::Moment(a), Value::Moment(b)) => return moments::compare(op, *a, *b, context.calendar.zone()),
        (Value::Flag(a), Value::Flag(b)) => a.cmp(b),
        (Value::Integer(a), Value::Integer(b)) | (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Day(a), Value::Day(b)) => a.cmp(b),
        _ => return None,
    };
    Some(match op {
        Compare::Eq => order == Ordering::Equal,
        Compare::Ne => order != Ordering::Equal,
        Compare::Lt => order == Ordering::Less,
        Compare::Le => order != Ordering::Greater,
        Compare::Gt => order == Ordering::Greater,
        Compare::Ge => order != Ordering::Less,
    })
}
