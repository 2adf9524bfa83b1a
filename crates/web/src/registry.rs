//! The port to what a cluster's bundle says about units, memberships, suppliers and calendars: pages ask, the program that has the
//! bundles answers.

use std::sync::{Arc, OnceLock};

use giaouoc_agreement::text::Text;

use crate::state::State;

/// What is set up about a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// The city.
    pub city: Text,
    /// The decision that lists the members.
    pub decision: Option<Text>,
    /// Where the agreement is on its way: a word of `agreement.toml`.
    pub state: Text,
    /// The day it was signed, `YYYY-MM-DD`.
    pub signed: Option<String>,
    /// Every unit that the cluster's files speak of, in the order of the city's decision.
    pub units: Vec<Unit>,
    /// Who supplies a kind for whom: unit, kind, for whom.
    pub suppliers: Vec<(Text, Text, Text)>,
    /// Its calendars: name, version, days covered, for whom.
    pub calendars: Vec<Calendar>,
    /// What is to be known of how it is set up: contradictions of sources.
    pub questions: Vec<Text>,
    /// SHA-256 of the texts that say all this: a change names the one that its person saw.
    pub seen: String,
}

/// A unit of a cluster's files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Its first day.
    pub from: Option<String>,
    /// Its last day.
    pub to: Option<String>,
    /// Place of the unit that took over its work.
    pub successor: Option<usize>,
    /// Other names and codes.
    pub aliases: Vec<String>,
    /// Its roles in the cluster: word, first day, last day.
    pub roles: Vec<(Text, String, Option<String>)>,
    /// The same roles as the file writes them, in the same order.
    pub role_ids: Vec<&'static str>,
}

/// A calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Its name.
    pub name: Text,
    /// Its id and version.
    pub version: String,
    /// SHA-256 of its days.
    pub digest: String,
    /// The first and the last day that it knows.
    pub covers: Option<(String, String)>,
    /// Codes of the units that have it; none: all others.
    pub units: Vec<String>,
}

impl Book {
    /// The units whose work a unit took over, one after the other, the oldest first; each with how it comes before.
    pub fn before(&self, at: usize) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let mut look = vec![at];
        while let Some(next) = look.pop() {
            for (place, unit) in self.units.iter().enumerate() {
                if unit.successor == Some(next) && place != at && !found.contains(&place) {
                    found.push(place);
                    look.push(place);
                }
            }
        }
        found.sort_by(|one, other| {
            let key = |at: usize| (self.units.get(at).and_then(|unit| unit.to.clone()), at);
            key(*one).cmp(&key(*other))
        });
        found
    }

    /// The units that took over a unit's work, one after the other.
    pub fn after(&self, at: usize) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let mut next = self.units.get(at).and_then(|unit| unit.successor);
        while let Some(place) = next.filter(|place| *place != at && !found.contains(place)) {
            found.push(place);
            next = self.units.get(place).and_then(|unit| unit.successor);
        }
        found
    }

    /// The place of a unit.
    pub fn unit(&self, code: &str) -> Option<usize> {
        self.units.iter().position(|unit| unit.code == code)
    }
}

/// A change of how a cluster is set up, as a form gives it. Days are `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A unit's work goes to another one from a day on; no other one: the link is taken out.
    Succession {
        /// Code of the unit.
        unit: String,
        /// Code of its successor; blank: none.
        into: String,
        /// The successor's first day with its work.
        on: String,
    },
    /// A membership, new or in the place of one of the unit's own.
    Membership {
        /// Code of the unit.
        unit: String,
        /// Which of the unit's own it replaces.
        at: Option<usize>,
        /// `member`, `head`, `deputy`.
        role: String,
        /// Its first day.
        from: String,
        /// Its last day; blank: open.
        to: String,
    },
    /// All other names of a unit.
    Aliases {
        /// Code of the unit.
        unit: String,
        /// The names.
        names: Vec<String>,
    },
    /// A unit that was not there.
    Unit {
        /// Its code.
        code: String,
        /// Its name.
        name: Text,
        /// Its short name; blank: the same.
        short: Text,
        /// Its first day; blank: nobody asks.
        from: String,
    },
    /// Another `calendar.toml`.
    Calendar {
        /// Its text.
        text: String,
    },
}

/// Why a change was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// What the check of the bundle says, each with its code; nothing was written.
    Wrong(Vec<(String, Text)>),
    /// Somebody else changed the file since it was looked at.
    Changed,
    /// The system failed: what is logged.
    Failed(String),
}

/// A day that two calendars see differently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayChange {
    /// Whose calendar: a unit's code; nothing: everybody's.
    pub unit: Option<String>,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// What it is now, and what it would be.
    pub now: Text,
    /// What it would be.
    pub then: Text,
}

/// Who has the bundles. Calls may take as long as a disk does.
pub trait Registry: Send + Sync {
    /// What is set up about a cluster; nothing where it cannot be read now.
    fn book(&self, cluster: &str) -> Option<Book>;

    /// Changes how a cluster is set up, if it is still as it was `seen` and the bundle's check finds nothing wrong, and writes the
    /// journal's entry with the name of who did it and why.
    ///
    /// # Errors
    /// Why nothing was changed.
    fn change(
        &self,
        _cluster: &str,
        _change: &Change,
        _seen: &str,
        _by: &str,
        _why: &str,
    ) -> Result<(), Refused> {
        Err(Refused::Failed("this registry only reads".to_owned()))
    }

    /// The text of a cluster's `calendar.toml`.
    fn calendar_text(&self, _cluster: &str) -> Option<String> {
        None
    }

    /// Days that another `calendar.toml` would see differently.
    ///
    /// # Errors
    /// What the check of the bundle says of it.
    fn calendar_days(&self, _cluster: &str, _text: &str) -> Result<Vec<DayChange>, Refused> {
        Err(Refused::Failed("this registry only reads".to_owned()))
    }
}

/// Where it is plugged in; nothing in a site that has none.
#[derive(Clone, Default)]
pub struct Port(Arc<OnceLock<Arc<dyn Registry>>>);

impl Port {
    /// Plugs it in, once.
    pub fn set(&self, registry: Arc<dyn Registry>) {
        // A second one would be a mistake of the program; the first stays.
        let _ = self.0.set(registry);
    }
}

/// Asks where waiting keeps nobody else.
pub(crate) async fn book(state: &State, slug: &str) -> Option<Book> {
    let registry = state.registry.0.get().cloned()?;
    let slug = slug.to_owned();
    tokio::task::spawn_blocking(move || registry.book(&slug)).await.ok().flatten()
}

/// Asks for anything else where waiting keeps nobody else; nothing in a site without a registry.
pub(crate) async fn ask<T: Send + 'static>(
    state: &State,
    what: impl FnOnce(&dyn Registry) -> T + Send + 'static,
) -> Option<T> {
    let registry = state.registry.0.get().cloned()?;
    tokio::task::spawn_blocking(move || what(registry.as_ref())).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(code: &str, to: Option<&str>, successor: Option<usize>) -> Unit {
        Unit { code: code.into(), to: to.map(str::to_owned), successor, ..Unit::default() }
    }

    #[test]
    fn a_merged_unit_is_found_from_both_ends() {
        // a and b became c, c became d; e stands alone.
        let book = Book {
            units: vec![
                unit("a", Some("2019-12-31"), Some(2)),
                unit("b", Some("2018-12-31"), Some(2)),
                unit("c", Some("2020-06-30"), Some(3)),
                unit("d", None, None),
                unit("e", None, None),
            ],
            ..Book::default()
        };
        assert_eq!(book.before(3), [1, 0, 2]);
        assert_eq!(book.before(2), [1, 0]);
        assert_eq!(book.after(0), [2, 3]);
        assert!(book.before(4).is_empty() && book.after(4).is_empty() && book.before(0).is_empty());
        assert_eq!(book.unit("d"), Some(3));
        // A circle, which the bundle's reader refuses, ends all the same.
        let circle =
            Book { units: vec![unit("x", None, Some(1)), unit("y", None, Some(0))], ..Book::default() };
        assert_eq!((circle.after(0), circle.before(0)), (vec![1], vec![1]));
    }
}
