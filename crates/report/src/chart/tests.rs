use giaouoc_agreement::text::Lang;

use super::*;

#[test]
fn an_axis_of_shares_holds_what_it_shows_and_stays_between_0_and_100() {
    for values in [vec![9496, 9626, 9500], vec![0, 10_000], vec![10_000, 10_000], vec![37], vec![0]] {
        let (low, high, step) = share_axis(values.iter().copied());
        assert!(0 <= low && high <= 10_000 && low < high && step > 0, "{values:?}: {low} {high} {step}");
        assert!(values.iter().all(|value| (low..=high).contains(value)), "{values:?}: {low}–{high}");
    }
}

#[test]
fn a_name_is_words_in_the_picture_and_never_markup() {
    let rows = [Whisker { name: "<script>&\u{202e}x".into(), at: 5000, low: 4000, high: 6000, short: true }];
    let svg = whiskers(&Whiskers {
        id: "x",
        title: "<b>\"",
        about: "a & b",
        lang: Lang::Vi,
        rows: &rows,
        goal: Some(9500),
    });
    assert!(svg.contains("&lt;script&gt;&amp;x"), "{svg}");
    assert!(svg.contains("<title id=\"x-t\">&lt;b&gt;&quot;</title>"), "{svg}");
    assert!(svg.contains("mức 95\u{a0}%"), "{svg}");
    assert!(!svg.contains('\u{202e}'));
}

#[test]
fn hollow_dots_are_those_short_of_the_goal() {
    let point = |at, short| Some(Point { at, short });
    let labels = ["1".to_owned(), "2".to_owned(), "3".to_owned()];
    let points = [point(9600, false), None, point(9400, true)];
    let series = Series {
        id: "m",
        title: "t",
        about: "d",
        lang: Lang::En,
        labels: &labels,
        points: &points,
        goal: Some(9500),
        shares: true,
    };
    let svg = months(&series);
    assert_eq!(svg.matches("<circle").count(), 3, "one full dot, one hollow of two circles: {svg}");
    assert!(svg.contains("goal 95\u{a0}%"));
    let lines = svg.split("<polyline").skip(1).filter_map(|line| line.split("/>").next());
    assert!(!lines.into_iter().any(|line| line.contains("#2F6F9F")), "no line over the gap: {svg}");
}
