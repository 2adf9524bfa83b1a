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

/// The numbers in words, without marks, that some words may begin with, and how many words each takes: the longest
/// first. There may be several, as `năm` is five and a year.
pub(super) fn spelled(words: &[Word]) -> impl Iterator<Item = (u32, usize)> {
    // "một trăm hai mươi mốt"
    const LONGEST: usize = 5;
    let plain: Vec<&str> = words
        .iter()
        .take(LONGEST)
        .map_while(|word| match word {
            Word::Plain(word) => Some(word.as_str()),
            _ => None,
        })
        .collect();
    (1..=plain.len()).rev().filter_map(move |length| Some((below_thousand(&plain[..length])?, length)))
}

/// A number that all words together say.
fn below_thousand(words: &[&str]) -> Option<u32> {
    match words {
        ["one"] => Some(1),
        [one] if *one != "muoi" => digit(one),
        [hundreds, "tram", rest @ ..] => {
            let rest = match rest {
                [] => 0,
                ["linh" | "le", "tu"] => 4,
                ["linh" | "le", one] => digit(one)?,
                tens => below_hundred(tens)?,
            };
            Some(digit(hundreds)? * 100 + rest)
        }
        tens => below_hundred(tens),
    }
}

/// From ten on.
fn below_hundred(words: &[&str]) -> Option<u32> {
    match words {
        ["muoi"] => Some(10),
        ["muoi", "lam"] => Some(15),
        // "mười năm" is ten years.
        ["muoi", one] if *one != "nam" => Some(10 + digit(one)?),
        [tens, "muoi", rest @ ..] => {
            let tens = digit(tens).filter(|tens| *tens > 1)?;
            let rest = match rest {
                [] => 0,
                ["lam"] => 5,
                ["tu"] => 4,
                [one] => digit(one)?,
                _ => return None,
            };
            Some(tens * 10 + rest)
        }
        _ => None,
    }
}

fn digit(word: &str) -> Option<u32> {
    const WORDS: [&str; 9] = ["mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin"];
    (1..).zip(WORDS).find(|(_, known)| *known == word).map(|(digit, _)| digit)
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
