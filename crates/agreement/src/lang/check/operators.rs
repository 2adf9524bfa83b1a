//! Comparison and arithmetic.

use std::ops::Range;

use super::{Checker, Found, is_literal};
use crate::kind::ColumnType;
use crate::lang::ast::{Ast, AstNode};
use crate::lang::error::LangError;
use crate::lang::lex::integer_too_large;
use crate::lang::{Arithmetic, Compare, Node, Type, Typed};

const MICROS_PER_DAY: i64 = 86_400_000_000;

impl<'a> Checker<'a, '_> {
    pub(super) fn compare(&mut self, ast: &Ast, op: Compare, left: &Ast, right: &Ast) -> Option<Found<'a>> {
        let (a, b) = (self.check(left), self.check(right));
        let (a, b) = (a?, b?);
        if !self.alike(ast, &a, &b) {
            return None;
        }
        let ordered = !matches!(op, Compare::Eq | Compare::Ne);
        let refused = match a.ty() {
            Type::Intervals | Type::Changes => Some((
                "Danh sách không so sánh được; đếm số mục bằng count(…).",
                "Lists are not compared; count their entries by count(…).",
            )),
            Type::Flag | Type::Text if ordered => Some((
                "Chữ và giá trị đúng/sai không có thứ tự; dùng =, != hoặc in (…).",
                "Texts and flags have no order; use =, != or in (…).",
            )),
            _ => None,
        };
        if let Some((vi, en)) = refused {
            let (ty_vi, ty_en) = (a.ty().vi(), a.ty().en());
            self.errors.push(
                LangError::new(
                    "wrong-operator",
                    ast.span.clone(),
                    format!("Phép so sánh này không dùng cho {ty_vi}."),
                    format!("This comparison is not for {ty_en}."),
                )
                .help(vi, en),
            );
            return None;
        }
        let size = (a.nodes + b.nodes, a.depth.max(b.depth));
        let node = Node::Compare(op, Box::new(a.typed), Box::new(b.typed));
        self.node(ast, node, Type::Flag, size)
    }

    /// Whether two values are of one type, and codes of one list; reported when they are not.
    pub(super) fn alike(&mut self, ast: &Ast, a: &Found<'a>, b: &Found<'a>) -> bool {
        if a.ty() != b.ty() {
            let error = self.mismatch(&ast.span, &a.typed, &b.typed);
            self.errors.push(error);
            return false;
        }
        match (a.codes, b.codes, &a.typed.node, &b.typed.node) {
            (None, None, ..) => true,
            (Some(column), None, _, Node::Text(text)) => self.is_code(column, text, &b.typed.span),
            (None, Some(column), Node::Text(text), _) => self.is_code(column, text, &a.typed.span),
            (Some(one), Some(other), ..) if same_codes(&one.ty, &other.ty) => true,
            _ => {
                let column = a.codes.or(b.codes).map_or("", |column| column.id.as_str());
                self.errors.push(
                    LangError::new(
                        "wrong-type",
                        ast.span.clone(),
                        format!("Cột mã `{column}` chỉ so sánh được với mã trong danh mục của nó."),
                        format!("The code column `{column}` may only be compared with codes of its list."),
                    )
                    .help("Viết một mã trong dấu nháy đơn.", "Write a code in single quotes."),
                );
                false
            }
        }
    }

    /// The error of two values of different types.
    fn mismatch(&self, span: &Range<usize>, a: &Typed, b: &Typed) -> LangError {
        let (left, right) = (self.source(&a.span), self.source(&b.span));
        let error = LangError::new(
            "type-mismatch",
            span.clone(),
            format!("Hai vế khác kiểu: `{left}` là {}, `{right}` là {}.", a.ty.vi(), b.ty.vi()),
            format!("The sides differ in type: `{left}` is {}, `{right}` is {}.", a.ty.en(), b.ty.en()),
        );
        // The pair in one order only: what helps does not depend on the sides.
        let (x, y, y_source, x_source) =
            if a.ty <= b.ty { (a, b, &right, &left) } else { (b, a, &left, &right) };
        match (x.ty, y.ty) {
            (Type::Day, Type::Moment) => error.help(
                format!("Đổi ra ngày: day({y_source})."),
                format!("Turn it into a day: day({y_source})."),
            ),
            (Type::Text, Type::Moment) if is_literal(x) => error.help(
                format!("So sánh theo ngày, không có dấu nháy: day({y_source}) và 2020-03-05."),
                format!("Compare by day, without quotes: day({y_source}) and 2020-03-05."),
            ),
            (Type::Text, Type::Day) if is_literal(x) => error.help(
                "Ngày viết không có dấu nháy: 2020-03-05.",
                "Dates are written without quotes: 2020-03-05.",
            ),
            (Type::Integer, Type::Text) if is_literal(y) => {
                error.help("Số viết không có dấu nháy.", "Numbers are written without quotes.")
            }
            (Type::Integer, Type::Text) if is_literal(x) => error.help(
                format!("Chữ và mã đặt trong dấu nháy đơn: '{x_source}'."),
                format!("Texts and codes stand in single quotes: '{x_source}'."),
            ),
            (Type::Flag, Type::Text | Type::Integer) => {
                error.help("Viết true hoặc false.", "Write true or false.")
            }
            (Type::Integer, Type::Duration) => error.help(
                format!("Thêm đơn vị: {x_source} days, {x_source} hours hoặc {x_source} minutes."),
                format!("Add a unit: {x_source} days, {x_source} hours or {x_source} minutes."),
            ),
            (Type::Integer, Type::Day | Type::Moment) => error.help(
                "Ngày viết theo dạng 2020-03-05; số ngày giữa hai ngày là một khoảng thời gian: a - b <= 3 days.",
                "Dates are written 2020-03-05; the days between two are a duration: a - b <= 3 days.",
            ),
            (_, Type::Intervals | Type::Changes) => error.help(
                format!("Đếm số mục: count({y_source})."),
                format!("Count its entries: count({y_source})."),
            ),
            _ => error,
        }
    }

    pub(super) fn in_list(&mut self, ast: &Ast, value: &Ast, items: &[Ast]) -> Option<Found<'a>> {
        let found = self.check(value)?;
        let ty = found.ty();
        if !matches!(ty, Type::Flag | Type::Integer | Type::Text | Type::Day) {
            let source = self.source(&value.span);
            let error = LangError::new(
                "wrong-type",
                value.span.clone(),
                format!("`in (…)` không dùng cho {}.", ty.vi()),
                format!("`in (…)` is not for {}.", ty.en()),
            );
            self.errors.push(if ty == Type::Moment {
                error.help(
                    format!("So sánh theo ngày: day({source}) in (…)."),
                    format!("Compare by day: day({source}) in (…)."),
                )
            } else {
                error.help(
                    "Dùng cho đúng/sai, số nguyên, chữ và ngày.",
                    "It is for flags, integers, texts and days.",
                )
            });
            return None;
        }
        let mut list = Vec::with_capacity(items.len());
        let mut whole = true;
        for item in items {
            match self.list_item(item, &found) {
                Some(typed) => list.push(typed),
                None => whole = false,
            }
        }
        if !whole {
            return None;
        }
        let size = (found.nodes + list.len(), found.depth.max(1));
        self.node(ast, Node::In(Box::new(found.typed), list), Type::Flag, size)
    }

    fn list_item(&mut self, item: &Ast, value: &Found<'a>) -> Option<Typed> {
        let literal = matches!(
            item.node,
            AstNode::Flag(_)
                | AstNode::Integer(_)
                | AstNode::Text(_)
                | AstNode::Day(_)
                | AstNode::Duration(_)
        );
        if !literal {
            if item.node != AstNode::Broken {
                let source = self.source(&item.span);
                self.errors.push(
                    LangError::new(
                        "not-a-literal",
                        item.span.clone(),
                        format!("Trong danh sách chỉ ghi được giá trị cố định, không phải `{source}`."),
                        format!("A list holds fixed values only, not `{source}`."),
                    )
                    .help(
                        "Chữ và mã đặt trong dấu nháy đơn; so sánh với một cột thì dùng `=`.",
                        "Texts and codes stand in single quotes; compare with a column by `=`.",
                    ),
                );
            }
            return None;
        }
        let found = self.check(item)?;
        self.alike(item, value, &found).then_some(found.typed)
    }

    pub(super) fn duration(&mut self, ast: &Ast, micros: i64) -> Option<Found<'a>> {
        let mut found = self.leaf(ast, Node::Duration(micros), Type::Duration)?;
        found.whole_days = micros % MICROS_PER_DAY == 0;
        Some(found)
    }

    pub(super) fn negate(&mut self, ast: &Ast, inner: &Ast) -> Option<Found<'a>> {
        let found = self.check(inner)?;
        // A minus before a literal makes a literal, brackets or not: one way to write it in the tree.
        let literal = match found.typed.node {
            Node::Integer(value) => Some(value.checked_neg().map(Node::Integer)),
            Node::Duration(value) => Some(value.checked_neg().map(Node::Duration)),
            _ => None,
        };
        let mut negated = match (literal, found.ty()) {
            (Some(Some(node)), ty) => self.leaf(ast, node, ty)?,
            (Some(None), _) => {
                self.errors.push(integer_too_large(ast.span.clone()));
                return None;
            }
            (None, ty @ (Type::Integer | Type::Duration)) => {
                let size = (found.nodes, found.depth);
                self.node(ast, Node::Negate(Box::new(found.typed)), ty, size)?
            }
            (None, ty) => {
                self.errors.push(
                    LangError::new(
                        "wrong-type",
                        ast.span.clone(),
                        format!("Dấu trừ không dùng cho {}.", ty.vi()),
                        format!("The minus is not for {}.", ty.en()),
                    )
                    .help("Dùng cho số nguyên và khoảng thời gian.", "It is for integers and durations."),
                );
                return None;
            }
        };
        negated.whole_days = found.whole_days;
        Some(negated)
    }

    pub(super) fn arithmetic(
        &mut self,
        ast: &Ast,
        op: Arithmetic,
        left: &Ast,
        right: &Ast,
    ) -> Option<Found<'a>> {
        use Arithmetic::{Add, Mul, Sub};
        use Type::{Day, Duration, Integer, Moment};
        let (a, b) = (self.check(left), self.check(right));
        let (a, b) = (a?, b?);
        let result = match (op, a.ty(), b.ty()) {
            (_, Integer, Integer) => Some(Integer),
            (Add | Sub, Duration, Duration) => Some(Duration),
            (Add | Sub, Day, Duration) => Some(Day),
            (Add | Sub, Moment, Duration) => Some(Moment),
            (Sub, Moment, Moment) | (Sub, Day, Day) => Some(Duration),
            (Mul, Integer, Duration) | (Mul, Duration, Integer) => Some(Duration),
            _ => None,
        };
        let Some(ty) = result else {
            let error = self.no_such_sum(ast, op, &a.typed, &b.typed);
            self.errors.push(error);
            return None;
        };
        if a.ty() == Day && ty == Day && !b.whole_days {
            let source = self.source(&b.typed.span);
            self.errors.push(
                LangError::new(
                    "not-whole-days",
                    b.typed.span.clone(),
                    format!("Ngày chỉ cộng trừ được với số ngày tròn, `{source}` có thể không tròn ngày."),
                    format!("Days take whole days only; `{source}` may not be."),
                )
                .help("Viết bằng days, ví dụ 3 days.", "Write it in days, for example 3 days."),
            );
            return None;
        }
        let whole_days = match (op, a.ty(), b.ty()) {
            (_, Day, Day) => true,
            (Mul, Integer, _) => b.whole_days,
            (Mul, _, Integer) => a.whole_days,
            _ => a.whole_days && b.whole_days,
        };
        let size = (a.nodes + b.nodes, a.depth.max(b.depth));
        let node = Node::Arithmetic(op, Box::new(a.typed), Box::new(b.typed));
        let mut found = self.node(ast, node, ty, size)?;
        found.whole_days = whole_days && ty == Duration;
        Some(found)
    }

    /// The error of a sum that there is none of.
    fn no_such_sum(&self, ast: &Ast, op: Arithmetic, a: &Typed, b: &Typed) -> LangError {
        let (left, right) = (self.source(&a.span), self.source(&b.span));
        let sign = op.sign();
        let error = LangError::new(
            "type-mismatch",
            ast.span.clone(),
            format!("Không có phép `{sign}` giữa {} (`{left}`) và {} (`{right}`).", a.ty.vi(), b.ty.vi()),
            format!("There is no `{sign}` of {} (`{left}`) and {} (`{right}`).", a.ty.en(), b.ty.en()),
        );
        match (op, a.ty, b.ty) {
            (Arithmetic::Add | Arithmetic::Sub, Type::Day, Type::Integer) => {
                let days = if is_literal(b) { "days" } else { "* 1 day" };
                error.help(
                    format!("Ngày dương lịch: {left} {sign} {right} {days}; ngày làm việc: add_working_days({left}, {right})."),
                    format!("Calendar days: {left} {sign} {right} {days}; working days: add_working_days({left}, {right})."),
                )
            }
            (Arithmetic::Add | Arithmetic::Sub, Type::Moment, Type::Integer) => error.help(
                format!("Thêm đơn vị: {right} hours; giờ làm việc: add_working_hours({left}, {right})."),
                format!("Add a unit: {right} hours; working hours: add_working_hours({left}, {right})."),
            ),
            (Arithmetic::Sub, Type::Day, Type::Moment) => error.help(
                format!("Tính theo ngày: {left} - day({right})."),
                format!("Reckon by day: {left} - day({right})."),
            ),
            (Arithmetic::Sub, Type::Moment, Type::Day) => error.help(
                format!("Tính theo ngày: day({left}) - {right}."),
                format!("Reckon by day: day({left}) - {right}."),
            ),
            (Arithmetic::Add, Type::Duration, Type::Day | Type::Moment) => error.help(
                format!("Đổi chỗ hai vế: {right} + {left}."),
                format!("Change the sides: {right} + {left}."),
            ),
            (Arithmetic::Add | Arithmetic::Sub, Type::Integer, Type::Duration)
            | (Arithmetic::Add | Arithmetic::Sub, Type::Duration, Type::Integer) => {
                error.help("Thêm đơn vị days, hours hoặc minutes cho số.", "Give the number a unit: days, hours or minutes.")
            }
            _ => error.help(
                "Cộng, trừ, nhân dùng cho số nguyên và khoảng thời gian; ngày và thời điểm cộng trừ với khoảng thời gian.",
                "Sums are of integers and durations; days and moments take durations.",
            ),
        }
    }
}

/// Whether two columns hold codes of one list.
pub(super) fn same_codes(a: &ColumnType, b: &ColumnType) -> bool {
    match (a, b) {
        (ColumnType::Code(a), ColumnType::Code(b)) => {
            a.open == b.open && a.codes.iter().map(|c| &c.code).eq(b.codes.iter().map(|c| &c.code))
        }
        _ => false,
    }
}
