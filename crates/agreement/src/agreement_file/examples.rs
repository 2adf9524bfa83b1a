//! Reads a target's worked examples: rows of text cells into typed records.

use giaouoc_worktime::Zone;

use super::amount::Form;
use super::words::MeasureName;
use super::{Budget, Context, read_period};
use crate::bundle::refs::did_you_mean;
use crate::cell;
use crate::kind::Kind;
use crate::period::Period;
use crate::target::Example;
use crate::text::Text;
use crate::toml_read::{Document, Table, shown};
use crate::value::Value;

/// More records than this in one example cannot be read by a person.
const MOST_ROWS: usize = 1_000;

/// Reads one `[[target.example]]`; `lenses` are the ids that it may be about.
pub(super) fn read(
    context: &Context<'_>,
    table: Table<'_>,
    kind: Option<&Kind>,
    measure: Option<MeasureName>,
    lenses: &[&str],
    named: &[Period],
) -> Option<Example> {
    let (doc, span) = (table.doc(), table.span());
    let zone = context.calendars.map_or_else(Zone::utc, |calendars| calendars.default.zone().clone());
    let records = table.need("records").few_tables(MOST_ROWS);
    let rows: Vec<_> = match kind {
        Some(kind) => records.iter().map(|record| row(doc, record, kind, &zone, &context.budget)).collect(),
        None => Vec::new(),
    };
    let expect = table.need("expect").cell().zip(measure).and_then(|(text, measure)| {
        match Form::from(measure).parse(&text) {
            Ok(amount) => Some(amount),
            Err(message) => {
                doc.error("bad-figure", text.span, message, None);
                None
            }
        }
    });
    let lens = table.may("lens").string();
    if let Some(id) = lens.as_ref().filter(|id| !lenses.contains(&id.value.as_str())) {
        doc.error(
            "unknown-lens",
            id.span.clone(),
            Text::new(
                format!("Chỉ tiêu không có cách tính đối chiếu \"{}\".", shown(id)),
                format!("The target has no lens \"{}\".", shown(id)),
            ),
            did_you_mean(id, lenses.iter().copied()),
        );
    }
    let as_of = table.may("as_of").day();
    let period = table.may("period").string().and_then(|code| read_period(doc, &code, named));
    table.finish();
    kind?;
    Some(Example {
        rows: rows.into_iter().collect::<Option<Vec<_>>>()?,
        expect: expect?,
        lens: lens.map(|at| at.value),
        as_of: as_of.map(|at| at.value),
        period,
        span,
    })
}

/// One record; columns that are not said are unknown.
fn row(
    doc: &Document<'_>,
    record: &Table<'_>,
    kind: &Kind,
    zone: &Zone,
    budget: &Budget,
) -> Option<Vec<Value>> {
    if !budget.row() {
        let message =
            Text::new("Các ví dụ có quá nhiều bản ghi.", "The examples have too many records in all.");
        doc.error("too-many", 0..0, message, None);
        return None;
    }
    let mut values = vec![Value::Unknown; kind.columns.len()];
    let mut right = true;
    for (name, field) in record.entries() {
        let index = kind.column(&name);
        let Some((column, value)) = index.and_then(|i| kind.columns.get(i).zip(values.get_mut(i))) else {
            right = false;
            doc.error(
                "unknown-column",
                name.span.clone(),
                Text::new(
                    format!("Loại dữ liệu \"{}\" không có cột \"{}\".", kind.id, shown(&name)),
                    format!("The kind \"{}\" has no column \"{}\".", kind.id, shown(&name)),
                ),
                did_you_mean(&name, kind.columns.iter().map(|column| column.id.as_str())),
            );
            continue;
        };
        if column.personal {
            right = false;
            doc.error(
                "personal-column",
                name.span.clone(),
                Text::new(
                    format!("Cột \"{}\" là dữ liệu cá nhân.", column.id),
                    format!("The column \"{}\" is personal.", column.id),
                ),
                Some(Text::new("Bỏ cột này khỏi ví dụ.", "Leave it out of the example.")),
            );
            continue;
        }
        let Some(cell) = field.cell() else {
            right = false;
            continue;
        };
        match cell::parse(column, &cell, zone) {
            Ok(known) => *value = known,
            Err(message) => {
                right = false;
                doc.error("bad-value", cell.span, message, None);
            }
        }
    }
    right.then_some(values)
}
