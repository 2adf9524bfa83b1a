//! Excel's serial numbers: days since its epoch, the time of day as the fraction. Exact, without floating
//! point: the number comes in decimal notation.

use giaouoc_worktime::time::{Day, MICROS_PER_DAY};

/// 1899-12-30, day 0 of the 1900 system from 1 March 1900 on.
const EPOCH_1900: i64 = -25_569;
/// 1904-01-01, day 0 of the 1904 system.
const EPOCH_1904: i64 = -24_107;

/// The day and the microseconds since its midnight that a serial number means, rounded to the millisecond,
/// which is what Excel itself can tell apart. `None` when it is no day from 1900 to 2200, or the 29 February
/// 1900 that Excel believes in.
pub(crate) fn serial(number: &str, since_1904: bool) -> Option<(Day, i64)> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: i64 = whole.parse().ok().filter(|n| *n >= 0)?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // 15 digits are below the precision of the number; the rest cannot change the millisecond.
    let digits: String = fraction.chars().chain(std::iter::repeat('0')).take(15).collect();
    let fraction: i128 = digits.parse().ok()?;
    let one: i128 = 1_000_000_000_000_000;
    let millis = (fraction * i128::from(MICROS_PER_DAY / 1000) + one / 2) / one;
    let mut micros = i64::try_from(millis).ok()? * 1000;
    let mut days = match (since_1904, whole) {
        (true, _) => EPOCH_1904.checked_add(whole)?,
        // Day 60 is the day that never was; before it the epoch is a day later.
        (false, 60) => return None,
        (false, 0..60) => EPOCH_1900 + 1 + whole,
        (false, _) => EPOCH_1900.checked_add(whole)?,
    };
    if micros == MICROS_PER_DAY {
        micros = 0;
        days += 1;
    }
    let day = Day::checked(i32::try_from(days).ok()?).ok()?;
    Some((day, micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials() {
        let table = [
            ("43895", false, Some(("2020-03-05", 0))),
            ("43895.666666666664", false, Some(("2020-03-05", 16 * 3600))),
            ("43895.99999999999", false, Some(("2020-03-06", 0))),
            ("42433.666666666664", true, Some(("2020-03-05", 16 * 3600))),
            ("46188", false, Some(("2026-06-15", 0))),
            ("1", false, Some(("1900-01-01", 0))),
            ("59", false, Some(("1900-02-28", 0))),
            ("60", false, None),
            ("61", false, Some(("1900-03-01", 0))),
            ("-1", false, None),
            ("200000", false, None),
            ("99999999999999999999", false, None),
            ("abc", false, None),
        ];
        for (number, since_1904, expected) in table {
            let found = serial(number, since_1904).map(|(day, micros)| (day.to_string(), micros));
            let expected = expected.map(|(day, seconds)| (day.to_owned(), seconds * 1_000_000));
            assert_eq!(found, expected, "{number}");
        }
    }
}
