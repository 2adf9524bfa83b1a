//! What a calendar file or local rules must keep to, beyond their shape: checked once, when read, so
//! that resolving need not doubt them.

use crate::error::CalendarError;
use crate::file::{CalendarFile, DayFact, DayKind, FORMAT, LocalRules};
use crate::hours::{HoursRule, spans_in_order};
use crate::time::{Day, Weekday};
use crate::zone::Zone;
use std::collections::BTreeSet;

/// More entries than this in any one list of a file are refused: a calendar is small, and the work
/// of resolving one grows with its rules.
const MOST_ENTRIES: usize = 3_000;
const MOST_RULES: usize = 500;

impl CalendarFile {
    pub(crate) fn check(&self) -> Result<(), CalendarError> {
        if self.format != FORMAT {
            return Err(inconsistent(
                "format",
                format!("định dạng {} chưa được hỗ trợ; cần {FORMAT}.", self.format),
                format!("format {} is not supported; {FORMAT} is needed.", self.format),
            ));
        }
        let id_ok = !self.id.is_empty()
            && self.id.len() <= 60
            && self.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !id_ok {
            return Err(inconsistent(
                "id",
                "chỉ dùng chữ thường không dấu, chữ số và dấu gạch nối.".to_owned(),
                "use lower-case letters, digits and hyphens only.".to_owned(),
            ));
        }
        Zone::get(&self.zone)?;
        bounded("hours", self.hours.len(), MOST_RULES)?;
        bounded("day", self.days.len(), MOST_ENTRIES)?;
        bounded("switch", self.switches.len(), MOST_RULES)?;
        bounded("year", self.years.len(), MOST_RULES)?;
        if self.zone_only {
            return self.check_zone_only();
        }
        let (Some(from), Some(to)) = (self.from, self.to) else {
            return Err(inconsistent(
                "from, to",
                "thiếu ngày đầu hoặc ngày cuối mà lịch bao quát.".to_owned(),
                "the first or last day covered is missing.".to_owned(),
            ));
        };
        if from > to {
            return Err(inconsistent(
                "from, to",
                "ngày đầu đứng sau ngày cuối.".to_owned(),
                "the first day comes after the last.".to_owned(),
            ));
        }
        for rule in &self.hours {
            check_rule("hours", rule)?;
            if !rule.units.is_empty() {
                return Err(inconsistent(
                    "hours",
                    "giờ riêng của đơn vị phải ghi trong calendar.toml của gói dữ liệu.".to_owned(),
                    "hours of single units belong in the bundle's calendar.toml.".to_owned(),
                ));
            }
        }
        self.check_years()?;
        self.check_days(from, to)
    }

    fn check_zone_only(&self) -> Result<(), CalendarError> {
        let empty = self.from.is_none()
            && self.to.is_none()
            && self.hours.is_empty()
            && self.switches.is_empty()
            && self.years.is_empty()
            && self.days.is_empty();
        if empty {
            return Ok(());
        }
        Err(inconsistent(
            "zone_only",
            "lịch chỉ có múi giờ thì không được ghi ngày nghỉ, giờ làm việc.".to_owned(),
            "a zone-only calendar must not list days, hours, years or switches.".to_owned(),
        ))
    }

    fn check_years(&self) -> Result<(), CalendarError> {
        let mut seen = BTreeSet::new();
        for fact in &self.years {
            if !(1900..=2200).contains(&fact.year) {
                return Err(CalendarError::YearOutOfRange { year: fact.year.into() });
            }
            if !seen.insert(fact.year) {
                return Err(inconsistent(
                    &format!("year {}", fact.year),
                    "ghi hai lần.".to_owned(),
                    "written twice.".to_owned(),
                ));
            }
        }
        Ok(())
    }

    fn check_days(&self, from: Day, to: Day) -> Result<(), CalendarError> {
        let mut seen = BTreeSet::new();
        let halves: BTreeSet<_> = self.days.iter().map(|fact| self.half(fact, false)).collect();
        let switches: BTreeSet<&str> = self.switches.iter().map(|s| s.name.as_str()).collect();
        if switches.len() != self.switches.len() {
            return Err(inconsistent(
                "switch",
                "hai tùy chọn trùng tên.".to_owned(),
                "two switches have the same name.".to_owned(),
            ));
        }
        for fact in &self.days {
            let wrong = |vi: &str, en: &str| {
                inconsistent(&format!("day {}", fact.date), vi.to_owned(), en.to_owned())
            };
            if fact.date < from || fact.date > to {
                return Err(wrong(
                    "nằm ngoài khoảng ngày mà lịch bao quát.",
                    "lies outside the days the file covers.",
                ));
            }
            if !seen.insert((fact.date, self.announced(fact))) {
                return Err(wrong(
                    "ghi hai lần với cùng ngày thông báo.",
                    "written twice with the same day of announcement.",
                ));
            }
            if let Some(switch) = &fact.switch
                && !switches.contains(switch.as_str())
            {
                return Err(wrong(
                    "dùng một tùy chọn không có trong tệp.",
                    "hangs on a switch that the file does not have.",
                ));
            }
            let swap = matches!(fact.kind, DayKind::SwapOff | DayKind::SwapWork);
            match fact.swapped_with {
                None if swap => {
                    return Err(wrong(
                        "ngày hoán đổi phải ghi ngày tương ứng (swapped_with).",
                        "a swapped day must name the other day (swapped_with).",
                    ));
                }
                Some(_) if !swap => {
                    return Err(wrong(
                        "chỉ ngày hoán đổi mới có swapped_with.",
                        "only swapped days have swapped_with.",
                    ));
                }
                // Half a swap would change the year's number of working days.
                Some(_) if !halves.contains(&self.half(fact, true)) => {
                    return Err(wrong(
                        "không tìm thấy ngày hoán đổi tương ứng.",
                        "the other day of the swap is not in the file.",
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What identifies one half of a swap (or, with `other`, the half that must stand beside it):
    /// the days, the kind, when it became known, and the switch.
    fn half<'a>(&self, fact: &'a DayFact, other: bool) -> (Day, Option<Day>, u8, Day, &'a str) {
        let announced = self.announced(fact);
        let switch = fact.switch.as_deref().unwrap_or_default();
        match (other, fact.swapped_with, fact.kind) {
            (true, Some(with), DayKind::SwapOff) => (with, Some(fact.date), 2, announced, switch),
            (true, Some(with), _) => (with, Some(fact.date), 1, announced, switch),
            (_, with, DayKind::SwapOff) => (fact.date, with, 1, announced, switch),
            (_, with, DayKind::SwapWork) => (fact.date, with, 2, announced, switch),
            (_, with, _) => (fact.date, with, 0, announced, switch),
        }
    }
}

impl LocalRules {
    /// Checks what can be checked without a calendar.
    pub fn check(&self) -> Result<(), CalendarError> {
        for unit in self.units() {
            if unit.is_empty() || unit.len() > 60 || unit.chars().any(char::is_control) {
                return Err(inconsistent(
                    "local",
                    "mã đơn vị trống, quá dài hoặc có ký tự điều khiển.".to_owned(),
                    "a unit code is empty, too long or has control characters.".to_owned(),
                ));
            }
        }
        bounded("local.hours", self.hours.len(), MOST_RULES)?;
        bounded("local.desk", self.desks.len(), MOST_RULES)?;
        bounded("local.exception", self.exceptions.len(), MOST_ENTRIES)?;
        self.hours.iter().try_for_each(|rule| check_rule("local.hours", rule))?;
        self.desks.iter().try_for_each(|rule| check_rule("local.desk", rule))?;
        for day in &self.exceptions {
            let place = format!("local.exception {}", day.date);
            if day.until.is_some_and(|until| until < day.date) {
                return Err(inconsistent(
                    &place,
                    "ngày cuối đứng trước ngày đầu.".to_owned(),
                    "the last day comes before the first.".to_owned(),
                ));
            }
            let spans = day.spans.as_deref();
            if spans.is_some_and(|s| s.is_empty() || !day.worked || !spans_in_order(s)) {
                return Err(inconsistent(
                    &place,
                    "giờ làm việc chỉ ghi cho ngày đi làm, theo thứ tự và không chồng nhau.".to_owned(),
                    "hours belong to worked days only, in order and without overlap.".to_owned(),
                ));
            }
        }
        Ok(())
    }
}

fn check_rule(place: &str, rule: &HoursRule) -> Result<(), CalendarError> {
    if rule.days.is_empty() {
        return Err(inconsistent(
            place,
            "chưa ghi các ngày trong tuần (days).".to_owned(),
            "no days of the week are named (days).".to_owned(),
        ));
    }
    let days: BTreeSet<Weekday> = rule.days.iter().copied().collect();
    if days.len() != rule.days.len() || rule.spans.len() > 48 || !spans_in_order(&rule.spans) {
        return Err(inconsistent(
            place,
            "các ngày bị lặp, hoặc các khoảng giờ không theo thứ tự hay chồng nhau.".to_owned(),
            "days are repeated, or the spans are out of order or overlap.".to_owned(),
        ));
    }
    if rule.from.zip(rule.to).is_some_and(|(from, to)| from > to) {
        return Err(inconsistent(
            place,
            "ngày đầu đứng sau ngày cuối.".to_owned(),
            "the first day comes after the last.".to_owned(),
        ));
    }
    Ok(())
}

fn bounded(place: &str, count: usize, most: usize) -> Result<(), CalendarError> {
    if count <= most {
        return Ok(());
    }
    Err(inconsistent(
        place,
        format!("có {count} mục, nhiều hơn mức cho phép {most}."),
        format!("{count} entries, more than the {most} allowed."),
    ))
}

pub(crate) fn inconsistent(place: &str, vi: String, en: String) -> CalendarError {
    CalendarError::Inconsistent { place: place.to_owned(), vi, en }
}
