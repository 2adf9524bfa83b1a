//! The rows of a file of events: which are blank, skipped, broken, or an event of a record.

use std::collections::HashMap;
use std::rc::Rc;

use giaouoc_agreement::problem::nearest;

use super::form::Form;
use crate::check::{Checked, Checker};
use crate::decode::Row;
use crate::decode::sniff::Format;
use crate::errors::FileError;
use crate::furniture::Furniture;
use crate::keys::Skipper;
use crate::read::whole_row;
use crate::reason::Reason;
use crate::summary::BadCell;
use crate::table::Table;

/// A row of the file.
pub(super) enum Class {
    Blank,
    /// A total, a header again, a signature.
    Furniture(Furniture),
    /// By a rule of `[skip]`, or an event that does nothing.
    Skipped,
    Bad(Vec<BadCell>),
    /// An event of this record that is wrong.
    BadEvent(String, Vec<BadCell>),
    /// An event, with the entries it belongs to.
    Event(String, Rc<[usize]>),
}

/// What is needed to look at rows.
pub(super) struct Reader<'w> {
    pub(super) table: Table,
    pub(super) checker: Checker<'w>,
    skipper: Skipper,
    form: &'w Form,
    skip_others: bool,
    format: Format,
    entries: HashMap<String, Rc<[usize]>>,
}

/// The most event names remembered, so that a column that is none cannot eat the memory.
const REMEMBERED: usize = 10_000;

impl<'w> Reader<'w> {
    /// `skip_others`: events that no entry names are left out.
    pub(super) fn new(
        table: Table,
        checker: Checker<'w>,
        skipper: Skipper,
        form: &'w Form,
        (skip_others, format): (bool, Format),
    ) -> Self {
        Self { table, checker, skipper, form, skip_others, format, entries: HashMap::new() }
    }

    /// What a row is, by all but its values.
    pub(super) fn class(&mut self, row: &Row) -> Result<Class, FileError> {
        if row.broken.is_none() && row.is_blank() {
            return Ok(Class::Blank);
        }
        if row.broken.is_none() && self.skipper.skips(row) {
            return Ok(Class::Skipped);
        }
        if row.broken.is_none()
            && let Some(furniture) = self.table.furniture(row, self.format)
        {
            return Ok(Class::Furniture(furniture));
        }
        let shape = row.broken.clone().or_else(|| self.table.misshapen(row, self.format, &self.form.mapping));
        if let Some(reason) = shape {
            return Ok(Class::Bad(vec![whole_row(reason)]));
        }
        let name = match self.checker.one(self.form.name, row)? {
            Ok(Checked::Unknown) => Err(self.checker.bad_at(self.form.name, row, Reason::required())),
            Ok(Checked::Text(name)) => Ok(name.into_owned()),
            Ok(other) => Ok(format!("{other:?}")),
            Err(cell) => Err(cell),
        };
        let key = match self.checker.one(self.form.kind.key, row)? {
            Ok(Checked::Text(key)) => Ok(key.into_owned()),
            Ok(_) => Err(self.checker.bad_at(self.form.kind.key, row, Reason::required())),
            Err(cell) => Err(cell),
        };
        let entries = match name {
            Ok(name) => match self.entries(&name) {
                Some(entries) if entries.iter().any(|at| self.form.whens[*at].when.acts()) => Ok(entries),
                Some(_) => return Ok(Class::Skipped),
                None if self.skip_others => return Ok(Class::Skipped),
                None => {
                    let near = nearest(&name, self.form.known());
                    Err(self.checker.bad_at(self.form.name, row, Reason::unknown_event(near)))
                }
            },
            Err(cell) => Err(cell),
        };
        Ok(match (key, entries) {
            (Ok(key), Ok(entries)) => Class::Event(key, entries),
            (Ok(key), Err(cell)) => Class::BadEvent(key, vec![cell]),
            (Err(cell), Ok(_)) => Class::Bad(vec![cell]),
            (Err(cell), Err(other)) => Class::Bad(vec![cell, other]),
        })
    }

    fn entries(&mut self, name: &str) -> Option<Rc<[usize]>> {
        if let Some(entries) = self.entries.get(name) {
            return Some(Rc::clone(entries));
        }
        let entries: Rc<[usize]> = self.form.entries(name)?.into();
        if self.entries.len() < REMEMBERED {
            self.entries.insert(name.to_owned(), Rc::clone(&entries));
        }
        Some(entries)
    }
}
