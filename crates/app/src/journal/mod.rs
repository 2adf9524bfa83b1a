//! The journal of a bundle, as the commands use it.

pub mod adopt;
pub mod commands;
pub mod comparing;
pub mod list;
pub mod rejects;
pub mod texts;
pub mod upload;

use std::path::Path;

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use giaouoc_journal::{Disk, Journal, JournalError, Part, Signed};
use giaouoc_measure::Source;
use giaouoc_worktime::time::Moment;
use giaouoc_worktime::zone::Zone;
use jiff::Timestamp;

use crate::fault::{Fault, Outcome};
use crate::render::board::FileLine;

/// A bundle's journal and how much of it is known in this run.
#[derive(Debug)]
pub struct Held {
    /// The journal.
    pub journal: Journal,
    /// Entries before this number are known.
    pub head: u64,
    /// Where it lies when it is not the bundle's own but was made for this run.
    pub _made: Option<tempfile::TempDir>,
}

impl Held {
    /// The journal of a bundle's folder, when there is one.
    pub fn open(dir: &Path) -> Outcome<Option<Self>> {
        let disk = Disk::new(dir.join("journal"));
        if !disk.exists() {
            return Ok(None);
        }
        let journal = Journal::open(disk).map_err(|error| fault(&error))?;
        Ok((journal.head() > 0).then(|| Self { head: journal.head(), journal, _made: None }))
    }

    /// Whether something is known later than this run is to know.
    pub fn is_past(&self) -> bool {
        self.head < self.journal.head()
    }

    /// When the last known entry was made.
    pub fn known_at(&self) -> Option<Timestamp> {
        self.head.checked_sub(1).and_then(|last| self.journal.entries().get(last)).map(|entry| entry.at)
    }

    /// What became of a kind's rows, for the notes below a scoreboard: versions brought, and those still standing.
    pub fn line(&self, kind: &Kind) -> Outcome<FileLine> {
        let rows = self.journal.entries().iter().take_while(|entry| entry.number < self.head);
        let rows = rows
            .filter(|entry| entry.what.kind() == Some(kind.id.as_str()))
            .filter_map(|entry| entry.what.rows());
        let (plus, minus) = rows.fold((0, 0), |(plus, minus), rows| (plus + rows.plus, minus + rows.minus));
        Ok(FileLine {
            path: "journal".to_owned(),
            kind: kind.id.clone(),
            read: plus,
            accepted: plus - minus,
            rejected: 0,
            skipped: minus,
        })
    }

    /// What to add and subtract for the net rows of a kind.
    pub fn sources(&self, kind: &Kind) -> Outcome<Vec<(Source, u64)>> {
        let parts = self.journal.view(&kind.id, self.head).map_err(|error| fault(&error))?;
        Ok(parts.into_iter().map(|part| (source(&part), part.rows)).collect())
    }
}

/// A part of the journal as something to measure.
pub fn source(part: &Part) -> Source {
    let source = Source::parquet(&part.path);
    let source = if part.back { source.taken_back() } else { source };
    match part.entries {
        Some((first, last)) => source.only(giaouoc_journal::ENTRY, first.into(), last.into()),
        None => source,
    }
}

/// What a journal's error is for the program.
pub fn fault(error: &JournalError) -> Fault {
    let text = error.text();
    match error {
        JournalError::Io { .. } | JournalError::Internal { .. } => Fault::System(text),
        _ => Fault::Input(text),
    }
}

/// The time now: the program's edge.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Who makes an entry and why.
pub fn signed(by: Option<&str>, reason: Option<&str>) -> Signed {
    Signed {
        by: by.map(str::to_owned),
        reason: reason.map(str::to_owned),
        program: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// Keeps the folder quick to read. What it does can be done again, so a failure is no failure of the command.
pub fn tidy(journal: &Journal) -> Outcome {
    journal.tidy(kinds::builtin()).map(|_| ()).map_err(|error| fault(&error))
}

/// `--known-at`: the number of entries known, from an entry's number or a time.
pub fn known_at(journal: &Journal, zone: &Zone, text: &str) -> Outcome<u64> {
    let head = journal.head();
    if let Ok(entry) = text.parse::<u64>()
        && text.len() < 8
    {
        let known = journal.entries().get(entry).map(|_| texts::whole(journal, entry + 1));
        return known.ok_or_else(|| fault(&JournalError::NoEntry { entry, head }));
    }
    let wrong = || {
        Fault::input(
            format!(
                "“{text}” không phải số mục sổ hay thời điểm; ghi ví dụ 12, 2020-07-10 (hết ngày đó) hoặc 2020-07-10T16:00"
            ),
            format!(
                "“{text}” is neither an entry nor a time; write for example 12, 2020-07-10 (the end of that day) or 2020-07-10T16:00"
            ),
        )
    };
    let time = moment(zone, text).ok_or_else(wrong)?;
    match journal.known_at(time) {
        0 => {
            let first =
                journal.entries().get(0).map_or_else(String::new, |entry| list::shown(entry.at, zone));
            Err(Fault::input(
                format!("vào lúc {text} sổ chưa có mục nào; mục đầu tiên ghi lúc {first}"),
                format!("at {text} the journal had no entry yet; the first is of {first}"),
            ))
        }
        known => Ok(known),
    }
}

/// A moment written as a day (its end), as local time, or with an offset.
pub fn moment(zone: &Zone, text: &str) -> Option<Timestamp> {
    let micros = match zone.parse_moment(text).ok()? {
        Moment::Instant(at) => at.0,
        Moment::Day(day) => zone.start_of(day.add_days(1).ok()?).0 - 1,
    };
    Timestamp::from_microsecond(micros).ok()
}
