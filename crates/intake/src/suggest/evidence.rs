//! What the cells under one header show.

use std::collections::HashMap;

use giaouoc_agreement::limit::TimeLimit;
use giaouoc_worktime::time::Moment;
use giaouoc_worktime::zone::Zone;

use crate::check::{DateFault, integer_of, moment_of};
use crate::decode::Cell;
use crate::fold::{clean_name, cut};

/// Different values remembered of a header: more are no list of codes.
pub(super) const DISTINCT: usize = 100;
/// Values shown.
const SAMPLES: usize = 3;
/// Characters of all values shown, unless the first alone has more.
const ROOM: usize = 44;
/// Characters shown of a value.
const SHOWN: usize = 32;

/// What was seen of one header.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) filled: u64,
    /// Values and how often they occur, in the order in which they came.
    pub(super) values: Vec<(String, u64)>,
    places: HashMap<String, usize>,
    /// There are more values than are remembered.
    pub(super) more: bool,
    /// No value occurs twice, as far as they are remembered.
    pub(super) dates: Dates,
    pub(super) limits: u64,
    pub(super) no_limit: u64,
    pub(super) no_limit_example: Option<String>,
    /// Whole numbers, and time limits that count working days.
    pub(super) working_days: u64,
    pub(super) integers: u64,
    pub(super) no_integer_example: Option<String>,
}

/// What the dates under a header prove.
#[derive(Clone, Debug, Default)]
pub(super) struct Dates {
    /// Dates, by how they are written.
    pub(super) year_first: u64,
    pub(super) compact: u64,
    /// `25/12/2020`: only the day can stand first.
    pub(super) day_first: u64,
    /// `12/25/2020`: only the month can stand first.
    pub(super) month_first: u64,
    /// `05/03/2020`: either.
    pub(super) either: u64,
    /// Date cells of a format that has them.
    pub(super) cells: u64,
    /// Bare numbers that could be Excel's.
    pub(super) numbers: u64,
    /// What is no date.
    pub(super) other: u64,
    pub(super) other_example: Option<String>,
    /// Times without an offset.
    pub(super) zoneless: u64,
}

impl Dates {
    /// Cells that are dates in some way.
    pub(super) fn read(&self) -> u64 {
        self.year_first + self.compact + self.day_first + self.month_first + self.either + self.cells
    }
}

impl Evidence {
    pub(super) fn add(&mut self, cell: Cell<'_>, zone: &Zone) {
        if cell.is_blank() {
            return;
        }
        self.filled += 1;
        let text = cell.text();
        let name = clean_name(&text);
        match self.places.get(name.as_ref()) {
            Some(at) => self.values[*at].1 += 1,
            None if self.values.len() < DISTINCT => {
                self.places.insert(name.clone().into_owned(), self.values.len());
                self.values.push((name.clone().into_owned(), 1));
            }
            None => self.more = true,
        }
        let limit = TimeLimit::read(&name);
        let counted = limit.is_ok_and(|limit| limit.working_days().is_some());
        self.working_days += u64::from(counted || integer_of(cell));
        match limit {
            Ok(_) => self.limits += 1,
            Err(_) => {
                self.no_limit += 1;
                self.no_limit_example.get_or_insert_with(|| cut(&name, SHOWN));
            }
        }
        match integer_of(cell) {
            true => self.integers += 1,
            false => {
                self.no_integer_example.get_or_insert_with(|| cut(&name, SHOWN));
            }
        }
        self.dates.add(cell, &name, zone);
    }

    /// The first values, as many as go on a line.
    pub(super) fn samples(&self) -> Vec<String> {
        let mut room = ROOM;
        let mut samples: Vec<String> = Vec::new();
        for (value, _) in self.values.iter().take(SAMPLES) {
            let sample = cut(value, SHOWN);
            let length = sample.chars().count();
            if length > room && !samples.is_empty() {
                break;
            }
            room = room.saturating_sub(length);
            samples.push(sample);
        }
        samples
    }

    /// Whether every cell holds a value of its own, as a key does.
    pub(super) fn is_unique(&self, rows: u64) -> bool {
        self.filled == rows && self.values.iter().all(|(_, count)| *count == 1)
    }
}

impl Dates {
    fn add(&mut self, cell: Cell<'_>, text: &str, zone: &Zone) {
        match cell {
            Cell::Day(_) => self.cells += 1,
            Cell::Instant(_) => self.cells += 1,
            Cell::Local(..) => {
                self.cells += 1;
                self.zoneless += 1;
            }
            Cell::Number(_) => self.numbers += 1,
            Cell::Text(_) => self.text(text, zone),
            _ => self.not(text),
        }
    }

    fn not(&mut self, text: &str) {
        self.other += 1;
        self.other_example.get_or_insert_with(|| cut(text, SHOWN));
    }

    fn text(&mut self, text: &str, zone: &Zone) {
        let timed = match moment_of(text, zone) {
            Ok(moment) => matches!(moment, Moment::Instant(_)),
            Err(DateFault::MonthFirst) => {
                self.month_first += 1;
                self.zoneless += u64::from(text.contains(':'));
                return;
            }
            Err(DateFault::Reason(_)) => return self.not(text),
        };
        let groups: Vec<u32> = text
            .split(|c: char| !c.is_ascii_digit())
            .filter(|group| !group.is_empty())
            .take(3)
            .map(|group| group.parse().unwrap_or(u32::MAX))
            .collect();
        match groups.as_slice() {
            [first, ..] if *first > 9_999 => self.compact += 1,
            [first, ..] if *first > 31 => self.year_first += 1,
            [first, ..] if *first > 12 => self.day_first += 1,
            _ => self.either += 1,
        }
        let offset = text.ends_with(['Z', 'z'])
            || text.contains('+')
            || text.rfind('-').is_some_and(|at| text[..at].contains(':'));
        if timed && !offset {
            self.zoneless += 1;
        }
    }
}
