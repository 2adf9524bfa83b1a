//! An [`Explanation`] as plain text, in Vietnamese and English.

use crate::calendar::DayNote;
use crate::due::Limit;
use crate::explain::{Explanation, PauseLine, SkipReason, StartReason};
use crate::hours::TimeOfDay;
use crate::ops::Received;
use crate::time::{Day, Instant, Moment};
use std::fmt::Write as _;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lang {
    Vi,
    En,
}

impl Lang {
    fn pick<'a>(self, vi: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }

    fn day(self, day: Day) -> String {
        match self {
            Self::Vi => format!("{} {}", day.weekday().vi(), day.dmy()),
            Self::En => format!("{} {day}", day.weekday().en()),
        }
    }
}

impl Explanation {
    /// The reckoning in Vietnamese, several lines, ending with a line feed.
    pub fn vi(&self) -> String {
        self.text(Lang::Vi)
    }

    /// The reckoning in English, several lines, ending with a line feed.
    pub fn en(&self) -> String {
        self.text(Lang::En)
    }

    fn text(&self, lang: Lang) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{}: {}. {}: {}.",
            lang.pick("Tiếp nhận", "Received"),
            self.moment(self.received, lang),
            lang.pick("Thời hạn", "Time limit"),
            limit_text(self.limit, lang),
        );
        let _ = writeln!(
            out,
            "{}: {} ({}).",
            lang.pick("Bắt đầu tính", "Clock starts"),
            self.moment(self.clock_start, lang),
            start_text(self.start_reason, lang),
        );
        if !self.skipped.is_empty() {
            let _ = writeln!(out, "{}:", lang.pick("Không tính", "Not counted"));
            for line in self.skipped_lines(lang) {
                let _ = writeln!(out, "- {line}");
            }
        }
        if !self.made_up.is_empty() {
            let heading = lang
                .pick("Ngày thường nghỉ nhưng đi làm, có tính", "Rest days that were worked and did count");
            let _ = writeln!(out, "{heading}:");
            for made_up in &self.made_up {
                let note = &made_up.note;
                let _ = writeln!(out, "- {}: {}", lang.day(made_up.day), note_text(note, lang));
            }
        }
        if !self.pauses.is_empty() {
            let _ = writeln!(out, "{}:", lang.pick("Tạm dừng", "Pauses"));
            for line in &self.pauses {
                let _ = writeln!(out, "- {}", self.pause_text(line, lang));
            }
        }
        if let Some(to) = self.counted_to.filter(|to| *to != self.due.day) {
            let _ = writeln!(
                out,
                "{} {}; {} {}.",
                lang.pick("Tính đến", "Counted to"),
                lang.day(to),
                lang.pick("là ngày nghỉ nên chuyển sang", "a day off, so moved to"),
                lang.day(self.due.day),
            );
        }
        let _ = match self.due.moment {
            Moment::Instant(at) => {
                writeln!(out, "{}: {}.", lang.pick("Hạn", "Due"), self.instant(at, lang))
            }
            Moment::Day(day) => writeln!(
                out,
                "{}: {} ({} {}).",
                lang.pick("Hạn", "Due"),
                lang.day(day),
                lang.pick("hết giờ làm việc", "end of hours"),
                self.instant(self.due.end, lang),
            ),
        };
        if let Some(doubt) = &self.hours_doubt {
            let heading = lang.pick("Lưu ý về giờ làm việc", "Note on the working hours");
            let _ = writeln!(out, "{heading}: {}", lang.pick(&doubt.vi, &doubt.en));
        }
        let _ = writeln!(
            out,
            "{}: {}, {} {}, SHA-256 {}.",
            lang.pick("Lịch làm việc", "Calendar"),
            self.calendar.id,
            lang.pick("phiên bản", "version"),
            self.calendar.version,
            self.calendar.digest,
        );
        out
    }

    fn moment(&self, moment: Moment, lang: Lang) -> String {
        match moment {
            Moment::Day(day) => lang.day(day),
            Moment::Instant(at) => self.instant(at, lang),
        }
    }

    fn instant(&self, at: Instant, lang: Lang) -> String {
        let seconds = self.zone.local_time_of_day(at);
        let time = TimeOfDay::from_seconds(seconds).map_or_else(|_| String::new(), |t| t.to_string());
        format!("{time} {}", lang.day(self.zone.day_of(at)))
    }

    /// One line for each day off with a name, one for each run of equal reasons.
    fn skipped_lines(&self, lang: Lang) -> Vec<String> {
        let mut lines: Vec<(&SkipReason, Vec<Day>)> = Vec::new();
        for skipped in &self.skipped {
            match lines.iter_mut().find(|(reason, _)| same_line(reason, &skipped.reason)) {
                Some((_, days)) => days.push(skipped.day),
                None => lines.push((&skipped.reason, vec![skipped.day])),
            }
        }
        lines
            .into_iter()
            .map(|(reason, days)| {
                let days: Vec<String> = days.into_iter().map(|day| lang.day(day)).collect();
                format!("{}: {}", days.join(", "), reason_text(reason, lang))
            })
            .collect()
    }

    fn pause_text(&self, line: &PauseLine, lang: Lang) -> String {
        let span = format!(
            "{} {} {} {}",
            lang.pick("từ", "from"),
            self.instant(line.pause.from, lang),
            lang.pick("đến", "to"),
            self.instant(line.pause.to, lang),
        );
        if line.moved == 0 {
            return format!("{span}: {}", lang.pick("không làm lùi hạn", "did not move the due time"));
        }
        let moved = match self.limit {
            Limit::WorkingSeconds(_) => duration(line.moved, lang),
            Limit::WorkingDays(_) => count(line.moved, "ngày làm việc", "working day", lang),
            Limit::CalendarDays(_) | Limit::Months(_) => count(line.moved, "ngày", "day", lang),
        };
        format!("{span}: {} {moved}", lang.pick("lùi hạn", "moved the due time by"))
    }
}

/// Whether two reasons are told on one line: all weekly rest days together, and runs of one
/// holiday (the five days of Tết).
fn same_line(a: &SkipReason, b: &SkipReason) -> bool {
    match (a, b) {
        (SkipReason::DayOff(a), SkipReason::DayOff(b)) => a == b,
        (SkipReason::DayOff(_), _) | (_, SkipReason::DayOff(_)) => false,
        (a, b) => a == b,
    }
}

fn count(n: i64, vi: &str, en: &str, lang: Lang) -> String {
    match lang {
        Lang::Vi => format!("{n} {vi}"),
        Lang::En if n == 1 => format!("{n} {en}"),
        Lang::En => format!("{n} {en}s"),
    }
}

fn duration(seconds: i64, lang: Lang) -> String {
    let parts = [
        (seconds / 3600, "giờ làm việc", "working hour"),
        (seconds / 60 % 60, "phút", "minute"),
        (seconds % 60, "giây", "second"),
    ];
    let said: Vec<String> =
        parts.into_iter().filter(|(n, ..)| *n != 0).map(|(n, vi, en)| count(n, vi, en, lang)).collect();
    if said.is_empty() { count(0, "giờ làm việc", "working hour", lang) } else { said.join(" ") }
}

fn limit_text(limit: Limit, lang: Lang) -> String {
    match limit {
        Limit::WorkingDays(n) => count(n.into(), "ngày làm việc", "working day", lang),
        Limit::WorkingSeconds(n) => duration(n, lang),
        Limit::CalendarDays(n) => count(n.into(), "ngày", "calendar day", lang),
        Limit::Months(n) => count(n.into(), "tháng", "month", lang),
    }
}

fn start_text(reason: StartReason, lang: Lang) -> &'static str {
    let (vi, en) = match reason {
        StartReason::DayOfReceipt => {
            ("ngày tiếp nhận, bản thân ngày này không tính", "the day of receipt, itself not counted")
        }
        StartReason::NextWorkingDay => (
            "nhận muộn trong ngày hoặc vào ngày nghỉ, coi như nhận ngày làm việc kế tiếp",
            "received late in the day or on a day off, counts as received on the next working day",
        ),
        StartReason::Hours(Received::InHours) => ("nhận trong giờ làm việc", "received in hours"),
        StartReason::Hours(Received::LunchBreak) => (
            "nhận vào giờ nghỉ trưa, tính từ đầu giờ chiều",
            "received in the lunch break, from the afternoon",
        ),
        StartReason::Hours(Received::BeforeOpening) => {
            ("nhận trước giờ làm việc, tính từ đầu giờ", "received before opening, from the opening")
        }
        StartReason::Hours(Received::AfterClosing) => (
            "nhận sau giờ làm việc, tính từ ngày làm việc kế tiếp",
            "received after closing, from the next working day",
        ),
        StartReason::Hours(Received::DayOff) => (
            "nhận vào ngày nghỉ, tính từ ngày làm việc kế tiếp",
            "received on a day off, from the next working day",
        ),
        StartReason::Hours(Received::DeskOpen) => (
            "nhận tại quầy mở ngoài giờ, tính từ giờ làm việc kế tiếp",
            "received at a desk open outside counted hours, from the next opening",
        ),
    };
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

fn reason_text(reason: &SkipReason, lang: Lang) -> String {
    match reason {
        SkipReason::FirstDay => lang.pick("ngày đầu không tính", "the first day is not counted").to_owned(),
        SkipReason::BeforeStart => lang.pick("trước khi bắt đầu tính", "before the clock started").to_owned(),
        SkipReason::WeeklyRest => lang.pick("nghỉ hằng tuần", "weekly rest").to_owned(),
        SkipReason::DayOff(note) => note_text(note, lang),
    }
}

fn note_text(note: &DayNote, lang: Lang) -> String {
    let mut text = format!("{} [{}]", lang.pick(&note.name.vi, &note.name.en), note.source);
    if let Some(doubt) = &note.doubt {
        let _ = write!(text, "; {}: {}", lang.pick("lưu ý", "note"), lang.pick(&doubt.vi, &doubt.en));
    }
    text
}
