//! One cell into a value of its column's type.

use std::borrow::Cow;
use std::rc::Rc;

use giaouoc_agreement::kind::{ColumnType, TextForm};
use giaouoc_agreement::limit::{NoLimit, TimeLimit};
use giaouoc_agreement::value::Change;
use giaouoc_worktime::time::{Day, Instant, MICROS_PER_SECOND, Moment};

use super::date::{self, DateFault};
use super::{Context, Interval, Place, REMEMBERED, list, number};
use crate::decode::{Cell, serial};
use crate::fold::{clean, clean_name};
use crate::map::{DateFormat, Numbers};
use crate::reason::Reason;
use crate::units::UnitMatch;

/// A value that has passed its column's checks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Checked<'r> {
    Unknown,
    Flag(bool),
    Integer(i64),
    Text(Cow<'r, str>),
    /// A code or a unit, of which there are few.
    Code(Rc<str>),
    Day(Day),
    Moment(Moment),
    Intervals(Vec<Interval>),
    Changes(Vec<Change>),
}

impl Checked<'_> {
    /// The value without ties to the row that it comes from.
    pub(crate) fn into_owned(self) -> Checked<'static> {
        match self {
            Self::Unknown => Checked::Unknown,
            Self::Flag(flag) => Checked::Flag(flag),
            Self::Integer(number) => Checked::Integer(number),
            Self::Text(text) => Checked::Text(Cow::Owned(text.into_owned())),
            Self::Code(code) => Checked::Code(code),
            Self::Day(day) => Checked::Day(day),
            Self::Moment(moment) => Checked::Moment(moment),
            Self::Intervals(list) => Checked::Intervals(list),
            Self::Changes(list) => Checked::Changes(list),
        }
    }
}

/// The text of a cell that is one; a number that is stored as such is read by other rules.
fn written(cell: Cell<'_>) -> Option<&str> {
    match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

/// A time limit in words.
fn limit(cell: Cell<'_>) -> Result<TimeLimit, Reason> {
    TimeLimit::read(&cell.text()).map_err(Reason::no_limit)
}

/// A number of working days, as a number or in words that say so. Other limits are refused: `20 ngày` is not
/// twenty working days.
fn working_days(text: &str, numbers: Option<Numbers>) -> Result<i64, Reason> {
    let number = number::integer_in(text, numbers);
    match TimeLimit::read(text) {
        Ok(TimeLimit::WorkingDays(days)) => Ok(days.into()),
        Ok(_) => Err(Reason::not_working_days()),
        Err(NoLimit::NotALimit | NoLimit::NoUnit) => number,
        Err(reason) => number.map_err(|_| Reason::no_limit(reason)),
    }
}

/// Years in which an unformatted number is believed to be a serial date. Outside them a small number in a
/// date column is likelier to be a count or a year than a day of 1905.
const SERIAL_YEARS: std::ops::RangeInclusive<i32> = 1950..=2100;

/// The first year of which a date cell of a workbook is believed. Both ways of counting days begin before it, and
/// days close to their beginnings are times without a day, or small numbers shown as dates.
const FIRST_YEAR: i32 = 1905;

/// Digits of a number that a spreadsheet keeps; it fills longer ones up with zeros.
const KEPT_DIGITS: usize = 15;

impl Place<'_> {
    pub(super) fn typed<'r>(
        &mut self,
        cell: Cell<'r>,
        on: Option<Day>,
        context: &Context<'_>,
    ) -> Result<Checked<'r>, DateFault> {
        let ty = &self.column.ty;
        if !matches!(cell, Cell::Text(_)) && matches!(ty, ColumnType::Text | ColumnType::Code(_)) {
            self.intact(cell, context)?;
        }
        Ok(match ty {
            ColumnType::Text | ColumnType::Code(_) if self.is_unit || self.codes.is_some() => {
                self.name(cell, on, context)?
            }
            ColumnType::Text if self.column.form == Some(TextForm::Limit) => {
                self.once(written(cell), |_| Ok(Checked::Code(limit(cell)?.to_string().into())))?
            }
            ColumnType::Text | ColumnType::Code(_) => self.text(cell)?,
            ColumnType::Integer if self.derived => self.once(written(cell), |_| {
                // The column of the limit itself says what is wrong with it.
                Ok(match limit(cell).ok().and_then(TimeLimit::working_days) {
                    Some(days) => Checked::Integer(days.into()),
                    None => Checked::Unknown,
                })
            })?,
            ColumnType::Integer if self.column.working_days_of.is_some() => {
                self.once(written(cell), |place| Ok(Checked::Integer(place.integer(cell)?)))?
            }
            ColumnType::Integer => Checked::Integer(self.integer(cell)?),
            ColumnType::Flag => Checked::Flag(match cell {
                Cell::Flag(flag) => flag,
                Cell::Text(text) | Cell::Number(text) => number::flag(&clean_name(text))?,
                _ => return Err(Reason::not_a_flag().into()),
            }),
            ColumnType::Date => match self.moment(cell, context)? {
                Moment::Day(day) => Checked::Day(day),
                Moment::Instant(at) => Checked::Day(self.zone.day_of(at)),
            },
            ColumnType::Moment => Checked::Moment(self.moment(cell, context)?),
            ColumnType::Intervals => match cell {
                Cell::Text(text) => {
                    Checked::Intervals(list::intervals(&clean(text), self.format(), self.zone)?)
                }
                _ => return Err(Reason::bad_intervals().into()),
            },
            ColumnType::Changes => match cell {
                Cell::Text(text) => Checked::Changes(list::changes(&clean(text), self.format(), self.zone)?),
                _ => return Err(Reason::bad_changes().into()),
            },
        })
    }

    fn format(&self) -> DateFormat {
        self.rule.map(|rule| rule.format).unwrap_or_default()
    }

    /// Refuses a code that a spreadsheet has made into something else: which code it was cannot be told.
    fn intact(&self, cell: Cell<'_>, context: &Context<'_>) -> Result<(), Reason> {
        match cell {
            // `2.001540` stored as a number has become `2.00154`.
            Cell::Number(text) if self.is_code && text.contains('.') => Err(Reason::fractional_code()),
            Cell::Number(text) if context.serials && text.len() > KEPT_DIGITS => {
                let digits = text.bytes().filter(u8::is_ascii_digit).count();
                if digits > KEPT_DIGITS && !text.contains('.') {
                    Err(Reason::rounded_number())
                } else {
                    Ok(())
                }
            }
            // `1-2` has become the first of February.
            Cell::Day(_) | Cell::Local(..) if self.is_code && context.serials => Err(Reason::date_for_code()),
            _ => Ok(()),
        }
    }

    /// Free text, or a key.
    fn text<'r>(&self, cell: Cell<'r>) -> Result<Checked<'r>, Reason> {
        Ok(Checked::Text(match cell {
            Cell::Text(text) if self.is_name => clean_name(text),
            Cell::Text(text) => clean(text),
            Cell::Number(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.text().into_owned()),
        }))
    }

    /// A unit or a code of a list.
    fn name<'r>(
        &mut self,
        cell: Cell<'r>,
        on: Option<Day>,
        context: &Context<'_>,
    ) -> Result<Checked<'r>, Reason> {
        let text = cell.text();
        let dated = self.codes.as_ref().is_some_and(super::Codes::dated);
        self.once(Some(&*text).filter(|_| !dated), |place| {
            let name = clean_name(&text);
            match &place.codes {
                Some(codes) => codes.find(&name, on).map(Checked::Code),
                None => match context.units.resolve(&name) {
                    UnitMatch::Code(code) => Ok(Checked::Code(code.into())),
                    UnitMatch::Unknown { nearest } => Err(Reason::unknown_unit(nearest.as_deref())),
                    UnitMatch::Ambiguous(codes) => Err(Reason::ambiguous_unit(&codes.join(", "))),
                },
            }
        })
    }

    /// What `find` makes of a cell, found once for each text where there is one: units, codes and time limits are few,
    /// and each stands in many rows.
    fn once<'r>(
        &mut self,
        text: Option<&str>,
        find: impl FnOnce(&Self) -> Result<Checked<'static>, Reason>,
    ) -> Result<Checked<'r>, Reason> {
        let Some(text) = text else { return find(self) };
        if let Some(found) = self.seen.get(text) {
            return found.clone();
        }
        let found = find(self);
        if self.seen.len() < REMEMBERED {
            self.seen.insert(text.to_owned(), found.clone());
        }
        found
    }

    fn integer(&self, cell: Cell<'_>) -> Result<i64, Reason> {
        let number = match cell {
            Cell::Number(text) => number::stored_integer(text)?,
            Cell::Text(text) if self.column.working_days_of.is_some() => {
                working_days(&clean_name(text), self.numbers)?
            }
            Cell::Text(text) => number::integer_in(&clean_name(text), self.numbers)?,
            _ => return Err(Reason::not_a_number()),
        };
        let (min, max) = (self.column.min, self.column.max);
        if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) {
            return Err(Reason::out_of_bounds(min, max));
        }
        Ok(number)
    }

    fn moment(&self, cell: Cell<'_>, context: &Context<'_>) -> Result<Moment, DateFault> {
        let format = self.format();
        match cell {
            Cell::Day(day) | Cell::Local(day, _) if context.serials && day.year() < FIRST_YEAR => {
                Err(Reason::time_without_day().into())
            }
            Cell::Number(text) if context.serials && (text == "0" || text.starts_with("0.")) => {
                Err(Reason::time_without_day().into())
            }
            Cell::Day(day) => Ok(Moment::Day(day)),
            Cell::Instant(at) => Ok(Moment::Instant(at)),
            Cell::Local(day, micros) => Ok(self.local(day, micros)?),
            Cell::Text(text) => {
                let text = clean_name(text);
                match self.serial(&text, format == DateFormat::Excel, context) {
                    Some(moment) => Ok(moment?),
                    None => date::moment(&text, format, self.zone),
                }
            }
            Cell::Number(text) => {
                match self.serial(text, context.serials || format == DateFormat::Excel, context) {
                    Some(moment) => Ok(moment?),
                    None => date::moment(text, format, self.zone),
                }
            }
            _ => Err(Reason::bad_date().into()),
        }
    }

    /// A serial number, where one is allowed and this is one.
    fn serial(&self, text: &str, allowed: bool, context: &Context<'_>) -> Option<Result<Moment, Reason>> {
        if !allowed || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return None;
        }
        let (day, micros) = serial::serial(text, context.since_1904)?;
        let stated = self.format() == DateFormat::Excel;
        if !stated && !SERIAL_YEARS.contains(&day.year()) {
            return Some(Err(Reason::plain_number()));
        }
        Some(if micros == 0 { Ok(Moment::Day(day)) } else { self.local(day, micros) })
    }

    fn local(&self, day: Day, micros: i64) -> Result<Moment, Reason> {
        let seconds = u32::try_from(micros / MICROS_PER_SECOND).map_err(|_| Reason::no_such_time())?;
        let at = self.zone.instant_of(day, seconds).0 + micros % MICROS_PER_SECOND;
        Instant::checked(at).map(Moment::Instant).map_err(|_| Reason::year_out_of_range())
    }
}
