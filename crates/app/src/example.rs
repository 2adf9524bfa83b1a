//! `giaouoc example`: a bundle of invented dossiers at any size.
//!
//! For trying the program out, for teaching, and for measuring it at the size of a city or of the
//! nation. Everything in it is invented and says so; its shape (how many dossiers an office gets, how
//! many of them in time) follows a real province, see [`shape`]. The same options give the same files,
//! byte for byte. Records are written while they are made, so size is bounded by the disk only.
//!
//! Beside the bundle, in `OUT.planted.csv`, stands what was planted in it: due dates moved, dossiers
//! returned and taken in again, finishes entered just before they were due.

mod bundle;
mod clock;
mod columns;
pub mod command;
mod planted;
mod prng;
mod shape;
mod sink;
mod story;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::thread;

use anyhow::{Context as _, bail};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_worktime::{Calendar, DEFAULT_CALENDAR};
use jiff::civil::Date;

use clock::{Clock, DAY};
use columns::Columns;
use planted::Planted;
use shape::{PROCEDURES, Shape};
use sink::Sink;
use story::Story;

use crate::interrupt::UnderWay;

/// Rows of a batch on its way from the story to the file.
const BATCH: usize = 1 << 16;
/// Days of the working calendar needed before the first receipt and after the last day: the longest
/// limit (45 working days), pause and delay end well within.
const BEFORE: i64 = 10;
const AFTER: i64 = 250;

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
        }
    }
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
    /// Due dates moved, dossiers re-filed after a return, finishes bunched at the due date.
    pub planted: [u64; 3],
    /// Where the planted ones are listed.
    pub planted_list: PathBuf,
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
    let planted_list = planted_list(out)?;
    let period = (day_number(options.from), day_number(last_day));
    let clock = Calendar::builtin(DEFAULT_CALENDAR)
        .and_then(|calendar| Clock::new(&calendar, period.0 - BEFORE, period.1 + AFTER))
        .map_err(|error| Refused(Text::new(error.vi(), error.en())))?;
    let records = out.join("records");
    fs::create_dir_all(out).with_context(|| format!("không tạo được / cannot create {}", out.display()))?;
    if fs::read_dir(out)?.next().is_some() {
        let shown = out.display();
        return Err(refused(
            format!("thư mục {shown} không trống; hãy chọn một thư mục mới"),
            format!("the folder {shown} is not empty; name a new one"),
        ));
    }
    // Whoever interrupts gets neither a part of a bundle nor a part of the list.
    let _under_way = [UnderWay::new(out), UnderWay::new(&planted_list)];
    fs::create_dir(&records)?;
    let shape = Shape::new(options.units, options.seed);
    bundle::write(out, options, last_day, &shape)?;
    let planted = dossiers(&records, &planted_list, options, period, &shape, &clock)?;
    Ok(Summary { dossiers: options.dossiers, units: options.units, last_day, planted, planted_list })
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

/// `OUT.planted.csv`: beside the bundle, since a bundle holds no unknown files.
fn planted_list(out: &Path) -> anyhow::Result<PathBuf> {
    let Some(name) = out.file_name() else {
        let shown = out.display();
        return Err(refused(
            format!("{shown} không phải là tên thư mục"),
            format!("{shown} does not name a folder"),
        ));
    };
    let mut name = name.to_owned();
    name.push(".planted.csv");
    Ok(out.with_file_name(name))
}

/// Writes the records: one thread tells the story, this one writes the file.
fn dossiers(
    records: &Path,
    planted_list: &Path,
    options: &Options,
    (first, last): (i64, i64),
    shape: &Shape,
    clock: &Clock,
) -> anyhow::Result<[u64; 3]> {
    let volumes = volumes(clock, first, last, options.dossiers);
    let mut planted = Planted::create(planted_list)?;
    let codes: Vec<String> = shape.units.iter().map(|unit| unit.code.clone()).collect();
    let procedures: Vec<String> = (1..=PROCEDURES).map(|n| format!("MAU-{n:04}")).collect();
    let mut columns = Columns::new(&codes, &procedures);
    let mut sink = Sink::create(records, options.format, columns.schema())?;
    thread::scope(|scope| {
        // Two batches under way at most: a slow disk must not fill the memory.
        let (sender, receiver) = sync_channel(2);
        let writer = scope.spawn(move || -> anyhow::Result<()> {
            for batch in receiver {
                sink.write(&batch)?;
            }
            sink.finish()
        });
        let told = (|| -> anyhow::Result<[u64; 3]> {
            let mut story = Story::new(shape, clock, options.seed, (last + 1) * DAY - 1);
            for (day, count) in (first..=last).zip(volumes) {
                story.day(day, &yymmdd(day), count, &mut columns, &mut planted)?;
                // A closed channel means that the writer has failed: its own error says why.
                if columns.len() >= BATCH && sender.send(columns.take()?).is_err() {
                    break;
                }
            }
            if columns.len() > 0 {
                let _ = sender.send(columns.take()?);
            }
            drop(sender);
            planted.finish()
        })();
        match writer.join() {
            Ok(written) => written?,
            Err(_) => bail!("luồng ghi tệp dừng đột ngột / the writing thread stopped unexpectedly"),
        }
        told
    })
}

/// Receipts of each day: busier after days off, few on days off, `total` in all.
fn volumes(clock: &Clock, first: i64, last: i64, total: u64) -> Vec<u64> {
    let weight = |day: i64| match (clock.of_day(day) > 0, clock.of_day(day - 1) > 0) {
        (true, true) => 1_000_u64,
        (true, false) => 1_250,
        (false, _) => 45,
    };
    let whole: u64 = (first..=last).map(weight).sum();
    let mut before = 0_u64;
    let mut given = 0_u64;
    (first..=last)
        .map(|day| {
            before += weight(day);
            let so_far = (u128::from(total) * u128::from(before) / u128::from(whole.max(1))) as u64;
            let today = so_far - given;
            given = so_far;
            today
        })
        .collect()
}

/// Days since 1970-01-01.
fn day_number(date: Date) -> i64 {
    i64::from((date - Date::constant(1970, 1, 1)).get_days())
}

/// The date of a day number; all days here lie in the options' period or shortly after.
fn date_of(day: i64) -> Date {
    Date::constant(1970, 1, 1).saturating_add(jiff::Span::new().try_days(day).unwrap_or_default())
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
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test may stop")]
    use std::collections::{BTreeMap, BTreeSet};

    use giaouoc_worktime::Zone;

    use super::*;

    type Line = BTreeMap<String, String>;

    fn lines(path: &Path) -> Vec<Line> {
        csv::Reader::from_path(path).unwrap().deserialize().map(|line| line.unwrap()).collect()
    }

    fn written(name: &str, options: &Options) -> (tempfile::TempDir, PathBuf, Summary) {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join(name);
        let summary = write(&out, options).unwrap();
        (folder, out, summary)
    }

    fn small() -> Options {
        Options { dossiers: 20_000, units: 150, seed: 7, format: Format::Csv, ..Options::default() }
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_seed_does_not() {
        let parquet = Options { dossiers: 3_000, format: Format::Parquet, ..small() };
        let (_a, first, _) = written("a", &parquet);
        let (_b, second, _) = written("b", &parquet);
        let (_c, other, _) = written("c", &Options { seed: 8, ..parquet });
        let bytes = |out: &Path| fs::read(out.join("records/dossier.parquet")).unwrap();
        assert!(bytes(&first) == bytes(&second));
        assert!(bytes(&first) != bytes(&other));
        for name in ["cluster.toml", "agreement.toml", "calendar.toml", "reports.toml"] {
            assert_eq!(
                fs::read_to_string(first.join(name)).unwrap(),
                fs::read_to_string(second.join(name)).unwrap()
            );
        }
    }

    #[test]
    fn every_dossier_keeps_the_clock_except_the_planted_ones() {
        let (_folder, out, summary) = written("mau", &small());
        let rows = lines(&out.join("records/dossier.csv"));
        assert_eq!(rows.len(), 20_000);
        let planted = lines(&summary.planted_list);
        let of = |trick: &str| -> BTreeSet<&str> {
            planted.iter().filter(|line| line["trick"] == trick).map(|line| line["code"].as_str()).collect()
        };
        let (redated, refiled, bunched) = (of("re-dated"), of("re-filed"), of("bunched"));
        assert_eq!(summary.planted, [redated.len() as u64, refiled.len() as u64, bunched.len() as u64]);
        assert!(summary.planted.iter().all(|&count| count > 0), "{:?}", summary.planted);
        let (calendar, zone) =
            (Calendar::builtin(DEFAULT_CALENDAR).unwrap(), Zone::get("Asia/Ho_Chi_Minh").unwrap());
        let at = |text: &str| match zone.parse_moment(text).unwrap() {
            giaouoc_worktime::Moment::Instant(at) => at,
            giaouoc_worktime::Moment::Day(day) => panic!("{day} has no time"),
        };
        let mut last = String::new();
        let mut seen = BTreeSet::new();
        for row in &rows {
            let code = row["code"].as_str();
            assert!(seen.insert(code), "{code} twice");
            let Some(received) = Some(row["received_at"].as_str()).filter(|text| !text.is_empty()) else {
                assert_eq!((row["status"].as_str(), row["due_at"].as_str()), ("3", ""));
                continue;
            };
            assert!(last.as_str() <= received, "not in order of receipt: {code}");
            received.clone_into(&mut last);
            let limit: i64 = row["time_limit_days"].parse().unwrap();
            let paused: i64 = row["paused_minutes"].parse().unwrap();
            let clock = calendar.add_working_seconds(at(received), (limit * 480 + paused) * 60).unwrap();
            assert_eq!(at(&row["due_at"]) != clock, redated.contains(code), "{code}");
            if !row["finished_at"].is_empty() {
                assert!(at(received) < at(&row["finished_at"]), "{code}");
                assert!(row["finished_at"].as_str() < "2025-07-01");
                assert!(!bunched.contains(code) || at(&row["finished_at"]) <= clock, "{code}");
            }
            assert_eq!(row["finished_at"].is_empty(), row["outcome"].is_empty());
        }
        let returned: BTreeSet<&str> =
            rows.iter().filter(|row| row["outcome"] == "returned").map(|row| row["code"].as_str()).collect();
        for line in planted.iter().filter(|line| line["trick"] == "re-filed") {
            assert!(returned.contains(line["earlier_code"].as_str()), "{line:?}");
        }
    }

    #[test]
    fn shares_lie_where_the_source_has_them() {
        let (_folder, out, summary) = written("mau", &Options { dossiers: 60_000, ..small() });
        let rows = lines(&out.join("records/dossier.csv"));
        let finished: Vec<&Line> = rows.iter().filter(|row| !row["finished_at"].is_empty()).collect();
        let on_time = finished.iter().filter(|row| row["finished_at"] <= row["first_due_at"]).count();
        assert!((860..=960).contains(&(on_time * 1_000 / finished.len())), "{on_time} of {}", finished.len());
        let redated = summary.planted[0] * 1_000 / 60_000;
        assert!((20..=40).contains(&redated), "{redated} in 1,000 re-dated");
        let open = rows.len() - finished.len();
        assert!((5..=40).contains(&(open * 1_000 / rows.len())), "{open} open");
    }

    #[test]
    fn options_out_of_range_and_full_folders_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        for options in [
            Options { units: 0, ..small() },
            Options { months: 0, ..small() },
            Options { from: Date::constant(2024, 1, 2), ..small() },
            Options { from: Date::constant(2016, 1, 1), ..small() },
            Options { from: Date::constant(2026, 1, 1), ..small() },
        ] {
            let out = folder.path().join("x");
            assert!(write(&out, &options).is_err(), "{options:?}");
            assert!(!out.exists(), "a refused bundle leaves nothing behind");
        }
        fs::write(folder.path().join("something"), "").unwrap();
        let error = write(folder.path(), &small()).unwrap_err();
        let Refused(text) = error.downcast_ref().unwrap();
        assert!(text.get(Lang::Vi).contains("không trống") && text.get(Lang::En).contains("not empty"));
    }

    #[test]
    fn few_dossiers_and_many_units_are_fine() {
        for (dossiers, units) in [(0, 1), (1, 1), (5, 2_000)] {
            let (_folder, out, summary) = written("mau", &Options { dossiers, units, ..small() });
            assert_eq!(summary.dossiers, dossiers);
            assert_eq!(lines(&out.join("records/dossier.csv")).len() as u64, dossiers);
        }
    }
}
