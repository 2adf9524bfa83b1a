//! The form under which rows of events are read: the kind's own columns, and behind them columns for the
//! event's name, its time, and what entries take out of its row.

use std::collections::HashMap;

use giaouoc_agreement::kind::{Column, ColumnType, Kind};

use super::parse::column_of;
use super::{Events, When};
use crate::fold::{clean_name, fold};
use crate::map::{Mapping, Rule};

/// A kind and a mapping made for reading events, and where in them everything stands.
pub(super) struct Form {
    pub(super) kind: Kind,
    pub(super) mapping: Mapping,
    pub(super) name: usize,
    pub(super) time: usize,
    pub(super) whens: Vec<Entry>,
    /// Columns of the kind that events fill.
    pub(super) filled: Vec<usize>,
    names: Names,
}

/// An entry, with the added columns that it needs.
pub(super) struct Entry {
    pub(super) when: When,
    /// Column of the kind, and the added column that gives its value.
    pub(super) gives: Vec<(usize, usize)>,
    /// The column of changes, the added columns of the new due date and of the reason.
    pub(super) changes: Option<(usize, usize, Option<usize>)>,
}

#[derive(Default)]
struct Names {
    exact: HashMap<String, Vec<usize>>,
    folded: HashMap<String, Vec<usize>>,
    every: Vec<usize>,
}

impl Form {
    pub(super) fn new(kind: &Kind, mapping: &Mapping, events: &Events) -> Self {
        let mut form = Self {
            kind: kind.clone(),
            mapping: Mapping { events: None, ..mapping.clone() },
            name: 0,
            time: 0,
            whens: Vec::new(),
            filled: Vec::new(),
            names: Names::default(),
        };
        form.name = form.add("name", column_of(ColumnType::Text), &events.name);
        form.time = form.add("time", column_of(ColumnType::Moment), &events.time);
        for (at, when) in events.when.iter().enumerate() {
            let gives = when.gives.iter().map(|(column, rule)| {
                let like = &kind.columns[*column];
                let like =
                    Column { min: like.min, max: like.max, form: like.form, ..column_of(like.ty.clone()) };
                (*column, form.add(&kind.columns[*column].id, like, rule))
            });
            let gives = gives.collect();
            let changes = when.changes.as_ref().map(|(column, new, why)| {
                let new = form.add("new", column_of(ColumnType::Moment), new);
                (*column, new, why.as_ref().map(|why| form.add("why", column_of(ColumnType::Text), why)))
            });
            form.filled.extend(when.columns());
            form.whens.push(Entry { when: when.clone(), gives, changes });
            form.names.add(at, when);
        }
        form.filled.sort_unstable();
        form.filled.dedup();
        for column in &form.filled {
            // No header is to lead to a column that events fill.
            let column = &mut form.kind.columns[*column];
            column.id = format!("events.{}", column.id);
            column.label = giaouoc_agreement::text::Text::default();
            column.aliases.clear();
        }
        form
    }

    /// Adds a column that no header leads to: ids of kinds have no point.
    fn add(&mut self, id: &str, column: Column, rule: &Rule) -> usize {
        let at = self.kind.columns.len();
        self.kind.columns.push(Column { id: format!("events.{id}"), ..column });
        self.mapping.columns.push((at, rule.clone()));
        at
    }

    /// The entries that an event of a name belongs to; none when the name is not known.
    pub(super) fn entries(&self, name: &str) -> Option<Vec<usize>> {
        let own = self.names.exact.get(name).or_else(|| self.names.folded.get(&fold(name)));
        if own.is_none() && self.names.every.is_empty() {
            return None;
        }
        let mut all: Vec<usize> = own.into_iter().flatten().chain(&self.names.every).copied().collect();
        all.sort_unstable();
        Some(all)
    }

    /// Names that entries know.
    pub(super) fn known(&self) -> impl Iterator<Item = &str> {
        self.whens.iter().flat_map(|entry| entry.when.names.iter().flatten()).map(String::as_str)
    }
}

impl Names {
    fn add(&mut self, at: usize, when: &When) {
        let Some(names) = &when.names else {
            self.every.push(at);
            return;
        };
        for name in names {
            let exact = clean_name(name).into_owned();
            let folded = fold(&exact);
            self.exact.entry(exact).or_default().push(at);
            if !folded.is_empty() {
                self.folded.entry(folded).or_default().push(at);
            }
        }
    }
}
