//! Problems found in files, said as a good compiler says them: file, place, what was found, what was
//! expected, the nearest known name, in both languages, and all of a bundle's at once.

use std::ops::Range;

use crate::text::{Lang, Text};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The bundle cannot be scored as it is.
    Error,
    /// Something a person should look at; figures are still computed.
    Warning,
    /// An open question to a person, such as a head outside the list of members. Never an accusation.
    Question,
}

/// One problem with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A stable, kebab-case name of the sort of problem, such as `unknown-column`.
    pub code: &'static str,
    /// Path of the file inside the bundle, such as `agreement.toml`.
    pub file: String,
    /// Bytes of the file that it is about; empty when it is about the whole file.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: Text,
    /// What was expected there, or the way out.
    pub help: Option<Text>,
    /// Another place that matters, with its own message (for example: "first defined here").
    pub also: Option<(Range<usize>, Text)>,
}

impl Problem {
    /// An error at a place.
    pub fn error(code: &'static str, file: impl Into<String>, span: Range<usize>, message: Text) -> Self {
        Self { severity: Severity::Error, code, file: file.into(), span, message, help: None, also: None }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, file: impl Into<String>, span: Range<usize>, message: Text) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, file, span, message) }
    }

    /// An open question at a place.
    pub fn question(code: &'static str, file: impl Into<String>, span: Range<usize>, message: Text) -> Self {
        Self { severity: Severity::Question, ..Self::error(code, file, span, message) }
    }

    /// The same problem with a way out.
    #[must_use]
    pub fn help(mut self, help: Text) -> Self {
        self.help = Some(help);
        self
    }

    /// The same problem with a second place.
    #[must_use]
    pub fn also(mut self, span: Range<usize>, message: Text) -> Self {
        self.also = Some((span, message));
        self
    }
}

/// Line and column (both from 1, columns in characters) of a byte of a text; places beyond it are its end.
pub fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let before = text.get(..byte).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(line_start..).map_or(0, |line| line.chars().count());
    (before.matches('\n').count() + 1, column + 1)
}

impl Problem {
    /// Order of a list of problems: by file, place, then code.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        (&self.file, self.span.start, self.span.end, self.code).cmp(&(
            &other.file,
            other.span.start,
            other.span.end,
            other.code,
        ))
    }

    /// One or two plain lines without colours: `file:line:column: severity[code]: message`, then the help.
    /// `text` is the file's text, when there is one.
    pub fn plain(&self, text: Option<&str>, lang: Lang) -> String {
        let place = |at: usize| {
            text.map_or_else(String::new, |text| {
                let (line, column) = line_and_column(text, at);
                format!(":{line}:{column}")
            })
        };
        let at = if self.span == (0..0) { String::new() } else { place(self.span.start) };
        let (severity, help) = match lang {
            Lang::Vi => (["lỗi", "lưu ý", "câu hỏi"], "gợi ý"),
            Lang::En => (["error", "warning", "question"], "help"),
        };
        let severity = severity.get(self.severity as usize).copied().unwrap_or_default();
        let mut line = format!("{}{at}: {severity}[{}]: {}", self.file, self.code, self.message.get(lang));
        if let Some((span, also)) = &self.also {
            line += &format!(" ({}{}: {})", self.file, place(span.start), also.get(lang));
        }
        if let Some(text) = &self.help {
            line += &format!("\n  {help}: {}", text.get(lang));
        }
        line
    }
}

/// The known name nearest to a mistyped one, when one is near enough to be meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
