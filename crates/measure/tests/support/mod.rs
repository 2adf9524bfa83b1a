//! Records as Arrow batches, and the reference: the row evaluator over the same records.
#![allow(dead_code, reason = "each test file uses its part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

pub mod world;

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Int8Array, Int16Array, Int32Array, Int64Array, ListArray,
    RecordBatch, StringArray, StructArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray, UInt64Array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema};
use giaouoc_agreement::ask::{Answer, Ask, Cell, Cells};
use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::lang::{Context, EvalError, run};
use giaouoc_agreement::period::Period;
use giaouoc_agreement::value::Value;
use giaouoc_worktime::{CalendarChoice, CalendarSet, Day, Instant, Moment};

/// Choices from a seed, the same on every machine.
pub fn chooser(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |n| {
        // splitmix64 (Steele, Lea, Flood 2014).
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n.max(1)
    }
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// The country's calendar, with other hours for unit `b` and a day off of its own for `it's`.
pub fn calendars() -> CalendarSet {
    static SET: std::sync::OnceLock<CalendarSet> = std::sync::OnceLock::new();
    SET.get_or_init(|| {
        CalendarChoice::parse(
            r#"
            [[local.hours]]
            units  = ["b"]
            days   = ["mon", "tue", "wed", "thu", "fri", "sat"]
            spans  = ["08:00-12:00"]
            source = "test"
            [[local.exception]]
            units  = ["it's"]
            date   = 2020-12-31
            until  = 2021-01-12
            worked = false
            reason = { vi = "thử", en = "test" }
            source = "test"
            "#,
        )
        .unwrap()
        .resolve()
        .unwrap()
    })
    .clone()
}

/// Columns of records in one of the forms in which they may come: `choose` picks.
pub fn batch(kind: &Kind, rows: &[Vec<Value>], choose: &mut dyn FnMut(u64) -> u64) -> RecordBatch {
    let mut fields = vec![Field::new("stranger", DataType::Int64, true)];
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(vec![7; rows.len()]))];
    for (at, column) in kind.columns.iter().enumerate() {
        let values: Vec<&Value> = rows.iter().map(|row| &row[at]).collect();
        // A column without any value need not be there.
        if values.iter().all(|value| **value == Value::Unknown) && choose(2) == 0 {
            continue;
        }
        for (name, array) in arrays_of(&column.id, &column.ty, &values, choose) {
            fields.push(Field::new(name, array.data_type().clone(), true));
            arrays.push(array);
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn arrays_of(
    id: &str,
    ty: &ColumnType,
    values: &[&Value],
    choose: &mut dyn FnMut(u64) -> u64,
) -> Vec<(String, ArrayRef)> {
    let one = |array: ArrayRef| vec![(id.to_owned(), array)];
    match ty {
        ColumnType::Text | ColumnType::Code(_) => {
            let texts = values.iter().map(|value| match value {
                Value::Text(text) => Some(text.as_str()),
                _ => None,
            });
            let array: ArrayRef = Arc::new(texts.collect::<StringArray>());
            let list = |key| DataType::Dictionary(Box::new(key), Box::new(DataType::Utf8));
            let form = match choose(6) {
                0 => DataType::Utf8,
                1 => DataType::LargeUtf8,
                2 => DataType::Utf8View,
                3 => list(DataType::Int8),
                4 => list(DataType::UInt32),
                _ => list(DataType::Int32),
            };
            one(cast(&array, &form).unwrap())
        }
        ColumnType::Integer => {
            let numbers: Vec<Option<i64>> = values
                .iter()
                .map(|value| if let Value::Integer(integer) = value { Some(*integer) } else { None })
                .collect();
            let within = |least: i64, most: i64| numbers.iter().flatten().all(|n| (least..=most).contains(n));
            one(match choose(5) {
                0 if within(-128, 127) => {
                    Arc::new(numbers.iter().map(|n| n.map(|n| n as i8)).collect::<Int8Array>())
                }
                1 if within(-32_768, 32_767) => {
                    Arc::new(numbers.iter().map(|n| n.map(|n| n as i16)).collect::<Int16Array>())
                }
                2 if within(-(1 << 31), (1 << 31) - 1) => {
                    Arc::new(numbers.iter().map(|n| n.map(|n| n as i32)).collect::<Int32Array>())
                }
                3 if within(0, i64::MAX) => {
                    Arc::new(numbers.iter().map(|n| n.map(|n| n as u64)).collect::<UInt64Array>())
                }
                _ => Arc::new(numbers.into_iter().collect::<Int64Array>()),
            })
        }
        ColumnType::Flag => {
            let flags =
                values.iter().map(|value| if let Value::Flag(flag) = value { Some(*flag) } else { None });
            one(Arc::new(flags.collect::<BooleanArray>()))
        }
        ColumnType::Date => {
            let days =
                values.iter().map(|value| if let Value::Day(day) = value { Some(day.0) } else { None });
            one(Arc::new(days.collect::<Date32Array>()))
        }
        ColumnType::Moment => {
            let at: Vec<Option<i64>> = values
                .iter()
                .map(|value| if let Value::Moment(Moment::Instant(at)) = value { Some(at.0) } else { None })
                .collect();
            let days: Vec<Option<i32>> = values
                .iter()
                .map(|value| if let Value::Moment(Moment::Day(day)) = value { Some(day.0) } else { None })
                .collect();
            let bare: ArrayRef = Arc::new(days.iter().copied().collect::<Date32Array>());
            if at.iter().all(Option::is_none) && choose(2) == 0 {
                return one(bare);
            }
            let mut arrays = one(instants(&at, choose(4)));
            if days.iter().any(Option::is_some) || choose(4) == 0 {
                arrays.push((format!("{id}.day"), bare));
            }
            arrays
        }
        ColumnType::Intervals => {
            let lists: Vec<Option<Vec<[Option<i64>; 2]>>> = values
                .iter()
                .map(|value| match value {
                    Value::Intervals(list) => {
                        Some(list.iter().map(|(from, to)| [Some(from.0), to.map(|to| to.0)]).collect())
                    }
                    _ => None,
                })
                .collect();
            one(list_of(["from", "to"], &lists))
        }
        ColumnType::Changes => {
            let lists: Vec<Option<Vec<[Option<i64>; 2]>>> = values
                .iter()
                .map(|value| match value {
                    Value::Changes(list) => {
                        Some(list.iter().map(|change| [Some(change.at.0), Some(change.new.0)]).collect())
                    }
                    _ => None,
                })
                .collect();
            one(list_of(["at", "new"], &lists))
        }
    }
}

/// Instants as timestamps, in a coarser or finer unit where that loses nothing.
fn instants(at: &[Option<i64>], form: u64) -> ArrayRef {
    let whole = |unit: i64| at.iter().flatten().all(|at| at % unit == 0);
    let near = at.iter().flatten().all(|at| at.checked_mul(1_000).is_some());
    match form {
        0 if whole(1_000_000) => Arc::new(
            at.iter()
                .map(|at| at.map(|at| at / 1_000_000))
                .collect::<TimestampSecondArray>()
                .with_timezone("UTC"),
        ),
        1 if whole(1_000) => Arc::new(
            at.iter()
                .map(|at| at.map(|at| at / 1_000))
                .collect::<TimestampMillisecondArray>()
                .with_timezone("+00:00"),
        ),
        // Within the microsecond: read down to it, before 1970 too.
        2 if near => Arc::new(
            at.iter()
                .map(|at| at.map(|at| at * 1_000 + 999))
                .collect::<TimestampNanosecondArray>()
                .with_timezone("Asia/Ho_Chi_Minh"),
        ),
        _ => Arc::new(at.iter().copied().collect::<TimestampMicrosecondArray>().with_timezone("UTC")),
    }
}

fn list_of(names: [&str; 2], lists: &[Option<Vec<[Option<i64>; 2]>>]) -> ArrayRef {
    let items: Vec<[Option<i64>; 2]> = lists.iter().flatten().flatten().copied().collect();
    let field = |at: usize| -> (Arc<Field>, ArrayRef) {
        let array =
            items.iter().map(|item| item[at]).collect::<TimestampMicrosecondArray>().with_timezone("UTC");
        (Arc::new(Field::new(names[at], array.data_type().clone(), true)), Arc::new(array))
    };
    let items = StructArray::from(vec![field(0), field(1)]);
    let lengths = lists.iter().map(|list| list.as_ref().map_or(0, Vec::len));
    let nulls = NullBuffer::from(lists.iter().map(Option::is_some).collect::<Vec<_>>());
    let item = Arc::new(Field::new("item", items.data_type().clone(), true));
    Arc::new(ListArray::new(item, OffsetBuffer::from_lengths(lengths), Arc::new(items), Some(nulls)))
}

/// The answer that the row evaluator gives.
pub fn reference(
    kind: &Kind,
    ask: &Ask,
    units: &[String],
    calendars: &CalendarSet,
    rows: &[Vec<Value>],
) -> Result<Answer, EvalError> {
    let unit_of = |row: &Vec<Value>| match &row[kind.unit] {
        Value::Text(unit) => units.iter().position(|known| known == unit),
        _ => None,
    };
    let parts = ask.by.map_or_else(Vec::new, |by| ask.period.parts(by));
    let of = |members: &[usize]| -> Result<Cells, EvalError> {
        let cell = |period: &Period| -> Result<Cell, EvalError> {
            let mut reading = giaouoc_agreement::lang::Run::new(&ask.rule);
            for row in rows {
                if let Some(unit) = unit_of(row).filter(|unit| members.contains(unit)) {
                    let calendar = calendars.unit(&units[unit]);
                    let context = Context { kind, period, as_of: ask.as_of, calendar };
                    reading.add(row.as_slice(), &context)?;
                }
            }
            let spread = if ask.spread { reading.spread() } else { Vec::new() };
            Ok(Cell { spread, ..reading.finish() })
        };
        Ok(Cells { whole: cell(&ask.period)?, parts: parts.iter().map(cell).collect::<Result<_, _>>()? })
    };
    let everybody: Vec<usize> = (0..units.len()).collect();
    Ok(Answer {
        units: everybody.iter().map(|unit| of(&[*unit])).collect::<Result<_, _>>()?,
        all: of(&everybody)?,
        outside: rows.iter().filter(|row| unit_of(row).is_none()).count() as i64,
        parts,
    })
}

/// The figure of a rule over all rows by the evaluator alone.
pub fn figure(kind: &Kind, ask: &Ask, rows: &[Vec<Value>]) -> Result<Cell, EvalError> {
    let calendar = calendars().default;
    let context = Context { kind, period: &ask.period, as_of: ask.as_of, calendar: &calendar };
    run(&ask.rule, rows.iter().map(Vec::as_slice), &context)
}

pub fn instant(text: &str) -> Value {
    Value::Moment(Moment::Instant(text.parse::<Instant>().unwrap()))
}

/// The first cell in which two lists of answers differ.
pub fn difference(found: &[Answer], expected: &[Answer]) -> Option<String> {
    let cells = |answer: &Answer| -> Vec<(String, Cell)> {
        let units = answer.units.iter().enumerate().map(|(at, cells)| (format!("unit {at}"), cells));
        units
            .chain([("all units".to_owned(), &answer.all)])
            .flat_map(|(who, cells)| {
                let whole = (format!("{who}, whole"), cells.whole.clone());
                let parts = cells
                    .parts
                    .iter()
                    .enumerate()
                    .map(move |(at, cell)| (format!("{who}, part {at}"), cell.clone()));
                std::iter::once(whole).chain(parts).collect::<Vec<_>>()
            })
            .collect()
    };
    for (ask, (found, expected)) in found.iter().zip(expected).enumerate() {
        if (found.outside, &found.parts) != (expected.outside, &expected.parts) {
            return Some(format!("ask {ask}: outside {} for {}", found.outside, expected.outside));
        }
        let (a, b) = (cells(found), cells(expected));
        if a.len() != b.len() {
            return Some(format!("ask {ask}: {} cells for {}", a.len(), b.len()));
        }
        for ((place, a), (_, b)) in a.iter().zip(&b) {
            if a != b {
                return Some(format!("ask {ask}, {place}:\n  program   {a:?}\n  evaluator {b:?}"));
            }
        }
    }
    (found.len() != expected.len()).then(|| "answers are missing".to_owned())
}
