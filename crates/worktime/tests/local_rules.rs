//! Local rules, versions, and calendar files that must be refused.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails must say so")]

use giaouoc_worktime::{
    Calendar, CalendarChoice, CalendarError, CalendarFile, Day, Instant, Limit, LocalRules, Moment, Pause,
    ReceiptRule, Received, Zone,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const CHOICE: &str = r#"
calendar = "vn-public"
switches = { culture-day-2026 = true }

[[local.hours]]
days   = ["mon", "tue", "wed", "thu", "fri"]
spans  = ["07:00-11:30", "13:30-17:00"]
season = { from = "04-16", to = "10-15" }
source = "QĐ 12/2024"

[[local.hours]]
units  = ["H26.01"]
days   = ["sat"]
spans  = ["07:30-11:30"]
from   = 2024-01-01
source = "QĐ 13/2024"

[[local.desk]]
units  = ["H26.02"]
days   = ["sat"]
spans  = ["08:00-11:00"]
source = "QĐ 14/2024"

[[local.exception]]
date   = 2024-09-09
until  = 2024-09-10
worked = false
reason = { vi = "Bão số 3", en = "Typhoon no. 3" }
source = "CĐ 15/2024"
announced = 2024-09-08

[[local.exception]]
units  = ["H26.01"]
date   = 2024-09-10
worked = true
reason = { vi = "Trực", en = "On duty" }
source = "CĐ 16/2024"

[[local.exception]]
units  = ["H26.03"]
date   = 2024-09-14
worked = true
spans  = ["08:00-12:00"]
reason = { vi = "Làm bù", en = "Made up" }
source = "CĐ 17/2024"
"#;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn at(text: &str) -> Instant {
    match Zone::get("Asia/Ho_Chi_Minh").unwrap().parse_moment(text).unwrap() {
        Moment::Instant(at) => at,
        Moment::Day(day) => panic!("{day}"),
    }
}

fn hours(calendar: &Calendar, text: &str) -> String {
    let spans: Vec<String> = calendar.hours(day(text)).unwrap().iter().map(ToString::to_string).collect();
    spans.join(" ")
}

#[test]
fn units_have_their_own_calendars() {
    let set = CalendarChoice::parse(CHOICE).unwrap().resolve().unwrap();
    assert_eq!(set.by_unit.keys().collect::<Vec<_>>(), ["H26.01", "H26.02", "H26.03"]);
    let (all, one, two, three) =
        (set.unit("H26.99"), set.unit("H26.01"), set.unit("H26.02"), set.unit("H26.03"));
    assert_eq!(all, &set.default);
    assert_eq!((all.id(), one.id()), ("vn-public", "vn-public/H26.01"));
    assert_eq!(all.version(), "2026-11-22;culture-day-2026=on;local");

    // Seasons, both ends included.
    assert_eq!(hours(all, "2024-04-15"), "07:30-11:30 13:30-17:30");
    assert_eq!(hours(all, "2024-04-16"), "07:00-11:30 13:30-17:00");
    assert_eq!(hours(all, "2024-10-15"), "07:00-11:30 13:30-17:00");
    assert_eq!(hours(all, "2024-10-16"), "07:30-11:30 13:30-17:30");
    // A season may run over New Year.
    let winter = CHOICE.replacen("from = \"04-16\", to = \"10-15\"", "from = \"10-16\", to = \"04-15\"", 1);
    let winter = CalendarChoice::parse(&winter).unwrap().resolve().unwrap().default;
    assert_eq!(hours(&winter, "2024-10-16"), "07:00-11:30 13:30-17:00");
    assert_eq!(hours(&winter, "2024-01-03"), "07:00-11:30 13:30-17:00");
    assert_eq!(hours(&winter, "2024-10-15"), "07:30-11:30 13:30-17:30");
    // A make-up Saturday is worked like the Monday it makes up for, in its own season, also where
    // Saturdays usually have short hours.
    assert_eq!(hours(all, "2024-05-04"), "07:00-11:30 13:30-17:00");
    assert_eq!(hours(one, "2024-05-04"), "07:00-11:30 13:30-17:00");

    // A Saturday that is a working day counts; a desk only receives.
    assert_eq!(hours(one, "2023-12-30"), "");
    assert_eq!(hours(one, "2024-06-01"), "07:30-11:30");
    assert_eq!(one.add_working_days(day("2024-05-31"), 1).unwrap(), day("2024-06-01"));
    assert_eq!(two.add_working_days(day("2024-05-31"), 1).unwrap(), day("2024-06-03"));
    assert_eq!(two.received(at("2024-06-01T09:00")).unwrap(), Received::DeskOpen);
    assert_eq!(two.received(at("2024-06-01T11:00")).unwrap(), Received::DayOff);
    assert_eq!(all.received(at("2024-06-01T09:00")).unwrap(), Received::DayOff);
    assert_eq!(two.clock_start(at("2024-06-01T09:00")).unwrap(), at("2024-06-03T07:00"));
    // A holiday on a Saturday is one for the unit that works on Saturdays, and shuts the desk.
    assert_eq!(hours(one, "2024-02-10"), "");
    assert_eq!(two.received(at("2024-02-10T09:00")).unwrap(), Received::DayOff);

    // Exceptions: all, then the unit's own.
    assert!(!all.is_working_day(day("2024-09-10")).unwrap());
    assert_eq!(hours(one, "2024-09-10"), "07:00-11:30 13:30-17:00");
    assert_eq!(hours(three, "2024-09-14"), "08:00-12:00");
    assert_eq!(all.note(day("2024-09-09")).unwrap().name.vi, "Bão số 3");

    let digests: Vec<&str> = [all, one, two, three].iter().map(|c| c.digest()).collect();
    for (i, digest) in digests.iter().enumerate() {
        assert_eq!(digest.len(), 64);
        assert!(!digests[..i].contains(digest), "{digests:?}");
    }
}

#[test]
fn local_exceptions_have_their_day_of_announcement() {
    let mut choice = CalendarChoice::parse(CHOICE).unwrap();
    choice.as_announced_on = Some(day("2024-09-07"));
    let before = choice.resolve().unwrap().default;
    choice.as_announced_on = Some(day("2024-09-08"));
    let after = choice.resolve().unwrap().default;
    assert_eq!(before.add_working_days(day("2024-09-06"), 2).unwrap(), day("2024-09-10"));
    assert_eq!(after.add_working_days(day("2024-09-06"), 2).unwrap(), day("2024-09-12"));
    assert_eq!(before.coverage().unwrap().1, day("2024-12-31"));
    assert!(before.version().contains("announced<=2024-09-07"));
}

#[test]
fn versions_end_where_announcements_end() {
    let file = CalendarFile::builtin("vn-public").unwrap();
    let version = |text: &str| file.version(Some(day(text)), &BTreeMap::new(), &LocalRules::default());
    // The list of 2025 came on 26/11/2024.
    assert_eq!(version("2024-11-25").unwrap().coverage().unwrap().1, day("2024-12-31"));
    assert_eq!(version("2024-11-26").unwrap().coverage().unwrap().1, day("2025-12-31"));
    assert!(matches!(version("2016-01-01"), Err(CalendarError::NothingAnnounced { .. })));
    // The content decides about the digest, not the way to it.
    let newest = file.version(None, &BTreeMap::new(), &LocalRules::default()).unwrap();
    assert_eq!(version("2026-11-22").unwrap().digest(), newest.digest());
    assert_ne!(version("2024-04-11").unwrap().digest(), version("2024-04-12").unwrap().digest());
}

#[test]
fn the_builtin_digests_are_known() {
    // A change here changes what published figures name: it must be meant.
    assert_eq!(
        Calendar::builtin("vn-public").unwrap().digest(),
        "a581d186f799c5bb2bc485a25730e4df9fdcbc21eae7e45c8ed0dfb1be01f4c7"
    );
    assert_eq!(
        Calendar::builtin("europe-amsterdam").unwrap().digest(),
        "8313cb1051417dbb1fd4db14da80c1f8f74f88002e4ba09d9a5f99a77031fae5"
    );
}

#[test]
fn the_digest_is_over_the_documented_text() {
    let calendar = Calendar::builtin("vn-public").unwrap();
    let mut text = "giaouoc-calendar 1\nzone Asia/Ho_Chi_Minh\noffset 25200\n".to_owned();
    text.push_str("covers 2018-01-01 2026-12-31\n");
    for day in (day("2018-01-01").0..=day("2026-12-31").0).map(Day) {
        if calendar.is_working_day(day).unwrap() {
            text.push_str(&format!("{day} {}\n", hours(&calendar, &day.to_string())));
        }
    }
    let hex: String = Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(calendar.digest(), hex);
}

#[test]
fn an_announcement_can_be_called_off() {
    let text = include_str!("../../../data/calendars/vn-public.toml");
    let off = r#"
[[day]]
date = 2026-06-01
kind = "holiday"
name = { vi = "bịa", en = "invented" }
announced = 2026-03-01
source = "invented"
[[day]]
date = 2026-06-01
kind = "ordinary"
name = { vi = "bãi bỏ", en = "called off" }
announced = 2026-04-01
source = "invented"
"#;
    let file = CalendarFile::parse(&format!("{text}{off}")).unwrap();
    let works = |on: Option<&str>| {
        let version = file.version(on.map(day), &BTreeMap::new(), &LocalRules::default()).unwrap();
        version.is_working_day(day("2026-06-01")).unwrap()
    };
    assert_eq!((works(Some("2026-02-28")), works(Some("2026-03-31")), works(None)), (true, false, true));
}

#[test]
fn receipt_rules() {
    let calendar = Calendar::builtin("vn-public").unwrap();
    let fifteen = ReceiptRule::NextDayFrom("15:00".parse().unwrap());
    let due = |text: &str, rule| {
        let due = calendar.due(Moment::Instant(at(text)), Limit::WorkingDays(1), rule, &[]).unwrap();
        due.day.to_string()
    };
    // Thursday 5 March 2020.
    assert_eq!(due("2020-03-05T14:59:59", fifteen), "2020-03-06");
    assert_eq!(due("2020-03-05T15:00:00", fifteen), "2020-03-09");
    assert_eq!(due("2020-03-05T15:00:00", ReceiptRule::NextDayAfterClosing), "2020-03-06");
    assert_eq!(due("2020-03-05T17:30:00", ReceiptRule::NextDayAfterClosing), "2020-03-09");
    assert_eq!(due("2020-03-05T17:30:00", ReceiptRule::OwnDay), "2020-03-06");
    assert_eq!(due("2020-03-07T10:00:00", ReceiptRule::OwnDay), "2020-03-09");
    assert_eq!(due("2020-03-07T10:00:00", ReceiptRule::NextDayAfterClosing), "2020-03-10");
    let start = |text: &str, rule| calendar.clock_start_by(at(text), rule).unwrap();
    assert_eq!(start("2020-03-05T15:00", fifteen), at("2020-03-06T07:30"));
    assert_eq!(start("2020-03-05T14:00", fifteen), at("2020-03-05T14:00"));
    // Calendar days waited before the receipt do not count: of 8 to 12 March only the 11th and 12th.
    let pause = Pause { from: at("2020-03-08T09:00"), to: at("2020-03-12T09:00") };
    let late = Moment::Day(day("2020-03-10"));
    let due = calendar.due(late, Limit::CalendarDays(11), ReceiptRule::OwnDay, &[pause]).unwrap();
    assert_eq!(due.day, day("2020-03-23"));
    // A bare date has no hour.
    let bare = Moment::Day(day("2020-03-05"));
    assert_eq!(calendar.receipt_day(bare, fifteen).unwrap(), day("2020-03-05"));
    assert!(matches!(
        calendar.due(bare, Limit::WorkingSeconds(3600), fifteen, &[]),
        Err(CalendarError::NeedsTimeOfDay { .. })
    ));
    let negative = calendar.due(bare, Limit::WorkingDays(-1), ReceiptRule::OwnDay, &[]);
    assert!(matches!(negative, Err(CalendarError::NegativeAmount { amount: -1 })));
}

#[test]
fn stated_due_times_stay_unless_a_pause_moves_them() {
    let calendar = Calendar::builtin("vn-public").unwrap();
    let pause = |from, to| Pause { from: at(from), to: at(to) };
    let shift = |due, pauses: &[Pause]| calendar.shift_due(at("2020-03-02T08:00"), at(due), pauses).unwrap();
    // Stated for a Sunday evening: kept as stated, unless working time was paused before it.
    let night = pause("2020-03-04T18:00", "2020-03-05T07:00");
    assert_eq!(shift("2020-03-08T20:00", &[night]), at("2020-03-08T20:00"));
    let morning = pause("2020-03-05T07:30", "2020-03-05T09:30");
    assert_eq!(shift("2020-03-08T20:00", &[night, morning]), at("2020-03-09T09:30"));
    assert_eq!(shift("2020-03-06T17:30", &[morning]), at("2020-03-09T09:30"));
    // Due before it began: nothing to move.
    assert_eq!(shift("2020-02-28T17:30", &[morning]), at("2020-02-28T17:30"));
    let reversed = pause("2020-03-05T09:30", "2020-03-05T07:30");
    let error = calendar.shift_due(at("2020-03-02T08:00"), at("2020-03-06T17:30"), &[reversed]);
    assert!(matches!(error, Err(CalendarError::PauseReversed { .. })));
}

/// Edits of a good file, each of which must be refused.
#[test]
fn wrong_files_are_refused_and_say_where() {
    let good = include_str!("../../../data/calendars/vn-public.toml");
    let edits = [
        ("format   = 1", "format = 2", "format"),
        ("zone     = \"Asia/Ho_Chi_Minh\"", "zone = \"Asia/Hanoi\"", "Asia/Hanoi"),
        ("to       = 2026-12-31", "to = 2017-12-31", "from, to"),
        ("to       = 2026-12-31", "", "from, to"),
        ("to       = 2026-12-31", "to = 2026-06-30", "day 2026-08-22"),
        ("to       = 2026-12-31", "to = 2201-01-01", "2201"),
        ("\"07:30-11:30\"", "\"11:30-07:30\"", "11:30-07:30"),
        ("\"07:30-11:30\"", "\"07:30-14:30\"", "hours"),
        ("\"mon\", \"tue\"", "\"tue\", \"tue\"", "hours"),
        ("\"mon\", \"tue\"", "\"monday\"", "monday"),
        ("date = 2018-02-15", "date = 2018-02-14", "day 2018-02-14"),
        ("date = 2018-02-15", "date = 2018-02-30", ""),
        ("swapped_with = 2019-01-05\n", "", "day 2018-12-31"),
        ("2019-01-05\nannounced = 2018-07-11\n", "2019-01-05\n", "day 2018-12-31"),
        ("switch = \"culture-day-2026\"", "switch = \"culture\"", "day 2026-11-24"),
        ("kind = \"substituted\"", "kind = \"bridge\"", "bridge"),
        ("id       = \"vn-public\"", "id = \"../vn\"", "id"),
        ("[[switch]]", "colour = \"red\"\n[[switch]]", "colour"),
        ("year      = 2023", "year = 2019", "year 2019"),
    ];
    for (from, to, place) in edits {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        let error = CalendarFile::parse(&bad).map(|_| to).unwrap_err();
        assert!(error.en().contains(place), "{to}: {error}");
        assert!(!error.vi().is_empty());
    }
    assert!(CalendarFile::parse("zone_only = true").is_err());
}

#[test]
fn wrong_local_rules_are_refused() {
    for (from, to) in [
        ("until  = 2024-09-10", "until = 2024-09-08"),
        ("spans  = [\"08:00-12:00\"]", ""),
        ("worked = true\nspans", "worked = false\nspans"),
        ("spans  = [\"08:00-12:00\"]", "spans = []"),
        ("calendar = \"vn-public\"", "calendar = \"vn\""),
        ("calendar = \"vn-public\"", "calendar = \"europe-amsterdam\""),
        ("culture-day-2026", "culture-day-2027"),
        ("days   = [\"sat\"]", "days = []"),
        ("units  = [\"H26.01\"]", "units = [\"H26\\u001b[31m\"]"),
        ("from   = 2024-01-01", "from = 2024-01-01\nto = 2023-01-01"),
        ("to = \"10-15\"", "to = \"10-32\""),
    ] {
        let bad = CHOICE.replacen(from, to, 1);
        assert_ne!(bad, CHOICE, "{from}");
        assert!(CalendarChoice::parse(&bad).and_then(|c| c.resolve()).is_err(), "{to}");
    }
}

#[test]
fn hours_across_a_change_of_the_clock_are_refused() {
    let file = |spans: &str| {
        let text = format!(
            r#"
            format = 1
            id = "canal"
            revision = 2026-01-01
            name = {{ vi = "bịa", en = "invented" }}
            zone = "Europe/Amsterdam"
            from = 2011-01-01
            to = 2011-12-31
            [[hours]]
            days = ["sun"]
            spans = ["{spans}"]
            source = "invented"
            "#
        );
        CalendarFile::parse(&text).unwrap().version(None, &BTreeMap::new(), &LocalRules::default())
    };
    let error = file("02:30-04:00").unwrap_err();
    assert_eq!(
        error,
        CalendarError::HoursAcrossClockChange { calendar: "canal".to_owned(), day: day("2011-03-27") }
    );
    // Beside the change all is well: eight hours on the clock's face are eight hours.
    let calendar = file("03:00-11:00").unwrap();
    let (before, after) = (day("2011-03-26"), day("2011-03-28"));
    let zone = calendar.zone();
    let seconds = calendar.working_seconds_between(zone.start_of(before), zone.start_of(after)).unwrap();
    assert_eq!(seconds, 8 * 3600);
    let start = zone.start_of(day("2011-03-27"));
    assert_eq!(calendar.add_working_hours(start, 1).unwrap().to_string(), "2011-03-27T02:00:00Z");
    assert_eq!(calendar.add_working_hours(start, 9).unwrap().to_string(), "2011-04-03T02:00:00Z");
}

#[test]
fn files_and_choices_survive_being_written() {
    let file = CalendarFile::builtin("vn-public").unwrap();
    let again: CalendarFile = serde_json::from_str(&serde_json::to_string(&file).unwrap()).unwrap();
    assert_eq!(again, file);
    let choice = CalendarChoice::parse(CHOICE).unwrap();
    let again: CalendarChoice = serde_json::from_str(&serde_json::to_string(&choice).unwrap()).unwrap();
    assert_eq!(again, choice);
    assert_eq!(
        CalendarChoice::parse("").unwrap().resolve().unwrap().default,
        Calendar::builtin("vn-public").unwrap()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_text_is_safe(text in prop_oneof!["\\PC{0,300}", "(?s).{0,100}", "[a-z_]{1,8} = [\"\\[{].{0,30}"]) {
        for error in [CalendarFile::parse(&text).err(), CalendarChoice::parse(&text).err()].into_iter().flatten() {
            prop_assert!(!error.vi().contains(char::is_control) && !error.en().contains(char::is_control));
        }
    }

    /// Good files with pieces cut, doubled and exchanged: what is still accepted must resolve or be
    /// refused, and answer.
    #[test]
    fn damaged_files_are_safe(
        local in any::<bool>(), cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4_u8), 1..4),
    ) {
        let good = if local { CHOICE } else { include_str!("../../../data/calendars/vn-public.toml") };
        let mut lines: Vec<String> = good.lines().take(200).map(str::to_owned).collect();
        for (a, b, what) in cuts {
            let (a, b) = (a.index(lines.len()), b.index(lines.len()));
            match what {
                0 => lines[a].clear(),
                1 => lines[a] = lines[b].clone(),
                2 => lines.swap(a, b),
                _ => lines[a] = lines[a].replace(['0', '1'], "9").replace("mon", "sun"),
            }
        }
        let text = lines.join("\n");
        if local {
            if let Ok(choice) = CalendarChoice::parse(&text) {
                let _ = choice.resolve().map_err(|e| (e.vi(), e.en()));
            }
        } else if let Ok(file) = CalendarFile::parse(&text) {
            match file.version(None, &BTreeMap::new(), &LocalRules::default()) {
                Ok(calendar) => {
                    let _ = calendar.add_working_days(day("2018-06-01"), 3);
                    let _ = calendar.add_working_hours(at("2018-06-01T08:00"), 30);
                }
                Err(error) => prop_assert!(!error.vi().is_empty()),
            }
        }
    }
}
