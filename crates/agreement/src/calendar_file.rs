//! Reads `calendar.toml`: which dated calendar a bundle uses, and the local rules.

use giaouoc_worktime::{CalendarError, CalendarSet};

pub use giaouoc_worktime::CalendarChoice;

use crate::bundle::refs::did_you_mean;
use crate::cluster::Cluster;
use crate::problem::Problem;
use crate::text::Text;
use crate::toml_read::{Document, shown};

/// The choice and the calendars it resolves to; problems go to the document. `text` is the document's text.
pub(crate) fn read(
    doc: &Document<'_>,
    text: &str,
    cluster: Option<&Cluster>,
) -> Option<(CalendarChoice, CalendarSet)> {
    let root = doc.root();
    let calendar = root.may("calendar").string();
    root.may("as_announced_on").day();
    let switches = root.may("switches");
    let written = switches.table().map(|table| table.entries()).unwrap_or_default();
    for (_, switch) in &written {
        switch.flag();
    }
    let local = root.may("local");
    local.table();
    root.finish();
    if doc.broken() || doc.has_errors() {
        return None;
    }
    let choice: CalendarChoice = match toml::from_str(text) {
        Ok(choice) => choice,
        Err(error) => {
            // The keys that remain are those of local rules; their reader speaks English only.
            let said = shown(error.message());
            doc.error(
                "local-rules",
                error.span().unwrap_or_default(),
                Text::new(format!("Quy định riêng không đọc được: {said}."), format!("Local rules: {said}.")),
                Some(Text::new("Xem docs/worktime.md.", "See docs/worktime.md.")),
            );
            return None;
        }
    };
    let local_span = local.span().unwrap_or_default();
    if let Err(error) = choice.local.check() {
        doc.error("local-rules", local_span, Text::new(error.vi(), error.en()), None);
        return None;
    }
    if let Some(cluster) = cluster {
        for code in choice.local.units().into_iter().filter(|code| cluster.unit(code).is_none()) {
            let message = Text::new(
                format!("Không có đơn vị \"{}\" trong cluster.toml.", shown(code)),
                format!("There is no unit \"{}\" in cluster.toml.", shown(code)),
            );
            let help = did_you_mean(code, cluster.units.iter().map(|unit| unit.code.as_str()));
            doc.error("unknown-unit", local_span.clone(), message, help);
        }
    }
    match choice.resolve() {
        Ok(calendars) => Some((choice, calendars)),
        Err(error) => {
            let span = match &error {
                CalendarError::UnknownCalendar { .. } => calendar.map(|at| at.span),
                CalendarError::UnknownSwitch { name, .. } => {
                    let at = written.iter().find(|(written, _)| written.value == *name);
                    at.map(|(name, _)| name.span.clone()).or_else(|| switches.span())
                }
                _ => local.span(),
            };
            let near = match &error {
                CalendarError::UnknownCalendar { name, known }
                | CalendarError::UnknownSwitch { name, known } => {
                    did_you_mean(name, known.iter().map(String::as_str))
                }
                _ => None,
            };
            let message = Text::new(error.vi(), error.en());
            let problem = Problem::error("calendar", doc.file(), span.unwrap_or_default(), message);
            doc.report(Problem { help: near, ..problem });
            None
        }
    }
}
