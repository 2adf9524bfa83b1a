//! A unit's months as a small line beside words: too small for axes.

use plotters::element::{Circle, PathElement};
use plotters::style::{Color as _, ShapeStyle};

use super::{Point, colour, drawing, place, share_axis};
use crate::style::ink;

const WIDTH: i32 = 120;
const HEIGHT: i32 = 32;

/// The drawing: the months as a line, the goal as a thin one, the last month as a dot.
pub fn small_line(id: &str, title: &str, points: &[Option<Point>], goal: Option<i64>) -> String {
    let known: Vec<i64> = points.iter().flatten().map(|point| point.at).chain(goal).collect();
    let (low, high, _) = share_axis(known.into_iter());
    let y = |value: i64| place(value, (low, high), (HEIGHT - 4, 4));
    let last = i32::try_from(points.len().saturating_sub(1).max(1)).unwrap_or(1);
    let x = |at: i32| 4 + at * (WIDTH - 8) / last;
    let line = |ink, width| ShapeStyle::from(colour(ink)).stroke_width(width);
    drawing((WIDTH, HEIGHT), id, title, "", |area| {
        if let Some(goal) = goal {
            area.draw(&PathElement::new(vec![(0, y(goal)), (WIDTH, y(goal))], line(ink::GRID, 2)))?;
        }
        let found: Vec<(i32, Option<Point>)> = (0..).zip(points.iter().copied()).collect();
        for pair in found.windows(2) {
            if let [(one, Some(from)), (other, Some(to))] = pair {
                let ends = vec![(x(*one), y(from.at)), (x(*other), y(to.at))];
                area.draw(&PathElement::new(ends, line(ink::SHAPE, 2)))?;
            }
        }
        if let Some((number, Some(point))) = found.iter().rev().find(|(_, point)| point.is_some()) {
            area.draw(&Circle::new((x(*number), y(point.at)), 3, colour(ink::SHAPE).filled()))?;
        }
        Ok(())
    })
}
