//! Single rows into a journal, as a service would put them: batches that are acknowledged when they are
//! durable. `put FOLDER BATCHES ROWS [CHANGED [RECENT]]`: so many batches of so many rows, of which CHANGED per
//! cent correct an earlier record, one of the last RECENT (open dossiers are corrected, and those are young; 0: one
//! of all there are). Prints rows a second and the slowest batch.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use arrow::array::{ArrayRef, RecordBatch, StringArray, TimestampMicrosecondArray};
use giaouoc_agreement::kinds;
use giaouoc_journal::{About, Disk, Journal, Prepare, Signed, SourceFile, Sums, Upload, What};
use jiff::Timestamp;

const DAY: i64 = 86_400_000_000;

fn number(text: Option<&String>, usual: u64) -> Result<u64> {
    text.map_or(Ok(usual), |text| text.parse().with_context(|| text.clone()))
}

fn batch(first: u64, rows: u64, changed: u64, recent: u64, step: u64) -> Result<RecordBatch> {
    // A cheap, repeatable way to name earlier records all over the journal.
    let key = |row: u64| {
        let place = first + row;
        let corrects = place.wrapping_mul(2_654_435_761) % 100 < changed && first > 0;
        let among = if recent == 0 { first } else { recent.min(first) };
        let number = if corrects { first - 1 - place.wrapping_mul(40_503) % among } else { place };
        (number, format!("H26.VD1-{number:010}"))
    };
    let mut keys: Vec<(u64, String)> = (0..rows).map(key).collect();
    keys.sort_unstable();
    keys.dedup();
    let text = |values: Vec<String>| -> ArrayRef { Arc::new(StringArray::from(values)) };
    let at = |days: u64| -> ArrayRef {
        let start = 1_577_836_800_000_000_i64;
        let values = keys.iter().map(|(number, _)| start + ((number / 5_000 + days) as i64) * DAY);
        Arc::new(TimestampMicrosecondArray::from_iter_values(values).with_timezone("UTC"))
    };
    let columns = [
        ("code", text(keys.iter().map(|(_, key)| key.clone()).collect())),
        ("unit", text(keys.iter().map(|(number, _)| format!("M{:02}", number % 20)).collect())),
        ("received_at", at(0)),
        ("first_due_at", at(10)),
        ("finished_at", at(1 + step % 20)),
        ("outcome", text(keys.iter().map(|_| "granted".to_owned()).collect())),
    ];
    Ok(RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true)))?)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark asks the clock")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

#[expect(clippy::print_stdout, reason = "a benchmark prints")]
fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let Some(folder) = args.get(1) else { bail!("put FOLDER BATCHES ROWS [CHANGED [RECENT]]") };
    let (batches, rows) = (number(args.get(2), 200)?, number(args.get(3), 1_000)?);
    let changed = number(args.get(4), 20)?;
    let recent = number(args.get(5), 100_000)?;
    let kind = kinds::find("dossier").context("no kind dossier")?;
    std::fs::create_dir_all(folder)?;
    let mut journal = Journal::open(Disk::new(Path::new(folder).join("journal")))?;
    let started = now();
    let (mut put, mut slowest) = (0_u64, 0_u128);
    for step in 0..batches {
        let batch = batch(step * rows, rows, changed, recent, step)?;
        let began = now();
        let about =
            About { kind, namespace: None, exported_at: None, replace: None, dry: false, salts: None };
        let mut prepare = Prepare::new(&journal, about, &batch.schema())?;
        prepare.batch(&batch)?;
        let (prepared, counts, _) = prepare.finish()?;
        let sums = Sums {
            read: batch.num_rows() as u64,
            new: counts.new,
            changed: counts.changed,
            unchanged: counts.unchanged,
            rejected: 0,
            skipped: 0,
        };
        let lock = journal.lock()?;
        let line = |rows| {
            What::Upload(Upload {
                kind: kind.id.clone(),
                kind_digest: [0; 32],
                namespace: None,
                file: SourceFile { name: "put".to_owned(), sha256: [0; 32], bytes: 0 },
                map: None,
                exported_at: None,
                replace: None,
                sums,
                rows,
            })
        };
        let signed = Signed { program: "bench".to_owned(), ..Signed::default() };
        let done = journal.commit(&lock, prepared, signed, Timestamp::now(), line)?;
        drop(lock);
        if done.is_none() {
            bail!("somebody else writes here");
        }
        slowest = slowest.max(began.elapsed().as_millis());
        put += batch.num_rows() as u64;
        // As a service would: now and then, and counted.
        if step % 16 == 15 {
            journal.tidy(kinds::builtin())?;
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    #[expect(clippy::float_arithmetic, reason = "a rate for a person")]
    let rate = put as f64 / seconds;
    println!(
        "{put} rows in {batches} durable batches, {seconds:.2} s: {rate:.0} rows/s, slowest batch {slowest} ms"
    );
    Ok(())
}
