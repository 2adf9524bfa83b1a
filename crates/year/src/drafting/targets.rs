//! Targets, exemptions and amendments by form.

use giaouoc_agreement::text::Text;
use toml_edit::{Array, Item, Table, Value};

use super::{Changed, Words, day, drop_lines, is, list, missing, parse, place, put};

/// The parts of a target that a form changes; its conditions are changed as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetForm {
    /// Its clause.
    pub clause: String,
    /// Its name.
    pub name: Words,
    /// Its goal, as the file writes it: `>= 95 %`.
    pub goal: String,
    /// Whether it is to be striven for.
    pub strive: bool,
    /// The codes of the units it is for; none: every member.
    pub units: Vec<String>,
}

/// An amendment as a form gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AmendmentForm {
    /// Its id.
    pub id: String,
    /// The target.
    pub target: String,
    /// The day it is to be signed.
    pub signed: String,
    /// Its first day.
    pub from: String,
    /// Why.
    pub reason: Words,
    /// The new goal; blank: as it was.
    pub goal: String,
    /// The new force; none: as it was.
    pub strive: Option<bool>,
}

/// Adds a target as it is written: the words of a measure with its blanks filled.
///
/// # Errors
/// When a target of its id is there already.
pub fn add_target(text: &str, id: &str, written: &str) -> Changed {
    let document = parse(text)?;
    let targets = document.get("target").and_then(Item::as_array_of_tables);
    if targets.is_some_and(|targets| place(targets, "id", id).is_some()) {
        return Err(Text::new(
            format!("Đã có chỉ tiêu mang mã “{id}”; hãy đặt mã khác."),
            format!("There is a target “{id}” already; give it another id."),
        ));
    }
    Ok(format!("{}\n\n{}\n", text.trim_end(), written.trim()))
}

/// Changes a target's clause, name, goal, force and units.
///
/// # Errors
/// When it is gone.
pub fn set_target(text: &str, id: &str, form: &TargetForm) -> Changed {
    if form.name.vi.trim().is_empty() || form.goal.trim().is_empty() {
        return Err(Text::new("Chỉ tiêu cần có tên và mục tiêu.", "A target needs its name and its goal."));
    }
    let mut document = parse(text)?;
    let targets = list(&mut document, "target")?;
    let at = place(targets, "id", id).ok_or_else(|| missing("Chỉ tiêu", "Target", id))?;
    let Some(table) = targets.get_mut(at) else { return Err(missing("Chỉ tiêu", "Target", id)) };
    put(table, "clause", form.clause.trim());
    put(table, "name", form.name.item());
    put(table, "goal", form.goal.trim());
    put(table, "force", if form.strive { "strive for" } else { "at least" });
    if form.units.is_empty() {
        table.remove("units");
    } else {
        put(table, "units", form.units.iter().map(String::as_str).collect::<Array>());
    }
    Ok(document.to_string())
}

/// Removes a target with its exemptions, amendments and score lines.
///
/// # Errors
/// When it is gone.
pub fn remove_target(text: &str, id: &str) -> Changed {
    let mut document = parse(text)?;
    let targets = list(&mut document, "target")?;
    let at = place(targets, "id", id).ok_or_else(|| missing("Chỉ tiêu", "Target", id))?;
    targets.remove(at);
    for key in ["exemption", "amendment"] {
        if let Some(tables) = document.get_mut(key).and_then(Item::as_array_of_tables_mut) {
            tables.retain(|table| !is(table, "target", id));
        }
    }
    drop_lines(&mut document, "target", id);
    Ok(document.to_string())
}

/// Exempts a unit from a target; a blank reason takes the exemption away.
///
/// # Errors
/// When the text cannot be read.
pub fn set_exemption(text: &str, unit: &str, target: &str, reason: &Words) -> Changed {
    let mut document = parse(text)?;
    let there = |table: &Table| is(table, "unit", unit) && is(table, "target", target);
    let exemptions = list(&mut document, "exemption")?;
    let found = exemptions.iter().position(there);
    if reason.vi.trim().is_empty() {
        if let Some(at) = found {
            exemptions.remove(at);
        }
        return Ok(document.to_string());
    }
    match found.and_then(|at| exemptions.get_mut(at)) {
        Some(table) => put(table, "reason", reason.item()),
        None => {
            let mut table = Table::new();
            table.decor_mut().set_prefix("\n");
            put(&mut table, "unit", unit);
            put(&mut table, "target", target);
            put(&mut table, "reason", reason.item());
            exemptions.push(table);
        }
    }
    Ok(document.to_string())
}

/// Adds an amendment.
///
/// # Errors
/// A day that is none.
pub fn add_amendment(text: &str, form: &AmendmentForm) -> Changed {
    if form.goal.trim().is_empty() && form.strive.is_none() {
        return Err(Text::new(
            "Phụ lục cần đổi mục tiêu hoặc mức độ; đổi cách tính thì sửa ở dạng văn bản.",
            "An amendment changes the goal or the force here; a rule is changed as text.",
        ));
    }
    parse(text)?;
    let mut lines = vec![
        format!("id     = {}", Value::from(form.id.trim())),
        format!("target = {}", Value::from(form.target.trim())),
        format!("signed = {}", day(&form.signed)?),
        format!("from   = {}", day(&form.from)?),
        format!("reason = {}", form.reason.item()),
    ];
    if !form.goal.trim().is_empty() {
        lines.push(format!("goal   = {}", Value::from(form.goal.trim())));
    }
    if let Some(strive) = form.strive {
        lines.push(format!("force  = {}", Value::from(if strive { "strive for" } else { "at least" })));
    }
    Ok(format!("{}\n\n[[amendment]]\n{}\n", text.trim_end(), lines.join("\n")))
}
