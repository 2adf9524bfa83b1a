//! Words into typed rules and goals, with errors at their place in the file.

use super::Context;
use super::definitions::AllDefinitions;
use super::words::{MeasureName, Said};
use crate::kind::Kind;
use crate::lang::{self, Definitions, LangError, Setting, Typed, Wanted};
use crate::problem::Problem;
use crate::target::{Goal, GoalError, Measure, Rule};
use crate::text::Text;
use crate::toml_read::{Document, Quoted};

/// What is needed to compile the rules of one target.
pub(super) struct Compiler<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) doc: &'a Document<'a>,
    pub(super) kind: &'a Kind,
    pub(super) measure: MeasureName,
    pub(super) percent: u8,
    pub(super) definitions: &'a AllDefinitions,
}

impl Compiler<'_> {
    /// The rule that the words make with the definitions of a stretch of time.
    ///
    /// # Errors
    /// Everything that is wrong with the words.
    pub(super) fn rule(
        &self,
        id: &str,
        said: &Said,
        definitions: &Definitions,
    ) -> Result<Rule, Vec<Problem>> {
        let setting = Setting { kind: self.kind, definitions, working_days: self.context.working_days };
        let read = |quoted: &Option<Quoted>, wanted| match quoted {
            Some(quoted) => self.typed(quoted, wanted, &setting),
            // What is missing was reported when the words were read.
            None => Err(Vec::new()),
        };
        let counted = read(&said.counted, Wanted::Flag);
        let measure = match self.measure {
            MeasureName::Count => Ok(Measure::Count),
            MeasureName::Share => read(&said.met, Wanted::Flag).map(|met| Measure::Share { met }),
            MeasureName::Sum => read(&said.value, Wanted::Integer).map(|value| Measure::Sum { value }),
            MeasureName::Mean => read(&said.value, Wanted::Integer).map(|value| Measure::Mean { value }),
            MeasureName::Percentile => read(&said.value, Wanted::Integer)
                .map(|value| Measure::Percentile { value, percent: self.percent }),
            MeasureName::Distinct => {
                read(&said.value, Wanted::Distinct).map(|value| Measure::Distinct { value })
            }
        };
        match (counted, measure) {
            (Ok(counted), Ok(measure)) => Ok(Rule {
                id: id.to_owned(),
                kind: self.kind.id.clone(),
                counted,
                measure,
                unknown: said.unknown.as_deref().copied().unwrap_or_default(),
            }),
            (counted, measure) => {
                let mut problems = counted.err().unwrap_or_default();
                problems.extend(measure.err().unwrap_or_default());
                Err(problems)
            }
        }
    }

    /// A sum over rows of the kind, of which `rows` says which; for totals.
    ///
    /// # Errors
    /// Everything that is wrong with the words.
    pub(super) fn sum(
        &self,
        id: &str,
        rows: &str,
        value: &Quoted,
        definitions: &Definitions,
    ) -> Result<Rule, Vec<Problem>> {
        let setting = Setting { kind: self.kind, definitions, working_days: self.context.working_days };
        let value = self.typed(value, Wanted::Integer, &setting)?;
        let counted = lang::condition(rows, &setting).map_err(|errors| {
            let at = |error: LangError| Problem::error(error.code, self.doc.file(), 0..0, error.message);
            errors.into_iter().map(at).collect::<Vec<_>>()
        })?;
        Ok(Rule {
            id: id.to_owned(),
            kind: self.kind.id.clone(),
            counted,
            measure: Measure::Sum { value },
            unknown: Default::default(),
        })
    }

    /// One typed condition or value.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn typed(
        &self,
        quoted: &Quoted,
        wanted: Wanted,
        setting: &Setting<'_>,
    ) -> Result<Typed, Vec<Problem>> {
        if !self.context.budget.condition() {
            return Err(vec![too_much(self.doc)]);
        }
        lang::value(&quoted.value, wanted, setting).map_err(|errors| {
            errors
                .into_iter()
                // A faulty definition is reported where it stands.
                .filter(|error| error.code != "faulty-definition")
                .map(|error| {
                    let error = self.not_yet(quoted, error);
                    lang_problem(self.doc, quoted, error)
                })
                .collect()
        })
    }

    /// A name that is unknown only because its definition starts later is said to be so.
    fn not_yet(&self, quoted: &Quoted, error: LangError) -> LangError {
        let name = quoted.value.get(error.span.clone()).unwrap_or_default();
        match self.definitions.starts(&self.kind.id, name).filter(|_| error.code == "unknown-name") {
            None => error,
            Some(start) => LangError {
                help: Some(Text::new(
                    format!(
                        "Định nghĩa \"{name}\" chỉ có từ {}. Thêm một bản có từ trước, hoặc ghi from cho nơi dùng nó.",
                        start.dmy()
                    ),
                    format!(
                        "The definition \"{name}\" holds from {start} only. Add an earlier version, or give what uses it a from."
                    ),
                )),
                ..error
            },
        }
    }

    /// A goal by itself.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn goal_alone(&self, quoted: &Quoted) -> Result<Goal, Vec<Problem>> {
        Goal::parse(&quoted.value).map_err(|error| vec![goal_problem(self.doc, quoted, error)])
    }

    /// A goal that fits the measure.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn goal(&self, quoted: &Quoted, measure: &Measure) -> Result<Goal, Vec<Problem>> {
        let goal = self.goal_alone(quoted)?;
        goal.suits(measure).map_err(|error| {
            let whole = 0..quoted.value.len();
            vec![goal_problem(self.doc, quoted, GoalError { span: whole, ..error })]
        })?;
        Ok(goal)
    }
}

/// There is more to read than one agreement may ask for.
pub(super) fn too_much(doc: &Document<'_>) -> Problem {
    Problem::error(
        "too-much",
        doc.file(),
        0..0,
        Text::new(
            "Quá nhiều điều kiện: số cách tính nhân với số lần thay đổi vượt mức cho phép.",
            "Too many conditions: lenses times changes are more than is allowed.",
        ),
    )
    .help(Text::new(
        "Chia giao ước ra, hoặc bớt cách tính đối chiếu.",
        "Split the agreement, or take lenses away.",
    ))
}

/// An error inside a condition as a problem of the file.
pub(super) fn lang_problem(doc: &Document<'_>, quoted: &Quoted, error: LangError) -> Problem {
    let span = doc.visible(quoted.in_file(error.span));
    Problem { help: error.help, ..Problem::error(error.code, doc.file(), span, error.message) }
}

fn goal_problem(doc: &Document<'_>, quoted: &Quoted, error: GoalError) -> Problem {
    // A goal is short: where something is missing, all of it is shown.
    let span = if error.span.is_empty() { quoted.span.clone() } else { quoted.in_file(error.span) };
    Problem::error(error.code, doc.file(), span, error.said.message).help(error.said.help)
}

/// Reports all of them; the document drops repetitions (the same words are read once for each version).
pub(super) fn report_all(doc: &Document<'_>, problems: Vec<Problem>) {
    for problem in problems {
        doc.report(problem);
    }
}
