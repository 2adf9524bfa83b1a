//! Limits in words, as registers and decisions write them.

use giaouoc_worktime::TimeOfDay;

use super::phrase::{Word, after, after_any, has, only, spelled, words};
use super::{MOST_DAYS, NoLimit, TimeLimit};

/// Words before a number that do not change it: a limit is a most anyway.
const BEFORE: [&str; 15] = [
    "trong thoi han khong qua",
    "trong thoi han toi da",
    "thoi han giai quyet",
    "trong thoi gian",
    "trong thoi han",
    "thoi gian",
    "thoi han",
    "khong qua",
    "cham nhat",
    "toi da",
    "trong vong",
    "within",
    "trong",
    "la",
    "at most",
];

/// Words that begin "counted from …".
const FROM: [&str; 8] =
    ["ke tu sau", "tinh ke tu", "tinh tu", "ke tu", "sau khi", "tu ngay", "tu khi", "from"];

/// What a clock starts with when it starts with the dossier: "kể từ ngày nhận đủ hồ sơ hợp lệ theo quy định".
const RECEIPT: &str = "ngay khi luc thoi diem nhan duoc du day do tiep thanh phan bo ho so hop le theo quy dinh dung \
                       hoan chinh lam viec cua to chuc ca nhan cong dan nguoi nop tai bo phan mot cua phap luat va";

/// Words of "received after 15:00, the result comes on the next working day".
const NEXT_DAY: &str = "truong hop neu ho so tiep nhan duoc nhung ma khong giai quyet ngay thi tra ket qua trong vao \
                        se lam viec theo chuyen sang ke toi den cua la hom sau hoac the next working day received on";

pub(super) fn read(text: &str) -> Result<TimeLimit, NoLimit> {
    let all = words(text);
    if all.is_empty() || all.contains(&Word::Odd) {
        return Err(NoLimit::NotALimit);
    }
    if let Some(limit) = same_day(&all)? {
        return Ok(limit);
    }
    // Several limits are one when they say the same: "5 ngày làm việc; 5 ngày làm việc".
    let parts: Vec<&[Word]> = all.split(|word| *word == Word::Break).collect();
    let mut found = None;
    for (at, part) in parts.iter().enumerate() {
        // "15 ngày làm việc, kể từ ngày nhận đủ hồ sơ": the second part is no limit of its own.
        if at > 0 && found.is_some() && after_any(part, &FROM).is_some() {
            from_receipt(part)?;
            continue;
        }
        // "hồ sơ đầy đủ, hợp lệ theo quy định"
        if at > 0 && found.is_some() && only(part, RECEIPT) {
            continue;
        }
        let limit = match one(part) {
            Ok(limit) => limit,
            // Where there are several parts with numbers the reason is that there are several.
            Err(_) if parts.iter().filter(|part| has_number(part)).count() > 1 => {
                return Err(NoLimit::Several);
            }
            Err(reason) => return Err(reason),
        };
        match found {
            Some(other) if other != limit => return Err(NoLimit::Several),
            _ => found = Some(limit),
        }
    }
    found.ok_or(NoLimit::NotALimit)
}

fn has_number(part: &[Word]) -> bool {
    part.iter().any(|word| matches!(word, Word::Number(_) | Word::Fraction(..)))
}

/// A number, what it counts, and from when.
fn one(part: &[Word]) -> Result<TimeLimit, NoLimit> {
    let mut rest = part;
    while let Some(tail) = after_any(rest, &BEFORE) {
        rest = tail;
    }
    if is_range(rest) {
        return Err(NoLimit::Range);
    }
    let (number, rest) = amount(rest)?;
    let Some((unit, rest)) = unit(rest) else {
        let bare = matches!(rest, []);
        return Err(if bare { NoLimit::NoUnit } else { NoLimit::NotALimit });
    };
    if has(rest, "doi voi") || has(rest, "truong hop") || has(rest, "neu") || has(rest, "voi") {
        return Err(if has_number(rest) { NoLimit::Several } else { NoLimit::Conditional });
    }
    if has_number(rest) {
        return Err(NoLimit::Several);
    }
    from_receipt(rest)?;
    unit.of(&number)
}

/// "3 - 5 ngày", "từ 3 đến 5 ngày".
fn is_range(words: &[Word]) -> bool {
    let number = |word: &Word| matches!(word, Word::Number(_) | Word::Fraction(..));
    let between = |word: &Word| *word == Word::Dash || word.is("den") || word.is("to") || word.is("hoac");
    words.windows(3).any(|three| number(&three[0]) && between(&three[1]) && number(&three[2]))
        || words.first().is_some_and(|first| first.is("tu")) && words.iter().any(|word| word.is("den"))
}

/// The rest after the unit: nothing, or "counted from the receipt of the dossier".
fn from_receipt(rest: &[Word]) -> Result<(), NoLimit> {
    if rest.is_empty() {
        return Ok(());
    }
    let Some(from) = after_any(rest, &FROM) else { return Err(NoLimit::NotALimit) };
    let receipt = only(from, RECEIPT) && (has(from, "nhan") || has(from, "nop"));
    // "từ ngày nhận" may leave the dossier unsaid; anything else that is received is something else.
    if receipt { Ok(()) } else { Err(NoLimit::OtherStart) }
}

/// A number in digits, or in words, or both when they agree: "03 (ba)", "mười lăm (15)".
fn amount(words: &[Word]) -> Result<(Amount, &[Word]), NoLimit> {
    let counted = |rest: &[Word]| unit(rest).is_some();
    let agreed = |same: bool| if same { Ok(()) } else { Err(NoLimit::NotALimit) };
    match words.split_first() {
        // `1 năm` is a year, `5 (năm) ngày` five days.
        Some((Word::Number(number), rest)) => match spelled(rest).find(|(_, long)| counted(&rest[*long..])) {
            Some((same, long)) => {
                agreed(same == *number)?;
                Ok((Amount::Whole(*number), &rest[long..]))
            }
            None => Ok((Amount::Whole(*number), rest)),
        },
        Some((Word::Fraction(whole, fraction), rest)) => {
            Ok((Amount::Fraction(*whole, fraction.clone()), rest))
        }
        _ => {
            let mut first = None;
            for (number, long) in spelled(words) {
                let rest = &words[long..];
                if counted(rest) {
                    return Ok((Amount::Whole(number), rest));
                }
                if let Some((Word::Number(same), rest)) = rest.split_first()
                    && counted(rest)
                {
                    agreed(number == *same)?;
                    return Ok((Amount::Whole(number), rest));
                }
                first = first.or(Some((Amount::Whole(number), rest)));
            }
            first.ok_or(NoLimit::NotALimit)
        }
    }
}

enum Amount {
    Whole(u32),
    Fraction(u32, String),
}

#[derive(Clone, Copy)]
enum Unit {
    WorkingDays,
    Days,
    Weeks,
    Months,
    Years,
    WorkingHours,
    Hours,
    WorkingMinutes,
    Minutes,
}

/// What is counted, longest words first.
const UNITS: [(&str, Unit); 25] = [
    ("ngay lam viec", Unit::WorkingDays),
    ("working days", Unit::WorkingDays),
    ("working day", Unit::WorkingDays),
    ("ngay lich", Unit::Days),
    ("ngay", Unit::Days),
    ("days", Unit::Days),
    ("day", Unit::Days),
    ("tuan", Unit::Weeks),
    ("thang", Unit::Months),
    ("months", Unit::Months),
    ("month", Unit::Months),
    ("nam", Unit::Years),
    ("gio lam viec", Unit::WorkingHours),
    ("gio hanh chinh", Unit::WorkingHours),
    ("working hours", Unit::WorkingHours),
    ("working hour", Unit::WorkingHours),
    ("gio", Unit::Hours),
    ("h", Unit::Hours),
    ("hours", Unit::Hours),
    ("hour", Unit::Hours),
    ("phut lam viec", Unit::WorkingMinutes),
    ("working minutes", Unit::WorkingMinutes),
    ("working minute", Unit::WorkingMinutes),
    ("minutes", Unit::Minutes),
    ("phut", Unit::Minutes),
];

fn unit(words: &[Word]) -> Option<(Unit, &[Word])> {
    UNITS.iter().find_map(|(phrase, unit)| after(words, phrase).map(|rest| (*unit, rest)))
}

impl Unit {
    fn of(self, amount: &Amount) -> Result<TimeLimit, NoLimit> {
        let minutes = |working: bool, minutes: u32| {
            if working { TimeLimit::WorkingMinutes(minutes) } else { TimeLimit::Minutes(minutes) }
        };
        let working = matches!(self, Self::WorkingHours | Self::WorkingMinutes);
        let number = match (amount, self) {
            (Amount::Whole(number), _) => *number,
            (Amount::Fraction(whole, fraction), Self::WorkingHours | Self::Hours) => {
                return hour_fraction(*whole, fraction).map(|n| minutes(working, n)).ok_or(NoLimit::Fraction);
            }
            (Amount::Fraction(..), _) => return Err(NoLimit::Fraction),
        };
        let within = |factor: u32, most: u32| {
            number.checked_mul(factor).filter(|n| *n <= most).ok_or(NoLimit::TooLong)
        };
        let most_minutes = MOST_DAYS * 24 * 60;
        Ok(match self {
            Self::WorkingDays => TimeLimit::WorkingDays(within(1, MOST_DAYS)?),
            Self::Days => TimeLimit::Days(within(1, MOST_DAYS)?),
            Self::Weeks => TimeLimit::Days(within(7, MOST_DAYS)?),
            Self::Months => TimeLimit::Months(within(1, MOST_DAYS / 30)?),
            Self::Years => TimeLimit::Months(within(12, MOST_DAYS / 30)?),
            Self::WorkingHours | Self::Hours => minutes(working, within(60, most_minutes)?),
            Self::WorkingMinutes | Self::Minutes => minutes(working, within(1, most_minutes)?),
        })
    }
}

/// Hours with a fraction as whole minutes, when they are.
fn hour_fraction(whole: u32, fraction: &str) -> Option<u32> {
    if fraction.len() > 4 {
        return None;
    }
    let scale = 10_u32.pow(u32::try_from(fraction.len()).ok()?);
    let minutes = fraction.parse::<u32>().ok()?.checked_mul(60)?;
    if minutes % scale != 0 || whole > MOST_DAYS * 24 {
        return None;
    }
    whole.checked_mul(60)?.checked_add(minutes / scale)
}

/// "Ngay trong ngày", "trong ngày làm việc", "same day", with or without "sau 15 giờ sang ngày làm việc tiếp theo".
fn same_day(words: &[Word]) -> Result<Option<TimeLimit>, NoLimit> {
    const SAME: [&str; 14] = [
        "giai quyet ngay trong ngay lam viec",
        "giai quyet ngay trong ngay",
        "giai quyet trong ngay lam viec",
        "giai quyet trong ngay",
        "tra ket qua ngay trong ngay",
        "tra ket qua trong ngay",
        "ngay trong ngay lam viec",
        "ngay trong ngay",
        "trong cung ngay",
        "trong ngay lam viec",
        "trong ngay",
        "the same day",
        "same day",
        "cung ngay",
    ];
    // Which day it is: that of receipt.
    const DAY_OF_RECEIPT: &str = "nhan tiep duoc du day ho so hop le theo quy dinh lam viec";
    let Some(rest) = after_any(words, &SAME) else { return Ok(None) };
    let end = rest
        .iter()
        .position(|word| {
            *word == Word::Break
                || ["sau", "neu", "truong", "from", "truoc"].iter().any(|known| word.is(known))
        })
        .unwrap_or(rest.len());
    let (day, tail) = rest.split_at(end);
    if !only(day, DAY_OF_RECEIPT) {
        let from = after_any(day, &FROM).is_some();
        if !from {
            return Err(if has_number(words) { NoLimit::Several } else { NoLimit::NotALimit });
        }
        from_receipt(day)?;
    }
    let tail = if tail.first() == Some(&Word::Break) { &tail[1..] } else { tail };
    if tail.is_empty() {
        return Ok(Some(TimeLimit::SameDay(None)));
    }
    let at = tail.iter().position(|word| matches!(word, Word::Number(_))).ok_or(NoLimit::NotALimit)?;
    let (before, rest) = tail.split_at(at);
    let (when, lead) = before.split_last().ok_or(NoLimit::Several)?;
    let late = when.is("sau") || when.is("from") || when.is("tu");
    let (from, rest) = time_of_day(rest).ok_or(NoLimit::Several)?;
    let next = has(rest, "ngay lam viec") || has(rest, "ngay hom sau") || has(rest, "next working day");
    if !late || !next || !only(lead, NEXT_DAY) || !only(rest, NEXT_DAY) {
        return Err(NoLimit::Several);
    }
    Ok(Some(TimeLimit::SameDay(Some(from))))
}

/// "15 giờ", "15h30", "15 giờ 30 phút", "15:00".
fn time_of_day(words: &[Word]) -> Option<(TimeOfDay, &[Word])> {
    let Some((Word::Number(hour), rest)) = words.split_first() else { return None };
    let hours = after_any(rest, &["gio", "h"]);
    let (minute, rest) = match hours.unwrap_or(rest).split_first() {
        Some((Word::Number(minute), rest)) => (*minute, after(rest, "phut").unwrap_or(rest)),
        // A number alone is no time.
        _ => (0, hours?),
    };
    if *hour > 23 || minute > 59 {
        return None;
    }
    Some((TimeOfDay::from_seconds(hour * 3600 + minute * 60).ok()?, rest))
}
