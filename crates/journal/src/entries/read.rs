//! An entry out of its line.

use giaouoc_agreement::text::Text;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::entry::{
    Entry, Erase, Rows, SourceFile, Sums, TextChange, Transfer, Undo, Upload, What, Withdraw,
};
use super::write;
use crate::canon::Hash;
use crate::error::LineFault;

/// Numbers up to here are the same in every reader of JSON (RFC 8785).
pub(super) const MOST: u64 = (1 << 53) - 1;

/// What stands before the hash in a line. In a text these quotes would be escaped, and no object inside an
/// entry has a member of this name before the entry's own.
const HASH: &[u8] = b",\"hash\":\"";

/// Reads a line (without its line end) and checks its hash and its form; its number, its time and its place
/// in the chain are the caller's.
pub(super) fn line(bytes: &[u8]) -> Result<Entry, LineFault> {
    let (said, real) = hashes(bytes)?;
    if said != real {
        return Err(LineFault::Hash { said: write::hex(&said), real: write::hex(&real) });
    }
    // The hash holds: somebody wrote the line just so. What is not understood is not damage.
    let Value::Object(members) = serde_json::from_slice(bytes).map_err(|error| {
        // What the parser says of it is in English only; where it stands is what helps.
        let at = error.column();
        LineFault::Form(Text::new(
            format!("không đúng dạng JSON ở ký tự thứ {at}"),
            format!("no JSON at character {at}"),
        ))
    })?
    else {
        return Err(LineFault::Form(Text::new("không phải đối tượng JSON", "no JSON object")));
    };
    let mut object = Object { members, of: "" };
    let entry = Entry {
        number: object.number("entry")?,
        at: object.moment("at")?,
        prev: object.hash("prev")?,
        by: object.some_text("by")?,
        reason: object.some_text("reason")?,
        program: object.text("program")?,
        what: what(&mut object)?,
        hash: object.hash("hash")?,
    };
    object.end()?;
    if write::line(&entry).as_bytes() != bytes {
        return Err(LineFault::Form(Text::new(
            "không ở dạng chuẩn của RFC 8785",
            "not in the canonical form of RFC 8785",
        )));
    }
    Ok(entry)
}

/// The hash that a line says it has, and the one that it has.
fn hashes(bytes: &[u8]) -> Result<(Hash, Hash), LineFault> {
    let missing = || LineFault::Form(Text::new("không có mã băm", "it has no hash"));
    let at = bytes.windows(HASH.len()).position(|window| window == HASH).ok_or_else(missing)?;
    let (before, after) = bytes.split_at(at);
    let (member, after) = after.split_at_checked(HASH.len() + 65).ok_or_else(missing)?;
    let digits = member.get(HASH.len()..HASH.len() + 64).ok_or_else(missing)?;
    let said = std::str::from_utf8(digits).ok().and_then(unhex).ok_or_else(missing)?;
    if !member.ends_with(b"\"") {
        return Err(missing());
    }
    Ok((said, write::leaf([before, after])))
}

fn what(object: &mut Object) -> Result<What, LineFault> {
    let name = object.text("what")?;
    Ok(match name.as_str() {
        "upload" => What::Upload(Upload {
            kind: object.text("kind")?,
            kind_digest: object.hash("kind_digest")?,
            namespace: object.some_text("namespace")?,
            file: object.object("file", |file| {
                Ok(SourceFile {
                    name: file.text("name")?,
                    sha256: file.hash("sha256")?,
                    bytes: file.number("bytes")?,
                })
            })?,
            map: object.some_hash("map")?,
            exported_at: object.some_moment("exported_at")?,
            replace: object.some_text("replace")?,
            sums: object.object("sums", |sums| {
                Ok(Sums {
                    read: sums.number("read")?,
                    new: sums.number("new")?,
                    changed: sums.number("changed")?,
                    unchanged: sums.number("unchanged")?,
                    rejected: sums.number("rejected")?,
                    skipped: sums.number("skipped")?,
                })
            })?,
            rows: rows(object)?,
        }),
        "withdraw" => What::Withdraw(Withdraw {
            kind: object.text("kind")?,
            namespace: object.some_text("namespace")?,
            rows: rows(object)?,
        }),
        "undo" => What::Undo(Undo {
            of: object.number("of")?,
            kind: object.text("kind")?,
            namespace: object.some_text("namespace")?,
            left: object.number("left")?,
            rows: rows(object)?,
        }),
        "transfer" => What::Transfer(Transfer {
            kind: object.text("kind")?,
            from: object.some_text("from")?,
            to: object.some_text("to")?,
        }),
        "text" => What::Text(TextChange {
            path: object.text("path")?,
            sha256: object.some_hash("sha256")?,
            tells: object.texts("tells")?,
        }),
        "erase" => What::Erase(Erase { kind: object.text("kind")?, count: object.number("count")? }),
        _ => return Err(LineFault::Newer(format!("what: {name}"))),
    })
}

fn rows(object: &mut Object) -> Result<Rows, LineFault> {
    object.object("rows", |rows| {
        Ok(Rows {
            plus: rows.number("plus")?,
            minus: rows.number("minus")?,
            columns: rows.texts("columns")?,
            root: rows.hash("root")?,
            back: rows.some_hash("back")?,
        })
    })
}

/// An object whose members are taken out one by one, so that those nobody asked for are left over.
struct Object {
    members: Map<String, Value>,
    /// The member of the entry that it is, and a point; nothing for the entry itself.
    of: &'static str,
}

impl Object {
    fn end(self) -> Result<(), LineFault> {
        match self.members.into_iter().next() {
            Some((key, _)) => Err(LineFault::Newer(format!("{}{key}", dotted(self.of)))),
            None => Ok(()),
        }
    }

    fn wrong(&self, key: &str, vi: &str, en: &str) -> LineFault {
        let of = dotted(self.of);
        LineFault::Form(Text::new(format!("{of}{key}: phải là {vi}"), format!("{of}{key}: must be {en}")))
    }

    fn absent(&self, key: &str) -> LineFault {
        let of = dotted(self.of);
        LineFault::Form(Text::new(format!("thiếu {of}{key}"), format!("{of}{key} is missing")))
    }

    fn some_text(&mut self, key: &'static str) -> Result<Option<String>, LineFault> {
        match self.members.remove(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(key, "chuỗi ký tự", "text")),
        }
    }

    fn text(&mut self, key: &'static str) -> Result<String, LineFault> {
        self.some_text(key)?.ok_or_else(|| self.absent(key))
    }

    fn texts(&mut self, key: &'static str) -> Result<Vec<String>, LineFault> {
        let Some(Value::Array(values)) = self.members.remove(key) else {
            return Err(self.wrong(key, "danh sách", "a list"));
        };
        values
            .into_iter()
            .map(|value| match value {
                Value::String(text) => Ok(text),
                _ => Err(self.wrong(key, "danh sách chuỗi ký tự", "a list of texts")),
            })
            .collect()
    }

    fn number(&mut self, key: &'static str) -> Result<u64, LineFault> {
        match self.members.remove(key).as_ref().and_then(Value::as_u64) {
            Some(number) if number <= MOST => Ok(number),
            _ => Err(self.wrong(key, "số nguyên không âm dưới 2^53", "a whole number below 2^53")),
        }
    }

    fn some_hash(&mut self, key: &'static str) -> Result<Option<Hash>, LineFault> {
        match self.some_text(key)? {
            None => Ok(None),
            Some(text) => unhex(&text)
                .map(Some)
                .ok_or_else(|| self.wrong(key, "64 chữ số thập lục phân", "64 hex digits")),
        }
    }

    fn hash(&mut self, key: &'static str) -> Result<Hash, LineFault> {
        self.some_hash(key)?.ok_or_else(|| self.absent(key))
    }

    fn some_moment(&mut self, key: &'static str) -> Result<Option<Timestamp>, LineFault> {
        match self.some_text(key)? {
            None => Ok(None),
            Some(text) => {
                text.parse().map(Some).map_err(|_| self.wrong(key, "thời điểm theo UTC", "a moment in UTC"))
            }
        }
    }

    fn moment(&mut self, key: &'static str) -> Result<Timestamp, LineFault> {
        self.some_moment(key)?.ok_or_else(|| self.absent(key))
    }

    fn object<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Object) -> Result<T, LineFault>,
    ) -> Result<T, LineFault> {
        let Some(Value::Object(members)) = self.members.remove(key) else {
            return Err(self.wrong(key, "đối tượng JSON", "an object"));
        };
        let mut object = Object { members, of: key };
        let read = read(&mut object)?;
        object.end()?;
        Ok(read)
    }
}

fn dotted(of: &str) -> String {
    if of.is_empty() { String::new() } else { format!("{of}.") }
}

/// 64 hex digits in lower case as a hash.
pub(super) fn unhex(text: &str) -> Option<Hash> {
    if text.len() != 64 || !text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut hash = [0; 32];
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(hash)
}
