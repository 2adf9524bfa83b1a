//! Counts that lead to a figure, each within the one above it.

use giaouoc_agreement::figure::integer;
use giaouoc_agreement::text::Lang;
use plotters::element::{Rectangle, Text};
use plotters::style::Color as _;

use super::{LETTERS, colour, drawing, place, words};
use crate::style::ink;

/// A picture of counts.
pub struct Funnel<'a> {
    /// Its id on the page.
    pub id: &'a str,
    /// Its name.
    pub title: &'a str,
    /// What it says.
    pub about: &'a str,
    /// The language of its words.
    pub lang: Lang,
    /// The counts with their names, the widest first.
    pub steps: &'a [(String, i64)],
}

const WIDTH: i32 = 440;
const ROW: i32 = 30;
const LEFT: i32 = 110;
const RIGHT: i32 = WIDTH - 84;

/// The drawing.
pub fn funnel(chart: &Funnel<'_>) -> String {
    let rows = i32::try_from(chart.steps.len()).unwrap_or(0);
    let most = chart.steps.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    drawing((WIDTH, rows * ROW), chart.id, chart.title, chart.about, |area| {
        for (number, (name, count)) in (0..).zip(chart.steps) {
            let y = number * ROW + ROW / 2;
            let end = place(*count, (0, most), (LEFT, RIGHT)).max(LEFT + 1);
            let shape = [(LEFT, y - 9), (end, y + 9)];
            area.draw(&Text::new(name.clone(), (LEFT - 10, y), words(LETTERS, ink::TEXT, -1)))?;
            area.draw(&Rectangle::new(shape, colour(ink::SHAPE).filled()))?;
            let number = integer(*count, chart.lang);
            area.draw(&Text::new(number, (end + 8, y), words(LETTERS, ink::TEXT, 1)))?;
        }
        Ok(())
    })
}
