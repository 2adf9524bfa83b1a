//! The texts of a bundle in its journal: agreement, memberships, calendar, reports and mappings as they were.

use std::collections::{BTreeMap, BTreeSet};

use giaouoc_agreement::kinds;
use giaouoc_journal::{Journal, Lock, Signed, What, hex, read_text, text_digest};
use giaouoc_worktime::CalendarFile;

use crate::fault::{Fault, Outcome};
use crate::journal::{fault, now};
use crate::open::Opened;

/// How the path of a dated calendar begins among the texts of a journal.
const CALENDAR: &str = "calendar:";
/// How the path of a record kind begins.
const KIND: &str = "kind:";
/// Changes that an entry tells of one text.
const TOLD: usize = 50;
/// Characters of one change.
const SHOWN: usize = 300;

/// The texts that figures depend on: those of the bundle, its dated calendar, and the kinds with records.
fn current(opened: &Opened, calendar: &str, kinds_used: &BTreeSet<String>) -> BTreeMap<String, Vec<u8>> {
    let mut texts: BTreeMap<String, Vec<u8>> = opened.texts.clone();
    if let Some(text) = CalendarFile::builtin_text(calendar) {
        texts.insert(format!("{CALENDAR}{calendar}"), text.as_bytes().to_vec());
    }
    for kind in kinds_used {
        if let Some(text) = kinds::text(kind) {
            texts.insert(format!("{KIND}{kind}"), text.as_bytes().to_vec());
        }
    }
    texts
}

/// Texts that are not in the journal as they are now; the last part says whether the file is gone.
pub fn unrecorded(
    journal: &Journal,
    opened: &Opened,
    calendar: &str,
    kinds_used: &BTreeSet<String>,
) -> Vec<(String, Option<Vec<u8>>)> {
    let recorded = journal.texts(journal.head());
    let current = current(opened, calendar, kinds_used);
    let mut changed: Vec<(String, Option<Vec<u8>>)> = Vec::new();
    for path in recorded.keys().filter(|path| !current.contains_key(*path) && !path.contains(':')) {
        changed.push((path.clone(), None));
    }
    for (path, bytes) in current {
        if recorded.get(&path) != Some(&text_digest(&bytes)) {
            changed.push((path, Some(bytes)));
        }
    }
    changed
}

/// Records texts, one entry a text. Gives the numbers of the entries.
pub fn record(
    journal: &mut Journal,
    lock: &Lock,
    texts: &[(String, Option<Vec<u8>>)],
    signed: &Signed,
) -> Outcome<Vec<u64>> {
    let mut entries = Vec::new();
    // Of one moment: it is one change, although each text has an entry.
    let at = now();
    for (path, bytes) in texts {
        let before = journal.texts(journal.head()).get(path).map(|hash| read_text(journal.disk(), hash));
        let before = before.transpose().map_err(|error| fault(&error))?;
        let tells = tells(before.as_deref(), bytes.as_deref());
        let made = journal.record_text(lock, path, bytes.as_deref(), tells, signed.clone(), at);
        entries.extend(made.map_err(|error| fault(&error))?);
    }
    Ok(entries)
}

/// What changed between two versions of a TOML text: tables of lists that came or went, keys with new values.
fn tells(before: Option<&[u8]>, after: Option<&[u8]>) -> Vec<String> {
    // Whoever looks at the first version looks at the text itself.
    let (Some(before), Some(after)) = (before, after) else { return Vec::new() };
    let facts = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let table: toml::Table = toml::from_str(&text).unwrap_or_default();
        let mut facts: BTreeMap<String, usize> = BTreeMap::new();
        for (key, value) in table {
            match value {
                toml::Value::Array(list) if list.iter().all(toml::Value::is_table) => {
                    for item in list {
                        *facts.entry(format!("[[{key}]] {}", inline(&item))).or_default() += 1;
                    }
                }
                other => *facts.entry(format!("{key} = {}", inline(&other))).or_default() += 1,
            }
        }
        facts
    };
    let (before, after) = (facts(before), facts(after));
    let gone = before.iter().filter(|(fact, count)| after.get(*fact).is_none_or(|now| now < count));
    let came = after.iter().filter(|(fact, count)| before.get(*fact).is_none_or(|then| then < count));
    let told = gone.map(|(fact, _)| ('-', fact)).chain(came.map(|(fact, _)| ('+', fact)));
    let told = told.map(|(sign, fact)| {
        let short: String = fact.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
        let more = if short.len() < fact.len() { "…" } else { "" };
        format!("{sign} {short}{more}")
    });
    told.take(TOLD).collect()
}

/// A value as TOML writes it on one line.
fn inline(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => format!("\"{text}\""),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) => number.to_string(),
        toml::Value::Boolean(flag) => flag.to_string(),
        toml::Value::Datetime(at) => at.to_string(),
        toml::Value::Array(list) => format!("[{}]", list.iter().map(inline).collect::<Vec<_>>().join(", ")),
        toml::Value::Table(table) => {
            let pairs = table.iter().map(|(key, value)| format!("{key} = {}", inline(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

/// The number of entries known when those before `head` are, and with a text those that were recorded together with it:
/// an agreement may speak of a unit that only the next of them brings.
pub fn whole(journal: &Journal, head: u64) -> u64 {
    let entry = |number: u64| {
        let entry = journal.entries().get(number).filter(|entry| matches!(entry.what, What::Text(_)));
        entry.map(|entry| entry.at)
    };
    let Some(at) = head.checked_sub(1).and_then(entry) else { return head };
    (head..journal.head()).find(|next| entry(*next) != Some(at)).unwrap_or(journal.head())
}

/// The bundle's texts as they were before entry `head`.
pub fn at(journal: &Journal, head: u64) -> Outcome<BTreeMap<String, Vec<u8>>> {
    let mut texts = BTreeMap::new();
    for (path, hash) in journal.texts(head) {
        if !path.contains(':') {
            let bytes = read_text(journal.disk(), &hash).map_err(|error| fault(&error))?;
            texts.insert(path, bytes);
        }
    }
    Ok(texts)
}

/// The dated calendar as it was before entry `head`, when it was another than the program has now.
pub fn calendar_at(journal: &Journal, head: u64, calendar: &str) -> Outcome<Option<CalendarFile>> {
    let Some(hash) = journal.texts(head).remove(&format!("{CALENDAR}{calendar}")) else { return Ok(None) };
    if CalendarFile::builtin_text(calendar).is_some_and(|text| text_digest(text.as_bytes()) == hash) {
        return Ok(None);
    }
    let bytes = read_text(journal.disk(), &hash).map_err(|error| fault(&error))?;
    let file = CalendarFile::parse(&String::from_utf8_lossy(&bytes)).map_err(|error| {
        let place = format!("journal/texts/{}", hex(&hash));
        Fault::input(format!("{place}: {}", error.vi()), format!("{place}: {}", error.en()))
    })?;
    Ok(Some(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_in_a_text_is_told_by_name() {
        let before = "format = 1\n[[nil]]\nunit = \"A\"\n[[nil]]\nunit = \"B\"\n";
        let after = "format = 1\n[[nil]]\nunit = \"B\"\nconfirmed_by = \"Giám đốc\"\n[[nil]]\nunit = \"A\"\n";
        let told = tells(Some(before.as_bytes()), Some(after.as_bytes()));
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with("- [[nil]]") && told[0].contains("\"B\""), "{told:?}");
        assert!(told[1].contains("Giám đốc"), "{told:?}");
        assert!(tells(None, Some(after.as_bytes())).is_empty());
    }
}
