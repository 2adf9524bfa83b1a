//! Whole numbers and truth values as people and programs write them.

use crate::fold::fold;
use crate::reason::Reason;

/// A whole number from text.
///
/// Separators are accepted only where they cannot mean anything else: two or more groups of three
/// (`1.234.567`), or spaces. `1.234` is a thousand to one reader and a fraction to another, hence refused.
pub(crate) fn integer(text: &str) -> Result<i64, Reason> {
    let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if all_digits(digits) {
        return whole(sign, digits);
    }
    let separators: Vec<char> = digits.chars().filter(|c| !c.is_ascii_digit()).collect();
    if digits.contains(['e', 'E']) && digits.starts_with(|c: char| c.is_ascii_digit()) {
        let plain = digits.replace(['e', 'E', '+', '-', '.', ','], "");
        return Err(if all_digits(&plain) { Reason::rounded_number() } else { Reason::not_a_number() });
    }
    let groups: Vec<&str> = digits.split(|c: char| !c.is_ascii_digit()).collect();
    let thousands = groups[0].len() <= 3
        && all_digits(groups[0])
        && groups[1..].iter().all(|g| g.len() == 3 && all_digits(g));
    match separators.as_slice() {
        [first, rest @ ..] if rest.iter().all(|c| c == first) && thousands => match first {
            ' ' | '\u{a0}' | '\u{202f}' | '\'' => whole(sign, &groups.concat()),
            '.' | ',' if !rest.is_empty() => whole(sign, &groups.concat()),
            '.' | ',' => Err(Reason::ambiguous_number()),
            _ => Err(Reason::not_a_number()),
        },
        ['.' | ','] if all_digits(groups[0]) && (groups[1].is_empty() || all_digits(groups[1])) => {
            if groups[1].bytes().all(|b| b == b'0') {
                whole(sign, groups[0])
            } else {
                Err(Reason::not_whole())
            }
        }
        _ => Err(Reason::not_a_number()),
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
        let table: [(&str, Result<i64, &str>); 26] = [
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
            ("1.234,5", Err("not-a-number")),
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
            assert_eq!(integer(text).map_err(|reason| reason.code), expected, "{text}");
        }
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
