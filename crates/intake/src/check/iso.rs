//! The forms in which programs write most dates, read at a glance: `2020-03-05`, and that with
//! `T16:00:00` (or a space for the T), and that with `Z` or `+07:00`. Whatever is not wholly right here is
//! left to the reader of all forms, which knows the reasons.

use giaouoc_worktime::time::{Day, Instant, MICROS_PER_DAY, MICROS_PER_SECOND, Moment};
use giaouoc_worktime::zone::Zone;

/// The moment, if the text is one of these forms and means one. A time without an offset is of the zone.
pub(super) fn moment(text: &str, zone: &Zone) -> Option<Moment> {
    let (date, time) = text.as_bytes().split_at_checked(10)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date else { return None };
    let year = two(*y1, *y2)? * 100 + two(*y3, *y4)?;
    let day = Day::from_ymd(i32::try_from(year).ok()?, two(*m1, *m2)?, two(*d1, *d2)?).ok()?;
    let Some((clock, offset)) = time.split_at_checked(9) else {
        return time.is_empty().then_some(Moment::Day(day));
    };
    let [b'T' | b' ', h1, h2, b':', m1, m2, b':', s1, s2] = clock else { return None };
    let (hour, minute, second) = (two(*h1, *h2)?, two(*m1, *m2)?, two(*s1, *s2)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = hour * 3600 + minute * 60 + second;
    let at = match offset {
        [] => zone.instant_of(day, seconds).0,
        [b'Z'] => instant(day, seconds, 0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(*h1, *h2)?, two(*m1, *m2)?);
            if hours > 18 || minutes > 59 {
                return None;
            }
            let east = i64::from(hours * 3600 + minutes * 60);
            instant(day, seconds, if *sign == b'-' { -east } else { east })
        }
        _ => return None,
    };
    Instant::checked(at).ok().map(Moment::Instant)
}

/// Two digits as a number.
fn two(high: u8, low: u8) -> Option<u32> {
    let (high, low) = (high.wrapping_sub(b'0'), low.wrapping_sub(b'0'));
    (high < 10 && low < 10).then(|| u32::from(high) * 10 + u32::from(low))
}

fn instant(day: Day, seconds: u32, east: i64) -> i64 {
    i64::from(day.0) * MICROS_PER_DAY + (i64::from(seconds) - east) * MICROS_PER_SECOND
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::check::date::any_form;
    use crate::map::DateFormat;

    /// What is read at a glance is what the reader of all forms makes of it, whatever format is stated.
    fn agrees(text: &str) -> Result<(), TestCaseError> {
        for format in [DateFormat::Found, DateFormat::Iso, DateFormat::MonthFirst, DateFormat::Excel] {
            for zone in [&Zone::get("Asia/Ho_Chi_Minh").unwrap(), &Zone::utc()] {
                if let Some(found) = moment(text, zone) {
                    prop_assert_eq!(any_form(text, format, zone), Ok(found), "{}", text);
                }
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn a_glance_and_a_long_look_agree(text in "(19|20|22)[0-9]{2}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](Z|[+-][012][0-9]:[0-6][0-9])?)?", at in 0_usize..25, with in any::<u8>()) {
            agrees(&text)?;
            let mut bytes = text.into_bytes();
            let at = at % bytes.len();
            bytes[at] = with;
            if let Ok(text) = String::from_utf8(bytes) {
                agrees(&text)?;
            }
        }
    }

    #[test]
    fn the_usual_forms_are_read_at_a_glance() {
        let zone = Zone::get("Asia/Ho_Chi_Minh").unwrap();
        let read = |text: &str| {
            moment(text, &zone).map(|moment| match moment {
                Moment::Day(day) => day.to_string(),
                Moment::Instant(at) => at.0.to_string(),
            })
        };
        let five = |hour: i64| (18_326 * 24 + hour) * 3_600_000_000;
        for (text, expected) in [
            ("2020-03-05", Some("2020-03-05".to_owned())),
            ("2020-03-05T16:00:00+07:00", Some(five(9).to_string())),
            ("2020-03-05 16:00:00Z", Some(five(16).to_string())),
            ("2020-03-05T16:00:00-01:00", Some(five(17).to_string())),
            ("2020-03-05T16:00:00", Some(five(9).to_string())),
            ("2020-02-30", None),
            ("2020-03-05T24:00:00Z", None),
            ("2020-03-05T16:00", None),
            ("05/03/2020", None),
            ("", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
