//! Instants as people read and write them, in the zone of the site.

use giaouoc_agreement::text::Lang;
use giaouoc_store::Micros;
use giaouoc_worktime::time::{Instant, Moment};
use giaouoc_worktime::zone::Zone;

/// An instant with its minute: `16:05 ngày 30/06/2020`, `16:05 on 2020-06-30`.
pub(crate) fn shown(at: Micros, zone: &Zone, lang: Lang) -> String {
    let (day, seconds) = local(at, zone);
    let (hour, minute) = (seconds / 3600, seconds / 60 % 60);
    match lang {
        Lang::Vi => format!("{hour:02}:{minute:02} ngày {}", day.dmy()),
        Lang::En => format!("{hour:02}:{minute:02} on {day}"),
    }
}

fn local(at: Micros, zone: &Zone) -> (giaouoc_worktime::Day, i64) {
    let day = zone.day_of(Instant(at));
    (day, ((at - zone.start_of(day).0) / 1_000_000).max(0))
}

/// A day, `YYYY-MM-DD`, as people write it.
pub(crate) fn day_shown(day: &str, lang: Lang) -> String {
    match (lang, day.splitn(3, '-').collect::<Vec<_>>().as_slice()) {
        (Lang::Vi, [year, month, day]) => format!("{day}/{month}/{year}"),
        _ => day.to_owned(),
    }
}

/// The local day of an instant, `YYYY-MM-DD`.
pub fn day_of(at: Micros, zone: &Zone) -> String {
    zone.day_of(Instant(at)).to_string()
}

/// The instant of a field of date and time, `YYYY-MM-DDTHH:MM`, or of the end of a day.
pub fn moment_of(text: &str, zone: &Zone) -> Option<Micros> {
    match zone.parse_moment(text.trim()).ok()? {
        Moment::Instant(at) => Some(at.0),
        Moment::Day(day) => Some(zone.start_of(day.add_days(1).ok()?).0 - 1),
    }
}
