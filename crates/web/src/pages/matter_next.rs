//! What comes next in a matter: the forms of the steps that somebody may take, with what they still lack.

use std::collections::BTreeMap;

use giaouoc_agreement::text::{Lang, Text};
use giaouoc_year::sort::Step;

use super::matter::Around;
use super::matter_fields::{Field, field};
use crate::matters::Full;
use crate::who::Who;

pub(crate) struct StepForm {
    pub id: String,
    pub name: String,
    pub fields: Vec<Field>,
    /// The day's field, where the step may have happened earlier.
    pub day: Option<String>,
    pub note: bool,
    pub file: bool,
    pub aside: bool,
    /// What it still lacks and its form does not ask for.
    pub lacks: Vec<String>,
    pub problems: Vec<String>,
    pub open: bool,
    pub note_text: String,
}

/// What a step's form brought that could not be taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tried {
    pub step: String,
    pub values: BTreeMap<String, String>,
    /// By field; blank: of the whole.
    pub problems: Vec<(String, Text)>,
    pub day: String,
    pub note: String,
    pub draft: Option<i64>,
}

pub(crate) fn step_form(
    full: &Full,
    step: &Step,
    who: &Who,
    around: &Around,
    own: &[Full],
    tried: &Tried,
    first: bool,
) -> StepForm {
    let lang = who.lang;
    let mine = tried.step == step.id;
    let problem = |id: &str| {
        let found = tried.problems.iter().find(|(field, _)| mine && field == id);
        found.map(|(_, text)| text.get(lang).to_owned())
    };
    let fields = step.asks.iter().filter_map(|id| full.sort.field(id)).map(|one| {
        let held = full.matter.fields.get(&one.id).or_else(|| full.matter.personal.get(&one.id));
        let value = match tried.values.get(&one.id).filter(|_| mine) {
            Some(value) => value.clone(),
            None => held.cloned().unwrap_or_default(),
        };
        let must = step.needs.contains(&one.id);
        let mut made = field(full.sort, one, who, around, &value, must, problem(&one.id));
        made.of_matters(one, own, &full.row.code);
        made.prefix = format!("{}-", step.id);
        made
    });
    let fields: Vec<Field> = fields.collect();
    let label = |id: &String| full.sort.field(id).map(|field| field.label.get(lang).to_owned());
    let lacks = full.matter.lacks(step, "-").into_iter().filter_map(|lack| match lack {
        giaouoc_year::matter::Lack::Field(id) if !step.asks.contains(&id) => label(&id),
        giaouoc_year::matter::Lack::Answers(number) => Some(match lang {
            Lang::Vi => format!("{number} câu hỏi chưa có trả lời"),
            Lang::En => format!("{number} questions without an answer"),
        }),
        giaouoc_year::matter::Lack::Unread(number) => Some(match lang {
            Lang::Vi => format!("{number} câu hỏi chưa ai đọc"),
            Lang::En => format!("{number} questions that nobody has read"),
        }),
        _ => None,
    });
    StepForm {
        id: step.id.clone(),
        name: step.name.get(lang).to_owned(),
        day: step.happened.then(|| match mine && !tried.day.is_empty() {
            true => tried.day.clone(),
            false => around.today.to_string(),
        }),
        note: step.note,
        file: step.needs_file || !step.aside && step.happened,
        aside: step.aside || step.note,
        lacks: lacks.collect(),
        problems: tried
            .problems
            .iter()
            .filter(|(id, _)| mine && !step.asks.contains(id))
            .map(|(id, text)| match label(id) {
                Some(label) => format!("{label}: {}", text.get(lang)),
                None => text.get(lang).to_owned(),
            })
            .collect(),
        open: mine || first && tried.step.is_empty(),
        note_text: if mine { tried.note.clone() } else { String::new() },
        fields,
    }
}
