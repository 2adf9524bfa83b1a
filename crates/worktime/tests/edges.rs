//! The first and the last of everything: days of coverage, seconds of a day, lengths of texts and columns.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails must say so")]

use giaouoc_worktime::{
    Calendar, CalendarChoice, CalendarError, CalendarFile, Day, Instant, LocalRules, MICROS_PER_DAY, Moment,
    PauseColumn, Roll, Rows, Span, TimeOfDay, Zone,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn public() -> Calendar {
    Calendar::builtin("vn-public").unwrap()
}

/// Everything that a file says about itself, and whatever stands after it.
fn file(zone: &str, from: &str, to: &str, rest: &str) -> String {
    format!(
        "format = 1\nid = \"small\"\nrevision = 2026-01-01\nname = {{ vi = \"bịa\", en = \"invented\" }}\n\
         zone = \"{zone}\"\nfrom = {from}\nto = {to}\n{rest}"
    )
}

fn hours(days: &str, more: &str) -> String {
    format!("[[hours]]\ndays = [{days}]\n{more}\nsource = \"invented\"\n")
}

const EVERY_DAY: &str = r#""mon", "tue", "wed", "thu", "fri", "sat", "sun""#;

fn resolve(text: &str) -> Result<Calendar, CalendarError> {
    CalendarFile::parse(text)?.version(None, &BTreeMap::new(), &LocalRules::default())
}

/// The year missing: of the day itself outside, of the day after the last for a result that ran over the end.
#[test]
fn the_missing_year_is_named() {
    let calendar = public();
    let year = |error| match error {
        CalendarError::OutsideCoverage { year, .. } => year,
        other => panic!("{other}"),
    };
    let (from, to) = (day("2018-01-01"), day("2026-12-31"));
    assert_eq!(calendar.coverage(), Some((from, to)));
    for (about, missing) in [
        (day("2017-12-31"), 2017),
        (from, 2027),
        (to, 2027),
        (day("2027-01-01"), 2027),
        (day("2031-05-05"), 2031),
        (day("1999-05-05"), 1999),
    ] {
        assert_eq!(year(calendar.outside(about)), missing, "{about}");
    }
    assert_eq!(year(calendar.add_working_days(to, 1).unwrap_err()), 2027);
    // Back from New Year's Day there is nothing: the year before the first. Outside, the day's own year.
    for (back, missing) in [(from, 2017), (day("2016-02-03"), 2016), (day("2029-02-03"), 2029)] {
        assert_eq!(year(calendar.roll_back(back).unwrap_err()), missing, "{back}");
    }
}

#[test]
fn a_calendar_is_shown_by_its_reference() {
    let shown = format!("{:?}", public());
    assert!(shown.contains("vn-public") && shown.contains(public().digest()), "{shown}");
    assert!(shown.len() < 200, "{shown}");
}

#[test]
fn the_text_of_a_builtin_calendar_is_its_own() {
    for name in Calendar::builtin_names() {
        let text = CalendarFile::builtin_text(name).unwrap();
        assert_eq!(CalendarFile::parse(text).unwrap(), CalendarFile::builtin(name).unwrap());
    }
    assert_eq!(CalendarFile::builtin_text("vn"), None);
}

/// Each thing that a zone-only calendar must not have is refused by itself.
#[test]
fn a_zone_only_calendar_has_nothing_else() {
    let good = "format = 1\nid = \"zone\"\nrevision = 2026-01-01\nname = { vi = \"bịa\", en = \"invented\" }\n\
                zone = \"UTC\"\nzone_only = true\n";
    assert!(CalendarFile::parse(good).is_ok());
    let label = "{ vi = \"bịa\", en = \"invented\" }";
    for more in [
        "from = 2020-01-01\n".to_owned(),
        "to = 2020-12-31\n".to_owned(),
        hours("\"mon\"", "spans = []"),
        format!("[[switch]]\nname = \"s\"\ndefault = true\ndoubt = {label}\n"),
        "[[year]]\nyear = 2020\nannounced = 2019-12-01\nsource = \"invented\"\n".to_owned(),
        format!("[[day]]\ndate = 2020-02-03\nkind = \"holiday\"\nname = {label}\nsource = \"invented\"\n"),
    ] {
        let error = CalendarFile::parse(&format!("{good}{more}")).expect_err(&more);
        assert!(error.en().contains("zone_only"), "{more}: {error}");
    }
}

/// What is just allowed is taken, what is just beyond is refused, and the message says which rule it was.
#[test]
fn limits_of_files_are_exact() {
    let label = "{ vi = \"bịa\", en = \"invented\" }";
    let spans = |count: usize| {
        let list: Vec<String> = (0..count)
            .map(|n| format!("\"{:02}:{:02}-{:02}:{:02}\"", n / 3, n % 3 * 20, n / 3, n % 3 * 20 + 20 - 1))
            .collect();
        format!("spans = [{}]", list.join(", "))
    };
    let with = |rule: &str| resolve(&file("UTC", "2020-01-01", "2020-12-31", rule)).map(|_| ());
    let rule = |more: &str| hours("\"mon\"", more);
    assert_eq!(with(&rule(&spans(48))), Ok(()));
    assert!(with(&rule(&spans(49))).unwrap_err().en().contains("overlap"));
    assert_eq!(with(&rule("spans = []\nfrom = 2020-02-03\nto = 2020-02-03")), Ok(()));
    assert!(
        with(&rule("spans = []\nfrom = 2020-02-04\nto = 2020-02-03"))
            .unwrap_err()
            .en()
            .contains("after the last")
    );
    let holiday = format!(
        "[[day]]\ndate = 2020-02-03\nkind = \"holiday\"\nswapped_with = 2020-02-08\nname = {label}\nsource = \"invented\"\n"
    );
    assert!(with(&holiday).unwrap_err().en().contains("only swapped days have swapped_with"));
    let unit = |length: usize| {
        let code = "U".repeat(length);
        let local = "days = [\"sat\"]\nspans = [\"08:00-09:00\"]\nsource = \"invented\"\n";
        CalendarChoice::parse(&format!("[[local.hours]]\nunits = [\"{code}\"]\n{local}")).map(|_| ())
    };
    assert_eq!(unit(60), Ok(()));
    for length in [0, 61, 100] {
        assert!(unit(length).unwrap_err().en().contains("unit code"), "{length}");
    }
}

/// A rule of hours holds on its first and on its last day, and neither before nor after.
#[test]
fn rules_hold_from_their_first_to_their_last_day() {
    let rules = [
        hours(EVERY_DAY, "spans = [\"08:00-12:00\"]"),
        hours(EVERY_DAY, "spans = [\"06:00-07:00\"]\nfrom = 2020-02-03\nto = 2020-02-05"),
    ];
    let calendar = resolve(&file("UTC", "2020-01-01", "2020-12-31", &rules.concat())).unwrap();
    let special: Vec<String> = (day("2020-01-01").0..=day("2020-12-31").0)
        .map(Day)
        .filter(|day| calendar.hours(*day).unwrap()[0].from.seconds() == 6 * 3600)
        .map(|day| day.to_string())
        .collect();
    assert_eq!(special, ["2020-02-03", "2020-02-04", "2020-02-05"]);
}

/// On the first day covered the clock may change before its midnight of UTC, and before 1970 days are negative.
#[test]
fn a_change_of_the_clock_on_the_only_day_covered_is_seen() {
    let rule = |spans: &str| hours(EVERY_DAY, &format!("spans = [\"{spans}\"]"));
    for (zone, only) in [
        ("Pacific/Auckland", "2011-09-25"), // at 14:00 of the day before in UTC
        ("America/New_York", "2011-03-13"),
        ("America/New_York", "1965-04-25"),
    ] {
        let whole_day = resolve(&file(zone, only, only, &rule("00:00-24:00")));
        let expected = CalendarError::HoursAcrossClockChange { calendar: "small".to_owned(), day: day(only) };
        assert_eq!(whole_day.unwrap_err(), expected, "{zone} {only}");
        assert!(resolve(&file(zone, only, only, &rule("08:00-12:00"))).is_ok(), "{zone} {only}");
    }
}

/// The documented text, in a zone whose clock changes on the last day covered.
#[test]
fn changes_of_the_clock_are_digested_up_to_the_end() {
    let calendar = resolve(&file(
        "Europe/Amsterdam",
        "2011-03-25",
        "2011-03-27",
        &hours("\"sat\", \"sun\"", "spans = [\"05:00-08:00\", \"09:00-10:00\"]"),
    ))
    .unwrap();
    let text = "giaouoc-calendar 1\nzone Europe/Amsterdam\noffset 3600\noffset 7200 from 2011-03-27T01:00:00Z\n\
                covers 2011-03-25 2011-03-27\n2011-03-26 05:00-08:00 09:00-10:00\n2011-03-27 05:00-08:00 09:00-10:00\n";
    let hex: String = Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(calendar.digest(), hex);
}

/// Every second of the day is read as it is written; what is no second of it, and no stretch of it, is not read.
#[test]
fn times_of_day_and_spans() {
    for seconds in 0..=86_400 {
        let time = TimeOfDay::from_seconds(seconds).unwrap();
        assert_eq!(time.to_string().parse::<TimeOfDay>().unwrap(), time);
    }
    assert!(TimeOfDay::from_seconds(86_401).is_err());
    for text in ["24:00:01", "24:01", "25:00", "10:60", "10:00:60", "10", "10:00:00:00", "1:00", "", "+1:00"]
    {
        assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
    }
    assert_eq!("08:00:00-08:00:01".parse::<Span>().unwrap().seconds(), 1);
    for text in ["08:00-08:00", "08:00-07:59", "24:00-24:00", "08:00", "08:00-"] {
        assert!(text.parse::<Span>().is_err(), "{text}");
    }
}

#[test]
fn texts_in_messages_are_cut_at_sixty() {
    let named = |length: usize| match Zone::get(&"x".repeat(length)) {
        Err(CalendarError::UnknownZone { name }) => name,
        other => panic!("{other:?}"),
    };
    assert_eq!(named(60), "x".repeat(60));
    assert_eq!(named(61), "x".repeat(60) + "…");
}

#[test]
fn instants_at_the_edges() {
    // The zone furthest east begins 1900 fourteen hours before UTC does, the one furthest west ends 2200 after it.
    for text in
        ["1900-01-01T00:00+14:00", "2200-12-31T23:59:59-12:00", "2020-03-05T16:00:00.123456789012345678Z"]
    {
        assert!(text.parse::<Instant>().is_ok(), "{text}");
    }
    for text in [
        "2020-03-05T16:00:00.1234567890123456789Z",
        "2020-03-05T16:00+07:60",
        "2020-03-05T16:00+07x30",
        "2020-03-05T16:00+19:00",
    ] {
        assert!(matches!(text.parse::<Moment>(), Err(CalendarError::BadMoment { .. })), "{text}");
    }
    // The year in the message is meant for people: right but for the leap days, which the middle of a year forgives.
    for (days, year) in [(180, 2201), (180 + 36_524, 2301)] {
        let beyond = Instant::MAX.0 + days * MICROS_PER_DAY;
        assert_eq!(Instant::checked(beyond), Err(CalendarError::YearOutOfRange { year }));
    }
    // Far outside, days are cut to what an instant can hold, and nothing overflows.
    for zone in [Zone::utc(), Zone::get("America/New_York").unwrap()] {
        assert_eq!(zone.start_of(Day(i32::MAX)), Instant(i64::MAX));
        assert_eq!(zone.instant_of(Day(i32::MAX), 86_400), Instant(i64::MAX));
    }
    let error = serde_json::from_str::<Day>("20200305").unwrap_err().to_string();
    assert!(error.contains("expected a day such as 2026-01-10"), "{error}");
}

/// A day is separated by two hyphens, and its year in a message is right where it is far beyond reading too.
#[test]
fn days_at_the_edges() {
    assert_eq!(day("2020-03-05"), Day::from_ymd(2020, 3, 5).unwrap());
    for text in ["2020x03-05", "2020-03x05", "2020x03x05"] {
        assert!(matches!(text.parse::<Day>(), Err(CalendarError::BadDay { .. })), "{text}");
    }
    for (years, year) in [(10_000_000, 10_001_970), (-10_000_000, -9_998_030)] {
        assert_eq!(Day(0).add_days(years * 365), Err(CalendarError::YearOutOfRange { year }));
    }
}

/// The clock of Amsterdam in 2011: at 01:00 UTC on each day, to three o'clock and back to two.
#[test]
fn changes_of_the_clock_are_exact() {
    let zone = Zone::get("Europe/Amsterdam").unwrap();
    let at = |text: &str| text.parse::<Instant>().unwrap();
    let (winter, summer) = (3600 * 1_000_000, 7200 * 1_000_000);
    let (forward, back) = (at("2011-03-27T01:00:00Z"), at("2011-10-30T01:00:00Z"));
    let changes: Vec<_> = zone.changes(at("2011-01-01T00:00:00Z")..at("2012-01-01T00:00:00Z")).collect();
    assert_eq!(changes, [(forward, winter, summer), (back, summer, winter)]);
    // The first second that the clock shows after the gap is the moment of the change.
    assert_eq!(zone.instant_of(day("2011-03-27"), 3 * 3600), forward);
    assert_eq!(zone.instant_of(day("2011-03-27"), 3 * 3600 - 1).0, forward.0 + 3599 * 1_000_000);
    assert_eq!(zone.instant_of(day("2011-03-27"), 2 * 3600 - 1).0, forward.0 - 1_000_000);
}

/// Rules of summer time go on for ever; they are followed to the end of 2200, as far as instants go.
#[test]
fn the_last_change_of_the_clock_is_in_2200() {
    let zone = Zone::get("Europe/Amsterdam").unwrap();
    let last = zone.changes(Instant::MIN..Instant(i64::MAX)).last().unwrap();
    assert_eq!(last.0, "2200-10-26T01:00:00Z".parse().unwrap());
}

/// Columns and their second argument are of one length, whichever function it is.
#[test]
fn columns_of_unequal_length_are_refused() {
    let c = public();
    let (from, at) =
        ([day("2020-03-05").0; 2], [day("2020-03-05").0.into(); 2].map(|d: i64| d * MICROS_PER_DAY));
    let none = PauseColumn { offsets: &[0, 0, 0], from: &[], to: &[] };
    for length in [0, 1, 2, 3] {
        let (n, long) = (vec![1_i32; length], vec![at[0]; length]);
        let n = Rows::Each(n.as_slice());
        let seconds = Rows::Each(long.as_slice());
        let (mut days, mut instants, mut outside) = ([0_i32; 2], [0_i64; 2], [false; 2]);
        let results = [
            c.add_working_days_column(&from, n, &mut days, &mut outside),
            c.add_working_days_to_end_column(&from, n, &mut instants, &mut outside),
            c.add_calendar_days_column(&from, n, Roll::Keep, &mut days, &mut outside),
            c.add_months_column(&from, n, Roll::Keep, &mut days, &mut outside),
            c.working_days_between_column(&from, n, &mut days, &mut outside),
            c.add_working_seconds_column(&at, seconds, &mut instants, &mut outside),
            c.working_seconds_between_column(&at, seconds, &mut instants, &mut outside),
            c.paused_seconds_column(&at, seconds, none, &mut instants, &mut outside),
            c.add_working_seconds_paused_column(&at, seconds, none, &mut instants, &mut outside),
            c.add_working_days_paused_column(&from, n, none, &mut days, &mut outside),
        ];
        let expected = if length == 2 {
            Ok(())
        } else {
            Err(CalendarError::LengthMismatch { expected: 2, found: length })
        };
        for (function, result) in results.into_iter().enumerate() {
            assert_eq!(result, expected, "function {function}, {length} rows");
        }
    }
}

#[test]
fn pauses_that_are_no_lists_are_refused() {
    let c = public();
    let at = [i64::from(day("2020-03-05").0) * MICROS_PER_DAY; 2];
    let check = |offsets: &[i32], from: &[i64], to: &[i64]| {
        let (mut out, mut outside) = ([0; 2], [false; 2]);
        c.paused_seconds_column(
            &at,
            Rows::All(at[0]),
            PauseColumn { offsets, from, to },
            &mut out,
            &mut outside,
        )
    };
    assert_eq!(check(&[0, 1, 2], &at, &at), Ok(()));
    assert_eq!(check(&[0, 0, 1], &at, &at), Ok(()), "what no row has is not looked at");
    for offsets in [&[0, 2, 1][..], &[-1, 0, 1], &[0, 1, 3], &[3, 3, 3], &[0, 1], &[0, 1, 2, 2], &[]] {
        assert!(matches!(check(offsets, &at, &at), Err(CalendarError::LengthMismatch { .. })), "{offsets:?}");
    }
    assert!(check(&[0, 1, 2], &at, &at[..1]).is_err());
}

/// Calendar days need no calendar of working days, unless they are to end on one.
#[test]
fn days_without_working_days() {
    let zone_only = Calendar::builtin("europe-amsterdam").unwrap();
    let from = [day("2020-01-31").0];
    let (mut out, mut outside) = ([0], [false]);
    for (roll, ok) in [(Roll::Keep, true), (Roll::Forward, false)] {
        let days = zone_only.add_calendar_days_column(&from, Rows::All(2), roll, &mut out, &mut outside);
        assert_eq!(days.is_ok(), ok, "{roll:?}");
        assert!(!ok || (out, outside) == ([day("2020-02-02").0], [false]));
        let months = zone_only.add_months_column(&from, Rows::All(1), roll, &mut out, &mut outside);
        assert_eq!(months.is_ok(), ok, "{roll:?}");
        assert!(!ok || (out, outside) == ([day("2020-02-29").0], [false]));
    }
}

proptest! {
    /// The last working day not after it, found by going back day by day.
    #[test]
    fn rolling_back_is_going_back(at in day("2018-01-10").0..=day("2026-12-31").0) {
        let calendar = public();
        let mut expected = Day(at);
        while !calendar.is_working_day(expected).unwrap() {
            expected = Day(expected.0 - 1);
        }
        prop_assert_eq!(calendar.roll_back(Day(at)).unwrap(), expected);
    }

    /// Minutes are the seconds' whole minutes, cut towards zero both ways.
    #[test]
    fn minutes_are_whole_minutes(from in 0_i64..86_400 * 90, length in -86_400_i64 * 9..86_400 * 9) {
        let calendar = public();
        let start = calendar.zone().start_of(day("2020-02-03"));
        let from = start.add_seconds(from).unwrap();
        let to = from.add_seconds(length).unwrap();
        let seconds = calendar.working_seconds_between(from, to).unwrap();
        let minutes = calendar.working_minutes_between(from, to).unwrap();
        prop_assert!((seconds - minutes * 60).abs() < 60 && minutes.signum() * seconds.signum() >= 0, "{seconds} {minutes}");
        prop_assert_eq!(minutes, -calendar.working_minutes_between(to, from).unwrap());
    }

    /// A time with an offset says the same instant in every zone.
    #[test]
    fn a_written_offset_needs_no_zone(
        at in day("1901-01-01").0..day("2199-12-31").0, second in 0..86_400, micros in 0..1_000_000, offset in -18 * 60..18 * 60,
    ) {
        let (hours, minutes, seconds) = (second / 3600, second / 60 % 60, second % 60);
        let sign = if offset < 0 { '-' } else { '+' };
        let text = format!(
            "{}T{hours:02}:{minutes:02}:{seconds:02}.{micros:06}{sign}{:02}:{:02}",
            Day(at), i32::abs(offset) / 60, i32::abs(offset) % 60
        );
        let expected = i64::from(at) * MICROS_PER_DAY + (i64::from(second) - i64::from(offset) * 60) * 1_000_000 + i64::from(micros);
        for zone in [Zone::utc(), public().zone().clone()] {
            prop_assert_eq!(zone.parse_moment(&text).unwrap(), Moment::Instant(Instant(expected)), "{}", text);
        }
        prop_assert_eq!(text.parse::<Instant>().unwrap(), Instant(expected));
    }
}
