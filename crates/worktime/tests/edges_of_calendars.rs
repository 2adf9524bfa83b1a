//! The first and the last of everything in calendars: what a file may hold, when local rules hold, and
//! which days of a time limit count.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails must say so")]

use giaouoc_worktime::{
    Calendar, CalendarChoice, CalendarError, CalendarFile, Day, Instant, Limit, LocalRules, Moment, Pause,
    PauseColumn, ReceiptRule, Rows, SkipReason, Zone, merge_pauses,
};
use std::collections::BTreeMap;

const LABEL: &str = "{ vi = \"bịa\", en = \"invented\" }";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn at(text: &str) -> Instant {
    match Zone::get("Asia/Ho_Chi_Minh").unwrap().parse_moment(text).unwrap() {
        Moment::Instant(at) => at,
        Moment::Day(day) => panic!("{day}"),
    }
}

fn pause(from: &str, to: &str) -> Pause {
    Pause { from: at(from), to: at(to) }
}

fn public() -> Calendar {
    Calendar::builtin("vn-public").unwrap()
}

/// A file of this id that covers the days given, with whatever stands after that.
fn file(id: &str, from: &str, to: &str, rest: &str) -> Result<CalendarFile, CalendarError> {
    CalendarFile::parse(&format!(
        "format = 1\nid = \"{id}\"\nrevision = 2026-01-01\nname = {LABEL}\nzone = \"UTC\"\n\
         from = {from}\nto = {to}\n{rest}"
    ))
}

/// The rule of hours of a list, `hours`, `local.hours` or `local.desk`.
fn rule(list: &str, more: &str) -> String {
    format!("[[{list}]]\ndays = [\"sat\"]\nspans = [\"08:00-09:00\"]\nsource = \"invented\"\n{more}")
}

fn holiday(date: &str, more: &str) -> String {
    format!("[[day]]\ndate = {date}\nkind = \"holiday\"\nname = {LABEL}\nsource = \"invented\"\n{more}")
}

fn exception(date: &str, more: &str) -> String {
    format!(
        "[[local.exception]]\ndate = {date}\nworked = false\nreason = {LABEL}\nsource = \"invented\"\n{more}"
    )
}

/// So many days from 1 January 2010 on, each as `entry` writes it.
fn each_day(count: usize, entry: impl Fn(&str) -> String) -> String {
    (day("2010-01-01").0..).take(count).map(|n| entry(&Day(n).to_string())).collect()
}

#[test]
fn a_calendar_knows_whether_it_has_working_days() {
    assert!(!public().is_zone_only());
    assert!(Calendar::builtin("europe-amsterdam").unwrap().is_zone_only());
}

/// Rules for everybody make one calendar for all, rules of a unit make a second one.
#[test]
fn a_set_is_uniform_until_a_unit_has_rules_of_its_own() {
    let set = |text: &str| CalendarChoice::parse(text).unwrap().resolve().unwrap();
    assert!(set("").is_uniform());
    assert!(set(&rule("local.hours", "")).is_uniform());
    assert!(!set(&rule("local.hours", "units = [\"H26.01\"]\n")).is_uniform());
}

#[test]
fn ids_have_one_to_sixty_small_letters() {
    let read = |id: &str| file(id, "2020-01-01", "2020-12-31", "").map(|file| file.id);
    for id in ["a", "vn-2", &"a".repeat(60)] {
        assert_eq!(read(id).unwrap(), id);
    }
    for id in ["", "A", "a.b", "a b", "á", &"a".repeat(61)] {
        assert!(read(id).unwrap_err().en().contains("lower-case letters"), "{id}");
    }
}

#[test]
fn facts_lie_on_the_first_to_the_last_day_covered() {
    for (date, ok) in
        [("2019-12-31", false), ("2020-01-01", true), ("2020-12-31", true), ("2021-01-01", false)]
    {
        match file("small", "2020-01-01", "2020-12-31", &holiday(date, "")) {
            Ok(_) => assert!(ok, "{date}"),
            Err(error) => assert!(!ok && error.en().contains("outside the days"), "{date}: {error}"),
        }
    }
}

/// The longest list is taken, one entry more is refused, whichever list it is.
#[test]
fn lists_are_bounded() {
    let switches =
        |count| (0..count).map(|n| format!("[[switch]]\nname = \"s{n}\"\ndefault = true\ndoubt = {LABEL}\n"));
    let years = |count| {
        (0..count).map(|n| format!("[[year]]\nyear = {}\nannounced = 2019-01-01\nsource = \"\"\n", 1900 + n))
    };
    let of_file = |text: &str| file("small", "2010-01-01", "2020-12-31", text).map(|_| ());
    let of_choice = |text: &str| CalendarChoice::parse(text).map(|_| ());
    for (list, most, result) in [
        ("hours", 500, of_file(&rule("hours", "").repeat(500))),
        ("switch", 500, of_file(&switches(500).collect::<String>())),
        ("day", 3_000, of_file(&each_day(3_000, |date| holiday(date, "")))),
        ("local.hours", 500, of_choice(&rule("local.hours", "").repeat(500))),
        ("local.desk", 500, of_choice(&rule("local.desk", "").repeat(500))),
        ("local.exception", 3_000, of_choice(&each_day(3_000, |date| exception(date, "")))),
    ] {
        assert_eq!(result, Ok(()), "{list} {most}");
    }
    for (list, most, result) in [
        ("hours", 500, of_file(&rule("hours", "").repeat(501))),
        ("switch", 500, of_file(&switches(501).collect::<String>())),
        // There are not so many years; that the list is too long is said first.
        ("year", 500, of_file(&years(501).collect::<String>())),
        ("day", 3_000, of_file(&each_day(3_001, |date| holiday(date, "")))),
        ("local.hours", 500, of_choice(&rule("local.hours", "").repeat(501))),
        ("local.desk", 500, of_choice(&rule("local.desk", "").repeat(501))),
        ("local.exception", 3_000, of_choice(&each_day(3_001, |date| exception(date, "")))),
    ] {
        let (error, expected) = (result.unwrap_err(), format!("{} entries, more than the {most}", most + 1));
        assert!(error.en().contains(list) && error.en().contains(&expected), "{list}: {error}");
    }
}

/// A run of days off may be one day long, and holds on its first and its last day.
#[test]
fn exceptions_hold_from_their_first_to_their_last_day() {
    for (until, expected) in
        [("2020-03-04", &["2020-03-04"][..]), ("2020-03-06", &["2020-03-04", "2020-03-05", "2020-03-06"])]
    {
        let choice = CalendarChoice::parse(&exception("2020-03-04", &format!("until = {until}\n"))).unwrap();
        let calendar = choice.resolve().unwrap().default;
        let off: Vec<String> = (day("2020-03-02").0..=day("2020-03-06").0)
            .map(Day)
            .filter(|day| !calendar.is_working_day(*day).unwrap())
            .map(|day| day.to_string())
            .collect();
        assert_eq!(off, expected, "{until}");
    }
    let reversed = CalendarChoice::parse(&exception("2020-03-04", "until = 2020-03-03\n"));
    assert!(reversed.unwrap_err().en().contains("the last day comes before the first"));
}

/// Each kind of local rule is one by itself, and none makes working days where there are none.
#[test]
fn a_zone_only_calendar_takes_no_local_rules() {
    assert!(LocalRules::default().is_empty());
    let over = |rules: &str| {
        let choice = CalendarChoice::parse(&format!("calendar = \"europe-amsterdam\"\n{rules}")).unwrap();
        (choice.local.is_empty(), choice.resolve())
    };
    let (empty, set) = over("");
    assert!(empty && set.unwrap().default.is_zone_only());
    for rules in [rule("local.hours", ""), rule("local.desk", ""), exception("2020-03-04", "")] {
        let (empty, set) = over(&rules);
        let expected =
            CalendarError::ZoneOnly { calendar: "europe-amsterdam".to_owned(), function: "local rules" };
        assert_eq!((empty, set.unwrap_err()), (false, expected), "{rules}");
    }
}

/// The version says `local` where a rule of hours, of desks or of single days applies, and nowhere else.
#[test]
fn a_version_says_that_local_rules_apply() {
    let revision = CalendarFile::builtin("vn-public").unwrap().revision;
    let with = format!("{revision};local");
    let without = revision.to_string();
    for (rules, of_all, of_unit) in [
        (rule("local.hours", ""), &with, None),
        (rule("local.desk", ""), &with, None),
        (exception("2020-03-04", ""), &with, None),
        (rule("local.hours", "units = [\"U\"]\n"), &without, Some(&with)),
        (rule("local.desk", "units = [\"U\"]\n"), &without, Some(&with)),
        (exception("2020-03-04", "units = [\"U\"]\n"), &without, Some(&with)),
    ] {
        let set = CalendarChoice::parse(&rules).unwrap().resolve().unwrap();
        assert_eq!(set.default.version(), of_all, "{rules}");
        assert_eq!(set.by_unit.get("U").map(Calendar::version), of_unit.map(String::as_str), "{rules}");
    }
}

/// Of two switches each has its own default, and each is set by itself.
#[test]
fn every_switch_has_its_own_default() {
    let switch =
        |name, default| format!("[[switch]]\nname = \"{name}\"\ndefault = {default}\ndoubt = {LABEL}\n");
    let rules = [
        "[[hours]]\ndays = [\"mon\", \"tue\"]\nspans = [\"08:00-09:00\"]\nsource = \"invented\"\n".to_owned(),
        switch("usual", true),
        switch("rare", false),
        holiday("2020-03-02", "switch = \"usual\"\n"),
        holiday("2020-03-03", "switch = \"rare\"\n"),
    ];
    let file = file("small", "2020-01-01", "2020-12-31", &rules.concat()).unwrap();
    for (set, version, worked) in [
        (None, "2026-01-01", [false, true]),
        (Some(("usual", false)), "2026-01-01;usual=off", [true, true]),
        (Some(("rare", true)), "2026-01-01;rare=on", [false, false]),
        // What is set to its default is no other version.
        (Some(("rare", false)), "2026-01-01", [false, true]),
    ] {
        let set: BTreeMap<_, _> = set.into_iter().map(|(name, on)| (name.to_owned(), on)).collect();
        let calendar = file.version(None, &set, &LocalRules::default()).unwrap();
        let days = ["2020-03-02", "2020-03-03"].map(|text| calendar.is_working_day(day(text)).unwrap());
        assert_eq!((calendar.version(), days), (version, worked), "{set:?}");
    }
}

#[test]
fn empty_pauses_are_left_out() {
    let empty = pause("2020-03-04T09:00", "2020-03-04T09:00");
    let real = pause("2020-03-04T10:00", "2020-03-04T10:01");
    assert_eq!(merge_pauses(&[empty]), Ok(vec![]));
    assert_eq!(merge_pauses(&[real, empty]), Ok(vec![real]));
}

/// Turned round, a span has the same pauses with the other sign, in a column as for one value.
#[test]
fn paused_time_of_a_reversed_span_is_negative() {
    let calendar = public();
    let (from, to) = (at("2020-03-05T08:00"), at("2020-03-05T17:00"));
    let pause = pause("2020-03-05T09:00", "2020-03-05T10:00");
    let single =
        [(from, to), (to, from)].map(|(from, to)| calendar.paused_seconds(from, to, &[pause]).unwrap());
    assert_eq!(single, [3600, -3600]);
    let pauses = PauseColumn { offsets: &[0, 1, 2], from: &[pause.from.0; 2], to: &[pause.to.0; 2] };
    let (mut out, mut outside) = ([0; 2], [true; 2]);
    let (from, to) = ([from.0, to.0], [to.0, from.0]);
    calendar.paused_seconds_column(&from, Rows::Each(&to), pauses, &mut out, &mut outside).unwrap();
    assert_eq!((out, outside), (single, [false; 2]));
}

/// A limit in calendar days or months is moved by the days waited between the receipt and the due day as it
/// moves on.
#[test]
fn calendar_days_waited_move_the_day_counted_to() {
    let counted_to = |limit, pauses: &[Pause]| {
        let received = Moment::Day(day("2020-03-02"));
        let told = public().explain(received, limit, ReceiptRule::OwnDay, pauses).unwrap();
        let moved: Vec<i64> = told.pauses.iter().map(|line| line.moved).collect();
        (told.counted_to.unwrap().to_string(), moved)
    };
    let one_day = pause("2020-03-03T09:00", "2020-03-04T09:00");
    for (pauses, expected, moved) in [
        (vec![], "2020-03-12", vec![]),
        (vec![one_day], "2020-03-13", vec![1]),
        // Within a day, and before the receipt.
        (vec![pause("2020-03-03T09:00", "2020-03-03T15:00")], "2020-03-12", vec![0]),
        (vec![pause("2020-02-20T09:00", "2020-03-01T09:00")], "2020-03-12", vec![0]),
        // Of 20 February to 5 March, the days after 2 March.
        (vec![pause("2020-02-20T09:00", "2020-03-05T09:00")], "2020-03-15", vec![3]),
        // On the day before the due day, and on the due day, as the first pause has moved it.
        (vec![one_day, pause("2020-03-12T09:00", "2020-03-16T09:00")], "2020-03-17", vec![1, 4]),
        (vec![one_day, pause("2020-03-13T09:00", "2020-03-16T09:00")], "2020-03-13", vec![1, 0]),
    ] {
        let found = counted_to(Limit::CalendarDays(10), &pauses);
        assert_eq!(found, (expected.to_owned(), moved), "{pauses:?}");
    }
    assert_eq!(counted_to(Limit::Months(1), &[one_day]), ("2020-04-03".to_owned(), vec![1]));
}

/// Saturday 4 May 2019 was worked in place of a Monday. Calendar days count it like any other Saturday.
#[test]
fn made_up_days_are_told_of_working_days_only() {
    let told = |limit| {
        let received = Moment::Day(day("2019-05-03"));
        public().explain(received, limit, ReceiptRule::OwnDay, &[]).unwrap()
    };
    let working = told(Limit::WorkingDays(2));
    assert_eq!(working.made_up.iter().map(|made_up| made_up.day).collect::<Vec<_>>(), [day("2019-05-04")]);
    let calendar = told(Limit::CalendarDays(5));
    assert_eq!((calendar.made_up, calendar.due.day), (vec![], day("2019-05-08")));
    let skipped: Vec<_> = calendar.skipped.into_iter().map(|skipped| (skipped.day, skipped.reason)).collect();
    assert_eq!(skipped, [(day("2019-05-03"), SkipReason::FirstDay)]);
}

/// Of the years that hundreds divide, only those that four hundreds divide have a leap day.
#[test]
fn leap_days_of_the_turns_of_centuries() {
    for (year, leap) in
        [(1900, false), (1904, true), (2000, true), (2020, true), (2021, false), (2100, false), (2200, false)]
    {
        assert_eq!(format!("{year}-02-29").parse::<Day>().is_ok(), leap, "{year}");
    }
}

/// A day more on both sides than the years reach, so that every zone's first and last hour is in.
#[test]
fn the_first_and_the_last_instant() {
    assert_eq!(Instant::MIN.0, -25_568 * 86_400_000_000);
    assert_eq!(Instant::MAX.0, 84_372 * 86_400_000_000 - 1);
    for last in [Instant::MIN, Instant::MAX] {
        assert_eq!(Instant::checked(last.0), Ok(last));
        assert!(Instant::checked(last.0 + last.0.signum()).is_err(), "{}", last.0);
    }
}
