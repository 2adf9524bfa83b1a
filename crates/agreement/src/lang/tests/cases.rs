//! Worked cases: a condition, a record, the value.

use super::sample::{World, read, row};
use crate::lang::{EvalError, Wanted, eval};
use crate::value::Value;

/// `condition | record | value`, one a line; `#` begins a remark.
const CASES: &str = include_str!("cases.txt");

#[test]
fn every_case_has_its_value() {
    let world = World::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in CASES.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let [text, cells, expected] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("not three columns: {line}")
        };
        count += 1;
        let tree = match read(text, Wanted::Any) {
            Ok(tree) => tree,
            Err(errors) => panic!("{text}: {errors:#?}"),
        };
        let found = show(eval(&tree, row(&world.kind, cells).as_slice(), &world.context()));
        if found != expected {
            wrong.push(format!("{line}   FOUND {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 100, "{count} cases");
}

pub(super) fn show(value: Result<Value, EvalError>) -> String {
    match value {
        Ok(Value::Unknown) => "unknown".to_owned(),
        Ok(Value::Flag(flag)) => flag.to_string(),
        Ok(Value::Integer(value)) => value.to_string(),
        Ok(Value::Text(text)) => format!("'{text}'"),
        Ok(Value::Day(day)) => day.to_string(),
        Ok(Value::Moment(moment)) => moment.to_string(),
        Ok(Value::Duration(micros)) => format!("{micros} us"),
        Ok(other) => format!("{other:?}"),
        Err(EvalError::Overflow { operation, .. }) => format!("overflow in {operation}"),
        Err(EvalError::Calendar { operation, error, .. }) => {
            format!("{operation}: {}", error.en().split('.').next().unwrap_or_default())
        }
        Err(EvalError::WrongValue { .. }) => "wrong value".to_owned(),
    }
}
