//! The versions of a record: who said what when, with which reason, and what changed.

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::Lang;
use giaouoc_agreement::value::Value;
use giaouoc_journal::Version;
use giaouoc_worktime::Calendar;

use super::record::named;
use super::target::heading;
use crate::bundle::Loaded;
use crate::fault::Outcome;
use crate::journal::fault;
use crate::journal::list::shown;
use crate::records::measure_fault;
use crate::render::grid::paragraph;
use crate::screen::Screen;

/// All versions known then, oldest first; nothing for a bundle without a journal.
pub fn render(
    out: &mut String,
    loaded: &Loaded,
    kind: &Kind,
    key: &str,
    calendar: &Calendar,
    screen: &Screen,
) -> Outcome {
    let Some(held) = loaded.journal.as_ref().filter(|held| held._made.is_none()) else { return Ok(()) };
    let versions =
        if held.is_past() { Vec::new() } else { held.journal.story(kind, key).map_err(|e| fault(&e))? };
    let versions = if versions.is_empty() {
        held.journal.versions(kind, key, held.head).map_err(|error| fault(&error))?
    } else {
        versions
    };
    let lang = screen.lang;
    heading(out, screen.say("Các phiên bản của bản ghi", "The record's versions"));
    let taken_out = |out: &mut String, by: u64| {
        let gone = screen.say("rút khỏi số liệu", "taken out");
        let text = format!("{} — {gone}", entry(held, by, calendar, lang));
        out.push_str(&paragraph(&text, "  ", "    ", screen.width));
    };
    let mut before: Option<(Vec<Value>, Option<u64>)> = None;
    for version in &versions {
        if let Some((_, Some(by))) = before.as_ref().filter(|(_, taken)| *taken != Some(version.entry)) {
            taken_out(out, *by);
        }
        let values = giaouoc_measure::values(kind, &version.batch, 0);
        let values = values.map_err(|error| measure_fault("journal", &error))?;
        let text = entry(held, version.entry, calendar, lang);
        out.push_str(&paragraph(&text, "  ", "    ", screen.width));
        // A version that another entry took back before this one came is no neighbour of it.
        let previous = before.as_ref().filter(|(_, taken)| *taken == Some(version.entry));
        let changes = previous.map(|(previous, _)| changed(kind, previous, &values, calendar, lang));
        for line in changes.into_iter().flatten() {
            out.push_str(&paragraph(&line, "    · ", "      ", screen.width));
        }
        before = Some((values, version.taken_back));
    }
    if let Some(Version { taken_back: Some(by), .. }) = versions.last() {
        taken_out(out, *by);
    }
    Ok(())
}

/// "mục 3 (05/07/2020 16:10), đơn vị cung cấp H26.VD1; lý do: …".
fn entry(held: &crate::journal::Held, number: u64, calendar: &Calendar, lang: Lang) -> String {
    let known = held.journal.entries().iter().find(|entry| entry.number == number);
    let Some(known) = known else { return number.to_string() };
    let at = shown(known.at, calendar.zone());
    let mut text = match lang {
        Lang::Vi => format!("mục {number} ({at})"),
        Lang::En => format!("entry {number} ({at})"),
    };
    if let Some(reason) = &known.reason {
        text.push_str(&match lang {
            Lang::Vi => format!("; lý do: {reason}"),
            Lang::En => format!("; reason: {reason}"),
        });
    }
    text
}

/// What differs: "Có kết quả: 05/07/2020 → 03/07/2020".
fn changed(kind: &Kind, before: &[Value], after: &[Value], calendar: &Calendar, lang: Lang) -> Vec<String> {
    let columns = kind.columns.iter().zip(before.iter().zip(after));
    let moved = columns.filter(|(column, (one, other))| !column.personal && one != other);
    moved
        .map(|(column, (one, other))| {
            let show = |value: &Value| match value {
                Value::Unknown => (if lang == Lang::Vi { "trống" } else { "blank" }).to_owned(),
                value => named(column, value, calendar, lang),
            };
            format!("{}: {} → {}", column.label.get(lang), show(one), show(other))
        })
        .collect()
}
