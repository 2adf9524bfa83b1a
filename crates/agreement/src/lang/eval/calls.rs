//! Function calls.

use giaouoc_worktime::time::{Day, Instant, Moment};
use giaouoc_worktime::{CalendarError, Pause, Received, Roll};

use super::{Context, EvalError, Row, eval};
use crate::lang::{Function, Typed, zones};
use crate::limit::TimeLimit;
use crate::value::Value;

pub(super) fn call(
    function: &Function,
    arguments: &[Typed],
    row: &(impl Row + ?Sized),
    context: &Context<'_>,
    tree: &Typed,
) -> Result<Value, EvalError> {
    if *function == Function::Coalesce {
        for argument in arguments {
            let value = eval(argument, row, context)?;
            if value != Value::Unknown {
                return Ok(value);
            }
        }
        return Ok(Value::Unknown);
    }
    let values = arguments.iter().map(|a| eval(a, row, context)).collect::<Result<Vec<_>, _>>()?;
    let calendar = context.calendar;
    let wrong = |error: CalendarError| EvalError::calendar(function.name(), error, tree);
    let overflow = || EvalError::Overflow { operation: function.name(), span: tree.span.clone() };
    // A number of seconds in so many units.
    let seconds = |n: i64, unit: i64| n.checked_mul(unit).ok_or_else(overflow);
    // Whoever adds more days than this has left every calendar.
    let count = |n: i64| i32::try_from(n).map_err(|_| overflow());
    let Some(first) = values.first() else { return Ok(Value::Unknown) };
    Ok(match (function, first, values.get(1)) {
        (Function::Day(zone), Value::Moment(moment), _) => {
            Value::Day(local_day(*moment, zone.as_deref(), context))
        }
        (Function::IsWorkingDay, Value::Day(day), _) => {
            Value::Flag(calendar.is_working_day(*day).map_err(wrong)?)
        }
        (Function::AddWorkingDays, Value::Day(day), Some(Value::Integer(n))) => {
            Value::Day(calendar.add_working_days(*day, count(*n)?).map_err(wrong)?)
        }
        (Function::AddCalendarDays, Value::Day(day), Some(Value::Integer(n))) => {
            Value::Day(calendar.add_calendar_days(*day, count(*n)?, Roll::Forward).map_err(wrong)?)
        }
        (Function::AddMonths, Value::Day(day), Some(Value::Integer(n))) => {
            Value::Day(day.add_months(*n).map_err(wrong)?)
        }
        (Function::AddWorkingMinutes, Value::Moment(Moment::Instant(at)), Some(Value::Integer(n))) => {
            instant(calendar.add_working_seconds(*at, seconds(*n, 60)?).map_err(wrong)?)
        }
        (Function::AddWorkingHours, Value::Moment(Moment::Instant(at)), Some(Value::Integer(n))) => {
            instant(calendar.add_working_seconds(*at, seconds(*n, 3600)?).map_err(wrong)?)
        }
        (Function::DueBy, Value::Moment(received), Some(Value::Text(limit))) => {
            match TimeLimit::read(limit).ok().and_then(|limit| limit.due(*received, calendar)) {
                Some(due) => Value::Moment(due.map_err(wrong)?),
                None => Value::Unknown,
            }
        }
        (Function::WorkDays, Value::Day(from), Some(Value::Day(to))) => {
            Value::Integer(calendar.working_days_between(*from, *to).map_err(wrong)?.into())
        }
        (
            Function::WorkMinutes,
            Value::Moment(Moment::Instant(from)),
            Some(Value::Moment(Moment::Instant(to))),
        ) => match values.get(2) {
            None => Value::Integer(calendar.working_minutes_between(*from, *to).map_err(wrong)?),
            Some(Value::Intervals(list)) => {
                let pauses = pauses(list, context);
                Value::Integer(calendar.net_working_seconds(*from, *to, &pauses).map_err(wrong)? / 60)
            }
            Some(_) => Value::Unknown,
        },
        (Function::OutsideHours, Value::Moment(Moment::Instant(at)), _) => {
            Value::Flag(calendar.received(*at).map_err(wrong)? != Received::InHours)
        }
        (Function::Count, Value::Intervals(list), _) => length(list.len()),
        (Function::Count, Value::Changes(list), _) => length(list.len()),
        _ => Value::Unknown,
    })
}

fn instant(at: Instant) -> Value {
    Value::Moment(Moment::Instant(at))
}

fn length(entries: usize) -> Value {
    Value::Integer(i64::try_from(entries).unwrap_or(i64::MAX))
}

fn local_day(moment: Moment, zone: Option<&str>, context: &Context<'_>) -> Day {
    match moment {
        // Nobody knows the hour, so no other zone's day either.
        Moment::Day(day) => day,
        Moment::Instant(at) => match zone.and_then(zones::get) {
            Some(zone) => zone.day_of(at),
            None => context.calendar.zone().day_of(at),
        },
    }
}

/// Pauses with both ends: one that is still open lasts to the end of `as_of`.
fn pauses(list: &[(Instant, Option<Instant>)], context: &Context<'_>) -> Vec<Pause> {
    let end = context.calendar.zone().start_of(Day(context.as_of.0.saturating_add(1)));
    list.iter()
        .filter(|(from, to)| to.is_some() || *from < end)
        .map(|(from, to)| Pause { from: *from, to: to.unwrap_or(end) })
        .collect()
}
