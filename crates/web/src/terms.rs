//! The words on screen with their meanings (`data/terms.toml`), and the kinds of records (`kinds/`).

use std::sync::LazyLock;

use giaouoc_agreement::kinds;
use giaouoc_agreement::text::{Lang, Text, fold};
use serde::Deserialize;

/// A word and what it means here.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Its anchor on the page.
    pub id: String,
    /// The word.
    pub name: Text,
    /// Other words for it.
    #[serde(default)]
    pub also: Vec<String>,
    /// What it means.
    pub meaning: Text,
    /// Where the meaning comes from.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "format")]
    _format: u32,
    #[serde(rename = "revision")]
    _revision: toml::value::Datetime,
    term: Vec<Term>,
}

/// All of them, in the order of reading; the kinds of records stand after the words. A test reads the file.
pub static TERMS: LazyLock<Vec<Term>> = LazyLock::new(|| {
    let read = toml::from_str::<File>(include_str!("../../../data/terms.toml"));
    let mut terms = read.map(|file| file.term).unwrap_or_default();
    terms.extend(kinds::builtin().iter().map(|kind| Term {
        id: format!("kind-{}", kind.id),
        name: kind.name.clone(),
        also: vec![kind.id.clone()],
        meaning: kind.meaning.clone(),
        source: kind.source.clone(),
    }));
    terms
});

/// The words in which something is found, without case, marks and spaces: first those that have it in their names, then those
/// that have it in their meanings. Everything where nothing is looked for.
pub fn find(asked: &str, lang: Lang) -> Vec<&'static Term> {
    let asked = fold(asked);
    if asked.is_empty() {
        return TERMS.iter().collect();
    }
    let named = |term: &&Term| {
        let names = [&term.name.vi, &term.name.en].into_iter().chain(&term.also);
        names.into_iter().any(|name| fold(name).contains(&asked))
    };
    let (mut found, rest): (Vec<&Term>, Vec<&Term>) = TERMS.iter().partition(named);
    found.extend(rest.into_iter().filter(|term| fold(term.meaning.get(lang)).contains(&asked)));
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_word_is_whole_and_has_an_anchor_of_its_own() {
        assert!(TERMS.len() > 30 + kinds::builtin().len(), "the file is read");
        let mut ids = BTreeSet::new();
        for term in TERMS.iter() {
            assert!(ids.insert(&term.id), "{} twice", term.id);
            assert!(term.id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{}", term.id);
            for text in [&term.name.vi, &term.name.en, &term.meaning.vi, &term.meaning.en, &term.source] {
                assert!(!text.trim().is_empty(), "{}", term.id);
            }
        }
    }

    #[test]
    fn words_are_found_without_marks() {
        let first = |asked: &str| find(asked, Lang::Vi).first().map(|term| term.id.as_str());
        assert_eq!(first("nguoi tot"), Some("nguoi-tot-viec-tot"));
        assert_eq!(first("NGƯỜI TỐT"), Some("nguoi-tot-viec-tot"));
        assert_eq!(first("cum pho"), Some("cum-thi-dua"));
        assert_eq!(first("ho so"), Some("kind-dossier"));
        assert_eq!(first("lens"), Some("cach-tinh-doi-chieu"));
        assert_eq!(first("zzz"), None);
        assert_eq!(find(" ", Lang::Vi).len(), TERMS.len());
        // In a meaning only.
        assert!(find("vân tay", Lang::Vi).iter().any(|term| term.id == "ma-bam"));
    }

    #[test]
    fn verdicts_stand_with_their_signs() {
        use giaouoc_agreement::figure::Verdict;
        let term = TERMS.iter().find(|term| term.id == "ket-qua-danh-gia").unwrap();
        for verdict in [
            Verdict::Met,
            Verdict::NotMet,
            Verdict::NoCases,
            Verdict::NoData,
            Verdict::NotYetDue,
            Verdict::Exempt,
            Verdict::NotJudged,
        ] {
            for lang in [Lang::Vi, Lang::En] {
                let said = format!("{} {}", verdict.sign(), verdict.words().get(lang));
                assert!(term.meaning.get(lang).contains(&said), "{said}");
            }
        }
    }
}
