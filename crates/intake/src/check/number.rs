//! Whole numbers and truth values as people and programs write them.

use crate::fold::fold;
use crate::map::Numbers;
use crate::reason::Reason;

/// What the numbers of a column prove about how they are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    vietnamese: bool,
    english: bool,
}

impl Evidence {
    pub(crate) fn add(&mut self, text: &str) {
        match notation(text) {
            Some(Numbers::Vietnamese) => self.vietnamese = true,
            Some(Numbers::English) => self.english = true,
            None => {}
        }
    }

    pub(crate) fn join(self, other: Self) -> Self {
        Self { vietnamese: self.vietnamese || other.vietnamese, english: self.english || other.english }
    }

    /// Whether anything was proved at all.
    pub(crate) fn is_there(self) -> bool {
        self.vietnamese || self.english
    }

    /// The notation, unless both were met.
    pub(crate) fn proved(self) -> Option<Numbers> {
        match (self.vietnamese, self.english) {
            (true, false) => Some(Numbers::Vietnamese),
            (false, true) => Some(Numbers::English),
            _ => None,
        }
    }
}

/// The notation that one number proves by itself: `1.234.567`, `12,5` and `1.234,5` are Vietnamese, `1,234,567`,
/// `12.5` and `1,234.5` are English, `1.234` and `12` may be either.
pub(crate) fn notation(text: &str) -> Option<Numbers> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = text.trim_start_matches(['-', '+', '\u{2212}']).trim_start();
    if !digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
        || !digits.starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let both = digits.contains('.') && digits.contains(',');
    let fits = |numbers| parts(digits, numbers).is_some();
    match (fits(Numbers::Vietnamese), fits(Numbers::English)) {
        (true, false) => Some(Numbers::Vietnamese),
        (false, true) => Some(Numbers::English),
        // One separator and three digits after it, or a zero alone before it, which no thousand begins with.
        (true, true) if !both && digits.starts_with('0') && digits.len() > 1 => {
            Some(if digits.contains(',') { Numbers::Vietnamese } else { Numbers::English })
        }
        _ => None,
    }
}

/// The whole part without separators, and the fraction.
fn parts(digits: &str, numbers: Numbers) -> Option<(String, &str)> {
    let (thousands, point) = match numbers {
        Numbers::Vietnamese => ('.', ','),
        Numbers::English => (',', '.'),
    };
    let (whole_part, fraction) = digits.split_once(point).unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let groups: Vec<&str> = whole_part.split(thousands).collect();
    let grouped = groups.len() == 1
        || (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
    let good =
        grouped && groups.iter().all(|group| !group.is_empty() && all_digits(group)) && all_digits(fraction);
    good.then(|| (groups.concat(), fraction))
}

/// A whole number from text, in a notation that is known or not.
///
/// Where it is not, separators are accepted only where they cannot mean anything else: two or
/// more groups of three (`1.234.567`), or spaces. `1.234` is a thousand to one reader and a fraction to
/// another, hence refused.
pub(crate) fn integer_in(text: &str, numbers: Option<Numbers>) -> Result<i64, Reason> {
    let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if all_digits(digits) {
        return whole(sign, digits);
    }
    if digits.contains(['e', 'E']) && digits.starts_with(|c: char| c.is_ascii_digit()) {
        let plain = digits.replace(['e', 'E', '+', '-', '.', ','], "");
        return Err(if all_digits(&plain) { Reason::rounded_number() } else { Reason::not_a_number() });
    }
    if digits.contains([' ', '\u{a0}', '\u{202f}', '\'']) {
        let groups: Vec<&str> = digits.split([' ', '\u{a0}', '\u{202f}', '\'']).collect();
        let grouped = groups[0].len() <= 3
            && all_digits(groups[0])
            && groups[1..].iter().all(|group| group.len() == 3 && all_digits(group));
        return if grouped { whole(sign, &groups.concat()) } else { Err(Reason::not_a_number()) };
    }
    let separated = digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    let Some(numbers) = numbers.or_else(|| notation(digits)) else {
        let either = separated && parts(digits, Numbers::English).is_some();
        return Err(if either { Reason::ambiguous_number() } else { Reason::not_a_number() });
    };
    match parts(digits, numbers) {
        Some((all, fraction)) if fraction.bytes().all(|b| b == b'0') => whole(sign, &all),
        Some(_) => Err(Reason::not_whole()),
        None => Err(Reason::not_a_number()),
    }
}

/// A whole number from a cell that holds a number, in decimal notation.
pub(crate) fn stored_integer(number: &str) -> Result<i64, Reason> {
    let (whole_part, fraction) = number.split_once('.').unwrap_or((number, ""));
    if !fraction.bytes().all(|b| b == b'0') {
        return Err(Reason::not_whole());
    }
    let (sign, digits) = match whole_part.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", whole_part),
    };
    whole(sign, digits)
}

fn whole(sign: &str, digits: &str) -> Result<i64, Reason> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Reason::not_a_number());
    }
    let parsed = if sign.is_empty() { digits.parse() } else { format!("{sign}{digits}").parse() };
    parsed.map_err(|_| Reason::out_of_bounds(None, None))
}

/// A truth value from text.
pub(crate) fn flag(text: &str) -> Result<bool, Reason> {
    match fold(text).as_str() {
        "true" | "co" | "yes" | "y" | "x" | "1" | "dung" => Ok(true),
        "false" | "khong" | "no" | "n" | "0" | "sai" => Ok(false),
        _ if matches!(text, "✓" | "✔" | "☑") => Ok(true),
        _ => Err(Reason::not_a_flag()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let table: [(&str, Result<i64, &str>); 29] = [
            ("0", Ok(0)),
            ("1234", Ok(1234)),
            ("-5", Ok(-5)),
            ("+5", Ok(5)),
            ("007", Ok(7)),
            ("1.234.567", Ok(1_234_567)),
            ("1,234,567", Ok(1_234_567)),
            ("1 234", Ok(1234)),
            ("1\u{202f}234\u{202f}567", Ok(1_234_567)),
            ("12.0", Ok(12)),
            ("1234,000", Ok(1234)),
            ("9223372036854775807", Ok(i64::MAX)),
            ("9223372036854775808", Err("out-of-range")),
            ("1.234", Err("ambiguous-number")),
            ("12,000", Err("ambiguous-number")),
            ("3,5", Err("not-whole")),
            ("1.234,5", Err("not-whole")),
            ("1.234,00", Ok(1234)),
            ("1,234.0", Ok(1234)),
            ("0,123", Err("not-whole")),
            ("1.23.456", Err("not-a-number")),
            ("1.23457E+11", Err("rounded-number")),
            ("NaN", Err("not-a-number")),
            ("inf", Err("not-a-number")),
            ("∞", Err("not-a-number")),
            ("5 ngày", Err("not-a-number")),
            ("", Err("not-a-number")),
            ("-", Err("not-a-number")),
            ("１２", Err("not-a-number")),
        ];
        for (text, expected) in table {
            assert_eq!(integer_in(text, None).map_err(|reason| reason.code), expected, "{text}");
        }
    }

    #[test]
    fn numbers_of_a_known_notation() {
        type Read = Result<i64, &'static str>;
        let table: [(&str, Read, Read); 8] = [
            ("1.234", Ok(1234), Err("not-whole")),
            ("1,234", Err("not-whole"), Ok(1234)),
            ("12.000", Ok(12_000), Ok(12)),
            ("-1.234.567", Ok(-1_234_567), Err("not-a-number")),
            ("1.234,0", Ok(1234), Err("not-a-number")),
            ("12,5", Err("not-whole"), Err("not-a-number")),
            ("1234.5", Err("not-a-number"), Err("not-whole")),
            ("1 234", Ok(1234), Ok(1234)),
        ];
        for (text, vi, en) in table {
            let read = |numbers| integer_in(text, Some(numbers)).map_err(|reason| reason.code);
            assert_eq!((read(Numbers::Vietnamese), read(Numbers::English)), (vi, en), "{text}");
        }
    }

    #[test]
    fn what_a_number_proves() {
        for text in ["1.234.567", "12,5", "-1.234,56", "0,125", "1234,5", "12,0"] {
            assert_eq!(notation(text), Some(Numbers::Vietnamese), "{text}");
        }
        for text in ["1,234,567", "12.5", "1,234.56", "0.125", "1234.5"] {
            assert_eq!(notation(text), Some(Numbers::English), "{text}");
        }
        for text in
            ["12", "1.234", "1,234", "", "-", "1.2.3", "1,2,3", "1.234,5,6", "x", ".5", "5 ngày", "1.23,4.5"]
        {
            assert_eq!(notation(text), None, "{text}");
        }
        let mut both = Evidence::default();
        both.add("12,5");
        assert_eq!(both.proved(), Some(Numbers::Vietnamese));
        both.add("12.5");
        assert_eq!((both.proved(), both.is_there()), (None, true));
    }

    #[test]
    fn stored_numbers() {
        let table: [(&str, Result<i64, &str>); 6] = [
            ("12", Ok(12)),
            ("-12", Ok(-12)),
            ("12.00", Ok(12)),
            ("1.5", Err("not-whole")),
            ("100000000000000000000", Err("out-of-range")),
            ("0.1", Err("not-whole")),
        ];
        for (text, expected) in table {
            assert_eq!(stored_integer(text).map_err(|reason| reason.code), expected, "{text}");
        }
    }

    #[test]
    fn flags() {
        for text in ["true", "TRUE", "Có", "CÓ", "x", "X", "1", "yes", "đúng", "✓"] {
            assert_eq!(flag(text).ok(), Some(true), "{text}");
        }
        for text in ["false", "không", "KHONG", "0", "No", "sai"] {
            assert_eq!(flag(text).ok(), Some(false), "{text}");
        }
        for text in ["2", "chưa rõ", "-", "có thể"] {
            assert_eq!(flag(text).err().map(|reason| reason.code), Some("not-a-flag"), "{text}");
        }
    }
}
