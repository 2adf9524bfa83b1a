//! The text of a condition into tokens. Spellings of other languages (`==`, `&&`, `AND`, “…”) are reported
//! with the right one and then read as if they had been right, so that one mistake does not hide the next.

use std::ops::Range;

use giaouoc_worktime::time::Day;
use unicode_normalization::UnicodeNormalization as _;

use super::error::{Errors, LangError, shown};
use super::foreign;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tok {
    /// A word as written; keywords are told apart by the parser.
    Word(String),
    /// The digits of an integer; a sign before it belongs to the parser. At most 2^63.
    Integer(u64),
    /// A date that exists.
    Date(Day),
    /// A text in quotes, NFC.
    Text(String),
    /// An operator, bracket or comma.
    Sign(Sign),
    /// A value that was already reported as wrong.
    Broken,
    /// The end of the condition.
    End,
}

/// Operators, brackets and the comma.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Plus,
    Minus,
    Star,
    Open,
    Close,
    Comma,
}

/// A token with its place.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) tok: Tok,
    pub(super) span: Range<usize>,
}

/// Splits a condition into tokens; the last is always [`Tok::End`].
pub(super) fn lex(text: &str, errors: &mut Errors) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0, errors, tokens: Vec::new() };
    while lexer.at < text.len() {
        lexer.token();
    }
    lexer.tokens.push(Token { tok: Tok::End, span: text.len()..text.len() });
    lexer.tokens
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    errors: &'a mut Errors,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes the next `len` bytes as a token.
    fn push(&mut self, tok: Tok, len: usize) {
        let span = self.at..self.at + len;
        self.at = span.end;
        self.tokens.push(Token { tok, span });
    }

    /// Reports the next `len` bytes.
    fn report(&mut self, len: usize, error: impl FnOnce(Range<usize>) -> LangError) {
        let span = self.at..self.at + len;
        self.errors.push(error(span));
    }

    fn token(&mut self) {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return };
        let width = first.len_utf8();
        if first.is_whitespace() {
            self.at += width;
        } else if first.is_ascii_digit() {
            self.number();
        } else if first == '\'' || foreign::is_quote(first) {
            self.quoted(first);
        } else if first.is_alphabetic() || first == '_' {
            self.word();
        } else if let Some((wrong, right)) = foreign::sign(rest) {
            self.report(wrong.len(), |span| foreign::sign_error(span, wrong, right));
            match right.map(sign_at) {
                Some(Some((sign, _))) => self.push(Tok::Sign(sign), wrong.len()),
                Some(None) => self.push(Tok::Word(right.unwrap_or_default().to_owned()), wrong.len()),
                None => self.at += wrong.len(),
            }
        } else if let Some((sign, len)) = sign_at(rest) {
            self.push(Tok::Sign(sign), len);
        } else if first == '#' {
            let len = rest.find('\n').unwrap_or(rest.len());
            self.report(len, |span| {
                LangError::new(
                    "comment",
                    span,
                    "Trong điều kiện không viết được chú thích.",
                    "A condition holds no comments.",
                )
                .help(
                    "Chuyển chú thích ra dòng TOML phía trên, sau dấu `#`.",
                    "Move it to a line of the TOML file above, after `#`.",
                )
            });
            self.at += len;
        } else {
            self.report(width, |span| foreign::character_error(span, first));
            self.at += width;
        }
    }

    fn word(&mut self) {
        let rest = self.rest();
        let mut len = run(rest, |c| c.is_alphanumeric() || c == '_');
        // `period.start` is one word.
        while let Some(tail) = rest[len..].strip_prefix('.') {
            let more = run(tail, |c| c.is_alphanumeric() || c == '_');
            if more == 0 {
                break;
            }
            len += 1 + more;
        }
        let word = &rest[..len];
        match foreign::word(word) {
            Some(right) => {
                self.report(len, |span| foreign::word_error(span, word, right));
                self.push(Tok::Word(right.to_owned()), len);
            }
            None => self.push(Tok::Word(word.to_owned()), len),
        }
    }

    /// A text in quotes; two quotes inside stand for one. Other quotation marks are reported and read.
    fn quoted(&mut self, open: char) {
        let rest = self.rest();
        let mut text = String::new();
        let mut chars = rest.char_indices().skip(1).peekable();
        let is_close = |c: char| if open == '\'' { c == '\'' } else { foreign::closes(open, c) };
        while let Some((at, c)) = chars.next() {
            if !is_close(c) {
                text.push(c);
                continue;
            }
            if open == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') {
                text.push('\'');
                chars.next();
                continue;
            }
            let len = at + c.len_utf8();
            if open != '\'' {
                let inner = shown(&text);
                self.report(len, |span| foreign::quote_error(span, &inner));
            }
            self.push(Tok::Text(text.nfc().collect()), len);
            return;
        }
        let len = rest.len();
        self.report(len, |span| {
            LangError::new(
                "unclosed-text",
                span,
                "Đoạn chữ mở bằng dấu nháy nhưng không có dấu nháy đóng.",
                "This text begins with a quote and never ends.",
            )
            .help(
                "Thêm dấu nháy đơn `'` vào cuối đoạn chữ; dấu nháy đơn nằm trong đoạn chữ thì viết hai lần `''`.",
                "Close it with `'`; a quote inside a text is written twice, `''`.",
            )
        });
        self.push(Tok::Broken, len);
    }

    /// An integer or a date; other numbers are reported.
    fn number(&mut self) {
        let rest = self.rest();
        let digits = run(rest, |c| c.is_ascii_digit());
        if let Some(len) = date_like(rest, digits) {
            self.date(len);
            return;
        }
        let len = run(rest, |c| c.is_ascii_digit() || c == '_');
        let tail = &rest[len..];
        let fraction = tail.strip_prefix('.').map_or(0, |t| run(t, |c| c.is_ascii_digit()));
        if fraction > 0 {
            let groups = tail.split('.').skip(1).all(|g| run(g, |c| c.is_ascii_digit()) == 3);
            let len = len + run(tail, |c| c.is_ascii_digit() || c == '.');
            let wrong = &rest[..len];
            self.report(len, |span| foreign::decimal_error(span, wrong, groups));
            self.push(Tok::Broken, len);
            return;
        }
        if tail.starts_with(|c: char| c.is_alphabetic()) && !unit_follows(tail) {
            let len = len + run(tail, |c| c.is_alphanumeric() || c == '_');
            let wrong = shown(&rest[..len]);
            self.report(len, |span| {
                LangError::new(
                    "bad-number",
                    span,
                    format!("`{wrong}` không phải là số, cũng không phải là tên."),
                    format!("`{wrong}` is neither a number nor a name."),
                )
                .help(
                    "Tên bắt đầu bằng chữ cái; đoạn chữ đặt trong dấu nháy đơn: 'abc'.",
                    "Names begin with a letter; texts stand in single quotes: 'abc'.",
                )
            });
            self.push(Tok::Broken, len);
            return;
        }
        let mut value: Option<u64> = Some(0);
        for digit in rest[..len].bytes().filter(u8::is_ascii_digit) {
            value = value.and_then(|v| v.checked_mul(10)?.checked_add(u64::from(digit - b'0')));
        }
        match value.filter(|v| *v <= 1 << 63) {
            Some(value) => self.push(Tok::Integer(value), len),
            None => {
                self.report(len, integer_too_large);
                self.push(Tok::Broken, len);
            }
        }
    }

    fn date(&mut self, len: usize) {
        let tail = &self.rest()[len..];
        if tail.starts_with(['T', 't']) && tail[1..].starts_with(|c: char| c.is_ascii_digit()) {
            let len = len + run(tail, |c| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '+' | '-'));
            self.report(len, foreign::instant_error);
            self.push(Tok::Broken, len);
            return;
        }
        let text = &self.rest()[..len];
        let tok = match text.parse::<Day>() {
            Ok(day) => Tok::Date(day),
            Err(_) => {
                let written = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
                let shown = shown(text);
                self.report(len, |span| foreign::date_error(span, &shown, written));
                Tok::Broken
            }
        };
        self.push(tok, len);
    }
}

/// Bytes at the start of a text whose characters pass a test.
fn run(text: &str, test: impl Fn(char) -> bool) -> usize {
    text.find(|c| !test(c)).unwrap_or(text.len())
}

/// Whether letters directly after a number are a unit of time, as in `3days`.
fn unit_follows(tail: &str) -> bool {
    super::parse::unit(&tail[..run(tail, |c| c.is_alphanumeric() || c == '_')]).is_some()
}

/// The length of what somebody meant as a date: `2020-03-05`, `2020-3-5`, `05/03/2020`, `5-3-2020`. A sum
/// such as `2020-3` is none, nor are numbers with spaces between.
fn date_like(text: &str, first: usize) -> Option<usize> {
    let separator = text[first..].chars().next().filter(|c| matches!(c, '-' | '/'))?;
    let second = run(&text[first + 1..], |c| c.is_ascii_digit());
    let tail = &text[first + 1 + second..];
    let third = run(tail.strip_prefix(separator)?, |c| c.is_ascii_digit());
    let plausible = (first == 4 && (1..=2).contains(&second) && (1..=2).contains(&third))
        || ((1..=2).contains(&first) && (1..=2).contains(&second) && third == 4);
    plausible.then_some(first + 1 + second + 1 + third)
}

/// The sign at the start of a text.
fn sign_at(text: &str) -> Option<(Sign, usize)> {
    const SIGNS: [(&str, Sign); 12] = [
        ("!=", Sign::Ne),
        ("<=", Sign::Le),
        (">=", Sign::Ge),
        ("<", Sign::Lt),
        (">", Sign::Gt),
        ("=", Sign::Eq),
        ("+", Sign::Plus),
        ("-", Sign::Minus),
        ("*", Sign::Star),
        ("(", Sign::Open),
        (")", Sign::Close),
        (",", Sign::Comma),
    ];
    SIGNS.iter().find(|(sign, _)| text.starts_with(sign)).map(|(sign, tok)| (*tok, sign.len()))
}

/// An integer that does not fit into 64 bits.
pub(super) fn integer_too_large(span: Range<usize>) -> LangError {
    LangError::new("integer-too-large", span, "Số này quá lớn.", "This number is too large.").help(
        "Số nguyên nằm trong khoảng ±9.223.372.036.854.775.807.",
        "Integers lie within ±9,223,372,036,854,775,807.",
    )
}
