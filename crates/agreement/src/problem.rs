//! Problems found in files, said as a good compiler says them: file, place, what was found, what was
//! expected, the nearest known name, in both languages, and all of a bundle's at once.

use std::ops::Range;

use crate::text::Text;

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

/// The known name nearest to a mistyped one, when one is near enough to be meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
