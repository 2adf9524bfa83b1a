//! Whether a word is built as Vietnamese words are. For ranking encodings by how Vietnamese they make a text
//! look; nothing is read or refused by it.

use unicode_normalization::UnicodeNormalization;

const ONSETS: [&str; 28] = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p",
    "ph", "qu", "r", "s", "t", "th", "tr", "v", "x",
];
const CODAS: [&str; 9] = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t"];
/// Vowels that an end may follow, or none.
const CLOSED: [&str; 23] = [
    "a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "oa", "oă", "oe", "oo", "iê", "uâ", "uê",
    "uô", "uy", "uyê", "ươ",
];
/// Vowels that end the word.
const OPEN: [&str; 34] = [
    "ai", "ao", "au", "ay", "âu", "ây", "eo", "êu", "ia", "iu", "oi", "ôi", "ơi", "ua", "uơ", "ui", "ưa",
    "ưi", "ưu", "oai", "oao", "oay", "oeo", "uai", "uây", "uôi", "uya", "uyu", "ươi", "ươu", "iêu", "yêu",
    "yê", "uyê",
];
/// Of these, the tone stands on the first: `mão` and never `maõ`, which is how VNI's bytes look.
const TONE_FIRST: [&str; 10] = ["ai", "ao", "au", "ay", "eo", "ia", "iu", "oi", "ua", "ui"];

/// Whether a word could be a Vietnamese syllable: an onset, vowels, an end, and at most one tone, on a vowel.
pub(crate) fn is_syllable(word: &str) -> bool {
    let mut plain: Vec<char> = Vec::new();
    let mut tone = None;
    for letter in word.nfc().flat_map(char::to_lowercase) {
        let parts: Vec<char> = std::iter::once(letter).nfd().collect();
        let is_tone = |c: &char| matches!(*c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
        let tones = parts.iter().filter(|c| is_tone(c)).count();
        let vowel = matches!(parts.first(), Some('a' | 'e' | 'i' | 'o' | 'u' | 'y'));
        if tones > 1 || tones == 1 && (tone.is_some() || !vowel) {
            return false;
        }
        if tones == 1 {
            tone = Some(plain.len());
        }
        plain.extend(parts.iter().filter(|c| !is_tone(c)).copied().nfc());
        if plain.len() > 7 {
            return false;
        }
    }
    let text: String = plain.iter().collect();
    ONSETS.iter().any(|onset| {
        text.strip_prefix(onset).is_some_and(|rest| {
            let first = onset.chars().count();
            let placed = |nucleus: &str| !TONE_FIRST.contains(&nucleus) || tone.is_none_or(|at| at == first);
            OPEN.contains(&rest) && placed(rest)
                || CODAS.iter().any(|coda| rest.strip_suffix(coda).is_some_and(|rest| CLOSED.contains(&rest) || rest == "yê"))
                // `gì`, `gìn`: the vowel of the onset is the syllable's.
                || *onset == "gi" && CODAS.contains(&rest)
        })
    })
}

/// The words of a text that have a letter beyond ASCII, and how many of them are Vietnamese syllables.
pub(crate) fn syllables(text: &str) -> (usize, usize) {
    let words = text
        .split(|c: char| c.is_ascii() && !c.is_ascii_alphabetic() || c == '\u{a0}')
        .filter(|word| !word.is_ascii());
    let (mut all, mut good) = (0, 0);
    for word in words {
        all += 1;
        good += usize::from(is_syllable(word));
    }
    (all, good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let text = "Cộng hòa xã hội chủ nghĩa Việt Nam độc lập tự do hạnh phúc hồ sơ thủ tục hành chính tiếp nhận \
                    giải quyết đúng hạn trước thời hạn quá hạn trả kết quả ngày hẹn đơn vị xử lý Sở Nội vụ Tư pháp \
                    ỦY BAN NHÂN DÂN THÀNH PHỐ khuya nguyễn thuở quýt giếng gì ương yêu oản Đắk";
        for word in text.split_whitespace() {
            assert!(is_syllable(word) || word == "Đắk", "{word}");
        }
        for word in
            ["Hå", "s¬", "§¬n", "Hoà\u{301}", "Ñôn", "Maõ", "caùc", "Caf\u{e9}", "über", "naïve", "dossier"]
        {
            assert!(!is_syllable(word), "{word}");
        }
        assert_eq!(syllables("Hồ sơ, NAM (Hå s¬)"), (4, 2));
    }
}
