//! What is asked of a unit: a signal, how often, and some records as evidence.

use giaouoc_agreement::text::Text;
use serde::Serialize;

use crate::rules::Signal;

/// A question to one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// Which signal.
    pub signal: Signal,
    /// The unit's code.
    pub unit: String,
    /// How many records (or days, or pairs) it is about.
    pub count: u64,
    /// Among how many that could have been; 0 where that says nothing.
    pub of: u64,
    /// What is seen over all of them: counts side by side.
    pub seen: Vec<Text>,
    /// Some of them.
    pub cases: Vec<Case>,
}

/// One record as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Case {
    /// Its key.
    pub key: String,
    /// What is seen there.
    pub evidence: Vec<Text>,
    /// The journal's entry that brought it, where versions are compared.
    pub entry: Option<u64>,
}

/// Counts of one signal by unit, with the first cases of each.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    units: Vec<(u64, Vec<Case>)>,
}

impl Asked {
    /// One more of a unit; the case is made only while it is wanted.
    pub fn add(&mut self, unit: usize, most: usize, case: impl FnOnce() -> Case) {
        if self.units.len() <= unit {
            self.units.resize(unit + 1, (0, Vec::new()));
        }
        if let Some((count, cases)) = self.units.get_mut(unit) {
            *count += 1;
            if cases.len() < most {
                cases.push(case());
            }
        }
    }

    /// The questions, by unit; `of` says among how many.
    pub fn questions(self, signal: Signal, units: &[String], of: impl Fn(usize) -> u64) -> Vec<Question> {
        let held = self.units.into_iter().enumerate().filter(|(_, (count, _))| *count > 0);
        held.filter_map(|(unit, (count, cases))| {
            let code = units.get(unit)?.clone();
            Some(Question { signal, unit: code, count, of: of(unit), seen: Vec::new(), cases })
        })
        .collect()
    }
}
