//! Terms used against terms allowed: a row for each term allowed, a dot for each fifth of it that was used, and a line
//! where both are equal. In parts of the term, so that a term of one day and one of forty stand side by side.

use giaouoc_agreement::figure::integer;
use giaouoc_agreement::text::Lang;
use plotters::element::{Circle, PathElement, Text};
use plotters::style::{Color as _, ShapeStyle};

use super::{LETTERS, colour, drawing, words};
use crate::style::ink;
use crate::words::say;

/// A picture of terms.
pub struct TermDots<'a> {
    /// Its id on the page.
    pub id: &'a str,
    /// Its name.
    pub title: &'a str,
    /// What it says.
    pub about: &'a str,
    /// The language of its words.
    pub lang: Lang,
    /// Term allowed, term used, records.
    pub pairs: &'a [(i64, i64, i64)],
}

const WIDTH: i32 = 440;
const LEFT: i32 = 56;
const RIGHT: i32 = WIDTH - 70;
const TOP: i32 = 34;
const ROW: i32 = 28;
/// Rows drawn at most, those with the most records; the table has all.
pub const ROWS: usize = 14;
/// The fifths of a term, up to twice the term, and all that is beyond.
const PARTS: usize = 11;
/// The part in which the term ends.
const WITHIN: usize = 5;
/// The radius of a dot that stands for a whole row.
const GREATEST: i64 = 13;

/// One row: the term, and its records by part.
struct Term {
    allowed: i64,
    records: i64,
    parts: [i64; PARTS],
}

/// The part of a term in which a used time ends: the first up to a fifth, the fifth up to the whole.
fn part(allowed: i64, used: i64) -> usize {
    if used > allowed.saturating_mul(2) {
        return PARTS - 1;
    }
    if allowed <= 0 {
        return WITHIN - 1;
    }
    let fifths = (used.max(1).saturating_mul(5) + allowed - 1).div_euclid(allowed);
    usize::try_from(fifths - 1).unwrap_or(0).min(PARTS - 1)
}

fn rows(pairs: &[(i64, i64, i64)]) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for (allowed, used, records) in pairs {
        let at = terms.iter().position(|term| term.allowed == *allowed).unwrap_or_else(|| {
            terms.push(Term { allowed: *allowed, records: 0, parts: [0; PARTS] });
            terms.len() - 1
        });
        if let Some(term) = terms.get_mut(at) {
            term.records += records;
            term.parts[part(*allowed, *used)] += records;
        }
    }
    terms.sort_unstable_by_key(|term| std::cmp::Reverse(term.records));
    terms.truncate(ROWS);
    terms.sort_unstable_by_key(|term| term.allowed);
    terms
}

/// The drawing.
pub fn terms(chart: &TermDots<'_>) -> String {
    let terms = rows(chart.pairs);
    let count = i32::try_from(terms.len()).unwrap_or(0);
    let bottom = TOP + count * ROW;
    let x = |part: i32| LEFT + part * (RIGHT - LEFT) / i32::try_from(PARTS).unwrap_or(1);
    let line = |ink, width| ShapeStyle::from(colour(ink)).stroke_width(width);
    drawing((WIDTH, bottom + 30), chart.id, chart.title, chart.about, |area| {
        let label = |text: String, at, side| Text::new(text, at, words(LETTERS - 1, ink::TEXT, side));
        area.draw(&label(say(chart.lang, "thời hạn", "allowed").to_owned(), (2, TOP - 18), 1))?;
        area.draw(&label(say(chart.lang, "hồ sơ", "records").to_owned(), (WIDTH - 2, TOP - 18), -1))?;
        for (edge, text) in [(0, "0"), (3, "60"), (5, "100"), (7, "140"), (10, "200")] {
            area.draw(&label(format!("{text}\u{a0}%"), (x(edge), bottom + 16), 0))?;
        }
        for (number, term) in (0..).zip(&terms) {
            let y = TOP + number * ROW + ROW / 2;
            area.draw(&PathElement::new(vec![(LEFT, y), (RIGHT, y)], line(ink::GRID, 1)))?;
            area.draw(&label(integer(term.allowed, chart.lang), (LEFT - 16, y), -1))?;
            area.draw(&label(integer(term.records, chart.lang), (WIDTH - 2, y), -1))?;
            for (at, (part, records)) in (0..).zip(term.parts.iter().enumerate()) {
                if *records == 0 {
                    continue;
                }
                // The dot's surface stands for the part of its row.
                let surface =
                    i128::from(*records) * i128::from(GREATEST * GREATEST) / i128::from(term.records);
                let radius = i32::try_from(surface.isqrt()).unwrap_or(1).max(2);
                let middle = ((x(at) + x(at + 1)) / 2, y);
                if part < WITHIN {
                    area.draw(&Circle::new(middle, radius, colour(ink::SHAPE).filled()))?;
                } else {
                    area.draw(&Circle::new(middle, radius.max(3), line(ink::SHORT, 2)))?;
                }
            }
        }
        area.draw(&PathElement::new(vec![(x(5), TOP - 6), (x(5), bottom)], line(ink::GOAL, 2)))?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_used_up_is_within_and_a_day_more_is_not() {
        assert_eq!(part(5, 0), 0);
        assert_eq!(part(5, 1), 0);
        assert_eq!(part(5, 5), WITHIN - 1);
        assert_eq!(part(5, 6), WITHIN);
        assert_eq!(part(1, 1), WITHIN - 1);
        assert_eq!(part(1, 2), PARTS - 2);
        assert_eq!(part(1, 3), PARTS - 1);
        assert_eq!((part(0, 0), part(0, 1)), (WITHIN - 1, PARTS - 1));
        assert_eq!(part(45, -3), 0);
        for (allowed, used) in (1..40).flat_map(|allowed| (0..90).map(move |used| (allowed, used))) {
            assert_eq!(part(allowed, used) < WITHIN, used <= allowed, "{used} of {allowed}");
        }
    }
}
