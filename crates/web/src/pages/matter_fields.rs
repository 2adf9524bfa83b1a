//! The fields of matters in forms.

use giaouoc_agreement::text::Text;
use giaouoc_year::sort::{self, Sort, Type};
use giaouoc_year::value::Known;

use super::matter::Around;
use crate::html::encoded;
use crate::matters::Full;
use crate::when;
use crate::who::Who;

/// A field of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    pub id: String,
    pub label: String,
    pub hint: String,
    pub must: bool,
    /// `line`, `area`, `date`, `number`, `choice`.
    pub widget: &'static str,
    pub value: String,
    pub options: Vec<(String, String)>,
    pub problem: Option<String>,
    /// What somebody else wrote meanwhile.
    pub theirs: Option<String>,
    /// What stood there when the form was opened; nothing where that does not matter.
    pub was: Option<String>,
    pub personal: bool,
    /// Before its id on the page, where several forms stand on one.
    pub prefix: String,
}

/// A field with a value in it.
pub(crate) fn field(
    sort: &Sort,
    one: &sort::Field,
    who: &Who,
    around: &Around,
    value: &str,
    must: bool,
    problem: Option<String>,
) -> Field {
    let lang = who.lang;
    let named = |(id, name): &(String, Text)| (id.clone(), name.get(lang).to_owned());
    let options = match one.ty {
        Type::Flag | Type::Code | Type::Choice => {
            let choices = sort.choices(one);
            choices.iter().map(|choice| (choice.code.clone(), choice.name.get(lang).to_owned())).collect()
        }
        Type::Event => around
            .events
            .iter()
            .map(|event| {
                let day = when::day_shown(&event.day.to_string(), lang);
                (event.id.clone(), format!("{} ({day})", event.name.get(lang)))
            })
            .collect(),
        Type::Target => around.targets.iter().map(named).collect(),
        Type::Release => around.releases.iter().map(named).collect(),
        _ => Vec::new(),
    };
    Field {
        id: one.id.clone(),
        label: one.label.get(lang).to_owned(),
        hint: one.help.get(lang).to_owned(),
        must,
        widget: match one.ty {
            Type::Line | Type::Time => "line",
            Type::Text => "area",
            Type::Date => "date",
            Type::Number => "number",
            _ => "choice",
        },
        value: value.to_owned(),
        options,
        problem,
        theirs: None,
        was: None,
        personal: one.personal,
        prefix: String::new(),
    }
}

impl Field {
    /// Fills in which matters of the unit may be named.
    pub fn of_matters(&mut self, one: &sort::Field, all: &[Full], but: &str) {
        if one.ty == Type::Matter {
            let fits = all
                .iter()
                .filter(|full| full.row.sort == one.of && full.row.code != but && full.row.gone.is_none());
            self.options = fits
                .map(|full| {
                    (full.row.code.clone(), format!("{} ({})", full.matter.title(full.sort), full.row.code))
                })
                .collect();
        }
    }

    /// Its id on the page.
    pub fn at(&self) -> String {
        format!("v-{}{}", self.prefix, encoded(&self.id))
    }
}

/// What may be named in fields.
pub(crate) fn known(around: &Around, own: &[Full]) -> Known {
    let mut known = Known {
        events: around.events.iter().map(|event| (event.id.clone(), event.name.clone())).collect(),
        targets: around.targets.clone(),
        releases: around.releases.clone(),
        ..Known::default()
    };
    for full in own.iter().filter(|full| full.row.gone.is_none()) {
        let title = full.matter.title(full.sort).to_owned();
        known.matters.entry(full.row.sort.clone()).or_default().push((full.row.code.clone(), title));
    }
    known
}
