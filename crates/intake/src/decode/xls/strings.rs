//! Texts of BIFF8: one or two bytes a letter, with a change of width where a record goes on in the next. Texts of
//! BIFF5: one byte a letter, of the code page that the workbook names.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, MACINTOSH, SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};
use unicode_normalization::UnicodeNormalization;

use super::ole::{u16_at, u32_at};
use crate::decode::row::Font;

/// How a workbook writes letters.
#[derive(Clone, Copy, Debug)]
pub(super) enum Letters {
    /// As Unicode: BIFF8.
    Unicode,
    /// As bytes of a code page: BIFF5.
    Bytes(&'static Encoding),
}

impl Letters {
    /// Of a workbook of BIFF5 with this code page; those that name none are of western Windows, as are those of a page
    /// that is of no edition of Windows or of the Macintosh.
    pub(super) fn of_page(page: u16) -> Self {
        Self::Bytes(match page {
            874 => WINDOWS_874,
            932 => SHIFT_JIS,
            936 => GBK,
            949 => EUC_KR,
            950 => BIG5,
            1250 => WINDOWS_1250,
            1251 => WINDOWS_1251,
            1253 => WINDOWS_1253,
            1254 => WINDOWS_1254,
            1255 => WINDOWS_1255,
            1256 => WINDOWS_1256,
            1257 => WINDOWS_1257,
            1258 => WINDOWS_1258,
            10000 | 32768 => MACINTOSH,
            _ => WINDOWS_1252,
        })
    }

    /// A text with its length in one byte: names of sheets and fonts.
    pub(super) fn short(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Unicode => short(bytes),
            Self::Bytes(page) => counted(page, usize::from(*bytes.first()?), bytes.get(1..)?),
        }
    }

    /// The code of a format.
    pub(super) fn format(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Unicode => long(bytes),
            Self::Bytes(_) => self.short(bytes),
        }
    }

    /// The text of a cell in a font.
    pub(super) fn cell(self, pieces: Vec<&[u8]>, font: Font) -> Option<String> {
        let page = match self {
            Self::Unicode => {
                let mut text = String::new();
                Pieces::new(pieces).text(&mut text)?;
                return Some(text);
            }
            // What such a font shows has nothing to do with the code page; its letters are told by their bytes.
            Self::Bytes(_) if matches!(font, Font::Old { .. }) => WINDOWS_1252,
            Self::Bytes(page) => page,
        };
        let bytes = pieces.concat();
        counted(page, usize::from(u16_at(&bytes, 0)?), &bytes[2..])
    }
}

/// The first so many bytes as letters of a code page; that of Vietnamese has letters and tones apart.
fn counted(page: &'static Encoding, count: usize, bytes: &[u8]) -> Option<String> {
    Some(page.decode_without_bom_handling(bytes.get(..count)?).0.nfc().collect())
}

/// Bytes of a record and of those that continue it.
struct Pieces<'a> {
    pieces: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl<'a> Pieces<'a> {
    fn new(pieces: Vec<&'a [u8]>) -> Self {
        Self { pieces, piece: 0, at: 0 }
    }

    fn rest(&mut self) -> &'a [u8] {
        while self.piece < self.pieces.len() {
            let piece = self.pieces[self.piece];
            if self.at < piece.len() {
                return &piece[self.at..];
            }
            self.piece += 1;
            self.at = 0;
        }
        &[]
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.rest().first()?;
        self.at += 1;
        Some(byte)
    }

    fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn double(&mut self) -> Option<u32> {
        Some(u32::from(self.word()?) | u32::from(self.word()?) << 16)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let here = self.rest().len().min(bytes);
            if here == 0 {
                return None;
            }
            self.at += here;
            bytes -= here;
        }
        Some(())
    }

    /// So many letters. Where they go on in the next piece, that begins with their width anew.
    fn letters(&mut self, mut count: usize, mut wide: bool, text: &mut String) -> Option<()> {
        let mut units: Vec<u16> = Vec::new();
        while count > 0 {
            if self.piece < self.pieces.len() && self.at == self.pieces[self.piece].len() {
                self.piece += 1;
                self.at = 0;
                wide = self.byte()? & 1 == 1;
            }
            let rest = self.rest();
            let width = if wide { 2 } else { 1 };
            let here = (rest.len() / width).min(count);
            if here == 0 {
                return None;
            }
            if wide {
                units.extend(rest[..here * 2].chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])));
            } else {
                units.extend(rest[..here].iter().map(|byte| u16::from(*byte)));
            }
            self.at += here * width;
            count -= here;
        }
        text.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        Some(())
    }

    /// A text with its length before it.
    fn text(&mut self, text: &mut String) -> Option<()> {
        let count = usize::from(self.word()?);
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { usize::from(self.word()?) } else { 0 };
        let extra = if flags & 4 != 0 { usize::try_from(self.double()?).ok()? } else { 0 };
        self.letters(count, flags & 1 == 1, text)?;
        self.skip(runs * 4)?;
        self.skip(extra)
    }
}

/// The shared texts of a workbook, in one buffer.
#[derive(Debug, Default)]
pub(super) struct Shared {
    text: String,
    ends: Vec<u32>,
}

impl Shared {
    /// Reads the record of shared texts. Its count is not believed.
    pub(super) fn read(pieces: Vec<&[u8]>) -> Option<Self> {
        let announced = u32_at(pieces.first()?, 4)?;
        let mut pieces = Pieces::new(pieces);
        pieces.skip(8)?;
        let mut shared = Self::default();
        for _ in 0..announced {
            if pieces.rest().is_empty() {
                break;
            }
            pieces.text(&mut shared.text)?;
            shared.ends.push(u32::try_from(shared.text.len()).ok()?);
        }
        Some(shared)
    }

    pub(super) fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)? as usize;
        let from = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        self.text.get(from..end)
    }
}

/// A short text of BIFF8 with its length in one byte.
fn short(bytes: &[u8]) -> Option<String> {
    let count = usize::from(*bytes.first()?);
    let mut text = String::new();
    let mut pieces = Pieces::new(vec![bytes.get(2..)?]);
    pieces.letters(count, bytes[1] & 1 == 1, &mut text)?;
    Some(text)
}

/// A text of BIFF8 with its length in two bytes, in one record.
fn long(bytes: &[u8]) -> Option<String> {
    u16_at(bytes, 0)?;
    let mut text = String::new();
    Pieces::new(vec![bytes]).text(&mut text)?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_go_on_in_the_next_record() {
        // "Hồ sơ" and "abc": the first is cut after two letters, wide there, narrow is not possible for it.
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let mut first = vec![2, 0, 0, 0, 2, 0, 0, 0, 5, 0, 1];
        first.extend(wide("Hồ"));
        let mut second = vec![1];
        second.extend(wide(" sơ"));
        second.extend([3, 0, 0, b'a']);
        let third = [&[0][..], b"bc"].concat();
        let shared = Shared::read(vec![&first, &second, &third]);
        let shared = shared.as_ref();
        assert_eq!(shared.and_then(|s| s.get(0)), Some("Hồ sơ"));
        assert_eq!(shared.and_then(|s| s.get(1)), Some("abc"));
        assert_eq!(shared.and_then(|s| s.get(2)), None);
        assert!(Shared::read(vec![&first]).is_none(), "cut");
    }
}
