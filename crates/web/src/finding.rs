//! The port to the index: pages ask, the program that keeps the index answers.

use std::sync::{Arc, OnceLock};

use giaouoc_find::{Asked, Hits, Reader};
use giaouoc_store::people::Role;
use tokio::sync::Semaphore;

use crate::error::Failed;
use crate::state::State;
use crate::who::Who;

/// Who keeps the index. Calls may take as long as a disk does.
pub trait Finder: Send + Sync {
    /// What a reader finds; nothing while the index is being made.
    fn find(&self, reader: &Reader, asked: &Asked) -> Option<Hits>;
}

/// Where the index is plugged in; nothing in a site that has none.
#[derive(Clone)]
pub struct Port {
    finder: Arc<OnceLock<Arc<dyn Finder>>>,
    /// Half of the machine's cores search at the same time at most: a crowd that searches leaves the others to those who read.
    turns: Arc<Semaphore>,
}

impl Default for Port {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        Self { finder: Arc::default(), turns: Arc::new(Semaphore::new((cores / 2).max(1))) }
    }
}

impl Port {
    /// Plugs it in, once.
    pub fn set(&self, finder: Arc<dyn Finder>) {
        // A second one would be a mistake of the program; the first stays.
        let _ = self.finder.set(finder);
    }

    fn get(&self) -> Option<Arc<dyn Finder>> {
        self.finder.get().cloned()
    }
}

/// What somebody may see, by the roles that they hold today.
pub(crate) fn reader(who: &Who) -> Reader {
    let mut reader = Reader::default();
    for held in &who.roles {
        match (held.role, &held.cluster, &held.unit) {
            (Role::Admin, ..) => {}
            (Role::Board | Role::Oversight, None, _) => reader.city = true,
            (Role::Board | Role::Oversight | Role::Secretary, Some(cluster), _) => {
                reader.inside.push(cluster.clone());
                reader.desks.push(cluster.clone());
            }
            (Role::Officer | Role::Leader | Role::Staff, Some(cluster), unit) => {
                reader.inside.push(cluster.clone());
                reader.units.extend(unit.iter().map(|unit| (cluster.clone(), unit.clone())));
            }
            // A role without a cluster that is none of the city's opens nothing.
            (Role::Secretary | Role::Officer | Role::Leader | Role::Staff, None, _) => {}
        }
    }
    reader
}

/// Asks the index where waiting keeps nobody else; nothing while it is being made.
pub(crate) async fn ask(state: &State, reader: Reader, asked: Asked) -> Result<Option<Hits>, Failed> {
    let Some(finder) = state.finder.get() else { return Ok(None) };
    let internal = |error: &dyn std::fmt::Display| Failed::Internal(error.to_string());
    let turn = Arc::clone(&state.finder.turns).acquire_owned().await.map_err(|error| internal(&error))?;
    let found = tokio::task::spawn_blocking(move || {
        // It ends with the search, also where whoever asked has gone.
        let _turn = turn;
        finder.find(&reader, &asked)
    });
    found.await.map_err(|error| internal(&error))
}

#[cfg(test)]
mod tests {
    use giaouoc_agreement::text::Lang;
    use giaouoc_store::people::Held;

    use super::*;
    use crate::access::{Access, Doing, allows};

    fn who(role: Role, cluster: Option<&str>, unit: Option<&str>) -> Who {
        let held = Held {
            id: 1,
            person: 1,
            role,
            cluster: cluster.map(str::to_owned),
            unit: unit.map(str::to_owned),
            from: "2020-01-01".into(),
            to: None,
        };
        Who { roles: vec![held], ..Who::nobody(&axum::http::HeaderMap::new(), "/") }
    }

    /// What is found is what the pages' own gate lets in, for every role and scope.
    #[test]
    fn the_index_lets_in_whom_the_gate_lets_in() {
        for role in Role::ALL {
            for cluster in [None, Some("six"), Some("seven")] {
                for unit in [None, Some("one"), Some("two")] {
                    let who = who(*role, cluster, unit);
                    let found = reader(&who);
                    let inside = found.city || found.inside.contains(&"six".to_owned());
                    let of_unit = ("six".to_owned(), "one".to_owned());
                    let desk = found.city
                        || found.desks.contains(&"six".to_owned())
                        || found.units.contains(&of_unit);
                    let gate = |access, unit| allows(access, &who.roles, Some("six"), unit);
                    let said = format!("{role:?} {cluster:?} {unit:?}");
                    assert_eq!(inside, gate(Access::Inside, None), "{said}");
                    assert_eq!(desk, gate(Access::Unit(Doing::Read), Some("one")), "{said}");
                }
            }
        }
        assert_eq!(who(Role::Admin, None, None).lang, Lang::Vi);
    }
}
