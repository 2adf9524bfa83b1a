//! What stands above and below the clauses: title, theme, context, bases, events; score table, regulation, paragraphs.

use giaouoc_agreement::text::Text;
use toml_edit::{Array, Value};

use super::{Changed, Words, day, parse, put, put_or_drop};

/// What stands above the clauses, as a form gives it. A blank field takes its line out of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// The title.
    pub title: Words,
    /// The theme.
    pub theme: Words,
    /// Lines of context.
    pub context: Vec<Words>,
    /// Legal bases.
    pub bases: Vec<Words>,
    /// Events: day, name.
    pub events: Vec<(String, Words)>,
    /// The day from which records count, `YYYY-MM-DD`.
    pub counts_from: String,
}

/// The score table as a form gives it: points as they are typed, blank where a line has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScoreForm {
    /// No data, no cases, exempt: `none`, `full` or `left out`.
    pub without: [String; 3],
    /// Key (`target` or `clause`), id or number, points, way.
    pub lines: Vec<(String, String, String, String)>,
    /// What is added: what for, points.
    pub bonuses: Vec<(Words, String)>,
    /// What is taken off.
    pub deductions: Vec<(Words, String)>,
}

/// Changes what stands above the clauses.
///
/// # Errors
/// No title, or a day that is none.
pub fn set_frame(text: &str, frame: &Frame) -> Changed {
    if frame.title.vi.trim().is_empty() {
        return Err(Text::new("Giao ước cần có tên.", "The agreement needs its title."));
    }
    let mut document = parse(text)?;
    put(&mut document, "title", frame.title.item());
    put_or_drop(&mut document, "theme", &frame.theme);
    for (key, lines) in [("context", &frame.context), ("bases", &frame.bases)] {
        let lines: Vec<Value> =
            lines.iter().filter(|line| !line.vi.trim().is_empty()).map(Words::item).collect();
        if lines.is_empty() {
            document.remove(key);
            continue;
        }
        let mut array = Array::new();
        for mut line in lines {
            line.decor_mut().set_prefix("\n  ");
            array.push_formatted(line);
        }
        array.set_trailing("\n");
        array.set_trailing_comma(true);
        put(&mut document, key, array);
    }
    if frame.counts_from.trim().is_empty() {
        document.remove("counts_from");
    } else {
        put(&mut document, "counts_from", day(&frame.counts_from)?);
    }
    document.remove("event");
    let events = frame.events.iter().filter(|(_, name)| !name.vi.trim().is_empty());
    let mut written = document.to_string();
    for (on, name) in events {
        written =
            format!("{}\n\n[[event]]\nname = {}\non   = {}\n", written.trim_end(), name.item(), day(on)?);
    }
    Ok(written)
}

/// Puts the units' paragraphs into the annex, in the order given; those that were there go.
///
/// # Errors
/// When the text cannot be read.
pub fn set_paragraphs(text: &str, paragraphs: &[(String, String, String)]) -> Changed {
    let mut document = parse(text)?;
    document.remove("paragraph");
    let mut written = document.to_string().trim_end().to_owned();
    for (unit, clause, words) in paragraphs {
        let (unit, clause, words) =
            (Value::from(unit.as_str()), Value::from(clause.as_str()), Value::from(words.trim()));
        written += &format!("\n\n[[paragraph]]\nunit   = {unit}\nclause = {clause}\ntext   = {words}");
    }
    Ok(written + "\n")
}

/// Puts the score table anew; one without any line goes out of the text.
///
/// # Errors
/// When the text cannot be read. Whether points are right is said by the check of the text, at their place.
pub fn set_score(text: &str, form: &ScoreForm) -> Changed {
    let mut document = parse(text)?;
    document.remove("score");
    let mut written = document.to_string().trim_end().to_owned();
    let lines: Vec<_> = form.lines.iter().filter(|(_, _, points, _)| !points.trim().is_empty()).collect();
    let extras = |list: &[(Words, String)]| {
        list.iter().filter(|(name, _)| !name.vi.trim().is_empty()).cloned().collect::<Vec<_>>()
    };
    let (bonuses, deductions) = (extras(&form.bonuses), extras(&form.deductions));
    if lines.is_empty() && bonuses.is_empty() && deductions.is_empty() {
        return Ok(written + "\n");
    }
    written += "\n\n[score]";
    for (key, word) in ["no_data", "no_cases", "exempt"].iter().zip(&form.without) {
        if !word.is_empty() {
            written += &format!("\n{key} = {}", Value::from(word.as_str()));
        }
    }
    for (key, name, points, way) in lines {
        written += &format!(
            "\n\n[[score.line]]\n{key} = {}\npoints = {}",
            Value::from(name.as_str()),
            points_value(points)
        );
        if !way.is_empty() {
            written += &format!("\nway = {}", Value::from(way.as_str()));
        }
    }
    for (key, list) in [("bonus", bonuses), ("deduction", deductions)] {
        for (name, points) in list {
            written +=
                &format!("\n\n[[score.{key}]]\nname = {}\npoints = {}", name.item(), points_value(&points));
        }
    }
    Ok(written + "\n")
}

/// Points as the file writes them: a whole number as it is, anything else as a text with a point.
fn points_value(points: &str) -> Value {
    let points = points.trim().replace(',', ".");
    match points.parse::<i64>() {
        Ok(whole) => Value::from(whole),
        Err(_) => Value::from(points),
    }
}

/// Puts the regulation anew: one article a line of the form, numbered from 1.
///
/// # Errors
/// When the text cannot be read.
pub fn set_regulation(text: &str, articles: &[Words]) -> Changed {
    let mut document = parse(text)?;
    document.remove("regulation");
    let mut written = document.to_string().trim_end().to_owned();
    let articles = articles.iter().filter(|article| !article.vi.trim().is_empty());
    for (at, article) in articles.enumerate() {
        written += &format!("\n\n[[regulation]]\nnumber = \"{}\"\ntext   = {}", at + 1, article.item());
    }
    Ok(written + "\n")
}
