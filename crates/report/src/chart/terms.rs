//! Terms used against terms allowed: a dot for each pair, and the diagonal on which both are equal.

use giaouoc_agreement::figure::integer;
use giaouoc_agreement::text::Lang;
use plotters::element::{Circle, PathElement, Text};
use plotters::style::{Color as _, ShapeStyle};

use super::{LETTERS, colour, drawing, place, steps, words};
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
const LEFT: i32 = 50;
const RIGHT: i32 = WIDTH - 16;
const TOP: i32 = 28;
const BOTTOM: i32 = 300;
/// Dots drawn at most, the greatest first: a picture, not the data, which stand in the table.
const DOTS: usize = 600;
/// The radius of the greatest dot.
const GREATEST: i64 = 11;

/// The drawing.
pub fn terms(chart: &TermDots<'_>) -> String {
    let longest = chart.pairs.iter().map(|pair| pair.0).max().unwrap_or(1).max(1);
    let used = chart.pairs.iter().map(|pair| pair.1).max().unwrap_or(1).max(1);
    // Long overruns would press everything else together; they stand at the edge.
    let (across, up) = (used.min(longest.saturating_mul(2)), longest);
    let most = chart.pairs.iter().map(|pair| pair.2).max().unwrap_or(1).max(1);
    let x = |value: i64| place(value, (0, across), (LEFT + 8, RIGHT));
    let y = |value: i64| place(value, (0, up), (BOTTOM - 8, TOP));
    let line = |ink, width| ShapeStyle::from(colour(ink)).stroke_width(width);
    let mut pairs = chart.pairs.to_vec();
    pairs.sort_unstable_by_key(|pair| (std::cmp::Reverse(pair.2), pair.0, pair.1));
    pairs.truncate(DOTS);
    drawing((WIDTH, BOTTOM + 44), chart.id, chart.title, chart.about, |area| {
        let label = |text: String, at, side| Text::new(text, at, words(LETTERS - 1, ink::TEXT, side));
        let step = steps(0, up, 5);
        let mut at = 0;
        while at <= up {
            area.draw(&PathElement::new(vec![(LEFT, y(at)), (RIGHT, y(at))], line(ink::GRID, 1)))?;
            area.draw(&label(integer(at, chart.lang), (LEFT - 8, y(at)), -1))?;
            at += step;
        }
        let step = steps(0, across, 7);
        let mut at = 0;
        while at <= across {
            area.draw(&label(integer(at, chart.lang), (x(at), BOTTOM + 14), 0))?;
            at += step;
        }
        let end = across.min(up);
        area.draw(&PathElement::new(vec![(x(0), y(0)), (x(end), y(end))], line(ink::GOAL, 2)))?;
        area.draw(&label(say(chart.lang, "thời hạn", "allowed").to_owned(), (4, TOP - 16), 1))?;
        area.draw(&label(say(chart.lang, "đã dùng", "used").to_owned(), (RIGHT, BOTTOM + 34), -1))?;
        for (allowed, used, records) in &pairs {
            // The dot's surface stands for the number.
            let surface = i128::from(*records) * i128::from(GREATEST * GREATEST) / i128::from(most);
            let radius = i32::try_from(surface.isqrt()).unwrap_or(1).max(3);
            let tone = if used > allowed { ink::SHORT } else { ink::SHAPE };
            let at = (x(*used), y(*allowed));
            if used > allowed {
                area.draw(&Circle::new(at, radius, line(tone, 2)))?;
            } else {
                area.draw(&Circle::new(at, radius, colour(tone).filled()))?;
            }
        }
        Ok(())
    })
}
