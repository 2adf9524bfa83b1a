//! What must hold for all days, instants and pauses, on calendars of very different shapes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails must say so")]

use giaouoc_worktime::{
    Calendar, CalendarChoice, CalendarFile, Day, Due, Instant, Limit, MICROS_PER_DAY, MICROS_PER_SECOND,
    Moment, Pause, PauseColumn, ReceiptRule, Received, Roll, Rows, merge_pauses,
};
use proptest::prelude::*;
use std::sync::LazyLock;

/// The public calendar; one with seasons, short Saturdays and night desks; one in a zone whose
/// clock changes, worked on Sundays too.
static CALENDARS: LazyLock<Vec<Calendar>> = LazyLock::new(|| {
    let local = CalendarChoice::parse(
        r#"
        [[local.hours]]
        days = ["mon", "tue", "wed", "thu", "fri"]
        spans = ["07:00-11:30", "13:00:01-16:59:58"]
        season = { from = "04-16", to = "10-15" }
        source = "invented"
        [[local.hours]]
        days = ["sat"]
        spans = ["07:30-08:00"]
        source = "invented"
        [[local.hours]]
        days = ["wed"]
        spans = []
        from = 2024-01-01
        to = 2024-06-30
        source = "invented"
        [[local.desk]]
        days = ["sun"]
        spans = ["08:00-10:00"]
        source = "invented"
        [[local.exception]]
        date = 2020-04-01
        until = 2020-04-15
        worked = false
        reason = { vi = "bịa", en = "invented" }
        source = "invented"
        "#,
    )
    .unwrap();
    let amsterdam = r#"
        format = 1
        id = "canal"
        revision = 2026-01-01
        name = { vi = "bịa", en = "invented" }
        zone = "Europe/Amsterdam"
        from = 2018-01-01
        to = 2026-12-31
        [[hours]]
        days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        spans = ["00:00-02:00", "03:00-12:00", "12:00-24:00"]
        source = "invented"
    "#;
    vec![
        Calendar::builtin("vn-public").unwrap(),
        local.resolve().unwrap().default,
        CalendarFile::parse(amsterdam).unwrap().version(None, &<_>::default(), &<_>::default()).unwrap(),
    ]
});

fn calendar() -> impl Strategy<Value = Calendar> {
    (0..CALENDARS.len()).prop_map(|i| CALENDARS[i].clone())
}

const FIRST: i32 = 17_532; // 2018-01-01
const LAST: i32 = 20_818; // 2026-12-31

/// Days of which some lie outside the calendar.
fn any_day() -> impl Strategy<Value = Day> {
    (FIRST - 40..LAST + 40).prop_map(Day)
}

/// Days early enough for a limit to end inside.
fn early_day() -> impl Strategy<Value = Day> {
    (FIRST..LAST - 800).prop_map(Day)
}

fn instant_in(days: impl Strategy<Value = Day>) -> impl Strategy<Value = Instant> {
    let quarter = (0_i64..96).prop_map(|q| q * 900 * MICROS_PER_SECOND);
    let any = 0..MICROS_PER_DAY;
    (days, prop_oneof![quarter, any]).prop_map(|(d, t)| Instant(i64::from(d.0) * MICROS_PER_DAY + t))
}

fn pauses_near(start: Instant) -> impl Strategy<Value = Vec<Pause>> {
    let day = MICROS_PER_DAY;
    prop::collection::vec((-5 * day..40 * day, prop_oneof![Just(0), 0..day, 0..20 * day]), 0..6).prop_map(
        move |list| {
            let pause = |(at, length): (i64, i64)| Pause {
                from: Instant(start.0 + at),
                to: Instant(start.0 + at + length),
            };
            list.into_iter().map(pause).collect()
        },
    )
}

fn start_and_pauses() -> impl Strategy<Value = (Instant, Vec<Pause>)> {
    instant_in((FIRST + 10..LAST - 800).prop_map(Day))
        .prop_flat_map(|start| (Just(start), pauses_near(start)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn days_added_are_days_measured(c in calendar(), from in early_day(), n in 0..400_i32) {
        let to = c.add_working_days(from, n).unwrap();
        prop_assert_eq!(c.working_days_between(from, to).unwrap(), n);
        prop_assert!(n == 0 || c.is_working_day(to).unwrap());
        // The day before has one less: no earlier day would do.
        if n > 0 {
            prop_assert_eq!(c.working_days_between(from, Day(to.0 - 1)).unwrap(), n - 1);
        }
    }

    #[test]
    fn days_are_counted_one_by_one(c in calendar(), from in early_day(), length in 0..120_i32) {
        let to = Day(from.0 + length);
        let mut count = 0;
        for day in from.0 + 1..=to.0 {
            count += i32::from(c.is_working_day(Day(day)).unwrap());
        }
        prop_assert_eq!(c.working_days_between(from, to).unwrap(), count);
        prop_assert_eq!(c.working_days_between(to, from).unwrap(), -count);
    }

    #[test]
    fn later_start_or_longer_limit_is_never_due_earlier(
        c in calendar(), from in early_day(), later in 0..30_i32, n in 0..300_i32, more in 0..50_i32,
    ) {
        let due = c.add_working_days(from, n).unwrap();
        prop_assert!(due <= c.add_working_days(Day(from.0 + later), n).unwrap());
        prop_assert!(due <= c.add_working_days(from, n + more).unwrap());
        let rolled = c.add_calendar_days(from, n, Roll::Forward).unwrap();
        prop_assert!(rolled <= c.add_calendar_days(Day(from.0 + later), n, Roll::Forward).unwrap());
        let months = n / 20;
        prop_assert!(
            c.add_months(from, months, Roll::Forward).unwrap()
                <= c.add_months(Day(from.0 + later), months, Roll::Forward).unwrap()
        );
    }

    #[test]
    fn adding_in_steps_is_adding_at_once(c in calendar(), from in early_day(), a in 0..150_i32, b in 0..150_i32) {
        let steps = c.add_working_days(c.add_working_days(from, a).unwrap(), b).unwrap();
        prop_assert_eq!(steps, c.add_working_days(from, a + b).unwrap());
    }

    #[test]
    fn rolling_finds_the_nearest_working_day(c in calendar(), day in (FIRST + 30..LAST - 30).prop_map(Day)) {
        let (back, forward) = (c.roll_back(day).unwrap(), c.roll_forward(day).unwrap());
        prop_assert!(back <= day && day <= forward);
        prop_assert!(c.is_working_day(back).unwrap() && c.is_working_day(forward).unwrap());
        for between in back.0 + 1..forward.0 {
            prop_assert!(!c.is_working_day(Day(between)).unwrap());
        }
    }

    #[test]
    fn time_added_is_time_measured(c in calendar(), from in instant_in(early_day()), n in 0..3_000_000_i64) {
        let to = c.add_working_seconds(from, n).unwrap();
        prop_assert_eq!(c.working_seconds_between(from, to).unwrap(), n);
        if n > 0 {
            // The first such instant: a second before, a second less had been worked.
            let before = Instant(to.0 - MICROS_PER_SECOND);
            prop_assert_eq!(c.working_seconds_between(from, before).unwrap(), n - 1);
        } else {
            prop_assert_eq!(to, c.clock_start(from).unwrap());
            prop_assert!(matches!(c.received(to).unwrap(), Received::InHours));
        }
    }

    #[test]
    fn time_is_monotone(
        c in calendar(), from in instant_in(early_day()), later in 0..5 * MICROS_PER_DAY,
        n in 0..2_000_000_i64, more in 0..100_000_i64,
    ) {
        let due = c.add_working_seconds(from, n).unwrap();
        prop_assert!(due <= c.add_working_seconds(Instant(from.0 + later), n).unwrap());
        prop_assert!(due <= c.add_working_seconds(from, n + more).unwrap());
        prop_assert!(c.working_seconds_between(from, Instant(from.0 + later)).unwrap() >= 0);
    }

    #[test]
    fn a_split_span_adds_up(
        c in calendar(), a in instant_in(early_day()), b in instant_in(early_day()), d in instant_in(early_day()),
    ) {
        let seconds = |x, y| c.working_seconds_between(x, y).unwrap();
        prop_assert_eq!(seconds(a, d), seconds(a, b) + seconds(b, d));
        prop_assert_eq!(seconds(a, b), -seconds(b, a));
        let day = |at| c.zone().day_of(at);
        let days = |x, y| c.working_days_between(day(x), day(y)).unwrap();
        prop_assert_eq!(days(a, d), days(a, b) + days(b, d));
    }

    #[test]
    fn a_whole_day_has_its_hours(c in calendar(), day in (FIRST..LAST).prop_map(Day)) {
        let (from, to) = (c.zone().start_of(day), c.zone().start_of(Day(day.0 + 1)));
        let hours: u32 = c.hours(day).unwrap().iter().map(|s| s.seconds()).sum();
        prop_assert_eq!(c.working_seconds_between(from, to).unwrap(), i64::from(hours));
    }

    #[test]
    fn whole_days_of_the_public_calendar_are_eight_hours(from in early_day(), n in 1..200_i32) {
        let c = &CALENDARS[0];
        let end = c.add_working_days_to_end(from, n).unwrap();
        // From any instant after the first day's closing, n days of eight hours end there too.
        let evening = c.zone().instant_of(from, 20 * 3600);
        prop_assert_eq!(c.add_working_hours(evening, n * 8).unwrap(), end);
    }

    #[test]
    fn paused_and_unpaused_time_are_the_whole((from, pauses) in start_and_pauses(), c in calendar(), length in 0..50 * MICROS_PER_DAY) {
        let to = Instant(from.0 + length);
        let whole = c.working_seconds_between(from, to).unwrap();
        let paused = c.paused_seconds(from, to, &pauses).unwrap();
        prop_assert!((0..=whole).contains(&paused));
        prop_assert_eq!(c.net_working_seconds(from, to, &pauses).unwrap(), whole - paused);
        prop_assert_eq!(c.paused_seconds(to, from, &pauses).unwrap(), -paused);
        // Merged pauses, each by itself, add up to the same; order does not matter.
        let merged = merge_pauses(&pauses).unwrap();
        let mut parts = 0;
        for pause in &merged {
            parts += c.paused_seconds(from, to, &[*pause]).unwrap();
        }
        prop_assert_eq!(paused, parts);
        let reversed: Vec<Pause> = pauses.iter().rev().copied().collect();
        prop_assert_eq!(paused, c.paused_seconds(from, to, &reversed).unwrap());
        prop_assert!(merged.windows(2).all(|p| p[0].to < p[1].from));
    }

    #[test]
    fn due_time_with_pauses_is_measured_back((start, pauses) in start_and_pauses(), c in calendar(), n in 0..500_000_i64) {
        let due = c.add_working_seconds_paused(start, n, &pauses).unwrap();
        prop_assert_eq!(c.net_working_seconds(start, due, &pauses).unwrap(), if n == 0 { 0 } else { n });
        prop_assert!(due >= c.add_working_seconds(start, n).unwrap());
    }

    #[test]
    fn due_day_with_pauses_is_counted_back((start, pauses) in start_and_pauses(), c in calendar(), n in 0..40_i32) {
        let from = c.zone().day_of(start);
        let due = c.add_working_days_paused(from, n, &pauses).unwrap();
        let waited = |day: Day| pauses.iter().any(|p| c.zone().day_of(p.from) < day && day <= c.zone().day_of(p.to));
        let mut count = 0;
        for day in (from.0 + 1..=due.0).map(Day) {
            count += i32::from(c.is_working_day(day).unwrap() && !waited(day));
        }
        prop_assert_eq!(count, n);
    }

    #[test]
    fn stated_due_times_move_by_the_working_time_of_pauses((start, pauses) in start_and_pauses(), c in calendar(), n in 1..500_000_i64) {
        let stated = c.add_working_seconds(start, n).unwrap();
        prop_assert_eq!(c.shift_due(start, stated, &pauses).unwrap(), c.add_working_seconds_paused(start, n, &pauses).unwrap());
    }

    #[test]
    fn receipt_rules_never_bring_forward(
        c in calendar(), at in instant_in(early_day()), later in 0..3 * MICROS_PER_DAY, days in 0..20_i32, seconds in 0..200_000_i64,
    ) {
        let fifteen = ReceiptRule::NextDayFrom("15:00".parse().unwrap());
        for limit in [Limit::WorkingDays(days), Limit::WorkingSeconds(seconds), Limit::CalendarDays(days), Limit::Months(days)] {
            let due = |at, rule| c.due(Moment::Instant(at), limit, rule, &[]).unwrap().end;
            for rule in [ReceiptRule::OwnDay, ReceiptRule::NextDayAfterClosing, fifteen] {
                prop_assert!(due(at, rule) <= due(Instant(at.0 + later), rule), "{rule:?} {limit:?}");
            }
            prop_assert!(due(at, ReceiptRule::OwnDay) <= due(at, ReceiptRule::NextDayAfterClosing));
            prop_assert!(due(at, ReceiptRule::NextDayAfterClosing) <= due(at, fifteen));
        }
    }

    #[test]
    fn the_explanation_accounts_for_every_day((start, pauses) in start_and_pauses(), c in calendar(), n in 0..30_i32, m in 0..3_i32) {
        for limit in [Limit::WorkingDays(n), Limit::CalendarDays(n), Limit::Months(m), Limit::WorkingSeconds(i64::from(n) * 10_000)] {
            let told = c.explain(Moment::Instant(start), limit, ReceiptRule::OwnDay, &pauses).unwrap();
            let due: Due = c.due(Moment::Instant(start), limit, ReceiptRule::OwnDay, &pauses).unwrap();
            prop_assert_eq!(told.due, due);
            // What the pauses did, one by one, is what they did together.
            let moved: i64 = told.pauses.iter().map(|p| p.moved).sum();
            let without = c.due(Moment::Instant(start), limit, ReceiptRule::OwnDay, &[]).unwrap();
            match limit {
                Limit::WorkingSeconds(_) => {
                    prop_assert_eq!(moved, c.working_seconds_between(without.end, due.end).unwrap());
                }
                Limit::WorkingDays(n) => {
                    prop_assert_eq!(moved, i64::from(c.working_days_between(without.day, due.day).unwrap()));
                    let skipped = told.skipped.iter().filter(|s| s.day <= due.day).count() as i64;
                    let from = c.zone().day_of(start);
                    prop_assert_eq!(from.days_until(due.day) + 1 - skipped, i64::from(n) + moved);
                }
                _ => prop_assert!(moved >= 0),
            }
            prop_assert!(told.skipped.windows(2).all(|s| s[0].day < s[1].day));
            prop_assert!(told.vi().contains(c.digest()) && told.en().contains(c.digest()));
        }
    }

    #[test]
    fn columns_say_what_single_values_say(
        c in calendar(), rows in prop::collection::vec((any_day(), instant_in(any_day()), -2..300_i32, instant_in(any_day())), 0..40),
    ) {
        let days: Vec<i32> = rows.iter().map(|r| r.0.0).collect();
        let at: Vec<i64> = rows.iter().map(|r| r.1.0).collect();
        let n: Vec<i32> = rows.iter().map(|r| r.2).collect();
        let long: Vec<i64> = rows.iter().map(|r| i64::from(r.2) * 4_321).collect();
        let other: Vec<i64> = rows.iter().map(|r| r.3.0).collect();
        let other_days: Vec<i32> = other.iter().map(|at| c.zone().day_of(Instant(*at)).0).collect();
        let len = rows.len();
        let mut outside = vec![false; len];
        let (mut short, mut wide, mut flags) = (vec![0_i32; len], vec![0_i64; len], vec![false; len]);
        macro_rules! same {
            ($out:ident, $none:expr, $one:expr) => {
                for i in 0..len {
                    match $one(i) {
                        Ok(value) => prop_assert!($out[i] == value && !outside[i], "row {i}"),
                        Err(_) => prop_assert!($out[i] == $none && outside[i], "row {i}"),
                    }
                }
            };
        }
        let none = giaouoc_worktime::NO_DAY;
        c.add_working_days_column(&days, Rows::Each(&n), &mut short, &mut outside).unwrap();
        same!(short, none, |i: usize| c.add_working_days(Day(days[i]), n[i]).map(|d| d.0));
        c.add_working_days_column(&days, Rows::All(7), &mut short, &mut outside).unwrap();
        same!(short, none, |i: usize| c.add_working_days(Day(days[i]), 7).map(|d| d.0));
        c.add_calendar_days_column(&days, Rows::Each(&n), Roll::Forward, &mut short, &mut outside).unwrap();
        same!(short, none, |i: usize| c.add_calendar_days(Day(days[i]), n[i], Roll::Forward).map(|d| d.0));
        c.add_months_column(&days, Rows::Each(&n), Roll::Keep, &mut short, &mut outside).unwrap();
        same!(short, none, |i: usize| c.add_months(Day(days[i]), n[i], Roll::Keep).map(|d| d.0));
        c.working_days_between_column(&days, Rows::Each(&other_days), &mut short, &mut outside).unwrap();
        same!(short, none, |i: usize| c.working_days_between(Day(days[i]), Day(other_days[i])));
        c.is_working_day_column(&days, &mut flags, &mut outside).unwrap();
        same!(flags, false, |i: usize| c.is_working_day(Day(days[i])));

        let none = giaouoc_worktime::NO_VALUE;
        c.add_working_days_to_end_column(&days, Rows::Each(&n), &mut wide, &mut outside).unwrap();
        same!(wide, none, |i: usize| c.add_working_days_to_end(Day(days[i]), n[i]).map(|d| d.0));
        c.end_of_hours_column(&days, &mut wide, &mut outside).unwrap();
        same!(wide, none, |i: usize| c.end_of_hours(Day(days[i])).map(|d| d.0));
        c.add_working_seconds_column(&at, Rows::Each(&long), &mut wide, &mut outside).unwrap();
        same!(wide, none, |i: usize| c.add_working_seconds(Instant(at[i]), long[i]).map(|d| d.0));
        c.working_seconds_between_column(&at, Rows::Each(&other), &mut wide, &mut outside).unwrap();
        same!(wide, none, |i: usize| c.working_seconds_between(Instant(at[i]), Instant(other[i])));
        c.clock_start_column(&at, &mut wide, &mut outside).unwrap();
        same!(wide, none, |i: usize| c.clock_start(Instant(at[i])).map(|d| d.0));
        let mut how = vec![Received::DayOff; len];
        c.received_column(&at, &mut how, &mut outside).unwrap();
        same!(how, Received::DayOff, |i: usize| c.received(Instant(at[i])));
        c.zone().days_of(&at, &mut short).unwrap();
        for i in 0..len {
            prop_assert_eq!(short[i], c.zone().day_of(Instant(at[i])).0);
        }
    }

    #[test]
    fn columns_with_pauses_say_what_single_values_say(
        c in calendar(), rows in prop::collection::vec((start_and_pauses(), 0..60_i32, 0..50 * MICROS_PER_DAY), 0..12),
    ) {
        let at: Vec<i64> = rows.iter().map(|r| r.0.0.0).collect();
        let days: Vec<i32> = at.iter().map(|at| c.zone().day_of(Instant(*at)).0).collect();
        let ends: Vec<i64> = rows.iter().map(|r| r.0.0.0 + r.2).collect();
        let n: Vec<i32> = rows.iter().map(|r| r.1).collect();
        let long: Vec<i64> = rows.iter().map(|r| i64::from(r.1) * 4_321).collect();
        let mut offsets = vec![0];
        let (mut from, mut to) = (Vec::new(), Vec::new());
        for ((_, pauses), ..) in &rows {
            from.extend(pauses.iter().map(|p| p.from.0));
            to.extend(pauses.iter().map(|p| p.to.0));
            offsets.push(i32::try_from(from.len()).unwrap());
        }
        let column = PauseColumn { offsets: &offsets, from: &from, to: &to };
        let len = rows.len();
        let (mut short, mut wide, mut outside) = (vec![0; len], vec![0; len], vec![true; len]);
        c.paused_seconds_column(&at, Rows::Each(&ends), column, &mut wide, &mut outside).unwrap();
        for i in 0..len {
            prop_assert_eq!(wide[i], c.paused_seconds(Instant(at[i]), Instant(ends[i]), &rows[i].0.1).unwrap());
        }
        c.add_working_seconds_paused_column(&at, Rows::Each(&long), column, &mut wide, &mut outside).unwrap();
        for i in 0..len {
            let one = c.add_working_seconds_paused(Instant(at[i]), long[i], &rows[i].0.1).unwrap();
            prop_assert_eq!(wide[i], one.0);
        }
        c.add_working_days_paused_column(&days, Rows::Each(&n), column, &mut short, &mut outside).unwrap();
        for i in 0..len {
            prop_assert_eq!(short[i], c.add_working_days_paused(Day(days[i]), n[i], &rows[i].0.1).unwrap().0);
        }
        prop_assert!(outside.iter().all(|o| !o));
    }

    #[test]
    fn no_value_makes_a_column_panic(
        c in calendar(), days in prop::collection::vec(any::<i32>(), 8), at in prop::collection::vec(any::<i64>(), 8),
        n in prop::collection::vec(any::<i32>(), 8), long in prop::collection::vec(any::<i64>(), 8),
    ) {
        let (mut short, mut wide, mut outside) = (vec![0; 8], vec![0; 8], vec![false; 8]);
        c.add_working_days_column(&days, Rows::Each(&n), &mut short, &mut outside).unwrap();
        c.add_calendar_days_column(&days, Rows::Each(&n), Roll::Forward, &mut short, &mut outside).unwrap();
        c.add_months_column(&days, Rows::Each(&n), Roll::Keep, &mut short, &mut outside).unwrap();
        c.working_days_between_column(&days, Rows::Each(&n), &mut short, &mut outside).unwrap();
        c.add_working_seconds_column(&at, Rows::Each(&long), &mut wide, &mut outside).unwrap();
        c.working_seconds_between_column(&at, Rows::Each(&long), &mut wide, &mut outside).unwrap();
        c.clock_start_column(&at, &mut wide, &mut outside).unwrap();
        c.zone().days_of(&at, &mut short).unwrap();
        let column = PauseColumn { offsets: &[0, 1, 2, 3, 4, 5, 6, 7, 8], from: &at, to: &long };
        c.add_working_seconds_paused_column(&at, Rows::All(5), column, &mut wide, &mut outside).unwrap();
        c.add_working_days_paused_column(&days, Rows::All(5), column, &mut short, &mut outside).unwrap();
        for i in 0..8 {
            let (day, instant) = (Day(days[i]), Instant(at[i]));
            let _ = c.outside(day).vi();
            let _ = c.due(Moment::Instant(instant), Limit::WorkingSeconds(long[i]), ReceiptRule::OwnDay, &[]);
            let _ = c.explain(Moment::Day(day), Limit::Months(n[i]), ReceiptRule::OwnDay, &[]);
            let _ = (day.to_string(), day.dmy(), day.weekday(), instant.to_string());
            let _ = (day.add_days(long[i]), day.add_months(long[i]), instant.add_seconds(long[i]), instant.floor_second());
            let _ = (c.zone().start_of(day), c.zone().instant_of(day, n[i].unsigned_abs()));
        }
    }
}
