use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn period(text: &str) -> Period {
    Period::parse(text, &[]).unwrap()
}

fn reporting_year() -> Period {
    Period { first: day("2019-12-15"), last: day("2020-12-14"), code: "nam-bao-cao-2020".into() }
}

#[test]
fn codes_and_words() {
    for (code, first, last, vi, en) in [
        ("2020", "2020-01-01", "2020-12-31", "năm 2020", "2020"),
        ("2020S1", "2020-01-01", "2020-06-30", "6 tháng đầu năm 2020", "first half of 2020"),
        ("2020S2", "2020-07-01", "2020-12-31", "6 tháng cuối năm 2020", "second half of 2020"),
        ("2020Q1", "2020-01-01", "2020-03-31", "Quý I năm 2020", "Q1 2020"),
        ("2020Q2", "2020-04-01", "2020-06-30", "Quý II năm 2020", "Q2 2020"),
        ("2020Q3", "2020-07-01", "2020-09-30", "Quý III năm 2020", "Q3 2020"),
        ("2020Q4", "2020-10-01", "2020-12-31", "Quý IV năm 2020", "Q4 2020"),
        ("202002", "2020-02-01", "2020-02-29", "tháng 2/2020", "February 2020"),
        ("202003", "2020-03-01", "2020-03-31", "tháng 3/2020", "March 2020"),
        ("2200", "2200-01-01", "2200-12-31", "năm 2200", "2200"),
        ("220012", "2200-12-01", "2200-12-31", "tháng 12/2200", "December 2200"),
        ("1900Q1", "1900-01-01", "1900-03-31", "Quý I năm 1900", "Q1 1900"),
        (
            "2020-01-15..2020-03-31",
            "2020-01-15",
            "2020-03-31",
            "từ 15/01/2020 đến 31/03/2020",
            "2020-01-15 to 2020-03-31",
        ),
        ("2020-01-15..2020-01-15", "2020-01-15", "2020-01-15", "ngày 15/01/2020", "2020-01-15"),
    ] {
        let found = period(code);
        assert_eq!((found.first, found.last), (day(first), day(last)), "{code}");
        assert_eq!(found.code, code);
        assert_eq!(found.words(), Text::new(vi, en), "{code}");
        assert_eq!(Period::between(found.first, found.last).unwrap(), found, "{code}");
    }
}

#[test]
fn a_named_range_is_read_by_its_id() {
    let named = [reporting_year()];
    let found = Period::parse("nam-bao-cao-2020", &named).unwrap();
    assert_eq!(found, named[0]);
    assert_eq!(found.words().vi, "từ 15/12/2019 đến 14/12/2020");
    let error = Period::parse("nam-baocao-2020", &named).unwrap_err();
    assert!(error.text.vi.contains("Có phải là \"nam-bao-cao-2020\"?"), "{error}");
}

#[test]
fn what_is_not_a_period_is_refused_with_an_example() {
    for (text, vi, en) in [
        ("", "Ghi: 2020 (năm)", "Write 2020 (year)"),
        ("20200", "Không đọc được kỳ \"20200\"", "is not a period"),
        ("2020S3", "2020S1 hoặc 2020S2", "2020S1 or 2020S2"),
        ("2020S", "2020S1 hoặc 2020S2", "2020S1 or 2020S2"),
        ("2020Q0", "2020Q1 đến 2020Q4", "2020Q1 to 2020Q4"),
        ("2020Q12", "2020Q1 đến 2020Q4", "2020Q1 to 2020Q4"),
        ("202013", "tháng phải từ 01 đến 12", "01 to 12"),
        ("202000", "tháng phải từ 01 đến 12", "01 to 12"),
        ("1899", "1900–2200", "1900 to 2200"),
        ("2201Q1", "1900–2200", "1900 to 2200"),
        ("0020", "1900–2200", "1900 to 2200"),
        ("2020q1", "\"2020Q1\"", "\"2020Q1\""),
        ("năm 2020", "Không đọc được", "is not a period"),
        ("２０２０", "Không đọc được", "is not a period"),
        ("2020-01-15..2020-02-30", "không phải là ngày hợp lệ", "not a day"),
        ("2020-01-15..", "2020-01-15..2020-03-31", "2020-01-15..2020-03-31"),
        ("2020-03-31..2020-01-15", "trước khi bắt đầu", "before it begins"),
        ("20200-01-01..2020-02-01", "không phải là ngày hợp lệ", "not a day"),
    ] {
        let error = Period::parse(text, &[]).unwrap_err();
        assert!(error.text.vi.contains(vi), "{text}: {error}");
        assert!(error.text.en.contains(en), "{text}: {error}");
    }
    let long = "x".repeat(10_000);
    assert!(Period::parse(&long, &[]).unwrap_err().to_string().len() < 1_000);
}

#[test]
fn parts_are_cut_to_the_period() {
    let codes = |code: &str, part| -> Vec<String> {
        period(code).parts(part).into_iter().map(|part| part.code).collect()
    };
    assert_eq!(codes("2020", Part::HalfYear), ["2020S1", "2020S2"]);
    assert_eq!(codes("2020S2", Part::Quarter), ["2020Q3", "2020Q4"]);
    assert_eq!(codes("2020Q1", Part::Month), ["202001", "202002", "202003"]);
    assert_eq!(codes("202003", Part::HalfYear), ["202003"]);
    assert_eq!(codes("2200", Part::HalfYear), ["2200S1", "2200S2"]);
    assert_eq!(
        codes("2020-01-20..2020-03-10", Part::Month),
        ["2020-01-20..2020-01-31", "202002", "2020-03-01..2020-03-10"]
    );
}

/// Decree 09/2019/NĐ-CP, Article 12: the reporting year runs from 15/12 to 14/12, and its months, quarters
/// and half-years with it.
#[test]
fn a_reporting_year_has_two_half_years_not_three() {
    let year = reporting_year();
    let codes: Vec<String> = year.parts(Part::HalfYear).into_iter().map(|part| part.code).collect();
    assert_eq!(codes, ["2019-12-15..2020-06-14", "2020-06-15..2020-12-14"]);
    assert_eq!(year.parts(Part::Month).len(), 12);
    assert_eq!(year.parts(Part::Quarter).len(), 4);
}

#[test]
fn an_amendment_cuts_a_period_where_it_starts() {
    let codes = |starts: &[&str]| -> Vec<String> {
        let starts: Vec<Day> = starts.iter().map(|text| day(text)).collect();
        period("2020").split(&starts).into_iter().map(|part| part.code).collect()
    };
    assert_eq!(codes(&[]), ["2020"]);
    assert_eq!(codes(&["2020-01-01", "2021-01-01", "2019-05-01"]), ["2020"]);
    assert_eq!(codes(&["2020-07-01"]), ["2020S1", "2020S2"]);
    assert_eq!(codes(&["2020-12-31", "2020-07-01", "2020-07-01"]).len(), 3);
}

fn days() -> impl Strategy<Value = Day> {
    (Day::MIN.0..=Day::MAX.0).prop_map(Day)
}

proptest! {
    #[test]
    fn parts_tile_the_period(first in days(), length in 0_i32..1_500, part in 0_usize..3) {
        let last = Day((first.0 + length).min(Day::MAX.0));
        let whole = Period::between(first, last).unwrap();
        let parts = whole.parts([Part::Month, Part::Quarter, Part::HalfYear][part]);
        prop_assert_eq!(parts[0].first, first);
        prop_assert_eq!(parts[parts.len() - 1].last, last);
        for pair in parts.windows(2) {
            prop_assert_eq!(pair[0].last.0 + 1, pair[1].first.0);
        }
        prop_assert_eq!(parts.iter().map(Period::days).sum::<i64>(), whole.days());
    }

    #[test]
    fn a_code_reads_back(first in days(), length in 0_i32..800) {
        let last = Day((first.0 + length).min(Day::MAX.0));
        let whole = Period::between(first, last).unwrap();
        prop_assert_eq!(Period::parse(&whole.code, &[]).unwrap(), whole);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,24}") {
        let _ = Period::parse(&text, &[]);
    }

    #[test]
    fn nearly_codes_do_not_panic(text in "[0-9]{3,7}[SQsq.-]{0,2}[0-9]{0,3}") {
        if let Ok(period) = Period::parse(&text, &[]) {
            prop_assert!(period.first <= period.last);
            prop_assert!(Day::MIN <= period.first && period.last <= Day::MAX);
        }
    }
}

#[test]
fn made_of_whole_parts_of_another_period() {
    for (period, other, part, whole) in [
        ("2020", "2020", Part::HalfYear, true),
        ("2020S1", "2020", Part::HalfYear, true),
        ("1999", "2020", Part::HalfYear, true),
        ("2020-07-01..2021-06-30", "2020", Part::HalfYear, true),
        ("2020Q1", "2020", Part::HalfYear, false),
        ("2020Q1", "2020", Part::Quarter, true),
        ("202003", "2020", Part::Quarter, false),
        ("2020-01-01..2020-05-31", "2020", Part::Quarter, false),
        ("2020-02-01..2020-07-31", "2020", Part::HalfYear, false),
        // A reporting year from 15/12 has half-years of its own.
        ("2019-12-15..2020-06-14", "2019-12-15..2020-12-14", Part::HalfYear, true),
        ("2018-12-15..2019-12-14", "2019-12-15..2020-12-14", Part::HalfYear, true),
        ("2020S1", "2019-12-15..2020-12-14", Part::HalfYear, false),
        // From its signing in March on: cut by the calendar.
        ("2020S2", "2020-03-07..2020-12-31", Part::HalfYear, true),
        ("2020-03-07..2020-09-06", "2020-03-07..2020-12-31", Part::HalfYear, false),
    ] {
        let (told, of) = (Period::parse(period, &[]).unwrap(), Period::parse(other, &[]).unwrap());
        assert_eq!(told.made_of_parts_of(&of, part), whole, "{period} of {other} by {part:?}");
    }
}
