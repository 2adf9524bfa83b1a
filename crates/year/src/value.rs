//! What people write into the fields of a matter, held against what the field takes: a canonical text, or why not.

use std::collections::BTreeMap;

use giaouoc_agreement::text::Text;
use giaouoc_worktime::Day;

use crate::sort::{Field, Sort, Type};

/// A line is at most so long, and a text, in characters.
pub const LINE: usize = 300;
/// See [`LINE`].
pub const TEXT: usize = 10_000;

/// What may be named in fields of some types: codes of days of the calendar, of targets, of matters by their sort.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Days of the calendar: id, name.
    pub events: Vec<(String, Text)>,
    /// Targets: id, name.
    pub targets: Vec<(String, Text)>,
    /// Releases: number, name.
    pub releases: Vec<(String, Text)>,
    /// Matters of the unit by sort: code, title.
    pub matters: BTreeMap<String, Vec<(String, String)>>,
}

/// The canonical text of what was written into a field. Blank is blank.
///
/// # Errors
/// What is wrong and what to write, in words.
pub fn check(sort: &Sort, field: &Field, written: &str, known: &Known) -> Result<String, Text> {
    let text = written.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let one_of = |there: bool| {
        if there {
            return Ok(text.to_owned());
        }
        Err(Text::new(
            format!("“{text}” không có trong danh sách. Hãy chọn lại."),
            format!("“{text}” is not in the list. Choose again."),
        ))
    };
    match field.ty {
        Type::Line => {
            let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
            short(line, LINE)
        }
        Type::Text => short(text.to_owned(), TEXT),
        Type::Date => day(text).map(|day| day.to_string()),
        Type::Time => time(text),
        Type::Number => number(text),
        Type::Flag | Type::Code | Type::Choice => {
            one_of(sort.choices(field).iter().any(|one| one.code == text))
        }
        Type::Event => one_of(known.events.iter().any(|(id, _)| id == text)),
        Type::Target => one_of(known.targets.iter().any(|(id, _)| id == text)),
        Type::Release => one_of(known.releases.iter().any(|(number, _)| number == text)),
        Type::Matter => {
            one_of(known.matters.get(&field.of).is_some_and(|all| all.iter().any(|(code, _)| code == text)))
        }
    }
}

fn short(text: String, most: usize) -> Result<String, Text> {
    let long = text.chars().count();
    if long > most {
        return Err(Text::new(
            format!("Dài {long} chữ cái, nhiều nhất {most}. Hãy viết gọn, phần dài để trong tệp đính kèm."),
            format!("{long} characters, at most {most}. Be brief; what is long goes into a file."),
        ));
    }
    if let Some(odd) = text.chars().find(|letter| letter.is_control() && *letter != '\n' && *letter != '\t') {
        return Err(Text::new(
            format!("Có ký tự điều khiển (U+{:04X}). Hãy gõ lại đoạn này.", odd as u32),
            format!("There is a control character (U+{:04X}). Type the passage again.", odd as u32),
        ));
    }
    Ok(text)
}

/// A day as browsers send it or as people write it: `2020-07-15`, `15/07/2020`, `15/7/2020`.
///
/// # Errors
/// In words.
pub fn day(text: &str) -> Result<Day, Text> {
    if let Ok(day) = text.parse::<Day>() {
        return Ok(day);
    }
    let parts: Vec<u32> = text.split(['/', '.', '-']).filter_map(|part| part.trim().parse().ok()).collect();
    let found = match parts.as_slice() {
        [day, month, year] => {
            i32::try_from(*year).ok().and_then(|year| Day::from_ymd(year, *month, *day).ok())
        }
        _ => None,
    };
    found.filter(|day| (1900..2200).contains(&day.year())).ok_or_else(|| {
        Text::new(
            format!("“{text}” không phải một ngày. Hãy ghi ngày/tháng/năm, ví dụ 15/07/2020."),
            format!("“{text}” is no day. Write it as 2020-07-15 or 15/07/2020."),
        )
    })
}

fn time(text: &str) -> Result<String, Text> {
    let parts: Vec<&str> = text.split([':', 'h', 'g']).map(str::trim).collect();
    let read = |part: &str| part.parse::<u32>().ok();
    let found = match parts.as_slice() {
        [hour, ""] => read(hour).map(|hour| (hour, 0)),
        [hour, minute] => read(hour).zip(read(minute)),
        _ => None,
    };
    match found {
        Some((hour, minute)) if hour < 24 && minute < 60 => Ok(format!("{hour:02}:{minute:02}")),
        _ => Err(Text::new(
            format!("“{text}” không phải giờ. Hãy ghi như 08:30."),
            format!("“{text}” is no time of day. Write it as 08:30."),
        )),
    }
}

fn number(text: &str) -> Result<String, Text> {
    // Vietnamese groups thousands by dots, English by commas; a whole number has nothing else.
    let groups: Vec<&str> = text.split(['.', ',', ' ', '\u{a0}']).collect();
    let grouped =
        groups.len() == 1 || groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
    let digits = groups.concat();
    let right = grouped
        && !digits.is_empty()
        && digits.len() <= 9
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse::<u32>() {
        Ok(number) if right => Ok(number.to_string()),
        _ => Err(Text::new(
            format!("“{text}” không phải số nguyên từ 0. Hãy ghi số, ví dụ 64."),
            format!("“{text}” is no whole number from 0. Write it as 64."),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sort::find;

    #[test]
    fn what_people_write_becomes_canonical_or_is_refused_with_the_way_out() {
        let sort = find("dialogue").unwrap();
        let known = Known::default();
        let check = |field: &str, text: &str| check(sort, sort.field(field).unwrap(), text, &known);
        for (field, written, canonical) in [
            ("topic", "  Hộ tịch,\n một cửa ", "Hộ tịch, một cửa"),
            ("conclusions", "a\r\nb", "a\nb"),
            ("planned_on", "15/7/2020", "2020-07-15"),
            ("planned_on", "2020-07-15", "2020-07-15"),
            ("starts", "8h30", "08:30"),
            ("starts", "14h", "14:00"),
            ("attendees", "1.240", "1240"),
            ("attendees", "0", "0"),
            ("form", "online", "online"),
            ("about_procedures", "true", "true"),
            ("topic", "   ", ""),
        ] {
            assert_eq!(check(field, written).as_deref(), Ok(canonical), "{field}: {written}");
        }
        for (field, written) in [
            ("planned_on", "31/02/2020"),
            ("planned_on", "tháng sau"),
            ("planned_on", "15/07/20"),
            ("starts", "25:00"),
            ("starts", "sáng"),
            ("attendees", "12.5"),
            ("attendees", "-1"),
            ("attendees", "9999999999"),
            ("form", "Trực tuyến"),
            ("topic", &"x".repeat(LINE + 1)),
            ("conclusions", "a\u{7}b"),
        ] {
            let why = check(field, written).unwrap_err();
            assert!(!why.vi.is_empty() && !why.en.is_empty(), "{field}: {written}");
        }
    }

    #[test]
    fn what_is_named_must_be_there() {
        let sort = find("task").unwrap();
        let known = Known {
            events: vec![("thu-do".into(), Text::default())],
            targets: vec![("on-time".into(), Text::default())],
            releases: vec![("1".into(), Text::default())],
            matters: BTreeMap::from([("plan".into(), vec![("KH-1".into(), String::new())])]),
        };
        let good = |field: &str, text: &str| check(sort, sort.field(field).unwrap(), text, &known).is_ok();
        let review = find("review").unwrap();
        let release = |text: &str| check(review, review.field("release").unwrap(), text, &known).is_ok();
        assert!(release("1") && !release("2"));
        assert!(good("in_honour_of", "thu-do") && good("target", "on-time") && good("plan", "KH-1"));
        assert!(
            !good("in_honour_of", "x")
                && !good("target", "x")
                && !good("plan", "KH-2")
                && !good("after", "KH-1")
        );
    }
}
