//! Which part of a condition decided for one record.

use super::eval::{Context, EvalError, Row, eval};
use super::{Function, Node, Typed};
use crate::value::Value;

/// A part of a condition with its value for one record, and its parts likewise.
#[derive(Clone, Debug)]
pub struct Trace<'a> {
    /// The part; [`super::words()`] and [`super::print()`] say it.
    pub tree: &'a Typed,
    /// Its value. Also given where the evaluator did not look; an error there stops nothing.
    pub value: Result<Value, EvalError>,
    /// Whether the evaluator looked at it, or had its answer before.
    pub looked_at: bool,
    /// Its parts, in the order of the text.
    pub parts: Vec<Trace<'a>>,
}

/// The values of a condition and all its parts for one record.
pub fn trace<'a>(tree: &'a Typed, row: &(impl Row + ?Sized), context: &Context<'_>) -> Trace<'a> {
    traced(tree, row, context, true)
}

fn traced<'a>(
    tree: &'a Typed,
    row: &(impl Row + ?Sized),
    context: &Context<'_>,
    looked_at: bool,
) -> Trace<'a> {
    let mut parts = Vec::new();
    let mut looking = looked_at;
    for part in tree.parts() {
        let part = traced(part, row, context, looking);
        let stops = match &tree.node {
            Node::And(_) => part.value == Ok(Value::Flag(false)),
            Node::Or(_) => part.value == Ok(Value::Flag(true)),
            Node::Call(Function::Coalesce, _) => part.value != Ok(Value::Unknown),
            _ => false,
        };
        looking &= !stops && part.value.is_ok();
        parts.push(part);
    }
    Trace { tree, value: eval(tree, row, context), looked_at, parts }
}

impl<'a> Trace<'a> {
    /// The comparisons (and other conditions without `and`, `or`, `not` of their own) that made the answer
    /// what it is: of a false `and` the false parts, of a true one all of them, of an unknown one the
    /// unknown parts; of an `or` the reverse.
    pub fn deciding(&self) -> Vec<&Trace<'a>> {
        match &self.tree.node {
            Node::And(_) | Node::Or(_) => {
                let same: Vec<_> = self.parts.iter().filter(|part| part.value == self.value).collect();
                same.into_iter().flat_map(Self::deciding).collect()
            }
            Node::Not(_) => self.parts.iter().flat_map(Self::deciding).collect(),
            _ => vec![self],
        }
    }
}
