//! `giaouoc example`: a bundle of invented dossiers at any size.
//!
//! For trying the program out, for teaching, and for measuring it at the size of a city or of the
//! nation. Everything in it is invented and says so; its shape (how many dossiers an office gets, how
//! many of them in time) follows a real province, see [`shape`]. The same options give the same files,
//! byte for byte. Records are written while they are made, so size is bounded by the disk only.
//!
//! Beside the bundle, in `OUT.planted.csv`, stands what was planted in it: due dates moved, dossiers
//! returned and taken in again, finishes entered just before they were due; and with all tricks ([`tricks`]) whatever
//! else dossiers can show, in exports that a person loads one after the other.

mod bundle;
mod clock;
mod columns;
pub mod command;
mod planted;
mod prng;
mod records;
mod shape;
mod sink;
mod story;
mod tricks;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_worktime::{Calendar, DEFAULT_CALENDAR};
use jiff::civil::Date;

use clock::{Clock, DAY};
pub use planted::{Counts, Trick};
use shape::Shape;

use crate::interrupt::UnderWay;

/// Days of the working calendar needed before the first receipt and after the last day: the longest
/// limit (45 working days), pause and delay end well within.
const BEFORE: i64 = 10;
const AFTER: i64 = 250;
/// With all tricks, days more: limits are up to three times as long, and two months follow.
const AFTER_ALL: i64 = 250;

/// What to write.
#[derive(Clone, Debug)]
pub struct Options {
    /// Number of dossiers, exactly.
    pub dossiers: u64,
    /// Number of units, 1 to 100,000.
    pub units: u32,
    /// The same seed gives the same bundle.
    pub seed: u64,
    /// First day of the period: the first of a month.
    pub from: Date,
    /// Months of the period, 1 to 60.
    pub months: u8,
    /// How the records are written.
    pub format: Format,
    /// What is planted.
    pub planting: Planting,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            dossiers: 10_000,
            units: 20,
            seed: 1,
            from: Date::constant(2024, 1, 1),
            months: 18,
            format: Format::Parquet,
            planting: Planting::Three,
        }
    }
}

/// What is planted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Planting {
    /// Three habits, in one file of records inside the bundle.
    #[default]
    Three,
    /// All that dossiers can show, in exports beside the bundle that are to be loaded in order.
    All,
}

/// How records are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Parquet, row groups of about a million rows.
    #[default]
    Parquet,
    /// CSV; about seven times as large.
    Csv,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Dossiers written.
    pub dossiers: u64,
    /// Units written.
    pub units: u32,
    /// Last day of the period; the invented export was made at its end.
    pub last_day: Date,
    /// How often each trick was planted, in the order of [`Trick::ALL`].
    pub planted: Counts,
    /// Where the planted ones are listed.
    pub planted_list: PathBuf,
    /// Exports to be loaded in order, each with the day on which it was made; none where the bundle holds the records.
    pub exports: Vec<(PathBuf, Date)>,
}

/// What was asked cannot be done: the input is wrong, not the system.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.get(Lang::En))]
pub struct Refused(pub Text);

fn refused(vi: String, en: String) -> anyhow::Error {
    Refused(Text::new(vi, en)).into()
}

/// Writes an invented bundle to the folder `out`, which must be new or empty.
///
/// # Errors
/// [`Refused`] (found by `downcast_ref`) for options out of range, a folder that is not empty and a period
/// that the calendar does not cover: nothing has been written then. Otherwise what went wrong with a file;
/// nothing is cleaned up.
pub fn write(out: &Path, options: &Options) -> anyhow::Result<Summary> {
    let last_day = check(options)?;
    let planted_list = beside(out, ".planted.csv")?;
    let period = (day_number(options.from), day_number(last_day));
    let all = options.planting == Planting::All;
    let after = if all { AFTER + AFTER_ALL } else { AFTER };
    let clock = Calendar::builtin(DEFAULT_CALENDAR)
        .and_then(|calendar| Clock::new(&calendar, period.0 - BEFORE, period.1 + after))
        .map_err(|error| Refused(Text::new(error.vi(), error.en())))?;
    let records = if all { beside(out, ".exports")? } else { out.join("records") };
    for folder in [Some(out), all.then_some(records.as_path())].into_iter().flatten() {
        fs::create_dir_all(folder)
            .with_context(|| format!("không tạo được / cannot create {}", folder.display()))?;
        if fs::read_dir(folder)?.next().is_some() {
            let shown = folder.display();
            return Err(refused(
                format!("thư mục {shown} không trống; hãy chọn một thư mục mới"),
                format!("the folder {shown} is not empty; name a new one"),
            ));
        }
    }
    // Whoever interrupts gets neither a part of a bundle nor a part of the list.
    let _under_way = [UnderWay::new(out), UnderWay::new(&planted_list)];
    let _exports = all.then(|| UnderWay::new(&records));
    fs::create_dir_all(&records)?;
    let shape = Shape::new(options.units, options.seed);
    bundle::write(out, options, last_day, &shape)?;
    let made = records::Made { folder: &records, list: &planted_list, options, shape: &shape, clock: &clock };
    let (planted, exports) = made.write(period)?;
    let (dossiers, units) = (options.dossiers, options.units);
    Ok(Summary { dossiers, units, last_day, planted, planted_list, exports })
}

/// The last day of the period, if the options make sense.
fn check(options: &Options) -> anyhow::Result<Date> {
    let Options { units, months, from, .. } = options;
    if !(1..=100_000).contains(units) {
        return Err(refused(
            format!("số đơn vị phải từ 1 đến 100000, không phải {units}"),
            format!("the number of units must be 1 to 100000, not {units}"),
        ));
    }
    if !(1..=60).contains(months) {
        return Err(refused(
            format!("số tháng phải từ 1 đến 60, không phải {months}"),
            format!("the number of months must be 1 to 60, not {months}"),
        ));
    }
    if from.day() != 1 {
        return Err(refused(
            format!("kỳ phải bắt đầu từ ngày 1 của một tháng, không phải {from}"),
            format!("the period must start on the first of a month, not on {from}"),
        ));
    }
    let months = jiff::Span::new().try_months(options.months)?;
    Ok(options.from.checked_add(months)?.yesterday()?)
}

/// `OUT.planted.csv` and the like: beside the bundle, since a bundle holds no unknown files.
fn beside(out: &Path, ending: &str) -> anyhow::Result<PathBuf> {
    let Some(name) = out.file_name() else {
        let shown = out.display();
        return Err(refused(
            format!("{shown} không phải là tên thư mục"),
            format!("{shown} does not name a folder"),
        ));
    };
    let mut name = name.to_owned();
    name.push(ending);
    Ok(out.with_file_name(name))
}

/// Days since 1970-01-01.
fn day_number(date: Date) -> i64 {
    i64::from((date - Date::constant(1970, 1, 1)).get_days())
}

/// The date of a day number; all days here lie in the options' period or shortly after.
fn date_of(day: i64) -> Date {
    Date::constant(1970, 1, 1).saturating_add(jiff::Span::new().try_days(day).unwrap_or_default())
}

/// What the planted list calls an export, and its file without the ending: its number, counted from 1.
fn export_name(export: usize) -> String {
    (export + 1).to_string()
}

fn yymmdd(day: i64) -> String {
    date_of(day).strftime("%y%m%d").to_string()
}

/// A local second as text, with Vietnam's offset.
fn local(at: i64) -> String {
    let (date, second) = (date_of(at.div_euclid(DAY)), at.rem_euclid(DAY));
    format!("{date}T{:02}:{:02}:{:02}+07:00", second / 3_600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests;
