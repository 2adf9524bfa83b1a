//! Reads `reports.toml`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use super::{NilAbout, NilReport, Reports, Stated};
use crate::agreement_file::amount::Form;
use crate::agreement_file::{Agreement, Context, read_period};
use crate::bundle::refs::{self, did_you_mean};
use crate::period::Period;
use crate::problem::Problem;
use crate::target::Target;
use crate::text::Text;
use crate::toml_read::{At, Document, Table, shown};

/// More reports of one sort than this are a mistake.
const MOST: usize = 20_000;

/// The reports, as far as they can be read; problems go to the document. Without an agreement (its file is
/// wrong) targets and periods are not looked up.
pub(crate) fn read(context: &Context<'_>, doc: &Document<'_>, agreement: Option<&Agreement>) -> Reports {
    let root = doc.root();
    root.may("format").integer(1..=1);
    let nil = root.may("nil").few_tables(MOST);
    let stated = root.may("stated").few_tables(MOST);
    root.finish();
    let reports = Reports {
        nil: nil.into_iter().filter_map(|table| nil_report(context, table, agreement)).collect(),
        stated: stated.into_iter().filter_map(|table| stated_figure(context, table, agreement)).collect(),
    };
    once(doc, &reports);
    reports
}

fn nil_report(context: &Context<'_>, table: Table<'_>, agreement: Option<&Agreement>) -> Option<NilReport> {
    let (doc, span) = (table.doc(), table.span());
    let unit = table.need("unit").string().and_then(|code| refs::unit(doc, context.cluster, &code));
    let (kind, target) = (table.may("kind"), table.may("target"));
    let both = (kind.is_there(), target.is_there());
    let kind = kind.string().and_then(|id| refs::kind(doc, context.kinds, &id));
    let target = target.string().and_then(|id| known_target(doc, agreement, id));
    let period = table.need("period").string().and_then(|code| period(doc, agreement, &code));
    let confirmed_by = table.may("confirmed_by").text();
    let confirmed_on = table.may("confirmed_on").day();
    let note = table.may("note").text();
    table.finish();
    if both.0 == both.1 {
        doc.error(
            "kind-or-target",
            span.clone(),
            Text::new(
                "Báo cáo không phát sinh nói về một loại dữ liệu hoặc một chỉ tiêu.",
                "A nil report is about a kind or about a target.",
            ),
            Some(Text::new(
                "Ghi đúng một trong hai: kind, target.",
                "Write exactly one of the two: kind, target.",
            )),
        );
        return None;
    }
    let about = match (kind, target) {
        (Some(kind), _) => NilAbout::Kind(kind.id.clone()),
        (None, Some(target)) => NilAbout::Target(target.id.clone()),
        (None, None) => return None,
    };
    Some(NilReport {
        unit: unit?,
        about,
        period: period?,
        confirmed_by: confirmed_by.map(|at| at.value),
        confirmed_on: confirmed_on.map(|at| at.value),
        note: note.map(|at| at.value),
        span,
    })
}

fn stated_figure(context: &Context<'_>, table: Table<'_>, agreement: Option<&Agreement>) -> Option<Stated> {
    let (doc, span) = (table.doc(), table.span());
    let unit = table.need("unit").string().and_then(|code| refs::unit(doc, context.cluster, &code));
    let target = table.need("target").string().and_then(|id| known_target(doc, agreement, id));
    let period = table.need("period").string().and_then(|code| period(doc, agreement, &code));
    let value = table.need("value").cell();
    let confirmed_by = table.may("confirmed_by").text();
    let confirmed_on = table.may("confirmed_on").day();
    let source = table.may("source").text();
    table.finish();
    let (target, value) = (target?, value?);
    let measure = &target.versions.first()?.rule.measure;
    let amount = match Form::from(measure).parse(&value) {
        Ok(amount) => amount,
        Err(message) => {
            doc.error("bad-figure", value.span, message, None);
            return None;
        }
    };
    Some(Stated {
        unit: unit?,
        target: target.id.clone(),
        period: period?,
        amount,
        confirmed_by: confirmed_by.map(|at| at.value),
        confirmed_on: confirmed_on.map(|at| at.value),
        source: source.map(|at| at.value),
        span,
    })
}

fn known_target<'a>(
    doc: &Document<'_>,
    agreement: Option<&'a Agreement>,
    id: At<String>,
) -> Option<&'a Target> {
    let agreement = agreement?;
    let found = agreement.target(&id);
    if found.is_none() && !doc.is_full() {
        doc.error(
            "unknown-target",
            id.span.clone(),
            Text::new(
                format!("Không có chỉ tiêu \"{}\".", shown(&id)),
                format!("There is no target \"{}\".", shown(&id)),
            ),
            did_you_mean(&id, agreement.targets.iter().map(|target| target.id.as_str())),
        );
    }
    found
}

fn period(doc: &Document<'_>, agreement: Option<&Agreement>, code: &At<String>) -> Option<Period> {
    read_period(doc, code, &agreement?.periods)
}

/// The same report twice would leave open which one counts.
fn once(doc: &Document<'_>, reports: &Reports) {
    let twice = |span: &Range<usize>, first: &Range<usize>| {
        let message = Text::new("Báo cáo này đã có rồi.", "This report is there already.");
        doc.report(
            Problem::error("duplicate", doc.file(), span.clone(), message)
                .also(first.clone(), Text::new("lần đầu ở đây", "first here")),
        );
    };
    let mut nil: HashMap<_, &Range<usize>> = HashMap::new();
    for report in &reports.nil {
        match nil.entry((report.unit, &report.about, &report.period)) {
            Entry::Occupied(first) => twice(&report.span, first.get()),
            Entry::Vacant(free) => {
                free.insert(&report.span);
            }
        }
    }
    let mut stated: HashMap<_, &Range<usize>> = HashMap::new();
    for report in &reports.stated {
        match stated.entry((report.unit, &report.target, &report.period)) {
            Entry::Occupied(first) => twice(&report.span, first.get()),
            Entry::Vacant(free) => {
                free.insert(&report.span);
            }
        }
    }
}
