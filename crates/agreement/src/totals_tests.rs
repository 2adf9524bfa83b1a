use proptest::prelude::*;

use super::*;
use crate::lang::{Node, Type, Typed};

fn period(code: &str) -> Period {
    Period::parse(code, &[]).unwrap()
}

fn share() -> Measure {
    Measure::Share { met: Typed { node: Node::Flag(true), ty: Type::Flag, span: 0..0 } }
}

fn signed(code: &str, met: i128, counted: i128) -> Line {
    Line { period: period(code), grade: Grade::SignedTotals, counted: Some(counted), met: Some(met) }
}

fn published(code: &str, met: i128, counted: i128) -> Line {
    Line { grade: Grade::PublishedTotals, ..signed(code, met, counted) }
}

fn read_2020(lines: &[Line]) -> Reading {
    let year = period("2020");
    read(&share(), lines, &year, year.last)
}

fn figure(reading: Reading) -> Found {
    match reading {
        Reading::Figure(found) => found,
        other => panic!("{other:?}"),
    }
}

fn unfit(reading: Reading) -> String {
    match reading {
        Reading::Unfit(why) => why.iter().map(|text| text.vi.as_str()).collect::<Vec<_>>().join(" | "),
        other => panic!("{other:?}"),
    }
}

#[test]
fn reports_that_follow_each_other_add_up() {
    let found =
        figure(read_2020(&[signed("2020S2", 50, 60), signed("2020Q1", 18, 20), signed("2020Q2", 19, 20)]));
    assert_eq!(found.amount, Amount::Share { met: 87, of: 100 });
    assert_eq!(found.grade, Grade::SignedTotals);
    assert_eq!(found.coverage, [period("2020")]);
    assert_eq!(found.notes, []);
}

#[test]
fn days_that_are_not_covered_are_said() {
    let found = figure(read_2020(&[signed("2020Q1", 18, 20), signed("2020Q4", 9, 10)]));
    assert_eq!(found.amount, Amount::Share { met: 27, of: 30 });
    assert_eq!(found.coverage, [period("2020Q1"), period("2020Q4")]);
    assert!(found.notes[0].vi.contains("183 trên 366 ngày"), "{:?}", found.notes);
}

/// The same quarter twice is a question, never a sum.
#[test]
fn ranges_that_overlap_are_not_added() {
    let why = unfit(read_2020(&[signed("2020S1", 90, 100), signed("2020Q2", 45, 50)]));
    assert!(why.contains("6 tháng đầu năm 2020") && why.contains("Quý II năm 2020"), "{why}");
    let why = unfit(read_2020(&[signed("2020S1", 90, 100), signed("2020S1", 90, 100)]));
    assert!(why.contains("chồng lên nhau"), "{why}");
    let touching = [signed("2020-01-01..2020-03-31", 1, 2), signed("2020-03-31..2020-06-30", 1, 2)];
    assert!(unfit(read_2020(&touching)).contains("chồng lên nhau"));
}

#[test]
fn signed_goes_before_published_and_the_two_are_never_added() {
    let found = figure(read_2020(&[published("2020", 80, 100), signed("2020S1", 45, 50)]));
    assert_eq!((found.amount, found.grade), (Amount::Share { met: 45, of: 50 }, Grade::SignedTotals));
    assert!(
        found.notes.iter().any(|note| note.vi == "số tổng hợp đã công bố lại là 80/100"),
        "{:?}",
        found.notes
    );
    let found = figure(read_2020(&[published("2020", 80, 100)]));
    assert_eq!(found.grade, Grade::PublishedTotals);
    // Signed reports that contradict each other give way to a published total, and are mentioned.
    let found =
        figure(read_2020(&[signed("2020S1", 45, 50), signed("2020Q1", 45, 50), published("2020", 80, 100)]));
    assert_eq!(found.grade, Grade::PublishedTotals);
    assert!(found.notes[0].vi.contains("chồng lên nhau"));
}

/// Half of a total is not a total.
#[test]
fn a_range_that_reaches_beyond_the_period_is_not_used() {
    let half = period("2020S1");
    let lines = [signed("2020", 90, 100)];
    let why = unfit(read(&share(), &lines, &half, period("2020").last));
    assert!(why.contains("vượt ra ngoài"), "{why}");
    let early = read(&share(), &[signed("2020S2", 1, 2)], &period("2020"), half.last);
    assert_eq!(early, Reading::Nothing, "totals of days after as_of are not known yet");
    assert!(unfit(read_2020(&[signed("2019-12-15..2020-06-14", 1, 2)])).contains("vượt ra ngoài"));
    assert_eq!(read_2020(&[signed("2019", 1, 2)]), Reading::Nothing);
    assert_eq!(read_2020(&[]), Reading::Nothing);
}

#[test]
fn blanks_and_impossible_numbers_give_no_figure() {
    let blank = Line { counted: None, ..signed("2020S1", 1, 2) };
    assert!(unfit(read_2020(&[blank, signed("2020S2", 1, 2)])).contains("còn trống"));
    let blank = Line { met: None, ..signed("2020S1", 1, 2) };
    assert!(unfit(read_2020(&[blank])).contains("còn trống"));
    assert!(unfit(read_2020(&[signed("2020", 103, 100)])).contains("lớn hơn tổng số"));
    assert!(unfit(read_2020(&[signed("2020", 1, i128::from(i64::MAX) + 1)])).contains("còn trống"));
    let year = period("2020");
    let mean = Measure::Mean { value: Typed { node: Node::Integer(1), ty: Type::Integer, span: 0..0 } };
    assert!(matches!(read(&mean, &[signed("2020", 1, 2)], &year, year.last), Reading::Unfit(_)));
}

/// An office that the portal publishes as 0 % of 0 has no cases; a count of 0 is a count.
#[test]
fn nothing_received_is_nothing_to_judge() {
    let found = figure(read_2020(&[published("2020", 0, 0)]));
    assert_eq!(found.amount, Amount::Share { met: 0, of: 0 });
    let year = period("2020");
    let count = read(&Measure::Count, &[signed("2020", 0, 0)], &year, year.last);
    assert_eq!(figure(count).amount, Amount::Count(0));
}

fn row(source: &str, cells: &[(&str, &str)]) -> TotalsRow {
    let kind = crate::kinds::find(KIND).unwrap();
    let mut values = vec![Value::Unknown; kind.columns.len()];
    let zone = giaouoc_worktime::Zone::get("Asia/Ho_Chi_Minh").unwrap();
    let basic = [
        ("code", "BC-1"),
        ("unit", "H26.01"),
        ("from", "2020-01-01"),
        ("to", "2020-06-30"),
        ("source", source),
    ];
    for (id, text) in basic.iter().chain(cells) {
        let at = kind.column(id).unwrap_or_else(|| panic!("{id}"));
        values[at] = crate::cell::parse(&kind.columns[at], text, &zone).unwrap();
    }
    TotalsRow::new(kind, &cluster(), values).unwrap()
}

fn cluster() -> Cluster {
    let unit = crate::cluster::Unit {
        code: "H26.01".into(),
        name: Text::new("Sở Nội vụ", "Department of Home Affairs"),
        short: Text::same("SNV"),
        from: None,
        to: None,
        successor: None,
        aliases: Vec::new(),
        span: 0..0,
    };
    Cluster {
        city_code: "H26".into(),
        city: Text::same("Hà Nội"),
        id: "cum".into(),
        name: Text::same("Cụm"),
        decision: None,
        units: vec![unit],
        memberships: Vec::new(),
        statements: Vec::new(),
        suppliers: Vec::new(),
        files: Vec::new(),
    }
}

#[test]
fn a_row_says_whose_and_for_which_days() {
    let row = row("signed", &[]);
    assert_eq!((row.unit, row.grade), (0, Grade::SignedTotals));
    assert_eq!(row.period, period("2020S1"));
    let kind = crate::kinds::find(KIND).unwrap();
    let with = |id: &str, value: Value| {
        let mut values = row.values.clone();
        values[kind.column(id).unwrap()] = value;
        TotalsRow::new(kind, &cluster(), values).unwrap_err().vi
    };
    assert!(with("unit", Value::Text("H26.99".into())).contains("H26.99"));
    assert!(with("unit", Value::Unknown).contains("thiếu đơn vị"));
    assert!(with("from", Value::Unknown).contains("từ ngày"));
    assert!(with("to", Value::Day("2019-12-31".parse().unwrap())).contains("trước khi bắt đầu"));
    assert!(with("source", Value::Unknown).contains("signed"));
}

/// Report II.06 and the portal's totals: what must add up, and what is asked when it does not.
#[test]
fn sums_within_a_report_must_come_out() {
    let kind = crate::kinds::find(KIND).unwrap();
    let whole = [
        ("received_total", "1000"),
        ("received_online", "700"),
        ("received_direct", "250"),
        ("received_carried", "50"),
        ("settled_total", "600"),
        ("settled_early", "400"),
        ("settled_on_time", "160"),
        ("settled_late", "40"),
        ("in_progress_total", "400"),
        ("in_progress_within", "395"),
        ("in_progress_overdue", "5"),
    ];
    assert_eq!(contradictions(kind, &row("signed", &whole)), []);
    for (id, wrong, say) in [
        ("received_online", "701", "\"Tiếp nhận: tổng\" (1.000) khác"),
        ("settled_late", "41", "\"Đã giải quyết: tổng\" (600) khác"),
        ("in_progress_overdue", "6", "\"Đang giải quyết: tổng\" (400) khác"),
    ] {
        let cells: Vec<(&str, &str)> =
            whole.iter().map(|(name, value)| (*name, if *name == id { wrong } else { *value })).collect();
        let found = contradictions(kind, &row("signed", &cells));
        assert_eq!(found.len(), 1, "{id}: {found:?}");
        assert!(found[0].vi.starts_with(say), "{id}: {found:?}");
        assert!(found[0].en.contains("differs from"));
    }
    // What is blank is not asked; withdrawn dossiers may be told apart or counted in.
    assert_eq!(
        contradictions(kind, &row("signed", &[("received_total", "5"), ("received_online", "9")])),
        []
    );
    let apart = [
        ("received_total", "10"),
        ("settled_total", "6"),
        ("in_progress_total", "3"),
        ("withdrawn_total", "1"),
    ];
    assert_eq!(contradictions(kind, &row("signed", &apart)), []);
    assert_eq!(contradictions(kind, &row("signed", &apart[..3])).len(), 1);
    let portal = [("received_total", "10"), ("on_time_total", "7"), ("overdue_total", "2")];
    assert_eq!(contradictions(kind, &row("published", &portal)).len(), 1);
    assert_eq!(contradictions(kind, &row("signed", &portal)), [], "a signed report has its own columns");
}

proptest! {
    /// Cut a year at any days: the parts' totals give the year's figure, in whatever order they come.
    #[test]
    fn tiles_give_the_sum(cuts in prop::collection::btree_set(1_i64..366, 0..6), seed in 0_u64..1_000) {
        let year = period("2020");
        let starts: Vec<Day> = cuts.iter().map(|days| year.first.add_days(*days).unwrap()).collect();
        let mut lines: Vec<Line> = year
            .split(&starts)
            .into_iter()
            .enumerate()
            .map(|(i, period)| {
                let counted = i128::from((seed + i as u64 * 37) % 50);
                Line { period, grade: Grade::SignedTotals, counted: Some(counted), met: Some(counted / 2) }
            })
            .collect();
        let (met, of) = lines.iter().fold((0, 0), |(m, o), l| (m + l.met.unwrap(), o + l.counted.unwrap()));
        let by = seed as usize % lines.len().max(1);
        lines.rotate_left(by);
        let found = figure(read_2020(&lines));
        prop_assert_eq!(found.amount, Amount::Share { met: met as i64, of: of as i64 });
        prop_assert_eq!(found.coverage, vec![year]);
    }
}
