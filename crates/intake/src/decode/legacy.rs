//! Eight-bit encodings of Vietnamese from before Unicode, into composed Unicode.
//!
//! Sources of the tables: TCVN 5712:1993 (its third set, VN3, which the fonts `.VnTime` and kin, called ABC,
//! show), checked against the character map `TCVN5712-1` that comes with the GNU C library; the VNI table for
//! Windows, as VNI Software published it for its fonts `VNI-Times` and kin (letters, then marks of their own);
//! windows-1258 and windows-1252 as the WHATWG Encoding Standard has them. Looked at on 2026-11-25.

use encoding_rs::{WINDOWS_1252, WINDOWS_1258};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::map::Encoding;

/// VN3: small letters with their marks, and the seven capitals without a tone. Capitals with a tone live in a
/// second font (`.VnTimeH`) that shows the small letters as capitals.
const VN3: [(u8, &str); 6] = [
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
    (0xB0, "\u{300}\u{309}\u{303}\u{301}\u{323}àảãáạ"),
    (0xBB, "ằẳẵắ"),
    (0xC6, "ặầẩẫấậè"),
    (0xCE, "ẻẽéẹềểễếệìỉ"),
    (0xDC, "ĩíịò"),
];
/// The rest of VN3, from 0xE1; 0xF0 stands for nothing.
const VN3_END: [(u8, &str); 2] = [(0xE1, "ỏõóọồổỗốộờởỡớợù"), (0xF1, "ủũúụừửữứựỳỷỹýỵ")];

/// VNI's letters that are one byte; a capital is 0x20 below its small letter.
const VNI_LETTERS: [(u8, char); 9] = [
    (0xF1, 'đ'),
    (0xF4, 'ơ'),
    (0xF6, 'ư'),
    (0xEC, 'ì'),
    (0xED, 'í'),
    (0xE6, 'ỉ'),
    (0xF3, 'ĩ'),
    (0xF2, 'ị'),
    (0xEE, 'ỵ'),
];

const GRAVE: char = '\u{300}';
const ACUTE: char = '\u{301}';
const CIRCUMFLEX: char = '\u{302}';
const TILDE: char = '\u{303}';
const BREVE: char = '\u{306}';
const HOOK: char = '\u{309}';
const DOT: char = '\u{323}';

/// VNI's marks, which follow their letter; a mark of a capital is 0x20 below that of a small letter.
const VNI_MARKS: [(u8, char, Option<char>); 17] = [
    (0xF8, GRAVE, None),
    (0xF9, ACUTE, None),
    (0xFB, HOOK, None),
    (0xF5, TILDE, None),
    (0xEF, DOT, None),
    (0xE2, CIRCUMFLEX, None),
    (0xE0, CIRCUMFLEX, Some(GRAVE)),
    (0xE1, CIRCUMFLEX, Some(ACUTE)),
    (0xE5, CIRCUMFLEX, Some(HOOK)),
    (0xE3, CIRCUMFLEX, Some(TILDE)),
    (0xE4, CIRCUMFLEX, Some(DOT)),
    (0xEA, BREVE, None),
    (0xE8, BREVE, Some(GRAVE)),
    (0xE9, BREVE, Some(ACUTE)),
    (0xFA, BREVE, Some(HOOK)),
    (0xFC, BREVE, Some(TILDE)),
    (0xEB, BREVE, Some(DOT)),
];

/// What one byte above 0x7F stands for: a letter or mark, or two marks; nothing when it is not assigned.
type Meaning = Option<(char, Option<char>)>;

/// One encoding, ready for decoding.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    encoding: Encoding,
    high: [Meaning; 128],
    /// windows-1252 from 0x80: how programs that know only Western text have shown these bytes.
    western: [char; 32],
}

impl Table {
    /// `None` for the encodings that are Unicode.
    pub(crate) fn of(encoding: Encoding) -> Option<Self> {
        let mut high: [Meaning; 128] = [None; 128];
        let western: [char; 32] = std::array::from_fn(|at| standard(WINDOWS_1252, 0x80 + at as u8));
        match encoding {
            Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => return None,
            Encoding::Windows1258 | Encoding::Windows1252 => {
                let codec = if encoding == Encoding::Windows1258 { WINDOWS_1258 } else { WINDOWS_1252 };
                for (at, slot) in high.iter_mut().enumerate() {
                    let meant = standard(codec, 0x80 + at as u8);
                    // Places that Windows leaves empty are controls in the standard.
                    *slot = (!meant.is_control()).then_some((meant, None));
                }
            }
            Encoding::Tcvn3 => {
                quotes(&mut high, &western);
                for (from, letters) in VN3.into_iter().chain(VN3_END) {
                    for (at, letter) in letters.chars().enumerate() {
                        high[usize::from(from - 0x80) + at] = Some((letter, None));
                    }
                }
            }
            Encoding::Vni => {
                quotes(&mut high, &western);
                for (byte, letter) in VNI_LETTERS {
                    high[usize::from(byte - 0x80)] = Some((letter, None));
                    let capital = letter.to_uppercase().next().unwrap_or(letter);
                    high[usize::from(byte - 0xA0)] = Some((capital, None));
                }
                for (byte, first, second) in VNI_MARKS {
                    high[usize::from(byte - 0x80)] = Some((first, second));
                    high[usize::from(byte - 0xA0)] = Some((first, second));
                }
            }
        }
        Some(Self { encoding, high, western })
    }

    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Appends what a byte stands for; `false` when it stands for nothing.
    fn push(&self, byte: u8, text: &mut String) -> bool {
        if byte < 0x80 {
            text.push(char::from(byte));
            return true;
        }
        let Some((first, second)) = self.high[usize::from(byte - 0x80)] else { return false };
        text.push(first);
        text.extend(second);
        true
    }

    /// Bytes as composed text; what stands for nothing becomes U+FFFD.
    pub(crate) fn shown(&self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len());
        for &byte in bytes {
            if !self.push(byte, &mut text) {
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        text.nfc().collect()
    }

    /// A text that shows bytes of this encoding as if they were Western letters, such as `Hå s¬`, as what was
    /// meant. `None` when it has a letter that no Western font has, or one that means nothing here: then it is
    /// Unicode already.
    pub(crate) fn meant(&self, western: &str) -> Option<String> {
        let mut text = String::with_capacity(western.len());
        for letter in western.chars() {
            let byte = match u32::from(letter) {
                code @ 0..=0xFF => code as u8,
                _ => 0x80 + self.western.iter().position(|known| *known == letter)? as u8,
            };
            if !self.push(byte, &mut text) {
                return None;
            }
        }
        Some(text.nfc().collect())
    }
}

/// What both fonts leave as Western Windows has it: quotes, dashes and the space that does not break.
fn quotes(high: &mut [Meaning; 128], western: &[char; 32]) {
    for (slot, letter) in high.iter_mut().zip(western).filter(|(_, letter)| !letter.is_control()) {
        *slot = Some((*letter, None));
    }
    high[0x20] = Some(('\u{a0}', None));
}

fn standard(codec: &'static encoding_rs::Encoding, byte: u8) -> char {
    codec.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Decodes a stream chunk by chunk, marks composed with letters across chunks.
#[derive(Debug)]
pub(crate) struct Stream {
    table: Table,
    /// The last letter and its marks, to which more marks may come.
    open: String,
}

/// Bytes of one letter with its marks; a longer run of marks is no text.
const MOST_OPEN: usize = 64;

impl Stream {
    pub(crate) fn new(table: Table) -> Self {
        Self { table, open: String::new() }
    }

    /// Decodes a chunk; an empty one ends the text. `false` when a byte stands for nothing.
    pub(crate) fn decode(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> bool {
        if self.open.is_empty() && bytes.is_ascii() && bytes.last().is_some_and(u8::is_ascii_control) {
            out.extend_from_slice(bytes);
            return true;
        }
        let mut text = std::mem::take(&mut self.open);
        text.reserve(bytes.len() * 2);
        for &byte in bytes {
            if !self.table.push(byte, &mut text) {
                return false;
            }
        }
        // A line end takes no mark, so that nothing stays open between the rows of a table.
        let ended = bytes.is_empty() || text.ends_with(|c: char| c.is_control());
        let split = if ended {
            text.len()
        } else {
            text.char_indices().rev().find(|(_, c)| !is_combining_mark(*c)).map_or(0, |(at, _)| at)
        };
        if text.len() - split > MOST_OPEN {
            return false;
        }
        self.open.push_str(&text[split..]);
        text.truncate(split);
        if text.is_ascii() {
            out.extend_from_slice(text.as_bytes());
        } else {
            let composed: String = text.nfc().collect();
            out.extend_from_slice(composed.as_bytes());
        }
        true
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop")]
pub(crate) mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    pub(crate) fn table(encoding: Encoding) -> Table {
        Table::of(encoding).unwrap()
    }

    /// Text into bytes of an encoding, by looking every letter up in what the bytes mean.
    pub(crate) fn encode(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
        let table = table(encoding);
        let high = |meaning: (char, Option<char>)| {
            (0x80..=0xFF_u8).rev().find(|byte| table.high[usize::from(byte - 0x80)] == Some(meaning))
        };
        let mut bytes = Vec::new();
        for letter in text.nfc() {
            if letter.is_ascii() {
                bytes.push(letter as u8);
            } else if let Some(byte) = high((letter, None)) {
                bytes.push(byte);
            } else {
                // A letter and marks: VNI and windows-1258.
                let parts: Vec<char> = std::iter::once(letter).nfd().collect();
                let (mut base, mut marks) = (parts[0], parts[1..].to_vec());
                let tone = |c: &char| !matches!(*c, CIRCUMFLEX | BREVE | '\u{31b}');
                marks.sort_by_key(tone);
                if let Some(first) = marks.first().copied().filter(|c| !tone(c)) {
                    let composed = [base, first].into_iter().nfc().collect::<Vec<char>>();
                    if composed.len() == 1 && high((composed[0], None)).is_some() {
                        base = composed[0];
                        marks.remove(0);
                    }
                }
                bytes.push(if base.is_ascii() { base as u8 } else { high((base, None))? });
                match marks.as_slice() {
                    [mark] => bytes.push(high((*mark, None))?),
                    [first, second] => bytes.push(high((*first, Some(*second)))?),
                    _ => return None,
                }
            }
        }
        Some(bytes)
    }

    const LETTERS: &str = "aàảãáạăằẳẵắặâầẩẫấậđeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ";

    #[test]
    fn letters_as_the_standards_have_them() {
        // From printed tables, not from the code: Vietnamese text as Western fonts show its bytes.
        let table = [
            (Encoding::Tcvn3, "Hå s¬", "Hồ sơ"),
            (Encoding::Tcvn3, "§¬n vÞ xö lý", "Đơn vị xử lý"),
            (Encoding::Tcvn3, "Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
            (Encoding::Tcvn3, "Ninh B×nh, Thõa Thiªn HuÕ", "Ninh Bình, Thừa Thiên Huế"),
            (Encoding::Vni, "Hoà sô", "Hồ sơ"),
            (Encoding::Vni, "Ñôn vò xöû lyù", "Đơn vị xử lý"),
            (Encoding::Vni, "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
            (Encoding::Vni, "COÄNG HOØA", "CỘNG HÒA"),
            (
                Encoding::Vni,
                "Xin chaøo caùc baïn, ñöôøng, naêm, raèng, thaéng",
                "Xin chào các bạn, đường, năm, rằng, thắng",
            ),
        ];
        for (encoding, western, meant) in table {
            assert_eq!(tests::table(encoding).meant(western).as_deref(), Some(meant), "{western}");
        }
        assert_eq!(tests::table(Encoding::Tcvn3).meant("Hồ sơ"), None, "Unicode already");
        let bytes = [b"H", &b"\xf4"[..], b"\xcc s\xf5"].concat();
        assert_eq!(tests::table(Encoding::Windows1258).shown(&bytes), "Hồ sơ");
    }

    #[test]
    fn every_letter_has_a_place() {
        for encoding in [Encoding::Tcvn3, Encoding::Vni, Encoding::Windows1258] {
            let capitals = LETTERS.to_uppercase();
            for letter in LETTERS.chars().chain(capitals.chars()) {
                let bytes = encode(encoding, &letter.to_string()).unwrap();
                assert_eq!(table(encoding).shown(&bytes), letter.to_string(), "{encoding:?}");
                // Small letters are one byte in the font's own places.
                if encoding == Encoding::Tcvn3 && letter.is_lowercase() {
                    assert_eq!(bytes.len(), 1, "{letter}");
                }
            }
        }
    }

    #[test]
    fn what_stands_for_nothing_is_no_text() {
        let mut out = Vec::new();
        assert!(!Stream::new(table(Encoding::Tcvn3)).decode(b"a\xf0", &mut out));
        assert!(!Stream::new(table(Encoding::Vni)).decode(b"a\xf0", &mut out));
        let marks = vec![0xF9; 1000];
        assert!(!Stream::new(table(Encoding::Vni)).decode(&marks, &mut out), "no letter has so many marks");
    }

    proptest! {
        #[test]
        fn chunks_do_not_matter(text in "[a-zA-Z ,;\nđĐơưạậặốếữỹỷẵ]{0,40}", step in 1usize..7) {
            for encoding in [Encoding::Tcvn3, Encoding::Vni, Encoding::Windows1258] {
                let bytes = encode(encoding, &text).unwrap();
                let mut stream = Stream::new(table(encoding));
                let mut out = Vec::new();
                for chunk in bytes.chunks(step) {
                    prop_assert!(stream.decode(chunk, &mut out));
                }
                prop_assert!(stream.decode(b"", &mut out));
                prop_assert_eq!(String::from_utf8(out).unwrap(), text.clone(), "{:?}", encoding);
            }
        }

        #[test]
        fn any_bytes_are_text_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), step in 1usize..50) {
            for encoding in [Encoding::Tcvn3, Encoding::Vni, Encoding::Windows1258, Encoding::Windows1252] {
                let mut stream = Stream::new(table(encoding));
                let mut out = Vec::new();
                let good = bytes.chunks(step).all(|chunk| stream.decode(chunk, &mut out)) && stream.decode(b"", &mut out);
                if good {
                    let text = String::from_utf8(out).unwrap();
                    prop_assert!(text.nfc().eq(text.chars()), "composed");
                }
                table(encoding).shown(&bytes);
            }
        }
    }
}
