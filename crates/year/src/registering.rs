//! Changes of `cluster.toml` by form: who took over whose work, which units are members and as what, other names. A form changes the
//! lines that it is about; comments and spacing of all other lines stay. Whether the whole is right afterwards is for the
//! bundle's own reader to say.

use giaouoc_agreement::text::Text;
use giaouoc_worktime::time::Day;
use toml_edit::{Array, Item, Table, Value};

use crate::drafting::{Changed, Words, day, is, list, parse, place, put, put_or_drop};

/// A unit as a form gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitForm {
    /// Its code.
    pub code: String,
    /// Its name, and its short one; blank: the same.
    pub name: Words,
    /// The short name.
    pub short: Words,
    /// Its first day, `YYYY-MM-DD`; blank where nobody asks.
    pub from: String,
}

/// A membership as a form gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberForm {
    /// The unit's code.
    pub unit: String,
    /// `member`, `head` or `deputy`.
    pub role: String,
    /// Its first day, `YYYY-MM-DD`.
    pub from: String,
    /// Its last day; blank: open.
    pub to: String,
}

/// A unit's work goes to another one from a day on: the unit's last day is the day before, its memberships end with it, and it
/// leads to its successor. `on` blank takes the link out again; the unit's last day stays as it is written.
///
/// # Errors
/// In words: a unit that is not there, a day that is none.
pub fn set_succession(text: &str, unit: &str, into: &str, on: &str) -> Changed {
    let mut document = parse(text)?;
    if into.is_empty() {
        unit_of(list(&mut document, "unit")?, unit)?.remove("successor");
        return Ok(document.to_string());
    }
    let first: Day = on.trim().parse().map_err(|_| no_day(on))?;
    let last = first.add_days(-1).map_err(|_| no_day(on))?.to_string();
    let table = unit_of(list(&mut document, "unit")?, unit)?;
    put(table, "to", day(&last)?);
    put(table, "successor", into);
    for table in list(&mut document, "membership")?.iter_mut().filter(|table| is(table, "unit", unit)) {
        // A membership that begins later is not touched: the reader of the bundle says that it cannot be.
        let open = dated(table, "to").is_none_or(|to| to > last);
        if open && dated(table, "from").is_some_and(|from| from <= last) {
            put(table, "to", day(&last)?);
        }
    }
    Ok(document.to_string())
}

/// Adds a unit after the others.
///
/// # Errors
/// In words: no code, no name, a code that is there already, a day that is none.
pub fn add_unit(text: &str, form: &UnitForm) -> Changed {
    let mut document = parse(text)?;
    let units = list(&mut document, "unit")?;
    let code = form.code.trim();
    if code.is_empty() || form.name.vi.trim().is_empty() {
        return Err(Text::new("Đơn vị cần có mã và tên.", "A unit needs its code and its name."));
    }
    if place(units, "code", code).is_some() {
        return Err(Text::new(format!("Đã có đơn vị {code}."), format!("There is a unit {code} already.")));
    }
    let mut table = Table::new();
    put(&mut table, "code", code);
    put(&mut table, "name", form.name.item());
    put_or_drop(&mut table, "short", &form.short);
    if !form.from.trim().is_empty() {
        put(&mut table, "from", day(&form.from)?);
    }
    units.push(table);
    Ok(document.to_string())
}

/// Adds a membership, or changes the one at a place among the unit's own.
///
/// # Errors
/// In words: a membership that is gone, a day that is none.
pub fn set_membership(text: &str, at: Option<usize>, form: &MemberForm) -> Changed {
    let mut document = parse(text)?;
    let all = list(&mut document, "membership")?;
    let fill = |table: &mut Table| -> Result<(), Text> {
        put(table, "unit", form.unit.as_str());
        put(table, "role", form.role.as_str());
        put(table, "from", day(&form.from)?);
        if form.to.trim().is_empty() {
            table.remove("to");
        } else {
            put(table, "to", day(&form.to)?);
        }
        Ok(())
    };
    match at {
        None => {
            let mut table = Table::new();
            fill(&mut table)?;
            all.push(table);
        }
        Some(at) => {
            let mut own = all.iter_mut().filter(|table| is(table, "unit", &form.unit));
            let table = own.nth(at).ok_or_else(|| {
                Text::new(
                    "Lần tham gia này không còn; có thể người khác vừa sửa. Hãy tải lại trang.",
                    "This membership is no longer there; somebody may just have changed it. Load the page again.",
                )
            })?;
            fill(table)?;
        }
    }
    Ok(document.to_string())
}

/// The other names of a unit: all of them, in one entry.
///
/// # Errors
/// In words: a unit that is not there.
pub fn set_aliases(text: &str, unit: &str, names: &[String]) -> Changed {
    let mut document = parse(text)?;
    unit_of(list(&mut document, "unit")?, unit)?;
    let all = list(&mut document, "alias")?;
    let first = place(all, "unit", unit);
    let mut seen = 0;
    all.retain(|table| {
        let own = is(table, "unit", unit);
        seen += usize::from(own);
        !own || seen == 1 && !names.is_empty()
    });
    if !names.is_empty() {
        let list: Array = names.iter().map(String::as_str).collect();
        match first.and_then(|at| all.get_mut(at)) {
            Some(table) => put(table, "names", Value::Array(list)),
            None => {
                let mut table = Table::new();
                put(&mut table, "unit", unit);
                put(&mut table, "names", Value::Array(list));
                all.push(table);
            }
        }
    }
    if all.is_empty() {
        document.remove("alias");
    }
    Ok(document.to_string())
}

fn unit_of<'a>(units: &'a mut toml_edit::ArrayOfTables, code: &str) -> Result<&'a mut Table, Text> {
    let at = place(units, "code", code);
    at.and_then(|at| units.get_mut(at)).ok_or_else(|| {
        Text::new(
            format!("Không có đơn vị {code} trong cụm; có thể người khác vừa sửa. Hãy tải lại trang."),
            format!("There is no unit {code} in the cluster; somebody may just have changed it. Load the page again."),
        )
    })
}

/// A day of a table as it sorts.
fn dated(table: &Table, key: &str) -> Option<String> {
    table.get(key).and_then(Item::as_value).map(|value| value.to_string().trim().trim_matches('"').to_owned())
}

fn no_day(text: &str) -> Text {
    Text::new(
        format!("“{}” không phải ngày; ghi ví dụ 2021-03-07.", text.trim()),
        format!("“{}” is no day; write for example 2021-03-07.", text.trim()),
    )
}

#[cfg(test)]
#[path = "registering_tests.rs"]
mod tests;
