//! When files are worth merging, and when a base is worth making.

use super::*;
use crate::layout::Held;

/// Pieces of one entry each, numbered from 0, that brought and took back so many rows.
fn pieces(rows: &[(u64, u64)]) -> Vec<Piece> {
    let piece = |(entry, &(plus, minus))| Piece {
        entries: vec![Held { entry, brought_at: 0, back_at: 0, plus, minus }],
        brought: None,
        back: None,
        merged: false,
    };
    (0..).zip(rows).map(piece).collect()
}

#[test]
fn sixteen_neighbours_of_about_one_size_are_merged() {
    let small = [(0, 5); 15];
    let run = |rows: &[&[(u64, u64)]]| ripe(&pieces(&rows.concat()));
    assert_eq!(run(&[]), None);
    assert_eq!(run(&[&small]), None);
    assert_eq!(run(&[&small, &[(1, 0)]]), Some((0, 15)));
    assert_eq!(run(&[&small, &[(1, 0); 9]]), Some((0, 15)), "no more at once");
    // What counts is how many rows there are in both files.
    assert_eq!(run(&[&small, &[(300, 300)]]), Some((0, 15)));
    assert_eq!(run(&[&small, &[(40_000, 25_535)]]), Some((0, 15)));
    assert_eq!(run(&[&small, &[(40_000, 25_536)], &small]), None);
    assert_eq!(run(&[&[(40_000, 25_536)], &small, &[(1, 0)]]), Some((1, 16)));
    assert_eq!(run(&[&[(40_000, 25_536); 16]]), Some((0, 15)));
}

#[test]
fn a_base_is_wanted_when_the_history_is_much_longer_than_what_is_live() {
    for (rows, base, wanted) in [
        // Small histories are quick as they are.
        (&[(60_000, 0), (0, 40_000)][..], None, false),
        (&[(60_000, 0), (0, 40_001)], None, true),
        // 400,000 are live, and a quarter more is 500,000.
        (&[(450_000, 0), (0, 50_000)], None, false),
        (&[(450_000, 0), (0, 50_001)], None, true),
        (&[(900_000, 0)], None, false),
        // Since the base there must be something again.
        (&[(100_000, 0), (0, 30_000), (10_000, 40_000)], Some(1), false),
        (&[(100_000, 0), (0, 30_000), (10_000, 40_001)], Some(1), true),
        (&[(100_000, 0), (0, 30_000), (10_000, 40_001)], Some(2), false),
        // And more than a tenth of what is live: 600,000 here.
        (&[(700_000, 0), (0, 100_000), (30_000, 30_000)], Some(1), false),
        (&[(700_000, 0), (0, 100_000), (30_000, 30_001)], Some(1), true),
    ] {
        assert_eq!(is_long(&pieces(rows), base), wanted, "{rows:?} since {base:?}");
    }
}
