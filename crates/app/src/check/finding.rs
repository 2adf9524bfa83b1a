//! What was found in records: a question, how many records it is about, and some of them as evidence.

use std::collections::BTreeMap;

use giaouoc_agreement::cluster::Cluster;
use giaouoc_agreement::text::Text;
use serde::Serialize;

/// A question about records.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Stable name of the sort of question (`docs/checks.md`).
    pub code: String,
    /// The kind's id; nothing where it is about no kind.
    pub kind: Option<String>,
    /// How many records, months, rows of totals or files it is about.
    pub count: u64,
    /// What is asked.
    pub question: Text,
    /// What can be done.
    pub help: Option<Text>,
    /// The units it is asked of, in the order of the city's decision; then those that the cluster does not know.
    pub units: Vec<OfUnit>,
}

/// A unit's part of a finding.
#[derive(Clone, Debug, Serialize)]
pub struct OfUnit {
    /// Its code; nothing where no unit is meant.
    pub unit: Option<String>,
    /// Its name.
    pub name: Option<Text>,
    /// How many are its.
    pub count: u64,
    /// Some of them.
    pub examples: Vec<Example>,
    /// How many the examples leave out.
    pub more: u64,
}

/// One record, month, row of totals or file as evidence.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Example {
    /// Its key: of the record, of the row of totals, of the file.
    pub key: Option<String>,
    /// What is seen there.
    pub evidence: Vec<Text>,
    /// Two versions of one record, where two suppliers sent it.
    pub sides: Option<Sides>,
}

/// Two suppliers' versions of one record, side by side.
#[derive(Clone, Debug, Serialize)]
pub struct Sides {
    /// Who supplies the version that counts.
    pub counts: Text,
    /// Who sent the other one, and in which file.
    pub other: Text,
    /// The columns that differ.
    pub columns: Vec<Side>,
}

/// One column that differs.
#[derive(Clone, Debug, Serialize)]
pub struct Side {
    /// The column's id.
    pub column: String,
    /// Its label.
    pub label: Text,
    /// What counts; nothing when unknown.
    pub counts: Option<String>,
    /// What the other one says; nothing when unknown.
    pub other: Option<String>,
}

/// Counts of one question by unit, with the first examples of each.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    units: BTreeMap<Option<String>, Counted>,
}

#[derive(Clone, Debug, Default)]
struct Counted {
    count: u64,
    /// How many the examples stand for.
    shown: u64,
    examples: Vec<Example>,
}

impl Tally {
    /// Whether the next example of a unit is still wanted.
    pub fn wants(&self, unit: Option<&str>, examples: usize) -> bool {
        // A look-up by a borrowed form of the key is not to be had for an optional text.
        match self.units.get(&unit.map(str::to_owned)) {
            Some(held) => held.examples.len() < examples,
            None => examples > 0,
        }
    }

    /// Counts some of a unit.
    pub fn add(&mut self, unit: Option<&str>, count: u64) {
        self.units.entry(unit.map(str::to_owned)).or_default().count += count;
    }

    /// Keeps an example of a unit, while fewer than `examples` are kept.
    pub fn example(&mut self, unit: Option<&str>, examples: usize, example: Example) {
        self.example_for(unit, examples, example, 1);
    }

    /// The same for an example that stands for several.
    pub fn example_for(&mut self, unit: Option<&str>, examples: usize, example: Example, several: u64) {
        let held = self.units.entry(unit.map(str::to_owned)).or_default();
        if held.examples.len() < examples {
            held.shown += several;
            held.examples.push(example);
        }
    }

    /// The finding, or nothing when there is nothing to ask.
    pub fn finding(
        self,
        code: &str,
        kind: Option<&str>,
        question: Text,
        cluster: &Cluster,
    ) -> Option<Finding> {
        let count = self.units.values().map(|held| held.count).sum();
        let place = |code: &Option<String>| match code {
            None => usize::MAX,
            Some(code) => cluster.unit(code).unwrap_or(usize::MAX - 1),
        };
        let mut units: Vec<_> = self.units.into_iter().collect();
        units.sort_by_key(|(code, _)| place(code));
        let units = units.into_iter().map(|(unit, Counted { count, shown, examples })| {
            let known = unit.as_deref().and_then(|code| cluster.unit(code));
            let name = known.map(|at| cluster.units[at].short.clone());
            OfUnit { unit, name, count, examples, more: count.saturating_sub(shown) }
        });
        let units: Vec<OfUnit> = units.filter(|of| of.count > 0).collect();
        (count > 0).then(|| Finding {
            code: code.to_owned(),
            kind: kind.map(str::to_owned),
            count,
            question,
            help: None,
            units,
        })
    }
}

impl Finding {
    /// The same with a way out.
    pub fn help(self, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { help: Some(Text::new(vi, en)), ..self }
    }
}
