//! The rules of the journal once more, plainly: a map from keys to values, copied at every entry.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::PERSON;
use super::support::{Known, Row};

/// What is live of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    pub row: Row,
    /// The unit that supplies it.
    pub owner: Option<String>,
    /// When the source wrote the file that it came in; nothing when it came in none.
    pub exported: Option<i64>,
}

/// Who touched a record last.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Touch {
    entry: usize,
    undo: bool,
}

/// What an entry did: of each record it touched, what was live before and after.
#[derive(Clone, Debug, Default)]
pub struct Did {
    pub changes: BTreeMap<String, (Option<Row>, Option<Row>)>,
    /// When what was live before was exported.
    exported: BTreeMap<String, Option<i64>>,
    /// As of when what it withdrew is gone; nothing when it did not say.
    gone: Option<i64>,
    /// The entry that it undid.
    undid: Option<usize>,
    /// Who supplies what it brought, as it is now: transfers move it.
    owner: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub withdrawn: u64,
    pub rejected: u64,
}

/// One upload as the model needs it.
#[derive(Clone, Debug)]
pub struct Given {
    pub namespace: Option<String>,
    pub columns: BTreeSet<usize>,
    pub rows: BTreeMap<String, Row>,
    /// When its source wrote it, if that was said.
    pub exported: Option<i64>,
    /// Of which unit's records it is all; the place of the unit column comes first.
    pub replace: Option<(usize, String)>,
}

/// Everything that is and was live.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// After how many entries → what was live.
    pub states: Vec<BTreeMap<String, Live>>,
    /// What each entry did.
    pub entries: Vec<Did>,
    touched: BTreeMap<String, Touch>,
    now: BTreeMap<String, Live>,
    /// Records that are not live any more: the entry that withdrew them.
    gone: BTreeMap<String, usize>,
    /// What each commitment commits to; nothing when that was erased.
    pub values: BTreeMap<[u8; 32], Option<String>>,
}

impl Model {
    pub fn new() -> Self {
        Self { states: vec![BTreeMap::new()], ..Self::default() }
    }

    pub fn live(&self) -> &BTreeMap<String, Live> {
        &self.now
    }

    fn close(&mut self, did: Did, undo: bool) {
        for (key, (_, after)) in &did.changes {
            self.touched.insert(key.clone(), Touch { entry: self.entries.len(), undo });
            match after {
                None => self.gone.insert(key.clone(), self.entries.len()),
                Some(_) => self.gone.remove(key),
            };
        }
        self.entries.push(did);
        self.states.push(self.now.clone());
    }

    /// An entry that brings and takes back nothing of this kind.
    pub fn nothing(&mut self) {
        self.close(Did::default(), false);
    }

    /// What a row of an upload makes of a record that is live: columns that the upload has not are as they were, and
    /// so is the commitment of a personal value that is as it was.
    fn after(&self, given: &Given, key: &str, row: &Row) -> Row {
        let mut after = row.clone();
        let Some(live) = self.now.get(key) else { return after };
        let kept = live.row.iter().filter(|(at, _)| !given.columns.contains(at));
        after.extend(kept.map(|(at, value)| (*at, value.clone())));
        if let (Some(Known::Text(name)), Some(Known::Commitment(before))) =
            (row.get(&PERSON), live.row.get(&PERSON))
            && self.values[before].as_ref() == Some(name)
        {
            after.insert(PERSON, Known::Commitment(*before));
        }
        after
    }

    /// As of when an entry withdrew. Undoing an undo makes gone again what was gone before that undo.
    fn gone_since(&self, entry: usize) -> Option<i64> {
        match self.entries[entry].undid {
            None => self.entries[entry].gone,
            Some(undone) => self.gone_since(self.entries[undone].undid?),
        }
    }

    /// The keys that an upload may not bring.
    pub fn refused(&self, given: &Given) -> BTreeSet<String> {
        let older = |stands: Option<i64>| matches!((given.exported, stands), (Some(a), Some(b)) if a < b);
        let refused = |(key, row): &(&String, &Row)| match (self.now.get(*key), self.gone.get(*key)) {
            (Some(live), _) => {
                live.owner != given.namespace
                    || older(live.exported) && self.after(given, key, row) != live.row
            }
            (None, Some(&by)) => self.entries[by].owner == given.namespace && older(self.gone_since(by)),
            (None, None) => false,
        };
        given.rows.iter().filter(refused).map(|(key, _)| key.clone()).collect()
    }

    /// An upload without the records that are refused, made at a time. `fresh` are the commitments of the records
    /// that it brought: those of values that are new must be new themselves.
    pub fn upload(&mut self, given: &Given, at: i64, fresh: &BTreeMap<String, [u8; 32]>) -> Tally {
        let refused = self.refused(given);
        let mut tally = Tally { rejected: refused.len() as u64, ..Tally::default() };
        let exported = Some(given.exported.unwrap_or(at));
        let mut did = Did { owner: given.namespace.clone(), gone: exported, ..Did::default() };
        for (key, row) in given.rows.iter().filter(|(key, _)| !refused.contains(*key)) {
            let before = self.now.get(key).map(|live| live.row.clone());
            let mut after = self.after(given, key, row);
            if before.as_ref() == Some(&after) {
                tally.unchanged += 1;
                continue;
            }
            if let Some(Known::Text(name)) = after.get(&PERSON).cloned() {
                let commitment = fresh[key];
                let known = self.values.insert(commitment, Some(name));
                assert_eq!(known, None, "a new value of {key} has a commitment of an earlier one");
                after.insert(PERSON, Known::Commitment(commitment));
            }
            *if before.is_some() { &mut tally.changed } else { &mut tally.new } += 1;
            let live = Live { row: after.clone(), owner: given.namespace.clone(), exported };
            if let Some(before) = self.now.insert(key.clone(), live) {
                did.exported.insert(key.clone(), before.exported);
            }
            did.changes.insert(key.clone(), (before, Some(after)));
        }
        if let Some((unit, named)) = &given.replace {
            let missing = |(key, live): &(&String, &Live)| {
                let covered = live.row.get(unit) == Some(&Known::Text(named.clone()));
                let newer = matches!((given.exported, live.exported), (Some(a), Some(b)) if a < b);
                live.owner == given.namespace && covered && !newer && !given.rows.contains_key(*key)
            };
            let missing: Vec<String> = self.now.iter().filter(missing).map(|(key, _)| key.clone()).collect();
            for key in missing {
                let before = self.now.remove(&key).expect("live");
                did.exported.insert(key.clone(), before.exported);
                did.changes.insert(key, (Some(before.row), None));
                tally.withdrawn += 1;
            }
        }
        self.close(did, false);
        tally
    }

    /// Erases what is personal in all versions of some records; gives how many values that were. No entry is made
    /// when there were none.
    pub fn erase(&mut self, keys: &BTreeSet<String>) -> u64 {
        let brought = self.entries.iter().flat_map(|did| &did.changes);
        let of_keys =
            brought.filter(|(key, _)| keys.contains(*key)).filter_map(|(_, (_, after))| after.as_ref());
        let mut erased = 0;
        for row in of_keys {
            if let Some(Known::Commitment(commitment)) = row.get(&PERSON) {
                erased += u64::from(self.values.insert(*commitment, None).flatten().is_some());
            }
        }
        if erased > 0 {
            self.nothing();
        }
        erased
    }

    /// Withdraws those of the keys that are live and the namespace's.
    pub fn withdraw(&mut self, namespace: Option<&str>, keys: &BTreeSet<String>, at: i64) {
        let mut did = Did { owner: namespace.map(str::to_owned), gone: Some(at), ..Did::default() };
        for key in keys {
            if self.now.get(key).is_some_and(|live| live.owner.as_deref() == namespace) {
                let before = self.now.remove(key).expect("live");
                did.exported.insert(key.clone(), before.exported);
                did.changes.insert(key.clone(), (Some(before.row), None));
            }
        }
        self.close(did, false);
    }

    /// Undoes an entry; gives the keys that stay as they are.
    pub fn undo(&mut self, of: usize) -> BTreeSet<String> {
        let undone = self.entries[of].clone();
        let mut did = Did { owner: undone.owner.clone(), undid: Some(of), ..Did::default() };
        let mut left = BTreeSet::new();
        for (key, (before, after)) in &undone.changes {
            let touch = self.touched[key];
            let same = match (self.now.get(key), after) {
                (None, None) => true,
                (Some(live), Some(after)) => live.row == *after && live.owner == undone.owner,
                _ => false,
            };
            if !same || touch.entry != of && !touch.undo {
                left.insert(key.clone());
                continue;
            }
            let was = match before {
                None => self.now.remove(key),
                Some(row) => {
                    let exported = undone.exported[key];
                    let live = Live { row: row.clone(), owner: undone.owner.clone(), exported };
                    self.now.insert(key.clone(), live)
                }
            };
            if let Some(was) = was {
                did.exported.insert(key.clone(), was.exported);
            }
            did.changes.insert(key.clone(), (after.clone(), before.clone()));
        }
        self.close(did, true);
        left
    }

    /// Who supplies what an entry brought.
    pub fn owner(&self, entry: usize) -> Option<String> {
        self.entries[entry].owner.clone()
    }

    pub fn transfer(&mut self, from: Option<&str>, to: Option<&str>) {
        for live in self.now.values_mut().filter(|live| live.owner.as_deref() == from) {
            live.owner = to.map(str::to_owned);
        }
        for did in self.entries.iter_mut().filter(|did| did.owner.as_deref() == from) {
            did.owner = to.map(str::to_owned);
        }
        self.nothing();
    }
}
