//! Sorts of matters (`matters/*.toml`): which fields one has, which steps it takes, who may take them, what becomes public, and
//! which record in the journal follows from it. Forms, pages, lists, feeds and records all come from these files.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use giaouoc_agreement::kind::{ColumnType, Kind};
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::Text;
use serde::Deserialize;

/// The state of a matter of which no step was taken.
pub const BEGUN: &str = "begun";

/// A sort of matters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    #[serde(rename = "format")]
    _format: u32,
    /// Its id, as addresses have it.
    pub id: String,
    /// How codes begin.
    pub prefix: String,
    /// What one is called.
    pub name: Text,
    /// What several are called.
    pub plural: Text,
    /// What it is.
    pub meaning: Text,
    /// Where it comes from.
    pub source: String,
    /// The field that names one.
    pub title: String,
    /// The field with the day on which it is to happen; blank where there is none.
    #[serde(default)]
    pub when: String,
    /// What belongs to it besides fields.
    pub parts: Vec<Part>,
    /// Who may begin one.
    pub begun_by: By,
    /// Whether the whole cluster may have one of its own.
    #[serde(default)]
    pub common: bool,
    /// Whether there are none but the cluster's own.
    #[serde(default)]
    pub only_common: bool,
    /// Whether it is shown to the other clusters of the city, to be followed there.
    #[serde(default)]
    pub spread: bool,
    /// The list of `data/rules/` that it is held against.
    #[serde(default)]
    pub rules: String,
    /// The record that follows from it.
    pub record: Option<Rec>,
    /// What is shown of a person only with consent.
    pub consent: Option<Consent>,
    /// Its fields, in the order of forms.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    /// Its steps.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// What belongs to a matter besides its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Questions of residents, with answers.
    Questions,
    /// Units that take part.
    Guests,
    /// Units that take it up.
    Adopters,
    /// Short reports of the units, with what each says of itself beside its figures.
    Reports,
    /// Points to mend, with who does it by when.
    Points,
    /// Files and pictures.
    Files,
}

/// Who may do something. Each includes those after it at the same desk: what staff may do, the officer and the leader may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Any staff member of the unit.
    Staff,
    /// The unit's officer.
    Officer,
    /// The unit's leader.
    Leader,
}

/// A field.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its id.
    pub id: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Its label.
    pub label: Text,
    /// What to write into it.
    #[serde(default)]
    pub help: Text,
    /// Whether everybody reads it once the matter is public.
    #[serde(default)]
    pub public: bool,
    /// Whether it is about a person: it is kept apart, can be erased, and is in no history.
    #[serde(default)]
    pub personal: bool,
    /// Of which sort, where it names another matter.
    #[serde(default)]
    pub of: String,
    /// What may be chosen, in a field of the type `choice`.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// The list of `data/rules/` whose entries may be chosen.
    #[serde(default)]
    pub choices_of: String,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// One line.
    Line,
    /// Paragraphs.
    Text,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A whole number from 0.
    Number,
    /// Yes or no.
    Flag,
    /// A code of the record's column.
    Code,
    /// One of the field's own choices.
    Choice,
    /// A day of the year's calendar.
    Event,
    /// Another matter of the same unit.
    Matter,
    /// A target of the agreement.
    Target,
    /// A release of figures.
    Release,
}

/// Something that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
}

/// A step.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its id; the state of the matter once it is taken.
    pub id: String,
    /// What the button says.
    pub name: Text,
    /// How the matter stands once it is taken.
    pub done: Text,
    /// Who may take it.
    pub by: By,
    /// In which states.
    pub from: Vec<String>,
    /// Fields that must hold something.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Fields that its form asks for.
    #[serde(default)]
    pub asks: Vec<String>,
    /// Whether a file must be there.
    #[serde(default)]
    pub needs_file: bool,
    /// Whether every question must be answered.
    #[serde(default)]
    pub all_answered: bool,
    /// Whether it says when something happened: then its day may be in the past. Otherwise it is taken on the day itself.
    #[serde(default)]
    pub happened: bool,
    /// Whether a reason must be given.
    #[serde(default)]
    pub note: bool,
    /// Whether everybody reads the matter from here on.
    #[serde(default)]
    pub public: bool,
    /// Whether questions come in, units take part or take it up from here on.
    #[serde(default)]
    pub opens: bool,
    /// Whether what was to happen on the day of [`Sort::when`] has happened by it.
    #[serde(default)]
    pub meets: bool,
    /// Whether nothing follows.
    #[serde(default)]
    pub closes: bool,
    /// Whether the state stays as it was.
    #[serde(default)]
    pub aside: bool,
}

/// The record that follows from a matter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rec {
    /// Its kind.
    pub kind: String,
    /// From which step on there is one.
    pub from: String,
    /// One for the unit and one for each unit that takes part, or takes it up; nothing: one for the unit.
    pub each: Option<Part>,
    /// What stands in its columns: `field:ID`, `event:ID` (the day's name), `day:STEP`, `count:questions`, `count:answered`,
    /// `count:adopters`, `word:CODE`; for one of each unit also `role`, `number`, `adopted`.
    pub columns: BTreeMap<String, String>,
}

/// What is shown of a person only with consent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// The step by which consent is noted.
    pub given: String,
    /// The step by which it is withdrawn.
    pub withdrawn: String,
    /// The fields that go with it; pictures go as well.
    pub fields: Vec<String>,
}

const FILES: [&str; 10] = [
    include_str!("../../../matters/plan.toml"),
    include_str!("../../../matters/task.toml"),
    include_str!("../../../matters/movement.toml"),
    include_str!("../../../matters/dialogue.toml"),
    include_str!("../../../matters/exchange.toml"),
    include_str!("../../../matters/model.toml"),
    include_str!("../../../matters/initiative.toml"),
    include_str!("../../../matters/exemplar.toml"),
    include_str!("../../../matters/achievement.toml"),
    include_str!("../../../matters/review.toml"),
];

static SORTS: LazyLock<Vec<Sort>> =
    LazyLock::new(|| FILES.iter().filter_map(|text| toml::from_str(text).ok()).collect());

/// All sorts, in the order of the year: plans first. A test reads the files.
pub fn all() -> &'static [Sort] {
    &SORTS
}

/// A sort by id.
pub fn find(id: &str) -> Option<&'static Sort> {
    all().iter().find(|sort| sort.id == id)
}

impl Sort {
    /// A field by id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// A step by id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// Whether something belongs to it.
    pub fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    /// The kind of the record that follows.
    pub fn kind(&self) -> Option<&'static Kind> {
        self.record.as_ref().and_then(|record| kinds::find(&record.kind))
    }

    /// How a matter stands after a step, in words.
    pub fn state(&self, id: &str) -> Text {
        match self.step(id) {
            Some(step) => step.done.clone(),
            None => Text::new("Mới lập", "Begun"),
        }
    }

    /// What may be chosen in a field: codes of the record's column on a day, the field's own choices, or a list of the rules.
    pub fn choices(&self, field: &Field) -> Vec<Choice> {
        match field.ty {
            Type::Code => {
                let kind = self.kind();
                let column = kind.and_then(|kind| Some(&kind.columns[kind.column(&field.id)?]));
                let Some(ColumnType::Code(list)) = column.map(|column| &column.ty) else { return Vec::new() };
                let choice = |code: &giaouoc_agreement::kind::Code| Choice {
                    code: code.code.clone(),
                    name: code.name.clone(),
                };
                list.codes.iter().map(choice).collect()
            }
            Type::Choice if field.choices_of == "honours" => crate::honours::all()
                .iter()
                .map(|honour| Choice { code: honour.code.clone(), name: honour.name.clone() })
                .collect(),
            Type::Choice => field.choices.clone(),
            Type::Flag => vec![
                Choice { code: "true".to_owned(), name: Text::new("có", "yes") },
                Choice { code: "false".to_owned(), name: Text::new("không", "no") },
            ],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_folder_is_read() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../matters");
        let there = std::fs::read_dir(folder).unwrap().count();
        assert_eq!(there, FILES.len());
        for text in FILES {
            toml::from_str::<Sort>(text).unwrap();
        }
    }

    #[test]
    fn what_a_sort_names_is_there() {
        for sort in all() {
            let id = &sort.id;
            let field = |name: &String| assert!(sort.field(name).is_some(), "{id}: no field {name}");
            field(&sort.title);
            if !sort.when.is_empty() {
                assert_eq!(sort.field(&sort.when).map(|field| field.ty), Some(Type::Date), "{id}");
            }
            let ids: BTreeSet<&str> = sort.fields.iter().map(|field| field.id.as_str()).collect();
            assert_eq!(ids.len(), sort.fields.len(), "{id}");
            for step in &sort.steps {
                step.needs.iter().chain(&step.asks).for_each(field);
                for from in &step.from {
                    assert!(from == BEGUN || sort.step(from).is_some(), "{id}.{}: {from}", step.id);
                }
            }
            let meets = sort.steps.iter().filter(|step| step.meets).count();
            assert!(meets <= usize::from(!sort.when.is_empty()), "{id}");
            // Each state but the last ones leads somewhere, and each can be reached.
            let mut reached = BTreeSet::from([BEGUN]);
            for _ in &sort.steps {
                for step in &sort.steps {
                    if !step.aside && step.from.iter().any(|from| reached.contains(from.as_str())) {
                        reached.insert(&step.id);
                    }
                }
            }
            for step in sort.steps.iter().filter(|step| !step.aside) {
                assert!(reached.contains(step.id.as_str()), "{id}: {} is never reached", step.id);
            }
            for field in &sort.fields {
                let choices = sort.choices(field).is_empty();
                let wants = matches!(field.ty, Type::Code | Type::Choice | Type::Flag);
                assert_eq!(choices, !wants, "{id}.{}", field.id);
                assert!(field.of.is_empty() || find(&field.of).is_some(), "{id}.{}", field.id);
            }
            if let Some(consent) = &sort.consent {
                assert!(sort.step(&consent.given).is_some() && sort.step(&consent.withdrawn).is_some());
                for name in &consent.fields {
                    assert!(sort.field(name).is_some_and(|field| field.personal), "{id}.{name}");
                }
            }
        }
    }

    #[test]
    fn what_stands_in_the_columns_of_records_is_of_their_type() {
        for sort in all() {
            let Some(record) = &sort.record else { continue };
            let kind = kinds::find(&record.kind).unwrap();
            assert!(sort.step(&record.from).is_some(), "{}", sort.id);
            for (name, source) in &record.columns {
                let at = kind.column(name).unwrap_or_else(|| panic!("{}: no column {name}", sort.id));
                let column = &kind.columns[at];
                let at = format!("{}.{name} = {source}", sort.id);
                assert!(!column.personal, "{at}");
                let (what, id) = source.split_once(':').unwrap_or((source, ""));
                match what {
                    "field" => {
                        let field = sort.field(id).unwrap_or_else(|| panic!("{at}"));
                        assert!(!field.personal, "{at}");
                        let right = match field.ty {
                            Type::Line | Type::Text | Type::Matter => column.ty == ColumnType::Text,
                            Type::Date => column.ty == ColumnType::Date,
                            Type::Number => column.ty == ColumnType::Integer,
                            Type::Flag => column.ty == ColumnType::Flag,
                            Type::Code => matches!(column.ty, ColumnType::Code(_)) && column.id == field.id,
                            _ => false,
                        };
                        assert!(right, "{at}");
                    }
                    "event" => {
                        assert_eq!(sort.field(id).map(|field| field.ty), Some(Type::Event), "{at}");
                        assert_eq!(column.ty, ColumnType::Text, "{at}");
                    }
                    "day" => {
                        assert!(sort.step(id).is_some(), "{at}");
                        assert_eq!(column.ty, ColumnType::Date, "{at}");
                    }
                    "count" | "number" => assert_eq!(column.ty, ColumnType::Integer, "{at}"),
                    "adopted" => assert_eq!(column.ty, ColumnType::Date, "{at}"),
                    "word" | "role" => {
                        let ColumnType::Code(list) = &column.ty else { panic!("{at}") };
                        let known = |code: &str| list.codes.iter().any(|one| one.code == code);
                        assert!(
                            if what == "word" { known(id) } else { known("host") && known("adopter") },
                            "{at}"
                        );
                    }
                    _ => panic!("{at}"),
                }
            }
        }
    }
}
