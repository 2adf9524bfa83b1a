//! Text into words without marks, and the small phrases that limits are made of.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One word of a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A whole number.
    Number(u32),
    /// A number with a fraction: tenths and the like, as written after the comma or point.
    Fraction(u32, String),
    /// A word without case and marks (`đ` as `d`).
    Plain(String),
    /// `;`, a line break, or a comma between phrases.
    Break,
    /// `-` or `–` between numbers.
    Dash,
    /// What has no place in a limit, or a number that is too great.
    Odd,
}

impl Word {
    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self, Self::Plain(word) if word == text)
    }
}

/// A text as words. Brackets are left out: `03 (ba) ngày` is `3 ba ngay`.
pub(super) fn words(text: &str) -> Vec<Word> {
    let plain: String = text
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect();
    let mut words = Vec::new();
    let mut rest = plain.as_str();
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, tail) = rest.split_at(end);
            rest = tail;
            words.push(number(digits, &mut rest));
        } else if first.is_alphabetic() {
            let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            let (word, tail) = rest.split_at(end);
            words.push(Word::Plain(word.to_owned()));
            rest = tail;
        } else {
            rest = &rest[first.len_utf8()..];
            match first {
                ';' | '\n' | ',' => words.push(Word::Break),
                // A dot ends a sentence; a colon stands between the digits of a time.
                '.' | ':' | '(' | ')' | '"' => {}
                // `-3` is no bullet before a 3.
                '-' if starts_anew(&words) && rest.starts_with(|c: char| c.is_ascii_digit()) => {
                    words.push(Word::Odd);
                }
                '-' | '–' | '—' => words.push(Word::Dash),
                _ if first.is_whitespace() || matches!(first, '\u{200b}' | '\u{feff}') => {}
                _ => words.push(Word::Odd),
            }
        }
    }
    // Breaks at the ends and in a row say nothing; a dash at the beginning is a bullet.
    let mut tidy: Vec<Word> = Vec::new();
    for word in words {
        match word {
            Word::Break | Word::Dash if starts_anew(&tidy) => {}
            word => tidy.push(word),
        }
    }
    if tidy.last() == Some(&Word::Break) {
        tidy.pop();
    }
    tidy
}

/// Whether nothing stands before, or the end of a phrase.
fn starts_anew(words: &[Word]) -> bool {
    words.last().is_none_or(|last| *last == Word::Break)
}

/// The number that begins with these digits; takes a fraction along.
fn number(digits: &str, rest: &mut &str) -> Word {
    let Ok(whole) = digits.parse::<u32>() else { return Word::Odd };
    let Some(tail) = rest.strip_prefix([',', '.']) else { return Word::Number(whole) };
    let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
    if end == 0 {
        return Word::Number(whole);
    }
    let (fraction, after) = tail.split_at(end);
    *rest = after;
    if fraction.bytes().all(|digit| digit == b'0') && fraction.len() < 3 {
        return Word::Number(whole);
    }
    Word::Fraction(whole, fraction.to_owned())
}

/// Numbers as words, without marks.
pub(super) fn number_word(word: &str) -> Option<u32> {
    const WORDS: [(&str, u32); 11] = [
        ("mot", 1),
        ("hai", 2),
        ("ba", 3),
        ("bon", 4),
        ("nam", 5),
        ("sau", 6),
        ("bay", 7),
        ("tam", 8),
        ("chin", 9),
        ("muoi", 10),
        ("one", 1),
    ];
    WORDS.iter().find(|(known, _)| *known == word).map(|(_, number)| *number)
}

/// A phrase at the beginning of some words; what comes after it.
pub(super) fn after<'w>(words: &'w [Word], phrase: &str) -> Option<&'w [Word]> {
    let mut rest = words;
    for wanted in phrase.split(' ') {
        let (first, tail) = rest.split_first()?;
        if !first.is(wanted) {
            return None;
        }
        rest = tail;
    }
    Some(rest)
}

/// The first of several phrases that the words begin with; what comes after it. Longer ones stand first.
pub(super) fn after_any<'w>(words: &'w [Word], phrases: &[&str]) -> Option<&'w [Word]> {
    phrases.iter().find_map(|phrase| after(words, phrase))
}

/// Whether all words are of a set, breaks aside.
pub(super) fn only(words: &[Word], set: &str) -> bool {
    words.iter().all(|word| match word {
        Word::Plain(word) => set.split(' ').any(|known| known == word),
        Word::Break => true,
        _ => false,
    })
}

/// Whether a phrase occurs anywhere.
pub(super) fn has(words: &[Word], phrase: &str) -> bool {
    (0..words.len()).any(|at| after(&words[at..], phrase).is_some())
}
