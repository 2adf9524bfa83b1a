//! A reader of TOML that says everything that is wrong with a file at once, each with its place, what was
//! found and what was expected, in both languages.
//!
//! A [`Document`] holds one parsed file and collects its problems; a [`Table`] hands out the fields that
//! are asked for, and [`Table::finish`] reports the keys that nobody asked for. A getter that returns
//! `None` has either found nothing (of an optional field) or has already reported a problem.
//!
//! Files are hostile: at most [`MAX_FILE`] bytes, nesting bounded by the parser (80), control and
//! direction-changing characters refused, because these texts are signed and shown.

mod field;
mod found;
mod quoted;
mod syntax;

use std::cell::RefCell;
use std::ops::{Deref, Range};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use field::Field;
pub use quoted::Quoted;

use crate::problem::{Problem, nearest};
use crate::text::Text;

/// The largest text file of a bundle, in bytes. The largest agreement seen has a few dozen kilobytes.
pub const MAX_FILE: usize = 4 << 20;

/// After this many problems a file is not worth listing further.
const MAX_PROBLEMS: usize = 200;

/// A value with the bytes of the file that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Range<usize>,
}

impl<T> At<T> {
    /// A value at a place.
    pub fn new(value: T, span: Range<usize>) -> Self {
        Self { value, span }
    }

    /// Another value at the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> At<U> {
        At { value: f(self.value), span: self.span }
    }
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The text of a file, if its bytes are UTF-8 and not too many.
///
/// # Errors
/// One problem that says what is wrong with the bytes.
pub fn text_of<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Box<Problem>> {
    if bytes.len() > MAX_FILE {
        let (found, most) = (bytes.len(), MAX_FILE);
        let problem = Problem::error(
            "file-too-large",
            file,
            0..0,
            Text::new(
                format!("Tệp có {found} byte, nhiều hơn mức tối đa {most}."),
                format!("The file has {found} bytes, more than the most allowed, {most}."),
            ),
        )
        .help(Text::new(
            "Tệp văn bản của gói chỉ chứa chữ; bản ghi để trong records/.",
            "A bundle's text files hold words only; records belong in records/.",
        ));
        return Err(Box::new(problem));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let problem = Problem::error(
            "not-utf8",
            file,
            at..at,
            Text::new(
                format!("Tệp không phải UTF-8: byte thứ {} không đọc được.", at + 1),
                format!("The file is not UTF-8: byte {} cannot be read.", at + 1),
            ),
        )
        .help(Text::new("Lưu lại tệp với bảng mã UTF-8.", "Save the file again with the encoding UTF-8."));
        Box::new(problem)
    })
}

/// One parsed file and the problems found in it.
#[derive(Debug)]
pub struct Document<'a> {
    file: String,
    text: &'a str,
    root: Spanned<DeTable<'a>>,
    problems: RefCell<Vec<Problem>>,
    broken: bool,
}

impl<'a> Document<'a> {
    /// Parses a text. Syntax errors are problems like any other; what can be read of the rest is there.
    pub fn parse(file: &str, text: &'a str) -> Self {
        let (root, errors) = DeTable::parse_recoverable(text);
        let broken = !errors.is_empty();
        let problems = errors.iter().take(MAX_PROBLEMS).map(|error| syntax::problem(file, text, error));
        Self { file: file.to_owned(), text, problems: RefCell::new(problems.collect()), root, broken }
    }

    /// Whether the syntax is wrong: what is missing may only be unread, so nothing else is reported.
    pub fn broken(&self) -> bool {
        self.broken
    }

    /// The whole file as a table.
    pub fn root(&'a self) -> Table<'a> {
        Table::new(self, self.root.get_ref(), 0..0)
    }

    /// The file's name.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Adds a problem, once. Nothing is added to a file with wrong syntax.
    pub fn report(&self, problem: Problem) {
        let mut problems = self.problems.borrow_mut();
        if !self.broken && problems.len() < MAX_PROBLEMS && !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    /// Whether no more problems are taken: whoever would look far for a helpful word need not.
    pub fn is_full(&self) -> bool {
        self.broken || self.problems.borrow().len() >= MAX_PROBLEMS
    }

    /// Adds an error at a place.
    pub fn error(&self, code: &'static str, span: Range<usize>, message: Text, help: Option<Text>) {
        self.report(Problem { help, ..Problem::error(code, &self.file, span, message) });
    }

    /// Everything that was found.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    /// Everything that was found so far, when the document itself must live on.
    pub fn take_problems(&self) -> Vec<Problem> {
        self.problems.take()
    }

    /// A place that can be shown: an empty one (something is missing there) takes in the next character.
    pub fn visible(&self, span: Range<usize>) -> Range<usize> {
        let next = self.text.get(span.start..).and_then(|rest| rest.chars().next());
        match next {
            Some(next) if span.is_empty() => span.start..span.start + next.len_utf8(),
            _ => span,
        }
    }

    /// Whether an error was found.
    pub fn has_errors(&self) -> bool {
        self.problems.borrow().iter().any(|p| p.severity == crate::problem::Severity::Error)
    }
}

/// A table of a file.
#[derive(Debug)]
pub struct Table<'a> {
    doc: &'a Document<'a>,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    asked: RefCell<Vec<&'static str>>,
    missing: RefCell<Vec<&'static str>>,
}

impl<'a> Table<'a> {
    fn new(doc: &'a Document<'a>, table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self { doc, table, span, asked: RefCell::default(), missing: RefCell::default() }
    }

    /// The table of a value, when it is one.
    fn of_value(doc: &'a Document<'a>, value: &'a Spanned<DeValue<'a>>) -> Option<Self> {
        value.get_ref().as_table().map(|table| Self::new(doc, table, value.span()))
    }

    /// The place of its header (of a file: its beginning).
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The document it belongs to.
    pub fn doc(&self) -> &'a Document<'a> {
        self.doc
    }

    /// A field that may be absent.
    pub fn may(&self, key: &'static str) -> Field<'a> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        Field::new(self.doc, key, self.table.get(key))
    }

    /// A field that must be there; its absence is reported by [`Table::finish`].
    pub fn need(&self, key: &'static str) -> Field<'a> {
        let field = self.may(key);
        if !field.is_there() {
            self.missing.borrow_mut().push(key);
        }
        field
    }

    /// Keys and values of a table whose keys are free, in the order of the file.
    pub fn entries(&self) -> Vec<(At<String>, Field<'a>)> {
        let mut entries: Vec<_> = self
            .table
            .iter()
            .map(|(key, value)| {
                let name = At::new(key.get_ref().to_string(), key.span());
                (name, Field::new(self.doc, "", Some(value)))
            })
            .collect();
        entries.sort_by_key(|(key, _)| key.span.start);
        entries
    }

    /// Reports every key that no getter asked for, with the nearest key that is known, and every key that is
    /// missing, unless it is there under a mistyped name.
    pub fn finish(self) {
        let asked = self.asked.into_inner();
        let mut missing = self.missing.into_inner();
        for (key, _) in self.table {
            let name = key.get_ref();
            if asked.iter().any(|known| known == name) {
                continue;
            }
            let help = match nearest(name, asked.iter().copied()) {
                Some(near) => {
                    missing.retain(|key| *key != near);
                    Text::new(format!("Có phải là \"{near}\"?"), format!("Did you mean \"{near}\"?"))
                }
                None => {
                    let known = asked.join(", ");
                    Text::new(format!("Ở đây có thể ghi: {known}."), format!("Known here: {known}."))
                }
            };
            let name = shown(name);
            self.doc.error(
                "unknown-key",
                key.span(),
                Text::new(format!("Không có mục \"{name}\"."), format!("There is no key \"{name}\".")),
                Some(help),
            );
        }
        for key in missing {
            self.doc.error(
                "missing-key",
                self.span.clone(),
                Text::new(format!("Thiếu \"{key}\"."), format!("\"{key}\" is missing.")),
                None,
            );
        }
    }
}

/// A text as messages show it: one line, without characters that a terminal would obey, not too long.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut short: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !is_unsafe(*c))
        .take(MOST)
        .collect();
    if text.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}

/// Characters that steer a terminal or turn the direction of text, so that what is read is not what is
/// stored.
pub(crate) fn is_unsafe(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
