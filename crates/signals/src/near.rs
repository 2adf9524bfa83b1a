//! Titles nearly alike, without case, marks and word order: found by their rarest words, so that a hundred thousand
//! titles are no hundred thousand squared.

use std::collections::{BTreeSet, HashMap};

use giaouoc_agreement::text::fold;

use crate::rules::{Ratio, Similar};

/// A title folded: its words, sorted.
fn words(title: &str) -> Vec<String> {
    let split = title.split(|character: char| !character.is_alphanumeric());
    let mut words: Vec<String> = split.map(fold).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Three-letter pieces of the words; a shorter word is a piece itself.
fn pieces(words: &[String]) -> BTreeSet<String> {
    let of = |word: &String| {
        let letters: Vec<char> = word.chars().collect();
        if letters.len() <= 3 {
            return vec![word.clone()];
        }
        letters.windows(3).map(|piece| piece.iter().collect()).collect::<Vec<String>>()
    };
    words.iter().flat_map(of).collect()
}

fn enough(rule: Ratio, part: usize, whole: usize) -> bool {
    rule.at_most(part as u64, whole as u64)
}

/// Pairs of titles nearly alike, by their places, the earlier place first; in order.
pub fn pairs(titles: &[&str], rule: &Similar) -> Vec<(usize, usize)> {
    let split: Vec<Vec<String>> = titles.iter().map(|title| words(title)).collect();
    let mut titles_of: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, list) in split.iter().enumerate().filter(|(_, list)| list.len() >= rule.words) {
        for word in list {
            titles_of.entry(word).or_default().push(at);
        }
    }
    // The rarer a word, the more it weighs: one more for each halving of the titles that have it.
    let all = split.len().max(1);
    let weight = |word: &str| {
        let having = titles_of.get(word).map_or(1, Vec::len).max(1);
        1 + (all / having).max(1).ilog2() as usize
    };
    let mut found = BTreeSet::new();
    for (at, list) in split.iter().enumerate().filter(|(_, list)| list.len() >= rule.words) {
        let mut rare: Vec<&String> = list
            .iter()
            .filter(|word| titles_of.get(word.as_str()).is_some_and(|of| of.len() <= rule.common))
            .collect();
        rare.sort_by_key(|word| (titles_of.get(word.as_str()).map_or(0, Vec::len), word.as_str()));
        // Titles that share three fifths of their words share one of the rarest two fifths.
        let looked = list.len() - list.len() * 3 / 5 + 1;
        let mut tried = BTreeSet::new();
        for word in rare.into_iter().take(looked) {
            for other in titles_of.get(word.as_str()).into_iter().flatten().filter(|other| **other > at) {
                if tried.insert(*other)
                    && split.get(*other).is_some_and(|theirs| alike(list, theirs, &weight, rule))
                {
                    found.insert((at, *other));
                }
            }
        }
    }
    found.into_iter().collect()
}

fn alike(one: &[String], other: &[String], weight: &dyn Fn(&str) -> usize, rule: &Similar) -> bool {
    let theirs: BTreeSet<&String> = other.iter().collect();
    let shared: Vec<&String> = one.iter().filter(|word| theirs.contains(word)).collect();
    let longer = one.len().max(other.len());
    if longer >= rule.one_word && shared.len() + 1 >= longer {
        return true;
    }
    let sum = |list: &mut dyn Iterator<Item = &String>| list.map(|word| weight(word)).sum::<usize>();
    let common = sum(&mut shared.iter().copied());
    let whole = sum(&mut one.iter()) + sum(&mut other.iter()) - common;
    if enough(rule.alike, common, whole) {
        return true;
    }
    if !enough(rule.nearby, shared.len(), longer) {
        return false;
    }
    let (mine, theirs) = (pieces(one), pieces(other));
    let common = mine.intersection(&theirs).count();
    enough(rule.shingles, 2 * common, mine.len() + theirs.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;

    /// Invented titles: an original, then what is nearly it, then honest others by the same pattern.
    const PLANTED: [(&str, &str); 6] = [
        (
            "Rút ngắn thời gian cấp phiếu lý lịch tư pháp qua dịch vụ bưu chính",
            "RUT NGAN THOI GIAN CAP PHIEU LY LICH TU PHAP QUA DICH VU BUU CHINH",
        ),
        (
            "Số hóa hồ sơ lưu trữ lịch sử tại Trung tâm Lưu trữ thành phố",
            "Tại Trung tâm Lưu trữ thành phố, số hóa hồ sơ lưu trữ lịch sử",
        ),
        (
            "Ứng dụng mã QR trong niêm yết công khai thủ tục hành chính",
            "Ứng dụng mã QR trong công khai niêm yết thủ tục hành chính năm 2020",
        ),
        (
            "Mô hình một cửa thân thiện phục vụ người cao tuổi và người khuyết tật",
            "Mô hình một cửa thân thiện, phục vụ người khuyết tật và người cao tuổi",
        ),
        (
            "Quy trình luân chuyển hồ sơ chứng thực điện tử giữa hai phòng nghiệp vụ",
            "Quy trình luân chuyển hồ sơ chứng thực điện tử giữa các phòng nghiệp vụ",
        ),
        (
            "Bộ câu hỏi kiểm tra kỹ năng tiếp công dân cho cán bộ bộ phận một cửa",
            "Bộ câu hỏi kiểm tra kĩ năng tiếp công dân cho cán bộ bộ phận một cửa",
        ),
    ];
    const HONEST: [&str; 8] = [
        "Rút ngắn thời gian cấp giấy phép lao động cho người nước ngoài qua mạng",
        "Số hóa sổ bộ hộ tịch tại Phòng Tư pháp quận",
        "Ứng dụng trợ lý ảo trả lời câu hỏi về thủ tục hành chính",
        "Mô hình ngày thứ Bảy vì dân tại bộ phận tiếp nhận hồ sơ",
        "Quy trình luân chuyển hồ sơ giao dịch bảo đảm giữa văn phòng đất đai và chi cục thuế",
        "Bộ chỉ số đánh giá mức độ hài lòng của người dân đối với bộ phận một cửa",
        "Rút ngắn thời gian giải quyết thủ tục nâng lương trước thời hạn",
        "Ứng dụng mã vạch trong quản lý tài sản công tại cơ quan",
    ];

    #[test]
    fn planted_titles_are_found_and_honest_ones_are_not() {
        let rules = Rules::builtin().unwrap();
        let mut titles: Vec<&str> = PLANTED.iter().flat_map(|(one, other)| [*one, *other]).collect();
        titles.extend(HONEST);
        let found = pairs(&titles, &rules.similar);
        let right = found.iter().filter(|(a, b)| a % 2 == 0 && b - a == 1 && *b < 2 * PLANTED.len()).count();
        assert_eq!((right, found.len()), (PLANTED.len(), PLANTED.len()), "{found:?}");
    }

    #[test]
    fn one_changed_word_is_found_wherever_it_stands() {
        let rule = Rules::builtin().unwrap().similar;
        let mut titles: Vec<String> =
            PLANTED.iter().map(|(one, _)| *one).chain(HONEST).map(str::to_owned).collect();
        let honest = titles.len();
        let mut planted = BTreeSet::new();
        for at in 0..honest {
            let split: Vec<String> = titles[at].split(' ').map(str::to_owned).collect();
            for place in [0, split.len() / 2, split.len() - 1] {
                let mut changed = split.clone();
                changed[place] = format!("khác{}", titles.len());
                planted.insert((at, titles.len()));
                titles.push(changed.join(" "));
            }
        }
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        // Two changes of one title are alike as well; that is no third thing.
        let of = |pairs: Vec<(usize, usize)>| -> (usize, usize) {
            let origin = |at: usize| if at < honest { at } else { (at - honest) / 3 };
            let strange = pairs.iter().filter(|(one, other)| origin(*one) != origin(*other)).count();
            (pairs.iter().filter(|pair| planted.contains(pair)).count(), strange)
        };
        assert_eq!(planted.len(), 42);
        assert_eq!(of(pairs(&titles, &rule)), (42, 0));
        let without = Similar { one_word: usize::MAX, ..rule };
        let (found, _) = of(pairs(&titles, &without));
        assert!(found < 42, "what weighs words alone finds {found}");
        eprintln!("one changed word: 42 of 42 found, {found} by the weight of words alone");
    }

    #[test]
    fn many_titles_of_one_pattern_end() {
        let made: Vec<String> = (0..3_000)
            .map(|n| {
                format!("Giải pháp số {n} nâng cao chất lượng công việc {} tại đơn vị {}", n * 7, n % 97)
            })
            .collect();
        let titles: Vec<&str> = made.iter().map(String::as_str).collect();
        let rules = Rules::builtin().unwrap();
        // Different numbers make different titles; that they are many must not make it slow.
        assert!(pairs(&titles, &rules.similar).len() < titles.len() * 2);
    }
}
