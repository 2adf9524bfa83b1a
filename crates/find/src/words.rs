//! Vietnamese words for an index: syllables, with and without marks, and neighbouring syllables as pairs. Most words of Vietnamese
//! are two syllables; a pair is nearly always the word that is meant, and needs no dictionary.

use std::collections::BTreeSet;

use giaouoc_agreement::text::fold;

/// A text is looked through up to here.
const LONGEST: usize = 20_000;
/// Words of a question that are looked for; the rest is left out.
const ASKED: usize = 16;
/// Words that a part of a text shows.
const SHOWN: usize = 36;

/// A word of a text: where it stands, and how a typist without marks would write it.
struct Word<'a> {
    from: usize,
    to: usize,
    text: &'a str,
    folded: String,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut from = None;
    let ends = text.char_indices().map(|(at, letter)| (at, is_letter(letter)));
    for (at, letter) in ends.chain(std::iter::once((text.len(), false))) {
        match (letter, from) {
            (true, None) => from = Some(at),
            (false, Some(begin)) => {
                from = None;
                let word = &text[begin..at];
                let folded = fold(word);
                if !folded.is_empty() {
                    found.push(Word { from: begin, to: at, text: word, folded });
                }
                if found.len() >= LONGEST {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// Letters, digits, and marks that stand for themselves (texts of the decomposed form).
fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&letter)
}

/// A text as the index has it: parts that are divided by spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Indexed {
    /// Syllables without marks and case.
    pub plain: Vec<String>,
    /// Neighbouring syllables without marks and case.
    pub pairs: Vec<String>,
    /// Syllables with their marks, without case.
    pub marked: Vec<String>,
}

impl Indexed {
    /// A text.
    pub fn of(text: &str) -> Self {
        let words = words(text);
        let plain: Vec<String> = words.iter().map(|word| word.folded.clone()).collect();
        let pairs = plain.windows(2).map(|pair| pair.join("_")).collect();
        Self { pairs, marked: words.iter().map(|word| with_marks(word.text)).collect(), plain }
    }

    /// A question: its first words.
    pub fn question(text: &str) -> Self {
        let mut found = Self::of(text);
        found.plain.truncate(ASKED);
        found.pairs.truncate(ASKED - 1);
        found.marked.truncate(ASKED);
        found
    }

    /// Both, one after the other; the last word of the one and the first of the other are no pair.
    pub fn and(mut self, other: Self) -> Self {
        self.plain.extend(other.plain);
        self.pairs.extend(other.pairs);
        self.marked.extend(other.marked);
        self
    }
}

/// A word with its marks in one form, whatever form it was typed in, and without case.
fn with_marks(word: &str) -> String {
    giaouoc_agreement::text::composed(word).to_lowercase()
}

/// A part of a text: whether it is one of the words that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The part.
    pub text: String,
    /// Whether it was asked for.
    pub marked: bool,
}

/// A text in parts: words that were asked for apart from the rest.
pub fn marked(text: &str, asked: &str) -> Vec<Piece> {
    let asked: BTreeSet<String> = Indexed::question(asked).plain.into_iter().collect();
    pieces(text, &words(text), &asked)
}

fn pieces(text: &str, words: &[Word<'_>], asked: &BTreeSet<String>) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut add = |part: &str, marked: bool| {
        if part.is_empty() {
            return;
        }
        match found.last_mut() {
            Some(last) if last.marked == marked => last.text.push_str(part),
            _ => found.push(Piece { text: part.to_owned(), marked }),
        }
    };
    let (mut at, mut before) = (0, false);
    for word in words.iter().filter(|word| asked.contains(&word.folded)) {
        let between = &text[at..word.from];
        // What is between two words that were asked for, and nothing but space, belongs to them.
        add(between, before && between.trim().is_empty());
        add(&text[word.from..word.to], true);
        (at, before) = (word.to, true);
    }
    add(&text[at..], false);
    found
}

/// The part of a text that has most of the words that were asked for, in parts as [`marked`] has them.
pub fn snippet(text: &str, asked: &str) -> Vec<Piece> {
    let asked: BTreeSet<String> = Indexed::question(asked).plain.into_iter().collect();
    let words = words(text);
    if words.len() <= SHOWN {
        return pieces(text, &words, &asked);
    }
    let wanted: Vec<bool> = words.iter().map(|word| asked.contains(&word.folded)).collect();
    // Neighbours count more than words that are far from each other.
    let worth = |at: usize| usize::from(wanted[at]) + 2 * usize::from(wanted[at] && at > 0 && wanted[at - 1]);
    let mut sum: usize = (0..SHOWN).map(worth).sum();
    let (mut best, mut most) = (0, sum);
    for begin in 1..=words.len() - SHOWN {
        sum = sum + worth(begin + SHOWN - 1) - worth(begin - 1);
        if sum > most {
            (best, most) = (begin, sum);
        }
    }
    // Some words before the first one that was asked for.
    let first = (best..best + SHOWN).find(|at| wanted[*at]).unwrap_or(best);
    let begin = first.saturating_sub(6).min(words.len() - SHOWN);
    let (from, to) = (words[begin].from, words[begin + SHOWN - 1].to);
    let mut inside = pieces_between(text, &words[begin..begin + SHOWN], &asked, from, to);
    if begin > 0 {
        inside.insert(0, Piece { text: "… ".to_owned(), marked: false });
    }
    if to < text.len() {
        inside.push(Piece { text: " …".to_owned(), marked: false });
    }
    inside
}

fn pieces_between(
    text: &str,
    words: &[Word<'_>],
    asked: &BTreeSet<String>,
    from: usize,
    to: usize,
) -> Vec<Piece> {
    let moved: Vec<Word<'_>> = words
        .iter()
        .map(|word| Word {
            from: word.from - from,
            to: word.to - from,
            text: word.text,
            folded: word.folded.clone(),
        })
        .collect();
    pieces(&text[from..to], &moved, asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_pairs_and_marks() {
        let found = Indexed::of("Cải cách HÀNH chính, “một cửa” 2020");
        assert_eq!(found.plain, ["cai", "cach", "hanh", "chinh", "mot", "cua", "2020"]);
        assert_eq!(found.pairs[..2], ["cai_cach", "cach_hanh"]);
        assert_eq!(found.marked[..3], ["cải", "cách", "hành"]);
        // The same word in the decomposed form.
        assert_eq!(Indexed::of("ca\u{309}i"), Indexed::of("cải"));
        assert_eq!(Indexed::of("Đơn vị").plain, ["don", "vi"]);
        assert_eq!(Indexed::of("— …"), Indexed::default());
        assert_eq!(Indexed::question(&"a ".repeat(100)).plain.len(), ASKED);
    }

    fn shown(pieces: &[Piece]) -> String {
        let one = |piece: &Piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() };
        pieces.iter().map(one).collect()
    }

    #[test]
    fn words_that_were_asked_for_are_marked_as_they_stand() {
        for (text, asked, expected) in [
            ("Người tốt, việc tốt", "nguoi tot", "[Người tốt], việc [tốt]"),
            ("Sở Nội vụ", "NỘI VỤ", "Sở [Nội vụ]"),
            ("không có gì", "xyz", "không có gì"),
            ("", "a", ""),
            ("<script>", "script", "<[script]>"),
        ] {
            assert_eq!(shown(&marked(text, asked)), expected);
            let whole: String = marked(text, asked).into_iter().map(|piece| piece.text).collect();
            assert_eq!(whole, text);
        }
    }

    #[test]
    fn the_part_with_most_of_the_words_is_shown() {
        let far = "chữ ".repeat(100);
        let text = format!("hành {far}cải cách hành chính của thành phố {far}");
        let found = shown(&snippet(&text, "cai cach hanh chinh"));
        assert!(found.starts_with("… ") && found.ends_with(" …"), "{found}");
        assert!(found.contains("[cải cách hành chính] của"), "{found}");
        assert!(found.split_whitespace().count() < 50, "{found}");
        assert_eq!(shown(&snippet("ngắn thôi", "thoi")), "ngắn [thôi]");
    }
}
