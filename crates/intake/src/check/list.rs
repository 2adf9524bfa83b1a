//! Pauses and due-date changes from their text form: `FROM/TO; FROM/TO` and `AT -> NEW (why); …`.

use giaouoc_agreement::value::Change;
use giaouoc_worktime::time::{Instant, Moment};
use giaouoc_worktime::zone::Zone;

use super::date::moment;
use crate::map::DateFormat;
use crate::reason::Reason;

/// A stretch of time; an open one has no end.
pub(crate) type Interval = (Instant, Option<Instant>);

/// Reads intervals. Blank between semicolons is passed over.
pub(crate) fn intervals(text: &str, format: DateFormat, zone: &Zone) -> Result<Vec<Interval>, Reason> {
    let mut list = Vec::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once('/').ok_or_else(Reason::bad_intervals)?;
        let from = instant(from.trim(), format, zone, Reason::bad_intervals)?;
        let to = match to.trim() {
            "" => None,
            to => Some(instant(to, format, zone, Reason::bad_intervals)?),
        };
        if to.is_some_and(|to| to < from) {
            return Err(Reason::interval_reversed());
        }
        list.push((from, to));
    }
    Ok(list)
}

/// Reads due-date changes.
pub(crate) fn changes(text: &str, format: DateFormat, zone: &Zone) -> Result<Vec<Change>, Reason> {
    let bad = Reason::bad_changes;
    let mut list = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (at, after) = rest.split_once("->").ok_or_else(bad)?;
        let end = after.find(['(', ';']).unwrap_or(after.len());
        let (new, tail) = after.split_at(end);
        let (why, tail) = match tail.strip_prefix('(') {
            Some(tail) => reason(tail).ok_or_else(bad)?,
            None => (String::new(), tail),
        };
        list.push(Change {
            at: instant(at.trim(), format, zone, bad)?,
            new: instant(new.trim(), format, zone, bad)?,
            why,
        });
        let tail = tail.trim_start();
        rest = match tail.strip_prefix(';') {
            Some(tail) => tail.trim(),
            None if tail.is_empty() => "",
            None => return Err(bad()),
        };
    }
    Ok(list)
}

/// A reason up to its closing bracket, and what comes after.
fn reason(text: &str) -> Option<(String, &str)> {
    let mut why = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            ')' => return Some((why.trim().to_owned(), &text[at + 1..])),
            '\\' => why.push(chars.next()?.1),
            _ => why.push(c),
        }
    }
    None
}

fn instant(text: &str, format: DateFormat, zone: &Zone, bad: fn() -> Reason) -> Result<Instant, Reason> {
    // A slash would be the end of an interval; only dates that begin with the year are read here.
    match moment(text, if format == DateFormat::Found { DateFormat::Compact } else { format }, zone) {
        Ok(Moment::Instant(at)) => Ok(at),
        Ok(Moment::Day(_)) => Err(Reason::needs_time()),
        Err(_) => Err(bad()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decode::nested;

    fn zone() -> Zone {
        Zone::get("Asia/Ho_Chi_Minh").unwrap()
    }

    fn read(text: &str) -> Result<Vec<Interval>, &'static str> {
        intervals(text, DateFormat::Found, &zone()).map_err(|reason| reason.code)
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn intervals_are_read() {
        let (from, to) = (at("2020-03-05T16:00:00+07:00"), at("2020-03-09T08:00:00+07:00"));
        assert_eq!(read(""), Ok(vec![]));
        assert_eq!(read("2020-03-05T16:00:00+07:00/2020-03-09T08:00:00+07:00"), Ok(vec![(from, Some(to))]));
        assert_eq!(
            read("20200305160000/20200309080000; 2020-03-09 08:00/;"),
            Ok(vec![(from, Some(to)), (to, None)])
        );
        assert_eq!(read("2020-03-09T08:00/2020-03-05T16:00"), Err("interval-reversed"));
        assert_eq!(read("2020-03-05/2020-03-06"), Err("needs-time"));
        assert_eq!(read("2020-03-05T16:00"), Err("bad-intervals"));
        assert_eq!(read("05/03/2020 16:00/06/03/2020 16:00"), Err("bad-intervals"));
    }

    #[test]
    fn changes_are_read() {
        let read = |text: &str| changes(text, DateFormat::Found, &zone()).map_err(|reason| reason.code);
        let list = read("2020-03-05T16:00 -> 2020-03-09T17:00 (chờ ý kiến; (mẫu 04\\)); 2020-03-06T16:00->2020-03-10T17:00").unwrap();
        assert_eq!(list.len(), 2);
        assert_eq!(list[0].why, "chờ ý kiến; (mẫu 04)");
        assert_eq!(list[1].new, at("2020-03-10T17:00:00+07:00"));
        assert_eq!(list[1].why, "");
        for text in [
            "x",
            "2020-03-05T16:00 -> ",
            "2020-03-05T16:00 -> 2020-03-09T17:00 (a",
            "2020-03-05T16:00 -> 2020-03-09T17:00 (a) b",
        ] {
            assert_eq!(read(text), Err("bad-changes"), "{text}");
        }
        assert_eq!(read("2020-03-05 -> 2020-03-09"), Err("needs-time"));
    }

    proptest! {
        #[test]
        fn a_reason_of_any_text_survives(why in "[a-zđ();\\\\>/-]{0,20}") {
            let mut text = String::new();
            nested::change(&mut text, "2020-03-05T16:00:00Z", "2020-03-09T17:00:00Z", &why);
            nested::change(&mut text, "2020-03-06T16:00:00Z", "2020-03-10T17:00:00Z", "");
            let list = changes(&text, DateFormat::Found, &zone()).unwrap();
            prop_assert_eq!(list.len(), 2);
            prop_assert_eq!(&list[0].why, &why);
        }
    }
}
