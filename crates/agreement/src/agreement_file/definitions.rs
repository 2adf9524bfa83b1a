//! Dated definitions: which words a name stands for on a day.

use giaouoc_worktime::Day;

use super::compile::{lang_problem, report_all, too_much};
use super::{Context, Definition};
use crate::bundle::refs;
use crate::lang::{self, Definitions, Setting};
use crate::problem::Problem;
use crate::text::Text;
use crate::toml_read::{At, Document, Quoted, Table, shown};

/// Words of all definitions together, in bytes: they are put in wherever they are named.
const MOST_BYTES: usize = 256 << 10;

/// One version of a definition, with its places.
#[derive(Debug)]
pub(super) struct Dated {
    id: At<String>,
    kind: String,
    is: Quoted,
    from: Option<At<Day>>,
    legal: Option<Text>,
}

/// All definitions of an agreement.
#[derive(Debug, Default)]
pub(super) struct AllDefinitions(Vec<Dated>);

impl AllDefinitions {
    /// Reads them and checks each version in every stretch of time in which it holds.
    pub(super) fn read(context: &Context<'_>, doc: &Document<'_>, tables: Vec<Table<'_>>) -> Self {
        let all = Self(tables.into_iter().filter_map(|table| dated(context, table)).collect());
        for (i, later) in all.0.iter().enumerate() {
            let same = |other: &&Dated| {
                other.id.value == later.id.value
                    && other.kind == later.kind
                    && other.from.as_deref() == later.from.as_deref()
            };
            if let Some(first) = all.0.iter().take(i).find(same) {
                let message = Text::new(
                    format!("Định nghĩa \"{}\" đã có với cùng ngày bắt đầu.", shown(&later.id)),
                    format!(
                        "The definition \"{}\" is there already with the same first day.",
                        shown(&later.id)
                    ),
                );
                doc.report(
                    Problem::error("duplicate", doc.file(), later.id.span.clone(), message)
                        .also(first.id.span.clone(), Text::new("lần đầu ở đây", "first here"))
                        .help(Text::new(
                            "Các bản của một định nghĩa khác nhau ở from.",
                            "Versions of a definition differ in from.",
                        )),
                );
            }
        }
        let bytes: usize = all.0.iter().map(|dated| dated.is.value.len()).sum();
        if bytes > MOST_BYTES {
            doc.report(too_much(doc));
            return Self::default();
        }
        all.check(context, doc);
        all
    }

    /// The days on which a definition on the kind changes.
    pub(super) fn changes(&self, kind: &str) -> impl Iterator<Item = Day> {
        self.0.iter().filter(move |d| d.kind == kind).filter_map(|d| d.from.as_ref().map(|at| at.value))
    }

    /// What the names of a kind stand for on a day; `None` is before every dated version.
    pub(super) fn on(&self, kind: &str, day: Option<Day>) -> Definitions {
        let mut definitions = Definitions::default();
        let mut held: Vec<&Dated> = self.0.iter().filter(|d| d.kind == kind && holds(d, day)).collect();
        held.sort_by_key(|d| d.from.as_ref().map(|at| at.value));
        for dated in held {
            definitions.insert(dated.id.value.clone(), dated.is.value.clone());
        }
        definitions
    }

    /// The first day on which a name of a kind stands for anything, when that is a dated one.
    pub(super) fn starts(&self, kind: &str, name: &str) -> Option<Day> {
        let versions = self.0.iter().filter(|d| d.kind == kind && d.id.value == name);
        versions.map(|d| d.from.as_ref().map(|at| at.value)).min().flatten()
    }

    /// Checks every version where it stands, so that an error is shown once and at its place.
    fn check(&self, context: &Context<'_>, doc: &Document<'_>) {
        for dated in &self.0 {
            let Some(kind) = context.kinds.iter().find(|kind| kind.id == dated.kind) else { continue };
            if let Some(error) = Definitions::wrong_name(&dated.id, kind) {
                let span = dated.id.span.clone();
                doc.report(Problem {
                    help: error.help,
                    ..Problem::error(error.code, doc.file(), span, error.message)
                });
                continue;
            }
            let own = dated.from.as_ref().map(|at| at.value);
            let next = self.next_version(dated);
            let mut days: Vec<Option<Day>> = vec![own];
            days.extend(
                self.changes(&dated.kind)
                    .filter(|day| Some(*day) > own && next.is_none_or(|n| *day < n))
                    .map(Some),
            );
            days.sort_unstable();
            days.dedup();
            for day in days {
                if !context.budget.condition() {
                    doc.report(too_much(doc));
                    return;
                }
                let definitions = self.on(&dated.kind, day);
                let setting = Setting { kind, definitions: &definitions, working_days: context.working_days };
                if let Some(Err(errors)) = lang::definition(&dated.id, &setting) {
                    let problems =
                        errors.into_iter().map(|error| lang_problem(doc, &dated.is, error)).collect();
                    report_all(doc, problems);
                }
            }
        }
    }

    fn next_version(&self, dated: &Dated) -> Option<Day> {
        let own = dated.from.as_ref().map(|at| at.value);
        let later = self.0.iter().filter(|d| d.kind == dated.kind && d.id.value == dated.id.value);
        later.filter_map(|d| d.from.as_ref().map(|at| at.value)).filter(|day| Some(*day) > own).min()
    }

    /// For reading.
    pub(super) fn into_model(self) -> Vec<Definition> {
        let model = |d: Dated| Definition {
            id: d.id.value,
            kind: d.kind,
            is: d.is.value,
            from: d.from.map(|at| at.value),
            legal: d.legal,
        };
        self.0.into_iter().map(model).collect()
    }
}

fn holds(dated: &Dated, day: Option<Day>) -> bool {
    // `None` sorts before every day, on both sides: from ever.
    dated.from.as_ref().map(|at| at.value) <= day
}

fn dated(context: &Context<'_>, table: Table<'_>) -> Option<Dated> {
    let doc = table.doc();
    let id = table.need("id").string();
    let kind = table.need("records").string().and_then(|id| refs::kind(doc, context.kinds, &id));
    let is = table.need("is").quoted();
    let from = table.may("from").day();
    let legal = table.may("legal").text();
    table.finish();
    Some(Dated { id: id?, kind: kind?.id.clone(), is: is?, from, legal: legal.map(|at| at.value) })
}
