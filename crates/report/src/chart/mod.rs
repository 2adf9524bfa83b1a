//! Pictures: small SVG drawings with real words in them, drawn by `plotters` in whole coordinates. Colours are those of
//! [`crate::style::ink`], which the style sheet turns into the reader's scheme. `docs/decisions/0008-charts.md` says why.

mod funnel;
mod heat;
mod months;
mod small;
mod terms;
mod whiskers;

use askama::Template;
use plotters::coord::Shift;
use plotters::prelude::{
    DrawingArea, DrawingAreaErrorKind, IntoDrawingArea as _, IntoFont as _, RGBColor, SVGBackend, TextStyle,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};

pub use self::funnel::{Funnel, funnel};
pub use self::heat::{Heat, heat};
pub use self::months::{Point, Series, months};
pub use self::small::small_line;
pub use self::terms::{ROWS as TERM_ROWS, TermDots, terms};
pub use self::whiskers::{Whisker, Whiskers, whiskers};
use crate::table::Table;

/// A picture with its sentence and its table.
#[derive(Template)]
#[template(path = "chart/picture.html")]
pub struct Picture {
    /// The drawing: an `svg` element.
    pub svg: String,
    /// What it says, in a sentence.
    pub caption: String,
    /// Whether it needs the whole width, and scrolls on a narrow screen.
    pub wide: bool,
    /// Its name, for those who do not see it.
    pub label: String,
    /// The same as a table.
    pub table: Option<Table>,
    /// What the fold over the table is called.
    pub fold: &'static str,
}

/// Where a picture is drawn.
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// Why a drawing failed; drawing into memory does not.
type DrawError = DrawingAreaErrorKind<std::io::Error>;

/// Size of letters; the library writes 16 as 12.9 units of the drawing.
const LETTERS: i32 = 16;

fn colour((r, g, b): (u8, u8, u8)) -> RGBColor {
    RGBColor(r, g, b)
}

/// The style of words that stand at a point: `-1` left of it, `0` around it, `1` right of it.
fn words(size: i32, ink: (u8, u8, u8), side: i32) -> TextStyle<'static> {
    let horizontal = match side {
        ..=-1 => HPos::Right,
        0 => HPos::Center,
        1.. => HPos::Left,
    };
    ("sans-serif", size).into_font().color(&colour(ink)).pos(Pos::new(horizontal, VPos::Center))
}

/// Draws, and gives the drawing its name and description.
fn drawing(
    (width, height): (i32, i32),
    id: &str,
    title: &str,
    about: &str,
    paint: impl FnOnce(&Area<'_>) -> Result<(), DrawError>,
) -> String {
    let size = (u32::try_from(width).unwrap_or(1), u32::try_from(height).unwrap_or(1));
    let mut out = String::new();
    let area = SVGBackend::with_string(&mut out, size).into_drawing_area();
    let done = paint(&area).and_then(|()| area.present());
    drop(area);
    let inside = out.split_once("<svg").and_then(|(_, rest)| rest.split_once('>')).map(|(_, rest)| rest);
    // A picture that could not be drawn leaves its sentence and its table, which say the same.
    let (Ok(()), Some(inside)) = (done, inside) else { return String::new() };
    let (title, about) = (escaped(title), escaped(about));
    format!(
        "<svg viewBox=\"0 0 {width} {height}\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{about}</desc>{inside}"
    )
}

/// A text between tags.
fn escaped(text: &str) -> String {
    let text = crate::words::plain(text, 1_000);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Round steps for an axis from `low` to `high`, at most `most` of them.
fn steps(low: i64, high: i64, most: i64) -> i64 {
    let span = high.saturating_sub(low).max(1);
    let mut scale = 1_i64;
    loop {
        for step in [1, 2, 5] {
            let step = scale.saturating_mul(step);
            if span / step <= most {
                return step;
            }
        }
        scale = scale.saturating_mul(10);
    }
}

/// An axis of shares that holds all of these: from a round step below the least to a round step above the greatest, and
/// never beyond 0 and 100 %.
fn share_axis(values: impl Iterator<Item = i64> + Clone) -> (i64, i64, i64) {
    let (least, most) = (values.clone().min().unwrap_or(0), values.max().unwrap_or(10_000));
    let step = steps(least, most, 5).max(100);
    let low = (least - step / 4).div_euclid(step) * step;
    let high = (most + step - 1).div_euclid(step) * step;
    let low = low.clamp(0, 10_000 - step);
    (low, high.min(10_000).max(low + step), step)
}

/// Where a value lies between two ends of a stretch of the drawing.
fn place(value: i64, (low, high): (i64, i64), (from, to): (i32, i32)) -> i32 {
    let span = i128::from(high.saturating_sub(low).max(1));
    let part = i128::from(value.clamp(low, high) - low) * i128::from(to - from);
    from + i32::try_from((part * 2 + span).div_euclid(span * 2)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
