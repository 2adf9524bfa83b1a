//! Changes of a draft's text by form. The draft is the text of `agreement.toml` itself: what is signed is what is computed.
//! A form changes the lines that it is about; comments and spacing of all other lines stay.

use giaouoc_agreement::text::Text;
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

mod frame;
mod targets;

pub use self::frame::{Frame, ScoreForm, set_frame, set_paragraphs, set_regulation, set_score};
pub use self::targets::{
    AmendmentForm, TargetForm, add_amendment, add_target, remove_target, set_exemption, set_target,
};

/// Why a form could not change the text, in words.
pub type Changed = Result<String, Text>;

/// A text as a form gives it: Vietnamese, and English where there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Vietnamese.
    pub vi: String,
    /// English; blank: the same as in Vietnamese.
    pub en: String,
}

impl Words {
    /// Words of both languages.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// As the file writes it.
    pub fn value(&self) -> String {
        self.item().to_string()
    }

    pub(crate) fn item(&self) -> Value {
        let (vi, en) = (self.vi.trim(), self.en.trim());
        if en.is_empty() || en == vi {
            return Value::from(vi);
        }
        let mut table = InlineTable::new();
        table.insert("vi", Value::from(vi));
        table.insert("en", Value::from(en));
        Value::InlineTable(table)
    }
}

/// A clause as a form gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClauseForm {
    /// Its number.
    pub number: String,
    /// Its words.
    pub text: Words,
    /// Whether a short report answers it.
    pub report: bool,
}

/// The text as a document that can be changed.
pub(crate) fn parse(text: &str) -> Result<DocumentMut, Text> {
    text.parse().map_err(|_| {
        Text::new(
            "Văn bản hiện có lỗi viết (xem danh sách lỗi), nên biểu mẫu chưa sửa được. Hãy sửa ở dạng văn bản trước.",
            "The text has a mistake of writing (see the list of errors), so forms cannot change it yet. Mend it as text first.",
        )
    })
}

fn missing(vi: &str, en: &str, name: &str) -> Text {
    Text::new(
        format!("{vi} “{name}” không còn trong dự thảo; có thể người khác vừa bỏ. Hãy tải lại trang."),
        format!(
            "{en} “{name}” is no longer in the draft; somebody may just have removed it. Load the page again."
        ),
    )
}

pub(crate) fn list<'a>(document: &'a mut DocumentMut, key: &str) -> Result<&'a mut ArrayOfTables, Text> {
    let item = document.entry(key).or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    item.as_array_of_tables_mut().ok_or_else(|| {
        Text::new(
            format!("“{key}” đang được viết dạng khác trong văn bản; hãy sửa ở dạng văn bản."),
            format!("“{key}” is written in another form in the text; change it as text."),
        )
    })
}

pub(crate) fn is(table: &Table, key: &str, text: &str) -> bool {
    table.get(key).and_then(Item::as_str) == Some(text)
}

pub(crate) fn place(tables: &ArrayOfTables, key: &str, text: &str) -> Option<usize> {
    tables.iter().position(|table| is(table, key, text))
}

/// Puts a value where the old one stood, with the spacing and the remark beside it.
pub(crate) fn put(table: &mut Table, key: &str, new: impl Into<Value>) {
    let mut new: Value = new.into();
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => {
            table.insert(key, value(new));
        }
    }
}

pub(crate) fn put_or_drop(table: &mut Table, key: &str, words: &Words) {
    if words.vi.trim().is_empty() {
        table.remove(key);
    } else {
        put(table, key, words.item());
    }
}

pub(crate) fn day(text: &str) -> Result<Value, Text> {
    let date = text.trim().parse::<toml_edit::Datetime>().ok();
    date.filter(|date| date.date.is_some() && date.time.is_none()).map(Value::from).ok_or_else(|| {
        Text::new(
            format!("“{}” không phải ngày; ghi ví dụ 2021-03-07.", text.trim()),
            format!("“{}” is no day; write for example 2021-03-07.", text.trim()),
        )
    })
}

/// Adds a clause, or changes the one with the number `old`; targets and score lines of it follow its new number.
///
/// # Errors
/// In words: a number that is there already, no words, a clause that is gone.
pub fn set_clause(text: &str, old: Option<&str>, form: &ClauseForm) -> Changed {
    let number = form.number.trim();
    if number.is_empty() || form.text.vi.trim().is_empty() {
        return Err(Text::new("Khoản cần có số và lời văn.", "A clause needs its number and its words."));
    }
    let mut document = parse(text)?;
    let clauses = list(&mut document, "clause")?;
    if old != Some(number) && place(clauses, "number", number).is_some() {
        return Err(Text::new(
            format!("Đã có khoản {number}; hãy chọn số khác."),
            format!("There is a clause {number} already; choose another number."),
        ));
    }
    let fill = |table: &mut Table| {
        put(table, "number", number);
        put(table, "text", form.text.item());
        if form.report {
            put(table, "report", true);
        } else {
            table.remove("report");
        }
    };
    match old {
        Some(old) => {
            let at = place(clauses, "number", old).ok_or_else(|| missing("Khoản", "Clause", old))?;
            if let Some(table) = clauses.get_mut(at) {
                fill(table);
            }
            if old != number {
                renumber(&mut document, old, number);
            }
        }
        None => {
            let mut table = Table::new();
            if !clauses.is_empty() {
                table.decor_mut().set_prefix("\n");
            }
            fill(&mut table);
            // After the last clause that stands before it: 2.10 after 2.9.
            let at = clauses
                .iter()
                .position(|other| {
                    other.get("number").and_then(Item::as_str).is_some_and(|other| before(number, other))
                })
                .unwrap_or(clauses.len());
            insert(clauses, at, table);
        }
    }
    Ok(document.to_string())
}

/// Whether a number of a clause stands before another one: part by part, as numbers.
fn before(one: &str, other: &str) -> bool {
    let parts = |text: &str| -> Vec<u64> {
        text.split('.').map(|part| part.trim().parse().unwrap_or(u64::MAX)).collect()
    };
    parts(one) < parts(other)
}

/// Puts a table at its place among others: each keeps the place in the file that the one before it at this index had, so
/// that nothing else of the file moves.
fn insert(tables: &mut ArrayOfTables, at: usize, table: Table) {
    let mut all: Vec<Table> = tables.iter().cloned().collect();
    let places: Vec<Option<isize>> = all.iter().map(Table::position).collect();
    all.insert(at.min(all.len()), table);
    tables.clear();
    for (index, mut table) in all.into_iter().enumerate() {
        // The last one shares the place of the one before it, and stands behind it.
        table.set_position(places.get(index).or(places.last()).copied().flatten());
        tables.push(table);
    }
}

fn renumber(document: &mut DocumentMut, old: &str, number: &str) {
    let named = |table: &mut Table| {
        if is(table, "clause", old) {
            put(table, "clause", number);
        }
    };
    for key in ["target", "paragraph"] {
        if let Some(tables) = document.get_mut(key).and_then(Item::as_array_of_tables_mut) {
            tables.iter_mut().for_each(named);
        }
    }
    let lines = document.get_mut("score").and_then(|score| score.get_mut("line"));
    if let Some(lines) = lines.and_then(Item::as_array_of_tables_mut) {
        lines.iter_mut().for_each(named);
    }
}

/// Moves a clause one place up or down; at the end of the list nothing changes.
///
/// # Errors
/// When the clause is gone.
pub fn move_clause(text: &str, number: &str, up: bool) -> Changed {
    let mut document = parse(text)?;
    let clauses = list(&mut document, "clause")?;
    let at = place(clauses, "number", number).ok_or_else(|| missing("Khoản", "Clause", number))?;
    let other = if up { at.checked_sub(1) } else { Some(at + 1).filter(|other| *other < clauses.len()) };
    let Some(other) = other else { return Ok(text.to_owned()) };
    let (first, second) = (clauses.get(at).cloned(), clauses.get(other).cloned());
    if let (Some(mut first), Some(mut second)) = (first, second) {
        let place = first.position();
        first.set_position(second.position());
        second.set_position(place);
        let decor = first.decor().clone();
        *first.decor_mut() = second.decor().clone();
        *second.decor_mut() = decor;
        clauses.replace(at, second);
        clauses.replace(other, first);
    }
    Ok(document.to_string())
}

/// Removes a clause that has no target.
///
/// # Errors
/// When it has one, or is gone.
pub fn remove_clause(text: &str, number: &str) -> Changed {
    let mut document = parse(text)?;
    let targets = document.get("target").and_then(Item::as_array_of_tables);
    if targets.is_some_and(|targets| targets.iter().any(|target| is(target, "clause", number))) {
        return Err(Text::new(
            format!("Khoản {number} còn chỉ tiêu; hãy bỏ hoặc chuyển chỉ tiêu sang khoản khác trước."),
            format!("Clause {number} still has a target; remove it or move it to another clause first."),
        ));
    }
    let clauses = list(&mut document, "clause")?;
    let at = place(clauses, "number", number).ok_or_else(|| missing("Khoản", "Clause", number))?;
    clauses.remove(at);
    drop_lines(&mut document, "clause", number);
    Ok(document.to_string())
}

fn drop_lines(document: &mut DocumentMut, key: &str, name: &str) {
    let lines = document.get_mut("score").and_then(|score| score.get_mut("line"));
    if let Some(lines) = lines.and_then(Item::as_array_of_tables_mut) {
        lines.retain(|line| !is(line, key, name));
    }
}

/// The text with another status, and the day of signing when it comes into force.
///
/// # Errors
/// When the text cannot be read, or the day is none.
pub fn with_status(text: &str, status: &str, signed: Option<&str>) -> Changed {
    let mut document = parse(text)?;
    put(&mut document, "status", status);
    match signed {
        Some(on) => put(&mut document, "signed", day(on)?),
        None if status == "draft" => {
            document.remove("signed");
        }
        None => {}
    }
    Ok(document.to_string())
}

/// The text without the worked examples of its targets: for figures of a draft whose examples do not come out yet.
///
/// # Errors
/// When the text cannot be read.
pub fn without_examples(text: &str) -> Changed {
    let mut document = parse(text)?;
    if let Some(targets) = document.get_mut("target").and_then(Item::as_array_of_tables_mut) {
        for target in targets.iter_mut() {
            target.remove("example");
        }
    }
    Ok(document.to_string())
}

#[cfg(test)]
#[path = "drafting_tests.rs"]
mod tests;
