//! Text as people write it, brought to a form that can be compared.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A text without regard to case, marks (also of `đ`), spacing, punctuation, line breaks and Unicode form:
/// `"Ngày\nkết thúc XL"` and `ngay_ket_thuc_xl` are one. Used to compare headers, names and words, never
/// to store anything. Whatever stands between two digits is kept as one point, for `H26.1.1` is not
/// `H26.11`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfd() {
        match c {
            'đ' | 'Đ' => folded.push('d'),
            _ if c.is_ascii_digit() => {
                if gap && folded.ends_with(|last: char| last.is_ascii_digit()) {
                    folded.push('.');
                }
                folded.push(c);
            }
            _ if c.is_ascii_alphabetic() => folded.push(c.to_ascii_lowercase()),
            _ if is_combining_mark(c) => continue,
            _ if c.is_alphanumeric() => folded.extend(c.to_lowercase()),
            _ => {
                gap = true;
                continue;
            }
        }
        gap = false;
    }
    folded
}

/// Whether a character is space of any kind: also no-break, zero-width, byte order mark.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{180e}')
}

/// Whether nothing that a reader would see is there.
pub(crate) fn is_blank(text: &str) -> bool {
    // Nearly every cell shows something at once.
    if text.as_bytes().first().is_some_and(u8::is_ascii_graphic) {
        return false;
    }
    text.chars().all(is_space)
}

/// A text in NFC, trimmed of space of any kind, without control characters, line breaks as `\n`.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    // Most cells are digits and plain letters: nothing to compose, nothing to leave out.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text.trim_matches(' '));
    }
    let trimmed = text.trim_matches(is_space);
    let plain = |c: char| !c.is_control() || c == '\n' || c == '\t';
    let composed = match is_nfc_quick(trimmed.chars()) {
        IsNormalized::Yes => Cow::Borrowed(trimmed),
        _ => Cow::Owned(trimmed.nfc().collect()),
    };
    if composed.chars().all(plain) {
        return composed;
    }
    Cow::Owned(composed.replace("\r\n", "\n").chars().filter(|c| plain(*c)).collect())
}

/// A text meant as one word or name: like [`clean`], with every run of space inside as one space and no
/// zero-width characters. For keys, codes and unit names, which get line breaks and no-break spaces from
/// copying between programs.
pub(crate) fn clean_name(text: &str) -> Cow<'_, str> {
    // Keys, codes and dates are of such characters alone, as a rule.
    if text.bytes().all(|byte| matches!(byte, b'!'..=b'~')) {
        return Cow::Borrowed(text);
    }
    let cleaned = clean(text);
    if cleaned.is_ascii() && !cleaned.bytes().any(|byte| byte <= b' ') {
        return cleaned;
    }
    if !cleaned.chars().any(|c| is_space(c) && c != ' ') && !cleaned.contains("  ") {
        return cleaned;
    }
    let visible = cleaned.chars().filter(|c| !is_space(*c) || c.is_whitespace());
    let visible: String = visible.collect();
    Cow::Owned(visible.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A value as shown in a message: on one line, at most `most` characters.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let mut shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect();
    if text.chars().nth(most).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_one_meaning_fold_to_one() {
        for text in [
            "Ngày kết thúc xử lý",
            "NGÀY KẾT THÚC XỬ LÝ",
            "Ngay ket thuc xu ly",
            "Nga\u{300}y kê\u{301}t thu\u{301}c xư\u{309} ly\u{301}",
            "Ngày\nkết thúc\u{a0}xử lý (*)",
            "ngay_ket_thuc_xu_ly",
        ] {
            assert_eq!(fold(text), "ngayketthucxuly", "{text:?}");
        }
        assert_eq!(fold("Đơn vị"), "donvi");
        assert_eq!(fold("Mức độ 3, 4"), fold("mức độ 3,4"));
        assert_ne!(fold("H26.1.1"), fold("H26.11"));
        assert_ne!(fold("Ngày trả"), fold("Ngày hẹn trả"));
    }

    #[test]
    fn spaces_of_every_kind_go_from_the_ends() {
        assert_eq!(clean("\u{feff}\u{a0} a\u{200b} b \u{200b}\t"), "a\u{200b} b");
        assert_eq!(clean_name("\u{a0}Sở\u{a0}Nội\n  vụ\u{200b}"), "Sở Nội vụ");
        assert_eq!(clean("dòng 1\r\ndòng 2"), "dòng 1\ndòng 2");
        assert_eq!(clean("Tie\u{302}\u{301}ng"), "Tiếng");
        assert!(is_blank(" \u{a0}\u{200b}\u{feff}"));
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(cut("một hai", 3), "một…");
        assert_eq!(cut("một\nhai", 7), "một hai");
    }
}
