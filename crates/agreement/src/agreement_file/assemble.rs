//! What was read of a target, into the [`Target`] of the model.

use giaouoc_worktime::Day;

use super::compile::{Compiler, report_all};
use super::definitions::AllDefinitions;
use super::examples;
use super::targets::{Raw, RawTotals};
use super::versions::{RawAmendment, versions};
use super::words::MeasureName;
use super::{Context, read_period};
use crate::lang::{Setting, Wanted};
use crate::period::Period;
use crate::problem::Problem;
use crate::target::{Goal, Measure, Target, Totals, TotalsRule};
use crate::text::Text;
use crate::toml_read::{Document, Quoted};

/// The rows of totals that stand for a period when nothing else is said: exactly its own. A sum over
/// shorter totals would count dossiers carried over more than once.
const OWN_PERIOD: &str = "from = period.start and to = period.end";

/// What all targets of a file share.
pub(super) struct Frame<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) doc: &'a Document<'a>,
    pub(super) definitions: &'a AllDefinitions,
    pub(super) amendments: &'a [RawAmendment],
    /// The named ranges.
    pub(super) named: &'a [Period],
    /// The agreement's own period, when it can be read.
    pub(super) period: Option<&'a Period>,
}

/// The target, unless something is wrong with it; then it has been reported.
pub(super) fn target(frame: &Frame<'_>, mut raw: Raw<'_>) -> Option<Target> {
    let Frame { context, doc, named, .. } = *frame;
    let period = match &raw.period {
        Some(code) => read_period(doc, code, named),
        None => frame.period.cloned(),
    };
    let tables = std::mem::take(&mut raw.examples);
    let count = tables.len();
    let lens_ids: Vec<&str> = raw.lenses.iter().map(|lens| lens.id.value.as_str()).collect();
    let examples: Vec<_> = tables
        .into_iter()
        .filter_map(|table| examples::read(context, table, raw.kind, raw.measure, &lens_ids, named))
        .collect();
    if count == 0 {
        doc.report(
            Problem::warning(
                "no-example",
                doc.file(),
                raw.id.span.clone(),
                Text::new(
                    format!("Chỉ tiêu \"{}\" chưa có ví dụ nào.", *raw.id),
                    format!("The target \"{}\" has no worked example.", *raw.id),
                ),
            )
            .help(Text::new(
                "Thêm [[target.example]]: vài bản ghi và con số phải ra, để người ký thấy cách tính.",
                "Add [[target.example]]: a few records and the figure they yield, so that signers see the rule work.",
            )),
        );
    }
    let (measure, kind) = (raw.measure?, raw.kind?);
    let compiler =
        Compiler { context, doc, kind, measure, percent: raw.percent, definitions: frame.definitions };
    let own: Vec<&RawAmendment> =
        frame.amendments.iter().filter(|amendment| *amendment.target == *raw.id).collect();
    for amendment in &own {
        measure.check(doc, &amendment.said);
    }
    // What cannot be read of the period has been reported; the words are checked all the same.
    let start = raw.from.as_ref().map(|at| at.value).or(period.as_ref().map(|period| period.first));
    let versions = versions(&compiler, &raw, &own, start.unwrap_or(Day::MIN));
    let versions = versions.map_err(|problems| report_all(doc, problems)).ok();
    let measure_of = versions.as_ref().and_then(|versions| versions.first());
    let units_goal = match (&raw.units_goal, measure_of) {
        (Some(quoted), Some(version)) => {
            let share = Measure::Share { met: version.rule.counted.clone() };
            Some(units_goal(&compiler, quoted, &share, raw.judged.each_unit))
        }
        _ => None,
    };
    let totals = raw.totals.as_ref().map(|totals| read_totals(frame, &raw, measure, totals, start));
    Some(Target {
        clause: raw.clause?.value,
        name: raw.name?.value,
        kind: kind.id.clone(),
        versions: versions?,
        judged: raw.judged,
        units_goal: match units_goal {
            Some(goal) => Some(goal?),
            None => None,
        },
        totals: match totals {
            Some(totals) => Some(totals?),
            None => None,
        },
        period: period?,
        units: raw.units,
        from: raw.from.map(|at| at.value),
        legal: raw.legal,
        note: raw.note,
        examples: (examples.len() == count).then_some(examples)?,
        span: raw.id.span,
        id: raw.id.value,
    })
}

/// The share of units that must meet the goal.
fn units_goal(compiler: &Compiler<'_>, quoted: &Quoted, share: &Measure, each_unit: bool) -> Option<Goal> {
    let doc = compiler.doc;
    if !each_unit {
        doc.error(
            "misplaced-key",
            quoted.span.clone(),
            Text::new(
                "\"units_goal\" cần từng đơn vị được đánh giá.",
                "\"units_goal\" needs each unit to be judged.",
            ),
            Some(Text::new("Ghi judged = \"each unit\".", "Write judged = \"each unit\".")),
        );
    }
    let goal = compiler.goal(quoted, share).map_err(|problems| report_all(doc, problems)).ok()?;
    if goal.each.is_some() {
        doc.error(
            "misplaced-key",
            quoted.span.clone(),
            Text::new(
                "Tỷ lệ đơn vị không tính theo từng phần của kỳ.",
                "A share of units is not asked of each part of the period.",
            ),
            Some(Text::new(
                "Bỏ \"each …\" ở đây và ghi ở goal.",
                "Take \"each …\" away here and write it in goal.",
            )),
        );
        return None;
    }
    each_unit.then_some(goal)
}

fn read_totals(
    frame: &Frame<'_>,
    raw: &Raw<'_>,
    measure: MeasureName,
    totals: &RawTotals<'_>,
    start: Option<Day>,
) -> Option<Totals> {
    let Frame { context, doc, .. } = *frame;
    let readable = matches!(measure, MeasureName::Share | MeasureName::Count | MeasureName::Sum);
    let span = totals.counted.as_ref().map(|quoted| quoted.span.clone())?;
    if !readable {
        doc.error(
            "misplaced-key",
            span,
            Text::new(
                format!("Không thể đọc cách tính \"{}\" từ số tổng hợp.", measure.id()),
                format!("The measure \"{}\" cannot be read off totals.", measure.id()),
            ),
            Some(Text::new("Bỏ [target.totals].", "Take [target.totals] away.")),
        );
        return None;
    }
    if (measure == MeasureName::Share) != totals.met.is_some() {
        let (vi, en) = if totals.met.is_some() {
            (
                "\"met\" của số tổng hợp chỉ dùng với cách tính \"share\".",
                "The totals' \"met\" goes with the measure \"share\" only.",
            )
        } else {
            ("Số tổng hợp của một tỷ lệ cần \"met\".", "The totals of a share need \"met\".")
        };
        doc.error("missing-key", span, Text::new(vi, en), None);
        return None;
    }
    let kind = totals.kind?;
    let definitions = frame.definitions.on(&kind.id, start);
    let compiler = Compiler {
        context,
        doc,
        kind,
        measure: MeasureName::Sum,
        percent: 100,
        definitions: frame.definitions,
    };
    let needed = ["from", "to", "source"];
    if let Some(lacking) = needed.iter().find(|column| kind.column(column).is_none()) {
        doc.error(
            "no-totals-kind",
            span,
            Text::new(
                format!("Loại dữ liệu \"{}\" không phải số tổng hợp: không có cột \"{lacking}\".", kind.id),
                format!("The kind \"{}\" holds no totals: it has no column \"{lacking}\".", kind.id),
            ),
            Some(Text::new("Ghi records = \"totals\".", "Write records = \"totals\".")),
        );
        return None;
    }
    let rows = match &totals.rows {
        Some(quoted) => {
            let setting = Setting { kind, definitions: &definitions, working_days: context.working_days };
            let typed = compiler.typed(quoted, Wanted::Flag, &setting);
            typed.map_err(|problems| report_all(doc, problems)).ok()?;
            quoted.value.as_str()
        }
        None => OWN_PERIOD,
    };
    let rule = |source: &str| {
        let rows = format!("({rows}) and source = '{source}'");
        let sum = |name: &str, quoted: &Quoted| {
            let id = format!("{}/{source}/{name}", raw.id.value);
            let rule = compiler.sum(&id, &rows, quoted, &definitions);
            rule.map_err(|problems| report_all(doc, problems)).ok()
        };
        let counted = totals.counted.as_ref().and_then(|quoted| sum("counted", quoted));
        let met = totals.met.as_ref().map(|quoted| sum("met", quoted));
        Some(TotalsRule {
            counted: counted?,
            met: match met {
                Some(met) => Some(met?),
                None => None,
            },
        })
    };
    let (signed, published) = (rule("signed"), rule("published"));
    Some(Totals { signed: signed?, published: published? })
}
