//! Arithmetic, checked: what does not fit is an error, never a wrong number.

use giaouoc_worktime::time::{Instant, MICROS_PER_DAY, Moment};

use super::EvalError;
use crate::lang::{Arithmetic, Typed};
use crate::value::Value;

/// `-x`.
pub(super) fn negate(value: Value, tree: &Typed) -> Result<Value, EvalError> {
    let checked = |value: i64| value.checked_neg().ok_or_else(|| overflow("-", tree));
    Ok(match value {
        Value::Integer(value) => Value::Integer(checked(value)?),
        Value::Duration(value) => Value::Duration(checked(value)?),
        _ => Value::Unknown,
    })
}

/// `a OP b`. A moment of which only the day is known has no place on the clock: sums with it are unknown.
pub(super) fn arithmetic(op: Arithmetic, a: Value, b: Value, tree: &Typed) -> Result<Value, EvalError> {
    let sign = op.sign();
    let sum = |a: i64, b: i64| {
        let sum = match op {
            Arithmetic::Add => a.checked_add(b),
            Arithmetic::Sub => a.checked_sub(b),
            Arithmetic::Mul => a.checked_mul(b),
        };
        sum.ok_or_else(|| overflow(sign, tree))
    };
    Ok(match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => Value::Integer(sum(a, b)?),
        (Value::Duration(a), Value::Duration(b) | Value::Integer(b))
        | (Value::Integer(a), Value::Duration(b)) => Value::Duration(sum(a, b)?),
        (Value::Moment(Moment::Instant(Instant(a))), Value::Moment(Moment::Instant(Instant(b)))) => {
            Value::Duration(sum(a, b)?)
        }
        (Value::Moment(Moment::Instant(Instant(a))), Value::Duration(b)) => {
            let at = Instant::checked(sum(a, b)?).map_err(|error| EvalError::calendar(sign, error, tree))?;
            Value::Moment(Moment::Instant(at))
        }
        (Value::Day(a), Value::Day(b)) => {
            Value::Duration(b.days_until(a).checked_mul(MICROS_PER_DAY).ok_or_else(|| overflow(sign, tree))?)
        }
        // The checker lets only whole days through.
        (Value::Day(a), Value::Duration(b)) => {
            let days = sum(0, b / MICROS_PER_DAY)?;
            Value::Day(a.add_days(days).map_err(|error| EvalError::calendar(sign, error, tree))?)
        }
        _ => Value::Unknown,
    })
}

fn overflow(operation: &'static str, tree: &Typed) -> EvalError {
    EvalError::Overflow { operation, span: tree.span.clone() }
}
