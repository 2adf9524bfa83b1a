//! A text of a TOML file with the way back from its bytes to the file's, for errors inside conditions.

use std::ops::Range;

/// A string value, exactly as decoded, that knows where each of its bytes stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// The decoded text.
    pub value: String,
    /// The bytes of the file, quotes included.
    pub span: Range<usize>,
    back: Back,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Back {
    /// The text stands in the file as it is, from this byte on.
    From(usize),
    /// The file's byte for each byte of the text, and for its end.
    Table(Vec<usize>),
    /// Could not be told: everything is "somewhere in the value".
    Whole,
}

impl Quoted {
    /// The text that `span` of the `source` stands for.
    pub(super) fn new(source: &str, span: Range<usize>, value: &str) -> Self {
        let back = source.get(span.clone()).map_or(Back::Whole, |raw| back(raw, span.start, value));
        Self { value: value.to_owned(), span, back }
    }

    /// The bytes of the file that a range of the text came from; the whole value when that cannot be told.
    pub fn in_file(&self, range: Range<usize>) -> Range<usize> {
        let (start, end) = (range.start.min(self.value.len()), range.end.min(self.value.len()));
        match &self.back {
            Back::From(first) => first + start..first + end.max(start),
            Back::Table(table) => match (table.get(start), table.get(end.max(start))) {
                (Some(start), Some(end)) => *start..*end,
                _ => self.span.clone(),
            },
            Back::Whole => self.span.clone(),
        }
    }
}

/// Walks the raw form and the decoded text side by side. The decoder's own result is the guide: where the
/// two cannot be brought together the answer is [`Back::Whole`], never a wrong place.
fn back(raw: &str, start: usize, value: &str) -> Back {
    let (quotes, escapes) = match raw.as_bytes() {
        [b'"', b'"', b'"', ..] if raw.len() >= 6 => (3, true),
        [b'\'', b'\'', b'\'', ..] if raw.len() >= 6 => (3, false),
        [b'"', ..] if raw.len() >= 2 => (1, true),
        [b'\'', ..] if raw.len() >= 2 => (1, false),
        _ => return Back::Whole,
    };
    let Some(mut body) = raw.get(quotes..raw.len() - quotes) else { return Back::Whole };
    let mut at = start + quotes;
    if quotes == 3 {
        // A line break right after the opening quotes is not part of the text.
        let trimmed = body.strip_prefix("\r\n").or_else(|| body.strip_prefix('\n')).unwrap_or(body);
        at += body.len() - trimmed.len();
        body = trimmed;
    }
    if body == value {
        return Back::From(at);
    }
    let mut table = Vec::with_capacity(value.len() + 1);
    let mut rest = value;
    while !body.is_empty() {
        let (raw_len, decoded_len) = match body.as_bytes() {
            [b'\\', ..] if escapes => match escape(body) {
                Some(lens) => lens,
                None => return Back::Whole,
            },
            [b'\r', b'\n', ..] if rest.starts_with('\n') => (2, 1),
            _ => {
                let len = body.chars().next().map_or(1, char::len_utf8);
                if body.get(..len) != rest.get(..len) {
                    return Back::Whole;
                }
                (len, len)
            }
        };
        if decoded_len == raw_len {
            table.extend((0..decoded_len).map(|i| at + i));
        } else {
            table.extend(std::iter::repeat_n(at, decoded_len));
        }
        let (Some(next_body), Some(next_rest)) = (body.get(raw_len..), rest.get(decoded_len..)) else {
            return Back::Whole;
        };
        (body, rest, at) = (next_body, next_rest, at + raw_len);
    }
    if !rest.is_empty() {
        return Back::Whole;
    }
    table.push(at);
    Back::Table(table)
}

/// Bytes of an escape at the start of `body`, and of the text it stands for.
fn escape(body: &str) -> Option<(usize, usize)> {
    let digits = |from: usize, count: usize| {
        let code = u32::from_str_radix(body.get(from..from + count)?, 16).ok()?;
        Some((from + count, char::from_u32(code)?.len_utf8()))
    };
    match body.as_bytes().get(1)? {
        b'x' => digits(2, 2),
        b'u' => digits(2, 4),
        b'U' => digits(2, 8),
        b'b' | b't' | b'n' | b'f' | b'r' | b'e' | b'"' | b'\\' => Some((2, 1)),
        // A backslash at the end of a line swallows the break and the white space that follows.
        b' ' | b'\t' | b'\r' | b'\n' => {
            let tail = body[1..].trim_start_matches([' ', '\t', '\r', '\n']);
            Some((body.len() - tail.len(), 0))
        }
        _ => None,
    }
}
