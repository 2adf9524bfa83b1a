#![allow(clippy::unwrap_used, reason = "tests")]

use giaouoc_worktime::{Calendar, Moment};
use proptest::prelude::*;

use super::*;

fn read(text: &str) -> String {
    match TimeLimit::read(text) {
        Ok(limit) => limit.to_string(),
        Err(reason) => format!("! {}", reason.code()),
    }
}

/// Texts as registers, decisions and portals write them, and what they say.
const CASES: &str = include_str!("cases.tsv");

#[test]
fn limits_in_words() {
    let (mut count, mut wrong) = (0, Vec::new());
    for line in CASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (text, meaning) = line.split_once('\t').unwrap();
        let ours = read(&text.replace("\\n", "\n"));
        if ours != meaning {
            wrong.push(format!("{text:?}: {ours:?} instead of {meaning:?}"));
        }
        count += 1;
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(count > 90, "{count}");
}

#[test]
fn unicode_form_and_case_do_not_matter() {
    use unicode_normalization::UnicodeNormalization;
    let text = "Ngay trong ngày; sau 15 giờ sang ngày làm việc tiếp theo";
    let decomposed: String = text.nfd().collect();
    assert_eq!(read(&decomposed), read(text));
    assert_eq!(read(&text.to_uppercase()), read(text));
    assert_eq!(read("03\u{a0}ngày\u{a0}làm\u{a0}việc"), "3 working days");
}

fn any_limit() -> impl Strategy<Value = TimeLimit> {
    prop_oneof![
        (0..=MOST_DAYS).prop_map(TimeLimit::WorkingDays),
        (0..=MOST_DAYS).prop_map(TimeLimit::Days),
        (0..=MOST_DAYS / 30).prop_map(TimeLimit::Months),
        (0..100_000_u32).prop_map(TimeLimit::WorkingMinutes),
        (0..100_000_u32).prop_map(TimeLimit::Minutes),
        Just(TimeLimit::SameDay(None)),
        (0..1440_u32)
            .prop_map(|minute| TimeLimit::SameDay(Some(TimeOfDay::from_seconds(minute * 60).unwrap()))),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read(limit in any_limit()) {
        prop_assert_eq!(TimeLimit::read(&limit.to_string()), Ok(limit));
        prop_assert_eq!(TimeLimit::read(&limit.text().vi), Ok(limit), "as people say it");
    }

    #[test]
    fn any_text_has_an_answer(text in "(ngày |làm |việc |giờ |tháng |trong |sau |đối với |[0-9]{1,12} |[;,.:()-]|\\PC){0,14}") {
        let _ = TimeLimit::read(&text);
    }

    /// A limit beside another limit is never quietly dropped.
    #[test]
    fn two_limits_are_not_one(a in 1..60_u32, b in 1..60_u32, between in "(; |, | hoặc |\n| đối với A; )") {
        let text = format!("{a} ngày làm việc{between}{b} ngày");
        prop_assert!(TimeLimit::read(&text).is_err(), "{}", text);
    }
}

#[test]
fn due_dates_come_from_working_time() {
    let calendar = Calendar::builtin("vn-public").unwrap();
    let zone = calendar.zone().clone();
    let due = |received: &str, text: &str| {
        let (limit, rule) = TimeLimit::read(text).unwrap().clock()?;
        let received: Moment = zone.parse_moment(received).unwrap();
        Some(calendar.due(received, limit, rule, &[]).unwrap().day.to_string())
    };
    let some = |day: &str| Some(day.to_owned());
    // 30 April and 1 May 2020 were days off, a Thursday and a Friday.
    assert_eq!(due("2020-04-29T10:00", "03 ngày làm việc"), some("2020-05-06"));
    assert_eq!(due("2020-04-29T10:00", "02 ngày"), some("2020-05-04"));
    assert_eq!(due("2020-04-29T10:00", "1 tháng"), some("2020-05-29"));
    assert_eq!(due("2020-04-29T14:00", "08 giờ làm việc"), some("2020-05-04"));
    assert_eq!(due("2020-04-29T10:00", "08 giờ"), None, "whether working hours is not said");
    let late = "ngay trong ngày; sau 15 giờ sang ngày làm việc tiếp theo";
    assert_eq!(due("2020-04-29T14:59", late), some("2020-04-29"));
    assert_eq!(due("2020-04-29T15:00", late), some("2020-05-04"));
}
