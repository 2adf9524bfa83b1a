//! Conditions as clauses.

use super::{Words, opposite};
use crate::lang::{Compare, Function, Node, Type, Typed};

impl Words<'_> {
    pub(super) fn sentence(&self, tree: &Typed) -> String {
        self.clause(tree, true)
    }

    /// A condition as a clause, or (not `yes`) its opposite. Turning a comparison round says the same as
    /// `not` before it, for unknown values too.
    fn clause(&self, tree: &Typed, yes: bool) -> String {
        match &tree.node {
            Node::Not(inner) => self.clause(inner, !yes),
            Node::And(parts) if yes => self.joined(parts, self.say(", và ", ", and ")),
            Node::Or(parts) if yes => self.joined(parts, self.say(", hoặc ", ", or ")),
            Node::And(_) | Node::Or(_) => {
                let inner = self.clause(tree, true);
                match self.lang {
                    crate::text::Lang::Vi => format!("không có việc ({inner})"),
                    crate::text::Lang::En => format!("it is not so that ({inner})"),
                }
            }
            Node::Flag(flag) if *flag == yes => self.say("luôn đúng", "always").to_owned(),
            Node::Flag(_) => self.say("không bao giờ đúng", "never").to_owned(),
            Node::Compare(op, left, right) => {
                self.comparison(if yes { *op } else { opposite(*op) }, left, right)
            }
            Node::In(value, items) => self.one_of(value, items, yes),
            Node::InPeriod(value) => {
                let value = self.value(self.without_day(value));
                match yes {
                    true => format!("{value} {}", self.say("thuộc kỳ", "falls in the period")),
                    false => format!("{value} {}", self.say("không thuộc kỳ", "does not fall in the period")),
                }
            }
            Node::IsKnown(value) => {
                let value = self.value(value);
                match (self.lang, yes) {
                    (crate::text::Lang::Vi, true) => format!("đã có {value}"),
                    (crate::text::Lang::Vi, false) => format!("chưa có {value}"),
                    (crate::text::Lang::En, true) => format!("{value} is known"),
                    (crate::text::Lang::En, false) => format!("{value} is not known"),
                }
            }
            // The usual way to say what an unknown flag counts as.
            Node::Call(Function::Coalesce, arguments) => match arguments.as_slice() {
                [value, Typed { node: Node::Flag(other), .. }] => {
                    let (vi, en) = if *other {
                        ("(chưa có thì coi là có)", "(if not known: yes)")
                    } else {
                        ("(chưa có thì coi là không)", "(if not known: no)")
                    };
                    format!("{} {}", self.clause(value, yes), self.say(vi, en))
                }
                _ => self.labelled(tree, yes),
            },
            Node::Call(Function::IsWorkingDay, arguments) => self.said_of(
                arguments,
                yes,
                ("là ngày làm việc", "is a working day"),
                ("là ngày nghỉ", "is a day off"),
            ),
            Node::Call(Function::OutsideHours, arguments) => self.said_of(
                arguments,
                yes,
                ("ngoài giờ làm việc", "is outside working hours"),
                ("trong giờ làm việc", "is within working hours"),
            ),
            _ => self.labelled(tree, yes),
        }
    }

    /// `label: yes`
    fn labelled(&self, tree: &Typed, yes: bool) -> String {
        let value = self.value(tree);
        format!("{value}: {}", if yes { self.say("có", "yes") } else { self.say("không", "no") })
    }

    fn said_of(&self, of: &[Typed], yes: bool, so: (&str, &str), not: (&str, &str)) -> String {
        let subject = of.first().map_or_else(String::new, |value| self.value(value));
        let (vi, en) = if yes { so } else { not };
        format!("{subject} {}", self.say(vi, en))
    }

    /// Clauses with a word between; a clause that is itself joined stands in brackets.
    fn joined(&self, parts: &[Typed], word: &str) -> String {
        let clause = |part: &Typed| {
            let text = self.clause(part, true);
            if matches!(part.node, Node::And(_) | Node::Or(_)) { format!("({text})") } else { text }
        };
        parts.iter().map(clause).collect::<Vec<_>>().join(word)
    }

    fn comparison(&self, op: Compare, left: &Typed, right: &Typed) -> String {
        match (&left.node, &right.node) {
            // `online = true` is `online`.
            (_, Node::Flag(flag)) if left.ty == Type::Flag => {
                return self.clause(left, *flag == (op == Compare::Eq));
            }
            (Node::Flag(flag), _) => return self.clause(right, *flag == (op == Compare::Eq)),
            (Node::Text(text), _) => {
                return format!(
                    "{} {} {}",
                    self.value(right),
                    self.operator(op, right.ty),
                    self.code(text, right)
                );
            }
            (_, Node::Text(text)) => {
                return format!(
                    "{} {} {}",
                    self.value(left),
                    self.operator(op, left.ty),
                    self.code(text, left)
                );
            }
            _ => {}
        }
        if left.ty == Type::Flag {
            let (a, b) = (self.clause(left, true), self.clause(right, true));
            return match op {
                Compare::Ne => format!("({a}) {} ({b})", self.say("khác với", "differs from")),
                _ => format!("({a}) {} ({b})", self.say("giống với", "is the same as")),
            };
        }
        // Where both sides are cut to days it is said once.
        let by_day = [left, right].iter().all(|side| matches!(side.node, Node::Call(Function::Day(None), _)));
        let (left_words, right_words) = if by_day {
            (self.value(self.without_day(left)), self.value(self.without_day(right)))
        } else {
            (self.value(left), self.value(right))
        };
        let text = format!("{left_words} {} {right_words}", self.operator(op, left.ty));
        if by_day { format!("{text} {}", self.say("(so theo ngày)", "(compared by day)")) } else { text }
    }

    /// The moment inside `day(…)`: in a period, and beside another day, the cut to days goes without saying.
    fn without_day<'t>(&self, tree: &'t Typed) -> &'t Typed {
        match &tree.node {
            Node::Call(Function::Day(None), arguments) => arguments.first().unwrap_or(tree),
            _ => tree,
        }
    }

    fn one_of(&self, value: &Typed, items: &[Typed], yes: bool) -> String {
        let words = |item: &Typed| match &item.node {
            Node::Text(text) => self.code(text, value),
            Node::Flag(flag) => {
                if *flag { self.say("có", "yes") } else { self.say("không", "no") }.to_owned()
            }
            _ => self.value(item),
        };
        let list = self.list(&items.iter().map(words).collect::<Vec<_>>(), self.say("hoặc", "or"));
        let is = if yes { self.say("là", "is") } else { self.say("không phải là", "is not") };
        let subject = if value.ty == Type::Flag {
            format!("({})", self.clause(value, true))
        } else {
            self.value(value)
        };
        format!("{subject} {is} {list}")
    }
}
