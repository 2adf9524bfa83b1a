//! A table of the page: a caption, heads, rows; wide ones scroll within their own region, and the scoreboard turns into
//! cards on a narrow screen.

use askama::Template;
use giaouoc_agreement::figure::{Verdict, integer};
use giaouoc_agreement::text::Lang;

use crate::words::class;

/// A cell that a spreadsheet would take for a formula is made text by a leading apostrophe.
pub fn inert(cell: &str) -> std::borrow::Cow<'_, str> {
    match cell.as_bytes().first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r') => format!("'{cell}").into(),
        _ => cell.into(),
    }
}

/// A table.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "table.html")]
pub struct Table {
    /// Its id on the page; the caption's is `id-c`.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// Whether the caption is for those only who do not see the heading above it.
    pub quiet: bool,
    /// Whether each row turns into a card on a narrow screen.
    pub cards: bool,
    /// The heads; the first is that of the rows' names.
    pub head: Vec<Head>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// The head of a column.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Its text.
    pub text: String,
    /// A second line.
    pub small: String,
    /// Where it leads.
    pub href: String,
    /// Whether its cells are numbers and stand on the right.
    pub number: bool,
}

impl Head {
    /// The head of a column of words.
    pub fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The head of a column of numbers.
    pub fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), number: true, ..Self::default() }
    }
}

/// A row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its name.
    pub name: Cell,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Whether it is about all rows above it.
    pub sum: bool,
}

impl Row {
    /// A row by its name.
    pub fn new(name: impl Into<String>, cells: Vec<Cell>) -> Self {
        Self { name: Cell::text(name), cells, sum: false }
    }

    /// Makes the name lead somewhere on the page.
    #[must_use]
    pub fn to(mut self, href: impl Into<String>) -> Self {
        self.name.href = href.into();
        self
    }

    /// Makes it a row about all rows above it.
    #[must_use]
    pub fn sum(mut self) -> Self {
        self.sum = true;
        self
    }
}

/// A cell.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// Its text.
    pub text: String,
    /// A second, smaller line.
    pub small: String,
    /// Where it leads.
    pub href: String,
    /// Its class in the style sheet: `n` for numbers, and the verdicts' ([`class`]).
    pub class: &'static str,
    /// A verdict before the text.
    pub verdict: Option<(Verdict, Lang)>,
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A number, as it is shown.
    pub fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), class: "n", ..Self::default() }
    }

    /// A whole number.
    pub fn integer(value: i64, lang: Lang) -> Self {
        Self::number(integer(value, lang))
    }

    /// A code: an id, a digest, an exact rule.
    pub fn code(text: impl Into<String>) -> Self {
        Self { text: text.into(), class: "code", ..Self::default() }
    }

    /// Words that no line breaks: a day, a version.
    pub fn whole(text: impl Into<String>) -> Self {
        Self { text: text.into(), class: "w", ..Self::default() }
    }

    /// A verdict: sign, word and colour.
    pub fn verdict(verdict: Verdict, lang: Lang) -> Self {
        Self { verdict: Some((verdict, lang)), ..Self::default() }
    }

    /// Adds a second, smaller line.
    #[must_use]
    pub fn small(mut self, text: impl Into<String>) -> Self {
        self.small = text.into();
        self
    }

    fn word(&self) -> String {
        self.verdict.map(|(verdict, lang)| verdict.words().get(lang).to_owned()).unwrap_or_default()
    }

    fn sign(&self) -> &'static str {
        self.verdict.map(|(verdict, _)| verdict.sign()).unwrap_or_default()
    }

    fn tone(&self) -> &'static str {
        self.verdict.map(|(verdict, _)| class(verdict)).unwrap_or_default()
    }
}
