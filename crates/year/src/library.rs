//! The library of measures (`data/measures.toml`): questions that agreements ask, in plain words with blanks to fill.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use giaouoc_agreement::text::Text;
use serde::Deserialize;
use toml_edit::Value;

use crate::drafting::Words;

const FILE: &str = include_str!("../../../data/measures.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "format and revision are for people and for those who come later")]
struct Library {
    format: u32,
    revision: toml::value::Datetime,
    measure: Vec<Measure>,
}

/// A measure in plain words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Its id; the id of the target that it becomes, unless another is given.
    pub id: String,
    /// The kind of its records.
    pub kind: String,
    /// The name that its target begins with.
    pub name: Text,
    /// What it asks, in a sentence; blanks stand as `«id»`.
    pub say: Text,
    /// The goal that it begins with, as the file writes it.
    pub goal: String,
    /// `at least` or `strive for`.
    pub force: String,
    /// Where it comes from.
    pub source: Text,
    /// The target as it is written, with its blanks.
    toml: String,
    /// Its own blanks.
    #[serde(default)]
    pub blank: Vec<Blank>,
}

/// A blank to fill.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blank {
    /// Its id.
    pub id: String,
    /// What to fill in.
    pub label: Text,
    /// What stands there first.
    pub value: String,
    /// What may be chosen; none: a whole number.
    #[serde(default)]
    pub choice: Vec<Choice>,
}

/// What a blank may be filled with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// As the condition has it.
    pub value: String,
    /// In words.
    pub name: Text,
}

/// What a form fills in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The target's id.
    pub id: String,
    /// Its clause.
    pub clause: String,
    /// Its name.
    pub name: Words,
    /// Its goal.
    pub goal: String,
    /// Whether it is to be striven for.
    pub strive: bool,
    /// The measure's own blanks.
    pub blanks: BTreeMap<String, String>,
}

static LIBRARY: LazyLock<Vec<Measure>> =
    LazyLock::new(|| toml::from_str::<Library>(FILE).map(|library| library.measure).unwrap_or_default());

/// All measures, in the order of the file.
pub fn all() -> &'static [Measure] {
    &LIBRARY
}

/// A measure by its id.
pub fn find(id: &str) -> Option<&'static Measure> {
    all().iter().find(|measure| measure.id == id)
}

impl Measure {
    /// The measure as a target, blanks filled.
    ///
    /// # Errors
    /// A blank that is filled with something else than it may be, in words.
    pub fn written(&self, filled: &Filled) -> Result<String, Text> {
        let quoted = |text: &str| Value::from(text.trim()).to_string();
        let force = if filled.strive { "strive for" } else { "at least" };
        let mut written = self.toml.clone();
        for blank in &self.blank {
            let value = filled.blanks.get(&blank.id).map_or(blank.value.as_str(), |value| value.trim());
            let fits = match blank.choice.as_slice() {
                [] => {
                    value.len() <= 6 && !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
                }
                choices => choices.iter().any(|choice| choice.value == value),
            };
            if !fits {
                return Err(Text::new(
                    format!("{}: hãy điền một số nguyên, hoặc chọn trong danh sách.", blank.label.vi),
                    format!("{}: fill in a whole number, or choose from the list.", blank.label.en),
                ));
            }
            written = written.replace(&format!("«{}»", blank.id), value);
        }
        for (name, value) in [
            ("id", quoted(&filled.id)),
            ("clause", quoted(&filled.clause)),
            ("name", filled.name.value()),
            ("goal", quoted(&filled.goal)),
            ("force", quoted(force)),
        ] {
            written = written.replace(&format!("«{name}»"), &value);
        }
        Ok(written)
    }

    /// What a form begins with.
    pub fn begin(&self, clause: &str) -> Filled {
        Filled {
            id: self.id.clone(),
            clause: clause.to_owned(),
            name: Words::new(self.name.vi.clone(), self.name.en.clone()),
            goal: self.goal.clone(),
            strive: self.force == "strive for",
            blanks: self.blank.iter().map(|blank| (blank.id.clone(), blank.value.clone())).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_blank_is_filled_and_what_is_filled_in_stays_what_it_is() {
        let library: Library = toml::from_str(FILE).unwrap();
        assert!(library.measure.len() >= 15 && library.measure.len() == all().len());
        for measure in all() {
            let mut filled = measure.begin("2.\"1\"");
            filled.name = Words::new("«goal» \"x\"", "");
            let written = measure.written(&filled).unwrap();
            let table: toml::Table =
                toml::from_str(&written).unwrap_or_else(|error| panic!("{}: {error}\n{written}", measure.id));
            let target = &table["target"].as_array().unwrap()[0];
            assert_eq!(target["clause"].as_str(), Some("2.\"1\""), "{}", measure.id);
            assert_eq!(target["id"].as_str(), Some(measure.id.as_str()));
            assert!(
                target["example"].as_array().is_some_and(|all| !all.is_empty()),
                "{}: no example",
                measure.id
            );
            for blank in &measure.blank {
                assert!(measure.toml.contains(&format!("«{}»", blank.id)), "{}: {}", measure.id, blank.id);
                filled.blanks.insert(blank.id.clone(), "1) or (true".into());
                assert!(measure.written(&filled).is_err(), "{}: {}", measure.id, blank.id);
                filled.blanks.insert(blank.id.clone(), blank.value.clone());
            }
        }
    }
}
