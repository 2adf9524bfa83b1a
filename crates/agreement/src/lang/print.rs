//! A typed tree as the text of a condition, in one way only: reading it gives the same tree again.

use std::fmt;

use super::{Arithmetic, Compare, Function, Node, Typed};
use crate::kind::Kind;

/// The text of a tree on its kind. Brackets stand where they are needed and nowhere else.
pub fn print(tree: &Typed, kind: &Kind) -> String {
    Printed { tree, kind }.to_string()
}

/// How tightly a part holds together; a looser one inside a tighter one needs brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Unary,
    Primary,
}

fn binding(node: &Node) -> Binding {
    match node {
        Node::Or(_) => Binding::Or,
        Node::And(_) => Binding::And,
        Node::Not(inner) => match inner.node {
            Node::In(..) | Node::InPeriod(_) | Node::IsKnown(_) => Binding::Comparison,
            _ => Binding::Not,
        },
        Node::Compare(..) | Node::In(..) | Node::InPeriod(_) | Node::IsKnown(_) => Binding::Comparison,
        Node::Arithmetic(Arithmetic::Add | Arithmetic::Sub, ..) => Binding::Sum,
        Node::Arithmetic(Arithmetic::Mul, ..) => Binding::Product,
        Node::Negate(_) => Binding::Unary,
        Node::Integer(value) | Node::Duration(value) if *value < 0 => Binding::Unary,
        _ => Binding::Primary,
    }
}

struct Printed<'a> {
    tree: &'a Typed,
    kind: &'a Kind,
}

impl Printed<'_> {
    /// A part inside this one, in brackets when it binds less tightly than is needed there.
    fn part(&self, f: &mut fmt::Formatter<'_>, tree: &Typed, needed: Binding) -> fmt::Result {
        let part = Printed { tree, kind: self.kind };
        if binding(&tree.node) < needed { write!(f, "({part})") } else { write!(f, "{part}") }
    }

    fn joined(
        &self,
        f: &mut fmt::Formatter<'_>,
        parts: &[Typed],
        word: &str,
        needed: Binding,
    ) -> fmt::Result {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                write!(f, " {word} ")?;
            }
            self.part(f, part, needed)?;
        }
        Ok(())
    }

    /// `x in (…)`, `x in period`, `x is known`, each with its own place for a `not`.
    fn asked(&self, f: &mut fmt::Formatter<'_>, tree: &Typed, not: &str) -> fmt::Result {
        match &tree.node {
            Node::In(value, items) => {
                self.part(f, value, Binding::Sum)?;
                write!(f, " {not}in (")?;
                self.joined_by_commas(f, items)?;
                f.write_str(")")
            }
            Node::InPeriod(value) => {
                self.part(f, value, Binding::Sum)?;
                write!(f, " {not}in period")
            }
            Node::IsKnown(value) => {
                self.part(f, value, Binding::Sum)?;
                write!(f, " is {not}known")
            }
            _ => Ok(()),
        }
    }

    fn joined_by_commas(&self, f: &mut fmt::Formatter<'_>, parts: &[Typed]) -> fmt::Result {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            self.part(f, part, Binding::Or)?;
        }
        Ok(())
    }
}

impl fmt::Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.tree.node {
            Node::Column(column) => {
                f.write_str(self.kind.columns.get(*column).map_or("?", |column| column.id.as_str()))
            }
            Node::Flag(flag) => write!(f, "{flag}"),
            Node::Integer(value) => write!(f, "{value}"),
            Node::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Node::Day(day) => write!(f, "{day}"),
            Node::Duration(micros) => f.write_str(&duration(*micros)),
            Node::AsOf => f.write_str("as_of"),
            Node::PeriodStart => f.write_str("period.start"),
            Node::PeriodEnd => f.write_str("period.end"),
            Node::Not(inner) => match inner.node {
                Node::In(..) | Node::InPeriod(_) | Node::IsKnown(_) => self.asked(f, inner, "not "),
                _ => {
                    f.write_str("not ")?;
                    self.part(f, inner, Binding::Not)
                }
            },
            Node::And(parts) => self.joined(f, parts, "and", Binding::Not),
            Node::Or(parts) => self.joined(f, parts, "or", Binding::And),
            Node::Compare(op, left, right) => {
                self.part(f, left, Binding::Sum)?;
                write!(f, " {} ", op.sign())?;
                self.part(f, right, Binding::Sum)
            }
            Node::In(..) | Node::InPeriod(_) | Node::IsKnown(_) => self.asked(f, self.tree, ""),
            Node::Negate(inner) => {
                f.write_str("-")?;
                self.part(f, inner, Binding::Unary)
            }
            Node::Arithmetic(op, left, right) => {
                // Read from the left, so the right side needs brackets sooner.
                let (near, far) = match op {
                    Arithmetic::Add | Arithmetic::Sub => (Binding::Sum, Binding::Product),
                    Arithmetic::Mul => (Binding::Product, Binding::Unary),
                };
                self.part(f, left, near)?;
                write!(f, " {} ", op.sign())?;
                self.part(f, right, far)
            }
            Node::Call(function, arguments) => {
                write!(f, "{}(", function.name())?;
                self.joined_by_commas(f, arguments)?;
                if let Function::Day(Some(zone)) = function {
                    write!(f, ", '{zone}'")?;
                }
                f.write_str(")")
            }
        }
    }
}

/// A duration in its largest whole unit. Only whole minutes can be written; nothing else gets into a tree.
fn duration(micros: i64) -> String {
    let units = [(86_400_000_000, "day"), (3_600_000_000, "hour"), (60_000_000, "minute")];
    let fitting = units.iter().find(|(unit, _)| micros % unit == 0);
    let (unit, name) = fitting.copied().unwrap_or((60_000_000, "minute"));
    let count = micros / unit;
    let plural = if count.abs() == 1 { "" } else { "s" };
    format!("{count} {name}{plural}")
}

impl Compare {
    /// The operator as written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }
}

impl Arithmetic {
    /// The operator as written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
        }
    }
}
