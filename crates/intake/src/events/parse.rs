//! `[events]` of a mapping file.

use giaouoc_agreement::kind::{Column, ColumnType, Kind};
use giaouoc_agreement::problem::nearest;
use giaouoc_agreement::text::Text;
use giaouoc_agreement::toml_read::{At, Document, Field, Table};

use super::{Events, When};
use crate::map::{Mapping, Rule, rule};

/// More entries than this are no list that a person wrote.
const MOST: usize = 500;

/// Reads the section. `mapping` has the columns that rows give by themselves.
pub(crate) fn parse(doc: &Document<'_>, table: Table<'_>, kind: &Kind, mapping: &Mapping) -> Events {
    let plain = |field: &Field<'_>, ty: ColumnType| rule(doc, field, &column_of(ty));
    let (name, time) = (table.need("name"), table.need("time"));
    let mut events = Events {
        name: if name.is_there() {
            plain(&name, ColumnType::Text).unwrap_or_default()
        } else {
            Rule::default()
        },
        time: if time.is_there() {
            plain(&time, ColumnType::Moment).unwrap_or_default()
        } else {
            Rule::default()
        },
        skip_others: table
            .may("others")
            .one_of(&[("reject", false), ("skip", true)])
            .is_some_and(|at| at.value),
        when: Vec::new(),
    };
    let mut owners: Vec<(usize, bool)> = Vec::new();
    for entry in table.need("when").few_tables(MOST) {
        let span = entry.span();
        let when = entry_of(doc, entry, kind);
        for column in when.columns() {
            if column == kind.key {
                doc.error(
                    "event-sets-key",
                    span.clone(),
                    Text::new(
                        "Sự kiện không đặt được cột khoá: khoá cho biết sự kiện thuộc hồ sơ nào.",
                        "An event cannot set the key: the key says whose event it is.",
                    ),
                    None,
                );
            }
            if column != kind.key && mapping.rule(column).is_some() {
                let id = &kind.columns[column].id;
                doc.error(
                    "column-filled-twice",
                    span.clone(),
                    Text::new(
                        format!("Cột \"{id}\" vừa có trong [columns] vừa do sự kiện đặt."),
                        format!("The column \"{id}\" is in [columns] and set by an event as well."),
                    ),
                    Some(Text::new("Hãy bỏ một trong hai.", "Leave one of them out.")),
                );
            }
            let list = matches!(kind.columns[column].ty, ColumnType::Intervals | ColumnType::Changes);
            match owners.iter().find(|(owned, _)| *owned == column) {
                Some((_, last)) if *last != when.last && !list => {
                    let id = &kind.columns[column].id;
                    doc.error(
                        "first-and-last",
                        span.clone(),
                        Text::new(
                            format!("Cột \"{id}\" lấy lần đầu ở mục này và lần cuối ở mục kia."),
                            format!(
                                "The column \"{id}\" takes the first occurrence here and the last there."
                            ),
                        ),
                        Some(Text::new(
                            "Hãy ghi cùng một which cho mọi mục đặt cột này.",
                            "Write one and the same which in every entry that sets it.",
                        )),
                    );
                }
                Some(_) => {}
                None => owners.push((column, when.last)),
            }
        }
        events.when.push(when);
    }
    table.finish();
    events
}

/// A column that only says how a cell is to be read.
pub(super) fn column_of(ty: ColumnType) -> Column {
    Column {
        id: String::new(),
        ty,
        label: Text::default(),
        meaning: Text::default(),
        required: false,
        personal: false,
        hangs_on: None,
        aliases: Vec::new(),
        min: None,
        max: None,
        form: None,
        working_days_of: None,
    }
}

fn entry_of(doc: &Document<'_>, entry: Table<'_>, kind: &Kind) -> When {
    let many = |field: Field<'_>| -> Vec<At<String>> {
        if field.is_list() { field.strings() } else { field.string().into_iter().collect() }
    };
    let dated = |ty: &ColumnType| matches!(ty, ColumnType::Date | ColumnType::Moment);
    let named = |name: At<String>, fits: fn(&ColumnType) -> bool, vi: &str, en: &str| {
        column(doc, &name, kind, fits, vi, en)
    };
    let is = entry.may("is");
    let which = entry.may("which").one_of(&[("first", false), ("last", true)]);
    let intervals = |name: &'static str| {
        let name = entry.may(name).string()?;
        named(name, |ty| *ty == ColumnType::Intervals, "intervals", "intervals")
    };
    let sets = many(entry.may("sets"));
    let mut when = When {
        names: is.is_there().then(|| many(is).into_iter().map(|at| at.value).collect()),
        last: which.as_ref().is_some_and(|at| at.value),
        said: which.is_some(),
        sets: sets
            .into_iter()
            .filter_map(|name| named(name, dated, "date hoặc moment", "date or moment"))
            .collect(),
        begins: intervals("begins"),
        ends: intervals("ends"),
        ..When::default()
    };
    if let Some(gives) = entry.may("gives").table() {
        for (name, field) in gives.entries() {
            let Some(at) = named(name, |_| true, "", "") else { continue };
            // A plain value is what the column gets; a table says where in the row it stands.
            let read = if field.is_table() {
                rule(doc, &field, &kind.columns[at])
            } else {
                field.cell().map(|value| Rule { constant: Some(value.value), ..Rule::default() })
            };
            when.gives.extend(read.map(|rule| (at, rule)));
        }
    }
    let (new, why) = (entry.may("new"), entry.may("why"));
    if let Some(name) = entry.may("changes").string()
        && let Some(at) = named(name, |ty| *ty == ColumnType::Changes, "changes", "changes")
    {
        let due = if new.is_there() {
            rule(doc, &new, &column_of(ColumnType::Moment))
        } else {
            doc.error(
                "missing-key",
                entry.span(),
                Text::new(
                    "Sự kiện đổi hạn cần new: tiêu đề cột chứa hạn mới.",
                    "An event that changes the due date needs new: the header of the new due date.",
                ),
                None,
            );
            None
        };
        let why = if why.is_there() { rule(doc, &why, &column_of(ColumnType::Text)) } else { None };
        when.changes = due.map(|due| (at, due, why));
    }
    entry.finish();
    when
}

fn column(
    doc: &Document<'_>,
    name: &At<String>,
    kind: &Kind,
    fits: fn(&ColumnType) -> bool,
    vi: &str,
    en: &str,
) -> Option<usize> {
    let found = kind.column(&name.value);
    match found {
        Some(at) if fits(&kind.columns[at].ty) => return found,
        Some(_) => doc.error(
            "wrong-column-type",
            name.span.clone(),
            Text::new(
                format!("Cột \"{}\" không phải kiểu {vi}.", name.value),
                format!("The column \"{}\" is not of type {en}.", name.value),
            ),
            None,
        ),
        None => {
            let near = nearest(&name.value, kind.columns.iter().map(|column| column.id.as_str()));
            doc.error(
                "unknown-column",
                name.span.clone(),
                Text::new(
                    format!("Loại dữ liệu \"{}\" không có cột \"{}\".", kind.id, name.value),
                    format!("The kind \"{}\" has no column \"{}\".", kind.id, name.value),
                ),
                near.map(|near| {
                    Text::new(format!("Có phải là \"{near}\"?"), format!("Did you mean \"{near}\"?"))
                }),
            );
        }
    }
    None
}
