//! One file of records into the journal: read, compared with what is live, committed as one entry.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::Text;
use giaouoc_intake::{Input, Limits, Load, Mapping, Reason, Summary, read_records};
use giaouoc_journal::{
    About, Counts, Hash, Journal, JournalError, Prepared, Refusal, Salts, Scope, Signed, SourceFile, Sums,
    Upload as Line, What, unhex,
};
use giaouoc_worktime::zone::Zone;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::bundle::Loaded;
use crate::fault::{Fault, Outcome};
use crate::interrupt::Temporary;
use crate::journal::comparing::{ToJournal, compare};
use crate::journal::rejects::rejects_file;
use crate::journal::{fault, list, now};
use crate::progress::Progress;
use crate::records::file_fault;

/// A file to be uploaded, and what was said about it.
pub struct Upload<'a> {
    /// The bundle.
    pub loaded: &'a Loaded,
    /// What its records are.
    pub kind: &'static Kind,
    /// Where its columns are.
    pub mapping: &'a Mapping,
    /// The mapping's text, kept with the entry.
    pub map: Option<&'a [u8]>,
    /// Where it lies.
    pub path: &'a Path,
    /// The name it has in messages and in its entry.
    pub name: String,
    /// Who supplies it.
    pub supplier: Option<String>,
    /// When the source wrote it.
    pub exported_at: Option<Timestamp>,
    /// What of the supplier's records it replaces.
    pub replace: Option<Replace<'a>>,
    /// Who makes the entry, and why.
    pub signed: Signed,
    /// Where rejected rows go; nothing keeps none.
    pub rejects: Option<PathBuf>,
    /// Load personal columns as well, apart from the rows.
    pub personal: bool,
    /// Looked at before anything is compared, while nobody else can write: what it finds still holds when the entry is made.
    pub first: Option<First<'a>>,
    /// What changes nothing makes no entry. Programs send the same again and again; a person who loads a file is to find it
    /// in the journal.
    pub quiet: bool,
    /// How it is read for somebody at a unit's desk; nothing on the command line.
    pub desk: Option<Desk<'a>>,
}

/// An upload at a unit's desk.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// Keys of records that stay as they are whatever the file says of them: they count as unchanged.
    pub leave: &'a BTreeSet<String>,
}

/// A look at a journal that nobody else writes to.
pub type First<'a> = &'a dyn Fn(&Journal) -> Outcome;

/// Random bytes of the system for the commitment of a personal value.
fn salt() -> Result<[u8; 32], JournalError> {
    let mut salt = [0; 32];
    getrandom::fill(&mut salt).map_err(|error| JournalError::Internal { detail: error.to_string() })?;
    Ok(salt)
}

/// Records that a file stands for: those of them that it does not have are withdrawn.
#[derive(Clone, Debug)]
pub struct Replace<'a> {
    /// The words of the command line.
    pub said: String,
    /// Which records they are.
    pub scope: Scope<'a>,
}

/// What came of an upload.
#[derive(Debug)]
pub struct Done {
    /// What was read.
    pub summary: Summary,
    /// What became of the records.
    pub counts: Counts,
    /// Its entry; nothing in a dry run.
    pub entry: Option<u64>,
    /// The file of rejected rows, when there is one.
    pub rejects: Option<PathBuf>,
    /// How many of them are of records that another unit supplies.
    pub owned: usize,
}

impl Done {
    /// `read = new + changed + unchanged + rejected`, in one sentence.
    pub fn text(&self) -> Text {
        let Counts { new, changed, unchanged, withdrawn } = self.counts;
        let (read, skipped) = (records(&self.summary), self.summary.skipped());
        let rejected = self.summary.rejected;
        let (mut vi, mut en) = (
            format!(
                "Đọc {read} bản ghi: {new} mới, {changed} thay đổi, {unchanged} như cũ, {rejected} bị từ chối"
            ),
            format!(
                "{read} records read: {new} new, {changed} changed, {unchanged} unchanged, {rejected} rejected"
            ),
        );
        if skipped > 0 {
            vi.push_str(&format!("; bỏ qua {skipped} dòng không phải bản ghi"));
            en.push_str(&format!("; {skipped} rows that are no records were skipped"));
        }
        if withdrawn > 0 {
            let (in_vi, in_en) = match self.entry {
                Some(_) => ("đã rút", "were withdrawn"),
                None => ("sẽ rút", "would be withdrawn"),
            };
            vi.push_str(&format!("; {in_vi} {withdrawn} bản ghi không còn trong tệp"));
            en.push_str(&format!("; {withdrawn} records that are no longer in the file {in_en}"));
        }
        let sums = Text::new(vi + ".", en + ".");
        match self.summary.made {
            None => sums,
            Some(_) => {
                let events = self.summary.text();
                Text::new(format!("{} {}", events.vi, sums.vi), format!("{} {}", events.en, sums.en))
            }
        }
    }
}

/// The records of a file: its rows but those that are no records; of a file of events, the records made of
/// them and the rows that were rejected.
fn records(summary: &Summary) -> u64 {
    summary.made.map_or(summary.read - summary.skipped(), |made| made + summary.rejected)
}

/// Times that a commit is tried before the upload keeps others out while it compares.
const TRIES: usize = 2;

impl Upload<'_> {
    /// Compares the file with what is live and changes nothing; rejected rows go where [`Upload::rejects`] says.
    pub fn compare(&self, journal: &Journal, progress: &Progress, check: Check<'_>) -> Outcome<Done> {
        let refused = self.refused(journal, progress)?;
        let rejects = self.rejects.as_deref().map(rejects_file).transpose()?;
        let Reading { summary, counts, .. } =
            self.read(journal, &refused, true, rejects.as_ref(), progress)?;
        check(&summary)?;
        let rejects = kept(rejects, &summary)?;
        Ok(Done { summary, counts, entry: None, rejects, owned: 0 })
    }

    /// Loads the file as one entry. `check` may refuse it by what was read.
    pub fn load(&self, journal: &mut Journal, progress: &Progress, check: Check<'_>) -> Outcome<Done> {
        crate::interrupt::guard_journal(journal.disk().root());
        let map = self.map.map(|map| giaouoc_journal::keep_text(journal.disk(), map)).transpose();
        let map = map.map_err(|error| fault(&error))?;
        let mut lock = None;
        for attempt in 0.. {
            if (attempt >= TRIES || self.first.is_some()) && lock.is_none() {
                lock = Some(journal.lock().map_err(|error| fault(&error))?);
            }
            journal.refresh().map_err(|error| fault(&error))?;
            if let Some(first) = self.first {
                first(journal)?;
            }
            let (mut refused, mut owned) = (BTreeMap::new(), 0);
            let mut rejects = self.rejects.as_deref().map(rejects_file).transpose()?;
            let mut read = self.read(journal, &refused, false, rejects.as_ref(), progress)?;
            if !read.refused.is_empty() {
                // Rows that the journal does not take are rejected in the open, with their cells: once more.
                let is_owned = |(_, why): &&(String, Refusal)| matches!(why, Refusal::Owned(_));
                owned = read.refused.iter().filter(is_owned).count();
                refused = self.reasons(&read.refused);
                rejects = self.rejects.as_deref().map(rejects_file).transpose()?;
                read = self.read(journal, &refused, false, rejects.as_ref(), progress)?;
            }
            check(&read.summary)?;
            if self.lacks_rows(&read.summary) {
                return Err(self.not_whole(&read.summary, rejects)?);
            }
            let Reading { summary, counts, prepared, file, .. } = read;
            if self.quiet && counts.new + counts.changed + counts.withdrawn == 0 {
                let rejects = kept(rejects, &summary)?;
                return Ok(Done { summary, counts, entry: None, rejects, owned });
            }
            let (Some(prepared), Some((sha256, bytes))) = (prepared, file) else {
                return Err(nothing(&self.name));
            };
            let line = |rows| {
                What::Upload(Line {
                    kind: self.kind.id.clone(),
                    kind_digest: unhex(&self.kind.digest).unwrap_or_default(),
                    namespace: self.supplier.clone(),
                    file: SourceFile { name: self.name.clone(), sha256, bytes },
                    map,
                    exported_at: self.exported_at,
                    replace: self.replace.as_ref().map(|replace| replace.said.clone()),
                    sums: Sums {
                        read: records(&summary),
                        new: counts.new,
                        changed: counts.changed,
                        unchanged: counts.unchanged,
                        rejected: summary.rejected,
                        skipped: summary.skipped(),
                    },
                    rows,
                })
            };
            let committed = match &lock {
                Some(lock) => journal.commit(lock, prepared, self.signed.clone(), now(), line),
                None => {
                    let lock = journal.lock().map_err(|error| fault(&error))?;
                    journal.commit(&lock, prepared, self.signed.clone(), now(), line)
                }
            };
            if let Some(entry) = committed.map_err(|error| fault(&error))? {
                let rejects = kept(rejects, &summary)?;
                return Ok(Done { summary, counts, entry: Some(entry), rejects, owned });
            }
        }
        Err(nothing(&self.name))
    }

    /// A file that stands for all records of its scope must be taken whole: the record of a rejected row is in
    /// the file, and withdrawing it would be wrong.
    pub fn lacks_rows(&self, summary: &Summary) -> bool {
        self.replace.is_some() && summary.rejected > 0
    }

    /// Says so. The rejected rows are kept for repair as those of any other file.
    pub fn not_whole(&self, summary: &Summary, rejects: Option<(Temporary, PathBuf)>) -> Outcome<Fault> {
        let (name, rejected) = (&self.name, summary.rejected);
        let kept = match rejects {
            None => Text::default(),
            Some((file, path)) => {
                file.persist(&path)?;
                let path = path.display();
                Text::new(format!(" Các dòng đó ở {path}."), format!(" They are in {path}."))
            }
        };
        Ok(Fault::Input(Text::new(
            format!(
                "{name}: {rejected} dòng bị từ chối, mà --replace rút những gì tệp không có: tệp phải được nhận trọn vẹn. Chưa nạp gì. Hãy sửa các dòng đó trong tệp rồi nạp lại, hoặc nạp không có --replace.{}",
                kept.vi
            ),
            format!(
                "{name}: {rejected} rows were rejected, and --replace withdraws what the file does not have: the file must be accepted whole. Nothing was loaded. Correct these rows in the file and load it again, or load it without --replace.{}",
                kept.en
            ),
        )))
    }

    fn refused(&self, journal: &Journal, progress: &Progress) -> Outcome<BTreeMap<String, Reason>> {
        let read = self.read(journal, &BTreeMap::new(), true, None, progress)?;
        Ok(self.reasons(&read.refused))
    }

    fn reasons(&self, refused: &[(String, Refusal)]) -> BTreeMap<String, Reason> {
        let cluster = &self.loaded.bundle.cluster;
        let owner = |code: &Option<String>| match code {
            None => Text::new("cụm (không nêu đơn vị cung cấp)", "the cluster (no supplier was named)"),
            Some(code) => match cluster.unit(code) {
                Some(unit) => cluster.units[unit].name.clone(),
                None => Text::new(code.clone(), code.clone()),
            },
        };
        let zone = self.loaded.calendars.default.zone();
        let reason = |refusal: &Refusal| match refusal {
            Refusal::Owned(code) => Reason::owned(&owner(code)),
            Refusal::Older(newer) => Reason::older_export(&list::shown(*newer, zone)),
        };
        refused.iter().map(|(key, refusal)| (key.clone(), reason(refusal))).collect()
    }

    fn read(
        &self,
        journal: &Journal,
        refused: &BTreeMap<String, Reason>,
        dry: bool,
        rejects: Option<&(Temporary, PathBuf)>,
        progress: &Progress,
    ) -> Outcome<Reading> {
        let about = About {
            kind: self.kind,
            namespace: self.supplier.clone(),
            exported_at: self.exported_at,
            replace: self.replace.as_ref().map(|replace| replace.scope),
            dry,
            salts: self.personal.then_some(Salts(&salt)),
        };
        let limits = Limits::default();
        let units = self.loaded.units();
        let load = Load {
            kind: self.kind,
            mapping: self.mapping,
            units: &units,
            zone: self.loaded.calendars.default.zone(),
            limits: &limits,
            personal: self.personal,
        };
        let out = rejects.map(|(file, _)| file.reopen()).transpose()?;
        let stamp = Stamp::of(self.path)?;
        let (mut sink, told) =
            ToJournal::new(out, refused, self.desk.map(|desk| (self.kind, desk)), progress);
        let (summary, (rejects, left), prepare, file) = std::thread::scope(|scope| {
            let hashing = (!dry).then(|| scope.spawn(|| digest(self.path)));
            let comparing = scope.spawn(move || compare(journal, &about, told));
            let summary = read_records(&Input::Path(self.path), &load, &mut sink);
            let left = sink.left();
            let rejects = sink.rejects();
            let prepare = comparing.join().unwrap_or_else(|panic| resume_unwind(panic));
            let file = hashing.map(|hashing| hashing.join().unwrap_or_else(|panic| resume_unwind(panic)));
            (summary, (rejects, left), prepare, file)
        });
        // What failed there is why the reading stopped.
        let prepare = prepare.map_err(|error| fault(&error))?;
        let summary = summary.map_err(|error| file_fault(&self.name, &error))?;
        // It is opened more than once, for its rows and for its digest: both must be of the same bytes.
        if Stamp::of(self.path)? != stamp {
            return Err(Fault::input(
                format!(
                    "{}: tệp đã đổi trong khi đang đọc; chưa nạp gì. Hãy nạp lại khi tệp đã lưu xong",
                    self.name
                ),
                format!(
                    "{}: the file changed while it was read; nothing was loaded. Load it again once it is saved",
                    self.name
                ),
            ));
        }
        if let Some(rejects) = rejects {
            let out = rejects.finish().map_err(|error| file_fault(&self.name, &error))?;
            let file = out.into_inner().map_err(|error| Fault::io(self.path, error.error()))?;
            file.sync_all().map_err(|error| Fault::io(self.path, &error))?;
        }
        let Some(prepare) = prepare else { return Err(nothing(&self.name)) };
        let (prepared, mut counts, refused) = prepare.finish().map_err(|error| fault(&error))?;
        counts.unchanged += left;
        Ok(Reading { summary, counts, prepared: Some(prepared), refused, file: file.transpose()? })
    }
}

/// Gives the file of rejected rows its name, when there are any.
fn kept(rejects: Option<(Temporary, PathBuf)>, summary: &Summary) -> Outcome<Option<PathBuf>> {
    match rejects {
        Some((file, path)) if summary.rejected > 0 => {
            file.persist(&path)?;
            Ok(Some(path))
        }
        _ => Ok(None),
    }
}

/// Refuses a file by what was read of it.
pub type Check<'a> = &'a dyn Fn(&Summary) -> Outcome;

struct Reading {
    summary: Summary,
    counts: Counts,
    prepared: Option<Prepared>,
    refused: Vec<(String, Refusal)>,
    /// The SHA-256 and the size of the file; nothing in a dry run.
    file: Option<(Hash, u64)>,
}

/// By what it is told whether a file was replaced or written to.
#[derive(PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<std::time::SystemTime>,
    /// The device and the number of the file, where the system has them: most programs save by giving a new file the
    /// name of the old one.
    file: Option<(u64, u64)>,
}

impl Stamp {
    fn of(path: &Path) -> Outcome<Self> {
        let metadata = path.metadata().map_err(|error| Fault::io(path, &error))?;
        #[cfg(unix)]
        let file = {
            use std::os::unix::fs::MetadataExt as _;
            Some((metadata.dev(), metadata.ino()))
        };
        #[cfg(not(unix))]
        let file = None;
        Ok(Self { length: metadata.len(), modified: metadata.modified().ok(), file })
    }
}

fn nothing(name: &str) -> Fault {
    Fault::System(Text::new(format!("{name}: không đọc được gì"), format!("{name}: nothing was read")))
}

/// The SHA-256 and the size of a file.
pub fn digest(path: &Path) -> Outcome<(Hash, u64)> {
    let io = |error: std::io::Error| Fault::io(path, &error);
    let mut file = File::open(path).map_err(io)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer).map_err(io)?;
        if read == 0 {
            return Ok((hasher.finalize().into(), bytes));
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
}

/// A time on the command line, such as that of an export.
pub fn time(zone: &Zone, option: &str, text: &str) -> Outcome<Timestamp> {
    crate::journal::moment(zone, text).ok_or_else(|| {
        Fault::input(
            format!(
                "{option} {text}: không phải ngày hay thời điểm; ghi ví dụ 2020-07-10 hoặc 2020-07-10T16:00"
            ),
            format!(
                "{option} {text}: neither a day nor a time; write for example 2020-07-10 or 2020-07-10T16:00"
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_saved_anew_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        std::fs::write(&path, "a").unwrap();
        let stamp = Stamp::of(&path).unwrap();
        assert!(Stamp::of(&path).unwrap() == stamp, "nobody wrote");
        std::fs::write(&path, "ab").unwrap();
        let longer = Stamp::of(&path).unwrap();
        assert!(longer != stamp);
        // As programs save: a new file under the old name, of the same length and time.
        let other = folder.path().join("y.csv");
        std::fs::write(&other, "cd").unwrap();
        let modified = path.metadata().unwrap().modified().unwrap();
        File::options().write(true).open(&other).unwrap().set_modified(modified).unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert_eq!(cfg!(unix), Stamp::of(&path).unwrap() != longer);
    }
}
