//! A calendar of counts: a square for each day, a column for each week.

use giaouoc_agreement::text::Lang;
use giaouoc_worktime::Day;
use plotters::element::{Rectangle, Text};
use plotters::style::Color as _;

use super::{LETTERS, colour, drawing, words};
use crate::style::ink;
use crate::words::say;

/// A calendar of counts.
pub struct Heat<'a> {
    /// Its id on the page.
    pub id: &'a str,
    /// Its name.
    pub title: &'a str,
    /// What it says.
    pub about: &'a str,
    /// The language of its words.
    pub lang: Lang,
    /// Days with something, in order of time.
    pub days: &'a [(Day, i64)],
}

const CELL: i32 = 12;
const SQUARE: i32 = 10;
const LEFT: i32 = 34;
const TOP: i32 = 22;

/// Days since Monday.
fn weekday(day: Day) -> i32 {
    day.weekday().index() as i32
}

/// Widths that the style sheet knows, in hundreds.
const STEPS: i32 = 12;

/// The drawing.
pub fn heat(chart: &Heat<'_>) -> String {
    let (Some(first), Some(last)) = (chart.days.first(), chart.days.last()) else { return String::new() };
    let (first, last) = (first.0, last.0);
    let start = first.0 - weekday(first);
    let weeks = (last.0 - start) / 7 + 1;
    let mut sorted: Vec<i64> = chart.days.iter().map(|(_, count)| *count).collect();
    sorted.sort_unstable();
    let quarter = |part: usize| sorted.get(sorted.len() * part / 4).copied().unwrap_or(0);
    let bounds = [quarter(1), quarter(2), quarter(3)];
    let tone = |count: i64| ink::HEAT[bounds.iter().filter(|bound| count > **bound).count()];
    let (width, height) = (LEFT + weeks * CELL + 2, TOP + 7 * CELL + 26);
    let svg = drawing((width, height), chart.id, chart.title, chart.about, |area| {
        let names =
            [say(chart.lang, "T2", "Mon"), say(chart.lang, "T5", "Thu"), say(chart.lang, "CN", "Sun")];
        for (row, name) in [0, 3, 6].into_iter().zip(names) {
            let at = (LEFT - 6, TOP + row * CELL + SQUARE / 2);
            area.draw(&Text::new(name, at, words(LETTERS - 4, ink::TEXT, -1)))?;
        }
        let square = |day: i32, count: Option<i64>| {
            let (x, y) = (LEFT + (day - start) / 7 * CELL, TOP + weekday(Day(day)) * CELL);
            let ink = count.map_or(ink::NONE, tone);
            Rectangle::new([(x, y), (x + SQUARE, y + SQUARE)], colour(ink).filled())
        };
        let mut with = chart.days.iter().peekable();
        for day in first.0..=last.0 {
            let count = with.next_if(|(at, _)| at.0 == day).map(|(_, count)| *count);
            area.draw(&square(day, count))?;
            let (year, month, number) = Day(day).ymd();
            if number == 1 || day == first.0 {
                let x = LEFT + (day - start) / 7 * CELL;
                let label = if month == 1 { year.to_string() } else { month.to_string() };
                let room = day != first.0 || number < 15;
                if room {
                    area.draw(&Text::new(label, (x, TOP - 11), words(LETTERS - 4, ink::TEXT, 1)))?;
                }
            }
        }
        let y = TOP + 7 * CELL + 8;
        let style = |side| words(LETTERS - 4, ink::TEXT, side);
        area.draw(&Text::new(say(chart.lang, "ít", "few"), (LEFT + 22, y + 5), style(-1)))?;
        for (number, ink) in (0..).zip(ink::HEAT) {
            let x = LEFT + 28 + number * CELL;
            area.draw(&Rectangle::new([(x, y), (x + SQUARE, y + SQUARE)], colour(ink).filled()))?;
        }
        area.draw(&Text::new(say(chart.lang, "nhiều", "many"), (LEFT + 80, y + 5), style(1)))?;
        Ok(())
    });
    // Squares keep a size for the eye and the finger, whether there are five weeks or a hundred.
    // In steps of the style sheet: a page whose styles are its sheet's alone has no style of a single picture.
    svg.replacen("<svg ", &format!("<svg class=\"w{}\" ", (width / 100).clamp(1, STEPS)), 1)
}
