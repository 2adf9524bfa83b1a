//! `giaouoc load`: checks files of records and brings them into the bundle's journal, each as one entry.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, TimestampMicrosecondType};
use giaouoc_agreement::kind::{Column, ColumnType, Kind};
use giaouoc_agreement::kinds;
use giaouoc_agreement::period::Period;
use giaouoc_agreement::text::Lang;
use giaouoc_intake::{Mapping, Summary, day_companion, fold};
use giaouoc_journal::{Disk, Journal, JournalError, Scope};
use giaouoc_worktime::time::{Day, Instant};
use giaouoc_worktime::zone::Zone;

use crate::bundle::{self, Loaded};
use crate::check::said;
use crate::cli::Load;
use crate::fault::{Fault, Outcome};
use crate::journal::commands::{supplier, writable};
use crate::journal::rejects::{is_beside, rejects_beside};
use crate::journal::upload::{Done, Replace, Upload, time};
use crate::journal::{Held, adopt, fault, now, signed, tidy};
use crate::progress::Progress;
use crate::render::grid::paragraph;
use crate::score::print;
use crate::screen::Screen;

/// So much later than this machine's clock an export may say it is: a day that is still under way is written as its end.
const AHEAD: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// Runs the command. Ends with 1 when rows were rejected, with 2 when a file was refused whole.
pub fn run(args: &Load, screen: &Screen) -> Outcome {
    let loaded = writable(&args.bundle)?;
    let kind = bundle::kind(&args.kind)?;
    for file in &args.files {
        named_right(file)?;
    }
    let (mapping, map) = mapping(args, kind)?;
    let zone = loaded.calendars.default.zone();
    let exported_at =
        args.exported_at.as_deref().map(|text| time(zone, "--exported-at", text)).transpose()?;
    if let (Some(at), Some(said)) = (exported_at, &args.exported_at)
        && at > now() + AHEAD
    {
        // Every later export of the same records would be taken for an older one.
        return Err(Fault::input(
            format!("--exported-at {said}: thời điểm này còn ở phía trước; hãy kiểm tra lại"),
            format!("--exported-at {said}: this time is still to come; check it"),
        ));
    }
    let scope = args.replace.as_deref().map(|text| Replacing::parse(text, &loaded, kind)).transpose()?;
    if scope.is_some() && args.files.len() > 1 {
        return Err(Fault::input(
            "--replace đi với một tệp: bản ghi không có trong tệp sẽ bị rút",
            "--replace goes with one file: records that are not in the file are withdrawn",
        ));
    }
    let signed = signed(args.by.as_deref(), args.reason.as_deref());
    // What is to be withdrawn is shown before it is.
    let dry = args.dry_run || scope.is_some() && !args.yes;
    let mut journal = if dry {
        standing(&loaded, screen)?
    } else {
        let progress = Progress::new(screen);
        let brought = adopt::bring_up(
            &loaded,
            &args.bundle,
            Some(&kind.id),
            &signed,
            false,
            &progress,
            &mut |file, done| {
                progress.clear();
                print(screen, &said(&file.path, done.text().get(screen.lang), &done.summary, screen))
            },
        );
        progress.clear();
        Held { head: 0, journal: brought?.0, _made: None }
    };
    let mut rejected = 0;
    for file in &args.files {
        let missing = Mutex::new(Vec::new());
        let replaced = |batch: &RecordBatch| match &scope {
            Some(scope) => scope.rows(kind, zone, batch, &missing),
            None => Ok(vec![false; batch.num_rows()]),
        };
        let upload = Upload {
            loaded: &loaded,
            kind,
            mapping: &mapping,
            map: map.as_deref(),
            path: file,
            name: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            supplier: supplier(&loaded, args.supplier.as_deref())?,
            exported_at,
            replace: args.replace.clone().map(|said| Replace { said, scope: Scope(&replaced) }),
            signed: signed.clone(),
            personal: args.personal,
            first: None,
            quiet: false,
            desk: None,
            // A dry run writes nothing.
            rejects: (!dry).then(|| {
                args.rejects.clone().unwrap_or_else(|| rejects_beside(&args.bundle, &kind.id, file))
            }),
        };
        let progress = Progress::new(screen);
        let check = |summary: &Summary| right_kind(args, kind, &file.display().to_string(), summary);
        let done = match dry {
            true => upload.compare(&journal.journal, &progress, &check),
            false => upload.load(&mut journal.journal, &progress, &check),
        };
        progress.clear();
        let done = done?;
        tell(file, &done, dry, screen)?;
        unseen(args, kind, file, &done, screen);
        rejected += done.summary.rejected;
        if dry && upload.lacks_rows(&done.summary) {
            return Err(upload.not_whole(&done.summary, None)?);
        }
        let missing = missing.into_inner().unwrap_or_else(PoisonError::into_inner);
        if dry && done.counts.withdrawn > 0 {
            withdrawing(args, done.counts.withdrawn, &missing, screen)?;
        }
    }
    if !dry {
        tidy(&journal.journal)?;
    }
    if rejected > 0 { Err(Fault::No) } else { Ok(()) }
}

/// The journal that a dry run compares with: the bundle's own, or what its files placed by hand come to.
pub fn standing(loaded: &Loaded, screen: &Screen) -> Outcome<Held> {
    if let Some(held) = Held::open(&loaded.opened.dir)? {
        return Ok(held);
    }
    if loaded.bundle.records.is_empty() {
        let journal =
            Journal::open(Disk::new(loaded.opened.dir.join("journal"))).map_err(|error| fault(&error))?;
        return Ok(Held { head: 0, journal, _made: None });
    }
    let progress = Progress::new(screen);
    let all: Vec<usize> = (0..loaded.bundle.records.len()).collect();
    let made = adopt::made(loaded, &all, &progress);
    progress.clear();
    made
}

fn named_right(file: &Path) -> Outcome {
    if !file.exists() {
        return Err(Fault::io(file, &std::io::ErrorKind::NotFound.into()));
    }
    if file.is_dir() {
        let name = file.display();
        return Err(Fault::input(
            format!("{name} là thư mục; hãy nêu từng tệp"),
            format!("{name} is a folder; name its files"),
        ));
    }
    Ok(())
}

fn mapping(args: &Load, kind: &Kind) -> Outcome<(Mapping, Option<Vec<u8>>)> {
    let confirmed = |mapping: Mapping| match &args.encoding {
        None => Ok(mapping),
        Some(name) => mapping.with_encoding(name).map_err(Fault::Input),
    };
    let Some(path) = &args.map else {
        return Ok((confirmed(Mapping::default())?, None));
    };
    let bytes = std::fs::read(path).map_err(|error| Fault::io(path, &error))?;
    let name = path.display().to_string();
    let mapping = Mapping::parse(&name, &bytes, kind).map_err(|problems| Fault::Bundle {
        problems,
        texts: [(name, String::from_utf8_lossy(&bytes).into_owned())].into(),
    })?;
    Ok((confirmed(mapping)?, Some(bytes)))
}

fn tell(file: &Path, done: &Done, dry: bool, screen: &Screen) -> Outcome {
    let mut text = done.text().get(screen.lang).to_owned();
    match done.entry {
        Some(entry) => text.push_str(&format!(" {} {entry}.", screen.say("Mục sổ", "Entry"))),
        None if dry => text.push_str(screen.say(" Chưa ghi gì.", " Nothing was written.")),
        None => {}
    }
    print(screen, &said(&file.display().to_string(), &text, &done.summary, screen))?;
    if done.summary.read == done.summary.skipped() {
        screen.remark(screen.say(
            "Tệp này không có bản ghi nào. Hãy xem có đúng là tệp cần nạp không.",
            "This file has no record in it. See whether it is the file that was meant.",
        ));
    }
    if let Some(rejects) = &done.rejects {
        screen.remark(&format!(
            "{}: {}",
            screen.say("Các dòng bị từ chối", "Rejected rows"),
            rejects.display()
        ));
    }
    Ok(())
}

/// Says when the rows of another unit's records went where `check` does not look: it holds two suppliers against
/// each other from the files beside the records, whose names tell the upload. Where else a file was put is not kept: it
/// is a place on somebody's machine.
fn unseen(args: &Load, kind: &Kind, file: &Path, done: &Done, screen: &Screen) {
    let Some(rejects) = done.rejects.as_deref().filter(|_| done.owned > 0) else { return };
    if is_beside(&args.bundle, &kind.id, file, rejects) {
        return;
    }
    let (owned, usual) = (done.owned, rejects_beside(&args.bundle, &kind.id, file));
    let usual = usual.display();
    screen.remark(&match screen.lang {
        Lang::Vi => format!(
            "{owned} dòng là bản ghi do đơn vị khác cung cấp. Để giaouoc check đối chiếu hai bên, hãy chép tệp đó thành {usual}"
        ),
        Lang::En => format!(
            "{owned} of them are records that another unit supplies. For giaouoc check to hold the two side by side, copy the file to {usual}"
        ),
    });
}

/// What a replacement would withdraw, and how to do it.
fn withdrawing(args: &Load, count: u64, keys: &[String], screen: &Screen) -> Outcome {
    let list = keys.join(", ");
    let more = if count > keys.len() as u64 { ", …" } else { "" };
    let (vi, en) = if args.yes {
        ("", "")
    } else {
        ("Nếu đúng, chạy lại với --yes.\n", "If that is right, run it again with --yes.\n")
    };
    let text = match screen.lang {
        Lang::Vi => {
            format!("{count} bản ghi không có trong tệp sẽ bị rút: {list}{more}")
        }
        Lang::En => {
            format!("{count} records that are not in the file would be withdrawn: {list}{more}")
        }
    };
    let advice = screen.say(vi, en);
    print(screen, &format!("{}{advice}", paragraph(&text, "", "  ", screen.width)))
}

/// `--replace`: which of the supplier's records a file stands for.
struct Replacing {
    unit: Option<String>,
    days: Option<(Day, Day)>,
}

/// Keys shown of records that would be withdrawn.
const SHOWN: usize = 10;

impl Replacing {
    /// `all`, or parts joined by commas: `unit=CODE` and a period.
    fn parse(text: &str, loaded: &Loaded, kind: &Kind) -> Outcome<Self> {
        let mut scope = Self { unit: None, days: None };
        for part in text.split(',').map(str::trim).filter(|part| *part != "all") {
            match part.strip_prefix("unit=") {
                Some(unit) => scope.unit = supplier(loaded, Some(unit))?,
                None => {
                    let period = Period::parse(part, &loaded.bundle.agreement.periods).map_err(|error| {
                        Fault::input(
                            format!("--replace {text}: ghi all, unit=MÃ, một kỳ như 202003 (theo cột {}), hoặc cả hai cách nhau bằng dấu phẩy. {}", kind.columns[kind.date].id, error.text.vi),
                            format!("--replace {text}: write all, unit=CODE, a period such as 202003 (by the column {}), or both with a comma. {}", kind.columns[kind.date].id, error.text.en),
                        )
                    })?;
                    scope.days = Some((period.first, period.last));
                }
            }
        }
        Ok(scope)
    }

    /// Which rows of a batch it covers; the first of them are noted.
    fn rows(
        &self,
        kind: &Kind,
        zone: &Zone,
        batch: &RecordBatch,
        missing: &Mutex<Vec<String>>,
    ) -> Result<Vec<bool>, JournalError> {
        let text = |at: usize| -> Result<Vec<Option<String>>, JournalError> {
            let Some(array) = batch.column_by_name(&kind.columns[at].id) else {
                return Ok(vec![None; batch.num_rows()]);
            };
            let text = cast(array, &DataType::Utf8)
                .map_err(|error| JournalError::Internal { detail: error.to_string() })?;
            Ok(text.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
        };
        let (keys, units) = (text(kind.key)?, text(kind.unit)?);
        let days = days(kind, zone, batch);
        let covered = (0..batch.num_rows()).map(|row| {
            let unit = self.unit.as_ref().is_none_or(|unit| units[row].as_ref() == Some(unit));
            let within =
                |(first, last): (Day, Day)| days[row].is_some_and(|day| (first..=last).contains(&day));
            unit && self.days.is_none_or(within)
        });
        let covered: Vec<bool> = covered.collect();
        let mut missing = missing.lock().unwrap_or_else(PoisonError::into_inner);
        for row in (0..covered.len()).filter(|row| covered[*row]) {
            // The journal is asked more than once when records are refused.
            if let Some(key) =
                keys[row].as_ref().filter(|key| missing.len() < SHOWN && !missing.contains(key))
            {
                missing.push(key.clone());
            }
        }
        Ok(covered)
    }
}

/// The day of each row by the kind's date column.
fn days(kind: &Kind, zone: &Zone, batch: &RecordBatch) -> Vec<Option<Day>> {
    let column = &kind.columns[kind.date];
    let bare = |name: &str| -> Vec<Option<Day>> {
        let array = batch.column_by_name(name).and_then(|array| array.as_primitive_opt::<Date32Type>());
        array.map_or_else(
            || vec![None; batch.num_rows()],
            |array| array.iter().map(|day| day.map(Day)).collect(),
        )
    };
    if column.ty != ColumnType::Moment {
        return bare(&column.id);
    }
    let mut days = bare(&day_companion(&column.id));
    let instants = batch.column_by_name(&column.id);
    if let Some(instants) = instants.and_then(|array| array.as_primitive_opt::<TimestampMicrosecondType>()) {
        for (day, at) in days.iter_mut().zip(instants.iter()) {
            *day = day.or(at.map(|at| zone.day_of(Instant(at))));
        }
    }
    days
}

/// Refuses a file that looks like another kind, unless a mapping file says that it is of this one.
fn right_kind(args: &Load, kind: &Kind, name: &str, summary: &Summary) -> Outcome {
    match looks_like(kind, summary).filter(|_| args.map.is_none()) {
        None => Ok(()),
        Some(other) => Err(Fault::input(
            format!(
                "{name}: tệp này giống loại “{}” ({}) hơn là “{}”; nếu đúng là “{}”, hãy dùng tệp ánh xạ (--map)",
                other.id, other.name.vi, kind.id, kind.id
            ),
            format!(
                "{name}: this file looks like “{}” ({}) rather than “{}”; if it is “{}”, say so with a mapping file (--map)",
                other.id, other.name.en, kind.id, kind.id
            ),
        )),
    }
}

/// Another kind that knows more of the file's columns, when this one leaves most of them unused: the officer
/// named the wrong kind, and rows without their dates would never count.
pub fn looks_like(kind: &Kind, summary: &Summary) -> Option<&'static Kind> {
    if summary.ignored.len() <= summary.loaded.len() {
        return None;
    }
    let loaded = summary.loaded.iter().flat_map(|loaded| &loaded.headers);
    let headers: Vec<&str> = loaded
        .map(String::as_str)
        .chain(summary.ignored.iter().map(|ignored| ignored.header.as_str()))
        .collect();
    let best = kinds::builtin().iter().max_by_key(|kind| knows(kind, &headers))?;
    (best.id != kind.id && knows(best, &headers) > summary.loaded.len()).then_some(best)
}

/// How many of a kind's columns are among these headers, by id, label or alias.
pub fn knows(kind: &Kind, headers: &[&str]) -> usize {
    let headers: Vec<String> = headers.iter().map(|header| fold(header)).collect();
    let known = |column: &Column| {
        let labels = [&column.id, &column.label.vi, &column.label.en];
        labels.into_iter().chain(&column.aliases).any(|name| headers.contains(&fold(name)))
    };
    kind.columns.iter().filter(|column| known(column)).count()
}
