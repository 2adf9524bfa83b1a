//! One cell of a record in its text form (`docs/kinds.md`), as worked examples and CSV files write it.

use giaouoc_worktime::{Day, Instant, Moment, Zone};
use unicode_normalization::UnicodeNormalization;

use crate::kind::{Column, ColumnType, TextForm};
use crate::limit::TimeLimit;
use crate::problem::nearest;
use crate::text::Text;
use crate::toml_read::shown;
use crate::value::{Change, Value};

/// The value of a cell; blank is unknown. Times without an offset are local to `zone`.
///
/// # Errors
/// What is wrong with the text, and what was expected.
pub fn parse(column: &Column, text: &str, zone: &Zone) -> Result<Value, Text> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Value::Unknown);
    }
    match &column.ty {
        ColumnType::Text if column.form == Some(TextForm::Limit) => match TimeLimit::read(text) {
            Ok(limit) => Ok(Value::Text(limit.to_string())),
            Err(reason) => Err(reason.text()),
        },
        ColumnType::Text => Ok(Value::Text(text.nfc().collect())),
        ColumnType::Code(list) => {
            let code: String = text.nfc().collect();
            if list.open || list.codes.iter().any(|known| known.code == code) {
                return Ok(Value::Text(code));
            }
            let known: Vec<&str> = list.codes.iter().map(|known| known.code.as_str()).collect();
            let (near_vi, near_en) = nearest(&code, known.iter().copied())
                .map_or_else(Default::default, |near| {
                    (format!(" Có phải là \"{near}\"?"), format!(" Did you mean \"{near}\"?"))
                });
            let (code, known) = (shown(&code), known.join(", "));
            Err(Text::new(
                format!("\"{code}\" không có trong bảng mã của \"{}\" ({known}).{near_vi}", column.id),
                format!("\"{code}\" is not among the codes of \"{}\" ({known}).{near_en}", column.id),
            ))
        }
        ColumnType::Integer => integer(column, text),
        ColumnType::Flag => match text {
            "true" => Ok(Value::Flag(true)),
            "false" => Ok(Value::Flag(false)),
            _ => Err(expected(text, "true hoặc false", "true or false")),
        },
        ColumnType::Date => match text.parse::<Day>() {
            Ok(day) => Ok(Value::Day(day)),
            Err(error) => Err(Text::new(error.vi(), error.en())),
        },
        ColumnType::Moment => match zone.parse_moment(text) {
            Ok(moment) => Ok(Value::Moment(moment)),
            Err(error) => Err(Text::new(error.vi(), error.en())),
        },
        ColumnType::Intervals => intervals(text, zone),
        ColumnType::Changes => changes(text, zone),
    }
}

fn expected(text: &str, vi: &str, en: &str) -> Text {
    let text = shown(text);
    Text::new(format!("\"{text}\" không phải {vi}."), format!("\"{text}\" is not {en}."))
}

fn integer(column: &Column, text: &str) -> Result<Value, Text> {
    let number: i64 =
        text.parse().map_err(|_| expected(text, "một số nguyên, ví dụ 1234", "an integer such as 1234"))?;
    let too_small = column.min.filter(|min| number < *min);
    let too_large = column.max.filter(|max| number > *max);
    match (too_small, too_large) {
        (Some(min), _) => Err(Text::new(
            format!("{number} nhỏ hơn mức ít nhất {min}."),
            format!("{number} is less than the least, {min}."),
        )),
        (_, Some(max)) => Err(Text::new(
            format!("{number} lớn hơn mức nhiều nhất {max}."),
            format!("{number} is more than the most, {max}."),
        )),
        _ => Ok(Value::Integer(number)),
    }
}

/// An instant: a bare date does not say when.
fn instant(text: &str, zone: &Zone) -> Result<Instant, Text> {
    match zone.parse_moment(text.trim()) {
        Ok(Moment::Instant(instant)) => Ok(instant),
        Ok(Moment::Day(day)) => Err(Text::new(
            format!("Ở đây cần cả giờ, ví dụ {day}T08:00."),
            format!("A time is needed here too, such as {day}T08:00."),
        )),
        Err(error) => Err(Text::new(error.vi(), error.en())),
    }
}

/// `FROM/TO; FROM/TO`, a missing TO is open.
fn intervals(text: &str, zone: &Zone) -> Result<Value, Text> {
    let mut list = Vec::new();
    for piece in text.split(';').map(str::trim).filter(|piece| !piece.is_empty()) {
        let Some((from, to)) = piece.split_once('/') else {
            return Err(expected(
                piece,
                "một khoảng, ví dụ 2020-03-05T08:00/2020-03-06T09:30",
                "an interval such as 2020-03-05T08:00/2020-03-06T09:30",
            ));
        };
        let from = instant(from, zone)?;
        let to = if to.trim().is_empty() { None } else { Some(instant(to, zone)?) };
        if to.is_some_and(|to| to < from) {
            return Err(Text::new(
                format!("Khoảng \"{}\" kết thúc trước khi bắt đầu.", shown(piece)),
                format!("The interval \"{}\" ends before it begins.", shown(piece)),
            ));
        }
        list.push((from, to));
    }
    Ok(Value::Intervals(list))
}

/// `AT -> NEW (why); …`.
fn changes(text: &str, zone: &Zone) -> Result<Value, Text> {
    let bad = |piece: &str| {
        expected(
            piece,
            "một lần đổi hạn, ví dụ 2020-03-05T08:00 -> 2020-03-09T17:00 (chờ ý kiến)",
            "a change such as 2020-03-05T08:00 -> 2020-03-09T17:00 (waiting for an opinion)",
        )
    };
    let mut list = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (at, tail) = rest.split_once("->").ok_or_else(|| bad(rest))?;
        let end = tail.find(['(', ';']).unwrap_or(tail.len());
        let (new, tail) = tail.split_at(end);
        let (why, tail) = match tail.strip_prefix('(') {
            Some(why) => reason(why).ok_or_else(|| bad(rest))?,
            None => (String::new(), tail),
        };
        let change =
            Change { at: instant(at, zone)?, new: instant(new, zone)?, why: why.trim().nfc().collect() };
        list.push(change);
        rest = match tail.trim_start() {
            "" => "",
            tail => tail.strip_prefix(';').ok_or_else(|| bad(rest))?.trim(),
        };
    }
    Ok(Value::Changes(list))
}

/// A reason up to its closing bracket, and what comes after; `\)` and `\\` stand for a bracket and a backslash.
fn reason(text: &str) -> Option<(String, &str)> {
    let mut why = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            ')' => return Some((why, text.get(at + 1..)?)),
            '\\' => why.push(chars.next()?.1),
            _ => why.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::kinds;

    fn dossier(column: &str, text: &str) -> Result<Value, Text> {
        let kind = kinds::find("dossier").unwrap();
        parse(&kind.columns[kind.column(column).unwrap()], text, &Zone::get("Asia/Ho_Chi_Minh").unwrap())
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn every_type_has_its_text_form() {
        let day: Day = "2020-03-05".parse().unwrap();
        assert_eq!(dossier("field", " Đất đai "), Ok(Value::Text("Đất đai".into())));
        assert_eq!(dossier("outcome", "granted"), Ok(Value::Text("granted".into())));
        assert_eq!(dossier("time_limit_days", "15"), Ok(Value::Integer(15)));
        assert_eq!(dossier("time_limit", "03 ngày làm việc"), Ok(Value::Text("3 working days".into())));
        assert_eq!(dossier("received_at", "2020-03-05"), Ok(Value::Moment(Moment::Day(day))));
        assert_eq!(
            dossier("received_at", "2020-03-05T16:00"),
            Ok(Value::Moment(Moment::Instant(at("2020-03-05T09:00:00Z"))))
        );
        assert_eq!(
            dossier("pauses", "2020-03-05T08:00/2020-03-06T08:00; 2020-03-09T08:00/"),
            Ok(Value::Intervals(vec![
                (at("2020-03-05T01:00:00Z"), Some(at("2020-03-06T01:00:00Z"))),
                (at("2020-03-09T01:00:00Z"), None),
            ]))
        );
        assert_eq!(
            dossier(
                "due_changes",
                "2020-03-05T08:00 -> 2020-03-09T17:00 (chờ (1\\); 2 ý); 2020-03-09T08:00->2020-03-10T17:00"
            ),
            Ok(Value::Changes(vec![
                Change {
                    at: at("2020-03-05T01:00:00Z"),
                    new: at("2020-03-09T10:00:00Z"),
                    why: "chờ (1); 2 ý".into()
                },
                Change {
                    at: at("2020-03-09T01:00:00Z"),
                    new: at("2020-03-10T10:00:00Z"),
                    why: String::new()
                },
            ]))
        );
        assert_eq!(dossier("outcome", "  "), Ok(Value::Unknown));
    }

    /// A pause that ends when it begins stands in exports; it holds no time.
    #[test]
    fn an_interval_may_be_empty() {
        let eight = at("2020-03-05T01:00:00Z");
        assert_eq!(
            dossier("pauses", "2020-03-05T08:00/2020-03-05T08:00"),
            Ok(Value::Intervals(vec![(eight, Some(eight))]))
        );
    }

    #[test]
    fn the_least_and_the_most_belong_to_the_column() {
        for number in [0, 1, 5_270_399, 5_270_400] {
            assert_eq!(dossier("paused_minutes", &number.to_string()), Ok(Value::Integer(number)));
        }
        let wrong = |text| dossier("paused_minutes", text).unwrap_err();
        assert_eq!(wrong("-1").en, "-1 is less than the least, 0.");
        assert_eq!(wrong("5270401").en, "5270401 is more than the most, 5270400.");
        assert_eq!(wrong("5270401").vi, "5270401 lớn hơn mức nhiều nhất 5270400.");
    }

    #[test]
    fn what_does_not_fit_says_what_would() {
        let en = |column, text| dossier(column, text).unwrap_err().en;
        assert!(en("outcome", "grantd").contains("Did you mean \"granted\"?"));
        assert!(en("time_limit_days", "3,5").contains("not an integer"));
        assert!(en("time_limit", "15").contains("bare number"));
        assert!(en("time_limit_days", "-1").contains("less than the least, 0"));
        assert!(en("received_at", "31/02/2020").contains("31/02/2020"));
        assert!(en("pauses", "2020-03-05/2020-03-06").contains("2020-03-05T08:00"));
        assert!(en("pauses", "2020-03-06T08:00/2020-03-05T08:00").contains("ends before"));
        assert!(en("due_changes", "2020-03-05T08:00").contains("a change such as"));
        assert!(en("due_changes", "2020-03-05T08:00 -> 2020-03-09T17:00 (x) y").contains("a change such as"));
    }

    proptest! {
        #[test]
        fn any_text_in_any_column_is_a_value_or_an_error(text in ".{0,40}", dates in "[0-9T:/; >()-]{0,60}") {
            let zone = Zone::get("Asia/Ho_Chi_Minh").unwrap();
            for kind in kinds::builtin() {
                for column in &kind.columns {
                    let _ = parse(column, &text, &zone);
                    let _ = parse(column, &dates, &zone);
                }
            }
        }
    }
}
