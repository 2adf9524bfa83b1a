//! The records of an invented bundle: from the story to the files, and from one export to the next.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::thread;

use anyhow::{Context as _, bail};
use jiff::civil::Date;

use super::clock::{Clock, DAY};
use super::columns::{Columns, Row};
use super::planted::{Counts, Planted};
use super::shape::{PROCEDURES, Shape};
use super::sink::Sink;
use super::story::Story;
use super::tricks::{EXPORTS, Tricks};
use super::{Format, Options, Planting, date_of, export_name, yymmdd};

/// Rows of a batch on its way from the story to the file.
const BATCH: usize = 1 << 16;

/// Beside the exports: the keys to be withdrawn before the last one is loaded.
pub(super) const WITHDRAWN: &str = "withdrawn.txt";

/// What is to be made, and of what.
#[derive(Debug)]
pub(super) struct Made<'a> {
    /// Where files of records go.
    pub(super) folder: &'a Path,
    /// Where the list of planted ones goes.
    pub(super) list: &'a Path,
    pub(super) options: &'a Options,
    pub(super) shape: &'a Shape,
    pub(super) clock: &'a Clock,
}

impl Made<'_> {
    /// Writes the records of the days from `first` to `last`, and the exports of the months after them where asked for:
    /// how often each trick was planted, and the exports.
    pub(super) fn write(&self, (first, last): (i64, i64)) -> anyhow::Result<(Counts, Vec<(PathBuf, Date)>)> {
        let Self { options, shape, clock, .. } = self;
        let (seed, all) = (options.seed, options.planting == Planting::All);
        let mut planted = Planted::create(self.list, all.then(|| export_name(0)))?;
        let codes: Vec<String> = shape.units.iter().map(|unit| unit.code.clone()).collect();
        let procedures: Vec<String> = (1..=PROCEDURES).map(|n| format!("MAU-{n:04}")).collect();
        let mut columns = Columns::new(&codes, &procedures, all);
        let end = (last + 1) * DAY - 1;
        let tricks = all.then(|| Tricks::new(shape, clock, seed, end));
        let mut story = Story::new(shape, clock, seed, end, tricks);
        let mut exports = Vec::new();
        let mut days = (first, last);
        let whole = weights(clock, days.0, days.1);
        for export in 0..=if all { EXPORTS } else { 0 } {
            let (from, to) = days;
            let mut older = Vec::new();
            if export > 0 {
                let end = (to + 1) * DAY - 1;
                story.next_export(end);
                planted.next_export(export_name(export));
                if let Some(tricks) = &mut story.tricks {
                    older = tricks.next_export(end);
                }
            }
            // As many a working day as in the period.
            let share = u128::from(weights(clock, from, to)) * u128::from(options.dossiers);
            let total = (share / u128::from(whole.max(1))) as u64;
            let path = self.folder.join(file_name(all.then_some(export), options.format));
            self.file(&path, (from, to), total, older, &mut story, &mut columns, &mut planted)?;
            if all {
                exports.push((path, date_of(to)));
            }
            let next = date_of(to + 1);
            days = (to + 1, to + i64::from(next.days_in_month()));
        }
        let withdrawn = story.tricks.as_ref().map(Tricks::withdrawn).unwrap_or_default();
        if !withdrawn.is_empty() {
            let path = self.folder.join(WITHDRAWN);
            fs::write(&path, withdrawn.join("\n") + "\n")
                .with_context(|| format!("không ghi được / cannot write {}", path.display()))?;
        }
        Ok((planted.finish()?, exports))
    }

    /// One file: one thread tells the story, another one writes.
    #[allow(clippy::too_many_arguments, reason = "what is told goes on from one file to the next")]
    fn file(
        &self,
        path: &Path,
        (from, to): (i64, i64),
        total: u64,
        older: Vec<(String, Row)>,
        story: &mut Story<'_>,
        columns: &mut Columns,
        planted: &mut Planted,
    ) -> anyhow::Result<()> {
        let volumes = volumes(self.clock, from, to, total);
        let mut sink = Sink::create(path, self.options.format, columns.schema())?;
        thread::scope(|scope| {
            // Two batches under way at most: a slow disk must not fill the memory.
            let (sender, receiver) = sync_channel(2);
            let writer = scope.spawn(move || -> anyhow::Result<()> {
                for batch in receiver {
                    sink.write(&batch)?;
                }
                sink.finish()
            });
            let told = (|| -> anyhow::Result<()> {
                for (code, row) in older {
                    columns.push(&code, row);
                }
                for (day, count) in (from..=to).zip(volumes) {
                    story.day(day, &yymmdd(day), count, columns, planted)?;
                    // A closed channel means that the writer has failed: its own error says why.
                    if columns.len() >= BATCH && sender.send(columns.take()?).is_err() {
                        break;
                    }
                }
                if columns.len() > 0 {
                    let _ = sender.send(columns.take()?);
                }
                drop(sender);
                Ok(())
            })();
            match writer.join() {
                Ok(written) => written?,
                Err(_) => bail!("luồng ghi tệp dừng đột ngột / the writing thread stopped unexpectedly"),
            }
            told
        })
    }
}

/// The name of a file of records: of an export its number.
fn file_name(export: Option<usize>, format: Format) -> String {
    let stem = export.map_or_else(|| "dossier".to_owned(), export_name);
    match format {
        Format::Parquet => format!("{stem}.parquet"),
        Format::Csv => format!("{stem}.csv"),
    }
}

/// How busy a day is: more so after days off, hardly on days off.
fn weight(clock: &Clock, day: i64) -> u64 {
    match (clock.of_day(day) > 0, clock.of_day(day - 1) > 0) {
        (true, true) => 1_000,
        (true, false) => 1_250,
        (false, _) => 45,
    }
}

fn weights(clock: &Clock, first: i64, last: i64) -> u64 {
    (first..=last).map(|day| weight(clock, day)).sum()
}

/// Receipts of each day, `total` in all.
fn volumes(clock: &Clock, first: i64, last: i64, total: u64) -> Vec<u64> {
    let whole = weights(clock, first, last);
    let mut before = 0_u64;
    let mut given = 0_u64;
    (first..=last)
        .map(|day| {
            before += weight(clock, day);
            let so_far = (u128::from(total) * u128::from(before) / u128::from(whole.max(1))) as u64;
            let today = so_far - given;
            given = so_far;
            today
        })
        .collect()
}
