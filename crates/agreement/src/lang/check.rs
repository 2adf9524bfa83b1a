//! Typing: the untyped tree, a kind and its definitions into a [`Typed`] tree, or everything that is wrong.

mod calls;
mod names;
mod operators;

use std::ops::Range;

use super::ast::{Ast, AstNode};
use super::definitions::{Definitions, Expanded};
use super::error::{Errors, LangError, shown};
use super::parse::parse;
use super::{MAX_DEPTH, MAX_NODES, Node, Type, Typed};
use crate::kind::{Column, Kind};

/// What a condition is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The kind of record it speaks of.
    pub kind: &'a Kind,
    /// The definitions it may name.
    pub definitions: &'a Definitions,
    /// Whether the calendar has working days; under one that only knows its zone, functions that need
    /// them are refused.
    pub working_days: bool,
}

/// What a value has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A condition: true or false.
    Flag,
    /// The integer of a sum, mean or percentile, or of signed totals.
    Integer,
    /// What `distinct` counts: a flag, integer, text, day or moment; also the kind's key.
    Distinct,
    /// Any type: a definition.
    Any,
}

/// Reads and checks a condition.
pub fn condition(text: &str, setting: &Setting<'_>) -> Result<Typed, Vec<LangError>> {
    value(text, Wanted::Flag, setting)
}

/// Reads and checks a value.
pub fn value(text: &str, wanted: Wanted, setting: &Setting<'_>) -> Result<Typed, Vec<LangError>> {
    read(text, wanted, setting, &mut Vec::new())
}

/// Reads and checks the definition of a name by itself, so that its errors can be shown where it stands.
/// `None` when there is no definition of that name.
pub fn definition(name: &str, setting: &Setting<'_>) -> Option<Result<Typed, Vec<LangError>>> {
    let text = setting.definitions.text(name)?;
    Some(read(text, Wanted::Any, setting, &mut vec![name.to_owned()]))
}

fn read(
    text: &str,
    wanted: Wanted,
    setting: &Setting<'_>,
    path: &mut Vec<String>,
) -> Result<Typed, Vec<LangError>> {
    let mut errors = Errors::default();
    let tree = parse(text, &mut errors);
    let mut expanded = Expanded::default();
    expanded.add(&tree, setting, path);
    let found = Checker::new(text, setting, &expanded, &mut errors).wanted(&tree, wanted);
    match found {
        Some(found) if errors.is_empty() => Ok(found.typed),
        _ => Err(errors.into_sorted()),
    }
}

/// A checked part with what only the checker needs to know of it.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    typed: Typed,
    /// The code column whose codes it holds.
    codes: Option<&'a Column>,
    /// A duration that is a number of whole days whatever the record holds.
    whole_days: bool,
    /// Nodes of the tree.
    nodes: usize,
    /// Levels of the tree.
    depth: usize,
}

impl Found<'_> {
    fn ty(&self) -> Type {
        self.typed.ty
    }
}

/// Checks one text.
pub(super) struct Checker<'a, 'e> {
    text: &'e str,
    setting: &'e Setting<'a>,
    expanded: &'e Expanded<'a>,
    errors: &'e mut Errors,
}

impl<'a, 'e> Checker<'a, 'e> {
    pub(super) fn new(
        text: &'e str,
        setting: &'e Setting<'a>,
        expanded: &'e Expanded<'a>,
        errors: &'e mut Errors,
    ) -> Self {
        Self { text, setting, expanded, errors }
    }

    /// Checks a tree of any type.
    pub(super) fn any(mut self, tree: &Ast) -> Option<Found<'a>> {
        self.check(tree)
    }

    fn wanted(mut self, tree: &Ast, wanted: Wanted) -> Option<Found<'a>> {
        let found = match (&tree.node, wanted) {
            (AstNode::Name(name), Wanted::Distinct) => self.name(name, &tree.span, true)?,
            _ => self.check(tree)?,
        };
        let ty = found.ty();
        let fits = match wanted {
            Wanted::Flag => ty == Type::Flag,
            Wanted::Integer => ty == Type::Integer,
            Wanted::Distinct => !matches!(ty, Type::Duration | Type::Intervals | Type::Changes),
            Wanted::Any => true,
        };
        if fits || !self.errors.is_empty() {
            // What the whole comes to is a question for when its parts are right.
            return Some(found);
        }
        let (vi, en) = match wanted {
            Wanted::Flag => ("đúng/sai", "a flag (true or false)"),
            Wanted::Integer => ("số nguyên", "an integer"),
            _ => (
                "đúng/sai, số nguyên, chữ, ngày hoặc thời điểm",
                "a flag, an integer, a text, a day or a moment",
            ),
        };
        let error = LangError::new(
            "wrong-result",
            tree.span.clone(),
            format!("Kết quả phải là {vi}, nhưng `{}` là {}.", self.source(&tree.span), ty.vi()),
            format!("The result must be {en}, but `{}` is {}.", self.source(&tree.span), ty.en()),
        );
        let source = self.source(&tree.span);
        self.errors.push(match (wanted, ty) {
            (Wanted::Flag, Type::Day | Type::Moment) => error.help(
                format!("So sánh với một giá trị, ví dụ {source} in period hoặc {source} is known."),
                format!("Compare it with something, for example {source} in period or {source} is known."),
            ),
            (Wanted::Flag, _) => error.help(
                "So sánh với một giá trị bằng =, !=, <, <=, >, >=, in (…) hoặc is known.",
                "Compare it with something by =, !=, <, <=, >, >=, in (…) or is known.",
            ),
            (Wanted::Integer, Type::Duration) => error.help(
                "Dùng work_minutes(từ, đến) hoặc work_days(từ, đến) để có số nguyên.",
                "Use work_minutes(from, to) or work_days(from, to) to get an integer.",
            ),
            (Wanted::Integer, Type::Flag) => error.help(
                "Điều kiện đặt ở `counted`; số cần cộng đặt ở đây.",
                "Conditions belong in `counted`; here stands the number to add up.",
            ),
            (_, Type::Intervals | Type::Changes) => error.help(
                format!("Đếm số mục: count({source})."),
                format!("Count its entries: count({source})."),
            ),
            (Wanted::Integer, _) => error.help(
                "Viết một cột số nguyên, hoặc một phép tính, một hàm cho số nguyên.",
                "Write a column of integers, or a sum or function that gives one.",
            ),
            _ => error.help("Dùng work_minutes(từ, đến).", "Use work_minutes(from, to)."),
        });
        None
    }

    /// The text of a part, for messages.
    fn source(&self, span: &Range<usize>) -> String {
        shown(self.text.get(span.clone()).unwrap_or_default())
    }

    /// A node over checked parts, within the bounds on size.
    fn node(&mut self, ast: &Ast, node: Node, ty: Type, size: (usize, usize)) -> Option<Found<'a>> {
        let (nodes, depth) = (size.0 + 1, size.1 + 1);
        if nodes > MAX_NODES {
            self.errors.push(
                LangError::new(
                    "too-many-parts",
                    ast.span.clone(),
                    format!("Điều kiện có quá {MAX_NODES} phần (tính cả các định nghĩa dùng trong đó)."),
                    format!("The condition has more than {MAX_NODES} parts, its definitions included."),
                )
                .help(
                    "Viết gọn lại, hoặc tách thành nhiều chỉ tiêu.",
                    "Shorten it, or make several targets of it.",
                ),
            );
            return None;
        }
        if depth > MAX_DEPTH {
            self.errors.push(
                LangError::new(
                    "too-deep",
                    ast.span.clone(),
                    format!(
                        "Điều kiện lồng nhau quá {MAX_DEPTH} tầng (tính cả các định nghĩa dùng trong đó)."
                    ),
                    format!(
                        "The condition is nested more than {MAX_DEPTH} levels deep, its definitions included."
                    ),
                )
                .help("Viết lại cho phẳng hơn.", "Write it flatter."),
            );
            return None;
        }
        let typed = Typed { node, ty, span: ast.span.clone() };
        Some(Found { typed, codes: None, whole_days: false, nodes, depth })
    }

    fn leaf(&mut self, ast: &Ast, node: Node, ty: Type) -> Option<Found<'a>> {
        self.node(ast, node, ty, (0, 0))
    }

    /// Checks one part. `None` when it is wrong, which has been reported.
    fn check(&mut self, ast: &Ast) -> Option<Found<'a>> {
        match &ast.node {
            AstNode::Broken => None,
            AstNode::Name(name) => self.name(name, &ast.span, false),
            AstNode::Flag(flag) => self.leaf(ast, Node::Flag(*flag), Type::Flag),
            AstNode::Integer(value) => self.leaf(ast, Node::Integer(*value), Type::Integer),
            AstNode::Text(text) => self.leaf(ast, Node::Text(text.clone()), Type::Text),
            AstNode::Day(day) => self.leaf(ast, Node::Day(*day), Type::Day),
            AstNode::Duration(micros) => self.duration(ast, *micros),
            AstNode::AsOf => self.leaf(ast, Node::AsOf, Type::Day),
            AstNode::PeriodStart => self.leaf(ast, Node::PeriodStart, Type::Day),
            AstNode::PeriodEnd => self.leaf(ast, Node::PeriodEnd, Type::Day),
            AstNode::Not(inner) => {
                let found = self.flag(inner)?;
                self.negated(ast, found)
            }
            AstNode::And(parts) => self.joined(ast, parts, true),
            AstNode::Or(parts) => self.joined(ast, parts, false),
            AstNode::Compare(op, left, right) => self.compare(ast, *op, left, right),
            AstNode::In { value, negated, items } => {
                let found = self.in_list(ast, value, items)?;
                if *negated { self.negated(ast, found) } else { Some(found) }
            }
            AstNode::InPeriod { value, negated } => {
                let found = self.in_period(ast, value)?;
                if *negated { self.negated(ast, found) } else { Some(found) }
            }
            AstNode::IsKnown { value, negated } => {
                let inner = match &value.node {
                    AstNode::Name(name) => self.name(name, &value.span, true)?,
                    _ => self.check(value)?,
                };
                let size = (inner.nodes, inner.depth);
                let found = self.node(ast, Node::IsKnown(Box::new(inner.typed)), Type::Flag, size)?;
                if *negated { self.negated(ast, found) } else { Some(found) }
            }
            AstNode::Negate(inner) => self.negate(ast, inner),
            AstNode::Arithmetic(op, left, right) => self.arithmetic(ast, *op, left, right),
            AstNode::Call(name, place, arguments) => self.call(ast, name, place, arguments),
        }
    }

    /// A part that has to be true or false.
    fn flag(&mut self, ast: &Ast) -> Option<Found<'a>> {
        let found = self.check(ast)?;
        if found.ty() == Type::Flag {
            return Some(found);
        }
        let source = self.source(&ast.span);
        let error = LangError::new(
            "not-a-flag",
            ast.span.clone(),
            format!("Ở đây cần một điều kiện đúng/sai, nhưng `{source}` là {}.", found.ty().vi()),
            format!("A condition is needed here, but `{source}` is {}.", found.ty().en()),
        );
        self.errors.push(match found.ty() {
            // `outcome = 'granted' or 'refused'` is how people speak.
            Type::Text | Type::Integer | Type::Day if is_literal(&found.typed) => error.help(
                "Nếu đây là một trong nhiều giá trị, viết x in ('a', 'b').",
                "If it is one of several values, write x in ('a', 'b').",
            ),
            _ => error.help(
                "So sánh với một giá trị bằng =, !=, <, <=, >, >=, in (…) hoặc is known.",
                "Compare it with something by =, !=, <, <=, >, >=, in (…) or is known.",
            ),
        });
        None
    }

    fn negated(&mut self, ast: &Ast, found: Found<'a>) -> Option<Found<'a>> {
        let size = (found.nodes, found.depth);
        self.node(ast, Node::Not(Box::new(found.typed)), Type::Flag, size)
    }

    /// `and`, `or`: parts of the same shape are taken in, so that brackets and definitions leave no trace.
    fn joined(&mut self, ast: &Ast, parts: &[Ast], and: bool) -> Option<Found<'a>> {
        let mut flat = Vec::with_capacity(parts.len());
        let (mut nodes, mut depth, mut whole) = (0, 0, true);
        for part in parts {
            let Some(found) = self.flag(part) else {
                whole = false;
                continue;
            };
            nodes += found.nodes;
            match (found.typed.node, and) {
                (Node::And(inner), true) | (Node::Or(inner), false) => {
                    nodes -= 1;
                    depth = depth.max(found.depth - 1);
                    flat.extend(inner);
                }
                (node, _) => {
                    depth = depth.max(found.depth);
                    flat.push(Typed { node, ..found.typed });
                }
            }
            if nodes > MAX_NODES {
                break;
            }
        }
        let node = if and { Node::And(flat) } else { Node::Or(flat) };
        let found = self.node(ast, node, Type::Flag, (nodes, depth))?;
        whole.then_some(found)
    }

    fn in_period(&mut self, ast: &Ast, value: &Ast) -> Option<Found<'a>> {
        let inner = self.check(value)?;
        if !matches!(inner.ty(), Type::Day | Type::Moment) {
            let source = self.source(&value.span);
            self.errors.push(
                LangError::new(
                    "wrong-type",
                    value.span.clone(),
                    format!(
                        "`in period` hỏi về một ngày hoặc thời điểm, nhưng `{source}` là {}.",
                        inner.ty().vi()
                    ),
                    format!("`in period` asks for a day or a moment, but `{source}` is {}.", inner.ty().en()),
                )
                .help("Đặt một cột ngày ở trước `in period`.", "Put a date column before `in period`."),
            );
            return None;
        }
        let size = (inner.nodes, inner.depth);
        self.node(ast, Node::InPeriod(Box::new(inner.typed)), Type::Flag, size)
    }
}

/// Whether a part is a fixed value.
fn is_literal(typed: &Typed) -> bool {
    matches!(typed.node, Node::Flag(_) | Node::Integer(_) | Node::Text(_) | Node::Day(_) | Node::Duration(_))
}
