//! Records that may be the same as one that is being written: titles nearly alike, or the same day in the same unit.

use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::text::Text;
use giaouoc_signals::near;
use giaouoc_signals::rules::Rules;
use giaouoc_web::records::{Filter, Near, Trouble};
use giaouoc_worktime::time::Moment;

use super::{Reader, list};

/// Records that are compared at most; kinds that are written by hand stay far below.
const COMPARED: usize = 20_000;
/// Named at most.
const NAMED: usize = 5;

/// The column that says in words what a record is about, such as a title: the first of these that a kind has.
const TITLES: [&str; 4] = ["title", "name", "content", "activity"];

/// Records nearly like the one with these values.
pub fn near(reader: &Reader, kind: &'static Kind, fields: &[(String, String)]) -> Result<Vec<Near>, Trouble> {
    let value = |id: &str| fields.iter().find(|(found, _)| found == id).map_or("", |(_, text)| text.trim());
    let (own_key, unit) = (value(&kind.columns[kind.key].id), value(&kind.columns[kind.unit].id));
    let listing = list::list(reader, kind, &Filter { most: COMPARED, ..Filter::default() })?;
    let others: Vec<_> = listing.records.into_iter().filter(|record| record.key != own_key).collect();
    let title = TITLES.iter().find(|id| {
        kind.column(id)
            .is_some_and(|at| kind.columns[at].ty == ColumnType::Text && !kind.columns[at].personal)
    });
    let mut found = Vec::new();
    match title {
        Some(title) if !value(title).is_empty() => {
            let rules = Rules::builtin().map_err(Trouble::Failed)?;
            let mut titles: Vec<&str> = others.iter().map(|record| record.text(title)).collect();
            titles.push(value(title));
            let own = titles.len() - 1;
            for (one, _) in
                near::pairs(&titles, &rules.similar).into_iter().filter(|(_, other)| *other == own)
            {
                let record = others[one].clone();
                let said = record.text(title).to_owned();
                let why = Text::new(format!("tên gần giống: {said}"), format!("a name nearly alike: {said}"));
                found.push(Near { record, why });
            }
        }
        _ => {
            let date = &kind.columns[kind.date].id;
            let zone = reader.loaded.calendars.default.zone();
            let day = |text: &str| match zone.parse_moment(text) {
                Ok(Moment::Day(day)) => Some(day),
                Ok(Moment::Instant(at)) => Some(zone.day_of(at)),
                Err(_) => None,
            };
            if let Some(own) = day(value(date)) {
                let same = |text: &str| day(text) == Some(own);
                for record in others.iter().filter(|record| record.unit == unit && same(record.text(date))) {
                    let why = Text::new(
                        format!("cùng đơn vị, cùng ngày {}", own.dmy()),
                        format!("the same unit on the same day, {own}"),
                    );
                    found.push(Near { record: record.clone(), why });
                }
            }
        }
    }
    found.truncate(NAMED);
    Ok(found)
}
