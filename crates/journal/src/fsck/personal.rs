//! Personal values against the commitments in the rows: each opens the one it is kept under, none is missing that
//! no entry erased, and none is there that no row speaks of.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Checked, Weight, cause};
use crate::entries::What;
use crate::error::JournalError;
use crate::journal::Journal;
use crate::personal::{Sort, each, listed, name, parsed};
use giaouoc_agreement::text::Text;

/// Half of a commitment: enough against chance, and values are held against the whole.
type Half = [u8; 16];

fn half(commitment: &[u8]) -> Half {
    let mut half = [0; 16];
    half.copy_from_slice(&commitment[..16]);
    half
}

/// A value that is kept.
struct Kept {
    /// The entry whose file it is in.
    entry: u32,
    /// Its column, as a place in [`Values::columns`].
    column: u16,
    /// A row of the entry commits to it.
    seen: bool,
}

/// What is kept, what was erased, and what rows commit to.
#[derive(Default)]
pub(super) struct Values {
    kept: HashMap<Half, Kept>,
    columns: Vec<String>,
    erased: HashSet<Half>,
    /// Files of values could not be read, or lists of erased ones: what is missing is not known.
    unreadable: bool,
    /// Entries whose rows could be read.
    read: BTreeSet<u32>,
    missing: BTreeMap<u32, u64>,
}

impl Values {
    /// Reads the store, and says what is wrong with its files.
    pub(super) fn gather(
        journal: &Journal,
        checked: &mut Checked,
        used: &mut BTreeSet<String>,
    ) -> Result<Self, JournalError> {
        let mut values = Self::default();
        for file in journal.disk.list("personal")? {
            if let Some((entry, Sort::Values)) = parsed(&file)
                && journal.entries.get(entry).is_some_and(|entry| entry.what.rows().is_some())
            {
                used.insert(format!("personal/{file}"));
                values.file(journal, entry, &file, checked);
            }
        }
        for entry in &journal.entries {
            if let What::Erase(erase) = &entry.what {
                values.list(journal, entry.number, erase.count, checked, used);
            }
        }
        Ok(values)
    }

    /// The values of one entry.
    fn file(&mut self, journal: &Journal, entry: u64, file: &str, checked: &mut Checked) {
        let (mut wrong, mut twice) = (0_u64, 0_u64);
        let read = each(journal, file, &mut |stored| {
            wrong += u64::from(!stored.opens());
            let known = self.columns.iter().position(|column| column == stored.column);
            let column = known.unwrap_or_else(|| {
                self.columns.push(stored.column.to_owned());
                self.columns.len() - 1
            });
            let kept = Kept {
                entry: u32::try_from(entry).unwrap_or(u32::MAX),
                column: u16::try_from(column).unwrap_or(u16::MAX),
                seen: false,
            };
            twice += u64::from(self.kept.insert(half(&stored.commitment), kept).is_some());
        });
        let name = format!("personal/{file}");
        if wrong > 0 {
            checked.damage(
                format!("{name}: {wrong} giá trị cá nhân không khớp cam kết (commitment) của chúng. Hãy khôi phục bản sao lưu"),
                format!("{name}: {wrong} personal values do not have the commitments they are kept under. Restore a backup"),
            );
        }
        if twice > 0 {
            checked.damage(
                format!("{name}: {twice} giá trị cá nhân có hai lần trong kho. Hãy khôi phục bản sao lưu"),
                format!("{name}: {twice} personal values are in the store twice. Restore a backup"),
            );
        }
        if let Err(error) = read {
            self.unreadable(&name, &error, checked);
        }
    }

    fn unreadable(&mut self, name: &str, error: &JournalError, checked: &mut Checked) {
        self.unreadable = true;
        let Text { vi, en } = cause(error);
        checked.damage(
            format!("{name}: {vi}. Hãy khôi phục bản sao lưu"),
            format!("{name}: {en}. Restore a backup"),
        );
    }

    /// What one entry erased: it is listed, and gone.
    fn list(
        &mut self,
        journal: &Journal,
        entry: u64,
        count: u64,
        checked: &mut Checked,
        used: &mut BTreeSet<String>,
    ) {
        let (begun, done) = (name(entry, Sort::Erasing), name(entry, Sort::Erased));
        let pending = journal.disk.path(&begun).exists();
        let name = if pending { begun } else { done };
        used.insert(name.clone());
        let listed = match listed(journal, name.strip_prefix("personal/").unwrap_or(&name)) {
            Ok(listed) => listed,
            Err(error) => return self.unreadable(&name, &error, checked),
        };
        if listed.len() as u64 != count {
            let found = listed.len();
            checked.damage(
                format!("{name}: có {found} cam kết, mục sổ {entry} xoá {count} giá trị. Hãy khôi phục bản sao lưu"),
                format!("{name}: {found} commitments, and entry {entry} erased {count} values. Restore a backup"),
            );
        }
        let mut left = 0_u64;
        for commitment in &listed {
            // Each is spoken of once, whoever erased it.
            left += u64::from(self.kept.remove(&half(commitment)).is_some());
            self.erased.insert(half(commitment));
        }
        if pending {
            checked.add(
                Weight::Pending,
                format!("mục sổ {entry}: đã ghi việc xoá {count} giá trị cá nhân nhưng lần chạy đó bị ngắt, còn {left} giá trị chưa xoá. Lần ghi sau, hoặc giaouoc tidy, sẽ xoá nốt"),
                format!("entry {entry}: it erases {count} personal values and its run was stopped: {left} of them are still there. The next commit, or giaouoc tidy, removes them"),
            );
        } else if left > 0 {
            checked.damage(
                format!("mục sổ {entry}: {left} giá trị cá nhân đã xoá lại có trong thư mục personal. Hãy chạy lại giaouoc erase cho các bản ghi đó"),
                format!("entry {entry}: {left} personal values that were erased are in the folder personal again. Run giaouoc erase again for these records"),
            );
        }
    }

    /// A row that an entry brought commits to a value of a column.
    pub(super) fn row(&mut self, entry: u32, column: &str, commitment: &[u8]) {
        let half = half(commitment);
        let there = match self.kept.get_mut(&half) {
            Some(kept) => {
                let right = kept.entry <= entry
                    && self.columns.get(usize::from(kept.column)).is_some_and(|known| known == column);
                kept.seen |= right && kept.entry == entry;
                right
            }
            None => self.erased.contains(&half),
        };
        if !there {
            *self.missing.entry(entry).or_default() += 1;
        }
    }

    /// All rows of an entry were read.
    pub(super) fn read(&mut self, entry: u32) {
        self.read.insert(entry);
    }

    /// Says what is missing and what is too many, after all rows.
    pub(super) fn rest(self, checked: &mut Checked) {
        for (entry, count) in self.missing.iter().filter(|_| !self.unreadable) {
            checked.damage(
                format!("mục sổ {entry}: thiếu {count} giá trị cá nhân mà không mục nào đã xoá. Hãy khôi phục thư mục personal từ bản sao lưu"),
                format!("entry {entry}: {count} personal values are missing, and no entry erased them. Restore the folder personal from a backup"),
            );
        }
        let mut many: BTreeMap<u32, u64> = BTreeMap::new();
        for kept in self.kept.values().filter(|kept| !kept.seen && self.read.contains(&kept.entry)) {
            *many.entry(kept.entry).or_default() += 1;
        }
        for (entry, count) in many {
            let name = name(entry.into(), Sort::Values);
            checked.damage(
                format!("{name}: {count} giá trị cá nhân không thuộc bản ghi nào của mục sổ {entry}. Hãy khôi phục bản sao lưu"),
                format!("{name}: {count} personal values belong to no record of entry {entry}. Restore a backup"),
            );
        }
    }
}
