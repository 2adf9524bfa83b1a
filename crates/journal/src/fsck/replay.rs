//! The rows of one kind, entry by entry, from the first to the last.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use giaouoc_agreement::kind::Kind;

use super::personal::Values;
use super::{Checked, Weight, derived};
use crate::canon::{Canon, Change, Hash, leaf};
use crate::entries::{Entry, Rows, What, hex};
use crate::error::JournalError;
use crate::index::KeyId;
use crate::journal::Journal;
use crate::layout::{Layout, number, rows_of};
use crate::merkle::Tree;
use crate::personal::each_commitment;
use crate::rows_read::{entry_rows, rows_of_file};
use crate::shape::{self, ENTRY, ROW};
use crate::take_back::addresses;

/// Rows read at once.
pub(super) const CHUNK: usize = 1 << 16;
/// Findings of one sort that are said of one entry; of the others only the number.
const SAID: u64 = 5;

/// A live version.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Live {
    /// The entry that brought it.
    pub(super) entry: u32,
    /// Its row there.
    pub(super) row: u32,
    /// Half of its content digest: enough against chance, and the roots stand against anything else.
    pub(super) digest: [u8; 16],
}

/// The live versions of a kind after some entry, by key.
pub(super) type State = HashMap<KeyId, Live>;

/// Half of a digest.
pub(super) fn half(digest: &Hash) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    half
}

struct Replay<'a> {
    kind: &'a Kind,
    canon: Canon<'a>,
    layout: Layout,
    live: State,
    /// Who supplies what an entry brought, after the transfers so far.
    owners: BTreeMap<u32, Option<String>>,
    /// Rows could not be read: what is live is not known any more.
    broken: bool,
    values: &'a mut Values,
    checked: &'a mut Checked,
}

/// Checks the rows of a kind, and the files derived from them.
pub(super) fn kind(
    journal: &Journal,
    kind: &Kind,
    values: &mut Values,
    (checked, used): (&mut Checked, &mut BTreeSet<String>),
    told: &mut dyn FnMut(u64),
) -> Result<(), JournalError> {
    let layout = journal.layout(&kind.id, journal.head())?;
    let mut bases = journal.bases(&kind.id)?;
    if let Some(base) = bases.last() {
        used.insert(format!("base/{}", name_of(&base.path)));
    }
    let mut replay = Replay {
        kind,
        canon: Canon::new(kind),
        layout,
        live: State::new(),
        owners: BTreeMap::new(),
        broken: false,
        values,
        checked,
    };
    replay.files(used);
    for entry in &journal.entries {
        if let What::Transfer(transfer) = &entry.what
            && transfer.kind == kind.id
        {
            for owner in replay.owners.values_mut().filter(|owner| **owner == transfer.from) {
                owner.clone_from(&transfer.to);
            }
        }
        let (Some(_), Some(rows)) = (rows_of(entry, &kind.id), entry.what.rows()) else { continue };
        bases.retain(|base| {
            let due = u64::from(base.entry) < entry.number;
            if due && !replay.broken {
                derived::base(kind, base, &replay.live, replay.checked);
            }
            !due
        });
        replay.entry(entry, rows)?;
        told(replay.checked.rows);
    }
    for base in &bases {
        if u64::from(base.entry) >= journal.head() {
            if replay.checked.findings.iter().any(|finding| finding.weight == Weight::Damage) {
                // Lines are missing, not the base's fault.
                continue;
            }
            let name = format!("base/{}", name_of(&base.path));
            replay.checked.derived(&name, "mục sổ của nó không có", "its entry is not there");
        } else if !replay.broken {
            derived::base(kind, base, &replay.live, replay.checked);
        }
    }
    let live = (!replay.broken).then_some(&replay.live);
    derived::index(journal, kind, live, replay.checked, used)
}

/// A file's name without its folder.
pub(super) fn name_of(path: &std::path::Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The keys of a batch, each with its name, and the content digests of its rows.
type Read = (Vec<(KeyId, String)>, Vec<Hash>);

impl Replay<'_> {
    /// Every file of the layout has the rows of its entries, and no others.
    fn files(&mut self, used: &mut BTreeSet<String>) {
        for piece in &self.layout.pieces {
            for (path, rows) in [(&piece.brought, piece.plus()), (&piece.back, piece.minus())] {
                let Some(path) = path else { continue };
                let name = format!("rows/{}", name_of(path));
                match rows_of_file(path) {
                    // Files that cannot be read show when their entries are.
                    Err(_) => {}
                    Ok(found) if found == rows => {}
                    Ok(found) => self.checked.damage(
                        format!("{name}: có {found} dòng, các mục sổ của tệp có {rows}"),
                        format!("{name}: {found} rows, and its entries have {rows}"),
                    ),
                }
                used.insert(name);
            }
        }
    }

    fn entry(&mut self, entry: &Entry, rows: &Rows) -> Result<(), JournalError> {
        let number = number(entry.number)?;
        self.owners.insert(number, entry.what.namespace().map(str::to_owned));
        let mut said = Said { entry: entry.number, count: BTreeMap::new() };
        let done = self.taken_back(number, entry, &mut said).and_then(|back| {
            let brought = self.brought(number, &mut said)?;
            Ok((back, brought))
        });
        match done {
            Ok(((back, minus), (root, plus, columns))) => {
                self.values.read(number);
                let before = self.checked.findings.len();
                said.compare(self.checked, ("dòng đưa vào", "rows brought"), &rows.plus, &plus);
                said.compare(self.checked, ("dòng bỏ đi", "rows taken back"), &rows.minus, &minus);
                let ids: Vec<&str> = columns.iter().map(|at| self.kind.columns[*at].id.as_str()).collect();
                said.compare(self.checked, ("cột", "columns"), &rows.columns.join(", "), &ids.join(", "));
                said.compare(
                    self.checked,
                    ("gốc Merkle (root)", "the Merkle root (root)"),
                    &hex(&rows.root),
                    &hex(&root),
                );
                let expected = rows.back.as_ref().map(hex).unwrap_or_default();
                let found = if minus > 0 { hex(&back) } else { String::new() };
                said.compare(
                    self.checked,
                    ("gốc Merkle (back)", "the Merkle root (back)"),
                    &expected,
                    &found,
                );
                // What is derived from rows that are wrong says nothing, and may be the better copy.
                self.broken |= self.checked.findings.len() > before;
            }
            Err(error) => {
                self.broken = true;
                let file = match &error {
                    JournalError::Io { path, .. } | JournalError::Damaged { path, .. } => {
                        name_of(path.as_ref())
                    }
                    // What was read does not say where it was read.
                    _ => {
                        let piece = self.layout.holding(number).map(|(piece, _)| piece);
                        let path = piece.and_then(|piece| piece.brought.as_ref().or(piece.back.as_ref()));
                        path.map(|path| name_of(path)).unwrap_or_default()
                    }
                };
                self.checked.unreadable(entry.number, &format!("rows/{file}"), &error);
            }
        }
        if let What::Upload(upload) = &entry.what {
            let sums = upload.sums;
            let all = sums.new + sums.changed + sums.unchanged + sums.rejected;
            said.compare(
                self.checked,
                ("tổng các dòng đã đọc", "the sum of the rows read"),
                &sums.read,
                &all,
            );
            said.compare(
                self.checked,
                ("mới + thay đổi", "new + changed"),
                &(sums.new + sums.changed),
                &rows.plus,
            );
        }
        said.rest(self.checked);
        Ok(())
    }

    /// Takes back what an entry took back; gives the root and the number of rows.
    fn taken_back(
        &mut self,
        number: u32,
        entry: &Entry,
        said: &mut Said,
    ) -> Result<(Hash, u64), JournalError> {
        let mut tree = Tree::default();
        for batch in entry_rows(&self.layout, number, true, CHUNK)? {
            let batch = batch?;
            let start = tree.len();
            let (keys, digests) = self.read(&batch, number, start, said)?;
            for (at, (((key, name), digest), (of, row))) in
                keys.iter().zip(&digests).zip(addresses(&batch)?).enumerate()
            {
                let change = Change::TakenBack { entry: of.cast_unsigned(), row: row.cast_unsigned() };
                tree.push(leaf(change, digest));
                if self.broken {
                    continue;
                }
                let live = self.live.remove(key);
                let place = start + at as u64;
                let address = (u32::try_from(of).ok(), u32::try_from(row).ok());
                match live {
                    Some(live) if (Some(live.entry), Some(live.row)) == address => {
                        if live.digest != half(digest) {
                            said.row(
                                self.checked,
                                place,
                                name,
                                "không phải nguyên văn phiên bản bị bỏ",
                                "not word for word the version it takes back",
                            );
                        }
                        let owner = self.owners.get(&live.entry).cloned().flatten();
                        if owner.as_deref() != entry.what.namespace() {
                            said.row(
                                self.checked,
                                place,
                                name,
                                "bị bỏ bởi đơn vị khác đơn vị cung cấp",
                                "taken back by another supplier than its own",
                            );
                        }
                    }
                    _ => said.row(
                        self.checked,
                        place,
                        name,
                        &format!("bỏ dòng {row} của mục sổ {of}, nhưng dòng đó không có hiệu lực"),
                        &format!("takes back row {row} of entry {of}, which is not live"),
                    ),
                }
            }
            self.checked.rows += batch.num_rows() as u64;
        }
        Ok((tree.root(), tree.len()))
    }

    /// Takes in what an entry brought; gives the root, the number of rows and the columns known.
    fn brought(
        &mut self,
        number: u32,
        said: &mut Said,
    ) -> Result<(Hash, u64, BTreeSet<usize>), JournalError> {
        let mut tree = Tree::default();
        let mut columns = BTreeSet::new();
        for batch in entry_rows(&self.layout, number, false, CHUNK)? {
            let batch = batch?;
            let start = tree.len();
            let (keys, digests) = self.read(&batch, number, start, said)?;
            columns.extend(shape::known(self.kind, &batch));
            each_commitment(self.kind, &batch, &mut |at, _, commitment| {
                self.values.row(number, &self.kind.columns[at].id, commitment);
            });
            for ((row, (key, name)), digest) in (start..).zip(&keys).zip(&digests) {
                tree.push(leaf(Change::Brought, digest));
                let live =
                    Live { entry: number, row: u32::try_from(row).unwrap_or(u32::MAX), digest: half(digest) };
                if self.live.insert(*key, live).is_some() && !self.broken {
                    said.row(
                        self.checked,
                        row,
                        name,
                        "bản ghi này đã có một phiên bản đang có hiệu lực",
                        "the record has a live version already",
                    );
                }
            }
            self.checked.rows += batch.num_rows() as u64;
        }
        Ok((tree.root(), tree.len(), columns))
    }

    /// The keys and digests of a batch; in a merged file also whether the rows say the right address.
    fn read(
        &mut self,
        batch: &RecordBatch,
        number: u32,
        start: u64,
        said: &mut Said,
    ) -> Result<Read, JournalError> {
        let text = shape::keys(self.kind, batch)?;
        let keys = text.iter().map(|key| {
            let key = key.unwrap_or_default();
            (KeyId::of(key), key.to_owned())
        });
        let mut digests = Vec::with_capacity(batch.num_rows());
        self.canon.digests(batch, &mut digests)?;
        let column =
            |name| batch.column_by_name(name).and_then(|array| array.as_primitive_opt::<Int64Type>());
        if let (Some(entries), Some(rows)) = (column(ENTRY), column(ROW)) {
            for (at, (entry, row)) in (start..).zip(entries.values().iter().zip(rows.values())) {
                if (*entry, *row) != (i64::from(number), at.cast_signed()) {
                    said.row(
                        self.checked,
                        at,
                        &format!("({entry}, {row})"),
                        "địa chỉ ghi trong tệp gộp không đúng",
                        "the address in the merged file is wrong",
                    );
                }
            }
        }
        Ok((keys.collect(), digests))
    }
}

/// What was said of one entry.
struct Said {
    entry: u64,
    /// How often, by the sort of finding.
    count: BTreeMap<String, (u64, String)>,
}

impl Said {
    /// A value that an entry's line says, and what its rows say.
    fn compare<T: PartialEq + std::fmt::Display>(
        &self,
        checked: &mut Checked,
        (vi, en): (&str, &str),
        expected: &T,
        found: &T,
    ) {
        if expected != found {
            let entry = self.entry;
            checked.damage(
                format!("mục sổ {entry}: {vi}: dòng của mục ghi “{expected}”, tính lại được “{found}”"),
                format!("entry {entry}: {en}: its line says “{expected}”, computed “{found}”"),
            );
        }
    }

    /// Something about a row.
    fn row(&mut self, checked: &mut Checked, row: u64, key: &str, vi: &str, en: &str) {
        // Findings that differ in their numbers only are of one sort.
        let plain = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
        let (count, _) = self.count.entry(plain(en)).or_insert_with(|| (0, plain(vi)));
        *count += 1;
        if *count <= SAID {
            let entry = self.entry;
            checked.damage(
                format!("mục sổ {entry}, dòng {row}, bản ghi “{key}”: {vi}"),
                format!("entry {entry}, row {row}, record “{key}”: {en}"),
            );
        }
    }

    /// How many more there are of each sort.
    fn rest(&self, checked: &mut Checked) {
        for (en, (count, vi)) in self.count.iter().filter(|(_, (count, _))| *count > SAID) {
            let (entry, more) = (self.entry, count - SAID);
            checked.damage(
                format!("mục sổ {entry}: còn {more} dòng nữa như vậy ({vi})"),
                format!("entry {entry}: {more} more rows like that ({en})"),
            );
        }
    }
}
