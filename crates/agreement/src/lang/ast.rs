//! The tree of a condition before its names and types are looked at.

use std::ops::Range;

use giaouoc_worktime::time::Day;

use super::{Arithmetic, Compare};

/// A part of a condition as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ast {
    /// What it is.
    pub(super) node: AstNode,
    /// Bytes of the condition.
    pub(super) span: Range<usize>,
    /// Levels of the tree from here down, at least 1.
    pub(super) depth: usize,
}

/// The shapes of the untyped tree. Brackets leave no trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AstNode {
    /// Already reported; everything above it keeps silent.
    Broken,
    /// A column or a definition.
    Name(String),
    Flag(bool),
    Integer(i64),
    Text(String),
    Day(Day),
    /// Microseconds.
    Duration(i64),
    AsOf,
    PeriodStart,
    PeriodEnd,
    Not(Box<Ast>),
    And(Vec<Ast>),
    Or(Vec<Ast>),
    Compare(Compare, Box<Ast>, Box<Ast>),
    /// `x [not] in (…)`
    In {
        value: Box<Ast>,
        negated: bool,
        items: Vec<Ast>,
    },
    /// `x [not] in period`
    InPeriod {
        value: Box<Ast>,
        negated: bool,
    },
    /// `x is [not] known`
    IsKnown {
        value: Box<Ast>,
        negated: bool,
    },
    Negate(Box<Ast>),
    Arithmetic(Arithmetic, Box<Ast>, Box<Ast>),
    /// A call, with the place of the function's name.
    Call(String, Range<usize>, Vec<Ast>),
}

impl Ast {
    /// A part without parts.
    pub(super) fn leaf(node: AstNode, span: Range<usize>) -> Self {
        Self { node, span, depth: 1 }
    }

    /// The parts of this part, in the order of the text.
    pub(super) fn parts(&self) -> Vec<&Ast> {
        match &self.node {
            AstNode::Not(x) | AstNode::Negate(x) => vec![x],
            AstNode::InPeriod { value, .. } | AstNode::IsKnown { value, .. } => vec![value],
            AstNode::Compare(_, a, b) | AstNode::Arithmetic(_, a, b) => vec![a, b],
            AstNode::And(parts) | AstNode::Or(parts) | AstNode::Call(_, _, parts) => parts.iter().collect(),
            AstNode::In { value, items, .. } => std::iter::once(&**value).chain(items).collect(),
            _ => Vec::new(),
        }
    }
}
