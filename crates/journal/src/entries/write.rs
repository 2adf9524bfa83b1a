//! An entry as its line: JSON in the canonical form of RFC 8785. Keys stand in the order of their characters;
//! numbers are integers below 2^53, so the number rule of that form is never at stake.

use std::fmt::Write;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::entry::{Entry, Rows, What};
use crate::canon::Hash;

/// The line of an entry, without the line end. Its `hash` is written as it stands in the entry.
pub(super) fn line(entry: &Entry) -> String {
    let mut out = String::with_capacity(768);
    members(&mut out, entry, true);
    out
}

/// The hash that an entry must have: SHA-256 of `0x00` and its line without `hash`.
pub(super) fn hash(entry: &Entry) -> Hash {
    let mut out = String::with_capacity(768);
    members(&mut out, entry, false);
    leaf([out.as_bytes()])
}

/// The leaf hash of RFC 6962 over bytes that come in pieces.
pub(super) fn leaf<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Hash {
    let mut sha = Sha256::new_with_prefix([0]);
    for piece in pieces {
        sha.update(piece);
    }
    sha.finalize().into()
}

/// A hash in lower-case hex.
pub(super) fn hex(hash: &Hash) -> String {
    hash.iter().fold(String::with_capacity(64), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// A moment in UTC with six digits behind the second.
pub(super) fn moment(at: Timestamp) -> String {
    format!("{at:.6}")
}

fn members(out: &mut String, entry: &Entry, with_hash: bool) {
    let mut object = Object::new(out);
    let what = &entry.what;
    object.text("at", &moment(entry.at));
    object.some_text("by", entry.by.as_deref());
    if let What::Erase(erase) = what {
        object.number("count", erase.count);
    }
    object.number("entry", entry.number);
    if let What::Upload(upload) = what {
        object.some_text("exported_at", upload.exported_at.map(moment).as_deref());
        object.object("file", |file| {
            file.number("bytes", upload.file.bytes);
            file.text("name", &upload.file.name);
            file.hash("sha256", &upload.file.sha256);
        });
    }
    if let What::Transfer(transfer) = what {
        object.some_text("from", transfer.from.as_deref());
    }
    if with_hash {
        object.hash("hash", &entry.hash);
    }
    object.some_text("kind", what.kind());
    if let What::Upload(upload) = what {
        object.hash("kind_digest", &upload.kind_digest);
    }
    if let What::Undo(undo) = what {
        object.number("left", undo.left);
    }
    if let What::Upload(upload) = what {
        object.some_hash("map", upload.map.as_ref());
    }
    object.some_text("namespace", what.namespace());
    if let What::Undo(undo) = what {
        object.number("of", undo.of);
    }
    if let What::Text(text) = what {
        object.text("path", &text.path);
    }
    object.hash("prev", &entry.prev);
    object.text("program", &entry.program);
    object.some_text("reason", entry.reason.as_deref());
    if let What::Upload(upload) = what {
        object.some_text("replace", upload.replace.as_deref());
    }
    if let Some(rows) = what.rows() {
        object.object("rows", |object| members_of_rows(object, rows));
    }
    if let What::Text(text) = what {
        object.some_hash("sha256", text.sha256.as_ref());
    }
    if let What::Upload(upload) = what {
        object.object("sums", |sums| {
            sums.number("changed", upload.sums.changed);
            sums.number("new", upload.sums.new);
            sums.number("read", upload.sums.read);
            sums.number("rejected", upload.sums.rejected);
            sums.number("skipped", upload.sums.skipped);
            sums.number("unchanged", upload.sums.unchanged);
        });
    }
    if let What::Text(text) = what {
        object.texts("tells", &text.tells);
    }
    if let What::Transfer(transfer) = what {
        object.some_text("to", transfer.to.as_deref());
    }
    object.text("what", what.name());
    object.end();
}

fn members_of_rows(object: &mut Object, rows: &Rows) {
    object.some_hash("back", rows.back.as_ref());
    object.texts("columns", &rows.columns);
    object.number("minus", rows.minus);
    object.number("plus", rows.plus);
    object.hash("root", &rows.root);
}

/// An object that is being written. Its keys must come in order.
struct Object<'a> {
    out: &'a mut String,
    first: bool,
}

impl<'a> Object<'a> {
    fn new(out: &'a mut String) -> Self {
        out.push('{');
        Self { out, first: true }
    }

    fn end(self) {
        self.out.push('}');
    }

    fn key(&mut self, key: &str) {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        quoted(self.out, key);
        self.out.push(':');
    }

    fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        quoted(self.out, value);
    }

    fn some_text(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    fn texts(&mut self, key: &str, values: &[String]) {
        self.key(key);
        self.out.push('[');
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            quoted(self.out, value);
        }
        self.out.push(']');
    }

    fn number(&mut self, key: &str, value: u64) {
        self.key(key);
        let _ = write!(self.out, "{value}");
    }

    fn hash(&mut self, key: &str, value: &Hash) {
        self.text(key, &hex(value));
    }

    fn some_hash(&mut self, key: &str, value: Option<&Hash>) {
        if let Some(value) = value {
            self.hash(key, value);
        }
    }

    fn object(&mut self, key: &str, members: impl FnOnce(&mut Object)) {
        self.key(key);
        let mut object = Object::new(self.out);
        members(&mut object);
        object.end();
    }
}

/// Text in quotes, with the escapes of RFC 8785, 3.2.2.2.
fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
