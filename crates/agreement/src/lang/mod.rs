//! Conditions: text into a typed tree, and what the tree means for one row. `docs/language.md` is the
//! grammar.

mod ast;
mod canonical;
mod check;
mod definitions;
mod error;
pub mod eval;
mod foreign;
mod lex;
mod parse;
mod print;
#[doc(hidden)]
pub mod random;
mod run;
mod trace;
mod types;
mod words;
pub mod zones;

use std::collections::BTreeSet;
use std::ops::Range;

use giaouoc_worktime::time::Day;

pub use canonical::canonical;
pub use check::{Setting, Wanted, condition, definition, value};
pub use definitions::Definitions;
pub use error::LangError;
pub use eval::{Context, EvalError, Row, eval};
pub use print::print;
pub use run::{Run, run};
pub use trace::{Trace, trace};
pub use words::{sentence, words};

/// Version of the meaning of the language: part of every digest. Raise it when a tree that stays the same
/// would mean something else.
pub const VERSION: u32 = 1;

/// A condition is at most this long.
pub const MAX_BYTES: usize = 64 * 1024;
/// One text nests at most this deep.
pub const MAX_NESTING: usize = 64;
/// Definitions lead into one another at most this deep.
pub const MAX_DEFINITION_NESTING: usize = 16;
/// A tree with its definitions put in holds at most this many nodes.
pub const MAX_NODES: usize = 2_000;
/// A tree with its definitions put in is at most this deep; whoever walks a tree may recurse.
pub const MAX_DEPTH: usize = 128;

/// The type of a part of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// True, false, unknown.
    Flag,
    /// 64-bit integer.
    Integer,
    /// Text or code.
    Text,
    /// Calendar day.
    Day,
    /// Instant, or a day where only the day is known.
    Moment,
    /// Microseconds.
    Duration,
    /// List of intervals.
    Intervals,
    /// List of due-date changes.
    Changes,
}

/// A part of a condition that passed the type check against one kind. It cannot be built wrong outside
/// the `lang` module: fields are read through their public names, trees come from [`crate::lang`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// What it is.
    pub node: Node,
    /// Its type.
    pub ty: Type,
    /// Bytes of the condition's text that it came from (definitions: the place of the name).
    pub span: Range<usize>,
}

impl Typed {
    /// The parts of this part, in the order of the text.
    pub fn parts(&self) -> Vec<&Typed> {
        match &self.node {
            Node::Not(x) | Node::InPeriod(x) | Node::IsKnown(x) | Node::Negate(x) => vec![x],
            Node::Compare(_, a, b) | Node::Arithmetic(_, a, b) => vec![a, b],
            Node::And(parts) | Node::Or(parts) | Node::Call(_, parts) => parts.iter().collect(),
            Node::In(x, items) => std::iter::once(&**x).chain(items).collect(),
            _ => Vec::new(),
        }
    }

    /// The columns it reads (not those that they hang on), by index.
    pub fn columns(&self) -> BTreeSet<usize> {
        let mut columns: BTreeSet<usize> = self.parts().into_iter().flat_map(Self::columns).collect();
        if let Node::Column(column) = self.node {
            columns.insert(column);
        }
        columns
    }

    /// Changes every day that stands written in it, as whoever computes it on another year must.
    pub fn each_day(&mut self, change: &mut dyn FnMut(&mut Day)) {
        self.walk(&mut |part| {
            if let Node::Day(day) = &mut part.node {
                change(day);
            }
        });
    }

    /// Puts the whole tree at one place of a text: that of a definition's name.
    fn placed(mut self, span: &Range<usize>) -> Self {
        self.walk(&mut |part| part.span = span.clone());
        self
    }

    fn walk(&mut self, each: &mut dyn FnMut(&mut Self)) {
        each(self);
        match &mut self.node {
            Node::Not(x) | Node::InPeriod(x) | Node::IsKnown(x) | Node::Negate(x) => x.walk(each),
            Node::Compare(_, a, b) | Node::Arithmetic(_, a, b) => {
                a.walk(each);
                b.walk(each);
            }
            Node::And(parts) | Node::Or(parts) | Node::Call(_, parts) => {
                parts.iter_mut().for_each(|part| part.walk(each));
            }
            Node::In(x, items) => {
                x.walk(each);
                items.iter_mut().for_each(|item| item.walk(each));
            }
            _ => {}
        }
    }
}

/// The shapes of a typed tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A column of the kind, by index.
    Column(usize),
    /// A literal.
    Flag(bool),
    /// A literal.
    Integer(i64),
    /// A literal.
    Text(String),
    /// A literal.
    Day(Day),
    /// A literal, microseconds.
    Duration(i64),
    /// `as_of`, a day.
    AsOf,
    /// `period.start`, the first day.
    PeriodStart,
    /// `period.end`, the last day.
    PeriodEnd,
    /// `not x`.
    Not(Box<Typed>),
    /// `a and b and …`, flattened, two or more.
    And(Vec<Typed>),
    /// `a or b or …`, flattened, two or more.
    Or(Vec<Typed>),
    /// `a OP b`, both sides of one type.
    Compare(Compare, Box<Typed>, Box<Typed>),
    /// `x in (…)`: literals of x's type, none unknown. `not in` is `Not(In)`.
    In(Box<Typed>, Vec<Typed>),
    /// `x in period`: a day or a moment.
    InPeriod(Box<Typed>),
    /// `x is known`. `is not known` is `Not(IsKnown)`.
    IsKnown(Box<Typed>),
    /// `-x` of an integer or a duration.
    Negate(Box<Typed>),
    /// `a OP b`.
    Arithmetic(Arithmetic, Box<Typed>, Box<Typed>),
    /// A function call.
    Call(Function, Vec<Typed>),
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// Arithmetic operators; the operand types decide which sum it is (see `docs/language.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
}

/// The functions; `docs/language.md` gives the meaning of each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// `day(m)`; with a zone's IANA name when one is given.
    Day(Option<String>),
    /// `is_working_day(d)`
    IsWorkingDay,
    /// `add_working_days(d, n)`
    AddWorkingDays,
    /// `add_calendar_days(d, n)`
    AddCalendarDays,
    /// `add_months(d, n)`
    AddMonths,
    /// `add_working_minutes(m, n)`
    AddWorkingMinutes,
    /// `add_working_hours(m, n)`
    AddWorkingHours,
    /// `due_by(m, limit)`
    DueBy,
    /// `work_days(d1, d2)`
    WorkDays,
    /// `work_minutes(m1, m2)`, `work_minutes(m1, m2, pauses)`
    WorkMinutes,
    /// `outside_hours(m)`
    OutsideHours,
    /// `count(list)`
    Count,
    /// `coalesce(a, b, …)`
    Coalesce,
}

#[cfg(test)]
mod tests;
