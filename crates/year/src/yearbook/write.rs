//! Writes a yearbook: the files of `year/` that [`super::read`] reads back as the same.

use std::collections::BTreeMap;

use giaouoc_agreement::text::Text;
use giaouoc_worktime::zone::Zone;
use serde_json::Value as Json;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use super::{Attached, Draft, Entry, Gone, Mark, Micros, Release, Yearbook};
use crate::drafting::Words;

/// The files of a yearbook by their path within `year/`; those that show something lie beside them and are not among these.
pub fn write(book: &Yearbook, zone: &Zone) -> BTreeMap<String, String> {
    let out = Writing { zone };
    let mut files = BTreeMap::new();
    if !book.events.is_empty() {
        let mut events = ArrayOfTables::new();
        for event in &book.events {
            let mut table = Table::new();
            out.text(&mut table, "id", &event.id);
            out.text(&mut table, "day", &event.day);
            table.insert("name", Item::Value(words(&event.name)));
            out.text(&mut table, "sort", &event.sort);
            out.text(&mut table, "source", &event.source);
            out.mark(&mut table, &event.mark);
            events.push(table);
        }
        files.insert("calendar.toml".to_owned(), one("event", events));
    }
    if !book.releases.is_empty() {
        let mut releases = ArrayOfTables::new();
        book.releases.iter().for_each(|release| releases.push(out.release(release)));
        files.insert("releases.toml".to_owned(), one("release", releases));
    }
    for draft in &book.drafts {
        files.insert(format!("agreeing/{}.toml", draft.number), out.draft(draft));
        files.extend(draft.versions.iter().map(|version| (version.path.clone(), version.text.clone())));
    }
    for entry in &book.matters {
        files.insert(file_of(entry), out.matter(entry));
    }
    files
}

/// Where a matter stands. Codes are people's: what a path cannot have becomes its number.
fn file_of(entry: &Entry) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let name: String = entry
        .code
        .chars()
        .map(|letter| if plain(letter) { letter.to_string() } else { format!("+{:X}", u32::from(letter)) })
        .collect();
    format!("{}/{name}.toml", entry.sort)
}

fn one(key: &str, tables: ArrayOfTables) -> String {
    let mut document = DocumentMut::new();
    document.insert("format", value(1));
    document.insert(key, Item::ArrayOfTables(tables));
    document.to_string()
}

fn words(text: &Text) -> Value {
    Words::new(&text.vi, &text.en).item()
}

/// A value of another form; what is nothing is left out.
fn of_json(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => return None,
        Json::Bool(flag) => Value::from(*flag),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::from(number),
            None => Value::from(number.to_string()),
        },
        Json::String(text) => Value::from(text),
        Json::Array(all) => Value::Array(all.iter().filter_map(of_json).collect::<Array>()),
        Json::Object(pairs) => {
            let mut table = InlineTable::new();
            for (key, one) in pairs {
                if let Some(one) = of_json(one) {
                    table.insert(key, one);
                }
            }
            Value::InlineTable(table)
        }
    })
}

struct Writing<'a> {
    zone: &'a Zone,
}

impl Writing<'_> {
    /// A text, unless it is blank.
    fn text(&self, table: &mut Table, key: &str, text: &str) {
        if !text.is_empty() {
            table.insert(key, value(text));
        }
    }

    fn may(&self, table: &mut Table, key: &str, text: Option<&str>) {
        self.text(table, key, text.unwrap_or_default());
    }

    /// A time with the offset of the zone, to the microsecond.
    fn time(&self, table: &mut Table, key: &str, at: Option<Micros>) {
        let zoned = at.and_then(|at| {
            let at = jiff::Timestamp::from_microsecond(at).ok()?;
            Some(at.to_zoned(jiff::tz::TimeZone::get(self.zone.name()).ok()?))
        });
        if let Some(zoned) = zoned {
            let text = zoned.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string();
            match text.parse::<toml_edit::Datetime>() {
                Ok(time) => table.insert(key, value(time)),
                Err(_) => table.insert(key, value(text)),
            };
        }
    }

    fn mark(&self, table: &mut Table, mark: &Mark) {
        self.time(table, "at", mark.at);
        self.may(table, "by", mark.by.as_deref());
        self.may(table, "on_behalf", mark.on_behalf.as_deref());
    }

    fn gone(&self, table: &mut Table, gone: Option<&Gone>) {
        let Some(gone) = gone else { return };
        let mut inner = Table::new();
        self.mark(&mut inner, &gone.mark);
        self.text(&mut inner, "reason", &gone.reason);
        table.insert("gone", value(inner.into_inline_table()));
    }

    fn release(&self, release: &Release) -> Table {
        let mut table = Table::new();
        table.insert("number", value(release.number));
        table.insert("name", Item::Value(words(&release.name)));
        self.time(&mut table, "confirm_by", Some(release.confirm_by));
        self.time(&mut table, "publish_at", Some(release.publish_at));
        self.time(&mut table, "published_at", release.published_at);
        self.may(&mut table, "as_of", release.as_of.as_deref());
        if let Some(head) = release.head {
            table.insert("head", value(head));
        }
        if !release.standing.is_empty() {
            let mut standing = InlineTable::new();
            for (unit, word) in &release.standing {
                standing.insert(unit, Value::from(word));
            }
            table.insert("standing", value(standing));
        }
        self.mark(&mut table, &release.mark);
        table
    }

    fn matter(&self, entry: &Entry) -> String {
        let mut document = DocumentMut::new();
        document.insert("format", value(1));
        self.text(&mut document, "sort", &entry.sort);
        self.text(&mut document, "code", &entry.code);
        self.text(&mut document, "unit", &entry.unit);
        if entry.common {
            document.insert("common", value(true));
        }
        self.mark(&mut document, &entry.begun);
        self.gone(&mut document, entry.gone.as_ref());
        for (key, held) in [("fields", &entry.fields), ("personal", &entry.personal)] {
            if held.is_empty() {
                continue;
            }
            let mut table = Table::new();
            held.iter().for_each(|(field, text)| self.text(&mut table, field, text));
            document.insert(key, Item::Table(table));
        }
        let mut list = |key: &str, tables: Vec<Table>| {
            if !tables.is_empty() {
                document.insert(key, Item::ArrayOfTables(tables.into_iter().collect()));
            }
        };
        list("step", entry.steps.iter().map(|step| self.step(step)).collect());
        list("edit", entry.edits.iter().map(|edit| self.edit(edit)).collect());
        list("joined", entry.joined.iter().map(|joined| self.joined(joined)).collect());
        list("question", entry.questions.iter().map(|question| self.question(question)).collect());
        list("report", entry.reports.iter().map(|report| self.report(report)).collect());
        list("point", entry.points.iter().map(|point| self.point(point)).collect());
        list("file", entry.files.iter().map(|file| self.file(file)).collect());
        document.to_string()
    }

    fn step(&self, step: &super::Step) -> Table {
        let mut table = Table::new();
        self.text(&mut table, "step", &step.step);
        self.text(&mut table, "day", &step.day);
        self.may(&mut table, "note", step.note.as_deref());
        self.mark(&mut table, &step.mark);
        self.gone(&mut table, step.gone.as_ref());
        table
    }

    fn edit(&self, edit: &super::Edit) -> Table {
        let mut table = Table::new();
        self.mark(&mut table, &edit.mark);
        self.may(&mut table, "reason", edit.reason.as_deref());
        let mut changes = Table::new();
        for (field, before, after) in &edit.changes {
            changes.insert(field, value(Array::from_iter([before.as_str(), after.as_str()])));
        }
        table.insert("changes", Item::Table(changes));
        table
    }

    fn joined(&self, joined: &super::Joined) -> Table {
        let mut table = Table::new();
        self.text(&mut table, "unit", &joined.unit);
        self.may(&mut table, "cluster", joined.cluster.as_deref());
        if !joined.yes {
            table.insert("yes", value(false));
        }
        self.text(&mut table, "day", &joined.day);
        if let Some(number) = joined.number {
            table.insert("number", value(number));
        }
        self.text(&mut table, "said", &joined.said);
        self.may(&mut table, "report_by", joined.report_by.as_deref());
        if let Some((result, day)) = &joined.result {
            self.text(&mut table, "result", result);
            self.text(&mut table, "result_day", day);
        }
        self.mark(&mut table, &joined.mark);
        table
    }

    fn question(&self, question: &super::Question) -> Table {
        let mut table = Table::new();
        self.text(&mut table, "text", &question.text);
        self.mark(&mut table, &question.mark);
        if question.there {
            table.insert("there", value(true));
        }
        self.text(&mut table, "state", &question.state);
        self.may(&mut table, "aside", question.aside.as_deref());
        self.text(&mut table, "owner", &question.owner);
        self.may(&mut table, "due", question.due.as_deref());
        self.may(&mut table, "reply", question.reply.as_deref());
        self.time(&mut table, "replied_at", question.replied.at);
        self.may(&mut table, "replied_by", question.replied.by.as_deref());
        table
    }

    fn report(&self, report: &super::Report) -> Table {
        let mut table = Table::new();
        self.text(&mut table, "unit", &report.unit);
        self.time(&mut table, "sent_at", report.sent_at);
        self.mark(&mut table, &report.mark);
        self.body(&mut table, &report.body);
        table
    }

    fn body(&self, table: &mut Table, body: &impl serde::Serialize) {
        let Some(Value::InlineTable(body)) = serde_json::to_value(body).ok().as_ref().and_then(of_json)
        else {
            return;
        };
        table.insert("body", Item::Table(body.into_table()));
    }

    fn point(&self, point: &super::Point) -> Table {
        let mut table = Table::new();
        self.text(&mut table, "text", &point.text);
        self.text(&mut table, "unit", &point.unit);
        self.text(&mut table, "due", &point.due);
        if let Some((day, how)) = &point.done {
            self.text(&mut table, "done", day);
            self.text(&mut table, "how", how);
        }
        self.time(&mut table, "done_at", point.done_at);
        self.mark(&mut table, &point.mark);
        table
    }

    fn file(&self, file: &Attached) -> Table {
        let mut table = Table::new();
        self.text(&mut table, "path", &file.path);
        self.text(&mut table, "name", &file.name);
        self.may(&mut table, "sha256", file.sha256.as_deref());
        if file.path.is_empty() {
            self.text(&mut table, "media", &file.media);
            table.insert("bytes", value(file.bytes));
        }
        self.text(&mut table, "caption", &file.caption);
        if file.looked {
            table.insert("looked", value(true));
        }
        if !file.people.is_empty() {
            let mut people = Array::new();
            for (name, agreed_on) in &file.people {
                let mut one = InlineTable::new();
                one.insert("name", Value::from(name));
                if !agreed_on.is_empty() {
                    one.insert("agreed_on", Value::from(agreed_on));
                }
                people.push(Value::InlineTable(one));
            }
            table.insert("people", value(people));
        }
        self.mark(&mut table, &file.mark);
        self.gone(&mut table, file.gone.as_ref());
        table
    }

    fn draft(&self, draft: &Draft) -> String {
        let mut document = DocumentMut::new();
        document.insert("format", value(1));
        document.insert("number", value(draft.number));
        self.text(&mut document, "stage", &draft.stage);
        self.text(&mut document, "base", &draft.base);
        self.may(&mut document, "before", draft.before.as_deref());
        self.may(&mut document, "digest", draft.digest.as_deref());
        self.may(&mut document, "respond_by", draft.respond_by.as_deref());
        self.time(&mut document, "circulated_at", draft.circulated_at);
        self.time(&mut document, "frozen_at", draft.frozen_at);
        self.time(&mut document, "in_force_at", draft.in_force_at);
        if !draft.later.is_empty() {
            document.insert("later", value(draft.later.iter().collect::<Array>()));
        }
        self.mark(&mut document, &draft.mark);
        if let Some(ceremony) = &draft.ceremony
            && let Some(held) = serde_json::to_value(ceremony).ok().as_ref().and_then(of_json)
        {
            document.insert("ceremony", Item::Value(held));
        }
        let mut versions = ArrayOfTables::new();
        for version in &draft.versions {
            let mut table = Table::new();
            self.text(&mut table, "text", &version.path);
            self.text(&mut table, "note", &version.note);
            self.mark(&mut table, &version.mark);
            versions.push(table);
        }
        document.insert("version", Item::ArrayOfTables(versions));
        let mut parts = ArrayOfTables::new();
        for part in &draft.parts {
            let mut table = Table::new();
            table.insert("id", value(part.id));
            self.text(&mut table, "sort", &part.sort);
            self.text(&mut table, "unit", &part.unit);
            self.text(&mut table, "place", &part.place);
            self.mark(&mut table, &part.mark);
            self.body(&mut table, &part.body);
            parts.push(table);
        }
        document.insert("part", Item::ArrayOfTables(parts));
        document.to_string()
    }
}
