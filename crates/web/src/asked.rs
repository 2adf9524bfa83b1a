//! What a question says that the data raised: kept with it, shown at the desk, and, once answered and released, in public.

use std::collections::BTreeSet;

use giaouoc_agreement::text::Text;
use serde::{Deserialize, Serialize};

/// A question with its evidence. Its words are those of the rule by which it was asked, as they were then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The kind of record that it asks about.
    pub kind: String,
    /// What it is about, in a few words.
    pub name: Text,
    /// What is asked.
    pub question: Text,
    /// What an innocent cause would be.
    pub innocent: Text,
    /// When it is asked, with its numbers.
    pub threshold: Text,
    /// Where the rule comes from, and its day.
    pub source: String,
    /// How many records (or days, or pairs) it is about.
    pub count: i64,
    /// Among how many that could have been; 0 where that says nothing.
    pub of: i64,
    /// What is seen over all of them.
    pub seen: Vec<Text>,
    /// Some of them.
    pub cases: Vec<Case>,
}

/// One record as evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Case {
    /// Its key.
    pub key: String,
    /// What is seen there.
    pub evidence: Vec<Text>,
    /// The journal's entry that brought it, where versions are compared.
    pub entry: Option<u64>,
}

impl Asked {
    /// Whether an answer to this one also answers another: it shows no record that this one did not, and no more of them.
    /// A question about how records lie together has no single ones; it is answered as long as the data go on raising it.
    pub fn answers(&self, other: &Self) -> bool {
        if other.cases.is_empty() {
            return true;
        }
        let known: BTreeSet<(&str, &[Text])> =
            self.cases.iter().map(|case| (case.key.as_str(), case.evidence.as_slice())).collect();
        other.count <= self.count
            && other.cases.iter().all(|case| known.contains(&(case.key.as_str(), case.evidence.as_slice())))
    }
}

/// An answered question as a release keeps it: no record, no key, no person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The unit's code.
    pub unit: String,
    /// The kind of record that it asks about.
    pub kind: String,
    /// What it is about, in a few words.
    pub name: Text,
    /// What was asked.
    pub question: Text,
    /// How many records it was about.
    pub count: i64,
    /// Among how many.
    pub of: i64,
    /// What the unit answered.
    pub reply: String,
    /// The day of the answer, `YYYY-MM-DD`.
    pub on: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(count: i64, cases: &[(&str, &str)]) -> Asked {
        let case = |(key, said): &(&str, &str)| Case {
            key: (*key).to_owned(),
            evidence: vec![Text::same(*said)],
            entry: None,
        };
        Asked { count, cases: cases.iter().map(case).collect(), ..Asked::default() }
    }

    #[test]
    fn an_answer_is_about_the_records_that_were_shown() {
        let old = asked(2, &[("a", "x"), ("b", "y")]);
        assert!(old.answers(&asked(2, &[("b", "y"), ("a", "x")])) && old.answers(&asked(1, &[("a", "x")])));
        assert!(!old.answers(&asked(2, &[("a", "x"), ("c", "y")])), "another record");
        assert!(!old.answers(&asked(2, &[("a", "z"), ("b", "y")])), "something else is seen");
        assert!(!old.answers(&asked(9, &[("a", "x"), ("b", "y")])), "more of them");
        assert!(asked(40, &[]).answers(&asked(41, &[])), "how records lie together");
    }
}
