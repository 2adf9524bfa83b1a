//! Reads `agreement.toml`.

use super::assemble::{self, Frame};
use super::charter;
use super::definitions::AllDefinitions;
use super::versions::{RawAmendment, amendment};
use super::{
    Agreement, Amendment, Clause, Context, CountsAs, Exemption, ShareOfUnits, Status, read_period, targets,
};
use crate::bundle::refs::{self, did_you_mean};
use crate::period::Period;
use crate::problem::Problem;
use crate::target::Target;
use crate::text::Text;
use crate::toml_read::{At, Document, Field, Table, shown};

/// The format of `agreement.toml` that this program reads.
const FORMAT: i64 = 1;
/// More targets, clauses, definitions or amendments than this are a mistake: the longest agreement seen has
/// twelve clauses.
const MOST: usize = 500;

/// The agreement, as far as it can be read; problems go to the document.
pub(crate) fn read(context: &Context<'_>, doc: &Document<'_>) -> Option<Agreement> {
    let root = doc.root();
    root.need("format").integer(FORMAT..=FORMAT);
    let id = root.need("id").id();
    let year = root.need("year").integer(1900..=2200);
    let title = root.need("title").text();
    let theme = root.may("theme").text();
    let lines = root.may("context").list(|line| line.text());
    let period = root.may("period").string();
    let status = root.need("status").one_of(&[
        ("draft", Status::Draft),
        ("signed", Status::Signed),
        ("in force", Status::InForce),
        ("closed", Status::Closed),
    ]);
    let signed = root.may("signed").day();
    let counts_from = root.may("counts_from").day();
    let membership_on = root.may("membership_on").day();
    let share_of_units = share_of_units(&root.may("share_of_units"));
    let ranges = root.may("range").few_tables(MOST);
    let clauses = root.need("clause").few_tables(MOST);
    let definitions = root.may("definition").few_tables(MOST);
    let raw_targets = root.may("target").few_tables(MOST);
    let exemptions = root.may("exemption").few_tables(4 * MOST);
    let amendments = root.may("amendment").few_tables(MOST);
    let charter = charter::take(&root);
    root.finish();

    let ranges: Vec<_> = ranges.into_iter().filter_map(range).collect();
    refs::unique(doc, ranges.iter().map(|(period, _)| (period.value.code.as_str(), period.span.clone())));
    let (periods, period_names): (Vec<Period>, Vec<Text>) =
        ranges.into_iter().map(|(period, name)| (period.value, name)).unzip();
    let period = match (&period, &year) {
        (Some(code), _) => read_period(doc, code, &periods),
        (None, Some(year)) => Period::parse(&year.value.to_string(), &[]).ok(),
        (None, None) => None,
    };
    let clause_count = clauses.len();
    let clauses: Vec<Clause> = clauses.into_iter().filter_map(clause).collect();
    refs::unique(doc, clauses.iter().map(|clause| (clause.number.as_str(), clause.span.clone())));
    let amendments: Vec<RawAmendment> = amendments.into_iter().filter_map(amendment).collect();
    refs::unique(doc, amendments.iter().map(|a| (a.id.value.as_str(), a.id.span.clone())));
    let definitions = AllDefinitions::read(context, doc, definitions);
    let count = raw_targets.len();
    let raw_targets: Vec<_> = raw_targets.into_iter().filter_map(|t| targets::read(context, t)).collect();
    let ids: Vec<At<String>> = raw_targets.iter().map(|raw| raw.id.clone()).collect();
    refs::unique(doc, ids.iter().map(|id| (id.value.as_str(), id.span.clone())));
    // What could not be read is not missed by those who refer to it.
    if clauses.len() == clause_count {
        for clause in raw_targets.iter().filter_map(|raw| raw.clause.as_ref()) {
            known_clause(doc, clause, &clauses);
        }
    }
    let known = (ids.len() == count).then_some(ids.as_slice());
    for amendment in &amendments {
        known_target(doc, &amendment.target, known);
    }
    let exemptions: Vec<Exemption> =
        exemptions.into_iter().filter_map(|table| exemption(context, table, known)).collect();
    once(doc, &exemptions);
    let whole = (clauses.len() == clause_count).then_some(clauses.as_slice());
    let charter = charter::read(context, doc, charter, whole, known);
    let frame = Frame {
        context,
        doc,
        definitions: &definitions,
        amendments: &amendments,
        named: &periods,
        period: period.as_ref(),
    };
    let targets: Vec<Target> =
        raw_targets.into_iter().filter_map(|raw| assemble::target(&frame, raw)).collect();
    if targets.len() < count {
        return None;
    }
    let status = status?;
    Some(Agreement {
        id: id?.value,
        year: i32::try_from(year?.value).ok()?,
        title: title?.value,
        theme: theme.map(|at| at.value),
        context: lines.into_iter().map(|at| at.value).collect(),
        period: period?,
        signed_span: signed.as_ref().map_or(status.span, |at| at.span.clone()),
        status: status.value,
        signed: signed.map(|at| at.value),
        counts_from: counts_from.map(|at| at.value),
        membership_on: membership_on.map(|at| at.value),
        share_of_units,
        periods,
        period_names,
        clauses,
        definitions: definitions.into_model(),
        targets,
        amendments: amendments.into_iter().map(model).collect(),
        exemptions,
        charter,
    })
}

fn share_of_units(field: &Field<'_>) -> ShareOfUnits {
    let mut share = ShareOfUnits::default();
    if let Some(table) = field.table() {
        let read = |key| {
            let words = [("not met", CountsAs::NotMet), ("left out", CountsAs::LeftOut)];
            table.may(key).one_of(&words).map(|at| at.value)
        };
        share = ShareOfUnits {
            no_data: read("no_data").unwrap_or(share.no_data),
            no_cases: read("no_cases").unwrap_or(share.no_cases),
            exempt: read("exempt").unwrap_or(share.exempt),
        };
        table.finish();
    }
    share
}

fn range(table: Table<'_>) -> Option<(At<Period>, Text)> {
    let doc = table.doc();
    let id = table.need("id").id();
    let name = table.need("name").text();
    let (from, to) = (table.need("from").day(), table.need("to").day());
    table.finish();
    let ordered = refs::in_order(doc, from.as_ref(), to.as_ref());
    let id = id?;
    if Period::parse(&id.value.to_uppercase(), &[]).is_ok() || id.bytes().all(|b| b.is_ascii_digit()) {
        doc.error(
            "bad-id",
            id.span,
            Text::new(
                format!("\"{}\" đã là mã của một kỳ.", shown(&id.value)),
                format!("\"{}\" is the code of a period already.", shown(&id.value)),
            ),
            Some(Text::new(
                "Đặt tên khác, ví dụ nam-bao-cao-2020.",
                "Give it another name, such as reporting-year-2020.",
            )),
        );
        return None;
    }
    let period = Period { first: from?.value, last: to?.value, code: id.value };
    ordered.then_some((At::new(period, id.span), name?.value))
}

fn clause(table: Table<'_>) -> Option<Clause> {
    let number = table.need("number").string();
    let text = table.need("text").text();
    let report = table.may("report").flag();
    table.finish();
    let number = number?;
    Some(Clause {
        number: number.value,
        text: text?.value,
        report: report.is_some_and(|at| at.value),
        span: number.span,
    })
}

pub(super) fn known_clause(doc: &Document<'_>, number: &At<String>, clauses: &[Clause]) {
    if clauses.iter().any(|clause| clause.number == number.value) || doc.is_full() {
        return;
    }
    doc.error(
        "unknown-clause",
        number.span.clone(),
        Text::new(
            format!("Giao ước không có khoản \"{}\".", shown(number)),
            format!("The agreement has no clause \"{}\".", shown(number)),
        ),
        did_you_mean(number, clauses.iter().map(|clause| clause.number.as_str())),
    );
}

/// A target that is exempted or amended exists; without all ids that is not asked.
pub(super) fn known_target(doc: &Document<'_>, id: &At<String>, ids: Option<&[At<String>]>) -> bool {
    let Some(ids) = ids else { return true };
    if ids.iter().any(|known| known.value == id.value) {
        return true;
    }
    if doc.is_full() {
        return false;
    }
    doc.error(
        "unknown-target",
        id.span.clone(),
        Text::new(
            format!("Không có chỉ tiêu \"{}\".", shown(id)),
            format!("There is no target \"{}\".", shown(id)),
        ),
        did_you_mean(id, ids.iter().map(|known| known.value.as_str())),
    );
    false
}

fn exemption(context: &Context<'_>, table: Table<'_>, ids: Option<&[At<String>]>) -> Option<Exemption> {
    let (doc, span) = (table.doc(), table.span());
    let unit = table.need("unit").string().and_then(|code| refs::unit(doc, context.cluster, &code));
    let target = table.need("target").string().filter(|id| known_target(doc, id, ids));
    let reason = table.need("reason").text();
    table.finish();
    Some(Exemption { unit: unit?, target: target?.value, reason: reason?.value, span })
}

fn once(doc: &Document<'_>, exemptions: &[Exemption]) {
    for (i, later) in exemptions.iter().enumerate() {
        let same = |other: &&Exemption| (other.unit, &other.target) == (later.unit, &later.target);
        if let Some(first) = exemptions.iter().take(i).find(same) {
            let message = Text::new("Miễn này đã có rồi.", "This exemption is there already.");
            doc.report(
                Problem::error("duplicate", doc.file(), later.span.clone(), message)
                    .also(first.span.clone(), Text::new("lần đầu ở đây", "first here")),
            );
        }
    }
}

fn model(raw: RawAmendment) -> Amendment {
    Amendment {
        id: raw.id.value,
        target: raw.target.value,
        signed: raw.signed,
        from: raw.from.value,
        reason: raw.reason,
        span: raw.span,
    }
}
