//! A typed tree as a sentence in Vietnamese and English, with the labels of columns and the names of codes:
//! what the agreement says to somebody who does not read conditions.

mod sentences;
mod values;
mod whole;

pub use self::whole::sentence;
use super::{Compare, Node, Type, Typed};
use crate::kind::{ColumnType, Kind};
use crate::text::{Lang, Text};

/// A condition (or value) in words. No full stop: it may stand inside a sentence.
pub fn words(tree: &Typed, kind: &Kind) -> Text {
    let say = |lang| {
        let words = Words { kind, lang };
        capital(&if tree.ty == Type::Flag { words.sentence(tree) } else { words.value(tree) })
    };
    Text::new(say(Lang::Vi), say(Lang::En))
}

struct Words<'a> {
    kind: &'a Kind,
    lang: Lang,
}

impl Words<'_> {
    /// One of two, by language.
    fn say<'t>(&self, vi: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// Several things with commas and a last word: `a, b hoặc c`.
    fn list(&self, things: &[String], last: &str) -> String {
        match things {
            [] => String::new(),
            [one] => one.clone(),
            [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
        }
    }

    /// A comparison's words; texts and flags only know (un)equal.
    fn operator(&self, op: Compare, ty: Type) -> &'static str {
        let (vi, en) = match (ty, op) {
            (Type::Day | Type::Moment, Compare::Eq) => ("trùng với", "is the same as"),
            (Type::Day | Type::Moment, Compare::Ne) => ("không trùng với", "is not the same as"),
            (Type::Day | Type::Moment, Compare::Lt) => ("trước", "is before"),
            (Type::Day | Type::Moment, Compare::Le) => ("không muộn hơn", "is no later than"),
            (Type::Day | Type::Moment, Compare::Gt) => ("sau", "is after"),
            (Type::Day | Type::Moment, Compare::Ge) => ("không sớm hơn", "is no earlier than"),
            (Type::Integer | Type::Duration, Compare::Eq) => ("bằng", "equals"),
            (_, Compare::Eq) => ("là", "is"),
            (_, Compare::Ne) => ("khác", "is not"),
            (_, Compare::Lt) => ("nhỏ hơn", "is less than"),
            (_, Compare::Le) => ("không quá", "is at most"),
            (_, Compare::Gt) => ("lớn hơn", "is more than"),
            (_, Compare::Ge) => ("ít nhất là", "is at least"),
        };
        self.say(vi, en)
    }

    fn label(&self, column: usize) -> String {
        self.kind.columns.get(column).map_or_else(String::new, |c| c.label.get(self.lang).to_owned())
    }

    /// A text beside a column: the code's name on screen when it is one.
    fn code(&self, text: &str, beside: &Typed) -> String {
        let column = code_column(beside).and_then(|column| self.kind.columns.get(column));
        let codes = match column.map(|column| &column.ty) {
            Some(ColumnType::Code(list)) => list.codes.as_slice(),
            _ => &[],
        };
        match codes.iter().find(|code| code.code == text) {
            Some(code) => code.name.get(self.lang).to_owned(),
            None => format!("“{text}”"),
        }
    }
}

/// The first column of a value that may hold codes.
fn code_column(tree: &Typed) -> Option<usize> {
    match &tree.node {
        Node::Column(column) => Some(*column),
        Node::Call(_, parts) => parts.iter().find_map(code_column),
        _ => None,
    }
}

/// A comparison that is true exactly when the other is false (and unknown when it is).
fn opposite(op: Compare) -> Compare {
    match op {
        Compare::Eq => Compare::Ne,
        Compare::Ne => Compare::Eq,
        Compare::Lt => Compare::Ge,
        Compare::Le => Compare::Gt,
        Compare::Gt => Compare::Le,
        Compare::Ge => Compare::Lt,
    }
}

/// A capital letter at the start.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
