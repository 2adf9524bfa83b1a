//! Cells into typed values, one row at a time, every fault with its reason.

mod code;
mod date;
mod iso;
mod list;
mod number;
mod original;
mod spoken;
mod value;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use giaouoc_agreement::kind::{Column, ColumnType, Kind};
use giaouoc_worktime::time::{Day, Moment};
use giaouoc_worktime::zone::Zone;

use crate::decode::{Cell, Row};
use crate::errors::FileError;
use crate::fold::{clean_name, cut, fold};
use crate::header::{Binding, Bound};
use crate::map::{DateFormat, Mapping, Numbers, Others, Rule};
use crate::quick::BuildQuick;
use crate::reason::Reason;
use crate::summary::BadCell;
use crate::units::Units;
pub(crate) use code::Codes;
pub(crate) use date::DateFault;
pub(crate) use list::Interval;
pub(crate) use value::Checked;

/// Longest value quoted in a reject.
const SHOWN: usize = 80;

/// A date in text, with the day first unless it cannot be.
pub(crate) fn moment_of(text: &str, zone: &Zone) -> Result<Moment, DateFault> {
    date::moment(text, DateFormat::Found, zone)
}

/// Whether a cell is a whole number.
pub(crate) fn integer_of(cell: Cell<'_>) -> bool {
    match cell {
        Cell::Number(text) => number::stored_integer(text).is_ok(),
        Cell::Text(text) => number::integer_in(&clean_name(text), None).is_ok(),
        _ => false,
    }
}

/// What the checks need besides the row.
pub(crate) struct Context<'a> {
    pub(crate) kind: &'a Kind,
    pub(crate) mapping: &'a Mapping,
    pub(crate) units: &'a Units,
    /// Of times without an offset, where the mapping names no other.
    pub(crate) zone: &'a Zone,
    /// Numbers in date columns may be Excel's serial numbers.
    pub(crate) serials: bool,
    /// The workbook counts its days from 1904.
    pub(crate) since_1904: bool,
    /// What the first pass has found out about how numbers are written.
    pub(crate) numbers: Notations,
}

/// How the numbers of a file are written, as far as they prove it: by index of the kind's column.
pub(crate) type Notations = BTreeMap<usize, number::Evidence>;

/// Checks rows of one file.
pub(crate) struct Checker<'a> {
    context: Context<'a>,
    columns: Vec<Place<'a>>,
    /// Which of them is the key.
    key: Option<usize>,
    /// Which of them is the kind's date, when a code list is dated.
    date: Option<usize>,
    names: Vec<String>,
}

/// One column to be filled.
struct Place<'a> {
    column: &'a Column,
    index: usize,
    sources: Vec<usize>,
    rule: Option<&'a Rule>,
    zone: &'a Zone,
    /// How its numbers are written, where that is known.
    numbers: Option<Numbers>,
    required: bool,
    is_name: bool,
    /// Its values are codes: the key, the unit, those of a list, or the keys of another kind.
    is_code: bool,
    is_key: bool,
    is_unit: bool,
    /// The number of working days of a time limit in words; other limits leave it unknown.
    derived: bool,
    /// Cells left unknown because they are no time limit.
    unread: u64,
    codes: Option<Codes<'a>>,
    /// What became of the cells of a column of units, undated codes or time limits, by their texts.
    seen: HashMap<String, Result<Checked<'static>, Reason>, BuildQuick>,
}

/// Whether a column of text holds codes, by its id: it has the name of a kind, to whose key it refers (`procedure`,
/// `plan`), or says so (`position_code`).
fn refers(id: &str) -> bool {
    id.ends_with("_code") || giaouoc_agreement::kinds::find(id).is_some()
}

/// The most values remembered for a column, so that a column of codes that is none cannot eat the memory.
const REMEMBERED: usize = 10_000;

/// What became of a row.
pub(crate) enum Outcome<'r> {
    /// One value for each bound column.
    Good(Vec<Checked<'r>>),
    /// The cells that are wrong.
    Bad(Vec<BadCell>),
}

impl<'a> Checker<'a> {
    pub(crate) fn new(context: Context<'a>, binding: &Binding) -> Result<Self, FileError> {
        let kind = context.kind;
        let mut columns = Vec::new();
        // A column's own numbers prove its notation, or else those of all other columns.
        let file = context.numbers.values().copied().fold(Default::default(), number::Evidence::join);
        for Bound { column: index, sources, derived } in &binding.bound {
            let column = &kind.columns[*index];
            // What is derived reads the cells of another column by the rule of that one.
            let rule = context.mapping.rule(derived.unwrap_or(*index));
            let zone = rule.and_then(|rule| rule.zone.as_ref()).or(context.mapping.zone.as_ref());
            let own = context.numbers.get(index).copied().unwrap_or_default();
            let stated = rule.and_then(|rule| rule.numbers).or(context.mapping.numbers);
            let (is_key, is_unit) = (*index == kind.key, *index == kind.unit);
            columns.push(Place {
                column,
                index: *index,
                sources: sources.clone(),
                rule,
                zone: zone.unwrap_or(context.zone),
                numbers: stated.or_else(|| if own.is_there() { own } else { file }.proved()),
                required: column.required || is_key || is_unit,
                is_name: is_key || is_unit || matches!(column.ty, ColumnType::Code(_)),
                is_code: is_key
                    || is_unit
                    || matches!(column.ty, ColumnType::Code(_))
                    || column.ty == ColumnType::Text && refers(&column.id),
                is_key,
                is_unit,
                derived: derived.is_some(),
                unread: 0,
                codes: match &column.ty {
                    ColumnType::Code(list) => Some(Codes::new(list)),
                    _ => None,
                },
                seen: HashMap::default(),
            });
        }
        let dated = columns.iter().any(|place| place.codes.as_ref().is_some_and(Codes::dated));
        let mut checker = Self {
            key: columns.iter().position(|place| place.is_key),
            date: columns.iter().position(|place| dated && place.index == kind.date),
            context,
            columns,
            names: binding.names.clone(),
        };
        checker.check_constants()?;
        Ok(checker)
    }

    /// A constant that is wrong is wrong in every row: it is the mapping's fault, not the rows'.
    fn check_constants(&mut self) -> Result<(), FileError> {
        let row = Row::default();
        for at in 0..self.columns.len() {
            let Some(constant) = self.columns[at].rule.and_then(|rule| rule.constant.clone()) else {
                continue;
            };
            if let Err(fault) = self.value(at, &row, None) {
                let reason = match fault {
                    DateFault::Reason(reason) => reason.text,
                    DateFault::MonthFirst => Reason::no_such_day().text,
                };
                let column = self.columns[at].column.id.clone();
                return Err(FileError::BadConstant { column, value: constant, reason });
            }
        }
        Ok(())
    }

    /// Checks one row.
    ///
    /// # Errors
    /// When a date shows that its whole column is ambiguous.
    pub(crate) fn row<'r>(&mut self, row: &'r Row) -> Result<Outcome<'r>, FileError>
    where
        'a: 'r,
    {
        let on = self.record_day(row);
        let mut values = Vec::with_capacity(self.columns.len());
        let mut bad = Vec::new();
        for at in 0..self.columns.len() {
            match self.value(at, row, on) {
                Ok(Checked::Unknown) if self.columns[at].required => {
                    bad.push(self.bad(at, row, Reason::required()))
                }
                Ok(value) => values.push(value),
                // The column that it is derived from says what is wrong.
                Err(DateFault::Reason(_)) if self.columns[at].derived => values.push(Checked::Unknown),
                Err(DateFault::Reason(reason)) => bad.push(self.bad(at, row, reason)),
                Err(DateFault::MonthFirst) => return Err(self.ambiguous(at, row)),
            }
        }
        Ok(if bad.is_empty() { Outcome::Good(values) } else { Outcome::Bad(bad) })
    }

    /// The value of one column of the kind in a row, whether it is required or not; unknown when the file has
    /// not got it.
    ///
    /// # Errors
    /// When a date shows that its whole column is ambiguous.
    pub(crate) fn one<'r>(
        &mut self,
        column: usize,
        row: &'r Row,
    ) -> Result<Result<Checked<'r>, BadCell>, FileError>
    where
        'a: 'r,
    {
        let Some(at) = self.place_of(column) else { return Ok(Ok(Checked::Unknown)) };
        match self.value(at, row, None) {
            Ok(value) => Ok(Ok(value)),
            Err(DateFault::Reason(_)) if self.columns[at].derived => Ok(Ok(Checked::Unknown)),
            Err(DateFault::Reason(reason)) => Ok(Err(self.bad(at, row, reason))),
            Err(DateFault::MonthFirst) => Err(self.ambiguous(at, row)),
        }
    }

    /// A fault of one column of the kind in a row.
    pub(crate) fn bad_at(&self, column: usize, row: &Row, reason: Reason) -> BadCell {
        match self.place_of(column) {
            Some(at) => self.bad(at, row, reason),
            None => BadCell {
                column: self.context.kind.columns[column].id.clone(),
                header: String::new(),
                value: String::new(),
                reason,
            },
        }
    }

    fn place_of(&self, column: usize) -> Option<usize> {
        self.columns.iter().position(|place| place.index == column)
    }

    fn ambiguous(&self, at: usize, row: &Row) -> FileError {
        let cell = self.bad(at, row, Reason::no_such_day());
        FileError::AmbiguousDates {
            column: cell.column,
            header: cell.header,
            row: row.number,
            value: cell.value,
        }
    }

    /// Keeps in mind what the numbers of a row prove about how numbers are written.
    pub(crate) fn observe(&self, row: &Row, numbers: &mut Notations) {
        for (at, place) in self.columns.iter().enumerate() {
            if place.column.ty == ColumnType::Integer
                && let Some(Cell::Text(text)) = self.source(at, row).map(|source| row.cell(source))
                && text.bytes().any(|byte| matches!(byte, b'.' | b','))
            {
                numbers.entry(place.index).or_default().add(&clean_name(text));
            }
        }
    }

    /// The columns whose notation of numbers matters and is known without having been stated, and whether it
    /// is the Vietnamese one.
    pub(crate) fn notations(&self) -> Vec<(String, bool)> {
        let stated =
            |place: &Place<'_>| place.rule.and_then(|rule| rule.numbers).or(self.context.mapping.numbers);
        let met =
            |place: &&Place<'_>| self.context.numbers.contains_key(&place.index) && stated(place).is_none();
        let known = self.columns.iter().filter(met);
        known
            .filter_map(|place| Some((place.column.id.clone(), place.numbers? == Numbers::Vietnamese)))
            .collect()
    }

    /// The key of a row, when it has one.
    pub(crate) fn key<'r>(&mut self, row: &'r Row) -> Option<Cow<'r, str>>
    where
        'a: 'r,
    {
        match self.value(self.key?, row, None) {
            Ok(Checked::Text(key)) => Some(key),
            _ => None,
        }
    }

    /// A fault of the key, for rows whose key occurs again.
    pub(crate) fn bad_key(&self, row: &Row, reason: Reason) -> Option<BadCell> {
        self.key.map(|at| self.bad(at, row, reason))
    }

    /// Columns of the file that the key comes from.
    pub(crate) fn key_sources(&self) -> &[usize] {
        self.key.map(|at| self.columns[at].sources.as_slice()).unwrap_or_default()
    }

    fn record_day(&mut self, row: &Row) -> Option<Day> {
        let at = self.date?;
        match self.value(at, row, None).ok()? {
            Checked::Day(day) | Checked::Moment(Moment::Day(day)) => Some(day),
            Checked::Moment(Moment::Instant(instant)) => Some(self.columns[at].zone.day_of(instant)),
            _ => None,
        }
    }

    /// Which of a column's sources counts in a row: the first that is filled.
    fn source(&self, at: usize, row: &Row) -> Option<usize> {
        self.columns[at].sources.iter().copied().find(|source| !row.cell(*source).is_blank())
    }

    fn bad(&self, at: usize, row: &Row, reason: Reason) -> BadCell {
        let place = &self.columns[at];
        let source = self.source(at, row).or(place.sources.first().copied());
        BadCell {
            column: place.column.id.clone(),
            header: source.map(|source| self.names[source].clone()).unwrap_or_default(),
            value: source.map(|source| cut(&row.cell(source).text(), SHOWN)).unwrap_or_default(),
            reason,
        }
    }

    /// The value of one column in a row.
    fn value<'r>(&mut self, at: usize, row: &'r Row, on: Option<Day>) -> Result<Checked<'r>, DateFault>
    where
        'a: 'r,
    {
        let context = &self.context;
        let place = &mut self.columns[at];
        let cells = place.sources.iter().map(|source| row.cell(*source));
        let mut cell = cells.into_iter().find(|cell| !cell.is_blank()).unwrap_or(Cell::Blank);
        if let Some(rule) = place.rule {
            if rule.filled {
                return Ok(Checked::Flag(!cell.is_blank()));
            }
            if let Some(constant) = &rule.constant {
                cell = Cell::Text(constant);
            }
            if let Some(values) = &rule.values
                && (!cell.is_blank() || values.exact.contains_key(""))
            {
                let text = cell.text();
                let name = clean_name(&text);
                let meant = values.exact.get(name.as_ref()).or_else(|| values.folded.get(&fold(&name)));
                cell = match (meant, values.others) {
                    (Some(meant), _) => Cell::Text(meant),
                    (None, Others::Keep) => cell,
                    (None, Others::Unknown) => Cell::Blank,
                    (None, Others::Reject) => return Err(Reason::not_mapped().into()),
                };
            }
        }
        if cell.is_blank() {
            return Ok(Checked::Unknown);
        }
        if let Cell::Fault(fault) = cell {
            let uncalculated = fault == crate::decode::row::UNCALCULATED;
            let reason = if uncalculated { Reason::uncalculated() } else { Reason::cell_fault(fault) };
            return Err(reason.into());
        }
        let value = place.typed(cell, on, context);
        match value {
            Err(DateFault::Reason(_)) if place.rule.is_some_and(|rule| rule.unread) => {
                place.unread += 1;
                Ok(Checked::Unknown)
            }
            value => value,
        }
    }

    /// How many cells of each column were left unknown because they are no time limit.
    pub(crate) fn unread(&self) -> impl Iterator<Item = (&str, u64)> {
        let left = self.columns.iter().filter(|place| place.unread > 0 && !place.derived);
        left.map(|place| (place.column.id.as_str(), place.unread))
    }
}

#[cfg(test)]
mod tests;
