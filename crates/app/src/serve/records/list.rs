//! Pages of records, in the order in which their versions became known, read until the page is full.

use std::collections::BTreeSet;

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::lang::{Context, eval};
use giaouoc_agreement::target::{Measure, Target};
use giaouoc_agreement::text::{Text, fold};
use giaouoc_agreement::value::Value;
use giaouoc_journal::{ENTRY, JournalError, ROW};
use giaouoc_web::records::{Filter, Listing, Trouble};

use super::{Reader, broken, look};
use crate::records::measure_fault;

/// A page of a list.
pub fn list(reader: &Reader, kind: &'static Kind, filter: &Filter) -> Result<Listing, Trouble> {
    let after = filter.after.as_deref().map(place).transpose()?;
    let target = match &filter.target {
        None => None,
        Some((id, met)) => {
            let found = reader.loaded.bundle.agreement.target(id).filter(|target| target.kind == kind.id);
            Some((found.ok_or_else(no_target)?, *met))
        }
    };
    let text = filter.text.as_deref().map(fold).filter(|text| !text.is_empty());
    let columns: BTreeSet<usize> = (0..kind.columns.len()).filter(|at| !kind.columns[*at].personal).collect();
    let mut listing = Listing::default();
    let mut full = false;
    let told = &mut |supplier: Option<&str>, batch: &RecordBatch| {
        if filter.supplier.as_deref().is_some_and(|wanted| supplier != Some(wanted)) {
            return Ok(());
        }
        let page = Page { reader, kind, filter, text: text.as_deref(), target, after };
        full = page.take(supplier, batch, &mut listing)?;
        // The page is full: nothing more is read.
        if full { Err(JournalError::Internal { detail: String::new() }) } else { Ok(()) }
    };
    let read = reader.journal.each_net(kind, reader.journal.head(), &columns, told);
    match read {
        Err(_) if full => Ok(listing),
        Err(error) => Err(broken(&error)),
        Ok(()) => {
            listing.next = None;
            Ok(listing)
        }
    }
}

fn no_target() -> Trouble {
    Trouble::Wrong(Text::new(
        "không có chỉ tiêu này trên loại dữ liệu đó",
        "there is no such target on that kind of record",
    ))
}

/// A place of a list: `12.40`.
fn place(text: &str) -> Result<(i64, i64), Trouble> {
    let parts = text.split_once('.');
    let numbers = parts.and_then(|(entry, row)| Some((entry.parse().ok()?, row.parse().ok()?)));
    numbers.ok_or_else(|| {
        Trouble::Wrong(Text::new(
            format!(
                "“{text}” không phải chỗ tiếp theo của danh sách; dùng đúng giá trị mà trang trước đã nêu"
            ),
            format!("“{text}” is no place of the list; use the value that the page before gave"),
        ))
    })
}

struct Page<'a> {
    reader: &'a Reader,
    kind: &'static Kind,
    filter: &'a Filter,
    text: Option<&'a str>,
    target: Option<(&'a Target, Option<bool>)>,
    after: Option<(i64, i64)>,
}

impl Page<'_> {
    /// Takes what belongs on the page; says whether it is full.
    fn take(
        &self,
        supplier: Option<&str>,
        batch: &RecordBatch,
        listing: &mut Listing,
    ) -> Result<bool, JournalError> {
        let internal = |detail: String| JournalError::Internal { detail };
        let numbers = |name: &str| batch.column_by_name(name).and_then(|column| column.as_primitive_opt());
        let (Some(entries), Some(rows)) = (numbers(ENTRY), numbers(ROW)) else {
            return Err(internal("no addresses".to_owned()));
        };
        let (entries, rows): (&arrow::array::PrimitiveArray<Int64Type>, _) = (entries, rows);
        let texts = |at: usize| {
            let array = batch.column_by_name(&self.kind.columns[at].id);
            let array = array.ok_or_else(|| internal(self.kind.columns[at].id.clone()))?;
            cast(array, &DataType::Utf8).map_err(|error| internal(error.to_string()))
        };
        let units = texts(self.kind.unit)?;
        let units = units.as_string::<i32>();
        for row in 0..batch.num_rows() {
            let at = (entries.value(row), rows.value(row));
            if self.after.is_some_and(|after| at <= after) {
                continue;
            }
            if self.filter.look > 0 && listing.seen >= self.filter.look {
                // What was looked at without belonging here is passed over by the next page as well.
                return Ok(true);
            }
            listing.seen += 1;
            listing.next = Some(format!("{}.{}", at.0, at.1));
            let unit = if units.is_valid(row) { units.value(row) } else { "" };
            if self.filter.unit.as_deref().is_some_and(|wanted| wanted != unit) {
                continue;
            }
            let values = giaouoc_measure::values(self.kind, batch, row)
                .map_err(|error| internal(format!("{:?}", measure_fault("journal", &error))))?;
            if !self.wanted(&values, unit) {
                continue;
            }
            let (entry, row) = (u64::try_from(at.0).unwrap_or(0), u64::try_from(at.1).unwrap_or(0));
            let supplier = supplier.map(str::to_owned);
            listing.records.push(look::of_values(self.reader, self.kind, &values, supplier, entry, row));
            if listing.records.len() >= self.filter.most {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a record is asked for.
    fn wanted(&self, values: &[Value], unit: &str) -> bool {
        if let Some(text) = self.text {
            let has = |value: &Value| matches!(value, Value::Text(found) if fold(found).contains(text));
            if !values.iter().any(has) {
                return false;
            }
        }
        let Some((target, met)) = self.target else { return true };
        let calendar = self.reader.loaded.calendars.unit(unit);
        target.parts(&target.period).into_iter().any(|(part, version)| {
            let context = Context { kind: self.kind, period: &part, as_of: target.period.last, calendar };
            if eval(&version.rule.counted, values, &context) != Ok(Value::Flag(true)) {
                return false;
            }
            match (&version.rule.measure, met) {
                (_, None) => true,
                (Measure::Share { met: condition }, Some(met)) => {
                    (eval(condition, values, &context) == Ok(Value::Flag(true))) == met
                }
                (_, Some(met)) => met,
            }
        })
    }
}
