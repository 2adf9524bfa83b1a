//! What waits for a visitor to come back: a log-in begun elsewhere, a password that was right and wants its second factor, a
//! passkey being registered. Kept in memory for ten minutes, for the visitor who began it; a restart forgets it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use giaouoc_store::Micros;

/// It waits no longer than this.
pub(crate) const OPEN: Micros = 10 * 60 * 1_000_000;
/// At most so many wait.
const MOST: usize = 10_000;

/// Things that wait, each under a secret name.
pub(crate) struct Waiting<T>(Mutex<HashMap<String, Held<T>>>);

struct Held<T> {
    visitor: String,
    at: Micros,
    what: T,
}

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Waiting<T> {
    /// Keeps something for a visitor.
    pub fn put(&self, name: String, visitor: &str, at: Micros, what: T) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, held| at - held.at < OPEN);
        }
        if all.len() >= MOST {
            // Somebody begins and never comes back: the oldest goes, whoever's it is.
            let oldest = all.iter().min_by_key(|(_, held)| held.at).map(|(name, _)| name.clone());
            oldest.and_then(|name| all.remove(&name));
        }
        all.insert(name, Held { visitor: visitor.to_owned(), at, what });
    }

    /// Takes what this visitor left, once.
    pub fn take(&self, name: &str, visitor: &str, now: Micros) -> Option<T> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = all.get(name)?;
        if held.visitor != visitor {
            return None;
        }
        let fresh = now - held.at < OPEN;
        all.remove(name).filter(|_| fresh).map(|held| held.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_taken_once_by_who_left_it() {
        let all = Waiting::default();
        all.put("s".into(), "me", 0, 7);
        assert_eq!(all.take("s", "somebody else", 1), None);
        assert_eq!(all.take("t", "me", 1), None);
        assert_eq!(all.take("s", "me", 1), Some(7));
        assert_eq!(all.take("s", "me", 1), None);
        all.put("s".into(), "me", 0, 7);
        assert_eq!(all.take("s", "me", OPEN), None, "too late");
    }

    #[test]
    fn who_never_comes_back_fills_nothing() {
        let all = Waiting::default();
        for number in 0..=MOST as i64 {
            all.put(number.to_string(), "me", number, number);
        }
        assert_eq!(all.take("0", "me", MOST as i64), None);
        assert_eq!(all.take("1", "me", MOST as i64), Some(1));
    }
}
