//! Event rows (one line an event: filed, received, supplemented, extended, finished …) folded into records.
//!
//! A mapping's `[events]` says what each event does to its record. The order of rows in the file does not
//! matter: events count in the order of their times, those at one time in the order of `[[events.when]]`.
//! `docs/intake.md` has the rules.

mod fold;
mod form;
mod parse;
mod read;
mod rows;

use crate::map::Rule;

pub(crate) use parse::parse;
pub(crate) use read::read;

/// What a mapping says about a file of events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Events {
    /// The header under which events have their names.
    pub(crate) name: Rule,
    /// Where and how their times are written.
    pub(crate) time: Rule,
    /// Events that no entry names are left out instead of rejected.
    pub(crate) skip_others: bool,
    /// What events do, in the order of the file.
    pub(crate) when: Vec<When>,
}

/// What events of some names do to their record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct When {
    /// Names as the file writes them; none for every event.
    pub(crate) names: Option<Vec<String>>,
    /// Of several occurrences the last counts, not the first.
    pub(crate) last: bool,
    /// The mapping says which occurrence counts: several are no surprise.
    pub(crate) said: bool,
    /// Columns of the kind that get the event's time.
    pub(crate) sets: Vec<usize>,
    /// Columns that get a value written in the mapping, or one of the event's row.
    pub(crate) gives: Vec<(usize, Rule)>,
    /// A column of pauses in which one begins.
    pub(crate) begins: Option<usize>,
    /// A column of pauses in which one ends.
    pub(crate) ends: Option<usize>,
    /// A column of due-date changes, where the new due date stands, and why.
    pub(crate) changes: Option<(usize, Rule, Option<Rule>)>,
}

impl When {
    /// Whether it does anything: an event may be known and without effect.
    pub(crate) fn acts(&self) -> bool {
        !self.columns().is_empty()
    }

    /// Columns of the kind that it fills.
    pub(crate) fn columns(&self) -> Vec<usize> {
        let gives = self.gives.iter().map(|(column, _)| *column);
        let lists = [self.begins, self.ends, self.changes.as_ref().map(|(column, ..)| *column)];
        self.sets.iter().copied().chain(gives).chain(lists.into_iter().flatten()).collect()
    }
}
