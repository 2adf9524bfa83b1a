//! What is wrong with the text of a condition: bytes of that text, in both languages, with a way out.

use std::ops::Range;

use crate::text::Text;

/// At most this many errors are reported for one condition; more would bury the first.
const MOST_ERRORS: usize = 20;

/// One thing that is wrong with a condition. The room that knows in which file the condition stands makes
/// a [`crate::problem::Problem`] of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LangError {
    /// Bytes of the condition's text that it is about.
    pub span: Range<usize>,
    /// A stable, kebab-case name of the sort of error, such as `unknown-name`.
    pub code: &'static str,
    /// What is wrong.
    pub message: Text,
    /// What was expected, or the way out.
    pub help: Option<Text>,
}

impl LangError {
    /// An error at a place of the condition.
    pub(super) fn new(
        code: &'static str,
        span: Range<usize>,
        vi: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { span, code, message: Text::new(vi, en), help: None }
    }

    /// The same error with a way out.
    pub(super) fn help(mut self, vi: impl Into<String>, en: impl Into<String>) -> Self {
        self.help = Some(Text::new(vi, en));
        self
    }
}

/// The errors of one condition while it is read.
#[derive(Debug, Default)]
pub(super) struct Errors(Vec<LangError>);

impl Errors {
    /// Notes an error, unless there are too many or the same place was already reported: what follows
    /// from a first error at a place is noise.
    pub(super) fn push(&mut self, error: LangError) {
        let known = self.0.iter().any(|e| e.span == error.span && !error.span.is_empty());
        if !known && self.0.len() < MOST_ERRORS {
            self.0.push(error);
        }
    }

    /// Whether something was reported between two places of the text.
    pub(super) fn any_between(&self, from: usize, to: usize) -> bool {
        self.0.iter().any(|e| from <= e.span.start && e.span.end <= to)
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The errors in the order of the text.
    pub(super) fn into_sorted(mut self) -> Vec<LangError> {
        self.0.sort_by_key(|e| (e.span.start, e.span.end));
        self.0
    }
}

/// A piece of somebody's text as shown inside a message: no control characters, cut to a readable length.
pub(super) fn shown(text: &str) -> String {
    const MOST_CHARS: usize = 40;
    let mut out: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control())
        .take(MOST_CHARS)
        .collect();
    if text.chars().nth(MOST_CHARS).is_some() {
        out.push('…');
    }
    out
}
