//! One cell of an OpenDocument table.

use std::collections::HashMap;

use giaouoc_worktime::time::{Day, MICROS_PER_SECOND};
use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;

use crate::decode::row::{Font, UNCALCULATED};
use crate::decode::xml::word;
use crate::decode::{Cell, Row};

/// A cell as its element describes it.
#[derive(Default)]
pub(super) struct Described {
    pub(super) kind: String,
    pub(super) value: Option<String>,
    pub(super) formula: bool,
    pub(super) is_error: bool,
    pub(super) font: Option<Font>,
    pub(super) repeated: usize,
}

/// How often something is repeated; at least once, and never more than a sheet is long.
pub(super) fn repeated(element: &BytesStart<'_>, name: &str) -> usize {
    word(element, name).and_then(|times| times.parse::<usize>().ok()).unwrap_or(1).clamp(1, 1 << 21)
}

/// Reads what an element says of its cell.
pub(super) fn describe(element: &BytesStart<'_>, fonts: &HashMap<String, Font>) -> Described {
    let mut described =
        Described { repeated: repeated(element, "number-columns-repeated"), ..Described::default() };
    for attribute in element.attributes().with_checks(false).flatten() {
        let value = || attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(|v| v.into_owned());
        match attribute.key.as_ref() {
            "office:value-type" => described.kind = value().unwrap_or_default(),
            "office:value" | "office:date-value" | "office:boolean-value" | "office:string-value" => {
                described.value = value();
            }
            "calcext:value-type" => described.is_error = attribute.value == "error",
            "table:formula" => described.formula = true,
            "table:style-name" if !fonts.is_empty() => {
                described.font = value().and_then(|style| fonts.get(&style).copied());
            }
            _ => {}
        }
    }
    described
}

/// A described cell as the first of a row.
pub(super) fn put(row: &mut Row, described: &Described, text: &str) {
    let value = described.value.as_deref();
    if described.is_error {
        return row.set(0, Cell::Fault(if text.is_empty() { "#N/A" } else { text }));
    }
    let cell = match (described.kind.as_str(), value) {
        ("float" | "percentage" | "currency", Some(number)) => return put_number(row, number),
        ("date", Some(date)) => put_date(date).unwrap_or(Cell::Text(text)),
        ("boolean", Some(flag)) => Cell::Flag(flag.eq_ignore_ascii_case("true")),
        ("string", Some(value)) if text.is_empty() => Cell::Text(value),
        // A formula of text may come to nothing; one of no kind has never been computed.
        ("", _) if described.formula && text.is_empty() => Cell::Fault(UNCALCULATED),
        _ => Cell::Text(text),
    };
    row.set(0, cell);
}

/// A number in its shortest notation; what is written out exactly stays so.
fn put_number(row: &mut Row, number: &str) {
    let plain = number.strip_prefix('-').unwrap_or(number);
    let digits = plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if digits && plain.len() < 16 && plain.bytes().filter(|byte| *byte == b'.').count() < 2 {
        return row.set(0, Cell::Number(number));
    }
    match number.parse::<f64>() {
        Ok(number) => row.set_float(0, number),
        Err(_) => row.set(0, Cell::Fault("NaN")),
    }
}

/// `2020-03-05` or `2020-03-05T16:00:00.5`.
fn put_date(text: &str) -> Option<Cell<'static>> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let day: Day = date.parse().ok()?;
    let Some(time) = time else { return Some(Cell::Day(day)) };
    let (clock, fraction) = time.split_once(['.', ',']).unwrap_or((time, ""));
    let parts: Vec<i64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let &[hour @ 0..24, minute @ 0..60, second @ 0..60] = parts.as_slice() else { return None };
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let micros = (hour * 3600 + minute * 60 + second) * MICROS_PER_SECOND + digits.parse::<i64>().ok()?;
    Some(if micros == 0 { Cell::Day(day) } else { Cell::Local(day, micros) })
}
