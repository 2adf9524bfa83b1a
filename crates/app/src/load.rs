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
    Both, Collected, FileError, Input, Limits, Load as Reading, Mapping, Reject, RejectsCsv, Sink, Summary,
    ToParquet, fold, read_records,
};

use tempfile::NamedTempFile;

use crate::bundle::{self, Loaded};
use crate::check::said;
use crate::cli::Load;
use crate::fault::{Fault, Outcome};
use crate::keys::{Compare, Doubled, Keys, Twice};
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
    let mut keys = Keys::of(&loaded, kind, None)?;
    for (at, file) in args.files.iter().enumerate() {
        let job = Job { args, loaded: &loaded, kind, mapping: &mapping, file, at, records: &records, screen };
        let summary = job.run(&mut keys)?;
        crate::score::print(screen, &said(&file.display().to_string(), &summary, screen))?;
        rejected += summary.rejected;
    }
    if rejected > 0 { Err(Fault::No) } else { Ok(()) }
}

fn mapping(args: &Load, kind: &Kind) -> Outcome<Mapping> {
    let mapping = mapping_file(args, kind)?;
    match &args.encoding {
        None => Ok(mapping),
        Some(name) => mapping.with_encoding(name).map_err(Fault::Input),
    }
}

fn mapping_file(args: &Load, kind: &Kind) -> Outcome<Mapping> {
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

/// One file of a run.
struct Job<'a> {
    args: &'a Load,
    loaded: &'a Loaded,
    kind: &'static Kind,
    mapping: &'a Mapping,
    file: &'a Path,
    /// Its place among the files of the run.
    at: usize,
    records: &'a Path,
    screen: &'a Screen,
}

impl Job<'_> {
    fn run(&self, keys: &mut Keys) -> Outcome<Summary> {
        if !self.file.exists() {
            return Err(Fault::io(self.file, &std::io::ErrorKind::NotFound.into()));
        }
        if self.file.is_dir() {
            return Err(Fault::input(
                format!("{} là thư mục; hãy nêu từng tệp", self.name()),
                format!("{} is a folder; name its files", self.name()),
            ));
        }
        let progress = Progress::new(self.screen);
        let taken = if self.args.dry_run {
            self.read(None::<Collected>, keys, &progress).map(|(summary, _)| summary)
        } else {
            self.write(keys, &progress)
        };
        progress.clear();
        taken
    }

    /// Reads the file into a sink; refuses it when it is of another kind or repeats records of the bundle.
    fn read<S: Sink>(
        &self,
        sink: Option<S>,
        keys: &mut Keys,
        progress: &Progress,
    ) -> Outcome<(Summary, Option<S>)> {
        let units = self.loaded.units();
        let limits = Limits::default();
        let reading = Reading {
            kind: self.kind,
            mapping: self.mapping,
            units: &units,
            zone: self.loaded.calendars.default.zone(),
            limits: &limits,
            personal: false,
        };
        let id = &self.kind.columns[self.kind.key].id;
        let file = self.loaded.bundle.records.len() + self.at;
        let mut sink = Compare { inner: Watch(sink, progress), id, keys, file, doubled: Doubled::default() };
        let summary = read_records(&Input::Path(self.file), &reading, &mut sink)
            .map_err(|error| file_fault(&self.name(), &error))?;
        let (doubled, inner) = (sink.doubled, sink.inner.0);
        if doubled.count > 0 {
            return Err(self.repeats(&doubled));
        }
        Ok((right_kind(self.args, self.kind, &self.name(), summary)?, inner))
    }

    fn name(&self) -> String {
        self.file.display().to_string()
    }

    fn repeats(&self, doubled: &Doubled) -> Fault {
        let of = |twice: &Twice| match self.loaded.bundle.records.get(twice.earlier) {
            Some(file) => format!("{} ({})", twice.key, file.path),
            None => twice.key.clone(),
        };
        let list = doubled.examples.iter().map(of).collect::<Vec<_>>().join(", ");
        let (name, count) = (self.name(), doubled.count);
        Fault::input(
            format!(
                "{name}: {count} bản ghi đã có trong gói dữ liệu, nạp lại sẽ bị tính hai lần: {list}. Bỏ các dòng đó khỏi tệp, hoặc xoá tệp cũ trong records/ rồi nạp lại"
            ),
            format!(
                "{name}: {count} records are in the bundle already and would count twice: {list}. Take these rows out of the file, or delete the old file in records/ and load again"
            ),
        )
    }

    /// Writes both files under temporary names in the same folder, syncs them, and renames them at the end.
    fn write(&self, keys: &mut Keys, progress: &Progress) -> Outcome<Summary> {
        let records = self.records;
        fs::create_dir_all(records).map_err(|error| Fault::io(records, &error))?;
        let target = free_name(records, &self.kind.id, self.file, "parquet");
        let rejects = match &self.args.rejects {
            None => target.with_extension("rejects.csv"),
            Some(path) => unused(path),
        };
        let beside =
            rejects.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (accepted_file, rejects_file) = (temporary(records)?, temporary(beside)?);
        let reopen = |file: &NamedTempFile| {
            file.reopen().map(BufWriter::new).map_err(|error| Fault::io(file.path(), &error))
        };
        let fault = |error: FileError| file_fault(&self.name(), &error);
        let accepted = ToParquet::new(reopen(&accepted_file)?);
        let refused = RejectsCsv::new(reopen(&rejects_file)?, b',').map_err(fault)?;
        let (summary, both) = self.read(Some(Both(accepted, refused)), keys, progress)?;
        if let Some(Both(accepted, refused)) = both {
            sync(accepted.finish().map_err(fault)?, accepted_file.path())?;
            sync(refused.finish().map_err(fault)?, rejects_file.path())?;
        }
        if summary.rejected > 0 {
            rejects_file.persist_noclobber(&rejects).map_err(|error| Fault::io(&rejects, &error.error))?;
            tell(self.screen, "Các dòng bị từ chối", "Rejected rows", &rejects);
        }
        if summary.accepted > 0 {
            accepted_file.persist_noclobber(&target).map_err(|error| Fault::io(&target, &error.error))?;
            tell(self.screen, "Các dòng được nhận", "Accepted rows", &target);
        }
        Ok(summary)
    }
}

/// A file that becomes visible only under its final name; then everybody who may read the folder may read it.
fn temporary(folder: &Path) -> Outcome<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o644));
    }
    builder.tempfile_in(folder).map_err(|error| Fault::io(folder, &error))
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
fn free_name(records: &Path, kind: &str, file: &Path, ending: &str) -> PathBuf {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let stem: String =
        stem.chars().map(|character| if character.is_alphanumeric() { character } else { '-' }).collect();
    unused(&records.join(format!("{kind}-{stem}.{ending}")))
}

/// The path itself, or with a number before its ending when it is taken.
fn unused(path: &Path) -> PathBuf {
    let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    let mut free = path.to_path_buf();
    let mut number = 2;
    while free.exists() {
        free = path.with_extension("");
        let name = free.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        free.set_file_name(format!("{name}-{number}{ending}"));
        number += 1;
    }
    free
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
        let first = free_name(dir.path(), "dossier", Path::new("Hồ sơ tháng 3.xlsx"), "parquet");
        assert_eq!(first.file_name().unwrap().to_str().unwrap(), "dossier-Hồ-sơ-tháng-3.parquet");
        File::create(&first).unwrap();
        assert!(
            free_name(dir.path(), "dossier", Path::new("Hồ sơ tháng 3.xlsx"), "parquet")
                .to_string_lossy()
                .ends_with("-2.parquet")
        );
    }
}
