//! Units as dots with whiskers, and the goal as a line across.

use giaouoc_agreement::text::Lang;
use plotters::element::{Circle, PathElement, Text};
use plotters::style::{Color as _, ShapeStyle};

use super::{LETTERS, colour, drawing, place, share_axis, words};
use crate::style::ink;
use crate::words::{plain, share};

/// A unit's share with its interval, in ten-thousandths.
#[derive(Clone, Debug)]
pub struct Whisker {
    /// The unit's name.
    pub name: String,
    /// The share.
    pub at: i64,
    /// The interval's lower end.
    pub low: i64,
    /// Its upper end.
    pub high: i64,
    /// Whether the goal is not met: the dot is then hollow, whatever its colour.
    pub short: bool,
}

/// A picture of units compared.
pub struct Whiskers<'a> {
    /// Its id on the page.
    pub id: &'a str,
    /// Its name.
    pub title: &'a str,
    /// What it says.
    pub about: &'a str,
    /// The language of its words.
    pub lang: Lang,
    /// The units, in their order.
    pub rows: &'a [Whisker],
    /// The goal, in ten-thousandths.
    pub goal: Option<i64>,
}

const WIDTH: i32 = 440;
const ROW: i32 = 30;
const LEFT: i32 = 164;
const RIGHT: i32 = WIDTH - 22;
const TOP: i32 = 26;

/// The drawing.
pub fn whiskers(chart: &Whiskers<'_>) -> String {
    let rows = i32::try_from(chart.rows.len()).unwrap_or(0);
    let bottom = TOP + rows * ROW;
    let all = chart.rows.iter().flat_map(|row| [row.low, row.high]).chain(chart.goal);
    let (low, high, step) = share_axis(all);
    let x = |value: i64| place(value, (low, high), (LEFT, RIGHT));
    let line = |ink, width| ShapeStyle::from(colour(ink)).stroke_width(width);
    drawing((WIDTH, bottom + 30), chart.id, chart.title, chart.about, |area| {
        let mut at = low;
        while at <= high {
            area.draw(&PathElement::new(vec![(x(at), TOP), (x(at), bottom)], line(ink::GRID, 1)))?;
            let label = share(at, chart.lang);
            area.draw(&Text::new(label, (x(at), bottom + 16), words(LETTERS - 1, ink::TEXT, 0)))?;
            at += step;
        }
        if let Some(goal) = chart.goal {
            let label = match chart.lang {
                Lang::Vi => format!("mức {}", share(goal, chart.lang)),
                Lang::En => format!("goal {}", share(goal, chart.lang)),
            };
            area.draw(&PathElement::new(vec![(x(goal), TOP - 6), (x(goal), bottom)], line(ink::GOAL, 2)))?;
            let side = if x(goal) > (LEFT + RIGHT) / 2 { -1 } else { 1 };
            let place = (x(goal) + side * 2, TOP - 15);
            area.draw(&Text::new(label, place, words(LETTERS - 1, ink::GOAL, side)))?;
        }
        for (number, row) in (0..).zip(chart.rows) {
            let y = TOP + number * ROW + ROW / 2;
            let name = plain(&row.name, 19);
            area.draw(&Text::new(name, (LEFT - 12, y), words(LETTERS - 1, ink::TEXT, -1)))?;
            let tone = if row.short { ink::SHORT } else { ink::SHAPE };
            area.draw(&PathElement::new(vec![(x(row.low), y), (x(row.high), y)], line(tone, 2)))?;
            if row.short {
                area.draw(&Circle::new((x(row.at), y), 5, colour(ink::PAGE).filled()))?;
                area.draw(&Circle::new((x(row.at), y), 5, line(tone, 2)))?;
            } else {
                area.draw(&Circle::new((x(row.at), y), 6, colour(tone).filled()))?;
            }
        }
        Ok(())
    })
}
