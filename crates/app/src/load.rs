//! `giaouoc load`: checks files of records, writes the accepted rows to the bundle's `records/` and the
//! rejected ones beside them. A file is wholly there or not at all.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use giaouoc_intake::{
    Both, FileError, Input, Limits, Load as Reading, Mapping, Reject, RejectsCsv, Sink, Summary, ToParquet,
    fold, read_records,
};

use crate::bundle::{self, Loaded};
use crate::check::said;
use crate::cli::Load;
use crate::fault::{Fault, Outcome};
use crate::progress::Progress;
use crate::records::file_fault;
use crate::screen::Screen;

/// Runs the command. Ends with 1 when rows were rejected, with 2 when a file was refused whole.
pub fn run(args: &Load, screen: &Screen) -> Outcome {
    let loaded = bundle::load(&args.bundle)?;
    if !args.bundle.is_dir() {
        return Err(Fault::input(
            "chỉ nạp được vào gói dữ liệu là thư mục; hãy giải nén tệp .zip trước",
            "records can only be loaded into a bundle that is a folder; unpack the .zip first",
        ));
    }
    let kind = bundle::kind(&args.kind)?;
    let mapping = mapping(args, kind)?;
    let records = loaded.opened.dir.join("records");
    let mut rejected = 0;
    for file in &args.files {
        let summary = one(args, &loaded, kind, &mapping, file, &records, screen)?;
        crate::score::print(screen, &said(&file.display().to_string(), &summary, screen))?;
        rejected += summary.rejected;
    }
    if rejected > 0 { Err(Fault::No) } else { Ok(()) }
}

fn mapping(args: &Load, kind: &Kind) -> Outcome<Mapping> {
    let Some(path) = &args.map else {
        return Ok(Mapping::default());
    };
    let bytes = fs::read(path).map_err(|error| Fault::io(path, &error))?;
    let name = path.display().to_string();
    Mapping::parse(&name, &bytes, kind).map_err(|problems| Fault::Bundle {
        problems,
        texts: [(name, String::from_utf8_lossy(&bytes).into_owned())].into(),
    })
}

fn one(
    args: &Load,
    loaded: &Loaded,
    kind: &Kind,
    mapping: &Mapping,
    file: &Path,
    records: &Path,
    screen: &Screen,
) -> Outcome<Summary> {
    let units = loaded.units();
    let limits = Limits::default();
    let reading = Reading {
        kind,
        mapping,
        units: &units,
        zone: loaded.calendars.default.zone(),
        limits: &limits,
        personal: false,
    };
    if !file.exists() {
        return Err(Fault::io(file, &std::io::ErrorKind::NotFound.into()));
    }
    let name = file.display().to_string();
    let input = Input::Path(file);
    let progress = Progress::new(screen);
    let taken = if args.dry_run {
        read_records(&input, &reading, &mut Watch(None::<giaouoc_intake::Collected>, &progress))
            .map_err(|error| file_fault(&name, &error))
            .and_then(|summary| right_kind(args, kind, &name, summary))
    } else {
        write(args, &reading, &input, &name, records, &progress, screen)
    };
    progress.clear();
    taken
}

/// Writes both files under temporary names in the same folder, syncs them, and renames them at the end.
fn write(
    args: &Load,
    reading: &Reading<'_>,
    input: &Input<'_>,
    name: &str,
    records: &Path,
    progress: &Progress,
    screen: &Screen,
) -> Outcome<Summary> {
    fs::create_dir_all(records).map_err(|error| Fault::io(records, &error))?;
    let target = free_name(records, &reading.kind.id, &input.name());
    let rejects = args.rejects.clone().unwrap_or_else(|| target.with_extension("rejects.csv"));
    let beside = rejects.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let accepted_file =
        tempfile::NamedTempFile::new_in(records).map_err(|error| Fault::io(records, &error))?;
    let rejects_file = tempfile::NamedTempFile::new_in(beside).map_err(|error| Fault::io(beside, &error))?;
    let reopen = |file: &tempfile::NamedTempFile| {
        file.reopen().map(BufWriter::new).map_err(|error| Fault::io(file.path(), &error))
    };
    let accepted = ToParquet::new(reopen(&accepted_file)?);
    let fault = |error: FileError| file_fault(name, &error);
    let refused = RejectsCsv::new(reopen(&rejects_file)?, b',').map_err(fault)?;
    let mut both = Both(accepted, refused);
    let summary = read_records(input, reading, &mut Watch(Some(&mut both), progress)).map_err(fault)?;
    let summary = right_kind(args, reading.kind, name, summary)?;
    let Both(accepted, refused) = both;
    let accepted = accepted.finish().map_err(fault)?;
    let refused = refused.finish().map_err(fault)?;
    sync(accepted, accepted_file.path())?;
    sync(refused, rejects_file.path())?;
    if summary.rejected > 0 {
        rejects_file.persist(&rejects).map_err(|error| Fault::io(&rejects, &error.error))?;
        tell(screen, "Các dòng bị từ chối", "Rejected rows", &rejects);
    }
    if summary.accepted > 0 {
        accepted_file.persist_noclobber(&target).map_err(|error| Fault::io(&target, &error.error))?;
        tell(screen, "Các dòng được nhận", "Accepted rows", &target);
    }
    Ok(summary)
}

/// Refuses a file that looks like another kind, unless a mapping file says that it is of this one.
fn right_kind(args: &Load, kind: &Kind, name: &str, summary: Summary) -> Outcome<Summary> {
    match looks_like(kind, &summary).filter(|_| args.map.is_none()) {
        None => Ok(summary),
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
fn looks_like(kind: &Kind, summary: &Summary) -> Option<&'static Kind> {
    if summary.ignored.len() <= summary.loaded.len() {
        return None;
    }
    let loaded = summary.loaded.iter().flat_map(|loaded| &loaded.headers);
    let headers: Vec<String> = loaded
        .chain(summary.ignored.iter().map(|ignored| &ignored.header))
        .map(|header| fold(header))
        .collect();
    let knows = |kind: &Kind| {
        let names = kind.columns.iter().map(|column| {
            let labels = [&column.id, &column.label.vi, &column.label.en];
            labels.into_iter().chain(&column.aliases).map(|name| fold(name)).collect::<Vec<_>>()
        });
        names.filter(|names| names.iter().any(|name| headers.contains(name))).count()
    };
    let best = kinds::builtin().iter().max_by_key(|kind| knows(kind))?;
    (best.id != kind.id && knows(best) > summary.loaded.len()).then_some(best)
}

fn tell(screen: &Screen, vi: &str, en: &str, path: &Path) {
    screen.remark(&format!("{}: {}", screen.say(vi, en), path.display()));
}

fn sync(writer: BufWriter<File>, path: &Path) -> Outcome {
    let file = writer.into_inner().map_err(|error| Fault::io(path, error.error()))?;
    file.sync_all().map_err(|error| Fault::io(path, &error))
}

/// `records/KIND-name.parquet`, with a number when that is taken: nothing is ever overwritten.
fn free_name(records: &Path, kind: &str, file: &str) -> PathBuf {
    let stem: String = Path::new(file)
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
        .chars()
        .map(|character| if character.is_alphanumeric() { character } else { '-' })
        .collect();
    let mut path = records.join(format!("{kind}-{stem}.parquet"));
    let mut number = 2;
    while path.exists() {
        path = records.join(format!("{kind}-{stem}-{number}.parquet"));
        number += 1;
    }
    path
}

/// Passes rows on (nowhere, in a dry run) and shows how far the file has come.
struct Watch<'a, S>(Option<S>, &'a Progress);

impl<S: Sink> Sink for Watch<'_, S> {
    fn begin(&mut self, schema: &SchemaRef, headers: &[String]) -> Result<(), FileError> {
        self.0.as_mut().map_or(Ok(()), |sink| sink.begin(schema, headers))
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), FileError> {
        self.0.as_mut().map_or(Ok(()), |sink| sink.batch(batch))
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), FileError> {
        self.0.as_mut().map_or(Ok(()), |sink| sink.reject(reject))
    }

    fn progress(&mut self, done: u64, total: u64) {
        self.1.bytes(done, total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_collide() {
        let dir = tempfile::tempdir().unwrap();
        let first = free_name(dir.path(), "dossier", "Hồ sơ tháng 3.xlsx");
        assert_eq!(first.file_name().unwrap().to_str().unwrap(), "dossier-Hồ-sơ-tháng-3.parquet");
        File::create(&first).unwrap();
        assert!(
            free_name(dir.path(), "dossier", "Hồ sơ tháng 3.xlsx").to_string_lossy().ends_with("-2.parquet")
        );
    }
}
