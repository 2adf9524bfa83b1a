//! Months against the goal: shares as dots on a line over an axis cut to where they are, numbers as columns from zero.

use giaouoc_agreement::figure::integer;
use giaouoc_agreement::text::Lang;
use plotters::element::{Circle, PathElement, Rectangle, Text};
use plotters::style::{Color as _, ShapeStyle};

use super::{LETTERS, colour, drawing, place, share_axis, steps, words};
use crate::style::ink;
use crate::words::share;

/// A month's figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Ten-thousandths of a share, or the number itself.
    pub at: i64,
    /// Whether it is short of the goal.
    pub short: bool,
}

/// A picture of months.
pub struct Series<'a> {
    /// Its id on the page.
    pub id: &'a str,
    /// Its name.
    pub title: &'a str,
    /// What it says.
    pub about: &'a str,
    /// The language of its words.
    pub lang: Lang,
    /// The months' names.
    pub labels: &'a [String],
    /// Their figures; nothing where there is none.
    pub points: &'a [Option<Point>],
    /// The goal, in ten-thousandths.
    pub goal: Option<i64>,
    /// Whether the figures are shares.
    pub shares: bool,
}

const WIDTH: i32 = 440;
const LEFT: i32 = 54;
const RIGHT: i32 = WIDTH - 10;
const TOP: i32 = 26;
const BOTTOM: i32 = 190;

/// The drawing.
pub fn months(chart: &Series<'_>) -> String {
    let known = || chart.points.iter().flatten().map(|point| point.at);
    let (low, high, step) = if chart.shares {
        share_axis(known().chain(chart.goal).collect::<Vec<_>>().into_iter())
    } else {
        let most = known().max().unwrap_or(1).max(1);
        let step = steps(0, most, 4);
        (0, most.div_euclid(step) * step + if most % step == 0 { 0 } else { step }, step)
    };
    let y = |value: i64| place(value, (low, high), (BOTTOM, TOP));
    let count = i32::try_from(chart.points.len().max(1)).unwrap_or(1);
    let x = |at: i32| LEFT + ((2 * at + 1) * (RIGHT - LEFT)) / (2 * count);
    let line = |ink, width| ShapeStyle::from(colour(ink)).stroke_width(width);
    drawing((WIDTH, BOTTOM + 28), chart.id, chart.title, chart.about, |area| {
        let mut at = low;
        while at <= high {
            area.draw(&PathElement::new(vec![(LEFT, y(at)), (RIGHT, y(at))], line(ink::GRID, 1)))?;
            let label = if chart.shares { share(at, chart.lang) } else { integer(at, chart.lang) };
            area.draw(&Text::new(label, (LEFT - 8, y(at)), words(LETTERS - 1, ink::TEXT, -1)))?;
            at += step;
        }
        for (number, label) in (0..).zip(chart.labels).filter(|(_, label)| !label.is_empty()) {
            let style = words(LETTERS - 1, ink::TEXT, 0);
            area.draw(&Text::new(label.clone(), (x(number), BOTTOM + 16), style))?;
        }
        if let Some(goal) = chart.goal {
            area.draw(&PathElement::new(vec![(LEFT, y(goal)), (RIGHT, y(goal))], line(ink::GOAL, 2)))?;
            let label = match chart.lang {
                Lang::Vi => format!("mức {}", share(goal, chart.lang)),
                Lang::En => format!("goal {}", share(goal, chart.lang)),
            };
            area.draw(&Text::new(label, (RIGHT, TOP - 14), words(LETTERS - 1, ink::GOAL, -1)))?;
        }
        let found: Vec<(i32, Option<Point>)> = (0..).zip(chart.points.iter().copied()).collect();
        if !chart.shares {
            let half = ((RIGHT - LEFT) / count / 3).max(2);
            for (number, point) in &found {
                if let Some(point) = point {
                    let (left, right) = (x(*number) - half, x(*number) + half);
                    let shape = [(left, y(point.at)), (right, BOTTOM)];
                    area.draw(&Rectangle::new(shape, colour(ink::SHAPE).filled()))?;
                }
            }
            return Ok(());
        }
        for pair in found.windows(2) {
            if let [(one, Some(from)), (other, Some(to))] = pair {
                let ends = vec![(x(*one), y(from.at)), (x(*other), y(to.at))];
                area.draw(&PathElement::new(ends, line(ink::SHAPE, 2)))?;
            }
        }
        for (number, point) in found {
            let Some(point) = point else { continue };
            let at = (x(number), y(point.at));
            if point.short {
                area.draw(&Circle::new(at, 5, colour(ink::PAGE).filled()))?;
                area.draw(&Circle::new(at, 5, line(ink::SHORT, 2)))?;
            } else {
                area.draw(&Circle::new(at, 5, colour(ink::SHAPE).filled()))?;
            }
        }
        Ok(())
    })
}
