#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

use giaouoc_agreement::kind::{Code, CodeList};
use giaouoc_agreement::text::Text;
use giaouoc_worktime::time::MICROS_PER_DAY;
use proptest::prelude::*;

use super::*;
use crate::decode::nested;
use crate::map::DateFormat;

fn column(id: &str, ty: ColumnType) -> Column {
    Column {
        id: id.to_owned(),
        ty,
        label: Text::default(),
        meaning: Text::default(),
        required: false,
        personal: false,
        hangs_on: None,
        aliases: Vec::new(),
        min: Some(0),
        max: Some(10_000_000),
        form: None,
        working_days_of: None,
    }
}

fn kind(ty: ColumnType) -> Kind {
    Kind {
        id: "test".to_owned(),
        name: Text::default(),
        meaning: Text::default(),
        key: 0,
        unit: 1,
        date: 2,
        closes: None,
        standing: false,
        source: String::new(),
        columns: vec![column("key", ColumnType::Text), column("unit", ColumnType::Text), column("it", ty)],
        digest: String::new(),
    }
}

fn codes(open: bool) -> ColumnType {
    let online = Code {
        code: "online".to_owned(),
        name: Text::new("Trực tuyến", "Online"),
        seen: vec!["2".to_owned()],
        from: None,
        to: None,
    };
    ColumnType::Code(CodeList { open, codes: vec![online] })
}

/// A cell as `cells.tsv` writes it.
fn put(row: &mut Row, at: usize, written: &str) {
    let local = |text: &str| {
        let at = Zone::utc().parse_moment(text).unwrap();
        let Moment::Instant(at) = at else { panic!("{text}") };
        (Zone::utc().day_of(at), at.0.rem_euclid(MICROS_PER_DAY))
    };
    match written.split_once(':') {
        Some(("num", text)) => row.set(at, Cell::Number(text)),
        Some(("day", text)) => row.set(at, Cell::Day(text.parse().unwrap())),
        Some(("local", text)) => row.set(at, Cell::Local(local(text).0, local(text).1)),
        Some(("at", text)) => row.set(at, Cell::Instant(text.parse().unwrap())),
        Some(("flag", text)) => row.set(at, Cell::Flag(text == "true")),
        Some(("fault", text)) => row.set(at, Cell::Fault(text)),
        _ => row.set(at, Cell::Text(written)),
    }
}

fn shown(value: &Checked<'_>) -> String {
    match value {
        Checked::Unknown => "unknown".to_owned(),
        Checked::Flag(flag) => flag.to_string(),
        Checked::Integer(number) => number.to_string(),
        Checked::Text(text) => text.to_string(),
        Checked::Code(code) => code.to_string(),
        Checked::Day(day) => day.to_string(),
        Checked::Moment(moment) => moment.to_string(),
        Checked::Intervals(list) => {
            let mut text = String::new();
            for (from, to) in list {
                nested::interval(
                    &mut text,
                    &from.to_string(),
                    &to.map(|to| to.to_string()).unwrap_or_default(),
                );
            }
            text
        }
        Checked::Changes(list) => {
            let mut text = String::new();
            for change in list {
                nested::change(&mut text, &change.at.to_string(), &change.new.to_string(), &change.why);
            }
            text
        }
    }
}

/// What becomes of one cell: its value, `!reason`, or `!!month-first`.
fn checked(ty: &str, format: DateFormat, written: &str) -> String {
    let kind = kind(match ty {
        "moment" => ColumnType::Moment,
        "date" => ColumnType::Date,
        "integer" => ColumnType::Integer,
        "flag" => ColumnType::Flag,
        "code" => codes(false),
        "open" => codes(true),
        "intervals" => ColumnType::Intervals,
        "changes" => ColumnType::Changes,
        _ => ColumnType::Text,
    });
    let mapping = Mapping { columns: vec![(2, Rule { format, ..Rule::default() })], ..Mapping::default() };
    let binding = Binding {
        bound: (0..3).map(|at| Bound { column: at, sources: vec![at], derived: None }).collect(),
        names: vec!["key".to_owned(), "unit".to_owned(), "it".to_owned()],
        ..Binding::default()
    };
    let zone = Zone::get("Asia/Ho_Chi_Minh").unwrap();
    let units = Units::any();
    let context = Context {
        kind: &kind,
        mapping: &mapping,
        units: &units,
        zone: &zone,
        serials: true,
        since_1904: false,
        numbers: Notations::default(),
    };
    let mut checker = Checker::new(context, &binding).unwrap();
    let mut row = Row::default();
    row.clear(7);
    let wanted = if ty == "key" { 0 } else { 2 };
    put(&mut row, 0, "K");
    put(&mut row, 1, "U");
    put(&mut row, wanted, written);
    match checker.row(&row) {
        Ok(Outcome::Good(values)) => shown(&values[wanted]),
        Ok(Outcome::Bad(bad)) => {
            assert_eq!(bad.len(), 1);
            assert!(!bad[0].reason.text.vi.is_empty() && !bad[0].reason.text.en.is_empty());
            format!("!{}", bad[0].reason.code)
        }
        Err(FileError::AmbiguousDates { row: 7, .. }) => "!!month-first".to_owned(),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn the_table_of_cells() {
    let mut lines = 0;
    for (number, line) in
        include_str!("cells.tsv").lines().enumerate().filter(|(_, line)| !line.starts_with('#'))
    {
        let [ty, format, cell, expected] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line:?}")
        };
        let format = DateFormat::NAMES.iter().find(|(name, _)| *name == format).map(|(_, f)| *f);
        let found = checked(ty, format.unwrap_or_default(), cell);
        assert_eq!(found, expected, "line {}: {line:?}", number + 1);
        lines += 1;
    }
    assert!(lines > 100);
}

proptest! {
    #[test]
    fn any_text_is_a_value_or_a_reason(ty in "moment|date|integer|flag|code|open|intervals|changes|text|key", text in "\\PC{0,30}") {
        checked(&ty, DateFormat::Found, &text);
    }

    #[test]
    fn whatever_looks_like_a_date_is_read_or_refused(text in "[0-9]{1,5}[-/. ][0-9]{1,5}[-/. ][0-9]{1,5}[ T]?[0-9:hZ+.]{0,12}") {
        let found = checked("moment", DateFormat::Found, &text);
        // Never a day that the text does not hold.
        if let Some(year) = found.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit())) {
            prop_assert!(text.contains(year) || found.contains("-12-31T") || found.contains("-01-01T"), "{text} gave {found}");
        }
    }

    #[test]
    fn every_day_is_read_back_from_every_notation(days in -25_567_i32..84_371) {
        let day = Day::checked(days).unwrap();
        let (y, m, d) = day.ymd();
        for text in [day.to_string(), day.dmy(), format!("{d}-{m}-{y}"), format!("{y:04}{m:02}{d:02}")] {
            let found = checked("date", DateFormat::Found, &text);
            prop_assert_eq!(found, day.to_string());
        }
        let found = checked("date", DateFormat::MonthFirst, &format!("{m}/{d}/{y}"));
        prop_assert_eq!(found, day.to_string());
    }
}
