//! The next year's cluster, made from this year's: who is in it, and what its agreement begins as.

use giaouoc_agreement::text::Text;
use toml_edit::{ArrayOfTables, Datetime, DocumentMut, Item, Table, Value, value};

use crate::drafting::{Changed, parse};

/// The cluster's text for another year: whoever is in the cluster at the end of `from` is so for the whole of the year `to`;
/// files of records, mappings and what sources said of the old year stay with it.
///
/// # Errors
/// When the text cannot be read.
pub fn cluster(text: &str, from: i64, to: i64) -> Changed {
    let mut document = parse(text)?;
    document.remove("file");
    document.remove("statement");
    let last = format!("{from:04}-12-31");
    let mut carried: Vec<(String, String)> = Vec::new();
    let mut kept = ArrayOfTables::new();
    let members = document.get("membership").and_then(Item::as_array_of_tables);
    for table in members.into_iter().flat_map(ArrayOfTables::iter) {
        let text = |key: &str| table.get(key).and_then(Item::as_str).unwrap_or_default().to_owned();
        let on = |key: &str| table.get(key).and_then(Item::as_datetime).map(ToString::to_string);
        let holds = on("from").is_none_or(|from| from <= last) && on("to").is_none_or(|to| to >= last);
        let own = (text("unit"), text("role"));
        if holds && !carried.contains(&own) {
            let mut table = table.clone();
            table.insert("from", value(date(&format!("{to:04}-01-01"))?));
            table.insert("to", value(date(&format!("{to:04}-12-31"))?));
            kept.push(table);
            carried.push(own);
        }
    }
    document.insert("membership", Item::ArrayOfTables(kept));
    Ok(document.to_string())
}

fn date(text: &str) -> Result<Datetime, Text> {
    text.parse().map_err(|_| Text::new(format!("năm không hợp lệ: {text}"), format!("not a year: {text}")))
}

/// The agreement's text for another year, as a draft: the same clauses and targets for the new period. What was signed, the
/// year's own theme, context and events, and the units' paragraphs stay behind; signed amendments become the words of their
/// targets. Worked examples go on speaking of the year that they were written for.
///
/// # Errors
/// When the text cannot be read.
pub fn agreement(text: &str, from: i64, to: i64) -> Changed {
    let mut document = parse(text)?;
    let shift = |text: &str| years(text, from, to);
    for key in ["signed", "theme", "context", "event", "paragraph", "membership_on"] {
        document.remove(key);
    }
    fold(&mut document);
    document.insert("year", value(to));
    document.insert("status", value("draft"));
    for key in ["id", "title", "period"] {
        if let Some(item) = document.get_mut(key) {
            deep(item, &shift);
        }
    }
    match document.contains_key("counts_from") {
        true => document.insert("counts_from", value(date(&format!("{to:04}-01-01"))?)),
        false => None,
    };
    for (list, keys) in [("range", &["id", "name", "from", "to"][..]), ("clause", &["text"])] {
        for table in tables(&mut document, list) {
            for key in keys {
                if let Some(item) = table.get_mut(key) {
                    deep(item, &shift);
                }
            }
        }
    }
    for target in tables(&mut document, "target") {
        target.remove("from");
        let period = target.get("period").and_then(Item::as_str).map(str::to_owned);
        let examples = target.get_mut("example").and_then(Item::as_array_of_tables_mut);
        for example in examples.into_iter().flat_map(ArrayOfTables::iter_mut) {
            if !example.contains_key("period") {
                // A named range is of the new year now; its days are not the old ones.
                let own = period.clone().filter(|code| code.starts_with(&from.to_string()));
                example.insert("period", value(own.unwrap_or_else(|| from.to_string())));
            }
        }
        if let Some(item) = target.get_mut("period") {
            deep(item, &shift);
        }
    }
    Ok(document.to_string())
}

fn tables<'a>(document: &'a mut DocumentMut, key: &str) -> impl Iterator<Item = &'a mut Table> {
    let list = document.get_mut(key).and_then(Item::as_array_of_tables_mut);
    list.into_iter().flat_map(ArrayOfTables::iter_mut)
}

/// Amendments become the words of their targets, the latest last.
fn fold(document: &mut DocumentMut) {
    let amendments = document.remove("amendment").and_then(|item| item.into_array_of_tables().ok());
    let mut all: Vec<Table> = amendments.into_iter().flat_map(IntoIterator::into_iter).collect();
    let start = |table: &Table| table.get("from").and_then(Item::as_datetime).map(ToString::to_string);
    all.sort_by_key(start);
    for amendment in all {
        let id = amendment.get("target").and_then(Item::as_str).unwrap_or_default().to_owned();
        let own = |table: &&mut Table| table.get("id").and_then(Item::as_str) == Some(id.as_str());
        let Some(target) = tables(document, "target").find(own) else { continue };
        for key in ["counted", "met", "value", "goal", "force", "unknown", "min_cases"] {
            if let Some(item) = amendment.get(key) {
                target.insert(key, item.clone());
            }
        }
    }
}

/// Changes every text within a value, and every date.
fn deep(item: &mut Item, shift: &impl Fn(&str) -> String) {
    if let Some(value) = item.as_value_mut() {
        deep_value(value, shift);
    }
}

fn deep_value(value: &mut Value, shift: &impl Fn(&str) -> String) {
    let decor = value.decor().clone();
    match value {
        Value::String(text) => *value = Value::from(shift(text.value())),
        Value::Datetime(day) => {
            let shifted = shift(&day.value().to_string());
            // 29 February has no like in most years.
            let shifted =
                shifted.parse().or_else(|_| shifted.replace("-02-29", "-02-28").parse::<Datetime>());
            if let Ok(shifted) = shifted {
                *value = Value::from(shifted);
            }
        }
        Value::InlineTable(table) => {
            for (_, value) in table.iter_mut() {
                deep_value(value, shift);
            }
        }
        Value::Array(array) => array.iter_mut().for_each(|value| deep_value(value, shift)),
        _ => {}
    }
    *value.decor_mut() = decor;
}

/// A text with the years from the one before `from` to the one after it moved on, where they stand as numbers of their own:
/// `2020` in `năm 2020`, `2020S1` and `2019-12-15`, not in `12020`.
fn years(text: &str, from: i64, to: i64) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, digits) = rest.split_at(start);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let (number, after) = digits.split_at(end);
        out.push_str(before);
        // Months stand behind their year: 202003.
        let (year, month) = number.split_at_checked(4).unwrap_or((number, ""));
        match year.parse::<i64>() {
            Ok(year) if matches!(number.len(), 4 | 6) && (from - 1..=from + 1).contains(&year) => {
                out.push_str(&format!("{:04}{month}", year + to - from));
            }
            _ => out.push_str(number),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_move_where_they_are_numbers_of_their_own() {
        for (before, after) in [
            ("năm 2020", "năm 2021"),
            ("2020S1", "2021S1"),
            ("202003", "202103"),
            ("2019-12-15..2020-12-14", "2020-12-15..2021-12-14"),
            ("cum-vi-2020", "cum-vi-2021"),
            ("Nghị định 12020, 61/2018", "Nghị định 12020, 61/2018"),
            ("", ""),
        ] {
            assert_eq!(years(before, 2020, 2021), after);
        }
    }

    #[test]
    fn members_of_the_last_day_are_members_of_the_new_year() {
        let text = "# tên cụm\n[cluster]\nid = \"c\"\n\n[[membership]]\nunit = \"a\"\nrole = \"member\"\nfrom = 2020-01-01\nto = 2020-12-31\n\n[[membership]]\nunit = \"b\"\nrole = \"member\"\nfrom = 2020-01-01\nto = 2020-06-30\n\n[[membership]]\nunit = \"c\"\nrole = \"head\"\nfrom = 2020-07-01\n\n[[statement]]\nsource = \"x\"\non = 2020-03-07\n\n[[file]]\npath = \"records/x.csv\"\nkind = \"position\"\n";
        let next = cluster(text, 2020, 2021).unwrap();
        assert_eq!(next.matches("[[membership]]").count(), 2, "{next}");
        assert!(
            !next.contains("unit = \"b\"")
                && next.contains("from = 2021-01-01")
                && next.contains("to = 2021-12-31")
        );
        assert!(
            next.contains("# tên cụm") && !next.contains("statement") && !next.contains("file"),
            "{next}"
        );
    }

    #[test]
    fn an_agreement_of_the_next_year_is_a_draft_of_the_same_words() {
        let text = "format = 1\nid = \"cum-2020\" # mã\nyear = 2020\ntitle = { vi = \"Giao ước 2020\", en = \"Agreement 2020\" }\ntheme = \"cũ\"\nstatus = \"closed\"\nsigned = 2020-03-07\ncounts_from = 2020-01-01\nmembership_on = 2020-03-07\n\n[[clause]]\nnumber = \"1\"\ntext = \"Chủ đề năm 2020, theo Nghị định 61/2018/NĐ-CP\"\n\n[[target]]\nid = \"a\"\nclause = \"1\"\ngoal = \">= 95 %\"\nlegal = \"Quyết định 2020\"\n\n  [[target.example]]\n  records = [{ finished_at = \"2020-03-05\" }]\n  expect = \"1/1\"\n\n[[amendment]]\nid = \"pl\"\ntarget = \"a\"\nsigned = 2020-07-10\nfrom = 2020-07-01\nreason = \"r\"\ngoal = \">= 97 %\"\n";
        let next = agreement(text, 2020, 2021).unwrap();
        for there in [
            "id = \"cum-2021\" # mã",
            "year = 2021",
            "vi = \"Giao ước 2021\"",
            "status = \"draft\"",
            "counts_from = 2021-01-01",
            "Chủ đề năm 2021, theo Nghị định 61/2018",
            "goal = \">= 97 %\"",
            "legal = \"Quyết định 2020\"",
            "finished_at = \"2020-03-05\"",
            "period = \"2020\"",
        ] {
            assert!(next.contains(there), "{there}\n{next}");
        }
        for gone in ["signed", "theme", "membership_on", "amendment"] {
            assert!(!next.contains(gone), "{gone}\n{next}");
        }
    }
}
