//! Text in the two languages of the product.

use std::fmt;

/// The language of screens, errors and documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// Vietnamese, the default.
    Vi,
    /// English.
    En,
}

/// One text in both languages. A text that was given once only is the same in both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A text in both languages.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// A text that reads the same in both languages (names, codes).
    pub fn same(text: impl Into<String>) -> Self {
        let vi: String = text.into();
        Self { en: vi.clone(), vi }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }

    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.vi.is_empty() && self.en.is_empty()
    }
}

impl fmt::Display for Text {
    /// Both languages, Vietnamese first; once when they are the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.vi == self.en { f.write_str(&self.vi) } else { write!(f, "{} / {}", self.vi, self.en) }
    }
}
