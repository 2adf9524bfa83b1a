//! Looking whether a journal is whole: everything is computed again from the rows, and everything that does
//! not hold is said at once. Nothing is written.

mod derived;
mod replay;

use std::collections::BTreeSet;

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::Text;

use crate::disk::{Disk, FOLDERS};
use crate::entries::{ENTRIES, Entries, What, hex};
use crate::error::JournalError;
use crate::journal::Journal;
use crate::lock::LOCK;
use crate::texts;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Something that was accepted is not as it was: a backup must be restored.
    Damage,
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

    fn add(&mut self, weight: Weight, vi: String, en: String) {
        self.findings.push(Finding { weight, text: Text::new(vi, en) });
    }

    fn damage(&mut self, vi: String, en: String) {
        self.add(Weight::Damage, vi, en);
    }

    fn error(&mut self, error: &JournalError) {
        self.findings.push(Finding { weight: Weight::Damage, text: error.text() });
    }

    fn derived(&mut self, file: &str, vi: &str, en: &str) {
        self.add(
            Weight::Derived,
            format!("{file}: {vi}. Hãy xoá tệp này; chương trình sẽ tạo lại"),
            format!("{file}: {en}. Delete the file; it is made again"),
        );
    }
}

/// Checks a journal: the chain of entries; of every entry the number of its rows, the columns they know and
/// their roots; that what is taken back was live and is word for word what was brought; that a key has at most
/// one live version, and that its own supplier took it back; the texts by their digests; index and bases
/// against the rows. Files that belong to nobody are named.
///
/// `told` hears how many rows were read so far. Nobody is kept from committing meanwhile: what a commit is just
/// writing may show as left over. Memory: about 80 bytes a live record of the largest kind.
///
/// # Errors
/// When the folder cannot be read at all.
pub fn fsck(disk: &Disk, kinds: &[Kind], told: &mut dyn FnMut(u64)) -> Result<Checked, JournalError> {
    let (entries, wrong) = Entries::survey(disk)?;
    let mut checked = Checked { entries: entries.head(), torn: entries.torn(), ..Checked::default() };
    for error in &wrong {
        checked.error(error);
    }
    let journal = Journal { disk: disk.clone(), entries };
    let mut used = BTreeSet::from([ENTRIES.to_owned(), LOCK.to_owned()]);
    texts_of(&journal, &mut checked, &mut used);
    let held: BTreeSet<String> = journal.kinds().into_iter().map(str::to_owned).collect();
    for id in held {
        match kinds.iter().find(|kind| kind.id == id) {
            Some(kind) => replay::kind(&journal, kind, &mut checked, &mut used, told)?,
            None => checked.damage(
                format!("loại dữ liệu “{id}”: chương trình này không biết, nên không kiểm tra được các dòng của nó. Hãy cập nhật chương trình"),
                format!("kind “{id}”: this program does not know it, so its rows were not checked. Update the program"),
            ),
        }
    }
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
        if let Some(hash) = hash
            && used.insert(format!("texts/{}", hex(&hash)))
            && let Err(error) = texts::read(&journal.disk, &hash)
        {
            let Text { vi, en } = error.text();
            checked.damage(format!("mục sổ {}: {vi}", entry.number), format!("entry {}: {en}", entry.number));
        }
    }
}

/// Names the files that nobody uses.
fn left_over(disk: &Disk, used: &BTreeSet<String>, checked: &mut Checked) -> Result<(), JournalError> {
    let mut names: Vec<String> = disk.left_behind()?.into_iter().map(|(name, _)| name).collect();
    for folder in [""].into_iter().chain(FOLDERS) {
        for name in disk.list(folder)? {
            let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            // Personal values have a check of their own.
            if !used.contains(&name) && !FOLDERS.contains(&name.as_str()) && folder != "personal" {
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
