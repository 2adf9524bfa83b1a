//! Days, instants and zones against `jiff`, and the readers of text.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails must say so")]

use giaouoc_worktime::{CalendarError, Day, Instant, MICROS_PER_SECOND, Moment, Weekday, Zone};
use jiff::tz::TimeZoneDatabase;
use proptest::prelude::*;

const ZONES: [&str; 7] = [
    "Asia/Ho_Chi_Minh",
    "Europe/Amsterdam",
    "America/New_York",
    "America/Sao_Paulo", // midnight was skipped by its summer time
    "Pacific/Apia",      // 30 December 2011 does not exist
    "Australia/Lord_Howe",
    "UTC",
];

#[test]
fn every_day_from_1900_to_2200() {
    let mut date = jiff::civil::date(1900, 1, 1);
    let mut weekday = Weekday::Mon.index();
    for day in (Day::MIN.0..=Day::MAX.0).map(Day) {
        let (y, m, d) = (
            i32::from(date.year()),
            u32::from(date.month().unsigned_abs()),
            u32::from(date.day().unsigned_abs()),
        );
        assert_eq!(day.ymd(), (y, m, d));
        assert_eq!(Day::from_ymd(y, m, d).unwrap(), day);
        assert_eq!(day.weekday().index(), weekday, "{day}");
        weekday = (weekday + 1) % 7;
        if day < Day::MAX {
            date = date.tomorrow().unwrap();
        }
    }
    assert_eq!(date, jiff::civil::date(2200, 12, 31));
}

#[test]
fn viet_nam_has_one_offset_since_1975() {
    let zone = Zone::get("Asia/Ho_Chi_Minh").unwrap();
    let at = |text: &str| text.parse::<Instant>().unwrap();
    let since = at("1975-06-12T17:00:00Z")..at("2200-12-31T00:00:00Z");
    assert_eq!(zone.fixed_offset_us(since), Some(7 * 3600 * MICROS_PER_SECOND));
    assert_eq!(zone.fixed_offset_us(at("1975-01-01T00:00:00Z")..at("2020-01-01T00:00:00Z")), None);
    // 17:00 UTC is the next day's midnight.
    assert_eq!(zone.day_of(at("2020-03-05T16:59:59Z")).to_string(), "2020-03-05");
    assert_eq!(zone.day_of(at("2020-03-05T17:00:00Z")).to_string(), "2020-03-06");
}

#[test]
fn gaps_and_overlaps_follow_the_rule() {
    let zone = Zone::get("Europe/Amsterdam").unwrap();
    let instant = |text: &str| match zone.parse_moment(text).unwrap() {
        Moment::Instant(at) => at.to_string(),
        Moment::Day(day) => panic!("{day}"),
    };
    // 27 March 2011: 02:00 to 03:00 does not exist and moves an hour later.
    assert_eq!(instant("2011-03-27T02:30:00"), "2011-03-27T01:30:00Z");
    assert_eq!(instant("2011-03-27T03:30:00"), "2011-03-27T01:30:00Z");
    // 30 October 2011: 02:00 to 03:00 occurs twice and the earlier is meant.
    assert_eq!(instant("2011-10-30T02:30:00"), "2011-10-30T00:30:00Z");
    assert_eq!(instant("2011-10-30T03:00:00"), "2011-10-30T02:00:00Z");
    let paulo = Zone::get("America/Sao_Paulo").unwrap();
    let day: Day = "2018-11-04".parse().unwrap();
    assert_eq!(paulo.start_of(day).to_string(), "2018-11-04T03:00:00Z");
    assert_eq!(paulo.local_time_of_day(paulo.start_of(day)), 3600);
    assert!(matches!(Zone::get("Asia/Hanoi"), Err(CalendarError::UnknownZone { .. })));
    assert_eq!(Zone::get("asia/ho_chi_minh").unwrap().name(), "Asia/Ho_Chi_Minh");
}

#[test]
fn text_is_read_strictly() {
    let moment = |text: &str| text.parse::<Moment>();
    assert_eq!(moment("2020-03-05").unwrap(), Moment::Day("2020-03-05".parse().unwrap()));
    for (text, utc) in [
        ("2020-03-05T16:00+07:00", "2020-03-05T09:00:00Z"),
        ("2020-03-05 16:00:01+0700", "2020-03-05T09:00:01Z"),
        ("2020-03-05T16:00:01.5+07", "2020-03-05T09:00:01.500000Z"),
        ("2020-03-05T23:59:59.123456789-03:30", "2020-03-06T03:29:59.123456Z"),
        ("2020-03-05T00:00Z", "2020-03-05T00:00:00Z"),
    ] {
        assert_eq!(moment(text).unwrap().to_string(), utc, "{text}");
        assert_eq!(moment(utc).unwrap(), moment(text).unwrap());
    }
    for text in
        ["2020-02-30", "2019-02-29", "2020-13-01", "20-03-05", "2020-3-5", "+020-03-05", "２０２０-01-01", ""]
    {
        assert!(text.parse::<Day>().is_err(), "{text}");
    }
    for text in [
        "2020-03-05T24:00Z",
        "2020-03-05T16:60Z",
        "2020-03-05T16:00:60Z",
        "2020-03-05T16Z",
        "2020-03-05T16:00:00.Z",
        "2020-03-05T16:00+25:00",
        "2020-03-05T16:00+07:0",
        "2020-03-05T16:00 +07:00",
        "2020-03-05T1:00Z",
        "2020-03-05T16.00Z",
        "2020-03-05ĐT6:00Z",
    ] {
        assert!(matches!(moment(text), Err(CalendarError::BadMoment { .. })), "{text}");
    }
    assert!(matches!(moment("2020-03-05T16:00"), Err(CalendarError::NoOffset { .. })));
    assert!(matches!(moment("1899-12-31"), Err(CalendarError::YearOutOfRange { year: 1899 })));
    assert!(matches!(moment("2201-01-01"), Err(CalendarError::YearOutOfRange { year: 2201 })));
    assert!(
        Day::MAX.add_days(1).is_err() && Day::MIN.add_days(-1).is_err() && Day::MAX.add_months(1).is_err()
    );
}

#[test]
fn values_pass_through_json_as_text() {
    let list: (Day, Instant, Moment, Moment) = serde_json::from_str(
        r#"["2020-02-29", "2020-03-05T16:00+07:00", "2020-03-05", "2020-03-05T09:00:00Z"]"#,
    )
    .unwrap();
    assert_eq!(
        serde_json::to_string(&list).unwrap(),
        r#"["2020-02-29","2020-03-05T09:00:00Z","2020-03-05","2020-03-05T09:00:00Z"]"#
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn days_and_clock_faces_as_jiff_has_them(name in prop::sample::select(&ZONES[..]), at in -2_200_000_000_i64..7_200_000_000) {
        let zone = Zone::get(name).unwrap();
        let tz = TimeZoneDatabase::bundled().get(name).unwrap();
        let there = jiff::Timestamp::from_second(at).unwrap().to_zoned(tz);
        let instant = Instant(at * MICROS_PER_SECOND);
        prop_assert_eq!(zone.day_of(instant).to_string(), there.date().to_string());
        let face = i64::from(there.hour()) * 3600 + i64::from(there.minute()) * 60 + i64::from(there.second());
        prop_assert_eq!(i64::from(zone.local_time_of_day(instant)), face);
    }

    #[test]
    fn instants_of_local_times_as_jiff_has_them(
        name in prop::sample::select(&ZONES[..]), day in -25_000..80_000_i32, second in 0..86_400_u32,
        near in prop::option::of((any::<prop::sample::Index>(), -10_000..10_000_i64)),
    ) {
        let zone = Zone::get(name).unwrap();
        let tz = TimeZoneDatabase::bundled().get(name).unwrap();
        let (mut day, mut second) = (Day(day), second);
        // Half of the cases lie near a change of the clock.
        let changes: Vec<_> = zone.changes(Instant::MIN..Instant::MAX).collect();
        if let Some((index, shift)) = near && !changes.is_empty() {
            let at = Instant(index.get(&changes).0.0 + shift * MICROS_PER_SECOND);
            (day, second) = (zone.day_of(at), zone.local_time_of_day(at));
        }
        let (y, m, d) = day.ymd();
        let date = jiff::civil::date(i16::try_from(y).unwrap(), i8::try_from(m).unwrap(), i8::try_from(d).unwrap());
        let time = date.at(0, 0, 0, 0).checked_add(jiff::Span::new().seconds(i64::from(second))).unwrap();
        let expected = tz.to_ambiguous_timestamp(time).compatible().unwrap();
        prop_assert_eq!(zone.instant_of(day, second).0, expected.as_microsecond());
        let start = date.to_zoned(tz).unwrap().start_of_day().unwrap().timestamp().as_microsecond();
        prop_assert_eq!(zone.start_of(day).0, start);
        // A reading of the text gives the same.
        let text = format!("{day}T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        prop_assert_eq!(zone.parse_moment(&text).unwrap(), Moment::Instant(Instant(expected.as_microsecond())));
    }

    #[test]
    fn columns_of_days_as_single_days(name in prop::sample::select(&ZONES[..]), at in prop::collection::vec(-3_000_000_000_000_000_i64..7_000_000_000_000_000, 0..50)) {
        let zone = Zone::get(name).unwrap();
        let mut days = vec![0; at.len()];
        zone.days_of(&at, &mut days).unwrap();
        for (at, day) in at.iter().zip(&days) {
            prop_assert_eq!(zone.day_of(Instant(*at)).0, *day);
        }
        prop_assert!(zone.days_of(&at, &mut vec![0; at.len() + 1]).is_err());
    }

    #[test]
    fn days_round_trip_and_text_never_panics(day in Day::MIN.0..=Day::MAX.0, at in Instant::MIN.0..=Instant::MAX.0, text in "\\PC{0,40}") {
        let day = Day(day);
        prop_assert_eq!(day.to_string().parse::<Day>().unwrap(), day);
        let at = Instant(at);
        if (1900..=2200).contains(&Zone::utc().day_of(at).year()) {
            prop_assert_eq!(at.to_string().parse::<Instant>().unwrap(), at);
        }
        let _ = (text.parse::<Day>(), text.parse::<Moment>(), Zone::utc().parse_moment(&text), Zone::get(&text));
    }

    #[test]
    fn almost_dates_never_panic(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]?[0-9:.+\\-Zđ]{0,20}") {
        if let Ok(moment) = Zone::utc().parse_moment(&text) {
            prop_assert!(moment.to_string().starts_with("19") || moment.to_string().starts_with("2") || text.contains(['+', '-']));
        }
    }

    #[test]
    fn months_clamp_to_the_end(day in Day::MIN.0..=Day::MAX.0 - 800, n in 0..24_i64) {
        let (y, m, d) = Day(day).ymd();
        let date = jiff::civil::date(i16::try_from(y).unwrap(), i8::try_from(m).unwrap(), i8::try_from(d).unwrap());
        let expected = date.checked_add(jiff::Span::new().months(n)).unwrap();
        prop_assert_eq!(Day(day).add_months(n).unwrap().to_string(), expected.to_string());
    }
}
