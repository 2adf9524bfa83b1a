//! The entries: `entries.ndjson`, one line an entry, each holding the hash of the one before.

#[cfg(test)]
mod edges_tests;
mod entry;
mod read;
#[cfg(test)]
mod tests;
mod write;

use giaouoc_agreement::text::Text;
use jiff::Timestamp;

pub use entry::{
    Draft, Entry, Erase, Rows, SourceFile, Sums, TextChange, Transfer, Undo, Upload, What, Withdraw,
};

use crate::canon::Hash;
use crate::disk::{Disk, shrunk};
use crate::error::{JournalError, LineFault};
use crate::lock::Lock;
use crate::points;

/// The file of the entries.
pub const ENTRIES: &str = "entries.ndjson";

/// A line is at most this long, its line end included, in bytes.
pub const LINE_LIMIT: usize = 1 << 20;

/// How much of the file is read at once, in bytes; several lines at least.
const CHUNK: u64 = 8 << 20;

/// The entries of a journal as they were when they were last read. Nothing of it is ever changed, so what is
/// here stays right; [`Entries::refresh`] finds what came since.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entries {
    entries: Vec<Entry>,
    /// Which of them are transfers: they are few, and every look at an owner asks for them.
    transfers: Vec<usize>,
    /// The length of the whole lines, in bytes.
    whole: u64,
    /// The length of what stands behind them, in bytes.
    torn: u64,
}

impl Entries {
    /// Reads all entries and checks every line: form, hash, number, time and place in the chain. The torn end
    /// of a write that was never acknowledged is passed over. A journal that is not there has no entries.
    ///
    /// # Errors
    /// Any line that does not hold, by its number; lines that are missing at the end, as far as a file of rows
    /// tells so.
    pub fn read(disk: &Disk) -> Result<Self, JournalError> {
        // In this order: an entry may be committed in between.
        let last = last_rows(disk)?;
        let mut entries = Self::default();
        entries.refresh(disk)?;
        match last {
            Some((number, file)) if number > entries.head() => {
                Err(JournalError::Lost { file, head: entries.head() })
            }
            _ => Ok(entries),
        }
    }

    /// Reads all entries up to the first line that does not hold, and says all that is wrong with the lines:
    /// for looking into a damaged journal.
    pub fn survey(disk: &Disk) -> Result<(Self, Vec<JournalError>), JournalError> {
        let last = last_rows(disk)?;
        let mut entries = Self::default();
        let mut wrong = match entries.refresh(disk) {
            Err(fault @ (JournalError::Line { .. } | JournalError::Damaged { .. })) => vec![fault],
            other => other.map(|()| Vec::new())?,
        };
        if let Some((_, file)) = last.filter(|(number, _)| wrong.is_empty() && *number > entries.head()) {
            wrong.push(JournalError::Lost { file, head: entries.head() });
        } else if !wrong.is_empty() {
            let rest = disk.read_from(ENTRIES, entries.whole, u64::MAX)?;
            // A last line without its end may be torn; the first line here has been spoken of.
            let lines = rest.split_inclusive(|&byte| byte == b'\n').filter(|line| line.ends_with(b"\n"));
            let mut before = None;
            for (entry, line) in (entries.head()..).zip(lines) {
                let line = &line[..line.len() - 1];
                let read = read::line(line);
                let fault = match &read {
                    _ if entry == entries.head() => None,
                    Err(fault) => Some(fault.clone()),
                    Ok(read) if read.number != entry => Some(LineFault::Number { found: read.number }),
                    Ok(read) if before.is_some_and(|hash| read.prev != hash) => Some(LineFault::Chain),
                    Ok(_) => None,
                };
                wrong.extend(fault.map(|fault| JournalError::Line { entry, fault }));
                before = read.ok().map(|entry| entry.hash);
            }
        }
        Ok((entries, wrong))
    }

    /// Reads what was appended since.
    pub fn refresh(&mut self, disk: &Disk) -> Result<(), JournalError> {
        match self.read_on(disk) {
            // Another process may just have put a new line in the place of a torn one: what was read was half
            // of each.
            Err(JournalError::Line { .. }) => self.read_on(disk),
            other => other,
        }
    }

    fn read_on(&mut self, disk: &Disk) -> Result<(), JournalError> {
        let length = disk.length(ENTRIES)?;
        if length < self.whole {
            return Err(shrunk(ENTRIES, length, self.whole));
        }
        loop {
            let bytes = disk.read_from(ENTRIES, self.whole, CHUNK)?;
            let ended = (bytes.len() as u64) < CHUNK;
            let mut rest = bytes.as_slice();
            while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
                let (line, after) = (&rest[..end], &rest[end + 1..]);
                // The last line may be torn; whether it is the last one shows when there is no more.
                if after.is_empty() && (!ended || line.contains(&0)) {
                    break;
                }
                self.take(line)?;
                rest = after;
            }
            self.torn = rest.len() as u64;
            if ended || rest.len() == bytes.len() {
                return match rest.len() {
                    length if length > LINE_LIMIT => Err(self.fault(LineFault::TooLong)),
                    _ => Ok(()),
                };
            }
        }
    }

    /// Takes the next line.
    fn take(&mut self, line: &[u8]) -> Result<(), JournalError> {
        if line.len() >= LINE_LIMIT {
            return Err(self.fault(LineFault::TooLong));
        }
        let entry = read::line(line).map_err(|fault| self.fault(fault))?;
        if entry.number != self.head() {
            return Err(self.fault(LineFault::Number { found: entry.number }));
        }
        if entry.prev != self.last_hash() {
            return Err(self.fault(LineFault::Chain));
        }
        if self.entries.last().is_some_and(|last| entry.at < last.at) {
            return Err(self.fault(LineFault::Time));
        }
        self.whole += line.len() as u64 + 1;
        self.push(entry);
        Ok(())
    }

    fn push(&mut self, entry: Entry) {
        if matches!(entry.what, What::Transfer(_)) {
            self.transfers.push(self.entries.len());
        }
        self.entries.push(entry);
    }

    fn fault(&self, fault: LineFault) -> JournalError {
        JournalError::Line { entry: self.head(), fault }
    }

    fn last_hash(&self) -> Hash {
        self.entries.last().map_or([0; 32], |entry| entry.hash)
    }

    /// How many entries there are: the number of the next one.
    pub fn head(&self) -> u64 {
        self.entries.len() as u64
    }

    /// An entry by its number.
    pub fn get(&self, number: u64) -> Option<&Entry> {
        self.entries.get(usize::try_from(number).ok()?)
    }

    /// The entries in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// The transfers from an entry on.
    pub(crate) fn transfers_from(&self, number: u64) -> impl Iterator<Item = (&Entry, &Transfer)> {
        let from = self.transfers.partition_point(|at| (*at as u64) < number);
        self.transfers[from..].iter().filter_map(|at| match &self.entries[*at].what {
            What::Transfer(transfer) => Some((&self.entries[*at], transfer)),
            _ => None,
        })
    }

    /// The last entry that was there at a moment.
    pub fn at_or_before(&self, time: Timestamp) -> Option<u64> {
        (self.entries.partition_point(|entry| entry.at <= time) as u64).checked_sub(1)
    }

    /// How many bytes of a torn last line were passed over. The next commit takes them away.
    pub fn torn(&self) -> u64 {
        self.torn
    }

    /// Whether no whole line stands behind those that were read.
    fn is_last(&self, disk: &Disk) -> Result<bool, JournalError> {
        let behind = disk.read_from(ENTRIES, self.whole, LINE_LIMIT as u64)?;
        Ok(match behind.iter().position(|&byte| byte == b'\n') {
            None => true,
            Some(end) => end + 1 == behind.len() && behind.contains(&0),
        })
    }

    /// Appends an entry under the lock; when this returns, it is durable. The caller has checked the head.
    ///
    /// The entry's time is `now`, or that of the entry before if the clock was set back.
    ///
    /// # Errors
    /// When entries were appended since these were read ([`Entries::refresh`] first), when the line would be
    /// longer than [`LINE_LIMIT`], when a number does not fit into JSON, when the system refuses to write. The
    /// entry is not there then.
    pub fn append(
        &mut self,
        disk: &Disk,
        _lock: &Lock,
        draft: Draft,
        now: Timestamp,
    ) -> Result<&Entry, JournalError> {
        if !self.is_last(disk)? {
            return Err(JournalError::Internal { detail: "appended to a head that has moved".into() });
        }
        let now = Timestamp::from_microsecond(now.as_microsecond())
            .map_err(|error| JournalError::Internal { detail: error.to_string() })?;
        let Draft { by, reason, program, what } = draft;
        let at = self.entries.last().map_or(now, |last| last.at.max(now));
        let mut entry = Entry {
            number: self.head(),
            at,
            prev: self.last_hash(),
            by,
            reason,
            program,
            what,
            hash: [0; 32],
        };
        entry.hash = write::hash(&entry);
        let mut line = write::line(&entry);
        line.push('\n');
        if line.len() > LINE_LIMIT {
            let (bytes, most) = (line.len(), LINE_LIMIT);
            let detail = Text::new(
                format!("dòng của mục sổ dài {bytes} byte, tối đa {most}; hãy rút gọn lý do"),
                format!("the entry's line has {bytes} bytes, {most} at most; shorten the reason"),
            );
            return Err(JournalError::TooLarge { detail });
        }
        // What cannot be read again must not be written.
        read::line(line.trim_end_matches('\n').as_bytes()).ok().filter(|read| *read == entry).ok_or_else(
            || JournalError::TooLarge {
                detail: Text::new(
                    format!("một số trong dòng của mục sổ không nhỏ hơn 2^53: {line}"),
                    format!("a number in the entry's line is not below 2^53: {line}"),
                ),
            },
        )?;
        disk.point(points::BEFORE_COMMIT);
        disk.append(ENTRIES, self.whole, line.as_bytes())?;
        disk.point(points::COMMITTED);
        self.whole += line.len() as u64;
        self.torn = 0;
        self.push(entry);
        self.entries.last().ok_or_else(|| JournalError::Internal { detail: "no entry".into() })
    }
}

impl<'a> IntoIterator for &'a Entries {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Reads one line of `entries.ndjson`, without its line end: its form and its hash, not its place in the
/// chain. For whoever checks a single line.
pub fn parse_line(line: &[u8]) -> Result<Entry, LineFault> {
    read::line(line)
}

/// A hash as it is written in a line: 64 hex digits in lower case.
pub fn hex(hash: &Hash) -> String {
    write::hex(hash)
}

/// A hash out of its 64 hex digits; `None` when they are not.
pub fn unhex(text: &str) -> Option<Hash> {
    read::unhex(text)
}

/// The last entry that a file of rows speaks of, with the file.
fn last_rows(disk: &Disk) -> Result<Option<(u64, String)>, JournalError> {
    let of = |name: String| {
        let stem = name.split('.').next()?;
        let last = stem.rsplit('-').next()?;
        Some((last.parse().ok()?, format!("rows/{name}")))
    };
    Ok(disk.list("rows")?.into_iter().filter_map(of).max())
}
