//! The hand-written limit: job AB (or `due`) as one fused scan that knows the question, over Arrow
//! batches from Parquet. Not a product: it shows how near to the machine the program's compiled targets are.
//!
//! `limit ab|due DOSSIERS.parquet DAYS.csv FROM TO` with FROM and TO the period's first and last day;
//! the answers go to standard output as CSV.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context as _, bail};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use giaouoc_benches::answers::{DUE_HEADER, HEADER};
use giaouoc_benches::calendar::Calendar;
use giaouoc_benches::chunks::Chunks;
use giaouoc_benches::columns::Columns;
use jiff::civil::Date;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

/// Rows decoded at a time: seven columns of it stay in the second-level cache.
const BATCH: usize = 8_192;
const DAY: u32 = 86_400;

/// Counters of a unit in a month, two cache lines.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Cell {
    /// In the order of the flags in [`Scan::batch`].
    counts: [u32; 16],
    paused: i64,
    used: i64,
    max: i32,
}

const RECEIVED: u32 = 0;
const RESOLVED: u32 = 1;
const ON_TIME: u32 = 2;
const EARLY: u32 = 3;
const LATE: u32 = 4;
const OVERDUE: u32 = 5;
const ONLINE: u32 = 6;
const ONLINE_ON_TIME: u32 = 7;
const SUSPENDED: u32 = 8;
const REDATED: u32 = 9;
const ON_TIME_CLOCK: u32 = 10;
const OVERDUE_CLOCK: u32 = 11;
const OVER_LIMIT: u32 = 12;

/// A month of one thread.
#[derive(Default)]
struct Month {
    /// By unit.
    cells: Vec<Cell>,
    /// Unit and working minutes used, for the percentile.
    used: Vec<(u32, i32)>,
}

/// The question, shared by all threads.
struct Question<'a> {
    calendar: &'a Calendar,
    /// Seconds of the period, half-open.
    from: u32,
    to: u32,
    /// Midnight at which the day `as_of` starts.
    as_of: u32,
    first_month: usize,
    months: usize,
}

/// What one thread has seen.
struct Scan<'a> {
    question: &'a Question<'a>,
    months: Vec<Month>,
    units: HashMap<String, u32>,
    /// Dictionary of the batches at hand and its units here.
    seen: Option<(ArrayRef, Vec<u32>)>,
    due: [i128; 4],
}

impl<'a> Scan<'a> {
    fn new(question: &'a Question<'a>) -> Self {
        Self {
            question,
            months: (0..question.months).map(|_| Month::default()).collect(),
            units: HashMap::new(),
            seen: None,
            due: [0; 4],
        }
    }

    /// Numbers of the units of a dictionary; one dictionary serves a whole row group.
    fn learn(&mut self, words: &ArrayRef) -> anyhow::Result<()> {
        if self.seen.as_ref().is_some_and(|(seen, _)| seen.to_data().ptr_eq(&words.to_data())) {
            return Ok(());
        }
        let mut numbers = Vec::with_capacity(words.len());
        for word in words.as_string_opt::<i32>().context("unit is not text")?.iter() {
            let next = self.units.len() as u32;
            numbers.push(*self.units.entry(word.unwrap_or_default().to_owned()).or_insert(next));
        }
        for month in &mut self.months {
            month.cells.resize(self.units.len(), Cell::default());
        }
        self.seen = Some((words.clone(), numbers));
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch) -> anyhow::Result<()> {
        let columns = Columns::of(batch)?;
        self.learn(columns.unit_words)?;
        let Some((_, numbers)) = &self.seen else { bail!("no units") };
        let question = self.question;
        let calendar = question.calendar;
        // Slices of one known length: no bounds are checked in the loop.
        let n = columns.received.len();
        let (units, channels) = (&columns.unit[..n], &columns.channel[..n]);
        let (limits, pauses) = (&columns.limit[..n], &columns.paused[..n]);
        let (dues, finishes) = (&columns.due[..n], &columns.finished[..n]);
        for (row, &received) in columns.received.iter().enumerate() {
            let Some(received) = calendar.second(received) else { continue };
            if !(question.from..question.to).contains(&received) || !columns.received_known(row) {
                continue;
            }
            let (start, slot) = calendar.position(received);
            let (limit, paused) = (limits[row], pauses[row]);
            let target =
                start.wrapping_add_signed(limit.wrapping_mul(28_800).wrapping_add(paused.wrapping_mul(60)));
            let clock = calendar.second_at(target).context("a due date lies after the calendar")?;
            let clock_micros = calendar.origin + i64::from(clock) * 1_000_000;
            let (due, due_known) = (dues[row], columns.due_known(row));
            let due_day = calendar.second(due).map_or(u32::MAX, |second| second / DAY);
            let finished = finishes[row];
            let online = channels[row] == columns.online;

            let mut flags: u32 = 1 << RECEIVED
                | u32::from(online) << ONLINE
                | u32::from(paused > 0) << SUSPENDED
                | u32::from(due_known & (due != clock_micros)) << REDATED;
            let unit = numbers[units[row] as usize];
            let month = &mut self.months[usize::from(slot.month) - question.first_month];
            let cell = &mut month.cells[unit as usize];
            cell.paused += i64::from(paused);
            if columns.finished_known(row) {
                let second = calendar.second(finished).context("a finish lies outside the calendar")?;
                let (end, _) = calendar.position(second);
                let used = (end as i32 - start as i32) / 60 - paused;
                let on_time = due_known & (finished <= due);
                flags |= 1 << RESOLVED
                    | u32::from(on_time) << ON_TIME
                    | u32::from(due_known & (second / DAY < due_day)) << EARLY
                    | u32::from(due_known & (finished > due)) << LATE
                    | u32::from(on_time & online) << ONLINE_ON_TIME
                    | u32::from(finished <= clock_micros) << ON_TIME_CLOCK
                    | u32::from(used > limit.wrapping_mul(480)) << OVER_LIMIT;
                cell.used += i64::from(used);
                cell.max = cell.max.max(used);
                month.used.push((unit, used));
            } else {
                flags |= u32::from(due_known & (due_day < question.as_of / DAY)) << OVERDUE
                    | u32::from(clock < question.as_of) << OVERDUE_CLOCK;
            }
            for (bit, count) in cell.counts.iter_mut().enumerate() {
                *count += u32::from(flags & (1 << bit) != 0);
            }
        }
        Ok(())
    }

    /// Job `due`: the due date and the time used of every row, summed.
    fn due(&mut self, batch: &RecordBatch) -> anyhow::Result<()> {
        let columns = Columns::of(batch)?;
        let calendar = self.question.calendar;
        let (mut rows, mut used_sum, mut redated, mut on_time) = (0_i64, 0_i64, 0_i64, 0_i64);
        for (row, &received) in columns.received.iter().enumerate() {
            if !columns.received_known(row) {
                continue;
            }
            let received = calendar.second(received).context("a receipt lies outside the calendar")?;
            let (start, _) = calendar.position(received);
            let (limit, paused) = (columns.limit[row], columns.paused[row]);
            let target =
                start.wrapping_add_signed(limit.wrapping_mul(28_800).wrapping_add(paused.wrapping_mul(60)));
            let clock = calendar.second_at(target).context("a due date lies after the calendar")?;
            let clock_micros = calendar.origin + i64::from(clock) * 1_000_000;
            rows += 1;
            redated += i64::from(columns.due_known(row) & (columns.due[row] != clock_micros));
            if columns.finished_known(row) {
                let second =
                    calendar.second(columns.finished[row]).context("a finish lies outside the calendar")?;
                on_time += i64::from(columns.finished[row] <= clock_micros);
                used_sum += i64::from((calendar.position(second).0 as i32 - start as i32) / 60 - paused);
            }
        }
        for (total, part) in self.due.iter_mut().zip([rows, used_sum, redated, on_time]) {
            *total += i128::from(part);
        }
        Ok(())
    }
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [job, dossiers, days, from, to] = arguments.as_slice() else {
        bail!("limit ab|due|decode DOSSIERS.parquet DAYS.csv FROM TO");
    };
    let calendar = Calendar::read(Path::new(days))?;
    let day = |text: &str| -> anyhow::Result<u32> {
        Ok((text.parse::<Date>()? - calendar.first).get_days() as u32)
    };
    let (from, to) = (day(from)?, day(to)?);
    let month = |day: u32| {
        calendar
            .slots
            .get(day as usize * 48)
            .map(|slot| usize::from(slot.month))
            .context("the period lies outside the calendar")
    };
    let (first_month, last_month) = (month(from)?, month(to)?);
    let question = Question {
        calendar: &calendar,
        from: from * DAY,
        to: (to + 1) * DAY,
        as_of: to * DAY,
        first_month,
        months: last_month - first_month + 1,
    };
    let scans = scan(job, Path::new(dossiers), &question)?;
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    match job.as_str() {
        "ab" => table(&mut out, scans, &question)?,
        _ => {
            let total = scans.iter().fold([0; 4], |sum, scan| std::array::from_fn(|i| sum[i] + scan.due[i]));
            writeln!(out, "{DUE_HEADER}\n{},{},{},{}", total[0], total[1], total[2], total[3])?;
        }
    }
    out.flush()?;
    Ok(())
}

/// All row groups, shared among as many threads as the machine has cores.
fn scan<'a>(job: &str, path: &Path, question: &'a Question<'a>) -> anyhow::Result<Vec<Scan<'a>>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?;
    let names: &[&str] = match job {
        "ab" | "due" | "decode" => {
            &["unit", "channel", "received_at", "due_at", "finished_at", "time_limit_days", "paused_minutes"]
        }
        _ => bail!("no job {job}"),
    };
    let mask = ProjectionMask::columns(metadata.parquet_schema(), names.iter().copied());
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism()?.get();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| -> anyhow::Result<Scan<'a>> {
                    let mut scan = Scan::new(question);
                    loop {
                        let group = next.fetch_add(1, Ordering::Relaxed);
                        if group >= metadata.metadata().num_row_groups() {
                            return Ok(scan);
                        }
                        let chunks = Chunks::read(&file, length, &metadata, group, &mask)?;
                        let reader =
                            ParquetRecordBatchReaderBuilder::new_with_metadata(chunks, metadata.clone())
                                .with_row_groups(vec![group])
                                .with_projection(mask.clone())
                                .with_batch_size(BATCH)
                                .build()?;
                        for batch in reader {
                            match job {
                                "ab" => scan.batch(&batch?)?,
                                "due" => scan.due(&batch?)?,
                                _ => drop(batch?),
                            }
                        }
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().map_err(|_| anyhow::anyhow!("a thread stopped"))?)
            .collect()
    })
}

/// Merges the threads' cells and prints them by unit and month.
fn table(out: &mut impl Write, mut scans: Vec<Scan<'_>>, question: &Question<'_>) -> anyhow::Result<()> {
    // Unit numbers of every thread in those of all.
    let mut names: Vec<String> = scans.iter().flat_map(|scan| scan.units.keys().cloned()).collect();
    names.sort_unstable();
    names.dedup();
    let maps: Vec<Vec<u32>> = scans
        .iter()
        .map(|scan| {
            let mut map = vec![0; scan.units.len()];
            for (name, &number) in &scan.units {
                map[number as usize] = names.binary_search(name).unwrap_or_default() as u32;
            }
            map
        })
        .collect();
    let parts: Vec<Vec<Month>> = (0..question.months)
        .map(|month| scans.iter_mut().map(|scan| std::mem::take(&mut scan.months[month])).collect())
        .collect();
    let threads = thread::available_parallelism()?.get();
    let next = AtomicUsize::new(0);
    let mut done: Vec<(usize, Vec<(Cell, i32)>)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = Vec::new();
                    loop {
                        let month = next.fetch_add(1, Ordering::Relaxed);
                        match parts.get(month) {
                            Some(parts) => done.push((month, finish(parts, &maps, names.len()))),
                            None => return done,
                        }
                    }
                })
            })
            .collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).flatten().collect()
    });
    done.sort_unstable_by_key(|&(month, _)| month);
    writeln!(out, "{HEADER}")?;
    for (unit, name) in names.iter().enumerate() {
        for (month, cells) in &done {
            let Some((cell, p90)) = cells.get(unit) else { continue };
            if cell.counts[0] == 0 {
                continue;
            }
            let c = &cell.counts;
            write!(out, "{name},{}", question.calendar.months[question.first_month + month])?;
            for count in &c[..=SUSPENDED as usize] {
                write!(out, ",{count}")?;
            }
            write!(out, ",{},{},{}", cell.paused, cell.used, c[RESOLVED as usize])?;
            match c[RESOLVED as usize] {
                0 => write!(out, ",,")?,
                _ => write!(out, ",{p90},{}", cell.max)?,
            }
            writeln!(
                out,
                ",{},{},{},{}",
                c[REDATED as usize],
                c[ON_TIME_CLOCK as usize],
                c[OVERDUE_CLOCK as usize],
                c[OVER_LIMIT as usize]
            )?;
        }
    }
    Ok(())
}

/// One month of all threads: cells added up, and the exact 90th percentile (nearest rank) of each.
fn finish(parts: &[Month], maps: &[Vec<u32>], units: usize) -> Vec<(Cell, i32)> {
    let mut cells = vec![Cell::default(); units];
    for (part, map) in parts.iter().zip(maps) {
        for (cell, &unit) in part.cells.iter().zip(map) {
            let sum = &mut cells[unit as usize];
            for (total, count) in sum.counts.iter_mut().zip(cell.counts) {
                *total += count;
            }
            sum.paused += cell.paused;
            sum.used += cell.used;
            sum.max = sum.max.max(cell.max);
        }
    }
    // Values sorted by unit with one counting pass.
    let mut ends = Vec::with_capacity(units);
    let mut total = 0;
    for cell in &cells {
        ends.push(total);
        total += cell.counts[RESOLVED as usize] as usize;
    }
    let mut values = vec![0; total];
    for (part, map) in parts.iter().zip(maps) {
        for &(unit, used) in &part.used {
            let end = &mut ends[map[unit as usize] as usize];
            values[*end] = used;
            *end += 1;
        }
    }
    let mut start = 0;
    cells
        .into_iter()
        .zip(ends)
        .map(|(cell, end)| {
            let cell_values = &mut values[start..end];
            start = end;
            let rank = (cell_values.len() * 9).div_ceil(10).saturating_sub(1);
            let p90 = if cell_values.is_empty() { 0 } else { *cell_values.select_nth_unstable(rank).1 };
            (cell, p90)
        })
        .collect()
}
