//! Dates and times as people and programs write them in Việt Nam. Nothing is guessed: what may be two days is
//! refused, and a bad date is never "now".

use giaouoc_worktime::CalendarError;
use giaouoc_worktime::time::{Day, Instant, MICROS_PER_DAY, MICROS_PER_SECOND, Moment};
use giaouoc_worktime::zone::Zone;

use super::{iso, spoken};
use crate::map::DateFormat;
use crate::reason::Reason;

/// Why a date was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DateFault {
    /// The cell is rejected.
    Reason(Reason),
    /// Only possible with the month first, in a column where nobody has said so.
    MonthFirst,
}

impl From<Reason> for DateFault {
    fn from(reason: Reason) -> Self {
        Self::Reason(reason)
    }
}

/// Reads a date, or a date with a time. A time without an offset is of the zone.
pub(crate) fn moment(text: &str, format: DateFormat, zone: &Zone) -> Result<Moment, DateFault> {
    // A year of four digits that comes first is the year in every format.
    iso::moment(text, zone).map_or_else(|| any_form(text, format, zone), Ok)
}

/// As [`moment`], looking at every form.
pub(super) fn any_form(text: &str, format: DateFormat, zone: &Zone) -> Result<Moment, DateFault> {
    let Some(spoken) = spoken::plain(text)? else { return Ok(plain(text, format, zone)?.1) };
    let (day, moment) = plain(&spoken.text, format, zone)?;
    match spoken.weekday {
        Some(weekday) if weekday != day.weekday() => {
            Err(Reason::weekday_differs(day.weekday().vi(), day.weekday().en()).into())
        }
        _ => Ok(moment),
    }
}

/// A date without words, and the day that it names.
fn plain(text: &str, format: DateFormat, zone: &Zone) -> Result<(Day, Moment), DateFault> {
    let parts = Parts::of(text)?;
    let day = day(parts.date, format)?;
    let (mut seconds, mut micros) = (None, 0);
    if let Date::Digits(digits) = parts.date
        && digits.len() > 8
    {
        let two = |at: usize| digits.get(at..at + 2).and_then(|two| two.parse::<u32>().ok());
        let second = if digits.len() == 14 { two(12) } else { Some(0) };
        seconds = Some(clock(two(8), two(10), second)?);
    }
    if let Some(time) = parts.time {
        if seconds.is_some() {
            return Err(Reason::bad_date().into());
        }
        let (of_day, fraction) = time_of_day(time, parts.half, format)?;
        (seconds, micros) = (Some(of_day), fraction);
    } else if parts.half.is_some() || parts.offset.is_some() {
        return Err(Reason::bad_date().into());
    }
    let Some(seconds) = seconds else { return Ok((day, Moment::Day(day))) };
    let at = match parts.offset {
        Some(offset) => {
            i64::from(day.0) * MICROS_PER_DAY
                + (i64::from(seconds) - offset_seconds(offset)?) * MICROS_PER_SECOND
        }
        None => zone.instant_of(day, seconds).0,
    };
    let at = Instant::checked(at + micros).map_err(|_| Reason::year_out_of_range())?;
    Ok((day, Moment::Instant(at)))
}

/// A text taken apart into what may stand around a date.
struct Parts<'a> {
    date: Date<'a>,
    time: Option<&'a str>,
    half: Option<Half>,
    offset: Option<&'a str>,
}

#[derive(Clone, Copy)]
enum Date<'a> {
    /// Three groups of digits.
    Groups([&'a str; 3]),
    /// 8, 12 or 14 digits.
    Digits(&'a str),
}

/// The half of the day of a 12-hour clock, and whether the mark is Vietnamese.
#[derive(Clone, Copy)]
struct Half {
    after_noon: bool,
    vietnamese: bool,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Result<Self, Reason> {
        let (mut date, mut time, mut half, mut offset) = (None, None, None, None);
        let set = |slot: &mut Option<&'a str>, token: &'a str| match slot.replace(token) {
            None => Ok(()),
            Some(_) => Err(Reason::bad_date()),
        };
        for word in text.split(|c: char| c.is_whitespace()).map(|word| word.trim_end_matches(',')) {
            let (word, rest) = match word.find(['T', 't']) {
                // The T of ISO 8601 stands between digits.
                Some(at) if at > 0 && word.as_bytes()[at - 1].is_ascii_digit() => {
                    (&word[..at], &word[at + 1..])
                }
                _ => (word, ""),
            };
            for token in [word, rest].into_iter().filter(|token| !token.is_empty()) {
                // Words are rare; tokens of digits need no lower case.
                let lower =
                    if token.starts_with(char::is_alphabetic) { token.to_lowercase() } else { String::new() };
                match lower.as_str() {
                    "ngày" | "lúc" | "ngay" | "luc" => continue,
                    mark @ ("am" | "pm" | "sa" | "ch") => {
                        let this = Half {
                            after_noon: matches!(mark, "pm" | "ch"),
                            vietnamese: matches!(mark, "sa" | "ch"),
                        };
                        if half.replace(this).is_some() {
                            return Err(Reason::bad_date());
                        }
                    }
                    "z" | "utc" | "gmt" => set(&mut offset, "Z")?,
                    _ if time.is_some() && token.starts_with(['+', '-']) => set(&mut offset, token)?,
                    _ if token.contains([':', 'h']) => {
                        let end = token.find(['Z', 'z', '+', '-']).unwrap_or(token.len());
                        set(&mut time, &token[..end])?;
                        if end < token.len() {
                            set(&mut offset, &token[end..])?;
                        }
                    }
                    _ => set(&mut date, token)?,
                }
            }
        }
        let date = date.ok_or_else(Reason::bad_date)?;
        Ok(Self { date: Date::of(date)?, time, half, offset })
    }
}

impl<'a> Date<'a> {
    fn of(token: &'a str) -> Result<Self, Reason> {
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if all_digits(token) {
            return match token.len() {
                8 | 12 | 14 => Ok(Self::Digits(token)),
                1..=6 => Err(Reason::plain_number()),
                _ => Err(Reason::bad_date()),
            };
        }
        let mut found: Option<[&str; 3]> = None;
        for separator in ['/', '-', '.'].into_iter().filter(|separator| token.contains(*separator)) {
            let mut groups = token.split(separator);
            match (groups.next(), groups.next(), groups.next(), groups.next()) {
                (Some(a), Some(b), Some(c), None) if [a, b, c].into_iter().all(all_digits) => {
                    found = Some([a, b, c])
                }
                // `43895.5` is a serial number.
                (Some(a), Some(b), None, None) if separator == '.' && all_digits(a) && all_digits(b) => {
                    return Err(Reason::plain_number());
                }
                _ => {}
            }
        }
        found.map(Self::Groups).ok_or_else(Reason::bad_date)
    }
}

/// The day of a date under a format.
fn day(date: Date<'_>, format: DateFormat) -> Result<Day, DateFault> {
    let groups = match date {
        Date::Digits(digits) => {
            if !matches!(format, DateFormat::Found | DateFormat::Compact) {
                return Err(Reason::not_the_format(format.name()).into());
            }
            return Ok(exists(number(&digits[..4]), number(&digits[4..6]), number(&digits[6..8]))?);
        }
        Date::Groups(groups) => groups,
    };
    let [a, b, c] = groups.map(number);
    match groups.map(str::len) {
        [4, 1..=2, 1..=2] => Ok(exists(a, b, c)?),
        [1..=2, 1..=2, 4] => match format {
            DateFormat::MonthFirst => Ok(exists(c, a, b)?),
            DateFormat::DayFirst => Ok(exists(c, b, a)?),
            DateFormat::Found if b > 12 && exists(c, a, b).is_ok() => Err(DateFault::MonthFirst),
            DateFormat::Found => Ok(exists(c, b, a)?),
            other => Err(Reason::not_the_format(other.name()).into()),
        },
        [1..=2, 1..=2, 1..=2] => Err(Reason::two_digit_year().into()),
        [a, _, c] if a > 4 || c > 4 => Err(Reason::year_out_of_range().into()),
        _ => Err(Reason::bad_date().into()),
    }
}

/// A group of digits as a number; too long ones as one that exists nowhere.
fn number(digits: &str) -> u32 {
    digits.parse().unwrap_or(u32::MAX)
}

fn exists(year: u32, month: u32, day: u32) -> Result<Day, Reason> {
    let year = i32::try_from(year).map_err(|_| Reason::year_out_of_range())?;
    Day::from_ymd(year, month, day).map_err(|error| match error {
        CalendarError::YearOutOfRange { .. } => Reason::year_out_of_range(),
        _ => Reason::no_such_day(),
    })
}

/// `HH:MM`, `HH:MM:SS`, `HH:MM:SS.ffffff`, `16h30`; seconds of the day and microseconds.
fn time_of_day(time: &str, half: Option<Half>, format: DateFormat) -> Result<(u32, i64), Reason> {
    let bad = Reason::no_such_time;
    let (time, fraction) =
        time.split_once(['.', ',']).map_or((time, None), |(time, rest)| (time, Some(rest)));
    let mut groups = time.trim_end_matches(['h', ':']).split([':', 'h']);
    let mut group = || -> Result<Option<u32>, Reason> {
        match groups.next() {
            None => Ok(None),
            Some(text) if (1..=2).contains(&text.len()) => text.parse().map(Some).map_err(|_| bad()),
            Some(_) => Err(bad()),
        }
    };
    let (hour, minute, second) = (group()?, group()?, group()?);
    if group()?.is_some() || fraction.is_some() && second.is_none() {
        return Err(bad());
    }
    let hour = match (half, hour) {
        (None, hour) => hour,
        // AM and PM come with either order of day and month: the format must be stated.
        (Some(half), _) if !half.vietnamese && format == DateFormat::Found => {
            return Err(Reason::new(
                "twelve-hour-clock",
                "Giờ AM/PM thường đi với tháng/ngày. Hãy ghi format của cột trong tệp ánh xạ.",
                "AM/PM often comes with month/day. Name the column's format in the mapping.",
            ));
        }
        (Some(half), Some(hour @ 1..=12)) => Some(hour % 12 + if half.after_noon { 12 } else { 0 }),
        _ => return Err(bad()),
    };
    let seconds = clock(hour, minute.or(Some(0)), second.or(Some(0)))?;
    let Some(fraction) = fraction else { return Ok((seconds, 0)) };
    if fraction.is_empty() || fraction.len() > 18 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(bad());
    }
    let micros: String = fraction.chars().chain("000000".chars()).take(6).collect();
    Ok((seconds, micros.parse().map_err(|_| bad())?))
}

fn clock(hour: Option<u32>, minute: Option<u32>, second: Option<u32>) -> Result<u32, Reason> {
    match (hour, minute, second) {
        (Some(hour @ 0..24), Some(minute @ 0..60), Some(second @ 0..60)) => {
            Ok(hour * 3600 + minute * 60 + second)
        }
        _ => Err(Reason::no_such_time()),
    }
}

/// `Z`, `+07:00`, `+0700`, `+07` in seconds east of Greenwich.
fn offset_seconds(offset: &str) -> Result<i64, Reason> {
    let bad = Reason::bad_date;
    if matches!(offset, "Z" | "z") {
        return Ok(0);
    }
    let (sign, digits) = match offset.split_at_checked(1) {
        Some(("+", rest)) => (1, rest.replace(':', "")),
        Some(("-", rest)) => (-1, rest.replace(':', "")),
        _ => return Err(bad()),
    };
    let two = |at: usize| digits.get(at..at + 2).and_then(|two| two.parse::<i64>().ok());
    let (hours, minutes) = match digits.len() {
        2 => (two(0), Some(0)),
        4 => (two(0), two(2)),
        _ => return Err(bad()),
    };
    match (hours, minutes) {
        (Some(hours @ 0..=18), Some(minutes @ 0..60)) => Ok(sign * (hours * 3600 + minutes * 60)),
        _ => Err(bad()),
    }
}
