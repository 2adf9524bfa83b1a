//! Text in the two languages of the product.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The language of screens, errors and documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// Vietnamese, the default.
    Vi,
    /// English.
    En,
}

/// One text in both languages. A text that was given once only is the same in both. Data files that come with the
/// program are read with `serde` and give both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// A name as it is compared with other names: without case, marks and anything but letters and digits, so
/// that `Ngày kết thúc xử lý`, `NGÀY KẾT THÚC XỬ LÝ` (in any Unicode form) and `NgayKetThucXuLy` are one.
pub fn fold(name: &str) -> String {
    name.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        // `đ` has no decomposition; typists write `d`.
        .map(|c| if c == 'đ' { 'd' } else { c })
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// A text in the composed form (NFC): the same letters are the same bytes, however they were typed.
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn names_fold_to_what_a_typist_would_write_without_marks() {
        assert_eq!(fold("Ngày kết thúc xử lý"), "ngayketthucxuly");
        assert_eq!(fold("  NGÀY  KẾT THÚC_XỬ LÝ\u{feff} "), "ngayketthucxuly");
        assert_eq!(fold("Nga\u{300}y ke\u{302}\u{301}t thu\u{301}c xu\u{309} ly\u{301}"), "ngayketthucxuly");
        assert_eq!(fold("Đơn vị"), "donvi");
        assert_eq!(fold("—"), "");
    }
}
