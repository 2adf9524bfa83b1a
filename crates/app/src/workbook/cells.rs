//! Values of records as cells that are read back as the same values.

use giaouoc_agreement::kind::{Code, CodeList, Column, ColumnType};
use giaouoc_agreement::text::Lang;
use giaouoc_agreement::value::{Change, Value};
use giaouoc_intake::fold;
use giaouoc_worktime::time::{Day, Instant, MICROS_PER_DAY, MICROS_PER_SECOND, Moment};
use giaouoc_worktime::zone::Zone;

/// A typed cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Nothing: unknown.
    Blank,
    /// Words.
    Text(String),
    /// A whole number that a workbook can hold exactly.
    Integer(i64),
    /// A day.
    Day(Day),
    /// A day and the microseconds since its midnight, on the clocks of the zone.
    Local(Day, i64),
}

/// Days that every spreadsheet takes for days, whatever its epoch.
const FIRST: &str = "1950-01-01";
/// The last of them.
const LAST: &str = "2100-12-31";
/// Integers up to here are exact in a workbook, whose numbers are floating.
const EXACT: i64 = 1 << 53;

/// The cell of a value.
pub(super) fn cell(column: &Column, value: &Value, zone: &Zone, lang: Lang) -> Cell {
    match value {
        Value::Unknown | Value::Duration(_) => Cell::Blank,
        Value::Flag(flag) => Cell::Text(flag_word(*flag, lang).to_owned()),
        Value::Integer(number) if number.abs() < EXACT => Cell::Integer(*number),
        Value::Integer(number) => Cell::Text(number.to_string()),
        Value::Text(text) => match &column.ty {
            ColumnType::Code(list) => Cell::Text(code_word(list, text, lang)),
            _ => Cell::Text(text.clone()),
        },
        Value::Day(day) => day_cell(*day),
        Value::Moment(Moment::Day(day)) => day_cell(*day),
        Value::Moment(Moment::Instant(at)) => instant_cell(*at, zone),
        Value::Intervals(list) => {
            let one = |(from, to): &(Instant, Option<Instant>)| {
                format!("{from}/{}", to.map(|to| to.to_string()).unwrap_or_default())
            };
            Cell::Text(list.iter().map(one).collect::<Vec<_>>().join("; "))
        }
        Value::Changes(list) => Cell::Text(list.iter().map(change).collect::<Vec<_>>().join("; ")),
    }
}

fn change(change: &Change) -> String {
    let mut text = format!("{} -> {}", change.at, change.new);
    if !change.why.is_empty() {
        let why = change.why.replace('\\', "\\\\").replace(')', "\\)");
        text.push_str(&format!(" ({why})"));
    }
    text
}

fn common(day: Day) -> bool {
    let within = |bound: &str| bound.parse::<Day>().ok();
    within(FIRST).is_some_and(|first| first <= day) && within(LAST).is_some_and(|last| day <= last)
}

fn day_cell(day: Day) -> Cell {
    if common(day) { Cell::Day(day) } else { Cell::Text(day.to_string()) }
}

/// An instant as people read it. Midnight would be read as a bare day, and what a workbook cannot hold to the second, or
/// clocks show twice, is written out.
fn instant_cell(at: Instant, zone: &Zone) -> Cell {
    let (day, seconds) = (zone.day_of(at), zone.local_time_of_day(at));
    let exact = zone.instant_of(day, seconds) == at;
    if exact && seconds > 0 && common(day) {
        Cell::Local(day, i64::from(seconds) * MICROS_PER_SECOND)
    } else {
        Cell::Text(at.to_string())
    }
}

/// A day and a time as the number that a workbook keeps: days since its epoch.
#[expect(
    clippy::float_arithmetic,
    reason = "workbooks keep times so; reading rounds to the millisecond, which a double holds"
)]
pub(super) fn serial(day: Day, micros: i64) -> f64 {
    const EPOCH: i32 = 25_569;
    f64::from(day.0 + EPOCH) + micros as f64 / MICROS_PER_DAY as f64
}

/// Yes and no.
pub(super) fn flag_word(flag: bool, lang: Lang) -> &'static str {
    match (lang, flag) {
        (Lang::Vi, true) => "có",
        (Lang::Vi, false) => "không",
        (Lang::En, true) => "yes",
        (Lang::En, false) => "no",
    }
}

/// The word for a code: its name where that means no other code, else the code itself; what is not in the list stays.
pub(super) fn code_word(list: &CodeList, code: &str, lang: Lang) -> String {
    let Some(found) = list.codes.iter().find(|one| one.code == code) else { return code.to_owned() };
    let name = found.name.get(lang);
    let key = fold(name);
    let means = |one: &Code| {
        let names = [&one.code, &one.name.vi, &one.name.en];
        names.into_iter().chain(&one.seen).any(|name| fold(name) == key)
    };
    // A text that is written exactly like another code is that code.
    let other = |one: &Code| one.code != code && means(one);
    if key.is_empty() || list.codes.iter().any(other) { code.to_owned() } else { name.to_owned() }
}

/// The words of a list, in its order.
pub(super) fn code_words(list: &CodeList, lang: Lang) -> Vec<String> {
    list.codes.iter().map(|one| code_word(list, &one.code, lang)).collect()
}
