//! Random conditions that the checker would have built from some text.

use super::Random;
use crate::kind::{ColumnType, Kind, TextForm};
use crate::lang::{Arithmetic, Compare, Function, Node, Type, Typed};

const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;

fn typed(node: Node, ty: Type) -> Typed {
    Typed { node, ty, span: 0..0 }
}

fn call(function: Function, arguments: Vec<Typed>, ty: Type) -> Typed {
    typed(Node::Call(function, arguments), ty)
}

/// A tree with a box around each side.
fn pair<T>(make: fn(T, Box<Typed>, Box<Typed>) -> Node, op: T, a: Typed, b: Typed, ty: Type) -> Typed {
    typed(make(op, Box::new(a), Box::new(b)), ty)
}

fn is_literal(tree: &Typed) -> bool {
    matches!(tree.node, Node::Integer(_) | Node::Duration(_))
}

impl Random<'_> {
    /// A condition at most about `depth` levels deep.
    pub fn condition(&mut self, kind: &Kind, depth: usize) -> Typed {
        let choice = if depth == 0 { 8 + self.below(4) } else { self.below(12) };
        let deeper = depth.saturating_sub(1);
        match choice {
            0 | 1 => self.joined(kind, deeper, true),
            2 | 3 => self.joined(kind, deeper, false),
            4 => typed(Node::Not(Box::new(self.condition(kind, deeper))), Type::Flag),
            5..=7 => self.comparison(kind, deeper),
            8 => self.in_list(kind, deeper),
            9 => {
                let inner = if self.once_in(2) {
                    self.day_value(kind, deeper)
                } else {
                    self.moment_value(kind, deeper)
                };
                typed(Node::InPeriod(Box::new(inner)), Type::Flag)
            }
            10 => {
                let inner = self.any(kind, deeper);
                typed(Node::IsKnown(Box::new(inner)), Type::Flag)
            }
            _ => self.flag_leaf(kind, deeper),
        }
    }

    /// An integer, at most about `depth` levels deep.
    pub fn integer(&mut self, kind: &Kind, depth: usize) -> Typed {
        let deeper = depth.saturating_sub(1);
        let choice = if depth == 0 { self.below(3) } else { self.below(9) };
        match choice {
            0 => typed(Node::Integer(self.number()), Type::Integer),
            1 | 2 => self.column(kind, Type::Integer),
            3 | 4 => {
                let op = self.one_of(&[Arithmetic::Add, Arithmetic::Sub, Arithmetic::Mul]);
                let op = op.unwrap_or(Arithmetic::Add);
                let a = self.integer(kind, deeper);
                // Products of products leave 64 bits.
                let narrow = op == Arithmetic::Mul && !self.errors;
                let b = if narrow {
                    typed(Node::Integer(self.number()), Type::Integer)
                } else {
                    self.integer(kind, deeper)
                };
                pair(Node::Arithmetic, op, a, b, Type::Integer)
            }
            5 => self.negated(kind, deeper),
            6 => {
                let ty = if self.once_in(2) { Type::Intervals } else { Type::Changes };
                call(Function::Count, vec![self.column(kind, ty)], Type::Integer)
            }
            7 if self.working_time => self.work(kind, deeper),
            _ => self.coalesce(kind, deeper, Type::Integer),
        }
    }

    /// What `distinct` may count.
    pub fn distinct(&mut self, kind: &Kind, depth: usize) -> Typed {
        match self.below(6) {
            0 => typed(Node::Column(kind.key), Type::Text),
            1 => self.condition(kind, depth),
            2 => self.integer(kind, depth),
            3 => self.column(kind, Type::Text),
            4 => self.day_value(kind, depth),
            _ => self.moment_value(kind, depth),
        }
    }

    fn any(&mut self, kind: &Kind, depth: usize) -> Typed {
        match self.below(9) {
            0 => self.condition(kind, depth),
            1 => self.integer(kind, depth),
            2 => self.column(kind, Type::Text),
            3 => self.day_value(kind, depth),
            4 => self.moment_value(kind, depth),
            5 => self.duration(kind, depth),
            6 => self.column(kind, Type::Intervals),
            7 => self.column(kind, Type::Changes),
            _ => typed(Node::Column(kind.key), Type::Text),
        }
    }

    /// `and` or `or` over two to four parts of another shape.
    fn joined(&mut self, kind: &Kind, depth: usize, and: bool) -> Typed {
        let count = 2 + self.below(3);
        let mut parts = Vec::with_capacity(count);
        for _ in 0..count {
            let part = self.condition(kind, depth);
            match (part.node, and) {
                (Node::And(inner), true) | (Node::Or(inner), false) => parts.extend(inner),
                (node, _) => parts.push(typed(node, Type::Flag)),
            }
        }
        typed(if and { Node::And(parts) } else { Node::Or(parts) }, Type::Flag)
    }

    fn comparison(&mut self, kind: &Kind, depth: usize) -> Typed {
        let equality = [Compare::Eq, Compare::Ne];
        let order = [Compare::Lt, Compare::Le, Compare::Gt, Compare::Ge, Compare::Eq, Compare::Ne];
        let (a, b, ordered) = match self.below(7) {
            0 => (self.condition(kind, depth), self.condition(kind, depth), false),
            1 => (self.integer(kind, depth), self.integer(kind, depth), true),
            2 => (self.column(kind, Type::Text), typed(Node::Text(self.text()), Type::Text), false),
            3 | 4 => (self.day_value(kind, depth), self.day_value(kind, depth), true),
            5 => (self.moment_value(kind, depth), self.moment_value(kind, depth), true),
            _ => (self.duration(kind, depth), self.duration(kind, depth), true),
        };
        // A text beside a code column has to be one of its codes.
        let b = match &b.node {
            Node::Text(_) => self.text_for(kind, &a),
            _ => b,
        };
        let op = if ordered { self.one_of(&order) } else { self.one_of(&equality) };
        pair(Node::Compare, op.unwrap_or(Compare::Eq), a, b, Type::Flag)
    }

    /// A text literal that may stand beside a text.
    fn text_for(&mut self, kind: &Kind, beside: &Typed) -> Typed {
        let codes = match beside.node {
            Node::Column(column) => match kind.columns.get(column).map(|column| &column.ty) {
                Some(ColumnType::Code(list)) => list.codes.clone(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let text = match self.one_of(&codes) {
            Some(code) => code.code,
            None => self.text(),
        };
        typed(Node::Text(text), Type::Text)
    }

    fn in_list(&mut self, kind: &Kind, depth: usize) -> Typed {
        let value = match self.below(4) {
            0 => self.flag_leaf(kind, 0),
            1 => self.integer(kind, depth),
            2 => self.column(kind, Type::Text),
            _ => self.day_value(kind, depth),
        };
        let count = 1 + self.below(3);
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(match value.ty {
                Type::Flag => typed(Node::Flag(self.once_in(2)), Type::Flag),
                Type::Integer => typed(Node::Integer(self.number()), Type::Integer),
                Type::Text => self.text_for(kind, &value),
                _ => typed(Node::Day(self.day()), Type::Day),
            });
        }
        typed(Node::In(Box::new(value), items), Type::Flag)
    }

    fn flag_leaf(&mut self, kind: &Kind, depth: usize) -> Typed {
        match self.below(5) {
            0 => typed(Node::Flag(self.once_in(2)), Type::Flag),
            1 if self.working_time => {
                call(Function::IsWorkingDay, vec![self.day_value(kind, depth)], Type::Flag)
            }
            2 if self.working_time => {
                call(Function::OutsideHours, vec![self.column(kind, Type::Moment)], Type::Flag)
            }
            _ => self.column(kind, Type::Flag),
        }
    }

    fn day_value(&mut self, kind: &Kind, depth: usize) -> Typed {
        let deeper = depth.saturating_sub(1);
        let choice = if depth == 0 { self.below(7) } else { self.below(12) };
        match choice {
            0 => typed(Node::Day(self.day()), Type::Day),
            1 => typed(Node::AsOf, Type::Day),
            2 => typed(if self.once_in(2) { Node::PeriodStart } else { Node::PeriodEnd }, Type::Day),
            3 | 4 => {
                let zones = [None, None, None, Some("UTC"), Some("America/New_York")];
                let zone = self.one_of(&zones).flatten().map(str::to_owned);
                call(Function::Day(zone), vec![self.moment_value(kind, deeper)], Type::Day)
            }
            7 if self.working_time => self.added(kind, deeper, Function::AddWorkingDays),
            8 if self.working_time => self.added(kind, deeper, Function::AddCalendarDays),
            9 => self.added(kind, deeper, Function::AddMonths),
            10 => {
                let op = if self.once_in(2) { Arithmetic::Add } else { Arithmetic::Sub };
                let (day, days) = (self.day_value(kind, deeper), self.whole_days());
                pair(Node::Arithmetic, op, day, days, Type::Day)
            }
            11 => self.coalesce(kind, deeper, Type::Day),
            _ => self.column(kind, Type::Day),
        }
    }

    /// A day so many days or months after another.
    fn added(&mut self, kind: &Kind, depth: usize, function: Function) -> Typed {
        let day = self.day_value(kind, depth);
        let number = if self.errors && self.once_in(4) {
            match self.integer(kind, depth) {
                Typed { node: Node::Integer(n), .. } => {
                    typed(Node::Integer(n.checked_abs().unwrap_or(0)), Type::Integer)
                }
                number => number,
            }
        } else {
            let most = if function == Function::AddMonths { 4 } else { 12 };
            typed(Node::Integer(i64::try_from(self.below(most)).unwrap_or(0)), Type::Integer)
        };
        call(function, vec![day, number], Type::Day)
    }

    fn whole_days(&mut self) -> Typed {
        typed(Node::Duration(self.number().clamp(-30, 30) * DAY), Type::Duration)
    }

    fn moment_value(&mut self, kind: &Kind, depth: usize) -> Typed {
        let deeper = depth.saturating_sub(1);
        let choice = if depth == 0 { 5 } else { self.below(7) };
        match choice {
            0 => {
                let op = if self.once_in(2) { Arithmetic::Add } else { Arithmetic::Sub };
                let (at, by) = (self.moment_value(kind, deeper), self.short_duration());
                pair(Node::Arithmetic, op, at, by, Type::Moment)
            }
            1 if self.working_time => {
                let hours = self.once_in(2);
                let function = if hours { Function::AddWorkingHours } else { Function::AddWorkingMinutes };
                let number = i64::try_from(self.below(if hours { 40 } else { 2_000 })).unwrap_or(0);
                let number = typed(Node::Integer(number), Type::Integer);
                call(function, vec![self.moment_value(kind, deeper), number], Type::Moment)
            }
            2 => self.coalesce(kind, deeper, Type::Moment),
            6 if self.working_time => {
                let received = self.moment_value(kind, deeper);
                call(Function::DueBy, vec![received, self.limit_value(kind)], Type::Moment)
            }
            _ => self.column(kind, Type::Moment),
        }
    }

    /// A column of time limits, or one written out.
    fn limit_value(&mut self, kind: &Kind) -> Typed {
        let column = kind.columns.iter().position(|column| column.form == Some(TextForm::Limit));
        match column {
            Some(column) if !self.once_in(4) => typed(Node::Column(column), Type::Text),
            _ => {
                let written = ["3 working days", "2 months", "8 working hours", "same day"];
                typed(Node::Text(self.one_of(&written).unwrap_or_default().to_owned()), Type::Text)
            }
        }
    }

    fn short_duration(&mut self) -> Typed {
        let minutes = self.number().clamp(-30, 30) * 45;
        typed(Node::Duration(minutes * MINUTE), Type::Duration)
    }

    fn duration(&mut self, kind: &Kind, depth: usize) -> Typed {
        let deeper = depth.saturating_sub(1);
        let choice = if depth == 0 { 0 } else { self.below(6) };
        match choice {
            1 => {
                let (a, b) = (self.moment_value(kind, deeper), self.moment_value(kind, deeper));
                pair(Node::Arithmetic, Arithmetic::Sub, a, b, Type::Duration)
            }
            2 => {
                let (a, b) = (self.day_value(kind, deeper), self.day_value(kind, deeper));
                pair(Node::Arithmetic, Arithmetic::Sub, a, b, Type::Duration)
            }
            3 => {
                let a =
                    if self.errors { self.integer(kind, deeper) } else { self.column(kind, Type::Integer) };
                let b = self.short_duration();
                let (a, b) = if self.once_in(2) { (a, b) } else { (b, a) };
                pair(Node::Arithmetic, Arithmetic::Mul, a, b, Type::Duration)
            }
            4 => {
                let op = if self.once_in(2) { Arithmetic::Add } else { Arithmetic::Sub };
                let (a, b) = (self.duration(kind, deeper), self.duration(kind, deeper));
                pair(Node::Arithmetic, op, a, b, Type::Duration)
            }
            5 => {
                let inner = self.duration(kind, deeper);
                if is_literal(&inner) { inner } else { typed(Node::Negate(Box::new(inner)), Type::Duration) }
            }
            _ => self.short_duration(),
        }
    }

    /// `-x`; a minus before a literal is part of the literal.
    fn negated(&mut self, kind: &Kind, depth: usize) -> Typed {
        let inner = self.integer(kind, depth);
        if is_literal(&inner) { inner } else { typed(Node::Negate(Box::new(inner)), Type::Integer) }
    }

    fn work(&mut self, kind: &Kind, depth: usize) -> Typed {
        match self.below(3) {
            0 => {
                let days = vec![self.day_value(kind, depth), self.day_value(kind, depth)];
                call(Function::WorkDays, days, Type::Integer)
            }
            more => {
                let mut arguments = vec![self.moment_value(kind, depth), self.moment_value(kind, depth)];
                if more == 2 {
                    arguments.push(self.column(kind, Type::Intervals));
                }
                call(Function::WorkMinutes, arguments, Type::Integer)
            }
        }
    }

    fn coalesce(&mut self, kind: &Kind, depth: usize, ty: Type) -> Typed {
        let count = 2 + self.below(2);
        let parts = (0..count).map(|_| match ty {
            Type::Integer => self.integer(kind, depth),
            Type::Day => self.day_value(kind, depth),
            _ => self.moment_value(kind, depth),
        });
        call(Function::Coalesce, parts.collect(), ty)
    }

    /// A column of a type that a condition may name.
    fn column(&mut self, kind: &Kind, ty: Type) -> Typed {
        let fits = |(index, column): &(usize, &crate::kind::Column)| {
            Type::of(&column.ty) == ty && !column.personal && *index != kind.key
        };
        let columns: Vec<usize> =
            kind.columns.iter().enumerate().filter(fits).map(|(index, _)| index).collect();
        typed(Node::Column(self.one_of(&columns).unwrap_or(kind.unit)), ty)
    }
}
