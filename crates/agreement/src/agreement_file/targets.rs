//! Reads a target: its own words, its lenses and its examples, before amendments and definitions give it
//! its versions.

use giaouoc_worktime::Day;

use super::Context;
use super::words::{MeasureName, Said};
use crate::bundle::refs;
use crate::kind::Kind;
use crate::problem::Problem;
use crate::target::Judged;
use crate::text::Text;
use crate::toml_read::{At, Quoted, Table, shown};

/// More lenses or examples of one target than this are a mistake.
const MOST_LENSES: usize = 50;
const MOST_EXAMPLES: usize = 500;

/// A target as it is written.
pub(super) struct Raw<'a> {
    pub(super) id: At<String>,
    pub(super) clause: Option<At<String>>,
    pub(super) name: Option<At<Text>>,
    pub(super) kind: Option<&'a Kind>,
    pub(super) measure: Option<MeasureName>,
    pub(super) percent: u8,
    pub(super) said: Said,
    pub(super) judged: Judged,
    pub(super) units_goal: Option<Quoted>,
    pub(super) period: Option<At<String>>,
    pub(super) units: Option<Vec<usize>>,
    pub(super) from: Option<At<Day>>,
    pub(super) legal: Option<Text>,
    pub(super) note: Option<Text>,
    pub(super) totals: Option<RawTotals<'a>>,
    pub(super) lenses: Vec<RawLens>,
    pub(super) examples: Vec<Table<'a>>,
}

/// A lens as it is written.
pub(super) struct RawLens {
    pub(super) id: At<String>,
    pub(super) name: Text,
    pub(super) said: Said,
}

/// How totals are read, as it is written.
pub(super) struct RawTotals<'a> {
    pub(super) kind: Option<&'a Kind>,
    pub(super) rows: Option<Quoted>,
    pub(super) counted: Option<Quoted>,
    pub(super) met: Option<Quoted>,
}

/// Reads one `[[target]]`. Without an id nothing can be said about it.
pub(super) fn read<'a>(context: &Context<'a>, table: Table<'a>) -> Option<Raw<'a>> {
    let doc = table.doc();
    let id = table.need("id").id();
    let clause = table.need("clause").string();
    let name = table.need("name").text();
    let kind = table.need("records").string().and_then(|id| refs::kind(doc, context.kinds, &id));
    let measure = MeasureName::read(&table.may("measure"));
    let percentile = table.may("percentile");
    let percent = percentile.integer(1..=100);
    let said = Said::read(&table);
    let judged = table.may("judged").one_of(&[
        ("each unit", Judged { each_unit: true, all_together: false }),
        ("all units together", Judged { each_unit: false, all_together: true }),
        ("each unit, and all units together", Judged { each_unit: true, all_together: true }),
    ]);
    let units_goal = table.may("units_goal").quoted();
    let period = table.may("period").string();
    let units = table.may("units");
    let codes = units.strings();
    refs::unique(doc, codes.iter().map(|code| (code.value.as_str(), code.span.clone())));
    let members = codes.iter().filter_map(|code| refs::unit(doc, context.cluster, code)).collect();
    let from = table.may("from").day();
    let legal = table.may("legal").text();
    let note = table.may("note").text();
    let totals = table.may("totals").table().map(|table| totals(context, table));
    let lenses = table.may("lens").few_tables(MOST_LENSES);
    let examples = table.may("example").few_tables(MOST_EXAMPLES);
    for key in measure.map_or(&["counted", "goal"][..], MeasureName::needs) {
        table.need(key);
    }
    table.finish();

    if let Some(measure) = measure {
        measure.check(doc, &said);
        if let Some(at) = percentile.span().filter(|_| measure != MeasureName::Percentile) {
            doc.error(
                "misplaced-key",
                at,
                Text::new(
                    format!("\"percentile\" không dùng với cách tính \"{}\".", measure.id()),
                    format!("\"percentile\" does not go with the measure \"{}\".", measure.id()),
                ),
                None,
            );
        }
    }
    let lenses: Vec<RawLens> = lenses.into_iter().filter_map(|table| lens(table, measure)).collect();
    refs::unique(doc, lenses.iter().map(|lens| (lens.id.value.as_str(), lens.id.span.clone())));
    Some(Raw {
        id: id?,
        clause,
        name,
        kind,
        measure,
        percent: percent.map_or(100, |at| u8::try_from(at.value).unwrap_or(100)),
        said,
        judged: judged.map_or(Judged { each_unit: true, all_together: false }, |at| at.value),
        units_goal,
        period,
        units: units.is_there().then_some(members),
        from,
        legal: legal.map(|at| at.value),
        note: note.map(|at| at.value),
        totals,
        lenses,
        examples,
    })
}

fn lens(table: Table<'_>, measure: Option<MeasureName>) -> Option<RawLens> {
    let (doc, span) = (table.doc(), table.span());
    let id = table.need("id").id();
    let name = table.need("name").text();
    let counted = Said::read(&table);
    table.finish();
    for (key, at) in [
        ("force", counted.force.as_ref().map(|at| at.span.clone())),
        ("min_cases", counted.min_cases.as_ref().map(|at| at.span.clone())),
    ] {
        let Some(at) = at else { continue };
        doc.error(
            "misplaced-key",
            at,
            Text::new(
                format!("\"{key}\" không dùng cho cách tính đối chiếu: nó không bị đánh giá."),
                format!("\"{key}\" does not go with a lens: a lens is never judged."),
            ),
            None,
        );
    }
    if let Some(measure) = measure {
        measure.check(doc, &counted);
    }
    if counted.is_silent() {
        let id = id.as_deref().map_or("", String::as_str);
        doc.report(Problem::error(
            "empty-lens",
            doc.file(),
            span,
            Text::new(
                format!("Cách tính đối chiếu \"{}\" không khác gì chỉ tiêu.", shown(id)),
                format!("The lens \"{}\" differs from the target in nothing.", shown(id)),
            ),
        ));
    }
    Some(RawLens { id: id?, name: name?.value, said: counted })
}

fn totals<'a>(context: &Context<'a>, table: Table<'a>) -> RawTotals<'a> {
    let doc = table.doc();
    let kind = table.need("records").string().and_then(|id| refs::kind(doc, context.kinds, &id));
    let rows = table.may("rows").quoted();
    let counted = table.need("counted").quoted();
    let met = table.may("met").quoted();
    table.finish();
    RawTotals { kind, rows, counted, met }
}
