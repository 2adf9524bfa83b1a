//! Typed getters of one field.

use std::ops::{Range, RangeInclusive};

use giaouoc_worktime::time::Day;
use toml::Spanned;
use toml::de::DeValue;
use unicode_normalization::UnicodeNormalization;

use super::found::found;
use super::{At, Document, Quoted, Table, is_unsafe, shown};
use crate::problem::nearest;
use crate::text::Text;

/// The value of one key, if it is there. Every getter reports what does not fit and then returns `None`.
#[derive(Debug)]
pub struct Field<'a> {
    doc: &'a Document<'a>,
    key: &'static str,
    value: Option<&'a Spanned<DeValue<'a>>>,
}

impl<'a> Field<'a> {
    pub(super) fn new(
        doc: &'a Document<'a>,
        key: &'static str,
        value: Option<&'a Spanned<DeValue<'a>>>,
    ) -> Self {
        Self { doc, key, value }
    }

    /// Whether the key is there at all.
    pub fn is_there(&self) -> bool {
        self.value.is_some()
    }

    /// Whether the value is a table, for keys that take a plain value as well.
    pub fn is_table(&self) -> bool {
        self.value.is_some_and(|value| value.get_ref().is_table())
    }

    /// Whether the value is a list, for keys that take one value as well.
    pub fn is_list(&self) -> bool {
        self.value.is_some_and(|value| value.get_ref().is_array())
    }

    /// Where the value stands.
    pub fn span(&self) -> Option<Range<usize>> {
        self.value.map(Spanned::span)
    }

    fn elements(&self, value: &'a Spanned<DeValue<'a>>) -> Option<impl Iterator<Item = Field<'a>>> {
        let (doc, key) = (self.doc, self.key);
        value
            .get_ref()
            .as_array()
            .map(move |array| array.iter().map(move |element| Field::new(doc, key, Some(element))))
    }

    fn wrong(&self, span: Range<usize>, value: &DeValue<'_>, expected: Text) {
        let found = found(value);
        self.doc.error(
            "wrong-type",
            span,
            Text::new(
                format!("Ở đây cần {}, nhưng đã ghi {}.", expected.vi, found.vi),
                format!("Expected {}, found {}.", expected.en, found.en),
            ),
            None,
        );
    }

    /// The string as decoded, with the way back to the file; for conditions.
    pub fn quoted(&self) -> Option<Quoted> {
        let value = self.value?;
        let DeValue::String(text) = value.get_ref() else {
            self.wrong(
                value.span(),
                value.get_ref(),
                Text::new("một chuỗi trong dấu nháy", "a text in quotes"),
            );
            return None;
        };
        if text.trim().is_empty() {
            self.doc.error(
                "blank",
                value.span(),
                Text::new(format!("\"{}\" để trống.", self.key), format!("\"{}\" is blank.", self.key)),
                None,
            );
            return None;
        }
        // A file saved on Windows says the same as any other.
        let text = text.replace("\r\n", "\n");
        let quoted = Quoted::new(self.doc.text, value.span(), &text);
        if let Some((at, c)) = text.char_indices().find(|(_, c)| is_unsafe(*c)) {
            let code = u32::from(c);
            self.doc.error(
                "control-character",
                quoted.in_file(at..at + c.len_utf8()),
                Text::new(
                    format!("Ký tự điều khiển U+{code:04X} không được phép: chữ hiện ra sẽ khác chữ đã lưu."),
                    format!("The control character U+{code:04X} is not allowed: what is shown would not be what is stored."),
                ),
                None,
            );
            return None;
        }
        Some(quoted)
    }

    /// A string: not blank, outer spaces removed, in NFC.
    pub fn string(&self) -> Option<At<String>> {
        let quoted = self.quoted()?;
        Some(At::new(quoted.value.trim().nfc().collect(), quoted.span))
    }

    /// An id: `[a-z0-9][a-z0-9-]*`, at most 64 characters.
    pub fn id(&self) -> Option<At<String>> {
        self.pattern(
            |id| {
                id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                    && !id.starts_with('-')
            },
            Text::new(
                "chỉ gồm chữ thường không dấu, chữ số và dấu -, ví dụ cum-vi",
                "only lower-case letters a to z, digits and -, such as cum-vi",
            ),
        )
    }

    /// A name that conditions can use: `[a-z][a-z0-9_]*`, at most 64 characters.
    pub fn name(&self) -> Option<At<String>> {
        self.pattern(
            |id| {
                id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
                    && id.starts_with(|c: char| c.is_ascii_lowercase())
            },
            Text::new(
                "bắt đầu bằng chữ thường không dấu, chỉ gồm chữ thường, chữ số và dấu _, ví dụ finished_at",
                "a lower-case letter a to z, then letters, digits and _, such as finished_at",
            ),
        )
    }

    fn pattern(&self, fits: impl Fn(&str) -> bool, expected: Text) -> Option<At<String>> {
        let id = self.string()?;
        if fits(&id) && id.len() <= 64 {
            return Some(id);
        }
        let found = shown(&id);
        self.doc.error(
            "bad-id",
            id.span,
            Text::new(format!("\"{found}\" không phải một mã."), format!("\"{found}\" is not an id.")),
            Some(Text::new(
                format!("Mã {}; tối đa 64 ký tự.", expected.vi),
                format!("An id is {}; at most 64 characters.", expected.en),
            )),
        );
        None
    }

    /// A text for people: a string (both languages) or `{ vi = "…", en = "…" }`.
    pub fn text(&self) -> Option<At<Text>> {
        let value = self.value?;
        match value.get_ref() {
            DeValue::String(_) => self.string().map(|at| at.map(Text::same)),
            DeValue::Table(_) => {
                let table = Table::of_value(self.doc, value)?;
                let (vi, en) = (table.need("vi").string(), table.need("en").string());
                table.finish();
                Some(At::new(Text::new(vi?.value, en?.value), value.span()))
            }
            other => {
                self.wrong(
                    value.span(),
                    other,
                    Text::new(
                        "một chuỗi, hoặc { vi = \"…\", en = \"…\" }",
                        "a text, or { vi = \"…\", en = \"…\" }",
                    ),
                );
                None
            }
        }
    }

    /// An integer within a range.
    pub fn integer(&self, range: RangeInclusive<i64>) -> Option<At<i64>> {
        let value = self.value?;
        let (least, most) = (*range.start(), *range.end());
        let expected = if least == most {
            Text::same(least.to_string())
        } else if least == i64::MIN && most == i64::MAX {
            Text::new("một số nguyên", "an integer")
        } else if most == i64::MAX {
            Text::new(format!("một số nguyên từ {least}"), format!("an integer from {least}"))
        } else {
            Text::new(
                format!("một số nguyên từ {least} đến {most}"),
                format!("an integer from {least} to {most}"),
            )
        };
        let DeValue::Integer(integer) = value.get_ref() else {
            self.wrong(value.span(), value.get_ref(), expected);
            return None;
        };
        match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) if range.contains(&number) => Some(At::new(number, value.span())),
            _ => {
                let found = shown(integer.as_str());
                self.doc.error(
                    "out-of-range",
                    value.span(),
                    Text::new(
                        format!("{found} nằm ngoài khoảng cho phép."),
                        format!("{found} is out of range."),
                    ),
                    Some(Text::new(
                        format!("Ở đây cần {}.", expected.vi),
                        format!("Expected {}.", expected.en),
                    )),
                );
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Option<At<bool>> {
        let value = self.value?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(At::new(*flag, value.span())),
            other => {
                self.wrong(value.span(), other, Text::new("true hoặc false", "true or false"));
                None
            }
        }
    }

    /// A TOML date (not a string, not a date with a time).
    pub fn day(&self) -> Option<At<Day>> {
        let value = self.value?;
        let expected = Text::new(
            "một ngày không có dấu nháy, ví dụ 2020-03-07",
            "a date without quotes, such as 2020-03-07",
        );
        let date = match value.get_ref() {
            DeValue::Datetime(date) if date.time.is_none() && date.offset.is_none() => date.date,
            _ => None,
        };
        let Some(date) = date else {
            self.wrong(value.span(), value.get_ref(), expected);
            return None;
        };
        match Day::from_ymd(i32::from(date.year), u32::from(date.month), u32::from(date.day)) {
            Ok(day) => Some(At::new(day, value.span())),
            Err(error) => {
                self.doc.error("bad-date", value.span(), Text::new(error.vi(), error.en()), None);
                None
            }
        }
    }

    /// One of a few words.
    pub fn one_of<T: Copy>(&self, choices: &[(&str, T)]) -> Option<At<T>> {
        let word = self.string()?;
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == word.value) {
            return Some(word.map(|_| *choice));
        }
        let found = shown(&word);
        let known = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let near = nearest(&word, choices.iter().map(|(name, _)| *name));
        let (near_vi, near_en) = near.map_or_else(Default::default, |near| {
            (format!("Có phải là \"{near}\"? "), format!("Did you mean \"{near}\"? "))
        });
        self.doc.error(
            "unknown-choice",
            word.span,
            Text::new(
                format!("\"{found}\" không dùng được cho \"{}\".", self.key),
                format!("\"{found}\" cannot be used for \"{}\".", self.key),
            ),
            Some(Text::new(
                format!("{near_vi}Hãy chọn: {known}."),
                format!("{near_en}Choose one of {known}."),
            )),
        );
        None
    }

    /// The elements of a list, each read by `read`; empty when the key is absent. Elements that do not fit
    /// are reported by `read` and left out.
    pub fn list<T>(&self, read: impl Fn(Field<'a>) -> Option<T>) -> Vec<T> {
        let Some(value) = self.value else { return Vec::new() };
        match self.elements(value) {
            Some(elements) => elements.filter_map(read).collect(),
            None => {
                self.wrong(
                    value.span(),
                    value.get_ref(),
                    Text::new("một danh sách trong [ ]", "a list in [ ]"),
                );
                Vec::new()
            }
        }
    }

    /// A list of strings.
    pub fn strings(&self) -> Vec<At<String>> {
        self.list(|element| element.string())
    }

    /// A table.
    pub fn table(&self) -> Option<Table<'a>> {
        let value = self.value?;
        let table = Table::of_value(self.doc, value);
        if table.is_none() {
            let expected = Text::new(format!("bảng [{}]", self.key), format!("the table [{}]", self.key));
            self.wrong(value.span(), value.get_ref(), expected);
        }
        table
    }

    /// A list of tables, unless there are more than `most`: that is reported, and none is given.
    pub fn few_tables(&self, most: usize) -> Vec<Table<'a>> {
        let count = self.value.and_then(|value| value.get_ref().as_array()).map_or(0, |array| array.len());
        if count <= most {
            return self.tables();
        }
        let key = self.key;
        self.doc.error(
            "too-many",
            self.span().unwrap_or_default(),
            Text::new(
                format!("Có {count} mục \"{key}\", nhiều hơn mức {most}."),
                format!("There are {count} entries of \"{key}\", more than {most}."),
            ),
            None,
        );
        Vec::new()
    }

    /// A list of tables: `[[key]]`, or `key = [{ … }]`.
    pub fn tables(&self) -> Vec<Table<'a>> {
        let Some(value) = self.value else { return Vec::new() };
        let key = self.key;
        if value.get_ref().is_table() {
            let expected = Text::new(
                format!("[[{key}]] (hai dấu ngoặc: mỗi bảng một mục)"),
                format!("[[{key}]] (two brackets: one table for each entry)"),
            );
            self.wrong(value.span(), value.get_ref(), expected);
            return Vec::new();
        }
        self.list(|element| element.table())
    }

    /// The value as it stands, lists and tables too, without a look at what it says: for what another part of the program reads
    /// in a form of its own. Dates and times become text, fractions are refused.
    pub fn json(&self) -> Option<At<serde_json::Value>> {
        use serde_json::Value;
        let value = self.value?;
        let json = match value.get_ref() {
            DeValue::String(text) if text.is_empty() => Value::from(""),
            DeValue::String(_) => Value::from(self.string()?.value),
            DeValue::Integer(_) => Value::from(self.integer(i64::MIN..=i64::MAX)?.value),
            DeValue::Boolean(flag) => Value::from(*flag),
            DeValue::Array(_) => Value::Array(
                self.elements(value)?.filter_map(|one| one.json()).map(|one| one.value).collect(),
            ),
            DeValue::Table(_) => {
                let entries = Table::of_value(self.doc, value)?.entries();
                let pair = |(key, one): (At<String>, Field<'a>)| Some((key.value, one.json()?.value));
                Value::Object(entries.into_iter().filter_map(pair).collect())
            }
            DeValue::Datetime(_) | DeValue::Float(_) => Value::from(self.cell()?.value),
        };
        Some(At::new(json, value.span()))
    }

    /// The plain value as text, as it would stand in a CSV cell: strings as they are, numbers, flags and dates
    /// as written. For worked examples.
    pub fn cell(&self) -> Option<At<String>> {
        let value = self.value?;
        let text = match value.get_ref() {
            // A blank string is a blank cell: unknown.
            DeValue::String(text) if text.trim().is_empty() => String::new(),
            DeValue::String(_) => return self.string(),
            DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
                Ok(number) => number.to_string(),
                Err(_) => return self.integer(i64::MIN..=i64::MAX).map(|at| at.map(|n| n.to_string())),
            },
            DeValue::Boolean(flag) => flag.to_string(),
            DeValue::Datetime(date) if date.date.is_some() => date.to_string(),
            other => {
                self.wrong(
                    value.span(),
                    other,
                    Text::new(
                        "chữ, số nguyên, true/false hoặc ngày",
                        "a text, an integer, true/false or a date",
                    ),
                );
                return None;
            }
        };
        Some(At::new(text, value.span()))
    }
}
