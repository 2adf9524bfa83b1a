//! What is read held against the rules: the same that forms and steps in the service are held against.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use giaouoc_agreement::problem::{Problem, nearest};
use giaouoc_agreement::text::Text;
use giaouoc_agreement::toml_read::{At, Document};
use giaouoc_worktime::Day;

use super::read::{Known, Reading};
use super::{Entry, Yearbook};
use crate::calendar;
use crate::matter::{Lack, Matter, Taken};
use crate::sort::{self, Sort, Type};
use crate::value;

/// Whether the sort has this field, and here.
pub(super) fn field(doc: &Document<'_>, sort: &Sort, name: &At<String>, personal: bool) -> bool {
    match sort.field(name) {
        Some(field) if field.personal == personal => true,
        Some(_) => {
            let (here, there) = if personal { ("personal", "fields") } else { ("fields", "personal") };
            doc.error(
                "wrong-table",
                name.span.clone(),
                Text::new(
                    format!("Mục \"{}\" không thuộc [{here}].", name.value),
                    format!("\"{}\" does not belong into [{here}].", name.value),
                ),
                Some(Text::new(format!("Hãy chuyển sang [{there}]."), format!("Move it to [{there}]."))),
            );
            false
        }
        None => {
            let all = sort.fields.iter().filter(|field| field.personal == personal);
            let all: Vec<&str> = all.map(|field| field.id.as_str()).collect();
            let help = match nearest(name, all.iter().copied()) {
                Some(near) => {
                    Text::new(format!("Có phải là \"{near}\"?"), format!("Did you mean \"{near}\"?"))
                }
                None => Text::new(
                    format!("Ở đây có thể ghi: {}.", all.join(", ")),
                    format!("Known here: {}.", all.join(", ")),
                ),
            };
            doc.error(
                "unknown-key",
                name.span.clone(),
                Text::new(
                    format!("Loại việc \"{}\" không có mục \"{}\".", sort.id, name.value),
                    format!("The sort \"{}\" has no field \"{}\".", sort.id, name.value),
                ),
                Some(help),
            );
            false
        }
    }
}

/// The canonical text of a field's value; what it names is looked up when everything is read.
pub(super) fn value(
    doc: &Document<'_>,
    sort: &Sort,
    name: &str,
    text: &str,
    span: Range<usize>,
) -> Option<String> {
    let field = sort.field(name)?;
    if names_something(field.ty) {
        return Some(text.to_owned());
    }
    match value::check(sort, field, text, &value::Known::default()) {
        Ok(text) => Some(text),
        Err(why) => {
            let of = field.label.clone();
            let message = Text::new(format!("{}: {}", of.vi, why.vi), format!("{}: {}", of.en, why.en));
            doc.error("bad-value", span, message, None);
            None
        }
    }
}

fn names_something(ty: Type) -> bool {
    matches!(ty, Type::Event | Type::Target | Type::Release | Type::Matter)
}

/// Whether a file that is named lies there.
pub(super) fn file_there(at: &Reading<'_, '_>, path: &At<String>) {
    if at.others.contains(&path.value) {
        return;
    }
    let near = nearest(path, at.others.iter().map(String::as_str));
    let help =
        near.map(|near| Text::new(format!("Có phải là \"{near}\"?"), format!("Did you mean \"{near}\"?")));
    at.doc.error(
        "missing-file",
        path.span.clone(),
        Text::new(
            format!("Không có tệp \"{}\" trong year/.", path.value),
            format!("There is no file \"{}\" in year/.", path.value),
        ),
        help,
    );
}

/// The matter as the rules see it, after those steps that stand.
pub fn as_matter(entry: &Entry) -> Matter {
    let shown = entry.questions.iter().filter(|question| question.state == "shown");
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Matter {
        code: entry.code.clone(),
        unit: entry.unit.clone(),
        common: entry.common,
        fields: entry.fields.clone(),
        personal: entry.personal.clone(),
        taken: entry
            .steps
            .iter()
            .filter(|step| step.gone.is_none())
            .map(|step| Taken { step: step.step.clone(), day: step.day.clone() })
            .collect(),
        joined: entry
            .joined
            .iter()
            .map(|one| crate::matter::Joined {
                unit: one.unit.clone(),
                cluster: one.cluster.clone(),
                yes: one.yes,
                day: one.day.clone(),
                number: one.number.and_then(|number| u32::try_from(number).ok()),
                result: one.result.as_ref().map(|(text, _)| text.clone()).unwrap_or_default(),
            })
            .collect(),
        questions: number(shown.clone().count()),
        answered: number(shown.filter(|question| question.reply.is_some()).count()),
        unread: 0,
        files: number(entry.files.iter().filter(|file| file.gone.is_none()).count()),
        gone: entry.gone.is_some(),
    }
}

/// Steps that the sort has, in an order in which they can be taken, on days that follow each other; and what the last of them
/// lacks, said as a remark: some of it may have been erased since.
pub(super) fn steps(doc: &Document<'_>, sort: &Sort, entry: &Entry) {
    let whole = as_matter(entry);
    let mut so_far = Matter { taken: Vec::new(), gone: false, ..whole.clone() };
    for one in entry.steps.iter().filter(|step| step.gone.is_none()) {
        let Some(step) = sort.step(&one.step) else {
            let all: Vec<&str> = sort.steps.iter().map(|step| step.id.as_str()).collect();
            wrong(
                doc,
                "unknown-step",
                format!("Loại việc \"{}\" không có bước \"{}\". Có: {}.", sort.id, one.step, all.join(", ")),
                format!("The sort \"{}\" has no step \"{}\". It has {}.", sort.id, one.step, all.join(", ")),
            );
            return;
        };
        if !so_far.next(sort).iter().any(|next| next.id == step.id) {
            let state = sort.state(so_far.state(sort));
            wrong(
                doc,
                "step-order",
                format!("Bước \"{}\" không đi được từ \"{}\".", step.id, state.vi),
                format!("The step \"{}\" cannot follow \"{}\".", step.id, state.en),
            );
            return;
        }
        if let Ok(day) = one.day.parse::<Day>()
            && let Err(why) = so_far.day_fits(sort, step, day, day)
        {
            doc.error("bad-date", 0..0, why, None);
        }
        for lack in so_far.lacks(step, one.note.as_deref().unwrap_or_default()) {
            let personal = |id: &String| sort.field(id).is_some_and(|field| field.personal);
            let what = match lack {
                // What is about a person may have been erased.
                Lack::Field(id) if personal(&id) => continue,
                Lack::Field(id) => Text::new(format!("mục {id}"), format!("the field {id}")),
                Lack::File => Text::new("tệp kèm theo", "a file"),
                Lack::Answers(number) => Text::new(
                    format!("trả lời cho {number} câu hỏi"),
                    format!("answers to {number} questions"),
                ),
                Lack::Unread(_) => continue,
                Lack::Note => Text::new("lý do", "the reason"),
            };
            let message = Text::new(
                format!("Bước \"{}\" còn thiếu {}.", step.id, what.vi),
                format!("The step \"{}\" lacks {}.", step.id, what.en),
            );
            doc.report(Problem::warning("lacks", doc.file(), 0..0, message));
        }
        so_far.taken.push(Taken { step: one.step.clone(), day: one.day.clone() });
    }
}

fn wrong(doc: &Document<'_>, code: &'static str, vi: String, en: String) {
    doc.error(code, 0..0, Text::new(vi, en), None);
}

/// What can only be seen when everything is read: the same code twice, and names of what is not there.
pub(super) fn together(book: &Yearbook, known: &Known<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for entry in &book.matters {
        if let Some(first) = seen.insert((&entry.sort, &entry.code), &entry.file) {
            let message = Text::new(
                format!("Việc {} {} đã có trong {first}.", entry.sort, entry.code),
                format!("The matter {} {} is in {first} already.", entry.sort, entry.code),
            );
            problems.push(Problem::error("duplicate", &entry.file, 0..0, message));
        }
    }
    let anniversaries = calendar::anniversaries().iter().filter(|day| day.on(known.year).is_some());
    let mut events: BTreeSet<&str> = anniversaries.map(|day| day.id.as_str()).collect();
    for event in &book.events {
        if !events.insert(&event.id) {
            let message = Text::new(
                format!("Mã ngày \"{}\" dùng hai lần, hoặc là một ngày kỷ niệm đã có sẵn.", event.id),
                format!("The id \"{}\" is used twice, or is that of an anniversary.", event.id),
            );
            problems.push(Problem::error("duplicate", "year/calendar.toml", 0..0, message));
        }
    }
    for entry in &book.matters {
        let Some(sort) = sort::find(&entry.sort) else { continue };
        for field in sort.fields.iter().filter(|field| names_something(field.ty)) {
            let Some(text) = entry.fields.get(&field.id) else { continue };
            let there = match field.ty {
                Type::Event => events.contains(text.as_str()),
                Type::Target => known.targets.contains(text),
                Type::Release => book.releases.iter().any(|release| release.number.to_string() == *text),
                _ => seen.contains_key(&(field.of.as_str(), text.as_str())),
            };
            if !there {
                let label = &field.label;
                let message = Text::new(
                    format!("{}: không có \"{text}\".", label.vi),
                    format!("{}: there is no \"{text}\".", label.en),
                );
                problems.push(Problem::error("unknown-name", &entry.file, 0..0, message));
            }
        }
    }
    problems
}
