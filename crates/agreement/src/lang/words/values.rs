//! Values as noun phrases.

use super::Words;
use crate::lang::{Arithmetic, Function, Node, Type, Typed};
use crate::limit::TimeLimit;
use crate::text::Lang;

impl Words<'_> {
    pub(super) fn value(&self, tree: &Typed) -> String {
        match &tree.node {
            Node::Column(column) => self.label(*column),
            Node::Flag(true) => self.say("có", "yes").to_owned(),
            Node::Flag(false) => self.say("không", "no").to_owned(),
            Node::Integer(value) => value.to_string(),
            Node::Text(text) => format!("“{text}”"),
            Node::Day(day) => match self.lang {
                Lang::Vi => day.dmy(),
                Lang::En => day.to_string(),
            },
            Node::Duration(micros) => self.duration(*micros),
            Node::AsOf => self.say("ngày tính số liệu", "the day of reckoning").to_owned(),
            Node::PeriodStart => self.say("ngày đầu kỳ", "the first day of the period").to_owned(),
            Node::PeriodEnd => self.say("ngày cuối kỳ", "the last day of the period").to_owned(),
            Node::Negate(inner) => format!("−{}", self.operand(inner)),
            Node::Arithmetic(op, left, right) => self.sum(*op, left, right),
            Node::Call(function, arguments) if tree.ty != Type::Flag || *function == Function::Coalesce => {
                self.call(function, arguments)
            }
            _ => format!("({})", self.sentence(tree)),
        }
    }

    /// A part of a sum, in brackets when it is one itself.
    fn operand(&self, tree: &Typed) -> String {
        let text = self.value(tree);
        if matches!(tree.node, Node::Arithmetic(..)) { format!("({text})") } else { text }
    }

    fn sum(&self, op: Arithmetic, left: &Typed, right: &Typed) -> String {
        let is_time = |tree: &Typed| matches!(tree.ty, Type::Day | Type::Moment);
        let (a, b) = (self.operand(left), self.operand(right));
        match (op, is_time(left), is_time(right), self.lang) {
            (Arithmetic::Add, true, _, Lang::Vi) => format!("{b} sau {a}"),
            (Arithmetic::Add, true, _, Lang::En) => format!("{b} after {a}"),
            (Arithmetic::Sub, true, false, Lang::Vi) => format!("{b} trước {a}"),
            (Arithmetic::Sub, true, false, Lang::En) => format!("{b} before {a}"),
            (Arithmetic::Sub, true, true, Lang::Vi) => format!("khoảng thời gian từ {b} đến {a}"),
            (Arithmetic::Sub, true, true, Lang::En) => format!("the time from {b} to {a}"),
            (Arithmetic::Add, ..) => format!("{a} + {b}"),
            (Arithmetic::Sub, ..) => format!("{a} − {b}"),
            (Arithmetic::Mul, ..) => format!("{a} × {b}"),
        }
    }

    fn duration(&self, micros: i64) -> String {
        let units = [
            (86_400_000_000, "ngày", "day", "days"),
            (3_600_000_000, "giờ", "hour", "hours"),
            (60_000_000, "phút", "minute", "minutes"),
        ];
        let fitting = units.iter().copied().find(|(unit, ..)| micros % unit == 0);
        let (unit, vi, one, many) = fitting.unwrap_or((60_000_000, "phút", "minute", "minutes"));
        let count = micros / unit;
        format!("{count} {}", self.say(vi, if count.abs() == 1 { one } else { many }))
    }

    /// A time limit: the column's name set off, or what is written out.
    fn limit(&self, limit: Option<&Typed>) -> String {
        let Some(limit) = limit else { return String::new() };
        match &limit.node {
            Node::Column(_) => format!("“{}”", self.value(limit)),
            Node::Text(text) => match TimeLimit::read(text) {
                Ok(read) => read.text().get(self.lang).to_owned(),
                Err(_) => self.operand(limit),
            },
            _ => self.operand(limit),
        }
    }

    fn call(&self, function: &Function, arguments: &[Typed]) -> String {
        let words: Vec<String> = arguments.iter().map(|argument| self.operand(argument)).collect();
        let word = |index: usize| words.get(index).map_or("", String::as_str);
        let a = word(0);
        // A number that stands in a column is set off: “Time limit” working days after ….
        let literal = matches!(arguments.get(1), Some(Typed { node: Node::Integer(_), .. }) | None);
        let takes_number = matches!(arguments.get(1), Some(Typed { ty: Type::Integer, .. }));
        let b = &if literal || !takes_number { word(1).to_owned() } else { format!("“{}”", word(1)) };
        let one = arguments.get(1).is_some_and(|n| n.node == Node::Integer(1));
        let vi = self.lang == Lang::Vi;
        let after = |unit_vi: &str, unit_one: &str, unit_many: &str| {
            let unit = if one { unit_one } else { unit_many };
            if vi { format!("{b} {unit_vi} sau {a}") } else { format!("{b} {unit} after {a}") }
        };
        match function {
            Function::Day(None) if vi => format!("ngày của {a}"),
            Function::Day(None) => format!("the day of {a}"),
            Function::Day(Some(zone)) if vi => format!("ngày của {a} (múi giờ {zone})"),
            Function::Day(Some(zone)) => format!("the day of {a} (time zone {zone})"),
            Function::AddWorkingDays => after("ngày làm việc", "working day", "working days"),
            Function::AddCalendarDays => {
                let rolled = self.say(
                    "(rơi vào ngày nghỉ thì chuyển sang ngày làm việc kế tiếp)",
                    "(moved to the next working day if it is a day off)",
                );
                format!("{} {rolled}", after("ngày", "day", "days"))
            }
            Function::AddMonths => after("tháng", "month", "months"),
            Function::AddWorkingMinutes => after("phút làm việc", "working minute", "working minutes"),
            Function::AddWorkingHours => after("giờ làm việc", "working hour", "working hours"),
            Function::DueBy if vi => format!("hạn trả của {a} theo {}", self.limit(arguments.get(1))),
            Function::DueBy => format!("the due date of {a} by {}", self.limit(arguments.get(1))),
            Function::WorkDays if vi => format!("số ngày làm việc từ {a} đến {b}"),
            Function::WorkDays => format!("the number of working days from {a} to {b}"),
            Function::WorkMinutes => {
                let span = if vi {
                    format!("số phút làm việc từ {a} đến {b}")
                } else {
                    format!("the number of working minutes from {a} to {b}")
                };
                match word(2) {
                    "" => span,
                    pauses => format!("{span} {} {pauses})", self.say("(trừ", "(less")),
                }
            }
            Function::Count if vi => format!("số mục ở {a}"),
            Function::Count => format!("the number of entries in {a}"),
            Function::Coalesce => {
                let others = words.get(1..).unwrap_or_default().join(self.say(", rồi đến ", ", then "));
                format!("{a} ({} {others})", self.say("chưa có thì lấy", "if not known:"))
            }
            // Conditions: `sentence` says them.
            Function::IsWorkingDay | Function::OutsideHours => String::new(),
        }
    }
}
