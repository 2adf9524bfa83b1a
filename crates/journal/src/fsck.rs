//! Looking whether a journal is whole: everything is computed again from the rows, and everything that does
//! not hold is said at once. Nothing is written.

mod derived;
mod personal;
mod replay;

use std::collections::BTreeSet;

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::Text;

use crate::disk::{Disk, FOLDERS};
use crate::entries::{ENTRIES, Entries, What, hex};
use crate::error::{JournalError, system};
use crate::journal::Journal;
use crate::lock::{LOCK, TIDYING};
use crate::texts;
use personal::Values;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Something that was accepted is not as it was: a backup must be restored.
    Damage,
    /// An erasure was stopped half-way: values that count as erased are still there. The next commit removes them.
    Pending,
    /// A derived file (index, base) is wrong. It can be deleted, and is made again from the rows.
    Derived,
    /// A file that belongs to no entry: a run that was killed left it, or a merge.
    LeftOver,
}

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it weighs.
    pub weight: Weight,
    /// What and where, and what to do about it.
    pub text: Text,
}

/// What was looked at, and what does not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Entries that hold.
    pub entries: u64,
    /// Bytes of a last line that was never acknowledged; the next commit takes them away.
    pub torn: u64,
    /// Rows read, brought and taken back.
    pub rows: u64,
    /// What does not hold, the heaviest first.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Whether everything that was accepted is there as it was.
    pub fn is_whole(&self) -> bool {
        self.findings.iter().all(|finding| finding.weight != Weight::Damage)
    }

    /// Whether figures can be relied on: everything that was accepted is there as it was, and so is what was derived
    /// from it to read it quicker.
    pub fn is_right(&self) -> bool {
        self.is_whole() && self.findings.iter().all(|finding| finding.weight != Weight::Derived)
    }

    fn add(&mut self, weight: Weight, vi: String, en: String) {
        self.findings.push(Finding { weight, text: Text::new(vi, en) });
    }

    fn damage(&mut self, vi: String, en: String) {
        self.add(Weight::Damage, vi, en);
    }

    /// Something of an entry cannot be read.
    fn unreadable(&mut self, entry: u64, name: &str, error: &JournalError) {
        let Text { vi, en } = cause(error);
        self.damage(
            format!("mục sổ {entry}: {name}: {vi}. Hãy khôi phục bản sao lưu"),
            format!("entry {entry}: {name}: {en}. Restore a backup"),
        );
    }

    fn derived(&mut self, file: &str, vi: &str, en: &str) {
        self.add(
            Weight::Derived,
            format!("{file}: {vi}. Hãy xoá đi; chương trình sẽ tạo lại"),
            format!("{file}: {en}. Delete it; it is made again"),
        );
    }
}

/// Why a file cannot be read, without its name and without advice.
fn cause(error: &JournalError) -> Text {
    match error {
        JournalError::Io { error, .. } if error.kind() == std::io::ErrorKind::NotFound => {
            Text::new("thiếu tệp", "the file is missing")
        }
        JournalError::Io { error, .. } => {
            let Text { vi, en } = system(error);
            Text::new(format!("không đọc được: {vi}"), format!("it cannot be read: {en}"))
        }
        JournalError::Damaged { detail: Text { vi, en }, .. }
        | JournalError::Derived { detail: Text { vi, en }, .. } => {
            Text::new(format!("tệp bị hỏng ({vi})"), format!("the file is damaged ({en})"))
        }
        // Files of a form that the program does not write: what does not fit is named by the libraries.
        JournalError::Internal { detail } => Text::new(
            format!("nội dung tệp không đúng dạng của loại dữ liệu (“{detail}”)"),
            format!("the content of the file does not have the form of its kind (“{detail}”)"),
        ),
        other => other.text(),
    }
}

/// Checks a journal: the chain of entries; of every entry the number of its rows, the columns they know and
/// their roots; that what is taken back was live and is word for word what was brought; that a key has at most
/// one live version, and that its own supplier took it back; personal values by their commitments, none missing
/// and none too many; the texts by their digests; index and bases against the rows. Files that belong to nobody are named.
///
/// `told` hears how many rows were read so far. Nobody is kept from committing meanwhile: what a commit is just
/// writing may show as left over. Memory: about 80 bytes a live record of the largest kind, and 40 a personal
/// value.
///
/// # Errors
/// When the folder cannot be read at all.
pub fn fsck(disk: &Disk, kinds: &[Kind], told: &mut dyn FnMut(u64)) -> Result<Checked, JournalError> {
    let (entries, wrong) = Entries::survey(disk)?;
    let mut checked = Checked { entries: entries.head(), torn: entries.torn(), ..Checked::default() };
    for error in &wrong {
        checked.findings.push(Finding { weight: Weight::Damage, text: error.text() });
    }
    let journal = Journal::of(disk.clone(), entries);
    let mut used = BTreeSet::from([ENTRIES, LOCK, TIDYING].map(str::to_owned));
    texts_of(&journal, &mut checked, &mut used);
    let mut values = Values::gather(&journal, &mut checked, &mut used)?;
    let held: BTreeSet<String> = journal.kinds().into_iter().map(str::to_owned).collect();
    for id in held {
        match kinds.iter().find(|kind| kind.id == id) {
            Some(kind) => replay::kind(&journal, kind, &mut values, (&mut checked, &mut used), told)?,
            None => checked.damage(
                format!("loại dữ liệu “{id}”: chương trình này không biết, nên không kiểm tra được các dòng của nó. Hãy cập nhật chương trình"),
                format!("kind “{id}”: this program does not know it, so its rows were not checked. Update the program"),
            ),
        }
    }
    values.rest(&mut checked);
    // Where lines are missing, files are there for entries that are not.
    if wrong.is_empty() {
        left_over(disk, &used, &mut checked)?;
    }
    checked.findings.sort_by_key(|finding| finding.weight);
    Ok(checked)
}

/// The texts that entries speak of are there, and are what their names say.
fn texts_of(journal: &Journal, checked: &mut Checked, used: &mut BTreeSet<String>) {
    for entry in &journal.entries {
        let hash = match &entry.what {
            What::Text(text) => text.sha256,
            What::Upload(upload) => upload.map,
            _ => None,
        };
        let Some(hash) = hash else { continue };
        let name = format!("texts/{}", hex(&hash));
        if used.insert(name.clone())
            && let Err(error) = texts::read(&journal.disk, &hash)
        {
            checked.unreadable(entry.number, &name, &error);
        }
    }
}

/// Names the files that nobody uses.
fn left_over(disk: &Disk, used: &BTreeSet<String>, checked: &mut Checked) -> Result<(), JournalError> {
    let mut names: Vec<String> = disk.left_behind()?.into_iter().map(|(name, _)| name).collect();
    for folder in [""].into_iter().chain(FOLDERS) {
        for name in disk.list(folder)? {
            let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if !used.contains(&name) && !FOLDERS.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    for name in names {
        checked.add(
            Weight::LeftOver,
            format!("{name}: tệp thừa, không thuộc mục sổ nào (lần chạy trước bị ngắt để lại); có thể xoá"),
            format!("{name}: left over, it belongs to no entry (a run that was stopped left it); it can be deleted"),
        );
    }
    Ok(())
}
