//! Dates in words, as letters and registers have them: `ngày 05 tháng 3 năm 2020`, `16 giờ 30 phút ngày
//! 5/3/2020`, `Thứ hai, 02/03/2020`, `5-Mar-2020`. Brought to the plain notation, which is then read as any
//! other; a word that is not known leaves the text as it is, to be refused there.

use giaouoc_worktime::time::Weekday;

use crate::fold::fold;
use crate::reason::Reason;

/// A date in plain notation, and the weekday that was named with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spoken {
    pub(super) text: String,
    pub(super) weekday: Option<Weekday>,
}

/// The longest text that may be a date.
const LONGEST: usize = 120;

/// What has been understood so far.
#[derive(Default)]
struct Told {
    day: Option<u32>,
    month: Option<u32>,
    year: Option<String>,
    /// A date without words: `5/3/2020`.
    plain: Option<String>,
    hour: Option<u32>,
    minute: Option<u32>,
    second: Option<u32>,
    /// A time without words, with what belongs to it: `16:30`, `+07:00`.
    clock: Vec<String>,
    after_noon: Option<bool>,
    weekday: Option<Weekday>,
    words: usize,
}

/// Takes the words out of a date. `None` when it has none that are known.
///
/// # Errors
/// When something is said twice, or the year has two digits.
pub(super) fn plain(text: &str) -> Result<Option<Spoken>, Reason> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(2).count();
    if letters < 2 || text.len() > LONGEST {
        return Ok(None);
    }
    let tokens = tokens(text);
    let mut told = Told::default();
    let mut at = 0;
    while at < tokens.len() {
        match told.take(&tokens[at..])? {
            0 => return Ok(None),
            used => at += used,
        }
    }
    if told.words == 0 { Ok(None) } else { told.written().map(Some) }
}

/// Words and numbers; where letters and digits are joined by `-`, `/` or `.` they are taken apart.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')')) {
        let month_inside = word.contains(['-', '/', '.']) && word.chars().any(|c| c.is_alphabetic());
        let parts: Vec<&str> = if month_inside && !word.contains([':', 'T']) {
            word.split(['-', '/', '.']).collect()
        } else {
            vec![word]
        };
        let parts = parts.into_iter().map(|part| part.trim_end_matches('.'));
        tokens.extend(parts.filter(|part| !part.is_empty()).map(str::to_owned));
    }
    tokens
}

fn number(token: Option<&String>, most: usize) -> Option<u32> {
    token
        .filter(|token| (1..=most).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|token| token.parse().ok())
}

fn set<T>(slot: &mut Option<T>, value: T) -> Result<(), Reason> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(Reason::bad_date()),
    }
}

impl Told {
    /// Takes what the first tokens say; how many they were, none when they say nothing that is known.
    fn take(&mut self, tokens: &[String]) -> Result<usize, Reason> {
        let word = fold(&tokens[0]);
        let next = tokens.get(1).map(|token| fold(token)).unwrap_or_default();
        if let Some((weekday, used)) = weekday(&tokens[0], &word, &next) {
            set(&mut self.weekday, weekday)?;
            self.words += 1;
            return Ok(used);
        }
        if let Some(month) = month(&word) {
            set(&mut self.month, month)?;
            self.words += 1;
            // `Mar 5, 2020` and `5 Mar 2020`.
            if self.day.is_none()
                && let Some(day) = number(tokens.get(1), 2)
            {
                self.day = Some(day);
                return self.year_after(tokens, 2);
            }
            return self.year_after(tokens, 1);
        }
        match word.as_str() {
            "ngay" | "luc" | "vao" | "hoi" | "of" | "at" => return Ok(1),
            "thang" => {
                let Some(month) = number(tokens.get(1), 2) else { return Ok(0) };
                set(&mut self.month, month)?;
                self.words += 1;
                return if next_is_year_word(tokens.get(2)) { Ok(2) } else { self.year_after(tokens, 2) };
            }
            "nam" => {
                let Some(year) = tokens.get(1).filter(|year| year.bytes().all(|b| b.is_ascii_digit())) else {
                    return Ok(0);
                };
                set(&mut self.year, year.clone())?;
                return Ok(2);
            }
            "sang" | "am" | "chieu" | "pm" => {
                set(&mut self.after_noon, matches!(word.as_str(), "chieu" | "pm"))?;
                return Ok(1);
            }
            // These two stand for morning and afternoon in Vietnamese editions of Windows.
            "sa" | "ch" => {
                set(&mut self.after_noon, word == "ch")?;
                return Ok(1);
            }
            _ => {}
        }
        let token = &tokens[0];
        if let Some(value) = number(Some(token), 2) {
            return match next.as_str() {
                "gio" | "h" | "g" => {
                    set(&mut self.hour, value)?;
                    self.words += 1;
                    Ok(2 + self.minutes(&tokens[2..])?)
                }
                "thang" => {
                    set(&mut self.day, value)?;
                    Ok(1)
                }
                other if month(other).is_some() => {
                    set(&mut self.day, value)?;
                    Ok(1)
                }
                _ => Ok(0),
            };
        }
        let has_digit = token.bytes().any(|byte| byte.is_ascii_digit());
        if has_digit
            && token.contains([':', 'h', 'g'])
            && token.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'h' | b'g' | b'.'))
        {
            self.clock.push(token.replace('g', "h"));
            return Ok(1);
        }
        if token.starts_with(|c: char| c.is_ascii_digit())
            && token.contains(['/', '-', '.'])
            && token.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'/' | b'-' | b'.'))
        {
            set(&mut self.plain, token.clone())?;
            return Ok(1);
        }
        Ok(0)
    }

    /// A year right after day and month: four digits, or two, which are refused.
    fn year_after(&mut self, tokens: &[String], used: usize) -> Result<usize, Reason> {
        let Some(year) = tokens.get(used).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))
        else {
            return Ok(used);
        };
        let time = tokens.get(used + 1).map(|token| fold(token)).is_some_and(|word| word == "gio");
        match year.len() {
            4 | 5 => {
                set(&mut self.year, year.clone())?;
                Ok(used + 1)
            }
            2 if !time => Err(Reason::two_digit_year()),
            _ => Ok(used),
        }
    }

    /// Minutes and seconds after an hour.
    fn minutes(&mut self, tokens: &[String]) -> Result<usize, Reason> {
        let word = |at: usize| tokens.get(at).map(|token| fold(token)).unwrap_or_default();
        let Some(minute) = number(tokens.first(), 2).filter(|_| word(1) != "thang") else { return Ok(0) };
        set(&mut self.minute, minute)?;
        let mut used = if matches!(word(1).as_str(), "phut" | "p") { 2 } else { 1 };
        if used == 2
            && word(3) == "giay"
            && let Some(second) = number(tokens.get(2), 2)
        {
            set(&mut self.second, second)?;
            used = 4;
        }
        Ok(used)
    }

    /// The same in plain notation.
    fn written(self) -> Result<Spoken, Reason> {
        let date = match (self.day, self.month, self.year, self.plain) {
            (Some(day), Some(month), Some(year), None) => match year.len() {
                4 => format!("{year}-{month:02}-{day:02}"),
                2 => return Err(Reason::two_digit_year()),
                _ => return Err(Reason::year_out_of_range()),
            },
            (None, None, None, Some(plain)) => plain,
            _ => return Err(Reason::bad_date()),
        };
        let mut text = date;
        match (self.hour, self.clock.as_slice()) {
            (Some(hour), []) => {
                let hour = match self.after_noon {
                    None => hour,
                    // `14 giờ chiều` is said as well; `14 giờ sáng` is not.
                    Some(true) if (13..24).contains(&hour) => hour,
                    Some(after_noon) if (1..=12).contains(&hour) => {
                        hour % 12 + if after_noon { 12 } else { 0 }
                    }
                    Some(_) => return Err(Reason::no_such_time()),
                };
                text.push_str(&format!(
                    " {hour:02}:{:02}:{:02}",
                    self.minute.unwrap_or(0),
                    self.second.unwrap_or(0)
                ));
            }
            (None, [clock]) => {
                text.push(' ');
                text.push_str(clock);
                if let Some(after_noon) = self.after_noon {
                    // With the month in words the order of day and month is not in doubt.
                    text.push_str(if after_noon { " CH" } else { " SA" });
                }
            }
            (None, []) if self.after_noon.is_none() => {}
            _ => return Err(Reason::bad_date()),
        }
        Ok(Spoken { text, weekday: self.weekday })
    }
}

fn next_is_year_word(token: Option<&String>) -> bool {
    token.is_some_and(|token| fold(token) == "nam")
}

/// A weekday, and how many words it takes. `Thứ năm` is Thursday; `năm` alone is a year.
fn weekday(written: &str, word: &str, next: &str) -> Option<(Weekday, usize)> {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    let one = match word {
        "thu" => {
            let day = match next {
                "hai" | "2" => Mon,
                "ba" | "3" => Tue,
                "tu" | "4" => Wed,
                "nam" | "5" => Thu,
                "sau" | "6" => Fri,
                "bay" | "7" => Sat,
                // `Thu` without a mark may be English.
                _ if written.is_ascii() => return Some((Thu, 1)),
                _ => return None,
            };
            return Some((day, 2));
        }
        "chu" if next == "nhat" => return Some((Sun, 2)),
        "chunhat" | "cn" | "sunday" | "sun" => Sun,
        "monday" | "mon" => Mon,
        "tuesday" | "tue" => Tue,
        "wednesday" | "wed" => Wed,
        "thursday" | "thurs" => Thu,
        "friday" | "fri" => Fri,
        "saturday" | "sat" => Sat,
        _ => return None,
    };
    Some((one, 1))
}

/// A month by its English name, whole or cut to three letters.
fn month(word: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let at = NAMES
        .iter()
        .position(|name| *name == word || name[..3] == *word || word == "sept" && *name == "september")?;
    u32::try_from(at + 1).ok()
}
